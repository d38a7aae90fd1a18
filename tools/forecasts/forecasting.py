"""Knows how purchase histories become a forecast for each customer, and how far it was off before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools import progress
from tools.customers.purchases import Purchases, histories
from tools.effects import Z95
from tools.forecasts.buy_till_you_die import (
    Floats,
    Histories,
    Kind,
    Maximum,
    PurchaseModel,
    SpendModel,
    Whole,
    collapse,
    fit_purchases,
    fit_spend,
)

KINDS: tuple[Kind, ...] = ("MBG/NBD", "BG/NBD")  # the first where both fit as well
INDEPENDENT = 0.3  # largest correlation of number and amount at which they count as independent
FEW_PRICED = 100  # fewer repeat customers with an amount do not carry a model of spend
TIMES_HORIZON = 3  # history must be this many times as long as the horizon
SEED, DRAWS, QUANTILES = 0, 4000, (0.025, 0.975)  # of the simulation for single customers


@dataclass(frozen=True)
class Estimate:
    """A sum over customers with its 95% interval; NaN where it has none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ranges:
    """Between which purchases, and which money if known, customers stay with 95% probability."""

    low: Floats
    high: Floats
    value_low: Floats | None = None
    value_high: Floats | None = None


@dataclass(frozen=True)
class Spending:
    """A model of spend, or why there is none.

    Attributes:
        model: None where amounts are missing, too few, tied to the number of purchases, or without a mean.
        reason: "", "no amounts", "few", "tied" or "no mean".
        correlation: Pearson correlation of repeat purchases and mean spend, or None.
        n: Repeat customers with a known amount above zero.
    """

    model: SpendModel | None
    reason: str
    correlation: float | None
    n: int


@dataclass(frozen=True)
class Forecast:
    """What every customer is expected to do in the days ahead.

    Attributes:
        customers: One row a customer, as `purchases.histories` gives it.
        horizon_days: Days ahead.
        collapsed: Their histories in days.
        model: Of the purchases.
        spending: Of the money.
    """

    customers: pd.DataFrame
    horizon_days: int
    collapsed: Histories
    model: PurchaseModel
    spending: Spending

    @cached_property
    def by_history(self) -> Floats:
        """Expected purchases for each distinct history."""
        return np.maximum(self.model.expected(self.collapsed, self.horizon_days), 0.0)

    @cached_property
    def purchases(self) -> Floats:
        """Expected purchases of each customer."""
        return self.by_history[self.collapsed.position]

    @cached_property
    def chance_of_any(self) -> Floats:
        """Chance of each customer to buy at all, 0 to 1."""
        return self.model.chance_of_any(self.collapsed, self.horizon_days)[self.collapsed.position]

    @cached_property
    def chance_active(self) -> Floats:
        """Chance of each customer to be still active, 0 to 1."""
        return self.model.chance_active(self.collapsed)[self.collapsed.position]

    @cached_property
    def spend(self) -> Floats | None:
        """Expected amount of a future purchase of each customer."""
        if self.spending.model is None:
            return None
        return self.spending.model.expected(*self._priced())

    @cached_property
    def value(self) -> Floats | None:
        """Expected money of each customer."""
        return None if self.spend is None else self.purchases * self.spend

    @cached_property
    def _gradient(self) -> Floats:
        return self.model.gradient(self.collapsed, self.horizon_days)

    @cached_property
    def _second_moment(self) -> Floats:
        return self.model.second_moment(self.collapsed, self.horizon_days)

    def _priced(self) -> tuple[Floats, Floats]:
        return (
            self.customers["priced"].to_numpy(dtype=np.float64),
            self.customers["mean_spend"].to_numpy(dtype=np.float64),
        )

    def likely_range(self, chosen: Whole) -> Ranges:
        """Return between which numbers single customers stay with 95% probability.

        By simulation with a fixed seed, the uncertainty of the parameters included: given its rate and its
        chance to stop, an active customer buys as often as the Poisson process says until the first stop.

        Args:
            chosen: Positions of the customers, few.
        """
        draw = np.random.default_rng(SEED)
        where = self.collapsed.position[chosen]
        x, t_x, age = (values[where] for values in (self.collapsed.x, self.collapsed.t_x, self.collapsed.age))
        r, alpha, a, b = _drawn(draw, self.model.maximum).T[:, :, None]
        first = 1 if self.model.kind == "MBG/NBD" else 0
        chances = x + first
        odds = a / np.maximum(b + chances - 1, 1e-12) * ((alpha + age) / (alpha + t_x)) ** (r + x)
        active = draw.random(odds.shape) < np.where(chances > 0, 1 / (1 + odds), 1.0)
        rate = draw.gamma(r + x, 1.0) / (alpha + age)
        stop = np.maximum(draw.beta(a, b + chances), 1e-12)
        bought = np.minimum(draw.poisson(rate * self.horizon_days), draw.geometric(stop)) * active
        low, high = np.quantile(bought, QUANTILES, axis=0, method="inverted_cdf")
        if self.spending.model is None:
            return Ranges(low, high)
        p, q, v = _drawn(draw, self.spending.model.maximum).T[:, :, None]
        n, mean_spend = (values[chosen] for values in self._priced())
        inverse_scale = draw.gamma(p * n + q, 1.0) / (v + n * mean_spend)
        money = np.where(bought > 0, draw.gamma(np.maximum(p * bought, 1e-9), 1.0) / inverse_scale, 0.0)
        least, most = np.quantile(money, QUANTILES, axis=0)
        return Ranges(low, high, least, most)

    def total_purchases(self, chosen: npt.NDArray[np.bool_]) -> Estimate:
        """Sum the expected purchases of some customers, with the interval of what will be counted."""
        n = np.bincount(self.collapsed.position[chosen], minlength=len(self.by_history)).astype(float)
        slope = n @ self._gradient
        own = n @ np.maximum(self._second_moment - self.by_history**2, 0.0)
        variance = float(slope @ self.model.maximum.covariance @ slope + own)
        return _estimate(float(n @ self.by_history), variance)

    def total_value(self, chosen: npt.NDArray[np.bool_]) -> Estimate | None:
        """Sum the expected money of some customers, with the interval of what will be counted."""
        if self.value is None or self.spend is None or self.spending.model is None:
            return None
        where = self.collapsed.position[chosen]
        x, mean_spend = (values[chosen] for values in self._priced())
        spend, bought = self.spend[chosen], self.purchases[chosen]
        one, square = self.spending.model.spread(x, mean_spend)
        own = bought * one + self._second_moment[where] * square - (bought * spend) ** 2
        by_rate = spend @ self._gradient[where]
        by_spend = bought @ self.spending.model.gradient(x, mean_spend)
        variance = by_rate @ self.model.maximum.covariance @ by_rate
        variance += by_spend @ self.spending.model.maximum.covariance @ by_spend + own.sum()
        return _estimate(float(self.value[chosen].sum()), float(variance))


def _drawn(draw: np.random.Generator, maximum: Maximum) -> Floats:
    """Draw parameters from the normal approximation of their logarithms, shape (DRAWS, parameters)."""
    root = np.linalg.cholesky(maximum.covariance)
    noise = draw.standard_normal((DRAWS, len(root)))
    return np.asarray(np.exp(np.clip(np.log(maximum.parameters) + noise @ root.T, -15.0, 15.0)))


def _estimate(value: float, variance: float) -> Estimate:
    """Make a 95% interval on the logarithmic scale, so that it stays above zero."""
    if not np.isfinite(variance) or value <= 0:
        return Estimate(value, float("nan"), float("nan"))
    factor = float(np.exp(min(Z95 * np.sqrt(max(variance, 0.0)) / value, 50.0)))
    return Estimate(value, value / factor, value * factor)


@dataclass(frozen=True)
class Choice:
    """The kind of purchase model that fits the whole history better, beside the other one."""

    customers: pd.DataFrame
    collapsed: Histories
    model: PurchaseModel
    other: PurchaseModel


def choose(bought: Purchases) -> Choice:
    """Fit both kinds to the whole history; both have four parameters, so the higher likelihood decides."""

    def build() -> Choice:
        customers = histories(bought, bought.last)
        collapsed = _collapsed(customers)
        models = []
        for i, kind in enumerate(KINDS):
            progress.step("Fitting models of how customers buy", i, len(KINDS))
            models.append(fit_purchases(collapsed, kind))
        models.sort(key=lambda model: -round(model.maximum.log_likelihood, 4))
        return Choice(customers, collapsed, *models)

    return bought.engine.memo(("purchase model", bought.name), build)


def forecast(bought: Purchases, horizon_days: int) -> Forecast:
    """Forecast the days after the last one, from the whole history."""

    def build() -> Forecast:
        chosen = choose(bought)
        spending = bought.engine.memo(("spend model", bought.name), lambda: fit_spending(chosen.customers))
        return Forecast(chosen.customers, horizon_days, chosen.collapsed, chosen.model, spending)

    return bought.engine.memo(("forecast", bought.name, horizon_days), build)


def _collapsed(customers: pd.DataFrame) -> Histories:
    x, t_x, age = (customers[name].to_numpy(dtype=np.int64) for name in ("x", "t_x", "age"))
    return collapse(x, t_x, age)


def fit_spending(customers: pd.DataFrame) -> Spending:
    """Fit the model of spend where the data carry it: enough amounts, independent of how often people buy."""
    priced = customers["priced"].to_numpy(dtype=np.float64)
    mean_spend = customers["mean_spend"].to_numpy(dtype=np.float64)
    fine = (priced > 0) & (mean_spend > 0)
    n = int(fine.sum())
    if not (customers["priced"] > 0).any():
        return Spending(None, "no amounts", None, n)
    if n < FEW_PRICED:
        return Spending(None, "few", None, n)
    x, spent = priced[fine], mean_spend[fine]
    correlation = float(np.corrcoef(x, spent)[0, 1]) if x.std() > 0 and spent.std() > 0 else 0.0
    if abs(correlation) >= INDEPENDENT:
        return Spending(None, "tied", correlation, n)
    model = fit_spend(x, spent)
    if model.parameters["q"] <= 1.0:
        return Spending(None, "no mean", correlation, n)
    return Spending(model, "", correlation, n)


@dataclass(frozen=True)
class Tenth:
    """A tenth of the customers by forecast, from the highest down."""

    n_customers: int
    expected: float
    actual: float
    naive: float


@dataclass(frozen=True)
class Check:
    """A forecast made from the earlier part of the data, beside what then happened.

    Attributes:
        until: Last day that the forecast had seen.
        days: Days that it looked ahead.
        made: The forecast.
        expected: Purchases forecast.
        actual: Purchases that came.
        naive: Purchases if the same number of days before were repeated.
        expected_value: Money forecast, or None.
        actual_value: Money that came.
        naive_value: Money if the same number of days before were repeated.
        miss: Mean distance of forecast and outcome for a customer, in purchases.
        naive_miss: The same for the naive rule.
        tenths: By forecast, from the highest down.
    """

    until: date
    days: int
    made: Forecast
    expected: float
    actual: float
    naive: float
    expected_value: float | None
    actual_value: float
    naive_value: float
    miss: float
    naive_miss: float
    tenths: tuple[Tenth, ...]

    @property
    def error(self) -> float:
        """Error of the total as a part of the outcome: 0.1 is 10% too many."""
        return self.expected / self.actual - 1 if self.actual else float("nan")

    @property
    def tells_apart(self) -> bool:
        """Whether the three tenths with the highest forecast bought clearly more than three tenths of all."""
        return sum(one.actual for one in self.tenths[:3]) > 0.35 * self.actual

    @property
    def naive_error(self) -> float:
        """The same for the naive rule."""
        return self.naive / self.actual - 1 if self.actual else float("nan")


def check_days(bought: Purchases, horizon_days: int) -> int:
    """Return how many days the check looks ahead, so that its own history is three times as long."""
    return min(horizon_days, bought.span_days // (TIMES_HORIZON + 1))


def check(bought: Purchases, horizon_days: int) -> Check:
    """Forecast the last days from those before with the kind of model that is used, and compare."""

    def build() -> Check:
        days, model = check_days(bought, horizon_days), choose(bought).model
        until = bought.last - timedelta(days=days)
        progress.step("Testing the forecast on days that are known already")
        customers = histories(bought, until, days)
        collapsed = _collapsed(customers)
        fitted = fit_purchases(collapsed, model.kind, model)
        return _compared(Forecast(customers, days, collapsed, fitted, fit_spending(customers)), until)

    return bought.engine.memo(("hold-out check", bought.name, check_days(bought, horizon_days)), build)


def _compared(made: Forecast, until: date) -> Check:
    after = made.customers["x_after"].to_numpy(dtype=np.float64)
    before = made.customers["x_before"].to_numpy(dtype=np.float64)
    return Check(
        until,
        made.horizon_days,
        made,
        float(made.collapsed.n @ made.by_history),
        float(after.sum()),
        float(before.sum()),
        None if made.value is None else float(made.value.sum()),
        float(made.customers["spent_after"].sum()),
        float(made.customers["spent_before"].sum()),
        float(np.abs(made.purchases - after).mean()),
        float(np.abs(before - after).mean()),
        _tenths(made.purchases, after, before),
    )


def _tenths(expected: Floats, actual: Floats, naive: Floats) -> tuple[Tenth, ...]:
    """Cut customers into tenths by forecast; those with the same forecast count with their own mean."""
    found = pd.DataFrame({"expected": expected.round(12), "actual": actual, "naive": naive})
    means = found.groupby("expected", sort=True)[["actual", "naive"]].transform("mean")
    found = found.assign(actual=means["actual"], naive=means["naive"]).sort_values(
        ["expected", "actual", "naive"], ascending=False, ignore_index=True
    )
    parts = np.array_split(np.arange(len(found)), 10)
    rows = (found.iloc[part] for part in parts if len(part))
    return tuple(
        Tenth(len(row), *(float(row[name].sum()) for name in ("expected", "actual", "naive"))) for row in rows
    )
