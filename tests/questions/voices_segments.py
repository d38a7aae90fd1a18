"""Talks that make segments and work with them, and edits of segments, by people of many trades."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_segments import RULE, bands
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, mentions, name, number, percent, rows, says, segments, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS, RFM_SIZES, WHY

clinic, gym, gifts, parcels = (Asker(n, "open") for n in ("clinic", "gym", "gifts", "parcels"))
policies, wallet, meters, hotel = (Asker(n, "open") for n in ("policies", "wallet", "meters", "hotel"))
loans, shop, subs, telco = (Asker(n, "open") for n in ("loans", "shop", "subscribers", "telco"))
club, cards, airline, retail = (Asker(n, "open") for n in ("club", "cards", "airline", "retail"))
people = Asker("people", "open")
Frame = pd.DataFrame
FILE = r"\b(download|export\w*|saved?|written|file)"


def gave(t: Frame) -> pd.Series:
    """What every donor gave in 2024, nothing included."""
    part = t[t["gift_dt"].dt.year == 2024].groupby("donor_no")["amt_usd"].sum()
    return part.reindex(t["donor_no"].unique(), fill_value=0.0)


def pillars(t: Frame) -> Frame:
    return t[t["donor_no"].isin(gave(t)[gave(t) > 100].index)]


def from_pillars(t: Frame) -> Expect:
    """In that year, or in all of them."""
    part = pillars(t)
    return number(part.loc[part["gift_dt"].dt.year == 2024, "amt_usd"].sum()) | number(part["amt_usd"].sum())


def their_channel(t: Frame) -> Expect:
    part = pillars(t)
    both = (part, part[part["gift_dt"].dt.year == 2024])
    return either(*(name(x["chnl"].value_counts().idxmax()) for x in both))


def banded(t: Frame, *edges: float) -> pd.Series:
    """Loans by the band of their score, as positions from the lowest."""
    return sum(((t["CreditScore"] >= edge).astype(int) for edge in edges), start=pd.Series(0, index=t.index))


def defaults(t: Frame, *edges: float) -> Expect:
    return shares(*(t["Defaulted"] == "Yes").groupby(banded(t, *edges)).mean())


def paid(t: Frame) -> pd.Series:
    return t.groupby("shipper_acct")["charge_gbp"].sum()


def keyed(t: Frame, edge: float) -> Expect:
    """Key above the edge, Regular from 100 up, Occasional below."""
    n = int((paid(t) > edge).sum())
    small = int((paid(t) < 100).sum())
    return segments(3, 323, sizes=[n, 323 - n - small, small], names=["Key", "Regular", "Occasional"])


def key_mean(t: Frame) -> Expect:
    """What they pay for a parcel: the mean of the parcels, or of the shippers' own means."""
    part = t[t["shipper_acct"].isin(paid(t)[paid(t) > 500].index)]
    return number(part["charge_gbp"].mean()) | number(
        part.groupby("shipper_acct")["charge_gbp"].mean().mean()
    )


def visits(a: Frame, p: Frame) -> Expect:
    """Patients by how often they came: all appointments or those attended."""
    made = []
    for part in (a, a[a["status"] == "Attended"]):
        counts = part["pat_id"].value_counts()
        made.append(segments(3, sizes=bands(counts, 2, 6)[0]))
        made.append(segments(3, sizes=bands(counts.reindex(p["pat_id"], fill_value=0), 2, 6)[0]))
        made.append(segments(4, sizes=bands(counts.reindex(p["pat_id"], fill_value=0), 1, 2, 6)[0]))
    return either(*made)


def online(t: Frame) -> pd.Series:
    return t["InternetService"] != "No"


def by_both(t: Frame) -> Expect:
    """Contract with having internet or not; with its three kinds."""
    two, three = t.groupby(["Contract", online(t)]).size(), t.groupby(["Contract", "InternetService"]).size()
    return segments(6, 7043, sizes=two) | segments(9, 7043, sizes=three)


def without_internet(t: Frame) -> Expect:
    n = int((~online(t)).sum())
    return segments(4, 7043, sizes=[n]) | segments(7, 7043, sizes=[n])


def churn_parts(t: Frame) -> Expect:
    part = t[online(t)]
    gone = (part["Churn"] == "Yes").groupby(part["Contract"]).mean()
    rest = float((t.loc[~online(t), "Churn"] == "Yes").mean())
    return shares(rest, *gone) | shares(rest, *(part["Churn"] == "Yes").groupby(
        [part["Contract"], part["InternetService"]]).mean())  # fmt: skip


def family(t: Frame) -> pd.Series:
    """Guests with a child on any booking."""
    return t["guest_id"].map(t.groupby("guest_id")["children"].max() > 0)


def family_nights(t: Frame) -> Expect:
    """Nights of a booking, or of a guest, or of a guest's own mean."""
    own = t.groupby([family(t).rename("f"), "guest_id"])["nights"]
    return either(shows(*t.groupby(family(t))["nights"].mean()), shows(*own.mean().groupby(level=0).mean()),
                  shows(*own.sum().groupby(level=0).mean()))  # fmt: skip


def family_share(t: Frame) -> Expect:
    made = []
    for part in (t, t[t["is_canceled"] == 0]):
        money = part["adr"] * part["nights"]
        made.append(percent(money[family(t).reindex(part.index)].sum() / money.sum()))
    return either(*made)


def miles(t: Frame) -> Expect:
    return number(t.nlargest(200, "Balance")["Flight_miles_12mo"].mean())


TALKS: tuple[Question, ...] = (
    gifts.dialogue("vo-s-pillars", "hard", "business",
        ("bucket the donors by what they gave in 2024: nothing, up to 100, more than 100", lambda t: segments(
            3, 954, sizes=bands(gave(t), 0, 100)[1])),
        ("how much came from the top bucket", from_pillars),
        ("which channel do they use most", their_channel),
        ("name them Pillars", lambda t: segments(3, 954, names=["Pillars"])),
        ("and export the list of Pillars", lambda t: mentions(FILE))),
    loans.dialogue("vo-s-bands", "hard", "business",
        ("score bands as segments please: up to 579, 580-669, 670-739, 740+", lambda t: segments(
            4, 1500, sizes=bands(t["CreditScore"], 580, 670, 740)[0])),
        ("default rate in each band", lambda t: defaults(t, 580, 670, 740)),
        ("merge the lowest two bands", lambda t: segments(3, 1500, sizes=bands(
            t["CreditScore"], 670, 740)[0])),
        ("what are the default rates now", lambda t: defaults(t, 670, 740)),
        ("hmm, take that merge back", lambda t: segments(4, 1500))),
    subs.dialogue("vo-s-staying", "hard", "chatty",
        ("Could you cluster the subscribers who haven't cancelled yet into 3?", lambda t: segments(3, 845)),
        ("don't use the fee, it's just the plan again", lambda t: segments(3, 845, ignores=["fee"])),
        ("what's the difference between the first and the third one", lambda t: segments(3)
         & mentions(r"more|less|higher|lower|above|below|differ")),
        ("how confident should I be in these groups", lambda t: segments(3) & mentions(WHY)),
        ("give me four then", lambda t: segments(4, 845, ignores=["fee"]))),
    wallet.dialogue("vo-s-rfm", "hard", "business",
        ("rfm with 3 levels for the wallet users, failed payments don't count", lambda t: segments(
            at_least=2, total=t.loc[t["status"] != "Failed", "user_id"].nunique()) | segments(
            at_least=2, total=t.loc[t["status"] == "Success", "user_id"].nunique())),
        ("which of these groups is the most valuable", lambda t: says(r"\d") & mentions("%|INR|₹|amount")),
        ("its share of the users", lambda t: says("%"))),
    parcels.dialogue("vo-s-key", "hard", "business",
        ("shippers over £500 in total are Key, 100 to 500 Regular, everyone else Occasional",
         lambda t: keyed(t, 500)),
        ("what do the Key ones pay per parcel on average", key_mean),
        ("raise the bar for Key to 800", lambda t: keyed(t, 800)),
        ("how many Key shippers are left", lambda t: number((paid(t) > 800).sum())),
        ("ok, back to 500", lambda t: keyed(t, 500))),
    clinic.dialogue("vo-s-visits", "hard", "plain",
        ("group the patients by number of appointments: one, 2 to 5, 6 or more", visits),
        ("rename the last group to Regulars", lambda a, p: segments(at_least=3, names=["Regulars"])),
        ("how old are the Regulars on average", lambda a, p: says(r"\d\d"))),
    policies.dialogue("vo-s-better", "hard", "business",
        ("three clusters of policy holders, premium should weigh twice as much as anything else",
         lambda t: segments(3) & mentions(r"weigh|twice|doubl|×|\b2\b")),
        ("what if it were four", lambda t: segments(4)),
        ("which is better, three or four?", lambda t: mentions(WHY)),
        ("ok let's stay with three", lambda t: segments(3)),
        ("draw a map of them", lambda t: segments(3) & chart("scatter"))),
    telco.dialogue("vo-s-cross", "hard", "business",
        ("segment by contract and by whether they have internet", by_both),
        ("merge all the ones without internet", without_internet),
        ("churn rate in every segment", churn_parts)),
    cards.dialogue("vo-s-four", "hard", "chatty",
        ("are there natural segments in here?", lambda t: segments(at_least=2, total=8950)
         | mentions(NO_GROUPS)),
        ("give me four anyway", lambda t: segments(4, 8950)),
        ("who is typical for the biggest one", lambda t: segments(4) & mentions(
            r"typical|median|centre|center|closest|C1\d{4}")),
        ("split that one in two", lambda t: segments(5, 8950)),
        ("no, that's worse. undo", lambda t: segments(4, 8950))),
    hotel.dialogue("vo-s-family", "hard", "plain",
        ("two segments: guests with children and guests without", lambda t: segments(
            2, 1500, sizes=[int((t.groupby("guest_id")["children"].max() > 0).sum())])),
        ("average number of nights in each", family_nights),
        ("what share of revenue (adr x nights) comes from those with children", family_share)),
    airline.dialogue("vo-s-diamond", "hard", "business",
        ("tiers by balance: top 5 percent Diamond, next 15 Gold, everyone else Member", lambda t: segments(
            3, 3999, names=["Diamond", "Gold", "Member"], sizes=[200])),
        ("average flight miles of the Diamonds", miles),
        ("widen Diamond to 10 percent", lambda t: segments(3, 3999, sizes=[400])),
        ("how many Gold do we have now", lambda t: says(r"\d{3}")),
        ("undo the change", lambda t: segments(3, 3999, sizes=[200]))),
    shop.dialogue("vo-s-returned", "hard", "business",
        ("four customer groups on recency and spend", lambda o, c: segments(4)),
        ("do the same but without the returned orders", lambda o, c: segments(
            4, o.loc[o["returned"] == "N", "customer_id"].nunique()) | segments(4, 600)),
        ("how much does that differ from the first version", lambda o, c: mentions(
            r"rand|agree|overlap|same|moved")),
        ("keep the first", lambda o, c: segments(4))),
    people.dialogue("vo-s-spread", "hard", "plain",
        ("3 clusters of people on age and family size only", lambda t: segments(
            3, uses=["age", "family"], ignores=["profession", "spending"])),
        ("add the spending score", lambda t: segments(3, uses=["age", "family", "spending"])),
        ("are men and women spread evenly over them?", lambda t: mentions(r"gender|female|women")),
        ("remove the spending score again", lambda t: segments(3, ignores=["spending"]))),
    retail.dialogue("vo-s-mail", "hard", "business",
        ("RFM with five levels, as of the end of 2006", lambda t: segments(
            at_least=5, total=995, sizes=RFM_SIZES[:2])),
        ("which group would you mail first and why", lambda t: mentions(
            r"risk|sleep|lost|lose|hibernat|attention|loyal|champion")),
        ("how many customers are At Risk", lambda t: number(28)),
        ("show me the rules behind the groups", lambda t: mentions(RULE))),
)  # fmt: skip


def cuts(t: Frame, low: int, high: int) -> Expect:
    outer = [int((t["CreditScore"] < low).sum()), int((t["CreditScore"] > high).sum())]
    return segments(3, 1500, sizes=bands(t["CreditScore"], low, high)[0]) | segments(3, 1500, sizes=outer)


def top(t: Frame, share: float) -> Expect:
    n = 323 * share
    return either(*(segments(2, 323, sizes=[k]) for k in (int(n), int(n) + 1)))


EDITS: tuple[Question, ...] = (
    club.dialogue("vo-e-names", "medium", "plain",
        ("use the tier as segments", lambda t: segments(4, 1200, sizes=t["Tier"].value_counts())),
        ("rename Blue to Starter and Platinum to Elite", lambda t: segments(
            4, 1200, names=["Starter", "Elite", "Gold", "Silver"])),
        ("swap the names of Gold and Silver", lambda t: segments(4, 1200, names=["Gold", "Silver"])
         | Expect(statuses=frozenset({"clarify", "refused"}))), kind="edit"),
    loans.dialogue("vo-e-cuts", "hard", "terse",
        ("credit score bands: under 600, 600-700, over 700", lambda t: cuts(t, 600, 700)),
        ("make the lower cut 620", lambda t: cuts(t, 620, 700)),
        ("and the upper one 720", lambda t: cuts(t, 620, 720)), kind="edit"),
    wallet.dialogue("vo-e-middle", "hard", "business",
        ("quartiles of users by total amount", lambda t: segments(4, 1032, smallest=250)),
        ("combine the two in the middle into Core", lambda t: segments(3, 1032, names=["Core"])),
        ("undo that", lambda t: segments(4, 1032)), kind="edit"),
    gym.dialogue("vo-e-clubs", "medium", "chatty",
        ("home clubs as segments please", lambda m, p, v: segments(
            4, 900, sizes=m["home_club"].value_counts())),
        ("fold Airport into Downtown", lambda m, p, v: segments(3, 900, sizes=[360, 345, 195])),
        ("how many members are in the combined one", lambda m, p, v: number(360)), kind="edit"),
    telco.dialogue("vo-e-autopay", "hard", "business",
        ("one segment for each payment method", lambda t: segments(
            4, 7043, sizes=t["PaymentMethod"].value_counts())),
        ("put the two automatic ones together and call them Autopay", lambda t: segments(
            3, 7043, names=["Autopay"], sizes=[3066])),
        ("avg monthly charges of Autopay", lambda t: number(t.loc[t["PaymentMethod"].str.contains(
            "automatic"), "MonthlyCharges"].mean())), kind="edit"),
    parcels.dialogue("vo-e-quarter", "hard", "terse",
        ("top 10% of shippers by charge vs the rest, as segments", lambda t: top(t, 0.1)),
        ("make it the top 25", lambda t: top(t, 0.25)),
        ("call the small group VIPs", lambda t: segments(2, 323, names=["VIPs"])), kind="edit"),
    gifts.dialogue("vo-e-recency", "hard", "plain",
        ("4 clusters of donors", lambda t: segments(4, 954)),
        ("leave recency out", lambda t: segments(4, 954, ignores=["recency|days_since|days since"])),
        ("put it back in", lambda t: segments(4, 954, uses=["recency|days_since|days since"])), kind="edit"),
    hotel.dialogue("vo-e-plan", "hard", "business",
        ("3 guest clusters", lambda t: segments(3, 1500)),
        ("save this as Plan A", lambda t: segments(3, 1500)),
        ("now five clusters", lambda t: segments(5, 1500)),
        ("switch back to Plan A", lambda t: segments(3, 1500)), kind="edit"),
    meters.dialogue("vo-e-oil", "medium", "chatty",
        ("segment the meters by heating type", lambda t: segments(4, 400, sizes=t.groupby(
            "heating_typ")["meter_id"].nunique())),
        ("Oil should be called Fossil from now on", lambda t: segments(4, 400, names=["Fossil"])),
        ("total kwh of each", lambda t: rows(t.groupby("heating_typ")["kwh"].sum(),
                                             labels={"Oil": "Fossil"})), kind="edit"),
    cards.dialogue("vo-e-smallest", "hard", "plain",
        ("5 clusters please", lambda t: segments(5, 8950)),
        ("the smallest is too small, merge it with its nearest neighbour", lambda t: segments(4, 8950)
         | Expect(statuses=frozenset({"clarify"}))),
        ("show the sizes as a bar chart", lambda t: chart("bar")), kind="edit"),
)  # fmt: skip

QUESTIONS = TALKS + EDITS
