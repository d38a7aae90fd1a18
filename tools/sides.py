"""Knows columns that part the rows: those that fulfil a comparison and the others, or two sides by name.

`excess = 500` has two groups, excess 500 and the others. `age >= 20 & age <= 29 | age > 60` has those aged 20
to 29 and those above 60; rows on neither side, on both, or with a missing value are in no group.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw

from tools.core import Column, DataTable
from tools.errors import ToolError
from tools.formulas import formula_of
from tools.periods import interval
from tools.wording import number, number_of, plain_name

Frame = nw.LazyFrame[Any]
OTHERS = "the others"
AND, AGAINST = " & ", " | "
_WORDS = {"=": "", "!=": "not ", ">": "above ", ">=": "at least ", "<": "below ", "<=": "at most "}
_OF_TIME = {"=": "in ", "!=": "not in ", ">": "after ", ">=": "since ", "<": "before ", "<=": "until "}
SIGNS = {"=": "equal", "!=": "not_equal", ">": "above", ">=": "at_least", "<": "below", "<=": "at_most"}
_WRITTEN = re.compile(r"(?P<column>.+?) (?P<sign>>=|<=|!=|=|>|<) (?P<value>.+)")


@dataclass(frozen=True)
class Comparison:
    """A comparison of one column with one value.

    Attributes:
        column: What is compared.
        sign: How.
        value: With what.
    """

    column: str
    sign: str
    value: str | float


@dataclass(frozen=True)
class Side:
    """Comparisons that all hold on one side, and what the other side is.

    Attributes:
        name: As written; also the name of the column that it makes.
        own: What holds on the named side.
        other: What holds on the other one; empty for all rows that are not on the named side.
    """

    name: str
    own: tuple[Comparison, ...]
    other: tuple[Comparison, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are compared, each once."""
        return tuple(dict.fromkeys(one.column for one in (*self.own, *self.other)))


def side_of(name: str, known: Collection[str]) -> Side | None:
    """Take a name apart as comparisons over known columns; None if it is none."""
    if name in known:
        return None
    written = name.split(AGAINST)
    parts = [tuple(_comparison(each, known) for each in half.split(AND)) for half in written]
    if len(parts) > 2 or any(one is None for half in parts for one in half):
        return None
    own, *other = (tuple(one for one in half if one is not None) for half in parts)
    return Side(name, own, other[0] if other else ())


def written_side(own: Sequence[Comparison], other: Sequence[Comparison] = ()) -> str:
    """Write comparisons as the name of the column that they make."""
    halves = [AND.join(f"{one.column} {one.sign} {one.value}" for one in half) for half in (own, other)]
    return AGAINST.join(half for half in halves if half)


def _comparison(text: str, known: Collection[str]) -> Comparison | None:
    found = _WRITTEN.fullmatch(text)
    if found is None or not (found["column"] in known or formula_of(found["column"], known)):
        return None
    try:
        return Comparison(found["column"], found["sign"], float(found["value"]))
    except ValueError:
        return Comparison(found["column"], found["sign"], found["value"])


def column_of_side(side: Side, held: Mapping[str, Column]) -> Column:
    """Return what is known of the column that comparisons make: two groups, each with a name.

    Args:
        side: The comparisons.
        held: The columns that are compared, by name.
    """
    columns = [held[name] for name in side.columns]
    return Column(
        side.name, "text", "category", protected=any(column.protected for column in columns), n_distinct=2,
        values=tuple((name, 0) for name in names_of_side(side, held)), derived_from=side.columns[0],
        note=f"On which side each row is: {side.name}.",
    )  # fmt: skip


def names_of_side(side: Side, held: Mapping[str, Column]) -> tuple[str, str]:
    """Return how the two groups are called, the named one first."""
    own = _words(side.own, held)
    return own, _words(side.other, held) if side.other else OTHERS


def _words(half: Sequence[Comparison], held: Mapping[str, Column]) -> str:
    """Write what holds on a side: Broker, excess 500, age 20 to 29, cash advance above 0."""
    told: list[str] = []
    low, high = (next((one for one in half if one.sign == sign), None) for sign in (">=", "<="))
    for one in half:
        ranged = low is not None and high is not None and low.column == high.column
        if ranged and one is low and high is not None:
            lowest = f"{one.value:g}" if isinstance(one.value, float) else one.value
            told.append(f"{plain_name(one.column)} {lowest} to {_value(high, held[high.column])}")
        elif not (ranged and one is high):
            told.append(_word(one, held[one.column], alone=len(half) == 1))
    return " and ".join(told)


def _word(one: Comparison, held: Column, *, alone: bool) -> str:
    if held.kind in ("date", "datetime"):
        return f"{plain_name(one.column)} {_OF_TIME[one.sign]}{one.value}"
    if held.kind == "number":
        return f"{plain_name(one.column)} {_WORDS[one.sign]}{_value(one, held)}"
    return f"{_WORDS[one.sign]}{one.value}" if alone else f"{plain_name(one.column)} {one.value}"


def _value(one: Comparison, held: Column) -> str:
    if isinstance(one.value, str):
        return one.value
    dated = number_of(replace(held, unit=None), one.value)
    return dated if held.unit is None else number(one.value, held.unit)


def parted(table: DataTable, frame: Frame, side: Side) -> tuple[Column, Frame]:
    """Return the column that comparisons make, and the frame with it; missing where a value is.

    Raises:
        ToolError: If the table does not hold a column.
    """
    held: dict[str, Column] = {}
    for name in side.columns:
        found = table.column(name)
        if found is None:
            raise ToolError(f"There is no column {name} in {table.name}.", "Use one of its columns.")
        held[name] = found
    own_name, other_name = names_of_side(side, held)
    own = _all(side.own, held)
    known = reduce(and_, (~nw.col(name).is_null() for name in side.columns))
    if side.other:
        other = _all(side.other, held)
        rest = nw.when(known & other & ~own).then(nw.lit(other_name))
        labels = nw.when(known & own & ~other).then(nw.lit(own_name)).otherwise(rest)
    else:
        rest = nw.when(known).then(nw.lit(other_name))
        labels = nw.when(known & own).then(nw.lit(own_name)).otherwise(rest)
    return column_of_side(side, held), frame.with_columns(labels.alias(side.name))


def _all(half: Sequence[Comparison], held: Mapping[str, Column]) -> nw.Expr:
    return reduce(and_, (_holds(one, held[one.column]) for one in half))


def _holds(one: Comparison, held: Column) -> nw.Expr:
    """Return where a comparison holds; a period such as 2024 or 2024-05 is compared by its ends."""
    own = nw.col(one.column)
    if held.kind in ("date", "datetime"):
        start, after = interval(str(one.value) if isinstance(one.value, str) else f"{one.value:g}")
        inside = (own >= start) & (own < after)
        return {"=": inside, "!=": ~inside, ">": own >= after, ">=": own >= start,
                "<": own < start, "<=": own < after}[one.sign]  # fmt: skip
    value = one.value if held.kind == "number" else str(one.value)
    return {"=": own == value, "!=": own != value, ">": own > value, ">=": own >= value,
            "<": own < value, "<=": own <= value}[one.sign]  # fmt: skip
