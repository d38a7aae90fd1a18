"""Knows what RFM, lifetime value, churn and segments need of the data, and what can be done instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from tools.core import DataTable, ResultTable, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.customers.purchases import purchases
from tools.finding.segmenting import FEWEST
from tools.forecasts.value_gates import Gate, is_account, value_gates
from tools.quoting import Quotes
from tools.segments import rfm
from tools.wording import listing, number

_NAMES = {
    "rfm": "RFM",
    "lifetime_value": "a forecast of customer value",
    "churn": "a forecast of churn",
    "segments": "segments",
}
_INSTEAD = {
    "rfm": (
        "What these data do carry: segments by behaviour (“segment my customers”), tiers by amount "
        "(“segment by "
        "value”), and any rule that you state."
    ),
    "lifetime_value": (
        "What these data do carry: tiers of customers by what they have spent so far, and the share "
        "of value that the "
        "best hold; what is to come would be invented."
    ),
    "churn": (
        "What these data do carry: how long ago each customer was last active, and rules on that "
        "(“no transaction for "
        "60 days”); whether they left cannot be known from it."
    ),
    "segments": "What these data do carry: counts, averages and comparisons of the groups that are "
    "there already.",
}


@tool
def check_eligibility(
    workspace: Workspace, *, method: Literal["rfm", "lifetime_value", "churn", "segments"]
) -> ToolResult:
    """Check whether the data can carry RFM, lifetime value, churn or segments, and say what to do instead.

    Args:
        workspace: Tables and segmentations.
        method: What is to be done.
    """
    quotes = Quotes()
    outcome = _outcome(workspace.table)
    if method == "churn" and outcome:
        return _labelled(outcome, workspace, quotes)
    lacking = [] if method == "segments" else _lacking_columns(workspace.table)
    if lacking:
        return _without_columns(method, lacking, quotes)
    gates = _GATES[method](workspace)
    failed = [gate for gate in gates if not gate.passed]
    for gate in gates:
        quotes.note(gate.name, gate.found, gate.noun)
        quotes.note(f"{gate.name}_needed", gate.needed, gate.noun)
    quotes.note("eligible", not failed)
    rows = tuple((gate.noun, gate.needed, gate.found, "yes" if gate.passed else "no") for gate in gates)
    table = ResultTable(f"What {_NAMES[method]} needs", ("Need", "At least", "Found", "Met"), rows)
    if failed:
        reasons = listing(
            [
                f"{number(gate.found)} {gate.noun} where at least {number(gate.needed)} are needed"
                for gate in failed
            ]
        )
        headline = f"These data **cannot carry {_NAMES[method]}**: {reasons}."
        why = _why(method, workspace, quotes)  # before the facts are read: it quotes too
        return ToolResult(headline, quotes.facts, (*why, _INSTEAD[method]), (table,))
    met = listing([f"{number(gate.found)} {gate.noun}" for gate in gates])
    headline = f"These data **can carry {_NAMES[method]}**: they have {met}."
    return ToolResult(
        headline, quotes.facts, _go_on(method), (table,), caveats=_careful(method, workspace.table)
    )


def _outcome(table: DataTable) -> str | None:
    return next((column.name for column in table.by_role("outcome")), None)


def _lacking_columns(table: DataTable) -> list[str]:
    lacking = []
    if table.grain != "transactions" or not table.customer:
        lacking.append("one row for each purchase of a named customer")
    if not table.time:
        lacking.append("dates of purchases")
    if not table.amount:
        lacking.append("amounts")
    return lacking


def _without_columns(method: str, lacking: list[str], quotes: Quotes) -> ToolResult:
    quotes.note("eligible", False)
    return ToolResult(
        f"These data **cannot carry {_NAMES[method]}**: they lack {listing(lacking)}.",
        quotes.facts,
        (
            "What these data do carry: segments by behaviour (“segment my customers”) and any rule "
            "that you state.",
        ),
    )


def _labelled(outcome: str, workspace: Workspace, quotes: Quotes) -> ToolResult:
    quotes.note("eligible", True)
    rows = quotes.count("n_rows", workspace.table.n_rows, "row")
    return ToolResult(
        f"These data **say who left**: the column {outcome} holds it for {rows}, so churn can be described.",
        quotes.facts,
        (
            f"Compare the rate of {outcome} between groups, and segment first and then look at the "
            "rate in each segment; "
            f"{outcome} itself stays out of the making of segments.",
        ),
        caveats=("A difference in rates shows where customers left, not why.",),
    )


def _rfm_gates(workspace: Workspace) -> tuple[Gate, ...]:
    bought = customers(workspace).pandas()["n_transactions"]
    first = customers(workspace).pandas()["tenure_days"].max()
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


def _why(method: str, workspace: Workspace, quotes: Quotes) -> list[str]:
    """Say in plain words what goes wrong if it is done all the same."""
    if method == "segments":
        return ["With so few customers any border would be chance."]
    everybody = customers(workspace).pandas()
    once = float((everybody["n_transactions"] == 1).mean())
    told = []
    if once >= 0.5:
        part = quotes.share("bought_once_pct", once)
        consequence = {
            "rfm": "so frequency is the same for nearly everybody and equal customers would get "
            "different scores",
            "lifetime_value": "so nothing is known of how soon they come back",
            "churn": "so nobody's silence can be told from an ordinary pause",
        }[method]
        told.append(f"{part} of the customers have a single transaction, {consequence}.")
    if method == "churn" and is_account(workspace.table):
        told.append(
            "These customers hold accounts: an account ends by being closed, not by silence, so call "
            "it activity and "
            "not churn."
        )
    return told


def _go_on(method: str) -> tuple[str, ...]:
    return {
        "rfm": ("Say “make RFM segments”; equal customers get equal scores, and the tie rule is stated.",),
        "lifetime_value": (
            "Ask what customers will be worth; the model is checked on a held-out period first.",
        ),
        "churn": ("Ask who is overdue against their own rhythm; that is what dates of purchases can show.",),
        "segments": ("Say “segment my customers”; whether natural groups exist is tested, and said if not.",),
    }[method]


def _careful(method: str, table: DataTable) -> tuple[str, ...]:
    if method == "churn" and not is_account(table):
        return ("Nobody announces that they left: only silence is seen, and silence is not proof.",)
    return ()
