"""Harder figures of an insurer, a lender, a bank and a card issuer, by executives, handlers and auditors."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.bank import in_city
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, name, number, percent, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

policies, loans, bank, cards = (Asker(n, "open") for n in ("policies", "loans", "bank", "cards"))
telco = Asker("telco", "open")
Frame = pd.DataFrame


def higher(these: pd.Series, those: pd.Series) -> Expect:
    """Whether these lie above those on average; where chance can explain it, "not clearly" is right too."""
    yes = verdict(bool(these.mean() > those.mean()))
    p = stats.ttest_ind(these.dropna(), those.dropna(), equal_var=False).pvalue
    return yes if p < 0.05 else either(yes & shows(these.mean(), those.mean()), verdict(False))


def lower(these: pd.Series, those: pd.Series) -> Expect:
    """Whether these lie below those on average."""
    return higher(those, these)


def apart(these: pd.Series, those: pd.Series) -> Expect:
    """By how much these lie above those: the gap, the gap in percent, or both means; or their medians."""
    made = []
    for how in ("mean", "median"):
        a, b = float(these.agg(how)), float(those.agg(how))
        made += [number(a - b, either_sign=True), shows(a, b)]
        made += [percent(a / b - 1, either_sign=True)] if b else []
    return either(*made)


def typical(values: pd.Series) -> Expect:
    """A median or a mean."""
    return either(number(values.median()), number(values.mean()))


def best_in_each(values: pd.Series) -> Expect:
    """The largest of each group of the first level, with its value."""
    best = values.loc[values.groupby(level=0).idxmax()]
    return rows([((str(a), str(b)), v) for (a, b), v in best.items()])


def started(t: Frame, low: float, high: float) -> pd.Series:
    return t["holder_age"].between(low, high)


def loss_ratio(t: Frame) -> Expect:
    sums = t.groupby("product")[["claims_paid_gbp", "annual_premium_gbp"]].sum()
    return rows(sums["claims_paid_gbp"] / sums["annual_premium_gbp"], as_percent=True)


def renewals(t: Frame) -> Expect:
    due = t[t["renewed"].notna()]
    rate = (due["renewed"] == "Y").groupby(due["sales_channel"]).mean()
    return rows(rate.sort_values(ascending=False), as_percent=True, ordered=True)


def odd_premiums(t: Frame) -> Expect:
    motor = t.loc[t["product"] == "Motor", "annual_premium_gbp"]
    return either(*(number((motor > motor.mean() + 3 * motor.std(ddof=d)).sum()) for d in (0, 1)))


def no_extremes(t: Frame) -> Expect:
    """Ages from 25 to 70; those unknown left out or kept."""
    out = (t["holder_age"] < 25) | (t["holder_age"] > 70)
    return either(number(t.loc[started(t, 25, 70), "annual_premium_gbp"].mean()),
                  number(t.loc[~out, "annual_premium_gbp"].mean()))  # fmt: skip


POLICIES: tuple[Question, ...] = (
    policies("fi-lossratio", "Loss ratio by product please - claims paid over premium.", "aggregation",
             "hard", "business", loss_ratio),
    policies("fi-loyal", "how many motor policies had two or more claims and were still renewed", "filter",
             "hard", "plain", lambda t: number(((t["product"] == "Motor") & (t["claims_count"] >= 2)
                                                & (t["renewed"] == "Y")).sum())),
    policies("fi-leavers", "Of the policies that did not renew, what part had at least one claim?", "share",
             "hard", "business", lambda t: percent((t.loc[t["renewed"] == "N", "claims_count"] >= 1).mean())),
    policies("fi-payout", "median payout, only where something was paid out at all", "quantile", "medium",
             "terse", lambda t: number(t.loc[t["claims_paid_gbp"] > 0, "claims_paid_gbp"].median())),
    policies("fi-regionbest", "In each region, which product brings in the most premium?", "rank", "hard",
             "business", lambda t: best_in_each(t.groupby(["region",
        "product"])["annual_premium_gbp"].sum())),
    policies("fi-broker", "do broker policies cost more than direct ones?", "difference", "medium", "chatty",
             lambda t: higher(*(t.loc[t["sales_channel"] == c, "annual_premium_gbp"]
                                for c in ("Broker", "Direct")))),
    policies("fi-middleaged", "leave out holders under 25 and over 70 - whats the mean premium then",
             "filter", "hard", "chatty", no_extremes),
    policies("fi-petravel", "pet & travel policies with the 500 excess, number of", "filter", "medium",
             "terse",
             lambda t: number((t["product"].isin(["Pet", "Travel"]) & (t["excess_gbp"] == 500)).sum())),
    policies("fi-dearest", "Where do the dearest 5% of motor premiums begin?", "quantile", "hard", "plain",
             lambda t: number(t.loc[t["product"] == "Motor", "annual_premium_gbp"].quantile(0.95))),
    policies("fi-channels", "rank the sales channels by renewal rate, ignore what isn't due yet", "rank",
             "hard", "business", renewals),
    policies("fi-homeclaims", "which region files the most claims per policy on home insurance", "top",
             "hard",
             "plain", lambda t: leader(t[t["product"] == "Home"].groupby("region")["claims_count"].mean())),
    policies("fi-ten", "what share of all claim money went to the 10 most expensive policies, by claims paid",
             "share", "hard", "plain", lambda t: percent(t["claims_paid_gbp"].nlargest(10).sum()
                                                         / t["claims_paid_gbp"].sum())),
    policies("fi-3sd", "motor premiums lying more than 3 standard deviations above the motor mean: how many?",
             "outliers", "hard", "business", odd_premiums),
    policies("fi-250", "is it true that holders with a 250 excess claim more often than those on 100?",
             "difference", "hard", "chatty", lambda t: higher(
                 *(t.loc[t["excess_gbp"] == e, "claims_count"] for e in (250, 100)))),
    policies("fi-except", "total claims paid outside London and Wales", "aggregation", "medium", "terse",
             lambda t: number(t.loc[~t["region"].isin(["London", "Wales"]), "claims_paid_gbp"].sum())),
    policies("fi-noclaim", "avg age of holders w/o a single claim", "aggregation", "medium", "terse",
             lambda t: number(t.loc[t["claims_count"] == 0, "holder_age"].mean())),
)  # fmt: skip


def bad(t: Frame) -> pd.Series:
    return t["Defaulted"] == "Yes"


def lowest_tenth(t: Frame) -> Expect:
    """Default rate of the tenth with the lowest scores, ties in or out."""
    score = t["CreditScore"]
    return either(*(percent(bad(t)[k].mean(), tolerance=0.2)
                    for k in (score <= score.quantile(0.1), score < score.quantile(0.1))),
                  percent(bad(t)[score.rank(method="first") <= 150].mean(), tolerance=0.2))  # fmt: skip


def three_largest(t: Frame) -> Expect:
    best = t.sort_values("OutstandingBal", ascending=False).groupby("Branch").head(3)
    return rows([(str(b), float(v)) for b, v in zip(best["Branch"], best["OutstandingBal"], strict=True)])


LOANS: tuple[Question, ...] = (
    loans("fi-badbook", "Outstanding balance on defaulted loans as % of the whole book?", "share", "hard",
          "business", lambda t: percent(t.loc[bad(t), "OutstandingBal"].sum() / t["OutstandingBal"].sum())),
    loans("fi-risky", "mean interest rate where the score is below 600 and the income under 30k", "filter",
          "hard", "terse", lambda t: number(t.loc[(t["CreditScore"] < 600) & (t["AnnualIncome"] < 30_000),
                                                  "IntRatePct"].mean())),
    loans("fi-worstbranch", "branch with the worst default rate on personal loans?", "top", "hard", "terse",
          lambda t: leader(bad(t)[t["LoanType"] == "Personal"].groupby(t["Branch"]).mean(), share=True)),
    loans("fi-divorced", "How much is the middle credit score of the divorced persons?", "quantile", "medium",
          "misspelt", lambda t: number(t.loc[t["MaritalStatus"] == "Divorced", "CreditScore"].median())),
    loans("fi-spread", "which loan type has the widest spread in interest rates, by standard deviation",
          "top",
          "hard", "plain", lambda t: name(t.groupby("LoanType")["IntRatePct"].std().idxmax())),
    loans("fi-neither", "loans above 20k principal which are neither home nor car", "filter", "medium",
          "plain",
          lambda t: number(((t["PrincipalAmt"] > 20_000) & ~t["LoanType"].isin(["Home", "Car"])).sum())),
    loans("fi-scores", "Do defaulters have lower credit scores than everybody else?", "difference", "medium",
          "plain", lambda t: lower(t.loc[bad(t), "CreditScore"], t.loc[~bad(t), "CreditScore"])),
    loans("fi-three", "for every branch give me the three largest outstanding balances", "rank", "hard",
          "business", three_largest),
    loans("fi-source", "Which portion of all defaults comes from each branch?", "share", "medium", "plain",
          lambda t: rows(t.loc[bad(t), "Branch"].value_counts(normalize=True), as_percent=True)),
    loans("fi-rich", "the richest 5 % of borrowers earn from how much upwards?", "quantile", "hard",
          "misspelt", lambda t: number(t["AnnualIncome"].quantile(0.95))),
    loans("fi-weighted", "average interest rate weighted by outstanding balance", "aggregation", "hard",
          "business", lambda t: number((t["IntRatePct"] * t["OutstandingBal"]).sum()
                                       / t["OutstandingBal"].sum())),
    loans("fi-lowtenth", "default rate in the tenth of borrowers with the lowest credit scores", "share",
          "hard", "business", lowest_tenth),
    loans("fi-long", "what proportion of each loan type runs for 60 months or longer?", "share", "hard",
          "plain", lambda t: rows((t["TermMonths"] >= 60).groupby(t["LoanType"]).mean(), as_percent=True)),
    loans("fi-south", "south branch, married, defaulted, what did they borrow on avg", "filter", "medium",
          "terse",
        lambda t: number(t.loc[(t["Branch"] == "South") & (t["MaritalStatus"] == "Married") & bad(t),
                                          "PrincipalAmt"].mean())),
)  # fmt: skip


def afternoon(t: Frame) -> Expect:
    return either(*(percent(t.loc[k, "Amount"].sum() / t["Amount"].sum())
                    for k in (t["hour"].between(12, 17), t["hour"].between(12, 18),
                              t["TransactionTime"].between(120000, 180000))))  # fmt: skip


def pune_spender(t: Frame) -> Expect:
    return leader(in_city(t, "PUNE").groupby("CustomerID")["Amount"].sum())


def big_tickets(t: Frame) -> Expect:
    big = t["Amount"] > 100_000
    return shows(big.sum()) & shares(t.loc[big, "Amount"].sum() / t["Amount"].sum())


BANK: tuple[Question, ...] = (
    bank("fi-median", "median ticket in Mumbai, men vs women", "quantile", "hard", "terse",
         lambda t: shows(*in_city(t, "MUMBAI").groupby("CustGender")["Amount"].median()[["M", "F"]])),
    bank("fi-small", "how many transactions of less than 100 rupees came from accounts holding over 1 lakh",
         "filter", "hard", "business", lambda t: number(((t["Amount"] < 100)
                                                         & (t["Balance"] > 100_000)).sum())),
    bank("fi-people", "top 5 cities by number of customers, not by transactions", "top", "hard", "plain",
         lambda t: rows(t.groupby("city")["CustomerID"].nunique().nlargest(5))),
    bank("fi-noon", "out of all the money spent how much % went thru between noon and 6 pm", "share", "hard",
         "chatty", afternoon),
    bank("fi-pune", "who is the biggest spender in pune and what did he spend altogether", "rank", "hard",
         "chatty", pune_spender),
    bank("fi-repeat", "customers who came back: no. of custs with 2 or more txns", "filter", "hard", "terse",
         lambda t: number((t["CustomerID"].value_counts() >= 2).sum())),
    bank("fi-real", "Is the mean transaction amount of men really different from that of women, "
         "or just noise?",
         "difference", "hard", "business", lambda t: verdict(stats.ttest_ind(
             *(t.loc[t["CustGender"] == s, "Amount"] for s in "MF"), equal_var=False).pvalue < 0.05)),
    bank("fi-lakh", "transactions above 1 lakh: how many, and what % of the total value are they", "share",
         "hard", "business", big_tickets),
)  # fmt: skip


def heavy_ticket(t: Frame) -> Expect:
    part = t[t["PURCHASES_TRX"] > 50]
    return either(number(part["PURCHASES"].sum() / part["PURCHASES_TRX"].sum()),
                  number((part["PURCHASES"] / part["PURCHASES_TRX"]).mean()))  # fmt: skip


def cash_gap(t: Frame) -> Expect:
    took = t["CASH_ADVANCE"] > 0
    return apart(t.loc[took, "BALANCE"], t.loc[~took, "BALANCE"]) & verdict(True)


CARDS: tuple[Question, ...] = (
    cards("fi-nocash", "what credit limit does someone typically have who never took a cash advance",
          "quantile", "hard", "chatty", lambda t: typical(t.loc[t["CASH_ADVANCE"] == 0, "CREDIT_LIMIT"])),
    cards("fi-undermin", "How many cardholders pay less than their minimum payment?", "filter", "hard",
          "business", lambda t: number((t["PAYMENTS"] < t["MINIMUM_PAYMENTS"]).sum())),
    cards("fi-instal", "% of customers whose installment purchases are bigger than their one-off purchases",
          "share", "hard", "plain", lambda t: percent((t["INSTALLMENTS_PURCHASES"]
                                                       > t["ONEOFF_PURCHASES"]).mean())),
    cards("fi-p95", "p95 balance, tenure < 12", "quantile", "medium", "terse",
          lambda t: number(t.loc[t["TENURE"] < 12, "BALANCE"].quantile(0.95))),
    cards("fi-smallcash", "total cash advances of customers with a limit up to 1000", "filter", "medium",
          "plain", lambda t: number(t.loc[t["CREDIT_LIMIT"] <= 1000, "CASH_ADVANCE"].sum())),
    cards("fi-ticket",
          "purchases per purchase transaction among people with more than 50 of those transactions",
          "aggregation", "hard", "plain", heavy_ticket),
    cards("fi-asleep", "balance above 10k but no purchases at all, how many accounts", "filter", "medium",
          "terse", lambda t: number(((t["BALANCE"] > 10_000) & (t["PURCHASES"] == 0)).sum())),
    cards("fi-cashgap", "is the balance higher for folks who took cash advances than for those who did not, "
          "and by how much", "difference", "hard", "chatty", cash_gap),
)  # fmt: skip


def left(t: Frame) -> pd.Series:
    return t["Churn"] == "Yes"


def second_worst(t: Frame) -> Expect:
    rate = left(t).groupby(t["PaymentMethod"]).mean().sort_values(ascending=False)
    return name(rate.index[1].split(" (")[0]) & percent(rate.iloc[1])


def combos(t: Frame) -> Expect:
    sizes = t.groupby(["InternetService", "Contract"]).size().nlargest(3)
    return rows([((a, b), n) for (a, b), n in sizes.items()])


TELCO: tuple[Question, ...] = (
    telco("fi-stay", "Among fiber customers paying above 90 a month, how many are still with us?", "filter",
          "hard", "business", lambda t: number(((t["InternetService"] == "Fiber optic")
                                                & (t["MonthlyCharges"] > 90) & ~left(t)).sum())),
    telco("fi-twoyear", "What % of monthly charges comes from two year contracts?", "share", "medium",
          "plain", lambda t: percent(t.loc[t["Contract"] == "Two year", "MonthlyCharges"].sum()
                            / t["MonthlyCharges"].sum())),
    telco("fi-second", "payment method with the second highest churn rate?", "rank", "hard", "terse",
          second_worst),
    telco("fi-newest", "the newest quarter of our customers have a tenure of at most how many months",
          "quantile", "hard", "chatty", lambda t: number(t["tenure"].quantile(0.25))),
    telco("fi-senior", "senior citizens vs the others: gap in the monthly bill", "difference", "medium",
          "terse", lambda t: apart(*(t.loc[t["SeniorCitizen"] == s, "MonthlyCharges"] for s in (1, 0)))),
    telco("fi-stream", "streaming tv and movies both but no online backup - how many % churned", "share",
          "hard", "misspelt", lambda t: percent(left(t)[(t["StreamingTV"] == "Yes")
                                                        & (t["StreamingMovies"] == "Yes")
                                                        & (t["OnlineBackup"] == "No")].mean())),
    telco("fi-gone", "For those who left: mean tenure by contract type", "aggregation", "medium", "plain",
          lambda t: rows(t[left(t)].groupby("Contract")["tenure"].mean())),
    telco("fi-combos", "three most common combinations of internet service and contract", "top", "hard",
          "plain", combos),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*POLICIES, *LOANS, *BANK, *CARDS, *TELCO)
