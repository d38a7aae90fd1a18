"""Knows how the tools' expressions are said to Spark so that every answer is the one that DuckDB gives.

narwhals writes expressions for both engines; here is what differs between them: whole numbers wider than 64
bits, integer division, weekdays, quantiles, the last value in an order, names with dots, times without zone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Self

import narwhals as nw
from narwhals._spark_like.dataframe import SparkLikeLazyFrame
from narwhals._spark_like.expr import SparkLikeExpr
from narwhals._spark_like.expr_dt import SparkLikeExprDateTimeNamespace
from narwhals._spark_like.group_by import SparkLikeLazyGroupBy
from narwhals._spark_like.namespace import SparkLikeNamespace
from narwhals._utils import Implementation, Version

from tools.engine.spark_functions import functions_of, literal, type_of, using
from tools.engine.spark_session import activate

_HALF = 2**45  # a number of 90 bits is two of 45, which Spark's 64-bit whole numbers hold exactly
_WORD = 2**64
_WIDE = "decimal(38,0)"  # Spark's only exact number of more than 64 bits
_WHOLE = ("tinyint", "smallint", "int", "bigint")


def lazy(frame: Any) -> nw.LazyFrame[Any]:
    """Return a Spark frame as a lazy frame of narwhals that answers as one over DuckDB does."""
    remote = "connect" in type(frame).__module__
    kind = Implementation.PYSPARK_CONNECT if remote else Implementation.PYSPARK
    return nw.from_native(SparkFrame(frame, version=Version.MAIN, implementation=kind))


class SparkExpression(SparkLikeExpr):
    """An expression of a tool, said to Spark."""

    _F = property(lambda self: functions_of(self._implementation))

    def __narwhals_namespace__(self) -> SparkNamespace:
        return SparkNamespace(version=self._version, implementation=self._implementation)

    @property
    def dt(self) -> SparkMoments:
        """The parts of a date or a time."""
        return SparkMoments(self)

    def partition_by(self, *columns: Any) -> Any:
        """Part the rows of a window by columns, whatever they are called."""
        named = [self._F.col(one) if isinstance(one, str) else one for one in columns]
        return super().partition_by(*named)

    def _typed(
        self, said: Callable[[Any, str], Any], aggregated: Callable[[Any, str], Any] | None = None
    ) -> Self:
        """Return the expression that `said` makes of each native column and the name of its type."""

        def call(frame: Any) -> Sequence[Any]:
            return [said(one, type_of(frame, one)) for one in self(frame)]

        def window(frame: Any, inputs: Any) -> Sequence[Any]:
            if aggregated is None:
                return [said(one, type_of(frame, one)) for one in self.window_function(frame, inputs)]
            found = [aggregated(one, type_of(frame, one)) for one in self(frame)]
            return [self._window_expression(one, inputs.partition_by) for one in found]

        return type(self)(
            call,
            window,
            evaluate_output_names=self._evaluate_output_names,
            alias_output_names=self._alias_output_names,
            version=self._version,
            implementation=self._implementation,
        )

    def cast(self, dtype: Any) -> Self:
        """Convert; 128-bit whole numbers are decimals of 38 digits, exact in both directions."""
        if dtype == nw.Int128:
            return self._typed(self._widened)
        if dtype == nw.Float64:
            return self._typed(self._as_double)
        if dtype == nw.Int64:
            return self._typed(self._as_whole)
        return super().cast(dtype)

    def _widened(self, this: Any, kind: str) -> Any:
        """Make a 128-bit whole number, of a floating-point number the nearest one, ties to even."""
        if kind not in ("double", "float"):
            return this.cast(_WIDE)
        F = self._F  # noqa: N806 - Spark's own name for it
        whole = F.rint(this)
        high = F.floor(whole / F.lit(float(_HALF)))
        low = (whole - high.cast("double") * F.lit(float(_HALF))).cast("bigint")
        return (
            high.cast("decimal(18,0)") * F.lit(_HALF).cast("decimal(15,0)") + low.cast("decimal(18,0)")
        ).cast(_WIDE)

    def _as_double(self, this: Any, kind: str) -> Any:
        """Make a floating-point number as DuckDB does: of a wide one by its two words of 64 bits."""
        if kind == "double":
            return this
        if not (kind.startswith("decimal") and kind.endswith(",0)")):
            return this.cast("double")
        F = self._F  # noqa: N806
        word = F.lit(str(_WORD)).cast(_WIDE)

        def put(wide: Any) -> Any:
            low = F.pmod(wide, word)
            below = -(F.lit(-1).cast(_WIDE) - wide).cast("double") - F.lit(1.0)
            return F.when(wide - low == -word, below).otherwise(
                low.cast("double") + (wide - low).cast("double")
            )

        return using(F, this.cast(_WIDE), put)

    def _as_whole(self, this: Any, kind: str) -> Any:
        """Make a 64-bit whole number; of a floating-point number the nearest one, ties to even."""
        return (self._F.rint(this) if kind in ("double", "float") else this).cast("bigint")

    def sum(self) -> Self:
        """Add up; whole numbers cannot overflow."""

        def said(this: Any, kind: str) -> Any:
            total = self._F.sum(this.cast("decimal(20,0)") if kind in _WHOLE else this)
            return self._F.coalesce(total.cast(_WIDE) if kind in _WHOLE else total, self._F.lit(0))

        def windowed(this: Any, kind: str) -> Any:
            return self._F.sum(this.cast(_WIDE) if kind in _WHOLE else this)

        return self._typed(said, windowed)

    def __truediv__(self, other: Self) -> Self:
        return _divided(self.cast(nw.Float64), other.cast(nw.Float64))

    def __rtruediv__(self, other: Self) -> Self:
        return _divided(other.cast(nw.Float64), self.cast(nw.Float64)).alias("literal")

    def __floordiv__(self, other: Self) -> Self:
        return self._with_binary(self._integral, other)

    def __rfloordiv__(self, other: Self) -> Self:
        return self._with_binary(lambda this, one: self._integral(one, this), other).alias("literal")

    def _integral(self, this: Any, other: Any) -> Any:
        F = self._F  # noqa: N806
        left = ((this % other) + other) % other
        return F.when(other != F.lit(0), F.call_function("div", this - left, other))

    def round(self, decimals: int) -> Self:
        """Round halves away from zero; the number itself, not the decimal that it is written as."""
        factor = self._F.lit(float(10**decimals))

        def said(this: Any, kind: str) -> Any:
            if kind not in ("double", "float"):
                return this
            return self._F.round(this * factor, 0) / factor if decimals else self._F.round(this, 0)

        return self._typed(said)

    def median(self) -> Self:
        """Take the middle one of all values."""
        return self.quantile(0.5, "linear")

    def quantile(self, quantile: float, interpolation: Any) -> Self:
        """Sort all values and interpolate as DuckDB does, down to the last digit."""
        if interpolation != "linear":
            return super().quantile(quantile, interpolation)
        F = self._F  # noqa: N806

        def placed(values: Any) -> Any:
            place = (F.size(values) - F.lit(1)).cast("double") * F.lit(float(quantile))
            low = F.get(values, F.floor(place).cast("int"))
            high = F.get(values, F.ceil(place).cast("int"))
            part = place - F.floor(place)
            between = low * (F.lit(1.0) - part) + high * part
            return F.when(F.size(values) > F.lit(0), F.when(part == F.lit(0.0), low).otherwise(between))

        def said(this: Any) -> Any:
            return using(F, F.sort_array(F.collect_list(this.cast("double"))), placed)

        return self._with_callable(said)

    def sqrt(self) -> Self:
        """Take the root; of a negative number it is no number."""
        return self._with_elementwise(self._F.sqrt)

    def _last(self, expr: Any, *order_by: str) -> Any:
        return self._F.max_by(expr, self._F.struct(*(self._F.col(name) for name in order_by)))

    def _first(self, expr: Any, *order_by: str) -> Any:
        return self._F.min_by(expr, self._F.struct(*(self._F.col(name) for name in order_by)))


def _divided(this: SparkExpression, other: SparkExpression) -> SparkExpression:
    """Divide floating-point numbers; by zero it gives infinity, or no number, as everywhere but in SQL."""
    F = this._F  # noqa: N806
    beyond = F.lit(float("inf"))

    def said(one: Any, other: Any) -> Any:
        return F.coalesce(F.try_divide(one, other), one * (other * F.lit(0.0) + beyond))

    return this._with_binary(said, other)


class SparkMoments(SparkLikeExprDateTimeNamespace):
    """Parts of dates and times, said to Spark."""

    def _function(self, name: str, *args: Any) -> Any:
        found = super()._function(name, *args)
        return found if name == "to_date" else found.cast("bigint")

    def _weekday(self, expr: Any) -> Any:
        return (self.compliant._F.weekday(expr) + 1).cast("bigint")

    def truncate(self, every: str) -> SparkExpression:
        """Cut off; what comes out has no time zone, as what went in."""
        cut: SparkExpression = super().truncate(every)
        return cut._with_elementwise(lambda one: one.cast("timestamp_ntz"))

    def total_seconds(self) -> SparkExpression:
        """Count the whole seconds between two moments."""
        return self._elapsed(1_000_000)

    def total_minutes(self) -> SparkExpression:
        """Count the whole minutes between two moments."""
        return self._elapsed(60_000_000)

    def _elapsed(self, micros: int) -> SparkExpression:
        F = self.compliant._F  # noqa: N806
        start = F.lit("1970-01-01 00:00:00").cast("timestamp")

        def said(between: Any) -> Any:
            return F.call_function("div", F.unix_micros(start + between), F.lit(micros))

        return self.compliant._with_elementwise(said)


class SparkNamespace(SparkLikeNamespace):
    """What makes expressions and frames, said to Spark."""

    @property
    def _expr(self) -> type[SparkExpression]:
        return SparkExpression

    @property
    def _lazyframe(self) -> type[SparkFrame]:
        return SparkFrame

    _F = property(lambda self: functions_of(self._implementation))

    def _lit(self, value: Any) -> Any:
        return literal(self._F, value)

    def lit(self, value: Any, dtype: Any) -> SparkExpression:
        """Write a value; days and moments as `literal` does."""
        if not isinstance(value, date):
            return super().lit(value, dtype)
        return self._expr(
            lambda _: [literal(self._F, value)],
            lambda _, __: [literal(self._F, value)],
            evaluate_output_names=lambda _: ["literal"],
            alias_output_names=None,
            version=self._version,
            implementation=self._implementation,
        )

    def concat(self, items: Any, *, how: Any) -> SparkFrame:
        """Put frames one below the other."""
        joined = super().concat(items, how=how)
        return SparkFrame(joined.native, version=self._version, implementation=self._implementation)


class _Groups(SparkLikeLazyGroupBy):
    """Rows put together by keys whose names may hold any character."""

    def agg(self, *expressions: Any) -> Any:
        F = self.compliant._F  # noqa: N806
        keys = [F.col(key) for key in self._keys]
        made = tuple(self._evaluate_exprs(expressions))
        native = self.compliant.native
        found = native.groupBy(*keys).agg(*made) if made else native.select(*keys).dropDuplicates()
        return self.compliant._with_native(found).rename(
            dict(zip(self._keys, self._output_key_names, strict=False))
        )


class SparkFrame(SparkLikeLazyFrame):
    """A lazy frame over Spark whose columns may be called anything."""

    _cached_schema: dict[str, Any] | None

    _F = property(lambda self: functions_of(self._implementation))

    def __narwhals_namespace__(self) -> SparkNamespace:
        return SparkNamespace(version=self._version, implementation=self._implementation)

    @property
    def native(self) -> Any:
        """Spark's own frame; what is built on it in this thread follows the session's settings."""
        activate(self._native_frame.sparkSession)
        return self._native_frame

    @property
    def schema(self) -> dict[str, Any]:
        """Names and types of the columns; times of day are known here too."""
        known = self._cached_schema
        if known is None:
            times = {
                one.name for one in self.native.schema if one.dataType.simpleString().startswith("time(")
            }
            found = super().schema
            known = {name: nw.Time() if name in times else found[name] for name in found}
            self._cached_schema = known
        return known

    def _chosen(self, frame: Any, names: Sequence[str]) -> Any:
        return frame.select(*(self._F.col(name) for name in names))

    def simple_select(self, *names: str) -> Self:
        """Choose columns by name."""
        return self._with_native(self._chosen(self.native, names))

    def group_by(self, keys: Any, *, drop_null_keys: bool) -> _Groups:
        """Put rows together."""
        return _Groups(self, keys, drop_null_keys=drop_null_keys)

    def drop_nulls(self, subset: Sequence[str] | None) -> Self:
        """Leave rows out in which a value is missing."""
        kept = self.native
        for name in subset or self.columns:
            kept = kept.filter(self._F.col(name).isNotNull())
        return self._with_native(kept)

    def unique(self, subset: Sequence[str] | None, *, keep: Any, order_by: Any) -> Self:
        """Leave rows out that are the same as another in these columns."""
        if keep != "any" or order_by:
            return super().unique(subset, keep=keep, order_by=order_by)
        return self._with_native(self.native.dropDuplicates(list(subset or self.columns)))

    def join(
        self,
        other: Any,
        *,
        how: Any,
        left_on: Sequence[str] | None,
        right_on: Sequence[str] | None,
        suffix: str,
    ) -> Self:
        """Join by equal keys; a column that both have keeps its name on the left."""
        F, mine = self._F, self.columns  # noqa: N806
        keys, own = list(left_on or ()), list(right_on or ())
        renamed = {
            name: f"{name}{suffix}" if name in mine else name for name in other.columns if name not in own
        }
        renamed |= dict(zip(own, (f"joined key {i}" for i in range(len(own))), strict=True))
        right = other.native.select(*(F.col(old).alias(new) for old, new in renamed.items()))
        on = None
        for i, key in enumerate(keys):
            same = F.col(key) == F.col(f"joined key {i}")
            on = same if on is None else on & same
        joined = self.native.join(right, on=on, how=how)
        added = (
            [renamed[name] for name in other.columns if name not in own]
            if how not in ("semi", "anti")
            else []
        )
        return self._with_native(self._chosen(joined, [*mine, *added]))
