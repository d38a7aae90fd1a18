"""Knows how groups found on a sample become a model of plain JSON that holds for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tools.core import Json
from tools.finding import mixture
from tools.finding.choosing import Choice
from tools.finding.evidence import Fitted, Floats, Ints, bootstrap_jaccard
from tools.finding.fitting import density_labels, k_means_centres, lloyd, ward_labels
from tools.finding.searching import FITTED_ON, Groups, Points, Search, points
from tools.segments.assigning import squared_distances

FAR_SPREAD, FAR_SHARE = (
    1.0,
    0.1,
)  # a wide group of few customers is called unusual (log of the mean spread, share)
INITS = 10
ROUNDS = 25
DIGITS = 9  # of the numbers written into a model


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


def sample_rows(n: int, limit: int, seed: int) -> Ints:
    """Return the positions of a sample; the frame is sorted by key, so file order does not matter."""
    if n <= limit:
        return np.arange(n)
    return np.sort(np.random.default_rng([seed, 3]).choice(n, limit, replace=False))


def fit_everybody(found: Search, k: int, choice: Choice, customers: pd.DataFrame, seed: int) -> Model:
    """Fit k groups on a sample of up to 50,000 and carry them over to everybody."""
    customers = customers[choice.complete(customers)]
    rows = sample_rows(len(customers), FITTED_ON, seed)
    sample = points(choice, customers.iloc[rows])
    start = found.fits[k]
    if start.mixture is not None:
        better = mixture.improve(start.mixture, sample.numbers, sample.flags, sample.n_levels, ROUNDS)
        groups = Groups(k, better.loss, mixture=better)
    else:
        centres, _ = k_means_centres(sample.axes, k, seed, INITS)
        whole = choice.distances(customers) if len(rows) < len(customers) else sample.axes
        groups = Groups(k, 0.0, centres=lloyd(whole, centres))
    labels = groups.predict(sample)
    return written(groups, labels, sample, choice, len(rows))


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


def by_hierarchy(k: int, choice: Choice, customers: pd.DataFrame, seed: int) -> tuple[Model, Floats]:
    """Merge a sample by Ward's method into k groups; everybody joins the nearest mean. Also the stability."""
    customers = customers[choice.complete(customers)]
    rows = sample_rows(len(customers), FITTED_ON, seed)
    sample = points(choice, customers.iloc[rows])
    few = sample.axes[sample_rows(len(rows), 2000, seed)]

    def fit(matrix: Floats, k: int, seed: int) -> Fitted:
        centres = _means(matrix, ward_labels(matrix, k), k)
        return Fitted(
            squared_distances(matrix, centres).argmin(axis=1),
            0.0,
            lambda other: squared_distances(other, centres).argmin(axis=1),
        )

    own = fit(few, k, seed)
    groups = Groups(k, 0.0, centres=_means(few, own.labels, k))
    stability = bootstrap_jaccard(few, own.labels, k, fit, 16, seed)
    model = written(groups, groups.predict(sample), sample, choice, len(few))
    return model, stability[list(model.order)]


def by_density(choice: Choice, customers: pd.DataFrame, seed: int) -> Model | None:
    """Find dense regions with HDBSCAN on a sample; who lies outside of all is set apart. None below two."""
    customers = customers[choice.complete(customers)]
    rows = sample_rows(len(customers), FITTED_ON, seed)
    sample = points(choice, customers.iloc[rows])
    few = sample.axes[sample_rows(len(rows), 5000, seed)]
    labels = density_labels(few)
    k = int(labels.max()) + 1
    if k < 2:
        return None
    sizes = np.bincount(labels[labels >= 0], minlength=k)
    places, reach, leaf_of = [], [], []
    for leaf, group in enumerate(np.argsort(-sizes, kind="stable")):
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
        "far": {"leaf": k, "reach": _rounded(reach)},
    }
    distance = np.sqrt(squared_distances(sample.axes, np.array(places)))
    nearest = distance.argmin(axis=1)
    found = np.array(leaf_of)[nearest]
    found[distance[np.arange(len(found)), nearest] > np.array(reach)[nearest]] = k
    return Model(json, found, sample, (k,), len(few), tuple(range(k + 1)))


def _means(matrix: Floats, labels: Ints, k: int) -> Floats:
    return np.stack([matrix[labels == g].mean(axis=0) for g in range(k)])
