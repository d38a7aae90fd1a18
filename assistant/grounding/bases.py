"""Says of what a share is told to be a part, and finds the same share told of another whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.grounding.facts import SourcedFact, columns_of, subjects
from assistant.grounding.kinds import PEOPLE, ROWS
from assistant.grounding.wholes import stems_of, whole_of
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

# "76% of all app claims concern Travel": the words between "of" and the verb say what the whole is.
_WHOLE = re.compile(
    r"\W{0,4}(?:\([^)]*\)\s*)?(?:of|among|across)\s+(?:all\s+|every\s+)?(?:the\s+|our\s+|your\s+|its\s+|these\s+)?"
    r"(?P<words>[^.;:()]{2,60}?)"
    r"(?=\s+(?:is|are|was|were|has|have|had|do|does|did|come|comes|came|concern\w*|live|lives|fall|falls|"
    r"belong\w*|stem\w*|go|goes|arrive\w*|happen\w*|occur\w*|take|took|use|uses|left|leave|churn\w*|cancel\w*|default\w*|sit|sits|stay\w*|book\w*|"
    r"in|on|by|at|from|with|who|that|which|choose|chose|buy|bought|made|make|prefer\w*)\b|\s*[.;:,()]|\s*$)",
    re.IGNORECASE,
)
_RATE = re.compile(r"^n_(?P<unit>\w+)_where_share_pct$|_rate_pct$")
_CONDITION = re.compile(r"\bwhere (?P<column>[\w ]{2,40}?) (?:is|=) ")
_OF_THE_TOTAL = re.compile(r"^(\d+(?:\.\d+)?)% of the total$")
_IN_ROW = re.compile(r"share_(?:of_rows|in_row)_pct|^share_in_row")
_IN_COLUMN = re.compile(r"share_(?:of_columns|in_column)_pct")
_PART_OF_ALL = re.compile(
    r"^share_(?:of_(?:customers|value|all|total_amount)_)?pct$|^share_of_(?:customers|all)"
)
_IS_OF = re.compile(
    r"\W{0,4}(?:of|among)\s+[^.;:,()]{2,60}?\s(?:are|is|were|was|come|came|concern\w*|go|went|falls?|fell|belong\w*|lives?|"
    r"lived|happen\w*|occur\w*|took place)(?=\s)",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"\s*(?:(?:from|by|in|on|with|to|at|of|the|a|an|via|through|for|made)\s+)*[“\"*'`]*", re.IGNORECASE
)
_ANSWERS = frozenset({"yes", "no", "true", "false"})
_ANSWERED = re.compile(r"(?P<column>\w+) = (?:Yes|No|True|False)\b", re.IGNORECASE)
_ITSELF = frozenset(["customer", "row", "transaction", "people", "base", "total", "case"])


class Bases:
    """The wholes of which the shares among the facts of an answer are parts.

    Args:
        facts: All facts that may be quoted.
        told: Sentences of tools, which say by which condition a rate was counted.
    """

    def __init__(self, facts: Sequence[SourcedFact], told: str) -> None:
        columns = {match["column"] for match in _CONDITION.finditer(told)}
        columns |= {match["column"] for each in facts for match in _ANSWERED.finditer(each.fact.scope)}
        self._conditions = {stem for column in columns for stem in stems_of(column)}
        self._needed = {
            float(each.fact.value): float(match[1])  # type: ignore[arg-type]
            for each in facts
            if each.fact.name == "n_needed" and (match := _OF_THE_TOTAL.match(each.fact.scope)) is not None
        }
        self._totals = {
            float(match[1]) for each in facts if (match := _OF_THE_TOTAL.match(each.fact.scope)) is not None
        }

    def contradicts(
        self,
        fact: Fact,
        number: WrittenNumber,
        text: str,
        names: Sequence[tuple[str, int, int]],
        others: Iterable[WrittenNumber],
    ) -> bool:
        """Return whether a sentence tells a share of another whole than the fact's.

        Args:
            fact: What a number may stand for.
            number: The number.
            text: The sentence.
            names: Name, start and end of each name in the sentence.
            others: The numbers of the sentence.
        """
        if fact.name.startswith("n_") and fact.unit != "%":
            return self._is_of_another_total(fact, others)
        if not number.percent or fact.unit != "%":
            return False
        if _RATE.search(fact.name) and (
            self._is_told_as_part(fact, number, text, names)
            or self._is_of_the_outcome(fact, number, text, names)
        ):
            return True
        whole = _WHOLE.match(text, number.end)
        if whole is None:
            return False
        start, end = whole.span("words")
        names = [each for each in names if each[0] not in _ANSWERS]
        inside = {name for name, first, last in names if start <= first and last <= end + 1}
        beyond = {name for name, first, _ in names if first > end}
        before = {name for name, _, last in names if last <= number.start}
        return self._is_of_another(fact, whole, inside, beyond, before)

    def _is_told_as_part(
        self, fact: Fact, number: WrittenNumber, text: str, names: Sequence[tuple[str, int, int]]
    ) -> bool:
        """Return whether the rate of a group is told as its part: "21 % of missed visits were in Heart"."""
        own = subjects(fact.scope)
        verb = _IS_OF.match(text, number.end)
        if verb is None or not own:
            return False
        before = {name for name, first, last in names if number.end <= first and last <= verb.end()}
        return not own & before and any(
            name in own and first >= verb.end() and _LINKS.fullmatch(text, verb.end(), first)
            for name, first, _ in names
        )

    def _is_of_the_outcome(
        self, fact: Fact, number: WrittenNumber, text: str, names: Sequence[tuple[str, int, int]]
    ) -> bool:
        """Return whether a group's rate is told as its part of an outcome: "among leavers, 21 % had Gold"."""
        whole = whole_of(text, number)
        if whole is None or not subjects(fact.scope) or not whole.is_of(self._conditions):
            return False
        return not any(
            whole.start <= first and last <= whole.end and name not in _ANSWERS for name, first, last in names
        )

    def _is_of_another(
        self, fact: Fact, whole: re.Match[str], inside: set[str], beyond: set[str], before: set[str]
    ) -> bool:
        parts = list(columns_of(fact.scope))
        if len(parts) == 1 and _IN_ROW.search(fact.name):
            parts = parts[0].split(", ")
        words = re.findall(r"[a-z-]+", whole["words"].lower())
        if _RATE.search(fact.name):
            of_condition = any(word.startswith(stem) for word in words for stem in self._conditions)
            if of_condition and not inside & set(parts):
                return True
            of_everybody = not inside and not beyond and not before and _names_all(words)
            return of_everybody and bool(subjects(fact.scope))
        if not inside:
            return False
        if len(parts) == 1 or parts and parts[0].startswith("everybody"):
            of_some = any(not name.startswith("everybody") for name in inside)
            return of_some and bool(_PART_OF_ALL.search(fact.name)) and bool(parts)
        if len(parts) != 2:
            return False
        row, column = parts
        base = row if _IN_ROW.search(fact.name) else column if _IN_COLUMN.search(fact.name) else ""
        if not base and fact.name == "share_pct" and re.match(r"[^,=;]+, [^=]+ = ", fact.scope):
            base = row
        if not base or not inside & set(parts):
            return False
        return base not in inside

    def _is_of_another_total(self, fact: Fact, others: Iterable[WrittenNumber]) -> bool:
        """Return whether a number of groups makes up 50 % of a total, and 80 % is told."""
        match = _OF_THE_TOTAL.match(fact.scope)
        if fact.name.endswith("_needed") and not fact.scope:
            own = self._needed.get(float(fact.value))  # type: ignore[arg-type]
        else:
            own = float(match[1]) if match else None
        if own is None:
            return False
        told = {
            total
            for total in self._totals
            for each in others
            if each.percent and each.low <= total <= each.high
        }
        return bool(told) and own not in told

    def out_of_pair(
        self, numbers: Sequence[WrittenNumber], held: Sequence[Sequence[SourcedFact]]
    ) -> set[int]:
        """Return the places of numbers of groups told beside another total: "614 reach 80%, 451 90%".

        Args:
            numbers: The numbers of a sentence.
            held: For each the facts that it may stand for.
        """
        counts = [
            (place, own)
            for place, found in enumerate(held)
            if (own := {float(m[1]) for each in found if (m := _OF_THE_TOTAL.match(each.fact.scope))})
            and not numbers[place].percent
        ]
        near = (
            next((total for total in sorted(self._totals) if each.low <= total <= each.high), None)
            for each in numbers
            if each.percent
        )
        totals = [total for total in near if total is not None]
        if len(counts) != len(totals) or len(counts) < 2:
            return set()
        return {place for (place, own), total in zip(counts, totals, strict=True) if total not in own}


def _names_all(words: Sequence[str]) -> bool:
    """Return whether words are of everybody: "all borrowers", "customers"."""
    nouns = {word.removesuffix("s") for word in words} - {"all", "the", "our", "your"}
    return bool(nouns) and nouns <= (PEOPLE | ROWS | _ITSELF)
