"""Checks which of two statistics of one thing is said to be more: "the median lies above the mean"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.facts import SourcedFact, subjects_of
from assistant.grounding.sentences import Sentence

_MEAN = r"mean|averages?"
_MEDIAN = r"median|typical|usual|middle (?:value|one)"
_WORD = re.compile(rf"\b(?:(?P<mean>{_MEAN})|(?P<median>{_MEDIAN}))\b", re.IGNORECASE)
_MORE = r"higher|larger|greater|bigger|more|above|exceed\w*|over|beyond|tops|longer|older|dearer|ahead of"
_LESS = r"lower|smaller|less|below|under|beneath|short of|shorter|younger|cheaper|behind|trails"
_ORDER = re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:not|no|never|neither|nor|half|twice|times|far from|if|would|could|says?|tells?|matters|useful|"
    r"than \d)\b|n['’]t\b|[;?]",
    re.I,
)
_STATISTIC = re.compile(r"^(?P<statistic>mean|median)(?:_(?P<column>\w+))?$")


def wrong_order(sentence: Sentence, facts: Sequence[SourcedFact]) -> Iterator[tuple[int, int]]:
    """Yield start and end of an order of mean and median that every pair of facts contradicts.

    Args:
        sentence: The sentence.
        facts: All facts that may be quoted.
    """
    text = sentence.text
    found = list(_WORD.finditer(text))
    for one, other in zip(found, found[1:], strict=False):
        gap = text[one.end() : other.start()]
        orders = list(_ORDER.finditer(gap))
        if bool(one["mean"]) == bool(other["mean"]) or len(orders) != 1 or _UNCLEAR.search(gap):
            continue
        if re.search(r"\bof\b|\bfor\b|\bin\b", gap[: orders[0].start()]) and len(gap) > 60:
            continue
        pairs = list(_pairs(facts, sentence))
        sign = 1 if orders[0]["more"] else -1
        sign = sign if one["mean"] else -sign
        if pairs and all((mean - median) * sign < 0 for mean, median in pairs):
            yield one.start(), other.end()


def _pairs(facts: Sequence[SourcedFact], sentence: Sentence) -> Iterator[tuple[float, float]]:
    """Yield mean and median of one column and group: a named one, or that of a number of the sentence."""
    known: dict[tuple[str, str, int], dict[str, SourcedFact]] = {}
    for each in facts:
        match = _STATISTIC.match(each.fact.name)
        if match and isinstance(each.fact.value, int | float) and not each.needs:
            key = (match["column"] or "", each.fact.scope, each.step)
            known.setdefault(key, {}).setdefault(match["statistic"], each)
    both = [each for each in known.values() if len(each) == 2]
    named = [each for each in both if subjects_of(each["mean"].fact) & sentence.distinct]
    if not named:
        numbers = [number for number in sentence.numbers if not number.percent]
        named = [
            each
            for each in both
            if any(n.low <= _value(one) <= n.high for n in numbers for one in each.values())
        ]
    for pair in named or both:
        yield _value(pair["mean"]), _value(pair["median"])


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
