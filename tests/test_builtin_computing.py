"""What the built-in analyst computes: formulas, comparisons of columns, units, bands, the first of a rank."""

from __future__ import annotations

import pytest

from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate, Trend
from tests.test_builtin_tables import catalog


def aggregate(data: str, question: str) -> Aggregate:
    outcome = read_sentence(question, catalog(data))
    assert isinstance(outcome, Reading), outcome
    request = outcome.requests[0]
    assert isinstance(request, Aggregate), request
    return request


@pytest.mark.parametrize(
    ("question", "statistic", "column"),
    [
        ("payments minus purchases in total", "sum", "PAYMENTS - PURCHASES"),
        ("average balance times tenure", "mean", "BALANCE * TENURE"),
        ("average of purchases divided by tenure", "mean", "PURCHASES / TENURE"),
        ("median of balance - payments", "median", "BALANCE - PAYMENTS"),
    ],
)
def test_formulas_are_one_column(question: str, statistic: str, column: str) -> None:
    (measure,) = aggregate("cards", question).measures
    assert (measure.statistic, measure.column) == (statistic, column)


def test_a_column_in_another_unit() -> None:
    (measure,) = aggregate("telco", "average tenure in years").measures
    assert measure.column == "tenure / 12"


@pytest.mark.parametrize(
    ("question", "column", "comparison", "than"),
    [
        ("how many customers have a balance above their credit limit", "BALANCE", "above", "CREDIT_LIMIT"),
        ("balance higher than twice the credit limit", "BALANCE", "above", "CREDIT_LIMIT * 2"),
        ("balance below 30% of the credit limit", "BALANCE", "below", "CREDIT_LIMIT * 30%"),
        ("customers with more cash advance than purchases", "CASH_ADVANCE", "above", "PURCHASES"),
    ],
)
def test_columns_are_compared(question: str, column: str, comparison: str, than: str) -> None:
    (condition,) = aggregate("cards", question).where
    assert (condition.column, condition.is_, condition.than) == (column, comparison, than)


def test_comparison_with_the_average() -> None:
    (condition,) = aggregate("cards", "customers with above average purchases").where
    assert (condition.column, condition.is_, condition.statistic) == ("PURCHASES", "above", "mean")


def test_a_percent_in_front_of_a_column_is_no_part_of_it() -> None:
    (condition,) = aggregate("telco", "customers with more than 14 monthly charges").where
    assert (condition.value, condition.than) == (14, None)


def test_a_statistic_over_the_first_of_a_ranking() -> None:
    request = aggregate("cards", "average credit limit of the 20 customers with the highest purchases")
    (condition,) = request.where
    assert (condition.column, condition.is_, condition.value) == ("PURCHASES", "top_n", 20)
    assert request.measures[0].column == "CREDIT_LIMIT" and not request.by


def test_a_median_over_periods() -> None:
    (measure,) = aggregate("bank", "median daily revenue").measures
    assert measure.statistic == "median" and measure.of is not None
    assert measure.of.statistic == "sum" and measure.each[0].grain == "day"


@pytest.mark.parametrize(
    ("question", "width", "n_bins"),
    [
        ("average purchases by balance band of 500", 500, None),
        ("average purchases by balance quartile", None, 4),
        ("average purchases by balance decile", None, 10),
    ],
)
def test_bands(question: str, width: float | None, n_bins: int | None) -> None:
    (group,) = aggregate("cards", question).by
    assert (group.column, group.width, group.n_bins) == ("BALANCE", width, n_bins)


def test_groups_are_kept_by_their_rate() -> None:
    request = aggregate("telco", "how many payment methods have a churn rate above 20%")
    assert [group.column for group in request.by] == ["PaymentMethod"]
    assert (request.having[0].column, request.having[0].value) == ("value", 20)


def test_new_customers_are_counted_at_their_first_date() -> None:
    outcome = read_sentence("new customers by week", catalog("bank"))
    assert isinstance(outcome, Reading) and isinstance(outcome.requests[0], Trend)
    assert outcome.requests[0].time == "first TransactionDate"


def test_a_weighted_average() -> None:
    (measure,) = aggregate("cards", "balance weighted by credit limit").measures
    assert measure.column == "BALANCE * CREDIT_LIMIT"
    assert measure.per is not None and measure.per.column == "CREDIT_LIMIT"


def test_a_word_for_what_adds_up_is_a_total() -> None:
    (measure, *_) = aggregate("telco", "monthly revenue lost to churn").measures
    assert measure.column == "MonthlyCharges"
