"""Knows what RFM, forecasts and segments need of the data, and which of it a table has."""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.core import Column, DataTable, Workspace
from tools.customers.features import customers
from tools.customers.purchases import purchases
from tools.finding.segmenting import FEWEST
from tools.forecasts.value_gates import Gate, value_gates
from tools.segments import rfm
from tools.wording import listing, number

LEAVING = re.compile(r"churn|attri|exit|left|default|cancel|laps|closed", re.IGNORECASE)


def outcome_of(table: DataTable) -> Column | None:
    """Return the column that says what became of a customer, such as churned or not, or None."""
    return next(iter(table.by_role("outcome")), None)


def leaving_of(table: DataTable) -> Column | None:
    """Return the column that says who left, or None; an outcome such as "answered the offer" is another."""
    return next((one for one in table.by_role("outcome") if LEAVING.search(one.name)), None)


def lacking_columns(table: DataTable) -> list[str]:
    """Return what a method that reads purchases lacks altogether."""
    lacking = []
    if table.grain != "transactions" or not table.customer:
        lacking.append("one row for each purchase of a named customer")
    if not table.time:
        lacking.append("dates of purchases")
    if not table.amount:
        lacking.append("amounts")
    return lacking


def gates_of(method: str, workspace: Workspace) -> tuple[Gate, ...]:
    """Return what a method needs, beside what the data have; columns must be there already."""
    return _GATES[method](workspace)


def shortfalls(workspace: Workspace, method: str) -> list[str]:
    """Say what the data lack for a method, in words; empty where they can carry it."""
    if method != "segments" and (lacking := lacking_columns(workspace.table)):
        return [f"the data lack {listing(lacking)}"]
    return [
        f"{number(gate.found)} {gate.noun} where at least {number(gate.needed)} are needed"
        for gate in gates_of(method, workspace)
        if not gate.passed
    ]


def _rfm_gates(workspace: Workspace) -> tuple[Gate, ...]:
    bought = customers(workspace).everybody()["n_transactions"]
    first = customers(workspace).everybody()["tenure_days"].max()
    again = int((bought >= 2).sum())
    return (
        Gate("customers", "customers", rfm.MIN_CUSTOMERS, len(bought)),
        Gate("history_days", "days of history", rfm.MIN_DAYS, int(first) + 1),
        Gate("bought_again", "customers who bought again", int(len(bought) * rfm.MIN_REPEAT), again),
        Gate(
            "most_transactions", "purchases by the most frequent customer", rfm.MIN_ORDERS, int(bought.max())
        ),
    )


def _value_gates(workspace: Workspace) -> tuple[Gate, ...]:
    return value_gates(workspace.table, purchases(workspace))


def _segment_gates(workspace: Workspace) -> tuple[Gate, ...]:
    return (Gate("customers", "customers", FEWEST, customers(workspace).table.n_rows),)


_GATES: dict[str, Callable[[Workspace], tuple[Gate, ...]]] = {
    "rfm": _rfm_gates,
    "lifetime_value": _value_gates,
    "churn": _value_gates,
    "segments": _segment_gates,
}
