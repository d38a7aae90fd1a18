"""Knows how each kind of model puts customers into its leaves, and how surely, by steps that any sheet takes.

Ties are decided alike everywhere: of equally near centres, or equally likely segments, the first one counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.errors import ToolError
from tools.placing.axes import axes, levels
from tools.placing.functions import exp
from tools.placing.sheets import Cell, Known, Sheet

Floats = npt.NDArray[np.float64]
NOWHERE = -1
Model = Mapping[str, Any]


@dataclass(frozen=True)
class Placed:
    """The leaf of each customer, a whole number, -1 for none; and the confidence, 0 to 1."""

    leaf: Cell
    confidence: Cell


def evaluate(model: Model, sheet: Sheet) -> Placed:
    """Put customers into the leaves of a model.

    The leaves of a split are those of its base, then those of the inner model: an inner leaf j is leaf
    `n_leaves(base) + j`, so that the numbers of all other leaves stay as they were.

    Raises:
        ToolError: If the model is of no known type.
    """
    match model["type"]:
        case "centres":
            return Placed(*sheet.in_blocks(lambda some: some.apart(lambda: _pair(nearest(model, some)))))
        case "gaussians":
            return Placed(*sheet.in_blocks(lambda some: some.apart(lambda: _pair(likeliest(model, some)))))
        case "conditions":
            return _first_match(model, sheet)
        case "split":
            return _split(model, sheet)
    raise _unknown(model)


def n_leaves(model: Model) -> int:
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
    raise _unknown(model)


def _unknown(model: Model) -> ToolError:
    return ToolError(
        f"A segmentation of the type {model['type']} is not known here.", "Segment the customers anew."
    )


def _pair(placed: Placed) -> list[Cell]:
    return [placed.leaf, placed.confidence]


def squared_distances(sheet: Sheet, places: Sequence[Known], centres: Floats) -> list[Cell]:
    """Return the squared distance to each centre, added up axis by axis.

    Where an axis of a customer is missing, the distance over the known ones is scaled up to all.
    """
    whole = not any(any(pattern) for pattern in _patterns(sheet, places))
    totals = []
    for centre in centres:
        total: Cell = 0.0
        for axis, middle in zip(places, centre.tolist(), strict=True):
            away = axis.value - middle
            away = away * away
            sure = whole or axis.missing is None
            total = total + (away if sure else sheet.where(axis.missing, 0.0, away))
        totals.append(total)
    if whole:
        return sheet.keep(*totals)
    n_known: Cell = 0.0
    for axis in places:
        n_known = n_known + (1.0 if axis.missing is None else sheet.where(axis.missing, 0.0, 1.0))
    n_known, *totals = sheet.keep(n_known, *totals)
    scale = float(len(places)) / sheet.where(n_known > 1.0, n_known, 1.0)
    (scale,) = sheet.keep(scale)
    return sheet.keep(*(total * scale for total in totals))


def log_densities(
    sheet: Sheet, places: Sequence[Known], means: Floats, covariances: Floats, weights: Floats
) -> tuple[list[Cell], list[Cell]]:
    """Return log(weight x density) and squared Mahalanobis distance, each one a component.

    Where an axis of a customer is missing, the density is that of the known ones.
    """
    patterns = _patterns(sheet, places)
    if not any(any(pattern) for pattern in patterns):
        return _densities(sheet, places, means, covariances, weights)
    densities: list[Cell] = []
    squared: list[Cell] = []
    for pattern in patterns:
        known = [i for i, gone in enumerate(pattern) if not gone]
        shapes = covariances[:, known][:, :, known]
        logs, away = _densities(sheet, [places[i] for i in known], means[:, known], shapes, weights)
        away = [cell * (len(places) / max(1, len(known))) for cell in away]
        if not densities:
            densities, squared = logs, away
            continue
        mine = _like(places, pattern)
        densities = [sheet.where(mine, new, old) for new, old in zip(logs, densities, strict=True)]
        squared = [sheet.where(mine, new, old) for new, old in zip(away, squared, strict=True)]
    kept = sheet.keep(*densities, *squared)
    return kept[: len(densities)], kept[len(densities) :]


def _patterns(sheet: Sheet, places: Sequence[Known]) -> list[list[bool]]:
    """Return which axes customers miss together, for every combination that occurs."""
    open_to_gaps = [i for i, one in enumerate(places) if one.missing is not None]
    found = sheet.patterns([places[i].missing for i in open_to_gaps]) if open_to_gaps else [()]
    return [
        [bool(gone[open_to_gaps.index(i)]) if i in open_to_gaps else False for i in range(len(places))]
        for gone in found
    ]


def _like(places: Sequence[Known], pattern: Sequence[bool]) -> Cell:
    """Tell who misses exactly these axes."""
    same: Cell = None
    for axis, gone in zip(places, pattern, strict=True):
        if axis.missing is None:
            continue
        one = axis.missing if gone else ~axis.missing
        same = one if same is None else same & one
    return same


def _densities(
    sheet: Sheet, places: Sequence[Known], means: Floats, covariances: Floats, weights: Floats
) -> tuple[list[Cell], list[Cell]]:
    n_axes, n = len(places), len(means)
    lower = [np.linalg.cholesky(covariance) for covariance in covariances]
    white = [np.linalg.inv(one) for one in lower]
    scores = []
    for i in range(n):
        for row in range(n_axes):
            total: Cell = 0.0
            for axis in range(row + 1):
                total = total + (places[axis].value - float(means[i, axis])) * float(white[i][row, axis])
            scores.append(total)
    scores = sheet.keep(*scores)
    squared = []
    for i in range(n):
        total = sheet.constant(0.0)
        for score in scores[i * n_axes : (i + 1) * n_axes]:
            total = total + score * score
        squared.append(total)
    squared = sheet.keep(*squared)
    logs = []
    for i, away in enumerate(squared):
        size = 2.0 * float(np.log(np.diag(lower[i])).sum()) + n_axes * float(np.log(2 * np.pi))
        logs.append((away + size) * -0.5 + float(np.log(weights[i])))
    return sheet.keep(*logs), squared


def nearest(model: Model, sheet: Sheet) -> Placed:
    """Put customers into the leaf of the nearest centre."""
    places = axes(sheet, model["transforms"])
    centres = np.array(model["centres"], dtype=np.float64).reshape(-1, len(places))
    leaf_of = [int(leaf) for leaf in model.get("leaf_of") or range(len(centres))]
    away = sheet.keep(*(sheet.root(one) for one in squared_distances(sheet, places, centres)))
    distinct = sorted(set(leaf_of))
    own, *others = sheet.keep(
        sheet.least(away), *(_of_others(sheet, away, leaf_of, leaf) for leaf in distinct)
    )
    next_best = [others[distinct.index(leaf)] for leaf in leaf_of]
    leaf, other = sheet.keep(_at(sheet, own, away, leaf_of), _at(sheet, own, away, next_best))
    confidence = sheet.constant(1.0)
    if len(distinct) > 1:
        between = sheet.where(other > 0.0, other, 1.0)
        confidence = sheet.where(other > 0.0, 1.0 - own / between, 0.0)
    far = model.get("far")
    if not far:
        return Placed(*sheet.keep(leaf, confidence))
    confidence, reach = sheet.keep(confidence, _at(sheet, own, away, [float(one) for one in far["reach"]]))
    beyond = own > reach
    if far["leaf"] == "nearest":  # stays with the nearest, less surely than not, the less the farther off
        part = reach / sheet.where(own > 0.0, own, 1.0)
        return Placed(*sheet.keep(leaf, sheet.where(beyond, confidence * 0.5 * part, confidence)))
    return Placed(*sheet.keep(*_beyond(sheet, beyond, far, leaf, confidence)))


def _of_others(sheet: Sheet, away: Sequence[Cell], leaf_of: Sequence[int], leaf: int) -> Cell:
    """Return the distance to the nearest centre of another leaf."""
    others = [cell for cell, one in zip(away, leaf_of, strict=True) if one != leaf]
    return sheet.least(others) if others else sheet.constant(0.0)


def _at(sheet: Sheet, best: Cell, cells: Sequence[Cell], values: Sequence[Any]) -> Cell:
    """Return the value that belongs to the first of the cells that is the best one."""
    found = values[-1]
    for cell, value in reversed(list(zip(cells[:-1], values[:-1], strict=True))):
        found = sheet.where(cell == best, value, found)
    return found if len(values) > 1 or not isinstance(found, int | float) else sheet.constant(found)


def _beyond(sheet: Sheet, beyond: Cell, far: Model, leaf: Cell, confidence: Cell) -> list[Cell]:
    """Put those who are far from everything into the leaf that is meant for them."""
    place = NOWHERE if far["leaf"] is None else int(far["leaf"])
    return [sheet.where(beyond, place, leaf), sheet.where(beyond, 1.0, confidence)]


def likeliest(model: Model, sheet: Sheet) -> Placed:
    """Put customers into the most probable leaf."""
    places = axes(sheet, model["transforms"])
    weights = np.array(model["weights"], dtype=np.float64)
    means = np.array(model["means"], dtype=np.float64).reshape(len(weights), len(places))
    covariances = np.array(model["covariances"], dtype=np.float64).reshape(means.shape + means.shape[1:])
    densities, squared = log_densities(sheet, places, means, covariances, weights)
    for one in model.get("levels", ()):
        held = levels(sheet, one)
        logs = np.log(np.array(one["probabilities"], dtype=np.float64))
        densities = sheet.keep(
            *(density + _chosen(sheet, held, logs[i].tolist()) for i, density in enumerate(densities))
        )
    leaf_of = [int(leaf) for leaf in model.get("leaf_of") or range(len(means))]
    (top,) = sheet.keep(sheet.largest(densities))
    shifted = exp(sheet, [density - top for density in densities])
    n = max(leaf_of) + 1
    sums = sheet.keep(*(_total(sheet, shifted, leaf_of, leaf) for leaf in range(n)))
    total = sums[0]
    for one in sums[1:]:
        total = total + one
    (total,) = sheet.keep(total)
    chances = sheet.keep(*(one / total for one in sums))
    (best,) = sheet.keep(sheet.largest(chances))
    leaf, confidence = _at(sheet, best, chances, list(range(n))), best
    far = model.get("far")
    if far:
        away = sheet.root(sheet.least(squared))
        beyond = away > float(far["reach"][0])
        leaf, confidence = _beyond(sheet, beyond, far, leaf, confidence)
    return Placed(*sheet.keep(leaf, confidence))


def _chosen(sheet: Sheet, held: Sequence[Cell], values: Sequence[float]) -> Cell:
    """Return the value of the level that each customer has."""
    found: Cell = values[-1]
    for has, value in zip(held[:-1], values[:-1], strict=True):
        found = sheet.where(has, value, found)
    return found


def _total(sheet: Sheet, shifted: Sequence[Cell], leaf_of: Sequence[int], leaf: int) -> Cell:
    total = sheet.constant(0.0)
    for cell, one in zip(shifted, leaf_of, strict=True):
        total = total + cell if one == leaf else total
    return total


def _first_match(model: Model, sheet: Sheet) -> Placed:
    otherwise = model.get("otherwise")
    leaf = sheet.constant(NOWHERE if otherwise is None else int(otherwise))
    for i, rule in reversed(list(enumerate(model["leaves"]))):
        (met,) = sheet.keep(meets(sheet, rule["where"]))
        leaf = sheet.where(met, i, leaf)
    (leaf,) = sheet.keep(leaf)
    return Placed(leaf, *sheet.keep(sheet.where(leaf == NOWHERE, 0.0, 1.0)))


def meets(sheet: Sheet, conditions: Sequence[Model]) -> Cell:
    """Tell for whom all conditions hold."""
    met = sheet.constant(1.0) > 0.0
    for condition in conditions:
        met = met & sheet.holds(condition)
    return met


def _split(model: Model, sheet: Sheet) -> Placed:
    base = evaluate(model["base"], sheet)
    (inside,) = sheet.keep(base.leaf == int(model["leaf"]))
    inner, surely = sheet.inside(inside, lambda part: _pair(evaluate(model["model"], part)))
    first = n_leaves(model["base"])
    leaf = sheet.where(inside, sheet.where(inner == NOWHERE, NOWHERE, inner + first), base.leaf)
    less = sheet.where(surely < base.confidence, surely, base.confidence)
    return Placed(*sheet.keep(leaf, sheet.where(inside, less, base.confidence)))
