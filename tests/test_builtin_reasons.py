"""Questions about causes and questions built on claims become plain ones; what data cannot tell is said."""

from __future__ import annotations

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.request.advice import FindChurnRisk
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Correlation, GroupDifference
from tests.test_builtin_tables import catalog


def read(text: str, data: str) -> Outcome:
    (outcome,) = read_message(text, catalog(data), Conversation())
    return outcome


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("what would churn be if everyone had a two year contract", "no_experiment"),
        ("what happens to churn if we cut prices by 10 percent", "no_experiment"),
        ("how many left due to bad service", "no_reason"),
        ("why did churn fall", "no_time"),
    ],
)
def test_what_no_data_can_tell_is_refused(text: str, template: str) -> None:
    outcome = read(text, "telco")
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("refused", template)


def test_a_question_for_a_cause_is_answered_by_what_goes_together() -> None:
    outcome = read("does a higher balance cause higher spending?", "bank")
    assert isinstance(outcome, Reading)
    assert isinstance(outcome.requests[0], Correlation)
    assert outcome.after == "no_cause"


def test_why_customers_leave_is_what_goes_with_leaving() -> None:
    outcome = read("why do our customers leave?", "telco")
    assert isinstance(outcome, Reading)
    assert isinstance(outcome.requests[0], FindChurnRisk)
    assert outcome.preface == "why"


def test_a_claim_behind_since_is_looked_at_first() -> None:
    outcome = read("since men spend less, what is the average balance of men?", "bank")
    assert isinstance(outcome, Reading)
    claim, asked = outcome.requests
    assert isinstance(claim, GroupDifference) and claim.claim == "lower"
    assert isinstance(asked, Aggregate)


def test_advice_built_on_a_claim_gets_the_claim_checked() -> None:
    outcome = read("since men spend less, should we target women?", "bank")
    assert isinstance(outcome, Reading)
    assert isinstance(outcome.requests[0], GroupDifference)
    assert outcome.after == "yours_to_decide"


@pytest.mark.parametrize(
    "text", ["why is Pune the city with the highest spend", "is Pune the city that spends most"]
)
def test_a_claimed_rank_is_checked_among_all_groups(text: str) -> None:
    outcome = read(text, "bank")
    assert isinstance(outcome, Reading)
    (request,) = outcome.requests
    assert isinstance(request, Aggregate)
    assert [group.column for group in request.by] == ["CustLocation"]
    assert not request.where
    assert outcome.claimed_first == "PUNE"


def test_a_year_outside_the_data_tells_which_days_there_are() -> None:
    outcome = read("total amount in 2019", "bank")
    assert isinstance(outcome, Reading)
    covered = outcome.requests[-1]
    assert isinstance(covered, Aggregate)
    assert [m.statistic for m in covered.measures] == ["min", "max"]


def test_money_is_not_converted() -> None:
    outcome = read("average amount in dollars", "bank")
    assert isinstance(outcome, Reading)
    assert any("exchange rate" in note for note in outcome.notes)
