"""Says which statistic a number of a sentence is told to be, and finds a mean that is a median in truth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.grounding.facts import SourcedFact
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

# What a fact's name says -> the words that a sentence uses for it. Of one row only one can be true.
_RIVALS = (
    {"mean": r"mean|averages?|on average", "median": r"medians?", "total": r"totals?|sum"},
    {"min": r"lowest|smallest|minimum", "max": r"highest|largest|maximum"},
    {"expected": r"expected|predicted|forecast", "actual": r"came|actual(?:ly)?|happened"},
    {"serious": r"serious", "lesser": r"lesser|minor"},
)
_WORDS = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for row in _RIVALS for name, words in row.items()
}

# A statistic that something is only compared with: "dearer than average", "above the mean".
_COMPARED = re.compile(
    r"\b(?:than|above|below|over|under|beyond|against|versus|vs\.?|to|with|from|beats?|exceeds?)\s+(?:the\s+|its\s+|their\s+)?"
    r"(?:overall\s+|general\s+|usual\s+)?(?:averages?|mean|median)\b(?!\s*(?:of|is|was|=|:|\()?\s*[₹$€£]?\d)",
    re.IGNORECASE,
)
_EITHER = frozenset({"mean", "median"})  # of one row of numbers, hardly ever the same
_ALSO_MEAN = re.compile(r"(?:^|_)(?:average|avg|typical)(?:_|$)")
_HINTS = {
    "median": re.compile(r"\b(?:typical|usual|ordinary|normal|middle)\b", re.IGNORECASE),
    "max": re.compile(
        r"\b(?:(?:dear|long|old|rich|great|tall|heavi|costli|prici)est|most expensive|top|record)\b", re.I
    ),
    "min": re.compile(r"\b(?:(?:cheap|short|young|poor|light)est|least expensive)\b", re.IGNORECASE),
}
_JOINED = re.compile(
    r"[^.;:()]{0,30}(?:\band|,|\bagainst|\bversus|\bvs\.?|\bcompared (?:with|to))\s+\W{0,3}", re.IGNORECASE
)
_OPENS = re.compile(r"\W*on average,\s", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.(]|\b(?:and|while|but|against)\b")


def statistics_of(fact: Fact) -> frozenset[str]:
    """Return which statistics a fact's name tells."""
    words = set(_name(fact).split("_"))
    return frozenset(name for name in _WORDS if name in words)


def statistics_in(sentence: str) -> frozenset[str]:
    """Return which statistics a sentence speaks of."""
    return frozenset(name for name, words in _WORDS.items() if words.search(sentence))


@dataclass(frozen=True, slots=True)
class Named:
    """The statistic that a number is told to be, and whether its own words say so or those before it."""

    statistic: str
    by_itself: bool


def statistics_hinted(sentence: str) -> frozenset[str]:
    """Return which statistics a sentence may speak of, "the usual one" and "the dearest" among them."""
    hinted = frozenset(name for name, words in _HINTS.items() if words.search(sentence))
    return statistics_in(sentence) | hinted


class Statistics:
    """The statistics that the facts of an answer are.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._known = {(_name(sourced.fact), sourced.fact.scope) for sourced in facts}

    def told_of(self, text: str, numbers: Sequence[WrittenNumber]) -> list[Named]:
        """Return for each number the only statistic that its part of the sentence names, or ""."""
        told: list[Named] = []
        text = _COMPARED.sub(lambda match: "_" * len(match[0]), text)
        for place, number in enumerate(numbers):
            start = numbers[place - 1].end if place else 0
            end = numbers[place + 1].start if place + 1 < len(numbers) else len(text)
            before = statistics_in(_CLAUSE.split(text[start : number.start].rstrip(" *:(=₹$€£~≈"))[-1])
            behind = statistics_in(_CLAUSE.split(text[number.end : end])[0])
            named = before or behind or ({"mean"} if not place and _OPENS.match(text) else frozenset())
            found = next(iter(named)) if len(named) == 1 else ""
            if not named and told and _JOINED.fullmatch(text, numbers[place - 1].end, number.start):
                # "the median is 8 for men and 7 for women"; "8 and 5 visits" go on to something else
                goes_on = not number.noun.endswith("s") or number.noun == numbers[place - 1].noun
                told.append(Named(told[-1].statistic, told[-1].by_itself and goes_on))
                continue
            told.append(Named(found, bool(named)))
        return told

    def contradicts(self, candidates: Sequence[SourcedFact], told: Named) -> bool:
        """Return whether every fact that a number may stand for is the rival of one that was told."""
        if not told.statistic or not candidates:
            return False
        return all(self._is_rival(sourced.fact, told.statistic, told.by_itself) for sourced in candidates)

    def _is_rival(self, fact: Fact, told: str, by_itself: bool) -> bool:
        rivals = next(row for row in _RIVALS if told in row)
        own = statistics_of(fact) & set(rivals)
        if not own or told in own:
            return False
        if by_itself and {told} | own == _EITHER and not _ALSO_MEAN.search(fact.name):
            return True
        return any((_name(fact).replace(name, told), fact.scope) in self._known for name in own)


def _name(fact: Fact) -> str:
    """Return a fact's name, with one word for a sum and a total."""
    return fact.name.replace("sum_", "total_")
