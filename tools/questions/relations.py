"""Knows the tool `correlate`: how number columns go together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import narwhals as nw

from tools.conditions import select
from tools.core import Column, DataTable, Json, ResultTable, ToolResult, Workspace, tool
from tools.effects import Z95
from tools.errors import ToolError
from tools.figures import bubbles, heatmap
from tools.frames import open_table
from tools.questions.measure_words import row_noun
from tools.questions.measuring import numeric
from tools.questions.phrasing import ExactQuotes, share_digits
from tools.quoting import Quotes
from tools.selecting import Condition, columns_named, find_column
from tools.wording import label, listing, number, sentence

MOST_COLUMNS = 25
CELLS = 40  # bins each way of a binned scatter chart
Method = Literal["pearson", "spearman"]
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
        sentence(headline), (*quotes.facts, *selection.facts), findings, (_pair_table(ranked, method),),
        figures, tuple(caveats),
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
        r = self._r(best, bold=True)
        if len(self.pairs) == 1:
            text = f"there is {_relation(best)} between {first} and {second}{self.where}: the {kind} is {r}"
            return f"{text} over {self.quotes.number('n_pairs', best.n, self.nouns)}"
        if target:
            other = first if best.second == target else second
            goal = label(self.columns[target])
            rest = [f"{self._other(p, target)} ({self._r(p)})" for p in self.known[1:3]]
            then = f", then {listing(rest)}" if rest else ""
            return f"**{other}** goes most closely with {goal}{self.where}: {kind} {r}{then}"
        if best.size < 0.1:
            what = f"no two of these {len(self.columns)} columns go together{self.where}"
            return f"{what}: the largest {kind} is {r}, of {first} and {second}"
        rest = [f"{' and '.join(self._names(p))} ({self._r(p)})" for p in self.known[1:3] if p.size >= 0.1]
        then = f"; next come {listing(rest)}" if rest else ""
        what = f"the closest pair is **{first} and {second}**{self.where}"
        return f"{what}, with {_relation(best)}: {kind} {r}{then}"

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
        middle_of("x"), middle_of("y"), [int(n) for n in collected["n"]],
        f"{x.name} and {y.name} ({nouns} counted in cells)", x.name, y.name, nouns,
    )  # fmt: skip
    for name, axis in (("x", "xaxis"), ("y", "yaxis")):
        if scales[name][2]:
            figure["layout"][axis]["type"] = "log"
    return figure
