"""Reads ranges of months or days without a year: "November to February" goes over New Year, never back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from assistant.builtin.months import Period, month_end
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.selecting import Condition

_YEAR = re.compile(r"\b(?:19|20)\d\d\b|['’]\d\d\b")


def range_without_year(
    parts: Parts, column: str, ends: Sequence[Item], periods: Sequence[Period]
) -> Condition | None:
    """Return the days from one period to the other where their own years would turn the range round.

    Args:
        parts: The question.
        column: The date that is asked about.
        ends: The two items, in the order in which they stand.
        periods: What they were read as, each by itself.

    Returns:
        The latest such time that the data hold from end to end, or all that they hold of it; None where the
        range is in order or the years are said.
    """
    first, last = periods
    if last.first >= first.first or any(_YEAR.search(item.text) for item in ends):
        return None
    span = _held(parts, column)
    if span is None:
        return None
    low, high = span
    crosses = (last.first.month, last.first.day) < (first.first.month, first.first.day)
    times = []
    for year in range(low.year - 1, high.year + 1):
        start, end = _in_year(first.first, year), _in_year(last.last, year + crosses)
        if end >= low and start <= high:
            times.append((start, end))
    if not times:
        return None
    whole = [time for time in times if time[0] >= low.replace(day=1) and time[1] <= _month_over(high)]
    said = f"{ends[0].text} to {ends[1].text}"
    if whole:
        start, end = whole[-1]
        if len(times) > 1:
            parts.note(f"I read {said} as {_day(start)} to {_day(end)}, the latest in the data.")
        return condition(column, "between", None, values=[start.isoformat(), end.isoformat()])
    held = [(max(start, low.replace(day=1)), min(end, _month_over(high))) for start, end in times]
    one, *others = (
        condition(column, "between", None, values=[start.isoformat(), end.isoformat()]) for start, end in held
    )
    spans = " and ".join(f"{_day(start)} to {_day(end)}" for start, end in held)
    parts.note(f"The data hold no {said} as a whole, so I took what they hold of it: {spans}.")
    return one.model_copy(update={"or_": others}) if others else one


def _held(parts: Parts, column: str) -> tuple[date, date] | None:
    """Return the first and last day of a date column, or of the data where they are not known."""
    held = parts.column(column)
    span = parts.catalog.span
    if isinstance(held.minimum, str) and isinstance(held.maximum, str):
        return date.fromisoformat(held.minimum[:10]), date.fromisoformat(held.maximum[:10])
    return (span.first, span.last) if span is not None else None


def _in_year(when: date, year: int) -> date:
    if when.month == 2 and (when + timedelta(days=1)).month == 3:
        return month_end(year, 2)  # the end of February, whichever day that is
    return when.replace(year=year)


def _month_over(when: date) -> date:
    return month_end(when.year, when.month)


def _day(when: date) -> str:
    return f"{when.day} {when:%b %Y}"
