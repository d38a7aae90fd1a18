"""Knows in which encoding a text file was written, and decodes it line by line, even where it changes."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from tools.errors import ToolError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = {  # in the order in which they are taken where several read equally well
    "cp1252": "Windows Western European",
    "cp1250": "Windows Central European",
    "cp1251": "Windows Cyrillic",
    "cp1253": "Windows Greek",
    "cp1254": "Windows Turkish",
    "koi8_r": "Russian KOI8",
    "cp874": "Windows Thai",
    "cp932": "Japanese Shift-JIS",
    "euc_jp": "Japanese EUC",
    "cp949": "Korean",
    "gb18030": "Chinese GB18030",
    "big5": "Chinese Big5",
    "cp850": "DOS Western European",
    "mac_roman": "Macintosh",
}
EAST_ASIAN = {
    "cp932": "shift_jis",
    "euc_jp": "euc_jp",
    "cp949": "euc_kr",
    "gb18030": "gb2312",
    "big5": "big5",
}
SYMBOLS = set("€£¥°«»“”‘’–—…·•§©®™¡¿½¼¾×²³µºª¢„\u00a0、。「」・（），：！？")
AROUND = "«»“”„‘’…–—()"  # stands around words, whatever their language
HABITUAL = {  # letters of a few languages that others read as different ones
    "cp1252": frozenset("äöüßéèêëàâáãåæçñóòôõøíìîïúùûýÄÖÜÉÈÀÁÂÃÅÆÇÑÓÔÕØÍÎÚÛœŒŸ"),
    "cp850": frozenset("äöüßéèêëàâáåæçñóòôøíìîïúùûÄÖÜÉÅÆÇÑØ"),
    "mac_roman": frozenset("äöüßéèêëàâáãåæçñóòôõøíìîïúùûÄÖÜÉÈÀÁÂÃÅÆÇÑÓÔÕØÍÎÚÛœŒŸ"),
    "cp1250": frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰäöüßÄÖÜăâîșțĂÂÎ"),
    "cp1254": frozenset("çğıöşüÇĞİÖŞÜâîûÂÎÛ"),
}


@dataclass
class Decoded:
    """What was met while decoding: lines in the encoding that was found, and in another one."""

    as_found: int = 0
    otherwise: int = 0


def detect(start: bytes, label: str) -> str:
    """Return the codec in which a file is written, judging by its beginning.

    Raises:
        ToolError: If this is no text.
    """
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    if guess := utf16_unmarked(start):
        return guess
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
        return "utf-8"
    except UnicodeDecodeError as error:
        if sum(byte < 9 or 13 < byte < 32 for byte in start) > len(start) // 50:
            raise ToolError(
                f"{label} holds no text: it is not a table.", "Give a CSV, Excel, Parquet or JSON file."
            ) from error
    if _mostly_utf8(start):
        return "utf-8"
    apple = b"\r" in start and b"\n" not in start  # as lines end only there
    likeness = {name: _likeness(start, name) for name in LEGACY}
    likeness["mac_roman"] += 0.05 if apple else -0.05
    return max(likeness, key=lambda name: likeness[name])


def utf16_unmarked(start: bytes) -> str | None:
    """Return the codec of UTF-16 text without a byte-order mark, if this is it."""
    piece = start[:4096]
    even, odd = piece[0::2].count(0), piece[1::2].count(0)
    if odd > len(piece) // 4 and even < odd // 10:
        return "utf-16-le"
    return "utf-16-be" if even > len(piece) // 4 and odd < even // 10 else None


def _mostly_utf8(start: bytes) -> bool:
    """Whether most letters beyond ASCII are valid UTF-8, as where two files were joined."""
    valid = re.findall(rb"[\xc3-\xf4][\x80-\xbf]+", start)
    return sum(map(len, valid)) > 0.8 * sum(byte > 127 for byte in start)


def _likeness(start: bytes, name: str) -> float:
    """Score how much a piece read in an encoding looks like written language, 0 to 1."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        text = decoder.decode(start)
    except UnicodeDecodeError:
        return 0.0
    words = re.findall(r"[^\x00-\x40\[-`{-\x7f]*[^\x00-\x7f][^\x00-\x40\[-`{-\x7f]*", text)
    letters = sum(len(word) for word in words)
    return sum(len(word) * _plausible(word, name) for word in words) / letters if letters else 0.0


def _plausible(word: str, name: str) -> float:
    """Score a word: letters of one script in the usual case read well, stray symbols do not."""
    word = word.strip(AROUND) or word
    if word.isascii():  # quotation marks around a plain word
        return 0.95
    scripts = {_script(char) for char in word if not char.isascii()}
    letters = sum(char.isascii() for char in word)
    if "odd" in scripts or len(scripts - {"symbol", "kana", "half kana", "han"}) > 1:
        return 0.0
    if scripts == {"symbol"}:
        return 0.1 if letters else 0.95
    if "latin" in scripts:
        known = HABITUAL.get(name, frozenset()).issuperset(char for char in word if not char.isascii())
        return (0.4 + 0.4 * (letters >= 0.34 * len(word)) + 0.1 * known) * (0.3 if "symbol" in scripts else 1)
    if name not in EAST_ASIAN and "symbol" in scripts:
        return 0.3
    if name not in EAST_ASIAN:
        return 0.1 if letters else 0.5 if re.search(r"[^\W_][^\W_]", _rises(word)) else 0.92
    if letters and len(word) - letters < 2:
        return 0.1
    if not _usual(word, EAST_ASIAN[name]):
        return 0.5
    if scripts == {"half kana"}:  # other alphabets look so in this encoding
        return 0.5
    if "kana" in scripts:
        return 1.0 if name in ("cp932", "euc_jp") else 0.7
    return {"cp949": 0.95 if scripts == {"hangul"} else 0.5, "gb18030": 0.9, "big5": 0.88}.get(name, 0.85)


def _rises(word: str) -> str:
    """Return the pairs of a small letter before a capital, which written words do not have."""
    return "".join(a + b for a, b in zip(word, word[1:], strict=False) if a.islower() and b.isupper())


def _usual(word: str, codec: str) -> bool:
    """Whether the older and smaller character set has all signs of a word; extensions are rare in names."""
    try:
        return len(word.encode(codec)) <= 2 * len(word)
    except UnicodeEncodeError:
        return False


def _script(char: str) -> str:
    if char.isascii():
        return "latin"
    code = ord(char)
    if char in SYMBOLS:
        return "symbol"
    if 0x3041 <= code <= 0x30FF:
        return "kana"
    if 0xFF61 <= code <= 0xFF9F:
        return "half kana"
    if 0x4E00 <= code <= 0x9FFF:
        return "han"
    if 0xAC00 <= code <= 0xD7A3:
        return "hangul"
    if 0x0E01 <= code <= 0x0E5B:
        return "thai"
    if 0x0370 <= code <= 0x03FF:
        return "greek"
    if 0x0400 <= code <= 0x045F:
        return "cyrillic"
    if unicodedata.category(char)[0] == "L" and 0xC0 <= code < 0x250:
        return "latin"
    return "fullwidth" if 0xFF01 <= code <= 0xFF5E else "odd"


def decoded_text(raw: bytes, encoding: str) -> str:
    """Decode a piece of a file, whatever it may be cut through."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(raw).removeprefix("\ufeff")


def decoded_lines(stream: IO[bytes], encoding: str, met: Decoded) -> Iterator[str]:
    """Decode a file line by line; where a line does not fit its encoding, another one is tried for it.

    Args:
        stream: The bytes.
        encoding: As found at the beginning.
        met: Counts the lines that needed one or the other.
    """
    if encoding.startswith(("utf-16", "utf-32")):
        with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
            yield from (line.removeprefix("\ufeff") for line in text)
        return
    first, second = (encoding, "utf-8") if encoding in LEGACY else ("utf-8", "cp1252")
    with io.TextIOWrapper(stream, encoding="latin-1", newline="") as text:  # keeps bytes, splits at any end
        for line in text:
            raw = line.encode("latin-1")
            raw = raw.removeprefix(codecs.BOM_UTF8)  # also where files with marks were joined
            yield raw.decode() if raw.isascii() else _decode(raw, first, second, met)


def _decode(raw: bytes, first: str, second: str, met: Decoded) -> str:
    """Decode a line; UTF-8 goes first, because what is not meant as UTF-8 hardly ever is valid."""
    try:
        text = raw.decode("utf-8")
        found = "utf-8"
    except UnicodeDecodeError:
        found = second if first == "utf-8" else first
        text = raw.decode(found, "replace")
    met.as_found += found == first
    met.otherwise += found != first
    return text
