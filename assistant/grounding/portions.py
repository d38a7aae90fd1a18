"""Checks a share that stands beside the part and the whole it is of: "442 of the 733, or 60%"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.written_numbers import WrittenNumber

_OF = r"\s+(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+|your\s+|its\s+|these\s+){0,2}\W{0,2}"
_PART_OF_WHOLE = re.compile(_OF, re.IGNORECASE)
_OR = re.compile(
    r"(?:\s+[a-z-]+){0,3}\W{0,2}(?:,\s+(?:or|i\.e\.|which is|that is)|\s\(|\s[–—]|,\s+)\s*(?:or\s+)?"
    r"(?:about\s+|roughly\s+|around\s+|some\s+|almost\s+|nearly\s+|just\s+|over\s+){0,2}\W{0,2}",
    re.IGNORECASE,
)
_APART = re.compile(
    r"(?:\s+[\w-]+){0,5}?,\s+(?:or\s+|which is\s+|that is\s+|about\s+|roughly\s+|some\s+|just\s+)*\W{0,2}"
)


def portion_of(sentence: Sentence, place: Place) -> Literal[True, False] | None:
    """Return whether a share is that of the two counts beside it; None where it stands beside none.

    Args:
        sentence: The sentence.
        place: Of the share.
    """
    share = sentence.numbers[place]
    if not share.percent or share.kind == "difference":
        return None
    for part, whole in _counts_beside(sentence, place):
        if not _is_count(part) or not _is_count(whole) or not 0 < part.value <= whole.value:
            continue
        low, high = 100.0 * part.low / whole.high, 100.0 * part.high / whole.low
        return low <= share.high and share.low <= high
    return None


def _counts_beside(sentence: Sentence, place: Place) -> Iterator[tuple[WrittenNumber, WrittenNumber]]:
    text, numbers = sentence.text, sentence.numbers
    share = numbers[place]
    if place > 1:
        part, whole = numbers[place - 2], numbers[place - 1]
        beside = _PART_OF_WHOLE.fullmatch(text, part.end, whole.start)
        if beside and _OR.fullmatch(text, whole.end, share.start):
            yield part, whole
    if 0 < place < len(numbers) - 1:
        part, whole = numbers[place - 1], numbers[place + 1]
        beside = _APART.fullmatch(text, part.end, share.start)
        if beside and _PART_OF_WHOLE.fullmatch(text, share.end, whole.start):
            yield part, whole


def _is_count(number: WrittenNumber) -> bool:
    return number.kind == "amount" and not number.percent and not number.currency and "." not in number.text
