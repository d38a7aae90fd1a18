"""Draws a report as slides, one segment a slide, whole answers in the notes; the only file on python-pptx."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Length, Pt

from assistant.markup import columns_to_the_right, written_rows
from assistant.report.content import Finding, Report, SegmentCard
from assistant.report.drawing import picture, title_of
from assistant.report.outline import key_figures
from assistant.report.packing import repacked
from assistant.report.richtext import Paragraph, paragraphs, plain_text, printable
from assistant.session import Turn
from tools.core import Json, ResultTable

Place = tuple[float, float, float, float]  # left, top, width, height in inches

WIDE, HIGH = 13.333, 7.5  # inches
LEFT, TOP, INNER = 0.6, 1.35, WIDE - 1.2
INK, SOFT, ACCENT = "1F2937", "6B7280", "0F766E"
FONT = "Calibri"
TITLE_ONLY = 5  # layout of the default template
MOST_ROWS = 12
CLOSER = 1.5  # a chart on a wall is read from afar: its letters are this much larger than on paper
SIZES = (18, 16, 14, 13, 12, 11)  # points of the letters of prose, the largest that fits
MOST_ON_SLIDE = 8  # points


def draw(report: Report) -> bytes:
    """Return the report as a PowerPoint file; the same report gives the same bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
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
    for finding in report.findings:
        _finding(deck, finding)
    if report.cards:
        _overview(deck, report)
    for card in report.cards:
        _segment(deck, card)
    _points(deck, "What the data cannot tell", report.limits)
    _points(deck, "The data, and how they were computed", [*report.data[:2], *report.method])
    for number, slide in enumerate(deck.slides, start=1):
        if number > 1:
            _text(slide, str(number), (WIDE - 1.1, HIGH - 0.45, 0.5, 0.3), 10, colour=SOFT, right=True)
    out = io.BytesIO()
    deck.save(out)
    return repacked(out.getvalue())


def _first(deck: Any, report: Report) -> None:
    slide = _slide(deck, report.title)
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = _box((LEFT, 2.4, INNER, 1.4))
    title.text_frame.paragraphs[0].runs[0].font.size = Pt(40)
    _bar(slide, (LEFT, 3.95, 1.6, 0.07), ACCENT)
    _text(slide, report.byline, (LEFT, 4.2, INNER, 0.5), 16, colour=SOFT)
    if report.withheld:
        _text(slide, " ".join(report.withheld), (LEFT, 6.3, INNER, 0.8), 11, colour=SOFT)


def _points(deck: Any, heading: str, passages: Sequence[Turn]) -> None:
    """Write passages as points, on as many slides as they need."""
    told = [part for passage in passages for part in paragraphs(passage.answer) if part.kind != "row"]
    for start in range(0, len(told), MOST_ON_SLIDE):
        slide = _slide(deck, heading if start == 0 else f"{heading} (continued)")
        part = told[start : start + MOST_ON_SLIDE]
        _prose(slide, part, (LEFT, TOP, INNER, HIGH - TOP - 0.6), dotted=True)


def _finding(deck: Any, finding: Finding) -> None:
    turn = finding.turn
    slide = _slide(deck, finding.heading)
    _notes(slide, turn.answer)
    told = [part for part in paragraphs(turn.answer) if part.kind != "row"]
    if turn.figures:
        _prose(slide, told, (LEFT, TOP, 4.4, HIGH - TOP - 0.6))
        _picture(slide, turn.figures[0], (LEFT + 4.7, TOP, INNER - 4.7, HIGH - TOP - 0.7))
    elif turn.tables:
        _prose(slide, told, (LEFT, TOP, INNER, 2.2))
        _table(slide, turn.tables[0], (LEFT, TOP + 2.3, INNER, HIGH - TOP - 3.0))
    else:
        _prose(slide, told, (LEFT, TOP, INNER, HIGH - TOP - 0.6))
    for figure in turn.figures[1:]:
        _picture_slide(deck, figure)


def _overview(deck: Any, report: Report) -> None:
    slide = _slide(deck, "The segments")
    rows = tuple((card.segment.name, *(value for _, value in key_figures(card))) for card in report.cards)
    names = ("Segment", *(name for name, _ in key_figures(report.cards[0])))
    _prose(slide, paragraphs(report.about_segments[0].answer), (LEFT, TOP, INNER, 0.6))
    even = tuple(tuple((*row, *[""] * len(names))[: len(names)]) for row in rows)
    _table(slide, ResultTable("", names, even), (LEFT, TOP + 0.7, INNER, 4.5), most=len(even))
    _notes(slide, "\n\n".join(passage.answer for passage in report.about_segments))
    for figure in report.segment_figures:
        _picture_slide(deck, figure)


def _segment(deck: Any, card: SegmentCard) -> None:
    slide = _slide(deck, card.segment.name)
    colour = card.colour.lstrip("#")
    _bar(slide, (0, 0, WIDE, 0.16), colour)
    for place, (name, value) in enumerate(key_figures(card)):
        left = LEFT + place * 3.0
        _text(slide, value, (left, TOP, 2.9, 0.6), 30, bold=True, colour=INK)
        _text(slide, name, (left, TOP + 0.6, 2.9, 0.35), 12, colour=SOFT)
    half = INNER / 2 - 0.2 if card.next_step.answer else INNER
    tall = HIGH - TOP - 2.4
    _text(slide, "Who they are", (LEFT, TOP + 1.25, half, 0.4), 14, bold=True, colour=ACCENT)
    rule = [f"Rule: {card.segment.rule}"] if card.segment.rule else []
    who = [*paragraphs(card.who.answer), *(part for text in rule for part in paragraphs(text))]
    _prose(slide, who, (LEFT, TOP + 1.65, half, tall))
    if card.next_step.answer:
        right = LEFT + half + 0.4
        _text(slide, "What to do next", (right, TOP + 1.25, half, 0.4), 14, bold=True, colour=ACCENT)
        _prose(slide, paragraphs(card.next_step.answer), (right, TOP + 1.65, half, tall))
    _notes(slide, "\n\n".join((card.who.answer, *rule, card.next_step.answer)))


def _picture_slide(deck: Any, figure: Json) -> None:
    slide = _slide(deck, title_of(figure))
    _picture(slide, figure, (LEFT, TOP, INNER, HIGH - TOP - 0.7), titled=False)


def _slide(deck: Any, heading: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = _box((LEFT, 0.35, INNER, 0.85))
    frame = title.text_frame
    frame.text = printable(" ".join(heading.split()))
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    font = paragraph.runs[0].font if paragraph.runs else paragraph.font
    font.size = Pt(28 if len(heading) <= 60 else 22 if len(heading) <= 100 else 18)
    font.bold, font.name, font.color.rgb = True, FONT, RGBColor.from_string(INK)
    return slide


def _prose(slide: Any, told: Sequence[Paragraph], place: Place, *, dotted: bool = False) -> None:
    """Write paragraphs as large as they fit; what fits at no readable size stands in the notes only."""
    size, shown = _fitting(told, place[2], place[3], SIZES if dotted else SIZES[:3])
    box = slide.shapes.add_textbox(*_box(place))
    frame = box.text_frame
    frame.word_wrap = True
    for number, part in enumerate(shown):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size * 0.5)
        if dotted or part.kind == "point":
            _run(paragraph, "•  ", size, ACCENT)
        for run in part.runs:
            words = _run(paragraph, run.text, size, INK)
            words.font.bold = run.bold or None
            words.font.italic = run.italic or None
    if len(shown) < len(told):
        _run(frame.add_paragraph(), "The rest of this answer stands in the notes.", 10, SOFT)


def _fitting(
    told: Sequence[Paragraph], wide: float, high: float, sizes: Sequence[int]
) -> tuple[float, Sequence[Paragraph]]:
    """Return the largest size at which all fits, or the smallest with as many paragraphs as fit."""
    for size in sizes:
        if _height(told, size, wide) <= high:
            return size, told
    shown = list(told)
    while len(shown) > 1 and _height(shown, sizes[-1], wide) > high - 0.3:
        shown.pop()
    return (sizes[-1] if _height(shown, sizes[-1], wide) <= high else SIZES[-1]), shown


def _height(told: Sequence[Paragraph], size: float, wide: float) -> float:
    """Estimate the height of paragraphs in inches."""
    letters = wide * 145 / size
    lines = sum(-(-max(1, sum(len(run.text) for run in part.runs)) // max(1, int(letters))) for part in told)
    return (lines * 1.2 + len(told) * 0.5) * size / 72


def _table(slide: Any, table: ResultTable, place: Place, most: int = MOST_ROWS) -> None:
    right, body = columns_to_the_right(table), written_rows(table, most)
    right = [to_right or i > 0 and not table.title for i, to_right in enumerate(right)]
    height = min(place[3], 0.36 * (len(body) + 1))
    box = _box((place[0], place[1], place[2], height))
    made = slide.shapes.add_table(len(body) + 1, len(table.columns), *box).table
    made.horz_banding = False
    size = 14 if len(table.columns) <= 6 and len(body) <= 8 else 11 if len(table.columns) <= 8 else 9
    for i, texts in enumerate([list(table.columns), *body]):
        for j, text in enumerate(texts):
            cell = made.cell(i, j)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("F1F5F9" if i == 0 else "FFFFFF")
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if right[j] else PP_ALIGN.LEFT
            _run(paragraph, text, size, INK).font.bold = i == 0 or None
    total = table.n_rows_total or len(table.rows)
    if total > len(body):
        below = (place[0], min(place[1] + height + 0.1, HIGH - 0.5), place[2], 0.3)
        _text(slide, f"Showing {len(body):,} of {total:,} rows.", below, 10, colour=SOFT)


def _picture(slide: Any, figure: Json, place: Place, *, titled: bool = True) -> None:
    left, top, wide, high = place
    drawn = slide.shapes.add_picture(
        io.BytesIO(picture(figure, wide / CLOSER, high / CLOSER, titled=titled)),
        *_box((left, top, wide, high)),
    )
    drawn._element.nvPicPr.cNvPr.set("descr", printable(title_of(figure)))  # what a screen reader says


def _text(
    slide: Any,
    text: str,
    place: Place,
    size: float,
    *,
    bold: bool = False,
    colour: str = INK,
    right: bool = False,
) -> None:
    frame = slide.shapes.add_textbox(*_box(place)).text_frame
    frame.word_wrap = True
    frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    _run(frame.paragraphs[0], text, size, colour).font.bold = bold


def _run(paragraph: Any, text: str, size: float, colour: str) -> Any:
    run = paragraph.add_run()
    run.text = printable(text)
    run.font.size, run.font.name, run.font.color.rgb = Pt(size), FONT, RGBColor.from_string(colour)
    return run


def _bar(slide: Any, place: Place, colour: str) -> None:
    shape = slide.shapes.add_shape(1, *_box(place))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()


def _notes(slide: Any, markdown: str) -> None:
    slide.notes_slide.notes_text_frame.text = printable(plain_text(markdown))


def _box(place: Place) -> tuple[Length, Length, Length, Length]:
    left, top, wide, high = (Inches(each) for each in place)
    return left, top, wide, high
