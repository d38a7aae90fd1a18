"""Knows months and years in text: which one a word names, and whose year a month without one shares."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.builtin.lexicon import lexicon
from assistant.builtin.numbers import ORDINALS
from assistant.builtin.tokens import Token


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


def word_at(tokens: Sequence[Token], index: int) -> str:
    """Return the lemma of a token, or an empty text outside the message."""
    return tokens[index].lemma if index < len(tokens) else ""


def month_number(tokens: Sequence[Token], index: int) -> int | None:
    """Return the month that a token names, 1 to 12, or None."""
    if index >= len(tokens) or tokens[index].kind != "word":
        return None
    for sense in lexicon().phrases.get((tokens[index].lemma,), ()):
        if sense.kind == "month" and (tokens[index].norm != "may" or _is_may(tokens, index)):
            return int(sense.value)
    return None


_JOINTS = frozenset(
    {"and", "or", ",", "&", "to", "-", "–", "until", "till", "through", "vs", "versus", "against", "with",
     "compared", "than", "from", "in", "the", "of"}
)  # fmt: skip
_SPANNING = frozenset({"to", "-", "–", "until", "till", "through"})
_BEFORE_MAY = frozenset(
    {"in", "of", "during", "since", "before", "after", "until", "till", "by", "this", "last"}
)


def _is_may(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether "may" is the month: with a capital, after "in", or beside a year or another month."""
    if tokens[index].text == "May":
        return True
    before, after = word_at(tokens, index - 1) if index else "", word_at(tokens, index + 1)
    numbered = before in ("st", "nd", "rd", "th") or (before.isdigit() and int(before) <= 31)  # "1 may"
    if (
        numbered
        or before in _BEFORE_MAY
        or _is_year(after)
        or (after == "'" and _is_year(word_at(tokens, index + 2)))
    ):
        return True
    beside = [index - 2, index - 3] if before in _JOINTS else []
    beside += [index + 2] if after in _JOINTS else []
    return any(0 <= at < len(tokens) and _names_month(tokens[at]) for at in beside)


def _names_month(token: Token) -> bool:
    """Tell whether a word is the name of a month other than May, or a year that stands behind one."""
    senses = lexicon().phrases.get((token.lemma,), ())
    return token.norm != "may" and any(sense.kind == "month" for sense in senses)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and 1900 <= int(word) <= 2100


def year_beside(tokens: Sequence[Token], start: int, end: int, span: Span, place: int = 0) -> int | None:
    """Return the year that a period shares with its neighbour: "april and may 2023", "Q1 2024 vs Q2".

    Args:
        tokens: The message.
        start: First token of the period, which names no year itself.
        end: Index behind its last token.
        span: First and last day of the data.
        place: Month in which the period begins, so that "November to February 2024" begins in 2023.
    """
    for step, at in ((1, end), (-1, start - 1)):
        joints: set[str] = set()
        months = [place] if place else []
        while 0 <= at < len(tokens) and abs(at - start) <= 9:
            word = word_at(tokens, at)
            if _is_year(word):
                year = int(word)
                crossing = joints & _SPANNING and len(months) > 1 and (months[-1] - months[0]) * step < 0
                return year - step if crossing else year if joints or months[1:] else None
            month = month_number(tokens, at)
            part = word in ("quarter", "half") or (len(word) == 2 and word[0] in "qh" and word[1].isdigit())
            if month:
                months.append(month)
            elif word in _JOINTS:
                joints.add(word)
            elif not part and word not in ORDINALS and word != "last":
                break
            at += step
    return None


def following_year(tokens: Sequence[Token], index: int) -> tuple[int | None, int]:
    """Read the year right behind a month; return it, or None, with the index behind it."""
    step = index + (word_at(tokens, index) in (",", "of", "in"))
    text = word_at(tokens, step)
    if text.isdigit() and 1900 <= int(text) <= 2100:
        return int(text), step + 1
    tick = tokens[step].text if step < len(tokens) else ""
    if step == index and len(text) == 2 and text.isdigit() and tick == text and int(text) > 31:  # q1 98
        return int(text) + (1900 if int(text) > 50 else 2000), step + 1
    return None, index


def year_for(month: int, span: Span) -> int:
    """Return the latest year in which the data have this month."""
    years = range(span.last.year, span.first.year - 1, -1)
    return next(
        (
            year
            for year in years
            if span.first <= month_end(year, month) and date(year, month, 1) <= span.last
        ),
        span.last.year,
    )


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])
