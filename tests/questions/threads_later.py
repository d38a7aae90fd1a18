"""More talks of several turns: asides, refusals, the next best, back again, each and the others."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city, women
from tests.questions.gold import chart, leader, number, percent, refusal, rows, segments, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

hotel, shop, bank, loans = (Asker(n, "open") for n in ("hotel", "shop", "bank", "loans"))
subs, calls, policies, telco = (Asker(n, "open") for n in ("subscribers", "calls", "policies", "telco"))
gym, clinic, gifts, parcels = (Asker(n, "open") for n in ("gym", "clinic", "gifts", "parcels"))
people, cards = Asker("people", "open"), Asker("cards", "open")
Frame = pd.DataFrame


def gone(t: Frame) -> Frame:
    return t[t["is_canceled"] == 1]


def fell(t: Frame, by: str, plan: str = "") -> pd.Series:
    part = t[t["Contract"].str.contains(plan)]
    return (part["Churn"] == "Yes").groupby(part[by]).mean()


def agents(t: Frame) -> pd.Series:
    return t[t["outcome"] == "Escalated"].groupby("agent").size().sort_values(ascending=False)


def of_agent(t: Frame, place: int) -> Frame:
    return t[t["agent"] == agents(t).index[place]]


def second_state(t: Frame) -> Frame:
    return t[t["st"] == t.groupby("st")["amt_usd"].sum().sort_values(ascending=False).index[1]]


def premium(t: Frame, product: str = "", how: str = "mean") -> pd.Series:
    return t[t["product"].str.contains(product)].groupby("sales_channel")["annual_premium_gbp"].agg(how)


def heavy(t: Frame, yes: bool = True) -> Frame:
    return t[(t["wt_kg"] > 10) == yes]


QUESTIONS: tuple[Question, ...] = (
    hotel.dialogue("tl-nationality", "hard", "chatty",
        ("which nationality pays the best room rate?", lambda t: leader(t.groupby("country")["adr"].mean())),
        ("and who comes second", lambda t: Expect(names=(
            t.groupby("country")["adr"].mean().sort_values(ascending=False).index[1],))),
        ("what about cancellations, who cancels the most in %", lambda t: leader(
            t.groupby("country")["is_canceled"].mean(), share=True)),
        ("how many bookings did that one cancel", lambda t: number((gone(t)["country"]
            == t.groupby("country")["is_canceled"].mean().idxmax()).sum()))),
    shop.dialogue("tl-margin", "medium", "business",
        ("average margin per channel", lambda o, c: refusal()),
        ("I meant the discount", lambda o, c: rows(o.groupby("channel")["discount_pct"].mean())),
        ("app only, by category", lambda o, c: rows(o[o["channel"] == "app"].groupby("category")[
            "discount_pct"].mean())),
        ("and the others", lambda o, c: rows(o[o["channel"] != "app"].groupby("category")[
            "discount_pct"].mean())),
        ("lowest first", lambda o, c: rows(o[o["channel"] != "app"].groupby("category")[
            "discount_pct"].mean().sort_values(), ordered=True))),
    bank.dialogue("tl-women", "medium", "terse",
        ("total amount by gender", lambda t: rows(t.groupby("CustGender")["Amount"].sum())),
        ("what's your name", lambda t: Expect(statuses=frozenset({"answered", "refused", "clarify"}))),
        ("per transaction", lambda t: rows(t.groupby("CustGender")["Amount"].mean())),
        ("just pune", lambda t: rows(in_city(t, "PUNE").groupby("CustGender")["Amount"].mean())),
        ("how many women is that", lambda t: number(len(women(in_city(t, "PUNE"))))
         | number(women(in_city(t, "PUNE"))["CustomerID"].nunique()))),
    loans.dialogue("tl-rates", "medium", "business",
        ("What interest do we charge on average, by loan type?", lambda t: rows(
            t.groupby("LoanType")["IntRatePct"].mean())),
        ("Which of the four is the most expensive for the client?", lambda t: leader(
            t.groupby("LoanType")["IntRatePct"].mean())),
        ("Break that one down by branch.", lambda t: rows(t[t["LoanType"] == t.groupby("LoanType")[
            "IntRatePct"].mean().idxmax()].groupby("Branch")["IntRatePct"].mean())),
        ("Highest first, as a bar chart.", lambda t: chart("bar", t[t["LoanType"] == t.groupby("LoanType")[
            "IntRatePct"].mean().idxmax()].groupby("Branch")["IntRatePct"].mean())),
        ("All loan types again, but the median.", lambda t: rows(t.groupby("LoanType")["IntRatePct"].median())
         | rows(t.groupby("Branch")["IntRatePct"].median()))),
    calls.dialogue("tl-escalated", "hard", "chatty",
        ("who escalates the most calls", lambda t: leader(agents(t))),
        ("number two?", lambda t: Expect(names=(agents(t).index[1],))),
        ("how long does that agent talk on average", lambda t: number(of_agent(t, 1)["talk_sec"].mean())
         | number(of_agent(t, 1).loc[of_agent(t, 1)["outcome"] == "Escalated", "talk_sec"].mean())),
        ("and everyone else", lambda t: number(t[t["agent"] != agents(t).index[1]]["talk_sec"].mean())
         | number(t[(t["agent"] != agents(t).index[1]) & (t["outcome"] == "Escalated")]["talk_sec"].mean()))),
    policies.dialogue("tl-channel", "medium", "business",
        ("total premium by sales channel", lambda t: rows(premium(t, how="sum"))),
        ("so per policy", lambda t: rows(premium(t))),
        ("motor only please", lambda t: rows(premium(t, "Motor"))),
        ("without the banks", lambda t: rows(premium(t, "Motor").drop("Bank"), only=True)),
        ("now the same for home", lambda t: rows(premium(t, "Home").drop("Bank"), only=True)
         | rows(premium(t, "Home")))),
    gifts.dialogue("tl-states", "hard", "plain",
        ("rank the states by money raised", lambda t: rows(t.groupby("st")["amt_usd"].sum().sort_values(
            ascending=False), ordered=True)),
        ("what is the biggest appeal in the second one", lambda t: leader(
            second_state(t).groupby("appeal")["amt_usd"].sum()) | leader(
                second_state(t)["appeal"].value_counts())),
        ("and how many donors are there in that state", lambda t: number(
            second_state(t)["donor_no"].nunique()))),
    parcels.dialogue("tl-heavy", "hard", "business",
        ("what share of parcels weighs more than 10 kg", lambda t: percent((t["wt_kg"] > 10).mean())),
        ("average charge for those", lambda t: number(heavy(t)["charge_gbp"].mean())),
        ("and the lighter ones", lambda t: number(heavy(t, yes=False)["charge_gbp"].mean())),
        ("by depot", lambda t: rows(heavy(t, yes=False).groupby("depot")["charge_gbp"].mean()))),
    people.dialogue("tl-graduates", "medium", "misspelt",
        ("how many graduats per profesion", lambda t: rows(
            t[t["Graduated"] == "Yes"]["Profession"].value_counts())),
        ("as % of each proffesion", lambda t: rows((t["Graduated"] == "Yes")[t["Graduated"].notna()].groupby(
            t["Profession"]).mean(), as_percent=True) | rows((t["Graduated"] == "Yes").groupby(
                t["Profession"]).mean(), as_percent=True)),
        ("just the women", lambda t: shares(*women_graduates(t)) | shares(*women_graduates(t, known=True))),
        ("only the lowest 3", lambda t: shares(*women_graduates(t).nsmallest(3))
         | shares(*women_graduates(t, known=True).nsmallest(3)))),
    telco.dialogue("tl-contract", "medium", "business",
        ("churn rate by contract", lambda t: rows(fell(t, "Contract"), as_percent=True)),
        ("let's look at the worst one by payment method", lambda t: rows(
            fell(t, "PaymentMethod", "Month"), as_percent=True)),
        ("same for one year", lambda t: rows(fell(t, "PaymentMethod", "One"), as_percent=True)),
        ("back to the first one", lambda t: rows(fell(t, "Contract"), as_percent=True))),
    cards.dialogue("tl-groups", "hard", "business",
        ("cluster the card holders into 3 groups by balance and payments", lambda t: segments(
            3, 8950, uses=("balance", "payments"))),
        ("try 4", lambda t: segments(4, 8950)),
        ("no, the one with 3 was better, go back to it", lambda t: segments(3, 8950)),
        ("which is the largest", lambda t: segments(3)),
        ("name it Everyday", lambda t: segments(3, names=["Everyday"])),
        ("what is their average credit limit", lambda t: segments(3))),
    subs.dialogue("tl-tickets", "hard", "plain",
        ("make two groups: subscribers with at least 2 support tickets = needy, the rest = quiet",
         lambda t: segments(2, sizes=[(t["support_tickets"] >= 2).sum(), (t["support_tickets"] < 2).sum()])),
        ("share of cancelled in the first group", lambda t: percent(
            t.loc[t["support_tickets"] >= 2, "cancelled_on"].notna().mean())),
        ("the other group?", lambda t: percent(
            t.loc[t["support_tickets"] < 2, "cancelled_on"].notna().mean())),
        ("average nps in each", lambda t: shows(*t.groupby(t["support_tickets"] >= 2)["nps_score"].mean()))),
    clinic.dialogue("tl-fees", "hard", "chatty",
        ("what do we earn per department", lambda a, p: rows(a.groupby("dept")["fee_eur"].sum())),
        ("hm and per patient?", lambda a, p: per_patient(a)),
        ("top one only, by town of the patient", lambda a, p: Expect()),
        ("ok forget the towns. which doctor brings in the most", lambda a, p: leader(
            a.groupby("clinician")["fee_eur"].sum()) | leader(
                a[a["dept"] == per_dept(a).idxmax()].groupby("clinician")["fee_eur"].sum()))),
    gym.dialogue("tl-visits", "hard", "terse",
        ("visits per club", lambda m, p, v: rows(v["club"].value_counts())),
        ("pool only", lambda m, p, v: rows(v[v["activity"] == "Pool"]["club"].value_counts())),
        ("avg minutes", lambda m, p, v: rows(v[v["activity"] == "Pool"].groupby("club")[
            "mins_stayed"].mean())),
        ("all activities again", lambda m, p, v: rows(v.groupby("club")["mins_stayed"].mean())
         | rows(v.groupby("activity")["mins_stayed"].mean())),
        ("in hours", lambda m, p, v: Expect(statuses=frozenset({"answered", "clarify", "refused"})))),
)  # fmt: skip


def women_graduates(t: Frame, *, known: bool = False) -> pd.Series:
    part = t[(t["Gender"] == "Female") & (t["Graduated"].notna() | (not known))]
    return (part["Graduated"] == "Yes").groupby(part["Profession"]).mean()


def per_dept(a: Frame) -> pd.Series:
    by = a.groupby("dept")
    return by["fee_eur"].sum() / by["pat_id"].nunique()


def per_patient(a: Frame) -> Expect:
    by = a[a["fee_eur"].notna()].groupby("dept")
    return rows(per_dept(a)) | rows(by["fee_eur"].sum() / by["pat_id"].nunique())
