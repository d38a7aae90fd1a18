"""Knows how customers whose features lie in the engine answer a model: every step is an expression there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Self

import narwhals as nw

from tools.engine import Engine
from tools.errors import ToolError
from tools.periods import interval
from tools.placing.sheets import Cell, Known
from tools.segments.holding import COMPARED, YES, iso, number_of, values_of
from tools.selecting import texts_matching

_STEPS = (256, 64, 16, 4, 1)  # exponents are found and applied in steps of up to three times these
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as files write times


class InEngine:
    """Customers in the engine, one a row; nothing is brought here but what a rule has to know of them all.

    Args:
        engine: Where they are.
        frame: Their features; no column more than is needed, since every step carries them all.
    """

    def __init__(self, engine: Engine, frame: nw.LazyFrame[Any]) -> None:
        self.frame = frame
        self._engine = engine
        self._kinds = dict(frame.collect_schema())
        self._among: nw.Expr | None = None  # for whom the present part of the model is meant
        self._names = count()

    def number(self, column: str) -> Known:
        """Return a column as floats."""
        kind, this = self._kinds[column], nw.col(column)
        if kind.is_temporal():
            this = (this.cast(nw.Datetime) - nw.lit(_EPOCH)).dt.total_seconds().cast(nw.Float64) / 86400.0
        elif kind == nw.Boolean:
            this = nw.when(this).then(nw.lit(1.0)).when(~this).then(nw.lit(0.0))
        elif kind.is_numeric():
            this = this.cast(nw.Float64)
        else:
            raise ToolError(
                f"{column} holds words here, and numbers where the segments were made.",
                "Use a file of the same kind.",
            )
        (raw,) = self.keep(this)
        known = (raw - raw == 0.0).fill_null(False)  # neither missing nor infinite
        (known,) = self.keep(known)
        return Known(self.where(known, raw, 0.0), ~known)

    def same(self, column: str, text: str) -> Cell:
        """Tell for whom a column, as text, is this."""
        return (self._text(column) == text).fill_null(False)

    def missing(self, column: str) -> Cell:
        """Tell for whom a column has no value."""
        this = nw.col(column)
        if self._kinds[column].is_float():
            return this.is_null() | (this != this).fill_null(False)
        return this.is_null()

    def holds(self, condition: Mapping[str, Any]) -> Cell:
        """Tell for whom a stored condition holds."""
        found = self._single(condition)
        for other in condition.get("or", condition.get("or_")) or ():
            found = found | self.holds(other)
        return found

    def keep(self, *cells: Cell) -> list[Cell]:
        """Add cells as columns."""
        names = [f"|step {next(self._names)}" for _ in cells]
        if cells:
            self.frame = self.frame.with_columns(
                *(cell.alias(name) for name, cell in zip(names, cells, strict=True))
            )
        return [nw.col(name) for name in names]

    def apart(self, steps: Callable[[], Sequence[Cell]]) -> list[Cell]:
        """Drop every column again that some steps made, but for those that they return."""
        before = self.frame.columns
        cells = steps()
        kept = [f"|step {next(self._names)}" for _ in cells]
        named = (cell.alias(name) for name, cell in zip(kept, cells, strict=True))
        self.frame = self.frame.select(*(nw.col(name) for name in before), *named)
        return [nw.col(name) for name in kept]

    def constant(self, value: float) -> Cell:
        """Return the same number for everybody."""
        return nw.lit(value)

    def where(self, condition: Cell, then: Any, otherwise: Any) -> Cell:
        """Choose between two values."""
        return nw.when(condition).then(_cell(then)).otherwise(_cell(otherwise))

    def least(self, cells: Sequence[Cell]) -> Cell:
        """Return the smallest of several cells for each customer."""
        return cells[0] if len(cells) == 1 else nw.min_horizontal(*cells)

    def largest(self, cells: Sequence[Cell]) -> Cell:
        """Return the largest of several cells for each customer."""
        return cells[0] if len(cells) == 1 else nw.max_horizontal(*cells)

    def root(self, cell: Cell) -> Cell:
        """Take the square root."""
        return cell.sqrt()

    def floor(self, cell: Cell) -> Cell:
        """Round down."""
        return cell.floor().cast(nw.Float64)

    def mantissas(self, cells: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
        """Write each number of at least 1 as m times 2 to the k, by halving only."""
        found = [(cell, nw.lit(0.0)) for cell in cells]
        for step in _STEPS:
            made = []
            for mantissa, exponent in found:
                sizes = [2.0 ** (n * step) for n in (1, 2, 3)]
                halves = [2.0 ** (-n * step) for n in (1, 2, 3)]
                made.append(mantissa * _from(mantissa, sizes, 1.0, halves))
                made.append(exponent + _from(mantissa, sizes, 0.0, _times(step)))
            kept = self.keep(*made)
            found = list(zip(kept[::2], kept[1::2], strict=True))
        return found

    def powers_of_two(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return 2 to the k, by doubling only."""
        sizes = self.keep(*(cell.abs() for cell in cells))
        found = [(nw.lit(1.0), size) for size in sizes]
        for step in _STEPS:
            made = []
            for power, left in found:
                doubles = [2.0 ** (n * step) for n in (1, 2, 3)]
                made.append(power * _from(left, _times(step), 1.0, doubles))
                made.append(left - _from(left, _times(step), 0.0, _times(step)))
            kept = self.keep(*made)
            found = list(zip(kept[::2], kept[1::2], strict=True))
        powers = [power for power, _ in found]
        return self.keep(
            *(self.where(k < 0.0, 1.0 / power, power) for k, power in zip(cells, powers, strict=True))
        )

    def patterns(self, missing: Sequence[Cell]) -> list[tuple[bool, ...]]:
        """Return every combination of missing values that occurs."""
        whole = [(False,) * len(missing)]
        code: Cell = nw.lit(0)
        for i, flag in enumerate(missing):
            code = code + self.where(flag, 1 << i, 0)
        code = self._mine(code, -1).cast(nw.Int64)
        found = self._engine.collect(self.frame.select(code.alias("code")).unique(["code"]))
        codes = sorted(int(each) for each in found["code"] if each >= 0)
        return [tuple(bool(each >> i & 1) for i in range(len(missing))) for each in codes] or whole

    def inside(self, condition: Cell, placed: Callable[[Self], Sequence[Cell]]) -> list[Cell]:
        """Compute cells for some of the customers; for the others they are computed too, and mean nothing."""
        outer = self._among
        self._among = condition if outer is None else outer & condition
        found = list(placed(self))
        self._among = outer
        return found

    def in_blocks(self, placed: Callable[[Self], Sequence[Cell]]) -> list[Cell]:
        """Compute cells; the engine itself sees to its memory."""
        return list(placed(self))

    def _mine(self, cell: Cell, otherwise: Any) -> Cell:
        """Return a cell for those for whom this part of the model is meant.

        They are not filtered: Spark would write out every step before a filter once for each use of it.
        """
        return cell if self._among is None else self.where(self._among, cell, otherwise)

    def _text(self, column: str) -> Cell:
        kind, this = self._kinds[column], nw.col(column)
        if kind == nw.Boolean:
            return nw.when(this).then(nw.lit("True")).when(~this).then(nw.lit("False"))
        return this if kind == nw.String else this.cast(nw.String)

    def _single(self, condition: Mapping[str, Any]) -> Cell:
        column = str(condition["column"])
        comparison = str(condition.get("is", condition.get("is_", "equal")))
        gone = self.missing(column)
        if comparison in ("missing", "present"):
            return gone if comparison == "missing" else ~gone
        values = values_of(condition, comparison)
        found = self._compared(condition, column, comparison, values).fill_null(False)
        return found | gone if comparison in ("not_equal", "not_in") else found & ~gone

    def _compared(
        self, condition: Mapping[str, Any], column: str, comparison: str, values: Sequence[Any]
    ) -> Cell:
        kind, this = self._kinds[column], nw.col(column)
        grain = condition.get("grain")
        if grain:
            return self._by_part(column, str(grain), comparison, values, condition)
        if comparison in ("top_share", "bottom_share"):
            return self._by_share(column, comparison, float(values[0]))
        if kind == nw.Boolean:
            return compared(this, comparison, [str(value).casefold() in YES for value in values], column)
        if kind.is_numeric():
            wanted = [number_of(condition, value) for value in values]
            return compared(this.cast(nw.Float64), comparison, wanted, column)
        if kind.is_temporal() and kind != nw.Time:
            return _by_date(this.cast(nw.Datetime), comparison, values)
        return self._by_text(self._text(column), comparison, values, column)

    def _by_share(self, column: str, comparison: str, percent: float) -> Cell:
        """Equal values stay together: all those tied with the last one inside are inside."""
        value = nw.when(~self.missing(column)).then(nw.col(column).cast(nw.Float64))
        known = self.frame.select(self._mine(value, nw.lit(None, dtype=nw.Float64)).alias("v"))
        n = int(self._engine.collect(known.select(nw.col("v").count().alias("n")))["n"].iloc[0])
        if not n:
            return nw.lit(False)
        inside = min(n, max(1, -int(-(n * percent / 100 - 1e-9) // 1)))
        top = comparison == "top_share"
        edge = nw.col("v").min() if top else nw.col("v").max()
        some = known.sort("v", descending=top, nulls_last=True).head(inside).select(edge.alias("v"))
        cut = float(self._engine.collect(some)["v"].iloc[0])
        this = nw.col(column).cast(nw.Float64)
        return this >= cut if top else this <= cut

    def _by_text(self, this: Cell, comparison: str, values: Sequence[Any], column: str) -> Cell:
        """Compare text here, where case means the same for every engine, which gets the values found."""
        distinct = self._engine.collect(self.frame.select(this.alias("text")).unique(["text"]))["text"]
        texts = [str(value) for value in distinct.dropna()]
        matching = texts_matching(texts, comparison, values, column)
        return this.is_in(sorted(matching)) if matching else nw.lit(False)

    def _by_part(
        self, column: str, grain: str, comparison: str, values: Sequence[Any], condition: Mapping[str, Any]
    ) -> Cell:
        if not self._kinds[column].is_temporal() or self._kinds[column] == nw.Time:
            raise ToolError(f"{column} has no dates to take the {grain} of.", "Compare its value instead.")
        this = nw.col(column).cast(nw.Datetime)
        match grain:
            case "year" | "month" | "hour":
                part = getattr(this.dt, grain)()
            case "quarter":
                part = (this.dt.month() + 2) // 3
            case "weekday":
                names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
                day = this.dt.weekday()
                named: Cell = nw.lit(names[-1])
                for i, name in enumerate(names[:-1], start=1):
                    named = nw.when(day == i).then(nw.lit(name)).otherwise(named)
                (kept,) = self.keep(named)
                return self._by_text(kept, comparison, values, column)
            case "weekend":
                wanted = [str(value).casefold() in YES for value in values]
                return compared(this.dt.weekday() >= 6, comparison, wanted, column)
            case _:
                raise ToolError(
                    f"The {grain} of {column} cannot decide a segment.",
                    "Use year, quarter, month or weekday.",
                )
        return compared(
            part.cast(nw.Float64), comparison, [number_of(condition, value) for value in values], column
        )


def compared(this: Cell, comparison: str, values: Sequence[Any], column: str) -> Cell:
    """Compare an expression with values; missing where it is."""
    first = values[0]
    match comparison:
        case "between":
            low, high = sorted(values)
            return (this >= low) & (this <= high)
        case "in" | "not_in":
            inside = this.is_in(list(values))
            return inside if comparison == "in" else ~inside
    if comparison not in COMPARED:
        raise ToolError(f"{comparison} cannot be asked of this column.", "Compare it with a value instead.")
    return COMPARED[comparison](this, first)


def _by_date(this: Cell, comparison: str, values: Sequence[Any]) -> Cell:
    spans = [tuple(nw.lit(end) for end in interval(iso(value))) for value in values]
    ends = [interval(iso(value)) for value in values]
    (start, end) = spans[0]
    match comparison:
        case "equal":
            return (this >= start) & (this < end)
        case "not_equal":
            return (this < start) | (this >= end)
        case "above":
            return this >= end
        case "at_least":
            return this >= start
        case "below":
            return this < start
        case "at_most":
            return this < end
        case "between":
            first, last = min(ends[0][0], ends[1][0]), max(ends[0][1], ends[1][1])
            return (this >= nw.lit(first)) & (this < nw.lit(last))
    inside: Cell = nw.lit(False)
    for begin, stop in spans:
        inside = inside | ((this >= begin) & (this < stop))
    return ~inside if comparison == "not_in" else inside


def _cell(value: Any) -> Cell:
    return value if isinstance(value, nw.Expr) else nw.lit(value)


def _times(step: int) -> list[float]:
    return [float(n * step) for n in (1, 2, 3)]


def _from(this: Cell, borders: Sequence[float], below: float, values: Sequence[float]) -> Cell:
    """Choose the value that belongs to the last of the growing borders that a number reaches."""
    found: Cell = nw.lit(below)
    for border, value in zip(borders, values, strict=True):
        found = nw.when(this >= border).then(nw.lit(value)).otherwise(found)
    return found
