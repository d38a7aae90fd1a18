"""Knows conditions that look beyond one value: a share, the n largest, another column, the average."""

from __future__ import annotations

import operator
from typing import Any

import narwhals as nw

from tools.checks import COMPARED, Check, compare, number_in, phrase, values_of
from tools.core import Column, DataTable, Fact, Workspace
from tools.errors import ToolError
from tools.exact_sums import exact_sum, largest_magnitude
from tools.formulas import constants
from tools.selecting import Condition, find_column
from tools.wording import label, number

_DATED = {
    "above": "is after",
    "at_least": "is on or after",
    "below": "is before",
    "at_most": "is on or before",
}


def by_share(workspace: Workspace, frame: nw.LazyFrame[Any], column: Column, condition: Condition) -> Check:
    """Keep the rows within the largest or smallest percent of the values."""
    if column.kind != "number":
        raise ToolError(f"{column.name} has no order by size.", "A top share needs a number column.")
    percent = number_in(column.name, values_of(condition)[0])
    if not 0 < percent < 100:
        raise ToolError("A top share lies between 0 and 100 %.", "Use a percentage such as 20.")
    top = condition.is_ == "top_share"
    q = (100 - percent) / 100 if top else percent / 100
    this = nw.col(column.name).cast(nw.Float64)
    cut_frame = frame.select(this.quantile(q, "linear").alias("cut"))
    cut = float(workspace.engine.collect(cut_frame)["cut"].iloc[0])
    # interpolation leaves noise in the last digits, which must not push out a value that lies on the cut
    cut = min(cut, float(f"{cut:.14g}")) if top else max(cut, float(f"{cut:.14g}"))
    holds = (this >= cut if top else this <= cut).fill_null(False)
    side, bound = ("top", "at least") if top else ("bottom", "at most")
    shown = number(percent, "%")
    return Check(
        holds,
        f"{label(column)} is in the {side} {shown}",
        (
            f"The {side} {shown} by {column.name} means {bound} {number(cut, column.unit)}, the"
            " interpolated quantile over all rows with a value; equal values stay together.",
        ),
        (
            Fact("condition_percent", percent, "%", column.name),
            Fact(f"{side}_share_threshold", cut, column.unit, column.name),
        ),
    )


def by_column(table: DataTable, column: Column, condition: Condition) -> Check:
    """Compare two columns of the same row."""
    other = find_column(table, condition.than or "")
    dated = [each.kind in ("date", "datetime") for each in (column, other)]
    kinds = (column.kind, other.kind)
    if condition.is_ not in COMPARED or not (all(dated) or kinds[0] == kinds[1]):
        raise ToolError(
            f"{column.name} cannot be compared with {other.name}.",
            "Compare two columns of the same kind by equal, above or below.",
        )
    plain = {"equal": operator.eq, "not_equal": operator.ne, "above": operator.gt, "at_least": operator.ge}
    plain |= {"below": operator.lt, "at_most": operator.le}
    one, two = nw.col(column.name), nw.col(other.name)
    if all(dated):  # where one of them knows the day only, days are compared
        wanted = nw.Date if "date" in kinds else nw.Datetime
        one, two = one.cast(wanted), two.cast(wanted)
    elif column.kind == "number":
        one, two = one.cast(nw.Float64), two.cast(nw.Float64)
    holds: nw.Expr = plain[condition.is_](one, two)
    compared = (_DATED if all(dated) else COMPARED).get(condition.is_, COMPARED[condition.is_])
    words = f"{label(column)} {compared} {label(other)}"
    absent = f"Rows without a value in {column.name} or {other.name} are left out."
    known = column.n_missing == 0 and other.n_missing == 0
    return Check(
        holds.fill_null(False), words, () if known else (absent,), (*constants(column), *constants(other))
    )


def by_statistic(
    workspace: Workspace,
    table: DataTable,
    frame: nw.LazyFrame[Any],
    column: Column,
    condition: Condition,
) -> Check:
    """Compare with the average or the median of all rows."""
    if column.kind != "number":
        raise ToolError(f"{column.name} holds no numbers.", "An average needs a number column.")
    this, name = nw.col(column.name).cast(nw.Float64), condition.statistic or "mean"
    if name == "median":
        value = this.quantile(0.5, "linear")
    else:
        value = exact_sum(this, largest_magnitude(workspace, table, frame, column)) / this.count()
    cut = float(workspace.engine.collect(frame.select(value.alias("cut")))["cut"].iloc[0])
    spoken = "average" if name == "mean" else "median"
    shown = number(cut, column.unit)
    return Check(
        compare(this, condition.is_, [cut]),
        phrase(label(column), condition.is_, [f"the {spoken} of {shown}"]),
        (f"The {spoken} is that of all rows with a value in {column.name}.",),
        (Fact(f"{name}_compared_with", cut, column.unit, column.name),),
    )


def by_number_of_rows(
    workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], condition: Condition
) -> Check:
    """Keep the n rows with the largest or smallest values; those equal to the last of them stay too."""
    column = find_column(table, condition.column)
    wanted = number_in(column.name, values_of(condition)[0])
    if column.kind != "number" or wanted < 1:
        raise ToolError(
            f"The {condition.is_} of {column.name} cannot be taken.", "Use a number column and 1 or more."
        )
    top = condition.is_ == "top_n"
    this = nw.col(column.name).cast(nw.Float64)
    ordered = frame.select(this.alias("value")).filter(~nw.col("value").is_null())
    found = workspace.engine.collect(ordered.sort("value", descending=top).head(int(wanted)))["value"]
    if found.empty:
        return Check(nw.lit(False), f"{label(column)} is among the {number(wanted)} largest")
    cut = float(found.min() if top else found.max())
    side, bound = ("largest", "at least") if top else ("smallest", "at most")
    holds = (this >= cut if top else this <= cut).fill_null(False)
    told = f"The {number(wanted)} {side} by {column.name} have {bound} {number(cut, column.unit)};"
    return Check(
        holds,
        f"{label(column)} is among the {number(wanted)} {side}",
        (f"{told} equal values stay together.",),
        (
            Fact("n_wanted", wanted, None, column.name),
            Fact(f"{side}_threshold", cut, column.unit, column.name),
        ),
    )
