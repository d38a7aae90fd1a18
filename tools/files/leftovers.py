"""Knows where the rows and cells are kept that could not be read, and brings them together for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw
import pandas as pd

from tools.core import DataTable
from tools.engine import Engine
from tools.files.conversions import unread
from tools.files.framing import Lost
from tools.files.reading import Proposal, is_placeholder
from tools.understanding.vocabulary import PLACEHOLDERS

COLUMNS = ("row", "column", "text", "why")


def lost_name(stored: str) -> str:
    """Name the table with the rows that did not get into the stored one."""
    return f"{stored}, left out"


def keep_lost(engine: Engine, stored: str, lost: Sequence[Lost]) -> None:
    """Store the rows, or parts of rows, that did not get into a table."""
    if lost:
        rows = [(each.row, None, each.text, each.why) for each in lost]
        frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"column": "str"})
        engine.store(lost_name(stored), frame)


def unread_texts(
    engine: Engine, stored: str, proposals: Mapping[str, Proposal], most: int = 1000
) -> dict[str, dict[str, int]]:
    """Return, for each column with cells that did not fit, their texts and counts."""
    columns = {unread(i): name for i, name in enumerate(proposals)}
    present = [column for column in engine.columns(stored) if column in columns]
    if not present:
        return {}
    frame = engine.frame(stored)
    counts = engine.collect(frame.select(*(nw.col(column).count() for column in present))).iloc[0]
    left = {}
    for column in present:
        if counts[column]:
            groups = frame.filter(~nw.col(column).is_null()).group_by(column).agg(nw.len().alias("n"))
            top = engine.collect(groups.sort("n", column, descending=[True, False]).head(most))
            left[columns[column]] = dict(zip(top[column], map(int, top["n"]), strict=True))
    return left


def leftovers(engine: Engine, table: DataTable) -> pd.DataFrame:
    """Return every row and cell that could not be read, of shape (n, 4): row, column, text and why.

    `row` counts rows of the file for what was left out, and rows of the table for single cells, both from 1.
    Cells that are blank, or a word for "no value", were read as missing and are not among them.
    """
    stored, names = table.reading["stored"], list(table.reading["proposals"])
    parts = []
    if engine.has(lost_name(table.reading["first"])):
        parts.append(engine.collect(engine.frame(lost_name(table.reading["first"]))))
    for column in [each for each in engine.columns(stored) if each.startswith("unread ")]:
        name = names[int(column.removeprefix("unread "))]
        cells = engine.numbered(stored, column)
        cells = cells[~cells["text"].map(is_placeholder).astype(bool)]
        parts.append(cells.assign(column=name, why="does not fit the column"))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat([part[list(COLUMNS)] for part in parts], ignore_index=True)


def count_leftovers(engine: Engine, table: DataTable) -> int:
    """Count the rows and cells that `leftovers` returns, without bringing them here."""
    stored = table.reading["stored"]
    n = engine.rows(lost_name(table.reading["first"])) if engine.has(lost_name(table.reading["first"])) else 0
    columns = [each for each in engine.columns(stored) if each.startswith("unread ")]
    for column in columns:
        text = nw.col(column).str.strip_chars().str.to_lowercase()
        told = (~nw.col(column).is_null()) & ~text.is_in([*PLACEHOLDERS, ""])
        n += int(
            engine.collect(engine.frame(stored).select(told.cast(nw.Int64).sum().alias("n")))["n"].iloc[0]
            or 0
        )
    return n
