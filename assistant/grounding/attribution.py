"""Says which group a number of a sentence is told of, and finds numbers that belong to another group."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from assistant.grounding.bounds import aliases_of_bounds
from assistant.grounding.facts import OTHERS, SourcedFact, columns_of, subjects, subjects_of
from assistant.grounding.linking import Name, in_order, is_of_others, linked, listed_before
from assistant.grounding.periods import Periods
from assistant.grounding.subject_words import ALSO_WORDS, aliases_of, aliases_of_columns
from assistant.grounding.written_dates import MONTHS
from assistant.grounding.written_numbers import WrittenNumber

_OF_THEM = re.compile(
    r"\W*(?:its|their|they|it|these|there)\b|[^,;.]{0,60}\b(?:of (?:them|these|those|which|whom)|such)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\s*(?:=|is (?:yes|no|true|false)\b)", re.IGNORECASE)
_BESIDE = re.compile(r"(?:\s\(\w\))?(?:,\s|\s(?:in|of|from|and)\s(?:the\s)?|\s|;\s)[“\"*']*")
_OF_A_WHOLE = re.compile(r"\s+(?:out\s+)?of\s+(?:the\s+|its\s+|all\s+|their\s+|our\s+){0,2}\W{0,2}", re.I)
_OWNS_A_NUMBER = re.compile(r"[:(\s]{1,2}\**\d")
_BARE_MONTH = re.compile(
    rf"(?<![\w-])(?P<month>{'|'.join(sorted((word.title() for word in MONTHS), key=len, reverse=True))})\b"
    r"(?!\.?\s+(?:of\s+)?\d{4}|\s+\d{1,2}\b)"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HARD_TO_SEE = frozenset(
    {"yes", "no", "true", "false", "other", "total", "all", "none", "missing", "(missing)"}
)


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
        self._columns: dict[str, set[str]] = defaultdict(set)
        for sourced in facts:
            about = subjects_of(sourced.fact)
            if not sourced.fact.scope.startswith(OTHERS):
                for name, column in columns_of(sourced.fact.scope).items():
                    self._columns[name].add(column)
            self._of_family[_family(sourced)] |= about
            self._about[_family(sourced)].add(about)
            self._crossed |= {frozenset(pair) for pair in combinations(sorted(about), 2)}
        for family in self._of_family.values():
            self._aliases |= aliases_of(family)
        self._aliases |= aliases_of_columns(sourced.fact.scope for sourced in facts)
        days = sorted(
            {name for family in self._of_family.values() for name in family if _DAY.fullmatch(name)}
        )
        self._of_month: dict[int, list[str]] = defaultdict(list)
        for day in days if all(day.endswith("-01") for day in days) else ():
            self._of_month[int(day[5:7])].append(day)
        names = {name for family in self._of_family.values() if len(family) > 1 for name in family}
        self._aliases |= {word: name for name in sorted(names) for word in aliases_of_bounds(name)}
        self._aliases = {
            word: name
            for word, name in self._aliases.items()
            if name in names and not (word in names and name in _HARD_TO_SEE)
        }
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
            and (len(name) > 2 or text[start:end].isupper())
            and not _ASKS.match(text, end)
            and not any(start < last and first < end for _, first, last in stretches)
        ]
        named += self._months_in(text, [*named, *stretches])
        return sorted([*named, *stretches], key=lambda name: name[1])

    def _months_in(self, text: str, named: Sequence[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
        """Yield months without a year: that of the month before, or the last there is."""
        if not self._of_month:
            return
        for match in _BARE_MONTH.finditer(text):
            start, end = match.span("month")
            days = self._of_month.get(MONTHS[match["month"].lower()], [])
            if not days or any(start < last and first < end for _, first, last in named):
                continue
            before = [name[:4] for name, first, _ in named if first < start and _DAY.match(name)]
            same_year = [day for day in days if before and day.startswith(before[-1])]
            yield (same_year or days)[-1], start, end

    def told_of(
        self,
        text: str,
        numbers: Sequence[WrittenNumber],
        found: Sequence[Sequence[SourcedFact]],
        heading: str,
        before: str = "",
    ) -> list[frozenset[str]]:
        """Return for each number of a sentence the names that it is told of, empty where that is not plain.

        A number is linked to names of the columns by which its facts are parted, so that "shoes are returned
        in 29 %" is told of shoes. Beside the name it is linked to, a number belongs to names that cross it
        ("in Mumbai, men made 3").

        Args:
            text: The sentence.
            numbers: Its numbers that belong to one of several groups; positions within the sentence.
            found: For each number the facts that it may stand for.
            heading: The name that the paragraph opens with, for sentences without one.
            before: What the line says before the sentence.
        """
        names, self._text = [Name(*found) for found in self.names_in(text)], text
        if not names:
            listed = listed_before(text, numbers, self.names_in(before)) if before else []
            return [frozenset({name}) for name in listed] or [frozenset({heading} - {""}) for _ in numbers]
        parted = [frozenset(self._columns_of(each)) for each in found]
        told = [frozenset[str]() for _ in numbers]
        for columns in set(parted):
            related = [name for name in names if not columns or self._columns[name.text] & columns] or names
            linked_to = self._told_among(text, related, numbers)
            for place, own in enumerate(parted):
                if own == columns:
                    told[place] = linked_to[place]
        if heading and _OF_THEM.match(text):
            told = [own | self._of_heading(own, heading) for own in told]
        return self._with_the_others(text, numbers, parted, told)

    def _told_among(
        self, text: str, names: Sequence[Name], numbers: Sequence[WrittenNumber]
    ) -> list[frozenset[str]]:
        told = linked(text, names, numbers)
        if told is None:
            return [frozenset({name.text}) for name in names]
        told = in_order(text, names, numbers, told, self._crossed)
        itself = [
            next((name.text for name in names if name.start < number.end and number.start < name.end), "")
            for number in numbers
        ]
        told = [own or name for own, name in zip(itself, told, strict=True)]  # "2006" may be a year's name
        return [self._with_crossing(names, numbers, place, name) for place, name in enumerate(told)]

    def _columns_of(self, found: Sequence[SourcedFact]) -> set[str]:
        return {column for each in found for name in subjects_of(each.fact) for column in self._columns[name]}

    def _of_heading(self, told: frozenset[str], heading: str) -> frozenset[str]:
        """Return the heading where a number is told of nobody, or of a name that crosses it."""
        crossed = len(told) == 1 and frozenset({heading, *told}) in self._crossed
        return frozenset({heading}) if crossed or not told else frozenset()

    def _with_the_others(
        self,
        text: str,
        numbers: Sequence[WrittenNumber],
        parted: Sequence[frozenset[str]],
        told: list[frozenset[str]],
    ) -> list[frozenset[str]]:
        """Let "3 for buyers, 4 for the others" tell 4 of those who do not buy, where these are all."""
        for place, number in enumerate(numbers):
            if not place or len(told[place - 1]) != 1:
                continue
            (one,) = told[place - 1]
            columns = self._columns[one] & parted[place]
            pair = [name for name, own in self._columns.items() if own & columns]
            if len(pair) != 2 or (told[place] and told[place] != told[place - 1]):
                continue
            if is_of_others(text, numbers[place - 1], number):
                told[place] = frozenset(set(pair) - {one})
        return told

    def _with_crossing(
        self, names: Sequence[Name], numbers: Sequence[WrittenNumber], place: int, told: str
    ) -> frozenset[str]:
        """Add the names of other dimensions that a number is told of."""
        if not told:
            return frozenset()
        before = numbers[place - 1].end if place else 0
        following = numbers[place + 1 :]
        if following and _OF_A_WHOLE.fullmatch(self._text, numbers[place].end, following[0].start):
            following = following[1:]  # "733 of 2,632 sales were paid in cash"
        after = following[0].start if following else names[-1].end
        crossing = [name for name in names if frozenset((name.text, told)) in self._crossed]
        near = {name.text for name in crossing if before <= name.start and name.end <= numbers[place].start}
        near = near or {name.text for name in crossing if before <= name.start and name.end <= after}
        chosen = (
            self._beside(names, crossing, told, numbers[place])
            or near
            or {name.text for name in crossing if name.start < numbers[place].start}
        )
        return frozenset({told, *chosen}) if len(chosen) == 1 else frozenset({told})

    def _beside(
        self, names: Sequence[Name], crossing: Sequence[Name], told: str, number: WrittenNumber
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

    def opposites_of(self, names: Collection[str]) -> set[str]:
        """Return the other one of two groups that are all there are, for each name that is one of two."""
        found: set[str] = set()
        for name in names:
            columns = self._columns.get(name, set())
            pair = (
                {each for each, own in self._columns.items() if own & columns} if columns != {""} else set()
            )
            found |= pair - {name} if len(pair) == 2 else set()
        return found

    def about(self, fact: SourcedFact, told: frozenset[str]) -> bool:
        """Return whether a fact is about everything that a number is told of."""
        return _covers(subjects_of(fact.fact), told)

    def contradicts(
        self, candidates: Sequence[SourcedFact], told: frozenset[str], of_others: bool, of_all: bool = True
    ) -> list[SourcedFact]:
        """Return the facts that a number may stand for and that are about something else than was told.

        Where the like of one is known for what was told, the number is that of another group, whatever else
        it may stand for by chance; where it is known for "women in Delhi", a number about women everywhere
        is another one, and the other way round. A number about everybody else needs words for them
        (`of_others`), and so does one about everybody (`of_all`) where a group's own is known.
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
            if not about or sourced.fact.scope == "everybody":
                if not about and not of_all and self._has_own(sourced, all_told):
                    wrong.append(sourced)
                others = sourced.fact.scope.removeprefix(OTHERS)
                if others != sourced.fact.scope and not of_others and subjects(others) & told:
                    wrong.append(sourced)
                continue
            if any(_is_an_end(about, name) or _is_of_no_time(about, name) for name in told):
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

    def is_of_somebody_absent(self, found: Sequence[SourcedFact], names: Collection[str], line: str) -> bool:
        """Return whether facts are all about groups that a line does not name while it names their rivals.

        Args:
            found: What a number may stand for.
            names: The names of its sentence.
            line: The line of the answer up to the sentence's end.
        """
        abouts = [subjects_of(each.fact) for each in found]
        if not abouts or not names or any(each.needs for each in found):
            return False
        spoken = {name for name, _, _ in self.names_in(line)}
        for sourced, about in zip(found, abouts, strict=True):
            columns = {column for name in about for column in self._columns[name]}
            rivals = {name for name in names if self._columns[name] & columns}
            if columns & {"time"} or any(_DAY.match(name) for name in {*about, *names}):
                return False  # "closed the year at 5" names no month
            if not about or not columns - {""} or not rivals or sourced.fact.scope.startswith(OTHERS):
                return False
            if any(_covers(about, {name}) or _covers({name}, about) for name in spoken):
                return False
        return True

    def _has_own(self, sourced: SourcedFact, told: frozenset[str]) -> bool:
        """Return whether what is known of everybody is known of the told group as well."""
        return any(_covers(about, told) for about in self._about[_family(sourced)] if about)


def _is_an_end(about: frozenset[str], told: str) -> bool:
    """Return whether a fact is of the first or the last day of a stretch that is told of."""
    first, to, last = told.partition(" to ")
    return bool(to) and (first in about or last in about)


def _is_of_no_time(about: frozenset[str], told: str) -> bool:
    """Return whether a stretch of time is told of a fact that lies at none, "first and last 4 months"."""
    return " to " in told and bool(_DAY.match(told)) and not any(_DAY.match(name) for name in about)


def _is_word_of(name: str, measured: str) -> bool:
    """Return whether a name is what a fact measures: "minimum payments" in its median."""
    return bool(re.search(rf"\b{re.escape(name)}\b", measured))


def _covers(about: Collection[str], told: Collection[str]) -> bool:
    return all(any(_speaks_of(name, each) for name in about) for each in told)


def _speaks_of(name: str, told: str) -> bool:
    """Return whether a subject such as "Delhi, women (F)" or "Value tiers: Top 5%" holds a told name."""
    return bool(re.search(rf"(?:^|, |: |\bin |\(){re.escape(told)}(?:$|, |; | \(|\))", name))


def _is_seen(name: str) -> bool:
    return name not in _HARD_TO_SEE and (len(name) > 2 or len(name) == 2 and name.isalpha())


def _family(sourced: SourcedFact) -> tuple[str, str]:
    return sourced.fact.name, sourced.fact.unit or ""
