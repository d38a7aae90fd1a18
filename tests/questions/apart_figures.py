"""Kept apart: figures asked at a desk in other words, looked at only to measure."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import SEX, in_city, last_of_each, women
from tests.questions.desk_statistics import related
from tests.questions.desk_trade import SHORT, silent_since
from tests.questions.gold import (
    chart,
    leader,
    mentions,
    number,
    percent,
    rows,
    shows,
    shows_percent,
    upper,
    verdict,
)
from tests.questions.model import Asker, Expect, Question
from tests.questions.people import each_way
from tests.questions.shop import joined, orders_only
from tests.questions.telco import GONE

bank, telco, cards, loans = (Asker(n, "apart") for n in ("bank", "telco", "cards", "loans"))
retail, cdnow, shop, hotel = (Asker(n, "apart") for n in ("retail", "cdnow", "shop", "hotel"))
people, tips, world = Asker("people", "apart"), Asker("tips", "apart"), Asker("gapminder", "apart")
subs, calls, club = (Asker(n, "apart") for n in ("subscribers", "calls", "club"))
airline, wholesale = Asker("airline", "apart"), Asker("wholesale", "apart")
Frame = pd.DataFrame


def gone(t: Frame) -> pd.Series:
    return t["cancelled_on"].notna()


FIGURES: tuple[Question, ...] = (
    bank("away-blr", "give me the takings of Bangalore", "filter", "medium", "business",
         lambda t: number(in_city(t, "BANGALORE")["Amount"].sum())),
    bank("away-15k", "women with payments of 15,000 rupees and up, number of transactions", "filter",
         "medium", "plain", lambda t: number((women(t)["Amount"] >= 15_000).sum())),
    bank("away-four", "the 4 places with most turnover", "top", "medium", "chatty",
         lambda t: rows(t.groupby("city")["Amount"].sum().nlargest(4), ordered=True, only=True)),
    bank("away-aug15", "mean payment from 10 to 20 August 2016", "filter", "medium", "plain",
         lambda t: number(t.loc[t["date"].between("2016-08-10", "2016-08-20"), "Amount"].mean())),
    bank("away-tiny", "percentage of payments of at most one hundred rupees", "share", "hard", "plain",
         lambda t: percent((t["Amount"] <= 100).mean())),
    bank("away-nodob", "how many rows come without date of birth", "quality", "easy", "plain",
         lambda t: number(164) | number(164 + 2717)),
    bank("away-sexbal", "middle balance for each sex", "group", "hard", "chatty",
         lambda t: rows(t.groupby("CustGender")["Balance"].median(), labels=SEX)
         | mentions("customer") & rows(
             last_of_each(t).groupby("CustGender")["Balance"].median(), labels=SEX)),
    telco("away-dsl", "head count of DSL folks without tech support", "filter", "medium", "chatty",
          lambda t: number(((t["InternetService"] == "DSL") & (t["TechSupport"] == "No")).sum())),
    telco("away-check", "proportion of customers who mail a check", "share", "medium", "plain",
          lambda t: percent((t["PaymentMethod"] == "Mailed check").mean())),
    telco("away-100", "monthly charges above a hundred: what's the churn rate there", "filter", "hard",
          "business", lambda t: percent((t.loc[t["MonthlyCharges"] > 100, "Churn"] == "Yes").mean())),
    telco("away-avgten", "tenure, churned vs stayed, mean", "group", "medium", "terse",
          lambda t: rows(t.groupby("Churn")["tenure"].mean(), labels=GONE)),
    telco("away-women", "how much do female seniors pay us per month in total?", "filter", "hard",
          "plain", lambda t: number(t.loc[(t["gender"] == "Female") & (t["SeniorCitizen"] == 1),
                                          "MonthlyCharges"].sum())),
    cards("away-none", "anyone with neither purchases nor cash advances? count them", "filter", "hard",
          "chatty", lambda t: number(((t["PURCHASES"] == 0) & (t["CASH_ADVANCE"] == 0)).sum())),
    cards("away-limits", "highest and lowest credit limit", "aggregation", "easy", "terse",
          lambda t: shows(t["CREDIT_LIMIT"].max(), t["CREDIT_LIMIT"].min())),
    cards("away-ten", "purchase volume of tenure 6 to 9, share of the total", "share", "hard", "business",
          lambda t: percent(t.loc[t["TENURE"].between(6, 9), "PURCHASES"].sum() / t["PURCHASES"].sum())),
    people("away-exec", "share of men among executives", "share", "hard", "plain",
           lambda t: percent((t.loc[t["Profession"] == "Executive", "Gender"] == "Male").mean())
           | percent((t.drop_duplicates("ID").query("Profession == 'Executive'")["Gender"] == "Male").mean())
           | percent((t.drop_duplicates("ID", keep="last").query(
               "Profession == 'Executive'")["Gender"] == "Male").mean())),
    people("away-exp", "averge work experiance per job", "group", "medium", "misspelt",
           lambda t: each_way(t, lambda u: rows(u.groupby("Profession")["Work_Experience"].mean()))),
    loans("away-east", "sum of principal lent by the East branch for cars", "filter", "medium", "plain",
          lambda t: number(t.loc[(t["Branch"] == "East") & (t["LoanType"] == "Car"), "PrincipalAmt"].sum())),
    loans("away-low", "accounts with a score under 600 that have not defaulted", "filter", "medium",
          "business", lambda t: number(((t["CreditScore"] < 600) & (t["Defaulted"] == "No")).sum())),
    loans("away-perterm", "mean interest by term, shortest term on top", "group", "hard", "plain",
          lambda t: rows(t.groupby("TermMonths")["IntRatePct"].mean(), ordered=True)),
    retail("away-2005", "how many customers bought in 2005", "filter", "medium", "plain",
           lambda t: number(t.loc[t["order_date"].dt.year == 2005, "customer_id"].nunique())),
    retail("away-ten", "customers with ten orders or more", "filter", "hard", "terse",
           lambda t: number((t["customer_id"].value_counts() >= 10).sum())),
    retail("away-quiet", "how many went quiet, i.e. no purchase since January 2006?", "filter", "hard",
           "business", lambda t: silent_since(t.groupby("customer_id")["order_date"].max(), "2006-01-01",
                                              "2006-02-01", "2006-01-02", "2006-01-31")),
    cdnow("away-97", "sales of the year 1997 in dollars", "filter", "easy", "plain",
          lambda t: number(t.loc[t["date"].dt.year == 1997, "dollar_value"].sum())),
    cdnow("away-spend", "what has the middle customer (median) spent in all", "aggregation", "hard",
          "business", lambda t: number(t.groupby("customer_id")["dollar_value"].sum().median())),
    shop("away-q1", "how many orders did we get in Q1 2024 via app", "filter", "medium", "business",
         orders_only(lambda t: number((t["ordered_at"].between("2024-01-01", "2024-03-31 23:59:59")
                                       & (t["channel"] == "app")).sum()))),
    shop("away-lei", "revenue in Leipzig", "join", "medium", "terse",
         joined(lambda t: number(t.loc[t["city"] == "Leipzig", "net_amount"].sum()))),
    shop("away-senior", "units bought by customers over 65", "join", "hard", "plain",
         joined(lambda t: number(t.loc[t["age"] > 65, "quantity"].sum()))),
    shop("away-disc", "average discount by category", "group", "easy", "plain",
         orders_only(lambda t: rows(t.groupby("category")["discount_pct"].mean()))),
    hotel("away-group", "how many bookings of the Groups segment fell through", "filter", "hard", "chatty",
          lambda t: number(((t["market_segment"] == "Groups") & (t["is_canceled"] == 1)).sum())),
    hotel("away-fr", "adr for French guests (FRA), city hotel only", "filter", "medium", "plain",
          lambda t: number(t.loc[(t["country"] == "FRA") & (t["hotel"] == "City Hotel"), "adr"].mean())),
    hotel("away-three", "3 months with most arrivals", "top", "medium", "terse",
          lambda t: rows(t["arrival_date"].dt.to_period("M").value_counts().nlargest(3))
          | rows(t["arrival_date"].dt.month_name().value_counts().nlargest(3))),
    subs("away-share", "how large is the part of subscribers that has cancelled, in percent", "share",
         "medium", "plain", lambda t: percent(gone(t).mean())),
    subs("away-fee", "average fee: monthly billing against annual", "group", "easy", "plain",
         lambda t: rows(t.groupby("billing")["monthly_fee"].mean())),
    subs("away-wb", "west bengal subscribers older than fifty", "filter", "medium", "terse",
         lambda t: number(((t["state"] == "West Bengal") & (t["age"] > 50)).sum())),
    subs("away-worst", "state with the lowest average nps", "top", "medium", "business",
         lambda t: leader(t.groupby("state")["nps_score"].mean(), least=True)),
    calls("away-drop", "what portion of the cancellation calls was dropped?", "share", "hard", "business",
          lambda t: percent((t.loc[t["queue"] == "Cancellations", "outcome"] == "Dropped").mean())),
    calls("away-hanna", "how many calls did Hanna resolve in May", "filter", "medium", "plain",
          lambda t: number(((t["agent"] == "Hanna") & (t["outcome"] == "Resolved")
                            & (t["started_at"].dt.month == 5)).sum())),
    calls("away-five", "five customers who ring most", "top", "medium", "chatty",
          lambda t: rows(t["cust_no"].value_counts().nlargest(2))),
    club("away-pune", "typical spend (median) of Gold people from Pune", "filter", "medium", "chatty",
         lambda t: number(t.loc[(t["City"] == "Pune") & (t["Tier"] == "Gold"), "SpendINR"].median())),
    club("away-lakh", "members above 1 lakh by city", "group", "hard", "business",
         lambda t: rows(t.loc[t["SpendINR"] > 1e5, "City"].value_counts())),
    club("away-year", "members enrolled per year", "trend", "medium", "terse",
         lambda t: rows(t["EnrolDate"].dt.year.value_counts())),
    club("away-night", "spend per night, overall", "aggregation", "hard", "business",
         lambda t: number(t["SpendINR"].sum() / t["Nights12M"].sum())
         | number((t["SpendINR"] / t["Nights12M"]).where(t["Nights12M"] > 0).mean())),
    airline("away-award", "average balance of members with an award and of those without", "group",
            "medium", "plain", lambda t: shows(*t.groupby("Award?")["Balance"].mean())),
    wholesale("away-sued", "Umsatz im Süden: total for region Süd", "filter", "medium", "plain",
              lambda t: number(t.loc[t["Region"] == "Süd", "Umsatz"].sum())),
    world("away-asia", "total population of Asia in 1997", "filter", "easy", "plain",
          lambda t: number(t.loc[(t["continent"] == "Asia") & (t["year"] == 1997), "pop"].sum())),
)  # fmt: skip

STATISTICS: tuple[Question, ...] = (
    tips("away-corr", "relationship between party size (size) and the bill", "correlation", "medium", "plain",
         lambda t: related(t, "size", "total_bill")
         | verdict(True) & anywhere(t, "size", "total_bill")),
    cards("away-corr", "do purchases and payments go hand in hand?", "correlation", "medium", "chatty",
          lambda t: related(t, "PURCHASES", "PAYMENTS") | verdict(True)),
    telco("away-diff", "do senior citizens churn significantly more", "difference", "medium", "business",
          lambda t: verdict(True)),
    calls("away-diff", "is there a real difference in csat between the agents?", "difference", "hard",
          "plain", lambda t: verdict(False)),
    club("away-p90", "90th percentile of the points balance", "quantile", "easy", "terse",
         lambda t: upper(t["PointsBal"], 0.9)),
    hotel("away-p", "three quarters of all guests book fewer than how many days ahead", "quantile", "hard",
          "chatty", lambda t: upper(t["lead_time_days"], 0.75)),
    shop("away-dow", "orders per day of the week, Monday to Sunday", "calendar", "medium", "plain",
         orders_only(lambda t: rows(t["ordered_at"].dt.day_name().value_counts(), labels=SHORT))),
    bank("away-morning", "number of payments between 6 and 9 in the morning", "calendar", "hard", "plain",
         lambda t: number(t["hour"].isin([6, 7, 8]).sum())
         | number(((t["TransactionTime"] >= 60000) & (t["TransactionTime"] <= 90000)).sum())
         | number(t["hour"].isin([6, 7, 8, 9]).sum()) & mentions(r"9:59|\bhours?\b|incl")),
    bank("away-chart", "bar chart, ten biggest cities by number of payments", "chart", "medium", "business",
         lambda t: chart("bar", t["city"].value_counts().head(10))),
    subs("away-chart", "pie of where subscribers come from (acquired via)", "chart", "medium", "chatty",
         lambda t: chart("pie", t["acquired_via"].value_counts())),
    retail("away-chart", "line of monthly order counts", "chart", "medium", "terse",
           lambda t: chart("line", t["order_date"].dt.to_period("M").value_counts().nlargest(3), labels=())),
    telco("away-chart", "box plot of tenure by churn", "chart", "medium", "terse",
          lambda t: chart("box")),
    hotel("away-iqr", "outliers in lead time with the 1.5 IQR rule?", "outliers", "medium", "plain",
          lambda t: number((t["lead_time_days"] > 2.5 * t["lead_time_days"].quantile(0.75)
                            - 1.5 * t["lead_time_days"].quantile(0.25)).sum())),
    loans("away-gaps", "which field has missing entries?", "quality", "easy", "plain",
          lambda t: mentions(r"AnnualIncome|annual income") | rows([("AnnualIncome|annual income", 60)])),
    people("away-dups", "how many rows repeat an ID that was there before", "quality", "hard", "plain",
           lambda t: shows(2332)),
    world("away-share", "how much of mankind lived in Africa in 2007, in percent", "share", "hard", "plain",
          lambda t: percent(t.loc[(t["continent"] == "Africa") & (t["year"] == 2007), "pop"].sum()
                            / t.loc[t["year"] == 2007, "pop"].sum())),
    cdnow("away-repeat", "percentage of customers who bought more than once", "share", "medium", "business",
          lambda t: percent((t["customer_id"].value_counts() > 1).mean())
          | percent((t.groupby("customer_id")["date"].nunique() > 1).mean())),
    club("away-second", "tier with the second highest total spend", "top", "hard", "plain",
         lambda t: leader(but_best(t.groupby("Tier")["SpendINR"].sum()))),
    loans("away-both", "median outstanding by loan type plus the number of accounts in each", "group",
          "hard", "business", lambda t: shows(*t.groupby("LoanType")["OutstandingBal"].median(),
                                              *t["LoanType"].value_counts())),
    calls("away-two", "how many calls in April and what was the average talk time then?", "dialogue", "hard",
          "chatty", lambda t: shows((t["started_at"].dt.month == 4).sum(),
                                    t.loc[t["started_at"].dt.month == 4, "talk_sec"].mean())),
    telco("away-rates", "churn rate with and without online security", "group", "medium", "plain",
          lambda t: shows_percent(*(t["Churn"] == "Yes").groupby(t["OnlineSecurity"]).mean()[["No", "Yes"]])),
    people("away-who", "profession with most women", "top", "medium", "terse",
           lambda t: each_way(t, lambda u: leader(u.loc[u["Gender"] == "Female",
                                                        "Profession"].value_counts()))),
)  # fmt: skip

QUESTIONS = FIGURES + STATISTICS


def but_best(values: pd.Series) -> pd.Series:
    """All but the largest, which is told beside the second largest as often as not."""
    return values.drop(values.idxmax())


def anywhere(t: Frame, one: str, other: str) -> Expect:
    """The correlation, straight or by ranks, told anywhere."""
    both = t[[one, other]].dropna()
    return shows(both[one].corr(both[other])) | shows(both[one].corr(both[other], method="spearman"))
