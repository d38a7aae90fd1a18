"""Reads what asks whether the data can carry something: forecasts, who is leaving, which method suits."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.segment_words import (
    named_segments,
    segment_words,
)
from assistant.builtin.request.advice import (
    CheckEligibility,
    FindChurnRisk,
    FindOverdue,
    PredictValue,
    RecommendMethod,
)
from assistant.builtin.request.outcome import Outcome, Reading, Reply


def read_eligibility(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "which customers are about to churn?": answered only as far as the data can carry it."""
    text = " ".join(token.norm for token in sentence.tokens)
    future = (
        words & cue("future")
        or "about to" in text
        or "going to" in text
        or "next year" in text
        or "next month" in text
        or "at risk" in text
        or "next quarter" in text
    )
    churn = words & cue("churn_word")
    value = (
        words & {"clv", "ltv", "cltv"}
        or "lifetime value" in text
        or ("worth" in words and future)
        or ("lifetime" in words and "value" in words)
    )
    fits = words & cue("suits")
    models = (
        words & {"nbd", "btyd"}
        or "gamma gamma" in text
        or "buy till you die" in text
        or ("expected" in words and words & {"purchase", "order", "transaction"})
    )
    if value or models or _SPENDING_AHEAD.search(text):
        span = catalog.span
        if catalog.has_features and span and (span.last - span.first).days >= 180:
            return Reading((PredictValue(horizon_days=horizon(sentence)),))
    if models or (_SPENDING_AHEAD.search(text) and catalog.has_features):
        return Reading((CheckEligibility(method="lifetime_value"),))
    if value and not (catalog.link_column(("lifetime", "value")) and not future):
        return Reading((CheckEligibility(method="lifetime_value"),))
    own_rule = any(letter.isdigit() for letter in text)  # "inactive for 60 days" states its own
    if (
        catalog.has_features
        and not own_rule
        and (words & cue("overdue") or re.search(r"should (already )?have|back when", text))
    ):
        return Reading((FindOverdue(),))
    if _AT_RISK.search(text) and not own_rule:
        return Reading((FindChurnRisk(),))
    outcome = bool([c for c in catalog.columns.values() if c.role == "outcome"]) or any(
        link.how == "name" for link in catalog.link_column(("churn",))
    )
    compared = sentence.has("comparative", "often")  # "are seniors more likely to leave than others"
    if churn and not (compared and outcome) and (future or not outcome) and not (outcome and not future):
        if not future and not any(word in words for word in ("churn", "churner", "attrition", "churning")):
            return None
        return Reading((FindChurnRisk(),))
    if (
        "rfm" in words
        and (fits or "can" in words and "?" in sentence.text)
        and words & cue("rfm_question")
        and "segment" not in words
    ) and (fits or text.startswith(("can i", "can we", "is rfm", "does"))):
        return Reading((CheckEligibility(method="rfm"),))
    if (
        segment_words(words)
        and fits
        and words & {"data", "there"}
        and words & {"natural", "enough", "suitable", "fit", "eligible", "carry"}
    ):
        return Reading((CheckEligibility(method="segments"),))
    if text.startswith(phrases("forecast_lead")):
        return Reply("refused", "no_prediction", {"what": "what will happen"}, _trend_choices(catalog))
    if future and words & cue("customer_action"):
        return Reply("refused", "no_prediction", {"what": "what customers will do"}, _trend_choices(catalog))
    return None


_AT_RISK = re.compile(
    r"^(?:so )?(?:show me |list |find |how many |what |name )?(?:which |who |the |our |my |all )*"
    r"(?:of )?(?:the |our |my )?(?:at[- ]risk (?:customers?|clients?|members?|accounts?)|"
    r"(?:(?:customers?|clients?|members?|accounts?|people) )?(?:is|are|do we have|that are|who are)? ?"
    r"(?:most )?at risk)"
    r"(?: (?:do we have|are there|are they|of leaving))?(?: [?.!])*$"
)
_AHEAD = (
    r"(?:next|coming|following) (?:\d+ |two |three |six |twelve |few )?(?:days?|weeks?|months?|quarters?|"
    r"years?)|"
    r"in (?:the )?future|from now on|over the years"
)
_BUYING = r"(?:spend|buy|purchase|order|be worth|bring in|bring us|generate|pay us|place|make)"
_PEOPLE = (
    r"(?:customers?|clients?|people|buyers?|shoppers?|members?|guests?|they|each(?: of them)?|everyone|"
    r"everybody)"
)
# "How much will my customers spend next year?": a forecast of purchases, where the data carry one.
_SPENDING_AHEAD = re.compile(
    rf"^(?:and |so |but )*how (?:much|many(?: \w+)?|often) (?:money )?(?:will|would|can|are|do) (?:we "
    rf"expect )?"
    rf"(?:(?:my|our|the|all|these|a|an|each|every|average|typical) )*{_PEOPLE} (?:likely to |going to |"
    rf"probably )?"
    rf"{_BUYING}\b.*\b(?:{_AHEAD})"
    rf"|\b(?:predict|forecast|estimate|project|expect)\b.*\b(?:spend(?:ing)?|purchases?|orders?|value) "
    rf"(?:of|for|per|by) "
    rf"(?:(?:my|our|the|all|each|every) )*{_PEOPLE}\b"
    rf"|\b(?:which|what|who)\b.*\b{_PEOPLE}?\b ?(?:will|would) (?:spend|buy|bring in|order|be worth) "
    rf"(?:the )?most\b"
)


def horizon(sentence: Sentence) -> int:
    """Return the days that a forecast is asked for; a year where nothing is said."""
    text = " ".join(token.norm for token in sentence.tokens)
    days = {"days": 1, "weeks": 7, "months": 30, "years": 365}
    said = next((i.number for i in sentence.items if i.number and i.number.unit in days), None)
    if said:
        return max(7, min(1825, int(said.value * days[said.unit or "days"])))
    spelt = re.search(r"\b(two|three|six|twelve) (day|week|month|year)s?\b", text)
    if spelt:
        many = {"two": 2, "three": 3, "six": 6, "twelve": 12}[spelt[1]]
        return max(7, min(1825, many * days[f"{spelt[2]}s"]))
    return 91 if "next quarter" in text else 30 if "next month" in text else 365


def _trend_choices(catalog: Catalog) -> tuple[str, ...]:
    if catalog.table.time and catalog.table.amount:
        return ("Show total amount per month", "Segment my customers")
    return ("What is in this data?", "Segment my customers")


_WAYS = re.compile(
    r"\b(?:rfm|clusters?|clustering|k-?means|rules?|tiers?|value tiers|method|approach|"
    r"segmentation|way to segment|"
    r"way of segmenting|technique)\b"
)


_CHOICE = re.compile(
    r"\b(?:should (?:i|we)|which|what|better|best|recommend|suggest|advise|advice|prefer|choose|"
    r"vs\.?|versus|or)\b"
)


def read_method(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "RFM or clusters: which should I use?", "which segmentation method would you recommend?"."""
    text = " ".join(token.norm for token in sentence.tokens)
    ways = {found.rstrip("s") for found in _WAYS.findall(text)}
    asks = re.search(
        r"\b(?:should (?:i|we)|recommend|suggest|advise|better|best|prefer|suits?|makes? (?:more )?sense)\b",
        text,
    )
    two = len(ways - {"method", "segmentation", "approach"}) >= 2 and _CHOICE.search(text)
    one = ways & {"method", "approach", "technique", "way to segment", "way of segmenting"} and words & {
        "segment", "segmentation", "cluster", "customer", "clustering"
    }  # fmt: skip
    if not (asks and (two or one)) or named_segments(sentence) or sentence.has("statistic"):
        return None
    purpose = (
        "crm"
        if "crm" in words
        else "contact"
        if words & {"contact", "campaign", "mail", "email", "target"}
        else "any"
    )
    return Reading((RecommendMethod.model_validate({"purpose": purpose}),))
