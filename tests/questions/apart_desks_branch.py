"""Kept apart: a branch manager of a bank on accounts and loans, an office assistant of a clinic on visits."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.bank import in_city, last_of_each
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, hours, leader, mentions, number, percent, rows, shows, upper, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

bank, loans, clinic = (Asker(n, "apart") for n in ("bank", "loans", "clinic"))
Frame = pd.DataFrame


def of_delhi(t: Frame) -> Expect:
    """Of customers, or of transactions said as such; only these two names, or all that hold the word."""
    made = []
    for inside in (t["city"].isin(["DELHI", "NEW DELHI"]), t["city"].str.contains("DELHI", na=False)):
        people = t.loc[inside, "CustomerID"].nunique() / t["CustomerID"].nunique()
        made += [percent(people), percent(inside.mean()) & mentions("transaction")]
    return either(*made)


def busiest_day(t: Frame) -> Expect:
    """By all transactions of the month, or by the mean of a day."""
    part = t[t["date"].dt.month == 9]
    days = part["date"].dt.day_name()
    each = part.groupby("date").size()
    return leader(days.value_counts()) | leader(each.groupby(each.index.day_name()).mean())


def no_balance(t: Frame) -> Expect:
    part = t[t["Balance"].isna()]
    return number(part["CustomerID"].nunique()) | number(len(part))


def late_tickets(t: Frame) -> Expect:
    """Mean amounts by night and in office hours, the last hour in or out."""
    late = [t["hour"] >= 22, t["TransactionTime"] > 220_000]
    office = [t["hour"].between(10, 16), t["hour"].between(10, 17),
              t["TransactionTime"].between(100_000, 170_000)]  # fmt: skip
    return either(*(shows(t.loc[a, "Amount"].mean(), t.loc[b, "Amount"].mean())
                    for a in late for b in office))  # fmt: skip


def five_cities(t: Frame) -> Expect:
    found = t.groupby("city").agg(people=("CustomerID", "nunique"), n=("Amount", "size"),
                                  money=("Amount", "sum")).nlargest(5, "people")  # fmt: skip
    made = [(str(city), int(p), int(n), float(m)) for city, p, n, m in found.itertuples()]
    return rows(made, ordered=True, only=True)


def richest(t: Frame) -> Expect:
    return upper(t["Balance"], 0.95) | upper(last_of_each(t)["Balance"], 0.95) & mentions("customer")


def sex_share(t: Frame) -> Expect:
    """Women among customers or transactions of a city, or those last or first seen there."""
    part = in_city(t, "CHENNAI")
    by = part.groupby("CustGender")["CustomerID"].nunique()
    known = part["CustGender"].dropna()
    order = t.sort_values(["date", "TransactionTime"]).drop_duplicates
    one = [in_city(order("CustomerID", keep=k), "CHENNAI")["CustGender"] for k in ("first", "last")]
    return either(*(percent((sex == "F").mean()) for sex in one), percent(by["F"] / by.sum()),
                  percent(by["F"] / part["CustomerID"].nunique()), percent((known == "F").mean()),
                  percent((part["CustGender"] == "F").mean()))  # fmt: skip


BANK: tuple[Question, ...] = (
    bank("ad-lakh", "total value of all txns above 1 lakh", "filter", "hard", "business",
         lambda t: number(t.loc[t["Amount"] > 100_000, "Amount"].sum())),
    bank("ad-delhi", "what % of our customers sits in delhi and new delhi taken together", "share", "hard",
         "chatty", of_delhi),
    bank("ad-septday", "busiest weekday in september?", "calendar", "medium", "terse", busiest_day),
    bank("ad-nobal", "how many customers have no account balance on record", "quality", "medium", "business",
         no_balance),
    bank("ad-night", "avg ticket after 10 pm compared with office hours 10 to 5", "difference", "hard",
         "business", late_tickets),
    bank("ad-five", "top 5 cities by customers with their number of transactions and total amount alongside",
         "top", "hard", "business", five_cities),
    bank("ad-rich", "what balance must one have to be in our richest 5 percent", "quantile", "hard", "chatty",
         richest),
    bank("ad-women", "share of ladies among our chennai customers", "share", "medium", "business", sex_share),
)  # fmt: skip


def bad(t: Frame) -> pd.Series:
    return t["Defaulted"] == "Yes"


def married(t: Frame) -> Expect:
    """Both rates, or a verdict on their difference."""
    rate = bad(t).groupby(t["MaritalStatus"]).mean()
    part = t[t["MaritalStatus"] != "Divorced"]
    p = stats.chi2_contingency(pd.crosstab(part["MaritalStatus"], part["Defaulted"])).pvalue
    return shares(rate["Married"], rate["Single"]) | verdict(bool(p < 0.05))


def heaviest(t: Frame) -> Expect:
    found = t.loc[t.groupby("Branch")["OutstandingBal"].idxmax()]
    return rows([((r.Branch, r.AcctNo), r.OutstandingBal) for r in found.itertuples()])


def by_year(t: Frame) -> Expect:
    found = t.groupby(t["OpenDt"].dt.year)["PrincipalAmt"].agg(["size", "sum"])
    return rows([(str(y), int(n), float(s)) for y, n, s in found.itertuples()])


LOANS: tuple[Question, ...] = (
    loans("ad-interest", "yearly interest we earn on the car loans, outstanding times rate", "aggregation",
          "hard", "business", lambda t: number((t["OutstandingBal"] * t["IntRatePct"] / 100)[
              t["LoanType"] == "Car"].sum())),
    loans("ad-npa", "npa percentage branch wise (npa = defaulted)", "share", "medium", "business",
          lambda t: rows(bad(t).groupby(t["Branch"]).mean(), as_percent=True)
          | rows(t[bad(t)].groupby("Branch")["OutstandingBal"].sum() / t.groupby("Branch")[
              "OutstandingBal"].sum(), as_percent=True) & mentions("outstanding|balance|amount")),
    loans("ad-unpaid", "no. of loans where more than 90% of the principal is still outstanding", "filter",
          "hard", "business", lambda t: number((t["OutstandingBal"] > 0.9 * t["PrincipalAmt"]).sum())),
    loans("ad-heaviest", "account with the biggest outstanding in every branch", "rank", "hard", "plain",
          heaviest),
    loans("ad-married", "do married people default less often than singles", "difference", "hard", "chatty",
          married),
    loans("ad-years", "loans opened each year, number and total principal", "trend", "medium", "business",
          by_year),
    loans("ad-term", "which loan term has the worst default rate", "top", "medium", "plain",
          lambda t: leader(bad(t).groupby(t["TermMonths"]).mean(), share=True)),
    loans("ad-income", "median income: defaulters / the rest", "group", "medium", "terse",
          lambda t: shows(*t.groupby("Defaulted")["AnnualIncome"].median())),
    loans("ad-noincome", "in which branch is the income missing most often", "quality", "hard", "plain",
          lambda t: leader(t["AnnualIncome"].isna().groupby(t["Branch"]).sum())
          | leader(t["AnnualIncome"].isna().groupby(t["Branch"]).mean(), share=True)),
)  # fmt: skip


def seen(a: Frame) -> Frame:
    return a[a["status"] == "Attended"]


def missed(a: Frame) -> pd.Series:
    return a["status"] == "No-show"


def holm(a: Frame, p: Frame) -> Expect:
    """Appointments attended, or the patients of these."""
    part = seen(a)[(seen(a)["clinician"] == "Dr Holm") & (seen(a)["appt_at"].dt.month == 6)]
    return number(len(part)) | number(part["pat_id"].nunique())


def ahead(a: Frame, p: Frame) -> Expect:
    """Days from booking to the visit, whole or to the hour."""
    whole = (a["appt_at"].dt.normalize() - a["booked_on"]).dt.days
    exact = (a["appt_at"] - a["booked_on"]).dt.total_seconds() / 86400
    return either(*(rows(days.groupby(a["dept"]).mean()) for days in (whole, exact)))


def by_town(a: Frame, p: Frame) -> Expect:
    """Of all appointments, or of those not cancelled; the number of them where said as such."""
    made = []
    for part in (a, a[a["status"] != "Cancelled"]):
        whole = part.merge(p, on="pat_id")
        made.append(leader(missed(whole).groupby(whole["town"]).mean(), share=True))
    return either(*made)


def elderly(a: Frame, p: Frame) -> Expect:
    """Past the seventieth or the seventy-first birthday at the end of the data, of the year, or by now."""
    part = p[p["town"] == "Ystad"]
    made = []
    for day in (a["appt_at"].max(), pd.Timestamp("2025-12-31"), pd.Timestamp.now()):
        for years in (70, 71):
            made.append(number((part["dob"] < day - pd.DateOffset(years=years)).sum()))
        for years in (day.year - part["dob"].dt.year, (day - part["dob"]).dt.days / 365.25):
            made.append(number((years > 70).sum()))
    return either(*made)


def medica(a: Frame, p: Frame) -> Expect:
    whole = a.merge(p, on="pat_id")
    inside = (whole["insurer"] == "Medica") & (whole["appt_at"].dt.quarter == 3)
    return number(whole.loc[inside, "fee_eur"].sum())


def halves(a: Frame, p: Frame) -> Expect:
    by = a.groupby(a["appt_at"].dt.hour < 12)["wait_min"]
    return shows(*by.mean()) | shows(*by.median())


def texts(a: Frame, p: Frame) -> Expect:
    """By the chi-square test at five percent, cancelled ones in; both rates say as much."""
    counts = pd.crosstab(a["sms_rem"], missed(a))
    real = bool(stats.chi2_contingency(counts).pvalue < 0.05)
    fewer = Expect(says=(r"\bfewer\b",), never=(r"^\W*no\b", r"\bnot\b|n't\b"))
    return verdict(real) | fewer if real else verdict(real)


def longest(a: Frame, p: Frame) -> Expect:
    """The longest wait of each with its department; any of those that share it."""
    made = None
    for keep in ("first", "last"):
        found = a.sort_values("wait_min").dropna(subset="wait_min")
        top = found[found["wait_min"] == found.groupby("clinician")["wait_min"].transform("max")]
        one = top.drop_duplicates("clinician", keep=keep)
        reading = rows([((r.clinician, r.dept), r.wait_min) for r in one.itertuples()])
        made = reading if made is None else made | reading
    assert made is not None
    return made


def ghosts(a: Frame, p: Frame) -> Expect:
    return number((~p["pat_id"].isin(a["pat_id"])).sum())


CLINIC: tuple[Question, ...] = (
    clinic("ad-holm", "how many pts did dr holm see in june", "filter", "hard", "chatty", holm),
    clinic("ad-cancelled", "cancelled appointments for each month", "trend", "easy", "plain",
           lambda a, p: rows(a[a["status"] == "Cancelled"].groupby(
               a["appt_at"].dt.to_period("M")).size())),
    clinic("ad-ahead", "how many days ahead do people book, average per department", "group", "hard",
           "chatty", ahead),
    clinic("ad-mostmissed", "whats the most times a single patient missed an appointment", "aggregation",
           "hard", "chatty", lambda a, p: number(a[missed(a)]["pat_id"].value_counts().max())),
    clinic("ad-medica", "fees for medica patients in q3", "join", "hard", "terse", medica),
    clinic("ad-town", "patients from which town have the worst no show rate?", "join", "hard", "plain",
           by_town),
    clinic("ad-elderly", "patients from ystad that are over 70 - how many", "filter", "hard", "plain",
           elderly),
    clinic("ad-norating", "atended visits whithout a rating", "quality", "medium", "misspelt",
           lambda a, p: number(seen(a)["rating"].isna().sum())),
    clinic("ad-waithour", "draw the average wait by hour of the day pls", "chart", "medium", "chatty",
           lambda a, p: chart("bar|line", a.groupby(a["appt_at"].dt.hour)["wait_min"].mean(), labels=())),
    clinic("ad-longest", "for each doctor the longest wait and in which dept it was", "rank", "hard", "plain",
           longest),
    clinic("ad-halves", "do people wait longer in the afternoon than in the morning? minutes for both pls",
           "difference", "hard", "chatty", halves),
    clinic("ad-luck", "are no shows really fewer when we send the sms or is it just luck", "difference",
           "hard", "chatty", texts),
    clinic("ad-ghosts", "patients on file who never had any appointment", "join", "medium", "plain", ghosts),
    clinic("ad-slothour", "most popular appointment hour", "calendar", "easy", "terse",
           lambda a, p: leader(hours(a["appt_at"].dt.hour.value_counts()))),
    clinic("ad-export", "can i get what you show me into excel", "meta", "easy", "chatty",
           lambda a, p: Expect(statuses=frozenset({"answered", "refused", "clarify"}))
           & mentions(r"download|export|csv|excel|cop(y|ied)|save")),
)  # fmt: skip

QUESTIONS = BANK + LOANS + CLINIC
