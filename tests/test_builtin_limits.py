"""What the built-in analyst must refuse, and what only sounds like it.

`builtin_limits.txt` holds messages by data set and by what is to come of them: "hostile", "personal" and
"deed" are refused as that; "no" has no answer in the data; "fine" is innocent, in the words of the others.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from tests.test_builtin_following import known

LINES = Path(__file__).with_name("builtin_limits.txt")
# Tools that say themselves that the data cannot carry it.
ADVICE = {"check_eligibility", "find_churn_risk", "predict_value", "recall_notes"}


def messages(*kinds: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    data, kind = "", ""
    for line in LINES.read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"\[(\w+)\] (\w+)", line)
        if heading:
            data, kind = heading[1], heading[2]
        elif line and kind in kinds:
            found.append((data, kind, line))
    return found


def outcomes(data: str, text: str) -> list[Outcome]:
    return read_message(text, known(data), Conversation())


@pytest.mark.parametrize(("data", "kind", "text"), messages("hostile", "personal", "deed"))
def test_what_may_not_be_done_is_refused(data: str, kind: str, text: str) -> None:
    (outcome,) = outcomes(data, text)
    assert isinstance(outcome, Reply)
    assert outcome.status == "refused"
    assert outcome.template in ("hostile", "personal", "deed")


@pytest.mark.parametrize(("data", "kind", "text"), messages("no"))
def test_what_the_data_cannot_tell_is_never_answered_with_figures(data: str, kind: str, text: str) -> None:
    for outcome in outcomes(data, text):
        told = isinstance(outcome, Reading) and (outcome.after or outcome.preface or outcome.claimed_first)
        advice = isinstance(outcome, Reading) and all(r.tool in ADVICE for r in outcome.requests)
        assert advice or told or (isinstance(outcome, Reply) and outcome.status in ("refused", "clarify"))


@pytest.mark.parametrize(("data", "kind", "text"), messages("fine"))
def test_an_innocent_question_is_not_refused(data: str, kind: str, text: str) -> None:
    assert not [o for o in outcomes(data, text) if isinstance(o, Reply) and o.status == "refused"]


def test_most_innocent_questions_are_answered_at_once() -> None:
    fine = messages("fine")
    answered = [text for data, _, text in fine if all(isinstance(o, Reading) for o in outcomes(data, text))]
    assert len(answered) >= 0.85 * len(fine)
