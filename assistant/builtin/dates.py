"""Knows dates and periods as people write them, read against the span of the data: August, last month."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from assistant.builtin.months import (
    Period,
    Span,
    following_year,
    month_end,
    month_number,
    word_at,
    year_beside,
    year_for,
)
from assistant.builtin.numbers import ORDINALS, read_quantity
from assistant.builtin.tokens import Token

_BEFORE_NUMBERS = {
    "above",
    "over",
    "than",
    "under",
    "below",
    ">",
    "<",
    ">=",
    "<=",
    "=",
    "least",
    "most",
    "exactly",
    "top",
    "first",
    "bottom",
    "last",
    "$",
    "€",
    "£",
    "₹",
    "rs",
    "inr",
}
_LENGTHS = {"day": 1, "week": 7, "fortnight": 14}


def read_period(tokens: Sequence[Token], start: int, span: Span | None) -> tuple[Period, int] | None:
    """Read a date or a period that begins at a token.

    Args:
        tokens: The message.
        start: Index of the first token.
        span: First and last day of the data, or None where there is no date column.

    Returns:
        The period and the index behind its last token, or None.
    """
    if span is None:
        return None
    for reader in (
        _written_date, _days_of_month, _day_and_month, _week_of_month, _months_through, _month,
        _quarter_or_half, _to_date, _relative, _year,
    ):  # fmt: skip
        found = reader(tokens, start, span)
        if found:
            days = _days_behind(tokens, *found)
            again = reader is _relative and not days and found[1] < len(tokens)
            restated = read_period(tokens, found[1], span) if again else None
            return days or restated or found  # "this year (2024)", "last quarter (q2)"
    return None


def _written_date(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    text = tokens[start].text
    parts = [int(part) for part in text.replace("/", "-").replace(".", "-").split("-") if part.isdigit()]
    if tokens[start].kind != "number" or len(parts) != 3:
        return None
    year, month, day = parts if "-" in text else (parts[2], parts[1], parts[0])
    year += 2000 if year < 100 else 0
    if month > 12:
        month, day = day, month
    try:
        when = date(year, month, day)
    except ValueError:
        return None
    assumed = "" if "-" in text or parts[0] > 12 else f"I read {text} with the day first."
    return Period(when, when, assumed), start + 1


def _day_and_month(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "1 Aug 2016", "1st of August", "August 1st, 2016"."""
    index, day, month = start, None, None
    if tokens[index].norm in ORDINALS and (
        month_number(tokens, index + 1 + (word_at(tokens, index + 1) == "of"))
    ):
        day, index = ORDINALS[tokens[index].norm], index + 1  # the first of August
        index += word_at(tokens, index) == "of"
        month = month_number(tokens, index)
        index += 1
    elif tokens[index].kind == "number" and tokens[index].norm.isdigit():
        day, index = int(tokens[index].norm), index + 1
        index += word_at(tokens, index) in ("st", "nd", "rd", "th")
        index += word_at(tokens, index) == "of"
        month = month_number(tokens, index)
        index += 1
    elif (month := month_number(tokens, index)) and word_at(tokens, index + 1).isdigit():
        day, index = int(word_at(tokens, index + 1)), index + 2
        index += word_at(tokens, index) in ("st", "nd", "rd", "th")
    if not month or not day or day > 31:
        return None
    year, index = following_year(tokens, index)
    year = year or year_beside(tokens, start, index, span, month) or year_for(month, span)
    if day > calendar.monthrange(year, month)[1]:
        return None
    when = date(year, month, day)
    return Period(when, when), index


_THROUGH = ("-", "–", "to", "until", "till", "through")


def _days_of_month(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "20 to 31 December 2023", "1-15 August", "the 3rd to the 9th of May", "between 3 and 10 May"."""
    first = _day(tokens, start)
    joined = word_at(tokens, first[1]) if first else ""
    if first is None or joined not in (*_THROUGH, "and"):
        return None
    led = start - 1 - (start > 0 and word_at(tokens, start - 1) == "the")
    if joined == "and" and (led < 0 or word_at(tokens, led) != "between"):
        return None
    last = _day_and_month(tokens, first[1] + 1 + (word_at(tokens, first[1] + 1) == "the"), span)
    if last is None or first[0] > last[0].last.day:
        return None
    return Period(last[0].last.replace(day=first[0]), last[0].last), last[1]


def _day(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Read a day of a month, "3", "3rd" or "the third", and the index behind it."""
    word = word_at(tokens, at)
    if word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31:
        return int(word), at + 1 + (word_at(tokens, at + 1) in ("st", "nd", "rd", "th"))
    return (ORDINALS[word], at + 1) if word in ORDINALS else None


def _days_behind(tokens: Sequence[Token], period: Period, index: int) -> tuple[Period, int] | None:
    """Read the days that follow a month: "May (25th to 31st)", "May 25-31", "May 25th to 31st"."""
    if (period.first.year, period.first.month) != (period.last.year, period.last.month):
        return None
    first: tuple[int, int] | None = (period.first.day, index) if period.single_day else _day(tokens, index)
    if first is None or word_at(tokens, first[1]) not in _THROUGH:
        return None
    last = _day(tokens, first[1] + 1 + (word_at(tokens, first[1] + 1) == "the"))
    longest = calendar.monthrange(period.first.year, period.first.month)[1]
    if last is None or not first[0] < last[0] <= longest or _goes_on(tokens, last[1]):
        return None
    year, index = following_year(tokens, last[1])
    month = period.first.replace(year=year or period.first.year, day=1)
    return Period(month.replace(day=first[0]), month.replace(day=last[0])), index


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether what follows a number makes it part of something else: "May 3 to 5 June", "5 o'clock"."""
    word = word_at(tokens, index)
    units = ("%", "am", "pm", "o'clock", ":", "day", "week", "month", "year", "hour", "of", "and")
    return month_number(tokens, index) is not None or word in units


def _week_of_month(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "the first week of September": its days 1 to 7; the last one: its last seven days."""
    which, unit = word_at(tokens, start), word_at(tokens, start + 1)
    number = ORDINALS.get(which, 5 if which in ("last", "final") else 0)
    if not number or unit not in ("week", "fortnight") or word_at(tokens, start + 2) not in ("of", "in"):
        return None
    month = _month(tokens, start + 3 + (word_at(tokens, start + 3) == "the"), span)
    if month is None or number > 5:
        return None
    days = _LENGTHS[unit]
    first = month[0].first + timedelta(days=days * (number - 1))
    if number == 5:
        first = month[0].last - timedelta(days=days - 1)
    return Period(first, min(first + timedelta(days=days - 1), month[0].last), month[0].assumed), month[1]


def _to_date(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "year to date", "ytd", "so far this year" against the last day of the data."""
    words = [word_at(tokens, at) for at in range(start, start + 4)]
    said = f"The data end on {span.last.day} {span.last:%b %Y}, which I take as today."
    if words[0] == "ytd":
        return Period(span.last.replace(month=1, day=1), span.last, said), start + 1
    if words[1:3] == ["to", "date"] and words[0] in ("year", "month", "quarter"):
        return Period(_start_of(span.last, words[0]), span.last, said), start + 3
    if words[:3] == ["so", "far", "this"] and words[3] in ("year", "month", "quarter"):
        return Period(_start_of(span.last, words[3]), span.last, said), start + 4
    return None


def _month(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    index = start
    third = word_at(tokens, index) in ("early", "mid", "late")
    month = month_number(tokens, index + third)
    if not month or third:
        return None
    year, index = following_year(tokens, index + 1)
    year = year or year_beside(tokens, start, index, span, month)
    assumed = ""
    if year is None:
        year = year_for(month, span)
        covered = [
            y
            for y in range(span.first.year, span.last.year + 1)
            if date(y, month, 1) <= span.last and month_end(y, month) >= span.first
        ]
        if len(covered) > 1:
            name = calendar.month_name[month]
            assumed = f"I read {tokens[start].text} as {name} {year}, the latest one in the data."
    return Period(date(year, month, 1), month_end(year, month), assumed), index


def _months_through(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "January through June 1998" as one period; behind "from" both ends are read on their own."""
    first = _month(tokens, start, span)
    led = start > 0 and word_at(tokens, start - 1) in ("from", "between")
    if first is None or led or word_at(tokens, first[1]) not in ("through", "till", "until"):
        return None
    last = _month(tokens, first[1] + 1, span)
    if last is None or last[0].last < first[0].first:
        return None
    return Period(first[0].first, last[0].last, first[0].assumed), last[1]


def _quarter_or_half(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    word, index = word_at(tokens, start), start
    number = None
    if len(word) == 2 and word[0] in "qh" and word[1].isdigit():
        number, kind, index = int(word[1]), {"q": "quarter", "h": "half"}[word[0]], index + 1
    elif _place(tokens, index)[0] and word_at(tokens, _place(tokens, index)[1]) in ("quarter", "half"):
        place, index = _place(tokens, index)
        kind = word_at(tokens, index)
        index += 1
        if place == LAST and kind == "quarter" and word_at(tokens, index) not in ("of", "in"):
            return None  # relative to the end of the data
        number = place if place != LAST else 4 if kind == "quarter" else 2
        if kind == "half" and word_at(tokens, index) == "of":
            after = index + 1 + (word_at(tokens, index + 1) in ("the", "this"))
            month = _month(tokens, after, span)
            if month:
                middle = month[0].first + timedelta(days=14)
                halves = (Period(month[0].first, middle), Period(middle + timedelta(days=1), month[0].last))
                return halves[min(number, 2) - 1], month[1]
            if word_at(tokens, after) in ("data", "period", "file", "time"):
                middle = span.first + (span.last - span.first) // 2
                halves = (Period(span.first, middle), Period(middle + timedelta(days=1), span.last))
                return halves[min(number, 2) - 1], after + 1
    if not number:
        return None
    if (
        word_at(tokens, index) == "of"
        and word_at(tokens, index + 1) == "the"
        and word_at(tokens, index + 2) == "year"
    ):
        index += 3
    year, index = following_year(tokens, index)
    year = year or year_beside(tokens, start, index, span) or span.last.year
    months = 3 if kind == "quarter" else 6
    if number * months > 12:
        return None
    return Period(date(year, (number - 1) * months + 1, 1), month_end(year, number * months)), index


LAST = -1


def _place(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """Read "first", "2nd" or "last" and return it with the index behind it; 0 if it is none of them."""
    word = word_at(tokens, index)
    if word == "last":
        return LAST, index + 1
    if word in ORDINALS:
        return ORDINALS[word], index + 1
    if word.isdigit() and word_at(tokens, index + 1) in ("st", "nd", "rd", "th"):
        return int(word), index + 2
    return 0, index


def _relative(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "last month", "the past 30 days", "yesterday"; now is the last day of the data."""
    word, index = word_at(tokens, start), start + 1
    today = span.last
    said = f"The data end on {today.day} {today:%b %Y}, which I take as today."
    if word in ("today", "yesterday"):
        when = today - timedelta(days=word == "yesterday")
        return Period(when, when, said), index
    if word not in ("last", "past", "previous", "this", "current", "first", "final", "recent"):
        return None
    amount = 1.0
    quantity = read_quantity(tokens, index) if index < len(tokens) else None
    counted = quantity is not None and quantity[0].unit in ("days", "weeks", "months", "years")
    if counted and quantity:
        amount, index = quantity[0].value, quantity[1]
        unit = {"days": "day", "weeks": "week", "months": "month", "years": "year"}[quantity[0].unit or ""]
    else:
        unit = word_at(tokens, index)
        index += 1
    if unit not in ("day", "week", "fortnight", "month", "quarter", "year"):
        return None
    if word == "first":
        return Period(span.first, _shift(span.first, unit, amount) - timedelta(days=1)), index
    if word in ("this", "current"):
        return Period(_start_of(today, unit), today, said), index
    if word in ("last", "previous", "final") and not counted and unit in ("month", "quarter", "year", "week"):
        before = _start_of(today, unit) - timedelta(days=1)
        if before < span.first:
            return None
        return Period(_start_of(before, unit), before, said), index
    return Period(_shift(today, unit, -amount) + timedelta(days=1), today, said), index


def _start_of(when: date, unit: str) -> date:
    if unit == "week":
        return when - timedelta(days=when.weekday())
    if unit == "month":
        return when.replace(day=1)
    if unit == "quarter":
        return date(when.year, 3 * ((when.month - 1) // 3) + 1, 1)
    return when.replace(month=1, day=1) if unit == "year" else when


def _shift(when: date, unit: str, amount: float) -> date:
    if unit in _LENGTHS:
        return when + timedelta(days=int(_LENGTHS[unit] * amount))
    months = int(amount * {"month": 1, "quarter": 3, "year": 12}[unit]) + when.month - 1 + 12 * when.year
    year, month = divmod(months, 12)
    return date(year, month + 1, min(when.day, calendar.monthrange(year, month + 1)[1]))


def _year(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    token = tokens[start]
    if token.kind != "number" or not token.text.isdigit() or len(token.text) != 4:
        return None
    year = int(token.text)
    before = word_at(tokens, start - 1) if start else ""
    if span.first.year - 3 <= year <= span.last.year + 3 and before not in _BEFORE_NUMBERS:
        return Period(date(year, 1, 1), date(year, 12, 31)), start + 1
    return None
