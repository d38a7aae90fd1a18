"""Talks whose kind once went wrong: corrections, moved periods, two figures compared, narrowed rows."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import chart, mentions, name, number, percent, rows, segments
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Question

wallet, parcels, clinic = (Asker(n, "open") for n in ("wallet", "parcels", "clinic"))
calls, hotel, loans = (Asker(n, "open") for n in ("calls", "hotel", "loans"))
telco, retail = (Asker(n, "open") for n in ("telco", "retail"))
policies, airline, club = (Asker(n, "open") for n in ("policies", "airline", "club"))
Frame = pd.DataFrame


def in_month(t: Frame, column: str, month: str) -> Frame:
    return t[t[column].dt.strftime("%Y-%m") == month]


def frequent(t: Frame) -> float:
    money, n = t.groupby("user_id")["amount_inr"].sum(), t["user_id"].value_counts()
    return float(money[n.reindex(money.index) > 10].sum() / money.sum())


QUESTIONS: tuple[Question, ...] = (
    calls.dialogue("mend-meant", "medium", "chatty",
        ("average waiting time per queue", lambda t: rows(t.groupby("queue")["wait_sec"].mean())),
        ("no sorry, i meant the talk time", lambda t: rows(t.groupby("queue")["talk_sec"].mean())),
        ("only calls longer than 300 seconds", lambda t: rows(
            t[t["talk_sec"] > 300].groupby("queue")["talk_sec"].mean()))),
    wallet.dialogue("mend-share", "hard", "business",
        ("users with more than 10 payments", lambda t: number((t["user_id"].value_counts() > 10).sum())),
        ("their share of the amount", lambda t: percent(frequent(t))),
        ("and how much is that in rupees?", lambda t: number(frequent(t) * t["amount_inr"].sum()))),
    telco.dialogue("mend-each", "medium", "terse",
        ("segment by contract", lambda t: segments(3, 7043)),
        ("churn in each", lambda t: segments(3) & shares(
            *(t["Churn"] == "Yes").groupby(t["Contract"]).mean())),
        ("monthly charges in each", lambda t: segments(3) & rows(
            t.groupby("Contract")["MonthlyCharges"].mean()))),
    clinic.dialogue("mend-second-date", "hard", "business",
        ("how many appointments were no-shows in february", lambda a, p: number(
            (in_month(a, "appt_at", "2025-02")["status"] == "No-show").sum())),
        ("and in march?", lambda a, p: number(
            (in_month(a, "appt_at", "2025-03")["status"] == "No-show").sum())),
        ("and in april?", lambda a, p: number(
            (in_month(a, "appt_at", "2025-04")["status"] == "No-show").sum()))),
    hotel.dialogue("mend-two", "medium", "plain",
        ("average adr in july 2024", lambda t: number(in_month(t, "arrival_date", "2024-07")["adr"].mean())),
        ("and august", lambda t: number(in_month(t, "arrival_date", "2024-08")["adr"].mean())),
        ("which of the two was higher", lambda t: number(
            in_month(t, "arrival_date", "2024-07")["adr"].mean()))),
    policies.dialogue("mend-others", "medium", "plain",
        ("average premium of motor", lambda t: number(
            t.loc[t["product"] == "Motor", "annual_premium_gbp"].mean())),
        ("compare that to the other products", lambda t: rows(
            t.groupby("product")["annual_premium_gbp"].mean())),
        ("which one is the highest?", lambda t: name(
            t.groupby("product")["annual_premium_gbp"].mean().idxmax()))),
    loans.dialogue("mend-apart", "medium", "business",
        ("what sets the defaulters apart from the others", lambda t: mentions(r"credit score", r"\d"))),
    airline.dialogue("mend-means", "easy", "plain",
        ("what does qual miles mean", lambda t: mentions(r"qual\w* miles", r"description|means"))),
    hotel.dialogue("mend-based", "medium", "business",
        ("cancellation rate for direct", lambda t: percent(
            t.loc[t["market_segment"] == "Direct", "is_canceled"].mean())),
        ("how many bookings is that based on", lambda t: number((t["market_segment"] == "Direct").sum())),
        ("and how many of those were canceled?", lambda t: number(
            t.loc[t["market_segment"] == "Direct", "is_canceled"].sum()))),
    parcels.dialogue("mend-ranked", "medium", "terse",
        ("top 2 depots by charge", lambda t: rows(
            t.groupby("depot")["charge_gbp"].sum().nlargest(2), ordered=True, only=True)),
        ("by number of parcels then", lambda t: rows(
            t["depot"].value_counts().head(2), ordered=True, only=True)),
        ("make it the top 3", lambda t: rows(
            t["depot"].value_counts().head(3), ordered=True, only=True))),
    club.dialogue("mend-lowest", "medium", "plain",
        ("total spend by city", lambda t: rows(t.groupby("City")["SpendINR"].sum())),
        ("which one was lowest?", lambda t: name(t.groupby("City")["SpendINR"].sum().idxmin())),
        ("make it a pie chart", lambda t: chart("pie", t.groupby("City")["SpendINR"].sum()))),
    retail.dialogue("mend-exact", "easy", "chatty",
        ("revenue in 2005", lambda t: number(t.loc[t["order_date"].dt.year == 2005, "revenue"].sum())),
        ("how much exactly?", lambda t: number(t.loc[t["order_date"].dt.year == 2005, "revenue"].sum())),
        ("and in 2006?", lambda t: number(t.loc[t["order_date"].dt.year == 2006, "revenue"].sum()))),
)  # fmt: skip
