"""Questions about figures of one table: periods, hours, shares, claims, ranks; on two planted tables."""

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
from assistant.session import Session
from tools.selecting import Condition


def deliveries() -> pd.DataFrame:
    """600 deliveries of 60 customers over 2022 to 2024; some without a rating."""
    rng = np.random.default_rng(11)
    n = 600
    day = np.datetime64("2022-01-03") + np.sort(rng.integers(0, 1060, n)) * np.timedelta64(1, "D")
    return pd.DataFrame(
        {
            "delivery_id": [f"D{i:06d}" for i in range(n)],
            "customer_no": [f"C{i:04d}" for i in rng.integers(0, 60, n)],
            "placed_on": pd.Series(day).dt.strftime("%Y-%m-%d"),
            "restaurant": rng.choice(["Roma", "Sushi Bar", "Taco House", "Green Bowl"], n),
            "city": rng.choice(["Leeds", "York", "Hull"], n),
            "basket_value": np.round(rng.gamma(3, 9, n), 2),
            "tip": np.round(rng.gamma(2, 1, n), 2),
            "minutes_to_deliver": np.round(rng.normal(34, 9, n)).clip(8),
            "late": rng.choice(["yes", "no"], n, p=[0.2, 0.8]),
            "rating": rng.choice([1, 2, 3, 4, 5, np.nan], n),
            "payment": rng.choice(["card", "cash", "wallet"], n, p=[0.6, 0.15, 0.25]),
        }
    )


def tickets() -> pd.DataFrame:
    """400 support tickets, numbered one by one, with the minute at which they were opened."""
    rng = np.random.default_rng(12)
    n = 400
    opened = np.datetime64("2023-02-01T00:00") + np.sort(rng.integers(0, 720_000, n)) * np.timedelta64(1, "m")
    return pd.DataFrame(
        {
            "ticket": np.arange(1, n + 1),
            "opened": pd.Series(opened).dt.strftime("%Y-%m-%d %H:%M"),
            "client": [f"Client {i}" for i in rng.integers(1, 40, n)],
            "product": rng.choice(["Router", "Modem", "TV box"], n),
            "priority": rng.choice(["low", "medium", "high", "urgent"], n),
            "team": rng.choice(["North", "South", "Night shift"], n),
            "resolution_hours": np.round(rng.gamma(1.5, 14, n), 1),
            "reopened": rng.choice([0, 1], n, p=[0.88, 0.12]),
            "cost_usd": np.round(rng.gamma(2, 11, n), 2),
            "csat_score": np.where(rng.random(n) < 0.35, np.nan, rng.choice([1, 2, 3, 4, 5], n)),
        }
    )


@cache
def planted(name: str) -> Catalog:
    made = {"deliveries": deliveries, "tickets": tickets}[name]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        made.to_csv(path, index=False)
        return catalog_of(Session.open([path]).workspace)


def aggregate(data: str, question: str) -> Aggregate:
    outcome = read_sentence(question, planted(data))
    assert isinstance(outcome, Reading), outcome
    request = outcome.requests[0]
    assert isinstance(request, Aggregate), request
    return request


def on(request: Aggregate | Trend, column: str) -> Condition:
    (found,) = [condition for condition in request.where if condition.column == column]
    return found


def test_a_column_that_only_numbers_the_rows_is_counted_and_never_added_up() -> None:
    assert planted("tickets").columns["ticket"].role == "row_key"
    assert [m.statistic for m in aggregate("tickets", "tickets per team").measures] == ["count"]
    assert aggregate("tickets", "average cost per ticket").measures[0].per is None


@pytest.mark.parametrize(
    ("question", "kind", "values"),
    [
        ("deliveries in april and may 2023", "in", ["2023-04", "2023-05"]),
        ("how many deliveries in june, july or august 2022", "in", ["2022-06", "2022-07", "2022-08"]),
        ("basket value from november to february 2024", "between", ["2023-11-01", "2024-02-29"]),
        ("deliveries in q1 and q2 2023", "in", ["2023-Q1", "2023-Q2"]),
    ],
)
def test_periods_side_by_side_share_the_year_that_is_named(
    question: str, kind: str, values: list[str]
) -> None:
    found = on(aggregate("deliveries", question), "placed_on")
    assert (found.is_, found.values) == (kind, values)


def test_a_year_named_first_says_in_which_year_the_month_lies() -> None:
    assert (
        on(aggregate("deliveries", "in 2023, how many deliveries in april?"), "placed_on").value == "2023-04"
    )


def test_may_is_a_month_only_where_a_month_can_stand() -> None:
    assert on(aggregate("deliveries", "deliveries in may"), "placed_on").value == "2024-05"
    assert not isinstance(read_sentence("which city may be the best", planted("deliveries")), Reading)


def test_halves_and_ranges_of_months_are_compared_as_whole_periods() -> None:
    for question, periods in (
        (
            "basket value: first half of 2023 vs the second half",
            ["2023-01-01..2023-06-30", "2023-07-01..2023-12-31"],
        ),
        ("tip jan-june 2023 compared to jan-june 2022", ["2023-01-01..2023-06-30", "2022-01-01..2022-06-30"]),
    ):
        outcome = read_sentence(question, planted("deliveries"))
        assert isinstance(outcome, Reading) and isinstance(outcome.requests[0], Trend)
        assert outcome.requests[0].compare_periods == periods


@pytest.mark.parametrize(
    ("question", "kind", "value", "values"),
    [
        ("how many tickets were opened before noon", "below", 12, []),
        ("tickets opened between 9 am and noon", "between", None, [9, 11]),
        ("tickets from 10 pm to midnight", "between", None, [22, 23]),
        ("tickets from 10 pm to 2 am", "in", None, [22, 23, 0, 1]),
        ("tickets after 18:30", "at_least", 18, []),
    ],
)
def test_times_of_day(question: str, kind: str, value: int | None, values: list[int]) -> None:
    found = on(aggregate("tickets", question), "opened")
    assert (found.grain, found.is_, found.value, found.values) == ("hour", kind, value, values)
