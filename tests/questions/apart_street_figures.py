"""Kept apart: shares, quantiles, ranks, filters and joins over shops, clinics, clubs and couriers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, name, number, percent, rows, shows, upper
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined

clinic, gym, gifts, parcels = (Asker(n, "apart") for n in ("clinic", "gym", "gifts", "parcels"))
policies, wallet, retail, telco = (Asker(n, "apart") for n in ("policies", "wallet", "retail", "telco"))
hotel, cards, shop = (Asker(n, "apart") for n in ("hotel", "cards", "shop"))
Frame = pd.DataFrame


def missed(a: Frame) -> pd.Series:
    return a["status"] == "No-show"


def seen(a: Frame, dept: str) -> pd.Series:
    return a.loc[a["dept"] == dept, "wait_min"]


def no_shows(a: Frame, p: Frame) -> Expect:
    """Of all appointments, or of those not cancelled."""
    return percent(missed(a).mean()) | percent(missed(a[a["status"] != "Cancelled"]).mean())


def reminded(a: Frame, p: Frame) -> Expect:
    """With and without a reminder, of all appointments or of those not cancelled."""
    kept = a[a["status"] != "Cancelled"]
    return either(*(shares(*missed(part).groupby(part["sms_rem"]).mean()) for part in (a, kept)))


CLINIC: tuple[Question, ...] = (
    clinic("ap-noshow", "whats our no show rate", "share", "easy", "chatty", no_shows),
    clinic("ap-sms", "no-shows in % with text reminder and without", "share", "hard", "business", reminded),
    clinic("ap-ent", "median wait ENT", "quantile", "easy", "terse",
           lambda a, p: number(seen(a, "ENT").median())),
    clinic("ap-longest", "longest anybody had to wait in cardiology?", "top", "medium", "plain",
           lambda a, p: number(seen(a, "Cardiology").max())),
    clinic("ap-physio", "what slice of our fees is physio", "share", "medium", "chatty",
           lambda a, p: percent(a.loc[a["dept"] == "Physio", "fee_eur"].sum() / a["fee_eur"].sum())),
    clinic("ap-bestdoc", "which doc has the best rating", "rank", "medium", "chatty",
           lambda a, p: leader(a.groupby("clinician")["rating"].mean())),
    clinic("ap-90wait", "9 out of 10 patients are seen within how many minutes?", "quantile", "hard", "plain",
           lambda a, p: upper(a["wait_min"], 0.9)),
)  # fmt: skip


def third_state(t: Frame) -> Expect:
    sums = t.groupby("st")["amt_usd"].sum().sort_values(ascending=False)
    return name(sums.index[2]) | rows(sums.iloc[[2]])


def big_spenders(t: Frame) -> Expect:
    return number((t.groupby("customer_id")["revenue"].sum() > 1000).sum())


def unlucky(t: Frame) -> Expect:
    part = t[(t["device"] == "Android") & (t["home_city"] == "Pune") & (t["status"] == "Failed")]
    return number(part["user_id"].nunique())


def stay_by_country(t: Frame) -> Expect:
    return leader(t.groupby("country")["nights"].mean()) | leader(
        t[t["is_canceled"] == 0].groupby("country")["nights"].mean()
    )


def second_region(t: Frame) -> Expect:
    means = t.groupby("region")["annual_premium_gbp"].mean().sort_values(ascending=False)
    return name(means.index[1]) | rows(means.iloc[[1]])


FIGURES: tuple[Question, ...] = (
    gifts("ap-smallest", "smallest gift from a trust", "filter", "medium", "terse",
          lambda t: number(t.loc[t["donor_type"] == "Trust", "amt_usd"].min())),
    gifts("ap-lifetime", "what does a donor give us on average, all years added up", "aggregation", "hard",
          "chatty", lambda t: number(t.groupby("donor_no")["amt_usd"].sum().mean())),
    gifts("ap-third", "3rd largest state by amount given", "rank", "hard", "terse", third_state),
    gifts("ap-p75", "p75 of gifts by individuals in 2023", "quantile", "medium", "terse",
          lambda t: upper(t.loc[(t["donor_type"] == "Individual") & (t["gift_dt"].dt.year == 2023),
                                "amt_usd"], 0.75)),
    gifts("ap-street50", "share of street gifts that are below 50 dollars", "share", "medium", "plain",
          lambda t: percent((t.loc[t["chnl"] == "Street", "amt_usd"] < 50).mean())),
    parcels("ap-april1", "how many were collected on the 1st of april", "filter", "medium", "plain",
            lambda t: number((t["collected_at"].dt.strftime("%m-%d") == "04-01").sum())),
    parcels("ap-cheap", "rank the depots by average charge, cheapest first", "rank", "medium", "plain",
            lambda t: rows(t.groupby("depot")["charge_gbp"].mean().sort_values(), ordered=True)),
    parcels("ap-heavy1", "the heaviest 1% of parcels weigh at least how much", "quantile", "hard", "chatty",
            lambda t: upper(t["wt_kg"], 0.99)),
    parcels("ap-next20", "of everything above 20kg, what % goes next day", "share", "hard", "chatty",
            lambda t: percent((t.loc[t["wt_kg"] > 20, "svc_level"] == "Next-day").mean())),
    policies("ap-noclaim", "policies with no claim at all in percent", "share", "medium", "business",
             lambda t: percent((t["claims_count"] == 0).mean())),
    policies("ap-second", "which region comes second on average premium", "rank", "hard", "business",
             second_region),
    policies("ap-motor", "motor premiums, 10th and 90th percentile", "quantile", "medium", "terse",
             lambda t: upper(t.loc[t["product"] == "Motor", "annual_premium_gbp"], 0.1, 0.9)),
    wallet("ap-unlucky", "how many android users from pune had a failed payment", "filter", "hard", "plain",
           unlucky),
    wallet("ap-foodback", "share of the cashback that goes to food", "share", "medium", "business",
           lambda t: percent(t.loc[t["merchant_type"] == "Food", "cashback_inr"].sum()
                             / t["cashback_inr"].sum())),
    retail("ap-thousand", "customers whose orders add up to more than 1000, how many", "filter", "hard",
           "business", big_spenders),
    telco("ap-streams", "% of customers with both streaming services", "share", "medium", "terse",
          lambda t: percent(((t["StreamingTV"] == "Yes") & (t["StreamingMovies"] == "Yes")).mean())),
    hotel("ap-staylong", "guests from which country stay longest on average", "rank", "medium", "plain",
          stay_by_country),
    cards("ap-used", "how much of all credit limits together is used as balance, in %", "share", "hard",
          "business", lambda t: percent(t["BALANCE"].sum() / t["CREDIT_LIMIT"].sum())),
)  # fmt: skip


def attended(gold: Callable[[Frame], Expect]) -> Callable[[Frame, Frame, Frame], Expect]:
    """On visits with their members' columns and plans."""
    return lambda m, p, v: gold(v.merge(m, on="mbr_id").merge(p, on="plan_cd"))


def june_fee(m: Frame, p: Frame, v: Frame) -> Expect:
    """Mean fee of those who came in June, each counted once or once for each visit."""
    june = v[v["check_in"].dt.month == 6].merge(m, on="mbr_id").merge(p, on="plan_cd")
    return number(june.drop_duplicates("mbr_id")["mthly_fee_eur"].mean()) | number(
        june["mthly_fee_eur"].mean()
    ) & mentions("visit|check|row|transaction")


def ghosts(m: Frame, p: Frame, v: Frame) -> Expect:
    return number((m["cancel_dt"].notna() & ~m["mbr_id"].isin(v["mbr_id"])).sum())


def stay_by_plan(t: Frame) -> Expect:
    return either(*(leader(t.groupby(plan)["mins_stayed"].mean()) for plan in ("plan_name", "plan_cd")))


def north_march(t: Frame) -> Expect:
    part = t[(t["home_club"] == "Northgate") & (t["check_in"].dt.month == 3)]
    return number(part["mbr_id"].nunique())


def students_pool(t: Frame) -> Expect:
    return percent((t.loc[t["activity"] == "Pool", "plan_name"] == "Student").mean())


GYM: tuple[Question, ...] = (
    gym("ap-junefee", "avg monthly fee of members who visited in june", "join", "hard", "business", june_fee),
    gym("ap-byplan", "visits by plan name", "join", "medium", "terse",
        attended(lambda t: rows(t["plan_name"].value_counts()))),
    gym("ap-airport", "women at the Airport club: avg minutes per visit", "join", "hard", "plain",
        attended(lambda t: number(t.loc[(t["club"] == "Airport") & (t["gender"] == "F"),
                                        "mins_stayed"].mean())
                 | number(t.loc[(t["home_club"] == "Airport") & (t["gender"] == "F"),
                                "mins_stayed"].mean()) & mentions("home"))),
    gym("ap-24m", "members with a 24 month contract - total number of check-ins", "join", "hard", "chatty",
        attended(lambda t: number((t["contract_mths"] == 24).sum()))),
    gym("ap-ghosts", "how many cancelled members have no visit on record", "join", "hard", "business",
        ghosts),
    gym("ap-poolstudents", "share of pool visits made by people on the student plan", "join", "hard", "plain",
        attended(students_pool)),
    gym("ap-planstay", "on which plan do people stay longest per visit", "join", "hard", "plain",
        attended(stay_by_plan)),
    gym("ap-north", "different members with home club Northgate who came in march", "join", "hard", "terse",
        attended(north_march)),
)  # fmt: skip


def known(gold: Callable[[Frame], Expect]) -> Callable[[Frame, Frame], Expect]:
    """On appointments with their patients' columns."""
    return lambda a, p: gold(a.merge(p, on="pat_id"))


def by_town(t: Frame) -> Expect:
    kept = t[t["status"] != "Cancelled"]
    return either(*(rows(missed(part).groupby(part["town"]).mean(), as_percent=True) for part in (t, kept)))


def elders(t: Frame) -> Expect:
    """Missed appointments of the old, aged at the appointment, at the end of the data or today."""
    ages = [(at - t["dob"]).dt.days / 365.25 for at in (
        t["appt_at"], pd.Timestamp("2025-12-23"), pd.Timestamp("2025-12-31"), pd.Timestamp("2025-01-01"),
        pd.Timestamp("2026-11-23"))]  # fmt: skip
    made = []
    for age in ages:
        old = t[age >= 65]
        made += [percent(missed(old).mean(), tolerance=0.1),
                 percent(missed(old[old["status"] != "Cancelled"]).mean(), tolerance=0.1)]  # fmt: skip
    return either(*made)


def medica_skin(t: Frame) -> Expect:
    part = t[(t["insurer"] == "Medica") & (t["dept"] == "Dermatology") & (t["status"] == "Attended")]
    return number(part["pat_id"].nunique())


def referred(a: Frame, p: Frame) -> Expect:
    """Appointments a patient, of all patients or of those who have any."""
    n = p["pat_id"].map(a["pat_id"].value_counts())
    return shows(*n.groupby(p["gp_referred"]).mean()) | shows(*n.fillna(0).groupby(p["gp_referred"]).mean())


def uninsured(t: Frame) -> Expect:
    part = t["insurer"].fillna("missing")
    means = t.groupby(part)["fee_eur"].mean()
    medians = t.groupby(part)["fee_eur"].median()
    return either(*(shows(*kind[["missing", "Public"]]) for kind in (means, medians)))


JOINS: tuple[Question, ...] = (
    clinic("ap-town", "no show rate by town", "join", "hard", "terse", known(by_town)),
    clinic("ap-insurer", "total fees per insurer", "join", "medium", "business",
           known(lambda t: rows(t.groupby("insurer")["fee_eur"].sum()))),
    clinic("ap-none", "how many registered patients never had an appointment with us", "join", "hard",
           "business", lambda a, p: number((~p["pat_id"].isin(a["pat_id"])).sum())),
    clinic("ap-elders", "patients aged 65+: what share of appts do they miss", "join", "hard", "chatty",
           known(elders)),
    clinic("ap-lundmalmo", "avg rating Lund vs Malmo", "join", "medium", "terse",
           known(lambda t: shows(*t.groupby("town")["rating"].mean()[["Lund", "Malmo"]]))),
    clinic("ap-medica", "how many Medica patients attended dermatology at least once", "join", "hard",
           "plain", known(medica_skin)),
    clinic("ap-referred", "appointments per patient, gp referred or not", "join", "hard", "terse", referred),
    clinic("ap-uninsured", "average fee: patients without an insurer vs Public", "join", "hard", "business",
           known(uninsured)),
    shop("ap-bagshh", "bags revenue from customers living in hamburg", "join", "medium", "plain",
         joined(lambda t: number(t.loc[(t["category"] == "Bags") & (t["city"] == "Hamburg"),
                                       "net_amount"].sum()))),
    shop("ap-silverapp", "what share of silver customers ever ordered via the app", "join", "hard",
         "business", lambda o, c: silver_app(o, c)),
    shop("ap-signup23", "orders per channel, only customers who signed up in 2023", "join", "hard", "plain",
         joined(lambda t: rows(t.loc[t["signup_date"].dt.year == 2023, "channel"].value_counts())
                & Expect(never=("per customer",)))),
    shop("ap-youngold", "avg basket: under 30s vs over 60s", "join", "hard", "terse", joined(
        lambda t: shows(t.loc[t["age"] < 30, "net_amount"].mean(), t.loc[t["age"] > 60, "net_amount"].mean())
        )),
)  # fmt: skip


def silver_app(orders: Frame, customers: Frame) -> Expect:
    """Of all silver customers, or of those with an order."""
    silver = customers.loc[customers["loyalty_tier"] == "Silver", "customer_id"]
    used = silver.isin(orders.loc[orders["channel"] == "app", "customer_id"])
    return percent(used.mean()) | percent(used[silver.isin(orders["customer_id"])].mean())


QUESTIONS = CLINIC + FIGURES + GYM + JOINS
