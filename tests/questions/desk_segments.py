"""Requests for segments with every option, as typed at a desk, and talks that edit, doubt and use them."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import (
    chart,
    leader,
    mentions,
    name,
    no_segments,
    number,
    percent,
    refusal,
    rows,
    says,
    segments,
    shows_percent,
    verdict,
)
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS, SQL, WHY
from tests.questions.shop import joined

telco, cards, airline, books = (Asker(n, "open") for n in ("telco", "cards", "airline", "books"))
retail, cdnow, shop, hotel = (Asker(n, "open") for n in ("retail", "cdnow", "shop", "hotel"))
loans, people, wholesale = (Asker(n, "open") for n in ("loans", "people", "wholesale"))
subs, calls, club = (Asker(n, "open") for n in ("subscribers", "calls", "club"))
Frame = pd.DataFrame
RULE = r"<|>|≤|≥|above|below|under|over|at least|at most|up to|more than|less than"


def either(first: Expect, *others: Expect) -> Expect:
    for other in others:
        first = first | other
    return first


def bands(values: pd.Series, *edges: float) -> tuple[list[int], list[int]]:
    """Sizes of the bands between the edges, an edge counted above and below."""
    cuts = [-float("inf"), *edges, float("inf")]
    return tuple(
        pd.cut(values, cuts, right=right).value_counts(sort=False).tolist() for right in (False, True)
    )  # type: ignore[return-value]


def banded(values: pd.Series, *edges: float) -> Expect:
    below, above = bands(values, *edges)
    return segments(len(below), sizes=below) | segments(len(above), sizes=above)


def overspent(t: Frame, limit: float) -> Expect:
    spend = t.groupby("customer_id")["dollar_value"].sum()
    big = int((spend >= limit).sum())
    more = int((spend > limit).sum())
    return segments(2, len(spend), sizes=[big]) | segments(2, len(spend), sizes=[more])


def loyal(t: Frame) -> Expect:
    """Sleepers by the last stay, or by the count of stays in twelve months."""
    counts = [(t["LastStay"] < "2024-01-01").sum(), (t["LastStay"] <= "2024-01-01").sum(),
              (t["LastStay"] < "2023-12-31").sum(), (t["Stays12M"] == 0).sum()]  # fmt: skip
    return either(*(segments(2, 1200, sizes=[n, 1200 - n], names=["Sleepers"]) for n in counts))


REQUESTS: tuple[Question, ...] = (
    subs("seg-active", "divide the active subscribers (no cancellation date) into 4 groups", "segmentation",
         "hard", "business", lambda t: segments(4, int(t["cancelled_on"].isna().sum()))),
    subs("seg-features", "3 segments on hours watched, age and tickets", "segmentation", "medium", "terse",
         lambda t: segments(3, uses=["hours", "age", "ticket"], ignores=["fee"])),
    subs("seg-drop-age", "kmeans k=6, drop age", "segmentation", "medium", "terse",
         lambda t: segments(6, 2000, ignores=[r"\bage\b"])),
    subs("seg-weight", "segment the subscribers into 4, hours watched should count double", "segmentation",
         "hard", "business", lambda t: segments(4, 2000) & mentions(r"weigh|twice|doubl|×|\b2\b")),
    subs("seg-viewers", "heavy viewers 30 hours or more, medium 10 to 30, light under 10", "segmentation",
         "hard", "business", lambda t: segments(3, 2000, sizes=bands(t["hours_watched_30d"], 10, 30)[0])),
    subs("seg-cross", "one segment for each combination of plan and billing", "segmentation", "hard", "plain",
         lambda t: segments(6, 2000, sizes=t.groupby(["plan", "billing"]).size())),
    club("seg-103060", "tier members by spend: top 10%, next 30%, remaining 60%", "segmentation", "hard",
         "business", lambda t: either(*(segments(3, 1200, sizes=[n]) for n in (119, 120, 121)))),
    club("seg-sleepers", "make a segment called Sleepers with everybody who had no stay in the past 12 "
         "months, the rest is Awake", "segmentation", "hard", "business", loyal),
    club("seg-thirds", "high / mid / low value thirds by SpendINR", "segmentation", "medium", "terse",
         lambda t: segments(3, 1200)),
    club("seg-upper", "cluster just the gold and platinum members, 3 clusters", "segmentation", "hard",
         "plain", lambda t: segments(3, int(t["Tier"].isin(["Gold", "Platinum"]).sum()))),
    club("seg-fair", "segment members but keep sex and birth year out of it", "segmentation", "medium",
         "business", lambda t: segments(at_least=2, total=1200, ignores=["sex", "birth"])
         | mentions(NO_GROUPS)),
    club("seg-rfm", "RFM from LastStay, Stays12M and SpendINR", "segmentation", "hard", "business",
         lambda t: segments(at_least=3, total=1200)),
    calls("seg-callers", "group the callers into 3 by how often they ring and how long they wait",
          "segmentation", "hard", "chatty", lambda t: segments(3, 1558)),
    calls("seg-counts", "segments of callers: exactly 1 call, 2 to 3 calls, 4 or more", "segmentation",
          "hard", "business", lambda t: segments(3, 1558, sizes=bands(t["cust_no"].value_counts(), 2, 4)[0])),
    hotel("seg-once", "guests with at least two bookings vs one-timers, as segments", "segmentation", "hard",
          "business", lambda t: segments(2, 1500, sizes=[(t["guest_id"].value_counts() >= 2).sum()])),
    retail("seg-rfm4", "rfm with four levels, as of end of 2006", "segmentation", "hard", "terse",
           lambda t: segments(at_least=2, total=995)),
    retail("seg-abc", "ABC segments: A brings the first 80% of revenue, B the next 15%, C the rest",
           "segmentation", "hard", "business", lambda t: segments(3, 995)),
    cdnow("seg-98", "two segments: bought something in 1998, or not", "segmentation", "hard", "plain",
          lambda t: segments(2, 23570, sizes=[(t.groupby("customer_id")["date"].max() >= "1998").sum()])),
    telco("seg-range", "find somewhere between 3 and 6 segments and say which number is best", "segmentation",
          "hard", "business", lambda t: segments(at_least=3, at_most=6, total=7043) & mentions(WHY)),
    telco("seg-rules", "split: churned customers = Gone; not churned and month-to-month = At risk; everyone "
          "else = Safe", "segmentation", "hard", "business", lambda t: segments(3, 7043, sizes=[
              1869, ((t["Churn"] == "No") & (t["Contract"] == "Month-to-month")).sum()],
              names=["Gone", "At risk", "Safe"])),
    cards("seg-ward", "ward, 4 segments, on BALANCE, PURCHASES and CREDIT_LIMIT", "segmentation", "hard",
          "plain", lambda t: segments(4, uses=["balance", "purchases", "credit_limit"],
                                      ignores=["tenure", "payment", "cash"])),
    cards("seg-cashers", "3 groups among those who use cash advance", "segmentation", "hard", "plain",
          lambda t: segments(3, int((t["CASH_ADVANCE"] > 0).sum()))
          | segments(3, int((t["CASH_ADVANCE_TRX"] > 0).sum()))),
    cards("seg-min500", "four segments with no fewer than 500 people in any", "segmentation", "hard",
          "business", lambda t: segments(at_least=2, at_most=4, total=8950, smallest=500)),
    people("seg-jobs", "one segment per profession pls", "segmentation", "medium", "chatty",
           lambda t: segments(at_least=9, at_most=10)),
    loans("seg-scores", "credit score bands: below 600 Poor, 600 to 700 Fair, above 700 Good", "segmentation",
          "hard", "business", lambda t: segments(3, 1500, names=["Poor", "Fair", "Good"], sizes=[
              (t["CreditScore"] < 600).sum(), t["CreditScore"].between(600, 700).sum()])),
    airline("seg-three", "5 groups of flyers from balance, bonus miles and flight miles, nothing else",
            "segmentation", "medium", "plain", lambda t: segments(
                5, 3999, uses=["balance", "bonus_miles", "flight_miles"], ignores=["cc1", "days", "award"])),
    books("seg-m", "M quintiles", "segmentation", "medium", "terse", lambda t: segments(5, 4000)),
    shop("seg-four", "cluster shoppers in four using number of orders, spend and return rate",
         "segmentation", "hard", "business", lambda o, c: segments(4, 510) | segments(4, 600)),
    wholesale("seg-kunden", "3 segments of Kunde by Umsatz", "segmentation", "medium", "terse",
              lambda t: segments(3, t["Kunde"].nunique())),
    club("seg-typo", "segmnt membrs in 5 clusers", "segmentation", "medium", "misspelt",
         lambda t: segments(5, 1200)),
)  # fmt: skip


def tier_spend(t: Frame) -> pd.Series:
    return t.groupby("Tier")["SpendINR"].mean()


def vip(t: Frame) -> int:
    return int(t["Tier"].isin(["Gold", "Platinum"]).sum())


def churn(t: Frame) -> pd.Series:
    return (t["Churn"] == "Yes").groupby(t["Contract"]).mean()


def plus(t: Frame) -> pd.Series:
    return (t["CREDIT_LIMIT"] > 5000).map({True: "Premium", False: "Basic"})


TALKS: tuple[Question, ...] = (
    club.dialogue("seg-tiers", "hard", "business",
        ("segments = the loyalty tiers", lambda t: segments(4, 1200, sizes=t["Tier"].value_counts())),
        ("average spend of each segment", lambda t: rows(tier_spend(t))),
        ("merge Gold and Platinum and call it VIP", lambda t: segments(3, 1200, sizes=[vip(t)],
                                                                      names=["VIP"])),
        ("how many VIPs?", lambda t: number(vip(t))),
        ("take the merge back", lambda t: segments(4, 1200, names=["Platinum"])),
        ("what share of spend is Platinum?", lambda t: percent(
            t.loc[t["Tier"] == "Platinum", "SpendINR"].sum() / t["SpendINR"].sum()))),
    subs.dialogue("seg-doubt", "hard", "chatty",
        ("4 clusters of subscribers", lambda t: segments(4, 2000)),
        ("what sets the first one apart?", lambda t: segments(4)
         & mentions(r"more|less|higher|lower|above|%")),
        ("how sure are you about four", lambda t: segments(4) & mentions(WHY)),
        ("how large is the second segment", lambda t: says(r"\d")),
        ("can I have the list as a file", lambda t: mentions(r"\b(download|export|saved?|written|CSV)"))),
    cards.dialogue("seg-limit", "hard", "business",
        ("split customers at a credit limit of 5000: above is Premium, the rest is Basic", lambda t: segments(
            2, sizes=[(t["CREDIT_LIMIT"] > 5000).sum()], names=["Premium", "Basic"])),
        ("mean balance of both", lambda t: rows(t.groupby(plus(t))["BALANCE"].mean())
         | rows(t[t["CREDIT_LIMIT"].notna()].groupby(plus(t))["BALANCE"].mean())),
        ("rename Basic to Standard", lambda t: segments(2, names=["Premium", "Standard"])),
        ("is the difference in purchases between the two real?", lambda t: verdict(True)),
        ("draw their sizes as a pie", lambda t: chart("pie", labels=["Premium", "Standard"]))),
    telco.dialogue("seg-contract", "hard", "business",
        ("segment by contract", lambda t: segments(3, 7043, sizes=t["Contract"].value_counts())),
        ("which of them loses most customers, in percent", lambda t: leader(churn(t), share=True)),
        ("and least?", lambda t: leader(churn(t), share=True, least=True)),
        ("are seniors treated fairly by this split?", lambda t: mentions(
            r"senior", r"fair|protected|age|%"))),
    loans.dialogue("seg-fair", "hard", "business",
        ("three segments of borrowers, leave marital status out", lambda t: segments(
            3, 1500, ignores=["marital"])),
        ("check fairness for marital status", lambda t: mentions(r"marital|married|single|divorced")),
        ("rules for each segment please", lambda t: mentions(RULE)),
        ("same as SQL", lambda t: mentions(SQL))),
    hotel.dialogue("seg-k", "medium", "terse",
        ("group guests into 3 on nights and adr", lambda t: segments(3, 1500, uses=["night", "adr"])),
        ("now 5", lambda t: segments(5, 1500, uses=["night", "adr"])),
        ("back to three", lambda t: segments(3, 1500)),
        ("why not 2?", lambda t: mentions(WHY))),
    airline.dialogue("seg-small", "hard", "chatty",
        ("cluster our flyers into 4 pls", lambda t: segments(4, 3999)),
        ("tell me about the smallest one", lambda t: segments(4) & mentions(r"%|median|average|more|less")),
        ("merge the two smallest", lambda t: segments(3, 3999)),
        ("hm, undo that", lambda t: segments(4, 3999)),
        ("drop the segmentation altogether", lambda t: no_segments()
         | Expect(statuses=frozenset({"clarify"})))),
    cdnow.dialogue("seg-big", "hard", "business",
        ("buyers who spent 100 or more in total = Big, all others = Small", lambda t: overspent(t, 100)),
        ("how much revenue comes from Big?", lambda t: big_revenue(t, 100)),
        ("raise the limit to 200", lambda t: overspent(t, 200)),
        ("which of the two has more customers", lambda t: name("Small"))),
    club.dialogue("seg-compare", "hard", "business",
        ("use Tier as segments, name the whole thing Tiers", lambda t: segments(4, 1200, names=["Blue"])),
        ("now make 4 clusters on spend, nights and points balance", lambda t: segments(
            4, 1200, uses=["spend", "night", "point"])),
        ("how well do these two agree?", lambda t: mentions(r"rand|agree|overlap|cross|match")),
        ("return to Tiers", lambda t: segments(4, 1200, names=["Blue", "Platinum"]))),
    shop.dialogue("seg-loyalty", "hard", "plain",
        ("use loyalty tier as the segments", lambda o, c: segments(3, 600) | segments(3, 510)),
        ("revenue per segment", joined(lambda t: rows(t.groupby("loyalty_tier")["net_amount"].sum()))),
        ("as a pie", joined(lambda t: chart("pie", t.groupby("loyalty_tier")["net_amount"].sum()))),
        ("describe Gold", lambda o, c: segments(3) & mentions(r"Gold", r"\d"))),
    people.dialogue("seg-none", "medium", "chatty",
        ("rename segment 2 to Rookies", lambda t: refusal(r"segment") & no_segments()),
        ("ok make 4 segments first, without the Segmentation column", lambda t: segments(
            4, ignores=["segmentation"])),
        ("now rename segment 2 to Rookies", lambda t: segments(4, names=["Rookies"])),
        ("who are the Rookies?", lambda t: mentions(r"Rookies", r"%|median|average|more|less|years"))),
    retail.dialogue("seg-rfm", "hard", "business",
        ("RFM on our buyers, date 31/12/2006", lambda t: segments(at_least=5, total=995, sizes=[35, 342])),
        ("how many Champions are there", lambda t: number(35)),
        ("share of revenue of each segment", lambda t: mentions("%")
         & shows_percent(204856 / t["revenue"].sum(), 31646 / t["revenue"].sum())),
        ("which segment should we win back first and why?", lambda t: mentions(
            r"risk|sleep|lost|lose|hibernat|attention"))),
)  # fmt: skip


def big_revenue(t: Frame, limit: float) -> Expect:
    spend = t.groupby("customer_id")["dollar_value"].sum()
    parts = [float(spend[spend >= limit].sum()), float(spend[spend > limit].sum())]
    return either(*(number(p) | percent(p / spend.sum()) for p in parts))


QUESTIONS = REQUESTS + TALKS
