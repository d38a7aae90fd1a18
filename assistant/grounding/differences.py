"""Knows the words by which one number is told as the difference of two others, and percentages beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Literal

from assistant.grounding.facts import SourcedFact, subjects_of
from assistant.grounding.written_numbers import WrittenNumber

if TYPE_CHECKING:
    from assistant.grounding.derivation import Told

_MORE = (
    r"more|higher|larger|greater|bigger|ahead|above|over|exceed(?:s|ed|ing)?|beats?|tops?|outsells?|outspends?|"
    r"lead(?:s|ing)?|surpass\w*|longer|older|dearer"
)
_LESS = r"less|fewer|lower|smaller|below|behind|short(?: of)?|under|trails?|lags?|shorter|younger|cheaper"
_COMPARES = re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|of)\s+\W*(?:\w+\s+){0,2}\W*$", re.IGNORECASE)
_POINTS = re.compile(r"\W{0,2}(?:percentage\s+)?(?:points?|pp)\b", re.IGNORECASE)
_APPOSITION = re.compile(
    r"[^.;()]{0,45}?\W*(?:\(|,|[–—]|\bor\b)\W*(?:(?:that is|that.s|i\.e\.|which is|or|about|around|roughly|"
    r"some|nearly|almost|just|over|plus|well|a good|good|a full|an extra|equal to)[\s,:]+)*\W{0,2}",
    re.IGNORECASE,
)


def comparing(number: WrittenNumber, text: str) -> re.Match[str] | None:
    """Return the word that compares by a number: "680 more than", "ahead of that by 680"."""
    after = _COMPARES.search(text, number.end, number.end + 25)
    if after or not _BY.search(text[: number.start]):
        return after
    before = list(_COMPARES.finditer(text, max(0, number.start - 70), number.start))
    return before[-1] if before else None


def announces_difference(number: WrittenNumber, text: str) -> bool:
    """Return whether a number is told as a difference between two others."""
    return not number.percent and comparing(number, text) is not None


def is_in_apposition(percent: WrittenNumber, difference: WrittenNumber, text: str) -> bool:
    """Return whether a percentage says in other words how much a difference is: "270 more (36%)"."""
    return (
        percent.percent
        and not _POINTS.match(text, difference.end)
        and percent.kind != "part"
        and announces_difference(difference, text)
        and _APPOSITION.fullmatch(text, difference.end, percent.start) is not None
    )


def relative_of(
    percent: WrittenNumber, difference: WrittenNumber, text: str, mentioned: Sequence[SourcedFact], told: Told
) -> SourcedFact | Literal[False] | None:
    """Return the greater of two facts of which one number is the difference and the other its part of one.

    Args:
        percent: The part, of what the other fact was compared with.
        difference: The difference.
        text: The sentence, without names.
        mentioned: Facts that it may speak of.
        told: What it says of the difference.

    Returns:
        A fact, False where facts have that difference and none has that part, None where none has it.
    """
    word = comparing(difference, text)
    values = {each: _value(each) for each in mentioned if _is_number(each) and not each.needs}
    found = False
    for first, second in permutations(list(values)[:80], 2):
        apart = values[first] - values[second]
        alike = first.fact.unit == second.fact.unit and first.step == second.step
        if not alike or not difference.low <= abs(apart) <= difference.high or not values[second]:
            continue
        if not _are_rivals(first, second) or not _are_named(first, second, told):
            continue
        if word is None or (apart > 0) != bool(word["more"]):
            continue
        found = True
        if percent.low <= 100.0 * abs(apart) / abs(values[second]) <= percent.high:
            return first
    return False if found else None


def _are_rivals(first: SourcedFact, second: SourcedFact) -> bool:
    """Return whether two facts are the same of two groups, or two statistics of one."""
    return (first.fact.name == second.fact.name) != (first.fact.scope == second.fact.scope)


def _are_named(first: SourcedFact, second: SourcedFact, told: Told) -> bool:
    named = told.names | told.spoken
    abouts = [subjects_of(each.fact) for each in (first, second)]
    return all(not about or bool(about & named) for about in abouts)


def _is_number(sourced: SourcedFact) -> bool:
    return isinstance(sourced.fact.value, int | float) and not isinstance(sourced.fact.value, bool)


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
