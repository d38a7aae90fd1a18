"""Knows which columns of a table are of one kind: money, yes or no, dates, personal data, of no use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from tools.core import Column, DataTable

ColumnKind = Literal[
    "money", "yes or no", "date", "number", "category", "personal data", "no use for an analysis"
]

_MONEY = re.compile(
    r"amount|amt\b|price|charge|fees?\b|cost|revenue|sales\b|salar|income|payment|spend|premium|\bbill|dues|"
    r"purchases\b|turnover|cashback|\badr\b|tips?\b"
)
_NOT_MONEY = re.compile(r"freq|count|trx|number|pct|percent|prc|method|channel|date|_at\b|days|type")
_CURRENCY = re.compile(r"[A-Z]{3}|[$€£₹¥]")
_YES_NO = (frozenset({"yes", "no"}), frozenset({"y", "n"}), frozenset({"true", "false"}))


def _is_money(column: Column) -> bool:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.name).replace("_", " ").lower()
    named = bool(_MONEY.search(spaced)) and not _NOT_MONEY.search(spaced)
    role = column.role in ("amount", "balance")
    return column.kind == "number" and (
        role or bool(column.unit and _CURRENCY.fullmatch(column.unit)) or named
    )


def _is_yes_no(column: Column) -> bool:
    if column.kind == "boolean":
        return True
    if column.kind == "number":
        return column.n_distinct == 2 and (column.minimum, column.maximum) == (0, 1)
    return frozenset(value.strip().lower() for value, _ in column.values) in _YES_NO


def _is_of_no_use(column: Column) -> bool:
    return column.role in ("index", "constant", "row_key") or column.n_distinct in (0, 1)


_KINDS: Mapping[str, Callable[[Column], bool]] = {
    "money": _is_money,
    "yes or no": _is_yes_no,
    "date": lambda column: column.kind in ("date", "datetime"),
    "number": lambda column: column.kind == "number",
    "category": lambda column: column.kind == "text" and column.role in ("category", "place", "outcome"),
    "personal data": lambda column: column.role in ("personal", "birth_date"),
    "no use for an analysis": _is_of_no_use,
}


def columns_of_kind(table: DataTable, kind: ColumnKind) -> tuple[Column, ...]:
    """Return the columns of a kind, in the order of the table; computed ones are left out."""
    return tuple(column for column in table.columns if column.derived_from is None and _KINDS[kind](column))
