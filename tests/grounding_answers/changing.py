"""Makes wrong answers out of right ones: swapped values and names, other values, and words turned round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

from assistant.grounding import SourcedFact
from assistant.grounding.attribution import Subjects
from assistant.grounding.periods import Periods
from assistant.grounding.written_numbers import WrittenNumber, numbers_in
from tests.grounding_answers import Answer, answers, judge
from tests.grounding_answers.facts import told

Span = tuple[int, int]
_LINE = re.compile(r"[^\n]+")
_TURNED = (
    ("more", "less"), ("higher", "lower"), ("highest", "lowest"), ("largest", "smallest"), ("rose", "fell"),
    ("above", "below"), ("biggest", "smallest"), ("longer", "shorter"), ("longest", "shortest"),
    ("grew", "shrank"), ("increase", "decrease"), ("increased", "decreased"), ("strongest", "weakest"),
    ("most", "least"), ("best", "worst"), ("over", "under"), ("gain", "loss"), ("up", "down"),
    ("first", "last"), ("older", "younger"), ("leads", "trails"), ("half", "a fifth"),
    ("twice", "five times"),
    ("double", "five times"), ("median", "mean"), ("second", "third"), ("positive", "negative"),
    ("strong", "weak"), ("more than", "less than"), ("slower", "faster"), ("climbed", "dropped"),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A right answer made wrong: the kind of the error, the text, and where it was touched."""

    kind: str
    text: str
    spans: tuple[Span, ...]


def caught(name: str, part: float = 0.2) -> dict[str, tuple[int, int]]:
    """Return for each kind of change how many were made and how many the check marks anywhere.

    Some changes stay right ("A and B" for "B and A"), so that not all can be caught; right answers that bear
    a mark before are passed by.

    Args:
        name: A file of answers.
        part: Which part of all changes to try, chosen by their text.
    """
    found: dict[str, tuple[int, int]] = {}
    for answer in answers(name):
        if answer.planted or judge(answer).marked:
            continue
        _, steps = told(answer.topic)
        facts = [SourcedFact(0, fact) for step in steps if step.result for fact in step.result.facts]
        for change in changes(answer, facts):
            if crc32(f"{answer.topic}{change.text}".encode()) % 1000 < 1000 * part:
                made, marked = found.get(change.kind, (0, 0))
                wrong = Answer(answer.topic, change.kind, change.text, ())
                found[change.kind] = (made + 1, marked + bool(judge(wrong).marked))
    return found


def changes(answer: Answer, facts: Sequence[SourcedFact]) -> Iterator[Change]:
    """Yield wrong forms of a right answer."""
    subjects = Subjects(facts, Periods(facts))
    for line in _LINE.finditer(answer.text):
        yield from _swapped_values(answer.text, line.start(), line[0])
        yield from _swapped_names(answer.text, line.start(), line[0], subjects)
        yield from _other_values(answer.text, line.start(), line[0])
        yield from _turned(answer.text, line.start(), line[0])


def _swapped_values(text: str, start: int, line: str) -> Iterator[Change]:
    numbers = [each for each in numbers_in(line) if each.kind == "amount"]
    for one, other in combinations(numbers, 2):
        alike = one.percent == other.percent and one.currency == other.currency and one.scale == other.scale
        if alike and abs(one.value - other.value) > 0.04 * max(one.value, other.value) and _near(one, other):
            spans = ((start + one.start, start + one.end), (start + other.start, start + other.end))
            yield Change("swapped values", *_swap(text, spans))


def _near(one: WrittenNumber, other: WrittenNumber) -> bool:
    return abs(other.start - one.end) < 120 and min(one.value, other.value) > 0


def _swapped_names(text: str, start: int, line: str, subjects: Subjects) -> Iterator[Change]:
    names = subjects.names_in(line)
    for one, other in combinations(names, 2):
        if one[0] != other[0] and other[1] >= one[2] and numbers_in(line):
            spans = ((start + one[1], start + one[2]), (start + other[1], start + other[2]))
            yield Change("swapped names", *_swap(text, spans))


def _other_values(text: str, start: int, line: str) -> Iterator[Change]:
    for number in numbers_in(line):
        digits = re.search(r"\d[\d,]*(?:\.\d+)?", number.text)
        if number.kind != "amount" or digits is None or number.value < 2:
            continue
        first = start + number.start + digits.start()
        value = float(digits[0].replace(",", ""))
        decimals = len(digits[0].partition(".")[2])
        for kind, factor in (("a little off", 1.13), ("ten times", 10.0)):
            changed = f"{value * factor:,.{decimals}f}"
            changed = changed if "," in digits[0] or value < 1000 else changed.replace(",", "")
            if changed != digits[0]:
                text_ = text[:first] + changed + text[first + len(digits[0]) :]
                yield Change(kind, text_, ((first, first + len(changed)),))


def _turned(text: str, start: int, line: str) -> Iterator[Change]:
    for pair in _TURNED:
        for word, other in (pair, pair[::-1]):
            for match in re.finditer(rf"(?<![\w-]){word}(?![\w-])", line, re.IGNORECASE):
                first, last = start + match.start(), start + match.end()
                yield Change(
                    f"turned: {word}", text[:first] + other + text[last:], ((start, start + len(line)),)
                )


def _swap(text: str, spans: tuple[Span, Span]) -> tuple[str, tuple[Span, ...]]:
    (a, b), (c, d) = spans
    swapped = text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
    return swapped, ((a, a + len(swapped) - len(text) + d - c), (d - (b - a), d))
