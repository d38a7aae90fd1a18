"""Figures of a power supplier, a clinic, a gym and others: dictated, shouted, in borrowed English."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

meters, clinic, gym, gifts = (Asker(n, "open") for n in ("meters", "clinic", "gym", "gifts"))
parcels, policies, wallet, bank = (Asker(n, "open") for n in ("parcels", "policies", "wallet", "bank"))
telco, hotel, cards, shop = (Asker(n, "open") for n in ("telco", "hotel", "cards", "shop"))
loans, subs, calls, club = (Asker(n, "open") for n in ("loans", "subscribers", "calls", "club"))
Frame = pd.DataFrame


def season(t: Frame) -> Expect:
    """December to February against June to August, in sums or means."""
    month = t["read_mth"].dt.month
    parts = [t.loc[month.isin(m), "kwh"] for m in ((12, 1, 2), (6, 7, 8))]
    return either(*(shows(*(part.agg(how) for part in parts)) for how in ("sum", "mean")))


def cheaper(t: Frame) -> Expect:
    """Price of a kilowatt hour at night and by day: of the sums, or on average."""
    sums = t.groupby("tariff")[["bill_chf", "kwh"]].sum()
    each = (t["bill_chf"] / t["kwh"]).groupby(t["tariff"]).mean()
    return either(*(shows(*prices[["Night", "Day"]], tolerance=0.0006)
                    for prices in (sums["bill_chf"] / sums["kwh"], each)))  # fmt: skip


def jump(t: Frame) -> Expect:
    wide = t.pivot(index="meter_id", columns="read_mth", values="kwh")
    return leader(wide.iloc[:, 11] - wide.iloc[:, 0])


def per_person(t: Frame) -> Expect:
    """Monthly or yearly use for each person: of the sums, or on average over readings or meters."""
    homes = t.groupby("meter_id").agg(kwh=("kwh", "sum"), size=("hh_size", "first"))
    return either(number((t["kwh"] / t["hh_size"]).mean()), number(t["kwh"].sum() / t["hh_size"].sum()),
                  number(homes["kwh"].sum() / homes["size"].sum()),
                  number((homes["kwh"] / homes["size"]).mean()))  # fmt: skip


METERS: tuple[Question, ...] = (
    meters("sc-total", "TOTAL KWH 2024 ???", "aggregation", "easy", "terse",
           lambda t: number(t["kwh"].sum())),
    meters("sc-kindly", "Kindly provide average bill amount tariff wise.", "group", "easy", "business",
           lambda t: rows(t.groupby("tariff")["bill_chf"].mean())),
    meters("sc-heating", "which heating type eats the most power on average", "top", "medium", "chatty",
           lambda t: leader(t.groupby("heating_typ")["kwh"].mean())),
    meters("sc-season", "winter (dec jan feb) vs summer (jun jul aug) consumption", "calendar", "hard",
           "terse", season),
    meters("sc-late", "who pays late? pct by tariff", "share", "medium", "chatty",
           lambda t: rows((t["paid_late"] == "Y").groupby(t["tariff"]).mean(), as_percent=True)),
    meters("sc-big", "households of 4 and more people: avg kwh a month", "filter", "medium", "plain",
           lambda t: number(t.loc[t["hh_size"] >= 4, "kwh"].mean())),
    meters("sc-colleague", "My colleague says night tariff customers pay less per kwh than day tariff. "
           "Is she right?", "difference", "hard", "chatty", cheaper),
    meters("sc-jump", "which meter went up most from january to december", "rank", "hard", "business", jump),
    meters("sc-person", "kwh per person in the household", "aggregation", "hard", "plain", per_person),
    meters("sc-2000", "how many meters used less than 2000 kWh in the whole year", "filter", "hard", "plain",
           lambda t: number((t.groupby("meter_id")["kwh"].sum() < 2000).sum())),
)  # fmt: skip


def lead_days(a: Frame, p: Frame) -> Expect:
    """Mean or median days from booking to appointment, by the calendar or by the clock."""
    exact = (a["appt_at"] - a["booked_on"]).dt.total_seconds() / 86400
    whole = (a["appt_at"].dt.normalize() - a["booked_on"]).dt.days
    return either(*(number(x.agg(how)) for x in (exact, whole) for how in ("mean", "median")))


def doctor_fee(a: Frame, p: Frame) -> Expect:
    return shows(*a.groupby(a["clinician"] == "Dr Ek")["fee_eur"].mean())


def unhappy(a: Frame, p: Frame) -> Expect:
    low = a[a["rating"] < 3]
    counts = low["dept"].value_counts()
    return shows(len(low)) & mentions(str(counts.idxmax()))


def lost(a: Frame, p: Frame) -> Expect:
    return percent(a["status"].isin(["Cancelled", "No-show"]).mean())


CLINIC: tuple[Question, ...] = (
    clinic("sc-lead", "how long is it typically between booking and appointment, in days", "aggregation",
           "hard", "plain", lead_days),
    clinic("sc-busiest", "busiest day of the week at the clinic?", "calendar", "medium", "plain",
           lambda a, p: leader(a["appt_at"].dt.day_name().value_counts())),
    clinic("sc-ek", "Dr Ek's average fee vs everybody else's", "difference", "hard", "business", doctor_fee),
    clinic("sc-often", "patients who attended more than 10 times, how many are there", "filter", "hard",
           "plain", lambda a, p: number((a.loc[a["status"] == "Attended", "pat_id"].value_counts() > 10
                                         ).sum())),
    clinic("sc-lost", "cancelled plus no shows together are what percent of bookings", "share", "hard",
           "chatty", lost),
    clinic("sc-malmo", "no of patients from malmo", "join", "easy", "terse",
           lambda a, p: number((p["town"] == "Malmo").sum())
           | number(p.loc[p["pat_id"].isin(a["pat_id"]), "town"].eq("Malmo").sum())),
    clinic("sc-unhappy", "ratings under 3: how many and which dept gets most of them", "filter", "hard",
           "terse", unhappy),
)  # fmt: skip


def fees_due(m: Frame, p: Frame, v: Frame) -> Expect:
    return number(m[m["cancel_dt"].isna()].merge(p, on="plan_cd")["mthly_fee_eur"].sum())


def longest_visit(m: Frame, p: Frame, v: Frame) -> Expect:
    best = v.loc[v["mins_stayed"].idxmax()]
    return shows(best["mins_stayed"]) & mentions(str(best["club"]))


def joiners(m: Frame, p: Frame, v: Frame) -> Expect:
    part = m[m["join_dt"].dt.year == 2024]
    return rows(part.groupby(part["join_dt"].dt.to_period("Q")).size())


GYM: tuple[Question, ...] = (
    gym("sc-fees", "if everyone who hasnt cancelled pays his fee, how much do we get each month", "join",
        "hard", "chatty", fees_due),
    gym("sc-early", "early birds: check ins before 9 am", "calendar", "medium", "chatty",
        lambda m, p, v: number((v["check_in"].dt.hour < 9).sum())),
    gym("sc-longest", "longest visit ever and in which club was it", "top", "hard", "plain", longest_visit),
    gym("sc-joiners", "new joiners per quarter 2024", "trend", "medium", "terse", joiners),
    gym("sc-busydays", "on how many days were there more than 50 check-ins", "filter", "hard", "plain",
        lambda m, p, v: number((v.groupby(v["check_in"].dt.date).size() > 50).sum())),
)  # fmt: skip


def best_states(t: Frame) -> Expect:
    sums = t.groupby([t["gift_dt"].dt.year, "st"])["amt_usd"].sum()
    best = sums.loc[sums.groupby(level=0).idxmax()]
    return rows([((str(year), state), v) for (year, state), v in best.items()])


GIFTS: tuple[Question, ...] = (
    gifts("sc-boss", "my boss says we got 1,217 gifts in 2024, is that correct?", "filter", "hard", "chatty",
          lambda t: number((t["gift_dt"].dt.year == 2024).sum())
          & Expect(never=(r"^\W*no\b|\bnot\b|wrong",))),
    gifts("sc-without", "what would total income be without the single biggest gift", "aggregation", "hard",
          "business", lambda t: number(t["amt_usd"].sum() - t["amt_usd"].max())),
    gifts("sc-spring", "spring appeal, mean against median gift", "quantile", "medium", "terse",
          lambda t: shows(*t.loc[t["appeal"] == "Spring", "amt_usd"].agg(["mean", "median"]))),
    gifts("sc-once", "what % of donors gave only one time", "share", "hard", "plain",
          lambda t: percent((t["donor_no"].value_counts() == 1).mean())),
    gifts("sc-thanks", "thank you rate per channel", "group", "hard", "terse",
          lambda t: rows((t["thanked"] == "Y").groupby(t["chnl"]).mean(), as_percent=True)),
    gifts("sc-advent", "how much came in between 15 november 2024 and 24 december 2024?", "filter", "medium",
          "plain", lambda t: number(t.loc[t["gift_dt"].between("2024-11-15", "2024-12-24"),
                                          "amt_usd"].sum())),
    gifts("sc-states", "top state in each year by money", "rank", "hard", "terse", best_states),
)  # fmt: skip


def damage(t: Frame) -> Expect:
    return shares(*t.groupby("svc_level")["damaged"].mean())


def distance_bands(t: Frame) -> Expect:
    """Parcels by miles up to 50, up to 100 and beyond, an edge below or above."""
    made = []
    for right in (True, False):
        cuts = pd.cut(t["dist_mi"], [-1, 50, 100, 10_000], right=right)
        made.append(shows(*cuts.value_counts(sort=False)))
    return either(*made)


def ten_shippers(t: Frame) -> Expect:
    sums = t.groupby("shipper_acct")["charge_gbp"].sum()
    return percent(sums.nlargest(10).sum() / sums.sum())


PARCELS: tuple[Question, ...] = (
    parcels("sc-light", "plz tell how many parcels are under one kilo", "filter", "easy", "misspelt",
            lambda t: number((t["wt_kg"] < 1).sum())),
    parcels("sc-services", "is damage more common for next-day? give the % for all three services", "share",
            "hard", "chatty", damage),
    parcels("sc-a000", "account A000: parcels, total charge, avg weight", "filter", "hard", "terse",
            lambda t: shows((t["shipper_acct"] == "A000").sum(),
                            *t[t["shipper_acct"] == "A000"].agg({"charge_gbp": "sum", "wt_kg": "mean"}))),
    parcels("sc-hour", "at what hour do we collect the most", "calendar", "medium", "plain",
            lambda t: leader(t["collected_at"].dt.hour.value_counts())),
    parcels("sc-bands", "how many parcels go 0-50, 50-100 and more than 100 miles", "group", "hard", "plain",
            distance_bands),
    parcels("sc-ten", "what percent of charges comes from our ten biggest shippers", "share", "hard",
            "business", ten_shippers),
)  # fmt: skip


def after_claims(t: Frame) -> Expect:
    """Renewals of those with two claims or more, of those whose renewal is known."""
    part = t.loc[t["claims_count"] >= 2, "renewed"].dropna()
    return shows((part == "Y").sum()) | percent((part == "Y").mean())


def excess(t: Frame) -> Expect:
    means = t.groupby("excess_gbp")["claims_count"].mean()
    rest = t.groupby(t["excess_gbp"] == 500)["claims_count"].mean()
    return either(shows(*means), shows(*rest), shows(means[500], t["claims_count"].mean()))


def two_channels(t: Frame) -> Expect:
    part = t.groupby("sales_channel")[["annual_premium_gbp", "claims_count"]].mean()
    return shows(*part.loc[["Broker", "Aggregator"]].to_numpy().ravel())


VENTURES: tuple[Question, ...] = (
    policies("sc-renewed", "of policies with 2 or more claims how many renewed", "filter", "hard", "business",
             after_claims),
    policies("sc-youngest", "age of our youngest holder with a Home policy", "filter", "medium", "plain",
             lambda t: number(t.loc[t["product"] == "Home", "holder_age"].min())),
    policies("sc-channels", "Broker vs Aggregator - avg premium and avg number of claims", "difference",
             "hard", "business", two_channels),
    policies("sc-excess", "people with a 500 excess, do they claim less often?", "difference", "hard",
             "chatty", excess),
    wallet("sc-pending", "value of pending payments", "filter", "easy", "terse",
           lambda t: number(t.loc[t["status"] == "Pending", "amount_inr"].sum())),
    wallet("sc-neverfailed", "users that never had a failed payment - how many", "filter", "hard", "plain",
           lambda t: number((~(t["status"] == "Failed").groupby(t["user_id"]).any()).sum())),
    wallet("sc-typical", "how many payments does a typical user make", "aggregation", "hard", "plain",
           lambda t: either(*(number(t["user_id"].value_counts().agg(h)) for h in ("mean", "median")))),
    wallet("sc-recharge", "recharge on ios above rs 500, how many", "filter", "medium", "terse",
           lambda t: number(((t["merchant_type"] == "Recharge") & (t["device"] == "iOS")
                             & (t["amount_inr"] > 500)).sum())),
)  # fmt: skip


def repeaters(t: Frame) -> Expect:
    return percent((t["CustomerID"].value_counts() >= 2).mean())


def fiber_check(t: Frame) -> Expect:
    part = t[t["InternetService"] == "Fiber optic"]
    left = (part["Churn"] == "Yes").groupby(part["PaymentMethod"]).mean()
    return shares(*left[["Electronic check", "Bank transfer (automatic)"]])


def weekend_rate(t: Frame) -> Expect:
    made = []
    for part in (t, t[t["is_canceled"] == 0]):
        made.append(shows(*part.groupby(part["arrival_date"].dt.day_of_week.isin([4, 5, 6]))["adr"].mean()))
    return either(*made)


def city_spend(orders: Frame, customers: Frame) -> Expect:
    """Revenue for each customer of a city, of those with an order or of all."""
    whole = orders.merge(customers, on="customer_id")
    sums = whole.groupby("city")["net_amount"].sum()
    return leader(sums / whole.groupby("city")["customer_id"].nunique()) | leader(
        sums / customers["city"].value_counts()
    )


def talk(t: Frame) -> Expect:
    means = t.groupby("outcome")["talk_sec"].mean()[["Resolved", "Escalated"]]
    return shows(*(means / 60)) | shows(*means)


KNOWN: tuple[Question, ...] = (
    bank("sc-two", "customers having two or more txns as % of customer base", "share", "hard", "business",
         repeaters),
    telco("sc-fiber", "fiber people who pay by electronic check vs by bank transfer: churn %", "share",
          "hard", "chatty", fiber_check),
    hotel("sc-weekend", "avg adr of arrivals fri to sun compared to mon to thu", "calendar", "hard",
          "business", weekend_rate),
    cards("sc-maxed", "how many have a balance over 90% of their limit", "filter", "hard", "plain",
          lambda t: number((t["BALANCE"] > 0.9 * t["CREDIT_LIMIT"]).sum())),
    shop("sc-city", "in which city does a customer bring us the most money on average", "join", "hard",
         "plain", city_spend),
    loans("sc-baddebt", "outstanding amt sitting in defaulted loans", "filter", "medium", "business",
          lambda t: number(t.loc[t["Defaulted"] == "Yes", "OutstandingBal"].sum())),
    subs("sc-billing", "annual vs monthly payers, what share of each has cancelled", "share", "hard",
         "plain", lambda t: shares(*t["cancelled_on"].notna().groupby(t["billing"]).mean())),
    calls("sc-talk", "avg talk time resolved vs escalated", "difference", "medium", "terse", talk),
    club("sc-platinum", "lady members in platinum, count", "filter", "easy", "terse",
         lambda t: number(((t["Sex"] == "F") & (t["Tier"] == "Platinum")).sum())),
)  # fmt: skip

QUESTIONS = METERS + CLINIC + GYM + GIFTS + PARCELS + VENTURES + KNOWN
