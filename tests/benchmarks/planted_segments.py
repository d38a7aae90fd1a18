"""Knows customers with planted segments of eight kinds, and four kinds without any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

Planted = tuple[pd.DataFrame, npt.NDArray[np.int64]]
N = 2000


def _frame(columns: npt.NDArray[np.float64], names: list[str] | None = None) -> pd.DataFrame:
    names = names or [f"x{i + 1}" for i in range(columns.shape[1])]
    return pd.DataFrame(columns, columns=names)


def _labels(rng: np.random.Generator, shares: list[float], n: int = N) -> npt.NDArray[np.int64]:
    counts = np.floor(np.array(shares) * n).astype(int)
    counts[0] += n - counts.sum()
    return rng.permutation(np.repeat(np.arange(len(shares)), counts))


def _centres(rng: np.random.Generator, k: int, d: int, apart: float) -> npt.NDArray[np.float64]:
    """Draw k centres whose smallest distance is exactly `apart`."""
    while True:
        centres = rng.normal(size=(k, d))
        gaps = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(-1))[np.triu_indices(k, 1)]
        if gaps.min() > 0.45 * gaps.mean():
            return centres * apart / gaps.min()


def separated(rng: np.random.Generator) -> Planted:
    k = int(rng.integers(3, 7))
    truth = _labels(rng, [1 / k] * k)
    return _frame(_centres(rng, k, 4, 8)[truth] + rng.normal(size=(N, 4))), truth


def unequal_sizes(rng: np.random.Generator) -> Planted:
    truth = _labels(rng, [0.62, 0.25, 0.09, 0.04])
    return _frame(_centres(rng, 4, 3, 8)[truth] + rng.normal(size=(N, 3))), truth


def overlapping(rng: np.random.Generator) -> Planted:
    truth = _labels(rng, [0.4, 0.35, 0.25])
    return _frame(_centres(rng, 3, 3, 3.5)[truth] + rng.normal(size=(N, 3))), truth


def heavy_tailed(rng: np.random.Generator) -> Planted:
    """Money: log-normal within each segment, with tails heavier than that."""
    truth = _labels(rng, [0.4, 0.3, 0.2, 0.1])
    logs = 6 + 0.6 * _centres(rng, 4, 3, 7)[truth] + 0.6 * rng.standard_t(5, size=(N, 3)) * np.sqrt(3 / 5)
    return _frame(np.exp(logs).round(2), ["balance", "spend", "largest"]), truth


def elongated(rng: np.random.Generator) -> Planted:
    truth = _labels(rng, [0.4, 0.35, 0.25])
    points = rng.normal(size=(N, 2)) * [6, 0.6] + np.array([[0, 0], [0, 5], [3, 10]])[truth]
    turn = rng.uniform(0.3, 1.2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return _frame(points @ rotation.T), truth


def mixed_types(rng: np.random.Generator) -> Planted:
    truth = _labels(rng, [0.4, 0.3, 0.3])
    numbers = _centres(rng, 3, 2, 5)[truth] + rng.normal(size=(N, 2))
    frame = _frame(numbers, ["spend", "visits"])
    preferred = np.array(["card", "cash", "transfer"])[truth]
    noise = np.array(["card", "cash", "transfer"])[rng.integers(0, 3, N)]
    frame["payment"] = np.where(rng.random(N) < 0.85, preferred, noise)
    frame["newsletter"] = np.where(rng.random(N) < np.array([0.9, 0.1, 0.5])[truth], "Yes", "No")
    return frame, truth


def outliers(rng: np.random.Generator) -> Planted:
    """Three per cent are scattered far and wide; they have a label of their own, -1."""
    truth = _labels(rng, [0.4, 0.35, 0.25])
    points = _centres(rng, 3, 3, 7)[truth] + rng.normal(size=(N, 3))
    strange = rng.choice(N, int(0.03 * N), replace=False)
    points[strange] = rng.uniform(-40, 40, size=(len(strange), 3))
    truth = truth.copy()
    truth[strange] = -1
    return _frame(points), truth


def irrelevant_columns(rng: np.random.Generator) -> Planted:
    truth = _labels(rng, [0.4, 0.35, 0.25])
    points = _centres(rng, 3, 3, 7)[truth] + rng.normal(size=(N, 3))
    noise = rng.normal(size=(N, 15)) * rng.uniform(0.5, 20, 15)
    columns = np.hstack([points, noise])
    return _frame(columns[:, rng.permutation(18)]), truth


def uniform(rng: np.random.Generator) -> Planted:
    d = int(rng.integers(2, 6))
    return _frame(rng.uniform(size=(N, d)) * rng.uniform(1, 50, d)), np.zeros(N, dtype=np.int64)


def one_gaussian(rng: np.random.Generator) -> Planted:
    d = int(rng.integers(2, 6))
    mixing = rng.normal(size=(d, d))
    return _frame(rng.normal(size=(N, d)) @ mixing), np.zeros(N, dtype=np.int64)


def log_normals(rng: np.random.Generator) -> Planted:
    d = int(rng.integers(2, 6))
    logs = rng.normal(size=(N, d)) * rng.uniform(0.8, 1.6, d) + rng.uniform(2, 9, d)
    return _frame(np.exp(logs).round(2)), np.zeros(N, dtype=np.int64)


def bank_like(rng: np.random.Generator) -> Planted:
    """Balances and tickets as in a bank: log-normal, round figures, zeros, thin weeks, daylight hours."""
    balance = np.exp(rng.normal(9.8, 2.0, N)).round(2)
    balance[rng.random(N) < 0.003] = 0
    amount = np.exp(rng.normal(6.2, 1.6, N))
    popular = np.array([50, 100, 200, 500, 1000, 2000, 5000])
    rounded = rng.random(N) < 0.3
    amount[rounded] = popular[np.abs(np.log(amount[rounded])[:, None] - np.log(popular)).argmin(axis=1)]
    hour = np.clip(rng.normal(16, 5, N), 0, 23.98)
    recency = np.floor(np.abs(rng.normal(56, 15, N))).clip(0, 81)
    frame = _frame(np.column_stack([balance, amount.round(0), hour.round(2), recency]))
    frame.columns = pd.Index(["balance", "amount", "hour", "recency"])
    return frame, np.zeros(N, dtype=np.int64)


SEGMENTS: dict[str, Callable[[np.random.Generator], Planted]] = {
    function.__name__: function
    for function in (
        separated, unequal_sizes, overlapping, heavy_tailed, elongated, mixed_types, outliers,
        irrelevant_columns,
    )
}  # fmt: skip
NOTHING: dict[str, Callable[[np.random.Generator], Planted]] = {
    function.__name__: function for function in (uniform, one_gaussian, log_normals, bank_like)
}


def plant(kind: str, seed: int) -> Planted:
    """Return customers of a kind and the segment of each (-1 for planted outliers)."""
    return {**SEGMENTS, **NOTHING}[kind](np.random.default_rng([seed, len(kind)]))
