"""Single questions of differences, silence since a date, figures by parent, ratios and values as subjects."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tests.questions.field_money import apart, higher, lower
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, name, number, refusal, rows, shows, upper, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined

policies, loans, gifts, parcels = (Asker(n, "open") for n in ("policies", "loans", "gifts", "parcels"))
clinic, gym, meters, shop = (Asker(n, "open") for n in ("clinic", "gym", "meters", "shop"))
wallet, club, subs, calls = (Asker(n, "open") for n in ("wallet", "club", "subscribers", "calls"))
world, people, retail, hotel = (Asker(n, "open") for n in ("gapminder", "people", "retail", "hotel"))
telco = Asker("telco", "open")
Frame = pd.DataFrame


def rates(these: pd.Series, those: pd.Series, *, more: bool = True) -> Expect:
    """Whether it happens more often here than there; where chance can explain it, "not clearly" is right."""
    table = [[these.sum(), (~these).sum()], [those.sum(), (~those).sum()]]
    says = verdict(bool((these.mean() > those.mean()) == more))
    if stats.chi2_contingency(table)[1] < 0.05:
        return says
    return either(says, verdict(False)) & mentions(r"\d")


def real(these: pd.Series, those: pd.Series) -> Expect:
    """Whether two sides differ by more than chance."""
    return verdict(bool(stats.ttest_ind(these.dropna(), those.dropna(), equal_var=False).pvalue < 0.05))


def with_members(gold: Callable[[Frame], Expect]) -> Callable[[Frame, Frame, Frame], Expect]:
    """On visits to the gym with their member and the member's plan."""
    return lambda m, p, v: gold(v.merge(m, on="mbr_id").merge(p, on="plan_cd"))


def seen(gold: Callable[[Frame], Expect]) -> Callable[[Frame, Frame], Expect]:
    """On appointments with their patient."""
    return lambda a, p: gold(a.merge(p, on="pat_id"))


def age_at(t: Frame) -> pd.Series:
    return pd.Series((t["appt_at"].max() - t["dob"]).dt.days / 365.25)


DIFFERENCES: tuple[Question, ...] = (
    shop("as-6030", "do shoppers over 60 spend more per order than those under 30?", "difference", "hard",
         "plain", joined(lambda t: higher(t.loc[t["age"] > 60, "net_amount"],
                                          t.loc[t["age"] < 30, "net_amount"]))),
    loans("as-earners", "Do borrowers earning above 80k default less than those earning below 40k?",
          "difference", "hard", "plain",
          lambda t: rates(*(t.loc[k, "Defaulted"] == "Yes" for k in (
              t["AnnualIncome"] > 80000, t["AnnualIncome"] < 40000)), more=False)),
    policies("as-6530", "are holders over 65 paying more premium than the under 30s", "difference", "hard",
             "terse", lambda t: higher(t.loc[t["holder_age"] > 65, "annual_premium_gbp"],
                                       t.loc[t["holder_age"] < 30, "annual_premium_gbp"])),
    gifts("as-thanked", "do donors who were thanked give more than those who were not", "difference",
          "medium", "plain", lambda t: higher(*(t.loc[t["thanked"] == k, "amt_usd"] for k in "YN"))),
    parcels("as-gapreal", "Is the gap in charge between Leeds and Cardiff real or just noise?", "difference",
            "medium", "chatty",
            lambda t: real(*(t.loc[t["depot"] == k, "charge_gbp"] for k in ("Leeds", "Cardiff")))),
    meters("as-oilgas", "is there any real difference between oil and gas homes in kwh?", "difference",
           "medium", "plain", lambda t: real(*(t.loc[t["heating_typ"] == k, "kwh"] for k in ("Oil", "Gas")))),
    subs("as-ticket", "do people with at least one support ticket watch less than people with none?",
         "difference", "hard", "plain",
         lambda t: lower(t.loc[t["support_tickets"] >= 1, "hours_watched_30d"],
                         t.loc[t["support_tickets"] == 0, "hours_watched_30d"])),
    clinic("as-oldwait", "Do patients over 70 wait longer than those under 40?", "difference", "hard",
           "plain",
           seen(lambda t: higher(t.loc[age_at(t) > 70, "wait_min"], t.loc[age_at(t) < 40, "wait_min"]))),
    gym("as-friend", "do members who were referred by a friend stay longer per visit than those who weren't",
        "difference", "hard", "plain",
        with_members(lambda t: higher(*(t.loc[t["ref_by_friend"] == k, "mins_stayed"] for k in (1, 0))))),
    hotel("as-years", "compare 2023 with 2024: average adr", "difference", "medium", "terse",
          lambda t: shows(*(t.loc[t["arrival_date"].dt.year == y, "adr"].mean() for y in (2023, 2024)))),
    wallet("as-iosq", "did users on iOS spend more per payment in the second quarter than in the first",
           "difference", "hard", "plain",
           lambda t: either(*(higher(*(p.loc[p["paid_at"].dt.quarter == k, "amount_inr"] for k in (2, 1)))
                              for i in [t[t["device"] == "iOS"]]
                              for p in (i, i[i["status"] == "Success"])))),
    club("as-redeem", "do members who redeemed points spend more than members who never redeemed any",
         "difference", "hard", "plain", lambda t: higher(t.loc[t["PointsRedeemed"] > 0, "SpendINR"],
                                                         t.loc[t["PointsRedeemed"] == 0, "SpendINR"])),
    telco("as-tenchurn", "is churn higher among customers with tenure under 12 than among those over 36?",
          "difference", "hard", "business",
          lambda t: rates(*(t.loc[k, "Churn"] == "Yes" for k in (t["tenure"] < 12, t["tenure"] > 36)))),
    policies("as-renewclaim", "compare the renewal rate of policies with a claim and policies without one",
             "difference", "hard", "business",
             lambda t: shares(*((t.loc[k, "renewed"].dropna() == "Y").mean() for k in (
                 t["claims_count"] > 0, t["claims_count"] == 0)))),
    calls("as-escal", "do escalated calls last longer than resolved ones, and is it significant?",
          "difference", "medium", "business",
          lambda t: higher(*(t.loc[t["outcome"] == k, "talk_sec"] for k in ("Escalated", "Resolved")))),
    people("as-doctors", "Do doctors have more work experience than artists?", "difference", "medium",
           "plain", lambda t: higher(*(t.loc[t["Profession"] == k, "Work_Experience"] for k in (
               "Doctor", "Artist")))),
)  # fmt: skip


def silent(t: Frame, key: str, day: str, since: pd.Timestamp, *, edge: bool = False) -> int:
    """How many keys have no row since a day."""
    last = t.groupby(key)[day].max()
    return int((last <= since).sum() if edge else (last < since).sum())


def dormant(t: Frame, months: int) -> Expect:
    """Customers whose last order lies more than so many months before the last day of the data."""
    last, end = t.groupby("customer_id")["order_date"].max(), t["order_date"].max()
    days = [end - pd.DateOffset(months=months), *(end - pd.Timedelta(days=d) for d in (
        30 * months, 365 * months // 12, 365.25 * months / 12))]  # fmt: skip
    return either(*(number((last < day).sum()) for day in days),
                  *(number((last <= day).sum()) for day in days))  # fmt: skip


DAYS: tuple[Question, ...] = (
    gifts("as-since22", "how many donors have not given since the end of 2022?", "filter", "hard", "plain",
          lambda t: number(silent(t, "donor_no", "gift_dt", pd.Timestamp("2023-01-01")))),
    retail("as-24m", "number of customers who haven't ordered for over 24 months", "filter", "hard", "terse",
           lambda t: dormant(t, 24)),
    wallet("as-lastapril", "users whose last payment was before April 2025, how many?", "filter", "hard",
           "chatty", lambda t: number(silent(t, "user_id", "paid_at", pd.Timestamp("2025-04-01")))),
    loans("as-later", "count of loans opened no later than June 2020", "filter", "medium", "terse",
          lambda t: number((t["OpenDt"] < "2020-07-01").sum())),
    clinic("as-upto", "how many appointments took place up to and including March 2025", "filter", "medium",
           "plain", lambda a, p: either(number((a["appt_at"] < "2025-04-01").sum()), number(
               ((a["appt_at"] < "2025-04-01") & (a["status"] == "Attended")).sum()))),
    world("as-87on", "average life expectancy in Africa from 1987 onwards", "filter", "medium", "plain",
          lambda t: number(t.loc[(t["continent"] == "Africa") & (t["year"] >= 1987), "lifeExp"].mean())),
    world("as-noearlier", "mean gdp per capita of asian countries, no earlier than 1997", "filter", "medium",
          "terse",
          lambda t: number(t.loc[(t["continent"] == "Asia") & (t["year"] >= 1997), "gdpPercap"].mean())),
    club("as-laststay", "how many members last stayed in 2022 or earlier", "filter", "medium", "plain",
         lambda t: number((t["LastStay"] < "2023-01-01").sum())),
    gym("as-onafter", "members who joined on or after 1 January 2025: how many?", "filter", "medium", "terse",
        lambda m, p, v: number((m["join_dt"] >= "2025-01-01").sum())),
    retail("as-nothing", "How many customers have bought nothing since 2004?", "filter", "hard", "plain",
           lambda t: either(*(number(silent(t, "customer_id", "order_date", pd.Timestamp(d))) for d in (
               "2004-01-01", "2005-01-01")))),
    subs("as-cancelled", "subscribers who cancelled by the end of March 2023 at the latest - how many",
         "filter", "medium", "chatty", lambda t: number((t["cancelled_on"] < "2023-04-01").sum())),
)  # fmt: skip


def mostly(t: Frame) -> Expect:
    return leader(t.loc[t["town"] == "Ystad", "dept"].value_counts())


PARENTS: tuple[Question, ...] = (
    shop("as-perall", "average number of orders per registered customer, those without any order included",
         "join", "hard", "plain",
         lambda o, c: either(number(len(o) / len(c)), number(len(o.drop_duplicates()) / len(c)))),
    shop("as-over100", "how many customers spend more than 100 per order on average?", "join", "hard",
         "plain", lambda o, c: either(*(number((t.groupby("customer_id")["net_amount"].mean() > 100).sum())
                                        for t in (o, o.drop_duplicates())))),
    gym("as-never", "avg visits per member incl. members who never came", "join", "hard", "terse",
        lambda m, p, v: number(len(v) / len(m))),
    clinic("as-ystad", "which department do patients from Ystad go to most?", "join", "medium", "plain",
           seen(mostly)),
    shop("as-goldcat", "most common product category in orders of gold customers", "join", "medium", "terse",
         joined(lambda t: leader(t.loc[t["loyalty_tier"] == "Gold", "category"].value_counts()))),
    gym("as-fees", "sum of monthly fees of our members by home club", "join", "hard", "plain",
        lambda m, p, v: either(*(rows(t.merge(p, on="plan_cd").groupby("home_club")["mthly_fee_eur"].sum())
                                 for t in (m, m[m["cancel_dt"].isna()])))),
    clinic("as-tenappts", "number of patients with more than 10 appointments", "join", "medium", "terse",
           lambda a, p: number((a.groupby("pat_id").size() > 10).sum())),
    gym("as-thirty", "how many members came at least 30 times?", "join", "medium", "plain",
        lambda m, p, v: number((v.groupby("mbr_id").size() >= 30).sum())),
    wallet("as-avg1000", "users whose payments average over 1000 rupees - how many are there?", "filter",
           "hard", "chatty",
           lambda t: either(*(number((p.groupby("user_id")["amount_inr"].mean() > 1000).sum())
                              for p in (t, t[t["status"] == "Success"])))),
    gym("as-premstay", "mean stay in minutes of members on the Premium plan", "join", "hard", "plain",
        with_members(lambda t: number(t.loc[t["plan_name"] == "Premium", "mins_stayed"].mean()))),
    clinic("as-townspend", "total fees per patient by town", "join", "hard", "business",
           lambda a, p: either(*(rows(t.groupby("town")["fee_eur"].sum() / n)
                                 for t in [a.merge(p, on="pat_id")]
                                 for n in (t.groupby("town")["pat_id"].nunique(),
                                           p["town"].value_counts(),
                                           t[t["fee_eur"].notna()].groupby("town")["pat_id"].nunique())))),
)  # fmt: skip


def ratio(t: Frame, by: str, top: str, bottom: str, *, pct: bool = False) -> Expect:
    """Sum over sum by group, or for a price the mean of each row's own."""
    sums = t.groupby(by)[[top, bottom]].sum()
    whole = rows(sums[top] / sums[bottom], as_percent=pct)
    return whole if pct else whole | rows((t[top] / t[bottom]).groupby(t[by]).mean())


def cumulated(t: Frame) -> Expect:
    n = t[t["arrival_date"].dt.year == 2023].groupby(t["arrival_date"].dt.to_period("M")).size().cumsum()
    return rows(n)


RATIOS: tuple[Question, ...] = (
    policies("as-claimspct", "claims paid as a % of premiums, by region", "share", "hard", "business",
             lambda t: ratio(t, "region", "claims_paid_gbp", "annual_premium_gbp", pct=True)),
    shop("as-per100", "returns per 100 orders by channel", "share", "hard", "business",
         joined(lambda t: rows((t["returned"] == "Y").groupby(t["channel"]).mean() * 100))),
    parcels("as-permile", "charge per mile by depot", "aggregation", "hard", "terse",
            lambda t: ratio(t, "depot", "charge_gbp", "dist_mi")),
    wallet("as-cashpct", "Cashback as a percentage of the amount for each merchant type", "share", "hard",
           "plain", lambda t: either(*(ratio(p, "merchant_type", "cashback_inr", "amount_inr", pct=True)
                                       for p in (t, t[t["status"] == "Success"])))),
    meters("as-perkwh", "what does a kwh cost on each tariff", "aggregation", "hard", "chatty",
           lambda t: ratio(t, "tariff", "bill_chf", "kwh")),
    gifts("as-typeshare", "share of the total given, by donor type", "share", "medium", "plain",
          lambda t: rows(t.groupby("donor_type")["amt_usd"].sum() / t["amt_usd"].sum(), as_percent=True)),
    gifts("as-cumul", "cumulative amount given by year", "trend", "medium", "terse",
          lambda t: rows(t.groupby(t["gift_dt"].dt.to_period("Y"))["amt_usd"].sum().cumsum())),
    calls("as-esc100", "Escalations per 100 calls for every agent", "share", "hard", "business",
          lambda t: rows((t["outcome"] == "Escalated").groupby(t["agent"]).mean() * 100)),
    loans("as-balpct", "outstanding balance as percent of principal by loan type", "share", "hard", "terse",
          lambda t: ratio(t, "LoanType", "OutstandingBal", "PrincipalAmt", pct=True)),
    hotel("as-running", "running number of bookings month by month in 2023", "trend", "hard", "plain",
          cumulated),
)  # fmt: skip


def best_three(t: Frame) -> Expect:
    best = t.sort_values("OutstandingBal", ascending=False).groupby("Branch").head(3)
    return rows([(str(b), float(v)) for b, v in zip(best["Branch"], best["OutstandingBal"], strict=True)])


def two_states(t: Frame) -> Expect:
    n = t.groupby(["plan", "state"]).size().sort_values(ascending=False).groupby(level=0).head(2)
    return rows([((str(p), str(s)), float(v)) for (p, s), v in n.items()])


def nth_type(t: Frame, place: int) -> Expect:
    n = t["merchant_type"].value_counts()
    return name(str(n.index[place - 1]))


FIGURES: tuple[Question, ...] = (
    loans("as-three", "the three largest outstanding balances in every branch", "rank", "hard", "plain",
          best_three),
    wallet("as-second", "what was the 2nd biggest payment", "rank", "medium", "chatty",
           lambda t: number(t["amount_inr"].nlargest(2).iloc[1])),
    wallet("as-third", "third most popular merchant type?", "rank", "medium", "terse",
           lambda t: nth_type(t, 3)),
    parcels("as-iqr", "interquartile range of parcel weight", "quantile", "medium", "business",
            lambda t: either(number(t["wt_kg"].quantile(0.75) - t["wt_kg"].quantile(0.25)),
                             number(*t["wt_kg"].quantile([0.25, 0.75])))),
    parcels("as-spread", "how widely do charges scatter within each service level? std dev please",
            "aggregation", "hard", "chatty", lambda t: rows(t.groupby("svc_level")["charge_gbp"].std())),
    calls("as-agents", "How many different agents took cancellation calls?", "aggregation", "medium", "plain",
          lambda t: number(t.loc[t["queue"] == "Cancellations", "agent"].nunique())),
    clinic("as-p90", "90th percentile of waiting time per department", "quantile", "hard", "business",
           lambda a, p: rows(a.groupby("dept")["wait_min"].quantile(0.9))),
    gifts("as-middle", "the middle gift of companies, in dollars", "quantile", "medium", "chatty",
          lambda t: number(t.loc[t["donor_type"] == "Company", "amt_usd"].median())),
    subs("as-twostates", "top 2 states by number of subscribers within each plan", "rank", "hard", "business",
         two_states),
    parcels("as-heaviest", "which depot shipped the heaviest parcel", "top", "medium", "plain",
            lambda t: name(t.loc[t["wt_kg"].idxmax(), "depot"])),
    calls("as-longest", "longest call each agent had", "aggregation", "medium", "terse",
          lambda t: rows(t.groupby("agent")["talk_sec"].max())),
    hotel("as-lowq", "below what adr does the cheapest quarter of bookings lie?", "quantile", "hard",
          "chatty",
          lambda t: upper(t["adr"], 0.25)),
    club("as-gap", "by how much does the average spend of Platinum members exceed that of Gold ones?",
         "difference", "hard", "plain",
         lambda t: apart(*(t.loc[t["Tier"] == k, "SpendINR"] for k in ("Platinum", "Gold")))),
)  # fmt: skip


STRANGE: tuple[Question, ...] = (
    wallet("as-cash", "how much was paid in cash?", "impossible", "hard", "chatty",
           lambda t: refusal(r"cash")),
    parcels("as-crash", "how many parcels were in a crash", "impossible", "hard", "plain",
            lambda t: refusal(r"crash")),
    gifts("as-text", "how many gifts came in by text message", "impossible", "hard", "plain",
          lambda t: refusal(r"text|message")),
    gym("as-boxing", "how many members do boxing?", "impossible", "medium", "plain",
        lambda m, p, v: refusal(r"boxing")),
    club("as-plat", "what makes Platinum members different?", "profile", "hard", "plain",
         lambda t: Expect(mentions=(r"SpendINR|spen[dt]|Nights|nights|Stays|stays",))),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*DIFFERENCES, *DAYS, *PARENTS, *RATIOS, *FIGURES, *STRANGE)
