"""Figures of accounts, cards, calls, orders and bookings in the hurried words of people with a phone."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city, women
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined, orders_only

bank, cards, telco, retail = (Asker(n, "open") for n in ("bank", "cards", "telco", "retail"))
cdnow, shop, hotel, loans = (Asker(n, "open") for n in ("cdnow", "shop", "hotel", "loans"))
subs, calls, club, tips = (Asker(n, "open") for n in ("subscribers", "calls", "club", "tips"))
Frame = pd.DataFrame


def repeat_share(t: Frame) -> Expect:
    orders = t.groupby("customer_id").size()
    repeaters = orders.index[orders > 1]
    return percent(t.loc[t["customer_id"].isin(repeaters), "revenue"].sum() / t["revenue"].sum())


def reachable(t: Frame) -> Expect:
    return percent((t["outcome"] == "Dropped")[t["wait_sec"] > 120].mean())


def tier_returns(t: Frame) -> Expect:
    return shares(*(t["returned"] == "Y").groupby(t["loyalty_tier"]).mean()[["Gold", "Bronze"]])


def stays_left(t: Frame) -> Expect:
    """Members without a stay in the second half of 2024, and with points worth having."""
    return number(((t["LastStay"] < "2024-07-01") & (t["PointsBal"] > 10_000)).sum())


def share_women(t: Frame) -> Expect:
    """Of transactions, or of customers; of all or of those with a known sex."""
    first = t.drop_duplicates("CustomerID")
    made = []
    for part in (t, first):
        sex = part["CustGender"]
        made += [percent((sex == "F").mean()), percent((sex.dropna() == "F").mean())]
    each = t.groupby("CustGender")["CustomerID"].nunique()
    made.append(percent(each["F"] / t["CustomerID"].nunique()))
    return either(*made)


def top_tenth_limit(t: Frame) -> Expect:
    return number(t["CREDIT_LIMIT"].quantile(0.9))


QUESTIONS: tuple[Question, ...] = (
    bank("st-big", "txns above 50 grand in delhi n mumbai together", "filter", "hard", "chatty",
         lambda t: number((t["city"].isin(["NEW DELHI", "MUMBAI"]) & (t["Amount"] > 50_000)).sum())
         | number((t["city"].isin(["DELHI", "NEW DELHI", "MUMBAI"]) & (t["Amount"] > 50_000)).sum())
         | number((t["city"].isin(["DELHI", "MUMBAI"]) & (t["Amount"] > 50_000)).sum())),
    bank("st-women", "are most of our clients women? give %", "share", "medium", "chatty", share_women),
    bank("st-monday", "monday vs friday, total spend", "calendar", "medium", "terse",
         lambda t: shows(*t.groupby(t["date"].dt.day_name())["Amount"].sum()[["Monday", "Friday"]])),
    bank("st-gurgaon", "Mean spend by ladies of gurgaon please", "filter", "medium", "plain",
         lambda t: number(in_city(women(t), "GURGAON")["Amount"].mean())),
    cards("st-p90", "where does the top 10% of credit limits begin", "quantile", "hard", "chatty",
          top_tenth_limit),
    cards("st-nopay", "customers who paid nothing at all", "filter", "medium", "plain",
          lambda t: number((t["PAYMENTS"] == 0).sum())),
    cards("st-cashgap", "avg balance: cash advance takers against everyone else", "difference", "hard",
          "business", lambda t: shows(*t.groupby(t["CASH_ADVANCE"] > 0)["BALANCE"].mean())),
    telco("st-newbies", "churn of newbies (first 3 months) in percent", "share", "hard", "chatty",
          lambda t: percent((t.loc[t["tenure"] <= 3, "Churn"] == "Yes").mean())
          | percent((t.loc[t["tenure"] < 3, "Churn"] == "Yes").mean())
          | percent((t.loc[t["tenure"].between(1, 3), "Churn"] == "Yes").mean())),
    telco("st-avgloss", "avg bill of those who left vs stayed", "difference", "medium", "terse",
          lambda t: shows(*t.groupby("Churn")["MonthlyCharges"].mean())),
    retail("st-repeat", "how much of our turnover is from repeat customers (%)", "share", "hard", "business",
           repeat_share),
    cdnow("st-q1", "q1 98 vs q1 97 revenue", "trend", "medium", "terse", lambda t: shows(
        *(t.loc[t["date"].dt.to_period("Q") == q, "dollar_value"].sum() for q in ("1998Q1", "1997Q1")))),
    shop("st-tier", "do gold customers send back less than bronze? rates pls", "join", "hard",
         "chatty", joined(tier_returns)),
    shop("st-weekendweb", "web orders placed on sat or sun", "calendar", "hard", "terse",
         orders_only(lambda t: number(((t["channel"] == "web")
                                       & (t["ordered_at"].dt.day_of_week >= 5)).sum()))),
    hotel("st-lastminute", "last minute bookings (3 days or less lead) as % of all", "share", "hard",
          "business", lambda t: percent((t["lead_time_days"] <= 3).mean())),
    hotel("st-families", "families with kids: avg nights & avg adr", "filter", "hard", "terse",
          lambda t: shows(t.loc[t["children"] > 0, "nights"].mean(), t.loc[t["children"] > 0, "adr"].mean())),
    loans("st-bigcar", "which branch gave out the biggest car loan?", "top", "hard", "plain",
          lambda t: leader(t[t["LoanType"] == "Car"].groupby("Branch")["PrincipalAmt"].max())),
    subs("st-detractor", "nps: how many detractors (0-6) and promoters (9-10)", "filter", "hard", "business",
         lambda t: shows((t["nps_score"] <= 6).sum(), (t["nps_score"] >= 9).sum())),
    subs("st-first90", "what % cancels within 90 days of joining", "share", "hard", "business",
         lambda t: either(*(percent((edge((t["cancelled_on"] - t["joined"]).dt.days)).mean())
                            for edge in (lambda d: d <= 90, lambda d: d < 90)))),
    calls("st-longwait", "of callers waiting more than 2 minutes how many % hang up (dropped)", "share",
          "hard", "chatty", reachable),
    calls("st-agentrank", "rank agents on csat, best on top", "rank", "medium", "business",
          lambda t: rows(t.groupby("agent")["csat"].mean().sort_values(ascending=False), ordered=True)),
    club("st-asleep", "members with 10k+ points who did not stay since 1 july 2024", "filter", "hard",
         "business", lambda t: stays_left(t) | number(((t["LastStay"] < "2024-07-01")
                                                       & (t["PointsBal"] >= 10_000)).sum())),
    tips("st-tenpct", "bills where the tip was under 10%", "filter", "hard", "plain",
         lambda t: number((t["tip"] / t["total_bill"] < 0.1).sum())),
    tips("st-party", "party of 6, avg bill and tip", "filter", "medium", "terse",
         lambda t: shows(t.loc[t["size"] == 6, "total_bill"].mean(), t.loc[t["size"] == 6, "tip"].mean())),
    club("st-redeem", "% of points redeemed per tier (redeemed / (redeemed + balance))", "group", "hard",
         "business", lambda t: redeemed(t)),
    hotel("st-share-otas", "online travel agents' share in bookings that were really stayed", "share",
          "hard", "business", lambda t: percent(
              (t.loc[t["is_canceled"] == 0, "market_segment"] == "Online TA").mean())),
    loans("st-default-rates", "default %: married / single / divorced", "share", "medium", "terse",
          lambda t: shares(*(t["Defaulted"] == "Yes").groupby(t["MaritalStatus"]).mean())),
)  # fmt: skip


def redeemed(t: Frame) -> Expect:
    """Of the sums of a tier, or on average over its members."""
    sums = t.groupby("Tier")[["PointsRedeemed", "PointsBal"]].sum()
    each = t["PointsRedeemed"] / (t["PointsRedeemed"] + t["PointsBal"])
    return rows(sums["PointsRedeemed"] / sums.sum(axis=1), as_percent=True) | rows(
        each.groupby(t["Tier"]).mean(), as_percent=True
    )
