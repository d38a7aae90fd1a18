"""Knows groups too small to be shown to others, and how tables, charts and facts are written without them.

Source: Hundepool et al. (2012), Statistical Disclosure Control, chapter 4: the rule of a least frequency, and
a second group held back where one alone could be had by subtraction.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from tools.core import Fact, Json, ResultTable, Scalar, ToolResult

FEWEST = 5
_COUNTED = re.compile(
    r"(?:n_|number of )?(customers?|transactions?|rows?|orders?|people|n|count)\b.*", re.IGNORECASE
)
_OF_GROUP = re.compile(r"(customers|transactions|rows|orders|people)( found)?", re.IGNORECASE)


def is_small(value: Any) -> bool:
    """Tell whether a count is of a few people; nobody is no one's secret."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < FEWEST


def small_rows(table: ResultTable) -> list[int]:
    """Return the rows of a table whose group is small."""
    counts = _count_columns(table)
    if len(counts) != 1:
        return []
    return [i for i, row in enumerate(table.rows) if is_small(row[counts[0]])]


def small_cells(table: ResultTable) -> list[tuple[int, int]]:
    """Return the cells of a table of counts, rows by columns, that hold small groups."""
    counts = _count_columns(table)
    if len(counts) < 2:
        return []
    return [(i, j) for i, row in enumerate(table.rows) for j in counts if is_small(row[j])]


def small_scopes(facts: Iterable[Fact]) -> set[str]:
    """Return what facts are about where that is a small group."""
    return {
        fact.scope
        for fact in facts
        if " = " in fact.scope and fact.unit and _OF_GROUP.fullmatch(fact.unit) and is_small(fact.value)
    }


def without_small_groups(result: ToolResult) -> ToolResult:
    """Return tables, charts and facts without what is said of small groups; texts are left as they are."""
    hidden_cells = {
        (str(table.rows[i][0]), table.columns[j]) for table in result.tables for i, j in small_cells(table)
    }
    labels: set[str] = set()
    tables = []
    for table in result.tables:
        hidden = _with_a_second(table, small_rows(table))
        labels |= {str(table.rows[i][0]) for i in hidden}
        tables.append(_blanked(table, hidden, hidden_cells))
    scopes = small_scopes(result.facts)
    scopes |= {
        fact.scope for fact in result.facts if " = " in fact.scope and fact.scope.split(" = ", 1)[1] in labels
    }
    return replace(
        result,
        tables=tuple(tables),
        figures=tuple(_figure(figure, labels) for figure in result.figures),
        facts=tuple(fact for fact in result.facts if fact.scope not in scopes),
    )


def _count_columns(table: ResultTable) -> list[int]:
    units = table.units or (None,) * len(table.columns)
    return [
        j
        for j, (name, unit) in enumerate(zip(table.columns, units, strict=True))
        if j and unit != "%" and (_OF_GROUP.fullmatch(unit or "") or _OF_GROUP.fullmatch(name))
    ]


def _with_a_second(table: ResultTable, hidden: list[int]) -> list[int]:
    """Add the next smallest group where a single hidden one could be had by subtraction."""
    if len(hidden) != 1 or len(table.rows) < 3:
        return hidden
    at = _count_columns(table)[0]
    others = [
        (value, i)
        for i, row in enumerate(table.rows)
        if i not in hidden and isinstance(value := row[at], int | float)
    ]
    return [*hidden, min(others)[1]] if others else hidden


def _blanked(table: ResultTable, rows: Sequence[int], cells: set[tuple[str, str]]) -> ResultTable:
    def cell(i: int, j: int, value: Scalar) -> Scalar:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        gone = (i in rows and number and j > 0) or (str(table.rows[i][0]), table.columns[j]) in cells
        return None if gone else value

    changed = tuple(
        tuple(cell(i, j, value) for j, value in enumerate(row)) for i, row in enumerate(table.rows)
    )
    if changed == table.rows:
        return table
    return replace(table, rows=changed, title=f"{table.title} (groups of fewer than {FEWEST} left blank)")


def _figure(figure: Json, labels: set[str]) -> Json:
    """Return a chart without bars, slices, cells and flows of small groups."""
    drawn = copy.deepcopy(figure)
    for trace in drawn["data"]:
        if trace["type"] == "sankey":
            _thin_flows(trace["link"])
        elif trace["type"] == "pie":
            trace["values"] = [
                0 if str(name) in labels else value
                for name, value in zip(trace["labels"], trace["values"], strict=True)
            ]
        elif trace["type"] in ("bar", "scatter"):
            _blank_marks(trace, drawn["layout"], labels)
    return drawn


def _blank_marks(trace: Json, layout: Json, labels: set[str]) -> None:
    along, across = ("y", "x") if trace.get("orientation") == "h" else ("x", "y")
    title = str(layout.get(f"{across}axis", {}).get("title", {}).get("text") or "")
    counts = bool(_COUNTED.fullmatch(title))
    trace[across] = [
        None if str(name) in labels or (counts and is_small(value)) else value
        for name, value in zip(trace[along], trace[across], strict=True)
    ]


def _thin_flows(link: Json) -> None:
    kept = [i for i, value in enumerate(link["value"]) if not is_small(value)]
    for name in ("source", "target", "value", "color"):
        if isinstance(link.get(name), list):
            link[name] = [link[name][i] for i in kept]
