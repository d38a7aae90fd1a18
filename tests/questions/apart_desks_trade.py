"""Kept apart: a revenue manager of hotels, and a shop owner who writes English with Spanish habits."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, listed, mentions, number, percent, rows, shows, upper, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import joined, orders_only

hotel, club, shop = (Asker(n, "apart") for n in ("hotel", "club", "shop"))
retail, wholesale = Asker("retail", "apart"), Asker("wholesale", "apart")
Frame = pd.DataFrame


def kept(t: Frame) -> Frame:
    return t[t["is_canceled"] == 0]


def year(t: Frame, wanted: int) -> Frame:
    return t[t["arrival_date"].dt.year == wanted]


def rate(t: Frame) -> Expect:
    """Mean rate of a month: of bookings or of room nights, all of them or those kept."""
    made = []
    for part in (t, kept(t)):
        part = year(part[part["hotel"] == "Resort Hotel"], 2024)
        by = part["arrival_date"].dt.to_period("M")
        nights = (part["adr"] * part["nights"]).groupby(by).sum() / part["nights"].groupby(by).sum()
        made += [rows(part.groupby(by)["adr"].mean()), rows(nights) & mentions("night")]
    return either(*made)


def lost(t: Frame) -> Expect:
    part = year(t[t["is_canceled"] == 1], 2024)
    return number((part["adr"] * part["nights"]).sum())


def agents(t: Frame) -> Expect:
    return either(*(percent(part.loc[part["market_segment"] == "Online TA", "nights"].sum()
                            / part["nights"].sum()) for part in (t, kept(t))))  # fmt: skip


def by_lead(t: Frame) -> Expect:
    """Up to 30 days, to 90, more; the edges on either side."""
    made = []
    for right in (True, False):
        bands = pd.cut(t["lead_time_days"], [-1, 30, 90, 999], right=right)
        made.append(shares(*t["is_canceled"].groupby(bands, observed=True).mean()))
    return either(*made)


def weekends(t: Frame) -> Expect:
    """Saturday and Sunday, or Friday and Saturday as hotels count."""
    made = []
    for part in (t, kept(t)):
        for days in ([5, 6], [4, 5], [4, 5, 6]):
            by = part.groupby(part["arrival_date"].dt.day_of_week.isin(days))["nights"]
            made.append(shows(*by.mean()))
    return either(*made)


def of_hotels(t: Frame) -> Expect:
    made = []
    for part in (t, kept(t)):
        sums = part.groupby(["hotel", "country"])["nights"].sum()
        made.append(rows([((h, c), v) for (h, c), v in sums.loc[sums.groupby(level=0).idxmax()].items()]))
    return either(*made)


def quarters(t: Frame) -> Expect:
    """Change of the number of bookings, quarter by quarter; all of them or those kept."""
    made = []
    for part in (t, kept(t)):
        now, before = (year(part, y)["arrival_date"].dt.quarter.value_counts() for y in (2024, 2023))
        made.append(shares(*(now / before - 1).sort_index()))
    return either(*made)


def leavers(t: Frame) -> Expect:
    """They book far longer ahead; all else is nearly the same."""
    return mentions(r"lead|ahead|in advance|earlier")


def tiers(t: Frame) -> Expect:
    counts = t.groupby([t["EnrolDate"].dt.year, "Tier"]).size()
    return rows([((str(y), tier), n) for (y, tier), n in counts.items()])


def at_dates(t: Frame) -> Expect:
    return number((t["LastStay"] < "2024-07-01").sum()) | number((t["LastStay"] <= "2024-07-01").sum())


HOTELS: tuple[Question, ...] = (
    hotel("ad-rate", "ADR by month 2024, resort only", "trend", "hard", "business", rate),
    hotel("ad-lost", "room revenue lost to cancellations in 2024 (adr times nights)", "filter", "hard",
          "business", lost),
    hotel("ad-ota", "OTA share of room nights (Online TA)", "share", "medium", "business", agents),
    hotel("ad-lead", "cancellation rate for lead times of 0-30 days, 31-90 and above 90", "share", "hard",
          "business", by_lead),
    hotel("ad-silly", "any silly rates in there? show me the bookings with an adr over 1000", "outliers",
          "medium", "chatty", lambda t: listed(t.loc[t["adr"] > 1000, "booking_id"], only=True)
          | shows(*t.loc[t["adr"] > 1000, "adr"])),
    hotel("ad-party", "average party size (adults plus children) by market segment", "group", "hard",
          "business", lambda t: rows((t["adults"] + t["children"]).groupby(t["market_segment"]).mean())),
    hotel("ad-weekend", "length of stay, weekend arrivals versus weekday arrivals", "difference", "hard",
          "business", weekends),
    hotel("ad-repeat", "what % of guests booked more than once", "share", "medium", "plain",
          lambda t: percent((t["guest_id"].value_counts() > 1).mean())
          | percent((kept(t)["guest_id"].value_counts() > 1).mean()) & mentions("cancel")),
    hotel("ad-feeder", "number one country by room nights for each hotel", "rank", "hard", "business",
          of_hotels),
    hotel("ad-groups75", "75th percentile lead time, groups", "quantile", "medium", "terse",
          lambda t: upper(t.loc[t["market_segment"] == "Groups", "lead_time_days"], 0.75)),
    hotel("ad-yoy", "bookings by arrival quarter, 2024 against 2023, change in %", "trend", "hard",
          "business", quarters),
    hotel("ad-leavers", "what sets the guests who cancel apart from those who come", "profile", "hard",
          "business", leavers),
    hotel("ad-adr", "what does adr mean", "meta", "easy", "plain",
          lambda t: mentions(r"average daily rate|daily rate|rate|per night")),
    hotel("ad-nocountry", "bookings without a country as a percentage", "quality", "medium", "plain",
          lambda t: percent(t["country"].isna().mean())),
    club("ad-asleep", "members whose last stay was before 1 july 2024", "filter", "easy", "business",
         at_dates),
    club("ad-points", "unredeemed points outstanding per tier", "group", "medium", "business",
         lambda t: rows(t.groupby("Tier")["PointsBal"].sum())),
    club("ad-enrol", "enrolments by year and tier", "group", "medium", "terse", tiers),
    club("ad-burn", "which tier redeems the largest part of the points it had (redeemed over redeemed plus "
         "balance)", "top", "hard", "business", lambda t: leader(
             t.groupby("Tier")["PointsRedeemed"].sum()
             / (t["PointsRedeemed"] + t["PointsBal"]).groupby(t["Tier"]).sum(), share=True)),
)  # fmt: skip


def month(t: Frame) -> pd.Series:
    return pd.Series(t["ordered_at"].dt.to_period("M"))


def most_sold(t: Frame) -> Expect:
    """By units, by orders or by money, the last two said as such."""
    by = t.groupby("category")
    return either(leader(by["quantity"].sum()), leader(by.size()) & mentions("order|row|sales"),
                  leader(by["net_amount"].sum()) & mentions("amount|revenue|money"))  # fmt: skip


def halves(t: Frame) -> Expect:
    early = t[t["ordered_at"].dt.month <= 6]
    return shows(*early.groupby(early["ordered_at"].dt.year)["net_amount"].sum())


def slowest(t: Frame) -> Expect:
    days = t["ordered_at"].dt.day_name()
    money = t.groupby(days)["net_amount"]
    return either(*(leader(v, least=True) for v in (money.sum(), days.value_counts(), money.mean())))


def munich(t: Frame) -> Expect:
    part = t[t["city"] == "Munich"]
    return rows(part.groupby("customer_id")["net_amount"].sum().nlargest(3), ordered=True, only=True)


def discount(t: Frame) -> Expect:
    """The units of an order with a discount and without: both, or a verdict."""
    by = [t.loc[(t["discount_pct"] > 0) == k, "quantity"] for k in (False, True)]
    p = stats.ttest_ind(*by, equal_var=False).pvalue
    return shows(by[0].mean(), by[1].mean()) | verdict(bool(p < 0.05))


def repeated(o: Frame, c: Frame) -> Expect:
    return number(o.duplicated().sum()) | number(o.duplicated(keep=False).sum())


def not_again(t: Frame) -> Expect:
    came = {y: set(t.loc[t["order_date"].dt.year == y, "customer_id"]) for y in (2005, 2006)}
    return number(len(came[2005] - came[2006]))


def unit_price(t: Frame) -> Expect:
    """All the money by all the pieces, or the mean of the prices of the invoices, said as such."""
    sums = t.groupby("Produkt")[["Umsatz", "Menge"]].sum()
    each = (t["Umsatz"] / t["Menge"]).groupby(t["Produkt"]).mean()
    return rows(sums["Umsatz"] / sums["Menge"]) | rows(each) & mentions("average|mean|each (invoice|row)")


SHOP: tuple[Question, ...] = (
    shop("ad-december", "How much I sell in december 2023?", "filter", "medium", "misspelt",
         orders_only(lambda t: number(t.loc[month(t) == "2023-12", "net_amount"].sum()))),
    shop("ad-mostsold", "what is the category more sold", "top", "hard", "misspelt", orders_only(most_sold)),
    shop("ad-never", "the clients what never buy nothing, how many are", "join", "hard", "misspelt",
         lambda o, c: number((~c["customer_id"].isin(o["customer_id"])).sum())),
    shop("ad-ticket", "the average ticket in the store and in the web, please", "group", "medium", "misspelt",
         orders_only(lambda t: shows(*(t.loc[t["channel"] == k, "net_amount"].mean()
                                       for k in ("store", "web"))))),
    shop("ad-munich", "the 3 best clients of Munich by money", "join", "hard", "misspelt", joined(munich)),
    shop("ad-returns", "percent of returned orders in every chanel", "share", "medium", "misspelt",
         orders_only(lambda t: rows((t["returned"] == "Y").groupby(t["channel"]).mean(), as_percent=True))),
    shop("ad-halves", "sales january to june, of 2023 and of 2024", "trend", "hard", "plain",
         orders_only(halves)),
    shop("ad-slowest", "wich day of the week i sell less", "calendar", "hard", "misspelt",
         orders_only(slowest)),
    shop("ad-repeated", "there are orders repeated in the table? how much?", "quality", "medium", "misspelt",
         repeated),
    shop("ad-bars", "Make me a graphic with bars of the sales by month", "chart", "medium", "misspelt",
         orders_only(lambda t: chart("bar", t.groupby(month(t))["net_amount"].sum(), labels=()))),
    shop("ad-discount", "with discount the people buys more units?", "difference", "hard", "misspelt",
         orders_only(discount)),
    shop("ad-pieces", "how many pieces by order in average", "aggregation", "easy", "misspelt",
         orders_only(lambda t: number(t["quantity"].mean()))),
    shop("ad-age", "which age have the gold clients, the median", "quantile", "medium", "misspelt",
         lambda o, c: number(c.loc[c["loyalty_tier"] == "Gold", "age"].median())),
    wholesale("ad-south", "my best client of region Süd", "top", "medium", "misspelt",
              lambda t: leader(t[t["Region"] == "Süd"].groupby("Kunde")["Umsatz"].sum())),
    wholesale("ad-unit", "price by unit for every Produkt (Umsatz divided by Menge)", "group", "hard",
              "plain", unit_price),
    wholesale("ad-small", "how many invoices are of less than 500,00", "filter", "hard", "misspelt",
              lambda t: number((t["Umsatz"] < 500).sum())),
    retail("ad-notagain", "clients who bought in 2005 but in 2006 no more, the number", "filter", "hard",
           "misspelt", not_again),
    retail("ad-bestyear", "the year with the most of orders", "trend", "easy", "misspelt",
           lambda t: leader(t["order_date"].dt.year.value_counts())),
)  # fmt: skip

QUESTIONS = HOTELS + SHOP
