"""Tables of a pharmacy, a gym, bikes, flats, a wine club, donors, wards and hotels, and what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.small_tables import workspace_of

Call = tuple[str, dict[str, Any]]
COUNT = {"statistic": "count"}
GYM = ("club_plans", "club_visits", "club_ages")


def of(statistic: str, column: str) -> dict[str, Any]:
    """Return the measure of a statistic of a column."""
    return {"statistic": statistic, "column": column}


def rate(column: str) -> dict[str, Any]:
    """Return the measure of the share in which a column is Yes."""
    return {
        "statistic": "count",
        "where": [{"column": column, "value": "Yes"}],
        "per": {"statistic": "count"},
    }


def by(column: str, *measures: dict[str, Any], shares: bool = False) -> Call:
    """Return the call that takes measures by a column."""
    return ("aggregate", {"measures": [*measures], "by": [{"column": column}], "share_of_total": shares})


CALLS: dict[str, list[Call]] = {
    "pharmacy": [by("branch", of("sum", "basket"), COUNT, shares=True), by("branch", of("median", "basket"))],
    "club_plans": [by("plan", rate("cancelled"))],
    "club_visits": [("compare_groups", {"column": "visits", "by": "cancelled"})],
    "club_ages": [by("plan", of("mean", "age"), COUNT)],
    "bikes": [("show_trend", {"measure": COUNT, "grain": "quarter"})],
    "flats": [("show_distribution", {"column": "rent"})],
    "flat_gaps": [("count_missing", {"column": "rent"})],
    "club": [
        by("tier", COUNT, of("sum", "spent"), shares=True),
        by("tier", of("median", "spent")),
        by("tier", rate("left")),
    ],
    "donations": [("correlate", {"columns": ["donation", "minutes", "age"]})],
    "wards": [by("ward", rate("missed"))],
    "waits": [by("ward", of("median", "wait_min"), COUNT)],
    "club_found": [("find_segments", {"n_segments": 4}), ("describe_segments", {})],
    "hotels": [by("town", of("median", "price"), COUNT)],
}  # fmt: skip


def repeated(values: Mapping[str, int]) -> list[str]:
    """Return each value as often as is said."""
    return [value for value, n in values.items() for _ in range(n)]


def adding_up(random: np.random.Generator, totals: Sequence[tuple[int, float, float]]) -> list[float]:
    """Return amounts to the cent for groups of given size, sum and spread, one group after another."""
    found: list[float] = []
    for n, total, spread in totals:
        amounts = random.lognormal(0.0, spread, n)
        cents = np.floor(100 * total * amounts / amounts.sum()) / 100
        cents[-1] += round(total - cents.sum(), 2)
        found += [round(float(each), 2) for each in cents]
    return found


@cache
def _pharmacy() -> Any:
    random = np.random.default_rng(201)
    amounts = [
        (5120, 412_600.0, 0.75), (4480, 238_900.0, 0.7), (2060, 171_300.0, 0.55), (1340, 64_200.0, 0.6),
    ]  # fmt: skip
    frame = pd.DataFrame(
        {
            "branch": repeated({"Harbour": 5120, "Station": 4480, "Market": 2060, "Hill": 1340}),
            "basket": adding_up(random, amounts),
        }
    )
    return workspace_of(frame, {"basket": "amount"}, {"basket": "EUR"}, "transactions", "prescriptions")


@cache
def _gym() -> Any:
    random = np.random.default_rng(202)
    plan = repeated({"Day": 940, "Flex": 410, "Annual": 150})
    gone = {"Day": 173, "Flex": 38, "Annual": 6}
    cancelled = [
        "Yes" if place < gone[name] else "No"
        for name, n in (("Day", 940), ("Flex", 410), ("Annual", 150))
        for place in range(n)
    ]
    left = np.array(cancelled) == "Yes"
    years = pd.Series(plan).map({"Day": 38.2, "Flex": 44.6, "Annual": 37.8})
    frame = pd.DataFrame(
        {
            "member": [f"M{number:04d}" for number in range(1500)],
            "plan": plan,
            "cancelled": cancelled,
            "age": np.clip(np.round(random.normal(years, 9.0)), 18, 80),
            "visits": np.where(left, random.poisson(4.2, 1500), random.poisson(9.6, 1500)),
        }
    )
    return workspace_of(frame, {"member": "customer_key", "cancelled": "outcome"}, {}, "customers", "members")


@cache
def _bikes() -> Any:
    starts = pd.date_range("2023-01-01", periods=8, freq="QS")
    days = [
        start + pd.Timedelta(days=place % 90)
        for start, n in zip(starts, [1240, 1310, 1180, 1020, 960, 870, 800, 690], strict=True)
        for place in range(n)
    ]
    frame = pd.DataFrame({"rental": [f"R{number:05d}" for number in range(len(days))], "day": days})
    return workspace_of(frame, {"rental": "row_key", "day": "time"}, {}, "transactions", "rentals")


@cache
def _flats() -> Any:
    random = np.random.default_rng(204)
    rent = np.round(random.lognormal(6.6, 0.55, 3500))
    rent[random.choice(3500, 290, replace=False)] = np.nan
    frame = pd.DataFrame({"flat": [f"F{number:04d}" for number in range(3500)], "rent": rent})
    return workspace_of(frame, {"flat": "row_key", "rent": "amount"}, {"rent": "EUR"}, "rows", "flats")


@cache
def _club() -> Any:
    random = np.random.default_rng(205)
    sizes = {"Cellar regulars": 512, "Gift buyers": 233, "Newcomers": 148, "Lapsed": 107}
    gone = {"Cellar regulars": 26, "Gift buyers": 29, "Newcomers": 45, "Lapsed": 44}
    amounts = [(512, 230_000.0, 0.45), (233, 72_000.0, 0.8), (148, 34_000.0, 0.9), (107, 22_000.0, 0.9)]
    frame = pd.DataFrame(
        {
            "member": [f"W{number:04d}" for number in range(1000)],
            "tier": repeated(sizes),
            "spent": adding_up(random, amounts),
            "left": [
                "Yes" if place < gone[name] else "No" for name, n in sizes.items() for place in range(n)
            ],
        }
    )
    roles = {"member": "customer_key", "left": "outcome", "spent": "amount"}
    return workspace_of(frame, roles, {"spent": "EUR"}, "customers", "members")


@cache
def _drinkers() -> Any:
    random = np.random.default_rng(211)
    kind = random.choice([0, 1, 2], 900, p=[0.5, 0.3, 0.2])
    frame = pd.DataFrame(
        {
            "member": [f"W{number:03d}" for number in range(900)],
            "bottles": np.round(np.array([10, 40, 90])[kind] + random.normal(0, 5, 900)),
            "months": np.round(np.array([60, 20, 110])[kind] + random.normal(0, 7, 900)),
            "price": np.round(np.array([12.0, 30.0, 18.0])[kind] + random.normal(0, 2.4, 900), 2),
        }
    )
    return workspace_of(frame, {"member": "customer_key"}, {"price": "EUR"}, "customers", "members")


@cache
def _donations() -> Any:
    random = np.random.default_rng(206)
    minutes, age = random.normal(24, 6, 900), random.normal(52, 11, 900)
    donation = np.round(20 + 1.2 * minutes + 0.12 * age + random.normal(0, 11, 900), 2)
    frame = pd.DataFrame(
        {
            "donor": [f"D{number:03d}" for number in range(900)],
            "minutes": np.round(minutes, 1),
            "age": np.round(age),
            "donation": donation,
        }
    )
    return workspace_of(frame, {"donor": "customer_key"}, {"donation": "EUR"}, "customers", "calls")


@cache
def _clinic() -> Any:
    random = np.random.default_rng(207)
    sizes, missed = {"Ward A": 400, "Ward B": 600, "Ward C": 300}, {"Ward A": 96, "Ward B": 60, "Ward C": 24}
    ward = repeated(sizes)
    typical = pd.Series(ward).map({"Ward A": 41.0, "Ward B": 26.0, "Ward C": 33.0})
    frame = pd.DataFrame(
        {
            "visit": [f"V{number:04d}" for number in range(1300)],
            "ward": ward,
            "missed": [
                "Yes" if place < missed[name] else "No" for name, n in sizes.items() for place in range(n)
            ],
            "wait_min": np.round(typical * random.lognormal(0.0, 0.4, 1300)),
        }
    )
    return workspace_of(frame, {"visit": "row_key", "missed": "outcome"}, {}, "rows", "visits")


@cache
def _hotels() -> Any:
    random = np.random.default_rng(208)
    town = repeated({"Lyon": 320, "Nice": 210, "Metz": 90})
    typical = pd.Series(town).map({"Lyon": 91.5, "Nice": 62.0, "Metz": 130.2})
    frame = pd.DataFrame(
        {
            "night": [f"N{number:03d}" for number in range(620)],
            "town": town,
            "price": np.round(typical * random.lognormal(0.0, 0.3, 620), 2),
        }
    )
    return workspace_of(frame, {"night": "row_key", "price": "amount"}, {"price": "EUR"}, "rows", "nights")


MADE: dict[str, Callable[[], Any]] = {
    "pharmacy": _pharmacy,
    **dict.fromkeys(GYM, _gym),
    "bikes": _bikes,
    "flats": _flats,
    "flat_gaps": _flats,
    "club": _club,
    "club_found": _drinkers,
    "donations": _donations,
    "wards": _clinic,
    "waits": _clinic,
    "hotels": _hotels,
}
