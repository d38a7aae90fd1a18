"""Any OpenAI-compatible server: streaming, tool calls and faults, over real HTTP on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant import models
from assistant.agent import Agent
from assistant.session import Session, Turn
from assistant.settings import Settings
from tests.openai_server import Reply, says, serving, tool_call

COUNT = tool_call("aggregate", measures=[{"statistic": "count"}])
TOLD = says("There are 7 orders in the file.")
ALONE: dict[str, Any] = {
    "plan": False,
    "mode": "plain",
    "fallback": False,
}  # the model drives, and nobody helps


def scripted(*messages: dict[str, Any]) -> Any:
    queue: Iterator[dict[str, Any]] = iter(messages)
    return lambda body: next(queue)


def ask(session: Session, reply: Reply, question: str = "How many orders?", **settings: Any) -> Turn:
    """Return the answer of a model that is served, and led as the settings say."""
    with serving(reply) as (address, _):
        agent = Agent(Settings(base_url=address, model="tiny", **{**ALONE, **settings}))
        return list(agent.reply(session, question))[-1]


def test_streaming_and_tool_calls_over_http(session: Session) -> None:
    with serving(scripted(COUNT, TOLD)) as (address, requests):
        agent = Agent(Settings(base_url=address, model="tiny", **ALONE))
        turns = list(agent.reply(session, "How many orders?"))
    assert turns[-1].answer.strip() == "There are 7 orders in the file."
    assert [trace.text for trace in turns[-1].traces] == ["7"]
    partial = {turn.answer for turn in turns if turn.running and turn.answer}
    assert len(partial) > 3, "words come as they are said"
    assert requests[0]["model"] == "tiny"
    assert any(item["function"]["name"] == "find_segments" for item in requests[0]["tools"])
    sent = str(requests)
    assert "o1" not in sent and "c1" not in sent, "no row and no id reaches a server"


HTML = {"raw": "<html><body>Gateway ready</body></html>"}
BAD_JSON = {"raw": "data: {not json\n\n"}
NO_CHOICES = {"raw": 'data: {"id": "x", "choices": null}\n\ndata: [DONE]\n\n'}
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no key": ({"http_status": 401}, "OPENAI_API_KEY"),
    "no permission": ({"http_status": 403}, "OPENAI_API_KEY"),
    "no such model": ({"http_status": 404}, "error (404)"),
    "too many requests": ({"http_status": 429, "headers": {"retry-after-ms": "1"}}, "too many requests"),
    "crash": ({"http_status": 500}, "error (500)"),
    "overloaded": ({"http_status": 503}, "error (503)"),
    "slow": ({**TOLD, "wait": 0.6}, "took longer than 0.2 seconds"),
    "torn stream": ({**TOLD, "torn": 3}, "broke its answer off"),
    "cut stream": ({**TOLD, "cut": 3}, "broke its answer off"),
    "cut call": ({**COUNT, "cut": 3}, "broke its answer off"),
    "limit of length": ({**TOLD, "finish": "length"}, "broke its answer off"),
    "a page": (HTML, "cannot be read"),
    "broken json": (BAD_JSON, "cannot be read"),
    "no choices": (NO_CHOICES, "empty answer"),
    "nothing": (says(""), "empty answer"),
    "a filter": ({**says(""), "finish": "content_filter"}, "declined"),
    "a refusal beside the words": ({**says(""), "refusal": "I will not."}, "empty answer"),
    "a refusal in words": (says("I'm sorry, but I can't help with that."), "declined"),
    "a long context": (
        {"http_status": 400, "error": "This model's maximum context length is 4096 tokens"},
        "cannot take in so much",
    ),
    "arguments that are no json": (
        {**tool_call("aggregate"), "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "aggregate", "arguments": '{"measures": [}'}}
        ]},
        "cannot be read",
    ),
    "a circle": (COUNT, "again and again"),
}  # fmt: skip


@pytest.mark.parametrize(("fault", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_ends_in_a_clear_sentence(session: Session, fault: dict[str, Any], said: str) -> None:
    before = session.workspace
    turn = ask(session, lambda body: fault, timeout_seconds=0.2 if "wait" in fault else 20.0)
    assert turn.status == "error"
    assert said in turn.answer
    assert session.turns == [turn], "the question is kept"
    assert session.workspace is before


@pytest.mark.parametrize("fault", [fault for fault, _ in FAULTS.values()], ids=FAULTS.keys())
@pytest.mark.parametrize("plan", [True, False], ids=["planned", "driving"])
def test_the_built_in_analyst_takes_over(session: Session, fault: dict[str, Any], plan: bool) -> None:
    waits = 0.2 if "wait" in fault else 20.0
    turn = ask(
        session, lambda body: fault, "How many orders are there?",
        plan=plan, fallback=True, timeout_seconds=waits, max_tokens=0,
    )  # fmt: skip
    assert turn.status == "answered"
    assert "7" in [trace.text for trace in turn.traces]
    assert "built-in analyst" in turn.answer or "own words did not fit" in turn.answer
    assert session.turns == [turn]


def test_a_server_that_is_not_there(session: Session) -> None:
    settings = Settings(base_url="http://127.0.0.1:9/v1", **ALONE)
    turn = list(Agent(settings).reply(session, "How many?"))[-1]
    assert "cannot be reached" in turn.answer


def test_a_server_that_asks_for_patience_is_asked_again(session: Session) -> None:
    busy = {"http_status": 429, "headers": {"retry-after-ms": "1"}}
    turn = ask(session, scripted(busy, COUNT, TOLD))
    assert turn.answer.strip() == "There are 7 orders in the file."


def test_a_server_that_asks_for_much_patience_is_quoted(session: Session) -> None:
    busy = {"http_status": 429, "headers": {"Retry-After": "600", "x-should-retry": "false"}}
    assert "Wait about 10 minutes" in ask(session, lambda body: busy).answer


def test_calls_that_are_no_json_are_asked_for_again(session: Session) -> None:
    garbled = {**COUNT, "tool_calls": [dict(COUNT["tool_calls"][0])]}
    garbled["tool_calls"][0]["function"] = {"name": "aggregate", "arguments": '{"measures": [}'}
    turn = ask(session, scripted(garbled, COUNT, TOLD))
    assert [step.error for step in turn.steps] == [None]
    assert turn.status == "answered"


WRITTEN = [
    '<tool_call>\n{"name": "aggregate", "arguments": {"measures": [{"statistic": "count"}]}}\n</tool_call>',
    '```json\n{"name": "aggregate", "parameters": {"measures": [{"statistic": "count"}]}}\n```',
    '[TOOL_CALLS][{"name": "aggregate", "arguments": {"measures": [{"statistic": "count"}]}}]',
    '{"type": "function", "function": {"name": "aggregate", "arguments": "{\\"measures\\": []}"}}',
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_call_that_stands_in_the_words_is_a_call(session: Session, written: str) -> None:
    turn = ask(session, scripted(says(written), TOLD))
    assert [(step.tool, step.error) for step in turn.steps] == [("aggregate", None)]
    assert turn.answer.strip() == "There are 7 orders in the file."


def test_words_about_a_call_are_no_call(session: Session) -> None:
    turn = ask(session, scripted(says('I would call {"name": "aggregate", "arguments": {}} for that.')))
    assert not turn.steps


def test_tokens_are_counted_by_the_server_or_here(session: Session) -> None:
    counted = {"prompt_tokens": 9_000, "completion_tokens": 20, "total_tokens": 9_020}
    replies = scripted({**COUNT, "usage": counted}, {**TOLD, "usage": counted})
    turn = ask(session, replies)
    assert turn.usage.estimated and turn.usage.requests == 2, "nobody asked this server to count"
    assert turn.usage.input_tokens > 100 and turn.usage.output_tokens > 5

    asked: list[bool] = []

    def counting(body: dict[str, Any]) -> dict[str, Any]:
        asked.append("stream_options" in body)
        return {**_capable(body, TOLD), "usage": counted}

    turn = ask(session, counting, mode="auto")
    assert all(asked)
    assert not turn.usage.estimated
    assert turn.usage.tokens == 9_020 * turn.usage.requests


def test_a_question_ends_before_its_tokens_are_used_up(session: Session) -> None:
    turn = ask(session, scripted(COUNT, TOLD), max_tokens=20_000)
    assert turn.status == "error"
    assert "ASSISTANT_MAX_TOKENS" in turn.answer
    assert 0 < turn.usage.tokens <= 20_000, "the tools that are offered count as well"


def test_the_label_says_where_questions_go() -> None:
    assert models.label(Settings()).startswith("Built-in analyst")
    assert "gpt-x at 10.0.0.5:8000" in models.label(
        Settings(base_url="http://10.0.0.5:8000/v1", model="gpt-x")
    )
    assert models.label(Settings(api_key="k", model="builtin")).startswith("Built-in analyst")


def _capable(body: dict[str, Any], otherwise: dict[str, Any]) -> dict[str, Any]:
    """Answer a tryout as a model does that calls tools and gives JSON; otherwise count, then say this."""
    question = str(body["messages"][-1]["content"])
    if "line chart" in question:
        return tool_call("draw_chart", column="amount", kind="line")
    if "from Spain?" in question:
        return tool_call("count_orders", country="Spain")
    if "417" in question:
        return says("There are 417 orders from Spain.")
    if "this JSON" in question:
        return says('{"country": "Spain"}')
    return otherwise if body["messages"][-1]["role"] == "tool" else COUNT
