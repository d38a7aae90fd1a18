"""Kept apart: everyday figures about policies, wallet payments and the other tables, in yet other words."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_trade import SHORT
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, hours, leader, mentions, number, percent, rows, shows, upper
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.people import each_way
from tests.questions.shop import joined, orders_only

policies, wallet = Asker("policies", "apart"), Asker("wallet", "apart")
bank, telco, cards, loans = (Asker(n, "apart") for n in ("bank", "telco", "cards", "loans"))
hotel, shop, subs, calls = (Asker(n, "apart") for n in ("hotel", "shop", "subscribers", "calls"))
club, retail, cdnow, people = (Asker(n, "apart") for n in ("club", "retail", "cdnow", "people"))
airline, grocery, wholesale = (Asker(n, "apart") for n in ("airline", "grocery", "wholesale"))
world, tips, iris, stocks = (Asker(n, "apart") for n in ("gapminder", "tips", "iris", "stocks"))
Frame = pd.DataFrame


def year(t: Frame) -> pd.Series:
    return pd.Series(t["start_date"].dt.year)


def due(t: Frame) -> Frame:
    return t[t["renewed"].notna()]


def claim_rate(t: Frame) -> Expect:
    """Claims per policy, or the share of policies with a claim, highest region."""
    return leader(t.groupby("region")["claims_count"].mean()) | leader(
        (t["claims_count"] > 0).groupby(t["region"]).mean(), share=True)  # fmt: skip


def both_covers(t: Frame) -> Expect:
    held = t.groupby("holder_id")["product"].agg(frozenset)
    return number(held.map(lambda kinds: {"Motor", "Home"} <= kinds).sum())


def top_holders(t: Frame) -> Expect:
    sums = t.groupby(["region", "holder_id"])["annual_premium_gbp"].sum()
    return rows([((r, h), v) for (r, h), v in sums.loc[sums.groupby(level=0).idxmax()].items()])


def loss_ratio(t: Frame) -> pd.Series:
    sums = t.groupby("product")[["claims_paid_gbp", "annual_premium_gbp"]].sum()
    return sums["claims_paid_gbp"] / sums["annual_premium_gbp"]


INSURER: tuple[Question, ...] = (
    policies("kept-gwp", "gross written premium for policies starting in 2024", "filter", "medium",
             "business", lambda t: number(t.loc[year(t) == 2024, "annual_premium_gbp"].sum())),
    policies("kept-lossratio", "loss ratio per product (claims paid over premium)", "group", "hard",
             "business", lambda t: rows(loss_ratio(t), as_percent=True) | rows(loss_ratio(t))),
    policies("kept-frequency", "Which region is worst for claims frequency?", "top", "hard", "business",
             claim_rate),
    policies("kept-renewal", "renewal rate, aggregator vs direct, leaving out policies not yet due", "share",
             "hard", "business", lambda t: shares(*(
                 (due(t).loc[due(t)["sales_channel"] == c, "renewed"] == "Y").mean()
                 for c in ("Aggregator", "Direct")))),
    policies("kept-notdue", "how many have nothing in renewed", "quality", "easy", "chatty",
             lambda t: number(t["renewed"].isna().sum())),
    policies("kept-both", "policyholders who have motor and home cover with us", "filter", "hard", "business",
             both_covers),
    policies("kept-oldyoung", "average premium, over 65s v under 25s", "filter", "hard", "plain",
             lambda t: shows(t.loc[t["holder_age"] > 65, "annual_premium_gbp"].mean(),
                             t.loc[t["holder_age"] < 25, "annual_premium_gbp"].mean())),
    policies("kept-march", "no. of policies incepted in any March", "calendar", "hard", "business",
             lambda t: number((t["start_date"].dt.month == 3).sum())),
    policies("kept-three", "holders with three policies or more", "filter", "hard", "plain",
             lambda t: number((t["holder_id"].value_counts() >= 3).sum())),
    policies("kept-scot", "biggest payout in Scotland?", "filter", "medium", "chatty",
             lambda t: number(t.loc[t["region"] == "Scotland", "claims_paid_gbp"].max())),
    policies("kept-severity", "mean cost per motor claim", "aggregation", "hard", "business",
             lambda t: number(t.loc[t["product"] == "Motor", "claims_paid_gbp"].sum()
                              / t.loc[t["product"] == "Motor", "claims_count"].sum())
             | number(t.loc[(t["product"] == "Motor") & (t["claims_count"] > 0), "claims_paid_gbp"].mean())
             & mentions("polic")),
    policies("kept-petclaims", "what proportion of pet policies has had a claim", "share", "medium", "plain",
             lambda t: percent((t.loc[t["product"] == "Pet", "claims_count"] > 0).mean())),
    policies("kept-spread", "p10 and p90 of the premium for home", "quantile", "hard", "terse",
             lambda t: upper(t.loc[t["product"] == "Home", "annual_premium_gbp"], 0.1, 0.9)),
    policies("kept-cheapest", "cheapest channel for travel cover on average?", "top", "hard", "chatty",
             lambda t: leader(t[t["product"] == "Travel"].groupby(
                 "sales_channel")["annual_premium_gbp"].mean(), least=True)),
    policies("kept-newbiz", "new business per month in 2023, policy count, as a line please", "chart",
             "medium", "business", lambda t: chart("line", t[year(t) == 2023].groupby(
                 t["start_date"].dt.to_period("M")).size(), labels=())),
    policies("kept-motoryears", "motor premium year by year", "trend", "medium", "terse",
             lambda t: rows(t[t["product"] == "Motor"].groupby(year(t))["annual_premium_gbp"].sum())
             | rows(t[t["product"] == "Motor"].groupby(year(t))["annual_premium_gbp"].mean())
             & mentions("average|mean")),
    policies("kept-topholder", "the holder with the most premium in each region", "rank", "hard", "plain",
             top_holders),
    policies("kept-mix", "product mix in wales in pct", "share", "medium", "terse",
             lambda t: rows(t.loc[t["region"] == "Wales", "product"].value_counts(normalize=True),
                            as_percent=True)),
    policies("kept-excesscount", "hw many polices hv an exces of 500", "filter", "medium", "misspelt",
             lambda t: number((t["excess_gbp"] == 500).sum())),
    policies("kept-profit", "premium minus claims, per channel, best first", "difference", "hard", "business",
             lambda t: rows((t["annual_premium_gbp"] - t["claims_paid_gbp"]).groupby(
                 t["sales_channel"]).sum().sort_values(ascending=False), ordered=True)),
)  # fmt: skip


def good(t: Frame) -> Frame:
    return t[t["status"] == "Success"]


def month(t: Frame) -> pd.Series:
    return pd.Series(t["paid_at"].dt.to_period("M"))


def users_in(t: Frame, *wanted: int) -> Expect:
    """Users with a payment in each of these months; with any status or a successful one."""
    made = []
    for part in (t, good(t)):
        seen = part.groupby("user_id")["paid_at"].agg(lambda days: frozenset(days.dt.month))
        made.append(number(seen.map(lambda months: set(wanted) <= months).sum()))
    return made[0] | made[1] & mentions("success")


def city_best(t: Frame) -> Expect:
    made = []
    for part in (t, good(t)):
        sums = part.groupby(["home_city", "merchant_type"])["amount_inr"].sum()
        made.append(rows([((c, k), v) for (c, k), v in sums.loc[sums.groupby(level=0).idxmax()].items()]))
    return made[0] | made[1]


def share_or_sum(t: Frame, best: int) -> Expect:
    """What the best users bring: of the whole, or as money."""
    brought = t.groupby("user_id")["amount_inr"].sum().nlargest(best).sum()
    return percent(brought / t["amount_inr"].sum()) | number(brought, tolerance=0.5)


def at_weekends(t: Frame) -> Expect:
    weekend = t["paid_at"].dt.day_of_week >= 5
    return percent(t.loc[weekend, "amount_inr"].sum() / t["amount_inr"].sum())


def lunch(t: Frame) -> Expect:
    food = t.loc[t["merchant_type"] == "Food", "paid_at"].dt.hour
    said = mentions(r"14:59|2:59|\bhours?\b|incl")
    return percent(food.isin([12, 13]).mean()) | percent(food.isin([12, 13, 14]).mean()) & said


WALLET: tuple[Question, ...] = (
    wallet("kept-success", "payment success rate", "share", "easy", "terse",
           lambda t: percent((t["status"] == "Success").mean())),
    wallet("kept-faildevice", "failed % android vs ios", "share", "medium", "terse",
           lambda t: shares(*(t["status"] == "Failed").groupby(t["device"]).mean())),
    wallet("kept-may", "successful payment value in may in lakhs", "filter", "hard", "business",
           lambda t: number(good(t[t["paid_at"].dt.month == 5])["amount_inr"].sum(), tolerance=600)),
    wallet("kept-cashback", "cashback given as a % of the successful payment value", "share", "hard",
           "business", lambda t: percent(good(t)["cashback_inr"].sum() / good(t)["amount_inr"].sum())
           | percent(t["cashback_inr"].sum() / good(t)["amount_inr"].sum())),
    wallet("kept-nosuccess", "users that never managed a successful payment", "filter", "hard", "plain",
           lambda t: number(t["user_id"].nunique() - good(t)["user_id"].nunique())),
    wallet("kept-mau", "distinct users every month", "trend", "hard", "business",
           lambda t: rows(t.groupby(month(t))["user_id"].nunique())),
    wallet("kept-peruser", "avg spend per user in june", "aggregation", "hard", "chatty", lambda t: either(*(
        number(p["amount_inr"].sum() / p["user_id"].nunique())
        for p in (t[t["paid_at"].dt.month == 6], good(t[t["paid_at"].dt.month == 6]))))),
    wallet("kept-lunch", "which share of the Food payments happens at lunchtime, 12 to 2", "share", "hard",
           "chatty", lunch),
    wallet("kept-firstpay", "how many users made their first ever payment in each month", "trend", "hard",
           "plain", lambda t: rows(t.groupby("user_id")["paid_at"].min().dt.to_period("M").value_counts())),
    wallet("kept-citybest", "merchant type with most money in each city", "rank", "hard", "plain", city_best),
    wallet("kept-once", "users with a single payment, in percent of users", "share", "hard", "business",
           lambda t: percent((t["user_id"].value_counts() == 1).mean())),
    wallet("kept-travelbills", "median ticket of Travel & Bills", "group", "medium", "terse",
           lambda t: shows(*(t.loc[t["merchant_type"] == k, "amount_inr"].median()
                             for k in ("Travel", "Bills")))),
    wallet("kept-weekend", "how much of the amount falls on sat and sun, %", "calendar", "hard", "terse",
           lambda t: at_weekends(t) | at_weekends(good(t)) & mentions("success")),
    wallet("kept-stuck", "pending payments from before 1 june 2025", "filter", "medium", "business",
           lambda t: number(((t["status"] == "Pending") & (t["paid_at"] < "2025-06-01")).sum())),
    wallet("kept-big-ios", "paymnts abve 2000 rs on ios", "filter", "medium", "misspelt",
           lambda t: number(((t["amount_inr"] > 2000) & (t["device"] == "iOS")).sum())),
    wallet("kept-janjun", "users active in january and again in june", "filter", "hard", "business",
           lambda t: users_in(t, 1, 6)),
    wallet("kept-perday", "payments per day on average in february", "calendar", "hard", "plain",
           lambda t: number((t["paid_at"].dt.month == 2).sum() / 28)),
    wallet("kept-box", "box plot of amount by merchant type", "chart", "easy", "plain",
           lambda t: chart("box", labels=["Travel", "Food"])),
    wallet("kept-statuspie", "status split, pie chart", "chart", "easy", "terse",
           lambda t: chart("pie", t["status"].value_counts())),
    wallet("kept-top20pct", "what do the top 20 percent of users bring of the total amount", "share", "hard",
           "business", lambda t: either(*(share_or_sum(t, k) for k in (206, 207)))),
)  # fmt: skip


def births(t: Frame) -> Expect:
    """Customer numbers with more than one date of birth, a missing one not counted or counted."""
    by_customer = t.groupby("CustomerID")
    made = [by_customer[c].nunique(dropna=d) for c in ("CustomerDOB", "born") for d in (True, False)]
    return either(*(number((n > 1).sum()) for n in made))


def shrunk(t: Frame) -> Expect:
    wide = t.pivot(index="country", columns="year", values="pop")
    return number((wide[2007] < wide[2002]).sum())


def ever_quarter(t: Frame) -> Expect:
    """Buyers with an order in each quarter of 1997."""
    part = t[t["date"].dt.year == 1997]
    return number((part.groupby("customer_id")["date"].agg(lambda d: d.dt.quarter.nunique()) == 4).sum())


def to_first(orders: Frame, customers: Frame) -> Expect:
    """Median days from signing up to the first order; those before signing up in or out."""
    first = orders.groupby("customer_id")["ordered_at"].min()
    signed = customers.set_index("customer_id")["signup_date"]
    days = (first.dt.normalize() - signed).dt.days.dropna()
    exact = ((first - signed).dt.total_seconds() / 86400).dropna()
    return either(number(days.median()), number(days[days >= 0].median()), number(exact.median()),
                  number(exact[exact >= 0].median()))  # fmt: skip


def late_starters(orders: Frame, customers: Frame) -> Expect:
    new = customers.loc[customers["signup_date"].dt.year == 2023, "customer_id"]
    active = orders.loc[orders["ordered_at"].dt.year == 2023, "customer_id"]
    return number((~new.isin(active)).sum())


OTHERS: tuple[Question, ...] = (
    bank("kept-births", "CustomerIDs which come with more than one date of birth, how many", "quality",
         "hard", "plain", births),
    bank("kept-lone", "in how many cities do we have just a single transaction", "filter", "hard", "chatty",
         lambda t: either(*(number((c.value_counts() == 1).sum()) for c in (
             t["city"], t["CustLocation"], t["city"].str.replace(r"\s+", " ", regex=True))))),
    bank("kept-hourmax", "at what hour of the day do we see the biggest average amount", "calendar", "hard",
         "plain", lambda t: leader(hours(t.groupby("hour")["Amount"].mean()))),
    telco("kept-hundred", "month to month people above 100 a month who pay by e-check", "filter", "hard",
          "chatty", lambda t: number(((t["Contract"] == "Month-to-month") & (t["MonthlyCharges"] > 100)
                                      & (t["PaymentMethod"] == "Electronic check")).sum())),
    telco("kept-paperless", "paperless billing share among churners and among the loyal ones", "share",
          "hard", "business", lambda t: shares(*(t["PaperlessBilling"] == "Yes").groupby(t["Churn"]).mean())),
    telco("kept-partner", "tenure with vs w/o partner", "group", "medium", "terse",
          lambda t: shows(*t.groupby("Partner")["tenure"].mean())
          | shows(*t.groupby("Partner")["tenure"].median())),
    cards("kept-p99", "above which purchase total does one belong to the top 1% of customers", "quantile",
          "hard", "plain", lambda t: number(t["PURCHASES"].quantile(0.99))
          | number(t["PURCHASES"].nlargest(89).min()) | number(t["PURCHASES"].nlargest(90).min())),
    cards("kept-meanmedian", "mean and median purchases side by side", "aggregation", "medium", "plain",
          lambda t: shows(t["PURCHASES"].mean(), t["PURCHASES"].median())),
    loans("kept-exposure", "outstanding with defaulters as a percentage of the whole book", "share", "hard",
          "business", lambda t: percent(t.loc[t["Defaulted"] == "Yes", "OutstandingBal"].sum()
                                        / t["OutstandingBal"].sum())),
    loans("kept-west3", "three largest loans in the West branch", "top", "medium", "plain",
          lambda t: rows(t[t["Branch"] == "West"].nlargest(3, "PrincipalAmt").set_index(
              "AcctNo")["PrincipalAmt"], ordered=True, only=True)),
    loans("kept-income", "correlation of income and principal for home loans", "correlation", "hard", "terse",
          lambda t: either(*(number(t[t["LoanType"] == "Home"][["AnnualIncome", "PrincipalAmt"]].corr(
              method=m).iloc[0, 1]) for m in ("pearson", "spearman")))),
    hotel("kept-lostnights", "share of room nights lost to cancellations", "share", "hard", "business",
          lambda t: percent(t.loc[t["is_canceled"] == 1, "nights"].sum() / t["nights"].sum())),
    hotel("kept-families", "length of stay with children and without", "group", "hard", "plain",
          lambda t: shows(*t.groupby(t["children"] > 0)["nights"].mean())
          | shows(*t.groupby(t["children"] > 0)["nights"].median()) & mentions("median")),
    shop("kept-units", "units of bags sold in store", "filter", "medium", "terse",
         orders_only(lambda t: number(t.loc[(t["category"] == "Bags") & (t["channel"] == "store"),
                                            "quantity"].sum()))),
    shop("kept-daysfirst", "median no. of days between sign-up and first order", "join", "hard", "business",
         to_first),
    shop("kept-late", "who signed up in 2023 but placed no order that year? count is enough", "join", "hard",
         "chatty", late_starters),
    shop("kept-tiermonth", "gold customers' revenue by quarter", "join", "hard", "business",
         joined(lambda t: rows(t[t["loyalty_tier"] == "Gold"].groupby(
             t["ordered_at"].dt.to_period("Q"))["net_amount"].sum()))),
    subs("kept-silent", "subs not cancelled but without login since 1 april 2024", "filter", "hard",
         "business", lambda t: number((t["cancelled_on"].isna() & (t["last_login"] < "2024-04-01")).sum())
         | number((t["cancelled_on"].isna() & (t["last_login"] <= "2024-04-01")).sum())),
    subs("kept-annual", "annual billing share for each plan", "share", "medium", "business",
         lambda t: rows((t["billing"] == "annual").groupby(t["plan"]).mean(), as_percent=True)),
    calls("kept-longest", "longest talk of every agent in seconds", "rank", "medium", "plain",
          lambda t: rows(t.groupby("agent")["talk_sec"].max())),
    calls("kept-patience", "csat when people waited over 2 minutes compared with 2 minutes or less",
          "difference", "hard", "plain", lambda t: shows(*t.groupby(t["wait_sec"] > 120)["csat"].mean())),
    calls("kept-abandon", "abandonment per weekday in %", "calendar", "hard", "business",
          lambda t: rows((t["outcome"] == "Dropped").groupby(t["started_at"].dt.day_name()).mean(),
                         as_percent=True, labels=SHORT)),
    club("kept-optout", "women in delhi or chennai who said no to emails", "filter", "hard", "chatty",
         lambda t: number(((t["Sex"] == "F") & t["City"].isin(["Delhi", "Chennai"])
                           & (t["EmailOptIn"] == "N")).sum())),
    club("kept-outliers", "spend outliers by the 1.5 IQR rule: how many members", "outliers", "medium",
         "plain", lambda t: number((t["SpendINR"] > t["SpendINR"].quantile(0.75) + 1.5 * (
             t["SpendINR"].quantile(0.75) - t["SpendINR"].quantile(0.25))).sum())),
    retail("kept-permonth", "orders per month on average in 2005", "calendar", "hard", "plain",
           lambda t: number((t["order_date"].dt.year == 2005).sum() / 12)),
    cdnow("kept-everyq", "buyers who bought in all four quarters of 97", "filter", "hard", "business",
          ever_quarter),
    airline("kept-nobonus", "% of members with zero bonus transactions", "share", "medium", "terse",
            lambda t: percent((t["Bonus_trans"] == 0).mean())),
    people("kept-cjob", "most common profession in segmentation C", "top", "medium", "plain",
           lambda t: each_way(t, lambda u: leader(u.loc[u["Segmentation"] == "C",
                                                        "Profession"].value_counts()))),
    grocery("kept-dow", "reordered share on day 0 vs day 3", "share", "hard", "terse",
            lambda t: shares(*(t.loc[t["order_dow"] == d, "reordered"].mean() for d in (0, 3)))),
    wholesale("kept-q3", "Werkzeug Umsatz in Q3", "filter", "hard", "misspelt",
              lambda t: number(t.loc[(t["Produkt"] == "Werkzeug") & (t["Datum"].dt.quarter == 3),
                                     "Umsatz"].sum())),
    world("kept-shrunk", "number of countries whose population shrank from 2002 to 2007", "filter", "hard",
          "plain", shrunk),
    tips("kept-satbills", "what did all saturday bills come to", "filter", "easy", "chatty",
         lambda t: number(t.loc[t["day"] == "Sat", "total_bill"].sum())),
    iris("kept-virgin", "petal length against petal width within virginica - correlation?", "correlation",
         "hard", "plain", lambda t: either(*(number(t[t["species"] == "virginica"][
             ["petal_length", "petal_width"]].corr(method=m).iloc[0, 1]) for m in ("pearson", "spearman")))),
    stocks("kept-msft", "by how many percent did MSFT rise from start to end", "difference", "hard", "plain",
           lambda t: percent(t["MSFT"].iloc[-1] / t["MSFT"].iloc[0] - 1)),
)  # fmt: skip

QUESTIONS = INSURER + WALLET + OTHERS
