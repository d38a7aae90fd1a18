"""Draws a report as a Word document that a person can go on editing; the only file on python-docx."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from assistant.markup import columns_to_the_right, written_rows
from assistant.report import outline as blocks
from assistant.report.columns import shared_width
from assistant.report.content import Report
from assistant.report.drawing import chart_text, picture, title_of
from assistant.report.fonts import about_unwritable
from assistant.report.packing import repacked
from assistant.report.richtext import Paragraph, paragraphs, printable
from tools.core import ResultTable

INK, SOFT = RGBColor(0x1F, 0x29, 0x37), RGBColor(0x6B, 0x72, 0x80)
WIDTH_CM = 17.0
FONT = "Calibri"
SMALLEST = 6.5  # points of the letters of a list that is looked up


def draw(report: Report) -> bytes:
    """Return the report as a Word document; the same report gives the same bytes."""
    document = Document()
    _set_up(document, report)
    for place, block in enumerate(blocks.outline(report)):
        if place == 2 and (remark := about_unwritable(chart_text(report), "its charts")):
            _small(document, remark)
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _set_up(document: Any, report: Report) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = FONT, Pt(10.5), INK
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 24), ("Heading 1", 15), ("Heading 2", 12)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = FONT, Pt(size), True, INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
    border = document.styles["Title"].element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    about = document.core_properties
    about.title, about.author, about.subject = (
        printable(report.title),
        "Cash Classifiers",
        "Customer segmentation",
    )
    about.comments, about.language = "", "en"
    about.created = about.modified = datetime.fromisoformat(report.created)
    _page_number(section.footer.paragraphs[0])


def _add(document: Any, block: blocks.Block) -> None:
    match block:
        case blocks.Heading(text, level):
            document.add_heading(printable(text), level)
        case blocks.Small(text):
            _small(document, text)
        case blocks.Prose(passage):
            _prose(document, passage.answer)
        case blocks.Points(passages, summary):
            for passage in passages:
                _prose(document, passage.answer, point=True, shaded=summary)
        case blocks.Chart(figure):
            _chart(document, figure)
        case blocks.Grid(table, most, listing):
            _grid(document, table, most, SMALLEST if listing else None)
        case blocks.Card():
            _card(document, block)
        case blocks.NextStep(card):
            document.add_heading(printable(card.segment.name), 2)
            _prose(document, card.next_step.answer)


def _prose(holder: Any, markdown: str, *, point: bool = False, shaded: bool = False) -> None:
    rows: list[Paragraph] = []
    for paragraph in [*paragraphs(markdown), None]:
        if paragraph is not None and paragraph.kind == "row":
            rows.append(paragraph)
            continue
        if rows:
            head, *body = [tuple(run.text for run in row.runs) for row in rows]
            _grid(holder, ResultTable("", head, tuple(body)), len(body))
            rows = []
        if paragraph is not None:
            dotted = point or paragraph.kind == "point"
            made = holder.add_paragraph(style="List Bullet" if dotted else None)
            _runs(made, paragraph)
            if shaded:
                _shade(made._p.get_or_add_pPr(), "F1F5F9")


def _runs(made: Any, paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        words = made.add_run(run.text)
        words.bold = run.bold or paragraph.kind == "heading" or None
        words.italic = run.italic or None
        if run.code:
            words.font.name, words.font.size = "Consolas", Pt(9)
    if paragraph.runs and all(run.bold for run in paragraph.runs):
        made.paragraph_format.keep_with_next = True


def _small(holder: Any, text: str) -> None:
    run = holder.add_paragraph().add_run(printable(text))
    run.font.size, run.font.color.rgb = Pt(8.5), SOFT


def _chart(document: Any, figure: dict[str, Any]) -> None:
    document.add_picture(io.BytesIO(picture(figure, width=WIDTH_CM / 2.54)), width=Cm(WIDTH_CM))
    described = document.paragraphs[-1]._p.find(f".//{qn('wp:docPr')}")
    described.set("descr", printable(title_of(figure)))  # what a screen reader says


def _grid(holder: Any, table: ResultTable, most: int, letters: float | None = None) -> None:
    if not table.rows:
        return
    right, body = columns_to_the_right(table), written_rows(table, most)
    if table.title:
        _small(holder, table.title)
        holder.paragraphs[-1].paragraph_format.keep_with_next = True
    size = letters or (9.0 if len(table.columns) <= 6 else 7.5 if len(table.columns) <= 9 else 6.0)
    made = holder.add_table(rows=0, cols=len(table.columns))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    _borders(made)
    widths = shared_width([list(map(str, table.columns)), *body], WIDTH_CM)
    for column, wide in zip(made.columns, widths, strict=True):
        column.width = Cm(wide)
    for number, texts in enumerate([list(table.columns), *body]):
        row = made.add_row()
        _whole(row, header=number == 0)
        for cell, text, to_right, wide in zip(row.cells, texts, right, widths, strict=True):
            cell.width = Cm(wide)
            _write(cell, text, size, to_right=to_right, bold=number == 0)
    total = table.n_rows_total or len(table.rows)
    _small(holder, f"Showing {len(body):,} of {total:,} rows." if total > len(body) else "")


def _write(cell: Any, text: str, size: float, *, to_right: bool, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if to_right else WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold = Pt(size), bold or None


def _card(document: Any, block: blocks.Card) -> None:
    made = document.add_table(rows=1, cols=1)
    cell = made.rows[0].cells[0]
    _whole(made.rows[0], header=False)
    _edge(cell, block.card.colour)
    name = cell.paragraphs[0].add_run(printable(block.card.segment.name))
    name.bold, name.font.size = True, Pt(12)
    line = cell.add_paragraph()
    for label, value in block.figures:
        large, small = line.add_run(f"{value} "), line.add_run(f"{label.lower()}     ")
        large.bold, large.font.size = True, Pt(13)
        small.font.size, small.font.color.rgb = Pt(8.5), SOFT
    _prose(cell, block.card.who.answer)
    if block.card.segment.rule:
        _small(cell, f"Rule: {block.card.segment.rule}")
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _shade(holder: Any, colour: str) -> None:
    holder.append(_element("w:shd", val="clear", color="auto", fill=colour))


def _borders(table: Any) -> None:
    borders = _element("w:tblBorders")
    for side in ("w:bottom", "w:insideH"):
        borders.append(_element(side, val="single", sz="4", space="0", color="D1D5DB"))
    table._tbl.tblPr.append(borders)


def _edge(cell: Any, colour: str) -> None:
    borders = _element("w:tcBorders")
    borders.append(_element("w:top", val="single", sz="36", space="0", color=colour.lstrip("#")))
    for side in ("w:left", "w:bottom", "w:right"):
        borders.append(_element(side, val="single", sz="4", space="0", color="D1D5DB"))
    cell._tc.get_or_add_tcPr().append(borders)


def _whole(row: Any, *, header: bool) -> None:
    """Keep a row on one page; a header comes again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    if header:
        properties.append(_element("w:tblHeader"))


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(8.5), SOFT
    for part, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if part:
            run._r.append(_element("w:fldChar", fldCharType=part))
        else:
            instruction = _element("w:instrText")
            instruction.text = text
            run._r.append(instruction)
