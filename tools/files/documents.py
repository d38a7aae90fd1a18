"""Knows how Excel workbooks and JSON documents become rows of text."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.files.rewriting import Source, from_rows, table_name


def read_workbook(path: Path, folder: Path) -> list[Source]:
    """Read every sheet that holds a table; formulas give the values they had when the file was saved.

    Raises:
        ToolError: If the file is damaged or holds no table.
    """
    import openpyxl  # 0.3 s, only for Excel files
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError) as error:
        raise ToolError(
            f"{path.name} is a damaged Excel file.", "Save it again in Excel, or as CSV."
        ) from error
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


def read_json(text: str, label: str, name: str, folder: Path) -> Source:
    """Read an array of records, an object that holds one, columns of values, or one record a line.

    Raises:
        ToolError: If it is damaged or holds no records.
    """
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
    return from_rows(name, label, itertools.chain([names], rows), folder, header=True)


def _records(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        lists = {key: value for key, value in document.items() if isinstance(value, list)}
        if (
            lists
            and len(lists) == len(document)
            and not any(isinstance(v, dict) for x in lists.values() for v in x)
        ):
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
