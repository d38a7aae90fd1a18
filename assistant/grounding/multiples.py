"""Checks a multiple that is told of a value before it: "Station's 238,900 EUR is three times Hill's"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from assistant.grounding.facts import SourcedFact
from assistant.grounding.sentences import Place, Sentence

_IS = re.compile(
    r"[\s*)]*(?:[A-Za-z%]+\s+){0,3}?(?:(?:is|are|was|were|makes?|comes? to|amounts? to|equals?),?\s+|"
    r"(?:[A-Za-z%]+)?(?:,|\s[–—])\s+)"
    r"(?:well\s+|just\s+)?(?:more than|over|about|around|roughly|almost|nearly|some|at least|less than|"
    r"under|only|close to|not even)?\s*\W{0,2}",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\s+(?:(?:as\s+\w+|higher|larger|more)\s+(?:as|than)\s+)?"
    r"(?:(?:that|those|the \w+|what)\s+(?:of|in|for)\s+)?(?:the\s+)?[“\"*']*",
    re.IGNORECASE,
)
_SLACK = 0.02


def multiple_of_told(
    sentence: Sentence,
    place: Place,
    held: Sequence[Sequence[SourcedFact]],
    facts: Sequence[SourcedFact],
    about: Callable[[SourcedFact, frozenset[str]], bool],
) -> SourcedFact | Literal[False] | None:
    """Return what a multiple follows from where it compares the value before it with a group named behind it.

    Args:
        sentence: The sentence.
        place: Of the multiple.
        held: For each number before it the facts that it may stand for.
        facts: All facts that may be quoted.
        about: Tells whether a fact is about some names.

    Returns:
        A fact, False where it is another multiple of that value, None where nothing of the kind is told.
    """
    number, text = sentence.numbers[place], sentence.text
    if number.kind != "multiple" or not place or not held[place - 1]:
        return None
    if not _IS.fullmatch(text, sentence.numbers[place - 1].end, number.start):
        return None
    name = next((name for name, start, _ in sentence.names if _OF.fullmatch(text, number.end, start)), "")
    rivals = [
        (own, other)
        for own in held[place - 1]
        for other in facts
        if name
        and (other.fact.name, other.fact.unit) == (own.fact.name, own.fact.unit)
        and about(other, frozenset({name}))
        and not other.needs
        and not about(own, frozenset({name}))
        and _is_number(own)
        and _is_number(other)
        and _value(other)
    ]
    for own, other in rivals:
        ratio = _value(own) / _value(other)
        if number.low * (1 - _SLACK) <= ratio <= number.high * (1 + _SLACK):
            return own
    return False if rivals else None


def _is_number(sourced: SourcedFact) -> bool:
    return isinstance(sourced.fact.value, int | float) and not isinstance(sourced.fact.value, bool)


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
