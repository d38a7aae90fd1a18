"""Knows how requests become tool calls: their order, what comes first, the repair of a failed call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.edits import (
    MergeSegments,
    MoveBoundary,
    RedoSegmentation,
    RenameSegment,
    RestoreVersion,
    SplitSegment,
    UndoSegmentation,
    UseSegmentation,
)
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate, CrossTable, Filtered, Outliers, Trend
from assistant.builtin.request.segments import (
    CompareSegments,
    DescribeSegments,
    ExplainSegments,
    FindSegments,
    TypicalCustomers,
    WriteRule,
)

# Requests about segments that make sense before there are any: the segments are found first.
_NEEDS_SEGMENTS = (DescribeSegments, ExplainSegments, CompareSegments, TypicalCustomers, WriteRule)


# What changes segments that somebody made makes no sense with others, made for the purpose.
_OF_EARLIER_SEGMENTS = frozenset(
    kind.tool
    for kind in (
        UndoSegmentation, RedoSegmentation, RestoreVersion, RenameSegment, MergeSegments, SplitSegment,
        MoveBoundary, UseSegmentation,
    )
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A tool and its arguments."""

    tool: str
    arguments: Mapping[str, Any]


def plan(readings: Sequence[Reading], catalog: Catalog) -> list[Call]:
    """Return the tool calls for a message, in the order in which they must run."""
    calls: list[Call] = []
    have_segments = bool(catalog.segments)
    for reading in readings:
        for request in reading.requests:
            if isinstance(request, FindSegments) or request.tool.startswith("segment_by"):
                have_segments = True
            elif not have_segments and _needs_segments(request):
                calls.append(Call("find_segments", {}))
                have_segments = True
            calls.append(Call(request.tool, request.arguments()))
    unique: list[Call] = []
    for call in calls:
        if call not in unique:
            unique.append(call)
    return unique


def _needs_segments(request: Request) -> bool:
    if isinstance(request, _NEEDS_SEGMENTS):
        return not (
            isinstance(request, CompareSegments | TypicalCustomers | WriteRule)
            or getattr(request, "segment", None)
        )
    if isinstance(request, CrossTable):
        return request.rows == "segment"
    groups = request.by if isinstance(request, Aggregate) else []
    return any(group.column == "segment" for group in groups) or (
        isinstance(request, Trend) and request.by == "segment"
    )


def with_fences(call: Call, facts: Sequence[Mapping[str, Any]], column: str) -> Call:
    """Add the fences of an outlier rule, as the tool gave them, to a later call: "without the outliers"."""
    values = {
        str(fact["name"]): fact["value"] for fact in facts if isinstance(fact.get("value"), int | float)
    }
    low = next(
        (v for n, v in values.items() if "lower" in n and ("fence" in n or "bound" in n or "limit" in n)),
        None,
    )
    high = next(
        (v for n, v in values.items() if "upper" in n and ("fence" in n or "bound" in n or "limit" in n)),
        None,
    )
    added: list[dict[str, Any]] = []
    if low is not None:
        added.append({"column": column, "is": "at_least", "value": low})
    if high is not None:
        added.append({"column": column, "is": "at_most", "value": high})
    return Call(call.tool, {**call.arguments, "where": [*call.arguments.get("where", []), *added]})


def repaired(call: Call, error: Mapping[str, Any], catalog: Catalog) -> Call | None:
    """Return the obvious repair of a failed call, or None: segments first, or the one near spelling."""
    wrong = str(error.get("error", "")).lower()
    choices = list(error.get("choices") or ())
    if call.tool == "segment_by_rfm" and "cannot carry" in wrong:
        return Call("check_eligibility", {"method": "rfm"})  # says why, with the figures behind it
    if ("no segments yet" in wrong or "no segmentation" in wrong) and call.tool not in _OF_EARLIER_SEGMENTS:
        return Call("find_segments", {})
    if len(choices) == 1 and "segment" in call.arguments and isinstance(call.arguments["segment"], str):
        return Call(call.tool, {**call.arguments, "segment": choices[0]})
    del catalog
    return None


def is_outlier_pair(reading: Reading) -> str | None:
    """Return the column whose outliers, found by the first request, the second one leaves out."""
    if (
        reading.preface == "without_outliers"
        and isinstance(reading.requests[0], Outliers)
        and isinstance(reading.requests[1], Filtered)
    ):
        return reading.requests[0].column
    return None
