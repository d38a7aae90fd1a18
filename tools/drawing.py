"""Knows whether an answer looked at some customers only, of very many, and how that is told beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """Customers who were looked at, of all there are."""

    n: int
    of: int

    @property
    def words(self) -> str:
        """Return what has to be told."""
        return (
            f"Of the {self.of:,} customers {self.n:,}, drawn at random by their keys, were looked at. The "
            "sizes and totals of segments and the table of their profiles are those of all customers; every "
            "other figure is that of the customers drawn."
        )


_noted: ContextVar[set[Drawn] | None] = ContextVar("drawn", default=None)


def note(n: int, of: int) -> None:
    """Say that only so many of the customers are looked at."""
    noted = _noted.get()
    if noted is not None:
        noted.add(Drawn(n, of))


@contextmanager
def watched() -> Iterator[set[Drawn]]:
    """Collect what is noted meanwhile."""
    found: set[Drawn] = set()
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)
