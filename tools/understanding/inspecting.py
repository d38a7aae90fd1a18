"""Knows what a person should be told about a table before using it, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tools.core import DataTable
from tools.engine import Engine
from tools.files.surveying import Measured
from tools.understanding import customer_history, monies, oddities
from tools.understanding.oddities import Subject

ORDER = (  # of findings of the same severity
    "date_order_mixed",
    "date_order_open",
    "long_rows",
    "open_quote",
    "conflicting_customers",
    "repeated_customers",
    "one_purchase_each",
    "short_history",
    "duplicate_rows",
    "repeated_keys",
    "order_lines",
    "uneven_period",
    "several_currencies",
    "unsigned_amounts",
    "two_sides",
    "negative_amounts",
    "zero_amounts",
    "no_amount",
    "no_time",
    "no_customer",
    "no_category",
    "missing_values",
    "messy_places",
    "twin_columns",
    "constant_columns",
    "rare_values",
    "doubtful_words",
    "personal_data",
)
SEVERITY = {"serious": 0, "warning": 1, "info": 2}
CHECKS = (
    customer_history.customers_in_conflict,
    customer_history.history,
    customer_history.period,
    oddities.duplicates,
    oddities.order_lines,
    monies.currencies,
    monies.sides,
    monies.two_sides,
    oddities.amounts,
    oddities.absent,
    oddities.missing,
    oddities.places,
    oddities.twins,
    oddities.constants,
    oddities.rare,
    oddities.doubtful,
    oddities.personal,
)


def inspect_table(
    engine: Engine, table: DataTable, stored: str, measured: Mapping[str, Measured]
) -> DataTable:
    """Return the table with all that a person should know of it, the gravest first.

    Args:
        engine: Holds the table.
        table: With roles.
        stored: Name of the table as it was read, before placeholders were taken out.
        measured: What was counted by column.
    """
    subject = Subject(engine, table, stored, measured)
    found = [*table.findings, *(finding for check in CHECKS for finding in check(subject))]
    halves = {fact.scope for finding in found if finding.code == "two_sides" for fact in finding.facts}
    found = [f for f in found if f.code != "missing_values" or f.column not in halves]
    found.sort(
        key=lambda f: (SEVERITY[f.severity], ORDER.index(f.code) if f.code in ORDER else 99, f.column or "")
    )
    return replace(table, findings=tuple(found))
