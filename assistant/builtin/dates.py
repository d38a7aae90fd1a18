"""Knows dates and periods as people write them, read against the span of the data: August, last month."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.builtin.lexicon import lexicon
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


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date
    assumed: str = ""  # what was assumed, as a sentence, or empty

    @property
    def single_day(self) -> bool:
        """Whether the period is one day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of the data; dates without a year and relative dates are read against it."""

    first: date
    last: date


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
        _written_date, _days_of_month, _day_and_month, _week_of_month, _month, _quarter_or_half, _to_date,
        _relative, _year,
    ):  # fmt: skip
        found = reader(tokens, start, span)
        if found:
            return found
    return None


def _word(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].lemma if index < len(tokens) else ""


def _month_number(tokens: Sequence[Token], index: int) -> int | None:
    if index >= len(tokens) or tokens[index].kind != "word":
        return None
    for sense in lexicon().phrases.get((tokens[index].lemma,), ()):
        if sense.kind == "month" and not (tokens[index].norm == "may" and tokens[index].text != "May"):
            return int(sense.value)
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
        _month_number(tokens, index + 1 + (_word(tokens, index + 1) == "of"))
    ):
        day, index = ORDINALS[tokens[index].norm], index + 1  # the first of August
        index += _word(tokens, index) == "of"
        month = _month_number(tokens, index)
        index += 1
    elif tokens[index].kind == "number" and tokens[index].norm.isdigit():
        day, index = int(tokens[index].norm), index + 1
        index += _word(tokens, index) in ("st", "nd", "rd", "th")
        index += _word(tokens, index) == "of"
        month = _month_number(tokens, index)
        index += 1
    elif (month := _month_number(tokens, index)) and _word(tokens, index + 1).isdigit():
        day, index = int(_word(tokens, index + 1)), index + 2
        index += _word(tokens, index) in ("st", "nd", "rd", "th")
    if not month or not day or day > 31:
        return None
    year, index = _following_year(tokens, index)
    year = year or _year_for(month, span)
    if day > calendar.monthrange(year, month)[1]:
        return None
    when = date(year, month, day)
    return Period(when, when), index


def _days_of_month(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "20 to 31 December 2023", "1-15 August", "between 3 and 10 May"."""
    joined = _word(tokens, start + 1)
    ordinary = [_word(tokens, at).isdigit() and len(_word(tokens, at)) <= 2 for at in (start, start + 2)]
    if joined not in ("-", "–", "to", "until", "till", "and") or not all(ordinary):
        return None
    if joined == "and" and (not start or _word(tokens, start - 1) != "between"):
        return None
    last = _day_and_month(tokens, start + 2, span)
    if last is None or int(_word(tokens, start)) > last[0].last.day:
        return None
    return Period(last[0].last.replace(day=int(_word(tokens, start))), last[0].last), last[1]


def _week_of_month(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "the first week of September": its days 1 to 7; the last one: its last seven days."""
    which, unit = _word(tokens, start), _word(tokens, start + 1)
    number = ORDINALS.get(which, 5 if which in ("last", "final") else 0)
    if not number or unit not in ("week", "fortnight") or _word(tokens, start + 2) not in ("of", "in"):
        return None
    month = _month(tokens, start + 3 + (_word(tokens, start + 3) == "the"), span)
    if month is None or number > 5:
        return None
    days = _LENGTHS[unit]
    first = month[0].first + timedelta(days=days * (number - 1))
    if number == 5:
        first = month[0].last - timedelta(days=days - 1)
    return Period(first, min(first + timedelta(days=days - 1), month[0].last), month[0].assumed), month[1]


def _to_date(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "year to date", "ytd", "so far this year" against the last day of the data."""
    words = [_word(tokens, at) for at in range(start, start + 4)]
    said = f"The data end on {span.last.day} {span.last:%b %Y}, which I take as today."
    if words[0] == "ytd":
        return Period(span.last.replace(month=1, day=1), span.last, said), start + 1
    if words[1:3] == ["to", "date"] and words[0] in ("year", "month", "quarter"):
        return Period(_start_of(span.last, words[0]), span.last, said), start + 3
    if words[:3] == ["so", "far", "this"] and words[3] in ("year", "month", "quarter"):
        return Period(_start_of(span.last, words[3]), span.last, said), start + 4
    return None


def _following_year(tokens: Sequence[Token], index: int) -> tuple[int | None, int]:
    step = index + (_word(tokens, index) in (",", "of", "in"))
    text = _word(tokens, step)
    if text.isdigit() and 1900 <= int(text) <= 2100:
        return int(text), step + 1
    tick = tokens[step].text if step < len(tokens) else ""
    if step == index and len(text) == 2 and text.isdigit() and tick == text and int(text) > 31:  # q1 98
        return int(text) + (1900 if int(text) > 50 else 2000), step + 1
    return None, index


def _year_for(month: int, span: Span) -> int:
    """Return the latest year in which the data have this month."""
    years = range(span.last.year, span.first.year - 1, -1)
    return next(
        (
            year
            for year in years
            if span.first <= _month_end(year, month) and date(year, month, 1) <= span.last
        ),
        span.last.year,
    )


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _month(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    index = start
    third = _word(tokens, index) in ("early", "mid", "late")
    month = _month_number(tokens, index + third)
    if not month or third:
        return None
    year, index = _following_year(tokens, index + 1)
    assumed = ""
    if year is None:
        year = _year_for(month, span)
        covered = [
            y
            for y in range(span.first.year, span.last.year + 1)
            if date(y, month, 1) <= span.last and _month_end(y, month) >= span.first
        ]
        if len(covered) > 1:
            name = calendar.month_name[month]
            assumed = f"I read {tokens[start].text} as {name} {year}, the latest one in the data."
    return Period(date(year, month, 1), _month_end(year, month), assumed), index


def _quarter_or_half(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    word, index = _word(tokens, start), start
    number = None
    if len(word) == 2 and word[0] in "qh" and word[1].isdigit():
        number, kind, index = int(word[1]), {"q": "quarter", "h": "half"}[word[0]], index + 1
    elif _place(tokens, index)[0] and _word(tokens, _place(tokens, index)[1]) in ("quarter", "half"):
        place, index = _place(tokens, index)
        kind = _word(tokens, index)
        index += 1
        if place == LAST and kind == "quarter" and _word(tokens, index) not in ("of", "in"):
            return None  # relative to the end of the data
        number = place if place != LAST else 4 if kind == "quarter" else 2
        if kind == "half" and _word(tokens, index) == "of":
            after = index + 1 + (_word(tokens, index + 1) in ("the", "this"))
            month = read_period(tokens, after, span) if _month_number(tokens, after) else None
            if month:
                middle = month[0].first + timedelta(days=14)
                halves = (Period(month[0].first, middle), Period(middle + timedelta(days=1), month[0].last))
                return halves[min(number, 2) - 1], month[1]
            if _word(tokens, after) in ("data", "period", "file", "time"):
                middle = span.first + (span.last - span.first) // 2
                halves = (Period(span.first, middle), Period(middle + timedelta(days=1), span.last))
                return halves[min(number, 2) - 1], after + 1
    if not number:
        return None
    if (
        _word(tokens, index) == "of"
        and _word(tokens, index + 1) == "the"
        and _word(tokens, index + 2) == "year"
    ):
        index += 3
    year, index = _following_year(tokens, index)
    year = year or span.last.year
    months = 3 if kind == "quarter" else 6
    if number * months > 12:
        return None
    return Period(date(year, (number - 1) * months + 1, 1), _month_end(year, number * months)), index


LAST = -1


def _place(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """Read "first", "2nd" or "last" and return it with the index behind it; 0 if it is none of them."""
    word = _word(tokens, index)
    if word == "last":
        return LAST, index + 1
    if word in ORDINALS:
        return ORDINALS[word], index + 1
    if word.isdigit() and _word(tokens, index + 1) in ("st", "nd", "rd", "th"):
        return int(word), index + 2
    return 0, index


def _relative(tokens: Sequence[Token], start: int, span: Span) -> tuple[Period, int] | None:
    """Read "last month", "the past 30 days", "yesterday"; now is the last day of the data."""
    word, index = _word(tokens, start), start + 1
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
        unit = _word(tokens, index)
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
    before = _word(tokens, start - 1) if start else ""
    if span.first.year - 3 <= year <= span.last.year + 3 and before not in _BEFORE_NUMBERS:
        return Period(date(year, 1, 1), date(year, 12, 31)), start + 1
    return None
