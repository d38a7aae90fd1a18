"""Builds what a person says about tables that belong together: joined by columns, or not at all."""

from __future__ import annotations

import re

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.tables import RelateTables
from tools.selecting import fold
from tools.understanding.relating import relations_of

Found = re.Match[str]


def linked(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "join orders to customers by buyer", "orders and customers are linked by buyer and cust_no"."""
    first, second = _table(found["table"], catalog), _table(found["other"], catalog)
    if first is None or second is None or first == second:
        return None
    named = re.split(r"\s+(?:and|=|with|to|equals)\s+|\s*=\s*", found["columns"].strip())
    orders = ((first, second, named), (second, first, named), (second, first, named[::-1]))
    tried = (_joined(table, other, columns, catalog) for table, other, columns in orders)
    return next((built for built in tried if built is not None), None)


def _joined(table: str, other: str, named: list[str], catalog: Catalog) -> tuple[Request, ...] | None:
    """Join by two columns, one in each table, or by one name; the key is where each value comes once."""
    if len(named) > 2:
        return None
    mine, theirs = _in_table(named[0], table, catalog), _in_table(named[-1], other, catalog)
    pair = {table, other}
    known = next((r for r in relations_of(catalog.tables) if {r.table, r.other} == pair), None)
    if len(named) == 1 and known and (mine is None or theirs is None):
        fits = (mine or theirs) in (known.column, known.key)
        mine, theirs = (known.column, known.key) if fits and known.table == table else (mine, theirs)
    if mine is None or theirs is None:
        return None
    key = next(c for c in catalog.tables[other].columns if c.name == theirs)
    if key.n_distinct != catalog.tables[other].n_rows - key.n_missing:
        return None
    return (RelateTables(table=table, column=mine, other=other, key=theirs),)


def _in_table(words: str, table: str, catalog: Catalog) -> str | None:
    """Return the column of a table that words name, perhaps with the table in front: orders.buyer."""
    bare = fold(re.sub(r"^(?:the|column)\s+", "", words.strip()).rpartition(".")[2])
    return next((c.name for c in catalog.tables[table].columns if fold(c.name) == bare), None)


def key_of(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "buyer is the cust_no of customers": the column stands in the only other table that has it."""
    other = _table(found["other"], catalog)
    if other is None:
        return None
    for table in catalog.tables:
        if table != other and (built := _joined(table, other, [found["column"], found["key"]], catalog)):
            return built
    return None


def relate(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "buyer in orders is the person in people"."""
    table, other = _table(found["table"], catalog), _table(found["other"], catalog)
    if table is None or other is None or table == other:
        return None
    named = {
        role: next((c.name for c in catalog.tables[where].columns if fold(c.name) == fold(found[role])), None)
        for role, where in (("column", table), ("key", other))
    }
    if named["column"] is None or named["key"] is None:
        return None
    return (
        RelateTables(
            table=table, column=named["column"], other=other, key=named["key"], related=not found["not"]
        ),
    )


def apart(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "orders and stores do not belong together"."""
    table, other = _table(found["table"], catalog), _table(found["other"], catalog)
    if table is None or other is None or table == other:
        return None
    pair = {table, other}
    known = [each for each in relations_of(catalog.tables) if {each.table, each.other} == pair]
    if not known:
        return None
    one = known[0]
    return (RelateTables(table=one.table, column=one.column, other=one.other, key=one.key, related=False),)


def _table(words: str, catalog: Catalog) -> str | None:
    """Return the table that a word names, in the singular or the plural, with or without its ending."""
    bare = fold(re.sub(r"^(?:the|table)\s+|\s+table$", "", words.strip())).rstrip("s")
    return next((name for name in catalog.tables if fold(name).rsplit(".", 1)[0].rstrip("s") == bare), None)
