"""Knows what goes with an outcome that is yes or no: the columns that tell its rates apart most."""

from __future__ import annotations

from collections.abc import Sequence

from tools.core import ToolResult, Workspace, tool
from tools.customers.needs import leaving_of
from tools.errors import ToolError
from tools.forecasts.outcome_rates import rates_answer
from tools.selecting import Condition, find_column


@tool
def find_drivers(workspace: Workspace, *, column: str, where: Sequence[Condition] = ()) -> ToolResult:
    """Find what goes with a yes/no column of customers most: its rates by every other column, no causes.

    Args:
        workspace: Tables and segmentations.
        column: The outcome, such as churn, default or answered.
        where: Customers to look at.

    Raises:
        ToolError: If the column is not a yes or no of customers.
    """
    outcome = find_column(workspace.table, column)
    leaving = leaving_of(workspace.table)
    told = rates_answer(
        workspace, outcome, where, leaving=leaving is not None and leaving.name == outcome.name
    )
    if told is None:
        raise ToolError(
            f"{column} does not say yes or no of each customer, so it has no rates to compare.",
            "For a number, ask how it goes together with the others; for a category, compare its groups.",
        )
    return told
