"""Who leads within each group, what "most" adds up, and the single largest of anybody's rows."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import leader, number, rows, shows
from tests.questions.model import Asker, Expect, Question

gym, gifts, parcels, policies = (Asker(n, "open") for n in ("gym", "gifts", "parcels", "policies"))
wallet, meters, hotel, loans = (Asker(n, "open") for n in ("wallet", "meters", "hotel", "loans"))
telco, club, calls, subs = (Asker(n, "open") for n in ("telco", "club", "calls", "subscribers"))
Frame = pd.DataFrame


def firsts(values: pd.Series, least: bool = False) -> Expect:
    """The leader within each first level of the index, named beside its group; ties go either way."""
    whole: Expect | None = None
    for _, own in values.groupby(level=0):
        best = own.min() if least else own.max()
        options = [rows([(str(one[0]), str(one[1]))]) for one in own.index[own == best]]
        turned = [rows([(str(one[1]), str(one[0]))]) for one in own.index[own == best]]
        either = options[0]
        for option in (*options[1:], *turned):
            either = either | option
        whole = either if whole is None else whole & either
    assert whole is not None
    return whole


def in_each(t: Frame, group: str, who: str, column: str, *ways: str, least: bool = False) -> Expect:
    found = [firsts(t.groupby([group, who])[column].agg(way), least) for way in ways]
    whole = found[0]
    for one in found[1:]:
        whole = whole | one
    return whole


def pool_time(m: Frame, p: Frame, v: Frame) -> Expect:
    joined = v.merge(m, on="mbr_id")
    minutes = joined.loc[(joined["gender"] == "F") & (joined["activity"] == "Pool"), "mins_stayed"]
    return number(minutes.sum()) | number(minutes.mean())


LEADERS: tuple[Question, ...] = (
    club("tl-tier", "member with the highest spend in each tier", "rank", "hard", "terse",
         lambda t: in_each(t, "Tier", "MemberNo", "SpendINR", "sum")),
    parcels("tl-depot", "account with the highest charges in every depot", "rank", "hard", "terse",
            lambda t: in_each(t, "depot", "shipper_acct", "charge_gbp", "sum", "max")),
    meters("tl-tariff", "the home with the highest bill per tariff", "rank", "hard", "terse",
           lambda t: in_each(t, "tariff", "meter_id", "bill_chf", "sum", "max")),
    telco("turned-contract", "client with the highest total charges per contract", "rank", "hard", "terse",
          lambda t: in_each(t, "Contract", "customerID", "TotalCharges", "sum")),
    hotel("tl-hotel", "guest with the most nights in every hotel", "rank", "hard", "terse",
          lambda t: in_each(t, "hotel", "guest_id", "nights", "sum")),
    wallet("turned-city", "user who paid most in each city", "rank", "hard", "terse",
           lambda t: in_each(t, "home_city", "user_id", "amount_inr", "sum")),
    calls("tl-queue", "caller with the most calls in each queue", "rank", "hard", "terse",
          lambda t: in_each(t, "queue", "cust_no", "call_id", "count")),
    gifts("tl-state", "donor with the largest gift in each state", "rank", "hard", "terse",
          lambda t: in_each(t, "st", "donor_no", "amt_usd", "max", "sum")),
    loans("tl-branch", "borrower with the lowest credit score in each branch", "rank", "hard", "terse",
          lambda t: in_each(t, "Branch", "AcctNo", "CreditScore", "min", least=True)),
    subs("tl-plan", "subscriber with the most hours watched per plan", "rank", "hard", "terse",
         lambda t: in_each(t, "plan", "subscriber_id", "hours_watched_30d", "sum")),
    calls("tl-agent", "for each queue, the agent with the longest total talk time", "rank", "hard", "plain",
          lambda t: in_each(t, "queue", "agent", "talk_sec", "sum")),
    wallet("tl-who", "who spent the most in each city?", "rank", "hard", "plain",
           lambda t: in_each(t, "home_city", "user_id", "amount_inr", "sum")),
    club("tl-figure", "highest spend in each tier", "group", "medium", "terse",
         lambda t: rows(t.groupby("Tier")["SpendINR"].max())),
    club("tl-members", "members in each tier", "group", "easy", "terse",
         lambda t: rows(t["Tier"].value_counts())),
)  # fmt: skip

TOTALS: tuple[Question, ...] = (
    meters("tl-energy", "which tariff uses the most energy", "top", "medium", "plain",
           lambda t: leader(t.groupby("tariff")["kwh"].sum())),
    loans("tl-lends", "what branch lends most", "top", "medium", "terse",
          lambda t: leader(t.groupby("Branch")["PrincipalAmt"].sum())),
    calls("tl-talking", "how much time did we spend talking in may", "aggregation", "hard", "plain",
          lambda t: number(t.loc[t["started_at"].dt.month == 5, "talk_sec"].sum())),
    club("tl-redeemed", "points redeemed by the women", "aggregation", "medium", "terse",
         lambda t: number(t.loc[t["Sex"] == "F", "PointsRedeemed"].sum())
         | (number(t.loc[t["Sex"] == "F", "PointsRedeemed"].mean())
            & shows(t.loc[t["Sex"] == "F", "PointsRedeemed"].sum()))),
    calls("tl-longest", "longest anybody talked in Sales", "aggregation", "hard", "terse",
          lambda t: number(t.loc[t["queue"] == "Sales", "talk_sec"].max())),
    gym("tl-pool", "how much time do women spend in the pool", "join", "hard", "plain", pool_time),
    parcels("tl-weight", "which depot moves the most weight", "top", "medium", "plain",
            lambda t: leader(t.groupby("depot")["wt_kg"].sum())),
    parcels("tl-distance", "which service covers the most miles", "top", "medium", "plain",
            lambda t: leader(t.groupby("svc_level")["dist_mi"].sum())),
    club("tl-most-points", "which city redeemed the most points", "top", "medium", "plain",
         lambda t: leader(t.groupby("City")["PointsRedeemed"].sum())),
    subs("tl-most-hours", "which plan watches the most hours", "top", "medium", "plain",
         lambda t: leader(t.groupby("plan")["hours_watched_30d"].sum())),
    gym("tl-minutes", "which club has the most minutes spent", "top", "medium", "plain",
        lambda m, p, v: leader(v.groupby("club")["mins_stayed"].sum())),
    calls("tl-least-talk", "which agent talked the least", "top", "medium", "plain",
          lambda t: leader(t.groupby("agent")["talk_sec"].sum(), least=True)),
    wallet("tl-biggest", "biggest single payment anybody made in Pune", "aggregation", "medium", "plain",
           lambda t: number(t.loc[t["home_city"] == "Pune", "amount_inr"].max())),
    parcels("tl-heaviest", "heaviest thing anyone ever shipped from Leeds", "aggregation", "hard", "plain",
            lambda t: number(t.loc[t["depot"] == "Leeds", "wt_kg"].max())),
    club("tl-balance", "which city has the highest points balance", "top", "medium", "plain",
         lambda t: leader(t.groupby("City")["PointsBal"].mean())),
    hotel("tl-expensive", "most expensive country by adr", "top", "medium", "terse",
          lambda t: leader(t.groupby("country")["adr"].mean())),
    loans("tl-rate", "which branch has the highest interest rate", "top", "medium", "plain",
          lambda t: leader(t.groupby("Branch")["IntRatePct"].mean())),
    policies("tl-premium", "which region brings in the most premium", "top", "medium", "plain",
             lambda t: leader(t.groupby("region")["annual_premium_gbp"].sum())),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*LEADERS, *TOTALS)
