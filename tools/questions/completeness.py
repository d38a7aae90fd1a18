"""Knows the tools `count_missing` and `find_duplicates`."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from tools.core import DataTable, Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.figures import bars
from tools.frames import open_table
from tools.questions.grouping import plain_value
from tools.questions.measure_words import row_noun
from tools.questions.phrasing import ExactQuotes, share_digits
from tools.selecting import find_column
from tools.wording import label, listing, plain_name, plural, sentence

SHOWN_DUPLICATES = 20


@tool
def count_missing(workspace: Workspace, *, column: str | None = None, table: str | None = None) -> ToolResult:
    """Count missing values, in one column or in all of them.

    Args:
        workspace: The data.
        column: Column to count in; all columns if left out.
        table: Name of a loaded table, or customers.
    """
    chosen, frame = open_table(workspace, table, [column] if column else [])
    columns = [find_column(chosen, column)] if column else list(chosen.columns)
    asked = [
        nw.col(each.name).is_null().cast(nw.Int64).sum().fill_null(0).alias(f"m:{i}")
        for i, each in enumerate(columns)
    ]
    record = workspace.engine.collect(frame.select(nw.len().alias("n"), *asked)).iloc[0]
    total, quotes, (noun, nouns) = int(record["n"]), ExactQuotes(), row_noun(chosen)
    counts = sorted(
        ((int(record[f"m:{i}"]), each.name) for i, each in enumerate(columns)), key=lambda pair: -pair[0]
    )
    some = [(n, name) for n, name in counts if n]

    def told(n: int, name: str) -> str:
        part = 100.0 * n / total if total else 0.0
        shown = quotes.number("n_missing", n, nouns, name).removesuffix(f" {nouns}")
        return f"{shown}, {quotes.number('share_missing_pct', part, '%', name, digits=share_digits(part))}"

    whole = quotes.count(f"n_{nouns}", total, noun, nouns)
    if column:
        n, name = counts[0]
        shown = told(n, name).split(", ")
        text = f"{label(columns[0])} is missing in **{shown[0]}** of {whole} ({shown[-1]})"
    elif not some:
        text = (
            f"**No values are missing** in the {quotes.number('n_columns', len(columns))} columns of {whole}"
        )
    else:
        first = [f"{label(name)} ({told(n, name)})" for n, name in some[:3]]
        more = ", most of all" if len(some) > 3 else ":"
        of = quotes.number("n_columns", len(columns))
        n_some = quotes.number("n_columns_with_missing", len(some))
        verb = "has" if len(some) == 1 else "have"
        text = f"**{n_some} of {of} columns** {verb} missing values{more} {listing(first)}"
    for n, name in some[:30]:
        told(n, name)
    rows: tuple[tuple[Scalar, ...], ...] = tuple(
        (name, n, 100.0 * n / total if total else 0.0) for n, name in counts
    )
    tables = (ResultTable("Missing values", ("column", "missing", "share %"), rows, (None, nouns, "%")),)
    figures: tuple[Json, ...] = ()
    if len(some) > 1:
        percents = {"missing %": [100.0 * n / total for n, _ in some[:30]]}
        figures = (
            bars(
                [name for _, name in some[:30]],
                percents,
                "Missing values by column",
                "column",
                f"% of {nouns}",
            ),
        )
    derived = [each for each in columns if each.derived_from and any(name == each.name for _, name in some)]
    caveats = tuple(
        f"{each.name} is derived from {each.derived_from}, which need not be missing itself."
        for each in derived
    )
    return ToolResult(sentence(text), quotes.facts, (), tables, figures, caveats)


@tool
def find_duplicates(
    workspace: Workspace, *, columns: Sequence[str] = (), table: str | None = None
) -> ToolResult:
    """Find rows that occur more than once, as a whole or by some columns.

    Args:
        workspace: The data.
        columns: Columns that must agree; whole rows if empty.
        table: Name of a loaded table, or customers.
    """
    chosen, frame = open_table(workspace, table, columns)
    if columns:
        names = [find_column(chosen, name).name for name in columns]
    else:
        names = [each.name for each in chosen.columns if not each.derived_from and each.role != "index"]
    quotes, (noun, nouns) = ExactQuotes(), row_noun(chosen)
    kept = frame
    if len(names) == 1:
        kept = frame.filter(~nw.col(names[0]).is_null())
    repeated = kept.group_by(names).agg(nw.len().alias("times:")).filter(nw.col("times:") > 1)
    sums = repeated.select(
        nw.len().alias("groups"),
        nw.col("times:").sum().fill_null(0).alias("rows"),
        nw.col("times:").max().alias("most"),
    )
    record = workspace.engine.collect(sums).iloc[0]
    groups, rows = int(record["groups"]), int(record["rows"])
    whole = quotes.count(f"n_{nouns}", chosen.n_rows, noun, nouns)
    what = listing([label(name) for name in names])
    if not groups:
        text = f"**No value** of {what} occurs twice" if columns else "**No row is a copy** of another"
        keys = () if columns else _repeated_keys(chosen, quotes)
        return ToolResult(
            f"{sentence(text)[:-1]} among {whole}.",
            quotes.facts,
            keys,
            (),
            (),
            _without_keys(workspace, chosen.name, names),
        )
    extra = quotes.number("n_extra_rows", rows - groups)
    n_groups, n_rows = quotes.number("n_repeated", groups), quotes.count("n_rows_involved", rows, noun, nouns)
    part = 100.0 * rows / chosen.n_rows
    pct = quotes.number("share_rows_pct", part, "%", digits=share_digits(part))
    most = quotes.number("most_times", int(record["most"]))
    if columns:
        values = plural(plain_name(names[0])) if len(names) == 1 else f"combinations of {what}"
        share = f"{n_rows} ({pct} of {whole})"
        text = f"**{n_groups} {values}** occur more than once, in {share}, up to {most} times"
    else:
        text = f"**{extra} {nouns}** exactly repeat another, among {whole}; one occurs {most} times"
    shown = repeated.sort("times:", *names, descending=[True, *(False for _ in names)], nulls_last=True)
    collected = workspace.engine.collect(shown.head(SHOWN_DUPLICATES))
    listed = tuple(
        tuple(plain_value(value) for value in values)
        for values in collected[[*names, "times:"]].itertuples(index=False)
    )
    total = groups if groups > len(listed) else None
    result = ResultTable(f"Repeated {nouns}", (*names, "times"), listed, (), total)
    findings: tuple[str, ...] = (f"Keeping one of each would remove {extra} {nouns}.",)
    caveats = ["Nothing was removed.", *_without_keys(workspace, chosen.name, names)]
    if chosen.customer in names and chosen.grain == "transactions":
        caveats.append("A customer who occurs more than once has bought more than once; that is no fault.")
        findings = ()
    return ToolResult(sentence(text), quotes.facts, findings, (result,), (), tuple(caveats))


def _repeated_keys(table: DataTable, quotes: ExactQuotes) -> tuple[str, ...]:
    """Say that the key of the customers repeats in a table that should have one row for each."""
    key = table.column(table.customer) if table.customer else None
    if key is None or table.grain != "customers" or not key.n_distinct or key.n_distinct >= table.n_rows:
        return ()
    n = quotes.number(f"n_different_{key.name}", key.n_distinct)
    return (f"{label(key.name)} itself does repeat: it has {n} different values.",)


def _without_keys(workspace: Workspace, name: str, compared: Sequence[str]) -> tuple[str, ...]:
    """Say that a running number makes every whole row unique."""
    table = workspace.tables.get(name)
    if table is None:
        return ()
    keys = [each.name for each in table.by_role("row_key") if each.name in compared and len(compared) > 1]
    return tuple(
        f"{key} names every row, so whole rows differ by it; compare the other columns to look past it."
        for key in keys
    )
