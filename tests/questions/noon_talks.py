"""Talks of three to five turns: figures turned about, segments made, edited and explained."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import chart, leader, listed, mentions, name, number, percent, rows, segments, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS

gifts, wallet, policies = (Asker(n, "open") for n in ("gifts", "wallet", "policies"))
clinic, parcels, loans = (Asker(n, "open") for n in ("clinic", "parcels", "loans"))
calls, hotel, meters = (Asker(n, "open") for n in ("calls", "hotel", "meters"))
subs, club, cards = (Asker(n, "open") for n in ("subscribers", "club", "cards"))
people, telco, gym = (Asker(n, "open") for n in ("people", "telco", "gym"))
wholesale, retail, shop = (Asker(n, "open") for n in ("wholesale", "retail", "shop"))
world, films = Asker("gapminder", "open"), Asker("films", "open")
Frame = pd.DataFrame
ADVICE = mentions(r"offer|messag|campaign|contact|reward|thank|win|invite|remind|keep|test|call|discount")


def emergency(t: Frame) -> Frame:
    return t[t["appeal"] == "Emergency"]


def failed(t: Frame, by: str, device: str = "") -> pd.Series:
    part = t[t["device"] == device] if device else t
    return (part["status"] == "Failed").groupby(part[by]).mean()


def year(t: Frame, n: int) -> Frame:
    return t[t["start_date"].dt.year == n]


def premium(t: Frame) -> Expect:
    part = t[t["product"] != "Travel"]
    return rows(part.groupby("product")["annual_premium_gbp"].median(), only=True)


def missed(t: Frame, by: str) -> pd.Series:
    return (t["status"] == "No-show").groupby(t[by]).mean()


def worst(t: Frame) -> Frame:
    return t[t["dept"] == missed(t, "dept").idxmax()]


def by_month(t: Frame, service: str = "") -> Expect:
    part = t[t["svc_level"] == service] if service else t
    month = part["collected_at"].dt.to_period("M").rename("m")
    counted = part.groupby(["depot", month]).size()
    return rows([((depot, m), n) for (depot, m), n in counted.items()])


def lines(t: Frame, service: str = "") -> Expect:
    """All depots in one line."""
    part = t[t["svc_level"] == service] if service else t
    return rows(part["collected_at"].dt.to_period("M").value_counts().sort_index())


def of_type(t: Frame, kind: str) -> Frame:
    return t[t["LoanType"] == kind]


def busiest(t: Frame, n: int) -> pd.Index:
    return t["agent"].value_counts().index[:n]


def mark(t: Frame, agents: pd.Index) -> Expect:
    return rows(t[t["agent"].isin(agents)].groupby("agent")["csat"].mean())


def kept(t: Frame) -> Frame:
    return t[t["is_canceled"] == 0]


def sorted_nights(t: Frame) -> Expect:
    nights = t.groupby("country")["nights"].mean().sort_values()
    return rows(nights, ordered=True) | rows(nights[::-1], ordered=True)


def per_meter(t: Frame) -> pd.Series:
    kinds = t.groupby("heating_typ")
    return kinds["kwh"].sum() / kinds["meter_id"].nunique()


def thirds(t: Frame) -> pd.core.groupby.DataFrameGroupBy:
    return t.groupby(pd.qcut(t["hours_watched_30d"], 3, labels=["low", "middle", "top"]), observed=True)


def left(t: Frame) -> pd.Series:
    return thirds(t)["cancelled_on"].count()


def stays(t: Frame) -> list[int]:
    n = t["Stays12M"]
    return [int((n == 0).sum()), int(n.between(1, 3).sum()), int((n > 3).sum())]


def tenures(t: Frame) -> pd.core.groupby.DataFrameGroupBy:
    return t.assign(gone=t["Churn"] == "Yes").groupby(
        pd.cut(t["tenure"], [-1, 12, 48, 100], labels=["a", "b", "c"]), observed=True
    )


def visited(m: Frame, v: Frame) -> pd.Series:
    n = m["mbr_id"].map(v["mbr_id"].value_counts()).fillna(0)
    return pd.cut(n, [-1, 0, 10, 1e9], labels=["none", "few", "many"])


def quarter(t: Frame, n: int) -> pd.Series:
    return t[(t["Datum"].dt.quarter == n)].groupby("Region")["Umsatz"].sum()


def ten_best(t: Frame) -> pd.Series:
    return t.groupby("customer_id")["revenue"].sum().nlargest(10)


def joined_in(c: Frame, n: int) -> Frame:
    return c[c["signup_date"].dt.year == n]


def each_year(o: Frame, c: Frame) -> Expect:
    """Revenue per customer by year of signing up, of all customers or of those who ordered."""
    made = []
    for orders in (o, o.drop_duplicates()):
        money = orders.groupby("customer_id")["net_amount"].sum()
        found = c.assign(money=c["customer_id"].map(money), year=c["signup_date"].dt.year)
        made += [
            found.groupby("year")["money"].mean(),
            found.fillna({"money": 0}).groupby("year")["money"].mean(),
        ]
    whole = shows(*made[0])
    for one in made[1:]:
        whole = whole | shows(*one)
    return whole


def living(t: Frame, continent: str, n: int) -> float:
    return float(t.loc[(t["continent"] == continent) & (t["year"] == n), "pop"].sum())


def later(t: Frame) -> Frame:
    return t[t["released"] > 2010]


FIGURES: tuple[Question, ...] = (
    gifts.dialogue("noon-raised", "medium", "chatty",
        ("how much money came in through the christmas appeal?", lambda t: number(
            t.loc[t["appeal"] == "Christmas", "amt_usd"].sum())),
        ("and emergency?", lambda t: number(emergency(t)["amt_usd"].sum())),
        ("just from companies", lambda t: number(
            emergency(t).loc[t["donor_type"] == "Company", "amt_usd"].sum())),
        ("forget the companies, by state instead", lambda t: rows(
            emergency(t).groupby("st")["amt_usd"].sum())),
        ("and as a share?", lambda t: rows(
            emergency(t).groupby("st")["amt_usd"].sum() / emergency(t)["amt_usd"].sum(), as_percent=True))),
    wallet.dialogue("noon-failed", "medium", "business",
        ("share of failed payments by device", lambda t: rows(failed(t, "device"), as_percent=True)),
        ("same by merchant type", lambda t: rows(failed(t, "merchant_type"), as_percent=True)),
        ("worst on top", lambda t: listed(
            failed(t, "merchant_type").sort_values(ascending=False).index, ordered=True)),
        ("only Android", lambda t: rows(failed(t, "merchant_type", "Android"), as_percent=True)),
        ("and iOS?", lambda t: rows(failed(t, "merchant_type", "iOS"), as_percent=True))),
    policies.dialogue("noon-premium", "hard", "plain",
        ("average premium per product", lambda t: rows(t.groupby("product")["annual_premium_gbp"].mean())),
        ("and the median?", lambda t: rows(t.groupby("product")["annual_premium_gbp"].median())),
        ("without Travel", premium),
        ("what about last year", lambda t: premium(year(t, 2023)) | premium(year(t, 2024))),
        ("go back to all years", premium)),
    clinic.dialogue("noon-missed", "hard", "business",
        ("no-show rate per department", lambda a, p: rows(missed(a, "dept"), as_percent=True)),
        ("which one is worst?", lambda a, p: leader(missed(a, "dept"), share=True)),
        ("break that one down by clinician", lambda a, p: rows(
            missed(worst(a), "clinician"), as_percent=True)),
        ("and only those who got no text reminder", lambda a, p: rows(
            missed(worst(a)[worst(a)["sms_rem"] == "N"], "clinician"), as_percent=True))),
    parcels.dialogue("noon-depots", "hard", "terse",
        ("parcels per depot", lambda t: rows(t["depot"].value_counts())),
        ("as a line by month", lambda t: (by_month(t) | lines(t)) & chart("line")),
        ("next-day ones only", lambda t: by_month(t, "Next-day") | lines(t, "Next-day")),
        ("sorry, I mean Standard", lambda t: by_month(t, "Standard") | lines(t, "Standard"))),
    loans.dialogue("noon-mean", "medium", "plain",
        ("what's the average interest rate on car loans", lambda t: number(
            of_type(t, "Car")["IntRatePct"].mean())),
        ("I mean home loans", lambda t: number(of_type(t, "Home")["IntRatePct"].mean())),
        ("the median then", lambda t: number(of_type(t, "Home")["IntRatePct"].median())),
        ("how many are those?", lambda t: number(len(of_type(t, "Home")))),
        ("and how many of them went bad", lambda t: number(
            (of_type(t, "Home")["Defaulted"] == "Yes").sum()))),
    calls.dialogue("noon-agents", "hard", "business",
        ("top 5 agents by number of calls", lambda t: rows(
            t["agent"].value_counts().head(5), ordered=True, only=True)),
        ("make it 3", lambda t: rows(t["agent"].value_counts().head(3), ordered=True, only=True)),
        ("what's their average csat", lambda t: mark(t, busiest(t, 3))),
        ("and the other agents'?", lambda t: mark(t, t["agent"].value_counts().index[3:])
         | number(t.loc[~t["agent"].isin(busiest(t, 3)), "csat"].mean()))),
    hotel.dialogue("noon-nights", "medium", "terse",
        ("bookings by country", lambda t: rows(t["country"].value_counts())),
        ("leave out the cancelled ones", lambda t: rows(kept(t)["country"].value_counts())),
        ("average nights instead", lambda t: rows(kept(t).groupby("country")["nights"].mean())),
        ("drop the filter", lambda t: rows(t.groupby("country")["nights"].mean())),
        ("sort it", sorted_nights)),
    meters.dialogue("noon-kwh", "hard", "plain",
        ("total kwh by heating type", lambda t: rows(t.groupby("heating_typ")["kwh"].sum())),
        ("divide that by the number of meters", lambda t: rows(per_meter(t))),
        ("for one-person households", lambda t: rows(per_meter(t[t["hh_size"] == 1]))),
        ("highest first please", lambda t: rows(
            per_meter(t[t["hh_size"] == 1]).sort_values(ascending=False), ordered=True))),
    wholesale.dialogue("noon-quarter", "hard", "business",
        ("revenue by region in Q4", lambda t: rows(quarter(t, 4))),
        ("and the quarter before?", lambda t: rows(quarter(t, 3))),
        ("which region lost the most between the two", lambda t: name(
            (quarter(t, 4) - quarter(t, 3)).idxmin()) | name(
            (quarter(t, 4) / quarter(t, 3)).idxmin()))),
    retail.dialogue("noon-best", "hard", "chatty",
        ("who are my ten best customers by revenue?", lambda t: rows(ten_best(t), only=True)),
        ("what did they spend in 2006", lambda t: rows(t[(t["order_date"].dt.year == 2006) & t[
            "customer_id"].isin(ten_best(t).index)].groupby("customer_id")["revenue"].sum())
         | number(t.loc[(t["order_date"].dt.year == 2006) & t["customer_id"].isin(
             ten_best(t).index), "revenue"].sum())),
        ("and how many orders did they place that year", lambda t: rows(t[(
            t["order_date"].dt.year == 2006) & t["customer_id"].isin(ten_best(t).index)][
                "customer_id"].value_counts()) | number(((t["order_date"].dt.year == 2006)
                                                        & t["customer_id"].isin(ten_best(t).index)).sum()))),
    world.dialogue("noon-world", "medium", "chatty",
        ("population of asia in 2007?", lambda t: number(living(t, "Asia", 2007))),
        ("africa?", lambda t: number(living(t, "Africa", 2007))),
        ("what was it in 1952", lambda t: number(living(t, "Africa", 1952))),
        ("so how much did it grow in percent", lambda t: percent(
            living(t, "Africa", 2007) / living(t, "Africa", 1952) - 1))),
    films.dialogue("noon-films", "medium", "terse",
        ("films per genre", lambda t: rows(t["genre"].value_counts())),
        ("average score instead", lambda t: rows(t.groupby("genre")["score"].mean())),
        ("only after 2010", lambda t: rows(later(t).groupby("genre")["score"].mean())),
        ("the top 2", lambda t: rows(later(t).groupby("genre")["score"].mean().nlargest(2), only=True)),
        ("remove the year thing", lambda t: rows(
            t.groupby("genre")["score"].mean().nlargest(2), only=True))),
)  # fmt: skip

SEGMENTS: tuple[Question, ...] = (
    subs.dialogue("noon-bingers", "hard", "business",
        ("segment subscribers by hours watched into 3 equal groups and tell me the average age of each",
         lambda t: segments(3, 2000) & shows(*thirds(t)["age"].mean(), tolerance=0.2)),
        ("rename the top one to Bingers", lambda t: segments(3, names=["Bingers"])),
        ("how many of the Bingers have cancelled", lambda t: number(left(t)["top"], tolerance=8)),
        ("and in the other two?", lambda t: shows(*left(t)[["low", "middle"]], tolerance=8)
         | number(left(t)[["low", "middle"]].sum(), tolerance=8))),
    club.dialogue("noon-stays", "hard", "plain",
        ("make segments of members by stays: none, 1 to 3, 4 or more", lambda t: segments(sizes=stays(t))),
        ("merge the last two", lambda t: segments(2, sizes=stays(t)[:1])),
        ("no wait, undo", lambda t: segments(3, sizes=stays(t))),
        ("split the biggest one in two", lambda t: segments(4, 1200)),
        ("back to three", lambda t: segments(3, 1200))),
    cards.dialogue("noon-cluster", "hard", "business",
        ("find segments using purchases and payments", lambda t: segments(
            at_least=2, uses=["purchases", "payments"])),
        ("with 4 groups", lambda t: segments(4, 8950, uses=["purchases", "payments"])),
        ("now without the outliers", lambda t: segments(at_least=4) & mentions(r"outlier|extreme")),
        ("and weigh payments twice as much", lambda t: segments(at_least=4, uses=["purchases", "payments"])
         & mentions(r"weigh|twice|double|×|2 times")),
        ("compare it with the one before", lambda t: mentions(r"before|earlier|previous|first|version"))),
    people.dialogue("noon-family", "hard", "business",
        ("segment by age and family size", lambda t: segments(at_least=2, uses=["age", "family"])
         | mentions(r"family size")),
        ("who are they?", lambda t: mentions(r"\bage\b", r"\d")),
        ("what sets the first one apart", lambda t: mentions(r"higher|lower|older|younger|more|less|above")),
        ("what should I do with them", lambda t: ADVICE)),
    telco.dialogue("noon-tenure", "hard", "business",
        ("split customers into tenure up to 12 months, 13 to 48 and over 48 months", lambda t: segments(
            3, 7043, sizes=tenures(t).size())),
        ("which of them is most likely to churn", lambda t: percent(tenures(t)["gone"].mean().max())),
        ("how do segments 1 and 3 differ", lambda t: segments(3) & mentions(
            r"monthly|total|contract|churn|charges")),
        ("average monthly bill in each", lambda t: shows(*tenures(t)["MonthlyCharges"].mean())),
        ("why do those of the first one leave", lambda t: Expect(
            statuses=frozenset({"answered", "clarify", "refused"})) & mentions(
            r"not why|cannot|can't|not (say|tell|prove|explain)|differ|higher|more often|no reason"))),
    gym.dialogue("noon-visits", "hard", "business",
        ("segment the members by number of visits: none, up to 10, more than 10", lambda m, p, v: segments(
            3, 900, sizes=visited(m, v).value_counts())),
        ("how many of those without visits have cancelled?", lambda m, p, v: number(
            m.loc[visited(m, v) == "none", "cancel_dt"].notna().sum())),
        ("what share of each group is on the Flex plan", lambda m, p, v: shares(
            *(m["plan_cd"] == "FLX").groupby(visited(m, v), observed=True).mean())),
        ("leave out the ones without visits", lambda m, p, v: segments(
            2, 465, sizes=visited(m, v).value_counts()[["few", "many"]]))),
    shop.dialogue("noon-cohorts", "hard", "business",
        ("segment customers by the year they signed up", lambda o, c: segments(
            2, 600, sizes=c["signup_date"].dt.year.value_counts())),
        ("revenue per customer in each", each_year),
        ("only customers from Berlin", lambda o, c: segments(
            2, 225, sizes=c.loc[c["city"] == "Berlin", "signup_date"].dt.year.value_counts())),
        ("call the newer ones Newcomers", lambda o, c: segments(2, names=["Newcomers"]))),
    films.dialogue("noon-types", "medium", "plain",
        ("segment our customers", lambda t: (segments(at_least=2, total=600) | mentions(NO_GROUPS))
         & mentions(r"\bfilms?\b")),
        ("do it by budget: under 10, 10 to 40, above 40 million", lambda t: segments(
            3, 600, sizes=pd.cut(t["budget_musd"], [0, 10, 40, 1e9], right=False).value_counts())
         | segments(3, 600, sizes=[int((t["budget_musd"] < 10).sum()), int(
             t["budget_musd"].between(10, 40).sum()), int((t["budget_musd"] > 40).sum())])),
        ("which one has the best average score", lambda t: number(t["score"].groupby(
            pd.cut(t["budget_musd"], [0, 10, 40.01, 1e9], right=False)).mean().max())),
        ("rename it to Art house", lambda t: segments(3, names=["Art house"]))),
    wallet.dialogue("noon-quarters", "hard", "business",
        ("quartiles of users by total amount paid", lambda t: segments(4, 1032)
         | mentions(r"quartile|25|50|75")),
        ("turn those into segments and call the top one Whales", lambda t: segments(4, names=["Whales"])),
        ("what share of the money do the Whales bring", lambda t: whales(t)),
        ("who are they", lambda t: mentions(r"Whales", r"\d"))),
)  # fmt: skip


def whales(t: Frame) -> Expect:
    """Share of the top quarter of users, of all payments or of those that went through."""
    found = []
    for part in (t, t[t["status"] == "Success"]):
        money = part.groupby("user_id")["amount_inr"].sum()
        found.append(percent(money[money > money.quantile(0.75)].sum() / money.sum(), tolerance=0.3))
    return found[0] | found[1]


QUESTIONS: tuple[Question, ...] = (*FIGURES, *SEGMENTS)
