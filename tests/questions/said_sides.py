"""Questions about who or which one, and about two sides of which one is only "without", "the rest", "not"."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import ambiguous, leader, number, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import orders_only

loans, retail, gifts, parcels, clinic, gym = (
    Asker(n, "open") for n in ("loans", "retail", "gifts", "parcels", "clinic", "gym")
)
subscribers, policies, calls, wallet, shop, meters = (
    Asker(n, "open") for n in ("subscribers", "policies", "calls", "wallet", "shop", "meters")
)
hotel, bank, cdnow, telco, tips, wine = (
    Asker(n, "open") for n in ("hotel", "bank", "cdnow", "telco", "tips", "wine")
)
gapminder, people, wholesale, club, grocery = (
    Asker(n, "open") for n in ("gapminder", "people", "wholesale", "club", "grocery")
)
Frame = pd.DataFrame


def top(values: pd.Series, n: int) -> Expect:
    """The n largest, with their values."""
    return rows(values.nlargest(n))


def count(t: Frame, key: str) -> pd.Series:
    return t.groupby(key).size()


def weekday(days: pd.Series) -> pd.Series:
    return days.dt.day_name()


def busiest(t: Frame, day: str, *, least: bool = False) -> Expect:
    return leader(weekday(t[day]).value_counts(), least=least)


WHICH: tuple[Question, ...] = (
    calls("who-agent", "who is the agent with the longest talk time on average", "top", "medium", "plain",
          lambda t: leader(t.groupby("agent")["talk_sec"].mean())),
    calls("who-among", "who among the agents resolves the most calls", "top", "medium", "plain",
          lambda t: leader(t.loc[t["outcome"] == "Resolved", "agent"].value_counts())),
    calls("who-of-agents", "who of the agents has the shortest average wait", "top", "medium", "plain",
          lambda t: leader(t.groupby("agent")["wait_sec"].mean(), least=True)),
    retail("who-ten", "who are the ten customers with the most orders", "top", "medium", "plain",
           lambda t: shows(count(t, "customer_id").max()) & shows(count(t,
               "customer_id").nlargest(10).min())),
    wallet("who-five", "five users with the most payments", "top", "medium", "terse",
           lambda t: top(count(t, "user_id"), 5)),
    hotel("who-guest", "guest with the most bookings", "top", "medium", "terse",
          lambda t: shows(count(t, "guest_id").max())),
    policies("who-holder", "the three holders with the most policies", "top", "medium", "terse",
             lambda t: shows(count(t, "holder_id").max())),
    calls("who-called", "who called most often", "top", "medium", "plain",
          lambda t: shows(count(t, "cust_no").max())),
    gifts("who-gave", "who gave most often?", "top", "medium", "plain",
          lambda t: shows(count(t, "donor_no").max())),
    cdnow("who-bought", "who bought most often", "top", "medium", "plain",
          lambda t: shows(count(t, "customer_id").max())),
    clinic("who-rated", "what clinician is rated highest by the patients", "top", "medium", "plain",
           lambda a, p: leader(a.groupby("clinician")["rating"].mean())),
    clinic("who-doctor", "who is the clinician with the most no-shows", "top", "medium", "plain",
           lambda a, p: leader(a.loc[a["status"] == "No-show", "clinician"].value_counts())),
    policies("which-claims", "the region with the highest number of claims", "top", "medium", "plain",
             lambda t: leader(t.groupby("region")["claims_count"].sum())),
    gapminder("which-populous", "least populous country in 1962", "top", "medium", "plain",
              lambda t: leader(t[t["year"] == 1962].set_index("country")["pop"], least=True)),
    gapminder("which-most-populous", "most populous continent in 2007", "top", "medium", "plain",
              lambda t: either(*(leader(getattr(t[t["year"] == 2007].groupby("continent")["pop"], how)())
                                 for how in ("sum", "mean")))),
    wine("which-varies", "which cultivar varies most in alcohol", "top", "medium", "plain",
         lambda t: leader(t.groupby("cultivar")["alcohol"].std())
         | leader(t.groupby("cultivar")["alcohol"].std(ddof=0))
             | leader(t.groupby("cultivar")["alcohol"].var())),
    parcels("which-varies", "which depot varies the most in charge", "top", "medium", "plain",
            lambda t: leader(t.groupby("depot")["charge_gbp"].std())),
    parcels("which-missing", "which depot has the most missing delivery times", "quality", "medium", "plain",
            lambda t: leader(t["delivered_at"].isna().groupby(t["depot"]).sum())),
    clinic("which-missing", "which department has the most missing ratings", "quality", "medium", "plain",
           lambda a, p: leader(a["rating"].isna().groupby(a["dept"]).sum())),
    meters("which-months", "2 months with the highest consumption", "top", "medium", "terse",
           lambda t: rows(t.groupby(pd.to_datetime(t["read_mth"]).dt.to_period("M"))["kwh"].sum().nlargest(2))
           | rows(t.groupby(pd.to_datetime(t["read_mth"]).dt.to_period("M"))["kwh"].mean().nlargest(2))),
    retail("which-months", "3 months with the lowest revenue", "top", "medium", "terse",
           lambda t: rows(t.groupby(t["order_date"].dt.to_period("M"))["revenue"].sum().nsmallest(3))),
    gym("which-busy", "what day of the week is least busy", "calendar", "medium", "plain",
        lambda m, p, v: busiest(v, "check_in", least=True)),
    calls("which-busy", "which weekday is the most busy", "calendar", "medium", "plain",
          lambda t: busiest(t, "started_at")),
    wallet("which-busy", "what hour of the day is the least busy", "calendar", "medium", "plain",
           lambda t: shows(t["paid_at"].dt.hour.value_counts().min())),
    hotel("which-segments", "which of the segments cancels most often", "share", "medium", "plain",
          lambda t: leader(t.groupby("market_segment")["is_canceled"].mean(), share=True)),
    tips("which-percent", "rank the days by average tip percentage", "top", "hard", "plain",
         lambda t: shares(*(t["tip"] / t["total_bill"]).groupby(t["day"]).mean())
         | shares(*(t.groupby("day")["tip"].sum() / t.groupby("day")["total_bill"].sum()))),
    calls("which-by-number", "agents by number of calls", "group", "easy", "terse",
          lambda t: rows(t["agent"].value_counts())),
    wallet("who-best", "who is our best customer?", "ambiguous", "medium", "plain",
           lambda t: ambiguous(shows(t.groupby("user_id")["amount_inr"].sum().max())) | shows(
               t.groupby("user_id")["amount_inr"].sum().max())),
)  # fmt: skip


def sides(values: pd.Series) -> Expect:
    """Each side with its value."""
    return shows(*values)


def two(values: pd.Series, mask: pd.Series) -> Expect:
    """The means of the rows of a mask and of the others."""
    return shows(values[mask].mean(), values[~mask].mean())


def gp_wait(a: Frame, p: Frame) -> Expect:
    whole = a.merge(p, on="pat_id")
    return sides(whole.groupby("gp_referred")["wait_min"].mean())


def weekend_orders(t: Frame) -> Expect:
    pooled = two(t["net_amount"], t["ordered_at"].dt.day_of_week >= 5)
    return pooled | two(t["net_amount"], ~(t["ordered_at"].dt.day_of_week >= 5))


def failed(t: Frame, *kinds: str) -> Expect:
    rates = (t["status"] == "Failed").groupby(t["merchant_type"]).mean()
    return shares(*rates[list(kinds)])


BESIDE: tuple[Question, ...] = (
    clinic("sides-gp", "average wait, patients with a gp referral vs without", "difference", "hard", "terse",
           gp_wait),
    loans("sides-default", "credit score of people with default and without", "difference", "medium", "terse",
          lambda t: sides(t.groupby("Defaulted")["CreditScore"].mean())),
    hotel("sides-kids", "nights on average, with kids vs w/o", "difference", "medium", "terse",
          lambda t: two(t["nights"], t["children"] > 0)),
    calls("sides-mondays", "avg wait on mondays versus the other weekdays", "difference", "hard", "terse",
          lambda t: two(t["wait_sec"], t["started_at"].dt.day_of_week == 0)
          | two(t.loc[t["started_at"].dt.day_of_week < 5, "wait_sec"], t["started_at"].dt.day_of_week == 0)),
    gifts("sides-december", "mean gift in december vs the rest of the year", "difference", "hard", "terse",
          lambda t: two(t["amt_usd"], t["gift_dt"].dt.month == 12)),
    shop("sides-weekend", "average order on saturdays and sundays compared with monday to friday",
         "difference",
         "hard", "plain", orders_only(weekend_orders)),
    wallet("sides-failed", "failed % food vs travel", "share", "hard", "terse",
           lambda t: failed(t, "Food", "Travel")),
    parcels("sides-damaged", "attempts for damaged parcels vs the others", "difference", "medium", "terse",
            lambda t: two(t["attempts"], t["damaged"] == 1)),
    telco("sides-partner", "monthly charges of customers with a partner vs without", "difference", "easy",
          "terse",
          lambda t: sides(t.groupby("Partner")["MonthlyCharges"].mean())),
    gym("sides-friend", "average minutes stayed, members referred by a friend vs not", "difference", "hard",
        "terse",
        lambda m, p, v: sides(v.merge(m, on="mbr_id").groupby("ref_by_friend")["mins_stayed"].mean())),
    club("sides-optin", "average nights of members with an email opt in against those without", "difference",
         "medium", "plain", lambda t: sides(t.groupby("EmailOptIn")["Nights12M"].mean())),
    shop("sides-discount", "average order value, orders with a discount vs w/o", "difference", "medium",
         "terse",
         orders_only(lambda t: two(t["net_amount"], t["discount_pct"] > 0))),
    meters("sides-late", "average bill, paid late vs not", "difference", "medium", "terse",
           lambda t: sides(t.groupby("paid_late")["bill_chf"].mean())),
    gifts("sides-company", "average gift of companies versus everybody else", "difference", "medium", "plain",
          lambda t: two(t["amt_usd"], t["donor_type"] == "Company")),
    policies("sides-motor", "average premium of motor policies vs the rest", "difference", "medium", "terse",
             lambda t: two(t["annual_premium_gbp"], t["product"] == "Motor")),
    wallet("sides-sunday", "average payment on sundays vs other days", "difference", "hard", "terse",
           lambda t: two(t["amount_inr"], t["paid_at"].dt.day_of_week == 6)),
    retail("sides-november", "average order in november against the other months", "difference", "hard",
           "plain",
           lambda t: two(t["revenue"], t["order_date"].dt.month == 11)),
    hotel("sides-summer", "average rate in july and august vs the rest of the year", "difference", "hard",
          "terse",
          lambda t: two(t["adr"], t["arrival_date"].dt.month.isin([7, 8]))),
    calls("sides-dropped", "dropped % billing vs sales", "share", "hard", "terse",
          lambda t: shares(*(t["outcome"] == "Dropped").groupby(t["queue"]).mean()[["Billing", "Sales"]])),
    clinic("sides-noshow", "no-show % physio vs ENT", "share", "hard", "terse",
           lambda a, p: shares(*(a["status"] == "No-show").groupby(a["dept"]).mean()[["Physio", "ENT"]])),
    telco("sides-leavers", "tenure of leavers vs stayers", "difference", "medium", "terse",
          lambda t: sides(t.groupby("Churn")["tenure"].mean())),
    loans("sides-defaulters", "average income of defaulters vs the others", "difference", "medium", "terse",
          lambda t: sides(t.groupby("Defaulted")["AnnualIncome"].mean())),
    # One side, or all.
    shop("sides-none", "average value of orders without discount", "filter", "easy", "plain",
         orders_only(lambda t: number(t.loc[t["discount_pct"] == 0, "net_amount"].mean()))),
    wallet("sides-split", "share of failed payments that are food", "share", "medium", "plain",
           lambda t: shares((t.loc[t["status"] == "Failed", "merchant_type"] == "Food").mean())),
    telco("sides-both", "how many customers are there, with or without a partner", "aggregation", "medium",
          "plain",
          lambda t: shows(len(t)) | sides(t["Partner"].value_counts())),
)  # fmt: skip


def more(values: pd.Series, high: object, low: object) -> Expect:
    """Both sides shown, whatever is said of the test."""
    return shows(values[high], values[low])


def tip_by_size(t: Frame) -> Expect:
    """Anything that tells that the part falls with the size."""
    part = t["tip"] / t["total_bill"]
    by_size = shares(*part.groupby(t["size"]).mean().iloc[[0, -1]])
    together = shows(part.corr(t["size"]), tolerance=0.01) | shows(
        part.corr(t["size"], method="spearman"), tolerance=0.01
    )
    pooled = t.groupby("size")[["tip", "total_bill"]].sum()
    return either(by_size, together, shares(*(pooled["tip"] / pooled["total_bill"]).iloc[[0, -1]]))


def orders_each(o: Frame, c: Frame) -> Expect:
    made = []
    for table in (o, o.drop_duplicates()):
        own = c["customer_id"].map(table["customer_id"].value_counts())
        made += [
            sides(own.groupby(c["newsletter"]).mean()),
            sides(own.fillna(0).groupby(c["newsletter"]).mean()),
        ]
    return either(*made)


MORE: tuple[Question, ...] = (
    wallet("more-fail", "do android payments fail more?", "difference", "medium", "plain",
           lambda t: shares(*(t["status"] == "Failed").groupby(t["device"]).mean())),
    shop("more-newsletter", "with the newsletter do customers order more?", "difference", "hard", "plain",
         orders_each),
    tips("more-tip", "do larger parties tip less in percent?", "difference", "hard", "plain", tip_by_size),
    hotel("more-families", "do families stay longer?", "difference", "hard", "plain",
          lambda t: two(t["nights"], t["children"] > 0)),
    shop("more-returned", "is a returned order usually a bigger one?", "difference", "hard", "plain",
         orders_only(lambda t: sides(t.groupby("returned")["net_amount"].mean()))),
    loans("more-rate", "is the rate of the defaulted loans different from the others? test please",
          "difference",
          "hard", "plain", lambda t: sides(t.groupby("Defaulted")["IntRatePct"].mean())),
    gifts("more-companies", "do companies give more per gift than individuals?", "difference", "medium",
          "plain",
          lambda t: more(t.groupby("donor_type")["amt_usd"].mean(), "Company", "Individual")),
    clinic("more-reminder", "is the no-show rate lower with a reminder?", "difference", "hard", "plain",
           lambda a, p: shares(*(a["status"] == "No-show").groupby(a["sms_rem"]).mean())),
    clinic("more-reduce", "does the reminder reduce no-shows?", "difference", "hard", "plain",
           lambda a, p: shares(*(a["status"] == "No-show").groupby(a["sms_rem"]).mean())),
    telco("more-seniors", "do seniors churn more?", "difference", "medium", "plain",
          lambda t: shares(*(t["Churn"] == "Yes").groupby(t["SeniorCitizen"]).mean())),
    parcels("more-economy", "do economy parcels get damaged more often?", "difference", "hard", "plain",
            lambda t: shares((t.loc[t["svc_level"] == "Economy", "damaged"] == 1).mean())),
    meters("more-oil", "do oil homes pay late more often?", "difference", "hard", "plain",
           lambda t: shares((t.loc[t["heating_typ"] == "Oil", "paid_late"] == "Y").mean())),
    calls("more-dropped", "do billing calls get dropped more often than sales calls?", "difference", "hard",
          "plain",
          lambda t: shares(*(t["outcome"] == "Dropped").groupby(t["queue"]).mean()[["Billing", "Sales"]])),
    policies("more-broker", "do broker customers renew less?", "difference", "hard", "plain",
             lambda t: shares((t.loc[t["sales_channel"] == "Broker", "renewed"].dropna() == "Y").mean())
             | shares((t.loc[t["sales_channel"] == "Broker", "renewed"] == "Y").mean())),
    club("more-women", "do women spend more?", "difference", "medium", "plain",
         lambda t: sides(t.groupby("Sex")["SpendINR"].mean())),
    loans("more-single", "is the credit score of single people lower?", "difference", "medium", "plain",
          lambda t: shows(t.loc[t["MaritalStatus"] == "Single", "CreditScore"].mean())),
    shop("more-app", "are app orders bigger?", "difference", "medium", "plain",
         orders_only(lambda t: shows(t.loc[t["channel"] == "app", "net_amount"].mean()))),
    club("more-men-count", "do we have more men than women?", "difference", "easy", "plain",
         lambda t: sides(t["Sex"].value_counts())
             | verdict(bool((t["Sex"] == "M").sum() > (t["Sex"] == "F").sum()))),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*WHICH, *BESIDE, *MORE)
