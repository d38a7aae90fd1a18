"""Segments as rungs of one number, said in many ways: "1 stay, 2 to 3, 4 or more", "minors under 20, ..."."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from tests.questions.gold import mentions, no_segments, number, segments, shows
from tests.questions.model import Asker, Expect, Question

hotel, parcels, airline, subs = (Asker(n, "open") for n in ("hotel", "parcels", "airline", "subscribers"))
telco, gym, loans, retail = (Asker(n, "open") for n in ("telco", "gym", "loans", "retail"))
shop, club, calls, wallet = (Asker(n, "open") for n in ("shop", "club", "calls", "wallet"))
policies, gifts, meters, cards = (Asker(n, "open") for n in ("policies", "gifts", "meters", "cards"))
clinic = Asker("clinic", "open")
Frame = pd.DataFrame
ASKED = Expect(statuses=frozenset({"clarify"}))
INF = float("inf")


def rungs(values: pd.Series, *spans: tuple[float, float], names: Iterable[str] = ()) -> Expect:
    """One segment for each span, both ends included; those outside all of them are one more, if any."""
    sizes = [int(values.between(low, high).sum()) for low, high in spans]
    left = len(values) - sum(sizes)
    sizes += [left] if left else []
    return segments(len(sizes), len(values), sizes=sizes, names=names)


def times(t: Frame, key: str) -> pd.Series:
    """Rows of each customer, repeated ones once."""
    return t.drop_duplicates()[key].value_counts()


def ever(flags: pd.Series, keys: pd.Series) -> Expect:
    """Never, once, more often; a word that this cannot be counted is as honest."""
    return rungs(flags.groupby(keys).sum(), (0, 0), (1, 1), (2, INF)) | ASKED


def ages(t: Frame, *spans: tuple[float, float], names: Iterable[str] = ()) -> Expect:
    return rungs(t["age"], *spans, names=names)


def visits(m: Frame, v: Frame, *spans: tuple[float, float]) -> Expect:
    """Those who never came as a segment, or named in the answer as members who are in none."""
    counts = times(v, "mbr_id")
    absent = len(m) - len(counts)
    every = rungs(counts.reindex(m["mbr_id"], fill_value=0), (0, 0), *spans)
    return every | (rungs(counts, *spans) & shows(absent) & mentions(f"{absent} of the", "no visits"))


def households(t: Frame) -> pd.Series:
    return t.groupby("meter_id")["hh_size"].first()


def over(o: Frame, *limits: float) -> list[int]:
    return [int((o["net_amount"] > limit).sum()) for limit in limits]


def by_nights(t: Frame) -> pd.Series:
    return t.groupby(pd.cut(t["nights"], [0, 1, 3, 99]), observed=True)["adr"].mean()


def _of(ask: Asker, name: str, text: str, gold: Callable[..., Expect], hard: bool = False) -> Question:
    return ask(f"rg-{name}", text, "segmentation", "hard" if hard else "medium", "business", gold)


QUESTIONS: tuple[Question, ...] = (
    _of(hotel, "stays", "segment guests: 1 stay, 2 to 3 stays, 4 or more",
        lambda t: rungs(times(t, "guest_id"), (1, 1), (2, 3), (4, INF))),
    _of(parcels, "number", "split shippers by number of parcels: 1, 2 to 9, 10+",
        lambda t: rungs(times(t, "shipper_acct"), (1, 1), (2, 9), (10, INF))),
    _of(airline, "none", "segment by flights: none, 1 to 4, 5 or more",
        lambda t: rungs(t["Flight_trans_12"], (0, 0), (1, 4), (5, INF))),
    _of(subs, "plus", "segments under 30, 30 to 44, 45 plus",
        lambda t: ages(t, (0, 29), (30, 44), (45, INF))),
    _of(subs, "unknown", "segments under 30, 30 to 44, 45 and older, and those with unknown age on their own",
        lambda t: ages(t, (0, 29), (30, 44), (45, INF)), hard=True),
    _of(telco, "tenure", "segments: tenure 0 to 12 months New, 13 to 48 Settled, 49 plus Loyal",
        lambda t: rungs(t["tenure"], (0, 12), (13, 48), (49, INF), names=["New", "Settled", "Loyal"])),
    _of(gym, "zero", "split members by number of visits: 0, 1 to 10, more than 10",
        lambda m, p, v: visits(m, v, (1, 10), (11, INF)), hard=True),
    _of(loans, "more", "segment the accounts: income under 30k Low, 30k to 60k Mid, more than that High",
        lambda t: rungs(t["AnnualIncome"], (0, 29_999.9), (30_000, 60_000), (60_000.1, INF),
                        names=["Low", "Mid", "High"])),
    _of(retail, "one", "customers with 1 order, 2-3 orders and 4+ orders as segments",
        lambda t: rungs(times(t, "customer_id"), (1, 1), (2, 3), (4, INF))),
    _of(subs, "minors", "minors under 20, adults 20 to 64, pensioners 65 and up",
        lambda t: ages(t, (0, 19), (20, 64), (65, INF), names=["Minors", "Adults", "Pensioners"]), hard=True),
    _of(shop, "fans", "newcomers (1 order), regulars 2 to 9, fans 10+",
        lambda o, c: rungs(times(o, "customer_id"), (1, 1), (2, 9), (10, INF)), hard=True),
    _of(club, "above", "segment members: spend under 10000 Small, 10000 to 50000 Medium, above that Large",
        lambda t: rungs(t["SpendINR"], (0, 9_999.9), (10_000, 50_000), (50_000.1, INF), names=["Large"])),
    _of(calls, "escalated", "put callers in groups: never escalated, escalated once, escalated more often",
        lambda t: ever(t["outcome"] == "Escalated", t["cust_no"]), hard=True),
    _of(wallet, "failed", "segment users: never failed, failed once, failed several times",
        lambda t: ever(t["status"] == "Failed", t["user_id"]), hard=True),
    _of(shop, "returned", "group customers: never returned, returned once, returned twice or more",
        lambda o, c: ever(o["returned"] == "Y", o["customer_id"]), hard=True),
    _of(clinic, "missed", "patients by no-shows: never missed, missed once, missed more than once",
        lambda a, p: ever(a["status"] == "No-show", a["pat_id"]), hard=True),
    _of(policies, "just", "sort holders by number of policies: just 1, 2, 3 and over",
        lambda t: rungs(times(t, "holder_id"), (1, 1), (2, 2), (3, INF))),
    _of(gifts, "words", "bucket the donors: one gift, two to four gifts, five gifts or more",
        lambda t: rungs(times(t, "donor_no"), (1, 1), (2, 4), (5, INF))),
    _of(telco, "year", "tenure up to a year Fresh, 13 to 36 months Steady, beyond that Rooted",
        lambda t: rungs(t["tenure"], (0, 12), (13, 36), (37, INF), names=["Fresh", "Steady", "Rooted"])),
    _of(meters, "singles", "singles (household size 1), couples 2, families 3 plus",
        lambda t: rungs(households(t), (1, 1), (2, 2), (3, INF), names=["Singles", "Couples"])),
    _of(wallet, "paid", "users who paid 1 to 3 times are Rare, 4 to 7 times Usual, anything above Frequent",
        lambda t: rungs(times(t, "user_id"), (1, 3), (4, 7), (8, INF), names=["Rare", "Frequent"])),
    _of(club, "stays", "segment by stays in the last 12 months: zero, 1-3, 4 and more",
        lambda t: rungs(t["Stays12M"], (0, 0), (1, 3), (4, INF))),
    _of(airline, "bonus", "segment the flyers by bonus transactions: 0, 1 to 10, 11 to 20, above that",
        lambda t: rungs(t["Bonus_trans"], (0, 0), (1, 10), (11, 20), (21, INF))),
    _of(cards, "full", "bands of tenure: 6 to 8 Short, 9 to 11 Middle, 12 Full",
        lambda t: rungs(t["TENURE"], (6, 8), (9, 11), (12, 12), names=["Short", "Middle", "Full"])),
    _of(loans, "upwards", "credit score: Weak below 600, Fair from 600 up to 699, Strong 700 upwards",
        lambda t: rungs(t["CreditScore"], (0, 599), (600, 699), (700, INF), names=["Fair"])),
    _of(subs, "veterans", "youngsters up to 29, grown-ups 30 to 49, veterans 50+",
        lambda t: ages(t, (0, 29), (30, 49), (50, INF)), hard=True),
    _of(gym, "single", "three groups of members: not a single visit, 1 to 5 visits, 6 visits and up",
        lambda m, p, v: visits(m, v, (1, 5), (6, INF)), hard=True),
    _of(retail, "slashes", "split customers by orders: 1-2 / 3-5 / 6+",
        lambda t: rungs(times(t, "customer_id"), (1, 2), (3, 5), (6, INF))),
    # What is no list of rungs.
    hotel("rg-table", "average adr by nights: 1, 2 to 3, 4 or more", "group", "hard", "plain",
          lambda t: (shows(*by_nights(t)) & no_segments()) | ASKED),
    shop("rg-limits", "orders over 100, 200 and 500", "filter", "hard", "terse",
         lambda o, c: (shows(*over(o, 100, 200, 500)) & no_segments()) | ASKED),
    shop("rg-between", "customers with 1 to 3 orders", "filter", "medium", "terse",
         lambda o, c: number(times(o, "customer_id").between(1, 3).sum()) & no_segments()),
)  # fmt: skip
