"""Finds numbers that no data could have together: a part above its whole, a range that runs backwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.written_numbers import WrittenNumber

_OF = re.compile(
    r"\s+(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+|your\s+|its\s+|their\s+|these\s+){0,2}\W{0,2}",
    re.I,
)
_OUT_OF = re.compile(
    r"(?:^|[.;:(]\s*|\b(?:and|but)\s+)\W*(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+|your\s+){0,2}\W{0,2}$", re.I
)
_DASH = re.compile(r"\s?[%hkM]?\s?(?:-|–|—|…)\s?[₹$€£+−-]?")
_BETWEEN = re.compile(r"\bbetween\s+(?:about\s+|roughly\s+)?\W{0,2}$", re.IGNORECASE)
_INTERVAL = re.compile(
    r"\b(?:ci|interval|iqr|interquartile range)\b[^;.\d]{0,14}$|\b(?:ci|interval|iqr)\b[^;.]{0,40}[\[(]\W*$",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?[%hkM]?\s?(?:-|–|—|to|,|and)\s?[₹$€£+−-]?")
_CHANGES = re.compile(
    r"\b(?:more|less|up|down|growth|grew|rose|fell|times|change|gap|ratio)\b", re.IGNORECASE
)


def impossible(sentence: Sentence) -> set[Place]:
    """Return the places of numbers that contradict each other whatever the data are.

    Args:
        sentence: The sentence; cells of tables are passed by.
    """
    return set(_parts(sentence)) | set(_ranges(sentence))


def _parts(sentence: Sentence) -> Iterator[Place]:
    """Yield the numbers of "1,540 of the 412 members", and of "out of 377 members, 1,340"."""
    numbers, text = sentence.numbers, sentence.text
    for place, number in enumerate(numbers):
        if not _is_count(number):
            continue
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        is_part = following and _is_count(following) and _OF.fullmatch(text, number.end, following.start)
        if following and is_part and number.low > following.high:
            yield from (place, place + 1)
        if _OUT_OF.search(text[: number.start]):
            for other in range(place + 1, len(numbers)):
                gap = text[number.end : numbers[other].start]
                if re.search(r"[;.]\s", gap) or _CHANGES.search(gap):
                    break
                if _is_count(numbers[other]) and numbers[other].low > number.high:
                    yield from (place, other)


def _ranges(sentence: Sentence) -> Iterator[Place]:
    """Yield the ends of "between 9 and 5" and "95% CI 1.8-1.2"."""
    numbers, text = sentence.numbers, sentence.text
    for place in range(len(numbers) - 1):
        one, other = numbers[place], numbers[place + 1]
        if one.kind != "amount" or other.kind not in ("amount", "difference"):
            continue
        before, gap = text[: one.start], text[one.end : other.start]
        ends = (
            (_INTERVAL.search(before) and _TO.fullmatch(gap))
            or (_BETWEEN.search(before) and gap.strip(" %₹$€£") == "and")
            or (_DASH.fullmatch(gap) and one.percent == other.percent and not gap.startswith(" "))
        )
        if ends and one.scale == other.scale and _signed(one) > _signed(other):
            yield from (place, place + 1)


def _signed(number: WrittenNumber) -> float:
    return -number.value if number.negative else number.value


def _is_count(number: WrittenNumber) -> bool:
    return number.kind == "amount" and not number.percent and not number.negative and "." not in number.text
