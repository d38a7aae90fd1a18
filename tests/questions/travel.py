"""Questions of a hotel's revenue manager about bookings, lead times, rates and cancellations."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import iqr_outliers
from tests.questions.gold import (
    ambiguous,
    chart,
    leader,
    mentions,
    name,
    number,
    percent,
    refusal,
    rows,
    shows,
    upper,
    verdict,
)
from tests.questions.model import Asker, Expect, Question

q = Asker("hotel")


def cancel_rate(t: pd.DataFrame, column: str) -> pd.Series:
    return t.groupby(column)["is_canceled"].mean()


def kept(t: pd.DataFrame) -> pd.DataFrame:
    return t[t["is_canceled"] == 0]


def month(t: pd.DataFrame) -> pd.Series:
    return pd.Series(t["arrival_date"].dt.to_period("M"))


QUESTIONS: tuple[Question, ...] = (
    q("cancel", "overall cancellation rate", "share", "easy", "business",
      lambda t: percent(t["is_canceled"].mean())),
    q("cancel-seg", "cancellation rate by market segment, highest on top", "group", "medium", "business",
      lambda t: rows(cancel_rate(t, "market_segment").sort_values(ascending=False), as_percent=True,
      ordered=True)),
    q("adr", "avg daily rate city vs resort", "group", "medium", "terse",
      lambda t: rows([("City Hotel|City", t.loc[t["hotel"] == "City Hotel", "adr"].mean()),
                      ("Resort Hotel|Resort", t.loc[t["hotel"] == "Resort Hotel", "adr"].mean())])),
    q("adr-median", "median adr per country", "group", "easy", "terse",
      lambda t: rows(t.groupby("country")["adr"].median())),
    q("nights", "how many room nights were booked in total?", "aggregation", "easy", "business",
      lambda t: number(t["nights"].sum())),
    q("nights-kept", "nights actually stayed, so without the cancelled bookings", "filter", "medium",
      "chatty",
      lambda t: number(kept(t)["nights"].sum())),
    q("lead", "mean and median lead time", "aggregation", "easy", "terse",
      lambda t: number(t["lead_time_days"].mean(), t["lead_time_days"].median())),
    q("lead-cancel", "do bookings made long in advance get cancelled more?", "difference", "hard", "business",
      lambda t: verdict(True)),
    q("lead-avg", "Average lead time of cancelled bookings compared to kept ones", "group", "medium", "plain",
      lambda t: shows(*t.groupby("is_canceled")["lead_time_days"].mean())),
    q("long-lead", "bookings made more than 180 days ahead", "filter", "easy", "plain",
      lambda t: number((t["lead_time_days"] > 180).sum())),
    q("family", "bookings with children", "filter", "easy", "terse",
      lambda t: number((t["children"] > 0).sum())),
    q("solo-brits", "how many single adults without kids came from GBR", "filter", "hard", "chatty",
      lambda t: number(((t["adults"] == 1) & (t["children"] == 0) & (t["country"] == "GBR")).sum())
      | number(((kept(t)["adults"] == 1) & (kept(t)["children"] == 0) & (kept(t)["country"] == "GBR")).sum())
      & mentions(r"cancel")),
    q("arrivals-jul", "arrivals in July 2024", "filter", "medium", "terse",
      lambda t: number((month(t) == "2024-07").sum())
      | number((month(kept(t)) == "2024-07").sum()) & mentions(r"cancel")),
    q("monthly", "bookings per arrival month", "trend", "easy", "terse",
      lambda t: rows(t.groupby(month(t)).size(), ordered=True)),
    q("monthly-line", "line plot of monthly cancellation rate", "chart", "hard", "plain",
      lambda t: chart("line")),
    q("weekday", "on what weekday do most guests arrive", "calendar", "medium", "plain",
      lambda t: leader(t["arrival_date"].dt.day_name().value_counts())
      | leader((t["adults"] + t["children"]).groupby(t["arrival_date"].dt.day_name()).sum())),
    q("yoy", "bookings 2024 vs 2023, change in %", "trend", "medium", "terse",
      lambda t: percent((t["arrival_date"].dt.year == 2024).sum() / (t["arrival_date"].dt.year == 2023).sum()
      - 1,
                        either_sign=True)),
    q("country-share", "share of portuguese guests (PRT)", "share", "medium", "plain",
      lambda t: percent((t["country"] == "PRT").mean())
      | percent((t["country"] == "PRT").sum() / t["country"].notna().sum())
      | percent(t.loc[t["country"] == "PRT", "guest_id"].nunique() / t["guest_id"].nunique())
      & mentions("customers|guests")),
    q("missing", "In how many bookings is the country unknown?", "quality", "easy", "plain",
      lambda t: number(t["country"].isna().sum())),
    q("weird-adr", "any strange room rates?", "outliers", "hard", "chatty", lambda t: mentions(r"5[,.]?400")),
    q("adr-1000", "number of bookings with a rate over 1,000", "outliers", "easy", "plain",
      lambda t: number((t["adr"] > 1000).sum())),
    q("adr-iqr", "count of adr outliers with the interquartile rule (1.5)", "outliers", "hard", "plain",
      lambda t: number(iqr_outliers(t["adr"]))),
    q("adr-clean", "average adr ignoring rates above 1000", "filter", "medium", "business",
      lambda t: number(t.loc[t["adr"] <= 1000, "adr"].mean())),
    q("repeat", "guests who booked more than once", "filter", "medium", "business",
      lambda t: number((t["guest_id"].value_counts() > 1).sum())),
    q("top-guests", "top 5 guests by nights", "top", "medium", "terse",
      lambda t: shows(*t.groupby("guest_id")["nights"].sum().nlargest(2))),
    q("pie", "pie chart: bookings by market segment", "chart", "easy", "terse",
      lambda t: chart("pie", t["market_segment"].value_counts())),
    q("scatter", "lead time against adr as scatter", "chart", "easy", "terse", lambda t: chart("scatter")),
    q("p80", "80th percentile of lead time", "quantile", "easy", "terse",
      lambda t: upper(t["lead_time_days"], 0.8)),
    q("rank", "rank market segments by average nights within each hotel", "rank", "hard", "plain",
      lambda t: rows(
        [(k, v) for k, v in t.groupby(["hotel", "market_segment"])["nights"].mean().items()])),
    q("occupancy", "what is our occupancy?", "impossible", "hard", "business",
      lambda t: refusal(r"room|capacity|occup|column")),
    q("reviews", "average review score by hotel", "impossible", "easy", "plain",
      lambda t: refusal(r"review|score|column")),
    q("best-hotel", "which hotel does better?", "ambiguous", "medium", "chatty",
      lambda t: ambiguous(name("City"), name("Resort"))),
    q.dialogue("d", "medium", "chatty",
      ("cancellation rate for online TA please",
        lambda t: percent(cancel_rate(t, "market_segment")["Online TA"])),
      ("for direct?", lambda t: percent(cancel_rate(t, "market_segment")["Direct"])),
      ("only resort hotel",
        lambda t: percent(cancel_rate(t[t["hotel"] == "Resort Hotel"], "market_segment")["Direct"])),
      ("how many bookings is that based on", lambda t: number(
          ((t["hotel"] == "Resort Hotel") & (t["market_segment"] == "Direct")).sum())
          & Expect(never=(r"\b72 (transactions|bookings|rows)",)))),
    q.dialogue("d-adr", "hard", "business",
      ("average adr per month in 2023", lambda t: rows(
          t[t["arrival_date"].dt.year == 2023].groupby(month(t))["adr"].mean(), ordered=True)),
      ("without the outliers above 1000", lambda t: rows(
          t[(t["arrival_date"].dt.year == 2023) & (t["adr"] <= 1000)].groupby(month(t))["adr"].mean())),
      ("by quarter instead", lambda t: rows(
          t[(t["arrival_date"].dt.year == 2023) & (t["adr"] <= 1000)]
          .groupby(t["arrival_date"].dt.to_period("Q"))["adr"].mean())),
      ("plot it as bars", lambda t: chart("bar"))),
)  # fmt: skip
