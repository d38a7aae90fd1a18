"""Kept apart: talks of several turns at eight desks, with each turn leaning on those before."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, name, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import orders_only

bank, loans, clinic, gifts = (Asker(n, "apart") for n in ("bank", "loans", "clinic", "gifts"))
telco, calls, hotel, club = (Asker(n, "apart") for n in ("telco", "calls", "hotel", "club"))
shop, cdnow, world, wallet = (Asker(n, "apart") for n in ("shop", "cdnow", "gapminder", "wallet"))
Frame = pd.DataFrame


def pune(t: Frame, month: int) -> Frame:
    return in_city(t, "PUNE")[in_city(t, "PUNE")["date"].dt.month == month]


def dearer(t: Frame) -> Expect:
    means = pd.Series({"August|Aug": pune(t, 8)["Amount"].mean(), "September|Sept|Sep": pune(t, 9)[
        "Amount"].mean()})  # fmt: skip
    return leader(means) | shows(*means)


def opened(t: Frame, year: int, kind: str = "") -> pd.Series:
    return t.loc[(t["OpenDt"].dt.year == year) & t["LoanType"].str.contains(kind), "PrincipalAmt"]


def home_part(t: Frame, year: int) -> Expect:
    return percent(opened(t, year, "Home").sum() / opened(t, year).sum())


MONEY: tuple[Question, ...] = (
    bank.dialogue("ad-t-pune", "hard", "chatty",
        ("hello, how many customers transacted in pune in august?",
         lambda t: number(pune(t, 8)["CustomerID"].nunique())),
        ("september", lambda t: number(pune(t, 9)["CustomerID"].nunique())),
        ("which of the two months had the bigger average transaction", dearer),
        ("and the single largest one in september, how much was it",
         lambda t: number(pune(t, 9)["Amount"].max()))),
    loans.dialogue("ad-t-given", "hard", "business",
        ("principal given out in 2022", lambda t: number(opened(t, 2022).sum())),
        ("how much of it went into home loans", lambda t: number(opened(t, 2022, "Home").sum())
         | home_part(t, 2022)),
        ("as a percentage", lambda t: home_part(t, 2022)),
        ("same for 2021 pls", lambda t: home_part(t, 2021))),
    wallet.dialogue("ad-t-failed", "hard", "business",
        ("failed payments by city", lambda t: rows(failures(t, 0, "sum"))),
        ("as a rate please", lambda t: rows(failures(t, 0, "mean"), as_percent=True)),
        ("only payments above 1000", lambda t: rows(failures(t, 1000, "mean"), as_percent=True)),
        ("where is it worst", lambda t: leader(failures(t, 1000, "mean"), share=True))),
)  # fmt: skip


def failures(t: Frame, above: float, how: str) -> pd.Series:
    part = t[t["amount_inr"] > above]
    return (part["status"] == "Failed").groupby(part["home_city"]).agg(how)


def missed(a: Frame, how: str, dept: str = "") -> pd.Series:
    part = a[a["dept"].str.contains(dept)]
    return (part["status"] == "No-show").groupby(part["clinician"]).agg(how)


def of_kept(a: Frame, dept: str = "") -> Expect:
    """Shares of all appointments, or of those not cancelled."""
    parts = (a, a[a["status"] != "Cancelled"])
    return either(*(rows(missed(part, "mean", dept), as_percent=True) for part in parts))


def per_year(t: Frame, channel: str = "") -> pd.Series:
    part = t[t["chnl"].str.contains(channel)]
    return part.groupby(part["gift_dt"].dt.year)["amt_usd"].sum()


def growth(t: Frame) -> pd.Series:
    return per_year(t, "Web").pct_change().dropna()


CARE: tuple[Question, ...] = (
    clinic.dialogue("ad-t-ek", "hard", "chatty",
        ("how many no-shows did dr ek have", lambda a, p: number(missed(a, "sum")["Dr Ek"])),
        ("compare that with the other doctors", lambda a, p: rows(missed(a, "sum")) | of_kept(a)),
        ("in per cent of their appointments", lambda a, p: of_kept(a)),
        ("only physio", lambda a, p: of_kept(a, "Physio"))),
    gifts.dialogue("ad-t-years", "hard", "business",
        ("total given per year", lambda t: rows(per_year(t))),
        ("web gifts only", lambda t: rows(per_year(t, "Web"))),
        ("growth on the year before in %", lambda t: shares(*growth(t))),
        ("draw me the yearly totals as bars", lambda t: chart("bar", per_year(t, "Web"), labels=())
         | chart("bar", per_year(t), labels=()))),
)  # fmt: skip


def net(t: Frame, kind: str) -> pd.Series:
    return t.loc[t["InternetService"] == kind, "Churn"] == "Yes"


def left_dsl(t: Frame) -> Expect:
    """Those who left, or how many there are of whom so many left."""
    return number(net(t, "DSL").sum()) | shows(len(net(t, "DSL")), net(t, "DSL").sum())


def loses_more(t: Frame) -> Expect:
    rates = {"Fiber optic|fiber|fibre|fiber-optic": net(t, "Fiber optic").mean(), "DSL": net(t, "DSL").mean()}
    return leader(pd.Series(rates), share=True)


def talk(t: Frame, scale: float) -> pd.Series:
    return t[t["outcome"] != "Dropped"].groupby("queue")["talk_sec"].mean() / scale


LINES: tuple[Question, ...] = (
    telco.dialogue("ad-t-fibre", "medium", "business",
        ("how many customers are on fiber", lambda t: number(len(net(t, "Fiber optic")))),
        ("how many of them left", lambda t: number(net(t, "Fiber optic").sum())),
        ("and with dsl?", left_dsl),
        ("so which of the two loses the bigger part of its customers", loses_more)),
    calls.dialogue("ad-t-talk", "hard", "terse",
        ("avg talk time by queue", lambda t: rows(t.groupby("queue")["talk_sec"].mean())
         | rows(t.groupby("queue")["talk_sec"].mean() / 60)),
        ("without dropped calls", lambda t: rows(talk(t, 1)) | rows(talk(t, 60))),
        ("in minutes", lambda t: rows(talk(t, 60))),
        ("longest first", lambda t: either(*(
            rows(talk(t, k).sort_values(ascending=False), ordered=True) for k in (60, 1))))),
)  # fmt: skip


def revenue(t: Frame) -> Frame:
    part = t[(t["is_canceled"] == 0) & (t["arrival_date"].dt.year == 2024)]
    return part.assign(money=part["adr"] * part["nights"], quarter=part["arrival_date"].dt.to_period("Q"))


def by_quarter(t: Frame) -> Expect:
    """By hotel and quarter, or by quarter alone."""
    part = revenue(t)
    both = part.groupby(["hotel", "quarter"])["money"].sum()
    wide = rows([((h, f"Q{q.quarter}|{q}|{q.year}-Q{q.quarter}|{q.start_time.date()}"), v)
                 for (h, q), v in both.items()])  # fmt: skip
    return wide | rows(part.groupby("quarter")["money"].sum())


def best_quarter(t: Frame) -> Expect:
    part = revenue(t)[revenue(t)["hotel"] == "Resort Hotel"]
    return leader(part.groupby("quarter")["money"].sum())


def spend(t: Frame, tier: str) -> float:
    return float(t.loc[t["Tier"] == tier, "SpendINR"].mean())


def sales(t: Frame, channel: str, column: str) -> Expect:
    return rows(t[t["channel"].str.contains(channel)].groupby("category")[column].sum())


def times_more(t: Frame) -> Expect:
    high, low = spend(t, "Platinum"), spend(t, "Gold")
    return either(number(high - low, either_sign=True), percent(high / low - 1), percent(1 - low / high),
                  number(high / low))  # fmt: skip


TRADE: tuple[Question, ...] = (
    hotel.dialogue("ad-t-revenue", "hard", "business",
        ("revenue = adr x nights. total 2024 without cancelled bookings?",
         lambda t: number(revenue(t)["money"].sum())),
        ("split it by hotel", lambda t: rows(revenue(t).groupby("hotel")["money"].sum())),
        ("and by quarter", by_quarter),
        ("best quarter for the resort", best_quarter)),
    club.dialogue("ad-t-platinum", "medium", "chatty",
        ("how many platinum members do we have", lambda t: number((t["Tier"] == "Platinum").sum())),
        ("what does one of them spend on average", lambda t: number(spend(t, "Platinum"))),
        ("and a gold one", lambda t: number(spend(t, "Gold"))),
        ("how much more is that of platinum", times_more)),
    shop.dialogue("ad-t-store", "hard", "misspelt",
        ("the sales by category please", orders_only(lambda t: sales(t, "", "net_amount"))),
        ("only of the web", orders_only(lambda t: sales(t, "web", "net_amount"))),
        ("and in units?", orders_only(lambda t: sales(t, "web", "quantity"))),
        ("sorry, I wanted of the store, not of the web",
         orders_only(lambda t: sales(t, "store", "quantity")))),
)  # fmt: skip


def loyal(t: Frame, least: int) -> Frame:
    return t[t.groupby("customer_id")["date"].transform("size") >= least]


def part_of(t: Frame, least: int) -> Expect:
    """Their share of the revenue; for the talk's third turn their number too."""
    return percent(loyal(t, least)["dollar_value"].sum() / t["dollar_value"].sum())


def lives(t: Frame, *countries: str) -> Frame:
    part = t[t["country"].isin(countries)]
    return part.pivot(index="year", columns="country", values="lifeExp")


def both_lives(t: Frame) -> Expect:
    """Japan and China side by side, or China alone as added."""
    wide = lives(t, "Japan", "China")
    two = rows([((str(y), "China"), wide.loc[y, "China"]) for y in wide.index])
    beside = rows([(str(y), wide.loc[y, "Japan"], wide.loc[y, "China"]) for y in wide.index])
    return beside | two


def widest(t: Frame) -> Expect:
    wide = lives(t, "Japan", "China")
    gap = (wide["Japan"] - wide["China"]).abs()
    return leader(gap) | name(gap.idxmax())


STUDY: tuple[Question, ...] = (
    cdnow.dialogue("ad-t-loyal", "hard", "terse",
        ("n customers with 5+ orders", lambda t: number(loyal(t, 5)["customer_id"].nunique())),
        ("their revenue share", lambda t: part_of(t, 5)),
        ("10+ instead", lambda t: part_of(t, 10) | number(loyal(t, 10)["customer_id"].nunique())),
        ("median order value for those", lambda t: number(loyal(t, 10)["dollar_value"].median()))),
    world.dialogue("ad-t-japan", "hard", "chatty",
        ("life expectancy in japan over the years", lambda t: rows(lives(t, "Japan")["Japan"])),
        ("put china next to it", both_lives),
        ("plot both", lambda t: chart("line|bar", labels=["Japan", "China"])),
        ("in what year was the gap between them widest", widest)),
)  # fmt: skip


def bound(t: Frame) -> pd.Series:
    return t[t["Churn"] == "Yes"].groupby("PaymentMethod").size()


LATE: tuple[Question, ...] = (
    telco.dialogue("ad-t-back", "hard", "plain",
        ("customers who left, by payment method", lambda t: rows(bound(t))),
        ("what part of all customers left is each, in %",
         lambda t: rows(bound(t) / bound(t).sum(), as_percent=True)
         | rows((t["Churn"] == "Yes").groupby(t["PaymentMethod"]).mean(), as_percent=True)
         & mentions("of (the|all|its|each|those)|rate|churn")),
        ("go back to the plain numbers but only women", lambda t: rows(bound(t[t["gender"] == "Female"]))),
        ("thanks, and how many women left in total?", lambda t: number(
            bound(t[t["gender"] == "Female"]).sum()))),
)  # fmt: skip

QUESTIONS = MONEY + CARE + LINES + TRADE + STUDY + LATE
