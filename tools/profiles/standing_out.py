"""Knows in what the customers of each segment differ from everybody else, and how to say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.core import Column, Workspace
from tools.customers.behaviour import PARTS_OF_DAY, WEEKDAYS
from tools.effects import (
    SMALL,
    Difference,
    OverIndex,
    cramers_v,
    differences,
    even_scale,
    moments,
    over_index,
    part_between,
)
from tools.segments.segmented import Segmented, fingerprint

SAME = 0.8  # features correlated more than this say the same thing once
MIN_CUSTOMERS = 30  # a value held by fewer customers of a segment is not called typical of it
REPEAT = 0.2  # part of the customers with two transactions from which trends of customers mean something
MIN_KNOWN = 0.05  # a column known for a smaller part of the customers is not compared
MAX_VALUES = 200  # most frequent values of a category that are compared; the rest is counted together
_PART = re.compile(r"(?:^|_)(?:share|prc|pct|percent)(?:_|$)", re.IGNORECASE)
KEPT_BYTES = 400_000_000  # memory up to which even-scaled columns are kept
LEAST_KNOWN = 0.2  # part of a segment that must have a value before the value is called typical of it


@dataclass(frozen=True, slots=True)
class Trait:
    """A number in which a segment differs from everybody else."""

    column: Column
    difference: Difference
    built_from: bool  # it decided who is in the segment, so the difference proves nothing


@dataclass(frozen=True, slots=True)
class Lean:
    """A value that occurs in a segment more, or less, often than among everybody."""

    column: Column
    value: str
    index: OverIndex


@dataclass(frozen=True)
class Standing:
    """Every comparison of every segment with the rest.

    Attributes:
        differences: For each numeric column, one difference a segment.
        spread: For each numeric column, the part of its variance between segments, 0 to 1.
        leans: For each segment, values of categories from the strongest over-index.
        association: For each category column, Cramer's V with the segments, 0 to 1.
        values: Even-scaled values of each numeric column that is compared.
        typical: What `typical` returned before, by column and segment.
    """

    differences: dict[str, list[Difference | None]]
    spread: dict[str, float]
    leans: list[list[Lean]]
    association: dict[str, float]
    values: Mapping[str, npt.NDArray[np.float64]]
    _alike: dict[tuple[str, str], float] = field(default_factory=dict)
    typical: dict[tuple[str, int], tuple[str, float, float]] = field(default_factory=dict)

    def alike(self, one: str, other: str) -> float:
        """Return the absolute correlation of two even-scaled columns, 0 to 1; each pair is computed once."""
        pair = (min(one, other), max(one, other))
        if pair not in self._alike:
            self._alike[pair] = _correlation(self.values[pair[0]], self.values[pair[1]])
        return self._alike[pair]


def standing(workspace: Workspace, placed: Segmented) -> Standing:
    """Compare every segment with the rest on every column; kept in the engine's memo."""
    key = ("standing", placed.table.name, fingerprint(placed.segmentation))
    return workspace.engine.memo(key, lambda: _compare(placed))


def _compare(placed: Segmented) -> Standing:
    n = len(placed.segments)
    columns = comparable(placed)
    even = _EvenScaled(placed, [column.name for column in columns])

    def numeric(column: Column) -> tuple[list[Difference | None], float]:
        sums = moments(even[column.name], placed.position, n)
        return differences(sums), part_between(sums)

    with ThreadPoolExecutor(
        2
    ) as pool:  # numpy releases the lock; each column is computed alone, so order is no matter
        results = list(pool.map(numeric, columns))
    names = [column.name for column in columns]
    leans: list[list[Lean]] = [[] for _ in range(n)]
    association = {}
    for column in placed.categories:
        counts, values = counted(placed, column)
        association[column.name] = cramers_v(counts)
        for i, found in enumerate(_leans(column, counts, values)):
            leans[i] += found
    for found in leans:
        found.sort(
            key=lambda lean: (-abs(np.log(max(lean.index.index, 1.0) / 100)), lean.column.name, lean.value)
        )
    return Standing(
        {name: result[0] for name, result in zip(names, results, strict=True)},
        {name: result[1] for name, result in zip(names, results, strict=True)},
        leans,
        association,
        even,
    )


class _EvenScaled(Mapping[str, npt.NDArray[np.float64]]):
    """Even-scaled columns of all customers: kept while they are small, computed again where they are not."""

    def __init__(self, placed: Segmented, names: list[str]) -> None:
        self._placed, self._names = placed, names
        self._kept: dict[str, npt.NDArray[np.float64]] = {}

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        if name not in self._names:
            raise KeyError(name)
        if name in self._kept:
            return self._kept[name]
        values = even_scale(self._placed.numbers(name))
        if values.nbytes * len(self._names) <= KEPT_BYTES:
            self._kept[name] = values
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def comparable(placed: Segmented) -> list[Column]:
    """Return the numeric columns worth comparing: known for enough customers, and no single weekdays."""
    left_out = {f"share_{day}" for day in WEEKDAYS}
    if "n_transactions" in placed.customers and (placed.numbers("n_transactions") >= 2).mean() < REPEAT:
        left_out |= {"trend_amount", "largest_share"}  # with one transaction they only say its date, or one
    least = MIN_KNOWN * max(1, len(placed.customers))
    return [
        column
        for column in placed.numeric
        if column.name not in left_out and placed.customers[column.name].count() >= least
    ]


def counted(placed: Segmented, column: Column) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Count the values of a category in each segment; missing ones are left out, rare ones counted together.

    Returns:
        Counts of shape (segments, values), and the values, the most frequent first.
    """
    inside = placed.position >= 0
    codes, levels = pd.factorize(placed.customers[column.name], sort=True)
    kept = inside & (codes >= 0)
    table = np.zeros((len(placed.segments), max(len(levels), 1)), dtype=np.int64)
    flat = np.bincount(placed.position[kept] * table.shape[1] + codes[kept], minlength=table.size)
    table = flat.reshape(table.shape)
    names = [str(level) for level in levels] or ["(missing)"]
    order = sorted(range(len(names)), key=lambda i: (-int(table[:, i].sum()), names[i]))
    top = order[:MAX_VALUES]
    counts, values = table[:, top], [names[i] for i in top]
    if len(order) > MAX_VALUES:
        rest = table[:, order[MAX_VALUES:]].sum(axis=1, keepdims=True)
        counts, values = np.hstack([counts, rest]), [*values, f"{len(order) - MAX_VALUES:,} rarer values"]
    return counts, values


def _leans(column: Column, counts: npt.NDArray[np.int64], values: list[str]) -> list[list[Lean]]:
    by_value, by_segment, total = counts.sum(axis=0), counts.sum(axis=1), int(counts.sum())
    found: list[list[Lean]] = []
    for i in range(counts.shape[0]):
        mine = []
        for j, value in enumerate(values):
            if by_segment[i] == 0 or by_value[j] < MIN_CUSTOMERS or j >= MAX_VALUES:
                continue
            expected = by_segment[i] * by_value[j] / total
            if max(counts[i, j], expected) < MIN_CUSTOMERS:
                continue
            index = over_index(int(counts[i, j]), int(by_segment[i]), int(by_value[j]), total)
            if index.low > 110 or index.high < 100 / 1.1:
                mine.append(Lean(column, value, index))
        found.append(mine)
    return found


def traits(placed: Segmented, found: Standing, i: int, most: int = 99) -> list[Trait]:
    """Return in what segment `i` differs, strongest first, saying the same thing only once.

    Protected attributes are left to the profile: they describe, they do not explain.
    """
    features = set(placed.segmentation.features)
    candidates = [
        Trait(column, difference, column.name in features)
        for column in comparable(placed)
        if not column.protected
        and (difference := found.differences[column.name][i])
        and abs(difference.d) >= SMALL
        and difference.n_inside >= max(min(MIN_CUSTOMERS, placed.sizes[i]), LEAST_KNOWN * placed.sizes[i])
    ]
    candidates.sort(
        key=lambda trait: (-round(abs(trait.difference.d), 2), not trait.built_from, trait.column.name)
    )
    chosen: list[Trait] = []
    for trait in candidates:
        if len(chosen) == most:
            break
        _, inside, outside = typical(placed, found, trait.column, i)
        agrees = (
            inside - outside
        ) * trait.difference.d > 0  # else no figure a person knows shows the difference
        if agrees and all(found.alike(trait.column.name, one.column.name) <= SAME for one in chosen):
            chosen.append(trait)
    return chosen


def _correlation(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> float:
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 3:
        return 0.0
    if not both.all():
        first, second = first[both], second[both]
    a, b = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))  # plain sums: no number of threads can change them
    return abs(float((a * b).sum())) / scale if scale > 0 else 0.0


def is_part(placed: Segmented, column: Column) -> bool:
    """Tell whether a number is a part of one: the share of night transactions, or yes/no as 0 and 1."""
    values = placed.numbers(column.name)
    present = values[np.isfinite(values)]
    named = column.role == "flag" or _PART.search(column.name) or "0 to 1" in column.note
    return bool(named and present.size and present.min() >= 0 and present.max() <= 1)


def typical(placed: Segmented, found: Standing, column: Column, i: int) -> tuple[str, float, float]:
    """Return how segment `i` and everybody else compare on a column, in the way people understand best.

    Returns:
        "mean" or "median", the figure of the customers inside, and that of all others in a segment.
    """
    if (column.name, i) not in found.typical:
        difference = found.differences.get(column.name, [None] * len(placed.segments))[i]
        sign = 0.0 if difference is None else difference.d
        found.typical[column.name, i] = _typical(placed, column, placed.position == i, sign)
    return found.typical[column.name, i]


def _typical(
    placed: Segmented, column: Column, inside: npt.NDArray[np.bool_], sign: float
) -> tuple[str, float, float]:
    values = placed.numbers(column.name)
    present = np.isfinite(values) & (placed.position >= 0)
    mine, others = values[present & inside], values[present & ~inside]
    if not is_part(placed, column) and mine.size and others.size:
        middle, other = float(np.median(mine)), float(np.median(others))
        if middle != other and (middle - other) * sign >= 0:
            return "median", middle, other
    return "mean", _mean(mine), _mean(others)


def _mean(values: npt.NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else float("nan")


def outside_features(placed: Segmented, found: Standing, most: int = 3) -> list[tuple[str, float]]:
    """Return features that did not build the segments, nor say the same as one that did, by their spread.

    Returns:
        Names with the part of their variance that lies between segments, 0 to 1, largest first.
    """
    built = [name for name in placed.segmentation.features if name in found.values]
    chosen: list[tuple[str, float]] = []
    for name, part in sorted(found.spread.items(), key=lambda item: (-round(item[1], 6), item[0])):
        if len(chosen) == most:
            break
        if name in placed.segmentation.features or _family(name) & {one for b in built for one in _family(b)}:
            continue
        if all(found.alike(name, other) <= SAME for other in built):
            chosen.append((name, part))
    return chosen


def _family(name: str) -> set[str]:
    """Return what a feature is computed from, where several are computed from the same."""
    if name == "mean_hour" or name in {f"share_{part}" for part in PARTS_OF_DAY}:
        return {"time of day"}
    if name.endswith("_amount"):  # its trend too: a part of the same total minus the rest
        return {"amount"}
    return {"balance"} if "balance" in name.casefold() and name != "balance_cv" else set()
