"""Names in any letters are written on paper, and where they cannot be the report says so."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from langchain_core.messages import AIMessage
from PIL import Image, ImageChops

from assistant import report
from assistant.report import fonts
from assistant.report.drawing import picture
from assistant.report.fonts import PLACEHOLDER, faces_for, runs, unwritable
from assistant.session import Session
from tests.conftest import calls
from tests.test_agent import ask
from tools import figures

NAMES = ["高价值客户", "Средний сегмент", "कम मूल्य वाले ग्राहक"]
CITIES = ("मुंबई", "Москва", "北京", "Łódź", "القاهرة")
UNKNOWN = "\U00013000"  # an Egyptian hieroglyph, which none of the fonts that come with the program writes


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("letters") / "заказы.csv"
    rows = [f"o{i},c{i % 60},{CITIES[i % 5]},2024-0{i % 6 + 1}-1{i % 9},{10 + i % 37}.50" for i in range(300)]
    path.write_text("\n".join(["order_id,customer_id,city,order_date,Betrag (₹)", *rows]) + "\n")
    session = Session.open([path])
    segment = calls("segment_by_value", quantiles=3, names=NAMES)
    ask(session, segment, AIMessage("Three tiers."), question="segment by value")
    yield session
    session.workspace.engine.close()


@pytest.fixture
def without_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_system_fonts", lambda: ())
    fonts._system_face.cache_clear()


def test_a_pdf_holds_names_in_any_letters_and_embeds_their_fonts(chat: Session) -> None:
    from pypdf import PdfReader

    made = report.build(chat, "Клиенты (₹, €) 客户细分 ग्राहक")
    content = report.render(made, "pdf")
    reader = PdfReader(io.BytesIO(content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "高价值客户" in text
    assert "Средний сегмент" in text
    assert "₹" in text
    assert PLACEHOLDER not in text
    embedded = {
        font["/BaseFont"].split("+")[-1]
        for page in reader.pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
        if "/DescendantFonts" in font or "/FontDescriptor" in font
    }
    assert {"FiraGO-Bold", "NotoSansSC-Regular"} <= {name.replace("FiraGo", "FiraGO") for name in embedded}
    assert content == report.render(made, "pdf"), "the same report, the same bytes"


def test_joined_up_letters_are_one_run_with_their_marks() -> None:
    assert [run for _, run in runs("aमुंबई客b")] == ["a", "मुंबई", "客", "b"]
    assert [face.name for face in faces_for("aЖ₹ कไ 客")] == ["DejaVu Sans", "FiraGO", "Noto Sans SC"]
    assert [face.name for face in faces_for("ب")] == ["FiraGO"], "a font that joins Arabic letters"


@pytest.mark.parametrize("name", [*NAMES, *CITIES])
def test_a_chart_writes_a_name_and_no_boxes(name: str) -> None:
    def label(text: str) -> Image.Image:
        return Image.open(io.BytesIO(picture(figures.bars([text], {"n": [1]}, "Bars", "", ""), width=4.0)))

    written, boxes = label(name), label(UNKNOWN * len(name))
    assert ImageChops.difference(written.convert("L"), boxes.convert("L")).getbbox() is not None
    assert unwritable(name) == []


@pytest.mark.parametrize("form", ["pdf", "docx", "pptx"])
def test_letters_that_no_font_writes_are_told(chat: Session, without_system_fonts: None, form: str) -> None:
    from docx import Document
    from pptx import Presentation
    from pypdf import PdfReader

    again = calls("segment_by_value", quantiles=3, names=["A", f"Gold {UNKNOWN}", "C"])
    ask(chat, again, AIMessage("Three tiers."), question="segment by value again")
    made = report.build(chat, "Gold")
    content = io.BytesIO(report.render(made, form))
    if form == "pdf":
        text = " ".join(PdfReader(content).pages[0].extract_text().split())
        assert UNKNOWN not in text
    elif form == "docx":
        text = " ".join(paragraph.text for paragraph in Document(content).paragraphs)
    else:
        text = " ".join(
            shape.text_frame.text for shape in Presentation(content).slides[0].shapes if shape.has_text_frame
        )
    assert "no font for 1 letter of it (Egyptian)" in text


def test_nothing_is_told_where_every_letter_can_be_written(chat: Session) -> None:
    made = report.build(chat, "Клиенты", chat.turns[:1])
    assert unwritable(made.title) == []
    assert fonts.about_unwritable("Клиенты 客户 ₹", "this file") == ""
