"""Questions about tables that ship in packages: bills, countries, share prices, a test, flowers, wines."""

from __future__ import annotations

import pandas as pd
from scipy.stats import ttest_ind

from tests.questions.gold import (
    ambiguous,
    chart,
    leader,
    listed,
    name,
    number,
    percent,
    refusal,
    rows,
    says,
    shows,
    verdict,
)
from tests.questions.model import Asker, Expect, Question

t_, g, s, e, i, w = (Asker(n) for n in ("tips", "gapminder", "stocks", "experiment", "iris", "wine"))
DAYS = {"Thur": "Thur|Thursday|Thu", "Fri": "Fri|Friday", "Sat": "Sat|Saturday", "Sun": "Sun|Sunday"}
SEX = {"Male": "Male|Males|Men|Man", "Female": "Female|Females|Women|Woman"}


def corr(t: pd.DataFrame, x: str, y: str) -> Expect:
    return number(t[x].corr(t[y])) | number(t[x].corr(t[y], method="spearman"))


def tip_rate(t: pd.DataFrame) -> pd.Series:
    return t["tip"] / t["total_bill"]


TIPS: tuple[Question, ...] = (
    t_("mean", "average tip", "aggregation", "easy", "terse", lambda t: number(t["tip"].mean())),
    t_("rate", "what percent of the bill do guests tip on average?", "aggregation", "hard", "business",
       lambda t: percent(tip_rate(t).mean()) | percent(t["tip"].sum() / t["total_bill"].sum())),
    t_("day", "total bills by day", "group", "easy", "terse",
       lambda t: rows(t.groupby("day")["total_bill"].sum(), labels=DAYS)
       | rows(t["day"].value_counts(), labels=DAYS)),
    t_("sex-smoker", "mean tip by sex and smoker", "group", "medium", "terse", lambda t: rows(
        [((SEX[k[0]], "smoker|Yes" if k[1] == "Yes" else "No|non-smoker|smoker"), v)
         for k, v in t.groupby(["sex", "smoker"])["tip"].mean().items()])),
    t_("women-lunch", "how many women came for lunch", "filter", "medium", "chatty",
       lambda t: number(((t["sex"] == "Female") & (t["time"] == "Lunch")).sum())),
    t_("smokers-share", "share of smokers in %", "share", "easy", "terse",
      lambda t: percent((t["smoker"] == "Yes").mean())),
    t_("party-corr", "does the tip grow with party size (correlation)?", "correlation", "medium", "chatty",
       lambda t: corr(t, "size", "tip")),
    t_("corr", "correlation matrix of bill, tip and size", "correlation", "medium", "plain",
       lambda t: shows(t["total_bill"].corr(t["tip"]), t["total_bill"].corr(t["size"]))),
    t_("dup", "is there a duplicate row", "quality", "easy", "plain",
      lambda t: says(r"\b1\b|\bone\b|\byes\b|\b2\b|\ba duplicate")),
    t_("big", "bills above 40 dollars", "filter", "easy", "terse",
      lambda t: number((t["total_bill"] > 40).sum())),
    t_("best-day", "on which day is the average tip highest?", "top", "easy", "plain",
       lambda t: leader(t.groupby("day")["tip"].mean().rename(DAYS))),
    t_("scatter", "plot tip versus total bill", "chart", "easy", "terse", lambda t: chart("scatter")),
    t_("box", "box plot of total bill per day", "chart", "easy", "terse", lambda t: chart("box|violin")),
    t_("p10", "10% quantile of total bill", "quantile", "medium", "terse",
      lambda t: number(t["total_bill"].quantile(0.1))),
    t_("smoker-diff", "Do smokers tip significantly more than non-smokers?", "difference", "hard", "plain",
       lambda t: verdict(ttest(t, "smoker", "tip") < 0.05)),
    t_("waiter", "which waiter got the highest tips?", "impossible", "easy", "chatty",
      lambda t: refusal(r"waiter|column|server|data")),
    t_.dialogue("d", "medium", "chatty",
       ("average bill for dinner?", lambda t: number(t.loc[t["time"] == "Dinner", "total_bill"].mean())),
       ("and lunch", lambda t: number(t.loc[t["time"] == "Lunch", "total_bill"].mean())),
       ("only smokers",
         lambda t: number(t.loc[(t["time"] == "Lunch") & (t["smoker"] == "Yes"), "total_bill"].mean())),
       ("sorry, I meant the tip",
         lambda t: number(t.loc[(t["time"] == "Lunch") & (t["smoker"] == "Yes"), "tip"].mean()))),
)  # fmt: skip


def ttest(t: pd.DataFrame, column: str, measure: str) -> float:
    first, second = (part[measure] for _, part in t.groupby(column))
    return float(ttest_ind(first, second, equal_var=False).pvalue)


def in_year(t: pd.DataFrame, year: int) -> pd.DataFrame:
    return t[t["year"] == year].set_index("country")


GAPMINDER: tuple[Question, ...] = (
    g("life", "average life expectancy by continent in 2007", "group", "medium", "plain",
      lambda t: rows(in_year(t, 2007).groupby("continent")["lifeExp"].mean())),
    g("top-pop", "ten most populous countries 2007", "top", "medium", "terse",
      lambda t: rows(in_year(t, 2007)["pop"].nlargest(10), ordered=True, only=True)),
    g("world-pop", "total population of all countries in 1952", "filter", "easy", "plain",
      lambda t: number(in_year(t, 1952)["pop"].sum())),
    g("rich", "richest country in 2007 by GDP per capita", "top", "medium", "plain",
      lambda t: name(in_year(t, 2007)["gdpPercap"].idxmax()) & number(in_year(t, 2007)["gdpPercap"].max())),
    g("china-growth", "by how many percent did China's population grow from 1952 to 2007", "trend", "hard",
      "plain",
      lambda t: percent(in_year(t, 2007)["pop"]["China"] / in_year(t, 1952)["pop"]["China"] - 1)),
    g("rank", "top 3 countries by life expectancy in each continent, 2007", "rank", "hard", "plain",
      lambda t: rows(
        [(c, v) for _, part in in_year(t, 2007).groupby("continent") for c,
        v in part["lifeExp"].nlargest(3).items()])),
    g("corr", "correlation between gdp per capita and life expectancy in 2007", "correlation", "medium",
      "plain",
      lambda t: corr(in_year(t, 2007), "gdpPercap", "lifeExp")),
    g("line", "line chart of the life expectancy in Japan", "chart", "medium", "plain",
      lambda t: chart("line", t[t["country"] == "Japan"].set_index("year")["lifeExp"])),
    g("two-lines", "compare population of Germany and France over the years in one chart", "chart", "hard",
      "business",
      lambda t: chart("line|bar", labels=["Germany", "France"])),
    g("n-countries", "countries per continent", "group", "medium", "terse",
      lambda t: rows(t.groupby("continent")["country"].nunique())),
    g("poor", "in how many countries was life expectancy below 50 in 2007", "filter", "medium", "plain",
      lambda t: number((in_year(t, 2007)["lifeExp"] < 50).sum())),
    g("africa-share", "africas share of world population in 2007", "share", "hard", "misspelt",
      lambda t: percent(in_year(t, 2007).query("continent == 'Africa'")["pop"].sum()
      / in_year(t, 2007)["pop"].sum())),
    g("fell", "Which countries had a lower life expectancy in 2007 than in 1987?", "trend", "hard", "plain",
      lambda t: listed(
      (in_year(t, 2007)["lifeExp"] - in_year(t, 1987)["lifeExp"])[lambda d: d < 0].nsmallest(5).index)),
    g("norway", "norwegian gdp per cap in 1977?", "filter", "hard", "chatty",
      lambda t: number(in_year(t, 1977)["gdpPercap"]["Norway"])),
    g("1999", "population of India in 1999", "impossible", "hard", "plain",
      lambda t: refusal(r"1997|2002|1,?999")),
    g("moon", "life expectancy in Atlantis", "impossible", "easy", "chatty",
      lambda t: refusal(r"Atlantis|found|country")),
    g("largest", "largest country?", "ambiguous", "medium", "terse",
      lambda t: name("China") | ambiguous(name("China"))),
    g.dialogue("d", "medium", "plain",
      ("mean gdp per capita by continent in 2007",
        lambda t: rows(in_year(t, 2007).groupby("continent")["gdpPercap"].mean())),
      ("in 1952?", lambda t: rows(in_year(t, 1952).groupby("continent")["gdpPercap"].mean())),
      ("median instead of mean", lambda t: rows(in_year(t, 1952).groupby("continent")["gdpPercap"].median())),
      ("only the top 2",
        lambda t: rows(in_year(t, 1952).groupby("continent")["gdpPercap"].median().nlargest(2), only=True))),
)  # fmt: skip

STOCKS: tuple[Question, ...] = (
    s("last", "what is the last value of AMZN", "filter", "medium", "plain",
      lambda t: number(t["AMZN"].iloc[-1])),
    s("best", "which stock gained most over the whole period?", "trend", "hard", "business",
      lambda t: name((t.drop(columns="date").iloc[-1] / t.drop(columns="date").iloc[0]).idxmax())),
    s("max-nflx", "highest NFLX value and when", "aggregation", "medium", "terse",
      lambda t: rows([(t.loc[t["NFLX"].idxmax(), "date"], t["NFLX"].max())])),
    s("corr", "corr AAPL MSFT", "correlation", "easy", "terse", lambda t: corr(t, "AAPL", "MSFT")),
    s("mean-2019", "mean GOOG price in 2019", "filter", "medium", "plain",
      lambda t: number(t.loc[t["date"].dt.year == 2019, "GOOG"].mean())),
    s("line", "plot FB over time", "chart", "easy", "terse", lambda t: chart("line|scatter")),
    s("vol", "standard deviation of every stock", "aggregation", "medium", "plain",
      lambda t: rows(t.drop(columns="date").std())),
    s("monthly", "monthly average of MSFT in 2018", "trend", "medium", "plain", lambda t: rows(
        t[t["date"].dt.year == 2018].groupby(t["date"].dt.to_period("M"))["MSFT"].mean())),
    s("tomorrow", "will AAPL go up next week?", "impossible", "medium", "chatty",
      lambda t: refusal(r"predict|forecast|future|past|cannot")),
)  # fmt: skip

EXPERIMENT: tuple[Question, ...] = (
    e("means", "mean of experiment_1 by group", "group", "easy", "terse",
      lambda t: rows(t.groupby("group")["experiment_1"].mean())),
    e("test1", "is there a significant difference between treatment and control in experiment 1?",
      "difference", "hard", "plain",
      lambda t: verdict(ttest(t, "group", "experiment_1") < 0.05)),
    e("test3", "did the treatment change experiment_3 significantly", "difference", "hard", "plain",
      lambda t: verdict(ttest(t, "group", "experiment_3") < 0.05)),
    e("gender", "median experiment 2, women in the treatment group", "filter", "medium", "terse",
      lambda t: number(
        t.loc[(t["gender"] == "female") & (t["group"] == "treatment"), "experiment_2"].median())),
    e("sd", "std of experiment_3 per gender", "group", "medium", "terse",
      lambda t: rows(t.groupby("gender")["experiment_3"].std(),
      labels={"male": "male|men", "female": "female|women"})),
)  # fmt: skip

IRIS: tuple[Question, ...] = (
    i("mean", "average petal length per species", "group", "easy", "plain",
      lambda t: rows(t.groupby("species")["petal_length"].mean())),
    i("widest", "Which species has the widest sepals on average?", "top", "easy", "plain",
      lambda t: name(t.groupby("species")["sepal_width"].mean().idxmax())),
    i("corr", "petal length and petal width: how correlated?", "correlation", "easy", "chatty",
      lambda t: corr(t, "petal_length", "petal_width")),
    i("setosa", "setosa with sepal length over 5", "filter", "medium", "terse",
      lambda t: number(((t["species"] == "setosa") & (t["sepal_length"] > 5)).sum())),
    i("dups", "duplicates?", "quality", "easy", "terse",
      lambda t: number(t.duplicated().sum()) | number(t.duplicated(keep=False).sum())),
    i("scatter", "scatter of petal length and petal width coloured by species", "chart", "medium", "plain",
      lambda t: chart("scatter", labels=["setosa", "versicolor", "virginica"])),
    i("anova", "do the species differ in sepal length", "difference", "medium", "plain",
      lambda t: verdict(True)),
)  # fmt: skip

WINE: tuple[Question, ...] = (
    w("alcohol", "mean alcohol of each cultivar", "group", "easy", "plain",
      lambda t: rows(t.groupby("cultivar")["alcohol"].mean())),
    w("corr-proline", "what correlates most with proline?", "correlation", "hard", "chatty",
      lambda t: says(r"alcohol|cultivar")),
    w("over-14", "how many wines have more than 14 % alcohol", "filter", "easy", "plain",
      lambda t: number((t["alcohol"] > 14).sum())),
    w("quart", "interquartile range of malic acid", "quantile", "hard", "plain",
      lambda t: number(t["malic_acid"].quantile(0.75) - t["malic_acid"].quantile(0.25))),
    w("price", "most expensive wine", "impossible", "easy", "terse",
      lambda t: refusal(r"price|column|cost|expens")),
    w("hue-rank", "cultivars ordered by median hue, lowest first", "group", "medium", "plain",
      lambda t: rows(t.groupby("cultivar")["hue"].median().sort_values(), ordered=True)),
)  # fmt: skip

QUESTIONS = TIPS + GAPMINDER + STOCKS + EXPERIMENT + IRIS + WINE
