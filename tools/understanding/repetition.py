"""Knows how repeated keys, and repeated keys with conflicting attributes, are counted from hashes.

Memory stays within eight bytes a row and a few for each repeated key, so that a hundred million rows fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]  # 0 stands for a missing value
_TABLE_BITS = 27  # of the largest table in which the first bits of repeated keys are looked up


@dataclass(frozen=True)
class Repetition:
    """Which keys come in several rows.

    Attributes:
        n_values: Keys that come more than once.
        n_rows: Rows that hold them.
        most: Rows of the most frequent key; 0 if none repeats.
        keys: The repeated keys in order, of shape (n_values,).
    """

    n_values: int
    n_rows: int
    most: int
    keys: Hashes


def find_repetition(keys: Hashes) -> Repetition:
    """Find the keys that come more than once.

    Args:
        keys: Hash of the key of each row, put into order in place: many times faster than grouping texts.
    """
    keys.sort()
    again = np.zeros(len(keys), dtype=bool)  # equal to the one before
    again[1:] = (keys[1:] == keys[:-1]) & (keys[1:] != 0)
    first = np.zeros(len(keys), dtype=bool)  # of several
    first[:-1] = again[1:] & ~again[:-1]
    n_values = int(np.count_nonzero(first))
    starts = np.flatnonzero(~again[again | first])
    sizes = np.diff(np.append(starts, np.count_nonzero(again) + n_values))
    return Repetition(n_values, int(sizes.sum()), int(sizes.max(initial=0)), keys[first])


def count_conflicts(repetition: Repetition, rows: Iterable[Sequence[Hashes]], n_attributes: int) -> list[int]:
    """Count, for each attribute, the repeated keys that have several known values of it.

    Args:
        repetition: The repeated keys.
        rows: All rows in any number of parts: hashes of the key, and of each attribute.
        n_attributes: How many there are.
    """
    repeated = repetition.keys
    known = [np.zeros(len(repeated), dtype=np.uint64) for _ in range(n_attributes)]
    several = [np.zeros(len(repeated), dtype=bool) for _ in range(n_attributes)]
    if len(repeated):
        maybe = _Maybe(repeated)
        for keys, *attributes in rows:
            _note(repeated, maybe, keys, attributes, known, several)
    return [int(np.count_nonzero(each)) for each in several]


class _Maybe:
    """Tells most hashes that are not among some, by their first bits."""

    def __init__(self, repeated: Hashes) -> None:
        bits = min(_TABLE_BITS, max(8, int(len(repeated) * 16).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._there = np.zeros(1 << bits, dtype=bool)
        self._there[repeated >> self._shift] = True

    def among(self, keys: Hashes) -> NDArray[np.intp]:
        return np.flatnonzero(self._there[keys >> self._shift])


def _note(
    repeated: Hashes,
    maybe: _Maybe,
    keys: Hashes,
    attributes: Sequence[Hashes],
    known: Sequence[Hashes],
    several: Sequence[NDArray[np.bool_]],
) -> None:
    """Note for the rows of repeated keys which values are new."""
    rows = maybe.among(keys)
    rows = rows[np.argsort(keys[rows])]
    own = keys[rows]
    places = np.minimum(np.searchsorted(repeated, own), len(repeated) - 1)
    same = repeated[places] == own
    rows, places = rows[same], places[same]
    if not len(rows):
        return
    starts = np.flatnonzero(np.append(True, places[1:] != places[:-1]))
    here = places[starts]
    for hashes, before, clash in zip(attributes, known, several, strict=True):
        values = hashes[rows]
        largest = np.maximum.reduceat(values, starts)
        smallest = np.minimum.reduceat(values - np.uint64(1), starts) + np.uint64(1)  # missing becomes large
        smallest = np.where(smallest == 0, largest, smallest)
        earlier = before[here]
        met = (earlier != 0) & (largest != 0)
        clash[here] |= (smallest != largest) | (met & ((earlier != largest) | (earlier != smallest)))
        before[here] = np.where(earlier != 0, earlier, largest)
