"""Knows how rows of text become a regular file: header found, names unique, odd rows kept apart."""

from __future__ import annotations

import csv
import gzip
import itertools
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from tools.core import CleaningStep, Finding
from tools.errors import ToolError
from tools.files.conversions import TextFile
from tools.files.encodings import LEGACY, Decoded, decoded_lines
from tools.files.framing import (
    LOOKED_AT,
    Irregular,
    Lost,
    first_name,
    frame_of,
    is_ruler,
    regular,
    take_above,
    take_notes,
    told,
)
from tools.files.grouping import UNNAMED, Labels, find_labels
from tools.files.grouping import WHY as GROUP
from tools.files.headers import (
    column_names,
    has_header,
    joined_header,
    kind_of_cell,
    named_rows,
    plain_column,
)
from tools.files.layout import Layout, mode, split_lines
from tools.files.parting import Numbered, parted

Make = Callable[[str, str, Iterable[Sequence[str]], Path], "list[Source]"]


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
        header_row: Row of the file in which the names stand, counted from 1.
        labels: Cells in which lines stood that named groups of rows, one for each column made of them.
        filled: Cells of those that filled a column that was empty otherwise.
        units: Columns with the units that a row below the header says.
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
    header_row: int = 1
    labels: tuple[int, ...] = ()
    filled: tuple[int, ...] = ()
    units: tuple[tuple[str, str], ...] = ()


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
    return _rewritten(source, folder, lambda *given: [from_rows(*given)])[0]


def rewrite_all(source: Source, folder: Path) -> list[Source]:
    """Do as `rewrite`, and part the file where it holds several tables."""
    return _rewritten(source, folder, tables_from_rows)


def _rewritten(source: Source, folder: Path, make: Make) -> list[Source]:
    original = source.original
    if original is None:
        raise ToolError(f"{source.label} is not a regular table.", "Export it again as CSV.")
    try:
        return _rewrite(source, original, folder, make, quoted=True)
    except (_UnclosedError, csv.Error):
        try:
            found = _rewrite(source, original, folder, make, quoted=False)
        except csv.Error as error:
            wrong = f"{original.label} cannot be split into columns."
            raise ToolError(wrong, "Export it again as CSV.") from error
        sentence = "A quotation mark is never closed, so quotation marks are read as part of the text."
        told = Finding("open_quote", "warning", None, 0, sentence)
        return [replace(each, findings=(*each.findings, told)) for each in found]


class _UnclosedError(Exception):
    """The last value of a file began with a quotation mark that nothing closes."""


def _rewrite(source: Source, original: Original, folder: Path, make: Make, quoted: bool) -> list[Source]:
    layout = original.layout if quoted else replace(original.layout, quote="")
    met = Decoded()
    with original.lines(met) as lines:
        rows: Iterable[Sequence[str]] = split_lines(lines, layout)
        if layout.quote and not layout.cuts:
            rows = _closed(rows)
        first, *others = make(source.name, original.label, rows, folder)
    steps, findings = _encoded(original.encoding, met)
    first = replace(first, cleaning=(*first.cleaning, *steps), findings=(*first.findings, *findings))
    return [first, *others]


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
    name: str,
    label: str,
    rows: Iterable[Sequence[str]],
    folder: Path,
    header: bool | None = None,
    grouped: bool = True,
) -> Source:
    """Write rows of text as a regular file; the header is found, odd rows are mended and counted.

    Args:
        name: Name for the table.
        label: The file's name for people.
        rows: As they come, with empty and odd ones.
        folder: Where the regular file goes.
        header: Whether the first row holds the names; None to find out.
        grouped: Whether lines above blocks of rows may name their group.

    Raises:
        ToolError: If there is no table in them.
    """
    return _from_filled(name, label, _filled(rows), folder, header, grouped)


def tables_from_rows(name: str, label: str, rows: Iterable[Sequence[str]], folder: Path) -> list[Source]:
    """Do as `from_rows`, and part the rows where other tables begin below the first."""
    sources: list[Source] = []
    for part, held in itertools.groupby(parted(_filled(rows)), key=lambda each: each[0]):
        numbered = (row for _, row in held)
        called = name if not part else f"{name}_{part + 1}"
        sources.append(_from_filled(called, label, numbered, folder))
    if not sources:
        raise ToolError(f"{label} has no rows.", "Give a file with a table in it.")
    if len(sources) > 1:
        sentence = f"{label} holds {len(sources):,} tables below each other; each became a table of its own."
        told = Finding("several_tables", "info", None, 0, sentence)
        sources[0] = replace(sources[0], findings=(*sources[0].findings, told))
    return sources


def _filled(rows: Iterable[Sequence[str]]) -> Iterator[Numbered]:
    """Number the rows, and leave out those that are empty or only underline the header."""
    numbered = ((i, tuple(row)) for i, row in enumerate(rows, 1))
    return ((i, row) for i, row in numbered if any(map(str.strip, row)) and not is_ruler(row))


def _from_filled(
    name: str,
    label: str,
    filled: Iterator[Numbered],
    folder: Path,
    header: bool | None = None,
    grouped: bool = True,
) -> Source:
    """Write rows as a regular file, as `from_rows` tells."""
    try:
        head = list(itertools.islice(filled, LOOKED_AT))
    except csv.Error as error:
        raise ToolError(f"{label} cannot be split into columns.", "Export it again as CSV.") from error
    if not head:
        raise ToolError(f"{label} has no rows.", "Give a file with a table in it.")
    width = _width([row for _, row in head])
    odd = Irregular()
    titles = frozenset() if header else take_above(head, width, odd)
    first_row = head[0][0]
    n_above = 1
    if header is None and (joined := joined_header([row for _, row in head])):
        n_above, names_above = joined
        head[:n_above] = [(head[n_above - 1][0], names_above)]
        first_row = head[0][0]
        header = True
    if header is None:
        header = has_header([row for _, row in head if len(row) >= width // 2] or [head[0][1]])
    labels = _labels(head, width, odd, bool(header)) if grouped else None
    if header and labels is None and first_name(head, n_above > 1):
        odd.lose(*head[1], "names the first column")
        odd.notes += 1
        head[:2] = [(head[0][0], (head[1][1][0].strip(), *head[0][1][1:]))]
    if header and labels is None:
        take_notes(head, odd)
    first = head[0][1] if header else None
    if first is not None and named_rows([row for _, row in head], width):
        first = ("", *first)
        head[0] = (head[0][0], first)
    names, cleaning = column_names(first or (), width)
    units = tuple((names[place], unit) for place, unit in odd.units.items() if place < len(names))
    frame = frame_of(head, first, width, titles, labels)
    if labels:
        names = (*_names_of_groups(labels, names), *names)
    target = folder / f"{len(list(folder.iterdir()))}.csv"
    sample: list[tuple[str, ...]] = []
    n_rows = longest = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in regular(itertools.chain(head, filled), frame, odd):
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
    steps, findings = told(odd, width)
    places: tuple[int, ...] = ()
    filled_ones: tuple[int, ...] = ()
    if labels and odd.labels:
        places, filled_ones = tuple(level.place for level in labels.added), labels.filled
        made = [*names[: len(places)], *(names[len(places) + place] for place in filled_ones)]
        steps.append(labels.told(made, odd.labels))
    return Source(
        name, label, file, tuple(sample), cleaning=(*cleaning, *steps), findings=findings,
        lost=tuple(odd.lost), header_row=first_row, labels=places, filled=filled_ones, units=units,
    )  # fmt: skip


def _labels(head: Sequence[Numbered], width: int, odd: Irregular, header: bool) -> Labels | None:
    """Find the lines that name groups: above blocks of rows, or above a header that comes again."""
    body = [row for _, row in head[header:]]
    if found := find_labels(body, width, cut=len(head) >= LOOKED_AT):
        return found
    if not header or not odd.lost or head[0][1] not in body:
        return None
    last = odd.lost[-1]
    if last.row != head[0][0] - 1:
        return None
    rows = [row for row in body if row != head[0][1]]
    found = find_labels(rows, width, (last.text,))
    if found:
        odd.lost[-1] = replace(last, why=GROUP)
        odd.titles, odd.labels = odd.titles - 1, odd.labels + 1
    return found


def _names_of_groups(labels: Labels, names: Sequence[str]) -> tuple[str, ...]:
    """Name the columns of groups, each unlike all other columns."""
    made: list[str] = []
    for level in labels.added:
        name = base = plain_column(level.name) or UNNAMED
        number = 2
        while name.casefold() in {other.casefold() for other in (*names, *made)}:
            name, number = f"{base}_{number}", number + 1
        made.append(name)
    return tuple(made)


def _is_prose(rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells are the pieces of sentences: several words each, and hardly a number among them."""
    cells = [cell for row in rows[:500] for cell in row if cell.strip()]
    words = sum(len(cell.split()) for cell in cells)
    values = sum(kind_of_cell(cell) == "value" for cell in cells)
    return words > 3 * len(cells) and values < 0.1 * len(cells)


def is_remarks(source: Source) -> bool:
    """Whether a table of one column holds sentences, as a sheet of remarks does."""
    cells = [row[0] for row in source.sample if row[0].strip()]
    words = sum(len(cell.split()) for cell in cells)
    return bool(source.file and len(source.file.names) == 1) and len(cells) < 200 and words > 3 * len(cells)


def _width(rows: Sequence[Sequence[str]]) -> int:
    return mode([len(row) for row in rows if len(row) > 1])[0] or 1
