"""Says which group a number of a sentence is told of, and finds numbers that belong to another group."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.grounding.facts import SourcedFact, subjects
from assistant.grounding.subject_words import aliases_of
from assistant.grounding.written_numbers import WrittenNumber

_TO_THE_RIGHT = re.compile(
    r"[^,;:.()\d]{0,40}?\b(?:for|in|of|among|from|on|by|belongs? to)\s+(?:the\s+|segment\s+)?[“\"*'`]*"
)
_TO_THE_LEFT = re.compile(
    r"(?!\W*(?:and|or)\W*$)"
    r"[”\"*')`]*(?:\s*[:(=–—|]|\s)(?:(?!\b(?:than|against|versus|vs|compared|unlike|other|others|rest|remaining|else|but)\b)"
    r"[^,;.()]){0,60}"
)
_GOES_ON = re.compile(r"[^;.()]{0,45}")
_AND = re.compile(r"\s*(?:,|and|,\s*and|against|versus|vs\.?)\s*[“\"*']*\s*")
_HARD_TO_SEE = frozenset(
    {"yes", "no", "true", "false", "other", "total", "all", "none", "missing", "(missing)"}
)


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    start: int
    end: int


class Subjects:
    """Names that the facts of an answer are about, and which fact belongs to which.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._aliases: dict[str, str] = {}
        self._crossed: set[frozenset[str]] = set()  # "men" and "Mumbai": one number can be told of both
        self._of_family: dict[tuple[str, str], set[str]] = defaultdict(set)
        for sourced in facts:
            about = subjects(sourced.fact.scope)
            self._of_family[_family(sourced)] |= about
            self._crossed |= {frozenset(pair) for pair in combinations(sorted(about), 2)}
        for family in self._of_family.values():
            self._aliases |= aliases_of(family)
        names = {name for family in self._of_family.values() if len(family) > 1 for name in family}
        visible = {name for name in names if _is_seen(name)} | self._aliases.keys()
        seen = sorted(visible, key=lambda name: (-len(name), name))
        listed = "|".join(re.escape(name) for name in seen)
        self._pattern = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if seen else None

    def names_in(self, text: str) -> list[tuple[str, int, int]]:
        """Return name, start and end of each name of a fact's subject in a text."""
        if self._pattern is None:
            return []
        plain = text.replace("_", " ")
        found = ((m.group(0).casefold(), m.start(), m.end()) for m in self._pattern.finditer(plain))
        return [(self._aliases.get(name, name), start, end) for name, start, end in found]

    def told_of(self, text: str, numbers: Sequence[WrittenNumber], heading: str) -> list[str]:
        """Return for each number of a sentence the name that it is told of, or "" where that is not plain.

        "A holds 3" and "A (3)" link to the left, "3 for A" to the right, "A and B hold 3 and 4" in order;
        a number after another one goes on with its name ("A: 3 customers, 4 %").

        Args:
            text: The sentence.
            numbers: Its numbers that belong to one of several groups; positions within the sentence.
            heading: The name that the paragraph opens with, for sentences without one.
        """
        names = [_Name(*found) for found in self.names_in(text)]
        if not names:
            return [heading for _ in numbers]
        if "respectively" in text.lower() and len(names) == len(numbers):
            return [name.text for name in names]
        told: list[str] = []
        for place, number in enumerate(numbers):
            after = numbers[place + 1].start if place + 1 < len(numbers) else len(text)
            right = next((name for name in names if number.end <= name.start < after), None)
            left = next((name for name in reversed(names) if name.end <= number.start), None)
            before = numbers[place - 1] if place else None
            if right and _TO_THE_RIGHT.fullmatch(text, number.end, right.start):
                told.append(right.text)
            elif left and before and before.end <= left.start and told[-1] == left.text:
                told.append("")  # "3 in A, 4 in the others": the name belongs to the number before
            elif left and (before is None or before.end <= left.start):
                told.append(left.text if _TO_THE_LEFT.fullmatch(text, left.end, number.start) else "")
            elif (
                left
                and before
                and told[-1] == left.text
                and _GOES_ON.fullmatch(text, before.end, number.start)
            ):
                told.append(left.text)
            else:
                told.append("")
        return _in_order(text, names, numbers, told, self._crossed)

    def contradicts(self, candidates: Sequence[SourcedFact], told: str) -> bool:
        """Return whether all facts that a number may stand for are about something else than was told.

        A fact about everybody contradicts nothing. Where the like of one is known for what was told, the
        number is that of another group, whatever else it may stand for by chance.
        """
        if not told or not candidates:
            return False
        for sourced in candidates:
            about = subjects(sourced.fact.scope)
            if not about or any(_speaks_of(name, told) for name in about):
                return False
        return any(told in self._of_family[_family(sourced)] for sourced in candidates)


def _speaks_of(name: str, told: str) -> bool:
    """Return whether a subject such as "Delhi, women (F)" or "Value tiers: Top 5%" holds a told name."""
    return bool(re.search(rf"(?:^|, |: |\bin |\(){re.escape(told)}(?:$|, |; | \(|\))", name))


def _is_seen(name: str) -> bool:
    return len(name) > 2 and name not in _HARD_TO_SEE


def _family(sourced: SourcedFact) -> tuple[str, str]:
    return sourced.fact.name, sourced.fact.unit or ""


def _in_order(
    text: str,
    names: Sequence[_Name],
    numbers: Sequence[WrittenNumber],
    told: list[str],
    crossed: Collection[frozenset[str]],
) -> list[str]:
    """Pair "A and B hold 3 and 4" or "A tops B: 4 against 3" in order; two names and one number are open."""
    for place, number in enumerate(numbers):
        before = numbers[place - 1].end if place else 0
        near = [name for name in names if before <= name.start and name.end <= number.start]
        near = [name for name in near if frozenset((name.text, near[-1].text)) not in crossed]
        if len({name.text for name in near}) < 2 or told[place] != near[-1].text:
            continue
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        joined = following and _AND.fullmatch(text, _unit_end(text, number), following.start)
        if following and joined and len(near) == 2:
            told[place], told[place + 1] = near[0].text, near[1].text
        else:
            told[place] = ""
    return told


def _unit_end(text: str, number: WrittenNumber) -> int:
    match = re.compile(r"[\s*]*(?!and\b)[A-Za-z]*[\s*]*").match(text, number.end)
    return match.end() if match else number.end
