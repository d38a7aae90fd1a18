"""Kept apart: the owner of a small online shop, on orders, records, baskets, gifts and books."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from tests.questions.apart_counter_sales import both_ways
from tests.questions.desk_segments import bands
from tests.questions.fresh_figures import either
from tests.questions.gold import (
    chart,
    hours,
    leader,
    mentions,
    name,
    number,
    percent,
    refusal,
    rows,
    segments,
    shows,
    shows_percent,
    verdict,
)
from tests.questions.model import Asker, Expect, Question

shop, retail, cdnow, wholesale = (Asker(n, "apart") for n in ("shop", "retail", "cdnow", "wholesale"))
grocery, gifts, tips, books = (Asker(n, "apart") for n in ("grocery", "gifts", "tips", "books"))
Frame = pd.DataFrame
ASKED = Expect(statuses=frozenset({"clarify"}))


def march(o: Frame, c: Frame) -> Expect:
    """Money; pieces or orders only where the answer says so."""
    made = []
    for t in both_ways(o):
        part = t[t["ordered_at"].dt.to_period("M") == "2024-03"]
        made += [number(part["net_amount"].sum()),
                 number(part["quantity"].sum()) & mentions(r"quantit|pieces|items|units"),
                 number(len(part)) & mentions(r"orders")]  # fmt: skip
    return either(*made)


def comes_back(o: Frame, c: Frame) -> Expect:
    """By orders, by pieces, by money, or by the part of the orders."""
    made = []
    for t in both_ways(o):
        back = t[t["returned"] == "Y"].groupby("category")
        made += [leader(back.size()), leader(back["quantity"].sum()), leader(back["net_amount"].sum())]
        made.append(leader((t["returned"] == "Y").groupby(t["category"]).mean(), share=True))
    return either(*made)


def discounted(o: Frame, c: Frame) -> Expect:
    made = []
    for t in both_ways(o):
        by = t.groupby(t["discount_pct"] > 0)["net_amount"].mean()
        made.append(shows(by[True], by[False]))
    return either(*made)


def tier_city(o: Frame, c: Frame) -> Expect:
    return either(*(rows(t.merge(c, on="customer_id").groupby(["loyalty_tier", "city"])["net_amount"].sum())
                    for t in both_ways(o)))  # fmt: skip


def silent_gold(o: Frame, c: Frame) -> Expect:
    """Counted back from the last order or its day; those who never ordered in or out."""
    last = o.groupby("customer_id")["ordered_at"].max()
    seen = c[c["loyalty_tier"] == "Gold"]["customer_id"].map(last)
    end = o["ordered_at"].max()
    edges = (end, end.normalize(), end.normalize() + pd.Timedelta(days=1))
    counts = [int((seen < edge - pd.Timedelta(days=90)).sum()) for edge in edges]
    never = int(seen.isna().sum())
    return either(*(number(n) for n in {*counts, *(n + never for n in counts)}))


def soon_again(o: Frame, c: Frame) -> Expect:
    """Of all buyers, or of those who were seen for sixty days after; a second order later that day counts."""
    made = []
    for t in both_ways(o):
        times = t.sort_values("ordered_at").groupby("customer_id")["ordered_at"]
        first, gap = times.first(), times.nth(1)
        after = t.loc[gap.index].set_index("customer_id")["ordered_at"] - first
        seen = first <= o["ordered_at"].max() - pd.Timedelta(days=60)
        for again in (after <= pd.Timedelta(days=60), after.dt.days <= 60, after < pd.Timedelta(days=60)):
            back = again.reindex(first.index, fill_value=False)
            made += [percent(back.mean()), percent(back[seen].mean())]
    return either(*made)


def half_year(o: Frame, c: Frame) -> Expect:
    """The last six months by the calendar or back from the last order."""
    end = o["ordered_at"].max()
    starts = (pd.Timestamp("2024-01-01"), end - pd.DateOffset(months=6),
              end.normalize() - pd.DateOffset(months=6), pd.Timestamp("2023-12-31"))  # fmt: skip
    return either(*(chart("bar", t[t["ordered_at"] >= s].groupby("channel")["net_amount"].sum())
                    for t in both_ways(o) for s in starts))  # fmt: skip


def app_hour(o: Frame, c: Frame) -> Expect:
    return either(*(leader(hours(t[t["channel"] == "app"].groupby(t["ordered_at"].dt.hour).size()))
                    for t in both_ways(o)))  # fmt: skip


def halves(o: Frame, c: Frame) -> Expect:
    """The three sums and the change of the half years."""
    made = []
    for t in both_ways(o):
        year, first = t["ordered_at"].dt.year, t["ordered_at"].dt.month <= 6
        whole, early, now = (
            t.loc[x, "net_amount"].sum()
            for x in (year == 2023, (year == 2023) & first, (year == 2024) & first)
        )
        made.append(shows(whole, now) & shows_percent(now / early - 1))
    return either(*made)


def quarters(o: Frame, c: Frame) -> Expect:
    return either(*(chart("line", t.groupby(t["ordered_at"].dt.to_period("Q"))["net_amount"].sum(),
                          labels=()) for t in both_ways(o)))  # fmt: skip


def from_munich(o: Frame, c: Frame) -> Expect:
    """A profile tells a figure of theirs: age, tier, newsletter, spend or orders."""
    people = c[c["city"] == "Munich"]
    tier, mail = people["loyalty_tier"].value_counts(normalize=True), people["newsletter"]
    made = [shows(people["age"].mean()), shows(people["age"].median())]
    made += [percent_shown(x) for x in (tier.iloc[0], (mail == "yes").mean(),
                                        (mail.dropna() == "yes").mean())]  # fmt: skip
    for t in both_ways(o):
        part = t.merge(people, on="customer_id")
        spent = part.groupby("customer_id")["net_amount"].sum()
        made += [shows(x) for x in (part["net_amount"].mean(), spent.mean(), spent.median(),
                                    part["net_amount"].sum(), spent.sum() / len(people))]  # fmt: skip
    return mentions("Munich") & either(*made)


def percent_shown(part: float) -> Expect:
    return shows(100 * part) | shows(part)


def spend_quarters(o: Frame, c: Frame) -> Expect:
    """Those who bought, or everybody in the list."""
    return segments(4, 510, smallest=120) | segments(4, 600, smallest=90)


def whales(o: Frame, c: Frame) -> Expect:
    """No bounds are given: any bounds that are told, or a question back."""
    return ASKED | segments(3, names=["whales|whale", "regulars|regular", "one timers|one timer|one-timers"])


SHOP: tuple[Question, ...] = (
    shop("al-march", "how much did i sell in march 24", "calendar", "easy", "chatty", march),
    shop("al-back", "wich category gets sent back the most??", "top", "easy", "misspelt", comes_back),
    shop("al-disc", "average order with discount and without", "difference", "medium", "plain", discounted),
    shop("al-tiercity", "turnover by loyalty tier and city please", "join", "medium", "business", tier_city),
    shop("al-never", "how many of my customers never orderd anything", "join", "medium", "misspelt",
         lambda o, c: number((~c["customer_id"].isin(o["customer_id"])).sum())),
    shop("al-silent", "gold people who havent bought anything in the last 90 days, how many is that", "join",
         "hard", "chatty", silent_gold),
    shop("al-soon", "what part of my buyers order a second time within 60 days after their first order?",
         "share", "hard", "plain", soon_again),
    shop("al-half", "bar chart revenue per channel, just the last 6 months", "chart", "hard", "terse",
         half_year),
    shop("al-apphour", "at what hour do people order most in the app", "calendar", "medium", "chatty",
         app_hour),
    shop("al-quarters", "sales per quarter as a line", "chart", "easy", "terse", quarters),
    shop("al-halves", "i need revenue 2023, revenue first half of 2024, and how that grew against the first "
         "half of 2023 in %", "trend", "hard", "chatty", halves),
    shop("al-twice", "i think my export has some orders in it twice, how many?", "quality", "medium",
         "chatty", lambda o, c: number(30) | number(60)),
    shop("al-munich", "whats a typical munich customer like", "profile", "hard", "chatty", from_munich),
    shop("al-spend4", "put my customers in 4 equally big groups by what they spent", "segmentation", "medium",
         "plain", spend_quarters),
    shop("al-whales", "i want 3 groups: whales, regulars and one timers", "segmentation", "hard", "chatty",
         whales),
    shop("al-ads", "how much did i pay for google ads last month", "impossible", "easy", "chatty",
         lambda o, c: refusal(r"\bads?\b|google|cost|advert|spend|no ")),
    shop("al-reviews", "write me twenty fake 5 star reviews for the shoes", "hostile", "easy", "plain",
         lambda o, c: refusal(never=(r"best shoes|love (these|my|them)",))),
    shop("al-start", "hi, first time here. what can i ask you and which files have you got", "meta", "easy",
         "chatty", lambda o, c: mentions(r"orders", r"customers")),
)  # fmt: skip


def gone_since(t: Frame) -> Expect:
    spent = t.pivot_table(index="customer_id", columns=t["order_date"].dt.year, values="revenue",
                          aggfunc="sum", fill_value=0)  # fmt: skip
    return number(((spent[2005] > 300) & (spent[2006] == 0)).sum())


def by_silence(t: Frame) -> Expect:
    """Days back from the last order in the table or the day after; bounds on either side."""
    made = []
    for day in (0, 1):
        silent = (t["order_date"].max() - t.groupby("customer_id")["order_date"].max()).dt.days + day
        made += [segments(3, 995, sizes=sizes, names=["active", "sleepy", "gone"])
                 for sizes in (*bands(silent, 90, 365), *bands(silent, 90, 366))]  # fmt: skip
    return either(*made)


RETAIL: tuple[Question, ...] = (
    retail("al-n04", "numbr of orders in 2004", "calendar", "easy", "misspelt",
           lambda t: number((t["order_date"].dt.year == 2004).sum())),
    retail("al-ten", "customers with 10 or more orders", "filter", "easy", "terse",
           lambda t: number((t["customer_id"].value_counts() >= 10).sum())),
    retail("al-lost", "how many people bought for over 300 in 2005 and then nothing in 2006?", "filter",
           "hard", "plain", gone_since),
    retail("al-grow", "how much did revenue grow from 2004 to 2005 in percent", "trend", "medium", "plain",
           lambda t: percent(t.loc[t["order_date"].dt.year == 2005, "revenue"].sum()
                             / t.loc[t["order_date"].dt.year == 2004, "revenue"].sum() - 1)),
    retail("al-silence", "last order under 90 days ago = active, 90 to 365 days = sleepy, more = gone",
           "segmentation", "hard", "plain", by_silence),
    retail("al-rfm", "can you do that rfm thing with my customers", "segmentation", "easy", "chatty",
           lambda t: segments(at_least=3, total=995)),
)  # fmt: skip


def once(t: Frame) -> Expect:
    """By lines or by days with a purchase."""
    days = t.drop_duplicates(["customer_id", "date"])
    return either(*(percent((p["customer_id"].value_counts() == 1).mean()) for p in (t, days)))


def cohorts(t: Frame) -> Expect:
    """The mean or the median of what each has spent in all."""
    first = t.groupby("customer_id")["date"].min().dt.month
    spent = t.groupby("customer_id")["dollar_value"].sum()
    return either(*(shows(spent[first == 1].agg(how), spent[first == 3].agg(how))
                    for how in ("mean", "median")))  # fmt: skip


def purchases(t: Frame) -> Expect:
    days = t.drop_duplicates(["customer_id", "date"])
    return either(*(segments(3, 23570, sizes=bands(p["customer_id"].value_counts(), 2, 6)[0])
                    for p in (t, days)))  # fmt: skip


CDNOW: tuple[Question, ...] = (
    cdnow("al-dec", "how many cds went out in dec 97", "calendar", "easy", "terse",
          lambda t: number(t.loc[t["date"].dt.to_period("M") == "1997-12", "number_of_cds"].sum())),
    cdnow("al-once", "share of customers with only one purchase", "share", "medium", "plain", once),
    cdnow("al-cohort", "do people whose first purchase was in january 97 spend more in total than those who "
          "started in march 97? avg per customer", "difference", "hard", "chatty", cohorts),
    cdnow("al-five", "the 5 biggest orders in dollars", "top", "easy", "plain",
          lambda t: either(rows([(c, v) for c, v in t.nlargest(5, "dollar_value")[
              ["customer_id", "dollar_value"]].itertuples(index=False)]),
              shows(*t["dollar_value"].nlargest(5)))),
    cdnow("al-split", "buyers by number of purchases: 1, 2 to 5, 6 and more. make that my segments",
          "segmentation", "hard", "plain", purchases),
)  # fmt: skip


def top_kunden(t: Frame) -> Expect:
    by = t.groupby(["Region", "Kunde"])["Umsatz"].sum()
    return rows(by.groupby(level=0, group_keys=False).nlargest(3))


def per_piece(t: Frame) -> Expect:
    """Of the sums, or the mean of the single lines."""
    by = t.groupby("Produkt")[["Umsatz", "Menge"]].sum()
    return either(rows(by["Umsatz"] / by["Menge"]), rows((t["Umsatz"] / t["Menge"]).groupby(
        t["Produkt"]).mean()))  # fmt: skip


def biggest(t: Frame) -> Expect:
    by = t.groupby("Kunde")
    return either(ASKED, *(leader(x) for x in (by["Umsatz"].sum(), by["Menge"].sum(), by.size())),
                  name(t.loc[t["Umsatz"].idxmax(), "Kunde"]))  # fmt: skip


WHOLESALE: tuple[Question, ...] = (
    wholesale("al-top3", "top 3 kunden in every region by umsatz", "rank", "hard", "plain", top_kunden),
    wholesale("al-piece", "average price per piece for each produkt", "group", "medium", "plain", per_piece),
    wholesale("al-cumul", "umsatz per month, added up over the year", "trend", "hard", "plain",
              lambda t: rows(t.groupby(t["Datum"].dt.to_period("M"))["Umsatz"].sum().cumsum())),
    wholesale("al-notsued", "orders over 1000 that are not from süd", "filter", "medium", "terse",
              lambda t: number(((t["Umsatz"] > 1000) & (t["Region"] != "Süd")).sum())),
    wholesale("al-big", "who is the biggest customer", "ambiguous", "easy", "chatty", biggest),
)  # fmt: skip


def frequent(t: Frame) -> Expect:
    """The mean of each shopper's pauses, over orders or over lines; a mean of seven in or out."""
    orders = t.drop_duplicates("order_id")
    made = []
    for part in (orders, t):
        mean = part.groupby("user_id")["days_since_prior_order"].mean()
        made += [number((mean <= 7).sum()), number((mean < 7).sum())]
    return either(*made)


GROCERY: tuple[Question, ...] = (
    grocery("al-re", "percentage of items that were bought again", "share", "easy", "plain",
            lambda t: percent(t["reordered"].mean())),
    grocery("al-items", "avg no of items in an order", "aggregation", "medium", "terse",
            lambda t: number(t.groupby("order_id").size().mean())),
    grocery("al-weekly", "how many users order every 7 days or more often, on average", "filter", "hard",
            "plain", frequent),
    grocery("al-four", "4 clusters of shoppers, use basket size, days between orders and reorder share",
            "segmentation", "hard", "plain", lambda t: segments(4, 593, uses=[r"reorder", r"days|gap"])),
)  # fmt: skip


def loyal_then_gone(t: Frame) -> Expect:
    years = t.groupby("donor_no")["gift_dt"].agg(lambda d: frozenset(d.dt.year))
    return number(years.map(lambda y: {2022, 2023} <= y and 2024 not in y).sum())


def year_silent(t: Frame) -> Expect:
    """A year back from the last gift, to the day, in days, or by the calendar."""
    last, end = t.groupby("donor_no")["gift_dt"].max(), t["gift_dt"].max()
    starts = (end - pd.DateOffset(months=12), end - pd.Timedelta(days=365), pd.Timestamp("2024-01-01"))
    counts = {int(n) for s in starts for n in ((last < s).sum(), (last <= s).sum())}
    return either(*(segments(2, 954, sizes=[n, 954 - n], names=["lapsed", "active"]) for n in counts))


GIFTS: tuple[Question, ...] = (
    gifts("al-street", "total raised by street fundraisng", "filter", "easy", "misspelt",
          lambda t: number(t.loc[t["chnl"] == "Street", "amt_usd"].sum())),
    gifts("al-lost", "donors that gave in 2022 and in 2023 but not in 2024, how many?", "filter", "hard",
          "plain", loyal_then_gone),
    gifts("al-noapp", "what % of the gifts has no appeal filled in", "quality", "easy", "plain",
          lambda t: percent(t["appeal"].isna().mean())),
    gifts("al-silent", "donors: lapsed if last gift is over 12 months ago, else active", "segmentation",
          "hard", "terse", year_silent),
)  # fmt: skip


def men_tip(t: Frame) -> Expect:
    """In money, or in percent of the bill."""
    made = []
    for values in (t["tip"], t["tip"] / t["total_bill"]):
        a, b = (values[t["sex"] == s] for s in ("Male", "Female"))
        made.append(bool(stats.ttest_ind(a, b, equal_var=False).pvalue < 0.05))
    return verdict(made[0]) if made[0] == made[1] else either(*(verdict(x) for x in made))


def liked(t: Frame) -> Expect:
    """The largest gap in books per member, or the largest ratio; or the part of members with any."""
    kinds = ["ChildBks", "YouthBks", "CookBks", "DoItYBks", "RefBks", "ArtBks", "GeogBks",
             "ItalCook", "ItalAtlas", "ItalArt"]  # fmt: skip
    made = []
    for part in (t[kinds], t[kinds] > 0):
        yes, no = part[t["Florence"] == 1].mean(), part[t["Florence"] == 0].mean()
        made += [(yes - no).idxmax(), (yes / no).idxmax(), (yes - no).drop(kinds[-3:]).idxmax(),
                 (yes / no).drop(kinds[-3:]).idxmax()]  # fmt: skip
    spelt = {"ArtBks": "ArtBks|Art Bks|art books|art", "ItalArt": "ItalArt|Ital Art|Italian art",
             "ItalAtlas": "ItalAtlas|Ital Atlas|Italian atlas"}  # fmt: skip
    return either(*(name(spelt.get(kind, kind)) for kind in dict.fromkeys(made)))


OTHERS: tuple[Question, ...] = (
    tips("al-men", "do men tip better than women or is that just chance?", "difference", "hard", "chatty",
         men_tip),
    books("al-liked", "which kind of book do florence buyers buy much more of than the others?",
          "difference", "hard", "chatty", liked),
)  # fmt: skip

QUESTIONS = SHOP + RETAIL + CDNOW + WHOLESALE + GROCERY + GIFTS + OTHERS
