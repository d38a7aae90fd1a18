"""Knows what RFM, lifetime value, churn and segments need of the data, and what can be done instead."""

from __future__ import annotations

from typing import Literal

from tools.core import DataTable, ResultTable, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.customers.needs import gates_of, lacking_columns, leaving_of
from tools.forecasts.value_gates import is_account
from tools.quoting import Quotes
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
        "(“nothing since the end of last "
        "month”); whether they left cannot be known from it."
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
    return eligibility(workspace, method)


def eligibility(workspace: Workspace, method: str) -> ToolResult:
    """Say whether the data can carry a method, why not, and what they carry instead."""
    quotes = Quotes()
    outcome = leaving_of(workspace.table)
    if method == "churn" and outcome:
        return _labelled(outcome.name, workspace, quotes)
    lacking = [] if method == "segments" else lacking_columns(workspace.table)
    if lacking:
        return _without_columns(method, lacking, quotes)
    gates = gates_of(method, workspace)
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
            "Ask “which customers are about to churn?” to see where the rate is highest; segment first and "
            f"it is told by segment too. {outcome} itself stays out of the making of segments.",
        ),
        caveats=("A difference in rates shows where customers left, not why.",),
    )


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
        "churn": (
            "Ask “which customers are about to churn?” to see who is overdue against their own rhythm.",
        ),
        "segments": ("Say “segment my customers”; whether natural groups exist is tested, and said if not.",),
    }[method]


def _careful(method: str, table: DataTable) -> tuple[str, ...]:
    if method == "churn" and not is_account(table):
        return ("Nobody announces that they left: only silence is seen, and silence is not proof.",)
    return ()
