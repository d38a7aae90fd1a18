"""Checks words of rise and fall against two numbers of a sentence, and against a series of the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.grounding.directions import DOWN, UP
from assistant.grounding.facts import SourcedFact
from assistant.grounding.sentences import Place, Sentence, Sources
from assistant.grounding.written_numbers import WrittenNumber

_LINK = re.compile(
    r"\b(?:compared (?:with|to)|from|against|versus|vs\.?|after|up on|down on|instead of)\b", re.I
)
_IS_LENGTH = re.compile(
    r"[\s-]+(?:full\s+)?(?:months?|quarters?|weeks?|years?|days?|periods?)\b", re.IGNORECASE
)
_DURING = re.compile(
    r"\b(?:over|during|across|throughout|for)\s+(?:the\s+|all\s+)?(?:past\s+|last\s+)?$", re.I
)
_EACH = re.compile(r"\b(?:every|each|without exception)\b", re.IGNORECASE)
_STEADY = re.compile(
    r"\b(?:steadily|continuous\w*|consistent\w*|constant\w*|uninterrupted\w*|monoton\w*)\b", re.I
)
_OF_SERIES = re.compile(
    r"\b(?:sales|revenue|takings|turnover|orders?|rides?|purchases|transactions?|amount|volume|income|business|trend|"
    r"spend(?:ing)?|bookings?|number|visits?|deliveries|sign-?ups?|listeners|gifts|donations|they|it|total)\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not|no|never|if|would|could|might|may|should|but|while|although|except|before|after|"
    r"until|then|however|up to|back up|make up|add up|forecast|expect\w*|almost|mostly|slow\w*|"
    r"level\w*|growth|per customer|per head)\b|n['’]t\b|\?",
    re.IGNORECASE,
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


def trends_without_number(sentence: Sentence, facts: Sequence[SourcedFact]) -> Iterator[tuple[int, int]]:
    """Yield start and end of "sales declined steadily" where the only series of the facts went the other way.

    Args:
        sentence: The sentence; a way that is told with an amount is checked by it.
        facts: All facts that may be quoted.
    """
    series = _series_of(facts)
    text = sentence.text
    told = [
        each
        for each in sentence.numbers
        if not (_IS_LENGTH.match(text, each.end) and _DURING.search(text[: each.start]))
    ]
    verbs = [(1, match) for match in UP.finditer(text)] + [(-1, match) for match in DOWN.finditer(text)]
    if len(series) != 1 or told or len(verbs) != 1 or _UNSURE.search(text):
        return
    values = series[0]
    spoken = sorted({name for name, _, _ in sentence.names})
    if any(not _ISO.match(name) for name in spoken) or not _OF_SERIES.search(text):
        return
    days = _days_spoken(spoken, sorted(values))
    if len(days) < 2:
        return
    sign, verb = verbs[0]
    steps = [sign * (values[day] - values[before]) for before, day in pairwise(days)]
    whole = sign * (values[days[-1]] - values[days[0]])
    wrong = (
        min(steps) < 0
        if _EACH.search(text)
        else sum(step < 0 for step in steps) > 1
        if _STEADY.search(text)
        else False
    )
    if whole < 0 or wrong:
        end = re.compile(r"\s+\w+ly\b").match(text, verb.end())
        yield verb.start(), end.end() if end else verb.end()


def _series_of(facts: Sequence[SourcedFact]) -> list[dict[str, float]]:
    found: dict[tuple[str, str], dict[str, float]] = {}
    for each in facts:
        fact = each.fact
        if (
            _ISO.fullmatch(fact.scope)
            and not each.needs
            and isinstance(fact.value, int | float)
            and not each.origin
        ):
            found.setdefault((fact.name, fact.unit or ""), {}).setdefault(fact.scope, _value(each))
    return [values for values in found.values() if len(values) > 2]


def _days_spoken(spoken: Sequence[str], days: Sequence[str]) -> Sequence[str]:
    """Return the periods of a series that a sentence speaks of; one alone is set against the one before."""
    if not spoken:
        return days
    if len(spoken) == 1:
        first, _, last = spoken[0].partition(" to ")
        inside = [day for day in days if first <= day <= (last or first)]
        earlier = [day for day in days if day < first]
        return inside if last else [*earlier[-1:], *inside]
    return [day for day in days if spoken[0][:10] <= day <= spoken[-1][-10:]]


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
