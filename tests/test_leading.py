"""Who leads to an answer: a plan of our own, small decisions for weak models, all tools for capable ones."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from assistant import briefing
from assistant.abilities import Abilities, Ability, try_out
from assistant.agent import Agent
from assistant.arguments import mended, what_would_be_right
from assistant.guided import simple_schema
from assistant.listening import goes_in_circles
from assistant.models import named, on_server
from assistant.session import Session, Step, Turn
from assistant.settings import Settings
from assistant.written_calls import calls_in, json_in
from tests.openai_server import Reply, says, serving, tool_call
from tools.core import Fact, ToolResult, all_tools

COUNT = {"measures": [{"statistic": "count"}]}
UNSURE = "how huge is our orders thing, roughly?"  # words that the built-in analyst does not know


def ask(session: Session, reply: Reply, question: str, **settings: Any) -> tuple[Turn, list[dict[str, Any]]]:
    """Return the answer, and the requests that the server got."""
    with serving(reply) as (address, requests):
        led = Settings(base_url=address, model="tiny", **{"fallback": False, **settings})
        return list(Agent(led).reply(session, question))[-1], requests


def said_by(body: dict[str, Any]) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"])


def weak(decisions: dict[str, Any], told: str = "There are 7 orders.", decides: bool = True) -> Reply:
    """Return a model that calls no tools, gives JSON where it is asked for some, and says this otherwise."""

    def reply(body: dict[str, Any]) -> dict[str, Any]:
        asked = said_by(body)
        if "this JSON" in asked:
            return says('{"country": "Spain"}')
        if "draw_chart" in asked:  # it is tried out
            steps = {"mean age": "find_average", "from Italy": "count_orders", "as bars": "draw_chart"}
            right = next(step for words, step in steps.items() if words in asked)
            return says(json.dumps({"step": right if decides else "count_orders"}))
        for words, decision in decisions.items():
            if words in asked:
                return says(json.dumps(decision))
        return says(told if "Result of" in asked else "I would use the tool count_orders for that.")

    return reply


CHOICE, FILLING = "Choose the next step", "Fill in the arguments"


def test_a_question_that_is_read_with_certainty_is_planned_and_only_told_by_the_model(
    session: Session,
) -> None:
    turn, requests = ask(session, lambda body: says("You have 7 orders."), "How many orders are there?")
    assert turn.answer.strip() == "You have 7 orders."
    assert [step.tool for step in turn.steps] == ["aggregate"]
    assert turn.extra["way"] == "planned"
    assert [trace.text for trace in turn.traces] == ["7"]
    assert len(requests) == 1, "one request: no decision was asked of the model"
    assert "tools" not in requests[0]
    assert turn.usage.requests == 1


def test_words_that_do_not_fit_the_results_are_replaced_by_our_own(session: Session) -> None:
    turn, requests = ask(session, lambda body: says("You have 912 orders."), "How many orders are there?")
    assert len(requests) == 2, "it was asked once to mend it"
    assert "912" not in turn.answer
    assert "7" in [trace.text for trace in turn.traces]
    assert "own words did not fit" in turn.answer
    assert not turn.unsupported


def test_what_is_held_back_from_a_model_is_told_by_us(session: Session) -> None:
    turn, requests = ask(session, lambda body: says("Spain leads."), "average amount by country")
    assert not requests, "groups of fewer than five people are nothing to be told elsewhere"
    assert "46.67" in turn.answer


def test_planning_can_be_switched_off(session: Session) -> None:
    replies = iter([tool_call("aggregate", **COUNT), says("There are 7 orders.")])
    turn, requests = ask(
        session, lambda body: next(replies), "How many orders are there?", plan=False, mode="plain"
    )
    assert turn.extra["way"] == "plain"
    assert all("tools" in request for request in requests)


def test_a_model_that_calls_no_tools_is_led_by_small_decisions(session: Session) -> None:
    model = weak({CHOICE: {"step": "aggregate"}, FILLING: COUNT})
    turn, requests = ask(session, model, UNSURE)
    assert turn.extra["way"] == "guided"
    assert [(step.tool, step.error) for step in turn.steps] == [("aggregate", None)]
    assert turn.answer.startswith("There are 7 orders.")
    assert "check that it is what you asked" in turn.answer, "a guess is told as one"
    requests = [body for body in requests if "draw_chart" not in said_by(body)]
    decisions = [body for body in requests if CHOICE in said_by(body) or FILLING in said_by(body)]
    assert len(decisions) == 2
    assert all("tools" not in body and len(said_by(body)) < 6000 for body in decisions)
    offered = decisions[0]["response_format"]["json_schema"]["schema"]["properties"]["step"]["enum"]
    assert "aggregate" in offered and len(offered) <= 7


def test_a_model_that_decides_badly_is_not_asked_what_the_analyst_does_not_read(session: Session) -> None:
    model = weak({CHOICE: {"step": "aggregate"}, FILLING: COUNT}, decides=False)
    turn, requests = ask(session, model, UNSURE)
    assert (turn.extra["way"], turn.steps) == ("planned", ())
    assert turn.status in ("clarify", "refused"), "nobody guesses"
    asked_again, more = ask(session, model, UNSURE, plan=False)
    assert asked_again.extra["way"] == "guided", "unless it is wanted"


def test_words_whose_first_sentence_does_not_tell_the_result_are_replaced(session: Session) -> None:
    told = "The data was counted and described. Nothing else is to be said."
    turn, requests = ask(session, lambda body: says(told), "How many orders are there?")
    assert len(requests) == 1, "no number is wrong, so there is nothing to mend"
    assert "7" in [trace.text for trace in turn.traces]
    assert "own words did not fit" in turn.answer
    late = ask(
        session, lambda body: says("They were counted.\nThere are 7 orders."), "How many orders are there?"
    )
    assert late[0].answer.startswith("There are")


def test_wrong_arguments_are_decided_again_with_what_would_be_right(session: Session) -> None:
    seen: list[str] = []

    def reply(body: dict[str, Any]) -> dict[str, Any]:
        if FILLING in said_by(body):
            seen.append(said_by(body))
            wrong = {"measures": [{"statistic": "mean", "column": "no_such_column"}]}
            return says(json.dumps(COUNT if "Your last try" in seen[-1] else wrong))
        return weak({CHOICE: {"step": "aggregate"}})(body)

    turn, _ = ask(session, reply, UNSURE)
    assert [bool(step.error) for step in turn.steps] == [True, False]
    assert "no_such_column" in seen[1] and "no column" in seen[1].lower()
    assert turn.status == "answered"


def test_a_weak_model_that_never_gets_it_right_is_not_asked_forever(session: Session) -> None:
    wrong = {"measures": [{"statistic": "mean", "column": "nowhere"}]}
    turn, requests = ask(session, weak({CHOICE: {"step": "aggregate"}, FILLING: wrong}), UNSURE)
    assert turn.status == "refused"
    assert len(requests) < 20
    assert all(step.error for step in turn.steps)


def test_decisions_that_are_no_json_end_in_a_clear_sentence(session: Session) -> None:
    turn, _ = ask(session, weak({}), UNSURE, mode="guided", plan=False)
    assert turn.status == "error"
    assert "cannot be read" in turn.answer


def capable(body: dict[str, Any]) -> dict[str, Any]:
    question = str(body["messages"][-1]["content"])
    if "line chart" in question:
        return tool_call("draw_chart", column="amount", kind="line")
    if "from Spain?" in question:
        return tool_call("count_orders", country="Spain")
    return says('{"country": "Spain"}' if "this JSON" in question else "There are 417 orders.")


def uncounted(body: dict[str, Any]) -> dict[str, Any]:
    return {"http_status": 400} if "stream_options" in body else capable(body)


def no_tools(body: dict[str, Any]) -> dict[str, Any]:
    if "tools" in body:
        return {"http_status": 400, "error": "tools are not supported"}
    return {"http_status": 400} if "response_format" in body else says('Sure! ```{"country": "Spain"}```')


@pytest.mark.parametrize(
    ("model", "ability"),
    [
        (capable, Ability(True, "schema", True)),
        (weak({}), Ability(False, "schema", True)),
        (weak({}, decides=False), Ability(False, "schema", True, decides=False)),
        (no_tools, Ability(False, "words", False, decides=False)),
        (uncounted, Ability(True, "schema", False)),
    ],
    ids=["capable", "weak", "very weak", "no tools", "no counting"],
)  # fmt: skip
def test_a_model_is_known_by_what_it_does(model: Reply, ability: Ability) -> None:
    with serving(model) as (address, _):
        settings = Settings(base_url=address)
        assert try_out(lambda counting: on_server(settings, counting)) == ability


def test_a_model_is_tried_out_once(session: Session, tmp_path: Path) -> None:
    kept = tmp_path / "models.json"
    with serving(capable) as (address, requests):
        settings = Settings(base_url=address, plan=False)
        for _ in range(2):  # two starts of the program
            list(Agent(settings, abilities=Abilities(kept)).reply(session, "Hello?"))
    tries = [body for body in requests if "line chart" in said_by(body)]
    assert len(tries) == 1
    assert Abilities(kept).known(named(settings)) == Ability(True, "schema", True)
    kept.write_text("{cut")
    assert Abilities(kept).known(named(settings)) is None


def test_a_model_that_cannot_take_in_all_tools_is_guided_from_then_on(session: Session) -> None:
    guided = weak({CHOICE: {"step": "aggregate"}, FILLING: COUNT})

    def small_context(body: dict[str, Any]) -> dict[str, Any]:
        if len(body.get("tools", ())) > 3:
            return {"http_status": 400, "error": "request (9000 tokens) exceeds the available context size"}
        return capable(body) if "tools" in body else guided(body)

    turn, _ = ask(session, small_context, UNSURE)
    assert turn.extra["way"] == "guided"
    assert turn.answer.startswith("There are 7 orders.")


def test_a_wide_table_takes_little_of_the_context(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", *(f"answer_to_question_{n}" for n in range(500)), "loyalty_points"])
        for row in range(30):
            rows.writerow([f"c{row}", *((row * n) % 97 for n in range(500)), row * 3])
    session = Session.open([path])
    told = briefing.for_question(session.workspace, "average loyalty points and question 377")
    described = json.loads(told)["tables"][0]
    names = {column["name"] for column in described["columns"]}
    assert {"loyalty_points", "answer_to_question_377", "customer_id"} <= names
    assert len(names) == briefing.MOST_COLUMNS
    assert len(names) + len(described["other_columns"]) + described["columns_not_named"] >= 502
    assert len(told) < 16_000
    session.workspace.engine.close()


def test_a_long_chat_is_summed_up_by_facts_and_not_by_prose(session: Session) -> None:
    for number in range(12):
        facts = tuple(Fact(f"n_orders_{n}", number * 100 + n) for n in range(60))
        step = Step("aggregate", COUNT, ToolResult("A headline.", facts))
        session.turns.append(Turn(f"Question {number}?", (step,), f"A long prose answer {number}."))
    replies = iter([says("There are 7 orders.")])
    _, requests = ask(session, lambda body: next(replies), "And now?", plan=False, mode="plain")
    told = said_by(requests[0])
    assert "Question 0?" in told and "n_orders_0 = 0" in told
    assert "prose answer 8" not in told and "prose answer 9" in told
    assert len(told) < 25_000


SPEC = all_tools()["aggregate"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"measures": '[{"statistic": "count"}]'}, COUNT),
        ({"measures": {"statistic": "count"}}, COUNT),
        ({**COUNT, "by": "country"}, {**COUNT, "by": [{"column": "country"}]}),
        ({**COUNT, "by": ["country"], "limit": ""}, {**COUNT, "by": [{"column": "country"}]}),
        (COUNT, COUNT),
        ({"measure": "count"}, {"measure": "count"}),
    ],
)
def test_arguments_are_mended_where_only_one_thing_can_be_meant(
    given: dict[str, Any], meant: dict[str, Any]
) -> None:
    assert mended(SPEC, given) == meant


def test_wrong_arguments_are_answered_with_what_would_be_right() -> None:
    told = what_would_be_right("aggregate", {"measure": "count"})
    assert "no argument measure" in told and "Did you mean measures?" in told
    assert "ascending" in what_would_be_right("aggregate", {"order": "upwards"})
    assert what_would_be_right("aggregate", COUNT) == ""
    assert what_would_be_right("run_python", {}) == ""


def test_a_simple_schema_nests_one_list_deep_and_knows_the_columns() -> None:
    schema = simple_schema(SPEC.arguments.model_json_schema(), ["amount", "country"])
    assert "$ref" not in json.dumps(schema)
    measure = schema["properties"]["measures"]["items"]["properties"]
    assert measure["column"]["enum"] == ["amount", "country"]
    assert "where" not in measure and "per" not in measure
    few = simple_schema(SPEC.arguments.model_json_schema(), [], {"by", "column"})
    assert set(few["properties"]) == {"by"}


def test_json_is_found_in_words() -> None:
    assert json_in('Here you are:\n```json\n{"a": {"b": 1}}\n``` Done.') == {"a": {"b": 1}}
    assert json_in("{broken") is None
    assert calls_in('{"name": "delete_all", "arguments": {}}', {"aggregate"}) == []


def test_a_decision_that_does_not_come_to_an_end_is_asked_for_again(session: Session) -> None:
    filled: list[str] = []

    def reply(body: dict[str, Any]) -> dict[str, Any]:
        if FILLING in said_by(body):
            filled.append(said_by(body))
            if len(filled) == 1:
                return {**says('{"measures": [{"statistic": "co'), "finish": "length"}
        return weak({CHOICE: {"step": "aggregate"}, FILLING: COUNT})(body)

    turn, _ = ask(session, reply, UNSURE)
    assert [(step.tool, step.error) for step in turn.steps] == [("aggregate", None)]
    assert turn.status == "answered"
    assert "in few words" in filled[1]


def test_a_model_that_says_the_same_again_and_again_is_stopped(session: Session) -> None:
    told = "You have 7 orders. " + "That is a good number of orders. " * 200
    turn, requests = ask(session, lambda body: says(told), "How many orders are there?")
    assert len(requests) == 1, "there is nothing to mend"
    assert turn.answer.count("good number") == 0
    assert "7" in [trace.text for trace in turn.traces]
    assert "own words did not fit" in turn.answer


@pytest.mark.parametrize("fallback", [False, True])
def test_a_model_with_all_tools_that_rambles_is_stopped(session: Session, fallback: bool) -> None:
    told = "I think that the orders are " + "many and that the orders are " * 400
    heard: list[str] = []

    def reply(body: dict[str, Any]) -> dict[str, Any]:
        return says(told)

    with serving(reply) as (address, requests):
        led = Settings(base_url=address, model="tiny", plan=False, mode="plain", fallback=fallback)
        for turn in Agent(led).reply(session, "How many orders are there?"):
            heard.append(turn.answer)
    assert len(requests) == 1
    assert max(len(text) for text in heard) < len(told) / 4, "it was stopped early"
    assert "the same over and over" in heard[-1]
    assert ("7" in heard[-1]) is fallback, "the built-in analyst takes over where the person allowed it"


def test_a_model_that_rambles_when_asked_to_mend_is_not_taken_at_its_word(session: Session) -> None:
    rambling = "The tools returned the right answer to the question. " * 200
    answers = iter([says("There are 912 orders."), says(rambling)])
    turn, requests = ask(
        session, lambda body: next(answers), "How many orders are there?", plan=False, mode="plain"
    )
    assert len(requests) == 2
    assert turn.answer.strip() == "There are 912 orders."
    assert [text for text, _, _ in turn.unsupported] == ["912"]


@pytest.mark.parametrize(
    ("text", "circles"),
    [
        ("There are 7 orders. " * 4, True),
        ("Well. " + "- one more thing to say\n" * 5, True),
        ("There are 7 orders. " * 3, False),
        ("Italy has 40. Spain has 30. France has 20. Malta has 10. Crete has 5.", False),
        ("- web: 1 order\n- shop: 1 order\n- app: 1 order\n- phone: 1 order", False),
        ("", False),
    ],
)
def test_going_in_circles_is_saying_the_same_four_times_running(text: str, circles: bool) -> None:
    assert goes_in_circles(text) is circles
