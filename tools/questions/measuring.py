"""Knows how a measure becomes expressions that are exact in the engine, whatever the row order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import narwhals as nw

from tools.core import Column, DataTable, Fact, Workspace
from tools.errors import ToolError
from tools.exact_sums import exact_sum, from_units, largest_magnitude, sum_in_units
from tools.formulas import constants
from tools.joining import JOINED
from tools.questions.grouping import period_expression
from tools.questions.measure_words import (
    ADJECTIVE,
    divisor_words,
    heading_of,
    measure_words,
    row_noun,
    snake,
    weighted_column,
)
from tools.selecting import Measure, find_column, fold
from tools.value_conditions import check_of
from tools.wording import label, number

Frame = nw.LazyFrame[Any]
ALL = "all:rows"
N = "n:rows"
Merge = Literal["sum", "min", "max"]
_YES, _NO = ("yes", "y", "true", "t", "1"), ("no", "n", "false", "f", "0")


@dataclass(frozen=True)
class Plan:
    """How one measure is computed and named.

    Attributes:
        measure: The request.
        column: Its column, if it has one.
        alias: Name of the value in the collected frame.
        name: Fact name.
        heading: Column heading.
        words: Noun phrase with its article ("the average account balance").
        unit: Unit of the value.
        additive: Values of groups add up to the value of the whole.
        centred: Numbers needed as distances from the group's mean, with their largest magnitude.
        aggregates: Aggregated columns, by name.
        value: Expression over the aggregated columns.
        caveats: What was assumed.
        facts: Numbers in `words`.
        parts: Plans of numerator and denominator of a ratio.
        once: Flags of the rows that a joined column counts in, with the column that names the joined row and
            the condition of the measure: what stands once in another table counts once in a group.
        merged: How each aggregate of all rows comes from those of the groups; None where only the rows tell.
    """

    measure: Measure
    column: Column | None
    alias: str
    name: str
    heading: str
    words: str
    unit: str | None
    additive: bool
    aggregates: dict[str, nw.Expr]
    value: nw.Expr
    centred: dict[str, tuple[nw.Expr, float]]
    caveats: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    parts: tuple[Plan, Plan] | None = None
    once: dict[str, tuple[str, nw.Expr | None]] = field(default_factory=dict)
    merged: Mapping[str, Merge] | None = None

    @property
    def missing(self) -> str:
        """Name of the column that counts rows without a value."""
        return f"{self.alias}:missing"


def plan(
    workspace: Workspace, table: DataTable, frame: Frame, measure: Measure, alias: str = "value:0"
) -> Plan:
    """Turn a measure into expressions and words.

    Raises:
        ToolError: If the measure does not fit its column.
    """
    if measure.per is None:
        return _single(workspace, table, frame, measure, alias)
    above = _single(workspace, table, frame, measure, f"{alias}:above")
    below = plan(workspace, table, frame, measure.per, f"{alias}:below")
    if below.parts or "mode" in (measure.statistic, measure.per.statistic):
        raise ToolError("A ratio divides one number by one number.", "Ask for the two numbers one by one.")
    return _ratio(table, measure, alias, above, below)


def _ratio(table: DataTable, measure: Measure, alias: str, above: Plan, below: Plan) -> Plan:
    lower = below.measure
    same = measure.statistic == lower.statistic and measure.column == lower.column
    counted = measure.statistic == "count_distinct"
    parts_of_it = measure.statistic in ("count", "sum", "count_missing", "count_distinct")
    percent = same and parts_of_it and bool(measure.where)
    told = {one.column for one in measure.where}
    known = [one.column for one in lower.where if one.is_ == "present" and one.column in told]
    percent &= len(known) == len(lower.where)  # a rate among the rows of which the answer is known
    unit: str | None
    heading: str
    upper = nw.col(above.alias).cast(nw.Float64)
    divisor = nw.when(nw.col(below.alias) != 0).then(nw.col(below.alias))
    value = upper / divisor
    if percent:
        value, unit = 100.0 * upper / divisor, "%"
        what = row_noun(table)[1] if measure.statistic == "count" else below.words
        what = below.unit or what if counted and below.unit == "customers" else what
        what += f" with a value in {label(known[0])}" if known else ""
        condition = above.words.partition(" where ")[2]
        words, name = f"the share of {what} where {condition}", f"{above.name}_share_pct"
        heading = f"share where {condition}, %"
    elif measure.percent:
        value, unit = 100.0 * upper / divisor, "%"
        words, name = (
            f"{above.words} in percent of {divisor_words(below)}",
            f"{above.name}_in_pct_of_{below.name}",
        )
        heading = f"{above.heading} in percent of {divisor_words(below)}"
    elif weighted := weighted_column(table, measure, lower):
        unit, name = weighted.unit, f"{above.name}_per_{below.name}"
        words = f"the average {label(weighted)} weighted by {label(lower.column or '')}"
        heading = words.removeprefix("the ")
    else:
        unit = None if above.unit in (row_noun(table)[1], "customers", "values", below.unit) else above.unit
        words, name = f"{above.words} per {divisor_words(below)}", f"{above.name}_per_{below.name}"
        heading = f"{above.heading} per {divisor_words(below)}"
    return Plan(
        measure, above.column, alias, name, heading.replace("`", ""), words, unit, additive=False,
        aggregates={**above.aggregates, **below.aggregates}, value=value,
        centred={**above.centred, **below.centred}, caveats=above.caveats + below.caveats,
        facts=above.facts + below.facts, parts=(above, below), once={**above.once, **below.once},
        merged=None if above.merged is None or below.merged is None else {**above.merged, **below.merged},
    )  # fmt: skip


def _single(workspace: Workspace, table: DataTable, frame: Frame, measure: Measure, alias: str) -> Plan:
    column = _column_of(table, measure)
    checks = [check_of(workspace, table, frame, condition) for condition in measure.where]
    holds = nw.all_horizontal(*(check.holds for check in checks), ignore_nulls=True) if checks else None
    suffix = " where " + " and ".join(check.words for check in checks) if checks else ""
    noun = row_noun(table)[1]
    words, unit = measure_words(table, measure, column, noun)
    name = measure.statistic if column is None else f"{measure.statistic}_{snake(column.name)}"
    if measure.statistic == "quantile":
        name = f"percentile_{number(100 * (measure.q or 0))}_{snake(column.name if column else '')}"
    heading = (heading_of(measure, column, noun) + suffix).replace("`", "")
    made = Plan(
        measure, column, alias, name if column or checks else f"n_{noun}", heading, words + suffix, unit,
        measure.statistic in ("count", "sum", "count_missing"), {}, nw.col(alias), {},
        tuple(caveat for check in checks for caveat in check.caveats),
        (*constants(column), *(fact for check in checks for fact in check.facts)),
    )  # fmt: skip
    made = replace(made, name=f"n_{noun}_where" if checks and not column else made.name)
    aggregates = _counting(workspace, table, measure, column, holds, alias)
    if aggregates is None:
        return _numeric(workspace, table, frame, made, holds)
    made = replace(made, aggregates=aggregates)
    if measure.statistic == "share_missing":
        absent, rows = nw.col(f"{alias}:absent"), nw.col(f"{alias}:rows")
        made = replace(made, value=100.0 * absent.cast(nw.Float64) / rows)
    distinct = measure.statistic == "count_distinct" and not _counts_rows(workspace, table, measure, column)
    if distinct or measure.statistic == "mode":
        return made
    return replace(made, merged=_merged(measure, aggregates))


def _merged(measure: Measure, aggregates: Mapping[str, nw.Expr]) -> dict[str, Merge]:
    """Return how counts and extremes of groups are put together."""
    extreme = measure.statistic if measure.statistic in ("min", "max") else None
    return {name: extreme if extreme and not name.endswith(":missing") else "sum" for name in aggregates}


def _column_of(table: DataTable, measure: Measure) -> Column | None:
    if measure.column is None:
        if measure.statistic == "count":
            return None
        raise ToolError(
            f"The {measure.statistic.replace('_', ' ')} needs a column.",
            "Name a column.",
            _numeric_names(table),
        )
    if measure.statistic == "quantile" and measure.q is None:
        raise ToolError("A quantile needs its position.", "Give q between 0 and 1, such as 0.9.")
    return find_column(table, measure.column)


def _numeric_names(table: DataTable) -> tuple[str, ...]:
    roles = ("amount", "balance", "quantity", "age", "measure")
    return tuple(column.name for column in table.columns if column.kind == "number" and column.role in roles)[
        :5
    ]


def _counting(
    workspace: Workspace,
    table: DataTable,
    measure: Measure,
    column: Column | None,
    holds: nw.Expr | None,
    alias: str,
) -> dict[str, nw.Expr] | None:
    """Return the aggregates of the statistics that work on any kind of column, or None."""
    if column is None:
        return {alias: nw.len() if holds is None else holds.cast(nw.Int64).sum().fill_null(0)}
    this = nw.col(column.name)
    absent = this.is_null() if holds is None else (this.is_null() & holds)
    if measure.grain and measure.statistic == "count_distinct":
        this = period_expression(table, column, measure.grain)
    kept = this if holds is None else nw.when(holds).then(this)
    rows = nw.len() if holds is None else holds.cast(nw.Int64).sum()
    n_absent = absent.cast(nw.Int64).sum().fill_null(0)
    missing = {f"{alias}:missing": n_absent}
    distinct = measure.statistic == "count_distinct"
    if measure.statistic == "count" or (distinct and _counts_rows(workspace, table, measure, column)):
        return {alias: kept.count(), **missing}
    if measure.statistic == "count_missing":
        return {alias: n_absent}
    if measure.statistic == "share_missing":
        return {f"{alias}:absent": absent.cast(nw.Int64).sum(), f"{alias}:rows": rows}
    if distinct:
        has_null = kept.is_null().cast(nw.Int64).max().fill_null(0)
        return {alias: kept.n_unique() - has_null, **missing}
    if measure.statistic == "mode":
        return missing
    if measure.statistic in ("min", "max") and column.kind in ("date", "datetime"):
        return {alias: kept.min() if measure.statistic == "min" else kept.max(), **missing}
    return None


def _counts_rows(workspace: Workspace, table: DataTable, measure: Measure, column: Column | None) -> bool:
    """Tell whether to count different values is to count rows."""
    return column is not None and not measure.grain and _names_each_row(workspace, table, column)


def _names_each_row(workspace: Workspace, table: DataTable, column: Column) -> bool:
    """Tell whether no value of a key comes twice, so that counting its values counts the different ones."""
    loaded = workspace.tables.get(table.name)
    own = loaded.column(column.name) if loaded else None
    if loaded is None or own is None or own.role not in ("row_key", "customer_key"):
        return False
    if own.n_distinct is not None:
        return own.n_distinct == loaded.n_rows - own.n_missing
    key = ("names each row", table.name, column.name)
    return workspace.engine.memo(key, lambda: workspace.engine.repeats(table.name, column.name)[0] == 0)


def is_yes_no(column: Column) -> bool:
    """Tell whether a column says yes or no, as truth values or in words."""
    texts = [fold(value) for value, _ in column.values]
    return column.kind == "boolean" or (
        column.kind == "text" and bool(texts) and all(text in _YES + _NO for text in texts)
    )


def yes_values(column: Column) -> list[str]:
    """Return the texts of a yes/no column that mean yes."""
    return [value for value, _ in column.values if fold(value) in _YES]


def numeric(table: DataTable, column: Column, purpose: str) -> nw.Expr:
    """Return a column as floating-point numbers; yes/no columns as 1 and 0.

    Raises:
        ToolError: If it holds no numbers.
    """
    this = nw.col(column.name)
    if column.kind == "number" and column.role != "clock":
        return this.cast(nw.Float64)
    if column.kind == "boolean":
        return this.cast(nw.Int64).cast(nw.Float64)
    if is_yes_no(column):
        yes = yes_values(column)
        no = [text for text, _ in column.values if text not in yes]
        return nw.when(this.is_in(yes)).then(nw.lit(1.0)).otherwise(nw.when(this.is_in(no)).then(nw.lit(0.0)))
    kinds = {"text": "words", "date": "dates", "datetime": "dates", "time": "times of day"}
    raise ToolError(
        f"{column.name} holds {kinds.get(column.kind, 'times of day')}, and {purpose} needs numbers.",
        "Choose a number column, or count.",
        _numeric_names(table),
    )


def _numeric(workspace: Workspace, table: DataTable, frame: Frame, made: Plan, holds: nw.Expr | None) -> Plan:
    column, alias, statistic = made.column, made.alias, made.measure.statistic
    if column is None:
        raise ToolError(f"The {statistic} needs a column.", "Name a column.", _numeric_names(table))
    this = numeric(table, column, f"the {ADJECTIVE.get(statistic, statistic).removesuffix(' of')}")
    kept = this if holds is None else nw.when(holds).then(this)
    joined = table.reading.get(JOINED, {}).get(column.name)
    if joined is not None and statistic not in ("min", "max") and column.kind == "number":
        kept = nw.when(nw.col(f"{alias}:once") == 1).then(kept)
        made = replace(made, once={f"{alias}:once": (joined["row"], holds)}, additive=False)
    bound = largest_magnitude(workspace, table, frame, column)
    absent = this.is_null() if holds is None else (this.is_null() & holds)
    missing = {made.missing: absent.cast(nw.Int64).sum().fill_null(0)}
    if statistic in ("sum", "mean"):
        return _summed(made, table, kept, bound, missing)
    direct = {
        "median": lambda: kept.quantile(0.5, "linear"),
        "quantile": lambda: kept.quantile(made.measure.q or 0.0, "linear"),
        "min": kept.min,
        "max": kept.max,
    }
    if statistic in direct:
        aggregates = {alias: direct[statistic](), **missing}
        merged = _merged(made.measure, aggregates) if statistic in ("min", "max") else None
        return replace(made, aggregates=aggregates, merged=merged)
    return _spread(made, kept, bound, missing)


def _summed(
    made: Plan, table: DataTable, kept: nw.Expr, bound: float, missing: Mapping[str, nw.Expr]
) -> Plan:
    """Sums and means, exact in each group and over all groups; the mean of yes/no is the share of yes."""
    alias, column = made.alias, made.column
    total = from_units(nw.col(f"{alias}:total"), bound)
    aggregates = {f"{alias}:total": sum_in_units(kept, bound), f"{alias}:count": kept.count(), **missing}
    merged: dict[str, Merge] | None = None if made.once else dict.fromkeys(aggregates, "sum")
    made = replace(made, aggregates=aggregates, merged=merged)
    if made.measure.statistic == "sum":
        return replace(made, value=total.fill_null(0.0))
    mean = total / nw.col(f"{alias}:count")
    if column is None or column.kind == "number":
        return replace(made, value=mean)
    nouns = row_noun(table)[1]
    words = f"the share of {nouns} where {label(column)} is yes" + made.words.partition(label(column))[2]
    return replace(
        made, value=100.0 * mean, name=f"share_{snake(column.name)}_pct", heading=f"{column.name} %",
        words=words, unit="%",
    )  # fmt: skip


def _spread(made: Plan, kept: nw.Expr, bound: float, missing: dict[str, nw.Expr]) -> Plan:
    """Standard deviation, variance and skewness as pandas defines them, from exact sums of centred powers."""
    alias = made.alias
    where = "".join(condition.model_dump_json() for condition in made.measure.where)
    centre = f"{made.measure.column} {where}:centred"
    count = nw.col(f"{alias}:count").cast(nw.Float64)
    squares, cubes = nw.col(f"{alias}:squares"), nw.col(f"{alias}:cubes")
    # distances as small as the rounding of the mean are none: equal values have no spread
    squares = nw.when(squares > count * (1e-15 * bound) ** 2).then(squares).otherwise(nw.lit(0.0) * squares)
    this = nw.col(centre)
    wide = 2 * bound or 1.0
    aggregates = {
        f"{alias}:count": this.count(),
        f"{alias}:squares": exact_sum(this * this, wide**2, fine=True),
        **missing,
    }
    value: nw.Expr
    variance = nw.when(count > 1).then(squares / (count - 1))
    if made.measure.statistic == "variance":
        value = variance
    elif made.measure.statistic == "std":
        value = variance.sqrt()
    else:
        aggregates[f"{alias}:cubes"] = exact_sum(this * this * this, wide**3, fine=True)
        shape = count * (count - 1).sqrt() / (count - 2) * cubes / (squares * squares.sqrt())
        value = nw.when((count > 2) & (squares > 0)).then(shape)
    return replace(made, aggregates=aggregates, value=value, centred={centre: (kept, bound)})
