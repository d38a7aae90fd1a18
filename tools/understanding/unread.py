"""Knows the tool `show_unread`: the rows and cells that could not be read, counted and kept for download."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tools import wording
from tools.core import Fact, ResultTable, ToolResult, Workspace, tool
from tools.files.leftovers import leftovers
from tools.understanding.changing import choose_table

SHOWN = 200
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet computes


@tool
def show_unread(workspace: Workspace, *, table: str | None = None) -> ToolResult:
    """Show the rows and cells of the file that could not be read, word for word, with the reason.

    Args:
        workspace: The data.
        table: Name of a loaded table; without it the main one.
    """
    found = choose_table(workspace, table, None)
    left = leftovers(workspace.engine, found)
    cells = left[left["column"].notna()]
    n_cells, n_rows = len(cells), len(left) - len(cells)
    facts = [
        Fact("unread_cells", n_cells, "cells"),
        Fact("rows_left_out", n_rows, "rows"),
        Fact("n_rows", found.n_rows, "rows"),
    ]
    if left.empty:
        text = (
            f"**Everything in {found.source} was read**: no row was left out and every cell fits its column."
        )
        return ToolResult(text, tuple(facts))
    parts = [wording.count(n_cells, "cell")] if n_cells else []
    parts += [wording.count(n_rows, "row or part of a row", "rows or parts of rows")] if n_rows else []
    verb = "was" if n_cells + n_rows == 1 else "were"
    headline = (
        f"**{wording.listing(parts)}** of {found.source} {verb} not read; every one is listed word for word."
    )
    findings = []
    if n_cells:
        by_column = Counter(map(str, cells["column"])).most_common()
        told = wording.listing([f"{name} ({n:,})" for name, n in by_column[:6]])
        more = f" and {len(by_column) - 6} more columns" if len(by_column) > 6 else ""
        facts += [Fact("unread_cells", n, "cells", name) for name, n in by_column]
        facts.append(Fact("more_columns", max(len(by_column) - 6, 0), "columns"))
        findings.append(f"**Cells.** They do not fit their column and count as missing: {told}{more}.")
    if n_rows:
        why = Counter(map(str, left[left["column"].isna()]["why"])).most_common()
        facts += [Fact("rows_left_out", n, "rows", reason) for reason, n in why]
        findings.append(f"**Rows.** {wording.listing([f'{n:,} {reason}' for reason, n in why])}.")
    rows = tuple(
        (int(row), None if name != name or name is None else str(name), text, why)
        for row, name, text, why in left.head(SHOWN).itertuples(index=False)
    )
    total = len(left) if len(left) > SHOWN else None
    shown = ResultTable("What was not read", ("Row", "Column", "Text", "Why"), rows, (), total)
    return ToolResult(headline, tuple(facts), tuple(findings), (shown,))


def write_unread(workspace: Workspace, path: Path, table: str | None = None) -> int:
    """Write every row and cell that could not be read as CSV; return how many there are.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.

    Args:
        workspace: The data.
        path: File to write.
        table: Name of a loaded table; without it the main one.
    """
    left = leftovers(workspace.engine, choose_table(workspace, table, None))
    texts = left["text"].astype(object)
    left = left.assign(text=[f"'{text}" if str(text).startswith(FORMULAS) else text for text in texts])
    left.to_csv(path, index=False, encoding="utf-8-sig")
    return len(left)
