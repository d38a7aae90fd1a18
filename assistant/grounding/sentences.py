"""Holds one sentence of an answer in the check: its words, its numbers and whom they are told of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.grounding.facts import SourcedFact
from assistant.grounding.layout import Stretch
from assistant.grounding.written_numbers import UNITS, WORDS, WrittenNumber

_IS_WORTH = re.compile(
    r"\b(?:worth|equals?|equivalent to|as much as|as many as)\s+"
    r"(?:(?:about|almost|nearly|roughly|some|around|over|more than|approximately|just|only)\s+){0,2}$",
    re.IGNORECASE,
)
_FOR_EVERY = re.compile(
    r"\bfor (?:every|each)\s+(?!\d|hundred|ten)[^.;:\d]{3,40}?\s"
    r"(?:there (?:are|is|were)|we (?:see|have|count))\s+"
    r"(?:(?:about|almost|nearly|roughly|some|around|over|more than)\s+)?$",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\s+(?:[A-Z][\w-]*\s+)?[A-Za-z-]*s\b(?!\s*%)")
_END = rf"(?P<end>{'|'.join(UNITS[2:13])}|\d{{1,2}}(?:\.\d)?)"
_FROM = re.compile(rf"{_END}\s+(?:to|or)\s+$", re.IGNORECASE)
_TO = re.compile(rf"\s+(?:to|or)\s+{_END}\b", re.IGNORECASE)
Place = int  # of a number in its sentence
Sources = Sequence[SourcedFact | None]  # by place, the fact that each number was traced to


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer, or a cell of a table.

    Attributes:
        stretch: Its words and where they stand.
        numbers: Its numbers; positions within the sentence.
        told: For each number the names that it is told of, empty where that is not plain.
        names: Name, start and end of each name of a fact's subject.
    """

    stretch: Stretch
    numbers: Sequence[WrittenNumber]
    told: Sequence[frozenset[str]]
    names: Sequence[tuple[str, int, int]]

    @property
    def text(self) -> str:
        """The words."""
        return self.stretch.text

    @property
    def distinct(self) -> frozenset[str]:
        """The names, each once."""
        return frozenset(name for name, _, _ in self.names)

    def without_names(self, letter: str = "_") -> str:
        """Blank the names: a column called "minimum payments" puts no number at the minimum."""
        text = self.text
        for _, start, end in self.names:
            text = text[:start] + letter * (end - start) + text[end:]
        return text


def as_multiple(number: WrittenNumber, text: str) -> WrittenNumber:
    """Let "worth almost six Team contracts" be six times as much as one, "as four to five" between these."""
    if number.percent or number.currency or number.kind not in ("word", "amount") or number.value > 100:
        return number
    lower, upper = _FROM.search(text[: number.start]), _TO.match(text, number.end)
    start, end = lower.start() if lower else number.start, upper.end() if upper else number.end
    is_worth = _IS_WORTH.search(text[:start]) and _OF_THEM.match(text, end)
    if not is_worth and not _FOR_EVERY.search(text[:start]):
        return number
    ends = [number.value, *(_value(match["end"]) for match in (lower, upper) if match)]
    low, high = 0.92 * min(ends), 1.08 * max(ends)
    return replace(number, kind="multiple", low=min(number.low, low), high=max(number.high, high))


def _value(written: str) -> float:
    return float(WORDS.get(written.lower()) or written)


def with_noun_before(number: WrittenNumber, text: str) -> WrittenNumber:
    """Let "members (31)" count members."""
    before = re.search(r"([A-Za-z]+s)[*_\s]*\(\W*$", text[: number.start])
    if number.noun or number.percent or number.currency or "." in number.text or before is None:
        return number
    return replace(number, noun=before[1].lower()) if re.match(r"\s*[),;]", text[number.end :]) else number
