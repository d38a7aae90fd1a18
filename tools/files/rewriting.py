"""Knows how rows of text become a regular file: header found, names unique, odd rows mended and counted."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.core import CleaningStep, Finding
from tools.errors import ToolError
from tools.files.conversions import TextFile

NUMBER_LIKE = re.compile(
    r"^[(+\-]?\s*[^\w\s,.()+\-]{0,3}\s*\d[\d.,'\s]*([eE][+-]?\d+)?\s*[%)]?\s*[^\w\s]{0,3}$"
)
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
    footers: int = 0


def _kind(cell: str) -> str:
    cell = cell.strip()
    if not cell:
        return "empty"
    return "value" if NUMBER_LIKE.match(cell) or DATE_LIKE.match(cell) else "text"


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row holds names: text above numbers, or text that never comes again."""
    first, body = rows[0], rows[1:200]
    kinds = [
        "text" if _is_year(cell, [row[i] for row in body if i < len(row)]) else _kind(cell)
        for i, cell in enumerate(first)
    ]
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


def _is_year(cell: str, below: Sequence[str]) -> bool:
    """Whether a number in the first row is a year that names a column, not one of its values."""
    if not re.fullmatch(r"\s*(19|20)\d\d\s*", cell) or not below:
        return False
    return sum(bool(re.fullmatch(r"\s*(19|20)\d\d\s*", other)) for other in below) < 0.5 * len(below)


def column_names(cells: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[CleaningStep, ...]]:
    """Make the names of the columns unique and not empty; say so where a name had to change."""
    names: list[str] = []
    seen: set[str] = set()
    renamed, dotted, invented = [], [], 0
    for position in range(width):
        cell = re.sub(r"\s+", " ", cells[position]).strip() if position < len(cells) else ""
        plain = plain_column(cell)
        name = plain or f"column_{position + 1}"
        invented += not cell
        if plain != cell:
            dotted.append(name)
        base, number = name, 2
        while name.casefold() in seen:
            name, number = f"{base}_{number}", number + 1
        if cell and name != base:
            renamed.append(name)
        seen.add(name.casefold())
        names.append(name)
    steps = []
    if not cells:
        sentence = f"The file has no header: its columns are called {names[0]} to {names[-1]}."
        steps.append(CleaningStep("no_header", None, 0, sentence))
    elif invented:
        unnamed = [name for name in names if name.startswith("column_")]
        steps.append(
            CleaningStep("unnamed_columns", None, 0, f"Columns without a name are called {_and(unnamed)}.")
        )
    if dotted:
        sentence = f"Names with dots, quotation marks or stars were simplified: {_and(dotted)}."
        steps.append(CleaningStep("simplified_names", None, 0, sentence))
    if renamed:
        steps.append(
            CleaningStep("repeated_names", None, 0, f"Repeated column names became {_and(renamed)}.")
        )
    return tuple(names), tuple(steps)


def plain_column(name: str) -> str:
    """Take out of a column name the dots, quotation marks and stars that mean something in queries."""
    bare = re.sub(r"\.(?=\s|$|[)\]])|^\.+", "", name.replace('"', "'"))
    return re.sub(r"\.+", "_", bare).replace("*", "").strip()


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
    try:
        return _rewrite(source, original, folder, quoted=True)
    except _UnclosedError:
        found = _rewrite(source, original, folder, quoted=False)
        sentence = "A quotation mark is never closed, so quotation marks are read as part of the text."
        return replace(found, findings=(*found.findings, Finding("open_quote", "warning", None, 0, sentence)))


class _UnclosedError(Exception):
    """The last value of a file began with a quotation mark that nothing closes."""


def _rewrite(source: Source, original: Original, folder: Path, quoted: bool) -> Source:
    opened = gzip.open if original.compressed else open
    with (
        opened(original.path, "rb") as stream,
        io.TextIOWrapper(stream, encoding=original.encoding, errors="replace", newline="") as text,
    ):
        if original.separator == " ":
            rows: Iterable[Sequence[str]] = (line.split() for line in text)
        else:
            lines = (line.replace("\x00", "") for line in text)
            rows = _closed(
                csv.reader(
                    lines,
                    delimiter=original.separator,
                    quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
                )
            )
        return from_rows(source.name, original.label, rows, folder)


def _closed(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Pass rows on; raise if the last one runs over several lines, as behind an open quotation mark."""
    last: list[str] = []
    width = 0
    for last in rows:
        width = max(width, len(last))
        yield last
    if last and "\n" in last[-1].rstrip("\n") and len(last) < width + (width == len(last)):
        raise _UnclosedError


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
        header = has_header([row for row in head if len(row) >= width // 2] or head)
    names, cleaning = column_names(head[0] if header else (), width)
    target = folder / f"{len(list(folder.iterdir()))}.csv"
    sample: list[tuple[str, ...]] = []
    n_rows = longest = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in _regular(itertools.chain(head, filled), head[0] if header else None, width, odd):
            longest = max(longest, writer.writerow(row))
            n_rows += 1
            if n_rows <= 3000 or (n_rows % 97 == 0 and len(sample) < 20_000):
                sample.append(row)
    if not n_rows:
        raise ToolError(f"{label} has column names but no rows.", "Export it again with its rows.")
    file = TextFile(target, ",", 0, names, longest=4 * longest)
    if odd.titles + odd.footers > n_rows:
        raise ToolError(f"{label} is text without a table in it.", "Give a file with a header and rows.")
    steps, findings = _irregular(odd, width)
    return Source(name, label, file, tuple(sample), None, None, (*cleaning, *steps), findings)


def _width(rows: Sequence[Sequence[str]]) -> int:
    return mode([len(row) for row in rows if len(row) > 1])[0] or 1


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    last = max((place for place, cell in enumerate(row) if cell.strip()), default=-1)
    return row[: last + 1]


def _regular(
    rows: Iterable[tuple[str, ...]], header: tuple[str, ...] | None, width: int, odd: Irregular
) -> Iterator[tuple[str, ...]]:
    """Bring each row to the same width; nearly empty rows at the very end are footers."""
    first = header is not None
    held: list[tuple[str, ...]] = []
    for row in rows:
        if header is not None and row == header:
            odd.repeated_headers += not first
            first = False
            continue
        if width > 2 and len(_trimmed(row)) == 1:
            held.append(row)
            continue
        for kept in (*held, row):
            yield _fitted(kept, width, odd)
        held.clear()
    if len(held) <= 20:
        odd.footers = len(held)
    else:
        for kept in held:
            yield _fitted(kept, width, odd)


def _fitted(row: tuple[str, ...], width: int, odd: Irregular) -> tuple[str, ...]:
    if len(row) < width:
        odd.short += 1
        return (*row, *[""] * (width - len(row)))
    if len(row) > width:
        rest = _trimmed(row[width:])
        odd.long += bool(rest)
    return row[:width]


def _irregular(odd: Irregular, width: int) -> tuple[list[CleaningStep], tuple[Finding, ...]]:
    steps, findings = [], []
    if odd.titles:
        steps.append(
            CleaningStep("title_lines", None, odd.titles, f"Lines above the header left out: {odd.titles:,}.")
        )
    if odd.footers:
        step = CleaningStep(
            "footers", None, odd.footers, f"Lines below the last row left out: {odd.footers:,}."
        )
        steps.append(step)
    if odd.repeated_headers:
        sentence = f"The header came again {odd.repeated_headers:,} times among the rows and was left out."
        steps.append(CleaningStep("repeated_headers", None, odd.repeated_headers, sentence))
    if odd.short:
        sentence = f"Rows with fewer than {width} values, filled up with missing ones: {odd.short:,}."
        steps.append(CleaningStep("short_rows", None, odd.short, sentence))
    if odd.long:
        sentence = (
            f"Rows with more than {width} values: {odd.long:,}; what stood beyond the last column was "
            f"left out, "
            "so check whether their cells stand in the right columns."
        )
        findings.append(Finding("long_rows", "serious", None, odd.long, sentence))
    return steps, tuple(findings)


def mode(widths: Sequence[int]) -> tuple[int, int]:
    """Return the most frequent width and how often it comes."""
    return Counter(widths).most_common(1)[0] if widths else (0, 0)
