"""Kept apart: segments of patients, donors, holders, users and members, and how they are edited."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_segments import bands
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, rows, segments
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS

clinic, gym, gifts, parcels = (Asker(n, "apart") for n in ("clinic", "gym", "gifts", "parcels"))
policies, wallet, cards, airline = (Asker(n, "apart") for n in ("policies", "wallet", "cards", "airline"))
subs, telco = Asker("subscribers", "apart"), Asker("telco", "apart")
Frame = pd.DataFrame


def missers(a: Frame, p: Frame) -> Expect:
    """Patients with none, one or more appointments missed; those without any appointment in or out."""
    n = (a["status"] == "No-show").groupby(a["pat_id"]).sum()
    whole = p["pat_id"].map(n).fillna(0)
    return either(*(segments(3, len(x), sizes=bands(x, 1, 2)[0]) for x in (n, whole)))


def insurers(a: Frame, p: Frame) -> Expect:
    """By insurer, those without one as a segment or left out; of all patients or of those who came."""
    came = p[p["pat_id"].isin(a["pat_id"])]
    return either(*(segments(at_least=3, at_most=4, sizes=part["insurer"].value_counts())
                    for part in (p, came)))  # fmt: skip


def lapsed(t: Frame) -> Expect:
    n = int((t.groupby("donor_no")["gift_dt"].max() < "2024-01-01").sum())
    return segments(2, 954, sizes=[n, 954 - n])


def whales(t: Frame) -> Expect:
    n = t["user_id"].nunique()
    return either(*(segments(2, n, sizes=[k, n - k]) for k in (51, 52, 53)))


def sizes_of_premium(t: Frame) -> Expect:
    """Of policies, or of holders by a sum, mean or the last of their premiums; an edge on either side."""
    each = t.sort_values("start_date").groupby("holder_id")["annual_premium_gbp"]
    values = [t["annual_premium_gbp"], *(each.agg(how) for how in ("sum", "mean", "last", "max", "first"))]
    return either(*(segments(3, len(v), sizes=sizes) for v in values for sizes in bands(v, 200, 600)))


def stayers(m: Frame, p: Frame, v: Frame) -> Expect:
    n = int(m["cancel_dt"].notna().sum())
    return segments(2, 900, sizes=[n, 900 - n])


REQUESTS: tuple[Question, ...] = (
    clinic("ap-s-missers", "group the patients: never missed, missed once, missed more often",
           "segmentation", "hard", "business", missers),
    clinic("ap-s-four", "4 clusters of patients please but leave out sex and town", "segmentation", "hard",
           "chatty", lambda a, p: either(*(segments(4, n, ignores=["sex", "town"])
                                           for n in (int(a["pat_id"].nunique()), 700)))),
    clinic("ap-s-insurer", "segments by insurer", "segmentation", "medium", "terse", insurers),
    gifts("ap-s-fifths", "donors in 5 equal parts by lifetime giving", "segmentation", "medium", "plain",
          lambda t: segments(5, 954, smallest=180)),
    gifts("ap-s-lapsed", "Lapsed means last gift before 2024, everyone else is Active", "segmentation",
          "hard", "business", lapsed),
    gifts("ap-s-loyal", "first timers (1 gift), repeat 2 to 4, loyal 5+", "segmentation", "hard", "terse",
          lambda t: segments(3, 954, sizes=bands(t["donor_no"].value_counts(), 2, 5)[0],
                             names=["first timers|first timer|first-timers|first", "repeat", "loyal"])),
    parcels("ap-s-three", "k-means with 3 groups of shippers on weight, distance and charge", "segmentation",
            "hard", "business", lambda t: segments(
                3, t["shipper_acct"].nunique(), uses=["wt|weight", "dist", "charge"],
                ignores=["attempt", "damage"])),
    policies("ap-s-sml", "premium under 200 = S, 200 to 600 = M, above that L", "segmentation", "hard",
             "terse", sizes_of_premium),
    wallet("ap-s-whales", "top 5% spenders are Whales, everybody else Fish", "segmentation", "hard",
           "chatty", whales),
    gym("ap-s-stayers", "split the members into cancelled and still here", "segmentation", "hard", "plain",
        stayers),
    cards("ap-s-two", "3 groups based on payments & cash advance, nothing else", "segmentation", "medium",
          "chatty", lambda t: segments(3, 8950, uses=["payments", "cash_advance|cash advance"],
                                       ignores=["balance", "tenure", "limit", "purchases", "minimum", "full",
                                                "freq", "trx"])),
    airline("ap-s-flyers", "flyers with 5 or more flights in the last 12 months, 1 to 4, and none",
            "segmentation", "hard", "plain", lambda t: segments(
                3, 3999, sizes=bands(t["Flight_trans_12"], 1, 5)[0])),
    subs("ap-s-free", "do a segmentation, you decide how many", "segmentation", "easy", "chatty",
         lambda t: segments(at_least=2, total=2000) | mentions(NO_GROUPS)),
)  # fmt: skip


def patients(n: int, a: Frame, p: Frame, names: tuple[str, ...] = ()) -> Expect:
    return segments(n, int(a["pat_id"].nunique()), names=names) | segments(n, 700, names=names)


def big(t: Frame, edge: float) -> pd.Series:
    return (t.groupby("donor_no")["amt_usd"].sum() > edge).map({True: "Big", False: "Small"})


def cut(t: Frame, edge: float) -> Expect:
    return segments(2, 954, sizes=big(t, edge).value_counts(), names=["Big", "Small"])


def gifts_each(t: Frame, edge: float) -> Expect:
    return rows(t["donor_no"].value_counts().groupby(big(t, edge)).mean())


def bound(t: Frame) -> pd.Series:
    return t["Contract"].replace({"One year": "Long", "Two year": "Long"})


EDITS: tuple[Question, ...] = (
    clinic.dialogue("ap-e-base", "hard", "chatty",
        ("3 groups of patients", lambda a, p: patients(3, a, p)),
        ("make it 5", lambda a, p: patients(5, a, p)),
        ("rename the largest to Base", lambda a, p: patients(5, a, p, ("Base",))),
        ("what is special about Base?", lambda a, p: segments(5) & mentions(
            r"more|higher|above|times|less|lower|below|against|fewer|most|nothing")), kind="edit"),
    gifts.dialogue("ap-e-big", "hard", "business",
        ("segments: over 500 lifetime = Big, others = Small", lambda t: cut(t, 500)),
        ("how many gifts per donor in each", lambda t: gifts_each(t, 500)),
        ("use 1000 as the limit", lambda t: cut(t, 1000)),
        ("undo", lambda t: cut(t, 500)), kind="edit"),
    telco.dialogue("ap-e-long", "hard", "plain",
        ("segment by contract", lambda t: segments(3, 7043, sizes=t["Contract"].value_counts())),
        ("put one year and two year together as Long", lambda t: segments(2, 7043, names=["Long"])),
        ("churn in each", lambda t: rows((t["Churn"] == "Yes").groupby(bound(t)).mean(), as_percent=True)),
        ("which pays the higher monthly bill", lambda t: leader(t.groupby(bound(t))["MonthlyCharges"].mean())
         | leader(t.groupby(bound(t))["MonthlyCharges"].median())), kind="edit"),
)  # fmt: skip

QUESTIONS = REQUESTS + EDITS
