"""Takes one answer through the check: sentence by sentence, number by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.grounding.attribution import Subjects
from assistant.grounding.binding import (
    TIME_UNITS,
    facts_for,
    is_counted,
    singular,
    time_words,
    units_of,
)
from assistant.grounding.closure import with_derived
from assistant.grounding.counts import Counts
from assistant.grounding.derivation import Told, adds_up, derived_from
from assistant.grounding.directions import comparison_of, contradicts_way
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
from assistant.grounding.measures import Measures, is_stated
from assistant.grounding.modality import modality_of
from assistant.grounding.orders import contradicted
from assistant.grounding.periods import Periods
from assistant.grounding.positions import contradicts_position, position_of, positions_told, quantile_for
from assistant.grounding.rankings import Rankings
from assistant.grounding.statistics import Statistics, statistics_in, statistics_of
from assistant.grounding.table_cells import read_cells
from assistant.grounding.written_dates import agrees, dates_in, written_dates
from assistant.grounding.written_numbers import WrittenNumber, numbers_in
from tools.core import Fact

_LIST_NUMBER = re.compile(r"^\s*(?:[-*]\s+)?\**(\d+)[.)]\s", re.MULTILINE)
_POINTS_BACK = re.compile(r"\b(?:these|those)\s+$", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:in all|altogether|in total|overall|across the board)\b|"
    r"\b(?:of|across|among)\s+(?:all|every)\s+(?:the\s+|our\s+|your\s+)?\w+s\b(?!\s+(?:in|of|from|with|on)\b)",
    re.I,
)
_REFERENCE = re.compile(
    r"\b(?:segment|group|tier|version|step|question|figure|table|no\.|number)\s+[#“\"]?$", re.I
)
_OF_OTHERS = re.compile(
    r"\b(?:others?|elsewhere|everybody|everyone|rest|remaining|against|than|versus|vs|compared|instead of)\b",
    re.I,
)
_OF_THE_REST = re.compile(
    r"\b(?:others?|elsewhere|everybody|everyone|rest|remaining|remainder|remains?|without|excluding|except|outside|"
    r"other than|apart from|instead of|leaving|left over|else|beyond|aside from|not|do(?:es)?n['’]t)\b",
    re.I,
)
_OF_WHAT_REMAINS = re.compile(
    r"\b(?:not|no|none|without|never|others?|rest|remaining|remains?|stay(?:s|ed)?|kept|keep|retained|retention|known|"
    r"complete|present|filled|available|valid|usable|loyal|still|leaving|unexplained|outside|else|lack|"
    r"with a|have an?|"
    r"\w+n['’]t|non|un\w+)\b",
    re.I,
)
_WORD = re.compile(r"[a-z]+")
_A_TIER = re.compile(r"\b(?:top|bottom|best|upper|lowest)\s+$", re.IGNORECASE)
_IS_TIER = re.compile(r"top|bottom|tenth|decile")
_A_SEGMENT = re.compile(r"\b(?:segment|tier)\s+#?$", re.IGNORECASE)
SHORTEST_PASSAGE = 12  # letters; a shorter one ("5") would prove anything
_SENTENCE = re.compile(r"[^\n]+?(?:[.;!?](?=[\s*_”\"]|$)|(?=\n)|$)")
_OPENING = re.compile(r"^\s*(?:[-*+]\s+|#+\s+)?(?:\*\*|“)?")


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
    return _with_passages(_Check(answer, facts, question, labels, told).result(), answer, said)


def _with_passages(found: Grounding, answer: str, said: Iterable[Said]) -> Grounding:
    """Trace what no fact supports to passages that the answer repeats word for word."""
    if not found.unsupported:
        return found
    places = [
        (match.start(), match.end(), each)
        for each in said
        if len(each.text) >= SHORTEST_PASSAGE
        for match in re.finditer(re.escape(each.text), answer)
    ]
    traces, unsupported = list(found.traces), []
    for text, start, end in found.unsupported:
        held = next((each for first, last, each in places if first <= start and end <= last), None)
        if held is None:
            unsupported.append((text, start, end))
        else:
            traces.append(NumberTrace(text, start, end, held.step, held.source))
    return Grounding(tuple(sorted(traces, key=lambda trace: trace.start)), tuple(unsupported))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the answer, where it starts, its numbers and the names that each is told of."""

    text: str
    start: int
    numbers: Sequence[WrittenNumber]
    told: Sequence[frozenset[str]]


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
        self.measures, self.rankings = Measures(facts), Rankings(facts)
        self.positions = frozenset(
            position for each in facts if (position := position_of(each.fact)) is not None
        )
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
        self.counts = Counts(facts, self.told, answer, self.subjects)
        self.nouns = self.counts.nouns
        self.times = frozenset(singular(word) for word in _WORD.findall(f"{self.told} {question}".lower()))
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
            _with_noun_before(number, self.visible[start:end])
            for number in numbers_in(self.visible[start:end])
            if number.kind != "word" or self._counts(number, self.visible[start : start + number.start])
        ]  # fmt: skip
        candidates = [self._candidates(number, start, end) for number in numbers]
        sentence = _Sentence(
            self.answer[start:end], start, numbers, self._told(start, end, numbers, candidates)
        )
        undecided, sources = [], [None] * len(numbers)  # type: list[int], list[SourcedFact | None]
        for place, (number, found) in enumerate(zip(numbers, candidates, strict=True)):
            if number.kind != "amount" and self._repeats_a_tool(start + number.start, start + number.end):
                continue
            if self._is_beyond_the_segments(number, start) or self._is_a_tier_apart(number, start):
                self.unsupported.append((number.text, start + number.start, start + number.end))
                continue
            held = self._not_contradicted(sentence, place, found)
            if held:
                self._trace(number, start, held[0])
                sources[place] = held[0]
                self.quoted += held[:3]
            else:
                undecided.append(place)
        for place in undecided:
            self._settle(sentence, place)
        self._mark_wrong_orders(sentence, sources)

    def _mark_wrong_orders(self, sentence: _Sentence, sources: Sequence[SourcedFact | None]) -> None:
        """Mark numbers that are right in themselves where the words give them a wrong rank or order."""
        if not any(sources):
            return
        names = self.subjects.names_in(sentence.text)
        wrong = self.rankings.contradicted(sentence.text, sentence.numbers, sources, names)
        wrong |= contradicted(
            sentence.text, sentence.numbers, sources, names, self.facts, self.subjects.about
        )
        for place in sorted(wrong):
            number = sentence.numbers[place]
            mark = (number.text, sentence.start + number.start, sentence.start + number.end)
            self.traces = [trace for trace in self.traces if trace.start != mark[1]]
            self.unsupported.append(mark)

    def _candidates(self, number: WrittenNumber, start: int, end: int) -> list[SourcedFact]:
        """Return the facts that a number may stand for by its value and its kind, and that are spoken of."""
        found = facts_for(number, self.facts, self.units | self.nouns)
        if not any(each.needs or each.fact.scope.startswith(OTHERS) for each in found):
            return found
        text = self._without_names(self.answer[start:end])
        return [each for each in found if _is_spoken_of(each, text, number)]

    def _counts(self, number: WrittenNumber, before: str) -> bool:
        """Return whether a number in words states a count; "these four places" points back to one."""
        return is_counted(number, self.units | self.nouns) and not _POINTS_BACK.search(before)

    def _told(
        self,
        start: int,
        end: int,
        numbers: Sequence[WrittenNumber],
        candidates: Sequence[Sequence[SourcedFact]],
    ) -> list[frozenset[str]]:
        """Return for each number of a sentence the names that it is told of."""
        text, heading = self.answer[start:end], self._heading(start)
        bound = [
            place
            for place, found in enumerate(candidates)
            if numbers[place].kind == "part" or (found and all(subjects_of(each.fact) for each in found))
        ]
        told = self.subjects.told_of(text, [numbers[place] for place in bound], heading)
        by_place = dict(zip(bound, told, strict=True))
        return [by_place.get(place, frozenset()) for place in range(len(numbers))]

    def _not_contradicted(
        self, sentence: _Sentence, place: int, found: Sequence[SourcedFact]
    ) -> list[SourcedFact]:
        """Return the facts that a number may stand for, without those that the sentence's words rule out."""
        number, text = sentence.numbers[place], sentence.text
        wrong = self.subjects.contradicts(
            found, sentence.told[place], bool(_OF_OTHERS.search(_clause(text, number)))
        )
        statistic = self.statistics.told_of(text, sentence.numbers)[place]
        position = positions_told(self._without_names(text), number, self.positions)
        measure = self._measure(sentence, number) if number.percent else ""
        whole = not sentence.told[place] and bool(_WHOLE.search(text[: number.end + 12]))
        whole = whole and not self.subjects.names_in(text)
        rest = [
            sourced
            for sourced in found
            if sourced not in wrong
            and not (whole and subjects_of(sourced.fact))
            and self._is_timed(sourced.fact, number)
            and not contradicts_position(sourced.fact, position)
            and not contradicts_way(sourced.fact, number, text)
            and not self.measures.contradicts(sourced, measure, is_stated(text, number))
            and not self.measures.is_rate_told_as_part(sourced.fact, number, text)
        ]
        return [] if self.statistics.contradicts(rest, statistic) else rest

    def _is_timed(self, fact: Fact, number: WrittenNumber) -> bool:
        """Return whether a fact without a unit may be weeks: only where something told speaks of weeks."""
        noun = singular(number.noun)
        return noun not in TIME_UNITS or bool(time_words(fact)) or noun in self.times

    def _without_names(self, text: str, letter: str = "_") -> str:
        """Blank the names: a column called "minimum payments" puts no number at the minimum."""
        for _, start, end in self.subjects.names_in(text):
            text = text[:start] + letter * (end - start) + text[end:]
        return text

    def _measure(self, sentence: _Sentence, number: WrittenNumber) -> str:
        return self.measures.told_of(self._without_names(sentence.text), number)

    def _settle(self, sentence: _Sentence, place: int) -> None:
        number, start, text = sentence.numbers[place], sentence.start, sentence.text
        mentioned = [*self._named_facts(text, sentence.told[place]), *self.quoted[-12:]]
        mentioned += self._like(mentioned, number)
        told = Told(
            sentence.told[place],
            self._measure(sentence, number),
            comparison_of(text, number, self.subjects.names_in(text)),
            self.quoted,
        )
        source = derived_from(number, self._without_names(text), mentioned, told, self.subjects.about)
        source = source or quantile_for(number, text, self.facts)
        if source is not None:
            self._trace(number, start, source)
        elif (
            self._was_asked(number)
            or self.counts.support(number, text)
            or self._is_reference(number, start)
            or modality_of(self._without_names(text, "n"), number, self._under(start))
        ):
            self.traces.append(
                NumberTrace(number.text, start + number.start, start + number.end, -1, "the question")
            )
        else:
            self.unsupported.append((number.text, start + number.start, start + number.end))

    def _trace(self, number: WrittenNumber, start: int, source: SourcedFact) -> None:
        place = (start + number.start, start + number.end)
        self.traces.append(NumberTrace(number.text, *place, source.step, source.source))

    def _repeats_a_tool(self, start: int, end: int) -> bool:
        before = self.answer[max(0, start - 10) : start].rpartition("\n")[2]
        behind = self.answer[end : end + 10].partition("\n")[0]
        return (before + self.answer[start:end] + behind).strip(" -*") in self.told

    def _heading(self, start: int) -> str:
        """Return the name that the line opens with, such as the segment that a paragraph describes."""
        line_start = self.answer.rfind("\n", 0, start) + 1
        line = self.answer[line_start:start] if start > line_start else ""
        opening = _OPENING.match(line)
        names = self.subjects.names_in(line)
        return names[0][0] if names and opening and names[0][1] <= opening.end() else ""

    def _under(self, start: int) -> str:
        """Return the heading that a passage stands under: the last short line without a number before it."""
        for line in reversed(self.answer[:start].split("\n")[:-1]):
            if line.startswith("#") or re.fullmatch(r"\W*[A-Z][^.\d]{2,40}\W*", line):
                return line
        opening = self.answer[self.answer.rfind("\n", 0, start) + 1 : start]
        bold = re.match(r"\W*\*\*([^*]{2,40})\*\*", opening)
        return bold[1] if bold else ""

    def _named_facts(self, sentence: str, also: frozenset[str]) -> list[SourcedFact]:
        """Return the facts about whom a sentence names, and the like of them for everybody."""
        named = {name for name, _, _ in self.subjects.names_in(sentence)} | also
        if not named:
            told = statistics_in(sentence)
            found = [sourced for sourced in self.facts if statistics_of(sourced.fact) & told][:40]
            sizes = (each for each in self.facts if each.fact.scope and not each.needs)
            return [*found, *(each for each in sizes if adds_up(each.fact))]
        found = [sourced for sourced in self.facts if subjects(sourced.fact.scope) & named]
        names = {sourced.fact.name for sourced in found}
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

    def _is_beyond_the_segments(self, number: WrittenNumber, start: int) -> bool:
        """Return whether "segment 6" points to a segment that is not there."""
        before = self.visible[max(0, start + number.start - 20) : start + number.start]
        return bool(
            number.kind == "amount"
            and self.n_segments
            and _A_SEGMENT.search(before)
            and number.value > max(self.n_segments)
        )

    def _is_a_tier_apart(self, number: WrittenNumber, start: int) -> bool:
        """Return whether "the top 10%" is a tier that neither the facts nor the question know."""
        before = self.visible[max(0, start + number.start - 12) : start + number.start]
        if not number.percent or not _A_TIER.search(before):
            return False
        known = any(
            _IS_TIER.search(sourced.fact.name) for sourced in facts_for(number, self.facts, self.units)
        )
        return not known and not self._was_asked(number)

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
                self.traces.append(NumberTrace(text, start, end, source.step, source.source))
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


def _is_spoken_of(sourced: SourcedFact, text: str, number: WrittenNumber) -> bool:
    """Return whether a sentence has the words that what follows from a fact needs: "the rest", "not"."""
    if sourced.fact.scope.startswith(OTHERS) and not sourced.needs:
        return bool(_OF_OTHERS.search(text) or _OF_THE_REST.search(text))
    if not sourced.needs:
        return True
    return bool((_OF_THE_REST if sourced.needs == "rest" else _OF_WHAT_REMAINS).search(_near(text, number)))


def _with_noun_before(number: WrittenNumber, text: str) -> WrittenNumber:
    """Let "members (31)" count members."""
    before = re.search(r"([A-Za-z]+)[*_\s]*\(\W*$", text[: number.start])
    if number.noun or number.percent or number.currency or "." in number.text or before is None:
        return number
    return replace(number, noun=before[1].lower()) if re.match(r"\s*[),;]", text[number.end :]) else number


def _near(text: str, number: WrittenNumber) -> str:
    """Return a number's sentence without what stands behind a semicolon or in other brackets."""
    return re.split(r"[;]", text[: number.start])[-1] + re.split(r"[;]", text[number.end :])[0]


def _clause(text: str, number: WrittenNumber) -> str:
    """Return the part of a sentence that a number stands in."""
    before = re.split(r"[;:(]|,\s(?!against|versus|compared)", text[: number.start])[-1]
    return before + text[number.start : number.end] + re.split(r"[;:(]|,\s", text[number.end :])[0]


def _holds_number(text: str) -> bool:
    return bool(re.search(r"\d", text) or numbers_in(text))


def _mask(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=lambda name: (-len(name), name)):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _blank, text, flags=re.IGNORECASE)
    return re.sub(r"`[^`]*`", _blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group(0))
