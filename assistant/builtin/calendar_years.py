"""Knows which number column holds calendar years, where no date says when."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog

_EARLIEST, _LATEST = 1500, 2200


def year_column(catalog: Catalog) -> str | None:
    """Return the first column of whole numbers that are years and that is called so: "year", "released"."""
    for column in catalog.table.columns:
        called = set(catalog.words_of[column.name]) & cue("year_name")
        low, high = column.minimum, column.maximum
        if (
            called
            and column.kind == "number"
            and isinstance(low, int | float)
            and isinstance(high, int | float)
            and _EARLIEST <= low <= high <= _LATEST
        ):
            return column.name
    return None
