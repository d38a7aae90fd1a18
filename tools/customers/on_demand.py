"""Knows how customers too many for memory are read a column at a time, as a frame in memory would be."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

KEPT_BYTES = 300_000_000  # of columns that stay in memory until others are asked for
Places = slice | npt.NDArray[Any]


class Columns:
    """The columns of a stored table, each read when it is asked for and kept while there is room.

    Args:
        read: Reads every so manieth row of one column, always in the same order of rows.
        names: The columns.
        n_rows: Their length.
    """

    def __init__(self, read: Callable[[str, int], pd.Series[Any]], names: Sequence[str], n_rows: int) -> None:
        self.names, self.n_rows = tuple(names), n_rows
        self._read = read
        self._kept: OrderedDict[tuple[str, int], pd.Series[Any]] = OrderedDict()

    def column(self, name: str, every: int = 1) -> pd.Series[Any]:
        """Return every so manieth row of a column; what was not asked for longest makes room."""
        if name not in self.names:
            raise KeyError(name)
        key = name, every
        if key not in self._kept:
            found = self._read(name, every)
            room = KEPT_BYTES - found.memory_usage(index=False)
            while self._kept and sum(each.memory_usage(index=False) for each in self._kept.values()) > room:
                self._kept.popitem(last=False)
            self._kept[key] = found
        self._kept.move_to_end(key)
        return self._kept[key]


class OnDemand:
    """Customers whose columns are read when they are asked for; all of them, or those in some places.

    Columns and rows are chosen as in a pandas frame.

    Args:
        source: Columns of everybody.
        places: Positions of the customers; None for everybody.
    """

    def __init__(self, source: Columns, places: Places | None = None) -> None:
        self._source, self._places = source, places

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._source.names

    @property
    def iloc(self) -> _ByPlace:
        """Chooses customers by position."""
        return _ByPlace(self)

    def __len__(self) -> int:
        if isinstance(self._places, slice):
            return len(range(*self._places.indices(self._source.n_rows)))
        return self._source.n_rows if self._places is None else len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._source.names

    @overload
    def __getitem__(self, chosen: str) -> pd.Series[Any]: ...
    @overload
    def __getitem__(self, chosen: list[str]) -> pd.DataFrame: ...
    @overload
    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> OnDemand: ...
    def __getitem__(self, chosen: str | list[str] | npt.NDArray[np.bool_]) -> Any:
        """Return a column, several as a frame in memory, or the customers for whom something holds."""
        if isinstance(chosen, str):
            places = self._places
            if isinstance(places, slice) and (places.start, places.stop) == (None, None) and places.step:
                return self._source.column(chosen, places.step)
            column = self._source.column(chosen)
            return column if places is None else column.iloc[places]
        if isinstance(chosen, list):
            return pd.DataFrame({name: self[name] for name in chosen}, copy=False)
        return self.at(np.flatnonzero(chosen))

    def at(self, places: Places) -> OnDemand:
        """Return the customers at these positions among those that are here."""
        if self._places is None:
            return OnDemand(self._source, places)
        own = np.arange(self._source.n_rows)[self._places]
        return OnDemand(self._source, own[places])


class _ByPlace:
    def __init__(self, customers: OnDemand) -> None:
        self._customers = customers

    def __getitem__(self, places: Places) -> OnDemand:
        return self._customers.at(places)


Customers = pd.DataFrame | OnDemand


def in_memory(customers: Customers, names: Collection[str] | None = None) -> pd.DataFrame:
    """Return customers as a frame: all columns, or at least those named."""
    if isinstance(customers, pd.DataFrame):
        return customers
    return customers[list(customers.columns if names is None else names)]
