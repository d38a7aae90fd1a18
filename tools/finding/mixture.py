"""Knows mixtures of Gaussians and of category shares: groups of any shape, fitted from many down to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools import progress

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
SPREAD = 0.02  # variance added to every axis of a Gaussian, so that round figures make no spikes of their own
PSEUDO = 0.5  # added to every count of a level, so that no level is ever impossible


@dataclass(frozen=True)
class Mixture:
    """A fitted mixture; within a component numbers are jointly Gaussian and categories independent.

    Attributes:
        weights: Share of each component, k.
        means: k x d.
        covariances: k x d x d.
        levels: For each category the probability of its levels, k x number of levels.
        loss: Negative mean log-likelihood of the rows it was fitted to.
    """

    weights: Floats
    means: Floats
    covariances: Floats
    levels: tuple[Floats, ...]
    loss: float

    @property
    def k(self) -> int:
        """Number of components."""
        return len(self.weights)

    def log_densities(self, numbers: Floats, flags: Floats) -> Floats:
        """Return log(weight x density), rows x k."""
        n_axes = numbers.shape[1]
        found = np.zeros((len(numbers), self.k))
        if self.levels:
            found += flags @ np.log(np.hstack(self.levels)).T
        found += np.log(self.weights)
        if not n_axes:
            return found
        lower = np.linalg.cholesky(self.covariances)
        white = np.linalg.inv(lower)
        logdets = 2.0 * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
        found -= 0.5 * (logdets + n_axes * np.log(2 * np.pi))
        for i in range(self.k):
            z = (numbers - self.means[i]) @ white[i].T
            found[:, i] -= 0.5 * np.einsum("ij,ij->i", z, z)
        return found

    def predict(self, numbers: Floats, flags: Floats) -> Ints:
        """Return the most probable component of each row."""
        return np.asarray(self.log_densities(numbers, flags).argmax(axis=1))


def flags_of(codes: Ints, n_levels: Sequence[int]) -> Floats:
    """Write levels as ones and zeros, rows x all levels of all categories."""
    flags = np.zeros((len(codes), int(sum(n_levels))))
    start = 0
    for column, n in enumerate(n_levels):
        flags[np.arange(len(codes)), start + codes[:, column]] = 1.0
        start += n
    return flags


def _responsibilities(densities: Floats) -> tuple[Floats, float]:
    top = densities.max(axis=1, keepdims=True)
    shifted = np.exp(densities - top)
    total = shifted.sum(axis=1, keepdims=True)
    return shifted / total, float((top + np.log(total)).mean())


def _maximise(parts: Floats, numbers: Floats, flags: Floats, n_levels: Sequence[int]) -> Mixture:
    mass = parts.sum(axis=0) + 1e-10
    means = (parts.T @ numbers) / mass[:, None]
    n_axes = numbers.shape[1]
    covariances = np.empty((len(mass), n_axes, n_axes))
    for i in range(len(mass)):
        centred = numbers - means[i]
        covariances[i] = (centred * parts[:, i : i + 1]).T @ centred / mass[i]
        covariances[i].flat[:: n_axes + 1] += SPREAD
    levels: list[Floats] = []
    counts = parts.T @ flags + PSEUDO
    for column, n in enumerate(n_levels):
        start = int(sum(n_levels[:column]))
        part = counts[:, start : start + n]
        levels.append(part / part.sum(axis=1, keepdims=True))
    return Mixture(mass / mass.sum(), means, covariances, tuple(levels), 0.0)


def improve(
    start: Mixture,
    numbers: Floats,
    flags: Floats,
    n_levels: Sequence[int],
    rounds: int = 20,
    enough: float = 1e-4,
) -> Mixture:
    """Run expectation and maximisation from a mixture until little is gained.

    Source: Dempster, Laird & Rubin (1977), JRSS B 39, 1-38.
    """
    before = -np.inf
    current = start
    for _ in range(rounds):
        progress.check()
        parts, likelihood = _responsibilities(current.log_densities(numbers, flags))
        current = _maximise(parts, numbers, flags, n_levels)
        if likelihood - before < enough:
            break
        before = likelihood
    _, likelihood = _responsibilities(current.log_densities(numbers, flags))
    return Mixture(current.weights, current.means, current.covariances, current.levels, -likelihood)


def from_labels(labels: Ints, k: int, numbers: Floats, flags: Floats, n_levels: Sequence[int]) -> Mixture:
    """Return the mixture that describes given groups."""
    parts = np.zeros((len(labels), k))
    parts[np.arange(len(labels)), labels] = 1.0
    parts = 0.98 * parts + 0.02 / k  # so that an almost empty group has a shape too
    return _maximise(parts, numbers, flags, n_levels)


def path(
    labels: Ints,
    k_start: int,
    k_end: int,
    numbers: Floats,
    flags: Floats,
    n_levels: Sequence[int],
    rounds: int = 12,
) -> dict[int, Mixture]:
    """Fit from many groups down: merge the two components that lose least, then improve, and so on.

    Source: Fraley & Raftery (2002), JASA 97, 611-631, on merging from many groups.
    """
    current = improve(
        from_labels(labels, k_start, numbers, flags, n_levels), numbers, flags, n_levels, rounds
    )
    fits = {k_start: current}
    for k in range(k_start - 1, k_end - 1, -1):
        current = improve(_merge(current, numbers, flags, n_levels), numbers, flags, n_levels, rounds)
        fits[k] = current
    return fits


def _merge(mixture: Mixture, numbers: Floats, flags: Floats, n_levels: Sequence[int]) -> Mixture:
    k = mixture.k
    best, pair = np.inf, (0, 1)
    own = [
        _disorder(mixture.weights[i], mixture.covariances[i], [one[i] for one in mixture.levels])
        for i in range(k)
    ]
    for i in range(k):
        for j in range(i + 1, k):
            weight, _, covariance, levels = _joined(mixture, i, j)
            cost = _disorder(weight, covariance, levels) - own[i] - own[j]
            if cost < best - 1e-12:
                best, pair = cost, (i, j)
    i, j = pair
    weight, mean, covariance, levels = _joined(mixture, i, j)
    kept = [m for m in range(k) if m not in pair]
    return Mixture(
        np.append(mixture.weights[kept], weight),
        np.vstack([mixture.means[kept], mean]),
        np.concatenate([mixture.covariances[kept], covariance[None]]),
        tuple(np.vstack([one[kept], new]) for one, new in zip(mixture.levels, levels, strict=True)),
        0.0,
    )


def _joined(mixture: Mixture, i: int, j: int) -> tuple[float, Floats, Floats, list[Floats]]:
    """Return weight, mean, covariance and levels of two components taken as one."""
    a, b = mixture.weights[i], mixture.weights[j]
    weight = float(a + b)
    part = a / weight
    apart = mixture.means[i] - mixture.means[j]
    mean = part * mixture.means[i] + (1 - part) * mixture.means[j]
    covariance = part * mixture.covariances[i] + (1 - part) * mixture.covariances[j]
    covariance = covariance + part * (1 - part) * np.outer(apart, apart)
    return weight, mean, covariance, [part * one[i] + (1 - part) * one[j] for one in mixture.levels]


def _disorder(weight: float, covariance: Floats, levels: Sequence[Floats]) -> float:
    """Return weight times entropy of a component, with the classification term."""
    entropy = 0.5 * float(np.linalg.slogdet(covariance)[1]) if covariance.size else 0.0
    entropy -= sum(float((one * np.log(one)).sum()) for one in levels)
    return weight * (entropy - float(np.log(weight)))
