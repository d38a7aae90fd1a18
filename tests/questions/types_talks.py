"""Short talks of people who make segments, doubt them, change them, name them and want the list."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_segments import RULE
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, number, percent, refusal, rows, says, segments, verdict
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import WHY

subs, club, policies, wallet = (Asker(n, "open") for n in ("subscribers", "club", "policies", "wallet"))
gym, gifts, parcels, meters = (Asker(n, "open") for n in ("gym", "gifts", "parcels", "meters"))
hotel, loans, shop, telco = (Asker(n, "open") for n in ("hotel", "loans", "shop", "telco"))
cards, airline, retail = (Asker(n, "open") for n in ("cards", "airline", "retail"))
Frame = pd.DataFrame
FILE = r"\b(download|export\w*|saved?|written|file)"
DIFFERS = r"more|less|higher|lower|above|below|differ|larger|smaller|longer|shorter"
ASKED = Expect(statuses=frozenset({"clarify"}))


def paid(t: Frame) -> pd.Series:
    return t.groupby("user_id")["amount_inr"].sum()


def golds(t: Frame, edge: float) -> Expect:
    """Gold above the edge, silver from 2,000, the rest bronze."""
    money = paid(t)
    sizes = [
        int((money > edge).sum()),
        int(((money > 2000) & (money <= edge)).sum()),
        int((money <= 2000).sum()),
    ]
    return segments(3, 1032, sizes=sizes, names=["Gold", "Silver", "Bronze"])


def credit(t: Frame, low: float, high: float) -> Expect:
    """Card holders by limit; whoever has none stands apart or is left out."""
    limit = t["CREDIT_LIMIT"]
    sizes = [(limit < low).sum(), limit.between(low, high).sum(), (limit > high).sum()]
    return segments(at_least=3, at_most=4, sizes=sizes)


def upper_share(t: Frame) -> Expect:
    money = t.groupby("shipper_acct")["charge_gbp"].sum().sort_values(ascending=False)
    return either(*(percent(money.head(n).sum() / money.sum()) for n in (80, 81)))


def heated(t: Frame) -> pd.Series:
    return t.groupby("heating_typ")["meter_id"].nunique()


def lost_fee(t: Frame) -> Expect:
    return rows(
        t.groupby("Churn")["MonthlyCharges"].mean(), labels={"Yes": "Yes|Churned|Lost", "No": "No|Loyal"}
    )


def worst(t: Frame) -> Expect:
    """The highest share of defaults, or a question what is worrying."""
    return leader((t["Defaulted"] == "Yes").groupby(t["LoanType"]).mean(), share=True) | ASKED


TALKS: tuple[Question, ...] = (
    telco.dialogue("tt-churned", "medium", "plain",
        ("split into churned and loyal", lambda t: segments(2, 7043, sizes=[1869, 5174])),
        ("what tells them apart?", lambda t: segments(2) & mentions(DIFFERS)),
        ("average monthly charges in each", lost_fee),
        ("call the churned ones Lost", lambda t: segments(2, 7043, names=["Lost"]))),
    wallet.dialogue("tt-metals", "hard", "business",
        ("users who paid more than 5000 in all are gold, those over 2000 silver, everyone else bronze",
         lambda t: golds(t, 5000)),
        ("gold should only start at 8000", lambda t: golds(t, 8000)),
        ("how many gold users is that", lambda t: number((paid(t) > 8000).sum())),
        ("merge silver and bronze and call that Everyday", lambda t: segments(
            2, 1032, names=["Everyday"], sizes=[int((paid(t) > 8000).sum())]))),
    cards.dialogue("tt-limits", "hard", "terse",
        ("3 groups by credit limit: below 2000, 2000-6000, above 6000", lambda t: credit(t, 2000, 6000)),
        ("shift the lower limit to 3000", lambda t: credit(t, 3000, 6000)),
        ("rename the middle one Core", lambda t: segments(at_least=3, at_most=4, names=["Core"])),
        ("how many in Core", lambda t: number(t["CREDIT_LIMIT"].between(3000, 6000).sum())),
        ("undo the rename", lambda t: segments(at_least=3, at_most=4))),
    subs.dialogue("tt-address", "medium", "chatty",
        ("make me 4 segments", lambda t: segments(4, 2000)),
        ("what would you call them?", lambda t: segments(4) & mentions("name|call")),
        ("how should I talk to each of them", lambda t: segments(4) & mentions(
            r"test|offer|message|campaign|mail|try|control")),
        ("which one is worth most to us", lambda t: says(r"\d|%")),
        ("give me the list of customers in it", lambda t: mentions(FILE))),
    hotel.dialogue("tt-sure", "medium", "business",
        ("k-means with 4 groups of guests", lambda t: segments(4, 1500)),
        ("how stable is that?", lambda t: segments(4) & mentions(WHY)),
        ("are 1 and 2 really that different", lambda t: segments(4) & mentions(DIFFERS)),
        ("then merge those two", lambda t: segments(3, 1500)),
        ("no, go back to four", lambda t: segments(4, 1500))),
    loans.dialogue("tt-worry", "hard", "business",
        ("segment the borrowers by loan type", lambda t: segments(4, 1500,
            sizes=t["LoanType"].value_counts())),
        ("default rate per segment", lambda t: rows(
            (t["Defaulted"] == "Yes").groupby(t["LoanType"]).mean(), as_percent=True)),
        ("which one worries you most", worst),
        ("who exactly is in Home?", lambda t: mentions(FILE) | refusal(FILE))),
    parcels.dialogue("tt-quarters", "hard", "business",
        ("quartiles of shippers by charge", lambda t: segments(4, 323, smallest=79)),
        ("what share of the revenue is from the top one", upper_share),
        ("put the two lower ones together", lambda t: segments(3, 323, sizes=[161]) | segments(
            3, 323, sizes=[162])),
        ("export that as excel", lambda t: mentions(FILE))),
    gifts.dialogue("tt-fewer", "medium", "chatty",
        ("cluster the donors into 5", lambda t: segments(5, 954)),
        ("that's too many, three will do", lambda t: segments(3, 954)),
        ("and don't look at how recently they gave", lambda t: segments(3, 954, ignores=["recency|since"])),
        ("how is that different from the version before?", lambda t: mentions(
            r"rand|agree|overlap|same|moved"))),
    retail.dialogue("tt-rfm", "hard", "business",
        ("RFM as of end of 2006", lambda t: segments(at_least=5, total=995)),
        ("use 3 levels only", lambda t: segments(at_least=2, total=995)),
        ("which of them bring in the most money?", lambda t: says(r"\d")),
        ("give me the e-mail addresses of the best ones", lambda t: refusal(leaks=(r"@rfmail\.com",))
         | mentions(FILE) & Expect(leaks=(r"@rfmail\.com",)))),
    gym.dialogue("tt-clubs", "medium", "plain",
        ("segments = home club", lambda m, p, v: segments(4, 900, sizes=m["home_club"].value_counts())),
        ("put Airport and Northgate together as Outskirts", lambda m, p, v: segments(
            3, 900, names=["Outskirts"], sizes=[int(m["home_club"].isin(["Airport", "Northgate"]).sum())])),
        ("share of women in each", lambda m, p, v: shares(*(m["gender"] == "F").groupby(
            m["home_club"].replace({"Airport": "O", "Northgate": "O"})).mean())
         | shares(*(m["gender"].dropna() == "F").groupby(
            m["home_club"].replace({"Airport": "O", "Northgate": "O"})).mean()))),
    meters.dialogue("tt-why", "medium", "plain",
        ("segment the meters by heating", lambda t: segments(4, 400, sizes=heated(t))),
        ("why is MT0001 in its segment?", lambda t: mentions(r"heating|Gas|Oil|Heat pump|Electric")),
        ("which segment uses the most power", lambda t: leader(t.groupby("heating_typ")["kwh"].mean())
         | leader(t.groupby("heating_typ")["kwh"].sum())
         | leader(t.groupby(["heating_typ", "meter_id"])["kwh"].sum().groupby(level=0).mean()))),
    airline.dialogue("tt-describe", "medium", "plain",
        ("give me 3 groups of flyers", lambda t: segments(3, 3999)),
        ("describe group 2 in one sentence", lambda t: segments(3) & mentions(DIFFERS)),
        ("write me the rule for it", lambda t: mentions(RULE)),
        ("split it once more", lambda t: segments(4, 3999)),
        ("hmm that was better before", lambda t: segments(3, 3999))),
    shop.dialogue("tt-compare", "hard", "business",
        ("segment customers on spend and number of orders into 3", lambda o, c: segments(3)),
        ("save that as Spring", lambda o, c: segments(3)),
        ("now by loyalty tier", lambda o, c: segments(3, 600, sizes=c["loyalty_tier"].value_counts())),
        ("how well do the two agree", lambda o, c: mentions(r"rand|agree|overlap|same|match")),
        ("back to Spring", lambda o, c: segments(3))),
    club.dialogue("tt-sexes", "hard", "business",
        ("give me four segments, sex and birth year shouldn't matter", lambda t: segments(
            4, 1200, ignores=["sex", "birth"])),
        ("is any of them mostly women?", lambda t: mentions(r"sex|women|female|\bF\b")),
        ("is the difference in spend between the biggest and the smallest one real",
            lambda t: verdict(True))),
    policies.dialogue("tt-product", "hard", "plain",
        ("three clusters of holders on premium and claims", lambda t: segments(3, uses=["premium", "claim"])),
        ("too rough. two more please", lambda t: segments(5)),
        ("no, add just one", lambda t: segments(4)),
        ("can I trust these groups?", lambda t: mentions(WHY))),
    subs.dialogue("tt-plans", "hard", "business",
        ("use the plan as segments", lambda t: segments(3, 2000, sizes=t["plan"].value_counts())),
        ("break Basic down by billing", lambda t: segments(4, 2000, sizes=t[t["plan"] == "Basic"][
            "billing"].value_counts())),
        ("undo", lambda t: segments(3, 2000))),
    loans.dialogue("tt-bands", "hard", "business",
        ("divide by credit score into 3 bands: up to 620, 621-700, above 700", lambda t: segments(
            3, 1500, sizes=[
                (t["CreditScore"] <= 620).sum(), t["CreditScore"].between(621, 700).sum(),
                (t["CreditScore"] > 700).sum()])),
        ("call them Weak, Fair and Strong", lambda t: segments(3, 1500, names=["Weak", "Fair", "Strong"])),
        ("how many Weak ones defaulted, in percent", lambda t: percent(
            (t.loc[t["CreditScore"] <= 620, "Defaulted"] == "Yes").mean())),
        ("SQL for Strong", lambda t: mentions(r"\b(SELECT|WHERE|CASE|AND)\b|>"))),
)  # fmt: skip

QUESTIONS = TALKS
