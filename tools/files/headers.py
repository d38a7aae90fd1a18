"""Knows which row of a file holds the names of its columns, and makes the names unique and usable."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.core import CleaningStep
from tools.understanding.vocabulary import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    PLACEHOLDERS,
)

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


UNITS = frozenset(("%", "kg", "g", "t", "km", "m", "cm", "h", "min", "kWh", "pcs", "Stk"))
IN_THOUSANDS = re.compile(r"(T|k|K|M|Mio\.?|Mn|Tsd\.?|Mrd\.?)\s?(€|\$|£|₹|EUR|USD|GBP|INR|CHF)|[TK]EUR")


def kind_of_cell(cell: str) -> str:
    """Tell whether a cell is empty, a value (a number or a date) or text."""
    cell = cell.strip()
    if not cell:
        return "empty"
    return "value" if NUMBER_LIKE.match(cell) or DATE_LIKE.match(cell) else "text"


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row holds names: text above numbers, or text that never comes again."""
    first, body = rows[0], rows[1:200]
    body = [row for row in body if tuple(row) != tuple(first)] or body  # a header may come again
    kinds = [
        "text" if _is_period(cell, [row[i] for row in body if i < len(row)]) else kind_of_cell(cell)
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


def _is_period(cell: str, below: Sequence[str]) -> bool:
    """Whether a year or a day in the first row names a column of other values."""
    for form in (r"\s*(19|20)\d\d\s*", rf"\s*{DATE_LIKE.pattern[1:-1]}\s*"):
        if below and re.fullmatch(form, cell):
            return sum(bool(re.fullmatch(form, other)) for other in below) < 0.5 * len(below)
    return False


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


def joined_header(
    rows: Sequence[tuple[str, ...]], groups_only: bool = False
) -> tuple[int, tuple[str, ...]] | None:
    """Join the rows of a header, upper ones with names for groups of columns, if that is what they are.

    Args:
        rows: From the first row of the header on.
        groups_only: Whether the upper row has to name groups of several columns, as no title does.

    Returns:
        How many rows it takes, two or three, and the names; None if the header is one row.
    """
    for n_rows in (3, 2):
        if len(rows) > n_rows and (names := _joined(rows, n_rows, groups_only)):
            return n_rows, names
    return None


def _joined(rows: Sequence[tuple[str, ...]], n_rows: int, groups_only: bool) -> tuple[str, ...] | None:
    """Join the first rows as a header, if each but the lowest names groups of the columns below it."""
    width = max(map(len, rows[:n_rows]))
    *uppers, lower = ([*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in rows[:n_rows])
    cells = [cell for row in (*uppers, lower) for cell in row]
    if any(kind_of_cell(cell) == "value" and not re.fullmatch(r"(19|20)\d\d", cell) for cell in cells):
        return None
    named = [["".join(cells) for cells in zip(*uppers[n:], lower, strict=True)] for n in range(1, n_rows)]
    if not all(_names_groups(*pair, groups_only) for pair in zip(uppers, named, strict=True)):
        return None
    alone = sum(map(bool, lower)) == 1 and bool(lower[0]) and not any(upper[0] for upper in uppers)
    if (len(set(filter(None, lower))) < 2 and not alone) or not has_values_below(rows[n_rows - 1 :]):
        return None
    names, groups = [], [""] * len(uppers)
    for place, below in enumerate(lower):
        groups = [upper[place] or group for upper, group in zip(uppers, groups, strict=True)]
        names.append(" ".join(dict.fromkeys(filter(None, (*groups, below)))))
        if not below:  # its name stands above, for it alone
            names[-1] = " ".join(dict.fromkeys(upper[place] for upper in uppers if upper[place]))
            groups = [""] * len(uppers)
    return tuple(names)


def _names_groups(upper: Sequence[str], below: Sequence[str], groups_only: bool) -> bool:
    """Whether a row names groups of the columns that the row below it names one by one."""
    filled = [place for place, cell in enumerate(upper) if cell]
    if not filled or not any(below):
        return False
    if all(below) and len(filled) < len(upper) and not groups_only:
        return True
    spans = [end - start for start, end in zip(filled, [*filled[1:], len(upper)], strict=True)]
    again = [a for a, b in zip(filled, filled[1:], strict=False) if upper[a] == upper[b] and b == a + 1]
    wide = sum(span > 1 and bool(below[start + 1]) for start, span in zip(filled, spans, strict=True)) + len(
        again
    )
    apart = not upper[0] or not below[0]  # the first column is named once
    shared = all(upper[place] or below[place] for place in range(filled[0], len(upper)))
    return shared and (wide > 1 or (wide == 1 and apart)) and (apart or len(filled) > 1)


def has_values_below(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row of words stands above at least one column of numbers or dates."""
    return bool(value_columns(rows[1:200], len(rows[0])))


def value_columns(body: Sequence[Sequence[str]], width: int) -> tuple[int, ...]:
    """Return the places of the columns that hold numbers and dates, and hardly anything else."""
    found = []
    for position in range(width):
        kinds = [kind_of_cell(row[position]) for row in body[:200] if position < len(row)]
        filled = [kind for kind in kinds if kind != "empty"]
        if filled and filled.count("value") > 0.8 * len(filled):
            found.append(position)
    return tuple(found)


def is_note(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the row below the header says types, units or labels: words above numbers and dates.

    Args:
        rows: The header, the row in question and what stands below it.
    """
    if len(rows) < 5:
        return False
    note, body = [cell.strip() for cell in rows[1]], rows[2:200]
    if _counts_columns(rows[0], note, body):
        return True
    held = typed = other = 0
    numeric = set(value_columns(body, len(note)))
    for position, cell in enumerate(note):
        if position in numeric and cell:
            if kind_of_cell(cell) != "text" or cell.casefold() in PLACEHOLDERS:
                return False
            held += 1
        elif cell and cell.strip("()[]").casefold() not in TYPES:
            if any(position < len(row) and row[position].strip() == cell for row in body):
                return False
            other += 1
        else:
            typed += bool(cell)
    empty = held == 1 and not other and not typed and len(note) > 2  # one unit, and nothing else
    return (
        (held > 1 and (not other or held + other + typed == len(note)))
        or (held == 1 and not other and typed > 0)
        or empty
    )


def units_in(note: Sequence[str]) -> dict[int, str]:
    """Return the units that a row below the header says, by place: in brackets, or a known one."""
    units = {}
    for place, cell in enumerate(note):
        bracket = re.fullmatch(r"\s*[(\[]\s*([^)\]]{1,12}?)\s*[)\]]\s*", cell)
        text = bracket[1] if bracket else cell.strip()
        known = text.upper() in CURRENCY_CODES or text in CURRENCY_SIGNS or text.casefold() in CURRENCY_WORDS
        if text.casefold() in TYPES or re.search(r"[dmyjh]{2}.*[dmyjh]{2}", text.casefold()):
            continue
        if known:
            units[place] = CURRENCY_SIGNS.get(text) or CURRENCY_WORDS.get(text.casefold()) or text.upper()
        elif bracket or text in UNITS or IN_THOUSANDS.fullmatch(text):
            units[place] = text
    return units


def _counts_columns(names: Sequence[str], note: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether a row numbers the columns, as forms do: (1), (2), (3), above what is not all whole numbers."""
    numbers = [re.sub(r"[()\[\].]", "", cell) for cell in note]
    counted = len(note) > 2 and numbers == [str(n) for n in range(1, len(note) + 1)]
    if not counted or any(kind_of_cell(cell) == "value" for cell in names):
        return False
    whole = re.compile(r"\s*-?\d*\s*")
    return any(not whole.fullmatch(cell) for cell in body[0]) and not all(map(whole.fullmatch, body[1]))


def named_rows(rows: Sequence[tuple[str, ...]], width: int) -> bool:
    """Tell whether rows begin with a name for which the header has no cell, as R writes them."""
    header, body = rows[0], rows[1:200]
    if len(header) != width - 1 or not body or not all(cell.strip() for cell in header):
        return False
    full = [row for row in body if len(row) == width]
    names = {row[0] for row in full}
    return len(full) >= 0.95 * len(body) and len(names) == len(full) and any(row[-1].strip() for row in full)
