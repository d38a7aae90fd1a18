"""Kept apart: a data scientist in a hurry, and a student who tries how far one can go."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.fresh_figures import either
from tests.questions.gold import (
    chart,
    hours,
    leader,
    mentions,
    name,
    number,
    percent,
    rows,
    shows,
    upper,
    verdict,
)
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.people import each_way

cards, cdnow, people, test = (Asker(n, "apart") for n in ("cards", "cdnow", "people", "experiment"))
wine, airline, meters, parcels = (Asker(n, "apart") for n in ("wine", "airline", "meters", "parcels"))
world, tips, iris, grocery = (Asker(n, "apart") for n in ("gapminder", "tips", "iris", "grocery"))
books, gym, stocks, policies = (Asker(n, "apart") for n in ("books", "gym", "stocks", "policies"))
wallet = Asker("wallet", "apart")
Frame = pd.DataFrame


def strongest(t: Frame) -> Expect:
    """The pair of columns with the largest coefficient."""
    found = t.drop(columns="CUST_ID").corr().stack()
    found = found[found.index.get_level_values(0) < found.index.get_level_values(1)]
    pair = found.abs().idxmax()
    assert isinstance(pair, tuple)
    return number(found[pair]) & name(*(f"{c}|{c.replace('ONEOFF_', 'one-off ')}" for c in pair))


def skew(t: Frame) -> Expect:
    return number(t["BALANCE"].skew()) | number(stats.skew(t["BALANCE"]))


def again(t: Frame) -> Expect:
    """Of those first seen in January 1997; two purchases of the first day as one, or as two."""
    first = t.groupby("customer_id")["date"].min()
    cohort = first[first < "1997-02-01"]
    part = t[t["customer_id"].isin(cohort.index)]
    days = (part["date"] - part["customer_id"].map(cohort)).dt.days
    made = []
    for most in (90, 89):
        later = part.loc[(days > 0) & (days <= most), "customer_id"].nunique()
        within = (part.loc[days <= most, "customer_id"].value_counts() > 1).sum()
        made += [percent(later / len(cohort)), percent(within / len(cohort))]
    return either(*made)


def gaps(t: Frame) -> Expect:
    """Days between purchases, of all gaps or the mean of the buyers' means; same days in or out."""
    made = []
    for table in (t, t.drop_duplicates(["customer_id", "date"])):
        order = table.sort_values(["customer_id", "date"])
        days = order.groupby("customer_id")["date"].diff().dt.days
        made += [number(days.mean()), number(days.groupby(order["customer_id"]).mean().mean())]
    return either(*made)


def treated(t: Frame) -> Expect:
    """The difference of the means and the p-value, by any of the usual tests."""
    a, b = (t.loc[t["group"] == g, "experiment_3"] for g in ("treatment", "control"))
    found = (stats.ttest_ind(a, b), stats.ttest_ind(a, b, equal_var=False), stats.mannwhitneyu(a, b))
    gap = a.mean() - b.mean()
    small = mentions(r"p ?(=|<|≤|value|of)[^.]{0,12}0?\.0|p ?(<|≤) ?0")
    first = either(*(shows(d, f.pvalue, tolerance=0.001) for f in found for d in (gap, -gap)))
    return first | either(*(shows(d) & small for d in (gap, -gap))) if found[0].pvalue < 0.001 else first


def graduates(t: Frame) -> Expect:
    found = pd.crosstab(t["Graduated"], t["Spending_Score"], normalize="index").stack()
    return rows([((str(g), str(s)), float(v)) for (g, s), v in found.items()], as_percent=True)


def far_out(t: Frame) -> Expect:
    x = t["Bonus_miles"]
    low, high = x.quantile(0.25), x.quantile(0.75)
    return number(((x > high + 1.5 * (high - low)) | (x < low - 1.5 * (high - low))).sum())


def month_on_month(t: Frame) -> Expect:
    sums = t.groupby("read_mth")["kwh"].sum().sort_index()
    return shares(*sums.pct_change().dropna())


def by_level(t: Frame) -> Expect:
    made = []
    for method in ("pearson", "spearman"):
        found = {level: part["dist_mi"].corr(part["charge_gbp"], method=method)
                 for level, part in t.groupby("svc_level")}  # fmt: skip
        made.append(rows(pd.Series(found)))
    return either(*made)


def transit(t: Frame) -> Expect:
    taken = (t["delivered_at"] - t["collected_at"]).dt.total_seconds() / 3600
    return rows(taken.groupby(t["depot"]).median())


SCIENTIST: tuple[Question, ...] = (
    cards("ad-strongest", "strongest pearson pair among all numeric cols", "correlation", "hard", "terse",
          strongest),
    cards("ad-zeros", "pct zeros CASH_ADVANCE", "share", "medium", "terse",
          lambda t: percent((t["CASH_ADVANCE"] == 0).mean())),
    cards("ad-skew", "skewness of BALANCE", "aggregation", "medium", "terse", skew),
    cards("ad-nulls", "nulls per col, only cols that have any", "quality", "medium", "terse",
          lambda t: rows([("CREDIT_LIMIT|credit limit", 1), ("MINIMUM_PAYMENTS|minimum payments", 313)])),
    cards("ad-quant", "p50 p75 p90 of PAYMENTS where TENURE = 12", "quantile", "medium", "terse",
          lambda t: upper(t.loc[t["TENURE"] == 12, "PAYMENTS"], 0.5, 0.75, 0.9)),
    cards("ad-box", "boxplot CREDIT_LIMIT by TENURE", "chart", "easy", "terse", lambda t: chart("box")),
    cdnow("ad-cohort", "jan 97 cohort (first purchase in jan 97): % buying again within 90 days", "share",
          "hard", "business", again),
    cdnow("ad-gaps", "mean interpurchase time in days", "aggregation", "hard", "terse", gaps),
    test("ad-treated", "experiment_3 treatment vs control: diff in means and p value", "difference", "hard",
         "terse", treated),
    wine("ad-anova", "does proline differ by cultivar, anova", "difference", "medium", "terse",
         lambda t: verdict(True)),
    people("ad-cross", "crosstab Graduated x Spending_Score, row pct", "group", "hard", "terse",
           lambda t: each_way(t, graduates)),
    airline("ad-far", "n outliers Bonus_miles, 1.5 iqr", "outliers", "medium", "terse", far_out),
    airline("ad-spear", "spearman Balance ~ Bonus_miles", "correlation", "medium", "terse",
            lambda t: number(t["Balance"].corr(t["Bonus_miles"], method="spearman"))),
    meters("ad-mom", "total kwh month on month pct change", "trend", "hard", "terse", month_on_month),
    meters("ad-late", "paid_late rate by heating_typ desc", "share", "medium", "terse",
           lambda t: rows((t["paid_late"] == "Y").groupby(t["heating_typ"]).mean().sort_values(
               ascending=False), as_percent=True, ordered=True)),
    parcels("ad-bylevel", "corr(dist_mi, charge_gbp) within each svc_level", "correlation", "hard", "terse",
            by_level),
    parcels("ad-transit", "median transit hours per depot (collected to delivered)", "group", "hard",
            "business", transit),
)  # fmt: skip


def gained(t: Frame) -> Expect:
    wide = t.pivot(index="country", columns="year", values="lifeExp")
    return leader(wide[2007] - wide[1952])


def asia(t: Frame) -> Expect:
    people = t.loc[(t["continent"] == "Asia") & (t["year"] == 2007), "pop"].sum()
    return number(people / 1e9, tolerance=0.0501) | number(people)


def two_each(t: Frame) -> Expect:
    part = t[t["year"] == 2007].sort_values("gdpPercap", ascending=False).groupby("continent").head(2)
    return rows([((r.continent, r.country), r.gdpPercap) for r in part.itertuples()])


def germany(t: Frame) -> Expect:
    part = t[(t["country"] == "Germany") & (t["year"] == 1982)]
    return number((part["pop"] * part["gdpPercap"]).iloc[0])


def parties(t: Frame) -> Expect:
    """Tips as a share of bills, by bill or of all the money."""
    big, two = t[t["size"] >= 5], t[t["size"] == 2]
    return shares(*((p["tip"] / p["total_bill"]).mean() for p in (big, two))) | shares(
        *(p["tip"].sum() / p["total_bill"].sum() for p in (big, two)))  # fmt: skip


def quitters(m: Frame, p: Frame, v: Frame) -> Expect:
    """Within three months, by the calendar or counted as about ninety days."""
    days = (m["cancel_dt"] - m["join_dt"]).dt.days
    by_calendar = m["cancel_dt"] <= m["join_dt"] + pd.DateOffset(months=3)
    before = m["cancel_dt"] < m["join_dt"] + pd.DateOffset(months=3)
    return either(number(by_calendar.sum()), number(before.sum()),
                  *(number((days <= k).sum()) for k in (89, 90, 91, 92)))  # fmt: skip


def fees(m: Frame, p: Frame, v: Frame) -> Expect:
    whole = m[m["cancel_dt"].isna()].merge(p, on="plan_cd")
    return number(whole["mthly_fee_eur"].sum())


def worst_week(t: Frame) -> Expect:
    """By the change in percent or in points: the week it ends, or the one it starts from."""
    made = []
    for change in (t["NFLX"].pct_change(), t["NFLX"].diff()):
        at = int(change.idxmin())
        made += [rows([(t["date"].iloc[k],)]) for k in (at, at - 1)]
    return either(*made)


def failing_hour(t: Frame) -> Expect:
    by = (t["status"] == "Failed").groupby(t["paid_at"].dt.hour).agg(["mean", "size"])
    return leader(hours(by.loc[by["size"] >= 100, "mean"]), share=True)


def together(t: Frame) -> Expect:
    return number(((t["ArtBks"] > 0) & (t["CookBks"] > 0)).sum())


STUDENT: tuple[Question, ...] = (
    world("ad-gained", "which country gained the most years of life expectancy between 1952 and 2007",
          "difference", "hard", "plain", gained),
    world("ad-asia", "how many billion people lived in asia in 2007", "aggregation", "medium", "chatty",
          asia),
    world("ad-two", "the two richest countries per continent in 2007 by gdp per head", "rank", "hard",
          "plain", two_each),
    world("ad-germany", "total gdp of germany in 1982 (population x gdp per capita)", "aggregation", "hard",
          "chatty", germany),
    tips("ad-parties", "do big parties (5+) tip a smaller percentage than couples? give both", "difference",
         "hard", "chatty", parties),
    tips("ad-scatter", "scatter tip against bill, colour = sex", "chart", "easy", "terse",
         lambda t: chart("scatter")),
    iris("ad-variable", "which species varies most in sepal length", "top", "hard", "plain",
         lambda t: either(*(leader(t.groupby("species")["sepal_length"].agg(f)) for f in ("std", "var")))),
    grocery("ad-basket", "how many items are in an average basket", "aggregation", "hard", "chatty",
            lambda t: number(len(t) / t["order_id"].nunique())),
    grocery("ad-thirty", "orders with more than 30 products", "filter", "hard", "plain",
            lambda t: number((t["order_id"].value_counts() > 30).sum())),
    books("ad-artcook", "people with at least one art book and one cook book", "filter", "medium", "plain",
          together),
    gym("ad-quitters", "how many quit within 3 months after joining", "filter", "hard", "plain", quitters),
    gym("ad-fees", "what do the members who haven't cancelled pay us per month in total", "join", "hard",
        "chatty", fees),
    gym("ad-sauna", "visits by people whose plan includes the sauna", "join", "hard", "plain",
        lambda m, p, v: number(v["mbr_id"].isin(m.loc[m["plan_cd"].isin(
            p.loc[p["sauna_incl"] == "Y", "plan_cd"]), "mbr_id"]).sum())),
    stocks("ad-worst", "NFLX's worst week?", "difference", "hard", "terse", worst_week),
    policies("ad-several", "% of holders that have more than one kind of product", "share", "hard", "plain",
             lambda t: percent((t.groupby("holder_id")["product"].nunique() > 1).mean())),
    policies("ad-excess", "share of policies by excess as donut", "chart", "medium", "chatty",
             lambda t: chart("pie", t["excess_gbp"].value_counts())
             | chart("pie", t["excess_gbp"].value_counts(normalize=True), as_percent=True)),
    wallet("ad-failing", "hour of day w/ the highest failure rate, only hours with 100+ payments", "calendar",
           "hard", "plain", failing_hour),
    tips("ad-robot", "are you a robot or a person", "meta", "easy", "chatty",
         lambda t: Expect(statuses=frozenset({"answered", "refused", "clarify"}))
         & mentions(r"program|assistant|analyst|software|machine|model|tool|not a (person|human)")),
)  # fmt: skip

QUESTIONS = SCIENTIST + STUDENT
