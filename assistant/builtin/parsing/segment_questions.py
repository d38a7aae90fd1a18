"""Reads questions about segments: why, how they differ, what they are like, what data can carry."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import NUMBER_WORDS
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.parsing.segment_words import (
    asks_to_make,
    measures_something,
    measures_something_else,
    named_segments,
    segment_words,
    wanted_number,
)
from assistant.builtin.request.advice import (
    CheckEligibility,
    FindChurnRisk,
    FindOverdue,
    PredictValue,
    RecommendMethod,
)
from assistant.builtin.request.edits import ListSegmentations, UseSegmentation
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import CrossTable
from assistant.builtin.request.segments import (
    CheckFairness,
    CompareSegmentations,
    CompareSegments,
    DescribeSegments,
    ExplainSegments,
    ExplainValue,
    TypicalCustomers,
    WriteRule,
)


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
    if value or models:
        span = catalog.span
        if catalog.has_features and span and (span.last - span.first).days >= 180:
            return Reading((PredictValue(horizon_days=_horizon(sentence)),))
    if models:
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
    outcome = bool([c for c in catalog.columns.values() if c.role == "outcome"]) or any(
        link.how == "name" for link in catalog.link_column(("churn",))
    )
    if churn and (future or not outcome) and not (outcome and not future):
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


def _horizon(sentence: Sentence) -> int:
    """Return the days that a forecast is asked for; a year where nothing is said."""
    text = " ".join(token.norm for token in sentence.tokens)
    days = {"days": 1, "weeks": 7, "months": 30, "years": 365}
    said = next((i.number for i in sentence.items if i.number and i.number.unit in days), None)
    if said:
        return max(7, min(1825, int(said.value * days[said.unit or "days"])))
    return 91 if "next quarter" in text else 30 if "next month" in text else 365


def _trend_choices(catalog: Catalog) -> tuple[str, ...]:
    if catalog.table.time and catalog.table.amount:
        return ("Show total amount per month", "Segment my customers")
    return ("What is in this data?", "Segment my customers")


_CLAIM = re.compile(
    r"\bwhy (?:are there |do i have |do we have |did you (?:make|choose|find|pick) |only |just |"
    r"exactly |is it )*"
    r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


# "describe the 9 segments", "are there 5 segments?"
_COUNTED = re.compile(
    r"\b(?:the|these|those|all|our|my|your|there|have) "
    r"(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?:customer )?(?:segments|clusters|groups|tiers)\b",
    re.IGNORECASE,
)


def claimed_number(text: str) -> int | None:
    """Return the number of segments that "why four segments and not six?" takes for granted."""
    found = _CLAIM.search(text) or _COUNTED.search(text)
    if found is None or re.search(r"\bwhy not\b", text, re.IGNORECASE):
        return None
    return NUMBER_WORDS.get(found["n"].lower()) or int(found["n"])


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


def read_value_question(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "why is the average age in segment B 28?": whether it is so, and what goes with it."""
    shown = masked(sentence.text, catalog, that=False)
    named = list(dict.fromkeys(shown.segments))
    why = re.match(
        r"\s*(?:why|how come|what explains|what is behind|explain why|for what reason)\b", sentence.text, re.I
    )
    if not why or len(named) != 1 or not catalog.segments or re.search(r"\bdifferent\b", sentence.text, re.I):
        return None
    rest = annotate(re.sub(r"§\d+", " ", shown.text), catalog, customer_level=True)
    parts = Parts(rest, catalog)
    columns = [parts.as_feature(i.links[0].column) or i.links[0].column for i in rest.items if i.links]
    columns += [str(i.senses["feature"]) for i in rest.items if i.has("feature")]
    column = next((name for name in columns if parts.is_number(name)), None)
    if column is None:
        return None
    claimed = next((float(i.number.value) for i in reversed(rest.items) if i.number), None)
    statistic = "median" if rest.has("statistic", "median") else "mean"
    asked = {"segment": named[0], "column": column, "claimed": claimed, "statistic": statistic}
    return Reading((ExplainValue.model_validate(asked),), tuple(shown.notes))


def read_fairness(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "is the segmentation fair?"."""
    if not words & cue("fairness"):
        return None
    protected = next(
        (
            i.links[0].column
            for i in sentence.items
            if i.links and catalog.columns[i.links[0].column].protected
        ),
        None,
    )
    return Reading((CheckFairness(column=protected),))


def read_comparison(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "compare segments 2 and 3", "are they really different?"."""
    text = " ".join(token.norm for token in sentence.tokens)
    asked = words & cue("segment_comparison") or "apart" in text
    named = named_segments(sentence)
    if catalog.segments and asked:
        shown = masked(sentence.text, catalog, bare=True, that=False)
        named = list(dict.fromkeys(shown.segments)) if len(set(shown.segments)) == 2 else named
    if asked and len(named) >= 2 and not measures_something(sentence):
        return Reading((CompareSegments(first=named[0], second=named[1]),))
    if asked and catalog.segments and not measures_something(sentence):
        numbers = [str(int(i.number.value)) for i in sentence.items if i.number and i.number.unit is None]
        if len(numbers) == 2 and all(1 <= int(n) <= len(catalog.segments) for n in numbers) and not named:
            return Reading((CompareSegments(first=numbers[0], second=numbers[1]),))
    labels = _label_column(sentence, catalog) if asked or words & {"agree", "match"} else None
    if labels and (words & {"segment", "cluster", "group"} or words & cue("them")):
        return Reading((CrossTable(rows="segment", columns=labels),))
    agree = words & {"agree", "overlap", "coincide"} or "segmentations" in text
    if agree and len(catalog.segmentations) >= 2 and not named and not measures_something(sentence):
        first, second = catalog.segmentations[-2:]
        return Reading((CompareSegmentations(first=first, second=second),))
    segmentations = [name for name in catalog.segmentations if name.lower() in sentence.text.lower()]
    if asked and len(segmentations) >= 2:
        return Reading((CompareSegmentations(first=segmentations[0], second=segmentations[1]),))
    if (
        asked
        and ({"segmentation", "segmentations", "version"} & words)
        and len(catalog.segmentations) >= 2
        and not named
    ):
        first, second = catalog.segmentations[-2:]
        return Reading((CompareSegmentations(first=first, second=second),))
    if (
        asked
        and words & {"segment", "cluster"}
        and not named
        and not measures_something(sentence)
        and "why" not in words
    ):
        return Reading((DescribeSegments(),))
    return None


_PORTRAIT = re.compile(
    r"^(?:please )?(?:describe|profile|characteri[sz]e|tell me (?:more )?about|who are|what are) (?:the )?"
    r"(?P<name>(?-i:[A-Z])[\w'’-]*(?: [\w'’-]+){0,3}?)(?: segment| cluster| group| customers)?\s*[?.!]*$",
    re.IGNORECASE,
)


def read_unknown_name(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Say of "describe the Champions" that there is no such segment, where there is none."""
    said = _PORTRAIT.match(sentence.text.strip())
    if said is None or said["name"].isupper() or masked(sentence.text, catalog, that=False).segments:
        return None
    name = annotate(said["name"], catalog)
    plain = [i for i in name.items if i.links or i.values or (i.has("entity") and i.text not in name.mended)]
    if not name.items or plain:
        return None
    told = {"name": said["name"], "segments": catalog.segments}
    return Reply("clarify", "no_such_segment", told, tuple(catalog.segments) or ("Segment my customers",))


def _label_column(sentence: Sentence, catalog: Catalog) -> str | None:
    """Return the category behind "with" or "against": "compare the clusters with Segmentation"."""
    said = re.search(
        r"\b(?:with|against|to|and|versus|vs\.?|match(?:es)?)\b(?P<what>.+)$", sentence.text, re.IGNORECASE
    )
    links = [link for i in annotate(said["what"], catalog).items for link in i.links[:1]] if said else []
    if len(links) != 1 or links[0].score < 0.7 or links[0].column not in catalog.loaded:
        return None
    column = catalog.columns[links[0].column]
    return column.name if column.kind == "text" and 2 <= (column.n_distinct or 0) <= 30 else None


def read_why(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Why four segments and not six?", "would 3 be better?", "are there natural groups?"."""
    text = " ".join(token.norm for token in sentence.tokens)
    number = next((int(i.number.value) for i in sentence.items if i.number and i.number.unit is None), None)
    numbers = [int(i.number.value) for i in sentence.items if i.number and i.number.unit is None]
    numbers += [
        int(i.senses["segment"])
        for i in sentence.items
        if i.has("segment")
        and str(i.senses["segment"]).isdigit()
        and i.text.lower().startswith(("segments",))
    ]
    why = (
        "why" in words
        or "how come" in text
        or "what if" in text
        or "reason" in words
        or "how did you choose" in text
        or "how did you decide" in text
    )
    only_numbers = (
        why and numbers and all(i.number or i.has("logic") or i.has("order") for i in sentence.items)
    )
    if only_numbers:
        return Reading(
            (
                ExplainSegments(
                    n_segments=numbers[-1]
                    if "not" in words or len(numbers) == 1 and numbers[0] != len(catalog.segments)
                    else None
                ),
            )
        )
    about = segment_words(words) or "group" in words or "many" in words or "number" in words
    natural = (words & cue("is_it_real") and words & {"segment", "cluster", "group", "segmentation"}) or (
        "there" in words and words & {"structure", "pattern", "grouping"} and words & cue("customer_noun")
    )
    how_many = "how many" in text and words & {"segment", "cluster", "group"} and words & cue("right_number")
    sure = re.search(r"\bhow (?:sure|certain|confident|reliable|solid|robust)\b|\bare you sure\b", text)
    if sure and (numbers or about) and catalog.segments and not named_segments(sentence):
        return Reading((ExplainSegments(),))
    if words & {"difference", "differ"} and any(i.links and not i.has("entity") for i in sentence.items):
        natural = False
    if natural and not named_segments(sentence) or how_many:
        if (
            how_many
            and "there" in words
            and catalog.segments
            and not words & {"should", "best", "optimal", "right", "natural"}
        ):
            return Reading((DescribeSegments(),))
        return Reading((ExplainSegments(),))
    if why and "not" in words and about and numbers:
        return Reading((ExplainSegments(n_segments=numbers[-1]),))
    if (
        why
        and about
        and (
            "many" in words
            or number is not None
            or "number" in words
            or words & {"choose", "chose", "pick", "decide", "those", "these"}
        )
        and not measures_something_else(sentence)
    ):
        target = number if number is not None and number != len(catalog.segments) else None
        return Reading((ExplainSegments(n_segments=target),))
    if about and number and words & {"better", "instead", "would"} and words & {"better", "worse"}:
        return Reading((ExplainSegments(n_segments=number),))
    return None


def read_rule_request(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "give me a rule for 'Loyal'"."""
    if catalog.segments and "sql" in words and len(sentence.tokens) <= 5 and not named_segments(sentence):
        return Reading((WriteRule(),))
    asks = words & cue("rule_noun")
    if not asks or not (words & cue("rule_request")):
        return None
    if words & {"segment", "cluster"} and any(item.has("comparator") for item in sentence.items):
        return None
    named = named_segments(sentence)
    quoted = next((item.senses["quoted"] for item in sentence.items if item.has("quoted")), None)
    them = catalog.segments and words & {"these", "them", "those"}
    if named or quoted or words & {"segment", "cluster"} or them:
        return Reading((WriteRule(segment=named[0] if named else quoted),))
    return None


def read_typical(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "show typical customers of segment 2"."""
    if words & {"borderline", "border"} and not words & {"move", "shift", "set"} and catalog.segments:
        shown = masked(sentence.text, catalog, that=False).segments
        return Reading((TypicalCustomers(segment=shown[0] if len(shown) == 1 else None),))
    typical = words & {"typical", "representative", "prototype", "prototypical", "example", "exemplar"}
    named = named_segments(sentence)
    if (
        typical
        and (words & {"customer", "member", "people", "person", "client"})
        and (words & {"segment", "cluster"} or named)
    ):
        return Reading((TypicalCustomers(segment=named[0] if named else None),))
    return None


def read_saved(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read requests for saved segmentations: list them, switch to one."""
    text = " ".join(token.norm for token in sentence.tokens)
    if (
        "segmentation" in words
        and words & {"which", "list", "all", "saved", "have", "what"}
        and words & {"list", "saved", "exist", "have", "there"}
    ):
        return Reading((ListSegmentations(),))
    if text.startswith(("use ", "switch ", "go back to the ", "activate ", "take ")) or words & {
        "switch",
        "activate",
    }:
        name = next((name for name in catalog.segmentations if name.lower() in text), None)
        if name is None and "rfm" in words:
            name = next((name for name in catalog.segmentations if "rfm" in name.lower()), None)
        if name:
            return Reading((UseSegmentation(name=name),))
    return None


_PROFILE = cue("profile")  # fmt: skip


def read_profile(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "describe each segment", "who is in segment 2", "what sets Night owls apart"."""
    named = named_segments(sentence)
    if not named and wanted_number(sentence) and not words & cue("segment_talk"):
        return None
    plural = words & {"segment", "cluster"} and not (asks_to_make(sentence, words))
    if not (named or plural) or measures_something(sentence):
        return None
    others = [
        i for i in sentence.items if i.has("comparator") or i.values or (i.links and i.links[0].score > 0.8)
    ]
    if others or not words & _PROFILE and not (len(sentence.items) <= 2):
        return None
    return Reading((DescribeSegments(segment=named[0] if len(named) == 1 else None),))
