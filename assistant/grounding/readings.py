"""Says which facts a number of a sentence may stand for, without those that the sentence's words rule out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.grounding.attribution import Subjects
from assistant.grounding.bases import Bases
from assistant.grounding.binding import TIME_UNITS, facts_for, singular, time_words
from assistant.grounding.bounds import bound_of
from assistant.grounding.directions import Comparison, comparison_of, contradicts_way
from assistant.grounding.facts import OTHERS, SourcedFact, subjects_of
from assistant.grounding.kinds import PEOPLE, ROWS
from assistant.grounding.labels import Labels
from assistant.grounding.measures import Measures, is_stated
from assistant.grounding.method_tables import is_of_the_method
from assistant.grounding.per_units import is_per_unknown
from assistant.grounding.positions import contradicts_position, divides, position_of, positions_told
from assistant.grounding.ranges import is_between_groups
from assistant.grounding.remainders import (
    clause_of,
    is_spoken_of,
    is_told_of_its_opposite,
    speaks_of_all,
    speaks_of_others,
)
from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.spans import Spans
from assistant.grounding.statistics import Statistics, statistics_of
from assistant.grounding.strengths import contradicts_strength
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

_WHOLE = re.compile(
    r"\b(?:in all|altogether|in total|overall|across the board)\b|"
    r"\b(?:of|across|among)\s+(?:all|every)\s+(?:the\s+|our\s+|your\s+)?"
    rf"(?:{'|'.join(sorted(PEOPLE | ROWS))})s\b(?!\s+(?:in|of|from|with|on)\b)",
    re.I,
)
_OF_SHARES = re.compile(
    r"%|\b(?:per\s?cent\w*|shares?|pct|pp|rates?|points?|part|proportion)\b", re.IGNORECASE
)
_SHORT_UNITS = {
    "second": ("sec", "s"), "minute": ("min", "mins"), "hour": ("hr", "hrs", "h"), "year": ("yr", "yrs"),
}  # fmt: skip
_AN_AVERAGE = re.compile(r"\b(?:the|an|its|their)\s+(?:average|mean|median|typical)\s+\w", re.IGNORECASE)
_MONEY_NAME = re.compile(
    r"amount|price|fee|fare|revenue|sales|spen[dt]|cost|value|balance|income|charge|bill|paid|pay|gift|total|arr|principal|"
    r"basket|premium|salary|wage|tip|donation",
    re.IGNORECASE,
)
_NEAR = 10.0  # points that a share may lie away from a round bound
_SUMS = re.compile(r"\b(?:together|combined|plus|both|sum|remaining|rest|others?)\b|\+", re.IGNORECASE)


class Readings:
    """What the numbers of an answer may stand for.

    Args:
        facts: All facts that may be quoted, with what follows from them.
        subjects: Names that they are about.
        units: Their units and what they count, in the singular.
        times: Words of the question and of tools, in the singular; units of time among them were told.
        told: Sentences of tools.
    """

    def __init__(
        self,
        facts: Sequence[SourcedFact],
        subjects: Subjects,
        units: frozenset[str],
        times: frozenset[str],
        told: str,
    ) -> None:
        self._facts, self._subjects, self._units = facts, subjects, units
        self._times = times | ({"year"} if times & {"age", "ages", "old"} else set())
        self._statistics, self._measures, self._bases = Statistics(facts), Measures(facts), Bases(facts, told)
        self._labels, self._spans = Labels(facts), Spans(facts)
        self._has_money = any(re.fullmatch("[A-Z]{3}", each.fact.unit or "") for each in facts)
        self._positions = frozenset(
            position for each in facts if (position := position_of(each.fact)) is not None
        )

    def candidates(self, number: WrittenNumber, text: str) -> list[SourcedFact]:
        """Return the facts that a number may stand for by its value and its kind, and that are spoken of."""
        found = facts_for(number, self._facts, self._units)
        if not any(each.needs or each.fact.scope.startswith(OTHERS) for each in found):
            return found
        for _, start, end in self._subjects.names_in(text):
            text = text[:start] + "_" * (end - start) + text[end:]
        return [each for each in found if is_spoken_of(each, text, number)]

    def not_contradicted(
        self, sentence: Sentence, place: Place, found: Sequence[SourcedFact]
    ) -> list[SourcedFact]:
        """Return the facts that a number may stand for, without those that the sentence's words rule out."""
        number, text, told = sentence.numbers[place], sentence.text, sentence.told[place]
        bare = sentence.without_names()
        wrong = self._subjects.contradicts(
            found, told, speaks_of_others(text, number), speaks_of_all(sentence, place)
        )
        statistic = self._statistics.told_of(text, sentence.numbers)[place]
        comparison = self.comparison(sentence, number)
        between = is_between_groups(sentence, place)  # the least of all medians is still a median
        position = frozenset() if between else positions_told(bare, number, self._positions)
        divided = divides(bare, number)
        measure = self.measure(sentence, number) if number.percent else ""
        whole = not told and not sentence.names and bool(_WHOLE.search(text[: number.end + 30]))
        rest = [
            sourced
            for sourced in found
            if sourced not in wrong
            and not (whole and subjects_of(sourced.fact))
            and self._is_timed(sourced.fact, number)
            and not (number.currency and self._is_no_money(sourced.fact))
            and not self._labels.contradicts(sourced.fact, number, bare)
            and not contradicts_position(sourced.fact, position, divided)
            and not contradicts_way(sourced.fact, number, text, comparison)
            and not is_told_of_its_opposite(sourced, text)
            and not contradicts_strength(sourced.fact, number, text)
            and not self._spans.contradicts(sourced.fact, sentence, place)
            and not is_per_unknown(sourced.fact, number, text, self._times)
            and not (number.kind != "word" and is_of_the_method(sourced.fact, text))
            and not _is_bare(sourced.fact, number, text)
            and not self._bases.contradicts(sourced.fact, number, text, sentence.names, sentence.numbers)
            and not self._measures.contradicts(sourced, measure, is_stated(text, number))
            and not self._measures.is_rate_told_as_part(sourced.fact, number, text)
        ]
        rest = [each for each in rest if not self._is_unlike_its_column(each, number, text)]
        rest.sort(key=lambda each: not subjects_of(each.fact) & told)
        return [] if self._statistics.contradicts(rest, statistic) else rest

    def comparison(self, sentence: Sentence, number: WrittenNumber) -> Comparison:
        """Return who is said to be more than whom; "buyers spend 3 more" means more than the others."""
        found = comparison_of(sentence.text, number, sentence.names)
        opposites = self._subjects.opposites_of({found.left} - {""})
        if found.sign and not found.right and len(opposites) == 1:
            return replace(found, right=next(iter(opposites)))
        return found

    def measure(self, sentence: Sentence, number: WrittenNumber) -> str:
        """Return what a number is told to measure, people, money or purchases, or ""."""
        return self._measures.told_of(sentence.without_names(), number)

    def within_bound(self, sentence: Sentence, place: Place) -> SourcedFact | None:
        """Return the share of the group told of that a round bound holds for: "under 60%" of 51 %."""
        number, told = sentence.numbers[place], sentence.told[place]
        side = bound_of(sentence.text, number)
        if not side or not number.percent or number.value % 5 and number.kind != "part" or not told:
            return None
        shares = [
            each
            for each in self._facts
            if each.fact.unit == "%"
            and not each.needs
            and isinstance(each.fact.value, int | float)
            and each.fact.name.startswith(("share_", "n_"))
            and self._subjects.about(each, told)
        ]
        near = [each for each in shares if 0 <= side * (float(each.fact.value) - number.value) <= _NEAR]  # type: ignore[arg-type]
        return next(iter(self.not_contradicted(sentence, place, near)), None)

    def may_be_of(self, sentence: Sentence, place: Place) -> Callable[[SourcedFact], bool]:
        """Return what tells whether a number may be made of a fact: a share of money is none of people."""
        number, text = sentence.numbers[place], sentence.text
        measure = self.measure(sentence, number)
        stated = is_stated(text, number)

        def fits(sourced: SourcedFact) -> bool:
            if number.percent:
                return not self._measures.contradicts(sourced, measure, stated)
            return not (number.currency and self._is_no_money(sourced.fact))

        return fits

    def out_of_pair(self, sentence: Sentence, held: Sequence[Sequence[SourcedFact]]) -> set[Place]:
        """Return the places of numbers that are told beside another share of the total than theirs."""
        return self._bases.out_of_pair(sentence.numbers, held)

    def is_of_somebody_absent(self, sentence: Sentence, place: Place, held: Sequence[SourcedFact]) -> bool:
        """Return whether a number is that of a group that a line leaves out while it names its rivals."""
        number, stretch = sentence.numbers[place], sentence.stretch
        if number.kind != "amount" or number.rough or stretch.is_cell:
            return False
        if re.search(r"\bfrom\s+\W*$", sentence.text[: number.start], re.IGNORECASE):
            return False  # "by app, it sank from 22 to 12 days"
        if speaks_of_others(sentence.text, number) or _SUMS.search(sentence.text):
            return False
        line = f"{stretch.under} {stretch.before} {sentence.text}"
        return self._subjects.is_of_somebody_absent(held, sentence.distinct, line)

    def is_of_another(self, sentence: Sentence, place: Place) -> bool:
        """Return whether a number is exactly what facts say of another group than it is told of."""
        number, told = sentence.numbers[place], sentence.told[place]
        if (
            number.kind != "amount"
            or number.rough
            or len(told) != 1
            or _SUMS.search(clause_of(sentence.text, number))
        ):
            return False
        candidates = self.candidates(number, sentence.text)
        (name,) = told
        found = [each for each in candidates if not each.needs and subjects_of(each.fact)]
        found = [each for each in found if not _is_end_of(name, each.fact.scope)]
        return bool(found) and len(self._subjects.contradicts(found, told, False, False)) == len(found)

    def is_refuted(self, sentence: Sentence, place: Place, found: Sequence[SourcedFact]) -> bool:
        """Return whether a number is a fact that is told of another whole, or as an average."""
        number, text = sentence.numbers[place], sentence.text
        if self._labels.is_misnamed(number, sentence.without_names()):
            return True
        if number.rough or number.kind != "amount":
            return False
        measure = self.measure(sentence, number) if is_stated(text, number) and number.percent else ""
        return any(
            self._bases.contradicts(each.fact, number, text, sentence.names, sentence.numbers)
            or self._is_unlike_its_column(each, number, text)
            or (
                measure
                and self._subjects.about(each, sentence.told[place])
                and self._measures.contradicts(each, measure, True)
            )
            for each in found
            if not each.needs
        )

    def _is_unlike_its_column(self, sourced: SourcedFact, number: WrittenNumber, text: str) -> bool:
        """Return whether a share is told as an average: "the average rate is 22 %"."""
        if not sourced.fact.name.startswith(("share_", "n_", "size", "customers")):
            return False
        before = re.split(r"[;:,(]|\b(?:and|while|but)\b", text[: number.start])[-1]
        told = _AN_AVERAGE.search(before)
        return bool(told) and any(
            statistics_of(each.fact) & {"mean", "median"}
            and subjects_of(each.fact) == subjects_of(sourced.fact)
            for each in self._facts
        )

    def _is_no_money(self, fact: Fact) -> bool:
        """Return whether a fact without a unit cannot be money: the facts that are say their currency."""
        if (
            fact.unit
            or ": " in fact.scope
            or not fact.name.startswith(("mean_", "median_", "sum_", "min_", "max_"))
        ):
            return False
        return self._has_money or not _MONEY_NAME.search(fact.name)

    def _is_timed(self, fact: Fact, number: WrittenNumber) -> bool:
        """Return whether a fact without a unit may be weeks: only where something told speaks of weeks."""
        noun = singular(number.noun)
        if fact.name.startswith(("n_periods", "n_steps")):
            return True
        if any(short in self._times for short in _SHORT_UNITS.get(noun, ())):
            return True
        return noun not in TIME_UNITS or bool(time_words(fact)) or noun in self._times


def _is_end_of(name: str, stretch: str) -> bool:
    """Return whether a day is the first or the last one of a stretch of time."""
    first, to, last = stretch.partition(" to ")
    return bool(to) and name in (first, last)


def _is_bare(fact: Fact, number: WrittenNumber, text: str) -> bool:
    """Return whether "28" would be 28 % in a sentence that speaks of no share."""
    return fact.unit == "%" and not number.percent and not _OF_SHARES.search(text)
