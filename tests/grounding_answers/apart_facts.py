"""Tables of an airline's members, a bank's cards and online courses, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.small_tables import workspace_of

Call = tuple[str, dict[str, Any]]
FINISHED = {
    "statistic": "count",
    "where": [{"column": "finished", "value": "Yes"}],
    "per": {"statistic": "count"},
}
LATE = {
    "statistic": "count",
    "where": [{"column": "paid_late", "value": "Yes"}],
    "per": {"statistic": "count"},
}
AIRLINE = ("cabins", "routes", "flight_months", "fares", "fliers", "flier_tiers", "delays", "fare_gap")
CARDS = ("card_types", "cities", "late_payers", "limits", "card_ties", "card_gaps", "card_segments")
COURSES = ("subjects", "finishing", "hours", "devices", "learner_rules", "ratings")


def _mean(column: str) -> dict[str, Any]:
    return {"statistic": "mean", "column": column}


def _total(column: str) -> dict[str, Any]:
    return {"statistic": "sum", "column": column}


def _by(column: str, *measures: dict[str, Any], share: bool = False) -> Call:
    arguments = {"measures": [*measures], "by": [{"column": column}], "share_of_total": share}
    return "aggregate", arguments


COUNT = {"statistic": "count"}
CALLS: dict[str, list[Call]] = {
    "cabins": [_by("cabin", _total("fare"), _mean("fare"), COUNT, share=True)],
    "routes": [_by("route", COUNT, {"statistic": "median", "column": "fare"}, share=True)],
    "flight_months": [("show_trend", {"measure": COUNT, "grain": "quarter"})],
    "fares": [("show_distribution", {"column": "fare"}), ("find_outliers", {"column": "fare"})],
    "fliers": [("find_segments", {"n_segments": 3}), ("describe_segments", {})],
    "flier_tiers": [
        (
            "segment_by_value",
            {"column": "total_amount", "top_shares": [5, 20], "names": ["Gold", "Silver", "Blue"]},
        ),
        ("describe_segments", {}),
    ],
    "delays": [("cross_table", {"rows": "route", "columns": "delayed", "normalise": "rows"})],
    "fare_gap": [("compare_groups", {"column": "fare", "by": "trip", "values": ["Business", "Leisure"]})],
    "card_types": [
        _by("card", COUNT, _mean("yearly_spend"), share=True),
        _by("card", _total("yearly_spend"), share=True),
    ],
    "cities": [_by("city", _total("yearly_spend"), _mean("age"), COUNT)],
    "late_payers": [_by("card", LATE), ("compare_groups", {"column": "credit_limit", "by": "paid_late"})],
    "limits": [("show_distribution", {"column": "credit_limit"})],
    "card_ties": [("correlate", {"target": "yearly_spend"})],
    "card_gaps": [("count_missing", {}), ("describe_data", {})],
    "card_segments": [
        (
            "find_segments",
            {"n_segments": 4, "features": ["yearly_spend", "credit_limit", "cash_withdrawals"]},
        ),
        ("describe_segments", {}),
    ],
    "subjects": [_by("subject", COUNT, _mean("hours"), _total("fee"), share=True)],
    "finishing": [_by("subject", FINISHED), _by("device", FINISHED)],
    "hours": [("compare_groups", {"column": "hours", "by": "finished"})],
    "devices": [("cross_table", {"rows": "device", "columns": "finished", "normalise": "rows"})],
    "learner_rules": [
        (
            "segment_by_rules",
            {
                "segments": [
                    {"name": "Intensive", "where": [{"column": "hours", "is": "at_least", "value": 40}]},
                    {"name": "Samplers", "where": [{"column": "hours", "is": "below", "value": 5}]},
                ],
                "otherwise": "Steady",
            },
        ),
        ("describe_segments", {}),
    ],
    "ratings": [("show_distribution", {"column": "rating"}), ("count_missing", {"column": "rating"})],
}


@cache
def _airline() -> Any:
    random = np.random.default_rng(21)
    n = 5200
    member = (random.beta(0.8, 2.4, n) * 480).astype(int)
    route = random.choice(["Lisbon", "Oslo", "Cairo", "Boston", "Tokyo"], n, p=[0.34, 0.26, 0.18, 0.14, 0.08])
    base = pd.Series(route).map(
        {"Lisbon": 140.0, "Oslo": 120.0, "Cairo": 260.0, "Boston": 520.0, "Tokyo": 760.0}
    )
    trip = np.where(random.random(n) < 0.3, "Business", "Leisure")
    front = random.random(n) < np.where(trip == "Business", 0.35, 0.06)
    factor = np.where(front, 2.9, 1.0) * np.where(trip == "Business", 1.2, 1.0)
    fare = np.round(base.to_numpy() * factor * random.lognormal(0.0, 0.3, n), 2)
    days = (random.beta(1.0, 1.2, n) * 731).astype(int)
    behind = np.where(random.random(n) < 0.12, "Premium", "Economy")
    frame = pd.DataFrame(
        {
            "flier": [f"F{number:03d}" for number in member],
            "flown": pd.Timestamp("2024-01-01") + pd.to_timedelta(days, "D"),
            "route": route,
            "cabin": np.where(front, "Business class", behind),
            "trip": trip,
            "delayed": np.where(random.random(n) < np.where(route == "Cairo", 0.31, 0.17), "Yes", "No"),
            "fare": fare,
        }
    )  # fmt: skip
    roles = {"flier": "customer_key", "flown": "time", "fare": "amount"}
    return workspace_of(frame, roles, {"fare": "USD"}, "transactions", "flights")


@cache
def _cards() -> Any:
    random = np.random.default_rng(22)
    n = 3200
    card = random.choice(["Classic", "Gold", "Platinum"], n, p=[0.63, 0.28, 0.09])
    typical = pd.Series(card).map({"Classic": 68_000.0, "Gold": 215_000.0, "Platinum": 690_000.0}).to_numpy()
    limit = np.round(typical * random.lognormal(0.1, 0.35, n), -3)
    age = random.integers(21, 72, n)
    late = random.random(n) < np.where(card == "Classic", 0.22, np.where(card == "Gold", 0.11, 0.04))
    spend = np.round(typical * random.lognormal(-0.2, 0.6, n))
    frame = pd.DataFrame(
        {
            "holder": [f"H{number:04d}" for number in range(n)],
            "card": card,
            "city": random.choice(["Pune", "Jaipur", "Kochi", "Surat"], n, p=[0.38, 0.27, 0.2, 0.15]),
            "age": np.where(random.random(n) < 0.021, np.nan, age),
            "credit_limit": limit,
            "cash_withdrawals": random.poisson(np.where(late, 5.0, 1.5)),
            "paid_late": np.where(late, "Yes", "No"),
            "yearly_spend": np.where(random.random(n) < 0.008, np.nan, spend),
        }
    )
    units = {"credit_limit": "INR", "yearly_spend": "INR"}
    return workspace_of(
        frame, {"holder": "customer_key", "paid_late": "outcome"}, units, "customers", "cards"
    )


@cache
def _courses() -> Any:
    random = np.random.default_rng(23)
    n = 2800
    subject = random.choice(["Python", "Design", "Marketing", "Spanish"], n, p=[0.42, 0.18, 0.25, 0.15])
    device = random.choice(["Laptop", "Phone", "Tablet"], n, p=[0.58, 0.34, 0.08])
    finished = random.random(n) < np.where(subject == "Spanish", 0.22, 0.36) - 0.15 * (device == "Phone")
    hours = np.round(random.gamma(1.6, np.where(finished, 15.0, 6.0)) + finished * 4.0, 1)
    rating = np.clip(np.round(random.normal(3.9, 0.9, n)), 1, 5)
    frame = pd.DataFrame(
        {
            "learner": [f"L{number:04d}" for number in range(n)],
            "subject": subject,
            "device": device,
            "finished": np.where(finished, "Yes", "No"),
            "hours": hours,
            "fee": np.where(subject == "Python", 89.0, np.where(subject == "Spanish", 39.0, 59.0)),
            "rating": np.where(random.random(n) < np.where(finished, 0.2, 0.64), np.nan, rating),
        }
    )
    roles = {"learner": "customer_key", "finished": "outcome"}
    return workspace_of(frame, roles, {"fee": "EUR"}, "customers", "learners")


MADE: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(AIRLINE, _airline),
    **dict.fromkeys(CARDS, _cards),
    **dict.fromkeys(COURSES, _courses),
}
