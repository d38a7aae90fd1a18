"""Growth between two periods is told of each group, and of each quarter of two years."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.small_tables import fact, run, workspace_of
from tools.core import Workspace

SUM = {"statistic": "sum", "column": "Amount"}


@pytest.fixture(scope="module")
def sales() -> Workspace:
    """One row a day for two years: A doubles, B halves, C is new in the second year."""
    days = pd.date_range("2022-01-01", "2023-12-31").tolist()
    rows = [(day, "A", 10.0 if day.year == 2022 else 20.0) for day in days]
    rows += [(day, "B", 40.0 if day.year == 2022 else 20.0) for day in days]
    rows += [(day, "C", 5.0) for day in days if day.year == 2023]
    frame = pd.DataFrame(rows, columns=["When", "City", "Amount"])
    return workspace_of(frame, {"When": "time", "Amount": "amount"}, {"Amount": "EUR"}, grain="transactions")


def test_each_group_is_compared_with_itself(sales: Workspace) -> None:
    result = run(sales, "show_trend", measure=SUM, by="City", compare_periods=["2022", "2023"])
    assert "grew most for **A**: it rose **100.0%**, from 3,650 EUR in 2022 to 7,300 EUR" in result.headline
    assert "fell most for **B**: it fell **50.0%**" in result.headline
    assert result.findings[0].startswith("Over all groups together, the total amount fell **10.0%**")
    assert {row[0]: row[-1] for row in result.tables[0].rows} == {"A": 100.0, "B": -50.0, "C": None}
    assert "For C no growth can be stated" in result.caveats[0]
    assert fact(result, "sum_amount", "B; 2023") == 7300


def test_what_grew_most_as_an_amount_is_named_too(sales: Workspace) -> None:
    frame = pd.DataFrame(
        {"When": pd.to_datetime(["2022-05-01", "2023-05-01"] * 2), "City": ["A", "A", "B", "B"],
         "Amount": [1.0, 3.0, 100.0, 150.0]}
    )  # fmt: skip
    small = workspace_of(frame, {"When": "time", "Amount": "amount"}, grain="transactions")
    result = run(small, "show_trend", measure=SUM, by="City", compare_periods=["2022", "2023"])
    assert "grew most for **A**" in result.headline
    assert "As an amount it grew most for B: by 50." in result.findings


def test_quarters_are_compared_with_the_same_quarter_of_the_year_before(sales: Workspace) -> None:
    measure = {**SUM, "where": [{"column": "City", "value": "A"}]}
    result = run(sales, "show_trend", measure=measure, grain="quarter", compare_periods=["2022", "2023"])
    assert [(row[0], row[-1]) for row in result.tables[0].rows] == [(f"Q{n}", 100.0) for n in (1, 2, 3, 4)]


def test_own_conditions_are_told_without_the_period(sales: Workspace) -> None:
    result = run(
        sales,
        "show_trend",
        measure=SUM,
        where=[{"column": "City", "value": "A"}],
        compare_periods=["2022", "2023"],
    )
    assert "is A rose **100.0%**, from 3,650 EUR in 2022" in result.headline
