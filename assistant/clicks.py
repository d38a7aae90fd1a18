"""Does what a person chose by click rather than in words, and tells of it in the chat like any answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.checking import check_answer
from assistant.session import Session, Status, Turn, told


def perform(session: Session, question: str, tool: str, arguments: Mapping[str, Any]) -> Turn:
    """Run one tool and keep it as a turn.

    Args:
        session: The chat.
        question: What was chosen, in words.
        tool: The tool's name.
        arguments: Plain JSON.
    """
    step = session.run_tool(tool, arguments)
    if step.result is None:
        answer = f"{step.error} {step.instead}".strip()
        status: Status = "clarify" if step.choices else "refused"
        return session.add(Turn(question, (step,), answer, status, step.choices, seconds=step.seconds))
    answer = told(step.result)
    found = check_answer(answer, question, session, [step])
    return session.add(
        Turn(
            question,
            (step,),
            answer,
            traces=found.traces,
            unsupported=found.unsupported,
            seconds=step.seconds,
        )
    )
