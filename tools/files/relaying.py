"""Knows how a loaded table is laid out anew: another header or separator, without rows that are no data."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tools.core import CleaningStep, DataTable, Workspace
from tools.engine import Engine
from tools.errors import ToolError
from tools.files.cells import text_of_value
from tools.files.conversions import unread
from tools.files.framing import Lost
from tools.files.grouping import WHY as GROUP
from tools.files.leftovers import lost_name
from tools.files.rewriting import Source, from_rows
from tools.files.totals import is_full_total, is_total
from tools.wording import count

MOST_CELLS = 5_000_000  # which are laid out anew in about a minute
ABOVE = "above the header"
Row = tuple[str, ...]
Load = Callable[[Engine, Source, Path], DataTable]


def with_header_in(workspace: Workspace, table: DataTable, row: int, load: Load) -> Workspace:
    """Return a workspace in which the names of a table stand in another row of its file.

    Args:
        workspace: The data.
        table: A loaded table.
        row: Of the file, counted from 1; 0 where the file has no names.
        load: Reads a source into an engine.

    Raises:
        ToolError: If the file has no such row.
    """
    rows, first = _rows(workspace.engine, table, groups=False)
    numbered = _numbered(workspace.engine, table, rows, first)
    if row == 0:
        return _laid_out(workspace, table, [cells for _, cells in numbered], False, load, [])
    place = next((i for i, (number, _) in enumerate(numbered) if number == row), None)
    if place is None or place >= len(numbered) - 1:
        raise ToolError(
            f"{table.source} has no row {row:,} with rows below it.",
            f"Its names were read from row {first:,}; say in which row they stand.",
        )
    above = numbered[:place]
    lost = [Lost(number, ", ".join(filter(None, cells)), ABOVE) for number, cells in above]
    return _laid_out(workspace, table, [cells for _, cells in numbered[place:]], True, load, lost)


def without_first(workspace: Workspace, table: DataTable, n: int, load: Load) -> Workspace:
    """Return a workspace in which the first rows of a table are left out.

    Raises:
        ToolError: If no row would be left.
    """
    rows, first = _rows(workspace.engine, table)
    names, body = rows[0], rows[1:]
    if not 0 < n < len(body):
        raise ToolError(f"{table.name} has {count(len(body), 'row')}.", "Leave out fewer of them.")
    kept = body[n:] if _unnamed(names) else [names, *body[n:]]
    lost = [Lost(first + 1 + i, ", ".join(filter(None, row)), "no data") for i, row in enumerate(body[:n])]
    return _laid_out(workspace, table, kept, None if _unnamed(names) else True, load, lost)


def with_group_lines(workspace: Workspace, table: DataTable, load: Load) -> Workspace:
    """Return a workspace in which the lines that named groups of rows are rows like all others.

    Raises:
        ToolError: If there is no such line.
    """
    if not _label_places(table):
        raise ToolError(
            f"No line of {table.source} was read as the name of a group of rows.",
            "To see the lines that were left out, say: show the unread rows.",
        )
    rows, first = _rows(workspace.engine, table, groups=False)
    numbered = _numbered(workspace.engine, table, rows, first, only=GROUP)
    above = [cells for number, cells in numbered if number < first]
    kept = [cells for number, cells in numbered if number >= first]
    body = [*kept[:1], *above, *kept[1:]]
    return _laid_out(workspace, table, body, not _unnamed(rows[0]), load, [], grouped=False)


def split_at(workspace: Workspace, table: DataTable, separator: str, load: Load) -> Workspace:
    """Return a workspace in which the lines of a table are parted at another sign.

    Raises:
        ToolError: If that gives no table.
    """
    rows, _ = _rows(workspace.engine, table)
    former = str(table.reading.get("separator") or ",")
    body = rows[1:] if _unnamed(rows[0]) else rows
    lines = [former.join(row).rstrip(former) if len(row) > 1 else row[0] for row in body]
    n = sum(separator in line for line in lines)
    if n < 0.5 * len(lines):
        holding = count(n, "line holds", "lines hold") if n else "No line holds"
        raise ToolError(
            f"{holding} a {_named(separator)} in {table.source}, so that gives no columns.",
            f"The lines are parted at each {_named(former)} now.",
        )
    parted = [tuple(row) for row in csv.reader(lines, delimiter=separator)]
    return _laid_out(workspace, table, parted, None, load, [])


def without_totals(workspace: Workspace, table: DataTable, load: Load) -> Workspace:
    """Return a workspace in which the rows of a table that are called a total are left out.

    Raises:
        ToolError: If none is.
    """
    rows, first = _rows(workspace.engine, table)
    sums = {i for i, row in enumerate(rows) if i and (is_total(row) or is_full_total(row))}
    if not sums:
        raise ToolError(
            f"No row of {table.name} is called a total; any found while reading was left out already.",
            "Say which rows to leave out, such as those of a city.",
        )
    lost = [Lost(first + i, ", ".join(filter(None, rows[i])), "a sum of rows") for i in sorted(sums)]
    kept = [row for i, row in enumerate(rows) if i not in sums]
    return _laid_out(workspace, table, kept, True, load, lost)


def _unnamed(names: Row) -> bool:
    return all(name == f"column_{i}" for i, name in enumerate(names, 1))


def _named(sign: str) -> str:
    return {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar", " ": "blank"}.get(sign, sign)


def _rows(engine: Engine, table: DataTable, groups: bool = True) -> tuple[list[Row], int]:
    """Return a table as it was read, as text, its names first; and the row of the file where those stood.

    Args:
        engine: Holds the table.
        table: A loaded table.
        groups: Whether the columns that were made of lines above the rows come with it.
    """
    names = list(table.reading["proposals"])
    if table.n_rows * len(names) > MOST_CELLS:
        raise ToolError(
            f"{table.name} is too large to be laid out anew here.",
            "Change the beginning of the file, then load it again.",
        )
    stored = table.reading["first"]
    present = set(engine.columns(stored))
    frame = engine.collect(engine.frame(stored))
    columns = []
    for place, name in enumerate(names):
        cells = [_text(value) for value in frame[name].tolist()]
        if (beside := unread(place)) in present:
            cells = [cell or _text(other) for cell, other in zip(cells, frame[beside].tolist(), strict=True)]
        columns.append(cells)
    made = 0 if groups else len(table.reading.get("labels", ()))
    for place in () if groups else table.reading.get("filled", ()):
        columns[made + place] = [""] * len(columns[made + place])
    rows = [tuple(names), *zip(*columns, strict=True)]
    return [row[made:] for row in rows], int(table.reading.get("header_row") or 1)


def _label_places(table: DataTable) -> list[int]:
    """Return the cells in which lines stood that named groups of rows."""
    return [*table.reading.get("labels", ()), *table.reading.get("filled", ())]


def _text(value: Any) -> str:
    return "" if value is None or value != value else text_of_value(value)


def _numbered(
    engine: Engine, table: DataTable, rows: Sequence[Row], first: int, only: str = ""
) -> list[tuple[int, Row]]:
    """Number rows as in their file, with those that were left out, or only those for one reason."""
    above: list[tuple[int, Row]] = []
    below: list[tuple[int, Row]] = []
    if engine.has(kept := lost_name(table.reading["first"])):
        left_out = engine.collect(engine.frame(kept))[["row", "text", "why"]]
        for row, text, why in left_out.itertuples(index=False):
            cells = tuple(str(text).split(", "))
            if why == GROUP:
                cells = (*[""] * min(_label_places(table), default=0), str(text))
            elif only:
                cells = ()
            (above if why == ABOVE or row < first else below).append((int(row), cells))
    start = 1 if _unnamed(rows[0]) else 0
    gone = {number for number, _ in below}
    numbered, number = sorted(above), first
    held = dict(below)
    for row in rows[start:]:
        while number in gone:
            numbered.append((number, held[number]))
            gone.discard(number)
            number += 1
        numbered.append((number, row))
        number += 1
    return [(number, cells) for number, cells in numbered if cells]


def _laid_out(
    workspace: Workspace,
    table: DataTable,
    rows: Sequence[Row],
    header: bool | None,
    load: Load,
    lost: Sequence[Lost],
    grouped: bool = True,
) -> Workspace:
    """Read rows anew as the table that they were, beside the earlier one, which stays as it was."""
    shared = {other.name for other in workspace.tables.values() if other.name != table.name}
    for other in workspace.tables.values():
        if other.reading and other.name != table.name:
            shared |= {other.reading["first"], lost_name(other.reading["first"])}
    engine = workspace.engine.beside(shared)
    with tempfile.TemporaryDirectory(prefix="reading-") as temporary:
        folder = Path(temporary)
        source = from_rows(table.name, table.source, rows, folder, header, grouped)
        told = CleaningStep("as_you_asked", None, len(lost), _said(lost))
        source = replace(source, cleaning=(*source.cleaning, told), lost=(*lost, *source.lost))
        reader = engine.reader(folder / "read.duckdb", [folder])
        try:
            made = load(reader, source, folder)
            engine.adopt(reader)
        finally:
            reader.close()
    tables = {name: made if name == table.name else each for name, each in workspace.tables.items()}
    tables = {
        each.name: replace(each, reading={**each.reading, "engine": engine.naming})
        for each in tables.values()
    }
    main = made.name if workspace.main == table.name else workspace.main
    return replace(
        workspace, engine=engine, tables=MappingProxyType(tables), main=main,
        segmentations=MappingProxyType({}), current=None, history=(),
    )  # fmt: skip


def _said(lost: Sequence[Lost]) -> str:
    rows = count(len(lost), "row was", "rows were")
    return f"{rows} left out, as you asked." if lost else "The file was laid out anew, as you asked."
