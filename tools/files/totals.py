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
FEWEST = 3  # rows that a sum without a name adds up


class Sums:
    """Adds up the numbers of each column, which tells a line of sums from a row that is called Total."""

    def __init__(self, width: int) -> None:
        """Begin with nothing."""
        self.since = [0.0] * width
        self.all = [0.0] * width
        self.n_since = 0

    def add(self, row: Sequence[str]) -> None:
        """Count a row in."""
        self.n_since += 1
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
        self.n_since = 0
        return True

    def are_without_name(self, row: Sequence[str]) -> bool:
        """Tell whether a row that begins with empty cells and holds no words is a sum of several rows."""
        if self.n_since < FEWEST or row[0].strip() or len([cell for cell in row if cell.strip()]) < 1:
            return False
        return not any(re.search(r"[^\W\d]{2}", cell) for cell in row) and self.are(row)


def _adds_up(row: Sequence[str], sums: Sequence[float]) -> bool:
    for cell, total in zip(row, sums, strict=False):
        value = _number(cell)
        if value is not None and value and abs(value - total) <= max(0.011, 1e-6 * abs(total)):
            return True
    return False


def _number(cell: str) -> float | None:
    text = re.sub(r"[^\d.,+-]", "", cell) if any(char.isdigit() for char in cell) else ""
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
