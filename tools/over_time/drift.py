"""Knows how far other customers have moved from those a segmentation was made from, kept as counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.core import Json, Segmentation
from tools.placing.sheets import as_floats
from tools.segments.assigning import columns_of

SMALL, LARGE = 0.10, 0.25  # stability index: below the first stable, above the second another population
BINS = 10
FLOOR = 1e-4  # share that stands for an empty bin
MANY_LEVELS = 20  # categories beyond the most frequent ones count as one
MISSING = "(missing)"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one feature has moved; `noise` is what two samples of one population would show."""

    feature: str
    psi: float
    noise: float

    @property
    def is_large(self) -> bool:
        """Whether this is another population rather than chance."""
        return self.psi > LARGE + self.noise

    @property
    def word(self) -> str:
        """How large it is, in one word."""
        if self.is_large:
            return "large"
        return "moderate" if self.psi > SMALL + self.noise else "small"


@dataclass(frozen=True)
class Baseline:
    """What is kept of the customers that a segmentation was made from: counts, and nobody's row.

    Attributes:
        columns: For each column that decides, {"edges", "counts"} of a number, the last count being the
            missing ones, or {"levels"} with a count for each value.
        sizes: Customers of each segment, by name.
        reach: Distance within which all but one in a thousand of them lie, or None for rules.
        reference_date: ISO date that their days were counted to, or None.
    """

    columns: Mapping[str, Json]
    sizes: Mapping[str, int]
    reach: float | None
    reference_date: str | None

    @property
    def n(self) -> int:
        """Customers in all."""
        return sum(self.sizes.values())

    def to_json(self) -> Json:
        """Return plain JSON that `from_json` reads."""
        return {
            "columns": dict(self.columns), "sizes": dict(self.sizes), "reach": self.reach,
            "reference_date": self.reference_date,
        }  # fmt: skip

    @classmethod
    def from_json(cls, document: Json) -> Baseline:
        """Read what `to_json` wrote."""
        return cls(document["columns"], document["sizes"], document["reach"], document["reference_date"])


def kept_counts(values: pd.Series[Any]) -> Json:
    """Return what is kept of a column: counts in tenths of a number, or of every value of a text."""
    numeric = pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)
    if numeric or pd.api.types.is_datetime64_any_dtype(values):
        numbers = as_floats(values)
        edges = edges_of(numbers)
        return {"edges": edges.tolist(), "counts": in_bins(edges, numbers).astype(int).tolist()}
    counted = values.astype("str").where(values.notna(), MISSING).value_counts()
    ordered = sorted(counted.index, key=lambda level: (-int(counted[level]), str(level)))
    return {"levels": {str(level): int(counted[level]) for level in ordered}}


def kept_columns(segmentation: Segmentation, customers: pd.DataFrame) -> dict[str, Json]:
    """Return what is kept of every column that the model reads."""
    return {name: kept_counts(customers[name]) for name in sorted(columns_of(segmentation))}


def drifts(kept: Mapping[str, Json], now: pd.DataFrame) -> list[Drift]:
    """Compare every kept column with its values now, the largest drift first."""
    found = [drift(name, counts, now[name]) for name, counts in sorted(kept.items())]
    return sorted(found, key=lambda one: (-round(one.psi, 9), one.feature))


def drift(feature: str, kept: Json, now: pd.Series[Any]) -> Drift:
    """Return the population stability index of one column against what is kept of it."""
    if "edges" in kept:
        edges = np.array(kept["edges"], dtype=np.float64)
        then, after = np.array(kept["counts"], dtype=np.float64), in_bins(edges, as_floats(now))
        return Drift(feature, psi(then, after), noise(then, after))
    known: dict[str, int] = kept["levels"]
    text = now.astype("str").where(now.notna(), MISSING)
    text = text[text.isin(set(known))]  # values never seen are told apart, by `unseen_values`
    return of_counts(feature, known, {str(level): int(n) for level, n in text.value_counts().items()})


def of_counts(feature: str, then: Mapping[str, int], now: Mapping[str, int]) -> Drift:
    """Return the index of counts by name; beyond the most frequent ones they count as one."""
    levels = sorted(then, key=lambda level: (-then[level], level))[:MANY_LEVELS]
    first, second = (
        np.array([*(each.get(level, 0) for level in levels), 0.0], dtype=np.float64) for each in (then, now)
    )
    first[-1], second[-1] = (
        float(sum(each.values())) - part.sum() for each, part in ((then, first), (now, second))
    )
    return Drift(feature, psi(first, second), noise(first, second))


def psi(then: Floats, now: Floats) -> float:
    """Return the population stability index of two sets of counts over the same bins.

    Source: Siddiqi (2006), Credit Risk Scorecards, chapter 8; 0.10 and 0.25 are its customary limits.
    """
    first, second = (np.maximum(each / max(each.sum(), 1), FLOOR) for each in (then, now))
    return float(((second - first) * np.log(second / first)).sum())


def noise(then: Floats, now: Floats) -> float:
    """Return the index that two samples of one population are expected to show (Yurdakul 2018)."""
    used = int(((then + now) > 0).sum())
    return max(used - 1, 0) * float(1 / max(then.sum(), 1) + 1 / max(now.sum(), 1))


def edges_of(values: Floats) -> Floats:
    """Return the borders between the tenths of the known values, each once."""
    known = values[~np.isnan(values)]
    return np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.array([])


def in_bins(edges: Floats, values: Floats) -> Floats:
    """Count the values between the borders, missing ones last."""
    missing = np.isnan(values)
    at = np.searchsorted(edges, values[~missing], side="left")
    return np.append(np.bincount(at, minlength=len(edges) + 1), missing.sum()).astype(np.float64)


def unseen_values(kept: Mapping[str, Json], now: pd.DataFrame) -> list[tuple[str, tuple[str, ...], int]]:
    """Return column, values that the model never saw, most frequent first, and customers with one."""
    found = []
    for name, counts in sorted(kept.items()):
        if "levels" not in counts:
            continue
        values = now[name].dropna().astype("str")
        new = values[~values.isin(set(counts["levels"]))].value_counts()
        if len(new):
            ordered = sorted(new.index, key=lambda value: (-int(new[value]), value))
            found.append((name, tuple(map(str, ordered)), int(new.sum())))
    return found
