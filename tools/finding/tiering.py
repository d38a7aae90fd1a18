"""Knows how customers without natural groups are cut into quarters of the number that ranks them best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.core import Column, Json, Segment
from tools.customers.features import CustomerFrame
from tools.customers.on_demand import Customers
from tools.errors import ToolError
from tools.finding.choosing import Choice
from tools.finding.segment_names import label_of
from tools.placing.sheets import as_floats
from tools.segments.assigning import conditions_model
from tools.segments.segmented import value_column
from tools.wording import number

TIERS = ("Top quarter", "Second quarter", "Third quarter", "Lowest quarter")


@dataclass(frozen=True)
class Quarters:
    """Tiers of one column: their model and segments, and the words for the column."""

    column: str
    label: str
    names: tuple[str, ...]
    segments: tuple[Segment, ...]
    model: Json


def cut_into_quarters(frame: CustomerFrame, choice: Choice, customers: Customers) -> Quarters:
    """Cut customers at the quartiles of value, holdings or the first feature that is a number."""
    column = tier_column(frame, choice)
    values = as_floats(customers[column.name])
    known = values[~np.isnan(values)]
    cuts = sorted(
        {float(cut) for cut in np.quantile(known, (0.25, 0.5, 0.75), method="higher")}, reverse=True
    )
    cuts = [cut for cut in cuts if cut > known.min()]
    label = label_of(frame, column.name)
    rules: list[list[Json]] = [[{"column": column.name, "is": "at_least", "value": cut}] for cut in cuts]
    rules.append([{"column": column.name, "is": "present"}])
    tiers = TIERS if len(cuts) == 3 else tuple(f"Tier {i + 1}" for i in range(len(rules)))
    names = [f"{tier} by {label}" for tier in tiers]
    if len(known) < len(values):
        names.append(f"{label[:1].upper()}{label[1:]} unknown")
    segments = tuple(
        Segment(i, name, (i,), 0, 0.0, rule=_rule(label, cuts, i)) for i, name in enumerate(names)
    )
    model = conditions_model(rules, otherwise=len(known) < len(values))
    return Quarters(column.name, label, tuple(names), segments, model)


def tier_column(frame: CustomerFrame, choice: Choice) -> Column:
    """Return the column that ranks customers most naturally: value, then holdings, then a feature."""
    value = value_column(frame.table)
    if value is not None:
        return value
    held = next((column for column in frame.table.by_role("balance") if column.kind == "number"), None)
    number = next((frame.table.column(one["feature"]) for one in choice.axes if one["kind"] != "level"), None)
    column = held or number
    if column is None:
        raise ToolError("These customers form no groups, and no number ranks them.", "Divide them by a rule.")
    return column


def _rule(label: str, cuts: list[float], i: int) -> str:
    if i < len(cuts):
        upper = f" and below {number(cuts[i - 1])}" if i else ""
        return f"{label} of at least {number(cuts[i])}{upper}"
    return f"{label} below {number(cuts[-1])}" if cuts and i == len(cuts) else f"{label} unknown"
