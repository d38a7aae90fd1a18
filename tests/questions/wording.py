"""Misspelt, terse, many-worded and two-way questions, and some hard joins and ranks, over all the tables."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import iqr_outliers
from tests.questions.gold import (
    ambiguous,
    chart,
    listed,
    mentions,
    name,
    number,
    percent,
    refusal,
    rows,
    says,
    shows,
)
from tests.questions.model import Asker, Expect, Question

bank, cards, telco, airline, books = (Asker(n) for n in ("bank", "cards", "telco", "airline", "books"))
grocery, people, retail, cdnow, shop = (Asker(n) for n in ("grocery", "people", "retail", "cdnow", "shop"))
hotel, loans, tips, gapminder = (Asker(n) for n in ("hotel", "loans", "tips", "gapminder"))
ASKED = Expect(statuses=frozenset({"clarify"}))

MISSPELT: tuple[Question, ...] = (
    bank("w-ballance", "wats the avrage acount ballance?", "aggregation", "easy", "misspelt",
         lambda t: number(t["Balance"].mean())
         | number(t.drop_duplicates("CustomerID", keep="last")["Balance"].mean())
         & mentions("customer")),
    bank("w-hydrabad", "no of trasactions in hydrabad", "filter", "medium", "misspelt",
         lambda t: number((t["city"] == "HYDERABAD").sum())),
    cards("w-purchase", "meadian of instalment purchses", "aggregation", "easy", "misspelt",
          lambda t: number(t["INSTALLMENTS_PURCHASES"].median())),
    telco("w-curn", "curn rate for eletronic chek payers", "share", "hard", "misspelt",
          lambda t: percent((t.loc[t["PaymentMethod"] == "Electronic check", "Churn"] == "Yes").mean())),
    telco("w-straming", "how many costumers have straming tv", "filter", "easy", "misspelt",
          lambda t: number((t["StreamingTV"] == "Yes").sum())),
    people("w-helthcare", "avg age in helthcare", "filter", "easy", "misspelt",
           lambda t: number(t.loc[t["Profession"] == "Healthcare", "Age"].mean())),
    hotel("w-cancelation", "cancelation rate for coporate", "share", "medium", "misspelt",
          lambda t: percent(t.loc[t["market_segment"] == "Corporate", "is_canceled"].mean())),
    loans("w-intrest", "averge intrest rate on car lones", "filter", "medium", "misspelt",
          lambda t: number(t.loc[t["LoanType"] == "Car", "IntRatePct"].mean())),
    gapminder("w-expectancy", "life expectency in Brasil 2007", "filter", "medium", "misspelt",
              lambda t: number(t.loc[(t["country"] == "Brazil") & (t["year"] == 2007), "lifeExp"].iloc[0])),
    shop("w-retuned", "how mutch of the dreses got retuned in percent", "share", "hard", "misspelt",
         lambda o, c: percent((o.loc[o["category"] == "Dresses", "returned"] == "Y").mean())
         | percent((o.drop_duplicates().query("category == 'Dresses'")["returned"] == "Y").mean())),
    cdnow("w-feb", "totl sales febuary 1997", "filter", "easy", "misspelt",
          lambda t: number(t.loc[t["date"].between("1997-02-01", "1997-02-28"), "dollar_value"].sum())),
    retail("w-custmers", "custmers with exactly 1 order", "filter", "medium", "misspelt",
           lambda t: number((t["customer_id"].value_counts() == 1).sum())),
    airline("w-bonus", "tottal bonus mils of members wiht award", "filter", "medium", "misspelt",
            lambda t: number(t.loc[t["Award?"] == 1, "Bonus_miles"].sum())),
    tips("w-smokers", "avrg tip smokers sunday", "filter", "medium", "misspelt",
         lambda t: number(t.loc[(t["smoker"] == "Yes") & (t["day"] == "Sun"), "tip"].mean())),
)  # fmt: skip

WORDY: tuple[Question, ...] = (
    bank("w-long",
      "Hi there, quick one for my Monday deck: could you tell me what the total transaction amount was "
         "for male customers in Bangalore, thanks a lot!", "filter", "medium", "chatty",
         lambda t: number(t.loc[(t["CustGender"] == "M") & (t["city"] == "BANGALORE"), "Amount"].sum())),
    bank("w-lakhs", "how many transactions lie between 10k and 0.5 lakh", "filter", "hard", "business",
         lambda t: number(t["Amount"].between(10_000, 50_000).sum())
         | number(t["Amount"].between(10_000, 50_000, inclusive="neither").sum())),
    bank("w-two", "How many customers do we have, and what is the average transaction amount?", "aggregation",
      "medium",
         "plain", lambda t: shows(t["CustomerID"].nunique(), t["Amount"].mean())),
    bank("w-night", "transactions before 6 in the morning", "calendar", "medium", "plain",
         lambda t: number((t["hour"] < 6).sum())),
    bank("w-heat", "heatmap of transactions by weekday and hour", "chart", "hard", "business",
         lambda t: chart("heatmap")),
    bank("w-topsum", "what do the ten biggest transactions add up to", "top", "hard", "chatty",
         lambda t: number(t["Amount"].nlargest(10).sum())),
    telco("w-long",
      "I'm preparing a retention campaign and need the number of month-to-month customers with fiber who "
          "have been with us for less than 6 months and are still here", "filter", "hard", "business",
          lambda t: number(((t["Contract"] == "Month-to-month") & (t["InternetService"] == "Fiber optic")
                            & (t["tenure"] < 6) & (t["Churn"] == "No")).sum())),
    telco("w-or", "customers who have either online security or online backup but not both", "filter", "hard",
      "plain",
          lambda t: number(((t["OnlineSecurity"] == "Yes") ^ (t["OnlineBackup"] == "Yes")).sum())),
    telco("w-compare", "How do churners differ from the others?", "profile", "hard", "business",
          lambda t: mentions(r"contract|month-to-month", r"tenure|charges")),
    cards("w-topshare",
      "what do customers with a credit limit of 10,000 or more contribute to total purchases, in %",
          "share", "hard", "business",
          lambda t: percent(t.loc[t["CREDIT_LIMIT"] >= 10_000, "PURCHASES"].sum() / t["PURCHASES"].sum())),
    cards("w-outlier-list",
      "how many customers are outliers in credit limit by the 1.5 IQR rule and what is the cut-off?",
          "outliers", "hard", "plain", lambda t: shows(iqr_outliers(t["CREDIT_LIMIT"]), 13850)),
    people("w-never-married", "Which profession has the highest share of married people?", "top", "hard",
      "plain",
           lambda t: name(share_married(t)[0]) & percent(share_married(t)[1])
           | name(share_married(t)[0]) & percent(share_married(t)[2])),
    hotel("w-quarter", "revenue per quarter, that is adr times nights of bookings that were not cancelled",
      "trend", "hard",
          "business", lambda t: rows(
              (t["adr"] * t["nights"])[t["is_canceled"] == 0].groupby(
                t["arrival_date"].dt.to_period("Q")).sum())),
    retail("w-rank", "rank the years by average order value", "rank", "medium", "plain", lambda t: rows(
        t.groupby(t["order_date"].dt.year)["revenue"].mean().sort_values(ascending=False), ordered=True)),
    gapminder("w-rank", "where does Germany rank by GDP per capita in 2007?", "rank", "hard", "plain",
      lambda t: number(
        t[t["year"] == 2007].set_index("country")["gdpPercap"].rank(ascending=False)["Germany"])),
    loans("w-rank", "branch ranking by number of defaults", "rank", "medium", "terse", lambda t: rows(
        t[t["Defaulted"] == "Yes"]["Branch"].value_counts(), ordered=True)),
    shop("w-join-tenure", "orders placed within 30 days of signing up: how many?", "join", "hard", "business",
         lambda o, c: after_signup(o, c, 0) | after_signup(o, c, -10_000)
         | after_signup(o.drop_duplicates(), c, 0) & mentions("duplicat")),
    shop("w-join-median", "median age of the customers who buy bags", "join", "hard", "plain",
      lambda o, c: number(
        c.loc[c["customer_id"].isin(o.loc[o["category"] == "Bags", "customer_id"]), "age"].median())
        | number(o[o["category"] == "Bags"].merge(c)["age"].median()) & mentions("order|purchase|row")),
)  # fmt: skip

TWO_WAYS: tuple[Question, ...] = (
    bank("w-active", "which city is the most active", "ambiguous", "medium", "business",
         lambda t: ASKED | name("MUMBAI")),
    bank("w-average-spend", "average spend of a customer", "ambiguous", "medium", "business", lambda t: ASKED
         | number(t["Amount"].sum() / t["CustomerID"].nunique()) | number(t["Amount"].mean())
         & mentions("transaction")),
    cards("w-risky", "find the risky ones", "ambiguous", "hard", "business", lambda t: ASKED
          | Expect(offers_other=True) & mentions(r"balance|limit|cash|minimum")),
    telco("w-big", "big customers?", "ambiguous", "hard", "terse", lambda t: ambiguous(
        shows(t["TotalCharges"].max()), shows(t["MonthlyCharges"].max()))),
    books("w-best-month", "what did they buy most", "ambiguous", "hard", "chatty", lambda t: ambiguous(
        name("CookBks|cook|cook books"))),
    grocery("w-popular", "most popular time to shop", "ambiguous", "medium", "plain", lambda t: ASKED
            | number(10) | name("Sunday|0|day 0") & mentions("day|dow")
            | name("Monday|1|day 1") & mentions("day|dow") & mentions("orders")),
    hotel("w-price", "how expensive are we?", "ambiguous", "hard", "chatty", lambda t: ASKED
          | shows(t["adr"].mean()) | shows(t["adr"].median())),
    loans("w-income", "who earns a lot", "ambiguous", "hard", "chatty", lambda t: ambiguous(
        shows(t["AnnualIncome"].max()), shows(t["AnnualIncome"].quantile(0.9)),
        shows(t["AnnualIncome"].quantile(0.75)))),
    retail("w-recent", "recent customers", "ambiguous", "hard", "terse", lambda t: ASKED
           | mentions(r"last \d+|since|days|most recent|2006-12")),
    people("w-older", "are older people better customers?", "ambiguous", "hard", "business", lambda t: ASKED
           | mentions(r"spending")),
    cards("w-false-columns", "average of the income column", "impossible", "easy", "plain",
      lambda t: refusal(r"income|column")),
    shop("w-unknown-city", "revenue in Stuttgart", "impossible", "medium", "plain",
         lambda o, c: refusal(r"Stuttgart|not (found|in)|no ")),
    telco("w-premise", "Why is the churn rate above 50 percent?", "impossible", "hard", "business",
          lambda t: refusal(r"26[.,]5|27")),
    hotel("w-typo-premise", "list the 5 hotels with the highest adr", "impossible", "hard", "plain",
          lambda t: says(r"\b(two|2|only)\b")
          | listed(["City Hotel", "Resort Hotel"], ordered=True, only=True)),
)  # fmt: skip

QUESTIONS = MISSPELT + WORDY + TWO_WAYS


def share_married(t: pd.DataFrame) -> tuple[str, float, float]:
    """The profession, and its share among all and among those whose status is known."""
    married = t["Ever_Married"].eq("Yes").groupby(t["Profession"]).mean()
    known = t[t["Ever_Married"].notna()]
    of_known = known["Ever_Married"].eq("Yes").groupby(known["Profession"]).mean()
    return str(married.idxmax()), float(married.max()), float(of_known.max())


def after_signup(orders: pd.DataFrame, customers: pd.DataFrame, first: int) -> Expect:
    """Orders of the 30 days after signing up; orders before it count from `first` days on."""
    whole = orders.merge(customers, on="customer_id")
    days = (whole["ordered_at"].dt.normalize() - whole["signup_date"]).dt.days
    return number(days.between(first, 30).sum()) | number(days.between(first, 29).sum())
