"""Knows the ways from the rows of one table to a row of another: which keys are followed, over which tables.

A way leads from many rows to one, so that what is joined along it never doubles a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from tools.core import Column, DataTable
from tools.selecting import fold

Frame = nw.LazyFrame[Any]
FrameOf = Callable[[DataTable], Frame]
MOST_STEPS = 4  # tables that a way may lead through
_KEY = "joined key"
JOINED = (
    "joined"  # in `DataTable.reading`: joined columns, each with what names its row and what that is called
)


@dataclass(frozen=True)
class Step:
    """One step of a way: each row of a table finds at most one row of the other.

    Attributes:
        column: Column of the table that is left.
        other: The table that is entered.
        key: Its column in which every value is unique.
    """

    column: str
    other: DataTable
    key: str


Way = tuple[Step, ...]


def join_keys(table: DataTable, other: DataTable) -> tuple[str, str] | None:
    """Return the columns (of table, of other) by which each row finds at most one row of other."""
    told = [each for each in table.reading.get("related", ()) if each["other"] == other.name]
    pairs = [(each["column"], each["key"]) for each in told if each["said"] is not False]
    if table.customer and other.customer and fold(table.customer) == fold(other.customer):
        pairs.append((table.customer, other.customer))
    naming = (
        table.by_role("customer_key", "row_key", "category", "place") if table.grain != "customers" else []
    )
    pairs += [(column.name, column.name) for column in naming if other.column(column.name)]
    parted = {(each["column"], each["key"]) for each in told if each["said"] is False}
    for left, right in [pair for pair in pairs if pair not in parted]:
        column = other.column(right) if right else None
        if left and right and column and column.n_distinct == other.n_rows - column.n_missing:
            return left, right
    return None


def ways(tables: Iterable[DataTable], table: DataTable) -> dict[str, Way]:
    """Return the shortest way from a table to every other one that its rows can reach, nearest first.

    Args:
        tables: All tables, in the order in which they are preferred.
        table: Where the ways begin.
    """
    known = [other for other in tables if other.name != table.name]
    found: dict[str, Way] = {}
    edge: list[tuple[DataTable, Way]] = [(table, ())]
    for _ in range(MOST_STEPS):
        following: list[tuple[DataTable, Way]] = []
        for at, way in edge:
            for other in known:
                keys = join_keys(at, other) if other.name not in found and other.name != at.name else None
                if keys is not None:
                    found[other.name] = (*way, Step(keys[0], other, keys[1]))
                    following.append((other, found[other.name]))
        edge = following
    return found


def held(table: DataTable, name: str) -> Column | None:
    """Return the column of a table that a name means, whatever its case; None if there is none."""
    exact = table.column(name)
    alike = [column for column in table.columns if fold(column.name) == fold(name)]
    return exact or (alike[0] if len(alike) == 1 else None)


def named_column(tables: Iterable[DataTable], name: str) -> tuple[DataTable, Column] | None:
    """Return table and column of a name that says both, `city of customers`, which the column then bears."""
    for table in tables:
        end = f" of {table.name}"
        if name.endswith(end) and (column := held(table, name.removesuffix(end))):
            return table, replace(column, name=name)
    return None


def way_to(tables: Sequence[DataTable], table: DataTable, name: str) -> tuple[Way, Column] | None:
    """Return the shortest way from a table to the column of a name, and that column; None without a way.

    A name may say the table too, `city of customers`, where several tables have a column of that name.
    """
    reached = ways(tables, table)
    named = named_column(tables, name)
    if named is not None:
        return (reached[named[0].name], named[1]) if named[0].name in reached else None
    for way in reached.values():
        column = held(way[-1].other, name)
        if column is not None:
            return way, column
    return None


def joined(
    frame_of: FrameOf, table: DataTable, frame: Frame, way: Way, column: Column
) -> tuple[DataTable, Frame]:
    """Return a table and its frame with a column at the end of a way; no row is lost or doubled.

    Args:
        frame_of: Gives the rows of a table.
        table: Where the way begins.
        frame: Its rows.
        way: The keys to follow.
        column: Column of the last table, under the name that it gets.
    """
    source = column.name.removesuffix(f" of {way[-1].other.name}")
    right = _ahead(frame_of, way, source, column.name)
    wider = frame.join(right, left_on=way[0].column, right_on=_KEY, how="left")
    by = " and ".join(f"{step.other.name} by {step.column}" for step in way)
    made = replace(column, note=f"Joined from {by}.", derived_from=way[0].column)
    rows = dict(table.reading.get(JOINED, {}))
    if len(way) > 1 and all(known["row"] != _row_of(way) for known in rows.values()):
        row = _ahead(frame_of, way[:-1], way[-1].column, _row_of(way))
        wider = wider.join(row, left_on=way[0].column, right_on=_KEY, how="left")
    last = way[-1].other
    noun = "customer" if last.grain == "customers" else f"row of {last.name}"
    rows[column.name] = {"row": _row_of(way), "noun": noun}
    reading = {**table.reading, JOINED: rows}
    return replace(table, columns=(*table.columns, made), reading=reading), wider


def _row_of(way: Way) -> str:
    """Name the column of the frame that says which row of the last table a joined value comes from."""
    return way[0].column if len(way) == 1 else f"row of {way[-1].other.name}"


def _ahead(frame_of: FrameOf, way: Way, source: str, name: str) -> Frame:
    """Return the key of the first table of a way, and beside it what stands at the end of the way."""
    step = way[0]
    rows = frame_of(step.other).filter(~nw.col(step.key).is_null())
    if len(way) == 1:
        return rows.select(nw.col(step.key).alias(_KEY), nw.col(source).alias(name))
    following = _ahead(frame_of, way[1:], source, name).rename({_KEY: "next key"})
    left = rows.select(nw.col(step.key).alias(_KEY), nw.col(way[1].column).alias("key ahead"))
    return left.join(following, left_on="key ahead", right_on="next key", how="left").select(_KEY, name)
