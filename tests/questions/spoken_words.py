"""Single figures in the words of a trade and of every day: shop floor, call centre, clinic, depot."""

from __future__ import annotations

import pandas as pd

from tests.questions.bank import in_city
from tests.questions.field_money import apart, lower, typical
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, number, percent, refusal, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.paths_families import any_of, both_ways
from tests.questions.spoken_groups import oftener

shop, clinic, gym, policies = (Asker(n, "open") for n in ("shop", "clinic", "gym", "policies"))
wallet, gifts, parcels, calls = (Asker(n, "open") for n in ("wallet", "gifts", "parcels", "calls"))
hotel, loans, tips, club = (Asker(n, "open") for n in ("hotel", "loans", "tips", "club"))
telco, bank, people, subs = (Asker(n, "open") for n in ("telco", "bank", "people", "subscribers"))
meters, cdnow, retail = (Asker(n, "open") for n in ("meters", "cdnow", "retail"))
Frame = pd.DataFrame


def amounts(orders: Frame, part: str = "returned == returned") -> list[pd.Series]:
    """Amounts of the order rows of a part, repeated rows in and out."""
    return [t.query(part)["net_amount"] for t in both_ways(orders)]


def noon(t: Frame) -> Expect:
    """Calls before noon and from noon on, the afternoon ending at 5, at 6 or with the day."""
    hour = t["started_at"].dt.hour
    return either(*(shows(int((hour < 12).sum()), int(hour.between(12, end).sum())) for end in (16, 17, 23)))


def xmas(t: Frame) -> Expect:
    """Sums of the Christmas appeal in the last two years of the data, or the change."""
    part = t[t["appeal"] == "Christmas"]
    sums = part.groupby(part["gift_dt"].dt.year)["amt_usd"].sum()
    last = int(t["gift_dt"].dt.year.max())
    return either(shows(sums[last], sums[last - 1]), shares(sums[last] / sums[last - 1] - 1))


SHOP: tuple[Question, ...] = (
    shop("sp-takings", "takings from the app so far?", "aggregation", "easy", "business",
         lambda o, c: any_of(a.sum() for a in amounts(o, "channel == 'app'"))),
    shop("sp-footwear", "how many footwear orders did we ship", "filter", "medium", "business",
         lambda o, c: any_of(len(a) for a in amounts(o, "category == 'Shoes'"))),
    shop("sp-online", "avg basket online (web) vs at the till in the store", "group", "medium", "chatty",
         lambda o, c: either(*(rows(t[t["channel"] != "app"].groupby("channel")["net_amount"].mean())
                               for t in both_ways(o)))),
    shop("sp-rebate", "what share of orders got a rebate of any kind", "share", "medium", "business",
         lambda o, c: either(*(percent((t["discount_pct"] > 0).mean()) for t in both_ways(o)))),
    shop("sp-sentback", "which department gets sent back the most, percentage wise", "top", "hard",
         "business", lambda o, c: either(*(leader((t["returned"] == "Y").groupby(t["category"]).mean(),
                                                  share=True) for t in both_ways(o)))),
    shop("sp-handbags", "avg nr of handbags in one order", "aggregation", "medium", "terse",
         lambda o, c: any_of(t.loc[t["category"] == "Bags", "quantity"].mean() for t in both_ways(o))),
    shop("sp-twenty", "orders between fifty and a hundred euros, how many are there please", "filter",
         "medium", "chatty", lambda o, c: any_of(a.between(50, 100).sum() for a in amounts(o))),
    shop("sp-bigspender", "who are our three biggest spenders?", "top", "easy", "plain",
         lambda o, c: either(*(rows(t.groupby("customer_id")["net_amount"].sum().nlargest(3))
                               for t in both_ways(o)))),
)  # fmt: skip

CLINIC: tuple[Question, ...] = (
    clinic("sp-doctor", "average wait by doctor", "group", "easy", "plain",
           lambda a, p: rows(a.groupby("clinician")["wait_min"].mean())),
    clinic("sp-physician", "which physician has the happiest patients", "top", "medium", "chatty",
           lambda a, p: leader(a.groupby("clinician")["rating"].mean())),
    clinic("sp-skin", "how many appointments does the skin clinic have on the books?", "filter", "hard",
           "business", lambda a, p: number((a["dept"] == "Dermatology").sum())),
    clinic("sp-heart", "no shows at the heart department, in %", "share", "hard", "business",
           lambda a, p: either(
               percent((a.loc[a["dept"] == "Cardiology", "status"] == "No-show").mean()),
               percent((a.loc[(a["dept"] == "Cardiology") & (a["status"] != "Cancelled"), "status"]
                        == "No-show").mean()))),
    clinic("sp-text", "do people who get a text message turn up more often?", "difference", "hard", "plain",
           lambda a, p: oftener(*((a.loc[a["sms_rem"] == s, "status"] == "Attended") for s in ("Y", "N")))),
    clinic("sp-noinsurance", "how many of the patients have no insurance company on file", "quality",
           "medium", "plain", lambda a, p: number(p["insurer"].isna().sum())),
    clinic("sp-quarter", "longest anybody ever sat in the waiting room, in minutes", "aggregation", "medium",
           "chatty", lambda a, p: number(a["wait_min"].max())),
    clinic("sp-over60", "patients aged sixty or over - headcount", "filter", "hard", "terse",
           lambda a, p: any_of(((pd.Timestamp(day) - p["dob"]).dt.days / 365.25 >= 60).sum()
                               for day in (a["appt_at"].max(), a["booked_on"].max(), "2025-12-31",
                                           "2026-01-01"))),
)  # fmt: skip

CALLS: tuple[Question, ...] = (
    calls("sp-rep", "which rep is on the phone longest per call?", "top", "medium", "business",
          lambda t: either(leader(t.groupby("agent")["talk_sec"].mean()),
                           leader(t.groupby("agent")["talk_sec"].max()))),
    calls("sp-holdtime", "typical hold time on the tech line", "quantile", "medium", "business",
          lambda t: typical(t.loc[t["queue"] == "Technical", "wait_sec"])),
    calls("sp-solved", "what % of billing enquiries get solved", "share", "medium", "business",
          lambda t: percent((t.loc[t["queue"] == "Billing", "outcome"] == "Resolved").mean())),
    calls("sp-hungup", "callers who waited over two minutes: how many calls were dropped?", "filter", "hard",
          "plain", lambda t: number(((t["wait_sec"] > 120) & (t["outcome"] == "Dropped")).sum())),
    calls("sp-happy", "how happy are people with Asha on average", "aggregation", "medium", "chatty",
          lambda t: number(t.loc[t["agent"] == "Asha", "csat"].mean())),
    calls("sp-morning", "Honestly, are mornings really that much busier than afternoons?", "calendar", "hard",
          "chatty", noon),
    calls("sp-passed", "share of calls passed up the chain", "share", "hard", "business",
          lambda t: percent((t["outcome"] == "Escalated").mean())),
)  # fmt: skip


HOTEL: tuple[Question, ...] = (
    hotel("sp-rate", "what nightly price do brits pay on average", "aggregation", "hard", "business",
          lambda t: number(t.loc[t["country"] == "GBR", "adr"].mean())),
    hotel("sp-fell", "what percentage of reservations fell through at the city hotel", "share", "medium",
          "business", lambda t: percent(t.loc[t["hotel"] == "City Hotel", "is_canceled"].mean())),
    hotel("sp-firms", "how long do company guests stay typically?", "quantile", "hard", "business",
          lambda t: typical(t.loc[t["market_segment"] == "Corporate", "nights"])),
    hotel("sp-ahead", "how many days beforehand do people book, by segment", "group", "hard", "plain",
          lambda t: either(*(rows(t.groupby("market_segment")["lead_time_days"].agg(h))
                             for h in ("mean", "median")))),
    hotel("sp-couples", "number of couples (2 adults, no kids) staying a week or longer", "filter", "hard",
          "plain", lambda t: number(((t["adults"] == 2) & (t["children"] == 0) & (t["nights"] >= 7)).sum())),
    hotel("sp-spaniards", "how many spaniards stayed with us in 2024?", "filter", "hard", "chatty",
          lambda t: any_of(k.sum() for k in ((t["country"] == "ESP") & (t["arrival_date"].dt.year == 2024),
                                             (t["country"] == "ESP") & (t["arrival_date"].dt.year == 2024)
                                             & (t["is_canceled"] == 0)))
          | either(number(t.loc[(t["country"] == "ESP") & (t["arrival_date"].dt.year == 2024),
                                "guest_id"].nunique()))),
)  # fmt: skip

MONEY: tuple[Question, ...] = (
    loans("sp-mortgage", "average size of a mortgage", "aggregation", "hard", "business",
          lambda t: number(t.loc[t["LoanType"] == "Home", "PrincipalAmt"].mean())),
    loans("sp-earn", "do people who defaulted earn less?", "difference", "medium", "plain",
          lambda t: lower(*(t.loc[t["Defaulted"] == d, "AnnualIncome"] for d in ("Yes", "No")))),
    loans("sp-autos", "how many auto loans were opened in twenty twenty two", "filter", "hard", "chatty",
          lambda t: number(((t["LoanType"] == "Car") & (t["OpenDt"].dt.year == 2022)).sum())),
    loans("sp-wed", "median rate for wedded borrowers", "quantile", "medium", "business",
          lambda t: number(t.loc[t["MaritalStatus"] == "Married", "IntRatePct"].median())),
    loans("sp-office", "which office has the most money out on the street right now?", "top", "hard",
          "business", lambda t: leader(t.groupby("Branch")["OutstandingBal"].sum())),
    loans("sp-score", "loans with a score from 600 up to 700, count", "filter", "medium", "terse",
          lambda t: number(t["CreditScore"].between(600, 700).sum())),
    bank("sp-ladies", "what is the mean ticket size of our lady customers in Pune?", "aggregation", "hard",
         "business", lambda t: number(in_city(t, "PUNE").loc[lambda x: x["CustGender"] == "F",
                                                             "Amount"].mean())),
    bank("sp-bigones", "how many transactions exceeded fifty thousand rupees", "filter", "medium", "plain",
         lambda t: number((t["Amount"] > 50000).sum())),
    policies("sp-dog", "how many dog and cat policies do we run", "filter", "hard", "chatty",
             lambda t: number((t["product"] == "Pet").sum())),
    policies("sp-car", "average premium for car cover bought through a broker", "aggregation", "medium",
             "business", lambda t: number(t.loc[(t["product"] == "Motor") & (t["sales_channel"] == "Broker"),
                                          "annual_premium_gbp"].mean())),
    policies("sp-payout", "total payouts per region", "group", "easy", "business",
             lambda t: rows(t.groupby("region")["claims_paid_gbp"].sum())),
    policies("sp-deductible", "which deductible is most common?", "top", "medium", "business",
             lambda t: leader(t["excess_gbp"].value_counts())
             | leader(t["excess_gbp"].value_counts(normalize=True), share=True)),
    policies("sp-twenties", "mean premium paid by holders in their twenties", "aggregation", "hard", "plain",
             lambda t: number(t.loc[t["holder_age"].between(20, 29), "annual_premium_gbp"].mean())),
    wallet("sp-iphone", "payments made on an iphone, how many?", "filter", "medium", "plain",
           lambda t: number((t["device"] == "iOS").sum())),
    wallet("sp-groceries", "avg spent on meals & food via android", "aggregation", "hard", "chatty",
           lambda t: any_of(t.loc[k, "amount_inr"].mean() for k in (
               (t["merchant_type"] == "Food") & (t["device"] == "Android"),
               (t["merchant_type"] == "Food") & (t["device"] == "Android") & (t["status"] == "Success")))),
    wallet("sp-wentthrough", "which city has the lowest percentage of payments that went through", "top",
           "hard", "plain", lambda t: leader((t["status"] == "Success").groupby(t["home_city"]).mean(),
                                             share=True, least=True)),
)  # fmt: skip

OTHERS: tuple[Question, ...] = (
    gym("sp-born", "how many members were born before 1980", "filter", "easy", "plain",
        lambda m, p, v: number((m["yob"] < 1980).sum())),
    gym("sp-eldest", "what is the birth year of our oldest member?", "aggregation", "medium", "plain",
        lambda m, p, v: number(m["yob"].min())),
    gym("sp-workout", "how long is a typical workout in the pool", "quantile", "hard", "business",
        lambda m, p, v: typical(v.loc[v["activity"] == "Pool", "mins_stayed"])),
    gym("sp-mates", "percentage of members brought in by a mate", "share", "hard", "chatty",
        lambda m, p, v: percent(m["ref_by_friend"].mean())),
    gym("sp-lifting", "how many check-ins were for lifting weights at the airport club?", "filter", "medium",
        "plain", lambda m, p, v: number(((v["activity"] == "Weights") & (v["club"] == "Airport")).sum())),
    parcels("sp-hub", "which hub ships the farthest on average?", "top", "medium", "business",
            lambda t: leader(t.groupby("depot")["dist_mi"].mean())),
    parcels("sp-heavy", "avg postage for packages heavier than twenty kilos", "aggregation", "hard",
            "business", lambda t: number(t.loc[t["wt_kg"] > 20, "charge_gbp"].mean())),
    parcels("sp-broken", "how many shipments arrived broken from cardiff", "filter", "medium", "business",
            lambda t: number(((t["damaged"] == 1) & (t["depot"] == "Cardiff")).sum())),
    parcels("sp-tries", "mean number of delivery tries for economy stuff", "aggregation", "medium", "chatty",
            lambda t: number(t.loc[t["svc_level"] == "Economy", "attempts"].mean())),
    parcels("sp-express", "do next day parcels cost more than standard ones, and by how much", "difference",
            "medium", "plain", lambda t: apart(*(t.loc[t["svc_level"] == s, "charge_gbp"]
                                                 for s in ("Next-day", "Standard")))),
    gifts("sp-donation", "average donation by post", "aggregation", "easy", "plain",
          lambda t: number(t.loc[t["chnl"] == "Post", "amt_usd"].mean())),
    gifts("sp-corporate", "what fraction of the money is corporate money", "share", "hard", "business",
          lambda t: percent(t.loc[t["donor_type"] == "Company", "amt_usd"].sum() / t["amt_usd"].sum())),
    gifts("sp-xmas", "how much did the xmas appeal bring in last year vs the year before?", "trend", "hard",
          "chatty", xmas),
    gifts("sp-california", "donors from california, how many individuals?", "filter", "hard", "plain",
          lambda t: number(t.loc[(t["st"] == "CA") & (t["donor_type"] == "Individual"), "donor_no"].nunique())
          | number(((t["st"] == "CA") & (t["donor_type"] == "Individual")).sum())),
    tips("sp-gratuity", "what gratuity do smokers leave on average?", "aggregation", "easy", "business",
         lambda t: number(t.loc[t["smoker"] == "Yes", "tip"].mean())),
    tips("sp-check", "largest check we had on a sunday", "aggregation", "medium", "business",
         lambda t: number(t.loc[t["day"] == "Sun", "total_bill"].max())),
    tips("sp-evening", "average party size in the evening", "aggregation", "medium", "plain",
         lambda t: number(t.loc[t["time"] == "Dinner", "size"].mean())),
    club("sp-ladies", "how many lady members do we have with platinum", "filter", "easy", "chatty",
         lambda t: number(((t["Sex"] == "F") & (t["Tier"] == "Platinum")).sum())),
    club("sp-eighties", "average spend of members born in the eighties", "aggregation", "hard", "plain",
         lambda t: number(t.loc[t["BirthYear"].between(1980, 1989), "SpendINR"].mean())),
    club("sp-mailing", "what portion agreed to get emails, by tier", "share", "hard", "business",
         lambda t: rows((t["EmailOptIn"] == "Y").groupby(t["Tier"]).mean(), as_percent=True)),
    meters("sp-boiler", "average usage of households that heat with oil", "aggregation", "medium", "plain",
           lambda t: number(t.loc[t["heating_typ"] == "Oil", "kwh"].mean())),
    meters("sp-tardy", "which tariff has the tardiest payers, in percent", "top", "hard", "business",
           lambda t: leader((t["paid_late"] == "Y").groupby(t["tariff"]).mean(), share=True)),
    telco("sp-film", "how many people stream films but not tv?", "filter", "hard", "chatty",
          lambda t: number(((t["StreamingMovies"] == "Yes") & (t["StreamingTV"] != "Yes")).sum())),
    telco("sp-retired", "contract with the highest churn among seniors", "top", "hard", "terse",
          lambda t: leader((t[t["SeniorCitizen"] == 1].groupby("Contract")["Churn"]
                            .apply(lambda c: (c == "Yes").mean())), share=True)),
    people("sp-docs", "average age of the medical doctors", "aggregation", "medium", "plain",
           lambda t: any_of([t.loc[t["Profession"] == "Doctor", "Age"].mean(),
                             t.drop_duplicates().loc[lambda x: x["Profession"] == "Doctor", "Age"].mean()])),
    subs("sp-tellies", "which source brings subscribers who watch the most", "top", "hard", "business",
         lambda t: leader(t.groupby("acquired_via")["hours_watched_30d"].mean())
         | leader(t.groupby("acquired_via")["hours_watched_30d"].sum())),
    subs("sp-weather", "how many subscribers complained about the weather?", "impossible", "medium", "plain",
         lambda t: refusal()),
    parcels("sp-rude", "which drivers were rude to shippers", "impossible", "medium", "plain",
            lambda t: refusal()),
    retail("sp-avgticket", "what does one purchase come to on average?", "aggregation", "medium", "business",
           lambda t: number(t["revenue"].mean())),
    cdnow("sp-discs", "how many discs were sold altogether in 1998?", "aggregation", "medium", "business",
          lambda t: number(t.loc[t["date"].dt.year == 1998, "number_of_cds"].sum())
          | number(t.drop_duplicates().loc[lambda x: x["date"].dt.year == 1998, "number_of_cds"].sum())),
)  # fmt: skip


QUESTIONS: tuple[Question, ...] = (*SHOP, *CLINIC, *CALLS, *HOTEL, *MONEY, *OTHERS)
