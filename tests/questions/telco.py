"""Questions of a telecoms retention team about one row a customer, with churn, contract and charges."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import (
    ambiguous,
    chart,
    listed,
    mentions,
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

q = Asker("telco")
GONE = {"Yes": "Yes|churned|left|gone", "No": "No|stayed|not churned|retained|active"}


def churned(t: pd.DataFrame) -> pd.Series:
    return t["Churn"] == "Yes"


def churn_by(t: pd.DataFrame, column: str) -> pd.Series:
    return churned(t).groupby(t[column]).mean().sort_values(ascending=False)


QUESTIONS: tuple[Question, ...] = (
    q("rate", "what is our churn rate?", "share", "easy", "business", lambda t: percent(churned(t).mean())),
    q("n-gone", "how many customers churned", "filter", "easy", "terse", lambda t: number(churned(t).sum())),
    q("by-contract", "churn rate by contract type", "group", "medium", "business",
      lambda t: rows(churn_by(t, "Contract"), as_percent=True)),
    q("worst-payment", "Which payment method has the highest churn?", "top", "medium", "business",
      lambda t: name(churn_by(t, "PaymentMethod").index[0]) & percent(churn_by(t, "PaymentMethod").iloc[0])),
    q("fiber", "how many are on fiber", "filter", "easy", "chatty",
      lambda t: number((t["InternetService"] == "Fiber optic").sum())),
    q("fibre-2yr", "fibre optic customers on two year contract who left", "filter", "hard", "misspelt",
      lambda t: number(
      (churned(t) & (t["InternetService"] == "Fiber optic") & (t["Contract"] == "Two year")).sum())),
    q("arpu", "ARPU?", "aggregation", "medium", "business", lambda t: number(t["MonthlyCharges"].mean())
      | Expect(statuses=frozenset({"clarify"}))),
    q("monthly-churn", "avg monthly charge of churners vs non churners", "group", "medium", "terse",
      lambda t: rows(t.groupby("Churn")["MonthlyCharges"].mean(), labels=GONE)),
    q("tenure-churn", "median tenure for people who left and people who stayed", "group", "medium", "plain",
      lambda t: rows(t.groupby("Churn")["tenure"].median(), labels=GONE)),
    q("mrr", "What is the total monthly revenue, i.e. the sum of monthly charges?", "aggregation", "easy",
      "business",
      lambda t: number(t["MonthlyCharges"].sum())),
    q("mrr-lost", "how much monthly revenue did we lose to churn", "filter", "hard", "business",
      lambda t: number(t.loc[churned(t), "MonthlyCharges"].sum())),
    q("seniors", "share of senior citizens", "share", "medium", "terse",
      lambda t: percent(t["SeniorCitizen"].mean())),
    q("seniors-churn", "Do seniors churn more than the rest?", "difference", "medium", "chatty",
      lambda t: verdict(True) & shows_rates(t, "SeniorCitizen")),
    q("gender-churn", "does gender make a difference to churn?", "difference", "hard", "plain",
      lambda t: verdict(False) | shows_rates(t, "gender")),
    q("paperless", "Is churn related to paperless billing? give me the rates", "difference", "medium",
      "plain",
      lambda t: shows_rates(t, "PaperlessBilling")),
    q("blank-total", "how many blanks are there in TotalCharges", "quality", "easy", "plain",
      lambda t: number(t["TotalCharges"].isna().sum())),
    q("zero-tenure", "customers with zero tenure", "filter", "easy", "terse",
      lambda t: number((t["tenure"] == 0).sum())),
    q("corr-tenure-total", "correlation between tenure and total charges", "correlation", "easy", "plain",
      lambda t: number(t["tenure"].corr(t["TotalCharges"]))
      | number(t["tenure"].corr(t["TotalCharges"], method="spearman"))),
    q("p75", "75th percentile of monthly charges", "quantile", "easy", "terse",
      lambda t: number(t["MonthlyCharges"].quantile(0.75))),
    q("contract-mix", "percentage split of contracts", "share", "easy", "terse",
      lambda t: rows(t["Contract"].value_counts(normalize=True), as_percent=True)),
    q("contract-pie", "draw a pie of payment methods", "chart", "easy", "chatty",
      lambda t: chart("pie", t["PaymentMethod"].value_counts())),
    q("churn-bar", "bar graph churn rate per internet service", "chart", "medium", "misspelt",
      lambda t: chart("bar", labels=["DSL", "Fiber optic", "No"])
      & rows(churn_by(t, "InternetService"), as_percent=True)),
    q("box", "box plot of monthly charges by churn", "chart", "medium", "plain", lambda t: chart("box")),
    q("histogram", "Histogram of tenure please", "chart", "easy", "chatty", lambda t: chart("histogram|bar")),
    q("over-100", "who pays more than 100 a month - how many customers?", "filter", "easy", "chatty",
      lambda t: number((t["MonthlyCharges"] > 100).sum())),
    q("long-expensive", "number of customers with tenure of at least 60 months and monthly charges under 30",
      "filter",
      "medium", "plain", lambda t: number(((t["tenure"] >= 60) & (t["MonthlyCharges"] < 30)).sum())),
    q("first-year", "churn rate among customers in their first 12 months", "filter", "hard", "business",
      lambda t: percent(churned(t[t["tenure"] <= 12]).mean()) | percent(churned(t[t["tenure"] < 12]).mean())
      | percent(churned(t[t["tenure"].between(1, 12)]).mean())),
    q("partner-no-dep", "How many have a partner but no dependents?", "filter", "medium", "plain",
      lambda t: number(((t["Partner"] == "Yes") & (t["Dependents"] == "No")).sum())),
    q("cross", "table of contract by internet service, counts", "group", "medium", "terse",
      lambda t: rows([(k, v) for k, v in t.groupby(["Contract", "InternetService"]).size().items()])),
    q("best-in-group", "for each contract the payment method with most customers", "rank", "hard", "plain",
      lambda t: rows(
      [((c, g["PaymentMethod"].value_counts().index[0]), g["PaymentMethod"].value_counts().iloc[0])
                      for c, g in t.groupby("Contract")])),
    q("electronic-share-of-churn", "of those who churned, what percentage paid by electronic check?", "share",
      "hard",
      "plain", lambda t: percent((t.loc[churned(t), "PaymentMethod"] == "Electronic check").mean())),
    q("phone-lines", "multiple lines yes/no/no phone: how many each", "group", "easy", "terse",
      lambda t: rows(t["MultipleLines"].value_counts())),
    q("drivers", "What drives churn?", "profile", "hard", "business",
      lambda t: mentions(r"contract|tenure", r"caus|associat|relat|differ|higher|lower|strong")),
    q("outlier-total", "Are there outliers in monthly charges using the 1.5 x IQR rule?", "outliers",
      "medium", "plain",
      lambda t: says(r"\bno\b|\bnone\b|\b0\b|zero")),
    q("top-total", "top 5 customers by total charges", "top", "easy", "terse",
      lambda t: listed(t.nlargest(5, "TotalCharges")["customerID"], ordered=True, only=True)),
    q("dup-ids", "any duplicate customer IDs?", "quality", "easy", "chatty",
      lambda t: says(r"\bno\b|\bnone\b|\b0\b|unique")),
    q("highest-mean-contract", "average total charges per contract, highest first", "group", "medium",
      "plain",
      lambda t: rows(t.groupby("Contract")["TotalCharges"].mean().sort_values(ascending=False),
      ordered=True)),
    q("region", "churn by region", "impossible", "easy", "terse",
      lambda t: refusal(r"region|place|location|column")),
    q("month-churn", "plot churn per month over the last year", "impossible", "hard", "business",
      lambda t: refusal(r"date|month|time")),
    q("false-premise", "Why do two-year customers churn the most?", "impossible", "hard", "chatty",
      lambda t: refusal(r"month-to-month|least|lowest|not the|2\.8|3 ?%")),
    q("good-customers", "show me the good customers", "ambiguous", "hard", "business",
      lambda t: ambiguous(shows(t["TotalCharges"].max()), shows(t["tenure"].max()),
      shows(t["MonthlyCharges"].max()))),
    q.dialogue("d-rate", "medium", "chatty",
      ("whats the churn rate for month-to-month customers",
        lambda t: percent(churn_by(t, "Contract")["Month-to-month"])),
      ("and two year?", lambda t: percent(churn_by(t, "Contract")["Two year"])),
      ("how many customers is that", lambda t: number((t["Contract"] == "Two year").sum())
       | number((churned(t) & (t["Contract"] == "Two year")).sum())),
      ("show it for all contracts", lambda t: rows(churn_by(t, "Contract"), as_percent=True)
       | rows(t["Contract"].value_counts()) | rows(t[churned(t)]["Contract"].value_counts())),
      ("as a bar chart", lambda t: chart("bar", labels=["Month-to-month", "One year", "Two year"]))),
    q.dialogue("d-correct", "medium", "plain",
      ("average monthly charges by internet service",
        lambda t: rows(t.groupby("InternetService")["MonthlyCharges"].mean())),
      ("no, I meant the median", lambda t: rows(t.groupby("InternetService")["MonthlyCharges"].median())),
      ("only for customers who left",
        lambda t: rows(t[churned(t)].groupby("InternetService")["MonthlyCharges"].median())),
      ("by payment method instead",
        lambda t: rows(t[churned(t)].groupby("PaymentMethod")["MonthlyCharges"].median()))),
)  # fmt: skip


def shows_rates(t: pd.DataFrame, column: str) -> Expect:
    """Both churn rates stand somewhere, as percentages or as fractions."""
    rates = churn_by(t, column)
    as_percent = shows(*(100 * rates), tolerance=0.06)
    return as_percent | shows(*rates, tolerance=0.0006)
