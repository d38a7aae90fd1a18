"""The protocol against a real llama.cpp server with a small real model; skipped where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.abilities import try_out
from assistant.agent import Agent
from assistant.models import on_server
from assistant.session import Session, Turn
from assistant.settings import Settings
from tests import small_model

pytestmark = pytest.mark.skipif(small_model.weights() is None, reason=small_model.MISSING)


@pytest.fixture(scope="module")
def served() -> Iterator[Settings]:
    with small_model.serving_small_model() as address:
        yield Settings(
            base_url=address, model=small_model.NAME, fallback=False, timeout_seconds=300, max_seconds=500
        )


def ask(settings: Settings, session: Session, question: str) -> list[Turn]:
    return list(Agent(settings).reply(session, question))


def test_it_is_found_to_be_weak(served: Settings) -> None:
    ability = try_out(lambda counting: on_server(served, counting))
    assert not ability.calls_tools
    assert (ability.structured, ability.says_usage) == ("schema", True)


def test_a_planned_question_is_answered_exactly_whatever_it_says(served: Settings, session: Session) -> None:
    turns = ask(served, session, "How many orders are there?")
    assert turns[-1].status == "answered"
    assert [step.tool for step in turns[-1].steps] == ["aggregate"]
    assert "7" in [trace.text for trace in turns[-1].traces]
    assert not turns[-1].unsupported
    assert len({turn.answer for turn in turns if turn.running}) > 3, "its words come as it says them"
    assert turns[-1].usage.requests >= 1


def test_guided_it_makes_calls_that_can_be_run(served: Settings, session: Session) -> None:
    led = Settings(**{**vars(served), "plan": False, "mode": "guided"})
    turn = ask(led, session, "What is the total amount by channel?")[-1]
    assert turn.steps, "a decision became a call"
    assert turn.status in ("answered", "refused")
    assert not turn.unsupported
    assert turn.usage.requests >= 2 and not turn.usage.estimated


def test_stopping_ends_it_at_once(served: Settings, session: Session) -> None:
    agent = Agent(served)
    turns = []
    for turn in agent.reply(session, "How many orders are there?"):
        turns.append(turn)
        if turn.answer:
            agent.stop(session)
    assert turns[-1].answer.startswith("Stopped")
