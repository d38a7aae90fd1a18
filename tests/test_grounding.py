"""Every number of an answer is traced to a fact, or marked."""

from __future__ import annotations

import pytest

from assistant.grounding import Said, SourcedFact, check, unknown_names
from tools.core import Fact

FACTS = [
    SourcedFact(0, Fact("mean_balance", 115589.588583, "INR", "CustGender = F")),
    SourcedFact(0, Fact("n_customers", 49551, "customers")),
    SourcedFact(1, Fact("share_pct", 26.662, "%")),
    SourcedFact(1, Fact("silhouette", 0.4321)),
    SourcedFact(1, Fact("change", -1234567.0, "INR")),
    SourcedFact(1, Fact("first_date", "2016-08-01")),
    SourcedFact(1, Fact("segment", "Top 20 buyers")),
]


@pytest.mark.parametrize(
    "written",
    ["115,589.59", "115,590", "115,589.6 INR", "115.6k", "1.16 lakh", "49,551", "49551", "26.7%", "26.66 %",
     "27%",
     "0.432", "43.2%", "-1,234,567", "1.23 million", "1.2M", "1 Aug 2016", "2016-08-01", "August 2016",
     "Top 20 buyers", "`column_7`"],
)  # fmt: skip
def test_a_number_that_rounds_to_a_fact_is_traced(written: str) -> None:
    found = check(f"It is {written}.", FACTS)
    assert not found.unsupported


@pytest.mark.parametrize(
    "written",
    ["115,588.59", "115.7k", "49,552", "26.6%", "25%", "0.44", "1.3 million", "2 Aug 2016", "2017-08-01",
     "September 2016", "Top 30", "999", "1.17 lakh"],
)  # fmt: skip
def test_any_other_number_is_marked(written: str) -> None:
    found = check(f"It is {written}.", FACTS)
    assert [text for text, _, _ in found.unsupported]


def test_the_trace_names_step_fact_and_place() -> None:
    answer = "Women hold **115,589.59 INR** on average."
    (trace,) = check(answer, FACTS).traces
    assert (trace.step, trace.fact) == (0, "mean_balance [CustGender = F]")
    assert answer[trace.start : trace.end] == "115,589.59"


def test_numbers_of_the_question_are_not_claims() -> None:
    assert not check("The top 10 under 30:", [], question="show the top 10 under 30").unsupported


def test_numbering_of_a_list_is_not_a_claim() -> None:
    assert not check("1. Delhi\n2. Mumbai", []).unsupported


def test_digits_within_names_are_not_numbers() -> None:
    assert not check("Column Q4_spend of tier B2 leads.", [], labels=["Q4_spend"]).unsupported


GROUPS = [
    *(
        SourcedFact(0, Fact(name, value, unit, group))
        for name, unit, gold, silver in [
            ("size", "customers", 400, 1200),
            ("share_pct", "%", 25.0, 75.0),
            ("mean_spend", "INR", 900.0, 300.0),
        ]
        for group, value in [("Gold", gold), ("Silver", silver)]
    ),
    SourcedFact(0, Fact("n_customers", 1600, "customers")),
    SourcedFact(0, Fact("n_segments", 2, "segments")),
]  # fmt: skip


def marked(answer: str) -> list[str]:
    return [text for text, _, _ in check(answer, GROUPS).unsupported]


@pytest.mark.parametrize(
    "answer",
    [
        "Gold has 400 customers and Silver 1,200.",
        "**Gold**: 400 customers, 25% of all. They spend 900 INR on average.",
        "400 customers are in Gold, 1,200 in Silver.",
        "Gold and Silver hold 400 and 1,200 customers.",
        "Gold spends three times as much as Silver: 900 INR against 300 INR.",
        "Gold spends 600 INR more than Silver (900 against 300).",
        "Together Gold and Silver count 1,600 customers.",
        "A quarter of the customers are in Gold; three quarters of the base are in Silver.",
        "One in four customers is in Gold.",
        "There are two segments.",
        "About 1.2k customers are in Silver.",
        "Silver holds 800 customers more than Gold, 1,200 against 400.",
        "Gold spends 200% more than Silver: 900 INR against 300 INR.",
        "Compare segment 2 with segment 1.",
    ],
)
def test_what_follows_from_the_facts_is_supported(answer: str) -> None:
    assert not marked(answer)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("Gold has 1,200 customers and Silver 400.", ["1,200", "400"]),
        ("1,200 customers are in Gold.", ["1,200"]),
        ("**Gold**: 400 customers, 75% of all.", ["75%"]),
        ("Gold and Silver hold 1,200 and 400 customers.", ["1,200", "400"]),
        ("Gold spends twice as much as Silver: 900 INR against 300 INR.", ["twice"]),
        ("Gold spends 500 INR more than Silver (900 against 300).", ["500"]),
        ("There are three segments.", ["three"]),
        ("400% of the customers are in Gold.", ["400%"]),
        ("A third of the customers are in Gold.", ["A third"]),
        ("There are 25 customers.", ["25"]),
        ("About 1.4k customers are in Silver.", ["1.4k"]),
        ("It is $900 for Gold.", ["900"]),
        ("See segment 7.", ["7"]),
    ],
)
def test_a_number_of_another_group_unit_or_relation_is_marked(answer: str, wrong: list[str]) -> None:
    assert marked(answer) == wrong


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("The Platinum segment leads.", ["Platinum"]),
        ("Customers of “Loyal Fans” return.", ["Loyal Fans"]),
        ("Look at `loyalty_score`.", ["loyalty_score"]),
        ("**Platinum Members** hold 40% of it.", ["Platinum Members"]),
        ("Each segment differs; the Gold segment and “Silver” lead, see `mean_spend`.", []),
        ("**Key Findings**: 2 segments.", []),
        ("The largest segment is Silver. Your segments follow.", []),
    ],
)
def test_names_that_nothing_holds_are_found(answer: str, wrong: list[str]) -> None:
    found = unknown_names(answer, "Gold Silver mean_spend")
    assert [text for text, _, _ in found] == wrong


def test_words_for_numbers_may_repeat_a_tool() -> None:
    told = "A customer with three purchases counts three times."
    assert not check(f"- {told}", [], told=[told]).unsupported
    assert check("- There are three segments.", GROUPS, told=[told]).unsupported


def test_an_average_of_sums_may_be_told_as_an_average() -> None:
    facts = [
        SourcedFact(0, Fact("sum_revenue_first", 12_707.5556, None, "first and last 9 months")),
        SourcedFact(0, Fact("sum_revenue_last", 8_554.3333, None, "first and last 9 months")),
    ]
    told = "It fell, from an average of 12,707.56 in the beginning to 8,554.33."
    assert not check(told, facts).unsupported
    rival = [SourcedFact(0, Fact("mean_revenue", 93.5)), SourcedFact(0, Fact("sum_revenue", 464_158.0))]
    assert [text for text, _, _ in check("On average it is 464,158.", rival).unsupported] == ["464,158"]


def test_a_passage_that_was_computed_is_the_source_of_its_numbers_word_for_word() -> None:
    said = [Said(0, "The busiest hour is 13:00, with 41 of 512 calls.", "a sentence of aggregate")]
    found = check(f"Here it is. {said[0].text}", [], said=said)
    assert not found.unsupported
    assert {trace.fact for trace in found.traces} == {"a sentence of aggregate"}
    altered = check("Here it is. The busiest hour is 13:00, with 42 of 512 calls.", [], said=said)
    assert "42" in [text for text, _, _ in altered.unsupported]
    beside = check(f"{said[0].text} That is 8 in all.", [], said=said)
    assert [text for text, _, _ in beside.unsupported] == ["8"]
    assert check("It is 5.", [], said=[Said(0, "5", "a cell")]).unsupported


def test_a_segment_pointed_to_by_its_number_may_stand_in_quotes() -> None:
    assert not check('There is no segment "1".', []).unsupported
    assert [text for text, _, _ in check('There are "17" of them.', []).unsupported] == ["17"]
