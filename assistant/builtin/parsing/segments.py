"""Reads requests about segments: finding them, rules, tiers, RFM, profiles, comparisons, why questions."""

from __future__ import annotations

from assistant.builtin.annotate import Sentence
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import read_quantity
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_questions import (
    read_comparison,
    read_eligibility,
    read_fairness,
    read_profile,
    read_rule_request,
    read_saved,
    read_typical,
    read_why,
)
from assistant.builtin.parsing.segment_rules import read_by_category, read_once_or_again, read_rules
from assistant.builtin.parsing.segment_tiers import read_rfm, read_tiers
from assistant.builtin.parsing.segment_words import (
    METHODS,
    NOUNS,
    VERBS,
    asks_to_make,
    free_words,
    is_plain_wish,
    wanted_number,
)
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.times import take_times
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request import (
    FindSegments,
    Outcome,
    Reading,
)


def read_segments(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read a request about segments; None if the sentence is about something else."""
    words = free_words(sentence, catalog)
    for reader in (
        read_eligibility,
        read_fairness,
        read_once_or_again,
        read_by_category,
        read_comparison,
        read_why,
        read_rule_request,
        read_typical,
        read_saved,
        read_rfm,
        _number_only,
        read_profile,
        read_tiers,
        read_rules,
        _find,
    ):
        found = reader(sentence, catalog, words)
        if found is not None:
            return found
    return None


def _number_only(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "3 segments", "5 clusters please"."""
    n = wanted_number(sentence)
    plain = [t for t in sentence.tokens if t.kind != "symbol"]
    first = read_quantity(sentence.tokens, 0)
    if (
        n
        and first
        and len(plain) <= 4
        and words & {"segment", "cluster", "group"}
        and not any(i.has("segment") or i.links for i in sentence.items)
    ):
        return Reading((FindSegments(n_segments=n),))
    return None


def _find(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Segment my customers into 5 groups by recency and spend, without age, only women"."""
    text = " ".join(token.norm for token in sentence.tokens)
    method_named = any(token.lemma in METHODS for token in sentence.tokens) or "k means" in text
    measuring = any(i.has("statistic") or i.has("count") or i.has("share") for i in sentence.items)
    if (
        measuring
        and not method_named
        and not any(
            f"{verb} my" in text or f"{verb} customers" in text or f"{verb} the customers" in text
            for verb in VERBS
        )
    ):
        return None
    short = (
        (len(sentence.tokens) <= 4 or method_named or is_plain_wish(sentence, catalog))
        and words & {"segment", "segmentation", "cluster", "clustering"}
        and not words & {"describe", "each", "the", "why", "compare", "size"}
    )
    if not (asks_to_make(sentence, words) or short):
        return None
    if not (words & (VERBS | NOUNS)):
        return None
    parts = Parts(sentence.fresh(), catalog)
    arguments: dict[str, object] = {}
    n = wanted_number(sentence)
    if n:
        arguments["n_segments"] = n
    method = next(
        (name for token in sentence.tokens for word, name in METHODS.items() if token.lemma == word), None
    )
    if method or "k means" in text or "k-means" in text:
        arguments["method"] = method or "kmeans"
    features, ignored = take_features(parts)
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
    where = for_customers(parts, parts.where) if catalog.has_features else parts.where
    if where:
        arguments["where"] = where
    cleaner = sentence.has("outliers")
    return Reading(
        (FindSegments.model_validate(arguments),),
        tuple(parts.notes),
        after="outliers_stay" if cleaner else "",
    )


def take_features(parts: Parts) -> tuple[list[str], list[str]]:
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
        if (
            item.has("by")
            or word in ("on", "using", "use")
            or (item.has("logic", "with") and word in ("using", "use", "on"))
        ):
            mode = mode if mode == "ignore" and word in ("using", "use") else "use"
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
        if name and set(before) & {"leave", "leaving", "drop", "omit", "skip", "ignore"}:
            mode = "ignore"
        following = parts.sentence.at(index + 1)
        compared = following is not None and (following.has("comparator") or following.has("comparator_age"))
        if name and mode and not compared and not item.used:
            item.used = True
            (wanted if mode == "use" else ignored).append(name)
    return list(dict.fromkeys(wanted)), list(dict.fromkeys(ignored))
