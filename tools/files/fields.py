"""Knows files that list one record after another, a line for each field: "Name: Ann", "City: Pune"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

FIELD = re.compile(r"\s*(?P<name>[^\W\d][\w .()/#-]{0,40}?)\s*[:=](?:\s+(?P<value>.*?))?\s*")
FEWEST_RECORDS = 3
MOST_FIELDS = 60
LOOKED_AT = 500  # lines that tell whether a file is such a list
FITTING = 0.97  # part of the lines that are fields


def lists_fields(lines: Sequence[str]) -> bool:
    """Tell whether lines are fields of records: the same few names come again and again in blocks.

    Args:
        lines: From the beginning of the file; the last record may be cut.
    """
    filled = [line for line in lines[:LOOKED_AT] if line.strip()]
    found = [match["name"] for line in filled if (match := FIELD.fullmatch(line.rstrip("\n")))]
    if not found or len(found) < FITTING * len(filled):
        return False
    first = found[0]
    names = set(found)
    records = found.count(first)
    if records < FEWEST_RECORDS or not 2 <= len(names) <= MOST_FIELDS:
        return False
    blocks = _blocks(lines[:LOOKED_AT], first)
    return all(len(set(block)) == len(block) for block in blocks) and len(found) >= 2 * records


def _blocks(lines: Sequence[str], first: str) -> list[list[str]]:
    """Return the names of the fields of each record."""
    blocks: list[list[str]] = []
    for line in lines:
        match = FIELD.fullmatch(line.rstrip("\n"))
        if match is None:
            continue
        if match["name"] == first or not blocks:
            blocks.append([])
        blocks[-1].append(match["name"])
    return blocks


def rows_of_fields(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """Return a row of names and a row for each record; a line that is no field belongs to the one before."""
    names: dict[str, None] = {}
    records: list[dict[str, str]] = []
    first = last = ""
    for line in lines:
        if not line.strip():
            continue
        match = FIELD.fullmatch(line.rstrip("\r\n"))
        if match is None:
            if records and last:
                records[-1][last] = f"{records[-1][last]}\n{line.strip()}".strip()
            continue
        first = first or match["name"]
        last = match["name"]
        names[last] = None
        if last == first or not records:
            records.append({})
        records[-1][last] = match["value"] or ""
    return [tuple(names), *(tuple(record.get(name, "") for name in names) for record in records)]
