"""Talks about visits, gifts, consignments, premiums and bookings, typed on the phone between two jobs."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import women
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, number, percent, rows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import orders_only

gym, gifts, parcels = (Asker(n, "open") for n in ("gym", "gifts", "parcels"))
policies, wallet, bank = (Asker(n, "open") for n in ("policies", "wallet", "bank"))
telco, hotel, club, shop = (Asker(n, "open") for n in ("telco", "hotel", "club", "shop"))
Frame = pd.DataFrame


def in_june(v: Frame, activity: str = "") -> pd.Series:
    part = v[(v["check_in"].dt.month == 6) & v["activity"].str.contains(activity)]
    return part["club"].value_counts()


def flex(m: Frame) -> pd.Series:
    return m.loc[m["plan_cd"] == "FLX", "cancel_dt"].notna()


GYM: tuple[Question, ...] = (
    gym.dialogue("st-t-clubs", "hard", "terse",
        ("check ins per club", lambda m, p, v: rows(v["club"].value_counts())),
        ("just june", lambda m, p, v: rows(in_june(v))),
        ("pool only", lambda m, p, v: rows(in_june(v, "Pool"))),
        ("all activities again but average mins instead", lambda m, p, v: either(
            *(rows(part.groupby("club")["mins_stayed"].mean())
              for part in (v[v["check_in"].dt.month == 6], v))))),
    gym.dialogue("st-t-flex", "hard", "chatty",
        ("how many ppl are on Premium", lambda m, p, v: number((m["plan_cd"] == "PRM").sum())),
        ("and on Flex?", lambda m, p, v: number((m["plan_cd"] == "FLX").sum())),
        ("how many of them quit already", lambda m, p, v: number(flex(m).sum())),
        ("whats that in percent", lambda m, p, v: percent(flex(m).mean()))),
)  # fmt: skip


def december(t: Frame, year: int) -> Frame:
    return t[t["gift_dt"].dt.strftime("%Y-%m") == f"{year}-12"]


def raised(t: Frame, year: int) -> float:
    return float(december(t, year)["amt_usd"].sum())


def best_givers(t: Frame) -> Expect:
    """The three who gave most in December of either year."""
    return either(*(rows(december(t, year).groupby("donor_no")["amt_usd"].sum().nlargest(3))
                    for year in (2024, 2023)))  # fmt: skip


def calm(t: Frame) -> pd.Series:
    return t[t["appeal"] != "Emergency"].groupby("appeal")["amt_usd"].mean()


GIFTS: tuple[Question, ...] = (
    gifts.dialogue("st-t-december", "hard", "chatty",
        ("hi! how much did we raise in december 2024", lambda t: number(raised(t, 2024))),
        ("and the december before that?", lambda t: number(raised(t, 2023))),
        ("so up or down, in %", lambda t: percent(raised(t, 2024) / raised(t, 2023) - 1, either_sign=True)
         | percent(raised(t, 2023) / raised(t, 2024) - 1, either_sign=True)),
        ("top 3 donors in that month", best_givers)),
    gifts.dialogue("st-t-appeal", "medium", "terse",
        ("gifts by appeal", lambda t: rows(t["appeal"].value_counts())
         | rows(t.groupby("appeal")["amt_usd"].sum())),
        ("avg gift instead", lambda t: rows(t.groupby("appeal")["amt_usd"].mean())),
        ("w/o emergency", lambda t: rows(calm(t))),
        ("bars", lambda t: chart("bar", calm(t)))),
    gifts.dialogue("st-t-web", "hard", "business",
        ("What share of gifts comes in through the web?", lambda t: percent((t["chnl"] == "Web").mean())),
        ("And of the money?", lambda t: percent(t.loc[t["chnl"] == "Web", "amt_usd"].sum()
                                                / t["amt_usd"].sum())),
        ("same for each year pls", lambda t: rows(
            t[t["chnl"] == "Web"].groupby(t["gift_dt"].dt.year)["amt_usd"].sum()
            / t.groupby(t["gift_dt"].dt.year)["amt_usd"].sum(), as_percent=True))),
)  # fmt: skip


def broken(t: Frame) -> pd.Series:
    return t["damaged"] == 1


def swift(t: Frame) -> Frame:
    return t[t["svc_level"] == "Next-day"]


PARCELS: tuple[Question, ...] = (
    parcels.dialogue("st-t-damage", "hard", "business",
        ("number of parcels by depot", lambda t: rows(t["depot"].value_counts())),
        ("damaged ones only", lambda t: rows(t.loc[broken(t), "depot"].value_counts())),
        ("as % of each depots parcels", lambda t: rows(broken(t).groupby(t["depot"]).mean(),
                                                       as_percent=True)),
        ("next-day only", lambda t: rows(broken(t)[t["svc_level"] == "Next-day"].groupby(t["depot"]).mean(),
                                         as_percent=True)),
        ("which one is the worst", lambda t: leader(broken(swift(t)).groupby(swift(t)["depot"]).mean(),
                                                    share=True))),
    parcels.dialogue("st-t-weight", "medium", "misspelt",
        ("avrage weight of ecomony parcels", lambda t: number(
            t.loc[t["svc_level"] == "Economy", "wt_kg"].mean())),
        ("standart?", lambda t: number(t.loc[t["svc_level"] == "Standard", "wt_kg"].mean())),
        ("i ment median sorry", lambda t: number(t.loc[t["svc_level"] == "Standard", "wt_kg"].median())),
        ("and how many of those are over 20 kg", lambda t: number(
            ((t["svc_level"] == "Standard") & (t["wt_kg"] > 20)).sum()))),
)  # fmt: skip


def scottish(t: Frame) -> Frame:
    return t[t["region"] == "Scotland"]


def failed(t: Frame, month: int) -> Frame:
    return t[(t["status"] == "Failed") & (t["paid_at"].dt.month == month)]


def failure(t: Frame) -> pd.Series:
    part = t[t["paid_at"].dt.month == 4]
    return (part["status"] == "Failed").groupby(part["device"]).mean()


VENTURES: tuple[Question, ...] = (
    policies.dialogue("st-t-region", "hard", "plain",
        ("total premium by region", lambda t: rows(t.groupby("region")["annual_premium_gbp"].sum())),
        ("only scotland", lambda t: number(scottish(t)["annual_premium_gbp"].sum())
         | rows(scottish(t).groupby("region")["annual_premium_gbp"].sum())),
        ("now by product", lambda t: rows(scottish(t).groupby("product")["annual_premium_gbp"].sum())),
        ("and claims paid next to it", lambda t: rows(scottish(t).groupby("product")["claims_paid_gbp"].sum())
         )),
    wallet.dialogue("st-t-failed", "hard", "terse",
        ("failed payments may 2025", lambda t: number(len(failed(t, 5)))),
        ("april", lambda t: number(len(failed(t, 4)))),
        ("by device", lambda t: rows(failed(t, 4)["device"].value_counts())),
        ("rate not count", lambda t: rows(failure(t), as_percent=True))),
)  # fmt: skip


def delhi(t: Frame, what: str, how: str) -> Expect:
    """A figure of New Delhi, its name as spelt or without doubled spaces."""
    made = []
    for city in (t["city"], t["city"].str.replace(r"\s+", " ", regex=True)):
        part = t[city == "NEW DELHI"]
        part = women(part) if what != "all" else part
        part = part[part["Balance"] > 100_000] if what == "rich" else part
        made.append(number(part["Amount"].agg(how)))
    return either(*made)


def paperless(t: Frame) -> pd.Series:
    return (t["PaperlessBilling"] == "Yes").groupby(t["Churn"]).mean()


def not_luck(t: Frame) -> Expect:
    """No chance about it, in either sense of yes and no."""
    return Expect(says=(r"\bno\b|not (likely|chance)|hardly|unlikely|signific|more than chance|real|differ",),
                  never=(r"not signific|within chance|could (well )?be chance",))  # fmt: skip


def rates(t: Frame, hotel: str = "") -> pd.Series:
    part = t[(t["arrival_date"].dt.year == 2024) & t["hotel"].str.contains(hotel)]
    return part.groupby(part["arrival_date"].dt.to_period("M"))["adr"].mean()


def best_nights(t: Frame) -> Expect:
    """Nights of the resort's dearest month, cancelled bookings in or out; of both hotels too."""
    month = rates(t, "Resort").idxmax()
    part = t[t["arrival_date"].dt.to_period("M") == month]
    resort = part[part["hotel"] == "Resort Hotel"]
    return either(*(number(p["nights"].sum()) for p in (resort, resort[resort["is_canceled"] == 0], part)))


def best_category(t: Frame) -> str:
    return str(t.groupby("category")["net_amount"].sum().idxmax())


def most_returned(t: Frame) -> Expect:
    back = t["returned"] == "Y"
    return either(leader(back.groupby(t["category"]).mean(), share=True),
                  leader(back.groupby(t["category"]).sum()),
                  leader(t[back].groupby("category")["net_amount"].sum()))  # fmt: skip


KNOWN: tuple[Question, ...] = (
    bank.dialogue("st-t-delhi", "hard", "terse",
        ("avg amt new delhi", lambda t: delhi(t, "all", "mean")),
        ("ladies only", lambda t: delhi(t, "women", "mean")),
        ("who have balance over 1 lakh", lambda t: delhi(t, "rich", "mean")),
        ("how many txns are left", lambda t: delhi(t, "rich", "count"))),
    telco.dialogue("st-t-paperless", "hard", "business",
        ("What share of customers is on paperless billing?", lambda t: percent(
            (t["PaperlessBilling"] == "Yes").mean())),
        ("among those who churned", lambda t: percent(paperless(t)["Yes"])),
        ("vs the ones that stayed", lambda t: percent(paperless(t)["No"]) | shares(*paperless(t))),
        ("could that be chance?", not_luck)),
    hotel.dialogue("st-t-adr", "hard", "business",
        ("adr by month for 2024", lambda t: rows(rates(t))),
        ("resort only", lambda t: rows(rates(t, "Resort"))),
        ("best month?", lambda t: leader(rates(t, "Resort"))),
        ("how many nights did we sell in that month", best_nights)),
    shop.dialogue("st-t-category", "medium", "chatty",
        ("which category brings in the most money", orders_only(lambda t: leader(
            t.groupby("category")["net_amount"].sum()))),
        ("and which one is returned most", orders_only(most_returned)),
        ("ok and whats the avg order value in the first one", orders_only(lambda t: number(
            t.loc[t["category"] == best_category(t), "net_amount"].mean())))),
    club.dialogue("st-t-tiers", "easy", "terse",
        ("members per tier", lambda t: rows(t["Tier"].value_counts())),
        ("% pls", lambda t: rows(t["Tier"].value_counts(normalize=True), as_percent=True)),
        ("pune", lambda t: rows(t.loc[t["City"] == "Pune", "Tier"].value_counts(normalize=True),
                                as_percent=True)),
        ("pie", lambda t: chart("pie", t.loc[t["City"] == "Pune", "Tier"].value_counts())
         | chart("pie", t.loc[t["City"] == "Pune", "Tier"].value_counts(normalize=True), as_percent=True))),
)  # fmt: skip

QUESTIONS = GYM + GIFTS + PARCELS + VENTURES + KNOWN
