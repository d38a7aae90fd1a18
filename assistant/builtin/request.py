"""Knows the typed values between parsing and tools: what a person wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.selecting import Condition, Grain, GroupBy, Measure

Chart = Literal["auto", "none", "bar", "line", "pie", "area", "histogram", "box", "scatter", "heatmap"]
Order = Literal["auto", "ascending", "descending", "by_group"]
Status = Literal["answered", "clarify", "refused"]


class Request(BaseModel):
    """Something that one tool call answers; the fields are the tool's arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tool: ClassVar[str] = ""

    def arguments(self) -> dict[str, Any]:
        """Return the tool's arguments as JSON, defaults left out but for the words that carry the meaning."""
        plain: dict[str, Any] = self.model_dump(by_alias=True, exclude_defaults=True, mode="json")
        return {name: _spoken(name, value) for name, value in plain.items()}


def _spoken(name: str, value: Any) -> Any:
    """Write out the statistic of measures and the comparison of conditions, where they are the default."""
    if name in ("where", "having", "or"):
        return [{"column": c["column"], "is": "equal", **_inner(c)} for c in value]
    if name in ("measures", "segments"):
        return [
            _spoken("measure", each)
            if name == "measures"
            else _inner(each)
            if isinstance(each, dict)
            else each
            for each in value
        ]
    return {"statistic": "count", **_inner(value)} if name in ("measure", "per") else value


def _inner(value: dict[str, Any]) -> dict[str, Any]:
    return {name: _spoken(name, each) for name, each in value.items()}


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


class Correlation(Filtered):
    """How number columns go together."""

    tool: ClassVar[str] = "correlate"
    columns: list[str] = Field(default_factory=list)
    target: str | None = None
    method: Literal["pearson", "spearman"] = "pearson"


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


class MissingCount(Request):
    """Cells without a value."""

    tool: ClassVar[str] = "count_missing"
    column: str | None = None
    table: str | None = None


class Duplicates(Request):
    """Rows that occur more than once."""

    tool: ClassVar[str] = "find_duplicates"
    columns: list[str] = Field(default_factory=list)
    table: str | None = None


class DescribeData(Request):
    """What is in the data."""

    tool: ClassVar[str] = "describe_data"
    table: str | None = None


class CheckQuality(Request):
    """What is wrong with the data."""

    tool: ClassVar[str] = "check_quality"
    table: str | None = None
    column: str | None = None


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


class DescribeSegments(Request):
    """Profiles of all segments or of one."""

    tool: ClassVar[str] = "describe_segments"
    segment: str | None = None


class ExplainSegments(Request):
    """Why this many segments."""

    tool: ClassVar[str] = "explain_segments"
    n_segments: int | None = None


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
    names: list[str] = Field(default_factory=list)
    name: str | None = None


class SegmentByRfm(Request):
    """Recency, frequency and monetary scores."""

    tool: ClassVar[str] = "segment_by_rfm"
    levels: Literal[3, 4, 5] = 5
    reference_date: str | None = None
    name: str | None = None


class RenameSegment(Request):
    """A new name for a segment."""

    tool: ClassVar[str] = "rename_segment"
    segment: str
    name: str


class MergeSegments(Request):
    """Several segments become one."""

    tool: ClassVar[str] = "merge_segments"
    segments: list[str]
    name: str | None = None


class SplitSegment(Request):
    """One segment becomes several."""

    tool: ClassVar[str] = "split_segment"
    segment: str
    into: int = 2


class MoveBoundary(Request):
    """Another threshold of a segment."""

    tool: ClassVar[str] = "move_boundary"
    segment: str
    column: str
    value: float


class UndoSegmentation(Request):
    """Take the last edits back."""

    tool: ClassVar[str] = "undo_segmentation"
    steps: int = 1


class RedoSegmentation(Request):
    """Do again what was taken back."""

    tool: ClassVar[str] = "redo_segmentation"


class RestoreVersion(Request):
    """Go back to a numbered version."""

    tool: ClassVar[str] = "restore_version"
    version: int


class UseSegmentation(Request):
    """Make another segmentation the current one."""

    tool: ClassVar[str] = "use_segmentation"
    name: str


class ListSegmentations(Request):
    """Which segmentations there are."""

    tool: ClassVar[str] = "list_segmentations"


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


class FindOverdue(Request):
    """Customers who are silent for longer than their own rhythm."""

    tool: ClassVar[str] = "find_overdue"


class FindChurnRisk(Request):
    """Who is about to leave: rates where a column says who left, else who is overdue."""

    tool: ClassVar[str] = "find_churn_risk"
    by: str | None = None


class RecommendMethod(Request):
    """How to segment these customers: RFM, clusters, tiers or rules."""

    tool: ClassVar[str] = "recommend_method"
    purpose: Literal["any", "contact", "insight", "crm"] = "any"


class ExplainValue(Request):
    """Whether a figure of a segment is so, and what goes with it."""

    tool: ClassVar[str] = "explain_value"
    segment: str
    column: str
    claimed: float | None = None
    statistic: Literal["mean", "median"] = "mean"


class ExportSegments(Request):
    """The customers with their segment, or the segments themselves, as a file."""

    tool: ClassVar[str] = "export_segments"
    what: Literal["customers", "segments"] = "customers"
    file_format: Literal["csv", "xlsx", "parquet"] = "csv"


class CheckEligibility(Request):
    """Whether the data can carry a method."""

    tool: ClassVar[str] = "check_eligibility"
    method: Literal["rfm", "lifetime_value", "churn", "segments"]


class PredictValue(Request):
    """Expected purchases and value of customers, where the data can carry a forecast."""

    tool: ClassVar[str] = "predict_value"
    horizon_days: int = 365


class ShowMovement(Request):
    """Who moved between segments from one period to another."""

    tool: ClassVar[str] = "show_movement"
    table: str | None = None


class ScoreCustomers(Request):
    """Customers of another file in the current segments."""

    tool: ClassVar[str] = "score_customers"
    table: str | None = None


class ChangeReading(Request):
    """Another reading of a column: date order, meaning, unit, factor, missing values; or of repeated rows."""

    tool: ClassVar[str] = "change_reading"
    column: str | None = None
    dates: Literal["day first", "month first"] | None = None
    meaning: str | None = None
    kind: Literal["text", "number", "date"] | None = None
    unit: str | None = None
    multiply_by: float | None = None
    no_value: list[str] = Field(default_factory=list)
    repeated_rows: Literal["keep", "leave out"] | None = None


class SwitchCleaning(Request):
    """A step of the cleaning, off or on again."""

    tool: ClassVar[str] = "switch_cleaning"
    step: Literal[
        "birth_century", "placeholder_dates", "implausible_births", "placeholder_words", "blank_cells"
    ]
    on: bool = False
    column: str | None = None


class ShowUnread(Request):
    """The rows and cells that could not be read."""

    tool: ClassVar[str] = "show_unread"


class ShowRelations(Request):
    """How the tables belong together."""

    tool: ClassVar[str] = "show_relations"


class RelateTables(Request):
    """By which columns two tables belong together, or that they do not."""

    tool: ClassVar[str] = "relate_tables"
    table: str
    column: str
    other: str
    key: str | None = None
    related: bool = True


class RecallNotes(Request):
    """A question about the field, not about the data."""

    tool: ClassVar[str] = "recall_notes"
    question: str


class RecallFindings(Request):
    """What was found earlier, in this chat or in older ones of the same person."""

    tool: ClassVar[str] = "recall_findings"
    question: str


REQUESTS: Mapping[str, type[Request]] = {
    kind.tool: kind
    for kind in (
        Aggregate,
        Distribution,
        Trend,
        Correlation,
        GroupDifference,
        CrossTable,
        Outliers,
        MissingCount,
        Duplicates,
        DescribeData,
        CheckQuality,
        FindSegments,
        DescribeSegments,
        ExplainSegments,
        SegmentByRules,
        SegmentByValue,
        SegmentByRfm,
        RenameSegment,
        MergeSegments,
        SplitSegment,
        MoveBoundary,
        UndoSegmentation,
        RedoSegmentation,
        RestoreVersion,
        UseSegmentation,
        ListSegmentations,
        CompareSegments,
        CompareSegmentations,
        CheckFairness,
        TypicalCustomers,
        WriteRule,
        FindOverdue,
        FindChurnRisk,
        RecommendMethod,
        ExplainValue,
        ExportSegments,
        CheckEligibility,
        PredictValue,
        ShowMovement,
        ScoreCustomers,
        ChangeReading,
        SwitchCleaning,
        ShowUnread,
        ShowRelations,
        RelateTables,
        RecallNotes,
        RecallFindings,
    )
}


@dataclass(frozen=True)
class Reading:
    """How a message was read: requests in order, and what was assumed on the way.

    Attributes:
        requests: What the tools will be asked.
        notes: Sentences on how words were read, where that was not obvious.
        offers: Questions that the other readings would be.
        preface: What must be said or done before the answer: "why" that data show no reasons.
        after: Reply template said below the answer: what was not done and why.
        claims: Numbers that the question takes for granted; the answer says whether they hold.
        claimed_first: Group that the question takes to lead a ranking; the answer says whether it does.
    """

    requests: tuple[Request, ...]
    notes: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    preface: str = ""
    after: str = ""
    claims: tuple[float, ...] = ()
    claimed_first: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer without any tool: a question back, a refusal, or small talk.

    Attributes:
        status: What kind of answer it is.
        template: Block of a template in `prompts/builtin/`.
        values: What the template is filled with.
        choices: Clickable questions or names.
    """

    status: Status
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


Outcome = Reading | Reply


def request_from_call(tool: str, arguments: Mapping[str, Any]) -> Request | None:
    """Turn an earlier tool call back into a request; None for tools that no request stands for."""
    kind = REQUESTS.get(tool)
    known = {name: value for name, value in arguments.items() if kind and name in kind.model_fields}
    return kind.model_validate(known) if kind else None
