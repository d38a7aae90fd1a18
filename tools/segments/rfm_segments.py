"""Knows how customers become the named RFM segments, and when the honest answer is that they cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from tools.core import DataTable, Fact, ToolResult, Workspace, tool
from tools.customers.features import CustomerFrame, customers
from tools.errors import ToolError
from tools.segments import rfm
from tools.segments.ruled import made
from tools.segments.segmented import label_of
from tools.wording import day, listing


@tool
def segment_by_rfm(
    workspace: Workspace,
    levels: Literal[3, 4, 5] = 5,
    reference_date: str | None = None,
    ties: rfm.Ties | None = None,
    name: str | None = None,
    anyway: bool = False,
) -> ToolResult:
    """Make the named RFM segments (Champions, At Risk ...) from recency, frequency and money spent.

    Args:
        workspace: Tables and segmentations.
        levels: Number of scores on each of the three.
        reference_date: ISO date that recency is counted to; by default the last date in the data.
        ties: Where a value on a threshold belongs: "plus_one" as in the R package rfm, "lower" or "higher".
        name: Name of the segmentation.
        anyway: Do it although the data cannot really carry RFM.
    """
    if reference_date:
        workspace = replace(workspace, reference_date=reference_date)
    frame = customers(workspace)
    measures = _measures(frame)
    reasons = rfm.obstacles(measures)
    if reasons and not anyway:
        raise ToolError(
            f"These data cannot carry RFM: {listing([text for _, text in reasons])}. Equal customers would "
            "have to "
            "get different scores, or all the same.",
            "Make value tiers or segment by behaviour instead; say 'RFM anyway' to see it all the same.",
            ("Make value tiers", "Segment my customers", "RFM anyway"),
        )
    every = (measures.recency, measures.frequency, measures.monetary)
    convention = ties or _usual_ties(every)
    bounds = tuple(rfm.thresholds(values, levels, convention) for values in every)
    rules = rfm.rules(measures.columns, bounds, levels)
    method = f"RFM on {levels} levels"
    caveats = [*_rfm_caveats(frame, levels, convention), *(f"Read with care: {text}." for _, text in reasons)]
    facts = [
        Fact(f"{column}_threshold_{i + 1}", cut, None, "RFM")
        for column, cuts in zip(measures.columns, bounds, strict=True)
        for i, cut in enumerate(cuts)
    ]
    facts += _noted(measures)
    facts += [Fact("reference_date", frame.reference_date)] if frame.reference_date else []
    return made(
        workspace,
        frame,
        "RFM",
        name or "RFM",
        method,
        measures.columns,
        [*rules.items()],
        "Others",
        caveats=tuple(caveats),
        facts=tuple(facts),
        findings=(_definition(frame, measures),),
    )


def _measures(frame: CustomerFrame) -> rfm.Measures:
    everybody, table = frame.pandas(), frame.table
    names = _rfm_columns(table)
    if names is None:
        lacking = "dates, amounts" if not table.by_role("amount") else "dates"
        raise ToolError(
            f"RFM needs when and for how much each customer bought, and these data have no "
            f"{lacking} of purchases.",
            "Segment by behaviour or by value tiers instead.",
            ("Segment my customers", "Make value tiers"),
        )
    recency, frequency, monetary = (
        everybody[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in names
    )
    tenure = everybody["tenure_days"].to_numpy(dtype=np.float64) if "tenure_days" in everybody else None
    known = np.isfinite(recency) & np.isfinite(frequency) & np.isfinite(monetary)
    days = float(np.nanmax(tenure)) + 1 if tenure is not None and tenure.size else None
    return rfm.Measures(names, recency[known], frequency[known], monetary[known], days)


def _rfm_columns(table: DataTable) -> tuple[str, str, str] | None:
    """Find computed features, or ready-made columns of that name."""
    by_name = {column.name.casefold(): column.name for column in table.columns if column.kind == "number"}
    for names in (
        ("recency_days", "n_transactions", "total_amount"),
        ("recency", "frequency", "monetary"),
        ("r", "f", "m"),
    ):
        if all(name in by_name for name in names):
            return by_name[names[0]], by_name[names[1]], by_name[names[2]]
    return None


def _usual_ties(every: tuple[rfm.Floats, ...]) -> rfm.Ties:
    """Add one as the R package does, unless one is not small on these scales (amounts below 10, say)."""
    small = any(float(np.subtract(*np.quantile(values, [0.8, 0.2]))) < 5 for values in every[2:])
    return "lower" if small else "plus_one"


def _rfm_caveats(frame: CustomerFrame, levels: int, ties: rfm.Ties) -> list[str]:
    texts = {
        "plus_one": "score thresholds are the quantiles plus one, as in the R package rfm",
        "lower": "score thresholds are the quantiles, and a value on a threshold gets the lower group",
        "higher": "score thresholds are the quantiles, and a value on a threshold gets the higher group",
    }
    told = [
        f"Ties: {texts[ties]}; equal values always get equal scores. Another convention moves some customers."
    ]
    if levels != 5:
        told.append(f"The names on {levels} levels are condensed from the published five-level table.")
    return told


def _definition(frame: CustomerFrame, measures: rfm.Measures) -> str:
    recency, frequency, monetary = (label_of(frame, column) for column in measures.columns)
    if (recency, frequency, monetary) == ("R", "F", "M"):
        return "Here R, F and M are the columns of these names."
    text = f"Here R is {recency}, F is {frequency} (all of them) and M is {monetary}"
    return f"{text}; days are counted to {day(frame.reference_date)}." if frame.reference_date else f"{text}."


def _noted(measures: rfm.Measures) -> list[Fact]:
    n = measures.frequency.size
    facts = [Fact("share_once_pct", 100 * float((measures.frequency < 2).mean()) if n else None, "%", "RFM")]
    return [*facts, *([Fact("n_days", measures.days, "days", "RFM")] if measures.days is not None else [])]
