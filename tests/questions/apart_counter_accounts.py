"""Kept apart: people at the counter of a bank, a lender, an insurer, a wallet, a card and a phone company."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.apart_counter_sales import any_of, weekdays
from tests.questions.gold import (
    chart,
    hours,
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

bank, cards, loans, policies = (Asker(n, "apart") for n in ("bank", "cards", "loans", "policies"))
wallet, telco, stocks, experiment = (Asker(n, "apart") for n in ("wallet", "telco", "stocks", "experiment"))
Frame = pd.DataFrame


def related(one: pd.Series, two: pd.Series) -> Expect:
    """A coefficient of any of the usual kinds, somewhere in the answer."""
    return any_of(*(shows(one.corr(two, method=how)) for how in ("pearson", "spearman", "kendall")))


BANK: tuple[Question, ...] = (
    bank("ac-mumbai", "what percentage of the payments came from mumbai", "share", "easy", "plain",
         lambda t: percent((t["city"] == "MUMBAI").mean())
         | percent((t["city"] == "MUMBAI").sum() / t["city"].notna().sum())),
    bank("ac-lakh", "how many payments over 1 lakh?", "filter", "easy", "business",
         lambda t: number((t["Amount"] > 100_000).sum()) | number((t["Amount"] >= 100_000).sum())),
    bank("ac-hour", "which hour has the highest avg amount", "calendar", "medium", "plain",
         lambda t: leader(hours(t.groupby("hour")["Amount"].mean()))),
    bank("ac-linked", "are account balance and payment amount realted", "correlation", "medium", "misspelt",
         lambda t: related(t["Balance"], t["Amount"])),
    bank("ac-nogender", "rows w/o gender", "quality", "easy", "terse",
         lambda t: number(t["CustGender"].isna().sum())),
)  # fmt: skip


def beyond(values: pd.Series) -> Expect:
    low, high = values.quantile(0.25), values.quantile(0.75)
    reach = 1.5 * (high - low)
    return number(((values < low - reach) | (values > high + reach)).sum())


CARDS: tuple[Question, ...] = (
    cards("ac-nocash", "avg credit limit of people who never took cash", "filter", "easy", "plain",
          lambda t: number(t.loc[t["CASH_ADVANCE"] == 0, "CREDIT_LIMIT"].mean())),
    cards("ac-p95", "95th percentile purchases", "quantile", "easy", "terse",
          lambda t: upper(t["PURCHASES"], 0.95)),
    cards("ac-odd", "how many outliers are there in payments, by 1.5 iqr", "outliers", "medium", "plain",
          lambda t: beyond(t["PAYMENTS"])),
    cards("ac-scatter", "scatter of credit limit against balance", "chart", "easy", "terse",
          lambda t: chart("scatter")),
    cards("ac-cash", "what fraction of customers has taken a cash advance?", "share", "easy", "chatty",
          lambda t: percent((t["CASH_ADVANCE"] > 0).mean()) | percent((t["CASH_ADVANCE_TRX"] > 0).mean())),
)  # fmt: skip


def bad(t: Frame) -> pd.Series:
    return t["Defaulted"] == "Yes"


def last_quarter(t: Frame) -> Expect:
    part = t[t["OpenDt"].dt.to_period("Q") == pd.Period("2021Q4")]
    return shows(len(part), part["PrincipalAmt"].sum())


LOANS: tuple[Question, ...] = (
    loans("ac-divorced", "default rate for divorced people", "share", "easy", "plain",
          lambda t: percent(bad(t)[t["MaritalStatus"] == "Divorced"].mean())),
    loans("ac-worst", "wich branch has the worst default rate", "top", "easy", "misspelt",
          lambda t: leader(bad(t).groupby(t["Branch"]).mean(), share=True)),
    loans("ac-rates", "avg interest by loan type, highest first", "rank", "easy", "terse", lambda t: rows(
        t.groupby("LoanType")["IntRatePct"].mean().sort_values(ascending=False), ordered=True)),
    loans("ac-score", "does the interest rate go with the credit score?", "correlation", "easy", "chatty",
          lambda t: related(t["IntRatePct"], t["CreditScore"])),
    loans("ac-q4", "number of loans opened in q4 2021 and their principal in total", "filter", "medium",
          "business", last_quarter),
    loans("ac-box", "boxplot credit score by branch", "chart", "medium", "terse",
          lambda t: chart("box", labels=sorted(t["Branch"].unique()))),
    loans("ac-iqr", "lower and upper quartile of annual income", "quantile", "easy", "business",
          lambda t: upper(t["AnnualIncome"], 0.25, 0.75)),
)  # fmt: skip


def growth(t: Frame) -> Expect:
    """Of the income, or of the average policy; in percent or as both figures."""
    by = t.groupby(t["start_date"].dt.year)["annual_premium_gbp"]
    made = []
    for values in (by.sum(), by.mean()):
        change = values[2024] / values[2023] - 1
        made += [percent(change, either_sign=True), shows_percent(change), shows(values[2023], values[2024])]
    return any_of(*made)


POLICIES: tuple[Question, ...] = (
    policies("ac-freq", "avg no of claims per policy by product", "group", "medium", "business",
             lambda t: rows(t.groupby("product")["claims_count"].mean())),
    policies("ac-most", "what's the most expensive premium anyone pays", "aggregation", "easy", "chatty",
             lambda t: number(t["annual_premium_gbp"].max())),
    policies("ac-growth", "premium growth 2024 vs 2023", "trend", "hard", "business", growth),
    policies("ac-blanks", "where are there blanks in this file", "quality", "easy", "plain",
             lambda t: rows([("holder_age|holder age", t["holder_age"].isna().sum()),
                             ("renewed", t["renewed"].isna().sum())])),
)  # fmt: skip


def through(t: Frame) -> Frame:
    return t[t["status"] == "Success"]


def failures(t: Frame) -> Expect:
    """Of all payments, or of those that are settled."""
    return any_of(*(rows((p["status"] == "Failed").groupby(p["device"]).mean(), as_percent=True)
                    for p in (t, t[t["status"] != "Pending"])))  # fmt: skip


def april(t: Frame) -> Expect:
    return any_of(*(number(p.loc[p["paid_at"].dt.month == 4, "cashback_inr"].sum())
                    for p in (t, through(t))))  # fmt: skip


def tickets(t: Frame) -> Expect:
    return any_of(*(rows(p.groupby("merchant_type")["amount_inr"].mean().nlargest(3), ordered=True, only=True)
                    for p in (t, through(t))))  # fmt: skip


def weekday_bars(t: Frame) -> Expect:
    return any_of(*(chart("bar", weekdays(p.groupby(p["paid_at"].dt.day_of_week).size()))
                    for p in (t, through(t))))  # fmt: skip


def every_month(t: Frame) -> Expect:
    made = (p["paid_at"].dt.to_period("M").groupby(p["user_id"]).nunique() for p in (t, through(t)))
    return any_of(*(number((m == 6).sum()) for m in made))


WALLET: tuple[Question, ...] = (
    wallet("ac-fails", "failure rate android v ios", "share", "medium", "terse",
           failures),
    wallet("ac-apr", "how much cashbak did we pay out in april", "filter", "easy", "misspelt", april),
    wallet("ac-ticket", "top 3 merchant types by avg ticket size", "top", "medium", "business", tickets),
    wallet("ac-wdays", "number of payments by weekday as a bar chart", "chart", "medium", "plain",
           weekday_bars),
    wallet("ac-loyal", "users who paid with us in every single month", "filter", "hard", "business",
           every_month),
)  # fmt: skip


TELCO: tuple[Question, ...] = (
    telco("ac-seniors", "how many senoir citizens are with us", "filter", "easy", "misspelt",
          lambda t: number((t["SeniorCitizen"] == 1).sum())
          | number(((t["SeniorCitizen"] == 1) & (t["Churn"] == "No")).sum()) & mentions("churn|left|still")),
    telco("ac-charge", "avg monthly bill, stayers against leavers", "group", "easy", "business",
          lambda t: shows(*t.groupby("Churn")["MonthlyCharges"].mean())),
    telco("ac-apart", "so what is it that sets the leavers apart from the ones who stay?", "profile",
          "medium", "chatty", lambda t: mentions(r"contract|month-to-month|tenure")),
    telco("ac-lost", "monthly revenue lost to churn", "aggregation", "medium", "business",
          lambda t: number(t.loc[t["Churn"] == "Yes", "MonthlyCharges"].sum())),
    telco("ac-tenure", "median tenure per contract type", "group", "easy", "plain",
          lambda t: rows(t.groupby("Contract")["tenure"].median())),
)  # fmt: skip


def works(t: Frame) -> Expect:
    by = t.groupby("group")["experiment_2"]
    one, two = by.get_group("control"), by.get_group("treatment")
    return verdict(bool(stats.ttest_ind(one, two, equal_var=False).pvalue < 0.05))


OTHERS: tuple[Question, ...] = (
    stocks("ac-rise", "which share went up the most from start to end", "top", "medium", "plain",
           lambda t: leader(t.drop(columns="date").iloc[-1] / t.drop(columns="date").iloc[0] - 1, share=True)
           | leader(t.drop(columns="date").iloc[-1]) | leader(
               t.drop(columns="date").iloc[-1] - t.drop(columns="date").iloc[0])),
    experiment("ac-works", "is treatment any different from control in experiment 2? test it", "difference",
               "hard", "plain", works),
)  # fmt: skip

QUESTIONS = BANK + CARDS + LOANS + POLICIES + WALLET + TELCO + OTHERS
