"""Kept apart: the owner of an online shop, a hotel manager, a German wholesaler and two order clerks."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tests.questions.fresh_figures import either
from tests.questions.gold import (
    chart,
    leader,
    mentions,
    number,
    percent,
    rows,
    shows,
    upper,
    verdict,
)
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

shop, hotel, wholesale, retail, cdnow = (
    Asker(n, "apart") for n in ("shop", "hotel", "wholesale", "retail", "cdnow")
)
Frame = pd.DataFrame


def both(make: Callable[[Frame, Frame], Expect]) -> Callable[[Frame, Frame], Expect]:
    """With the repeated order rows or without them."""
    return lambda o, c: make(o, c) | make(o.drop_duplicates(), c)


def best_in_channel(o: Frame, c: Frame) -> Expect:
    """By money, or by pieces where the answer says so."""
    made = []
    for what in ("net_amount", "quantity"):
        sold = o.groupby(["channel", "category"])[what].sum()
        best = sold.groupby("channel").idxmax()
        made.append(rows([(key, float(sold[key])) for key in best]))
    orders = o.groupby(["channel", "category"]).size()
    top = orders.groupby("channel").idxmax()
    counted = rows([(key, int(orders[key])) for key in top])
    return made[0] | made[1] & mentions("quantity|units|pieces") | counted & mentions("orders")


def once(o: Frame, c: Frame) -> Expect:
    """Of those who ordered, or of all customers on file."""
    per = o.groupby("customer_id")["order_id"].nunique()
    raw = o["customer_id"].value_counts()
    return either(*(percent((p == 1).sum() / n) for p in (per, raw) for n in (len(p), len(c))))


def newsletter(o: Frame, c: Frame) -> Expect:
    """By Welch's test or the rank test on orders; or the two figures."""
    whole = o.merge(c, on="customer_id")
    yes, no = (whole.loc[whole["newsletter"] == v, "net_amount"] for v in ("yes", "no"))
    more = bool(stats.ttest_ind(yes, no, equal_var=False).pvalue < 0.05 and yes.mean() > no.mean())
    ranked = bool(stats.mannwhitneyu(yes, no).pvalue < 0.05 and yes.median() > no.median())
    return either(verdict(more), verdict(ranked), shows(yes.mean(), no.mean()))


def wednesdays(o: Frame, c: Frame) -> Expect:
    return percent((o.loc[o["ordered_at"].dt.day_of_week == 2, "returned"] == "Y").mean())


def repeated(o: Frame, c: Frame) -> Expect:
    n = int(o["order_id"].duplicated().sum())
    return number(n) | number(2 * n)


def gold_munich(o: Frame, c: Frame) -> Expect:
    whole = o.merge(c, on="customer_id")
    part = whole[(whole["loyalty_tier"] == "Gold") & (whole["city"] == "Munich")]
    return number(part["net_amount"].sum())


SHOP: tuple[Question, ...] = (
    shop("ao-inflow", "how much money came in altogether?", "aggregation", "easy", "chatty",
         both(lambda o, c: number(o["net_amount"].sum()))),
    shop("ao-smallest", "smallest order amount", "aggregation", "easy", "terse",
         lambda o, c: number(o["net_amount"].min())),
    shop("ao-app20", "number of app orders that had a 20% discount", "filter", "easy", "plain",
         both(lambda o, c: number(((o["channel"] == "app") & (o["discount_pct"] == 20)).sum()))),
    shop("ao-month24", "sales per month for 2024 so far", "trend", "medium", "business",
         both(lambda o, c: rows(o[o["ordered_at"].dt.year == 2024].groupby(
             o["ordered_at"].dt.to_period("M"))["net_amount"].sum())
             | rows(o[o["ordered_at"].dt.year == 2024].groupby(
                 o["ordered_at"].dt.to_period("M")).size()) & mentions("orders|number|count"))),
    shop("ao-goldmunich", "revenue from gold customers living in munich", "join", "medium", "plain",
         both(gold_munich)),
    shop("ao-tier", "order count by loyalty tier", "join", "easy", "terse",
         both(lambda o, c: rows(o.merge(c, on="customer_id").groupby("loyalty_tier").size()))),
    shop("ao-bestin", "for each sales channel, which category sells best?", "rank", "hard", "business",
         both(best_in_channel)),
    shop("ao-dupid", "are there order numbers that show up more than once, how many", "quality", "medium",
         "chatty", repeated),
    shop("ao-once", "what percentage of customers bought just a single time", "share", "hard", "business",
         once),
    shop("ao-wed", "retrun rate on wensdays", "share", "medium", "misspelt", both(wednesdays)),
    shop("ao-news", "is it true that people who get the newsletter spend more per order?", "difference",
         "hard", "chatty", both(newsletter)),
)  # fmt: skip


def advance(t: Frame) -> Expect:
    """Cancelled shares of early and of late bookings."""
    early = t.loc[t["lead_time_days"] > 90, "is_canceled"].mean()
    return either(*(shares(early, t.loc[late, "is_canceled"].mean())
                    for late in (t["lead_time_days"] < 7, t["lead_time_days"] <= 7)))  # fmt: skip


def weekend(t: Frame) -> Expect:
    """Saturday and Sunday, or the nights of Friday and Saturday."""
    day = t["arrival_date"].dt.day_of_week
    return either(*(shows(day.isin(w).sum(), (~day.isin(w)).sum()) for w in ([5, 6], [4, 5], [4, 5, 6])))


def few_cancel(t: Frame) -> Expect:
    rate = t.groupby("country")["is_canceled"].mean().nsmallest(3)
    return rows(rate, ordered=True, as_percent=True)


def stayed(t: Frame) -> Expect:
    """Room nights of all bookings, or of those that took place."""
    made = []
    for part in (t, t[t["is_canceled"] == 0]):
        by = part.groupby(part["arrival_date"].dt.year)["nights"].sum()
        made.append(percent(by[2024] / by[2023] - 1, either_sign=True))
    return either(*made)


HOTEL: tuple[Question, ...] = (
    hotel("ao-cancelled", "how many bookings got cancelled", "filter", "easy", "plain",
          lambda t: number(t["is_canceled"].sum())),
    hotel("ao-lead", "longest lead time we had?", "aggregation", "easy", "chatty",
          lambda t: number(t["lead_time_days"].max())),
    hotel("ao-kids", "average rate for resort hotel bookings with children", "filter", "medium", "business",
          lambda t: number(t.loc[(t["hotel"] == "Resort Hotel") & (t["children"] > 0), "adr"].mean())),
    hotel("ao-busy24", "busiest arrival month in 2024", "calendar", "easy", "terse",
          lambda t: leader(t[t["arrival_date"].dt.year == 2024].groupby(
              t["arrival_date"].dt.to_period("M")).size())),
    hotel("ao-fewcancel", "which 3 countries cancel the least, in percent of their bookings", "top", "hard",
          "chatty", few_cancel),
    hotel("ao-advance", "cancellation rate when booked more than 90 days before, vs less than a week before",
          "difference", "hard", "business", advance),
    hotel("ao-pie", "pie of bookings per market segment", "chart", "easy", "terse",
          lambda t: chart("pie", t["market_segment"].value_counts())),
    hotel("ao-nocountry", "how many bookings dont have a contry", "quality", "easy", "misspelt",
          lambda t: number(t["country"].isna().sum())),
    hotel("ao-typing", "any room rates in there which look like typing errors?", "outliers", "hard", "chatty",
          lambda t: mentions(r"5,?400")),
    hotel("ao-leadq", "lead time 25th, 50th and 75th percentile pls", "quantile", "medium", "terse",
          lambda t: upper(t["lead_time_days"], 0.25, 0.5, 0.75)),
    hotel("ao-weekend", "arrivals on weekends and arrivals on weekdays, how many of each?", "calendar",
          "medium", "plain", weekend),
    hotel("ao-nights", "by how many percent did room nights go up or down from 2023 to 2024", "trend", "hard",
          "business", stayed),
)  # fmt: skip


def piece(t: Frame) -> Expect:
    """Of the sums, or the mean of the single sales."""
    sums = t.groupby("Produkt")[["Umsatz", "Menge"]].sum()
    each = (t["Umsatz"] / t["Menge"]).groupby(t["Produkt"])
    return rows(sums["Umsatz"] / sums["Menge"]) | rows(each.mean()) | rows(each.median())


WHOLESALE: tuple[Question, ...] = (
    wholesale("ao-region", "umsatz pro region", "group", "easy", "terse",
              lambda t: rows(t.groupby("Region")["Umsatz"].sum())),
    wholesale("ao-duebel", "how many different kunden bought Dübel", "filter", "medium", "plain",
              lambda t: number(t.loc[t["Produkt"] == "Dübel", "Kunde"].nunique())),
    wholesale("ao-farbeq", "umsatz of Farbe for every quarter", "trend", "medium", "business",
              lambda t: rows(t[t["Produkt"] == "Farbe"].groupby(t["Datum"].dt.to_period("Q"))[
                  "Umsatz"].sum())),
    wholesale("ao-piece", "price per piece (umsatz divided by menge) for each produkt", "group", "hard",
              "business", piece),
)  # fmt: skip


def lapsed(t: Frame) -> Expect:
    years = {y: set(t.loc[t["order_date"].dt.year == y, "customer_id"]) for y in (2005, 2006)}
    return number(len(years[2005] - years[2006]))


def change(t: Frame) -> Expect:
    by = t.groupby(t["order_date"].dt.year)["revenue"].sum()
    return percent(by[2005] / by[2004] - 1, either_sign=True)


RETAIL: tuple[Question, ...] = (
    retail("ao-first", "date of the very first order", "aggregation", "easy", "plain",
           lambda t: mentions(r"2001-10-29|29(th)? Oct|Oct(ober)? 29")),
    retail("ao-change", "revenue change 2004 to 2005 in %", "trend", "medium", "terse", change),
    retail("ao-lapsed", "customers who ordered in 2005 but not anymore in 2006, how many", "filter", "hard",
           "business", lapsed),
    retail("ao-typical", "how many orders does a typical customer make", "aggregation", "medium", "chatty",
           lambda t: number(t["customer_id"].value_counts().mean())
           | number(t["customer_id"].value_counts().median())),
    cdnow("ao-cds", "cds sold in total", "aggregation", "easy", "terse",
          lambda t: number(t["number_of_cds"].sum()) | number(t.drop_duplicates()["number_of_cds"].sum())),
    cdnow("ao-zero", "purchases with 0 dollars", "filter", "easy", "terse",
          lambda t: number((t["dollar_value"] == 0).sum())
          | number((t.drop_duplicates()["dollar_value"] == 0).sum())),
    cdnow("ao-top3", "our three best customers by dollars, with the sums", "top", "medium", "business",
          lambda t: rows(t.groupby("customer_id")["dollar_value"].sum().nlargest(3).rename(
              lambda k: f"{k}|{int(k)}"), ordered=True)
          | rows(t.drop_duplicates().groupby("customer_id")["dollar_value"].sum().nlargest(3).rename(
              lambda k: f"{k}|{int(k)}"), ordered=True)),
)  # fmt: skip

QUESTIONS = SHOP + HOTEL + WHOLESALE + RETAIL
