"""Knows which answer to "who is about to churn?" the data carry: rates, overdue customers, or none."""

from __future__ import annotations

from collections.abc import Sequence

from tools.core import ToolResult, Workspace, tool
from tools.customers.eligibility import eligibility
from tools.customers.needs import leaving_of, shortfalls
from tools.forecasts.outcome_rates import rates_answer
from tools.forecasts.overdue import THRESHOLD, overdue_answer
from tools.selecting import Condition


@tool
def find_churn_risk(
    workspace: Workspace, *, by: str | None = None, where: Sequence[Condition] = ()
) -> ToolResult:
    """Find which customers are about to churn, as far as the data can tell.

    Where a column says who left, the rates by what goes with leaving most. Where purchases are dated, the
    customers who are overdue against their own rhythm. Otherwise why not, and what can be done instead.

    Args:
        workspace: Tables and segmentations.
        by: Column of the customers to count overdue customers by, such as segment.
        where: Customers to report on.
    """
    outcome = leaving_of(workspace.table)
    if outcome is not None and (told := rates_answer(workspace, outcome, where)) is not None:
        return told
    if shortfalls(workspace, "churn"):
        return eligibility(workspace, "churn")
    return overdue_answer(workspace, THRESHOLD, by, where)
