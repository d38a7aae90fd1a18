"""Turns a session's turns into messages for a model, and reads the marks in what a model says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant import privacy
from assistant.disguise import Disguise
from assistant.session import Status, Turn
from tools.core import Workspace

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage, BaseMessage

MARKERS: dict[str, Status] = {"CLARIFY:": "clarify", "REFUSED:": "refused"}


def history(turns: Sequence[Turn], workspace: Workspace, leaves_machine: bool) -> list[AnyMessage]:
    """Return the messages of earlier turns: questions, calls, what the tools told, answers."""
    return [
        message
        for number, turn in enumerate(turns)
        for message in _as_messages(turn, number, workspace, leaves_machine)
    ]


def human(text: str) -> list[BaseMessage]:
    """Return what a person says as a list of one message."""
    from langchain_core.messages import HumanMessage

    return [HumanMessage(text)]


def _as_messages(turn: Turn, number: int, workspace: Workspace, leaves_machine: bool) -> list[AnyMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

    disguise = Disguise(workspace, turn.facts) if leaves_machine else None
    messages: list[AnyMessage] = [HumanMessage(turn.question)]
    for index, step in enumerate(turn.steps):
        arguments = disguise.on(dict(step.arguments)) if disguise else dict(step.arguments)
        call = {"name": step.tool, "args": arguments, "id": f"turn{number}_{index}"}
        messages.append(AIMessage("", tool_calls=[call]))
        content = privacy.for_model(step, workspace, leaves_machine)
        messages.append(ToolMessage(content, tool_call_id=call["id"], name=step.tool))
    told = {"status": turn.status, "reading": dict(turn.extra), "choices": list(turn.choices)}
    answer = disguise.on(turn.answer) if disguise else turn.answer
    messages.append(AIMessage(answer, additional_kwargs=told))
    return messages


def without_marker(text: str) -> tuple[str, Status | None]:
    """Return an answer without its first word where that says of what kind it is, and the kind."""
    stripped = text.lstrip()
    for marker, status in MARKERS.items():
        if stripped.startswith(marker):
            return stripped[len(marker) :].lstrip(), status
        if marker.startswith(stripped):
            return "", None  # the marker is still being streamed
    return text, None
