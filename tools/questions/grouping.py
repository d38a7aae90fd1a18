"""Knows how groups are computed and written: categories, periods, parts of the day, ranges of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import narwhals as nw
import pandas as pd

from tools.core import Column, DataTable, Fact, Scalar, Workspace
from tools.errors import ToolError
from tools.formulas import constants
from tools.periods import clock_for, part, part_label, week_start
from tools.selecting import Grain, GroupBy, find_column
from tools.wording import day, label, number

Collected = Any  # a value as pandas hands it back
MISSING = "(missing)"
MOST_STEPS = 100  # ranges of one width
MANY_NUMBERS = 30  # a number column with more distinct values than this is grouped into ranges
AGE_EDGES = (18.0, 25.0, 35.0, 45.0, 55.0, 65.0)
CALENDAR: tuple[Grain, ...] = ("year", "quarter", "month", "week", "day")


@dataclass(frozen=True)
class Key:
    """One thing that rows are grouped by.

    Attributes:
        column: The column behind it.
        grain: Part of a date or time, or None.
        expression: Sortable value of the group; null where missing.
        write: Turns that value into what a person reads.
        ordered: Groups have an order of their own (time, ranges).
        title: Column heading ("month of TransactionDate").
        words: In prose ("month").
        caveats: What was assumed.
        facts: Edges of ranges.
    """

    column: Column
    grain: Grain | None
    expression: nw.Expr
    write: Callable[[Collected], str]
    ordered: bool
    title: str
    words: str
    caveats: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def is_calendar(self) -> bool:
        """Whether the groups are consecutive periods."""
        return self.grain in CALENDAR

    def label(self, value: object) -> str:
        """Write one group, missing ones too."""
        return MISSING if is_missing(value) else self.write(value)


def is_missing(value: object) -> bool:
    """Tell whether a collected value is missing."""
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)


def key_of(workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], group: GroupBy) -> Key:
    """Turn one requested group into an expression and its words.

    Raises:
        ToolError: If the column is unknown or has no such part.
    """
    column = find_column(table, group.column)
    if group.bins or group.n_bins or group.width:
        return _ranges(workspace, frame, column, group)
    if group.grain:
        return _by_grain(table, column, group.grain)
    if column.kind in ("date", "datetime"):
        grain = natural_grain(column)
        key = _by_grain(table, column, grain)
        return key if grain == "day" else _assume(key, f"{column.name} is grouped by {grain}.")
    if column.kind == "time" or column.role == "clock":
        return _assume(_by_grain(table, column, "hour"), f"{column.name} is grouped by hour.")
    if (
        column.kind == "number"
        and (column.n_distinct or MANY_NUMBERS + 1) > MANY_NUMBERS
        and not _named(column)
    ):
        return _automatic_ranges(workspace, frame, column)
    return _plain(column)


def _has_many(workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], column: Column) -> bool:
    def build() -> int:
        counted = frame.select(nw.col(column.name).n_unique().alias("n"))
        return int(workspace.engine.collect(counted)["n"].iloc[0])

    n_distinct = column.n_distinct
    if n_distinct is None:
        n_distinct = workspace.engine.memo(("distinct numbers", table.name, column.name), build)
    return n_distinct > MANY_NUMBERS


def _assume(key: Key, caveat: str) -> Key:
    return Key(**{**{name: getattr(key, name) for name in Key.__dataclass_fields__}, "caveats": (caveat,)})


def _named(column: Column) -> bool:
    return column.role in ("customer_key", "row_key", "category", "place", "outcome", "flag", "index")


def _plain(column: Column) -> Key:
    if column.kind == "number":
        return Key(column, None, nw.col(column.name), _number_label, True, column.name, label(column))
    if column.kind == "boolean":
        this = nw.col(column.name).cast(nw.Int64)
        return Key(
            column, None, this, lambda value: "yes" if value else "no", True, column.name, label(column)
        )
    return Key(column, None, nw.col(column.name), str, False, column.name, label(column))


def _number_label(value: Collected) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def natural_grain(column: Column) -> Grain:
    """Return the grain at which a column of dates gives some 20 to 120 periods."""
    try:
        first, last = (date.fromisoformat(str(end)[:10]) for end in (column.minimum, column.maximum))
    except ValueError:
        return "day"
    days = (last - first).days
    if days <= 130:
        return "day"
    if days <= 2 * 366:
        return "week" if days <= 200 else "month"
    return "month" if days <= 8 * 366 else "year"


def _by_grain(table: DataTable, column: Column, grain: Grain) -> Key:
    if grain not in CALENDAR:
        expression = part(table, column, grain)
        source = clock_for(table, column) if grain in ("hour", "part_of_day") else column
        words = grain.replace("_of_", " of the ").replace("_", " ")
        return Key(
            source,
            grain,
            expression,
            lambda value: part_label(grain, value),
            True,
            f"{words} of {source.name}",
            words,
        )
    title = f"{grain} of {column.name}"
    write = partial(period_label, grain)
    return Key(column, grain, period_expression(table, column, grain), write, True, title, grain)


def period_expression(table: DataTable, column: Column, grain: Grain) -> nw.Expr:
    """Return the period of the calendar, or the part of it, that a date lies in, as a sortable value.

    Raises:
        ToolError: If the column holds no dates.
    """
    if grain not in CALENDAR:
        return part(table, column, grain)
    if column.kind not in ("date", "datetime"):
        raise ToolError(f"{column.name} holds no dates.", f"A {grain} needs a date column.")
    this = nw.col(column.name)
    expressions = {
        "year": lambda: this.dt.year(),
        "quarter": lambda: this.dt.truncate("1q").cast(nw.Date),
        "month": lambda: this.dt.truncate("1mo").cast(nw.Date),
        "week": lambda: part(table, column, "week"),
        "day": lambda: this.cast(nw.Date),
    }
    return expressions[grain]()


def period_start(grain: Grain, value: Collected) -> date:
    """Return the first day of a calendar group from its collected value."""
    if grain == "year":
        return date(int(value), 1, 1)
    if grain == "week":
        return week_start(int(value))
    return pd.Timestamp(value).date()


def period_label(grain: Grain, value: Collected) -> str:
    """Write a calendar group: 2016, 2016 Q3, 2016-08, 2016-08-31; a week by its Monday."""
    start = period_start(grain, value)
    if grain == "year":
        return f"{start.year:04d}"
    if grain == "quarter":
        return f"{start.year:04d} Q{(start.month + 2) // 3}"
    return start.isoformat()[:7] if grain == "month" else start.isoformat()


def period_words(grain: Grain, value: Collected) -> str:
    """Write a calendar group for prose: Aug 2016, 31 Aug 2016, the week of 29 Aug 2016."""
    start = period_start(grain, value)
    if grain == "month":
        return f"{start:%B} {start.year}"
    if grain == "day":
        return day(start)
    return f"the week of {day(start)}" if grain == "week" else period_label(grain, value)


def _automatic_ranges(workspace: Workspace, frame: nw.LazyFrame[Any], column: Column) -> Key:
    if column.role == "age":
        return _cut(frame, column, AGE_EDGES, (f"{label(column)} is grouped into the usual age bands.",))
    key = _ranges(workspace, frame, column, GroupBy(column=column.name, grain=None, bins=None, n_bins=5))
    caveat = f"{column.name} has many values, so it is grouped into five ranges with about equally many rows."
    return _assume(key, caveat)


def _ranges(workspace: Workspace, frame: nw.LazyFrame[Any], column: Column, group: GroupBy) -> Key:
    if column.kind != "number":
        raise ToolError(f"{column.name} holds no numbers to make ranges of.", "Leave out the ranges.")
    if group.bins:
        return _cut(frame, column, tuple(sorted(set(map(float, group.bins)))), ())
    if group.width:
        return _cut(frame, column, _steps(workspace, frame, column, group.width), ())
    this, count = nw.col(column.name).cast(nw.Float64), group.n_bins or 5
    cuts = frame.select(*(this.quantile(i / count, "linear").alias(f"q{i}") for i in range(1, count)))
    row = workspace.engine.collect(cuts).iloc[0]
    if row.isna().any():
        raise ToolError(f"{column.name} has no values to make ranges of.", "Choose another column.")
    edges = tuple(sorted(set(map(float, row))))
    told: tuple[str, ...] = ()
    if len(edges) < count - 1:
        told = (f"Equal values of {column.name} stay together, so there are fewer than {count} ranges.",)
    bands = _expression(this, edges, above=True)
    return Key(
        column, None, bands, lambda value: _equal_label(edges, int(value)), True, f"range of {column.name}",
        f"range of {label(column)}", told, _edge_facts(column, edges),
    )  # fmt: skip


def _steps(workspace: Workspace, frame: nw.LazyFrame[Any], column: Column, width: float) -> tuple[float, ...]:
    """Return the edges of ranges of one width, at its multiples, from the smallest value to the largest."""
    this = nw.col(column.name).cast(nw.Float64)
    row = workspace.engine.collect(frame.select(this.min().alias("low"), this.max().alias("high"))).iloc[0]
    if row.isna().any():
        raise ToolError(f"{column.name} has no values to make ranges of.", "Choose another column.")
    first, last = math.floor(float(row["low"]) / width), math.floor(float(row["high"]) / width)
    if last - first >= MOST_STEPS:
        raise ToolError(
            f"Ranges of {number(width)} make more than {MOST_STEPS} groups of {column.name}.",
            "Choose wider ranges.",
        )
    return tuple(step * width for step in range(first, last + 2))


def _cut(frame: nw.LazyFrame[Any], column: Column, edges: Sequence[float], caveats: tuple[str, ...]) -> Key:
    whole = all(edge.is_integer() for edge in edges) and _is_whole(frame, column)
    write = [*_cut_labels(edges, whole)]
    bands = _expression(nw.col(column.name).cast(nw.Float64), edges, above=False)
    title = f"range of {column.name}"
    words = f"range of {label(column)}"
    told = (*caveats, "Each range includes its lower end.") if not whole else caveats
    return Key(
        column,
        None,
        bands,
        lambda value: write[int(value)],
        True,
        title,
        words,
        told,
        _edge_facts(column, edges),
    )


def _expression(this: nw.Expr, edges: Sequence[float], *, above: bool) -> nw.Expr:
    band: nw.Expr = this.cast(nw.Int64) * 0
    for edge in edges:
        band = band + ((this > edge) if above else (this >= edge)).cast(nw.Int64)
    return band


def _is_whole(frame: nw.LazyFrame[Any], column: Column) -> bool:
    return column.role == "age" or frame.select(column.name).collect_schema()[column.name].is_integer()


def _cut_labels(edges: Sequence[float], whole: bool) -> list[str]:
    inner = [_band_label(low, high, whole) for low, high in pairwise(edges)]
    return [f"under {number(edges[0])}", *inner, f"{number(edges[-1])} and over"]


def _band_label(low: float, high: float, whole: bool) -> str:
    if not whole:
        return f"{number(low)} to under {number(high)}"
    return number(low) if high - low == 1 else f"{number(low)}–{number(high - 1)}"


def _equal_label(edges: Sequence[float], band: int) -> str:
    if band == 0:
        return f"up to {number(edges[0])}"
    if band == len(edges):
        return f"over {number(edges[-1])}"
    return f"over {number(edges[band - 1])} up to {number(edges[band])}"


def _edge_facts(column: Column, edges: Sequence[float]) -> tuple[Fact, ...]:
    return constants(column) + tuple(
        Fact(f"range_edge_{index + 1}", edge, column.unit, column.name) for index, edge in enumerate(edges)
    )


def plain_value(value: Collected) -> Scalar:
    """Turn a collected value into a plain number, text or None."""
    if is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        text = value.isoformat()
        return text[:10] if text.endswith("T00:00:00") else text.replace("T", " ")
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, bool | int | float | str) else str(value)
