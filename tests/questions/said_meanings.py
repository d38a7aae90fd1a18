"""Questions whose business words could mean two columns, and conditions with percent, zero or sizes."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import ambiguous, leader, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import orders_only

policies, hotel, gym, subscribers, loans, shop = (
    Asker(n, "open") for n in ("policies", "hotel", "gym", "subscribers", "loans", "shop")
)
gifts, cards, clinic, club, tips, wholesale = (
    Asker(n, "open") for n in ("gifts", "cards", "clinic", "club", "tips", "wholesale")
)
gapminder, calls, wallet, parcels, telco = (
    Asker(n, "open") for n in ("gapminder", "calls", "wallet", "parcels", "telco")
)
Frame = pd.DataFrame
ASKED = Expect(statuses=frozenset({"clarify"}))


MEANT: tuple[Question, ...] = (
    policies("meant-sells", "which channel sells the most policies", "top", "medium", "business",
             lambda t: leader(t["sales_channel"].value_counts())),
    policies("meant-sold", "share of policies sold by banks", "share", "medium", "business",
             lambda t: percent((t["sales_channel"] == "Bank").mean())),
    policies("meant-sold-n", "how many policies did brokers sell", "filter", "medium", "business",
             lambda t: number((t["sales_channel"] == "Broker").sum())),
    policies("meant-sold-region", "number of policies sold per region", "group", "easy", "business",
             lambda t: rows(t["region"].value_counts())),
    policies("meant-profit", "profit = premium less claims, by region", "aggregation", "hard", "business",
             lambda t: rows((t["annual_premium_gbp"] - t["claims_paid_gbp"]).groupby(t["region"]).sum())
             | rows((t["annual_premium_gbp"] - t["claims_paid_gbp"]).groupby(t["region"]).mean()) | ASKED),
    policies("meant-cheapest", "cheapest region for home insurance", "top", "hard", "business",
             lambda t: leader(t[t["product"] == "Home"].groupby("region")["annual_premium_gbp"].mean(),
                 least=True)),
    policies("meant-dearest", "most expensive region for motor insurance", "top", "hard", "business",
             lambda t: leader(t[t["product"] == "Motor"].groupby("region")["annual_premium_gbp"].mean())),
    policies("meant-per-claim", "average cost per claim", "aggregation", "hard", "business",
             lambda t: number(t["claims_paid_gbp"].sum() / t["claims_count"].sum()) | ASKED),
    policies("meant-claims", "what do claims cost us", "aggregation", "medium", "business",
             lambda t: shows(t["claims_paid_gbp"].sum()) | number(t["claims_paid_gbp"].mean())),
    policies("meant-north", "average premium in north london", "filter", "hard", "plain",
             lambda t: Expect(statuses=frozenset({"clarify", "refused"}))),
    hotel("meant-adr", "average daily rate by market segment", "group", "medium", "business",
          lambda t: rows(t.groupby("market_segment")["adr"].mean())),
    hotel("meant-normal", "what is a normal price", "ambiguous", "medium", "plain",
          lambda t: ambiguous(shows(t["adr"].median())) | number(t["adr"].median())
              | number(t["adr"].mean())),
    subscribers("meant-pay", "what do people pay on average per month", "aggregation", "medium", "plain",
                lambda t: number(t["monthly_fee"].mean())),
    telco("meant-pay", "what does a customer pay per month on average", "aggregation", "medium", "plain",
          lambda t: number(t["MonthlyCharges"].mean())),
    parcels("meant-unsuccessful", "unsuccessful payments", "impossible", "medium", "terse",
            lambda t: Expect(statuses=frozenset({"clarify", "refused"}))),
    wallet("meant-unsuccessful", "number of unsuccessful payments", "filter", "hard", "plain",
           lambda t: number((t["status"] == "Failed").sum()) | number((t["status"] != "Success").sum())
               | ASKED),
    wallet("meant-successful", "number of successful payments in Delhi", "filter", "medium", "plain",
           lambda t: number(((t["status"] == "Success") & (t["home_city"] == "Delhi")).sum())),
    calls("meant-unresolved", "how many calls were unresolved", "filter", "hard", "plain",
          lambda t: number((t["outcome"] != "Resolved").sum()) | ASKED),
)  # fmt: skip


LIMITS: tuple[Question, ...] = (
    loans("limit-percent-of", "loans where over 80% of the principal is outstanding", "filter", "hard",
          "business",
          lambda t: number((t["OutstandingBal"] > 0.8 * t["PrincipalAmt"]).sum())),
    shop("limit-discount", "orders with a 10% discount in the app", "filter", "medium", "plain",
         orders_only(lambda t: number(((t["discount_pct"] == 10) & (t["channel"] == "app")).sum()))),
    shop("limit-off", "how many orders got 20% off", "filter", "medium", "plain",
         orders_only(lambda t: number((t["discount_pct"] == 20).sum()))),
    gifts("limit-zero", "donations of 0 dollars", "filter", "medium", "plain",
          lambda t: number((t["amt_usd"] == 0).sum()) | Expect(says=(r"^\W*no\b|\bnone\b",))),
    cards("limit-zeros", "share of zeros in INSTALLMENTS_PURCHASES", "share", "medium", "plain",
          lambda t: percent((t["INSTALLMENTS_PURCHASES"] == 0).mean())),
    wallet("limit-zero-cashback", "any payments with zero cashback?", "filter", "medium", "plain",
           lambda t: shows((t["cashback_inr"] == 0).sum())),
    wallet("limit-zero-rupees", "any payments of zero rupees?", "filter", "medium", "plain",
           lambda t: number((t["amount_inr"] == 0).sum()) | Expect(says=(r"^\W*no\b|\bnone\b",))),
    club("limit-lakh", "members over 2 lakh per city", "filter", "hard", "business",
         lambda t: rows(t.loc[t["SpendINR"] > 200_000, "City"].value_counts()) | ASKED),
    tips("limit-groups", "groups of 6, how many", "filter", "medium", "terse",
         lambda t: number((t["size"] == 6).sum())),
    tips("limit-tables", "number of tables of 5 or more", "filter", "medium", "plain",
         lambda t: number((t["size"] >= 5).sum())),
    tips("limit-parties", "average tip of parties of 4", "filter", "medium", "plain",
         lambda t: number(t.loc[t["size"] == 4, "tip"].mean())),
    hotel("limit-single", "bookings by single adults without kids", "filter", "hard", "plain",
          lambda t: number(((t["adults"] == 1) & (t["children"] == 0)).sum())),
    wholesale("limit-comma", "invoices over 500,00", "filter", "medium", "plain",
              lambda t: number((t["Umsatz"] > 500).sum())),
    wholesale("limit-comma-low", "average Umsatz of invoices below 99,50", "filter", "medium", "plain",
              lambda t: number(t.loc[t["Umsatz"] < 99.5, "Umsatz"].mean())),
    gapminder("limit-million", "how many million people lived in France in 1982", "filter", "medium", "plain",
              lambda t: either(*(number(t.loc[(t["country"] == "France") & (t["year"] == 1982),
                  "pop"].sum() / d)
                                 for d in (1, 1e6)))),
    gapminder("limit-millions", "population of Japan in 2007 in millions", "filter", "medium", "plain",
              lambda t: either(*(number(t.loc[(t["country"] == "Japan") & (t["year"] == 2007),
                  "pop"].sum() / d)
                                 for d in (1, 1e6)))),
    clinic("limit-age", "patients under 18 in Lund", "filter", "hard", "terse",
           lambda a, p: either(*(number(n) for n in under_18(a, p)))),
    gifts("limit-between", "gifts of 100 to 200 dollars", "filter", "easy", "plain",
          lambda t: number(t["amt_usd"].between(100, 200).sum())),
)  # fmt: skip


def under_18(a: Frame, p: Frame) -> set[int]:
    """Patients of Lund under 18 today, or on the last day of the data."""
    lund = p[p["town"] == "Lund"]
    found = set()
    for day in (a["appt_at"].max(), a["booked_on"].max(), pd.Timestamp.today()):
        found.add(int(((day - lund["dob"]).dt.days / 365.25 < 18).sum()))
    return found


SMALL: tuple[Question, ...] = (
    subscribers("small-key", "is subscriber_id a unique key", "quality", "medium", "plain",
                lambda t: Expect(says=(r"\byes\b|unique|no duplicate|no .*twice|different|distinct|each",))),
    hotel("small-shortest", "rank countries by average nights, shortest first", "top", "medium", "plain",
          lambda t: rows(t.groupby("country")["nights"].mean().sort_values(), ordered=True)),
    loans("small-term", "average rate per term, longest term first", "group", "medium", "plain",
          lambda t: rows(t.groupby("TermMonths")["IntRatePct"].mean().sort_index(ascending=False),
              ordered=True)),
    telco("small-both", "highest and lowest monthly charge", "aggregation", "medium", "plain",
          lambda t: shows(t["MonthlyCharges"].max(), t["MonthlyCharges"].min())),
    loans("small-both", "highest and lowest credit score", "aggregation", "medium", "plain",
          lambda t: shows(t["CreditScore"].max(), t["CreditScore"].min())),
    parcels("small-number-and", "parcels per depot, number and total charge", "group", "medium", "terse",
            lambda t: rows([(d, (n, s)) for d, n, s in zip(
                t.groupby("depot").size().index, t.groupby("depot").size(),
                t.groupby("depot")["charge_gbp"].sum(), strict=True)])),
    telco("small-either", "either streaming tv or streaming movies but not both, how many", "filter", "hard",
          "plain",
          lambda t: number(((t["StreamingTV"] == "Yes") ^ (t["StreamingMovies"] == "Yes")).sum())),
    loans("small-bands", "default rate for scores under 600, 600-700 and over 700", "group", "hard", "plain",
          lambda t: shares((t.loc[t["CreditScore"] < 600, "Defaulted"] == "Yes").mean(),
                           (t.loc[t["CreditScore"] > 700, "Defaulted"] == "Yes").mean())),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*MEANT, *LIMITS, *SMALL)
