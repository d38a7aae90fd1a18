"""Knows how rows of text become a regular file: header found, names unique, odd rows kept apart."""

from __future__ import annotations

import csv
import gzip
import itertools
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, cast

from tools.core import CleaningStep, Finding
from tools.errors import ToolError
from tools.files.conversions import TextFile
from tools.files.encodings import LEGACY, Decoded, decoded_lines
from tools.files.layout import RULER, Layout, mode, split_lines

NUMBER_LIKE = re.compile(
    r"^[(+\-]?\s*[^\w\s,.()+\-]{0,3}\s*\d[\d.,'\s]*([eE][+-]?\d+)?\s*[%)]?\s*[^\w\s]{0,3}$"
)
DATE_LIKE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")
TOTAL = re.compile(
    r"\W*(grand\s*|sub\s*)?(totals?|sums?|summe|gesamt|insgesamt|totale|totaux|suma)\b", re.IGNORECASE
)
MOST_KEPT = 100_000  # rows that could not be read which are kept word for word


@dataclass(frozen=True, slots=True)
class Lost:
    """A row, or a part of one, that did not get into the table: its place in the file, its text and why."""

    row: int
    text: str
    why: str


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
        lost: Rows that did not get into the table.
    """

    name: str
    label: str
    file: TextFile | None = None
    sample: tuple[tuple[str, ...], ...] = ()
    original: Original | None = None
    parquet: Path | None = None
    cleaning: tuple[CleaningStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True)
class Original:
    """A text file as it came: enough to read it again, line by line, forgiving what is irregular."""

    path: Path
    label: str
    encoding: str
    layout: Layout
    compressed: bool = False

    @contextmanager
    def lines(self, met: Decoded | None = None) -> Iterator[Iterator[str]]:
        """Open the file and pass on its lines as text, without NUL characters.

        Args:
            met: Counts lines in another encoding.

        Raises:
            ToolError: If a compressed file is damaged.
        """
        opened = gzip.open if self.compressed else open
        try:
            with opened(self.path, "rb") as stream:
                lines = decoded_lines(cast(IO[bytes], stream), self.encoding, met or Decoded())
                yield (line.replace("\x00", "") for line in lines)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ToolError(
                f"{self.label} is a damaged gzip file.", "Compress it again, or give it as it is."
            ) from error


@dataclass
class Irregular:
    """Counts of what did not fit while a file was read forgivingly."""

    short: int = 0
    long: int = 0
    repeated_headers: int = 0
    titles: int = 0
    footers: int = 0
    totals: int = 0
    lost: list[Lost] = field(default_factory=list)

    def lose(self, row: int, cells: Sequence[str], why: str) -> None:
        """Keep what is left out, word for word."""
        if len(self.lost) < MOST_KEPT:
            self.lost.append(Lost(row, ", ".join(cell.strip() for cell in cells if cell.strip()), why))


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
    layout = original.layout if quoted else replace(original.layout, quote="")
    met = Decoded()
    with original.lines(met) as lines:
        rows: Iterable[Sequence[str]] = split_lines(lines, layout)
        if layout.quote and not layout.cuts:
            rows = _closed(rows)
        found = from_rows(source.name, original.label, rows, folder)
    steps, findings = _encoded(original.encoding, met)
    return replace(found, cleaning=(*found.cleaning, *steps), findings=(*found.findings, *findings))


def _encoded(encoding: str, met: Decoded) -> tuple[list[CleaningStep], list[Finding]]:
    """Say in which encoding the file was read, where that was a guess."""
    steps, findings = [], []
    known = LEGACY.get(encoding, "Unicode" if met.as_found else LEGACY["cp1252"])
    if encoding in LEGACY and met.as_found:
        sentence = f"The file is not in Unicode: its letters were read as {known}."
        steps.append(CleaningStep("encoding", None, met.as_found, sentence))
    if met.otherwise and met.as_found:
        fewer = min(met.as_found, met.otherwise)
        sentence = (
            f"The file holds lines in two encodings ({known} and another one): {fewer:,} lines are in the "
            "rarer one; each line was read in its own, so look at its accented letters."
        )
        findings.append(Finding("mixed_encoding", "warning", None, fewer, sentence))
    elif met.otherwise:
        sentence = "The file is not in Unicode: its letters were read as Windows Western European."
        steps.append(CleaningStep("encoding", None, met.otherwise, sentence))
    return steps, findings


def _closed(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Pass rows on; raise if the last one runs over several lines, as behind an open quotation mark."""
    last: Sequence[str] = []
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
    numbered = ((i, tuple(row)) for i, row in enumerate(rows, 1))
    filled = ((i, row) for i, row in numbered if any(map(str.strip, row)) and not _is_ruler(row))
    try:
        head = list(itertools.islice(filled, 500))
    except csv.Error as error:
        raise ToolError(f"{label} cannot be split into columns.", "Export it again as CSV.") from error
    if not head:
        raise ToolError(f"{label} has no rows.", "Give a file with a table in it.")
    width = _width([row for _, row in head])
    odd = Irregular()
    while len(head) > 1 and (_is_title(head[0][1], width) or NAMED.fullmatch(",".join(head[0][1]))):
        odd.lose(*head.pop(0), "above the header")
        odd.titles += 1
    above = joined_header([row for _, row in head]) if header is None else None
    if above:
        head[:2] = [(head[1][0], above)]
    if header is None:
        header = bool(above) or has_header([row for _, row in head if len(row) >= width // 2] or [head[0][1]])
    first = head[0][1] if header else None
    names, cleaning = column_names(first or (), width)
    target = folder / f"{len(list(folder.iterdir()))}.csv"
    sample: list[tuple[str, ...]] = []
    n_rows = longest = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in _regular(itertools.chain(head, filled), first, width, odd):
            longest = max(longest, writer.writerow(row))
            n_rows += 1
            if n_rows <= 3000 or (n_rows % 97 == 0 and len(sample) < 20_000):
                sample.append(row)
    if not n_rows:
        raise ToolError(f"{label} has column names but no rows.", "Export it again with its rows.")
    file = TextFile(target, ",", 0, names, longest=4 * longest)
    uneven = odd.titles + odd.footers + odd.short + odd.long
    if odd.titles + odd.footers > n_rows or (uneven > 0.3 * n_rows and _is_prose(sample)):
        raise ToolError(f"{label} is text without a table in it.", "Give a file with a header and rows.")
    steps, findings = _irregular(odd, width)
    return Source(
        name, label, file, tuple(sample), None, None, (*cleaning, *steps), findings, tuple(odd.lost)
    )


NAMED = re.compile(r"sep=.?,?")  # a line with which a spreadsheet is told the separator


def _is_prose(rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells are the pieces of sentences: several words each, and hardly a number among them."""
    cells = [cell for row in rows[:500] for cell in row if cell.strip()]
    words = sum(len(cell.split()) for cell in cells)
    values = sum(_kind(cell) == "value" for cell in cells)
    return words > 3 * len(cells) and values < 0.1 * len(cells)


def _is_title(row: Sequence[str], width: int) -> bool:
    filled = len(_trimmed(row))
    return filled < width and filled <= max(1, width // 2)


def _is_ruler(row: Sequence[str]) -> bool:
    """Whether a row only underlines the header, as "----+----" or "|---|---:|" do."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return all(RULER.fullmatch(cell) and set(cell) <= set("-=+:|_ ") for cell in filled)


def joined_header(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Join two rows of a header, the upper one with names for groups of columns, if that is what they are."""
    if len(rows) < 3 or len(rows[0]) != len(rows[1]):
        return None
    upper, lower = ([cell.strip() for cell in row] for row in rows[:2])
    n_filled = sum(map(bool, upper))
    values = sum(
        _kind(cell) == "value" and not re.fullmatch(r"(19|20)\d\d", cell) for cell in (*upper, *lower)
    )
    if values or not 0 < n_filled < len(upper) or not all(lower) or not has_values_below(rows[1:]):
        return None
    names, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        names.append(f"{group} {below}" if group and group != below else below)
    return tuple(names)


def has_values_below(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row of words stands above at least one column of numbers or dates."""
    body = rows[1:200]
    for position in range(len(rows[0])):
        kinds = [_kind(row[position]) for row in body if position < len(row)]
        filled = [kind for kind in kinds if kind != "empty"]
        if filled and filled.count("value") > 0.8 * len(filled):
            return True
    return False


def _width(rows: Sequence[Sequence[str]]) -> int:
    return mode([len(row) for row in rows if len(row) > 1])[0] or 1


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    last = max((place for place, cell in enumerate(row) if cell.strip()), default=-1)
    return row[: last + 1]


def _regular(
    rows: Iterable[tuple[int, tuple[str, ...]]], header: tuple[str, ...] | None, width: int, odd: Irregular
) -> Iterator[tuple[str, ...]]:
    """Bring each row to the same width; nearly empty rows and sums at the very end are no rows."""
    first = header is not None
    held: list[tuple[int, tuple[str, ...]]] = []
    for number, row in rows:
        if header is not None and row == header:
            odd.repeated_headers += not first
            if not first:
                odd.lose(number, row, "repeats the header")
            first = False
            continue
        if width > 2 and (len(_trimmed(row)) == 1 or is_total(row)):
            held.append((number, row))
            continue
        for kept in (*held, (number, row)):
            yield _fitted(*kept, width, odd)
        held.clear()
    if len(held) <= 20:
        for number, row in held:
            total = is_total(row)
            odd.totals += total
            odd.footers += not total
            odd.lose(number, row, "a sum below the rows" if total else "below the last row")
    else:
        for kept in held:
            yield _fitted(*kept, width, odd)


def is_total(row: Sequence[str]) -> bool:
    """Whether a row is named as the sum of others and leaves some of its cells empty."""
    first = next((cell for cell in row if cell.strip()), "")
    return bool(TOTAL.match(first)) and not all(cell.strip() for cell in row) and len(_trimmed(row)) > 1


def _fitted(number: int, row: tuple[str, ...], width: int, odd: Irregular) -> tuple[str, ...]:
    if len(row) < width:
        odd.short += 1
        return (*row, *[""] * (width - len(row)))
    if len(row) > width and (rest := _trimmed(row[width:])):
        odd.long += 1
        odd.lose(number, rest, "beyond the last column")
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
    if odd.totals:
        lines = "The line of sums" if odd.totals == 1 else f"{odd.totals:,} lines of sums"
        verb = "was" if odd.totals == 1 else "were"
        sentence = f"{lines} below the rows {verb} left out, so that nothing is counted twice."
        steps.append(CleaningStep("total_rows", None, odd.totals, sentence))
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
