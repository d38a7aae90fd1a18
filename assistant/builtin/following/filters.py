"""Knows how conditions follow from earlier ones: taken away, completed, put into the same year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.builtin.annotate import Item, annotate
from assistant.builtin.calendar_years import year_column
from assistant.builtin.following.question import Question
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain as plain_number
from assistant.builtin.parsing.negation import OPPOSITE
from assistant.builtin.parsing.parts import Parts
from tools.selecting import Condition

_COUNTED = "transactions"  # what the size of a group counts, as the reader of conditions takes it
_RANGES = ("above", "below", "at_least", "at_most", "between")
_OLDEST = 110


@dataclass(frozen=True)
class Less:
    """What is taken away: conditions on columns, groups, or every condition."""

    columns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    everyone: bool = False
    limit: bool = False


def taken_away(text: str, catalog: Catalog, last: Question) -> Less | None:
    """Read "drop the married filter", "without the gender condition", "remove contract again"."""
    plain = " ".join(re.sub(r"[^\w\s']", " ", text.lower()).split())
    verb = re.match(rf"^(?:(?:and|now|but|ok|please|then)\s+)*(?:{'|'.join(phrases('take_away'))})\b", plain)
    noun = re.search(r"\b(filters?|conditions?|restrictions?|constraints?)\b", plain)
    if not verb:
        return None
    if last.limit and re.search(r"\blimit$", plain):
        return Less(limit=True)
    filtered, grouped = [c.column for c in last.where], [g.column for g in last.by]
    sentence = annotate(text, catalog)
    named = [name for item in sentence.items for name in (*_columns_of(item), *of_time(item, catalog))]
    filters = [name for name in filtered if name in named]
    if noun:
        if filters:
            return Less(columns=tuple(dict.fromkeys(filters)))
        return Less(everyone=True) if filtered and not _speaks(sentence.items) else None
    whole = [name for item in sentence.items if item.links and not item.values for name in _columns_of(item)]
    valued = {link.column for item in sentence.items for link in item.values}
    groups = [name for name in grouped if name in whole and name not in valued]  # "without home loans"
    shown = [name for name in groups if not catalog.is_flag(name)]
    if groups and (len(grouped) > 1 or shown and last.shape in ("numbers", "trend", "distribution")):
        return Less(groups=tuple(groups))
    flags = {name for name in whole if catalog.is_flag(name)}
    gone = [name for name in filtered if name in whole and name not in flags]
    return (
        Less(columns=tuple(gone)) if gone and not any(i.has("comparator") for i in sentence.items) else None
    )


_OF_GROUPS = re.compile(r"(?P<lead>only|without) groups (?P<limit>.+)", re.IGNORECASE)


def limit_of_groups(text: str, catalog: Catalog) -> Condition | None:
    """Read "only groups above 500" and "without groups below 10": a limit of what is shown for each group."""
    found = _OF_GROUPS.fullmatch(text.strip().rstrip("?!. "))
    items = annotate(found["limit"], catalog).items if found else []
    number = next((item.number for item in items if item.number), None)
    sign = next((item for item in items if item.has("comparator") or item.has("comparator_after")), None)
    if found is None or number is None or sign is None:
        return None
    is_ = str(sign.senses.get("comparator") or sign.senses["comparator_after"])
    is_ = OPPOSITE[is_] if found["lead"].lower() == "without" else is_
    return Condition.model_validate({"column": "value", "is": is_, "value": plain_number(number.value)})


def _columns_of(item: Item) -> Iterable[str]:
    yield from (link.column for link in item.links)
    yield from (link.column for link in item.values)
    if item.has("period"):
        yield from (link.column for link in item.links)


def of_time(item: Item, catalog: Catalog) -> Iterable[str]:
    """Return the column that "the years", "that month" and "the period" are of."""
    if item.has("grain") or item.has("period_noun") or item.text.lower() in _TIMES:
        yield from (name for name in (catalog.table.time, year_column(catalog)) if name)


_TIMES = ("year", "years", "month", "months", "quarter", "quarters", "week", "weeks", "day", "days", "period",
          "periods", "date", "dates", "time", "time frame", "time window")  # fmt: skip


def _speaks(items: Iterable[Item]) -> bool:
    return any(item.links or item.values for item in items)


def completed(parts: Parts, last: Question) -> str | None:
    """Put the column into "and above 500", "between 20 and 30", "under 30": the one filtered before, or age.

    Returns:
        The fuller text, or None where nothing is missing or no column is near.
    """
    spanned = _SPAN.search(parts.sentence.text)
    if spanned and not parts.where:
        column = _near_column(parts, last, float(spanned["low"].replace(",", "")))
        low, high = spanned["low"], spanned["high"]
        return f"{column} between {low} and {high}" if column else None
    items = parts.sentence.items
    free = [item for item in items if not item.used]
    bare = next((i for i in free if i.number and i.number.unit in (None, "money", "years", "%")), None)
    sign = next((i for i in free if i.has("comparator") or i.has("comparator_after")), None)
    if (
        bare is None
        or bare.number is None
        or sign is None
        or parts.where
        and any(c.is_ in _RANGES and c.column != parts.time for c in parts.where)
    ):
        return None
    at = items.index(bare)
    named = [near for near in (parts.sentence.at(at - 1), parts.sentence.at(at + 1)) if near and near.links]
    if any(parts.is_number(near.links[0].column) for near in named):
        return None
    if last.having and last.having[-1].column == "n":
        return f"{parts.sentence.text.strip().rstrip('?.!')} {_COUNTED}"
    column = _near_column(parts, last, bare.number.value)
    if column is None:
        return None
    at = parts.sentence.tokens[min(sign.start, bare.start)].start
    limit = re.sub(r"^(and|or|but)\s+", "", parts.sentence.text[at:], flags=re.IGNORECASE)
    return f"{parts.sentence.text[:at]}{column} {limit}"


_SPAN = re.compile(r"(?<![\w.,])(?P<low>\d[\d,.]*) ?(?:to|-|–) ?(?P<high>\d[\d,.]*)\s*\??$")


def _near_column(parts: Parts, last: Question, value: float) -> str | None:
    ranged = [c for c in reversed(last.where) if c.is_ in _RANGES and c.column != parts.time]
    for one in ranged:
        ends = [v for v in (one.value, *one.values) if isinstance(v, int | float) and v]
        if any(1 / 100 <= value / float(end) <= 100 for end in ends if value):
            return one.column
    if parts.age and value <= _OLDEST and (ranged or last.column != parts.age):
        oldest = parts.column(parts.age).maximum
        if isinstance(oldest, int | float) and value <= max(oldest, 100):
            return parts.age
    if ranged:
        return ranged[0].column
    return last.column if last.column and parts.is_number(last.column) else None


def of_the_same_year(one: Condition, parts: Parts, last: Question) -> Condition:
    """Keep the year of the question before where only a month is named: "January 1997" - "no, February"."""
    named = any(token.kind in ("number", "date") and len(token.text) >= 4 for token in parts.sentence.tokens)
    if (
        one.column != parts.time
        or one.grain
        or named
        or parts.sentence.says("last", "past", "this", "previous")
    ):
        return one
    years = {
        str(v)[:4]
        for c in last.where
        if c.column == one.column and not c.grain
        for v in (c.value, *c.values)
        if v
    }
    if len(years) != 1:
        return one
    year = years.pop()

    def moved(value: object) -> object:
        return f"{year}{value[4:]}" if isinstance(value, str) and re.match(r"\d{4}-", value) else value

    return one.model_copy(update={"value": moved(one.value), "values": [moved(v) for v in one.values]})
