"""Knows the steps in which the engine turns transactions into one row a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import narwhals as nw
import pandas as pd

from tools import progress
from tools.core import Column, DataTable, Finding
from tools.customers.aggregates import Frame, aggregates, final, final_of_one_row, needed, prepare
from tools.customers.behaviour import Plan
from tools.customers.several_rows import rhythm, with_pairs, with_settled
from tools.engine import Engine

PART_ROWS = 2_000_000  # rows whose customers are computed at once, so that memory does not grow with the data
# Steps on the way, each dropped as soon as it has served.
SEVERAL, ROWS, SUMS, REPEATED = "several rows", "customer rows", "customer sums", "repeated customers"


def compute(
    engine: Engine, table: DataTable, plan: Plan, described: DataTable, asked: date | None
) -> tuple[DataTable, date | None]:
    """Store one row a customer, sorted by customer.

    Args:
        engine: Where the transactions are and the customers go.
        table: The transactions.
        plan: The columns to make, each with what it means.
        described: The table to make: its name and what is known of it already.
        asked: The day to look from; later rows are left out.

    Returns:
        The table as it was made, and the day that recency and tenure are counted to, or None without dates.

    Raises:
        StoppedError: If the work was stopped meanwhile.
    """
    key = cast(str, table.customer)
    source = engine.frame(table.name).filter(~nw.col(key).is_null())
    first, last = _period(engine, source, table)
    reference = (asked or last) if last else None
    if asked and last and first and asked < last:
        source = source.filter(nw.col(cast(str, table.time)).cast(nw.Date) <= nw.lit(asked))
        last = max(asked, first)
    middle = first + timedelta(days=((last - first).days + 1) // 2) if first and last else None
    source = source.select(*needed(table, plan))
    borders = engine.borders(table.name, key, -(-table.n_rows // PART_ROWS))
    for i in range(len(borders) + 1):
        some = source
        if i < len(borders):
            some = some.filter(nw.col(key) < nw.lit(borders[i]))
        if i:
            some = some.filter(nw.col(key) >= nw.lit(borders[i - 1]))
        _compute_part(engine, some, table, plan, (middle, reference), described.name, first_part=not i)
    progress.step("Measuring the features of the customers")
    return _measured(engine, described, plan, table), reference


def _compute_part(
    engine: Engine,
    source: Frame,
    table: DataTable,
    plan: Plan,
    days: tuple[date | None, date | None],
    name: str,
    first_part: bool,
) -> None:
    """Store one row for each of some customers, sorted, behind those that were stored before."""
    key = cast(str, table.customer)
    counted = source.group_by(key).agg(nw.len().alias("|of"))
    engine.store(SEVERAL, counted.filter(nw.col("|of") > 1), passing=True)
    several = _of_several_rows(engine, source, table, plan, *days)
    engine.store(REPEATED, several, passing=True)
    engine.drop(ROWS)
    engine.drop(SUMS)
    progress.check()
    single = _of_single_rows(engine, source, table, plan, *days)
    content = nw.concat([single, engine.frame(REPEATED)]).sort(key)
    if first_part:
        engine.store(name, content)
    else:
        engine.append(name, content)
    engine.drop(SEVERAL)
    engine.drop(REPEATED)
    progress.check()


def _of_single_rows(
    engine: Engine, source: Frame, table: DataTable, plan: Plan, middle: date | None, reference: date | None
) -> Frame:
    """Customers with one row need no grouping; where they are many, that is most of the work saved."""
    key = cast(str, table.customer)
    alone = source.join(engine.frame(SEVERAL), on=key, how="anti").with_columns(nw.lit(1).alias("|of"))
    prepared = prepare(alone, table, plan)
    partials = aggregates(table, plan, middle)
    row = prepared.select(key, *(one.single().alias(name) for name, one in partials.items()))
    return row.select(key, *(final_of_one_row(table, one, reference).alias(one.name) for one, _ in plan))


def _of_several_rows(
    engine: Engine, source: Frame, table: DataTable, plan: Plan, middle: date | None, reference: date | None
) -> Frame:
    key = cast(str, table.customer)
    rows = source.join(engine.frame(SEVERAL), on=key, how="inner")
    engine.store(ROWS, prepare(rows, table, plan), passing=True)
    prepared = engine.frame(ROWS)
    partials = aggregates(table, plan, middle)
    sums = prepared.group_by(key).agg(*(one.grouped().alias(name) for name, one in partials.items()))
    engine.store(SUMS, sums, passing=True)
    features = engine.frame(SUMS).select(
        key, *(final(table, one, reference).alias(one.name) for one, _ in plan)
    )
    if table.time:
        features = features.drop("mean_gap_days", "gap_cv").join(rhythm(prepared, key), on=key, how="left")
    attributes = [one for one, _ in plan if one.how == "attribute"]
    if attributes:
        features = with_pairs(features, prepared, table, attributes)
    for one in attributes:
        features = with_settled(features, engine.frame(SUMS), prepared, table, one)
    return features.select(key, *(one.name for one, _ in plan))


def _period(engine: Engine, source: Frame, table: DataTable) -> tuple[date | None, date | None]:
    if not table.time:
        return None, None
    day = nw.col(table.time).cast(nw.Date)
    found = engine.collect(source.select(day.min().alias("first"), day.max().alias("last")))
    if found["first"].isna().any():
        return None, None
    return pd.to_datetime(found["first"]).iloc[0].date(), pd.to_datetime(found["last"]).iloc[0].date()


def _measured(engine: Engine, described: DataTable, plan: Plan, table: DataTable) -> DataTable:
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
