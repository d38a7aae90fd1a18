"""Knows how one value, one share and the name of one group are written for prose."""

from __future__ import annotations

import re

from tools.core import Scalar
from tools.questions.grouping import Key, period_words
from tools.questions.measure_words import counted_thing
from tools.questions.measuring import Plan
from tools.quoting import Quotes
from tools.wording import day, number, plain_name, value_word


class ExactQuotes(Quotes):
    """Quotes that keep two decimals, as answers to a question for a number should."""

    def number(
        self, name: str, value: float, unit: str | None = None, scope: str = "", digits: int | None = None
    ) -> str:
        """Write a number with its unit and record it."""
        self.note(name, value, unit, scope)
        return number(value, unit, digits)


def write(made: Plan, value: Scalar) -> str:
    """Write a value of a measure with its unit."""
    if value is None:
        return "not defined"
    if isinstance(value, str):
        dated = made.column is not None and made.column.kind in ("date", "datetime")
        return day(value) + value[10:] if dated else value
    unit = made.unit
    if unit == "values":
        unit = "different value" if value == 1 else "different values"
    if unit in ("transactions", "customers", "rows", "order lines") and value == 1:
        unit = unit[:-1]
    if made.measure.statistic == "count_distinct" and made.column is not None and value == 1:
        unit = counted_thing(made.column) or unit
    return number(float(value), unit)


def note_digits(quotes: Quotes, key: Key, text: str) -> None:
    """Record the numbers that stand in the name of a group of numbers, such as 45–54."""
    if key.column.kind == "number" or text.replace(".", "", 1).isdigit():
        for part in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
            quotes.note(f"group_{part}", float(part.replace(",", "")), None, key.title)


def group_words(key: Key, raw: object, text: str) -> str:
    """Write a group for prose: August 2016, women (F), 45–54."""
    if key.is_calendar and key.grain:
        return period_words(key.grain, raw)
    if key.column.kind == "number" and key.grain is None and not key.words.startswith("range"):
        return f"{plain_name(key.column.name)} {text}"
    return value_word(key.column, text)


def group_noun(key: Key) -> str:
    """Return what one group is called, singular."""
    if key.column.role == "customer_key" and key.grain is None:
        return "customer"
    if key.grain:
        return key.words
    return plain_name(key.column.name) + (" range" if key.words.startswith("range") else "")


def preposition(key: Key) -> str:
    """Return the word before a group: in August, at 18:00, for women."""
    if key.grain in ("year", "quarter", "month", "week"):
        return "in"
    words = {
        "day": "on",
        "weekday": "on",
        "weekend": "on the",
        "hour": "at",
        "part_of_day": "in the",
        "season": "in",
        "month_of_year": "in",
        "quarter_of_year": "in",
        "day_of_month": "on day",
    }
    return words.get(key.grain or "", "for")


def bare(made: Plan) -> str:
    """Return the noun phrase without its article."""
    return made.words.removeprefix("the ")


def titled(what: str, clause: str) -> str:
    """Write the title of a table or chart, with the conditions behind a comma."""
    text = (f"{what}, {clause.strip()}" if clause else what).replace("`", "")
    return f"{text[:1].upper()}{text[1:]}"


def share_digits(percent: float) -> int:
    """Return the decimals that a percentage deserves."""
    return 1 if abs(percent) >= 0.1 or percent == 0 else 3
