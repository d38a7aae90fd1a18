"""Conditions, groups and columns mean what a person means by them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.small_tables import fact, run, table_of, workspace_of
from tools.conditions import select
from tools.core import Workspace
from tools.errors import ToolError
from tools.frames import open_table
from tools.periods import interval, span_words
from tools.selecting import Condition


@pytest.fixture(scope="module")
def shop() -> Workspace:
    frame = pd.DataFrame(
        {
            "Customer": ["a", "a", "b", "c", "d", "e"],
            "City": ["MUMBAI", "New  Delhi ", "mumbai", None, "PUNE", "Pune"],
            "Amount": [10.0, 20.0, 20.0, 40.0, -5.0, None],
            "When": pd.to_datetime(
                ["2016-08-06", "2016-08-31", "2016-09-04", "2016-09-05", "2016-10-21", "2017-01-01"]
            ),
            "Clock": [0, 61500, 180000, 235959, 120000, 90000],
            "Member": [True, False, True, True, False, False],
        }
    )
    roles = {"Customer": "customer_key", "When": "time", "Clock": "clock", "Amount": "amount"}
    return workspace_of(frame, roles, {"Amount": "INR"}, grain="transactions", name="shop")  # type: ignore[arg-type]


def rows_where(shop: Workspace, *conditions: dict[str, object]) -> int:
    return int(fact(run(shop, "aggregate", where=list(conditions)), "n_transactions"))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"column": "City", "value": " mumbai"}, 2),
        ({"column": "City", "value": "NEW DELHI"}, 1),
        ({"column": "City", "is": "not_equal", "value": "Mumbai"}, 4),
        ({"column": "City", "is": "in", "values": ["pune", "Mumbai"]}, 4),
        ({"column": "City", "is": "not_in", "values": ["pune"]}, 4),
        ({"column": "City", "is": "contains", "value": "DEL"}, 1),
        ({"column": "City", "is": "starts_with", "value": "mu"}, 2),
        ({"column": "City", "is": "missing"}, 1),
        ({"column": "Amount", "is": "present"}, 5),
        ({"column": "Amount", "is": "above", "value": 20}, 1),
        ({"column": "Amount", "is": "at_least", "value": "20"}, 3),
        ({"column": "Amount", "is": "between", "values": [20, 10]}, 3),
        ({"column": "Amount", "is": "not_equal", "value": 20}, 4),
        ({"column": "Amount", "is": "top_share", "value": 20}, 1),
        ({"column": "Amount", "is": "top_share", "value": 50}, 3),
        ({"column": "Amount", "is": "bottom_share", "value": 25}, 2),
        ({"column": "When", "value": "2016"}, 5),
        ({"column": "When", "value": "2016-08"}, 2),
        ({"column": "When", "value": "August 2016"}, 2),
        ({"column": "When", "value": "2016 Q3"}, 4),
        ({"column": "When", "is": "above", "value": "2016-08"}, 4),
        ({"column": "When", "is": "at_most", "value": "2016-08-31"}, 2),
        ({"column": "When", "is": "between", "values": ["2016-08-31", "2016-09"]}, 3),
        ({"column": "When", "is": "not_equal", "value": "2016"}, 1),
        ({"column": "When", "grain": "weekday", "value": "Sunday"}, 2),
        ({"column": "When", "grain": "weekend", "value": "weekend"}, 3),
        ({"column": "When", "grain": "month", "value": "august"}, 2),
        ({"column": "When", "grain": "month", "is": "at_least", "value": 9}, 3),
        ({"column": "When", "grain": "month", "value": "2016-09"}, 2),
        ({"column": "When", "grain": "quarter", "value": "Q4"}, 1),
        ({"column": "When", "grain": "day", "value": 31}, 1),
        ({"column": "When", "grain": "hour", "is": "at_least", "value": 18}, 2),
        ({"column": "Clock", "is": "below", "value": "12:00"}, 3),
        ({"column": "Clock", "grain": "part_of_day", "value": "evening"}, 2),
        ({"column": "Clock", "grain": "hour", "is": "between", "values": [22, 6]}, 3),
        ({"column": "Member", "value": "yes"}, 3),
        ({"column": "Member", "is": "not_equal", "value": True}, 3),
        ({"column": "city", "value": "pune", "or": [{"column": "Amount", "is": "above", "value": 30}]}, 3),
    ],
)
def test_a_condition_keeps_the_rows_a_person_means(
    shop: Workspace, condition: dict[str, object], expected: int
) -> None:
    assert rows_where(shop, condition) == expected


def test_conditions_together_all_hold(shop: Workspace) -> None:
    assert (
        rows_where(
            shop, {"column": "City", "value": "mumbai"}, {"column": "Amount", "is": "above", "value": 15}
        )
        == 1
    )


def test_an_unknown_value_offers_the_nearest(shop: Workspace) -> None:
    with pytest.raises(ToolError) as error:
        rows_where(shop, {"column": "City", "value": "Mumbay"})
    assert error.value.choices[0] in ("MUMBAI", "mumbai")


def test_an_unknown_column_offers_the_nearest(shop: Workspace) -> None:
    with pytest.raises(ToolError) as error:
        rows_where(shop, {"column": "Amout", "is": "above", "value": 3})
    assert error.value.choices[0] == "Amount"


@pytest.mark.parametrize(
    "condition",
    [
        {"column": "Amount", "is": "contains", "value": "1"},
        {"column": "Amount", "is": "above", "value": "much"},
        {"column": "Amount", "is": "between", "values": [1]},
        {"column": "Amount", "is": "above"},
        {"column": "City", "is": "above", "value": "b"},
        {"column": "City", "is": "top_share", "value": 10},
        {"column": "Amount", "is": "top_share", "value": 120},
        {"column": "Member", "value": "perhaps"},
        {"column": "When", "value": "the other day"},
        {"column": "When", "grain": "weekday", "value": "Someday"},
        {"column": "City", "grain": "month", "value": "August"},
    ],
)
def test_a_condition_that_makes_no_sense_is_told(shop: Workspace, condition: dict[str, object]) -> None:
    with pytest.raises(ToolError):
        rows_where(shop, condition)


def test_the_threshold_of_a_share_is_stated(shop: Workspace) -> None:
    result = run(shop, "aggregate", where=[{"column": "Amount", "is": "top_share", "value": 20}])
    assert fact(result, "top_share_threshold") == pytest.approx(24.0)
    assert any("24 INR" in caveat for caveat in result.caveats)


def test_words_of_conditions_read_well(shop: Workspace) -> None:
    table, frame = open_table(shop, None, {"City"})
    condition = Condition.model_validate({"column": "Amount", "is": "between", "values": [1000, 2000]})
    assert select(shop, table, frame, [condition]).words == "amount is between 1,000 INR and 2,000 INR"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2016", "2016"),
        ("2016-02", "February 2016"),
        ("Q3 2016", "Q3 2016"),
        ("1 Aug 2016", "1 Aug 2016"),
        ("2016-08-01", "1 Aug 2016"),
    ],
)
def test_periods_are_read_and_written(text: str, words: str) -> None:
    assert span_words(*interval(text)) == words


def test_a_missing_value_is_different_and_that_is_said(shop: Workspace) -> None:
    result = run(shop, "aggregate", where=[{"column": "City", "is": "not_equal", "value": "Mumbai"}])
    assert any("without a value in City (1)" in caveat for caveat in result.caveats)


# ------------------------------------------------------------------ tables


def test_customer_columns_lead_to_the_table_of_customers(shop: Workspace) -> None:
    result = run(shop, "aggregate", where=[{"column": "n_transactions", "is": "at_least", "value": 2}])
    assert "1 customer" in result.headline


def test_columns_of_both_tables_are_joined_by_customer(shop: Workspace) -> None:
    result = run(
        shop, "aggregate", measures=[{"statistic": "sum", "column": "Amount"}],
        where=[{"column": "n_transactions", "value": 2}, {"column": "When", "value": "2016-08"}],
    )  # fmt: skip
    assert "**30 INR**" in result.headline


def test_transactions_do_not_fit_into_the_table_of_customers(shop: Workspace) -> None:
    with pytest.raises(ToolError, match="When is a column of shop"):
        run(shop, "aggregate", table="customers", where=[{"column": "When", "value": "2016-08"}])


def test_two_loaded_tables_are_joined_by_their_key(shop: Workspace) -> None:
    people = pd.DataFrame({"Customer": ["a", "b", "c", "d"], "Branch": ["N", "S", "N", "S"]})
    table = table_of(shop.engine, people, {"Customer": "customer_key"}, {}, "customers", "people")
    both = Workspace(shop.engine, {**shop.tables, "people": table}, "shop")
    result = run(
        both, "aggregate", measures=[{"statistic": "sum", "column": "Amount"}], by=[{"column": "Branch"}]
    )
    assert fact(result, "sum_amount", "Branch = N") == 70
    assert fact(result, "sum_amount", "Branch = S") == 15


def test_an_unknown_table_is_told(shop: Workspace) -> None:
    with pytest.raises(ToolError) as error:
        run(shop, "aggregate", table="shops")
    assert error.value.choices[0] == "shop"


def test_segment_needs_segments(shop: Workspace) -> None:
    with pytest.raises(ToolError, match="no segments yet"):
        run(shop, "aggregate", by=[{"column": "segment"}])


# ------------------------------------------------------------------ groups


@pytest.mark.parametrize(
    ("group", "labels"),
    [
        ({"column": "When", "grain": "year"}, ["2016", "2017"]),
        ({"column": "When", "grain": "quarter"}, ["2016 Q3", "2016 Q4", "2017 Q1"]),
        ({"column": "When", "grain": "month"}, ["2016-08", "2016-09", "2016-10", "2017-01"]),
        (
            {"column": "When", "grain": "week"},
            ["2016-08-01", "2016-08-29", "2016-09-05", "2016-10-17", "2016-12-26"],
        ),
        ({"column": "When", "grain": "weekday"}, ["Monday", "Wednesday", "Friday", "Saturday", "Sunday"]),
        ({"column": "When", "grain": "hour"}, ["00:00", "06:00", "09:00", "12:00", "18:00", "23:00"]),
        ({"column": "When", "grain": "weekend"}, ["weekday", "weekend"]),
        ({"column": "Amount", "bins": [0, 20]}, ["under 0", "0 to under 20", "20 and over", "(missing)"]),
        ({"column": "Amount", "n_bins": 2}, ["up to 20", "over 20", "(missing)"]),
        ({"column": "Member"}, ["no", "yes"]),
    ],
)
def test_groups_have_their_order_and_names(
    shop: Workspace, group: dict[str, object], labels: list[str]
) -> None:
    result = run(shop, "aggregate", by=[group])
    assert [row[0] for row in result.tables[0].rows] == labels
