"""Knows cumulative totals and moving averages of a measure over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from tools.core import ResultTable, Scalar, ToolResult
from tools.errors import ToolError
from tools.figures import bars, lines
from tools.questions.aggregating import Aggregated
from tools.questions.coverage import Coverage
from tools.questions.grouping import Key
from tools.questions.headlines import headline_of
from tools.questions.phrasing import ExactQuotes, bare, write
from tools.questions.reservations import caveats_of
from tools.questions.series import Series, Story, series_of
from tools.questions.telling import Teller
from tools.selecting import Grain
from tools.wording import sentence

Running = Literal["none", "total", "average"]
Points = list[tuple[date, float | None]]


def told_running(
    made: Aggregated, grain: Grain, coverage: Coverage, running: Running, window: int, chart: str
) -> ToolResult:
    """Tell how a cumulative total or a moving average developed.

    Args:
        made: The measure by period.
        grain: Length of a period.
        coverage: Which days have rows.
        running: Cumulative total or moving average.
        window: Periods of a moving average, the current one included.
        chart: "none" for no chart, "bar" for bars; a line otherwise.

    Raises:
        ToolError: If the measure does not add up, or the window does not fit into the data.
    """
    plan, quotes = made.plans[0], ExactQuotes()
    if running == "total" and not plan.additive:
        raise ToolError(
            f"{sentence(plan.words)[:-1]} does not add up over time.", "Ask for a running total or a count."
        )
    teller = Teller(made, quotes)
    series, _ = series_of(made, grain, coverage, 1)
    if not series:
        return ToolResult(headline_of(teller), (*quotes.facts, *made.facts), caveats=caveats_of(teller))
    line = series[0]
    if running == "average" and not 2 <= window <= len(line.starts):
        raise ToolError(
            f"A moving average over {window} {grain}s does not fit into {len(line.starts)} {grain}s of data.",
            f"Ask for 2 to {len(line.starts)} {grain}s.",
        )
    points = _totals(line) if running == "total" else _averages(line, window)
    story = Story(plan, grain, quotes, teller.where, teller.clause)
    known = [(start, value) for start, value in points if value is not None]
    (first, before), (last, after) = known[0], known[-1]
    name = (
        f"cumulative {bare(plan)}"
        if running == "total"
        else _average_words(quotes, window, grain, bare(plan))
    )
    ends = f"{write(plan, before)} in {story.name(first)}", f"**{write(plan, after)}** in {story.name(last)}"
    headline = f"the {name}{teller.clause} goes from {ends[0]} to {ends[1]}"
    findings = []
    if running == "average":
        top, low = max(known, key=lambda p: p[1]), min(known, key=lambda p: p[1])
        told = [f"{write(plan, value)} in {story.name(start)}" for start, value in (top, low)]
        findings.append(f"It is highest at {told[0]} and lowest at {told[1]}.")
    for start, value in points:
        if value is not None:
            quotes.note(f"{running}_{plan.name}", value, plan.unit, start.isoformat() + teller.where)
    table = _table(made.keys[0], line, points, grain, name, plan.heading, plan.unit)
    figure = _figure(made.keys[0], points, name, grain, chart)
    partial = [start for start, full in zip(line.starts, line.full, strict=True) if not full]
    caveats = list(caveats_of(teller))
    if partial:
        n, of = quotes.number("n_partial_periods", len(partial)), quotes.number("n_periods", len(line.starts))
        caveats.append(f"{n} of the {of} {grain}s are not fully covered by the data and count as they are.")
    return ToolResult(
        sentence(headline), (*quotes.facts, *made.facts), tuple(findings), (table,), figure, tuple(caveats)
    )


def _average_words(quotes: ExactQuotes, window: int, grain: Grain, what: str) -> str:
    quotes.note("window", window, f"{grain}s")
    return f"{window}-{grain} moving average of {what}"


def _totals(line: Series) -> Points:
    total, points = 0.0, []
    for start, value in zip(line.starts, line.values, strict=True):
        total += float(value) if isinstance(value, int | float) else 0.0
        points.append((start, round(total, 6)))
    return [*points]


def _averages(line: Series, window: int) -> Points:
    values = [float(v) if isinstance(v, int | float) else None for v in line.values]
    points: Points = []
    for index, start in enumerate(line.starts):
        held = values[max(0, index + 1 - window) : index + 1]
        full = len(held) == window and None not in held
        points.append((start, round(sum(v or 0.0 for v in held) / window, 6) if full else None))
    return points


def _table(
    key: Key, line: Series, points: Points, grain: Grain, name: str, heading: str, unit: str | None
) -> ResultTable:
    own = dict(zip(line.starts, line.values, strict=True))
    rows: list[tuple[Scalar, ...]] = [
        (key.label(_raw(grain, start)), value, own[start]) for start, value in points
    ]
    title = f"{name[:1].upper()}{name[1:]} by {grain}".replace("`", "")
    return ResultTable(title, (key.title, name.replace("`", ""), heading), tuple(rows), (None, unit, unit))


def _raw(grain: Grain, start: date) -> object:
    if grain == "year":
        return start.year
    return (start - date(1, 1, 1)).days // 7 if grain == "week" else start


def _figure(key: Key, points: Points, name: str, grain: Grain, chart: str) -> tuple[dict[str, object], ...]:
    if chart == "none":
        return ()
    title, values = f"{name[:1].upper()}{name[1:]}".replace("`", ""), [value for _, value in points]
    starts: Sequence[str] = [start.isoformat() for start, _ in points]
    if chart == "bar":
        labels = [key.label(_raw(grain, start)) for start, _ in points]
        return (bars(labels, {title: values}, title, grain, title),)
    return (lines(starts, {title: values}, title, key.column.name, title, filled=chart == "area", zero=True),)
