"""Knows how many groups, places or problems there are, for numbers in words that count them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.attribution import Subjects
from assistant.grounding.binding import counted_noun, singular
from assistant.grounding.chosen_groups import GROUP_NOUNS
from assistant.grounding.facts import SourcedFact, groups_counted
from assistant.grounding.written_numbers import WrittenNumber

_LIST_LINE = re.compile(r"^\s*(?:[-*]|\d+[.)])\s", re.MULTILINE)
_COUNT = re.compile(r"(?<![\d.,])(\d{1,3})\s+([a-z]{3,}s)\b")
_OTHER = re.compile(r"\b(?:other|remaining)\b", re.IGNORECASE)


class Counts:
    """How many of what an answer may speak of.

    Args:
        facts: All facts that may be quoted.
        told: Sentences of tools.
        answer: The answer; "three cities" may be as many as it names.
        subjects: Finds names in it.
    """

    def __init__(self, facts: Sequence[SourcedFact], told: str, answer: str, subjects: Subjects) -> None:
        self._n_groups = groups_counted(facts)
        n_segments = (each.fact.value for each in facts if each.fact.name == "n_segments")
        self._n_groups |= {"segment": next((n for n in n_segments if isinstance(n, int)), 0)}
        self._told = _counts_told(told)
        self._listed = (
            len(_LIST_LINE.findall(answer)),
            len({name for name, _, _ in subjects.names_in(answer)}),
        )
        self.nouns = frozenset({*self._n_groups, *self._told, *_nouns_of(facts)})

    def support(self, number: WrittenNumber, sentence: str) -> bool:
        """Return whether "three plans" is how many plans the facts, a tool or the answer speak of."""
        noun = counted_noun(number, self.nouns)
        if number.kind not in ("word", "amount") or not noun:
            return False
        others = 1 if _OTHER.search(sentence, max(0, number.start - 10), number.end + 8) else 0
        if self._n_groups.get(noun) == number.value + others:
            return True
        if noun in GROUP_NOUNS and number.value + others in self._n_groups.values():
            return True  # "the four outlets" are the branches
        if number.kind != "word":
            return False
        return number.value + others in self._told.get(noun, ()) or number.value in self._listed


def _counts_told(told: str) -> dict[str, set[float]]:
    """Return the counts that tools wrote with a noun: "the 6 places shown"."""
    counts: dict[str, set[float]] = {}
    for digits, noun in _COUNT.findall(told):
        counts.setdefault(singular(noun), set()).add(float(digits))
    return counts


def _nouns_of(facts: Sequence[SourcedFact]) -> Iterator[str]:
    """Yield what facts count by their names: "problem" for `serious_problems`."""
    for sourced in facts:
        words = sourced.fact.name.split("_")
        if not sourced.fact.unit and isinstance(sourced.fact.value, int) and words[-1].endswith("s"):
            yield singular(words[-1])
