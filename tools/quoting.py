"""Knows how a number is written in prose and, in the same step, recorded as a fact that may be quoted."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tools import wording
from tools.core import Fact, ResultTable, Scalar

ROWS_AS_FACTS = 30


@dataclass
class Quotes:
    """Writes numbers for a person and keeps each as a fact, unrounded."""

    _facts: dict[tuple[str, str], Fact] = field(default_factory=dict)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Everything that was quoted, in the order of first use."""
        return tuple(self._facts.values())

    def note(self, name: str, value: Scalar, unit: str | None = None, scope: str = "") -> None:
        """Record a fact without writing it; the first value under a name and scope stays."""
        if isinstance(value, float) and math.isnan(value):
            value = None
        self._facts.setdefault((name, scope), Fact(name, value, unit, scope))

    def number(
        self, name: str, value: float, unit: str | None = None, scope: str = "", digits: int | None = None
    ) -> str:
        """Write a number with its unit."""
        self.note(name, value, unit, scope)
        return wording.number(value, unit, tidy_digits(value) if digits is None else digits)

    def share(self, name: str, part: float, scope: str = "", digits: int = 1) -> str:
        """Write a part of one as percent; the fact is the percentage."""
        self.note(name, 100 * part, "%", scope)
        return wording.share(part, digits)

    def count(self, name: str, value: int, noun: str, plural: str | None = None, scope: str = "") -> str:
        """Write a count with its noun."""
        self.note(name, value, plural or noun + "s", scope)
        return wording.count(value, noun, plural)

    def table(self, table: ResultTable, n_labels: int = 1) -> None:
        """Record the numbers of the first rows of a table; `n_labels` columns say what a row is about."""
        units = table.units or (None,) * len(table.columns)
        for row in table.rows[:ROWS_AS_FACTS]:
            scope = ", ".join(wording.scalar(value) for value in row[:n_labels])
            for column, unit, value in zip(
                table.columns[n_labels:], units[n_labels:], row[n_labels:], strict=True
            ):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    self.note(_fact_name(column), value, unit, f"{table.title}: {scope}")


def tidy_digits(value: float) -> int | None:
    """Return the decimals that a number in a sentence deserves; None leaves it to `wording.number`."""
    if not math.isfinite(value) or float(value).is_integer():
        return None
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else None


def _fact_name(column: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in column.casefold()).strip("_")
