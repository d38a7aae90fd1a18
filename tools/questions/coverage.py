"""Knows which days the data cover, so that no half period is taken for a whole one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import narwhals as nw

from tools.checks import values_of
from tools.core import Column, DataTable, Workspace
from tools.periods import interval, next_month
from tools.selecting import Condition, Grain
from tools.wording import day

_USUAL = 5  # with rows on at least this many days of a middling week, data count as daily
_SPARE = 0.04  # of a period's days may be missing at its ends: one day of a month, none of a week
_ENOUGH = 0.85  # of the usual days; a period with fewer is patchy


@dataclass(frozen=True)
class Coverage:
    """Days with rows, in order; `usual_week` is the middling number of them in a whole week."""

    days: tuple[date, ...]
    usual_week: float

    @property
    def is_daily(self) -> bool:
        """Whether rows are expected on nearly every day."""
        return self.usual_week >= _USUAL

    def within(self, grain: Grain, start: date) -> list[date]:
        """Return the days with rows in a period."""
        end = period_end(grain, start)
        return [each for each in self.days if start <= each < end]

    def is_cut(self, grain: Grain, start: date) -> bool:
        """Tell whether the data begin or end within the period, more than a few days from its ends."""
        if grain == "day":
            return False
        end = period_end(grain, start)
        spare = timedelta(days=int(_SPARE * (end - start).days))
        return start < self.days[0] - spare or end - timedelta(days=1) > self.days[-1] + spare

    def is_patchy(self, grain: Grain, start: date) -> bool:
        """Tell whether many usual days of a period, of a day's whole week, have no row at all."""
        if not self.is_daily or not self.days:
            return False
        if grain == "day":
            grain, start = "week", period_of("week", start)
        first, end = (
            max(start, self.days[0]),
            min(period_end(grain, start), self.days[-1] + timedelta(days=1)),
        )
        length = (end - first).days
        return len(self.within(grain, start)) < _ENOUGH * length * self.usual_week / 7

    def is_full(self, grain: Grain, start: date) -> bool:
        """Tell whether a period may be compared with others."""
        return bool(self.days) and not self.is_cut(grain, start) and not self.is_patchy(grain, start)

    def remark(self, grain: Grain, start: date, name: str) -> str:
        """Say why a period is not full."""
        held, length = self.within(grain, start), (period_end(grain, start) - start).days
        text = f"{name} is not a full {grain}: there are rows on {len(held)} of its {length} days"
        if held and len(held) <= 3:
            text += f" ({', '.join(map(day, held))} only)"
        return text + "."


def period_end(grain: Grain, start: date) -> date:
    """Return the first day after a period."""
    months = {"year": 12, "quarter": 3, "month": 1}
    return (
        next_month(start, months[grain])
        if grain in months
        else start + timedelta(days=7 if grain == "week" else 1)
    )


def period_of(grain: Grain, when: date) -> date:
    """Return the first day of the period that a day belongs to."""
    if grain == "week":
        return when - timedelta(days=when.weekday())
    if grain == "day":
        return when
    month = {"year": 1, "quarter": 3 * ((when.month - 1) // 3) + 1}.get(grain, when.month)
    return date(when.year, month, 1)


def periods_between(grain: Grain, first: date, last: date) -> list[date]:
    """Return the starts of all periods from that of `first` to that of `last`, without gaps."""
    starts = [period_of(grain, first)]
    while (following := period_end(grain, starts[-1])) <= last:
        starts.append(following)
    return starts


def coverage_of(workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], column: Column) -> Coverage:
    """Return the days on which the whole table has rows, whatever a request filters."""

    def build() -> Coverage:
        days = frame.select(nw.col(column.name).cast(nw.Date).alias("day")).filter(~nw.col("day").is_null())
        found = workspace.engine.collect(days.group_by("day").agg().sort("day"))["day"]
        return _coverage([value.date() for value in found])

    return workspace.engine.memo(("coverage", table.name, column.name), build)


def within_span(coverage: Coverage, column: Column, where: Sequence[Condition]) -> Coverage:
    """Return the part of the coverage that conditions on the dates let through.

    Without it a question about 2007 would show the months of all other years as empty.
    """
    days = coverage.days
    for one in where:
        if one.column == column.name and one.grain is None and not one.or_ and one.is_ in _SPANS:
            within = _stretches(one)
            days = tuple(each for each in days if any(first <= each < stop for first, stop in within))
    return replace(coverage, days=days)


_SPANS = ("above", "at_least", "below", "at_most", "equal", "between", "in")


def _stretches(one: Condition) -> list[tuple[date, date]]:
    """Return the stretches of days that a condition on dates lets through; the end is not included."""
    ends = [(_day(start), _day(stop)) for start, stop in (interval(value) for value in values_of(one))]
    start, stop = ends[0]
    if one.is_ == "between":
        return [(min(first for first, _ in ends), max(last for _, last in ends))]
    open_ended = {
        "above": (stop, date.max),
        "at_least": (start, date.max),
        "below": (date.min, start),
        "at_most": (date.min, stop),
    }
    return [open_ended[one.is_]] if one.is_ in open_ended else ends


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _coverage(days: Sequence[date]) -> Coverage:
    weeks: dict[date, int] = {}
    if days:
        starts = periods_between("week", days[0], days[-1])
        weeks = {start: 0 for start in starts if start >= days[0] and start + timedelta(days=6) <= days[-1]}
    for each in days:
        monday = period_of("week", each)
        if monday in weeks:
            weeks[monday] += 1
    return Coverage(tuple(days), median(weeks.values()) if weeks else 0.0)
