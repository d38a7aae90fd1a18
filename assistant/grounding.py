"""Traces every number of an answer to a fact, or marks it as unsupported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tools.core import Fact, Workspace

MULTIPLIERS = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "b": 1e9,
    "billion": 1e9,
    "lakh": 1e5,
    "lakhs": 1e5,
    "crore": 1e7,
    "crores": 1e7,
}
MONTHS = {
    name: position
    for position, names in enumerate(
        [
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ],
        start=1,
    )
    for name in names
}
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[-−–]?)(?P<digits>\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<exponent>e[-+]?\d+)?"
    r"(?:\s?(?P<multiplier>k|thousand|mn|million|m|bn|billion|b|lakhs?|crores?)\b)?(?P<percent>\s?%)?(?![\w])",
    re.IGNORECASE,
)
_WRITTEN_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{'|'.join(MONTHS)})\.?(?:\s+(?P<year>\d{{4}}))\b"
    r"|\b(?P<iso>\d{4}-\d{2}(?:-\d{2})?)\b",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(rf"\b(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(MONTHS)})\b", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"^\s*(\d+)[.)]\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """A fact and the step of the turn that it came from; step -1 is the question or an earlier turn."""

    step: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class NumberTrace:
    """Where a number in an answer comes from.

    Attributes:
        text: As written.
        start: Index of its first character in the answer.
        end: Index behind its last character.
        step: Index of the step in the turn; -1 where it repeats the question or an earlier turn.
        fact: Name of the fact, with its scope.
    """

    text: str
    start: int
    end: int
    step: int
    fact: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """Result of a check: what could be traced, and the texts of the numbers that could not."""

    traces: tuple[NumberTrace, ...]
    unsupported: tuple[tuple[str, int, int], ...]


def check(
    answer: str, facts: Sequence[SourcedFact], question: str = "", labels: Iterable[str] = ()
) -> Grounding:
    """Trace the numbers of an answer.

    A written number is supported by a fact that rounds to it at the precision in which it is written;
    a loss may be written without its sign, a part of one as percent. Numbers that repeat the question are
    supported, numbers within names (of columns, categories, segments) are not numbers.

    Args:
        answer: Markdown.
        facts: All facts that may be quoted, those of the turn's own steps first.
        question: The person's words.
        labels: Names that may hold digits.
    """
    names = {label for label in labels if re.search(r"\d", label)}
    for sourced in facts:
        names.update(_labels_of(sourced.fact))
    visible = _mask(answer, names)
    traces: list[NumberTrace] = []
    unsupported: list[tuple[str, int, int]] = []
    visible = _check_dates(visible, facts, question, traces, unsupported)
    visible = _LIST_NUMBER.sub(lambda match: " " * len(match.group(0)), visible)
    asked = [(_value(match), _tolerance(match)) for match in _NUMBER.finditer(question)]
    for match in _NUMBER.finditer(visible):
        source = _supporting(match, facts)
        text = answer[match.start() : match.end()]
        if source is not None:
            traces.append(NumberTrace(text, match.start(), match.end(), source.step, fact_name(source.fact)))
        elif any(abs(_value(match) - value) <= max(slack, _tolerance(match)) for value, slack in asked):
            traces.append(NumberTrace(text, match.start(), match.end(), -1, "the question"))
        else:
            unsupported.append((text, match.start(), match.end()))
    traces.sort(key=lambda trace: trace.start)
    unsupported.sort(key=lambda item: item[1])
    return Grounding(tuple(traces), tuple(unsupported))


def fact_name(fact: Fact) -> str:
    """Return the fact's name with what it is about."""
    return f"{fact.name} [{fact.scope}]" if fact.scope else fact.name


def supports(fact: Fact, written: str) -> bool:
    """Tell whether a fact rounds to a number as it is written."""
    match = _NUMBER.search(written)
    return match is not None and _supporting(match, [SourcedFact(0, fact)]) is not None


def labels_of(workspace: Workspace) -> Iterator[str]:
    """Yield the names of a workspace that may hold digits and are no numbers."""
    for table in workspace.tables.values():
        yield table.name
        yield table.source
        yield from (column.name for column in table.columns)
    for segmentation in workspace.segmentations.values():
        yield segmentation.name
        yield from (segment.name for segment in segmentation.segments)


def _labels_of(fact: Fact) -> Iterable[str]:
    candidates = [fact.scope, *re.split(r"\s*(?:[=;]|,(?!\d)|\band\b)\s*", fact.scope)]
    if isinstance(fact.value, str) and not _as_date(fact.value):
        candidates.append(fact.value)
    return (text for text in candidates if re.search(r"\d", text) and re.search(r"[^\d\s.,%]", text))


def _mask(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), lambda match: " " * len(match.group(0)), text, flags=re.IGNORECASE)
    return re.sub(r"`[^`]*`", lambda match: " " * len(match.group(0)), text)


def _value(match: re.Match[str]) -> float:
    value = float(match["digits"].replace(",", "") + (match["exponent"] or ""))
    return value * MULTIPLIERS.get((match["multiplier"] or "").lower(), 1.0)


def _tolerance(match: re.Match[str]) -> float:
    digits = match["digits"].replace(",", "")
    decimals = len(digits.split(".")[1]) if "." in digits else 0
    scale = MULTIPLIERS.get((match["multiplier"] or "").lower(), 1.0) * float(f"1{match['exponent'] or ''}")
    return 0.5000001 * float(10**-decimals) * scale


def _supporting(match: re.Match[str], facts: Sequence[SourcedFact]) -> SourcedFact | None:
    value, slack = _value(match), _tolerance(match)
    for sourced in facts:
        known = sourced.fact.value
        if isinstance(known, bool) or not isinstance(known, int | float):
            continue
        if abs(abs(known) - value) <= slack:
            return sourced
        part_of_one = match["percent"] and sourced.fact.unit != "%" and abs(known) <= 1
        if part_of_one and abs(abs(known) * 100 - value) <= slack:
            return sourced
    return None


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _check_dates(
    text: str,
    facts: Sequence[SourcedFact],
    question: str,
    traces: list[NumberTrace],
    unsupported: list[tuple[str, int, int]],
) -> str:
    known = [
        (day, sourced)
        for sourced in facts
        for source in (str(sourced.fact.value), sourced.fact.scope)
        for day in _dates_in(source)
    ]
    asked = _dates_in(question)
    for pattern in (_WRITTEN_DATE, _DAY_AND_MONTH):
        for match in list(pattern.finditer(text)):
            parts = _date_parts(match)
            source = next((sourced for day, sourced in known if _agrees(parts, day)), None)
            span = (match.group(0), match.start(), match.end())
            if source is not None:
                traces.append(NumberTrace(*span, source.step, fact_name(source.fact)))
            elif any(_agrees(parts, day) for day in asked):
                traces.append(NumberTrace(*span, -1, "the question"))
            else:
                unsupported.append(span)
            text = text[: match.start()] + " " * len(match.group(0)) + text[match.end() :]
    return text


DateParts = tuple[int | None, int | None, int | None]


def _date_parts(match: re.Match[str]) -> DateParts:
    found = match.groupdict()
    if found.get("iso"):
        pieces = [int(piece) for piece in found["iso"].split("-")]
        return pieces[0], pieces[1], pieces[2] if len(pieces) > 2 else None
    return (
        int(found["year"]) if found.get("year") else None,
        MONTHS[found["month"].lower()],
        int(found["day"]) if found.get("day") else None,
    )


def _dates_in(text: str) -> list[DateParts]:
    return [
        _date_parts(match) for pattern in (_WRITTEN_DATE, _DAY_AND_MONTH) for match in pattern.finditer(text)
    ]


def _agrees(written: DateParts, known: DateParts) -> bool:
    return all(part is None or part == other for part, other in zip(written, known, strict=True))
