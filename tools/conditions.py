"""Knows how the rows that fulfil all conditions are selected, and how the conditions read in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from tools.checks import Check
from tools.core import DataTable, Fact, Workspace
from tools.frames import open_table
from tools.key_conditions import Searched, by_measure, by_presence, measured
from tools.relative_conditions import by_number_of_rows
from tools.selecting import Condition, columns_named, find_column
from tools.value_conditions import check_of


@dataclass(frozen=True)
class Selection:
    """Rows that satisfy some conditions.

    Attributes:
        frame: The rows.
        words: The conditions as a fragment ("`CustGender` is F and ..."), empty for all rows.
        beside: The same without the conditions that only choose among groups which are named anyway.
        clause: All conditions as they follow a noun, with a space in front: " in August 2016 where ...".
        clause_beside: Those of `beside`, likewise.
        caveats: What was assumed on the way.
        facts: Thresholds that were computed and numbers that stand in `words`.
    """

    frame: nw.LazyFrame[Any]
    words: str = ""
    caveats: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    beside: str = ""
    clause: str = ""
    clause_beside: str = ""


def select(
    workspace: Workspace,
    table: DataTable,
    frame: nw.LazyFrame[Any],
    where: Sequence[Condition],
    groups: Collection[str] = (),
) -> Selection:
    """Keep the rows for which every condition holds.

    Shares such as the top 20 % are cut on all rows of `frame`, whatever the other conditions keep; the n
    largest are taken among the rows that fulfil all other conditions.
    `groups` are columns by whose values the result is named.

    Raises:
        ToolError: If a condition cannot be understood on this table.
    """
    if not where:
        return Selection(frame)
    checks, kept = [], frame
    ordered = sorted(_ranges(where), key=lambda one: one.is_ in ("top_n", "bottom_n"))
    for condition in ordered:
        if condition.is_ in ("top_n", "bottom_n"):
            each = by_number_of_rows(workspace, table, kept, condition)
            kept = kept.filter(each.holds)
        elif condition.is_ in ("has_rows", "has_no_rows") or condition.measure is not None:
            kept, each = _with_rows(workspace, table, frame, kept, condition)
        else:
            each = check_of(workspace, table, frame, condition)
            kept = kept.filter(each.holds)
        checks.append(each)
    named = [one.column in groups and one.is_ in ("equal", "in") and not one.or_ for one in ordered]
    beside = [check for check, is_named in zip(checks, named, strict=True) if not is_named]
    return Selection(
        kept,
        " and ".join(each.words for each in checks),
        tuple(caveat for each in checks for caveat in each.caveats),
        tuple(fact for each in checks for fact in each.facts),
        " and ".join(each.words for each in beside),
        _clause(checks),
        _clause(beside),
    )


def _ranges(where: Sequence[Condition]) -> list[Condition]:
    """Write a lower and an upper bound on the same column as one range."""
    found: list[Condition] = []
    for one in where:
        low = next((each for each in found if _is_range(each, one)), None)
        if low is None:
            found.append(one)
        else:
            both = {"is_": "between", "value": None, "values": [low.value, one.value]}
            found[found.index(low)] = low.model_copy(update=both)
    return found


def _is_range(low: Condition, high: Condition) -> bool:
    """Tell whether two conditions are nothing but the bounds of one range of numbers."""
    same = low.model_copy(update={"is_": "at_most", "value": high.value}) == high
    plain = low.is_ == "at_least" and not low.values and not low.or_ and low.grain is None
    numbers = isinstance(low.value, int | float) and isinstance(high.value, int | float)
    return same and plain and numbers and float(str(low.value)) <= float(str(high.value))


def _clause(checks: Sequence[Check]) -> str:
    """Write conditions as they follow a noun: those that need no "where" first."""
    told = sorted((each.aside for each in checks if each.aside), key=lambda text: ":" in text)
    asides = "".join(f" {each}" for each in told)  # the hour stands behind the day
    others = " and ".join(each.words for each in checks if not each.aside)
    return f"{asides} where {others}" if others else asides


def _with_rows(
    workspace: Workspace,
    table: DataTable,
    frame: nw.LazyFrame[Any],
    kept: nw.LazyFrame[Any],
    condition: Condition,
) -> tuple[nw.LazyFrame[Any], Check]:
    """Keep the rows by what the rows with the same key are like, in this table or in another one."""
    key = find_column(table, condition.column)
    if condition.table is None or condition.table == table.name:
        other, rows = table, frame
    else:
        needed = [key.name, *sorted(columns_named(condition.rows)), *measured(condition.measure)]
        other, rows = open_table(workspace, condition.table, needed)
    searched = select(workspace, other, rows, condition.rows)
    if condition.measure is not None:
        measured_rows = Searched(other, searched.frame, searched.words)
        kept, check = by_measure(workspace, kept, key, measured_rows, condition)
    else:
        kept, check = by_presence(kept, key, Searched(other, searched.frame, searched.words), condition)
    told = (*searched.caveats, *check.caveats)
    return kept, replace(check, caveats=told, facts=(*searched.facts, *check.facts))
