"""Knows whether two segments really differ, and which of two segmentations serves better."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tools.core import Column, Json, ResultTable, Scalar, Segment, Segmentation, ToolResult, Workspace, tool
from tools.describing_rules import rule_scheme
from tools.effects import LARGE, MEDIUM, SMALL, Difference, between, cramers_v, eta_squared, even_scale
from tools.errors import ToolError
from tools.figures import finish
from tools.profile_charts import spread
from tools.quoting import Quotes
from tools.segmented import Segmented, find_segment, find_segmentation, require, segmented
from tools.standing_out import Standing, comparable, counted, is_part, outside_features, standing
from tools.wording import listing

PARTLY = 0.15  # Cramer's V from which an attribute counts as a difference
CLEARLY_MORE = 0.05  # lead in explained variance of value from which one segmentation is called better

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Gap:
    """How two segments differ on one feature.

    Attributes:
        column: The feature.
        difference: Standardised, first minus second.
        overlap: Part that the two distributions have in common, 0 to 1.
        independent: It neither made the segments nor says the same as what did.
    """

    column: Column
    difference: Difference
    overlap: float
    independent: bool


@tool
def compare_segments(workspace: Workspace, first: str, second: str) -> ToolResult:
    """Tell whether two segments are really different: effect sizes, overlap, stability, and a plain verdict.

    Args:
        workspace: Tables and segmentations.
        first: Name or number of one segment.
        second: Name or number of the other.
    """
    segmentation = require(workspace)
    one, other = find_segment(segmentation, first), find_segment(segmentation, second)
    if one is other:
        raise ToolError(f"Both are {one.name}.", "Name two different segments.", _names(segmentation))
    placed = segmented(workspace, segmentation)
    found = standing(workspace, placed)
    gaps = _gaps(placed, found, one, other)
    categories = _category_gaps(placed, one, other)
    quotes = Quotes()
    headline, findings = _verdict(placed, one, other, gaps, categories, quotes)
    table = _gap_table(placed, one, other, gaps)
    quotes.table(table, 2)
    kinds = ResultTable(
        f"{one.name} and {other.name} by kind",
        ("Attribute", "Cramer's V", "Customers"),
        tuple((placed.label(column.name), v, n) for column, v, n in categories),
    )
    quotes.table(kinds)
    pair = [placed.segments.index(one), placed.segments.index(other)]
    figures = [spread(placed, gap.column, pair) for gap in gaps[:2]]
    caveats = (
        "Features that made the segments must differ between them; only the others count for the verdict.",
        "A difference describes these customers; whether they answer differently to an offer needs a test.",
    )
    tables = (table, kinds) if kinds.rows else (table,)
    return ToolResult(headline, quotes.facts, findings, tables, tuple(figures), caveats)


def _names(segmentation: Segmentation) -> tuple[str, ...]:
    return tuple(segment.name for segment in segmentation.segments)


def _masks(placed: Segmented, one: Segment, other: Segment) -> tuple[Mask, Mask]:
    return placed.position == placed.segments.index(one), placed.position == placed.segments.index(other)


def _gaps(placed: Segmented, found: Standing, one: Segment, other: Segment) -> list[Gap]:
    mine, theirs = _masks(placed, one, other)
    independent = {name for name, _ in outside_features(placed, found, most=len(found.spread))}
    gaps = []
    for column in comparable(placed):
        values = found.values[column.name]
        first, second = values[mine], values[theirs]
        difference = between(first, second)
        if difference is not None and min(difference.n_inside, difference.n_outside) >= 10:
            gaps.append(Gap(column, difference, overlap(first, second), column.name in independent))
    return sorted(
        gaps, key=lambda gap: (not gap.independent, -round(abs(gap.difference.d), 3), gap.column.name)
    )


def overlap(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> float:
    """Return the part that two distributions have in common, 0 to 1, from 40 equal bins; missing left out.

    Source: Inman and Bradley (1989), The overlapping coefficient as a measure of agreement.
    """
    first, second = first[np.isfinite(first)], second[np.isfinite(second)]
    both = np.concatenate([first, second])
    edges = np.histogram_bin_edges(both, 40)
    one = np.histogram(first, edges)[0] / first.size
    other = np.histogram(second, edges)[0] / second.size
    return float(np.minimum(one, other).sum())


def _category_gaps(placed: Segmented, one: Segment, other: Segment) -> list[tuple[Column, float, int]]:
    pair = [placed.segments.index(one), placed.segments.index(other)]
    found = []
    for column in placed.categories:
        if column.name in placed.segmentation.features:
            continue
        counts = counted(placed, column)[0][pair]
        found.append((column, cramers_v(counts), int(counts.sum())))
    return sorted(found, key=lambda item: (-round(item[1], 3), item[0].name))


def _verdict(
    placed: Segmented,
    one: Segment,
    other: Segment,
    gaps: list[Gap],
    categories: list[tuple[Column, float, int]],
    quotes: Quotes,
) -> tuple[str, tuple[str, ...]]:
    pair = f"{one.name} and {other.name}"
    outside = [gap for gap in gaps if gap.independent]
    inside = sorted((gap for gap in gaps if not gap.independent), key=lambda gap: -abs(gap.difference.d))
    best = max((abs(gap.difference.d) for gap in outside), default=0.0)
    kinds = max((v for _, v, _ in categories), default=0.0)
    telling = [gap for gap in outside if abs(gap.difference.d) >= SMALL][:3]
    if best >= MEDIUM or kinds >= 0.3:
        lead = f"**Yes**, {pair} are really different, also in what did not make them"
    elif best >= SMALL or kinds >= PARTLY:
        lead = f"**Partly**: {pair} differ clearly in what made them, but only a little in anything else"
    elif inside and abs(inside[0].difference.d) >= LARGE:
        lead = f"**Only where they were cut**: {pair} differ in what made them and in hardly anything else"
    else:
        lead = f"**Hardly**: {pair} are much alike in everything the data hold"
    shown = telling or inside[:2] or outside[:1]
    words = [_gap_words(placed, gap, one, other, quotes) for gap in shown]
    words += [
        f"{placed.label(column.name)} (Cramer's V "
        f"{quotes.number('cramers_v', v, None, f'{pair}, {column.name}', 2)})"
        for column, v, _ in categories[:1]
        if v >= PARTLY
    ]
    headline = f"{lead}: {listing(words)}." if words else f"{lead}."
    findings = [*_made_from(placed, inside, one, other, quotes), *_borders(placed, one, other, quotes)]
    if best < SMALL and kinds < PARTLY:
        findings.append(
            f"Unless that alone is a reason to treat them differently, they can be one: say 'merge {pair}'."
        )
    return headline, tuple(findings)


def _gap_words(placed: Segmented, gap: Gap, one: Segment, other: Segment, quotes: Quotes) -> str:
    mine, theirs = _masks(placed, one, other)
    kind, first, second = _typical_pair(placed, gap.column, mine, theirs)
    name, unit = gap.column.name, placed.unit(gap.column.name)
    if is_part(placed, gap.column):
        figures = [
            quotes.share(f"{kind}_{name}_pct", value, segment.name)
            for value, segment in ((first, one), (second, other))
        ]
    else:
        figures = [
            quotes.number(f"{kind}_{name}", value, unit, segment.name)
            for value, segment in ((first, one), (second, other))
        ]
    d = quotes.number(
        f"standardised_difference_{name}", abs(gap.difference.d), None, f"{one.name} and {other.name}", 2
    )
    return f"{placed.label(name)} ({kind} {figures[0]} against {figures[1]}, {d} standard deviations)"


def _typical_pair(placed: Segmented, column: Column, mine: Mask, theirs: Mask) -> tuple[str, float, float]:
    values = placed.numbers(column.name)
    first, second = (values[mask & np.isfinite(values)] for mask in (mine, theirs))
    if not is_part(placed, column) and float(np.median(first)) != float(np.median(second)):
        return "median", float(np.median(first)), float(np.median(second))
    return "mean", float(first.mean()), float(second.mean())


def _made_from(
    placed: Segmented, inside: list[Gap], one: Segment, other: Segment, quotes: Quotes
) -> list[str]:
    if not inside:
        return []
    gap = inside[0]
    words = _gap_words(placed, gap, one, other, quotes)
    common = quotes.share("overlap_pct", gap.overlap, f"{one.name} and {other.name}, {gap.column.name}", 0)
    return [
        f"Of what made them, they differ most in {words}; "
        f"{common} of the two distributions lie over each other there."
    ]


def _borders(placed: Segmented, one: Segment, other: Segment, quotes: Quotes) -> list[str]:
    told = []
    weak = [segment for segment in (one, other) if segment.stability is not None and segment.stability < 0.75]
    for segment in weak:
        stability = quotes.number("stability_jaccard", segment.stability or 0.0, None, segment.name, 2)
        told.append(
            f"{segment.name} is found again only in part on resampled customers "
            f"(bootstrap Jaccard {stability}), so its border is doubtful."
        )
    steady = [segment for segment in (one, other) if segment.stability is not None and segment not in weak]
    if len(steady) == 2:
        words = [
            quotes.number("stability_jaccard", segment.stability or 0.0, None, segment.name, 2)
            for segment in steady
        ]
        told.append(f"Both are found again on resampled customers (bootstrap Jaccard {listing(words)}).")
    return told


def _gap_table(placed: Segmented, one: Segment, other: Segment, gaps: list[Gap]) -> ResultTable:
    mine, theirs = _masks(placed, one, other)
    rows: list[tuple[Scalar, ...]] = []
    for gap in gaps:
        kind, first, second = _typical_pair(placed, gap.column, mine, theirs)
        d = gap.difference
        made = "no" if gap.independent else "yes"
        rows.append(
            (placed.label(gap.column.name), kind, first, second, d.d, d.low, d.high, 100 * gap.overlap, made)
        )
    columns = (
        *("Feature", "Statistic", one.name, other.name),
        *("Standardised difference", "95% low", "95% high", "Overlap", "Made the segments, or says the same"),
    )
    units = (None,) * 7 + ("%", None)
    return ResultTable(f"{one.name} against {other.name}", columns, tuple(rows), units)


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
        first: Name of one segmentation; "name version 2" for an earlier version.
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
        _standings(workspace, item, f"{item.name} version {item.version}" if same else item.name)
        for item in (one, other)
    ]
    common = (sides[0].placed.position >= 0) & (sides[1].placed.position >= 0)
    if not common.any():
        raise ToolError(
            "No customer is in both segmentations.", "Compare segmentations of the same customers."
        )
    counts = _crossed(sides[0].placed, sides[1].placed, common)
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


def _known(workspace: Workspace, words: str) -> Segmentation:
    if match := re.fullmatch(r"(.*?)[\s,(]*\b(?:v|version)\s*(\d+)\)?", words.strip(), re.IGNORECASE):
        name = find_segmentation(workspace, match[1]).name if match[1].strip() else require(workspace).name
        for item in workspace.versions(name):
            if item.version == int(match[2]):
                return item
        numbers = tuple(f"{name} version {item.version}" for item in workspace.versions(name))
        raise ToolError(f"“{name}” has no version {match[2]}.", f"There is {listing(numbers)}.", numbers)
    return find_segmentation(workspace, words)


def _standings(workspace: Workspace, segmentation: Segmentation, name: str) -> Standings:
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


def _crossed(one: Segmented, other: Segmented, common: Mask) -> npt.NDArray[np.int64]:
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
    chosen, reason = _better(sides)
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


def _better(sides: list[Standings]) -> tuple[Standings, str]:
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
            x=[segment.name for segment in sides[1].placed.segments],
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
