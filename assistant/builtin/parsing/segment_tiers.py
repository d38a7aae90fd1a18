"""Reads wishes for tiers of one column and for RFM segments."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.edges import asks_for_edge
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_options import read_options
from assistant.builtin.parsing.segment_words import asks_to_make, speaks_of_customers
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import SegmentByRfm, SegmentByValue
from assistant.builtin.sentence import Item

_NTILES = {"quintile": 5, "quartile": 4, "tercile": 3, "tertile": 3, "third": 3, "decile": 10}
_SHARES = re.compile(r"\b\d{1,2}(?:\s*[/:,-]\s*\d{1,2}){1,5}\b")


def read_rfm(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read a wish for RFM segments."""
    worth = words & {"monetary", "value", "money", "spend", "amount", "revenue"}
    apart = words & {"ignore", "without", "not", "cluster", "only"}
    if "rfm" not in words and not ({"recency", "frequency"} <= words and worth and not apart):
        return None
    if words & {"what", "why", "mean", "explain", "difference", "stand"} and not words & cue("rfm_verb"):
        return None
    options = read_options(sentence.text, catalog)
    rest = annotate(options.text, catalog)
    scale = re.search(r"\b(?:1|one) ?(?:to|-|–) ?(?P<n>[345]|three|four|five)\b", options.text, re.IGNORECASE)
    levels = next(
        (int(i.number.value) for i in reversed(rest.items) if i.number and i.number.value in (3, 4, 5)), 5
    )
    levels = next((n for word, n in _NTILES.items() if word in words and n in (3, 4, 5)), levels)
    if scale:
        levels = {"three": 3, "four": 4, "five": 5}.get(scale["n"].lower()) or int(scale["n"])
    asked = {name: options.found[name] for name in ("reference_date", "name") if name in options.found}
    return Reading((SegmentByRfm.model_validate({"levels": levels, **asked}),))


def read_tiers(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "top 20% by spend as VIP", "gold, silver, bronze", "tiers by spend at 1000 and 5000"."""
    words = words - _in_names(sentence)
    if _asks_for_levels(sentence, words):
        return None
    if sentence.has("threshold") and not asks_to_make(sentence, words):
        return None  # where the top tenth begins is a number
    if not asks_to_make(sentence, words) and asks_for_edge(Parts(sentence.fresh(), catalog)):
        return None
    own = words if "by" in words else words - _in_values(sentence)
    tiers = own & cue("tier_noun")
    bands = (
        bool(words & {"class", "band", "bracket", "level"})
        and sum(i.number is not None for i in sentence.items) >= 2
        and not sentence.has("statistic")
    )
    by_ntile = (
        words & set(_NTILES)
        and "by" in words
        and not sentence.has("logic", "which")
        and len(sentence.items) <= 5
        and _measures_at_most_one(sentence, catalog)
    )
    making = asks_to_make(sentence, words) or words & cue("tier_verb")
    owned = not making and any("tier" in catalog.words_of[name] for name in catalog.loaded)
    wanted_tiers = {"tier", "tiering", "abc", "vip", "pareto"} - ({"tier"} if owned else set())
    asked = bands or by_ntile or bool(words & wanted_tiers)
    asked = asked or {"gold", "silver"} <= own
    percent = [i.number.value for i in sentence.items if i.number and i.number.unit == "%"]
    asks = sentence.has("count") or sentence.has("share") or sentence.has("how_much")
    if (
        asks
        and not {"segment", "tier"} & words
        or not (
            asked
            or (tiers and making and speaks_of_customers(sentence, words))
            or (
                percent and making and words & {"top", "bottom", "segment", "best", "rest"} and "top" in words
            )
        )
    ) and not (percent and "top" in words and _bare_top_share(sentence)):
        return None
    column = tier_column(sentence, catalog)
    names = [item.senses["quoted"] for item in sentence.items if item.has("quoted")]
    if not names:
        names = [
            word.capitalize() if word != "vip" else "VIP"
            for word in ("platinum", "gold", "silver", "bronze", "vip")
            if word in words
        ]
    quantiles = next((n for word, n in _NTILES.items() if word in words), None)
    listed = _SHARES.search(sentence.text)
    shares = [float(share) for share in re.split(r"\s*[/:,-]\s*", listed[0])] if listed else []
    if listed and 99 <= sum(shares) <= 101:
        percent = shares
        for item in sentence.items:
            item.used = item.used or item.text in listed[0]
    if len(percent) > 1 and 99 <= sum(percent) <= 101:
        percent = percent[:-1]  # the last tier is the rest
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
    if not any(arguments.get(key) for key in ("top_shares", "quantiles", "thresholds")) and words & {
        "abc",
        "pareto",
    }:
        arguments["value_shares"] = [80, 15] if "abc" in words else [80]
    if words & {"abc", "pareto"} and arguments.get("top_shares"):
        arguments["value_shares"] = arguments.pop("top_shares")  # shares of what is brought in, not of people
    wanted = 1 + max(len(percent), 0) if percent else arguments.get("quantiles") or len(numbers) + 1
    if len(names) != wanted:
        arguments["names"] = names if percent and len(names) == len(percent) + 1 else []
        if names and percent and len(names) == len(percent):
            arguments["names"] = [*names, "Everyone else"]
    return Reading((SegmentByValue.model_validate({k: v for k, v in arguments.items() if v is not None}),))


def _in_names(sentence: Sentence) -> set[str]:
    """Return the words inside names of columns and values: "classes booked" makes no classes."""
    named = [item for item in sentence.items if item.links and item.links[0].how == "name"]
    return {token.lemma for item in named for token in sentence.tokens[item.start : item.end]}


def _in_values(sentence: Sentence) -> set[str]:
    """Return the words inside cell contents: "gold and silver" of a column of levels."""
    valued = [item for item in sentence.items if item.values]
    return {token.lemma for item in valued for token in sentence.tokens[item.start : item.end]}


def _asks_for_levels(sentence: Sentence, words: set[str]) -> bool:
    """Tell whether "deciles of balance" and "80th percentile of spend" ask for numbers, not for segments."""
    if words & (cue("tier_verb") | {"segment", "tier"}):
        return False
    levels = [item for item in sentence.items if _is_level(item) and item.end < len(sentence.tokens)]
    people = {item.start for item in sentence.items if item.has("entity", "customer")}
    levels = [item for item in levels if not {item.end + 1, item.end + 2} & people]  # "quartiles of shippers"
    behind = {sentence.tokens[item.end].norm for item in levels}
    return "of" in behind or any(item.has("part_word", "percentile") for item in sentence.items)


def _is_level(item: Item) -> bool:
    return item.has("part_word") or item.has("statistic", "quartiles")


def _measures_at_most_one(sentence: Sentence, catalog: Catalog) -> bool:
    """Tell whether nothing else is measured: "spend by balance quartile" asks for numbers."""
    parts = Parts(sentence, catalog)
    named = {i.links[0].column for i in sentence.items if i.links and parts.is_measurable(i.links[0].column)}
    statistic = any(item.has("statistic") and not _is_level(item) for item in sentence.items)
    asked = statistic or sentence.has("share") or sentence.has("count")
    return len(named) <= 1 and not asked


def _bare_top_share(sentence: Sentence) -> bool:
    """Tell whether "top 20% by spend" stands alone, which asks for that tier rather than for a number."""
    return (
        not any(
            item.has("statistic") or item.has("count") or item.has("share") or item.has("how_much")
            for item in sentence.items
        )
        and len(sentence.items) <= 8
    )


def tier_column(sentence: Sentence, catalog: Catalog) -> str | None:
    """Return the number of customers that a sentence ranks them by; None leaves it to the tool."""
    parts = Parts(sentence.fresh(), catalog)
    for item in parts.sentence.items:
        if item.has("feature") and catalog.feature(item.senses["feature"]):
            return str(item.senses["feature"])
        if item.links and parts.is_measurable(item.links[0].column) and not item.has("entity"):
            return parts.as_feature(item.links[0].column)
        if item.has("condition_verb", "spent") and parts.amount:
            return parts.as_feature(parts.amount)
    return None
