"""Figures of a gym, a charity, a courier, an insurer and a wallet, as people on the street type them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, number, percent, rows, says, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.wording import ASKED

gym, gifts, parcels = (Asker(n, "open") for n in ("gym", "gifts", "parcels"))
policies, wallet = Asker("policies", "open"), Asker("wallet", "open")
Frame = pd.DataFrame


def attended(gold: Callable[[Frame], Expect]) -> Callable[[Frame, Frame, Frame], Expect]:
    """On visits with their members' columns and plans."""
    return lambda m, p, v: gold(v.merge(m, on="mbr_id").merge(p, on="plan_cd"))


def planned(m: Frame, p: Frame) -> Frame:
    return m.merge(p, on="plan_cd")


def last_month(m: Frame, p: Frame, v: Frame) -> Expect:
    """The last month of the data, or the one before it, by its name."""
    made = []
    for month, named in ((6, r"jun|2025-06"), (5, r"may\b|2025-05")):
        counts = v.loc[v["check_in"].dt.month == month, "club"].value_counts()
        made.append(rows(counts) & mentions(named))
    return either(*made)


def per_premium(m: Frame, p: Frame, v: Frame) -> Expect:
    """Visits for each Premium member: of all, of those who came, of those still here."""
    premium = m[m["plan_cd"] == "PRM"]
    n = premium["mbr_id"].map(v["mbr_id"].value_counts()).fillna(0)
    active = premium["cancel_dt"].isna()
    return either(number(n.mean()), number(n[n > 0].mean()), number(n[active].mean()))


def gone(m: Frame) -> pd.Series:
    return m["cancel_dt"].notna()


def typical_age(m: Frame, p: Frame, v: Frame) -> Expect:
    """Mean or median age, in years counted to this year or to those of the data; or the birth year."""
    made = [number(m["yob"].median()), number(m["yob"].mean())]
    for year in (2025, 2026):
        made += [number(year - m["yob"].median()), number(year - m["yob"].mean(), tolerance=0.1)]
    return either(*made)


def friends(m: Frame, p: Frame, v: Frame) -> Expect:
    """By the chi-square test at five percent, or the two rates."""
    found = stats.chi2_contingency(pd.crosstab(m["ref_by_friend"], gone(m)))
    return verdict(bool(found.pvalue < 0.05)) | shares(*gone(m).groupby(m["ref_by_friend"]).mean())


def busiest(m: Frame, p: Frame, v: Frame) -> Expect:
    may = v[(v["check_in"].dt.month == 5)]
    return rows(may["mbr_id"].value_counts().head(5))


GYM: tuple[Question, ...] = (
    gym("st-active", "how many active members do we have right now", "filter", "medium", "plain",
        lambda m, p, v: number(m["cancel_dt"].isna().sum()) | ASKED),
    gym("st-lastmonth", "visits per club last month", "calendar", "hard", "terse", last_month),
    gym("st-never", "who never showed up? i mean members with zero check ins, how many is that", "join",
        "hard", "chatty", lambda m, p, v: number((~m["mbr_id"].isin(v["mbr_id"])).sum())),
    gym("st-evening", "avg minutes ppl stay on weekdays after 5pm", "calendar", "hard", "misspelt",
        lambda m, p, v: either(*(number(v.loc[(v["check_in"].dt.day_of_week < 5) & late,
                                              "mins_stayed"].mean())
                                 for late in (v["check_in"].dt.hour >= 17, v["check_in"].dt.hour >= 18)))),
    gym("st-peak", "peak hour at Riverside?", "calendar", "medium", "terse", lambda m, p, v: leader(
        v.loc[v["club"] == "Riverside", "check_in"].dt.hour.value_counts())),
    gym("st-fees", "monthly fee income from members who havent cancelled, by plan name", "join", "hard",
        "business", lambda m, p, v: rows(
            planned(m[~gone(m)], p).groupby("plan_name")["mthly_fee_eur"].sum())),
    gym("st-perpremium", "How often did a premium member come on average? visits per head", "join", "hard",
        "chatty", per_premium),
    gym("st-cancelplan", "what % cancelled, student plan vs premium plan", "join", "hard", "terse",
        lambda m, p, v: shares(*gone(m).groupby(m["plan_cd"]).mean()[["STU", "PRM"]])),
    gym("st-january", "who joined in jan 2025, split by home club", "filter", "medium", "plain",
        lambda m, p, v: rows(m.loc[m["join_dt"].dt.strftime("%Y-%m") == "2025-01",
                                   "home_club"].value_counts())),
    gym("st-busiest", "top 5 members by no. of visits in may 25", "top", "hard", "terse", busiest),
    gym("st-age", "how old is our typical member", "aggregation", "hard", "chatty", typical_age),
    gym("st-away", "share of check-ins at a club that is not the members home club", "join", "hard",
        "plain", attended(lambda t: percent((t["club"] != t["home_club"]).mean()))),
    gym("st-friend", "do people referred by a friend cancel less often?", "difference", "hard", "business",
        friends),
    gym("st-deadest", "deadest weekday", "calendar", "medium", "terse", lambda m, p, v: leader(
        v["check_in"].dt.day_name().value_counts(), least=True)),
    gym("st-classpool", "class or pool - where do they stay longer?", "difference", "medium", "chatty",
        lambda m, p, v: either(*(shows(*v.groupby("activity")["mins_stayed"].agg(how)[["Class", "Pool"]])
                                 for how in ("mean", "median")))),
    gym("st-sauna", "how many check ins are by folks whose plan includes the sauna", "join", "hard",
        "chatty", attended(lambda t: number((t["sauna_incl"] == "Y").sum()))),
)  # fmt: skip


def year_of(t: Frame) -> pd.Series:
    return t["gift_dt"].dt.year


def donors(t: Frame, year: int) -> set[str]:
    return set(t.loc[year_of(t) == year, "donor_no"])


def biggest_donor(t: Frame) -> Expect:
    return leader(t.groupby("donor_no")["amt_usd"].sum())


def pareto(t: Frame) -> Expect:
    """What the fifth of donors with the highest totals gives."""
    sums = t.groupby("donor_no")["amt_usd"].sum().sort_values(ascending=False)
    return either(*(shares(sums.head(k).sum() / sums.sum()) for k in (190, 191, 192)))


def kept_donors(t: Frame) -> Expect:
    before = donors(t, 2022)
    return percent(len(before & donors(t, 2023)) / len(before))


def december(t: Frame) -> Expect:
    """Given in December against the rest of the year: by sum over the years, by gift or by monthly total."""
    month = t["gift_dt"].dt.month
    sums = t.groupby(t["gift_dt"].dt.to_period("M"))["amt_usd"].sum()
    december = sums.index.month == 12
    late = t["gift_dt"].dt.month == 12
    return either(shows(t.loc[late, "amt_usd"].sum(), t.loc[~late, "amt_usd"].sum()),
                  shows(sums[december].mean(), sums[~december].mean()),
                  percent(t.loc[month == 12, "amt_usd"].sum() / t["amt_usd"].sum()))  # fmt: skip


GIFTS: tuple[Question, ...] = (
    gifts("st-2024", "total raised 2024", "filter", "easy", "terse",
          lambda t: number(t.loc[year_of(t) == 2024, "amt_usd"].sum())),
    gifts("st-xmas", "avg gift xmas appeal", "filter", "medium", "terse",
          lambda t: number(t.loc[t["appeal"] == "Christmas", "amt_usd"].mean())),
    gifts("st-lapsed", "how many donors gave in 2023 but nothing in 2024", "filter", "hard", "business",
          lambda t: number(len(donors(t, 2023) - donors(t, 2024)))),
    gifts("st-biggest", "our biggest donor ever and how much in all?", "top", "medium", "chatty",
          biggest_donor),
    gifts("st-firms", "what part of the money comes from companies and trusts together", "share", "hard",
          "plain", lambda t: percent(t.loc[t["donor_type"] != "Individual", "amt_usd"].sum()
                                     / t["amt_usd"].sum())),
    gifts("st-1000", "gifts of $1,000 or more: number & total", "filter", "medium", "terse",
          lambda t: shows((t["amt_usd"] >= 1000).sum(), t.loc[t["amt_usd"] >= 1000, "amt_usd"].sum())),
    gifts("st-median", "median gift by channel, highest first", "group", "medium", "plain",
          lambda t: rows(t.groupby("chnl")["amt_usd"].median().sort_values(ascending=False))),
    gifts("st-retention", "retention: of the 2022 donors, what % gave again in 2023", "share", "hard",
          "business", kept_donors),
    gifts("st-noappeal", "gifts w/out an appeal code", "quality", "medium", "terse",
          lambda t: number(t["appeal"].isna().sum())),
    gifts("st-pareto", "is it true that 20% of donors give 80% of the money?", "share", "hard", "chatty",
          pareto),
    gifts("st-firsttime", "first time donors per year", "trend", "hard", "business",
          lambda t: rows(t.groupby("donor_no")["gift_dt"].min().dt.year.value_counts())),
    gifts("st-unthanked", "how many gifts over 500 did we forget to thank for", "filter", "hard", "chatty",
          lambda t: number(((t["amt_usd"] > 500) & (t["thanked"] == "N")).sum())),
    gifts("st-nyca", "avg gift NY and CA", "filter", "medium", "terse",
          lambda t: number(t.loc[t["st"].isin(["NY", "CA"]), "amt_usd"].mean())
          | shows(*t.groupby("st")["amt_usd"].mean()[["NY", "CA"]])),
    gifts("st-growth", "by how many percent did income grow from 2023 to 2024", "trend", "medium",
          "business", lambda t: percent(t.loc[year_of(t) == 2024, "amt_usd"].sum()
                                        / t.loc[year_of(t) == 2023, "amt_usd"].sum() - 1)),
    gifts("st-december", "december compared to all the other months, how much comes in", "calendar", "hard",
          "chatty", december),
    gifts("st-regular", "Do recurring givers give less per gift than one off givers?", "difference",
          "medium", "plain", lambda t: shows(*t.groupby("recurring")["amt_usd"].mean())
          | shows(*t.groupby("recurring")["amt_usd"].median())),
)  # fmt: skip


def on_time(t: Frame) -> pd.Series:
    return t["delivered_at"].dt.normalize() <= t["promised_by"]


def arrived(t: Frame) -> Frame:
    return t[t["delivered_at"].notna()]


def punctual(t: Frame) -> Expect:
    """Share in time by depot, of all or of those delivered; midnight of the promised day may be the limit."""
    made = []
    for part in (t, arrived(t)):
        strict = part["delivered_at"] <= part["promised_by"]
        made += [rows(on_time(part).groupby(part["depot"]).mean(), as_percent=True),
                 rows(strict.groupby(part["depot"]).mean(), as_percent=True)]  # fmt: skip
    return either(*made)


def days_taken(t: Frame) -> pd.Series:
    return (t["delivered_at"] - t["collected_at"]).dt.total_seconds() / 86400


def transit(t: Frame) -> Expect:
    taken = days_taken(t[t["svc_level"] == "Next-day"])
    calendar = (t["delivered_at"].dt.normalize() - t["collected_at"].dt.normalize()).dt.days
    return either(number(taken.mean()), number(24 * taken.mean(), tolerance=0.06),
                  number(calendar[t["svc_level"] == "Next-day"].mean()),
                  number(taken.dropna().astype(int).mean()))  # fmt: skip


def a_kilo(t: Frame) -> Expect:
    part = t[t["svc_level"] == "Economy"]
    return number(part["charge_gbp"].sum() / part["wt_kg"].sum()) | number(
        (part["charge_gbp"] / part["wt_kg"]).mean()
    )


def march_weeks(t: Frame) -> Expect:
    """Charges by week of March, a week starting on Monday, cut at the month's ends or whole."""
    part = t[t["collected_at"].dt.strftime("%Y-%m") == "2025-03"]
    return shows(*part.groupby(part["collected_at"].dt.to_period("W"))["charge_gbp"].sum().iloc[1:-1])


def top_shippers(t: Frame) -> Expect:
    sums = t.groupby(["depot", "shipper_acct"])["charge_gbp"].sum()
    best = sums.groupby(level=0, group_keys=False).nlargest(3)
    return rows([((d, s), v) for (d, s), v in best.items()])


def lateness(t: Frame) -> Expect:
    """Mean delay of the late ones from Glasgow, in days or hours, by the clock or by the day."""
    part = arrived(t[t["depot"] == "Glasgow"])
    day = (part["delivered_at"].dt.normalize() - part["promised_by"]).dt.days
    clock = (part["delivered_at"] - part["promised_by"]).dt.total_seconds() / 86400
    return either(number(day[day > 0].mean()), number(clock[day > 0].mean()),
                  number(clock[clock > 0].mean()), number((clock[clock > 1] - 1).mean()),
                  number(24 * clock[clock > 0].mean(), tolerance=0.06))  # fmt: skip


PARCELS: tuple[Question, ...] = (
    parcels("st-ontime", "on time rate per depot (delivered on or before promised date)", "share", "hard",
            "business", punctual),
    parcels("st-transit", "avg time from collection to delivery for next day", "aggregation", "hard",
            "business", transit),
    parcels("st-pending", "how many not delivered yet", "filter", "medium", "plain",
            lambda t: number(t["delivered_at"].isna().sum())),
    parcels("st-kilo", "what do we charge per kg on economy", "aggregation", "hard", "chatty", a_kilo),
    parcels("st-damage", "damage % leeds vs cardiff", "share", "medium", "terse",
            lambda t: shares(*t.groupby("depot")["damaged"].mean()[["Leeds", "Cardiff"]])),
    parcels("st-attempts", "share of parcels that needed more than 1 attempt", "share", "easy", "plain",
            lambda t: percent((t["attempts"] > 1).mean())),
    parcels("st-p95", "95 percentile of weight", "quantile", "easy", "misspelt",
            lambda t: number(t["wt_kg"].quantile(0.95))),
    parcels("st-between", "parcels of 5 to 10 kilos going further than 200 miles", "filter", "hard", "plain",
            lambda t: number((t["wt_kg"].between(5, 10) & (t["dist_mi"] > 200)).sum())),
    parcels("st-weeks", "revenue by week in march 2025", "trend", "hard", "terse", march_weeks),
    parcels("st-heaviest", "heaviest parcel from every depot", "rank", "medium", "plain",
            lambda t: rows(t.groupby("depot")["wt_kg"].max())),
    parcels("st-shippers", "3 biggest shippers at each depot by charges", "rank", "hard", "business",
            top_shippers),
    parcels("st-corr", "does distance drive the price? correlation pls", "correlation", "medium", "chatty",
            lambda t: number(t["dist_mi"].corr(t["charge_gbp"]))
            | number(t["dist_mi"].corr(t["charge_gbp"], method="spearman"))),
    parcels("st-late", "glasgow: when a parcel is late, how late on average", "filter", "hard", "chatty",
            lateness),
    parcels("st-once", "shippers that used us only once", "filter", "hard", "terse",
            lambda t: number((t["shipper_acct"].value_counts() == 1).sum())),
    parcels("st-nextshare", "what fraction of april revenue was next-day?", "share", "hard", "business",
            lambda t: percent(t.loc[(t["collected_at"].dt.month == 4) & (t["svc_level"] == "Next-day"),
                                    "charge_gbp"].sum()
                              / t.loc[t["collected_at"].dt.month == 4, "charge_gbp"].sum())),
)  # fmt: skip


def loss_ratio(t: Frame) -> Expect:
    sums = t.groupby("product")[["claims_paid_gbp", "annual_premium_gbp"]].sum()
    return rows(sums["claims_paid_gbp"] / sums["annual_premium_gbp"], as_percent=True)


def renewal(t: Frame) -> Expect:
    return percent((t["renewed"].dropna() == "Y").mean())


def young_claims(t: Frame) -> Expect:
    young = t[t["holder_age"] < 25]
    return percent((young["claims_count"] > 0).mean())


POLICIES: tuple[Question, ...] = (
    policies("st-loss", "loss ratio by product (claims paid over premium)", "group", "hard", "business",
             loss_ratio),
    policies("st-renewal", "renewal rate, ignore the ones not yet due", "share", "hard", "business", renewal),
    policies("st-motorscot", "avg premium motor scotland", "filter", "medium", "terse",
             lambda t: number(t.loc[(t["product"] == "Motor") & (t["region"] == "Scotland"),
                                    "annual_premium_gbp"].mean())),
    policies("st-multi", "How many holders have more than one product with us?", "filter", "hard", "business",
             lambda t: number((t.groupby("holder_id")["product"].nunique() > 1).sum())),
    policies("st-young", "under 25s: share with a claim", "share", "hard", "terse", young_claims),
    policies("st-perclaim", "what does one claim cost us on average", "aggregation", "hard", "business",
             lambda t: number(t["claims_paid_gbp"].sum() / t["claims_count"].sum())
             | number(t.loc[t["claims_count"] > 0, "claims_paid_gbp"].mean()) & mentions(r"polic|row")),
    policies("st-quarters", "premium written per qtr in 2023", "trend", "medium", "business",
             lambda t: rows(t[t["start_date"].dt.year == 2023].groupby(
                 t["start_date"].dt.to_period("Q"))["annual_premium_gbp"].sum())),
)  # fmt: skip


def only_food(t: Frame) -> Expect:
    return number((t.groupby("user_id")["merchant_type"].agg(frozenset) == {"Food"}).sum())


def top_users(t: Frame) -> Expect:
    sums = t.groupby("user_id")["amount_inr"].sum().sort_values(ascending=False)
    n = len(sums)
    return either(*(percent(sums.head(k).sum() / sums.sum()) for k in {n // 10, -(-n // 10), round(n / 10)}))


def evening(t: Frame) -> Expect:
    hour = t["paid_at"].dt.hour
    return number(t.loc[hour.between(18, 21), "amount_inr"].sum()) | number(
        t.loc[hour.between(18, 22), "amount_inr"].sum()
    )


WALLET: tuple[Question, ...] = (
    wallet("st-fail", "fail rate android vs ios", "share", "medium", "terse",
           lambda t: shares(*(t["status"] == "Failed").groupby(t["device"]).mean())),
    wallet("st-cashback", "cashback as % of payment value", "share", "hard", "business",
           lambda t: percent(t["cashback_inr"].sum() / t["amount_inr"].sum()) & says("%")),
    wallet("st-onlyfood", "users who only ever paid for food", "filter", "hard", "plain", only_food),
    wallet("st-evening", "how much money moves between 6pm and 10pm", "calendar", "hard", "chatty", evening),
    wallet("st-succes", "sucess rate by month pls", "trend", "medium", "misspelt",
           lambda t: rows((t["status"] == "Success").groupby(t["paid_at"].dt.to_period("M")).mean(),
                          as_percent=True)),
    wallet("st-top10", "top 10% of users = what % of value", "share", "hard", "terse", top_users),
    wallet("st-arpu", "average spend per user, lucknow", "aggregation", "hard", "business",
           lambda t: number(t[t["home_city"] == "Lucknow"].groupby("user_id")["amount_inr"].sum().mean())),
)  # fmt: skip

QUESTIONS = GYM + GIFTS + PARCELS + POLICIES + WALLET
