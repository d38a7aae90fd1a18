"""Questions about the rows of a customer in their order, how many there are of a kind, and periods."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate, Trend
from assistant.builtin.spelling_out import spelled_out
from assistant.session import Session


@cache
def stays() -> Catalog:
    """900 stays of 150 guests over three years, with a price, a room and whether they were cancelled."""
    rng = np.random.default_rng(21)
    n = 900
    day = np.datetime64("2021-01-04") + np.sort(rng.integers(0, 1080, n)) * np.timedelta64(1, "D")
    frame = pd.DataFrame(
        {
            "stay_id": [f"S{i:05d}" for i in range(n)],
            "guest_no": [f"G{i:04d}" for i in rng.integers(0, 150, n)],
            "arrived_on": pd.Series(day).dt.strftime("%Y-%m-%d"),
            "room": rng.choice(["Single", "Double", "Suite"], n),
            "price_eur": np.round(rng.gamma(4, 40, n), 2),
            "outcome": rng.choice(["Checked in", "No-show"], n, p=[0.9, 0.1]),
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stays.csv"
        frame.to_csv(path, index=False)
        return catalog_of(Session.open([path]).workspace)


def request(text: str) -> Aggregate | Trend:
    outcome = read_sentence(text, stays())
    assert isinstance(outcome, Reading), outcome
    (made,) = outcome.requests
    assert isinstance(made, Aggregate | Trend)
    return made


@pytest.mark.parametrize(
    ("text", "column", "place"),
    [
        ("average days between a guest's first and second stay", "days since first arrived_on", 2),
        ("how many days pass until the third stay after the first one", "days since first arrived_on", 3),
        ("median number of days between the 2nd and 3rd stay", "days since previous arrived_on", 3),
    ],
)
def test_days_between_two_rows_of_a_customer(text: str, column: str, place: int) -> None:
    made = request(text)
    assert isinstance(made, Aggregate)
    (measure,) = made.measures
    assert measure.statistic == ("median" if "median" in text else "mean")
    assert measure.of is not None and measure.of.column == column
    assert [group.column for group in measure.each] == ["guest_no"]
    assert [(one.column, one.value) for one in made.where] == [("place by arrived_on", place)]


def test_from_the_first_to_the_last_row() -> None:
    made = request("average time in days between the first and the last stay of a guest")
    assert isinstance(made, Aggregate) and made.measures[0].of is not None
    assert (made.measures[0].of.statistic, made.measures[0].of.column) == (
        "max",
        "days since first arrived_on",
    )
    assert not made.where


@pytest.mark.parametrize("text", ["average price of the second stay", "mean price_eur of a guest's 2nd stay"])
def test_a_measure_of_one_place(text: str) -> None:
    made = request(text)
    assert isinstance(made, Aggregate)
    assert [(one.column, one.value) for one in made.where] == [("place by arrived_on", 2)]


def test_customers_who_were_back_soon() -> None:
    made = request("how many guests stayed again within 60 days of their first stay")
    assert isinstance(made, Aggregate)
    (one,) = made.where
    assert (one.column, one.is_) == ("guest_no", "has_rows")
    assert [(row.column, row.is_, row.value) for row in one.rows] == [
        ("place by arrived_on", "above", 1), ("days since first arrived_on", "at_most", 60),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_", "value"),
    [
        ("how many guests had at least one no-show stay", "at_least", 1),
        ("guests with 2 or more suite stays", "at_least", 2),
        ("share of guests with more than one no-show stay", "above", 1),
    ],
)
def test_a_number_of_rows_of_a_kind(text: str, is_: str, value: int) -> None:
    made = request(text)
    assert isinstance(made, Aggregate)
    (one,) = made.where
    assert (one.column, one.is_, one.value) == ("guest_no", is_, value)
    assert one.measure is not None and one.measure.statistic == "count" and len(one.rows) == 1
    assert made.share_of_total == ("share" in text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("stays from the 3rd to the 9th of March 2022", "2022-03-03", "2022-03-09"),
        ("stays 3rd-9th March 2022", "2022-03-03", "2022-03-09"),
        ("stays in the first week of March 2022 (3rd to 9th)", "2022-03-03", "2022-03-09"),
        ("stays March 3 to 9, 2022", "2022-03-03", "2022-03-09"),
    ],
)
def test_days_of_a_month(text: str, first: str, last: str) -> None:
    made = request(text)
    assert [(one.column, one.values) for one in made.where] == [("arrived_on", [first, last])]


def test_a_range_of_weekdays_is_every_day_of_it() -> None:
    (one,) = request("how many stays from Monday to Wednesday").where
    assert (one.grain, one.values) == ("weekday", ["Monday", "Tuesday", "Wednesday"])
    (both,) = request("average price mon-fri vs sat-sun").by
    assert both.grain == "weekend"  # type: ignore[union-attr]
    whole = request("stays by weekday, monday to sunday")
    assert not whole.where


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("in which month did the number of stays fall the most compared with the month before", "fall"),
        ("which quarter had the biggest jump in price_eur", "rise"),
    ],
)
def test_the_steepest_change(text: str, way: str) -> None:
    made = request(text)
    assert isinstance(made, Trend) and made.steepest == way and not made.compare_periods


def test_growth_on_the_period_before_is_a_trend_of_periods() -> None:
    made = request("total price per year and its growth on the previous year")
    assert isinstance(made, Trend) and made.grain == "year" and not made.compare_periods


def test_a_number_for_each_day_by_month() -> None:
    made = request("average stays per day by month")
    assert isinstance(made, Aggregate)
    assert made.measures[0].per is not None and made.measures[0].per.grain == "day"
    assert [group.grain for group in made.by] == ["month"]


@pytest.mark.parametrize(
    ("text", "is_", "value"),
    [
        ("how many guests have not stayed since March 2023", "at_least", "2023-03-01"),
        ("guests with no stay after June 2022", "above", "2022-06-30"),
        ("guests without a stay in 2022", "equal", "2022"),
    ],
)
def test_nothing_in_a_time_is_about_all_rows(text: str, is_: str, value: str) -> None:
    (one,) = request(text).where
    assert (one.column, one.is_) == ("guest_no", "has_no_rows")
    assert [(row.is_, row.value) for row in one.rows] == [(is_, value)]


def test_a_definition_stands_in_the_place_of_its_name() -> None:
    asked = spelled_out("lapsed = no stay since May 2022. What share of guests has lapsed?", stays())
    assert asked == "What share of guests with no stay since May 2022?"
    assert spelled_out("room = Suite. how many rooms", stays()) == "room = Suite. how many rooms"


@pytest.mark.parametrize(
    "text", ["guests who booked a suite but never a single", "guests with a suite stay but no single stay"]
)
def test_one_kind_and_never_another(text: str) -> None:
    first, second = request(text).where
    assert {first.is_, second.is_} <= {"equal", "has_rows", "has_no_rows"}
    assert second.is_ == "has_no_rows" and second.rows[0].value == "Single"


def test_a_month_of_every_year() -> None:
    made = request("share of each year's stays in december")
    assert isinstance(made, Aggregate)
    (measure,) = made.measures
    assert [(one.grain, one.value) for one in measure.where] == [("month_of_year", "December")]
    assert measure.per is not None and [group.grain for group in made.by] == ["year"]
