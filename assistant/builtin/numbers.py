"""Knows numbers as people write them: 1,000; 5k; 2M; 1 lakh; 3 crore; 20 %; ten; a dozen; 1st."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.builtin.tokens import Token

NUMBER_WORDS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "dozen": 12,
    "once": 1,
    "twice": 2,
    "thrice": 3,
}
_SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "grand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "lakh": 1e5,
    "lac": 1e5,
    "lacs": 1e5,
    "crore": 1e7,
    "cr": 1e7,
    "hundred": 1e2,
    "b": 1e9,
}
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_UNITS = {
    "%": "%",
    "percent": "%",
    "pct": "%",
    "percents": "%",
    "inr": "money",
    "rs": "money",
    "rupee": "money",
    "usd": "money",
    "dollar": "money",
    "eur": "money",
    "euro": "money",
    "gbp": "money",
    "pound": "money",
    "$": "money",
    "€": "money",
    "£": "money",
    "₹": "money",
    "buck": "money",
    "quid": "money",
    "franc": "money",
    "chf": "money",
    "krone": "money",
    "krona": "money",
    "kroner": "money",
    "kronor": "money",
    "dkk": "money",
    "sek": "money",
    "nok": "money",
    "year": "years",
    "yr": "years",
    "month": "months",
    "week": "weeks",
    "day": "days",
    "hour": "hours",
    "hr": "hours",
    "minute": "minutes",
    "min": "minutes",
    "mins": "minutes",
    "second": "seconds",
    "sec": "seconds",
    "secs": "seconds",
    "time": "times",
    "x": "times",
    "percentile": "percentile",
    "th": "ordinal",
    "st": "ordinal",
    "nd": "ordinal",
    "rd": "ordinal",
}
_PREFIXES = ("$", "€", "£", "₹", "rs", "inr", "usd", "eur")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what stood beside it: "%", "money", "years", "days", "times", "ordinal" or None."""

    value: float
    unit: str | None = None


def read_quantity(tokens: Sequence[Token], start: int) -> tuple[Quantity, int] | None:
    """Read a number that begins at a token.

    Args:
        tokens: The message.
        start: Index of the first token.

    Returns:
        The quantity and the index behind its last token, or None if no number begins there.
    """
    index = start
    unit: str | None = None
    if tokens[index].norm in _PREFIXES and index + 1 < len(tokens) and tokens[index + 1].kind == "number":
        unit, index = "money", index + 1
    span = _part_of_a_span(tokens, index)
    if span is not None:
        return span
    value, index = _digits_or_words(tokens, index)
    if value is None:
        return None
    while index < len(tokens) and (scale := _scale(tokens, index)):
        value, index = value * scale, index + 1
    if index < len(tokens) and unit is None:
        unit = _UNITS.get(tokens[index].lemma)
        index += unit is not None
    return Quantity(value, unit), index


_BEFORE_A_LENGTH = ("than", "over", "under", "least", "most", "within", "for", "exceeding", "about", "almost")


def _part_of_a_span(tokens: Sequence[Token], index: int) -> tuple[Quantity, int] | None:
    """Read "half a year", "half a million" and, behind "more than", "a year"."""
    words = [token.lemma for token in tokens[index : index + 3]]
    if words[:1] == ["half"] and len(words) > 1:
        at = index + (2 if words[1] in ("a", "an") else 1)
        word = tokens[at].lemma if at < len(tokens) else ""
        if word in _SCALES and len(word) > 1:
            return Quantity(_SCALES[word] / 2), at + 1
        if words[1] in ("a", "an") and _UNITS.get(word) in ("years", "months", "hours", "days"):
            return Quantity(0.5, _UNITS[word]), at + 1
    measured = index and tokens[index - 1].lemma in _BEFORE_A_LENGTH
    closed = [token.lemma for token in tokens[index + 2 : index + 4]]
    or_more = (
        closed[:1] == ["or"] and closed[1:] and closed[1] in ("more", "longer", "less", "shorter", "fewer")
    )
    if words[:1] == ["a"] and len(words) > 1 and (measured or or_more):
        unit = _UNITS.get(words[1])
        if unit in ("years", "months", "weeks", "days", "hours", "minutes"):
            return Quantity(1.0, unit), index + 2
    return None


# How many of the finer unit one of the coarser one is; months and years in calendar averages.
_LENGTHS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86_400.0, "weeks": 604_800.0}
_MONTHS = {"months": 1.0, "years": 12.0}


def converted(value: float, unit: str | None, to: str | None) -> float:
    """Return a length of time in another unit; as it is where one of the units is unknown or no time.

    Args:
        value: Number as said.
        unit: Its unit: "years", "months", "weeks", "days", "hours", "minutes" or "seconds".
        to: Unit of the column.
    """
    if unit == to or unit is None or to is None:
        return value
    if unit in _MONTHS and to in _MONTHS:
        return value * _MONTHS[unit] / _MONTHS[to]
    if unit in _LENGTHS and to in _LENGTHS:
        return value * _LENGTHS[unit] / _LENGTHS[to]
    days = {"years": 365.0, "months": 30.0}
    if unit in days and to in _LENGTHS:
        return value * days[unit] * _LENGTHS["days"] / _LENGTHS[to]
    if unit in _LENGTHS and to in days:
        return value * _LENGTHS[unit] / _LENGTHS["days"] / days[to]
    return value


def _digits_or_words(tokens: Sequence[Token], index: int) -> tuple[float | None, int]:
    token = tokens[index]
    if token.kind == "number":
        try:
            value = float(token.norm)
        except ValueError:
            return None, index
        return value, index + 1
    if token.norm == "a" and index + 1 < len(tokens) and tokens[index + 1].lemma in (
        "hundred", "thousand", "million", "lakh", "crore", "dozen", "billion",
    ):  # fmt: skip
        return (12.0, index + 2) if tokens[index + 1].lemma == "dozen" else (1.0, index + 1)
    if token.norm not in NUMBER_WORDS:
        return None, index
    value = float(NUMBER_WORDS[token.norm])
    index += 1
    if (
        value >= 20
        and value % 10 == 0
        and index < len(tokens)
        and 0 < NUMBER_WORDS.get(tokens[index].norm, 0) < 10
    ):
        value, index = value + NUMBER_WORDS[tokens[index].norm], index + 1
    return value, index


def _scale(tokens: Sequence[Token], index: int) -> float | None:
    """Return what a word multiplies by; one letter only where it sticks: 5k, 1.5L, not 5 m."""
    sticks = tokens[index].start == tokens[index - 1].end
    if tokens[index].text == "L" and sticks:
        return _SCALES["lakh"]
    return _SCALES.get(tokens[index].lemma) if len(tokens[index].norm) > 1 or sticks else None


def ordinal(tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    """Read "second" or "2nd"; return the number and the index behind it."""
    token = tokens[index]
    if token.norm in ORDINALS:
        return ORDINALS[token.norm], index + 1
    if (
        token.kind == "number"
        and index + 1 < len(tokens)
        and tokens[index + 1].norm in ("st", "nd", "rd", "th")
    ):
        return int(float(token.norm)), index + 2
    return None


def plain(value: float) -> float | int:
    """Return a whole number as int, so that it is written without a decimal point."""
    return int(value) if float(value).is_integer() else round(value, 10)


_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_SPELT_YEAR = re.compile(
    rf"\b(?P<century>nineteen|twenty)[ -](?:(?P<teen>{_TEENS})|(?P<tens>{_TENS})(?:[ -](?P<one>{_ONES}))?)\b",
    re.IGNORECASE,
)


def years_in_digits(text: str) -> str:
    """Write years that are spelt out as digits: "born before nineteen seventy", "in twenty twenty-two"."""
    return _SPELT_YEAR.sub(_year_in_digits, text)


def _year_in_digits(found: re.Match[str]) -> str:
    parts = [found[name] for name in ("teen", "tens", "one") if found[name]]
    return str(
        100 * NUMBER_WORDS[found["century"].lower()] + sum(NUMBER_WORDS[part.lower()] for part in parts)
    )
