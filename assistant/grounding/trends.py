"""Checks words of rise and fall against two numbers of a sentence, and against a series of the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.directions import DOWN, UP
from assistant.grounding.facts import SourcedFact
from assistant.grounding.sentences import Place, Sentence, Sources
from assistant.grounding.written_numbers import WrittenNumber

_LINK = re.compile(
    r"\b(?:compared (?:with|to)|from|against|versus|vs\.?|after|up on|down on|instead of)\b", re.I
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def against_trend(sentence: Sentence, sources: Sources, facts: Sequence[SourcedFact]) -> Iterator[Place]:
    """Yield the places of numbers of "rose from 5 to 4", "rose to 4, after 5" and "rose to 4" after 5.

    Args:
        sentence: The sentence.
        sources: The fact that each of its numbers was traced to, or None.
        facts: All facts that may be quoted.
    """
    text, numbers = sentence.text, sentence.numbers
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
