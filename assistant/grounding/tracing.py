"""Takes one answer through the check: sentence by sentence, number by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from assistant.grounding.agreement import disagreeing
from assistant.grounding.attribution import Subjects
from assistant.grounding.binding import facts_for, is_counted, singular, units_of
from assistant.grounding.bounds import contradicts_definition
from assistant.grounding.claims import Claims
from assistant.grounding.closure import with_derived
from assistant.grounding.counts import Counts
from assistant.grounding.dated import Dates
from assistant.grounding.derivation import Told, derived_from
from assistant.grounding.differences import announces_difference, is_in_apposition, relative_of
from assistant.grounding.facts import Grounding, Marked, NumberTrace, Said, SourcedFact, subjects_of
from assistant.grounding.layout import Stretch, stretches
from assistant.grounding.linking import joined_in
from assistant.grounding.masking import masked, without_bounds
from assistant.grounding.mentions import mentioned_by
from assistant.grounding.modality import modality_of
from assistant.grounding.multiples import multiple_of_told
from assistant.grounding.offers import Offers
from assistant.grounding.orders import Orders
from assistant.grounding.passages import with_passages
from assistant.grounding.periods import Periods
from assistant.grounding.portions import portion_of
from assistant.grounding.positions import quantile_for
from assistant.grounding.properties import wrongly_of_every
from assistant.grounding.proportions import impossible
from assistant.grounding.rankings import Rankings
from assistant.grounding.readings import Readings
from assistant.grounding.references import References
from assistant.grounding.sentences import Place, Sentence, as_multiple, with_noun_before
from assistant.grounding.spans import Spans
from assistant.grounding.spreads import is_a_place, spread_for
from assistant.grounding.statistic_order import wrong_order
from assistant.grounding.succession import out_of_order
from assistant.grounding.sums import Sum, Sums, takes_together
from assistant.grounding.table_cells import read_cells
from assistant.grounding.thresholds import Thresholds
from assistant.grounding.trends import trends_without_number
from assistant.grounding.written_numbers import WrittenNumber, numbers_in
from tools.core import Fact

_POINTS_BACK = re.compile(r"\b(?:these|those)\s+$", re.IGNORECASE)
_IS_LIMIT = re.compile(r"^condition_value|threshold|_limit$")
_EVERY = re.compile(r"\b(?:every|each|all|throughout|everywhere)\b", re.IGNORECASE)
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
        periods = Periods(facts)
        self.facts = facts = [*with_derived(facts), *periods.facts(answer)]
        self.told = " ".join(told)
        self.subjects = Subjects(facts, periods)
        self.counts = Counts(facts, self.told, answer, self.subjects)
        units = units_of(facts)
        self.counted = units | self.counts.nouns
        times = frozenset(singular(word) for word in _WORD.findall(f"{self.told} {question}".lower()))
        self.readings = Readings(facts, self.subjects, self.counted, times, self.told)
        self.spans = Spans(facts)
        self.rankings, self.thresholds = Rankings(facts), Thresholds(facts)
        self.orders = Orders(facts, self.subjects.about)
        self.claims = Claims(facts)
        self.references = References(facts, units)
        self.limits = {
            float(each.fact.value)
            for each in facts
            if _IS_LIMIT.search(each.fact.name)
            and isinstance(each.fact.value, int | float)
            and each.fact.value
        }
        self.asked = numbers_in(question)
        self.quoted: list[SourcedFact] = []  # facts that the answer has spoken of so far
        self.sums = Sums(facts)
        self.spoken: list[str] = []  # names that the answer has spoken of so far
        self.previous: list[str] = []  # names of the sentence before
        self.offers = Offers()
        self.summed: list[Sum] = []  # what the sentence before summed
        visible = without_bounds(answer, masked(answer, facts, labels), self.subjects.names_in)
        dates = Dates(facts, question).checked(visible)
        self.visible = dates.visible
        self.traces: list[NumberTrace] = list(dates.traces)
        self.unsupported: list[Marked] = list(dates.unsupported)

    def result(self) -> Grounding:
        for stretch in stretches(self.answer, self.visible, self.subjects.names_in):
            self._check_stretch(stretch)
        return Grounding(
            tuple(sorted(self.traces, key=lambda trace: trace.start)),
            tuple(sorted(self.unsupported, key=lambda item: item[1])),
        )

    def _check_stretch(self, stretch: Stretch) -> None:
        written = (
            as_multiple(with_noun_before(number, stretch.visible), stretch.text)
            for number in numbers_in(stretch.visible)
        )
        numbers = [
            number
            for number in written
            if number.kind != "word" or self._counts(number, stretch.visible[: number.start])
        ]
        candidates = [self.readings.candidates(number, stretch.text) for number in numbers]
        told = self.subjects.told_of(stretch.text, numbers, candidates, stretch.heading, stretch.before)
        sentence = Sentence(stretch, numbers, told, self.subjects.names_in(stretch.text))
        sums = self.sums.of(stretch.text, sentence.names, self.spoken, self.previous)
        self.summable = [*sums, *self.summed]
        self.summed = []
        if modality_of(sentence.without_names("n"), _NO_NUMBER, stretch.under):
            self.offers.give(numbers)
        self.offers.give([number for number in numbers if self.offers.is_price(number, stretch.text)])
        undecided: list[Place] = []
        held: list[list[SourcedFact]] = [[] for _ in numbers]
        for place, (number, found) in enumerate(zip(numbers, candidates, strict=True)):
            if number.kind != "amount" and self._repeats_a_tool(stretch, number):
                continue
            chosen = self.sums.counts(number, stretch.text, sentence.names, self.spoken)
            if chosen is not None:
                self._claim_nothing(number, stretch) if chosen else self._mark(number, stretch)
                continue
            if announces_difference(number, stretch.text) and self._is_of_sums(sentence, place):
                continue
            if portion_of(sentence, place) is False:
                self._mark(number, stretch)
                continue
            relative = self._is_relative(sentence, place)
            if relative is None:
                relative = multiple_of_told(sentence, place, held, self.facts, self.subjects.about)
            if relative or relative is False and not found:
                self._trace(number, stretch, relative) if relative else self._mark(number, stretch)
                continue
            line = self._is_wrong_line(sentence, number)
            if line is True:
                self._mark(number, stretch)
                continue
            held[place] = [line] if line else self.readings.not_contradicted(sentence, place, found)
            if held[place] and self.readings.is_of_somebody_absent(sentence, place, held[place]):
                held[place] = []
                self._mark(number, stretch)
            elif held[place]:
                self._trace(number, stretch, held[place][0])
                self.quoted += held[place][:3]
            elif self.readings.is_refuted(sentence, place, found):
                self._mark(number, stretch)
            else:
                undecided.append(place)
        for place in undecided:
            self._settle(sentence, place)
        self._mark_wrong_orders(sentence, held)
        self.spoken += [name for name, _, _ in sentence.names]
        self.previous = list(sentence.distinct) or self.previous

    def _is_wrong_line(self, sentence: Sentence, number: WrittenNumber) -> bool | SourcedFact | None:
        """Return whether a number draws a wrong line or points to nothing, or what supports a line."""
        before = sentence.stretch.visible[: number.start]
        if self.references.is_beyond_the_segments(number, before):
            return True
        if self.references.is_tier_apart(number, before) and not (
            self._was_asked(number) or quantile_for(number, sentence.text, self.facts)
        ):
            return True
        if contradicts_definition(sentence.text, number, self.limits):
            return True
        line = self.thresholds.supports(sentence.text, number, sentence.names, self.quoted)
        return line if isinstance(line, SourcedFact) else None if line else True

    def _mark_wrong_orders(self, sentence: Sentence, held: Sequence[Sequence[SourcedFact]]) -> None:
        """Mark numbers that are right in themselves where the words give them a wrong owner, rank or way."""
        stretch = sentence.stretch
        spans = (
            set()
            if stretch.is_cell
            else {
                *self.claims.contradicted(sentence),
                *wrong_order(sentence, self.facts),
                *wrongly_of_every(sentence, self.facts),
            }
        )
        if not stretch.is_cell and not modality_of(stretch.text, _NO_NUMBER, stretch.under):
            spans |= {
                *self.rankings.without_number(sentence),
                *self.orders.without_numbers(sentence),
                *trends_without_number(sentence, self.facts),
            }
        self.unsupported += [
            (stretch.text[first:last], stretch.start + first, stretch.start + last)
            for first, last in sorted(spans)
        ]
        sources = [found[0] if found else None for found in held]
        wrong = (
            set()
            if stretch.is_cell
            else impossible(sentence) | disagreeing(sentence) | out_of_order(sentence, held)
        )
        wrong |= self.readings.out_of_pair(sentence, held)
        if any(sources):
            wrong |= self.rankings.contradicted(sentence, sources) | self.orders.contradicted(
                sentence, sources
            )
        for place in sorted(wrong):
            number = sentence.numbers[place]
            start = sentence.stretch.start + number.start
            self.traces = [trace for trace in self.traces if trace.start != start]
            self._mark(number, sentence.stretch)

    def _counts(self, number: WrittenNumber, before: str) -> bool:
        """Return whether a number in words states a count; "these four places" points back to one."""
        return is_counted(number, self.counted) and not _POINTS_BACK.search(before)

    def _settle(self, sentence: Sentence, place: Place) -> None:
        """Decide about a number that no fact has: it may follow from facts, or claim nothing."""
        number, stretch, text = sentence.numbers[place], sentence.stretch, sentence.text
        if self._is_of_sums(sentence, place):
            return
        source = (
            spread_for(number, text, self.facts)
            or self.sums.of_each(sentence, place, self.spoken, self.readings.may_be_of(sentence, place))
            or self._derived(sentence, place)
            or quantile_for(number, text, self.facts)
            or self.readings.within_bound(sentence, place)
        )
        if source is not None:
            self._trace(number, stretch, source)
        elif (
            self._was_asked(number)
            or portion_of(sentence, place)
            or self.counts.support(number, text)
            or self.offers.cost(number, text)
            or self.offers.is_price(number, text)
            or is_a_place(number, text, self.facts)
            or self.references.is_reference(number, stretch.visible[: number.start])
            or modality_of(sentence.without_names("n"), number, stretch.under)
        ):
            self._claim_nothing(number, stretch)
        else:
            self._mark(number, stretch)

    def _claim_nothing(self, number: WrittenNumber, stretch: Stretch) -> None:
        """Trace a number that says nothing about the data to who gave it."""
        start = stretch.start + number.start
        self.traces.append(NumberTrace(number.text, start, start + len(number.text), -1, "the question"))

    def _is_of_sums(self, sentence: Sentence, place: Place) -> bool:
        """Trace a number to what several groups have together, where it is that or how far that lies away."""
        fits = self.readings.may_be_of(sentence, place)
        found = self.sums.supports(sentence, place, self.summable, self.summed, fits)
        if found is not None:
            self._trace(sentence.numbers[place], sentence.stretch, found.source)
            self.summed.append(found)
        return found is not None

    def _derived(self, sentence: Sentence, place: Place) -> SourcedFact | None:
        """Return the first of two facts that a number follows from, as the words of its sentence say."""
        if self.readings.is_of_another(sentence, place):
            return None
        number = sentence.numbers[place]
        mentioned = mentioned_by(sentence, place, self.facts, self.subjects, self.quoted)
        if number.kind == "difference" or self.summed:
            together = takes_together(sentence, number, self.summable)
            mentioned = [each for each in mentioned if not subjects_of(each.fact) & together]
        mentioned = self.spans.within(sentence, place, mentioned)
        told = self._told(sentence, place)
        return derived_from(number, sentence.without_names(), mentioned, told, self.subjects.about)

    def _is_relative(self, sentence: Sentence, place: Place) -> SourcedFact | Literal[False] | None:
        """Return what a percentage in apposition to a difference follows from: "270 over the median (36%)".

        False where the difference holds and is another part of what it was compared with; None where the
        number is no such percentage.
        """
        number = sentence.numbers[place]
        before = sentence.numbers[place - 1] if place else None
        if before is None or not is_in_apposition(number, before, sentence.text):
            return None
        mentioned = mentioned_by(sentence, place - 1, self.facts, self.subjects, self.quoted)
        told, text = self._told(sentence, place - 1), sentence.without_names()
        told = replace(told, spoken=told.spoken | self.subjects.opposites_of(told.spoken))
        return relative_of(number, before, text, mentioned, told)

    def _told(self, sentence: Sentence, place: Place) -> Told:
        number = sentence.numbers[place]
        return Told(
            sentence.told[place],
            self.readings.measure(sentence, number),
            self.readings.comparison(sentence, number),
            self.quoted,
            joined_in(sentence.text, sentence.names),
            sentence.distinct | frozenset({sentence.stretch.heading} - {""}),
            bool(_EVERY.search(sentence.text)),
        )

    def _trace(self, number: WrittenNumber, stretch: Stretch, source: SourcedFact) -> None:
        start, end = stretch.start + number.start, stretch.start + number.end
        self.traces.append(NumberTrace(number.text, start, end, source.step, source.source))

    def _mark(self, number: WrittenNumber, stretch: Stretch) -> None:
        marked = (number.text, stretch.start + number.start, stretch.start + number.end)
        if marked not in self.unsupported:
            self.unsupported.append(marked)

    def _repeats_a_tool(self, stretch: Stretch, number: WrittenNumber) -> bool:
        near = stretch.text[max(0, number.start - 10) : number.end + 10]
        return near.strip(" -*") in self.told

    def _was_asked(self, number: WrittenNumber) -> bool:
        return any(asked.low <= number.high and number.low <= asked.high for asked in self.asked)
