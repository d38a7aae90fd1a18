"""Knows how the border between two segments on one feature is moved to another value."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tools.core import Column, Json, Segment, Segmentation
from tools.errors import ToolError
from tools.segments.assigning import conditions_model
from tools.segments.segmented import Segmented
from tools.segments.splitting import nested

_LOWER, _UPPER = ("above", "at_least"), ("below", "at_most")


@dataclass(frozen=True)
class Moved:
    """A segmentation with one border moved, and what should be told of it."""

    segmentation: Segmentation
    told: tuple[str, ...]


def move(placed: Segmented, segment: Segment, column: Column, value: float) -> Moved:
    """Move the border that lies nearest to `value`.

    A rule that names the column is changed itself; otherwise the segment and its neighbour on that column
    exchange the customers beyond the new border.

    Raises:
        ToolError: If the column has no order or there is no neighbour on that side.
    """
    if column.kind != "number":
        raise ToolError(
            f"{column.name} has no order by size, so no border can be moved on it.", "Name a number."
        )
    model = placed.segmentation.model
    if model["type"] == "conditions" and (changed := _in_rules(placed, segment, column.name, value)):
        return changed
    return _exchange(placed, segment, column, value)


def _in_rules(placed: Segmented, segment: Segment, column: str, value: float) -> Moved | None:
    """Change the bound nearest to the value in the segment's rules, and the same bound wherever it stands."""
    model = json.loads(json.dumps(placed.segmentation.model))
    rest = model.get("otherwise") in segment.leaves
    bounds = [
        float(item["value"])
        for leaf, rule in enumerate(model["leaves"])
        if rest or leaf in segment.leaves  # everybody else borders on every rule
        for item in rule["where"]
        if _is_bound(item, column)
    ]
    if not bounds:
        return None
    old = min(bounds, key=lambda bound: (abs(bound - value), bound))

    def changed(item: Json) -> Json:
        return {**item, "value": value} if _is_bound(item, column) and float(item["value"]) == old else item

    leaves = [{**leaf, "where": [changed(item) for item in leaf["where"]]} for leaf in model["leaves"]]
    touched = [
        one.name
        for one in placed.segments
        if one is not segment
        and any(leaf < len(leaves) and leaves[leaf] != model["leaves"][leaf] for leaf in one.leaves)
    ]
    told = (f"{', '.join(touched)} had the same border and moved with it.",) if touched else ()
    rules = tuple(replace(one, rule="", summary="") for one in placed.segments)
    return Moved(replace(placed.segmentation, model={**model, "leaves": leaves}, segments=rules), told)


def _is_bound(item: Json, column: str) -> bool:
    value: Any = item.get("value")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return item["column"] == column and number and item.get("is") in (*_LOWER, *_UPPER) and not item.get("or")


def _exchange(placed: Segmented, segment: Segment, column: Column, value: float) -> Moved:
    values = placed.numbers(column.name)
    middles: dict[int, float] = {}
    for i in range(len(placed.segments)):
        mine = values[(placed.position == i) & np.isfinite(values)]
        if mine.size:
            middles[i] = float(np.median(mine))
    own = placed.segments.index(segment)
    if own not in middles:
        raise ToolError(f"{segment.name} holds no customers with {column.name}.", "Choose another feature.")
    up = value > middles[own]
    beyond: Callable[[int], bool] = lambda i: middles[i] > middles[own] if up else middles[i] < middles[own]  # noqa: E731
    others = [i for i in middles if i != own and beyond(i)]
    if not others:
        side = "higher" if up else "lower"
        label = placed.label(column.name)
        raise ToolError(
            f"No segment lies {side} than {segment.name} on {label}, so there is no border there.",
            "Name the neighbouring segment or another feature.",
        )
    neighbour = placed.segments[min(others, key=lambda i: (abs(middles[i] - middles[own]), i))]
    above = [{"column": column.name, "is": "at_least", "value": float(value)}]
    known = [{"column": column.name, "is": "below", "value": float(value)}]
    inner = conditions_model([above, known], otherwise=True)  # the third leaf holds missing values: they stay
    model, mine = nested(placed.segmentation.model, segment.leaves, inner)
    model, theirs = nested(model, neighbour.leaves, inner)
    high, low = (neighbour, segment) if up else (segment, neighbour)
    leaves = {
        high.key: (*mine[0], *theirs[0], *(theirs[2] if high is neighbour else mine[2])),
        low.key: (*mine[1], *theirs[1], *(theirs[2] if low is neighbour else mine[2])),
    }
    segments = tuple(
        replace(one, leaves=tuple(sorted(leaves[one.key])), rule="", summary="", stability=None)
        if one.key in leaves
        else one
        for one in placed.segments
    )
    told = (
        f"Customers of {low.name} from the border up went to {high.name}, those of {high.name} below it "
        f"to {low.name}; all other segments are as they were.",
    )
    return Moved(replace(placed.segmentation, model=model, segments=segments), told)
