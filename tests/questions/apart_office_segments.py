"""Kept apart: requests for segments of every kind, by rules, by size, by method, and changes to them."""

from __future__ import annotations

import math

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import segments
from tests.questions.model import Asker, Expect, Question

cards, subscribers, club, loans, retail = (
    Asker(n, "apart") for n in ("cards", "subscribers", "club", "loans", "retail")
)
telco, wholesale, wallet, policies, airline = (
    Asker(n, "apart") for n in ("telco", "wholesale", "wallet", "policies", "airline")
)
Frame = pd.DataFrame


def tiers(t: Frame) -> Expect:
    found = pd.cut(t["OutstandingBal"], [-math.inf, 5_000, 50_000, math.inf]).value_counts()
    return segments(3, 1500, sizes=[int(n) for n in found])


def abc(t: Frame) -> Expect:
    """The customer that crosses a bound belongs above it or below it."""
    money = t.groupby("Kunde")["Umsatz"].sum().sort_values(ascending=False)
    reached = money.cumsum() / money.sum()
    before = reached - money / money.sum()
    made = []
    for part in (reached, before):
        a, ab = int((part <= 0.8).sum()), int((part <= 0.95).sum())
        made.append(segments(3, len(money), sizes=[a, ab - a, len(money) - ab]))
    return either(*made)


def by_tier(t: Frame) -> Expect:
    n = t["Tier"].value_counts()
    return segments(3, 1200, sizes=[int(n["Platinum"] + n["Gold"]), int(n["Silver"]), int(n["Blue"])],
                    names=["VIP", "Growing", "Base"])  # fmt: skip


SINGLE: tuple[Question, ...] = (
    cards("ao-five", "group our cardholders into 5 groups by how they use their card", "segmentation",
          "medium", "business", lambda t: segments(5, 8950)),
    subscribers("ao-only", "3 segments of subscribers, use only hours watched and support tickets",
                "segmentation", "medium", "plain",
                lambda t: segments(3, 2000, uses=["hour", "ticket"],
                                   ignores=["fee", r"\bage\b|^age", "nps"])),
    club("ao-named", "put platinum and gold members in VIP, silver in Growing and blue in Base",
         "segmentation", "hard", "plain", by_tier),
    loans("ao-tiers",
          "segment accounts by outstanding balance: below 5000 small, 5000 to 50000 medium, above that large",
          "segmentation", "hard", "business", tiers),
    retail("ao-rfm", "rfm segments of our customers please", "segmentation", "easy", "business",
           lambda t: segments(at_least=3, total=995)),
    telco("ao-monthly", "segment just the month-to-month customers, leave gender out", "segmentation", "hard",
          "plain", lambda t: segments(at_least=2, total=3875, ignores=["gender"])),
    wholesale("ao-abc", "ABC analysis of our kunden by umsatz: A = 80% of it, B the next 15%, C the rest",
              "segmentation", "hard", "business", abc),
    wallet("ao-thirds", "split the users into three equally large groups by total amount", "segmentation",
           "medium", "plain", lambda t: segments(3, 1032, smallest=335)),
    airline("ao-big", "cluster the members, at least 100 members in each segment", "segmentation", "medium",
            "plain", lambda t: segments(at_least=2, total=3999, smallest=100)),
)  # fmt: skip

QUESTIONS = SINGLE
