"""Takes one answer through the check: sentence by sentence, number by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.grounding.attribution import Subjects
from assistant.grounding.bases import Bases
from assistant.grounding.binding import TIME_UNITS, facts_for, is_counted, singular, time_words, units_of
from assistant.grounding.bounds import contradicts_definition
from assistant.grounding.closure import with_derived
from assistant.grounding.counts import Counts
from assistant.grounding.derivation import Told, adds_up, derived_from
from assistant.grounding.directions import Comparison, comparison_of, contradicts_way
from assistant.grounding.facts import (
    OTHERS,
    Grounding,
    Marked,
    NumberTrace,
    Said,
    SourcedFact,
    subjects,
    subjects_of,
)
from assistant.grounding.kinds import PEOPLE, ROWS
from assistant.grounding.layout import Stretch, stretches
from assistant.grounding.linking import joined_in
from assistant.grounding.masking import masked
from assistant.grounding.measures import Measures, is_stated
from assistant.grounding.modality import modality_of
from assistant.grounding.orders import contradicted, without_numbers
from assistant.grounding.passages import with_passages
from assistant.grounding.periods import Periods
from assistant.grounding.positions import (
    contradicts_position,
    divides,
    position_of,
    positions_told,
    quantile_for,
)
from assistant.grounding.rankings import Rankings
from assistant.grounding.references import References
from assistant.grounding.remainders import is_spoken_of, is_told_of_its_opposite, speaks_of_others
from assistant.grounding.statistics import Statistics, statistics_in, statistics_of
from assistant.grounding.strengths import contradicts_strength
from assistant.grounding.table_cells import read_cells
from assistant.grounding.thresholds import Thresholds
from assistant.grounding.written_dates import agrees, dates_in, written_dates
from assistant.grounding.written_numbers import WrittenNumber, numbers_in
from tools.core import Fact

_POINTS_BACK = re.compile(r"\b(?:these|those)\s+$", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:in all|altogether|in total|overall|across the board)\b|"
    r"\b(?:of|across|among)\s+(?:all|every)\s+(?:the\s+|our\s+|your\s+)?"
    rf"(?:{'|'.join(sorted(PEOPLE | ROWS))})s\b(?!\s+(?:in|of|from|with|on)\b)",
    re.I,
)
_IS_TIME = re.compile(r"\d{4}-\d{2}-\d{2}\b")
_OF_SHARES = re.compile(
    r"%|\b(?:per\s?cent\w*|shares?|pct|pp|rates?|points?|part|proportion)\b", re.IGNORECASE
)
_SHORT_UNITS = {
    "second": ("sec", "s"), "minute": ("min", "mins"), "hour": ("hr", "hrs", "h"), "year": ("yr", "yrs"),
}  # fmt: skip
_ANY_OTHER = re.compile(r"\b(?:any|every|all|each|of the) others?\b|\bthe others\b|\bnext\b", re.IGNORECASE)
_IS_LIMIT = re.compile(r"^condition_value|threshold|_limit$")
_EVERY = re.compile(r"\b(?:every|each|all|throughout|everywhere)\b", re.IGNORECASE)
_AN_AVERAGE = re.compile(r"\b(?:the|an|its|their)\s+(?:average|mean|median|typical)\s+\w", re.IGNORECASE)
_NO_NUMBER = WrittenNumber("", 0, 0, 0.0, 0.0, 0.0)
_WORD = re.compile(r"[a-z]+")


def check(
    answer: str,
    facts: Sequence[SourcedFact],
    question: str = "",
    labels: Iterable[str] = (),
    told: Iterable[str] = (),
    said: Iterable[Said] = (),
) -> Grounding:
    """Trace the numbers of an answer.

    A written number is supported by a fact of the same unit that rounds to it at the precision in which
    it is written; a loss may be written without its sign, a part of one as percent. Where a fact is known
    for several groups and the sentence names one, the number has to be that group's. Differences, ratios,
    changes and sums of facts that the answer speaks of are supported where the words announce them.
    Numbers that repeat the question are supported, numbers within names are not numbers.

    Args:
        answer: Markdown.
        facts: All facts that may be quoted, those of the turn's own steps first.
        question: The person's words, in this turn and before.
        labels: Names that may hold numbers, such as "Top 20" or "One year".
        told: Sentences of tools; numbers in words are supported where they repeat one ("counts three times").
        said: Passages that were computed as they stand; where the answer repeats one word for word, a number
            that no fact supports is traced to the passage.
    """
    return with_passages(_Check(answer, facts, question, labels, told).result(), answer, said)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the answer, its numbers and the names that each is told of."""

    stretch: Stretch
    numbers: Sequence[WrittenNumber]
    told: Sequence[frozenset[str]]
    names: Sequence[tuple[str, int, int]]

    @property
    def text(self) -> str:
        return self.stretch.text


def supports(fact: Fact, written: str) -> bool:
    """Tell whether a fact rounds to a number as it is written."""
    source = [SourcedFact(0, fact)]
    return any(facts_for(number, source, frozenset()) for number in numbers_in(written))


class _Check:
    """One answer on its way through the check."""

    def __init__(
        self,
        answer: str,
        facts: Sequence[SourcedFact],
        question: str,
        labels: Iterable[str],
        told: Iterable[str],
    ) -> None:
        self.answer = answer
        facts = read_cells(facts)
        self.periods = Periods(facts)
        self.facts = facts = [*with_derived(facts), *self.periods.facts(answer)]
        self.units, self.subjects, self.statistics = (
            units_of(facts),
            Subjects(facts, self.periods),
            Statistics(facts),
        )
        self.measures, self.rankings, self.thresholds = Measures(facts), Rankings(facts), Thresholds(facts)
        self.positions = frozenset(
            position for each in facts if (position := position_of(each.fact)) is not None
        )
        self.asked = numbers_in(question)
        self.asked_dates = dates_in(question)
        self.traces: list[NumberTrace] = []
        self.unsupported: list[Marked] = []
        self.quoted: list[SourcedFact] = []  # facts that the answer has spoken of so far
        self.told = " ".join(told)
        self.limits = {
            float(each.fact.value)
            for each in facts
            if _IS_LIMIT.search(each.fact.name)
            and isinstance(each.fact.value, int | float)
            and each.fact.value
        }
        self.bases = Bases(facts, self.told)
        self.references = References(facts, self.units)
        self.counts = Counts(facts, self.told, answer, self.subjects)
        self.nouns = self.counts.nouns
        self.times = frozenset(singular(word) for word in _WORD.findall(f"{self.told} {question}".lower()))
        self.visible = self._without_dates(self._without_bounds(masked(answer, facts, labels)))

    def result(self) -> Grounding:
        for stretch in stretches(self.answer, self.visible, self.subjects.names_in):
            self._check_stretch(stretch)
        return Grounding(
            tuple(sorted(self.traces, key=lambda trace: trace.start)),
            tuple(sorted(self.unsupported, key=lambda item: item[1])),
        )

    def _check_stretch(self, stretch: Stretch) -> None:
        numbers = [
            _with_noun_before(number, stretch.visible)
            for number in numbers_in(stretch.visible)
            if number.kind != "word" or self._counts(number, stretch.visible[: number.start])
        ]
        candidates = [self._candidates(number, stretch.text) for number in numbers]
        names = self.subjects.names_in(stretch.text)
        sentence = _Sentence(stretch, numbers, self._told(stretch, numbers, candidates), names)
        undecided, sources = [], [None] * len(numbers)  # type: list[int], list[SourcedFact | None]
        for place, (number, found) in enumerate(zip(numbers, candidates, strict=True)):
            if number.kind != "amount" and self._repeats_a_tool(stretch, number):
                continue
            before = stretch.visible[: number.start]
            if self.references.is_beyond_the_segments(number, before):
                self._mark(number, stretch)
                continue
            if self.references.is_tier_apart(number, before) and not self._was_asked(number):
                self._mark(number, stretch)
                continue
            if contradicts_definition(stretch.text, number, self.limits):
                self._mark(number, stretch)
                continue
            line = self.thresholds.supports(stretch.text, number, sentence.names, self.quoted)
            if line is False:
                self._mark(number, stretch)
                continue
            held = self._not_contradicted(sentence, place, found) if isinstance(line, bool) else [line]
            if not held and self._is_refuted(sentence, place, found):
                self._mark(number, stretch)
            elif held:
                self._trace(number, stretch, held[0])
                sources[place] = held[0]
                self.quoted += held[:3]
            else:
                undecided.append(place)
        for place in undecided:
            self._settle(sentence, place)
        self._mark_wrong_orders(sentence, sources)

    def _mark_wrong_orders(self, sentence: _Sentence, sources: Sequence[SourcedFact | None]) -> None:
        """Mark numbers that are right in themselves where the words give them a wrong rank or order."""
        names, stretch = sentence.names, sentence.stretch
        if not stretch.is_cell and not modality_of(stretch.text, _NO_NUMBER, stretch.under):
            spans = [
                *self.rankings.without_number(sentence.text, sentence.numbers, names),
                *without_numbers(sentence.text, sentence.numbers, names, self.facts, self.subjects.about),
            ]
            self.unsupported += [
                (stretch.text[first:last], stretch.start + first, stretch.start + last)
                for first, last in sorted(set(spans))
            ]
        if not any(sources):
            return
        wrong = self.rankings.contradicted(sentence.text, sentence.numbers, sources, names)
        wrong |= contradicted(
            sentence.text, sentence.numbers, sources, names, self.facts, self.subjects.about
        )
        for place in sorted(wrong):
            number = sentence.numbers[place]
            start = sentence.stretch.start + number.start
            self.traces = [trace for trace in self.traces if trace.start != start]
            self._mark(number, sentence.stretch)

    def _candidates(self, number: WrittenNumber, text: str) -> list[SourcedFact]:
        """Return the facts that a number may stand for by its value and its kind, and that are spoken of."""
        found = facts_for(number, self.facts, self.units | self.nouns)
        if not any(each.needs or each.fact.scope.startswith(OTHERS) for each in found):
            return found
        text = self._without_names(text)
        return [each for each in found if is_spoken_of(each, text, number)]

    def _counts(self, number: WrittenNumber, before: str) -> bool:
        """Return whether a number in words states a count; "these four places" points back to one."""
        return is_counted(number, self.units | self.nouns) and not _POINTS_BACK.search(before)

    def _told(
        self,
        stretch: Stretch,
        numbers: Sequence[WrittenNumber],
        candidates: Sequence[Sequence[SourcedFact]],
    ) -> list[frozenset[str]]:
        """Return for each number of a sentence the names that it is told of."""
        bound = [
            place
            for place, found in enumerate(candidates)
            if numbers[place].kind == "part" or (found and all(subjects_of(each.fact) for each in found))
        ]
        told = self.subjects.told_of(
            stretch.text,
            [numbers[place] for place in bound],
            [candidates[place] for place in bound],
            stretch.heading,
            stretch.before,
        )
        by_place = dict(zip(bound, told, strict=True))
        return [by_place.get(place, frozenset()) for place in range(len(numbers))]

    def _not_contradicted(
        self, sentence: _Sentence, place: int, found: Sequence[SourcedFact]
    ) -> list[SourcedFact]:
        """Return the facts that a number may stand for, without those that the sentence's words rule out."""
        number, text = sentence.numbers[place], sentence.text
        wrong = self.subjects.contradicts(found, sentence.told[place], speaks_of_others(text, number))
        statistic = self.statistics.told_of(text, sentence.numbers)[place]
        comparison = self._comparison(sentence, number)
        position = positions_told(self._without_names(text), number, self.positions)
        divided = divides(self._without_names(text), number)
        measure = self._measure(sentence, number) if number.percent else ""
        whole = not sentence.told[place] and bool(_WHOLE.search(text[: number.end + 30]))
        whole = whole and not self.subjects.names_in(text)
        rest = [
            sourced
            for sourced in found
            if sourced not in wrong
            and not (whole and subjects_of(sourced.fact))
            and self._is_timed(sourced.fact, number)
            and not contradicts_position(sourced.fact, position, divided)
            and not contradicts_way(sourced.fact, number, text, comparison)
            and not is_told_of_its_opposite(sourced, text)
            and not contradicts_strength(sourced.fact, number, text)
            and not _is_bare(sourced.fact, number, text)
            and not self.bases.contradicts(sourced.fact, number, text, sentence.names, sentence.numbers)
            and not self.measures.contradicts(sourced, measure, is_stated(text, number))
            and not self.measures.is_rate_told_as_part(sourced.fact, number, text)
        ]
        rest = [each for each in rest if not self._is_unlike_its_column(each, number, text)]
        rest.sort(key=lambda each: not subjects_of(each.fact) & sentence.told[place])
        return [] if self.statistics.contradicts(rest, statistic) else rest

    def _comparison(self, sentence: _Sentence, number: WrittenNumber) -> Comparison:
        """Return who is said to be more than whom; "buyers spend 3 more" means more than the others."""
        found = comparison_of(sentence.text, number, sentence.names)
        opposites = self.subjects.opposites_of({found.left} - {""})
        if found.sign and not found.right and len(opposites) == 1:
            return replace(found, right=next(iter(opposites)))
        return found

    def _is_refuted(self, sentence: _Sentence, place: int, found: Sequence[SourcedFact]) -> bool:
        """Return whether a number is a fact that is told of another whole, or as an average."""
        number, text = sentence.numbers[place], sentence.text
        if number.rough or number.kind != "amount":
            return False
        measure = self._measure(sentence, number) if is_stated(text, number) and number.percent else ""
        return any(
            self.bases.contradicts(each.fact, number, text, sentence.names, sentence.numbers)
            or self._is_unlike_its_column(each, number, text)
            or (
                measure
                and self.subjects.about(each, sentence.told[place])
                and self.measures.contradicts(each, measure, True)
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
            for each in self.facts
        )

    def _is_timed(self, fact: Fact, number: WrittenNumber) -> bool:
        """Return whether a fact without a unit may be weeks: only where something told speaks of weeks."""
        noun = singular(number.noun)
        if fact.name.startswith(("n_periods", "n_steps")):
            return True
        if any(short in self.times for short in _SHORT_UNITS.get(noun, ())):
            return True
        return noun not in TIME_UNITS or bool(time_words(fact)) or noun in self.times

    def _without_names(self, text: str, letter: str = "_") -> str:
        """Blank the names: a column called "minimum payments" puts no number at the minimum."""
        for _, start, end in self.subjects.names_in(text):
            text = text[:start] + letter * (end - start) + text[end:]
        return text

    def _measure(self, sentence: _Sentence, number: WrittenNumber) -> str:
        return self.measures.told_of(self._without_names(sentence.text), number)

    def _settle(self, sentence: _Sentence, place: int) -> None:
        """Decide about a number that no fact has: it may follow from facts, or claim nothing."""
        number, stretch, text = sentence.numbers[place], sentence.stretch, sentence.text
        mentioned = [*self._named_facts(text, sentence.told[place]), *self.quoted[-12:]]
        mentioned += self._like(mentioned, number)
        told = Told(
            sentence.told[place],
            self._measure(sentence, number),
            self._comparison(sentence, number),
            self.quoted,
            joined_in(text, sentence.names),
            frozenset(name for name, _, _ in sentence.names) | frozenset({stretch.heading} - {""}),
            bool(_EVERY.search(text)),
        )
        source = derived_from(number, self._without_names(text), mentioned, told, self.subjects.about)
        source = source or quantile_for(number, text, self.facts)
        if source is not None:
            self._trace(number, stretch, source)
        elif (
            self._was_asked(number)
            or self.counts.support(number, text)
            or self.references.is_reference(number, stretch.visible[: number.start])
            or modality_of(self._without_names(text, "n"), number, stretch.under)
        ):
            start = stretch.start + number.start
            self.traces.append(NumberTrace(number.text, start, start + len(number.text), -1, "the question"))
        else:
            self._mark(number, stretch)

    def _trace(self, number: WrittenNumber, stretch: Stretch, source: SourcedFact) -> None:
        start, end = stretch.start + number.start, stretch.start + number.end
        self.traces.append(NumberTrace(number.text, start, end, source.step, source.source))

    def _mark(self, number: WrittenNumber, stretch: Stretch) -> None:
        self.unsupported.append((number.text, stretch.start + number.start, stretch.start + number.end))

    def _repeats_a_tool(self, stretch: Stretch, number: WrittenNumber) -> bool:
        near = stretch.text[max(0, number.start - 10) : number.end + 10]
        return near.strip(" -*") in self.told

    def _named_facts(self, sentence: str, also: frozenset[str]) -> list[SourcedFact]:
        """Return the facts about whom a sentence names, and the like of them for everybody."""
        named = {name for name, _, _ in self.subjects.names_in(sentence)} | also
        if not named:
            told = statistics_in(sentence)
            found = [sourced for sourced in self.facts if statistics_of(sourced.fact) & told][:40]
            sizes = (each for each in self.facts if each.fact.scope and not each.needs)
            return [*found, *(each for each in sizes if adds_up(each.fact))]
        named |= self.subjects.opposites_of(named)
        found = [sourced for sourced in self.facts if subjects(sourced.fact.scope) & named]
        names = {sourced.fact.name for sourced in found}
        if _ANY_OTHER.search(sentence):  # "more than any other"
            found = [each for each in self.facts if each.fact.name in names and not each.needs]
        whole = (each for each in self.facts if each.fact.scope in ("", "everybody"))
        return [*found, *(each for each in whole if each.fact.name in names)]

    def _like(self, mentioned: Sequence[SourcedFact], number: WrittenNumber) -> list[SourcedFact]:
        """Return all facts like the mentioned ones, for a difference so exact that chance finds no pair."""
        if number.kind != "difference" or number.high - number.low > 1e-4 * number.value:
            return []
        names = {sourced.fact.name for sourced in mentioned}
        return [sourced for sourced in self.facts if sourced.fact.name in names][:60]

    def _was_asked(self, number: WrittenNumber) -> bool:
        return any(asked.low <= number.high and number.low <= asked.high for asked in self.asked)

    def _without_bounds(self, visible: str) -> str:
        """Blank digits of groups that a bound makes, and of stretches of time: "fewer than 6", "Q4 2024"."""
        for line in re.finditer(r"[^\n]+", self.answer):
            for name, first, last in self.subjects.names_in(line[0]):
                start, end = line.start() + first, line.start() + last
                is_number = not _IS_TIME.match(name) and not re.search(r"[^\d.,\s]", visible[start:end])
                if re.search(r"\d", visible[start:end]) and not is_number:
                    visible = visible[:start] + re.sub(r"[\w.,]", "_", visible[start:end]) + visible[end:]
        return visible

    def _without_dates(self, visible: str) -> str:
        """Trace or mark the dates of an answer, and blank them."""
        known = [
            (day, sourced)
            for sourced in self.facts
            for source in (str(sourced.fact.value), sourced.fact.scope)
            for day in dates_in(source)
        ]
        for parts, text, start, end in written_dates(visible):
            source = next((sourced for day, sourced in known if agrees(parts, day)), None)
            if source is not None:
                self.traces.append(NumberTrace(text, start, end, source.step, source.source))
            elif any(agrees(parts, day) for day in self.asked_dates):
                self.traces.append(NumberTrace(text, start, end, -1, "the question"))
            else:
                self.unsupported.append((text, start, end))
            visible = visible[:start] + " " * (end - start) + visible[end:]
        return visible


def _is_bare(fact: Fact, number: WrittenNumber, text: str) -> bool:
    """Return whether "28" would be 28 % in a sentence that speaks of no share."""
    return fact.unit == "%" and not number.percent and not _OF_SHARES.search(text)


def _with_noun_before(number: WrittenNumber, text: str) -> WrittenNumber:
    """Let "members (31)" count members."""
    before = re.search(r"([A-Za-z]+)[*_\s]*\(\W*$", text[: number.start])
    if number.noun or number.percent or number.currency or "." in number.text or before is None:
        return number
    return replace(number, noun=before[1].lower()) if re.match(r"\s*[),;]", text[number.end :]) else number
