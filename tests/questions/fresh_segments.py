"""Segments, rules and tiers as strangers ask for them, talks that change and use them, and profiles."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_segments import RULE, bands
from tests.questions.fresh_figures import either
from tests.questions.gold import (
    chart,
    leader,
    mentions,
    no_segments,
    number,
    percent,
    rows,
    segments,
    shows,
    verdict,
)
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS, WHY
from tests.questions.shop import joined
from tests.questions.wording import ASKED

bank, telco, cards, loans = (Asker(n, "open") for n in ("bank", "telco", "cards", "loans"))
retail, cdnow, shop, hotel = (Asker(n, "open") for n in ("retail", "cdnow", "shop", "hotel"))
subs, calls, club = (Asker(n, "open") for n in ("subscribers", "calls", "club"))
airline, books, people, wine = (Asker(n, "open") for n in ("airline", "books", "people", "wine"))
Frame = pd.DataFrame


def vips(t: Frame) -> Expect:
    """Five orders or more and 500 or more in all."""
    each = t.groupby("customer_id")["revenue"].agg(["size", "sum"])
    n = int(((each["size"] >= 5) & (each["sum"] >= 500)).sum())
    return segments(2, 995, sizes=[n, 995 - n], names=["VIP"])


def balances(t: Frame) -> Expect:
    """Customers above five lakh, by the last, largest or mean balance; a missing one may stand apart."""
    ordered = t.sort_values(["date", "TransactionTime"]).groupby("CustomerID")["Balance"]
    sizes = {int((ordered.agg(how) > 500_000).sum()) for how in ("last", "first", "max", "mean", "median")}
    return either(*(segments(at_least=2, at_most=3, sizes=[n], names=["Premium", "Mass"]) for n in sizes))


def spenders(t: Frame) -> Expect:
    """Guests by adr times nights over 2,000, with or without cancelled bookings."""
    made = []
    for part in (t, t[t["is_canceled"] == 0]):
        spend = (part["adr"] * part["nights"]).groupby(part["guest_id"]).sum()
        n = int((spend > 2000).sum())
        made += [segments(at_least=2, sizes=[n])]
    return either(*made)


def waiting(t: Frame) -> Expect:
    """Callers by their total wait: under 1, 1 to 3, over 3 minutes."""
    wait = t.groupby("cust_no")["wait_sec"].sum()
    return either(*(segments(3, 1558, sizes=bands(wait, *edges)[0]) for edges in ((60, 180), (60, 181))))


def app_users(orders: Frame, customers: Frame) -> Expect:
    n = int(orders.loc[orders["channel"] == "app", "customer_id"].nunique())
    return segments(2, 510, sizes=[n, 510 - n]) | segments(2, 600, sizes=[n, 600 - n])


def dormant(t: Frame) -> Expect:
    n = int((t.groupby("customer_id")["order_date"].max() < "2006-01-01").sum())
    return segments(2, 995, sizes=[n, 995 - n])


REQUESTS: tuple[Question, ...] = (
    subs("fresh-s-fees", "segment by monthly fee: 599 and above = Whales, 349 to 399 = Middle, rest = Budget",
         "segmentation", "hard", "business", lambda t: segments(
             3, 2000, names=["Whales", "Middle", "Budget"], sizes=[299, 694, 1007])),
    club("fresh-s-nights", "bucket the members by nights in 12 months: none, 1-3, 4-9, 10+", "segmentation",
         "hard", "terse", lambda t: segments(4, 1200, sizes=bands(t["Nights12M"], 1, 4, 10)[0])),
    club("fresh-s-mail", "split into reachable by email (opted in) and not reachable", "segmentation", "hard",
         "business", lambda t: segments(2, 1200, sizes=[771, 429])),
    calls("fresh-s-wait", "group callers by total wait: under 1 min, 1 to 3 min, over 3 min", "segmentation",
          "hard", "plain", waiting),
    hotel("fresh-s-spend", "two guest groups: total adr*nights above 2000 and the others", "segmentation",
          "hard", "business", spenders),
    loans("fresh-s-prime", "prime = score 740+, near prime = 670 to 739, subprime = below 670",
          "segmentation", "hard", "business",
          lambda t: segments(3, 1500, sizes=bands(t["CreditScore"], 670, 740)[0])),
    loans("fresh-s-thirds", "terciles on outstanding balance", "segmentation", "medium", "terse",
          lambda t: segments(3, 1500)),
    telco("fresh-s-life", "life cycle segments: new to 6 months, growing 7-24, mature 25-60, loyal above 60",
          "segmentation", "hard", "business", lambda t: segments(
              4, 7043, sizes=bands(t["tenure"], 6, 24, 60)[1])),
    cards("fresh-s-trans", "transactors are those with PRC_FULL_PAYMENT of 1, everyone else is a revolver",
          "segmentation", "hard", "business", lambda t: segments(2, 8950, sizes=[488, 8462])),
    cards("fresh-s-nofreq", "3 clusters pls, ignore all the frequency columns", "segmentation", "hard",
          "chatty", lambda t: segments(3, 8950, ignores=["frequency"])),
    airline("fresh-s-two", "four clusters from balance n flight miles only", "segmentation", "medium",
            "misspelt", lambda t: segments(4, 3999, uses=["balance", "flight_miles"],
                                           ignores=["bonus", "cc1", "days"])),
    books("fresh-s-rf", "segment into 5 on R and F", "segmentation", "medium", "terse",
          lambda t: segments(5, 4000, ignores=["cook", "child"])),
    retail("fresh-s-vip", "customers with at least 5 orders and at least 500 revenue = VIP, others Standard",
           "segmentation", "hard", "business", vips),
    retail("fresh-s-dormant", "dormant (last order before 2006) against the others, as two segments",
           "segmentation", "hard", "plain", dormant),
    cdnow("fresh-s-orders", "buyers w/ one order, 2-4 orders, 5 and more", "segmentation", "hard", "terse",
          lambda t: segments(3, 23570, sizes=bands(t["customer_id"].value_counts(), 2, 5)[0])),
    shop("fresh-s-app", "app customers (at least one app order) vs everybody else", "segmentation", "hard",
         "business", app_users),
    people("fresh-s-ages", "age groups as segments: 18-29, 30-44, 45-59, 60 and over", "segmentation", "hard",
           "plain", lambda t: segments(4, 10695, sizes=bands(t["Age"], 30, 45, 60)[0])
           | segments(4, t["ID"].nunique())),
    bank("fresh-s-premium", "balance above 5 lakh = Premium, the remaining = Mass", "segmentation", "hard",
         "business", balances),
    wine("fresh-s-wine", "cluster the wines in three without using cultivar", "segmentation", "medium",
         "plain", lambda t: segments(3, 178, ignores=["cultivar"])),
    telco("fresh-s-useful", "what natural customer groups are in here if any?", "segmentation", "hard",
          "chatty", lambda t: segments(at_least=2, total=7043) | mentions(NO_GROUPS)),
)  # fmt: skip


def kind_of(t: Frame) -> pd.Series:
    return (t["CreditScore"] >= 740).map({True: "Prime", False: "Standard"})


def kinder(t: Frame) -> pd.Series:
    return (t["CreditScore"] >= 700).map({True: "Prime", False: "Standard"})


def bad(t: Frame) -> pd.Series:
    return t["Defaulted"] == "Yes"


def gone(t: Frame) -> pd.Series:
    return t["cancelled_on"].notna()


def payer(t: Frame) -> pd.Series:
    return (t["PRC_FULL_PAYMENT"] == 1).map({True: "Full payers", False: "Others"})


TALKS: tuple[Question, ...] = (
    loans.dialogue("fresh-s-cut", "hard", "business",
        ("two segments: credit score 740 or more is Prime, all others Standard", lambda t: segments(
            2, 1500, sizes=kind_of(t).value_counts(), names=["Prime", "Standard"])),
        ("default rate of each", lambda t: rows(bad(t).groupby(kind_of(t)).mean(), as_percent=True)),
        ("lower the cut to 700", lambda t: segments(2, 1500, sizes=kinder(t).value_counts())),
        ("and the default rates now?", lambda t: rows(bad(t).groupby(kinder(t)).mean(), as_percent=True)),
        ("is that gap real or luck", lambda t: verdict(True))),
    subs.dialogue("fresh-s-plans", "hard", "business",
        ("take the plan as segments", lambda t: segments(3, 2000, sizes=t["plan"].value_counts())),
        ("cancellation rate in each", lambda t: rows(gone(t).groupby(t["plan"]).mean(), as_percent=True)),
        ("join Standard and Premium into Plus", lambda t: segments(2, 2000, sizes=[993], names=["Plus"])),
        ("cancellation rate again", lambda t: rows(
            gone(t).groupby((t["plan"] == "Basic").map({True: "Basic", False: "Plus"})).mean(),
            as_percent=True)),
        ("undo that merge", lambda t: segments(3, 2000, names=["Standard", "Premium"]))),
    cards.dialogue("fresh-s-payers", "hard", "chatty",
        ("can you make two groups, full payers with prc_full_payment = 1 and Others", lambda t: segments(
            2, 8950, sizes=[488, 8462])),
        ("avg credit limit in each group", lambda t: rows(
            t.groupby(t["PRC_FULL_PAYMENT"] == 1)["CREDIT_LIMIT"].mean(),
            labels={True: "Full payers|Full payer|full", False: "Others"})),
        ("which has the higher purchases on average", lambda t: leader(
            t.groupby(payer(t).replace("Full payers", "Full payers|Full payer|full"))["PURCHASES"].mean())),
        ("bar chart of the sizes", lambda t: chart("bar", labels=["Others"]))),
    telco.dialogue("fresh-s-less", "medium", "terse",
        ("5 clusters", lambda t: segments(5, 7043)),
        ("too many. 3", lambda t: segments(3, 7043)),
        ("leave TotalCharges out", lambda t: segments(3, 7043, ignores=["total"])),
        ("how stable are they?", lambda t: segments(3) & mentions(WHY)),
        ("export", lambda t: mentions(r"\b(download|export\w*|saved?|written|file)"))),
    club.dialogue("fresh-s-core", "hard", "plain",
        ("make 4 segments of the members", lambda t: segments(4, 1200)),
        ("rename the biggest one to Core", lambda t: segments(4, 1200, names=["Core"])),
        ("what is typical for Core", lambda t: segments(4)
         & mentions(r"Core", r"more|less|higher|lower|above|below|times|deviation|against|most")),
        ("how much do they spend on average", lambda t: segments(4) & Expect(says=(r"\d",))),
        ("delete all segments", lambda t: no_segments() | ASKED)),
    retail.dialogue("fresh-s-rfm", "hard", "business",
        ("rfm segmentation, reference day 31.12.2006", lambda t: segments(
            at_least=5, total=995, sizes=[35, 342])),
        ("how many are At Risk", lambda t: number(28)),
        ("what have they brought us so far", lambda t: number(22227)),
        ("who is about to sleep - how many and what revenue", lambda t: number(102)
         & mentions(r"23[.,]?449|23\.4"))),
    shop.dialogue("fresh-s-cities", "medium", "plain",
        ("segments by city", lambda o, c: segments(5, 600, sizes=c["city"].value_counts())
         | segments(5, 510)),
        ("average order value for each", joined(lambda t: rows(t.groupby("city")["net_amount"].mean()))),
        ("merge Cologne and Leipzig", lambda o, c: segments(4)),
        ("call it West-East", lambda o, c: segments(4, names=["West-East"]))),
    hotel.dialogue("fresh-s-plain", "hard", "chatty",
        ("find three kinds of guests for me", lambda t: segments(3, 1500)),
        ("explain the difference between them in plain words", lambda t: segments(3) & mentions(
            r"more|less|higher|lower|longer|shorter|above|below|against")),
        ("a simple rule for the first one?", lambda t: segments(3) & mentions(RULE)),
        ("why 3 and not 4", lambda t: segments(3) & mentions(WHY))),
)  # fmt: skip

PROFILES: tuple[Question, ...] = (
    telco("fresh-r-drivers", "what goes along with churn most?", "profile", "hard", "business",
          lambda t: mentions(r"contract|month-to-month|tenure|fib(er|re)|internet")),
    club("fresh-r-platinum", "profile of platinum members against the rest", "profile", "medium", "business",
         lambda t: mentions(r"stays|spend|nights", r"more|higher|above|times")),
    loans("fresh-r-bad", "how do defaulters differ from good borrowers?", "profile", "medium", "plain",
          lambda t: mentions(r"score")),
    subs("fresh-r-senior", "tell me about subscribers over 50", "profile", "hard", "chatty",
         lambda t: shows((t["age"] > 50).sum())),
    cards("fresh-r-top", "describe the top 5% spenders", "profile", "hard", "business",
          lambda t: Expect(statuses=frozenset({"answered", "clarify"}))
          & mentions(r"purchas|spen", r"balance|limit|payment|tenure|instal|one-?off")),
    shop("fresh-r-returners", "who returns the most? by tier in percent", "profile", "hard", "chatty",
         joined(lambda t: rows((t["returned"] == "Y").groupby(t["loyalty_tier"]).mean(), as_percent=True)
                | percent((t["returned"] == "Y").groupby(t["loyalty_tier"]).mean().max()))),
)  # fmt: skip

QUESTIONS = REQUESTS + TALKS + PROFILES
