"""Tables of a wallet, a software firm, a pet shop, rides and a wine club, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.small_tables import workspace_of

Call = tuple[str, dict[str, Any]]


def _rate(column: str) -> dict[str, Any]:
    return {
        "statistic": "count",
        "where": [{"column": column, "value": "Yes"}],
        "per": {"statistic": "count"},
    }


def _of(statistic: str, column: str) -> dict[str, Any]:
    return {"statistic": statistic, "column": column}


COUNT = {"statistic": "count"}
WALLET = ("wallet_ages", "wallet_states", "wallet_closing", "wallet_balance", "wallet_drivers")
SOFTWARE = (
    "software_fields",
    "software_plans",
    "software_scores",
    "software_ties",
    "software_cross",
    "software_gaps",
)
PETS = (
    "pets_kinds",
    "pets_vouchers",
    "pets_quarters",
    "pets_months",
    "pets_rfm",
    "pets_top",
    "pets_forecast",
)
RIDES = ("rides_cross", "rides_outliers", "rides_products", "rides_waits", "rides_quarters", "rides_cities")
WINE = ("wine_countries", "wine_segments", "wine_tiers", "wine_rules")

CALLS: dict[str, list[Call]] = {
    "wallet_ages": [
        ("show_distribution", {"column": "age"}),
        ("compare_groups", {"column": "age", "by": "closed"}),
    ],
    "software_fields": [
        (
            "aggregate",
            {"measures": [_of("sum", "arr"), COUNT], "by": [{"column": "industry"}], "share_of_total": True},
        ),
        ("aggregate", {"measures": [_rate("renewed")], "by": [{"column": "industry"}]}),
    ],
    "pets_kinds": [
        (
            "aggregate",
            {
                "measures": [_of("sum", "amount"), _of("mean", "amount"), COUNT],
                "by": [{"column": "pet"}],
                "share_of_total": True,
            },
        ),
    ],
    "pets_vouchers": [("compare_groups", {"column": "amount", "by": "voucher"})],
    "pets_quarters": [("show_trend", {"measure": _of("sum", "amount"), "grain": "quarter"})],
    "rides_cross": [("cross_table", {"rows": "city", "columns": "product", "normalise": "rows"})],
    "rides_outliers": [("find_outliers", {"column": "fare"})],
    "wine_countries": [
        (
            "aggregate",
            {
                "measures": [COUNT, _of("median", "spent")],
                "by": [{"column": "country"}],
                "share_of_total": True,
            },
        ),
        ("aggregate", {"measures": [_of("mean", "bottles")], "by": [{"column": "country"}]}),
    ],
    "wallet_states": [
        (
            "aggregate",
            {
                "measures": [COUNT, _of("sum", "balance"), _of("mean", "balance")],
                "by": [{"column": "state"}],
                "share_of_total": True,
            },
        ),
    ],
    "wallet_closing": [
        ("aggregate", {"measures": [_rate("closed")], "by": [{"column": "state"}]}),
        ("aggregate", {"measures": [_rate("closed")], "by": [{"column": "kyc"}]}),
    ],
    "wallet_balance": [("show_distribution", {"column": "balance"})],
    "wallet_drivers": [("find_drivers", {"column": "closed"})],
    "software_plans": [
        (
            "aggregate",
            {
                "measures": [_of("sum", "arr"), _of("mean", "arr"), COUNT],
                "by": [{"column": "plan"}],
                "share_of_total": True,
            },
        ),
    ],
    "software_scores": [("compare_groups", {"column": "nps", "by": "renewed"})],
    "software_ties": [("correlate", {"columns": ["seats", "arr", "nps", "tickets"]})],
    "software_cross": [("cross_table", {"rows": "industry", "columns": "plan", "normalise": "rows"})],
    "software_gaps": [("count_missing", {})],
    "pets_months": [("show_trend", {"measure": _of("sum", "amount"), "grain": "month"})],
    "pets_rfm": [("segment_by_rfm", {"levels": 3}), ("describe_segments", {})],
    "pets_top": [
        ("measure_concentration", {"by": "owner", "measure": _of("sum", "amount"), "share_pct": 50.0}),
    ],
    "pets_forecast": [("predict_value", {"horizon_days": 90})],
    "rides_products": [
        (
            "aggregate",
            {
                "measures": [_of("mean", "fare"), _of("median", "fare"), COUNT],
                "by": [{"column": "product"}],
            },
        ),
        ("aggregate", {"measures": [_rate("cancelled")], "by": [{"column": "product"}]}),
    ],
    "rides_waits": [("compare_groups", {"column": "wait_min", "by": "cancelled"})],
    "rides_quarters": [("show_trend", {"measure": COUNT, "grain": "quarter"})],
    "rides_cities": [
        (
            "aggregate",
            {"measures": [_of("sum", "fare"), COUNT], "by": [{"column": "city"}], "share_of_total": True},
        ),
        ("aggregate", {"measures": [_of("mean", "wait_min")], "by": [{"column": "city"}]}),
    ],
    "wine_segments": [("find_segments", {"n_segments": 3}), ("describe_segments", {})],
    "wine_tiers": [
        (
            "segment_by_value",
            {"column": "spent", "thresholds": [300, 900], "names": ["Collectors", "Regulars", "Tasters"]},
        ),
        ("describe_segments", {}),
    ],
    "wine_rules": [
        (
            "segment_by_rules",
            {
                "segments": [
                    {
                        "name": "Red lovers",
                        "where": [{"column": "red_share", "is": "at_least", "value": 0.7}],
                    },
                    {"name": "Newcomers", "where": [{"column": "years", "is": "at_most", "value": 1}]},
                ],
                "otherwise": "Everyday drinkers",
            },
        ),
        ("describe_segments", {}),
    ],
}


@cache
def _wallet() -> Any:
    random = np.random.default_rng(91)
    n = 4200
    state = random.choice(["Kerala", "Punjab", "Odisha", "Assam"], n, p=[0.37, 0.29, 0.21, 0.13])
    kyc = np.where(random.random(n) < 0.62, "Full", "Minimum")
    typical = pd.Series(state).map({"Kerala": 24000.0, "Punjab": 31000.0, "Odisha": 11000.0, "Assam": 8000.0})
    payments = random.poisson(np.where(kyc == "Full", 9.0, 4.0))
    chance = 0.05 + 0.16 * (kyc == "Minimum") + 0.12 * (payments < 4) + 0.05 * (state == "Assam")
    frame = pd.DataFrame(
        {
            "wallet_id": [f"W{number:05d}" for number in range(n)],
            "state": state,
            "kyc": kyc,
            "age": random.integers(18, 71, n),
            "payments": payments,
            "balance": np.round(typical * random.lognormal(0.0, 0.9, n)),
            "closed": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"wallet_id": "customer_key", "closed": "outcome"}
    return workspace_of(frame, roles, {"balance": "INR"}, "customers", "wallets")


@cache
def _software() -> Any:
    random = np.random.default_rng(92)
    n = 960
    plan = random.choice(["Starter", "Team", "Enterprise"], n, p=[0.52, 0.36, 0.12])
    industry = random.choice(["Retail", "Health", "Finance", "Education"], n, p=[0.34, 0.27, 0.22, 0.17])
    plan = np.where((industry == "Finance") & (random.random(n) < 0.22), "Enterprise", plan)
    seats = 1 + random.poisson(pd.Series(plan).map({"Starter": 4.0, "Team": 22.0, "Enterprise": 140.0}), n)
    arr = np.round(seats * 310.0 * random.lognormal(0.0, 0.25, n), -1)
    tickets = random.poisson(1.0 + seats / 30.0)
    score = np.clip(np.round(random.normal(7.4 - 0.25 * tickets, 1.6, n)), 0, 10)
    chance = np.clip(0.42 + 0.06 * score, 0.05, 0.98)
    frame = pd.DataFrame(
        {
            "account": [f"K{number:04d}" for number in range(n)],
            "plan": plan,
            "industry": np.where(random.random(n) < 0.045, None, industry),
            "seats": seats,
            "arr": arr,
            "nps": np.where(random.random(n) < 0.11, np.nan, score),
            "tickets": tickets,
            "renewed": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"account": "customer_key", "renewed": "outcome"}
    return workspace_of(frame, roles, {"arr": "USD"}, "customers", "accounts")


@cache
def _pets() -> Any:
    random = np.random.default_rng(93)
    n = 7400
    pet = random.choice(["Dog", "Cat", "Bird", "Fish"], n, p=[0.47, 0.35, 0.07, 0.11])
    typical = pd.Series(pet).map({"Dog": 41.0, "Cat": 33.0, "Bird": 16.0, "Fish": 21.0})
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta((random.beta(1.5, 1.1, n) * 547).astype(int), "D")
    frame = pd.DataFrame(
        {
            "owner": [f"O{number:04d}" for number in (random.beta(0.7, 2.4, n) * 1300).astype(int)],
            "day": day,
            "pet": pet,
            "voucher": np.where(random.random(n) < 0.23, "Yes", "No"),
            "amount": np.round(typical * random.lognormal(0.0, 0.5, n), 2),
        }
    )
    roles = {"owner": "customer_key", "day": "time", "amount": "amount"}
    return workspace_of(frame, roles, {"amount": "GBP"}, "transactions", "purchases")


@cache
def _rides() -> Any:
    random = np.random.default_rng(94)
    n = 8800
    city = random.choice(["Austin", "Denver", "Tampa"], n, p=[0.48, 0.33, 0.19])
    product = random.choice(["Economy", "Comfort", "XL"], n, p=[0.64, 0.25, 0.11])
    typical = pd.Series(product).map({"Economy": 13.5, "Comfort": 21.0, "XL": 32.0})
    wait = np.round(random.gamma(2.4, pd.Series(city).map({"Austin": 2.1, "Denver": 2.9, "Tampa": 1.6})), 1)
    chance = 0.03 + 0.012 * wait + np.where(product == "XL", 0.04, 0.0)
    day = pd.Timestamp("2024-04-01") + pd.to_timedelta((random.beta(1.1, 1.4, n) * 638).astype(int), "D")
    frame = pd.DataFrame(
        {
            "ride": [f"R{number:05d}" for number in range(n)],
            "rider": [f"U{number:04d}" for number in random.integers(0, 2100, n)],
            "day": day,
            "city": city,
            "product": product,
            "wait_min": wait,
            "fare": np.round(typical * random.lognormal(0.0, 0.4, n), 2),
            "cancelled": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"ride": "row_key", "rider": "customer_key", "day": "time", "fare": "amount"}
    return workspace_of(frame, roles, {"fare": "USD"}, "transactions", "rides")


@cache
def _wine() -> Any:
    random = np.random.default_rng(95)
    n = 1340
    kind = random.choice([0, 1, 2], n, p=[0.2, 0.35, 0.45])
    frame = pd.DataFrame(
        {
            "club_id": [f"C{number:04d}" for number in range(n)],
            "years": np.array([6, 3, 1])[kind] + random.poisson(0.8, n),
            "bottles": np.array([70, 30, 8])[kind] + random.poisson(4, n),
            "spent": np.round(np.array([1500.0, 480.0, 110.0])[kind] * random.lognormal(0.0, 0.3, n), 2),
            "red_share": np.round(np.clip(random.normal(0.55, 0.22, n), 0, 1), 2),
            "country": random.choice(["Austria", "Germany", "Italy"], n, p=[0.3, 0.52, 0.18]),
        }
    )
    return workspace_of(frame, {"club_id": "customer_key"}, {"spent": "EUR"}, "customers", "club")


MADE: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(WALLET, _wallet),
    **dict.fromkeys(SOFTWARE, _software),
    **dict.fromkeys(PETS, _pets),
    **dict.fromkeys(RIDES, _rides),
    **dict.fromkeys(WINE, _wine),
}
