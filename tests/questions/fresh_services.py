"""Figures about subscriptions, calls, a club, groceries and packaged tables, as strangers type them."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, name, number, percent, rows, shows, verdict
from tests.questions.model import Asker, Expect, Question

subs, calls, club = (Asker(n, "open") for n in ("subscribers", "calls", "club"))
grocery, wholesale, world = (Asker(n, "open") for n in ("grocery", "wholesale", "gapminder"))
stocks, tips, wine, experiment = (Asker(n, "open") for n in ("stocks", "tips", "wine", "experiment"))
Frame = pd.DataFrame


def nps(part: pd.Series) -> float:
    given = part.dropna()
    return float((given >= 9).mean() - (given <= 6).mean())


def net_adds(t: Frame) -> Expect:
    """Joiners less cancellations of each month of 2024."""
    months = pd.period_range("2024-01", "2024-06", freq="M")
    joined_in, left_in = (t[c].dt.to_period("M").value_counts() for c in ("joined", "cancelled_on"))
    return rows(joined_in.reindex(months, fill_value=0) - left_in.reindex(months, fill_value=0))


def early_leavers(t: Frame) -> Expect:
    """Who cancelled within 90 days, by channel: a share, of all or of those who cancelled, or a count."""
    days = (t["cancelled_on"] - t["joined"]).dt.days
    gone = t["cancelled_on"].notna()
    return either(
        rows((days <= 90).groupby(t["acquired_via"]).mean(), as_percent=True),
        rows((days < 90).groupby(t["acquired_via"]).mean(), as_percent=True),
        rows((days <= 90)[gone].groupby(t["acquired_via"]).mean(), as_percent=True),
    )


SUBS: tuple[Question, ...] = (
    subs("fresh-stay", "how many days does a subscriber stay on average before cancelling?", "difference",
         "hard", "business", lambda t: number((t["cancelled_on"] - t["joined"]).dt.days.mean())),
    subs("fresh-early", "share that cancelled within 90 days of joining, for each channel", "share", "hard",
         "business", early_leavers),
    subs("fresh-nps", "calculate the NPS (9-10 minus 0-6) per plan", "group", "hard", "business",
         lambda t: rows(t.groupby("plan")["nps_score"].agg(nps), as_percent=True)),
    subs("fresh-q1", "joiners q1 2024 against q1 2023", "trend", "medium", "terse",
         lambda t: shows(*((t["joined"].dt.to_period("Q") == q).sum() for q in ("2024Q1", "2023Q1")))),
    subs("fresh-end23", "how many were active on 31 dec 2023", "filter", "hard", "plain",
         lambda t: either(*(number(((t["joined"] <= "2023-12-31") & (t["cancelled_on"].isna()
                                    | (t["cancelled_on"] > day))).sum())
                            for day in ("2023-12-31", "2023-12-30")))),
    subs("fresh-netadds", "net adds 2024 per month = joined less cancelled", "trend", "hard", "business",
         net_adds),
    subs("fresh-nullage", "median hours watched where age is not given", "quality", "medium", "plain",
         lambda t: number(t.loc[t["age"].isna(), "hours_watched_30d"].median())),
    subs("fresh-ticketfree", "%age of premium customers having no support tickets, state wise", "share",
         "hard", "business", lambda t: rows((t.loc[t["plan"] == "Premium", "support_tickets"] == 0).groupby(
             t["state"]).mean(), as_percent=True)),
)  # fmt: skip


def few_calls(t: Frame) -> Expect:
    return number((t["started_at"].dt.date.value_counts() < 40).sum())


def rated(t: Frame) -> Expect:
    """Mean score of the agents with more than 220 scores."""
    table = t.groupby("agent")["csat"].agg(["count", "mean"])
    return rows(table.loc[table["count"] > 220, "mean"], only=True)


def two_troubles(t: Frame) -> Expect:
    seen = t.groupby("cust_no")["outcome"].agg(frozenset)
    return number(seen.map(lambda s: {"Dropped", "Escalated"} <= s).sum())


CALLS: tuple[Question, ...] = (
    calls("fresh-rated", "avg csat per agent, but only agents with more than 220 ratings", "group", "hard",
          "business", rated),
    calls("fresh-trouble", "customers that had both a dropped call and an escalated one", "filter", "hard",
          "plain", two_troubles),
    calls("fresh-minute", "share of calls where wait is over a minute, queue wise", "share", "medium",
          "business", lambda t: rows((t["wait_sec"] > 60).groupby(t["queue"]).mean(), as_percent=True)),
    calls("fresh-monday", "peak hour on mondays?", "calendar", "hard", "terse", lambda t: either(
        number(t.loc[t["started_at"].dt.day_of_week == 0, "started_at"].dt.hour.mode()[0]))),
    calls("fresh-aht", "handle time (wait + talk), 95th percentile in seconds", "quantile", "hard",
          "business", lambda t: number((t["wait_sec"] + t["talk_sec"]).quantile(0.95))),
    calls("fresh-quiet", "on how many days did we take fewer than 40 calls", "calendar", "hard", "plain",
          few_calls),
    calls("fresh-hours", "total talk time of Asha in april in hours", "filter", "hard", "chatty",
          lambda t: number(t.loc[(t["agent"] == "Asha") & (t["started_at"].dt.month == 4),
                                 "talk_sec"].sum() / 3600)
          | number(t.loc[(t["agent"] == "Asha") & (t["started_at"].dt.month == 4), "talk_sec"].sum())
          & mentions(r"second")),
    calls("fresh-happyq", "Which queue has the unhappiest callers", "top", "medium", "chatty",
          lambda t: leader(t.groupby("queue")["csat"].mean(), least=True)),
)  # fmt: skip

CLUB: tuple[Question, ...] = (
    club("fresh-pernight", "spend per night by city", "group", "hard", "business", lambda t: either(
        rows(t.groupby("City")["SpendINR"].sum() / t.groupby("City")["Nights12M"].sum()),
        rows((t["SpendINR"] / t["Nights12M"])[t["Nights12M"] > 0].groupby(t["City"]).mean()))),
    club("fresh-old", "members enrolled before 2020 who stayed with us in december 2024", "filter", "hard",
         "business", lambda t: number(((t["EnrolDate"] < "2020-01-01")
                                       & (t["LastStay"] >= "2024-12-01")).sum())),
    club("fresh-redeem", "who has redeemed more points than they still hold? just the count", "filter",
         "hard", "chatty", lambda t: number((t["PointsRedeemed"] > t["PointsBal"]).sum())),
    club("fresh-staying", "median spend leaving aside those who spent nothing", "filter", "hard", "plain",
         lambda t: number(t.loc[t["SpendINR"] > 0, "SpendINR"].median())),
    club("fresh-liab", "if a point costs us 25 paise, what is the total points liability in rupees?",
         "aggregation", "hard", "business", lambda t: number(0.25 * t["PointsBal"].sum())),
    club("fresh-goldpct", "gold members as % of members, city wise", "share", "hard", "business",
         lambda t: rows((t["Tier"] == "Gold").groupby(t["City"]).mean(), as_percent=True)),
    club("fresh-boomers", "born in the sixties - head count and avg spend pls", "filter", "hard", "chatty",
         lambda t: shows(t["BirthYear"].between(1960, 1969).sum(),
                         t.loc[t["BirthYear"].between(1960, 1969), "SpendINR"].mean())),
)  # fmt: skip


def asia(t: Frame) -> Expect:
    part = t[(t["continent"] == "Asia") & (t["year"] == 2007)]
    return number((part["lifeExp"] * part["pop"]).sum() / part["pop"].sum())


def gain(t: Frame) -> Expect:
    """The country whose life expectancy rose most from 1952 to 2007."""
    wide = t.pivot(index="country", columns="year", values="lifeExp")
    return leader(wide[2007] - wide[1952])


def dear_tables(t: Frame) -> Expect:
    big = t[t["size"] >= 4]
    whole = big["tip"].sum() / big["total_bill"].sum()
    return percent((big["tip"] / big["total_bill"]).mean()) | percent(whole)


def region_best(t: Frame) -> Expect:
    sums = t.groupby(["Region", "Kunde"])["Umsatz"].sum()
    return rows([((r, k), v) for (r, k), v in sums.loc[sums.groupby(level=0).idxmax()].items()])


def without_paint(t: Frame) -> Expect:
    kinds = t.groupby("Kunde")["Produkt"].agg(frozenset)
    return number(kinds.map(lambda k: "Farbe" not in k).sum())


def november(t: Frame) -> Expect:
    sums = t.groupby(t["Datum"].dt.month)["Umsatz"].sum()
    return shows(sums[12], sums[11]) | percent(sums[12] / sums[11] - 1, either_sign=True)


PACKAGED: tuple[Question, ...] = (
    grocery("fresh-basket", "avg basket size, items per order", "aggregation", "medium", "business",
            lambda t: number(len(t) / t["order_id"].nunique())),
    grocery("fresh-nightre", "reorder rate for orders placed from 10pm to midnight", "share", "hard",
            "business", lambda t: percent(t.loc[t["order_hour_of_day"].isin([22, 23]), "reordered"].mean())
            | percent(t.loc[t["order_hour_of_day"].isin([22, 23, 0]), "reordered"].mean())),
    grocery("fresh-peruser", "no of orders per user on avg", "aggregation", "medium", "terse",
            lambda t: number(t["order_id"].nunique() / t["user_id"].nunique())),
    grocery("fresh-wide", "products that were bought by at least 200 different users, how many", "filter",
            "hard", "plain", lambda t: number((t.groupby("product_id")["user_id"].nunique() >= 200).sum())),
    wholesale("fresh-desc", "umsatz by region pls, biggest first", "group", "easy", "misspelt",
              lambda t: rows(t.groupby("Region")["Umsatz"].sum().sort_values(ascending=False), ordered=True)),
    wholesale("fresh-stueck", "average price per piece (Umsatz / Menge) for each Produkt", "group", "hard",
              "business", lambda t: rows(t.groupby("Produkt")["Umsatz"].sum()
                                         / t.groupby("Produkt")["Menge"].sum())
              | rows((t["Umsatz"] / t["Menge"]).groupby(t["Produkt"]).mean())),
    wholesale("fresh-regionbest", "biggest customer in each region by Umsatz", "rank", "hard", "business",
              region_best),
    wholesale("fresh-nopaint", "how many Kunden have never ordered Farbe", "filter", "hard", "plain",
              without_paint),
    wholesale("fresh-dec", "how was december turnover against november?", "trend", "medium", "chatty",
              november),
    world("fresh-under50", "how many african countries had a life expectancy under 50 in 2007", "filter",
          "medium", "plain", lambda t: number(((t["continent"] == "Africa") & (t["year"] == 2007)
                                               & (t["lifeExp"] < 50)).sum())),
    world("fresh-weighted", "life expectancy in asia 2007 weighted by population", "aggregation", "hard",
          "plain", asia),
    world("fresh-gain", "which country gained most years of life expectancy between 1952 and 2007?", "rank",
          "hard", "plain", gain),
    stocks("fresh-last", "which share stood highest at the very end", "top", "hard", "chatty",
           lambda t: name(t.set_index("date").iloc[-1].idxmax())),
    stocks("fresh-peak", "when did NFLX peak and at what value", "top", "hard", "plain",
           lambda t: mentions(r"2018-06-18|18(th)? Jun|Jun\w* 18|June 2018")
           & shows(t["NFLX"].max())),
    tips("fresh-bigtables", "tip as % of the bill for tables of four or more", "share", "hard", "plain",
         dear_tables),
    tips("fresh-perhead", "bill per head at lunch vs dinner", "difference", "hard", "terse",
         lambda t: shows(*(t["total_bill"] / t["size"]).groupby(t["time"]).mean())
         | shows(*(t.groupby("time")["total_bill"].sum() / t.groupby("time")["size"].sum()))),
    wine("fresh-corr", "how strongly are alcohol and proline related", "correlation", "easy", "plain",
         lambda t: number(t["alcohol"].corr(t["proline"]))
         | number(t["alcohol"].corr(t["proline"], method="spearman"))),
    experiment("fresh-third", "did the treatment do anything in experiment_3? or is it just chance",
               "difference", "hard", "chatty", lambda t: third(t)),
)  # fmt: skip


def third(t: Frame) -> Expect:
    """By Welch's test at five percent."""
    a, b = (t.loc[t["group"] == g, "experiment_3"] for g in ("treatment", "control"))
    found = stats.ttest_ind(a, b, equal_var=False)
    return verdict(bool(found.pvalue < 0.05))


QUESTIONS = SUBS + CALLS + CLUB + PACKAGED
