"""Decides whose work is next: people take turns, and the work of one chat runs one after another."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False)
class Ticket:
    """One piece of work that waits.

    Attributes:
        owner: Whose it is.
        line: Chat that it belongs to; the next one of a line starts when the one before has ended.
        work: What is to be done; it must not raise.
        number: Grows with every ticket.
    """

    owner: str
    line: object
    work: Callable[[], None]
    number: int


class FairQueue:
    """A few workers shared by everybody: whoever has least going on is next, then whoever waited longest.

    Args:
        workers: Pieces of work done at once.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._waiting: list[Ticket] = []
        self._running: list[Ticket] = []
        self._served: dict[str, int] = {}  # number of the last ticket that was begun, by owner
        self._numbers = itertools.count()
        self._change = threading.Condition()
        self._threads = 0

    def submit(self, owner: str, line: object, work: Callable[[], None]) -> Ticket:
        """Put work into the queue."""
        with self._change:
            ticket = Ticket(owner, line, work, next(self._numbers))
            self._waiting.append(ticket)
            if self._threads < self._workers:
                self._threads += 1
                threading.Thread(target=self._serve, name=f"answers-{self._threads}", daemon=True).start()
            self._change.notify()
        return ticket

    def ahead(self, ticket: Ticket) -> int | None:
        """Return how many pieces of work will begin before this one; None once it has begun."""
        with self._change:
            order = self._order()
            return order.index(ticket) if ticket in order else None

    def _serve(self) -> None:
        while True:
            with self._change:
                while (ticket := self._next()) is None:
                    self._change.wait()
                self._waiting.remove(ticket)
                self._running.append(ticket)
                self._served[ticket.owner] = ticket.number
            try:
                ticket.work()
            finally:
                with self._change:
                    self._running.remove(ticket)
                    self._change.notify_all()

    def _next(self) -> Ticket | None:
        lines = {id(ticket.line) for ticket in self._running}
        return next((ticket for ticket in self._order() if id(ticket.line) not in lines), None)

    def _order(self) -> list[Ticket]:
        """Return what waits in the order of its turns: each owner's first, then each owner's second ..."""
        going_on = Counter(ticket.owner for ticket in self._running)
        ranked = []
        for ticket in self._waiting:
            ranked.append((going_on[ticket.owner], self._served.get(ticket.owner, -1), ticket.number, ticket))
            going_on[ticket.owner] += 1
        return [ticket for *_, ticket in sorted(ranked, key=lambda one: one[:3])]
