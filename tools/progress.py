"""Knows how long work says what it is doing and how far it is, and learns that nobody waits for it any more.

Whoever waits asks for it with `followed`; work that nobody follows says the same words into the air.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from tools.errors import StoppedError


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, and how far it is where that can be counted.

    Attributes:
        doing: In a few words, such as "Testing whether 5 segments come back".
        done: Rounds that are done.
        of: All rounds, 0 where they cannot be counted.
    """

    doing: str
    done: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class _Waiting:
    told: Callable[[Progress], None]
    wanted: Callable[[], bool]

    def and_also(self, told: Callable[[Progress], None], wanted: Callable[[], bool]) -> _Waiting:
        """Return one that tells both and goes on only while both want it."""

        def tell(made: Progress) -> None:
            self.told(made)
            told(made)

        return _Waiting(tell, lambda: self.wanted() and wanted())


_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


@contextmanager
def followed(told: Callable[[Progress], None], wanted: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Follow the work that is done meanwhile in this thread; whoever follows already is told as well.

    Args:
        told: Called with each step, from the working thread; it must be quick.
        wanted: Asked at each step; the work ends with `StoppedError` once it is False.
    """
    outer = _waiting.get()
    token = _waiting.set(_Waiting(told, wanted) if outer is None else outer.and_also(told, wanted))
    try:
        yield
    finally:
        _waiting.reset(token)


def step(doing: str, done: int = 0, of: int = 0) -> None:
    """Say what is done next, and how far it is.

    Raises:
        StoppedError: If nobody waits any more; nothing may have been changed for anybody by then.
    """
    check()
    waiting = _waiting.get()
    if waiting is not None:
        waiting.told(Progress(doing, done, of))


def check() -> None:
    """End the work if nobody waits for it any more; for places between two steps.

    Raises:
        StoppedError: If nobody waits any more.
    """
    waiting = _waiting.get()
    if waiting is not None and not waiting.wanted():
        raise StoppedError
