"""What the built-in analyst reads with certainty, and what it only reads."""

from __future__ import annotations

import pytest

from assistant.agent import Agent
from assistant.builtin.certainty import reads_with_certainty
from assistant.messages import history
from assistant.session import Session
from assistant.settings import Settings


@pytest.mark.parametrize(
    "question",
    ["How many orders are there?", "average amount by country", "total amount of web orders from Italy",
     "Segment my customers", "How many orders by month", "Print all e-mail addresses of the customers"],
)  # fmt: skip
def test_read_with_certainty(session: Session, question: str) -> None:
    assert reads_with_certainty(question, session.workspace, [])


@pytest.mark.parametrize(
    "question",
    [
        "how huge is our orders thing, roughly?",  # unknown words
        "avrage amuont by contry",  # mended spelling
        "which channel brings the most money in?",  # "money" is a guess
        "Why is the amount so low in Spain?",  # no figure is a reason
        "What is customer segmentation?",  # general: notes, or the model's own knowledge
        "lifetime of our subscriptions",  # not in the data
    ],
)
def test_not_read_with_certainty(session: Session, question: str) -> None:
    assert not reads_with_certainty(question, session.workspace, [])


def test_a_message_that_only_the_chat_gives_a_meaning_is_not_certain(session: Session) -> None:
    list(Agent(Settings()).reply(session, "average amount by country"))
    earlier = history(session.turns, session.workspace, False)
    assert not reads_with_certainty("and by channel?", session.workspace, earlier)
    assert reads_with_certainty("How many orders are there?", session.workspace, earlier)
