"""Knows the order in which a report is read, as blocks that paper and plain text walk through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.report.content import Report, SegmentCard
from assistant.session import Step, Turn
from tools.core import Json, ResultTable
from tools.wording import share

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
    most: int = 30


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


@dataclass(frozen=True)
class Calls:
    """How an answer was computed."""

    steps: tuple[Step, ...]


Block = Heading | Prose | Points | Small | Chart | Grid | Card | NextStep | Calls


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
    yield from _findings(report)
    yield from _segments(report)
    if report.limits:
        yield Heading("What the data cannot tell")
        yield Points(report.limits)
    yield Heading("The data, and how they were mended")
    yield from (Prose(passage) for passage in report.data)
    yield from (Grid(table, most=60) for table in report.data_tables)
    yield Heading("Method and evidence")
    yield from (Prose(passage) for passage in report.method)
    yield Prose(Turn("", answer=EVERY_NUMBER))
    yield from _sources(report)


def key_figures(card: SegmentCard) -> list[tuple[str, str]]:
    """Return name and value of what is printed large on a segment's card."""
    segment = card.segment
    if card.few:
        return [("Customers", "fewer than 5")]
    told = [("Customers", f"{segment.size:,}"), ("Share of customers", share(segment.share))]
    if segment.value_share is not None:
        told.append(("Share of value", share(segment.value_share)))
    if segment.stability is not None:
        told.append(("Stability", f"{segment.stability:.2f}"))
    return told


def _findings(report: Report) -> Iterator[Block]:
    for finding in report.findings:
        asked = " ".join(finding.turn.question.split())
        yield Heading(finding.heading)
        if asked != finding.heading:
            yield Small(f"Asked: {asked}")
        yield Prose(finding.turn)
        yield from (Chart(figure) for figure in finding.turn.figures)
        yield from (Grid(table) for table in finding.turn.tables)
        if finding.turn.steps:
            yield Calls(finding.turn.steps)


def _segments(report: Report) -> Iterator[Block]:
    if not report.cards:
        return
    yield Heading("The segments")
    yield from (Prose(passage) for passage in report.about_segments[:1])
    yield from (Card(card) for card in report.cards)
    yield from (Prose(passage) for passage in report.about_segments[1:])
    yield from (Chart(figure) for figure in report.segment_figures)
    yield from (Grid(table) for table in report.segment_tables)
    if any(card.next_step.answer for card in report.cards):
        yield Heading("What to do next")
        yield from (NextStep(card) for card in report.cards if card.next_step.answer)


def _sources(report: Report) -> Iterator[Block]:
    """Yield the list that traces every number, as a table."""
    rows = tuple(
        (source.text, source.place, source.tool, source.fact, source.value) for source in report.numbers()
    )
    if rows:
        yield Heading("Where each number comes from")
        columns = ("Number", "In", "Computed by", "As", "Exactly")
        exact = tuple((*row[:4], "" if row[4] is None else str(row[4])) for row in rows)
        yield Grid(ResultTable("", columns, exact), most=len(rows))
