"""Kept apart: short talks over the counter, on figures and on segments that are changed."""

from __future__ import annotations

import pandas as pd

from tests.questions.apart_counter_sales import any_of, both_ways
from tests.questions.gold import chart, leader, mentions, number, percent, rows, segments
from tests.questions.model import Asker, Expect, Question

telco, hotel, parcels, gifts, loans = (
    Asker(n, "apart") for n in ("telco", "hotel", "parcels", "gifts", "loans")
)
shop, club, cards, calls, subscribers = (
    Asker(n, "apart") for n in ("shop", "club", "cards", "calls", "subscribers")
)
Frame = pd.DataFrame


def with_net(t: Frame, kind: str) -> pd.Series:
    return t.loc[t["InternetService"] == kind, "Churn"] == "Yes"


def rates(t: Frame, *, kept: bool = False, year: int | None = None) -> Expect:
    part = t[t["is_canceled"] == 0] if kept else t
    part = part if year is None else part[part["arrival_date"].dt.year == year]
    return rows(part.groupby("hotel")["adr"].mean())


def monthly(t: Frame, *, fast: bool = False) -> pd.Series:
    """Parcels by the month of collection."""
    part = t[t["svc_level"] == "Next-day"] if fast else t
    return part.groupby(part["collected_at"].dt.to_period("M")).size()


def donors(t: Frame, *, persons: bool = False) -> pd.Series:
    part = t[t["donor_type"] == "Individual"] if persons else t
    return pd.Series(part.groupby("donor_no")["amt_usd"].sum().nlargest(5))


def part_of_all(t: Frame) -> Expect:
    """Of all money, or of what individuals gave."""
    top = donors(t, persons=True).sum()
    persons = t.loc[t["donor_type"] == "Individual", "amt_usd"].sum()
    return percent(top / t["amt_usd"].sum()) | percent(top / persons)


def cities(o: Frame, c: Frame, *, each: bool = False, gold: bool = False, skip: str | None = None) -> Expect:
    """Revenue by city; a head is one who bought what is counted, or one who is registered."""
    made = []
    people = c[c["loyalty_tier"] == "Gold"] if gold else c
    for orders in both_ways(o):
        part = orders.merge(people, on="customer_id")
        part = part if skip is None else part[part["category"] != skip]
        by = part.groupby("city")
        if not each:
            made.append(rows(by["net_amount"].sum()))
            continue
        made.append(rows(by["net_amount"].sum() / by["customer_id"].nunique()))
        made.append(rows(by["net_amount"].sum() / people.groupby("city").size()))
    return any_of(*made)


def april(t: Frame) -> Frame:
    return t[t["started_at"].dt.month == 4]


def lifted(t: Frame, month: int) -> Frame:
    return t[(t["started_at"].dt.month == month) & (t["outcome"] == "Escalated")]


def and_may(t: Frame) -> Expect:
    """The queue again, the number again, or all calls."""
    found = lifted(t, 5)
    whole = leader(found["queue"].value_counts()) | number(len(found))
    return whole | number((t["started_at"].dt.month == 5).sum()) | rows(found["queue"].value_counts())


def watched(t: Frame, how: str, *, state: str | None = None) -> pd.Series:
    part = t if state is None else t[t["state"] == state]
    return pd.Series(part.groupby("plan")["hours_watched_30d"].agg(how))


FIGURES: tuple[Question, ...] = (
    telco.dialogue("ac-fiber", "easy", "plain",
        ("how many customers have fiber", lambda t: number(len(with_net(t, "Fiber optic")))),
        ("and how many of them left?", lambda t: number(with_net(t, "Fiber optic").sum())),
        ("in percent", lambda t: percent(with_net(t, "Fiber optic").mean())),
        ("same for dsl", lambda t: percent(with_net(t, "DSL").mean()))),
    hotel.dialogue("ac-adr", "medium", "terse",
        ("avg adr per hotel", lambda t: rates(t)),
        ("without cancelled bookings", lambda t: rates(t, kept=True)),
        ("and only 2024", lambda t: rates(t, kept=True, year=2024))),
    parcels.dialogue("ac-months", "medium", "plain",
        ("parcels collected per month", lambda t: rows(monthly(t))),
        ("just the next-day ones", lambda t: rows(monthly(t, fast=True))),
        ("draw that please", lambda t: chart("line|bar", monthly(t, fast=True), labels=())),
        ("which month was the highest", lambda t: leader(monthly(t, fast=True)))),
    gifts.dialogue("ac-donors", "medium", "business",
        ("top 5 donors by total given", lambda t: rows(donors(t), ordered=True)),
        ("individuals only", lambda t: rows(donors(t, persons=True), ordered=True)),
        ("how much is that together?", lambda t: number(donors(t, persons=True).sum())),
        ("what percentage of all the money is it", part_of_all)),
    loans.dialogue("ac-scores", "easy", "chatty",
        ("hi, what's the avg credit score we have", lambda t: number(t["CreditScore"].mean())),
        ("ok and of those who defaulted?",
         lambda t: number(t.loc[t["Defaulted"] == "Yes", "CreditScore"].mean())),
        ("and the ones that did not?",
         lambda t: number(t.loc[t["Defaulted"] == "No", "CreditScore"].mean()))),
    shop.dialogue("ac-cities", "hard", "business",
        ("revenue per city", cities),
        ("per customer instead", lambda o, c: cities(o, c, each=True)),
        ("gold tier only", lambda o, c: cities(o, c, each=True, gold=True)),
        ("and leave the bags out", lambda o, c: cities(o, c, each=True, gold=True, skip="Bags"))),
    calls.dialogue("ac-april", "medium", "chatty",
        ("how many calls came in in april?", lambda t: number(len(april(t)))),
        ("how many of those got escalated", lambda t: number(len(lifted(t, 4)))),
        ("which queue did most of these come from",
         lambda t: leader(lifted(t, 4)["queue"].value_counts())),
        ("and in may?", and_may)),
    subscribers.dialogue("ac-hours", "easy", "misspelt",
        ("avrage hours wached by plan", lambda t: rows(watched(t, "mean"))),
        ("the median insted", lambda t: rows(watched(t, "median"))),
        ("only karnatka", lambda t: rows(watched(t, "median", state="Karnataka"))),
        ("wich plan is lowest then", lambda t: leader(watched(t, "median", state="Karnataka"), least=True))),
)  # fmt: skip


def merged(t: Frame) -> list[int]:
    tiers = t["Tier"].replace({"Platinum": "Gold"})
    return [int(n) for n in tiers.value_counts()]


EDITS: tuple[Question, ...] = (
    club.dialogue("ac-vip", "medium", "plain",
        ("split the members by tier",
         lambda t: segments(4, 1200, sizes=[int(n) for n in t["Tier"].value_counts()])),
        ("put gold and platinum together", lambda t: segments(3, 1200, sizes=merged(t))),
        ("call that one VIP", lambda t: segments(3, 1200, sizes=merged(t), names=["VIP"])), kind="edit"),
    cards.dialogue("ac-redo", "hard", "business",
        ("make 3 segments on purchases and cash advance",
         lambda t: segments(3, 8950, uses=[r"purchase", r"cash"])),
        ("what is special about the smallest one?",
         lambda t: segments(3, 8950) & mentions(r"purchase|cash")),
        ("make it 5", lambda t: segments(5, 8950, uses=[r"purchase", r"cash"])),
        ("hm no, go back to 3", lambda t: segments(3, 8950))),
)  # fmt: skip

QUESTIONS = FIGURES + EDITS
