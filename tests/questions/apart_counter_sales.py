"""Kept apart: shopkeepers and sales people over the counter, on orders, records, books and bills."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import chart, hours, leader, listed, number, percent, rows, shows
from tests.questions.model import Asker, Expect, Question

shop, retail, cdnow, wholesale = (Asker(n, "apart") for n in ("shop", "retail", "cdnow", "wholesale"))
tips, grocery, books = (Asker(n, "apart") for n in ("tips", "grocery", "books"))
Frame = pd.DataFrame
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def any_of(*options: Expect) -> Expect:
    whole = options[0]
    for option in options[1:]:
        whole = whole | option
    return whole


def both_ways(o: Frame) -> tuple[Frame, Frame]:
    """The orders as they are, and with the repeated rows once."""
    return o, o.drop_duplicates()


def weekdays(values: pd.Series) -> pd.Series:
    """Values by the number of the weekday, labelled with its name."""
    return values.set_axis([f"{DAYS[d]}|{DAYS[d][:3]}" for d in values.index])


def year_2023(o: Frame, c: Frame) -> Expect:
    return any_of(*(number(t.loc[t["ordered_at"].dt.year == 2023, "net_amount"].sum())
                    for t in both_ways(o)))  # fmt: skip


def by_app(o: Frame, c: Frame) -> Expect:
    return any_of(*(number((t["channel"] == "app").sum()) for t in both_ways(o)))


def tier_baskets(o: Frame, c: Frame) -> Expect:
    made = [t.merge(c, on="customer_id").groupby("loyalty_tier")["net_amount"].mean() for t in both_ways(o)]
    return any_of(*(shows(m["Gold"], m["Bronze"]) for m in made))


def brought_back(o: Frame, c: Frame) -> Expect:
    """Orders sent back, pieces sent back, or the part of the orders."""
    made = []
    for t in both_ways(o):
        joined = t.merge(c, on="customer_id")
        back = joined[joined["returned"] == "Y"]
        made += [leader(back["city"].value_counts()), leader(back.groupby("city")["quantity"].sum())]
        made.append(leader((joined["returned"] == "Y").groupby(joined["city"]).mean(), share=True))
    return any_of(*made)


def by_newsletter(o: Frame, c: Frame) -> Expect:
    made = [t.merge(c, on="customer_id").groupby("newsletter")["net_amount"].mean() for t in both_ways(o)]
    return any_of(*(shows(m["yes"], m["no"]) for m in made))


def by_discount(o: Frame, c: Frame) -> Expect:
    return any_of(*(rows((t["returned"] == "Y").groupby(t["discount_pct"]).mean(), as_percent=True)
                    for t in both_ways(o)))  # fmt: skip


def falls(o: Frame, c: Frame) -> Expect:
    made = []
    for t in both_ways(o):
        monthly = t.groupby(t["ordered_at"].dt.to_period("M"))["net_amount"].sum()
        made.append(listed(monthly.index[monthly.diff() < 0], only=True))
    return any_of(*made)


def takings_pie(o: Frame, c: Frame) -> Expect:
    sums = [t.groupby("category")["net_amount"].sum() for t in both_ways(o)]
    made = [chart("pie", s) for s in sums]
    return any_of(*made, *(chart("pie", s / s.sum(), as_percent=True) for s in sums))


SHOP: tuple[Question, ...] = (
    shop("ac-took", "how much did we take in 2023 all together", "filter", "easy", "chatty", year_2023),
    shop("ac-app", "no of orders thru the app", "filter", "easy", "terse", by_app),
    shop("ac-tiers", "avg basket of gold members vs bronze ones", "join", "medium", "business", tier_baskets),
    shop("ac-back", "wich city brings back the most stuff", "join", "hard", "misspelt", brought_back),
    shop("ac-sleeping", "customers who signed up but never ordered anything - how many?", "join", "medium",
         "plain", lambda o, c: number((~c["customer_id"].isin(o["customer_id"])).sum())),
    shop("ac-pie", "pie chart pls, takings by category", "chart", "easy", "chatty", takings_pie),
    shop("ac-news", "do people on the newsletter spend more per order than people who are not", "difference",
         "hard", "plain", by_newsletter),
    shop("ac-disc", "return rate by discount level", "share", "medium", "business", by_discount),
    shop("ac-falls", "which months had lower revenue than the month before", "trend", "hard", "plain", falls),
)  # fmt: skip


def lifetime(t: Frame) -> Expect:
    """Of all customers, or of those with more than one day of orders."""
    by = t.groupby("customer_id")["order_date"]
    days = (by.max() - by.min()).dt.days
    return number(days.mean()) | number(days[days > 0].mean()) | number(days[by.size() > 1].mean())


def came_back(t: Frame) -> Expect:
    by = t.groupby("customer_id")["order_date"]
    return percent((by.size() > 1).mean()) | percent((by.nunique() > 1).mean())


RETAIL: tuple[Question, ...] = (
    retail("ac-2004", "totall revnue of 2004", "filter", "easy", "misspelt",
           lambda t: number(t.loc[t["order_date"].dt.year == 2004, "revenue"].sum())),
    retail("ac-often", "who bought most often?", "top", "easy", "plain",
           lambda t: leader(t["customer_id"].value_counts())),
    retail("ac-again", "share of customers that came back at least once", "share", "medium", "business",
           came_back),
    retail("ac-life", "avg number of days between a customer's first and last order", "aggregation", "hard",
           "plain", lifetime),
    retail("ac-line", "revenue by year as a line", "chart", "easy", "terse",
           lambda t: chart("line", t.groupby(t["order_date"].dt.year)["revenue"].sum())),
)  # fmt: skip


def top_tenth(t: Frame) -> Expect:
    spent = t.groupby("customer_id")["dollar_value"].sum()
    many = spent.nlargest(round(len(spent) / 10)).sum()
    over = spent[spent >= spent.quantile(0.9)].sum()
    return percent(many / spent.sum(), tolerance=0.1) | percent(over / spent.sum(), tolerance=0.1)


def best_weekday(t: Frame) -> Expect:
    by = t.groupby(t["date"].dt.day_of_week)
    return any_of(*(leader(weekdays(s)) for s in (
        by.size(), by["dollar_value"].sum(), by["number_of_cds"].sum())))  # fmt: skip


CDNOW: tuple[Question, ...] = (
    cdnow("ac-cds", "how many cds were sold in all?", "aggregation", "easy", "plain",
          lambda t: number(t["number_of_cds"].sum())),
    cdnow("ac-wday", "busiest weekday", "calendar", "easy", "terse", best_weekday),
    cdnow("ac-tenth", "what part of our sales comes from the best 10% of customers", "share", "hard",
          "business", top_tenth),
)  # fmt: skip


def per_piece(t: Frame) -> Expect:
    sums = t.groupby("Produkt")[["Umsatz", "Menge"]].sum()
    return rows(sums["Umsatz"] / sums["Menge"]) | rows(
        (t["Umsatz"] / t["Menge"]).groupby(t["Produkt"]).mean()
    )


def two_products(t: Frame) -> Expect:
    sums = t.groupby("Produkt")["Umsatz"].sum()[["Schrauben", "Dübel"]]
    return leader(sums)


WHOLESALE: tuple[Question, ...] = (
    wholesale("ac-sued", "umsatz for region süd", "filter", "easy", "terse",
              lambda t: number(t.loc[t["Region"] == "Süd", "Umsatz"].sum())),
    wholesale("ac-best", "our best customer by turnover", "top", "easy", "business",
              lambda t: leader(t.groupby("Kunde")["Umsatz"].sum())),
    wholesale("ac-quart", "turnover per quarter", "trend", "easy", "terse",
              lambda t: rows(t.groupby(t["Datum"].dt.to_period("Q"))["Umsatz"].sum())),
    wholesale("ac-piece", "price per piece for each product", "group", "medium", "business", per_piece),
    wholesale("ac-two", "Schrauben or Dübel, which one brings in more money?", "difference", "medium",
              "chatty", two_products),
)  # fmt: skip


def tip_rate(t: Frame) -> Expect:
    sums = t.groupby("time")[["tip", "total_bill"]].sum()
    made = ((t["tip"] / t["total_bill"]).groupby(t["time"]).mean(), sums["tip"] / sums["total_bill"])
    return any_of(*(rows(m, as_percent=True) for m in made))


def peak(t: Frame) -> Expect:
    """By orders, not by their lines."""
    return leader(hours(t.groupby("order_hour_of_day")["order_id"].nunique()))


OTHERS: tuple[Question, ...] = (
    tips("ac-max", "biggest tip we ever got", "aggregation", "easy", "chatty",
         lambda t: number(t["tip"].max())),
    tips("ac-rate", "tip as % of the bill, lunch and dinner", "group", "medium", "terse", tip_rate),
    tips("ac-large", "how many tables of 5 or more", "filter", "easy", "plain",
         lambda t: number((t["size"] >= 5).sum())),
    grocery("ac-prods", "how many diffrent products got orderd", "aggregation", "easy", "misspelt",
            lambda t: number(t["product_id"].nunique())),
    grocery("ac-items", "avg items per order", "aggregation", "medium", "terse",
            lambda t: number(len(t) / t["order_id"].nunique())),
    grocery("ac-peak", "at what time of day are the most orders placed?", "calendar", "medium", "plain",
            peak),
    books("ac-florence", "how many members bought the florence title", "filter", "easy", "plain",
          lambda t: number((t["Florence"] == 1).sum())),
)  # fmt: skip

QUESTIONS = SHOP + RETAIL + CDNOW + WHOLESALE + OTHERS
