"""Draws a report as a PDF, pure Python and without a browser; the only file on ReportLab."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus import Paragraph as Words

from assistant.markup import columns_to_the_right, written_rows
from assistant.report import outline as blocks
from assistant.report.content import Report
from assistant.report.drawing import picture, title_of
from assistant.report.fonts import about_unwritable
from assistant.report.pdf_fonts import NOT_BUILT_IN, bold, dressed, fonts_for, marked
from assistant.report.richtext import Paragraph, Run, paragraphs, printable
from assistant.report.text import draw as whole_text
from tools.core import ResultTable

INK, SOFT, LINE, ACCENT, BAND = (HexColor(c) for c in ("#1f2937", "#6b7280", "#d1d5db", "#0f766e", "#f1f5f9"))
MARGIN = 2 * cm
WIDTH = A4[0] - 2 * MARGIN
PIXELS = 72  # points an inch
SMALLEST = 6.2  # points of the letters of a list that is looked up
WIDEST = 140  # letters of a cell that count when a column asks for room

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14.5, textColor=INK, spaceAfter=6)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=11, textColor=SOFT)
TITLE = ParagraphStyle("title", BODY, fontName="Helvetica-Bold", fontSize=22, leading=27, spaceAfter=2)
HEADING = ParagraphStyle(
    "heading",
    BODY,
    fontName="Helvetica-Bold",
    fontSize=14,
    leading=18,
    spaceBefore=16,
    spaceAfter=5,
    keepWithNext=1,
)
CARD = ParagraphStyle(
    "card", BODY, fontName="Helvetica-Bold", fontSize=11.5, leading=15, spaceAfter=3, keepWithNext=1
)
SUBHEADING = ParagraphStyle("subheading", HEADING, fontSize=11.5, leading=15, spaceBefore=10, spaceAfter=4)
POINT = ParagraphStyle("point", BODY, leftIndent=12, bulletIndent=2, spaceAfter=4)
CODE = ParagraphStyle("code", BODY, fontName="Courier", fontSize=7.5, leading=10, textColor=SOFT)


def _words(markup: str, style: ParagraphStyle, bullet: str | None = None) -> Words:
    """Return a paragraph in whatever letters."""
    return Words(*_set(markup, style), bulletText=bullet)


def _set(markup: str, style: ParagraphStyle) -> tuple[str, ParagraphStyle]:
    return dressed(bold(markup) if "Bold" in style.fontName else markup, style)


def draw(report: Report) -> bytes:
    """Return the report as a PDF; the same report gives the same bytes."""
    text = whole_text(report).decode()
    with fonts_for(text):
        return _drawn(report, about_unwritable(text, "this file"))


def _drawn(report: Report, remark: str) -> bytes:
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=printable(report.title), author="Cash Classifiers", subject="Customer segmentation",
        invariant=1, lang="en",
    )  # fmt: skip
    frame = Frame(MARGIN, MARGIN, WIDTH, A4[1] - 2 * MARGIN, 0, 0, 0, 0)

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(SOFT)
        line = _fitting(printable(report.title), 90)
        if not NOT_BUILT_IN.search(line):
            canvas.drawString(MARGIN, 1.1 * cm, line)
        canvas.drawRightString(A4[0] - MARGIN, 1.1 * cm, str(page.page))

    document.addPageTemplates([PageTemplate("page", [frame], onPage=foot)])
    parts = [part for block in blocks.outline(report) for part in _flowables(block)]
    if remark:
        parts.insert(2, _words(marked(remark), SMALL))
    document.build(parts)
    return out.getvalue()


def _flowables(block: blocks.Block) -> Iterator[Flowable]:
    match block:
        case blocks.Heading(text, level):
            if level:
                yield CondPageBreak(4 * cm)
            yield _Bookmarked(marked(text), (TITLE, HEADING, SUBHEADING)[level], text, level)
        case blocks.Small(text):
            yield _words(marked(text), SMALL)
        case blocks.Prose(passage):
            yield from _prose(passage.answer)
        case blocks.Points(passages, summary):
            words = [part for passage in passages for part in _prose(passage.answer, point=True)]
            yield from [_banded(words), Spacer(0, 6)] if summary else words
        case blocks.Chart(figure):
            yield from _chart(figure)
        case blocks.Grid(table, most, listing):
            yield from _grid(table, most, SMALLEST if listing else None)
        case blocks.Card():
            yield from _card(block)
        case blocks.NextStep(card):
            name = _words(marked(card.segment.name), CARD)
            yield KeepTogether([name, *_prose(card.next_step.answer)])


class _Bookmarked(Words):  # type: ignore[misc]
    """A heading that the reader's outline lists."""

    def __init__(self, markup: str, style: ParagraphStyle, title: str, level: int) -> None:
        super().__init__(*_set(markup, style))
        self._title, self._level = printable(title), level

    def draw(self) -> None:
        """Draw the heading and note where it stands."""
        key = f"heading-{self.canv.getPageNumber()}-{self._title}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(self._title, key, self._level, closed=False)
        super().draw()


def _prose(markdown: str, *, point: bool = False) -> list[Flowable]:
    made: list[Flowable] = []
    rows: list[Paragraph] = []
    for paragraph in paragraphs(markdown):
        if paragraph.kind == "row":
            rows.append(paragraph)
            continue
        if rows:
            made += _rows(rows)
            rows = []
        leads = all(run.bold for run in paragraph.runs)
        style = CARD if leads else {"heading": CARD, "code": CODE}.get(paragraph.kind, BODY)
        dotted = point or paragraph.kind == "point"
        text = "".join(_run(run) for run in paragraph.runs)
        made.append(_words(text, POINT if dotted else style, bullet="•" if dotted else None))
    return made + (_rows(rows) if rows else [])


def _rows(rows: Sequence[Paragraph]) -> list[Flowable]:
    head, *body = [tuple(run.text for run in row.runs) for row in rows]
    return list(_grid(ResultTable("", head, tuple(body)), len(body)))


def _run(run: Run) -> str:
    text = marked(run.text)
    if run.code:
        text = f'<font face="Courier" size="9">{text}</font>'
    text = bold(text) if run.bold else text
    return f"<i>{text}</i>" if run.italic else text


def _banded(content: list[Flowable]) -> Flowable:
    band = Table([[content]], colWidths=[WIDTH])
    band.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), BAND),
                ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return band


def _chart(figure: dict[str, Any]) -> Iterator[Flowable]:
    content = picture(figure, width=WIDTH / PIXELS)
    image = Image(io.BytesIO(content))
    image.drawHeight *= WIDTH / image.drawWidth
    image.drawWidth = WIDTH
    image._alt = printable(title_of(figure))
    yield KeepTogether([Spacer(0, 4), image, Spacer(0, 8)])


def _grid(table: ResultTable, most: int, letters: float | None = None) -> Iterator[Flowable]:
    if not table.rows:
        return
    right, body = columns_to_the_right(table), written_rows(table, most)
    size = letters or (8.0 if len(table.columns) <= 7 else 6.8 if len(table.columns) <= 10 else 5.6)
    left_style = ParagraphStyle("cell", BODY, fontSize=size, leading=size * 1.25, spaceAfter=0)
    right_style = ParagraphStyle("number", left_style, alignment=TA_RIGHT)
    heads = {side: ParagraphStyle("head", style, fontName="Helvetica-Bold") for side, style in
            ((False, left_style), (True, right_style))}  # fmt: skip
    head = [_words(marked(name), heads[side]) for name, side in zip(table.columns, right, strict=True)]
    cells = [
        [
            _words(marked(text), right_style if side else left_style)
            for text, side in zip(row, right, strict=True)
        ]
        for row in body
    ]
    drawn = Table([head, *cells], colWidths=_widths(table, body, size), repeatRows=1)
    drawn.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    yield CondPageBreak(2.5 * cm)
    if table.title:
        yield _words(marked(table.title), ParagraphStyle("caption", SMALL, spaceBefore=6))
    yield drawn
    total = table.n_rows_total or len(table.rows)
    if total > len(body):
        yield _words(f"Showing {len(body):,} of {total:,} rows.", SMALL)
    yield Spacer(0, 8)


def _widths(table: ResultTable, body: list[list[str]], size: float) -> list[float]:
    """Share the width among the columns: first what the longest word needs, then by length."""
    least, wanted = [], []
    for i, name in enumerate(table.columns):
        texts = [str(name), *(row[i] for row in body)]
        words = [word for text in texts for word in text.split()] or [""]
        least.append(
            min(max(pdfmetrics.stringWidth(word, "Helvetica-Bold", size) for word in words), 4 * cm) + 8
        )
        wanted.append(min(max(map(len, texts)), WIDEST) * size * 0.52 + 8)
    if sum(wanted) <= WIDTH:
        spare = (WIDTH - sum(wanted)) / len(wanted)
        return [width + spare for width in wanted]
    if sum(least) >= WIDTH:
        return [width * WIDTH / sum(least) for width in least]
    more = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    part = (WIDTH - sum(least)) / (sum(more) or 1.0)
    return [need + extra * part for need, extra in zip(least, more, strict=True)]


def _card(block: blocks.Card) -> Iterator[Flowable]:
    card = block.card
    names = [_words(marked(name), SMALL) for name, _ in block.figures]
    large = ParagraphStyle("large", CARD, fontSize=13, spaceAfter=0)
    values = [_words(marked(value), large) for _, value in block.figures]
    inside = WIDTH - 20
    figures = Table([names, values], colWidths=[inside / 4] * len(names), hAlign="LEFT")
    figures.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 1)]))
    content: list[Flowable] = [_words(marked(card.segment.name), CARD), figures, Spacer(0, 5)]
    content += _prose(card.who.answer)
    if card.segment.rule:
        content.append(_words(marked(f"Rule: {card.segment.rule}"), SMALL))
    box = Table([[content]], colWidths=[WIDTH])
    box.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.5, LINE),
                ("LINEABOVE", (0, 0), (-1, 0), 4, HexColor(card.colour)),
                ("BACKGROUND", (0, 0), (-1, -1), white),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    yield KeepTogether([box, Spacer(0, 8)])


def _fitting(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
