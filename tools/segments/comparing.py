"""Knows whether two segments really differ, and says so with what did not make them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.core import Column, ResultTable, Scalar, Segment, Segmentation, ToolResult, Workspace, tool
from tools.effects import LARGE, MEDIUM, SMALL, Difference, between, cramers_v
from tools.errors import ToolError
from tools.profiles.profile_charts import spread
from tools.profiles.slides import Sides
from tools.profiles.standing_out import Standing, comparable, counted, is_part, outside_features, standing
from tools.quoting import Quotes
from tools.segments.segmented import (
    Segmented,
    called,
    find_segment,
    letter_note,
    require,
    segmented,
)
from tools.wording import listing

WIDE = 3  # features with a large difference from which stable clusters are called different kinds
ALIKE = 0.6  # features correlated more than this are one reason, not two
PARTLY = 0.15  # Cramer's V from which an attribute counts as a difference

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
    headline, findings = _verdict(placed, found, one, other, gaps, categories, quotes)
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
    notes = [
        note
        for words, found in ((first, one), (second, other))
        if (note := letter_note(segmentation, words, found))
    ]
    caveats = (
        *notes,
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
        if column.name in (
            *placed.segmentation.features,
            "bought_again",
        ):  # the number of transactions says it
            continue
        counts = counted(placed, column)[0][pair]
        found.append((column, cramers_v(counts), int(counts.sum())))
    return sorted(found, key=lambda item: (-round(item[1], 3), item[0].name))


def _verdict(
    placed: Segmented,
    found: Standing,
    one: Segment,
    other: Segment,
    gaps: list[Gap],
    categories: list[tuple[Column, float, int]],
    quotes: Quotes,
) -> tuple[str, tuple[str, ...]]:
    pair = f"{called(one)} and {called(other)}"
    outside = [gap for gap in gaps if gap.independent]
    inside = sorted((gap for gap in gaps if not gap.independent), key=lambda gap: -abs(gap.difference.d))
    best = max((abs(gap.difference.d) for gap in outside), default=0.0)
    kinds = max((v for _, v, _ in categories), default=0.0)
    telling = _distinct([gap for gap in outside if abs(gap.difference.d) >= SMALL], found, 3)
    if best >= MEDIUM or kinds >= 0.3:
        lead = f"**Yes**, {pair} are really different, also in what did not make them"
    elif best >= SMALL or kinds >= PARTLY:
        lead = f"**Partly**: {pair} differ clearly in what made them, but only a little in anything else"
    elif _stable(placed, one, other) and sum(abs(gap.difference.d) >= LARGE for gap in inside) >= WIDE:
        lead = f"**Yes in what made them**: {pair} differ there and are stable, but hardly differ elsewhere"
    elif inside and abs(inside[0].difference.d) >= LARGE:
        lead = f"**Only where they were cut**: {pair} differ in what made them and in hardly anything else"
    else:
        lead = f"**Hardly**: {pair} are much alike in everything the data hold"
    tied = [(column, v) for column, v, _ in categories if v >= PARTLY][:2]
    shown = telling if telling or tied else _distinct(inside, found, 2) or outside[:1]
    words = [_gap_words(placed, gap, one, other, quotes) for gap in shown]
    words += [
        f"{placed.label(column.name)} (Cramer's V "
        f"{quotes.number('cramers_v', v, None, f'{pair}, {column.name}', 2)})"
        for column, v in tied
    ]
    headline = f"{lead}: {listing(words)}." if words else f"{lead}."
    said = not (telling or tied) and bool(inside)  # the headline names the strongest already
    findings = [*_made_from(placed, inside, one, other, quotes, said), *_borders(placed, one, other, quotes)]
    if lead.startswith(("**Only", "**Hardly")):
        findings.append(
            f"Unless that alone is a reason to treat them differently, they can be one: say 'merge {pair}'."
        )
    return headline, tuple(findings)


def _distinct(gaps: list[Gap], found: Standing, most: int) -> list[Gap]:
    """Return the strongest differences, leaving out those that say nearly the same as a stronger one."""
    chosen: list[Gap] = []
    for gap in gaps:
        if len(chosen) < most and all(
            found.alike(gap.column.name, other.column.name) <= ALIKE for other in chosen
        ):
            chosen.append(gap)
    return chosen


def _stable(placed: Segmented, one: Segment, other: Segment) -> bool:
    """Tell whether both are groups that were found, and found again, rather than drawn by a rule."""
    known = [segment.stability for segment in (one, other)]
    return placed.segmentation.kind == "clusters" and all(
        value is not None and value >= 0.75 for value in known
    )


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
    if not is_part(placed, column) and not Sides.of(first, second).middles_mislead:
        return "median", float(np.median(first)), float(np.median(second))
    return "mean", float(first.mean()), float(second.mean())


def _made_from(
    placed: Segmented, inside: list[Gap], one: Segment, other: Segment, quotes: Quotes, said: bool
) -> list[str]:
    if not inside:
        return []
    gap = inside[0]
    words = placed.label(gap.column.name) if said else _gap_words(placed, gap, one, other, quotes)
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
