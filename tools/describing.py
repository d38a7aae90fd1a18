"""Knows how a loaded table is introduced to a person, and how its quality is told: mended, left as it is, ruled out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import plotly.graph_objects as go

from tools import wording
from tools.core import (
    CleaningStep,
    Column,
    DataTable,
    Fact,
    Finding,
    Json,
    ResultTable,
    Role,
    Scalar,
    ToolResult,
    Workspace,
    tool,
)
from tools.figures import PALETTE, finish
from tools.frames import open_table
from tools.inspecting import days_with_rows, exact_repeats
from tools.measuring import exact_sum
from tools.selecting import find_column

MEANINGS: dict[Role, str] = {
    "customer_key": "customer",
    "row_key": "transaction or row id",
    "time": "when it happened",
    "clock": "time of day",
    "amount": "money",
    "balance": "balance",
    "quantity": "quantity",
    "birth_date": "date of birth",
    "age": "age",
    "category": "category",
    "place": "place",
    "outcome": "outcome",
    "measure": "number",
    "flag": "yes or no",
    "personal": "personal data",
    "free_text": "free text",
    "constant": "same everywhere",
    "index": "row number",
}
SHOWN_COLUMNS = 60  # columns whose figures become facts
NOUNS = {"transactions": ("transaction", "transactions"), "customers": ("customer", "customers"), "rows": ("row", "rows")}


@tool
def describe_data(workspace: Workspace, *, table: str | None = None) -> ToolResult:
    """Say what is in the data: rows, customers, period, columns and what they mean, what was mended, what is wrong.

    Args:
        table: Name of a loaded table; without it the main one.
    """
    found, _ = open_table(workspace, table, ())
    headline, facts = _headline(workspace, found)
    findings, more = _told(found)
    others = [other for name, other in workspace.tables.items() if name != found.name]
    if others:
        listed = wording.listing([f"{other.name} ({wording.count(other.n_rows, 'row')})" for other in others])
        findings.append(f"Loaded beside it: {listed}.")
        facts += [Fact("n_rows", other.n_rows, "rows", other.name) for other in others]
    return ToolResult(
        headline,
        tuple(dict.fromkeys((*facts, *more, *_column_facts(found)))),
        tuple(findings),
        (_columns_table(found),),
        _chart(workspace, found),
        tuple(_caveats(found)),
    )


@tool
def check_quality(workspace: Workspace, *, table: str | None = None, column: str | None = None) -> ToolResult:
    """Check the quality of the data: missing, duplicates, conflicts, placeholders, outliers, how dates were proven.

    Args:
        table: Name of a loaded table; without it the main one.
        column: Only this column, in more detail.
    """
    found, _ = open_table(workspace, table, (column,) if column else ())
    if column:
        return _column_quality(workspace, found, find_column(found, column))
    problems = [finding for finding in found.findings if finding.severity != "info"]
    serious = sum(finding.severity == "serious" for finding in problems)
    n_cells = sum(c.n_missing for c in found.columns if c.derived_from is None)
    n_all = found.n_rows * sum(c.derived_from is None for c in found.columns)
    headline = f"**{_verdict(serious, len(problems))}** in {_rows(found)} of {found.source}; {wording.count(n_cells, 'cell')}"
    headline += f" of {n_all:,} ({wording.share(n_cells / n_all if n_all else 0)}) are missing."
    facts = [
        Fact("n_rows", found.n_rows, "rows"),
        Fact("serious_problems", serious),
        Fact("problems", len(problems)),
        Fact("missing_cells", n_cells, "cells"),
        Fact("all_cells", n_all, "cells"),
        Fact("missing_cells_share_pct", 100 * n_cells / n_all if n_all else 0.0, "%"),
    ]
    findings, more = _told(found)
    repeats = _repeats(workspace, found)
    facts.append(Fact("duplicate_rows", repeats, "rows"))
    if not any(finding.code == "duplicate_rows" for finding in found.findings):
        findings.append("No row repeats another one in every column.")
    outliers = _outliers(workspace, found)
    facts += [fact for _, _, fact in outliers]
    if outliers:
        worst = wording.listing([f"{name} ({wording.count(n, 'row')})" for name, n, _ in outliers[:4]])
        findings.append(
            "Far-off numbers, beyond three times the middle half above or below it, are kept: "
            f"{worst}. Medians and segments on a log scale are not moved by them; means are."
        )
    return ToolResult(
        headline,
        tuple(dict.fromkeys((*facts, *more, *_column_facts(found)))),
        tuple(findings),
        (_problems_table(found), _columns_table(found)),
        (),
        tuple(_caveats(found)),
    )


def _rows(table: DataTable) -> str:
    return wording.count(table.n_rows, *NOUNS[table.grain])


def _verdict(serious: int, problems: int) -> str:
    if not problems:
        return "Nothing is seriously wrong"
    lesser = problems - serious
    parts = [wording.count(serious, "serious problem")] if serious else []
    parts += [wording.count(lesser, "lesser problem")] if lesser else []
    return wording.listing(parts)


def _headline(workspace: Workspace, table: DataTable) -> tuple[str, list[Fact]]:
    """One sentence: how many, of whom, when, how much."""
    facts = [Fact("n_rows", table.n_rows, NOUNS[table.grain][1]), Fact("n_columns", len(table.columns), "columns")]
    key = table.column(table.customer or "")
    text = f"**{_rows(table)}**"
    if table.grain == "transactions" and key is not None and key.n_distinct is not None:
        text = f"**{_rows(table)} of {wording.count(key.n_distinct, 'customer')}**"
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
        row = workspace.engine.collect(frame.select(exact_sum(this, bound).alias("total"), this.count().alias("n")))
        total = float(row["total"].iloc[0])
        return round(total, 6), total / max(int(row["n"].iloc[0]), 1)

    total, mean = workspace.engine.memo(("money", table.name), build)
    return total, mean, column.unit


def _told(table: DataTable) -> tuple[list[str], list[Fact]]:
    """Findings and cleaning as sentences, the gravest first, similar ones joined; and their facts."""
    sentences = []
    facts: list[Fact] = []
    gaps = [finding for finding in table.findings if finding.code == "missing_values"]
    for finding in table.findings:
        facts += [*finding.facts, Fact(f"{finding.code}_rows", finding.n_rows, "rows", finding.column or "")]
        if finding in gaps and len(gaps) > 2:
            if finding is gaps[0]:
                sentences.append(_gaps(table, gaps))
            continue
        sentences.append(finding.sentence)
    for step in table.cleaning:
        facts += [*step.facts, Fact(f"{step.code}_rows", step.n_rows, "rows", step.column or "")]
    if table.cleaning:
        sentences.append("Mended while reading: " + " ".join(_mended(table.cleaning)))
    return sentences, facts


def _gaps(table: DataTable, gaps: Sequence[Finding]) -> str:
    shown = [f"{gap.column} ({wording.share(gap.n_rows / table.n_rows)})" for gap in gaps[:8]]
    shown += [f"{len(gaps) - 8} more columns"] if len(gaps) > 8 else []
    return f"Missing in a good part of the rows: {wording.listing(shown)}. Statistics leave such rows out and say so."


def _mended(steps: Sequence[CleaningStep]) -> list[str]:
    """Sentences of cleaning steps; dates that were read alike share one."""
    dates = [step for step in steps if step.code == "date_order"]
    orders = {step.sentence.partition("; ")[0].partition(": ")[2] for step in dates}
    joined = []
    if len(dates) > 1 and len(orders) == 1:
        witnesses = [f"{step.sentence.partition('; ')[2].partition(' proves')[0]} in {step.column}" for step in dates]
        order = orders.pop()
        joined = [f"Dates were {order}, which {wording.listing(witnesses)} prove and no date in these columns denies."]
    return [*joined, *(step.sentence for step in steps if not (joined and step in dates))]


def _caveats(table: DataTable) -> list[str]:
    caveats = [f"{column.name}: {column.note}" for column in table.columns if column.note.startswith("Taken to be")]
    derived = [column for column in table.columns if column.derived_from and column.role == "age"]
    caveats += [f"{column.name}: {column.note[0].lower()}{column.note[1:]}" for column in derived]
    return caveats


def _typical(column: Column) -> str:
    """Write the range of numbers and dates, or the most frequent values."""
    if column.role in ("personal", "free_text"):
        return "not shown" if column.role == "personal" else ""
    if column.kind == "number" and column.role not in ("category", "flag", "outcome", "customer_key", "row_key"):
        if column.minimum is None:
            return ""
        low, high = (wording.scalar(value) for value in (column.minimum, column.maximum))
        return f"{low} to {high}" + (f" {column.unit}" if column.unit else "")
    if column.kind in ("date", "datetime") and isinstance(column.minimum, str):
        return f"{wording.day(column.minimum)} to {wording.day(str(column.maximum))}"
    if column.kind == "time" and column.minimum is not None:
        return f"{column.minimum} to {column.maximum}"
    return ", ".join(f"{value} ({n:,})" for value, n in column.values[:4])


def _columns_table(table: DataTable) -> ResultTable:
    rows: list[tuple[Scalar, ...]] = []
    for column in table.columns:
        meaning = MEANINGS[column.role] + (f", from {column.derived_from}" if column.derived_from else "")
        rows.append((column.name, meaning, column.n_missing, column.n_distinct, _typical(column), column.note))
    return ResultTable(
        f"Columns of {table.source}",
        ("Column", "Meaning", "Missing", "Distinct", "Range or most frequent", "Note"),
        tuple(rows),
        (None, None, "rows", None, None, None),
    )


def _column_facts(table: DataTable) -> list[Fact]:
    facts = []
    for column in table.columns[:SHOWN_COLUMNS]:
        facts.append(Fact("missing", column.n_missing, "rows", column.name))
        if column.n_distinct is not None:
            facts.append(Fact("distinct", column.n_distinct, None, column.name))
        if column.role in ("personal", "free_text", "customer_key", "row_key"):
            continue
        if column.minimum is not None:
            facts += [Fact("minimum", column.minimum, column.unit, column.name)]
            facts += [Fact("maximum", column.maximum, column.unit, column.name)]
        if column.kind != "number" or column.role in ("category", "flag", "outcome"):
            facts += [Fact("rows", n, "rows", f"{column.name} {value}") for value, n in column.values[:4]]
    return facts


def _problems_table(table: DataTable) -> ResultTable:
    rows: list[tuple[Scalar, ...]] = [
        (step.column or "", step.sentence, step.n_rows, 100 * step.n_rows / table.n_rows, "mended")
        for step in table.cleaning
    ]
    rows = [
        *((f.column or "", f.sentence, f.n_rows, 100 * f.n_rows / table.n_rows, f.severity) for f in table.findings),
        *rows,
    ]
    return ResultTable(
        "What was found and mended",
        ("Column", "What", "Rows", "Share of rows", "State"),
        tuple(rows),
        (None, None, "rows", "%", None),
    )


def _chart(workspace: Workspace, table: DataTable) -> tuple[Json, ...]:
    """Draw rows by day, which shows gaps and partial periods at a glance."""
    if table.grain != "transactions" or not table.time:
        return ()
    column = table.column(table.time)
    if column is None or column.kind not in ("date", "datetime"):
        return ()
    held = workspace.engine.memo(
        ("days with rows", table.name), lambda: days_with_rows(workspace.engine, table, column.name)
    )
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


def _repeats(workspace: Workspace, table: DataTable) -> int:
    known = next((finding.n_rows for finding in table.findings if finding.code == "duplicate_rows"), None)
    if known is not None:
        return known
    if any(column.n_distinct == table.n_rows for column in table.columns):
        return 0
    return workspace.engine.memo(("repeated rows", table.name), lambda: exact_repeats(workspace.engine, table))


def _outliers(workspace: Workspace, table: DataTable) -> list[tuple[str, int, Fact]]:
    """Count far-off numbers by column: more than three times the interquartile range beyond the quartiles."""
    columns = [
        column
        for column in table.columns
        if column.kind == "number"
        and column.role in ("amount", "balance", "quantity", "measure", "age")
        and (column.n_distinct is None or column.n_distinct > 10)
    ]

    def build() -> dict[str, int]:
        frame = workspace.engine.frame(table.name)
        quartiles = [
            nw.col(column.name).cast(nw.Float64).quantile(q, "linear").alias(f"{q} {i}")
            for i, column in enumerate(columns)
            for q in (0.25, 0.75)
        ]
        row = workspace.engine.collect(frame.select(*quartiles)).iloc[0]
        far = []
        for i, column in enumerate(columns):
            low, high = float(row[f"0.25 {i}"]), float(row[f"0.75 {i}"])
            reach = 3 * (high - low)
            if reach > 0:
                this = nw.col(column.name)
                outside = ((this < low - reach) | (this > high + reach)).cast(nw.Int64).sum()
                far.append(outside.alias(column.name))
        if not far:
            return {}
        counts = workspace.engine.collect(frame.select(*far)).iloc[0]
        return {str(name): int(n) for name, n in counts.items() if n == n}

    counts = workspace.engine.memo(("far-off numbers", table.name), build) if columns else {}
    found = [(name, n, Fact("far_off_rows", n, "rows", name)) for name, n in counts.items() if n]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def _column_quality(workspace: Workspace, table: DataTable, column: Column) -> ToolResult:
    """Tell everything that is known of one column."""
    part = column.n_missing / table.n_rows
    facts = [
        Fact("n_rows", table.n_rows, "rows"),
        Fact("missing", column.n_missing, "rows", column.name),
        Fact("missing_share_pct", 100 * part, "%", column.name),
    ]
    meaning = MEANINGS[column.role]
    headline = f"**{column.name}** ({meaning}) is missing in **{column.n_missing:,}** of {_rows(table)} ({wording.share(part)})"
    if column.n_distinct is not None:
        headline += f" and has {wording.count(column.n_distinct, 'distinct value')}"
        facts.append(Fact("distinct", column.n_distinct, None, column.name))
    findings = [finding.sentence for finding in table.findings if finding.column == column.name]
    facts += [fact for finding in table.findings if finding.column == column.name for fact in finding.facts]
    for finding in table.findings:
        if finding.column == column.name:
            facts.append(Fact(f"{finding.code}_rows", finding.n_rows, "rows", column.name))
    steps = [step for step in table.cleaning if step.column in (column.name, column.derived_from)]
    facts += [Fact(f"{step.code}_rows", step.n_rows, "rows", column.name) for step in steps]
    facts += [fact for step in steps for fact in step.facts]
    if steps:
        findings.append("Mended while reading: " + " ".join(step.sentence for step in steps))
    tables: list[ResultTable] = []
    if column.kind == "number" and column.n_missing < table.n_rows:
        sentences, figures, table_ = _number_quality(workspace, table, column)
        findings += sentences
        facts += figures
        tables.append(table_)
    elif column.minimum is not None:
        low, high = str(column.minimum), str(column.maximum)
        shown = (wording.day(low), wording.day(high)) if column.kind in ("date", "datetime") else (low, high)
        findings.append(f"It runs from {shown[0]} to {shown[1]}.")
        facts += [Fact("minimum", low, None, column.name), Fact("maximum", high, None, column.name)]
    if column.values and column.role not in ("personal", "free_text"):
        tables.append(_values_table(table, column))
        facts += [Fact("rows", n, "rows", f"{column.name} {value}") for value, n in column.values[:30]]
        facts += [
            Fact("share_pct", 100 * n / table.n_rows, "%", f"{column.name} {value}") for value, n in column.values[:30]
        ]
    if not findings:
        findings.append("Nothing else is conspicuous in it.")
    caveats = [column.note] if column.note else []
    return ToolResult(f"{headline}.", tuple(dict.fromkeys(facts)), tuple(findings), tuple(tables), (), tuple(caveats))


def _values_table(table: DataTable, column: Column) -> ResultTable:
    rows = tuple((value, n, 100 * n / table.n_rows) for value, n in column.values[:30])
    total = column.n_distinct if column.n_distinct and column.n_distinct > 30 else None
    return ResultTable(
        f"Most frequent values of {column.name}", (column.name, "Rows", "Share"), rows, (None, "rows", "%"), total
    )


def _number_quality(workspace: Workspace, table: DataTable, column: Column) -> tuple[list[str], list[Fact], ResultTable]:
    """Quantiles, zeros, negatives and far-off values of a column of numbers."""
    levels = (0.01, 0.25, 0.5, 0.75, 0.99)

    def build() -> dict[str, Any]:
        this = nw.col(column.name).cast(nw.Float64)
        wanted = [this.quantile(q, "linear").alias(f"q{q}") for q in levels]
        wanted += [
            (this == 0).cast(nw.Int64).sum().alias("zero"), (this < 0).cast(nw.Int64).sum().alias("negative"),
            this.min().alias("min"), this.max().alias("max"),
        ]  # fmt: skip
        frame = workspace.engine.frame(table.name)
        row = workspace.engine.collect(frame.select(*wanted)).iloc[0].to_dict()
        reach = 3 * (row["q0.75"] - row["q0.25"])
        outside = (this < row["q0.25"] - reach) | (this > row["q0.75"] + reach)
        far = workspace.engine.collect(frame.select(outside.cast(nw.Int64).sum().alias("far"))).iloc[0, 0]
        return row | {"far": int(far) if reach > 0 else 0}

    row = workspace.engine.memo(("quality of a number", table.name, column.name), build)
    unit = column.unit
    names = ("percentile_1", "lower_quartile", "median", "upper_quartile", "percentile_99")
    facts = [Fact(name, float(row[f"q{q}"]), unit, column.name) for name, q in zip(names, levels, strict=True)]
    facts += [Fact("minimum", float(row["min"]), unit, column.name), Fact("maximum", float(row["max"]), unit, column.name)]
    facts += [Fact(f"{word}_rows", int(row[key]), "rows", column.name) for word, key in (
        ("zero", "zero"), ("negative", "negative"), ("far_off", "far"),
    )]  # fmt: skip
    sentences = [
        f"Half of the values lie between {wording.number(row['q0.25'])} and {wording.number(row['q0.75'], unit)}, "
        f"the median is {wording.number(row['q0.5'], unit)}; the smallest is {wording.number(row['min'], unit)} and the "
        f"largest {wording.number(row['max'], unit)}."
    ]
    odd = [(int(row["zero"]), "zero"), (int(row["negative"]), "negative")]
    told = [f"{n:,} are {word}" for n, word in odd if n]
    if row["far"]:
        told.append(f"{row['far']:,} lie far off, beyond three times the middle half above or below it")
    if told:
        sentences.append(f"Of the rows, {wording.listing(told)}; all are kept.")
    rows: list[tuple[Scalar, ...]] = [("smallest", float(row["min"]))]
    labels = ("1 % lie below", "lower quartile", "median", "upper quartile", "99 % lie below")
    rows += [(label, float(row[f"q{q}"])) for label, q in zip(labels, levels, strict=True)]
    rows.append(("largest", float(row["max"])))
    return sentences, facts, ResultTable(f"Spread of {column.name}", ("Figure", column.name), tuple(rows), (None, unit))


