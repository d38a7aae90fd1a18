"""Knows the pieces that slides are put together from: titles, prose that fits, tables that fit, notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Length, Pt

from assistant.markup import columns_to_the_right, written_rows
from assistant.report.columns import shared_width
from assistant.report.drawing import picture, title_of
from assistant.report.richtext import Paragraph, printable
from assistant.report.slide_charts import add_chart, is_native
from tools.core import Json, ResultTable

Place = tuple[float, float, float, float]  # left, top, width, height in inches

WIDE, HIGH = 13.333, 7.5  # inches
LEFT, TOP, INNER = 0.6, 1.35, WIDE - 1.2
BODY = HIGH - TOP - 0.6  # height of what stands below a title
INK, SOFT, ACCENT = "1F2937", "6B7280", "0F766E"
FONT = "Calibri"
TITLE_ONLY = 5  # layout of the default template
MOST_ROWS = 12
CLOSER = 1.5  # a picture on a wall is read from afar: its letters are this much larger than on paper
SIZES = (18, 16, 14, 13, 12, 11)  # points of the letters of prose, the largest that fits


def new_slide(deck: Any, heading: str) -> Any:
    """Return a slide with a title."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = box((LEFT, 0.35, INNER, 0.85))
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


def prose(
    slide: Any,
    told: Sequence[Paragraph],
    place: Place,
    sizes: Sequence[float] = SIZES[:3],
    *,
    dotted: bool = False,
) -> None:
    """Write paragraphs in the largest of the sizes that fits; what fits in none stands in the notes only."""
    size, shown = fitting(told, place[2], place[3], sizes)
    frame = slide.shapes.add_textbox(*box(place)).text_frame
    frame.word_wrap = True
    for number, part in enumerate(shown):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size * 0.5)
        if dotted or part.kind == "point":
            run_of(paragraph, "•  ", size, ACCENT)
        for run in part.runs:
            written = run_of(paragraph, run.text, size, INK)
            written.font.bold = run.bold or None
            written.font.italic = run.italic or None
    if len(shown) < len(told):
        run_of(frame.add_paragraph(), "The rest of this answer stands in the notes.", 10, SOFT)


def fitting(
    told: Sequence[Paragraph], wide: float, high: float, sizes: Sequence[float]
) -> tuple[float, Sequence[Paragraph]]:
    """Return the largest size at which all fits, or the smallest with as many paragraphs as fit."""
    for size in sizes:
        if height_of(told, size, wide) <= high:
            return size, told
    shown = list(told)
    while len(shown) > 1 and height_of(shown, sizes[-1], wide) > high - 0.3:
        shown.pop()
    return (sizes[-1] if height_of(shown, sizes[-1], wide) <= high else SIZES[-1]), shown


def height_of(told: Sequence[Paragraph], size: float, wide: float) -> float:
    """Estimate the height of paragraphs in inches."""
    letters = wide * 145 / size
    lines = sum(-(-max(1, sum(len(run.text) for run in part.runs)) // max(1, int(letters))) for part in told)
    return (lines * 1.2 + len(told) * 0.5) * size / 72


def table_of(slide: Any, table: ResultTable, place: Place, most: int = MOST_ROWS) -> None:
    """Write as many rows of a table as fit; what is left out is counted."""
    right, body = columns_to_the_right(table), written_rows(table, most)
    size = 14 if len(table.columns) <= 6 and len(body) <= 8 else 11 if len(table.columns) <= 8 else 9
    widths = shared_width([list(map(str, table.columns)), *body], place[2])
    heights = [_row_height(row, widths, size) for row in [list(map(str, table.columns)), *body]]
    n = max((n for n in range(1, len(body) + 1) if sum(heights[: n + 1]) <= place[3]), default=1)
    body = body[:n]
    where = box((place[0], place[1], place[2], sum(heights[: n + 1])))
    made = slide.shapes.add_table(n + 1, len(table.columns), *where).table
    made.horz_banding = False
    for column, wide in zip(made.columns, widths, strict=True):
        column.width = Inches(wide)
    for i, texts in enumerate([list(map(str, table.columns)), *body]):
        made.rows[i].height = Inches(heights[i])
        for j, text in enumerate(texts):
            cell = made.cell(i, j)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("F1F5F9" if i == 0 else "FFFFFF")
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if right[j] else PP_ALIGN.LEFT
            run_of(paragraph, text, size, INK).font.bold = i == 0 or None
    total = table.n_rows_total or len(table.rows)
    if total > n:
        below = (place[0], min(place[1] + sum(heights[: n + 1]) + 0.05, HIGH - 0.5), place[2], 0.3)
        words(slide, f"Showing {n:,} of {total:,} rows.", below, 10, colour=SOFT)


def _row_height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    """Estimate the height of a row in inches."""
    lines = max(
        -(-len(text) // max(1, int((w - 0.2) * 135 / size))) for text, w in zip(row, widths, strict=True)
    )
    return max(1, lines) * size * 1.2 / 72 + 0.12


def chart_of(slide: Any, figure: Json, place: Place, *, titled: bool = True) -> None:
    """Draw a chart that can be edited, or its picture where PowerPoint has no such chart."""
    if is_native(figure):
        add_chart(slide, figure, box(place), titled=titled)
        return
    left, top, wide, high = place
    content = picture(figure, wide / CLOSER, high / CLOSER, titled=titled)
    drawn = slide.shapes.add_picture(io.BytesIO(content), *box(place))
    drawn._element.nvPicPr.cNvPr.set("descr", printable(title_of(figure)))  # what a screen reader says


def words(
    slide: Any,
    text: str,
    place: Place,
    size: float,
    *,
    bold: bool = False,
    colour: str = INK,
    right: bool = False,
) -> None:
    """Write a few words."""
    frame = slide.shapes.add_textbox(*box(place)).text_frame
    frame.word_wrap = True
    frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run_of(frame.paragraphs[0], text, size, colour).font.bold = bold


def run_of(paragraph: Any, text: str, size: float, colour: str) -> Any:
    """Add words to a paragraph."""
    run = paragraph.add_run()
    run.text = printable(text)
    run.font.size, run.font.name, run.font.color.rgb = Pt(size), FONT, RGBColor.from_string(colour)
    return run


def bar(slide: Any, place: Place, colour: str) -> None:
    """Draw a coloured bar."""
    shape = slide.shapes.add_shape(1, *box(place))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()


def notes(slide: Any, text: str) -> None:
    """Write what the speaker sees."""
    slide.notes_slide.notes_text_frame.text = printable(text)


def box(place: Place) -> tuple[Length, Length, Length, Length]:
    """Return a place in PowerPoint's own units."""
    left, top, wide, high = (Inches(each) for each in place)
    return left, top, wide, high
