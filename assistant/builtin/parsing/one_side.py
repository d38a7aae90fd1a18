"""Knows sides: a comparison becomes a column with two groups, one of them named or both."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.builtin.parsing.parts import Parts
from tools.selecting import Condition
from tools.sides import SIGNS, Comparison, column_of_side, names_of_side, side_of, written_side

_SIGNS = {kind: sign for sign, kind in SIGNS.items()}


def parted_by(parts: Parts, one: Condition) -> str | None:
    """Return the column that parts the rows into those that fulfil a condition and the others.

    A column with two values does so itself. None where a condition is more than one comparison of one column.
    """
    if one.column not in parts.catalog.loaded or one.grain or one.is_ not in _SIGNS:
        return None
    column = parts.column(one.column)
    if column.n_distinct == 2 and parts.is_group(one.column) and _comparisons(one) is not None:
        return one.column
    return sides_of(parts, [one])


def sides_of(parts: Parts, own: Sequence[Condition], other: Sequence[Condition] = ()) -> str | None:
    """Return the column that parts the rows by conditions: those that fulfil some, against the others.

    Args:
        parts: The sentence; its catalog learns the column.
        own: What holds on the side that is asked about.
        other: What holds on the other side; all rows that are not on the first where nothing is given.

    Returns:
        The name of the column; None where a condition is no comparison of a column with a value.
    """
    halves = [[_comparisons(one) for one in half] for half in (own, other)]
    if any(made is None for half in halves for made in half):
        return None
    first, second = ([one for made in half for one in made or ()] for half in halves)
    known = parts.catalog.columns
    side = side_of(written_side(first, second), known)
    if side is None or any(known[name].kind == "boolean" for name in side.columns):
        return None
    parts.catalog = parts.catalog.with_computed(column_of_side(side, known))
    return side.name


def _comparisons(one: Condition) -> list[Comparison] | None:
    """Write a condition as comparisons; None if it is more than that."""
    if one.or_ or one.than or one.grain or one.statistic or one.rows or one.measure:
        return None
    if one.is_ == "between" and len(one.values) == 2:
        return [
            Comparison(one.column, sign, each) for sign, each in zip((">=", "<="), one.values, strict=True)
        ]
    if one.is_ not in _SIGNS or one.value is None or isinstance(one.value, bool):
        return None
    return [Comparison(one.column, _SIGNS[one.is_], one.value)]


def names_of_sides(parts: Parts, column: str) -> list[str] | None:
    """Return how the two groups of such a column are called, the named one first; None for any other."""
    side = side_of(column, frozenset(parts.catalog.columns) - {column})
    return None if side is None else list(names_of_side(side, parts.catalog.columns))
