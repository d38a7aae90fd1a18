"""Knows how numbers, shares, dates and lists are written for a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from tools.core import Scalar


def number(value: float, unit: str | None = None, digits: int | None = None) -> str:
    """Write a number with thousands separators and no more digits than it deserves.

    Args:
        value: The number.
        unit: Written behind it; "%" without a space.
        digits: Decimals; by default none for whole numbers, two below a million, none above.
    """
    if value is None or math.isnan(value):
        return "not defined"
    if digits is None:
        digits = _digits(value)
    text = f"{value:,.{digits}f}"
    if unit is None:
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def _digits(value: float) -> int:
    if float(value).is_integer() or abs(value) >= 1_000_000:
        return 0
    if abs(value) >= 0.1:
        return 2
    return min(8, 2 - math.floor(math.log10(abs(value))) - 1)


def share(part: float, digits: int = 1) -> str:
    """Write a part of one as percent: 0.2662 becomes 26.6%."""
    return f"{100 * part:.{digits}f}%"


def count(value: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun: 1 customer, 2,041 customers."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """Join words as a person does: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def day(when: date | str) -> str:
    """Write a date so that no reader can swap day and month: 1 Aug 2016."""
    moment = date.fromisoformat(when[:10]) if isinstance(when, str) else when
    return f"{moment.day} {moment:%b %Y}"


def scalar(value: Scalar, unit: str | None = None) -> str:
    """Write any fact value."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value, unit) if isinstance(value, int | float) else str(value)
