"""Knows columns that part the rows in two: those that fulfil a comparison, `excess = 500`, and the others."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tools.core import Column, DataTable
from tools.errors import ToolError
from tools.wording import number, plain_name

Frame = nw.LazyFrame[Any]
OTHERS = "the others"
_WORDS = {"=": "", ">": "above ", ">=": "at least ", "<": "below ", "<=": "at most "}
SIGNS = {"=": "equal", ">": "above", ">=": "at_least", "<": "below", "<=": "at_most"}
_WRITTEN = re.compile(r"(?P<column>.+?) (?P<sign>>=|<=|=|>|<) (?P<value>.+)")


@dataclass(frozen=True)
class Side:
    """A comparison of one column with one value, and all rows for which it does not hold.

    Attributes:
        name: As written; also the name of the column that it makes.
        column: What is compared.
        sign: How.
        value: With what.
    """

    name: str
    column: str
    sign: str
    value: str | float


def side_of(name: str, known: Collection[str]) -> Side | None:
    """Take a name apart as a comparison over known columns; None if it is none."""
    found = _WRITTEN.fullmatch(name)
    if found is None or name in known or found["column"] not in known:
        return None
    try:
        return Side(name, found["column"], found["sign"], float(found["value"]))
    except ValueError:
        return Side(name, found["column"], found["sign"], found["value"])


def column_of_side(side: Side, held: Column) -> Column:
    """Return what is known of the column that a comparison makes: two groups, of which one has a name.

    Args:
        side: The comparison.
        held: The column that is compared.
    """
    return Column(
        side.name, "text", "category", protected=held.protected, n_distinct=2,
        values=((words_of_side(side, held), 0), (OTHERS, 0)), derived_from=side.column,
        note=f"Whether {side.name}, for each row.",
    )  # fmt: skip


def words_of_side(side: Side, held: Column) -> str:
    """Write the side that fulfils the comparison: Broker, excess 500, cash advance above 0."""
    if isinstance(side.value, str) or held.kind != "number":
        return str(side.value)
    return f"{plain_name(side.column)} {_WORDS[side.sign]}{number(side.value, held.unit)}"


def parted(table: DataTable, frame: Frame, side: Side) -> tuple[Column, Frame]:
    """Return the column that a comparison makes, and the frame with it; missing where the value is.

    Raises:
        ToolError: If the table does not hold the column.
    """
    held = table.column(side.column)
    if held is None:
        raise ToolError(f"There is no column {side.column} in {table.name}.", "Use one of its columns.")
    value = side.value if held.kind == "number" else str(side.value)
    own = nw.col(side.column)
    holds = {"=": own == value, ">": own > value, ">=": own >= value, "<": own < value, "<=": own <= value}
    known = ~own.is_null()
    others = nw.when(known).then(nw.lit(OTHERS))
    labels = nw.when(known & holds[side.sign]).then(nw.lit(words_of_side(side, held))).otherwise(others)
    return column_of_side(side, held), frame.with_columns(labels.alias(side.name))
