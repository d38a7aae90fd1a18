"""Tables of a gym, cafes, a lender, a help desk, a fashion shop, a power company, an airline and a grocer."""

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
GYM = ("gym_plans", "gym_leaving", "gym_visits", "gym_drivers", "gym_cross")
COFFEE = ("coffee_rfm", "coffee_months", "coffee_shops", "coffee_segments", "coffee_top")
LOANS = ("loan_book", "loan_defaults", "loan_ties", "loan_tiers")
TICKETS = ("ticket_times", "ticket_hours", "ticket_cross")
FASHION = ("fashion_quarters", "fashion_returns", "fashion_quality")
AIRLINE = ("air_tiers", "air_complaints", "air_cross", "air_rules", "air_ties")
GROCER = ("grocery_zones", "grocery_months", "grocery_baskets", "grocery_express")
CLINIC = ("clinic_load", "clinic_shows", "clinic_waits", "clinic_cross")
STREAM = ("stream_plans", "stream_segments", "stream_weeks", "stream_active")
POWER = ("power_use", "power_tariffs", "power_outliers")

CALLS: dict[str, list[Call]] = {
    "gym_plans": [
        (
            "aggregate",
            {"measures": [COUNT, _of("mean", "fee")], "by": [{"column": "plan"}], "share_of_total": True},
        ),
        ("aggregate", {"measures": [_of("sum", "fee")], "by": [{"column": "plan"}], "share_of_total": True}),
    ],
    "gym_leaving": [
        ("aggregate", {"measures": [_rate("cancelled")], "by": [{"column": "city"}]}),
        ("aggregate", {"measures": [_rate("cancelled")], "by": [{"column": "plan"}]}),
    ],
    "gym_visits": [("compare_groups", {"column": "visits", "by": "cancelled"})],
    "gym_drivers": [("find_drivers", {"column": "cancelled"})],
    "gym_cross": [("cross_table", {"rows": "city", "columns": "plan", "normalise": "rows"})],
    "coffee_rfm": [("segment_by_rfm", {"levels": 4}), ("describe_segments", {})],
    "coffee_months": [("show_trend", {"measure": _of("sum", "spend"), "grain": "month"})],
    "coffee_shops": [
        (
            "aggregate",
            {
                "measures": [_of("sum", "spend"), _of("mean", "spend"), COUNT],
                "by": [{"column": "shop"}],
                "share_of_total": True,
            },
        ),
        ("aggregate", {"measures": [_of("median", "spend")], "by": [{"column": "daypart"}]}),
    ],
    "coffee_segments": [("find_segments", {"n_segments": 4}), ("describe_segments", {})],
    "coffee_top": [
        (
            "measure_concentration",
            {"by": "card", "measure": _of("sum", "spend"), "share_pct": 50.0},
        ),
    ],
    "loan_book": [
        (
            "aggregate",
            {
                "measures": [_of("sum", "principal"), COUNT, _of("mean", "rate_pct")],
                "by": [{"column": "product"}],
                "share_of_total": True,
            },
        ),
        (
            "aggregate",
            {
                "measures": [_of("sum", "principal")],
                "by": [{"column": "branch"}],
                "share_of_total": True,
                "limit": 3,
            },
        ),
    ],
    "loan_defaults": [
        ("aggregate", {"measures": [_rate("defaulted")], "by": [{"column": "product"}]}),
        ("compare_groups", {"column": "credit_score", "by": "defaulted"}),
    ],
    "loan_ties": [("correlate", {"columns": ["principal", "rate_pct", "credit_score", "income"]})],
    "loan_tiers": [
        (
            "segment_by_value",
            {"column": "principal", "top_shares": [10, 30], "name": "Exposure"},
        ),
        ("describe_segments", {}),
    ],
    "ticket_times": [
        (
            "aggregate",
            {
                "measures": [_of("median", "hours"), _of("mean", "hours"), COUNT],
                "by": [{"column": "priority"}],
            },
        ),
        ("aggregate", {"measures": [_rate("reopened")], "by": [{"column": "channel"}]}),
    ],
    "ticket_hours": [("show_distribution", {"column": "hours"})],
    "ticket_cross": [("cross_table", {"rows": "channel", "columns": "priority"})],
    "fashion_quarters": [
        ("show_trend", {"measure": _of("sum", "value"), "grain": "quarter"}),
        ("aggregate", {"measures": [_of("sum", "value")], "by": [{"column": "category"}]}),
    ],
    "fashion_returns": [
        ("aggregate", {"measures": [_rate("returned")], "by": [{"column": "category"}]}),
        ("compare_groups", {"column": "value", "by": "returned"}),
    ],
    "fashion_quality": [("check_quality", {}), ("count_missing", {})],
    "power_use": [("show_distribution", {"column": "kwh"}), ("count_missing", {"column": "household"})],
    "power_tariffs": [
        (
            "aggregate",
            {
                "measures": [_of("mean", "kwh"), _of("sum", "bill"), COUNT],
                "by": [{"column": "tariff"}],
                "share_of_total": True,
            },
        ),
    ],
    "power_outliers": [("find_outliers", {"column": "bill"})],
    "clinic_load": [
        (
            "aggregate",
            {
                "measures": [COUNT, _of("mean", "fee"), _of("sum", "fee")],
                "by": [{"column": "specialty"}],
                "share_of_total": True,
            },
        ),
    ],
    "clinic_shows": [
        ("aggregate", {"measures": [_rate("no_show")], "by": [{"column": "specialty"}]}),
        ("aggregate", {"measures": [_rate("no_show")], "by": [{"column": "booked_by"}]}),
    ],
    "clinic_waits": [("show_distribution", {"column": "wait_days"})],
    "clinic_cross": [("cross_table", {"rows": "specialty", "columns": "booked_by"})],
    "stream_plans": [
        (
            "aggregate",
            {
                "measures": [COUNT, _of("median", "hours_month")],
                "by": [{"column": "tier"}],
                "share_of_total": True,
            },
        ),
        ("compare_groups", {"column": "hours_month", "by": "cancelled"}),
    ],
    "stream_segments": [
        (
            "segment_by_value",
            {"column": "hours_month", "quantiles": 4, "names": ["Bingers", "Keen", "Casual", "Dormant"]},
        ),
        ("describe_segments", {}),
    ],
    "stream_weeks": [("show_trend", {"measure": COUNT, "grain": "quarter"})],
    "stream_active": [
        ("find_drivers", {"column": "cancelled"}),
        ("aggregate", {"measures": [_rate("cancelled")], "by": [{"column": "tier"}]}),
    ],
    "air_tiers": [
        (
            "aggregate",
            {
                "measures": [COUNT, _of("sum", "fares"), _of("mean", "flights")],
                "by": [{"column": "status"}],
                "share_of_total": True,
            },
        ),
    ],
    "air_complaints": [
        ("aggregate", {"measures": [_rate("complained")], "by": [{"column": "status"}]}),
        ("compare_groups", {"column": "delay_min", "by": "complained"}),
    ],
    "air_cross": [("cross_table", {"rows": "status", "columns": "cabin", "normalise": "rows"})],
    "air_rules": [
        (
            "segment_by_rules",
            {
                "segments": [
                    {
                        "name": "Road Warriors",
                        "where": [{"column": "flights", "is": "at_least", "value": 15}],
                    },
                    {"name": "Holiday Makers", "where": [{"column": "flights", "is": "at_most", "value": 4}]},
                ],
                "otherwise": "Regulars",
            },
        ),
        ("describe_segments", {}),
    ],
    "air_ties": [("correlate", {"columns": ["flights", "fares", "delay_min", "age"]})],
    "grocery_zones": [
        (
            "aggregate",
            {
                "measures": [_of("sum", "basket"), _of("median", "basket"), COUNT],
                "by": [{"column": "zone"}],
                "share_of_total": True,
            },
        ),
    ],
    "grocery_months": [("show_trend", {"measure": {"statistic": "count"}, "grain": "month"})],
    "grocery_baskets": [("show_distribution", {"column": "basket"})],
    "grocery_express": [
        ("compare_groups", {"column": "basket", "by": "express"}),
        ("aggregate", {"measures": [_rate("express")], "by": [{"column": "zone"}]}),
    ],
}


@cache
def _gym() -> Any:
    random = np.random.default_rng(21)
    n = 1850
    plan = random.choice(["Off-peak", "Standard", "Premium", "Student"], n, p=[0.22, 0.43, 0.2, 0.15])
    city = random.choice(["Pune", "Nagpur", "Nashik"], n, p=[0.52, 0.3, 0.18])
    typical = pd.Series(plan).map({"Off-peak": 1100, "Standard": 1900, "Premium": 3400, "Student": 850})
    visits = random.poisson(np.where(plan == "Premium", 12, 7))
    chance = 0.38 - 0.02 * visits + np.where(city == "Nashik", 0.09, 0.0)
    frame = pd.DataFrame(
        {
            "member_no": [f"G{number:04d}" for number in range(n)],
            "plan": plan,
            "city": city,
            "fee": typical + 50 * random.integers(-2, 3, n),
            "visits": visits,
            "age": random.integers(17, 66, n),
            "cancelled": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"member_no": "customer_key", "cancelled": "outcome"}
    return workspace_of(frame, roles, {"fee": "INR"}, "customers", "members")


@cache
def _coffee() -> Any:
    random = np.random.default_rng(22)
    n = 7200
    card = (random.beta(0.8, 2.0, n) * 640).astype(int)
    shop = random.choice(["Harbour", "Station", "Campus", "Airport"], n, p=[0.34, 0.31, 0.22, 0.13])
    daypart = random.choice(["Morning", "Lunch", "Evening"], n, p=[0.55, 0.28, 0.17])
    typical = np.where(shop == "Airport", 9.4, np.where(shop == "Campus", 4.2, 6.1))
    typical = typical * np.where(daypart == "Lunch", 1.6, 1.0)
    day = pd.Timestamp("2024-07-01") + pd.to_timedelta((random.beta(1.3, 1.1, n) * 274).astype(int), "D")
    frame = pd.DataFrame(
        {
            "card": [f"C{number:03d}" for number in card],
            "day": day,
            "shop": shop,
            "daypart": daypart,
            "spend": np.round(typical * random.lognormal(0.0, 0.35, n), 2),
        }
    )
    roles = {"card": "customer_key", "day": "time", "spend": "amount"}
    return workspace_of(frame, roles, {"spend": "USD"}, "transactions", "purchases")


@cache
def _loans() -> Any:
    random = np.random.default_rng(23)
    n = 1320
    product = random.choice(["Home", "Car", "Gold", "Personal"], n, p=[0.2, 0.33, 0.17, 0.3])
    typical = pd.Series(product).map({"Home": 3.8e6, "Car": 7.2e5, "Gold": 1.6e5, "Personal": 2.9e5})
    score = np.clip(random.normal(715, 55, n), 520, 880).round()
    rate = (
        pd.Series(product).map({"Home": 8.6, "Car": 9.7, "Gold": 11.2, "Personal": 14.5})
        - (score - 715) * 0.012
    )
    income = np.round(random.lognormal(13.6, 0.45, n), -3)
    chance = 0.07 + np.where(product == "Personal", 0.06, 0.0) - (score - 715) * 0.0007
    frame = pd.DataFrame(
        {
            "borrower": [f"B{number:04d}" for number in range(n)],
            "product": product,
            "branch": random.choice(
                ["Indore", "Bhopal", "Jabalpur", "Gwalior", "Ujjain"], n, p=[0.34, 0.26, 0.16, 0.14, 0.1]
            ),
            "principal": np.round(typical * random.lognormal(0.0, 0.4, n), -3),
            "rate_pct": np.round(rate + random.normal(0, 0.3, n), 2),
            "credit_score": score,
            "income": income,
            "defaulted": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"borrower": "customer_key", "defaulted": "outcome"}
    return workspace_of(frame, roles, {"principal": "INR", "income": "INR"}, "customers", "loans")


@cache
def _tickets() -> Any:
    random = np.random.default_rng(24)
    n = 2640
    priority = random.choice(["Urgent", "High", "Normal", "Low"], n, p=[0.08, 0.22, 0.5, 0.2])
    channel = np.where(
        random.random(n) < np.where(priority == "Urgent", 0.7, 0.3),
        "Phone",
        random.choice(["Email", "Chat"], n, p=[0.6, 0.4]),
    )
    typical = pd.Series(priority).map({"Urgent": 3.5, "High": 11.0, "Normal": 26.0, "Low": 49.0})
    frame = pd.DataFrame(
        {
            "ticket": [f"T{number:05d}" for number in range(n)],
            "priority": priority,
            "channel": channel,
            "hours": np.round(typical * random.lognormal(0.0, 0.6, n), 1),
            "reopened": np.where(random.random(n) < np.where(channel == "Chat", 0.19, 0.09), "Yes", "No"),
        }
    )
    return workspace_of(frame, {"ticket": "row_key", "reopened": "outcome"}, {}, "rows", "tickets")


@cache
def _fashion() -> Any:
    random = np.random.default_rng(25)
    n = 4100
    buyer = (random.beta(0.8, 1.8, n) * 900).astype(int)
    category = random.choice(["Dresses", "Shoes", "Denim", "Bags"], n, p=[0.36, 0.29, 0.23, 0.12])
    typical = pd.Series(category).map({"Dresses": 74.0, "Shoes": 96.0, "Denim": 58.0, "Bags": 131.0})
    chance = pd.Series(category).map({"Dresses": 0.41, "Shoes": 0.29, "Denim": 0.22, "Bags": 0.07})
    value = np.round(typical * random.lognormal(0.0, 0.3, n), 2)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta((random.beta(1.2, 0.9, n) * 731).astype(int), "D")
    frame = pd.DataFrame(
        {
            "order_no": [f"F{number:05d}" for number in range(n)],
            "buyer": [f"B{number:03d}" for number in buyer],
            "ordered": day,
            "category": category,
            "value": np.where(random.random(n) < 0.012, np.nan, value),
            "size": np.where(random.random(n) < 0.064, None, random.choice(["S", "M", "L", "XL"], n)),
            "returned": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"order_no": "row_key", "buyer": "customer_key", "ordered": "time", "value": "amount"}
    return workspace_of(frame, roles, {"value": "EUR"}, "transactions", "orders")


@cache
def _power() -> Any:
    random = np.random.default_rng(26)
    n = 3150
    tariff = random.choice(["Green", "Flat", "Night", "Social"], n, p=[0.27, 0.44, 0.19, 0.1])
    typical = pd.Series(tariff).map({"Green": 290.0, "Flat": 340.0, "Night": 470.0, "Social": 205.0})
    price = pd.Series(tariff).map({"Green": 0.36, "Flat": 0.33, "Night": 0.27, "Social": 0.24})
    kwh = np.round(typical * random.lognormal(0.0, 0.42, n))
    frame = pd.DataFrame(
        {
            "meter": [f"M{number:05d}" for number in range(n)],
            "tariff": tariff,
            "household": np.where(random.random(n) < 0.083, np.nan, 1 + random.binomial(5, 0.3, n)),
            "kwh": kwh,
            "bill": np.round(kwh * price + 11.5, 2),
        }
    )
    return workspace_of(
        frame, {"meter": "customer_key"}, {"bill": "EUR", "kwh": "kWh"}, "customers", "meters"
    )


@cache
def _airline() -> Any:
    random = np.random.default_rng(27)
    n = 2250
    status = random.choice(["Blue", "Silver", "Gold", "Platinum"], n, p=[0.55, 0.25, 0.14, 0.06])
    typical = pd.Series(status).map({"Blue": 3.0, "Silver": 7.5, "Gold": 13.0, "Platinum": 24.0})
    flights = 1 + random.poisson(typical, n)
    premium = pd.Series(status).map({"Blue": 0.04, "Silver": 0.12, "Gold": 0.3, "Platinum": 0.55})
    delay = np.round(random.gamma(2.0, 14.0, n), 1)
    frame = pd.DataFrame(
        {
            "flyer": [f"A{number:04d}" for number in range(n)],
            "status": status,
            "cabin": np.where(random.random(n) < premium, "Business", "Economy"),
            "flights": flights,
            "fares": np.round(flights * 138.0 * random.lognormal(0.0, 0.3, n)),
            "delay_min": delay,
            "age": random.integers(18, 79, n),
            "complained": np.where(random.random(n) < 0.05 + 0.004 * delay, "Yes", "No"),
        }
    )
    roles = {"flyer": "customer_key", "complained": "outcome"}
    return workspace_of(frame, roles, {"fares": "GBP"}, "customers", "flyers")


@cache
def _grocer() -> Any:
    random = np.random.default_rng(28)
    n = 9300
    zone = random.choice(
        ["Centre", "Hills", "Riverside", "Docks", "Park"], n, p=[0.33, 0.24, 0.2, 0.15, 0.08]
    )
    typical = pd.Series(zone).map(
        {"Centre": 38.0, "Hills": 61.0, "Riverside": 47.0, "Docks": 33.0, "Park": 55.0}
    )
    express = random.random(n) < np.where(zone == "Centre", 0.46, 0.21)
    day = pd.Timestamp("2024-03-01") + pd.to_timedelta((random.beta(1.2, 1.0, n) * 549).astype(int), "D")
    frame = pd.DataFrame(
        {
            "household": [f"H{number:04d}" for number in (random.beta(0.9, 2.2, n) * 1500).astype(int)],
            "day": day,
            "zone": zone,
            "express": np.where(express, "Yes", "No"),
            "basket": np.round(typical * random.lognormal(0.0, 0.4, n) * np.where(express, 0.7, 1.0), 2),
        }
    )
    roles = {"household": "customer_key", "day": "time", "basket": "amount"}
    return workspace_of(frame, roles, {"basket": "USD"}, "transactions", "deliveries")


@cache
def _clinic() -> Any:
    random = np.random.default_rng(29)
    n = 5200
    specialty = random.choice(
        ["Dental", "Eye", "Skin", "Orthopaedics", "Heart"], n, p=[0.36, 0.23, 0.19, 0.14, 0.08]
    )
    booked_by = random.choice(["App", "Desk", "Referral"], n, p=[0.48, 0.35, 0.17])
    typical = pd.Series(specialty).map(
        {"Dental": 900.0, "Eye": 650.0, "Skin": 1200.0, "Orthopaedics": 1500.0, "Heart": 2400.0}
    )
    wait = random.gamma(2.2, np.where(specialty == "Heart", 9.0, 4.5)).round() + 1
    chance = 0.04 + 0.006 * wait + np.where(booked_by == "App", 0.05, 0.0)
    frame = pd.DataFrame(
        {
            "visit_id": [f"V{number:05d}" for number in range(n)],
            "patient": [f"P{number:04d}" for number in random.integers(0, 2600, n)],
            "day": pd.Timestamp("2025-01-06") + pd.to_timedelta(random.integers(0, 180, n), "D"),
            "specialty": specialty,
            "booked_by": booked_by,
            "wait_days": wait,
            "fee": np.round(typical * random.lognormal(0.0, 0.25, n), -1),
            "no_show": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"visit_id": "row_key", "patient": "customer_key", "day": "time", "fee": "amount"}
    return workspace_of(frame, roles, {"fee": "INR"}, "transactions", "appointments")


@cache
def _stream() -> Any:
    random = np.random.default_rng(30)
    n = 3600
    tier = random.choice(["Free", "Solo", "Duo", "Household"], n, p=[0.41, 0.29, 0.12, 0.18])
    typical = pd.Series(tier).map({"Free": 3.0, "Solo": 11.0, "Duo": 15.0, "Household": 22.0})
    hours = np.round(typical * random.lognormal(0.0, 0.6, n), 1)
    chance = np.clip(0.34 - 0.011 * hours + np.where(tier == "Free", 0.06, 0.0), 0.03, 0.9)
    joined = pd.Timestamp("2023-10-01") + pd.to_timedelta((random.beta(1.3, 1.0, n) * 640).astype(int), "D")
    frame = pd.DataFrame(
        {
            "listener": [f"L{number:04d}" for number in range(n)],
            "joined": joined,
            "tier": tier,
            "hours_month": hours,
            "devices": 1 + random.poisson(np.where(tier == "Household", 3.0, 0.9)),
            "cancelled": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"listener": "customer_key", "joined": "time", "cancelled": "outcome"}
    return workspace_of(frame, roles, {}, "customers", "listeners")


MADE: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(GYM, _gym),
    **dict.fromkeys(COFFEE, _coffee),
    **dict.fromkeys(LOANS, _loans),
    **dict.fromkeys(TICKETS, _tickets),
    **dict.fromkeys(FASHION, _fashion),
    **dict.fromkeys(POWER, _power),
    **dict.fromkeys(AIRLINE, _airline),
    **dict.fromkeys(CLINIC, _clinic),
    **dict.fromkeys(STREAM, _stream),
    **dict.fromkeys(GROCER, _grocer),
}
