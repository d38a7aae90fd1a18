"""Every form of a report is read back by a program of its kind, and its numbers are those of the chat."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from PIL import Image
from pptx.enum.shapes import MSO_SHAPE_TYPE

from assistant import report
from assistant.report import FORMS, Report
from assistant.report.drawing import picture
from assistant.report.richtext import plain_text
from assistant.report.slide_parts import chart_of, new_slide
from assistant.session import Session
from tests.conftest import ROOT, calls
from tests.shop_report import HOSTILE, conversation, write_orders
from tests.test_agent import ask
from tools import figures
from tools.errors import ToolError

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_orders(tmp_path_factory.mktemp("shop") / "orders.csv")


@pytest.fixture(scope="module")
def chat(orders: Path) -> Iterator[Session]:
    session = conversation(orders)
    yield session
    session.workspace.engine.close()


@pytest.fixture(scope="module")
def made(chat: Session) -> Report:
    return report.build(chat, notes="For **Ann**, with $5 < 6.")


def texts_of(made: Report) -> list[str]:
    """Return the sentences that every form on paper must hold."""
    return [plain_text(passage.answer) for _, passage in made.passages() if passage.answer]


def missing_numbers(text: str, made: Report) -> list[str]:
    """Return the numbers of the chat's answers that a text lacks."""
    wanted = {number for told in texts_of(made) for number in NUMBER.findall(told)}
    assert len(wanted) > 30, "the report states numbers"
    held = set(NUMBER.findall(text))
    return sorted(wanted - held)


def test_the_report_has_its_parts_in_order(made: Report) -> None:
    assert [finding.heading for finding in made.findings] == [
        "Segments by value",
        "Which country brings most?",
        "Who are my best customers?",
        "Sales by month?",
    ], "orders become what they led to, and the profile has a section of its own"
    assert [card.segment.name for card in made.cards] == ["Gold", "Silver", "Bronze"]
    assert all(card.next_step.answer for card in made.cards)
    assert made.limits
    assert "Gold" in made.summary[2].answer
    assert not [passage.unsupported for _, passage in made.passages() if passage.unsupported]


def test_every_number_of_the_report_is_traced_to_a_fact(made: Report) -> None:
    sources = list(made.numbers())
    assert sum(len(source.places) for source in sources) > 60
    for source in sources:
        if source.tool not in ("the question", "an earlier answer"):
            assert source.value is not None


def test_title_summary_notes_and_turns_are_the_persons_own(chat: Session) -> None:
    mine = report.build(chat, "Mine", chat.turns[2:3], ["First.", " ", "999 of it."], "My *notes*")
    assert mine.title == "Mine"
    assert [passage.answer for passage in mine.summary] == ["First.", "999 of it."]
    assert not mine.summary[1].unsupported, "a person's own words are not marked"
    assert [finding.turn.question for finding in mine.findings] == ["Which country brings most?"]
    assert [call.question for call in mine.recipe.calls] == ["", "Which country brings most?"], (
        "what made the segments is kept, without the question that was left out"
    )
    document = report.to_html(mine)
    assert "<em>notes</em>" in document
    assert "segment my customers" not in document


@pytest.mark.parametrize("form", list(FORMS))
def test_the_same_report_gives_the_same_bytes(made: Report, form: str) -> None:
    assert report.render(made, form) == report.render(made, form)


def test_an_unknown_form_is_refused_with_the_known_ones(made: Report) -> None:
    with pytest.raises(ToolError, match="pptx"):
        report.render(made, "xls")


def test_html(made: Report) -> None:
    document = report.render(made, "html").decode()
    text = re.sub(r"<[^>]+>", "", re.sub(r"<(script|style).*?</\1>", "", document, flags=re.DOTALL))
    assert missing_numbers(text, made) == []
    assert document.count("plotly.js v") == 1
    outside = re.sub(r"<script.*?</script>", "", document, flags=re.DOTALL)
    assert "http://evil.example" in outside, "a cell is shown as it is written"
    assert not re.search(r"<(?:img|a)\b|(?:src|href)\s*=", outside), "and leads nowhere"


def test_pdf(made: Report) -> None:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(report.render(made, "pdf")))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert missing_numbers(text, made) == []
    assert reader.metadata is not None
    assert reader.metadata.title == made.title
    assert sum(len(page.images) for page in reader.pages) == n_figures(made)
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles[0] == made.title
    assert not any("/A" in (note.get_object()) for page in reader.pages for note in page.get("/Annots", []))


def test_pdf_writes_other_scripts(chat: Session) -> None:
    from pypdf import PdfReader

    other = report.build(chat, "Клиенты ≥ 3 — ελληνικά", [])
    reader = PdfReader(io.BytesIO(report.render(other, "pdf")))
    assert "Клиенты ≥ 3 — ελληνικά" in reader.pages[0].extract_text()


def test_word(made: Report) -> None:
    from docx import Document

    document = Document(io.BytesIO(report.render(made, "docx")))
    text = "\n".join(part.text or "" for part in document.element.body.iter() if part.tag.endswith("}t"))
    joined = "\n".join(
        "".join(part.text or "" for part in paragraph.iter() if part.tag.endswith("}t"))
        for paragraph in document.element.body.iter()
        if paragraph.tag.endswith("}p")
    )
    assert missing_numbers(joined, made) == []
    assert HOSTILE in joined, "a cell is a text like any other"
    assert "fldSimple" not in text
    assert len(document.inline_shapes) == n_figures(made)
    assert [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Title"] == [
        made.title
    ]
    alternatives = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert all(alternatives), "every picture says what it shows"


def test_powerpoint_has_one_slide_for_each_segment(made: Report) -> None:
    from pptx import Presentation

    deck = Presentation(io.BytesIO(report.render(made, "pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[0] == made.title
    for card in made.cards:
        assert titles.count(card.segment.name) == 1
    text = "\n".join(
        shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame
    )
    notes = "\n".join(
        slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide
    )
    assert missing_numbers(text + notes, made) == []
    assert "share_of_value_pct [Gold]" in notes, "a speaker can say where a number comes from"
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    drawn = [shape for shape in shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE or shape.has_chart]
    assert len(drawn) == n_figures(made) + len(made.cards), "and each segment's share"
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


@pytest.mark.parametrize("name", ["bars", "lying bars", "lines", "areas", "pie"])
def test_a_slide_holds_a_chart_that_can_be_edited_with_the_numbers_of_the_page(name: str) -> None:
    from pptx import Presentation

    slide = new_slide(Presentation(), "A chart")
    chart_of(slide, DRAWN[name], (0.6, 1.3, 8.0, 5.0))
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    written = [value for series in chart.plots[0].series for value in series.values if value is not None]
    drawn: list[float] = []
    for trace in DRAWN[name]["data"]:
        values = trace.get("values") or trace["x" if trace.get("orientation") == "h" else "y"]
        drawn += [value for value in values if value is not None]
    assert written == drawn
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert [cell for cell in cells if isinstance(cell, int | float)], "the numbers are behind the chart"


@pytest.mark.parametrize("name", ["heatmap", "histogram", "boxes", "bubbles", "one label twice"])
def test_what_powerpoint_has_no_chart_for_is_a_picture(name: str) -> None:
    from pptx import Presentation

    slide = new_slide(Presentation(), "A chart")
    chart_of(slide, DRAWN[name], (0.6, 1.3, 8.0, 5.0))
    assert [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert not [shape for shape in slide.shapes if shape.has_chart]


def test_nothing_is_said_twice(made: Report) -> None:
    said = [
        part for text in texts_of(made)[len(made.summary) :] for part in text.split("\n") if len(part) > 60
    ]
    assert len(said) > 10
    assert sorted(said) == sorted(set(said))


def test_answers_stand_in_their_part_of_the_report(chat: Session) -> None:
    for tool, question in (
        ("check_quality", "What is wrong with the data?"),
        ("explain_segments", "Why three?"),
    ):
        ask(chat, calls(tool), AIMessage(_told(chat, tool)), question=question)
    full = report.build(chat)
    assert [finding.heading for finding in full.part("finding")] == [
        "Which country brings most?",
        "Who are my best customers?",
        "Sales by month?",
    ]
    assert [finding.heading for finding in full.part("making")] == ["Segments by value"]
    assert [finding.heading for finding in full.part("data")] == ["What is wrong with the data?"]
    text = "\n".join(plain_text(finding.turn.answer) for finding in full.findings)
    for passage in full.limits:
        assert plain_text(passage.answer) not in text, "what the data cannot tell is said once"
    for _, told in full.passages():
        for trace in told.traces:
            assert told.answer[trace.start : trace.end] == trace.text
    document = report.render(full, "md").decode()
    parts = ["Which country brings most", "The segments", "What to do next", "What the data cannot tell",
             "Method and evidence", "The data, and how", "Where each number comes from"]  # fmt: skip
    places = [document.index(f"## {part}") for part in parts]
    assert places == sorted(places)


def _told(session: Session, tool: str) -> str:
    result = session.run_tool(tool, {}).result
    assert result is not None
    return "\n\n".join((result.headline, *result.findings))


def test_markdown(made: Report) -> None:
    document = report.render(made, "md").decode()
    assert missing_numbers(re.sub(r"\\|\*\*", "", document), made) == []
    assert "| Spain |" in document
    assert foreign_tokens(document) == []


def foreign_tokens(markdown: str) -> list[str]:
    """Return what a reader that trusts its text would load, link or run."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    every = [child for token in tokens for child in [token, *(token.children or [])]]
    return [
        token.content for token in every if token.type in ("image", "link_open", "html_inline", "html_block")
    ]


def test_office_files_hold_no_relation_to_the_outside(made: Report) -> None:
    for form in ("docx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(report.render(made, form))) as package:
            for name in package.namelist():
                if name.endswith(".rels"):
                    assert b'TargetMode="External"' not in package.read(name), name


def test_notebook_executes_and_every_number_is_the_same(made: Report, chat: Session, orders: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.reads(report.render(made, "ipynb").decode(), as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace("'orders.csv'", repr(str(orders)))
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
    shown = [
        output["data"]["text/html"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output and "text/html" in output["data"]
    ]
    assert len(shown) == len(made.recipe.calls)
    assert sum(page.count("data:image/png") for page in shown) == sum(
        len(turn.figures) for turn in chat.turns
    )
    said = notebook.cells[-1].outputs[0]["text"]
    assert "the same, row for row" in said
    assert f"all {sum(len(call.facts) for call in made.recipe.calls):,} numbers" in said


def test_script_runs_alone_and_says_when_numbers_differ(made: Report, orders: Path, tmp_path: Path) -> None:
    script = tmp_path / "again.py"
    source = (
        report.render(made, "py").decode().replace('Path("report_figures")', f"Path({str(tmp_path / 'c')!r})")
    )
    script.write_text(source)
    command = [sys.executable, str(script), str(orders)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert missing_numbers_of_calls(run.stdout, made) == []
    assert len(list((tmp_path / "c").glob("*.png"))) > 3
    other = orders.read_text().replace(",10.50\n", ",11.50\n", 1)
    changed = tmp_path / "other.csv"
    changed.write_text(other)
    run = subprocess.run([*command[:2], str(changed)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "changed, came or went" in run.stdout


def test_no_word_of_a_person_becomes_code(chat: Session) -> None:
    title, question = '"""\nimport os\n"""', "'); raise SystemExit(7)\n#"
    turn = chat.turns[2]
    made = report.build(chat, title, [replace(turn, question=question)])
    module = ast.parse(report.render(made, "py").decode())
    called = {
        node.func.id
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called <= {"Path", "str", "Run", "show", "print", "to_text"}
    assert not [node for node in ast.walk(module) if isinstance(node, ast.Raise)]
    cells = json.loads(report.render(made, "ipynb"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))
        else:
            assert foreign_tokens("".join(cell["source"])) == []


def missing_numbers_of_calls(text: str, made: Report) -> list[str]:
    wanted = {n for call in made.recipe.calls for n in NUMBER.findall(plain_text(call.headline))}
    assert len(wanted) > 10
    return sorted(wanted - set(NUMBER.findall(text)))


def n_figures(made: Report) -> int:
    return sum(len(turn.figures) for turn in made.turns) + len(made.segment_figures)


DRAWN = {
    "bars": figures.bars(["a $x$", "b<br>"], {"n": [1, None], "m": [2, 3]}, "Bars", "what", "rows"),
    "lying bars": figures.bars(["a long label of a category", "b"], {"n": [1.5, 2]}, "Bars", "what", "rows"),
    "one label twice": figures.bars(["a long label of a category"] * 2, {"n": [1.5, 2]}, "Bars", "what", "n"),
    "lines": figures.lines(["2024-01-01", "2024-02-01"], {"n": [1, None]}, "Lines", "t", "n", partial=[0]),
    "areas": figures.lines(
        ["1", "2"], {"n": [1, 2], "m": [2, 1]}, "Areas", "t", "n", filled=True, ordered_text=True
    ),
    "pie": figures.pie(list("abcdefgh"), [8, 7, 6, 5, 4, 3, 2, 1], "Pie"),
    "heatmap": figures.heatmap(["a", "b"], ["c"], [[0.5, None]], "Heat", signed=True, written=[["0.5", ""]]),
    "histogram": figures.histogram([1, 10, 100], [3, 4], "Histogram", "amount", "rows", logarithmic=True),
    "boxes": figures.boxes(["a", "b"], [[1, 2, 3, 4, 5]] * 2, "Boxes", "what", "amount", logarithmic=True),
    "bubbles": figures.bubbles([1, 2], [3, 4], [5, 6], "Bubbles", "x", "y", "rows"),
}


@pytest.mark.parametrize("name", list(DRAWN))
def test_every_kind_of_chart_is_drawn_without_a_browser(name: str) -> None:
    content = picture(DRAWN[name], width=5.0)
    with Image.open(io.BytesIO(content)) as image:
        assert image.width == 1000
        assert len(image.getcolors(1_000_000) or []) > 10, "something is on it"
    assert content == picture(DRAWN[name], width=5.0)
