"""Conversations with the built-in analyst: every turn changes the last request as a person would expect."""

from __future__ import annotations

import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.conversation import Conversation, Exchange, taught_words
from assistant.builtin.dialogue import read_message
from assistant.builtin.linking import Catalog
from assistant.builtin.request.outcome import Reading
from tests.test_builtin_tables import BANK, catalog, workspace_of, written

CONVERSATIONS = """
[bank]
what is the average balance of men
    -> aggregate mean(CustAccountBalance) where CustGender equal M
and for women?
    -> aggregate mean(CustAccountBalance) where CustGender equal F
by month instead
    -> show_trend mean(CustAccountBalance) where CustGender equal F grain=month
as a bar chart
    -> show_trend mean(CustAccountBalance) where CustGender equal F grain=month chart=bar
[bank]
average amount by gender
    -> aggregate mean(TransactionAmount (INR)) by CustGender
no, I meant the median
    -> aggregate median(TransactionAmount (INR)) by CustGender
only in August
    -> aggregate median(TransactionAmount (INR)) by CustGender where TransactionDate equal 2016-08
as a pie chart
    -> aggregate median(TransactionAmount (INR)) by CustGender where TransactionDate equal 2016-08 chart=pie
[bank]
top 10 cities by amount
    -> aggregate sum(TransactionAmount (INR)) by CustLocation order=descending limit=10
only the top 3
    -> aggregate sum(TransactionAmount (INR)) by CustLocation order=descending limit=3
now the bottom 5
    -> aggregate sum(TransactionAmount (INR)) by CustLocation order=ascending limit=5
go back
    -> aggregate sum(TransactionAmount (INR)) by CustLocation order=descending limit=3
[bank]
how many customers are from Mumbai?
    -> aggregate count_distinct(CustomerID) where CustLocation equal MUMBAI
what about Bangalore?
    -> aggregate count_distinct(CustomerID) where CustLocation equal BANGALORE
how many of them are women?
    -> aggregate count_distinct(CustomerID) where CustLocation equal BANGALORE, CustGender equal F
what's their average balance?
    -> aggregate mean(CustAccountBalance) where CustLocation equal BANGALORE, CustGender equal F
[bank]
total amount in August
    -> aggregate sum(TransactionAmount (INR)) where TransactionDate equal 2016-08
and in September?
    -> aggregate sum(TransactionAmount (INR)) where TransactionDate equal 2016-09
by gender
    -> aggregate sum(TransactionAmount (INR)) by CustGender where TransactionDate equal 2016-09
why?
    -> clarify why_data
[bank+]
segment my customers
    -> find_segments
why?
    -> explain_segments
without the balance
    -> find_segments ignore=[last_balance]
make it 4
    -> find_segments n_segments=4 ignore=[last_balance]
describe the second segment
    -> describe_segments segment=2
rename it to Savers
    -> rename_segment segment=2 name=Savers
compare 1 and 2
    -> compare_segments first=1 second=2
go back
    -> undo_segmentation
[telco]
churn rate by contract
    -> aggregate count( if Churn equal Yes) / count() by Contract
and by payment method?
    -> aggregate count( if Churn equal Yes) / count() by PaymentMethod
only senior citizens
    -> aggregate count( if Churn equal Yes) / count() by PaymentMethod where SeniorCitizen equal 1
drop the filter
    -> aggregate count( if Churn equal Yes) / count() by PaymentMethod
[telco]
average charges by contract
    -> clarify which_column
the monthly one
    -> aggregate mean(MonthlyCharges) by Contract
median instead
    -> aggregate median(MonthlyCharges) by Contract
[telco]
how many customers churned?
    -> aggregate count() where Churn equal Yes
what percentage is that?
    -> aggregate count( if Churn equal Yes) / count()
by internet service
    -> aggregate count( if Churn equal Yes) / count() by InternetService
which one is highest?
    -> aggregate count( if Churn equal Yes) / count() by InternetService order=descending limit=1
"""


def conversations() -> list[tuple[str, list[tuple[str, str]]]]:
    found: list[tuple[str, list[tuple[str, str]]]] = []
    question = ""
    for line in CONVERSATIONS.strip().splitlines():
        if line.startswith("["):
            found.append((line.strip("[]"), []))
        elif line.startswith("    -> "):
            found[-1][1].append((question, line.removeprefix("    -> ")))
        else:
            question = line
    return found


def say(question: str, known: Catalog, conversation: Conversation) -> str:
    outcomes = read_message(question, known, conversation)
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    requests = tuple(request for reading in readings for request in reading.requests)
    asked = outcomes[0]
    status, choices = ("answered", ()) if isinstance(asked, Reading) else (asked.status, asked.choices)
    conversation.turns.append(Exchange(question, requests, status, tuple(choices)))
    return " ; ".join(written(outcome) for outcome in outcomes)


@pytest.mark.parametrize(("data", "turns"), conversations(), ids=lambda value: str(value)[:50])
def test_every_turn_is_understood(data: str, turns: list[tuple[str, str]]) -> None:
    known = catalog(data.removesuffix("+"), *(("Loyal", "Young", "Rich") if data.endswith("+") else ()))
    conversation = Conversation()
    said = [(question, say(question, known, conversation)) for question, _ in turns]
    assert said == turns


def test_several_requests_in_one_message() -> None:
    outcomes = read_message(
        "average balance by gender; top 5 cities by amount", catalog("bank"), Conversation()
    )
    assert [written(outcome) for outcome in outcomes] == [
        "aggregate mean(CustAccountBalance) by CustGender",
        "aggregate sum(TransactionAmount (INR)) by CustLocation order=descending limit=5",
    ]


def test_two_counts_are_answered_in_one_sentence() -> None:
    outcomes = read_message("how many transactions and how many customers", catalog("bank"), Conversation())
    assert [written(outcome) for outcome in outcomes] == ["aggregate count() count_distinct(CustomerID)"]


def test_small_talk_around_a_question_is_left_out() -> None:
    message = "Hi! I have a meeting in an hour. What is the average balance? Thanks!"
    outcomes = read_message(message, catalog("bank"), Conversation())
    assert [written(outcome) for outcome in outcomes] == ["aggregate mean(CustAccountBalance)"]


def test_what_a_person_teaches_is_used_from_then_on() -> None:
    workspace = workspace_of(BANK)
    lesson = "by spend I mean CustAccountBalance"
    taught = taught_words([lesson], catalog_of(workspace))
    known = catalog_of(workspace, taught)
    assert say(lesson, known, Conversation()) == "answered taught"
    assert (
        say("average spend by gender", known, Conversation())
        == "aggregate mean(CustAccountBalance) by CustGender"
    )


def test_without_the_outliers_finds_them_first() -> None:
    known, conversation = catalog("bank"), Conversation()
    say("average amount by gender", known, conversation)
    assert say("without the outliers", known, conversation).startswith(
        "find_outliers column=TransactionAmount (INR) & aggregate mean"
    )
