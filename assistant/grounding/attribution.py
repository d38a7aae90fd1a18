"""Says which group a number of a sentence is told of, and finds numbers that belong to another group."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.grounding.facts import OTHERS, SourcedFact, subjects, subjects_of
from assistant.grounding.periods import Periods
from assistant.grounding.subject_words import ALSO_WORDS, aliases_of, aliases_of_columns
from assistant.grounding.written_numbers import WrittenNumber

_TO_THE_RIGHT = re.compile(
    r"[^,;:.()\d]{0,40}?\b(?:for|in|of|among|from|on|by|belongs? to)\s+(?:the\s+|segment\s+)?[“\"*'`]*"
)
_TO_THE_LEFT = re.compile(
    r"(?!\W*(?:and|or)\W*$)"
    r"[”\"*')`]*(?:\s*[:(=–—|]|\s)(?:(?!\b(?:than|against|versus|vs|compared|unlike|other|others|rest|remaining|else|but)\b)"
    r"[^,;.()]){0,60}"
)
_GOES_ON = re.compile(r"(?:(?!\b(?:others?|rest|everybody)\b)[^;.()]){0,45}")
_ASKS = re.compile(r"\s*(?:=|is (?:yes|no|true|false)\b)", re.IGNORECASE)
_BESIDE = re.compile(r"(?:\s\(\w\))?(?:,\s|\s(?:in|of|from|and)\s(?:the\s)?|\s|;\s)[“\"*']*")
_OWNS_A_NUMBER = re.compile(r"[:(\s]{1,2}\**\d")
_THEY = re.compile(r"\b(?:they|it|its|their|these|this)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:than(?!\s+(?:one|once|\d))|against|versus|vs|compared|unlike|others?|remaining|else|but|together|both|combined)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[;:()]|,\s|\band\s(?=\D{0,30}\d)|\b(?:while|whereas|but)\b")
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
        periods: Finds the stretches of time that a text speaks of.
    """

    def __init__(self, facts: Sequence[SourcedFact], periods: Periods) -> None:
        self._periods = periods
        self._aliases: dict[str, str] = {}
        self._crossed: set[frozenset[str]] = set()  # "men" and "Mumbai": one number can be told of both
        self._of_family: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._about: dict[tuple[str, str], set[frozenset[str]]] = defaultdict(set)
        for sourced in facts:
            about = subjects_of(sourced.fact)
            self._of_family[_family(sourced)] |= about
            self._about[_family(sourced)].add(about)
            self._crossed |= {frozenset(pair) for pair in combinations(sorted(about), 2)}
        for family in self._of_family.values():
            self._aliases |= aliases_of(family)
        self._aliases |= aliases_of_columns(sourced.fact.scope for sourced in facts)
        names = {name for family in self._of_family.values() if len(family) > 1 for name in family}
        self._aliases = {word: name for word, name in self._aliases.items() if name in names}
        visible = {name for name in names if _is_seen(name)} | self._aliases.keys()
        seen = sorted(visible, key=lambda name: (-len(name), name))
        listed = "|".join(re.escape(name) for name in seen)
        self._pattern = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if seen else None

    def names_in(self, text: str) -> list[tuple[str, int, int]]:
        """Return name, start and end of each name of a fact's subject in a text."""
        if self._pattern is None:
            return []
        stretches = self._periods.spoken_in(text)
        plain = text.replace("_", " ")
        found = ((m.group(0).casefold(), m.start(), m.end()) for m in self._pattern.finditer(plain))
        named = [
            (self._aliases.get(name, name), start, end)
            for name, start, end in found
            if (name not in ALSO_WORDS or text[start].isupper())
            and not _ASKS.match(text, end)
            and not any(start < last and first < end for _, first, last in stretches)
        ]
        return sorted([*named, *stretches], key=lambda name: name[1]) if stretches else named

    def told_of(self, text: str, numbers: Sequence[WrittenNumber], heading: str) -> list[frozenset[str]]:
        """Return for each number of a sentence the names that it is told of, empty where that is not plain.

        Beside the name it is linked to, a number belongs to names that cross it ("in Mumbai, men made 3").

        Args:
            text: The sentence.
            numbers: Its numbers that belong to one of several groups; positions within the sentence.
            heading: The name that the paragraph opens with, for sentences without one.
        """
        names, self._text = [_Name(*found) for found in self.names_in(text)], text
        if not names:
            return [frozenset({heading} - {""}) for _ in numbers]
        told = _linked(text, names, numbers)
        if told is None:
            return [frozenset({name.text}) for name in names]
        told = _in_order(text, names, numbers, told, self._crossed)
        itself = [
            next((name.text for name in names if name.start < number.end and number.start < name.end), "")
            for number in numbers
        ]
        told = [own or name for own, name in zip(itself, told, strict=True)]  # "2006" may be a year's name
        return [self._with_crossing(names, numbers, place, name) for place, name in enumerate(told)]

    def _with_crossing(
        self, names: Sequence[_Name], numbers: Sequence[WrittenNumber], place: int, told: str
    ) -> frozenset[str]:
        """Add the names of other dimensions that a number is told of."""
        if not told:
            return frozenset()
        before = numbers[place - 1].end if place else 0
        after = numbers[place + 1].start if place + 1 < len(numbers) else names[-1].end
        crossing = [name for name in names if frozenset((name.text, told)) in self._crossed]
        near = {name.text for name in crossing if before <= name.start and name.end <= numbers[place].start}
        near = near or {name.text for name in crossing if before <= name.start and name.end <= after}
        chosen = (
            self._beside(names, crossing, told, numbers[place]) or near or {name.text for name in crossing}
        )
        return frozenset({told, *chosen}) if len(chosen) == 1 else frozenset({told})

    def _beside(
        self, names: Sequence[_Name], crossing: Sequence[_Name], told: str, number: WrittenNumber
    ) -> set[str]:
        """Return the crossing names right beside the told name next to a number ("560 for women, Pune")."""
        own = [name for name in names if name.text == told]
        if not own:
            return set()
        nearest = min(own, key=lambda name: min(abs(name.start - number.end), abs(number.start - name.end)))
        return {
            name.text
            for name in crossing
            if not _OWNS_A_NUMBER.match(self._text, name.end)
            and (
                _BESIDE.fullmatch(self._text, nearest.end, name.start)
                or _BESIDE.fullmatch(self._text, name.end, nearest.start)
            )
        }

    def about(self, fact: SourcedFact, told: frozenset[str]) -> bool:
        """Return whether a fact is about everything that a number is told of."""
        return _covers(subjects_of(fact.fact), told)

    def contradicts(
        self, candidates: Sequence[SourcedFact], told: frozenset[str], of_others: bool
    ) -> list[SourcedFact]:
        """Return the facts that a number may stand for and that are about something else than was told.

        A fact about everybody contradicts nothing. Where the like of one is known for what was told, the
        number is that of another group, whatever else it may stand for by chance; where it is known for
        "women in Delhi", a number about women everywhere is another one, and the other way round. A number
        about everybody else needs words for them (`of_others`).
        """
        if not told:
            return []
        crossed = any(
            _covers(about, told)
            for each in candidates
            for about in self._about[_family(each)]
            if len(about) > 1
        )
        wrong, all_told = [], told
        for sourced in candidates:
            about = subjects_of(sourced.fact)
            measured = sourced.fact.name.replace("_", " ").casefold()
            told = frozenset(name for name in all_told if not _is_word_of(name, measured))
            if not told:
                continue
            if not about:
                others = sourced.fact.scope.removeprefix(OTHERS)
                if others != sourced.fact.scope and not of_others and subjects(others) & told:
                    wrong.append(sourced)
                continue
            if any(_is_an_end(about, name) for name in told):
                continue
            if _covers(about, told):
                if about > told and told in self._about[_family(sourced)]:
                    wrong.append(sourced)
            elif crossed and len(told) > 1 or not any(_covers(about, {name}) for name in told):
                wrong.append(sourced)
        known = any(
            name in self._of_family[_family(sourced)]
            or any(_speaks_of(other, name) for other in self._of_family[_family(sourced)])
            for sourced in candidates
            for name in all_told
        )
        return wrong if known else []


def _is_an_end(about: frozenset[str], told: str) -> bool:
    """Return whether a fact is of the first or the last day of a stretch that is told of."""
    first, to, last = told.partition(" to ")
    return bool(to) and (first in about or last in about)


def _is_word_of(name: str, measured: str) -> bool:
    """Return whether a name is what a fact measures: "minimum payments" in its median."""
    return bool(re.search(rf"\b{re.escape(name)}\b", measured))


def _covers(about: Collection[str], told: Collection[str]) -> bool:
    return all(any(_speaks_of(name, each) for name in about) for each in told)


def _speaks_of(name: str, told: str) -> bool:
    """Return whether a subject such as "Delhi, women (F)" or "Value tiers: Top 5%" holds a told name."""
    return bool(re.search(rf"(?:^|, |: |\bin |\(){re.escape(told)}(?:$|, |; | \(|\))", name))


def _linked(text: str, names: Sequence[_Name], numbers: Sequence[WrittenNumber]) -> list[str] | None:
    """Link each number to a name or to ""; None where names and numbers go in pairs, "respectively".

    "A holds 3" and "A (3)" link to the left, "3 for A" to the right, "A and B hold 3 and 4" in order; one
    after another number goes on with its name ("A: 3 customers, 4 %"), "they" with the name before it.
    """
    if "respectively" in text.lower() and len(names) == len(numbers):
        return None
    told: list[str] = []
    for place, number in enumerate(numbers):
        after = numbers[place + 1].start if place + 1 < len(numbers) else len(text)
        right = next((name for name in names if number.end <= name.start < after), None)
        left = next((name for name in reversed(names) if name.end <= number.start), None)
        before = numbers[place - 1] if place else None
        if right and _TO_THE_RIGHT.fullmatch(text, number.end, right.start):
            told.append(right.text)
        elif left and before and before.end <= left.start and told[-1] == left.text:
            # "3 in A, 4 in the others": the name belongs to the number before, unless "they" goes on with it
            told.append(left.text if _THEY.search(text, left.end, number.start) else "")
        elif left and (before is None or before.end <= left.start):
            told.append(left.text if _TO_THE_LEFT.fullmatch(text, left.end, number.start) else "")
        elif left and before and told[-1] == left.text and _GOES_ON.fullmatch(text, before.end, number.start):
            told.append(left.text)
        else:
            told.append("")
        told[-1] = told[-1] or _only_name(text, names, numbers, place)
    return told


def _only_name(text: str, names: Sequence[_Name], numbers: Sequence[WrittenNumber], place: int) -> str:
    """Return the only name in a number's own clause, or ""."""
    number = numbers[place]
    before = numbers[place - 1].end if place else 0
    after = numbers[place + 1].start if place + 1 < len(numbers) else len(text)
    start = max([before, *(end.end() for end in _CLAUSE_END.finditer(text, before, number.end))])
    last = place + 1 == len(numbers)  # "between August and March" goes on where no other number follows
    ends = (
        end.start()
        for end in _CLAUSE_END.finditer(text, number.end, after)
        if not (last and end[0] == "and ")
    )
    end = min([after, *ends])
    if _OTHERS.search(text, start, end):
        return ""
    inside = {name.text for name in names if start <= name.start and name.end <= end}
    taken = {name.text for name in names if name.end <= number.start and name.start < start}
    if len(inside) == 1 and not inside <= taken:
        return next(iter(inside))
    everywhere = {name.text for name in names}
    alone = len(everywhere) == 1 and not inside and not _OTHERS.search(text)
    return next(iter(everywhere)) if alone else ""


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
        plain = [each for each in numbers[:place] if each.kind not in ("multiple", "difference")]
        before = plain[-1].end if plain else 0
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
