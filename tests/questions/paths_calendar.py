"""Questions of dates: growth, ranks by growth, weekdays, hours, spans and periods that are not over yet."""

from __future__ import annotations

import pandas as pd

from tests.questions.desk_limits import ANY
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, mentions, name, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.paths_families import any_of, both_ways

shop, clinic, gym, policies = (Asker(n, "open") for n in ("shop", "clinic", "gym", "policies"))
wallet, gifts, parcels, calls = (Asker(n, "open") for n in ("wallet", "gifts", "parcels", "calls"))
hotel, cdnow, retail, subs = (Asker(n, "open") for n in ("hotel", "cdnow", "retail", "subscribers"))
meters, loans, club, bank = (Asker(n, "open") for n in ("meters", "loans", "club", "bank"))
wholesale = Asker("wholesale", "open")
Frame = pd.DataFrame
WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def short_days(values: pd.Series) -> Expect:
    return rows([(f"{day}|{day[:3]}", v) for day, v in values.items()])


def change(values: pd.Series) -> Expect:
    return rows(values.pct_change().dropna(), as_percent=True)


def grew_most(t: Frame) -> Expect:
    """The type whose amount grew most from the first to the second quarter, in percent or in rupees."""
    made = []
    for part in (t, t[t["status"] == "Success"]):
        quarter = part["paid_at"].dt.to_period("Q")
        sums = part.groupby([quarter, "merchant_type"])["amount_inr"].sum().unstack()
        made += [name((sums.iloc[1] / sums.iloc[0]).idxmax()), name((sums.iloc[1] - sums.iloc[0]).idxmax())]
    return either(*made)


def last_30(t: Frame) -> Expect:
    """Gifts of the last thirty days, the edge in or out."""
    end = t["gift_dt"].max()
    return any_of((t["gift_dt"] > end - pd.Timedelta(days=d)).sum() for d in (29, 30, 31))


def state_growth(t: Frame) -> Expect:
    sums = t.groupby(["st", t["gift_dt"].dt.year])["amt_usd"].sum().unstack()
    made = (sums[2024] / sums[2023] - 1).sort_values(ascending=False)
    return rows(made, as_percent=True, ordered=True)


def december(t: Frame) -> Expect:
    """Of the money, or of the gifts."""
    year = t["gift_dt"].dt.year
    inside = t["gift_dt"].dt.month == 12
    share = t[inside].groupby(year)["amt_usd"].sum() / t.groupby(year)["amt_usd"].sum()
    return rows(share, as_percent=True) | rows(inside.groupby(year).mean(), as_percent=True)


def per_day(t: Frame) -> Expect:
    """Parcels a day for each month: by days of the calendar, or by days with parcels."""
    month = t["collected_at"].dt.to_period("M")
    n = t.groupby(month).size()
    days = t.groupby(month)["collected_at"].agg(lambda d: d.dt.normalize().nunique())
    return rows(n / pd.Series(n.index.days_in_month, n.index)) | rows(n / days)


def quarter_growth(t: Frame) -> Expect:
    n = t.groupby([t["arrival_date"].dt.quarter, t["arrival_date"].dt.year]).size().unstack()
    return rows([(f"Q{q}|{q}", 100 * (n.loc[q, 2024] / n.loc[q, 2023] - 1)) for q in n.index])


def busy_months(t: Frame) -> Expect:
    """The busiest month of each hotel: of the two years, or of the calendar."""
    made = []
    for by in (t["arrival_date"].dt.to_period("M"), t["arrival_date"].dt.month_name()):
        n = t.groupby(["hotel", by]).size()
        best = n.groupby(level=0).idxmax()
        names = [
            (hotel, m.strftime("%Y-%m|%b %Y|%B %Y") if isinstance(m, pd.Period) else f"{m}|{m[:3]}")
            for hotel, m in best
        ]
        made.append(rows([(pair, n[found]) for pair, found in zip(names, best, strict=True)]))
    return either(*made)


def cancelled_weekday(t: Frame) -> Expect:
    days = t["arrival_date"].dt.day_name()
    return leader(days[t["is_canceled"] == 1].value_counts()) | leader(
        t["is_canceled"].groupby(days).mean(), share=True
    )


def april_march(t: Frame) -> Expect:
    n = t["started_at"].dt.month.value_counts()
    return (number(n[3] - n[4], either_sign=True) | shows(n[3], n[4])
            | percent(n[4] / n[3] - 1, either_sign=True)) & mentions(
        r"\bno\b|\bnot\b|fewer|less|lower|fell|down|below|drop|decreas|quieter|\bMarch\b")  # fmt: skip


def net_growth(t: Frame) -> Expect:
    joined = t["joined"][t["joined"].dt.year == 2023].dt.to_period("Q").value_counts()
    left = t["cancelled_on"][t["cancelled_on"].dt.year == 2023].dt.to_period("Q").value_counts()
    return rows((joined - left).sort_index())


def within_90(t: Frame) -> Expect:
    days = (t["cancelled_on"] - t["joined"]).dt.days
    return number((days <= 90).sum()) | number((days < 90).sum())


def lent(t: Frame) -> Expect:
    sums = t.groupby(t["OpenDt"].dt.year)["PrincipalAmt"].sum()
    return rows(sums) & change(sums)


def fastest_loan(t: Frame) -> Expect:
    n = t.groupby([t["OpenDt"].dt.year, "LoanType"]).size().unstack()
    return name((n.loc[2022] / n.loc[2021]).idxmax()) | name((n.loc[2022] - n.loc[2021]).idxmax())


def steepest(t: Frame) -> Expect:
    """The month with the largest fall on the month before, in units or in percent, of sums or means."""
    made = []
    for values in (t.groupby("read_mth")["kwh"].sum(), t.groupby("read_mth")["kwh"].mean()):
        for drop in (values.diff(), values.pct_change()):
            month = pd.Timestamp(str(drop.idxmin()))
            made.append(mentions(month.strftime("%b|%Y-%m")))
    return either(*made)


def best_week(o: Frame, c: Frame) -> Expect:
    made = []
    for t in both_ways(o):
        part = t[t["ordered_at"].dt.year == 2024]
        for sums in (
            part.groupby(part["ordered_at"].dt.to_period("W"))["net_amount"].sum(),
            t.groupby(t["ordered_at"].dt.to_period("W"))["net_amount"].sum()["2024-01-01":],
        ):
            made.append(sums.max())  # fmt: skip
    return any_of(made)


def missed_hour(a: Frame, p: Frame) -> Expect:
    hour = a["appt_at"].dt.hour
    missed = a["status"] == "No-show"
    n, rate = hour[missed].value_counts(), missed.groupby(hour).mean()
    shown = [f"{h}|{h:02d}|{h}:00|{h:02d}:00" for h in (n.idxmax(), rate.idxmax())]
    return (name(shown[0]) & number(n.max())) | (name(shown[1]) & percent(rate.max()))


def within_the_year(m: Frame, p: Frame, v: Frame) -> Expect:
    return number(((m["join_dt"].dt.year == 2024) & (m["cancel_dt"].dt.year == 2024)).sum())


DAYS: tuple[Question, ...] = (
    wallet("pa-weekday", "payments by weekday mon to sun", "calendar", "medium", "terse",
           lambda t: short_days(t["paid_at"].dt.day_name().value_counts().reindex(WEEK))),
    hotel("pa-cxlday", "On which weekday do we see the most cancelled bookings?", "calendar", "medium",
          "plain", cancelled_weekday),
    calls("pa-techpeak", "peak hour of the technical queue", "calendar", "medium", "business",
          lambda t: leader(t[t["queue"] == "Technical"]["started_at"].dt.hour.value_counts())),
    calls("pa-mondays", "share of calls coming in on mondays", "calendar", "medium", "plain",
          lambda t: percent((t["started_at"].dt.day_name() == "Monday").mean())),
    clinic("pa-missedhour", "which hour of the day do most pts not turn up", "calendar", "hard", "chatty",
           missed_hour),
    gifts("pa-last30", "gifts in the last 30 days of the data", "calendar", "hard", "plain", last_30),
    gifts("pa-december", "december's share of each year's donations", "calendar", "hard", "business",
          december),
    gifts("pa-weekend", "do people give more often on weekends? gifts per day sat/sun vs mon-fri",
          "calendar", "hard", "chatty", lambda t: weekend_rate(t)),
    parcels("pa-lastweek", "parcels collected in the last week of may (25th to 31st)", "calendar", "medium",
            "plain", lambda t: number(t["collected_at"].between("2025-05-25", "2025-05-31 23:59:59").sum())),
    parcels("pa-perday", "avg no. of parcels per day, for every month", "calendar", "hard", "plain", per_day),
    parcels("pa-friday", "parcels picked up on a friday that arrived late, number", "calendar", "hard",
            "business", lambda t: number(((t["collected_at"].dt.day_name() == "Friday")
                                          & (t["delivered_at"].dt.normalize() > t["promised_by"])).sum())
            | number(((t["collected_at"].dt.day_name() == "Friday")
                      & (t["delivered_at"] > t["promised_by"])).sum())),
    subs("pa-within90", "how many subscribers cancelled within 90 days after joining?", "calendar", "hard",
         "business", within_90),
    club("pa-silent", "members who havent stayed with us since 1 july 2024", "calendar", "medium", "chatty",
         lambda t: any_of((t["LastStay"] < day).sum() for day in ("2024-07-01", "2024-07-02"))),
    club("pa-enrolled", "enrolments by yr", "calendar", "easy", "terse",
         lambda t: rows(t["EnrolDate"].dt.year.value_counts().sort_index())),
    policies("pa-spring", "premium of the policies that started in spring 2024 (march to may)", "calendar",
             "medium", "business", lambda t: number(
                 t.loc[t["start_date"].between("2024-03-01", "2024-05-31"), "annual_premium_gbp"].sum())),
    gym("pa-sameyear", "members who joined in 2024 and were gone again before the year was over", "calendar",
        "hard", "chatty", within_the_year),
    wholesale("pa-half", "umsatz 2nd half of the year vs 1st half", "calendar", "medium", "terse",
              lambda t: shows(*t.groupby(t["Datum"].dt.month > 6)["Umsatz"].sum())),
    retail("pa-decs", "sales in dec 2006 vs dec 2005", "calendar", "medium", "terse", lambda t: shows(
        *(t.loc[t["order_date"].dt.to_period("M") == m, "revenue"].sum() for m in ("2006-12", "2005-12")))),
)  # fmt: skip


def weekend_rate(t: Frame) -> Expect:
    """Gifts for each day of the week-end and of the week: of the calendar, or of days with gifts."""
    every = pd.date_range(t["gift_dt"].min(), t["gift_dt"].max())
    n = t.groupby(t["gift_dt"].dt.day_of_week >= 5).size()
    given = pd.Series(t["gift_dt"].unique())
    made = [
        n / pd.Series(every.day_of_week >= 5).value_counts(),
        n / (given.dt.day_of_week >= 5).value_counts(),
    ]
    return either(*(shows(*x) for x in made))


TRENDS: tuple[Question, ...] = (
    wallet("pa-mom", "Month over month growth of the successful payment amount, in %", "trend", "hard",
           "business", lambda t: change(t[t["status"] == "Success"].groupby(
               t["paid_at"].dt.to_period("M"))["amount_inr"].sum())),
    wallet("pa-typegrew", "which merchant type grew the most from q1 to q2 by amount", "trend", "hard",
           "plain", grew_most),
    gifts("pa-stategrowth", "growth of total donations 2023 to 2024 by state, best first", "trend", "hard",
          "business", state_growth),
    hotel("pa-qgrowth", "bookings per quarter 2024 against the same quarter of 2023, growth in %", "trend",
          "hard", "business", quarter_growth),
    hotel("pa-busymonth", "busiest arrival month for each of the two hotels", "rank", "hard", "plain",
          busy_months),
    calls("pa-aprmar", "was april busier than march? by how much", "trend", "hard", "chatty", april_march),
    subs("pa-net", "net subscriber growth per quarter of 2023, i.e. joined minus cancelled", "trend", "hard",
         "business", net_growth),
    subs("pa-2024", "monthly sign ups this year (2024)", "trend", "medium", "plain",
         lambda t: rows(t[t["joined"].dt.year == 2024].groupby(t["joined"].dt.to_period("M")).size(),
                        only=True)),
    loans("pa-lent", "principal lent per year and its growth on the previous year", "trend", "hard",
          "business", lent),
    loans("pa-fastest", "which loan type grew fastest in number from 2021 to 2022?", "trend", "hard",
          "plain", fastest_loan),
    meters("pa-drop", "in which month did consumption fall the most compared with the month before",
           "trend", "hard", "plain", steepest),
    shop("pa-bestweek", "how much did we take in our best week of 2024", "top", "hard", "chatty", best_week),
    retail("pa-best3", "three best months ever by revenue", "top", "medium", "plain",
           lambda t: rows(t.groupby(t["order_date"].dt.to_period("M"))["revenue"].sum().nlargest(3),
                          only=True)),
    cdnow("pa-qoq", "1997 revenue by quarter with growth quarter on quarter", "trend", "hard", "terse",
          lambda t: quarters_of_97(t)),
    bank("pa-october", "october looks awful in the monthly numbers. what happened?", "trend", "hard",
         "chatty", lambda t: ANY & mentions(r"21 Oct|2016-10-21|Oct\w* 21|partial|incomplete|not complete|"
                                            r"only (part|up to|the first|\d+ days)|unfinished|whole month")),
    policies("pa-claimfreq", "did claims per policy go up from 2022 to 2024", "trend", "hard", "business",
             lambda t: shows(*t.groupby(t["start_date"].dt.year)["claims_count"].mean()[[2022, 2024]])),
    clinic("pa-noshowtrend", "no show rate month by month 2025", "trend", "medium", "terse",
           lambda a, p: either(*(rows((t["status"] == "No-show").groupby(
               t["appt_at"].dt.to_period("M")).mean(), as_percent=True)
               for t in (a, a[a["status"] != "Cancelled"])))),
)  # fmt: skip


def quarters_of_97(t: Frame) -> Expect:
    sums = t[t["date"].dt.year == 1997].groupby(t["date"].dt.to_period("Q"))["dollar_value"].sum()
    return rows(sums) & shares(*sums.pct_change().dropna())


QUESTIONS = DAYS + TRENDS
