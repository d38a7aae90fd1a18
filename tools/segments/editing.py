"""Knows how segments are edited by talking: rename, merge, split, move a boundary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from tools.core import Segment, Segmentation, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.effects import between
from tools.errors import ToolError
from tools.profiles.slides import carded, trait_name
from tools.profiles.standing_out import standing
from tools.quoting import Quotes
from tools.segments import boundaries, splitting
from tools.segments.segmented import (
    called,
    customer_column,
    find_segment,
    free_name,
    overview,
    recounted,
    require,
    segmented,
)
from tools.wording import listing

LONGEST_NAME = 60
SHORT_NAME = 45  # a joined name longer than this is made anew


@tool
def rename_segment(workspace: Workspace, segment: str, name: str) -> ToolResult:
    """Give a segment another name; who is in it stays the same.

    Args:
        workspace: Tables and segmentations.
        segment: Name or number of the segment.
        name: The new name.
    """
    segmentation = require(workspace)
    old, wanted = find_segment(segmentation, segment), _name(name)
    taken = [
        one for one in segmentation.segments if one is not old and one.name.casefold() == wanted.casefold()
    ]
    if taken:
        raise ToolError(
            f"{taken[0].name} is already the name of another segment.",
            f"Choose another name, or say 'merge {old.name} and {taken[0].name}'.",
        )
    renamed = replace(old, name=wanted)
    edited = _with(segmentation, {old.key: renamed}, f"renamed {old.name} to {wanted}")
    quotes = Quotes()
    size = quotes.count("size", old.size, "customer", scope=wanted)
    return _done(
        workspace, edited, f"**{old.name}** is now called **{wanted}**; its {size} are the same.", quotes
    )


def _name(name: str) -> str:
    wanted = " ".join(name.split()).strip(" \"'“”.")
    if not wanted or len(wanted) > LONGEST_NAME:
        raise ToolError("A segment needs a name of 1 to 60 characters.", "Give a shorter name.")
    return wanted


@tool
def merge_segments(workspace: Workspace, segments: list[str], name: str | None = None) -> ToolResult:
    """Join two or more segments into one.

    Args:
        workspace: Tables and segmentations.
        segments: Names or numbers of the segments.
        name: Name of the joined segment; by default one made of the names, or of what sets it apart.
    """
    segmentation = require(workspace)
    chosen: list[Segment] = []
    for words in segments:
        found = find_segment(segmentation, words)
        if found not in chosen:
            chosen.append(found)
    if len(chosen) < 2:
        raise ToolError("Merging needs two different segments.", "Name two or more.", _names(segmentation))
    if len(chosen) == len(segmentation.segments):
        raise ToolError(
            "That would leave one segment with everybody in it.", "Leave at least one segment out."
        )
    others = {one.name for one in segmentation.segments if one not in chosen}
    wanted = _name(name) if name else free_name(_merged_name(workspace, segmentation, chosen), others)
    if wanted.casefold() in {other.casefold() for other in others}:
        raise ToolError(f"{wanted} is already the name of another segment.", "Choose another name.")
    values = [one.value_share for one in chosen]
    merged = Segment(
        key=min(one.key for one in chosen),
        name=wanted,
        leaves=tuple(sorted(leaf for one in chosen for leaf in one.leaves)),
        size=sum(one.size for one in chosen),
        share=sum(one.share for one in chosen),
        value_share=None if any(value is None for value in values) else sum(value or 0.0 for value in values),
    )
    kept = [one for one in segmentation.segments if one not in chosen]
    note = f"merged {listing([one.name for one in chosen])}"
    edited = replace(
        segmentation, segments=tuple(sorted([*kept, merged], key=lambda one: one.key)), note=note
    )
    quotes = Quotes()
    size = quotes.count("size", merged.size, "customer", scope=wanted)
    part = quotes.share("share_of_customers_pct", merged.share, wanted)
    headline = (
        f"{listing([one.name for one in chosen])} are now one segment, **{wanted}**, with {size} ({part})."
    )
    told = _lost(workspace, segmentation, chosen, quotes)
    return _done(workspace, edited, headline, quotes, told)


def _merged_name(workspace: Workspace, segmentation: Segmentation, chosen: Sequence[Segment]) -> str:
    """Name a joined segment by its parts where that stays short, else by what sets it apart as a whole."""
    names = [one.name for one in chosen]
    shortest = min(names, key=len)
    if all(name == shortest or name.startswith(f"{shortest},") for name in names):
        return shortest  # "Long inactive, one transaction" is "Long inactive" too
    short = next((name for name in (listing(names), _factored(names)) if len(name) <= SHORT_NAME), None)
    if short:
        return short
    leaves = tuple(leaf for one in chosen for leaf in one.leaves)
    whole = Segment(chosen[0].key, "joined", leaves, 0, 0.0)
    rest = [one for one in segmentation.segments if one not in chosen]
    placed = segmented(workspace, replace(segmentation, segments=(whole, *rest)))
    return trait_name(placed, 0) or _factored(names)[:LONGEST_NAME]


def _factored(names: Sequence[str]) -> str:
    """Join names that begin or end alike without saying it twice: Second and third quarter by spend."""
    words = [name.split(" ") for name in names]
    least = min(len(one) for one in words) - 1
    tail = next((n for n in range(least, 0, -1) if len({tuple(one[-n:]) for one in words}) == 1), 0)
    head = next((n for n in range(least, 0, -1) if len({tuple(one[:n]) for one in words}) == 1), 0)
    if tail >= head and tail:
        fronts = [" ".join(one[:-tail]) for one in words]
        return (
            f"{listing([fronts[0], *(front.lower() for front in fronts[1:])])} {' '.join(words[0][-tail:])}"
        )
    if head:
        return f"{' '.join(words[0][:head])} {listing([' '.join(one[head:]) for one in words])}"
    return listing(names)


def _lost(
    workspace: Workspace, segmentation: Segmentation, chosen: Sequence[Segment], quotes: Quotes
) -> tuple[str, ...]:
    """Say in what two merged segments differ most, since that difference is no longer seen."""
    if len(chosen) != 2:
        return ()
    placed = segmented(workspace, segmentation)
    first, second = (placed.position == placed.segments.index(one) for one in chosen)
    strengths = []
    for name, values in standing(workspace, placed).values.items():
        difference = between(values[first], values[second])
        if difference is not None:
            strengths.append((-round(abs(difference.d), 6), name))
    if not strengths:
        return ()
    strongest, name = min(strengths)
    d = quotes.number(f"standardised_difference_{name}", -strongest, None, "between the merged segments", 1)
    return (f"What this hides: they differed most in {placed.label(name)}, by {d} standard deviations.",)


@tool
def split_segment(
    workspace: Workspace, segment: str, into: Annotated[int, Field(ge=2, le=8)] = 2
) -> ToolResult:
    """Split one segment further, on the features that made the segments, and say if the parts are real.

    Args:
        workspace: Tables and segmentations.
        segment: Name or number of the segment.
        into: Number of parts.
    """
    segmentation = require(workspace)
    chosen = find_segment(segmentation, segment)
    placed = segmented(workspace, segmentation)
    cut = splitting.split(placed, chosen, into)
    others = {one.name for one in segmentation.segments if one is not chosen}
    first_key = max(one.key for one in segmentation.segments) + 1
    parts = []
    for j, (leaves, name) in enumerate(zip(cut.leaves, cut.names, strict=True)):
        unique = free_name(name, others)
        others.add(unique)
        parts.append(Segment(chosen.key if j == 0 else first_key + j - 1, unique, leaves, 0, 0.0))
    kept = [one for one in segmentation.segments if one is not chosen]
    edited = replace(
        segmentation,
        model=cut.model,
        segments=tuple(sorted([*kept, *parts], key=lambda one: one.key)),
        note=f"split {chosen.name} into {into}",
    )
    edited = recounted(workspace, edited)
    quotes = Quotes()
    made = [one for one in edited.segments if one.name in {part.name for part in parts}]
    sized = [f"**{one.name}** ({quotes.count('size', one.size, 'customer', scope=one.name)})" for one in made]
    headline = f"{called(chosen)} is now {quotes.number('n_parts', into)} segments: {listing(sized)}."
    return _done(workspace, edited, headline, quotes, splitting.tell(placed, cut, chosen, quotes))


@tool
def move_boundary(workspace: Workspace, segment: str, column: str, value: float) -> ToolResult:
    """Move the border between a segment and its neighbour on one feature to another value.

    Args:
        workspace: Tables and segmentations.
        segment: Name or number of the segment.
        column: Feature on which the border lies.
        value: Where the border shall lie.
    """
    segmentation = require(workspace)
    chosen = find_segment(segmentation, segment)
    placed = segmented(workspace, segmentation)
    known = customer_column(customers(workspace), column)
    moved = boundaries.move(placed, chosen, known, value)
    label, unit = placed.label(known.name), placed.unit(known.name)
    quotes = Quotes()
    where = quotes.number("boundary", value, unit, label)
    edited = recounted(
        workspace,
        replace(moved.segmentation, note=f"moved the border of {chosen.name} on {known.name} to {where}"),
    )
    after = segmented(workspace, edited)
    changed = int((after.position != placed.position).sum())
    now = next(one for one in edited.segments if one.key == chosen.key)
    headline = (
        f"The border of **{now.name}** on {label} now lies at {where}; "
        f"{quotes.count('n_moved', changed, 'customer')} changed segment, "
        f"and it holds {quotes.count('size', now.size, 'customer', scope=now.name)}."
    )
    return _done(workspace, edited, headline, quotes, moved.told)


def _with(segmentation: Segmentation, changed: dict[int, Segment], note: str) -> Segmentation:
    segments = tuple(changed.get(one.key, one) for one in segmentation.segments)
    return replace(segmentation, segments=segments, note=note)


def _names(segmentation: Segmentation) -> tuple[str, ...]:
    return tuple(one.name for one in segmentation.segments)


def _done(
    workspace: Workspace,
    edited: Segmentation,
    headline: str,
    quotes: Quotes,
    told: tuple[str, ...] = (),
) -> ToolResult:
    changed = workspace.with_segmentation(carded(workspace, edited))
    now = require(changed)
    version = quotes.number("version", now.version)
    table = overview(now)
    quotes.table(table)
    findings = (*told, f"This is version {version} of “{now.name}”; say 'undo' to go back.")
    return ToolResult(headline, quotes.facts, findings, (table,), (), (), changed)
