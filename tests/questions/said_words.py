"""Questions with words that change nothing: what is done to every row, what the business is called, slips.

Beside them stand the same shapes with a word that does matter: it must be read, or refused.
"""

from __future__ import annotations

import pandas as pd

from tests.questions.fresh_figures import either
from tests.questions.gold import leader, listed, number, percent, refusal, rows, shows
from tests.questions.model import Asker, Question
from tests.questions.shop import orders_only

loans, retail, gifts, parcels, clinic, gym = (
    Asker(n, "open") for n in ("loans", "retail", "gifts", "parcels", "clinic", "gym")
)
subscribers, policies, calls, wallet, shop, meters = (
    Asker(n, "open") for n in ("subscribers", "policies", "calls", "wallet", "shop", "meters")
)
hotel, bank, cdnow, stocks, wine, telco = (
    Asker(n, "open") for n in ("hotel", "bank", "cdnow", "stocks", "wine", "telco")
)
club, airline, books, people, wholesale, iris, gapminder = (
    Asker(n, "open") for n in ("club", "airline", "books", "people", "wholesale", "iris", "gapminder")
)
Frame = pd.DataFrame


def in_month(days: pd.Series, month: str) -> pd.Series:
    """Which dates lie in a month ("2023-05") or a year ("2023")."""
    return days.dt.strftime("%Y-%m").str.startswith(month)


def may_fees(t: Frame, _: Frame) -> object:
    """The fees of May, by the day of the visit or by that of the booking."""
    return either(*(number(t.loc[t[day].dt.month == 5, "fee_eur"].sum()) for day in ("appt_at", "booked_on")))


DONE: tuple[Question, ...] = (
    loans("said-granted", "loans granted in 2021", "filter", "easy", "business",
          lambda t: number(in_month(t["OpenDt"], "2021").sum())),
    loans("said-signed", "number of loans signed in march 2020", "filter", "easy", "business",
          lambda t: number(in_month(t["OpenDt"], "2020-03").sum())),
    loans("said-approved", "loans approved by the West branch", "filter", "easy", "business",
          lambda t: number((t["Branch"] == "West").sum())),
    retail("said-generated", "turnover generated in december 2005", "filter", "easy", "business",
           lambda t: number(t.loc[in_month(t["order_date"], "2005-12"), "revenue"].sum())),
    retail("said-achieved", "revenue achieved in march 2004", "filter", "easy", "business",
           lambda t: number(t.loc[in_month(t["order_date"], "2004-03"), "revenue"].sum())),
    gifts("said-received", "donations received in may 2023", "filter", "easy", "business",
          lambda t: number(in_month(t["gift_dt"], "2023-05").sum())
          | number(t.loc[in_month(t["gift_dt"], "2023-05"), "amt_usd"].sum())),
    gifts("said-collected", "average donation collected over the phone", "filter", "easy", "business",
          lambda t: number(t.loc[t["chnl"] == "Phone", "amt_usd"].mean())),
    parcels("said-dispatched", "percent of parcels dispatched from Leeds", "share", "easy", "business",
            lambda t: percent((t["depot"] == "Leeds").mean())),
    parcels("said-handled", "number of parcels handled by the Glasgow depot", "filter", "easy", "business",
            lambda t: number((t["depot"] == "Glasgow").sum())),
    parcels("said-sent-out", "average weight of the parcels sent out from Cardiff", "filter", "easy", "plain",
            lambda t: number(t.loc[t["depot"] == "Cardiff", "wt_kg"].mean())),
    clinic("said-invoiced", "fees invoiced in may", "filter", "easy", "business", may_fees),
    gym("said-logged", "number of check-ins logged at the Airport club", "filter", "medium", "plain",
        lambda m, p, v: number((v["club"] == "Airport").sum())),
    subscribers("said-signed-on", "subscribers signed on in 2023", "filter", "easy", "business",
                lambda t: number(in_month(t["joined"], "2023").sum())),
    policies("said-taken-out", "policies taken out in 2023", "filter", "easy", "plain",
             lambda t: number(in_month(t["start_date"], "2023").sum())),
    policies("said-written", "policies written in Scotland", "filter", "easy", "business",
             lambda t: number((t["region"] == "Scotland").sum())),
    policies("said-concluded", "how many policies were concluded in march 2024", "filter", "easy", "business",
             lambda t: number(in_month(t["start_date"], "2024-03").sum())),
    calls("said-came-in", "how many calls came in on 12 march 2024", "filter", "easy", "plain",
          lambda t: number((t["started_at"].dt.strftime("%Y-%m-%d") == "2024-03-12").sum())),
    calls("said-fielded", "calls fielded by Asha", "filter", "easy", "business",
          lambda t: number((t["agent"] == "Asha").sum())),
    calls("said-picked-up", "how many calls were picked up by Gopal in april", "filter", "medium", "plain",
          lambda t: number(((t["agent"] == "Gopal") & (t["started_at"].dt.month == 4)).sum())),
    wallet("said-processed", "payments processed in february 2025", "filter", "easy", "business",
           lambda t: number(in_month(t["paid_at"], "2025-02").sum())),
    wallet("said-initiated", "how many payments were initiated in Pune", "filter", "easy", "business",
           lambda t: number((t["home_city"] == "Pune").sum())),
    shop("said-dispatched", "orders fulfilled in january 2024", "filter", "easy", "business",
         orders_only(lambda t: number(in_month(t["ordered_at"], "2024-01").sum()))),
    meters("said-consumed", "total kwh consumed in january 2024", "filter", "easy", "plain",
           lambda t: number(t.loc[in_month(t["read_mth"], "2024-01"), "kwh"].sum())),
    meters("said-issued", "average bill issued to oil homes", "filter", "easy", "plain",
           lambda t: number(t.loc[t["heating_typ"] == "Oil", "bill_chf"].mean())),
    hotel("said-recorded", "bookings recorded for the Resort Hotel in july 2024", "filter", "medium", "plain",
          lambda t: number((in_month(t["arrival_date"], "2024-07") & (t["hotel"] == "Resort Hotel")).sum())),
    bank("said-carried-out", "transactions carried out in Mumbai", "filter", "easy", "business",
         lambda t: number((t["city"].str.upper() == "MUMBAI").sum())),
    bank("said-executed", "number of transactions executed in september 2016", "filter", "easy", "business",
         lambda t: number(in_month(t["date"], "2016-09").sum())),
    # What happened to some rows only must be read, or refused.
    calls("said-dropped-may", "calls dropped in may", "filter", "easy", "terse",
          lambda t: number(((t["outcome"] == "Dropped") & (t["started_at"].dt.month == 5)).sum())),
    parcels("said-damaged-leeds", "parcels damaged at Leeds", "filter", "easy", "terse",
            lambda t: number(((t["damaged"] == 1) & (t["depot"] == "Leeds")).sum())),
    loans("said-defaulted-2021", "loans defaulted in the South branch", "filter", "easy", "terse",
          lambda t: number(((t["Defaulted"] == "Yes") & (t["Branch"] == "South")).sum())),
    parcels("said-delivered-april", "parcels delivered in april", "filter", "easy", "terse",
            lambda t: number((t["delivered_at"].dt.month == 4).sum())),
    loans("said-repaid", "loans repaid in 2021", "impossible", "medium", "terse", lambda t: refusal()),
    parcels("said-insured", "number of parcels insured at Leeds", "impossible", "medium", "terse",
            lambda t: refusal()),
    calls("said-missed", "calls missed in may", "impossible", "medium", "terse", lambda t: refusal()),
    wallet("said-refunded", "payments refunded in Pune", "impossible", "medium", "terse",
           lambda t: refusal()),
    policies("said-disputed", "policies disputed in Wales", "impossible", "medium", "terse",
             lambda t: refusal()),
    hotel("said-upgraded", "how many bookings were upgraded in july 2024", "impossible", "medium", "plain",
          lambda t: refusal()),
)  # fmt: skip


FRAMED: tuple[Question, ...] = (
    gym("said-chain", "how many members does the chain have", "aggregation", "easy", "plain",
        lambda m, p, v: number(len(m))),
    subscribers("said-service", "how many subscribers does the service have", "aggregation", "easy", "plain",
                lambda t: number(len(t)) | number(t["cancelled_on"].isna().sum())),
    airline("said-scheme", "how many people take part in the scheme", "aggregation", "easy", "plain",
            lambda t: number(len(t))),
    hotel("said-house", "how many bookings does the company have", "aggregation", "easy", "plain",
          lambda t: number(len(t))),
    club("said-programme", "how many members are there in the programme", "aggregation", "easy", "plain",
         lambda t: number(len(t))),
    bank("said-institution", "how many customers does the institution have", "aggregation", "easy", "plain",
         lambda t: number(t["CustomerID"].nunique())),
    stocks("said-quote", "mean AAPL quote in 2018", "aggregation", "easy", "terse",
           lambda t: number(t.loc[t["date"].dt.year == 2018, "AAPL"].mean())),
    stocks("said-share-price", "average FB share price in 2019", "aggregation", "easy", "plain",
           lambda t: number(t.loc[t["date"].dt.year == 2019, "FB"].mean())),
    wine("said-content", "average alcohol content by cultivar", "group", "easy", "plain",
         lambda t: rows(t.groupby("cultivar")["alcohol"].mean())),
    wine("said-level", "mean magnesium level by cultivar", "group", "easy", "plain",
         lambda t: rows(t.groupby("cultivar")["magnesium"].mean())),
    wine("said-concentration", "highest proline concentration", "aggregation", "easy", "plain",
         lambda t: number(t["proline"].max())),
    iris("said-measurement", "average petal length measurement of the virginica flowers", "filter", "easy",
         "plain",
         lambda t: number(t.loc[t["species"] == "virginica", "petal_length"].mean())),
    loans("said-value", "average credit score value by branch", "group", "easy", "plain",
          lambda t: rows(t.groupby("Branch")["CreditScore"].mean())),
    telco("said-product", "how many clients are on the fiber product", "filter", "easy", "business",
          lambda t: number((t["InternetService"] == "Fiber optic").sum())),
    telco("said-agreement", "churn rate of people on the two year agreement", "share", "medium", "business",
          lambda t: percent((t.loc[t["Contract"] == "Two year", "Churn"] == "Yes").mean())),
    books("said-florence", "buyers of the Florence book", "filter", "medium", "plain",
          lambda t: number((t["Florence"] == 1).sum())),
    clinic("said-unit", "number of appointments in the cardiology unit", "filter", "easy", "plain",
           lambda a, p: number((a["dept"] == "Cardiology").sum())),
    gifts("said-drive", "total raised by the Christmas drive", "filter", "medium", "business",
          lambda t: number(t.loc[t["appeal"] == "Christmas", "amt_usd"].sum())),
    policies("said-line", "average premium in the Motor line", "filter", "easy", "business",
             lambda t: number(t.loc[t["product"] == "Motor", "annual_premium_gbp"].mean())),
    wallet("said-possible", "possible values of merchant_type", "meta", "easy", "plain",
           lambda t: listed(t["merchant_type"].unique())),
    calls("said-take", "what values can outcome take", "meta", "easy", "plain",
          lambda t: listed(t["outcome"].unique())),
    shop("said-channels", "which channels exist", "meta", "easy", "plain",
         orders_only(lambda t: listed(t["channel"].unique()))),
    club("said-side", "mean and median spend side by side", "aggregation", "easy", "plain",
         lambda t: shows(t["SpendINR"].mean(), t["SpendINR"].median())),
    wine("said-next-to", "average ash and average hue next to one another", "aggregation", "easy", "plain",
         lambda t: shows(t["ash"].mean(), t["hue"].mean())),
    gapminder("said-world", "life expectancy in the world as a whole in 2007, on average", "filter",
              "medium", "plain",
              lambda t: number(t.loc[t["year"] == 2007, "lifeExp"].mean())),
    # Here the noun at the end is what is asked.
    wine("said-alcohol-price", "average alcohol price by cultivar", "impossible", "medium", "plain",
         lambda t: refusal()),
    gym("said-income", "average members' income", "impossible", "medium", "plain", lambda m, p, v: refusal()),
    stocks("said-volume", "AAPL volume in 2018", "impossible", "medium", "terse", lambda t: refusal()),
    gym("said-employees", "how many employees does the chain have", "impossible", "medium", "plain",
        lambda m, p, v: refusal()),
    hotel("said-rooms", "how many swimming pools does the company have", "impossible", "medium", "plain",
          lambda t: refusal()),
    iris("said-colour", "average petal colour by species", "impossible", "medium", "plain",
         lambda t: refusal()),
    telco("said-fiber-speed", "average fiber speed by contract", "impossible", "medium", "plain",
          lambda t: refusal()),
)  # fmt: skip


def cancel_rate(t: Frame) -> pd.Series:
    return t.groupby("hotel")["is_canceled"].mean()


SLIPS: tuple[Question, ...] = (
    wallet("said-totl", "totl amnt in Pune", "filter", "easy", "misspelt",
           lambda t: number(t.loc[t["home_city"] == "Pune", "amount_inr"].sum())),
    wallet("said-diff", "diff in avg amount btwn ios and android", "difference", "medium", "misspelt",
           lambda t: shows(*t.groupby("device")["amount_inr"].mean())),
    meters("said-avrg", "avrg bill of gas homes", "filter", "easy", "misspelt",
           lambda t: number(t.loc[t["heating_typ"] == "Gas", "bill_chf"].mean())),
    parcels("said-wieght", "avg wieght per depo", "group", "easy", "misspelt",
            lambda t: rows(t.groupby("depot")["wt_kg"].mean())),
    people("said-dont", "how many ppl dont have a profession", "quality", "easy", "misspelt",
           lambda t: number(t["Profession"].isna().sum())
           | number(t.loc[t["Profession"].isna(), "ID"].nunique())),
    subscribers("said-hv", "hw many subs hv cancelled", "filter", "easy", "misspelt",
                lambda t: number(t["cancelled_on"].notna().sum())),
    clinic("said-apts", "apts w/o a rating", "quality", "medium", "misspelt",
           lambda a, p: number(a["rating"].isna().sum())),
    gifts("said-pr", "donatons in 2023 pr state", "group", "easy", "misspelt",
          lambda t: rows(t[in_month(t["gift_dt"], "2023")].groupby("st").size())
          | rows(t[in_month(t["gift_dt"], "2023")].groupby("st")["amt_usd"].sum())),
    calls("said-diff", "diff in talk time between Sales and Billing", "difference", "medium", "misspelt",
          lambda t: shows(*(t.loc[t["queue"] == q, "talk_sec"].mean() for q in ("Sales", "Billing")))),
    wholesale("said-sued", "Umsatz in Sued", "filter", "easy", "terse",
              lambda t: number(t.loc[t["Region"] == "Süd", "Umsatz"].sum())
              | number(t.loc[t["Region"] == "Süd", "Umsatz"].mean())),
    wholesale("said-duebel", "Menge of Duebel", "filter", "easy", "terse",
              lambda t: number(t.loc[t["Produkt"] == "Dübel", "Menge"].sum())
              | number(t.loc[t["Produkt"] == "Dübel", "Menge"].mean())),
    loans("said-brnch", "avg intrest rate by brnch", "group", "easy", "misspelt",
          lambda t: rows(t.groupby("Branch")["IntRatePct"].mean())),
    hotel("said-bookngs", "nr of bookngs from GBR", "filter", "easy", "misspelt",
          lambda t: number((t["country"] == "GBR").sum())),
    hotel("said-hotl", "cancelation rate per hotl", "share", "easy", "misspelt",
          lambda t: rows(cancel_rate(t), as_percent=True)),
    shop("said-cattegory", "totl revnue per cattegory", "group", "easy", "misspelt",
         orders_only(lambda t: rows(t.groupby("category")["net_amount"].sum()))),
    bank("said-balnce", "avrage balnce of femals", "filter", "easy", "misspelt",
         lambda t: number(t.loc[t["CustGender"] == "F", "Balance"].mean())),
    telco("said-contrct", "churn rte by contrct", "share", "easy", "misspelt",
          lambda t: rows((t["Churn"] == "Yes").groupby(t["Contract"]).mean(), as_percent=True)),
    policies("said-numbr", "numbr of policys pr region", "group", "easy", "misspelt",
             lambda t: rows(t["region"].value_counts())),
    calls("said-agnt", "nmbr of dropped cals by agnt", "group", "medium", "misspelt",
          lambda t: rows(t.loc[t["outcome"] == "Dropped", "agent"].value_counts())),
    club("said-pts", "avg pts balance by tier", "group", "easy", "misspelt",
         lambda t: rows(t.groupby("Tier")["PointsBal"].mean())),
    club("said-hvnt", "hw many membrs havent opted in to emails", "filter", "medium", "misspelt",
         lambda t: number((t["EmailOptIn"] == "N").sum())),
    cdnow("said-revnue", "revnue in 1997 pr month", "trend", "easy", "misspelt",
          lambda t: rows(t.loc[in_month(t["date"], "1997")]
                         .groupby(t["date"].dt.to_period("M"))["dollar_value"].sum())),
    gym("said-actvity", "avg mins styed by actvity", "group", "medium", "misspelt",
        lambda m, p, v: rows(v.groupby("activity")["mins_stayed"].mean())),
    wine("said-alchohol", "avg alchohol pr cultivar", "group", "easy", "misspelt",
         lambda t: rows(t.groupby("cultivar")["alcohol"].mean())),
    meters("said-hiest", "wich tarif has the hiest avg bill", "top", "medium", "misspelt",
           lambda t: leader(t.groupby("tariff")["bill_chf"].mean())),
    people("said-grads", "hw many women r graduated", "filter", "medium", "misspelt",
           lambda t: number(((t["Gender"] == "Female") & (t["Graduated"] == "Yes")).sum())
           | number(t.loc[(t["Gender"] == "Female") & (t["Graduated"] == "Yes"), "ID"].nunique())),
    wholesale("said-nowhere", "Umsatz in Zentrum", "impossible", "medium", "terse", lambda t: refusal()),
    wallet("said-nowhere", "total amount in Surat", "impossible", "medium", "terse", lambda t: refusal()),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*DONE, *FRAMED, *SLIPS)
