"""Knows how the sheets of an Excel workbook become rows of text."""

from __future__ import annotations

import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tools import progress
from tools.core import CleaningStep, Finding
from tools.errors import ToolError
from tools.files.cells import text_of_value
from tools.files.errors import DamagedError
from tools.files.parting import beside
from tools.files.rewriting import Source, is_remarks, table_name, tables_from_rows
from tools.wording import count, listing

ROWS_BETWEEN_WORDS = 5_000  # of a sheet, read in about half a second
LOOKED_AT = 500  # rows that tell how wide a sheet is
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')


def read_workbook(path: Path, folder: Path) -> list[Source]:
    """Read every visible sheet that holds a table; formulas give the values they had when it was saved.

    Raises:
        ToolError: If the file is damaged or holds no table.
    """
    try:
        return _read_workbook(path, folder)
    except DamagedError as error:
        raise ToolError(
            f"{path.name} is a damaged Excel file.", "Save it again in Excel, or as CSV."
        ) from error


def _read_workbook(path: Path, folder: Path) -> list[Source]:
    with _opened(path, values=True) as book:
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]  # not those of a chart
        shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
        hidden = [sheet.title for sheet in sheets if sheet.sheet_state != "visible"]
        if not shown:
            shown, hidden = sheets, []
        sources: list[Source] = []
        remarks: list[str] = []
        for sheet in shown:
            name = table_name(path.stem if len(shown) == 1 else sheet.title)
            merged = _merged_down(path, sheet)
            cells = ([text_of_value(value) for value in row] for row in _rows(sheet))
            found: list[Source] = []
            for rows in beside(_evened(_filled_down(cells, merged))):
                try:
                    found += tables_from_rows(name, path.name, rows, folder)
                except ToolError:
                    if len(shown) == 1 and any(value is not None for row in _rows(sheet) for value in row):
                        raise
            if found and merged.filled:
                found[0] = replace(found[0], cleaning=(*found[0].cleaning, merged.told()))
            if len(shown) > 1 and len(found) == 1 and is_remarks(found[0]):
                remarks.append(sheet.title)
                continue
            sources += [_without_values(source, path, sheet.title) for source in found]
    if not sources:
        raise ToolError(f"{path.name} has no sheet with a table.", "Put a header and rows into a sheet.")
    if remarks:
        sentence = f"The text in {listing(remarks)} is no table and was left out."
        told = Finding("remarks_left_out", "info", None, 0, sentence)
        sources[0] = replace(sources[0], findings=(*sources[0].findings, told))
    if hidden:
        word = "hidden sheet" if len(hidden) == 1 else "hidden sheets"
        sentence = f"The {word} {', '.join(hidden)} {'was' if len(hidden) == 1 else 'were'} left out."
        told = Finding("hidden_sheets", "info", None, 0, sentence)
        sources[0] = replace(sources[0], findings=(*sources[0].findings, told))
    return sources


@contextmanager
def _opened(path: Path, values: bool) -> Iterator[Any]:
    import openpyxl  # 0.3 s, only for Excel files

    with path.open("rb") as stream:  # by its name the program would judge what kind of file it is
        with _damage():
            book = openpyxl.load_workbook(stream, read_only=True, data_only=values)
        try:
            yield book
        finally:
            book.close()


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    rows = sheet.iter_rows(values_only=True)
    for n in itertools.count():
        if n % ROWS_BETWEEN_WORDS == 0:
            progress.step(f"Reading the rows of {sheet.title}", n, sheet.max_row or 0)
        with _damage():
            row = next(rows, None)
        if row is None:
            return
        yield row


@contextmanager
def _damage() -> Iterator[None]:
    """Turn what openpyxl raises on damaged files, which is nearly anything, into one error."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, LookupError, ValueError, OSError, EOFError,
        SyntaxError, TypeError, AttributeError, ArithmeticError, RuntimeError, struct.error,
    ) as error:  # fmt: skip
        raise DamagedError from error


def _without_values(source: Source, path: Path, title: str) -> Source:
    """Say where formulas have no value, because no spreadsheet ever computed them."""
    width = len(source.file.names) if source.file else 0
    if all(any(row[i].strip() for row in source.sample) for i in range(width)):
        return source
    with _opened(path, values=False) as book:
        cells = (value for row in _rows(book[title]) for value in row)
        n = sum(isinstance(value, str) and value.startswith("=") for value in cells)
    if not n:
        return source
    sentence = (
        f"{n:,} formulas have no value in the file and are missing here: open it in Excel, let it compute "
        "and save it."
    )
    told = Finding("formulas_without_value", "serious", None, n, sentence)
    return replace(source, findings=(*source.findings, told))


@dataclass
class Merged:
    """Cells that are joined over several rows, by the row and column (from 0) of the one that has the value.

    Attributes:
        spans: Rows and columns that take the value.
        filled: Cells that took it.
    """

    spans: dict[tuple[int, int], tuple[int, int]]
    filled: int = 0

    def told(self) -> CleaningStep:
        """Say how many cells took the value of the one they are joined with."""
        cells = count(self.filled, "cell")
        sentence = f"Cells that are joined over several rows: {cells} got the value that stands once for all."
        return CleaningStep("merged_cells", None, self.filled, sentence)


def _merged_down(path: Path, sheet: Any) -> Merged:
    """Find the cells that are joined over several rows; reading row by row does not tell."""
    from openpyxl.utils import range_boundaries

    spans: dict[tuple[int, int], tuple[int, int]] = {}
    inside = getattr(sheet, "_worksheet_path", "").lstrip("/")
    with _damage(), zipfile.ZipFile(path) as book, book.open(inside) as stream:
        rest = b""
        while piece := stream.read(2**20):
            text = rest + piece
            for found in MERGED.finditer(text):
                left, top, right, bottom = range_boundaries(found[1].decode())
                if bottom > top:
                    spans[top - 1, left - 1] = (bottom - 1, right - 1)
            rest = text[-200:]
    return Merged(spans)


def _filled_down(rows: Iterable[list[str]], merged: Merged) -> Iterator[list[str]]:
    """Write the value of joined cells into each of their rows; a title over several columns stays one."""
    open_: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(rows):
        for (top, left), (bottom, right) in merged.spans.items() if merged.spans else ():
            if top == number and left == right and left < len(row):
                open_[left] = (bottom, row[left])
        for place, (bottom, text) in list(open_.items()):
            if number > bottom:
                del open_[place]
            elif place < len(row) and not row[place].strip() and text.strip():
                row[place] = text
                merged.filled += 1
        yield row


def _evened(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Leave out the columns behind the last one with a value, which a sheet has where it was formatted."""
    head = list(itertools.islice(rows, LOOKED_AT))
    width = max((place for row in head for place, text in enumerate(row, 1) if text.strip()), default=0)
    for row in itertools.chain(head, rows):
        longer = max((place for place, text in enumerate(row, 1) if text.strip()), default=0)
        yield row[: max(width, longer)]
