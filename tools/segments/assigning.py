"""Knows how a segmentation's model, plain JSON, puts each customer into a segment, here or in the engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.core import Json, Segmentation, Workspace
from tools.customers.features import CustomerFrame
from tools.customers.features import customers as customers_of
from tools.customers.on_demand import Customers, in_memory
from tools.engine import Engine
from tools.errors import ToolError
from tools.placing import models
from tools.placing.engine_sheet import InEngine
from tools.placing.models import NOWHERE, n_leaves
from tools.placing.sheets import InMemory, Known, known
from tools.segments.holding import holds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LABEL, CONFIDENCE = "|segment", "|confidence"


@dataclass(frozen=True)
class Assignment:
    """Where each customer belongs.

    Attributes:
        labels: Segment keys as int32, one a customer in the order of the frame; -1 outside every segment.
        confidence: 0 to 1. For centres 1 at the centre and 0 on the border to the next segment, for Gaussians
            the probability of the segment, 1 for rules.
    """

    labels: npt.NDArray[np.int32]
    confidence: Floats


def assign(segmentation: Segmentation, customers: Customers) -> Assignment:
    """Put every customer into a segment.

    Args:
        segmentation: Model, segments and the population it is meant for.
        customers: One row a customer with the columns that the model reads.

    Raises:
        ToolError: If a column that the model needs is missing.
    """
    needed = columns_of(segmentation)
    _lacks_nothing(segmentation, list(customers.columns))
    read = in_memory(customers, sorted(needed))
    leaves, confidence = evaluate(segmentation.model, read)
    labels = leaf_labels(segmentation, leaves)
    if segmentation.population:
        outside = ~meets(segmentation.population, read)
        labels[outside] = NOWHERE
        confidence = np.where(outside, 0.0, confidence)
    return Assignment(labels, confidence)


def leaf_labels(segmentation: Segmentation, leaves: Ints) -> npt.NDArray[np.int32]:
    """Turn leaves into keys of the segments that hold them."""
    last = max(
        [n_leaves(segmentation.model), *(leaf + 1 for one in segmentation.segments for leaf in one.leaves)]
    )
    keys = np.full(last + 1, NOWHERE, dtype=np.int32)  # the last place answers for leaf -1
    for segment in segmentation.segments:
        keys[list(segment.leaves)] = segment.key
    return keys[leaves]


def labels_table(workspace: Workspace, segmentation: Segmentation) -> str:
    """Store customer key, segment name and confidence in the engine and return the table's name.

    Few customers are placed in memory, which is sooner done; many where they lie, so that nothing of them is
    brought here. Both give the same. The name holds a hash of the segmentation and of the customers it is
    applied to, so each is stored once.
    """
    frame = customers_of(workspace)
    deciding = {**segmentation.to_json(), "customers": [frame.table.name, frame.reference_date]}
    digest = hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:16]
    name = f"segments {digest}"

    def build() -> str:
        made = _placed_here(segmentation, frame) if frame.is_here else _placed_there(segmentation, frame)
        workspace.engine.store(name, made)
        return name

    return workspace.engine.memo(("labels", name), build)


def _placed_here(segmentation: Segmentation, frame: CustomerFrame) -> pd.DataFrame:
    everybody = frame.everybody()
    found = assign(segmentation, everybody)
    names = {segment.key: segment.name for segment in segmentation.segments}
    return pd.DataFrame(
        {
            frame.key: everybody[frame.key],
            "segment": pd.Series(found.labels).map(names).astype("str").where(found.labels >= 0, None),
            "confidence": found.confidence,
        }
    )


def _placed_there(segmentation: Segmentation, frame: CustomerFrame) -> nw.LazyFrame[Any]:
    needed = dict.fromkeys([frame.key, *sorted(columns_of(segmentation))])
    rows = in_engine(segmentation, frame.engine, frame.engine.frame(frame.table.name).select(*needed))
    named = _named({segment.key: segment.name for segment in segmentation.segments})
    return rows.select(
        nw.col(frame.key), named.alias("segment"), nw.col(CONFIDENCE).alias("confidence")
    ).sort(frame.key)


def labelled(
    segmentation: Segmentation, engine: Engine, frame: nw.LazyFrame[Any], name: str
) -> nw.LazyFrame[Any]:
    """Return rows that are customers themselves with the name of each one's segment in a column."""
    names = frame.columns
    rows = in_engine(segmentation, engine, frame)
    named = _named({segment.key: segment.name for segment in segmentation.segments})
    return rows.select(*(nw.col(one) for one in names), named.alias(name))


def in_engine(segmentation: Segmentation, engine: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Put customers into segments where they lie; `assign` gives the same for the same rows, to the last bit.

    Args:
        segmentation: Model, segments and the population it is meant for.
        engine: Where the customers are.
        frame: One row a customer with the columns that the model reads.

    Returns:
        The rows with the columns `LABEL`, the segment's key or -1, and `CONFIDENCE`, 0 to 1; to be stored
        before they are filtered, since Spark would write out every step once for each use of it.

    Raises:
        ToolError: If a column that the model needs is missing.
    """
    names = frame.columns
    _lacks_nothing(segmentation, names)
    sheet = InEngine(engine, frame)
    placed = models.evaluate(segmentation.model, sheet)
    label: Any = nw.lit(NOWHERE)
    for segment in segmentation.segments:
        if segment.leaves:
            label = (
                nw.when(placed.leaf.is_in(list(segment.leaves))).then(nw.lit(segment.key)).otherwise(label)
            )
    confidence = placed.confidence
    if segmentation.population:
        (inside,) = sheet.keep(models.meets(sheet, segmentation.population))
        label = nw.when(inside).then(label).otherwise(nw.lit(NOWHERE))
        confidence = nw.when(inside).then(confidence).otherwise(nw.lit(0.0))
    columns = (label.cast(nw.Int64).alias(LABEL), confidence.cast(nw.Float64).alias(CONFIDENCE))
    return sheet.frame.select(*(nw.col(name) for name in names), *columns)


def n_in_leaf(
    frame: CustomerFrame, model: Mapping[str, Any], leaf: int, conditions: Sequence[Mapping[str, Any]]
) -> int:
    """Count, where they lie, the customers who meet the conditions and belong to a leaf of a model."""
    sheet = InEngine(frame.engine, frame.engine.frame(frame.table.name))
    (inside,) = sheet.keep(models.meets(sheet, conditions))
    placed = models.evaluate(model, sheet)
    one = nw.when(inside & (placed.leaf == leaf)).then(nw.lit(1)).otherwise(nw.lit(0))
    return int(frame.engine.collect(sheet.frame.select(one.sum().alias("n")))["n"].iloc[0])


def _named(names: Mapping[int, str]) -> nw.Expr:
    """Return the name that belongs to the label of each row, missing outside every segment."""
    found: Any = nw.lit(None, dtype=nw.String)
    for key, name in names.items():
        found = nw.when(nw.col(LABEL) == key).then(nw.lit(name)).otherwise(found)
    return cast(nw.Expr, found)


def _lacks_nothing(segmentation: Segmentation, columns: Collection[str]) -> None:
    lacking = sorted(columns_of(segmentation) - set(columns))
    if lacking:
        raise ToolError(
            f"This segmentation needs {', '.join(lacking)}, which these customers do not have.",
            "Use data with the same columns, or segment these customers anew.",
        )


def columns_of(segmentation: Segmentation) -> set[str]:
    """Return the customer columns that a segmentation reads."""
    wanted = _columns_in(segmentation.population)
    _collect(segmentation.model, wanted)
    return wanted


def _collect(model: Mapping[str, Any], wanted: set[str]) -> None:
    wanted.update(str(one["feature"]) for part in ("transforms", "levels") for one in model.get(part, ()))
    for leaf in model.get("leaves", ()) if model["type"] == "conditions" else ():
        wanted |= _columns_in(leaf["where"])
    for part in ("base", "model"):
        if isinstance(model.get(part), Mapping):
            _collect(model[part], wanted)


def _columns_in(conditions: Sequence[Mapping[str, Any]]) -> set[str]:
    names = {str(condition["column"]) for condition in conditions}
    for condition in conditions:
        names |= _columns_in(condition.get("or", condition.get("or_", ())))
    return names


def meets(conditions: Sequence[Mapping[str, Any]], customers: Customers) -> npt.NDArray[np.bool_]:
    """Tell for each customer whether all conditions hold."""
    kept = np.ones(len(customers), dtype=bool)
    for condition in conditions:
        kept &= holds(condition, customers)
    return kept


def evaluate(model: Mapping[str, Any], customers: Customers) -> tuple[Ints, Floats]:
    """Return the leaf of each customer (-1 for none) and the confidence."""
    needed: set[str] = set()
    _collect(model, needed)
    read = in_memory(customers, sorted(needed))  # a block at a time would read each column many times
    placed = models.evaluate(model, InMemory(read))
    return np.asarray(placed.leaf, dtype=np.int64), np.asarray(placed.confidence, dtype=np.float64)


def squared_distances(matrix: Floats, centres: Floats) -> Floats:
    """Return squared distances (customers x centres), by plain sums that no number of threads can change.

    Where an axis of a customer is missing, the distance over the known ones is scaled up to all.
    """
    return np.column_stack(models.squared_distances(InMemory(), _places(matrix), centres))


def log_densities(
    matrix: Floats, means: Floats, covariances: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Return log(weight x density) and squared Mahalanobis distance (customers x components).

    Where an axis of a customer is missing, the density is that of the known ones.
    """
    found = models.log_densities(InMemory.of(len(matrix)), _places(matrix), means, covariances, weights)
    return np.column_stack(found[0]), np.column_stack(found[1])


def _places(matrix: Floats) -> list[Known]:
    return [known(matrix[:, axis]) for axis in range(matrix.shape[1])]


def conditions_model(rules: Sequence[Sequence[Json]], otherwise: bool) -> Json:
    """Build the model of rules in order, first match wins; with `otherwise` all others get one more leaf."""
    return {
        "type": "conditions",
        "leaves": [{"where": list(rule)} for rule in rules],
        "otherwise": len(rules) if otherwise else None,
    }
