"""Knows how repeated keys, and repeated keys with conflicting attributes, are counted from hashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]  # 0 stands for a missing value


@dataclass(frozen=True)
class Repetition:
    """Which rows share a key with another row.

    Attributes:
        n_values: Keys that come more than once.
        n_rows: Rows that hold them.
        most: Rows of the most frequent key; 0 if none repeats.
        rows: Positions of these rows, those of one key beside each other, of shape (n_rows,).
        starts: Where each key begins in `rows`, of shape (n_values,).
    """

    n_values: int
    n_rows: int
    most: int
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]


def find_repetition(keys: Hashes) -> Repetition:
    """Find the rows whose key comes more than once.

    Args:
        keys: Hash of the key of each row; sorting them is several times faster than grouping texts.
    """
    rows = np.argsort(keys)
    ordered = keys[rows]
    again = np.zeros(len(rows), dtype=bool)  # equal to the one before
    again[1:] = (ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)
    member = again.copy()
    member[:-1] |= again[1:]
    starts = np.flatnonzero(~again[member])
    n_rows = int(np.count_nonzero(member))
    sizes = np.diff(np.append(starts, n_rows))
    return Repetition(len(starts), n_rows, int(sizes.max(initial=0)), rows[member], starts)


def count_conflicts(repetition: Repetition, attributes: Mapping[str, Hashes]) -> dict[str, int]:
    """Count, for each attribute, the repeated keys that have several known values of it."""
    found = {}
    for name, hashes in attributes.items():
        if not repetition.n_values:
            found[name] = 0
            continue
        values: NDArray[Any] = hashes[repetition.rows]
        largest = np.maximum.reduceat(values, repetition.starts)
        smallest = np.minimum.reduceat(
            values - np.uint64(1), repetition.starts
        )  # missing wraps to the largest
        found[name] = int(np.count_nonzero((largest > 0) & (smallest + np.uint64(1) != largest)))
    return found
