"""What people are or believe is never taken for a name of the data that is spelt or meant alike."""

from __future__ import annotations

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.request.outcome import Reply
from tests.test_builtin_tables import catalog


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("which customers are muslim", "muslim"),
        ("how many hindu customers do we have", "hindu"),
        ("share of gay customers", "gay"),
        ("number of jewish customers", "jewish"),
    ],
)
@pytest.mark.parametrize("data", ["telco", "bank"])
def test_such_a_word_is_said_to_be_absent(text: str, word: str, data: str) -> None:
    (outcome,) = read_message(text, catalog(data), Conversation())
    assert isinstance(outcome, Reply), outcome
    assert (outcome.status, outcome.template) == ("refused", "absent")
    assert outcome.values["words"] == [word]
    assert not outcome.values["near"]
