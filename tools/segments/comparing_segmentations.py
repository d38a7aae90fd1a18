"""Knows which of two segmentations serves better, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tools.core import Json, ResultTable, Scalar, Segmentation, ToolResult, Workspace, tool
from tools.effects import eta_squared, even_scale
from tools.errors import ToolError
from tools.figures import finish
from tools.profiles.describing_rules import rule_scheme
from tools.profiles.profile_charts import wrapped
from tools.quoting import Quotes
from tools.segments.segmented import (
    Segmented,
    at_its_date,
    find_segmentation,
    require,
    segmented,
)
from tools.wording import listing

CLEARLY_MORE = 0.05  # lead in explained variance of value from which one segmentation is called better

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Standings:
    """What can be said for one segmentation.

    Attributes:
        name: Its name, with the version where that is needed.
        placed: Its customers.
        explained: Part of the variance of value between segments, 0 to 1, or None without value.
        stability: Mean bootstrap Jaccard over customers, or None.
        fidelity: Part of the customers that simple rules place right, 0 to 1.
        n_conditions: Conditions that its rules need altogether.
        from_value: Value itself decides who is where.
    """

    name: str
    placed: Segmented
    explained: float | None
    stability: float | None
    fidelity: float
    n_conditions: int
    from_value: bool


@tool
def compare_segmentations(workspace: Workspace, first: str, second: str) -> ToolResult:
    """Compare two segmentations, e.g. clusters and RFM: agreement, value explained, stability, simplicity.

    Args:
        workspace: Tables and segmentations.
        first: Name of one segmentation; "name version 2" or "previous version" for an earlier version.
        second: Name of the other.
    """
    require(workspace)
    one, other = _known(workspace, first), _known(workspace, second)
    if (one.name, one.version) == (other.name, other.version):
        raise ToolError(
            f"Both are “{one.name}”.",
            "Make another segmentation first, e.g. say 'segment by RFM'.",
            tuple(name for name in workspace.segmentations if name != one.name),
        )
    same = one.name == other.name
    sides = [
        standings_of(workspace, item, f"{item.name} version {item.version}" if same else item.name)
        for item in (one, other)
    ]
    if sides[0].placed.position.size != sides[1].placed.position.size:
        raise ToolError(
            "The two are made for different dates and so for different customers.",
            "Make one of them again for the date of the other.",
        )
    common = (sides[0].placed.position >= 0) & (sides[1].placed.position >= 0)
    if not common.any():
        raise ToolError(
            "No customer is in both segmentations.", "Compare segmentations of the same customers."
        )
    counts = crossed(sides[0].placed, sides[1].placed, common)
    agreement = adjusted_rand(counts)
    quotes = Quotes()
    headline, findings = _recommend(sides, agreement, quotes)
    cross = _cross_table(sides, counts)
    overview = _side_by_side(sides)
    for table in (overview, cross):
        quotes.table(table)
    caveats = [
        "Agreement leaves names aside: it asks whether two customers are together in both or in neither."
    ]
    apart = int(common.size - common.sum())
    if apart:
        caveats.append(
            f"{quotes.count('n_left_out', apart, 'customer')} not in both are left out of the table."
        )
    return ToolResult(
        headline, quotes.facts, findings, (overview, cross), (_cross_figure(sides, counts),), tuple(caveats)
    )


_BEFORE = re.compile(
    r"(?:the )?(?:previous|earlier|last) (?:version|one)|(?:the )?version before", re.IGNORECASE
)
_NOW = re.compile(r"(?:the )?current (?:version|one)", re.IGNORECASE)


def _earlier(workspace: Workspace) -> Segmentation:
    """Return what there was before: the version before this one, or the segmentation made before it."""
    now = require(workspace)
    older = [one for one in workspace.versions(now.name) if one.version < now.version]
    if older:
        return max(older, key=lambda one: one.version)
    others = [one for name, one in workspace.segmentations.items() if name != now.name]
    if not others:
        raise ToolError("There is no version before this one.", "Change the segments, and compare then.")
    return others[-1]


def _known(workspace: Workspace, words: str) -> Segmentation:
    if _NOW.fullmatch(words.strip()):
        return require(workspace)
    if _BEFORE.fullmatch(words.strip()):
        return _earlier(workspace)
    if match := re.fullmatch(r"(.*?)[\s,(]*\b(?:v|version)\s*(\d+)\)?", words.strip(), re.IGNORECASE):
        name = find_segmentation(workspace, match[1]).name if match[1].strip() else require(workspace).name
        for item in workspace.versions(name):
            if item.version == int(match[2]):
                return item
        numbers = tuple(f"{name} version {item.version}" for item in workspace.versions(name))
        raise ToolError(f"“{name}” has no version {match[2]}.", f"There is {listing(numbers)}.", numbers)
    return find_segmentation(workspace, words)


def standings_of(workspace: Workspace, segmentation: Segmentation, name: str) -> Standings:
    """Return what can be said for a segmentation beside another one."""
    workspace = at_its_date(workspace, segmentation)
    placed = segmented(workspace, segmentation)
    scheme = rule_scheme(workspace, placed)
    explained = None
    if placed.value is not None:
        values = even_scale(placed.numbers(placed.value.name))
        explained = eta_squared(values, placed.position, len(placed.segments))
    known = [(one.stability, one.size) for one in placed.segments if one.stability is not None]
    weight = sum(size for _, size in known)
    stability = sum(value * size for value, size in known) / weight if weight else None
    n_conditions = sum(len(where) for rule in scheme.rules for where in rule.alternatives)
    from_value = placed.value is not None and (
        placed.value.name in segmentation.features or segmentation.kind in ("RFM", "tiers")
    )
    return Standings(name, placed, explained, stability, scheme.fidelity, n_conditions, from_value)


def crossed(one: Segmented, other: Segmented, common: Mask) -> npt.NDArray[np.int64]:
    """Count the customers in both, by segment of the one (rows) and of the other (columns)."""
    shape = (len(one.segments), len(other.segments))
    flat = np.bincount(
        one.position[common] * shape[1] + other.position[common], minlength=shape[0] * shape[1]
    )
    return flat.reshape(shape)


def adjusted_rand(counts: npt.NDArray[np.int64]) -> float:
    """Return the agreement of two partitions from their cross-table: 1 the same, 0 as by chance.

    Source: Hubert and Arabie (1985), Comparing partitions, Journal of Classification 2.
    """
    table = counts.astype(np.float64)

    def pairs(n: npt.NDArray[np.float64]) -> float:
        return float((n * (n - 1) / 2).sum())

    total = pairs(table.sum(keepdims=True))
    rows, columns = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / total if total else 0.0
    highest = (rows + columns) / 2
    return 1.0 if highest == expected else (pairs(table) - expected) / (highest - expected)


def _recommend(sides: list[Standings], agreement: float, quotes: Quotes) -> tuple[str, tuple[str, ...]]:
    one, other = sides
    index = quotes.number("adjusted_rand_index", agreement, None, f"{one.name} and {other.name}", 2)
    word = "closely" if agreement >= 0.75 else "in part" if agreement >= 0.3 else "little"
    chosen, reason = better(sides)
    headline = (
        f"**{one.name}** and **{other.name}** agree {word} (adjusted Rand index {index}); "
        f"I would use **{chosen.name}**, because {reason}."
    )
    findings = []
    if one.explained is not None and other.explained is not None:
        label = one.placed.label(one.placed.value.name) if one.placed.value else "value"
        parts = [
            f"{side.name} {quotes.share('variance_of_value_explained_pct', side.explained or 0.0, side.name)}"
            for side in sides
        ]
        findings.append(
            f"Of the variance of {label} between customers, {listing(parts)} lies between segments."
        )
        made = [side.name for side in sides if side.from_value]
        if len(made) == 1:
            findings.append(
                f"{made[0]} is made from {label} itself, so it is bound to explain more of it; "
                "that is no merit of its own."
            )
    known = [side for side in sides if side.stability is not None]
    if known:
        parts = [
            f"{side.name} {quotes.number('stability_jaccard', side.stability or 0.0, None, side.name, 2)}"
            for side in known
        ]
        rest = "; rules have none to test" if len(known) == 1 else ""
        findings.append(f"Stability on resampled customers (mean bootstrap Jaccard): {listing(parts)}{rest}.")
    counted = [
        (
            quotes.count("n_segments", len(side.placed.segments), "segment", scope=side.name),
            quotes.count("n_conditions", side.n_conditions, "condition", scope=side.name),
        )
        for side in sides
    ]
    parts = [
        f"{side.name} has {n} and needs {conditions} to write down, which place "
        f"{quotes.share('rule_fidelity_pct', side.fidelity, side.name)} of customers right"
        for side, (n, conditions) in zip(sides, counted, strict=True)
    ]
    findings.append(f"{'; '.join(parts)}.")
    return headline, tuple(findings)


def better(sides: list[Standings]) -> tuple[Standings, str]:
    """Choose by doubtful stability, then by value explained where that is fair, then by simplicity."""
    one, other = sides
    for side, rival in ((one, other), (other, one)):
        weak = side.stability is not None and side.stability < 0.6
        if weak and (rival.stability is None or rival.stability >= 0.75):
            return rival, f"the segments of {side.name} are not found again reliably"
    if one.explained is not None and other.explained is not None and one.from_value == other.from_value:
        first, second = (one, other) if one.explained >= other.explained else (other, one)
        if (first.explained or 0.0) - (second.explained or 0.0) >= CLEARLY_MORE:
            return first, "it tells customers of different worth apart more clearly"
    simple, rival = sorted(
        sides, key=lambda side: (len(side.placed.segments), side.n_conditions, -side.fidelity, side.name)
    )
    fewer = len(simple.placed.segments) < len(rival.placed.segments)
    return simple, "it is simpler to explain" + (" with fewer segments" if fewer else " and to write down")


def _side_by_side(sides: list[Standings]) -> ResultTable:
    names: list[tuple[str, list[Scalar]]] = [
        ("Method", [side.placed.segmentation.method for side in sides]),
        ("Segments", [len(side.placed.segments) for side in sides]),
        ("Customers in segments", [int(side.placed.sizes.sum()) for side in sides]),
        ("Smallest segment, customers", [int(side.placed.sizes.min()) for side in sides]),
        (
            "Variance of value between segments, %",
            [None if side.explained is None else 100 * side.explained for side in sides],
        ),
        ("Stability, mean bootstrap Jaccard", [side.stability for side in sides]),
        ("Conditions to write down", [side.n_conditions for side in sides]),
        ("Customers the rules place right, %", [100 * side.fidelity for side in sides]),
    ]
    rows = tuple((label, *values) for label, values in names)
    return ResultTable("Side by side", ("Measure", *(side.name for side in sides)), rows)


def _cross_table(sides: list[Standings], counts: npt.NDArray[np.int64]) -> ResultTable:
    rows: list[tuple[Scalar, ...]] = [
        (segment.name, *(int(n) for n in counts[i]), int(counts[i].sum()))
        for i, segment in enumerate(sides[0].placed.segments)
    ]
    rows.append(("All", *(int(n) for n in counts.sum(axis=0)), int(counts.sum())))
    columns = (sides[0].name, *(segment.name for segment in sides[1].placed.segments), "All")
    return ResultTable(
        f"Customers in {sides[0].name} (rows) and {sides[1].name} (columns)", columns, tuple(rows)
    )


def _cross_figure(sides: list[Standings], counts: npt.NDArray[np.int64]) -> Json:
    rows = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = go.Figure(
        go.Heatmap(
            z=np.round(100 * counts / rows, 2).tolist(),
            x=[wrapped(segment.name) for segment in sides[1].placed.segments],
            y=[segment.name for segment in sides[0].placed.segments],
            zmin=0,
            zmax=100,
            colorscale=[[0, "#f3f4f6"], [1, "#0072B2"]],
            texttemplate="%{z:.0f}%",
            hovertemplate="%{z:.1f}% of %{y} are in %{x}<extra></extra>",
            colorbar={"title": {"text": "% of row"}},
        )
    )
    figure.update_yaxes(autorange="reversed")
    return finish(figure, f"Where the customers of {sides[0].name} are in {sides[1].name}", sides[1].name)
