"""Questions about two tables of an online shop: orders, 30 of them repeated, and the customers to join."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tests.questions.gold import (
    ambiguous,
    chart,
    listed,
    mentions,
    name,
    number,
    percent,
    refusal,
    rows,
    says,
    shows,
)
from tests.questions.model import Asker, Expect, Question

q = Asker("shop")
Frame = pd.DataFrame


def orders_only(gold: Callable[[Frame], Expect]) -> Callable[[Frame, Frame], Expect]:
    """On all order rows; without the repeated rows only where the answer says so."""

    def evaluate(orders: Frame, customers: Frame) -> Expect:
        return gold(orders) | (gold(orders.drop_duplicates()) & DEDUPED)

    return evaluate


def joined(gold: Callable[[Frame], Expect]) -> Callable[[Frame, Frame], Expect]:
    """On orders with their customers' columns."""

    def evaluate(orders: Frame, customers: Frame) -> Expect:
        whole = orders.merge(customers, on="customer_id", how="left")
        return gold(whole) | (gold(whole.drop_duplicates()) & DEDUPED)

    return evaluate


DEDUPED = mentions(r"duplicat|repeated|identical")


def months(t: Frame) -> pd.Series:
    return pd.Series(t["ordered_at"].dt.to_period("M"))


QUESTIONS: tuple[Question, ...] = (
    q("revenue", "net revenue in total", "aggregation", "easy", "business",
      orders_only(lambda t: number(t["net_amount"].sum()))),
    q("aov", "whats our aov", "aggregation", "medium", "business",
      orders_only(lambda t: number(t["net_amount"].mean()))),
    q("buyers", "how many customers have ordered at least once", "aggregation", "medium", "plain",
      orders_only(lambda t: number(t["customer_id"].nunique()))),
    q("never", "how many registered customers never placed an order?", "join", "hard", "business",
      lambda o, c: number((~c["customer_id"].isin(o["customer_id"])).sum())),
    q("registered", "number of registered customers", "aggregation", "easy", "plain",
      lambda o, c: number(len(c))),
    q("by-city", "revenue by city", "join", "medium", "terse",
      joined(lambda t: rows(t.groupby("city")["net_amount"].sum()))),
    q("tier-aov", "avg order value by loyalty tier", "join", "medium", "business",
      joined(lambda t: rows(t.groupby("loyalty_tier")["net_amount"].mean()))),
    q("gold-revenue", "How much revenue comes from Gold members, absolute and in percent?", "join", "hard",
      "business",
      joined(lambda t: shows(t.loc[t["loyalty_tier"] == "Gold", "net_amount"].sum(),))),
    q("berlin-app", "orders via the app from customers in Berlin", "join", "hard", "plain",
      joined(lambda t: number(((t["city"] == "Berlin") & (t["channel"] == "app")).sum()))),
    q("munich-shoes", "revenue from shoes in munich", "join", "hard", "terse",
      joined(lambda t: number(
      t.loc[(t["city"] == "Munich") & (t["category"] == "Shoes"), "net_amount"].sum()))),
    q("per-head-city", "revenue per registered customer in each city", "join", "hard", "business",
      lambda o, c: rows(o.merge(c, on="customer_id").groupby("city")["net_amount"].sum()
      / c["city"].value_counts())
      | rows(o.drop_duplicates().merge(c, on="customer_id").groupby("city")["net_amount"].sum()
      / c["city"].value_counts())
      | rows(o.merge(c, on="customer_id").groupby("city").apply(
          lambda g: g["net_amount"].sum() / g["customer_id"].nunique(), include_groups=False))
          & mentions("ordering|order|active|buy")),
    q("young", "average spend of under 30s vs 60 and over, per order", "join", "hard", "chatty",
      joined(lambda t: shows(t.loc[t["age"] < 30, "net_amount"].mean(),
      t.loc[t["age"] >= 60, "net_amount"].mean()))),
    q("top-cust-city", "city of the customer who spent most", "join", "hard", "plain",
      lambda o, c: only(
      c.set_index("customer_id")["city"][o.groupby("customer_id")["net_amount"].sum().idxmax()],
      c["city"])),
    q("newsletter", "do newsletter subscribers order more often? orders per customer, yes vs no", "join",
      "hard", "business",
      lambda o, c: newsletter(o, c) | (newsletter(o.drop_duplicates(), c) & DEDUPED)),
    q("return-rate", "return rate?", "share", "medium", "terse",
      orders_only(lambda t: percent((t["returned"] == "Y").mean()))),
    q("return-cat", "which category gets returned most often, as a rate", "top", "medium", "plain",
      orders_only(lambda t: top_rate(t, "category"))),
    q("return-channel", "returns in % by channel", "group", "medium", "terse",
      orders_only(lambda t: rows((t["returned"] == "Y").groupby(t["channel"]).mean(), as_percent=True))),
    q("cat-share", "share of each category in revenue", "share", "medium", "plain",
      orders_only(
      lambda t: rows(t.groupby("category")["net_amount"].sum() / t["net_amount"].sum(), as_percent=True))),
    q("units", "units sold per category, biggest first", "group", "easy", "plain",
      orders_only(
      lambda t: rows(t.groupby("category")["quantity"].sum().sort_values(ascending=False), ordered=True))),
    q("monthly", "revenue trend by month", "trend", "easy", "terse",
      orders_only(lambda t: rows(t.groupby(months(t))["net_amount"].sum(), ordered=True))),
    q("h1", "Revenue H1 2024 vs H1 2023 in percent", "trend", "hard", "business",
      orders_only(lambda t: percent(
        t.loc[(t["ordered_at"] >= "2024-01-01"), "net_amount"].sum()
        / t.loc[t["ordered_at"] < "2023-07-01", "net_amount"].sum() - 1, either_sign=True))),
    q("best-day", "best-selling weekday by orders", "calendar", "medium", "terse",
      orders_only(lambda t: name(t["ordered_at"].dt.day_name().value_counts().idxmax()))),
    q("evening", "number of orders placed at 20:00 or later", "calendar", "medium", "plain",
      orders_only(lambda t: number((t["ordered_at"].dt.hour >= 20).sum()))),
    q("dups", "are there duplicated orders", "quality", "medium", "plain",
      lambda o, c: shows(30) | shows(60) & mentions("duplicat")),
    q("newsletter-missing", "newsletter missing for how many customers", "quality", "easy", "terse",
      lambda o, c: number(c["newsletter"].isna().sum())),
    q("orphans", "does every order have a customer record?", "quality", "hard", "plain",
      lambda o, c: says(r"\byes\b|\ball\b|every")),
    q("discount", "orders with a discount of 10 % or more", "filter", "medium", "plain",
      orders_only(lambda t: number((t["discount_pct"] >= 10).sum()))),
    q("discount-effect", "Are discounted orders bigger than full price ones?", "difference", "hard",
      "business",
      orders_only(lambda t: shows(*t.groupby(t["discount_pct"] > 0)["net_amount"].mean())
                  | shows(*t.groupby(t["discount_pct"] > 0)["net_amount"].median()))),
    q("stacked", "stacked bar of revenue by category and channel", "chart", "hard", "plain",
      orders_only(lambda t: chart("bar", t.groupby(["category", "channel"])["net_amount"].sum().nlargest(5),
                                  labels=["Shoes", "Dresses", "web", "app", "store"]))),
    q("pie-channel", "channel pie", "chart", "easy", "terse",
      lambda o, c: chart("pie", labels=["web", "app", "store"])),
    q("line", "line chart of weekly order counts", "chart", "medium", "plain", lambda o, c: chart("line")),
    q("city-map", "customers per city", "group", "easy", "terse",
      lambda o, c: rows(c["city"].value_counts())),
    q("rank-cat-city", "top category in every city by revenue", "rank", "hard", "business",
      joined(lambda t: rows([
        ((city, part.groupby("category")["net_amount"].sum().idxmax()),
          part.groupby("category")["net_amount"].sum().max())
        for city, part in t.groupby("city")]))),
    q("signups", "sign-ups per quarter", "trend", "medium", "terse",
      lambda o, c: rows(c.groupby(c["signup_date"].dt.to_period("Q")).size())),
    q("3plus", "how many customers with 3+ orders", "filter", "medium", "terse",
      orders_only(lambda t: number((t["customer_id"].value_counts() >= 3).sum()))),
    q("iqr", "How many order values are above Q3 + 1.5 IQR", "outliers", "hard", "plain",
      orders_only(lambda t: number((t["net_amount"] > 2.5 * t["net_amount"].quantile(0.75)
                                    - 1.5 * t["net_amount"].quantile(0.25)).sum()))),
    q("typo", "reveneu per chanel", "group", "easy", "misspelt",
      orders_only(lambda t: rows(t.groupby("channel")["net_amount"].sum()))),
    q("cogs", "gross margin per category?", "impossible", "medium", "business",
      lambda o, c: refusal(r"margin|cost|column")),
    q("gender", "orders by women", "impossible", "easy", "terse",
      lambda o, c: refusal(r"gender|sex|women|column")),
    q("size", "how big are we?", "ambiguous", "hard", "chatty",
      lambda o, c: Expect(statuses=frozenset({"clarify"})) | shows(len(c)) | shows(o["net_amount"].sum())
      | shows(o["customer_id"].nunique())),
    q("best-city", "which city is best", "ambiguous", "medium", "chatty", lambda o, c: ambiguous(
        name(o.merge(c).groupby("city")["net_amount"].sum().idxmax()),
        name(o.merge(c).groupby("city")["net_amount"].mean().idxmax()))),
    q.dialogue("d-city", "hard", "business",
      ("revenue by loyalty tier", joined(lambda t: rows(t.groupby("loyalty_tier")["net_amount"].sum()))),
      ("only 2024",
        joined(lambda t: rows(
        t[t["ordered_at"].dt.year == 2024].groupby("loyalty_tier")["net_amount"].sum()))),
      ("and without returned orders", joined(lambda t: rows(
          t[(t["ordered_at"].dt.year == 2024)
          & (t["returned"] == "N")].groupby("loyalty_tier")["net_amount"].sum()))),
      ("as share of total", joined(lambda t: rows(share_of(
          t[(t["ordered_at"].dt.year == 2024)
          & (t["returned"] == "N")].groupby("loyalty_tier")["net_amount"].sum()),
          as_percent=True)))),
    q.dialogue("d-cat", "medium", "chatty",
      ("how many orders per category did we get", orders_only(lambda t: rows(t["category"].value_counts()))),
      ("plot that", orders_only(lambda t: chart("bar|pie", t["category"].value_counts()))),
      ("now the same thing but only for the app",
       orders_only(lambda t: rows(t.loc[t["channel"] == "app", "category"].value_counts()))),
      ("and store?", orders_only(lambda t: rows(t.loc[t["channel"] == "store", "category"].value_counts()))),
      ("go back to the first one", orders_only(lambda t: rows(t["category"].value_counts())))),
    q.dialogue("d-two", "hard", "plain",
      ("average order value and number of orders by channel", orders_only(lambda t: rows(
          [(k, (p["net_amount"].mean(), len(p))) for k, p in t.groupby("channel")]))),
      ("sort by average order value", orders_only(lambda t: listed(
          t.groupby("channel")["net_amount"].mean().sort_values(ascending=False).index, ordered=True))),
      ("drop the store", orders_only(lambda t: rows(
          t[t["channel"] != "store"].groupby("channel")["net_amount"].mean(), only=True)))),
)  # fmt: skip


def only(city: str, cities: pd.Series) -> Expect:
    """This city and no other stands in the first sentence."""
    return name(city) & Expect(never=tuple(rf"\b{other}\b" for other in set(cities) - {city}))


def share_of(values: pd.Series) -> pd.Series:
    return values / values.sum()


def top_rate(t: Frame, column: str) -> Expect:
    rates = (t["returned"] == "Y").groupby(t[column]).mean().sort_values(ascending=False)
    return name(str(rates.index[0])) & percent(float(rates.iloc[0]))


def newsletter(orders: Frame, customers: Frame) -> Expect:
    """Orders for each customer by subscription, over all customers or over those who ordered."""
    counts = orders["customer_id"].value_counts()
    n = customers.assign(n=customers["customer_id"].map(counts).fillna(0))
    everyone, buyers = (part.groupby("newsletter")["n"].mean() for part in (n, n[n["n"] > 0]))
    return shows(*everyone) | shows(*buyers)
