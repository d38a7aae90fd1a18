"""Harder figures of hotels, a clinic, a charity, gyms and parcels, by the people of the trade."""

from __future__ import annotations

import pandas as pd

from tests.questions.field_money import best_in_each, higher, lower, typical
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, listed, mentions, name, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

airline, hotel, gifts, clinic = (Asker(n, "open") for n in ("airline", "hotel", "gifts", "clinic"))
gym, meters, parcels, wallet = (Asker(n, "open") for n in ("gym", "meters", "parcels", "wallet"))
club, subs, calls, world = (Asker(n, "open") for n in ("club", "subscribers", "calls", "gapminder"))
tips, people, trial, retail = (Asker(n, "open") for n in ("tips", "people", "experiment", "retail"))
iris, wine, books = (Asker(n, "open") for n in ("iris", "wine", "books"))
Frame = pd.DataFrame

AIRLINE: tuple[Question, ...] = (
    airline("fi-noaward", "Members that flew in the last 12 months but got no award - count?", "filter",
            "hard", "business", lambda t: either(*(number(((t[c] > 0) & (t["Award?"] == 0)).sum())
                                           for c in ("Flight_trans_12", "Flight_miles_12mo")))),
    airline("fi-top1", "what balance must one have to belong to the top 1%", "quantile", "hard", "plain",
            lambda t: number(t["Balance"].quantile(0.99))),
    airline("fi-bonus", "do members with an award have more bonus miles than members without?", "difference",
            "medium", "plain", lambda t: higher(*(t.loc[t["Award?"] == a, "Bonus_miles"] for a in (1, 0)))),
    airline("fi-ground", "avg balance of those with zero flights last year", "aggregation", "medium", "terse",
            lambda t: number(t.loc[t["Flight_trans_12"] == 0, "Balance"].mean())),
    airline("fi-held", "pct of all bonus miles sitting with award holders", "share", "hard", "business",
            lambda t: percent(t.loc[t["Award?"] == 1, "Bonus_miles"].sum() / t["Bonus_miles"].sum())),
)  # fmt: skip


def early_late(t: Frame) -> Expect:
    lead = t["lead_time_days"]
    far = t.loc[lead > 90, "is_canceled"].mean()
    return either(*(shares(far, t.loc[near, "is_canceled"].mean()) for near in (lead <= 7, lead < 7)))


def segment_ranks(t: Frame) -> Expect:
    rate = t.groupby(["hotel", "market_segment"])["is_canceled"].mean()
    return rows([((a, b), v) for (a, b), v in rate.items()], as_percent=True)


HOTEL: tuple[Question, ...] = (
    hotel("fi-lead", "cancellation rate of bookings made more than 90 days ahead vs those within a week",
          "difference", "hard", "business", early_late),
    hotel("fi-stay", "Resort hotel only: guests of which country stay longest on average?", "top", "medium",
          "plain", lambda t: leader(t[t["hotel"] == "Resort Hotel"].groupby("country")["nights"].mean())),
    hotel("fi-kids", "share of resort bookings with kids", "share", "medium", "terse",
          lambda t: percent((t.loc[t["hotel"] == "Resort Hotel", "children"] > 0).mean())),
    hotel("fi-corp", "median adr for corporate bookings that were not cancelled", "quantile", "medium",
          "plain", lambda t: number(t.loc[(t["market_segment"] == "Corporate") & (t["is_canceled"] == 0),
                                 "adr"].median())),
    hotel("fi-ranks", "within each hotel, rank the market segments by how often they cancel", "rank", "hard",
          "business", segment_ranks),
    hotel("fi-nofive", "what would the average adr be if we left out the 5 priciest bookings", "aggregation",
          "hard", "chatty", lambda t: number(t["adr"].nsmallest(len(t) - 5).mean())),
    hotel("fi-absurd", "some rates look absurd. how many bookings have an adr above 1000?", "outliers",
          "medium", "chatty", lambda t: number((t["adr"] > 1000).sum())),
    hotel("fi-family", "bookings with exactly 2 adults, at least one child and more than 7 nights", "filter",
          "hard", "plain", lambda t: number(((t["adults"] == 2) & (t["children"] >= 1)
                                             & (t["nights"] > 7)).sum())),
    hotel("fi-upper", "upper quartile of nights for groups", "quantile", "easy", "terse",
          lambda t: number(t.loc[t["market_segment"] == "Groups", "nights"].quantile(0.75))),
)  # fmt: skip


def usual(t: Frame) -> Expect:
    parts = [t.loc[t["recurring"] == r, "amt_usd"] for r in ("Y", "N")]
    return either(*(shows(*(p.agg(how) for p in parts)) for how in ("median", "mean")))


def unthanked(t: Frame) -> Expect:
    return rows(t[(t["thanked"] == "N") & (t["amt_usd"] > 500)].groupby("chnl").size())


GIFTS: tuple[Question, ...] = (
    gifts("fi-state", "Which state has the biggest average gift if companies are left out?", "top", "hard",
          "plain", lambda t: leader(t[t["donor_type"] != "Company"].groupby("st")["amt_usd"].mean())),
    gifts("fi-1000", "what fraction of our income comes from gifts of $1000 and more", "share", "hard",
          "business", lambda t: percent(t.loc[t["amt_usd"] >= 1000, "amt_usd"].sum() / t["amt_usd"].sum())),
    gifts("fi-usual", "typical recurring gift vs typical one-off gift?", "quantile", "medium", "plain",
          usual),
    gifts("fi-unthanked", "gifts over 500 not thanked yet, count by channel", "filter", "hard", "terse",
          unthanked),
    gifts("fi-q1", "lower quartile for phone gifts", "quantile", "easy", "terse",
          lambda t: number(t.loc[t["chnl"] == "Phone", "amt_usd"].quantile(0.25))),
    gifts("fi-best", "best appeal in each state going by total money", "rank", "hard", "business",
          lambda t: best_in_each(t.groupby(["st", "appeal"])["amt_usd"].sum())),
    gifts("fi-webpost", "are gifts via web smaller than gifts by post?", "difference", "medium", "misspelt",
          lambda t: lower(*(t.loc[t["chnl"] == c, "amt_usd"] for c in ("Web", "Post")))),
    gifts("fi-lowend", "Where does the lowest 10 % of trust gifts end?", "quantile", "hard", "plain",
          lambda t: number(t.loc[t["donor_type"] == "Trust", "amt_usd"].quantile(0.1))),
)  # fmt: skip


def reminder(a: Frame, p: Frame) -> Expect:
    rate = (a["status"] == "No-show").groupby(a["sms_rem"]).mean()
    kept = a[a["status"] != "Cancelled"]
    other = (kept["status"] == "No-show").groupby(kept["sms_rem"]).mean()
    return either(shares(*rate), shares(*other))


def five_star(a: Frame, p: Frame) -> Expect:
    rated = a[a["rating"].notna()]
    return either(leader((rated["rating"] == 5).groupby(rated["clinician"]).mean(), share=True),
                  leader((a["rating"] == 5).groupby(a["clinician"]).mean(), share=True),
                  leader((a["rating"] == 5).groupby(a["clinician"]).sum() / (a["rating"] == 5).sum(),
                         share=True))  # fmt: skip


def least_liked(a: Frame, p: Frame) -> Expect:
    ratings = a.groupby("clinician")["rating"].agg(["count", "mean"])
    return leader(ratings.loc[ratings["count"] >= 250, "mean"], least=True)


def long_ent(a: Frame, p: Frame) -> Expect:
    part = a[(a["dept"] == "ENT") & (a["wait_min"] > 30)]
    return either(number(len(part)), number(part["pat_id"].nunique()))


CLINIC: tuple[Question, ...] = (
    clinic("fi-ent", "how many had to wait over half an hour in ENT", "filter", "medium", "chatty", long_ent),
    clinic("fi-sms", "no-show % with sms reminder and without - does the reminder do anything?", "difference",
           "hard", "chatty", reminder),
    clinic("fi-quick", "the quickest 10% of waits are below how many minutes?", "quantile", "hard", "plain",
           lambda a, p: number(a["wait_min"].quantile(0.1))),
    clinic("fi-stars", "which doctor gets the highest share of 5 ratings", "top", "hard", "chatty",
           five_star),
    clinic("fi-unrated", "of the attended visits what part has no rating?", "share", "hard", "plain",
           lambda a, p: percent(a.loc[a["status"] == "Attended", "rating"].isna().mean())),
    clinic("fi-fees", "fee income per dept, w/o Dr Ek", "aggregation", "medium", "terse",
           lambda a, p: rows(a[a["clinician"] != "Dr Ek"].groupby("dept")["fee_eur"].sum())),
    clinic("fi-liked", "among clinicians with at least 250 ratings, who has the lowest average rating", "top",
           "hard", "business", least_liked),
    clinic("fi-nowait", "seen straight away (0 wait) as a percentage of all attended", "share", "hard",
           "terse", lambda a, p: percent((a.loc[a["status"] == "Attended", "wait_min"] == 0).mean())),
    clinic("fi-cardio", "longest wait in cardiology, and is that longer than the longest in physio?",
           "difference", "hard", "chatty", lambda a, p: shows(
               *(a.loc[a["dept"] == d, "wait_min"].max() for d in ("Cardiology", "Physio")))),
)  # fmt: skip


def club_activity(m: Frame, p: Frame, v: Frame) -> Expect:
    return best_in_each(v.groupby(["club", "activity"])["mins_stayed"].mean())


GYM: tuple[Question, ...] = (
    gym("fi-friend", "share of Downtown members that were referred by a friend", "share", "medium", "plain",
        lambda m, p, v: percent(m.loc[m["home_club"] == "Downtown", "ref_by_friend"].mean())),
    gym("fi-quit", "how many FLX or BSC members have cancelled", "filter", "medium", "plain",
        lambda m, p, v: number((m["plan_cd"].isin(["FLX", "BSC"]) & m["cancel_dt"].notna()).sum())),
    gym("fi-pool", "Median minutes stayed: pool against weights", "quantile", "medium", "terse",
        lambda m, p, v: shows(*(v.loc[v["activity"] == a, "mins_stayed"].median()
                                for a in ("Pool", "Weights")))),
    gym("fi-2h", "visits that last longer than 2 hours, in % of all visits", "share", "hard", "plain",
        lambda m, p, v: percent((v["mins_stayed"] > 120).mean())),
    gym("fi-each", "at each club, which activity keeps people longest on average?", "rank", "hard", "chatty",
        club_activity),
)  # fmt: skip


def crowd(t: Frame) -> Expect:
    a, b = (t.loc[t["hh_size"] == n, "bill_chf"].mean() for n in (5, 1))
    return either(number(a / b), shows(a, b))


METERS: tuple[Question, ...] = (
    meters("fi-decile", "bills: top decile starts at?", "quantile", "medium", "terse",
           lambda t: number(t["bill_chf"].quantile(0.9))),
    meters("fi-notel", "readings above 500 kwh where the heating isn't electric nor a heat pump", "filter",
           "hard", "plain", lambda t: number(((t["kwh"] > 500)
                                              & ~t["heating_typ"].isin(["Electric", "Heat pump"])).sum())),
    meters("fi-times",
           "how many times higher is the average bill of five-person households than of one-person "
           "ones", "difference", "hard", "plain", crowd),
    meters("fi-late", "late payers make up what share of the money billed", "share", "hard", "business",
           lambda t: percent(t.loc[t["paid_late"] == "Y", "bill_chf"].sum() / t["bill_chf"].sum())),
    meters("fi-each", "in each tariff, which heating has the highest mean kwh", "rank", "hard", "plain",
           lambda t: best_in_each(t.groupby(["tariff", "heating_typ"])["kwh"].mean())),
)  # fmt: skip


def per_kilo(t: Frame) -> Expect:
    sums = t.groupby("depot")[["charge_gbp", "wt_kg"]].sum()
    return either(rows(sums["charge_gbp"] / sums["wt_kg"]),
                  rows((t["charge_gbp"] / t["wt_kg"]).groupby(t["depot"]).mean()))  # fmt: skip


PARCELS: tuple[Question, ...] = (
    parcels("fi-broken", "parcels that took more than one attempt and arrived damaged", "filter", "medium",
            "plain", lambda t: number(((t["attempts"] > 1) & (t["damaged"] == 1)).sum())),
    parcels("fi-kilo", "charge per kg at each depot", "aggregation", "hard", "terse", per_kilo),
    parcels("fi-heavy", "combined weight of the ten heaviest parcels", "top", "hard", "plain",
            lambda t: number(t["wt_kg"].nlargest(10).sum())),
    parcels("fi-open", "never delivered, in % per depot", "share", "hard", "terse",
            lambda t: rows(t["delivered_at"].isna().groupby(t["depot"]).mean(), as_percent=True)),
    parcels("fi-far", "How far does an economy parcel typically travel?", "quantile", "medium", "chatty",
            lambda t: typical(t.loc[t["svc_level"] == "Economy", "dist_mi"])),
    parcels("fi-damage", "Is next-day more likely to be damaged than standard?", "difference", "hard",
            "plain",
            lambda t: higher(*(t.loc[t["svc_level"] == s, "damaged"] for s in ("Next-day", "Standard")))
            | shares(*(t.loc[t["svc_level"] == s, "damaged"].mean() for s in ("Next-day", "Standard")))),
)  # fmt: skip


def paid(t: Frame) -> Frame:
    return t[t["status"] == "Success"]


def back_rate(t: Frame) -> Expect:
    got = t[t["cashback_inr"] > 0]
    return either(percent(got["cashback_inr"].sum() / got["amount_inr"].sum()),
                  percent((got["cashback_inr"] / got["amount_inr"]).mean()))  # fmt: skip


def device_gap(t: Frame) -> Expect:
    means = paid(t).groupby("device")["amount_inr"].mean()
    return either(name(means.idxmax()), shows(*means))


WALLET: tuple[Question, ...] = (
    wallet("fi-failed", "hi, the payments that failed, how much money is that in % of everything people "
           "tried to pay?", "share", "hard", "chatty", lambda t: percent(
               t.loc[t["status"] == "Failed", "amount_inr"].sum() / t["amount_inr"].sum())),
    wallet("fi-device", "successful payments: who pays more on average, ios or android", "difference",
           "medium", "chatty", device_gap),
    wallet("fi-back", "where there was cashback, what % of the amount came back?", "aggregation", "hard",
           "plain", back_rate),
    wallet("fi-fails", "top 3 cities by failure rate", "top", "hard", "terse",
           lambda t: rows((t["status"] == "Failed").groupby(t["home_city"]).mean().nlargest(3),
                          as_percent=True)),
    wallet("fi-meals", "food payments between 500 and 1000 from delhi or pune that went through fine, count",
           "filter", "hard", "chatty", lambda t: number((
               (t["merchant_type"] == "Food") & t["amount_inr"].between(500, 1000)
               & t["home_city"].isin(["Delhi", "Pune"]) & (t["status"] == "Success")).sum())),
    wallet("fi-largest", "largest payment for every merchant type", "rank", "medium", "plain",
           lambda t: rows(t.groupby("merchant_type")["amount_inr"].max())),
    wallet("fi-mix", "what is the split by merchant type of money spent in lucknow (percent)", "share",
           "hard", "misspelt", lambda t: either(*(
               rows(p.groupby("merchant_type")["amount_inr"].sum() / p["amount_inr"].sum(), as_percent=True)
               for p in (t[t["home_city"] == "Lucknow"], paid(t[t["home_city"] == "Lucknow"]))))),
)  # fmt: skip


def per_night(t: Frame) -> Expect:
    sums = t.groupby("Tier")[["SpendINR", "Nights12M"]].sum()
    some = t[t["Nights12M"] > 0]
    return either(rows(sums["SpendINR"] / sums["Nights12M"]),
                  rows((some["SpendINR"] / some["Nights12M"]).groupby(some["Tier"]).mean()))  # fmt: skip


CLUB: tuple[Question, ...] = (
    club("fi-elite", "Gold plus Platinum: what cut of total spend?", "share", "medium", "business",
         lambda t: percent(t.loc[t["Tier"].isin(["Gold", "Platinum"]), "SpendINR"].sum()
                           / t["SpendINR"].sum())),
    club("fi-asleep", "members without a stay in the past 12 months who hold more than 20k points", "filter",
         "hard", "business", lambda t: number(((t["Stays12M"] == 0) & (t["PointsBal"] > 20_000)).sum())),
    club("fi-women", "which city's women spend the most on average?", "top", "hard", "chatty",
         lambda t: leader(t[t["Sex"] == "F"].groupby("City")["SpendINR"].mean())),
    club("fi-night", "spend per night by tier", "aggregation", "hard", "terse", per_night),
    club("fi-fifty", "how much must a member spend to be among our 50 best", "quantile", "hard", "chatty",
         lambda t: number(t["SpendINR"].nlargest(50).min())),
)  # fmt: skip


def dropper(t: Frame) -> Expect:
    return leader((t["outcome"] == "Dropped").groupby(t["agent"]).mean(), share=True)


CALLS: tuple[Question, ...] = (
    subs("fi-kept", "premium annual subs who haven't cancelled", "filter", "medium", "terse",
         lambda t: number(((t["plan"] == "Premium") & (t["billing"] == "annual")
                           & t["cancelled_on"].isna()).sum())),
    subs("fi-nps", "detractors (nps 6 or lower) as % of those who gave a score", "share", "hard", "business",
         lambda t: percent((t["nps_score"].dropna() <= 6).mean())),
    subs("fi-watch", "does someone acquired organically watch more hours than someone from paid search?",
         "difference", "hard", "plain", lambda t: higher(
             *(t.loc[t["acquired_via"] == c, "hours_watched_30d"] for c in ("Organic", "Paid search")))),
    calls("fi-2min", "Technical queue: % of callers who wait longer than 2 minutes", "share", "hard",
          "business", lambda t: percent((t.loc[t["queue"] == "Technical", "wait_sec"] > 120).mean())),
    calls("fi-drop", "which agent has the largest proportion of dropped calls", "rank", "hard", "plain",
          dropper),
    calls("fi-csat", "avg csat resolved vs escalated calls, is that difference significant?", "difference",
          "hard", "business", lambda t: shows(*(t.loc[t["outcome"] == o, "csat"].mean()
                                                for o in ("Resolved", "Escalated")))),
    calls("fi-p90", "90th percentile of talk time for each queue", "quantile", "medium", "plain",
          lambda t: rows(t.groupby("queue")["talk_sec"].quantile(0.9))),
)  # fmt: skip


def in_2007(t: Frame) -> Frame:
    return t[t["year"] == 2007]


def poorest(t: Frame) -> Expect:
    now = in_2007(t)
    least = now.loc[now.groupby("continent")["gdpPercap"].idxmin()]
    return rows([((a, b), v) for a, b, v in zip(least["continent"], least["country"], least["gdpPercap"],
                                                strict=True)])  # fmt: skip


def old_cheap(t: Frame) -> Expect:
    now = in_2007(t)
    return listed(now.loc[(now["lifeExp"] > 75) & (now["gdpPercap"] < 9000), "country"], only=True)


def weighted_life(t: Frame) -> Expect:
    part = in_2007(t)[in_2007(t)["continent"] == "Europe"]
    return number((part["lifeExp"] * part["pop"]).sum() / part["pop"].sum())


WORLD: tuple[Question, ...] = (
    world("fi-old", "2007: countries with a life expectancy over 75 but gdp per capita under 9000", "filter",
          "hard", "terse", old_cheap),
    world("fi-poorest", "poorest country of every continent in 2007 by gdp per head", "rank", "hard", "plain",
          poorest),
    world("fi-asia", "what share of the world's population lived in Asia in 1952?", "share", "hard", "plain",
          lambda t: percent(t.loc[(t["year"] == 1952) & (t["continent"] == "Asia"), "pop"].sum()
                            / t.loc[t["year"] == 1952, "pop"].sum())),
    world("fi-weighted", "population weighted life expectancy of Europe in 2007", "aggregation", "hard",
          "business", weighted_life),
    world("fi-2002", "median gdp per cap africa vs americas, year 2002", "quantile", "hard", "terse",
          lambda t: shows(*(t.loc[(t["year"] == 2002) & (t["continent"] == c), "gdpPercap"].median()
                            for c in ("Africa", "Americas")))),
)  # fmt: skip


def tip_rates(t: Frame) -> Expect:
    sums = t.groupby("smoker")[["tip", "total_bill"]].sum()
    return either(shares(*(sums["tip"] / sums["total_bill"])),
                  shares(*(t["tip"] / t["total_bill"]).groupby(t["smoker"]).mean()))  # fmt: skip


def keen(t: Frame) -> Expect:
    part = t[(t["Ever_Married"] == "No") & (t["Spending_Score"] == "Low") & (t["Profession"] == "Doctor")]
    return number(len(part))


def runner_up(t: Frame) -> Expect:
    means = t.groupby("cultivar")["proline"].mean().sort_values(ascending=False)
    return mentions(str(means.index[0])) & either(
        shows(means.iloc[0] - means.iloc[1]), shows(*means.iloc[:2])
    )


def both_kinds(t: Frame) -> Expect:
    part = t[(t["ArtBks"] > 0) & (t["GeogBks"] > 0)]
    return percent(part["Florence"].mean())


OTHERS: tuple[Question, ...] = (
    tips("fi-rate", "tip as % of bill, smokers vs non smokers", "difference", "hard", "terse", tip_rates),
    tips("fi-big", "parties of more than 4: which day sees most of them", "top", "medium", "plain",
         lambda t: name(t.loc[t["size"] > 4, "day"].mode()[0]) | name(t.loc[t["size"] > 4, "day"].mode()[1])),
    tips("fi-men", "do men tip more than women?", "difference", "easy", "plain",
         lambda t: higher(*(t.loc[t["sex"] == s, "tip"] for s in ("Male", "Female")))),
    tips("fi-dinner", "at dinner what does the top 10 percent of tables tip at least", "quantile", "hard",
         "chatty", lambda t: number(t.loc[t["time"] == "Dinner", "tip"].quantile(0.9))),
    trial("fi-female", "females only: does treatment beat control in experiment_3?", "difference", "hard",
          "terse", lambda t: higher(*(t.loc[(t["gender"] == "female") & (t["group"] == g), "experiment_3"]
                                      for g in ("treatment", "control")))),
    people("fi-lawyers", "what % of lawyers over 60 have graduated", "share", "hard", "plain",
           lambda t: either(*(percent((p["Graduated"] == "Yes").sum() / n) for p in
                              [t[(t["Profession"] == "Lawyer") & (t["Age"] > 60)]]
                              for n in (len(p), p["Graduated"].notna().sum())))),
    people("fi-keen", "not married, low spending score, working as doctor - number", "filter", "medium",
           "terse", keen),
    iris("fi-long", "How many virginica flowers have petals longer than 5.5?", "filter", "medium", "plain",
         lambda t: number(((t["species"] == "virginica") & (t["petal_length"] > 5.5)).sum())),
    retail("fi-150", "orders above 150: what percent of revenue do they bring?", "share", "hard", "business",
           lambda t: percent(t.loc[t["revenue"] > 150, "revenue"].sum() / t["revenue"].sum())),
    wine("fi-second", "which cultivar has most proline on average, and how far is it ahead of the second?",
         "difference", "hard", "chatty", runner_up),
    books("fi-both", "of the people with both art books and geography books, what % bought Florence", "share",
          "hard", "plain", both_kinds),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (
    *AIRLINE, *HOTEL, *GIFTS, *CLINIC, *GYM, *METERS, *PARCELS, *WALLET, *CLUB, *CALLS, *WORLD, *OTHERS,
)  # fmt: skip
