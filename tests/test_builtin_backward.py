"""A reading is given only if it and its words account for each other: planted disagreements are found."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builtin.backward.premise import counted_groups
from assistant.builtin.backward.spelling import clickable, spelt
from assistant.builtin.backward.verdict import disagreements, settled, verified
from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.dialogue import read_message
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.calls import request_from_call
from assistant.builtin.request.outcome import Reading, Reply
from tests.test_builtin_tables import catalog


def asked(tool: str, **arguments: Any) -> Reading:
    request = request_from_call(tool, arguments)
    assert request is not None
    return Reading((request,))


def kinds(data: str, text: str, reading: Reading) -> set[str]:
    return {found.kind for found in disagreements(reading, text, catalog(data), Conversation())}


AMOUNT = "TransactionAmount (INR)"
MEAN = [{"statistic": "mean", "column": AMOUNT}]
BY_CITY = [{"column": "CustLocation"}]
COUNT = [{"statistic": "count"}]


@pytest.mark.parametrize(
    ("text", "arguments", "kind"),
    [
        ("average amount by city, bottom 5", {"measures": MEAN, "by": BY_CITY}, "number"),
        ("average amount by city, bottom 5", {"measures": MEAN, "by": BY_CITY}, "extreme"),
        ("average amount without Mumbai", {"measures": MEAN}, "negation"),
        ("average balance in September", {"measures": MEAN}, "column"),
        ("average amount in September", {"measures": MEAN}, "time"),
        ("median amount", {"measures": MEAN}, "statistic"),
        ("how many transactions in Mumbai", {"measures": MEAN}, "count"),
        ("average amount per gender", {"measures": MEAN}, "each"),
        ("share of women", {"measures": COUNT}, "share"),
        ("average amount of those who live in Mumbai", {"measures": MEAN}, "population"),
        ("average amount as a pie chart by city", {"measures": MEAN, "by": BY_CITY}, "chart"),
        ("average amount by city, then average those", {"measures": MEAN, "by": BY_CITY}, "nested"),
        ("average amount", {"measures": MEAN, "by": BY_CITY, "limit": 3}, "limit"),
        (
            "cities with the highest average amount",
            {"measures": MEAN, "by": BY_CITY, "order": "ascending"},
            "direction",
        ),
        ("average amount", {"measures": MEAN, "by": BY_CITY}, "group"),
        (
            "amount in Mumbai by city",
            {
                "measures": MEAN,
                "by": BY_CITY,
                "where": [{"column": "CustLocation", "is": "equal", "value": "MUMBAI"}],
            },
            "one group",
        ),
        (
            "transactions before 2016 in September 2016",
            {
                "measures": COUNT,
                "where": [
                    {"column": "TransactionDate", "is": "below", "value": "2016-01-01"},
                    {"column": "TransactionDate", "is": "equal", "value": "2016-09"},
                ],
            },
            "never",
        ),
        (
            "amount above 9 million",
            {"measures": COUNT, "where": [{"column": AMOUNT, "is": "above", "value": 9e6}]},
            "beyond",
        ),
    ],
)
def test_a_planted_disagreement_is_found(text: str, arguments: dict[str, Any], kind: str) -> None:
    assert kind in kinds("bank", text, asked("aggregate", **arguments))


def test_of_all_frequency_columns_one_is_not_all() -> None:
    one = asked("find_segments", n_segments=3, ignore=["PURCHASES_FREQUENCY"])
    assert "all" in kinds("cards", "3 segments, ignore all the frequency columns", one)


def test_a_share_is_of_what_it_is_said_to_be_of() -> None:
    rate = {
        "statistic": "count",
        "where": [{"column": "Churn", "is": "equal", "value": "Yes"}],
        "per": {"statistic": "count"},
    }
    reading = asked("aggregate", measures=[rate], by=[{"column": "Contract"}])
    assert "base" in kinds("telco", "contracts in % of all churned", reading)
    assert not kinds("telco", "churn rate by contract", reading)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("bank", "average amount by city"),
        ("bank", "how many women live in Mumbai"),
        ("bank", "top 5 cities by total amount"),
        ("bank", "share of transactions above 5000"),
        ("telco", "churn rate of seniors by contract"),
        ("telco", "median monthly charges of customers with more than 12 months of tenure"),
        ("cards", "customers who never purchased anything"),
        ("cards", "segment the customers into 4 by balance and purchases"),
    ],
)
def test_a_right_reading_agrees_with_its_words(data: str, text: str) -> None:
    (outcome,) = read_message(text, catalog(data), Conversation())
    assert isinstance(outcome, Reading)


def test_the_question_back_spells_the_reading_and_a_click_gives_it() -> None:
    bank = catalog("bank")
    reading = asked("aggregate", measures=MEAN, by=BY_CITY)
    reply = verified(reading, "average amount by city, bottom 5", bank, Conversation(), read_sentence)
    assert isinstance(reply, Reply)
    assert (reply.status, reply.template) == ("clarify", "disagrees")
    assert "5" in reply.values["left"]
    offered = clickable(reading.requests[0], bank, read_sentence)
    assert offered in reply.choices
    asked_back = Exchange("average amount by city, bottom 5", (), "clarify", reply.choices)
    (again,) = read_message(str(offered), bank, Conversation([asked_back]))
    assert isinstance(again, Reading)
    assert again.requests == reading.requests


def test_a_request_is_spelt_with_every_part() -> None:
    request = request_from_call(
        "aggregate",
        {
            "measures": MEAN,
            "by": BY_CITY,
            "where": [{"column": "CustGender", "is": "not_equal", "value": "F"}],
            "order": "ascending",
            "limit": 3,
        },
    )
    assert request is not None
    words = spelt(request, catalog("bank"))
    for part in ("average", "by location", "3 lowest", "is not F"):
        assert part in words


def test_a_piece_of_a_question_that_was_not_answered_is_asked_back() -> None:
    bank = catalog("bank")
    before = Exchange("amount by branch and city", (), "clarify", ())
    (outcome,) = read_message("now Mumbai", bank, Conversation([before]))
    assert isinstance(outcome, Reply)
    assert outcome.template == "unanchored"
    (whole,) = read_message("average amount by gender", bank, Conversation([before]))
    assert isinstance(whole, Reading)


def test_half_a_message_is_not_answered_as_if_it_were_all() -> None:
    known = asked("aggregate", measures=MEAN)
    unknown = Reply("refused", "absent", {}, ())
    (reply,) = settled([unknown, known], ["how many live alone?", "average amount"])
    assert isinstance(reply, Reply)
    assert reply.template == "part_only"
    assert "average amount" in reply.choices


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("average tenure across the 5 contracts", "not 5"),
        ("average tenure across the three contracts", ""),
        ("the 2 contracts with the highest churn", ""),
    ],
)
def test_a_wrong_number_of_groups_is_told(text: str, told: str) -> None:
    _, said = counted_groups(text, catalog("telco"))
    assert (told in said) if told else not said
