"""Says whether a number is what several groups have together, or how far that lies from another group."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.grounding.binding import TIME_UNITS
from assistant.grounding.chosen_groups import GROUP_NOUNS, Chosen, chosen_in, speaks_of_several
from assistant.grounding.differences import comparing
from assistant.grounding.facts import OTHERS, SourcedFact, columns_of, subjects_of
from assistant.grounding.kinds import noun_contradicts
from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.spoken_measures import spoken_names
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

_COUNT = re.compile(r"n_|size$|customers$")
_APART = re.compile(r"\b(?:gap|difference|differ|apart|margin|distance|by)\b", re.IGNORECASE)
BETWEEN_THEM = re.compile(r"\s+(?:[A-Za-z]+\s+)?between (?:them|the two)\b", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:between|from)\s+\W*(?:[\d.,]+\s*%?\s+(?:and|to)\s+\W*)?$", re.IGNORECASE)
_RANGE_BEHIND = re.compile(r"\s*%?\s+(?:and|to)\s+\W*\d", re.IGNORECASE)
_NEAR = 60  # letters between a number and the phrase that chooses its groups
_NAMED_NEXT = 45  # letters between "more than" and the group that it compares with
_Key = tuple[int, str, str]  # step, name and unit


@dataclass(frozen=True, slots=True)
class Sum:
    """What several groups have together.

    Attributes:
        chosen: The phrase that chooses them.
        names: The groups.
        family: Step, name and unit of what is summed.
        column: The column of the groups.
        value: Their sum.
        source: The fact of one of them.
    """

    chosen: Chosen
    names: frozenset[str]
    family: _Key
    column: str
    value: float
    source: SourcedFact


class Sums:
    """What groups of the facts of an answer have together.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._tables: dict[str, dict[_Key, dict[str, SourcedFact]]] = defaultdict(lambda: defaultdict(dict))
        for each in facts:
            fact, about = each.fact, subjects_of(each.fact)
            if (
                each.needs
                or fact.scope.startswith((OTHERS, "everybody"))
                or len(about) != 1
                or not _is_number(fact)
            ):
                continue
            (name,) = about
            column = columns_of(fact.scope).get(name)
            if column is not None and " to " not in name and ": " not in fact.scope:
                self._tables[column][each.step, fact.name, fact.unit or ""].setdefault(name, each)

    def of(
        self,
        text: str,
        names: Sequence[tuple[str, int, int]],
        before: Sequence[str],
        previous: Sequence[str] = (),
    ) -> list[Sum]:
        """Return the sums over groups that the phrases of a sentence choose.

        Args:
            text: The sentence.
            names: Name, start and end of each name in it.
            before: The names that the answer spoke of before, last ones last.
            previous: The names of the sentence before.
        """
        chosen = chosen_in(text, names, before, previous)
        return [total for each in chosen for total in self._over(each, text)]

    def _over(self, chosen: Chosen, text: str) -> Iterator[Sum]:
        for column, families in self._columns_meant(chosen):
            orders = self._orders(families, chosen, text)
            for key, groups in families.items():
                if not adds_up(key[1]) or len(groups) < 2:
                    continue
                values = {name: _value(each) for name, each in groups.items()}
                own = [values] if chosen.how != "extreme" or chosen.by in ("size", "") else []
                members = {each for order in (*own, *orders) for each in chosen.members(values, order)}
                for names in sorted(members, key=sorted):
                    total = sum(values[name] for name in names)
                    source = groups[min(names)]
                    yield Sum(chosen, names, key, column, total, source)

    def _columns_meant(
        self, chosen: Chosen
    ) -> Iterator[tuple[str, Mapping[_Key, Mapping[str, SourcedFact]]]]:
        """Yield the columns whose groups a phrase may choose: the one that it names, else any."""
        known = {column.replace("_", " ").removesuffix("s"): column for column in self._tables}
        if chosen.noun and chosen.noun in known:
            yield known[chosen.noun], self._tables[known[chosen.noun]]
            return
        if not chosen.noun or chosen.noun in GROUP_NOUNS or chosen.noun == "one":
            yield from self._tables.items()

    def _orders(
        self, families: Mapping[_Key, Mapping[str, SourcedFact]], chosen: Chosen, text: str
    ) -> list[dict[str, float]]:
        """Return the measures by which a phrase may choose: the one that it names, else sizes and sums."""
        if chosen.how != "extreme":
            return []
        of_size = chosen.by in ("count", "size", "")
        spoken = set() if of_size else spoken_names(chosen.by, {(key[1], key[2]) for key in families})
        return [
            {name: _value(each) for name, each in groups.items()}
            for key, groups in families.items()
            if (_COUNT.match(key[1]) and key[2] != "%" and chosen.by if of_size else key[1] in spoken)
        ]

    def counts(
        self, number: WrittenNumber, text: str, names: Sequence[tuple[str, int, int]], before: Sequence[str]
    ) -> bool | None:
        """Return whether "two" of "the two smallest" can be right; None where it is no such number."""
        inside = [
            each
            for each in chosen_in(text, names, before)
            if each.how != "named" and each.start <= number.start and number.end <= each.end
        ]
        inside = [each for each in inside if each.n == number.value]
        if not inside or number.kind not in ("word", "amount") or number.percent:
            return None
        sizes = [
            max((len(groups) for groups in families.values()), default=0)
            for _, families in self._columns_meant(inside[0])
        ]
        if not sizes:
            return None
        if inside[0].how == "rest":
            return True if any(number.value < size for size in sizes) else None
        if any(number.value <= size for size in sizes):
            return True
        return False if inside[0].noun in GROUP_NOUNS - TIME_UNITS else None

    def supports(
        self,
        sentence: Sentence,
        place: Place,
        sums: Sequence[Sum],
        stated: Sequence[Sum],
        fits: Callable[[SourcedFact], bool],
    ) -> Sum | None:
        """Return the sum over groups that a number is, or that lies so far from another group.

        Args:
            sentence: The sentence.
            place: Of the number.
            sums: What the sentence or the one before it sums.
            stated: Those whose value the sentence has told.
            fits: Tells whether a number may be made of a fact, by the words beside it.
        """
        number = sentence.numbers[place]
        if number.kind == "multiple":
            return self._multiple(sentence, number, stated)
        for each in sums:
            if not self._is_of_kind(number, each) or not fits(each.source):
                continue
            if number.kind != "difference" and number.low <= each.value <= number.high:
                return each
            for name, other in self._tables[each.column][each.family].items():
                if name in each.names or not _is_spoken_of(name, sentence):
                    continue
                difference = each.value - _value(other)
                sign = _said(sentence, number, name, each)
                if (
                    sign is not None
                    and number.low <= abs(difference) <= number.high
                    and sign * difference >= 0
                ):
                    return each
        return None

    def _multiple(self, sentence: Sentence, number: WrittenNumber, stated: Sequence[Sum]) -> Sum | None:
        """Return the sum told before that is so many times what a group named behind has."""
        name = next((name for name, start, _ in sentence.names if 0 <= start - number.end < _NAMED_NEXT), "")
        for each in stated:
            other = self._tables[each.column][each.family].get(name)
            if other and _value(other) and number.low <= each.value / _value(other) <= number.high:
                return each
        return None

    def of_each(
        self,
        sentence: Sentence,
        place: Place,
        before: Sequence[str],
        fits: Callable[[SourcedFact], bool],
    ) -> SourcedFact | None:
        """Return a fact of the groups that a phrase chooses where a number holds for each of them.

        "About 5.90 for the two other dayparts"; and the ends of "the other three have between 381 and 491".

        Args:
            sentence: The sentence.
            place: Of the number.
            before: The names that the answer spoke of before.
            fits: Tells whether a number may be a fact, by the words beside it.
        """
        number, text = sentence.numbers[place], sentence.text
        near = [
            each
            for each in chosen_in(text, sentence.names, before)
            if each.how != "named" and _is_near(each, place, sentence)
        ]
        for chosen in near:
            for _, families in self._columns_meant(chosen):
                orders = self._orders(families, chosen, text)
                for groups in families.values():
                    values = {name: _value(each) for name, each in groups.items()}
                    source = next(iter(groups.values()))
                    if not self._is_unit_of(number, source) or not fits(source):
                        continue
                    sets = (chosen.members(values, order) for order in (values, *orders))
                    for names in {each for found in sets for each in found}:
                        if _holds_for_each(number, text, sorted(values[name] for name in names)):
                            return groups[min(names)]
        return None

    def _is_unit_of(self, number: WrittenNumber, source: SourcedFact) -> bool:
        fact = source.fact
        if number.kind in ("multiple", "difference") or number.percent != (fact.unit == "%"):
            return False
        if number.currency and (fact.unit or "") != number.currency:
            return False
        return not noun_contradicts(number, fact)

    def _is_of_kind(self, number: WrittenNumber, each: Sum) -> bool:
        fact = each.source.fact
        if number.percent != (fact.unit == "%"):
            return False
        if number.currency and (fact.unit or "") != number.currency:
            return False
        return number.kind == "difference" or not noun_contradicts(number, fact)


def _is_spoken_of(name: str, sentence: Sentence) -> bool:
    return any(name == own for own, _, _ in sentence.names)


def _said(sentence: Sentence, number: WrittenNumber, name: str, total: Sum) -> int | None:
    """Return 1 where a sum is said to be more than a group by a number, -1 for less, 0 where that is open.

    None where the sentence announces no difference.
    """
    text, word = sentence.text, comparing(number, sentence.text)
    if word is None:
        return 0 if number.kind == "difference" or _APART.search(text[: number.start]) else None
    sign = 1 if word["more"] else -1
    places = [(start, end) for own, start, end in sentence.names if own == name]
    if any(word.end() <= start <= word.end() + _NAMED_NEXT for start, _ in places):
        return sign
    return -sign if any(end <= word.start() for _, end in places) else 0


def adds_up(name: str) -> bool:
    """Return whether what a fact of this name says of several groups may be summed: sizes, totals, shares."""
    return bool(re.search(r"^size$|^n_|^sum_|^share_(?!.*where)|^customers$", name)) and not name.endswith(
        ("_where_share_pct", "_rate_pct")
    )


def _is_near(chosen: Chosen, place: Place, sentence: Sentence) -> bool:
    """Return whether a phrase stands beside a number, with no other amount between them but a range's end."""
    text, number = sentence.text, sentence.numbers[place]
    if max(chosen.start - number.end, number.start - chosen.end) >= _NEAR:
        return False
    start, end = min(number.end, chosen.end), max(number.start, chosen.start)
    between = [each for each in sentence.numbers if start <= each.start and each.end <= end]
    return all(each.kind == "word" or _RANGE.search(text[: each.start]) for each in between)


def _holds_for_each(number: WrittenNumber, text: str, values: Sequence[float]) -> bool:
    if _RANGE.search(text[: number.start]) or _RANGE_BEHIND.match(text, number.end):
        return any(number.low <= end <= number.high for end in (values[0], values[-1]))
    return all(number.low <= value <= number.high for value in values)


def takes_together(sentence: Sentence, number: WrittenNumber, sums: Sequence[Sum]) -> frozenset[str]:
    """Return the groups that a sentence takes together, so that none of them is compared alone."""
    if BETWEEN_THEM.match(sentence.text, number.end):
        return frozenset()  # "254 between them" is how far they are apart
    if not speaks_of_several(sentence.without_names()):
        return frozenset()
    return frozenset(name for each in sums if each.chosen.how == "named" for name in each.names)


def _is_number(fact: Fact) -> bool:
    return isinstance(fact.value, int | float) and not isinstance(fact.value, bool)


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
