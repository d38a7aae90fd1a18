"""The best by a share with names, sums of a lifetime, and segments that are split, moved and made anew."""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import segments
from tests.questions.model import Asker, Expect, Question

shop, calls, loans, gifts = (Asker(n, "open") for n in ("shop", "calls", "loans", "gifts"))
retail, telco, cards, subs = (Asker(n, "open") for n in ("retail", "telco", "cards", "subscribers"))
club, meters, wallet = (Asker(n, "open") for n in ("club", "meters", "wallet"))
Frame = pd.DataFrame


def top(values: pd.Series, percent: float, *names: str) -> Expect:
    """The best so many percent, those with the same value as the last of them in or out."""
    n = round(len(values) * percent / 100)
    cut = values.nlargest(n + 1)
    sizes = {n - 1, n, n + 1, int((values >= cut.iloc[n - 1]).sum()), int((values > cut.iloc[n - 1]).sum())}
    sizes |= {int((values >= cut.iloc[n]).sum())}
    return either(*(segments(2, len(values), sizes=[size], names=names) for size in sorted(sizes)))


def split(t: Frame, by: str, value: str, inner: str) -> Expect:
    own = t[t[by] == value][inner].value_counts()
    return segments(sizes=[*t[t[by] != value][by].value_counts(), *own], total=len(t))


def ages(t: Frame, low: float, high: float) -> Expect:
    a = t["age"]
    return segments(sizes=[(a < low).sum(), a.between(low, high).sum(), (a > high).sum()], total=len(t))


QUESTIONS: tuple[Question, ...] = (
    shop("nt-stars", "top 10% of customers by revenue are Stars, everyone else Crowd", "segmentation",
         "medium", "business", lambda o, c: segments(2, 510, names=["Stars", "Crowd"], sizes=[51])),
    calls("nt-heavy",
          "make a Heavy segment from the top 5% of callers by number of calls, others are Light",
          "segmentation", "hard", "business",
          lambda t: top(t["cust_no"].value_counts(), 5, "Heavy", "Light")),
    loans("nt-whale", "top 5% by principal = Whale, the rest = Minnow", "segmentation", "medium", "terse",
          lambda t: top(t["PrincipalAmt"], 5, "Whale", "Minnow")),
    meters("nt-hungry", "best 20% of households by kwh are Hungry, all others Modest", "segmentation",
           "medium", "business", lambda t: top(t.groupby("meter_id")["kwh"].sum(), 20, "Hungry", "Modest")),
    cards("nt-elite", "upper 15% by purchases called Elite, the rest called Everyday", "segmentation",
          "medium", "business", lambda t: top(t["PURCHASES"], 15, "Elite", "Everyday")),
    wallet("nt-power", "make a Power segment of the top 25% of users by amount, the others are Casual",
           "segmentation", "medium", "business",
           lambda t: top(t.groupby("user_id")["amount_inr"].sum(), 25, "Power", "Casual")),
    gifts("nt-lifetime", "donors in 3 equal parts by lifetime giving", "segmentation", "medium", "business",
          lambda t: segments(3, 954, smallest=300)),
    retail("nt-value", "segment customers by lifetime value: under 100, 100 to 300, over 300",
           "segmentation", "medium", "business", lambda t: segments(3, 995, sizes=[int((
               t.groupby("customer_id")["revenue"].sum() < 100).sum())])),
    shop("nt-all-time", "customers in 4 equal parts by all-time spend", "segmentation", "medium", "business",
         lambda o, c: segments(4, 510, smallest=120)),
    telco.dialogue("nt-only", "medium", "terse", ("4 segments", lambda t: segments(4, 7043)),
                   ("only 3", lambda t: segments(3, 7043)),
                   ("and with 5?", lambda t: segments(5, 7043))),
    cards.dialogue("nt-take", "medium", "chatty", ("3 segments", lambda t: segments(3, 8950)),
                   ("and if we take 5?", lambda t: segments(5, 8950)),
                   ("3 after all", lambda t: segments(3, 8950))),
    subs.dialogue("nt-border", "hard", "business",
                  ("segments by age: under 30, 30 to 50, over 50", lambda t: ages(t, 30, 50)),
                  ("make the top border 60", lambda t: ages(t, 30, 60)),
                  ("undo", lambda t: ages(t, 30, 50))),
    loans.dialogue("nt-split", "hard", "business",
                   ("segment by loan type", lambda t: segments(4, 1500, sizes=t["LoanType"].value_counts())),
                   ("split the car one by branch", lambda t: split(t, "LoanType", "Car", "Branch")),
                   ("undo that", lambda t: segments(4, 1500, sizes=t["LoanType"].value_counts()))),
    telco.dialogue("nt-month", "hard", "plain", ("segment by contract", lambda t: segments(3, 7043)),
                   ("split the month-to-month one by internet service",
                    lambda t: split(t, "Contract", "Month-to-month", "InternetService")),
                   ("take that back", lambda t: segments(3, 7043))),
    club.dialogue("nt-silver", "hard", "terse", ("segment by tier", lambda t: segments(4, 1200)),
                  ("split silver by sex", lambda t: split(t, "Tier", "Silver", "Sex")),
                  ("undo", lambda t: segments(4, 1200))),
    subs.dialogue("nt-plan", "hard", "plain", ("segment by plan", lambda t: segments(3, 2000)),
                  ("divide the premium ones by billing", lambda t: split(t, "plan", "Premium", "billing")),
                  ("undo it", lambda t: segments(3, 2000))),
)  # fmt: skip
