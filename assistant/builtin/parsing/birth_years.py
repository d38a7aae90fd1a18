"""Reads years of birth that stand as plain numbers, "born before 1980", and ages that follow from them."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.builtin.linking import ColumnLink
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.errors import ToolError
from tools.formulas import column_of, formula_of
from tools.selecting import Measure

_NAMED = (
    frozenset({"yob"}),
    frozenset({"birthyear"}),
    frozenset({"birth", "year"}),
    frozenset({"born", "year"}),
)
_BORN = frozenset({"born", "birth", "yob", "birthyear", "birthyears", "births"})
_AGE = re.compile(
    r"\b(?:age[ds]?|how old|years? old|oldest|eldest|youngest|older|younger|(?:under|over)[ -]?\d\d)\b"
)
_EARLIEST, _LATEST = 1850, 2100
_BEFORE = {
    "before": "below", "after": "above", "since": "at_least", "until": "at_most", "from": "at_least",
    "above": "above", "below": "below", "at_least": "at_least", "at_most": "at_most",
}  # fmt: skip
_BEHIND = {
    "or later": "at_least", "or after": "at_least", "or younger": "at_least", "or earlier": "at_most",
    "or before": "at_most", "or older": "at_most", "and later": "at_least", "and earlier": "at_most",
}  # fmt: skip


def birth_year(parts: Parts) -> str | None:
    """Return a number column that holds years of birth, of any table."""
    for table in parts.catalog.tables.values():
        for column in table.columns:
            words = {*parts.catalog.words_of[column.name], column.name.lower()}
            low, high = column.minimum, column.maximum
            years = isinstance(low, int | float) and isinstance(high, int | float)
            if column.kind != "number" or not years or not any(named <= words for named in _NAMED):
                continue
            if _EARLIEST <= float(low or 0) <= float(high or 0) <= _LATEST:
                return column.name
    return None


def take_birth_years(parts: Parts) -> None:
    """Read "born before 1980" as a condition, and an age as the years since the year of birth."""
    name = birth_year(parts)
    if name is None:
        return
    items = parts.sentence.items
    said = [item for item in items if any(link.column == name for link in item.links)]
    born = [item for item in said if set(item.text.lower().split()) & _BORN]
    for item in born:
        item.senses = {"column": tuple(link for link in item.links if link.column == name)}
        _join_year(parts, item)
        _condition(parts, item, name)
        _of_the_oldest(parts, item, name)
    if not born and _AGE.search(parts.sentence.text.lower()):
        _as_age(parts, name, said)


def _join_year(parts: Parts, item: Item) -> None:
    """Take "year" in "birth year" and "year of birth" for a part of the name."""
    at = parts.sentence.items.index(item)
    for near in (parts.sentence.at(at - 1), parts.sentence.at(at + 1)):
        if near is not None and near.has("grain", "year") and abs(near.start - item.start) <= 2:
            parts.sentence.items.remove(near)


def _condition(parts: Parts, item: Item, name: str) -> None:
    at = parts.sentence.items.index(item)
    between = [parts.sentence.at(at + step) for step in range(1, 5)]
    place = next((step for step, near in enumerate(between) if near is not None and _year(near)), None)
    if place is None:
        return
    number = between[place]
    lead = [near for near in between[:place] if near is not None]
    words = [token.norm for token in parts.sentence.tokens[item.end : number.start if number else item.end]]
    if number is None or number.number is None or any(_is_thing(near) for near in lead):
        return
    kinds = [str(near.senses[kind]) for near in lead for kind in ("comparator",) if near.has(kind)]
    if "between" in kinds:
        return  # read with both its ends
    is_ = next((_BEFORE[word] for word in (*kinds, *words) if word in _BEFORE), None)
    if {"in", "or"} <= set(words) and is_ is not None:
        is_ = {"below": "at_most", "above": "at_least"}.get(is_, is_)  # "in or after 2000"
    if {"no", "not"} & set(words) and is_ is not None:
        is_ = {"below": "at_least", "above": "at_most"}.get(is_, is_)
    behind = " ".join(token.norm for token in parts.sentence.tokens[number.end : number.end + 2])
    if is_ is None and behind in _BEHIND:
        is_ = _BEHIND[behind]
        for near in parts.sentence.items:
            near.used = near.used or number.end <= near.start < number.end + 2
    if is_ is None:
        return
    parts.where.append(condition(name, is_, int(number.number.value)))
    for near in (item, *lead, number):
        near.used = True


def _of_the_oldest(parts: Parts, item: Item, name: str) -> None:
    """Read "the birth year of our oldest member" and "what year was the youngest born"."""
    rank = next((near for near in parts.sentence.items if near.has("superlative_age")), None)
    if rank is None or item.used or rank.used or parts.sentence.find("count"):
        return
    statistic = "min" if rank.has("superlative_age", "desc") else "max"
    parts.measures.append(Measure.model_validate({"statistic": statistic, "column": name}))
    for near in parts.sentence.items:
        asks = near is rank or near is item or near.has("grain", "year") or near.has("logic", "which")
        near.used = near.used or asks or near.has("entity", "customer")


def _is_thing(item: Item) -> bool:
    return bool(item.links or item.values) or item.has("entity")


def _year(item: Item) -> bool:
    number = item.number
    whole = number is not None and number.unit is None and float(number.value).is_integer()
    return bool(whole and number is not None and _EARLIEST <= number.value <= _LATEST)


def _as_age(parts: Parts, name: str, said: list[Item]) -> None:
    """Put the age reached in the last year of the data in the place of the year of birth."""
    last = max(
        (str(c.maximum)[:4] for t in parts.catalog.tables.values() for c in t.columns
         if c.kind in ("date", "datetime") and isinstance(c.maximum, str)),
        default="",
    )  # fmt: skip
    if parts.age is not None or not last.isdigit():
        return
    formula = formula_of(f"{last} - {name}", parts.catalog.columns)
    if formula is None:
        return
    try:
        column = column_of(formula, [parts.column(name)])
    except ToolError:
        return
    parts.catalog = parts.catalog.with_computed(replace(column, role="age"))
    parts.age_computed = formula.name
    parts.note(f"No column holds ages; I took {last} minus **{name}**, the age that is reached in that year.")
    unlinked = [item for item in parts.sentence.items if item.has("role", "age") and not item.links]
    for item in (*said, *unlinked):
        item.senses = {**item.senses, "column": (ColumnLink(formula.name, 1.0, "name"),)}
