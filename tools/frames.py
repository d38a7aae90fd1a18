"""Knows how a request's table and columns are opened: the loaded tables, `customers`, segments and joins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw

from tools.core import Column, DataTable, Workspace
from tools.customers.behaviour import define
from tools.customers.features import customer_columns, customers
from tools.errors import ToolError
from tools.formulas import Formula, computed, formula_of
from tools.joining import JOINED, held, joined, named_column, way_to, ways
from tools.segments.assigning import labelled, labels_table
from tools.selecting import fold, nearest
from tools.sides import Side, parted, side_of
from tools.wording import listing

CUSTOMERS = "customers"
SEGMENT = "segment"
_KEY = "joined key"
_NONE_IS_ZERO = ("rows", "orders", "distinct", "sum", "total")
Frame = nw.LazyFrame[Any]


def open_table(
    workspace: Workspace, name: str | None, columns_needed: Iterable[str]
) -> tuple[DataTable, Frame]:
    """Return a table and its lazy frame, with the columns that a request needs.

    Without a name the first table that holds all needed columns is taken: the main one, the others as
    loaded, then `customers`. Where none does, it is the first table whose rows lead to all of them by keys
    that each name one row, over other tables if need be; a joined column says so in its note. Never the
    other way round: a customer has many transactions, so their columns do not fit into one row. A name such
    as `price * quantity` is computed from its columns, `price > 100` parts the rows in two, and
    `city of customers` says which table is meant.

    Raises:
        ToolError: If the table or a column is nowhere to be found.
    """
    named = [column for column in dict.fromkeys(columns_needed) if column]
    sides = sides_in(workspace, named)
    compared = [column for side in sides for column in side.columns]
    formulas = formulas_in(workspace, dict.fromkeys([*named, *compared]))
    made = {formula.name for formula in formulas} | {side.name for side in sides}
    operands = [column for formula in formulas for column in formula.columns]
    operands += [column for column in compared if column not in made]
    needed = list(dict.fromkeys([*(column for column in named if column not in made), *operands]))
    table = _choose(workspace, name, needed)
    lacking = [column for column in needed if held(table, column) is None]
    frame = _frame_of(workspace, table)
    if table.name == customer_columns(workspace).name and table.name not in workspace.tables:
        table = customers(workspace).table
    for column in lacking:
        table, frame = _join(workspace, table, frame, column)
    for formula in formulas:
        new, frame = computed(table, frame, formula)
        table = replace(table, columns=(*table.columns, new))
    for side in sides:
        new, frame = parted(table, frame, side)
        table = replace(table, columns=(*table.columns, new))
    return table, frame


def sides_in(workspace: Workspace, names: Iterable[str]) -> list[Side]:
    """Return the names that are no columns but comparisons of one: `excess = 500`."""
    tables = (*workspace.tables.values(), customer_columns(workspace))
    known = {column.name for table in tables for column in table.columns}
    return [found for name in names if (found := side_of(name, known)) is not None]


def formulas_in(workspace: Workspace, names: Iterable[str]) -> list[Formula]:
    """Return the names that are no columns but computed from columns: `price * quantity`."""
    tables = (*workspace.tables.values(), customer_columns(workspace))
    known = {column.name for table in tables for column in table.columns}
    return [found for name in names if (found := formula_of(name, known)) is not None]


def _choose(workspace: Workspace, name: str | None, needed: list[str]) -> DataTable:
    derived = customer_columns(workspace)
    if name is not None:
        known = {fold(each): table for each, table in workspace.tables.items()}
        known.setdefault(CUSTOMERS, derived)
        if fold(name) in known:
            return known[fold(name)]
        names = [*workspace.tables, CUSTOMERS]
        raise ToolError(
            f"There is no table {name}.", f"There are {listing(names)}.", nearest(name, names) or tuple(names)
        )
    loaded = [workspace.table, *(each for each in workspace.tables.values() if each.name != workspace.main)]
    wanted = [each for each in needed if fold(each) != SEGMENT]
    whole = (table for table in loaded if all(held(table, each) for each in wanted))
    everything = [*loaded, *(each for each in known_tables(workspace) if each.name not in workspace.tables)]
    return (
        next(whole, None)
        or _reaching(loaded, wanted)  # before the customers, who have a usual value of what their rows hold
        or next((table for table in everything if all(held(table, each) for each in wanted)), None)
        or _reaching(everything, wanted)
        or workspace.table
    )


def known_tables(workspace: Workspace) -> list[DataTable]:
    """Return the loaded tables, and the customers that are computed from them."""
    derived = customer_columns(workspace)
    return [*workspace.tables.values(), *([] if derived.name in workspace.tables else [derived])]


def _reaching(tables: Sequence[DataTable], names: Sequence[str]) -> DataTable | None:
    """Return the first table whose rows find all columns, in itself or by following keys."""
    for table in tables:
        reached = [table, *(way[-1].other for way in ways(tables, table).values())]
        if all(named_column(reached, name) or any(held(at, name) for at in reached) for name in names):
            return table
    return None


def _frame_of(workspace: Workspace, table: DataTable) -> Frame:
    if table.name in workspace.tables:
        return workspace.engine.frame(table.name)
    return workspace.engine.frame(customers(workspace).table.name)


def _join(workspace: Workspace, table: DataTable, frame: Frame, name: str) -> tuple[DataTable, Frame]:
    if fold(name) == SEGMENT:
        return _join_segment(workspace, table, frame)
    tables = known_tables(workspace)
    named = named_column(tables, name)
    if named is not None and named[0].name == table.name:  # the table's own column, by its full name
        source = nw.col(name.removesuffix(f" of {table.name}"))
        return replace(table, columns=(*table.columns, named[1])), frame.with_columns(source.alias(name))
    found = way_to(tables, table, name)
    if found is None:
        raise _absent(workspace, table, name)
    way, column = found
    wider, rows = joined(lambda other: _frame_of(workspace, other), table, frame, way, column)
    if table.grain == "customers" and _counts(workspace, way[-1].other, column.name):
        noted = {**wider.reading[JOINED], column.name: {**wider.reading[JOINED][column.name], "zero": True}}
        wider = replace(wider, reading={**wider.reading, JOINED: noted})
        rows = rows.with_columns(nw.col(column.name).fill_null(0))
    return wider, rows


def _counts(workspace: Workspace, table: DataTable, name: str) -> bool:
    """Tell whether a customer without any transaction has 0 of what a customer column counts or sums."""
    if table.name != customer_columns(workspace).name or table.name in workspace.tables:
        return False
    return any(one.name == name and one.how in _NONE_IS_ZERO for one, _ in define(workspace.table))


def _join_segment(workspace: Workspace, table: DataTable, frame: Frame) -> tuple[DataTable, Frame]:
    segmentation = workspace.segmentation
    if segmentation is None:
        raise ToolError(
            "There are no segments yet.", "Ask to segment the customers first.", ("Segment my customers",)
        )
    framed = customers(workspace)
    key = framed.table.customer or framed.key
    own = key if table.column(key) else table.customer
    if own is None:
        raise ToolError(f"The rows of {table.name} name no customer.", "Segments belong to customers.")
    column = Column(
        SEGMENT,
        "text",
        "category",
        n_distinct=len(segmentation.segments),
        values=tuple((segment.name, segment.size) for segment in segmentation.segments),
        note=f"Segment of the customer in {segmentation.name}.",
        derived_from=own,
    )
    known = framed.table.column(key)
    n_keys = known.n_distinct if known is not None and not framed.derived else None
    if known is not None and n_keys is not None and n_keys < framed.table.n_rows - known.n_missing:
        # A row is a customer, though keys repeat: joined by the key each row would count once for each other.
        if table.name != framed.table.name:
            raise ToolError(
                f"Several rows of {framed.table.name} have the same {key}, so it does not say in which"
                f" segment the rows of {table.name} are.",
                f"Ask about {framed.table.name} instead.",
            )
        rows = labelled(segmentation, workspace.engine, frame, SEGMENT)
        return replace(table, columns=(*table.columns, column)), rows
    labels = workspace.engine.frame(labels_table(workspace, segmentation))
    labels = labels.select(nw.col(labels.collect_schema().names()[0]).alias(key), nw.col(SEGMENT))
    labels = labels.filter(~nw.col(key).is_null()).select(nw.col(key).alias(_KEY), nw.col(SEGMENT))
    wider = frame.join(labels, left_on=own, right_on=_KEY, how="left")
    return replace(table, columns=(*table.columns, column)), wider


def _absent(workspace: Workspace, table: DataTable, name: str) -> ToolError:
    """Say where the column is, if it is anywhere, and why it cannot be used here."""
    others = known_tables(workspace)
    at = next((other for other in others if other.name != table.name and held(other, name)), None)
    if at is not None:
        return ToolError(
            f"{name} is a column of {at.name}, not of {table.name}.",
            f"One row of {table.name} may have many rows in {at.name}; ask about {at.name} instead.",
            (at.name,),
        )
    names = list(dict.fromkeys(column.name for other in (*others, table) for column in other.columns))
    near = nearest(name, names)
    known = listing([column.name for column in table.columns][:40])
    return ToolError(f"There is no column {name}.", f"{table.name} has {known}.", near)
