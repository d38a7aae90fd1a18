"""Knows where the records of a JSON file are, whichever service wrote it, and makes rows of text of them."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tools.core import Finding
from tools.errors import ToolError
from tools.files.cells import text_of_value
from tools.files.encodings import decoded_text
from tools.files.framing import Lost
from tools.files.rewriting import Source, from_rows, table_name

MOST_JSON = 2 * 2**30  # bytes of a JSON document, which is read as a whole
DEEPEST = 8  # records within records


Record = dict[str, Any]
ASSIGNED = re.compile(r"^\s*(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$]*\s*[=(]\s*(?=[\[{])")  # of a script
REMARKS = re.compile(r"^\ufeff?(?:\s*//[^\n]*\n|\s*/\*.*?\*/)+", re.DOTALL)
MOMENT = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")  # as Microsoft's services wrote moments
TYPED = frozenset(  # as DynamoDB and Firestore name the types of values
    {"S", "N", "BOOL", "NULL", "stringValue", "integerValue", "doubleValue", "booleanValue", "timestampValue"}
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])')
NAMES = ("columns", "fields", "header", "headers")  # what services call the names of a table
ROWS = ("data", "rows", "values", "records")  # and its rows


def read_json(path: Path, label: str, name: str, encoding: str, folder: Path) -> list[Source]:
    """Read an array of records, an object that holds some, columns of values, or one record a line.

    Returns:
        One table for each list of records.

    Raises:
        ToolError: If it is damaged or holds no records.
    """
    if path.stat().st_size > MOST_JSON:
        raise ToolError(f"{label} is too large to be read as JSON.", "Save it as Parquet or CSV.")
    lost: list[Lost] = []
    document = _parsed(decoded_text(path.read_bytes(), encoding), label, lost)
    sources = []
    for inner, held in _tables(document):
        records = [_flat(item) for item in held if isinstance(item, dict)]
        others = [item for item in held if not isinstance(item, dict)]
        names = list(dict.fromkeys(key for record in records for key in record))
        if names:
            lost += [Lost(0, text_of_value(item)[:1000], "is no record") for item in others]
            rows = ([text_of_value(record.get(key)) for key in names] for record in records)
            called = table_name(inner) if inner else name
            sources.append(
                from_rows(called, label, itertools.chain([names], rows), folder, True, grouped=False)
            )
    if not sources:
        raise ToolError(f"{label} holds no records.", "Give a list of records, or one record a line.")
    if lost:
        n = len(lost)
        sentence = f"{n:,} {'line is' if n == 1 else 'lines are'} no valid JSON and could not be read."
        if not any(each.row for each in lost):
            sentence = f"{n:,} {'entry is' if n == 1 else 'entries are'} no record and could not be read."
        told = Finding("broken_lines", "serious", None, n, sentence)
        first = sources[0]
        sources[0] = replace(first, findings=(*first.findings, told), lost=(*lost, *first.lost))
    return sources


def _parsed(text: str, label: str, lost: list[Lost]) -> Any:
    """Parse a document; a script around it, objects one after another and a last comma are forgiven.

    Raises:
        ToolError: If that does not help.
    """
    text = REMARKS.sub("", text)
    if found := ASSIGNED.match(text):
        text = text[found.end() :].rstrip().rstrip(");")
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        for forgiving in (_one_after_another, _without_last_commas):
            try:
                return forgiving(text)
            except (json.JSONDecodeError, RecursionError):
                continue
        try:
            document = list(_records_by_line(text, lost))
        except RecursionError:
            document = []
        if not document or len(lost) > max(1, 0.5 * len(document)):
            line = f" (line {error.lineno:,})" if isinstance(error, json.JSONDecodeError) else ""
            raise ToolError(f"{label} is damaged JSON{line}.", "Export it again.") from error
        return document


def _one_after_another(text: str) -> list[Any]:
    decoder, place, found = json.JSONDecoder(), 0, []
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        item, place = decoder.raw_decode(text, place)
        found.append(item)
    if len(found) > 1 and all(_holds_records(item) for item in found):  # pages of records
        return [record for page in found for record in page]
    return found


def _without_last_commas(text: str) -> Any:
    return json.loads(LAST_COMMA.sub(lambda found: found[1] or "", text))


def _records_by_line(text: str, lost: list[Lost]) -> Iterator[Any]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                lost.append(Lost(number, line.strip(), "no valid JSON"))


def _tables(document: Any) -> list[tuple[str, list[Any]]]:
    """Return the lists of records in a document, named where it has several."""
    if isinstance(document, dict):
        lists = {key: value for key, value in document.items() if _holds_records(value)}
        if len(lists) > 1:
            return list(lists.items())
        document = _within(document)
    if isinstance(document, list) and document and all(isinstance(item, list) for item in document):
        names, *rows = document
        return [("", [dict(zip(map(str, names), row, strict=False)) for row in rows])]
    return [("", document)] if isinstance(document, list) else []


def _holds_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _within(document: Record, depth: int = 0) -> list[Any]:
    """Return the records of an object: columns of values, columns by row key, or the list it holds."""
    values = list(document.values())
    if found := _split(document):
        return found
    columns = bool(values) and all(isinstance(value, list) for value in values)
    if columns and not any(isinstance(cell, dict) for value in values for cell in value):
        return [dict(zip(document, row, strict=False)) for row in itertools.zip_longest(*values)]
    if len(values) > 2 and all(isinstance(value, dict) and value for value in values) and _alike(values):
        return _by_key(document)
    if len(values) > 1 and all(isinstance(value, dict) and value for value in values):
        keys = [tuple(value) for value in values]
        flat = not any(isinstance(cell, dict | list) for v in values for cell in v.values())
        if flat and len(set(keys)) == 1 and all(key.isdigit() for key in keys[0]):
            return [{name: document[name][key] for name in document} for key in keys[0]]
        if flat and set.intersection(*map(set, keys)):
            return _by_key(document)
    if inner := [value for value in values if _holds_records(value)]:
        return list(inner[0])
    for value in values if depth < DEEPEST else ():
        if isinstance(value, dict) and (found := _within(value, depth + 1)) != [value]:
            return found
    return [document]


def _alike(records: Sequence[Record]) -> bool:
    """Whether records have their fields in common, nested ones too; columns by row key have only keys."""
    shared, known = set.intersection(*map(set, records)), set.union(*map(set, records))
    nested = any(isinstance(cell, dict | list) for record in records for cell in record.values())
    return nested and 2 * len(shared) >= len(known) and not any(key.isdigit() for key in shared)


def _by_key(document: Record) -> list[Record]:
    """Return records that stand under their keys; the key is a column of its own."""
    name = next(
        name for name in ("key", "record_key", "_key") if not any(name in v for v in document.values())
    )
    return [{name: key, **value} for key, value in document.items()]


def _split(document: Record) -> list[Record]:
    """Return the records of a table whose names and rows stand apart, if this is one."""
    rows = next((document[key] for key in ROWS if isinstance(document.get(key), list)), None)
    if rows and all(isinstance(row, dict) and isinstance(row.get("f"), list) for row in rows):  # BigQuery
        rows = [[cell.get("v") if isinstance(cell, dict) else cell for cell in row["f"]] for row in rows]
    names = _names_beside(document, len(rows[0])) if rows and isinstance(rows[0], list) else None
    if not names and rows and _is_grid(rows):
        names, *rows = rows
    if not names or not rows or not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return []
    called = [
        str(each.get("name", i)) if isinstance(each, dict) else str(each) for i, each in enumerate(names)
    ]
    return [dict(zip(called, row, strict=True)) for row in rows]


def _is_grid(rows: Any) -> bool:
    """Whether these are rows of cells, the first of them names."""
    lists = isinstance(rows, list) and len(rows) > 1 and all(isinstance(row, list) for row in rows)
    return lists and len(rows[0]) > 1 and all(isinstance(cell, str) and cell for cell in rows[0])


def _names_beside(document: Record, width: int, depth: int = 0) -> list[Any] | None:
    """Find the list of as many names as the rows have cells, in the object or in one that describes it."""
    for key in NAMES:
        if isinstance(found := document.get(key), list) and len(found) == width:
            return found
    inner = [value for value in document.values() if isinstance(value, dict)] if depth < 3 else []
    return next((found for each in inner if (found := _names_beside(each, width, depth + 1))), None)


def _is_type(name: str, value: Any) -> bool:
    """Whether the only field of a record is named after the type of its value."""
    return name.startswith("$") or (name in TYPED and not isinstance(value, dict | list))


def _flat(record: Record, prefix: str = "", depth: int = 0) -> Record:
    """Make columns of the fields of nested records; a value that only says its type is taken out of it."""
    flat: Record = {}
    for key, value in record.items():
        while isinstance(value, dict) and len(value) == 1 and _is_type(*next(iter(value.items()))):
            value = next(iter(value.values()))
        if isinstance(value, str) and (found := MOMENT.fullmatch(value)):
            moment = EPOCH + timedelta(milliseconds=int(found[1]))
            value = moment.replace(tzinfo=None)
        if isinstance(value, dict) and value and depth < DEEPEST:
            flat |= _flat(value, f"{prefix}{key}.", depth + 1)
        else:
            flat[f"{prefix}{key}"] = value
    return flat
