"""Kept apart: the front desk of a clinic, a hotel, a gym, a depot, a call centre, a utility and a charity."""

from __future__ import annotations

import pandas as pd

from tests.questions.apart_counter_accounts import related
from tests.questions.apart_counter_sales import any_of
from tests.questions.gold import leader, number, percent, rows, shows_percent
from tests.questions.model import Asker, Expect, Question

calls, clinic, gym, hotel, parcels = (
    Asker(n, "apart") for n in ("calls", "clinic", "gym", "hotel", "parcels")
)
meters, gifts, subscribers, club = (Asker(n, "apart") for n in ("meters", "gifts", "subscribers", "club"))
airline, people, gapminder = (Asker(n, "apart") for n in ("airline", "people", "gapminder"))
Frame = pd.DataFrame


def quick(t: Frame) -> Expect:
    """Bounds in or out; of all calls, of the answered ones, or answered in time out of all."""
    reached = t["outcome"] != "Dropped"
    made = []
    for soon in (t["wait_sec"] <= 30, t["wait_sec"] < 30):
        made += [soon.mean(), soon[reached].mean(), (soon & reached).mean()]
    return any_of(*(percent(m) for m in made))


CALLS: tuple[Question, ...] = (
    calls("ac-drop", "calls droped so far", "filter", "easy", "misspelt",
          lambda t: number((t["outcome"] == "Dropped").sum())),
    calls("ac-wait", "avg wait by queue", "group", "easy", "terse",
          lambda t: rows(t.groupby("queue")["wait_sec"].mean())),
    calls("ac-best", "who of the agents is rated best by customers?", "top", "medium", "chatty",
          lambda t: leader(t.groupby("agent")["csat"].mean())),
    calls("ac-sla", "% of calls picked up within 30 seconds", "share", "hard", "business", quick),
    calls("ac-csat", "does a longer wait go with a lower csat", "correlation", "medium", "plain",
          lambda t: related(t["wait_sec"], t["csat"])),
    calls("ac-months", "number of calls per month", "trend", "easy", "terse",
          lambda t: rows(t.groupby(t["started_at"].dt.to_period("M")).size())),
)  # fmt: skip


def reminders(a: Frame, p: Frame) -> Expect:
    """Missed or attended, of all or of what was not cancelled."""
    made = []
    for part in (a, a[a["status"] != "Cancelled"]):
        for status in ("No-show", "Attended"):
            made.append(shows_percent(*(part["status"] == status).groupby(part["sms_rem"]).mean()))
    return any_of(*made)


def ahead(a: Frame, p: Frame) -> Expect:
    """Whole days, or with the hours."""
    days = (a["appt_at"].dt.normalize() - a["booked_on"]).dt.days.mean()
    return number(days) | number((a["appt_at"] - a["booked_on"]).dt.total_seconds().mean() / 86400)


CLINIC: tuple[Question, ...] = (
    clinic("ac-kivik", "average fee for patients from kivik", "join", "medium", "plain",
           lambda a, p: number(a.merge(p, on="pat_id").query("town == 'Kivik'")["fee_eur"].mean())),
    clinic("ac-sms", "do the text reminders help against no-shows?", "difference", "hard", "chatty",
           reminders),
    clinic("ac-ahead", "how many days ahead do people book on avg", "aggregation", "medium", "plain", ahead),
    clinic("ac-low", "doctor with the lowest rating", "top", "easy", "terse",
           lambda a, p: leader(a.groupby("clinician")["rating"].mean(), least=True)),
)  # fmt: skip


def still_paying(m: Frame, plans: Frame, v: Frame) -> Expect:
    return number(m[m["cancel_dt"].isna()].merge(plans, on="plan_cd")["mthly_fee_eur"].sum())


GYM: tuple[Question, ...] = (
    gym("ac-stay", "how long do ppl stay on average at each club", "group", "easy", "chatty",
        lambda m, plans, v: rows(v.groupby("club")["mins_stayed"].mean())),
    gym("ac-left", "how many members have cancelled", "filter", "easy", "plain",
        lambda m, plans, v: number(m["cancel_dt"].notna().sum())),
    gym("ac-fees", "what do we earn a month in fees from the members who are still with us", "join", "hard",
        "business", still_paying),
)  # fmt: skip


def german_nights(t: Frame) -> Expect:
    return number(t.loc[(t["country"] == "DEU") & (t["is_canceled"] == 0), "nights"].sum())


HOTEL: tuple[Question, ...] = (
    hotel("ac-cancel", "cancelation rate city hotel vs resort", "share", "easy", "misspelt",
          lambda t: rows(t.groupby("hotel")["is_canceled"].mean(), as_percent=True)),
    hotel("ac-deu", "room nights by germans, cancelled ones not counted", "filter", "medium", "business",
          german_nights),
    hotel("ac-lead", "avg lead time of group bookings", "filter", "easy", "terse",
          lambda t: number(t.loc[t["market_segment"] == "Groups", "lead_time_days"].mean())),
)  # fmt: skip


def late(t: Frame) -> Expect:
    """After the promised day, or after its midnight; counts, or parts of all or of the delivered."""
    done = t["delivered_at"].notna()
    made = []
    for flag in (t["delivered_at"].dt.normalize() > t["promised_by"], t["delivered_at"] > t["promised_by"]):
        made.append(rows(flag.groupby(t["depot"]).sum()))
        made.append(rows(flag.groupby(t["depot"]).mean(), as_percent=True))
        made.append(rows(flag[done].groupby(t["depot"]).mean(), as_percent=True))
    return any_of(*made)


def lapsed(t: Frame) -> Expect:
    gave = t.groupby(t["gift_dt"].dt.year)["donor_no"].unique()
    return number(len(set(gave[2023]) - set(gave[2024])))


PARCELS_AND_GIFTS: tuple[Question, ...] = (
    parcels("ac-late", "late deliveries by depot", "group", "hard", "business", late),
    parcels("ac-open", "parcels not deliverd yet", "quality", "easy", "misspelt",
            lambda t: number(t["delivered_at"].isna().sum())),
    gifts("ac-2023", "how much was given in 2023", "filter", "easy", "plain",
          lambda t: number(t.loc[t["gift_dt"].dt.year == 2023, "amt_usd"].sum())),
    gifts("ac-state", "which state gives most per gift?", "top", "easy", "chatty",
          lambda t: leader(t.groupby("st")["amt_usd"].mean())),
    gifts("ac-lapsed", "donors who gave in 2023 but no longer in 2024", "filter", "hard", "business", lapsed),
)  # fmt: skip


def nps(t: Frame) -> Expect:
    scores = t["nps_score"].dropna()
    return percent((scores >= 9).mean() - (scores <= 6).mean())


def doubled(t: Frame) -> Expect:
    """Rows beyond the first, ids that occur again, or all rows of those."""
    found = (t["ID"].duplicated().sum(), t.loc[t["ID"].duplicated(), "ID"].nunique(),
             t["ID"].duplicated(keep=False).sum())  # fmt: skip
    return any_of(*(number(f) for f in found))


OTHERS: tuple[Question, ...] = (
    meters("ac-heat", "total kwh by heating type", "group", "easy", "terse",
           lambda t: rows(t.groupby("heating_typ")["kwh"].sum())),
    meters("ac-winter", "whats the average bill in winter, i.e. dec jan and feb", "filter", "medium",
           "chatty", lambda t: number(t.loc[t["read_mth"].dt.month.isin([12, 1, 2]), "bill_chf"].mean())),
    subscribers("ac-nps", "our NPS please, promoters (9-10) minus detractors (6 or less)", "aggregation",
                "hard", "business", nps),
    club("ac-tiers", "avg spend by tier", "group", "easy", "terse",
         lambda t: rows(t.groupby("Tier")["SpendINR"].mean())),
    airline("ac-flew", "members who flew more than 1000 miles in the last 12 months", "filter", "easy",
            "plain", lambda t: number((t["Flight_miles_12mo"] > 1000).sum())),
    people("ac-ids", "are there duplicate ids in here and how many", "quality", "medium", "plain", doubled),
    gapminder("ac-poor", "poorest country in 2007 by gdp per head", "top", "easy", "plain",
              lambda t: leader(t[t["year"] == 2007].set_index("country")["gdpPercap"], least=True)),
)  # fmt: skip

QUESTIONS = CALLS + CLINIC + GYM + HOTEL + PARCELS_AND_GIFTS + OTHERS
