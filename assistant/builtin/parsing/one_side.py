"""Knows one side against all others: a comparison becomes a column with two groups, of which one is named."""

from __future__ import annotations

from assistant.builtin.parsing.parts import Parts
from tools.selecting import Condition
from tools.sides import OTHERS, SIGNS, column_of_side, side_of, words_of_side

_SIGNS = {kind: sign for sign, kind in SIGNS.items()}


def parted_by(parts: Parts, one: Condition) -> str | None:
    """Return the column that parts the rows into those that fulfil a condition and the others.

    A column with two values does so itself. None where a condition is more than one comparison of one column.
    """
    plain = one.value is not None and one.is_ in _SIGNS and not one.or_ and not one.than and not one.grain
    if not plain or one.statistic or one.column not in parts.catalog.loaded:
        return None
    column = parts.column(one.column)
    if column.n_distinct == 2 and parts.is_group(one.column):
        return one.column
    name = f"{one.column} {_SIGNS[one.is_]} {one.value}"
    side = side_of(name, parts.catalog.columns)
    if side is None or column.kind not in ("text", "number"):
        return None
    parts.catalog = parts.catalog.with_computed(column_of_side(side, column))
    return name


def names_of_sides(parts: Parts, column: str) -> list[str] | None:
    """Return how the two groups of such a column are called, the named one first; None for any other."""
    side = side_of(column, parts.catalog.loaded)
    return None if side is None else [words_of_side(side, parts.column(side.column)), OTHERS]
