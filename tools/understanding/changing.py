"""Knows the tools `change_reading` and `switch_cleaning`: what was read or guessed is changed by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import narwhals as nw

from tools import wording
from tools.core import Column, DataTable, Fact, Role, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.files import relaying
from tools.files.decisions import SWITCHES, Decisions
from tools.files.loading import load_source
from tools.files.rereading import numbers_in_text, reread
from tools.selecting import find_column, fold, nearest
from tools.understanding.changed import tell_change, tell_layout

Meant = Literal[
    "customer", "transaction", "time", "amount", "balance", "quantity", "birth date", "age", "category",
    "place", "outcome", "number", "yes or no", "personal", "free text", "ignore",
]  # fmt: skip
ROLES: dict[str, Role] = {
    "customer": "customer_key",
    "transaction": "row_key",
    "time": "time",
    "amount": "amount",
    "balance": "balance",
    "quantity": "quantity",
    "birth date": "birth_date",
    "age": "age",
    "category": "category",
    "place": "place",
    "outcome": "outcome",
    "number": "measure",
    "yes or no": "flag",
    "personal": "personal",
    "free text": "free_text",
    "ignore": "index",
}
NUMBERS: set[Role] = {"amount", "balance", "quantity", "age", "measure"}
Step = Literal[
    "birth_century", "placeholder_dates", "implausible_births", "placeholder_words", "placeholder_numbers",
    "blank_cells",
]  # fmt: skip


@tool
def change_reading(
    workspace: Workspace,
    *,
    column: str | None = None,
    dates: Literal["day first", "month first"] | None = None,
    meaning: Meant | None = None,
    kind: Literal["text", "number", "date"] | None = None,
    unit: str | None = None,
    multiply_by: float | None = None,
    no_value: Sequence[str] = (),
    repeated_rows: Literal["keep", "leave out"] | None = None,
    decimals: Literal["comma", "point"] | None = None,
    header_row: int | None = None,
    first_rows_out: int | None = None,
    separator: str | None = None,
    total_rows: Literal["leave out"] | None = None,
    group_lines: Literal["keep as rows"] | None = None,
    table: str | None = None,
) -> ToolResult:
    """Change how the data were read or what a column means: date order, customer, amount, unit, thousands.

    Use it for "the dates are month first", "use email as the customer", "balance is in thousands", "treat
    Segmentation as a label", "-999 means missing", "leave out repeated rows", "the header is in row 3",
    "the first two rows are not data", "use semicolon", "decimal comma", "ignore the total rows", "keep the
    group lines as rows". The data are read anew; segments have to be made again.

    Args:
        workspace: The data.
        column: Column to change; for dates all columns whose order is open, if left out.
        dates: Order of day and month in its dates.
        meaning: What the column means from now on.
        kind: What its cells are to be read as.
        unit: Currency or unit of its numbers, such as EUR.
        multiply_by: Factor for its numbers: 1000 where they are in thousands.
        no_value: Values that stand for "no value", such as -999 or unknown.
        repeated_rows: Whether rows that repeat another one in every column count.
        decimals: Which sign stands before the decimals, in a column or in all that are still text.
        header_row: Row of the file in which the names of the columns stand, from 1; 0 if it has none.
        first_rows_out: How many rows at the beginning are no data.
        separator: The sign at which the lines are parted, such as ;.
        total_rows: Whether rows that are called a total are left out.
        group_lines: Whether lines that name the group of the rows below them are rows again.
        table: Name of a loaded table; without it the one that holds the column.
    """
    found = choose_table(workspace, table, column)
    if (
        anew := _laid_out(workspace, found, header_row, first_rows_out, separator, total_rows, group_lines)
    ) is not None:
        return tell_layout(workspace, anew, found)
    if decimals and column is None:
        return _with_decimals(workspace, found, decimals)
    if table is None and column is None:
        found = _concerned(workspace, found, dates, repeated_rows)
    decisions = Decisions.from_json(found.reading["decisions"])
    columns = _columns_of(found, column, dates)
    if repeated_rows is None and not columns:
        raise ToolError("It is not said which column is to change.", "Name the column.")
    for each in columns:
        changes: dict[str, object] = {}
        if dates:
            changes["date_order"] = "day" if dates == "day first" else "month"
        if kind:
            changes["kind"] = kind
        if decimals:
            changes |= _decimal(each, decimals)
        if meaning:
            changes["role"] = _role_for(each, meaning)
        if unit:
            changes["unit"] = unit.strip()
        if multiply_by is not None:
            changes["factor"] = _factor(each, multiply_by)
        if no_value:
            changes["missing"] = tuple(dict.fromkeys((*decisions.of(each.name).missing, *no_value)))
        if not changes and repeated_rows is None:
            raise ToolError(f"It is not said what is to change about {each.name}.", "Say what it means.")
        decisions = decisions.about(each.name, **changes)
    if repeated_rows:
        decisions = replace(decisions, without_repeats=repeated_rows == "leave out")
    made = reread(workspace, found, decisions)
    now = next(new for new in made.tables.values() if new.reading.get("first") == found.reading["first"])
    subject = columns[0] if columns else None
    told = tell_change(workspace, made, found, now, subject, [each.name for each in columns])
    return _with_changed_dates(workspace, made, found, now, told) if dates else told


def _laid_out(
    workspace: Workspace,
    table: DataTable,
    header_row: int | None,
    first_rows_out: int | None,
    separator: str | None,
    total_rows: str | None,
    group_lines: str | None,
) -> Workspace | None:
    """Return the workspace with the table laid out anew, or None if nothing of that is wanted."""
    if header_row is not None:
        return relaying.with_header_in(workspace, table, header_row, load_source)
    if first_rows_out is not None:
        return relaying.without_first(workspace, table, first_rows_out, load_source)
    if separator:
        return relaying.split_at(workspace, table, separator, load_source)
    if group_lines:
        return relaying.with_group_lines(workspace, table, load_source)
    return relaying.without_totals(workspace, table, load_source) if total_rows else None


def _decimal(column: Column, decimals: str) -> dict[str, object]:
    """Return what to decide about a column whose decimals stand behind a comma or a point."""
    if column.kind == "number":
        raise ToolError(
            f"{column.name} holds numbers already, and how they were written is not kept.",
            f"If they are a thousand times too small, say: {column.name} is in thousands.",
        )
    return {"kind": "number", "decimal": decimals}


def _with_decimals(workspace: Workspace, table: DataTable, decimals: str) -> ToolResult:
    """Read all columns of text that hold numbers written so as numbers."""
    decisions = Decisions.from_json(table.reading["decisions"])
    names = numbers_in_text(workspace.engine, table, decimals)
    if not names:
        raise ToolError(
            f"No column of {table.name} holds text that is a number with a decimal {decimals}.",
            "Numbers were read already; if one is a thousand times too small, say that it is in thousands.",
        )
    for name in names:
        decisions = decisions.about(name, kind="number", decimal=decimals)
    made = reread(workspace, table, decisions)
    now = next(new for new in made.tables.values() if new.reading.get("first") == table.reading["first"])
    return tell_change(workspace, made, table, now, table.column(names[0]), names)


def _with_changed_dates(
    before: Workspace, made: Workspace, was: DataTable, now: DataTable, told: ToolResult
) -> ToolResult:
    """Say how many dates became other ones: those whose day and month differ, where the order changed."""
    facts, findings = list(told.facts), list(told.findings)
    for new in now.columns:
        old = was.column(new.name)
        if old is None or not {old.kind, new.kind} <= {"date", "datetime"} or new.derived_from:
            continue
        days, _, _ = _days(before, was.name, new.name)
        days_now, other, n = _days(made, now.name, new.name)
        if days != days_now:
            facts += [Fact("dates_changed", other, "dates", new.name), Fact("n_dates", n, "dates", new.name)]
            findings.append(f"{wording.count(other, 'date')} of {n:,} in {new.name} became another day.")
    return replace(told, facts=tuple(dict.fromkeys(facts)), findings=tuple(findings))


def _days(workspace: Workspace, table: str, name: str) -> tuple[int, int, int]:
    """Return the sum of the days of the month, dates whose day is not their month, and all dates."""
    day, month = nw.col(name).dt.day(), nw.col(name).dt.month()
    counted = (day.sum().alias("days"), (day != month).sum().alias("other"), nw.col(name).count().alias("n"))
    row = workspace.engine.collect(workspace.engine.frame(table).select(*counted)).iloc[0]
    return int(row["days"]), int(row["other"]), int(row["n"])


@tool
def switch_cleaning(
    workspace: Workspace, *, step: Step, on: bool = False, column: str | None = None, table: str | None = None
) -> ToolResult:
    """Switch off a step by which the data were cleaned while reading, or switch it on again.

    Use it for "keep the birth dates of 1800", "do not move birth years back", "N/A is a value in channel".

    Args:
        workspace: The data.
        step: The step: centuries of birth dates, placeholder dates, implausible births, words such as N/A
            or numbers such as -999 that stand for no value, blank cells.
        on: Whether it is to be on.
        column: Only in this column; everywhere if left out.
        table: Name of a loaded table; without it the one that holds the column.
    """
    found = choose_table(workspace, table, column)
    decisions = Decisions.from_json(found.reading["decisions"])
    if column:
        names = [find_column(found, column).name]
    else:
        done = [each.column for each in found.cleaning if each.code == step and each.column]
        names = [name for code, name in decisions.off if code == step] if on else done
    names = list(dict.fromkeys(names))
    if not names:
        known = dict.fromkeys(each.code for each in found.cleaning if each.code in SWITCHES)
        raise ToolError(
            f"No step of this kind {'is switched off' if on else 'was needed'} in {found.name}.",
            f"Steps that can be switched off here: {wording.listing(list(known))}." if known else "",
        )
    made = reread(workspace, found, decisions.switched(step, tuple(names), on))
    now = next(new for new in made.tables.values() if new.reading.get("first") == found.reading["first"])
    subject = found.column(names[0])
    return tell_change(workspace, made, found, now, subject, names)


def choose_table(workspace: Workspace, table: str | None, column: str | None) -> DataTable:
    """Return the loaded table that is named, or the one that holds a column.

    Raises:
        ToolError: If there is none, or it was not read from a file here.
    """
    found = workspace.table
    if table is not None:
        known = {fold(name): each for name, each in workspace.tables.items()}
        if fold(table) not in known:
            names = list(workspace.tables)
            raise ToolError(
                f"There is no table {table}.", f"There are {wording.listing(names)}.", nearest(table, names)
            )
        found = known[fold(table)]
    elif column is not None:
        holding = [
            t for t in workspace.tables.values() if any(fold(c.name) == fold(column) for c in t.columns)
        ]
        found = workspace.table if not holding or workspace.table in holding else holding[0]
    if not found.reading:
        raise ToolError(f"How {found.name} was read is not known.", "Load the file again.")
    return found


def _concerned(workspace: Workspace, main: DataTable, dates: str | None, repeated: str | None) -> DataTable:
    """Return the table with dates that leave their order open, or with repeated rows; else the main one."""
    codes = {"date_order_open", "date_order_mixed"} if dates else {"duplicate_rows"}
    left_out = "repeats_left_out" if repeated == "keep" else ""
    for table in (main, *workspace.tables.values()):
        told = {finding.code for finding in table.findings} | {step.code for step in table.cleaning}
        if table.reading and told & {*codes, left_out}:
            return table
    return main


def _columns_of(table: DataTable, column: str | None, dates: str | None) -> list[Column]:
    if column is not None:
        found = find_column(table, column)
        if found.derived_from:
            raise ToolError(
                f"{found.name} is computed from {found.derived_from}.",
                f"Change {found.derived_from} instead.",
            )
        return [found]
    if dates is None:
        return []
    told = [f.column for f in table.findings if f.code in ("date_order_open", "date_order_mixed")]
    told += [] if told else [step.column for step in table.cleaning if step.code == "date_order"]
    found_columns = [c for c in table.columns if c.name in told]
    if not found_columns:
        raise ToolError(f"The dates of {table.name} leave nothing open.", "Name a column with dates.")
    return found_columns


def _role_for(column: Column, meaning: str) -> Role:
    role = ROLES[meaning]
    if role in NUMBERS and column.kind != "number":
        raise ToolError(
            f"{column.name} holds no numbers.", f"Say first that {column.name} is to be read as numbers."
        )
    if role in ("time", "birth_date") and column.kind not in ("date", "datetime"):
        raise ToolError(
            f"{column.name} holds no dates.", f"Say first that {column.name} is to be read as dates."
        )
    return role


def _factor(column: Column, factor: float) -> float:
    if column.kind != "number" or not 0 < abs(factor) < 1e12:
        raise ToolError(f"{column.name} cannot be multiplied by {factor:g}.", "Name a column of numbers.")
    return factor
