"""Kept apart: conversations of three to six turns, on figures and on segments that are changed."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, number, percent, rows, segments, shows
from tests.questions.model import Asker, Expect, Question

hotel, loans, wallet, telco, shop, clinic = (
    Asker(n, "apart") for n in ("hotel", "loans", "wallet", "telco", "shop", "clinic")
)
gifts, bank, calls, club, policies, cards = (
    Asker(n, "apart") for n in ("gifts", "bank", "calls", "club", "policies", "cards")
)
Frame = pd.DataFrame


def per_segment(t: Frame) -> pd.Series:
    return t["market_segment"].value_counts()


def cancelled(t: Frame) -> pd.Series:
    return t[t["is_canceled"] == 1]["market_segment"].value_counts()


def owed(t: Frame, how: str, *, homes: bool = True) -> pd.Series:
    part = t if homes else t[t["LoanType"] != "Home"]
    return pd.Series(part.groupby("Branch")["OutstandingBal"].agg(how))


def monthly(t: Frame) -> pd.Series:
    return t.groupby(t["paid_at"].dt.to_period("M"))["amount_inr"].sum()


def through(t: Frame) -> Frame:
    return t[t["status"] == "Success"]


def bought(o: Frame, c: Frame, cities: list[str] | None, *, kept: bool = False) -> Expect:
    """Revenue by category, with the repeated rows or without."""
    made = []
    for orders in (o, o.drop_duplicates()):
        part = orders.merge(c, on="customer_id")
        part = part if cities is None else part[part["city"].isin(cities)]
        part = part[part["returned"] == "N"] if kept else part
        made.append(rows(part.groupby("category")["net_amount"].sum()))
    return either(*made)


def november(a: Frame) -> Frame:
    return a[a["appt_at"].dt.month == 11]


def missed(a: Frame) -> Frame:
    return november(a)[november(a)["status"] == "No-show"]


def given(t: Frame, year: int | None = None) -> pd.Series:
    part = t if year is None else t[t["gift_dt"].dt.year == year]
    return part.groupby("donor_type")["amt_usd"].mean()


def hamburg_too(o: Frame, c: Frame) -> Expect:
    """Hamburg instead, or both cities together."""
    return bought(o, c, ["Hamburg"]) | bought(o, c, ["Berlin", "Hamburg"])


def hamburg_kept(o: Frame, c: Frame) -> Expect:
    return bought(o, c, ["Hamburg"], kept=True) | bought(o, c, ["Berlin", "Hamburg"], kept=True)


def split_by_device(t: Frame) -> Expect:
    """Month by device, or device alone."""
    part = through(t)
    cross = part.groupby([part["paid_at"].dt.to_period("M"), "device"])["amount_inr"].sum()
    return rows([((m, d), float(v)) for (m, d), v in cross.items()]) | rows(
        part.groupby("device")["amount_inr"].sum())  # fmt: skip


TALKS: tuple[Question, ...] = (
    hotel.dialogue("ao-segs", "medium", "terse",
        ("bookings per market segment", lambda t: rows(per_segment(t))),
        ("only the cancelled ones", lambda t: rows(cancelled(t))),
        ("as % of each segment", lambda t: rows(cancelled(t) / per_segment(t), as_percent=True)),
        ("draw that as bars", lambda t: chart("bar", cancelled(t) / per_segment(t), as_percent=True))),
    loans.dialogue("ao-owed", "easy", "plain",
        ("what's the average outstanding per branch?", lambda t: rows(owed(t, "mean"))),
        ("and the median?", lambda t: rows(owed(t, "median"))),
        ("leave out the home loans", lambda t: rows(owed(t, "median", homes=False)))),
    wallet.dialogue("ao-months", "medium", "business",
        ("total amount paid per month", lambda t: rows(monthly(t)) | rows(monthly(through(t)))),
        ("only successful payments please", lambda t: rows(monthly(through(t)))),
        ("split it by device", split_by_device)),
    shop.dialogue("ao-cities", "hard", "chatty",
        ("revenue by category", lambda o, c: bought(o, c, None)),
        ("now just for customers from berlin", lambda o, c: bought(o, c, ["Berlin"])),
        ("and hamburg?", hamburg_too),
        ("ok and without the returned orders", hamburg_kept)),
    clinic.dialogue("ao-nov", "medium", "plain",
        ("how many appointments in november", lambda a, p: number(len(november(a)))),
        ("how many of those were no-shows", lambda a, p: number(len(missed(a)))),
        ("which department had the most of them?", lambda a, p: leader(missed(a)["dept"].value_counts()))),
    gifts.dialogue("ao-avg", "easy", "terse",
        ("average gift", lambda t: number(t["amt_usd"].mean())),
        ("by donor type", lambda t: rows(given(t))),
        ("just 2024", lambda t: rows(given(t, 2024)))),
    bank.dialogue("ao-top", "easy", "business",
        ("top 5 cities by number of transactions",
         lambda t: rows(t["city"].value_counts().head(5), ordered=True)),
        ("same by total amount",
         lambda t: rows(t.groupby("city")["Amount"].sum().nlargest(5), ordered=True)),
        ("only women", lambda t: rows(t[t["CustGender"] == "F"].groupby("city")["Amount"].sum().nlargest(5),
                                      ordered=True))),
    calls.dialogue("ao-agents", "medium", "chatty",
        ("avg talk time per agent", lambda t: rows(t.groupby("agent")["talk_sec"].mean())
         | rows(t[t["talk_sec"] > 0].groupby("agent")["talk_sec"].mean())),
        ("no sorry, i meant the waiting time", lambda t: rows(t.groupby("agent")["wait_sec"].mean())),
        ("top 3 is enough", lambda t: rows(t.groupby("agent")["wait_sec"].mean().nlargest(3), ordered=True))),
    policies.dialogue("ao-claims", "easy", "business",
        ("premium income per product", lambda t: rows(t.groupby("product")["annual_premium_gbp"].sum())),
        ("how many policies had at least one claim", lambda t: number((t["claims_count"] > 0).sum())),
        ("what is that in percent", lambda t: percent((t["claims_count"] > 0).mean())),
        ("and for pet?", lambda t: percent((t.loc[t["product"] == "Pet", "claims_count"] > 0).mean()))),
)  # fmt: skip


SEGMENTS: tuple[Question, ...] = (
    telco.dialogue("ao-core", "medium", "business",
        ("make 4 segments of our customers", lambda t: segments(4, 7043)),
        ("how large are they?", lambda t: segments(4, 7043) & mentions(r"\d+ customers|%|\d{3}")),
        ("call the largest one Core", lambda t: segments(4, 7043, names=["Core"])),
        ("what sets Core apart from the rest", lambda t: segments(4, 7043) & mentions(r"Core")),
        ("actually 3 segments would do", lambda t: segments(3, 7043))),
    cards.dialogue("ao-merge", "hard", "plain",
        ("cluster customers into 4", lambda t: segments(4, 8950)),
        ("merge the two smallest", lambda t: segments(3, 8950)),
        ("undo that", lambda t: segments(4, 8950)), kind="edit"),
    club.dialogue("ao-stays", "medium", "chatty",
        ("split members into those with at least one stay in the last 12 months and those with none",
         lambda t: segments(2, 1200, sizes=[int(n) for n in (t["Stays12M"] > 0).value_counts()])),
        ("rename the bigger one to Active", lambda t: segments(2, 1200, names=["Active"])),
        ("average points balance of each of them",
         lambda t: shows(*t.groupby(t["Stays12M"] > 0)["PointsBal"].mean())), kind="edit"),
)  # fmt: skip

QUESTIONS = TALKS + SEGMENTS
