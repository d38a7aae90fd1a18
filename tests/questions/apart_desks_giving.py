"""Kept apart: a fund raiser on gifts, a product owner of a telecom on contracts, calls and subscriptions."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, number, percent, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

gifts, telco, calls, subs = (Asker(n, "apart") for n in ("gifts", "telco", "calls", "subscribers"))
Frame = pd.DataFrame


def donors(t: Frame, year: int) -> frozenset[str]:
    return frozenset(t.loc[t["gift_dt"].dt.year == year, "donor_no"])


def spring(t: Frame) -> Expect:
    part = t.loc[(t["appeal"] == "Spring") & (t["gift_dt"].dt.year == 2023), "amt_usd"]
    return shows(part.sum(), len(part))


def best_month(t: Frame) -> Expect:
    """The month of the calendar, all years together."""
    sums = t.groupby(t["gift_dt"].dt.month)["amt_usd"].sum()
    return leader(sums.set_axis([pd.Timestamp(2024, m, 1).strftime("%B|%b") for m in sums.index]))


def of_states(t: Frame) -> Expect:
    """By what a donor gave in all, or by a single gift said as such."""
    whole = t.groupby(["st", "donor_no"])["amt_usd"].sum()
    single = t.groupby(["st", "donor_no"])["amt_usd"].max()
    first, second = (
        rows([((s, d), v) for (s, d), v in sums.loc[sums.groupby(level=0).idxmax()].items()])
        for sums in (whole, single)
    )
    return first | second & mentions("single|one gift|largest gift|biggest gift")


def from_the_top(t: Frame) -> Expect:
    sums = t.groupby("donor_no")["amt_usd"].sum()
    return either(*(percent(sums.nlargest(k).sum() / sums.sum()) for k in (95, 96)))


def to_second(t: Frame) -> Expect:
    """Median days from the first to the second gift; gifts of the same day as one, or as two."""
    made = []
    for table in (t, t.drop_duplicates(["donor_no", "gift_dt"])):
        order = table.sort_values(["donor_no", "gift_dt"])
        nth = order.groupby("donor_no").cumcount()
        first, second = (order[nth == k].set_index("donor_no")["gift_dt"] for k in (0, 1))
        made.append(number((second - first).dt.days.dropna().median()))
    return either(*made)


def companies(t: Frame) -> Expect:
    """The share of their money, or a plain yes or no."""
    part = t[t["donor_type"] == "Company"]
    share = part.loc[part["recurring"] == "Y", "amt_usd"].sum() / part["amt_usd"].sum()
    return percent(share) | verdict(bool(share > 0.5))


GIFTS: tuple[Question, ...] = (
    gifts("ad-spring", "spring appeal 2023: total raised and how many gifts", "filter", "medium", "business",
          spring),
    gifts("ad-lybunt", "donors who gave in 2023 but not in 2024", "filter", "hard", "business",
          lambda t: number(len(donors(t, 2023) - donors(t, 2024)))),
    gifts("ad-retention", "of the people who gave in 2022, what percentage gave again in 2023?", "share",
          "hard", "business",
          lambda t: percent(len(donors(t, 2022) & donors(t, 2023)) / len(donors(t, 2022)))),
    gifts("ad-channels", "average gift by channel, largest on top", "group", "easy", "plain",
          lambda t: rows(t.groupby("chnl")["amt_usd"].mean().sort_values(ascending=False), ordered=True)),
    gifts("ad-bestmonth", "what time of year should i do my big ask, i.e. which calendar month raises most",
          "calendar", "hard", "chatty", best_month),
    gifts("ad-unthanked", "gifts over $250 that were never thanked - how many?", "filter", "medium",
          "business", lambda t: number(((t["amt_usd"] > 250) & (t["thanked"] == "N")).sum())),
    gifts("ad-states", "biggest donor of every state and how much they have given us", "rank", "hard",
          "plain", of_states),
    gifts("ad-toptenth", "how much of our money (in %) comes from the top tenth of donors", "share", "hard",
          "business", from_the_top),
    gifts("ad-newdonors", "new donors each year", "trend", "hard", "terse",
          lambda t: rows(t.groupby("donor_no")["gift_dt"].min().dt.year.value_counts())),
    gifts("ad-second", "median days from a donor's first gift to the second one", "quantile", "hard",
          "business", to_second),
    gifts("ad-blank", "how many gifts have no appeal and what are they worth together", "quality", "medium",
          "plain", lambda t: shows(t["appeal"].isna().sum(), t.loc[t["appeal"].isna(), "amt_usd"].sum())),
    gifts("ad-threesd", "gifts more than 3 standard deviations above the mean, count", "outliers", "hard",
          "terse", lambda t: number((t["amt_usd"] > t["amt_usd"].mean() + 3 * t["amt_usd"].std()).sum())),
    gifts("ad-regular", "do recurring gifts make up more than half of what companies give?", "share", "hard",
          "chatty", companies),
    gifts("ad-large", "describe the people whose lifetime giving is above 1000", "profile", "hard",
          "business", lambda t: Expect(statuses=frozenset({"answered", "clarify"})) & shows(
              (t.groupby("donor_no")["amt_usd"].sum() > 1000).sum())),
    gifts("ad-chnl", "what is in chnl", "meta", "easy", "terse",
          lambda t: mentions("Web", "Post", "Phone", "Street") | rows([("Web",), ("Post",), ("Phone",)])),
)  # fmt: skip

ADD_ONS = ["OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV",
           "StreamingMovies"]  # fmt: skip


def churned(t: Frame) -> pd.Series:
    return t["Churn"] == "Yes"


def by_tenure(t: Frame) -> Expect:
    """Those in their first month in the first band or left out."""
    made = []
    for low in (-1, 0):
        bands = pd.cut(t["tenure"], [low, 12, 24, 36, 100])
        made.append(shares(*churned(t).groupby(bands, observed=True).mean()))
    return either(*made)


def pearson(t: Frame, x: str, y: str) -> Expect:
    return number(t[x].corr(t[y])) | number(t[x].corr(t[y], method="spearman"))


TELCO: tuple[Question, ...] = (
    telco("ad-fibre", "churn % of fibre customers w/o tech support", "share", "hard", "business",
          lambda t: percent(churned(t)[(t["InternetService"] == "Fiber optic")
                                       & (t["TechSupport"] == "No")].mean())),
    telco("ad-arpu", "ARPU by contract type", "group", "medium", "business",
          lambda t: rows(t.groupby("Contract")["MonthlyCharges"].mean())),
    telco("ad-mrr", "how much monthly revenue went away with the churned month-to-month customers",
          "aggregation", "hard", "business", lambda t: number(t.loc[
              churned(t) & (t["Contract"] == "Month-to-month"), "MonthlyCharges"].sum())),
    telco("ad-addons", "average number of add-ons per internet customer (security, backup, protection, "
          "support, tv, movies)", "aggregation", "hard", "business",
          lambda t: number((t.loc[t["InternetService"] != "No", ADD_ONS] == "Yes").sum(axis=1).mean())),
    telco("ad-tenure", "churn rate for tenure 1-12, 13-24, 25-36 and 37+ months", "share", "hard",
          "business", by_tenure),
    telco("ad-corr", "tenure vs total charges, correlation", "correlation", "easy", "terse",
          lambda t: pearson(t, "tenure", "TotalCharges")),
    telco("ad-stack", "stacked bars: contract split by churn", "chart", "medium", "plain",
          lambda t: chart("bar", labels=["Month-to-month", "Two year", "Yes", "No"])),
    telco("ad-tvonly", "how many have streaming tv but no movies", "filter", "medium", "plain",
          lambda t: number(((t["StreamingTV"] == "Yes") & (t["StreamingMovies"] == "No")).sum())),
    telco("ad-newtop", "payment method used most by customers who joined in the last 6 months", "top", "hard",
          "business", lambda t: leader(t.loc[t["tenure"] <= 6, "PaymentMethod"].value_counts())
          | leader(t.loc[t["tenure"] < 6, "PaymentMethod"].value_counts())),
    telco("ad-quart", "quartiles of the monthly charge for people that stayed", "quantile", "medium",
          "plain", lambda t: shows(*(t.loc[t["Churn"] == "No", "MonthlyCharges"].quantile(q)
                                     for q in (0.25, 0.5, 0.75)))),
)  # fmt: skip


def escalating(t: Frame) -> Expect:
    part = t[t["queue"] == "Technical"]
    return leader((part["outcome"] == "Escalated").groupby(part["agent"]).mean(), share=True)


def months(t: Frame) -> pd.Series:
    return pd.Series(t["started_at"].dt.to_period("M"))


def nps(t: Frame) -> pd.Series:
    part = t[t["nps_score"].notna()]
    return ((part["nps_score"] >= 9).astype(int) - (part["nps_score"] <= 6)).groupby(part["plan"]).mean()


def handle(t: Frame) -> Expect:
    part = t[t["outcome"] != "Dropped"]
    return number((part["wait_sec"] + part["talk_sec"]).mean() / 60)


CALLS: tuple[Question, ...] = (
    calls("ad-again", "what percentage of callers phoned us more than once", "share", "medium", "business",
          lambda t: percent((t["cust_no"].value_counts() > 1).mean())),
    calls("ad-fivemin", "calls that waited over 5 minutes, per queue", "group", "medium", "plain",
          lambda t: rows(t[t["wait_sec"] > 300].groupby("queue").size())),
    calls("ad-csat", "csat month over month", "trend", "medium", "terse",
          lambda t: rows(t.groupby(months(t))["csat"].mean())),
    calls("ad-escal", "in the technical queue, who escalates the highest share of their calls", "rank",
          "hard", "business", escalating),
    calls("ad-aht", "average handle time in minutes = wait + talk, dropped calls excluded", "aggregation",
          "hard", "business", handle),
    calls("ad-corr", "is csat lower when the wait is longer? give me the correlation", "correlation",
          "medium", "chatty", lambda t: pearson(t, "wait_sec", "csat")),
    calls("ad-monday", "how many calls on an average monday", "calendar", "hard", "plain",
          lambda t: number(t[t["started_at"].dt.day_of_week == 0].groupby(
              t["started_at"].dt.date).size().mean())),
    subs("ad-nps", "nps per plan (9-10 minus 1-6, in points)", "group", "hard", "business",
         lambda t: rows(nps(t), as_percent=True)),
    subs("ad-active", "active subscribers per acquisition channel, those without a cancel date", "filter",
         "medium", "business",
         lambda t: rows(t.loc[t["cancelled_on"].isna(), "acquired_via"].value_counts())),
    subs("ad-life", "median days from joining to cancelling, monthly vs annual", "difference", "hard",
         "business", lambda t: shows(*(t["cancelled_on"] - t["joined"]).dt.days.groupby(
             t["billing"]).median())),
)  # fmt: skip

QUESTIONS = GIFTS + TELCO + CALLS
