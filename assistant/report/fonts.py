"""Knows which font writes which letters on paper and in charts, and which letters no font here can write."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tools.wording import count, listing

PLACEHOLDER = "▯"  # stands for a letter that no font here can write
MOST_TOLD = 5  # scripts that are named
JOINED_UP = re.compile("[\u0590-\u08ff\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]")  # change with neighbours
_JOINERS = "\u200c\u200d"
_ALWAYS = frozenset("\n\r\t\u200b\u00ad\ufeff")  # nothing to draw


@dataclass(frozen=True)
class Face:
    """A font file.

    Attributes:
        name: What charts call it.
        regular: The file.
        bold: The file of its bold letters; the regular one where there is none.
        number: Which font of the file, where it holds several.
        joins: Whether it is there for letters that change with their neighbours.
    """

    name: str
    regular: Path
    bold: Path
    number: int = 0
    joins: bool = False


def face_of(letter: str) -> Face | None:
    """Return the first font that writes a letter: those of the program, then those of the machine."""
    code = ord(letter)
    order = sorted(_packaged(), key=lambda face: not face.joins) if JOINED_UP.match(letter) else _packaged()
    packaged = next((face for face in order if code in _letters(face.regular, face.number)), None)
    return packaged or _system_face(code)


def face_writes(face: Face, letter: str) -> bool:
    """Tell whether a font writes a letter."""
    return ord(letter) in _letters(face.regular, face.number)


def runs(text: str) -> Iterator[tuple[Face | None, str]]:
    """Part a text by the font that writes it; accents and joiners stay with their letter."""
    face: Face | None = None
    run = ""
    for letter in text:
        joined = bool(run) and (letter in _JOINERS or unicodedata.category(letter).startswith("M"))
        wanted = face if joined or letter in _ALWAYS else face_of(letter)
        if run and wanted != face:
            yield face, run
            run = ""
        face, run = wanted, run + letter
    if run:
        yield face, run


def faces_for(text: str) -> list[Face]:
    """Return the fonts that a text needs, the most general first."""
    wanted = {face for letter in set(text) - _ALWAYS if (face := face_of(letter))}
    order = {face: place for place, face in enumerate(_packaged())}
    return sorted(wanted, key=lambda face: (order.get(face, len(order)), face.name))


def unwritable(text: str) -> list[str]:
    """Return the letters of a text that no font here can write."""
    return sorted(
        letter
        for letter in set(text) - _ALWAYS
        if letter not in _JOINERS and unicodedata.category(letter)[0] not in "CZ" and face_of(letter) is None
    )


def about_unwritable(text: str, what: str) -> str:
    """Return a sentence on the letters that cannot be shown; empty where all can.

    Args:
        text: What is to be written.
        what: Where the letters are missing, e.g. "this PDF".
    """
    missing = unwritable(text)
    if not missing:
        return ""
    scripts = dict.fromkeys(unicodedata.name(letter, "unnamed").split()[0].title() for letter in missing)
    return (
        f"The machine that made this file has no font for {count(len(missing), 'letter')} of it "
        f"({listing(list(scripts)[:MOST_TOLD])}): in {what} a {PLACEHOLDER} stands for each. "
        "The web page shows them; so does this file where it is made on a machine with such a font."
    )


def chart_families(text: str) -> list[str]:
    """Return the names of the fonts that a chart with these words needs, in order."""
    from matplotlib.font_manager import fontManager

    names = []
    for face in faces_for(text):
        if face.name not in {known.name for known in fontManager.ttflist}:
            fontManager.addfont(face.regular)
        names.append(face.name)
    return names or [_packaged()[0].name]


@lru_cache(maxsize=1)
def _packaged() -> tuple[Face, ...]:
    """Return the fonts that come with the program: Latin, Greek, Cyrillic; Indic, Thai, Hebrew; Chinese."""
    import matplotlib
    import pylopdf_fonts_zh_cn
    import pymupdf_fonts

    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    folder = Path(tempfile.mkdtemp(prefix="fonts-"))  # charts read fonts from files
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("figo", "figbo"):
        (folder / f"{name}.ttf").write_bytes(pymupdf_fonts.myfont(name))
    chinese = pylopdf_fonts_zh_cn.sans_path()
    return (
        Face("DejaVu Sans", latin / "DejaVuSans.ttf", latin / "DejaVuSans-Bold.ttf"),
        Face("FiraGO", folder / "figo.ttf", folder / "figbo.ttf", joins=True),
        Face("Noto Sans SC", chinese, chinese),
    )


@lru_cache(maxsize=4096)
def _system_face(code: int) -> Face | None:
    for path in _system_fonts():
        if code in _letters(path, 0):
            return Face(_name(path), path, path, joins=JOINED_UP.match(chr(code)) is not None)
    return None


@lru_cache(maxsize=1)
def _system_fonts() -> tuple[Path, ...]:
    from matplotlib.font_manager import findSystemFonts

    return tuple(
        sorted(Path(path) for path in findSystemFonts() if Path(path).suffix.lower() in (".ttf", ".otf"))
    )


@lru_cache(maxsize=256)
def _letters(path: Path, number: int) -> frozenset[int]:
    """Return the codes of the letters that a font file writes; none where it cannot be read."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError):
        return frozenset()


def _name(path: Path) -> str:
    from matplotlib.ft2font import FT2Font

    return str(FT2Font(str(path)).family_name)


def words_of(part: object) -> Iterable[str]:
    """Yield every text in plain JSON, such as a chart."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for each in part.values():
            yield from words_of(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from words_of(each)
