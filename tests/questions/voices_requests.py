"""Single requests for segments, tiers, rules and profiles, in the words of people of many trades."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_segments import bands
from tests.questions.fresh_figures import either
from tests.questions.gold import mentions, segments, shows
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS, WHY

clinic, gym, gifts, parcels = (Asker(n, "open") for n in ("clinic", "gym", "gifts", "parcels"))
policies, wallet, meters, hotel = (Asker(n, "open") for n in ("policies", "wallet", "meters", "hotel"))
loans, shop, subs, telco = (Asker(n, "open") for n in ("loans", "shop", "subscribers", "telco"))
club, cards, airline, retail = (Asker(n, "open") for n in ("club", "cards", "airline", "retail"))
calls, cdnow, wholesale = (Asker(n, "open") for n in ("calls", "cdnow", "wholesale"))
Frame = pd.DataFrame


def crowds(m: Frame, p: Frame, v: Frame) -> Expect:
    return segments(3, 900, sizes=m["join_dt"].dt.year.value_counts())


def lapsed(t: Frame) -> Expect:
    n = int((t.groupby("donor_no")["gift_dt"].max() < "2024-01-01").sum())
    return segments(2, 954, sizes=[n, 954 - n], names=["Lapsed"])


def recurring(t: Frame) -> Expect:
    """Donors with a recurring gift ever, in the last one, or in all."""
    flag = (t["recurring"] == "Y").groupby(t["donor_no"])
    last = t.sort_values("gift_dt").groupby("donor_no")["recurring"].last() == "Y"
    sizes = {int(flag.any().sum()), int(flag.all().sum()), int(last.sum())}
    return either(*(segments(2, 954, sizes=[n, 954 - n]) for n in sizes))


def claimed(t: Frame) -> Expect:
    n = int((t.groupby("holder_id")["claims_count"].sum() > 0).sum())
    return segments(2, 1075, sizes=[n, 1075 - n])


def several(t: Frame) -> Expect:
    n = int((t["holder_id"].value_counts() >= 2).sum())
    return segments(2, 1075, sizes=[n, 1075 - n], names=["Multi", "Single"])


def edge_regions(t: Frame) -> Expect:
    return segments(4, int(t.loc[t["region"].isin(["Scotland", "Wales"]), "holder_id"].nunique()))


def percents(t: Frame) -> Expect:
    return either(*(segments(4, 1032, sizes=[k]) for k in (10, 11)))


def resting(t: Frame) -> Expect:
    """Days from the last payment to the end of June, whole or with hours; edges on either side."""
    last = t.groupby("user_id")["paid_at"].max()
    made = []
    for days in ((pd.Timestamp("2025-06-30") - last.dt.normalize()).dt.days,
                 (pd.Timestamp("2025-06-30 23:59:59") - last).dt.total_seconds() / 86400):  # fmt: skip
        made += [segments(3, 1032, sizes=sizes) for sizes in bands(days, 14, 60)]
        made += [segments(3, 1032, sizes=[int((days <= 13).sum()), int((days > 60).sum())])]
        made += [segments(3, 1032, sizes=[int((days <= 14).sum()), int((days >= 60).sum())])]
    return either(*made)


def escalated(t: Frame) -> Expect:
    n = int((t["outcome"] == "Escalated").groupby(t["cust_no"]).any().sum())
    return segments(2, 1558, sizes=[n, 1558 - n])


def ages(a: Frame, p: Frame) -> Expect:
    """Ages on a day within two years; the patients all in one band each."""
    made = []
    for day in ("2025-01-06", "2025-12-23", "2025-12-31", "2026-11-23", "2025-06-30"):
        years = pd.to_datetime(day).year - p["dob"].dt.year
        years -= (p["dob"].dt.strftime("%m%d") > pd.Timestamp(day).strftime("%m%d")).astype(int)
        made.append(segments(3, 700, sizes=bands(years, 40, 65)[0]))
    whole = segments(3, 700) & mentions(r"age|dob|born|birth")
    return either(*made, whole)


def use(t: Frame) -> Expect:
    year = t.groupby("meter_id")["kwh"].sum()
    return segments(3, 400, sizes=bands(year, 2500, 4000)[0], names=["Large", "Medium", "Small"])


def cancelled(t: Frame) -> Expect:
    n = int((t.groupby("guest_id")["is_canceled"].max() > 0).sum())
    return segments(2, 1500, sizes=[n, 1500 - n])


def burden(t: Frame) -> Expect:
    """Without an income there is no ratio: those stand apart or with the others."""
    n = int((t["OutstandingBal"] / t["AnnualIncome"] > 0.5).sum())
    return segments(at_least=2, at_most=3, sizes=[n], names=["Stretched", "Comfortable"])


def promoters(t: Frame) -> Expect:
    sizes = [int((t["nps_score"] >= 9).sum()), int(t["nps_score"].between(7, 8).sum())]
    return segments(at_least=3, at_most=4, sizes=sizes)


def big_spenders(t: Frame) -> Expect:
    spend = t.groupby("customer_id")["dollar_value"].sum()
    exact = [int((spend > 200).sum()), int((spend < 50).sum())]
    return either(*(segments(3, 23570, sizes=s) for s in (*bands(spend, 50, 200), exact)))


def giants(t: Frame) -> Expect:
    """No stay in the past twelve months, or since New Year."""
    rich = t["PointsBal"] > 20_000
    idle = (t["Stays12M"] == 0, t["LastStay"] < "2024-01-01")
    return either(*(segments(at_least=1, at_most=2, sizes=[int((rich & x).sum())], names=["Sleeping giants"])
                    for x in idle))  # fmt: skip


def explorers(o: Frame, c: Frame) -> Expect:
    n = int((o.groupby("customer_id")["category"].nunique() >= 3).sum())
    return either(*(segments(2, k, sizes=[n, k - n], names=["Explorers", "Specialists"]) for k in (510, 600)))


REQUESTS: tuple[Question, ...] = (
    gym("vo-r-crowds", "Sort my members into newbies (joined in 2025), the 2024 crowd and the old guard from "
        "2023", "segmentation", "hard", "chatty", crowds),
    gym("vo-r-cancelled", "a segment for everybody who cancelled and another one for the rest",
        "segmentation", "medium", "plain", lambda m, p, v: segments(2, 900, sizes=[443, 457])),
    gifts("vo-r-lapsed", "Lapsed = no gift since 1 January 2024; all other donors are Current",
          "segmentation", "hard", "business", lapsed),
    gifts("vo-r-recurring", "recurring givers against one-off givers, as two segments", "segmentation",
          "hard", "business", recurring),
    gifts("vo-r-quintiles", "quintiles on total giving", "segmentation", "medium", "terse",
          lambda t: segments(5, 954, smallest=180)),
    parcels("vo-r-deciles", "deciles of the shippers by what they paid us in all", "segmentation", "hard",
            "business", lambda t: segments(10, 323, smallest=30)),
    parcels("vo-r-mixture", "use a gaussian mixture on the shippers, 3 groups", "segmentation", "medium",
            "plain", lambda t: segments(3, 323)),
    policies("vo-r-claimed", "split policyholders into those who ever made a claim and those who never did",
             "segmentation", "hard", "business", claimed),
    policies("vo-r-multi", "holders with 2+ policies = Multi, rest = Single", "segmentation", "hard", "terse",
             several),
    policies("vo-r-north", "four clusters of holders but only from Scotland and Wales", "segmentation",
             "hard", "business", edge_regions),
    wallet("vo-r-percents", "spend tiers: top 1%, next 9%, next 40%, bottom half", "segmentation", "hard",
           "terse", percents),
    wallet("vo-r-resting", "Whoever has not paid for more than 60 days counted from 30 June 2025 is Dormant, "
           "within the last 14 days is Hot, the ones between are Warm", "segmentation", "hard", "business",
           resting),
    calls("vo-r-escalated", "callers who were ever escalated vs callers who never were, make that two "
          "segments", "segmentation", "hard", "plain", escalated),
    calls("vo-r-hundred", "cluster the callers, ignore csat, and no group may be smaller than 100",
          "segmentation", "hard", "business", lambda t: segments(
              at_least=2, total=1558, smallest=100, ignores=["csat"]) | mentions(NO_GROUPS)),
    clinic("vo-r-ages", "patients by age as segments: under 40, 40 to 64, 65 plus", "segmentation", "hard",
           "plain", ages),
    clinic("vo-r-towns", "take the towns as segments but put Kivik together with Ystad", "segmentation",
           "hard", "chatty", lambda a, p: segments(3, 700, sizes=[264, 243, 193])
           | segments(3, a["pat_id"].nunique())),
    meters("vo-r-year", "homes that use more than 4000 kWh a year are Large, below 2500 is Small, in between "
           "Medium", "segmentation", "hard", "business", use),
    meters("vo-r-tariff", "3 groups of meters, the tariff should play no role", "segmentation", "medium",
           "plain", lambda t: segments(3, 400, ignores=["tariff"])),
    hotel("vo-r-cancelled", "guests who cancelled at least once / never cancelled", "segmentation", "hard",
          "terse", cancelled),
    hotel("vo-r-density", "try a density based method on the guests", "segmentation", "hard", "business",
          lambda t: segments(at_least=1) | mentions(NO_GROUPS)
          | Expect(statuses=frozenset({"answered", "clarify"})) & mentions(r"densit|dbscan")),
    loans("vo-r-burden", "outstanding balance over half of annual income = Stretched, everyone else "
          "Comfortable", "segmentation", "hard", "business", burden),
    loans("vo-r-weights", "five segments; credit score counts three times, income twice, the rest once",
          "segmentation", "hard", "business", lambda t: segments(5, 1500) & mentions(
              r"weigh|three times|×|\b3\b")),
    subs("vo-r-promoters", "nps groups: promoters 9-10, passives 7-8, detractors 0-6", "segmentation",
         "hard", "business", promoters),
    subs("vo-r-states", "every state is its own segment", "segmentation", "easy", "plain",
         lambda t: segments(5, 2000, sizes=t["state"].value_counts())),
    cards("vo-r-range", "try anything from 2 to 8 clusters and take the number the evidence favours",
          "segmentation", "hard", "business", lambda t: segments(at_least=2, at_most=8, total=8950)
          & mentions(WHY) | mentions(NO_GROUPS)),
    cards("vo-r-frequency", "4 clusters on the frequency columns only", "segmentation", "hard", "terse",
          lambda t: segments(4, 8950, uses=["frequency"], ignores=["limit", "tenure", "^payments"])),
    telco("vo-r-seniors", "segment the seniors", "segmentation", "medium", "terse",
          lambda t: segments(at_least=2, total=1142) | mentions(NO_GROUPS)),
    telco("vo-r-watch", "month-to-month customers with a bill above 70 go into Watch, everyone else is Fine",
          "segmentation", "hard", "business", lambda t: segments(2, 7043, names=["Watch", "Fine"], sizes=[
              ((t["Contract"] == "Month-to-month") & (t["MonthlyCharges"] > 70)).sum()])),
    retail("vo-r-june", "rfm, four levels, pretend today is 30 June 2006", "segmentation", "hard", "chatty",
           lambda t: either(*(segments(at_least=3, total=n) for n in (
               995, t.loc[t["order_date"] <= "2006-06-30", "customer_id"].nunique())))),
    cdnow("vo-r-money", "three tiers: spent over $200, $50-200, under $50", "segmentation", "hard", "terse",
          big_spenders),
    club("vo-r-giants", "Sleeping giants: members with more than 20k points who had no stay in the last 12 "
         "months", "segmentation", "hard", "business", giants),
    airline("vo-r-young", "new flyers enrolled less than 1000 days ago, everybody else old", "segmentation",
            "hard", "plain", lambda t: either(*(segments(2, 3999, sizes=[n]) for n in (
                (t["Days_since_enroll"] < 1000).sum(), (t["Days_since_enroll"] <= 1000).sum())))),
    shop("vo-r-explorers", "customers who bought from 3 or more categories are Explorers, the others "
         "Specialists", "segmentation", "hard", "business", explorers),
    wholesale("vo-r-abc", "ABC Kunden by Umsatz, 70 / 20 / 10", "segmentation", "hard", "business",
              lambda t: segments(3, 120)),
)  # fmt: skip

PROFILES: tuple[Question, ...] = (
    loans("vo-p-default", "what does a typical defaulter look like?", "profile", "hard", "chatty",
          lambda t: mentions(r"score")),
    telco("vo-p-twoyear", "portrait of our two year customers please", "profile", "hard", "business",
          lambda t: mentions(r"tenure|months", r"\d")),
    wallet("vo-p-ios", "iOS people vs Android people, any real differences?", "profile", "hard", "plain",
           lambda t: mentions(
               r"no |not |differ|higher|lower|more|less", r"amount|city|cashback|merchant|pay")),
    hotel("vo-p-cancellers", "what sets guests who cancel apart from guests who don't", "profile", "hard",
          "business", lambda t: mentions(r"lead|adr|nights|segment|book", r"more|higher|longer|less|lower")),
    subs("vo-p-left", "tell me about the subscribers who left us", "profile", "hard", "chatty",
         lambda t: shows(int(t["cancelled_on"].notna().sum())) | mentions(r"1,?155")),
    cards("vo-p-cash", "profile the people who take cash advances", "profile", "hard", "business",
          lambda t: mentions(
              r"cash", r"balance|purchas|limit|payment", r"more|higher|less|lower|above|below")),
    club("vo-p-platinum", "how are platinum and gold members different?", "profile", "medium", "plain",
         lambda t: mentions(r"stays|spend|nights|points", r"more|higher|above|times|lower|less")),
    gifts("vo-p-web", "who gives online? i mean compared to by post", "profile", "hard", "chatty",
          lambda t: mentions(r"post", r"web", r"\d")),
    policies("vo-p-renew", "what kind of policies get renewed", "profile", "hard", "business",
             lambda t: mentions(r"renew", r"channel|product|premium|age|region|claims", r"\d")),
    airline("vo-p-award", "what is special about members with an award?", "profile", "medium", "business",
            lambda t: mentions(r"miles|balance|bonus", r"more|higher|above|times")),
)  # fmt: skip

QUESTIONS = REQUESTS + PROFILES
