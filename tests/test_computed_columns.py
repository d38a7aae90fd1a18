"""Columns computed from others, conditions beyond one value, statistics over units; oracle: pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.small_tables import fact, run, table_of, workspace_of
from tools.core import ToolResult, Workspace
from tools.errors import ToolError
from tools.formulas import factor, formula_of

DAYS = pd.date_range("2023-01-01", periods=240, freq="3D")
FRAME = pd.DataFrame(
    {
        "When": DAYS,
        "Key": [f"K{(i * i) % 37:02d}" for i in range(240)],
        "Price": [float(1 + (i * 7) % 23) for i in range(240)],
        "Pieces": [i % 5 for i in range(240)],
        "Cost": [float(3 + (i * 5) % 17) for i in range(240)],
        "Due": DAYS + pd.to_timedelta([i % 11 for i in range(240)], unit="D"),
        "City": [("Aachen", "Bonn", "Celle")[i % 3] for i in range(240)],
        "Price - net": [float(i) for i in range(240)],
    }
)


@pytest.fixture(scope="module")
def shop() -> Workspace:
    roles: Any = {"When": "time", "Price": "amount", "Key": "customer_key", "Pieces": "quantity"}
    return workspace_of(FRAME, roles, grain="transactions")


def ask(workspace: Workspace, measure: dict[str, Any], **arguments: Any) -> ToolResult:
    return run(workspace, "aggregate", measures=[measure], **arguments)


def value(result: ToolResult, name: str) -> float:
    return float(fact(result, name))


def test_products_and_differences_are_computed_for_each_row(shop: Workspace) -> None:
    result = ask(shop, {"statistic": "sum", "column": "Price * Pieces - Cost"})
    expected = (FRAME["Price"] * FRAME["Pieces"] - FRAME["Cost"]).sum()
    assert value(result, "sum_price_pieces_cost") == pytest.approx(expected)
    assert "price × pieces − cost" in result.headline


def test_a_division_by_zero_is_missing(shop: Workspace) -> None:
    result = ask(shop, {"statistic": "mean", "column": "Price / Pieces"})
    rows = FRAME[FRAME["Pieces"] > 0]
    assert value(result, "mean_price_pieces") == pytest.approx((rows["Price"] / rows["Pieces"]).mean())
    assert any("48" in each for each in result.caveats)


def test_dates_are_subtracted_in_days(shop: Workspace) -> None:
    result = ask(shop, {"statistic": "mean", "column": "Due - When"})
    assert value(result, "mean_due_when") == pytest.approx((FRAME["Due"] - FRAME["When"]).dt.days.mean())
    assert "days" in result.headline


def test_a_sign_within_a_column_name_stays_there(shop: Workspace) -> None:
    result = ask(shop, {"statistic": "max", "column": "Price - net"})
    assert value(result, "max_price_net") == 239
    doubled = formula_of("Price - net * 2", ["Price", "Price - net", "net"])
    assert doubled is not None and doubled.operands == ("Price - net", 2.0)
    assert formula_of("Price - nothing", ["Price"]) is None


@pytest.mark.parametrize(("number", "written"), [(2.0, "2"), (0.8, "80%"), (0.125, "1 / 8")])
def test_factors_are_written_without_a_decimal_point(number: float, written: str) -> None:
    assert factor(number) == written


def test_words_are_no_operands(shop: Workspace) -> None:
    with pytest.raises(ToolError, match="holds no numbers"):
        ask(shop, {"statistic": "sum", "column": "Price * City"})
    with pytest.raises(ToolError, match="subtracted"):
        ask(shop, {"statistic": "mean", "column": "Due * When"})


def test_a_column_is_compared_with_another(shop: Workspace) -> None:
    result = ask(shop, {}, where=[{"column": "Price", "is": "above", "than": "Cost * 150%"}])
    assert value(result, "n_transactions") == int((FRAME["Price"] > 1.5 * FRAME["Cost"]).sum())


def test_a_column_is_compared_with_its_average(shop: Workspace) -> None:
    result = ask(shop, {}, where=[{"column": "Price", "is": "above", "statistic": "mean"}])
    assert value(result, "n_transactions") == int((FRAME["Price"] > FRAME["Price"].mean()).sum())
    assert value(result, "mean_compared_with") == pytest.approx(FRAME["Price"].mean())


def test_the_largest_are_taken_among_the_rows_kept_and_ties_stay(shop: Workspace) -> None:
    where = [{"column": "Price", "is": "top_n", "value": 7}, {"column": "City", "value": "Bonn"}]
    result = ask(shop, {"statistic": "mean", "column": "Cost"}, where=where)
    bonn = FRAME[FRAME["City"] == "Bonn"]
    kept = bonn[bonn["Price"] >= bonn["Price"].nlargest(7).min()]
    assert value(result, "mean_cost") == pytest.approx(kept["Cost"].mean())


def test_bands_have_the_width_asked_for(shop: Workspace) -> None:
    result = ask(shop, {}, by=[{"column": "Price", "width": 5}])
    expected = (FRAME["Price"] // 5).value_counts().sort_index()
    assert [row[1] for row in result.tables[0].rows] == list(expected)
    with pytest.raises(ToolError, match="wider"):
        ask(shop, {}, by=[{"column": "Price", "width": 0.01}])


@pytest.mark.parametrize("statistic", ["median", "max", "mean"])
def test_a_statistic_is_taken_over_periods(shop: Workspace, statistic: str) -> None:
    inner = {"statistic": "sum", "column": "Price"}
    each = [{"column": "When", "grain": "month"}]
    result = ask(shop, {"statistic": statistic, "of": inner, "each": each})
    months = FRAME.groupby(FRAME["When"].dt.to_period("M"))["Price"].sum()
    assert value(result, f"{statistic}_sum_price_per_month") == pytest.approx(getattr(months, statistic)())


def test_a_statistic_over_customers_within_groups(shop: Workspace) -> None:
    measure = {"statistic": "max", "of": {"statistic": "count"}, "each": [{"column": "Key"}]}
    result = ask(shop, measure, by=[{"column": "City"}])
    counts = FRAME.groupby(["City", "Key"]).size().groupby("City").max()
    assert {row[0]: row[1] for row in result.tables[0].rows} == dict(counts)


def test_units_must_agree(shop: Workspace) -> None:
    one = {"statistic": "max", "of": {"statistic": "count"}, "each": [{"column": "Key"}]}
    with pytest.raises(ToolError, match="same units"):
        run(shop, "aggregate", measures=[one, {"statistic": "count"}])


def test_new_customers_are_counted_at_their_first_date(shop: Workspace) -> None:
    measure = {"statistic": "count_distinct", "column": "Key"}
    result = ask(shop, measure, by=[{"column": "first When", "grain": "year"}])
    firsts = FRAME.groupby("Key")["When"].min().dt.year.value_counts().sort_index()
    assert [row[1] for row in result.tables[0].rows] == list(firsts)


def test_months_of_the_year_join_the_years(shop: Workspace) -> None:
    result = ask(shop, {}, by=[{"column": "When", "grain": "month_of_year"}])
    expected = FRAME["When"].dt.month.value_counts().sort_index()
    assert [row[0] for row in result.tables[0].rows][:2] == ["January", "February"]
    assert [row[1] for row in result.tables[0].rows] == list(expected)


def test_customers_without_a_row_in_another_table(shop: Workspace) -> None:
    people = pd.DataFrame({"Key": [f"K{i:02d}" for i in range(40)], "Tier": ["A", "B"] * 20})
    roles: Any = {"Key": "customer_key"}
    other = table_of(shop.engine, people, roles, {}, "customers", "people")
    both = Workspace(shop.engine, {**shop.tables, "people": other}, shop.main)
    where = [{"column": "Key", "is": "has_no_rows", "table": "table"}]
    result = ask(both, {}, where=where, table="people")
    assert value(result, "n_customers") == len(set(people["Key"]) - set(FRAME["Key"]))


def test_a_trend_of_one_year_shows_no_other_year(shop: Workspace) -> None:
    where = [{"column": "When", "value": "2023"}]
    result = run(
        shop, "show_trend", measure={"statistic": "sum", "column": "Price"}, grain="quarter", where=where
    )
    quarters = FRAME[FRAME["When"].dt.year == 2023].groupby(FRAME["When"].dt.quarter)["Price"].sum()
    assert [row[1] for row in result.tables[0].rows] == pytest.approx(list(quarters))


@pytest.mark.parametrize(
    ("column", "factor"), [("price * 0.35", 0.35), ("1.5 * price", 1.5), ("price / 0.25 + 0.5", None)]
)
def test_a_number_with_decimals_stands_in_a_formula(column: str, factor: float | None) -> None:
    frame = pd.DataFrame({"price": [10.0, 20.0, 31.0], "town": ["a", "b", "b"]})
    result = run(workspace_of(frame), "aggregate", measures=[{"statistic": "sum", "column": column}])
    wanted = (frame["price"] / 0.25 + 0.5).sum() if factor is None else (frame["price"] * factor).sum()
    assert any(one.value == pytest.approx(wanted) for one in result.facts)
    assert "," not in result.headline.replace(f"{wanted:,.2f}", "")
    assert result.tables == () or "," not in "".join(result.tables[0].columns)


def test_a_condition_on_a_formula_with_decimals_holds_for_the_right_rows() -> None:
    frame = pd.DataFrame({"price": [10.0, 20.0, 31.0]})
    where = [{"column": "price * 1.19", "is": "above", "value": 20}]
    result = run(workspace_of(frame), "aggregate", measures=[{"statistic": "count"}], where=where)
    assert "**2 rows**" in result.headline
    assert "price × 1.19" in result.headline
