"""Traces every number of an answer to a fact, or marks it as unsupported; marks names that nothing holds.

A sentence passes four questions: which numbers are written (`written_numbers`, `written_dates`), which facts
have that value and unit (`binding`), whether the number is told of what the fact is about (`attribution`),
and whether the names are known (`written_names`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.grounding.attribution import Subjects
from assistant.grounding.binding import derived_from, facts_for, is_counted, is_quantile, singular, units_of
from assistant.grounding.facts import (
    Grounding,
    Marked,
    NumberTrace,
    SourcedFact,
    fact_name,
    groups_counted,
    labels_of,
    subjects,
)
from assistant.grounding.statistics import Statistics, statistics_in, statistics_of
from assistant.grounding.written_dates import agrees, dates_in, written_dates
from assistant.grounding.written_names import unknown_names
from assistant.grounding.written_numbers import WrittenNumber, numbers_in
from tools.core import Fact

__all__ = [
    "Grounding",
    "Marked",
    "NumberTrace",
    "SourcedFact",
    "check",
    "fact_name",
    "labels_of",
    "supports",
    "unknown_names",
]

_LIST_NUMBER = re.compile(r"^\s*(?:[-*]\s+)?\**(\d+)[.)]\s", re.MULTILINE)
_REFERENCE = re.compile(
    r"\b(?:segment|group|tier|version|step|question|figure|table|no\.|number)\s+#?$", re.I
)
_LIES = re.compile(r"[^.;\d]{0,60}?\b(?:below|above|under|over|exceeds?|between)\b")
_A_SEGMENT = re.compile(r"\b(?:segment|tier)\s+#?$", re.IGNORECASE)
_SENTENCE = re.compile(r"[^\n]+?(?:[.;!?](?=[\s*_”\"]|$)|(?=\n)|$)")
_OPENING = re.compile(r"^\s*(?:[-*+]\s+|#+\s+)?(?:\*\*|“)?")


def check(
    answer: str,
    facts: Sequence[SourcedFact],
    question: str = "",
    labels: Iterable[str] = (),
    told: Iterable[str] = (),
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
    """
    return _Check(answer, facts, question, labels, told).result()


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
        self.answer, self.facts = answer, facts
        self.units, self.subjects, self.statistics = units_of(facts), Subjects(facts), Statistics(facts)
        self.asked = numbers_in(question)
        self.asked_dates = dates_in(question)
        self.traces: list[NumberTrace] = []
        self.unsupported: list[Marked] = []
        self.quoted: list[SourcedFact] = []  # facts that the answer has spoken of so far
        self.told = " ".join(told)
        # fmt: off
        self.n_segments = [int(s.fact.value) for s in facts
                           if s.fact.name == "n_segments" and isinstance(s.fact.value, int | float)]
        # fmt: on
        self.n_groups = groups_counted(facts)
        self.nouns = frozenset(self.n_groups)
        names = {label for label in labels if _holds_number(label)}
        names.update(label for sourced in facts for label in _labels_of(sourced))
        self.visible = _LIST_NUMBER.sub(_blank, self._without_dates(_mask(answer, names)))

    def result(self) -> Grounding:
        for sentence in _SENTENCE.finditer(self.visible):
            self._check_sentence(sentence.start(), sentence.end())
        return Grounding(
            tuple(sorted(self.traces, key=lambda trace: trace.start)),
            tuple(sorted(self.unsupported, key=lambda item: item[1])),
        )

    def _check_sentence(self, start: int, end: int) -> None:
        numbers = [
            number for number in numbers_in(self.visible[start:end])
            if number.kind != "word" or is_counted(number, self.units | self.nouns)
        ]  # fmt: skip
        candidates = [facts_for(number, self.facts, self.units) for number in numbers]
        bound = [index for index, found in enumerate(candidates) if found and self._is_of_one_group(found)]
        text = self.answer[start:end]
        told = self.subjects.told_of(text, [numbers[index] for index in bound], self._heading(start))
        wrong = {index for index, about in zip(bound, told, strict=True)
                 if self.subjects.contradicts(candidates[index], about)}  # fmt: skip
        spoken = self.statistics.told_of(text, numbers)
        wrong |= {index for index, statistic in enumerate(spoken)
                  if self.statistics.contradicts(candidates[index], statistic)}  # fmt: skip
        undecided = []
        for index, (number, found) in enumerate(zip(numbers, candidates, strict=True)):
            if number.kind != "amount" and self._repeats_a_tool(start + number.start, start + number.end):
                continue
            if self._is_beyond_the_segments(number, start):
                self.unsupported.append((number.text, start + number.start, start + number.end))
            elif found and index not in wrong:
                self._trace(number, start, found[0])
                self.quoted += found[:3]
            else:
                undecided.append(number)
        for number in undecided:
            self._settle(number, start, text)

    def _settle(self, number: WrittenNumber, start: int, sentence: str) -> None:
        mentioned = [*self._named_facts(sentence), *self.quoted[-12:]]
        mentioned += self._like(mentioned, number)
        source = derived_from(number, sentence, mentioned) or self._quantile(number, sentence)
        if source is not None:
            self._trace(number, start, source)
        elif self._was_asked(number) or self._counts_groups(number) or self._is_reference(number, start):
            self.traces.append(
                NumberTrace(number.text, start + number.start, start + number.end, -1, "the question")
            )
        else:
            self.unsupported.append((number.text, start + number.start, start + number.end))

    def _quantile(self, number: WrittenNumber, sentence: str) -> SourcedFact | None:
        return is_quantile(number, self.facts) if _LIES.match(sentence, number.end) else None

    def _trace(self, number: WrittenNumber, start: int, source: SourcedFact) -> None:
        place = (start + number.start, start + number.end)
        self.traces.append(NumberTrace(number.text, *place, source.step, fact_name(source.fact)))

    def _repeats_a_tool(self, start: int, end: int) -> bool:
        before = self.answer[max(0, start - 10) : start].rpartition("\n")[2]
        behind = self.answer[end : end + 10].partition("\n")[0]
        return (before + self.answer[start:end] + behind).strip(" -*") in self.told

    def _is_of_one_group(self, found: Sequence[SourcedFact]) -> bool:
        return all(subjects(sourced.fact.scope) for sourced in found)

    def _heading(self, start: int) -> str:
        """Return the name that the line opens with, such as the segment that a paragraph describes."""
        line_start = self.answer.rfind("\n", 0, start) + 1
        line = self.answer[line_start:start] if start > line_start else ""
        opening = _OPENING.match(line)
        names = self.subjects.names_in(line)
        return names[0][0] if names and opening and names[0][1] <= opening.end() else ""

    def _named_facts(self, sentence: str) -> list[SourcedFact]:
        named = {name for name, _, _ in self.subjects.names_in(sentence)}
        if not named:
            told = statistics_in(sentence)
            return [sourced for sourced in self.facts if statistics_of(sourced.fact) & told][:40]
        return [sourced for sourced in self.facts if subjects(sourced.fact.scope) & named][:60]

    def _like(self, mentioned: Sequence[SourcedFact], number: WrittenNumber) -> list[SourcedFact]:
        """Return all facts like the mentioned ones, for a difference so exact that chance finds no pair."""
        if number.kind != "difference" or number.high - number.low > 1e-4 * number.value:
            return []
        names = {sourced.fact.name for sourced in mentioned}
        return [sourced for sourced in self.facts if sourced.fact.name in names][:60]

    def _counts_groups(self, number: WrittenNumber) -> bool:
        """Return whether "three plans" is how many plans the facts speak of."""
        return number.kind in ("word", "amount") and self.n_groups.get(singular(number.noun)) == number.value

    def _was_asked(self, number: WrittenNumber) -> bool:
        return any(asked.low <= number.high and number.low <= asked.high for asked in self.asked)

    def _is_beyond_the_segments(self, number: WrittenNumber, start: int) -> bool:
        """Return whether "segment 6" points to a segment that is not there."""
        before = self.visible[max(0, start + number.start - 20) : start + number.start]
        return bool(
            number.kind == "amount"
            and self.n_segments
            and _A_SEGMENT.search(before)
            and number.value > max(self.n_segments)
        )

    def _is_reference(self, number: WrittenNumber, start: int) -> bool:
        """Return whether "segment 2" points to one of the segments there are."""
        if not _REFERENCE.search(self.visible[max(0, start + number.start - 20) : start + number.start]):
            return False
        counts = self.n_segments
        return number.value == int(number.value) and 1 <= number.value <= (max(counts) if counts else 30)

    def _without_dates(self, visible: str) -> str:
        known = [
            (day, sourced)
            for sourced in self.facts
            for source in (str(sourced.fact.value), sourced.fact.scope)
            for day in dates_in(source)
        ]
        for parts, text, start, end in written_dates(visible):
            source = next((sourced for day, sourced in known if agrees(parts, day)), None)
            if source is not None:
                self.traces.append(NumberTrace(text, start, end, source.step, fact_name(source.fact)))
            elif any(agrees(parts, day) for day in self.asked_dates):
                self.traces.append(NumberTrace(text, start, end, -1, "the question"))
            else:
                self.unsupported.append((text, start, end))
            visible = visible[:start] + " " * (end - start) + visible[end:]
        return visible


def _labels_of(sourced: SourcedFact) -> Iterable[str]:
    fact = sourced.fact
    candidates = [fact.scope, *re.split(r"\s*(?:[=;]|,(?!\d)|\band\b)\s*", fact.scope)]
    if isinstance(fact.value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", fact.value):
        candidates.append(fact.value)
    return (text for text in candidates if _holds_number(text) and re.search(r"[^\d\s.,%]", text))


def _holds_number(text: str) -> bool:
    return bool(re.search(r"\d", text) or numbers_in(text))


def _mask(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=lambda name: (-len(name), name)):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _blank, text, flags=re.IGNORECASE)
    return re.sub(r"`[^`]*`", _blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group(0))
