"""Knows scikit-learn's clustering: k-means, Ward's hierarchy and HDBSCAN, each on one thread."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from tools.finding.evidence import Fitted, Floats, Ints

_limited: ContextVar[bool] = ContextVar("limited", default=False)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread: the same bytes on any machine, and faster for small fits."""
    if _limited.get():  # looking up the thread pools costs more than a small fit, so only once
        yield
        return
    # Only libraries that are loaded by now are limited: one loaded later would start threads that wait
    # by spinning, and on a busy machine the same work takes ten times as long.
    for library in ("scipy.linalg", "sklearn.cluster"):
        importlib.import_module(library)
    from threadpoolctl import threadpool_limits

    token = _limited.set(True)
    try:
        with threadpool_limits(1), warnings.catch_warnings():
            # Fewer distinct rows than groups, or too few rounds: such fits are compared as they are.
            warnings.simplefilter("ignore")
            yield
    finally:
        _limited.reset(token)


def k_means(matrix: Floats, k: int, seed: int, n_init: int = 2) -> Fitted:
    """Fit k-means; the loss is the logarithm of the within sum of squares."""
    centres, labels = k_means_centres(matrix, k, seed, n_init)
    within = float(((matrix - centres[labels]) ** 2).sum())
    return Fitted(labels, float(np.log(max(within, 1e-300))), lambda other: _nearest(other, centres))


def k_means_centres(matrix: Floats, k: int, seed: int, n_init: int) -> tuple[Floats, Ints]:
    """Return centres and labels of k-means, the best of `n_init` starts."""
    if k == 1:
        return matrix.mean(axis=0, keepdims=True), np.zeros(len(matrix), dtype=np.int64)
    from sklearn.cluster import KMeans

    with one_thread():
        fitted = KMeans(k, n_init=n_init, random_state=seed, max_iter=100).fit(matrix)
    return np.asarray(fitted.cluster_centers_), fitted.labels_.astype(np.int64)


def lloyd(matrix: Floats, centres: Floats, copied: bool = True) -> Floats:
    """Improve centres on everybody, from where a sample left them.

    Args:
        matrix: Everybody, customers x axes.
        centres: Where to start.
        copied: Leave the matrix as it is; else it is moved meanwhile, which spares its size in memory.
    """
    from sklearn.cluster import KMeans

    with one_thread():
        start = KMeans(len(centres), init=centres, n_init=1, max_iter=30, tol=1e-5, copy_x=copied)
        return np.asarray(start.fit(matrix).cluster_centers_)


def ward_path(matrix: Floats, k_start: int, k_end: int) -> dict[int, Ints]:
    """Return the groups of Ward's hierarchy for every k from `k_start` down to `k_end`."""
    from scipy.cluster.hierarchy import cut_tree, linkage

    with one_thread():
        cuts = cut_tree(linkage(matrix, "ward"), n_clusters=range(k_start, k_end - 1, -1))
    return {k: cuts[:, i].astype(np.int64) for i, k in enumerate(range(k_start, k_end - 1, -1))}


def density_labels(matrix: Floats) -> Ints:
    """Return the dense regions of HDBSCAN, -1 outside; a region holds at least two per cent."""
    from sklearn.cluster import HDBSCAN

    with one_thread():
        least = max(15, len(matrix) // 50)
        return np.asarray(
            HDBSCAN(min_cluster_size=least, min_samples=10, copy=True).fit_predict(matrix).astype(np.int64)
        )


def _nearest(matrix: Floats, centres: Floats) -> Ints:
    squared = np.stack([((matrix - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
    return np.asarray(squared.argmin(axis=1))
