"""Checks over which time a change is told: from one named period to another, or within so many months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.grounding.facts import SourcedFact
from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.written_numbers import WORDS
from tools.core import Fact

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAIR = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
_IS_CHANGE = re.compile(r"^change(?:_pct)?$")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.3, "year": 365.25}
_LENGTH = re.compile(
    r"\b(?:in|within|over|during|inside|after)\s+"
    r"(?:(?:only|just|about|less than|the|a|matter|space|course|of|past|last|under|"
    rf"barely|roughly|full)\s+){{0,4}}(?:(?P<n>\d{{1,2}}|one|single|{'|'.join(list(WORDS)[1:])})[\s-]+)?"
    r"(?:single\s+|full\s+|calendar\s+)?"
    rf"(?P<unit>{'|'.join(_DAYS)})s?\b(?!\s+(?:ago|before|earlier))",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\b(?:\w+est|most|worst|best|record|maximum|peak|no (?:\w+ )?(?:rise|fall|drop)|never|at most)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:[Ss]ince|[Aa]fter)\s+(?:the\s+)?[A-Z]")
_BOTH_ENDS = re.compile(
    r"\b(?:from|between|since|to|until|till|through|and|after|compared|against|versus|vs)\b|[-–]", re.I
)


class Spans:
    """The periods of the series among the facts of an answer.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._days = sorted({each.fact.scope for each in facts if _ISO.fullmatch(each.fact.scope)})

    def contradicts(self, fact: Fact, sentence: Sentence, place: Place) -> bool:
        """Return whether a change is told of another stretch of time than its own.

        Args:
            fact: What a number may stand for.
            sentence: The sentence.
            place: Of the number.
        """
        if re.match(r"largest_(?:rise|fall)$", fact.name):
            return not (_SUPERLATIVE.search(sentence.text) or _SINCE.search(sentence.text))
        if not _IS_CHANGE.match(fact.name) or len(self._days) < 3:
            return False
        pairs = self._pairs_of(fact)
        if not pairs:
            return False
        told = self.told_in(sentence, place)
        if told and told not in pairs:
            return True
        length = _length_told(sentence.text)
        return length is not None and not any(self._lasts(pair, length) for pair in pairs)

    def told_in(self, sentence: Sentence, place: Place) -> tuple[str, str] | None:
        """Return the first and the last of the two periods that a sentence names for a change."""
        number = sentence.numbers[place]
        clause = re.split(r"[;]|\.\s", sentence.text[: number.start])[-1]
        start = number.start - len(clause)
        end = re.compile(r"[;]|\.\s|$").search(sentence.text, number.end).start()  # type: ignore[union-attr]
        named = [
            (name, first, last)
            for name, first, last in sentence.names
            if start <= first < end and _ISO.fullmatch(name[:10]) and len(name) in (10, 24)
        ]
        if len(named) != 2 or any(len(name) != 10 for name, _, _ in named):
            return None
        (one, _, one_end), (two, two_start, _) = named
        others = [each for each in sentence.numbers if each is not number and start <= each.start < end]
        gap = sentence.text[one_end:two_start]
        if one == two or others or not _BOTH_ENDS.search(gap) or len(gap) > 30:
            return None
        return min(one, two), max(one, two)

    def within(self, sentence: Sentence, place: Place, mentioned: Sequence[SourcedFact]) -> list[SourcedFact]:
        """Return facts without those of a series at other periods than a sentence names for a change."""
        told = self.told_in(sentence, place)
        if told is None:
            return list(mentioned)
        return [
            each for each in mentioned if each.fact.scope in told and not _IS_CHANGE.match(each.fact.name)
        ]

    def _pairs_of(self, fact: Fact) -> list[tuple[str, str]]:
        """Return the two periods between which a change may lie, in every way that its scope leaves open."""
        pair = _PAIR.fullmatch(fact.scope)
        if pair:
            return [(pair[1], pair[2])]
        if fact.scope.startswith("last two"):
            return [(self._days[-2], self._days[-1])]
        if fact.scope not in self._days:
            return []
        place, ago = self._days.index(fact.scope), f"{int(fact.scope[:4]) - 1}{fact.scope[4:]}"
        before = [self._days[place - 1]] if place else []
        return [(day, fact.scope) for day in {*before, *([ago] if ago in self._days else [])}]

    def _lasts(self, pair: tuple[str, str], length: float) -> bool:
        """Return whether a stretch lasts so many days, with or without its last period."""
        one, two = (date.fromisoformat(day) for day in pair)
        period = min(
            (date.fromisoformat(b) - date.fromisoformat(a)).days
            for a, b in zip(self._days, self._days[1:], strict=False)
        )
        between = (two - one).days
        return 0.85 * between - 2 <= length <= 1.15 * (between + period) + 2


def _length_told(text: str) -> float | None:
    """Return how many days a sentence says that something took, None where it does not tell."""
    match = _LENGTH.search(text)
    if match is None or (match["n"] is None and not re.search(r"\b(?:a|one|single)\b[^.]*$", match[0], re.I)):
        return None
    n = (match["n"] or "one").lower()
    count = 1.0 if n in ("one", "single") else float(WORDS.get(n) or n)
    return count * _DAYS[match["unit"].lower()]
