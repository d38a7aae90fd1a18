"""Knows what other tables say of a customer: the columns of the row that a customer's key leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import narwhals as nw

from tools.core import Column, DataTable, Role, Workspace
from tools.customers.behaviour import FeatureDefinition, Plan
from tools.engine import Engine
from tools.joining import Way, joined, ways
from tools.quoting import Quotes
from tools.understanding.relating import relations_of

ROLES: tuple[Role, ...] = (
    "category", "place", "birth_date", "age", "outcome", "flag", "measure", "amount", "balance", "quantity",
    "time",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One column that another table adds to the customers.

    Attributes:
        way: How its row is found from the customer's key.
        source: The column there.
        definition: What it is called and means for the customers.
        column: What is known of it.
    """

    way: Way
    source: Column
    definition: FeatureDefinition
    column: Column


def told_elsewhere(workspace: Workspace, own: Plan) -> tuple[Told, ...]:
    """List the columns of other tables that describe the customers of the main table, in the tables' order.

    Args:
        workspace: The tables; nothing is computed.
        own: The columns that are made from the main table. A name that is taken says its table too.
    """
    table = workspace.table
    taken = {column.name for _, column in own} | {table.customer}
    found: list[Told] = []
    for way in ways(workspace.tables.values(), table).values():
        if way[0].column != table.customer:
            continue
        keys = {way[-1].key, *(step.column for step in way)}
        for column in way[-1].other.by_role(*ROLES):
            if column.name in keys:
                continue
            name = column.name if column.name not in taken else f"{column.name} of {way[-1].other.name}"
            taken.add(name)
            what = f"{column.name} of the customer, as in {way[-1].other.source}."
            one = FeatureDefinition(name, name, what, column.unit, column.protected)
            found.append(Told(way, column, one, replace(column, name=name, note=what)))
    return tuple(found)


def without_rows(workspace: Workspace, quotes: Quotes) -> list[str]:
    """Say who stands in a table of customers and is none here, for the main table has no row of them.

    Args:
        workspace: The tables; the main one holds what customers did.
        quotes: Keeps the figures of the sentences as facts.
    """
    table, told = workspace.table, []
    for one in relations_of(workspace.tables):
        known = workspace.tables[one.other]
        of_main = one.table == table.name and one.column == table.customer and one.said is not False
        absent = known.n_rows - one.n_found
        if table.grain != "transactions" or not of_main or known.grain != "customers" or absent <= 0:
            continue
        n = quotes.number("n_customers_without_rows", absent, None, known.name)
        everybody = quotes.number("n_customers_listed", known.n_rows, None, known.name)
        nouns = table.reading.get("noun", ("transaction", "transactions"))[1]
        told.append(f"{n} of the {everybody} in {known.source} have no {nouns} and are in no segment.")
    return told


def with_told(engine: Engine, table: DataTable, told: tuple[Told, ...]) -> DataTable:
    """Store the customers with what other tables say of them, and return the table as it is then."""
    key = table.customer or ""
    frame, walked = engine.frame(table.name), table
    for one in told:
        named = replace(one.source, name=f"{one.source.name} of {one.way[-1].other.name}")
        walked, frame = joined(lambda other: engine.frame(other.name), walked, frame, one.way, named)
        frame = frame.rename({named.name: one.column.name})
    names = [*(column.name for column in table.columns), *(one.column.name for one in told)]
    engine.store(table.name, frame.select(*names).sort(key))
    counts = engine.collect(
        engine.frame(table.name).select(
            *(nw.col(one.column.name).is_null().cast(nw.Int64).sum().alias(one.column.name) for one in told)
        )
    ).iloc[0]
    columns = tuple(replace(one.column, n_missing=int(counts[one.column.name] or 0)) for one in told)
    return replace(table, columns=(*table.columns, *columns))
