"""Knows how numbers are summed exactly in the engine, so that neither row order nor threads can show."""

from __future__ import annotations

import math
from typing import Any

import narwhals as nw

from tools.core import Column, DataTable, Workspace

Frame = nw.LazyFrame[Any]
_SIGNIFICANT_BITS = 90  # of a 128-bit integer; the rest is room for 2**36 rows


def exact_sum(this: nw.Expr, bound: float, *, fine: bool = False) -> nw.Expr:
    """Sum floating-point numbers exactly, so that neither row order nor threads can show.

    Each number becomes a 128-bit integer in units of 2**-k; k is chosen so that `bound`, the
    largest magnitude, takes 90 bits, and every number down to 2**-37 of it keeps all of its digits.
    With `fine`, what that leaves of smaller numbers is summed in the same way: for powers, whose
    magnitudes lie far apart.
    """
    scale = _scale(bound)
    whole = (this * scale).cast(nw.Int128)
    total = from_units(whole.sum(), bound)
    if not fine or not math.isfinite(scale * 2.0**_SIGNIFICANT_BITS):
        return total
    left = this - whole.cast(nw.Float64) / scale
    finer = scale * 2.0**_SIGNIFICANT_BITS
    return total + (left * finer).cast(nw.Int128).sum().cast(nw.Float64) / finer


def sum_in_units(this: nw.Expr, bound: float) -> nw.Expr:
    """Sum numbers as `exact_sum` does, and leave the sum whole: such sums of groups may be summed again."""
    return (this * _scale(bound)).cast(nw.Int128).sum()


def from_units(total: nw.Expr, bound: float) -> nw.Expr:
    """Return the number that a sum in units stands for."""
    return total.cast(nw.Float64) / _scale(bound)


def _scale(bound: float) -> float:
    return 2.0 ** (_SIGNIFICANT_BITS - max(-300, math.frexp(bound)[1]))


def largest_magnitude(workspace: Workspace, table: DataTable, frame: Frame, column: Column) -> float:
    """Return the largest absolute value of a column, from what is known of it or from the engine."""
    if column.kind != "number":
        return 1.0
    if isinstance(column.minimum, int | float) and isinstance(column.maximum, int | float):
        return max(abs(float(column.minimum)), abs(float(column.maximum)))

    def build() -> float:
        this = nw.col(column.name).cast(nw.Float64).abs().max().alias("most")
        most = workspace.engine.collect(frame.select(this))["most"].iloc[0]
        return 0.0 if most is None or most != most else float(most)

    if table.name not in workspace.tables and table.reading.get("noun"):
        return build()  # a table that lives for one request
    return workspace.engine.memo(("largest magnitude", table.name, column.name), build)
