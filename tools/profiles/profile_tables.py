"""Knows the tables that describe segments: sizes, profile, effect sizes, typical customers."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from tools.core import ResultTable, Scalar
from tools.profiles.standing_out import Standing, Trait, comparable, is_part, traits, typical
from tools.segments.segmented import Segmented

MOST_FEATURES = 14
SET_APART = 3


def columns_worth(placed: Segmented, found: Standing) -> list[str]:
    """Return the numeric columns worth a row: those that built the segments, then the most different."""
    built = [name for name in placed.segmentation.features if name in found.spread]
    built.sort(key=lambda name: (-round(found.spread[name], 6), name))
    others = sorted(
        (name for name in found.spread if name not in built),
        key=lambda name: (-round(found.spread[name], 6), name),
    )
    value = [placed.value.name] if placed.value and placed.value.name in others else []
    return [*built, *value, *(name for name in others if name not in value)]


def sizes(placed: Segmented, order: list[int]) -> ResultTable:
    """Return customers, share, value and stability of each segment."""
    sums, value = placed.value_sums, placed.value
    unit = placed.unit(value.name) if value else None
    label = placed.label(value.name) if value else ""
    rows: list[tuple[Scalar, ...]] = []
    middles = placed.summary(value.name, "median").by_segment if value and sums is not None else []
    for i in order:
        segment = placed.segments[i]
        row: list[Scalar] = [segment.name, segment.size, 100 * segment.share]
        if sums is not None:
            worth = None if segment.value_share is None else 100 * segment.value_share
            row += [float(sums[i]), worth, middles[i]]
        rows.append((*row, segment.stability))
    columns: tuple[str, ...] = ("Segment", "Customers", "Share of customers")
    units: tuple[str | None, ...] = (None, "customers", "%")
    if value is not None:
        columns += (f"Sum of {label}", f"Share of {label}", f"Median {label}")
        units += (unit, "%", unit)
    return ResultTable("Sizes and value", (*columns, "Stability"), tuple(rows), (*units, None))


def profile(placed: Segmented, order: list[int], names: list[str]) -> ResultTable:
    """Return the median of each feature by segment and overall; the mean for shares."""
    by_name = {column.name: column for column in placed.numeric}
    rows: list[tuple[Scalar, ...]] = []
    for name in names[:MOST_FEATURES]:
        part = is_part(placed, by_name[name]) or _few(placed.numbers(name))
        statistic: Literal["mean", "median"] = "mean" if part else "median"
        summary = placed.summary(name, statistic)
        figures = [*(summary.by_segment[i] for i in order), summary.everybody]
        unit = placed.unit(name)
        rows.append((f"{placed.label(name)}{f', {unit}' if unit else ''}", statistic, *figures))
    columns = ("Feature", "Statistic", *(placed.segments[i].name for i in order), "All")
    left = len(names) if len(names) > MOST_FEATURES else None
    return ResultTable("Profile", columns, tuple(rows), (None,) * len(columns), left)


def _few(values: npt.NDArray[np.float64]) -> bool:
    """Tell whether medians of these values would mostly be the same number."""
    present = values[np.isfinite(values)]
    if not present.size:
        return False
    low, high = np.quantile(present, [0.1, 0.75])
    return bool(low == high)


def set_apart(placed: Segmented, found: Standing, order: list[int]) -> ResultTable:
    """Return the strongest differences of each segment from everybody else."""
    rows: list[tuple[Scalar, ...]] = []
    for i in order:
        rows += [
            (placed.segments[i].name, *row)
            for row in _trait_rows(placed, found, i, traits(placed, found, i, most=SET_APART))
        ]
    return ResultTable(
        "What sets each apart", ("Segment", *_TRAIT_COLUMNS), tuple(rows), (None,) * (len(_TRAIT_COLUMNS) + 1)
    )


_TRAIT_COLUMNS = (
    "Feature",
    "Statistic",
    "In the segment",
    "Everybody else",
    "Standardised difference",
    "95% low",
    "95% high",
    "Customers",
    "Built the segments",
)


def traits_of(placed: Segmented, found: Standing, i: int, strong: list[Trait]) -> ResultTable:
    """Return every difference of one segment from everybody else that is more than negligible."""
    rows = tuple(_trait_rows(placed, found, i, strong))
    title = f"What sets {placed.segments[i].name} apart"
    return ResultTable(title, _TRAIT_COLUMNS, rows, (None,) * len(_TRAIT_COLUMNS))


def _trait_rows(placed: Segmented, found: Standing, i: int, strong: list[Trait]) -> list[tuple[Scalar, ...]]:
    rows: list[tuple[Scalar, ...]] = []
    for trait in strong:
        kind, inside, outside = typical(placed, found, trait.column, i)
        d = trait.difference
        label = placed.label(trait.column.name)
        rows.append(
            (
                label,
                kind,
                inside,
                outside,
                d.d,
                d.low,
                d.high,
                d.n_inside,
                "yes" if trait.built_from else "no",
            )
        )
    return rows


def leans_of(placed: Segmented, found: Standing, i: int, most: int = 20) -> ResultTable:
    """Return values that occur in one segment clearly more, or less, often than among everybody."""
    leans = found.leans[i]
    rows = tuple(
        (
            f"{placed.label(lean.column.name)} = {lean.value}",
            lean.index.index,
            lean.index.low,
            lean.index.high,
            lean.index.n,
            100 * lean.index.share_inside,
            100 * lean.index.share_all,
        )
        for lean in leans[:most]
    )
    columns = ("Value", "Index", "95% low", "95% high", "Customers", "Share in the segment", "Share of all")
    return ResultTable(
        f"Over- and under-represented in {placed.segments[i].name} (index 100 = as everybody)",
        columns,
        rows,
        (None, None, None, None, "customers", "%", "%"),
        len(leans) if len(leans) > most else None,
    )


def typical_customers(placed: Segmented, found: Standing, i: int, n: int, borderline: int = 0) -> ResultTable:
    """Return the customers nearest to the middle of a segment and, if asked, those least sure.

    Customer keys stand in this table alone; they are never facts.
    """
    members = np.flatnonzero(placed.position == i)
    names = [name for name in placed.segmentation.features if name in found.values] or [
        column.name for column in comparable(placed)
    ]
    distance = np.zeros(members.size)
    for name in names:
        values = found.values[name]
        spread = float(np.nanstd(values)) or 1.0
        mine = values[members]
        middle = float(np.nanmedian(mine)) if np.isfinite(mine).any() else 0.0
        distance += np.nan_to_num((mine - middle) / spread, nan=3.0) ** 2
    nearest = members[np.argsort(np.round(distance, 9), kind="stable")[:n]]
    chosen = [(int(row), "typical") for row in nearest]
    sure = placed.confidence[members]
    if borderline and sure.size and float(sure.min()) < 1.0:
        chosen += [
            (int(row), "borderline")
            for row in members[np.argsort(np.round(sure, 9), kind="stable")[:borderline]]
        ]
    key = placed.table.customer or placed.customers.columns[0]
    shown = names[:6]
    rows = tuple(
        (
            str(placed.customers[key].iloc[row]),
            kind,
            float(placed.confidence[row]),
            *(_plain(placed.numbers(name)[row]) for name in shown),
        )
        for row, kind in chosen
    )
    columns = (key, "Kind", "Confidence", *(placed.label(name) for name in shown))
    units = (None, None, None, *(placed.unit(name) for name in shown))
    return ResultTable(f"Customers of {placed.segments[i].name}", columns, rows, units, int(members.size))


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
