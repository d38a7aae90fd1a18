"""How answers read aloud: conditions stand where a person puts them, parts of a whole are told as such."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.small_tables import run, workspace_of
from tools.core import ToolResult, Workspace
from tools.wording import label, plain_name


@pytest.fixture(scope="module")
def visits() -> Workspace:
    days = pd.date_range("2023-01-02 09:30", periods=400, freq="37h")
    return workspace_of(
        pd.DataFrame(
            {
                "visit_id": [f"v{i}" for i in range(400)],
                "customer_id": [f"c{i % 60}" for i in range(400)],
                "visited_at": days,
                "plan": ["Basic", "Gold", "Basic", "Silver"] * 100,
                "door": ["north", "south"] * 200,
                "is_guest": [0, 0, 0, 1] * 100,
                "birth_year": [1960 + i % 40 for i in range(400)],
                "FeeEUR": [10.5 + i % 7 for i in range(400)],
            }
        ),
        roles={"visit_id": "row_key", "customer_id": "customer_key", "visited_at": "time"},
        units={"FeeEUR": "EUR"},
        grain="transactions",
    )


def told(workspace: Workspace, **arguments: Any) -> ToolResult:
    return run(workspace, "aggregate", **arguments)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ([{"column": "visited_at", "value": "2023"}], "visits in 2023."),
        ([{"column": "visited_at", "value": "2023-03"}], "visits in March 2023."),
        (
            [{"column": "visited_at", "is": "between", "values": ["2023-03-01", "2023-03-10"]}],
            "visits from 1 Mar 2023 to 10 Mar 2023.",
        ),
        ([{"column": "visited_at", "is": "below", "value": "2023-03"}], "visits before March 2023."),
        ([{"column": "visited_at", "grain": "weekday", "value": "monday"}], "visits on Mondays."),
        (
            [
                {"column": "visited_at", "grain": "weekday", "value": "sunday"},
                {"column": "plan", "value": "Gold"},
            ],
            "visits on Sundays where plan is Gold.",
        ),
        ([{"column": "is_guest", "value": 1}], "visits where it is guest."),
        ([{"column": "is_guest", "value": 0}], "visits where it is not guest."),
        ([{"column": "birth_year", "is": "above", "value": 1989}], "visits where birth year is above 1989."),
        (
            [
                {"column": "FeeEUR", "is": "at_least", "value": 11},
                {"column": "FeeEUR", "is": "at_most", "value": 13},
            ],
            "visits where fee is between 11 EUR and 13 EUR.",
        ),
    ],
)
def test_conditions_stand_where_a_person_puts_them(visits: Workspace, where: Any, words: str) -> None:
    headline = told(visits, measures=[{"statistic": "count"}], where=where).headline.replace("**", "")
    assert headline.replace("transactions", "visits").endswith(words)


def test_counts_by_group_are_parts_of_all(visits: Workspace) -> None:
    headline = told(visits, measures=[{"statistic": "count"}], by=[{"column": "plan"}]).headline
    assert headline == (
        "Of 400 transactions, Basic has **200** (50.0%), Gold **100** (25.0%) and Silver **100** (25.0%)."
    )


def test_a_share_among_some_says_among_whom(visits: Workspace) -> None:
    rate = {
        "statistic": "count",
        "where": [{"column": "is_guest", "value": 1}],
        "per": {"statistic": "count"},
    }
    some = [{"column": "plan", "is": "in", "values": ["Silver", "Gold"]}]
    headline = told(visits, measures=[rate], where=some).headline
    assert headline == (
        "The share of transactions where it is guest among transactions where plan is Silver or Gold"
        " is **50%** (100 of 200)."
    )


def test_bars_are_stacked_where_parts_add_up(visits: Workspace) -> None:
    two = [{"column": "plan"}, {"column": "door"}]
    drawn = told(visits, measures=[{"statistic": "count"}], by=two, chart="stacked").figures[0]
    assert drawn["layout"]["barmode"] == "stack"
    average = told(visits, measures=[{"statistic": "mean", "column": "FeeEUR"}], by=two, chart="stacked")
    assert average.figures[0]["layout"]["barmode"] == "group"
    assert any("side by side" in caveat for caveat in average.caveats)


def test_a_line_is_drawn_for_each_measure_of_one_unit(visits: Workspace) -> None:
    both = [{"statistic": "mean", "column": "FeeEUR"}, {"statistic": "max", "column": "FeeEUR"}]
    result = told(visits, measures=both, by=[{"column": "visited_at", "grain": "month"}], chart="line")
    assert [line["name"] for line in result.figures[0]["data"][:2]] == ["average FeeEUR", "largest FeeEUR"]
    assert any("largest fee is highest in" in finding for finding in result.findings)


def test_an_average_with_weights_is_called_so(visits: Workspace) -> None:
    known = [{"column": "FeeEUR", "is": "present"}]
    below = {"statistic": "sum", "column": "birth_year", "where": known}
    weighted = {"statistic": "sum", "column": "FeeEUR * birth_year", "per": below}
    headline = told(visits, measures=[weighted]).headline
    assert headline.startswith("The average fee weighted by birth year is **")


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("Nights12M", "nights 12 months"),
        ("SpendINR", "spend"),
        ("revenue_90d", "revenue 90 days"),
        ("Flight_miles_12mo", "flight miles 12 months"),
        ("usd", "usd"),
        ("Q1Sales", "q1 sales"),
        ("V10", "v10"),
    ],
)
def test_periods_and_currencies_in_names(column: str, words: str) -> None:
    assert plain_name(column) == words


def test_a_currency_needs_no_second_name() -> None:
    assert label("SpendINR") == "spend"
    assert label("amt_usd") == "amount (`amt_usd`)"
