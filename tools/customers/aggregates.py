"""Knows which aggregates of a customer's rows the features are made from, exact in any row order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

import narwhals as nw

from tools.core import DataTable
from tools.customers.behaviour import PARTS_OF_DAY, WEEKDAYS, FeatureDefinition, Plan, has_clock, order_key

Frame = nw.LazyFrame[Any]
PAIR = 2  # rows: as many customers with several rows have no more, what they settle on needs no counting
_WHOLE = ("sum", "total", "mean", "largest", "largest_share", "last", "variation", "trend")


def needed(table: DataTable, plan: Plan) -> list[str]:
    """Return the columns of the transactions that the features are made from, in the table's order."""
    used = {table.customer, table.time, table.clock, *(one.source for one, _ in plan)}
    return [column.name for column in table.columns if column.name in used]


def prepare(source: Frame, table: DataTable, plan: Plan) -> Frame:
    """Add whole-number copies of what will be summed, the day number and the minute of the day."""
    added: dict[str, nw.Expr] = {}
    for one, _ in plan:
        if one.how in _WHOLE and one.source:
            scaled = nw.col(one.source).cast(nw.Float64) * _scale(table, one.source)
            added[f"{one.source}|whole"] = scaled.round(0).cast(nw.Int64)
        if one.how == "last" and one.source:
            known = nw.when(nw.col(one.source).is_null()).then(nw.lit(0)).otherwise(nw.lit(1))
            added[f"{one.source}|known"] = known
    if table.time:
        added["|day"] = _ordinal(table.time)
    if has_clock(table):
        added["|minute"] = _minute(table)
    return source.with_columns(*(made.alias(name) for name, made in added.items())) if added else source


def _ordinal(column: str) -> nw.Expr:
    """Number the days as `date.toordinal` does, with arithmetic that every engine has."""
    year = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap = year // 4 - year // 100 + year // 400
    return 365 * year + leap + nw.col(column).dt.ordinal_day().cast(nw.Int64)


def _minute(table: DataTable) -> nw.Expr:
    clock = table.column(table.clock) if table.clock else None
    if clock is not None and clock.kind == "number":  # HHMMSS as a whole number
        stamp = nw.col(clock.name).cast(nw.Int64)
        return (stamp // 10000) * 60 + (stamp // 100) % 100
    moment = nw.col(table.clock or cast(str, table.time))
    return moment.dt.hour().cast(nw.Int64) * 60 + moment.dt.minute().cast(nw.Int64)


def _scale(table: DataTable, name: str) -> int:
    """Return the power of ten that makes a column whole numbers without overflow."""
    column = table.column(name)
    ends = (
        [abs(end) for end in (column.minimum, column.maximum) if isinstance(end, int | float)]
        if column
        else []
    )
    digits = 15 - math.ceil(math.log10(max(ends, default=1e9) + 1))
    return int(10 ** max(0, min(4, digits)))


@dataclass(frozen=True, slots=True)
class Partial:
    """What is aggregated for each customer: the value of one row, and how the rows are put together.

    Whole numbers, extremes, medians and last values only, so that no order of rows can change the result.
    """

    row: nw.Expr
    how: Literal["rows", "count", "sum", "min", "max", "median", "last", "distinct"] = "sum"
    order_by: tuple[str, ...] = ()

    def single(self) -> nw.Expr:
        """Return the same for a customer with one row."""
        return one_if(~self.row.is_null()) if self.how in ("count", "distinct") else self.row

    def grouped(self) -> nw.Expr:
        """Return the aggregate over the rows of a customer."""
        match self.how:
            case "rows":
                return nw.len()
            case "last":
                return self.row.last(order_by=list(self.order_by))
            case "distinct":
                missing = nw.when(self.row.is_null()).then(nw.lit(1)).otherwise(nw.lit(0)).max()
                return self.row.n_unique() - missing
            case how:
                return cast(nw.Expr, getattr(self.row, how)())


def one_if(condition: nw.Expr) -> nw.Expr:
    """Return 1 where a condition holds, 0 elsewhere."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _known(column: str) -> Partial:
    return Partial(nw.col(column), "count")


def _rows_with(condition: nw.Expr) -> Partial:
    return Partial(nw.when(condition).then(nw.lit(1)), "count")


def aggregates(table: DataTable, plan: Plan, middle: date | None) -> dict[str, Partial]:
    """Return what the features are made from, by name."""
    made = {"|rows": Partial(nw.lit(1), "rows")}
    for one, _ in plan:
        made |= _partials_of(table, one, middle)
    if table.time:
        day = nw.col("|day")
        made |= {
            "|first": Partial(day, "min"),
            "|last": Partial(day, "max"),
            "|dated": _known("|day"),
        }
    if has_clock(table):
        made |= {"|minutes": Partial(nw.col("|minute")), "|timed": _known("|minute")}
    return made


def _partials_of(table: DataTable, one: FeatureDefinition, middle: date | None) -> dict[str, Partial]:
    source = one.source or ""
    column, whole, day = nw.col(source), nw.col(f"{source}|whole"), nw.col("|day")
    sums = {f"{source}|sum": Partial(whole), f"{source}|n": _known(source)}
    match one.how:
        case "sum" | "total" | "mean":
            return sums
        case "largest":
            return {f"{source}|largest": Partial(whole, "max")}
        case "largest_share":
            return sums | {f"{source}|largest": Partial(whole, "max")}
        case "variation":
            wide = whole.cast(nw.Int128)
            return sums | {f"{source}|squares": Partial(wide * wide)}
        case "last":
            order = [name for name in (table.time, table.clock) if name]
            return {one.name: Partial(column, "last", (f"{source}|known", *order, source))}
        case "median":
            return {one.name: Partial(column, "median")}
        case "distinct" | "orders":
            return {one.name: Partial(column, "distinct")}
        case "attribute":
            column = nw.when(nw.col("|of") != PAIR).then(column)
            return {f"{source}|low": Partial(column, "min"), f"{source}|high": Partial(column, "max")}
        case "trend":
            start = middle.toordinal() if middle else 0
            later, earlier = nw.when(day >= start).then(whole), nw.when(day < start).then(whole)
            return {"|later": Partial(later), "|earlier": Partial(earlier)}
        case _:
            return _counted(one, column)


def _counted(one: FeatureDefinition, column: nw.Expr) -> dict[str, Partial]:
    """Count the rows that a share speaks of, and those of which it is known."""
    known = {f"{one.source}|known rows": _known(one.source or "")}
    match one.how:
        case "weekend":
            return {one.name: _rows_with(column.dt.weekday() >= 6)}
        case "weekday":
            return {one.name: _rows_with(column.dt.weekday() == WEEKDAYS.index(one.value or "") + 1)}
        case "part_of_day":
            first, last = PARTS_OF_DAY[one.value or ""]
            minute = nw.col("|minute")
            return {one.name: _rows_with((minute >= 60 * first) & (minute < 60 * last))}
        case "negative":
            return known | {one.name: _rows_with(column < 0)}
        case "yes":
            return known | {one.name: _rows_with(column.cast(nw.Int64) == 1)}
        case "value":
            return known | {one.name: _rows_with(column == one.value)}
        case _:
            return {}


def final(table: DataTable, one: FeatureDefinition, reference: date | None) -> nw.Expr:
    """Return a feature from the aggregates of the customer; a missing value where it is not defined."""
    source = one.source or ""
    scale = _scale(table, source) if one.how in _WHOLE else 1
    n, total = nw.col(f"{source}|n"), nw.col(f"{source}|sum")
    match one.how:
        case "rows":
            return nw.col("|rows").cast(nw.Int64)
        case "orders":
            return nw.col(one.name).cast(nw.Int64)
        case "basket":
            return _ratio("|rows", "n_transactions")
        case "again":
            orders = "n_transactions" if order_key(table) else "|rows"
            return nw.col(orders) >= 2
        case "sum" | "total":
            return nw.when(n > 0).then(total.cast(nw.Float64) / scale)
        case "mean":
            return _ratio(f"{source}|sum", f"{source}|n") / scale
        case "largest":
            return nw.col(f"{source}|largest").cast(nw.Float64) / scale
        case "largest_share":
            return _ratio(f"{source}|largest", f"{source}|sum")
        case "variation":
            spread = (n.cast(nw.Int128) * nw.col(f"{source}|squares") - total.cast(nw.Int128) * total).cast(
                nw.Float64
            )
            squared = spread / (n * (n - 1)).cast(nw.Float64)
            mean = total.cast(nw.Float64) / n.cast(nw.Float64)
            return nw.when((n > 1) & (total > 0)).then(squared.sqrt() / mean)
        case "recency" | "tenure":
            day = nw.col("|last" if one.how == "recency" else "|first")
            return (nw.lit(reference.toordinal() if reference else 0) - day).cast(nw.Float64)
        case "gap" | "gap_variation":  # needs several rows: `rhythm`
            return nw.lit(None).cast(nw.Float64)
        case "weekday" | "weekend":
            return _ratio(one.name, "|dated")
        case "part_of_day":
            return _ratio(one.name, "|timed")
        case "negative" | "yes" | "value":
            return _ratio(one.name, f"{source}|known rows")
        case "hour":
            return _ratio("|minutes", "|timed") / 60
        case "trend":
            halves = nw.col("|later").fill_null(0) - nw.col("|earlier").fill_null(0)
            return halves.cast(nw.Float64) / scale
        case "attribute":
            return nw.when(nw.col(f"{source}|low") == nw.col(f"{source}|high")).then(nw.col(f"{source}|low"))
        case "distinct":
            return nw.col(one.name).cast(nw.Int64)
        case _:
            return nw.col(one.name).cast(nw.Float64)


def final_of_one_row(table: DataTable, one: FeatureDefinition, reference: date | None) -> nw.Expr:
    """Return a feature of a customer with a single row, which is the same as `final` and sooner done."""
    match one.how:
        case "variation":
            return nw.lit(None).cast(nw.Float64)
        case "again":
            return nw.lit(value=False)
        case "mean":
            return nw.col(f"{one.source}|sum").cast(nw.Float64) / _scale(table, one.source or "")
        case "largest_share":
            return nw.when(nw.col(f"{one.source}|sum") > 0).then(nw.lit(1.0))
        case _:
            return final(table, one, reference)


def _ratio(part: str, whole: str) -> nw.Expr:
    return nw.when(nw.col(whole) > 0).then(nw.col(part).cast(nw.Float64) / nw.col(whole).cast(nw.Float64))
