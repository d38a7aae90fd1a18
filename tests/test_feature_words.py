"""Features read as a marketer says them: few and many for counts, low and high for money, recent."""

from __future__ import annotations

import pytest

from tools.core import Column, DataTable
from tools.customers.behaviour import define
from tools.customers.feature_words import FeatureWords, words_of
from tools.wording import plain_name


def spoken(feature: str, *, account: bool = False) -> FeatureWords:
    columns = [
        Column("who", "text", "customer_key", n_distinct=5),
        Column("when", "date", "time"),
        Column("number_of_cds", "number", "quantity"),
        Column("dollar_value", "number", "amount", "USD", minimum=0.0),
        Column("reordered", "number", "flag", n_distinct=2, minimum=0, maximum=1),
    ]
    if account:
        columns.append(Column("balance", "number", "balance"))
    table = DataTable("t", "t.csv", 100, tuple(columns), "transactions", "who", "when", amount="dollar_value")
    plan = define(table)
    made = DataTable("customers", "t.csv", 5, tuple(column for _, column in plan), "customers", "who")
    return words_of(made, {one.name: one for one, _ in plan}, feature)


def bare(name: str, **about: object) -> FeatureWords:
    column = Column(name, "number", "measure", **about)  # type: ignore[arg-type]
    return words_of(DataTable("t", "t.csv", 5, (column,), "customers"), {}, name)


@pytest.mark.parametrize(
    ("feature", "high", "typical", "words"),
    [
        ("total_number_of_cds", False, 1, "few CDs"),
        ("total_number_of_cds", True, 17, "many CDs"),
        ("total_amount", False, 15, "low spend"),
        ("mean_amount", True, 90, "large purchases"),
        ("n_transactions", True, 7, "frequent"),
        ("n_transactions", False, 2, "few transactions"),
        ("n_transactions", False, 1, "one transaction"),
        ("recency_days", False, 5, "recent"),
        ("recency_days", True, 400, "long inactive"),
        ("recency_days", True, 60, "less recent"),  # two months are not long
        ("mean_gap_days", True, 60, "long gaps between purchases"),
        ("trend_amount", True, 20, "rising spend"),
        ("trend_amount", True, -20, "high trend of the amount"),  # falls less than others: it does not rise
        ("share_reordered", True, 0.8, "often reordered"),
    ],
)  # fmt: skip
def test_traits_of_computed_features(feature: str, high: bool, typical: float, words: str) -> None:
    assert spoken(feature).trait(high=high, typical=typical) == words


def test_accounts_are_not_said_to_spend() -> None:
    assert spoken("total_amount", account=True).trait(high=True, typical=9) == "high total amount"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("PURCHASES_TRX", "many purchase transactions"),
        ("ONEOFF_PURCHASES", "high one-off purchases"),
        ("PRC_FULL_PAYMENT", "high share of full payment"),
        ("PURCHASES_INSTALLMENTS_FREQUENCY", "frequent purchase installments"),
        ("tenure", "long tenure"),
        ("TotalCharges", "high total charges"),  # the file's own total is not the sum that we made
    ],
)
def test_traits_of_columns_from_the_file(name: str, words: str) -> None:
    assert bare(name).trait(high=True, typical=1) == words


def test_yes_and_no_are_with_and_without() -> None:
    award = bare("Award?", n_distinct=2, minimum=0, maximum=1)
    assert (award.trait(high=True, typical=1), award.trait(high=False, typical=0)) == (
        "with award",
        "no award",
    )
    contract = bare("Contract")
    assert contract.category("Month-to-month", missing="?") == "Month-to-month contract"
    assert contract.having("Month-to-month contract") == "with Month-to-month contract"
    assert bare("Ever_Married").category("No", missing="?") == "not ever married"
    assert bare("device_protection").having("no device protection") == "without device protection"


@pytest.mark.parametrize(
    ("feature", "figure", "unit", "words"),
    [
        ("total_number_of_cds", "17", None, "17 CDs"),
        ("total_number_of_cds", "1", None, "1 CD"),
        ("n_transactions", "1", None, "1 transaction"),
        ("total_amount", "249 USD", "USD", "249 USD spent"),
        ("recency_days", "76", None, "76 days since the last transaction"),
    ],
)
def test_figures_say_what_they_count(feature: str, figure: str, unit: str | None, words: str) -> None:
    assert spoken(feature).figure(figure, unit=unit) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Avg_Trx_Amt", "average transaction amount"),
        ("Flight_miles_12mo", "flight miles 12 months"),
        ("cc1_miles", "CC1 miles"),
        ("TV_hrs", "TV hours"),
        ("child_bks", "child bks"),  # unknown abbreviations stay as they are
    ],
)
def test_abbreviations_in_column_names(name: str, words: str) -> None:
    assert plain_name(name) == words
