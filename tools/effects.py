"""Knows how far one group of customers lies from another: effect sizes with intervals, no bare p-values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

Z95 = 1.959963984540054
SMALL, MEDIUM, LARGE = 0.2, 0.5, 0.8  # Cohen (1988), for standardised differences
V_SMALL, V_MEDIUM, V_LARGE = 0.1, 0.3, 0.5  # Cohen (1988), for Cramer's V with one degree of freedom


@dataclass(frozen=True, slots=True)
class Difference:
    """A standardised difference with its 95% interval and the two group sizes."""

    d: float
    low: float
    high: float
    n_inside: int
    n_outside: int

    @property
    def word(self) -> str:
        """How large it is, in one word, by Cohen's thresholds."""
        size = abs(self.d)
        return (
            "large"
            if size >= LARGE
            else "medium"
            if size >= MEDIUM
            else "small"
            if size >= SMALL
            else "negligible"
        )


@dataclass(frozen=True, slots=True)
class OverIndex:
    """How often a value occurs inside a group, relative to everybody: 100 means as often."""

    index: float
    low: float
    high: float
    n: int
    share_inside: float
    share_all: float


def even_scale(values: Floats) -> Floats:
    """Bring skewed values to a scale on which means and deviations describe them.

    Non-negative values with a long tail take log1p; signed ones the signed log; others stay.
    """
    finite = np.isfinite(values)
    present = values if finite.all() else values[finite]
    if present.size < 3 or abs(_skewness(present)) <= 1.0:
        return values
    if present.min() >= 0:
        return np.log1p(values)
    return np.sign(values) * np.log1p(np.abs(values))


def _skewness(values: Floats) -> float:
    centred = values - values.mean()
    squared = centred * centred
    deviation = float(np.sqrt(squared.mean()))
    return float((squared * centred).mean()) / deviation**3 if deviation > 0 else 0.0


def moments(values: Floats, groups: Positions, n_groups: int) -> tuple[Floats, Floats, Floats]:
    """Return count, sum and sum of squares about the overall mean, for each group; missing values left out.

    Args:
        values: One value a customer; NaN where missing.
        groups: Group of each customer from 0, or -1 to leave the customer out.
        n_groups: Number of groups.
    """
    kept = np.isfinite(values) & (groups >= 0)
    inside, where = (values, groups) if kept.all() else (values[kept], groups[kept])
    centred = inside - (inside.mean() if inside.size else 0.0)
    count = np.bincount(where, minlength=n_groups).astype(np.float64)
    total = np.bincount(where, weights=centred, minlength=n_groups).astype(np.float64)
    squares = np.bincount(where, weights=centred * centred, minlength=n_groups).astype(np.float64)
    return count, total, squares


def against_the_rest(values: Floats, groups: Positions, n_groups: int) -> list[Difference | None]:
    """Compare each group with everybody else.

    Returns:
        One difference a group; None where a side has fewer than two values or nothing varies.

    Source: Hedges and Olkin (1985), Statistical Methods for Meta-Analysis, for the interval of d.
    """
    return differences(moments(values, groups, n_groups))


def differences(sums: tuple[Floats, Floats, Floats]) -> list[Difference | None]:
    """Compare each group with everybody else, from what `moments` returns."""
    count, total, squares = sums
    return [
        _difference(
            (float(count[i]), float(total[i]), float(squares[i])),
            (
                float(count.sum() - count[i]),
                float(total.sum() - total[i]),
                float(squares.sum() - squares[i]),
            ),
        )
        for i in range(count.size)
    ]


def between(first: Floats, second: Floats) -> Difference | None:
    """Compare two groups of values; missing values left out.

    Source: Hedges and Olkin (1985), as `against_the_rest`.
    """
    values = np.concatenate([first, second])
    groups = np.repeat(np.array([0, 1]), [first.size, second.size])
    return against_the_rest(values, groups, 2)[0]


def _difference(inside: tuple[float, float, float], outside: tuple[float, float, float]) -> Difference | None:
    (n1, sum1, squares1), (n2, sum2, squares2) = inside, outside
    if n1 < 2 or n2 < 2:
        return None
    within = (squares1 - sum1**2 / n1) + (squares2 - sum2**2 / n2)
    deviation = math.sqrt(max(within, 0.0) / (n1 + n2 - 2))
    gap = sum1 / n1 - sum2 / n2
    if deviation <= 1e-9 * abs(gap):  # nothing varies inside the groups: scale by the spread of everybody
        deviation = abs(gap) * math.sqrt(n1 * n2) / (n1 + n2)
    if deviation <= 0:
        return None
    d = gap / deviation
    half = Z95 * math.sqrt((n1 + n2) / (n1 * n2) + d * d / (2 * (n1 + n2)))
    return Difference(d, d - half, d + half, int(n1), int(n2))


def wilson(successes: float, n: float) -> tuple[float, float]:
    """Return the 95% interval of a proportion, each from 0 to 1.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if n <= 0:
        return 0.0, 1.0
    p, z2 = successes / n, Z95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def over_index(n_both: int, n_inside: int, n_value: int, n_all: int) -> OverIndex:
    """Relate the share of a value inside a group to its share among everybody, the base taken as known.

    Args:
        n_both: Customers in the group with the value.
        n_inside: Customers in the group.
        n_value: Customers with the value.
        n_all: All customers.
    """
    base = n_value / n_all
    low, high = wilson(n_both, n_inside)
    inside = n_both / n_inside
    return OverIndex(100 * inside / base, 100 * low / base, 100 * high / base, n_both, inside, base)


def cramers_v(counts: npt.NDArray[Any]) -> float:
    """Return the strength of association in a table of counts, 0 to 1, corrected for chance.

    Source: Bergsma (2013), A bias-correction for Cramer's V and Tschuprow's T.
    """
    table = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(np.float64)
    rows, columns = table.shape
    n = table.sum()
    if rows < 2 or columns < 2 or n < 2:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi2 = float(((table - expected) ** 2 / expected).sum() / n)
    corrected = max(0.0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    rows_corrected = rows - (rows - 1) ** 2 / (n - 1)
    columns_corrected = columns - (columns - 1) ** 2 / (n - 1)
    smaller = min(rows_corrected - 1, columns_corrected - 1)
    return math.sqrt(corrected / smaller) if smaller > 0 else 0.0


def eta_squared(values: Floats, groups: Positions, n_groups: int) -> float:
    """Return the part of the variance of `values` that lies between the groups, 0 to 1."""
    return part_between(moments(values, groups, n_groups))


def part_between(sums: tuple[Floats, Floats, Floats]) -> float:
    """Return the part of the variance that lies between groups, 0 to 1, from what `moments` returns."""
    count, total, squares = sums
    everything = squares.sum() - total.sum() ** 2 / max(count.sum(), 1)
    filled = count > 0
    between_groups = (total[filled] ** 2 / count[filled]).sum() - total.sum() ** 2 / max(count.sum(), 1)
    return float(between_groups / everything) if everything > 0 else 0.0


def per_arm_for_rates(rate: float, change: float) -> int:
    """Return the customers needed in each arm to see a rate change by `change`, at 5% and with power 80%.

    Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions; without
    continuity correction.
    """
    z_power = 0.8416212335729143
    other = rate + change
    mean = (rate + other) / 2
    top = Z95 * math.sqrt(2 * mean * (1 - mean)) + z_power * math.sqrt(
        rate * (1 - rate) + other * (1 - other)
    )
    return math.ceil((top / change) ** 2)


def per_arm_for_means(mean: float, deviation: float, change: float) -> int:
    """Return the customers needed in each arm to see a mean change by the part `change`, 5% and power 80%."""
    z_power = 0.8416212335729143
    return math.ceil(2 * ((Z95 + z_power) * deviation / (change * mean)) ** 2)
