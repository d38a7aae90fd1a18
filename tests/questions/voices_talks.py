"""Talks about figures by people of many trades, each going on from the answer just read."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city, women
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, name, number, percent, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

clinic, gym, gifts, parcels = (Asker(n, "open") for n in ("clinic", "gym", "gifts", "parcels"))
policies, wallet, meters, hotel = (Asker(n, "open") for n in ("policies", "wallet", "meters", "hotel"))
loans, shop, subs, calls = (Asker(n, "open") for n in ("loans", "shop", "subscribers", "calls"))
club, cards, telco, retail = (Asker(n, "open") for n in ("club", "cards", "telco", "retail"))
wholesale, bank = Asker("wholesale", "open"), Asker("bank", "open")
Frame = pd.DataFrame
CAUSE = (
    r"not why|cannot|can't|not (say|tell|prove|explain)|differ|higher|lower|more|no (cause|reason)|goes? with"
)


def missed(a: Frame, by: str, reminded: bool = False) -> pd.Series:
    part = a[a["sms_rem"] == "Y"] if reminded else a
    return (part["status"] == "No-show").groupby(part[by]).mean()


def worst_doctor(a: Frame) -> Expect:
    """In the department with most missed appointments, by share or by number."""
    made = []
    for reminded in (False, True):
        part = a[a["dept"] == missed(a, "dept", reminded).idxmax()]
        for group in (part, part[part["sms_rem"] == "Y"]):
            gone = (group["status"] == "No-show").groupby(group["clinician"])
            made += [name(gone.mean().idxmax()), name(gone.sum().idxmax())]
    return either(*made)


def first_appointments(a: Frame) -> Expect:
    months = a["appt_at"].dt.to_period("M")
    return chart("line|bar", (a["status"] == "No-show").groupby(months).mean(), labels=(), as_percent=True)


def active(m: Frame) -> Frame:
    return m[m["cancel_dt"].isna()]


def absent(m: Frame, v: Frame) -> Frame:
    here = active(m)
    return here[~here["mbr_id"].isin(v["mbr_id"])]


def absent_share(m: Frame, v: Frame) -> Expect:
    """Of the active members, or of everybody who ever joined."""
    return percent(len(absent(m, v)) / len(active(m))) | percent(1 - m["mbr_id"].isin(v["mbr_id"]).mean())


def absent_fee(m: Frame, p: Frame, v: Frame) -> Expect:
    never = m[~m["mbr_id"].isin(v["mbr_id"])]
    return either(*(number(x.merge(p)["mthly_fee_eur"].mean()) for x in (absent(m, v), never)))


SERVICES: tuple[Question, ...] = (
    clinic.dialogue("vo-t-noshow", "hard", "business",
        ("What is our no-show rate?", lambda a, p: percent((a["status"] == "No-show").mean())),
        ("Is it any better when we send the sms?", lambda a, p: shares(missed(a, "sms_rem")["Y"])),
        ("Per department then.", lambda a, p: rows(missed(a, "dept"), as_percent=True)
         | rows(missed(a, "dept", True), as_percent=True)),
        ("In the worst one, which doctor sees most of them?", lambda a, p: worst_doctor(a)),
        ("And plot the overall rate by month.", lambda a, p: first_appointments(a))),
    gym.dialogue("vo-t-ghosts", "hard", "chatty",
        ("how many of my members are still active?", lambda m, p, v: number(len(active(m)))),
        ("and how many of those came in during june", lambda m, p, v: number(
            active(m)["mbr_id"].isin(v.loc[v["check_in"].dt.month == 6, "mbr_id"]).sum())),
        ("so what % never showed up at all since january?", lambda m, p, v: absent_share(m, v)),
        ("avg monthly fee of these ghosts?", absent_fee)),
    calls.dialogue("vo-t-csat", "hard", "business",
        ("csat by agent, best first", lambda t: rows(
            t.groupby("agent")["csat"].mean().sort_values(ascending=False), ordered=True)),
        ("who sits at the bottom", lambda t: leader(t.groupby("agent")["csat"].mean(), least=True)),
        ("on how many rated calls does that rest", lambda t: number(
            t.groupby("agent")["csat"].count()[t.groupby("agent")["csat"].mean().idxmin()])),
        ("leave the dropped calls out", lambda t: without_dropped(t))),
    meters.dialogue("vo-t-winter", "hard", "plain",
        ("what did the average meter use in January", lambda t: number(kwh(t, 1))),
        ("July?", lambda t: number(kwh(t, 7))),
        ("so that is how many percent less", lambda t: percent(kwh(t, 7) / kwh(t, 1) - 1, either_sign=True)),
        ("heat pumps only, both months", lambda t: shows(
            kwh(t, 1, "Heat pump"), kwh(t, 7, "Heat pump")) | percent(
                kwh(t, 7, "Heat pump") / kwh(t, 1, "Heat pump") - 1, either_sign=True))),
)  # fmt: skip


def without_dropped(t: Frame) -> Expect:
    """Of that agent, or of all of them: the ratings again, or how many there are."""
    kept = t[t["outcome"] != "Dropped"].groupby("agent")["csat"]
    last = t.groupby("agent")["csat"].mean().idxmin()
    return number(kept.count()[last]) | rows(kept.mean()) | number(kept.mean()[last]) | leader(
        kept.mean(), least=True)  # fmt: skip


def kwh(t: Frame, month: int, heating: str = "") -> float:
    part = t[(t["read_mth"].dt.month == month) & t["heating_typ"].str.contains(heating)]
    return float(part["kwh"].mean())


def raised(t: Frame, year: int, appeal: str = "") -> float:
    part = t[(t["gift_dt"].dt.year == year) & t["appeal"].fillna("").str.contains(appeal)]
    return float(part["amt_usd"].sum())


def late(t: Frame, **only: str) -> list[tuple[Frame, pd.Series]]:
    """Delivered after the promised day, or after its first minute; of all parcels or of the delivered."""
    part = t
    for column, value in only.items():
        part = part[part[column] == value]
    made = []
    for group in (part, part[part["delivered_at"].notna()]):
        made.append((group, group["delivered_at"].dt.normalize() > group["promised_by"]))
        made.append((group, group["delivered_at"] > group["promised_by"]))
    return made


def late_by_depot(t: Frame, how: str, *, ordered: bool = False, without: str = "") -> Expect:
    made = []
    for group, flag in late(t, svc_level="Next-day"):
        found = flag.groupby(group["depot"]).agg(how).sort_values(ascending=False)
        made.append(rows(found.drop(without, errors="ignore"), ordered=ordered, as_percent=how == "mean",
                         only=bool(without)))  # fmt: skip
    return either(*made)


def ratio(t: Frame, by: str) -> pd.Series:
    sums = t.groupby(by)[["claims_paid_gbp", "annual_premium_gbp"]].sum()
    return sums["claims_paid_gbp"] / sums["annual_premium_gbp"]


def paid_out(t: Frame) -> Frame:
    return t[t["product"] == ratio(t, "product").idxmax()]


def claims(t: Frame) -> Expect:
    """How many, or how many for each policy."""
    found = t.groupby("region")["claims_count"]
    return rows(found.sum()) | rows(found.mean())


def may(t: Frame) -> Frame:
    return t[(t["paid_at"].dt.month == 5) & (t["status"] == "Success")]


def per_user(t: Frame) -> pd.Series:
    by = may(t).groupby("device")
    return by["amount_inr"].sum() / by["user_id"].nunique()


VENTURES: tuple[Question, ...] = (
    gifts.dialogue("vo-t-raised", "hard", "business",
        ("total raised in 2024", lambda t: number(raised(t, 2024))),
        ("vs the year before", lambda t: shows(raised(t, 2023), raised(t, 2024)) | number(raised(t, 2023))),
        ("christmas appeal only", lambda t: shows(raised(t, 2024, "Christmas"), raised(t, 2023, "Christmas"))
         | number(raised(t, 2023, "Christmas")) | number(raised(t, 2024, "Christmas"))),
        ("ok forget christmas. our 5 biggest donors ever?", lambda t: rows(
            t.groupby("donor_no")["amt_usd"].sum().nlargest(5), ordered=True, only=True)),
        ("which of them gave something in december 2024", lambda t: recent_givers(t))),
    parcels.dialogue("vo-t-late", "hard", "terse",
        ("late deliveries %", lambda t: either(*(percent(flag.mean()) for _, flag in late(t)))),
        ("by depot, next-day only", lambda t: late_by_depot(t, "mean")),
        ("absolute numbers", lambda t: late_by_depot(t, "sum")),
        ("highest first", lambda t: late_by_depot(t, "sum", ordered=True)),
        ("lose cardiff", lambda t: late_by_depot(t, "sum", without="Cardiff"))),
    policies.dialogue("vo-t-loss", "hard", "business",
        ("claims paid as a percentage of premium, by product", lambda t: rows(
            ratio(t, "product"), as_percent=True)),
        ("highest?", lambda t: leader(ratio(t, "product"), share=True)),
        ("just that product, by region", lambda t: rows(ratio(paid_out(t), "region"), as_percent=True)),
        ("number of claims instead", lambda t: claims(paid_out(t))),
        ("and for holders over 60", lambda t: claims(paid_out(t)[paid_out(t)["holder_age"] > 60]))),
    wallet.dialogue("vo-t-may", "hard", "plain",
        ("how much was paid in May, successful payments only", lambda t: number(
            may(t)["amount_inr"].sum())),
        ("by how many different users", lambda t: number(may(t)["user_id"].nunique())),
        ("so per user?", lambda t: number(may(t)["amount_inr"].sum() / may(t)["user_id"].nunique())),
        ("Android vs iOS", lambda t: shows(*per_user(t)))),
    wallet.dialogue("vo-t-detour", "hard", "chatty",
        ("number of payments by merchant type", lambda t: rows(t["merchant_type"].value_counts())),
        ("hang on, how many are pending in total?", lambda t: number((t["status"] == "Pending").sum())),
        ("right, back to the merchant types, successful ones only please", lambda t: rows(
            t.loc[t["status"] == "Success", "merchant_type"].value_counts(), only=True)),
        ("and as shares", lambda t: rows(t.loc[t["status"] == "Success", "merchant_type"].value_counts(
            normalize=True), as_percent=True))),
)  # fmt: skip


def recent_givers(t: Frame) -> Expect:
    """Those of the five who gave in that month; nobody at all is said as such."""
    top = t.groupby("donor_no")["amt_usd"].sum().nlargest(5).index
    part = t[t["donor_no"].isin(top) & (t["gift_dt"].dt.strftime("%Y-%m") == "2024-12")]
    found = list(part["donor_no"].unique())
    return mentions(*found) if found else mentions(r"\bnone\b|\bno\b|nobody")


def stayed(t: Frame, year: int | None = None) -> Frame:
    part = t[t["is_canceled"] == 0]
    return part if year is None else part[part["arrival_date"].dt.year == year]


def bad(t: Frame, kind: str = "", below: float | None = None, above: float | None = None) -> pd.Series:
    part = t[t["LoanType"].str.contains(kind)]
    part = part if below is None else part[part["AnnualIncome"] < below]
    return (part if above is None else part[part["CreditScore"] > above])["Defaulted"] == "Yes"


def worst_channel(o: Frame) -> str:
    return str((o["returned"] == "Y").groupby(o["channel"]).mean().idxmax())


def returns(o: Frame) -> Expect:
    part = o[o["channel"] == worst_channel(o)]
    back = (part["returned"] == "Y").groupby(part["category"])
    return rows(back.mean(), as_percent=True) | rows(back.sum())


def lost(o: Frame) -> Expect:
    """Value of the returned shoes, in that channel or in all of them."""
    part = o[(o["returned"] == "Y") & (o["category"] == "Shoes")]
    return number(part.loc[part["channel"] == worst_channel(o), "net_amount"].sum()) | number(
        part["net_amount"].sum())  # fmt: skip


TRADE: tuple[Question, ...] = (
    hotel.dialogue("vo-t-adr", "hard", "business",
        ("ADR by market segment, leave out cancellations", lambda t: rows(
            stayed(t).groupby("market_segment")["adr"].mean())),
        ("median would be fairer, there's one crazy outlier", lambda t: rows(
            stayed(t).groupby("market_segment")["adr"].median())),
        ("now 2024 only", lambda t: rows(stayed(t, 2024).groupby("market_segment")["adr"].median())),
        ("how did 2023 look", lambda t: rows(stayed(t, 2023).groupby("market_segment")["adr"].median())),
        ("show me the two years next to each other", lambda t: shows(
            *stayed(t, 2024).groupby("market_segment")["adr"].median(),
            *stayed(t, 2023).groupby("market_segment")["adr"].median()))),
    loans.dialogue("vo-t-risk", "hard", "business",
        ("default rate on personal loans", lambda t: percent(bad(t, "Personal").mean())),
        ("and where income is under 30k?", lambda t: percent(bad(t, "Personal", 30_000).mean())),
        ("how many loans is that", lambda t: number(len(bad(t, "Personal", 30_000)))),
        ("same for car loans", lambda t: number(len(bad(t, "Car", 30_000)))
         | percent(bad(t, "Car", 30_000).mean())),
        ("go back to personal but with a score above 700", lambda t: either(
            *(number(len(x)) | percent(x.mean()) for x in (
                bad(t, "Personal", 30_000, 700), bad(t, "Personal", None, 700)))))),
    shop.dialogue("vo-t-returns", "hard", "chatty",
        ("which channel has the highest return rate", lambda o, c: name(worst_channel(o))),
        ("what's behind that?", lambda o, c: Expect(statuses=frozenset({"answered", "clarify", "refused"}))
         & mentions(CAUSE)),
        ("ok, and returns by category within that channel", lambda o, c: returns(o)),
        ("shoes: how many euros did we lose there", lambda o, c: lost(o)),
        ("different topic: how many customers get the newsletter?", lambda o, c: number(
            (c["newsletter"] == "yes").sum()))),
    retail.dialogue("vo-t-quarters", "hard", "terse",
        ("revenue by quarter, 2006", lambda t: rows(quarters(t, 2006))),
        ("2005 next to it", lambda t: shows(*quarters(t, 2005), *quarters(t, 2006))),
        ("only q4", lambda t: shows(quarters(t, 2005).iloc[3], quarters(t, 2006).iloc[3])),
        ("how many orders were those", lambda t: orders_q4(t))),
    wholesale.dialogue("vo-t-sued", "hard", "plain",
        ("Umsatz by Region", lambda t: rows(t.groupby("Region")["Umsatz"].sum())),
        ("in %", lambda t: rows(t.groupby("Region")["Umsatz"].sum() / t["Umsatz"].sum(), as_percent=True)),
        ("Süd by Produkt", lambda t: rows(south(t)["Umsatz"].sum())
         | rows(south(t)["Umsatz"].sum() / south(t)["Umsatz"].sum().sum(), as_percent=True)
         | rows(south(t)["Umsatz"].sum() / t["Umsatz"].sum(), as_percent=True)),
        ("Menge rather than Umsatz", lambda t: rows(south(t)["Menge"].sum())
         | rows(south(t)["Menge"].sum() / south(t)["Menge"].sum().sum(), as_percent=True)
         | rows(south(t)["Menge"].sum() / t["Menge"].sum(), as_percent=True))),
    bank.dialogue("vo-t-weekend", "hard", "plain",
        ("how much money moved on weekends", lambda t: number(t.loc[weekend(t), "Amount"].sum())),
        ("and on weekdays", lambda t: number(t.loc[~weekend(t), "Amount"].sum())),
        ("average ticket rather than the sum", lambda t: number(t.loc[~weekend(t), "Amount"].mean())),
        ("for women in Pune", lambda t: number(
            in_city(women(t[~weekend(t)]), "PUNE")["Amount"].mean()))),
)  # fmt: skip


def quarters(t: Frame, year: int) -> pd.Series:
    part = t[t["order_date"].dt.year == year]
    return part.groupby(part["order_date"].dt.to_period("Q"))["revenue"].sum()


def orders_q4(t: Frame) -> Expect:
    counts = t["order_date"].dt.to_period("Q").astype(str).value_counts()
    return shows(counts["2005Q4"], counts["2006Q4"]) | number(counts["2005Q4"] + counts["2006Q4"])


def south(t: Frame) -> pd.api.typing.DataFrameGroupBy:
    return t[t["Region"] == "Süd"].groupby("Produkt")


def weekend(t: Frame) -> pd.Series:
    return t["date"].dt.day_of_week >= 5


def watched(t: Frame, by: str, how: str, *, kept: bool = False) -> pd.Series:
    part = t[t["cancelled_on"].isna()] if kept else t
    return part.groupby(by)["hours_watched_30d"].agg(how)


def share_of(t: Frame, *tiers: str) -> float:
    return float(t.loc[t["Tier"].isin(tiers), "PointsBal"].sum() / t["PointsBal"].sum())


def richest(t: Frame) -> Expect:
    best = t[t["Tier"] == "Platinum"].nlargest(1, "PointsBal")
    return mentions(best["MemberNo"].iloc[0]) & shows(best["PointsBal"].iloc[0])


def monthly(t: Frame) -> Frame:
    return t[(t["InternetService"] == "Fiber optic") & (t["Contract"] == "Month-to-month")]


def corr(t: Frame, *pair: str) -> Expect:
    """By Pearson or by ranks, rounded as it may be."""
    x, y = t[pair[0]], t[pair[1]]
    return either(*(number(x.corr(y, method=m), tolerance=0.006) for m in ("pearson", "spearman")))


MEMBERS: tuple[Question, ...] = (
    subs.dialogue("vo-t-hours", "hard", "business",
        ("avg hours watched by plan", lambda t: rows(watched(t, "plan", "mean"))),
        ("add the median", lambda t: shows(*watched(t, "plan", "mean"), *watched(t, "plan", "median"))),
        ("only people who are still with us", lambda t: shows(
            *watched(t, "plan", "median", kept=True))),
        ("swap plan for the acquisition channel", lambda t: shows(
            *watched(t, "acquired_via", "median", kept=True)))),
    club.dialogue("vo-t-points", "hard", "business",
        ("average points balance for each tier", lambda t: rows(t.groupby("Tier")["PointsBal"].mean())),
        ("the total, sorry", lambda t: rows(t.groupby("Tier")["PointsBal"].sum())),
        ("what percentage sits with platinum", lambda t: percent(share_of(t, "Platinum"))),
        ("and gold and platinum together?", lambda t: percent(share_of(t, "Gold", "Platinum"))),
        ("which single platinum member holds the most", richest)),
    cards.dialogue("vo-t-corr", "hard", "plain",
        ("is balance correlated with the credit limit?", lambda t: corr(t, "BALANCE", "CREDIT_LIMIT")),
        ("and with payments?", lambda t: corr(t, "BALANCE", "PAYMENTS")
         | corr(t, "CREDIT_LIMIT", "PAYMENTS")),
        ("for tenure 12 only", lambda t: corr(t[t["TENURE"] == 12], "BALANCE", "PAYMENTS")
         | corr(t[t["TENURE"] == 12], "CREDIT_LIMIT", "PAYMENTS")),
        ("let me see it as a scatter plot", lambda t: chart("scatter"))),
    telco.dialogue("vo-t-fibre", "hard", "business",
        ("Give me churn by internet service.", lambda t: rows(
            (t["Churn"] == "Yes").groupby(t["InternetService"]).mean(), as_percent=True)),
        ("So fiber is the problem. Within fiber, by contract.", lambda t: rows(
            (t["Churn"] == "Yes")[t["InternetService"] == "Fiber optic"].groupby(t["Contract"]).mean(),
            as_percent=True)),
        ("How many customers is that in the worst of the three?", lambda t: number(len(monthly(t)))
         | number((monthly(t)["Churn"] == "Yes").sum())),
        ("And what do they pay us a month in total?", lambda t: number(monthly(t)["MonthlyCharges"].sum())
         | number(monthly(t).loc[monthly(t)["Churn"] == "Yes", "MonthlyCharges"].sum())),
        ("Is their churn really higher than elsewhere or just luck?", lambda t: verdict(True))),
)  # fmt: skip

QUESTIONS = SERVICES + VENTURES + TRADE + MEMBERS
