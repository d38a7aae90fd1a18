"""Knows what only several rows of a customer tell: the rhythm, and the attributes they settle on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import narwhals as nw

from tools.core import DataTable
from tools.customers.aggregates import PAIR, Frame, one_if
from tools.customers.behaviour import FeatureDefinition, has_clock


def rhythm(prepared: Frame, key: str) -> Frame:
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


def with_pairs(
    features: Frame, prepared: Frame, table: DataTable, attributes: Sequence[FeatureDefinition]
) -> Frame:
    """Settle all attributes of customers with two rows at once: the latest known value, then by value."""
    key = cast(str, table.customer)
    rows = prepared.filter(nw.col("|of") == PAIR).with_columns(_stamp(table).alias("|stamp"))
    latest = []
    for one in attributes:
        source = cast(str, one.source)
        rows = rows.with_columns(one_if(~nw.col(source).is_null()).alias(f"{source}|is known"))
        value = nw.col(source).last(order_by=[f"{source}|is known", "|stamp", source])
        latest.append(value.alias(f"{source}|latest"))
    joined = features.join(rows.group_by(key).agg(*latest), on=key, how="left")
    either = (nw.coalesce(one.name, f"{one.source}|latest").alias(one.name) for one in attributes)
    return joined.with_columns(*either)


def with_settled(
    features: Frame, sums: Frame, prepared: Frame, table: DataTable, one: FeatureDefinition
) -> Frame:
    """Settle an attribute that differs between the rows of a customer: most frequent, latest, by value."""
    key, name, source = cast(str, table.customer), one.name, cast(str, one.source)
    low, high = nw.col(f"{source}|low"), nw.col(f"{source}|high")
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


def _stamp(table: DataTable) -> nw.Expr:
    moment = nw.col("|day") if table.time else nw.lit(0)
    return moment * 1440 + nw.col("|minute") if has_clock(table) else moment
