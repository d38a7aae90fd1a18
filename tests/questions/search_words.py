"""Searches for segments said in many ways: features, people, freedom, likeness, parts of a method, limits."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tests.questions.gold import mentions, no_segments, refusal, segments
from tests.questions.model import Asker, Expect, Question
from tests.questions.segmentation import NO_GROUPS

cards, loans, hotel, calls = (Asker(n, "open") for n in ("cards", "loans", "hotel", "calls"))
shop, telco, subs, club = (Asker(n, "open") for n in ("shop", "telco", "subscribers", "club"))
airline, parcels, iris, people = (Asker(n, "open") for n in ("airline", "parcels", "iris", "people"))
policies, gifts, wallet, gym = (Asker(n, "open") for n in ("policies", "gifts", "wallet", "gym"))
meters, retail, wine, clinic = (Asker(n, "open") for n in ("meters", "retail", "wine", "clinic"))
Frame = pd.DataFrame
ASKED = Expect(statuses=frozenset({"clarify"}))


def found(total: int) -> Expect:
    """Segments of everybody, or a word that there are none."""
    return segments(at_least=2, total=total) | mentions(NO_GROUPS)


def _of(ask: Asker, name: str, text: str, gold: Callable[..., Expect]) -> Question:
    return ask(f"sw-{name}", text, "segmentation", "medium", "plain", gold)


QUESTIONS: tuple[Question, ...] = (
    _of(cards, "just", "kmeans k=3 just balance and purchases",
        lambda t: segments(3, 8950, uses=["^BALANCE$", "^PURCHASES$"], ignores=["TENURE", "LIMIT", "CASH"])),
    _of(loans, "only", "k-means with k=4 only CreditScore and AnnualIncome",
        lambda t: segments(4, uses=["CreditScore", "AnnualIncome"], ignores=["Principal", "Branch"])),
    _of(hotel, "alone", "four segments on nights and adr alone",
        lambda t: segments(4, 1500, uses=["nights", "adr"], ignores=["lead", "n_trans"])),
    _of(loans, "single", "three groups using CreditScore and AnnualIncome alone",
        lambda t: segments(3, uses=["CreditScore", "AnnualIncome"], ignores=["Marital"])
        & mentions("1,500|1,4")),
    _of(calls, "counts", "cluster callers into 4 on waiting time, talk time and number of calls",
        lambda t: segments(4, 1558, uses=["wait", "talk", "n_transactions"], ignores=["csat"])),
    _of(hotel, "kinds", "4 kinds of guests by number of bookings and nights",
        lambda t: segments(4, 1500, uses=["n_transactions", "nights"], ignores=["adr"])),
    _of(shop, "sorts", "3 sorts of buyers by spend and orders",
        lambda o, c: segments(3, 510, uses=["amount", "n_transactions"], ignores=["age"])),
    _of(telco, "seniors", "cluster the senior citizens in 3",
        lambda t: segments(3, int(t["SeniorCitizen"].sum()))),
    _of(subs, "cancelled", "segment the cancelled subscribers into 3",
        lambda t: segments(3, int(t["cancelled_on"].notna().sum()))),
    _of(hotel, "portugal", "find 4 groups in the guests from Portugal",
        lambda t: segments(4) & mentions(r"[56]\d\d customers|[56]\d\d guests")),
    _of(subs, "leave", "segment just the annual customers, leave age out",
        lambda t: segments(at_least=2, total=int((t["billing"] == "annual").sum()), ignores=["^age$"])),
    _of(club, "keep", "cluster only the gold members, keep sex out",
        lambda t: segments(at_least=2, total=int((t["Tier"] == "Gold").sum()), ignores=["Sex"])),
    _of(hotel, "natural", "which natural clusters exist among our guests?", lambda t: found(1500)),
    _of(telco, "choose", "do a segmentation, you choose the number", lambda t: found(7043)),
    _of(cards, "up-to-you", "cluster the customers, number of segments up to you", lambda t: found(8950)),
    _of(airline, "behave", "make 4 groups of flyers who behave similarly", lambda t: segments(4, 3999)),
    _of(cards, "alike", "put customers into 3 groups that are alike", lambda t: segments(3, 8950)),
    _of(telco, "phone", "4 segments by how they use their phone", lambda t: segments(4, 7043)),
    _of(shop, "reference", "rfm of the customers with 2024-06-30 as the reference date",
        lambda o, c: segments(at_least=3)),
    _of(hotel, "no-money", "rfm of guests with today being 31 december 2024",
        lambda t: refusal("amount|money") | ASKED),
    _of(airline, "components", "gaussian mixture with 4 components", lambda t: segments(4, 3999)),
    _of(telco, "centres", "use k-means with 5 centres", lambda t: segments(5, 7043)),
    _of(club, "each", "cluster the members, at least 50 members in each segment",
        lambda t: segments(at_least=2, total=1200, smallest=50) | mentions(NO_GROUPS)),
    _of(parcels, "weight", "cluster shippers into 3 on weight and distance",
        lambda t: segments(3, 323, uses=["wt", "dist"], ignores=["charge"])),
    _of(calls, "values", "k-means, k=4, on number of calls, talk time and escalations",
        lambda t: segments(4, 1558, uses=["n_transactions", "talk"]) | ASKED),
    _of(iris, "four", "3 clusters on all four measurements, not the species",
        lambda t: segments(3, 150, ignores=["species"])),
    _of(airline, "nothing-but", "5 clusters, nothing but balance and bonus miles",
        lambda t: segments(5, 3999, uses=["^Balance$", "Bonus_miles"], ignores=["Qual", "cc1"])),
    _of(people, "solely", "cluster into 4 solely on Age and Family_Size",
        lambda t: segments(4, uses=["Age", "Family"], ignores=["Work", "Spending"])),
    _of(policies, "claims", "group holders into 3 by premium, claims and number of policies",
        lambda t: segments(3, 1075, uses=["premium|amount", "claims", "n_transactions"], ignores=["age"])),
    _of(gifts, "online", "cluster the online donors into 4", lambda t: segments(4)),
    _of(loans, "defaulters", "find 3 segments among the defaulters",
        lambda t: segments(3, int((t["Defaulted"] == "Yes").sum()))),
    _of(cards, "tenure", "build 4 clusters and keep tenure out of it",
        lambda t: segments(4, 8950, ignores=["TENURE"])),
    _of(wallet, "fits", "do clusters of users, whatever number fits best", lambda t: found(1032)),
    _of(gym, "habits", "find groups of members with similar habits", lambda m, p, v: found(465)),
    _of(meters, "none-under", "3 clusters of households, none with fewer than 40 households",
        lambda t: segments(3, 400, smallest=40)),
    _of(retail, "as-today", "rfm with 1 january 2010 as today", lambda t: segments(at_least=3, total=995)),
    _of(wine, "centroids", "kmeans with 3 centroids on all 13 measurements, not the cultivar",
        lambda t: segments(3, 178, ignores=["cultivar"])),
    _of(club, "types", "4 types of members by nights, stays and points",
        lambda t: segments(4, 1200, uses=["Nights", "Stays", "Points"], ignores=["Sex", "Birth"]) | ASKED),
    _of(clinic, "female", "sort the female patients into 3 groups",
        lambda a, p: segments(3, int(p[p["pat_id"].isin(a["pat_id"])]["sex"].eq("F").sum()))),
    # What is no search.
    telco("sw-annual", "3 clusters of just the annual customers", "segmentation", "hard", "plain",
          lambda t: ASKED | segments(3, int((t["Contract"] != "Month-to-month").sum()))),
    hotel("sw-how-many", "how many kinds of guests are there by number of nights", "ambiguous", "hard",
          "plain", lambda t: ASKED | (mentions("night") & no_segments())),
    shop("sw-average", "average spend of 3 kinds of customers", "ambiguous", "hard", "plain",
         lambda o, c: ASKED | no_segments()),
)  # fmt: skip
