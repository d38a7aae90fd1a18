"""Knows what speaks for and against a number of segments: gap statistic, bootstrap Jaccard, silhouette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Fit = Callable[[Floats, int, int], "Fitted"]  # (matrix, k, seed) -> a fit

DISSOLVED, DOUBTFUL, VALID, HIGHLY_STABLE = 0.5, 0.6, 0.75, 0.85  # fpc's reading of the bootstrap Jaccard


@dataclass(frozen=True)
class Fitted:
    """A fit of k groups.

    Attributes:
        labels: Group of each row, 0 to k - 1.
        loss: What the gap statistic compares, smaller is better: log of the within sum of squares, or the
            negative mean log-likelihood.
        predict: Gives the groups of other rows.
    """

    labels: Ints
    loss: float
    predict: Callable[[Floats], Ints]


@dataclass(frozen=True, slots=True)
class Gap:
    """Gap statistic for one number of groups; `error` is its simulation standard error."""

    k: int
    value: float
    error: float


def references(matrix: Floats, n_references: int, seed: int | Sequence[int]) -> list[Floats]:
    """Draw data without groups: uniform in the box along the principal axes of the data.

    Source: Tibshirani, Walther & Hastie (2001), JRSS B 63, section 3, choice (b).
    """
    centred = matrix - matrix.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    turned = np.einsum("ij,kj->ik", centred, axes)
    low, high = turned.min(axis=0), turned.max(axis=0)
    drawn = []
    for i in range(n_references):
        rng = np.random.default_rng([*([seed] if isinstance(seed, int) else seed), i])
        box = rng.uniform(low, high, size=turned.shape)
        drawn.append(np.einsum("ik,kj->ij", box, axes))
    return drawn


def gap_statistic(
    matrix: Floats,
    ks: Sequence[int],
    fit: Fit,
    n_references: int = 20,
    seed: int = 0,
    fits: dict[int, Fitted] | None = None,
) -> list[Gap]:
    """Compare the loss at each k with what data without groups would give.

    Args:
        matrix: Rows in the space in which distances are taken.
        ks: Numbers of groups, 1 among them.
        fit: Fits k groups.
        n_references: Data sets without groups to compare with.
        seed: Of the random numbers.
        fits: Filled with the fits to the data, where given.

    Returns:
        One gap for each k, in the order given; larger means more structure than chance.

    Source: Tibshirani, Walther & Hastie (2001), JRSS B 63, 411-423.
    """
    own = {k: fit(matrix, k, seed) for k in ks}
    if fits is not None:
        fits.update(own)
    null = np.array(
        [[fit(drawn, k, seed).loss for k in ks] for drawn in references(matrix, n_references, seed)]
    )
    means = null.mean(axis=0)
    errors = null.std(axis=0) * np.sqrt(1 + 1 / n_references)
    return [Gap(k, float(means[i] - own[k].loss), float(errors[i])) for i, k in enumerate(ks)]


def tibshirani_k(gaps: Sequence[Gap]) -> int:
    """Return the smallest k whose gap is within one error of the next: Gap(k) >= Gap(k + 1) - s(k + 1)."""
    for this, following in zip(gaps, gaps[1:], strict=False):
        if this.value >= following.value - following.error:
            return this.k
    return gaps[-1].k


def bootstrap_jaccard(
    matrix: Floats, labels: Ints, k: int, fit: Fit, n_bootstraps: int = 50, seed: int = 0
) -> Floats:
    """Return how well each group is found again in resampled data: mean largest Jaccard similarity, 0 to 1.

    Source: Hennig (2007), Cluster-wise assessment of cluster stability, CSDA 52, 258-271.
    """
    total = np.zeros(k)
    times = np.zeros(k)
    for i in range(n_bootstraps):
        rows = resampled(len(matrix), seed, i)
        again = fit(matrix[rows], k, seed + i)
        table = contingency(labels[rows], again.predict(matrix[rows]), k, k)
        present = table.sum(axis=1) > 0
        total += np.where(present, best_jaccard(table), 0)
        times += present
    return np.asarray(total / np.maximum(times, 1))


def contingency(first: Ints, second: Ints, n_first: int, n_second: int) -> Ints:
    """Count how often each pair of groups meets."""
    counted = np.bincount(first * n_second + second, minlength=n_first * n_second)
    return counted.reshape(n_first, n_second)


def resampled(n: int, seed: int, i: int) -> Ints:
    """Draw n rows with replacement and return those drawn, each once: copies would look like tight groups.

    Source: `clusterboot` of the R package fpc, whose default is `multipleboot = FALSE`.
    """
    return np.unique(np.random.default_rng([seed, 7, i]).integers(0, n, n))


def best_jaccard(table: Ints) -> Floats:
    """Return for each row of a cross table the largest Jaccard similarity with any column, 0 to 1."""
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
    return np.asarray((table / np.maximum(union, 1)).max(axis=1))


@dataclass(frozen=True, slots=True)
class Silhouette:
    """Mean silhouette with its 95 % interval and the rows it was computed on."""

    value: float
    low: float
    high: float
    n_rows: int


def silhouette(
    matrix: Floats, labels: Ints, limit: int = 2000, seed: int = 0, n_total: int | None = None
) -> Silhouette | None:
    """Return the mean silhouette of a sample of rows, or None for a single group.

    Args:
        matrix: Rows.
        labels: Group of each.
        limit: Rows to sample at most.
        seed: Of the sample.
        n_total: Rows of which `matrix` is itself a sample, if it is one.

    Source: Rousseeuw (1987), J. Comput. Appl. Math. 20, 53-65.
    """
    from sklearn.metrics import silhouette_samples  # scikit-learn takes long to import

    rows = np.arange(len(matrix))
    if len(rows) > limit:
        rows = np.sort(np.random.default_rng([seed, 11]).choice(len(rows), limit, replace=False))
    present, counts = np.unique(labels[rows], return_counts=True)
    if len(present) < 2 or len(present) >= len(rows) or counts.max() < 2:
        return None
    each = silhouette_samples(matrix[rows], labels[rows])
    error = float(each.std() / np.sqrt(len(rows))) if len(rows) < (n_total or len(matrix)) else 0.0
    value = float(each.mean())
    return Silhouette(value, value - 1.96 * error, value + 1.96 * error, len(rows))
