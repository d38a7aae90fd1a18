"""Knows how a request's table and columns are opened: the loaded tables, `customers`, segments and joins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import narwhals as nw

from tools.core import Column, DataTable, Workspace
from tools.customers.features import customer_columns, customers
from tools.errors import ToolError
from tools.formulas import Formula, computed, formula_of
from tools.segments.assigning import labels_table
from tools.selecting import fold, nearest
from tools.wording import listing

CUSTOMERS = "customers"
SEGMENT = "segment"
Frame = nw.LazyFrame[Any]


def open_table(
    workspace: Workspace, name: str | None, columns_needed: Iterable[str]
) -> tuple[DataTable, Frame]:
    """Return a table and its lazy frame, with the columns that a request needs.

    Without a name the first table that holds all needed columns is taken: the main one, the others as
    loaded, then `customers`. Where none does, the base is the main (or the named) table, and what it lacks
    is joined to its rows by the customer, or by a column of which every value names one row of the other
    table; a joined column says so in its note. Never the other way round: a customer has many transactions,
    so their columns do not fit into one row. A name such as `price * quantity` is computed from its columns.

    Raises:
        ToolError: If the table or a column is nowhere to be found.
    """
    named = [column for column in dict.fromkeys(columns_needed) if column]
    formulas = formulas_in(workspace, named)
    made = {formula.name for formula in formulas}
    operands = [column for formula in formulas for column in formula.columns]
    needed = list(dict.fromkeys([*(column for column in named if column not in made), *operands]))
    table = _choose(workspace, name, needed)
    lacking = [column for column in needed if not _held(table, column)]
    frame = _frame_of(workspace, table)
    if table.name == customer_columns(workspace).name and table.name not in workspace.tables:
        table = customers(workspace).table
    for column in lacking:
        table, frame = _join(workspace, table, frame, column)
    for formula in formulas:
        new, frame = computed(table, frame, formula)
        table = replace(table, columns=(*table.columns, new))
    return table, frame


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
    in_order = [
        workspace.table,
        *(each for key, each in workspace.tables.items() if key != workspace.main),
        derived,
    ]
    return next(
        (table for table in in_order if all(_held(table, each) or fold(each) == SEGMENT for each in needed)),
        workspace.table,
    )


def _held(table: DataTable, name: str) -> bool:
    return bool(table.column(name)) or sum(fold(column.name) == fold(name) for column in table.columns) == 1


def _frame_of(workspace: Workspace, table: DataTable) -> Frame:
    if table.name in workspace.tables:
        return workspace.engine.frame(table.name)
    return workspace.engine.frame(customers(workspace).table.name)


def _join(workspace: Workspace, table: DataTable, frame: Frame, name: str) -> tuple[DataTable, Frame]:
    if fold(name) == SEGMENT:
        return _join_segment(workspace, table, frame)
    derived = customer_columns(workspace)
    others = [each for key, each in workspace.tables.items() if key != table.name]
    if derived.name not in workspace.tables and table.name != derived.name:
        others.append(derived)
    for other in others:
        if not _held(other, name):
            continue
        keys = _join_keys(table, other)
        if keys is None:
            continue
        column = other.column(name) or next(each for each in other.columns if fold(each.name) == fold(name))
        source = _frame_of(workspace, other)
        return _attach(table, frame, source, keys, column, f"Joined from {other.name} by {keys[0]}.")
    raise _absent(workspace, table, name, [*others, table])


def _join_keys(table: DataTable, other: DataTable) -> tuple[str, str] | None:
    """Return the columns (of table, of other) by which each row finds at most one row of other."""
    told = [each for each in table.reading.get("related", ()) if each["other"] == other.name]
    pairs = [(each["column"], each["key"]) for each in told if each["said"] is not False]
    pairs += [(table.customer, other.customer)] if table.customer and other.customer else []
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


def _attach(
    table: DataTable, frame: Frame, source: Frame, keys: tuple[str, str], column: Column, note: str
) -> tuple[DataTable, Frame]:
    joined_key = "joined key"
    right = source.filter(~nw.col(keys[1]).is_null())
    right = right.select(nw.col(keys[1]).alias(joined_key), nw.col(column.name))
    wider = frame.join(right, left_on=keys[0], right_on=joined_key, how="left")
    return replace(table, columns=(*table.columns, replace(column, note=note, derived_from=keys[0]))), wider


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
    labels = workspace.engine.frame(labels_table(workspace, segmentation))
    labels = labels.select(nw.col(labels.collect_schema().names()[0]).alias(key), nw.col(SEGMENT))
    column = Column(
        SEGMENT,
        "text",
        "category",
        n_distinct=len(segmentation.segments),
        values=tuple((segment.name, segment.size) for segment in segmentation.segments),
    )
    note = f"Segment of the customer in {segmentation.name}."
    return _attach(table, frame, labels, (own, key), column, note)


def _absent(workspace: Workspace, table: DataTable, name: str, others: list[DataTable]) -> ToolError:
    """Say where the column is, if it is anywhere, and why it cannot be used here."""
    held = [other.name for other in (*others, *workspace.tables.values()) if _held(other, name)]
    if held:
        return ToolError(
            f"{name} is a column of {held[0]}, not of {table.name}.",
            f"One row of {table.name} may have many rows in {held[0]}; ask about {held[0]} instead.",
            (held[0],),
        )
    names = list(dict.fromkeys(column.name for other in (table, *others) for column in other.columns))
    near = nearest(name, names)
    known = listing([column.name for column in table.columns][:40])
    return ToolError(f"There is no column {name}.", f"{table.name} has {known}.", near)
