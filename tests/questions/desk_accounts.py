"""What lands on an analyst's desk about accounts: bank, telecoms, cards, labelled customers, loans."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import SEX, in_city, women
from tests.questions.gold import leader, mentions, name, number, percent, rows, shows, shows_percent
from tests.questions.model import Asker, Expect, Question

bank, telco, cards = (Asker(n, "open") for n in ("bank", "telco", "cards"))
people, loans = Asker("people", "open"), Asker("loans", "open")
Frame = pd.DataFrame


def head(t: Frame) -> float:
    """Amount for each distinct customer."""
    return float(t["Amount"].sum() / t["CustomerID"].nunique())


def last_balance(t: Frame) -> pd.Series:
    """The last known balance of each customer."""
    return t.sort_values(["date", "TransactionTime"]).groupby("CustomerID")["Balance"].last()


def thrice(t: Frame, measure: pd.Series) -> Expect:
    """Of all rows, or of one row for each person, said as such."""
    unique = measure[~t["ID"].duplicated()], measure[~t["ID"].duplicated(keep="last")]
    said = mentions(r"distinct|duplicat|repeat|unique|one row|each (customer|person|ID)|customers|people")
    return number(measure.sum()) | number(unique[0].sum()) & said | number(unique[1].sum()) & said


def mean_of(t: Frame, kept: pd.Series, column: str) -> Expect:
    """The mean over rows, or over people counted once."""
    first, last = ~t["ID"].duplicated(), ~t["ID"].duplicated(keep="last")
    return (
        number(t.loc[kept, column].mean())
        | number(t.loc[kept & first, column].mean())
        | number(t.loc[kept & last, column].mean())
    )


BANK: tuple[Question, ...] = (
    bank("desk-pune", "hey could you tell me roughly how much people in Pune spend", "filter", "medium",
         "chatty", lambda t: number(in_city(t, "PUNE")["Amount"].sum())
         | number(in_city(t, "PUNE")["Amount"].mean()) | number(in_city(t, "PUNE")["Amount"].median())
         | number(head(in_city(t, "PUNE")))),
    bank("desk-city5", "avg spend by city top 5", "top", "medium", "terse", lambda t: rows(
        t.groupby("city")["Amount"].mean().nlargest(5))
        | rows(t.groupby("city")["Amount"].mean()[t["city"].value_counts().index[:5]])
        | rows(t.groupby("city")["Amount"].mean()[t.groupby("city")["Amount"].sum().nlargest(5).index])),
    bank("desk-delhi-blr", "typical ticket, Bangalore against Gurgaon?", "filter", "medium", "business",
         lambda t: shows(in_city(t, "BANGALORE")["Amount"].mean(), in_city(t, "GURGAON")["Amount"].mean())
         | shows(in_city(t, "BANGALORE")["Amount"].median(), in_city(t, "GURGAON")["Amount"].median())),
    bank("desk-women-pct", "what pct of the spend comes from women", "share", "medium", "business",
         lambda t: percent(women(t)["Amount"].sum() / t["Amount"].sum())
         | percent(women(t)["Amount"].sum() / t.loc[t["CustGender"].notna(), "Amount"].sum())),
    bank("desk-lakh", "txns over 1 lakh: how many, and what do they come to in all?", "filter", "hard",
         "terse", lambda t: shows((t["Amount"] > 1e5).sum(), t.loc[t["Amount"] > 1e5, "Amount"].sum())),
    bank("desk-rich", "How many customers keep at least 10 lakh with us?", "filter", "hard", "business",
         lambda t: number(t.loc[t["Balance"] >= 1e6, "CustomerID"].nunique())
         | number((last_balance(t) >= 1e6).sum())
         | number((t["Balance"] >= 1e6).sum()) & mentions(r"transaction|row")),
    bank("desk-31aug", "how much went through on 31 August?", "filter", "easy", "plain",
         lambda t: number(t.loc[t["date"] == "2016-08-31", "Amount"].sum())
         | number((t["date"] == "2016-08-31").sum()) & mentions("transaction")),
    bank("desk-busy", "three busiest dates by number of payments", "top", "medium", "plain",
         lambda t: rows(t["date"].value_counts().nlargest(3), ordered=True, only=True)),
    bank("desk-blank-sex", "what was spent by customers whose gender is blank", "filter", "hard", "plain",
         lambda t: number(t.loc[t["CustGender"].isna(), "Amount"].sum())),
    bank("desk-small", "share of tickets under Rs 500", "share", "medium", "business",
         lambda t: percent((t["Amount"] < 500).mean())),
    bank("desk-three", "Which of Chennai, Kolkata or Jaipur brings in the most money?", "filter", "hard",
         "plain", lambda t: leader(t[t["city"].isin(["CHENNAI", "KOLKATA", "JAIPUR"])].groupby(
             "city")["Amount"].sum())),
    bank("desk-sep-aug", "sept vs aug - change in number of transactions in %", "trend", "hard", "terse",
         lambda t: percent(18622 / 31192 - 1, either_sign=True)),
    bank("desk-slice", "how big a slice of overall volume is mumbai", "share", "medium", "chatty",
         lambda t: percent(in_city(t, "MUMBAI")["Amount"].sum() / t["Amount"].sum())
         | percent((t["city"] == "MUMBAI").mean()) & mentions("transactions|rows")),
    bank("desk-excl", "mean ticket excluding Mumbai and New Delhi", "filter", "medium", "terse",
         lambda t: number(t.loc[~t["city"].isin(["MUMBAI", "NEW DELHI", "NEW  DELHI"]), "Amount"].mean())
         | number(t.loc[~t["city"].isin(["MUMBAI", "NEW DELHI"]), "Amount"].mean())
         | number(t.loc[~t["city"].isin(["MUMBAI", "NEW DELHI"]) & t["city"].notna(), "Amount"].mean())),
    bank("desk-second", "which city comes second by transaction count", "top", "hard", "plain",
         lambda t: Expect(never=(r"MUMBAI[\s\S]*NEW DELHI",)) & name("NEW DELHI")
         & (number(3986) | number(3987))),
    bank("desk-gurgaon-men", "men in gurgoan with tickets of 5k or more, count pls", "filter", "medium",
         "misspelt", lambda t: number(((t["city"] == "GURGAON") & (t["CustGender"] == "M")
                                       & (t["Amount"] >= 5000)).sum())),
    bank("desk-back", "how many of our clients came back, i.e. bought more than once?", "aggregation", "hard",
         "business", lambda t: number((t["CustomerID"].value_counts() > 1).sum())),
    bank("desk-head", "spend per head in Hyderabad", "filter", "medium", "business",
         lambda t: number(head(in_city(t, "HYDERABAD")))
         | number(in_city(t, "HYDERABAD")["Amount"].mean()) & mentions("transaction")),
    bank("desk-week", "what came in during the first week of September?", "filter", "hard", "chatty",
         lambda t: number(t.loc[t["date"].between("2016-09-01", "2016-09-07"), "Amount"].sum())
         | number(t["date"].between("2016-09-01", "2016-09-07").sum()) & mentions("transactions")),
    bank("desk-sexcity", "within Mumbai, Pune and Chennai: median ticket of men and women", "group", "hard",
         "plain", lambda t: rows(t[t["city"].isin(["MUMBAI", "PUNE", "CHENNAI"])].groupby(
             "CustGender")["Amount"].median(), labels=SEX)
         | rows([((c, SEX[s]), v) for (c, s), v in t[t["city"].isin(["MUMBAI", "PUNE", "CHENNAI"])].groupby(
             ["city", "CustGender"])["Amount"].median().items()])),
)  # fmt: skip

gone = "Churn"

TELCO: tuple[Question, ...] = (
    telco("desk-arpu", "arpu on fibre", "filter", "medium", "business",
          lambda t: number(t.loc[t["InternetService"] == "Fiber optic", "MonthlyCharges"].mean())),
    telco("desk-seniors", "churn of seniors vs everyone else, in percent", "group", "medium", "plain",
          lambda t: shows_percent(*(t[gone] == "Yes").groupby(t["SeniorCitizen"]).mean())),
    telco("desk-card", "median monthly bill of people paying by credit card", "filter", "medium", "plain",
          lambda t: number(t.loc[t["PaymentMethod"].str.startswith("Credit"), "MonthlyCharges"].median())),
    telco("desk-new", "customers with us for half a year or less - how many?", "filter", "medium", "business",
          lambda t: number((t["tenure"] <= 6).sum())),
    telco("desk-alone", "head count: no partner and no kids", "filter", "medium", "terse",
          lambda t: number(((t["Partner"] == "No") & (t["Dependents"] == "No")).sum())),
    telco("desk-paychurn", "which way of paying has the worst churn rate?", "top", "medium", "chatty",
          lambda t: name("Electronic check") & percent(
              (t.loc[t["PaymentMethod"] == "Electronic check", gone] == "Yes").mean())),
    telco("desk-lost", "monthly revenue we lost through churn", "filter", "hard", "business",
          lambda t: number(t.loc[t[gone] == "Yes", "MonthlyCharges"].sum())),
    telco("desk-two-year", "What fraction of monthly charges sits on two year deals?", "share", "hard",
          "business", lambda t: percent(
              t.loc[t["Contract"] == "Two year", "MonthlyCharges"].sum() / t["MonthlyCharges"].sum())),
    telco("desk-both", "how many have both streaming tv and streaming movies", "filter", "medium", "plain",
          lambda t: number(((t["StreamingTV"] == "Yes") & (t["StreamingMovies"] == "Yes")).sum())),
    telco("desk-70-90", "Between $70 and $90 a month: how many customers, and how many of those churned?",
          "filter", "hard", "plain", lambda t: shows(
              t["MonthlyCharges"].between(70, 90).sum(),
              (t["MonthlyCharges"].between(70, 90) & (t[gone] == "Yes")).sum())),
    telco("desk-churn2", "churn % by internet type and contract", "group", "hard", "terse", lambda t: rows(
        (t[gone] == "Yes").groupby([t["InternetService"], t["Contract"]]).mean(), as_percent=True)),
    telco("desk-paperless", "avg bill per month, paperless yes vs no", "group", "easy", "terse",
          lambda t: rows(t.groupby("PaperlessBilling")["MonthlyCharges"].mean())),
    telco("desk-nototal", "anyone with no total charge on file?", "quality", "medium", "chatty",
          lambda t: number(11)),
    telco("desk-tenure-top", "average tenure for each contract type, longest first", "group", "easy",
          "plain", lambda t: rows(t.groupby("Contract")["tenure"].mean().sort_values(ascending=False),
                                  ordered=True)),
    telco("desk-nofibre", "custmers not on fiber and not on month to month", "filter", "medium", "misspelt",
          lambda t: number(((t["InternetService"] != "Fiber optic")
                            & (t["Contract"] != "Month-to-month")).sum())),
    telco("desk-loyal", "share of customers older than 4 years with us", "share", "hard", "business",
          lambda t: percent((t["tenure"] > 48).mean())),
)  # fmt: skip

CARDS: tuple[Question, ...] = (
    cards("desk-never", "hom many card holders never bought anything", "filter", "medium", "misspelt",
          lambda t: number((t["PURCHASES"] == 0).sum()) | number((t["PURCHASES_TRX"] == 0).sum())),
    cards("desk-util", "balance as a percentage of the credit limit, all customers together", "share",
          "hard", "business", lambda t: percent(t["BALANCE"].sum() / t["CREDIT_LIMIT"].sum())
          | percent(t.loc[t["CREDIT_LIMIT"].notna(), "BALANCE"].sum() / t["CREDIT_LIMIT"].sum())),
    cards("desk-basket", "basket size: purchases per purchase transaction", "aggregation", "hard", "business",
          lambda t: number(t["PURCHASES"].sum() / t["PURCHASES_TRX"].sum())
          | number((t["PURCHASES"] / t["PURCHASES_TRX"]).where(t["PURCHASES_TRX"] > 0).mean())),
    cards("desk-idle-limit", "ppl with a limit of 10k+ and a balance below 1k", "filter", "medium", "terse",
          lambda t: number(((t["CREDIT_LIMIT"] >= 1e4) & (t["BALANCE"] < 1000)).sum())),
    cards("desk-top1", "top 1% by purchases, what share of all purchases is theirs", "share", "hard",
          "business", lambda t: percent(t["PURCHASES"].nlargest(89).sum() / t["PURCHASES"].sum())
          | percent(t["PURCHASES"].nlargest(90).sum() / t["PURCHASES"].sum())),
    cards("desk-cashers", "cash advance users as a % of everyone", "share", "medium", "terse",
          lambda t: percent((t["CASH_ADVANCE"] > 0).mean())
          | percent((t["CASH_ADVANCE_TRX"] > 0).mean())),
    cards("desk-split", "How much of the purchase value is one-off and how much in instalments, in percent?",
          "share", "hard", "plain", lambda t: shows_percent(
              t["ONEOFF_PURCHASES"].sum() / t["PURCHASES"].sum(),
              t["INSTALLMENTS_PURCHASES"].sum() / t["PURCHASES"].sum())
          | shows_percent(*(t[[k]].sum().iloc[0] / (t["ONEOFF_PURCHASES"] + t["INSTALLMENTS_PURCHASES"]).sum()
                            for k in ("ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES")))),
    cards("desk-nomin", "mean balance where the minimum payment is missing", "filter", "medium", "plain",
          lambda t: number(t.loc[t["MINIMUM_PAYMENTS"].isna(), "BALANCE"].mean())),
    cards("desk-over", "how many owe more than their limit allows?", "filter", "hard", "business",
          lambda t: number((t["BALANCE"] > t["CREDIT_LIMIT"]).sum())),
    cards("desk-net", "payments minus purchases, in total", "aggregation", "hard", "plain",
          lambda t: number(t["PAYMENTS"].sum() - t["PURCHASES"].sum())),
    cards("desk-full", "what share pays in full every time (prc full payment = 1)", "share", "hard",
          "business", lambda t: percent((t["PRC_FULL_PAYMENT"] == 1).mean())),
    cards("desk-tenure", "avg credit limit per tenure", "group", "easy", "terse",
          lambda t: rows(t.groupby("TENURE")["CREDIT_LIMIT"].mean())),
    cards("desk-twenty", "combined balance of the twenty biggest debtors", "top", "hard", "business",
          lambda t: number(t["BALANCE"].nlargest(20).sum())),
    cards("desk-half", "how many customers make more than half of a thousand in payments", "filter", "hard",
          "chatty", lambda t: number((t["PAYMENTS"] > 500).sum())),
)  # fmt: skip

PEOPLE: tuple[Question, ...] = (
    people("desk-doctors", "how old are doctors on average", "filter", "easy", "chatty",
           lambda t: mean_of(t, t["Profession"] == "Doctor", "Age")),
    people("desk-singles", "how many have never been married?", "filter", "medium", "plain",
           lambda t: thrice(t, t["Ever_Married"] == "No")),
    people("desk-spenders", "share of high spenders within each profession", "share", "hard", "business",
           lambda t: rows((t["Spending_Score"] == "High").groupby(t["Profession"]).mean(), as_percent=True)),
    people("desk-40-50", "artists aged 40 to 50: count", "filter", "medium", "terse",
           lambda t: thrice(t, (t["Profession"] == "Artist") & t["Age"].between(40, 50))),
    people("desk-nodegree", "what % did not graduate", "share", "medium", "terse",
           lambda t: percent((t["Graduated"] == "No").mean())
           | percent((t["Graduated"] == "No").sum() / t["Graduated"].notna().sum())),
    people("desk-eng", "number of women enginers", "filter", "medium", "misspelt",
           lambda t: thrice(t, (t["Profession"] == "Engineer") & (t["Gender"] == "Female"))),
    people("desk-jobs", "top three jobs among people with a high spending score", "top", "medium", "business",
           lambda t: rows(t.loc[t["Spending_Score"] == "High", "Profession"].value_counts().head(3),
                          ordered=True, only=True)),
    people("desk-bigfam", "who has five or more in the family, how many people is that", "filter", "medium",
           "chatty", lambda t: thrice(t, t["Family_Size"] >= 5)),
    people("desk-jobless", "mean age where profession is not given", "filter", "medium", "plain",
           lambda t: mean_of(t, t["Profession"].isna(), "Age")),
    people("desk-lowmar", "married vs unmarried: % with low spending", "group", "hard", "plain",
           lambda t: rows((t["Spending_Score"] == "Low").groupby(t["Ever_Married"]).mean(), as_percent=True)
           | shows_percent(*(t["Spending_Score"] == "Low").groupby(t["Ever_Married"]).mean())),
)  # fmt: skip

LOANS: tuple[Question, ...] = (
    loans("desk-outst", "outstanding as a share of principal, branch by branch", "group", "hard", "business",
          lambda t: rows(t.groupby("Branch")["OutstandingBal"].sum()
                         / t.groupby("Branch")["PrincipalAmt"].sum(), as_percent=True)
          | rows((t["OutstandingBal"] / t["PrincipalAmt"]).groupby(t["Branch"]).mean(), as_percent=True)),
    loans("desk-npa", "default rate on personal loans", "filter", "easy", "business",
          lambda t: percent((t.loc[t["LoanType"] == "Personal", "Defaulted"] == "Yes").mean())),
    loans("desk-rate", "avg interest for scores from 700 to 750", "filter", "medium", "terse",
          lambda t: number(t.loc[t["CreditScore"].between(700, 750), "IntRatePct"].mean())),
    loans("desk-mid", "loans with principal between 20k and 50k, how many?", "filter", "medium", "plain",
          lambda t: number(t["PrincipalAmt"].between(2e4, 5e4).sum())),
    loans("desk-marital", "who defaults most: married, single or divorced people?", "top", "medium",
          "chatty", lambda t: leader((t["Defaulted"] == "Yes").groupby(t["MaritalStatus"]).mean(),
                                     share=True)
          | leader(t.loc[t["Defaulted"] == "Yes", "MaritalStatus"].value_counts())),
    loans("desk-five", "five largest outstanding balances", "top", "medium", "plain",
          lambda t: rows([(a, b) for a, b in t.nlargest(5, "OutstandingBal")[
              ["AcctNo", "OutstandingBal"]].itertuples(index=False)], ordered=True)),
    loans("desk-expo", "exposure by loan type in % (outstanding)", "share", "medium", "business",
          lambda t: rows(t.groupby("LoanType")["OutstandingBal"].sum() / t["OutstandingBal"].sum(),
                         as_percent=True)),
    loans("desk-1lakh", "borrowers earning over 1 lakh", "filter", "medium", "business",
          lambda t: number((t["AnnualIncome"] > 1e5).sum())),
    loans("desk-income", "median income of defaulters vs the rest", "group", "medium", "plain",
          lambda t: rows(t.groupby("Defaulted")["AnnualIncome"].median())
          | shows(*t.groupby("Defaulted")["AnnualIncome"].median())),
    loans("desk-opened", "accounts opened in the 2nd half of 2021", "filter", "medium", "plain",
          lambda t: number(t["OpenDt"].between("2021-07-01", "2021-12-31").sum())),
    loans("desk-perbranch", "largest single loan in each branch", "rank", "medium", "plain",
          lambda t: rows(t.groupby("Branch")["PrincipalAmt"].max())),
    loans("desk-noinc", "home loans with no income recorded", "filter", "hard", "terse",
          lambda t: number(((t["LoanType"] == "Home") & t["AnnualIncome"].isna()).sum())),
)  # fmt: skip

QUESTIONS = BANK + TELCO + CARDS + PEOPLE + LOANS
