"""Says whether a number is how far two places of a distribution lie apart, such as its quartiles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.grounding.facts import SourcedFact
from assistant.grounding.positions import position_of
from assistant.grounding.written_numbers import WrittenNumber

_QUARTILES = re.compile(
    r"\b(?:iqr|inter-?quartile|(?:between|separate) the (?:two )?quartiles|quartiles (?:lie|are|stand)|"
    r"middle (?:half|50\s?%)\s+(?:spans?|covers?|stretch\w*|is|extends?))\b",
    re.IGNORECASE,
)
_EXTREMES = re.compile(
    r"\b(?:(?:full|whole|total|entire) (?:range|span|spread)|"
    r"between the (?:cheapest|smallest|lowest|youngest|shortest) and the \w+)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"(?:(?:th|st|nd|rd)?\s*(?:%|per\s?cent|percent)?\s*(?:and|to)\s+(?:the\s+)?\d{1,2}(?:th|st|nd|rd)?\s*(?:%|per\s?cent)?)?"
    r"(?:th|st|nd|rd)?\s*(?:%|per\s?cent)?\s*(?:points?|quantiles?|percentiles?|marks?|lines?)\b",
    re.IGNORECASE,
)
_TWO_POINTS = re.compile(
    r"\b(?:between|from)\s+(?:the\s+)?(?P<one>\d{1,2})(?:th|st|nd|rd)?\s*(?:%|per\s?cent)?(?:\s+\w+)?\s*(?:and|to)\s+(?:the\s+)?"
    r"(?P<two>\d{1,2})(?:th|st|nd|rd)?\s*(?:%|per\s?cent)?\s*(?:points?|quantiles?|percentiles?|marks?|lines?)\b",
    re.IGNORECASE,
)


def spread_for(number: WrittenNumber, text: str, facts: Sequence[SourcedFact]) -> SourcedFact | None:
    """Return the upper of two places of a distribution that lie so far apart and that a sentence names.

    Args:
        number: A number that is no percentage.
        text: The sentence.
        facts: All facts that may be quoted.
    """
    ends = _ends_told(text)
    if ends is None or number.percent:
        return None
    for places in _distributions(facts):
        lower, upper = places.get(ends[0]), places.get(ends[1])
        if lower and upper and number.low <= _value(upper) - _value(lower) <= number.high:
            return upper
    return None


def is_a_place(number: WrittenNumber, text: str, facts: Sequence[SourcedFact]) -> bool:
    """Return whether a percentage names a place of a distribution: "the 5% and 95% points"."""
    if not number.percent or not _POINTS.match(text, number.end):
        return False
    return any(position_of(each.fact) == number.value for each in facts)


def _ends_told(text: str) -> tuple[float, float] | None:
    if _QUARTILES.search(text):
        return 25.0, 75.0
    if found := _TWO_POINTS.search(text):
        return float(found["one"]), float(found["two"])
    return (0.0, 100.0) if _EXTREMES.search(text) else None


def _distributions(facts: Sequence[SourcedFact]) -> Iterator[dict[float, SourcedFact]]:
    found: dict[tuple[int, str, str], dict[float, SourcedFact]] = defaultdict(dict)
    for each in facts:
        position, value = position_of(each.fact), each.fact.value
        if position is not None and isinstance(value, int | float) and not isinstance(value, bool):
            column = re.sub(r"^(?:percentile_\d+|median|min|max)_?", "", each.fact.name)
            found[each.step, column, each.fact.scope].setdefault(position, each)
    yield from found.values()


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
