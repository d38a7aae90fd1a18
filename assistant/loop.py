"""The only agent loop: one question on its way through a chat model and the tools, as a growing turn."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant import grounding
from assistant.abilities import Abilities
from assistant.calling import Calls
from assistant.checking import check_answer, check_names, tells_result
from assistant.faults import EmptyError, TooSlowError, told_of
from assistant.leading import Answer, Leader, ModelFactory
from assistant.memory import Memory
from assistant.messages import without_marker
from assistant.prompts import fill
from assistant.sent import Sent, SentLog
from assistant.session import Session, Step, Turn
from assistant.settings import Settings
from assistant.usage import Meter, Usage

__all__ = ["Loop", "ModelFactory"]


@dataclass(frozen=True)
class _Checked:
    answer: Answer
    found: grounding.Grounding


class Loop:
    """One question on its way through the loop.

    Args:
        settings: The limits, and whether the model runs elsewhere.
        memory: Notes for questions in general.
        model: Makes the chat model in place of the one that the settings name.
        abilities: What is known of models; None tries none out.
        session: The chat.
        question: What is asked.
        stopped: Set when the person wants no more.
    """

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        model: ModelFactory | None,
        abilities: Abilities | None,
        session: Session,
        question: str,
        stopped: threading.Event,
    ) -> None:
        self._settings, self._session, self._question = settings, session, question
        self._stopped = stopped
        self._events: queue.SimpleQueue[tuple[str, Any, tuple[Step, ...]]] = queue.SimpleQueue()
        self._calls = Calls(session, memory, question, settings, stopped)
        self._meter, self._log = Meter(settings.max_tokens), SentLog()
        self._leader = Leader(
            settings, session, question, self._calls, self._meter, model, abilities, self._say, self._log
        )

    def turns(self, turn: Turn) -> Iterator[Turn]:
        """Yield the turn as it grows; return early when it is stopped."""
        text, asked = "", list[Any]()
        checked: _Checked | None = None
        for kind, content, done in self._heard():
            if kind == "answer":
                checked = content
                continue
            if kind == "word":
                text += content
                turn = replace(turn, answer=without_marker(text)[0])
            elif kind == "calls":
                asked += content
                text, turn = "", replace(turn, answer="")
            yield (turn := replace(turn, steps=_steps_with(asked, done)))
        turn = replace(turn, steps=tuple(self._calls.steps))
        if self._stopped.is_set() or checked is None:
            yield replace(turn, answer=told_of("stopped", self._settings), status="error")
        else:
            yield self._finished(turn, checked)

    @property
    def usage(self) -> Usage:
        """What the question took of a server so far."""
        return self._meter.usage

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What the question sent to a server so far."""
        return tuple(self._log.messages)

    def _say(self, kind: str, content: Any) -> None:
        self._events.put((kind, content, tuple(self._calls.steps)))

    def _heard(self) -> Iterator[tuple[str, Any, tuple[Step, ...]]]:
        """Work in a thread of its own, so that words come as they are said and stop works at once.

        Yields:
            What happened, with what, and the steps that were done at that moment.
        """
        threading.Thread(target=self._work, daemon=True).start()
        deadline = time.perf_counter() + (
            self._settings.max_seconds if self._settings.uses_server else math.inf
        )
        while not self._stopped.is_set():
            if time.perf_counter() > deadline:
                self._calls.given_up = True
                raise TooSlowError
            try:
                kind, content, done = self._events.get(timeout=0.1)
            except queue.Empty:
                continue
            if kind == "failed":
                raise content
            yield kind, content, done
            if kind == "answer":
                return

    def _work(self) -> None:
        try:
            self._say("answer", self._checked(self._leader.answer()))
        except BaseException as error:  # noqa: BLE001 - carried to the thread that answers the person
            self._say("failed", error)

    def _checked(self, answer: Answer) -> _Checked:
        """Check what an answer says; what a model got wrong is mended once, or said in our own words.

        Raises:
            EmptyError: If nothing was said.
        """
        if not answer.text.strip():
            raise EmptyError
        found = self._check(answer)
        if not answer.asked:
            return _Checked(answer, found)
        if found.unsupported:
            answer, found = self._repaired(answer, found)
        if answer.instead:
            own = replace(answer, text=answer.instead, asked=())
            told = self._check(own)
            if found.unsupported or not tells_result(answer.text, found, own.text, told):
                note = fill("worded.md")
                return _Checked(replace(own, text=f"{own.text.rstrip()}\n\n{note}"), told)
        return _Checked(answer, found)

    def _repaired(self, answer: Answer, found: grounding.Grounding) -> tuple[Answer, grounding.Grounding]:
        """Let the model mend once what is marked; what is no better is not taken."""
        marked = "; ".join(dict.fromkeys(text for text, _, _ in found.unsupported))
        again = replace(answer, text=self._leader.repaired(answer, marked))
        better = self._check(again)
        if again.text.strip() and len(better.unsupported) < len(found.unsupported):
            return again, better
        return answer, found

    def _check(self, answer: Answer) -> grounding.Grounding:
        choices: Sequence[str] = answer.about.get("choices", ())
        steps = self._calls.steps
        reading = {} if answer.asked else answer.about.get("reading") or {}
        own_words: Sequence[str] = reading.get("notes", ())
        found = check_answer(answer.text, self._question, self._session, steps, choices, own_words)
        if not answer.asked:
            return found  # the names in sentences of our own are read from the data
        names = check_names(answer.text, self._question, self._session, self._calls.steps)
        marked = sorted({*found.unsupported, *names}, key=lambda item: item[1:])
        return replace(found, unsupported=tuple(marked))

    def _finished(self, turn: Turn, checked: _Checked) -> Turn:
        answer, found = checked.answer, checked.found
        about = answer.about
        text, marked = without_marker(answer.text)
        if (diary := self._session.diary) is not None and about.get("status", "answered") == "answered":
            text = "\n\n".join([text, *diary.words_used(turn, self._session.workspace)])
        if answer.way == "guided" and turn.results:
            text = f"{text.rstrip()}\n\n{fill('guided/chosen.md')}"
        way = {"way": answer.way} if answer.way != "built-in" else {}
        return replace(
            turn,
            answer=text,
            status=about.get("status", marked or "answered"),
            choices=tuple(about.get("choices", ())),
            next_questions=tuple(about.get("next_questions", ())),
            traces=found.traces,
            unsupported=found.unsupported,
            extra={**(about.get("reading") or {}), **way},
        )


def _steps_with(asked: list[Any], done: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that are done, then those that were asked for and are not done yet."""
    return (*done, *(Step(call["name"], call["args"]) for call in asked[len(done) :]))
