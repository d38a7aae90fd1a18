"""What verbs, names and small words mean in a question: about whom, what is kept, which side is more."""

from __future__ import annotations

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate
from tests.test_builtin_tables import catalog, written
from tools.selecting import Condition

SAID = """
    cards | customers who paid nothing at all
        -> aggregate count() where PAYMENTS equal 0
    cards | how many card holders never bought anything
        -> aggregate count() where PURCHASES equal 0
    cards | average balance: cash advance takers against everyone else
        -> aggregate mean(BALANCE) by CASH_ADVANCE > 0
    cards | what share never took a cash advance
        -> aggregate count( if CASH_ADVANCE equal 0) / count()
    cards | where does the top 10% of credit limits begin
        -> aggregate quantile(CREDIT_LIMIT q0.9)
    cards | purchases more than 3 standard deviations above the mean
        -> find_outliers column=PURCHASES rule=z threshold=3.0
    telco | customers with neither phone service nor a partner
        -> aggregate count() where PhoneService equal No, Partner equal No
    telco | do seniors churn more often?
        -> aggregate count( if Churn equal Yes) / count() by SeniorCitizen
    telco | do people with a partner churn less than those without?
        -> aggregate count( if Churn equal Yes) / count() by Partner
    telco | are seniors more likely to churn than others?
        -> aggregate count( if Churn equal Yes) / count() by SeniorCitizen
    telco | which churn more often, men or women
        -> aggregate count( if Churn equal Yes) / count() by gender where gender in ['Male', 'Female']
    telco | contract types where churn is above 10 percent
        -> aggregate count( if Churn equal Yes) / count() by Contract having value above 10
    telco | newcomers (tenure of 3 or less): churn rate
        -> aggregate count( if Churn equal Yes) / count() where tenure at_most 3
    telco | how many live alone? (no partner, no dependents)
        -> aggregate count() where Partner equal No, Dependents equal No
    telco | customers at the maximum tenure
        -> aggregate count() where tenure equal 72
    telco | total charges over monthly charges by contract
        -> aggregate sum(TotalCharges) / sum(MonthlyCharges) by Contract
    telco | which columns hold money
        -> describe_data columns=money
    telco | does it hold personal data?
        -> describe_data columns=personal data
    bank | on how many days were there more than 500 transactions
        -> aggregate count() by TransactionDate:day having value above 500
"""


def said() -> list[tuple[str, str, str]]:
    lines = [line.strip() for line in SAID.strip().splitlines()]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [(*(part.strip() for part in ask.split("|", 1)), told.removeprefix("-> ")) for ask, told in pairs]  # type: ignore[misc]


@pytest.mark.parametrize(("data", "question", "request_"), said())
def test_words_mean_what_people_mean(data: str, question: str, request_: str) -> None:
    (outcome,) = read_message(question, catalog(data), Conversation())
    assert written(outcome) == request_


@pytest.mark.parametrize(
    ("question", "left", "kind", "right"),
    [
        ("people who pay back less than they buy", "PAYMENTS", "below", "PURCHASES"),
        ("how many owe more than their limit allows", "BALANCE", "above", "CREDIT_LIMIT"),
        ("customers who bought more than they paid", "PURCHASES", "above", "PAYMENTS"),
    ],
)
def test_two_deeds_are_held_against_each_other(question: str, left: str, kind: str, right: str) -> None:
    (one,) = where("cards", question)
    assert (one.column, one.is_, one.than) == (left, kind, right)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("customers who bought in August but nothing in September",
         [("has_rows", "equal", "2016-08"), ("has_no_rows", "equal", "2016-09")]),
        ("customers who bought in August and again in September",
         [("has_rows", "equal", "2016-08"), ("has_rows", "equal", "2016-09")]),
        ("customers seen only in August",
         [("has_rows", "equal", "2016-08"), ("has_no_rows", "not_equal", "2016-08")]),
        ("customers who bought in August and never after",
         [("has_rows", "equal", "2016-08"), ("has_no_rows", "above", "2016-08-31")]),
        ("customers who never bought on a Sunday", [("has_no_rows", "equal", "Sunday")]),
    ],
)  # fmt: skip
def test_never_and_only_are_about_all_rows_of_a_customer(
    question: str, rows: list[tuple[str, str, str]]
) -> None:
    held = where("bank", question)
    assert [(one.is_, one.rows[0].is_, one.rows[0].value) for one in held] == rows


def test_those_who_came_again_are_a_share_of_those_who_came() -> None:
    asked = request("bank", "what share of the August customers bought again in September")
    (measure,) = asked.measures
    assert [one.rows[0].value for one in asked.where] == ["2016-08"]
    assert [one.value for one in measure.where] == ["2016-09"]
    assert measure.per is not None and measure.per.where == []


def request(data: str, question: str) -> Aggregate:
    (outcome,) = read_message(question, catalog(data), Conversation())
    assert isinstance(outcome, Reading), outcome
    (asked,) = outcome.requests
    assert isinstance(asked, Aggregate)
    return asked


def where(data: str, question: str) -> list[Condition]:
    return request(data, question).where
