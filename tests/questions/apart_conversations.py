"""Kept apart: talks of several turns about policies, wallet payments and the other tables."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.apart_everyday import due, good, month, year
from tests.questions.desk_segments import RULE, bands
from tests.questions.fresh_figures import either
from tests.questions.gold import (
    chart,
    leader,
    mentions,
    name,
    number,
    percent,
    rows,
    segments,
    verdict,
)
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import WHY
from tests.questions.shop import joined, orders_only
from tests.questions.wording import ASKED

policies, wallet = Asker("policies", "apart"), Asker("wallet", "apart")
bank, telco, cards, loans = (Asker(n, "apart") for n in ("bank", "telco", "cards", "loans"))
hotel, shop, subs, calls = (Asker(n, "apart") for n in ("hotel", "shop", "subscribers", "calls"))
club, retail, cdnow, world = (Asker(n, "apart") for n in ("club", "retail", "cdnow", "gapminder"))
Frame = pd.DataFrame


def claimed(t: Frame) -> pd.Series:
    return t["claims_count"] > 0


def premium(t: Frame, product: str) -> pd.Series:
    return t[t["product"] == product].groupby("region")["annual_premium_gbp"].mean()


def renewing(t: Frame) -> pd.Series:
    return (due(t)["renewed"] == "Y").groupby(due(t)["product"]).mean()


def renewed_real(t: Frame) -> Expect:
    """Whether renewal depends on the product, by the chi-square test at five percent."""
    counts = pd.crosstab(due(t)["product"], due(t)["renewed"])
    return verdict(bool(stats.chi2_contingency(counts).pvalue < 0.05))


def bracket(t: Frame) -> pd.Series:
    return pd.cut(t["annual_premium_gbp"], [0, 200, 600, 1e9], right=False, labels=["Low", "Mid", "High"])


INSURER: tuple[Question, ...] = (
    policies.dialogue("kept-t-premium", "medium", "chatty",
        ("hi, what's our mean premium for motor?", lambda t: number(
            t.loc[t["product"] == "Motor", "annual_premium_gbp"].mean())),
        ("by region please", lambda t: rows(premium(t, "Motor"))),
        ("home instead of motor", lambda t: rows(premium(t, "Home"))),
        ("who's dearest", lambda t: leader(premium(t, "Home"))),
        ("and cheapest?", lambda t: leader(premium(t, "Home"), least=True))),
    policies.dialogue("kept-t-renew", "hard", "business",
        ("renewal rate by product where renewed is filled in", lambda t: rows(renewing(t), as_percent=True)),
        ("order it from best to worst", lambda t: rows(renewing(t).sort_values(ascending=False),
                                                       as_percent=True, ordered=True)),
        ("are these differences statistically sound?", renewed_real)),
    policies.dialogue("kept-t-years", "hard", "terse",
        ("policies started 2022", lambda t: number((year(t) == 2022).sum())),
        ("2023", lambda t: number((year(t) == 2023).sum())),
        ("change in %", lambda t: percent((year(t) == 2023).sum() / (year(t) == 2022).sum() - 1,
                                          either_sign=True)),
        ("same but only direct", lambda t: percent(
            ((year(t) == 2023) & (t["sales_channel"] == "Direct")).sum()
            / ((year(t) == 2022) & (t["sales_channel"] == "Direct")).sum() - 1, either_sign=True)
         | number(((year(t) == 2023) & (t["sales_channel"] == "Direct")).sum()))),
    policies.dialogue("kept-t-bands", "hard", "business",
        ("segment the policies: premium under 200 Low, 200 to 600 Mid, above that High", lambda t: either(*(
            segments(3, sizes=b, names=["Low", "Mid", "High"])
            for b in bands(t["annual_premium_gbp"], 200, 600)))
         | segments(3, names=["Low", "Mid", "High"]) & mentions("holder|customer")),
        ("average claims paid in each", lambda t: rows(
            t.groupby(bracket(t), observed=True)["claims_paid_gbp"].mean())
         | segments(3) & mentions(r"Low", r"High", r"holder|customer")),
        ("rename High to Top", lambda t: segments(3, names=["Low", "Mid", "Top"])),
        ("scrap that, back to High", lambda t: segments(3, names=["Low", "Mid", "High"]))),
    policies.dialogue("kept-t-claims", "medium", "plain",
        ("how many policies had a claim", lambda t: number(claimed(t).sum())),
        ("what share is that", lambda t: percent(claimed(t).mean())),
        ("for the under 30s", lambda t: percent(claimed(t)[t["holder_age"] < 30].mean())),
        ("over 60?", lambda t: percent(claimed(t)[t["holder_age"] > 60].mean()))),
)  # fmt: skip


def volume(t: Frame) -> pd.Series:
    return t.groupby(month(t))["amount_inr"].sum()


def failing(t: Frame) -> pd.Series:
    return (t["status"] == "Failed").groupby(t["merchant_type"]).mean()


def typical(t: Frame, city: str, how: str) -> float:
    return float(t.loc[t["home_city"] == city, "amount_inr"].agg(how))


WALLET: tuple[Question, ...] = (
    wallet.dialogue("kept-t-volume", "medium", "terse",
        ("payment amount per month", lambda t: rows(volume(t))),
        ("successful ones only", lambda t: rows(volume(good(t)))),
        ("draw that", lambda t: chart("line|bar", volume(good(t)), labels=())),
        ("biggest month", lambda t: leader(volume(good(t))))),
    wallet.dialogue("kept-t-fail", "hard", "business",
        ("failure rate by merchant type", lambda t: rows(failing(t), as_percent=True)),
        ("only Android", lambda t: rows(failing(t[t["device"] == "Android"]), as_percent=True)),
        ("hm and iOS", lambda t: rows(failing(t[t["device"] == "iOS"]), as_percent=True)),
        ("thanks. overall failure rate?", lambda t: percent((t["status"] == "Failed").mean())
         | percent((t.loc[t["device"] == "iOS", "status"] == "Failed").mean()) & mentions("iOS"))),
    wallet.dialogue("kept-t-city", "medium", "misspelt",
        ("avrage amount in lucknow", lambda t: number(typical(t, "Lucknow", "mean"))),
        ("n bangalore / bengaluru?", lambda t: number(typical(t, "Bengaluru", "mean"))),
        ("medain", lambda t: number(typical(t, "Bengaluru", "median"))),
        ("same for pune", lambda t: number(typical(t, "Pune", "median")))),
    wallet.dialogue("kept-t-users", "hard", "chatty",
        ("how many different users have we got", lambda t: number(t["user_id"].nunique())),
        ("and how many of those paid more than 10 times", lambda t: number(
            (t["user_id"].value_counts() > 10).sum())
         | number((good(t)["user_id"].value_counts() > 10).sum()) & mentions("success")),
        ("what do these heavy users bring in, in percent of the amount", lambda t: percent(
            t.loc[t.groupby("user_id")["amount_inr"].transform("size") > 10, "amount_inr"].sum()
            / t["amount_inr"].sum()))),
    wallet.dialogue("kept-t-segs", "hard", "business",
        ("segment users: 1 payment, 2-5 payments, 6 or more", lambda t: segments(
            3, t["user_id"].nunique(), sizes=bands(t["user_id"].value_counts(), 2, 6)[0])),
        ("share of amount per segment", lambda t: shares(*by_count(t))),
        ("call the last one Heavy", lambda t: segments(3, names=["Heavy"])),
        ("give me the definition of Heavy", lambda t: segments(3) & mentions(
            r"\b6\b|six|(over|above|more than|>) ?(5|five)\b"))),
)  # fmt: skip


def by_count(t: Frame) -> list[float]:
    """Share of the amount from users with one, two to five, and more payments."""
    n = t.groupby("user_id")["amount_inr"].transform("size")
    group = pd.cut(n, [0, 1, 5, 10**6], labels=False)
    return list(t.groupby(group)["amount_inr"].sum() / t["amount_inr"].sum())


RFM_REVENUE = [("Potential Loyalist|Potential Loyalists", 204856), ("Champions", 31646), ("At Risk", 22227)]


def aged(t: Frame) -> pd.Series:
    return t.groupby("loyalty_tier")["net_amount"].mean()


def lag(t: Frame) -> pd.Series:
    return t.groupby("market_segment")["lead_time_days"].mean()


def born(t: Frame, city: str) -> int:
    return int(((t["City"] == city) & (t["Tier"] == "Gold")).sum())


def owners(t: Frame) -> pd.Series:
    return (t["Churn"] == "Yes").groupby(t["PaymentMethod"]).mean()


OTHERS: tuple[Question, ...] = (
    telco.dialogue("kept-t-pay", "hard", "business",
        ("churn in percent per payment method", lambda t: rows(owners(t), as_percent=True)),
        ("leave the automatic ones out", lambda t: rows(
            owners(t)[["Electronic check", "Mailed check"]], as_percent=True, only=True)),
        ("seniors only", lambda t: rows(owners(t[(t["SeniorCitizen"] == 1)])[
            ["Electronic check", "Mailed check"]], as_percent=True)),
        ("how many seniors are there per method", lambda t: rows(t.loc[
            (t["SeniorCitizen"] == 1) & t["PaymentMethod"].str.contains("check"),
            "PaymentMethod"].value_counts()))),
    bank.dialogue("kept-t-correct", "hard", "chatty",
        ("how much did men spend in total", lambda t: number(t.loc[t["CustGender"] == "M", "Amount"].sum())),
        ("in september only", lambda t: number(t.loc[(t["CustGender"] == "M")
                                                     & (t["date"].dt.month == 9), "Amount"].sum())),
        ("oops i meant august", lambda t: number(t.loc[(t["CustGender"] == "M")
                                                       & (t["date"].dt.month == 8), "Amount"].sum())),
        ("per transaction on average", lambda t: number(t.loc[(t["CustGender"] == "M")
                                                              & (t["date"].dt.month == 8), "Amount"].mean())),
        ("and for the women", lambda t: number(t.loc[(t["CustGender"] == "F")
                                                     & (t["date"].dt.month == 8), "Amount"].mean()))),
    cards.dialogue("kept-t-cash", "hard", "plain",
        ("how many customers took a cash advance", lambda t: number((t["CASH_ADVANCE"] > 0).sum())),
        ("their average balance", lambda t: number(t.loc[t["CASH_ADVANCE"] > 0, "BALANCE"].mean())),
        ("and of those who never took one", lambda t: number(
            t.loc[t["CASH_ADVANCE"] == 0, "BALANCE"].mean())),
        ("so is the difference more than chance", lambda t: verdict(True))),
    loans.dialogue("kept-t-rates", "medium", "terse",
        ("avg int rate personal", lambda t: number(t.loc[t["LoanType"] == "Personal", "IntRatePct"].mean())),
        ("car", lambda t: number(t.loc[t["LoanType"] == "Car", "IntRatePct"].mean())),
        ("all types as bars", lambda t: chart("bar", t.groupby("LoanType")["IntRatePct"].mean())),
        ("North branch only", lambda t: rows(t[t["Branch"] == "North"].groupby(
            "LoanType")["IntRatePct"].mean()))),
    hotel.dialogue("kept-t-lead", "medium", "business",
        ("average lead time per market segment", lambda t: rows(lag(t))),
        ("for cancelled bookings", lambda t: rows(lag(t[t["is_canceled"] == 1]))),
        ("and the ones that were kept", lambda t: rows(lag(t[t["is_canceled"] == 0]))),
        ("longest?", lambda t: leader(lag(t[t["is_canceled"] == 0])))),
    shop.dialogue("kept-t-tier", "hard", "plain",
        ("average order value by loyalty tier", joined(lambda t: rows(aged(t)))),
        ("only orders in the app", joined(lambda t: rows(aged(t[t["channel"] == "app"])))),
        ("2024 only", joined(lambda t: rows(aged(t[(t["channel"] == "app")
                                                   & (t["ordered_at"].dt.year == 2024)])))),
        ("number of those orders per tier", joined(lambda t: rows(t.loc[
            (t["channel"] == "app") & (t["ordered_at"].dt.year == 2024), "loyalty_tier"].value_counts())))),
    shop.dialogue("kept-t-topcat", "medium", "chatty",
        ("what are our 2 top categories by revenue?", orders_only(lambda t: rows(
            t.groupby("category")["net_amount"].sum().nlargest(2), ordered=True, only=True))),
        ("and the bottom 2", orders_only(lambda t: rows(
            t.groupby("category")["net_amount"].sum().nsmallest(2), only=True))),
        ("by units then", orders_only(lambda t: rows(
            t.groupby("category")["quantity"].sum().nsmallest(2), only=True)))),
    subs.dialogue("kept-t-leave", "hard", "business",
        ("how many cancelled in 2023", lambda t: number((t["cancelled_on"].dt.year == 2023).sum())),
        ("split by acquisition channel", lambda t: rows(
            t.loc[t["cancelled_on"].dt.year == 2023, "acquired_via"].value_counts())),
        ("just annual customers", lambda t: rows(t.loc[(t["cancelled_on"].dt.year == 2023)
                                                       & (t["billing"] == "annual"),
                                                       "acquired_via"].value_counts())),
        ("back to everybody, but 2022", lambda t: rows(
            t.loc[t["cancelled_on"].dt.year == 2022, "acquired_via"].value_counts())
         | number((t["cancelled_on"].dt.year == 2022).sum()))),
    calls.dialogue("kept-t-agents", "hard", "terse",
        ("resolved % by agent", lambda t: rows((t["outcome"] == "Resolved").groupby(t["agent"]).mean(),
                                               as_percent=True)),
        ("bottom three", lambda t: rows((t["outcome"] == "Resolved").groupby(t["agent"]).mean().nsmallest(3),
                                        as_percent=True, only=True)),
        ("in may", lambda t: rows(in_may(t).nsmallest(3), as_percent=True)
         | rows(in_may(t)[(t["outcome"] == "Resolved").groupby(t["agent"]).mean().nsmallest(3).index],
                as_percent=True))),
    club.dialogue("kept-t-gold", "medium", "chatty",
        ("how many gold members in kolkata pls", lambda t: number(born(t, "Kolkata"))),
        ("n chennai", lambda t: number(born(t, "Chennai"))),
        ("what did those spend on average", lambda t: number(
            t.loc[(t["City"] == "Chennai") & (t["Tier"] == "Gold"), "SpendINR"].mean())),
        ("highest single one of them?", lambda t: number(
            t.loc[(t["City"] == "Chennai") & (t["Tier"] == "Gold"), "SpendINR"].max()))),
    club.dialogue("kept-t-three", "hard", "business",
        ("three segments on spend, stays and points", lambda t: segments(
            3, 1200, uses=["spend", "stays", "point"])),
        ("add nights as well", lambda t: segments(3, 1200, uses=["spend", "stays", "point", "night"])),
        ("how confident are you in them", lambda t: segments(3) & mentions(WHY)),
        ("one rule for the biggest segment", lambda t: segments(3) & mentions(RULE)),
        ("undo the last change to the segments", lambda t: segments(3, ignores=["night"]) | ASKED)),
    retail.dialogue("kept-t-rfm", "hard", "business",
        ("make rfm segments with 2006-12-31 as today", lambda t: segments(
            at_least=5, total=995, sizes=[35, 342, 28])),
        ("which has the most customers", lambda t: name("Potential Loyalist|Potential Loyalists")),
        ("what is their total revenue", lambda t: number(204856)),
        ("sort all segments by revenue", lambda t: either(*(rows(pairs, ordered=True) for pairs in (
            RFM_REVENUE, RFM_REVENUE[::-1]))))),
    cdnow.dialogue("kept-t-repeat", "hard", "plain",
        ("what percentage of buyers came only once", lambda t: percent(11908 / 23570)),
        ("how much money did they bring", lambda t: number(
            t.loc[~t["customer_id"].duplicated(keep=False), "dollar_value"].sum())),
        ("in % of everything", lambda t: percent(
            t.loc[~t["customer_id"].duplicated(keep=False), "dollar_value"].sum()
            / t["dollar_value"].sum()))),
    world.dialogue("kept-t-europe", "medium", "terse",
        ("median life expectancy europe 2007", lambda t: number(expect(t, "Europe", 2007).median())),
        ("africa", lambda t: number(expect(t, "Africa", 2007).median())),
        ("1977", lambda t: number(expect(t, "Africa", 1977).median())),
        ("max", lambda t: number(expect(t, "Africa", 1977).max()))),
)  # fmt: skip


def in_may(t: Frame) -> pd.Series:
    part = t[t["started_at"].dt.month == 5]
    return (part["outcome"] == "Resolved").groupby(part["agent"]).mean()


def expect(t: Frame, continent: str, at: int) -> pd.Series:
    return t.loc[(t["continent"] == continent) & (t["year"] == at), "lifeExp"]


QUESTIONS = INSURER + WALLET + OTHERS
