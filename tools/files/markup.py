"""Knows the tables of web pages and of XML spreadsheets, which programs like to name .xls."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from tools.errors import ToolError
from tools.files.encodings import decoded_text, detect
from tools.files.rewriting import Source, table_name, tables_from_rows

ROWS, CELLS, TABLES = {"tr", "row"}, {"td", "th", "cell"}, {"table", "worksheet"}
SILENT = {"style", "script", "documentproperties"}  # their text is no part of a cell
MOST_SPANNED = 1_000  # columns or rows that one cell may take
TABLE = re.compile(rb"<(?:\w+:)?(?:table|worksheet)\b", re.IGNORECASE)
CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
Rows = list[list[str]]


@dataclass
class _Open:
    """A table that is being read: its rows, the cell that is open, and cells that reach into rows below."""

    rows: Rows = field(default_factory=list)
    cell: list[str] | None = None
    wide: int = 1
    high: int = 1
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)
    begun: dict[int, tuple[int, str]] = field(default_factory=dict)

    def begin_row(self, index: int) -> None:
        """Begin a row; an index says that rows before it are empty."""
        self.end_cell()
        self.rows += [[] for _ in range(min(index - 1 - len(self.rows), MOST_SPANNED))]
        going_on = {place: (n - 1, text) for place, (n, text) in self.spans.items() if n > 1}
        self.spans, self.begun = {**going_on, **self.begun}, {}
        self.rows.append([])
        self.reach_down()

    def begin_cell(self, index: int, wide: int, high: int) -> None:
        """Begin a cell; an index says that cells before it are empty."""
        self.end_cell()
        row = self.rows[-1]
        row += [""] * min(index - 1 - len(row), MOST_SPANNED)
        self.cell, self.wide, self.high = [], min(wide, MOST_SPANNED), min(high, MOST_SPANNED)

    def end_cell(self) -> None:
        """Write the open cell into its row."""
        if self.cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self.cell).split("\n"))
        text, row = "\n".join(line for line in lines if line), self.rows[-1]
        if self.high > 1:
            self.begun[len(row)] = (self.high - 1, text)
        row += [text, *[""] * (self.wide - 1)]
        self.cell = None
        self.reach_down()

    def reach_down(self) -> None:
        """Write the text of cells that take several rows into each of them."""
        row = self.rows[-1]
        while len(row) in self.spans:
            row.append(self.spans[len(row)][1])


class _Reader(HTMLParser):
    """Collects the tables of a document, also those within cells of others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Rows] = []
        self.open: list[_Open] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        tag = tag.rpartition(":")[2]
        given = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        self.silent += tag in SILENT
        if tag in TABLES:
            self.open.append(_Open())
            self.found.append(self.open[-1].rows)
        elif not self.open:
            return
        elif tag in ROWS:
            self.open[-1].begin_row(_whole(given.get("index")))
        elif tag in CELLS:
            if not self.open[-1].rows:
                self.open[-1].begin_row(0)
            wide = max(_whole(given.get("colspan")), _whole(given.get("mergeacross")) + 1)
            high = max(_whole(given.get("rowspan")), _whole(given.get("mergedown")) + 1)
            self.open[-1].begin_cell(_whole(given.get("index")), wide, high)
        elif tag in ("br", "p", "div", "li"):
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a table, a row or a cell."""
        tag = tag.rpartition(":")[2]
        self.silent -= tag in SILENT and self.silent > 0
        if not self.open:
            return
        if tag in TABLES | ROWS | CELLS:
            self.open[-1].end_cell()
        if tag in TABLES:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Add text to the cell that is open."""
        if self.open and self.open[-1].cell is not None and not self.silent:
            self.open[-1].cell.append(data if data == "\n" else data.replace("\n", " "))


def _whole(text: str | None) -> int:
    return int(text) if text and text.strip().isdigit() and len(text.strip()) < 6 else 0


def holds_tables(start: bytes) -> bool:
    """Tell whether the beginning of a page or of an XML document names a table."""
    return TABLE.search(start) is not None


def tables_of(text: str) -> Iterator[Rows]:
    """Yield the rows of each table that can hold data: several rows of several cells."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    for rows in reader.found:
        if sum(len([cell for cell in row if cell]) > 1 for row in rows) > 1:
            yield rows


def read_markup(path: Path, label: str, start: bytes, folder: Path) -> list[Source]:
    """Read the tables of a page or of an XML spreadsheet; none if there are only pieces of layout.

    Args:
        path: Of the file.
        label: Its name for people.
        start: Its first bytes.
        folder: Where regular files go.
    """
    said = CHARSET.search(start[:2000])
    encoding = detect(start, label)
    text = decoded_text(path.read_bytes(), encoding)
    if said and encoding not in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        with contextlib.suppress(LookupError):  # a name that nobody knows
            text = path.read_bytes().decode(said[1].decode("ascii"), "replace")
    sources: list[Source] = []
    found = list(tables_of(text))
    for number, rows in enumerate(found, 1):
        name = table_name(path.stem if len(found) == 1 else f"{path.stem}_{number}")
        try:
            sources += tables_from_rows(name, label, rows, folder)
        except ToolError:
            continue  # a piece of layout
    return sources
