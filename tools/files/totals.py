"""Knows which rows are sums of others: by what they are called, and by adding up what stands above them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.understanding.vocabulary import TOTALS

_WORDS = "|".join(sorted(TOTALS, key=lambda word: (-len(word), word)))
TOTAL = re.compile(rf"\W*((grand|sub|overall)[\s-]*)?({_WORDS})\b", re.IGNORECASE)
BEHIND = re.compile(rf"\b((grand|sub)[\s-]*)?({_WORDS})\W*$", re.IGNORECASE)  # North Total
WHOLLY = re.compile(rf"\W*((grand|overall)[\s-]*)?({_WORDS})\W*", re.IGNORECASE)
NAMED = re.compile(rf"\W*({_WORDS})\s*:", re.IGNORECASE)  # Total: Account
MARKED = re.compile(r"\s*(\*{1,4}|[Σ∑])\s*")  # in the first cell, as SAP writes it
COUNT_WORDS = frozenset(
    {"count", "record count", "row count", "anzahl", "nombre", "no. of records", "number of records"}
)
FEWEST = 3  # rows that a sum without a name adds up


class Sums:
    """Adds up the numbers of each column, which tells a line of sums from a row that is called Total."""

    def __init__(self, width: int) -> None:
        """Begin with nothing."""
        self.since = [0.0] * width
        self.all = [0.0] * width
        self.n_since = 0
        self.n_before = 0
        self.n_all = 0

    def add(self, row: Sequence[str]) -> None:
        """Count a row in."""
        self.n_since += 1
        self.n_all += 1
        for place, cell in enumerate(row[: len(self.all)]):
            value = _number(cell)
            if value is not None:
                self.since[place] += value
                self.all[place] += value

    def are(self, row: Sequence[str]) -> bool:
        """Tell whether a row holds a sum of the rows since the last sum, or of all of them."""
        if not _adds_up(row, self.since) and not _adds_up(row, self.all):
            return False
        self.since = [0.0] * len(self.all)
        self.n_before, self.n_since = self.n_since, 0
        return True

    def are_wholly(self, row: Sequence[str]) -> bool:
        """Tell whether each number of a row is the sum of what stands above it in several rows."""
        numbers = {place: value for place, cell in enumerate(row) if (value := _number(cell)) is not None}
        for sums in (self.since, self.all):
            fits = all(place < len(sums) and _is_near(value, sums[place]) for place, value in numbers.items())
            if numbers and fits and self.n_all > 1 and any(numbers.values()):
                return self.are(row)
        return False

    def count(self, row: Sequence[str]) -> bool:
        """Tell whether a row says nothing but how many rows stand above it."""
        filled = [cell.strip() for cell in row if cell.strip()]
        named = [cell for cell in filled if cell.casefold().rstrip(":") in COUNT_WORDS]
        numbers = [value for cell in filled if (value := _number(cell)) is not None]
        others = len(filled) - len(named) - len(numbers)
        known = {self.n_since or self.n_before, self.n_all}
        return len(filled) < len(row) and len(named) == 1 and others <= 1 and bool(known & set(numbers))

    def are_without_name(self, row: Sequence[str]) -> bool:
        """Tell whether a row that begins with empty cells and holds no words is a sum of several rows."""
        if self.n_since < FEWEST or row[0].strip() or len([cell for cell in row if cell.strip()]) < 1:
            return False
        return not any(re.search(r"[^\W\d]{2}", cell) for cell in row) and self.are(row)


def is_marked(row: Sequence[str]) -> bool:
    """Whether a star stands in the first cell of a row that leaves others empty; only its sums prove it."""
    return bool(row) and MARKED.fullmatch(row[0]) is not None and not all(cell.strip() for cell in row)


def counts_rows(row: Sequence[str]) -> bool:
    """Whether a row looks like a count of others; only the number of these can prove it."""
    filled = [cell.strip().casefold().rstrip(":") for cell in row if cell.strip()]
    return 1 < len(filled) < len(row) and sum(cell in COUNT_WORDS for cell in filled) == 1


def _adds_up(row: Sequence[str], sums: Sequence[float]) -> bool:
    for cell, total in zip(row, sums, strict=False):
        value = _number(cell)
        if value is not None and value and _is_near(value, total):
            return True
    return False


def _is_near(value: float, total: float) -> bool:
    return abs(value - total) <= max(0.011, 1e-6 * abs(total))


def _number(cell: str) -> float | None:
    text = re.sub(r"[^\d.,+-]", "", cell) if any(char.isdigit() for char in cell) else ""
    if cell.rstrip().endswith("-") or re.match(r"\W*\(.*\)\W*$", cell):  # as bookkeepers write minus
        text = f"-{text.strip('-')}"
    if not re.fullmatch(r"[+-]?[\d.,]*\d", text) or re.search(r"[^\W\d]", cell):
        return None
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})*,\d{1,2}", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{2,3})*(\.\d+)?", text):
        text = text.replace(",", "")
    return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text) else None


def is_total(row: Sequence[str], ends: bool = True) -> bool:
    """Whether a row is named as the sum of others and leaves some of its cells empty.

    Args:
        row: Its cells.
        ends: Whether a name that only ends so, as North Total does, counts too.
    """
    filled = [cell for cell in row if cell.strip()]
    if len(filled) < 2 or len(filled) == len(row):
        return False
    first = filled[0]
    wholly = not row[0].strip() and any(WHOLLY.fullmatch(cell) for cell in filled)
    return wholly or bool(TOTAL.match(first)) or (ends and bool(BEHIND.search(first)))


def is_full_total(row: Sequence[str]) -> bool:
    """Whether a row without an empty cell is called a total; only its sums can prove that it is one."""
    first = row[0].strip() if row else ""
    if len(row) < 2 or not first or first[-1].isdigit():
        return False
    return bool(WHOLLY.fullmatch(first) or BEHIND.search(first) or NAMED.match(first))
