"""Knows how measures are computed for each group of rows, and put together again for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import narwhals as nw

from tools.exact_sums import exact_sum
from tools.questions.grouping import Key
from tools.questions.measuring import ALL, Frame, Merge, N, Plan


def summarise(frame: Frame, keys: Sequence[Key], plans: Sequence[Plan]) -> Frame:
    """Return one row a group with the columns `key:i`, `n:rows` and each plan's values.

    Without keys there is one group, named by the column `all:rows`; an empty frame has no groups.
    """
    return with_values(grouped(frame, keys, plans), plans)


def grouped(frame: Frame, keys: Sequence[Key], plans: Sequence[Plan]) -> Frame:
    """Return one row a group with the columns `key:i`, `n:rows` and what the plans aggregate."""
    names = [f"key:{index}" for index in range(len(keys))]
    wide = frame.with_columns(
        nw.lit(1).alias(ALL), *(key.expression.alias(name) for name, key in zip(names, keys, strict=True))
    )
    over = [ALL, *names]
    for made in plans:
        for flag, (row, holds) in made.once.items():
            wide = _with_first_rows(wide, over, flag, row, holds)
    centred = {name: each for made in plans for name, each in made.centred.items()}
    if centred:
        wide = _with_means(wide, over, centred)
        wide = wide.with_columns(
            *((kept - nw.col(f"{name}:mean")).alias(name) for name, (kept, _) in centred.items())
        )
    aggregates = {N: nw.len()}
    for made in plans:
        aggregates |= made.aggregates
    return wide.group_by(over).agg(*(expression.alias(name) for name, expression in aggregates.items()))


def together(groups: Frame, plans: Sequence[Plan]) -> Frame:
    """Return all groups of `grouped` as one; every plan must tell how its aggregates are merged."""
    merged: dict[str, Merge] = {N: "sum"}
    for made in plans:
        merged |= made.merged or {}
    return groups.group_by(ALL).agg(*(getattr(nw.col(name), how)() for name, how in merged.items()))


def with_values(groups: Frame, plans: Sequence[Plan]) -> Frame:
    """Add the values of the plans to what they aggregated."""
    there = {name for made in plans for name in made.aggregates}
    for made in (each for whole in plans for each in (*(whole.parts or ()), whole)):
        if made.alias not in there and made.measure.statistic != "mode":
            groups = groups.with_columns(made.value.alias(made.alias))
    return groups


def _with_first_rows(frame: Frame, names: Sequence[str], flag: str, row: str, holds: nw.Expr | None) -> Frame:
    """Flag one row of each group for every row of another table, so that what is joined counts once."""
    kept = nw.lit(1) if holds is None else holds.cast(nw.Int64).fill_null(0)
    frame = frame.with_columns(kept.alias(f"{flag}:kept"))
    apart = [*names, row, f"{flag}:kept"]
    place = nw.col(row).is_first_distinct().over(apart, order_by=row)
    return frame.with_columns(place.cast(nw.Int64).alias(flag))


def _with_means(frame: Frame, names: Sequence[str], centred: Mapping[str, tuple[nw.Expr, float]]) -> Frame:
    """Put each group's exact means beside its rows; a join is several times faster than a window."""
    means = {f"{name}:mean": exact_sum(kept, bound) / kept.count() for name, (kept, bound) in centred.items()}
    grouped = frame.group_by(list(names)).agg(*(mean.alias(name) for name, mean in means.items()))
    if len(names) == 1:
        return frame.join(grouped.select(*means), how="cross")
    schema, left, right = frame.collect_schema(), [], []
    for name in names[1:]:  # a missing key joins nothing, so it is filled and flagged
        this, fill = nw.col(name), _FILLS.get(schema[name], 0)
        left += [
            this.is_null().cast(nw.Int64).alias(f"{name}:left"),
            this.fill_null(fill).alias(f"{name}:filled"),
        ]
        right += [
            this.is_null().cast(nw.Int64).alias(f"{name}:right"),
            this.fill_null(fill).alias(f"{name}:found"),
        ]
    places = [f"{name}:{end}" for name in names[1:] for end in ("left", "filled")]
    found = [f"{name}:{end}" for name in names[1:] for end in ("right", "found")]
    return frame.with_columns(*left).join(
        grouped.select(*right, *means), left_on=places, right_on=found, how="inner"
    )


_FILLS: dict[Any, Any] = {
    nw.String: "",
    nw.Date: date(1, 1, 1),
    nw.Datetime: datetime.fromisoformat("0001-01-01"),
    nw.Float64: 0.0,
}


def modes(frame: Frame, keys: Sequence[Key], made: Plan) -> Frame:
    """Return the most frequent value of each group under the plan's alias; ties go to the first by name."""
    names = [ALL, *(f"key:{index}" for index in range(len(keys)))]
    this = nw.col(made.column.name if made.column else ALL)
    wide = frame.filter(~this.is_null()).with_columns(
        nw.lit(1).alias(ALL), *(key.expression.alias(name) for name, key in zip(names[1:], keys, strict=True))
    )
    wide = wide.with_columns(this.alias(made.alias))
    counted = wide.group_by([*names, made.alias]).agg(nw.len().alias("times"))
    counted = counted.with_columns(nw.col("times").max().over(names).alias("most"))
    most = counted.filter(nw.col("times") == nw.col("most"))
    return most.group_by(names).agg(
        nw.col(made.alias).min(), nw.col("times").max().alias(f"{made.alias}:times")
    )
