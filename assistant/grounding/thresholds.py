"""Checks claims about a line that all, none or some groups are beyond: "only two shops exceed 15,000 USD"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.grounding.facts import OTHERS, SourcedFact, columns_of, subjects_of
from assistant.grounding.kinds import kind_of
from assistant.grounding.written_numbers import UNITS, WrittenNumber, numbers_in

_ABOVE = (
    r"above|over|exceed(?:s|ed|ing)?|more than|at least|topp?(?:s|ed|ing)?|beyond|pass(?:es|ed)|"
    r"surpass(?:es|ed)?|"
    r"reach(?:es|ed)?|higher than|greater than|larger than|upwards of|cross(?:es|ed)?|beats?|>=?|≥"
)
_BELOW = (
    r"below|under|less than|fewer than|at most|short of|lower than|smaller than|beneath|no more than|up to|"
    r"shy of|<=?|≤"
)
_LINE = re.compile(
    rf"(?:\b|(?<=\s))(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s*(?:the\s+|a\s+)?\W{{0,3}}$", re.I
)
_NOT = re.compile(
    r"\b(?:fails? to|(?:do|does|did|is|are|was|were|has|have)(?:\s+not|n['’]t)|never)\b[^,;:.]*$", re.I
)
_NONE = re.compile(r"\b(?:no|none|neither|nobody|not (?:one|a single))\b", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:all|every|each|both|any|everywhere|throughout|always)\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|alone|sole|except|save|other than|apart from|besides|bar)\b", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:except(?: for)?|but|save|other than|apart from|besides|bar|than|outside)\b\W*$", re.I
)
_COUNT = re.compile(
    rf"\b(?P<n>\d{{1,2}}|{'|'.join(UNITS[1:13])})\s+(?:of\s+(?:the|its|our|your|them)|other|[a-z]+s\b)",
    re.IGNORECASE,
)
_COUNT_BEYOND = re.compile(
    rf"\s+of\s+(?:the|our|your|its)\s+[^.;:,()]{{2,40}}?\s(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s",
    re.IGNORECASE,
)
_IS_MEAN = re.compile(r"\b(?:averag\w*|mean|per|each|apiece|a head|typical\w*|share|%)|%", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:other|others|rest|remaining|else)\b", re.IGNORECASE)
_WITHIN = re.compile(r"\bwithin\s+(?:about\s+|just\s+|only\s+|some\s+)?\W{0,3}$", re.IGNORECASE)
_EACH_OTHER = re.compile(r"[^.;]{0,25}\b(?:of (?:each |one an)other|apart)\b", re.IGNORECASE)
_NEEDED = re.compile(r"(?: [a-z]+){0,4} (?:needed|required|necessary)\b", re.IGNORECASE)
_SCORES = re.compile(r"pearson|spearman|kendall|cramers")
_IS_CONDITION = re.compile(
    r"\b(?:with|having|whose|who|aged|of|that|which|those|from|among|if|when|where)(?:\s+\w+){0,2}\s+$",
    re.IGNORECASE,
)
_GROUPS = frozenset(
    [
        "segment",
        "group",
        "month",
        "quarter",
        "week",
        "pair",
        "correlation",
        "them",
        "these",
        "tier",
        "value",
        "other",
    ]
)
_Key = tuple[str, str, tuple[str, ...]]  # name, unit and columns of facts about groups
_Group = Mapping[frozenset[str], SourcedFact]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is claimed of groups: which of them lie beyond the line, or how many."""

    above: bool
    quantifier: str  # "none", "every", "only" or "count"
    count: int = 0
    without: bool = False  # "all others": those that are named do not count


class Thresholds:
    """Groups of the facts of an answer, each with what was measured of it.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        families: dict[_Key, dict[frozenset[str], SourcedFact]] = defaultdict(dict)
        for sourced in facts:
            fact, about = sourced.fact, subjects_of(sourced.fact)
            if not about or sourced.needs or fact.scope.startswith(OTHERS) or " to " in fact.scope:
                continue
            if isinstance(fact.value, int | float) and not isinstance(fact.value, bool):
                columns = tuple(sorted(set(columns_of(fact.scope).values())))
                families[fact.name, fact.unit or "", columns].setdefault(about, sourced)
        self._families = {key: groups for key, groups in families.items() if len(groups) > 1}
        self._nouns = {_singular(column) for _, _, columns in self._families for column in columns} | _GROUPS

    def supports(
        self,
        text: str,
        number: WrittenNumber,
        names: Sequence[tuple[str, int, int]],
        quoted: Sequence[SourcedFact] = (),
    ) -> bool | SourcedFact:
        """Return a fact of groups of which a claim about a number as a line is true; else whether it is none.

        Args:
            text: The sentence.
            number: One of its numbers.
            names: Name, start and end of each name in the sentence.
            quoted: Facts that the answer has spoken of so far, whom "all others" leaves out.

        Returns:
            A fact where the claim holds, False where it does not, True where nothing is claimed by a line.
        """
        if _NEEDED.match(text, number.end):
            return True  # "0 customers where at least 30 are needed" says nothing of groups
        spoken = [name for name, _, _ in names]
        if _WITHIN.search(text[: number.start]) and _EACH_OTHER.match(text, number.end):
            return next(self._close_together(number, spoken), False)
        count = _count_before(text, number)
        if count is not None:
            line, counted = count
            found = (self._where(groups, counted, line, (), set()) for groups in self._of_kind(line, text))
            return next((each for each in found if each), False)
        claim = _claim_of(text, number, names)
        if (
            claim
            and claim.quantifier == "count"
            and any(_count_before(text, each) for each in numbers_in(text))
        ):
            return True  # the count is checked, not its line
        if claim is None or not (claim.quantifier == "only" or _words(text[: number.start]) & self._nouns):
            return True
        spoken_before = {subjects_of(each.fact) for each in quoted} if claim.without else set()
        found = (
            self._where(groups, claim, number, spoken, spoken_before)
            for groups in self._of_kind(number, text)
        )
        return next((each for each in found if each), False)

    def _of_kind(self, number: WrittenNumber, text: str) -> Iterator[_Group]:
        """Yield the families whose facts are of a number's kind, those whose column is spoken of alone."""
        found = [(key, groups) for key, groups in self._families.items() if _is_of_kind(number, groups)]
        if not _IS_MEAN.search(text):  # an average that nobody told is meant where the sentence says so
            told = [each for each in found if next(iter(each[1].values())).origin is None]
            found = told or found
        words = _words(text)
        spoken = [groups for key, groups in found if words & {_singular(column) for column in key[2]}]
        yield from spoken or [groups for _, groups in found]

    def _where(
        self,
        groups: _Group,
        claim: _Claim,
        number: WrittenNumber,
        spoken: Sequence[str],
        before: set[frozenset[str]],
    ) -> SourcedFact | None:
        crossing = [name for name in spoken if any(name in about and len(about) > 1 for about in groups)]
        for kept in ((), crossing[:1], crossing[-1:]):
            inside = {about: each for about, each in groups.items() if set(kept) <= about}
            if len(inside) < 2:
                continue
            named = {about for about in inside if (about - set(kept)) & (set(spoken) - set(kept))}
            if not named and before:
                named = before & inside.keys()
            if _holds(claim, number, inside, named):
                return next(iter(inside.values()))
        return None

    def _close_together(self, number: WrittenNumber, spoken: Sequence[str]) -> Iterator[SourcedFact]:
        """Yield a fact of groups that lie no farther apart than a number, nor much closer."""
        for groups in self._families.values():
            named = [each for about, each in groups.items() if about & set(spoken)]
            others = [each for about, each in groups.items() if not about & set(spoken)]
            for chosen in (named, others, [*groups.values()]):
                values = [_value(each) for each in chosen]
                is_share = number.percent or number.noun.startswith("point")
                if len(values) < 2 or is_share != (chosen[0].fact.unit == "%"):
                    continue
                if 0.4 * number.value <= max(values) - min(values) <= number.high:
                    yield chosen[0]


def _count_before(text: str, number: WrittenNumber) -> tuple[WrittenNumber, _Claim] | None:
    """Return the line and the claim of a count that stands before it: "two of the three stay below 20 %"."""
    match = _COUNT_BEYOND.match(text, number.end)
    if number.kind not in ("word", "amount") or number.percent or match is None:
        return None
    line = next((each for each in numbers_in(text[match.end() :]) if each.start < 30), None)
    if line is None or line.kind != "amount":
        return None
    return line, _Claim(bool(match["above"]), "count", int(number.value))


def _claim_of(text: str, number: WrittenNumber, names: Sequence[tuple[str, int, int]]) -> _Claim | None:
    before = text[: number.start]
    line = _LINE.search(before)
    if line is None or number.kind in ("multiple", "difference", "part"):
        return None
    clause = re.split(r"[;:(]|,\s(?!all|every|none|each)", before)[-1]
    if _IS_CONDITION.search(before[: line.start()]) and not re.search(r"\bwhere\b", clause):
        return None
    above = bool(line["above"])
    if _NONE.search(clause):
        return _Claim(above, "none")
    above = above != bool(_NOT.search(clause))
    named = [(start, end) for _, start, end in names if end <= number.start]
    count = _COUNT.search(clause)
    if count and not named:
        n = count["n"].lower()
        return _Claim(above, "count", UNITS.index(n) if n in UNITS else int(n))
    excepted = any(_EXCEPT.search(text[:start]) for _, start, _ in names)
    if re.search(r"\bonly\W*$", before[: line.start()]):
        return None  # "only above 5"
    if _EVERY.search(clause) or (excepted and _ONLY.search(clause)):
        return _Claim(above, "every", without=excepted or bool(_OTHER.search(clause)))
    if named and _ONLY.search(clause):
        return _Claim(above, "only")
    return None


def _holds(claim: _Claim, number: WrittenNumber, groups: _Group, named: set[frozenset[str]]) -> bool:
    scores = any(_SCORES.search(each.fact.name) for each in groups.values())
    values = {about: abs(_value(each)) if scores else _value(each) for about, each in groups.items()}
    beyond = {
        about
        for about, value in values.items()
        if (value >= number.value if claim.above else value <= number.value)
    }
    if claim.quantifier == "none":
        return not beyond
    if claim.quantifier == "only":
        return bool(named) and beyond == named
    if claim.quantifier == "count":
        return len(beyond) == claim.count
    if claim.without:
        return bool(named) and not beyond & named and beyond | named == set(groups)
    return beyond == set(groups) or (scores and bool(named) and named <= beyond)


def _is_of_kind(number: WrittenNumber, groups: _Group) -> bool:
    fact = next(iter(groups.values())).fact
    kind = kind_of(fact)
    if number.percent != (kind == "percent"):
        return False
    if number.currency:
        return fact.unit == number.currency
    return kind != "money" or not number.noun


def _words(text: str) -> set[str]:
    return {_singular(word) for word in re.findall(r"[a-z]+", text.lower())}


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s") if len(word) > 3 else word


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
