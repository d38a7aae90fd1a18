"""The program is killed at random moments, again and again; every chat is there afterwards, as it was.

`python -m tests.test_crash 50` does it fifty times; the suite three times.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assistant.store import FILE
from assistant.ui.chat import CUT_OFF
from tests.page_client import ANSWERS, Server, Tab

QUESTIONS = (
    "how many transactions are there?",
    "top 20% by spend",
    "average amount by channel",
    "rename segment 1 to Best",
    "plot transactions per month",
    "describe each segment",
    "undo",
    "top 5 cities by amount",
)
N_TABS = 2


@dataclass
class Seen:
    """What one tab saw: what its conversation showed when its last answer was complete.

    Attributes:
        loaded: Whether the greeting had been seen, so that the chat must exist.
        messages: The conversation.
        n_questions: Complete answers in it.
    """

    chat: str
    loaded: bool = False
    messages: list[str] = field(default_factory=list)
    n_questions: int = 0


def test_every_chat_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    crashes(tmp_path, 3, seed=20)


def crashes(folder: Path, rounds: int, seed: int) -> tuple[int, int]:
    """Kill the program so many times while people work; return how many chats and answers were checked."""
    chance = random.Random(seed)
    data = folder / "orders.csv"
    data.write_text(orders(chance))
    server = Server(folder)
    cookies: httpx.Cookies | None = None
    seen: list[Seen] = []
    server.start()
    try:
        for number in range(rounds):
            first = Tab(server.home, cookies)
            cookies = first.client.cookies
            fresh = [first, *(Tab(server.home, cookies) for _ in range(N_TABS - 1))]
            begun = [Seen(tab.chat) for tab in fresh]
            workers = [
                threading.Thread(target=work, args=(tab, one, data, number))
                for tab, one in zip(fresh, begun, strict=True)
            ]
            for worker in workers:
                worker.start()
            if number % 4:  # every fourth time it may happen while files are read, otherwise while people ask
                until_loaded(begun)
            time.sleep(chance.uniform(0.0, 4.0))
            server.kill()
            for worker in workers:
                worker.join(60)
            seen += begun
            check_files(folder / "kept")
            server.start()
            for one in begun:
                check(Tab(server.home, cookies, one.chat), one)
        for one in seen[:-N_TABS]:
            check(Tab(server.home, cookies, one.chat), one)
    finally:
        server.kill()
    return len(seen), sum(one.n_questions for one in seen)


def until_loaded(begun: list[Seen]) -> None:
    """Wait until everybody's file was read."""
    end = time.monotonic() + ANSWERS
    while not all(one.loaded for one in begun):
        assert time.monotonic() < end, "the files were not read"
        time.sleep(0.02)


def work(tab: Tab, seen: Seen, data: Path, number: int) -> None:
    """Load a file and ask one question after another until the program is gone."""
    try:
        seen.messages = tab.upload(data)
        seen.loaded = True
        for place in range(number, number + 100):
            seen.messages = tab.ask(QUESTIONS[place % len(QUESTIONS)])
            seen.n_questions += 1
    except httpx.HTTPError:
        pass  # killed
    finally:
        tab.close()


def check(tab: Tab, seen: Seen) -> None:
    """What was seen is there; only the one answer that was being written may have come after it."""
    shown = tab.show()
    if not seen.loaded and not shown:
        tab.close()
        return
    assert shown[: len(seen.messages)] == seen.messages
    more = shown[len(seen.messages) :]
    questions = [text for text in more if text.startswith("user: ")]
    assert len(questions) <= 1
    if seen.loaded and more:
        assert more[0] in [f"user: {question}" for question in QUESTIONS]
    if questions:  # it had been asked: its answer was kept in time, or the page says that it was cut off
        said = [text.split(": ", 1)[1].strip() for text in more if not text.startswith("user: ")]
        cut_off = any(CUT_OFF in text for text in said)
        # an answer without a computation ("there are no segments yet") says neither, but it says something
        assert cut_off or any(said), more
    answer = tab.ask(QUESTIONS[0])
    assert any("600" in text for text in answer[len(shown) :]), (shown[-4:], answer[len(shown) :])
    seen.messages, seen.n_questions, seen.loaded = answer, seen.n_questions + 1, True
    tab.close()


def check_files(folder: Path) -> None:
    """The record is whole, and each chat of it has its data file."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        files = [row[0] for row in database.execute("SELECT file FROM chats")]
    assert all((folder / "data" / f"{file}.duckdb").is_file() for file in files)


def orders(chance: random.Random) -> str:
    """Return 600 transactions of 120 customers."""
    lines = ["order_id,customer_id,city,channel,order_date,amount"]
    for number in range(600):
        city = chance.choice(("Madrid", "Rome", "Oslo", "Lyon", "Bern", "Graz"))
        day = f"2024-{chance.randint(1, 6):02}-{chance.randint(1, 28):02}"
        amount = f"{chance.lognormvariate(3, 1):.2f}"
        channel = chance.choice(("web", "shop"))
        lines.append(f"o{number},c{chance.randint(1, 120)},{city},{channel},{day},{amount}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        n_rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
        n_chats, n_answers = crashes(Path(temporary), n_rounds, seed=random.randrange(10**6))
        print(f"{n_rounds} kills: {n_chats} chats with {n_answers} complete answers, all as they were.")
