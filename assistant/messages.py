"""Turns a session's turns into messages for a model, and reads the marks in what a model says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant import privacy
from assistant.disguise import Disguise
from assistant.prompts import fill
from assistant.session import Status, Turn
from tools.core import Workspace

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage, BaseMessage

RECENT_TURNS = 3  # told to a model elsewhere with calls and results
OLDER_TURNS = 20  # told by their facts
FACTS_OF_RECENT, FACTS_OF_OLDER = 40, 4
MARKERS: dict[str, Status] = {"CLARIFY:": "clarify", "REFUSED:": "refused"}


def history(turns: Sequence[Turn], workspace: Workspace, leaves_machine: bool) -> list[AnyMessage]:
    """Return the messages of earlier turns: questions, calls, what the tools told, answers.

    A model elsewhere gets the newest turns so, and of older ones only what was asked, with the facts that
    answered it; the built-in analyst reads all.
    """
    older = turns[:-RECENT_TURNS] if leaves_machine else ()
    recent = [
        message
        for number, turn in enumerate(turns[len(older) :], len(older))
        for message in _as_messages(turn, number, workspace, leaves_machine)
    ]
    return [*(_summary(older[-OLDER_TURNS:], workspace) if older else ()), *recent]


def _summary(turns: Sequence[Turn], workspace: Workspace) -> list[AnyMessage]:
    """Return older turns as one message: question, calls, the facts told first."""
    from langchain_core.messages import AIMessage, HumanMessage

    told = []
    for turn in turns:
        disguise = Disguise(workspace, turn.facts)
        facts: list[str] = []
        for step in turn.steps:
            shown = json.loads(privacy.for_model(step, workspace, True, FACTS_OF_OLDER))
            facts += (
                f"{fact['name']} {fact['scope']} = {fact['value']}".replace("  ", " ")
                for fact in shown.get("facts", ())
            )
        calls = [step.tool for step in turn.steps if step.result]
        told.append({"question": disguise.on(turn.question), "calls": calls, "facts": facts[:FACTS_OF_OLDER]})
    return [HumanMessage(fill("earlier.md", turns=told)), AIMessage("Noted.")]


def human(text: str) -> list[BaseMessage]:
    """Return what a person says as a list of one message."""
    from langchain_core.messages import HumanMessage

    return [HumanMessage(text)]


def _as_messages(turn: Turn, number: int, workspace: Workspace, leaves_machine: bool) -> list[AnyMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

    messages: list[AnyMessage] = [HumanMessage(turn.question)]
    for index, step in enumerate(turn.steps):
        arguments = dict(step.arguments)
        if leaves_machine:
            arguments = privacy.arguments_for_model(step, turn.question, workspace)
        call = {"name": step.tool, "args": arguments, "id": f"turn{number}_{index}"}
        messages.append(AIMessage("", tool_calls=[call]))
        most = FACTS_OF_RECENT if leaves_machine else privacy.MOST_FACTS
        content = privacy.for_model(step, workspace, leaves_machine, most)
        messages.append(ToolMessage(content, tool_call_id=call["id"], name=step.tool))
    told = {"status": turn.status, "reading": dict(turn.extra), "choices": list(turn.choices)}
    answer = privacy.answer_for_model(turn, workspace) if leaves_machine else turn.answer
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
