"""Finds values that point at single people in words that are about to leave this machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

import narwhals as nw
import pandas as pd

from tools.core import Column, DataTable, Workspace

HIDDEN_ROLES = ("customer_key", "row_key", "personal", "free_text")
MOST_WORDS = 5  # of a value that is looked for

_ENDS = "\"'“”‘’*_`.,;:!?()[]{}<>/\\|-–—"
_DIGITS = re.compile(r"(?<![\d.,])\d{3,15}(?!\d|[.,]\d)")  # what may be a number that names somebody


class PeopleNamed:
    """Which values of keys and of personal columns stand in some texts.

    Args:
        texts: Words that may leave.
        workspace: The data.
    """

    def __init__(self, texts: Iterable[str], workspace: Workspace) -> None:
        spoken = {part for text in texts for part in _spans(text)}
        digits = {int(match) for text in texts for match in _DIGITS.findall(text)}
        self._found: frozenset[str] = frozenset(
            value
            for table, column in _columns(workspace)
            for value in _occurring(workspace, table, column, digits if column.kind == "number" else spoken)
        )

    def stands_in(self, text: str) -> bool:
        """Return whether a text names somebody."""
        if not self._found:
            return False
        return not self._found.isdisjoint(_spans(text)) or not self._found.isdisjoint(_DIGITS.findall(text))


def personal_columns(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of the columns whose values point at single people."""
    return tuple(dict.fromkeys(column.name for _, column in _columns(workspace)))


def _columns(workspace: Workspace) -> Iterator[tuple[DataTable, Column]]:
    for table in workspace.tables.values():
        for column in table.columns:
            if column.role in HIDDEN_ROLES:
                yield table, column


def _spans(text: str) -> set[str]:
    """Return every run of a few words of a text, written plainly."""
    words = text.split()
    spans = {
        " ".join(words[start : start + length]).strip(_ENDS)
        for length in range(1, MOST_WORDS + 1)
        for start in range(len(words) - length + 1)
    }
    return {span for span in spans if len(span) > 1}


def _occurring(workspace: Workspace, table: DataTable, column: Column, wanted: set[Any]) -> list[str]:
    """Return what occurs in a column just as it is written, which is how the tools quote it."""
    if not wanted:
        return []
    engine, looked_for = workspace.engine, f"looked for {uuid4().hex}"
    value = nw.col(column.name) if column.kind == "number" else nw.col(column.name).cast(nw.String)
    engine.store(looked_for, pd.DataFrame({"value": sorted(wanted)}), passing=True)
    try:
        known = engine.frame(table.name).select(value.alias("value"))
        found = engine.collect(engine.frame(looked_for).join(known, on="value", how="semi"))["value"]
    finally:
        engine.drop(looked_for)
    return [str(each) for each in found]
