"""Reads the cells of segment tables as facts about the segments: "Profile: age, median" of "heavy_data"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.grounding.facts import OTHERS, SourcedFact
from tools.core import Fact

_CODE = re.compile(r"[A-Z]{3}|days|hours|%")
_STATISTIC = re.compile(r"median|mean|most frequent|share")


def read_cells(facts: Sequence[SourcedFact]) -> list[SourcedFact]:
    """Return facts with cells of segment tables in the form that other facts have; their origin is kept.

    Args:
        facts: All facts that may be quoted; those named `size` tell which segments there are.
    """
    segments = sorted(
        {each.fact.scope for each in facts if each.fact.name == "size" and ": " not in each.fact.scope},
        key=len,
        reverse=True,
    )
    if not segments:
        return list(facts)
    by_slug = {_slug(name): name for name in segments}
    return [_read(each, segments, by_slug) if ": " in each.fact.scope else each for each in facts]


def _read(sourced: SourcedFact, segments: Sequence[str], by_slug: dict[str, str]) -> SourcedFact:
    fact = sourced.fact
    found = next(_of_a_row(fact, segments), None) or _of_a_column(fact, by_slug)
    return sourced if found is None else replace(sourced, fact=found, origin=fact)


def _of_a_row(fact: Fact, segments: Sequence[str]) -> Iterator[Fact]:
    """Yield the fact that a cell is where its row is a segment."""
    row = fact.scope.partition(": ")[2]
    for segment in segments:
        if row != segment and not row.startswith(f"{segment}, "):
            continue
        measure = _slug(row[len(segment) :])
        if fact.name == "everybody_else":
            yield replace(fact, name=f"typical_{measure}", scope=OTHERS + segment)
        elif fact.name == "in_the_segment":
            yield replace(fact, name=f"typical_{measure}", scope=segment)
        else:
            yield replace(fact, scope=segment)
        return


def _of_a_column(fact: Fact, by_slug: dict[str, str]) -> Fact | None:
    """Return the fact that a cell is where its column is a segment."""
    name = _slug(fact.name)
    if name not in by_slug and name != "all":
        return None
    parts = fact.scope.partition(": ")[2].split(", ")
    statistic = parts.pop() if len(parts) > 1 and _STATISTIC.fullmatch(parts[-1]) else "typical"
    unit = parts.pop() if len(parts) > 1 and _CODE.fullmatch(parts[-1]) else None
    return Fact(
        f"{_slug(statistic)}_{_slug(', '.join(parts))}",
        fact.value,
        fact.unit or unit,
        by_slug.get(name, ""),
    )


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")
