"""Knows the tools `correlate` and `cross_table`: how columns go together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import narwhals as nw
import numpy as np

from tools.aggregating import Request, compute
from tools.conditions import select
from tools.core import Column, DataTable, Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.eda import COUNT
from tools.effects import V_LARGE, V_MEDIUM, V_SMALL, Z95, cramers_v
from tools.errors import ToolError
from tools.figures import bubbles, heatmap
from tools.frames import open_table
from tools.headlines import ExactQuotes, group_words, share_digits
from tools.measuring import numeric, row_noun
from tools.quoting import Quotes
from tools.selecting import Condition, GroupBy, columns_named, find_column
from tools.wording import label, listing, number, sentence

MOST_COLUMNS = 25
CELLS = 40  # bins each way of a binned scatter chart
MOST_LEVELS = 30
_OTHER = "(other)"
Method = Literal["pearson", "spearman"]
Normalise = Literal["none", "rows", "columns", "all"]
Frame = nw.LazyFrame[Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Correlation of two columns over the rows that have both; None where one of them does not vary."""

    first: str
    second: str
    r: float | None
    n: int

    @property
    def size(self) -> float:
        """Strength without direction."""
        return abs(self.r) if self.r is not None else -1.0

    def interval(self) -> tuple[float, float] | None:
        """Return the 95% interval by Fisher's z transformation (Fisher 1921)."""
        if self.r is None or self.n < 4 or self.size >= 1:
            return None
        z, half = math.atanh(self.r), Z95 / math.sqrt(self.n - 3)
        return math.tanh(z - half), math.tanh(z + half)


@tool
def correlate(
    workspace: Workspace,
    *,
    columns: Sequence[str] = (),
    target: str | None = None,
    method: Method = "pearson",
    where: Sequence[Condition] = (),
    table: str | None = None,
) -> ToolResult:
    """Measure how strongly number columns go together; yes/no columns count as 1 and 0.

    Args:
        workspace: The data.
        columns: Columns to compare; all number columns if empty.
        target: Compare all others with this one only.
        method: pearson for straight-line relations, spearman for ranks (robust against extreme values).
        where: Conditions that all hold for the rows used.
        table: Name of a loaded table, or customers.
    """
    named = [*columns, *([target] if target else [])]
    chosen, frame = open_table(workspace, table, [*named, *sorted(columns_named(where))])
    found, left_out = _columns(chosen, columns, target)
    selection = select(workspace, chosen, frame, where)
    goal = find_column(chosen, target).name if target else None
    pairs = correlations(workspace, chosen, selection.frame, found, goal, method)
    quotes, filtered = ExactQuotes(), f" where {selection.words}" if selection.words else ""
    teller = _Correlations(
        pairs, {column.name: column for column in found}, quotes, method, filtered, row_noun(chosen)[1]
    )
    headline, findings = teller.headline(goal), teller.findings(goal)
    caveats = [*selection.caveats, "Going together does not mean that one causes the other."]
    if left_out:
        n = quotes.number("n_columns_left_out", left_out, "columns")
        caveats.append(f"Only the first {number(len(found))} columns are compared; {n} are left out.")
        quotes.note("n_columns", len(found))
    lowest, highest = min(pair.n for pair in pairs), max(pair.n for pair in pairs)
    if lowest < highest:
        few, many = quotes.number("fewest_pairs", lowest), quotes.number("most_pairs", highest)
        caveats.append(f"Each pair uses the rows that have both values: {few} to {many}.")
    ranked = sorted(pairs, key=lambda pair: (-pair.size, pair.first, pair.second))
    for pair in ranked[:30]:
        quotes.note(f"{method}_r", pair.r, None, f"{pair.first} and {pair.second}{filtered}")
        quotes.note("n_pairs", pair.n, None, f"{pair.first} and {pair.second}{filtered}")
    figures = (_figure(workspace, chosen, selection.frame, found, pairs, goal, method),)
    return ToolResult(
        sentence(headline), (*quotes.facts, *selection.facts), findings, (_pair_table(ranked, method),), figures,
        tuple(caveats),
    )  # fmt: skip


def _columns(table: DataTable, names: Sequence[str], target: str | None) -> tuple[list[Column], int]:
    if names:
        found = [find_column(table, name) for name in names]
    else:
        roles = ("amount", "balance", "quantity", "age", "measure", "flag", "outcome")
        found = [c for c in table.columns if c.kind == "number" and c.role in roles and c.n_distinct != 1]
    if target:
        goal = find_column(table, target)
        found = [goal, *(column for column in found if column.name != goal.name)]
    found = list({column.name: column for column in found}.values())
    for column in found:
        numeric(table, column, "a correlation")
    if len(found) < 2:
        near = tuple(c.name for c in table.columns if c.kind == "number" and c not in found)[:3]
        raise ToolError("A correlation needs at least two number columns.", "Name two of them.", near)
    return found[:MOST_COLUMNS], max(0, len(found) - MOST_COLUMNS)


def correlations(
    workspace: Workspace,
    table: DataTable,
    frame: Frame,
    columns: Sequence[Column],
    target: str | None,
    method: Method,
) -> list[Pair]:
    """Correlate all pairs, or all with the target, leaving out rows that lack one of the two.

    Ranks are average ranks among the rows that have both values, as pandas takes them.
    """
    wanted = [(a, b) for a, b in combinations(columns, 2) if target in (None, a.name, b.name)]
    expressions = [
        numeric(table, column, "a correlation").alias(f"x:{i}") for i, column in enumerate(columns)
    ]
    places = {column.name: f"x:{i}" for i, column in enumerate(columns)}
    plain = frame.select(*expressions)
    counts = workspace.engine.collect(
        plain.select(nw.len().alias("n"), *(nw.col(x).count().alias(x) for x in places.values()))
    )
    complete = {
        name for name, place in places.items() if int(counts[place].iloc[0]) == int(counts["n"].iloc[0])
    }
    if method == "pearson":
        return _together(workspace, plain, wanted, places)
    whole = [pair for pair in wanted if pair[0].name in complete and pair[1].name in complete]
    used = sorted({places[column.name] for pair in whole for column in pair})
    ranked = plain.with_columns(*(nw.col(x).rank("average").alias(x) for x in used)) if used else plain
    found = {(p.first, p.second): p for p in (_together(workspace, ranked, whole, places) if whole else [])}
    for a, b in wanted:
        if (a.name, b.name) not in found:
            first, second = places[a.name], places[b.name]
            both = plain.filter(~nw.col(first).is_null() & ~nw.col(second).is_null()).select(first, second)
            both = both.with_columns(*(nw.col(x).rank("average").alias(x) for x in (first, second)))
            found[a.name, b.name] = _together(workspace, both, [(a, b)], places)[0]
    return [found[a.name, b.name] for a, b in wanted]


def _together(
    workspace: Workspace, frame: Frame, pairs: Sequence[tuple[Column, Column]], places: dict[str, str]
) -> list[Pair]:
    asked: list[nw.Expr] = []
    for index, (a, b) in enumerate(pairs):
        x, y = nw.col(places[a.name]), nw.col(places[b.name])
        asked.append((~x.is_null() & ~y.is_null()).cast(nw.Int64).sum().fill_null(0).alias(f"n:{index}"))
        asked.append(nw.corr(x, y).alias(f"r:{index}"))
    record = workspace.engine.collect(frame.select(*asked)).iloc[0]
    return [
        Pair(a.name, b.name, _rounded(record[f"r:{i}"]), int(record[f"n:{i}"]))
        for i, (a, b) in enumerate(pairs)
    ]


def _rounded(r: float | None) -> float | None:
    """Drop the last digits of a correlation, in which the order of summation can show."""
    return None if r is None or r != r else min(1.0, max(-1.0, round(float(r), 12)))


def strength(r: float) -> str:
    """Say how strong a correlation is."""
    for limit, word in (
        (0.1, "hardly any"),
        (0.3, "a weak"),
        (0.5, "a moderate"),
        (0.7, "a clear"),
        (0.9, "a strong"),
    ):
        if abs(r) < limit:
            return word
    return "a very strong"


class _Correlations:
    """Writes about correlations."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        columns: dict[str, Column],
        quotes: Quotes,
        method: Method,
        where: str,
        nouns: str,
    ) -> None:
        self.pairs, self.columns, self.quotes, self.method = pairs, columns, quotes, method
        self.where, self.nouns = where, nouns
        self.known = sorted((p for p in pairs if p.r is not None), key=lambda p: (-p.size, p.first, p.second))

    def _r(self, pair: Pair, *, bold: bool = False) -> str:
        text = self.quotes.number(
            f"{self.method}_r", pair.r or 0.0, None, f"{pair.first} and {pair.second}{self.where}", 2
        )
        return f"**{text}**" if bold else text

    def _names(self, pair: Pair) -> tuple[str, str]:
        return label(self.columns[pair.first]), label(self.columns[pair.second])

    def headline(self, target: str | None) -> str:
        kind = "rank correlation (Spearman)" if self.method == "spearman" else "correlation (Pearson)"
        if not self.known:
            return "no correlation can be computed: one of the columns does not vary"
        best = self.known[0]
        first, second = self._names(best)
        if len(self.pairs) == 1:
            text = f"there is {_relation(best)} between {first} and {second}{self.where}: the {kind} is {self._r(best, bold=True)}"
            return f"{text} over {self.quotes.number('n_pairs', best.n, self.nouns)}"
        if target:
            other = first if best.second == target else second
            goal = label(self.columns[target])
            rest = [f"{self._other(p, target)} ({self._r(p)})" for p in self.known[1:3]]
            then = f", then {listing(rest)}" if rest else ""
            return f"**{other}** goes most closely with {goal}{self.where}: {kind} {self._r(best, bold=True)}{then}"
        if best.size < 0.1:
            return f"no two of these {len(self.columns)} columns go together{self.where}: the largest {kind} is {self._r(best, bold=True)}, of {first} and {second}"
        rest = [f"{' and '.join(self._names(p))} ({self._r(p)})" for p in self.known[1:3] if p.size >= 0.1]
        then = f"; next come {listing(rest)}" if rest else ""
        return f"the closest pair is **{first} and {second}**{self.where}, with {_relation(best)}: {kind} {self._r(best, bold=True)}{then}"

    def _other(self, pair: Pair, target: str) -> str:
        return label(self.columns[pair.first if pair.second == target else pair.second])

    def findings(self, target: str | None) -> tuple[str, ...]:
        if not self.known:
            return ()
        best, told = self.known[0], []
        self.quotes.note("n_columns", len(self.columns))
        interval = best.interval()
        if interval:
            scope = f"{best.first} and {best.second}{self.where}"
            low = self.quotes.number("r_low", interval[0], None, scope, 2)
            high = self.quotes.number("r_high", interval[1], None, scope, 2)
            r2 = 100.0 * best.size**2
            pct = self.quotes.number("r_squared_pct", r2, "%", scope, digits=share_digits(r2))
            of = "order" if self.method == "spearman" else "variation"
            self.quotes.note("confidence_pct", 95, "%")
            told.append(f"The 95% interval runs from {low} to {high}; the two share {pct} of their {of}.")
        strong = [p for p in self.known if p.size >= 0.5]
        if len(self.pairs) > 3 and target is None:
            n, of = (
                self.quotes.number("n_strong_pairs", len(strong)),
                self.quotes.number("n_pairs_compared", len(self.pairs)),
            )
            self.quotes.note("strong_limit", 0.5)
            told.append(f"{n} of {of} pairs reach 0.5.")
        return tuple(told)


def _relation(pair: Pair) -> str:
    word = strength(pair.r or 0.0)
    if word == "hardly any":
        return "hardly any relation"
    return f"{word} {'positive' if (pair.r or 0) > 0 else 'negative'} relation"


def _pair_table(ranked: Sequence[Pair], method: Method) -> ResultTable:
    rows = tuple((pair.first, pair.second, pair.r, pair.n) for pair in ranked)
    return ResultTable(
        f"{method.capitalize()} correlations, strongest first", ("column", "other column", "r", "rows"), rows
    )


def _figure(
    workspace: Workspace, table: DataTable, frame: Frame, columns: Sequence[Column], pairs: Sequence[Pair],
    target: str | None, method: Method,
) -> Json:  # fmt: skip
    title = f"{method.capitalize()} correlation"
    if len(columns) == 2:
        return _scatter(workspace, table, frame, columns[0], columns[1])
    known = {(pair.first, pair.second): pair.r for pair in pairs} | {(p.second, p.first): p.r for p in pairs}
    names = [column.name for column in columns]
    down = [target] if target else names
    across = [name for name in names if name != target] if target else names
    grid = [[1.0 if a == b else known.get((a, b)) for b in across] for a in down]
    written = (
        [["" if value is None else f"{value:.2f}" for value in row] for row in grid]
        if len(names) <= 12
        else []
    )
    return heatmap(across, down, grid, title, signed=True, written=written)


def _scatter(workspace: Workspace, table: DataTable, frame: Frame, x: Column, y: Column) -> Json:
    """Draw two columns as counts in cells of a grid, on a logarithm where the values have a long tail."""
    both = frame.select(numeric(table, x, "a chart").alias("x"), numeric(table, y, "a chart").alias("y"))
    both = both.filter(~nw.col("x").is_null() & ~nw.col("y").is_null())
    asked = [
        getattr(nw.col(name), how)().alias(f"{name}:{how}")
        for name in ("x", "y")
        for how in ("min", "max", "median")
    ]
    ends = workspace.engine.collect(both.select(*asked)).iloc[0]
    cells, scales = [], {}
    for name in ("x", "y"):
        low, high, middle = (float(ends[f"{name}:{how}"]) for how in ("min", "max", "median"))
        logarithmic = low >= 0 and high > 20 * middle >= 0 and high > 0
        start, stop = (math.log1p(low), math.log1p(high)) if logarithmic else (low, high)
        step = (stop - start) / CELLS or 1.0
        this = (nw.col(name) + 1).log() if logarithmic else nw.col(name)
        cell = ((this - start) / step).floor()
        cells.append(
            nw.when(cell >= CELLS)
            .then(nw.lit(CELLS - 1.0))
            .otherwise(cell)
            .cast(nw.Int64)
            .alias(f"{name}:cell")
        )
        scales[name] = (start, step, logarithmic)
    grouped = both.with_columns(*cells).group_by("x:cell", "y:cell").agg(nw.len().alias("n"))
    collected = workspace.engine.collect(grouped.sort("x:cell", "y:cell"))

    def middle_of(name: str) -> list[float]:
        start, step, logarithmic = scales[name]
        middles = [start + (int(cell) + 0.5) * step for cell in collected[f"{name}:cell"]]
        return [round(math.expm1(value) if logarithmic else value, 6) for value in middles]

    nouns = row_noun(table)[1]
    figure = bubbles(
        middle_of("x"), middle_of("y"), [int(n) for n in collected["n"]], f"{x.name} and {y.name} ({nouns} counted in cells)",
        x.name, y.name, nouns,
    )  # fmt: skip
    for name, axis in (("x", "xaxis"), ("y", "yaxis")):
        if scales[name][2]:
            figure["layout"][axis]["type"] = "log"
    return figure


# ------------------------------------------------------------------ two categories


@tool
def cross_table(
    workspace: Workspace,
    *,
    rows: str,
    columns: str,
    where: Sequence[Condition] = (),
    normalise: Normalise = "none",
    table: str | None = None,
) -> ToolResult:
    """Count how two categories occur together, with the strength of their association.

    Args:
        workspace: The data.
        rows: Column whose values become rows.
        columns: Column whose values become columns.
        where: Conditions that all hold for the rows used.
        normalise: Show percent of each row, of each column, or of all, instead of counts.
        table: Name of a loaded table, or customers.
    """
    groups = [GroupBy(column=name, grain=None, bins=None, n_bins=None) for name in (rows, columns)]
    request = Request((COUNT,), groups, tuple(where), table=table, most_groups=200_000)
    made = compute(workspace, request)
    if len(made.named) < 1:
        raise ToolError("There are no rows that have both values.", "Loosen the conditions.")
    first, second = made.keys
    cells = {(row.labels[0], row.labels[1]): row.n for row in made.named}
    words = {(k, label_): group_words(key, raw, label_) for row in made.named
             for k, (key, raw, label_) in enumerate(zip(made.keys, row.raw, row.labels, strict=True))}  # fmt: skip
    downs, cut_down = _levels([row.labels[0] for row in made.named], cells, 0, first.ordered)
    acrosses, cut_across = _levels([row.labels[1] for row in made.named], cells, 1, second.ordered)
    counts = _counts(cells, downs, acrosses)
    quotes, nouns = ExactQuotes(), row_noun(made.table)
    filtered = f" where {made.selection.words}" if made.selection.words else ""
    total = int(counts.sum())
    names = label(first.column), label(second.column)
    headline = _association(quotes, counts, names, filtered)
    peak = _most_unusual(
        quotes, counts, [words.get((0, d), d) for d in downs], [words.get((1, a), a) for a in acrosses], names
    )
    caveats = list(made.caveats)
    if made.n_unnamed:
        missing = quotes.count("n_missing", made.n_unnamed, *nouns)
        caveats.append(f"{missing} without {first.column.name} or {second.column.name} are left out.")
    for n_cut, key in ((cut_down, first), (cut_across, second)):
        if n_cut:
            n = quotes.number("n_joined", n_cut, None, key.column.name)
            caveats.append(f"{n} rarer values of {key.column.name} are joined as {_OTHER}.")
    shown = _shown(counts, normalise)
    for i, down in enumerate(downs):
        for j, across in enumerate(acrosses):
            if i * len(acrosses) + j < 60:
                scope = f"{first.title} = {down}; {second.title} = {across}{filtered}"
                quotes.note(f"n_{nouns[1]}", int(counts[i, j]), nouns[1], scope)
                if normalise != "none":
                    quotes.note(f"share_of_{normalise}_pct", float(shown[i, j]), "%", scope)
    quotes.note(f"n_{nouns[1]}", total, nouns[1], filtered.strip())
    result = _crossed_table(counts, shown, downs, acrosses, first.title, second.title, nouns[1], normalise)
    unit = nouns[1] if normalise == "none" else "%"
    written = (
        [[f"{v:,.0f}" if normalise == "none" else f"{v:.1f}%" for v in row] for row in shown]
        if counts.size <= 100
        else []
    )
    figure = heatmap(
        acrosses, downs, shown.tolist(), f"{first.column.name} by {second.column.name} ({unit})", second.title, first.title,
        written=written,
    )  # fmt: skip
    return ToolResult(
        sentence(headline), (*quotes.facts, *made.facts), peak, (result,), (figure,), tuple(caveats),
    )  # fmt: skip


def _levels(
    labels: Sequence[str], cells: dict[tuple[str, str], int], side: int, ordered: bool
) -> tuple[list[str], int]:
    found = list(dict.fromkeys(labels))
    totals = dict.fromkeys(found, 0)
    for key, n in cells.items():
        totals[key[side]] += n
    if ordered:
        return (found if side == 0 else _in_order(found, cells, side)), 0
    ranked = sorted(found, key=lambda name: (-totals[name], name))
    if len(ranked) <= MOST_LEVELS:
        return ranked, 0
    return [*ranked[:MOST_LEVELS], _OTHER], len(ranked) - MOST_LEVELS


def _in_order(found: list[str], cells: dict[tuple[str, str], int], side: int) -> list[str]:
    """Return labels of ordered groups in their order: the longest run of one first group tells it."""
    runs: dict[str, list[str]] = {}
    for key in cells:
        runs.setdefault(key[1 - side], []).append(key[side])
    longest = max(runs.values(), key=len)
    return [*longest, *(name for name in found if name not in longest)]


def _counts(cells: dict[tuple[str, str], int], downs: Sequence[str], acrosses: Sequence[str]) -> Any:
    counts = np.zeros((len(downs), len(acrosses)), dtype=np.int64)
    rows, columns = ({name: i for i, name in enumerate(names)} for names in (downs, acrosses))
    for (down, across), n in cells.items():
        counts[rows.get(down, len(downs) - 1), columns.get(across, len(acrosses) - 1)] += n
    return counts


def plain_v(counts: Any) -> float:
    """Return Cramer's V without correction for chance, 0 to 1."""
    table = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(np.float64)
    if min(table.shape) < 2:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    chi2 = float(((table - expected) ** 2 / expected).sum())
    return math.sqrt(chi2 / table.sum() / (min(table.shape) - 1))


def association_word(v: float) -> str:
    """Say how strong an association is, by Cohen's thresholds (1988)."""
    return (
        "strongly"
        if v >= V_LARGE
        else "moderately"
        if v >= V_MEDIUM
        else "weakly"
        if v >= V_SMALL
        else "hardly"
    )


def _association(quotes: Quotes, counts: Any, names: tuple[str, str], where: str) -> str:
    v = plain_v(counts)
    quotes.note("cramers_v_corrected", cramers_v(counts), None, where.strip())
    shown = quotes.number("cramers_v", v, None, where.strip(), digits=2)
    total = quotes.number("n_rows", int(counts.sum()))
    word = association_word(v)
    verb = "are hardly associated" if word == "hardly" else f"are {word} associated"
    return f"{names[0]} and {names[1]}{where} {verb}: Cramer's V is **{shown}** over {total} rows with both"


def _most_unusual(
    quotes: Quotes, counts: Any, downs: Sequence[str], acrosses: Sequence[str], names: tuple[str, str]
) -> tuple[str, ...]:
    """Name the cell that departs most from independence, by its standardised residual."""
    total, rows, columns = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    if total == 0 or min(counts.shape) < 2:
        return ()
    expected = np.outer(rows, columns) / total
    residual = np.where(
        expected > 0, (counts - expected) / np.sqrt(np.where(expected > 0, expected, 1.0)), 0.0
    )
    i, j = divmod(int(np.argmax(np.round(residual, 9))), counts.shape[1])
    inside, overall = 100.0 * counts[i, j] / rows[i], 100.0 * columns[j] / total
    pct = quotes.number("share_in_row_pct", float(inside), "%", f"{downs[i]}, {acrosses[j]}", digits=1)
    base = quotes.number("share_overall_pct", float(overall), "%", acrosses[j], digits=1)
    first, second = names
    return (
        f"Most out of line: {second} is {acrosses[j]} for {pct} of {first} {downs[i]}, against {base} of all.",
    )


def _shown(counts: Any, normalise: Normalise) -> Any:
    if normalise == "none":
        return counts
    base = {
        "rows": counts.sum(axis=1, keepdims=True),
        "columns": counts.sum(axis=0, keepdims=True),
        "all": counts.sum(),
    }
    whole = np.asarray(base[normalise], dtype=np.float64)
    return 100.0 * counts / np.where(whole > 0, whole, 1.0)


def _crossed_table(
    counts: Any, shown: Any, downs: Sequence[str], acrosses: Sequence[str], first: str, second: str, nouns: str,
    normalise: Normalise,
) -> ResultTable:  # fmt: skip
    rows: list[tuple[Scalar, ...]] = []
    for index, down in enumerate(downs):
        values = [value.item() for value in shown[index]]
        rows.append((down, *values, int(counts[index].sum())))
    rows.append(("all", *(_foot(counts, normalise, j) for j in range(len(acrosses))), int(counts.sum())))
    unit = nouns if normalise == "none" else "%"
    units = (None, *(unit for _ in acrosses), nouns)
    title = f"{first} by {second}" + ("" if normalise == "none" else f", % of {normalise}")
    return ResultTable(title, (first, *acrosses, f"all {nouns}"), tuple(rows), units)


def _foot(counts: Any, normalise: Normalise, column: int) -> Scalar:
    n = int(counts[:, column].sum())
    if normalise == "none":
        return n
    return 100.0 if normalise == "columns" else 100.0 * n / int(counts.sum())
