"""Knows the customers that segments were made from as counts in bins: drift can be told without them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tools.core import Json, Segmentation, Workspace
from tools.customers.features import customers
from tools.over_time.drift import MANY_LEVELS, Drift, Floats, edges_of, in_bins, noise, psi
from tools.over_time.scoring import match_columns
from tools.placing.sheets import as_floats
from tools.segments.assigning import columns_of

FEWEST = 5  # customers with a value before it gets a bin of its own: a count must not point at a person


def reference(workspace: Workspace, segmentation: Segmentation) -> Json:
    """Return, for every column that the model reads, its bins and the customers in each, as plain JSON."""
    known = customers(workspace).pandas()
    return {name: _counts(known[name]) for name in sorted(columns_of(segmentation)) if name in known}


def drift_since(before: Json, workspace: Workspace, segmentation: Segmentation) -> list[Drift]:
    """Compare the customers of a workspace with a reference, the largest drift first.

    Args:
        before: From `reference`, on the customers that the segments were made from.
        workspace: Holds the customers of today.
        segmentation: Tells which columns count.

    Raises:
        ToolError: If a column is missing.
    """
    frame = customers(workspace)
    now = frame.pandas().rename(columns=match_columns(segmentation, frame))
    found = [_drift(name, bins, now[name]) for name, bins in before.items() if name in now]
    return sorted(found, key=lambda one: (-round(one.psi, 9), one.feature))


def _counts(values: pd.Series[Any]) -> Json:
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        numbers = as_floats(values)
        edges = edges_of(numbers)
        return {"edges": edges.tolist(), "customers": in_bins(edges, numbers).tolist()}
    words = _words(values)
    counted = words.value_counts()
    ranked = sorted(counted.index, key=lambda level: (-int(counted[level]), level))
    levels = [level for level in ranked if counted[level] >= FEWEST][:MANY_LEVELS]
    return {"levels": levels, "customers": _in_levels(levels, words).tolist()}


def _drift(feature: str, bins: Json, values: pd.Series[Any]) -> Drift:
    then = np.array(bins["customers"], dtype=np.float64)
    if "edges" in bins:
        now = in_bins(np.array(bins["edges"], dtype=np.float64), as_floats(values))
    else:
        now = _in_levels(bins["levels"], _words(values))
    return Drift(feature, psi(then, now), noise(then, now))


def _words(values: pd.Series[Any]) -> pd.Series[Any]:
    return values.astype("str").where(values.notna(), "(missing)")


def _in_levels(levels: list[str], words: pd.Series[Any]) -> Floats:
    counts = words.value_counts().reindex(levels, fill_value=0).to_numpy(dtype=np.float64)
    return np.append(counts, len(words) - counts.sum())
