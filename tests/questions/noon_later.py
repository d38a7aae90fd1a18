"""More talks of three to five turns: narrowed, moved in time, set side by side, turned into segments."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import leader, listed, mentions, name, number, percent, rows, segments, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

gifts, wallet, policies = (Asker(n, "open") for n in ("gifts", "wallet", "policies"))
clinic, parcels, loans = (Asker(n, "open") for n in ("clinic", "parcels", "loans"))
calls, hotel, films = (Asker(n, "open") for n in ("calls", "hotel", "films"))
subs, club, telco = (Asker(n, "open") for n in ("subscribers", "club", "telco"))
Frame = pd.DataFrame


def paid(t: Frame, month: int, kind: str = "") -> Frame:
    part = t[t["paid_at"].dt.month == month]
    return part[part["merchant_type"] == kind] if kind else part


def held(t: Frame, n: int) -> Frame:
    return t[t["start_date"].dt.year == n]


def damage(t: Frame, by: str) -> pd.Series:
    return t.groupby(by)["damaged"].mean()


def heavy(t: Frame) -> Frame:
    return t[t["wt_kg"] > 10]


def nights(t: Frame, *countries: str) -> pd.Series:
    return t[t["country"].isin(countries)].groupby("country")["nights"].mean()


def scored(t: Frame, genre: str) -> float:
    return float(t.loc[t["genre"] == genre, "score"].mean())


def ages(t: Frame) -> pd.core.groupby.DataFrameGroupBy:
    return t.assign(gone=t["cancelled_on"].notna()).groupby(
        pd.cut(t["age"], [0, 29, 49, 120], labels=["a", "b", "c"]), observed=True
    )


def opted(t: Frame) -> pd.Series:
    return (t["EmailOptIn"] == "Y").groupby(t["City"]).mean()


QUESTIONS: tuple[Question, ...] = (
    wallet.dialogue("nlat-month", "hard", "business",
        ("what did people spend on travel in april?", lambda t: number(
            paid(t, 4, "Travel")["amount_inr"].sum()) | number(paid(t, 4, "Travel").query(
                "status == 'Success'")["amount_inr"].sum())),
        ("and the month after", lambda t: number(paid(t, 5, "Travel")["amount_inr"].sum())),
        ("by how much did that change", lambda t: shares(
            paid(t, 5, "Travel")["amount_inr"].sum() / paid(t, 4, "Travel")["amount_inr"].sum() - 1)
         | shows(abs(paid(t, 5, "Travel")["amount_inr"].sum() - paid(t, 4, "Travel")["amount_inr"].sum()))),
        ("forget travel, how about all types", lambda t: rows(
            paid(t, 5).groupby("merchant_type")["amount_inr"].sum())
         | number(paid(t, 5)["amount_inr"].sum())
         | shows(paid(t, 4)["amount_inr"].sum(), paid(t, 5)["amount_inr"].sum()))),
    policies.dialogue("nlat-channel", "medium", "plain",
        ("premium income by sales channel in 2023", lambda t: rows(
            held(t, 2023).groupby("sales_channel")["annual_premium_gbp"].sum())),
        ("the previous year?", lambda t: rows(
            held(t, 2022).groupby("sales_channel")["annual_premium_gbp"].sum())),
        ("back to all years", lambda t: rows(t.groupby("sales_channel")["annual_premium_gbp"].sum())),
        ("rank them from best to worst", lambda t: listed(t.groupby("sales_channel")[
            "annual_premium_gbp"].sum().sort_values(ascending=False).index, ordered=True)),
        ("and divided by the number of policies", lambda t: rows(
            t.groupby("sales_channel")["annual_premium_gbp"].mean()))),
    parcels.dialogue("nlat-damage", "hard", "business",
        ("how many parcels were damaged, by service level", lambda t: rows(
            t.groupby("svc_level")["damaged"].sum())),
        ("what share of each is that?", lambda t: rows(damage(t, "svc_level"), as_percent=True)),
        ("just parcels over 10 kg", lambda t: rows(damage(heavy(t), "svc_level"), as_percent=True)),
        ("not just the heavy ones", lambda t: rows(damage(t, "svc_level"), as_percent=True)),
        ("per depot instead", lambda t: rows(damage(t, "depot"), as_percent=True))),
    hotel.dialogue("nlat-nights", "medium", "chatty",
        ("which 3 countries send us the most bookings", lambda t: rows(
            t["country"].value_counts().head(3), ordered=True, only=True)),
        ("how long do they stay on average", lambda t: rows(nights(t, "PRT", "GBR", "ESP"))),
        ("and their cancellation rate", lambda t: rows(t[t["country"].isin(["PRT", "GBR", "ESP"])].groupby(
            "country")["is_canceled"].mean(), as_percent=True)),
        ("which of them is highest", lambda t: leader(t[t["country"].isin(["PRT", "GBR", "ESP"])].groupby(
            "country")["is_canceled"].mean(), share=True))),
    films.dialogue("nlat-score", "medium", "plain",
        ("average score of horror films", lambda t: number(scored(t, "Horror"))),
        ("and of comedies", lambda t: number(scored(t, "Comedy"))),
        ("which of the two is higher?", lambda t: name("Horror")),
        ("by how much", lambda t: number(scored(t, "Horror") - scored(t, "Comedy"), either_sign=True,
                                         tolerance=0.01))),
    clinic.dialogue("nlat-wait", "hard", "business",
        ("average waiting time in cardiology", lambda a, p: number(
            a.loc[a["dept"] == "Cardiology", "wait_min"].mean())),
        ("compare that with the other departments", lambda a, p: rows(a.groupby("dept")["wait_min"].mean())),
        ("sort it", lambda a, p: listed(
            a.groupby("dept")["wait_min"].mean().sort_values(ascending=False).index, ordered=True)
         | listed(a.groupby("dept")["wait_min"].mean().sort_values().index, ordered=True)),
        ("no sorry, i meant the fee", lambda a, p: rows(a.groupby("dept")["fee_eur"].mean()))),
    gifts.dialogue("nlat-appeals", "hard", "terse",
        ("top 2 appeals by amount in 2024", lambda t: rows(t[t["gift_dt"].dt.year == 2024].groupby(
            "appeal")["amt_usd"].sum().nlargest(2), ordered=True, only=True)),
        ("their average gift", lambda t: rows(t[(t["gift_dt"].dt.year == 2024) & t["appeal"].isin(
            t[t["gift_dt"].dt.year == 2024].groupby("appeal")["amt_usd"].sum().nlargest(2).index)].groupby(
                "appeal")["amt_usd"].mean())),
        ("only individuals", lambda t: rows(t[(t["gift_dt"].dt.year == 2024) & (
            t["donor_type"] == "Individual") & t["appeal"].isin(t[t["gift_dt"].dt.year == 2024].groupby(
                "appeal")["amt_usd"].sum().nlargest(2).index)].groupby("appeal")["amt_usd"].mean()))),
    calls.dialogue("nlat-rate", "medium", "business",
        ("share of dropped calls in the technical queue", lambda t: percent(
            (t.loc[t["queue"] == "Technical", "outcome"] == "Dropped").mean())),
        ("how many calls is that based on?", lambda t: number((t["queue"] == "Technical").sum())),
        ("and for sales?", lambda t: number((t["queue"] == "Sales").sum())),
        ("what does wait_sec mean", lambda t: mentions(r"wait", r"description|\bmeans?\b|stands for"))),
    subs.dialogue("nlat-ages", "hard", "business",
        ("segment subscribers by age: under 30, 30 to 49, 50 and over", lambda t: segments(
            sizes=ages(t).size())),
        ("which one is most likely to cancel", lambda t: percent(ages(t)["gone"].mean().max())),
        ("average hours watched in each", lambda t: shows(*ages(t)["hours_watched_30d"].mean())),
        ("how do the first and the last differ", lambda t: segments(at_least=3) & mentions(
            r"hours|fee|tickets|plan|nps|differ|alike|same")),
        ("are they any good?", lambda t: segments(at_least=3) & Expect(
            statuses=frozenset({"answered", "clarify", "refused"})))),
    club.dialogue("nlat-cities", "hard", "business",
        ("email opt in rate by city", lambda t: rows(opted(t), as_percent=True)),
        ("make those cities my segments", lambda t: segments(6, 1200, sizes=t["City"].value_counts())),
        ("which of them is most likely to opt in", lambda t: percent(opted(t).max())),
        ("merge pune and jaipur and call it West", lambda t: segments(
            5, 1200, sizes=[338], names=["West"])),
        ("how many platinum members are in it", lambda t: number(
            (t["City"].isin(["Pune", "Jaipur"]) & (t["Tier"] == "Platinum")).sum()))),
    telco.dialogue("nlat-contract", "hard", "business",
        ("segment by contract and rename Two year to Committed", lambda t: segments(
            3, 7043, sizes=t["Contract"].value_counts(), names=["Committed"])),
        ("what sets churners apart?", lambda t: mentions(r"contract|tenure", r"\d")),
        ("churn in each segment", lambda t: shares(*(t["Churn"] == "Yes").groupby(t["Contract"]).mean())),
        ("what should we do with them next", lambda t: segments(3) & mentions(
            r"offer|messag|campaign|contact|test|try|keep|reward"))),
    loans.dialogue("nlat-branches", "medium", "terse",
        ("average rate by branch", lambda t: rows(t.groupby("Branch")["IntRatePct"].mean())),
        ("car loans only", lambda t: rows(t[t["LoanType"] == "Car"].groupby("Branch")["IntRatePct"].mean())),
        ("how many loans are these by branch", lambda t: rows(
            t[t["LoanType"] == "Car"]["Branch"].value_counts())),
        ("never mind car loans", lambda t: rows(t["Branch"].value_counts())),
        ("as a pie", lambda t: rows(t["Branch"].value_counts()))),
)  # fmt: skip
