"""The only agent loop: one question on its way through a chat model and the tools, as a growing turn."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant import grounding, privacy
from assistant.calling import Calls
from assistant.checking import check_answer, check_names
from assistant.faults import TooSlowError, told_of
from assistant.memory import Memory
from assistant.messages import history, human, with_own_call_ids, without_marker
from assistant.prompts import fill
from assistant.session import Session, Step, Turn
from assistant.settings import Settings
from tools.core import Workspace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

ModelFactory = Callable[[Callable[[], Workspace]], "BaseChatModel"]
EARLIER_TURNS = 10  # what a model on a server is reminded of; the built-in analyst reads all


class Loop:
    """One question on its way through the loop.

    Args:
        settings: The limits, and whether the model runs elsewhere.
        memory: Notes for questions in general.
        model: Makes the chat model.
        session: The chat.
        question: What is asked.
        stopped: Set when the person wants no more.
    """

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        model: ModelFactory,
        session: Session,
        question: str,
        stopped: threading.Event,
    ) -> None:
        self._settings, self._model, self._session = settings, model, session
        self._question, self._stopped = question, stopped
        self._calls = Calls(session, memory, question, settings, stopped)

    def turns(self, turn: Turn) -> Iterator[Turn]:
        """Yield the turn as it grows; return early when it is stopped."""
        model = self._model(lambda: self._session.workspace)
        messages: list[Any] = [*self._history(), *human(self._question)]
        text, last = "", None
        asked: list[Any] = []
        for kind, content in self._events(model, messages):
            if kind == "word":
                text += content
                turn = replace(turn, answer=without_marker(text)[0], steps=tuple(self._calls.steps))
            elif kind == "calls":
                asked += content
                text, turn = "", replace(turn, answer="", steps=self._steps_with(asked))
            elif kind == "answer":
                last = content
                continue
            else:
                turn = replace(turn, steps=self._steps_with(asked))
            yield turn
        turn = replace(turn, steps=tuple(self._calls.steps))
        if self._stopped.is_set():
            yield replace(turn, answer=told_of("stopped", self._settings), status="error")
        else:
            yield self._finished(turn, last, model, messages)

    def _steps_with(self, asked: list[Any]) -> tuple[Step, ...]:
        """Return the steps that are done, then those that were asked for and are not done yet."""
        done = tuple(self._calls.steps)
        return (*done, *(Step(call["name"], call["args"]) for call in asked[len(done) :]))

    def _events(self, model: BaseChatModel, messages: list[Any]) -> Iterator[tuple[str, Any]]:
        """Run the loop in a thread of its own, so that words come as they are said and stop works at once."""
        events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        worker = threading.Thread(target=self._work, args=(model, messages, events), daemon=True)
        worker.start()
        deadline = time.perf_counter() + (
            self._settings.max_seconds if self._settings.uses_server else math.inf
        )
        while not self._stopped.is_set():
            if time.perf_counter() > deadline:
                self._calls.given_up = True
                raise TooSlowError
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
            "recursion_limit": 2 * self._settings.max_steps + 2,
            "callbacks": [Words()],
        }
        try:
            loop = create_agent(
                model,
                self._calls.tools(),
                system_prompt=self._system_prompt(),
                middleware=[with_own_call_ids()],
            )
            for update in loop.stream({"messages": list(messages)}, config=config, stream_mode="updates"):
                for message in [m for part in update.values() for m in (part or {}).get("messages", [])]:
                    messages.append(message)
                    if isinstance(message, AIMessage):
                        calls = message.tool_calls
                        events.put(("calls", calls) if calls else ("answer", message))
                    elif isinstance(message, ToolMessage):
                        self._calls.note_refused(message, messages)
                        events.put(("step", None))
        except BaseException as error:  # noqa: BLE001 - carried to the thread that answers the person
            events.put(("failed", error))
        else:
            events.put(("end", None))

    def _finished(self, turn: Turn, last: Any, model: BaseChatModel, messages: list[BaseMessage]) -> Turn:
        if last is None or not last.text.strip():
            return replace(turn, answer=told_of("empty", self._settings), status="error")
        answer, marked = without_marker(last.text)
        told = last.additional_kwargs
        status = told.get("status", marked or "answered")
        found = self._check(answer, told.get("choices", ()))
        if found.unsupported and self._settings.uses_server:
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
        marked = "; ".join(dict.fromkeys(text for text, _, _ in found.unsupported))
        again = model.invoke([*messages, *human(fill("repair.md", marked=marked))])
        repaired, _ = without_marker(again.text)
        checked = self._check(repaired)
        better = repaired.strip() and len(checked.unsupported) < len(found.unsupported)
        return (repaired, checked) if better else (answer, found)

    def _check(self, answer: str, choices: Sequence[str] = ()) -> grounding.Grounding:
        found = check_answer(answer, self._question, self._session, self._calls.steps, choices)
        if not self._settings.uses_server:
            return found  # the names in the built-in analyst's sentences are read from the data
        names = check_names(answer, self._question, self._session, self._calls.steps)
        marked = sorted({*found.unsupported, *names}, key=lambda item: item[1:])
        return replace(found, unsupported=tuple(marked))

    def _system_prompt(self) -> str:
        if not self._settings.uses_server:
            return "The built-in analyst reads the workspace itself."
        return fill("system.md", data=privacy.describe_for_model(self._session.workspace), findings=[])

    def _history(self) -> list[Any]:
        elsewhere = self._settings.uses_server
        turns = self._session.turns[-EARLIER_TURNS:] if elsewhere else self._session.turns
        return history(turns, self._session.workspace, elsewhere)
