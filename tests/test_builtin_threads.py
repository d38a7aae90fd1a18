"""A talk keeps its thread: behind what was not understood, behind asides, and where groups are pointed at."""

from __future__ import annotations

import tomllib

import pytest

from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.dialogue import read_message
from assistant.builtin.following import acts
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from tests.test_builtin_following import known
from tests.test_builtin_tables import written

# What was typed in turn; the last line is understood as the arrow says. "(Web 5, App 9)" was shown before it.
TALKS = """
    telco | average income by Contract | then tenure
        -> aggregate mean(tenure) by Contract
    hotel | average profit by country | I meant the adr
        -> aggregate mean(adr) by country
    people | average wobbliness by profession | use age
        -> aggregate mean(Age) by Profession
    loans | mean salaryness per branch | hmm, take the credit score then
        -> aggregate mean(CreditScore) by Branch
    hotel | how many frobnicated bookings by country | leave that out
        -> aggregate count() by country
    tips | avg tip by day | will it rain tomorrow? | and by time?
        -> aggregate mean(tip) by time
    tips | avg tip by day | will it rain on saturday? | never mind. and by time?
        -> aggregate mean(tip) by time
    hotel | average adr by country | who are you? | only direct
        -> aggregate mean(adr) by country where market_segment equal Direct
    loans | total outstanding balance by loan type | and how many accounts each | so per account?
        -> aggregate mean(OutstandingBal) by LoanType
    shop | total net amount by channel | per order
        -> aggregate mean(net_amount) by channel
    shop | total net amount by channel | per customer
        -> aggregate sum(net_amount) / count_distinct(customer_id) by channel
    cards | average balance where purchases is 0 | and for everyone else
        -> aggregate mean(BALANCE) where PURCHASES not_equal 0
    calls | calls per month | forget the months. average wait by queue
        -> aggregate mean(wait_sec) by queue
    loans | rank branches by outstanding balance | not by balance, by number of defaults | as a rate i mean
        -> aggregate count( if Defaulted equal Yes) / count() by Branch order=descending limit=10
    hotel | average adr by country | top 3 | all countries again, lowest first
        -> aggregate mean(adr) by country order=ascending
    hotel | which country has the most bookings | and the runner-up?
        -> aggregate count() by country order=descending limit=2 place=2
    hotel | average adr by country (PRT 90, ESP 70) | how many nights did the top one stay
        -> aggregate count() sum(nights) where country equal PRT
    calls | average wait by queue (Billing 50, Technical 90) | break the worst one down by agent
        -> aggregate mean(wait_sec) by agent where queue equal Technical
    shop | total net amount of app and web (web 9, app 5) | which of the two is ahead
        -> aggregate sum(net_amount) by channel where channel in ['app', 'web'] order=descending limit=1
    telco | what is the average tenure | which of the four is highest
        -> no_groups
    wholesale | Umsatz in Süd | und nord? | by produkt
        -> unanchored
"""


def talks() -> list[tuple[list[str], str]]:
    lines = [line.strip() for line in TALKS.strip().splitlines()]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [([part.strip() for part in said.split("|")], told.removeprefix("-> ")) for said, told in pairs]


def heard(title: str, *turns: str) -> list[Outcome]:
    """Read the messages in turn, as a chat does; the outcomes of the last."""
    conversation, outcomes = Conversation(), list[Outcome]()
    for turn in turns:
        text, _, shown = turn.partition(" (")
        groups = [pair.rsplit(" ", 1) for pair in shown.rstrip(")").split(", ") if pair]
        outcomes = read_message(text, known(title), conversation)
        readings = [one for one in outcomes if isinstance(one, Reading)]
        replies = [one for one in outcomes if isinstance(one, Reply)]
        conversation.turns.append(
            Exchange(
                text,
                tuple(request for one in readings for request in one.requests),
                "answered" if readings else replies[0].status,
                () if readings else replies[0].choices,
                shown=tuple((name, float(value)) for name, value in groups),
            )
        )
    return outcomes


@pytest.mark.parametrize(("turns", "told"), talks(), ids=lambda value: str(value[-1])[:40])
def test_a_talk_keeps_its_thread(turns: list[str], told: str) -> None:
    (outcome,) = heard(*turns)
    assert (outcome.template if isinstance(outcome, Reply) else written(outcome)) == told


def test_what_was_mended_and_what_is_followed_is_said() -> None:
    (mended,) = heard("hotel", "average profit by country", "then adr")
    (followed,) = heard("tips", "avg tip by day", "will it rain on saturday?", "and by time?")
    assert isinstance(mended, Reading)
    assert mended.notes[0] == 'I read that as: "average adr by country".'
    assert isinstance(followed, Reading)
    assert followed.notes[0] == 'This goes on from "avg tip by day", the last question that I answered.'


def test_a_change_behind_an_unread_one_can_be_clicked() -> None:
    (asked,) = heard("wholesale", "Umsatz in Süd", "und nord?", "by produkt")
    assert isinstance(asked, Reply)
    assert asked.choices[0] == "Total umsatz by produkt where region is Süd"


def test_every_act_has_a_meaning_and_every_meaning_a_phrase() -> None:
    listed = tomllib.loads(acts._FILE.read_text(encoding="utf-8"))["act"]
    assert {one["does"] for one in listed} == set(acts.MEANT)
