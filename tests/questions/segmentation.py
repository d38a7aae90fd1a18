"""Requests for segments, rules, tiers and RFM, edits of them in conversation, and questions about them."""

from __future__ import annotations

import pandas as pd

from tests.questions.gold import chart, mentions, no_segments, number, refusal, rows, says, segments, shows
from tests.questions.model import Asker, Expect, Question

bank, cards, telco, airline = Asker("bank"), Asker("cards"), Asker("telco"), Asker("airline")
books, grocery, people, retail = Asker("books"), Asker("grocery"), Asker("people"), Asker("retail")
cdnow, shop, hotel, loans, iris = Asker("cdnow"), Asker("shop"), Asker("hotel"), Asker("loans"), Asker("iris")

NO_GROUPS = (
    r"no (natural|clear|real|distinct|separate) (groups|segments|clusters)|"
    r"not (fall|form|split|separate)|tier|gradual"
)
WHY = r"stab|gap|jaccard|silhouette|separat|evidence"
SQL = r"(?-i:\b(SELECT|WHERE|CASE|AND)\b)|\bselect\b.+\bfrom\b|\bcase when\b|\bwhere \S+ [<>=]"
RFM_SIZES = (35, 342, 28, 102, 104)
RFM_NAMES = (
    "Champions",
    "Potential Loyalist|Potential Loyalists",
    "At Risk",
    "About To Sleep",
    "New Customers",
)


def one_time(t: pd.DataFrame) -> Expect:
    return mentions(r"once|one transaction|single|one purchase|repeat|82 days|81 days|short|eligib")


def quantile_tiers(t: pd.DataFrame, column: str, share: float) -> tuple[int, int]:
    top = int((t[column] >= t[column].quantile(1 - share)).sum())
    return top, len(t) - top


REQUESTS: tuple[Question, ...] = (
    bank("segment", "Segment my customers", "segmentation", "medium", "business",
         lambda t: segments(at_least=2, total=t["CustomerID"].nunique()) | mentions(NO_GROUPS)),
    bank("five", "cluster the customers into 5 groups", "segmentation", "medium", "plain",
         lambda t: segments(5, t["CustomerID"].nunique())),
    bank("rfm", "do an RFM analysis of these customers", "segmentation", "hard", "business",
         lambda t: refusal(r"once|one transaction|single|repeat|short|days|frequency")
         | one_time(t)),
    bank("tiers", "three value tiers by total spend", "segmentation", "medium", "business",
         lambda t: segments(3, t["CustomerID"].nunique())),
    bank("top20-segment", "make a segment of the top 20% customers by spend and one with everybody else",
      "segmentation", "hard",
         "plain", lambda t: segments(2, t["CustomerID"].nunique())),
    bank("gender-loan", "Show high-value women in Mumbai under 30 for the loan offer", "segmentation", "hard",
      "business",
         lambda t: Expect(statuses=frozenset({"answered", "clarify", "refused"}))
         & mentions(r"protected|fair|discriminat|ECOA|law|regulat")),
    bank("moved", "Who moved between segments since last month?", "segmentation", "hard", "business",
         lambda t: refusal(r"segment|once|period|both") | mentions(r"segment")),
    bank("which-method", "RFM or clusters: which should I use?", "profile", "hard", "chatty",
         lambda t: mentions(r"RFM", r"once|single|one transaction|repeat|frequency|cluster|bought again")),
    cards("segment", "pls segment these card holders", "segmentation", "medium", "chatty",
          lambda t: segments(at_least=2, total=8950) | mentions(NO_GROUPS)),
    cards("four", "4 clusters", "segmentation", "easy", "terse", lambda t: segments(4, 8950)),
    cards("only-two-features", "k-means with 3 segments using only BALANCE and PURCHASES", "segmentation",
      "hard", "plain",
          lambda t: segments(3, 8950, uses=["balance", "purchases"], ignores=["tenure", "cash", "limit"])),
    cards("without-tenure", "segment into 5 but leave TENURE out", "segmentation", "medium", "plain",
          lambda t: segments(5, 8950, ignores=["tenure"])),
    cards("rule", "two segments: balance above 5,000 and everyone else", "segmentation", "medium", "business",
          lambda t: segments(2, 8950, sizes=[(t["BALANCE"] > 5000).sum(), (t["BALANCE"] <= 5000).sum()])),
    cards("rule-two",
      "create a segment 'cash lovers' for people with cash advance over 2000 and no purchases",
          "segmentation", "hard", "business", lambda t: segments(
              at_least=1, sizes=[((t["CASH_ADVANCE"] > 2000) & (t["PURCHASES"] == 0)).sum()],
              names=["cash lovers"])),
    cards("tiers", "quartile tiers by PURCHASES", "segmentation", "medium", "terse",
      lambda t: segments(at_least=3, at_most=4, total=8950)),
    cards("top10", "top 10% by balance versus the rest as segments", "segmentation", "medium", "plain",
          lambda t: segments(2, 8950, sizes=quantile_tiers(t, "BALANCE", 0.1))),
    cards("min-size", "find six segments, none smaller than 3% of customers", "segmentation", "hard",
      "business",
          lambda t: segments(at_least=2, at_most=6, total=8950, smallest=269)),
    cards("gmm", "use a gaussian mixture with 3 components to segment", "segmentation", "hard", "plain",
      lambda t: segments(3, 8950)),
    cards("limit-filter", "segment only customers with a credit limit over 5000, three groups",
      "segmentation", "hard", "plain",
          lambda t: segments(3, int((t["CREDIT_LIMIT"] > 5000).sum()))),
    telco("contract-segments", "use the contract type as segments", "segmentation", "medium", "business",
          lambda t: segments(3, 7043, sizes=t["Contract"].value_counts())),
    telco("churned-only", "cluster the churned customers in 3", "segmentation", "hard", "misspelt",
      lambda t: segments(3, 1869)),
    telco("bands", "segment by tenure: up to 12 months, 13 to 36, over 36", "segmentation", "hard",
      "business",
          lambda t: segments(3, 7043,
          sizes=[(t["tenure"] <= 12).sum(), t["tenure"].between(13, 36).sum(), (t["tenure"] > 36).sum()])),
    telco("rfm", "RFM segments please", "segmentation", "hard", "business",
          lambda t: refusal(r"date|transaction|purchase|order|recency|one row")),
    airline("segment", "what kinds of frequent flyers do we have?", "segmentation", "hard", "business",
            lambda t: segments(at_least=2, total=3999) | mentions(NO_GROUPS)),
    airline("hier", "hierarchical clustering, 5 clusters", "segmentation", "medium", "terse",
      lambda t: segments(5, 3999)),
    airline("rule", "segment flyers: those with flights in the last 12 months and award yes, vs all others",
      "segmentation", "hard",
            "plain",
            lambda t: segments(2, 3999, sizes=[((t["Flight_trans_12"] > 0) & (t["Award?"] == 1)).sum()])
            | segments(2, 3999, sizes=[((t["Flight_miles_12mo"] > 0) & (t["Award?"] == 1)).sum()])),
    books("rfm-ready", "group the members by Rcode, Fcode and Mcode into 4 segments", "segmentation", "hard",
      "business",
          lambda t: segments(4, 4000)),
    grocery("segment", "segment the shoppers", "segmentation", "medium", "plain",
            lambda t: segments(at_least=2, total=593) | mentions(NO_GROUPS)),
    people("refound", "find segments without using the Segmentation column", "segmentation", "hard", "plain",
           lambda t: segments(at_least=2, ignores=["segmentation"]) | mentions(NO_GROUPS)),
    retail("rfm", "RFM segmentation as of 31 December 2006", "segmentation", "hard", "business",
           lambda t: segments(at_least=5, total=995, sizes=RFM_SIZES, names=RFM_NAMES)),
    retail("champions", "With RFM and reference date 2006-12-31, how many champions do we have?",
      "segmentation", "hard",
           "business", lambda t: number(35)),
    retail("rfm3", "rfm with 3 levels", "segmentation", "hard", "terse",
      lambda t: segments(at_least=2, total=995)),
    retail("ordered-2006", "segment: ordered in 2006 vs. not", "segmentation", "hard", "terse",
      lambda t: segments(2, 995, sizes=[
        (t.groupby("customer_id")["order_date"].max() >= "2006-01-01").sum()])),
    cdnow("rfm", "segment buyers by recency frequency and monetary", "segmentation", "medium", "business",
          lambda t: segments(at_least=2, total=23570)),
    cdnow("one-vs-repeat", "one-time versus repeat buyers as segments", "segmentation", "medium", "business",
          lambda t: segments(2, 23570, sizes=[11908, 23570 - 11908])),
    shop("rule", "segments: 5 or more orders = regular, otherwise occasional", "segmentation", "hard",
      "business",
         lambda o, c: segments(at_least=2, sizes=[(o["customer_id"].value_counts() >= 5).sum()],
         names=["regular"])
         | segments(at_least=2, sizes=[(o.drop_duplicates()["customer_id"].value_counts() >= 5).sum()],
         names=["regular"])),
    hotel("guests", "segment guests into four groups", "segmentation", "medium", "plain",
          lambda t: segments(4, t["guest_id"].nunique())),
    loans("risk", "risk classes by credit score: under 600, 600 to 699, 700 and up", "segmentation", "hard",
      "business",
          lambda t: segments(3, 1500,
          sizes=[(t["CreditScore"] < 600).sum(), t["CreditScore"].between(600, 699).sum(),
                                             (t["CreditScore"] >= 700).sum()])),
    iris("natural", "are there natural groups in the measurements?", "segmentation", "medium", "plain",
         lambda t: segments(at_least=2, at_most=4) | says(r"\byes\b|\btwo\b|\bthree\b|\b2\b|\b3\b")),
    iris("three", "3 clusters on the four measurements, not the species", "segmentation", "medium", "terse",
         lambda t: segments(3, 150, ignores=["species"])),
)  # fmt: skip


DIALOGUES: tuple[Question, ...] = (
    bank.dialogue("d-main", "hard", "business",
        ("segment my customers into 4", lambda t: segments(4, 49551)),
        ("describe each segment", lambda t: segments(4, 49551) & mentions(r"%|share|median|average")),
        ("why four and not six?", lambda t: segments(4, 49551) & mentions(WHY)),
        ("Are segments 2 and 3 really different?",
          lambda t: segments(4) & mentions(r"differ|distinct|apart|overlap|separat")),
        ("what can't these data tell me about them?",
          lambda t: segments(4) & mentions(r"once|channel|short|single|no |cannot"))),
    cards.dialogue("d-edit", "hard", "plain",
        ("segment the customers into 4 groups", lambda t: segments(4, 8950)),
        ("rename segment 1 to Sleepers", lambda t: segments(4, 8950, names=["Sleepers"])),
        ("merge segments 2 and 3", lambda t: segments(3, 8950, names=["Sleepers"])),
        ("undo", lambda t: segments(4, 8950, names=["Sleepers"])),
        ("redo", lambda t: segments(3, 8950, names=["Sleepers"])),
        ("how big is Sleepers?", lambda t: segments(3, 8950) & says(r"\d")), kind="edit"),
    cards.dialogue("d-k", "medium", "terse",
        ("3 segments", lambda t: segments(3, 8950)),
        ("make it 5", lambda t: segments(5, 8950)),
        ("without CASH_ADVANCE_TRX", lambda t: segments(5, 8950, ignores=["cash_advance_trx"])),
        ("back to 3", lambda t: segments(3, 8950)), kind="edit"),
    cards.dialogue("d-rule", "hard", "business",
        ("split customers in two: balance over 5000 is 'High balance', the rest 'Normal'", lambda t: segments(
            2, 8950, sizes=[(t["BALANCE"] > 5000).sum(), (t["BALANCE"] <= 5000).sum()],
            names=["High balance", "Normal"])),
        ("average purchases in each segment", lambda t: rows(
            t.groupby(t["BALANCE"] > 5000)["PURCHASES"].mean(),
            labels={True: "High balance", False: "Normal"})),
        ("share of total balance by segment", lambda t: rows(
            t.groupby(t["BALANCE"] > 5000)["BALANCE"].sum() / t["BALANCE"].sum(), as_percent=True,
            labels={True: "High balance", False: "Normal"})),
        ("move the boundary to 7000",
          lambda t: segments(2, 8950, sizes=[(t["BALANCE"] > 7000).sum(), (t["BALANCE"] <= 7000).sum()])),
        ("how many are in High balance now", lambda t: number((t["BALANCE"] > 7000).sum()))),
    airline.dialogue("d-split", "hard", "chatty",
        ("give me five segments of our flyers", lambda t: segments(5, 3999)),
        ("split the largest one in two", lambda t: segments(6, 3999)),
        ("hmm no, undo that", lambda t: segments(5, 3999)),
        ("call the second segment 'Explorers'", lambda t: segments(5, 3999, names=["Explorers"])),
        ("show me a bar chart of the segment sizes",
          lambda t: segments(5, 3999) & chart("bar", labels=["Explorers"])), kind="edit"),
    airline.dialogue("d-crm", "hard", "business",
        ("segment members into 3", lambda t: segments(3, 3999)),
        ("Give me a rule for the first segment that I can put in our CRM",
          lambda t: segments(3) & mentions(r"<|>|≤|≥|above|below|under|over|at least|at most")),
        ("as SQL", lambda t: mentions(SQL)),
        ("what should we do with them next?", lambda t: mentions(r"test|hold-?out|control|offer|campaign"))),
    telco.dialogue("d-group", "medium", "business",
        ("segments by InternetService",
          lambda t: segments(3, 7043, sizes=t["InternetService"].value_counts())),
        ("churn rate per segment",
          lambda t: rows((t["Churn"] == "Yes").groupby(t["InternetService"]).mean(), as_percent=True)),
        ("merge DSL and No", lambda t: segments(2, 7043, sizes=[3096, 7043 - 3096])),
        ("what is the median monthly charge of the merged one", lambda t: number(
            t.loc[t["InternetService"] != "Fiber optic", "MonthlyCharges"].median())), kind="edit"),
    telco.dialogue("d-side", "hard", "plain",
        ("cluster customers into 4 and call it clusters A", lambda t: segments(4, 7043)),
        ("now also make tiers by TotalCharges: top 20 %, middle 30 %, bottom 50 %",
          lambda t: segments(at_least=3, at_most=4)),
        ("compare the two segmentations", lambda t: mentions(r"rand|agree|overlap|cross|match")),
        ("go back to clusters A", lambda t: segments(4, 7043))),
    retail.dialogue("d-rfm", "hard", "business",
        ("rfm segments, analysis date 31.12.2006",
          lambda t: segments(at_least=5, total=995, sizes=RFM_SIZES)),
        ("which segment brings the most revenue?", lambda t: says(r"Potential Loyalist")),
        ("how much exactly?", lambda t: number(204856)),
        ("and the champions?", lambda t: number(31646)),
        ("rename Champions to Top Fans", lambda t: segments(at_least=5, total=995, names=["Top Fans"]))),
    cdnow.dialogue("d-value", "hard", "business",
        ("fit a BG/NBD model and a gamma-gamma", lambda t: mentions(r"BG.?NBD|gamma|expected")),
        ("split buyers into one-time and repeat", lambda t: segments(2, 23570, sizes=[11908, 11662])),
        ("share of revenue of each", lambda t: one_time_share(t)),
        ("as pie", lambda t: chart("pie"))),
    grocery.dialogue("d-types", "medium", "chatty",
        ("can you find 3 types of shoppers for me", lambda t: segments(3, 593)),
        ("and if we take 4?", lambda t: segments(4, 593)),
        ("which of the two is better and why", lambda t: mentions(WHY))),
    people.dialogue("d-spend", "medium", "plain",
        ("segment people by spending score", lambda t: segments(3)),
        ("mean age of each segment", lambda t: rows(t.groupby("Spending_Score")["Age"].mean())
         | rows(t.drop_duplicates("ID").groupby("Spending_Score")["Age"].mean())
         | rows(t.drop_duplicates("ID", keep="last").groupby("Spending_Score")["Age"].mean())),
        ("merge Low and Average into 'Everyday'", lambda t: segments(2, names=["Everyday"])),
        ("undo", lambda t: segments(3)), kind="edit"),
    iris.dialogue("d", "medium", "plain",
        ("find 3 segments from the measurements only", lambda t: segments(3, 150, ignores=["species"])),
        ("compare them with the species",
          lambda t: mentions(r"setosa", r"versicolor|virginica|agree|rand|match")),
        ("why three?", lambda t: mentions(WHY)),
        ("use 2", lambda t: segments(2, 150))),
    loans.dialogue("d-risk", "hard", "business",
        ("segments by LoanType", lambda t: segments(4, 1500, sizes=t["LoanType"].value_counts())),
        ("rename Home to Mortgage", lambda t: segments(4, 1500, names=["Mortgage"])),
        ("default rate per segment", lambda t: rows(
            (t["Defaulted"] == "Yes").groupby(t["LoanType"]).mean(), as_percent=True,
              labels={"Home": "Mortgage"})),
        ("delete the segmentation", lambda t: no_segments() | Expect(statuses=frozenset({"clarify"})))),
    hotel.dialogue("d-none", "medium", "chatty",
        ("describe segment 2", lambda t: refusal(r"segment")
         | segments(at_least=2, total=t["guest_id"].nunique()) & mentions(r"\bno segments (yet|so far)")),
        ("ok then segment the guests into 3", lambda t: segments(3, t["guest_id"].nunique())),
        ("describe segment 2", lambda t: segments(3) & mentions(r"%|share|median|average|more|less")),
        ("and segment 7?", lambda t: refusal(r"\b3\b|three|segment"))),
)  # fmt: skip

QUESTIONS = REQUESTS + DIALOGUES


def one_time_share(t: pd.DataFrame) -> Expect:
    """Revenue shares of one-time and repeat buyers, as percentages or fractions."""
    spend = t.groupby("customer_id")["dollar_value"].sum()
    once = float(spend[t["customer_id"].value_counts().reindex(spend.index) == 1].sum() / spend.sum())
    return shows(100 * once, 100 * (1 - once), tolerance=0.06) | shows(once, 1 - once, tolerance=0.0006)
