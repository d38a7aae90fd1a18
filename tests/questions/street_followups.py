"""Talks about meters, appointments, members, gifts and payments in which the next word changes little."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, number, percent, rows, says, segments, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

meters, clinic, gym, gifts = (Asker(n, "open") for n in ("meters", "clinic", "gym", "gifts"))
policies, wallet, telco, club = (Asker(n, "open") for n in ("policies", "wallet", "telco", "club"))
Frame = pd.DataFrame


def bills(t: Frame, heating: str = "") -> pd.Series:
    part = t[t["heating_typ"].str.contains(heating)]
    return part.groupby("tariff")["bill_chf"].mean()


def used(t: Frame) -> pd.Series:
    return t.groupby(t["read_mth"].dt.to_period("M"))["kwh"].sum()


def peak_bill(t: Frame) -> Expect:
    month = used(t).idxmax()
    return number(t.loc[t["read_mth"].dt.to_period("M") == month, "bill_chf"].sum())


METERS: tuple[Question, ...] = (
    meters.dialogue("sc-t-bill", "medium", "chatty",
        ("whats the avg bill", lambda t: number(t["bill_chf"].mean())),
        ("hmm and per tariff", lambda t: rows(bills(t))),
        ("only homes with a heat pump", lambda t: rows(bills(t, "Heat pump"))),
        ("ok draw it", lambda t: chart("bar", bills(t, "Heat pump")))),
    meters.dialogue("sc-t-peak", "hard", "plain",
        ("total kwh month by month", lambda t: rows(used(t))),
        ("which month is the peak", lambda t: leader(used(t))),
        ("what did we bill in that month", peak_bill)),
)  # fmt: skip


def came(a: Frame, dept: str) -> Frame:
    return a[(a["status"] == "Attended") & (a["dept"] == dept)]


def earned(a: Frame, how: str) -> Expect:
    return shows(*(came(a, dept)["fee_eur"].agg(how) for dept in ("Physio", "Cardiology")))


CLINIC: tuple[Question, ...] = (
    clinic.dialogue("sc-t-came", "hard", "chatty",
        ("how many attended appointments in physio", lambda a, p: number(len(came(a, "Physio")))),
        ("and cardiology?", lambda a, p: number(len(came(a, "Cardiology")))),
        ("what fees did each of the two bring in", lambda a, p: earned(a, "sum")),
        ("per appointment pls", lambda a, p: earned(a, "mean"))),
)  # fmt: skip


def sex(m: Frame, letter: str) -> Frame:
    return m[m["gender"] == letter]


GYM: tuple[Question, ...] = (
    gym.dialogue("sc-t-ladies", "medium", "chatty",
        ("how many ladies are members with us", lambda m, p, v: number(len(sex(m, "F")))),
        ("gents?", lambda m, p, v: number(len(sex(m, "M")))),
        ("of the ladies how many have a cancel date", lambda m, p, v: number(
            sex(m, "F")["cancel_dt"].notna().sum())),
        ("as percentage", lambda m, p, v: percent(sex(m, "F")["cancel_dt"].notna().mean()) & says("%"))),
)  # fmt: skip


def income(t: Frame, channel: str = "") -> pd.Series:
    part = t[t["chnl"].str.contains(channel)]
    return part.groupby(part["gift_dt"].dt.year)["amt_usd"].sum()


def holders(t: Frame, region: str = "") -> Expect:
    """Premium for each holder: the total over holders."""
    part = t[t["region"].str.contains(region)]
    return number(part["annual_premium_gbp"].sum() / part["holder_id"].nunique())


def trips(t: Frame, month: int | None = None, city: str = "") -> float:
    part = t[(t["merchant_type"] == "Travel") & t["home_city"].str.contains(city)]
    part = part if month is None else part[part["paid_at"].dt.month == month]
    return float(part["amount_inr"].sum())


def mumbai(t: Frame) -> Expect:
    """Of the two months side by side, or of the later one alone."""
    return shows(trips(t, 5, "Mumbai"), trips(t, 6, "Mumbai")) | number(trips(t, 6, "Mumbai"))


VENTURES: tuple[Question, ...] = (
    gifts.dialogue("sc-t-income", "hard", "terse",
        ("show total amount by year", lambda t: rows(income(t))),
        ("just web", lambda t: rows(income(t, "Web"))),
        ("growth in the last year in %", lambda t: percent(
            income(t, "Web")[2024] / income(t, "Web")[2023] - 1, either_sign=True))),
    policies.dialogue("sc-t-holder", "hard", "business",
        ("avg premium", lambda t: number(t["annual_premium_gbp"].mean())),
        ("not per policy, per holder", holders),
        ("and in Wales?", lambda t: holders(t, "Wales"))),
    wallet.dialogue("sc-t-travel", "hard", "chatty",
        ("how much did people spend on travel", lambda t: number(trips(t))),
        ("in june", lambda t: number(trips(t, 6))),
        ("vs may", lambda t: shows(trips(t, 5), trips(t, 6)) | number(trips(t, 5))),
        ("mumbai only", mumbai)),
)  # fmt: skip


def left(t: Frame) -> pd.Series:
    return (t["Churn"] == "Yes").groupby(t["PaymentMethod"]).mean()


def manual(t: Frame) -> pd.Series:
    return left(t)[["Mailed check", "Electronic check"]]


TELCO: tuple[Question, ...] = (
    telco.dialogue("sc-t-payment", "hard", "business",
        ("churn rate by payment method", lambda t: rows(left(t), as_percent=True)),
        ("sort it, lowest first", lambda t: rows(left(t).sort_values(), as_percent=True, ordered=True)),
        ("drop the two automatic ones", lambda t: rows(manual(t), as_percent=True, only=True)),
        ("which one should worry me", lambda t: leader(manual(t), share=True))),
)  # fmt: skip


def other_sizes(t: Frame) -> Expect:
    return segments(3, 1200, names=["Top spenders"]) & mentions("Top spenders")


EDITS: tuple[Question, ...] = (
    club.dialogue("sc-e-spenders", "hard", "chatty",
        ("group the members into 3", lambda t: segments(3, 1200)),
        ("which of them spends the most", lambda t: segments(3) & Expect(says=(r"\d",))),
        ("rename that one Top spenders", lambda t: segments(3, 1200, names=["Top spenders"])),
        ("list all groups with sizes", other_sizes), kind="edit"),
    meters.dialogue("sc-e-use", "hard", "business",
        ("three equal groups of meters by total kwh", lambda t: segments(3, 400, smallest=130)),
        ("call them Low, Mid and High", lambda t: segments(3, 400, names=["Low", "Mid", "High"])),
        ("share of late payment in each", lambda t: late_shares(t)),
        ("merge Low and Mid into Rest", lambda t: segments(2, 400, names=["Rest", "High"])), kind="edit"),
)  # fmt: skip


def late_shares(t: Frame) -> Expect:
    """Readings paid late by third of the meters' total use; the edge meter on either side."""
    total = t.groupby("meter_id")["kwh"].sum().rank()
    made = []
    for low, high in ((133, 266), (133, 267), (134, 267), (134, 266)):
        third = t["meter_id"].map(total).map(lambda r, lo=low, hi=high: 0 if r <= lo else 1 if r <= hi else 2)
        made.append(shares(*(t["paid_late"] == "Y").groupby(third).mean(), tolerance=0.05))
    return either(*made)


QUESTIONS = METERS + CLINIC + GYM + VENTURES + TELCO + EDITS
