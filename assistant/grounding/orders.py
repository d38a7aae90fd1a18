"""Checks words of more and less, and of rise and fall, between two numbers or two groups of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from assistant.grounding.directions import DOWN, UP
from assistant.grounding.facts import SourcedFact, subjects_of
from assistant.grounding.measures import measure_of, measures_in
from assistant.grounding.written_numbers import WrittenNumber

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
_LINK = re.compile(
    r"\b(?:compared (?:with|to)|from|against|versus|vs\.?|after|up on|down on|instead of)\b", re.I
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_About = Callable[[SourcedFact, frozenset[str]], bool]


def contradicted(
    text: str,
    numbers: Sequence[WrittenNumber],
    sources: Sequence[SourcedFact | None],
    names: Sequence[tuple[str, int, int]],
    facts: Sequence[SourcedFact],
    about: _About,
) -> set[int]:
    """Return the places of numbers that stand in the wrong order for the sentence's words.

    Args:
        text: The sentence.
        numbers: Its numbers.
        sources: The fact that each was traced to, or None.
        names: Name, start and end of each name in the sentence.
        facts: All facts that may be quoted.
        about: Tells whether a fact is about some names.
    """
    return {
        *_between_numbers(text, numbers, sources),
        *_between_names(text, numbers, sources, names, facts, about),
        *_trends(text, numbers, sources, facts),
    }


def _between_numbers(
    text: str, numbers: Sequence[WrittenNumber], sources: Sequence[SourcedFact | None]
) -> Iterator[int]:
    """Yield numbers of "18.3 %, slightly above the 20.3 %"."""
    for place in range(len(numbers) - 1):
        one, other = sources[place], sources[place + 1]
        gap = text[numbers[place].end : numbers[place + 1].start]
        words = list(_MORE_OR_LESS.finditer(gap))
        if one is None or other is None or len(words) != 1 or _UNCLEAR.search(gap) or len(gap) > 60:
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


def _between_names(
    text: str,
    numbers: Sequence[WrittenNumber],
    sources: Sequence[SourcedFact | None],
    names: Sequence[tuple[str, int, int]],
    facts: Sequence[SourcedFact],
    about: _About,
) -> Iterator[int]:
    """Yield numbers of "A is more likely to leave than B: 8.5 % against 16.0 %"."""
    for (left, _, end), (right, _, last), sign in _compared(text, names, numbers):
        for place, number in enumerate(numbers):
            source = sources[place]
            if source is None or number.start < end or re.search(r";|\.\s", text[last : number.start]):
                continue
            if _is_ordered(source, left, right, facts, about) * sign < 0:
                yield place


def without_numbers(
    text: str,
    numbers: Sequence[WrittenNumber],
    names: Sequence[tuple[str, int, int]],
    facts: Sequence[SourcedFact],
    about: _About,
) -> Iterator[tuple[int, int]]:
    """Yield start and end of "A is larger than B" where every fact that both have says the opposite."""
    if numbers or len({name for name, _, _ in names}) != 2:
        return
    for (left, first, _), (right, _, last), sign in _compared(text, names, numbers):
        measured = measures_in(text)
        orders = [
            _is_ordered(each, left, right, facts, about)
            for each in facts
            if not measured or measure_of(each.fact) in measured
            if not each.needs
            if about(each, frozenset({left}))
            if isinstance(each.fact.value, int | float)
        ]
        known = [order for order in orders if order]
        if known and all(order * sign < 0 for order in known):
            yield first, last


def _compared(
    text: str, names: Sequence[tuple[str, int, int]], numbers: Sequence[WrittenNumber]
) -> Iterator[tuple[tuple[str, int, int], tuple[str, int, int], int]]:
    """Yield two names and 1 where the first is said to have more, -1 where it is said to have less."""
    for left, right in pairwise(names):
        gap = text[left[2] : right[1]]
        between = list(_MORE_OR_LESS.finditer(gap))
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


def _is_ordered(
    source: SourcedFact, left: str, right: str, facts: Sequence[SourcedFact], about: _About
) -> int:
    """Return 1 where the left group has more of what a fact measures, -1 where it has less, else 0."""
    one, other = frozenset({left}), frozenset({right})
    if not (about(source, one) or about(source, other)):
        return 0
    alike = [
        each
        for each in facts
        if each.fact.name == source.fact.name
        and each.step == source.step
        and not each.needs
        and isinstance(each.fact.value, int | float)
    ]
    beside = subjects_of(source.fact) - one - other
    first = next((_value(each) for each in alike if about(each, one) and _is_beside(each, beside, one)), None)
    second = next(
        (_value(each) for each in alike if about(each, other) and _is_beside(each, beside, other)), None
    )
    if first is None or second is None or first == second:
        return 0
    return 1 if first > second else -1


def _is_beside(sourced: SourcedFact, beside: frozenset[str], name: frozenset[str]) -> bool:
    """Return whether a fact of a group is crossed with the same groups as another one."""
    return subjects_of(sourced.fact) - name == beside or not beside


def _trends(
    text: str,
    numbers: Sequence[WrittenNumber],
    sources: Sequence[SourcedFact | None],
    facts: Sequence[SourcedFact],
) -> Iterator[int]:
    """Yield numbers of "rose from 5 to 4", "rose to 4, compared with 5" and "rose to 4" after 5."""
    for place, number in enumerate(numbers):
        before = text[: number.start]
        verb = _last_verb(before)
        if verb is None:
            continue
        sign, end = verb
        between = before[end:]
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        if re.fullmatch(r"[^.;\d]{0,30}\bfrom\s+\W*", between, re.I) and following:
            gap = text[number.end : following.start]
            to = re.fullmatch(r"(?:[^.;\d]|\d{4}){0,40}\bto\s+\W*", gap, re.I)
            if to and _alike(number, following) and sign * (following.value - number.value) < 0:
                yield place + 1
        elif re.fullmatch(
            r"(?:\s+(?:in|during)\s+[\w ]{2,20},?)?\s+(?:back\s+|slightly\s+|again\s+|further\s+|sharply\s+)*"
            r"to\s+(?:about\s+|around\s+)?\W*",
            between,
            re.I,
        ):
            gap = text[number.end : following.start] if following else ""
            if following and _LINK.search(gap) and len(gap) < 60 and _alike(number, following):
                if sign * (number.value - following.value) < 0:
                    yield place
            elif _is_unlike_before(
                sources[place], sign, facts, bool(re.match(r"\s+(?:in|during)\s", between))
            ):
                yield place


def _is_unlike_before(
    source: SourcedFact | None, sign: int, facts: Sequence[SourcedFact], since_the_last: bool
) -> bool:
    """Return whether a value of a series went the other way since the day before and since the first.

    Args:
        source: The value.
        sign: 1 where the sentence says that it rose, -1 where it fell.
        facts: All facts that may be quoted.
        since_the_last: Whether the sentence speaks of the period alone: "rose in May to 5".
    """
    if source is None or not _ISO.fullmatch(source.fact.scope):
        return False
    series = {
        each.fact.scope: _value(each)
        for each in facts
        if each.fact.name == source.fact.name
        and _ISO.fullmatch(each.fact.scope)
        and isinstance(each.fact.value, int | float)
    }
    earlier = sorted(day for day in series if day < source.fact.scope)
    return bool(earlier) and all(
        sign * (_value(source) - series[day]) < 0
        for day in (earlier[-1:] if since_the_last else (earlier[0], earlier[-1]))
    )


def _last_verb(before: str) -> tuple[int, int] | None:
    found = [(1, match.end()) for match in UP.finditer(before)]
    found += [(-1, match.end()) for match in DOWN.finditer(before)]
    return max(found, key=lambda each: each[1]) if found else None


def _alike(one: WrittenNumber, other: WrittenNumber) -> bool:
    return one.percent == other.percent and one.kind == other.kind


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
