"""Knows how a feature becomes an axis on which distances mean something: bent, centred, scaled, weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.core import Json
from tools.customers.on_demand import Customers
from tools.placing.axes import MISSING, axes, bent
from tools.placing.sheets import InMemory, as_floats

Floats = npt.NDArray[np.float64]
SKEWED = 1.0  # absolute skewness from which a transform is worth its loss of plainness


def skewness(values: Floats) -> float:
    """Return the third standardised moment; 0 for a constant."""
    centred = values - values.mean()
    spread = float(np.sqrt(np.mean(centred**2)))
    return float(np.mean(centred * centred * centred) / spread**3) if spread > 0 else 0.0


def fit_number(feature: str, values: Floats, weight: float = 1.0) -> Json:
    """Choose a transform by skewness and learn fill, centre and scale.

    Non-negative skewed values get log1p, skewed values with a sign Yeo-Johnson, all others none; where log1p
    leaves them as skewed the other way, Yeo-Johnson takes over. Missing values are filled with the median.

    Args:
        feature: Column name, written into the result.
        values: One number a customer, NaN for missing.
        weight: Multiplies the finished axis.
    """
    missing = np.isnan(values)
    known = values[~missing] if missing.any() else values
    fill = float(np.median(known)) if len(known) else 0.0
    known = (np.where(missing, fill, values) if missing.any() else values) if len(known) else np.zeros(1)
    kind, parameters = _choose(known)
    axis = _transformed(known, kind, parameters)
    scale = float(axis.std())
    return {
        "feature": feature,
        "kind": kind,
        "parameters": parameters,
        "fill": fill,
        "centre": float(axis.mean()),
        "scale": scale if scale > 0 else 1.0,
        "weight": float(weight),
    }


def _choose(values: Floats) -> tuple[str, Json]:
    plain = skewness(values)
    if abs(plain) < SKEWED:
        return "none", {}
    if values.min() >= 0 and plain > 0:
        # Money in thousandths or in millions bends the same way: log1p of the value in units of a
        # small quantile.
        logged = _transformed(values, "log1p", {})
        if abs(skewness(logged)) < SKEWED:
            return "log1p", {}
    shape = {"power": _yeo_johnson_power(values), "unit": _unit(values)}
    if abs(skewness(_transformed(values, "yeo_johnson", shape))) < abs(plain):
        return "yeo_johnson", shape
    return "none", {}


def _unit(values: Floats) -> float:
    """Return a scale that keeps powers tame: the mean absolute value."""
    size = float(np.mean(np.abs(values)))
    return size if size > 0 else 1.0


def _yeo_johnson_power(values: Floats) -> float:
    from scipy.stats import yeojohnson_normmax  # scipy.stats takes long to import

    sample = values if len(values) <= 5000 else np.quantile(values, np.linspace(0, 1, 5000))
    return float(np.clip(yeojohnson_normmax(sample / _unit(values)), -2.0, 3.0))


def _transformed(values: Floats, kind: str, parameters: Mapping[str, Any]) -> Floats:
    return np.asarray(bent(InMemory(), [values], [{"kind": kind, "parameters": parameters}])[0])


def fit_levels(
    feature: str, values: pd.Series[Any], levels: Sequence[str], weight: float = 1.0
) -> list[Json]:
    """Turn a category into one axis a level, scaled so that the whole weighs about as much as a number.

    Each indicator is divided by the square root of its share, as in the factor analysis of mixed data, and
    all of them by the square root of the number of levels minus one.

    Source: Pagès (2004), Analyse factorielle de données mixtes, Revue de statistique appliquée 52(4).
    """
    text = values.astype("str").where(values.notna(), None)
    axes: list[Json] = []
    spread = max(1, len(levels) - 1)
    for level in levels:
        part = float((text == level).mean())
        axes.append(
            {
                "feature": feature,
                "kind": "level",
                "parameters": {"value": level},
                "fill": 0.0,
                "centre": part,
                "scale": float(np.sqrt(max(part, 1e-9) * spread)),
                "weight": float(weight),
            }
        )
    return axes


def axis(transform: Mapping[str, Any], customers: Customers) -> Floats:
    """Return one fitted axis for these customers; NaN where a value is missing and nothing is filled in."""
    return apply([transform], customers)[:, 0]


def value_at(transform: Mapping[str, Any], place: float) -> float:
    """Return the value of the feature that lies so many standard deviations from the centre of its axis."""
    bent = place * float(transform["scale"]) + float(transform["centre"])
    if transform["kind"] == "log1p":
        return float(np.expm1(bent))
    if transform["kind"] != "yeo_johnson":
        return bent
    power, unit = (float(transform["parameters"][name]) for name in ("power", "unit"))
    side = 1.0 if bent >= 0 else -1.0
    power, size = (power, bent) if side > 0 else (2 - power, -bent)
    value = np.expm1(size) if abs(power) < 1e-9 else max(size * power + 1, 0.0) ** (1 / power) - 1
    return float(side * value * unit)


def apply(transforms: Sequence[Mapping[str, Any]], customers: Customers) -> Floats:
    """Return the matrix (customers x axes) in which distances are taken; NaN where a value is missing."""
    matrix = np.empty((len(customers), len(transforms)))
    for position, transform in enumerate(transforms):
        (one,) = axes(InMemory(customers), [transform])
        matrix[:, position] = one.value if one.missing is None else np.where(one.missing, np.nan, one.value)
    return matrix


@dataclass(frozen=True)
class Bands:
    """A feature taken as a category: a text, a yes/no, or a number cut at `edges`."""

    feature: str
    levels: tuple[str, ...]
    edges: tuple[float, ...] = ()
    fill: int = 0  # level of a value that was never seen, or of a missing number

    def codes(self, column: pd.Series[Any]) -> npt.NDArray[np.int64]:
        """Return the level of each customer as a whole number."""
        if self.edges:
            values = as_floats(column)
            found = np.searchsorted(np.array(self.edges), values, side="right")
            return np.where(np.isnan(values), self.fill, found).astype(np.int64)
        text = column.astype("str").where(column.notna(), MISSING)
        places = {level: i for i, level in enumerate(self.levels)}
        return np.asarray(text.map(places).fillna(self.fill).to_numpy(dtype=np.int64))


def words(kind: str) -> str:
    """Name a transform for a person."""
    return {
        "log1p": "logarithm",
        "yeo_johnson": "Yeo-Johnson power",
        "none": "as it is",
        "level": "yes/no for each value",
    }[kind]
