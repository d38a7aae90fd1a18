"""Many people at once: each gets the right answers about the own file, and nothing of anybody else's.

`python -m tests.test_isolation 20` does it with twenty; the suite with four.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assistant.accounts import hashed
from tests.page_client import Server, Tab

N_ROWS = 400  # of the first person's file; each further one has one row more
QUESTIONS = (
    "how many transactions are there?",
    "top 5 cities by amount",
    "top 20% by spend",
    "describe each segment",
)
PASSWORD = "correct horse "  # noqa: S105 - of accounts that live as long as this test


@dataclass
class Visitor:
    """One person, with what was shown."""

    number: int
    shown: list[str] = field(default_factory=list)
    tab: Tab | None = None
    problem: str = ""
    longest_seconds: float = 0.0

    @property
    def mark(self) -> str:
        """A city that stands in this person's file alone."""
        return f"Town{chr(65 + self.number)}burg"


def test_people_at_the_same_time_do_not_meet(tmp_path: Path) -> None:
    visitors = visit(tmp_path, 4)
    assert len(visitors) == 4


def visit(folder: Path, n_people: int) -> list[Visitor]:
    """Let people with accounts work at once, then let each try to reach what is another's."""
    accounts = folder / "accounts"
    accounts.write_text(
        "\n".join(f"person{number}:{hashed(f'{PASSWORD}{number}')}" for number in range(n_people))
    )
    server = Server(folder, ASSISTANT_ACCOUNTS_FILE=str(accounts))
    server.start()
    visitors = [Visitor(number) for number in range(n_people)]
    try:
        threads = [threading.Thread(target=work, args=(server.home, one, folder)) for one in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in visitors:
            assert one.problem == ""
            check_own(one, visitors)
        for one, other in zip(visitors, [*visitors[1:], visitors[0]], strict=True):
            check_others(server.home, one, other)
        check_nobody(server.home, visitors[0])
        log = server.log.read_text()
        assert not any(one.mark in log for one in visitors)
    finally:
        for one in visitors:
            if one.tab is not None:
                one.tab.close()
        server.stop()
    return visitors


def signed_in(home: str, number: int, password: str = "") -> httpx.Client:
    client = httpx.Client(base_url=home, timeout=60, follow_redirects=True)
    form = {"name": f"person{number}", "password": password or f"{PASSWORD}{number}"}
    answer = client.post("/login", data=form, follow_redirects=False)
    assert answer.status_code == (303 if not password else 403), answer.text
    return client


def work(home: str, one: Visitor, folder: Path) -> None:
    """Load the own file and ask about it, all at the same time as everybody else."""
    path = folder / f"orders{one.number}.csv"
    lines = [
        f"o{row},c{row % 97},{(one.mark, 'Rome')[row % 2]},2024-0{row % 6 + 1}-1{row % 9},{row % 50 + 1}.5"
        for row in range(N_ROWS + one.number)
    ]
    path.write_text("\n".join(["order_id,customer_id,city,order_date,amount", *lines]) + "\n")
    try:
        with closing(signed_in(home, one.number)) as client:
            one.tab = Tab(home, client.cookies)
        one.tab.upload(path)
        for question in QUESTIONS:
            started = time.monotonic()
            one.shown = one.tab.ask(question)
            one.longest_seconds = max(one.longest_seconds, time.monotonic() - started)
    except (httpx.HTTPError, AssertionError, KeyError) as error:
        one.problem = repr(error)


def check_own(one: Visitor, visitors: list[Visitor]) -> None:
    text = "\n".join(one.shown)
    assert text.count("user: ") == len(QUESTIONS)
    assert f"{N_ROWS + one.number}" in text
    assert one.mark in text
    assert "went wrong" not in text
    for other in visitors:
        assert other is one or other.mark not in text


def check_others(home: str, one: Visitor, other: Visitor) -> None:
    """With another's address in hand, but the own sign-in, nothing of the other is to be had."""
    assert one.tab is not None
    assert other.tab is not None
    client, address = one.tab.client, {"chat": other.tab.chat}
    intruder = Tab(home, client.cookies, other.tab.chat)
    assert intruder.show() == []
    for path in ("report", "customers.csv", "table/1/0", "chart/1/0"):
        assert client.get(f"/download/{path}", params=address).status_code == 404
    assert client.delete(f"/chats/{other.tab.chat}").status_code == 404
    assert client.post("/chats/thumb/0/up", params=address).status_code == 404
    listed = client.get("/chats").json()
    assert [chat["id"] for chat in listed] == [one.tab.chat]
    stream = {"session_hash": other.tab.session}
    assert client.get("/gradio_api/queue/data", params=stream).status_code == 403
    assert client.get(f"/gradio_api/heartbeat/{other.tab.session}").status_code == 403
    joined = client.post("/gradio_api/queue/join", json={"data": [], "fn_index": 0, **stream})
    assert joined.status_code == 403
    intruder.close()
    assert other.tab.show() == other.shown


def check_nobody(home: str, somebody: Visitor) -> None:
    """Without a sign-in, or with a guessed one, there is a form and nothing else."""
    assert somebody.tab is not None
    with httpx.Client(base_url=home, follow_redirects=True) as stranger:
        assert "Sign in" in stranger.get("/", params={"chat": somebody.tab.chat}).text
        for path in ("/config", "/chats", "/download/report", "/gradio_api/queue/data", "/gradio_api/info"):
            assert stranger.get(path, params={"chat": somebody.tab.chat}).status_code == 401
        stranger.cookies.set("cash_classifiers", "x" * 43)
        assert stranger.get("/chats").status_code == 401
    with closing(signed_in(home, somebody.number, "wrong password")) as guesser:
        assert guesser.get("/chats").status_code == 401


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        n = int(sys.argv[1]) if len(sys.argv) > 1 else 20
        slowest = max(one.longest_seconds for one in visit(Path(temporary), n))
        print(f"{n} people at once: all answers right and apart; the slowest answer took {slowest:.1f} s.")
