"""Checks words of more and less between two numbers or two groups of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from assistant.grounding.facts import SourcedFact, subjects_of
from assistant.grounding.sentences import Place, Sentence, Sources
from assistant.grounding.spoken_measures import spoken_names
from assistant.grounding.trends import against_trend

_MORE = (
    r"more|higher|larger|greater|bigger|above|longer|older|dearer|exceed(?:s|ing|ed)?|ahead of|outspends?|"
    r"outsells?|outperforms?|beats?|tops|surpass(?:es|ing)?|heavier|pricier|costlier"
)
_LESS = (
    r"less|fewer|lower|smaller|below|shorter|younger|cheaper|behind|trails?|short of|rarer|lags?(?: behind)?|"
    r"under"
)
_MORE_OR_LESS = re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:not|n't|no|neither|nor|recent\w*|better|worse|half|twice|double|triple|times|"
    r"than (?:expected|one)|"
    r"more or less|at least|at most|no (?:more|less)|rarely|seldom|or more|or less|and (?:above|below|"
    r"over))\b",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\b(?:than|above|below|ahead of|behind|exceed\w*|outs\w+|beats?|tops|surpass\w*|trails?|under)\b", re.I
)
_ENUMERATED = re.compile(
    r"\b(?:than|of|as|that in|to|above|below|over)\s+(?:the\s+)?[“\"*']*$", re.IGNORECASE
)
_About = Callable[[SourcedFact, frozenset[str]], bool]


class Orders:
    """Which of two groups has more, by the facts of an answer.

    Args:
        facts: All facts that may be quoted.
        about: Tells whether a fact is about some names.
    """

    def __init__(self, facts: Sequence[SourcedFact], about: _About) -> None:
        self._facts, self._about = facts, about

    def contradicted(self, sentence: Sentence, sources: Sources) -> set[Place]:
        """Return the places of numbers that stand in the wrong order for the sentence's words.

        Args:
            sentence: The sentence.
            sources: The fact that each of its numbers was traced to, or None.
        """
        return {
            *_between_numbers(sentence, sources),
            *self._between_names(sentence, sources),
            *against_trend(sentence, sources, self._facts),
        }

    def _between_names(self, sentence: Sentence, sources: Sources) -> Iterator[Place]:
        """Yield numbers of "A is more likely to leave than B: 8.5 % against 16.0 %"."""
        text = sentence.text
        for (left, _, end), (right, _, last), sign in _compared(sentence):
            for place, number in enumerate(sentence.numbers):
                source = sources[place]
                if source is None or number.start < end or re.search(r";|\.\s", text[last : number.start]):
                    continue
                if self._is_ordered(source, left, right) * sign < 0:
                    yield place

    def without_numbers(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """Yield start and end of "A is larger than B" where every fact that both have says the opposite."""
        if sentence.numbers or len(sentence.distinct) != 2:
            return
        for (left, first, _), (right, _, last), sign in _compared(sentence):
            spoken = spoken_names(
                sentence.without_names(), {(each.fact.name, each.fact.unit or "") for each in self._facts}
            )
            orders = [
                self._is_ordered(each, left, right)
                for each in self._facts
                if each.fact.name in spoken
                if not each.needs
                if self._about(each, frozenset({left}))
                if isinstance(each.fact.value, int | float)
            ]
            known = [order for order in orders if order]
            if known and all(order * sign < 0 for order in known):
                yield first, last

    def _is_ordered(self, source: SourcedFact, left: str, right: str) -> int:
        """Return 1 where the left group has more of what a fact measures, -1 where it has less, else 0."""
        one, other = frozenset({left}), frozenset({right})
        if not (self._about(source, one) or self._about(source, other)):
            return 0
        alike = [
            each
            for each in self._facts
            if each.fact.name == source.fact.name
            and each.step == source.step
            and not each.needs
            and isinstance(each.fact.value, int | float)
        ]
        beside = subjects_of(source.fact) - one - other
        first, second = (
            next(
                (_value(each) for each in alike if self._about(each, own) and _is_beside(each, beside, own)),
                None,
            )
            for own in (one, other)
        )
        if first is None or second is None or first == second:
            return 0
        return 1 if first > second else -1


def _between_numbers(sentence: Sentence, sources: Sources) -> Iterator[Place]:
    """Yield numbers of "18.3 %, slightly above the 20.3 %"."""
    text, numbers = sentence.text, sentence.numbers
    for place in range(len(numbers) - 1):
        one, other = sources[place], sources[place + 1]
        gap = text[numbers[place].end : numbers[place + 1].start]
        words = list(_MORE_OR_LESS.finditer(gap))
        if one is None or other is None or len(words) != 1 or _UNCLEAR.search(gap):
            continue
        if len(gap) > 60 or re.search(r"\d", gap):  # "31.7% with payments below 4, 7.4%"
            continue
        if "difference" in (numbers[place].kind, numbers[place + 1].kind) or re.search(r"[;.:]\s", gap):
            continue
        if not _SECOND.search(gap) or re.search(r"\band\b|\bbut\b", gap):
            continue
        if one.fact.name != other.fact.name or one.fact.unit != other.fact.unit:
            continue
        sign = 1 if words[0]["more"] else -1
        if sign * (_value(one) - _value(other)) < 0:
            yield place


def _compared(sentence: Sentence) -> Iterator[tuple[tuple[str, int, int], tuple[str, int, int], int]]:
    """Yield two names and 1 where the first is said to have more, -1 where it is said to have less."""
    text, names, numbers = sentence.text, sentence.names, sentence.numbers
    for left, right in pairwise(names):
        gap = text[left[2] : right[1]]
        between = list(_MORE_OR_LESS.finditer(gap))
        if (
            between
            and _ENUMERATED.search(text[: left[1]])
            and re.search(r"\band\b", gap[: between[0].start()])
        ):
            continue  # "twice that of A and 60% above B" compares neither with the other
        if left[0] == right[0] or re.search(r"[;.:]\s|\b(?:but|while|whereas)\b", gap):
            continue
        if any(n.kind in ("difference", "multiple") and left[2] <= n.start < right[1] for n in numbers):
            continue
        if between and re.match(r"\s*[₹$€£~]?\d", gap[between[0].end() :]):
            continue  # "just under 900" bounds a number
        if len(between) == 1 and not _UNCLEAR.search(gap) and _SECOND.search(gap):
            yield left, right, 1 if between[0]["more"] else -1
        elif not between and re.fullmatch(r"\W*(?:\w+\W+){0,3}than\b.{0,16}", gap):
            before = text[max(0, left[1] - 40) : left[1]]
            words = list(_MORE_OR_LESS.finditer(re.split(r"[.;:,(]", before)[-1]))
            if len(words) == 1 and not _UNCLEAR.search(before):
                yield left, right, 1 if words[0]["more"] else -1


def _is_beside(sourced: SourcedFact, beside: frozenset[str], name: frozenset[str]) -> bool:
    """Return whether a fact of a group is crossed with the same groups as another one."""
    return subjects_of(sourced.fact) - name == beside or not beside


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
