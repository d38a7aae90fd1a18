"""Knows how requests name columns, conditions, groups and measures, and turns them into lazy frames."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.core import Arguments

Grain = Literal[
    "year", "quarter", "month", "week", "day", "weekday", "hour", "part_of_day", "weekend"
]
Statistic = Literal[
    "count",  # rows
    "count_distinct",  # distinct values of the column
    "sum", "mean", "median", "min", "max", "std", "variance", "quantile", "skew",
    "count_missing", "share_missing", "mode",
]


class Condition(Arguments):
    """One condition on a column; text is compared without regard to case and surrounding space."""

    column: str = Field(description="Column name")
    is_: Literal[
        "equal", "not_equal", "above", "at_least", "below", "at_most", "between", "in", "not_in",
        "contains", "starts_with", "missing", "present", "top_share", "bottom_share",
    ] = Field("equal", alias="is", description="Comparison")
    value: float | int | str | bool | None = Field(None, description="Value; ISO date for dates; percent for top_share")
    values: list[float | int | str] = Field(default_factory=list, description="Values of in and not_in; both ends of between")
    grain: Grain | None = Field(None, description="Compare this part of a date or time instead, e.g. weekday equal Monday")
    or_: list[Condition] = Field(default_factory=list, alias="or", description="Other conditions of which one may hold instead")


class GroupBy(Arguments):
    """One thing to group by."""

    column: str = Field(description="Column name")
    grain: Grain | None = Field(None, description="Part of a date or time")
    bins: list[float] | None = Field(None, description="Edges of number ranges, e.g. [18, 30, 45, 60]")
    n_bins: int | None = Field(None, ge=2, le=50, description="Number of equal-count ranges instead of edges")


class Measure(Arguments):
    """What to compute in each group."""

    statistic: Statistic = Field("count", description="Statistic")
    column: str | None = Field(None, description="Column; not needed for count")
    q: float | None = Field(None, ge=0, le=1, description="Quantile, 0 to 1")
    where: list[Condition] = Field(default_factory=list, description="Count or average only these rows, e.g. for a rate")
    per: Measure | None = Field(None, description="Divide by this measure, for ratios and rates")
