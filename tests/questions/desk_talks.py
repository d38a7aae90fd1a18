"""Talks about figures: follow-ups, corrections and steps back over several turns, several wishes at once."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import SEX, in_city, women
from tests.questions.gold import chart, leader, listed, mentions, number, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.shop import orders_only

bank, telco, cards = (Asker(n, "open") for n in ("bank", "telco", "cards"))
loans, hotel, retail = (Asker(n, "open") for n in ("loans", "hotel", "retail"))
cdnow, shop, tips = (Asker(n, "open") for n in ("cdnow", "shop", "tips"))
subs, calls, club = (Asker(n, "open") for n in ("subscribers", "calls", "club"))
world, people = Asker("gapminder", "open"), Asker("people", "open")
Frame = pd.DataFrame


def men(t: Frame) -> Frame:
    return t[t["CustGender"] == "M"]


def months(t: Frame) -> pd.Series:
    return pd.Series(t["date"].dt.to_period("M"))


def rate(t: Frame, by: str, column: str = "Churn") -> pd.Series:
    return (t[column] == "Yes").groupby(t[by]).mean()


def trimmed(values: pd.Series) -> Expect:
    """The mean without outliers: by quartiles, either fence or both, far or near, or by three deviations."""
    low, high = values.quantile([0.25, 0.75])
    wide = high - low
    kept = [values[values <= high + 1.5 * wide], values[values <= high + 3 * wide]]
    kept += [
        values[(values - values.mean()).abs() <= 3 * values.std()],
        values[values <= values.quantile(0.99)],
    ]
    found = number(kept[0].mean())
    for part in kept[1:]:
        found = found | number(part.mean())
    return found


def bill_share(t: Frame) -> Expect:
    """Tip in percent of the bill by day, at dinner: of the sums or on average."""
    dinner = t[t["time"] == "Dinner"]
    sums = dinner.groupby("day")[["tip", "total_bill"]].sum()
    each = (dinner["tip"] / dinner["total_bill"]).groupby(dinner["day"]).mean()
    return rows(sums["tip"] / sums["total_bill"], as_percent=True) | rows(each, as_percent=True)


def quarter(t: Frame, year: int) -> pd.Series:
    part = t[t["order_date"].dt.year == year]
    return part.groupby(part["order_date"].dt.to_period("Q"))["revenue"].sum()


def in_month(t: Frame, month: str) -> Frame:
    return t[t["date"].dt.strftime("%Y-%m") == month]


def sales(t: Frame, channel: str) -> pd.Series:
    return t[t["channel"] == channel].groupby("category")["net_amount"].sum()


def living(t: Frame, country: str, year: int) -> Expect:
    return number(t.loc[(t["country"] == country) & (t["year"] == year), "lifeExp"].iloc[0])


ACCOUNTS: tuple[Question, ...] = (
    bank.dialogue("talk-women", "medium", "plain",
        ("total spend of women", lambda t: number(women(t)["Amount"].sum())),
        ("and for men?", lambda t: number(men(t)["Amount"].sum())),
        ("their median", lambda t: number(men(t)["Amount"].median())),
        ("only in Chennai", lambda t: number(in_city(men(t), "CHENNAI")["Amount"].median())),
        ("sorry, I meant the mean", lambda t: number(in_city(men(t), "CHENNAI")["Amount"].mean()))),
    bank.dialogue("talk-months", "hard", "terse",
        ("txn count per month", lambda t: rows(months(t).value_counts())),
        ("in rupees instead", lambda t: rows(t.groupby(months(t))["Amount"].sum())),
        ("leave out October", lambda t: rows(
            t[t["date"] < "2016-10-01"].groupby(months(t))["Amount"].sum(), only=True)),
        ("split that by gender", lambda t: rows(
            [((month, SEX[sex]), v) for (month, sex), v in t[t["date"] < "2016-10-01"].groupby(
                [months(t).rename("m"), "CustGender"])["Amount"].sum().items()]))),
    telco.dialogue("talk-churn", "hard", "business",
        ("what is churn like by contract?", lambda t: rows(rate(t, "Contract"), as_percent=True)),
        ("just the people on electronic check", lambda t: rows(
            rate(t[t["PaymentMethod"] == "Electronic check"], "Contract"), as_percent=True)),
        ("as a bar chart please", lambda t: chart(
            "bar", rate(t[t["PaymentMethod"] == "Electronic check"], "Contract"), as_percent=True)),
        ("sort from low to high", lambda t: listed(
            rate(t[t["PaymentMethod"] == "Electronic check"], "Contract").sort_values().index, ordered=True)),
        ("go back to the very first one", lambda t: rows(rate(t, "Contract"), as_percent=True))),
    telco.dialogue("talk-seniors", "medium", "chatty",
        ("hi, what do customers pay a month on average?", lambda t: number(t["MonthlyCharges"].mean())),
        ("no I meant the median", lambda t: number(t["MonthlyCharges"].median())),
        ("and for seniors?", lambda t: number(t.loc[t["SeniorCitizen"] == 1, "MonthlyCharges"].median())),
        ("how many of them are there", lambda t: number((t["SeniorCitizen"] == 1).sum())),
        ("and how many of those have churned", lambda t: number(
            ((t["SeniorCitizen"] == 1) & (t["Churn"] == "Yes")).sum()))),
    cards.dialogue("talk-trim", "hard", "plain",
        ("mean of the purchases", lambda t: number(t["PURCHASES"].mean())),
        ("now drop the outliers", lambda t: trimmed(t["PURCHASES"])),
        ("put them back in, and only tenure 12", lambda t: number(
            t.loc[t["TENURE"] == 12, "PURCHASES"].mean())),
        ("same for CREDIT_LIMIT", lambda t: number(t.loc[t["TENURE"] == 12, "CREDIT_LIMIT"].mean()))),
    cards.dialogue("talk-top", "medium", "terse",
        ("top 3 by cash advance", lambda t: rows(t.nlargest(3, "CASH_ADVANCE").set_index(
            "CUST_ID")["CASH_ADVANCE"], ordered=True, only=True)),
        ("make it five", lambda t: rows(t.nlargest(5, "CASH_ADVANCE").set_index(
            "CUST_ID")["CASH_ADVANCE"], ordered=True, only=True)),
        ("by payments instead", lambda t: rows(t.nlargest(5, "PAYMENTS").set_index(
            "CUST_ID")["PAYMENTS"], ordered=True, only=True))),
    loans.dialogue("talk-default", "hard", "business",
        ("default rate per branch", lambda t: rows(rate(t, "Branch", "Defaulted"), as_percent=True)),
        ("by loan type instead", lambda t: rows(rate(t, "LoanType", "Defaulted"), as_percent=True)),
        ("only the two worst", lambda t: rows(rate(t, "LoanType", "Defaulted").nlargest(2), as_percent=True,
                                              ordered=True, only=True)),
        ("for scores below 650", lambda t: rows(rate(
            t[t["CreditScore"] < 650], "LoanType", "Defaulted").nlargest(2), as_percent=True)
            | rows(rate(t[t["CreditScore"] < 650], "LoanType", "Defaulted")[
                rate(t, "LoanType", "Defaulted").nlargest(2).index], as_percent=True))),
    people.dialogue("talk-age", "medium", "chatty",
        ("whats the average age of lawyers", lambda t: number(
            t.loc[t["Profession"] == "Lawyer", "Age"].mean())
         | number(t.drop_duplicates("ID").query("Profession == 'Lawyer'")["Age"].mean())),
        ("and of artists", lambda t: number(t.loc[t["Profession"] == "Artist", "Age"].mean())
         | number(t.drop_duplicates("ID").query("Profession == 'Artist'")["Age"].mean())),
        ("by gender", lambda t: rows(t[t["Profession"] == "Artist"].groupby("Gender")["Age"].mean()))),
)  # fmt: skip

TRADE: tuple[Question, ...] = (
    hotel.dialogue("talk-cancel", "hard", "business",
        ("cancellation rate of the two hotels", lambda t: rows(
            t.groupby("hotel")["is_canceled"].mean(), as_percent=True)),
        ("and for lead times over 60 days?", lambda t: rows(t[t["lead_time_days"] > 60].groupby(
            "hotel")["is_canceled"].mean(), as_percent=True)),
        ("by country rather than hotel", lambda t: rows(t[t["lead_time_days"] > 60].groupby(
            "country")["is_canceled"].mean(), as_percent=True)),
        ("only the resort", lambda t: rows(t[(t["lead_time_days"] > 60)
                                             & (t["hotel"] == "Resort Hotel")].groupby(
            "country")["is_canceled"].mean(), as_percent=True))),
    retail.dialogue("talk-quarters", "medium", "plain",
        ("revenue per quarter of 2006", lambda t: rows(quarter(t, 2006), only=True)),
        ("draw a line", lambda t: chart("line", quarter(t, 2006), labels=())),
        ("what about 2005?", lambda t: rows(quarter(t, 2005), only=True)),
        ("which quarter was the best of those", lambda t: rows(quarter(t, 2005).nlargest(1)))),
    cdnow.dialogue("talk-march", "medium", "chatty",
        ("how many orders came in during march 97", lambda t: number(len(in_month(t, "1997-03")))),
        ("and in april?", lambda t: number(len(in_month(t, "1997-04")))),
        ("what was their value", lambda t: number(in_month(t, "1997-04")["dollar_value"].sum())),
        ("per order?", lambda t: number(in_month(t, "1997-04")["dollar_value"].mean()))),
    shop.dialogue("talk-app", "hard", "business",
        ("category revenue in the app", orders_only(lambda t: rows(sales(t, "app")))),
        ("now web", orders_only(lambda t: rows(sales(t, "web")))),
        ("in percent please", orders_only(lambda t: rows(sales(t, "web") / sales(t, "web").sum(),
                                                         as_percent=True))),
        ("2023 only", orders_only(lambda t: rows(
            sales(t[t["ordered_at"].dt.year == 2023], "web")
            / sales(t[t["ordered_at"].dt.year == 2023], "web").sum(), as_percent=True)))),
    tips.dialogue("talk-tip", "hard", "plain",
        ("average tip by day", lambda t: rows(t.groupby("day")["tip"].mean())),
        ("dinner only", lambda t: rows(t[t["time"] == "Dinner"].groupby("day")["tip"].mean())),
        ("as a percentage of the bill", bill_share)),
    subs.dialogue("talk-states", "medium", "terse",
        ("subscribers per state", lambda t: rows(t["state"].value_counts())),
        ("premium only", lambda t: rows(t.loc[t["plan"] == "Premium", "state"].value_counts())),
        ("as a pie", lambda t: chart("pie", t.loc[t["plan"] == "Premium", "state"].value_counts())),
        ("no, I meant Standard", lambda t: rows(t.loc[t["plan"] == "Standard", "state"].value_counts())
         | chart("pie", t.loc[t["plan"] == "Standard", "state"].value_counts())),
        ("in percent", lambda t: rows(t.loc[t["plan"] == "Standard", "state"].value_counts(normalize=True),
                                      as_percent=True))),
    subs.dialogue("talk-tv", "hard", "chatty",
        ("how old are the people we won through TV, on average", lambda t: number(
            t.loc[t["acquired_via"] == "TV", "age"].mean())),
        ("and referral?", lambda t: number(t.loc[t["acquired_via"] == "Referral", "age"].mean())),
        ("go back to TV but give me the median", lambda t: number(
            t.loc[t["acquired_via"] == "TV", "age"].median())),
        ("how many of those are on the annual plan", lambda t: number(
            ((t["acquired_via"] == "TV") & (t["billing"] == "annual")).sum()))),
    calls.dialogue("talk-agents", "hard", "business",
        ("avg waiting time per agent, longest first", lambda t: rows(
            t.groupby("agent")["wait_sec"].mean().sort_values(ascending=False), ordered=True)),
        ("for the technical queue only", lambda t: rows(
            t[t["queue"] == "Technical"].groupby("agent")["wait_sec"].mean())),
        ("just the top 3", lambda t: rows(t[t["queue"] == "Technical"].groupby(
            "agent")["wait_sec"].mean().nlargest(3), ordered=True, only=True)),
        ("why?", lambda t: Expect(statuses=frozenset({"answered", "clarify", "refused"})) & mentions(
            r"not why|cannot|can't|not (say|tell|prove|explain)|differ|higher|longer|no (cause|reason)"))),
    club.dialogue("talk-tier", "medium", "plain",
        ("average spend by tier", lambda t: rows(t.groupby("Tier")["SpendINR"].mean())),
        ("women only", lambda t: rows(t[t["Sex"] == "F"].groupby("Tier")["SpendINR"].mean())),
        ("and men?", lambda t: rows(t[t["Sex"] == "M"].groupby("Tier")["SpendINR"].mean())),
        ("by city instead", lambda t: rows(t[t["Sex"] == "M"].groupby("City")["SpendINR"].mean())),
        ("just Pune and Jaipur", lambda t: rows(t[t["Sex"] == "M"].groupby(
            "City")["SpendINR"].mean()[["Pune", "Jaipur"]], only=True))),
    world.dialogue("talk-life", "medium", "chatty",
        ("life expectancy in japan 2007?", lambda t: living(t, "Japan", 2007)),
        ("and Kenya", lambda t: living(t, "Kenya", 2007)),
        ("what was it in 1952", lambda t: living(t, "Kenya", 1952)),
        ("which country was highest that year?", lambda t: leader(
            t[t["year"] == 1952].set_index("country")["lifeExp"]))),
)  # fmt: skip

AT_ONCE: tuple[Question, ...] = (
    bank("talk-three", "1) how many customers do we have 2) what is the total spend 3) which city is biggest "
         "by transactions", "dialogue", "hard", "business",
         lambda t: shows(t["CustomerID"].nunique(), t["Amount"].sum()) & mentions("MUMBAI")),
    telco("talk-three", "Overall churn rate, and how many seniors do we have? Also average tenure please.",
          "dialogue", "hard", "chatty", lambda t: shares((t["Churn"] == "Yes").mean())
          & shows((t["SeniorCitizen"] == 1).sum(), t["tenure"].mean())),
    hotel("talk-three", "give me the mean adr, then the number of cancelled bookings, then plot bookings per "
          "month", "dialogue", "hard", "business", lambda t: shows(t["adr"].mean(), t["is_canceled"].sum())
          & chart("line|bar")),
    club("talk-two", "Total points balance? And which city has most members?", "dialogue", "medium", "plain",
         lambda t: shows(t["PointsBal"].sum(), 349) & mentions("Mumbai")),
    subs("talk-two", "how many have cancelled, how many have not; plus median hours watched", "dialogue",
         "hard", "terse", lambda t: shows(t["cancelled_on"].notna().sum(), t["cancelled_on"].isna().sum(),
                                          t["hours_watched_30d"].median())),
    loans("talk-two", "default rate by branch and also default rate by marital status", "dialogue", "hard",
          "plain", lambda t: shares(*rate(t, "Branch", "Defaulted"), *rate(t, "MaritalStatus", "Defaulted"))),
    shop("talk-two", "AOV by channel and the return rate by channel", "dialogue", "hard", "business",
         orders_only(lambda t: shows(*t.groupby("channel")["net_amount"].mean())
                     & shares(*(t["returned"] == "Y").groupby(t["channel"]).mean()))),
    calls("talk-three", "how many calls, how many of them dropped & what share is that?", "dialogue", "hard",
          "terse", lambda t: shows(len(t), (t["outcome"] == "Dropped").sum())
          & shares((t["outcome"] == "Dropped").mean())),
)  # fmt: skip

QUESTIONS = ACCOUNTS + TRADE + AT_ONCE
