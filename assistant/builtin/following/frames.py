"""Knows what people put around a change ("switch it to X", "put X next to it") and the plain words for it.

The frames are a list in `frames.toml`; they are matched word by word, and what stands in their places X and Y
is left as it was written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from assistant.builtin.annotate import annotate
from assistant.builtin.calendar_years import year_column
from assistant.builtin.following.filters import of_time
from assistant.builtin.following.question import CALENDAR, Question
from assistant.builtin.linking import Catalog
from assistant.builtin.sentence import Sentence
from assistant.builtin.templates import compiled, either, words_of

FRAMES = Path(__file__).parent.parent / "frames.toml"
_LONGEST = 16  # words: a longer message is a request of its own


@dataclass(frozen=True)
class Frame:
    """One change with the ways to say it.

    Attributes:
        says: The plain words, X for what the change is about.
        way: Matches a whole message, one space behind each word.
        needs: What X, or the question that is changed, has to be.
    """

    says: str
    way: re.Pattern[str]
    needs: str


@dataclass(frozen=True)
class _Place:
    """What a frame was found around: the message's X, read, and the question to change."""

    sentence: Sentence
    question: Question
    catalog: Catalog

    @property
    def columns(self) -> set[str]:
        return {item.column for item in self.sentence.items if item.column}

    @property
    def values(self) -> bool:
        whole = [item for item in self.sentence.items if not item.filler]
        known = ("period", "weekday", "season", "value_word", "value")
        return any(item.values or any(item.has(kind) for kind in known) or _is_year(item) for item in whole)


def _is_year(item: object) -> bool:
    number = getattr(item, "number", None)
    return number is not None and number.unit is None and 1900 <= number.value <= 2100


def plainly(text: str, catalog: Catalog, question: Question) -> str:
    """Return a message that changes a question in plain words; any other message as it is.

    Args:
        text: The message.
        catalog: The data.
        question: The question that it may change.
    """
    words = words_of(text)
    if not 0 < len(words.places) <= _LONGEST:
        return text
    for frame in _frames(_rows_called(catalog)):
        found = frame.way.fullmatch(words.said)
        if found is None:
            continue
        about = words.written(found, "x")
        place = _Place(annotate(about, catalog), question, catalog)
        if not frame.needs or KNOWN_NEEDS[frame.needs](place):
            return frame.says.replace("X", about).replace("GRAIN", _grain(question))
    return text


@cache
def whole_messages() -> frozenset[str]:
    """Return the plain words of frames without any X: of a message in one, every word is accounted for."""
    document = tomllib.loads(FRAMES.read_text(encoding="utf-8"))
    return frozenset(one["says"] for one in document["frame"] if "X" not in one["says"])


def plainly_of_segments(text: str, catalog: Catalog, kind: str) -> str:
    """Return a message that changes the number or the limit of segments in plain words; any other as it is.

    Args:
        text: The message.
        catalog: The data.
        kind: What the segments are cut by: a "limit", or a "number" of them.
    """
    words = words_of(text)
    if not 0 < len(words.places) <= _LONGEST:
        return text
    for frame in _frames(_rows_called(catalog), "scheme"):
        found = frame.way.fullmatch(words.said) if frame.needs in (kind, f"any_{kind}") else None
        if found is None:
            continue
        about = words.written(found, "x")
        number = _only_number(annotate(about, catalog)) if about else ""
        if number is not None:
            return frame.says.replace("X", number)
    return text


def back_to_number(text: str) -> str:
    """Return the number in "go back to the one with 4", as written; an empty text for any other message."""
    words = words_of(text)
    for way in _back_ways():
        found = way.fullmatch(words.said)
        if found:
            return words.written(found, "x")
    return ""


@cache
def _back_ways() -> tuple[re.Pattern[str], ...]:
    document = tomllib.loads(FRAMES.read_text(encoding="utf-8"))
    before, after = (f"(?:{either(document[name])})*?" for name in ("soft_before", "soft_after"))
    return tuple(
        re.compile(f"{before}(?:no )?(?:{compiled(way, {})}){after}") for way in document["back_to_number"]
    )


def _only_number(sentence: Sentence) -> str | None:
    """Return the one number of "15 payments", as written; None where anything else is said."""
    numbers = [item for item in sentence.items if item.number]
    others = [item for item in sentence.items if item not in numbers]
    fits = len(numbers) == 1 and all(
        any(item.has(kind) for kind in ("entity", "group_noun", "share")) for item in others
    )
    return numbers[0].text if fits else None


def _grain(question: Question) -> str:
    return question.grain or "month"


def _rows_called(catalog: Catalog) -> tuple[str, ...]:
    """Return what a row or a customer may be called: what the tables are called, and the usual nouns."""
    usual = (
        "customers",
        "clients",
        "people",
        "members",
        "users",
        "transactions",
        "rows",
        "records",
        "orders",
    )
    named = (word for name in catalog.tables for word in re.findall(r"[a-z]{3,}", name.lower()))
    return tuple(dict.fromkeys((*usual, *named, "ones", "entries", "bookings", "payments", "calls")))


@lru_cache(maxsize=64)
def _frames(rows: tuple[str, ...], kind: str = "frame") -> tuple[Frame, ...]:
    document = tomllib.loads(FRAMES.read_text(encoding="utf-8"))
    names = {"IT": document["it"], "ROWS": rows, "GRAIN": CALENDAR, "EDGE": document["edge"]}
    before, after = (f"(?:{either(document[name])})*?" for name in ("soft_before", "soft_after"))
    return tuple(
        Frame(one["says"], re.compile(f"{before}(?:{compiled(way, names)}){after}"), one.get("needs", ""))
        for one in document[kind]
        for way in one["ways"]
    )


def _has_filter(place: _Place) -> bool:
    return bool(place.question.where)


def _has_group(place: _Place) -> bool:
    return bool(place.question.by) or place.question.shape == "trend"


def _is_filtered(place: _Place) -> bool:
    held = {c.column for c in place.question.where}
    named = place.columns or {name for i in place.sentence.items for name in of_time(i, place.catalog)}
    return bool(named & held) and not place.values and not place.question.by_columns & place.columns


def _is_in_force(place: _Place) -> bool:
    """Tell whether X is nothing but what the question is narrowed to: "women" of the women."""
    held = {
        (c.column, str(value))
        for c in place.question.where
        for value in (c.value, *c.values)
        if c.is_ in ("equal", "in") and value is not None
    }
    ranged = {c.column for c in place.question.where if c.is_ not in ("equal", "in", "missing", "present")}
    items = [item for item in place.sentence.items if not item.filler]
    if items and all(item.column in ranged or item.has("entity") for item in items):
        return any(item.column in ranged for item in items)  # "the heavy ones" of those above 10 kg
    return (
        bool(items)
        and all(
            any((link.column, str(link.value)) in held for link in item.values)
            or any(item.links)
            and bool({link.column for link in item.links} & {name for name, _ in held})
            for item in items
        )
        and any(item.values for item in items)
    )


def _at_a_period(place: _Place) -> bool:
    """Tell whether the question is about one period, of a date or of a column of years."""
    time, years = place.catalog.table.time, year_column(place.catalog)
    return _over_time(place) or any(c.column in (time, years) for c in place.question.where)


def _is_grouped(place: _Place) -> bool:
    return bool(place.columns & place.question.by_columns) and not place.values


def _is_group_of_counted(place: _Place) -> bool:
    """Tell whether X is what rows of a kind are counted by: "churned by contract" - "of each contract"."""
    return _is_grouped(place) and _counts_up(place) and bool(place.question.where)


def _is_counted_in_groups(place: _Place) -> bool:
    return bool(place.question.by and place.question.where) and _counts_up(place)


def _counts_up(place: _Place) -> bool:
    """Tell whether the numbers shown are parts of a whole: counts and totals."""
    adds_up = ("count", "count_distinct", "sum")
    asked = place.question
    return bool(asked.measures) and all(m.statistic in adds_up and not m.per for m in asked.measures)


def _is_ordered(place: _Place) -> bool:
    return bool(place.question.by) and place.question.shape == "numbers"


def _over_time(place: _Place) -> bool:
    return place.question.shape == "trend"


def _may_be_tested(place: _Place) -> bool:
    return place.question.shape in ("numbers", "difference", "cross")


def _is_value(place: _Place) -> bool:
    return place.values


def _is_column(place: _Place) -> bool:
    return bool(place.columns) and not place.values


def _is_number(place: _Place) -> bool:
    items = place.sentence.items
    ends = ("superlative", "superlative_time")
    return any(i.number for i in items) and any(i.has(kind) for i in items for kind in ends)


def _is_direction(place: _Place) -> bool:
    return _is_ordered(place) and any(item.has("order") for item in place.sentence.items)


def _is_filtered_group(place: _Place) -> bool:
    return bool(place.question.by) and _is_filtered(place)


def _by_month(place: _Place) -> bool:
    return place.catalog.table.time is not None


def _measures_number(place: _Place) -> bool:
    return place.question.column is not None and not place.question.is_rate


def _limits_groups(place: _Place) -> bool:
    """Tell whether X is a bare limit, "above 100", and groups with numbers are shown."""
    items = place.sentence.items
    bare = all(item.number or item.has("comparator") or item.has("comparator_after") for item in items)
    return _is_ordered(place) and bare and any(item.number for item in items)


def _over_time_or_filtered(place: _Place) -> bool:
    return _over_time(place) or any(c.column == place.catalog.table.time for c in place.question.where)


def _is_noun(place: _Place) -> bool:
    return all(item.has("entity") for item in place.sentence.items) and bool(place.sentence.items)


def _is_part(place: _Place) -> bool:
    """Tell whether X is something that a question is made of."""
    kinds = ("statistic", "count", "grain", "chart_kind", "feature", "share", "quantile", "superlative")
    items = place.sentence.items
    return bool(place.columns) or place.values or any(i.has(kind) for i in items for kind in kinds)


KNOWN_NEEDS: Mapping[str, Callable[[_Place], bool]] = {
    "filter": _has_filter, "filtered": _is_filtered, "filtered_groups": _is_filtered_group,
    "group": _has_group, "grouped": _is_grouped, "grouped_count": _is_group_of_counted,
    "counted": _counts_up, "ordered": _is_ordered, "direction": _is_direction, "time": _over_time,
    "two_periods": _at_a_period, "counted_group": _is_counted_in_groups, "value_in_force": _is_in_force,
    "month": _by_month, "time_or_two": _over_time_or_filtered, "groups_or_two": _may_be_tested,
    "number_measured": _measures_number, "limit_of_groups": _limits_groups, "noun": _is_noun,
    "value": _is_value, "column": _is_column, "number": _is_number, "part": _is_part,
}  # fmt: skip
