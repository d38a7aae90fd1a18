"""Trends know which periods are full, and compare like with like."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.small_tables import fact, run, workspace_of
from tools.core import ToolResult, Workspace
from tools.errors import ToolError


@pytest.fixture(scope="module")
def bank() -> Workspace:
    """Ten rows a day until 15 September 2016, then a few stray days, as in the seed file."""
    days = pd.date_range("2016-08-01", "2016-09-15").tolist()
    days += [pd.Timestamp(day) for day in ("2016-09-18", "2016-09-22", "2016-10-21")]
    frame = pd.DataFrame({"When": [day for day in days for _ in range(10)]})
    frame["Amount"] = [float(10 + i % 10) for i in range(len(frame))]
    frame["City"] = ["A" if i % 3 else "B" for i in range(len(frame))]
    return workspace_of(frame, {"When": "time", "Amount": "amount"}, {"Amount": "INR"}, grain="transactions")


def trend(workspace: Workspace, **arguments: Any) -> ToolResult:
    return run(workspace, "show_trend", **arguments)


def test_growth_is_not_stated_on_partial_months(bank: Workspace) -> None:
    result = trend(bank, grain="month")
    assert "only August 2016 is a full month, so no growth can be stated" in result.headline
    assert any(
        "September 2016 (rows on 17 of 30 days) and October 2016" in caveat for caveat in result.caveats
    )


def test_did_it_fall_in_september(bank: Workspace) -> None:
    result = trend(
        bank, measure={"statistic": "sum", "column": "Amount"}, compare_periods=["2016-08", "September"]
    )
    assert (
        "not a like-for-like comparison: September 2016 has rows on only 17 of its 30 days" in result.headline
    )
    assert "first 15 days of each" in result.findings[0]
    assert "stayed level (**0.0%**)" in result.findings[0]
    assert fact(result, "sum_amount", "August 2016") == 31 * 145


def test_a_period_without_rows_is_told(bank: Workspace) -> None:
    assert "**no rows** in December 2016" in trend(bank, compare_periods=["2016-08", "2016-12"]).headline


def test_days_without_rows_are_zero_for_counts_and_missing_for_means(bank: Workspace) -> None:
    counts = trend(bank, grain="day").tables[0]
    assert len(counts.rows) == 82
    assert {row[0]: row[1] for row in counts.rows}["2016-09-16"] == 0
    means = trend(bank, measure={"statistic": "mean", "column": "Amount"}, grain="day").tables[0]
    assert {row[0]: row[1] for row in means.rows}["2016-09-16"] is None


def test_full_weeks_are_compared_and_partial_ones_marked(bank: Workspace) -> None:
    result = trend(bank, grain="week")
    assert (
        "from 70 transactions in the week of 1 Aug 2016 to 70 transactions in the week of 5 Sep 2016"
        in result.headline
    )
    marked = [trace for trace in result.figures[0]["data"] if trace["mode"] == "markers"]
    assert len(marked) == 6


def test_lines_by_group_follow_the_largest(bank: Workspace) -> None:
    result = trend(bank, grain="week", by="City")
    assert result.tables[0].columns[1:3] == ("A", "B")
    assert "for A" in result.headline


def test_a_part_of_the_calendar_becomes_a_grouping(bank: Workspace) -> None:
    assert "weekdays" in trend(bank, grain="weekday").headline


def test_growth_between_full_months_is_exact() -> None:
    days = pd.date_range("2023-01-01", "2023-04-30")
    frame = pd.DataFrame({"When": days, "v": [float(day.month) for day in days]})
    result = trend(
        workspace_of(frame, {"When": "time"}), measure={"statistic": "sum", "column": "v"}, grain="month"
    )
    assert "rose **287.1%** from 31 in January 2023 to 120 in April 2023" in result.headline
    assert fact(result, "change_pct", "2023-01-01") == pytest.approx(100 * (120 / 31 - 1))
    assert "rose **29.0%** against the one before" in result.findings[0]


def test_data_without_dates_have_no_trend() -> None:
    with pytest.raises(ToolError, match="no date"):
        trend(workspace_of(pd.DataFrame({"v": [1.0, 2.0]})))


@pytest.mark.parametrize(
    ("measure", "claim", "verdict"),
    [
        ({"statistic": "sum", "column": "Amount"}, "fell", "**No**, not on a fair comparison:"),
        ({"statistic": "sum", "column": "Amount"}, "rose", "**No**:"),
    ],
)
def test_a_claimed_change_is_answered_by_the_fair_comparison(
    bank: Workspace, measure: dict[str, str], claim: str, verdict: str
) -> None:
    result = trend(bank, measure=measure, compare_periods=["2016-08", "September"], claim=claim)
    assert result.headline.startswith(verdict)


def test_a_claimed_change_between_full_periods_is_a_yes_or_a_no() -> None:
    days = pd.date_range("2024-01-01", "2024-12-31").tolist()
    frame = pd.DataFrame({"When": days, "Amount": [1.0 if day.month < 7 else 2.0 for day in days]})
    rising = workspace_of(frame, {"When": "time", "Amount": "amount"}, grain="transactions")
    asked = {"measure": {"statistic": "sum", "column": "Amount"}, "compare_periods": ["2024-06", "2024-07"]}
    assert trend(rising, **asked, claim="rose").headline.startswith("**Yes**: ")
    assert trend(rising, **asked, claim="fell").headline.startswith("**No**: ")
