"""Any OpenAI-compatible server: streaming, tool calls and faults, over real HTTP on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant import models
from assistant.agent import Agent
from assistant.session import Session
from assistant.settings import Settings
from tests.openai_server import says, serving, tool_call


def scripted(*messages: dict[str, Any]) -> Any:
    queue: Iterator[dict[str, Any]] = iter(messages)
    return lambda body: next(queue)


def test_streaming_and_tool_calls_over_http(session: Session) -> None:
    replies = scripted(
        tool_call("aggregate", measures=[{"statistic": "count"}]), says("There are 7 orders in the file.")
    )
    with serving(replies) as (address, requests):
        turns = list(Agent(Settings(base_url=address, model="tiny")).reply(session, "How many orders?"))
    assert turns[-1].answer.strip() == "There are 7 orders in the file."
    assert [trace.text for trace in turns[-1].traces] == ["7"]
    partial = {turn.answer for turn in turns if turn.running and turn.answer}
    assert len(partial) > 3, "words come as they are said"
    assert requests[0]["model"] == "tiny"
    assert any(item["function"]["name"] == "find_segments" for item in requests[0]["tools"])
    sent = str(requests)
    assert "o1" not in sent and "c1" not in sent, "no row and no id reaches a server"


@pytest.mark.parametrize(
    ("fault", "said"),
    [(401, "OPENAI_API_KEY"), (429, "too many requests"), (500, "error (500)"), (404, "error (404)")],
)
def test_a_fault_of_the_server_ends_in_a_clear_sentence(session: Session, fault: int, said: str) -> None:
    with serving(lambda body: {"http_status": fault}) as (address, _):
        settings = Settings(base_url=address, fallback=False)
        turn = list(Agent(settings).reply(session, "How many?"))[-1]
    assert turn.status == "error"
    assert said in turn.answer
    assert session.turns == [turn]


def test_a_server_that_is_not_there(session: Session) -> None:
    settings = Settings(base_url="http://127.0.0.1:9/v1", fallback=False)
    turn = list(Agent(settings).reply(session, "How many?"))[-1]
    assert "cannot be reached" in turn.answer


@pytest.mark.parametrize("fault", [{"http_status": 500}, says("")])
def test_the_built_in_analyst_takes_over_from_a_server_that_fails(
    session: Session, fault: dict[str, Any]
) -> None:
    with serving(lambda body: fault) as (address, _):
        turn = list(Agent(Settings(base_url=address)).reply(session, "How many orders are there?"))[-1]
    assert turn.status == "answered"
    assert "7" in [trace.text for trace in turn.traces]
    assert "built-in analyst" in turn.answer
    assert session.turns == [turn]


def test_the_label_says_where_questions_go() -> None:
    assert models.label(Settings()).startswith("Built-in analyst")
    assert "gpt-x at 10.0.0.5:8000" in models.label(
        Settings(base_url="http://10.0.0.5:8000/v1", model="gpt-x")
    )
    assert models.label(Settings(api_key="k", model="builtin")).startswith("Built-in analyst")
