"""Knows how requests name columns, conditions, groups and measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field
from rapidfuzz import fuzz, process

from tools.core import Arguments, Column, DataTable
from tools.errors import ToolError
from tools.wording import listing

Grain = Literal[
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "weekday",
    "hour",
    "part_of_day",
    "weekend",
    "season",
    "month_of_year",  # January, whatever the year
    "quarter_of_year",
    "day_of_month",
]
Statistic = Literal[
    "count",  # rows
    "count_distinct",  # distinct values of the column
    "sum",
    "mean",
    "median",
    "min",
    "max",
    "std",
    "variance",
    "quantile",
    "skew",
    "count_missing",
    "share_missing",
    "mode",
]
Comparison = Literal[
    "equal",
    "not_equal",
    "above",
    "at_least",
    "below",
    "at_most",
    "between",
    "in",
    "not_in",
    "contains",
    "starts_with",
    "missing",
    "present",
    "top_share",
    "bottom_share",
    "top_n",
    "bottom_n",
    "has_rows",
    "has_no_rows",
]


class Condition(Arguments):
    """One condition on a column; text is compared without regard to case and surrounding space."""

    column: str = Field(description="Column, or a formula such as `price * quantity`")
    is_: Comparison = Field(default="equal", alias="is", description="Comparison")
    value: float | int | str | bool | None = Field(
        default=None, description="Value; ISO date; percent for top_share, number of rows for top_n"
    )
    than: str | None = Field(
        default=None, description="Column or formula (`limit * 2`) to compare each row with"
    )
    statistic: Literal["mean", "median"] | None = Field(
        default=None, description="Compare with this statistic of the column, not a value"
    )
    values: list[float | int | str] = Field(
        default_factory=list, description="Values of in and not_in; both ends of between, both included"
    )
    grain: Grain | None = Field(
        default=None, description="Compare this part of a date or time instead, e.g. weekday equal Monday"
    )
    rows: list[Condition] = Field(
        default_factory=list,
        description="On a key, with has_rows or a measure: what the rows with the same key fulfil",
    )
    table: str | None = Field(
        default=None, description="Of conditions on a key: the other table that is searched for the key"
    )
    measure: Measure | None = Field(
        default=None,
        description="On a key: compare this measure of the rows with the same key, e.g. their sum, instead of"
        " a value of the row; `rows` says which of them count",
    )
    or_: list[Condition] = Field(
        default_factory=list, alias="or", description="Other conditions of which one may hold instead"
    )


class GroupBy(Arguments):
    """One thing to group by."""

    column: str = Field(description="Column name")
    grain: Grain | None = Field(default=None, description="Part of a date or time")
    bins: list[float] | None = Field(
        default=None, description="Edges of number ranges, e.g. [18, 30, 45, 60]"
    )
    n_bins: int | None = Field(
        default=None, ge=2, le=50, description="Number of equal-count ranges instead of edges"
    )
    width: float | None = Field(default=None, gt=0, description="Width of equal ranges, e.g. 10 for decades")


class Measure(Arguments):
    """What to compute in each group."""

    statistic: Statistic = Field(default="count", description="Statistic")
    column: str | None = Field(default=None, description="Column; not needed for count")
    q: float | None = Field(default=None, ge=0, le=1, description="Quantile, 0 to 1")
    grain: Grain | None = Field(
        default=None, description="For count_distinct of a date: distinct days, months and so on"
    )
    where: list[Condition] = Field(
        default_factory=list, description="Count or average only these rows, e.g. for a rate"
    )
    per: Measure | None = Field(default=None, description="Divide by this measure, for ratios and rates")
    percent: bool = Field(default=False, description="Write the ratio in percent")
    of: Measure | None = Field(
        default=None, description="What is computed in each unit of `each` first, e.g. the sum for each day"
    )
    each: list[GroupBy] = Field(
        default_factory=list, description="Units over whose values of `of` the statistic is taken"
    )


Condition.model_rebuild()


def find_column(table: DataTable, name: str) -> Column:
    """Return the column that a request names, whatever its case.

    Raises:
        ToolError: If there is none; the nearest names are the choices.
    """
    exact = table.column(name)
    if exact:
        return exact
    alike = [column for column in table.columns if fold(column.name) == fold(name)]
    if len(alike) == 1:
        return alike[0]
    raise ToolError(
        f"There is no column {name} in {table.name}.",
        f"Its columns are {listing([column.name for column in table.columns][:40])}.",
        nearest(name, [column.name for column in table.columns]),
    )


def nearest(name: str, names: Sequence[str], limit: int = 3) -> tuple[str, ...]:
    """Return the names most like this one, best first; equal likeness in the given order."""
    found = process.extract(
        fold(name), [fold(each) for each in names], scorer=fuzz.WRatio, limit=limit, score_cutoff=50
    )
    return tuple(names[index] for _, _, index in found)


def fold(text: object) -> str:
    """Return text as it is compared: without case, surrounding and repeated space."""
    return " ".join(str(text).casefold().split())


def texts_matching(texts: Iterable[str], comparison: str, values: Iterable[object], column: str) -> list[str]:
    """Return those of a column's texts that fulfil a comparison, case aside.

    Args:
        texts: The different texts of the column.
        comparison: What the condition says, such as "contains".
        values: What it compares with.
        column: Name of the column, for the error.

    Raises:
        ToolError: If text is to lie above or below something.
    """
    wanted = [fold(value) for value in values]
    folded = {text: fold(text) for text in texts}
    match comparison:
        case "equal" | "in":
            return [value for value, text in folded.items() if text in wanted]
        case "not_equal" | "not_in":
            return [value for value, text in folded.items() if text not in wanted]
        case "contains":
            return [value for value, text in folded.items() if any(part in text for part in wanted)]
        case "starts_with":
            return [value for value, text in folded.items() if text.startswith(tuple(wanted))]
    raise ToolError(
        f"{column} holds text, which is neither above nor below anything.", "Compare it with a value."
    )


def columns_named(conditions: Sequence[Condition]) -> set[str]:
    """Return all column names in the conditions, those behind `or` included."""
    inner = [
        columns_named([*condition.or_, *(condition.rows if condition.table is None else ())])
        for condition in conditions
    ]
    inner += [
        {condition.measure.column}
        for condition in conditions
        if condition.table is None and condition.measure is not None and condition.measure.column
    ]
    than = {condition.than for condition in conditions if condition.than}
    return {condition.column for condition in conditions}.union(than, *inner)
