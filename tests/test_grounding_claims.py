"""Lines, wholes, ranks, sides, changes and bounds that an answer claims are held against the facts."""

from __future__ import annotations

import pytest

from assistant.grounding import SourcedFact, check
from tools.core import Fact


def fact(name: str, value: float, unit: str | None, scope: str) -> SourcedFact:
    return SourcedFact(0, Fact(name, value, unit, scope))


def grouped(name: str, unit: str | None, column: str, values: dict[str, float]) -> list[SourcedFact]:
    return [fact(name, value, unit, f"{column} = {group}") for group, value in values.items()]


SHOPS = [
    *grouped("sum_sales", "EUR", "shop", {"Quay": 9_000.0, "Mill": 6_000.0, "Abbey": 3_000.0}),
    *grouped("n_customers", "customers", "shop", {"Quay": 90, "Mill": 100, "Abbey": 60}),
    *grouped("n_customers_where_share_pct", "%", "shop", {"Quay": 30.0, "Mill": 20.0, "Abbey": 10.0}),
    fact("n_customers_where_share_pct", 21.2, "%", ""),
]
CROSSED = [
    fact("n_customers", value, "customers", f"shop = {shop}; payer = {payer}")
    for shop, payer, value in [
        ("Quay", "Card", 60),
        ("Quay", "Cash", 30),
        ("Mill", "Card", 40),
        ("Mill", "Cash", 60),
    ]
] + [fact("n_rows", 190, "customers", "")]
SERIES = [
    fact("sum_sales", value, "EUR", f"2025-{month:02d}-01")
    for month, value in enumerate([100.0, 120.0, 90.0, 150.0, 180.0, 210.0], start=1)
]
SIDES = [
    fact("mean", 50.0, "EUR", "member = Yes"),
    fact("mean", 40.0, "EUR", "member = No"),
    fact("difference", 10.0, "EUR", "Yes against No"),
]
BOUNDS = [
    fact("rate_pct", 33.0, "%", "customers with visits below 6"),
    fact("rate_pct", 14.5, "%", "customers with visits of 10 or more"),
]


def marked(answer: str, facts: list[SourcedFact], told: str = "") -> list[str]:
    return [text for text, _, _ in check(answer, facts, told=[told]).unsupported]


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        ("No shop sells for more than 9,500 EUR.", SHOPS),
        ("Only Quay and Mill exceed 5,000 EUR.", SHOPS),
        ("Every shop but Abbey sells for more than 5,000 EUR.", SHOPS),
        ("All shops lie within 20 points of each other.", SHOPS),
        ("Mill has the most customers (100) of all shops.", SHOPS),
        ("Quay and Mill have 190 customers.", SHOPS),
        (
            "| Shop | Sales | Customers |\n|---|---|---|\n| Quay | €9,000 | 90 |\n| Abbey | €3,000 | 60 |",
            SHOPS,
        ),
        ("30% of Quay customers have left.", SHOPS),
        ("Of the 90 customers of Quay, 67% pay by card.", CROSSED),
        ("60% of card customers shop at Quay.", CROSSED),
        (
            "Sales fell in one of the six months; they rose by 20% in February and fell by 25% in March.",
            SERIES,
        ),
        ("Q2 2025 brought €540, 74% more than Q1.", SERIES),
        ("Members spend 10 EUR more than the others, 50 EUR against 40 EUR for those without.", SIDES),
        ("A third of those with fewer than 6 visits have left, but only 14.5% with 10 or more.", BOUNDS),
    ],
)
def test_what_is_true_of_the_groups_is_left_alone(answer: str, facts: list[SourcedFact]) -> None:
    assert marked(answer, facts, "The share of customers where churned is Yes is 30% for Quay.") == []


@pytest.mark.parametrize(
    ("answer", "facts", "wrong"),
    [
        ("No shop sells for more than 8,000 EUR.", SHOPS, "8,000"),
        ("Only Quay exceeds 5,000 EUR.", SHOPS, "5,000"),
        ("Every shop but Mill sells for more than 5,000 EUR.", SHOPS, "5,000"),
        ("Quay has the most customers, 90.", SHOPS, "90"),
        ("Abbey sells more than Mill.", SHOPS, "Abbey sells more than Mill"),
        ("Quay is the smallest shop by sales.", SHOPS, "Quay is the smallest"),
        ("| Shop | Customers |\n|---|---|\n| Quay | 60 |\n| Abbey | 60 |", SHOPS, "60"),
        ("30% of all customers have left.", SHOPS, "30%"),
        ("30% of those who churned are in Quay.", SHOPS, "30%"),
        ("67% of card customers shop at Quay.", CROSSED, "67%"),
        ("Sales fell by 20% in February.", SERIES, "20%"),
        ("Members spend 10 EUR less than the others.", SIDES, "10"),
        ("Of those with 10 or more visits, 33.0% left.", BOUNDS, "33.0%"),
    ],
)
def test_what_is_not_true_of_them_is_marked(answer: str, facts: list[SourcedFact], wrong: str) -> None:
    assert wrong in marked(answer, facts, "The share of customers where churned is Yes is 30% for Quay.")


def test_a_weak_relation_is_not_strong() -> None:
    facts = [fact("cramers_v", 0.05, None, ""), fact("cramers_v", 0.7, None, "b")]
    assert marked("They are strongly related (Cramer's V 0.05).", facts) == ["0.05"]
    assert marked("They are hardly related (Cramer's V 0.05).", facts) == []


def test_a_definition_needs_the_limit_by_which_the_group_was_made() -> None:
    facts = [
        fact("size", 40, "customers", "Regulars"),
        fact("size", 60, "customers", "Rest"),
        fact("median_visits", 12.0, None, "Regulars"),
        fact("condition_value", 8, None, "visits"),
    ]
    assert marked("Regulars are those with 8 or more visits.", facts) == []
    assert marked("Regulars are those with 12 or more visits.", facts) == ["12"]
