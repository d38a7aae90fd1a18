"""Puts conversations to the product and returns its responses: the only file that runs the product."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.settings import Settings

SECONDS_A_TURN = 120.0

Response = dict[str, Any]


def ask(data: Sequence[Path], conversations: Sequence[Sequence[str]]) -> Iterator[list[Response | None]]:
    """Each conversation, begun afresh on data that are loaded once, in order.

    A response is the object that `ask --json` prints, with `seconds` added; None where there was none.
    """
    from assistant.settings import from_environment

    yield from ask_with(from_environment(), data, conversations)


def ask_with(
    settings: Settings,
    data: Sequence[Path],
    conversations: Sequence[Sequence[str]],
    most_seconds: float = SECONDS_A_TURN,
) -> Iterator[list[Response | None]]:
    """Ask as `ask` does, with these settings; a model is tried out once for all conversations."""
    from assistant.abilities import Abilities
    from assistant.agent import Agent
    from assistant.cli import to_json
    from assistant.memory import Memory
    from assistant.session import Session, Turn
    from tools.errors import ToolError

    abilities = Abilities()
    try:
        loaded = Session.open(data).workspace
    except ToolError as error:
        print(f"The data could not be loaded: {error}", file=sys.stderr)
        for turns in conversations:
            yield [None for _ in turns]
        return

    def reply(agent: Agent, session: Session, text: str) -> Response:
        watch = threading.Timer(most_seconds, agent.stop, (session,))
        watch.start()
        turn = Turn(text)
        for turn in agent.reply(session, text):  # noqa: B007 - the last one is wanted
            pass
        watch.cancel()
        return {**to_json(turn), "seconds": turn.seconds}

    for turns in conversations:
        agent, session = Agent(settings, Memory(None), abilities=abilities), Session(loaded)
        yield [reply(agent, session, text) for text in turns]
