"""Talks in which segments are made, changed, asked about and taken back."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import number, percent, segments, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

telco, subs, club, loans = (Asker(n, "open") for n in ("telco", "subscribers", "club", "loans"))
cards, shop = Asker("cards", "open"), Asker("shop", "open")
Frame = pd.DataFrame


def watchers(t: Frame, *edges: float) -> list[int]:
    """Sizes by hours watched, below each edge and from the last one on."""
    hours = t["hours_watched_30d"].dropna()
    cut = pd.cut(hours, [-1.0, *edges, 1e9])
    return [int(n) for n in cut.value_counts(sort=False)]


def rich(t: Frame, yes: bool = True) -> Frame:
    return t[(t["PointsBal"] > 50_000) == yes]


def spread(sizes: list[int], merged: bool = False) -> Expect:
    return segments(sizes=[sizes[0], sizes[1] + sizes[2]] if merged else sizes)


QUESTIONS: tuple[Question, ...] = (
    telco.dialogue("th-four", "medium", "business",
        ("segment the customers into 4 groups by tenure and monthly charges", lambda t: segments(
            4, 7043, uses=("tenure", "monthly"))),
        ("make it 5", lambda t: segments(5, 7043, uses=("tenure", "monthly"))),
        ("hmm, leave tenure out", lambda t: segments(5, 7043, ignores=("tenure",))),
        ("no, go back to the one with 4", lambda t: segments(4, 7043, uses=("tenure", "monthly"))),
        ("add total charges", lambda t: segments(4, uses=("tenure", "monthly", "total")))),
    subs.dialogue("th-watch", "hard", "business",
        ("split subscribers by hours watched: up to 10 = light, 10 to 25 = regular, above 25 = heavy",
         lambda t: spread(watchers(t, 10, 25))),
        ("rename light to Sleepers", lambda t: segments(names=["Sleepers"], at_least=3)),
        ("merge the other two", lambda t: spread(watchers(t, 10, 25), merged=True)),
        ("undo that", lambda t: spread(watchers(t, 10, 25))),
        ("average age per segment", lambda t: shows(*t.groupby(pd.cut(
            t["hours_watched_30d"], [-1, 10, 25, 1e9]), observed=True)["age"].mean()))),
    club.dialogue("th-rich", "hard", "plain",
        ("put members with more than 50000 points in one group and everyone else in another, and tell me "
         "how many nights each stays on average", lambda t: segments(
             sizes=[len(rich(t)), len(rich(t, False))]) & shows(
                 rich(t)["Nights12M"].mean(), rich(t, False)["Nights12M"].mean())),
        ("what share of the spend does the first one have", lambda t: percent(
            rich(t)["SpendINR"].sum() / t["SpendINR"].sum())),
        ("and the other one?", lambda t: percent(
            rich(t, False)["SpendINR"].sum() / t["SpendINR"].sum())),
        ("how many women in it", lambda t: number((rich(t, False)["Sex"] == "F").sum()))),
    loans.dialogue("th-score", "hard", "business",
        ("cut the borrowers in three by credit score, below 600, 600 to 699, 700 and up", lambda t: segments(
            sizes=banded(t)["CreditScore"].count().tolist())),
        ("default rate in each", lambda t: shares(*bad(t))),
        ("and the average income", lambda t: shows(*banded(t)["AnnualIncome"].mean())),
        ("move the upper cut to 720", lambda t: segments(
            sizes=banded(t, 720)["CreditScore"].count().tolist())),
        ("does the default rate change", lambda t: shares(*bad(t, 720)))),
    cards.dialogue("th-clusters", "hard", "chatty",
        ("find me some customer groups based on balance, purchases and cash advance", lambda t: segments(
            at_least=2, uses=("balance", "purchases", "advance"))),
        ("too few, i want 6", lambda t: segments(6, uses=("balance", "purchases", "advance"))),
        ("which one is the biggest", lambda t: segments(6)),
        ("call it Mainstream", lambda t: segments(6, names=["Mainstream"])),
        ("and kick out the cash advance thing", lambda t: segments(
            at_least=2, uses=("balance", "purchases"), ignores=("advance",)))),
    shop.dialogue("th-rfm", "hard", "business",
        ("RFM segments please", lambda o, c: segments(at_least=3)),
        ("only 4 segments", lambda o, c: segments(4)),
        ("how much revenue does each bring", lambda o, c: revenue(o)),
        ("undo, and show me the old ones again", lambda o, c: segments(at_least=3))),
    club.dialogue("th-tiers", "medium", "terse",
        ("make three tiers by spend: top 10%, next 30%, rest", lambda t: segments(3, 1200)),
        ("top 20% instead", lambda t: segments(at_least=2, total=1200)),
        ("share of spend per tier", lambda t: Expect()),
        ("call the top one VIP", lambda t: segments(names=["VIP"])),
        ("how many VIPs opted in to email", lambda t: vip_mail(t))),
)  # fmt: skip


def vip_mail(t: Frame) -> Expect:
    top = t.nlargest(240, "SpendINR")
    return number((top["EmailOptIn"] == "Y").sum()) | percent((top["EmailOptIn"] == "Y").mean())


def revenue(o: Frame) -> Expect:
    """All that was sold is somewhere: the shares or the sums of all segments are listed."""
    return segments(4)


def banded(t: Frame, upper: float = 700) -> pd.core.groupby.DataFrameGroupBy:
    return t.groupby(pd.cut(t["CreditScore"], [0, 600, upper, 1e9], right=False), observed=True)


def bad(t: Frame, upper: float = 700) -> pd.Series:
    flag = t.assign(bad=t["Defaulted"] == "Yes")
    return banded(flag, upper)["bad"].mean()
