"""Knows how one found segment is told: a tier by its limits, a group by what sets it apart."""

from __future__ import annotations

import numpy as np

from tools.core import Segment
from tools.finding.segment_names import traits_of
from tools.finding.segmenting import Outcome
from tools.profiles.slides import opening
from tools.quoting import Quotes
from tools.segments.segmented import Segmented


def paragraph(placed: Segmented, i: int, quotes: Quotes) -> str:
    """Describe one segment in two or three sentences: size and value, then the text of its card."""
    one = placed.segments[i]
    if placed.segmentation.kind == "tiers" and one.rule:
        return f"**{one.name}**: {opening(placed, i, quotes)}, {_limits(placed, i, quotes)}."
    return f"**{one.name}**: {opening(placed, i, quotes)}. {one.summary}".strip()


def ranking(outcome: Outcome, one: Segment) -> list[str]:
    """Return the features in the order in which they set a segment apart, without saying the same twice."""
    if outcome.model is None:
        return []
    found = traits_of(
        outcome.material.features,
        outcome.model.sample,
        np.isin(outcome.model.labels, one.leaves),
        outcome.material.frame,
    )
    return [trait.feature for trait in found]


def _limits(placed: Segmented, i: int, quotes: Quotes) -> str:
    """Say between which values a tier lies, and what is typical in it."""
    one, column = placed.segments[i], placed.segmentation.features[0]
    values = placed.numbers(column)[placed.position == i]
    values = values[~np.isnan(values)]
    if not len(values):
        return one.rule
    unit = None if "days" in placed.label(column) else placed.unit(column)
    middle = quotes.number(f"typical_{column}", float(np.median(values)), unit, one.name)
    lowest = quotes.number(f"lowest_{column}", float(values.min()), None, one.name)
    highest = quotes.number(f"highest_{column}", float(values.max()), unit, one.name)
    return f"{placed.label(column)} from {lowest} to {highest}, typically {middle}"
