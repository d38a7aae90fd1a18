"""Knows the versions of segmentations: undo, redo, back to a version, one beside another."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tools.core import ResultTable, Segmentation, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.quoting import Quotes
from tools.segments.segmented import (
    at_its_date,
    find_segmentation,
    overview,
    require,
)
from tools.wording import listing

EDITS = ("renamed", "merged", "split", "moved")  # how the note of a version begins that changed another one


@tool
def undo_segmentation(workspace: Workspace, steps: Annotated[int, Field(ge=1, le=100)] = 1) -> ToolResult:
    """Take back the last edits of the segments.

    Args:
        workspace: Tables and segmentations.
        steps: How many edits to take back.
    """
    now = require(workspace)
    undone: list[Segmentation] = []
    for _ in range(steps):
        earlier = _parent(workspace, now)
        if earlier is None:
            break
        undone.append(now)
        workspace, now = workspace.showing(earlier), earlier
    if not undone:
        raise ToolError(
            f"There is nothing to undo: this is the first version of “{now.name}”.",
            "Say 'segment my customers' to make other segments.",
        )
    quotes = Quotes()
    quotes.note("n_undone", len(undone), "edits")
    told = () if len(undone) == steps else (f"There were only {len(undone)} edits to take back.",)
    what = listing([_deed(one, quotes) for one in undone])
    return _shown(workspace, f"Undone: {what}.", quotes, told, "You are back on")


def _deed(made: Segmentation, quotes: Quotes) -> str:
    """Say what made a version: what was done to the segments before, or that these were made anew."""
    if made.note.startswith(EDITS):
        return made.note
    n = quotes.count(
        "n_segments", len(made.segments), "segment", scope=f"{made.name}, version {made.version}"
    )
    return f"the {n} of “{made.name}”" + (f" ({made.note})" if made.note else "")


def _parent(workspace: Workspace, segmentation: Segmentation) -> Segmentation | None:
    if segmentation.parent is None:
        return None
    name, version = segmentation.parent
    return next((known for known in workspace.versions(name) if known.version == version), None)


@tool
def redo_segmentation(workspace: Workspace) -> ToolResult:
    """Bring back the edit that was undone last.

    Args:
        workspace: Tables and segmentations.
    """
    now = require(workspace)
    names = [now.name, *(name for name in workspace.segmentations if name != now.name)]
    children = [
        known
        for name in names
        for known in workspace.versions(name)
        if known.parent == (now.name, now.version)
    ]
    if not children:
        raise ToolError("There is nothing to redo.", "Redo brings back what was undone.")
    same = [child for child in children if child.name == now.name]
    newest = same[-1] if same else children[-1]
    quotes = Quotes()
    return _shown(workspace.showing(newest), f"Done again: {_deed(newest, quotes)}.", quotes, ())


@tool
def restore_version(workspace: Workspace, version: Annotated[int, Field(ge=1)]) -> ToolResult:
    """Go back, or forward, to a numbered version of the current segmentation.

    Args:
        workspace: Tables and segmentations.
        version: Number of the version.
    """
    now = require(workspace)
    known = workspace.versions(now.name)
    wanted = next((one for one in known if one.version == version), None)
    if wanted is None:
        numbers = [str(one.version) for one in known]
        raise ToolError(
            f"“{now.name}” has no version {version}.",
            f"There {'is' if len(numbers) == 1 else 'are'}: {listing(numbers)}.",
            tuple(f"Version {number}" for number in numbers),
        )
    return _shown(workspace.showing(wanted), "", Quotes(), ())


@tool
def use_segmentation(workspace: Workspace, name: str) -> ToolResult:
    """Make another segmentation the current one.

    Args:
        workspace: Tables and segmentations.
        name: Its name.
    """
    return _shown(workspace.showing(find_segmentation(workspace, name)), "", Quotes(), ())


def _shown(
    workspace: Workspace, lead: str, quotes: Quotes, told: tuple[str, ...], place: str = "You are now on"
) -> ToolResult:
    now = require(workspace)
    workspace = at_its_date(workspace, now)
    version = quotes.number("version", now.version)
    n = quotes.count("n_segments", len(now.segments), "segment")
    table = overview(now)
    quotes.table(table)
    names = [
        f"**{one.name}** ({quotes.share('share_of_customers_pct', one.share, one.name)})"
        for one in now.segments
    ]
    headline = f"{lead} {place} version {version} of “{now.name}” with {n}: {listing(names)}.".strip()
    return ToolResult(headline, quotes.facts, told, (table,), (), (), workspace)


@tool
def list_segmentations(workspace: Workspace) -> ToolResult:
    """List the segmentations that were made, with their versions.

    Args:
        workspace: Tables and segmentations.
    """
    require(workspace)
    quotes = Quotes()
    rows = []
    for name in workspace.segmentations:
        for one in workspace.versions(name):
            shown = workspace.segmentations[name].version == one.version
            state = "current" if shown and name == workspace.current else "kept" if shown else "earlier"
            rows.append((name, one.version, one.method, len(one.segments), one.n_customers, one.note, state))
    columns = ("Segmentation", "Version", "Method", "Segments", "Customers", "What was done", "State")
    table = ResultTable("Segmentations", columns, tuple(rows))
    quotes.table(table, 2)
    n = quotes.count("n_segmentations", len(workspace.segmentations), "segmentation")
    versions = quotes.count("n_versions", len(rows), "version")
    headline = f"You have **{n}** in {versions}; “{workspace.current}” is the current one."
    return ToolResult(headline, quotes.facts, (), (table,), (), (), None)
