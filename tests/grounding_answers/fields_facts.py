"""Tables of a mobile operator, a supermarket's members and an insurer, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.small_tables import workspace_of

Call = tuple[str, dict[str, Any]]
LEFT = {
    "statistic": "count",
    "where": [{"column": "left", "value": "Yes"}],
    "per": {"statistic": "count"},
}
COUPON = {
    "statistic": "count",
    "where": [{"column": "coupon", "value": "Yes"}],
    "per": {"statistic": "count"},
}
MOBILE = ("contracts", "leaving", "usage", "long_standing", "mobile_ties", "unknown_usage", "mobile_rules")
SUPERMARKET = ("formats", "coupons", "months", "baskets", "members", "loyal", "top_members")
CLAIMS = ("products", "settling", "claim_sizes", "outlying", "claim_table", "claim_tiers")

CALLS: dict[str, list[Call]] = {
    "contracts": [
        (
            "aggregate",
            {
                "measures": [{"statistic": "count"}, {"statistic": "mean", "column": "charge"}],
                "by": [{"column": "contract"}],
                "share_of_total": True,
            },
        ),
        (
            "aggregate",
            {
                "measures": [{"statistic": "sum", "column": "charge"}],
                "by": [{"column": "contract"}],
                "share_of_total": True,
            },
        ),
    ],
    "leaving": [
        ("aggregate", {"measures": [LEFT], "by": [{"column": "contract"}]}),
        ("aggregate", {"measures": [LEFT], "by": [{"column": "area"}]}),
    ],
    "usage": [("show_distribution", {"column": "data_gb"})],
    "long_standing": [("compare_groups", {"column": "tenure_months", "by": "left"})],
    "mobile_ties": [("correlate", {"columns": ["tenure_months", "data_gb", "charge", "support_calls"]})],
    "unknown_usage": [("count_missing", {})],
    "mobile_rules": [
        (
            "segment_by_rules",
            {
                "segments": [
                    {
                        "name": "Heavy data",
                        "where": [{"column": "data_gb", "is": "at_least", "value": 20}],
                    },
                    {
                        "name": "Newcomers",
                        "where": [{"column": "tenure_months", "is": "at_most", "value": 12}],
                    },
                ],
                "otherwise": "Settled",
            },
        ),
        ("describe_segments", {}),
    ],
    "formats": [
        (
            "aggregate",
            {
                "measures": [
                    {"statistic": "sum", "column": "basket"},
                    {"statistic": "mean", "column": "basket"},
                    {"statistic": "median", "column": "basket"},
                    {"statistic": "count"},
                ],
                "by": [{"column": "store"}],
            },
        ),
    ],
    "coupons": [
        ("compare_groups", {"column": "basket", "by": "coupon"}),
        ("aggregate", {"measures": [COUPON], "by": [{"column": "store"}]}),
    ],
    "months": [("show_trend", {"measure": {"statistic": "sum", "column": "basket"}, "grain": "month"})],
    "baskets": [("show_distribution", {"column": "basket"})],
    "members": [("find_segments", {"n_segments": 3}), ("describe_segments", {})],
    "loyal": [("segment_by_rfm", {"levels": 3}), ("describe_segments", {})],
    "top_members": [("measure_concentration",
            {"by": "member", "measure": {"statistic": "sum", "column": "basket"}, "share_pct": 50.0},
        )],
    "products": [
        (
            "aggregate",
            {
                "measures": [
                    {"statistic": "sum", "column": "paid"},
                    {"statistic": "mean", "column": "paid"},
                    {"statistic": "count"},
                ],
                "by": [{"column": "product"}],
                "share_of_total": True,
            },
        ),
    ],
    "settling": [("compare_groups", {"column": "days_to_settle", "by": "reported"})],
    "claim_sizes": [("show_distribution", {"column": "paid"})],
    "outlying": [("find_outliers", {"column": "paid"})],
    "claim_table": [("cross_table", {"rows": "product", "columns": "reported", "normalise": "rows"})],
    "claim_tiers": [
        (
            "segment_by_value",
            {"column": "paid", "thresholds": [1000, 5000], "names": ["Large", "Medium", "Small"]},
        ),
        ("describe_segments", {}),
    ],
}  # fmt: skip


@cache
def _mobile() -> Any:
    random = np.random.default_rng(11)
    n = 2400
    contract = random.choice(["SIM only", "Prepaid", "Family"], n, p=[0.3, 0.5, 0.2])
    tenure = 1 + random.gamma(2.0, 14.0, n).astype(int)
    heavy = contract == "Family"
    data = np.round(random.gamma(2.0, 4.0, n) + 9 * heavy, 1)
    charge = np.where(heavy, 55.0, np.where(contract == "Prepaid", 12.0, 25.0)) + random.integers(0, 9, n)
    calls = random.poisson(np.where(contract == "Prepaid", 1.6, 0.8))
    chance = np.where(contract == "Prepaid", 0.28, np.where(heavy, 0.06, 0.15)) + 0.05 * (tenure < 13)
    frame = pd.DataFrame(
        {
            "subscriber": [f"S{number:04d}" for number in range(n)],
            "contract": contract,
            "area": random.choice(["North", "Midlands", "Wales", "South"], n, p=[0.25, 0.3, 0.1, 0.35]),
            "tenure_months": tenure,
            "data_gb": np.where(random.random(n) < 0.035, np.nan, data),
            "charge": charge,
            "support_calls": calls,
            "left": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    return workspace_of(
        frame, {"subscriber": "customer_key", "left": "outcome"}, {"charge": "GBP"}, "customers", "mobile"
    )


@cache
def _supermarket() -> Any:
    random = np.random.default_rng(12)
    n = 6000
    member = (random.beta(0.7, 2.0, n) * 620).astype(int)
    store = random.choice(["Hypermarket", "Express", "Online"], n, p=[0.45, 0.4, 0.15])
    typical = np.where(store == "Hypermarket", 52.0, np.where(store == "Express", 14.0, 78.0))
    coupon = random.random(n) < np.where(store == "Online", 0.4, 0.2)
    basket = np.round(typical * random.lognormal(0.0, 0.5, n) * np.where(coupon, 1.12, 1.0), 2)
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta((random.beta(1.4, 1.0, n) * 365).astype(int), "D")
    frame = pd.DataFrame(
        {
            "member": [f"M{number:03d}" for number in member],
            "day": day,
            "store": store,
            "items": 1 + (basket / 4.1).astype(int),
            "coupon": np.where(coupon, "Yes", "No"),
            "basket": basket,
        }
    )
    roles = {"member": "customer_key", "day": "time", "basket": "amount"}
    return workspace_of(frame, roles, {"basket": "EUR"}, "transactions", "baskets")


@cache
def _claims() -> Any:
    random = np.random.default_rng(13)
    n = 1500
    product = random.choice(["Motor", "Home", "Travel", "Pet"], n, p=[0.46, 0.28, 0.16, 0.1])
    reported = np.where(random.random(n) < np.where(product == "Travel", 0.75, 0.4), "App", "Phone")
    typical = pd.Series(product).map({"Motor": 2400.0, "Home": 3100.0, "Travel": 620.0, "Pet": 410.0})
    days = random.gamma(3.0, np.where(reported == "App", 4.0, 7.0)).astype(int) + 1
    frame = pd.DataFrame(
        {
            "policyholder": [f"P{number:04d}" for number in range(n)],
            "product": product,
            "reported": reported,
            "days_to_settle": days,
            "paid": np.round(typical * random.lognormal(0.0, 0.7, n)),
            "holder_age": random.integers(19, 84, n),
        }
    )
    return workspace_of(frame, {"policyholder": "customer_key"}, {"paid": "CHF"}, "customers", "claims")


MADE: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(MOBILE, _mobile),
    **dict.fromkeys(SUPERMARKET, _supermarket),
    **dict.fromkeys(CLAIMS, _claims),
}
