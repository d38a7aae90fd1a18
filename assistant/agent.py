"""Answers a question with the configured model, or with the built-in analyst where a model server fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from assistant import models
from assistant.abilities import Abilities
from assistant.faults import code_of, failures, first_sentence, told_of
from assistant.loop import Loop, ModelFactory
from assistant.memory import Memory
from assistant.prompts import fill
from assistant.sent import cost
from assistant.session import Session, Turn
from assistant.settings import Settings
from assistant.usage import Usage

_log = logging.getLogger(__name__)


class Agent:
    """Answers questions of any session with one configured model.

    Args:
        settings: Which model, and its limits.
        memory: Notes and findings; made on first use by default.
        model: Makes the chat model instead of the settings, for tests and other front ends; it is trusted to
            call tools, and not tried out.
        abilities: What was found out of models; forgotten with this agent by default.
    """

    def __init__(
        self,
        settings: Settings,
        memory: Memory | None = None,
        model: ModelFactory | None = None,
        abilities: Abilities | None = None,
    ) -> None:
        self._settings = settings
        self._memory = memory or Memory(None)
        self._model = model
        self._abilities = abilities or Abilities()
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
        for turn in self._turns(session, question, stopped):
            if turn.running:
                yield turn
        yield session.add(replace(turn, seconds=time.perf_counter() - started))

    def _turns(self, session: Session, question: str, stopped: threading.Event) -> Iterator[Turn]:
        """Yield the turn as it grows; where a model server fails, the built-in analyst takes over."""
        failed = None
        for turn in self._attempt(session, question, stopped):
            if turn.status != "error":
                yield turn
            else:
                failed = turn
        if failed is None:
            return
        if stopped.is_set() or not (self._settings.uses_server and self._settings.fallback):
            yield failed
            return
        instead = Agent(replace(self._settings, model="builtin"), self._memory)
        for turn in instead._attempt(session, question, stopped):
            told = "" if turn.running else "\n\n" + fill("fallback.md", reason=first_sentence(failed.answer))
            yield replace(
                turn, answer=turn.answer + told, usage=failed.usage, sent=failed.sent, cost=failed.cost
            )

    def _attempt(self, session: Session, question: str, stopped: threading.Event) -> Iterator[Turn]:
        """Yield the turn of one model as it grows; one that failed leaves the data as they were."""
        turn = Turn(question, running=True, model=self.model_label)
        before = session.workspace
        abilities = None if self._model else self._abilities
        loop = Loop(self._settings, self._memory, self._model, abilities, session, question, stopped)
        try:
            for grown in loop.turns(turn):
                turn = grown
                yield turn
        except failures() as error:
            turn = self._failed(turn, error, stopped.is_set())
        except Exception:  # noqa: BLE001 - the one outer edge: a bug must not cost the person the chat
            _log.exception("A question failed")
            turn = self._failed(turn, None, stopped.is_set())
        turn = replace(turn, usage=loop.usage, sent=loop.sent, cost=self._cost(loop.usage))
        if turn.status == "error":
            session.workspace = before
        yield replace(turn, running=False)

    def _cost(self, usage: Usage) -> float | None:
        return cost(usage, self._settings.price_sent, self._settings.price_received)

    def _failed(self, turn: Turn, error: BaseException | None, stopped: bool) -> Turn:
        text = told_of("stopped" if stopped else code_of(error), self._settings, error)
        steps = tuple(step for step in turn.steps if step.result is not None or step.error)
        return replace(turn, answer=text, status="error", steps=steps)
