"""Every number of an answer is traced to a fact, or marked."""

from __future__ import annotations

import pytest

from assistant.grounding import SourcedFact, check
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
