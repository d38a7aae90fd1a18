"""Knows the requests about rows: measures by group, trends, spreads, and how columns go together."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from assistant.builtin.request import Request
from tools.selecting import Condition, Grain, GroupBy, Measure

Chart = Literal[
    "auto", "none", "bar", "stacked", "line", "pie", "area", "histogram", "box", "scatter", "heatmap"
]


Order = Literal["auto", "ascending", "descending", "by_group"]


class Filtered(Request):
    """A request over the rows of one table that fulfil conditions."""

    where: list[Condition] = Field(default_factory=list)
    table: str | None = None


class Aggregate(Filtered):
    """Measures by group, ordered and limited."""

    tool: ClassVar[str] = "aggregate"
    measures: list[Measure]
    by: list[GroupBy] = Field(default_factory=list)
    having: list[Condition] = Field(default_factory=list)
    order: Order = "auto"
    limit: int | None = None
    share_of_total: bool = False
    rank_within: bool = False
    place: int | None = None
    rank_of: str | None = None
    together: bool = False
    chart: Chart = "auto"


class Distribution(Filtered):
    """How the values of a column spread."""

    tool: ClassVar[str] = "show_distribution"
    column: str
    by: str | None = None
    chart: Chart = "auto"


class Trend(Filtered):
    """A measure over time."""

    tool: ClassVar[str] = "show_trend"
    measure: Measure
    time: str | None = None
    grain: Grain | None = None
    by: str | None = None
    chart: Chart = "auto"
    compare_periods: list[str] = Field(default_factory=list)
    running: Literal["none", "total", "average"] = "none"
    window: int | None = None
    claim: Literal["none", "rose", "fell"] = "none"
    steepest: Literal["none", "rise", "fall"] = "none"


class Correlation(Filtered):
    """How number columns go together."""

    tool: ClassVar[str] = "correlate"
    columns: list[str] = Field(default_factory=list)
    target: str | None = None
    method: Literal["pearson", "spearman"] = "pearson"


class Drivers(Filtered):
    """What goes with a yes/no column of customers most."""

    tool: ClassVar[str] = "find_drivers"
    column: str


class GroupDifference(Filtered):
    """Whether a column differs between groups."""

    tool: ClassVar[str] = "compare_groups"
    column: str
    by: str
    values: list[str] = Field(default_factory=list)
    claim: Literal["none", "higher", "lower"] = "none"


class CrossTable(Filtered):
    """Two categories against each other."""

    tool: ClassVar[str] = "cross_table"
    rows: str
    columns: str
    normalise: Literal["none", "rows", "columns", "all"] = "none"


class Outliers(Filtered):
    """Values far from the rest, by a stated rule."""

    tool: ClassVar[str] = "find_outliers"
    column: str
    rule: Literal["iqr", "z", "percentile"] = "iqr"
    threshold: float | None = None


class Concentration(Filtered):
    """How few groups make up a part of a total."""

    tool: ClassVar[str] = "measure_concentration"
    by: str
    measure: Measure
    share_pct: float
