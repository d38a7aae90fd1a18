"""Knows the shapes in which files arrive, and brings each to files that the engine can read."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tools.core import Finding
from tools.errors import ToolError
from tools.files.archives import PACKED, is_tar, packed_start, packing_of, unpacked, untar, unzip
from tools.files.columnar import read_arrow
from tools.files.conversions import TextFile
from tools.files.databases import database_file, open_database
from tools.files.encodings import MARKS, decoded_text, detect, utf16_unmarked
from tools.files.fields import lists_fields, rows_of_fields
from tools.files.framing import is_comment, stands_below
from tools.files.grouping import find_labels
from tools.files.headers import column_names, has_header, is_note, joined_header
from tools.files.json_files import read_json
from tools.files.layout import BLANKS, Layout, find_cuts, find_layout, first_rows, mode, replaced
from tools.files.markup import holds_tables, read_markup
from tools.files.pieces import joined_pieces
from tools.files.rewriting import Original, Source, from_rows, rewrite_all, table_name
from tools.files.totals import counts_rows, is_full_total, is_marked, is_total
from tools.files.workbooks import read_workbook

PIECE = 131_072  # bytes looked at before reading
LOOKED_AT = 1_500  # rows of the beginning that decide how columns are read
DEEPER = 16_384  # bytes looked at in each of several places deeper in the file
INSTEAD = "Save it as CSV, Excel (.xlsx), Parquet or JSON."
JSON_ENDINGS = {".json", ".jsonl", ".ndjson", ".geojson"}
SETTINGS = {".yaml": "YAML", ".yml": "YAML", ".toml": "TOML", ".ini": "INI"}  # endings of what is no table


def open_sources(paths: Sequence[Path], folder: Path) -> list[Source]:
    """Look at the files and tell how each is to be read; a folder stands for the files in it.

    Args:
        paths: Files and folders that a person gave.
        folder: An empty folder for files that had to be rewritten; the caller removes it.

    Raises:
        ToolError: If one of them cannot be used, naming it and the reason.
    """
    if not paths:
        raise ToolError("There is no file to read.", "Give at least one CSV, Excel, Parquet or JSON file.")
    sources: list[Source] = []
    for path in paths:
        if path.is_dir():
            sources += _those_that_hold_tables(path.name, _files_in(path), folder)
        else:
            sources += _open(path, folder)
    return sources


def _files_in(folder: Path) -> list[Path]:
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
    )
    if not files:
        raise ToolError(f"The folder {folder.name} holds no file.", "Give a folder with tables in it.")
    if len(files) > 200:
        raise ToolError(
            f"The folder {folder.name} holds {len(files):,} files, too many to be read as tables.",
            "Give the files that matter.",
        )
    return files


def _those_that_hold_tables(label: str, paths: Sequence[Path], folder: Path, depth: int = 0) -> list[Source]:
    """Open several files that came together; those without a table are left out and named."""
    sources: list[Source] = []
    refused: list[tuple[str, ToolError]] = []
    paths, joined = joined_pieces(paths, folder)
    for path in paths:
        try:
            found = _open(path, folder, depth)
            if path in joined:
                found[0] = replace(found[0], findings=(*found[0].findings, joined[path]))
            sources += found
        except ToolError as error:
            refused.append((path.name, error))
    if not sources:
        raise (
            refused[0][1]
            if len(refused) == 1
            else ToolError(
                f"None of the {len(refused):,} files in {label} is a table: {refused[0][1].wrong}",
                "Give a folder or an archive with CSV, Excel, Parquet or JSON files.",
            )
        )
    if refused:
        names = ", ".join(name for name, _ in refused[:5]) + (" and others" if len(refused) > 5 else "")
        one = len(refused) == 1
        sentence = (
            f"{names} in {label} {'holds no table and was' if one else 'hold no table and were'} left out."
        )
        told = Finding("files_left_out", "info", None, len(refused), sentence)
        sources[0] = replace(sources[0], findings=(*sources[0].findings, told))
    return sources


def _open(path: Path, folder: Path, depth: int = 0) -> list[Source]:
    label = path.name
    if not path.exists():
        raise ToolError(f"There is no file named {label}.", "Check its name and folder.")
    try:
        with path.open("rb") as stream:
            start = stream.read(PIECE)
    except OSError as error:
        raise ToolError(f"{label} cannot be opened: {error.strerror}.", "Check its permissions.") from error
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ToolError(f"{label} is empty.", "Export it again, or give another file.")
    if (database := database_file(path, start)) is not None:
        return open_database(database, folder)
    if (
        holds_tables(start)
        and _written(start) in MARKUP
        and (read := read_markup(path, label, start, folder))
    ):
        return read
    _refuse_foreign(start, label)
    if start.startswith(b"PAR1"):
        return [Source(table_name(path.stem), label, parquet=path)]
    if start.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return [read_arrow(path, label, table_name(path.stem), folder)]
    if start.startswith(b"PK\x03\x04"):
        return _zipped(path, folder, depth)
    if is_tar(start):
        return _those_that_hold_tables(label, list(untar(path, label, folder, depth)), folder, depth + 1)
    packing = packing_of(start)
    if packing is None:
        return _text(path, label, start, False, folder)
    start = packed_start(path, label, packing, PIECE)
    _refuse_foreign(start, label)
    within = start.startswith((b"PK\x03\x04", b"PAR1")) or packing_of(start) or is_tar(start)
    if packing != "gzip" or within or _is_json(start, Path(path.stem)):
        if depth > 3:
            raise ToolError(f"{label} is compressed again and again.", "Give the file itself.")
        inner = _open(unpacked(path, label, packing, folder), folder, depth + 1)
        return [replace(source, label=label) for source in inner]
    return _text(path, label, start, True, folder)


FOREIGN = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"RIFF": "a picture or a sound",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"{\\rtf": "a text document (RTF)",
    b"(\xb5/\xfd": "a Zstandard archive",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"<stata_dta>": "a Stata file",
    b"$FL2@(#)": "an SPSS file",
    b"$FL3@(#)": "an SPSS file",
    b"RDX2\n": "a file of R",
    b"RDX3\n": "a file of R",
    b"X\n\x00\x00\x00": "a file of R",
    b"\x00" * 12 + b"\xc2\xea\x81\x60": "a SAS file",
    b"\x89HDF": "an HDF5 file",
    b"\x80\x04\x95": "a pickle of Python",
    b"\x80\x05\x95": "a pickle of Python",
}
MARKUP = ("a web page", "an XML document")
STATA = re.compile(rb"[\x71-\x73][\x01\x02]\x01\x00")  # older files of Stata

WRITTEN = {
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"<?xml": "an XML document",
    b"@relation": "a Weka file (ARFF)",
    b"create table": "a script of SQL",
    b"insert into": "a script of SQL",
    b"-- mysql dump": "a script of SQL",
    b"--\n-- postgresql": "a script of SQL",
    b"from: ": "an e-mail",
    b"received: ": "an e-mail",
    b"return-path: ": "an e-mail",
    b"id3": "a sound",
    b"ofxheader": "a bank statement in OFX",
    b"<ofx": "a bank statement in OFX",
    b"!type:": "a bank statement in QIF",
    b"!account": "a bank statement in QIF",
    b"!option:": "a bank statement in QIF",
    b":20:": "a bank statement in MT940",
    b"{1:f01": "a message of banks (SWIFT)",
    b"unb+": "a message between firms (EDIFACT)",
    b"una:+": "a message between firms (EDIFACT)",
    b"isa*": "a message between firms (X12)",
    b"begin:vcard": "an address book (vCard)",
    b"begin:vcalendar": "a calendar (iCalendar)",
}


def _refuse_foreign(start: bytes, label: str) -> None:
    """Refuse what is known by its first bytes, whatever the file is called.

    Raises:
        ToolError: Naming what it is.
    """
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in start:
            raise ToolError(
                f"{label} is protected by a password.", "Save it without the password, then give it again."
            )
        raise ToolError(f"{label} is an old Excel or Office file (.xls), which cannot be read.", INSTEAD)
    what = _written(start) or next((what for magic, what in FOREIGN.items() if start.startswith(magic)), None)
    if what is None and STATA.match(start):
        what = "a Stata file"
    if what and not (what == "a program" and start.startswith(b"MZ") and b"\x00" not in start[:512]):
        raise ToolError(f"{label} is {what}, not a table.", INSTEAD)
    known = (b"PAR1", b"PK", *PACKED.values(), b"ARROW1", b"\xff\xff\xff\xff")
    known_archive = is_tar(start) or start.startswith(known)
    wide = any(start.startswith(mark) for mark, name in MARKS if name != "utf-8-sig") or utf16_unmarked(start)
    start = start.rstrip(b"\x00\x1a")  # as files end for which a place was set aside
    if start.count(b"\x00") > max(8, len(start) // 100) and not (wide or known_archive):
        raise ToolError(
            f"{label} holds no text: it is not a table.", "Give a CSV, Excel, Parquet or JSON file."
        )


def _written(start: bytes) -> str | None:
    """Return what a text is that other programs read, by its first words."""
    text = start[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((what for magic, what in WRITTEN.items() if text.startswith(magic)), None)


def _zipped(path: Path, folder: Path, depth: int) -> list[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise ToolError(f"{path.name} is a damaged archive.", "Pack it again, or give the files.") from error
    if "xl/workbook.xml" in names:
        return read_workbook(path, folder)
    if "xl/workbook.bin" in names:
        raise ToolError(f"{path.name} is a binary Excel file (.xlsb), which cannot be read.", INSTEAD)
    if "word/document.xml" in names or "ppt/presentation.xml" in names or "content.xml" in names:
        raise ToolError(f"{path.name} is an Office document, not a table.", INSTEAD)
    return _those_that_hold_tables(path.name, list(unzip(path, path.name, folder, depth)), folder, depth + 1)


def _is_json(start: bytes, path: Path) -> bool:
    start = re.sub(rb"^(?:\xef\xbb\xbf)?(?:\s*//[^\n]*\n|\s*/\*.*?\*/)+", b"", start, flags=re.DOTALL)
    text = start[:100].lstrip(b"\xef\xbb\xbf \t\r\n\x00\xff\xfe").replace(b"\x00", b"")
    named = path.suffix.lower() in JSON_ENDINGS and text[:1] in (b"{", b"[")
    scripted = re.match(rb"(?:var|let|const)\s+\w+\s*=\s*[\[{]", text)
    return named or bool(scripted) or text[:1] == b"{" or bool(re.match(rb"\[\s*[\[{\]]", text))


def _text(path: Path, label: str, start: bytes, compressed: bool, folder: Path) -> list[Source]:
    """Read the file as it is where it is regular; rewrite it first where it is not."""
    if what := SETTINGS.get(path.suffix.lower()):
        raise ToolError(f"{label} holds settings ({what}), not a table.", INSTEAD)
    name = table_name(Path(path.stem).stem if compressed else path.stem)
    encoding = detect(start, label)
    if _is_json(start, path):
        return read_json(path, label, name, encoding, folder)
    cut = len(start) >= PIECE
    text = decoded_text(start, encoding)
    if lists_fields(text.splitlines()[: -1 if cut else None]):
        listed = Original(path, label, encoding, Layout(","), compressed)
        with listed.lines() as lines:
            return [from_rows(name, label, rows_of_fields(lines), folder, True, grouped=False)]
    layout = find_layout(text, cut)
    original = Original(path, label, encoding, layout, compressed)
    if layout.cuts:
        with original.lines() as lines:
            drawn = replaced(lines, layout.instead)
            original = replace(original, layout=replace(layout, cuts=find_cuts(drawn)))
    rows, lines_of = first_rows(text, original.layout, cut)
    width, _ = mode([len(row) for row in rows])
    if _irregular(original, start, rows, lines_of, width):
        return rewrite_all(Source(name, label, original=original), folder)
    header = has_header(rows)
    names, cleaning = column_names(rows[0] if header else (), width)
    file = TextFile(path, layout.separator, lines_of[0] if header else 0, names, compressed)
    body = rows[1:] if header else rows
    if not body and cut:  # one row may be longer than the piece
        return rewrite_all(Source(name, label, original=original), folder)
    if not body:
        raise ToolError(f"{label} has column names but no rows.", "Export it again with its rows.")
    deeper = [row for row in _deeper_rows(original) if len(row) == width]
    look = (*body[:LOOKED_AT], *deeper)
    return [Source(name, label, file, look, original, cleaning=cleaning, header_row=lines_of[0])]


def _irregular(
    original: Original, start: bytes, rows: Sequence[tuple[str, ...]], lines_of: Sequence[int], width: int
) -> bool:
    """Whether the database would not read the file as it is meant."""
    if (
        not rows
        or not original.layout.plain
        or original.encoding not in ("utf-8", "utf-8-sig")
        or b"\x00" in start
    ):
        return True
    if any(len(row) != width for row in rows) or any("\n" in cell for cell in rows[0]):
        return True
    text = decoded_text(start, original.encoding)
    empty = re.search(rf"(^|\n)[ {re.escape(original.layout.separator)}]+\r?\n", text) if width > 1 else None
    titled = rows[0] and not rows[0][-1].strip()
    ended = [*rows[-1:], *_deeper_rows(original)[-2:]]
    framed = any(stands_below(row, width) for row in ended) or any(map(_stands_between, rows[1:]))
    if empty or titled or framed or "\ufeff" in text[1:] or find_labels(rows[1:], width):
        return True
    if any(after > before + 1 for before, after in itertools.pairwise(lines_of)) and "\n\n" in text.replace(
        "\r", ""
    ):
        return True
    remark = rows[0][0].startswith("#") and has_header(rows[1:] or rows)
    return bool(joined_header(rows)) or is_note(rows) or remark


def _stands_between(row: Sequence[str]) -> bool:
    return is_total(row) or is_full_total(row) or is_comment(row) or is_marked(row) or counts_rows(row)


def _deeper_rows(original: Original) -> list[tuple[str, ...]]:
    """Return rows from the middle and the end of a large file, for evidence that its beginning lacks."""
    size = original.path.stat().st_size
    if original.compressed or size < 4 * PIECE or original.layout.separator == BLANKS:
        return []
    rows: list[tuple[str, ...]] = []
    with original.path.open("rb") as stream:
        for place in (0.25, 0.5, 0.75, 1.0):
            stream.seek(int((size - DEEPER) * place))
            text = decoded_text(stream.read(DEEPER), original.encoding)
            rows += first_rows(text.partition("\n")[2], original.layout, place < 1)[0]
    return rows
