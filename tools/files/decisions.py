"""Knows what a person decided about how a table is read and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from tools.core import Json, Role

SWITCHES = (  # cleaning steps that can be switched off without the file
    "birth_century",
    "placeholder_dates",
    "implausible_births",
    "placeholder_words",
    "placeholder_numbers",
    "blank_cells",
)


@dataclass(frozen=True)
class ColumnDecision:
    """What was decided about one column; None and empty where nothing was.

    Attributes:
        date_order: Which field of its dates comes first.
        kind: What its cells are to be read as.
        role: What it means.
        unit: Currency or unit.
        factor: What its numbers are multiplied by.
        missing: Values that stand for "no value".
        decimal: Which sign stands before the decimals of its numbers.
    """

    date_order: Literal["day", "month"] | None = None
    kind: Literal["text", "number", "date"] | None = None
    role: Role | None = None
    unit: str | None = None
    factor: float = 1.0
    missing: tuple[str, ...] = ()
    decimal: Literal["comma", "point"] | None = None


@dataclass(frozen=True)
class Decisions:
    """What was decided about a table.

    Attributes:
        columns: By column.
        off: Code and column of cleaning steps that are switched off.
        without_repeats: Whether rows that repeat another one are left out.
    """

    columns: Mapping[str, ColumnDecision] = field(default_factory=dict)
    off: tuple[tuple[str, str], ...] = ()
    without_repeats: bool = False

    def of(self, column: str) -> ColumnDecision:
        """Return what was decided about a column."""
        return self.columns.get(column, ColumnDecision())

    def is_off(self, code: str, column: str) -> bool:
        """Tell whether a cleaning step is switched off for a column."""
        return (code, column) in self.off

    @property
    def roles(self) -> dict[str, Role]:
        """Meanings that were decided, by column."""
        return {name: decided.role for name, decided in self.columns.items() if decided.role}

    def about(self, column: str, **changes: object) -> Decisions:
        """Return the decisions with one more about a column; there is one customer, time and amount."""
        decided = replace(self.of(column), **changes)  # type: ignore[arg-type]
        others = {
            name: replace(each, role=None)
            if decided.role in ("customer_key", "time", "amount") and each.role == decided.role
            else each
            for name, each in self.columns.items()
        }
        return replace(self, columns={**others, column: decided})

    def switched(self, code: str, columns: tuple[str, ...], on: bool) -> Decisions:
        """Return the decisions with a cleaning step switched on or off for columns."""
        off = {(code, column) for column in columns}
        kept = tuple(each for each in self.off if each not in off)
        return replace(self, off=kept if on else tuple(sorted((*kept, *off))))

    def to_json(self) -> Json:
        """Return plain JSON from which `from_json` makes equal decisions."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Json) -> Decisions:
        """Read what `to_json` wrote."""
        columns = {
            name: ColumnDecision(**{**each, "missing": tuple(each["missing"])})
            for name, each in document.get("columns", {}).items()
        }
        off = tuple((code, column) for code, column in document.get("off", ()))
        return cls(columns, off, bool(document.get("without_repeats")))
