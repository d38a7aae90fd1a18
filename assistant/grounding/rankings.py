"""Checks words of rank, such as "the second largest" or "leads", against the order of the facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.grounding.facts import OTHERS, SourcedFact, columns_of, subjects, subjects_of
from assistant.grounding.ranks_read import Rank, ranks_in
from assistant.grounding.sentences import Place, Sentence, Sources
from assistant.grounding.spoken_measures import spoken_names
from tools.core import Fact

_WHERE = re.compile(r"(?:\s+[a-z]+){0,2}\s+(?:in|at|on|for|among)\s", re.IGNORECASE)
_SEGMENT_END = re.compile(r"[;]|\b(?:but|while|whereas|although|though|yet|followed by|then)\b|\.\s", re.I)
_NEGATED = re.compile(r"\b(?:not|never|neither|nor|if|would|could|n['’]t)\b|n['’]t\b|\?", re.IGNORECASE)
_PRONOUNS = frozenset(
    ["it", "which", "who", "that", "they", "this", "these", "and", "then", "also", "again", "clearly",
     "still", "followed", "group", "segment", "one", "customers", "members", "plan", "now"]
)  # fmt: skip
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|ranks?|comes?|came|shows?|leads?|remains?|makes?|takes?|brings?|gets?|sees?|"
    r"stands?|reach\w*|post\w*|record\w*|form\w*|with|being|as|holds?|spends?|generates?|earns?|pays?|became)\b|,",
    re.IGNORECASE,
)
_IS_SIZE = re.compile(r"^size$|^n_|^customers$|^sum_|share")


_IS = re.compile(
    r"[^,;.]{0,40}\b(?:is|are|was|were|found in|comes? from|came from|in|at|with|by|"
    r"belongs? to|goes to|went to)\s+(?:the\s+)?\W*|\s*:\s*\W*",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\s+(?:share|rate|proportion|percentage|fraction|count|number|fee|price)s?\b", re.IGNORECASE
)
_IN_ORDER = re.compile(
    r"\b(?:ranks?|ranked|places?|puts?|order|comes?|finish(?:es|ed)|stands?)\b", re.IGNORECASE
)
_PLACES = ("first", "second", "third", "fourth", "fifth")
_PLACE = re.compile(
    rf"[”\"*']*\s+(?:in\s+)?(?P<place>{'|'.join(_PLACES)}|last)\b(?!\s+(?:quarter|half|month|year|week|day)s?\b)",
    re.I,
)
_Key = tuple[int, str, str, str]  # step, name, unit and columns of facts that can be ranked


class Rankings:
    """The order of the facts of an answer.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._families: dict[_Key, dict[str, float]] = defaultdict(dict)
        self._subjects: dict[str, frozenset[str]] = {}
        for sourced in facts:
            fact = sourced.fact
            if sourced.needs or not _is_number(fact) or not fact.scope or fact.scope.startswith(OTHERS):
                continue
            for family in _families(sourced):
                self._families[family].setdefault(fact.scope, float(fact.value))  # type: ignore[arg-type]
            self._subjects[fact.scope] = subjects_of(fact)
        self._columns = {
            column.removesuffix("s") for each in facts for column in columns_of(each.fact.scope).values()
        }

    def contradicted(self, sentence: Sentence, sources: Sources) -> set[Place]:
        """Return the places of numbers whose group does not have the rank that the sentence gives it.

        Args:
            sentence: The sentence.
            sources: The fact that each of its numbers was traced to, or None.
        """
        text, names = sentence.text, sentence.names
        wrong: set[Place] = set()
        ranks = list(ranks_in(text))
        for rank in ranks:
            place = _number_of(sentence, rank, ranks, sources)
            if place is None:
                continue
            fact = sources[place].fact  # type: ignore[union-attr]
            about = subjects_of(fact)
            claimed = _subject_of(text, rank, names)
            if self._ranks_a_column(text, rank, names):
                continue
            if not about or (claimed and not any(claimed in each or each in claimed for each in about)):
                continue
            where = bool(_WHERE.match(text, rank.end))
            if not self._holds(sources[place], rank, "" if where else claimed):  # type: ignore[arg-type]
                wrong.add(place)
        return wrong

    def without_number(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """Yield start and end of words that give a group a rank which no fact of it has.

        Args:
            sentence: The sentence; a rank that is told with a number is checked by it.
        """
        text, numbers, names = sentence.text, sentence.numbers, sentence.names
        for name, start, end, rank in _placed(sentence):
            if not self._has_rank(name, rank, sentence.without_names(), sentence.distinct):
                yield start, end
        ranks = list(ranks_in(text))
        for rank in ranks:
            told = [number for number in numbers if number.end <= rank.start or number.start >= rank.end]
            left = [each for each in names if each[2] <= rank.start]
            right = [each for each in names if each[1] >= rank.end]
            if told or _NEGATED.search(text) or self._ranks_a_column(text, rank, names):
                continue
            bare = sentence.without_names()
            if len(left) == 1 and (rank.by_verb or _VERB.search(text, left[0][2], rank.start + 1)):
                name, start, end = left[0][0], left[0][1], rank.end
            elif not left and len(right) == 1 and _IS.fullmatch(text, rank.end, right[0][1]):
                name, start, end = right[0][0], rank.start, right[0][2]
            else:
                continue
            if not self._has_rank(name, rank, bare, sentence.distinct - {name}):
                yield start, end

    def _has_rank(self, name: str, rank: Rank, text: str, beside: frozenset[str] = frozenset()) -> bool:
        """Return whether any fact of a group has a rank, or none is known that could.

        Args:
            name: The group.
            rank: What a sentence claims of it.
            text: The sentence, without names.
            beside: Other groups that the sentence speaks of; a fact crossed with them goes first.
        """
        spoken = spoken_names(text, {(key[1], key[2]) for key in self._families})
        open_to = [
            (family, scope)
            for family, values in self._families.items()
            for scope in values
            if len(values) > 2
            and name in self._subjects.get(scope, ())
            and (not rank.by_size or _IS_SIZE.search(family[1]))
            and family[1] in spoken
        ]
        crossed = [
            (family, scope)
            for family, scope in open_to
            if beside & self._subjects[scope] - {name} and beside & subjects(family[3])
        ]
        judged = [self._holds_in(family, scope, rank) for family, scope in crossed or open_to]
        return not judged or any(judged)

    def _ranks_a_column(self, text: str, rank: Rank, names: Sequence[tuple[str, int, int]]) -> bool:
        """Return whether it is a column that has a rank: "city comes second"."""
        before = re.search(r"([A-Za-z]+)\W*$", text[: rank.start])
        if rank.by_verb and before and not any(last >= before.end(1) >= first for _, first, last in names):
            return before[1].lower() not in _PRONOUNS
        return bool(before) and before[1].lower().removesuffix("s") in self._columns  # type: ignore[index]

    def _holds(self, sourced: SourcedFact, rank: Rank, claimed: str) -> bool:
        fact = sourced.fact
        families = list(_families(sourced))
        if len(families) > 1 and claimed:  # "Home has the lowest share of the app" ranks products
            families = [key for key in families if claimed not in subjects(key[3])]
        if any(self._holds_in(family, fact.scope, rank) for family in families):
            return True
        if rank.by_size and not _IS_SIZE.search(fact.name):
            sizes = [
                key for key in self._families if _IS_SIZE.search(key[1]) and fact.scope in self._families[key]
            ]
            return not sizes or any(self._holds_in(key, fact.scope, rank) for key in sizes)
        return False

    def _holds_in(self, family: _Key, scope: str, rank: Rank) -> bool:
        values = self._families.get(family, {})
        own = values.get(scope)
        if own is None or len(values) < 2:
            return True
        above = 1 + sum(value > own for value in values.values())
        below = 1 + sum(value < own for value in values.values())
        ties = sum(value == own for value in values.values()) - 1
        fits = [above <= rank.place <= above + ties, below <= rank.place <= below + ties]
        return any(fits) if rank.from_top is None else fits[0] if rank.from_top else fits[1]


def _number_of(sentence: Sentence, rank: Rank, ranks: Sequence[Rank], sources: Sources) -> Place | None:
    """Return the place of the number that a rank is told with: the next of its clause, or the last."""
    text, numbers = sentence.text, sentence.numbers
    start = max([0, *(end.end() for end in _SEGMENT_END.finditer(text, 0, rank.start))])
    end = min([len(text), *(cut.start() for cut in _SEGMENT_END.finditer(text, rank.end))])
    others = [each.start for each in ranks if each.start >= rank.end]
    end = min([end, *others])
    behind = [
        place
        for place, number in enumerate(numbers)
        if rank.end <= number.start < end and number.kind != "difference" and sources[place] is not None
    ]
    if behind:
        return behind[0]
    before = [
        place
        for place, number in enumerate(numbers)
        if start <= number.start and number.end <= rank.start and sources[place] is not None
    ]
    earlier = any(start <= each.start < rank.start for each in ranks)
    return before[-1] if before and not earlier else None


def _placed(sentence: Sentence) -> Iterator[tuple[str, int, int, Rank]]:
    """Yield name, start, end and rank of "ranks Kerala first and Punjab second"."""
    text = sentence.text
    if not _IN_ORDER.search(text) or _NEGATED.search(text):
        return
    for name, start, end in sentence.names:
        place = _PLACE.match(text, end)
        if place:
            last = place["place"].lower() == "last"
            n = 1 if last else _PLACES.index(place["place"].lower()) + 1
            yield name, start, place.end(), Rank(start, place.end(), n, not last, False, True)


def _subject_of(text: str, rank: Rank, names: Sequence[tuple[str, int, int]]) -> str:
    """Return whom a rank is told of: the name before its verb, else the next name behind, or ""."""
    left = next(
        (
            each
            for each in reversed(names)
            if each[2] <= rank.start and not _SEGMENT_END.search(text, each[2], rank.start)
        ),
        None,
    )
    if left and _VERB.search(text, left[2], rank.start + 1):
        return left[0]
    behind = [each for each in names if each[1] >= rank.end]
    if len(behind) > 1 and _MEASURED.match(text, behind[0][2]):
        behind = behind[1:]  # "the highest Starter share is found in Retail" ranks Retail
    right = behind[0][0] if behind else ""
    return right or (left[0] if left else "")


def _families(sourced: SourcedFact) -> Iterator[_Key]:
    """Yield the facts among which one can be ranked: all of its kind, and those of its row or its column."""
    whole = _family(sourced)
    yield whole
    parts = sourced.fact.scope.split("; ")
    if len(parts) == 2 and all(" = " in part for part in parts):
        for part in parts:
            yield (*whole[:3], part)


def _family(sourced: SourcedFact) -> _Key:
    fact = sourced.fact
    columns = re.sub(r" = [^;,]*", " = ", fact.scope) if " = " in fact.scope else ""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", fact.scope):
        columns = "day"
    elif " to " in fact.scope:
        columns = "stretch"
    return sourced.step, fact.name, fact.unit or "", columns


def _is_number(fact: Fact) -> bool:
    return isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
