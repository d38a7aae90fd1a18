"""Figures of groups in plain words: rates within groups, gaps, cohorts, several tables, buyers of several."""

from __future__ import annotations

import pandas as pd

from tests.questions.field_money import apart, best_in_each, higher
from tests.questions.fresh_figures import either
from tests.questions.gold import leader, number, percent, rows, shows
from tests.questions.gold import shows_percent as shares
from tests.questions.model import Asker, Expect, Question
from tests.questions.paths_families import both_ways

shop, clinic, gym, policies = (Asker(n, "open") for n in ("shop", "clinic", "gym", "policies"))
wallet, gifts, parcels, calls = (Asker(n, "open") for n in ("wallet", "gifts", "parcels", "calls"))
hotel, loans, club, telco = (Asker(n, "open") for n in ("hotel", "loans", "club", "telco"))
meters, people, subs = (Asker(n, "open") for n in ("meters", "people", "subscribers"))
Frame = pd.DataFrame


def rate(t: Frame, by: str, column: str, *values: object) -> pd.Series:
    """Share of each group's rows with one of these values."""
    return t[column].isin(values).groupby(t[by]).mean()


def oftener(these: pd.Series, those: pd.Series) -> Expect:
    """Whether something holds more often here than there: the verdict, or both shares."""
    return either(higher(these, those), shares(these.mean(), those.mean()))


def kinds(t: Frame, who: str, what: str) -> pd.Series:
    return t.groupby(who)[what].nunique()


def joined(o: Frame, c: Frame) -> list[Frame]:
    return [t.merge(c, on="customer_id") for t in both_ways(o)]


def by_signup(o: Frame, c: Frame) -> Expect:
    """What customers of each sign-up year spent on average: those who bought, or all of them."""
    made = []
    for t in both_ways(o):
        spent = t.groupby("customer_id")["net_amount"].sum()
        year = c.set_index("customer_id")["signup_date"].dt.year
        made += [rows(spent.groupby(year.reindex(spent.index)).mean())]
        made += [rows(spent.reindex(year.index).fillna(0).groupby(year).mean())]
    return either(*made)


def second_order(o: Frame, c: Frame) -> Expect:
    """Share of a sign-up year's customers with two orders or more: of all of them, or of those with one."""
    made = []
    for t in both_ways(o):
        n = t.groupby("customer_id").size()
        held = c.set_index("customer_id")["signup_date"].dt.year
        for kept in (held, held[held.index.isin(n.index)]):
            again = n.reindex(kept.index).fillna(0) >= 2
            made.append(rows(again.groupby(kept).mean(), as_percent=True))
    return either(*made)


def town_missed(a: Frame, p: Frame) -> Expect:
    t = a.merge(p, on="pat_id")
    held = t[t["status"] != "Cancelled"]
    return either(*(leader(rate(x, "town", "status", "No-show"), share=True) for x in (t, held)))


SHOP: tuple[Question, ...] = (
    shop("sp-threecats", "how many customers bought from 3 or more categories?", "join", "hard", "plain",
         lambda o, c: number((kinds(o, "customer_id", "category") >= 3).sum())),
    shop("sp-allcats", "customers who have shopped in all five categories", "join", "hard", "plain",
         lambda o, c: number((kinds(o, "customer_id", "category") == 5).sum())),
    shop("sp-onechannel", "share of buyers that only ever used one channel", "join", "hard", "business",
         lambda o, c: percent((kinds(o, "customer_id", "channel") == 1).mean())),
    shop("sp-tierrate", "rate of returns for each loyalty tier", "join", "medium", "terse",
         lambda o, c: either(*(rows(rate(t, "loyalty_tier", "returned", "Y"), as_percent=True)
                               for t in joined(o, c)))),
    shop("sp-goldgap", "how much more does a gold member spend per order than a bronze one", "join", "hard",
         "chatty", lambda o, c: either(*(apart(*(t.loc[t["loyalty_tier"] == x, "net_amount"]
                                                 for x in ("Gold", "Bronze"))) for t in joined(o, c)))),
    shop("sp-cohort", "avg total spend of customers by the year they signed up", "join", "hard", "business",
         by_signup),
    shop("sp-again", "by signup year, what percentage ordered at least twice", "join", "hard", "business",
         second_order),
    shop("sp-letter", "do newsletter readers send more stuff back than the others?", "join", "hard",
         "chatty", lambda o, c: either(*(oftener(*((t.loc[t["newsletter"] == x, "returned"] == "Y")
                                                  for x in ("yes", "no"))) for t in joined(o, c)))),
    shop("sp-berlin", "revenue per customer in Berlin compared with Munich", "join", "hard", "plain",
         lambda o, c: either(*(shows(*(t[t["city"] == x].groupby("customer_id")["net_amount"].sum().mean()
                                       for x in ("Berlin", "Munich"))) for t in joined(o, c)),
                             *(shows(*(t.loc[t["city"] == x, "net_amount"].sum() / (c["city"] == x).sum()
                                       for x in ("Berlin", "Munich"))) for t in joined(o, c)))),
    shop("sp-topcat", "favourite category of the under 30s", "join", "hard", "chatty",
         lambda o, c: either(*(leader(t[t["age"] < 30].groupby("category")[k].agg(h)) for t in joined(o, c)
                               for k, h in (("order_id", "size"), ("quantity", "sum"),
                                            ("net_amount", "sum"))),
                             *(leader(t.loc[t["age"] < 30, "category"].value_counts(normalize=True),
                                      share=True) for t in joined(o, c)))),
)  # fmt: skip

TABLES: tuple[Question, ...] = (
    clinic("sp-townrate", "in which town do people skip their appointments most, as a rate", "join", "hard",
           "plain", town_missed),
    clinic("sp-bill", "Average fee by insurer and sex of the patient", "join", "hard", "business",
           lambda a, p: rows(a.merge(p, on="pat_id").groupby(["insurer", "sex"])["fee_eur"].mean())),
    clinic("sp-deptcancel", "cancellation rate by department, worst first", "share", "medium", "terse",
           lambda a, p: rows(rate(a, "dept", "status", "Cancelled").sort_values(ascending=False),
                             ordered=True, as_percent=True)),
    clinic("sp-noshowman", "are men more likely not to show up than women?", "join", "hard", "plain",
           lambda a, p: either(*(oftener(*((t.loc[t["sex"] == s, "status"] == "No-show")
                                          for s in ("M", "F")))
                                 for t in (lambda x: (x, x[x["status"] != "Cancelled"]))(
                                     a.merge(p, on="pat_id"))))),
    gym("sp-planquit", "what share of members on each plan have quit", "join", "medium", "plain",
        lambda m, p, v: rows(m["cancel_dt"].notna().groupby(m["plan_cd"]).mean(), as_percent=True)
        | rows((lambda t: t["cancel_dt"].notna().groupby(t["plan_name"]).mean())(m.merge(p, on="plan_cd")),
               as_percent=True)),
    gym("sp-two", "members who train at two or more clubs", "join", "hard", "terse",
        lambda m, p, v: number((kinds(v, "mbr_id", "club") >= 2).sum())),
    gym("sp-sauna", "average visit length for plans with a sauna vs without", "join", "hard", "business",
        lambda m, p, v: shows(*v.merge(m, on="mbr_id").merge(p, on="plan_cd")
                              .groupby("sauna_incl")["mins_stayed"].mean())),
    gym("sp-youngplan", "which plan do those born after 2000 pick most", "join", "hard", "plain",
        lambda m, p, v: leader(m[m["yob"] > 2000].merge(p, on="plan_cd")["plan_name"].value_counts())
        | leader(m.loc[m["yob"] > 2000, "plan_cd"].value_counts())
        | leader(m[m["yob"] > 2000].merge(p, on="plan_cd")["plan_name"].value_counts(normalize=True),
                 share=True)),
)  # fmt: skip


def loss(t: Frame) -> pd.Series:
    sums = t.groupby("sales_channel")[["claims_paid_gbp", "annual_premium_gbp"]].sum()
    return sums["claims_paid_gbp"] / sums["annual_premium_gbp"]


def renewal(t: Frame) -> pd.Series:
    """Share renewed of each product: of the policies that came up for it, or of all."""
    return rate(t[t["renewed"].notna()], "product", "renewed", "Y")


def kept_2021(t: Frame) -> Expect:
    first = t.groupby("donor_no")["gift_dt"].min().dt.year
    won = set(first.index[first == 2021])
    again = set(t.loc[t["gift_dt"].dt.year == 2022, "donor_no"])
    return percent(len(won & again) / len(won))


def graduated(t: Frame) -> Expect:
    made = []
    for x in (t, t.drop_duplicates()):
        for y in (x, x[x["Graduated"].notna()]):
            made.append(
                shares(
                    *(
                        (y.loc[y["Profession"] == k, "Graduated"] == "Yes").mean()
                        for k in ("Artist", "Engineer")
                    )
                )
            )
    return either(*made)


RATES: tuple[Question, ...] = (
    policies("sp-renewal", "which product has the lowest renewal rate in Scotland?", "top", "hard", "plain",
             lambda t: either(leader(renewal(t[t["region"] == "Scotland"]), share=True, least=True),
                              leader(rate(t[t["region"] == "Scotland"], "product", "renewed", "Y"),
                                     share=True, least=True))),
    policies("sp-loss", "claims as a percentage of premiums, channel by channel", "share", "hard",
             "business", lambda t: rows(loss(t), as_percent=True)),
    policies("sp-claimants", "what proportion of motor policies had at least one claim", "share", "medium",
             "plain", lambda t: percent((t.loc[t["product"] == "Motor", "claims_count"] > 0).mean())),
    loans("sp-defaultwed", "default rate among divorced people by loan type", "share", "hard", "plain",
          lambda t: rows(rate(t[t["MaritalStatus"] == "Divorced"], "LoanType", "Defaulted", "Yes"),
                         as_percent=True)),
    loans("sp-worst", "branch with the worst default rate for car loans", "top", "hard", "terse",
          lambda t: leader(rate(t[t["LoanType"] == "Car"], "Branch", "Defaulted", "Yes"), share=True)),
    loans("sp-lowscore", "of those with a score below six hundred, what percent went into default?",
          "share", "hard", "business",
          lambda t: percent((t.loc[t["CreditScore"] < 600, "Defaulted"] == "Yes").mean())),
    loans("sp-years", "loans opened each year and how many of those defaulted", "trend", "hard", "plain",
          lambda t: rows([(str(y), n, d) for y, n, d in
                          t.groupby(t["OpenDt"].dt.year)["Defaulted"].agg(
                              ["size", lambda x: (x == "Yes").sum()]).itertuples()])
          | rows((t["Defaulted"] == "Yes").groupby(t["OpenDt"].dt.year).sum())),
    hotel("sp-cancel", "which country cancels most often at the resort hotel? i mean the rate", "top",
          "hard", "chatty", lambda t: leader(t[t["hotel"] == "Resort Hotel"].groupby("country")[
              "is_canceled"].mean(), share=True)),
    hotel("sp-families", "do bookings with children get cancelled less?", "difference", "medium", "plain",
          lambda t: oftener(*(t.loc[k, "is_canceled"] for k in (t["children"] == 0, t["children"] > 0)))),
    calls("sp-escal", "agents whose escalation rate is above 15 percent", "filter", "hard", "business",
          lambda t: rows((lambda r: r[r > 0.15])(rate(t, "agent", "outcome", "Escalated")),
                         as_percent=True, only=True)),
    calls("sp-bestq", "best agent in every queue by satisfaction", "rank", "hard", "plain",
          lambda t: best_in_each(t.groupby(["queue", "agent"])["csat"].mean())),
    telco("sp-fiber", "churn rate of fiber customers without tech support", "share", "medium", "terse",
          lambda t: percent((t.loc[(t["InternetService"] == "Fiber optic") & (t["TechSupport"] == "No"),
                                   "Churn"] == "Yes").mean())),
    telco("sp-paychurn", "among month to month people, which payment method loses the most customers in "
          "percentage terms", "top", "hard", "business",
          lambda t: leader(rate(t[t["Contract"] == "Month-to-month"], "PaymentMethod", "Churn", "Yes"),
                           share=True)),
    parcels("sp-dmgrate", "what percent of parcels get damaged by service level", "share", "medium", "plain",
            lambda t: rows(t.groupby("svc_level")["damaged"].mean(), as_percent=True)),
    parcels("sp-secondtry", "share of parcels needing a second try or more, per depot", "share", "hard",
            "business", lambda t: rows((t["attempts"] >= 2).groupby(t["depot"]).mean(), as_percent=True)),
    gifts("sp-kept", "of people whose first gift was in 2021, how many percent gave again in 2022",
          "share", "hard", "business", kept_2021),
    gifts("sp-company", "is the average company gift really bigger than that of trusts", "difference",
          "medium", "chatty", lambda t: higher(*(t.loc[t["donor_type"] == d, "amt_usd"]
                                                 for d in ("Company", "Trust")))),
    gifts("sp-twoappeals", "how many donors supported two or more appeals?", "filter", "hard", "plain",
          lambda t: number((kinds(t, "donor_no", "appeal") >= 2).sum())),
    wallet("sp-failos", "does android fail more often than ios", "difference", "medium", "plain",
           lambda t: oftener(*(t.loc[t["device"] == d, "status"] == "Failed" for d in ("Android", "iOS")))),
    wallet("sp-fourtypes", "users active in at least four merchant types, as a share of all users", "share",
           "hard", "business",
           lambda t: percent((kinds(t, "user_id", "merchant_type") >= 4).mean())),
    club("sp-redeemers", "what portion of gold members redeemed fewer than a thousand points", "share",
         "hard", "business",
         lambda t: percent((t.loc[t["Tier"] == "Gold", "PointsRedeemed"] < 1000).mean())),
    meters("sp-pumps", "average monthly bill, heat pumps against oil heating", "group", "medium", "plain",
           lambda t: shows(*(t.loc[t["heating_typ"] == h, "bill_chf"].mean() for h in ("Heat pump", "Oil")))),
    people("sp-grad", "what percentage of artists graduated compared with engineers?", "difference", "hard",
           "plain", graduated),
    subs("sp-ann", "cancellation rate, annual versus monthly billing", "difference", "medium", "terse",
         lambda t: shares(*(t["cancelled_on"].notna().groupby(t["billing"]).mean()))),
    subs("sp-gap", "how many more hours do premium people watch than basic people", "difference", "medium",
         "chatty", lambda t: apart(*(t.loc[t["plan"] == p, "hours_watched_30d"]
                                     for p in ("Premium", "Basic")))),
)  # fmt: skip


QUESTIONS: tuple[Question, ...] = (*SHOP, *TABLES, *RATES)
