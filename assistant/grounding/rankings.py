"""Checks words of rank, such as "the second largest" or "leads", against the order of the facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.grounding.facts import OTHERS, SourcedFact, columns_of, subjects, subjects_of
from assistant.grounding.measures import measure_of, measures_in
from assistant.grounding.sentences import Place, Sentence, Sources
from tools.core import Fact

_ORDINALS = {
    "first": 1,
    "1st": 1,
    "one": 1,
    "1": 1,
    "second": 2,
    "2nd": 2,
    "two": 2,
    "2": 2,
    "runner-up": 2,
    "third": 3,
    "3rd": 3,
    "three": 3,
    "3": 3,
    "fourth": 4,
    "4th": 4,
    "4": 4,
    "fifth": 5,
    "5th": 5,
}
_ORDINAL = r"second|2nd|third|3rd|fourth|4th|fifth|5th"
_TOP = (
    r"highest|largest|biggest|greatest|strongest|longest|oldest|dearest|costliest|priciest|heaviest|richest|"
    r"best|most valuable|most expensive|most lucrative|most profitable|most frequent|most populous|"
    r"most common|"
    r"most often|most likely|most frequently|most strongly|"
    r"slowest|best-selling|top-selling|(?<=the )most(?!\s+(?:of|recent\w*))"
)
_BOTTOM = (
    r"lowest|smallest|weakest|shortest|youngest|cheapest|worst|poorest|least valuable|least expensive|"
    r"least often|least likely|least frequently|rarest|"
    r"least common|fastest|quickest|fewest|(?<=the )least"
)
_SUPERLATIVE = re.compile(
    rf"\b(?:(?P<place>{_ORDINAL})[\s-]+)?(?:(?P<top>{_TOP})|(?P<bottom>{_BOTTOM}))\b(?!\s+(?:\d|one percent|"
    r"two|three|four|five|ten|possible|single|value of|change|gap|difference|basket is|of these))",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"\b(?:rank(?:s|ed|ing)?|comes?|came|finish(?:es|ed)|placed?|places|stands?|sits?|is|are|was|in|takes?|took)\s+"
    r"(?:clear(?:ly)?\s+|only\s+|a\s+(?:close|distant|clear)\s+|the\s+)?(?:(?:in|at|on)\s+)?(?:#\s?|number\s+|no\.\s?)?"
    r"(?P<place>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|[1-4](?![\d,.%]))"
    r"(?=\s+(?:place|spot|position|rank|by|in|with|at|on|among|of|overall|for|behind)\b|\s*[,.;:(]|\s*$)"
    r"(?!\s+(?:of\s+all|in\s+(?:the\s+)?(?:line|order)))",
    re.IGNORECASE,
)
_NUMBER_ONE = re.compile(r"(?:\bnumber|\bno\.|#)\s?(?P<place>one|two|three|1|2|3|4)\b", re.IGNORECASE)
_LEADS = re.compile(
    r"\b(?:leads?(?!\s+(?:to|time|days?))|tops|is on top|comes out (?:on top|ahead)|at the top|"
    r"dominates?|front-?runner|ahead of (?:all|every|both))\b",
    re.IGNORECASE,
)
_TRAILS = re.compile(
    r"\b(?:trails? (?:all|everyone|both|the (?:others|rest))|brings? up the rear|at the bottom|"
    r"(?:is|are|comes?|ranks?|finish\w*) last|behind (?:all|every|both))\b",
    re.IGNORECASE,
)
_PEAK = re.compile(
    r"\b(?:peaked|(?:the|its|their) (?:\w+ )?(?:peak|high point)|record (?:high|month|day|week|year)|"
    r"all-time high)\b",
    re.IGNORECASE,
)
_TROUGH = re.compile(r"\b(?:(?:the|its|their) (?:trough|low point)|bottomed out|record low)\b", re.IGNORECASE)
_HEDGED = re.compile(
    r"\b(?:from the|by the|sorted by|ordered by|in order of|starting with|one of (?:the|our|your|its)|"
    r"among the|at|not(?: the)?|nor|neither|next|after|remaining|other|rest|besides|"
    r"apart from|excluding|except|than|if|whether|nearly the|almost the|their|its|two|three|four|five|"
    r"both|several|many)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?:among|besides|apart from|excluding|except(?:ing)?|remaining|leaving aside)\b", re.I
)
_SEGMENT_END = re.compile(r"[;]|\b(?:but|while|whereas|although|though|yet|followed by|then)\b|\.\s", re.I)
_NEGATED = re.compile(r"\b(?:not|never|neither|nor|if|would|could|n['’]t)\b|n['’]t\b|\?", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\s+$", re.IGNORECASE)  # "has its highest share in Pune"
_WHERE = re.compile(r"(?:\s+[a-z]+){0,2}\s+(?:in|at|on|for|among)\s", re.IGNORECASE)
_MOST = re.compile(  # "most flyers are Blue"
    r"(?:^|[.;,:]\s+)(?:the )?(?:most|majority)(?:\s+of)?(?:\s+(?:the|our|your|these))?(?:\s+[\w-]+){1,3}?\s+"
    r"(?=(?:is|are|was|were|come|came|live|choose|use|have|fall|belong|concern)\b)",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(
    ["it", "which", "who", "that", "they", "this", "these", "and", "then", "also", "again", "clearly",
     "still", "followed", "group", "segment", "one", "customers", "members", "plan", "now"]
)  # fmt: skip
_SIZE_WORD = re.compile(r"largest|biggest|smallest", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|ranks?|comes?|came|shows?|leads?|remains?|makes?|takes?|brings?|gets?|sees?|"
    r"stands?|reach\w*|post\w*|record\w*|form\w*|with|being|as|holds?|spends?|generates?|earns?|pays?|became)\b|,",
    re.IGNORECASE,
)
_IS_SIZE = re.compile(r"^size$|^n_|^customers$|^sum_|share")


_Key = tuple[int, str, str, str]  # step, name, unit and columns of facts that can be ranked


@dataclass(frozen=True, slots=True)
class _Rank:
    """A place that a sentence claims: the first or last by value where `places` is 1, with its position."""

    start: int
    end: int
    place: int
    from_top: bool | None  # None where "best" or "worst" may be either end
    by_size: bool
    by_verb: bool = False


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
        ranks = list(_ranks_in(text))
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
        ranks = list(_ranks_in(text))
        for rank in ranks:
            told = [number for number in numbers if number.end <= rank.start or number.start >= rank.end]
            left = [each for each in names if each[2] <= rank.start]
            if told or len(left) != 1 or self._ranks_a_column(text, rank, names) or _NEGATED.search(text):
                continue
            if _VERB.search(text, left[0][2], rank.start + 1) and not self._has_rank(left[0][0], rank, text):
                yield left[0][1], rank.end

    def _has_rank(self, name: str, rank: _Rank, text: str) -> bool:
        """Return whether any fact of a group has a rank, or none is known that could."""
        measured = measures_in(text)
        judged = [
            self._holds_in(family, scope, rank)
            for family, values in self._families.items()
            for scope in values
            if len(values) > 2
            and name in self._subjects.get(scope, ())
            and (not rank.by_size or _IS_SIZE.search(family[1]))
            and (not measured or _measure_of(family) in measured)
        ]
        return not judged or any(judged)

    def _ranks_a_column(self, text: str, rank: _Rank, names: Sequence[tuple[str, int, int]]) -> bool:
        """Return whether it is a column that has a rank: "city comes second"."""
        before = re.search(r"([A-Za-z]+)\W*$", text[: rank.start])
        if rank.by_verb and before and not any(last >= before.end(1) >= first for _, first, last in names):
            return before[1].lower() not in _PRONOUNS
        return bool(before) and before[1].lower().removesuffix("s") in self._columns  # type: ignore[index]

    def _holds(self, sourced: SourcedFact, rank: _Rank, claimed: str) -> bool:
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

    def _holds_in(self, family: _Key, scope: str, rank: _Rank) -> bool:
        values = self._families.get(family, {})
        own = values.get(scope)
        if own is None or len(values) < 2:
            return True
        above = 1 + sum(value > own for value in values.values())
        below = 1 + sum(value < own for value in values.values())
        ties = sum(value == own for value in values.values()) - 1
        fits = [above <= rank.place <= above + ties, below <= rank.place <= below + ties]
        return any(fits) if rank.from_top is None else fits[0] if rank.from_top else fits[1]


def _ranks_in(text: str) -> Iterator[_Rank]:
    if _LIMITED.search(text):
        return
    for match in _SUPERLATIVE.finditer(text):
        own = _ITS.search(text[: match.start()]) and _WHERE.match(text, match.end())
        if own or not _HEDGED.search(text[: match.start()]):
            word = match[0].lower()
            either = bool(re.search(r"best|worst|strongest|weakest|slowest|fastest|quickest", word))
            place = _ORDINALS[(match["place"] or "first").lower()]
            yield _Rank(
                match.start(), match.end(), place, None if either and place == 1 else bool(match["top"]),
                bool(_SIZE_WORD.search(word)),
            )  # fmt: skip
    for match in _MOST.finditer(text):
        yield _Rank(match.start(), match.end(), 1, True, False)
    for pattern in (_RANKED, _NUMBER_ONE):
        for match in pattern.finditer(text):
            last = match["place"].lower() == "last"
            if not re.search(r"\bnot\b", text[: match.start()]):
                place = 1 if last else _ORDINALS[match["place"].lower()]
                yield _Rank(match.start(), match.end(), place, not last, False, True)
    for pattern, from_top in ((_LEADS, True), (_TRAILS, False), (_PEAK, True), (_TROUGH, False)):
        for match in pattern.finditer(text):
            yield _Rank(match.start(), match.end(), 1, from_top, False, pattern in (_LEADS, _TRAILS))


def _number_of(sentence: Sentence, rank: _Rank, ranks: Sequence[_Rank], sources: Sources) -> Place | None:
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


def _subject_of(text: str, rank: _Rank, names: Sequence[tuple[str, int, int]]) -> str:
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
    right = next((name for name, start, _ in names if start >= rank.end), "")
    return right or (left[0] if left else "")


def _measure_of(family: _Key) -> str:
    return measure_of(Fact(family[1], 0, family[2] or None))


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
