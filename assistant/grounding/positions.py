"""Says at which place of a distribution a sentence puts a number: "a quarter lie below" is percentile 25."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.facts import SourcedFact
from assistant.grounding.written_numbers import WrittenNumber, numbers_in
from tools.core import Fact

_NAMES = re.compile(r"(?P<word>median|min|max|percentile_(?P<part>\d+))(?:_|$)")
_OF_WORD = {"median": 50.0, "min": 0.0, "max": 100.0}
_MIDDLE = re.compile(r"\bmiddle\s+(?P<part>half|\d+(?:\.\d+)?\s?(?:%|per\s?cent))", re.IGNORECASE)
_LOWEST = re.compile(r"\b(?:lowest|smallest|minimum|cheapest|least expensive|youngest|shortest)\b", re.I)
_HIGHEST = re.compile(r"\b(?:highest|largest|biggest|maximum|dearest|most expensive|oldest|longest)\b", re.I)
_RUNS = re.compile(
    r"\b(?:runs?|ranges?|ranging|spans?|spread|var(?:y|ies)|extends?|stretch(?:es)?|goes?|values|anywhere)\b"
    r"(?:[^.;()]|\.\d){0,40}?(?P<end>\bfrom|\bto|\bup to)\s+\W*$",
    re.IGNORECASE,
)
_QUARTILES = re.compile(r"\b(?:iqr|inter-?quartile)\b(?:[^;.,]|[.,]\d)*$", re.IGNORECASE)
_MEDIAN = re.compile(r"\b(?:median|typical|middle)\b", re.IGNORECASE)
_BELOW = re.compile(
    r"\b(?:below|under|less than|fewer than|at most|up to|cheaper|lower|no more than|"
    r"younger|shorter|smaller)\b",
    re.I,
)
_ABOVE = re.compile(
    r"\b(?:above|over|more than|exceeds?|at least|upwards of|higher|dearer|older|longer|larger|bigger)\b",
    re.I,
)


def position_of(fact: Fact) -> float | None:
    """Return the percentile that a fact is, from 0 for a minimum to 100 for a maximum; None for others."""
    match = _NAMES.match(fact.name)
    if match is None:
        return None
    return float(match["part"]) if match["part"] else _OF_WORD[match["word"]]


def positions_told(text: str, number: WrittenNumber, known: frozenset[float]) -> frozenset[float]:
    """Return the percentiles that a sentence may speak of with a number; empty where it names none.

    Args:
        text: The sentence.
        number: One of its numbers.
        known: The percentiles that the facts are.
    """
    before, behind = text[: number.start], text[number.end :]
    middle = _MIDDLE.search(before)
    if middle:
        half = _part(middle["part"]) / 2
        return frozenset({50 - half, 50 + half})
    if _QUARTILES.search(before):
        return frozenset({25.0, 75.0})
    if run := _RUNS.search(before):
        return frozenset({0.0 if run["end"].lower() == "from" else 100.0})
    clause = re.split(r"[;:(]|,\s|\b(?:while|but|whereas|against)\b|\band (?:the|half|an?)\b", before)[-1]
    side = 1 if _BELOW.search(clause) else -1 if _ABOVE.search(clause) else 0
    parts = [each for each in numbers_in(before) if each.percent]
    if side and parts and parts[-1].end <= number.start:
        part = parts[-1].value
        position = part if side > 0 else 100 - part
        return frozenset({position} & known)
    for words, position in ((_LOWEST, 0.0), (_HIGHEST, 100.0), (_MEDIAN, 50.0)):
        if words.search(clause) and not side and not re.match(r"\W*(?:of|per)\b", behind):
            return frozenset({position})
    return frozenset()


def divides(text: str, number: WrittenNumber) -> bool:
    """Return whether a sentence says which part lies beyond a number: "half wait longer than"."""
    before = text[: number.start]
    clause = re.split(r"[;:(]|,\s", before)[-1]
    return bool(_BELOW.search(clause) or _ABOVE.search(clause)) and any(
        each.percent for each in numbers_in(clause)
    )


def contradicts_position(fact: Fact, told: frozenset[float], divided: bool = False) -> bool:
    """Return whether a fact is another percentile than the sentence speaks of.

    Args:
        fact: What a number may stand for.
        told: The percentiles that the sentence may speak of.
        divided: Whether the sentence says which part lies beyond the number.
    """
    own = position_of(fact)
    if own is None and divided and told and fact.name.startswith("mean_"):
        return True  # half lie above the median, not above the mean
    return bool(told) and own is not None and all(abs(own - each) > 0.5 for each in told)


def quantile_for(number: WrittenNumber, text: str, facts: Sequence[SourcedFact]) -> SourcedFact | None:
    """Return the quantile of which a part speaks: "half cost less than 663" where 663 is the median.

    Args:
        number: A part, such as "half" or "5 %".
        text: The sentence.
        facts: All facts that may be quoted.
    """
    if not number.percent:
        return None
    side = text[number.end :]
    if not (_BELOW.search(side) or _ABOVE.search(side) or re.search(r"\bbetween\b", side)):
        return None
    for sourced in facts:
        position = position_of(sourced.fact)
        if position is not None and any(
            number.low <= each <= number.high for each in (position, 100 - position)
        ):
            return sourced
    return None


def _part(written: str) -> float:
    return 50.0 if written.lower() == "half" else float(re.sub(r"[^\d.]", "", written))
