"""Figures about orders, an online shop and hotel bookings, as strangers to the product type them."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import leader, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined, orders_only

retail, cdnow, shop, hotel = (Asker(n, "open") for n in ("retail", "cdnow", "shop", "hotel"))
Frame = pd.DataFrame


def first_orders(t: Frame) -> pd.Series:
    """The first order date of each customer."""
    return t.groupby("customer_id")["order_date"].min()


def years_of(t: Frame) -> pd.Series:
    return t.groupby("customer_id")["order_date"].agg(lambda days: frozenset(days.dt.year))


def cohorts(t: Frame) -> Expect:
    """Revenue per customer by the year of the first order."""
    year = first_orders(t).dt.year
    spend = t.groupby("customer_id")["revenue"].sum()
    return rows(spend.groupby(year).mean())


def came_back(t: Frame) -> Expect:
    """Of those whose first purchase lies in January 1997, the share with a later one."""
    days = t.groupby("customer_id")["date"].agg(["min", "size", "nunique"])
    january = days[days["min"] < "1997-02-01"]
    return percent((january["size"] > 1).mean()) | percent((january["nunique"] > 1).mean())


ORDERS: tuple[Question, ...] = (
    retail("fresh-new", "new customers per yr", "trend", "hard", "terse",
           lambda t: rows(first_orders(t).dt.year.value_counts())),
    retail("fresh-lapsed", "bought in 2004 but nothing in 2005, how many customers is that", "filter", "hard",
           "chatty", lambda t: number(years_of(t).map(lambda y: 2004 in y and 2005 not in y).sum())),
    retail("fresh-everyyear", "customers with an order in each of 2004, 2005 and 2006", "filter", "hard",
           "plain", lambda t: number(years_of(t).map(lambda y: {2004, 2005, 2006} <= y).sum())),
    retail("fresh-life", "median lifetime spend of a customer", "aggregation", "hard", "business",
           lambda t: number(t.groupby("customer_id")["revenue"].sum().median())),
    retail("fresh-cohort", "revenue per customer depending on the year of their first order", "group", "hard",
           "business", cohorts),
    retail("fresh-span", "avg no of days between a customers first and last order", "aggregation", "hard",
           "misspelt", lambda t: number((t.groupby("customer_id")["order_date"].max()
                                         - first_orders(t)).dt.days.mean())),
    retail("fresh-share2plus", "% of 2005 revenue from orders of 150 or more", "share", "hard", "terse",
           lambda t: percent(t.loc[(t["order_date"].dt.year == 2005) & (t["revenue"] >= 150), "revenue"].sum()
                             / t.loc[t["order_date"].dt.year == 2005, "revenue"].sum())),
    cdnow("fresh-back", "of the people whose first purchase was in jan 97, what fraction ever came back?",
          "share", "hard", "business", came_back),
    cdnow("fresh-percd", "avg price per cd", "aggregation", "hard", "terse",
          lambda t: number(t["dollar_value"].sum() / t["number_of_cds"].sum())
          | number((t["dollar_value"] / t["number_of_cds"]).mean())),
    cdnow("fresh-free", "orders worth 0 dollars: how many, and what share of all orders", "share", "medium",
          "plain", lambda t: shows((t["dollar_value"] == 0).sum()) & shares((t["dollar_value"] == 0).mean())),
    cdnow("fresh-newmonth", "first-time buyers by month", "trend", "hard", "business",
          lambda t: rows(t.groupby("customer_id")["date"].min().dt.to_period("M").value_counts())),
    cdnow("fresh-heavy", "revenue coming from customers with 10 or more orders", "filter", "hard", "business",
          lambda t: number(t.loc[t.groupby("customer_id")["date"].transform("size") >= 10,
                                 "dollar_value"].sum())),
    cdnow("fresh-bestday", "which weekday has the highest avg order value", "calendar", "medium", "plain",
          lambda t: leader(t.groupby(t["date"].dt.day_name())["dollar_value"].mean())),
    cdnow("fresh-h1", "sales jan-june 1998 compared to jan-june 1997, in percent", "trend", "hard", "terse",
          lambda t: percent(t.loc[t["date"] >= "1998-01-01", "dollar_value"].sum()
                            / t.loc[t["date"] < "1997-07-01", "dollar_value"].sum() - 1, either_sign=True)),
)  # fmt: skip


def never_bought(orders: Frame, customers: Frame) -> Expect:
    """Customers without an order by city."""
    none = customers[~customers["customer_id"].isin(orders["customer_id"])]
    return rows(none["city"].value_counts())


def gold_no_shoes(orders: Frame, customers: Frame) -> Expect:
    """Gold customers without shoes among their orders: all of them, or those who ordered at all."""
    gold = customers.loc[customers["loyalty_tier"] == "Gold", "customer_id"]
    shod = orders.loc[orders["category"] == "Shoes", "customer_id"]
    without, ordered = ~gold.isin(shod), gold.isin(orders["customer_id"])
    return number(without.sum()) | number((without & ordered).sum())


def ages(orders: Frame, customers: Frame) -> Expect:
    """Mean age of app and of store buyers, each counted once or once for each order."""
    whole = orders.merge(customers, on="customer_id")
    once = whole.drop_duplicates(["customer_id", "channel"])
    return either(*(shows(*(w.loc[w["channel"] == c, "age"].mean() for c in ("app", "store")))
                    for w in (once, whole, whole.drop_duplicates())))  # fmt: skip


def best_category(t: Frame) -> Expect:
    """The best category of each city, by revenue or by orders."""
    made = []
    for values in (t.groupby(["city", "category"])["net_amount"].sum(),
                   t.groupby(["city", "category"]).size(),
                   t.groupby(["city", "category"])["quantity"].sum()):  # fmt: skip
        made.append(rows([((c, k), v) for (c, k), v in values.loc[values.groupby(level=0).idxmax()].items()]))
    return either(*made)


def tier_aov(t: Frame) -> Expect:
    """Mean over customers of their own mean order value."""
    own = t.groupby(["loyalty_tier", "customer_id"])["net_amount"].mean()
    return rows(own.groupby(level=0).mean())


def per_reader(orders: Frame, customers: Frame) -> Expect:
    """Orders per customer with and without the newsletter, over buyers or over all customers."""
    made = []
    for table in (orders, orders.drop_duplicates()):
        n = customers["customer_id"].map(table["customer_id"].value_counts())
        made += [shows(*n.groupby(customers["newsletter"]).mean()),
                 shows(*n.fillna(0).groupby(customers["newsletter"]).mean())]  # fmt: skip
    return either(*made)


SHOP: tuple[Question, ...] = (
    shop("fresh-never", "customers without any order, by city", "join", "hard", "business", never_bought),
    shop("fresh-noshoes", "how many Gold customers never bought shoes", "join", "hard", "business",
         gold_no_shoes),
    shop("fresh-ages", "avg age app buyers vs store buyers", "join", "hard", "terse", ages),
    shop("fresh-bestcat", "best selling category in every city", "join", "hard", "business",
         joined(best_category)),
    shop("fresh-tieraov", "take each customer's average order value, then average that per loyalty tier",
         "join", "hard", "plain", joined(tier_aov)),
    shop("fresh-reader", "orders per customer: newsletter readers vs those who said no", "join", "hard",
         "business", per_reader),
    shop("fresh-disc", "return rate with discount vs without", "share", "hard", "terse",
         orders_only(lambda t: shares(*(t["returned"] == "Y").groupby(t["discount_pct"] > 0).mean()))),
    shop("fresh-h1", "revenue 1st half 2024 vs 1st half 2023", "trend", "medium", "business",
         orders_only(lambda t: shows(t.loc[t["ordered_at"] >= "2024-01-01", "net_amount"].sum(),
                                     t.loc[t["ordered_at"] < "2023-07-01", "net_amount"].sum()))),
    shop("fresh-newbuyers", "how many new buyers did we get each month of 2024 (by first order)", "trend",
         "hard", "chatty", orders_only(lambda t: rows(t.groupby("customer_id")["ordered_at"].min().pipe(
             lambda first: first[first >= "2024-01-01"].dt.to_period("M").value_counts()), only=True))),
    shop("fresh-two", "customers who ordered via the app AND in store", "join", "hard", "plain",
         orders_only(lambda t: number(t.groupby("customer_id")["channel"].agg(frozenset).map(
             lambda c: {"app", "store"} <= c).sum()))),
    shop("fresh-big5", "top 5 customers what share of turnover", "share", "hard", "terse",
         orders_only(lambda t: percent(t.groupby("customer_id")["net_amount"].sum().nlargest(5).sum()
                                       / t["net_amount"].sum()))),
    shop("fresh-berliner", "Berlin ladies... sorry, Berlin customers over 60, what did they spend all in all",
         "join", "hard", "chatty", joined(lambda t: number(
             t.loc[(t["city"] == "Berlin") & (t["age"] > 60), "net_amount"].sum()))),
)  # fmt: skip


def guests_all_cancelled(t: Frame) -> Expect:
    return number((t.groupby("guest_id")["is_canceled"].min() == 1).sum())


def month_rate(t: Frame) -> Expect:
    part = t[t["arrival_date"].dt.year == 2023]
    rate = part.groupby(part["arrival_date"].dt.to_period("M"))["is_canceled"].mean()
    return leader(rate, share=True)


def lead_having(t: Frame) -> Expect:
    median = t.groupby("market_segment")["lead_time_days"].median()
    return rows(median[median > 54], only=True)


def weekend_guests(t: Frame) -> Expect:
    """Arrivals on Friday or Saturday: of the bookings, or of the guests; all, or those not cancelled."""
    made = []
    for part in (t, t[t["is_canceled"] == 0]):
        late = part["arrival_date"].dt.day_of_week.isin([4, 5])
        made += [percent(late.mean()), percent(late.groupby(part["guest_id"]).max().mean())]
    return either(*made)


HOTEL: tuple[Question, ...] = (
    hotel("fresh-value", "booking value = adr x nights. total for stays that actually happened",
          "aggregation", "hard", "business",
          lambda t: number((t["adr"] * t["nights"])[t["is_canceled"] == 0].sum())),
    hotel("fresh-guests", "avg no of guests per booking, adults plus kids", "aggregation", "hard", "terse",
          lambda t: number((t["adults"] + t["children"]).mean())),
    hotel("fresh-groups90", "cancel % for groups booked 90+ days ahead", "share", "hard", "terse",
          lambda t: percent(t.loc[(t["market_segment"] == "Groups") & (t["lead_time_days"] >= 90),
                                  "is_canceled"].mean())),
    hotel("fresh-worstmonth", "in 2023, which arrival month had the highest cancellation rate?", "calendar",
          "hard", "plain", month_rate),
    hotel("fresh-allcancel", "guests who cancelled every single booking they made", "filter", "hard", "plain",
          guests_all_cancelled),
    hotel("fresh-leadhaving", "market segments whose median lead time is over 54 days", "filter", "hard",
          "plain", lead_having),
    hotel("fresh-resortshare", "for each country, what percent of the bookings is for the resort", "share",
          "hard", "business", lambda t: rows((t["hotel"] == "Resort Hotel").groupby(t["country"]).mean(),
                                             as_percent=True)),
    hotel("fresh-quietq", "quarter with the fewest arrivals", "calendar", "medium", "business",
          lambda t: either(leader(t["arrival_date"].dt.to_period("Q").value_counts(), least=True),
                           leader(t.loc[t["is_canceled"] == 0, "arrival_date"].dt.to_period(
                               "Q").value_counts(), least=True),
                           leader(("Q" + t["arrival_date"].dt.quarter.astype(str)).value_counts(),
                                  least=True))),
    hotel("fresh-solo", "solo travellers (1 adult 0 kids) - avg adr city vs resort", "filter", "hard",
          "business", lambda t: shows(*t[(t["adults"] == 1) & (t["children"] == 0)].groupby(
              "hotel")["adr"].mean())),
    hotel("fresh-weekendarr", "what share of guests arrive on a fri or sat", "calendar", "hard", "chatty",
          weekend_guests),
)  # fmt: skip

QUESTIONS = ORDERS + SHOP + HOTEL
