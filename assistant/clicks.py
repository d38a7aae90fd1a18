"""Does what a person chose by click rather than in words, and tells of it in the chat like any answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assistant.adding import keep
from assistant.session import Session, Turn


def perform(
    session: Session,
    question: str,
    tool: str,
    arguments: Mapping[str, Any],
    wanted: Callable[[], bool] = lambda: True,
) -> Turn:
    """Run one tool and keep it as a turn.

    Args:
        session: The chat.
        question: What was chosen, in words.
        tool: The tool's name.
        arguments: Plain JSON.
        wanted: Whether somebody still waits.

    Raises:
        StoppedError: If nobody waits any more; nothing was changed then.
    """
    return keep(session, question, [session.run_tool(tool, arguments, wanted)])
