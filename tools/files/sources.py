"""Knows the shapes in which files arrive, and brings each to files that the engine can read."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tools.errors import ToolError
from tools.files.conversions import TextFile
from tools.files.documents import read_json, read_workbook
from tools.files.rewriting import Original, Source, column_names, has_header, mode, rewrite, table_name

PIECE = 131_072  # bytes looked at before reading
LOOKED_AT = 1_500  # rows of the beginning that decide how columns are read
DEEPER = 16_384  # bytes looked at in each of several places deeper in the file
SEPARATORS = (",", ";", "\t", "|", "^", "~", "\x1f")


def open_sources(paths: Sequence[Path], folder: Path) -> list[Source]:
    """Look at the files and tell how each is to be read.

    Args:
        paths: Files that a person gave.
        folder: An empty folder for files that had to be rewritten; the caller removes it.

    Raises:
        ToolError: If one of them cannot be used, naming it and the reason.
    """
    if not paths:
        raise ToolError("There is no file to read.", "Give at least one CSV, Excel, Parquet or JSON file.")
    return [source for path in paths for source in _open(Path(path), folder)]


def _open(path: Path, folder: Path) -> list[Source]:
    label = path.name
    if not path.exists():
        raise ToolError(f"There is no file named {label}.", "Check its name and folder.")
    if path.is_dir():
        raise ToolError(f"{label} is a folder, not a file.", "Give the files in it one by one.")
    try:
        with path.open("rb") as stream:
            start = stream.read(PIECE)
    except OSError as error:
        raise ToolError(f"{label} cannot be opened: {error.strerror}.", "Check its permissions.") from error
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ToolError(f"{label} is empty.", "Export it again, or give another file.")
    _refuse_foreign(start, label)
    if start.startswith(b"PAR1"):
        return [Source(table_name(path.stem), label, parquet=path)]
    if start.startswith(b"PK\x03\x04"):
        return _zipped(path, folder)
    compressed = start.startswith(b"\x1f\x8b")
    if compressed:
        start = _unzipped_start(path, label)
        _refuse_foreign(start, label)
    stem = path.stem if not compressed else Path(path.stem).stem
    encoding = _encoding(start, label)
    if _is_json(start, encoding):
        return [_json(path, label, table_name(stem), encoding, compressed, folder)]
    original = Original(path, label, encoding, _separator(_text(start, encoding)), compressed)
    return [_text_source(original, table_name(stem), start, folder)]


FOREIGN = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"RIFF": "a picture or a sound",
    b"\xd0\xcf\x11\xe0": "an old Excel or Office file (.xls)",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3": "a SQLite database",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML document",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"(\xb5/\xfd": "a Zstandard archive",
}


def _refuse_foreign(start: bytes, label: str) -> None:
    for magic, what in FOREIGN.items():
        if start.startswith(magic) and not (magic == b"MZ" and b"\x00" not in start[:512]):
            raise ToolError(
                f"{label} is {what}, not a table.", "Save it as CSV, Excel (.xlsx), Parquet or JSON."
            )
    utf16 = start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or _utf16_guess(start)
    if (
        start.count(b"\x00") > max(8, len(start) // 100)
        and not utf16
        and not start.startswith((b"PAR1", b"PK", b"\x1f\x8b"))
    ):
        raise ToolError(
            f"{label} holds no text: it is not a table.", "Give a CSV, Excel, Parquet or JSON file."
        )


def _utf16_guess(start: bytes) -> str | None:
    piece = start[:4096]
    even, odd = piece[0::2].count(0), piece[1::2].count(0)
    if odd > len(piece) // 4 and even < odd // 10:
        return "utf-16-le"
    return "utf-16-be" if even > len(piece) // 4 and odd < even // 10 else None


def _encoding(start: bytes, label: str) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return name
    if guess := _utf16_guess(start):
        return guess
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
        return "utf-8"
    except UnicodeDecodeError:
        control = sum(byte < 9 or 13 < byte < 32 for byte in start)
        if control > len(start) // 50:
            raise ToolError(
                f"{label} holds no text: it is not a table.", "Give a CSV, Excel, Parquet or JSON file."
            ) from None
        return "cp1252"


def _text(raw: bytes, encoding: str) -> str:
    text = codecs.getincrementaldecoder(encoding)("replace").decode(raw)
    return text.removeprefix("\ufeff")


def _unzipped_start(path: Path, label: str) -> bytes:
    try:
        with gzip.open(path) as stream:
            return stream.read(PIECE)
    except (OSError, EOFError) as error:
        raise ToolError(
            f"{label} is a damaged gzip file.", "Compress it again, or give it as it is."
        ) from error


def _separator(text: str) -> str:
    """Choose the separator that gives the most regular table; white space and none come last."""
    lines = text.splitlines()
    if len(lines) > 1 and len(text) >= PIECE // 2:
        lines = lines[:-1]  # the last one may be cut
    lines = lines[:500]
    best, best_score = "", 0.0
    for separator in SEPARATORS:
        widths = [
            len(row) for row in csv.reader(lines, delimiter=separator) if any(cell.strip() for cell in row)
        ]
        width, regular = mode([width for width in widths if width > 1])
        if width > 1:
            score = regular / max(len(widths), 1) * (1 + min(width, 20) / 40)
            if score > best_score + 1e-9:
                best, best_score = separator, score
    if best_score >= 0.85:
        return best
    filled = [line for line in lines if line.strip()]
    width, regular = mode([len(line.split()) for line in filled])
    aligned = sum("  " in line.strip() or line[:1] == " " for line in filled)
    if width > 1 and regular >= 0.95 * len(filled) and (aligned > 0.5 * len(filled) or best_score < 0.3):
        return " "
    return best if best_score >= 0.3 else ","


def _text_source(original: Original, name: str, start: bytes, folder: Path) -> Source:
    """Read the file as it is where it is regular; rewrite it first where it is not."""
    rows, lines = _first_rows(_text(start, original.encoding), original.separator, len(start) >= PIECE)
    width, _ = mode([len(row) for row in rows])
    regular = rows and all(len(row) == width for row in rows)
    if not regular or original.separator == " " or original.encoding not in ("utf-8", "utf-8-sig"):
        return rewrite(Source(name, original.label, original=original), folder)
    header = has_header(rows)
    names, cleaning = column_names(rows[0] if header else (), width)
    skip = lines[0] if header else 0
    file = TextFile(original.path, original.separator, skip, names, original.compressed)
    body = rows[1:] if header else rows
    if not body and len(start) >= PIECE:  # one row may be longer than the piece
        return rewrite(Source(name, original.label, original=original), folder)
    if not body:
        raise ToolError(f"{original.label} has column names but no rows.", "Export it again with its rows.")
    deeper = _deeper_rows(original, width)
    return Source(name, original.label, file, (*body[:LOOKED_AT], *deeper), original, None, cleaning)


def _first_rows(text: str, separator: str, cut: bool) -> tuple[list[tuple[str, ...]], list[int]]:
    """Return rows that are not empty, and for each the number of lines up to its end."""
    if separator == " ":
        split = [tuple(line.split()) for line in text.splitlines() if line.strip()]
        return (split[:-1] if cut else split), list(range(1, len(split) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, lines = [], []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(tuple(row))
                lines.append(reader.line_num)
    except csv.Error:
        cut = True
    if cut and len(rows) > 1:
        rows.pop()
    return rows, lines


def _deeper_rows(original: Original, width: int) -> list[tuple[str, ...]]:
    """Return rows from the middle and the end of a large file, for evidence that its beginning lacks."""
    size = original.path.stat().st_size
    if original.compressed or size < 4 * PIECE:
        return []
    rows: list[tuple[str, ...]] = []
    with original.path.open("rb") as stream:
        for place in (0.25, 0.5, 0.75, 1.0):
            stream.seek(int((size - DEEPER) * place))
            lines = _text(stream.read(DEEPER), original.encoding).splitlines()[1:-1]
            rows += [
                tuple(row) for row in csv.reader(lines, delimiter=original.separator) if len(row) == width
            ]
    return rows


def _zipped(path: Path, folder: Path) -> list[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            if "xl/workbook.xml" in names:
                return read_workbook(path, folder)
            found = [
                name
                for name in names
                if not name.startswith("__MACOSX/") and not Path(name).name.startswith(".")
            ]
            if (
                not found
                or len(found) > 20
                or sum(entry.file_size for entry in archive.infolist()) > 4 * 2**30
            ):
                raise ToolError(f"{path.name} holds no table, or too much.", "Give the files themselves.")
            sources = []
            for name in found:
                inner = folder / f"{len(list(folder.iterdir()))}"
                inner.mkdir()
                target = inner / (re.sub(r"[^\w. -]", "_", Path(name).name) or "data.csv")
                target.write_bytes(archive.read(name))
                sources += _open(target, folder)
            return sources
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ToolError(
            f"{path.name} is a damaged or locked archive.", "Save it again without a password."
        ) from error


def _is_json(start: bytes, encoding: str) -> bool:
    text = _text(start, encoding).lstrip()
    return text[:1] == "{" or bool(re.match(r"\[\s*[\[{\]]", text))


def _json(path: Path, label: str, name: str, encoding: str, compressed: bool, folder: Path) -> Source:
    raw = gzip.decompress(path.read_bytes()) if compressed else path.read_bytes()
    return read_json(_text(raw, encoding), label, name, folder)
