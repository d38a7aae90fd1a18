"""Knows what a model asks of the place where it is computed, and how customers in memory answer.

A model is evaluated by plain steps - add, multiply, divide, take a root, compare, choose - which every
machine rounds alike, written once for any sheet. So whoever computes them, the same rows get the same
segments and the same confidence, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.customers.on_demand import Customers
from tools.segments.holding import holds

Cell = Any  # one value a customer: an array in memory, an expression in an engine
Floats = npt.NDArray[np.float64]
BLOCK = 1 << 18  # customers that are placed at once: what is computed on the way is many times their size


@dataclass(frozen=True)
class Known:
    """A column of customers.

    Attributes:
        value: The values, 0 where they are missing.
        missing: Where they are missing; None where none can be.
    """

    value: Cell
    missing: Cell


class Sheet(Protocol):
    """Customers, one a row, on which a model computes new columns step by step."""

    def number(self, column: str) -> Known:
        """Return a column as floats; dates as days, yes/no as 1 and 0; what is not finite is missing."""

    def same(self, column: str, text: str) -> Cell:
        """Tell for whom a column, as text, is this; never missing."""

    def missing(self, column: str) -> Cell:
        """Tell for whom a column has no value."""

    def holds(self, condition: Mapping[str, Any]) -> Cell:
        """Tell for whom a stored condition holds; never missing."""

    def keep(self, *cells: Cell) -> list[Cell]:
        """Compute cells now, each once, so that further steps may use them several times."""

    def apart(self, steps: Callable[[], Sequence[Cell]]) -> list[Cell]:
        """Keep what some steps return, and nothing that they kept on the way."""

    def constant(self, value: float) -> Cell:
        """Return the same number for everybody."""

    def where(self, condition: Cell, then: Any, otherwise: Any) -> Cell:
        """Choose between two values."""

    def least(self, cells: Sequence[Cell]) -> Cell:
        """Return the smallest of several cells for each customer."""

    def largest(self, cells: Sequence[Cell]) -> Cell:
        """Return the largest of several cells for each customer."""

    def root(self, cell: Cell) -> Cell:
        """Take the square root, which every machine rounds correctly."""

    def floor(self, cell: Cell) -> Cell:
        """Round down to a whole number, as a float."""

    def mantissas(self, cells: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
        """Write each number of at least 1 as m times 2 to the k, m from 1 to below 2; exact."""

    def powers_of_two(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return 2 to the k for whole k from -1022 to 1023; exact."""

    def patterns(self, missing: Sequence[Cell]) -> list[tuple[bool, ...]]:
        """Return every combination of missing values that occurs, in a fixed order."""

    def inside(self, condition: Cell, placed: Callable[[Any], Sequence[Cell]]) -> list[Cell]:
        """Compute cells for some of the customers only; for all others they mean nothing."""

    def in_blocks(self, placed: Callable[[Any], Sequence[Cell]]) -> list[Cell]:
        """Compute cells some customers at a time, where all at once would take too much memory."""


class InMemory:
    """Customers in memory, or plain arrays without any.

    Args:
        customers: One row a customer.
    """

    def __init__(self, customers: Customers | None = None) -> None:
        self._customers: Customers = pd.DataFrame() if customers is None else customers

    @classmethod
    def of(cls, n: int) -> Self:
        """Return so many customers of whom nothing but arrays is known."""
        return cls(pd.DataFrame(index=range(n)))

    def number(self, column: str) -> Known:
        """Return a column as floats."""
        return known(as_floats(self._customers[column]))

    def same(self, column: str, text: str) -> Cell:
        """Tell for whom a column, as text, is this."""
        values = self._customers[column]
        return (values.astype("str") == text).to_numpy(dtype=bool) & values.notna().to_numpy(dtype=bool)

    def missing(self, column: str) -> Cell:
        """Tell for whom a column has no value."""
        return self._customers[column].isna().to_numpy(dtype=bool)

    def holds(self, condition: Mapping[str, Any]) -> Cell:
        """Tell for whom a stored condition holds."""
        return holds(condition, self._customers)

    def keep(self, *cells: Cell) -> list[Cell]:
        """Return the arrays, which are computed already."""
        return list(cells)

    def apart(self, steps: Callable[[], Sequence[Cell]]) -> list[Cell]:
        """Return what some steps return."""
        return list(steps())

    def constant(self, value: float) -> Cell:
        """Return the same number for everybody."""
        return np.full(len(self._customers), value)

    def where(self, condition: Cell, then: Any, otherwise: Any) -> Cell:
        """Choose between two values."""
        return np.where(condition, then, otherwise)

    def least(self, cells: Sequence[Cell]) -> Cell:
        """Return the smallest of several cells for each customer."""
        return np.minimum.reduce(cells)

    def largest(self, cells: Sequence[Cell]) -> Cell:
        """Return the largest of several cells for each customer."""
        return np.maximum.reduce(cells)

    def root(self, cell: Cell) -> Cell:
        """Take the square root."""
        return np.sqrt(cell)

    def floor(self, cell: Cell) -> Cell:
        """Round down."""
        return np.floor(cell)

    def mantissas(self, cells: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
        """Write each number of at least 1 as m times 2 to the k."""
        parts = [np.frexp(cell) for cell in cells]
        return [(2.0 * half, exponent - 1.0) for half, exponent in parts]

    def powers_of_two(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return 2 to the k."""
        return [np.ldexp(1.0, cell.astype(np.int64)) for cell in cells]

    def patterns(self, missing: Sequence[Cell]) -> list[tuple[bool, ...]]:
        """Return every combination of missing values that occurs."""
        if not any(flags.any() for flags in missing):
            return [(False,) * len(missing)]
        codes = np.unique(np.sum([flags * (1 << i) for i, flags in enumerate(missing)], axis=0))
        return [tuple(bool(code >> i & 1) for i in range(len(missing))) for code in codes.tolist()]

    def inside(self, condition: Cell, placed: Callable[[Self], Sequence[Cell]]) -> list[Cell]:
        """Compute cells for some of the customers only; the others get 0."""
        inside: Customers = self._customers[np.asarray(condition, dtype=bool)]
        part = placed(type(self)(inside))
        spread = [np.zeros(len(self._customers), dtype=np.asarray(cell).dtype) for cell in part]
        for whole, cell in zip(spread, part, strict=True):
            whole[condition] = cell
        return spread

    def in_blocks(self, placed: Callable[[Self], Sequence[Cell]]) -> list[Cell]:
        """Compute cells some customers at a time."""
        n = max(1, len(self._customers))
        parts = [
            placed(type(self)(self._customers.iloc[first : first + BLOCK])) for first in range(0, n, BLOCK)
        ]
        return [np.concatenate(cells) for cells in zip(*parts, strict=True)]


def as_floats(values: pd.Series[Any]) -> Floats:
    """Return a column as floats with NaN for missing; dates as days, yes/no as 1 and 0."""
    if pd.api.types.is_datetime64_any_dtype(values):
        seconds = (values - pd.Timestamp("1970-01-01")).dt.total_seconds()
        return np.asarray(np.trunc(seconds.to_numpy(dtype=np.float64, na_value=np.nan)) / 86400)
    if values.dtype == np.float64:
        return values.to_numpy()
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def known(values: Floats) -> Known:
    """Return floats with 0 where they are missing or not finite."""
    missing = ~np.isfinite(values)
    return Known(np.where(missing, 0.0, values) if missing.any() else values, missing)
