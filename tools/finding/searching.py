"""Knows how segments are looked for: groups for every k, what speaks for each k, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tools import progress
from tools.customers.on_demand import Customers
from tools.finding import evidence
from tools.finding.choosing import Choice
from tools.finding.evidence import VALID, Floats, Ints, Silhouette
from tools.finding.groups import Family, Groups, Points, fit_path, points, without_groups

K_MAX = 9
N_REFERENCES = 8
N_BOOTSTRAPS = 20  # one number for every k, so that what is said of one k is said of it everywhere
LEAST_GAIN = 0.06  # gap above that of a single group, from which groups are more than chance
WITHIN_NOISE = 0.02  # gaps that differ by less cannot be told apart
TELLING = 0.12  # part of a feature's variance between segments from which it helps to tell them apart
MANY_AXES = 4  # from so many features on, those that tell nothing are left out


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
    def _stability(self) -> dict[int, Floats]:
        return {}

    def labels(self, k: int) -> Ints:
        """Return the group of each point of the evidence sample."""
        return self.fits[k].predict(self.data)

    @property
    def best(self) -> int:
        """The k with the largest gap."""
        return max(self.searched, key=lambda k: (self.gaps[k][0], -k))

    @property
    def exists(self) -> bool:
        """Whether some number of groups fits clearly better than it would on customers without groups."""
        return any(
            gain > LEAST_GAIN and gain > 2.5 * error for k, (gain, error) in self.searched.items() if k > 1
        )

    @property
    def searched(self) -> dict[int, tuple[float, float]]:
        """The gaps that the verdict stands on; a larger number that was asked for changes no verdict."""
        return {k: gap for k, gap in self.gaps.items() if k <= K_MAX}

    @property
    def rising(self) -> bool:
        """Whether the gap still grows at the largest k, so that no number of groups stands out."""
        return self.exists and self.plateau >= max(self.searched) - 2

    @property
    def plateau(self) -> int:
        """The smallest k whose gap cannot be told from the largest one."""
        top = self.gaps[self.best][0]
        return min(k for k, (gain, _) in self.searched.items() if gain >= top - WITHIN_NOISE)

    def stability(self, k: int) -> Floats:
        """Return the bootstrap Jaccard of each group at this k."""
        if k not in self._stability:
            self._stability[k] = self._bootstrap(k)
        return self._stability[k]

    @cached_property
    def _silhouettes(self) -> dict[tuple[int, int], Silhouette | None]:
        return {}

    def n_held(self, k: int) -> int:
        """Return how many of k groups hold anybody: shapes may lie on one another, so that some are empty."""
        return len(np.unique(self.labels(k)))

    def silhouette(self, k: int, n_total: int) -> Silhouette | None:
        """Return the mean silhouette at this k, with an interval if these are a sample of `n_total`."""
        if (k, n_total) not in self._silhouettes:
            found = evidence.silhouette(self.data.axes, self.labels(k), seed=self.seed, n_total=n_total)
            self._silhouettes[k, n_total] = found
        return self._silhouettes[k, n_total]

    def known_stability(self, k: int) -> Floats | None:
        """Return the bootstrap Jaccard if it was computed already."""
        return self._stability.get(k)

    def _bootstrap(self, k: int) -> Floats:
        labels = self.labels(k)
        total, times = np.zeros(k), np.zeros(k)
        for i in range(N_BOOTSTRAPS):
            progress.step(f"Testing whether {k} segments come back in resampled customers", i, N_BOOTSTRAPS)
            rows = evidence.resampled(len(self.data), self.seed, i)
            drawn = self.data.take(rows)
            start = k + 3 if self.family == "gaussian_mixture" else k
            again = fit_path(self.family, drawn, start, k, self.seed + i)
            if k not in again:
                continue
            table = evidence.contingency(labels[rows], again[k].predict(drawn), k, k)
            present = table.sum(axis=1) > 0
            total += np.where(present, evidence.best_jaccard(table), 0)
            times += present
        return np.asarray(total / np.maximum(times, 1))

    def reaching(self, k: int) -> Search:
        """Return the search carried on to more groups; what was found for fewer stays as it is."""
        if k in self.fits:
            return self
        further = search(self.family, self.data, self.seed, k)
        more = [n for n in further.fits if n not in self.fits]
        wider = replace(
            self,
            fits={**self.fits, **{n: further.fits[n] for n in more}},
            gaps={**self.gaps, **{n: further.gaps[n] for n in more}},
            raw_gaps={**self.raw_gaps, **{n: further.raw_gaps[n] for n in more}},
        )
        wider._stability.update(self._stability)
        wider._silhouettes.update(self._silhouettes)
        return wider

    @cached_property
    def chosen_k(self) -> int:
        """Return the number of groups that the evidence favours, 1 if there are none.

        That is where the gap stops growing, or one more if then too every group is found again in resampled
        customers; failing that, a smaller number with most of the gap at which every group is found again.
        """
        if not self.exists:
            return 1
        allowed = [k for k in self.searched if k > 1]
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
        return best if self.stability(best).max() >= VALID else 1  # not one segment holds


HALF_THE_GAP = 0.5  # a smaller number of groups is taken instead only if it explains so much of the gap
READABLE = 6  # where no number of segments stands out, more than this would not be remembered


def search(
    family: Family, data: Points, seed: int = 0, k_max: int = K_MAX, n_references: int = N_REFERENCES
) -> Search:
    """Fit 1 to `k_max` groups and compare each with customers without groups."""
    progress.step(f"Fitting every number of segments up to {k_max}")
    fits = fit_path(family, data, k_max, 1, seed)
    ks = sorted(fits)
    null = []
    for i in range(n_references):
        progress.step(f"Comparing 1 to {max(ks)} segments with customers without groups", i, n_references)
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
    choice: Choice, customers: Customers, family: Family, seed: int = 0, select: bool = True
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
    progress.step("Choosing the features that tell customers apart")
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
