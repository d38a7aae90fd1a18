"""Tells a model elsewhere of the data in few words: the columns near its question in full, others by name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from assistant import privacy
from assistant.builtin.tokens import name_words
from assistant.naming_people import HIDDEN_ROLES
from assistant.retrieval import nearest
from tools.core import Column, Workspace

MOST_COLUMNS = 40  # described in full; a table with fewer is told whole
MOST_NAMES = 300  # of the others, so that 2,000 columns do not fill a model's memory

# Columns that most questions are about without naming them.
_ALWAYS = ("customer_key", "time", "amount", "outcome")


def for_question(workspace: Workspace, question: str, most: int = MOST_COLUMNS) -> str:
    """Return what a model is told of the data before a question, as JSON.

    Args:
        workspace: The data.
        question: Person's words so far; columns near them are described.
        most: Columns to describe, over all tables.
    """
    return privacy.describe_for_model(workspace, set(columns_for(workspace, question, most)), MOST_NAMES)


def columns_for(workspace: Workspace, question: str, most: int = MOST_COLUMNS) -> list[str]:
    """Return the names of the columns that a question may be about, at most so many, nearest first."""
    columns = [column for table in workspace.tables.values() for column in table.columns]
    always = [column.name for column in columns if column.role in _ALWAYS]
    texts = {column.name: list(_passages(column)) for column in columns}
    near = nearest(question, texts, most)
    return list(dict.fromkeys([*always[: most // 2], *near]))[:most]


def _passages(column: Column) -> Iterable[str]:
    yield " ".join(name_words(column.name))
    if column.role not in HIDDEN_ROLES:
        yield from (str(value) for value, _ in column.values[: privacy.MOST_VALUES])


def in_a_line(told: str) -> str:
    """Return a description of data as one short line for a weak model."""
    described: dict[str, Any] = json.loads(told)
    tables = [
        f"table {table['table']} with {table['rows']:,} rows, columns "
        + "; ".join(_column_in_words(column) for column in table["columns"])
        for table in described["tables"]
    ]
    segments = f". Segments: {', '.join(described['segments'])}" if described["segments"] else ""
    return ". ".join(tables) + segments


def _column_in_words(column: dict[str, Any]) -> str:
    if column.get("values"):
        return f"{column['name']} ({', '.join(map(str, column['values'][:6]))})"
    return f"{column['name']} ({column['kind']})"
