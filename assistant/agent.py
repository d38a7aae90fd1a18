"""The only agent loop: a chat model and the tools turn a question into a growing turn."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant import grounding, models, privacy
from assistant.memory import Memory, answer_from_notes
from assistant.prompts import fill
from assistant.session import Session, Status, Step, Turn
from assistant.settings import Settings
from tools.core import Workspace, all_tools

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AnyMessage, BaseMessage
    from langchain_core.tools import BaseTool

ModelFactory = Callable[[Callable[[], Workspace]], "BaseChatModel"]
RECALL = "recall_notes"
MARKERS: dict[str, Status] = {"CLARIFY:": "clarify", "REFUSED:": "refused"}
EARLIER_TURNS = 10  # what a model on a server is reminded of; the built-in analyst reads all

_log = logging.getLogger(__name__)


class Agent:
    """Answers questions of any session with one configured model.

    Args:
        settings: Which model, and its limits.
        memory: Notes and findings; made on first use by default.
        model: Makes the chat model instead of the settings, for tests and other front ends.
    """

    def __init__(
        self, settings: Settings, memory: Memory | None = None, model: ModelFactory | None = None
    ) -> None:
        self._settings = settings
        self._memory = memory or Memory(None)
        self._model = model or (lambda workspace: models.chat_model(settings, workspace))
        self._stopped: dict[str, threading.Event] = {}

    @property
    def model_label(self) -> str:
        """Which model is in use and where questions go, in a few words."""
        return models.label(self._settings)

    def stop(self, session: Session) -> None:
        """Stop what this session is doing, from another thread."""
        self._stopped.setdefault(session.id, threading.Event()).set()
        session.workspace.engine.interrupt()

    def reply(self, session: Session, question: str) -> Iterator[Turn]:
        """Yield a turn that grows: steps as they run, words as they come; the last one is kept.

        Nothing is raised for what a model or a tool does: the last turn says what happened.
        """
        started = time.perf_counter()
        stopped = self._stopped[session.id] = threading.Event()
        turn = Turn(question, running=True, model=self.model_label)
        before = session.workspace
        try:
            for grown in _Run(self, session, question, stopped).turns(turn):
                turn = grown
                yield turn
        except _failures() as error:
            turn = self._failed(turn, error, stopped.is_set())
        except Exception:  # noqa: BLE001 - the one outer edge: a bug must not cost the person the chat
            _log.exception("A question failed")
            turn = self._failed(turn, None, stopped.is_set())
        if turn.status == "error":
            session.workspace = before
        yield session.add(replace(turn, seconds=time.perf_counter() - started))

    def _failed(self, turn: Turn, error: BaseException | None, stopped: bool) -> Turn:
        code = "stopped" if stopped else _code(error)
        text = fill(
            "errors.md",
            code=code,
            seconds=f"{self._settings.timeout_seconds:g}",
            steps=self._settings.max_steps,
            detail=getattr(error, "status_code", ""),
        )
        steps = tuple(step for step in turn.steps if step.result is not None or step.error)
        return replace(turn, answer=text, status="error", steps=steps)


class _Run:
    """One question on its way through the loop."""

    def __init__(self, agent: Agent, session: Session, question: str, stopped: threading.Event) -> None:
        self.agent, self.session, self.question, self.stopped = agent, session, question, stopped
        self.settings = agent._settings
        self.steps: list[Step] = []

    def turns(self, turn: Turn) -> Iterator[Turn]:
        """Yield the turn as it grows; return early when it is stopped."""
        model = self.agent._model(lambda: self.session.workspace)
        messages: list[Any] = [*self._history(), *_human(self.question)]
        text, last = "", None
        asked: list[Any] = []
        for kind, content in self._events(model, messages):
            if kind == "word":
                text += content
                turn = replace(turn, answer=_without_marker(text)[0], steps=tuple(self.steps))
            elif kind == "calls":
                asked += content
                text, turn = "", replace(turn, answer="", steps=self._steps_with(asked))
            elif kind == "answer":
                last = content
                continue
            else:
                turn = replace(turn, steps=self._steps_with(asked))
            yield turn
        if self.stopped.is_set():
            yield self.agent._failed(turn, None, stopped=True)
        else:
            yield self._finished(replace(turn, steps=tuple(self.steps)), last, model, messages)

    def _steps_with(self, asked: list[Any]) -> tuple[Step, ...]:
        """Return the steps that are done, then those that were asked for and are not done yet."""
        done = tuple(self.steps)
        return (*done, *(Step(call["name"], call["args"]) for call in asked[len(done) :]))

    def _events(self, model: BaseChatModel, messages: list[Any]) -> Iterator[tuple[str, Any]]:
        """Run the loop in a thread of its own, so that words come as they are said and stop works at once."""
        events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        worker = threading.Thread(target=self._work, args=(model, messages, events), daemon=True)
        worker.start()
        while not self.stopped.is_set():
            try:
                kind, content = events.get(timeout=0.1)
            except queue.Empty:
                continue
            if kind == "end":
                return
            if kind == "failed":
                raise content
            yield kind, content

    def _work(
        self, model: BaseChatModel, messages: list[Any], events: queue.SimpleQueue[tuple[str, Any]]
    ) -> None:
        from langchain.agents import create_agent
        from langchain_core.callbacks import BaseCallbackHandler
        from langchain_core.messages import AIMessage, ToolMessage

        class Words(BaseCallbackHandler):
            def on_llm_new_token(self, token: str | list[str | dict[str, Any]], **kwargs: Any) -> None:
                if isinstance(token, str) and token:
                    events.put(("word", token))

        # One call at a time keeps one writer of the session. Streaming "messages" would need a second thread
        # of the same pool for its queue and never start the first call.
        config: Any = {
            "max_concurrency": 1,
            "recursion_limit": 2 * self.settings.max_steps + 2,
            "callbacks": [Words()],
        }
        try:
            loop = create_agent(model, self._tools(), system_prompt=self._system_prompt())
            for update in loop.stream({"messages": list(messages)}, config=config, stream_mode="updates"):
                for message in [m for part in update.values() for m in (part or {}).get("messages", [])]:
                    messages.append(message)
                    if isinstance(message, AIMessage):
                        calls = message.tool_calls
                        events.put(("calls", calls) if calls else ("answer", message))
                    elif isinstance(message, ToolMessage):
                        self._note_refused_call(message, messages)
                        events.put(("step", None))
        except BaseException as error:  # noqa: BLE001 - carried to the thread that answers the person
            events.put(("failed", error))
        else:
            events.put(("end", None))

    def _finished(self, turn: Turn, last: Any, model: BaseChatModel, messages: list[BaseMessage]) -> Turn:
        if last is None or not last.text.strip():
            return replace(
                turn, answer=fill("errors.md", code="empty", seconds="", steps="", detail=""), status="error"
            )
        answer, marked = _without_marker(last.text)
        told = last.additional_kwargs
        status = told.get("status", marked or "answered")
        found = self._check(answer)
        if found.unsupported and self.settings.uses_server:
            answer, found = self._repaired(answer, found, model, messages)
        return replace(
            turn,
            answer=answer,
            status=status,
            choices=tuple(told.get("choices", ())),
            next_questions=tuple(told.get("next_questions", ())),
            traces=found.traces,
            unsupported=found.unsupported,
            extra=told.get("reading") or {},
        )

    def _repaired(
        self, answer: str, found: grounding.Grounding, model: BaseChatModel, messages: list[BaseMessage]
    ) -> tuple[str, grounding.Grounding]:
        numbers = ", ".join(text for text, _, _ in found.unsupported)
        again = model.invoke([*messages, *_human(fill("repair.md", numbers=numbers))])
        repaired, _ = _without_marker(again.text)
        checked = self._check(repaired)
        better = repaired.strip() and len(checked.unsupported) < len(found.unsupported)
        return (repaired, checked) if better else (answer, found)

    def _check(self, answer: str) -> grounding.Grounding:
        own = [
            grounding.SourcedFact(index, fact)
            for index, step in enumerate(self.steps)
            if step.result
            for fact in step.result.facts
        ]
        earlier = [
            grounding.SourcedFact(-1, fact) for turn in reversed(self.session.turns) for fact in turn.facts
        ]
        return grounding.check(
            answer, own + earlier, self.question, grounding.labels_of(self.session.workspace)
        )

    def _system_prompt(self) -> str:
        if not self.settings.uses_server:
            return "The built-in analyst reads the workspace itself."
        return fill("system.md", data=privacy.describe_for_model(self.session.workspace), findings=[])

    def _history(self) -> list[AnyMessage]:
        turns = self.session.turns[-EARLIER_TURNS:] if self.settings.uses_server else self.session.turns
        return [
            message
            for number, turn in enumerate(turns)
            for message in _as_messages(turn, number, self.session.workspace, self.settings.uses_server)
        ]

    def _tools(self) -> list[BaseTool]:
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
        for name, spec in all_tools().items():
            made.append(
                StructuredTool.from_function(
                    func=lambda _name=name, **arguments: self._call(_name, arguments),
                    name=name,
                    description=spec.description,
                    args_schema=spec.arguments.model_json_schema(),
                    response_format="content_and_artifact",
                )
            )
        return made

    def _call(self, name: str, arguments: dict[str, Any]) -> tuple[str, int]:
        if name == RECALL:
            question = str(arguments.get("question") or self.question)
            memory = self.agent._memory
            step = self.session.run(name, arguments, lambda: answer_from_notes(memory, question))
        else:
            step = self.session.run_tool(name, arguments, wanted=lambda: not self.stopped.is_set())
        self.steps.append(step)
        content = privacy.for_model(step, self.session.workspace, self.settings.uses_server)
        return content, len(self.steps) - 1

    def _note_refused_call(self, message: Any, messages: list[BaseMessage]) -> None:
        """Record a call that never reached a tool, such as an unknown name."""
        if message.artifact is not None:
            return
        calls = [call for earlier in messages for call in getattr(earlier, "tool_calls", [])]
        arguments: dict[str, Any] = next(
            (call["args"] for call in calls if call["id"] == message.tool_call_id), {}
        )
        self.steps.append(Step(message.name or "unknown", arguments, error=str(message.text)))


def _human(text: str) -> list[BaseMessage]:
    from langchain_core.messages import HumanMessage

    return [HumanMessage(text)]


def _as_messages(turn: Turn, number: int, workspace: Workspace, leaves_machine: bool) -> list[AnyMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

    messages: list[AnyMessage] = [HumanMessage(turn.question)]
    for index, step in enumerate(turn.steps):
        call = {"name": step.tool, "args": dict(step.arguments), "id": f"turn{number}_{index}"}
        messages.append(AIMessage("", tool_calls=[call]))
        content = privacy.for_model(step, workspace, leaves_machine)
        messages.append(ToolMessage(content, tool_call_id=call["id"], name=step.tool))
    told = {"status": turn.status, "reading": dict(turn.extra), "choices": list(turn.choices)}
    messages.append(AIMessage(turn.answer, additional_kwargs=told))
    return messages


def _without_marker(text: str) -> tuple[str, Status | None]:
    stripped = text.lstrip()
    for marker, status in MARKERS.items():
        if stripped.startswith(marker):
            return stripped[len(marker) :].lstrip(), status
        if marker.startswith(stripped):
            return "", None  # the marker is still being streamed
    return text, None


def _failures() -> tuple[type[BaseException], ...]:
    """Errors of model servers and of the loop that a person can do something about."""
    import httpx
    import openai
    from langgraph.errors import GraphRecursionError

    return (openai.OpenAIError, GraphRecursionError, httpx.HTTPError, json.JSONDecodeError)


def _code(error: BaseException | None) -> str:
    import httpx
    import openai
    from langgraph.errors import GraphRecursionError

    kinds: list[tuple[type[BaseException] | tuple[type[BaseException], ...], str]] = [
        ((openai.APITimeoutError, httpx.TimeoutException), "timeout"),
        ((openai.APIConnectionError, httpx.ConnectError), "unreachable"),
        ((openai.AuthenticationError, openai.PermissionDeniedError), "key"),
        (openai.RateLimitError, "busy"),
        (GraphRecursionError, "steps"),
        ((openai.OpenAIError, httpx.HTTPError, json.JSONDecodeError), "server"),
    ]
    return next((code for kind, code in kinds if isinstance(error, kind)), "bug")
