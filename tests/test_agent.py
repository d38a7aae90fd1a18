"""The loop: a scripted model, real tools, and everything that can go wrong in between."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, ToolMessage

from assistant.agent import Agent
from assistant.session import Session, Turn
from assistant.settings import Settings
from tests.conftest import ScriptedModel, calls


def ask(session: Session, *script: AIMessage, question: str = "How many orders?", **settings: object) -> Turn:
    model = ScriptedModel(script=list(script), seen=[])
    led = Settings(**{"plan": False, **settings})  # type: ignore[arg-type]
    agent = Agent(led, model=lambda workspace: model)
    return list(agent.reply(session, question))[-1]


COUNT = calls("aggregate", measures=[{"statistic": "count"}])


def test_a_turn_grows_and_the_last_one_is_kept(session: Session) -> None:
    model = ScriptedModel(script=[COUNT, AIMessage("There are 7 orders.")], seen=[])
    turns = list(Agent(Settings(), model=lambda workspace: model).reply(session, "How many orders?"))
    assert [turn.running for turn in turns] == [True] * (len(turns) - 1) + [False]
    assert turns[-1] is session.turns[-1]
    assert turns[-1].answer == "There are 7 orders."
    assert turns[-1].status == "answered"
    assert [step.tool for step in turns[-1].steps] == ["aggregate"]
    assert any(step.result is None for turn in turns for step in turn.steps), "a step is shown while it runs"


def test_numbers_are_traced_and_invented_ones_are_marked(session: Session) -> None:
    turn = ask(session, COUNT, AIMessage("There are 7 orders, 912 less than last year."))
    assert [trace.text for trace in turn.traces] == ["7"]
    assert turn.unsupported_numbers == ["912"]


def test_a_model_on_a_server_gets_one_chance_to_repair(session: Session) -> None:
    script = COUNT, AIMessage("There are 8 orders."), AIMessage("There are 7 orders.")
    turn = ask(session, *script, base_url="http://127.0.0.1:1/v1")
    assert turn.answer == "There are 7 orders."
    assert not turn.unsupported


def test_the_model_sees_facts_and_no_rows(session: Session) -> None:
    model = ScriptedModel(script=[COUNT, AIMessage("There are 7 orders.")], seen=[])
    list(
        Agent(Settings(base_url="http://127.0.0.1:1/v1", plan=False), model=lambda workspace: model).reply(
            session, "How many?"
        )
    )
    shown = "".join(str(message.content) for messages in model.seen for message in messages)
    assert '"value": 7' in shown
    assert "o1" not in shown
    assert "c3" not in shown


def test_wrong_arguments_and_unknown_tools_come_back_as_messages(session: Session) -> None:
    turn = ask(
        session, calls("aggregate", measure="count"), calls("run_python", code="1"), AIMessage("Sorry.")
    )
    assert [bool(step.error) for step in turn.steps] == [True, True]
    assert turn.status == "answered"


@pytest.mark.parametrize(("marker", "status"), [("CLARIFY:", "clarify"), ("REFUSED:", "refused")])
def test_a_model_says_with_its_first_word_what_kind_of_answer_it_gives(
    session: Session, marker: str, status: str
) -> None:
    turn = ask(session, AIMessage(f"{marker} Which amount?"))
    assert (turn.answer, turn.status) == ("Which amount?", status)


def test_an_endless_loop_ends_in_a_sentence(session: Session) -> None:
    script = [calls("aggregate", measures=[{"statistic": "count"}], limit=n) for n in range(1, 31)]
    turn = ask(session, *script, max_steps=3)
    assert turn.status == "error"
    assert "3 tool calls" in turn.answer


def test_a_call_that_is_repeated_is_answered_once_and_broken_off_in_the_end(session: Session) -> None:
    turn = ask(session, *[COUNT] * 3, AIMessage("There are 7 orders."))
    assert turn.answer == "There are 7 orders."
    assert [step.tool for step in turn.steps] == ["aggregate"]
    turn = ask(session, *[COUNT] * 9)
    assert turn.status == "error"
    assert "again and again" in turn.answer


def test_a_model_that_takes_too_long_is_stopped(session: Session) -> None:
    slow = {"base_url": "http://127.0.0.1:1/v1", "max_seconds": 0.0, "fallback": False}
    turn = ask(session, COUNT, AIMessage("There are 7 orders."), **slow)
    assert turn.status == "error"
    assert "ASSISTANT_MAX_SECONDS" in turn.answer


def test_an_empty_answer_is_said(session: Session) -> None:
    assert "empty answer" in ask(session, AIMessage("  ")).answer


def test_a_bug_costs_the_person_nothing(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    turn = ask(session)  # the script is empty: the model raises IndexError
    assert turn.status == "error"
    assert "chat are kept" in turn.answer
    assert "IndexError" in caplog.text
    assert len(session.turns) == 1


def test_history_carries_earlier_calls_and_answers(session: Session) -> None:
    ask(session, COUNT, AIMessage("There are 7 orders."))
    model = ScriptedModel(script=[AIMessage("Seven, as before.")], seen=[])
    list(Agent(Settings(), model=lambda workspace: model).reply(session, "Again?"))
    kinds = [message.type for message in model.seen[0]]
    assert kinds == ["system", "human", "ai", "tool", "ai", "human"]
    assert isinstance(model.seen[0][3], ToolMessage)


def test_stopping_ends_the_turn_and_keeps_the_chat(session: Session) -> None:
    model = ScriptedModel(script=[COUNT, AIMessage("There are 7 orders.")], seen=[])
    agent = Agent(Settings(), model=lambda workspace: model)
    turns = []
    for turn in agent.reply(session, "How many?"):
        turns.append(turn)
        agent.stop(session)
    assert turns[-1].status == "error"
    assert turns[-1].answer.startswith("Stopped")


def test_undo_takes_the_turn_and_its_workspace_back(session: Session) -> None:
    before = session.workspace
    ask(session, calls("segment_by_value", column="total_amount", quantiles=2), AIMessage("Done."))
    assert session.workspace.segmentation is not None
    assert session.undo() is not None
    assert session.workspace is before
    assert session.undo() is None
