"""Knows how a segmentation reads as rules: exactly where made of conditions, else by a surrogate tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.core import Json, Workspace
from tools.rule_text import condition, from_json
from tools.segmented import Segmented, fingerprint
from tools.selecting import Condition

FITTED_ON = 50_000  # customers that the tree is read off; it is always checked on everybody
_CLOSE = 0.03  # a smaller tree is taken if its fidelity is this close
_MOVED = 0.002  # part of the customers that rounding a threshold may carry to the other side

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SegmentRule:
    """How one segment reads.

    Attributes:
        alternatives: One of these lists of conditions must hold in full; empty where no simple rule
            finds the segment.
        after: Names of segments that come first; customers in them are not in this one.
        coverage: Part of the segment's customers that the rule finds, 0 to 1.
        purity: Part of the customers the rule finds that are in the segment, 0 to 1.
        n_found: Customers the rule finds.
    """

    alternatives: tuple[tuple[Condition, ...], ...]
    after: tuple[str, ...]
    coverage: float
    purity: float
    n_found: int


@dataclass(frozen=True)
class RuleScheme:
    """Rules of all segments together.

    Attributes:
        rules: One for each segment, in order.
        fidelity: Part of all customers that the rules put where the segmentation puts them, 0 to 1.
        exact: The segmentation is made of these very conditions.
        n_fitted: Customers the rules were read off.
    """

    rules: tuple[SegmentRule, ...]
    fidelity: float
    exact: bool
    n_fitted: int


def rule_scheme(workspace: Workspace, placed: Segmented) -> RuleScheme:
    """Return the rules of a segmentation; kept in the engine's memo."""
    key = ("rules", placed.table.name, fingerprint(placed.segmentation))
    model = placed.segmentation.model
    whole = not placed.segmentation.population
    return workspace.engine.memo(
        key,
        lambda: _exact(placed, model) if model.get("type") == "conditions" and whole else _surrogate(placed),
    )


def _exact(placed: Segmented, model: Json) -> RuleScheme:
    by_leaf = [from_json(leaf["where"]) for leaf in model["leaves"]]
    rules = []
    for i, segment in enumerate(placed.segments):
        mine = sorted(leaf for leaf in segment.leaves if leaf < len(by_leaf))
        before = [leaf for leaf in range(min(segment.leaves)) if leaf not in segment.leaves]
        names = [
            other.name
            for other in placed.segments
            if other is not segment and any(leaf in other.leaves for leaf in before)
        ]
        alternatives = tuple(tuple(by_leaf[leaf]) for leaf in mine)
        rest = model.get("otherwise") in segment.leaves
        disjoint = not rest and _apart(by_leaf, mine, before)
        rules.append(
            SegmentRule(
                () if rest else alternatives, () if disjoint else tuple(names), 1.0, 1.0, int(placed.sizes[i])
            )
        )
    return RuleScheme(tuple(rules), 1.0, True, int(placed.sizes.sum()))


def _apart(by_leaf: Sequence[Sequence[Condition]], mine: Sequence[int], before: Sequence[int]) -> bool:
    """Tell from bounds on numbers whether nobody can satisfy one of `mine` and one of `before`."""
    return all(_exclude(by_leaf[one], by_leaf[other]) for one in mine for other in before)


def _exclude(one: Sequence[Condition], other: Sequence[Condition]) -> bool:
    for a in one:
        for b in other:
            if a.column != b.column or a.or_ or b.or_ or a.grain or b.grain:
                continue
            if _below(a, b) or _below(b, a):
                return True
    return False


def _below(upper: Condition, lower: Condition) -> bool:
    """Tell whether everything `upper` allows lies below everything `lower` allows."""
    if upper.is_ not in ("below", "at_most") or lower.is_ not in ("above", "at_least"):
        return False
    if not isinstance(upper.value, int | float) or not isinstance(lower.value, int | float):
        return False
    touching = upper.is_ == "at_most" and lower.is_ == "at_least"
    return upper.value < lower.value if touching else upper.value <= lower.value


@dataclass(frozen=True)
class _Leaf:
    """A leaf of the tree: bounds by feature, and the customers in it."""

    bounds: dict[str, tuple[float | None, float | None]]  # above the first, at most the second
    customers: npt.NDArray[np.int64]


def _surrogate(placed: Segmented) -> RuleScheme:
    names = [name for name in placed.segmentation.features if name in placed.customers]
    names = [
        name for name in names if placed.customers[name].dtype.kind in "iufb" or _is_number(placed, name)
    ]
    inside = np.flatnonzero(placed.position >= 0)
    if not names or not inside.size:
        nothing = SegmentRule((), (), 0.0, 0.0, 0)
        return RuleScheme(tuple(nothing for _ in placed.segments), 0.0, False, 0)
    columns = {name: placed.numbers(name)[inside] for name in names}
    fill = {
        name: float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
        for name, values in columns.items()
    }
    missing = {name: ~np.isfinite(values) for name, values in columns.items()}
    filled = np.column_stack([np.where(missing[name], fill[name], columns[name]) for name in names])
    labels = placed.position[inside]
    sample = np.arange(inside.size)
    if inside.size > FITTED_ON:
        chosen = np.random.default_rng(placed.segmentation.seed).choice(inside.size, FITTED_ON, replace=False)
        sample = np.sort(chosen)
    tree = _fitted(filled[sample], labels[sample], len(placed.segments), placed.segmentation.seed)
    leaves = _grown(tree, names, filled, filled[sample])
    return _read(
        placed, leaves, labels, {name: fill[name] for name in names if missing[name].any()}, sample.size
    )


def _is_number(placed: Segmented, name: str) -> bool:
    column = placed.table.column(name)
    return bool(column and column.kind in ("number", "boolean"))


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
    tree: Any, names: list[str], values: npt.NDArray[np.float64], sample: npt.NDArray[np.float64]
) -> list[_Leaf]:
    """Walk everybody down the tree, its thresholds rounded to what a person would write."""
    grown, structure = [], tree.tree_
    rounded = {
        node: _friendly(float(structure.threshold[node]), sample[:, structure.feature[node]])
        for node in range(structure.node_count)
        if structure.children_left[node] >= 0
    }
    waiting = [(0, _Leaf({}, np.arange(len(values))))]
    while waiting:
        node, leaf = waiting.pop()
        if structure.children_left[node] < 0:
            grown.append(leaf)
            continue
        j, cut = int(structure.feature[node]), rounded[node]
        low, high = leaf.bounds.get(names[j], (None, None))
        under = values[leaf.customers, j] <= cut
        left = {**leaf.bounds, names[j]: (low, cut if high is None else min(high, cut))}
        right = {**leaf.bounds, names[j]: (cut if low is None else max(low, cut), high)}
        waiting.append((int(structure.children_right[node]), _Leaf(right, leaf.customers[~under])))
        waiting.append((int(structure.children_left[node]), _Leaf(left, leaf.customers[under])))
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
    whole = {
        name: bool(np.all(_present(placed, name) == np.round(_present(placed, name))))
        for name in _used(leaves)
    }
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
    return RuleScheme(tuple(rules), faithful, False, n_fitted)


def _used(leaves: list[_Leaf]) -> set[str]:
    return {name for leaf in leaves for name in leaf.bounds}


def _present(placed: Segmented, name: str) -> npt.NDArray[np.float64]:
    values = placed.numbers(name)
    return values[np.isfinite(values)]


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
        kept = name in fill and (low is None or fill[name] > low) and (high is None or fill[name] <= high)
        missing = [condition(name, "missing")] if kept else []
        if low is not None:
            lower = condition(name, "at_least", low + 1) if whole[name] else condition(name, "above", low)
            made.append(lower.model_copy(update={"or_": missing}))
        if high is not None:
            made.append(condition(name, "at_most", high).model_copy(update={"or_": missing}))
    return made
