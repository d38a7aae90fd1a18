"""Knows how groups found on a sample become a model of plain JSON that holds for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tools.core import Json
from tools.customers.on_demand import Customers
from tools.finding import mixture
from tools.finding.choosing import Choice
from tools.finding.evidence import Floats, Ints, best_jaccard, contingency
from tools.finding.fitting import density_labels, k_means_centres, lloyd
from tools.finding.groups import Groups, Points, points
from tools.finding.sampling import DIGITS, sample_rows
from tools.finding.searching import N_BOOTSTRAPS, Search
from tools.segments.assigning import squared_distances

# A wide group of few customers is called unusual (log of the mean spread, share).
FAR_SPREAD, FAR_SHARE = 1.0, 0.1
FITTED_ON = 50_000
DENSE_ON = 5_000  # customers among whom dense regions are sought
INITS = 10
ROUNDS = 25


@dataclass(frozen=True)
class Model:
    """Groups written down, with what is known of them on the fitting sample.

    Attributes:
        json: Model tree for `tools.segments.assigning`.
        labels: Leaf of each customer of the fitting sample.
        sample: The points of the fitting sample.
        unusual: Leaves that hold customers far from all others.
        n_fitted: Customers the model was fitted on.
        order: For each leaf, the group of the search it comes from.
    """

    json: Json
    labels: Ints
    sample: Points
    unusual: tuple[int, ...]
    n_fitted: int
    order: tuple[int, ...]


def fit_everybody(found: Search, k: int, choice: Choice, customers: Customers, seed: int) -> Model:
    """Fit k groups on a sample of up to 50,000 and carry them over to everybody."""
    whole = np.flatnonzero(choice.complete(customers))
    rows = sample_rows(len(whole), FITTED_ON, seed)
    sample = points(choice, customers.iloc[whole[rows]])
    start = found.fits[k]
    if start.mixture is not None:
        better = mixture.improve(start.mixture, sample.numbers, sample.flags, sample.n_levels, ROUNDS)
        groups = Groups(k, better.loss, mixture=better)
    elif found.family == "hierarchical":
        groups = start
    else:
        centres, _ = k_means_centres(sample.axes, k, seed, INITS)
        used = sorted({str(axis["feature"]) for axis in choice.axes})
        everybody = sample.axes
        if len(rows) < len(whole):
            chosen = customers[used] if isinstance(customers, pd.DataFrame) else customers
            everybody = choice.distances(chosen if len(whole) == len(customers) else chosen.iloc[whole])
        moved = Groups(k, 0.0, centres=lloyd(everybody, centres, copied=everybody is sample.axes))
        groups = _as_tested(moved, start, sample)
    labels = groups.predict(sample)
    return written(groups, labels, sample, choice, len(rows))


def _as_tested(groups: Groups, tested: Groups, sample: Points) -> Groups:
    """Number groups like the tested ones that they share most customers with: the evidence is theirs."""
    from scipy.optimize import linear_sum_assignment  # scipy takes long to import

    shared = contingency(tested.predict(sample), groups.predict(sample), tested.k, groups.k)
    _, matched = linear_sum_assignment(-shared)
    assert groups.centres is not None  # noqa: S101 - groups without a mixture have centres
    return Groups(groups.k, groups.loss, centres=groups.centres[matched])


def written(groups: Groups, labels: Ints, sample: Points, choice: Choice, n_fitted: int) -> Model:
    """Write groups as JSON, the largest first and unusual customers last."""
    sizes = np.bincount(labels, minlength=groups.k)
    unusual = _unusual(groups, sizes / max(1, len(labels)))
    order = sorted(range(groups.k), key=lambda g: (g in unusual, -int(sizes[g]), g))
    place = np.empty(groups.k, dtype=np.int64)
    place[order] = np.arange(groups.k)
    json = (
        _mixture_json(groups.mixture, choice, order)
        if groups.mixture
        else _centres_json(groups, choice, order)
    )
    leaves = tuple(int(place[g]) for g in unusual)
    return Model(json, place[labels], sample, leaves, n_fitted, tuple(order))


def _unusual(groups: Groups, shares: Floats) -> list[int]:
    """Return the components that are far wider than the others and hold few: customers unlike everybody."""
    if groups.mixture is None or groups.k < 2 or not groups.mixture.covariances.shape[1]:
        return []
    n_axes = groups.mixture.covariances.shape[1]
    spreads = np.array([np.linalg.slogdet(one)[1] / (2 * n_axes) for one in groups.mixture.covariances])
    usual = np.median(spreads)
    return [g for g in range(groups.k) if spreads[g] - usual > FAR_SPREAD and shares[g] < FAR_SHARE]


def _rounded(values: Any) -> Any:
    return np.round(np.asarray(values, dtype=np.float64), DIGITS).tolist()


def _centres_json(groups: Groups, choice: Choice, order: list[int]) -> Json:
    assert groups.centres is not None  # noqa: S101 - groups without a mixture have centres
    return {"type": "centres", "transforms": list(choice.axes), "centres": _rounded(groups.centres[order])}


def _mixture_json(fitted: mixture.Mixture, choice: Choice, order: list[int]) -> Json:
    return {
        "type": "gaussians",
        "transforms": list(choice.numbers),
        "means": _rounded(fitted.means[order]),
        "covariances": _rounded(fitted.covariances[order]),
        "weights": _rounded(fitted.weights[order]),
        "levels": [
            {
                "feature": one.feature,
                "values": list(one.levels) if not one.edges else [],
                "edges": list(one.edges),
                "fill": one.fill,
                "probabilities": _rounded(probabilities[order]),
            }
            for one, probabilities in zip(choice.bands, fitted.levels, strict=True)
        ],
    }


@dataclass(frozen=True)
class Dense:
    """Dense regions, with how well each is found again and who lies outside of all.

    Attributes:
        model: Model in which everybody belongs to the nearest region, the less surely the farther off.
        stability: Jaccard similarity of each region in halves of the customers, 0 to 1.
        n_outside: Customers of the fitting sample who lie in no region.
    """

    model: Model
    stability: Floats
    n_outside: int


def by_density(choice: Choice, customers: Customers, seed: int) -> Dense | None:
    """Find dense regions with HDBSCAN on a sample; None if there are fewer than two."""
    whole = np.flatnonzero(choice.complete(customers))
    rows = sample_rows(len(whole), FITTED_ON, seed)
    sample = points(choice, customers.iloc[whole[rows]])
    few = sample.axes[sample_rows(len(rows), DENSE_ON, seed)]
    labels = density_labels(few)
    k = int(labels.max()) + 1
    if k < 2:
        return None
    order = np.argsort(-np.bincount(labels[labels >= 0], minlength=k), kind="stable")
    places, reach, leaf_of = [], [], []
    for leaf, group in enumerate(order):
        members = few[labels == group]
        centres, nearest = k_means_centres(members, min(8, max(1, len(members) // 20)), seed, 2)
        away = np.sqrt(((members - centres[nearest]) ** 2).sum(axis=1))
        for i, centre in enumerate(centres):
            places.append(centre)
            reach.append(float(away[nearest == i].max()))
            leaf_of.append(leaf)
    json: Json = {
        "type": "centres",
        "transforms": list(choice.axes),
        "centres": _rounded(places),
        "leaf_of": leaf_of,
        "far": {"leaf": "nearest", "reach": _rounded(reach)},
    }
    distance = np.sqrt(squared_distances(sample.axes, np.array(places)))
    nearest = distance.argmin(axis=1)
    outside = distance[np.arange(len(nearest)), nearest] > np.array(reach)[nearest]
    model = Model(json, np.array(leaf_of)[nearest], sample, (), len(few), tuple(range(k)))
    return Dense(model, _density_stability(few, labels, k, seed)[order], int(outside.sum()))


def _density_stability(few: Floats, labels: Ints, k: int, seed: int) -> Floats:
    """Find the regions again in halves of the customers: drawing twice would make false densities."""
    total, times = np.zeros(k), np.zeros(k)
    for i in range(N_BOOTSTRAPS):
        half = np.sort(np.random.default_rng([seed, 13, i]).permutation(len(few))[: len(few) // 2])
        again = density_labels(few[half])
        found = int(again.max()) + 1
        table = contingency(labels[half] + 1, again + 1, k + 1, found + 1)
        present = table[1:].sum(axis=1) > 0
        if found:
            total += np.where(present, best_jaccard(table)[1:], 0)
        times += present
    return np.asarray(total / np.maximum(times, 1))
