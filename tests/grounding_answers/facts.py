"""Runs real tools on the sample data and a small table, so that answers have facts to speak about."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from assistant.session import Session, Step
from tests.grounding_answers import (
    apart_facts,
    apart_visits_facts,
    fields_facts,
    missed_facts,
    summaries_facts,
    trades_facts,
    ventures_facts,
)
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

CANCELLED = {
    "statistic": "count",
    "where": [{"column": "cancelled", "value": "Yes"}],
    "per": {"statistic": "count"},
}
DONORS = ("gifts", "ages", "extremes", "thirds", "pair")
BOOKINGS = ("channels", "seasons", "rooms", "prices", "ties", "cancelling", "guests")

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
    "channels": [
        (
            "aggregate",
            {
                "measures": [
                    {"statistic": "sum", "column": "price"},
                    {"statistic": "mean", "column": "nights"},
                ],
                "by": [{"column": "channel"}],
                "share_of_total": True,
            },
        ),
        ("aggregate", {"measures": [CANCELLED], "by": [{"column": "channel"}]}),
    ],
    "seasons": [("show_trend", {"measure": {"statistic": "sum", "column": "price"}, "grain": "month"})],
    "rooms": [("cross_table", {"rows": "room", "columns": "channel", "normalise": "rows"})],
    "prices": [("show_distribution", {"column": "price"})],
    "ties": [("correlate", {"columns": ["nights", "price", "lead_days"]})],
    "cancelling": [("compare_groups", {"column": "lead_days", "by": "cancelled"})],
    "guests": [
        (
            "segment_by_rules",
            {
                "segments": [
                    {"name": "Long stays", "where": [{"column": "nights", "is": "at_least", "value": 7}]},
                    {
                        "name": "Early planners",
                        "where": [{"column": "lead_days", "is": "at_least", "value": 60}],
                    },
                ],
                "otherwise": "The rest",
            },
        ),
        ("describe_segments", {}),
    ],
    "gifts": [
        (
            "aggregate",
            {
                "measures": [{"statistic": "median", "column": "gift"}, {"statistic": "count"}],
                "by": [{"column": "campaign"}],
            },
        ),
        (
            "aggregate",
            {
                "measures": [{"statistic": "sum", "column": "gift"}],
                "by": [{"column": "region"}],
                "share_of_total": True,
            },
        ),
    ],
    "ages": [("show_distribution", {"column": "age"}), ("count_missing", {"column": "age"})],
    "extremes": [("find_outliers", {"column": "gift"})],
    "thirds": [
        (
            "segment_by_value",
            {"column": "total_amount", "quantiles": 3, "names": ["Patrons", "Givers", "Friends"]},
        ),
    ],
    "pair": [("compare_groups", {"column": "gift", "by": "monthly"})],
    **fields_facts.CALLS,
    **trades_facts.CALLS,
    **ventures_facts.CALLS,
    **missed_facts.CALLS,
    **summaries_facts.CALLS,
    **apart_facts.CALLS,
    **apart_visits_facts.CALLS,
}  # fmt: skip


@cache
def told(topic: str) -> tuple[Session, tuple[Step, ...]]:
    """Return a chat and the steps in which the tools of a topic told their facts."""
    if (planted := summaries_facts.as_told(topic)) is not None:
        return planted
    made = {
        "plans": _plans,
        **dict.fromkeys(BOOKINGS, _bookings),
        **dict.fromkeys(DONORS, _donors),
        **fields_facts.MADE,
        **trades_facts.MADE,
        **ventures_facts.MADE,
        **missed_facts.MADE,
        **summaries_facts.MADE,
        **apart_facts.MADE,
        **apart_visits_facts.MADE,
    }
    session = Session(made.get(topic, _sample)())
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


@cache
def _bookings() -> Any:
    rows = []
    for number in range(1200):
        channel = ("Agency", "Website", "Phone", "Website", "Partner", "Website")[number % 6]
        nights = 1 + (number * 7) % 9 + (3 if channel == "Agency" else 0)
        room = "Suite" if number % 11 == 0 else "Double" if number // 6 % 3 else "Single"
        lead_days = (number * 37) % 120 + (10 if channel == "Agency" else 0)
        price = nights * {"Suite": 240.0, "Double": 130.0, "Single": 90.0}[room] + number % 17
        cancelled = (number * 13) % 100 < 8 + lead_days // 8
        day = pd.Timestamp("2025-03-01") + pd.Timedelta(days=(number * 53) % 184)
        # fmt: off
        rows.append({"guest": f"G{number:04d}", "channel": channel, "room": room, "nights": nights,
                     "lead_days": lead_days, "price": price, "cancelled": "Yes" if cancelled else "No",
                     "arrival": day})
        # fmt: on
    roles = {"guest": "customer_key", "cancelled": "outcome", "arrival": "time", "price": "amount"}
    return workspace_of(pd.DataFrame(rows), roles, {"price": "EUR"}, "customers", "guests")


@cache
def _donors() -> Any:
    rows = []
    for number in range(1800):
        donor = (number * number + 7 * number) % 331
        campaign = ("Winter", "Flood relief", "School meals")[(number * 5 + donor) % 3]
        monthly = "Yes" if donor % 4 == 0 else "No"
        gift = (
            10.0
            + (donor * 11) % 70
            + (45 if campaign == "Flood relief" else 0)
            - (6 if monthly == "Yes" else 0)
        )
        rows.append(
            {
                "donor": f"D{donor:03d}",
                "day": pd.Timestamp("2025-01-01") + pd.Timedelta(days=(number * 29 + donor) % 300),
                "campaign": campaign,
                "region": ("North", "South", "Coast", "Capital")[donor % 4 if donor % 5 else 3],
                "monthly": monthly,
                "age": None if donor % 23 == 0 else 22 + (donor * 13) % 61,
                "gift": gift * (40 if number % 450 == 449 else 1),
            }
        )
    roles = {"donor": "customer_key", "day": "time", "gift": "amount"}
    return workspace_of(pd.DataFrame(rows), roles, {"gift": "USD"}, "transactions", "gifts")
