"""Whoever asks much does not keep the others waiting, and one chat's work never overlaps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assistant.ui.fair_queue import FairQueue


class Desk:
    """Notes what was done, and holds work up until it is told to let it go."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.open = threading.Event()
        self.all_done = threading.Event()

    def work(self, name: str, last_of: int = 0) -> Callable[[], None]:
        def do() -> None:
            self.open.wait(10)
            self.done.append(name)
            if last_of and len(self.done) == last_of:
                self.all_done.set()

        return do


def begun(queue: FairQueue, n_running: int) -> None:
    end = time.monotonic() + 10
    while len(queue._running) < n_running:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_people_take_turns() -> None:
    queue, desk = FairQueue(1), Desk()
    queue.submit("ann", "a0", desk.work("a0", 6))
    begun(queue, 1)
    tickets = {
        name: queue.submit(owner, name, desk.work(name, 6))
        for name, owner in (("a1", "ann"), ("a2", "ann"), ("a3", "ann"), ("b1", "ben"), ("c1", "eva"))
    }
    assert queue.ahead(tickets["b1"]) == 0
    assert queue.ahead(tickets["c1"]) == 1
    assert queue.ahead(tickets["a3"]) == 4
    desk.open.set()
    assert desk.all_done.wait(10)
    assert desk.done == ["a0", "b1", "c1", "a1", "a2", "a3"]
    assert queue.ahead(tickets["a3"]) is None


def test_a_person_without_competition_uses_all_workers() -> None:
    queue, desk = FairQueue(3), Desk()
    for name in ("1", "2", "3", "4"):
        queue.submit("ann", name, desk.work(name, 4))
    begun(queue, 3)
    assert len(queue._waiting) == 1
    desk.open.set()
    assert desk.all_done.wait(10)


def test_the_work_of_one_chat_runs_one_after_another() -> None:
    queue, desk = FairQueue(3), Desk()
    chat = object()
    for name in ("first", "second", "third"):
        queue.submit("ann", chat, desk.work(name, 4))
    begun(queue, 1)
    queue.submit("ben", "other", desk.work("other", 4))
    begun(queue, 2)
    assert [ticket.owner for ticket in queue._running] == ["ann", "ben"]
    desk.open.set()
    assert desk.all_done.wait(10)
    assert [name for name in desk.done if name != "other"] == ["first", "second", "third"]
