"""Questions about labelled customers of a car maker: segments A to D, profession, age, spending score."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tests.questions.gold import (
    ambiguous,
    chart,
    leader,
    listed,
    mentions,
    name,
    number,
    percent,
    refusal,
    rows,
    shows,
    verdict,
)
from tests.questions.model import Asker, Expect, Question

q = Asker("people")


EACH = mentions(r"distinct|duplicat|repeat|unique|one row|each (customer|person|ID)|customers|people")


def each_way(t: pd.DataFrame, gold: Callable[[pd.DataFrame], Expect]) -> Expect:
    """On all rows, and on one row for each person where the answer says so."""
    first, last = (gold(t.drop_duplicates("ID", keep=k)) & EACH for k in ("first", "last"))
    return gold(t) | first | last


def age_by(t: pd.DataFrame, column: str) -> pd.Series:
    return t.groupby(column)["Age"].mean()


QUESTIONS: tuple[Question, ...] = (
    q("labels", "how many customers in each segment A to D", "group", "easy", "plain",
      lambda t: rows(t["Segmentation"].value_counts())),
    q("unlabelled", "customers without a segment label", "quality", "medium", "plain",
      lambda t: number(t["Segmentation"].isna().sum())
      | number(t["Segmentation"].isna().groupby(t["ID"]).all().sum()) & EACH),
    q("age-seg", "avg age per Segmentation", "group", "easy", "terse",
      lambda t: each_way(t, lambda u: rows(age_by(u, "Segmentation")))),
    q("oldest-prof", "which profession is the oldest on average", "top", "medium", "chatty",
      lambda t: name(age_by(t, "Profession").idxmax()) & number(age_by(t, "Profession").max())),
    q("artists", "share of artists", "share", "medium", "terse",
      lambda t: each_way(t, lambda u: percent((u["Profession"] == "Artist").mean())
      | percent((u["Profession"] == "Artist").sum() / u["Profession"].notna().sum()))),
    q("doctors-high", "How many doctors have a high spending score?", "filter", "medium", "plain",
      lambda t: each_way(t, lambda u: number(
          ((u["Profession"] == "Doctor") & (u["Spending_Score"] == "High")).sum()))),
    q("married-grad", "married graduates over 50, count", "filter", "hard", "terse",
      lambda t: each_way(t, lambda u: number(
          ((u["Ever_Married"] == "Yes") & (u["Graduated"] == "Yes") & (u["Age"] > 50)).sum()))),
    q("unmarried-women", "number of unmarried women", "filter", "medium", "plain",
      lambda t: each_way(t, lambda u: number(
          ((u["Ever_Married"] == "No") & (u["Gender"] == "Female")).sum()))),
    q("family", "average family size by spending score", "group", "medium", "plain",
      lambda t: rows(t.groupby("Spending_Score")["Family_Size"].mean())),
    q("missing-most", "which column has the most gaps?", "quality", "medium", "chatty",
      lambda t: name("Segmentation") & number(t["Segmentation"].isna().sum())),
    q("missing-workexp", "percent missing in work experience", "quality", "medium", "terse",
      lambda t: percent(t["Work_Experience"].isna().mean())),
    q("dup-ids", "how many IDs appear more than once", "quality", "hard", "plain",
      lambda t: number((t["ID"].value_counts() > 1).sum())),
    q("rows-vs-ids", "number of rows and number of distinct IDs", "aggregation", "medium", "plain",
      lambda t: shows(len(t), t["ID"].nunique())),
    q("cross", "spending score by gender in percent of each gender", "share", "hard", "business",
      lambda t: rows(
        [((g, s), v) for g, part in t.groupby("Gender") for s,
        v in part["Spending_Score"].value_counts(normalize=True).items()],
        as_percent=True)),
    q("age-quart", "age quartiles", "quantile", "easy", "terse",
      lambda t: shows(*t["Age"].quantile([0.25, 0.5, 0.75]))),
    q("age-hist", "histogram of age", "chart", "easy", "terse", lambda t: chart("histogram|bar")),
    q("prof-bar", "bar chart customers by proffesion", "chart", "easy", "misspelt",
      lambda t: chart("bar", t["Profession"].value_counts().head(5))),
    q("heat", "heatmap of profession against spending score", "chart", "hard", "plain",
      lambda t: chart("heatmap")),
    q("top-prof-per-seg", "for every segment the most common profession", "rank", "hard", "business",
      lambda t: rows(
        [(s, part["Profession"].value_counts().index[0]) for s, part in t.groupby("Segmentation")])),
    q("age-married", "Are married people older? mean ages", "difference", "medium", "chatty",
      lambda t: verdict(True) & shows(*t.groupby("Ever_Married")["Age"].mean())),
    q("spend-married", "is spending score associated with marital status", "difference", "hard", "plain",
      lambda t: verdict(True)),
    q("var1", "what does Var_1 mean", "meta", "hard", "plain",
      lambda t: mentions(

          r"anonym|unknown|not (say|know|described|documented)|cannot|"
          r"no description|categor|no meaning|does not")),
    q("corr", "correlation age and work experience", "correlation", "easy", "terse",
      lambda t: each_way(t, lambda u: number(u["Age"].corr(u["Work_Experience"]))
      | number(u["Age"].corr(u["Work_Experience"], method="spearman")))),
    q("over-80", "anyone above 80? how many", "filter", "easy", "chatty",
      lambda t: number((t["Age"] > 80).sum())),
    q("big-families", "percentage of customers with a family of five or more", "share", "hard", "plain",
      lambda t: percent((t["Family_Size"] >= 5).mean())
      | percent((t["Family_Size"] >= 5).sum() / t["Family_Size"].notna().sum())),
    q("income", "average income by segment", "impossible", "easy", "plain",
      lambda t: refusal(r"income|column|data")),
    q("time", "how did segment B grow over the years", "impossible", "medium", "business",
      lambda t: refusal(r"date|time|year")),
    q("important", "which profession matters most to us?", "ambiguous", "hard", "business",
      lambda t: ambiguous(name("Artist"), name("Executive"), name("Lawyer"))),
    q("professions-above-900", "professions with over 900 people", "filter", "medium", "terse",
      lambda t: listed(t["Profession"].value_counts()[lambda s: s > 900].index, only=True)),
    q.dialogue("d", "medium", "chatty",
      ("how many women do we have", lambda t: number((t["Gender"] == "Female").sum())),
      ("what's their average age", lambda t: number(t.loc[t["Gender"] == "Female", "Age"].mean())),
      ("and men?", lambda t: number(t.loc[t["Gender"] == "Male", "Age"].mean())),
      ("by profession", lambda t: rows(t[t["Gender"] == "Male"].groupby("Profession")["Age"].mean())),
      ("just the three oldest ones", lambda t: rows(
          t[t["Gender"] == "Male"].groupby("Profession")["Age"].mean().nlargest(3), only=True))),
    q.dialogue("d-seg", "hard", "business",
      ("share of high spending score by segment", lambda t: rows(
          (t["Spending_Score"] == "High").groupby(t["Segmentation"]).mean(), as_percent=True)),
      ("which one is highest",
        lambda t: name((t["Spending_Score"] == "High").groupby(t["Segmentation"]).mean().idxmax())),
      ("and low spending score instead of high?", lambda t: rows(
          (t["Spending_Score"] == "Low").groupby(t["Segmentation"]).mean(), as_percent=True)
          | leader((t["Spending_Score"] == "Low").groupby(t["Segmentation"]).mean(), share=True))),
)  # fmt: skip
