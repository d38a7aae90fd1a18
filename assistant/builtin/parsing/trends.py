"""Builds requests about change over time: trends, growth, periods side by side."""

from __future__ import annotations

import re
from typing import Literal

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.grouping import CYCLES
from assistant.builtin.parsing.measures import default_statistic
from assistant.builtin.parsing.neighbouring import period_before
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.per_entity import for_each_entity
from assistant.builtin.parsing.totals import main_measures
from assistant.builtin.parsing.units import per_period
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request import Request
from assistant.builtin.request.rows import Aggregate, Trend
from tools.selecting import GroupBy, Measure


def read_trend(parts: Parts) -> Request | None:
    """A measure over time, growth, and periods side by side."""
    linear = _finest(parts)
    if parts.time is None or not (parts.grain or parts.growth or parts.periods or linear):
        return None
    steepest = _steepest(parts, linear)
    if (
        linear
        and steepest == "none"
        and (parts.superlative or parts.limit or parts.having or (parts.share and not parts.growth))
    ):
        return None
    if parts.grain and parts.grain != "auto" and (parts.superlative and not parts.growth):
        return None
    average = per_period(parts, linear.grain if linear else parts.grain, CYCLES)
    if average is not None:
        return average
    take_flags(parts)
    measures = main_measures(parts)
    if parts.per_entity:
        each, elsewhere, _ = for_each_entity(parts, measures)
        measures = measures if elsewhere else each  # "revenue per customer by month"
    measure = measures[0]
    if steepest != "none" and not parts.measures and measure.column and measure.statistic in ("max", "min"):
        usual = default_statistic(parts, measure.column)  # "biggest drop in revenue" is not the biggest sale
        measure = Measure.model_validate({"statistic": usual, "column": measure.column})
    if linear and len(measures) > 1 and not parts.periods and parts.running == "none":
        return None  # several measures by period are a table
    if len(measures) > 1 and parts.grain and not (parts.periods or parts.groups or parts.growth):
        return _several(parts, measures)
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
            "measure": measure, "time": parts.event, "grain": grain, "by": by, "where": parts.where,
            "chart": parts.chart,
            "compare_periods": parts.periods, "running": parts.running, "window": parts.window,
            "claim": _claim(parts), "steepest": steepest,
        }
    )  # fmt: skip


_LENGTHS = ("day", "week", "month", "quarter", "year")


def _finest(parts: Parts) -> GroupBy | None:
    """Return the period that is followed; of "calls per day by month" the day."""
    found = [g for g in parts.groups if g.grain and g.grain not in CYCLES and g.column == parts.time]
    return min(found, key=lambda g: _LENGTHS.index(g.grain) if g.grain in _LENGTHS else 0, default=None)


def _steepest(parts: Parts, linear: GroupBy | None) -> Literal["none", "rise", "fall"]:
    """Tell whether the period with the largest change is asked for: "which month fell most"."""
    timed = linear is not None or parts.grain not in (None, "auto")
    if not (parts.growth and parts.superlative and timed) or parts.periods or (parts.limit or 1) > 1:
        return "none"
    words = {token.norm for token in parts.sentence.tokens}
    falls = bool(words & cue("claims_fall")) != (parts.superlative == "asc")
    return "fall" if falls else "rise"


def _several(parts: Parts, measures: list[Measure]) -> Aggregate:
    """Read "GOOG and AAPL over time in one chart" as several measures by period."""
    parts.sentence.take_all("over_time")
    parts.sentence.take_all("compare")
    grain = None if parts.grain == "auto" else parts.grain
    by = [GroupBy.model_validate({"column": parts.time, "grain": grain})]
    chart = parts.chart if parts.chart != "auto" else "line"
    return Aggregate(measures=measures, by=by, where=parts.where, chart=chart)


def _widen(parts: Parts) -> None:
    """A change in one period is seen only against the one before: "spending fell in September, right?"."""
    if not parts.growth or parts.periods:
        return
    single = [c for c in parts.where if c.column == parts.time and c.is_ == "equal" and c.grain is None]
    if not single:
        return
    if _grain_inside(parts, str(single[0].value)):
        return
    parts.where[:] = [c for c in parts.where if c not in single]
    value = str(single[0].value)
    before = period_before(value)
    if before and parts.time and before >= str(parts.column(parts.time).minimum or "")[: len(before)]:
        parts.periods[:] = [before, value]
        return
    parts.grain = parts.grain or ("month" if len(value) == 7 else "year" if len(value) == 4 else "day")
    parts.note("To see the change I show the periods around it.")


def _grain_inside(parts: Parts, period: str) -> bool:
    """Tell whether a finer period is named, so that the change inside is asked for: "by quarter in 2023"."""
    named = {str(g.grain) for g in parts.groups if g.grain and g.column == parts.time} | {str(parts.grain)}
    finer = {"year": {"quarter", "month", "week", "day"}, "month": {"week", "day"}}
    length = "year" if re.fullmatch(r"\d{4}", period) else "month"
    return bool(named & finer[length])


def _claim(parts: Parts) -> Literal["none", "rose", "fell"]:
    """Return which change the question takes for given: "spending fell in September, right?"."""
    sentence = parts.sentence
    asks = sentence.tokens[0].norm in phrases("yes_no_question") or sentence.says("right", "correct", "true")
    words = {token.norm for token in sentence.tokens}
    if not asks or not parts.periods or words & cue("claims_rise") and words & cue("claims_fall"):
        return "none"
    return "rose" if words & cue("claims_rise") else "fell" if words & cue("claims_fall") else "none"
