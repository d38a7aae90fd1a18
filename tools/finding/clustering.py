"""Knows the tool that looks for segments: what was found, how sure it is, what to mind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tools.core import Json, ResultTable, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.finding import segment_charts
from tools.finding.evidence import VALID
from tools.finding.evidence_words import evidence_table, opening, two
from tools.finding.portraits import paragraph, ranking
from tools.finding.requesting import Method, Outliers, Request, at_date, like_the_present, request_of
from tools.finding.reservations import caveats, excluded_table
from tools.finding.segment_names import label_of
from tools.finding.segmenting import Outcome, segment
from tools.finding.setting_aside import comparison, told
from tools.profiles.slides import carded
from tools.quoting import Quotes
from tools.segments.segmented import Segmented, segmented
from tools.selecting import Condition

NAME = "Customer segments"


@tool
def find_segments(
    workspace: Workspace,
    *,
    n_segments: int | None = None,
    features: list[str] = [],  # noqa: B006 - read only; the default is part of the schema
    ignore: list[str] = [],  # noqa: B006
    weights: dict[str, float] = {},  # noqa: B006
    where: list[Condition] = [],  # noqa: B006
    smallest_share: float | None = None,
    method: Method = "auto",
    outliers: Outliers = "keep",
    reference_date: str | None = None,
    name: str | None = None,
) -> ToolResult:
    """Look for natural customer segments, decide on evidence how many, and say so if there are none.

    Args:
        workspace: Tables and segmentations.
        n_segments: How many segments the person wants; leave out to decide on evidence.
        features: Use only these customer features; leave out for a sensible choice.
        ignore: Leave these features out.
        weights: How much features count, e.g. {"last_balance": 2}; 1 is usual.
        where: Segment only customers that satisfy these conditions.
        smallest_share: Smallest part of the customers that a segment may hold, in percent.
        method: Clustering method; auto decides on evidence.
        outliers: What becomes of customers far from everybody else: keep them in the segments, or
            set_aside as a segment of their own; nobody is ever dropped.
        reference_date: ISO date to count recency to; leave out for the last date in the data.
        name: Name of the segmentation.
    """
    at = at_date(workspace, reference_date)
    wishes = request_of(
        customers(at), n_segments, features, ignore, weights, where, smallest_share, method, outliers
    )
    request = like_the_present(wishes, workspace.segmentation)
    outcome = segment(at, request, name or NAME)
    quotes = Quotes()
    aside = _set_aside(request, outcome, quotes)
    ranked = {one.key: ranking(outcome, one) for one in outcome.segmentation.segments}
    after = at.with_segmentation(carded(at, outcome.segmentation, ranked, quotes))
    placed = segmented(after)
    evidence = outcome.segmentation.evidence
    headline = _headline(outcome, quotes)
    findings = (
        opening(evidence, outcome.segmentation.kind == "tiers", quotes),
        *aside,
        *(paragraph(placed, i, quotes) for i in range(len(placed.segments))),
    )
    tables: tuple[ResultTable, ...] = (_sizes(placed), replace(evidence_table(evidence), detail=True))
    for table in tables:
        quotes.table(table)
    if outcome.material.features.excluded:
        tables = (*tables, excluded_table(outcome.material.features))
    kept = ["I kept the wishes behind the present segmentation."] if request != wishes else []
    told = (*kept, *caveats(after, outcome, request, quotes))  # before the facts are read: it quotes too
    return ToolResult(headline, quotes.facts, findings, tables, tuple(_figures(outcome, placed)), told, after)


def _set_aside(request: Request, outcome: Outcome, quotes: Quotes) -> list[str]:
    if request.outliers == "keep":
        return []
    return told(outcome, comparison(request, outcome), quotes)


def _headline(outcome: Outcome, quotes: Quotes) -> str:
    made, evidence = outcome.segmentation, outcome.segmentation.evidence
    people = quotes.count("n_customers", made.n_customers, "customer")
    unusual = outcome.material.unusual
    apart = ""
    if unusual is not None and unusual.n:
        apart = f", with {quotes.count('n_unusual', unusual.n, 'unusual customer')} in a group of their own"
    n = len(made.segments) - bool(apart)
    quotes.note("n_segments", n, "segments")
    if made.kind == "tiers":
        label = label_of(outcome.material.frame, made.features[0])
        return (
            f"The {people} form **no natural groups**, so I cut them into **{n} tiers** by {label}{apart}: "
            "a convenient division, not a discovery."
        )
    if evidence["verdict"] == "none":
        return (
            f"I cut the {people} into **{n} segments** because you asked for that{apart}, "
            "but they form **no natural groups**: the borders are a convenience, not a discovery."
        )
    return f"I found **{n} segments** among {people}{apart}; {_how_sure(outcome, quotes)}."


def _how_sure(outcome: Outcome, quotes: Quotes) -> str:
    made, dense = outcome.segmentation, outcome.segmentation.evidence["request"]["method"] == "density"
    again = "on halves of the customers" if dense else "on resampled customers"
    known = [one.stability for one in made.segments if one.stability is not None]
    least = f" (Jaccard from {two('smallest_jaccard', min(known), quotes)})"
    if made.evidence["verdict"] == "segments":
        return f"all of them come back when the analysis is repeated {again}{least}"
    stable = sum(one >= VALID for one in known)
    quotes.note("n_stable_segments", stable, "segments")
    if not stable:
        return f"none of them is stable when the analysis is repeated {again}{least}"
    if stable == len(known):
        return f"all of them come back when the analysis is repeated {again}{least}"
    return (
        f"{stable} of them {'is' if stable == 1 else 'are'} stable, the others have doubtful borders{least}"
    )


def _sizes(placed: Segmented) -> ResultTable:
    columns: list[str] = ["Segment", "Customers", "Share of customers"]
    units: list[str | None] = [None, "customers", "%"]
    value = placed.value is not None and any(one.value_share is not None for one in placed.segments)
    if value:
        columns.append(f"Share of {placed.label(placed.value.name) if placed.value else ''}")
        units.append("%")
    features = [
        name for name in placed.segmentation.features if name in {one.name for one in placed.numeric}
    ][:6]
    columns += [f"Median {placed.label(name)}" for name in features]
    units += [placed.unit(name) for name in features]
    stable = any(one.stability is not None for one in placed.segments)
    if stable:
        columns.append("Stability (Jaccard)")
        units.append(None)
    rows = []
    for i, one in enumerate(placed.segments):
        row: list[str | float | int | None] = [one.name, one.size, 100 * one.share]
        row += [100 * (one.value_share or 0.0)] if value else []
        for name in features:
            mine = placed.numbers(name)[placed.position == i]
            mine = mine[~np.isnan(mine)]
            row.append(float(np.median(mine)) if len(mine) else None)
        row += [one.stability] if stable else []
        rows.append(tuple(row))
    return ResultTable("Segments", tuple(columns), tuple(rows), tuple(units))


def _figures(outcome: Outcome, placed: Segmented) -> list[Json]:
    label = placed.label(placed.value.name) if placed.value else None
    figures = [segment_charts.sizes_and_value(list(placed.segments), label)]
    if outcome.model is not None:
        figures.append(segment_charts.map_of(outcome.model, placed.segments))
    return figures
