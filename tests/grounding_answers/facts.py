"""Runs real tools on the sample data and a small table, so that answers have facts to speak about."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from assistant.session import Session, Step
from tests.small_tables import workspace_of

SAMPLE = Path(__file__).resolve().parent.parent.parent / "data" / "sample_transactions.csv"
AMOUNT = "TransactionAmount (INR)"
Call = tuple[str, dict[str, Any]]
CITIES = [{"column": "CustLocation", "is": "in", "values": ["MUMBAI", "BANGALORE", "NEW DELHI", "DELHI"]}]
CHURNED = {
    "statistic": "count",
    "where": [{"column": "churned", "value": "Yes"}],
    "per": {"statistic": "count"},
}

CALLS: dict[str, list[Call]] = {
    "gender": [
        (
            "aggregate",
            {"measures": [{"statistic": "mean", "column": AMOUNT}], "by": [{"column": "CustGender"}]},
        ),
    ],
    "places": [
        (
            "aggregate",
            {
                "measures": [
                    {"statistic": "sum", "column": AMOUNT},
                    {"statistic": "mean", "column": "CustAccountBalance"},
                ],
                "by": [{"column": "CustLocation"}],
                "limit": 6,
                "share_of_total": True,
            },
        )
    ],
    "trend": [("show_trend", {"measure": {"statistic": "sum", "column": AMOUNT}, "grain": "month"})],
    "balance": [("show_distribution", {"column": "CustAccountBalance"})],
    "compare": [("compare_groups", {"column": AMOUNT, "by": "CustGender", "values": ["M", "F"]})],
    "cross": [
        (
            "cross_table",
            {"rows": "CustLocation", "columns": "CustGender", "normalise": "rows", "where": CITIES},
        )
    ],
    "quality": [("check_quality", {})],
    "correlation": [("correlate", {"target": "total_amount", "table": "customers"})],
    "segments": [("find_segments", {"n_segments": 4}), ("describe_segments", {})],
    "tiers": [
        ("segment_by_value", {"column": "total_amount", "top_shares": [5, 15], "name": "Value tiers"}),
        ("describe_segments", {}),
    ],
    "forecast": [("predict_value", {"horizon_days": 60})],
    "plans": [
        (
            "aggregate",
            {"measures": [{"statistic": "count"}], "by": [{"column": "plan"}], "share_of_total": True},
        ),
        ("aggregate", {"measures": [{"statistic": "mean", "column": "fee"}], "by": [{"column": "plan"}]}),
        ("aggregate", {"measures": [CHURNED], "by": [{"column": "plan"}]}),
    ],
}  # fmt: skip


@cache
def told(topic: str) -> tuple[Session, tuple[Step, ...]]:
    """Return a chat and the steps in which the tools of a topic told their facts."""
    session = Session(_plans()) if topic == "plans" else Session(_sample())
    steps = tuple(session.run_tool(tool, arguments) for tool, arguments in CALLS[topic])
    failed = [step.error for step in steps if step.result is None]
    assert not failed, failed
    return session, steps


@cache
def _sample() -> Any:
    return Session.open([SAMPLE]).workspace


def _plans() -> Any:
    rows = []
    for plan, n, churned, fee in [
        ("Basic", 500, 150, 20.0),
        ("Plus", 300, 45, 50.0),
        ("Pro", 200, 10, 120.0),
    ]:
        rows += [{"plan": plan, "churned": "Yes" if i < churned else "No", "fee": fee} for i in range(n)]
    return workspace_of(
        pd.DataFrame(rows), {"churned": "outcome"}, {"fee": "USD"}, "customers", "subscribers"
    )
