"""Asked at a desk: differences, correlations, quantiles, weekdays and hours, joins, outliers and charts."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import SEX
from tests.questions.desk_trade import SHORT
from tests.questions.gold import (
    chart,
    leader,
    listed,
    mentions,
    name,
    number,
    percent,
    rows,
    shows,
    shows_percent,
    upper,
    verdict,
)
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined, orders_only

bank, telco, cards, loans = (Asker(n, "open") for n in ("bank", "telco", "cards", "loans"))
retail, cdnow, shop, hotel = (Asker(n, "open") for n in ("retail", "cdnow", "shop", "hotel"))
tips, world, stocks, iris = (Asker(n, "open") for n in ("tips", "gapminder", "stocks", "iris"))
wine, trial, people = Asker("wine", "open"), Asker("experiment", "open"), Asker("people", "open")
subs, calls, club = (Asker(n, "open") for n in ("subscribers", "calls", "club"))
Frame = pd.DataFrame


def related(t: Frame, one: str, other: str) -> Expect:
    """The correlation of two columns, straight or by ranks."""
    both = t[[one, other]].dropna()
    return number(both[one].corr(both[other])) | number(both[one].corr(both[other], method="spearman"))


def compared(t: Frame, by: str, column: str, *groups: object) -> Expect:
    """The means or the medians of the groups."""
    parts = t[t[by].isin(groups)].groupby(by)[column]
    return shows(*parts.mean()) | shows(*parts.median())


def month(t: Frame, column: str) -> pd.Series:
    return pd.Series(t[column].dt.to_period("M"))


def of_week(days: pd.Series) -> pd.Series:
    return pd.Series(days.dt.day_name())


RELATIONS: tuple[Question, ...] = (
    loans("stat-score-rate", "how closely are credit score and interest rate related?", "correlation",
          "medium", "plain", lambda t: related(t, "CreditScore", "IntRatePct")),
    cards("stat-corr", "corr balance / credit limit", "correlation", "easy", "terse",
          lambda t: related(t, "BALANCE", "CREDIT_LIMIT")),
    tips("stat-bill", "is a bigger bill linked with a bigger tip?", "correlation", "medium", "chatty",
         lambda t: related(t, "total_bill", "tip") | verdict(True)),
    telco("stat-tenure", "strength of the link between tenure and total charges", "correlation", "medium",
          "plain", lambda t: related(t, "tenure", "TotalCharges")),
    club("stat-best", "what goes along with SpendINR most strongly", "correlation", "hard", "business",
         lambda t: name("Nights12M|nights 12m|nights12 m|nights")),
    wine("stat-pair", "which two measurements move together most?", "correlation", "hard", "plain",
         lambda t: name("flavanoids", "total_phenols|total phenols") & number(0.864564)),
    subs("stat-age", "do older people watch more hours? any relation at all?", "correlation", "hard",
         "chatty", lambda t: verdict(False) | related(t, "age", "hours_watched_30d")),
    world("stat-wealth", "correlation of life expectancy and gdp per capita, only 2007", "correlation",
          "hard", "plain", lambda t: related(t[t["year"] == 2007], "lifeExp", "gdpPercap")),
    calls("stat-wait", "does waiting longer hurt csat?", "correlation", "hard", "business",
          lambda t: related(t, "wait_sec", "csat") | verdict(True)),
    telco("stat-pay", "do churners pay more per month, and is that more than chance?", "difference", "medium",
          "business", lambda t: verdict(True) & compared(t, "Churn", "MonthlyCharges", "Yes", "No")),
    subs("stat-nps", "does nps really differ between the plans", "difference", "hard", "business",
         lambda t: verdict(False)),
    loans("stat-married", "do married borrowers default less? is it statistically sound", "difference",
          "hard", "business", lambda t: verdict(False)
          | mentions(r"no clear difference|not (statistically )?significant|within chance")),
    hotel("stat-lead", "cancelled bookings have longer lead times - real or just noise?", "difference",
          "hard", "chatty", lambda t: verdict(True) & compared(t, "is_canceled", "lead_time_days", 0, 1)),
    people("stat-married", "is the spending score tied to being married?", "difference", "hard", "plain",
           lambda t: verdict(True)),
    trial("stat-effect", "did the treatment change experiment_1?", "difference", "medium", "business",
          lambda t: verdict(False)),
    shop("stat-basket", "is the order value of app and web shoppers any different?", "difference", "medium",
         "plain", lambda o, c: verdict(False)),
    club("stat-cities", "nights per member: do the cities differ significantly", "difference", "hard",
         "business", lambda t: verdict(False)),
    calls("stat-queues", "is wait time in technical really longer than in billing?", "difference", "medium",
          "plain", lambda t: verdict(True) & compared(t, "queue", "wait_sec", "Technical", "Billing")),
)  # fmt: skip

QUANTILES: tuple[Question, ...] = (
    bank("stat-90", "what amount do 90% of the transactions stay below?", "quantile", "medium", "plain",
         lambda t: upper(t["Amount"], 0.9)),
    club("stat-top5", "how much must one spend to be among the top 5 % of members", "quantile", "hard",
         "business", lambda t: upper(t["SpendINR"], 0.95)),
    calls("stat-p95", "p95 of wait_sec", "quantile", "easy", "terse",
          lambda t: upper(t["wait_sec"], 0.95)),
    hotel("stat-quartiles", "quartiles of the lead time", "quantile", "medium", "plain",
          lambda t: shows(*t["lead_time_days"].quantile([0.25, 0.5, 0.75]))),
    cards("stat-p10", "p10, median and p90 of payments", "quantile", "medium", "terse",
          lambda t: shows(*t["PAYMENTS"].quantile([0.1, 0.5, 0.9]))),
    retail("stat-upper", "upper quartile of order value", "quantile", "medium", "business",
           lambda t: upper(t["revenue"], 0.75)),
    subs("stat-decile", "bottom decile of hours watched?", "quantile", "hard", "terse",
         lambda t: upper(t["hours_watched_30d"], 0.1)),
    loans("stat-iqr", "interquartile range of the credit score", "quantile", "hard", "plain",
          lambda t: number(t["CreditScore"].quantile(0.75) - t["CreditScore"].quantile(0.25))
          | shows(*t["CreditScore"].quantile([0.25, 0.75]))),
    telco("stat-p75", "75th percentile of monthly charges by contract", "quantile", "hard", "plain",
          lambda t: rows(t.groupby("Contract")["MonthlyCharges"].quantile(0.75))),
    tips("stat-sd", "std dev of tips", "quantile", "easy", "terse",
         lambda t: number(t["tip"].std()) | number(t["tip"].std(ddof=0))),
)  # fmt: skip

CALENDAR: tuple[Question, ...] = (
    bank("stat-hour", "which hour of the day has the most transactions?", "calendar", "medium", "plain",
         lambda t: number(20) & number((t["hour"] == 20).sum())),
    bank("stat-weekend", "avg ticket on weekends vs weekdays", "calendar", "hard", "business",
         lambda t: shows(*t.groupby(t["date"].dt.day_of_week >= 5)["Amount"].mean())),
    retail("stat-dow", "orders by day of week", "calendar", "easy", "terse",
           lambda t: rows(of_week(t["order_date"]).value_counts(), labels=SHORT)),
    calls("stat-monday", "busiest hour on mondays", "calendar", "hard", "business", lambda t: number(
        t.loc[t["started_at"].dt.day_of_week == 0, "started_at"].dt.hour.value_counts().idxmax())),
    calls("stat-lunch", "calls between 12 and 2 pm", "calendar", "hard", "terse", lambda t: number(
        t["started_at"].dt.hour.isin([12, 13]).sum())),
    hotel("stat-arrive", "arrivals by weekday at the resort", "calendar", "medium", "business",
          lambda t: rows(of_week(t.loc[t["hotel"] == "Resort Hotel", "arrival_date"]).value_counts(),
                         labels=SHORT)),
    cdnow("stat-saturday", "what share of orders is placed on a Saturday", "calendar", "medium", "plain",
          lambda t: percent((t["date"].dt.day_of_week == 5).mean())),
    shop("stat-evening", "revenue after 6 pm as share of all revenue", "calendar", "hard", "business",
         orders_only(lambda t: percent(t.loc[t["ordered_at"].dt.hour >= 18, "net_amount"].sum()
                                       / t["net_amount"].sum()))),
    subs("stat-join-month", "which calendar month has seen most sign-ups over all years", "calendar", "hard",
         "plain", lambda t: rows(t["joined"].dt.month_name().value_counts().nlargest(1))
         | rows(month(t, "joined").value_counts().nlargest(1))),
)  # fmt: skip

JOINS: tuple[Question, ...] = (
    shop("stat-hamburg", "how many customers from Hamburg have bought shoes", "join", "hard", "plain",
         joined(lambda t: number(t.loc[(t["city"] == "Hamburg") & (t["category"] == "Shoes"),
                                       "customer_id"].nunique()))),
    shop("stat-returners", "average age of people who sent something back", "join", "hard", "chatty",
         lambda o, c: number(c.loc[c["customer_id"].isin(o.loc[o["returned"] == "Y", "customer_id"]),
                                   "age"].mean())
         | number(o[o["returned"] == "Y"].merge(c)["age"].mean())),
    shop("stat-news", "number of orders by newsletter yes or no", "join", "medium", "plain",
         joined(lambda t: rows(t["newsletter"].value_counts()))),
    shop("stat-silver", "silver members without a single order", "join", "hard", "business",
         lambda o, c: number(((c["loyalty_tier"] == "Silver")
                              & ~c["customer_id"].isin(o["customer_id"])).sum())),
    shop("stat-2022", "revenue from customers who signed up in 2022", "join", "hard", "business",
         joined(lambda t: number(t.loc[t["signup_date"].dt.year == 2022, "net_amount"].sum()))),
    shop("stat-bags", "bags revenue by city, best first", "join", "medium", "terse",
         joined(lambda t: rows(t[t["category"] == "Bags"].groupby("city")["net_amount"].sum().sort_values(
             ascending=False), ordered=True))),
    shop("stat-tierret", "return rate by loyalty tier", "join", "medium", "business",
         joined(lambda t: rows((t["returned"] == "Y").groupby(t["loyalty_tier"]).mean(), as_percent=True))),
)  # fmt: skip

CHARTS: tuple[Question, ...] = (
    bank("stat-hist", "histogram of ticket sizes", "chart", "easy", "terse",
         lambda t: chart("histogram|bar")),
    telco("stat-box", "box plot: monthly charges per contract", "chart", "medium", "terse",
          lambda t: chart("box", labels=["Month-to-month", "Two year"])),
    cards("stat-scatter", "scatter of purchases against credit limit", "chart", "medium", "plain",
          lambda t: chart("scatter")),
    hotel("stat-bar", "bookings by country as bars", "chart", "easy", "plain",
          lambda t: chart("bar", t["country"].value_counts())),
    loans("stat-pie", "loan types in a pie", "chart", "easy", "chatty",
          lambda t: chart("pie", labels=["Home", "Car", "Personal", "Education"])),
    world("stat-lines", "line chart of life expectancy for India and China", "chart", "medium", "plain",
          lambda t: chart("line", labels=["India", "China"])),
    tips("stat-heat", "heatmap of the average bill by day and time", "chart", "hard", "business",
         lambda t: chart("heatmap", labels=["Sun", "Dinner"])),
    club("stat-columns", "column chart of average spend per city, biggest on the left", "chart", "medium",
         "business", lambda t: chart("bar", t.groupby("City")["SpendINR"].mean())),
    subs("stat-cancels", "plot cancellations per month", "chart", "hard", "business",
         lambda t: chart("line|bar", month(t[t["cancelled_on"].notna()], "cancelled_on").value_counts())),
    stocks("stat-two", "draw GOOG and AAPL over time in one chart", "chart", "medium", "plain",
           lambda t: chart("line", labels=["GOOG", "AAPL"])),
    iris("stat-colour", "dots of petal width over petal length, one colour for each species", "chart", "hard",
         "plain", lambda t: chart("scatter", labels=["setosa", "virginica"])),
    calls("stat-talk", "show me how talk time is distributed", "chart", "medium", "chatty",
          lambda t: chart("histogram|bar|box")),
    retail("stat-cum", "bar chart of revenue per year", "chart", "easy", "plain",
           lambda t: chart("bar", t.groupby(t["order_date"].dt.year)["revenue"].sum()[[2004, 2005, 2006]])),
    bank("stat-sexpie", "gender split as a pie", "chart", "easy", "terse",
         lambda t: chart("pie", t["CustGender"].value_counts(), labels=SEX.values())),
)  # fmt: skip

OUTLIERS: tuple[Question, ...] = (
    cards("stat-3sd", "how many have purchases more than 3 standard deviations above the mean", "outliers",
          "hard", "plain", lambda t: number(
              (t["PURCHASES"] > t["PURCHASES"].mean() + 3 * t["PURCHASES"].std()).sum())),
    club("stat-iqr", "spend outliers by the 1.5 iqr rule, count", "outliers", "medium", "terse",
         lambda t: number((t["SpendINR"] > 2.5 * t["SpendINR"].quantile(0.75)
                           - 1.5 * t["SpendINR"].quantile(0.25)).sum())),
    hotel("stat-adr", "list the bookings with adr above 1000", "outliers", "hard", "plain",
          lambda t: listed(t.loc[t["adr"] > 1000, "booking_id"], only=True)),
    calls("stat-extreme", "longest wait we ever had and how it compares with the median", "outliers", "hard",
          "business", lambda t: shows(t["wait_sec"].max(), t["wait_sec"].median())),
    hotel("stat-without", "mean adr with and without outliers", "outliers", "hard", "business",
          lambda t: shows(t["adr"].mean()) & (shows(t.loc[t["adr"] < 5400, "adr"].mean())
          | shows(t.loc[t["adr"].le(2.5 * t["adr"].quantile(0.75) - 1.5 * t["adr"].quantile(0.25)),
                        "adr"].mean()) | shows(fenced(t["adr"]).mean()))),
    loans("stat-share", "share of outstanding held by the ten largest accounts", "outliers", "hard",
          "business", lambda t: shows_percent(
              t["OutstandingBal"].nlargest(10).sum() / t["OutstandingBal"].sum())),
    subs("stat-most", "which state has the highest median hours", "top", "medium", "plain",
         lambda t: leader(t.groupby("state")["hours_watched_30d"].median())),
    club("stat-says", "is spend skewed?", "outliers", "hard", "terse",
         lambda t: mentions(r"skew|right|long tail|median|mean|top \d+|heav")),
)  # fmt: skip

QUESTIONS = RELATIONS + QUANTILES + CALENDAR + JOINS + CHARTS + OUTLIERS


def fenced(values: pd.Series) -> pd.Series:
    """The values between the fences of the 1.5 rule."""
    low, high = values.quantile([0.25, 0.75])
    return values[values.between(low - 1.5 * (high - low), high + 1.5 * (high - low))]
