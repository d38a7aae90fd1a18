"""Knows the tool that hands out the customers with their segments, or the segments themselves, as a file."""

from __future__ import annotations

from typing import Literal

from tools.core import OfferedFile, ToolResult, Workspace, tool
from tools.customers.exporting import EXCEL_ROWS
from tools.errors import ToolError
from tools.quoting import Quotes
from tools.segments.segmented import all_segmented, require

_FORMATS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}


@tool
def export_segments(
    workspace: Workspace,
    *,
    what: Literal["customers", "segments"] = "customers",
    file_format: Literal["csv", "xlsx", "parquet"] = "csv",
) -> ToolResult:
    """Offer a file: every customer with segment, confidence and features, or the segments to use again later.

    Args:
        workspace: Tables and segmentations.
        what: customers for the list with a segment each; segments for the definition, to score a later file.
        file_format: Format of the list of customers.
    """
    return _definition(workspace) if what == "segments" else _list(workspace, file_format)


def _list(workspace: Workspace, file_format: str) -> ToolResult:
    placed, quotes = all_segmented(workspace, require(workspace)), Quotes()
    n = len(placed.customers)
    if file_format == "xlsx" and n >= EXCEL_ROWS:
        raise ToolError(
            f"Excel holds {EXCEL_ROWS - 1:,} customers and there are {n:,}.", "Use CSV or Parquet."
        )
    people = quotes.count("n_customers", n, "customer")
    columns = quotes.number("n_columns", len(placed.customers.columns) - 1)
    name = f"customers.{file_format}"
    findings = [
        f"The file is made when it is fetched, from the segments as they are then. On the command line, "
        f"`python -m assistant segment --data FILE --out {name}` writes the same."
    ]
    if file_format != "parquet":
        findings.append("A text that a spreadsheet would run as a formula gets an apostrophe in front.")
    headline = (
        f"Your **{people}** with segment, confidence and {columns} features are ready as "
        f"{'an' if file_format == 'xlsx' else 'a'} {_FORMATS[file_format]} file."
    )
    outside = int((placed.position < 0).sum())
    caveats = (
        [f"{quotes.count('n_outside', outside, 'customer')} in no segment are in it too."] if outside else []
    )
    return ToolResult(
        headline,
        quotes.facts,
        tuple(findings),
        caveats=tuple(caveats),
        files=(OfferedFile(name, "customers"),),
    )


def _definition(workspace: Workspace) -> ToolResult:
    made, quotes = require(workspace), Quotes()
    n = quotes.count("n_segments", len(made.segments), "segment")
    findings = (
        "It holds limits, names and counts, and nobody's row. To score a later file, drop it into the chat "
        "together with this one and say “score the new file”, or use "
        "`python -m assistant score --data NEW --segments segments.json --out scored.csv`.",
    )
    return ToolResult(
        f"The **{n}** of “{made.name}” are ready as a file to use again.",
        quotes.facts,
        findings,
        caveats=("Scoring fits nothing again, and measures how far the new customers have moved.",),
        files=(OfferedFile("segments.json", "segments"),),
    )
