"""Counts the cells of a file that read as they were meant, and says in words what did not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tests.nasty.making import NastyFile
from tools.core import Workspace
from tools.errors import ToolError
from tools.files.loading import load


def cells_right(read: Sequence[Any], meant: Sequence[Any]) -> int:
    """Count the cells that read as they were meant."""
    return sum(plain(a) == plain(b) for a, b in zip(read, meant, strict=True))


def plain(value: Any) -> Any:
    """Write equal values alike: missing ones, whole numbers, days without a time."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if hasattr(value, "hour") and hasattr(value, "year"):
        return pd.Timestamp(value).isoformat()
    if hasattr(value, "year"):
        return pd.Timestamp(value).isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return bool(value) if type(value).__name__ == "bool_" else str(value) if hasattr(value, "hour") else value


def read_back(workspace: Workspace, name: str) -> pd.DataFrame:
    """Return a table as it was read."""
    return workspace.engine.collect(workspace.engine.frame(name)).astype(object)


def score(file: NastyFile, folder: Path) -> tuple[int, int, list[str]]:
    """Return cells right, cells meant, and what is wrong in words."""
    path = folder / file.name
    path.write_bytes(file.content)
    n_cells = sum(len(cells) for table in file.tables for cells in table.values())
    try:
        workspace = load([path])
    except ToolError as error:
        if file.refused and file.refused in error.wrong and str(folder) not in str(error):
            return 0, 0, []
        return 0, n_cells, [f"refused: {error}"]
    try:
        if file.refused:
            return 0, n_cells, [f"read as {[t.n_rows for t in workspace.tables.values()]} rows"]
        return compare(file, workspace, n_cells)
    finally:
        workspace.engine.close()


def compare(file: NastyFile, workspace: Workspace, n_cells: int) -> tuple[int, int, list[str]]:
    """Return cells right, cells meant, and what is wrong in words, for a file that was read."""
    wrong = []
    if len(workspace.tables) != len(file.tables):
        wrong.append(f"tables {list(workspace.tables)}")
    right = 0
    told: dict[str, int] = {}
    for table, meant in zip(workspace.tables.values(), file.tables, strict=False):
        told |= {item.code: item.n_rows for item in (*table.cleaning, *table.findings)}
        read = read_back(workspace, table.name)
        own = [column.name for column in table.columns if column.derived_from is None]
        if own != list(meant):
            wrong.append(f"columns {own[:8]}")
        for name, cells in meant.items():
            if name not in read or len(read) != len(cells):
                wrong.append(f"{name}: {len(read)} rows" if name in read else f"{name} is not there")
                continue
            n = cells_right(read[name].tolist(), cells)
            right += n
            if n < len(cells):
                pairs = zip(read[name], cells, strict=True)
                first = next((a, b) for a, b in pairs if plain(a) != plain(b))
                wrong.append(f"{name}: {first[0]!r} instead of {first[1]!r}")
    wrong += [
        f"{code}: {told.get(code)} told instead of {n}"
        for code, n in file.says.items()
        if told.get(code) != n
    ]
    return right, n_cells, wrong
