"""Knows how segments that are rules in order are counted, stored and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from tools.core import Fact, Json, ResultTable, Scalar, Segment, Segmentation, ToolResult, Workspace
from tools.customers.features import CustomerFrame
from tools.customers.told_elsewhere import without_rows
from tools.errors import ToolError
from tools.placing.axes import MISSING
from tools.profiles.profile_charts import sizes_and_value
from tools.profiles.slides import carded
from tools.quoting import Quotes
from tools.segments.assigning import conditions_model
from tools.segments.segmented import Segmented, by_value, recounted, segmented
from tools.wording import listing

_NO_NEWS = (MISSING, "Everyone else")  # that nothing is missing and nobody is left over
_FEW = 4  # segments without anybody that are named
IN_HEADLINE = 6  # segments named in the first sentence; the rest is counted


def made(
    workspace: Workspace,
    frame: CustomerFrame,
    kind: Literal["rules", "RFM", "tiers"],
    name: str,
    method: str,
    features: tuple[str, ...],
    rules: list[tuple[str, list[Json]]],
    otherwise: str | None,
    *,
    preview: bool = False,
    caveats: tuple[str, ...] = (),
    facts: tuple[Fact, ...] = (),
    findings: tuple[str, ...] = (),
) -> ToolResult:
    """Count the segments, keep those with customers, and tell what came out."""
    names = [*(rule_name for rule_name, _ in rules), *([otherwise] if otherwise is not None else [])]
    segments = tuple(Segment(i, rule_name, (i,), 0, 0.0) for i, rule_name in enumerate(names))
    model = conditions_model([where for _, where in rules], otherwise is not None)
    evidence: Json = {"verdict": "rule"}
    segmentation = Segmentation(
        name, kind, method, features, model, segments, frame.table.n_rows, evidence,
        reference_date=frame.reference_date,
    )  # fmt: skip
    counted = recounted(workspace, segmentation)
    empty = [one for one in counted.segments if not one.size]
    kept = tuple(one for one in counted.segments if one.size)
    if not kept:
        raise ToolError("No customer satisfies these rules.", "Loosen a condition.")
    evidence = {**evidence, "empty_segments": [{"name": one.name, "leaf": one.leaves[0]} for one in empty]}
    counted = replace(counted, segments=kept, evidence=evidence, note=method)
    lacking = [one.name for one in empty if one.name not in _NO_NEWS]
    if lacking:
        told = listing(lacking, "or") if len(lacking) <= _FEW else f"{len(lacking)} of the {len(rules)} rules"
        caveats = (*caveats, f"Nobody falls into {told}, left out here.")
        facts = (
            *facts,
            Fact("n_empty_segments", len(lacking), "segments", name),
            Fact("n_rules", len(rules)),
        )
    none = any(_of_no_rows(item) for _, where in rules for item in where)
    return _told(workspace, carded(workspace, counted), preview, caveats, facts, findings, none)


def _of_no_rows(item: Json) -> bool:
    """Tell whether a condition asks for customers of whom there is no row."""
    held = item if isinstance(item, dict) else {}
    return held.get("column") == "n_transactions" and held.get("is") == "equal" and held.get("value") == 0


def unit_of(frame: CustomerFrame, column: str) -> str | None:
    """Return the unit of a customer column."""
    known = frame.table.column(column)
    return known.unit if known else None


def _told(
    workspace: Workspace,
    segmentation: Segmentation,
    preview: bool,
    caveats: tuple[str, ...],
    facts: tuple[Fact, ...],
    findings: tuple[str, ...],
    none: bool,
) -> ToolResult:
    quotes = Quotes()
    placed = segmented(workspace, segmentation)
    shown = (
        [one for one in by_value(segmentation) if one.size]
        if segmentation.kind == "RFM"
        else list(segmentation.segments)
    )
    value = placed.label(placed.value.name) if placed.value else None
    parts = []
    for one in shown:
        size = quotes.count("size", one.size, "customer", scope=one.name)
        text = f"**{one.name}** {size} ({quotes.share('share_of_customers_pct', one.share, one.name)}"
        if one.value_share is not None and value:
            text += f", {quotes.share('share_of_value_pct', one.value_share, one.name)} of {value}"
        parts.append(text + ")")
    if len(parts) > IN_HEADLINE + 1:
        left = quotes.number("n_further_segments", len(parts) - IN_HEADLINE)
        parts = [*parts[:IN_HEADLINE], f"{left} more in the table"]
    n = quotes.count("n_segments", len(segmentation.segments), "segment")
    verb = "This would make" if preview else "Made"
    everybody = quotes.count("n_customers", segmentation.n_customers, "customer")
    headline = f"{verb} {n} of {everybody}: {listing(parts)}."
    table = _table(placed, shown)
    quotes.table(table, 2)
    if preview:
        findings = (*findings, "Nothing was changed; say it without 'preview' to apply it.")
    absent = without_rows(workspace, quotes)
    headline = " ".join((headline, *absent)) if none else headline
    caveats = caveats if none else (*caveats, *absent)
    outside = int((placed.position < 0).sum())
    if outside:
        caveats = (*caveats, f"{quotes.count('n_outside', outside, 'customer')} fall into no segment.")
    figure = sizes_and_value(shown, value)
    changed = None if preview else workspace.with_segmentation(segmentation)
    return ToolResult(headline, (*quotes.facts, *facts), findings, (table,), (figure,), caveats, changed)


def _table(placed: Segmented, shown: Sequence[Segment]) -> ResultTable:
    value, sums = placed.value, placed.value_sums
    columns: tuple[str, ...] = ("Segment", "Rule", "Customers", "Share of customers")
    units: tuple[str | None, ...] = (None, None, "customers", "%")
    with_orders = "n_transactions" in placed.customers
    if with_orders:
        columns, units = (*columns, "Transactions"), (*units, None)
        counts = placed.numbers("n_transactions")
    if value is not None:
        unit = placed.unit(value.name)
        label = placed.label(value.name)
        columns, units = (*columns, f"Sum of {label}", f"Share of {label}"), (*units, unit, "%")
    rows: list[tuple[Scalar, ...]] = []
    for one in shown:
        i = placed.segments.index(one)
        row: list[Scalar] = [one.name, one.rule, one.size, 100 * one.share]
        if with_orders:
            row.append(int(np.nansum(counts[placed.position == i])))
        if sums is not None:
            row += [float(sums[i]), None if one.value_share is None else 100 * one.value_share]
        rows.append(tuple(row))
    return ResultTable(placed.segmentation.name, columns, tuple(rows), units)
