"""Offers the tools to a model and makes its calls, one at a time, each recorded as a step of the session."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant import privacy
from assistant.arguments import mended, what_would_be_right
from assistant.disguise import Disguise
from assistant.faults import CircleError
from assistant.memory import Memory, answer_from_notes
from assistant.offering import told_schema
from assistant.prompts import fill
from assistant.session import Session, Step
from assistant.settings import Settings
from tools.core import all_tools

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.tools import BaseTool

RECALL = "recall_notes"
EARLIER = "recall_findings"
MOST_REPEATS = 4  # a model that asks for the same thing so often will not stop by itself


class Calls:
    """The tool calls of one question.

    Args:
        session: Where they are recorded and whose data they work on.
        memory: Answers questions about segmentation in general.
        question: What was asked.
        settings: Whether what tools say leaves the machine.
        stopped: Set when the person wants no more.

    Attributes:
        steps: The calls so far.
        given_up: Whether what still runs is to change nothing.
        leaves_machine: Whether who called runs elsewhere, and is told only what may leave.
    """

    def __init__(
        self, session: Session, memory: Memory, question: str, settings: Settings, stopped: threading.Event
    ) -> None:
        self.session, self.memory, self.question = session, memory, question
        self.settings, self.stopped = settings, stopped
        self.steps: list[Step] = []
        self.given_up = False
        self.leaves_machine = settings.uses_server
        self._asked_before: dict[str, int] = {}  # call and state of the data -> how often

    def tools(self, in_short: bool = False) -> list[BaseTool]:
        """Return every tool as LangChain wants it.

        Args:
            in_short: Whether their arguments are described in few words.
        """
        from langchain_core.tools import StructuredTool

        recall_schema = {
            "type": "object",
            "properties": {
                "question": {"type": "string", "description": "The question in the person's words"}
            },
            "required": ["question"],
        }
        made: list[BaseTool] = [
            StructuredTool.from_function(
                func=lambda question="": self._call(RECALL, {"question": question}),
                name=RECALL,
                description="Answer a question about segmentation, machine learning or banking in general "
                "from notes with sources, not from the person's data.",
                args_schema=recall_schema,
                response_format="content_and_artifact",
            )
        ]
        if self.session.diary is not None:
            made.append(
                StructuredTool.from_function(
                    func=lambda question="": self._call(EARLIER, {"question": question}),
                    name=EARLIER,
                    description="Tell what was found earlier, in this chat or in older ones of this person, "
                    "with the source. For questions such as what we found about something last time.",
                    args_schema=recall_schema,
                    response_format="content_and_artifact",
                )
            )
        for name, spec in all_tools().items():
            made.append(
                StructuredTool.from_function(
                    func=lambda _name=name, **arguments: self._call(_name, arguments),
                    name=name,
                    description=spec.description,
                    args_schema=told_schema(spec) if in_short else spec.schema,
                    response_format="content_and_artifact",
                )
            )
        return made

    def run(self, name: str, arguments: dict[str, Any]) -> str:
        """Make one call; return what whoever called may be told, as JSON."""
        return self._call(name, arguments)[0]

    def _call(self, name: str, arguments: dict[str, Any]) -> tuple[str, int]:
        if self.leaves_machine:
            arguments = self._disguise().off(arguments)
        if name in all_tools():
            arguments = mended(all_tools()[name], arguments)
        if name == RECALL:
            question = str(arguments.get("question") or self.question)
            step = self.session.run(name, arguments, lambda: answer_from_notes(self.memory, question))
        elif name == EARLIER and (diary := self.session.diary) is not None:
            question = str(arguments.get("question") or self.question)
            step = self.session.run(name, arguments, lambda: diary.answer(question, self.leaves_machine))
        else:
            if (repeated := self._repeats(name, arguments)) is not None:
                return repeated
            step = self.session.run_tool(name, arguments, wanted=self.is_wanted)
        if step.error and name in all_tools() and (right := what_would_be_right(name, arguments)):
            step = replace(step, instead=right)
        self.steps.append(step)
        content = privacy.for_model(step, self.session.workspace, self.leaves_machine)
        return content, len(self.steps) - 1

    def _disguise(self) -> Disguise:
        """Return what takes the neutral words back for which a model elsewhere was told no real name."""
        facts = [fact for turn in self.session.turns for fact in turn.facts]
        facts += [fact for step in self.steps if step.result for fact in step.result.facts]
        return Disguise(self.session.workspace, facts)

    def is_wanted(self) -> bool:
        """Whether anybody still waits for what comes of the calls."""
        return not (self.stopped.is_set() or self.given_up)

    def _repeats(self, name: str, arguments: dict[str, Any]) -> tuple[str, int] | None:
        """Answer a call that was made before on the same data without making it again; break off a circle."""
        call = json.dumps([name, arguments, id(self.session.workspace)], sort_keys=True, default=str)
        self._asked_before[call] = self._asked_before.get(call, 0) + 1
        if self._asked_before[call] == 1:
            return None
        if self._asked_before[call] >= MOST_REPEATS:
            raise CircleError
        return json.dumps({"error": fill("repeated.md", tool=name)}), len(self.steps) - 1

    def note_refused(self, message: Any, messages: list[BaseMessage]) -> None:
        """Record a call that never reached a tool, such as an unknown name."""
        if message.artifact is not None:
            return
        calls = [call for earlier in messages for call in getattr(earlier, "tool_calls", [])]
        arguments: dict[str, Any] = next(
            (call["args"] for call in calls if call["id"] == message.tool_call_id), {}
        )
        self.steps.append(Step(message.name or "unknown", arguments, error=str(message.text)))
