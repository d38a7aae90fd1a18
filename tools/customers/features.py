"""Knows how rows of transactions become one row a customer, exactly and in any row order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, cast

import narwhals as nw
import pandas as pd

from tools import progress
from tools.core import Column, DataTable, Finding, Workspace
from tools.customers.behaviour import (
    PARTS_OF_DAY,
    WEEKDAYS,
    FeatureDefinition,
    define,
    has_clock,
    order_key,
)
from tools.engine import Engine
from tools.wording import count

__all__ = ["CustomerFrame", "FeatureDefinition", "customer_columns", "customers"]

Frame = nw.LazyFrame[Any]
NAME = "customers"
# Steps on the way, each dropped as soon as it has served.
SEVERAL, ROWS, SUMS, REPEATED = "several rows", "customer rows", "customer sums", "repeated customers"
ROW = "row_number"
PAIR = 2  # rows: as many customers with several rows have no more, what they settle on needs no counting


@dataclass(frozen=True)
class CustomerFrame:
    """One row a customer.

    Attributes:
        engine: Where the table is stored.
        table: Name in the engine, columns and what should be known of it.
        definitions: What each column means, by name; the customer key has none.
        key: Column that names the customer (`row_number` where the table names nobody).
        reference_date: ISO date that recency and tenure are counted to, or None without dates.
        derived: Computed from transactions rather than loaded.
    """

    engine: Engine
    table: DataTable
    definitions: Mapping[str, FeatureDefinition]
    key: str
    reference_date: str | None
    derived: bool

    def pandas(self) -> pd.DataFrame:
        """Return all customers in memory, sorted by key; the frame is shared, so do not change it."""

        def build() -> pd.DataFrame:
            names = [self.key, *(column.name for column in self.table.columns if column.name != self.key)]
            if self.derived:
                return self.engine.table(self.table.name, names)
            frame = self.engine.collect(self.engine.frame(self.table.name).select(*names).sort(self.key))
            return frame if frame[self.key].is_unique else frame.sort_values(names, ignore_index=True)

        return self.engine.memo(("customers in memory", self.table.name), build)


def customer_columns(workspace: Workspace) -> DataTable:
    """Return the columns of the table `customers` without computing anything; for those who read requests."""
    table = workspace.table
    if table.grain != "transactions" or not table.customer:
        return table if table.customer else _numbered(table)
    key = cast(Column, table.column(table.customer))
    return _described(workspace, (key, *(column for _, column in define(table))), key.n_distinct or 0)


def customers(workspace: Workspace) -> CustomerFrame:
    """Return one row a customer: computed from transactions, or the table itself if it has one already."""
    table = workspace.table
    if table.grain == "transactions" and table.customer:
        key = ("customers", table.name, workspace.reference_date)
        progress.check()
        return workspace.engine.memo(key, lambda: _compute(workspace))
    if table.customer:
        return CustomerFrame(workspace.engine, table, _as_loaded(table), table.customer, None, derived=False)
    return workspace.engine.memo(("customers", table.name), lambda: _number_rows(workspace.engine, table))


def _described(workspace: Workspace, columns: tuple[Column, ...], n_customers: int) -> DataTable:
    taken = any(name.lower() == NAME for name in workspace.tables)
    name = "customer_features" if taken else NAME
    table = workspace.table
    dated = (each for each in workspace.tables.values() if each.grain == "transactions" and each.customer)
    first = next(dated, None)
    if first is not None and table.name != first.name:  # a later file, or one period
        name = f"{name} of {table.name}"
    name = f"{name} on {workspace.reference_date}" if workspace.reference_date else name
    money = "total_amount" if table.amount else None
    return DataTable(
        name, table.source, n_customers, columns, grain="customers", customer=table.customer, amount=money
    )


def _as_loaded(table: DataTable) -> dict[str, FeatureDefinition]:
    return {
        column.name: FeatureDefinition(
            column.name, column.name, f"{column.name} as in the file.", column.unit, column.protected,
            source=column.name,
        )
        for column in table.columns
        if column.name != table.customer
    }  # fmt: skip


def _numbered(table: DataTable) -> DataTable:
    row = Column(ROW, "number", "customer_key", note="Number of the row in the file, counted from 1.")
    return replace(table, name=NAME, columns=(row, *table.columns), customer=ROW)


def _number_rows(engine: Engine, table: DataTable) -> CustomerFrame:
    """Rows without a customer column: each row is a unit, named by its number in the file."""
    frame = engine.collect(engine.frame(table.name))
    frame.insert(0, ROW, range(1, len(frame) + 1))
    engine.store(NAME, frame)
    sentence = "No column names a customer, so each row counts as one."
    told = Finding("rows_as_customers", "info", None, len(frame), sentence)
    numbered = _numbered(table)
    numbered = replace(numbered, findings=(*numbered.findings, told))
    return CustomerFrame(engine, numbered, _as_loaded(numbered), ROW, None, derived=False)


_Plan = list[tuple[FeatureDefinition, Column]]


def _compute(workspace: Workspace) -> CustomerFrame:
    table, engine = workspace.table, workspace.engine
    key = cast(str, table.customer)
    progress.step(f"Working out what each customer did in {count(table.n_rows, 'row')}")
    plan = define(table)
    source = engine.frame(table.name).filter(~nw.col(key).is_null())
    first, last = _period(engine, source, table)
    asked = date.fromisoformat(workspace.reference_date) if workspace.reference_date else None
    reference = (asked or last) if last else None
    if asked and last and first and asked < last:
        source = source.filter(nw.col(cast(str, table.time)).cast(nw.Date) <= nw.lit(asked))
        last = max(asked, first)
    middle = first + timedelta(days=((last - first).days + 1) // 2) if first and last else None
    described = _described(workspace, (cast(Column, table.column(key)),), 0)
    source = source.select(*_needed(table, plan))
    counted = source.group_by(key).agg(nw.len().alias("|of"))
    engine.store(SEVERAL, counted.filter(nw.col("|of") > 1))
    several = _of_several_rows(engine, source, table, plan, middle, reference)
    engine.store(REPEATED, several)
    engine.drop(ROWS)
    engine.drop(SUMS)
    progress.check()
    single = _of_single_rows(engine, source, table, plan, middle, reference)
    engine.store(described.name, nw.concat([single, engine.frame(REPEATED)]).sort(key))
    engine.drop(SEVERAL)
    engine.drop(REPEATED)
    progress.step("Measuring the features of the customers")
    described = _measured(engine, described, plan, table)
    day = reference.isoformat() if reference else None
    return CustomerFrame(engine, described, {one.name: one for one, _ in plan}, key, day, derived=True)


def _of_single_rows(
    engine: Engine, source: Frame, table: DataTable, plan: _Plan, middle: date | None, reference: date | None
) -> Frame:
    """Customers with one row need no grouping; where they are many, that is most of the work saved."""
    key = cast(str, table.customer)
    alone = source.join(engine.frame(SEVERAL), on=key, how="anti").with_columns(nw.lit(1).alias("|of"))
    prepared = _prepare(alone, table, plan)
    partials = _partials(table, plan, middle)
    row = prepared.select(key, *(one.single().alias(name) for name, one in partials.items()))
    return row.select(key, *(_final(table, one, reference).alias(one.name) for one, _ in plan))


def _of_several_rows(
    engine: Engine, source: Frame, table: DataTable, plan: _Plan, middle: date | None, reference: date | None
) -> Frame:
    key = cast(str, table.customer)
    engine.store(ROWS, _prepare(source.join(engine.frame(SEVERAL), on=key, how="inner"), table, plan))
    prepared = engine.frame(ROWS)
    partials = _partials(table, plan, middle)
    engine.store(
        SUMS, prepared.group_by(key).agg(*(one.grouped().alias(name) for name, one in partials.items()))
    )
    features = engine.frame(SUMS).select(
        key, *(_final(table, one, reference).alias(one.name) for one, _ in plan)
    )
    if table.time:
        features = features.drop("mean_gap_days", "gap_cv").join(_rhythm(prepared, key), on=key, how="left")
    attributes = [one for one, _ in plan if one.how == "attribute"]
    if attributes:
        features = _with_pairs(features, prepared, table, attributes)
    for one in attributes:
        features = _with_settled(engine, features, prepared, table, one)
    return features.select(key, *(one.name for one, _ in plan))


def _period(engine: Engine, source: Frame, table: DataTable) -> tuple[date | None, date | None]:
    if not table.time:
        return None, None
    day = nw.col(table.time).cast(nw.Date)
    found = engine.collect(source.select(day.min().alias("first"), day.max().alias("last")))
    if found["first"].isna().any():
        return None, None
    return pd.to_datetime(found["first"]).iloc[0].date(), pd.to_datetime(found["last"]).iloc[0].date()


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


def _needed(table: DataTable, plan: _Plan) -> list[str]:
    used = {table.customer, table.time, table.clock, *(one.source for one, _ in plan)}
    return [column.name for column in table.columns if column.name in used]


_WHOLE = ("sum", "mean", "largest", "largest_share", "last", "variation", "trend")


def _prepare(source: Frame, table: DataTable, plan: _Plan) -> Frame:
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


@dataclass(frozen=True, slots=True)
class _Partial:
    """What is aggregated for each customer: the value of one row, and how the rows are put together.

    Whole numbers, extremes, medians and last values only, so that no order of rows can change the result.
    """

    row: nw.Expr
    how: Literal["rows", "count", "sum", "min", "max", "median", "last", "distinct"] = "sum"
    order_by: tuple[str, ...] = ()

    def single(self) -> nw.Expr:
        """Return the same for a customer with one row."""
        return _if(~self.row.is_null()) if self.how in ("count", "distinct") else self.row

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


def _if(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _known(column: str) -> _Partial:
    return _Partial(nw.col(column), "count")


def _rows_with(condition: nw.Expr) -> _Partial:
    return _Partial(nw.when(condition).then(nw.lit(1)), "count")


def _partials(table: DataTable, plan: _Plan, middle: date | None) -> dict[str, _Partial]:
    """Return what the features are made from, by name."""
    made = {"|rows": _Partial(nw.lit(1), "rows")}
    for one, _ in plan:
        made |= _partials_of(table, one, middle)
    if table.time:
        day = nw.col("|day")
        made |= {
            "|first": _Partial(day, "min"),
            "|last": _Partial(day, "max"),
            "|dated": _known("|day"),
        }
    if has_clock(table):
        made |= {"|minutes": _Partial(nw.col("|minute")), "|timed": _known("|minute")}
    return made


def _partials_of(table: DataTable, one: FeatureDefinition, middle: date | None) -> dict[str, _Partial]:
    source = one.source or ""
    column, whole, day = nw.col(source), nw.col(f"{source}|whole"), nw.col("|day")
    sums = {f"{source}|sum": _Partial(whole), f"{source}|n": _known(source)}
    match one.how:
        case "sum" | "mean":
            return sums
        case "largest":
            return {f"{source}|largest": _Partial(whole, "max")}
        case "largest_share":
            return sums | {f"{source}|largest": _Partial(whole, "max")}
        case "variation":
            wide = whole.cast(nw.Int128)
            return sums | {f"{source}|squares": _Partial(wide * wide)}
        case "last":
            order = [name for name in (table.time, table.clock) if name]
            return {one.name: _Partial(column, "last", (f"{source}|known", *order, source))}
        case "median":
            return {one.name: _Partial(column, "median")}
        case "distinct" | "orders":
            return {one.name: _Partial(column, "distinct")}
        case "attribute":
            column = nw.when(nw.col("|of") != PAIR).then(column)
            return {f"{source}|low": _Partial(column, "min"), f"{source}|high": _Partial(column, "max")}
        case "trend":
            start = middle.toordinal() if middle else 0
            later, earlier = nw.when(day >= start).then(whole), nw.when(day < start).then(whole)
            return {"|later": _Partial(later), "|earlier": _Partial(earlier)}
        case _:
            return _counted(one, column)


def _counted(one: FeatureDefinition, column: nw.Expr) -> dict[str, _Partial]:
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


def _ratio(part: str, whole: str) -> nw.Expr:
    return nw.when(nw.col(whole) > 0).then(nw.col(part).cast(nw.Float64) / nw.col(whole).cast(nw.Float64))


def _final(table: DataTable, one: FeatureDefinition, reference: date | None) -> nw.Expr:
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
        case "sum":
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
        case "gap" | "gap_variation":  # needs several rows: `_rhythm`
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


def _rhythm(prepared: Frame, key: str) -> Frame:
    """Return mean and variation of the gaps between purchase days; rows on the same day make no gap."""
    days = prepared.filter(~nw.col("|day").is_null()).select(key, "|day")
    gap = nw.col("|day") - nw.col("|day").shift(1).over(key, order_by="|day")
    gaps = days.with_columns(gap.alias("|gap")).filter(nw.col("|gap") > 0)
    gaps = gaps.with_columns((nw.col("|gap") * nw.col("|gap")).alias("|square"))
    sums = gaps.group_by(key).agg(
        nw.len().alias("|n"), nw.col("|gap").sum().alias("|sum"), nw.col("|square").sum().alias("|squares")
    )
    n, total = nw.col("|n").cast(nw.Float64), nw.col("|sum").cast(nw.Float64)
    squared = (n * nw.col("|squares").cast(nw.Float64) - total * total) / (n * (n - 1.0))
    variation = nw.when(nw.col("|n") > 1).then(squared.sqrt() * n / total)
    return sums.select(key, (total / n).alias("mean_gap_days"), variation.alias("gap_cv"))


def _stamp(table: DataTable) -> nw.Expr:
    moment = nw.col("|day") if table.time else nw.lit(0)
    return moment * 1440 + nw.col("|minute") if has_clock(table) else moment


def _with_pairs(
    features: Frame, prepared: Frame, table: DataTable, attributes: Sequence[FeatureDefinition]
) -> Frame:
    """Settle all attributes of customers with two rows at once: the latest known value, then by value."""
    key = cast(str, table.customer)
    rows = prepared.filter(nw.col("|of") == PAIR).with_columns(_stamp(table).alias("|stamp"))
    latest = []
    for one in attributes:
        source = cast(str, one.source)
        rows = rows.with_columns(_if(~nw.col(source).is_null()).alias(f"{source}|is known"))
        value = nw.col(source).last(order_by=[f"{source}|is known", "|stamp", source])
        latest.append(value.alias(f"{source}|latest"))
    joined = features.join(rows.group_by(key).agg(*latest), on=key, how="left")
    either = (nw.coalesce(one.name, f"{one.source}|latest").alias(one.name) for one in attributes)
    return joined.with_columns(*either)


def _with_settled(
    engine: Engine, features: Frame, prepared: Frame, table: DataTable, one: FeatureDefinition
) -> Frame:
    """Settle an attribute that differs between the rows of a customer: most frequent, latest, by value."""
    key, name, source = cast(str, table.customer), one.name, cast(str, one.source)
    low, high = nw.col(f"{source}|low"), nw.col(f"{source}|high")
    sums = engine.frame(SUMS)
    torn = sums.filter(low != high).select(key)
    rows = prepared.filter(~nw.col(source).is_null()).join(torn, on=key, how="semi")
    counted = (
        rows.with_columns(_stamp(table).alias("|stamp"))
        .group_by(key, source)
        .agg(nw.len().alias("|n"), nw.col("|stamp").max().alias("|stamp"))
    )
    settled = counted.group_by(key).agg(
        nw.col(source).last(order_by=["|n", "|stamp", source]).alias("|settled")
    )
    joined = features.join(settled, on=key, how="left")
    return joined.with_columns(
        nw.when(nw.col("|settled").is_null()).then(nw.col(name)).otherwise(nw.col("|settled")).alias(name)
    ).drop("|settled")


def _measured(engine: Engine, described: DataTable, plan: _Plan, table: DataTable) -> DataTable:
    """Fill in counts, missing values and ranges of the finished table."""
    frame = engine.frame(described.name)
    numeric = [column.name for _, column in plan if column.kind == "number"]
    asked: list[nw.Expr] = [nw.len().alias("|rows")]
    for _, column in plan:
        asked.append(nw.col(column.name).count().alias(f"{column.name}|n"))
    for name in numeric:
        asked += [nw.col(name).min().alias(f"{name}|min"), nw.col(name).max().alias(f"{name}|max")]
    found = engine.collect(frame.select(*asked)).iloc[0]
    n = int(found["|rows"])

    def measured(column: Column) -> Column:
        missing = n - int(found[f"{column.name}|n"])
        if column.name not in numeric:
            return replace(column, n_missing=missing)
        low, high = found[f"{column.name}|min"], found[f"{column.name}|max"]
        ends = (None, None) if pd.isna(low) else (float(low), float(high))
        return replace(column, n_missing=missing, minimum=ends[0], maximum=ends[1])

    key = cast(Column, table.column(cast(str, table.customer)))
    columns: Sequence[Column] = (
        replace(key, n_missing=0, n_distinct=n),
        *(measured(column) for _, column in plan),
    )
    findings: tuple[Finding, ...] = ()
    if key.n_missing:
        sentence = f"{key.n_missing:,} rows without {key.name} belong to no customer and are left out."
        findings = (Finding("rows_without_customer", "warning", key.name, key.n_missing, sentence),)
    return replace(described, n_rows=n, columns=tuple(columns), findings=findings)
