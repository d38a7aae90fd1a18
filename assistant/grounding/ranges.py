"""Knows ranges whose two ends are values of two groups: "from 62 EUR in Nice to 130 EUR in Metz"."""

from __future__ import annotations

import re

from assistant.grounding.sentences import Place, Sentence

_OPENS = re.compile(
    r"\b(?P<by>from|between|with)\s+(?:(?:about|around|just|only|some|roughly)\s+)?\W*$", re.I
)
_TO = re.compile(
    r"(?:[^.;]|\.\d){0,60}?(?:\bto|[-–—])\s+(?:(?:about|around|just|some|roughly)\s+)?\W{0,4}", re.I
)
_AND = re.compile(
    r"(?:[^.;]|\.\d){0,60}?\band\s+(?:(?:about|around|just|some|roughly)\s+)?\W{0,4}", re.IGNORECASE
)


def is_between_groups(sentence: Sentence, place: Place) -> bool:
    """Return whether a number is one end of a range of which each end is told of another group."""
    return any(
        _is_range(sentence, first) and place in (first, first + 1)
        for first in (place - 1, place)
        if 0 <= first < len(sentence.numbers) - 1
    )


def _is_range(sentence: Sentence, first: Place) -> bool:
    text, one, other = sentence.text, sentence.numbers[first], sentence.numbers[first + 1]
    own, others = sentence.told[first], sentence.told[first + 1]
    opened = _OPENS.search(text[: one.start])
    if opened is None or not own or not others or own & others or one.percent != other.percent:
        return False
    link = _AND if opened["by"].lower() == "between" else _TO
    return link.fullmatch(text, one.end, other.start) is not None
