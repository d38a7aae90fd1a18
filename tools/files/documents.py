"""Knows how Excel workbooks, JSON documents and Arrow files become rows of text or Parquet."""

from __future__ import annotations

import itertools
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tools import progress
from tools.core import Finding
from tools.errors import ToolError
from tools.files.encodings import decoded_text
from tools.files.rewriting import Lost, Source, column_names, from_rows, table_name

ROWS_BETWEEN_WORDS = 5_000  # of a sheet, read in about half a second
MOST_JSON = 2 * 2**30  # bytes of a JSON document, which is read as a whole


class DamagedError(Exception):
    """A file is not what its first bytes announce."""


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
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        if not shown:
            shown, hidden = book.worksheets, []
        sources = []
        for sheet in shown:
            name = table_name(path.stem if len(shown) == 1 else sheet.title)
            rows = ([_cell(value) for value in row] for row in _rows(sheet))
            try:
                source = from_rows(name, path.name, rows, folder)
            except ToolError:
                if len(shown) == 1 and any(value is not None for row in _rows(sheet) for value in row):
                    raise
                continue
            sources.append(_without_values(source, path, sheet.title))
    if not sources:
        raise ToolError(f"{path.name} has no sheet with a table.", "Put a header and rows into a sheet.")
    if hidden:
        word = "hidden sheet" if len(hidden) == 1 else "hidden sheets"
        sentence = f"The {word} {', '.join(hidden)} {'was' if len(hidden) == 1 else 'were'} left out."
        told = Finding("hidden_sheets", "info", None, 0, sentence)
        sources[0] = replace(sources[0], findings=(*sources[0].findings, told))
    return sources


@contextmanager
def _opened(path: Path, values: bool) -> Iterator[Any]:
    import openpyxl  # 0.3 s, only for Excel files

    with _damage():
        book = openpyxl.load_workbook(path, read_only=True, data_only=values)
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


def read_json(path: Path, label: str, name: str, encoding: str, folder: Path) -> Source:
    """Read an array of records, an object that holds one, columns of values, or one record a line.

    Raises:
        ToolError: If it is damaged or holds no records.
    """
    if path.stat().st_size > MOST_JSON:
        raise ToolError(f"{label} is too large to be read as JSON.", "Save it as Parquet or CSV.")
    text = decoded_text(path.read_bytes(), encoding)
    lost: list[Lost] = []
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        try:
            document = list(_records_by_line(text, lost))
        except RecursionError:
            document = []
        if not document or len(lost) > max(1, 0.5 * len(document)):
            line = f" (line {error.lineno:,})" if isinstance(error, json.JSONDecodeError) else ""
            raise ToolError(f"{label} is damaged JSON{line}.", "Export it again.") from error
    records = _records(document)
    if not records:
        raise ToolError(f"{label} holds no records.", "Give a list of records, or one record a line.")
    names = list(dict.fromkeys(key for record in records for key in record))
    if not names:
        raise ToolError(f"{label} holds no records.", "Give a list of records, or one record a line.")
    rows = ([_cell(record.get(key)) for key in names] for record in records)
    source = from_rows(name, label, itertools.chain([names], rows), folder, header=True)
    if lost:
        n = len(lost)
        sentence = f"{n:,} {'line is' if n == 1 else 'lines are'} no valid JSON and could not be read."
        told = Finding("broken_lines", "serious", None, n, sentence)
        source = replace(source, findings=(*source.findings, told), lost=(*lost, *source.lost))
    return source


def _records_by_line(text: str, lost: list[Lost]) -> Iterator[Any]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                lost.append(Lost(number, line.strip(), "no valid JSON"))


def _records(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        document = _within(document)
    if isinstance(document, list) and document and all(isinstance(item, list) for item in document):
        names, *rows = document
        return [dict(zip(map(str, names), row, strict=False)) for row in rows]
    return [_flat(item) for item in document if isinstance(item, dict)] if isinstance(document, list) else []


def _within(document: dict[str, Any]) -> list[Any]:
    """Return the records of an object: columns of values, columns by row key, or the list it holds."""
    values = list(document.values())
    columns = bool(values) and all(isinstance(value, list) for value in values)
    if columns and not any(isinstance(cell, dict) for value in values for cell in value):
        return [dict(zip(document, row, strict=False)) for row in itertools.zip_longest(*values)]
    if len(values) > 1 and all(isinstance(value, dict) and value for value in values):
        keys = [tuple(value) for value in values]
        if len(set(keys)) == 1 and not any(
            isinstance(cell, dict | list) for v in values for cell in v.values()
        ):
            if all(key.isdigit() for key in keys[0]):  # columns of cells by row number
                return [{name: document[name][key] for name in document} for key in keys[0]]
            return values  # records by key
    inner = next((v for v in values if isinstance(v, list) and v and isinstance(v[0], dict)), None)
    return inner if inner is not None else [document]


def _flat(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value and depth < 8:
            flat |= _flat(value, f"{prefix}{key}.", depth + 1)
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def read_arrow(path: Path, label: str, name: str, folder: Path) -> Source:
    """Read an Arrow or Feather file.

    Raises:
        ToolError: If it is damaged.
    """
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as stream:
            whole = stream.read(6) == b"ARROW1"
            stream.seek(0)
            reader = pa.ipc.open_file(stream) if whole else pa.ipc.open_stream(stream)
            table = reader.read_all()
            table.validate(full=True)  # lengths and offsets that are wrong would end the whole program
            return from_arrow(table, label, name, folder)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # names may be no UTF-8
        raise ToolError(f"{label} is a damaged Arrow file.", "Write it again.") from error


def from_arrow(table: Any, label: str, name: str, folder: Path) -> Source:
    """Take an Arrow table as it is; nested columns of records become one column for each of their fields."""
    import pyarrow.parquet as pq

    target = folder / f"{len(list(folder.iterdir()))}.parquet"
    pq.write_table(table, target)
    return Source(name, label, parquet=target)


def from_memory(content: Any, name: str, folder: Path) -> Source:
    """Take a pandas frame, or anything that hands out Arrow data, as a table.

    Raises:
        ToolError: If it is neither.
    """
    import pandas as pd
    import pyarrow as pa

    label = f"the table {name}"
    if isinstance(content, pd.DataFrame):
        content = _arrow_of(content)
    elif not isinstance(content, pa.Table):
        if not hasattr(content, "__arrow_c_stream__"):
            raise ToolError(
                f"{label} is a {type(content).__name__}.", "Give a path, a pandas frame or Arrow data."
            )
        content = pa.table(content)
    if not content.num_columns or not content.num_rows:
        raise ToolError(f"{label} has no rows.", "Give a table with rows.")
    names, _ = column_names([str(each) for each in content.column_names], content.num_columns)
    return from_arrow(content.rename_columns(list(names)), label, table_name(name), folder)


def _arrow_of(frame: Any) -> Any:
    """Turn a pandas frame into Arrow data; a named index is a column, cells of mixed types are text."""
    import pyarrow as pa

    if any(each is not None for each in frame.index.names):
        frame = frame.reset_index()
    arrays = []
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        try:
            arrays.append(pa.array(column, from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            arrays.append(pa.array([_cell(value) or None for value in column], pa.string()))
    return pa.table(arrays, names=[str(each) for each in frame.columns])


def flattened(path: Path, folder: Path) -> Path:
    """Return a Parquet file in which fields of records are columns, the same one if there are no records.

    Raises:
        DamagedError: If it is no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            if not any(pa.types.is_struct(each.type) for each in schema):
                return path
            target = folder / f"{len(list(folder.iterdir()))}.parquet"
            flat = schema.empty_table()
            while any(pa.types.is_struct(each.type) for each in flat.schema):
                flat = flat.flatten()
            with pq.ParquetWriter(target, flat.schema) as writer:
                for batch in file.iter_batches():
                    part = pa.Table.from_batches([batch])
                    while any(pa.types.is_struct(each.type) for each in part.schema):
                        part = part.flatten()
                    writer.write_table(part)
            return target
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DamagedError from error
