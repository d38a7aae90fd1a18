"""Writes what is said of the age of customers as conditions on the number of their year of birth."""

from __future__ import annotations

from assistant.builtin.numbers import plain
from assistant.builtin.parsing.birth_years import birth_year
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.selecting import Condition

_SIDES = {"before": "below", "after": "above", "since": "at_least", "until": "at_most", "till": "at_most",
          "by": "at_most", "from": "at_least"}  # fmt: skip
# An age of 40 or more is a year of birth of so much or less.
_TURNED = {"above": "below", "below": "above", "at_least": "at_most", "at_most": "at_least", "equal": "equal"}
_AGED = ("who", "aged", "age", "ages")
_AGES = (10, 110)


def take_ages_of_customers(parts: Parts) -> None:
    """Read "born before 1965" and, where no age is known, "women over 40" as conditions on that year."""
    column = birth_year(parts)
    if column is None:
        return
    _born(parts, column)
    year = _last_year(parts)
    if parts.age is None and year is not None:
        _aged(parts, column, year)


def _last_year(parts: Parts) -> int | None:
    """Return the year that the data reach to."""
    days = [
        str(one.maximum)[:4]
        for table in parts.catalog.tables.values()
        for one in table.columns
        if one.kind in ("date", "datetime") and one.role != "birth_date" and one.maximum is not None
    ]
    return max((int(day) for day in days if day.isdigit()), default=None)


def _born(parts: Parts, column: str) -> None:
    for index, item in parts.sentence.free():
        side, number = parts.sentence.at(index + 1), parts.sentence.at(index + 2)
        if item.column != column or side is None or number is None or side.used or number.used:
            continue
        known = side.has("time_preposition") and side.text.lower() in _SIDES
        if not known or number.number is None or not _is_year(number.number.value):
            continue
        item.used = side.used = number.used = True
        parts.where.append(condition(column, _SIDES[side.text.lower()], plain(number.number.value)))


def _is_year(value: float) -> bool:
    return float(value).is_integer() and 1850 < value < 2100


def _aged(parts: Parts, column: str, year: int) -> None:
    """Turn ages into years of birth; who was born in a year is counted with its whole age."""
    for index, item in list(parts.sentence.free()):
        before = parts.sentence.at(index - 1)
        found = _ranged(item, column, year) if item.has("range") else _compared(parts, index, column, year)
        told = item.has("comparator_age") or _speaks_of_people(before)
        if found is None or not told:
            continue
        one, used = found
        for each in used:
            each.used = True
        if before is not None and before.text.lower() in _AGED:
            before.used = True
        parts.where.append(one)
        parts.note(f"I counted ages as {year} minus **{column}**, as only the year of birth is known.")


def _speaks_of_people(item: Item | None) -> bool:
    if item is None:
        return False
    return item.has("entity", "customer") or bool(item.values) or item.text.lower() in _AGED


def _ranged(item: Item, column: str, year: int) -> tuple[Condition, list[Item]] | None:
    low, high = (quantity.value for quantity in item.senses["range"])
    if not (_AGES[0] <= low < high <= _AGES[1]):
        return None
    return condition(column, "between", None, values=[plain(year - high), plain(year - low)]), [item]


def _compared(parts: Parts, index: int, column: str, year: int) -> tuple[Condition, list[Item]] | None:
    item, number = parts.sentence.items[index], parts.sentence.at(index + 1)
    if item.number is not None and number is not None and number.has("comparator_after"):
        item, number = number, item  # "60 or older"
    kind = next((one for one in ("comparator", "comparator_age", "comparator_after") if item.has(one)), None)
    if kind is None or number is None or number.used or number.number is None:
        return None
    side, value = str(item.senses[kind]), number.number.value
    behind = parts.sentence.at(index + 2)
    counts = behind is not None and (behind.links or behind.has("entity", "transaction", "row"))
    fits = number.number.unit in (None, "years") and _AGES[0] <= value <= _AGES[1] and side in _TURNED
    if not fits or counts:
        return None
    return condition(column, _TURNED[side], plain(year - value)), [item, number]
