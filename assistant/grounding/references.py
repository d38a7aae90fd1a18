"""Knows numbers that point to something instead of measuring it: "segment 2", "the top 10 %"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.binding import facts_for
from assistant.grounding.facts import SourcedFact
from assistant.grounding.written_numbers import WrittenNumber

_REFERENCE = re.compile(
    r"\b(?:segment|group|tier|version|step|question|figure|table|no\.|number)\s+[#“\"]?$", re.I
)
_A_TIER = re.compile(r"\b(?:top|bottom|best|upper|lowest)\s+$", re.IGNORECASE)
_IS_TIER = re.compile(r"top|bottom|tenth|decile|percentile|percent_")
_A_SEGMENT = re.compile(r"\b(?:segment|tier)\s+#?$", re.IGNORECASE)
_MOST_GROUPS = 30  # numbers that point to a group where the facts do not say how many there are


class References:
    """What numbers of an answer may point to.

    Args:
        facts: All facts that may be quoted.
        units: Their units, in the singular.
    """

    def __init__(self, facts: Sequence[SourcedFact], units: frozenset[str]) -> None:
        self._tiers = [each for each in facts if _IS_TIER.search(each.fact.name)]
        self._units = units
        counts = (each.fact.value for each in facts if each.fact.name == "n_segments")
        self._n_segments = [int(value) for value in counts if isinstance(value, int | float)]

    def is_beyond_the_segments(self, number: WrittenNumber, before: str) -> bool:
        """Return whether "segment 6" points to a segment that is not there."""
        return bool(
            number.kind == "amount"
            and self._n_segments
            and _A_SEGMENT.search(before)
            and number.value > max(self._n_segments)
        )

    def is_tier_apart(self, number: WrittenNumber, before: str) -> bool:
        """Return whether "the top 10%" is a tier that the facts do not know."""
        if not number.percent or not _A_TIER.search(before):
            return False
        return not facts_for(number, self._tiers, self._units)

    def is_reference(self, number: WrittenNumber, before: str) -> bool:
        """Return whether "segment 2" points to one of the segments there are."""
        if not _REFERENCE.search(before):
            return False
        highest = max(self._n_segments) if self._n_segments else _MOST_GROUPS
        return number.value == int(number.value) and 1 <= number.value <= highest
