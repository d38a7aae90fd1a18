"""Facts as tools tell them of nine small businesses, and tables of a bakery and a museum that tools read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from assistant.session import Session, Step
from tests.small_tables import workspace_of
from tools.core import Fact, ToolResult

Call = tuple[str, dict[str, Any]]
_Groups = Mapping[str, tuple[float, ...]]  # by group, the values of several facts
_Named = tuple[tuple[str, str | None], ...]  # name and unit of each of them

BAKERY = ("bakery_shops", "bakery_quarters", "bakery_baskets", "bakery_tills")
MUSEUM = ("museum_tiers", "museum_lapses", "museum_visits", "museum_rules", "museum_ties")
_COUNT = {"statistic": "count"}


def _of(statistic: str, column: str) -> dict[str, Any]:
    return {"statistic": statistic, "column": column}


def _where(column: str) -> dict[str, Any]:
    return {**_COUNT, "where": [{"column": column, "value": "Yes"}], "per": _COUNT}


CALLS: dict[str, list[Call]] = {
    "bakery_shops": [
        (
            "aggregate",
            {
                "measures": [_of("sum", "amount"), _of("median", "amount"), _COUNT],
                "by": [{"column": "shop"}],
                "share_of_total": True,
            },
        ),
    ],
    "bakery_quarters": [("show_trend", {"measure": _of("sum", "amount"), "grain": "quarter"})],
    "bakery_baskets": [("show_distribution", {"column": "amount"})],
    "bakery_tills": [("cross_table", {"rows": "shop", "columns": "till", "normalise": "rows"})],
    "museum_tiers": [
        (
            "aggregate",
            {"measures": [_COUNT, _of("mean", "age")], "by": [{"column": "tier"}], "share_of_total": True},
        ),
    ],
    "museum_lapses": [("aggregate", {"measures": [_where("lapsed")], "by": [{"column": "tier"}]})],
    "museum_visits": [("compare_groups", {"column": "visits", "by": "lapsed"})],
    "museum_rules": [
        (
            "segment_by_rules",
            {
                "segments": [
                    {"name": "Regulars", "where": [{"column": "visits", "is": "at_least", "value": 9}]},
                    {"name": "Shoppers", "where": [{"column": "spent", "is": "at_least", "value": 90}]},
                    {"name": "Sleepers", "where": [{"column": "visits", "is": "at_most", "value": 2}]},
                ],
                "otherwise": "Occasionals",
            },
        ),
        ("describe_segments", {}),
    ],
    "museum_ties": [("correlate", {"columns": ["visits", "spent", "age"]})],
}


@cache
def _bakery() -> Any:
    random = np.random.default_rng(301)
    n = 6400
    shop = random.choice(["Canal", "Square", "Abbey", "Depot"], n, p=[0.41, 0.29, 0.19, 0.11])
    typical = pd.Series(shop).map({"Canal": 9.4, "Square": 7.1, "Abbey": 12.6, "Depot": 6.2})
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta((random.beta(1.0, 1.35, n) * 731).astype(int), "D")
    frame = pd.DataFrame(
        {
            "day": day,
            "shop": shop,
            "till": random.choice(["Card", "Cash", "App"], n, p=[0.55, 0.27, 0.18]),
            "amount": np.round(typical * random.lognormal(0.0, 0.55, n), 2),
        }
    )
    return workspace_of(
        frame, {"day": "time", "amount": "amount"}, {"amount": "EUR"}, "transactions", "sales"
    )


@cache
def _museum() -> Any:
    random = np.random.default_rng(302)
    n = 2600
    tier = random.choice(["Solo", "Duo", "Family", "Patron"], n, p=[0.46, 0.27, 0.2, 0.07])
    age = random.normal(pd.Series(tier).map({"Solo": 37.0, "Duo": 52.0, "Family": 41.0, "Patron": 63.0}), 7.0)
    lapsed = random.random(n) < pd.Series(tier).map(
        {"Solo": 0.31, "Duo": 0.14, "Family": 0.19, "Patron": 0.05}
    )
    visits = random.poisson(np.where(lapsed, 2.4, 6.3))
    frame = pd.DataFrame(
        {
            "card": [f"M{number:04d}" for number in range(n)],
            "tier": tier,
            "age": np.clip(np.round(age), 16, 92),
            "visits": visits,
            "spent": np.round((14.0 + 8.5 * visits) * random.lognormal(0.0, 0.6, n), 2),
            "lapsed": np.where(lapsed, "Yes", "No"),
        }
    )
    roles = {"card": "customer_key", "lapsed": "outcome"}
    return workspace_of(frame, roles, {"spent": "GBP"}, "customers", "members")


MADE: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(BAKERY, _bakery),
    **dict.fromkeys(MUSEUM, _museum),
}


def _table(column: str, named: _Named, groups: _Groups) -> Iterator[Fact]:
    """Yield facts about the groups of a column; an empty group is everybody."""
    for place, (name, unit) in enumerate(named):
        for group, values in groups.items():
            if place < len(values):
                scope = (f"{column} = {group}" if column else group) if group else ""
                yield Fact(name, values[place], unit, scope)


def _pharmacy() -> Iterator[Fact]:
    named = (("sum_basket", "EUR"), ("share_pct", "%"), ("median_basket", "EUR"),
             ("share_n_transactions_pct", "%"), ("n_transactions", "transactions"))  # fmt: skip
    yield from _table(
        "branch",
        named,
        {
            "Harbour": (412600, 46.5, 61.4, 39.38, 5120),
            "Station": (238900, 26.9, 38.2, 34.46, 4480),
            "Market": (171300, 19.3, 70.5, 15.85, 2060),
            "Hill": (64200, 7.2, 41.0, 10.31, 1340),
        },
    )
    yield Fact("n_transactions", 13000, "transactions")


def _gym() -> Iterator[Fact]:
    named = (("n_customers_where_share_pct", "%"), ("n_customers", "customers"), ("mean_age", None))
    groups = {"Day": (18.4, 940, 38.2), "Flex": (9.3, 410, 44.6), "Annual": (4.0, 150, 37.8)}
    yield from _table("plan", named, groups)
    yield Fact("n_customers_where_share_pct", 14.4667, "%")
    yield Fact("n_customers", 1500, "customers")
    visits = (("mean", None), ("median", None), ("n_customers", "customers"))
    yield from _table("cancelled", visits, {"No": (9.6, 8.0, 1283), "Yes": (4.2, 3.0, 217)})
    yield Fact("difference", 5.4, None, "No against Yes")


def _bikes() -> Iterator[Fact]:
    rentals = (1240, 1310, 1180, 1020, 960, 870, 800, 690)
    days = [f"{year}-{month:02d}-01" for year in (2023, 2024) for month in (1, 4, 7, 10)]
    yield from (Fact("n_rentals", n, "rentals", day) for n, day in zip(rentals, days, strict=True))
    yield Fact("change_pct", 100.0 * (690 / 1240 - 1), "%", f"{days[0]} to {days[-1]}")
    yield Fact("change_pct", -13.75, "%", "last two full quarters")


def _flats() -> Iterator[Fact]:
    parts = {5: 380.0, 25: 560.0, 75: 1190.0, 95: 2400.0}
    yield from (Fact(f"percentile_{part}_rent", value, "EUR") for part, value in parts.items())
    for name, value in (("median", 740.0), ("mean", 1010.0), ("max", 6660.0)):
        yield Fact(f"{name}_rent", value, "EUR")
    yield from (Fact("n_rows", 3210, "rows"), Fact("n_missing_rent", 290, "rows"))


def _wine() -> Iterator[Fact]:
    named = (("size", "customers"), ("share_of_customers_pct", "%"), ("share_of_spend_pct", "%"),
             ("median_spend", "EUR"), ("left_rate_pct", "%"))  # fmt: skip
    yield from _table(
        "",
        named,
        {
            "Cellar regulars": (512, 51.2, 64.1, 410.0, 5.1),
            "Gift buyers": (233, 23.3, 20.2, 180.0, 12.4),
            "Newcomers": (148, 14.8, 9.6, 95.0, 30.2),
            "Lapsed": (107, 10.7, 6.1, 80.0, 41.0),
        },
    )
    yield from (Fact("n_segments", 4, "segments"), Fact("n_customers", 1000, "customers"))
    yield from (Fact("left_rate_pct", 14.4, "%", "everybody"), Fact("n_stable", 3, "segments"))
    yield Fact("smallest_segment_pct", 9.0, "%", "Evidence: a split in 6")


def _ties() -> Iterator[Fact]:
    yield from (Fact("pearson_r", 0.54, None, "donations and minutes"),
                Fact("r_low", 0.49, None, "donations and minutes"),
                Fact("r_high", 0.58, None, "donations and minutes"),
                Fact("r_squared_pct", 29.2, "%", "donations and minutes"),
                Fact("pearson_r", 0.12, None, "donations and age"))  # fmt: skip


def _wards() -> Iterator[Fact]:
    for ward, missed, n in (("Ward A", 96, 400), ("Ward B", 60, 600), ("Ward C", 24, 300)):
        for answer, count in (("Yes", missed), ("No", n - missed)):
            yield Fact("n_visits", count, None, f"ward = {ward}; missed = {answer}")
        yield Fact("n_visits_where_share_pct", 100.0 * missed / n, "%", f"ward = {ward}")
        yield Fact("n_visits", n, "visits", f"ward = {ward}")
    yield from (Fact("n_visits_where_share_pct", 100.0 * 180 / 1300, "%"), Fact("n_visits", 1300, "visits"))


def _waits() -> Iterator[Fact]:
    named = (("n_visits", "visits"), ("median_wait_min", None))
    yield from _table("ward", named, {"Ward A": (400, 41.0), "Ward B": (600, 26.0), "Ward C": (300, 33.0)})


def _hotel() -> Iterator[Fact]:
    named = (("n_nights", "nights"), ("median_price", "EUR"))
    yield from _table("town", named, {"Lyon": (320, 91.5), "Nice": (210, 62.0), "Metz": (90, 130.2)})
    yield Fact("n_nights", 620, "nights")


# topic -> the tool that tells such facts, the columns of its table and the facts
_AS_TOLD: dict[str, tuple[str, tuple[str, ...], Callable[[], Iterator[Fact]]]] = {
    "told_pharmacy": ("aggregate", ("branch", "basket"), _pharmacy),
    "told_gym": ("aggregate", ("plan", "age", "visits", "cancelled"), _gym),
    "told_bikes": ("show_trend", ("day", "rentals"), _bikes),
    "told_flats": ("show_distribution", ("rent",), _flats),
    "told_wine": ("describe_segments", ("spend", "left"), _wine),
    "told_ties": ("correlate", ("donations", "minutes", "age"), _ties),
    "told_wards": ("cross_table", ("ward", "missed"), _wards),
    "told_waits": ("aggregate", ("ward", "wait_min"), _waits),
    "told_hotel": ("aggregate", ("town", "price"), _hotel),
}


@cache
def as_told(topic: str) -> tuple[Session, tuple[Step, ...]] | None:
    """Return a chat and a step with facts written as a tool would tell them; None for other topics."""
    if topic not in _AS_TOLD:
        return None
    tool, columns, facts = _AS_TOLD[topic]
    frame = pd.DataFrame({column: ["-"] for column in columns})
    return Session(workspace_of(frame)), (Step(tool, {}, ToolResult("", tuple(facts()))),)
