"""A second hand's talks, edits and requests for segments: other people, other tables, other ways to go on."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_segments import RULE, bands
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, number, percent, rows, says, segments, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS, WHY

clinic, gym, gifts, parcels = (Asker(n, "open") for n in ("clinic", "gym", "gifts", "parcels"))
policies, wallet, meters, hotel = (Asker(n, "open") for n in ("policies", "wallet", "meters", "hotel"))
loans, shop, subs, telco = (Asker(n, "open") for n in ("loans", "shop", "subscribers", "telco"))
club, cards, airline, retail = (Asker(n, "open") for n in ("club", "cards", "airline", "retail"))
calls, tips, people = Asker("calls", "open"), Asker("tips", "open"), Asker("people", "open")
Frame = pd.DataFrame


def waits(t: Frame, by: str, **only: str) -> pd.Series:
    part = t
    for column, value in only.items():
        part = part[part[column] == value]
    return part.groupby(by)["wait_sec"].mean()


def fees(a: Frame, by: str, how: str = "sum") -> pd.Series:
    return a[a["status"] == "Attended"].groupby(by)["fee_eur"].agg(how)


def gone(t: Frame, by: str, plan: str = "") -> pd.Series:
    part = t[t["plan"].str.contains(plan)]
    return part["cancelled_on"].notna().groupby(part[by]).mean()


def renewal(t: Frame, by: str, product: str = "") -> Expect:
    """Of all policies, or of those with a known outcome."""
    part = t[t["product"].str.contains(product)]
    known = part[part["renewed"].notna()]
    return rows((part["renewed"] == "Y").groupby(part[by]).mean(), as_percent=True) | rows(
        (known["renewed"] == "Y").groupby(known[by]).mean(), as_percent=True
    )


def tipped(t: Frame, **only: str) -> float:
    part = t
    for column, value in only.items():
        part = part[part[column] == value]
    return float(part["tip"].mean())


def debt(t: Frame, branch: str, *kinds: str) -> pd.Series:
    part = t[(t["Branch"] == branch)]
    part = part[part["LoanType"].isin(kinds)] if kinds else part
    return part.groupby("LoanType")["OutstandingBal"].sum()


FIGURES: tuple[Question, ...] = (
    calls.dialogue("la-t-wait", "hard", "business",
        ("How long do people wait on average, by queue?", lambda t: rows(waits(t, "queue"))),
        ("Only look at the calls that got dropped.", lambda t: rows(waits(t, "queue", outcome="Dropped"))),
        ("And the escalated ones?", lambda t: rows(waits(t, "queue", outcome="Escalated"))),
        ("Which queue is slowest there?", lambda t: leader(waits(t, "queue", outcome="Escalated"))),
        ("Fine, now per agent within that queue.", lambda t: rows(waits(t[t["queue"] == waits(
            t, "queue", outcome="Escalated").idxmax()], "agent", outcome="Escalated"))
         | rows(waits(t[t["queue"] == waits(t, "queue", outcome="Escalated").idxmax()], "agent")))),
    clinic.dialogue("la-t-fees", "medium", "terse",
        ("fees by dept, attended only", lambda a, p: rows(fees(a, "dept"))),
        ("mean instead of sum", lambda a, p: rows(fees(a, "dept", "mean"))),
        ("doctor by doctor", lambda a, p: rows(fees(a, "clinician", "mean"))),
        ("top two as bars", lambda a, p: chart("bar", fees(a, "clinician", "mean").nlargest(2)))),
    subs.dialogue("la-t-leaving", "hard", "business",
        ("cancellation rate by state", lambda t: rows(gone(t, "state"), as_percent=True)),
        ("premium subscribers only", lambda t: rows(gone(t, "state", "Premium"), as_percent=True)),
        ("no, basic", lambda t: rows(gone(t, "state", "Basic"), as_percent=True)),
        ("by billing rather than state", lambda t: rows(gone(t, "billing", "Basic"), as_percent=True)),
        ("is that difference solid?", lambda t: says(r"\b(yes|no|not|differ|signific|chance|clear)"))),
    policies.dialogue("la-t-renew", "hard", "plain",
        ("what share of policies gets renewed, per sales channel", lambda t: renewal(t, "sales_channel")),
        ("motor only", lambda t: renewal(t, "sales_channel", "Motor")),
        ("the same per region", lambda t: renewal(t, "region", "Motor"))),
    tips.dialogue("la-t-tips", "medium", "chatty",
        ("mean tip on sundays", lambda t: number(tipped(t, day="Sun"))),
        ("and saturdays", lambda t: number(tipped(t, day="Sat"))),
        ("smokers only", lambda t: number(tipped(t, day="Sat", smoker="Yes"))),
        ("hmm and the non smokers", lambda t: number(tipped(t, day="Sat", smoker="No")))),
    loans.dialogue("la-t-debt", "hard", "business",
        ("how much is outstanding in the North branch by loan type", lambda t: rows(debt(t, "North"))),
        ("just car and personal", lambda t: rows(debt(t, "North", "Car", "Personal"), only=True)),
        ("and South?", lambda t: rows(debt(t, "South", "Car", "Personal"))),
        ("how many loans is that altogether", lambda t: number(
            ((t["Branch"] == "South") & t["LoanType"].isin(["Car", "Personal"])).sum()))),
)  # fmt: skip


def spread(t: Frame, edge: float) -> Expect:
    sums = t.groupby("donor_no")["amt_usd"].sum()
    return segments(2, 954, sizes=[int((sums >= edge).sum())]) | segments(
        2, 954, sizes=[int((sums > edge).sum())]
    )


def from_big(t: Frame, edge: float) -> Expect:
    sums = t.groupby("donor_no")["amt_usd"].sum()
    return percent(sums[sums >= edge].sum() / sums.sum()) | percent(sums[sums > edge].sum() / sums.sum())


def aged(t: Frame) -> list[int]:
    return [int((t["tenure"] <= 12).sum()), int((t["tenure"] > 48).sum())]


SEGMENTS: tuple[Question, ...] = (
    gifts.dialogue("la-s-patrons", "hard", "chatty",
        ("donors who gave 500 dollars or more altogether are Patrons, the remaining ones Friends",
         lambda t: spread(t, 500)),
        ("what percent of our income comes from the Patrons?", lambda t: from_big(t, 500)),
        ("hmm set the bar at 1000 instead", lambda t: spread(t, 1000)),
        ("and the percentage now?", lambda t: from_big(t, 1000)),
        ("rename Friends to Supporters", lambda t: segments(2, 954, names=["Patrons", "Supporters"]))),
    telco.dialogue("la-s-tenure", "hard", "business",
        ("Rookies up to 12 months, Veterans over 48 months, everyone in between Core", lambda t: segments(
            3, 7043, sizes=aged(t), names=["Rookies", "Veterans", "Core"])),
        ("churn rate of each", lambda t: shares(
            (t.loc[t["tenure"] <= 12, "Churn"] == "Yes").mean(),
            (t.loc[t["tenure"] > 48, "Churn"] == "Yes").mean())),
        ("let Veterans start at 60", lambda t: segments(3, 7043, sizes=[int((t["tenure"] > 60).sum())])
         | segments(3, 7043, sizes=[int((t["tenure"] >= 60).sum())])),
        ("merge Core and Veterans into Stayers", lambda t: segments(
            2, 7043, names=["Rookies", "Stayers"], sizes=[aged(t)[0], 7043 - aged(t)[0]])),
        ("undo", lambda t: segments(3, 7043, names=["Veterans"]))),
    cards.dialogue("la-s-cluster", "hard", "plain",
        ("make clusters of the card holders from balance, purchases and cash advance only", lambda t: (
            segments(at_least=2, total=8950, uses=["balance", "purchases", "cash"], ignores=["tenure"])
            | mentions(NO_GROUPS))),
        ("I'd rather have five", lambda t: segments(5, 8950)),
        ("give cash advance double weight", lambda t: segments(5, 8950)
         & mentions(r"weigh|twice|doubl|×|\b2\b")),
        ("describe the smallest one in two sentences", lambda t: segments(5) & mentions(r"%|\d")),
        ("why not three?", lambda t: mentions(WHY))),
    club.dialogue("la-s-fair", "hard", "business",
        ("quarters of the members by points balance", lambda t: segments(4, 1200, smallest=290)),
        ("share of women in each quarter", lambda t: mentions("%")),
        ("call the top quarter Collectors", lambda t: segments(4, 1200, names=["Collectors"])),
        ("put the other three together as Rest", lambda t: segments(2, 1200, names=["Collectors", "Rest"])),
        ("average spend of both", lambda t: says(r"\d"))),
)  # fmt: skip


def cold(t: Frame) -> Expect:
    last = t.groupby("customer_id")["order_date"].max()
    n = int((last < "2006-07-01").sum())
    return segments(2, 995, sizes=[n, 995 - n], names=["Cold", "Warm"])


def visits(m: Frame, p: Frame, v: Frame) -> Expect:
    counts = v["mbr_id"].value_counts()
    full = counts.reindex(m["mbr_id"], fill_value=0)
    return either(*(segments(at_least=3, at_most=4, sizes=bands(x, 10, 30)[0][1:]) for x in (counts, full)))


REQUESTS: tuple[Question, ...] = (
    retail("la-r-cold", "customers with no order since 1 July 2006 = Cold, all others Warm", "segmentation",
           "hard", "business", cold),
    gym("la-r-visits", "heavy visitors 30 visits or more, regular 10 to 29, light below 10", "segmentation",
        "hard", "plain", visits),
    meters("la-r-tops", "meters: top 15% by total bill are Guzzlers, next 35% Average Joes, everyone else "
           "Savers", "segmentation", "hard", "chatty", lambda t: segments(
               3, 400, sizes=[60], names=["Guzzlers", "Savers"])),
    loans("la-r-married", "married borrowers vs everybody else", "segmentation", "medium", "terse",
          lambda t: segments(2, 1500, sizes=[789, 711])
          | Expect(statuses=frozenset({"clarify"})) | mentions(r"married")),
    hotel("la-r-six", "could you build six guest clusters, using nights, lead time and adr?", "segmentation",
          "medium", "chatty", lambda t: segments(6, 1500, uses=["night", "lead", "adr"])),
    policies("la-r-value", "A / B / C holders by premium: 10, 30 and 60 percent", "segmentation", "hard",
             "business", lambda t: either(*(segments(3, 1075, sizes=[n]) for n in (107, 108)))),
    wallet("la-r-android", "cluster the Android users, four groups", "segmentation", "hard", "plain",
           lambda t: segments(4)),
    airline("la-r-noage", "5 clusters please but forget about days since enroll", "segmentation", "medium",
            "chatty", lambda t: segments(5, 3999, ignores=["days"])),
    subs("la-r-hours", "Split: 40+ hours = Addict, 15 to 39.9 = Fan, less = Visitor", "segmentation", "hard",
         "terse", lambda t: segments(3, 2000, sizes=[int((t["hours_watched_30d"] >= 40).sum())],
                                     names=["Addict", "Fan", "Visitor"])),
    shop("la-r-tiers", "one segment per loyalty tier", "segmentation", "easy", "plain",
         lambda o, c: segments(3, 600, sizes=c["loyalty_tier"].value_counts()) | segments(3, 510)),
    people("la-p-high", "what are the high spenders like compared to the low ones", "profile", "hard",
           "chatty", lambda t: mentions(r"age|married|profession|family", r"\d")),
    clinic("la-p-rating", "who gives bad ratings", "profile", "hard", "terse",
           lambda a, p: Expect(statuses=frozenset({"clarify"})) | mentions(r"rating", r"\d")),
    parcels.dialogue("la-e-depots", "hard", "business",
        ("segment the shippers by depot", lambda t: segments(4, 323)),
        ("throw Cardiff and Bristol together, call that South West", lambda t: segments(
            3, 323, names=["South West"])),
        ("sizes as a pie", lambda t: chart("pie", labels=["South West"])),
        ("revert", lambda t: segments(4, 323, names=["Cardiff"])), kind="edit"),
    club.dialogue("la-e-rules", "hard", "business",
        ("3 clusters of members on spend and nights", lambda t: segments(3, 1200, uses=["spend", "night"])),
        ("what rule describes the first one", lambda t: segments(3) & mentions(RULE)),
        ("rename the second one to Sleepyheads", lambda t: segments(3, names=["Sleepyheads"])),
        ("how many Sleepyheads have opted in to email", lambda t: says(r"\d")), kind="edit"),
    calls.dialogue("la-e-split", "hard", "plain",
        ("callers: one call, two or three calls, four and more, as segments", lambda t: segments(
            3, 1558, sizes=bands(t["cust_no"].value_counts(), 2, 4)[0])),
        ("total wait of each group", lambda t: shows(waited(t))),
        ("split the last one in two", lambda t: segments(4, 1558)), kind="edit"),
)  # fmt: skip


def waited(t: Frame) -> float:
    """What callers with one call waited in all."""
    counts = t["cust_no"].map(t["cust_no"].value_counts())
    return float(t.loc[counts == 1, "wait_sec"].sum())


QUESTIONS = FIGURES + SEGMENTS + REQUESTS
