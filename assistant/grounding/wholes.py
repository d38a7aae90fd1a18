"""Finds of what a percent is told to be a part: "18 % of those who cancelled", "among cancellers, 18 %"."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from assistant.grounding.verbs import ALSO_NOUNS, FINITE
from assistant.grounding.written_numbers import WrittenNumber

_OPENS = r"(?:of|among|across|from)\s+"
_ARTICLES = r"(?:(?:all|every(?=\s)|the|our|your|its|these|any|of)\s+){0,3}"
_WORDS = (
    r"(?P<words>[\w'’ -]{3,24}?\s(?:who|that|which)\s+(?:(?:had|have|were|are|was|has|did|do)\s+)?[\w'’-]+"
    r"|[^.;:(),\d]{2,60}?)"
)
_BEHIND = re.compile(
    rf"\W{{0,4}}(?:\([^)]*\)\s*)?{_OPENS}{_ARTICLES}{_WORDS}"
    rf"(?=\s+(?:{FINITE}|{ALSO_NOUNS}|in|on|by|at|from|with|and|but|while)\b|\s*[.;:,()]|\s*$)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:^|[.;:(–—-]\s*|,\s|\b(?:and|but|while)\s)\W*(?:(?:out\s+)?of|among|amongst)\s+{_ARTICLES}"
    r"(?P<words>[^.;:(),]{2,60}?),[^.;:()]{0,60}$",
    re.IGNORECASE,
)


_RELATIVE = re.compile(r"\b(?:who|that|which)\b", re.IGNORECASE)
_IS_VERB = re.compile(rf"\s+(?:{FINITE})\b", re.IGNORECASE)
_IRREGULAR = {"left": ("left", "leav"), "bought": ("bought", "buy"), "paid": ("paid", "pay")}


@dataclass(frozen=True, slots=True)
class Whole:
    """The words for a whole and where they stand in the sentence."""

    words: str
    start: int
    end: int
    text: str

    def is_of(self, stems: Collection[str]) -> bool:
        """Return whether it is everybody with an outcome: "cancellers", "those who left", "missed visits"."""
        words = list(re.finditer(r"[a-z]+", self.words.lower()))
        for place, word in enumerate(words):
            if not any(word[0].startswith(stem) for stem in stems):
                continue
            if place + 1 < len(words) or _RELATIVE.search(self.words[: word.start()]):
                return True
            if not word[0].endswith("ed") or _IS_VERB.match(self.text, self.end):
                return place == 0 or not _IS_PLURAL_BEFORE.search(self.words[: word.start()])
        return False


_IS_PLURAL_BEFORE = re.compile(r"[a-z]s\s+$")  # "18 % of members cancel" is of members


def stems_of(column: str) -> frozenset[str]:
    """Return how words begin that tell the outcome of a column: "cancel" for `cancelled`."""
    word = re.split(r"[\W_]+", column.lower().strip())[-1]
    if word in _IRREGULAR:
        return frozenset(_IRREGULAR[word])
    stem = word[:-2] if word.endswith("ed") else word
    stem = stem[:-1] if len(stem) > 4 and stem[-1] == stem[-2] and stem[-1] not in "s" else stem
    return frozenset({stem[:6] if len(stem) > 3 else word})


def whole_of(text: str, number: WrittenNumber) -> Whole | None:
    """Return of what a number is told to be a part, behind it or at the start of its clause.

    Args:
        text: The sentence.
        number: A share.
    """
    match = _BEHIND.match(text, number.end) or _BEFORE.search(text[: number.start])
    return Whole(match["words"], *match.span("words"), text) if match else None
