"""Questions about the assistant are answered from what it is; those about data in the same words are not."""

from __future__ import annotations

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.prose import reply_text
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from tests.test_builtin_tables import catalog

ABOUT = """
charts what kinds of charts can you draw
formats which file formats can I upload
trust why should I believe these figures?
sample did you use all rows or just a sample?
purpose what is this thing good for
network do you need the internet for this?
method how did you calculate that?
history can I undo?
"""
DATA = """
how many customers without internet
average monthly charges by internet service
show all the data by gender as a bar chart
"""


def read(text: str) -> Outcome:
    return read_message(text, catalog("telco"), Conversation())[0]


@pytest.mark.parametrize("line", ABOUT.strip().splitlines())
def test_a_question_about_the_assistant_is_answered(line: str) -> None:
    topic, _, text = line.partition(" ")
    outcome = read(text)
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("answered", f"about_{topic}")
    assert len(reply_text(outcome, text)) > 40


@pytest.mark.parametrize("text", DATA.strip().splitlines())
def test_a_question_about_data_is_none_about_the_assistant(text: str) -> None:
    outcome = read(text)
    assert isinstance(outcome, Reading) or not outcome.template.startswith("about_")


def test_a_protected_attribute_is_no_ground_to_turn_people_down() -> None:
    (outcome,) = read_message("list the women we should reject", catalog("bank"), Conversation())
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("refused", "protected_denial")
