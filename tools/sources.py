"""Knows the shapes in which files arrive and brings each to one or more text files that the engine can read."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.core import CleaningStep, Finding
from tools.engine import TextFile
from tools.errors import ToolError

PIECE = 262_144  # bytes looked at before reading; further pieces of a quarter of it come from deeper in the file
SEPARATORS = (",", ";", "\t", "|", "^", "~", "\x1f")
NUMBER_LIKE = re.compile(r"^[(+\-]?\s*[^\w\s,.()+\-]{0,3}\s*\d[\d.,'\s]*([eE][+-]?\d+)?\s*[%)]?\s*[^\w\s]{0,3}$")
DATE_LIKE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Source:
    """One table to be: a text or Parquet file, a look at its values, and what was noticed on the way.

    Attributes:
        name: Name for the table, from the file or the sheet.
        label: Name of the file for people, never with its folder.
        file: The text file, or None where `parquet` is given.
        sample: Rows from the beginning and from deeper in the file, as text.
        original: The file as it came, if `file` can still turn out to be irregular.
        parquet: A Parquet file.
        cleaning: What was changed.
        findings: What a person should know.
    """

    name: str
    label: str
    file: TextFile | None = None
    sample: tuple[tuple[str, ...], ...] = ()
    original: Original | None = None
    parquet: Path | None = None
    cleaning: tuple[CleaningStep, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Original:
    """A text file as it came: enough to read it again, line by line, forgiving what is irregular."""

    path: Path
    label: str
    encoding: str
    separator: str  # " " stands for runs of white space
    compressed: bool = False


@dataclass
class Irregular:
    """Counts of what did not fit while a file was read forgivingly."""

    short: int = 0
    long: int = 0
    repeated_headers: int = 0
    titles: int = 0
    examples: list[str] = field(default_factory=list)


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
        return _json(path, label, table_name(stem), encoding, compressed, folder)
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
            raise ToolError(f"{label} is {what}, not a table.", "Save it as CSV, Excel (.xlsx), Parquet or JSON.")
    utf16 = start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or _utf16_guess(start)
    if start.count(b"\x00") > len(start) // 100 and not utf16 and not start.startswith((b"PAR1", b"PK", b"\x1f\x8b")):
        raise ToolError(f"{label} holds no text: it is not a table.", "Give a CSV, Excel, Parquet or JSON file.")


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
        raise ToolError(f"{label} is a damaged gzip file.", "Compress it again, or give it as it is.") from error


def _separator(text: str) -> str:
    """Choose the separator that gives the most regular table; white space and none come last."""
    lines = text.splitlines()
    if len(lines) > 1 and len(text) >= PIECE // 2:
        lines = lines[:-1]  # the last one may be cut
    lines = lines[:500]
    best, best_score = "", 0.0
    for separator in SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator) if any(cell.strip() for cell in row)]
        width, regular = _mode([width for width in widths if width > 1])
        if width > 1:
            score = regular / max(len(widths), 1) * (1 + min(width, 20) / 40)
            if score > best_score + 1e-9:
                best, best_score = separator, score
    if best_score >= 0.85:
        return best
    filled = [line for line in lines if line.strip()]
    width, regular = _mode([len(line.split()) for line in filled])
    aligned = sum("  " in line.strip() or line[:1] == " " for line in filled)
    if width > 1 and regular >= 0.95 * len(filled) and (aligned > 0.5 * len(filled) or best_score < 0.3):
        return " "
    return best if best_score >= 0.3 else ","


def _mode(widths: Sequence[int]) -> tuple[int, int]:
    return Counter(widths).most_common(1)[0] if widths else (0, 0)


def _text_source(original: Original, name: str, start: bytes, folder: Path) -> Source:
    """Read the file as it is where it is regular; rewrite it first where it is not."""
    rows, lines = _first_rows(_text(start, original.encoding), original.separator, len(start) >= PIECE)
    width, _ = _mode([len(row) for row in rows])
    regular = rows and all(len(row) == width for row in rows)
    if not regular or original.separator == " " or original.encoding not in ("utf-8", "utf-8-sig"):
        return rewrite(Source(name, original.label, original=original), folder)
    header = _has_header(rows)
    names, cleaning = column_names(rows[0] if header else (), width)
    skip = lines[0] if header else 0
    file = TextFile(original.path, original.separator, skip, names, original.compressed)
    body = rows[1:] if header else rows
    if not body:
        raise ToolError(f"{original.label} has column names but no rows.", "Export it again with its rows.")
    deeper = _deeper_rows(original, width)
    return Source(name, original.label, file, (*body, *deeper), original, None, cleaning)


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
            stream.seek(int((size - PIECE // 4) * place))
            lines = _text(stream.read(PIECE // 4), original.encoding).splitlines()[1:-1]
            rows += [tuple(row) for row in csv.reader(lines, delimiter=original.separator) if len(row) == width]
    return rows


def _kind(cell: str) -> str:
    cell = cell.strip()
    if not cell:
        return "empty"
    return "value" if NUMBER_LIKE.match(cell) or DATE_LIKE.match(cell) else "text"


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row holds names: texts above columns of numbers, or texts that never come again."""
    first, body = rows[0], rows[1:200]
    kinds = [_kind(cell) for cell in first]
    if not body:
        return "value" not in kinds
    votes = 0
    for position, kind in enumerate(kinds):
        below = [_kind(row[position]) for row in body if position < len(row)]
        filled = [found for found in below if found != "empty"]
        values = filled.count("value") > 0.5 * len(filled)
        if values and filled:
            votes += 1 if kind == "text" else -1 if kind == "value" else 0
        elif kind == "text" and any(first[position] == row[position] for row in body if position < len(row)):
            votes -= 1
    return votes > 0 or (votes == 0 and "value" not in kinds)


def column_names(cells: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[CleaningStep, ...]]:
    """Make the names of the columns unique and not empty; say so where a name had to change."""
    names: list[str] = []
    seen: set[str] = set()
    renamed, invented = [], 0
    for position in range(width):
        cell = re.sub(r"\s+", " ", cells[position]).strip() if position < len(cells) else ""
        name = cell or f"column_{position + 1}"
        invented += not cell
        base, number = name, 2
        while name.casefold() in seen:
            name, number = f"{base}_{number}", number + 1
        if cell and name != cell:
            renamed.append(name)
        seen.add(name.casefold())
        names.append(name)
    steps = []
    if not cells:
        sentence = f"The file has no header: its columns are called {names[0]} to {names[-1]}."
        steps.append(CleaningStep("no_header", None, 0, sentence))
    elif invented:
        unnamed = [name for name in names if name.startswith("column_")]
        steps.append(CleaningStep("unnamed_columns", None, 0, f"Columns without a name are called {_and(unnamed)}."))
    if renamed:
        steps.append(CleaningStep("repeated_names", None, 0, f"Repeated column names became {_and(renamed)}."))
    return tuple(names), tuple(steps)


def _and(words: Sequence[str]) -> str:
    shown = [*words[:5], *([f"{len(words) - 5} more"] if len(words) > 5 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def table_name(stem: str) -> str:
    """Turn a file's or a sheet's name into a plain table name."""
    return re.sub(r"\W+", "_", stem).strip("_")[:60] or "data"


def rewrite(source: Source, folder: Path) -> Source:
    """Read an irregular text file line by line and write a regular one; what did not fit is counted.

    Args:
        source: With its `original`.
        folder: Where the regular file goes.

    Raises:
        ToolError: If no table can be made out.
    """
    original = source.original
    if original is None:
        raise ToolError(f"{source.label} is not a regular table.", "Export it again as CSV.")
    stream = gzip.open(original.path) if original.compressed else original.path.open("rb")
    with stream, io.TextIOWrapper(stream, encoding=original.encoding, errors="replace", newline="") as text:
        if original.separator == " ":
            rows: Iterable[Sequence[str]] = (line.split() for line in text)
        else:
            rows = csv.reader((line.replace("\x00", "") for line in text), delimiter=original.separator)
        return from_rows(source.name, original.label, rows, folder)


def from_rows(
    name: str, label: str, rows: Iterable[Sequence[str]], folder: Path, header: bool | None = None
) -> Source:
    """Write rows of text as a regular file; the header is found, odd rows are mended and counted.

    Args:
        name: Name for the table.
        label: The file's name for people.
        rows: As they come, with empty and odd ones.
        folder: Where the regular file goes.
        header: Whether the first row holds the names; None to find out.

    Raises:
        ToolError: If there is no table in them.
    """
    filled = (tuple(row) for row in rows if any(cell.strip() for cell in row))
    try:
        head = list(itertools.islice(filled, 500))
    except csv.Error as error:
        raise ToolError(f"{label} cannot be split into columns.", "Export it again as CSV.") from error
    if not head:
        raise ToolError(f"{label} has no rows.", "Give a file with a table in it.")
    width = _width(head)
    odd = Irregular()
    while len(head) > 1 and len(_trimmed(head[0])) < width and len(_trimmed(head[0])) <= max(1, width // 2):
        head.pop(0)
        odd.titles += 1
    if header is None:
        header = _has_header([row for row in head if len(row) >= width // 2] or head)
    names, cleaning = column_names(head[0] if header else (), width)
    target = folder / f"{len(list(folder.iterdir()))}.csv"
    sample: list[tuple[str, ...]] = []
    n_rows = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in _regular(itertools.chain(head, filled), head[0] if header else None, width, odd):
            writer.writerow(row)
            n_rows += 1
            if n_rows <= 3000 or (n_rows % 97 == 0 and len(sample) < 20_000):
                sample.append(row)
    if not n_rows:
        raise ToolError(f"{label} has column names but no rows.", "Export it again with its rows.")
    file = TextFile(target, ",", 0, names)
    steps, findings = _irregular(odd, width)
    return Source(name, label, file, tuple(sample), None, None, (*cleaning, *steps), findings)


def _width(rows: Sequence[Sequence[str]]) -> int:
    return _mode([len(row) for row in rows if len(row) > 1])[0] or 1


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    last = max((place for place, cell in enumerate(row) if cell.strip()), default=-1)
    return row[: last + 1]


def _regular(
    rows: Iterable[tuple[str, ...]], header: tuple[str, ...] | None, width: int, odd: Irregular
) -> Iterator[tuple[str, ...]]:
    first = header is not None
    for row in rows:
        if header is not None and row == header:
            odd.repeated_headers += not first
            first = False
            continue
        if len(row) == width:
            yield row
        elif len(row) < width:
            odd.short += 1
            yield (*row, *[""] * (width - len(row)))
        else:
            kept, rest = row[:width], _trimmed(row[width:])
            odd.long += bool(rest)
            if rest and len(odd.examples) < 5:
                odd.examples.append(" ".join(rest)[:60])
            yield kept


def _irregular(odd: Irregular, width: int) -> tuple[list[CleaningStep], tuple[Finding, ...]]:
    steps, findings = [], []
    if odd.titles:
        steps.append(CleaningStep("title_lines", None, odd.titles, f"Lines above the header left out: {odd.titles:,}."))
    if odd.repeated_headers:
        sentence = f"The header came again {odd.repeated_headers:,} times among the rows and was left out."
        steps.append(CleaningStep("repeated_headers", None, odd.repeated_headers, sentence))
    if odd.short:
        sentence = f"Rows with fewer than {width} values, filled up with missing ones: {odd.short:,}."
        steps.append(CleaningStep("short_rows", None, odd.short, sentence))
    if odd.long:
        sentence = (
            f"Rows with more than {width} values: {odd.long:,}; what stood beyond the last column was left out, "
            "so check whether their cells stand in the right columns."
        )
        findings.append(Finding("long_rows", "serious", None, odd.long, sentence))
    return steps, tuple(findings)


def _zipped(path: Path, folder: Path) -> list[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            if "xl/workbook.xml" in names:
                return _workbook(path, folder)
            found = [name for name in names if not name.startswith("__MACOSX/") and not Path(name).name.startswith(".")]
            if not found or len(found) > 20 or sum(entry.file_size for entry in archive.infolist()) > 4 * 2**30:
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
        raise ToolError(f"{path.name} is a damaged or locked archive.", "Save it again without a password.") from error


def _workbook(path: Path, folder: Path) -> list[Source]:
    """Read every sheet that holds a table; formulas give the values they had when the file was saved."""
    import openpyxl  # 0.3 s, only for Excel files
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError) as error:
        raise ToolError(f"{path.name} is a damaged Excel file.", "Save it again in Excel, or as CSV.") from error
    sources = []
    for sheet in book.worksheets:
        rows = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
        name = table_name(path.stem if len(book.worksheets) == 1 else sheet.title)
        try:
            sources.append(from_rows(name, path.name, rows, folder))
        except ToolError:
            if len(book.worksheets) == 1:
                raise
    book.close()
    if not sources:
        raise ToolError(f"{path.name} has no sheet with a table.", "Put a header and rows into a sheet.")
    return sources


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)
    return text.removesuffix(" 00:00:00")


def _is_json(start: bytes, encoding: str) -> bool:
    text = _text(start, encoding).lstrip()
    return text[:1] == "{" or bool(re.match(r"\[\s*[\[{\]]", text))


def _json(path: Path, label: str, name: str, encoding: str, compressed: bool, folder: Path) -> list[Source]:
    """Read an array of records, an object that holds one, columns of values, or one record a line."""
    raw = gzip.decompress(path.read_bytes()) if compressed else path.read_bytes()
    text = _text(raw, encoding)
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        try:
            document = [json.loads(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError as error:
            raise ToolError(f"{label} is damaged JSON (line {error.lineno}).", "Export it again.") from error
    records = _records(document)
    if not records:
        raise ToolError(f"{label} holds no records.", "Give a list of records, or one record a line.")
    names = list(dict.fromkeys(key for record in records for key in record))
    rows = ([_cell(record.get(key)) for key in names] for record in records)
    return [from_rows(name, label, itertools.chain([names], rows), folder, header=True)]


def _records(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        lists = {key: value for key, value in document.items() if isinstance(value, list)}
        if lists and len(lists) == len(document) and not any(isinstance(v, dict) for x in lists.values() for v in x):
            return [
                dict(zip(lists, row, strict=False)) for row in itertools.zip_longest(*lists.values())
            ]  # columns of values
        inner = next((v for v in lists.values() if v and isinstance(v[0], dict)), None)
        document = inner if inner is not None else [document]
    if isinstance(document, list) and document and all(isinstance(item, list) for item in document):
        names, *rows = document
        return [dict(zip(map(str, names), row, strict=False)) for row in rows]
    return [_flat(item) for item in document if isinstance(item, dict)] if isinstance(document, list) else []


def _flat(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value:
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
