"""Knows how one row a customer is opened: computed from transactions, or the table that was loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import narwhals as nw
import pandas as pd

from tools import drawing, progress
from tools.core import Column, DataTable, Finding, Json, Workspace
from tools.customers.behaviour import FeatureDefinition, define
from tools.customers.computing import compute
from tools.customers.on_demand import Columns, Customers, OnDemand
from tools.customers.told_elsewhere import told_elsewhere, with_told
from tools.engine import Engine
from tools.placing.engine_sheet import InEngine
from tools.placing.models import meets
from tools.wording import count

IN_MEMORY_BYTES = 400_000_000  # of computed customers up to which all their columns are kept in memory
NAME = "customers"
ROW = "row_number"
HERE = 20_000_000  # customers up to which all are looked at here; of more, about so many as are drawn
DRAWN = 200_000


@dataclass(frozen=True)
class CustomerFrame:
    """One row a customer.

    Attributes:
        engine: Where the table is stored.
        table: Name in the engine, columns and what should be known of it.
        definitions: What each column means, by name; the customer key has none.
        key: Column that names the customer (`row_number` where the table names nobody).
        reference_date: ISO date that recency and tenure are counted to, or None without dates.
        derived: Computed from transactions rather than loaded.
    """

    engine: Engine
    table: DataTable
    definitions: Mapping[str, FeatureDefinition]
    key: str
    reference_date: str | None
    derived: bool

    @property
    def is_here(self) -> bool:
        """Whether there are so few customers that all are looked at here, if need be a column at a time."""
        return self.table.n_rows <= HERE

    def pandas(self) -> pd.DataFrame:
        """Return all customers in memory, sorted by key; the frame is shared, so do not change it."""

        def build() -> pd.DataFrame:
            names = [self.key, *(column.name for column in self.table.columns if column.name != self.key)]
            if self.derived:
                return self.engine.table(self.table.name, names)
            frame = self.engine.collect(self.engine.frame(self.table.name).select(*names).sort(self.key))
            return frame if frame[self.key].is_unique else frame.sort_values(names, ignore_index=True)

        names = tuple(column.name for column in self.table.columns)
        return self.engine.memo(("customers in memory", self.table.name, names), build)

    def everybody(self) -> Customers:
        """Return all customers, sorted by key: in memory, or where they are many a column at a time."""
        table, names = self.table, [column.name for column in self.table.columns]
        if not self.derived or 8 * table.n_rows * len(names) <= IN_MEMORY_BYTES:
            return self.pandas()

        def build() -> Columns:
            return Columns(
                lambda name, every: self.engine.table(table.name, [name], every)[name], names, table.n_rows
            )

        return OnDemand(self.engine.memo(("customers on demand", table.name, tuple(names)), build))

    def drawn(self, conditions: Sequence[Json] = ()) -> Customers:
        """Return customers to look at, sorted by key: all, or about `DRAWN` of very many.

        They are drawn by a hash of their key: the same ones in any order of rows, on any engine.

        Args:
            conditions: Draw among those who meet these; where all are here, all are returned.
        """
        if self.is_here:
            return self.everybody()
        found, n = self._drawn(conditions)
        if len(found) < n:
            drawing.note(len(found), n)
        return found

    def n_drawn_from(self, conditions: Sequence[Json] = ()) -> int:
        """Return how many customers meet these conditions, where not all customers are here."""
        return self._drawn(conditions)[1]

    def _drawn(self, conditions: Sequence[Json]) -> tuple[pd.DataFrame, int]:
        def build() -> tuple[pd.DataFrame, int]:
            names = [self.key, *(column.name for column in self.table.columns if column.name != self.key)]
            rows = self.engine.frame(self.table.name).select(*names)
            if conditions:
                sheet = InEngine(self.engine, rows)
                rows = sheet.frame.filter(meets(sheet, conditions)).select(*names)
            n = int(self.engine.collect(rows.select(nw.len().alias("n")))["n"].iloc[0])
            part = self.engine.part(rows, self.key, min(1.0, DRAWN / max(1, n)))
            return self.engine.collect(part.sort(*names)), n

        key = ("customers drawn", self.table.name, json.dumps(list(conditions), sort_keys=True), DRAWN)
        return self.engine.memo(key, build)


def customer_columns(workspace: Workspace) -> DataTable:
    """Return the columns of the table `customers` without computing anything; for those who read requests."""
    table = workspace.table
    if table.grain != "transactions" or not table.customer:
        return table if table.customer else _numbered(table)
    key, own = cast(Column, table.column(table.customer)), define(table)
    columns = (*(column for _, column in own), *(one.column for one in told_elsewhere(workspace, own)))
    return _described(workspace, (key, *columns), key.n_distinct or 0)


def customers(workspace: Workspace) -> CustomerFrame:
    """Return one row a customer: computed from transactions, or the table itself if it has one already."""
    table = workspace.table
    if table.grain == "transactions" and table.customer:
        told = tuple(column.name for column in customer_columns(workspace).columns)
        key = ("customers", table.name, workspace.reference_date, told)
        progress.check()
        return workspace.engine.memo(key, lambda: _compute(workspace))
    if table.customer:
        return CustomerFrame(workspace.engine, table, _as_loaded(table), table.customer, None, derived=False)
    return workspace.engine.memo(("customers", table.name), lambda: _number_rows(workspace.engine, table))


def _compute(workspace: Workspace) -> CustomerFrame:
    table, engine = workspace.table, workspace.engine
    key = cast(str, table.customer)
    progress.step(f"Working out what each customer did in {count(table.n_rows, 'row')}")
    plan = define(table)
    asked = date.fromisoformat(workspace.reference_date) if workspace.reference_date else None
    described = _described(workspace, (cast(Column, table.column(key)),), 0)
    described, reference = compute(engine, table, plan, described, asked)
    told = told_elsewhere(workspace, plan)
    if told:
        described = with_told(engine, described, told)
    day = reference.isoformat() if reference else None
    definitions = {one.name: one for one in (*(one for one, _ in plan), *(one.definition for one in told))}
    return CustomerFrame(engine, described, definitions, key, day, derived=True)


def _described(workspace: Workspace, columns: tuple[Column, ...], n_customers: int) -> DataTable:
    taken = any(name.lower() == NAME for name in workspace.tables)
    name = "customer_features" if taken else NAME
    table = workspace.table
    dated = (each for each in workspace.tables.values() if each.grain == "transactions" and each.customer)
    first = next(dated, None)
    if first is not None and table.name != first.name:  # a later file, or one period
        name = f"{name} of {table.name}"
    name = f"{name} on {workspace.reference_date}" if workspace.reference_date else name
    said = [
        each
        for one in workspace.tables.values()
        for each in one.reading.get("related", ())
        if each["said"] is not None
    ]
    if said:  # other columns than before a person said what belongs together
        mark = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:6]
        name = f"{name} as related {mark}"
    money = "total_amount" if table.amount else None
    return DataTable(
        name, table.source, n_customers, columns, grain="customers", customer=table.customer, amount=money
    )


def _as_loaded(table: DataTable) -> dict[str, FeatureDefinition]:
    return {
        column.name: FeatureDefinition(
            column.name, column.name, f"{column.name} as in the file.", column.unit, column.protected,
            source=column.name,
        )
        for column in table.columns
        if column.name != table.customer
    }  # fmt: skip


def _numbered(table: DataTable) -> DataTable:
    row = Column(ROW, "number", "customer_key", note="Number of the row in the file, counted from 1.")
    return replace(table, name=NAME, columns=(row, *table.columns), customer=ROW)


def _number_rows(engine: Engine, table: DataTable) -> CustomerFrame:
    """Rows without a customer column: each row is a unit, named by its number in the file."""
    frame = engine.collect(engine.frame(table.name))
    frame.insert(0, ROW, range(1, len(frame) + 1))
    engine.store(NAME, frame)
    sentence = "No column names a customer, so each row counts as one."
    told = Finding("rows_as_customers", "info", None, len(frame), sentence)
    numbered = _numbered(table)
    numbered = replace(numbered, findings=(*numbered.findings, told))
    return CustomerFrame(engine, numbered, _as_loaded(numbered), ROW, None, derived=False)
