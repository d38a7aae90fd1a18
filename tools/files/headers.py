"""Knows which row of a file holds the names of its columns, and makes the names unique and usable."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.core import CleaningStep
from tools.understanding.vocabulary import PLACEHOLDERS

NUMBER_LIKE = re.compile(
    r"^[(+\-]?\s*[^\w\s,.()+\-]{0,3}\s*\d[\d.,'\s]*([eE][+-]?\d+)?\s*[%)]?\s*[^\w\s]{0,3}$"
)
DATE_LIKE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")
TYPES = frozenset(
    [
        "string",
        "str",
        "text",
        "char",
        "character",
        "varchar",
        "object",
        "category",
        "factor",
        "boolean",
        "bool",
        "logical",
        "int",
        "integer",
        "bigint",
        "long",
        "float",
        "double",
        "real",
        "decimal",
        "numeric",
        "number",
        "date",
        "datetime",
        "timestamp",
        "time",
        "uuid",
        "id",
        "key",
        "code",
    ]
)


def kind_of_cell(cell: str) -> str:
    """Tell whether a cell is empty, a value (a number or a date) or text."""
    cell = cell.strip()
    if not cell:
        return "empty"
    return "value" if NUMBER_LIKE.match(cell) or DATE_LIKE.match(cell) else "text"


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row holds names: text above numbers, or text that never comes again."""
    first, body = rows[0], rows[1:200]
    kinds = [
        "text" if _is_year(cell, [row[i] for row in body if i < len(row)]) else kind_of_cell(cell)
        for i, cell in enumerate(first)
    ]
    if not body:
        return "value" not in kinds
    votes = 0
    for position, kind in enumerate(kinds):
        below = [kind_of_cell(row[position]) for row in body if position < len(row)]
        filled = [found for found in below if found != "empty"]
        values = filled.count("value") > 0.5 * len(filled)
        if values and filled:
            votes += 1 if kind == "text" else -1 if kind == "value" else 0
        elif kind == "text" and any(first[position] == row[position] for row in body if position < len(row)):
            votes -= 1
    return votes > 0 or (votes == 0 and "value" not in kinds)


def _is_year(cell: str, below: Sequence[str]) -> bool:
    """Whether a number in the first row is a year that names a column, not one of its values."""
    if not re.fullmatch(r"\s*(19|20)\d\d\s*", cell) or not below:
        return False
    return sum(bool(re.fullmatch(r"\s*(19|20)\d\d\s*", other)) for other in below) < 0.5 * len(below)


def column_names(cells: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[CleaningStep, ...]]:
    """Make the names of the columns unique and not empty; say so where a name had to change."""
    names: list[str] = []
    seen: set[str] = set()
    renamed, dotted, invented = [], [], 0
    for position in range(width):
        cell = re.sub(r"\s+", " ", cells[position]).strip() if position < len(cells) else ""
        plain = plain_column(cell)
        name = plain or f"column_{position + 1}"
        invented += not cell
        if plain != cell:
            dotted.append(name)
        base, number = name, 2
        while name.casefold() in seen:
            name, number = f"{base}_{number}", number + 1
        if cell and name != base:
            renamed.append(name)
        seen.add(name.casefold())
        names.append(name)
    steps = []
    if not cells:
        sentence = f"The file has no header: its columns are called {names[0]} to {names[-1]}."
        steps.append(CleaningStep("no_header", None, 0, sentence))
    elif invented:
        unnamed = [name for name in names if name.startswith("column_")]
        steps.append(
            CleaningStep("unnamed_columns", None, 0, f"Columns without a name are called {_and(unnamed)}.")
        )
    if dotted:
        sentence = f"Names with dots, quotation marks or stars were simplified: {_and(dotted)}."
        steps.append(CleaningStep("simplified_names", None, 0, sentence))
    if renamed:
        steps.append(
            CleaningStep("repeated_names", None, 0, f"Repeated column names became {_and(renamed)}.")
        )
    return tuple(names), tuple(steps)


def plain_column(name: str) -> str:
    """Take out of a column name the dots, quotation marks and stars that mean something in queries."""
    bare = re.sub(r"\.(?=\s|$|[)\]])|^\.+", "", name.replace('"', "'"))
    return re.sub(r"\.+", "_", bare).replace("*", "").strip()


def _and(words: Sequence[str]) -> str:
    shown = [*words[:5], *([f"{len(words) - 5} more"] if len(words) > 5 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def joined_header(rows: Sequence[tuple[str, ...]]) -> tuple[int, tuple[str, ...]] | None:
    """Join the rows of a header, upper ones with names for groups of columns, if that is what they are.

    Returns:
        How many rows it takes, two or three, and the names; None if the header is one row.
    """
    for n_rows in (3, 2):
        if len(rows) > n_rows and (names := _joined(rows, n_rows)):
            return n_rows, names
    return None


def _joined(rows: Sequence[tuple[str, ...]], n_rows: int) -> tuple[str, ...] | None:
    """Join the first rows as a header, if the lowest one is full and each above it names groups."""
    *uppers, lower = ([cell.strip() for cell in row] for row in rows[:n_rows])
    if any(len(upper) != len(lower) for upper in uppers) or not all(lower):
        return None
    if not all(0 < sum(map(bool, upper)) < len(lower) for upper in uppers):
        return None
    cells = [cell for row in (*uppers, lower) for cell in row]
    if any(kind_of_cell(cell) == "value" and not re.fullmatch(r"(19|20)\d\d", cell) for cell in cells):
        return None
    if not has_values_below(rows[n_rows - 1 :]):
        return None
    names, groups = [], [""] * len(uppers)
    for place, below in enumerate(lower):
        groups = [upper[place] or group for upper, group in zip(uppers, groups, strict=True)]
        names.append(" ".join(dict.fromkeys(filter(None, (*groups, below)))))
    return tuple(names)


def has_values_below(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row of words stands above at least one column of numbers or dates."""
    body = rows[1:200]
    for position in range(len(rows[0])):
        kinds = [kind_of_cell(row[position]) for row in body if position < len(row)]
        filled = [kind for kind in kinds if kind != "empty"]
        if filled and filled.count("value") > 0.8 * len(filled):
            return True
    return False


def is_note(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the row below the header says types or units: words above numbers and dates.

    Args:
        rows: The header, the row in question and what stands below it.
    """
    if len(rows) < 5:
        return False
    note, body = [cell.strip() for cell in rows[1]], rows[2:200]
    held = typed = 0
    for position, cell in enumerate(note):
        kinds = [kind_of_cell(row[position]) for row in body if position < len(row)]
        filled = [kind for kind in kinds if kind != "empty"]
        if filled and filled.count("value") > 0.8 * len(filled):
            if kind_of_cell(cell) != "text" or cell.casefold() in PLACEHOLDERS:
                return False
            held += 1
        elif cell and cell.strip("()[]").casefold() not in TYPES:
            return False
        else:
            typed += bool(cell)
    return held > 1 or (held == 1 and typed > 0)


def named_rows(rows: Sequence[tuple[str, ...]], width: int) -> bool:
    """Tell whether rows begin with a name for which the header has no cell, as R writes them."""
    header, body = rows[0], rows[1:200]
    if len(header) != width - 1 or not body or not all(cell.strip() for cell in header):
        return False
    full = [row for row in body if len(row) == width]
    names = {row[0] for row in full}
    return len(full) >= 0.95 * len(body) and len(names) == len(full) and any(row[-1].strip() for row in full)
