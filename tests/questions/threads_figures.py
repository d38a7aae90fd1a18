"""Talks about figures that keep a thread through asides, refusals, questions back and corrections."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city, women
from tests.questions.fresh_figures import either
from tests.questions.gold import ambiguous, chart, leader, number, percent, refusal, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

hotel, shop, bank, loans = (Asker(n, "open") for n in ("hotel", "shop", "bank", "loans"))
subs, calls, club, policies = (Asker(n, "open") for n in ("subscribers", "calls", "club", "policies"))
wallet, gym, clinic, meters = (Asker(n, "open") for n in ("wallet", "gym", "clinic", "meters"))
gifts, parcels, cards, wholesale = (Asker(n, "open") for n in ("gifts", "parcels", "cards", "wholesale"))
cdnow, people, tips = (Asker(n, "open") for n in ("cdnow", "people", "tips"))
Frame = pd.DataFrame


def cancelled(t: Frame, year: int, house: str = "") -> Expect:
    """Of the bookings of that year and house; or of all that were cancelled then, the part of the house."""
    part = t[(t["arrival_date"].dt.year == year) & t["hotel"].str.contains(house)]
    gone = t[(t["arrival_date"].dt.year == year) & (t["is_canceled"] == 1)]
    return percent(part["is_canceled"].mean()) | (
        percent(gone["hotel"].str.contains(house).mean()) if house else percent(
            len(gone) / t["is_canceled"].sum()))  # fmt: skip


def nights(t: Frame, channel: str = "") -> pd.Series:
    return t[t["market_segment"].str.contains(channel)].groupby("country")["nights"].mean()


def kept(o: Frame) -> Frame:
    return o[o["returned"] == "N"]


def part_of(values: pd.Series) -> pd.Series:
    return values / values.sum()


def weakest(o: Frame) -> Frame:
    return o[o["category"] == o.groupby("category")["net_amount"].sum().idxmin()]


def age_of(o: Frame, c: Frame) -> Expect:
    """Of each customer once, or of each order."""
    joined = weakest(o).merge(c, on="customer_id")
    return number(joined.drop_duplicates("customer_id")["age"].mean()) | number(joined["age"].mean())


def open_balance(t: Frame, *, bad: bool = False, without: str = "-") -> pd.core.groupby.SeriesGroupBy:
    part = t[(t["Defaulted"] == "Yes") | (not bad)]
    return part[part["LoanType"] != without].groupby("LoanType")["OutstandingBal"]


def bad_rate(t: Frame, below: float = 1e9) -> pd.Series:
    part = t[t["CreditScore"] < below]
    return (part["Defaulted"] == "Yes").groupby(part["Branch"]).mean()


def left(t: Frame, by: str) -> pd.Series:
    return t["cancelled_on"].notna().groupby(t[by]).mean().sort_values()


def two(t: Frame) -> Frame:
    return t[t["Region"].isin(["Nord", "Ost"])]


def apart_by_month(t: Frame) -> Expect:
    return shows(*two(t).groupby([two(t)["Datum"].dt.to_period("M"), "Region"])["Umsatz"].sum())


def worst_queue(t: Frame) -> Frame:
    return t[t["queue"] == t.groupby("queue")["wait_sec"].mean().idxmax()]


TRADE: tuple[Question, ...] = (
    hotel.dialogue("th-cancel", "medium", "chatty",
        ("how many bookings were cancelled in 2024", lambda t: number(
            ((t["arrival_date"].dt.year == 2024) & (t["is_canceled"] == 1)).sum())),
        ("what share is that", lambda t: cancelled(t, 2024)),
        ("and the resort hotel?", lambda t: cancelled(t, 2024, "Resort")),
        ("the other one", lambda t: cancelled(t, 2024, "City")),
        ("ok and 2023", lambda t: cancelled(t, 2023, "City"))),
    hotel.dialogue("th-stays", "medium", "plain",
        ("which country sends us the longest stays", lambda t: leader(nights(t))),
        ("and the shortest", lambda t: leader(nights(t), least=True)),
        ("only direct bookings", lambda t: leader(nights(t, "Direct"), least=True)
         | rows(nights(t, "Direct"))),
        ("show me all countries, longest first", lambda t: rows(
            nights(t, "Direct").sort_values(ascending=False), ordered=True))),
    shop.dialogue("th-mix", "medium", "terse",
        ("revenue by category", lambda o, c: rows(o.groupby("category")["net_amount"].sum())),
        ("without returned orders", lambda o, c: rows(kept(o).groupby("category")["net_amount"].sum())),
        ("as a share of the total", lambda o, c: rows(part_of(
            kept(o).groupby("category")["net_amount"].sum()), as_percent=True)),
        ("only the top 3", lambda o, c: rows(part_of(kept(o).groupby("category")["net_amount"].sum())
            .nlargest(3), as_percent=True, only=True)),
        ("now by channel", lambda o, c: rows(part_of(
            kept(o).groupby("channel")["net_amount"].sum()), as_percent=True))),
    shop.dialogue("th-profit", "hard", "chatty",
        ("what's my profit by category", lambda o, c: refusal()),
        ("ok then revenue", lambda o, c: rows(o.groupby("category")["net_amount"].sum())),
        ("which is the weakest", lambda o, c: leader(o.groupby("category")["net_amount"].sum(), least=True)),
        ("how many customers bought that", lambda o, c: number(weakest(o)["customer_id"].nunique())),
        ("what's their average age", age_of)),
    bank.dialogue("th-cities", "medium", "business",
        ("Average transaction amount in Mumbai", lambda t: number(in_city(t, "MUMBAI")["Amount"].mean())),
        ("Bangalore?", lambda t: number(in_city(t, "BANGALORE")["Amount"].mean())),
        ("same for women", lambda t: number(in_city(women(t), "BANGALORE")["Amount"].mean())),
        ("no, I meant men", lambda t: number(
            in_city(t[t["CustGender"] == "M"], "BANGALORE")["Amount"].mean())),
        ("median rather than mean", lambda t: number(
            in_city(t[t["CustGender"] == "M"], "BANGALORE")["Amount"].median()))),
    loans.dialogue("th-open", "medium", "business",
        ("total outstanding by loan type", lambda t: rows(open_balance(t).sum())),
        ("and how many accounts each", lambda t: rows(open_balance(t).count())),
        ("so per account?", lambda t: rows(open_balance(t).mean())),
        ("defaulted ones only", lambda t: rows(open_balance(t, bad=True).mean())),
        ("drop education", lambda t: rows(open_balance(t, bad=True, without="Education").mean(), only=True))),
    loans.dialogue("th-branches", "medium", "terse",
        ("rank branches by outstanding balance", lambda t: rows(
            t.groupby("Branch")["OutstandingBal"].sum().sort_values(ascending=False), ordered=True)
         | rows(t.groupby("Branch")["OutstandingBal"].mean().sort_values(ascending=False), ordered=True)),
        ("not by balance, by number of defaults", lambda t: rows((t["Defaulted"] == "Yes").groupby(
            t["Branch"]).sum().sort_values(ascending=False), ordered=True)),
        ("as a rate i mean", lambda t: rows(bad_rate(t), as_percent=True)),
        ("and for credit scores under 600?", lambda t: rows(bad_rate(t, 600), as_percent=True)),
        ("which branch is worst then", lambda t: leader(bad_rate(t, 600), share=True))),
    wholesale.dialogue("th-nordost", "hard", "terse",
        ("Umsatz per month", lambda t: shows(*t.groupby(t["Datum"].dt.to_period("M"))["Umsatz"].sum())),
        ("only Nord and Ost", lambda t: shows(*two(t).groupby(two(t)["Datum"].dt.to_period("M"))[
            "Umsatz"].sum()) | apart_by_month(t)),
        ("separately", apart_by_month),
        ("which of the two sold more overall", lambda t: leader(two(t).groupby("Region")["Umsatz"].sum())),
        ("and in Q4", lambda t: leader(two(t)[two(t)["Datum"].dt.quarter == 4].groupby("Region")[
            "Umsatz"].sum()))),
)  # fmt: skip


def points(t: Frame, *, redeemed: bool) -> Frame:
    return t[(t["PointsRedeemed"] > 0) == redeemed]


def paid(t: Frame, product: str = "", how: str = "mean") -> Expect:
    return rows(t[t["product"].str.contains(product)].groupby("region")["claims_paid_gbp"].agg(how))


def cashback(t: Frame) -> pd.Series:
    return t.groupby(t["paid_at"].dt.to_period("M"))["cashback_inr"].sum()


def best_month(t: Frame) -> Frame:
    return t[t["paid_at"].dt.to_period("M") == cashback(t).idxmax()]


def fees(m: Frame, p: Frame) -> pd.DataFrame:
    return m[m["cancel_dt"].isna()].merge(p, on="plan_cd")


def waits(a: Frame) -> pd.core.groupby.SeriesGroupBy:
    return a[a["dept"] != "Physio"].groupby("clinician")["wait_min"]


def seen_by(a: Frame) -> Expect:
    """Patients, or appointments, of the doctor with the longest wait; with or without the no-shows."""
    made = []
    for part in (a, a[a["status"] == "Attended"], a[a["wait_min"].notna()]):
        own = part[(part["dept"] != "Physio") & (part["clinician"] == waits(a).mean().idxmax())]
        made += [number(own["pat_id"].nunique()), number(len(own))]
    return either(*made)


def bills(t: Frame, heat: str, size: int | None = None) -> Frame:
    part = t[t["heating_typ"] == heat]
    return part if size is None else part[part["hh_size"] == size]


def raised(t: Frame) -> pd.Series:
    return t.groupby("appeal")["amt_usd"].sum().sort_values(ascending=False)


def second(t: Frame, kind: str = "") -> Frame:
    return t[(t["appeal"] == raised(t).index[1]) & t["donor_type"].str.contains(kind)]


def chance(t: Frame, by: str) -> Expect:
    from scipy.stats import chi2_contingency

    return verdict(bool(chi2_contingency(pd.crosstab(t[by], t["damaged"])).pvalue < 0.05))


def buyers(t: Frame, *, once: bool) -> pd.Series:
    found = t.groupby("customer_id")["dollar_value"].agg(["count", "sum"])
    return found.loc[(found["count"] == 1) == once, "sum"]


def ages(t: Frame, gender: str = "") -> pd.Series:
    return t[t["Gender"].str.fullmatch(gender or ".*")].groupby("Profession")["Age"].mean()


def idle(t: Frame, *, none: bool) -> pd.Series:
    return t.loc[(t["PURCHASES"] == 0) == none, ["BALANCE", "CREDIT_LIMIT"]].mean()


SERVICES: tuple[Question, ...] = (
    subs.dialogue("th-left", "medium", "terse",
        ("how many cancelled", lambda t: number(t["cancelled_on"].notna().sum())),
        ("by plan", lambda t: rows(t["cancelled_on"].notna().groupby(t["plan"]).sum())),
        ("as % of each plan", lambda t: rows(left(t, "plan"), as_percent=True)),
        ("sort ascending", lambda t: rows(left(t, "plan"), as_percent=True, ordered=True)),
        ("what about acquisition channel instead", lambda t: rows(
            left(t, "acquired_via"), as_percent=True))),
    calls.dialogue("th-wait", "medium", "business",
        ("average wait by queue", lambda t: rows(t.groupby("queue")["wait_sec"].mean())),
        ("which one is worst", lambda t: leader(t.groupby("queue")["wait_sec"].mean())),
        ("break that one down by agent", lambda t: rows(worst_queue(t).groupby("agent")["wait_sec"].mean())),
        ("and who has the best csat there", lambda t: leader(
            worst_queue(t).groupby("agent")["csat"].mean()))),
    club.dialogue("th-points", "hard", "plain",
        ("how many members have never redeemed any points", lambda t: number(
            len(points(t, redeemed=False)))),
        ("where do they live", lambda t: rows(points(t, redeemed=False)["City"].value_counts())),
        ("and what's their average points balance?", lambda t: number(
            points(t, redeemed=False)["PointsBal"].mean())
         | rows(points(t, redeemed=False).groupby("City")["PointsBal"].mean())),
        ("what about the ones who did redeem", lambda t: number(points(t, redeemed=True)["PointsBal"].mean())
         | rows(points(t, redeemed=True).groupby("City")["PointsBal"].mean()))),
    policies.dialogue("th-claims", "hard", "business",
        ("claims by region", lambda t: ambiguous(
            rows(t.groupby("region")["claims_count"].sum()), paid(t, how="sum"))),
        ("I mean the money paid", lambda t: paid(t, how="sum")),
        ("per policy", lambda t: paid(t)),
        ("for motor", lambda t: paid(t, "Motor")),
        ("and home", lambda t: paid(t, "Home"))),
    wallet.dialogue("th-cashback", "hard", "business",
        ("cashback paid out per month", lambda t: rows(cashback(t))),
        ("which month was highest", lambda t: leader(cashback(t))),
        ("split that month by merchant type", lambda t: rows(
            best_month(t).groupby("merchant_type")["cashback_inr"].sum())),
        ("how many payments got any", lambda t: number((best_month(t)["cashback_inr"] > 0).sum())
         | rows((best_month(t)["cashback_inr"] > 0).groupby(best_month(t)["merchant_type"]).sum())),
        ("back to the monthly view, as a line chart", lambda t: chart("line", cashback(t), labels=()))),
    gym.dialogue("th-clubs", "hard", "chatty",
        ("how many members per club", lambda m, p, v: rows(m["home_club"].value_counts())),
        ("only the ones who haven't cancelled", lambda m, p, v: rows(
            m.loc[m["cancel_dt"].isna(), "home_club"].value_counts())),
        ("what do they pay on average", lambda m, p, v: rows(
            fees(m, p).groupby("home_club")["mthly_fee_eur"].mean())
         | number(fees(m, p)["mthly_fee_eur"].mean())),
        ("and in total", lambda m, p, v: rows(fees(m, p).groupby("home_club")["mthly_fee_eur"].sum())
         | number(fees(m, p)["mthly_fee_eur"].sum()))),
    clinic.dialogue("th-doctors", "hard", "business",
        ("average waiting time by doctor", lambda a, p: rows(a.groupby("clinician")["wait_min"].mean())),
        ("exclude physio", lambda a, p: rows(waits(a).mean())),
        ("longest first", lambda a, p: rows(waits(a).mean().sort_values(ascending=False), ordered=True)),
        ("how many patients did the top one see", lambda a, p: seen_by(a))),
    meters.dialogue("th-heating", "hard", "plain",
        ("average bill with oil heating", lambda t: number(bills(t, "Oil")["bill_chf"].mean())),
        ("versus heat pump", lambda t: shows(bills(t, "Oil")["bill_chf"].mean(),
                                             bills(t, "Heat pump")["bill_chf"].mean())),
        ("only single person households", lambda t: shows(
            bills(t, "Oil", 1)["bill_chf"].mean(), bills(t, "Heat pump", 1)["bill_chf"].mean())),
        ("and kwh", lambda t: shows(bills(t, "Oil", 1)["kwh"].mean(),
                                    bills(t, "Heat pump", 1)["kwh"].mean()))),
    gifts.dialogue("th-appeals", "hard", "chatty",
        ("which appeal raised the most money", lambda t: leader(raised(t))),
        ("and the second?", lambda t: Expect(names=(raised(t).index[1],))),
        ("how many donors gave to that one", lambda t: number(second(t)["donor_no"].nunique())),
        ("how many of those are companies", lambda t: number(second(t, "Company")["donor_no"].nunique())),
        ("their average gift", lambda t: number(second(t, "Company")["amt_usd"].mean()))),
    parcels.dialogue("th-damage", "hard", "plain",
        ("damage rate by depot", lambda t: rows(t.groupby("depot")["damaged"].mean(), as_percent=True)),
        ("is that a real difference or just chance", lambda t: chance(t, "depot")),
        ("ok and by service level", lambda t: rows(t.groupby("svc_level")["damaged"].mean(), as_percent=True)
         | chance(t, "svc_level")),
        ("average weight of the damaged ones?", lambda t: number(t.loc[t["damaged"] == 1, "wt_kg"].mean())
         | rows(t[t["damaged"] == 1].groupby("svc_level")["wt_kg"].mean()))),
    cards.dialogue("th-idle", "hard", "business",
        ("average balance and average credit limit. also how many customers have zero purchases",
         lambda t: shows(t["BALANCE"].mean(), t["CREDIT_LIMIT"].mean(), (t["PURCHASES"] == 0).sum())),
        ("for those, the same two averages", lambda t: shows(*idle(t, none=True))),
        ("and for everyone else", lambda t: shows(*idle(t, none=False)))),
    cdnow.dialogue("th-once", "hard", "business",
        ("how many customers bought only once", lambda t: number(len(buyers(t, once=True)))),
        ("and what did they spend on average", lambda t: number(buyers(t, once=True).mean())),
        ("compare with the rest", lambda t: shows(buyers(t, once=False).mean())),
        ("what share of all revenue comes from the one-timers", lambda t: percent(
            buyers(t, once=True).sum() / t["dollar_value"].sum()))),
    people.dialogue("th-income", "medium", "chatty",
        ("average income by profession", lambda t: refusal()),
        ("then age", lambda t: rows(ages(t))),
        ("women only", lambda t: rows(ages(t, "Female"))),
        ("just the 3 oldest", lambda t: rows(ages(t, "Female").nlargest(3), only=True)),
        ("and the 3 youngest", lambda t: rows(ages(t, "Female").nsmallest(3), only=True))),
    tips.dialogue("th-weather", "medium", "chatty",
        ("avg tip by day", lambda t: rows(t.groupby("day")["tip"].mean())),
        ("will it rain on saturday?", lambda t: refusal()),
        ("never mind. and by time?", lambda t: rows(t.groupby("time")["tip"].mean())
         | rows(t.groupby(["day", "time"])["tip"].mean())),
        ("lunch only, smokers vs non smokers", lambda t: shows(
            *t[t["time"] == "Lunch"].groupby("smoker")["tip"].mean())),
        ("as a percentage of the bill", lambda t: ratio_of_bill(t[t["time"] == "Lunch"]))),
)  # fmt: skip


def ratio_of_bill(t: Frame) -> Expect:
    """Of the sums, or the mean of what each guest gave."""
    by = t.groupby("smoker")
    return shares(*(by["tip"].sum() / by["total_bill"].sum())) | shares(
        *(t["tip"] / t["total_bill"]).groupby(t["smoker"]).mean())  # fmt: skip


QUESTIONS = TRADE + SERVICES
