"""Kept apart: clerks of a phone company, a streaming service, a call centre, clubs, a clinic, a charity."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, number, percent, rows, upper, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

telco, subscribers, calls, club, gym, clinic, meters, gifts, parcels = (
    Asker(n, "apart")
    for n in ("telco", "subscribers", "calls", "club", "gym", "clinic", "meters", "gifts", "parcels")
)
Frame = pd.DataFrame


def gone(t: Frame) -> pd.Series:
    return t["Churn"] == "Yes"


def paperless(t: Frame) -> Expect:
    """By the chi-square test, or both rates."""
    p = stats.chi2_contingency(pd.crosstab(t["PaperlessBilling"], t["Churn"])).pvalue
    return verdict(bool(p < 0.05)) | shares(*gone(t).groupby(t["PaperlessBilling"]).mean())


TELCO: tuple[Question, ...] = (
    telco("ao-senfib", "senior citizens on fiber optic, how many?", "filter", "easy", "plain",
          lambda t: number(((t["SeniorCitizen"] == 1) & (t["InternetService"] == "Fiber optic")).sum())),
    telco("ao-worstpay", "among month-to-month customers, which payment method churns worst", "top", "hard",
          "business", lambda t: leader(gone(t)[t["Contract"] == "Month-to-month"].groupby(
              t["PaymentMethod"]).mean(), share=True)),
    telco("ao-paperless", "does paperless billing matter for churn?", "difference", "medium", "business",
          paperless),
)  # fmt: skip


def promoters(t: Frame) -> Expect:
    score = t["nps_score"].dropna()
    value = 100 * ((score >= 9).mean() - (score <= 6).mean())
    return number(value, tolerance=0.5)


def lifetime(t: Frame) -> Expect:
    days = (t["cancelled_on"] - t["joined"]).dt.days.dropna()
    made = [number(f / unit, tolerance=0.06 if unit > 1 else 0.51)
            for f in (days.mean(), days.median()) for unit in (1, 30.44)]  # fmt: skip
    return either(*made)


SUBSCRIBERS: tuple[Question, ...] = (
    subscribers("ao-actprem", "premium subscribers that haven't cancelled", "filter", "easy", "plain",
                lambda t: number(((t["plan"] == "Premium") & t["cancelled_on"].isna()).sum())),
    subscribers("ao-nps", "net promoter score overall (9-10 promoters minus 0-6 detractors)", "share", "hard",
                "business", promoters),
    subscribers("ao-signups", "signups per month in 2023 as a bar chart", "chart", "medium", "plain",
                lambda t: chart("bar", t[t["joined"].dt.year == 2023].groupby(
                    t["joined"].dt.to_period("M")).size(), labels=())),
    subscribers("ao-life", "how long do people typically stay before they cancel", "aggregation", "hard",
                "chatty", lifetime),
    subscribers("ao-channel", "cancelled share per acquisition channel", "share", "medium", "terse",
                lambda t: rows(t["cancelled_on"].notna().groupby(t["acquired_via"]).mean(),
                               as_percent=True)),
)  # fmt: skip


def quick(t: Frame) -> Expect:
    """Of all calls, or of those that were answered."""
    made = []
    for part in (t, t[t["outcome"] != "Dropped"]):
        made += [percent((part["wait_sec"] <= 20).mean()), percent((part["wait_sec"] < 20).mean())]
    served = (t["wait_sec"] <= 20) & (t["outcome"] != "Dropped")
    return either(*made, percent(served.mean()))


CALLS: tuple[Question, ...] = (
    calls("ao-wait", "avg wait per queue", "group", "easy", "terse",
          lambda t: rows(t.groupby("queue")["wait_sec"].mean())),
    calls("ao-bestagent", "who is the agent with the best satisfaction?", "top", "medium", "chatty",
          lambda t: leader(t.groupby("agent")["csat"].mean())),
    calls("ao-quick", "percent of calls picked up within 20 seconds", "share", "hard", "business", quick),
    calls("ao-p95", "how many seconds do 95% of callers wait at most?", "quantile", "medium", "chatty",
          lambda t: upper(t["wait_sec"], 0.95)),
    calls("ao-often", "customers that called more than 3 times", "filter", "easy", "plain",
          lambda t: number((t["cust_no"].value_counts() > 3).sum())),
)  # fmt: skip


def a_night(t: Frame) -> Expect:
    """Of the sums, or the mean over members who stayed."""
    by = t.groupby("Tier")[["SpendINR", "Nights12M"]].sum()
    each = (t["SpendINR"] / t["Nights12M"].where(t["Nights12M"] > 0)).groupby(t["Tier"])
    return rows(by["SpendINR"] / by["Nights12M"]) | rows(each.mean())


CLUB: tuple[Question, ...] = (
    club("ao-plat", "platinium membres in chenai", "filter", "easy", "misspelt",
         lambda t: number(((t["Tier"] == "Platinum") & (t["City"] == "Chennai")).sum())),
    club("ao-night", "average spend per night for each tier", "group", "hard", "business", a_night),
    club("ao-optin", "email opt-in rate men vs women", "difference", "easy", "plain",
         lambda t: shares(*(t["EmailOptIn"] == "Y").groupby(t["Sex"]).mean())),
)  # fmt: skip


def fees(m: Frame, p: Frame, v: Frame) -> Expect:
    """Of those who have not left."""
    staying = m[m["cancel_dt"].isna()].merge(p, on="plan_cd")
    return number(staying["mthly_fee_eur"].sum())


def never_came(m: Frame, p: Frame, v: Frame) -> Expect:
    away = ~m["mbr_id"].isin(v["mbr_id"])
    return number(away.sum()) | number((away & m["cancel_dt"].isna()).sum()) & mentions(
        "active|current|cancel|left"
    )


GYM: tuple[Question, ...] = (
    gym("ao-prem", "how many members are on the premium plan", "join", "medium", "plain",
        lambda m, p, v: number((m["plan_cd"] == "PRM").sum())
        | number(((m["plan_cd"] == "PRM") & m["cancel_dt"].isna()).sum()) & mentions("active|current")),
    gym("ao-fees", "what do all current members (not cancelled) together pay per month", "join", "hard",
        "business", fees),
    gym("ao-never", "members who never checked in", "join", "medium", "plain", never_came),
    gym("ao-riverday", "which weekday is the busiest at riverside", "calendar", "easy", "plain",
        lambda m, p, v: leader(v[v["club"] == "Riverside"]["check_in"].dt.day_name().value_counts())),
)  # fmt: skip


def physio(a: Frame, p: Frame) -> Expect:
    part = a[(a["dept"] == "Physio") & (a["appt_at"].dt.month >= 7)]
    return number(part["fee_eur"].sum())


def under_thirty(a: Frame, p: Frame) -> Expect:
    """Share of no-shows of patients born after 1995, of all their appointments or those not cancelled."""
    young = a.merge(p, on="pat_id").query("dob > '1995-12-31'")
    kept = young[young["status"] != "Cancelled"]
    return either(*(percent((part["status"] == "No-show").mean()) for part in (young, kept)))


CLINIC: tuple[Question, ...] = (
    clinic("ao-lind", "averge rateing of dr lind", "filter", "easy", "misspelt",
           lambda a, p: number(a.loc[a["clinician"] == "Dr Lind", "rating"].mean())),
    clinic("ao-physio", "fee income from physio in the second half of the year", "filter", "medium",
           "business", physio),
    clinic("ao-young", "no-show rate of the patients born after 1995", "join", "hard", "plain", under_thirty),
)  # fmt: skip


def not_read(t: Frame) -> Expect:
    return number((t.groupby("meter_id")["read_mth"].nunique() < 12).sum())


def winter(t: Frame) -> Expect:
    inside = (t["heating_typ"] == "Heat pump") & t["read_mth"].dt.month.isin([12, 1, 2])
    return number(t.loc[inside, "bill_chf"].mean())


METERS: tuple[Question, ...] = (
    meters("ao-jan", "kwh used in january in total", "filter", "easy", "terse",
           lambda t: number(t.loc[t["read_mth"].dt.month == 1, "kwh"].sum())),
    meters("ao-winter", "average bill of heat pump homes in december, january and february", "filter",
           "medium", "plain", winter),
    meters("ao-holes", "how many meters miss at least one month of readings", "quality", "medium", "plain",
           not_read),
)  # fmt: skip


def biggest_gift(t: Frame) -> Expect:
    best = t.loc[t["amt_usd"].idxmax()]
    return number(best["amt_usd"]) & mentions(str(best["donor_no"]))


def faithful(t: Frame) -> Expect:
    years = t["gift_dt"].dt.year
    return number((years.groupby(t["donor_no"]).nunique() == years.nunique()).sum())


def online(t: Frame) -> Expect:
    web = t["chnl"] == "Web"
    return percent(web.mean()) | percent(t.loc[web, "amt_usd"].sum() / t["amt_usd"].sum())


GIFTS: tuple[Question, ...] = (
    gifts("ao-biggest", "biggest gift ever and which donor gave it", "top", "medium", "chatty", biggest_gift),
    gifts("ao-faithful", "how many donors gave in every one of the four years", "filter", "hard", "business",
          faithful),
    gifts("ao-web", "share of gifts given on the web", "share", "easy", "plain", online),
)  # fmt: skip


def late(t: Frame) -> Expect:
    """Delivered after the promised day, of all or of those delivered; those still out late or not."""
    came = t["delivered_at"].notna()
    behind = t["delivered_at"].dt.normalize() > t["promised_by"]
    made = []
    for is_late in (behind, behind | ~came):
        made += [rows(is_late.groupby(t["depot"]).sum()),
                 rows(is_late.groupby(t["depot"]).mean(), as_percent=True),
                 rows(is_late[came].groupby(t["depot"]).mean(), as_percent=True)]  # fmt: skip
    return either(*made)


PARCELS: tuple[Question, ...] = (
    parcels("ao-out", "how many are not delivered yet?", "quality", "easy", "chatty",
            lambda t: number(t["delivered_at"].isna().sum())),
    parcels("ao-late", "late deliveries by depot (delivered after the promised date)", "group", "hard",
            "business", late),
)  # fmt: skip

QUESTIONS = TELCO + SUBSCRIBERS + CALLS + CLUB + GYM + CLINIC + METERS + GIFTS + PARCELS
