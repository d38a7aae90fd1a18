"""A link is long, lasts as said, and is gone when it is taken back, with what was behind it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.sharing import Shares
from tools.errors import ToolError

PAGE = b"<!doctype html><p>numbers of the shop</p>"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shares(tmp_path: Path, clock: Clock) -> Shares:
    return Shares(tmp_path / "kept" / "shares.sqlite", clock)


def test_a_link_opens_the_page_as_it_was(shares: Shares) -> None:
    share = shares.publish("ann", "Shop", PAGE)
    assert shares.open(share.token) == PAGE
    assert [(one.title, one.opened) for one in shares.listed("ann")] == [("Shop", 1)]


def test_tokens_hold_at_least_128_bits_and_never_repeat(shares: Shares) -> None:
    tokens = {shares.publish("ann", "Shop", PAGE).token for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) * 6 >= 128


@pytest.mark.parametrize("guess", ["", "%", "' OR 1=1 --", "a" * 43])
def test_nobody_guesses(shares: Shares, guess: str) -> None:
    share = shares.publish("ann", "Shop", PAGE)
    assert shares.open(guess) is None
    assert shares.open(share.id) is None, "the name in the list opens nothing"
    assert shares.open(share.token.swapcase()) is None


def test_it_ends_when_it_was_said_to(shares: Shares, clock: Clock) -> None:
    share = shares.publish("ann", "Shop", PAGE, days=2)
    clock.now += timedelta(days=2) - timedelta(seconds=1)
    assert shares.open(share.token) == PAGE
    clock.now += timedelta(seconds=1)
    assert shares.open(share.token) is None
    assert shares.listed("ann") == []


def test_only_the_owner_takes_it_back(shares: Shares) -> None:
    share = shares.publish("ann", "Shop", PAGE)
    assert not shares.revoke("bob", share.id)
    assert shares.listed("bob") == []
    assert shares.open(share.token) == PAGE
    assert shares.revoke("ann", share.id)
    assert shares.open(share.token) is None
    assert not shares.revoke("ann", share.id)


def test_what_was_taken_back_is_not_in_the_file_any_more(tmp_path: Path) -> None:
    path = tmp_path / "shares.sqlite"
    shares = Shares(path)
    kept = shares.publish("bob", "Kept", b"kept page")
    shares.publish("ann", "Gone", b"secret numbers" * 1000)
    assert b"secret numbers" in path.read_bytes()
    assert shares.revoke_all("ann") == 1
    assert b"secret numbers" not in path.read_bytes()
    assert Shares(path).open(kept.token) == b"kept page", "another start finds it"
    assert path.stat().st_mode & 0o077 == 0, "nobody else on this machine reads it"


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_time_that_makes_no_sense_is_refused(shares: Shares, days: int) -> None:
    with pytest.raises(ToolError, match="days"):
        shares.publish("ann", "Shop", PAGE, days)


def test_many_at_once(shares: Shares) -> None:
    def work(name: str) -> None:
        for _ in range(5):
            share = shares.publish(name, "Shop", PAGE)
            assert shares.open(share.token) == PAGE

    threads = [threading.Thread(target=work, args=(f"person {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(shares.listed(f"person {i}")) for i in range(6)] == [5] * 6
