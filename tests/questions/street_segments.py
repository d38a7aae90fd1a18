"""Segments of donors, members, shippers, holders and users in plain words, and talks about them."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_segments import bands
from tests.questions.fresh_figures import either
from tests.questions.gold import mentions, percent, rows, segments
from tests.questions.model import Asker, Expect, Question

gym, gifts, parcels = (Asker(n, "open") for n in ("gym", "gifts", "parcels"))
policies, wallet, telco = (Asker(n, "open") for n in ("policies", "wallet", "telco"))
cards, hotel = Asker("cards", "open"), Asker("hotel", "open")
Frame = pd.DataFrame


def given(t: Frame) -> pd.Series:
    return t.groupby("donor_no")["amt_usd"].sum()


def spenders(t: Frame) -> pd.Series:
    return t.groupby("shipper_acct")["charge_gbp"].sum()


def abc(t: Frame) -> Expect:
    """The fifth of the shippers that pay most, the next three tenths, the rest; rounding free."""
    n = t["shipper_acct"].nunique()
    return either(*(segments(3, n, sizes=[k]) for k in (n // 5, n // 5 + 1)))


def by_age(t: Frame) -> Expect:
    """Policies or holders in bands of age; those without an age may stand apart."""
    last = t.sort_values("start_date").groupby("holder_id")["holder_age"]
    made = [segments(at_least=3, at_most=4, sizes=bands(t["holder_age"], 30, 60)[0])]
    for how in ("last", "first", "mean", "max", "min", "median"):
        made.append(segments(at_least=3, at_most=4, sizes=bands(last.agg(how), 30, 60)[0]))
    return either(*made)


def heavy(t: Frame) -> Expect:
    counts = t["user_id"].value_counts()
    n = int((counts > 10).sum())
    return segments(2, len(counts), sizes=[n, len(counts) - n])


def guests(t: Frame) -> Expect:
    made = []
    for part in (t, t[t["is_canceled"] == 0]):
        counts = part["guest_id"].value_counts()
        made.append(segments(3, sizes=bands(counts, 2, 3)[0]))
    return either(*made)


REQUESTS: tuple[Question, ...] = (
    gifts("st-s-levels", "sort donors: Major gave over 1000 in all, Mid 200 to 1000, Small less than 200",
          "segmentation", "hard", "business", lambda t: either(
              *(segments(3, 954, sizes=sizes, names=["Major", "Mid", "Small"]) for sizes in (
                  *bands(given(t), 200, 1000),
                  [int((given(t) > 1000).sum()), int((given(t) < 200).sum())])))),
    gifts("st-s-rfm", "do rfm on the donors, as of 31 dec 2024", "segmentation", "medium", "business",
          lambda t: segments(at_least=3, total=954)),
    gifts("st-s-four", "cluster donors in 4 groups plz", "segmentation", "easy", "chatty",
          lambda t: segments(4, 954)),
    parcels("st-s-abc", "shippers by revenue: A is the top 20%, B the next 30%, C all others", "segmentation",
            "hard", "business", abc),
    policies("st-s-ages", "holders under 30, 30 to 59, 60 and up as segments", "segmentation", "hard",
             "plain", by_age),
    policies("st-s-claims", "3 segments of policy holders on premium n claims only", "segmentation", "hard",
             "misspelt", lambda t: segments(3, uses=["premium", "claim"], ignores=["age", "excess"])),
    gym("st-s-kinds", "can u find 3 kinds of members from how often they come and how long they stay",
        "segmentation", "hard", "chatty", lambda m, p, v: either(
            *(segments(3, n, uses=["mins|stay|long"]) for n in (int(v["mbr_id"].nunique()), 900)))),
    gym("st-s-plans", "one segment per plan", "segmentation", "medium", "terse",
        lambda m, p, v: segments(4, 900) | segments(4, int(v["mbr_id"].nunique()))),
    wallet("st-s-heavy", "heavy = more than 10 payments, everyone else light", "segmentation", "hard",
           "terse", heavy),
    wallet("st-s-five", "five clusters of users but dont use the city or device", "segmentation", "medium",
           "chatty", lambda t: segments(5, t["user_id"].nunique(), ignores=["city", "device"])),
    telco("st-s-bigbills", "those paying over 80 a month are Big Bills, the others are Normal",
          "segmentation", "hard", "business", lambda t: segments(
              2, 7043, sizes=[(t["MonthlyCharges"] > 80).sum()], names=["Big Bills", "Normal"])),
    cards("st-s-quarters", "four equal groups by balance", "segmentation", "medium", "plain",
          lambda t: segments(4, 8950, smallest=2200)),
    hotel("st-s-loyal", "loyal guests booked 3 times or more, Returning 2 times, Single once",
          "segmentation", "hard", "business", guests),
)  # fmt: skip


def regulars(t: Frame, edge: int) -> pd.Series:
    counts = t["user_id"].map(t["user_id"].value_counts())
    return (counts >= edge).map({True: "Regulars", False: "Occasional"})


def regular_sizes(t: Frame, edge: int) -> list[int]:
    n = int((t["user_id"].value_counts() >= edge).sum())
    return [n, t["user_id"].nunique() - n]


def regular_means(t: Frame, edge: int) -> Expect:
    """Mean payment in each: over payments, or over users of their own mean or total."""
    kind = regulars(t, edge)
    own = t.groupby([kind.rename("kind"), "user_id"])["amount_inr"]
    return either(rows(t.groupby(kind)["amount_inr"].mean()), rows(own.mean().groupby(level=0).mean()),
                  rows(own.sum().groupby(level=0).mean()))  # fmt: skip


def a_share(t: Frame) -> Expect:
    """What the upper fifth of the shippers brings in, the cut a shipper up or down."""
    sums = spenders(t).sort_values(ascending=False)
    return either(*(percent(sums.head(k).sum() / sums.sum()) for k in (64, 65)))


TALKS: tuple[Question, ...] = (
    wallet.dialogue("st-s-t-regulars", "hard", "business",
        ("users with at least 10 payments are Regulars, all others Occasional", lambda t: segments(
            2, sizes=regular_sizes(t, 10), names=["Regulars", "Occasional"])),
        ("avg amount in each group", lambda t: regular_means(t, 10)),
        ("move the line to 15 payments", lambda t: segments(2, sizes=regular_sizes(t, 15))),
        ("and the averages now", lambda t: regular_means(t, 15)),
        ("no, go back to 10", lambda t: segments(2, sizes=regular_sizes(t, 10)))),
    gifts.dialogue("st-s-t-stars", "hard", "chatty",
        ("make me 4 donor segments", lambda t: segments(4, 954)),
        ("hm 3 is enough", lambda t: segments(3, 954)),
        ("call the smallest one Stars", lambda t: segments(3, 954, names=["Stars"])),
        ("what makes a Star?", lambda t: segments(3) & mentions(
            r"more|higher|above|times|less|lower|below|against"))),
    parcels.dialogue("st-s-t-abc", "hard", "business",
        ("put the shippers into 3 tiers by total charge: top 20%, next 30%, bottom 50%", abc),
        ("what part of our revenue is the top tier", a_share),
        ("rename it to Key accounts", lambda t: segments(3, names=["Key accounts"])),
        ("combine the two others as Rest", lambda t: segments(
            2, int(t["shipper_acct"].nunique()), names=["Key accounts", "Rest"]))),
)  # fmt: skip

QUESTIONS = REQUESTS + TALKS
