"""Makes the fonts that a report needs known to ReportLab, and marks which words are set in which."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from assistant.report.fonts import JOINED_UP, PLACEHOLDER, Face, face_writes, faces_for, runs
from assistant.report.richtext import printable

# What the fonts that every PDF reader has can write; everything else is set in a font that is embedded.
NOT_BUILT_IN = re.compile(r"[^\x00-\x7f\xa0-\xff–—‘’“”•…€™]+")
_WITHOUT_SPACES = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]{8}")
_IN_FONT = re.compile(r'(<font face="([^"]+)">)(.*?)</font>')
_names: ContextVar[Mapping[Face, str]] = ContextVar("names")


@contextmanager
def fonts_for(text: str) -> Iterator[None]:
    """Let `marked` use the fonts that this text needs, until the report is drawn."""
    letters = "".join(sorted(set(text)))
    outside = "".join(NOT_BUILT_IN.findall(letters)) + PLACEHOLDER
    before = _names.set({face: _registered(face, outside) for face in faces_for(outside)})
    try:
        yield
    finally:
        _names.reset(before)


def marked(text: object) -> str:
    """Escape a text, and set what the built-in fonts cannot write in one that can."""
    escaped = escape(printable(text)).replace("\n", "<br/>")
    return NOT_BUILT_IN.sub(lambda match: _in_fonts(match[0]), escaped)


def bold(markup: str) -> str:
    """Return marked words in bold letters, in every font that they need."""
    return f"<b>{_IN_FONT.sub(lambda match: f'{match[1]}<b>{match[3]}</b></font>', markup)}</b>"


def dressed(markup: str, style: ParagraphStyle) -> tuple[str, ParagraphStyle]:
    """Return a paragraph's words and style: joined-up letters are shaped, long Chinese words broken."""
    found = JOINED_UP.search(markup)
    if found:
        # the shaper mixes up what other fonts write in the same word, so all that it can is set in this one
        names: Mapping[Face, str] = _names.get({})
        face = next((face for face, _ in runs(found[0])), None)
        if face is not None and face in names:

            def simpler(match: re.Match[str]) -> str:
                plain = re.sub("<[^>]*>", "", match[3])
                return match[3] if all(face_writes(face, letter) for letter in plain) else match[0]

            name = f"{names[face]}-Bold" if "Bold" in style.fontName else names[face]
            shaped = ParagraphStyle(f"{style.name}, joined up", style, shaping=1, fontName=name)
            return _IN_FONT.sub(simpler, markup), shaped
    if _WITHOUT_SPACES.search(markup):
        return markup, ParagraphStyle(f"{style.name}, without spaces", style, wordWrap="CJK")
    return markup, style


def _in_fonts(text: str) -> str:
    names: Mapping[Face, str] = _names.get()
    parts = []
    for face, run in runs(text):
        if face is None:
            face, run = next(iter(names), None), PLACEHOLDER * len(run)
        parts.append(
            f'<font face="{names[face]}">{run}</font>' if face is not None and face in names else run
        )
    return "".join(parts)


def _registered(face: Face, letters: str) -> str:
    """Return the name under which ReportLab knows a font, with bold letters beside it."""
    outlines = _has_cubic_outlines(face.regular, face.number)
    wanted = letters if outlines else ""  # only such fonts are made anew, for the letters of one report
    name = f"{face.name.replace(' ', '')}{hashlib.sha256(wanted.encode()).hexdigest()[:8] if wanted else ''}"
    if name not in pdfmetrics.getRegisteredFontNames():
        for suffix, path in (("", face.regular), ("-Bold", face.bold)):
            content = _true_type(path, face.number, wanted) if outlines else path.read_bytes()
            pdfmetrics.registerFont(TTFont(f"{name}{suffix}", io.BytesIO(content), shapable=face.joins))
        pdfmetrics.registerFontFamily(name, name, f"{name}-Bold", name, f"{name}-Bold")
    return name


@lru_cache(maxsize=64)
def _has_cubic_outlines(path: Path, number: int) -> bool:
    from fontTools.ttLib import TTFont as Font

    with Font(path, fontNumber=number, lazy=True) as font:
        return "glyf" not in font


def _true_type(path: Path, number: int, letters: str) -> bytes:
    """Return a font with only these letters, and with the kind of outlines that ReportLab can embed."""
    from fontTools import subset

    options = subset.Options(layout_features=["*"], notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["vhea", "vmtx", "VORG"]
    options.font_number = number
    with subset.load_font(str(path), options) as font:
        return _with_quadratic_outlines(font, letters, options)


def _with_quadratic_outlines(font: Any, letters: str, options: Any) -> bytes:
    from fontTools import subset
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    chosen = subset.Subsetter(options)
    chosen.populate(text=letters)
    chosen.subset(font)
    order, outlines = font.getGlyphOrder(), font.getGlyphSet()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, drawn
    sizes = font["maxp"]
    sizes.tableVersion, sizes.maxZones = 0x00010000, 1
    for name in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
        "maxCompositeContours", "maxComponentDepth",
    ):  # fmt: skip
        setattr(sizes, name, 0)
    del font["CFF "]
    font["post"].formatType, font.sfntVersion, font.recalcBBoxes = 3.0, "\x00\x01\x00\x00", True
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
