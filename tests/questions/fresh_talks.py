"""Talks about accounts, contracts, loans, people and packaged tables, in the short words of strangers."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city
from tests.questions.fresh_figures import either
from tests.questions.gold import chart, leader, mentions, name, number, percent, rows, shows, verdict
from tests.questions.model import Asker, Expect, Gold, Question
from tests.questions.people import each_way

bank, telco, cards = (Asker(n, "open") for n in ("bank", "telco", "cards"))
loans, people, airline, books = (Asker(n, "open") for n in ("loans", "people", "airline", "books"))
world, tips, stocks, iris = (Asker(n, "open") for n in ("gapminder", "tips", "stocks", "iris"))
Frame = pd.DataFrame


def day_sums(t: Frame, how: str) -> pd.Series:
    part = t[t["date"].between("2016-09-01", "2016-09-10")]
    return pd.Series(part.groupby("date")["Amount"].agg(how))


def big_cities(t: Frame) -> pd.Series:
    return t.groupby("city")["Amount"].sum().nlargest(5)


def without_first(t: Frame) -> Expect:
    """The list without its first city: the other four, or the next one moved up; money or shares."""
    sums = t.groupby("city")["Amount"].sum()
    rest = sums.drop("MUMBAI")
    made = []
    for kept in (rest.nlargest(4), rest.nlargest(5)):
        made += [rows(kept, only=True), rows(kept / sums.sum(), as_percent=True, only=True),
                 rows(kept / rest.sum(), as_percent=True, only=True)]  # fmt: skip
    return either(*made)


BANK: tuple[Question, ...] = (
    bank.dialogue("fresh-t-kolkata", "medium", "terse",
        ("avg txn value in mumbai", lambda t: number(in_city(t, "MUMBAI")["Amount"].mean())),
        ("same for kolkata", lambda t: number(in_city(t, "KOLKATA")["Amount"].mean())),
        ("median pls", lambda t: number(in_city(t, "KOLKATA")["Amount"].median())),
        ("how many transactions is that based on", lambda t: number(len(in_city(t, "KOLKATA"))))),
    bank.dialogue("fresh-t-days", "hard", "plain",
        ("transactions per day from 1 to 10 september", lambda t: rows(day_sums(t, "size"), only=True)),
        ("as a line", lambda t: chart("line", day_sums(t, "size"), labels=())),
        ("rupees rather than counts", lambda t: rows(day_sums(t, "sum"))),
        ("which day was the strongest", lambda t: leader(day_sums(t, "sum")))),
    bank.dialogue("fresh-t-cities", "hard", "business",
        ("top 5 cities by total spend", lambda t: rows(big_cities(t), ordered=True, only=True)),
        ("what is the share of each in the grand total", lambda t: rows(
            big_cities(t) / t["Amount"].sum(), as_percent=True)
         | rows(big_cities(t) / t.loc[t["city"].notna(), "Amount"].sum(), as_percent=True)),
        ("leave mumbai out", without_first)),
    bank.dialogue("fresh-t-jump", "medium", "chatty",
        ("how many customers are in here?", lambda t: number(t["CustomerID"].nunique())),
        ("ok something different now: biggest single transaction?", lambda t: number(t["Amount"].max())),
        ("from which city was that", lambda t: name(t.loc[t["Amount"].idxmax(), "city"])
         & Expect(never=("MUMBAI",))),
        ("and the biggest one in pune", lambda t: number(in_city(t, "PUNE")["Amount"].max()))),
)  # fmt: skip


def left(t: Frame) -> pd.Series:
    return t["Churn"] == "Yes"


def by_check(t: Frame) -> pd.Series:
    return t.groupby(t["PaymentMethod"] == "Mailed check")["MonthlyCharges"].mean()


CONTRACTS: tuple[Question, ...] = (
    telco.dialogue("fresh-t-gender", "hard", "terse",
        ("churn rate?", lambda t: percent(left(t).mean())),
        ("month to month", lambda t: percent(left(t)[t["Contract"] == "Month-to-month"].mean())),
        ("two year ones", lambda t: percent(left(t)[t["Contract"] == "Two year"].mean())),
        ("by gender", lambda t: rows(left(t)[t["Contract"] == "Two year"].groupby(t["gender"]).mean(),
                                     as_percent=True)),
        ("so does gender matter at all?", lambda t: verdict(False))),
    telco.dialogue("fresh-t-mail", "hard", "chatty",
        ("how many ppl still pay by mailed check", lambda t: number(
            (t["PaymentMethod"] == "Mailed check").sum())),
        ("what do they pay us monthly, average", lambda t: number(by_check(t)[True])),
        ("and everybody else", lambda t: number(by_check(t)[False]))),
    telco.dialogue("fresh-t-noise", "medium", "chatty",
        ("average tenure", lambda t: number(t["tenure"].mean())),
        ("qwertz", lambda t: Expect(statuses=frozenset({"clarify", "refused"}))),
        ("ok now just for seniors", lambda t: number(t.loc[t["SeniorCitizen"] == 1, "tenure"].mean())),
        ("those of them on DSL", lambda t: number(
            t.loc[(t["SeniorCitizen"] == 1) & (t["InternetService"] == "DSL"), "tenure"].mean()))),
    cards.dialogue("fresh-t-limit", "hard", "plain",
        ("median credit limit", lambda t: number(t["CREDIT_LIMIT"].median())),
        ("for customers whose balance is over 5000", lambda t: number(
            t.loc[t["BALANCE"] > 5000, "CREDIT_LIMIT"].median())),
        ("90th percentile instead", lambda t: number(
            t.loc[t["BALANCE"] > 5000, "CREDIT_LIMIT"].quantile(0.9))),
        ("how many customers are those", lambda t: number((t["BALANCE"] > 5000).sum()))),
    cards.dialogue("fresh-t-tenure", "medium", "terse",
        ("purchases by tenure, average", lambda t: rows(t.groupby("TENURE")["PURCHASES"].mean())),
        ("payments", lambda t: rows(t.groupby("TENURE")["PAYMENTS"].mean())),
        ("sum not avg", lambda t: rows(t.groupby("TENURE")["PAYMENTS"].sum())),
        ("chart it", lambda t: chart("bar|line", t.groupby("TENURE")["PAYMENTS"].sum()))),
)  # fmt: skip


def car(t: Frame) -> Frame:
    return t[t["LoanType"] == "Car"]


def worst(t: Frame) -> str:
    return str(car(t).groupby("Branch")["CreditScore"].mean().idxmin())


def owed(t: Frame) -> pd.Series:
    return t.groupby("LoanType")["OutstandingBal"].sum()


LENDING: tuple[Question, ...] = (
    loans.dialogue("fresh-t-score", "hard", "business",
        ("avg credit score by branch", lambda t: rows(t.groupby("Branch")["CreditScore"].mean())),
        ("car loans only", lambda t: rows(car(t).groupby("Branch")["CreditScore"].mean())),
        ("which branch is lowest", lambda t: leader(car(t).groupby("Branch")["CreditScore"].mean(),
                                                    least=True)),
        ("how many car loans does that branch have?", lambda t: number((car(t)["Branch"] == worst(t)).sum())),
        ("and how many of them went bad", lambda t: number(
            ((car(t)["Branch"] == worst(t)) & (car(t)["Defaulted"] == "Yes")).sum()))),
    loans.dialogue("fresh-t-owed", "hard", "terse",
        ("total outstanding", lambda t: number(t["OutstandingBal"].sum())),
        ("by type", lambda t: rows(owed(t))),
        ("as %", lambda t: rows(owed(t) / owed(t).sum(), as_percent=True)),
        ("pie", lambda t: chart("pie", owed(t)) | chart("pie", owed(t) / owed(t).sum(), as_percent=True)),
        ("without home loans", lambda t: chart("pie", owed(t).drop("Home"))
         | rows(owed(t).drop("Home") / owed(t).drop("Home").sum(), as_percent=True)
         | rows(owed(t).drop("Home") / owed(t).sum(), as_percent=True))),
    loans.dialogue("fresh-t-opened", "medium", "chatty",
        ("how many loans did we open in 2021?", lambda t: number((t["OpenDt"].dt.year == 2021).sum())),
        ("and the year before?", lambda t: number((t["OpenDt"].dt.year == 2020).sum())),
        ("what were they worth (principal)", lambda t: number(
            t.loc[t["OpenDt"].dt.year == 2020, "PrincipalAmt"].sum())),
        ("split that by branch please", lambda t: rows(
            t[t["OpenDt"].dt.year == 2020].groupby("Branch")["PrincipalAmt"].sum()))),
)  # fmt: skip


def aged(profession: str) -> Gold:
    """The mean age of a profession."""
    return lambda t: each_way(t, lambda u: number(u.loc[u["Profession"] == profession, "Age"].mean()))


def award(t: Frame) -> pd.Series:
    return t.groupby("Award?")["Balance"].mean()


MEMBERS: tuple[Question, ...] = (
    people.dialogue("fresh-t-first", "medium", "chatty",
        ("avg age of engineers", aged("Engineer")),
        ("of doctors?", aged("Doctor")),
        ("of homemakers", aged("Homemaker")),
        ("sorry what was it for the engineers again", aged("Engineer"))),
    people.dialogue("fresh-t-women", "hard", "terse",
        ("how many women", lambda t: each_way(t, lambda u: number((u["Gender"] == "Female").sum()))),
        ("in %", lambda t: each_way(t, lambda u: percent((u["Gender"] == "Female").mean()))),
        ("among lawyers", lambda t: each_way(t, lambda u: percent(
            (u.loc[u["Profession"] == "Lawyer", "Gender"] == "Female").mean())))),
    airline.dialogue("fresh-t-award", "medium", "plain",
        ("average balance of members with an award", lambda t: number(award(t)[1])),
        ("without", lambda t: number(award(t)[0])),
        ("median of those", lambda t: number(t.loc[t["Award?"] == 0, "Balance"].median())
         | shows(*t.groupby("Award?")["Balance"].median()))),
    books.dialogue("fresh-t-florence", "hard", "business",
        ("how many members took the Florence offer", lambda t: number(338)),
        ("in percent", lambda t: percent(t["Florence"].mean())),
        ("by Fcode", lambda t: rows(t.groupby("Fcode")["Florence"].mean(), as_percent=True)),
        ("highest one?", lambda t: leader(t.groupby("Fcode")["Florence"].mean(), share=True))),
)  # fmt: skip


def living(t: Frame, year: int) -> pd.Series:
    return t[t["year"] == year].set_index("country")["pop"]


def poor(t: Frame, year: int, continent: str = "") -> pd.Series:
    part = t[(t["year"] == year) & t["continent"].str.contains(continent)]
    return pd.Series(part.set_index("country")["gdpPercap"].nsmallest(5))


def lunch(t: Frame) -> pd.Series:
    return t[t["time"] == "Lunch"].groupby("sex")["tip"].mean()


PACKAGED: tuple[Question, ...] = (
    world.dialogue("fresh-t-pop", "hard", "chatty",
        ("population of india in 2007", lambda t: number(living(t, 2007)["India"])),
        ("china?", lambda t: number(living(t, 2007)["China"])),
        ("both together", lambda t: number(living(t, 2007)[["India", "China"]].sum())
         | shows(*living(t, 2007)[["India", "China"]])),
        ("and in 1952", lambda t: number(living(t, 1952)[["India", "China"]].sum())
         | shows(*living(t, 1952)[["India", "China"]]))),
    world.dialogue("fresh-t-gdp", "hard", "terse",
        ("gdp per capita 2007 bottom 5", lambda t: rows(poor(t, 2007), ordered=True, only=True)),
        ("only asia", lambda t: rows(poor(t, 2007, "Asia"), ordered=True, only=True)),
        ("same in 1952", lambda t: rows(poor(t, 1952, "Asia"), ordered=True, only=True)),
        ("bar chart", lambda t: chart("bar", poor(t, 1952, "Asia")))),
    tips.dialogue("fresh-t-lunch", "medium", "chatty",
        ("whats the avg tip", lambda t: number(t["tip"].mean())),
        ("at lunch?", lambda t: number(t.loc[t["time"] == "Lunch", "tip"].mean())),
        ("women only", lambda t: number(lunch(t)["Female"])),
        ("and the men", lambda t: number(lunch(t)["Male"])),
        ("which table size tips most on average", lambda t: leader(t.groupby("size")["tip"].mean())
         | leader(t[t["time"] == "Lunch"].groupby("size")["tip"].mean())
         | leader(t[(t["time"] == "Lunch") & (t["sex"] == "Male")].groupby("size")["tip"].mean()))),
    stocks.dialogue("fresh-t-apple", "hard", "plain",
        ("what was the highest value of AAPL", lambda t: number(t["AAPL"].max())),
        ("when was that", lambda t: mentions(r"2019-12-30|30(th)? Dec|Dec\w* 30")),
        ("and the lowest of FB", lambda t: number(t["FB"].min()))),
    iris.dialogue("fresh-t-petals", "easy", "plain",
        ("mean petal length by species", lambda t: rows(t.groupby("species")["petal_length"].mean())),
        ("sepal width too", lambda t: rows(t.groupby("species")["sepal_width"].mean())),
        ("which one has the widest sepals", lambda t: leader(t.groupby("species")["sepal_width"].mean())
         | name("setosa") & number(t["sepal_width"].max()))),
)  # fmt: skip

QUESTIONS = BANK + CONTRACTS + LENDING + MEMBERS + PACKAGED
