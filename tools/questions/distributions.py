"""Knows the tools `show_distribution` and `find_outliers`: how values of a column are spread."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw

from tools.core import Column, DataTable, Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.figures import MOST_BARS, bars, boxes, histogram, pie
from tools.frames import open_table
from tools.questions.aggregating import Aggregated, Request, Row, compute
from tools.questions.cross_tables import cross_table
from tools.questions.eda import COUNT, Chart, aggregate
from tools.questions.measure_words import row_noun
from tools.questions.measuring import numeric
from tools.questions.phrasing import ExactQuotes, group_words, share_digits
from tools.quoting import Quotes
from tools.selecting import Condition, GroupBy, Measure, Statistic, columns_named, find_column
from tools.wording import label, listing, plain_name, plural, sentence, share

TOP = 15  # values of a text column that are shown
HEAVY = 20.0  # a largest value this many times the median asks for logarithmic bins
MOST_BOXES = 12
BINS = 40
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Spread:
    """How the numbers of a column are spread, in its unit; type-7 quantiles by their position from 0 to 1."""

    n: int
    n_missing: int
    n_zero: int
    mean: float
    std: float | None
    skew: float | None
    low: float
    high: float
    quantiles: Mapping[float, float]

    @property
    def median(self) -> float:
        """Value in the middle."""
        return self.quantiles[0.5]

    @property
    def is_heavy(self) -> bool:
        """Whether a few values are so large that equal bins would show one bar."""
        return (
            self.low >= 0
            and self.high > HEAVY * self.quantiles[0.75] > 0
            and (self.skew is None or self.skew > 2)
        )


@tool
def show_distribution(
    workspace: Workspace,
    *,
    column: str,
    by: str | None = None,
    where: Sequence[Condition] = (),
    chart: Chart = "auto",
    table: str | None = None,
) -> ToolResult:
    """Show how the values of a column are spread: quantiles and a histogram, or the most frequent values.

    Args:
        workspace: The data.
        column: Column to look at.
        by: Compare the distribution between the groups of this column.
        where: Conditions that all hold for the rows used.
        chart: Kind of chart; auto takes a histogram for numbers, boxes for groups and bars for words.
        table: Name of a loaded table, or customers.
    """
    chosen, _ = open_table(workspace, table, [column, *([by] if by else []), *sorted(columns_named(where))])
    found = find_column(chosen, column)
    if found.kind in ("date", "datetime", "time") or found.role == "clock":
        group = GroupBy(column=found.name, grain=None, bins=None, n_bins=None)
        groups = [group, *([GroupBy(column=by, grain=None, bins=None, n_bins=None)] if by else [])]
        return aggregate(workspace, by=groups, where=where, chart=chart, table=chosen.name)
    if found.kind != "number":
        return _of_words(workspace, chosen, found, by, where, chart)
    if by:
        return _by_group(workspace, chosen, found, by, where, chart)
    return _of_numbers(workspace, chosen, found, where, chart)


# ------------------------------------------------------------------ numbers


def measures_of(column: Column, statistics: Sequence[Statistic], quantiles: Sequence[float]) -> list[Measure]:
    """Return the measures that describe a column of numbers."""
    plain = [Measure(statistic=each, column=column.name, q=None, per=None) for each in statistics]
    return plain + [Measure(statistic="quantile", column=column.name, q=q, per=None) for q in quantiles]


def spread_of(
    workspace: Workspace,
    table: DataTable,
    column: Column,
    where: Sequence[Condition],
    quantiles: Sequence[float] = QUANTILES,
    statistics: Sequence[Statistic] = ("count", "mean", "std", "skew", "min", "max"),
) -> tuple[Spread, Aggregated]:
    """Compute how a column of numbers is spread.

    Raises:
        ToolError: If it has no values.
    """
    zero = Condition.model_validate({"column": column.name, "is": "equal", "value": 0})
    measures = measures_of(column, statistics, quantiles)
    measures.append(Measure(statistic="count", column=None, q=None, where=[zero], per=None))
    made = compute(workspace, Request(tuple(measures), (), tuple(where), table=table.name))
    numbers = [None if value is None else float(str(value)) for value in made.whole.values]
    found = dict(zip(statistics, numbers, strict=False))
    if not found["count"]:
        raise ToolError(
            f"{column.name} has no values there.", "Loosen the conditions or choose another column."
        )
    at = {q: value or 0.0 for q, value in zip(quantiles, numbers[len(statistics) : -1], strict=True)}
    low, high, mean = (found.get(name) or 0.0 for name in ("min", "max", "mean"))
    spread = Spread(
        int(found["count"] or 0), made.absent[0], int(numbers[-1] or 0), mean, found.get("std"),
        found.get("skew"), low, high, at,
    )  # fmt: skip
    return spread, made


def _of_numbers(
    workspace: Workspace, table: DataTable, column: Column, where: Sequence[Condition], chart: Chart
) -> ToolResult:
    spread, made = spread_of(workspace, table, column, where)
    quotes, nouns = ExactQuotes(), row_noun(table)
    filtered = f" where {made.selection.words}" if made.selection.words else ""
    teller = _Numbers(column, spread, quotes, nouns, filtered)
    edges, counts, logarithmic = histogram_of(workspace, table, column, made.selection.frame, spread)
    drawn, remark = _numbers_figure(column, spread, edges, counts, logarithmic, nouns[1], chart)
    headline, findings = sentence(teller.headline()), teller.findings()
    caveats = [*made.caveats, *teller.caveats()]
    if logarithmic and drawn and chart != "box":
        zeros = " Zeros are not drawn." if spread.n_zero else ""
        caveats.append(
            f"The histogram's bins grow by a constant factor, as a few values are very large.{zeros}"
        )
    if remark:
        caveats.append(remark)
    tables = (teller.table(), _bin_table(column, edges, counts, nouns[1]))
    figures = (drawn,) if drawn else ()
    return ToolResult(headline, (*quotes.facts, *made.facts), findings, tables, figures, tuple(caveats))


class _Numbers:
    """Writes about the spread of one column."""

    def __init__(
        self, column: Column, spread: Spread, quotes: Quotes, nouns: tuple[str, str], where: str
    ) -> None:
        self.column, self.spread, self.quotes, self.nouns, self.where = column, spread, quotes, nouns, where
        self.scope = where.strip()
        self.key = "_".join(plain_name(column.name).lower().split())

    def _money(self, name: str, value: float) -> str:
        return self.quotes.number(f"{name}_{self.key}", value, self.column.unit, self.scope)

    def headline(self) -> str:
        spread = self.spread
        q1, q3 = (
            self._money("percentile_25", spread.quantiles[0.25]),
            self._money("percentile_75", spread.quantiles[0.75]),
        )
        return (
            f"the median of {label(self.column)}{self.where} is"
            f" **{self._money('median', spread.median)}** and the average {self._money('mean', spread.mean)};"
            f" the middle half lies between {q1} and {q3}"
        )

    def findings(self) -> tuple[str, ...]:
        spread, told = self.spread, []
        ends = f"from {self._money('min', spread.low)} to {self._money('max', spread.high)}"
        told.append(f"Values run {ends}; 5% lie below {self._money('percentile_5', spread.quantiles[0.05])},"
                    f" 5% above {self._money('percentile_95', spread.quantiles[0.95])} and"
                    f" 1% above {self._money('percentile_99', spread.quantiles[0.99])}.")  # fmt: skip
        for name, value in (("percent_5", 5), ("percent_1", 1)):
            self.quotes.note(name, value, "%", "position of a quantile")
        if spread.skew is not None:
            skew = self.quotes.number(f"skew_{self.key}", spread.skew, None, self.scope)
            told.append(f"The distribution is {_shape(spread.skew)} (skewness {skew}){_advice(spread)}.")
        if spread.n_zero:
            zeros = self.quotes.count("n_zero", spread.n_zero, *self.nouns, scope=self.scope)
            part = 100.0 * spread.n_zero / spread.n
            pct = self.quotes.number("share_zero_pct", part, "%", self.scope, digits=share_digits(part))
            told.append(f"{zeros} ({pct}) {'is' if spread.n_zero == 1 else 'are'} exactly zero.")
        return tuple(told)

    def caveats(self) -> list[str]:
        self.quotes.note(f"n_{self.nouns[1]}", self.spread.n, self.nouns[1], self.scope)
        if not self.spread.n_missing:
            return []
        missing = self.quotes.count(
            f"n_missing_{self.key}", self.spread.n_missing, *self.nouns, scope=self.scope
        )
        return [
            f"{missing} without {self.column.name} {'is' if self.spread.n_missing == 1 else 'are'} left out."
        ]

    def table(self) -> ResultTable:
        spread = self.spread
        names = ("1%", "5%", "25%", "50% (median)", "75%", "95%", "99%")
        rows: list[tuple[Scalar, ...]] = [
            ("values", spread.n),
            ("missing", spread.n_missing),
            ("zero", spread.n_zero),
        ]
        rows += [("average", spread.mean), ("standard deviation", spread.std), ("skewness", spread.skew)]
        rows += [
            ("smallest", spread.low),
            *zip(names, spread.quantiles.values(), strict=True),
            ("largest", spread.high),
        ]
        unit = (None, self.column.unit)
        return ResultTable(
            f"Distribution of {self.column.name}", ("statistic", self.column.name), tuple(rows), unit
        )


def _shape(skew: float) -> str:
    if abs(skew) < 0.5:
        return "about symmetric"
    side = "the right" if skew > 0 else "the left"
    return f"{'strongly' if abs(skew) > 2 else 'somewhat'} skewed to {side}"


def _advice(spread: Spread) -> str:
    return ", so the median says more than the average" if abs(spread.skew or 0.0) > 2 else ""


def histogram_of(
    workspace: Workspace, table: DataTable, column: Column, frame: Frame, spread: Spread
) -> tuple[list[float], list[int], bool]:
    """Count values between edges; the last bin includes its upper end.

    Returns:
        Edges, counts, and whether the edges grow by a constant factor (zeros are then left out).
    """
    logarithmic = spread.is_heavy
    edges = _log_edges(spread) if logarithmic else _even_edges(spread, column)
    this = numeric(table, column, "a histogram")
    kept = frame.filter(this > 0) if logarithmic else frame.filter(~this.is_null())
    bins: nw.Expr = this.cast(nw.Int64) * 0
    for edge in edges[1:-1]:
        bins = bins + (this >= edge).cast(nw.Int64)
    grouped = kept.with_columns(bins.alias("bin")).group_by("bin").agg(nw.len().alias("n"))
    collected = workspace.engine.collect(grouped)
    counts = [0] * (len(edges) - 1)
    for position, n in zip(collected["bin"], collected["n"], strict=True):
        counts[int(position)] = int(n)
    return edges, counts, logarithmic


def _log_edges(spread: Spread) -> list[float]:
    """Return edges at 1, 2 and 5 times powers of ten that hold all positive values."""
    low = (
        spread.low
        if spread.low > 0
        else min(value for value in (*spread.quantiles.values(), spread.high) if value > 0)
    )
    first = math.floor(math.log10(max(low, spread.high * 1e-7)))
    steps = [base * 10.0**power for power in range(first, 20) for base in (1.0, 2.0, 5.0)]
    above = next(index for index, step in enumerate(steps) if step > spread.high)
    below = max((index for index, step in enumerate(steps) if step <= low), default=0)
    return steps[below : above + 1]


def _even_edges(spread: Spread, column: Column) -> list[float]:
    if spread.low == spread.high:
        return [spread.low - 0.5, spread.high + 0.5]
    rough = (spread.high - spread.low) / BINS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * base for base in (1.0, 2.0, 2.5, 5.0, 10.0) if power * base >= rough)
    ends = (column.minimum, column.maximum)
    if all(isinstance(end, int | float) and float(end).is_integer() for end in ends) and column.role == "age":
        step = max(1.0, step)
    start = math.floor(spread.low / step)
    n = math.floor(spread.high / step) - start + 1
    return [(start + index) * step for index in range(n + 1)]


def _bin_table(column: Column, edges: Sequence[float], counts: Sequence[int], nouns: str) -> ResultTable:
    rows = tuple((low, high, n) for (low, high), n in zip(pairwise(edges), counts, strict=True) if n)
    units = (column.unit, column.unit, nouns)
    return ResultTable(f"Histogram of {column.name}", ("from", "to below", nouns), rows, units)


def _numbers_figure(
    column: Column, spread: Spread, edges: Sequence[float], counts: Sequence[int], logarithmic: bool,
    nouns: str, chart: Chart,
) -> tuple[Json | None, str]:  # fmt: skip
    if chart == "none":
        return None, ""
    title, axis = f"Distribution of {column.name}", column.name
    if column.unit and column.unit not in axis:
        axis += f" ({column.unit})"
    if chart == "box":
        five = [spread.quantiles[q] for q in (0.05, 0.25, 0.5, 0.75, 0.95)]
        positive = spread.is_heavy and five[0] > 0
        drawn = boxes([column.name], [five], title, "", axis, logarithmic=positive)
        return drawn, "Whiskers of the box end at the 5th and 95th percentile."
    remark = ""
    if chart not in ("auto", "histogram", "bar"):
        remark = f"Values of one column are drawn as a histogram, not as a {chart}."
    return histogram(edges, counts, title, axis, nouns, logarithmic=logarithmic), remark


# ------------------------------------------------------------------ numbers by group


def _by_group(
    workspace: Workspace, table: DataTable, column: Column, by: str, where: Sequence[Condition], chart: Chart
) -> ToolResult:
    measures = measures_of(column, ("count", "mean", "std"), (0.05, 0.25, 0.5, 0.75, 0.95))
    group = GroupBy(column=by, grain=None, bins=None, n_bins=None)
    made = compute(
        workspace, Request(tuple(measures), (group,), tuple(where), table=table.name, whole_measures=1)
    )
    rows = [row for row in made.named if row.values[0]]
    quotes, key, nouns = ExactQuotes(), made.keys[0], row_noun(table)[1]
    if not rows:
        raise ToolError(
            f"{column.name} has no values there.", "Loosen the conditions or choose another column."
        )
    filtered = f" where {made.selection.words}" if made.selection.words else ""
    shown = rows if key.ordered else sorted(rows, key=lambda row: -row.n)[:MOST_BOXES]
    ranked = sorted(shown, key=lambda row: -_at(row, 5))

    def told(row: Row) -> str:
        return quotes.number("median", _at(row, 5), column.unit, f"{key.title} = {row.name}{filtered}")

    def named(row: Row) -> str:
        return group_words(key, row.raw[0], row.labels[0])

    text = f"the median of {label(column)}{filtered} is"
    if len(ranked) <= 4:
        text += f" {listing([f'**{told(row)}** for {named(row)}' for row in ranked])}"
    else:
        top, bottom = ranked[0], ranked[-1]
        text += f" highest for {named(top)} (**{told(top)}**) and lowest for {named(bottom)} ({told(bottom)})"
    for row in shown:
        for name, index in (("mean", 1), ("percentile_25", 4), ("percentile_75", 6)):
            quotes.note(name, _at(row, index), column.unit, f"{key.title} = {row.name}{filtered}")
        quotes.note(f"n_{nouns}", row.n, nouns, f"{key.title} = {row.name}{filtered}")
    caveats = [*made.caveats]
    if made.absent[0]:
        caveats.append(
            f"{quotes.number('n_missing', made.absent[0], nouns)} without {column.name} are left out."
        )
    if len(shown) < len(rows):
        n, of = quotes.number("n_shown", len(shown)), quotes.number("n_groups", len(rows))
        caveats.append(f"Only the {n} largest of {of} groups are shown.")
    heading = (key.title, "values", "average", "standard deviation", "5%", "25%", "median", "75%", "95%")
    units = (None, nouns, *(column.unit for _ in heading[2:]))
    result = ResultTable(
        f"Distribution of {column.name} by {key.title}",
        heading,
        tuple((row.name, *row.values) for row in rows),
        units,
    )
    fives = [[_at(row, index) for index in (3, 4, 5, 6, 7)] for row in shown]
    figures: tuple[Json, ...] = ()
    if chart != "none":
        lowest, highest = min(five[0] for five in fives), max(five[4] for five in fives)
        heavy = lowest > 0 and highest > HEAVY * min(five[2] for five in fives)
        axis = (
            f"{column.name} ({column.unit})"
            if column.unit and column.unit not in column.name
            else column.name
        )
        figures = (
            boxes([row.name for row in shown], fives, result.title, key.title, axis, logarithmic=heavy),
        )
        caveats.append(
            "Boxes show the middle half and the median; whiskers end at the 5th and 95th percentile."
        )
        quotes.note("whisker_low", 5, "th percentile")
        quotes.note("whisker_high", 95, "th percentile")
    return ToolResult(sentence(text), (*quotes.facts, *made.facts), (), (result,), figures, tuple(caveats))


def _at(row: Row, index: int) -> float:
    value = row.values[index]
    return float(value) if isinstance(value, int | float) else 0.0


# ------------------------------------------------------------------ words


def _of_words(
    workspace: Workspace,
    table: DataTable,
    column: Column,
    by: str | None,
    where: Sequence[Condition],
    chart: Chart,
) -> ToolResult:
    group = GroupBy(column=column.name, grain=None, bins=None, n_bins=None)
    if by:
        return cross_table(
            workspace, rows=by, columns=column.name, where=where, normalise="rows", table=table.name
        )
    made = compute(
        workspace, Request((COUNT,), (group,), tuple(where), order="descending", limit=TOP, table=table.name)
    )
    quotes, (noun, nouns) = ExactQuotes(), row_noun(table)
    rows, key = made.rows, made.keys[0]
    filtered = f" where {made.selection.words}" if made.selection.words else ""
    if not rows:
        raise ToolError(
            f"{column.name} has no values there.", "Loosen the conditions or choose another column."
        )
    known = made.whole.n - made.n_unnamed

    def told(row: Row) -> str:
        part = 100.0 * row.n / known
        scope = f"{column.name} = {row.name}{filtered}"
        n = quotes.number(f"n_{nouns}", row.n, None, scope)
        pct = quotes.number("share_pct", part, "%", scope, digits=share_digits(part))
        return f"{group_words(key, row.raw[0], row.labels[0])} ({n}, {pct})"

    n_distinct = quotes.number("n_values", made.n_groups)
    first, rest = f"**{told(rows[0])}**", [told(row) for row in rows[1 : 6 if len(rows) <= 6 else 3]]
    kinds = (
        f"{n_distinct} {plural(plain_name(column.name)) if made.n_groups != 1 else plain_name(column.name)}"
    )
    text = f"the most frequent of {kinds}{filtered} is {first}" + (f", then {listing(rest)}" if rest else "")
    findings = []
    if made.n_groups > len(rows):
        part = sum(row.n for row in rows) / known
        quotes.note("share_top_pct", 100.0 * part, "%", filtered.strip())
        quotes.note("n_shown", len(rows), "values")
        others = quotes.number("n_other_values", made.n_groups - len(rows))
        findings.append(
            f"The {len(rows)} most frequent values hold {share(part)}; {others} others share the rest."
        )
    caveats = [*made.caveats]
    if made.n_unnamed:
        missing = quotes.count("n_missing", made.n_unnamed, noun, nouns)
        caveats.append(f"{missing} without {column.name} are left out of the shares.")
    for row in rows:
        told(row)
    table_rows: list[tuple[Scalar, ...]] = [(row.name, row.n, 100.0 * row.n / known) for row in rows]
    other = known - sum(row.n for row in rows)
    if other:
        table_rows.append((f"{made.n_groups - len(rows):,} others", other, 100.0 * other / known))
    result = ResultTable(
        f"Values of {column.name}", (column.name, nouns, "share %"), tuple(table_rows), (None, nouns, "%")
    )
    figures, remark = _words_figure(column, result, nouns, chart)
    return ToolResult(
        sentence(text), (*quotes.facts, *made.facts), tuple(findings), (result,), figures,
        (*caveats, remark) if remark else tuple(caveats),
    )  # fmt: skip


def _words_figure(
    column: Column, table: ResultTable, nouns: str, chart: Chart
) -> tuple[tuple[Json, ...], str]:
    if chart == "none":
        return (), ""
    labels, values = [str(row[0]) for row in table.rows], [int(str(row[1])) for row in table.rows]
    if chart == "pie":
        return (pie(labels, values, table.title),), ""
    remark = (
        ""
        if chart in ("auto", "bar", "stacked", "histogram")
        else f"Words are drawn as bars, not as a {chart}."
    )
    return (bars(labels[:MOST_BARS], {nouns: values[:MOST_BARS]}, table.title, column.name, nouns),), remark
