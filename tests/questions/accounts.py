"""Questions about loan accounts with abbreviated column names, and about a German wholesaler's export."""

from __future__ import annotations

import pandas as pd
from scipy.stats import chi2_contingency

from tests.questions.bank import DAY_FIRST
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

n, w = Asker("loans"), Asker("wholesale")


def bad(t: pd.DataFrame) -> pd.Series:
    return t["Defaulted"] == "Yes"


LOANS: tuple[Question, ...] = (
    n("book", "Total outstanding balance of the loan book", "aggregation", "easy", "business",
      lambda t: number(t["OutstandingBal"].sum())),
    n("default", "default rate overall", "share", "easy", "terse", lambda t: percent(bad(t).mean())),
    n("default-type", "default rate by loan type", "group", "medium", "business",
      lambda t: rows(bad(t).groupby(t["LoanType"]).mean(), as_percent=True)),
    n("default-score", "default rate for credit scores below 600 and for 700 or above", "filter", "hard",
      "business",
      lambda t: shows(*(100 * bad(t[m]).mean() for m in (t["CreditScore"] < 600, t["CreditScore"] >= 700)),
      tolerance=0.06)
      | shows(*(bad(t[m]).mean() for m in (t["CreditScore"] < 600, t["CreditScore"] >= 700)),
      tolerance=0.0006)),
    n("owed-personal", "how much is still owed on personal loans", "filter", "medium", "chatty",
      lambda t: number(t.loc[t["LoanType"] == "Personal", "OutstandingBal"].sum())),
    n("int", "avg interest rate per branch", "group", "easy", "terse",
      lambda t: rows(t.groupby("Branch")["IntRatePct"].mean())),
    n("int-weighted", "interest rate weighted by outstanding balance", "aggregation", "hard", "business",
      lambda t: number((t["IntRatePct"] * t["OutstandingBal"]).sum() / t["OutstandingBal"].sum())),
    n("paid-share", "what part of the principal has been paid back so far, in percent", "share", "hard",
      "business",
      lambda t: percent(1 - t["OutstandingBal"].sum() / t["PrincipalAmt"].sum())),
    n("score-corr", "Is the credit score related to the interest rate?", "correlation", "medium", "plain",
      lambda t: number(t["CreditScore"].corr(t["IntRatePct"]), either_sign=True)
      | number(t["CreditScore"].corr(t["IntRatePct"], method="spearman"), either_sign=True)),
    n("income-missing", "income missing: how many, what percent", "quality", "easy", "terse",
      lambda t: shows(t["AnnualIncome"].isna().sum(), 100 * t["AnnualIncome"].isna().mean())),
    n("income-default", "median annual income of defaulters versus the others", "group", "medium", "plain",
      lambda t: shows(*t.groupby("Defaulted")["AnnualIncome"].median())),
    n("opened-2021", "accounts opened in 2021", "filter", "medium", "terse",
      lambda t: number((t["OpenDt"].dt.year == 2021).sum())),
    n("per-year", "new loans per year", "trend", "easy", "terse",
      lambda t: rows(t.groupby(t["OpenDt"].dt.year).size())),
    n("date-order", "Is OpenDt day/month or month/day?", "quality", "hard", "plain",
      lambda t: DAY_FIRST),
    n("north-big", "north branch loans above 100k principal: number and total", "filter", "hard", "terse",
      lambda t: shows(((t["Branch"] == "North") & (t["PrincipalAmt"] > 100_000)).sum(),
                      t.loc[(t["Branch"] == "North") & (t["PrincipalAmt"] > 100_000), "PrincipalAmt"].sum())),
    n("top-balance", "the 5 accounts with highest outstanding bal", "top", "easy", "terse",
      lambda t: listed(t.nlargest(5, "OutstandingBal")["AcctNo"], ordered=True, only=True)),
    n("top2-branch", "two largest loans in every branch", "rank", "hard", "plain", lambda t: rows(
        [(branch, v) for branch, part in t.groupby("Branch") for v in part["PrincipalAmt"].nlargest(2)])),
    n("term", "most common term", "aggregation", "medium", "terse",
      lambda t: number(t["TermMonths"].mode().iloc[0])),
    n("score-hist", "Distribution of credit scores", "chart", "easy", "plain",
      lambda t: chart("histogram|bar|box|violin")),
    n("score-box", "boxplot credit score by default", "chart", "medium", "terse", lambda t: chart("box")),
    n("score-diff", "do defaulters have lower credit scores? by how much on average", "difference", "medium",
      "business",
      lambda t: verdict(True) & shows(*t.groupby("Defaulted")["CreditScore"].mean())),
    n("branch-diff", "Is the difference in default rates between branches statistically significant?",
      "difference", "hard",
      "business", lambda t: branch_test(t)),
    n("ltv", "loan to value ratio", "impossible", "medium", "terse",
      lambda t: refusal(r"value|collateral|column|property")),
    n("marital-credit", "Segment applicants by marital status to decide who gets credit", "segmentation",
      "hard", "business",
      lambda t: Expect(statuses=frozenset({"answered", "clarify", "refused"}))
      & mentions(r"protected|fair|discriminat|ECOA|law|regulat|(must|should|may) not|cannot")),
    n("worst-branch", "worst branch?", "ambiguous", "medium", "terse",
      lambda t: ambiguous(name(bad(t).groupby(t["Branch"]).mean().idxmax()),
      name(bad(t).groupby(t["Branch"]).sum().idxmax()))),
    n.dialogue("d", "hard", "business",
      ("outstanding balance by loan type", lambda t: rows(t.groupby("LoanType")["OutstandingBal"].sum())),
      ("average per account rather than total",
        lambda t: rows(t.groupby("LoanType")["OutstandingBal"].mean())),
      ("for defaulted ones only", lambda t: rows(t[bad(t)].groupby("LoanType")["OutstandingBal"].mean())),
      ("show me that as a horizontal bar chart",
        lambda t: chart("bar", t[bad(t)].groupby("LoanType")["OutstandingBal"].mean()))),
)  # fmt: skip


def branch_test(t: pd.DataFrame) -> Expect:
    """Chi-square on branch by default; both verdicts are computed, none is assumed."""
    p = float(chi2_contingency(pd.crosstab(t["Branch"], t["Defaulted"])).pvalue)
    return verdict(p < 0.05)


WHOLESALE: tuple[Question, ...] = (
    w("umsatz", "total Umsatz", "aggregation", "medium", "terse", lambda t: number(t["Umsatz"].sum())),
    w("revenue", "what's our total revenue in euros", "aggregation", "hard", "business",
      lambda t: number(t["Umsatz"].sum())),
    w("region", "Umsatz by Region", "group", "easy", "terse",
      lambda t: rows(t.groupby("Region")["Umsatz"].sum())),
    w("sued", "orders from Süd", "filter", "medium", "terse",
      lambda t: number((t["Region"] == "Süd").sum())),
    w("sued-ascii", "avarage Umsatz in Sued", "filter", "hard", "misspelt",
      lambda t: number(t.loc[t["Region"] == "Süd", "Umsatz"].mean())),
    w("monthly", "Umsatz per month", "trend", "medium", "terse",
      lambda t: rows(t.groupby(t["Datum"].dt.to_period("M"))["Umsatz"].sum(), ordered=True)),
    w("q4", "How much did we sell in the fourth quarter of 2024?", "filter", "medium", "plain",
      lambda t: number(t.loc[t["Datum"].dt.quarter == 4, "Umsatz"].sum())
      | number(t.loc[t["Datum"].dt.quarter == 4, "Menge"].sum()) & mentions("Menge|quantit|units")),
    w("customers", "number of customers (Kunde)", "aggregation", "easy", "plain",
      lambda t: number(t["Kunde"].nunique())),
    w("top-kunden", "top 5 customers by Umsatz", "top", "medium", "terse",
      lambda t: rows(t.groupby("Kunde")["Umsatz"].sum().nlargest(5), ordered=True, only=True)),
    w("produkt-menge", "quantity sold per product, Menge", "group", "medium", "plain",
      lambda t: rows(t.groupby("Produkt")["Menge"].sum())),
    w("above-1000", "invoices over 1.000,00", "filter", "hard", "terse",
      lambda t: number((t["Umsatz"] > 1000).sum())),
    w("march-5", "is 05.03.2024 in March or in May here?", "quality", "hard", "chatty",
      lambda t: says(r"\bMarch\b")),
    w("paint-share", "Share of Farbe in total Umsatz", "share", "medium", "plain",
      lambda t: percent(t.loc[t["Produkt"] == "Farbe", "Umsatz"].sum() / t["Umsatz"].sum())),
    w("weekday", "invoices by weekday", "calendar", "easy", "terse", lambda t: rows(
        [(f"{d}|{d[:3]}", v) for d, v in t["Datum"].dt.day_name().value_counts().items()])),
    w("chart", "column chart of Umsatz by product", "chart", "easy", "plain",
      lambda t: chart("bar", t.groupby("Produkt")["Umsatz"].sum())),
    w("max-region", "best selling product in each region by Umsatz", "rank", "hard", "plain", lambda t: rows(
        [((r, p.groupby("Produkt")["Umsatz"].sum().idxmax()), p.groupby("Produkt")["Umsatz"].sum().max())
         for r, p in t.groupby("Region")])),
    w("supplier", "Umsatz by supplier", "impossible", "easy", "terse",
      lambda t: refusal(r"supplier|column|data")),
    w.dialogue("d", "medium", "terse",
      ("Umsatz in Nord", lambda t: number(t.loc[t["Region"] == "Nord", "Umsatz"].sum())),
      ("Ost?", lambda t: number(t.loc[t["Region"] == "Ost", "Umsatz"].sum())),
      ("both together", lambda t: number(t.loc[t["Region"].isin(["Nord", "Ost"]), "Umsatz"].sum())
       | rows(t[t["Region"].isin(["Nord", "Ost"])].groupby("Region")["Umsatz"].sum()))),
)  # fmt: skip

QUESTIONS = LOANS + WHOLESALE
