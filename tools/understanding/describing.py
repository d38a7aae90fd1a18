"""Knows how data are introduced to the person who just loaded them."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import plotly.graph_objects as go

from tools import wording
from tools.core import (
    DataTable,
    Fact,
    Json,
    ToolResult,
    Workspace,
    tool,
)
from tools.exact_sums import exact_sum
from tools.figures import PALETTE, finish
from tools.frames import open_table
from tools.understanding.column_kinds import ColumnKind, columns_of_kind
from tools.understanding.customer_history import days_with_rows
from tools.understanding.telling import caveats, column_facts, columns_table, contents, noun_of, rows_of, told

MOST_BESIDE = 8  # further tables that are named


@tool
def describe_data(
    workspace: Workspace, *, table: str | None = None, columns: ColumnKind | None = None
) -> ToolResult:
    """Say what is in the data: rows, customers, period, what the columns mean, what was mended and is wrong.

    Args:
        workspace: The data.
        table: Name of a loaded table; without it the main one.
        columns: Only which columns are of this kind.
    """
    found, _ = open_table(workspace, table, ())
    if columns is not None:
        return _of_kind(found, columns)
    headline, facts = _headline(workspace, found)
    findings, more = told(found)
    inside, about = contents(found)
    findings = [inside, *findings]
    if not found.findings:
        findings.append(
            "Nothing in it looks wrong: no repeated rows, no conflicts, no columns that say the same."
        )
    more += about
    others = [other for name, other in workspace.tables.items() if name != found.name]
    if others:
        largest = sorted(others, key=lambda other: -other.n_rows)[:MOST_BESIDE]
        listed = [f"{other.name} ({wording.count(other.n_rows, 'row')})" for other in largest]
        if len(others) > MOST_BESIDE:
            listed.append(f"{len(others) - MOST_BESIDE} smaller ones")
            facts.append(Fact("tables_not_listed", len(others) - MOST_BESIDE, "tables"))
        findings.append(f"Loaded beside it: {wording.listing(listed)}.")
        facts += [Fact("n_rows", other.n_rows, "rows", other.name) for other in others]
    return ToolResult(
        headline,
        tuple(dict.fromkeys((*facts, *more, *column_facts(found)))),
        tuple(findings),
        (columns_table(found),),
        _chart(workspace, found),
        tuple(caveats(found)),
    )


def _of_kind(table: DataTable, kind: ColumnKind) -> ToolResult:
    """Name the columns of one kind."""
    held = columns_of_kind(table, kind)
    what = {"date": "dates", "number": "numbers", "category": "categories"}.get(kind, kind)
    verb = "of" if kind == "no use for an analysis" else "with"
    of_all = f"of the {wording.count(len(table.columns), 'column')} of {table.source}"
    facts = (
        Fact("n_columns_of_kind", len(held), "columns", kind),
        Fact("n_columns", len(table.columns), "columns"),
    )
    if not held:
        return ToolResult(f"**None** {of_all} is one {verb} {what}.", facts)
    shown = wording.count(len(held), "column")
    names = wording.listing([column.name for column in held])
    few = replace(table, columns=held)
    return ToolResult(
        f"**{shown}** {verb} {what}, {of_all}: {names}.",
        (*facts, *column_facts(few)),
        (),
        (columns_table(few),),
    )


def _headline(workspace: Workspace, table: DataTable) -> tuple[str, list[Fact]]:
    """One sentence: how many, of whom, when, how much."""
    facts = [
        Fact("n_rows", table.n_rows, noun_of(table)[1]),
        Fact("n_columns", len(table.columns), "columns"),
    ]
    key = table.column(table.customer or "")
    text = f"**{rows_of(table)}**"
    if table.grain == "transactions" and key is not None and key.n_distinct is not None:
        text = f"**{rows_of(table)} of {wording.count(key.n_distinct, 'customer')}**"
        facts.append(Fact("n_customers", key.n_distinct, "customers"))
    time = table.column(table.time or "")
    if time is not None and isinstance(time.minimum, str) and isinstance(time.maximum, str):
        text += f" from {wording.day(time.minimum)} to {wording.day(time.maximum)}"
        if table.grain != "transactions":
            text += f" ({time.name})"
        facts += [Fact("first_date", time.minimum[:10]), Fact("last_date", time.maximum[:10])]
    money = _money(workspace, table)
    if money:
        total, mean, unit = money
        facts += [Fact("total_amount", total, unit), Fact("mean_amount", mean, unit)]
        text += f", {wording.number(total, unit)} in all"
    own = [column for column in table.columns if column.derived_from is None]
    facts.append(Fact("n_columns_in_file", len(own), "columns"))
    return f"{text}, in {wording.count(len(own), 'column')} of {table.source}.", facts


def _money(workspace: Workspace, table: DataTable) -> tuple[float, float, str | None] | None:
    """Return total and mean of the money of transactions."""
    column = table.column(table.amount or "")
    if table.grain != "transactions" or column is None or not isinstance(column.maximum, int | float):
        return None

    def build() -> tuple[float, float]:
        this = nw.col(column.name).cast(nw.Float64)
        bound = max(abs(float(column.minimum or 0)), abs(float(column.maximum or 0))) or 1.0
        frame = workspace.engine.frame(table.name)
        row = workspace.engine.collect(
            frame.select(exact_sum(this, bound).alias("total"), this.count().alias("n"))
        )
        total = float(row["total"].iloc[0])
        return round(total, 6), total / max(int(row["n"].iloc[0]), 1)

    total, mean = workspace.engine.memo(("money", table.name), build)
    return total, mean, column.unit


def _chart(workspace: Workspace, table: DataTable) -> tuple[Json, ...]:
    """Draw rows by day, which shows gaps and partial periods at a glance."""
    if table.grain != "transactions" or not table.time:
        return ()
    column = table.column(table.time)
    if column is None or column.kind not in ("date", "datetime"):
        return ()
    held = days_with_rows(workspace.engine, table)
    if not 2 <= len(held) <= 4000:
        return ()
    bars = go.Bar(
        x=[day.isoformat() for day in held],
        y=list(held.values()),
        marker={"color": PALETTE[0], "line": {"width": 0}},
        hovertemplate="%{x}: %{y:,} transactions<extra></extra>",
    )
    figure = go.Figure(bars)
    figure.update_layout(bargap=0.1)
    return (finish(figure, "Transactions per day", column.name, "transactions"),)
