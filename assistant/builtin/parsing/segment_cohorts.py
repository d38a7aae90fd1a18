"""Reads segments by when customers came: "by enrolment year", "one for each month of first purchase"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant.builtin.annotate import Item, Sentence
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_conditions import stated
from assistant.builtin.parsing.definition_names import any_of
from assistant.builtin.parsing.segment_words import NOUNS, VERBS
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import RuleSegment, SegmentByRules
from tools.selecting import Condition

MOST_PERIODS = 12
_MOST_FIRST = 24  # of first purchases many periods have none
_GRAINS = ("year", "quarter", "month")
_LONG = 3 * 366  # days from which on years are told apart, if nothing else is asked for
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def read_cohorts(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read a wish for one segment for each period in which customers came; None if it is none."""
    cohorts = "cohort" in words
    if not (cohorts or words & (NOUNS | VERBS)) or any(
        sentence.has(k) for k in ("statistic", "how_much", "share")
    ):
        return None
    dated = next((item for item in sentence.items if _is_date(item, catalog)), None)
    came = re.search(rf"\b(?:{any_of('came')})\b", sentence.text, re.IGNORECASE)
    said = re.search(r"\b(?:year|quarter|month|date|day|when|time)s?\b", sentence.text, re.IGNORECASE)
    if (
        not cohorts
        and not (came or dated)
        or not cohorts
        and not said
        or _other_words(sentence, dated, catalog)
    ):
        return None
    column = dated.column if dated is not None else None
    span = _span(column, catalog)
    if span is None:
        return None
    asked = next(
        (item.senses["grain"] for item in sentence.items if item.senses.get("grain") in _GRAINS), None
    )
    grain = str(asked) if asked else "year" if (span[1] - span[0]).days >= _LONG else "quarter"
    periods = list(_periods(*span, grain))
    if not 2 <= len(periods) <= (MOST_PERIODS if column else _MOST_FIRST):
        return _finer_or_coarser(sentence.text, grain, len(periods))
    segments = []
    for name in periods:
        where = _when(name, column, catalog)
        if not where:
            return None
        segments.append(RuleSegment(name=name, where=where))
    for item in sentence.items:
        item.used = True
    own = column is not None and not _of_purchases(column, catalog)
    what = f"**{column}**" if own else "the first purchase"
    note = f"One segment for each {grain} of {what}."
    return Reading((SegmentByRules(segments=segments, otherwise="(missing)"),), (note,))


def _is_date(item: Item, catalog: Catalog) -> bool:
    column = catalog.columns.get(item.column or "")
    return column is not None and column.kind in ("date", "datetime") and column.role != "birth_date"


def _other_words(sentence: Sentence, dated: Item | None, catalog: Catalog) -> bool:
    """Tell whether a sentence says more than when customers came."""
    return any(
        item is not dated
        and not _is_date(item, catalog)
        and (
            bool(item.values)
            or item.has("comparator")
            or item.has("number")
            or item.has("range")
            or item.has("period")
            or item.has("superlative")
            or (
                bool(item.links)
                and not item.has("entity")
                and item.links[0].score > _NAMED
                and not item.has("grain")
            )
        )
        for item in sentence.items
    )


_NAMED = 0.9


def _span(column: str | None, catalog: Catalog) -> tuple[date, date] | None:
    """Return the first and the last day on which a customer came."""
    if column is not None and not _of_purchases(column, catalog):
        known = catalog.columns[column]
        return _day(known.minimum), _day(known.maximum)
    return (
        (catalog.span.first, catalog.span.last) if catalog.has_features and catalog.span is not None else None
    )


def _of_purchases(column: str, catalog: Catalog) -> bool:
    """Tell whether a date is that of rows, of which a customer has several."""
    return catalog.has_features and column == catalog.table.time


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _periods(first: date, last: date, grain: str) -> Iterator[str]:
    """Yield the periods from one day to another as people name them."""
    for year in range(first.year, last.year + 1):
        if grain == "year":
            yield str(year)
            continue
        step = 3 if grain == "quarter" else 1
        for month in range(1, 13, step):
            if (year, month + step - 1) < (first.year, first.month) or (year, month) > (
                last.year,
                last.month,
            ):
                continue
            yield f"Q{(month + 2) // 3} {year}" if step == 3 else f"{_MONTHS[month - 1]} {year}"


def _when(period: str, column: str | None, catalog: Catalog) -> list[Condition]:
    own = column is not None and not _of_purchases(column, catalog)
    found = stated(f"{column} in {period}" if own else f"first purchase in {period}", catalog, None)
    return list(found.where) if found else []


def _finer_or_coarser(text: str, grain: str, n: int) -> Reply | None:
    """Ask for longer periods where there would be too many segments."""
    place = _GRAINS.index(grain)
    if n < 2 or place == 0:
        return None
    other = _GRAINS[place - 1]
    choice = re.sub(rf"\b{grain}(?:s|ly)?\b", other, text, flags=re.IGNORECASE)
    told = {"n": n, "grain": grain, "most": MOST_PERIODS}
    return Reply("clarify", "too_many_periods", told, (choice if choice != text else f"Segments by {other}",))
