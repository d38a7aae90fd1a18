"""Reads requests about segments: finding them, rules, tiers, RFM, profiles, comparisons, why questions."""

from __future__ import annotations

from assistant.builtin.annotate import Item, Sentence
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain, read_quantity
from assistant.builtin.parsing.conditions import take_conditions, take_flags
from assistant.builtin.parsing.data_questions import _for_customers
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.times import take_times
from assistant.builtin.request import (
    CheckEligibility, CheckFairness, CompareSegmentations, CompareSegments, DescribeSegments, ExplainSegments,
    FindSegments, ListSegmentations, Outcome, PredictValue, Reading, Reply, RuleSegment, SegmentByRfm, SegmentByRules,
    SegmentByValue, TypicalCustomers, UseSegmentation, WriteRule,
)  # fmt: skip

_VERBS = {"segment", "cluster", "group", "classify", "divide", "split", "partition", "segmentation", "clustering", "categorise", "categorize", "bucket", "segmenting", "clusters", "groupings", "tier", "personas", "persona", "split up"}
_NOUNS = {"segment", "cluster", "persona", "segmentation", "clustering", "group", "tier"}
_METHODS = {
    "kmean": "kmeans", "k-mean": "kmeans", "kmeans": "kmeans", "gaussian": "gaussian_mixture", "mixture": "gaussian_mixture",
    "gmm": "gaussian_mixture", "hierarchical": "hierarchical", "agglomerative": "hierarchical", "ward": "hierarchical",
    "density": "density", "dbscan": "density", "hdbscan": "density",
}  # fmt: skip


def read_segments(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read a request about segments; None if the sentence is about something else."""
    words = _free_words(sentence, catalog)
    for reader in (_eligibility, _fairness, _once_or_again, _by_category, _comparison, _why, _rule_text, _typical, _saved, _rfm, _number_only, _profile, _tiers, _rules, _find):
        found = reader(sentence, catalog, words)
        if found is not None:
            return found
    return None


def _free_words(sentence: Sentence, catalog: Catalog) -> set[str]:
    """Return the words that are no part of a column's name: "loyalty tier" is a column, no wish for tiers."""
    words = sentence.words()
    for item in sentence.items:
        own = item.links and item.links[0].score > 0.66 and item.links[0].column in catalog.loaded
        if own and not catalog.segments and not item.has("segment") and item.text.lower() not in ("segments", "clusters", "tiers"):
            named = set(catalog.words_of[item.links[0].column]) | {"segment", "tier"}
            inside = {token.lemma for token in sentence.tokens[item.start : item.end]}
            if inside & named & (_NOUNS | {"segmentation"}):
                words -= inside
    return words


def _segment_words(words: set[str]) -> bool:
    return bool(words & (_NOUNS - {"group"}))


def _named(sentence: Sentence) -> list[str]:
    """Return the segments that a sentence names; "segments 2 and 3" names two."""
    named = [item.senses["segment"] for item in sentence.items if item.has("segment")]
    for index, item in enumerate(sentence.items):
        plural = item.has("segment") and item.text.lower().split()[0] in ("segments", "clusters", "groups", "tiers")
        alone = item.has("entity", "segment")
        if not plural and not alone:
            continue
        at = index + 1
        while (after := sentence.at(at)) and (after.has("logic", "and", "or", "to", "with") or after.number or after.has("compare") or _letter(after)):
            if after.number and after.number.unit is None:
                named.append(str(int(after.number.value)))
            elif _letter(after):
                named.append(after.text)
            at += 1
    return list(dict.fromkeys(named))


def _letter(item: Item) -> bool:
    return len(item.text) == 1 and item.text.isalpha() and item.text.isupper() and item.text != "I"


def _eligibility(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Which customers are about to churn?", "how much will each customer be worth": only where data can carry it."""
    text = " ".join(token.norm for token in sentence.tokens)
    future = words & {"will", "predict", "prediction", "forecast", "future", "expected", "likely", "risk", "probability", "tomorrow", "soon"} or "about to" in text or "going to" in text or "next year" in text or "next month" in text or "at risk" in text or "next quarter" in text
    churn = words & {"churn", "attrition", "leave", "lapse", "quit", "defect", "lose", "churning", "churner"}
    value = words & {"clv", "ltv", "cltv"} or "lifetime value" in text or ("worth" in words and future) or ("lifetime" in words and "value" in words)
    fits = words & {"fit", "suitable", "enough", "suit", "eligible", "possible", "carry", "work", "feasible", "appropriate"}
    if "rfm" in words and ("cluster" in words or "clustering" in words or "kmean" in words) and (" or " in text or " vs " in text or "better" in words or "versus" in words):
        return Reading((CheckEligibility(method="rfm"), CheckEligibility(method="segments")))
    models = words & {"nbd", "btyd"} or "gamma gamma" in text or "buy till you die" in text or ("expected" in words and words & {"purchase", "order", "transaction"})
    if value or models:
        span = catalog.span
        if catalog.has_features and span and (span.last - span.first).days >= 180:
            return Reading((PredictValue(horizon_days=_horizon(sentence)),))
    if models:
        return Reading((CheckEligibility(method="lifetime_value"),))
    if value and not (catalog.link_column(("lifetime", "value")) and not future):
        return Reading((CheckEligibility(method="lifetime_value"),))
    outcome = bool([c for c in catalog.columns.values() if c.role == "outcome"]) or any(
        link.how == "name" for link in catalog.link_column(("churn",))
    )
    if churn and (future or not outcome) and not (outcome and not future):
        if not future and not any(word in words for word in ("churn", "churner", "attrition", "churning")):
            return None
        return Reading((CheckEligibility(method="churn"),))
    if "rfm" in words and (fits or "can" in words and "?" in sentence.text) and words & {"do", "data", "fit", "suitable", "enough", "use", "possible", "carry", "can"} and "segment" not in words:
        if fits or text.startswith(("can i", "can we", "is rfm", "does")):
            return Reading((CheckEligibility(method="rfm"),))
    if _segment_words(words) and fits and words & {"data", "there"} and words & {"natural", "enough", "suitable", "fit", "eligible", "carry"}:
        return Reading((CheckEligibility(method="segments"),))
    if text.startswith(("will ", "what will ", "predict ", "forecast ", "how will ", "who will ", "can you predict", "can you forecast")):
        return Reply("refused", "no_prediction", {"what": "what will happen"}, _trend_choices(catalog))
    if future and words & {"buy", "spend", "purchase", "sale", "revenue", "amount", "sell", "earn", "balance", "transaction"}:
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


def _fairness(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    if not words & {"fair", "fairness", "bias", "biased", "discriminate", "discriminatory", "discrimination", "unfair", "discriminating"}:
        return None
    protected = next((i.links[0].column for i in sentence.items if i.links and catalog.columns[i.links[0].column].protected), None)
    return Reading((CheckFairness(column=protected),))


def _comparison(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    text = " ".join(token.norm for token in sentence.tokens)
    cue = words & {"compare", "difference", "differ", "different", "versus", "vs", "distinguish", "comparison", "distinguishe", "contrast", "apart", "same", "similar"} or "apart" in text
    named = _named(sentence)
    if cue and len(named) >= 2 and not _measures_something(sentence):
        return Reading((CompareSegments(first=named[0], second=named[1]),))
    if cue and catalog.segments and not _measures_something(sentence):
        numbers = [str(int(i.number.value)) for i in sentence.items if i.number and i.number.unit is None]
        if len(numbers) == 2 and all(1 <= int(n) <= len(catalog.segments) for n in numbers) and not named:
            return Reading((CompareSegments(first=numbers[0], second=numbers[1]),))
    segmentations = [name for name in catalog.segmentations if name.lower() in sentence.text.lower()]
    if cue and len(segmentations) >= 2:
        return Reading((CompareSegmentations(first=segmentations[0], second=segmentations[1]),))
    if cue and ({"segmentation", "segmentations", "version"} & words) and len(catalog.segmentations) >= 2 and not named:
        first, second = catalog.segmentations[-2:]
        return Reading((CompareSegmentations(first=first, second=second),))
    if cue and words & {"segment", "cluster"} and not named and not _measures_something(sentence) and "why" not in words:
        return Reading((DescribeSegments(),))
    return None


def _measures_something(sentence: Sentence) -> bool:
    return any(item.has("statistic") or item.has("count") or item.has("share") for item in sentence.items) or any(
        item.links and item.links[0].score > 0.95 and not item.has("segment") for item in sentence.items
    )


def _why(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Why four segments and not six?", "would 3 be better?", "are there natural groups?"."""
    text = " ".join(token.norm for token in sentence.tokens)
    number = next((int(i.number.value) for i in sentence.items if i.number and i.number.unit is None), None)
    numbers = [int(i.number.value) for i in sentence.items if i.number and i.number.unit is None]
    numbers += [int(i.senses["segment"]) for i in sentence.items if i.has("segment") and str(i.senses["segment"]).isdigit() and i.text.lower().startswith(("segments",))]
    why = "why" in words or "how come" in text or "what if" in text or "reason" in words or "how did you choose" in text or "how did you decide" in text
    only_numbers = why and numbers and all(i.number or i.has("logic") or i.has("order") for i in sentence.items)
    if only_numbers:
        return Reading((ExplainSegments(n_segments=numbers[-1] if "not" in words or len(numbers) == 1 and numbers[0] != len(catalog.segments) else None),))
    about = _segment_words(words) or "group" in words or "many" in words or "number" in words
    natural = words & {"natural", "naturally", "real", "really", "stable", "trust", "robust", "reliable", "valid", "trustworthy", "significant", "solid"} and words & {"segment", "cluster", "group", "segmentation"}
    how_many = "how many" in text and words & {"segment", "cluster", "group"} and words & {"should", "best", "optimal", "right", "good", "ideal", "natural", "make", "sense", "there"}
    if natural and not _named(sentence) or how_many:
        if how_many and "there" in words and catalog.segments and not words & {"should", "best", "optimal", "right", "natural"}:
            return Reading((DescribeSegments(),))
        return Reading((ExplainSegments(),))
    if why and "not" in words and about and numbers:
        return Reading((ExplainSegments(n_segments=numbers[-1]),))
    if why and about and ("many" in words or number is not None or "number" in words or words & {"choose", "chose", "pick", "decide", "those", "these"}) and not _measures_something_else(sentence):
        target = number if number is not None and number != len(catalog.segments) else None
        return Reading((ExplainSegments(n_segments=target),))
    if about and number and words & {"better", "instead", "would"} and words & {"better", "worse"}:
        return Reading((ExplainSegments(n_segments=number),))
    return None


def _measures_something_else(sentence: Sentence) -> bool:
    return any(item.has("statistic") for item in sentence.items)


def _rule_text(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    asks = words & {"rule", "sql", "crm", "definition", "define", "criterion", "criteria"}
    if not asks or not (words & {"give", "write", "rule", "sql", "show", "what", "get", "how", "export", "need"}):
        return None
    if words & {"segment", "cluster"} and any(item.has("comparator") for item in sentence.items):
        return None
    named = _named(sentence)
    quoted = next((item.senses["quoted"] for item in sentence.items if item.has("quoted")), None)
    if named or quoted or words & {"segment", "cluster"}:
        return Reading((WriteRule(segment=named[0] if named else quoted),))
    return None


def _typical(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    typical = words & {"typical", "representative", "prototype", "prototypical", "example", "exemplar"}
    named = _named(sentence)
    if typical and (words & {"customer", "member", "people", "person", "client"}) and (words & {"segment", "cluster"} or named):
        return Reading((TypicalCustomers(segment=named[0] if named else None),))
    return None


def _saved(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    text = " ".join(token.norm for token in sentence.tokens)
    if "segmentation" in words and words & {"which", "list", "all", "saved", "have", "what"} and words & {"list", "saved", "exist", "have", "there"}:
        return Reading((ListSegmentations(),))
    if text.startswith(("use ", "switch ", "go back to the ", "activate ", "take ")) or words & {"switch", "activate"}:
        name = next((name for name in catalog.segmentations if name.lower() in text), None)
        if name is None and "rfm" in words:
            name = next((name for name in catalog.segmentations if "rfm" in name.lower()), None)
        if name:
            return Reading((UseSegmentation(name=name),))
    return None


def _once_or_again(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Split buyers into one-time and repeat": two segments by rule."""
    kinds = {item.senses["condition_verb"] for item in sentence.items if item.has("condition_verb", "repeat", "single")}
    wish = words & {"segment", "split", "divide", "cluster", "classify", "group"}
    if len(kinds) < 2 or not wish or not catalog.has_features or any(i.has("statistic") or i.has("count") or i.has("share") for i in sentence.items):
        return None
    once = RuleSegment(name="Bought once", where=[condition("n_transactions", "equal", 1)])
    again = RuleSegment(name="Bought again", where=[condition("n_transactions", "above", 1)])
    return Reading((SegmentByRules(segments=[once, again]),))


def _number_only(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"3 segments", "5 clusters please"."""
    n = _wanted_number(sentence)
    plain = [t for t in sentence.tokens if t.kind != "symbol"]
    first = read_quantity(sentence.tokens, 0)
    if n and first and len(plain) <= 4 and words & {"segment", "cluster", "group"} and not any(i.has("segment") or i.links for i in sentence.items):
        return Reading((FindSegments(n_segments=n),))
    return None


def _by_category(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Segments by InternetService", "use the contract type as segments": one segment for each value."""
    if not words & {"segment", "segmentation", "cluster"} or any(i.has("statistic") or i.has("count") or i.has("share") or i.has("comparator") for i in sentence.items):
        return None
    named = [i for i in sentence.items if i.links and not i.has("entity") and i.links[0].score > 0.7]
    if len(named) != 1 or len(sentence.tokens) > 10 or not words & {"by", "as", "per", "on", "use", "using", "each"}:
        return None
    column = catalog.columns[named[0].links[0].column]
    values = [value for value, _ in column.values]
    if column.kind != "text" or not 2 <= len(values) <= 12 or (column.n_distinct or 0) != len(values):
        return None
    segments = [RuleSegment(name=value, where=[condition(column.name, "equal", value)]) for value in values]
    return Reading((SegmentByRules(segments=segments, otherwise="(missing)"),), (f"One segment for each value of **{column.name}**.",))


_PROFILE = {"describe", "profile", "profiles", "explain", "characterise", "characterize", "who", "portrait", "description", "summary", "summarise", "summarize", "characteristic", "stand", "about", "detail", "what", "overview", "tell", "show", "list", "look", "interpret", "mean", "recommend", "do", "name", "action", "size", "personas", "big", "large", "table", "see"}  # fmt: skip


def _profile(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Describe each segment", "who is in segment 2", "what sets Night owls apart", "what should I do with them"."""
    named = _named(sentence)
    plural = words & {"segment", "cluster"} and not (_asks_to_make(sentence, words))
    if not (named or plural) or _measures_something(sentence):
        return None
    others = [i for i in sentence.items if i.has("comparator") or i.values or (i.links and i.links[0].score > 0.8)]
    if others or not words & _PROFILE and not (len(sentence.items) <= 2):
        return None
    return Reading((DescribeSegments(segment=named[0] if len(named) == 1 else None),))


def _asks_to_make(sentence: Sentence, words: set[str]) -> bool:
    """Tell whether segments are to be made rather than talked about."""
    text = " ".join(token.norm for token in sentence.tokens)
    making = words & {"make", "create", "find", "build", "form", "discover", "identify", "divide", "classify", "partition", "do", "run", "propose", "suggest", "detect", "into", "again", "generate", "produce", "derive", "redo", "recompute", "rerun", "want", "give"}
    for verb in ("segment", "cluster", "group", "split", "divide", "classify", "partition"):
        for owner in ("my", "our", "the", "these", "them", "all", "customers", "clients", "people", "users", "shoppers", "members", "this", "into", "by", "on", "using", "everyone", "again", "passengers", "cardholders", "data", "only", "women", "men"):
            if f"{verb} {owner}" in text and not (owner in ("by", "on", "only", "using", "into", "again") and verb in ("group", "split", "divide")):
                return True
    if "customer segment" in text or "segments of customers" in text:
        return bool(making - {"do"})
    return bool(making - {"do", "again", "give", "want"}) and bool(words & {"segment", "cluster", "segmentation", "clustering", "group", "persona", "tier"})


def _customers(sentence: Sentence, words: set[str]) -> bool:
    return bool(words & {"customer", "client", "people", "user", "shopper", "member", "buyer", "passenger", "cardholder", "them", "base", "everyone", "subscriber", "person", "flyer", "consumer", "data"})


def _rfm(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    text = " ".join(token.norm for token in sentence.tokens)
    if "rfm" not in words and "recency frequency" not in text and not {"recency", "frequency", "monetary"} <= words:
        return None
    if words & {"what", "why", "mean", "explain", "difference", "stand"} and not words & {"segment", "do", "run", "score", "my", "our", "customer"}:
        return None
    levels = next((int(i.number.value) for i in sentence.items if i.number and i.number.value in (3, 4, 5)), 5)
    return Reading((SegmentByRfm.model_validate({"levels": levels}),))


def _tiers(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Top 20% by spend as VIP", "gold, silver, bronze", "quartiles of balance", "tiers by spend at 1000 and 5000"."""
    text = " ".join(token.norm for token in sentence.tokens)
    tiers = words & {"class", "bracket", "level", "tier", "gold", "silver", "bronze", "platinum", "vip", "quintile", "quartile", "tercile", "decile", "abc", "pareto", "band", "tertile", "third"}
    bands = bool(words & {"class", "band", "bracket", "level"}) and sum(i.number is not None for i in sentence.items) >= 2 and not sentence.has("statistic")
    cue = bands or bool(words & {"tier", "tiering", "abc", "vip"}) or {"gold", "silver"} <= words
    percent = [i.number.value for i in sentence.items if i.number and i.number.unit == "%"]
    making = _asks_to_make(sentence, words) or words & {"make", "create", "segment", "split", "divide", "tier", "call", "label", "put", "group", "class", "classify", "rank"}
    asks = sentence.has("count") or sentence.has("share") or sentence.has("how_much")
    if asks and not {"segment", "tier"} & words or not (cue or (tiers and making and _customers(sentence, words)) or (percent and making and words & {"top", "bottom", "segment", "best", "rest"} and "top" in words)):
        if not (percent and "top" in words and _bare_top_share(sentence)):
            return None
    column = _tier_column(sentence, catalog)
    names = [item.senses["quoted"] for item in sentence.items if item.has("quoted")]
    if not names:
        names = [word.capitalize() if word != "vip" else "VIP" for word in ("platinum", "gold", "silver", "bronze", "vip") if word in words]
    quantiles = next((n for word, n in (("quintile", 5), ("quartile", 4), ("tercile", 3), ("tertile", 3), ("decile", 10)) if word in words), None)
    numbers = [plain(i.number.value) for i in sentence.items if i.number and i.number.unit in (None, "money")]
    arguments: dict[str, object] = {"column": column, "names": names}
    if percent:
        arguments["top_shares"] = [plain(value) for value in percent]
    elif quantiles:
        arguments["quantiles"] = quantiles
    elif len(numbers) == 1 and 2 <= numbers[0] <= 10:
        arguments["quantiles"] = int(numbers[0])
    elif numbers:
        edges = sorted(set(numbers))
        arguments["thresholds"] = [edge for edge in edges if edge + 1 not in edges]
        numbers = list(arguments["thresholds"])  # type: ignore[call-overload]
    elif names:
        arguments["quantiles"] = len(names) if len(names) > 1 else None
    if not any(arguments.get(key) for key in ("top_shares", "quantiles", "thresholds")) and words & {"abc", "pareto"}:
        arguments["top_shares"] = [20, 50]
    wanted = 1 + max(len(percent), 0) if percent else arguments.get("quantiles") or len(numbers) + 1
    if len(names) != wanted:
        arguments["names"] = names if percent and len(names) == len(percent) + 1 else []
        if names and percent and len(names) == len(percent):
            arguments["names"] = [*names, "Everyone else"]
    return Reading((SegmentByValue.model_validate({k: v for k, v in arguments.items() if v is not None}),))


def _bare_top_share(sentence: Sentence) -> bool:
    """Tell whether "top 20% by spend" stands alone, which asks for that tier rather than for a number."""
    return not any(item.has("statistic") or item.has("count") or item.has("share") or item.has("how_much") for item in sentence.items) and len(sentence.items) <= 8


def _tier_column(sentence: Sentence, catalog: Catalog) -> str | None:
    parts = Parts(sentence.fresh(), catalog)
    for item in parts.sentence.items:
        if item.has("feature") and catalog.feature(item.senses["feature"]):
            return str(item.senses["feature"])
        if item.links and parts.is_measurable(item.links[0].column) and not item.has("entity"):
            return parts.as_feature(item.links[0].column)
        if item.has("condition_verb", "spent") and parts.amount:
            return parts.as_feature(parts.amount)
    return None


def _rules(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Make a segment 'Sleepers': balance above 1 lakh and nothing bought for 60 days"."""
    if not words & {"segment", "group", "define", "tag", "rule", "label", "call", "put", "audience"}:
        return None
    if not (":" in sentence.text or words & {"make", "create", "define", "build", "call", "label", "with", "where", "who", "customer", "put", "rule", "tag", "new", "add", "whose", "of"}):
        return None
    pieces = _clauses(sentence)
    segments: list[RuleSegment] = []
    notes: list[str] = []
    for text in pieces:
        from assistant.builtin.annotate import annotate

        piece = annotate(text, catalog, customer_level=True)
        parts = Parts(piece, catalog)
        parts.customers_table = True
        take_times(parts)
        take_conditions(parts)
        take_flags(parts)
        where = _for_customers(parts, parts.where) if catalog.has_features else parts.where
        if where:
            segments.append(RuleSegment(name=_name_of(piece, where), where=where))
            notes += parts.notes
    named = [segment for segment in segments if segment.name != "Selected customers"]
    colon = ":" in sentence.text and words & {"segment", "group"}
    explicit = colon or words & {"define", "call", "label", "tag", "rule", "audience"} or named or "segment" in words and words & {"create", "make", "build", "new", "add"}
    if not segments or not explicit or not any(i.has("comparator") or i.values or i.links or i.has("condition_verb") or i.has("comparator_after") for i in sentence.items):
        return None
    if {"only"} & words and not named or words & {"by"} and not named and len(segments) == 1 and not words & {"where", "who", "whose", "with"}:
        return None
    return Reading((SegmentByRules(segments=segments),), tuple(dict.fromkeys(notes)))


def _clauses(sentence: Sentence) -> list[str]:
    """Cut a sentence before every quoted name but the first."""
    starts = [token.start for token in sentence.tokens if token.kind == "quoted"]
    if len(starts) < 2:
        return [sentence.text]
    leading = sentence.text[: starts[0]].strip().split()
    names_last = leading and leading[-1].lower() in ("as", "call", "called", "them", "named", "name") and any(ch.isdigit() for ch in sentence.text[: starts[0]])
    if names_last:
        ends = [token.end for token in sentence.tokens if token.kind == "quoted"]
        return [sentence.text[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    bounds = [0, *starts[1:], len(sentence.text)]
    return [sentence.text[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]


def _name_of(piece: Sentence, where: list[object]) -> str:
    quoted = next((token.text for token in piece.tokens if token.kind == "quoted"), None)
    if quoted:
        return quoted
    for index, token in enumerate(piece.tokens):
        if token.norm in ("called", "named", "call", "label") and index + 1 < len(piece.tokens):
            rest = []
            for word in piece.tokens[index + 1 :]:
                if word.norm in ("them", "it", "these", "this"):
                    continue
                if word.norm in ("with", "for", "where", "who", "whose", "having", "are", "if", "all", "everyone", "customers", "the", "as") or word.kind == "symbol":
                    break
                rest.append(word.text)
            if rest:
                return " ".join(rest)
    del where
    return "Selected customers"


def _find(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """"Segment my customers into 5 groups by recency and spend, without age, only women"."""
    text = " ".join(token.norm for token in sentence.tokens)
    method_named = any(token.lemma in _METHODS for token in sentence.tokens) or "k means" in text
    measuring = any(i.has("statistic") or i.has("count") or i.has("share") for i in sentence.items)
    if measuring and not method_named and not any(f"{verb} my" in text or f"{verb} customers" in text or f"{verb} the customers" in text for verb in _VERBS):
        return None
    short = (len(sentence.tokens) <= 4 or method_named or _plain_wish(sentence, catalog)) and words & {"segment", "segmentation", "cluster", "clustering"} and not words & {"describe", "each", "the", "why", "compare", "size"}
    if not (_asks_to_make(sentence, words) or short):
        return None
    if not (words & (_VERBS | _NOUNS)):
        return None
    parts = Parts(sentence.fresh(), catalog)
    arguments: dict[str, object] = {}
    n = _wanted_number(sentence)
    if n:
        arguments["n_segments"] = n
    method = next((name for token in sentence.tokens for word, name in _METHODS.items() if token.lemma == word), None)
    if method or "k means" in text or "k-means" in text:
        arguments["method"] = method or "kmeans"
    features, ignored = _features(parts)
    arguments |= {"features": features, "ignore": ignored}
    smallest = next((i.number.value for i in sentence.items if i.number and i.number.unit == "%"), None)
    if smallest and words & {"least", "smallest", "minimum", "smaller", "than", "below"}:
        arguments["smallest_share"] = smallest / 100
        for item in parts.sentence.items:
            if item.number and item.number.unit == "%" or item.has("comparator") or item.has("superlative"):
                item.used = True
    for item in parts.sentence.items:
        if item.number and n and int(item.number.value) == n:
            item.used = True
    parts.customers_table = catalog.has_features
    take_times(parts)
    take_conditions(parts)
    if words & {"only", "just"} or "who" in words or "with" in words or "for" in words:
        take_flags(parts)
    where = _for_customers(parts, parts.where) if catalog.has_features else parts.where
    if where:
        arguments["where"] = where
    cleaner = sentence.has("outliers")
    return Reading((FindSegments.model_validate(arguments),), tuple(parts.notes), after="outliers_stay" if cleaner else "")


def _plain_wish(sentence: Sentence, catalog: Catalog) -> bool:
    """Tell whether a sentence holds a number of segments and nothing that is measured: "give me five segments"."""
    strong = [i for i in sentence.items if i.links or i.values or i.has("segment") or i.has("comparator")]
    return _wanted_number(sentence) is not None and not strong


def _wanted_number(sentence: Sentence) -> int | None:
    """Return the number before "segments" or after "into"."""
    for index, token in enumerate(sentence.tokens):
        found = read_quantity(sentence.tokens, index)
        if not found or found[0].unit is not None or not 1 <= found[0].value <= 50:
            continue
        after = sentence.tokens[found[1]].lemma if found[1] < len(sentence.tokens) else ""
        further = sentence.tokens[found[1] + 1].lemma if found[1] + 1 < len(sentence.tokens) else ""
        before = sentence.tokens[index - 1].norm if index else ""
        nouns = _NOUNS | {"part", "bucket", "class", "type", "piece", "category", "customer"}
        if after in nouns or further in nouns or before in ("into", "exactly", "in", "to", "with", "k") or (before == "=" and token.kind == "number"):
            if after in ("year", "day", "month"):
                continue
            return int(found[0].value)
    return None


def _features(parts: Parts) -> tuple[list[str], list[str]]:
    """Return the features to use ("by", "on", "using") and those to leave out ("without", "ignore")."""
    wanted: list[str] = []
    ignored: list[str] = []
    mode = ""
    for index, item in enumerate(parts.sentence.items):
        word = item.text.lower()
        if item.has("logic", "not"):
            mode = "ignore"
            item.used = True
            continue
        if item.has("by") or word in ("on", "using", "use") or (item.has("logic", "with") and word in ("using", "use", "on")):
            mode = "use"
            continue
        if item.has("comparator") or item.has("comparator_age"):
            mode = ""
        name = None
        if item.has("feature"):
            name = str(item.senses["feature"])
        elif item.links and not item.has("entity", "customer"):
            name = parts.as_feature(item.links[0].column)
        elif item.has("condition_verb", "spent") and parts.amount:
            name = parts.as_feature(parts.amount)
        before = [t.norm for t in parts.sentence.tokens[max(0, item.start - 3) : item.start]]
        if name and not mode and set(before) & {"on", "using", "based", "upon"}:
            mode = "use"
        following = parts.sentence.at(index + 1)
        compared = following is not None and (following.has("comparator") or following.has("comparator_age"))
        if name and mode and not compared and not item.used:
            item.used = True
            (wanted if mode == "use" else ignored).append(name)
    return list(dict.fromkeys(wanted)), list(dict.fromkeys(ignored))
