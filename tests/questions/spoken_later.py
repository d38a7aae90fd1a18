"""More figures and groups in the words of trades, typed after the first were answered."""

from __future__ import annotations

import pandas as pd

from tests.questions.field_money import apart, higher, lower, typical
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, number, percent, refusal, rows, shows
from tests.questions.model import Asker, Expect, Question
from tests.questions.paths_families import any_of, both_ways
from tests.questions.spoken_groups import joined, kinds, oftener, rate

shop, clinic, gym, policies = (Asker(n, "open") for n in ("shop", "clinic", "gym", "policies"))
wallet, gifts, parcels, calls = (Asker(n, "open") for n in ("wallet", "gifts", "parcels", "calls"))
hotel, loans, tips, club = (Asker(n, "open") for n in ("hotel", "loans", "tips", "club"))
telco, bank, people, subs = (Asker(n, "open") for n in ("telco", "bank", "people", "subscribers"))
meters, cards, world = (Asker(n, "open") for n in ("meters", "cards", "gapminder"))
Frame = pd.DataFrame


def net(o: Frame, c: Frame, part: str) -> list[pd.Series]:
    return [t.query(part)["net_amount"] for t in joined(o, c)]


def missed_men(a: Frame, p: Frame) -> Expect:
    t = a.merge(p, on="pat_id").query("sex == 'M' and insurer == 'Public'")
    held = t[t["status"] != "Cancelled"]
    return either(*(percent((x["status"] == "No-show").mean()) for x in (t, held)))


def renewed(t: Frame) -> Expect:
    came = t[t["renewed"].notna()]
    return either(*(rows(rate(x, "sales_channel", "renewed", "Y"), as_percent=True) for x in (came, t)))


QUESTIONS: tuple[Question, ...] = (
    shop("sq-garments", "how much did we make on frocks?", "aggregation", "medium", "business",
         lambda o, c: any_of(t.loc[t["category"] == "Dresses", "net_amount"].sum() for t in both_ways(o))),
    shop("sq-mobile", "avg sale on the mobile app for munich folks", "join", "hard", "chatty",
         lambda o, c: any_of(a.mean() for a in net(o, c, "channel == 'app' and city == 'Munich'"))),
    shop("sq-webonly", "customers who never used anything but the web", "join", "hard", "plain",
         lambda o, c: either(*(number((t.assign(w=t["channel"] == "web").groupby("customer_id")["w"].min())
                                      .sum()) for t in both_ways(o)))),
    shop("sq-returnlow", "which channel has the lowest return rate among silver members", "join", "hard",
         "plain", lambda o, c: either(*(leader(rate(t[t["loyalty_tier"] == "Silver"], "channel", "returned",
                                                    "Y"), share=True, least=True) for t in joined(o, c)))),
    shop("sq-pieces", "average pieces per order, shoes vs bags", "group", "medium", "terse",
         lambda o, c: either(*(shows(*(t.loc[t["category"] == k, "quantity"].mean()
                                       for k in ("Shoes", "Bags"))) for t in both_ways(o)))),
    clinic("sq-specialist", "which specialist keeps people waiting longest on average?", "top", "medium",
           "chatty", lambda a, p: leader(a.groupby("clinician")["wait_min"].mean())),
    clinic("sq-charge", "typical bill at the ear nose and throat dept (ENT)", "quantile", "hard", "business",
           lambda a, p: typical(a.loc[a["dept"] == "ENT", "fee_eur"])),
    clinic("sq-missed", "no-show rate of publicly insured men", "join", "hard", "terse", missed_men),
    clinic("sq-threedoc", "how many patients saw three or more different doctors?", "join", "hard", "plain",
           lambda a, p: either(*(number((kinds(t, "pat_id", "clinician") >= 3).sum())
                                 for t in (a, a[a["status"] == "Attended"])))),
    gym("sq-oldies", "members born before nineteen seventy, by home club", "group", "hard", "chatty",
        lambda m, p, v: rows(m[m["yob"] < 1970].groupby("home_club").size())),
    gym("sq-stay", "do women stay longer per visit than men", "join", "medium", "plain",
        lambda m, p, v: (lambda t: either(higher(*(t.loc[t["gender"] == g, "mins_stayed"] for g in "FM")),
                                          shows(*(t.loc[t["gender"] == g, "mins_stayed"].mean()
                                                  for g in "FM"))))(v.merge(m, on="mbr_id"))),
    gym("sq-student", "what does the student plan cost a month", "aggregation", "medium", "plain",
        lambda m, p, v: number(19.9)),
    policies("sq-vehicle", "number of vehicle policies in wales", "filter", "medium", "business",
             lambda t: number(((t["product"] == "Motor") & (t["region"] == "Wales")).sum())),
    policies("sq-renew", "renewal rate by sales channel, best to worst", "share", "medium", "plain",
             renewed),
    policies("sq-young", "average claim payout for holders between twenty and thirty", "aggregation", "hard",
             "business", lambda t: number(t.loc[t["holder_age"].between(20, 30), "claims_paid_gbp"].mean())),
    policies("sq-multi", "holders insured with us for two products or more, in percent of all holders",
             "share", "hard", "business",
             lambda t: percent((kinds(t, "holder_id", "product") >= 2).mean())),
    wallet("sq-eating", "how many transactions were for eating?", "filter", "hard", "chatty",
           lambda t: number((t["merchant_type"] == "Food").sum())),
    wallet("sq-apple", "failure rate on apple phones", "share", "hard", "business",
           lambda t: percent((t.loc[t["device"] == "iOS", "status"] == "Failed").mean())),
    wallet("sq-townrate", "which home city gets the most cashback per payment", "top", "hard", "plain",
           lambda t: leader(t.groupby("home_city")["cashback_inr"].mean())),
    gifts("sq-mail", "avg donation that came in by mail from new york", "aggregation", "hard", "business",
          lambda t: number(t.loc[(t["chnl"] == "Post") & (t["st"] == "NY"), "amt_usd"].mean())),
    gifts("sq-regular", "are regular gifts smaller than one time gifts?", "difference", "medium", "plain",
          lambda t: either(lower(*(t.loc[t["recurring"] == r, "amt_usd"] for r in "YN")),
                           shows(*(t.loc[t["recurring"] == r, "amt_usd"].mean() for r in "YN")))),
    gifts("sq-firms", "share of donations given by firms, per state", "share", "hard", "business",
          lambda t: either(rows((t["donor_type"] == "Company").groupby(t["st"]).mean(), as_percent=True),
                           rows(t[t["donor_type"] == "Company"].groupby("st")["amt_usd"].sum()
                                / t.groupby("st")["amt_usd"].sum(), as_percent=True))),
    gifts("sq-threech", "donors who gave through at least 3 channels", "filter", "medium", "plain",
          lambda t: number((kinds(t, "donor_no", "chnl") >= 3).sum())),
    parcels("sq-freight", "avg freight cost by service", "group", "medium", "business",
            lambda t: rows(t.groupby("svc_level")["charge_gbp"].mean())),
    parcels("sq-light", "how many consignments weigh from one up to five kilos", "filter", "hard", "plain",
            lambda t: number(t["wt_kg"].between(1, 5).sum())),
    parcels("sq-wreck", "which depot wrecks the most parcels, proportionally", "top", "hard", "chatty",
            lambda t: leader(t.groupby("depot")["damaged"].mean(), share=True)),
    calls("sq-operator", "average talk time per operator on the sales line", "group", "medium", "business",
          lambda t: rows(t[t["queue"] == "Sales"].groupby("agent")["talk_sec"].mean())),
    calls("sq-cut", "what percentage of callers got cut off in the cancellations queue?", "share", "hard",
          "chatty", lambda t: either(
              percent((t.loc[t["queue"] == "Cancellations", "outcome"] == "Dropped").mean()),
              percent((t[t["queue"] == "Cancellations"].assign(d=lambda x: x["outcome"] == "Dropped")
                       .groupby("cust_no")["d"].any()).mean()))),
    hotel("sq-kids", "do families with children stay longer?", "difference", "hard", "plain",
          lambda t: either(higher(t.loc[t["children"] > 0, "nights"], t.loc[t["children"] == 0, "nights"]),
                           shows(t.loc[t["children"] > 0, "nights"].mean(),
                                 t.loc[t["children"] == 0, "nights"].mean()))),
    hotel("sq-nation", "cancellation rate by nationality for group bookings", "share", "hard", "business",
          lambda t: rows(t[t["market_segment"] == "Groups"].groupby("country")["is_canceled"].mean(),
                         as_percent=True)),
    loans("sq-schooling", "mean interest on schooling loans", "aggregation", "hard", "business",
          lambda t: number(t.loc[t["LoanType"] == "Education", "IntRatePct"].mean())),
    loans("sq-owe", "do singles owe more than married people?", "difference", "medium", "plain",
          lambda t: either(higher(*(t.loc[t["MaritalStatus"] == s, "OutstandingBal"]
                                    for s in ("Single", "Married"))),
                           apart(*(t.loc[t["MaritalStatus"] == s, "OutstandingBal"]
                                   for s in ("Single", "Married"))))),
    telco("sq-elderly", "how many elderly people have fibre and left us?", "filter", "hard", "chatty",
          lambda t: number(((t["SeniorCitizen"] == 1) & (t["InternetService"] == "Fiber optic")
                            & (t["Churn"] == "Yes")).sum())),
    telco("sq-kids", "churn of customers with kids compared with those without", "difference", "medium",
          "plain",
          lambda t: oftener(*(t.loc[t["Dependents"] == d, "Churn"] == "Yes" for d in ("Yes", "No")))),
    subs("sq-ads", "average fee of subscribers who came through the telly", "aggregation", "hard",
         "business", lambda t: number(t.loc[t["acquired_via"] == "TV", "monthly_fee"].mean())),
    club("sq-nights", "average nights for members born between 1980 and 1990", "aggregation", "medium",
         "plain", lambda t: number(t.loc[t["BirthYear"].between(1980, 1990), "Nights12M"].mean())),
    meters("sq-flow", "average juice used per month by day tariff households", "aggregation", "hard",
           "chatty", lambda t: number(t.loc[t["tariff"] == "Day", "kwh"].mean())),
    people("sq-medic", "average family size of medics and attorneys", "group", "hard", "business",
           lambda t: shows(*(t.loc[t["Profession"] == k, "Family_Size"].mean()
                             for k in ("Doctor", "Lawyer")))),
    tips("sq-waiters", "average tip by waiter", "impossible", "medium", "plain", lambda t: refusal()),
    bank("sq-fees", "how much overdraft interest did customers pay", "impossible", "medium", "business",
         lambda t: refusal()),
)  # fmt: skip
