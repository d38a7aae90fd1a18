"""Knows what a nasty file is, and how the plain table within most of them is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class NastyFile:
    """A file with what it was meant to say.

    Attributes:
        name: Of the file.
        content: Its bytes.
        tables: What each of its tables should read as, by column.
        refused: Words of the sentence that refuses it instead.
        says: Codes of cleaning steps or findings that tell what was done, with their rows.
    """

    name: str
    content: bytes
    tables: Sequence[Columns] = ()
    refused: str = ""
    says: Mapping[str, int] = field(default_factory=dict)


N = 40
DAYS = [date(2024, 1, 3) + timedelta(days=5 * i) for i in range(N)]
CITIES = ["Pune", "Delhi", "New York", "Aachen"]
BASE: dict[str, list[Any]] = {
    "customer_id": [f"C{1000 + i}" for i in range(N)],
    "order_date": DAYS,
    "amount": [round(12.5 + 37.25 * i, 2) for i in range(N)],
    "city": [CITIES[i % 4] for i in range(N)],
}


def lines_of(columns: Columns, separator: str = ",", form: str = "%d/%m/%Y") -> list[str]:
    """Write columns as lines of separated text, header first."""
    return [separator.join(columns), *(separator.join(row) for row in texts_of(columns, form))]


def texts_of(columns: Columns, form: str) -> list[list[str]]:
    """Return the rows of columns as texts."""
    return [[_text(cell, form) for cell in row] for row in zip(*columns.values(), strict=True)]


def _text(cell: Any, form: str) -> str:
    if cell is None:
        return ""
    return cell.strftime(form) if isinstance(cell, date) else str(cell)


def text_of(columns: Columns, separator: str = ",", form: str = "%d/%m/%Y", end: str = "\n") -> str:
    """Write columns as a text file."""
    return end.join(lines_of(columns, separator, form)) + end


def written(name: str, column: str, cells: Sequence[str], meant: Sequence[Any], **says: int) -> NastyFile:
    """Return a tab-separated file with a key and one column that is written in a special way."""
    keys = [f"K{i}" for i in range(len(cells))]
    content = "\n".join([f"key\t{column}", *(f"{k}\t{cell}" for k, cell in zip(keys, cells, strict=True))])
    return NastyFile(name, f"{content}\n".encode(), [{"key": keys, column: meant}], says=says)
