"""Knows conditions on a key that look at all rows with it: that there are any, their number or their sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tools.checks import Check
from tools.core import Column, DataTable, Workspace
from tools.errors import ToolError
from tools.exact_sums import exact_sum, largest_magnitude
from tools.selecting import Condition, Measure, find_column
from tools.value_conditions import check_of
from tools.wording import label, plain_name, plural

Frame = nw.LazyFrame[Any]
_KEY = "key searched"
_ZERO = ("count", "count_distinct", "sum")  # what a key without any row has is 0
_WORDS = {"sum": "total", "mean": "average", "median": "median", "min": "smallest", "max": "largest"}


@dataclass(frozen=True)
class Searched:
    """Rows in which a key is searched: their table, the rows, and the conditions on them in words."""

    table: DataTable
    frame: Frame
    words: str


def measured(measure: Measure | None) -> list[str]:
    """Return the column that the measure of a condition needs, if it needs one."""
    return [measure.column] if measure is not None and measure.column else []


def by_presence(kept: Frame, key: Column, searched: Searched, condition: Condition) -> tuple[Frame, Check]:
    """Keep the rows whose key also stands (or does not stand) in the rows searched."""
    found = searched.frame.filter(~nw.col(key.name).is_null())
    keys = found.select(nw.col(key.name).alias(_KEY)).unique([_KEY])
    has = condition.is_ == "has_rows"
    kept = kept.filter(~nw.col(key.name).is_null())
    kept = kept.join(keys, left_on=key.name, right_on=_KEY, how="semi" if has else "anti")
    rows = searched.table.reading.get("noun", ("row", f"rows in {searched.table.name}"))[1]
    other = f"{'has' if has else 'has no'} {rows}"
    words = (
        f"{label(key)} {other}"
        if condition.table
        else f"{label(key)} {'also has rows' if has else 'has no row'}"
    )
    if searched.words:
        return kept, Check(nw.lit(True), f"{words} where {searched.words}")
    aside = f"{'with' if has else 'without'} {rows}" if condition.table else ""
    return kept, Check(nw.lit(True), words, aside=aside)


def by_measure(
    workspace: Workspace, kept: Frame, key: Column, searched: Searched, condition: Condition
) -> tuple[Frame, Check]:
    """Keep the rows by a measure of the rows searched that have the same key.

    Raises:
        ToolError: If the measure is no plain count, sum, average or extreme of a column.
    """
    measure = condition.measure
    if measure is None or measure.per or measure.of or measure.where:
        raise ToolError(
            "A condition on the rows of a key needs a plain measure.", "Use a count, sum, average or extreme."
        )
    source = find_column(searched.table, measure.column) if measure.column else None
    column = _described(searched, measure, source)
    rows = searched.frame.filter(~nw.col(key.name).is_null())
    value = _aggregate(workspace, searched, measure, source)
    found = rows.group_by(key.name).agg(value.alias(column.name))
    found = found.select(nw.col(key.name).alias(_KEY), nw.col(column.name))
    wide = kept.filter(~nw.col(key.name).is_null())
    wide = wide.join(found, left_on=key.name, right_on=_KEY, how="left")
    if measure.statistic in _ZERO:
        wide = wide.with_columns(nw.col(column.name).fill_null(0))
    held = DataTable(
        f"{searched.table.name} by {key.name}", "", 0, (column,), reading={"noun": ("row", "rows")}
    )
    plain = condition.model_copy(update={"column": column.name, "measure": None, "rows": [], "table": None})
    check = check_of(workspace, held, found, plain)
    whose = "customer" if key.role == "customer_key" else plain_name(key.name)
    which = f" where {searched.words}" if searched.words else ""
    words = f"the {column.name} per {whose}{which}{check.words.removeprefix(label(column))}"
    return wide.filter(check.holds).drop(column.name), Check(nw.lit(True), words, check.caveats, check.facts)


def _described(searched: Searched, measure: Measure, source: Column | None) -> Column:
    """Return the measure as a column whose name reads well in a sentence."""
    if source is None:
        rows = searched.table.reading.get("noun", ("row", "rows"))[1]
        return Column(f"number of {rows}", "number", "measure")
    name = plain_name(source.name)
    if measure.statistic in ("count", "count_distinct"):
        different = "different " if measure.statistic == "count_distinct" else ""
        return Column(f"number of {different}{plural(name)}", "number", "measure")
    dated = source.kind in ("date", "datetime")
    lead = {"min": "first", "max": "last"} if dated else _WORDS
    if measure.statistic not in lead:
        raise ToolError(
            f"The {measure.statistic} of {source.name} is no condition on a key.",
            "Use a count, sum, average, smallest or largest value.",
        )
    return Column(
        f"{lead[measure.statistic]} {name}", source.kind if dated else "number", source.role, source.unit
    )


def _aggregate(workspace: Workspace, searched: Searched, measure: Measure, source: Column | None) -> nw.Expr:
    if source is None:
        return nw.len()
    this = nw.col(source.name)
    if measure.statistic == "count":
        return this.count()
    if measure.statistic == "count_distinct":
        return this.n_unique() - this.is_null().cast(nw.Int64).max()
    if source.kind in ("date", "datetime"):
        return this.min() if measure.statistic == "min" else this.max()
    if source.kind != "number":
        raise ToolError(f"{source.name} holds no numbers.", "Count its values instead.")
    number = this.cast(nw.Float64)
    bound = largest_magnitude(workspace, searched.table, searched.frame, source)
    ways: dict[str, Callable[[], nw.Expr]] = {
        "sum": lambda: exact_sum(number, bound).fill_null(0.0),
        "mean": lambda: exact_sum(number, bound) / number.count(),
        "median": lambda: number.quantile(0.5, "linear"),
        "min": number.min,
        "max": number.max,
    }
    return ways[measure.statistic]()
