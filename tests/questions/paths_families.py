"""Figures over parents and their children: patients and visits, holders and policies, donors and gifts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import leader, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question

shop, clinic, gym, policies = (Asker(n, "open") for n in ("shop", "clinic", "gym", "policies"))
wallet, gifts, parcels, calls = (Asker(n, "open") for n in ("wallet", "gifts", "parcels", "calls"))
hotel, cdnow, retail, grocery = (Asker(n, "open") for n in ("hotel", "cdnow", "retail", "grocery"))
meters = Asker("meters", "open")
Frame = pd.DataFrame


def any_of(values: Iterable[float]) -> Expect:
    """Any of these numbers in the first sentence."""
    return either(*(number(v) for v in values))


def any_share(values: Iterable[float]) -> Expect:
    return either(*(percent(v) for v in values))


def any_rows(values: Iterable[pd.Series], *, as_percent: bool = False) -> Expect:
    return either(*(rows(v, as_percent=as_percent) for v in values))


def both_ways(orders: Frame) -> tuple[Frame, Frame]:
    """All order rows, and those without the repeated ones."""
    return orders, orders.drop_duplicates()


def days_between(early: pd.Series, late: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Days by the clock and by the calendar."""
    clock = (late - early).dt.total_seconds() / 86400
    return clock, (late.dt.normalize() - early.dt.normalize()).dt.days


def tier_orders(o: Frame, c: Frame) -> Expect:
    """Orders for each customer of a tier: of all customers, or of those who ordered."""
    made = []
    for t in both_ways(o):
        n = t.merge(c, on="customer_id").groupby("loyalty_tier").size()
        buyers = c[c["customer_id"].isin(t["customer_id"])].groupby("loyalty_tier").size()
        made += [n / c.groupby("loyalty_tier").size(), n / buyers]
    return any_rows(made)


def signed_2023(o: Frame, c: Frame) -> Expect:
    kept = set(c.loc[c["signup_date"].dt.year == 2023, "customer_id"])
    return any_of(t.loc[t["customer_id"].isin(kept), "net_amount"].sum() for t in both_ways(o))


def returning_city(o: Frame, c: Frame) -> Expect:
    return either(*(leader((t["returned"] == "Y").groupby(t["city"]).mean(), share=True)
                    for t in (x.merge(c, on="customer_id") for x in both_ways(o))))  # fmt: skip


def bought(o: Frame, category: str) -> set[str]:
    return set(o.loc[o["category"] == category, "customer_id"])


def first_wait(o: Frame, c: Frame) -> Expect:
    """Mean days from sign-up to first order, by the clock or by the calendar."""
    first = o.groupby("customer_id")["ordered_at"].min()
    start = c.set_index("customer_id")["signup_date"].reindex(first.index)
    return any_of(d.mean() for d in days_between(start, first))


def first_category(o: Frame, c: Frame) -> Expect:
    first = o.sort_values(["ordered_at", "order_id"]).groupby("customer_id")["category"].first()
    return leader(first.value_counts()) | leader(first.value_counts(normalize=True), share=True)


def rich_gold(o: Frame, c: Frame) -> Expect:
    made = []
    for t in both_ways(o):
        spend = t.groupby("customer_id")["net_amount"].sum()
        made.append((c[c["customer_id"].isin(spend[spend > 1000].index)]["loyalty_tier"] == "Gold").mean())
    return any_share(made)


def heavy(o: Frame, c: Frame) -> Expect:
    """Customers with ten orders or more, and their share of the revenue."""
    made = []
    for t in both_ways(o):
        n = t.groupby("customer_id")["order_id"].nunique()
        for kept in (n[n >= 10].index, t["customer_id"].value_counts().loc[lambda k: k >= 10].index):
            part = t[t["customer_id"].isin(kept)]
            made.append(shows(len(kept)) & shares(part["net_amount"].sum() / t["net_amount"].sum()))
    return either(*made)


def lost_buyers(o: Frame, c: Frame) -> Expect:
    years = o["ordered_at"].dt.year
    return number(len(set(o.loc[years == 2023, "customer_id"]) - set(o.loc[years == 2024, "customer_id"])))


def second_wait(o: Frame, c: Frame) -> Expect:
    """Mean days from the first to the second order."""
    made = []
    for t in both_ways(o):
        times = t.sort_values("ordered_at").groupby("customer_id")["ordered_at"]
        pair = pd.DataFrame({"a": times.nth(0).to_numpy(), "k": t.loc[times.nth(0).index, "customer_id"]})
        late = pd.DataFrame({"b": times.nth(1).to_numpy(), "k": t.loc[times.nth(1).index, "customer_id"]})
        both = pair.merge(late, on="k")
        made += [d.mean() for d in days_between(both["a"], both["b"])]
    return any_of(made)


SHOP: tuple[Question, ...] = (
    shop("pa-per-registered", "orders per registered customer, incl. those without orders", "join", "hard",
         "terse", lambda o, c: any_of(len(t) / len(c) for t in both_ways(o))),
    shop("pa-onfile", "my girl at the counter asked me this: how many of the customers we have on file have "
         "never bought anything at all?", "join", "medium", "chatty",
         lambda o, c: number((~c["customer_id"].isin(o["customer_id"])).sum())),
    shop("pa-tier", "avrage nr of ordrs per costumer by loyalty teir", "join", "hard", "misspelt",
         tier_orders),
    shop("pa-signed", "How much revenue did we book from customers who signed up in 2023?", "join", "medium",
         "business", signed_2023),
    shop("pa-returncity", "from which city come the customers that are giving back most? i mean in percent "
         "of orders", "join", "hard", "chatty", returning_city),
    shop("pa-shoesdresses", "customers who bought both shoes and dresses", "join", "hard", "plain",
         lambda o, c: number(len(bought(o, "Shoes") & bought(o, "Dresses")))),
    shop("pa-nobags", "how many customers have bought shoes but never a bag?", "join", "hard", "plain",
         lambda o, c: number(len(bought(o, "Shoes") - bought(o, "Bags")))),
    shop("pa-firstwait", "average days between signup and first order", "join", "hard", "terse", first_wait),
    shop("pa-firstcat", "what category do most customers start with (the first order they ever place)",
         "join", "hard", "business", first_category),
    shop("pa-richgold", "share of gold members among customers who spent more than 1000 in total", "join",
         "hard", "plain", rich_gold),
    shop("pa-heavy", "customers with 10 or more orders: how many are there and what part of the revenue is "
         "theirs", "join", "hard", "business", heavy),
    shop("pa-median", "median total spend per ordering customer", "join", "medium", "terse",
         lambda o, c: any_of(t.groupby("customer_id")["net_amount"].sum().median() for t in both_ways(o))),
    shop("pa-zeros", "Mean revenue per customer, customers without any order counted as zero please.",
         "join", "hard", "business",
         lambda o, c: any_of(t["net_amount"].sum() / len(c) for t in both_ways(o))),
    shop("pa-lost", "ordered in 2023 but not in 2024 - just the headcount", "join", "hard", "terse",
         lost_buyers),
    shop("pa-second", "how many days pass on average until the second order comes in after the first one",
         "join", "hard", "plain", second_wait),
)  # fmt: skip


def born_before_missed(a: Frame, p: Frame) -> Expect:
    missed = set(a.loc[a["status"] == "No-show", "pat_id"])
    return number(p.loc[p["dob"] < "1960-01-01", "pat_id"].isin(missed).sum())


def visits_by_town(a: Frame, p: Frame) -> Expect:
    n = a.merge(p, on="pat_id").groupby("town").size()
    seen = p[p["pat_id"].isin(a["pat_id"])].groupby("town").size()
    return any_rows([n / p.groupby("town").size(), n / seen])


def missed_by_referral(a: Frame, p: Frame) -> Expect:
    """Share of no-shows with and without a referral: of all bookings, or of those not cancelled."""
    t = a.merge(p, on="pat_id")
    held = t[t["status"] != "Cancelled"]
    return either(*(shares(*(x["status"] == "No-show").groupby(x["gp_referred"]).mean()) for x in (t, held)))


def seen_by(a: Frame, doctor: str, status: str | None = None) -> set[str]:
    kept = a["clinician"] == doctor
    return set(a.loc[kept if status is None else kept & (a["status"] == status), "pat_id"])


def no_reminder(a: Frame, p: Frame) -> Expect:
    reminded = set(a.loc[a["sms_rem"] == "Y", "pat_id"])
    return number(len(set(a["pat_id"]) - reminded)) | number(len(set(p["pat_id"]) - reminded))


CLINIC: tuple[Question, ...] = (
    clinic("pa-notyet", "how many patients on our list have not had a single appointment yet?", "join",
           "medium", "plain", lambda a, p: number((~p["pat_id"].isin(a["pat_id"])).sum())),
    clinic("pa-oldmissed", "pts born before 1960 who missed at least one appt - number?", "join", "hard",
           "terse", born_before_missed),
    clinic("pa-town", "avg number of appointments per patient for each town", "join", "hard", "plain",
           visits_by_town),
    clinic("pa-insurer", "Fees collected per insurer", "join", "medium", "business",
           lambda a, p: rows(a.merge(p, on="pat_id").groupby("insurer")["fee_eur"].sum())),
    clinic("pa-gpmissed", "do the gp referred ones miss their appointment less often than the rest? i need "
           "both percentages", "join", "hard", "chatty", missed_by_referral),
    clinic("pa-twodepts", "how many patients came to more than one department", "join", "hard", "plain",
           lambda a, p: either(*(number((t.groupby("pat_id")["dept"].nunique() > 1).sum())
                                 for t in (a, a[a["status"] == "Attended"])))),
    clinic("pa-ekholm", "patients that had appointments with both Dr Ek and Dr Holm", "join", "hard", "plain",
           lambda a, p: number(len(seen_by(a, "Dr Ek") & seen_by(a, "Dr Holm")))
           | number(len(seen_by(a, "Dr Ek", "Attended") & seen_by(a, "Dr Holm", "Attended")))),
    clinic("pa-lundwomen", "average wait for women from lund", "join", "medium", "terse",
           lambda a, p: number(a.merge(p, on="pat_id").query("sex == 'F' and town == 'Lund'")[
               "wait_min"].mean())),
    clinic("pa-noreminder", "How many patients never got an SMS reminder for any of their appointments?",
           "join", "hard", "plain", no_reminder),
)  # fmt: skip


def active_unseen(m: Frame, p: Frame, v: Frame) -> Expect:
    return number((m["cancel_dt"].isna() & ~m["mbr_id"].isin(v["mbr_id"])).sum())


def plan_visits(m: Frame, p: Frame, v: Frame) -> Expect:
    """Visits per member of a plan: of all members, or of those who came."""
    named = m.merge(p, on="plan_cd")
    n = v.merge(named, on="mbr_id").groupby("plan_name").size()
    came = named[named["mbr_id"].isin(v["mbr_id"])].groupby("plan_name").size()
    return any_rows([n / named.groupby("plan_name").size(), n / came])


def best_plan(m: Frame, p: Frame, v: Frame) -> Expect:
    t = m[m["cancel_dt"].isna()].merge(p, on="plan_cd")
    return leader(t.groupby("plan_name")["mthly_fee_eur"].sum()) | leader(
        t.groupby("plan_cd")["mthly_fee_eur"].sum()
    )


def stay_days(m: Frame, p: Frame, v: Frame) -> Expect:
    t = m.merge(p, on="plan_cd")
    t["days"] = (t["cancel_dt"] - t["join_dt"]).dt.days
    return any_rows(t.groupby(by)["days"].mean() for by in ("plan_name", "plan_cd"))


def away(m: Frame, p: Frame, v: Frame) -> Expect:
    t = v.merge(m, on="mbr_id")
    return percent((t["club"] != t["home_club"]).mean())


def premium_swimmers(m: Frame, p: Frame, v: Frame) -> Expect:
    swam = set(v.loc[v["activity"] == "Pool", "mbr_id"])
    return number((m["mbr_id"].isin(swam) & (m["plan_cd"] == "PRM")).sum())


def minutes_by_sex(m: Frame, p: Frame, v: Frame) -> Expect:
    return shows(*v.merge(m, on="mbr_id").groupby("gender")["mins_stayed"].sum())


GYM: tuple[Question, ...] = (
    gym("pa-ghosts", "ghost members: people without one visit in the visits file. how many?", "join", "hard",
        "chatty", lambda m, p, v: number((~m["mbr_id"].isin(v["mbr_id"])).sum())),
    gym("pa-activeghosts", "of the members that have not cancelled, how many show no visit at all", "join",
        "hard", "business", active_unseen),
    gym("pa-planvisits", "avg visits per member by plan name", "join", "hard", "terse", plan_visits),
    gym("pa-bestplan", "which plan brings the most monthly fees from people who are still members", "join",
        "hard", "business", best_plan),
    gym("pa-stay", "Average number of days from joining to cancelling, for each plan", "join", "hard",
        "plain", stay_days),
    gym("pa-away", "% of visits that are not in the member's home club", "join", "hard", "terse", away),
    gym("pa-swimmers", "hw many of the swimers are premium membres", "join", "hard", "misspelt",
        premium_swimmers),
    gym("pa-minutes", "total minutes stayed, women vs men", "join", "medium", "plain", minutes_by_sex),
)  # fmt: skip


def holders(t: Frame) -> pd.Series:
    return t.groupby("holder_id").size()


def covered(t: Frame, product: str) -> set[str]:
    return set(t.loc[t["product"] == product, "holder_id"])


POLICIES: tuple[Question, ...] = (
    policies("pa-several", "how many holders have more than one policy with us", "filter", "medium", "plain",
             lambda t: number((holders(t) > 1).sum())),
    policies("pa-motorhome", "holders w/ both motor and home cover", "filter", "hard", "terse",
             lambda t: number(len(covered(t, "Motor") & covered(t, "Home")))),
    policies("pa-perholder", "average number of policies per holder", "aggregation", "medium", "plain",
             lambda t: number(holders(t).mean())),
    policies("pa-claimsper", "Mean claims paid per holder, those without a claim included", "aggregation",
             "hard", "business", lambda t: number(t.groupby("holder_id")["claims_paid_gbp"].sum().mean())),
    policies("pa-noclaim", "what percentage of the holders never made any claim?", "share", "hard",
             "business", lambda t: percent((t.groupby("holder_id")["claims_count"].sum() == 0).mean())),
    policies("pa-mostheld", "what is the highest number of policies that one holder has", "aggregation",
             "hard", "plain", lambda t: number(holders(t).max())),
)  # fmt: skip


WALLET: tuple[Question, ...] = (
    wallet("pa-bothos", "users who paid from android as well as from ios", "filter", "hard", "plain",
           lambda t: number((t.groupby("user_id")["device"].nunique() > 1).sum())
           | Expect(says=(r"\bno\b|\bnone\b|\bnobody\b",))),
    wallet("pa-succ", "successful payments per user on average", "aggregation", "hard", "business",
           lambda t: any_of((t["status"] == "Success").sum() / t.loc[k, "user_id"].nunique()
                            for k in (t["status"] == "Success", t["user_id"].notna()))),
    wallet("pa-travel2", "how many users made at least two travel payments?", "filter", "hard", "plain",
           lambda t: number((t.loc[t["merchant_type"] == "Travel", "user_id"].value_counts() >= 2).sum())),
    wallet("pa-onefail", "share of users with at least one failed payment", "share", "hard", "terse",
           lambda t: percent((t["status"] == "Failed").groupby(t["user_id"]).any().mean())),
    wallet("pa-types", "how many different merchant types does a user use on average", "aggregation", "hard",
           "plain", lambda t: number(t.groupby("user_id")["merchant_type"].nunique().mean())),
)  # fmt: skip


def gave_in(t: Frame, year: int) -> set[str]:
    return set(t.loc[t["gift_dt"].dt.year == year, "donor_no"])


def gap_of_two(t: Frame) -> Expect:
    """Mean days from first to second gift, gifts of one day apart or as one."""
    made = []
    for part in (t, t.drop_duplicates(["donor_no", "gift_dt"])):
        days = part.sort_values("gift_dt").groupby("donor_no")["gift_dt"].apply(lambda d: list(d)[:2])
        made.append(days[days.map(len) == 2].map(lambda d: (d[1] - d[0]).days).mean())
    return any_of(made)


def first_gifts(t: Frame) -> Expect:
    """Mean amount of first gifts, whichever of one day is the first, or all of that day."""
    first = t["gift_dt"] == t.groupby("donor_no")["gift_dt"].transform("min")
    part = t[first].sort_values("gift_ref").groupby("donor_no")["amt_usd"]
    each = (part.first(), part.last(), part.sum(), t.loc[first, "amt_usd"])
    return any_of(amounts.mean() for amounts in each)


GIFTS: tuple[Question, ...] = (
    gifts("pa-everyyear", "donors who gave in every one of the four years - how many", "filter", "hard",
          "business", lambda t: number((t.groupby("donor_no")["gift_dt"].agg(
              lambda d: d.dt.year.nunique()) == 4).sum())),
    gifts("pa-cameback", "what % of the 2022 donors came back in 2023?", "share", "hard", "business",
          lambda t: percent(len(gave_in(t, 2022) & gave_in(t, 2023)) / len(gave_in(t, 2022)))),
    gifts("pa-gap", "avg days between a donor's first and second gift", "aggregation", "hard", "terse",
          gap_of_two),
    gifts("pa-justonce", "how many donors gave just the once, love?", "filter", "medium", "chatty",
          lambda t: number((t["donor_no"].value_counts() == 1).sum())),
    gifts("pa-firstamt", "average amount of a donor's very first gift", "aggregation", "hard", "plain",
          first_gifts),
    gifts("pa-newdonors", "new donors each year (year of their first gift)", "trend", "hard", "plain",
          lambda t: rows(t.groupby("donor_no")["gift_dt"].min().dt.year.value_counts().sort_index())),
    gifts("pa-twoappeals", "how many donors responded to christmas and to emergency appeals too", "filter",
          "hard", "chatty", lambda t: number(len(
              set(t.loc[t["appeal"] == "Christmas", "donor_no"])
              & set(t.loc[t["appeal"] == "Emergency", "donor_no"])))),
)  # fmt: skip


def busiest_shippers(t: Frame) -> Expect:
    n = t.groupby(["depot", "shipper_acct"]).size()
    top = n.sort_values(ascending=False).groupby(level=0).head(2)
    top = top[top.index.get_level_values(0) != "Glasgow"]  # two shippers share its second place
    return rows([(pair, v) for pair, v in top.items()])


PARCELS: tuple[Question, ...] = (
    parcels("pa-damaged", "shippers who had at least one parcel damaged", "filter", "medium", "business",
            lambda t: number(t.loc[t["damaged"] == 1, "shipper_acct"].nunique())),
    parcels("pa-pershipper", "parcels per shipper, mean and median", "aggregation", "medium", "terse",
            lambda t: shows(t["shipper_acct"].value_counts().mean(),
                            t["shipper_acct"].value_counts().median())),
    parcels("pa-top2", "The two busiest shippers in every depot, by number of parcels", "rank", "hard",
            "business", busiest_shippers),
    parcels("pa-alldepots", "how many shipper accounts use all four depots", "filter", "hard", "plain",
            lambda t: number((t.groupby("shipper_acct")["depot"].nunique() == 4).sum())),
)  # fmt: skip


def gap_days(t: Frame, key: str, day: str) -> Expect:
    """Mean days from the first to the last purchase of those with two and more, rows or days."""
    grouped = t.groupby(key)[day]
    span = (grouped.max() - grouped.min()).dt.days
    return any_of([span[grouped.size() >= 2].mean(), span[grouped.nunique() >= 2].mean()])


def again_within(t: Frame, days: int) -> Expect:
    """Share of customers with a second purchase so soon, purchases of one day apart or as one."""
    made = []
    for part in (t, t.drop_duplicates(["customer_id", "date"])):
        first = part.groupby("customer_id")["date"].transform("min")
        later = part.sort_values("date").groupby("customer_id").cumcount() > 0
        after = (part["date"] - first).dt.days.loc[later.index[later]]
        for kept in (after <= days, after < days):
            names = part.loc[kept.index[kept], "customer_id"].nunique()
            made.append(names / t["customer_id"].nunique())
    return any_share(made)


def mean_gap(t: Frame) -> Expect:
    """Mean days between orders in a row: over all gaps, or of customers' means."""
    gaps = t.sort_values("order_date").groupby("customer_id")["order_date"].diff().dt.days
    return any_of([gaps.mean(), gaps.groupby(t["customer_id"]).mean().mean()])


OTHERS: tuple[Question, ...] = (
    calls("pa-often", "callers who rang more than 3 times", "filter", "medium", "plain",
          lambda t: number((t["cust_no"].value_counts() > 3).sum())),
    calls("pa-repeat", "what share of our callers called more than once", "share", "medium", "business",
          lambda t: percent((t["cust_no"].value_counts() > 1).mean())),
    calls("pa-twoqueues", "customers who ended up in two or more queues", "filter", "hard", "chatty",
          lambda t: number((t.groupby("cust_no")["queue"].nunique() >= 2).sum())),
    hotel("pa-bothhotels", "guests who booked in the city hotel as well as in the resort, how many?",
          "filter", "hard", "plain", lambda t: number((t.groupby("guest_id")["hotel"].nunique() == 2).sum())),
    hotel("pa-nights", "nights per guest, all bookings of a guest added up, mean", "aggregation", "hard",
          "business", lambda t: any_of(x.groupby("guest_id")["nights"].sum().mean()
                                       for x in (t, t[t["is_canceled"] == 0]))),
    cdnow("pa-lifetime", "avg time between first and last purchase in days, only people with at least 2 "
          "purchases", "aggregation", "hard", "plain", lambda t: gap_days(t, "customer_id", "date")),
    cdnow("pa-90", "how many percent of the customers bought again within 90 days of their first purchase",
          "share", "hard", "business", lambda t: again_within(t, 90)),
    retail("pa-per2006", "orders per customer in 2006, only counting those who ordered that year",
           "aggregation", "hard", "plain", lambda t: number(
               t.loc[t["order_date"].dt.year == 2006, "customer_id"].value_counts().mean())),
    retail("pa-gap", "typical number of days between two orders of the same customer (mean)", "aggregation",
           "hard", "plain", mean_gap),
    grocery("pa-basket", "avg number of products in an order", "aggregation", "medium", "plain",
            lambda t: number(len(t) / t["order_id"].nunique())),
    grocery("pa-orders", "orders per user on average?", "aggregation", "medium", "terse",
            lambda t: any_of([t.groupby("user_id")["order_id"].nunique().mean(),
                              t.groupby("user_id")["order_number"].max().mean()])),
    meters("pa-short", "how many meters do not have 12 readings", "filter", "hard", "plain",
           lambda t: number((t["meter_id"].value_counts() != 12).sum())),
)  # fmt: skip

QUESTIONS = SHOP + CLINIC + GYM + POLICIES + WALLET + GIFTS + PARCELS + OTHERS
