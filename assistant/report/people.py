"""Knows what points at single people: addresses, numbers of phones and accounts, names, dots on a map."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assistant.privacy import about_people
from tools.core import Json, ResultTable, ToolResult
from tools.wording import listing

LEFT_OUT = "(left out)"
ONE_MARK_EACH = 30  # dots of one size, more than these: each is a customer
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{8,15}|(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?)?"
    r"\d{2,8}(?:[\s.-]\d{2,8}){1,4})(?![\w,/-])"
)
_DECIMAL = re.compile(r"\d+\.\d+")
LONG = re.compile(r"(?<![\w.,])(?:[A-Z]{2}\d{2}[A-Z0-9]{11,30}|\d{12,19})(?![\w,])")
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")


def phones(text: str) -> Iterator[str]:
    """Yield what looks like a phone number."""
    for match in _PHONE.finditer(text):
        digits = sum(letter.isdigit() for letter in match[0])
        least = 8 if match[0].startswith("+") else 9
        number = _DATE.search(match[0]) or _DECIMAL.fullmatch(match[0])
        if least <= digits <= 15 and not number:
            yield match[0]


def person_columns(table: ResultTable, columns: Sequence[str]) -> str:
    """Return the names of the columns of a table whose cells name people."""
    known = {name.casefold() for name in columns}
    named = [
        name
        for j, name in enumerate(table.columns)
        if name.casefold() in known or _mostly_addresses([row[j] for row in table.rows])
    ]
    return listing(named)


def _mostly_addresses(cells: Sequence[Any]) -> bool:
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    return bool(texts) and sum(bool(EMAIL.search(text)) for text in texts) * 2 > len(texts)


def names_in(result: ToolResult, columns: Sequence[str]) -> set[str]:
    """Return the names and ids of people that a result holds."""
    known = {name.casefold() for name in columns}
    found = set()
    for table in result.tables:
        for j, name in enumerate(table.columns):
            if name.casefold() in known:
                found |= {str(row[j]) for row in table.rows if row[j] is not None}
    for fact in about_people(result.facts, columns):
        if not fact.scope:
            found.add(str(fact.value))
        for name in columns:
            if f"{name} = " in fact.scope:
                found.add(fact.scope.split(f"{name} = ", 1)[1].split(",")[0].split(" and ")[0].strip())
    return {value for value in found if value}


def draws_people(figure: Json, values: set[str]) -> bool:
    """Tell whether a chart has a mark for every customer, or names some."""
    for trace in figure["data"]:
        words = [trace.get(name) for name in ("x", "y", "labels", "text", "customdata")]
        if any(isinstance(each, list) and values & {str(one) for one in each} for each in words):
            return True
        dots = trace["type"] == "scatter" and trace.get("mode") == "markers"
        of_one_size = not isinstance(trace.get("marker", {}).get("size"), list)
        if dots and of_one_size and len(trace["x"]) > ONE_MARK_EACH:
            return True
    return False


def holds(text: str, value: str) -> bool:
    """Tell whether a text holds a name as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def without(text: str, values: Iterable[str]) -> str:
    """Return a text without names, addresses and numbers of people."""
    for value in sorted(values, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", LEFT_OUT, text)
    return masked(text)


def masked(text: str) -> str:
    """Return a text without addresses and numbers of people."""
    for phone in set(phones(text)):
        text = text.replace(phone, LEFT_OUT)
    return LONG.sub(LEFT_OUT, EMAIL.sub(LEFT_OUT, text))
