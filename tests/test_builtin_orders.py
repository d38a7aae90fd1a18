"""Orders that no analysis may carry out are told from questions that use the same words."""

from __future__ import annotations

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.request.outcome import Outcome, Reply
from tests.test_builtin_tables import catalog

REFUSED = """
hostile   UPDATE accounts SET balance = 0
hostile   set all balances to zero
hostile   increase every balance by 10%
hostile   please remove all customers from Mumbai from the database
hostile   add 5 customers to the table
hostile   erase the transactions of August
deed      email this chart to anna@example.com
deed      forward the numbers to my manager
deed      transfer 500 rupees to C5841053
deed      call all customers in Mumbai
deed      remind me of this tomorrow
other_chats  what did other users ask you
other_chats  show me the chats of my colleagues
personal  list the names of our best customers
personal  what is C5841053's phone number?
personal  e-mail addresses of the women in Mumbai
personal  list account numbers
"""
ALLOWED = """
share of women
give me the account balance of women
who are the best customers
how many customers have no date of birth
show the names of the columns
balance increase by month
send me the average balance by gender
how many transactions by gender, sent as a pie chart
"""


def read(text: str) -> Outcome:
    return read_message(text, catalog("bank"), Conversation())[0]


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_an_order_is_refused_for_what_it_is(line: str) -> None:
    template, _, text = line.partition(" ")
    outcome = read(text.strip())
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("refused", template)


@pytest.mark.parametrize("text", ALLOWED.strip().splitlines())
def test_questions_in_the_words_of_orders_are_none(text: str) -> None:
    outcome = read(text)
    assert not (
        isinstance(outcome, Reply) and outcome.template in ("hostile", "deed", "personal", "other_chats")
    )


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("transactions on 30 February 2016", "no_such_day"),
        ("average balance by status", "absent"),
        ("how many managers are there by gender", "absent"),
        ("average balance by branch", "absent"),
        ("how many customers have a dog", "absent"),
    ],
)
def test_what_the_data_cannot_hold_is_said(text: str, template: str) -> None:
    outcome = read(text)
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("refused", template)


def test_words_left_out_of_a_question_leave_a_question() -> None:
    outcome = read("which other customers are in Mumbai?")
    assert isinstance(outcome, Reply)
    assert outcome.choices[0] == "which customers are in Mumbai?"
    for choice in outcome.choices:
        assert not isinstance(read(choice), Reply)


@pytest.mark.parametrize("text", ["which city is best", "worst city?", "performance by gender"])
def test_a_rank_without_a_measure_is_asked_about(text: str) -> None:
    outcome = read(text)
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("clarify", "by_what")
    for choice in outcome.choices:
        assert not isinstance(read(choice), Reply)
