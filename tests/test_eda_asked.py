"""Places in a ranking, totals of the first n, running totals, half years, seasons, claims."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.small_tables import fact, run, workspace_of
from tools.core import ToolResult, Workspace
from tools.errors import ToolError

SUM = {"statistic": "sum", "column": "Amount"}
BY_CITY = {"by": [{"column": "City"}]}


@pytest.fixture(scope="module")
def shop() -> Workspace:
    """One order a day in 2023 and 2024: 1 a day in the first half of 2023, 2 in that of 2024, else 3."""
    days = pd.date_range("2023-01-01", "2024-12-31")
    frame = pd.DataFrame({"When": days, "Key": [f"K{i % 50:02d}" for i in range(len(days))]})
    first = days.month <= 6
    frame["Amount"] = [
        1.0 if early and day.year == 2023 else 2.0 if early else 3.0
        for day, early in zip(days, first, strict=True)
    ]
    frame["City"] = ["Aachen" if i % 4 == 0 else "Bonn" if i % 4 < 3 else "Celle" for i in range(len(days))]
    frame["Score"] = [float(i % 10) + (5.0 if i % 4 == 0 else 0.0) for i in range(len(days))]
    frame["Member"] = ["Yes" if i % 4 == 0 else "No" for i in range(len(days))]
    roles: Any = {"When": "time", "Amount": "amount", "Key": "customer_key"}
    return workspace_of(frame, roles, grain="transactions")


def ask(workspace: Workspace, **arguments: Any) -> ToolResult:
    return run(workspace, "aggregate", **arguments)


def test_the_second_largest_group_is_named(shop: Workspace) -> None:
    result = ask(shop, place=2, **BY_CITY)
    assert result.headline.startswith("**Aachen** is the 2nd largest of 3 cities")
    assert fact(result, "n_transactions", "City = Aachen") == 183
    assert "no place 4" in ask(shop, place=4, **BY_CITY).headline


def test_the_place_of_a_group_is_told(shop: Workspace) -> None:
    assert "**Celle** is in place **3** of 3 cities" in ask(shop, rank_of="celle", **BY_CITY).headline
    with pytest.raises(ToolError, match="Paris is not among the groups"):
        ask(shop, rank_of="Paris", **BY_CITY)


def test_the_first_groups_are_told_as_one_number(shop: Workspace) -> None:
    result = ask(shop, limit=2, together=True, **BY_CITY)
    assert fact(result, "n_transactions_together", "the groups shown") == 183 + 366
    assert "**549 transactions** together" in result.headline


def test_a_total_is_divided_by_the_days_with_rows(shop: Workspace) -> None:
    per_day = {"statistic": "count_distinct", "column": "When", "grain": "month"}
    result = ask(shop, measures=[{**SUM, "per": per_day}])
    total = 181 * 1.0 + 182 * 2.0 + 368 * 3.0
    assert f"**{total / 24:,.2f}**" in result.headline


def test_half_years_are_compared_by_name(shop: Workspace) -> None:
    spans = ["2024-01-01..2024-06-30", "2023-01-01..2023-06-30"]
    result = run(shop, "show_trend", measure=SUM, compare_periods=spans)
    assert "in the first half of 2023 to" in result.headline
    assert fact(result, "sum_amount", "the first half of 2024") == 182 * 2.0


def test_running_totals_end_at_the_total(shop: Workspace) -> None:
    result = run(shop, "show_trend", measure=SUM, grain="month", running="total")
    assert [row[1] for row in result.tables[0].rows][-1] == 181 * 1.0 + 182 * 2.0 + 368 * 3.0
    with pytest.raises(ToolError, match="does not add up"):
        run(shop, "show_trend", measure={"statistic": "mean", "column": "Amount"}, running="total")


def test_a_moving_average_begins_with_its_first_full_window(shop: Workspace) -> None:
    result = run(shop, "show_trend", measure=SUM, grain="month", running="average", window=3)
    values = [row[1] for row in result.tables[0].rows]
    assert values[:2] == [None, None]
    assert values[2] == pytest.approx((31 + 28 + 31) / 3)
    with pytest.raises(ToolError, match="does not fit"):
        run(shop, "show_trend", measure=SUM, grain="month", running="average", window=99)


def test_winter_begins_in_december(shop: Workspace) -> None:
    result = ask(shop, by=[{"column": "When", "grain": "season"}])
    counted = {row[0]: row[1] for row in result.tables[0].rows}
    assert counted["winter (Dec-Feb)"] == 31 + 28 + 31 + 31 + 29 + 31


def test_customers_of_one_month_and_not_of_another(shop: Workspace) -> None:
    key = [{"statistic": "count_distinct", "column": "Key"}]
    january = {"column": "When", "value": "2023-01"}
    february = {"column": "Key", "is": "has_no_rows", "rows": [{"column": "When", "value": "2023-02"}]}
    result = ask(shop, measures=key, where=[january, february])
    frame = pd.DataFrame({"day": range(59)})
    early, late = set(frame.day[:31] % 50), set(frame.day[31:59] % 50)
    assert fact(result, "count_distinct_key") == len(early - late)


def test_a_claim_is_answered_with_yes_or_no(shop: Workspace) -> None:
    true = run(shop, "compare_groups", column="Score", by="Member", claim="higher")
    false = run(shop, "compare_groups", column="Score", by="Member", values=["No", "Yes"], claim="higher")
    assert true.headline.startswith("Yes: ")
    assert false.headline.startswith("No, the other way round: ")
    assert "the others" in true.headline
