"""Questions of bank marketing and CRM people about 50,000 transactions, with the traps of a real export."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import (
    chart,
    leader,
    listed,
    mentions,
    number,
    percent,
    refusal,
    rows,
    says,
    shows,
    verdict,
)
from tests.questions.model import Asker, Expect, Question

q = Asker("bank")

SEX = {"M": "M|Male|Males|Man|Men", "F": "F|Female|Females|Woman|Women"}


def repeaters(t: pd.DataFrame) -> int:
    return int((t.groupby("CustomerID").size() > 1).sum())


DAY_FIRST = mentions(r"day.{0,12}first|D/M|DD/MM|day/month|day, then month|day before month") & Expect(
    never=(r"month.{0,12}first|M/D|MM/DD|month/day|month, then day|month before day",)
)


def last_of_each(t: pd.DataFrame) -> pd.DataFrame:
    """The last transaction of each customer, with the balance as it was then."""
    return t.sort_values(["date", "TransactionTime"]).groupby("CustomerID").tail(1)


def gaps(t: pd.DataFrame) -> Expect:
    """Every column with blanks; the date that stands for an unknown birthday counted as one or not."""
    others = [("CustGender|gender|sex", t["CustGender"].isna().sum()),
              ("CustLocation|location|city", t["CustLocation"].isna().sum()),
              ("CustAccountBalance|balance", t["Balance"].isna().sum())]  # fmt: skip
    blank = int(t["CustomerDOB"].isna().sum())
    unknown = blank + int((t["CustomerDOB"] == "1/1/1800").sum())
    first, second = (rows([("CustomerDOB|birth|DOB|date of birth", n), *others]) for n in (blank, unknown))
    return first | second


def balance_by_sex(t: pd.DataFrame) -> Expect:
    """By transaction, or by customer with the last balance, said as such."""
    per_row = rows(t.groupby("CustGender")["Balance"].mean(), labels=SEX)
    last = last_of_each(t)
    per_customer = rows(last.groupby("CustGender")["Balance"].mean(), labels=SEX) & mentions("customer")
    return per_row | per_customer


def decades(t: pd.DataFrame, at: pd.Timestamp | pd.Series) -> Expect:
    """Median balance by decade of age on the given days, in the text or a table."""
    years = ((at - t["born"]).dt.days / 365.25).floordiv(10) * 10
    medians = t.groupby(years)["Balance"].median()
    return shows(*(medians[decade] for decade in (20, 30, 40)), tolerance=0.01 * medians[20])


def women(t: pd.DataFrame) -> pd.DataFrame:
    return t[t["CustGender"] == "F"]


def in_city(t: pd.DataFrame, city: str) -> pd.DataFrame:
    return t[t["city"] == city]


def one_value_or_customers(t: pd.DataFrame, column: str, how: str) -> Expect:
    per_row = number(float(t[column].agg(how)))
    last = last_of_each(t)
    return per_row | (number(float(last[column].agg(how))) & mentions("customer"))


QUESTIONS: tuple[Question, ...] = (
    q("n-transactions", "how many transactions are in here?", "aggregation", "easy", "plain",
      lambda t: number(len(t))),
    q("n-customers", "number of distinct customers", "aggregation", "easy", "terse",
      lambda t: number(t["CustomerID"].nunique())),
    q("mean-amount", "What's the average ticket size?", "aggregation", "easy", "business",
      lambda t: number(t["Amount"].mean())),
    q("median-amount", "median transaction amt", "aggregation", "easy", "terse",
      lambda t: number(t["Amount"].median())),
    q("volume", "total transaction volume in rupees pls", "aggregation", "easy", "chatty",
      lambda t: number(t["Amount"].sum())),
    q("largest", "biggest single transaction ever?", "aggregation", "easy", "chatty",
      lambda t: number(t["Amount"].max())),
    q("balance-sex", "what is the average balance of men and women", "group", "easy", "plain",
      balance_by_sex),
    q("amount-sex-median", "Median spend male vs female", "group", "easy", "terse",
      lambda t: rows(t.groupby("CustGender")["Amount"].median(), labels=SEX)),
    q("top-cities", "top 10 cities by amount", "top", "easy", "terse",
      lambda t: rows(t.groupby("city")["Amount"].sum().nlargest(10), ordered=True, only=True)),
    q("top-cities-count", "which five places do most of our transactions come from", "top", "easy", "chatty",
      lambda t: rows(t["city"].value_counts().head(5), ordered=True, only=True)),
    q("per-day-plot", "plot transactions per day", "chart", "easy", "terse",
      lambda t: chart("line|bar|scatter", t.groupby("date").size().nlargest(4))),
    q("repeaters", "how many customers bought more than once", "aggregation", "medium", "business",
      lambda t: number(repeaters(t))),
    q("repeat-share", "What share of customers transacted only one time?", "share", "medium", "business",
      lambda t: percent(1 - repeaters(t) / t["CustomerID"].nunique())),
    q("women-share", "percentage of transactions made by women", "share", "easy", "plain",
      lambda t: percent(len(women(t)) / len(t)) | percent(len(women(t)) / t["CustGender"].notna().sum())),
    q("mumbai-women", "number of transactions by women in Mumbai", "filter", "medium", "plain",
      lambda t: number(len(women(in_city(t, "MUMBAI"))))),
    q("mumbai-avg", "avg transactoin amount in mumbay", "filter", "medium", "misspelt",
      lambda t: number(in_city(t, "MUMBAI")["Amount"].mean())),
    q("delhi-or-blr", "total amount for New Delhi and Bangalore together", "filter", "medium", "plain",
      lambda t: number(t.loc[t["city"].isin(["NEW DELHI", "BANGALORE"]), "Amount"].sum())
      | number(t.loc[t["city"].isin(["NEW DELHI", "NEW  DELHI", "BANGALORE"]), "Amount"].sum())),
    q("above-1-lakh", "how many transactions above 1 lakh", "filter", "medium", "business",
      lambda t: number((t["Amount"] > 100_000).sum())),
    q("balance-over-crore", "transactions from accounts with a balance over 1 crore: how many?", "filter",
      "medium",
      "business", lambda t: number((t["Balance"] > 1e7).sum())),
    q("between", "count of transactions between 500 and 2000 rupees", "filter", "medium", "plain",
      lambda t: number(t["Amount"].between(500, 2000).sum())),
    q("not-mumbai", "average amount everywhere except Mumbai", "filter", "medium", "plain",
      lambda t: number(t.loc[t["city"] != "MUMBAI", "Amount"].mean())
      | number(t.loc[(t["city"] != "MUMBAI") & t["city"].notna(), "Amount"].mean())),
    q("zero-amount", "any transactions of zero rupees? how many", "filter", "easy", "chatty",
      lambda t: number((t["Amount"] == 0).sum())),
    q("august", "How much was spent in August 2016?", "filter", "easy", "plain",
      lambda t: number(t.loc[t["date"].dt.month == 8, "Amount"].sum())),
    q("first-week-sep", "transactions from 1 to 7 September", "filter", "medium", "terse",
      lambda t: number(t["date"].between("2016-09-01", "2016-09-07").sum())),
    q("monthly", "transactions by month", "trend", "easy", "terse",
      lambda t: rows(t.groupby(t["date"].dt.to_period("M")).size(), ordered=True)),
    q("period", "what dates does this file cover", "profile", "easy", "plain",
      lambda t: mentions(r"2016-08-01|1 Aug|1st of Aug|Aug(ust)? 1\b|01 Aug",
      r"2016-10-21|21 Oct|Oct(ober)? 21")),
    q("busiest-day", "on which date did we have the most transactions", "calendar", "medium", "plain",
      lambda t: leader(t["date"].value_counts())),
    q("weekday-amount", "average spend by weekday", "calendar", "medium", "terse",
      lambda t: rows(
      [(d + "|" + d[:3], v) for d, v in t.groupby(t["date"].dt.day_name())["Amount"].mean().items()])),
    q("peak-hour", "What hour of the day is the busiest?", "calendar", "medium", "plain",
      lambda t: number(t["hour"].value_counts().idxmax())
      | says(rf"\b0?{t['hour'].value_counts().idxmax() - 12} ?p\.?m")),
    q("evening-share", "what part of transactions happens between 18:00 and 21:59", "calendar", "hard",
      "plain",
      lambda t: percent(t["hour"].between(18, 21).mean())),
    q("weekend-share", "% of transactions on saturdays and sundays?", "calendar", "hard", "terse",
      lambda t: percent((t["date"].dt.day_of_week >= 5).mean())),
    q("fell-in-sep", "Spending fell in October, right?", "trend", "hard", "chatty",
      lambda t: mentions(
          r"partial|incomplete|only (until|to|up to|through|covers|the first|holds|has)|"
          r"not (a )?(complete|full|whole|like)|ends? on|21 Oct|21 days|ends")),
    q("aug-to-sep", "growth in transaction count from August to September in %", "trend", "medium", "plain",
      lambda t: percent(
          (t["date"].dt.month == 9).sum() / (t["date"].dt.month == 8).sum() - 1, either_sign=True)),
    q("balance-age", "median balance of people in their twenties, thirties and forties", "group", "hard",
      "business",
      lambda t: decades(t, t["date"].max()) | decades(t, t["date"])),
    q("age-mean", "how old are our customers on average?", "aggregation", "hard", "chatty",
      lambda t: number(t["age"].mean(), tolerance=0.6)),
    q("dob-1800", "how many records have a birth date in the year 1800", "quality", "medium", "plain",
      lambda t: number((t["CustomerDOB"] == "1/1/1800").sum())),
    q("missing", "which columns have missing values, and how many?", "quality", "easy", "plain",
      gaps),
    q("missing-gender", "gender blank in how many rows", "quality", "easy", "terse",
      lambda t: number(t["CustGender"].isna().sum())),
    q("dupes", "are there duplicate rows", "quality", "easy", "terse",
      lambda t: says(r"\bno\b|\bnone\b|\b0\b|not")),
    q("id-conflict", "Does one customer id always mean one person here?", "quality", "hard", "business",
      lambda t: verdict(False) & mentions(r"conflict|differ|several|more than one|two|disagree|birth")),
    q("wrong-with-data", "what's wrong with this data?", "quality", "easy", "chatty",
      lambda t: mentions(r"1800|placeholder", r"missing|blank|empty")),
    q("date-order", "are the dates day first or month first?", "quality", "medium", "plain",
      lambda t: DAY_FIRST),
    q("p90", "90th percentile of the transaction amount", "quantile", "medium", "plain",
      lambda t: number(t["Amount"].quantile(0.9))),
    q("iqr-balance", "first and third quartile of account balance", "quantile", "medium", "plain",
      lambda t: shows(*t["Balance"].quantile([0.25, 0.75]))
      | shows(*last_of_each(t)["Balance"].quantile([0.25, 0.75])) & mentions("customer")),
    q("std", "standard deviation of amounts", "aggregation", "easy", "terse",
      lambda t: number(t["Amount"].std())),
    q("corr", "is account balance correlated with how much people spend", "correlation", "medium", "business",
      lambda t: number(t["Balance"].corr(t["Amount"]))
      | number(t["Balance"].corr(t["Amount"], method="spearman"))),
    q("top20", "How much of total spend comes from the top 20% of customers?", "share", "hard", "business",
      lambda t: percent(pareto(t.groupby("CustomerID")["Amount"].sum(), 0.2), tolerance=0.06)),
    q("mumbai-share", "Mumbai's share of total amount", "share", "medium", "terse",
      lambda t: percent(in_city(t, "MUMBAI")["Amount"].sum() / t["Amount"].sum())),
    q("cities-n", "how many different locations do we serve", "aggregation", "easy", "business",
      lambda t: number(t["CustLocation"].nunique()) | number(t["city"].nunique())),
    q("cities-over-1000", "cities with more than 1,000 transactions", "filter", "hard", "terse",
      lambda t: listed(t["city"].value_counts()[lambda s: s > 1000].index, only=True)),
    q("outliers", "how many amounts are outliers by the 1.5 IQR rule?", "outliers", "hard", "plain",
      lambda t: number(iqr_outliers(t["Amount"]))),
    q("sex-test", "do men and women spend significantly different amounts?", "difference", "hard", "business",
      lambda t: rows(t.groupby("CustGender")["Amount"].mean(), labels=SEX)
      | rows(t.groupby("CustGender")["Amount"].median(), labels=SEX)),
    q("pie", "pie chart of gender", "chart", "easy", "terse",
      lambda t: chart("pie", t["CustGender"].value_counts(), labels=["M|Male|Men", "F|Female|Women"])),
    q("hist", "show me the distribution of account balances", "chart", "easy", "plain",
      lambda t: chart("histogram|bar|box|violin|line")),
    q("city-bar", "bar chart: total amount for the 5 biggest cities", "chart", "medium", "terse",
      lambda t: chart("bar", t.groupby("city")["Amount"].sum().nlargest(5))),
    q("top-customers", "Who are my best customers?", "ambiguous", "medium", "business",
      lambda t: Expect(statuses=frozenset({"clarify"}))
      | (listed([t.groupby("CustomerID")["Amount"].sum().idxmax()])
         & mentions(
         r"by (total |their |the )?(amount|spend|spent|value|money)|total (amount|spend)|spent"))),
    q("sex-city", "split the number of transactions in Mumbai, New Delhi and Chennai by gender", "group",
      "hard", "plain",
      lambda t: rows([((c, SEX[s]), int(((t["city"] == c) & (t["CustGender"] == s)).sum()))
                      for c in ("MUMBAI", "NEW DELHI", "CHENNAI") for s in "MF"])),
    q("top-in-sex", "top 3 cities by number of transactions for each gender", "rank", "hard", "plain",
      lambda t: rows([((SEX[s], c), n) for s in "MF"
                      for c, n in t.loc[t["CustGender"] == s, "city"].value_counts().head(3).items()])),
    q("max-per-city", "largest transaction in each of the top 3 cities by volume", "rank", "hard", "business",
      lambda t: rows(t.groupby("city")["Amount"].max()[t.groupby("city")["Amount"].sum().nlargest(3).index])
      | rows(t.groupby("city")["Amount"].max()[t["city"].value_counts().head(3).index])),
    q("young-women", "women younger than 30: how many transactions and what average amount", "filter", "hard",
      "plain",
      lambda t: number(t.loc[(t["CustGender"] == "F") & (t["age"] < 30), "Amount"].mean(), tolerance=15)),
    q("churn", "Which customers are about to churn?", "impossible", "hard", "business",
      lambda t: refusal(r"once|one transaction|single|82 days|81 days|short|eligib|repeat|days|history")),
    q("clv", "How much will each customer be worth next year?", "impossible", "hard", "business",
      lambda t: refusal(r"once|one transaction|single|days|short|repeat|history")),
    q("online", "Split customers by online and branch", "impossible", "medium", "business",
      lambda t: refusal(r"column|channel|data|branch|online")),
    q("credit-debit", "total of debits versus credits", "impossible", "medium", "business",
      lambda t: refusal()),
    q("last-year", "compare spend with 2015", "impossible", "medium", "plain",
      lambda t: refusal(r"2016|2015")),
    q("ml-banking", "What is the use of machine learning in banking?", "meta", "medium", "plain",
      lambda t: mentions(r"fraud|risk|credit|segment")),
    q("segmentation-importance", "What is the importance of customer segmentation in banking?", "meta",
      "medium", "plain",
      lambda t: mentions(r"target|personal|tailor|offer|retain|retention|product")),
    q("what-can", "what can you do with this file?", "meta", "easy", "chatty",
      lambda t: mentions(r"segment", r"chart|plot|average|total|question|summar")),
    q.dialogue("d-city", "medium", "chatty",
      ("how much was spent in Mumbai in total", lambda t: number(in_city(t, "MUMBAI")["Amount"].sum())),
      ("and in Chennai?", lambda t: number(in_city(t, "CHENNAI")["Amount"].sum())),
      ("only women", lambda t: number(women(in_city(t, "CHENNAI"))["Amount"].sum())),
      ("no, I meant the median", lambda t: number(women(in_city(t, "CHENNAI"))["Amount"].median()))),
    q.dialogue("d-top", "medium", "terse",
      ("top 10 cities by number of transactions",
        lambda t: rows(t["city"].value_counts().head(10), ordered=True, only=True)),
      ("only the top 3", lambda t: rows(t["city"].value_counts().head(3), ordered=True, only=True)),
      ("as a pie chart", lambda t: chart("pie", t["city"].value_counts().head(3))),
      ("by total amount instead", lambda t: listed(t.groupby("city")["Amount"].sum().nlargest(3).index))),
    q.dialogue("d-month", "hard", "business",
      ("show me the transaction count per month",
        lambda t: rows(t.groupby(t["date"].dt.to_period("M")).size())),
      ("by week instead", lambda t: shows(t.groupby(t["date"].dt.to_period("W")).size().max())),
      ("by weekday", lambda t: shows(t.groupby(t["date"].dt.day_of_week).size().max())),
      ("for women only", lambda t: shows(women(t).groupby(t["date"].dt.day_of_week).size().max()))),
    q.dialogue("d-teach", "hard", "chatty",
      ("by ticket I mean the transaction amount", lambda t: Expect()),
      ("whats the average ticket", lambda t: number(t["Amount"].mean())),
      ("and the median", lambda t: number(t["Amount"].median())),
      ("for men?", lambda t: number(t.loc[t["CustGender"] == "M", "Amount"].median()))),
)  # fmt: skip


def pareto(values: pd.Series, top: float) -> float:
    """Share of the total held by the top part of the customers."""
    ranked = values.sort_values(ascending=False)
    return float(ranked.head(round(top * len(ranked))).sum() / ranked.sum())


def iqr_outliers(values: pd.Series) -> int:
    """Values beyond 1.5 interquartile ranges from the quartiles."""
    low, high = values.quantile(0.25), values.quantile(0.75)
    reach = 1.5 * (high - low)
    return int(((values < low - reach) | (values > high + reach)).sum())
