"""Tables of a museum, a vet, a courier, shared cars, salons, a second-hand market and a language school."""

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


def _by(column: str, *measures: dict[str, Any], **more: Any) -> Call:
    return ("aggregate", {"measures": list(measures), "by": [{"column": column}], **more})


COUNT = {"statistic": "count"}
MUSEUM = ("museum_tickets", "museum_months", "museum_audio", "museum_stay", "museum_weekdays")
VET = ("vet_species", "vet_insured", "vet_return", "vet_tiers")
COURIER = ("courier_zones", "courier_late", "courier_cross", "courier_weight", "courier_outliers")
CARS = ("cars_cities", "cars_leaving", "cars_ties", "cars_segments")
SALON = ("salon_services", "salon_rebooked", "salon_quarters", "salon_top", "salon_rfm")
MARKET = ("market_categories", "market_months", "market_speed", "market_rules")
SCHOOL = ("school_languages", "school_passing", "school_cross", "school_gaps")

CALLS: dict[str, list[Call]] = {
    "museum_tickets": [
        _by("ticket", COUNT, _of("sum", "spent"), _of("mean", "spent"), share_of_total=True),
    ],
    "museum_months": [("show_trend", {"measure": COUNT, "grain": "month"})],
    "museum_audio": [
        ("compare_groups", {"column": "minutes", "by": "audio_guide"}),
        _by("ticket", _rate("audio_guide")),
    ],
    "museum_stay": [("show_distribution", {"column": "minutes"})],
    "museum_weekdays": [
        (
            "aggregate",
            {"measures": [COUNT], "by": [{"column": "visited", "grain": "weekday"}], "share_of_total": True},
        ),
        _by("wing", _of("median", "spent"), COUNT),
    ],
    "vet_species": [
        _by("species", COUNT, _of("mean", "bills"), _of("median", "bills"), share_of_total=True),
        _by("species", _of("sum", "bills"), share_of_total=True),
    ],
    "vet_insured": [
        ("compare_groups", {"column": "bills", "by": "insured"}),
        _by("species", _rate("insured")),
    ],
    "vet_return": [("find_drivers", {"column": "returned"})],
    "vet_tiers": [
        ("segment_by_value", {"column": "bills", "top_shares": [5, 20], "name": "Value tiers"}),
        ("describe_segments", {}),
    ],
    "courier_zones": [
        _by("zone", _of("sum", "charge"), _of("mean", "charge"), COUNT, share_of_total=True),
    ],
    "courier_late": [_by("zone", _rate("late")), _by("service", _rate("late"))],
    "courier_cross": [("cross_table", {"rows": "zone", "columns": "service", "normalise": "rows"})],
    "courier_weight": [
        ("show_distribution", {"column": "weight_kg"}),
        _by("service", _of("mean", "weight_kg"), _of("median", "days_taken")),
    ],
    "courier_outliers": [("find_outliers", {"column": "charge"})],
    "cars_cities": [
        _by("city", _of("sum", "km"), _of("mean", "trips"), COUNT, share_of_total=True),
        _by("city", _of("sum", "paid"), share_of_total=True),
    ],
    "cars_leaving": [
        _by("plan", _rate("left")),
        _by("city", _rate("left")),
        ("compare_groups", {"column": "trips", "by": "left"}),
    ],
    "cars_ties": [("correlate", {"columns": ["trips", "km", "paid", "age", "late_returns"]})],
    "cars_segments": [("find_segments", {"n_segments": 3}), ("describe_segments", {})],
    "salon_services": [
        _by("service", _of("sum", "price"), _of("median", "price"), COUNT, share_of_total=True),
    ],
    "salon_rebooked": [_by("branch", _rate("rebooked")), _by("stylist", _rate("rebooked"))],
    "salon_quarters": [("show_trend", {"measure": _of("sum", "price"), "grain": "quarter"})],
    "salon_top": [
        ("measure_concentration", {"by": "client", "measure": _of("sum", "price"), "share_pct": 50.0}),
    ],
    "salon_rfm": [("segment_by_rfm", {"levels": 4}), ("describe_segments", {})],
    "market_categories": [
        _by("category", _of("sum", "price"), _of("mean", "price"), COUNT, share_of_total=True),
        _by("category", _rate("sent_back")),
    ],
    "market_months": [("show_trend", {"measure": _of("sum", "price"), "grain": "month"})],
    "market_speed": [
        _by("category", _of("median", "days_listed"), _of("mean", "days_listed")),
        ("compare_groups", {"column": "days_listed", "by": "boosted"}),
    ],
    "market_rules": [
        (
            "segment_by_rules",
            {
                "segments": [
                    {
                        "name": "Power Sellers",
                        "where": [{"column": "total_amount", "is": "at_least", "value": 2500}],
                    },
                    {
                        "name": "One-Timers",
                        "where": [{"column": "n_transactions", "is": "at_most", "value": 1}],
                    },
                ],
                "otherwise": "Steady Sellers",
            },
        ),
        ("describe_segments", {}),
    ],
    "school_languages": [
        _by("language", COUNT, _of("mean", "hours"), _of("sum", "fee"), share_of_total=True),
    ],
    "school_passing": [
        _by("language", _rate("passed")),
        _by("format", _rate("passed")),
        ("compare_groups", {"column": "hours", "by": "passed"}),
    ],
    "school_cross": [("cross_table", {"rows": "language", "columns": "format"})],
    "school_gaps": [("count_missing", {}), ("show_distribution", {"column": "age"})],
}  # fmt: skip


@cache
def _museum() -> Any:
    random = np.random.default_rng(71)
    n = 6400
    ticket = random.choice(["Adult", "Family", "Concession", "Member"], n, p=[0.41, 0.24, 0.2, 0.15])
    typical = pd.Series(ticket).map({"Adult": 17.0, "Family": 43.0, "Concession": 9.5, "Member": 6.0})
    audio = random.random(n) < pd.Series(ticket).map(
        {"Adult": 0.37, "Family": 0.22, "Concession": 0.45, "Member": 0.11}
    )
    stay = random.gamma(5.0, np.where(audio, 23.0, 17.0)).round() + 8
    start = pd.Timestamp("2025-01-01")
    day = start + pd.to_timedelta((random.beta(1.5, 1.2, n) * 273).astype(int), "D")
    weekend = random.random(n) < 0.22
    day = day + pd.to_timedelta(np.where(weekend & (day.dayofweek < 5), 5 - day.dayofweek, 0), "D")
    frame = pd.DataFrame(
        {
            "pass_no": [f"P{number:04d}" for number in (random.beta(0.9, 1.7, n) * 2600).astype(int)],
            "visited": day,
            "ticket": ticket,
            "wing": random.choice(["Antiquity", "Modern", "Nature"], n, p=[0.43, 0.34, 0.23]),
            "audio_guide": np.where(audio, "Yes", "No"),
            "minutes": stay,
            "spent": np.round(typical * random.lognormal(0.0, 0.32, n), 2),
        }
    )
    roles = {"pass_no": "customer_key", "visited": "time", "spent": "amount"}
    return workspace_of(frame, roles, {"spent": "GBP"}, "transactions", "visits")


@cache
def _vet() -> Any:
    random = np.random.default_rng(72)
    n = 2480
    species = random.choice(["Dog", "Cat", "Rabbit", "Bird"], n, p=[0.46, 0.35, 0.12, 0.07])
    insured = random.random(n) < pd.Series(species).map(
        {"Dog": 0.42, "Cat": 0.27, "Rabbit": 0.1, "Bird": 0.04}
    )
    typical = pd.Series(species).map({"Dog": 410.0, "Cat": 265.0, "Rabbit": 120.0, "Bird": 75.0})
    visits = 1 + random.poisson(np.where(insured, 3.4, 2.1))
    age = np.clip(random.gamma(3.0, 2.1, n).round(1), 0.3, 19.0)
    chance = 0.34 + 0.07 * visits + np.where(insured, 0.1, 0.0) - 0.012 * age
    frame = pd.DataFrame(
        {
            "animal": [f"V{number:04d}" for number in range(n)],
            "species": species,
            "insured": np.where(insured, "Yes", "No"),
            "age": age,
            "visits": visits,
            "bills": np.round(typical * visits / 3 * random.lognormal(0.0, 0.5, n), 2),
            "returned": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"animal": "customer_key", "returned": "outcome"}
    return workspace_of(frame, roles, {"bills": "USD"}, "customers", "animals")


@cache
def _courier() -> Any:
    random = np.random.default_rng(73)
    n = 8700
    zone = random.choice(["North", "South", "East", "West", "Metro"], n, p=[0.18, 0.21, 0.12, 0.16, 0.33])
    service = np.where(
        random.random(n) < np.where(zone == "Metro", 0.44, 0.19),
        "Same-day",
        random.choice(["Standard", "Express"], n, p=[0.68, 0.32]),
    )
    typical = pd.Series(service).map({"Same-day": 240.0, "Express": 165.0, "Standard": 85.0})
    weight = np.round(random.lognormal(0.55, 0.8, n), 1) + 0.1
    far = pd.Series(zone).map({"North": 1.15, "South": 1.0, "East": 1.45, "West": 1.05, "Metro": 0.8})
    days = np.where(service == "Same-day", 1, np.where(service == "Express", 2, 4)) + random.poisson(0.6, n)
    chance = pd.Series(zone).map({"North": 0.11, "South": 0.08, "East": 0.19, "West": 0.1, "Metro": 0.06})
    late = random.random(n) < chance + np.where(service == "Same-day", 0.07, 0.0)
    frame = pd.DataFrame(
        {
            "parcel": [f"X{number:05d}" for number in range(n)],
            "zone": zone,
            "service": service,
            "weight_kg": weight.round(1),
            "days_taken": days,
            "charge": np.round(typical * far * (0.8 + 0.12 * weight) * random.lognormal(0.0, 0.15, n)),
            "late": np.where(late, "Yes", "No"),
        }
    )
    roles = {"parcel": "row_key", "late": "outcome", "charge": "amount"}
    return workspace_of(frame, roles, {"charge": "INR", "weight_kg": "kg"}, "rows", "parcels")


@cache
def _cars() -> Any:
    random = np.random.default_rng(74)
    n = 3360
    city = random.choice(["Lyon", "Turin", "Graz", "Ghent"], n, p=[0.38, 0.29, 0.19, 0.14])
    plan = random.choice(["Casual", "Commuter", "Weekend"], n, p=[0.52, 0.27, 0.21])
    typical = pd.Series(plan).map({"Casual": 7.0, "Commuter": 31.0, "Weekend": 13.0})
    trips = 1 + random.poisson(typical * random.gamma(4.0, 0.25, n))
    km = np.round(trips * np.where(plan == "Weekend", 64.0, 15.0) * random.lognormal(0.0, 0.35, n))
    age = np.clip(random.normal(37, 10, n), 19, 74).round()
    chance = np.clip(0.36 - 0.007 * trips + np.where(city == "Graz", 0.08, 0.0), 0.03, 0.9)
    frame = pd.DataFrame(
        {
            "member": [f"M{number:04d}" for number in range(n)],
            "city": city,
            "plan": plan,
            "age": age,
            "trips": trips,
            "km": km,
            "paid": np.round(3.1 * trips + 0.29 * km * random.lognormal(0.0, 0.12, n), 2),
            "late_returns": random.poisson(0.03 * trips + 0.2),
            "left": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"member": "customer_key", "left": "outcome"}
    return workspace_of(frame, roles, {"paid": "EUR", "km": "km"}, "customers", "members")


@cache
def _salon() -> Any:
    random = np.random.default_rng(75)
    n = 5900
    client = (random.beta(0.9, 1.9, n) * 1150).astype(int)
    service = random.choice(["Cut", "Colour", "Styling", "Treatment"], n, p=[0.49, 0.27, 0.15, 0.09])
    stylist = random.choice(["Junior", "Senior", "Director"], n, p=[0.4, 0.42, 0.18])
    branch = random.choice(["Leeds", "York", "Hull", "Whitby"], n, p=[0.39, 0.28, 0.22, 0.11])
    typical = pd.Series(service).map({"Cut": 38.0, "Colour": 92.0, "Styling": 45.0, "Treatment": 64.0})
    dearer = pd.Series(stylist).map({"Junior": 0.8, "Senior": 1.0, "Director": 1.4})
    chance = pd.Series(stylist).map({"Junior": 0.38, "Senior": 0.54, "Director": 0.66})
    chance = chance + np.where(branch == "Whitby", -0.12, 0.0) + np.where(branch == "York", 0.05, 0.0)
    day = pd.Timestamp("2023-07-01") + pd.to_timedelta((random.beta(1.2, 1.1, n) * 731).astype(int), "D")
    frame = pd.DataFrame(
        {
            "client": [f"S{number:04d}" for number in client],
            "day": day,
            "branch": branch,
            "service": service,
            "stylist": stylist,
            "price": np.round(typical * dearer * random.lognormal(0.0, 0.18, n), 2),
            "rebooked": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"client": "customer_key", "day": "time", "price": "amount"}
    return workspace_of(frame, roles, {"price": "GBP"}, "transactions", "appointments")


@cache
def _market() -> Any:
    random = np.random.default_rng(76)
    n = 10400
    category = random.choice(
        ["Phones", "Clothing", "Furniture", "Books", "Bikes"], n, p=[0.22, 0.36, 0.13, 0.21, 0.08]
    )
    typical = pd.Series(category).map(
        {"Phones": 215.0, "Clothing": 28.0, "Furniture": 140.0, "Books": 9.0, "Bikes": 330.0}
    )
    slow = pd.Series(category).map(
        {"Phones": 6.0, "Clothing": 17.0, "Furniture": 31.0, "Books": 24.0, "Bikes": 13.0}
    )
    boosted = random.random(n) < np.where(category == "Phones", 0.34, 0.16)
    chance = pd.Series(category).map(
        {"Phones": 0.14, "Clothing": 0.09, "Furniture": 0.03, "Books": 0.01, "Bikes": 0.05}
    )
    day = pd.Timestamp("2024-02-01") + pd.to_timedelta((random.beta(1.6, 1.0, n) * 425).astype(int), "D")
    frame = pd.DataFrame(
        {
            "seller": [f"U{number:04d}" for number in (random.beta(0.7, 2.3, n) * 3100).astype(int)],
            "sold": day,
            "category": category,
            "boosted": np.where(boosted, "Yes", "No"),
            "days_listed": (random.gamma(1.6, slow / 1.6) * np.where(boosted, 0.6, 1.0)).round() + 1,
            "price": np.round(typical * random.lognormal(0.0, 0.45, n), 2),
            "sent_back": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"seller": "customer_key", "sold": "time", "price": "amount"}
    return workspace_of(frame, roles, {"price": "USD"}, "transactions", "sales")


@cache
def _school() -> Any:
    random = np.random.default_rng(77)
    n = 2940
    language = random.choice(
        ["Spanish", "German", "Japanese", "Italian", "Arabic"], n, p=[0.37, 0.24, 0.16, 0.14, 0.09]
    )
    form = np.where(
        random.random(n) < np.where(language == "Japanese", 0.62, 0.35),
        "Online",
        random.choice(["Evening", "Intensive"], n, p=[0.7, 0.3]),
    )
    hours = np.round(random.normal(np.where(form == "Intensive", 118, 54), 12, n))
    chance = 0.25 + 0.005 * hours - np.where(language == "Arabic", 0.14, 0.0)
    frame = pd.DataFrame(
        {
            "learner": [f"L{number:04d}" for number in range(n)],
            "language": language,
            "format": form,
            "hours": hours,
            "age": np.where(
                random.random(n) < 0.071, np.nan, np.clip(random.gamma(6.0, 6.0, n), 16, 81).round()
            ),
            "phone": np.where(random.random(n) < 0.184, None, "given"),
            "fee": np.round(hours * np.where(form == "Online", 7.5, 11.0) * random.lognormal(0.0, 0.1, n)),
            "passed": np.where(random.random(n) < chance, "Yes", "No"),
        }
    )
    roles = {"learner": "customer_key", "passed": "outcome"}
    return workspace_of(frame, roles, {"fee": "EUR"}, "customers", "learners")


MADE: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(MUSEUM, _museum),
    **dict.fromkeys(VET, _vet),
    **dict.fromkeys(COURIER, _courier),
    **dict.fromkeys(CARS, _cars),
    **dict.fromkeys(SALON, _salon),
    **dict.fromkeys(MARKET, _market),
    **dict.fromkeys(SCHOOL, _school),
}
