"""Knows what a date of purchases says of a customer: days since the last purchase, or since the first.

A customer has a first and a last purchase, no date: "last order before 2006" and "active in 1998" can
be said of customers where the period reaches an end of the data; of any other nothing is made up.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from assistant.builtin.parsing.parts import Parts
from tools.errors import ToolError
from tools.periods import Moment, interval
from tools.selecting import Condition

_RECENCY, _TENURE = "recency_days", "tenure_days"
_FIRST = re.compile(
    r"\b(?:first|earliest|joined|joining|signed up|new since|started|customers? since|acquired)\b", re.I
)
_LAST = re.compile(
    r"\b(?:last|latest|most recent(?:ly)?|newest)\b(?! (?:\d+ )?(?:days?|weeks?|months?|years?|quarters?)\b)",
    re.I,
)
_NEVER = re.compile(
    r"\b(?:no|not|never|nothing|without|none|inactive|silent|dormant|quiet|haven't|hasn't|didn't|did not|"
    r"don't|"
    r"weren't|wasn't)\b", re.I,
)  # fmt: skip
# "No gift since January": rows before it were meant to be kept, of customers those whose last one lies there.
_NONE_SINCE = re.compile(_NEVER.pattern + r".*\b(?:since|after|from)\b", re.IGNORECASE)


def of_customers(one: Condition, parts: Parts) -> Condition | None:
    """Write a condition on the date of purchases as one on customers; None where customers cannot tell.

    Args:
        one: A condition on the time column of the transactions.
        parts: The sentence, whose words tell the first purchase from the last.

    Returns:
        A condition on the days since the last or first purchase, counted to the last day of the data.
    """
    span = parts.catalog.span
    if span is None or one.grain or not parts.feature(_RECENCY) or not parts.feature(_TENURE):
        return None
    ends = _ends(one)
    if ends is None:
        return None
    start, end = ends
    text = parts.sentence.text
    if _FIRST.search(text):
        made = _between(_TENURE, start, end, span.last)
    elif _LAST.search(text):
        made = _between(_RECENCY, start, end, span.last)
    elif end is None or end >= span.last:
        if start is None:
            return None
        within = not _NEVER.search(text)
        made = _days(_RECENCY, "at_most" if within else "above", span.last - start)
    elif start is None and _NONE_SINCE.search(text):
        made = _days(_RECENCY, "above", span.last - end - timedelta(days=1))
    elif start is None or start <= span.first:
        within = not _NEVER.search(text)
        made = _days(_TENURE, "at_least" if within else "below", span.last - end)
    else:
        return None
    if made is not None:
        what = "last" if made.column == _RECENCY else "first"
        parts.note(
            f"The time of the {what} purchase is **{made.column}**, counted to {span.last.isoformat()}."
        )
    return made


def says_when(parts: Parts) -> bool:
    """Tell whether a sentence speaks of the first or last purchase, or of being active, by itself."""
    text = parts.sentence.text
    return bool(_FIRST.search(text) or _LAST.search(text) or re.search(r"\b(?:in)?active\b", text, re.I))


def _ends(one: Condition) -> tuple[date | None, date | None] | None:
    """Return the first and the last day of the period that a condition allows, None for an open end."""
    try:
        if one.is_ == "between" and len(one.values) == 2:
            return _day(interval(one.values[0])[0]), _before(interval(one.values[1])[1])
        if one.value is None:
            return None
        start, after = interval(one.value)
    except ToolError:
        return None
    match one.is_:
        case "equal":
            return _day(start), _before(after)
        case "at_least":
            return _day(start), None
        case "above":
            return _day(after), None
        case "below":
            return None, _before(start)
        case "at_most":
            return None, _before(after)
        case _:
            return None


def _between(column: str, start: date | None, end: date | None, last: date) -> Condition | None:
    """Return the days that a purchase from `start` to `end` lies before the last day of the data."""
    if start is not None and end is not None and end < last:
        days = [(last - end).days, (last - start).days]
        return Condition.model_validate({"column": column, "is": "between", "values": days})
    if start is not None:
        return _days(column, "at_most", last - start)
    return _days(column, "at_least", last - end) if end is not None else None


def _days(column: str, is_: str, length: timedelta) -> Condition:
    return Condition.model_validate({"column": column, "is": is_, "value": length.days})


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _before(moment: Moment) -> date:
    """Return the last day before the end of a period, which is not part of it."""
    return _day(moment) - timedelta(days=1)
