"""Questions in plain English over several tables: what is asked of which table, and what comes out."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.outcome import Reading
from tests.small_store import frames, store
from tools.core import ToolResult, Workspace, all_tools


@cache
def opened() -> Workspace:
    return store()


def answer(question: str) -> ToolResult:
    """Read a question and run the tool that it asks for."""
    read = read_sentence(question, catalog_of(opened()))
    assert isinstance(read, Reading), f"{question}: {read}"
    request = read.requests[0]
    return all_tools()[request.tool].call(opened(), request.arguments())


def first(result: ToolResult) -> float:
    """Return the number that the headline is about."""
    return float(next(f.value for f in result.facts if isinstance(f.value, int | float) and f.value != 2021))


def lines() -> pd.DataFrame:
    """Every line with all that is known of it."""
    tables = frames()
    wide = tables["order_lines"].merge(tables["orders"], on="order_id")
    return wide.merge(tables["products"], on="product_id").merge(tables["customers"], on="customer_id")


def per_customer(value: pd.Series) -> pd.Series:
    """Return a value by customer with 0 for those who never ordered."""
    return value.reindex(frames()["customers"].customer_id).fillna(0)


@pytest.mark.parametrize(
    ("question", "column", "by"),
    [
        ("total line total by region", "line_total", "region"),
        ("quantity by product category", "quantity", "category"),
        ("total quantity per channel", "quantity", "channel"),
    ],
)
def test_a_sum_is_grouped_by_a_column_of_another_table(question: str, column: str, by: str) -> None:
    expected = lines().groupby(by)[column].sum().round(6).to_dict()
    shown = {str(row[0]): round(float(row[1] or 0), 6) for row in answer(question).tables[0].rows}
    assert shown == expected


@pytest.mark.parametrize("question", ["products never ordered", "how many products were never sold"])
def test_what_has_no_rows_elsewhere_is_counted(question: str) -> None:
    result = answer(question)
    assert "**1 product" in result.headline


@pytest.mark.parametrize(
    "question",
    ["customers without an order", "how many customers have no orders", "customers who never ordered"],
)
def test_people_without_rows_elsewhere_are_counted_from_their_own_table(question: str) -> None:
    never = 60 - frames()["orders"].customer_id.nunique()
    assert f"**{never} customers**" in answer(question).headline


def test_a_condition_behind_the_denial_narrows_the_rows_that_are_missed() -> None:
    hats = lines()[lambda rows: rows.category == "Hats"].customer_id.nunique()
    assert f"**{60 - hats} customers**" in answer("customers who never bought hats").headline


def test_rows_are_counted_by_their_own_noun_in_the_groups_of_another_table() -> None:
    result = answer("number of orders by product category")
    expected = lines().groupby("category").order_id.nunique().to_dict()
    assert {row[0]: row[1] for row in result.tables[0].rows} == expected


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("how many customers spent over 150 in 2021", 150),
        ("number of customers who spent more than 200 in 2021", 200),
    ],
)
def test_spending_in_a_period_is_summed_for_each_customer(question: str, limit: int) -> None:
    rows = lines()[lambda each: each.order_date.dt.year == 2021]
    expected = int((rows.groupby("customer_id").line_total.sum() > limit).sum())
    assert expected > 0 and f"**{expected} customers**" in answer(question).headline


def test_categories_orders_and_last_dates_of_a_customer_are_conditions() -> None:
    rows, orders = lines(), frames()["orders"]
    kinds = int((rows.groupby("customer_id").category.nunique() >= 3).sum())
    found = answer("how many customers bought from at least three categories")
    assert f"**{kinds} customers**" in found.headline
    many = orders[orders.order_date.dt.year == 2021].customer_id.value_counts()
    found = answer("how many customers placed more than 4 orders in 2021")
    assert f"**{int((many > 4).sum())} customers**" in found.headline
    last = orders.groupby("customer_id").order_date.max()
    found = answer("how many customers last ordered before september 2021")
    assert f"**{int((last < '2021-09-01').sum())} customers**" in found.headline


def test_what_stands_in_another_table_makes_segments() -> None:
    read = read_sentence("segment customers by income and number of orders", catalog_of(opened()))
    assert isinstance(read, Reading)
    assert read.requests[0].arguments() == {"features": ["income", "n_transactions"]}
