"""Kept apart: talks about appointments, visits, gifts, consignments, policies and payments."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.bank import in_city, last_of_each
from tests.questions.desk_trade import SHORT
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, number, percent, rows, shows, verdict
from tests.questions.model import Asker, Expect, Question

clinic, gym, gifts, parcels = (Asker(n, "apart") for n in ("clinic", "gym", "gifts", "parcels"))
policies, wallet, bank, loans = (Asker(n, "apart") for n in ("policies", "wallet", "bank", "loans"))
shop = Asker("shop", "apart")
Frame = pd.DataFrame


def month(a: Frame, m: int) -> Frame:
    return a[a["appt_at"].dt.month == m]


def missed(a: Frame) -> pd.Series:
    return a["status"] == "No-show"


def worst_dept(a: Frame, m: int) -> Expect:
    """By the number of appointments missed, or by their share."""
    part = month(a, m)
    return leader(missed(part).groupby(part["dept"]).sum()) | leader(
        missed(part).groupby(part["dept"]).mean(), share=True
    )


def april(a: Frame, p: Frame) -> Expect:
    """The same of April: the worst department, or the number missed."""
    return either(worst_dept(a, 4), number(missed(month(a, 4)).sum()))


def waits(a: Frame, how: str, dept: str = "") -> pd.Series:
    return a[a["dept"].str.contains(dept)].groupby("clinician")["wait_min"].agg(how)


CLINIC: tuple[Question, ...] = (
    clinic.dialogue("ap-t-march", "hard", "chatty",
        ("morning! how many appointments did we have in march", lambda a, p: number(len(month(a, 3)))),
        ("how many of those were no shows", lambda a, p: number(missed(month(a, 3)).sum())),
        ("which dept had the most of them", lambda a, p: worst_dept(a, 3)),
        ("and in april?", april)),
    clinic.dialogue("ap-t-wait", "medium", "terse",
        ("avg wait by clinician", lambda a, p: rows(waits(a, "mean"))),
        ("cardiology only", lambda a, p: rows(waits(a, "mean", "Cardiology"))),
        ("median", lambda a, p: rows(waits(a, "median", "Cardiology"))),
        ("who has the longest?", lambda a, p: longest(a))),
)  # fmt: skip


def longest(a: Frame) -> Expect:
    """The longest median wait, or the longest single one."""
    return either(*(leader(waits(a, how, "Cardiology")) for how in ("median", "max")))


def monthly(v: Frame, weekend: bool = False, club: str = "") -> pd.Series:
    part = v[v["club"].str.contains(club)]
    part = part[part["check_in"].dt.day_of_week >= 5] if weekend else part
    return part.groupby(part["check_in"].dt.to_period("M")).size()


def older(m: Frame) -> bool:
    by = {sex: m["yob"][m["gender"] == sex] for sex in "FM"}
    return bool(stats.ttest_ind(by["F"], by["M"], equal_var=False).pvalue < 0.05)


GYM: tuple[Question, ...] = (
    gym.dialogue("ap-t-months", "hard", "terse",
        ("visits by month", lambda m, p, v: rows(monthly(v))),
        ("line chart", lambda m, p, v: chart("line", monthly(v), labels=())),
        ("weekends only", lambda m, p, v: rows(monthly(v, True))),
        ("at downtown", lambda m, p, v: rows(monthly(v, True, "Downtown")))),
    gym.dialogue("ap-t-age", "hard", "plain",
        ("avg year of birth", lambda m, p, v: number(m["yob"].mean())),
        ("women", lambda m, p, v: number(m["yob"][m["gender"] == "F"].mean())),
        ("men", lambda m, p, v: number(m["yob"][m["gender"] == "M"].mean())),
        ("is there a real difference?", lambda m, p, v: verdict(older(m)))),
)  # fmt: skip


def types(t: Frame) -> pd.Series:
    return t[t["gift_dt"].dt.year == 2024].groupby("donor_type")["amt_usd"].sum()


def through(t: Frame, channel: str) -> pd.Series:
    return t.loc[t["chnl"] == channel, "amt_usd"]


def channel_gap(t: Frame) -> Expect:
    phone, post = through(t, "Phone").mean(), through(t, "Post").mean()
    return number(phone - post, either_sign=True) | shows(phone, post)


GIFTS: tuple[Question, ...] = (
    gifts.dialogue("ap-t-types", "medium", "business",
        ("total given by donor type", lambda t: rows(t.groupby("donor_type")["amt_usd"].sum())),
        ("2024 only", lambda t: rows(types(t))),
        ("share of each", lambda t: rows(types(t) / types(t).sum(), as_percent=True)),
        ("pie chart pls", lambda t: chart("pie", types(t))
         | chart("pie", types(t) / types(t).sum(), as_percent=True))),
    gifts.dialogue("ap-t-phone", "hard", "chatty",
        ("how many gifts did we get by phone", lambda t: number(len(through(t, "Phone")))),
        ("average size of them?", lambda t: number(through(t, "Phone").mean())),
        ("and by post", lambda t: number(through(t, "Post").mean())),
        ("so whats the difference between the two", channel_gap)),
)  # fmt: skip


def charge(t: Frame, depots: list[str]) -> pd.Series:
    part = t[(t["svc_level"] == "Next-day") & t["depot"].isin(depots)]
    return part.groupby("depot")["charge_gbp"].mean()


def late(t: Frame) -> pd.Series:
    return t["delivered_at"].dt.normalize() > t["promised_by"]


def late_count(t: Frame) -> Expect:
    """By the day, or by the clock of the promised day's first minute."""
    return number(late(t).sum()) | number((t["delivered_at"] > t["promised_by"]).sum())


def late_by(t: Frame, how: str) -> Expect:
    made = []
    for mask in (late(t), t["delivered_at"] > t["promised_by"]):
        values = mask.groupby(t["svc_level"]).agg(how)
        made.append(rows(values, as_percent=how == "mean"))
    return either(*made)


def late_arrived(t: Frame) -> Expect:
    kept = t[t["delivered_at"].notna()]
    return either(late_by(kept, "mean"))


PARCELS: tuple[Question, ...] = (
    parcels.dialogue("ap-t-charge", "hard", "terse",
        ("total charges per depot", lambda t: rows(t.groupby("depot")["charge_gbp"].sum())),
        ("average per parcel instead", lambda t: rows(t.groupby("depot")["charge_gbp"].mean())),
        ("bristol next-day", lambda t: number(charge(t, ["Bristol"])["Bristol"])
         | rows(charge(t, ["Bristol"]))),
        ("compare w/ leeds", lambda t: shows(*charge(t, ["Bristol", "Leeds"])))),
    parcels.dialogue("ap-t-late", "hard", "business",
        ("how many parcels were delivered after the promised date", late_count),
        ("per service level", lambda t: late_by(t, "sum")),
        ("what percentage of each level is that", lambda t: late_by(t, "mean")),
        ("leave out those not delivered yet", late_arrived)),
)  # fmt: skip


def claims(t: Frame, how: str, channel: str = "") -> pd.Series:
    part = t[t["sales_channel"].str.contains(channel)]
    return part.groupby("product")["claims_paid_gbp"].agg(how)


def days(t: Frame, how: str, status: str = "") -> pd.Series:
    part = t[t["status"].str.contains(status)]
    return part.groupby(part["paid_at"].dt.day_name())["amount_inr"].agg(how)


VENTURES: tuple[Question, ...] = (
    policies.dialogue("ap-t-claims", "hard", "business",
        ("claims paid by product", lambda t: rows(claims(t, "sum"))),
        ("average per policy", lambda t: rows(claims(t, "mean"))),
        ("only those sold direct", lambda t: rows(claims(t, "mean", "Direct"))),
        ("highest one?", lambda t: leader(claims(t, "mean", "Direct")))),
    wallet.dialogue("ap-t-days", "hard", "terse",
        ("payments per weekday", lambda t: rows(days(t, "size"), labels=SHORT)),
        ("amount rather than number", lambda t: rows(days(t, "sum"), labels=SHORT)),
        ("successful ones only", lambda t: rows(days(t, "sum", "Success"), labels=SHORT)),
        ("lowest day?", lambda t: leader(days(t, "sum", "Success").rename(SHORT), least=True))),
)  # fmt: skip


def balances(t: Frame, city: str) -> Expect:
    """Mean balance by transaction, or by customer with the last one, said as such."""
    part = in_city(t, city)
    last = last_of_each(part)
    return number(part["Balance"].mean()) | number(last["Balance"].mean()) & mentions("customer")


def bad(t: Frame) -> pd.Series:
    return t["Defaulted"] == "Yes"


def rate(t: Frame, weak: bool) -> pd.Series:
    part = t[(t["CreditScore"] < 600) == weak]
    return bad(part).groupby(part["LoanType"]).mean()


KNOWN: tuple[Question, ...] = (
    bank.dialogue("ap-t-cities", "medium", "chatty",
        ("no. of customers in bangalore", lambda t: number(in_city(t, "BANGALORE")["CustomerID"].nunique())),
        ("and hyderabad?", lambda t: number(in_city(t, "HYDERABAD")["CustomerID"].nunique())),
        ("their average balance", lambda t: balances(t, "HYDERABAD"))),
    loans.dialogue("ap-t-default", "hard", "business",
        ("default rate by loan type", lambda t: rows(bad(t).groupby(t["LoanType"]).mean(), as_percent=True)),
        ("just scores under 600", lambda t: rows(rate(t, True), as_percent=True)),
        ("how many loans is that", lambda t: number((t["CreditScore"] < 600).sum())
         | rows(t.loc[t["CreditScore"] < 600, "LoanType"].value_counts())),
        ("now the rates for 600 and over", lambda t: rows(rate(t, False), as_percent=True)
         | percent(bad(t)[t["CreditScore"] >= 600].mean()))),
    shop.dialogue("ap-t-ages", "medium", "terse",
        ("avg age of our customers", lambda o, c: number(c["age"].mean())),
        ("those in cologne", lambda o, c: number(c.loc[c["city"] == "Cologne", "age"].mean())),
        ("with newsletter", lambda o, c: number(
            c.loc[(c["city"] == "Cologne") & (c["newsletter"] == "yes"), "age"].mean()))),
)  # fmt: skip

QUESTIONS = CLINIC + GYM + GIFTS + PARCELS + VENTURES + KNOWN
