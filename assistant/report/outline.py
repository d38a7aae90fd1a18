"""Knows the order in which a report is read, as blocks that paper and plain text walk through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.report.content import Finding, NumberSource, Report, SegmentCard
from assistant.session import Turn
from tools.core import Json, ResultTable
from tools.wording import count, scalar, share

ALONE, BESIDE_A_CHART = 30, 12  # rows of a table that are shown; a chart shows the others

EVERY_NUMBER = (
    "Every number in this report was computed from the file by a fixed program; the same file and the same "
    "questions give the same numbers. The list at the end names the computation behind each."
)


@dataclass(frozen=True)
class Heading:
    """A heading; level 0 is the title."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Prose:
    """A passage of Markdown."""

    passage: Turn


@dataclass(frozen=True)
class Points:
    """Passages under each other, each with a dot; `summary` ones stand out."""

    passages: tuple[Turn, ...]
    summary: bool = False


@dataclass(frozen=True)
class Small:
    """A plain remark in small letters."""

    text: str


@dataclass(frozen=True)
class Chart:
    """A figure."""

    figure: Json


@dataclass(frozen=True)
class Grid:
    """A table; `most` rows are shown, and the rest is counted."""

    table: ResultTable
    most: int = ALONE
    listing: bool = False  # looked up rather than read: in the smallest letters


@dataclass(frozen=True)
class Card:
    """One segment."""

    card: SegmentCard

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Name and value of what is printed large."""
        return key_figures(self.card)


@dataclass(frozen=True)
class NextStep:
    """What to try with one segment."""

    card: SegmentCard


Block = Heading | Prose | Points | Small | Chart | Grid | Card | NextStep


def outline(report: Report) -> Iterator[Block]:
    """Yield the report block by block."""
    yield Heading(report.title, 0)
    yield Small(report.byline)
    if report.withheld:
        yield Small(" ".join(report.withheld))
    if report.summary:
        yield Points(report.summary, summary=True)
    if report.notes:
        yield Prose(Turn("", answer=report.notes))
    for finding in report.part("finding"):
        yield from _answer(finding, 1)
    yield from _segments(report)
    if report.limits:
        yield Heading("What the data cannot tell")
        yield Points(report.limits)
    yield Heading("Method and evidence")
    yield from (Prose(passage) for passage in report.method)
    yield Prose(Turn("", answer=EVERY_NUMBER))
    for finding in report.part("evidence"):
        yield from _answer(finding, 2)
    yield from (Grid(table) for table in report.evidence_tables)
    yield Heading("The data, and how they were mended")
    yield from (Prose(passage) for passage in report.data)
    yield from (Grid(table, most=60) for table in report.data_tables)
    for finding in report.part("data"):
        yield from _answer(finding, 2)
    yield from _calls(report)
    yield from _sources(report)
    if report.sent is not None:
        yield Heading(report.sent.title)
        yield Grid(replace(report.sent, title=""), len(report.sent.rows), listing=True)


def key_figures(card: SegmentCard) -> list[tuple[str, str]]:
    """Return name and value of what is printed large on a segment's card."""
    segment = card.segment
    if card.few:
        return [("Customers", "fewer than 5")]
    told = [("Customers", f"{segment.size:,}"), ("Share of customers", share(segment.share))]
    if segment.value_share is not None:
        told.append((card.value_label, share(segment.value_share)))
    if segment.stability is not None:
        told.append(("Stability", f"{segment.stability:.2f}"))
    return told


def _answer(finding: Finding, level: int) -> Iterator[Block]:
    yield Heading(finding.heading, level)
    if asked := asked_unless_said(finding):
        yield Small(f"Asked: {asked}")
    if finding.turn.answer:
        yield Prose(finding.turn)
    yield from (Chart(figure) for figure in finding.turn.figures)
    most = BESIDE_A_CHART if finding.turn.figures else ALONE
    yield from (Grid(table, most) for table in finding.turn.tables)


def asked_unless_said(finding: Finding) -> str:
    """Return the question behind an answer; nothing where the heading is the question."""
    asked = " ".join(finding.turn.question.split())
    same = asked.casefold().rstrip("?.! ") == finding.heading.casefold().rstrip("?.! ")
    return "" if same else asked


def _segments(report: Report) -> Iterator[Block]:
    if report.cards:
        yield Heading("The segments")
        yield from (Prose(passage) for passage in report.about_segments[:1])
    for finding in report.part("making"):
        yield from _answer(finding, 2)
    yield from (Card(card) for card in report.cards)
    yield from (Prose(passage) for passage in report.about_segments[1:])
    yield from (Chart(figure) for figure in report.segment_figures)
    for finding in report.part("segments"):
        yield from _answer(finding, 2)
    if any(card.next_step.answer for card in report.cards):
        yield Heading("What to do next")
        yield from (NextStep(card) for card in report.cards if card.next_step.answer)


def _calls(report: Report) -> Iterator[Block]:
    """Yield what was computed for each answer, as a table."""
    rows = [
        (finding.heading, step.tool, call_in_words(step.arguments), step.error or "")
        for finding in report.findings
        for step in finding.turn.steps
    ]
    if not rows:
        return
    yield Heading("How each answer was computed")
    failed = any(row[3] for row in rows)
    columns = ("Answer", "Computed by", "With", "Not possible because")[: 4 if failed else 3]
    yield Grid(ResultTable("", columns, tuple(row[: len(columns)] for row in rows)), len(rows), listing=True)


def call_in_words(arguments: Mapping[str, Any]) -> str:
    """Return the arguments of a computation on one line, without the marks of a program."""
    return "; ".join(f"{name}: {_argument(value)}" for name, value in arguments.items())


def _argument(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_argument(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_argument(each) for each in value)
    return scalar(value)


def _sources(report: Report) -> Iterator[Block]:
    """Yield the list that traces every number, as a table."""
    rows = tuple(
        (one.text, places(one), one.tool, one.fact, "" if one.value is None else str(one.value))
        for one in report.numbers()
    )
    if rows:
        yield Heading("Where each number comes from")
        yield Grid(
            ResultTable("", ("Number", "In", "Computed by", "As", "Exactly"), rows), len(rows), listing=True
        )


def places(source: NumberSource) -> str:
    """Return where a number stands: the first place, and how many others there are."""
    further = len(source.places) - 1
    return f"{source.places[0]} and {count(further, 'other place')}" if further else source.places[0]
