"""Knows the likelihoods of customers who buy at their own rate until they stop, and of what they spend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt

from tools import progress

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Kind = Literal["BG/NBD", "MBG/NBD"]

_BOUND = 15.0  # of the logarithm of a parameter
_NODES = 48  # of the quadrature over the chance to stop
_UNDERFLOW = 1e-280  # powers below this have lost digits
_NEAR_ONE = 1e-6  # the closed forms divide by a - 1


@dataclass(frozen=True)
class Histories:
    """Purchase histories, equal ones collapsed.

    Attributes:
        x: Repeat purchases, shape (h,).
        t_x: Time from the first to the last purchase.
        age: Time from the first purchase to the end of the observation.
        n: Customers with this history.
        position: Index into the histories for every customer, shape (customers,).
    """

    x: Floats
    t_x: Floats
    age: Floats
    n: Floats
    position: Whole

    @property
    def n_customers(self) -> int:
        """Customers behind the histories."""
        return len(self.position)

    @cached_property
    def pairs(self) -> tuple[Floats, Floats, Whole]:
        """Distinct pairs of repeat purchases and age, and the index into them for every history."""
        code = self.x * (self.age.max(initial=0.0) + 1.0) + self.age
        _, one, which = np.unique(code, return_index=True, return_inverse=True)
        return self.x[one], self.age[one], which.astype(np.int64)


def collapse(x: Whole, t_x: Whole, age: Whole, unit: float = 1.0) -> Histories:
    """Collapse customers with equal histories; the result does not depend on their order.

    Args:
        x: Repeat purchases of each customer.
        t_x: Days from the first to the last purchase.
        age: Days from the first purchase to the end of the observation.
        unit: Days in the unit of time of the result, such as 7 for weeks.
    """
    span, most = int(age.max(initial=0)) + 1, int(x.max(initial=0)) + 1
    codes, position, n = np.unique((age * span + t_x) * most + x, return_inverse=True, return_counts=True)
    rest, repeats = codes // most, codes % most
    return Histories(
        repeats.astype(float),
        rest % span / unit,
        rest // span / unit,
        n.astype(float),
        position.astype(np.int64),
    )


@dataclass(frozen=True)
class Maximum:
    """A maximum of a likelihood.

    Attributes:
        parameters: Positive parameters.
        log_likelihood: Its value there.
        covariance: Of the logarithms of the parameters, from the observed information.
        settled: Whether the gradient is zero there, inside the bounds.
    """

    parameters: Floats
    log_likelihood: float
    covariance: Floats
    settled: bool


Target = Callable[[Floats], tuple[float, Floats]]


def maximise(target: Target, starts: Sequence[Sequence[float]], n: float) -> Maximum:
    """Maximise a log-likelihood of positive parameters; the same data give the same digits.

    Args:
        target: Log-likelihood and its gradient, by the parameters.
        starts: Where to begin; later ones are tried only where the first does not settle.
        n: Observations, for the scale.
    """
    from scipy.optimize import minimize

    def downhill(logs: Floats) -> tuple[float, Floats]:
        progress.check()
        parameters = np.exp(logs)
        value, gradient = target(parameters)
        return -value / n, -gradient * parameters / n

    best: tuple[float, Floats] | None = None
    for start in starts:
        box = [(-_BOUND, _BOUND)] * len(start)
        options: Any = {"ftol": 1e-13, "gtol": 1e-7, "maxiter": 500}
        begin: Any = np.log(start)
        found: Any = minimize(
            cast(Any, downhill), begin, jac=True, method="L-BFGS-B", bounds=box, options=options
        )
        if best is None or found.fun < best[0] - 1e-9:
            best = float(found.fun), np.asarray(found.x, dtype=np.float64)
        if np.abs(best[1]).max() < _BOUND - 1 and np.abs(downhill(best[1])[1]).max() < 1e-4:
            break
    logs = np.log(starts[0]) if best is None else best[1]
    logs, curvature = _polish(downhill, logs)
    value, gradient = downhill(logs)
    settled = bool(np.abs(gradient).max() < 1e-6 and np.abs(logs).max() < _BOUND - 1)
    return Maximum(np.exp(logs), -value * n, _inverse(curvature * n), settled)


def _polish(downhill: Target, logs: Floats) -> tuple[Floats, Floats]:
    """Take Newton steps while they make the gradient smaller, so that the last digits are settled."""
    curvature = _curvature(downhill, logs)
    for _ in range(6):
        value, gradient = downhill(logs)
        if np.abs(gradient).max() < 1e-12 or np.linalg.eigvalsh(curvature).min() <= 1e-12:
            break
        step = np.clip(np.linalg.solve(curvature, gradient), -1.0, 1.0)
        there = np.clip(logs - step, -_BOUND, _BOUND)
        lower, slope = downhill(there)
        if lower > value + 1e-12 or np.abs(slope).max() >= np.abs(gradient).max():
            break
        logs = there
        curvature = _curvature(downhill, logs)
    return logs, curvature


def _curvature(downhill: Target, logs: Floats) -> Floats:
    rows = []
    for i in range(len(logs)):
        step = np.zeros_like(logs)
        step[i] = 1e-4
        rows.append((downhill(logs + step)[1] - downhill(logs - step)[1]) / 2e-4)
    found = np.array(rows)
    return (found + found.T) / 2


def _inverse(information: Floats) -> Floats:
    """Invert the information; in directions that the data say nothing about the deviation is held at 1."""
    values, vectors = np.linalg.eigh(information)
    return np.asarray((vectors / np.maximum(values, 1.0)) @ vectors.T)


@dataclass(frozen=True)
class PurchaseModel:
    """Customers buy at their own constant rate and may stop for good after any purchase.

    Rates are gamma distributed (r, alpha), the chance to stop beta distributed (a, b). In BG/NBD nobody
    stops at the first purchase, in MBG/NBD one can. Source: Fader, Hardie and Lee (2005), Marketing
    Science 24(2); Batislam, Denizel and Filiztekin (2007), IJRM 24(3).

    Attributes:
        kind: Which of the two.
        maximum: Of the likelihood; parameters in the order r, alpha, a, b.
    """

    kind: Kind
    maximum: Maximum

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name; alpha in the unit of time of the histories."""
        return dict(zip(("r", "alpha", "a", "b"), map(float, self.maximum.parameters), strict=True))

    def chance_active(self, histories: Histories, at: Floats | None = None) -> Floats:
        """Return the chance that a customer with each history has not stopped, 0 to 1."""
        r, alpha, a, b = self._at(at)
        chances = histories.x + _stops_at_first(self.kind)
        waited = np.log(alpha + histories.age) - np.log(alpha + histories.t_x)
        odds = np.log(a / np.maximum(b + chances - 1, 1e-12)) + (r + histories.x) * waited
        return np.where(chances > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def expected(self, histories: Histories, ahead: float, at: Floats | None = None) -> Floats:
        """Return the expected purchases in the time `ahead` for each history.

        The closed form with Euler's transformation of the hypergeometric function, which does not
        overflow for many purchases; by quadrature where customers are so alike in their chance to stop
        (a and b in the thousands) that it does overflow.
        """
        from scipy.special import hyp2f1

        r, alpha, a, b = self._at(at)
        a = a + _NEAR_ONE if abs(a - 1) < _NEAR_ONE else a
        x, age, which = histories.pairs
        left = a + b + x + _stops_at_first(self.kind) - 1
        left = np.where(np.abs(left) < _NEAR_ONE, _NEAR_ONE, left)
        z = ahead / (alpha + age + ahead)
        with np.errstate(over="ignore", invalid="ignore"):
            series, shrinking = hyp2f1(left - r - x, a - 1, left, z), (1 - z) ** (a - 1)
            active = left / (a - 1) * (1 - shrinking * series)
        lost = ~np.isfinite(active) | (shrinking < _UNDERFLOW)
        if lost.any():
            active[lost] = self._active_by_quadrature(x[lost], age[lost], ahead, at)
        return np.asarray(active[which] * self.chance_active(histories, at))

    def _active_by_quadrature(self, xs: Floats, age: Floats, ahead: float, at: Floats | None) -> Floats:
        """Return the expected purchases of active customers, as the mean over their chance to stop."""
        r, alpha, a, b = self._at(at)
        expected = np.empty(len(xs))
        for x in np.unique(xs):
            mine = np.flatnonzero(xs == x)
            stop, weights = _beta_quadrature(a, b + x + _stops_at_first(self.kind))
            stop = np.maximum(stop, 1e-300)
            grown = np.log1p(stop * ahead / (alpha + age[mine, None]))
            expected[mine] = (-np.expm1(-(r + x) * grown) / stop) @ weights
        return expected

    def chance_of_any(self, histories: Histories, ahead: float) -> Floats:
        """Return the chance of at least one purchase in the time `ahead`, 0 to 1."""
        r, alpha, _, _ = self._at(None)
        rate = np.log(alpha + histories.age) - np.log(alpha + histories.age + ahead)
        return np.asarray(self.chance_active(histories) * -np.expm1((r + histories.x) * rate))

    def second_moment(self, histories: Histories, ahead: float) -> Floats:
        """Return the expected square of the number of purchases in the time `ahead`.

        By quadrature over the chance to stop, which is beta (a, b + x) for an active customer; given
        that chance the moment over the gamma distributed rate is exact.
        """
        r, alpha, a, b = self._at(None)
        xs, age, which = histories.pairs
        pairs_of_purchases = np.empty(len(xs))
        for x in np.unique(xs):
            mine = np.flatnonzero(xs == x)
            stop, weights = _beta_quadrature(a, b + x + _stops_at_first(self.kind))
            past = alpha + age[mine, None]
            grown = np.log1p(stop * ahead / past)
            shape = r + x
            inner = -(shape + 1) * np.expm1(-shape * grown) + shape * np.expm1(-(shape + 1) * grown)
            early = shape * (shape + 1) * (ahead / past) ** 2 / 2  # its limit where nobody stops
            inner = np.where(grown > 1e-4, inner / stop**2, early)
            pairs_of_purchases[mine] = (2 * (1 - stop) * inner) @ weights
        return np.asarray(
            pairs_of_purchases[which] * self.chance_active(histories) + self.expected(histories, ahead)
        )

    def gradient(self, histories: Histories, ahead: float) -> Floats:
        """Return how the expected purchases move with the logarithm of each parameter, shape (h, 4)."""
        return _slopes(lambda at: self.expected(histories, ahead, at), self.maximum.parameters)

    def _at(self, at: Floats | None) -> tuple[float, float, float, float]:
        r, alpha, a, b = self.maximum.parameters if at is None else at
        return float(r), float(alpha), float(a), float(b)


def _stops_at_first(kind: Kind) -> int:
    return 1 if kind == "MBG/NBD" else 0


def _beta_quadrature(a: float, b: float) -> tuple[Floats, Floats]:
    """Return nodes in (0, 1) and weights that sum to one, for means over a beta distribution.

    Source: Golub and Welsch (1969), Mathematics of Computation 23, with the Jacobi recurrence.
    """
    from scipy.linalg import eigh_tridiagonal

    first, second = b - 1.0, a - 1.0
    both, k = first + second, np.arange(1, _NODES, dtype=np.float64)
    diagonal = np.empty(_NODES)
    diagonal[0] = (second - first) / (both + 2)
    diagonal[1:] = (second**2 - first**2) / ((2 * k + both) * (2 * k + both + 2))
    beside = 4 * k * (k + first) * (k + second) / ((2 * k + both) ** 2 * (2 * k + both + 1))
    beside[1:] *= (k[1:] + both) / (2 * k[1:] + both - 1)  # 1 at k = 1, also where it reads 0 / 0
    nodes, vectors = eigh_tridiagonal(diagonal, np.sqrt(beside))
    return np.clip((nodes + 1) / 2, 1e-9, 1 - 1e-12), np.asarray(vectors[0] ** 2)


def _slopes(expected: Callable[[Floats], Floats], parameters: Floats) -> Floats:
    columns = []
    for i in range(len(parameters)):
        step = np.ones(len(parameters))
        step[i] = np.exp(1e-4)
        columns.append((expected(parameters * step) - expected(parameters / step)) / 2e-4)
    return np.column_stack(columns)


def fit_purchases(
    histories: Histories, kind: Kind = "BG/NBD", near: PurchaseModel | None = None
) -> PurchaseModel:
    """Fit the purchase model by maximum likelihood.

    Args:
        histories: At least some of them with a repeat purchase.
        kind: Whether customers may stop at their first purchase (MBG/NBD) or not.
        near: A fit to earlier data of the same customers, to begin from.
    """
    n = histories.n.sum()
    rate = max(float(histories.n @ histories.x) / max(float(histories.n @ histories.age), 1e-9), 1e-9)
    starts = [(r, r / rate, a, b) for r, a, b in ((0.3, 0.8, 2.5), (1.0, 0.2, 2.0))]
    if near is not None:
        starts.insert(0, near._at(None))
    return PurchaseModel(kind, maximise(_purchase_target(histories, kind), starts, float(n)))


def _purchase_target(histories: Histories, kind: Kind) -> Target:
    from scipy.special import digamma, gammaln

    x, t_x, age, n = histories.x, histories.t_x, histories.age, histories.n
    repeats, which = np.unique(x, return_inverse=True)
    chances = repeats + _stops_at_first(kind)
    could_stop = chances > 0

    def target(parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = parameters
        log_age, log_last = np.log(alpha + age), np.log(alpha + t_x)
        exit_odds = np.log(a) - np.log(np.where(could_stop, b + chances - 1, 1.0))
        stays = -(r + x) * log_age
        stops = np.where(could_stop[which], exit_odds[which] - (r + x) * log_last, -np.inf)
        mixed = np.logaddexp(stays, stops)
        stopped = np.exp(stops - mixed)
        by_repeats = gammaln(r + repeats) - gammaln(r) + r * np.log(alpha)
        by_repeats += gammaln(a + b) + gammaln(b + chances) - gammaln(b) - gammaln(a + b + chances)
        d_r = (
            (digamma(r + repeats) - digamma(r) + np.log(alpha))[which]
            - log_age
            + stopped * (log_age - log_last)
        )
        d_alpha = r / alpha - (r + x) * ((1 - stopped) / (alpha + age) + stopped / (alpha + t_x))
        joint = digamma(a + b) - digamma(a + b + chances)
        d_a = joint[which] + stopped / a
        d_b = (joint + digamma(b + chances) - digamma(b))[which]
        d_b = d_b - stopped / np.where(could_stop, b + chances - 1, 1.0)[which]
        return float(n @ (by_repeats[which] + mixed)), np.array([n @ d for d in (d_r, d_alpha, d_a, d_b)])

    return target


@dataclass(frozen=True)
class SpendModel:
    """Amounts vary around a mean of each customer, which is independent of how often the customer buys.

    Source: Fader, Hardie and Lee (2005), Journal of Marketing Research 42(4); Colombo and Jiang (1999).

    Attributes:
        maximum: Of the likelihood; parameters in the order p, q, v.
        n_customers: Customers with a repeat purchase that it was fitted on.
    """

    maximum: Maximum
    n_customers: int

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name; v in money."""
        return dict(zip(("p", "q", "v"), map(float, self.maximum.parameters), strict=True))

    def expected(self, x: Floats, mean_spend: Floats, at: Floats | None = None) -> Floats:
        """Return the expected amount of a future purchase after x purchases of this mean; p x + q > 1."""
        p, q, v = self.maximum.parameters if at is None else at
        return np.asarray(p * (v + x * mean_spend) / (p * x + q - 1))

    def spread(self, x: Floats, mean_spend: Floats) -> tuple[Floats, Floats]:
        """Return the expected variance of one amount, and the expected square of the customer's mean.

        Infinite where p x + q is not above 2.
        """
        p, q, v = self.maximum.parameters
        shape, rate = p * x + q, v + x * mean_spend
        square = np.full(len(shape), np.inf)
        fine = shape > 2
        square[fine] = rate[fine] ** 2 / ((shape[fine] - 1) * (shape[fine] - 2))
        return p * square, p * p * square

    def gradient(self, x: Floats, mean_spend: Floats) -> Floats:
        """Return how the expected amount moves with the logarithm of each parameter, shape (customers, 3)."""
        return _slopes(lambda at: self.expected(x, mean_spend, at), self.maximum.parameters)


def fit_spend(x: Floats, mean_spend: Floats) -> SpendModel:
    """Fit the gamma-gamma model by maximum likelihood.

    Args:
        x: Purchases behind each mean, at least 1.
        mean_spend: Mean amount of them, above 0.
    """
    from scipy.special import digamma, gammaln

    order = np.lexsort((mean_spend, x))
    x, mean_spend = x[order], mean_spend[order]
    repeats, which, n = np.unique(x, return_inverse=True, return_counts=True)
    total, log_spend, log_x = x * mean_spend, np.log(mean_spend), np.log(x)

    def target(parameters: Floats) -> tuple[float, Floats]:
        p, q, v = parameters
        log_rate = np.log(total + v)
        once = gammaln(p * repeats + q) - gammaln(p * repeats) - gammaln(q) + q * np.log(v)
        each = (p * x - 1) * log_spend + p * x * log_x - (p * x + q) * log_rate
        sum_digamma = digamma(p * repeats + q)
        d_p = n @ (repeats * (sum_digamma - digamma(p * repeats)))
        d_p = d_p + (x * (log_spend + log_x - log_rate)).sum()
        d_q = n @ (sum_digamma - digamma(q) + np.log(v)) - log_rate.sum()
        d_v = (q / v - (p * x + q) / (total + v)).sum()
        return float(n @ once + each.sum()), np.array([d_p, d_q, d_v])

    typical = float(np.median(mean_spend))
    starts = [(2.0, 3.0, typical), (6.0, 4.0, 2 * typical)]
    return SpendModel(maximise(target, starts, float(len(x))), len(x))
