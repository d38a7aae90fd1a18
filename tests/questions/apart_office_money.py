"""Kept apart: a bank's CRM desk, a loan officer, a card analyst, a wallet's data scientist, an insurer."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.bank import in_city, last_of_each
from tests.questions.fresh_figures import either
from tests.questions.gold import (
    chart,
    leader,
    mentions,
    name,
    number,
    rows,
    shows,
    upper,
    verdict,
)
from tests.questions.model import Asker, Expect, Question

bank, loans, cards, wallet, policies = (
    Asker(n, "apart") for n in ("bank", "loans", "cards", "wallet", "policies")
)
Frame = pd.DataFrame


def women(t: Frame) -> Expect:
    """Distinct customers; rows only where the answer calls them transactions."""
    part = t[t["CustGender"] == "F"]
    return number(part["CustomerID"].nunique()) | number(len(part)) & mentions("transaction|rows")


def rich_but_quiet(t: Frame) -> Expect:
    """Balances as last seen or ever, spent in one payment or over all of them, bounds in or out."""
    per = t.groupby("CustomerID").agg(spent=("Amount", "sum"), most=("Balance", "max"))
    per["last"] = last_of_each(t).set_index("CustomerID")["Balance"]
    rich = t["Balance"] > 1_000_000
    low = t["Amount"] < 500
    made = [number(((per[b] > 1_000_000) & (per["spent"] < 500)).sum()) for b in ("most", "last")]
    return either(*made, number(t.loc[rich & low, "CustomerID"].nunique()))


def wrong_births(t: Frame) -> Expect:
    part = t[t["CustomerDOB"] == "1/1/1800"]
    return number(len(part)) | number(part["CustomerID"].nunique())


def sundays(t: Frame) -> Expect:
    free = t["date"].dt.day_of_week == 6
    return shows(t.loc[free, "Amount"].mean(), t.loc[~free, "Amount"].mean())


BANK: tuple[Question, ...] = (
    bank("ao-women", "no of femal custumers", "filter", "easy", "misspelt", women),
    bank("ao-pune", "total transaction amount of pune", "filter", "easy", "terse",
         lambda t: number(in_city(t, "PUNE")["Amount"].sum())),
    bank("ao-sunday", "avg txn on sundays vs the other days of the week", "difference", "medium", "terse",
         sundays),
    bank("ao-richquiet", "how many customers hold over 10 lakh but spent less than 500", "filter", "hard",
         "business", rich_but_quiet),
    bank("ao-1800", "how many birth dates are nonsense, i mean the ones in the year 1800", "quality",
         "medium", "chatty", wrong_births),
    bank("ao-femgur", "avrage amout per trasaction for femals in gurgoan", "filter", "medium", "misspelt",
         lambda t: number(in_city(t, "GURGAON").query("CustGender == 'F'")["Amount"].mean())),
    bank("ao-bestday", "on which day was the highest total amount moved", "top", "easy", "plain",
         lambda t: leader(t.groupby("date")["Amount"].sum())),
)  # fmt: skip


def bad(t: Frame) -> pd.Series:
    return t["Defaulted"] == "Yes"


def rate_test(t: Frame) -> Expect:
    yes, no = t.loc[bad(t), "IntRatePct"], t.loc[~bad(t), "IntRatePct"]
    return verdict(bool(stats.ttest_ind(yes, no, equal_var=False).pvalue < 0.05))


def two_largest(t: Frame) -> Expect:
    found = t.sort_values("OutstandingBal", ascending=False).groupby("LoanType").head(2)
    return rows([((r.LoanType, r.AcctNo), r.OutstandingBal) for r in found.itertuples()])


def burden(t: Frame) -> Expect:
    """Principal, or what is still owed, against the income."""
    return either(*(rows((t[c] / t["AnnualIncome"]).groupby(t["LoanType"]).median())
                    for c in ("PrincipalAmt", "OutstandingBal")))  # fmt: skip


LOANS: tuple[Question, ...] = (
    loans("ao-good", "how many loans have not defaulted", "filter", "easy", "plain",
          lambda t: number((~bad(t)).sum())),
    loans("ao-book", "total outstanding balance", "aggregation", "easy", "terse",
          lambda t: number(t["OutstandingBal"].sum())),
    loans("ao-eduscore", "average credit score of education loans with a term over 60 months", "filter",
          "medium", "plain", lambda t: number(t.loc[(t["LoanType"] == "Education") & (t["TermMonths"] > 60),
                                                    "CreditScore"].mean())),
    loans("ao-biglend", "which branch lends the biggest loans on average?", "top", "easy", "chatty",
          lambda t: leader(t.groupby("Branch")["PrincipalAmt"].mean())),
    loans("ao-burden", "loan to income ratio, the median for each loan type", "group", "hard", "business",
          burden),
    loans("ao-ratetest", "do defaulters pay another interest rate than the others, please test", "difference",
          "hard", "plain", rate_test),
    loans("ao-q22", "line chart of new loans per quarter in 2022", "chart", "medium", "plain",
          lambda t: chart("line", t[t["OpenDt"].dt.year == 2022].groupby(
              t["OpenDt"].dt.to_period("Q")).size(), labels=())),
    loans("ao-p10", "10th percentile of the credit score", "quantile", "easy", "terse",
          lambda t: upper(t["CreditScore"], 0.1)),
    loans("ao-noinc", "borrowers without an income on file and a score below 600, how many", "quality",
          "medium", "business",
          lambda t: number((t["AnnualIncome"].isna() & (t["CreditScore"] < 600)).sum())),
    loans("ao-two", "the 2 biggest accounts by outstanding in every loan type", "rank", "hard", "plain",
          two_largest),
)  # fmt: skip


def closest(t: Frame) -> Expect:
    """By Pearson or by ranks."""
    table = t.drop(columns="CUST_ID")
    made = []
    for how in ("pearson", "spearman"):
        found = table.corr(method=how)["BALANCE"].drop("BALANCE").abs().idxmax()
        made.append(name(f"{found}|{found.replace('_', ' ')}"))
    return either(*made)


CARDS: tuple[Question, ...] = (
    cards("ao-nobuy", "no. of cardholders w/o any purchases", "filter", "easy", "business",
          lambda t: number((t["PURCHASES"] == 0).sum())),
    cards("ao-nocash", "median payments of customers whose cash advance is zero", "filter", "medium", "plain",
          lambda t: number(t.loc[t["CASH_ADVANCE"] == 0, "PAYMENTS"].median())),
    cards("ao-close", "which figure moves most closely with the balance", "correlation", "hard", "chatty",
          closest),
    cards("ao-maxed", "how many customers use more than 90% of their credit limit", "filter", "hard",
          "business", lambda t: number((t["BALANCE"] / t["CREDIT_LIMIT"] > 0.9).sum())),
    cards("ao-gaps", "which columns have gaps and how many", "quality", "easy", "plain",
          lambda t: rows([("MINIMUM_PAYMENTS|minimum payments", 313), ("CREDIT_LIMIT|credit limit", 1)])),
    cards("ao-corr", "correlation credit limit / payments", "correlation", "easy", "terse",
          lambda t: number(t["CREDIT_LIMIT"].corr(t["PAYMENTS"]))
          | number(t["CREDIT_LIMIT"].corr(t["PAYMENTS"], method="spearman"))),
)  # fmt: skip


def late_hours(t: Frame) -> Expect:
    return number((t["paid_at"].dt.hour >= 21).sum())


def through(t: Frame) -> pd.Series:
    return t["status"] == "Success"


def recharge(t: Frame) -> Expect:
    part = t[(t["merchant_type"] == "Recharge") & (t["home_city"] == "Lucknow")]
    return number(part["amount_inr"].sum()) | number(part.loc[through(part), "amount_inr"].sum())


def active(t: Frame) -> Expect:
    return either(*(rows(p.groupby(p["paid_at"].dt.to_period("M"))["user_id"].nunique())
                    for p in (t, t[through(t)])))  # fmt: skip


WALLET: tuple[Question, ...] = (
    wallet("ao-success", "success rate by device", "share", "easy", "terse",
           lambda t: rows(through(t).groupby(t["device"]).mean(), as_percent=True)),
    wallet("ao-cashback", "which merchant type gets most of the cashback?", "top", "easy", "plain",
           lambda t: leader(t.groupby("merchant_type")["cashback_inr"].sum())),
    wallet("ao-late", "payments after 9pm", "calendar", "easy", "terse", late_hours),
    wallet("ao-mau", "monthly active users", "trend", "medium", "business", active),
    wallet("ao-recharge", "totel amont of recharg in lucknow", "filter", "medium", "misspelt", recharge),
)  # fmt: skip


def kept(t: Frame) -> Expect:
    """Of the policies that came up for renewal, or of all."""
    return either(*(rows((p["renewed"] == "Y").groupby(p["region"]).mean(), as_percent=True)
                    for p in (t[t["renewed"].notna()], t)))  # fmt: skip


def loss(t: Frame) -> Expect:
    by = t.groupby("product")[["claims_paid_gbp", "annual_premium_gbp"]].sum()
    return rows(by["claims_paid_gbp"] / by["annual_premium_gbp"], as_percent=True)


POLICIES: tuple[Question, ...] = (
    policies("ao-motor", "avg premium for motor", "filter", "easy", "terse",
             lambda t: number(t.loc[t["product"] == "Motor", "annual_premium_gbp"].mean())),
    policies("ao-kept", "renewel rate by regoin", "share", "medium", "misspelt", kept),
    policies("ao-loss", "loss ratio per product, meaning claims paid divided by premium", "group", "hard",
             "business", loss),
    policies("ao-scotpet", "average holder age of pet policies in scotland?", "filter", "medium", "chatty",
             lambda t: number(t.loc[(t["product"] == "Pet") & (t["region"] == "Scotland"),
                                    "holder_age"].mean())),
    policies("ao-agehist", "histogram of holder age", "chart", "easy", "terse",
             lambda t: chart("histogram|bar")),
)  # fmt: skip

QUESTIONS = BANK + LOANS + CARDS + WALLET + POLICIES
