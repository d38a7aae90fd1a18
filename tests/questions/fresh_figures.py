"""Figures about accounts, cards, contracts, loans and people, typed the way strangers to the product type."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city, women
from tests.questions.gold import leader, listed, mentions, name, number, percent, rows, shows, shows_percent
from tests.questions.model import Asker, Expect, Question
from tests.questions.people import each_way

bank, telco, cards = (Asker(n, "open") for n in ("bank", "telco", "cards"))
loans, people = Asker("loans", "open"), Asker("people", "open")
airline, books = Asker("airline", "open"), Asker("books", "open")
Frame = pd.DataFrame


def either(first: Expect, *others: Expect) -> Expect:
    """Any of these readings."""
    for other in others:
        first = first | other
    return first


def first_months(t: Frame) -> pd.Series:
    """Customers by the month of their first transaction."""
    return t.groupby("CustomerID")["date"].min().dt.to_period("M").value_counts().sort_index()


def months_seen(t: Frame) -> pd.Series:
    """The months in which each customer has a transaction."""
    return t.groupby("CustomerID")["date"].agg(lambda days: frozenset(days.dt.month))


def city_means(t: Frame) -> Expect:
    """The mean of the means of cities, whichever way their names are cleaned."""
    cleaned = (t["CustLocation"], t["city"], t["city"].str.replace(r"\s+", " ", regex=True))
    return either(*(number(t.groupby(c)["Amount"].mean().mean()) for c in cleaned))


def busy_rich(t: Frame) -> Expect:
    cities = t.groupby("city")["Amount"].agg(["size", "mean"])
    return listed(cities.index[(cities["size"] > 500) & (cities["mean"] > 2000)], only=True)


def top_of_month(t: Frame) -> Expect:
    sums = t.groupby([t["date"].dt.to_period("M"), "city"])["Amount"].sum()
    best = sums.loc[sums.groupby(level=0).idxmax()]
    named = "%Y-%m|%b %Y|%B %Y|%B|%b"
    return rows([((month.strftime(named), city), v) for (month, city), v in best.items()])


def sex_gap(t: Frame) -> Expect:
    """By how much the mean balance of men lies above that of women: in rupees or in percent."""
    last = t.sort_values(["date", "TransactionTime"]).groupby("CustomerID").tail(1)
    made = []
    for table in (t, last, last[last["Balance"].notna()]):
        means = table.groupby("CustGender")["Balance"].mean()
        made += [number(means["M"] - means["F"], either_sign=True), percent(means["M"] / means["F"] - 1),
                 shows(means["M"], means["F"])]  # fmt: skip
    premise = mentions(r"lower|less|below|smaller|fewer|\bnot\b|women[^.]{0,40}(higher|more)|-\s?₹?\d")
    return either(*made) & premise


BANK: tuple[Question, ...] = (
    bank("fresh-hyd", "avg ticket size chennai vs hyd", "filter", "hard", "terse",
         lambda t: shows(in_city(t, "CHENNAI")["Amount"].mean(), in_city(t, "HYDERABAD")["Amount"].mean())),
    bank("fresh-having", "which cities have more than 500 txns and an average ticket above 2k?", "filter",
         "hard", "business", busy_rich),
    bank("fresh-night", "txns between 10 pm and 5 am as % of all", "share", "hard", "terse",
         lambda t: percent(((t["hour"] >= 22) | (t["hour"] < 5)).mean())),
    bank("fresh-below200", "of all the transactions done by women, what %age is below 200 rupees", "share",
         "medium", "chatty", lambda t: percent((women(t)["Amount"] < 200).mean())),
    bank("fresh-augonly", "customers seen only in August and never after - how many?", "filter", "hard",
         "business", lambda t: number((months_seen(t) == frozenset({8})).sum())),
    bank("fresh-both", "no. of customers who transacted in august as well as in september", "filter", "hard",
         "plain", lambda t: number(months_seen(t).map(lambda m: {8, 9} <= m).sum())),
    bank("fresh-new", "new customers month wise (first ever transaction)", "trend", "hard", "business",
         lambda t: rows(first_months(t))),
    bank("fresh-monthtop", "top city by spend in each month", "rank", "hard", "plain", top_of_month),
    bank("fresh-sexgap", "how much higher is the avg balance of men than that of women", "difference",
         "hard", "plain", sex_gap),
    bank("fresh-p90", "p90 of transaction amount, females", "quantile", "medium", "terse",
         lambda t: number(women(t)["Amount"].quantile(0.9))),
    bank("fresh-avgavg", "take the average amount of every city, then average those averages", "aggregation",
         "hard", "plain", city_means),
    bank("fresh-top10share", "wat share of total spend do the top 10 citys make up", "share", "hard",
         "misspelt", lambda t: percent(t.groupby("city")["Amount"].sum().nlargest(10).sum()
                                       / t["Amount"].sum())),
    bank("fresh-august15", "daily spend 15 to 21 august", "trend", "medium", "terse",
         lambda t: rows(t[t["date"].between("2016-08-15", "2016-08-21")].groupby("date")["Amount"].sum(),
                        only=True)),
    bank("fresh-weekend", "do people spend more per transaction on weekends than on weekdays? give both avgs",
         "calendar", "hard", "chatty", lambda t: shows(
             *t.groupby(t["date"].dt.day_of_week >= 5)["Amount"].mean())),
    bank("fresh-max-lady", "single biggest txn made by a lady in pune", "filter", "medium", "chatty",
         lambda t: number(in_city(women(t), "PUNE")["Amount"].max())),
    bank("fresh-sixty", "how much did senior citizens aged 60+ spend in total", "filter", "hard", "business",
         lambda t: either(number(t.loc[t["age"] >= 60, "Amount"].sum()),
                          number(t.loc[((t["date"] - t["born"]).dt.days / 365.25) >= 60, "Amount"].sum()))
         | Expect(mentions=(r"60",), statuses=frozenset({"clarify"}))),
    bank("fresh-exact100", "how many txns are exactly 100 rs?", "filter", "easy", "plain",
         lambda t: number((t["Amount"] == 100).sum())),
)  # fmt: skip


def churned(t: Frame) -> pd.Series:
    return t["Churn"] == "Yes"


def top_bills(t: Frame) -> Expect:
    """Churn of the tenth with the highest bills, ties in or out."""
    bill = t["MonthlyCharges"]
    kept = (bill >= bill.quantile(0.9), bill > bill.quantile(0.9), bill.rank() > 0.9 * len(t))
    return either(*(percent(churned(t)[k].mean(), tolerance=0.15) for k in kept))


def combo(t: Frame) -> Expect:
    rate = churned(t).groupby([t["Contract"], t["InternetService"]]).mean()
    contract, internet = rate.idxmin()
    return mentions(contract, internet) & percent(rate.min())


def billing_gap(t: Frame) -> Expect:
    gap = t["TotalCharges"] - t["tenure"] * t["MonthlyCharges"]
    return either(number(gap.mean(), either_sign=True, tolerance=0.006), number(gap.abs().mean()))


TELCO: tuple[Question, ...] = (
    telco("fresh-nosupport", "of ppl with fiber n no tech support what % left?", "share", "hard", "misspelt",
          lambda t: percent(churned(t)[(t["InternetService"] == "Fiber optic")
                                       & (t["TechSupport"] == "No")].mean())),
    telco("fresh-gap", "on average how far is TotalCharges from tenure times MonthlyCharges", "difference",
          "hard", "plain", billing_gap),
    telco("fresh-above10", "contract types where churn is above 10 percent", "filter", "hard", "plain",
          lambda t: rows(churned(t).groupby(t["Contract"]).mean()[["Month-to-month", "One year"]],
                         as_percent=True, only=True)),
    telco("fresh-paymethod", "payment method wise churn %, worst first", "group", "medium", "business",
          lambda t: rows(churned(t).groupby(t["PaymentMethod"]).mean().sort_values(ascending=False),
                         as_percent=True, ordered=True)),
    telco("fresh-alone", "How many seniors live alone? (no partner, no dependents)", "filter", "hard",
          "chatty", lambda t: number(((t["SeniorCitizen"] == 1) & (t["Partner"] == "No")
                                      & (t["Dependents"] == "No")).sum())),
    telco("fresh-topbills", "churn rate among the 10% with the highest monthly bills", "share", "hard",
          "business", top_bills),
    telco("fresh-combo", "which contract + internet combination has the lowest churn, and how low?", "rank",
          "hard", "business", combo),
    telco("fresh-lost", "monthly revenue lost through churners", "aggregation", "medium", "business",
          lambda t: number(t.loc[churned(t), "MonthlyCharges"].sum())),
    telco("fresh-neither", "customers with neither phone nor internet?", "filter", "medium", "plain",
          lambda t: number(((t["PhoneService"] == "No") & (t["InternetService"] == "No")).sum())),
    telco("fresh-q1q3", "tenure of churners: 25th 50th and 75th percentile", "quantile", "hard", "terse",
          lambda t: shows(*t.loc[churned(t), "tenure"].quantile([0.25, 0.5, 0.75]))),
    telco("fresh-split", "what do the churned ones look like by payment method, in % of all churned",
          "share", "hard", "chatty", lambda t: rows(
              t.loc[churned(t), "PaymentMethod"].value_counts(normalize=True), as_percent=True)),
    telco("fresh-longest", "customers at the maximum tenure - count & avg bill", "filter", "hard", "terse",
          lambda t: shows((t["tenure"] == t["tenure"].max()).sum(),
                          t.loc[t["tenure"] == t["tenure"].max(), "MonthlyCharges"].mean())),
)  # fmt: skip

CARDS: tuple[Question, ...] = (
    cards("fresh-payless", "folks who pay back less than they buy - how many?", "filter", "hard", "chatty",
          lambda t: number((t["PAYMENTS"] < t["PURCHASES"]).sum())),
    cards("fresh-util", "avg utilisation i.e. balance divided by credit limit", "aggregation", "hard",
          "business", lambda t: either(
              percent((t["BALANCE"] / t["CREDIT_LIMIT"]).mean()),
              percent(t["BALANCE"].sum() / t["CREDIT_LIMIT"].sum()))),
    cards("fresh-overlimit", "customers above their credit limit", "filter", "hard", "terse",
          lambda t: number((t["BALANCE"] > t["CREDIT_LIMIT"]).sum())),
    cards("fresh-p80", "80th percentile of payments for tenure 12", "quantile", "medium", "plain",
          lambda t: number(t.loc[t["TENURE"] == 12, "PAYMENTS"].quantile(0.8))),
    cards("fresh-cashonly", "what pct never purchased anything but took cash", "share", "hard", "business",
          lambda t: percent(((t["PURCHASES"] == 0) & (t["CASH_ADVANCE"] > 0)).mean())),
    cards("fresh-oneoffgap", "avg oneoff purchases minus avg installment purchases", "difference", "hard",
          "terse", lambda t: number(t["ONEOFF_PURCHASES"].mean() - t["INSTALLMENTS_PURCHASES"].mean())),
    cards("fresh-decile", "the top decile by balance holds what part of the whole balance", "share", "hard",
          "business", lambda t: percent(t["BALANCE"].nlargest(895).sum() / t["BALANCE"].sum())),
    cards("fresh-full", "how many always pay in full (prc full payment = 1)", "filter", "medium", "plain",
          lambda t: number((t["PRC_FULL_PAYMENT"] == 1).sum())),
    cards("fresh-aveticket", "spend per purchase transaction for those with limit 10k+", "filter", "hard",
          "business", lambda t: either(
              number(t.loc[t["CREDIT_LIMIT"] >= 10_000, "PURCHASES"].sum()
                     / t.loc[t["CREDIT_LIMIT"] >= 10_000, "PURCHASES_TRX"].sum()),
              number((t["PURCHASES"] / t["PURCHASES_TRX"])[(t["CREDIT_LIMIT"] >= 10_000)
                                                           & (t["PURCHASES_TRX"] > 0)].mean()))),
)  # fmt: skip


def repaid(t: Frame) -> pd.Series:
    return t["PrincipalAmt"] - t["OutstandingBal"]


def repaid_share(t: Frame) -> Expect:
    """Paid back in percent by loan type: of the sums, or on average."""
    sums = repaid(t).groupby(t["LoanType"]).sum() / t.groupby("LoanType")["PrincipalAmt"].sum()
    each = (repaid(t) / t["PrincipalAmt"]).groupby(t["LoanType"]).mean()
    return rows(sums, as_percent=True) | rows(each, as_percent=True)


def past_term(t: Frame) -> Expect:
    loans_of = zip(t["OpenDt"], t["TermMonths"], strict=True)
    ends = pd.Series([day + pd.DateOffset(months=months) for day, months in loans_of])
    return number((ends <= "2023-12-31").sum()) | number((ends < "2023-12-31").sum())


def rate_spread(t: Frame) -> Expect:
    means = t.groupby("Defaulted")["IntRatePct"].mean()
    return number(means["Yes"] - means["No"], either_sign=True) | shows(means["Yes"], means["No"])


LOANS: tuple[Question, ...] = (
    loans("fresh-repaid", "how much principal has been paid back so far (principal less outstanding)",
          "difference", "hard", "business", lambda t: number(repaid(t).sum())),
    loans("fresh-repaidpct", "% repaid per loan type", "group", "hard", "terse", repaid_share),
    loans("fresh-spread", "interest rate of defaulters vs the rest, what's the gap", "difference", "medium",
          "chatty", rate_spread),
    loans("fresh-5x", "loans bigger than 5 times the borrower's annual income", "filter", "hard", "business",
          lambda t: number((t["PrincipalAmt"] > 5 * t["AnnualIncome"]).sum())),
    loans("fresh-fy", "loans opened in FY 2021-22 (apr to mar)", "filter", "hard", "business",
          lambda t: number(t["OpenDt"].between("2021-04-01", "2022-03-31").sum())),
    loans("fresh-term", "how many loans have run past their term by 31 dec 2023?", "filter", "hard",
          "business", past_term),
    loans("fresh-having", "branches with more than 400 loans and default rate under 11%", "filter", "hard",
          "plain", lambda t: branches(t)),
    loans("fresh-share700", "Within each branch what share of loans has a score of 700 or better?", "share",
          "hard", "business", lambda t: rows((t["CreditScore"] >= 700).groupby(t["Branch"]).mean(),
                                             as_percent=True)),
    loans("fresh-topmarital", "for every marital status the loan type with the highest avg principal", "rank",
          "hard", "plain", lambda t: rows([((status, means.idxmax()), means.max()) for status, means in (
              (s, part.groupby("LoanType")["PrincipalAmt"].mean())
              for s, part in t.groupby("MaritalStatus"))])),
    loans("fresh-weighted", "portfolio interest rate weighted by outstanding balance", "aggregation", "hard",
          "business", lambda t: number((t["IntRatePct"] * t["OutstandingBal"]).sum()
                                       / t["OutstandingBal"].sum())),
    loans("fresh-noincome", "default rate where income is missing against where it is known", "share", "hard",
          "plain", lambda t: shows_percent(
              *(t["Defaulted"] == "Yes").groupby(t["AnnualIncome"].isna()).mean())),
    loans("fresh-quarter", "new loans by quarter in 2022", "trend", "easy", "terse",
          lambda t: rows(t[t["OpenDt"].dt.year == 2022].groupby(t["OpenDt"].dt.to_period("Q")).size(),
                         only=True)),
)  # fmt: skip


def branches(t: Frame) -> Expect:
    table = t.groupby("Branch")["Defaulted"].agg(["size", lambda d: (d == "Yes").mean()])
    table.columns = pd.Index(["n", "rate"])
    kept = table[(table["n"] > 400) & (table["rate"] < 0.11)]
    found = listed(kept.index, only=True)
    return found | name(*kept.index) if len(kept) else found


def executives(high: Frame) -> Expect:
    """Share of executives, of all or of those whose profession is known."""
    known = high["Profession"].dropna()
    return percent((high["Profession"] == "Executive").mean()) | percent((known == "Executive").mean())


PEOPLE: tuple[Question, ...] = (
    people("fresh-grads", "%age of graduates among the doctors", "share", "medium", "business",
           lambda t: each_way(t, lambda u: either(
               percent((u.loc[u["Profession"] == "Doctor", "Graduated"] == "Yes").mean()),
               percent((u.loc[u["Profession"] == "Doctor", "Graduated"].dropna() == "Yes").mean())))),
    people("fresh-youngest", "which job has the lowest median age?", "top", "easy", "plain",
           lambda t: each_way(t, lambda u: leader(u.groupby("Profession")["Age"].median(), least=True))),
    people("fresh-singles", "unmarried women in a household of 4 or more", "filter", "hard", "plain",
           lambda t: each_way(t, lambda u: number(((u["Ever_Married"] == "No") & (u["Gender"] == "Female")
                                                   & (u["Family_Size"] >= 4)).sum()))),
    people("fresh-highexec", "of the high spenders how many percent are executives", "share", "hard",
           "chatty", lambda t: each_way(t, lambda u: executives(u[u["Spending_Score"] == "High"]))),
    people("fresh-exp", "artists with over 10 yrs work experience: count", "filter", "easy", "terse",
           lambda t: each_way(t, lambda u: number(((u["Profession"] == "Artist")
                                                   & (u["Work_Experience"] > 10)).sum()))),
)  # fmt: skip

MEMBERS: tuple[Question, ...] = (
    airline("fresh-flew", "avg flight miles of those who actually flew in the last 12 months", "filter",
            "hard", "chatty", lambda t: either(
                number(t.loc[t["Flight_miles_12mo"] > 0, "Flight_miles_12mo"].mean()),
                number(t.loc[t["Flight_trans_12"] > 0, "Flight_miles_12mo"].mean()))),
    airline("fresh-early", "members enrolled for less than 2 years who already got an award", "filter",
            "hard", "business", lambda t: number(((t["Days_since_enroll"] < 730) & (t["Award?"] == 1)).sum())
            | number(((t["Days_since_enroll"] < 2 * 365.25) & (t["Award?"] == 1)).sum())),
    airline("fresh-perbonus", "bonus miles per bonus transaction overall", "aggregation", "hard", "business",
            lambda t: number(t["Bonus_miles"].sum() / t["Bonus_trans"].sum())
            | number((t["Bonus_miles"] / t["Bonus_trans"])[t["Bonus_trans"] > 0].mean())),
    airline("fresh-top1", "what do the top 1% of balances hold, in percent of all miles", "share", "hard",
            "plain", lambda t: either(*(percent(t["Balance"].nlargest(k).sum() / t["Balance"].sum())
                                        for k in (39, 40)))),
    books("fresh-cookart", "how many bought at least one cook book and at least one art book", "filter",
          "medium", "plain", lambda t: number(((t["CookBks"] > 0) & (t["ArtBks"] > 0)).sum())),
    books("fresh-florence", "Florence take up rate by Rcode", "group", "medium", "business",
          lambda t: rows(t.groupby("Rcode")["Florence"].mean(), as_percent=True)),
    books("fresh-nothing", "members without a single childrens, youth or cook book", "filter", "hard",
          "plain", lambda t: number((t[["ChildBks", "YouthBks", "CookBks"]] == 0).all(axis=1).sum())),
)  # fmt: skip

QUESTIONS = BANK + TELCO + CARDS + LOANS + PEOPLE + MEMBERS
