"""Knows which questions are worth asking first of a table, in words that its columns suggest."""

from __future__ import annotations

import re
from datetime import date

from tools.core import Column, DataTable

MOST = 4
LONG_DAYS = 150  # beyond this a chart of days is noise and one of months is not
PREFIXES = {"cust", "customer", "client", "transaction", "txn", "account", "acct", "order"}


def first_questions(table: DataTable) -> tuple[str, ...]:
    """Return up to four questions that this table can answer, "Segment my customers" last."""
    value = next(iter(table.by_role("balance", "amount", "measure", "quantity")), None)
    group = next((column for column in table.by_role("category", "flag") if _few(column)), None)
    place = next(iter(table.by_role("place")), None)
    amount = table.column(table.amount) if table.amount else value
    asked = []
    if value and group:
        asked.append(f"What is the average {spoken(value)} by {spoken(group)}?")
    if place and amount:
        asked.append(f"Top 10 {plural(spoken(place))} by total {spoken(amount)}")
    if table.time:
        asked.append(f"Plot {_rows(table)} per {'month' if _days(table) > LONG_DAYS else 'day'}")
    elif value:
        asked.append(f"Show the distribution of {spoken(value)}")
    last = "Segment my customers" if table.customer else "What is wrong with this data?"
    return (*asked[: MOST - 1], last)


def spoken(column: Column) -> str:
    """Return a column's name as a person would say it: `CustGender` is gender."""
    text = re.sub(r"\(.*?\)", "", column.name)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", text).split()
    while len(words) > 1 and words[0].lower() in PREFIXES:
        words = words[1:]
    return " ".join(words).lower() or column.name


def plural(noun: str) -> str:
    """Return the plural of a regular English noun."""
    if noun.endswith("s"):
        return noun
    ends_in_y = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{noun[:-1]}ies" if ends_in_y else f"{noun}s"


def _few(column: Column) -> bool:
    return column.n_distinct is None or 2 <= column.n_distinct <= 20


def _rows(table: DataTable) -> str:
    return "transactions" if table.grain == "transactions" else "rows"


def _days(table: DataTable) -> int:
    column = table.column(table.time) if table.time else None
    if column is None or not column.minimum or not column.maximum:
        return 0
    first, last = (date.fromisoformat(str(end)[:10]) for end in (column.minimum, column.maximum))
    return (last - first).days
