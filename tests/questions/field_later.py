"""More of the harder figures over one table: by a bookkeeper, a receptionist, a director, a student."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.bank import in_city
from tests.questions.field_money import apart, best_in_each, higher, lower, typical
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, listed, mentions, name, number, percent, rows, shows, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

policies, loans, bank, cards = (Asker(n, "open") for n in ("policies", "loans", "bank", "cards"))
telco, airline, hotel, gifts = (Asker(n, "open") for n in ("telco", "airline", "hotel", "gifts"))
clinic, gym, meters, parcels = (Asker(n, "open") for n in ("clinic", "gym", "meters", "parcels"))
wallet, club, subs, calls = (Asker(n, "open") for n in ("wallet", "club", "subscribers", "calls"))
world, tips, people, retail = (Asker(n, "open") for n in ("gapminder", "tips", "people", "retail"))
wine, cdnow = Asker("wine", "open"), Asker("cdnow", "open")
Frame = pd.DataFrame


def top_regions(t: Frame) -> Expect:
    return rows(t.groupby("region")["claims_paid_gbp"].sum().nlargest(2), ordered=True)


def gold_left(t: Frame) -> pd.Series:
    return t["PointsBal"] / (t["PointsBal"] + t["PointsRedeemed"])


def young_old(t: Frame) -> Expect:
    young, old = t["holder_age"] < 30, t["holder_age"] > 60
    return shows(*(t.loc[k, "annual_premium_gbp"].mean() for k in (young, old)))


def costliest_claims(t: Frame) -> Expect:
    each = t.groupby("product")[["claims_paid_gbp", "claims_count"]].sum()
    return leader(each["claims_paid_gbp"] / each["claims_count"])


def quarter_hours(t: Frame) -> Expect:
    return either(
        *(percent((t["wait_sec"] <= 30).mean()) for _ in (0,)), percent((t["wait_sec"] < 30).mean())
    )


def chance(a: pd.Series, b: pd.Series) -> Expect:
    return verdict(bool(stats.ttest_ind(a.dropna(), b.dropna(), equal_var=False).pvalue < 0.05))


FIRST: tuple[Question, ...] = (
    policies("fl-young", "What do under-30s pay for a policy on average, and what do over-60s pay?",
             "difference",
             "hard", "plain", young_old),
    policies("fl-two", "the two regions where we paid out the most", "top", "medium", "chatty", top_regions),
    policies("fl-percl", "product with the most expensive claims (amount paid per claim)", "top", "hard",
             "business", costliest_claims),
    policies("fl-notmot", "Excluding motor, how many policies cost more than 400 a year?", "filter", "medium",
             "plain", lambda t: number(((t["product"] != "Motor") & (t["annual_premium_gbp"] > 400)).sum())),
    policies("fl-aggr", "do aggregator customers renew less than broker customers?", "difference", "hard",
             "business", lambda t: shares(*((t[t["renewed"].notna() & (t["sales_channel"] == c)]["renewed"]
                                             == "Y").mean() for c in ("Aggregator", "Broker")))),
    policies("fl-cheap", "the cheapest tenth of travel policies costs at most", "quantile", "hard", "terse",
             lambda t: number(t.loc[t["product"] == "Travel", "annual_premium_gbp"].quantile(0.1))),
    loans("fl-exposed", "how much is still outstanding on loans with a rate of 12% or more", "aggregation",
          "medium", "business", lambda t: number(t.loc[t["IntRatePct"] >= 12, "OutstandingBal"].sum())),
    loans("fl-single", "share of single people among those who defaulted", "share", "medium", "plain",
          lambda t: percent((t.loc[t["Defaulted"] == "Yes", "MaritalStatus"] == "Single").mean())),
    loans("fl-eastwest", "is the avg income in East higher than in West", "difference", "medium", "terse",
          lambda t: higher(*(t.loc[t["Branch"] == b, "AnnualIncome"] for b in ("East", "West")))),
    loans("fl-rank", "rank the branches on their average credit score, best first", "rank", "medium", "plain",
          lambda t: rows(t.groupby("Branch")["CreditScore"].mean().sort_values(ascending=False),
          ordered=True)),
    loans("fl-big", "which loan type has most loans of more than 100,000", "top", "hard", "plain",
          lambda t: leader(t.loc[t["PrincipalAmt"] > 100_000, "LoanType"].value_counts())),
    bank("fl-evening", "avg spend after 8 pm by women in delhi", "filter", "hard", "terse",
         lambda t: either(*(number(in_city(t[(t["CustGender"] == "F") & k], "DELHI")["Amount"].mean())
                            for k in (t["hour"] >= 20, t["TransactionTime"] > 200000)))
         | mentions("new delhi")),
    bank("fl-p99", "99th percentile of the account balance", "quantile", "easy", "plain",
         lambda t: number(t["Balance"].quantile(0.99))),
    bank("fl-zero", "share of transactions where the balance is zero", "share", "medium", "plain",
         lambda t: percent((t["Balance"] == 0).mean(), tolerance=0.02)),
    cards("fl-freq", "customers with purchases frequency at least 0.9 yet balance under 100", "filter",
          "hard",
          "business", lambda t: number(((t["PURCHASES_FREQUENCY"] >= 0.9) & (t["BALANCE"] < 100)).sum())),
    cards("fl-nine", "the top 1% of purchases starts where?", "quantile", "medium", "terse",
          lambda t: number(t["PURCHASES"].quantile(0.99))),
    cards("fl-full", "Do people who always pay in full have a higher credit limit?", "difference", "hard",
          "plain", lambda t: verdict(bool(t.loc[t["PRC_FULL_PAYMENT"] == 1, "CREDIT_LIMIT"].mean()
                                          > t.loc[t["PRC_FULL_PAYMENT"] < 1, "CREDIT_LIMIT"].mean()))
          | Expect(statuses=frozenset({"clarify"}))),
    telco("fl-dsl", "dsl users w/ tech support but without online security - avg monthly charge", "filter",
          "hard", "terse",
          lambda t: number(t.loc[(t["InternetService"] == "DSL") & (t["TechSupport"] == "Yes")
                                                  & (t["OnlineSecurity"] == "No"), "MonthlyCharges"].mean())),
    telco("fl-med", "typical tenure of those who stayed vs those who churned", "quantile", "medium",
          "business",
          lambda t: apart(*(t.loc[t["Churn"] == c, "tenure"] for c in ("No", "Yes")))),
    telco("fl-rank", "For each internet service: which payment method do most customers use", "rank", "hard",
          "plain", lambda t: best_in_each(t.groupby(["InternetService", "PaymentMethod"]).size())),
    telco("fl-rev", "electronic check payers bring in what percentage of monthly revenue", "share", "hard",
          "business", lambda t: percent(t.loc[t["PaymentMethod"] == "Electronic check",
          "MonthlyCharges"].sum()
                                        / t["MonthlyCharges"].sum())),
    airline("fl-q", "half of all members have a balance below what?", "quantile", "medium", "chatty",
            lambda t: number(t["Balance"].median())),
    airline("fl-cc", "members with cc1 level 5 and no award", "filter", "medium", "terse",
            lambda t: number(((t["cc1_miles"] == 5) & (t["Award?"] == 0)).sum())),
    hotel("fl-money", "what pct of cancelled bookings were made over 100 days in advance", "share", "hard",
          "plain", lambda t: percent((t.loc[t["is_canceled"] == 1, "lead_time_days"] > 100).mean())),
    hotel("fl-adults", "Do bookings with three or more adults pay a higher adr?", "difference", "hard",
          "plain",
          lambda t: higher(t.loc[t["adults"] >= 3, "adr"], t.loc[t["adults"] < 3, "adr"])),
    hotel("fl-pct", "90 percent of all stays last no more than how many nights", "quantile", "hard", "plain",
          lambda t: number(t["nights"].quantile(0.9))),
    hotel("fl-seg", "which market segment books furthest ahead at the city hotel", "top", "hard", "business",
          lambda t: leader(t[t["hotel"] == "City Hotel"].groupby("market_segment")["lead_time_days"].mean())),
)  # fmt: skip

SECOND: tuple[Question, ...] = (
    gifts("fl-trust",
          "is the avg trust donation bigger than the avg company donation, and is it significant?",
          "difference", "hard", "chatty", lambda t: higher(
              *(t.loc[t["donor_type"] == d, "amt_usd"] for d in ("Trust", "Company")))),
    gifts("fl-small", "how many percent of all gifts are below 20 dollars", "share", "medium", "misspelt",
          lambda t: percent((t["amt_usd"] < 20).mean())),
    gifts("fl-post", "post or street gifts, not recurring, above 100: total amount", "filter", "hard",
          "terse",
          lambda t: number(t.loc[t["chnl"].isin(["Post", "Street"]) & (t["recurring"] == "N")
                                 & (t["amt_usd"] > 100), "amt_usd"].sum())),
    gifts("fl-best3", "in every state the 2 best channels by number of gifts", "rank", "hard", "plain",
          lambda t: rows([((s, c), int(n)) for s, part in t.groupby("st")
                          for c, n in part["chnl"].value_counts().nlargest(2).items()])),
    clinic("fl-rate", "which department has the worst no-show rate, and how bad is it", "top", "medium",
           "chatty",
           lambda a, p: leader((a["status"] == "No-show").groupby(a["dept"]).mean(), share=True)),
    clinic("fl-long", "do ENT patients wait longer than everyone else?", "difference", "hard", "chatty",
           lambda a, p: higher(a.loc[a["dept"] == "ENT", "wait_min"], a.loc[a["dept"] != "ENT", "wait_min"])),
    clinic("fl-fee", "fees above 150 euros: what share of our fee income is that", "share", "hard",
           "business",
           lambda a, p: percent(a.loc[a["fee_eur"] > 150, "fee_eur"].sum() / a["fee_eur"].sum())),
    gym("fl-q3", "three quarters of visits are shorter than how many minutes?", "quantile", "hard", "plain",
        lambda m, p, v: number(v["mins_stayed"].quantile(0.75))),
    gym("fl-old", "members born before 1970, not cancelled yet", "filter", "hard", "terse",
        lambda m, p, v: number(((m["yob"] < 1970) & m["cancel_dt"].isna()).sum())),
    meters("fl-oil", "do oil homes get a higher bill than gas homes", "difference", "medium", "plain",
           lambda t: higher(*(t.loc[t["heating_typ"] == h, "bill_chf"] for h in ("Oil", "Gas")))),
    meters("fl-two", "electric heating, households of two: highest bill ever", "filter", "medium", "terse",
           lambda t: number(t.loc[(t["heating_typ"] == "Electric") & (t["hh_size"] == 2), "bill_chf"].max())),
    parcels("fl-two", "what fraction of parcels needed at least two attempts, for each service level",
            "share",
            "hard", "plain", lambda t: rows((t["attempts"] >= 2).groupby(t["svc_level"]).mean(),
                                            as_percent=True)),
    parcels("fl-out", "charges further than 3 standard deviations above average - number of parcels",
            "outliers",
            "hard", "terse", lambda t: number((t["charge_gbp"] > t["charge_gbp"].mean()
                                               + 3 * t["charge_gbp"].std()).sum())),
    wallet("fl-bill", "Which kind of merchant has the highest median payment?", "top", "medium", "plain",
           lambda t: leader(t.groupby("merchant_type")["amount_inr"].median())),
    wallet("fl-and", "android payments over 2k that failed or are pending", "filter", "hard", "terse",
           lambda t: number(((t["device"] == "Android") & (t["amount_inr"] > 2000)
                             & t["status"].isin(["Failed", "Pending"])).sum())),
    wallet("fl-mum", "mumbai's share of all cashback", "share", "medium", "terse",
           lambda t: percent(t.loc[t["home_city"] == "Mumbai", "cashback_inr"].sum()
                             / t["cashback_inr"].sum())),
    club("fl-redeem", "of all members who redeemed nothing, how many are Blue?", "filter", "hard", "chatty",
         lambda t: number(((t["PointsRedeemed"] == 0) & (t["Tier"] == "Blue")).sum())),
    club("fl-gap", "Gap between the average spend of men and of women?", "difference", "medium", "terse",
         lambda t: apart(*(t.loc[t["Sex"] == s, "SpendINR"] for s in "MF"))),
    club("fl-best", "who are the top 3 spenders in Pune that are not platinum", "top", "hard", "chatty",
         lambda t: rows(t[(t["City"] == "Pune") & (t["Tier"] != "Platinum")].set_index("MemberNo")["SpendINR"]
                        .nlargest(3))),
    subs("fl-heavy",
         "a heavy user is one with 30+ hours watched: what % of premium subscribers are heavy users",
         "share", "hard", "business", lambda t: percent(
             (t.loc[t["plan"] == "Premium", "hours_watched_30d"] >= 30).mean())),
    calls("fl-30", "what percentage of calls is answered within 30 seconds", "share", "medium", "business",
          quarter_hours),
    calls("fl-esc",
          "Among calls longer than 10 minutes, how often are they escalated compared with shorter ones?",
          "difference", "hard", "plain", lambda t: shares(*((t.loc[k, "outcome"] == "Escalated").mean()
                                                            for k in (t["talk_sec"] > 600,
                                                                      t["talk_sec"] <= 600)))),
    world("fl-richest", "the 5 richest countries per head in 1977", "top", "medium", "terse",
          lambda t: rows(t[t["year"] == 1977].set_index("country")["gdpPercap"].nlargest(5))),
    world("fl-under", "How many African countries had a life expectancy under 50 in 2007?", "filter",
          "medium",
          "plain", lambda t: number(((t["continent"] == "Africa") & (t["year"] == 2007)
                                     & (t["lifeExp"] < 50)).sum())),
    tips("fl-lunch", "is the tip lower at lunch than at dinner? by how much?", "difference", "medium",
         "chatty",
         lambda t: lower(*(t.loc[t["time"] == x, "tip"] for x in ("Lunch", "Dinner")))),
    people("fl-work", "do healthcare workers have bigger families than the other professions?", "difference",
           "hard", "plain", lambda t: higher(t.loc[t["Profession"] == "Healthcare", "Family_Size"],
                                             t.loc[(t["Profession"] != "Healthcare")
                                                   & t["Profession"].notna(), "Family_Size"])),
    people("fl-age", "most common profession among women under 30", "top", "medium", "plain",
           lambda t: name(t.loc[(t["Gender"] == "Female") & (t["Age"] < 30), "Profession"].mode()[0])),
    retail("fl-typ", "what does an ordinary order look like in terms of revenue", "quantile", "medium",
           "chatty",
           lambda t: typical(t["revenue"])),
    wine("fl-alc", "cultivars whose average alcohol is above 13", "filter", "hard", "plain",
         lambda t: listed([c for c, v in t.groupby("cultivar")["alcohol"].mean().items() if v > 13],
         only=True)),
    cdnow("fl-five", "purchases of 5 or more cds: their share of the dollar value", "share", "hard", "terse",
          lambda t: percent(t.loc[t["number_of_cds"] >= 5, "dollar_value"].sum() / t["dollar_value"].sum())),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*FIRST, *SECOND)
