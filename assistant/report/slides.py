"""Draws a report as slides for a meeting: one finding and one segment a slide, sources in the notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.util import Pt

from assistant.report.content import Finding, Report, SegmentCard, source_of
from assistant.report.drawing import chart_text, title_of
from assistant.report.fonts import about_unwritable
from assistant.report.outline import key_figures
from assistant.report.packing import repacked
from assistant.report.richtext import Paragraph, paragraphs, plain_text, printable
from assistant.report.slide_parts import (
    ACCENT,
    BODY,
    HIGH,
    INK,
    INNER,
    LEFT,
    SIZES,
    SOFT,
    TOP,
    WIDE,
    bar,
    box,
    chart_of,
    fitting,
    height_of,
    new_slide,
    notes,
    prose,
    table_of,
    words,
)
from assistant.session import Turn
from tools.core import Json, ResultTable, Segment
from tools.figures import bars
from tools.wording import scalar

MOST_ON_SLIDE = 8  # points
READABLE = SIZES[2]  # points of the letters that a slide is filled up to
STRIP = 1.9  # inches that the chart of a segment's shares needs
MOST_BARS = 5  # that the strip has room for
GREY = "#cbd5e1"


def draw(report: Report) -> bytes:
    """Return the report as a PowerPoint file; the same report gives the same bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = box((WIDE, HIGH, 0, 0))[:2]
    about = deck.core_properties
    about.title, about.author, about.subject = (
        printable(report.title),
        "Cash Classifiers",
        "Customer segmentation",
    )
    about.created = about.modified = datetime.fromisoformat(report.created)
    about.last_modified_by = ""
    _first(deck, report)
    _points(deck, "In short", report.summary)
    if report.notes:
        _points(deck, "Notes", [Turn("", answer=report.notes)])
    for finding in report.part("finding"):
        _finding(deck, finding)
    _segments(deck, report)
    _points(deck, "What the data cannot tell", report.limits)
    for finding in report.part("evidence"):
        _finding(deck, finding)
    answers = [finding.turn for finding in report.part("data")]
    shown = [*report.data[:2], *report.method]
    _points(deck, "The data, and how they were computed", shown, [*shown, *report.data[2:], *answers])
    for number, slide in enumerate(deck.slides, start=1):
        if number > 1:
            words(slide, str(number), (WIDE - 1.1, HIGH - 0.45, 0.5, 0.3), 10, colour=SOFT, right=True)
    out = io.BytesIO()
    deck.save(out)
    return repacked(out.getvalue())


def _first(deck: Any, report: Report) -> None:
    slide = new_slide(deck, report.title)
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = box((LEFT, 2.4, INNER, 1.4))
    title.text_frame.paragraphs[0].runs[0].font.size = Pt(40)
    bar(slide, (LEFT, 3.95, 1.6, 0.07), ACCENT)
    words(slide, report.byline, (LEFT, 4.2, INNER, 0.5), 16, colour=SOFT)
    remarks = [*report.withheld, about_unwritable(chart_text(report), "the pictures of charts")]
    if any(remarks):
        words(slide, " ".join(filter(None, remarks)), (LEFT, 6.3, INNER, 0.8), 11, colour=SOFT)


def _points(deck: Any, heading: str, passages: Sequence[Turn], spoken: Sequence[Turn] | None = None) -> None:
    """Write passages as points on as many slides as they need; `spoken` ones stand in the first notes."""
    told = [part for passage in passages for part in paragraphs(passage.answer) if part.kind != "row"]
    first = True
    while told:
        n = _filling(told)
        slide = new_slide(deck, heading if first else f"{heading} (continued)")
        prose(slide, told[:n], (LEFT, TOP, INNER, BODY), SIZES, dotted=True)
        if first:
            _speak(slide, passages if spoken is None else spoken)
        told, first = told[n:], False


def _filling(told: Sequence[Paragraph]) -> int:
    """Return how many points fit on a slide in readable letters, at least one."""
    most = min(len(told), MOST_ON_SLIDE)
    return max((n for n in range(1, most + 1) if height_of(told[:n], READABLE, INNER) <= BODY), default=1)


def _finding(deck: Any, finding: Finding) -> None:
    turn = finding.turn
    slide = new_slide(deck, finding.heading)
    _speak(slide, [turn])
    told = [part for part in paragraphs(turn.answer) if part.kind != "row"]
    if turn.figures:
        prose(slide, told, (LEFT, TOP, 4.4, BODY))
        chart_of(slide, turn.figures[0], (LEFT + 4.7, TOP, INNER - 4.7, BODY - 0.1))
    elif turn.tables:
        high = min(2.2, height_of(told, SIZES[0], INNER) + 0.2)
        prose(slide, told, (LEFT, TOP, INNER, high))
        table_of(slide, turn.tables[0], (LEFT, TOP + high + 0.1, INNER, BODY - high - 0.3))
    else:
        prose(slide, told, (LEFT, TOP, INNER, BODY))
    for figure in turn.figures[1:]:
        _chart_slide(deck, figure)


def _segments(deck: Any, report: Report) -> None:
    for finding in report.part("making"):
        _finding(deck, finding)
    if report.cards:
        _overview(deck, report)
    for card in report.cards:
        _segment(deck, card, [each.segment for each in report.cards])
    for figure in report.segment_figures:
        _chart_slide(deck, figure)
    for finding in report.part("segments"):
        _finding(deck, finding)


def _overview(deck: Any, report: Report) -> None:
    slide = new_slide(deck, "The segments")
    rows = [(card.segment.name, *(value for _, value in key_figures(card))) for card in report.cards]
    names = max((key_figures(card) for card in report.cards), key=len)
    columns = ("Segment", *(name for name, _ in names))
    top = TOP
    if report.about_segments:
        prose(slide, paragraphs(report.about_segments[0].answer), (LEFT, TOP, INNER, 0.6))
        top += 0.7
    even = tuple(tuple((*row, *[""] * len(columns))[: len(columns)]) for row in rows)
    table_of(slide, ResultTable("", columns, even), (LEFT, top, INNER, HIGH - top - 0.6), most=len(even))
    _speak(slide, report.about_segments)


def _segment(deck: Any, card: SegmentCard, segments: Sequence[Segment]) -> None:
    slide = new_slide(deck, card.segment.name)
    bar(slide, (0, 0, WIDE, 0.16), card.colour.lstrip("#"))
    for place, (name, value) in enumerate(key_figures(card)):
        left = LEFT + place * 3.0
        words(slide, value, (left, TOP, 2.9, 0.6), 30, bold=True, colour=INK)
        words(slide, name, (left, TOP + 0.6, 2.9, 0.35), 12, colour=SOFT)
    half = INNER / 2 - 0.2 if card.next_step.answer else INNER
    rule = [f"Rule: {card.segment.rule}"] if card.segment.rule else []
    who = [*paragraphs(card.who.answer), *(part for text in rule for part in paragraphs(text))]
    after = paragraphs(card.next_step.answer)
    needed = max(height_of(who, READABLE, half), height_of(after, READABLE, half))
    tall = HIGH - TOP - 2.3
    if not card.few and len(segments) <= MOST_BARS and needed <= tall - STRIP:
        tall -= STRIP
        chart_of(slide, _shares(card, segments), (LEFT, HIGH - STRIP - 0.5, INNER, STRIP))
    words(slide, "Who they are", (LEFT, TOP + 1.15, half, 0.4), 14, bold=True, colour=ACCENT)
    alike = [min(fitting(each, half, tall, SIZES[:3])[0] for each in (who, after))]
    prose(slide, who, (LEFT, TOP + 1.5, half, tall), alike)
    if after:
        right = LEFT + half + 0.4
        words(slide, "What to do next", (right, TOP + 1.15, half, 0.4), 14, bold=True, colour=ACCENT)
        prose(slide, after, (right, TOP + 1.5, half, tall), alike)
    _speak(slide, [card.who, *(Turn("", answer=text) for text in rule), card.next_step])


def _shares(card: SegmentCard, segments: Sequence[Segment]) -> Json:
    """Return a chart of what each segment holds, with this one in its colour."""
    valued = card.segment.value_share is not None
    held = [(one.value_share or 0.0) if valued else one.share for one in segments]
    title = card.value_label if valued else "Share of customers"
    colours = [card.colour if one.key == card.segment.key else GREY for one in segments]
    names = [one.name for one in segments]
    return bars(names, {title: [100 * each for each in held]}, f"{title}, %", "", "", colours)


def _chart_slide(deck: Any, figure: Json) -> None:
    slide = new_slide(deck, title_of(figure))
    chart_of(slide, figure, (LEFT, TOP, INNER, BODY - 0.1), titled=False)


def _speak(slide: Any, passages: Sequence[Turn]) -> None:
    """Write what a speaker says into the notes, and where each number of it comes from."""
    said = "\n\n".join(plain_text(passage.answer) for passage in passages if passage.answer)
    sources: dict[str, None] = {}
    for passage in passages:
        for trace in passage.traces:
            tool, value = source_of(passage, trace)
            exact = "" if value is None else f" = {scalar(value) if isinstance(value, bool | str) else value}"
            sources[f"{trace.text}: {trace.fact}{exact}, by {tool}"] = None
    listed = "\n".join(["Where the numbers come from", *sources]) if sources else ""
    notes(slide, "\n\n".join(part for part in (said, listed) if part))
