"""Knows how segments are looked for: groups for every k, what speaks for each k, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from tools.finding import evidence, mixture
from tools.finding.choosing import Choice
from tools.finding.evidence import DOUBTFUL, VALID, Floats, Ints
from tools.finding.fitting import k_means_centres
from tools.finding.mixture import Mixture

Family = Literal["kmeans", "gaussian_mixture"]
FITTED_ON = 50_000
TESTED_ON = 2_500
K_MAX = 9
N_REFERENCES = 8
SCREENED, CONFIRMED = 12, 25  # bootstrap samples for choosing k, and for the k chosen
LEAST_GAIN = 0.06  # gap above that of a single group, from which groups are more than chance
WITHIN_NOISE = 0.02  # gaps that differ by less cannot be told apart
TELLING = 0.12  # part of a feature's variance between segments from which it helps to tell them apart
MANY_AXES = 4  # from so many features on, those that tell nothing are left out


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


def points(choice: Choice, customers: pd.DataFrame) -> Points:
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
        found = {}
        for k in range(k_start, k_end - 1, -1):
            centres, labels = k_means_centres(data.axes, k, seed, 2)
            within = float(((data.axes - centres[labels]) ** 2).sum())
            found[k] = Groups(k, float(np.log(max(within, 1e-300))), centres=centres)
        return found
    _, labels = k_means_centres(data.axes, k_start, seed, 1)
    fits = mixture.path(labels, k_start, k_end, data.numbers, data.flags, data.n_levels, rounds)
    return {k: Groups(k, one.loss, mixture=one) for k, one in fits.items()}


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


@dataclass(frozen=True)
class Search:
    """Fits for every k and what speaks for each.

    Attributes:
        family: What was fitted.
        data: The points of the evidence sample.
        fits: Groups by k.
        gaps: For each k the gap minus that of one group, and the standard error of that difference.
    """

    family: Family
    data: Points
    fits: Mapping[int, Groups]
    gaps: Mapping[int, tuple[float, float]]
    raw_gaps: Mapping[int, tuple[float, float]]
    seed: int = 0

    @cached_property
    def _stability(self) -> dict[tuple[int, int], Floats]:
        return {}

    def labels(self, k: int) -> Ints:
        """Return the group of each point of the evidence sample."""
        return self.fits[k].predict(self.data)

    @property
    def best(self) -> int:
        """The k with the largest gap."""
        return max(self.gaps, key=lambda k: (self.gaps[k][0], -k))

    @property
    def exists(self) -> bool:
        """Whether some number of groups fits clearly better than it would on customers without groups."""
        return any(
            gain > LEAST_GAIN and gain > 2.5 * error for k, (gain, error) in self.gaps.items() if k > 1
        )

    @property
    def rising(self) -> bool:
        """Whether the gap still grows at the largest k, so that no number of groups stands out."""
        return self.exists and self.plateau >= max(self.gaps) - 2

    @property
    def plateau(self) -> int:
        """The smallest k whose gap cannot be told from the largest one."""
        top = self.gaps[self.best][0]
        return min(k for k, (gain, _) in self.gaps.items() if gain >= top - WITHIN_NOISE)

    def stability(self, k: int, n_bootstraps: int = SCREENED) -> Floats:
        """Return the bootstrap Jaccard of each group at this k."""
        key = (k, n_bootstraps)
        if key not in self._stability:
            self._stability[key] = self._bootstrap(k, n_bootstraps)
        return self._stability[key]

    def known_stability(self, k: int) -> Floats | None:
        """Return the bootstrap Jaccard if it was computed already."""
        return self._stability.get((k, CONFIRMED), self._stability.get((k, SCREENED)))

    def _bootstrap(self, k: int, n_bootstraps: int) -> Floats:
        labels = self.labels(k)
        total, times = np.zeros(k), np.zeros(k)
        for i in range(n_bootstraps):
            drawn = np.random.default_rng([self.seed, 7, i]).integers(0, len(self.data), len(self.data))
            rows = np.unique(drawn)
            again = fit_path(
                self.family, self.data.take(drawn), k + (self.family != "kmeans") * 3, k, self.seed + i
            )
            if k not in again:
                continue
            table = evidence.contingency(labels[rows], again[k].predict(self.data.take(rows)), k, k)
            union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
            present = table.sum(axis=1) > 0
            total += np.where(present, (table / np.maximum(union, 1)).max(axis=1), 0)
            times += present
        return np.asarray(total / np.maximum(times, 1))

    def choose_k(self, k_max: int = K_MAX) -> int:
        """Return the number of groups that the evidence favours, 1 if there are none.

        That is where the gap stops growing, or one more if then too every group is found again in resampled
        customers; failing that, a smaller number with most of the gap at which every group is found again.
        """
        if not self.exists:
            return 1
        allowed = [k for k in self.gaps if 2 <= k <= k_max]
        near = [k for k in (self.plateau + 1, self.plateau) if k in allowed] or allowed[:1]
        if self.rising:  # no number stands out, so stay readable
            near = [k for k in allowed if k <= READABLE][::-1]
        for k in near:
            below = max((self.gaps[less][0] for less in allowed if less < k), default=0.0)
            if self.gaps[k][0] >= below - WITHIN_NOISE and self.stability(k).min() >= VALID:
                return k
        enough = HALF_THE_GAP * max(self.gaps[k][0] for k in near)
        fewer = sorted((k for k in allowed if k < max(near)), key=lambda k: -self.gaps[k][0])
        worth = [k for k in fewer if self.gaps[k][0] > enough and k not in near]
        for k in worth:
            if self.stability(k).min() >= VALID:
                return k
        best = max([*near, *worth], key=lambda k: (round(float(self.stability(k).min()), 2), k))
        return best if self.stability(best).max() >= DOUBTFUL else 1


HALF_THE_GAP = 0.5  # a smaller number of groups is taken instead only if it explains so much of the gap
READABLE = 6  # where no number of segments stands out, more than this would not be remembered


def search(
    family: Family, data: Points, seed: int = 0, k_max: int = K_MAX, n_references: int = N_REFERENCES
) -> Search:
    """Fit 1 to `k_max` groups and compare each with customers without groups."""
    fits = fit_path(family, data, k_max, 1, seed)
    ks = sorted(fits)
    null = []
    for i in range(n_references):
        drawn = fit_path(family, without_groups(data, seed, i), max(ks), 1, seed)
        null.append([drawn[k].loss for k in ks])
    losses = np.array(null)
    inflate = np.sqrt(1 + 1 / n_references)
    gains = losses - losses[:, :1]
    own = np.array([fits[k].loss for k in ks])
    values = losses.mean(axis=0) - own
    gaps = {k: (float(values[i] - values[0]), float(gains[:, i].std() * inflate)) for i, k in enumerate(ks)}
    raw = {k: (float(values[i]), float(losses[:, i].std() * inflate)) for i, k in enumerate(ks)}
    return Search(family, data, fits, gaps, raw, seed)


def telling(choice: Choice, data: Points, labels: Ints) -> dict[str, float]:
    """Return for each feature the part of its variance that lies between groups, 0 to 1."""
    groups = np.unique(labels)
    found: dict[str, float] = {}
    for i, axis in enumerate(choice.axes):
        values = data.axes[:, i]
        total = float(((values - values.mean()) ** 2).sum())
        within = sum(float(((values[labels == g] - values[labels == g].mean()) ** 2).sum()) for g in groups)
        part = 1 - within / total if total > 0 else 0.0
        found[axis["feature"]] = max(found.get(axis["feature"], 0.0), part)
    return found


def find(
    choice: Choice, customers: pd.DataFrame, family: Family, seed: int = 0, select: bool = True
) -> tuple[Choice, Search]:
    """Search on the chosen features; where these are many, without those that tell nothing.

    Args:
        choice: Features.
        customers: The evidence sample.
        family: What to fit.
        seed: Of the random numbers.
        select: Leave out features that tell no groups apart.
    """
    if not select or len(choice.features) < MANY_AXES:
        return choice, search(family, points(choice, customers), seed)
    data = points(choice, customers)
    first = fit_path("kmeans", data, READABLE, 2, seed)
    parts: dict[str, float] = {}
    for groups in first.values():
        for name, part in telling(choice, data, groups.predict(data)).items():
            parts[name] = max(parts.get(name, 0.0), part)
    fewer = _without_silent(choice, parts)
    found = search(family, points(fewer, customers), seed)
    if not found.exists and fewer is not choice:
        fewer, found = choice, search(family, data, seed)
    if not found.exists or found.rising:
        return fewer, found
    again = _without_silent(fewer, telling(fewer, found.data, found.labels(found.plateau)))
    if again is not fewer:
        better = search(family, points(again, customers), seed)
        if better.exists:
            return again, better
    return fewer, found


def _without_silent(choice: Choice, parts: Mapping[str, float]) -> Choice:
    silent = {
        name: f"does not tell the segments apart ({100 * part:.0f}% of its variance lies between them)"
        for name, part in parts.items()
        if part < TELLING
    }
    return choice.without(silent) if silent and len(silent) < len(parts) else choice
