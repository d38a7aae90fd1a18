"""What lands on an analyst's desk about orders, bookings, subscriptions, calls and a loyalty club."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import leader, mentions, number, percent, rows, shows, shows_percent
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined, orders_only

retail, cdnow, shop = (Asker(n, "open") for n in ("retail", "cdnow", "shop"))
hotel, subs, calls, club = (Asker(n, "open") for n in ("hotel", "subscribers", "calls", "club"))
Frame = pd.DataFrame


def silent_since(last: pd.Series, *days: str) -> Expect:
    """How many last dates lie before one of these days: either reading of the boundary."""
    first, *others = (number((last < day).sum()) for day in days)
    for other in others:
        first = first | other
    return first


def top_tenth(t: Frame) -> Expect:
    """What the best tenth of the customers brings, as money or as a share."""
    spend = t.groupby("customer_id")["revenue"].sum().sort_values(ascending=False)
    sums = [float(spend.head(k).sum()) for k in (99, 100)]
    return number(sums[0]) | number(sums[1]) | percent(sums[0] / spend.sum()) | percent(sums[1] / spend.sum())


def quarter(t: Frame, which: str) -> Expect:
    """Revenue of web and app in one quarter."""
    part = t[t["ordered_at"].dt.to_period("Q") == which]
    return rows(part.groupby("channel")["net_amount"].sum()[["web", "app"]])


def growth(values: pd.Series) -> Expect:
    """Change of each period on the one before."""
    return rows(values.pct_change().dropna(), as_percent=True)


RETAIL: tuple[Question, ...] = (
    retail("desk-repeat", "repeat buyers in % of all customers", "share", "hard", "business",
           lambda t: percent((t["customer_id"].value_counts() > 1).mean())),
    retail("desk-lapsed", "lapsed = nothing ordered since the end of June 2006. how many are lapsed?",
           "filter", "hard", "business",
           lambda t: silent_since(t.groupby("customer_id")["order_date"].max(), "2006-07-01", "2006-06-30")),
    retail("desk-perhead", "orders per head", "aggregation", "medium", "terse",
           lambda t: number(len(t) / 995)),
    retail("desk-2006", "turnover of 2006", "filter", "easy", "business",
           lambda t: number(t.loc[t["order_date"].dt.year == 2006, "revenue"].sum())),
    retail("desk-growth", "yr on yr growth of revenue", "trend", "hard", "terse",
           lambda t: growth(t[t["order_date"] >= "2004"].groupby(t["order_date"].dt.year)["revenue"].sum())),
    retail("desk-best05", "Which was our best month of 2005 by turnover?", "top", "medium", "business",
           lambda t: rows(t[t["order_date"].dt.year == 2005].groupby(
               t["order_date"].dt.to_period("M"))["revenue"].sum().nlargest(1))),
    retail("desk-big", "orders above 100: share of the orders and share of the revenue", "share", "hard",
           "business", lambda t: shows_percent(
               (t["revenue"] > 100).mean(),
               t.loc[t["revenue"] > 100, "revenue"].sum() / t["revenue"].sum())),
    retail("desk-tenth", "what do our top 10 percent of customers bring in", "top", "hard", "business",
           top_tenth),
    retail("desk-new06", "how many people bought for the first time in 2006", "filter", "hard", "business",
           lambda t: number((t.groupby("customer_id")["order_date"].min() >= "2006-01-01").sum())),
    retail("desk-active", "active customers per year", "group", "medium", "business",
           lambda t: rows(t.groupby(t["order_date"].dt.year)["customer_id"].nunique())),
)  # fmt: skip

CDNOW: tuple[Question, ...] = (
    cdnow("desk-cds", "cds per order on average", "aggregation", "easy", "plain",
          lambda t: number(t["number_of_cds"].mean())),
    cdnow("desk-price", "what does one cd cost on average", "aggregation", "hard", "chatty",
          lambda t: number(t["dollar_value"].sum() / t["number_of_cds"].sum())
          | number((t["dollar_value"] / t["number_of_cds"]).mean())),
    cdnow("desk-500", "customers whose spend adds up to more than $500", "filter", "hard", "plain",
          lambda t: number((t.groupby("customer_id")["dollar_value"].sum() > 500).sum())),
    cdnow("desk-never", "what share of buyers never came back after their first purchase?", "share", "hard",
          "business", lambda t: percent(11908 / 23570)
          | percent((t.groupby("customer_id")["date"].nunique() == 1).mean())),
    cdnow("desk-free", "any orders with a value of zero? how many", "filter", "medium", "chatty",
          lambda t: number((t["dollar_value"] == 0).sum())),
    cdnow("desk-q1", "revenue q1 98 vs q1 97 in %", "trend", "hard", "terse", lambda t: percent(
        t.loc[t["date"].between("1998-01-01", "1998-03-31"), "dollar_value"].sum()
        / t.loc[t["date"].between("1997-01-01", "1997-03-31"), "dollar_value"].sum() - 1, either_sign=True)),
    cdnow("desk-ten", "baskets of at least ten discs - how many?", "filter", "medium", "plain",
          lambda t: number((t["number_of_cds"] >= 10).sum())),
    cdnow("desk-low", "which month was the low point in sales", "top", "medium", "business",
          lambda t: rows(t.groupby(t["date"].dt.to_period("M"))["dollar_value"].sum().nsmallest(1))),
)  # fmt: skip

SHOP: tuple[Question, ...] = (
    shop("desk-basket", "basket size in units", "aggregation", "medium", "business",
         orders_only(lambda t: number(t["quantity"].mean()))),
    shop("desk-lastq", "turnover web vs app in the last quarter", "filter", "hard", "business",
         orders_only(lambda t: quarter(t, "2024Q2") | quarter(t, "2024Q1") & mentions("Q1|Jan"))),
    shop("desk-retval", "value of returned goods as % of revenue", "share", "hard", "business",
         orders_only(lambda t: percent(
             t.loc[t["returned"] == "Y", "net_amount"].sum() / t["net_amount"].sum()))),
    shop("desk-fullprice", "how many orders went out at full price, in percent", "share", "hard", "chatty",
         orders_only(lambda t: percent((t["discount_pct"] == 0).mean()))),
    shop("desk-weekend", "orders placed on a weekend", "calendar", "medium", "plain",
         orders_only(lambda t: number((t["ordered_at"].dt.day_of_week >= 5).sum()))),
    shop("desk-25-34", "AOV of customers aged 25-34", "join", "hard", "business",
         joined(lambda t: number(t.loc[t["age"].between(25, 34), "net_amount"].mean()))),
    shop("desk-goldhead", "revenue per head for gold members", "join", "hard", "business",
         joined(lambda t: number(t.loc[t["loyalty_tier"] == "Gold", "net_amount"].sum()
                                 / t.loc[t["loyalty_tier"] == "Gold", "customer_id"].nunique())
                | number(t.loc[t["loyalty_tier"] == "Gold", "net_amount"].mean()) & mentions("order"))),
    shop("desk-june", "June 2024 revenue against May 2024, change in %", "trend", "hard", "plain",
         orders_only(lambda t: percent(
             t.loc[t["ordered_at"].dt.strftime("%Y-%m") == "2024-06", "net_amount"].sum()
             / t.loc[t["ordered_at"].dt.strftime("%Y-%m") == "2024-05", "net_amount"].sum() - 1,
             either_sign=True))),
    shop("desk-notweb", "pieces sold outside the web shop", "filter", "hard", "business",
         orders_only(lambda t: number(t.loc[t["channel"] != "web", "quantity"].sum()))),
    shop("desk-top2", "two best selling categories in each channel by revenue", "rank", "hard", "plain",
         orders_only(lambda t: rows([((ch, cat), v) for ch, part in t.groupby("channel") for cat, v in
                                     part.groupby("category")["net_amount"].sum().nlargest(2).items()]))),
)  # fmt: skip

HOTEL: tuple[Question, ...] = (
    hotel("desk-far", "cancellation rate for bookings made 100 or more days ahead", "filter", "medium",
          "business", lambda t: percent(t.loc[t["lead_time_days"] >= 100, "is_canceled"].mean())),
    hotel("desk-adr", "adr if we leave out the silly 5400 ones", "filter", "hard", "chatty",
          lambda t: number(t.loc[t["adr"] < 5400, "adr"].mean())),
    hotel("desk-nights", "room nights per month in 2024, cancelled ones not counted", "trend", "hard",
          "business", lambda t: rows(t[(t["is_canceled"] == 0) & (t["arrival_date"].dt.year == 2024)].groupby(
              t["arrival_date"].dt.to_period("M"))["nights"].sum(), only=True)),
    hotel("desk-families", "share of bookings with kids", "share", "medium", "business",
          lambda t: percent((t["children"] > 0).mean())),
    hotel("desk-iberia", "bookings from Spain or Germany, total number", "filter", "hard", "plain",
          lambda t: number(t["country"].isin(["ESP", "DEU"]).sum())),
    hotel("desk-regulars", "guests with two or more bookings", "filter", "hard", "business",
          lambda t: number((t["guest_id"].value_counts() >= 2).sum())),
    hotel("desk-los", "average length of stay by market segment", "group", "medium", "business",
          lambda t: rows(t.groupby("market_segment")["nights"].mean())),
    hotel("desk-source", "top source country of each hotel", "rank", "hard", "business",
          lambda t: listed_pairs(t.groupby("hotel")["country"].agg(lambda c: c.value_counts().idxmax()))),
    hotel("desk-lead", "mean lead time: cancelled or not", "group", "medium", "terse",
          lambda t: shows(*t.groupby("is_canceled")["lead_time_days"].mean())),
    hotel("desk-week", "stays of a week or longer - how many bookings?", "filter", "hard", "chatty",
          lambda t: number((t["nights"] >= 7).sum())
          | number(((t["nights"] >= 7) & (t["is_canceled"] == 0)).sum()) & mentions("cancel")),
    hotel("desk-nocountry", "% of bookings with unknown country", "quality", "medium", "terse",
          lambda t: percent(t["country"].isna().mean())),
    hotel("desk-xmas", "arrivals from 20 to 31 December 2023 in the resort", "filter", "hard", "plain",
          lambda t: number((t["arrival_date"].between("2023-12-20", "2023-12-31")
                            & (t["hotel"] == "Resort Hotel")).sum())),
)  # fmt: skip

SUBS: tuple[Question, ...] = (
    subs("desk-active", "how many are still with us", "filter", "hard", "chatty",
         lambda t: number(t["cancelled_on"].isna().sum())),
    subs("desk-gone24", "cancellations in 2024", "filter", "medium", "terse",
         lambda t: number((t["cancelled_on"].dt.year == 2024).sum())),
    subs("desk-hours", "avg hours watched by plan", "group", "easy", "terse",
         lambda t: rows(t.groupby("plan")["hours_watched_30d"].mean())),
    subs("desk-joins", "new joiners per month, only 2024", "trend", "medium", "business",
         lambda t: rows(t[t["joined"].dt.year == 2024].groupby(t["joined"].dt.to_period("M")).size(),
                              only=True)),
    subs("desk-idle", "premium subs who watched less than two hours", "filter", "medium", "business",
         lambda t: number(((t["plan"] == "Premium") & (t["hours_watched_30d"] < 2)).sum())),
    subs("desk-referral", "referrals as a share of everybody who joined in 2023", "share", "hard", "business",
         lambda t: percent((t.loc[t["joined"].dt.year == 2023, "acquired_via"] == "Referral").mean())),
    subs("desk-young", "under 30s in Maharashtra or Karnataka who have not cancelled", "filter", "hard",
         "plain", lambda t: number(((t["age"] < 30) & t["state"].isin(["Maharashtra", "Karnataka"])
                                    & t["cancelled_on"].isna()).sum())),
    subs("desk-mix", "plan mix in percent", "share", "medium", "business",
         lambda t: rows(t["plan"].value_counts(normalize=True), as_percent=True)),
    subs("desk-nonps", "how many never gave an nps score", "quality", "medium", "plain",
         lambda t: number(900)),
    subs("desk-channels", "three best acquisition channels by subscribers won", "top", "medium", "business",
         lambda t: rows(t["acquired_via"].value_counts().head(3), ordered=True, only=True)),
    subs("desk-tickets", "support tickets per subscriber for each plan", "group", "medium", "business",
         lambda t: rows(t.groupby("plan")["support_tickets"].mean())),
    subs("desk-promoters", "share of promoters, i.e. nps 9 or 10, among those who answered", "share", "hard",
         "business", lambda t: percent((t["nps_score"].dropna() >= 9).mean())),
    subs("desk-mrr", "monthly fees of active subscribers (not cancelled), total", "filter", "hard",
         "business", lambda t: number(t.loc[t["cancelled_on"].isna(), "monthly_fee"].sum())),
    subs("desk-churn-via", "Which channel has the highest cancellation rate?", "top", "hard", "business",
         lambda t: leader(t["cancelled_on"].notna().groupby(t["acquired_via"]).mean(), share=True)),
    subs("desk-annualdelhi", "annual plans in delhi vs tamil nadu", "filter", "medium", "terse",
         lambda t: shows(*(((t["billing"] == "annual") & (t["state"] == s)).sum()
                           for s in ("Delhi", "Tamil Nadu")))),
)  # fmt: skip

CALLS: tuple[Question, ...] = (
    calls("desk-wait", "avg wait in the technical queue", "filter", "easy", "terse",
          lambda t: number(t.loc[t["queue"] == "Technical", "wait_sec"].mean())),
    calls("desk-two-min", "how many callers waited more than 2 minutes", "filter", "hard", "plain",
          lambda t: number((t["wait_sec"] > 120).sum())
          | number(t.loc[t["wait_sec"] > 120, "cust_no"].nunique())),
    calls("desk-sla", "service level: % of calls answered within 20 seconds", "share", "hard", "business",
          lambda t: percent((t["wait_sec"] <= 20).mean()) | percent((t["wait_sec"] < 20).mean())
          | percent((t.loc[t["outcome"] != "Dropped", "wait_sec"] <= 20).mean())),
    calls("desk-talk", "talk time by queue, median", "group", "easy", "terse",
          lambda t: rows(t.groupby("queue")["talk_sec"].median())),
    calls("desk-agents", "top 3 agents by resolved calls", "top", "medium", "business",
          lambda t: rows(t.loc[t["outcome"] == "Resolved", "agent"].value_counts().head(3), ordered=True)),
    calls("desk-esc", "escalation rate per queue", "share", "medium", "business",
          lambda t: rows((t["outcome"] == "Escalated").groupby(t["queue"]).mean(), as_percent=True)),
    calls("desk-weekday", "calls per weekday", "calendar", "easy", "terse",
          lambda t: rows(t["started_at"].dt.day_name().value_counts(), labels=SHORT)),
    calls("desk-bad", "calls rated 1 or 2 on csat", "filter", "medium", "plain",
          lambda t: number(t["csat"].isin([1, 2]).sum())),
    calls("desk-repeat", "repeat callers: how many customers rang more than once?", "filter", "hard",
          "business", lambda t: number((t["cust_no"].value_counts() > 1).sum())),
    calls("desk-percaller", "calls per caller", "aggregation", "medium", "business",
          lambda t: number(len(t) / t["cust_no"].nunique())),
    calls("desk-7days", "number of calls in the last 7 days", "filter", "medium", "plain",
          lambda t: number((t["started_at"] >= "2024-05-25").sum())
          | number((t["started_at"] > "2024-05-24 19:59:24").sum())
          | number((t["started_at"] >= "2024-05-24").sum())),
    calls("desk-apr", "april volume against march in percent", "trend", "hard", "business",
          lambda t: percent((t["started_at"].dt.month == 4).sum()
                            / (t["started_at"].dt.month == 3).sum() - 1, either_sign=True)),
    calls("desk-early", "dropt calls befor 9 am", "calendar", "hard", "misspelt",
          lambda t: number(((t["outcome"] == "Dropped") & (t["started_at"].dt.hour < 9)).sum())),
    calls("desk-who", "Which agent has the best average csat on billing?", "top", "hard", "chatty",
          lambda t: leader(t[t["queue"] == "Billing"].groupby("agent")["csat"].mean())),
)  # fmt: skip

CLUB: tuple[Question, ...] = (
    club("desk-perstay", "spend per stay for platinum members", "filter", "hard", "business",
         lambda t: number(t.loc[t["Tier"] == "Platinum", "SpendINR"].sum()
                          / t.loc[t["Tier"] == "Platinum", "Stays12M"].sum())),
    club("desk-away", "members who haven't stayed since the end of 2023", "filter", "hard", "business",
         lambda t: silent_since(t["LastStay"], "2024-01-01", "2023-12-31")),
    club("desk-points", "points outstanding altogether", "aggregation", "medium", "business",
         lambda t: number(t["PointsBal"].sum())),
    club("desk-50k", "members sitting on 20k points or more", "filter", "medium", "chatty",
         lambda t: number((t["PointsBal"] >= 20_000).sum())),
    club("desk-cities", "avg spend per city, best 3 only", "top", "easy", "terse",
         lambda t: rows(t.groupby("City")["SpendINR"].mean().nlargest(3), ordered=True, only=True)),
    club("desk-optin", "email opt-in share among gold and platinum members", "share", "hard", "business",
         lambda t: percent((t.loc[t["Tier"].isin(["Gold", "Platinum"]), "EmailOptIn"] == "Y").mean())
         | rows((t["EmailOptIn"] == "Y").groupby(t["Tier"]).mean()[["Gold", "Platinum"]], as_percent=True)),
    club("desk-jaipur", "women in jaipur", "filter", "easy", "terse",
         lambda t: number(((t["Sex"] == "F") & (t["City"] == "Jaipur")).sum())),
    club("desk-90s", "how many members were born after 1990?", "filter", "medium", "plain",
         lambda t: number((t["BirthYear"] > 1990).sum())),
    club("desk-25lakh", "more than 1.5 lakh spent in the year - how many members", "filter", "hard",
         "business", lambda t: number((t["SpendINR"] > 150_000).sum()) & Expect(never=(r"birth",))),
    club("desk-wallet", "platinum's share of total spend", "share", "medium", "business",
         lambda t: percent(t.loc[t["Tier"] == "Platinum", "SpendINR"].sum() / t["SpendINR"].sum())),
    club("desk-rank", "top 2 cities by spend within each tier", "rank", "hard", "plain",
         lambda t: rows([((tier, city), v) for tier, part in t.groupby("Tier") for city, v in
                         part.groupby("City")["SpendINR"].sum().nlargest(2).items()])
         | rows([((tier, city), v) for tier, part in t.groupby("Tier") for city, v in
                 part.groupby("City")["SpendINR"].mean().nlargest(2).items()]) & mentions("average|mean")),
    club("desk-nonite", "members with zero nights in the last 12 months, per tier", "group", "medium",
         "plain", lambda t: rows(t.loc[t["Nights12M"] == 0, "Tier"].value_counts())),
    club("desk-vip", "silver or better in Mumbai or Pune spending at least 75k", "filter", "hard", "business",
         lambda t: number((t["Tier"].isin(["Silver", "Gold", "Platinum"]) & t["City"].isin(["Mumbai", "Pune"])
                           & (t["SpendINR"] >= 75_000)).sum())),
    club("desk-burn", "points redeemed compared with points balance, as a ratio by tier", "group", "hard",
         "business", lambda t: rows(t.groupby("Tier")["PointsRedeemed"].sum()
                                    / t.groupby("Tier")["PointsBal"].sum())
         | rows(t.groupby("Tier")["PointsRedeemed"].sum() / t.groupby("Tier")["PointsBal"].sum(),
                as_percent=True)),
)  # fmt: skip

QUESTIONS = RETAIL + CDNOW + SHOP + HOTEL + SUBS + CALLS + CLUB

SHORT = {d: f"{d}|{d[:3]}" for d in pd.date_range("2024-01-01", periods=7).day_name()}


def listed_pairs(values: pd.Series) -> Expect:
    """Each label with its text in one row."""
    return rows([((str(label), str(text)),) for label, text in values.items()])
