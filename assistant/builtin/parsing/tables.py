"""Knows which table answers a request, and what a column of the transactions is for a customer."""

from __future__ import annotations

from collections.abc import Callable

from assistant.builtin.parsing.customer_dates import of_customers, says_when
from assistant.builtin.parsing.parts import Parts
from tools.selecting import Condition


def settle_table(parts: Parts, columns: list[str]) -> str | None:
    """Return the table that a request needs: `customers` as soon as a customer feature is used."""
    if parts.table is not None:
        return parts.table
    features = [name for name in columns if name not in parts.catalog.loaded and parts.catalog.feature(name)]
    if parts.catalog.has_features and (parts.customers_table or features):
        return "customers"
    elsewhere = [
        name for name in columns if name in parts.catalog.loaded and parts.catalog.table.column(name) is None
    ]
    if elsewhere and parts.mentions_transactions and parts.catalog.table.grain == "transactions":
        return parts.catalog.main
    if elsewhere and not any(parts.catalog.table.column(name) for name in columns):
        return next(table.name for table in parts.catalog.tables.values() if table.column(elsewhere[0]))
    return None


def for_customers(parts: Parts, where: list[Condition], *, dates: bool = False) -> list[Condition]:
    """Write conditions on transactions as conditions on customers, where there is a counterpart.

    Args:
        parts: The sentence.
        where: The conditions.
        dates: Customers are segmented: a date can only be that of their first or last purchase.
    """
    moved = []
    dates = dates and not _counts_in_time(parts, where)
    said = parts.sentence.find("statistic")
    statistic = str(said.senses["statistic"]) if said else None
    for one in where:
        dated = of_customers(one, parts) if dates and one.column == parts.time and not one.or_ else None
        if dated is not None:
            moved.append(dated)
            continue
        column = parts.as_feature(one.column, statistic) or one.column
        others = [o.model_copy(update={"column": parts.as_feature(o.column) or o.column}) for o in one.or_]
        if column != one.column:
            parts.note(f"For customers I take **{column}** for {one.column}.")
        than = (parts.as_feature(one.than) or one.than) if one.than else None
        moved.append(one.model_copy(update={"column": column, "or_": others, "than": than}))
    return moved


def _counts_in_time(parts: Parts, where: list[Condition]) -> bool:
    """Tell whether what was bought within a time is limited: "more than 5 orders in 1998"."""
    flows = ("n_transactions", "n_lines", "total_amount", parts.amount)
    return any(one.column in flows for one in where) and not says_when(parts)


def locate(parts: Parts, columns: list[str]) -> tuple[str | None, list[Condition], Callable[[str], str]]:
    """Return table, conditions and a translation of column names for a request."""
    named = columns + [c.column for c in parts.where] + [o.column for c in parts.where for o in c.or_]
    table = settle_table(parts, named)
    if table == "customers" and parts.catalog.has_features:
        return table, for_customers(parts, parts.where), lambda name: parts.as_feature(name) or name
    return table, list(parts.where), lambda name: name


def numeric_columns(parts: Parts) -> list[str]:
    """Return the number columns that a sentence names, measured or bare."""
    named = [m.column for m in parts.measures if m.column] + parts.bare
    return list(dict.fromkeys(named))
