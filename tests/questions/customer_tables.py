"""Questions about ready customer tables: credit cards, frequent flyers and a book club's mailing list."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import iqr_outliers, pareto
from tests.questions.gold import (
    ambiguous,
    chart,
    listed,
    name,
    number,
    percent,
    refusal,
    rows,
    says,
    shows,
    verdict,
)
from tests.questions.model import Asker, Expect, Question

c, a, b = Asker("cards"), Asker("airline"), Asker("books")


def corr(t: pd.DataFrame, x: str, y: str) -> Expect:
    return number(t[x].corr(t[y])) | number(t[x].corr(t[y], method="spearman"))


def strongest(t: pd.DataFrame, x: str) -> set[str]:
    table = t.select_dtypes("number").drop(columns=[x])
    ways = (table.corrwith(t[x]), table.corrwith(t[x], method="spearman"))
    return {str(way.abs().idxmax()) for way in ways}


CARDS: tuple[Question, ...] = (
    c("n", "how many card holders", "aggregation", "easy", "terse", lambda t: number(len(t))),
    c("mean-balance", "how much do people owe on average?", "aggregation", "hard", "chatty",
      lambda t: number(t["BALANCE"].mean())),
    c("limit", "avrage credit limt", "aggregation", "easy", "misspelt",
      lambda t: number(t["CREDIT_LIMIT"].mean())),
    c("never-buy", "How many customers made no purchases at all?", "filter", "medium", "plain",
      lambda t: number((t["PURCHASES"] == 0).sum())),
    c("cash-users", "percent of customers using cash advances", "share", "medium", "business",
      lambda t: percent((t["CASH_ADVANCE"] > 0).mean())),
    c("total-purch", "sum of purchases, in millions", "aggregation", "medium", "terse",
      lambda t: number(t["PURCHASES"].sum())),
    c("over-limit", "customers whose balance is above their credit limit", "filter", "hard", "business",
      lambda t: number((t["BALANCE"] > t["CREDIT_LIMIT"]).sum())),
    c("oneoff-share", "share of one-off purchases in total purchases", "share", "hard", "business",
      lambda t: percent(t["ONEOFF_PURCHASES"].sum() / t["PURCHASES"].sum())),
    c("missing", "missing values?", "quality", "easy", "terse",
      lambda t: rows([("MINIMUM_PAYMENTS|minimum payments", 313), ("CREDIT_LIMIT|credit limit", 1)])),
    c("missing-share", "what % of minimum payments is missing", "quality", "medium", "plain",
      lambda t: percent(t["MINIMUM_PAYMENTS"].isna().mean())),
    c("corr", "correlation of PURCHASES and PAYMENTS", "correlation", "easy", "plain",
      lambda t: corr(t, "PURCHASES", "PAYMENTS")),
    c("corr-most", "what is most correlated with credit limit?", "correlation", "hard", "plain",
      lambda t: name("|".join(x for n in strongest(t, "CREDIT_LIMIT") for x in (n, n.replace("_", " "))))),
    c("p95", "95th pct of cash advance", "quantile", "medium", "terse",
      lambda t: number(t["CASH_ADVANCE"].quantile(0.95))),
    c("deciles", "deciles of balance", "quantile", "medium", "terse",
      lambda t: shows(*t["BALANCE"].quantile([0.1, 0.5, 0.9]))),
    c("tenure-group", "average balance by tenure", "group", "easy", "plain",
      lambda t: rows(t.groupby("TENURE")["BALANCE"].mean())),
    c("tenure-12", "What fraction of card holders has a tenure of 12?", "share", "easy", "plain",
      lambda t: percent((t["TENURE"] == 12).mean())),
    c("scatter", "scatter plot of balance against credit limit", "chart", "easy", "plain",
      lambda t: chart("scatter")),
    c("hist", "distribution of purchases frequency", "chart", "easy", "terse",
      lambda t: chart("histogram|bar|box|violin")),
    c("iqr", "outliers in payments, 1.5 IQR", "outliers", "medium", "terse",
      lambda t: number(iqr_outliers(t["PAYMENTS"]))),
    c("z", "how many balances lie more than 3 standard deviations from the mean", "outliers", "hard", "plain",
      lambda t: number(((t["BALANCE"] - t["BALANCE"].mean()).abs() > 3 * t["BALANCE"].std()).sum())),
    c("top", "ten biggest spenders", "top", "medium", "business",
      lambda t: listed(t.nlargest(10, "PURCHASES")["CUST_ID"], ordered=True, only=True)),
    c("pareto", "what share of purchases do the top 10 % of customers make", "share", "hard", "business",
      lambda t: percent(pareto(t["PURCHASES"], 0.1), tolerance=0.06)),
    c("full-payers", "how many pay in full every time (PRC_FULL_PAYMENT = 1)?", "filter", "medium", "plain",
      lambda t: number((t["PRC_FULL_PAYMENT"] == 1).sum())),
    c("ratio", "ratio of total payments to total purchases", "aggregation", "hard", "plain",
      lambda t: number(t["PAYMENTS"].sum() / t["PURCHASES"].sum())),
    c("freq-over-1", "Are there impossible values, e.g. a cash advance frequency above 1?", "quality", "hard",
      "plain",
      lambda t: shows((t["CASH_ADVANCE_FREQUENCY"] > 1).sum()) & says(r"\byes\b|\b8\b|above|over|exceed")),
    c("gender", "average balance of women", "impossible", "easy", "plain",
      lambda t: refusal(r"gender|sex|women|column")),
    c("monthly", "trend of purchases over time", "impossible", "medium", "terse",
      lambda t: refusal(r"date|time|period")),
    c("spend-ambiguous", "who uses their card most", "ambiguous", "hard", "chatty",
      lambda t: ambiguous(listed([t.loc[t["PURCHASES"].idxmax(), "CUST_ID"]]),
                          listed([t.loc[t["PURCHASES_TRX"].idxmax(), "CUST_ID"]]),
                          shows(t["PURCHASES_TRX"].max()), shows(t["PURCHASES"].max()))),
    c.dialogue("d", "medium", "plain",
      ("average purchases of customers with a credit limit over 10k",
       lambda t: number(t.loc[t["CREDIT_LIMIT"] > 10_000, "PURCHASES"].mean())),
      ("how many are they", lambda t: number((t["CREDIT_LIMIT"] > 10_000).sum())),
      ("and their median balance", lambda t: number(t.loc[t["CREDIT_LIMIT"] > 10_000, "BALANCE"].median())),
      ("same for everybody else", lambda t: number(t.loc[t["CREDIT_LIMIT"] <= 10_000, "BALANCE"].median())
       | number(t.loc[~(t["CREDIT_LIMIT"] > 10_000), "BALANCE"].median()))),
)  # fmt: skip


def told_apart(values: pd.Series, flag: pd.Series) -> Expect:
    """Both means or medians of the two groups, or how far they lie apart."""
    mean, median = values.groupby(flag).mean(), values.groupby(flag).median()
    apart = shows(mean[1] - mean[0]) | shows(median[1] - median[0]) | shows(mean[1] / mean[0])
    return shows(*mean) | shows(*median) | apart


AIRLINE: tuple[Question, ...] = (
    a("members", "how many members does the programme have", "aggregation", "easy", "business",
      lambda t: number(len(t))),
    a("balance-mean", "mean miles balance", "aggregation", "easy", "terse",
      lambda t: number(t["Balance"].mean())),
    a("balance-median", "and typically, i.e. the median balance?", "aggregation", "easy", "chatty",
      lambda t: number(t["Balance"].median())),
    a("award-share", "What proportion of members took an award?", "share", "medium", "plain",
      lambda t: percent(t["Award?"].mean())),
    a("no-flights", "members w/o any flight in last 12 months", "filter", "medium", "terse",
      lambda t: number((t["Flight_trans_12"] == 0).sum()) | number((t["Flight_miles_12mo"] == 0).sum())),
    a("award-balance", "average balance of those who took an award compared to those who didn't", "group",
      "medium", "plain",
      lambda t: shows(*t.groupby("Award?")["Balance"].mean())),
    a("award-differ", "Do award takers earn more bonus miles?", "difference", "hard", "business",
      lambda t: verdict(True) & told_apart(t["Bonus_miles"], t["Award?"])),
    a("corr", "how strongly do bonus miles and bonus transactions go together", "correlation", "medium",
      "business",
      lambda t: corr(t, "Bonus_miles", "Bonus_trans")),
    a("top5", "top 5 member IDs by balance", "top", "easy", "terse",
      lambda t: listed(t.nlargest(5, "Balance")["ID#"], ordered=True, only=True)),
    a("top1-pct", "share of all miles balance held by the top 1% of members", "share", "hard", "plain",
      lambda t: percent(pareto(t["Balance"], 0.01), tolerance=0.15)),
    a("years", "average membership length in years", "aggregation", "hard", "business",
      lambda t: number(t["Days_since_enroll"].mean() / 365.25, tolerance=0.02)
      | number(t["Days_since_enroll"].mean())),
    a("recent", "who enrolled within the past 365 days: count", "filter", "medium", "plain",
      lambda t: number((t["Days_since_enroll"] <= 365).sum()) | number((t["Days_since_enroll"] < 365).sum())),
    a("quantiles", "25, 50 and 75 percentile of flight miles", "quantile", "medium", "terse",
      lambda t: shows(*t["Flight_miles_12mo"].quantile([0.25, 0.5, 0.75]))),
    a("skew", "is balance skewed", "profile", "medium", "terse", lambda t: says(r"skew|tail|yes")
      & Expect(never=(r"^\W*no\b|\bnot\b|n't\b",))),
    a("cc1", "members per cc1_miles level", "group", "easy", "terse",
      lambda t: rows(t["cc1_miles"].value_counts())),
    a("award-cc1", "award rate by cc1 miles category as a bar chart", "chart", "hard", "plain",
      lambda t: chart("bar") & rows(t.groupby("cc1_miles")["Award?"].mean(), as_percent=True)),
    a("missing", "is anything missing in the data?", "quality", "easy", "chatty",
      lambda t: says(r"\bno\b|nothing|none|\b0\b|complete")),
    a("seat", "how many fly business class?", "impossible", "medium", "plain",
      lambda t: refusal(r"class|column|data|cabin")),
    a.dialogue("d", "medium", "terse",
      ("avg bonus miles by award", lambda t: shows(*t.groupby("Award?")["Bonus_miles"].mean())),
      ("median instead", lambda t: shows(*t.groupby("Award?")["Bonus_miles"].median())),
      ("only members with flights in the last 12 months",
       lambda t: shows(*t[t["Flight_trans_12"] > 0].groupby("Award?")["Bonus_miles"].median())),
      ("how many members is that", lambda t: number((t["Flight_trans_12"] > 0).sum())
       | rows(t[t["Flight_trans_12"] > 0].groupby("Award?").size()))),
)  # fmt: skip

BOOKS: tuple[Question, ...] = (
    b("response", "What was the response rate of the Florence mailing?", "share", "hard", "business",
      lambda t: percent(t["Florence"].mean())),
    b("buyers", "how many bought Florence", "filter", "medium", "terse",
      lambda t: number(t["Florence"].sum())),
    b("m-mean", "average monetary value M", "aggregation", "easy", "plain", lambda t: number(t["M"].mean())),
    b("f-dist", "number of customers for each F", "group", "easy", "terse",
      lambda t: rows(t["F"].value_counts())),
    b("rcode-rate", "Florence rate per recency code", "group", "hard", "business",
      lambda t: rows(t.groupby("Rcode")["Florence"].mean(), as_percent=True)),
    b("cook", "total cook books sold", "aggregation", "medium", "plain",
      lambda t: number(t["CookBks"].sum())),
    b("most-sold", "which of child, youth, cook and art books sells most?", "top", "hard", "plain",
      lambda t: name("ChildBks|child|Child books|Child Bks")
      if t["ChildBks"].sum() > t["CookBks"].sum() else name("CookBks|cook|Cook books|Cook Bks")),
    b("child-and-cook", "customers with at least one child book and at least one cook book", "filter",
      "medium", "plain",
      lambda t: number(((t["ChildBks"] >= 1) & (t["CookBks"] >= 1)).sum())),
    b("gender-rate", "florence rate by gender", "group", "medium", "terse",
      lambda t: rows(t.groupby("Gender")["Florence"].mean(), as_percent=True)),
    b("corr-rm", "are recency and monetary correlated?", "correlation", "medium", "plain",
      lambda t: corr(t, "R", "M")),
    b("m-quartiles", "quartiles of M", "quantile", "easy", "terse",
      lambda t: shows(*t["M"].quantile([0.25, 0.5, 0.75]))),
    b("best-art", "does having bought art books raise the chance of buying Florence? compare the rates",
      "difference",
      "hard", "business", lambda t: shows_two(t)),
    b("title", "which title had the best margin?", "impossible", "medium", "business",
      lambda t: refusal(r"margin|column|data|title")),
    b("m-by-f", "mean M for customers with F of 5 or more versus less than 5", "group", "hard", "plain",
      lambda t: shows(t.loc[t["F"] >= 5, "M"].mean(), t.loc[t["F"] < 5, "M"].mean())),
)  # fmt: skip

QUESTIONS = CARDS + AIRLINE + BOOKS


def shows_two(t: pd.DataFrame) -> Expect:
    """Florence rates with and without art books, as percentages or as fractions."""
    rates = t.groupby(t["ArtBks"] > 0)["Florence"].mean()
    return shows(*(100 * rates), tolerance=0.06) | shows(*rates, tolerance=0.0006)
