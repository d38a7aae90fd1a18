"""Knows the tool `find_outliers`: unusual values under a stated rule."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Literal

import narwhals as nw

from tools.core import Column, DataTable, ResultTable, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.frames import open_table
from tools.questions.aggregating import Aggregated
from tools.questions.distributions import Spread, spread_of
from tools.questions.grouping import plain_value
from tools.questions.measure_words import row_noun
from tools.questions.measuring import numeric
from tools.questions.phrasing import ExactQuotes, share_digits
from tools.quoting import Quotes
from tools.selecting import Condition, Statistic, columns_named, find_column
from tools.wording import label, number, sentence

Frame = nw.LazyFrame[Any]

Rule = Literal["iqr", "z", "percentile"]
SHOWN_OUTLIERS = 20


@tool
def find_outliers(
    workspace: Workspace,
    *,
    column: str,
    rule: Rule = "iqr",
    threshold: float | None = None,
    where: Sequence[Condition] = (),
    table: str | None = None,
) -> ToolResult:
    """Find unusually large or small values of a number column under a stated rule; nothing is removed.

    Args:
        workspace: The data.
        column: Number column.
        rule: iqr: beyond 1.5 times the middle half's width from its ends; z: more than 3 standard deviations
            from the average; percentile: above the 99th percentile (below it, if it is under 50).
        threshold: Another multiple, number of deviations or percentile (0 to 100).
        where: Conditions that all hold for the rows used.
        table: Name of a loaded table, or customers.
    """
    chosen, _ = open_table(workspace, table, [column, *sorted(columns_named(where))])
    found = find_column(chosen, column)
    if found.kind != "number":
        raise ToolError(
            f"{found.name} holds no numbers, so no value is too large or small.", "Choose a number column."
        )
    this = numeric(chosen, found, "a search for outliers")
    statistics: tuple[Statistic, ...] = ("count", "min", "max", *(("mean", "std") if rule == "z" else ()))
    spread, made = spread_of(workspace, chosen, found, where, (0.25, 0.5, 0.75), statistics)
    low, high, words = _fences(workspace, made.selection.frame, this, spread, rule, threshold)
    outside = made.selection.frame.filter((this < low) | (this > high))
    both = outside.select(
        (this < low).cast(nw.Int64).sum().fill_null(0).alias("below"),
        (this > high).cast(nw.Int64).sum().fill_null(0).alias("above"),
    )
    record = workspace.engine.collect(both).iloc[0]
    below, above = (0 if record[name] != record[name] else int(record[name]) for name in ("below", "above"))
    quotes, (noun, nouns) = ExactQuotes(), row_noun(chosen)
    filtered = f" where {made.selection.words}" if made.selection.words else ""
    n = below + above
    part = 100.0 * n / spread.n
    amount = quotes.count("n_outliers", n, noun, nouns, scope=filtered.strip())
    pct = quotes.number("share_outliers_pct", part, "%", filtered.strip(), digits=share_digits(part))
    of = quotes.number("n_values", spread.n)
    ends = []
    if math.isfinite(low):
        ends.append(
            f"{quotes.number('n_below', below)} below {quotes.number('lower_limit', low, found.unit)}"
        )
    if math.isfinite(high):
        ends.append(
            f"{quotes.number('n_above', above)} above {quotes.number('upper_limit', high, found.unit)}"
        )
    text = (
        f"**{amount if n else 'No ' + nouns}** ({pct} of {of}){filtered} {'has' if n == 1 else 'have'}"
        f" an unusual value in {label(found)} {words}: {' and '.join(ends)}"
    )
    for value in _numbers_in(words):
        quotes.note(f"rule_{value:g}", value, None, rule)
    findings = _about_tail(workspace, this, spread, made, quotes, found, rule)
    shown = _extreme_rows(workspace, chosen, outside, found, nouns)
    caveats = (
        *made.caveats,
        "Nothing was removed; an unusual value can be right, so look before you leave it out.",
    )
    return ToolResult(
        sentence(text), (*quotes.facts, *made.facts), findings, (shown,) if n else (), (), caveats,
    )  # fmt: skip


def _numbers_in(text: str) -> list[float]:
    """Return the numbers that stand in a text."""
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", text)]


def _fences(
    workspace: Workspace, frame: Frame, this: nw.Expr, spread: Spread, rule: Rule, threshold: float | None
) -> tuple[float, float, str]:
    if rule == "iqr":
        times = 1.5 if threshold is None else threshold
        first, third = spread.quantiles[0.25], spread.quantiles[0.75]
        width = third - first
        words = f"by the rule of {times:g} times the middle half's width (IQR)"
        return first - times * width, third + times * width, words
    if rule == "z":
        times = 3.0 if threshold is None else threshold
        reach = times * (spread.std or 0.0)
        return (
            spread.mean - reach,
            spread.mean + reach,
            f"more than {times:g} standard deviations from the average",
        )
    percent = 99.0 if threshold is None else threshold
    if not 0 < percent < 100:
        raise ToolError("A percentile lies between 0 and 100.", "Use 99 or 95, for example.")
    cut = workspace.engine.collect(frame.select(this.quantile(percent / 100, "linear").alias("cut")))[
        "cut"
    ].iloc[0]
    words = f"beyond percentile {number(percent)}"
    return (-math.inf, float(cut), words) if percent >= 50 else (float(cut), math.inf, words)


def _about_tail(
    workspace: Workspace,
    this: nw.Expr,
    spread: Spread,
    made: Aggregated,
    quotes: Quotes,
    column: Column,
    rule: Rule,
) -> tuple[str, ...]:
    """Say what a long tail does to the rule: on the logarithm far fewer values are unusual."""
    largest = quotes.number("largest", spread.high, column.unit)
    told = [
        f"The largest value is {largest}, the median {quotes.number('median', spread.median, column.unit)}."
    ]
    if rule != "iqr" or not spread.is_heavy or spread.quantiles[0.25] <= 0:
        return tuple(told)
    first, third = math.log(spread.quantiles[0.25]), math.log(spread.quantiles[0.75])
    width = third - first
    low, high = math.exp(first - 1.5 * width), math.exp(third + 1.5 * width)
    beyond = ((this > 0) & ((this < low) | (this > high))).cast(nw.Int64).sum().fill_null(0).alias("n")
    n = int(workspace.engine.collect(made.selection.frame.select(beyond))["n"].iloc[0])
    nouns = row_noun(made.table)
    told.append(
        "The values have a long tail, for which this rule is strict: on a logarithmic scale only"
        f" {quotes.count('n_outliers_log', n, *nouns)} would be unusual."
    )
    return tuple(told)


def _extreme_rows(
    workspace: Workspace, table: DataTable, outside: Frame, column: Column, nouns: str
) -> ResultTable:
    names = [each.name for each in table.columns if each.role in ("row_key", "customer_key", "time")]
    names = [*dict.fromkeys([*names, column.name])]
    order = [column.name, *(name for name in names if name != column.name)]
    flags = [True] + [False] * (len(order) - 1)
    collected = workspace.engine.collect(
        outside.select(*names).sort(*order, descending=flags, nulls_last=True).head(SHOWN_OUTLIERS)
    )
    rows = tuple(
        tuple(plain_value(value) for value in record) for record in collected.itertuples(index=False)
    )
    total = workspace.engine.collect(outside.select(nw.len().alias("n")))["n"].iloc[0]
    units = tuple(column.unit if name == column.name else None for name in names)
    title = f"Largest unusual {nouns} by {column.name}"
    return ResultTable(title, tuple(names), rows, units, int(total) if total > len(rows) else None)
