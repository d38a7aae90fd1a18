"""Numbers are held against the order of names, labels, each other, and claims in words against the facts."""

from __future__ import annotations

import pytest

from tests.test_grounding_claims import CROSSED, SERIES, SHOPS, fact, marked

TEST = [
    fact("mean_age", 41.2, None, ""),
    fact("median_age", 39.0, None, ""),
    fact("percentile_25_age", 30.0, None, ""),
    fact("percentile_75_age", 52.0, None, ""),
    fact("min_age", 18.0, None, ""),
    fact("max_age", 77.0, None, ""),
    fact("skew_age", 1.4, None, ""),
    fact("p_value", 0.0004, None, "Yes against No"),
    fact("hedges_g", 0.62, None, "Yes against No"),
    fact("difference", 2.5, None, "Yes against No"),
    fact("confidence_pct", 95.0, "%", ""),
    fact("difference_low", 1.1, None, "Yes against No"),
    fact("difference_high", 3.9, None, "Yes against No"),
]
NEEDED = [
    fact("n_groups", 300, "customers", ""),
    fact("n_needed", 12, "customers", "20% of the total"),
    fact("n_needed", 61, "customers", "50% of the total"),
]


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        ("Rates by shop: Quay 30.0%, Mill 20.0% and Abbey 10.0%; all 21.2%.", SHOPS),
        ("In contrast to Abbey, Quay loses many: 30.0% against 10.0%.", SHOPS),
        ("The IQR runs from 30 to 52, the extremes are 18 and 77.", TEST),
        ("g = 0.62 (p < 0.001), difference 2.5 (95% CI 1.1–3.9).", [*TEST, fact("p_limit", 0.001, None, "")]),
        ("The difference is statistically significant, the ages are right-skewed.", TEST),
        ("It takes 12 customers to make 20% and 61 to make half.", NEEDED),
        ("Sales rose from April to June.", SERIES),
        ("The highest sales were in June.", SERIES),
        ("Sales rank Quay first and Abbey last.", SHOPS),
        ("Quay sells three times as much as Abbey (9,000 against 3,000 EUR).", SHOPS),
    ],
)
def test_what_the_words_bind_rightly_is_left_alone(answer: str, facts: list) -> None:  # type: ignore[type-arg]
    assert marked(answer, facts) == []


@pytest.mark.parametrize(
    ("answer", "facts", "wrong"),
    [
        ("Rates by shop: Quay 30.0%, Mill 10.0% and Abbey 20.0%.", SHOPS, "10.0%"),
        ("The rate is 20.0% in Abbey, whereas Mill comes to 10.0%.", SHOPS, "20.0%"),
        ("Rates by shop: Quay 21.2%, Mill 20.0%.", SHOPS, "21.2%"),
        ("Quay is ahead of Mill, 6,000 EUR against 9,000 EUR.", SHOPS, "6,000"),
        ("100 of the 40 customers at Mill pay by card.", CROSSED, "100"),
        ("The IQR runs from 18 to 77.", TEST, "18"),
        ("Hedges' g is 2.5.", TEST, "2.5"),
        ("The effect is significant (p = 0.62).", TEST, "0.62"),
        ("The difference lies between 3.9 and 1.1.", TEST, "3.9"),
        ("The difference is not statistically significant.", TEST, "significant"),
        ("Ages are skewed to the left.", TEST, "skewed to the left"),
        ("It takes 61 customers to make 20% and 12 to make 50%.", NEEDED, "61"),
        ("Sales shrank from April to June.", SERIES, "shrank"),
        ("The highest sales were in May.", SERIES, "highest sales were in May"),
        ("Sales rank Mill first and Quay second.", SHOPS, "Mill first"),
        ("Quay sells twice as much as Abbey (9,000 against 3,000 EUR).", SHOPS, "twice"),
        ("Less than a fifth of Quay's customers (30.0%) left.", SHOPS, "a fifth"),
    ],
)
def test_what_the_words_bind_wrongly_is_marked(answer: str, facts: list, wrong: str) -> None:  # type: ignore[type-arg]
    assert any(wrong in each for each in marked(answer, facts))
