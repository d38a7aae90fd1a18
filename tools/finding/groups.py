"""Knows customers as points, and how groups of them are fitted for every number by one method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from tools.customers.on_demand import Customers
from tools.finding import evidence, mixture
from tools.finding.choosing import Choice
from tools.finding.evidence import Floats, Ints
from tools.finding.fitting import k_means_centres, ward_path
from tools.finding.mixture import Mixture

Family = Literal["kmeans", "gaussian_mixture", "hierarchical"]
METHODS = {
    "kmeans": "k-means",
    "gaussian_mixture": "mixture of Gaussians",
    "hierarchical": "Ward's hierarchy",
    "density": "HDBSCAN",
}


@dataclass(frozen=True)
class Points:
    """Customers as the search sees them.

    Attributes:
        numbers: Features taken as they are, customers x numbers.
        codes: Levels of the features in bands or by value, customers x bands.
        axes: Every feature measured for distances, customers x axes.
        n_levels: Number of levels of each band.
        ordered: Bands whose levels have an order (cut numbers and yes/no).
        of_number: The axis of each number.
        of_band: Axes of features in bands, each with its band.
    """

    numbers: Floats
    codes: Ints
    axes: Floats
    n_levels: tuple[int, ...]

    ordered: tuple[int, ...] = ()
    of_number: tuple[int, ...] = ()
    of_band: tuple[tuple[int, int], ...] = ()

    def take(self, rows: Ints) -> Points:
        """Return some of the customers."""
        return replace(self, numbers=self.numbers[rows], codes=self.codes[rows], axes=self.axes[rows])

    @cached_property
    def flags(self) -> Floats:
        """Levels as ones and zeros, customers x levels."""
        return mixture.flags_of(self.codes, self.n_levels)

    def __len__(self) -> int:
        return len(self.axes)


def points(choice: Choice, customers: Customers) -> Points:
    """Measure customers on the chosen features."""
    band_of = {one.feature: i for i, one in enumerate(choice.bands)}
    axis_of = {axis["feature"]: i for i, axis in enumerate(choice.axes)}
    return Points(
        choice.matrix(customers),
        choice.codes(customers),
        choice.distances(customers),
        tuple(len(one.levels) for one in choice.bands),
        tuple(i for i, one in enumerate(choice.bands) if one.edges or len(one.levels) == 2),
        tuple(axis_of[one["feature"]] for one in choice.numbers),
        tuple(
            (i, band_of[axis["feature"]]) for i, axis in enumerate(choice.axes) if axis["feature"] in band_of
        ),
    )


@dataclass(frozen=True)
class Groups:
    """A fit of k groups on the points of one family."""

    k: int
    loss: float
    centres: Floats | None = None
    mixture: Mixture | None = None

    def predict(self, data: Points) -> Ints:
        """Return the group of each point."""
        if self.mixture is not None:
            return self.mixture.predict(data.numbers, data.flags)
        assert self.centres is not None  # noqa: S101 - one of the two is always there
        return nearest(data.axes, self.centres)


def nearest(axes: Floats, centres: Floats) -> Ints:
    """Return the nearest centre of each row."""
    squared = np.einsum("ij,ij->i", centres, centres)[None, :] - 2 * np.einsum("ij,kj->ik", axes, centres)
    return np.asarray(squared.argmin(axis=1))


def fit_path(
    family: Family, data: Points, k_start: int, k_end: int, seed: int, rounds: int = 8
) -> dict[int, Groups]:
    """Fit every k from `k_start` down to `k_end`."""
    k_start = min(k_start, len(np.unique(data.axes, axis=0)) if len(data) < 200 else k_start)
    if family == "kmeans":
        ks = range(k_start, k_end - 1, -1)
        return {k: _compact(data, *k_means_centres(data.axes, k, seed, 2)) for k in ks}
    if family == "hierarchical":
        cuts = ward_path(data.axes, k_start, k_end)
        return {k: _compact(data, means_of(data.axes, labels, k), labels) for k, labels in cuts.items()}
    _, labels = k_means_centres(data.axes, k_start, seed, 1)
    fits = mixture.path(labels, k_start, k_end, data.numbers, data.flags, data.n_levels, rounds)
    return {k: Groups(k, one.loss, mixture=one) for k, one in fits.items()}


def _compact(data: Points, centres: Floats, labels: Ints) -> Groups:
    """Write groups around centres; the loss is the logarithm of the within sum of squares."""
    within = float(((data.axes - centres[labels]) ** 2).sum())
    return Groups(len(centres), float(np.log(max(within, 1e-300))), centres=centres)


def means_of(matrix: Floats, labels: Ints, k: int) -> Floats:
    """Return the mean of each group, k x axes."""
    return np.stack([matrix[labels == group].mean(axis=0) for group in range(k)])


def without_groups(data: Points, seed: int, i: int) -> Points:
    """Draw customers without groups.

    Numbers and ordered bands are drawn together, uniform along their principal axes, so that they stay as
    correlated as they are; the bands are then cut so that every level is as frequent as it is. Other levels
    are shuffled, each category on its own.

    Source: Tibshirani, Walther & Hastie (2001), JRSS B 63, section 3, choice (b), carried over to levels.
    """
    rng = np.random.default_rng([seed, 99, i])
    n_numbers = data.numbers.shape[1]
    ordinal = data.codes[:, data.ordered].astype(np.float64)
    spread = ordinal.std(axis=0)
    joint = np.hstack([data.numbers, (ordinal - ordinal.mean(axis=0)) / np.where(spread > 0, spread, 1.0)])
    drawn = evidence.references(joint, 1, [seed, i])[0] if joint.shape[1] else joint
    codes = data.codes.copy()
    axes = data.axes.copy()
    axes[:, data.of_number] = drawn[:, :n_numbers]
    for column in range(codes.shape[1]):
        if column in data.ordered:
            by_size = drawn[:, n_numbers + data.ordered.index(column)].argsort(kind="stable")
        else:
            by_size = rng.permutation(len(codes))
        source = data.codes[:, column].argsort(kind="stable")
        codes[by_size, column] = data.codes[source, column]
        for axis, band in data.of_band:
            if band == column:
                axes[by_size, axis] = data.axes[source, axis]
    return replace(data, numbers=drawn[:, :n_numbers], codes=codes, axes=axes)
