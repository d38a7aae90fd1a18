"""Knows how a segmentation reads as a small decision tree, and how faithful that reading is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.profiles.rule_schemes import RuleLeaf, RuleScheme, SegmentRule
from tools.profiles.rule_text import condition
from tools.segments.segmented import Segmented
from tools.selecting import Condition

FITTED_ON = 50_000  # customers that the tree is read off; it is always checked on everybody
MOST_LEVELS = 10  # values of a category that the tree may ask for
_IS = "\x1f"  # between a column and a value, in the name of a yes/no axis
_CLOSE = 0.03  # a smaller tree is taken if its fidelity is this close
_MOVED = 0.002  # part of the customers that rounding a threshold may carry to the other side

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Leaf:
    """A leaf of the tree: bounds by feature, and the customers in it."""

    bounds: dict[str, tuple[float | None, float | None]]  # above the first, at most the second
    customers: npt.NDArray[np.int64]
    path: tuple[tuple[str, float, bool], ...] = ()  # axis, threshold, and whether it lies under it


def surrogate_rules(placed: Segmented) -> RuleScheme:
    """Read rules off a tree that was fitted to the segments; they are counted on everybody."""
    inside = np.flatnonzero(placed.position >= 0)
    columns = _axes(placed, inside)
    if not columns or not inside.size:
        nothing = SegmentRule((), (), 0.0, 0.0, 0)
        return RuleScheme(tuple(nothing for _ in placed.segments), 0.0, False, 0)
    names = list(columns)
    fill = {name: _median(values) for name, values in columns.items()}
    gaps = {}
    for name, values in columns.items():  # one by one: everybody in one matrix would be all of them again
        missing = ~np.isfinite(values)
        if missing.any():
            gaps[name] = fill[name]
            columns[name] = np.where(missing, fill[name], values)
    labels = placed.position[inside]
    sample = np.arange(inside.size)
    if inside.size > FITTED_ON:
        chosen = np.random.default_rng(placed.segmentation.seed).choice(inside.size, FITTED_ON, replace=False)
        sample = np.sort(chosen)
    fitted_on = np.column_stack([columns[name][sample] for name in names])
    tree = _fitted(fitted_on, labels[sample], len(placed.segments), placed.segmentation.seed)
    leaves = _grown(tree, names, columns, fitted_on)
    return _read(placed, leaves, labels, gaps, sample.size)


def _axes(placed: Segmented, inside: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
    """Return what the tree may ask: numbers as they are, a yes/no for each frequent value of a category."""
    columns: dict[str, npt.NDArray[np.float64]] = {}
    for name in placed.segmentation.features:
        known = placed.table.column(name)
        if known is None or name not in placed.customers:
            continue
        if known.kind == "number":
            values = placed.numbers(name)
            columns[name] = values if inside.size == len(values) else values[inside]
        elif known.kind in ("text", "boolean"):
            text = placed.customers[name].iloc[inside].astype("str")
            text = text.where(placed.customers[name].iloc[inside].notna(), None)
            for level in sorted(text.value_counts().head(MOST_LEVELS).index):
                columns[f"{name}{_IS}{level}"] = (text == level).to_numpy(dtype=np.float64)
    return columns


def _median(values: npt.NDArray[np.float64]) -> float:
    return float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0


def _fitted(
    values: npt.NDArray[np.float64], labels: npt.NDArray[np.int64], n_segments: int, seed: int
) -> Any:
    """Fit the smallest tree that is nearly as faithful as the largest one allowed."""
    from sklearn.tree import DecisionTreeClassifier  # late: scikit-learn takes over a second to import

    smallest = max(5, len(values) // 200)
    trees = [
        DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=smallest, random_state=seed).fit(
            values, labels
        )
        for leaves in (n_segments, n_segments + 2, 2 * n_segments)
        if leaves >= 2
    ]
    scores = [tree.score(values, labels) for tree in trees]
    return next(tree for tree, score in zip(trees, scores, strict=True) if score >= max(scores) - _CLOSE)


def _grown(
    tree: Any,
    names: list[str],
    columns: Mapping[str, npt.NDArray[np.float64]],
    sample: npt.NDArray[np.float64],
) -> list[_Leaf]:
    """Walk everybody down the tree, its thresholds rounded to what a person would write."""
    grown, structure = [], tree.tree_
    rounded = {
        node: _friendly(float(structure.threshold[node]), sample[:, structure.feature[node]])
        for node in range(structure.node_count)
        if structure.children_left[node] >= 0
    }
    waiting = [(0, _Leaf({}, np.arange(len(columns[names[0]]))))]
    while waiting:
        node, leaf = waiting.pop()
        if structure.children_left[node] < 0:
            grown.append(leaf)
            continue
        j, cut = int(structure.feature[node]), rounded[node]
        low, high = leaf.bounds.get(names[j], (None, None))
        under = columns[names[j]][leaf.customers] <= cut
        left = {**leaf.bounds, names[j]: (low, cut if high is None else min(high, cut))}
        right = {**leaf.bounds, names[j]: (cut if low is None else max(low, cut), high)}
        waiting.append(
            (
                int(structure.children_right[node]),
                _Leaf(right, leaf.customers[~under], (*leaf.path, (names[j], cut, False))),
            )
        )
        waiting.append(
            (
                int(structure.children_left[node]),
                _Leaf(left, leaf.customers[under], (*leaf.path, (names[j], cut, True))),
            )
        )
    return grown


def _friendly(threshold: float, values: npt.NDArray[np.float64]) -> float:
    """Round a threshold to the fewest digits that leave nearly every customer on the same side."""
    if np.all(values == np.round(values)):
        threshold = float(np.floor(threshold))
    for digits in (1, 2, 3, 4):
        rounded = float(f"{threshold:.{digits - 1}e}")
        low, high = sorted((threshold, rounded))
        if float(((values > low) & (values <= high)).mean()) <= _MOVED:
            return rounded
    return threshold


def _read(
    placed: Segmented,
    leaves: list[_Leaf],
    labels: npt.NDArray[np.int64],
    fill: dict[str, float],
    n_fitted: int,
) -> RuleScheme:
    n = len(placed.segments)
    counts = np.array([np.bincount(labels[leaf.customers], minlength=n) for leaf in leaves])
    winner = counts.argmax(axis=1)
    whole = {name: _IS not in name and _is_whole(placed, name) for name in _used(leaves)}
    rules = []
    for i in range(n):
        mine = [j for j in range(len(leaves)) if winner[j] == i and counts[j].sum()]
        found = int(counts[mine].sum()) if mine else 0
        hit = int(counts[mine, i].sum()) if mine else 0
        size = int(placed.sizes[i])
        joined = _joined([leaves[j].bounds for j in mine])
        rules.append(
            SegmentRule(
                tuple(tuple(_conditions(bounds, fill, whole)) for bounds in joined),
                (),
                hit / size if size else 0.0,
                hit / found if found else 0.0,
                found,
            )
        )
    faithful = float(counts[np.arange(len(leaves)), winner].sum() / max(1, counts.sum()))
    drawn = tuple(
        RuleLeaf(
            tuple(
                _conditions({name: (None, cut) if under else (cut, None)}, {}, whole)[0]
                for name, cut, under in leaf.path
            ),
            int(winner[j]),
            int(counts[j].sum()),
            float(counts[j, winner[j]] / max(1, counts[j].sum())),
        )
        for j, leaf in enumerate(leaves)
    )
    return RuleScheme(tuple(rules), faithful, False, n_fitted, drawn)


def _used(leaves: list[_Leaf]) -> set[str]:
    return {name for leaf in leaves for name in leaf.bounds}


def _is_whole(placed: Segmented, name: str) -> bool:
    values = placed.numbers(name)
    present = values[np.isfinite(values)]
    return bool(np.all(present == np.round(present)))


def _joined(
    leaves: list[dict[str, tuple[float | None, float | None]]],
) -> list[dict[str, tuple[float | None, float | None]]]:
    """Join leaves that differ in one feature only and touch there."""
    parts = [dict(leaf) for leaf in leaves]
    again = True
    while again:
        again = False
        for a in range(len(parts)):
            for b in range(len(parts)):
                merged = _touching(parts[a], parts[b]) if a != b else None
                if merged is not None:
                    parts = [part for i, part in enumerate(parts) if i not in (a, b)] + [merged]
                    again = True
                    break
            if again:
                break
    return parts


def _touching(
    one: dict[str, tuple[float | None, float | None]], other: dict[str, tuple[float | None, float | None]]
) -> dict[str, tuple[float | None, float | None]] | None:
    nothing = (None, None)
    differing = [name for name in {*one, *other} if one.get(name, nothing) != other.get(name, nothing)]
    if len(differing) != 1:
        return None
    name = differing[0]
    low, high = one.get(name, nothing), other.get(name, nothing)
    if low[1] is None or low[1] != high[0]:
        return None
    merged = {**one, name: (low[0], high[1])}
    return {key: bounds for key, bounds in merged.items() if bounds != nothing}


def _conditions(
    bounds: dict[str, tuple[float | None, float | None]], fill: dict[str, float], whole: dict[str, bool]
) -> list[Condition]:
    made = []
    for name, (low, high) in bounds.items():
        if _IS in name:
            column, level = name.split(_IS, 1)
            value: bool | str = level == "True" if level in ("True", "False") else level
            made.append(condition(column, "equal" if low is not None else "not_equal", value))
            continue
        kept = name in fill and (low is None or fill[name] > low) and (high is None or fill[name] <= high)
        missing = [condition(name, "missing")] if kept else []
        if low is not None:
            lower = condition(name, "at_least", low + 1) if whole[name] else condition(name, "above", low)
            made.append(lower.model_copy(update={"or_": missing}))
        if high is not None:
            made.append(condition(name, "at_most", high).model_copy(update={"or_": missing}))
    return made
