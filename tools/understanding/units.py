"""Knows how the unit of a column is read off its name: a currency, a percent sign, days, a bracket."""

from __future__ import annotations

import re

from tools.core import Role
from tools.understanding.naming import words_of
from tools.understanding.vocabulary import CURRENCY_CODES, CURRENCY_SIGNS, CURRENCY_WORDS, UNITS


def unit_of(name: str, role: Role, most: float | None = None) -> str | None:
    """Read the unit off a name: `TransactionAmount (INR)`, `lead_time_days`, `discount_pct`.

    Args:
        name: The column.
        role: What it means.
        most: Its largest number; a mileage that never exceeds 10 is a code.
    """
    bracket = re.search(r"[(\[]\s*([^)\]]{1,12})\s*[)\]]\s*$", name)
    if bracket:
        text = bracket.group(1).strip()
        if text.upper() in CURRENCY_CODES:
            return text.upper()
        if text in CURRENCY_SIGNS:
            return CURRENCY_SIGNS[text]
        return CURRENCY_WORDS.get(
            text.casefold().rstrip("."), text if role not in ("category", "place") else None
        )
    for sign, code in CURRENCY_SIGNS.items():
        if sign in name:
            return code
    if "%" in name:
        return "%"
    for word in reversed(words_of(name)):
        if word.upper() in CURRENCY_CODES and len(words_of(name)) > 1:
            return word.upper()
        if word in CURRENCY_WORDS:
            return CURRENCY_WORDS[word]
        if word in UNITS and role == "measure" and len(words_of(name)) > 1:
            return None if UNITS[word] in ("miles", "points") and (most or 0) <= 10 else UNITS[word]
    return "years" if role == "age" else None
