"""Knows how the quality of a table or of one column is told: mended, left as it is, ruled out."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tools import wording
from tools.core import (
    Column,
    DataTable,
    Fact,
    ResultTable,
    Scalar,
    ToolResult,
    Workspace,
    tool,
)
from tools.frames import open_table
from tools.selecting import find_column
from tools.understanding.oddities import exact_repeats
from tools.understanding.telling import MEANINGS, caveats, column_facts, columns_table, rows_of, told


@tool
def check_quality(workspace: Workspace, *, table: str | None = None, column: str | None = None) -> ToolResult:
    """Check the quality of the data: missing, duplicates, conflicts, placeholders, outliers, dates.

    Args:
        workspace: The data.
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
    part = wording.share(n_cells / n_all if n_all else 0)
    headline = f"**{_verdict(serious, len(problems))}** in {rows_of(found)} of {found.source}; "
    if n_cells:
        rare = "less than 0.1%" if n_cells < 0.0005 * n_all else part
        headline += f"{n_cells:,} of {n_all:,} cells ({rare}) {'is' if n_cells == 1 else 'are'} missing."
    else:
        headline += f"none of the {n_all:,} cells is missing."
    facts = [
        Fact("n_rows", found.n_rows, "rows"),
        Fact("serious_problems", serious),
        Fact("problems", len(problems)),
        Fact("missing_cells", n_cells, "cells"),
        Fact("all_cells", n_all, "cells"),
        Fact("missing_cells_share_pct", 100 * n_cells / n_all if n_all else 0.0, "%"),
    ]
    if 0 < n_cells < 0.0005 * n_all:
        facts.append(Fact("missing_cells_share_below_pct", 0.1, "%"))
    findings, more = told(found)
    repeats = _repeats(workspace, found)
    facts.append(Fact("duplicate_rows", repeats, "rows"))
    if not any(finding.code == "duplicate_rows" for finding in found.findings):
        findings.append("**Repeated rows.** No row repeats another one in every column.")
    outliers = _outliers(workspace, found)
    facts += [fact for _, _, fact in outliers]
    if outliers:
        worst = wording.listing([f"{name} ({wording.count(n, 'row')})" for name, n, _ in outliers[:4]])
        findings.append(
            "**Far-off numbers.** Kept, though more than three quartile ranges beyond the middle half: "
            f"{worst}. Medians and segments on a log scale are not moved by them; means are."
        )
    return ToolResult(
        headline,
        tuple(dict.fromkeys((*facts, *more, *column_facts(found)))),
        tuple(findings),
        (_problems_table(found), columns_table(found)),
        (),
        tuple(caveats(found)),
    )


def _verdict(serious: int, problems: int) -> str:
    if not problems:
        return "Nothing is seriously wrong"
    lesser = problems - serious
    parts = [wording.count(serious, "serious problem")] if serious else []
    parts += [wording.count(lesser, "lesser problem")] if lesser else []
    return wording.listing(parts)


def _problems_table(table: DataTable) -> ResultTable:
    rows: list[tuple[Scalar, ...]] = [
        (step.column or "", step.sentence, step.n_rows, 100 * step.n_rows / table.n_rows, "mended")
        for step in table.cleaning
    ]
    rows = [
        *(
            (f.column or "", f.sentence, f.n_rows, 100 * f.n_rows / table.n_rows, f.severity)
            for f in table.findings
        ),
        *rows,
    ]
    return ResultTable(
        "What was found and mended",
        ("Column", "What", "Rows", "Share of rows", "State"),
        tuple(rows),
        (None, None, "rows", "%", None),
    )


def _repeats(workspace: Workspace, table: DataTable) -> int:
    """Count rows that repeat another one; a key that is unique settles it."""
    known = next((finding.n_rows for finding in table.findings if finding.code == "duplicate_rows"), None)
    if known is not None:
        return known
    if any(column.n_distinct == table.n_rows for column in table.columns):
        return 0

    def build() -> int:
        engine = workspace.engine
        uncounted = [
            column for column in table.by_role("row_key", "customer_key") if column.n_distinct is None
        ]
        if any(
            column.n_missing == 0 and engine.repeats(table.name, column.name)[0] == 0 for column in uncounted
        ):
            return 0
        return exact_repeats(engine, table)

    return workspace.engine.memo(("repeated rows", table.name), build)


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
    headline = f"**{column.name}** ({meaning}) is missing in **{column.n_missing:,}** of {rows_of(table)} "
    headline += f"({wording.share(part)})"
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
        facts += [
            Fact("first_date", low[:10], None, column.name),
            Fact("last_date", high[:10], None, column.name),
        ]
    if column.values and column.role not in ("personal", "free_text"):
        tables.append(_values_table(table, column))
        facts += [Fact("rows", n, "rows", f"{column.name} {value}") for value, n in column.values[:30]]
        facts += [
            Fact("share_pct", 100 * n / table.n_rows, "%", f"{column.name} {value}")
            for value, n in column.values[:30]
        ]
    if not findings:
        findings.append("Nothing else is conspicuous in it.")
    caveats = [column.note] if column.note else []
    return ToolResult(
        f"{headline}.", tuple(dict.fromkeys(facts)), tuple(findings), tuple(tables), (), tuple(caveats)
    )


def _values_table(table: DataTable, column: Column) -> ResultTable:
    rows = tuple((value, n, 100 * n / table.n_rows) for value, n in column.values[:30])
    total = column.n_distinct if column.n_distinct and column.n_distinct > 30 else None
    return ResultTable(
        f"Most frequent values of {column.name}",
        (column.name, "Rows", "Share"),
        rows,
        (None, "rows", "%"),
        total,
    )


def _number_quality(
    workspace: Workspace, table: DataTable, column: Column
) -> tuple[list[str], list[Fact], ResultTable]:
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
        row: dict[Any, Any] = workspace.engine.collect(frame.select(*wanted)).to_dict("records")[0]
        reach = 3 * (row["q0.75"] - row["q0.25"])
        outside = (this < row["q0.25"] - reach) | (this > row["q0.75"] + reach)
        far = workspace.engine.collect(frame.select(outside.cast(nw.Int64).sum().alias("far")))[
            "far"
        ].to_list()
        return {**row, "far": int(far[0]) if reach > 0 else 0}

    row = workspace.engine.memo(("quality of a number", table.name, column.name), build)
    unit = column.unit
    names = ("percentile_1", "lower_quartile", "median", "upper_quartile", "percentile_99")
    facts = [
        Fact(name, float(row[f"q{q}"]), unit, column.name) for name, q in zip(names, levels, strict=True)
    ]
    facts += [
        Fact("minimum", float(row["min"]), unit, column.name),
        Fact("maximum", float(row["max"]), unit, column.name),
    ]
    facts += [Fact(f"{word}_rows", int(row[key]), "rows", column.name) for word, key in (
        ("zero", "zero"), ("negative", "negative"), ("far_off", "far"),
    )]  # fmt: skip
    sentences = [
        f"Half of the values lie between {wording.number(row['q0.25'])} and "
        f"{wording.number(row['q0.75'], unit)}, "
        f"the median is {wording.number(row['q0.5'], unit)}; the smallest is "
        f"{wording.number(row['min'], unit)} and the "
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
    return (
        sentences,
        facts,
        ResultTable(f"Spread of {column.name}", ("Figure", column.name), tuple(rows), (None, unit)),
    )
