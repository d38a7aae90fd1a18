"""Builds requests about change over time: trends, growth, periods side by side."""

from __future__ import annotations

from assistant.builtin.parsing.groups import CYCLES
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.totals import main_measures
from assistant.builtin.request import (
    Aggregate,
    Request,
    Trend,
)
from tools.selecting import Measure


def read_trend(parts: Parts) -> Request | None:
    """A measure over time, growth, and periods side by side."""
    linear = next(
        (g for g in parts.groups if g.grain and g.grain not in CYCLES and g.column == parts.time), None
    )
    if parts.time is None or not (parts.grain or parts.growth or parts.periods or linear):
        return None
    if linear and (parts.superlative or parts.limit or parts.having or (parts.share and not parts.growth)):
        return None
    if parts.grain and parts.grain != "auto" and (parts.superlative and not parts.growth):
        return None
    measure = main_measures(parts)[0]
    if any(".." in period for period in parts.periods):
        return _two_spans(parts, measure)
    _widen(parts)
    groups = [g.column for g in parts.groups if g.grain is None]
    grain = linear.grain if linear else parts.grain if parts.grain not in (None, "auto") else None
    if len(groups) > 1 or any(g.grain in CYCLES for g in parts.groups):
        return None
    parts.sentence.take_all("over_time")
    parts.sentence.take_all("compare")
    by = groups[0] if groups else next((c for c in parts.compared if "|" not in c), None)
    return Trend.model_validate(
        {
            "measure": measure, "grain": grain, "by": by, "where": parts.where, "chart": parts.chart,
            "compare_periods": parts.periods,
        }
    )  # fmt: skip


def _two_spans(parts: Parts, measure: Measure) -> Aggregate:
    """Compare spans that are no calendar period, such as half years, as two measures and their ratio."""
    halves = []
    for period in parts.periods:
        ends = period.split("..") if ".." in period else [period, period]
        within = condition(parts.time or "", "between", None, values=ends)
        halves.append(measure.model_copy(update={"where": [*measure.where, within]}))
    parts.sentence.take_all("compare")
    parts.sentence.take_all("over_time")
    parts.sentence.take_all("share")
    ratio = halves[0].model_copy(update={"per": halves[1]})
    return Aggregate(measures=[*halves, ratio], where=parts.where)


def _widen(parts: Parts) -> None:
    """A change in one month is seen only beside the other months: "spending fell in September, right?"."""
    if not parts.growth or parts.periods:
        return
    single = [c for c in parts.where if c.column == parts.time and c.is_ == "equal" and c.grain is None]
    if single:
        parts.where[:] = [c for c in parts.where if c not in single]
        value = str(single[0].value)
        parts.grain = parts.grain or ("month" if len(value) == 7 else "year" if len(value) == 4 else "day")
        parts.note("To see the change I show the periods around it.")
