"""Knows the requests that make segments and ask about them: profiles, reasons, differences, files."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.builtin.request import Request
from tools.segments.lifecycle import STANDARD, Stage
from tools.selecting import Condition


class FindSegments(Request):
    """Groups of customers that the data suggest."""

    tool: ClassVar[str] = "find_segments"
    n_segments: int | None = None
    features: list[str] = Field(default_factory=list)
    ignore: list[str] = Field(default_factory=list)
    weights: dict[str, float] = Field(default_factory=dict)
    where: list[Condition] = Field(default_factory=list)
    smallest_share: float | None = None
    method: Literal["auto", "kmeans", "gaussian_mixture", "hierarchical", "density"] = "auto"
    outliers: Literal["keep", "set_aside"] = "keep"
    reference_date: str | None = None
    name: str | None = None


class RuleSegment(BaseModel):
    """A named segment and the conditions that put a customer into it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    where: list[Condition]


class SegmentByRules(Request):
    """Segments by conditions that the person gives."""

    tool: ClassVar[str] = "segment_by_rules"
    segments: list[RuleSegment]
    otherwise: str = "Everyone else"
    name: str | None = None
    preview: bool = False


class SegmentByValue(Request):
    """Tiers of one column."""

    tool: ClassVar[str] = "segment_by_value"
    column: str | None = None
    top_shares: list[float] = Field(default_factory=list)
    quantiles: int | None = None
    thresholds: list[float] = Field(default_factory=list)
    value_shares: list[float] = Field(default_factory=list)
    names: list[str] = Field(default_factory=list)
    name: str | None = None


class SegmentByRfm(Request):
    """Recency, frequency and monetary scores."""

    tool: ClassVar[str] = "segment_by_rfm"
    levels: Literal[3, 4, 5] = 5
    reference_date: str | None = None
    name: str | None = None


class SegmentByLifecycle(Request):
    """Stages of the customer's life."""

    tool: ClassVar[str] = "segment_by_lifecycle"
    stages: list[Stage] = Field(default_factory=lambda: list(STANDARD))
    names: list[str] = Field(default_factory=list)


class CountActive(Request):
    """How many customers are active."""

    tool: ClassVar[str] = "count_active"


class DescribeSegments(Request):
    """Profiles of all segments or of one."""

    tool: ClassVar[str] = "describe_segments"
    segment: str | None = None


class ExplainSegments(Request):
    """Why this many segments."""

    tool: ClassVar[str] = "explain_segments"
    n_segments: int | None = None


class ExplainValue(Request):
    """Whether a figure of a segment is so, and what goes with it."""

    tool: ClassVar[str] = "explain_value"
    segment: str
    column: str
    claimed: float | None = None
    statistic: Literal["mean", "median"] = "mean"


class CompareSegments(Request):
    """How two segments differ."""

    tool: ClassVar[str] = "compare_segments"
    first: str
    second: str


class CompareSegmentations(Request):
    """How two segmentations agree."""

    tool: ClassVar[str] = "compare_segmentations"
    first: str
    second: str


class CheckFairness(Request):
    """How segments fall on protected groups."""

    tool: ClassVar[str] = "check_fairness"
    column: str | None = None


class TypicalCustomers(Request):
    """Customers that stand for a segment."""

    tool: ClassVar[str] = "find_typical_customers"
    segment: str | None = None


class WriteRule(Request):
    """A rule for a segment, in words and SQL."""

    tool: ClassVar[str] = "write_rule"
    segment: str | None = None


class ShowMovement(Request):
    """Who moved between segments from one period to another."""

    tool: ClassVar[str] = "show_movement"
    table: str | None = None


class ScoreCustomers(Request):
    """Customers of another file in the current segments."""

    tool: ClassVar[str] = "score_customers"
    table: str | None = None


class ExportSegments(Request):
    """The customers with their segment, or the segments themselves, as a file."""

    tool: ClassVar[str] = "export_segments"
    what: Literal["customers", "segments"] = "customers"
    file_format: Literal["csv", "xlsx", "parquet"] = "csv"
