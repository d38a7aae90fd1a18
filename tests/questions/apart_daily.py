"""Kept apart: short daily questions, mostly easy, over nearly all tables."""

from __future__ import annotations

import pandas as pd

from tests.questions.apart_everyday import good, month, year
from tests.questions.bank import SEX, in_city
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, hours, leader, mentions, number, percent, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.packaged import DAYS
from tests.questions.people import each_way
from tests.questions.shop import joined, orders_only

policies, wallet = Asker("policies", "apart"), Asker("wallet", "apart")
bank, telco, cards, loans = (Asker(n, "apart") for n in ("bank", "telco", "cards", "loans"))
hotel, shop, subs, calls = (Asker(n, "apart") for n in ("hotel", "shop", "subscribers", "calls"))
club, retail, cdnow, people = (Asker(n, "apart") for n in ("club", "retail", "cdnow", "people"))
airline, grocery, wholesale = (Asker(n, "apart") for n in ("airline", "grocery", "wholesale"))
world, tips, wine, books = (Asker(n, "apart") for n in ("gapminder", "tips", "wine", "books"))
Frame = pd.DataFrame


def best_five(t: Frame) -> Expect:
    return rows(t.groupby("user_id")["amount_inr"].sum().nlargest(5), ordered=True, only=True)


MONEY: tuple[Question, ...] = (
    policies("kept-d-count", "number of policies", "aggregation", "easy", "terse", lambda t: number(1800)),
    policies("kept-d-avg", "what does a policy cost on average?", "aggregation", "easy", "chatty",
             lambda t: number(t["annual_premium_gbp"].mean())),
    policies("kept-d-scot", "how many policies do we have in scotland", "filter", "easy", "plain",
             lambda t: number((t["region"] == "Scotland").sum())),
    policies("kept-d-channel", "policies by sales channel", "group", "easy", "plain",
             lambda t: rows(t["sales_channel"].value_counts())),
    policies("kept-d-dear", "highest premium", "aggregation", "easy", "terse",
             lambda t: number(t["annual_premium_gbp"].max())),
    policies("kept-d-broker", "share of policies sold through brokers", "share", "easy", "business",
             lambda t: percent((t["sales_channel"] == "Broker").mean())),
    policies("kept-d-claims", "total claims paid in 2023 on home", "filter", "medium", "plain",
             lambda t: number(t.loc[(year(t) == 2023) & (t["product"] == "Home"), "claims_paid_gbp"].sum())),
    policies("kept-d-age", "median age of holders by product", "group", "easy", "plain",
             lambda t: rows(t.groupby("product")["holder_age"].median())),
    wallet("kept-d-total", "totl amount paid", "aggregation", "easy", "misspelt", lambda t: either(
        number(t["amount_inr"].sum()), number(good(t)["amount_inr"].sum()))),
    wallet("kept-d-city", "payments by city", "group", "easy", "terse",
           lambda t: rows(t["home_city"].value_counts())
           | rows(t.groupby("home_city")["amount_inr"].sum()) & mentions("amount|value")),
    wallet("kept-d-failed", "how many payments failed", "filter", "easy", "plain",
           lambda t: number((t["status"] == "Failed").sum())),
    wallet("kept-d-avgfood", "avg food payment", "filter", "easy", "terse",
           lambda t: number(t.loc[t["merchant_type"] == "Food", "amount_inr"].mean())),
    wallet("kept-d-monthcount", "no of payments month by month", "trend", "easy", "plain",
           lambda t: rows(month(t).value_counts())),
    wallet("kept-d-top5", "top 5 users by amount", "top", "easy", "plain",
           lambda t: best_five(t) | best_five(good(t)) & mentions("success")),
    wallet("kept-d-hour", "which hour is busiest", "calendar", "easy", "chatty",
           lambda t: leader(hours(t["paid_at"].dt.hour.value_counts()))),
    wallet("kept-d-cash", "total cashback by merchant type highest first", "group", "medium", "business",
           lambda t: rows(t.groupby("merchant_type")["cashback_inr"].sum().sort_values(ascending=False),
                          ordered=True)),
    bank("kept-d-women", "how many women customers", "filter", "easy", "misspelt",
         lambda t: number(t.loc[t["CustGender"] == "F", "CustomerID"].nunique())),
    bank("kept-d-thane", "total spend thane", "filter", "easy", "terse",
         lambda t: number(in_city(t, "THANE")["Amount"].sum())),
    bank("kept-d-sexmedian", "median spend men vs women", "group", "easy", "terse",
         lambda t: rows(t.groupby("CustGender")["Amount"].median(), labels=SEX)
         | mentions("customer") & rows(t.groupby(["CustGender", "CustomerID"])["Amount"].sum().groupby(
             level=0).median(), labels=SEX)),
    telco("kept-d-dsl", "avg monthly charge for dsl", "filter", "easy", "terse",
          lambda t: number(t.loc[t["InternetService"] == "DSL", "MonthlyCharges"].mean())),
    telco("kept-d-dep", "whats the churn rate of people with dependents", "share", "medium", "chatty",
          lambda t: percent((t.loc[t["Dependents"] == "Yes", "Churn"] == "Yes").mean())),
    telco("kept-d-hist", "histogram of tenure", "chart", "easy", "terse", lambda t: chart("histogram|bar")),
    cards("kept-d-limit", "how many customers have a limit of 15000 or more", "filter", "easy", "plain",
          lambda t: number((t["CREDIT_LIMIT"] >= 15_000).sum())),
    cards("kept-d-corr", "do purchases and payments move together?", "correlation", "medium", "chatty",
          lambda t: either(number(t["PURCHASES"].corr(t["PAYMENTS"])),
                           number(t["PURCHASES"].corr(t["PAYMENTS"], method="spearman")), verdict(True))),
    loans("kept-d-branch", "total outstanding per branch", "group", "easy", "business",
          lambda t: rows(t.groupby("Branch")["OutstandingBal"].sum())),
    loans("kept-d-score", "average credit score of those who defaulted", "filter", "easy", "plain",
          lambda t: number(t.loc[t["Defaulted"] == "Yes", "CreditScore"].mean())),
    loans("kept-d-big", "loans above 300000", "filter", "easy", "terse",
          lambda t: number((t["PrincipalAmt"] > 300_000).sum())),
)  # fmt: skip

TRADE: tuple[Question, ...] = (
    hotel("kept-d-rate", "cancellation rate by market segment", "share", "easy", "business",
          lambda t: rows(t.groupby("market_segment")["is_canceled"].mean(), as_percent=True)),
    hotel("kept-d-august", "bookings arriving in august 2024", "filter", "medium", "plain",
          lambda t: number((t["arrival_date"].dt.to_period("M") == "2024-08").sum())),
    shop("kept-d-returned", "how many orders were returned", "filter", "easy", "plain",
         orders_only(lambda t: number((t["returned"] == "Y").sum()))),
    shop("kept-d-city", "how much money comes from which town", "join", "medium", "chatty",
         joined(lambda t: rows(t.groupby("city")["net_amount"].sum()))),
    shop("kept-d-news", "how many customers get the newsletter", "filter", "easy", "chatty",
         lambda o, c: number((c["newsletter"] == "yes").sum())),
    subs("kept-d-fee", "average fee by state", "group", "easy", "terse",
         lambda t: rows(t.groupby("state")["monthly_fee"].mean())),
    subs("kept-d-prem", "premium subscribers in karnataka", "filter", "easy", "terse",
         lambda t: number(((t["plan"] == "Premium") & (t["state"] == "Karnataka")).sum())),
    calls("kept-d-queue", "calls per queue as a bar chart", "chart", "easy", "plain",
          lambda t: chart("bar", t["queue"].value_counts())),
    calls("kept-d-wait", "longest wait", "aggregation", "easy", "terse",
          lambda t: number(t["wait_sec"].max())),
    club("kept-d-tier", "how many members per tier", "group", "easy", "plain",
         lambda t: rows(t["Tier"].value_counts())),
    club("kept-d-pune", "avg spend in pune vs mumbai", "filter", "easy", "terse",
         lambda t: shows(*(t.loc[t["City"] == c, "SpendINR"].mean() for c in ("Pune", "Mumbai")))),
    retail("kept-d-2004", "number of orders in 2004", "filter", "easy", "plain",
           lambda t: number((t["order_date"].dt.year == 2004).sum())),
    retail("kept-d-avg", "avg order value 2005 v 2006", "trend", "medium", "terse",
           lambda t: shows(*(t.loc[t["order_date"].dt.year == y, "revenue"].mean() for y in (2005, 2006)))),
    cdnow("kept-d-big", "orders over 200 dollars", "filter", "easy", "plain",
          lambda t: number((t["dollar_value"] > 200).sum())),
    wholesale("kept-d-menge", "total Menge by Produkt", "group", "easy", "plain",
              lambda t: rows(t.groupby("Produkt")["Menge"].sum())),
    wholesale("kept-d-best", "best month by umsatz", "top", "medium", "chatty",
              lambda t: leader(t.groupby(t["Datum"].dt.to_period("M"))["Umsatz"].sum())),
)  # fmt: skip

REST: tuple[Question, ...] = (
    people("kept-d-doctors", "how many doctors are there", "filter", "easy", "plain",
           lambda t: each_way(t, lambda u: number((u["Profession"] == "Doctor").sum()))),
    people("kept-d-family", "average family size of married people", "filter", "easy", "plain",
           lambda t: each_way(t, lambda u: number(u.loc[u["Ever_Married"] == "Yes", "Family_Size"].mean()))),
    airline("kept-d-award", "how many members have an award", "filter", "easy", "plain",
            lambda t: number(t["Award?"].sum())),
    grocery("kept-d-hour", "order lines by hour of the day as a chart", "chart", "medium", "plain",
            lambda t: chart("bar|line", t["order_hour_of_day"].value_counts().sort_index(), labels=())),
    world("kept-d-top", "top 3 countries by life expectancy 2007", "top", "easy", "terse",
          lambda t: rows(t[t["year"] == 2007].set_index("country")["lifeExp"].nlargest(3), ordered=True,
                         only=True)),
    world("kept-d-world", "how many countries per continent", "group", "medium", "plain",
          lambda t: rows(t.groupby("continent")["country"].nunique())),
    tips("kept-d-day", "avg bill per day", "group", "easy", "terse",
         lambda t: rows(t.groupby("day")["total_bill"].mean(), labels=DAYS)),
    tips("kept-d-smoke", "do smokers tip more?", "difference", "medium", "chatty",
         lambda t: verdict(False) | shows(*t.groupby("smoker")["tip"].mean())),
    wine("kept-d-alc", "mean alcohol by cultivar", "group", "easy", "plain",
         lambda t: rows(t.groupby("cultivar")["alcohol"].mean())),
    books("kept-d-child", "what percentage bought children's books", "share", "medium", "plain",
          lambda t: shares((t["ChildBks"] > 0).mean())),
)  # fmt: skip

QUESTIONS = MONEY + TRADE + REST
