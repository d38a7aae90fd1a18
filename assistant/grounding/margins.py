"""Adds to the counts of a cross table its totals by row and by column, and the share of a cell in each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.grounding.facts import SourcedFact
from tools.core import Fact

_CELL = re.compile(r"(?P<row>[^;=]+ = [^;]+); (?P<column>[^;=]+ = [^;]+)")
_MOST_CELLS = 400
_Cell = tuple[str, str]


@dataclass(slots=True)
class _Crossed:
    """The counts of one cross table by the scopes of row and column."""

    cells: dict[_Cell, SourcedFact] = field(default_factory=dict)

    def totals(self, side: int) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for cell, sourced in self.cells.items():
            found[cell[side]] += float(sourced.fact.value)  # type: ignore[arg-type]
        return found


def with_margins(facts: Sequence[SourcedFact]) -> Iterator[SourcedFact]:
    """Yield what follows from the counts of cross tables that the facts know as a whole.

    Totals are of everybody only where the cells are all there are, which the number of rows proves.

    Args:
        facts: All facts that may be quoted.
    """
    for crossed in _tables(facts):
        rows, columns = crossed.totals(0), crossed.totals(1)
        if len(crossed.cells) > _MOST_CELLS or len(rows) < 2 or len(columns) < 2:
            continue
        if not _is_whole(crossed, sum(rows.values()), facts):
            continue
        one = next(iter(crossed.cells.values()))
        for totals in (rows, columns):
            for scope, total in totals.items():
                yield _from(one, Fact(one.fact.name, total, one.fact.unit, scope))
        yield from _shares(crossed, rows, columns)


def _shares(crossed: _Crossed, rows: dict[str, float], columns: dict[str, float]) -> Iterator[SourcedFact]:
    for (row, column), sourced in crossed.cells.items():
        count, scope = float(sourced.fact.value), f"{row}; {column}"  # type: ignore[arg-type]
        yield _from(sourced, Fact("share_of_rows_pct", 100.0 * count / rows[row], "%", scope))
        yield _from(sourced, Fact("share_of_columns_pct", 100.0 * count / columns[column], "%", scope))


def _tables(facts: Sequence[SourcedFact]) -> Iterator[_Crossed]:
    found: dict[tuple[int, str, str], _Crossed] = defaultdict(_Crossed)
    for sourced in facts:
        fact = sourced.fact
        cell = _CELL.fullmatch(fact.scope) if fact.name.startswith("n_") and fact.unit != "%" else None
        if cell and isinstance(fact.value, int | float):
            columns = ";".join(cell[side].partition(" = ")[0] for side in ("row", "column"))
            found[sourced.step, fact.name, columns].cells.setdefault((cell["row"], cell["column"]), sourced)
    yield from found.values()


def _is_whole(crossed: _Crossed, total: float, facts: Sequence[SourcedFact]) -> bool:
    steps = {sourced.step for sourced in crossed.cells.values()}
    return any(
        each.step in steps
        and not each.fact.scope
        and each.fact.name.startswith("n_")
        and each.fact.value == total
        for each in facts
    )


def _from(told: SourcedFact, made: Fact) -> SourcedFact:
    return SourcedFact(told.step, made, origin=told.origin or told.fact)
