"""Talks about orders, bookings, subscriptions, calls and a club: short follow-ups as strangers type them."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.gold import chart, leader, mentions, number, percent, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined, orders_only

retail, cdnow, shop, hotel = (Asker(n, "open") for n in ("retail", "cdnow", "shop", "hotel"))
subs, calls, club = (Asker(n, "open") for n in ("subscribers", "calls", "club"))
grocery, wholesale = Asker("grocery", "open"), Asker("wholesale", "open")
Frame = pd.DataFrame
ANY = Expect(statuses=frozenset({"answered", "clarify", "refused"}))


def yearly(t: Frame) -> pd.Series:
    part = t[t["order_date"] >= "2004"]
    return part.groupby(part["order_date"].dt.year)["revenue"].sum()


def month_of(t: Frame, column: str, month: str) -> Frame:
    return t[t[column].dt.strftime("%Y-%m") == month]


def back(t: Frame) -> pd.Series:
    return t["returned"] == "Y"


def rate_of(t: Frame, category: str) -> pd.Series:
    part = t[t["category"] == category]
    return back(part).groupby(part["channel"]).mean()


def in_2024(t: Frame) -> pd.Series:
    part = t[t["ordered_at"].dt.year == 2024]
    return part.groupby(part["ordered_at"].dt.to_period("M"))["net_amount"].sum()


def spent_in(t: Frame, city: str) -> Frame:
    return t[t["city"] == city]


ORDERS: tuple[Question, ...] = (
    retail.dialogue("fresh-t-years", "hard", "business",
        ("revenue by year from 2004 on", lambda t: rows(yearly(t), only=True)),
        ("as columns please", lambda t: chart("bar", yearly(t), labels=())),
        ("growth against the prior year?", lambda t: rows(yearly(t).pct_change().dropna(), as_percent=True)),
        ("what is behind the fall in 2006", lambda t: ANY & mentions(
            r"not why|cannot|can't|not (say|tell|prove|explain)|cause|orders|customers|reason|rose"))),
    retail.dialogue("fresh-t-dec", "medium", "terse",
        ("customers who ordered in dec 2005", lambda t: number(
            month_of(t, "order_date", "2005-12")["customer_id"].nunique())),
        ("what did they spend that month", lambda t: number(
            month_of(t, "order_date", "2005-12")["revenue"].sum())),
        ("per order", lambda t: number(month_of(t, "order_date", "2005-12")["revenue"].mean())),
        ("dec 2004?", lambda t: number(month_of(t, "order_date", "2004-12")["revenue"].mean()))),
    cdnow.dialogue("fresh-t-cds", "medium", "chatty",
        ("how many cds were sold in 1997", lambda t: number(
            t.loc[t["date"].dt.year == 1997, "number_of_cds"].sum())),
        ("and 1998", lambda t: number(t.loc[t["date"].dt.year == 1998, "number_of_cds"].sum())),
        ("why so much less?", lambda t: ANY & mentions(
            r"June|half|six months|not why|cannot|can't|not (say|tell|prove|explain)|only|ends?|fewer"))),
    shop.dialogue("fresh-t-returns", "hard", "business",
        ("orders by channel", orders_only(lambda t: rows(t["channel"].value_counts()))),
        ("just the returned ones", orders_only(lambda t: rows(t.loc[back(t), "channel"].value_counts()))),
        ("as a share of each channel's orders", orders_only(lambda t: rows(
            back(t).groupby(t["channel"]).mean(), as_percent=True))),
        ("for shoes", orders_only(lambda t: rows(rate_of(t, "Shoes"), as_percent=True))),
        ("sorry, bags", orders_only(lambda t: rows(rate_of(t, "Bags"), as_percent=True)))),
    shop.dialogue("fresh-t-tiers", "hard", "plain",
        ("average age of gold customers", lambda o, c: number(
            c.loc[c["loyalty_tier"] == "Gold", "age"].mean())),
        ("silver", lambda o, c: number(c.loc[c["loyalty_tier"] == "Silver", "age"].mean())),
        ("all tiers side by side", lambda o, c: rows(c.groupby("loyalty_tier")["age"].mean())),
        ("now the revenue of each tier", joined(lambda t: rows(
            t.groupby("loyalty_tier")["net_amount"].sum())))),
    shop.dialogue("fresh-t-cities", "hard", "chatty",
        ("revenue in berlin", joined(lambda t: number(spent_in(t, "Berlin")["net_amount"].sum()))),
        ("no, munich", joined(lambda t: number(spent_in(t, "Munich")["net_amount"].sum()))),
        ("i meant number of orders not revenue", joined(lambda t: number(len(spent_in(t, "Munich"))))),
        ("ok now berlin and munich next to each other", joined(lambda t: rows(
            t["city"].value_counts()[["Berlin", "Munich"]])))),
    shop.dialogue("fresh-t-2024", "medium", "terse",
        ("revenue per month 2024", orders_only(lambda t: rows(in_2024(t), only=True))),
        ("best one?", orders_only(lambda t: leader(in_2024(t)))),
        ("worst", orders_only(lambda t: leader(in_2024(t), least=True))),
        ("total of the half year", orders_only(lambda t: number(in_2024(t).sum())))),
)  # fmt: skip


def sane(t: Frame) -> Frame:
    return t[t["adr"] < 5400]


def french(t: Frame) -> Frame:
    return t[t["country"] == "FRA"]


TRAVEL: tuple[Question, ...] = (
    hotel.dialogue("fresh-t-adr", "hard", "chatty",
        ("mean adr?", lambda t: number(t["adr"].mean())),
        ("looks too high. leave out everything of 5000 and above", lambda t: number(sane(t)["adr"].mean())),
        ("per hotel", lambda t: rows(sane(t).groupby("hotel")["adr"].mean())),
        ("median of it", lambda t: rows(sane(t).groupby("hotel")["adr"].median()))),
    hotel.dialogue("fresh-t-france", "hard", "plain",
        ("how many bookings came from France", lambda t: number(len(french(t)))),
        ("how many of these were cancelled", lambda t: number(french(t)["is_canceled"].sum())),
        ("what rate is that", lambda t: percent(french(t)["is_canceled"].mean())),
        ("vs Spain?", lambda t: percent(t.loc[t["country"] == "ESP", "is_canceled"].mean())
         | shares(*(t.loc[t["country"] == c, "is_canceled"].mean() for c in ("ESP", "FRA"))))),
    hotel.dialogue("fresh-t-nights", "medium", "business",
        ("room nights by market segment", lambda t: rows(t.groupby("market_segment")["nights"].sum())),
        ("excl cancelled", lambda t: rows(
            t[t["is_canceled"] == 0].groupby("market_segment")["nights"].sum())),
        ("2024", lambda t: rows(t[(t["is_canceled"] == 0) & (t["arrival_date"].dt.year == 2024)].groupby(
            "market_segment")["nights"].sum())),
        ("only the biggest two", lambda t: rows(t[(t["is_canceled"] == 0)
                                                  & (t["arrival_date"].dt.year == 2024)].groupby(
            "market_segment")["nights"].sum().nlargest(2), ordered=True, only=True))),
)  # fmt: skip


def joins(t: Frame, via: str = "") -> pd.Series:
    part = t[(t["joined"].dt.year == 2023) & t["acquired_via"].str.contains(via)]
    return part.groupby(part["joined"].dt.to_period("M")).size()


def active(t: Frame) -> pd.Series:
    return t["cancelled_on"].isna()


def of_month(t: Frame) -> pd.Series:
    return t.groupby(t["started_at"].dt.to_period("M"))["wait_sec"].mean()


def happy(t: Frame) -> pd.Series:
    return t.groupby("queue")["csat"].mean()


def opted(t: Frame) -> Expect:
    """By the chi-square test at five percent."""
    found = stats.chi2_contingency(pd.crosstab(t["Sex"], t["EmailOptIn"]))
    return verdict(bool(found.pvalue < 0.05))


SERVICES: tuple[Question, ...] = (
    subs.dialogue("fresh-t-joins", "hard", "business",
        ("how many joined in 2023", lambda t: number(joins(t).sum())),
        ("by month", lambda t: rows(joins(t), only=True)),
        ("line chart", lambda t: chart("line", joins(t), labels=())),
        ("only referrals", lambda t: rows(joins(t, "Referral"))
         | chart("line", joins(t, "Referral"), labels=())),
        ("and how many is that for the whole year", lambda t: number(joins(t, "Referral").sum()))),
    subs.dialogue("fresh-t-active", "hard", "terse",
        ("active subs by plan (no cancel date)", lambda t: rows(t.loc[active(t), "plan"].value_counts())),
        ("%", lambda t: rows(t.loc[active(t), "plan"].value_counts(normalize=True), as_percent=True)),
        ("and the cancelled ones", lambda t: rows(t.loc[~active(t), "plan"].value_counts(normalize=True),
                                                  as_percent=True)
         | rows(t.loc[~active(t), "plan"].value_counts()))),
    subs.dialogue("fresh-t-hours", "medium", "chatty",
        ("hey how much do premium people watch on avg", lambda t: number(
            t.loc[t["plan"] == "Premium", "hours_watched_30d"].mean())),
        ("basic?", lambda t: number(t.loc[t["plan"] == "Basic", "hours_watched_30d"].mean())),
        ("is that a real difference", lambda t: verdict(False))),
    calls.dialogue("fresh-t-months", "hard", "plain",
        ("how many calls in march", lambda t: number((t["started_at"].dt.month == 3).sum())),
        ("show april and may as well", lambda t: shows(
            *((t["started_at"].dt.month == m).sum() for m in (4, 5)))),
        ("average wait in each of them", lambda t: rows(of_month(t))
         | rows(of_month(t).iloc[1:])),
        ("which was worst", lambda t: leader(of_month(t)) | leader(of_month(t).iloc[1:]))),
    calls.dialogue("fresh-t-csat", "medium", "terse",
        ("csat billing", lambda t: number(happy(t)["Billing"])),
        ("technical", lambda t: number(happy(t)["Technical"])),
        ("all queues", lambda t: rows(happy(t))),
        ("lowest", lambda t: leader(happy(t), least=True)),
        ("how many ratings is that", lambda t: number(
            t.loc[t["queue"] == happy(t).idxmin(), "csat"].notna().sum()))),
    club.dialogue("fresh-t-points", "hard", "business",
        ("average points balance by city", lambda t: rows(t.groupby("City")["PointsBal"].mean())),
        ("platinum only", lambda t: rows(t[t["Tier"] == "Platinum"].groupby("City")["PointsBal"].mean())),
        ("top 3", lambda t: rows(t[t["Tier"] == "Platinum"].groupby("City")["PointsBal"].mean().nlargest(3),
                                 ordered=True, only=True)),
        ("all tiers again", lambda t: rows(t.groupby("City")["PointsBal"].mean().nlargest(3)))),
    club.dialogue("fresh-t-optin", "hard", "plain",
        ("what share of members opted in to e-mail", lambda t: percent((t["EmailOptIn"] == "Y").mean())),
        ("women", lambda t: percent((t.loc[t["Sex"] == "F", "EmailOptIn"] == "Y").mean())),
        ("men", lambda t: percent((t.loc[t["Sex"] == "M", "EmailOptIn"] == "Y").mean())),
        ("significant?", opted)),
    grocery.dialogue("fresh-t-hours", "hard", "terse",
        ("reorder rate by hour of day", lambda t: rows(
            t.groupby("order_hour_of_day")["reordered"].mean(), as_percent=True)),
        ("highest?", lambda t: leader(t.groupby("order_hour_of_day")["reordered"].mean(), share=True)),
        ("and overall", lambda t: percent(t["reordered"].mean()))),
    wholesale.dialogue("fresh-t-sued", "medium", "misspelt",
        ("Umsatz in Süd", lambda t: number(t.loc[t["Region"] == "Süd", "Umsatz"].sum())),
        ("und nord?", lambda t: number(t.loc[t["Region"] == "Nord", "Umsatz"].sum())),
        ("by produkt", lambda t: rows(t[t["Region"] == "Nord"].groupby("Produkt")["Umsatz"].sum())),
        ("avg per invoice instead of the sum", lambda t: rows(
            t[t["Region"] == "Nord"].groupby("Produkt")["Umsatz"].mean()))),
)  # fmt: skip

QUESTIONS = ORDERS + TRAVEL + SERVICES
