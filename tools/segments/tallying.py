"""Knows what is counted, summed and averaged over all customers of each segment, where they lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import numpy as np
import numpy.typing as npt

from tools.core import Column, Segmentation
from tools.customers.features import CustomerFrame
from tools.exact_sums import exact_sum
from tools.placing.models import NOWHERE
from tools.segments.assigning import LABEL, columns_of, in_engine

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Summary:
    """A figure for the customers of each segment, and for everybody in one; None where nobody has a value."""

    by_segment: list[float | None]
    everybody: float | None


def mean(values: Floats) -> float | None:
    """Return the mean of the values that are known."""
    present = values[np.isfinite(values)]
    return float(present.mean()) if present.size else None


def median(values: Floats) -> float | None:
    """Return the median of the values that are known."""
    present = values[np.isfinite(values)]
    return float(np.median(present)) if present.size else None


STATISTICS: Mapping[str, Callable[[Floats], float | None]] = {"mean": mean, "median": median}


class Tally:
    """What is known of all customers of each segment; each figure is computed by the engine when asked for.

    Args:
        frame: The customers.
        segmentation: Puts each of them into a segment.
        mark: What tells this segmentation from others.
    """

    def __init__(self, frame: CustomerFrame, segmentation: Segmentation, mark: str) -> None:
        self._frame, self._engine = frame, frame.engine
        self._keys = [segment.key for segment in segmentation.segments]
        self._stored = f"labels {mark} of {frame.table.name}"
        self._carried = () if _names_each(frame) else tuple(_numbers(frame))
        needed = dict.fromkeys([frame.key, *sorted(columns_of(segmentation)), *self._carried])
        rows = frame.engine.frame(frame.table.name).select(*needed)
        placed = in_engine(segmentation, frame.engine, rows)
        frame.engine.store(self._stored, placed.select(frame.key, LABEL, *self._carried))
        labels = frame.engine.frame(self._stored)
        counted = frame.engine.collect(labels.group_by(LABEL).agg(nw.len().alias("n")))
        sizes = dict(zip(counted[LABEL].tolist(), counted["n"].tolist(), strict=True))
        self.sizes = np.array([int(sizes.get(key, 0)) for key in self._keys], dtype=np.int64)
        self._summaries: dict[tuple[str, str], Summary] = {}
        self._sums: dict[str, Floats] = {}

    def sums(self, column: Column) -> Floats:
        """Return the sum of a column in each segment."""
        if column.name not in self._sums:
            this = self._finite(column.name)
            found = self._by_segment(column.name, exact_sum(this, self._bound(column.name)))
            sums = [float(found.get(each) or 0.0) for each in self._keys]
            self._sums[column.name] = np.round(np.array(sums), 4)
        return self._sums[column.name]

    def summary(self, column: str, statistic: Literal["mean", "median"]) -> Summary:
        """Return the mean or median of a column."""
        key = (column, statistic)
        if key not in self._summaries:
            this = self._finite(column)
            made = (
                this.median()
                if statistic == "median"
                else exact_sum(this, self._bound(column)) / this.count()
            )
            found = self._by_segment(column, made)
            rows = self._rows(column).filter(nw.col(LABEL) != NOWHERE)
            whole = self._engine.collect(rows.select(made.alias("figure")))["figure"].iloc[0]
            self._summaries[key] = Summary([_plain(found.get(each)) for each in self._keys], _plain(whole))
        return self._summaries[key]

    def _rows(self, column: str) -> nw.LazyFrame[Any]:
        labels, key = self._engine.frame(self._stored), self._frame.key
        if column in self._carried:
            return labels
        features = self._engine.frame(self._frame.table.name).select(key, column)
        return labels.select(nw.col(key).alias("|key"), LABEL).join(features, left_on="|key", right_on=key)

    def _finite(self, column: str) -> nw.Expr:
        this = nw.col(column).cast(nw.Float64)
        return nw.when(this - this == 0.0).then(this)

    def _bound(self, column: str) -> float:
        most = self._rows(column).select(self._finite(column).abs().max().alias("most"))
        return _plain(self._engine.collect(most)["most"].iloc[0]) or 1.0

    def _by_segment(self, column: str, made: nw.Expr) -> dict[int, Any]:
        rows = self._rows(column).group_by(LABEL).agg(made.alias("figure"))
        found = self._engine.collect(rows)
        return dict(zip(found[LABEL].tolist(), found["figure"].tolist(), strict=True))


def _plain(value: Any) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None


def _names_each(frame: CustomerFrame) -> bool:
    """Tell whether everybody has a key and nobody shares it, so that rows are found again by it."""
    key = frame.table.column(frame.key)
    return frame.derived or (key is not None and not key.n_missing and key.n_distinct == frame.table.n_rows)


def _numbers(frame: CustomerFrame) -> list[str]:
    return [one.name for one in frame.table.columns if one.kind == "number" and one.name != frame.key]
