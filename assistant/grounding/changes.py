"""Adds to a series how each period changed since the one before and since a year ago, and how many rose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from assistant.grounding.facts import SourcedFact
from tools.core import Fact

CHANGED, ROSE, FELL, COUNTED = "change", "rises", "falls", "periods"  # what a sentence must speak of


def changes_of(told: SourcedFact, values: Mapping[str, float]) -> Iterator[SourcedFact]:
    """Yield the changes of a series from period to period and from year to year, and their counts.

    Args:
        told: One fact of the series.
        values: The series, by the first day of each period.
    """
    days = sorted(values)
    for before, day in pairwise(days):
        yield from _change(told, values[before], values[day], day)
        ago = f"{int(day[:4]) - 1}{day[4:]}"
        if ago != before and ago in values:
            yield from _change(told, values[ago], values[day], day)
    steps = [values[day] - values[before] for before, day in pairwise(days)]
    unit = told.fact.unit
    for name, count, needs in (
        ("n_periods_risen", sum(step > 0 for step in steps), ROSE),
        ("n_periods_fallen", sum(step < 0 for step in steps), FELL),
        ("n_periods", len(days), COUNTED),
        ("n_steps", len(steps), COUNTED),
    ):
        yield _from(told, Fact(name, count, None), needs)
    rises, falls = [step for step in steps if step > 0], [-step for step in steps if step < 0]
    for name, sizes, needs in (("rise", rises, ROSE), ("fall", falls, FELL)):
        if sizes:
            yield _from(told, Fact(f"largest_{name}", max(sizes), unit), needs)


def changes_between(
    told: SourcedFact, values: Mapping[str, float], stretches: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[SourcedFact]:
    """Yield how the sums of stretches changed since the stretch before and since the same a year ago.

    Args:
        told: One fact of the series.
        values: The series, by the first day of each period.
        stretches: Name and days of each stretch that an answer speaks of.
    """
    days = sorted(values)
    for name, inside in stretches:
        first, total = days.index(inside[0]), sum(values[day] for day in inside)
        before = days[first - len(inside) : first] if first >= len(inside) else []
        ago = [f"{int(day[:4]) - 1}{day[4:]}" for day in inside]
        for earlier in (before, ago if all(day in values for day in ago) and ago != before else []):
            if earlier:
                yield from _change(told, sum(values[day] for day in earlier), total, name)


def _change(told: SourcedFact, before: float, after: float, scope: str) -> Iterator[SourcedFact]:
    yield _from(told, Fact("change", after - before, told.fact.unit, scope), CHANGED)
    if before:
        yield _from(told, Fact("change_pct", 100.0 * (after - before) / abs(before), "%", scope), CHANGED)


def _from(told: SourcedFact, made: Fact, needs: str) -> SourcedFact:
    return SourcedFact(told.step, made, needs, told.origin or told.fact)
