"""Knows how single customers are shown as examples of a segment; their keys stay in the tables."""

from __future__ import annotations

from tools.core import ToolResult, Workspace, tool
from tools.profiles import profile_tables
from tools.profiles.standing_out import standing
from tools.quoting import Quotes
from tools.segments.segmented import find_segment, require, segmented


@tool
def find_typical_customers(workspace: Workspace, segment: str | None = None) -> ToolResult:
    """Show the most typical customers of each segment and, for one segment, those at its border.

    Args:
        workspace: Tables and segmentations.
        segment: Name or number of one segment; leave out for all of them.
    """
    segmentation = require(workspace)
    placed = segmented(workspace, segmentation)
    found = standing(workspace, placed)
    quotes = Quotes()
    if segment is None:
        filled = [i for i, size in enumerate(placed.sizes) if size]
        tables = [profile_tables.typical_customers(placed, found, i, 3) for i in filled]
        each = quotes.number("n_typical_per_segment", 3)
        of = quotes.count("n_segments", len(tables), "segment")
        headline = f"The tables show the **{each} most typical customers** of each of your {of}."
    else:
        chosen = find_segment(segmentation, segment)
        tables = [
            profile_tables.typical_customers(placed, found, placed.segments.index(chosen), 10, borderline=10)
        ]
        kinds = [row[1] for row in tables[0].rows]
        middle = quotes.count("n_typical", kinds.count("typical"), "customer")
        border = quotes.number("n_borderline", kinds.count("borderline"))
        rest = f" and {border} at its border" if "borderline" in kinds else ""
        headline = f"The table shows the **{middle}** nearest to the middle of {chosen.name}{rest}."
    caveats = (
        "Typical means nearest to the segment's medians on its features, each scaled by its spread; "
        "of equally near customers those with the smallest key are shown.",
    )
    return ToolResult(headline, quotes.facts, (), tuple(tables), (), caveats)
