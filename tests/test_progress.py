"""Long work says what it is doing and how far it is, and ends where nobody waits for it any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.session import Session
from tests.planted_customers import planted
from tools import progress
from tools.errors import StoppedError
from tools.progress import Progress


def test_work_that_nobody_follows_is_done_all_the_same() -> None:
    progress.step("Counting", 1, 3)
    progress.check()


def test_each_step_is_told_and_an_outer_follower_hears_it_too() -> None:
    outer: list[Progress] = []
    inner: list[Progress] = []
    with progress.followed(outer.append):
        progress.step("First")
        with progress.followed(inner.append):
            progress.step("Second", 1, 2)
        progress.step("Third")
    progress.step("Unheard")
    assert outer == [Progress("First"), Progress("Second", 1, 2), Progress("Third")]
    assert inner == [Progress("Second", 1, 2)]


@pytest.mark.parametrize("who", ["outer", "inner"])
def test_work_ends_as_soon_as_one_follower_wants_no_more(who: str) -> None:
    told: list[Progress] = []
    with (
        progress.followed(told.append, lambda: who != "outer"),
        progress.followed(told.append, lambda: who != "inner"),
    ):
        with pytest.raises(StoppedError):
            progress.step("Never said")
        with pytest.raises(StoppedError):
            progress.check()
    assert told == []


def test_segmenting_counts_its_rounds_and_stops_between_two_of_them() -> None:
    session = Session(planted())
    heard: list[Progress] = []
    with progress.followed(heard.append):
        made = session.run_tool("find_segments", {})
    assert made.result is not None
    assert session.progress is None
    counted = [one for one in heard if one.of]
    assert {one.of for one in counted} >= {8, 20}
    assert all(0 <= one.done < one.of for one in counted)

    session, seen = Session(planted()), []
    before = session.workspace
    with pytest.raises(StoppedError), progress.followed(seen.append):
        session.run_tool("find_segments", {}, wanted=lambda: len(seen) < 5)
    assert len(seen) == 5
    assert session.workspace is before
    assert session.progress is None
    again = session.run_tool("find_segments", {})
    assert again.result is not None
    assert again.result.headline == made.result.headline


def test_reading_a_file_says_what_it_does_and_can_be_stopped(small_file: Path) -> None:
    heard: list[Progress] = []
    with progress.followed(heard.append):
        Session.open([small_file]).workspace.engine.close()
    assert heard[0].doing == "Reading orders.csv"
    assert len(heard) >= 3
    with pytest.raises(StoppedError), progress.followed(heard.append, lambda: False):
        Session.open([small_file])
