"""Knows how a segmentation's model, plain JSON, puts each customer into a segment, and how surely."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.core import Json, Segmentation, Workspace
from tools.customers.features import customers as customers_of
from tools.customers.on_demand import Customers, in_memory
from tools.errors import ToolError
from tools.finding import transforms
from tools.segments.holding import holds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NOWHERE = -1
BLOCK = 1 << 18  # customers that are placed at once


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
    lacking = sorted(needed - set(customers.columns))
    if lacking:
        raise ToolError(
            f"This segmentation needs {', '.join(lacking)}, which these customers do not have.",
            "Use data with the same columns, or segment these customers anew.",
        )
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

    The name holds a hash of the segmentation and of the customers it is applied to, so each is stored once.
    """
    frame = customers_of(workspace)
    deciding = {**segmentation.to_json(), "customers": [frame.table.name, frame.reference_date]}
    digest = hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:16]
    name = f"segments {digest}"

    def build() -> str:
        everybody = frame.everybody()
        found = assign(segmentation, everybody)
        names = {segment.key: segment.name for segment in segmentation.segments}
        stored = pd.DataFrame(
            {
                frame.key: everybody[frame.key],
                "segment": pd.Series(found.labels).map(names).astype("str").where(found.labels >= 0, None),
                "confidence": found.confidence,
            }
        )
        workspace.engine.store(name, stored)
        return name

    return workspace.engine.memo(("labels", name), build)


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


def n_leaves(model: Mapping[str, Any]) -> int:
    """Return how many leaves a model has, numbered from 0."""
    match model["type"]:
        case "centres" | "gaussians":
            places = model["centres"] if model["type"] == "centres" else model["means"]
            highest = max(model.get("leaf_of") or range(len(places)), default=-1)
            far = (model.get("far") or {}).get("leaf")
            return max(int(highest), far if isinstance(far, int) else NOWHERE) + 1
        case "conditions":
            otherwise = model.get("otherwise")
            return max(len(model["leaves"]), 0 if otherwise is None else int(otherwise) + 1)
        case "split":
            return n_leaves(model["base"]) + n_leaves(model["model"])
        case other:
            raise ToolError(
                f"A segmentation of the type {other} is not known here.", "Segment the customers anew."
            )


def evaluate(model: Mapping[str, Any], customers: Customers) -> tuple[Ints, Floats]:
    """Return the leaf of each customer (-1 for none) and the confidence.

    The leaves of a split are those of its base, then those of the inner model: an inner leaf j is leaf
    `n_leaves(base) + j`, so that the numbers of all other leaves stay as they were.
    """
    needed: set[str] = set()
    _collect(model, needed)
    customers = in_memory(customers, sorted(needed))  # a block at a time would read each column many times
    match model["type"]:
        case "centres":
            return _in_blocks(
                lambda some: _nearest(model, transforms.apply(model["transforms"], some)), customers
            )
        case "gaussians":
            return _in_blocks(
                lambda some: _likeliest(model, transforms.apply(model["transforms"], some), some), customers
            )
        case "conditions":
            return _first_match(model, customers)
        case "split":
            return _split(model, customers)
        case other:
            raise ToolError(
                f"A segmentation of the type {other} is not known here.", "Segment the customers anew."
            )


def _in_blocks(
    place: Callable[[pd.DataFrame], tuple[Ints, Floats]], customers: pd.DataFrame
) -> tuple[Ints, Floats]:
    """Place customers one block after another: what is computed on the way is many times their size."""
    leaves, confidence = np.empty(len(customers), dtype=np.int64), np.empty(len(customers))
    for first in range(0, max(1, len(customers)), BLOCK):
        block = slice(first, first + BLOCK)
        leaves[block], confidence[block] = place(customers.iloc[block])
    return leaves, confidence


def _squared(matrix: Floats, centres: Floats) -> Floats:
    found = np.zeros((len(matrix), len(centres)))
    for column, centre in enumerate(centres):
        for axis in range(matrix.shape[1]):
            found[:, column] += (matrix[:, axis] - centre[axis]) ** 2
    return found


def squared_distances(matrix: Floats, centres: Floats) -> Floats:
    """Return squared distances (customers x centres), by plain sums that no number of threads can change.

    Where an axis of a customer is missing, the distance over the known ones is scaled up to all.
    """
    missing = np.isnan(matrix)
    if not missing.any():
        return _squared(matrix, centres)
    found = np.zeros((len(matrix), len(centres)))
    for column, centre in enumerate(centres):
        for axis in range(matrix.shape[1]):
            found[:, column] += np.where(missing[:, axis], 0.0, (matrix[:, axis] - centre[axis]) ** 2)
    return np.asarray(found * (matrix.shape[1] / np.maximum((~missing).sum(axis=1), 1))[:, None])


def log_densities(
    matrix: Floats, means: Floats, covariances: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Return log(weight x density) and squared Mahalanobis distance (customers x components).

    Where an axis of a customer is missing, the density is that of the known ones.
    """
    missing = np.isnan(matrix)
    if not missing.any():
        return _densities(matrix, means, covariances, weights)
    densities, squared = np.empty((len(matrix), len(means))), np.empty((len(matrix), len(means)))
    codes = missing @ (1 << np.arange(matrix.shape[1]))
    for code in np.unique(codes):
        rows = codes == code
        known = ~missing[rows][0]
        shapes = covariances[:, known][:, :, known]
        densities[rows], squared[rows] = _densities(matrix[rows][:, known], means[:, known], shapes, weights)
        squared[rows] *= matrix.shape[1] / max(1, int(known.sum()))
    return densities, squared


def _nearest(model: Mapping[str, Any], matrix: Floats) -> tuple[Ints, Floats]:
    centres = np.array(model["centres"], dtype=np.float64).reshape(-1, matrix.shape[1])
    leaf_of = np.array(model.get("leaf_of") or range(len(centres)), dtype=np.int64)
    distance = np.sqrt(squared_distances(matrix, centres))
    nearest = distance.argmin(axis=1)
    own = distance[np.arange(len(matrix)), nearest]
    leaves = leaf_of[nearest]
    other = np.where(leaf_of[None, :] == leaves[:, None], np.inf, distance).min(axis=1, initial=np.inf)
    with np.errstate(invalid="ignore", divide="ignore"):
        confidence = np.where(np.isinf(other), 1.0, np.where(other > 0, 1.0 - own / other, 0.0))
    far = model.get("far")
    if far:
        reach = np.array(far["reach"], dtype=np.float64)[nearest]
        beyond = own > reach
        if far["leaf"] == "nearest":  # stays with the nearest, less surely than not, the less the farther off
            return leaves, np.where(beyond, 0.5 * confidence * reach / np.maximum(own, 1e-300), confidence)
        leaves = np.where(beyond, NOWHERE if far["leaf"] is None else int(far["leaf"]), leaves)
        confidence = np.where(beyond, 1.0, confidence)
    return leaves, confidence


def _densities(matrix: Floats, means: Floats, covariances: Floats, weights: Floats) -> tuple[Floats, Floats]:
    n_axes = matrix.shape[1]
    densities = np.empty((len(matrix), len(means)))
    squared = np.empty_like(densities)
    for i, (mean, covariance) in enumerate(zip(means, covariances, strict=True)):
        lower = np.linalg.cholesky(covariance)
        white = np.linalg.inv(lower)
        z = np.zeros_like(matrix)
        for row in range(n_axes):
            for axis in range(row + 1):
                z[:, row] += white[row, axis] * (matrix[:, axis] - mean[axis])
        squared[:, i] = (z**2).sum(axis=1)
        logdet = 2.0 * float(np.log(np.diag(lower)).sum())
        densities[:, i] = np.log(weights[i]) - 0.5 * (squared[:, i] + logdet + n_axes * np.log(2 * np.pi))
    return densities, squared


def _likeliest(model: Mapping[str, Any], matrix: Floats, customers: pd.DataFrame) -> tuple[Ints, Floats]:
    weights = np.array(model["weights"], dtype=np.float64)
    means = np.array(model["means"], dtype=np.float64).reshape(len(weights), matrix.shape[1])
    covariances = np.array(model["covariances"], dtype=np.float64).reshape(means.shape + means.shape[1:])
    densities, squared = log_densities(matrix, means, covariances, weights)
    for one in model.get("levels", ()):
        bands = transforms.Bands(one["feature"], tuple(one["values"]), tuple(one["edges"]), int(one["fill"]))
        logs = np.log(np.array(one["probabilities"], dtype=np.float64))
        densities += logs.T[bands.codes(customers[one["feature"]])]
    leaf_of = np.array(model.get("leaf_of") or range(len(means)), dtype=np.int64)
    shifted = np.exp(densities - densities.max(axis=1, keepdims=True))
    chances = np.zeros((len(matrix), int(leaf_of.max()) + 1))
    for i, leaf in enumerate(leaf_of):
        chances[:, leaf] += shifted[:, i]
    chances /= chances.sum(axis=1, keepdims=True)
    leaves = chances.argmax(axis=1)
    confidence = chances[np.arange(len(matrix)), leaves]
    far = model.get("far")
    if far:
        beyond = np.sqrt(squared.min(axis=1)) > float(far["reach"][0])
        leaves = np.where(beyond, NOWHERE if far["leaf"] is None else int(far["leaf"]), leaves)
        confidence = np.where(beyond, 1.0, confidence)
    return leaves, confidence


def _first_match(model: Mapping[str, Any], customers: pd.DataFrame) -> tuple[Ints, Floats]:
    otherwise = model.get("otherwise")
    leaves = np.full(len(customers), NOWHERE if otherwise is None else int(otherwise), dtype=np.int64)
    waiting = np.ones(len(customers), dtype=bool)
    for leaf, rule in enumerate(model["leaves"]):
        matched = waiting & meets(rule["where"], customers)
        leaves[matched] = leaf
        waiting &= ~matched
    return leaves, np.where(leaves == NOWHERE, 0.0, 1.0)


def _split(model: Mapping[str, Any], customers: pd.DataFrame) -> tuple[Ints, Floats]:
    leaves, confidence = evaluate(model["base"], customers)
    inside = leaves == int(model["leaf"])
    inner, surely = evaluate(model["model"], customers[inside])
    leaves, confidence = leaves.copy(), confidence.copy()
    leaves[inside] = np.where(inner == NOWHERE, NOWHERE, n_leaves(model["base"]) + inner)
    confidence[inside] = np.minimum(confidence[inside], surely)
    return leaves, confidence


def conditions_model(rules: Sequence[Sequence[Json]], otherwise: bool) -> Json:
    """Build the model of rules in order, first match wins; with `otherwise` all others get one more leaf."""
    return {
        "type": "conditions",
        "leaves": [{"where": list(rule)} for rule in rules],
        "otherwise": len(rules) if otherwise else None,
    }
