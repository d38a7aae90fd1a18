"""Knows RFM scores: thresholds, tie conventions, named segments, and whether data allow them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tools.core import Json
from tools.profiles.rule_text import condition, to_json
from tools.selecting import Condition

Ties = Literal["plus_one", "lower", "higher"]
Range = tuple[int, int]
Floats = npt.NDArray[np.float64]

MIN_CUSTOMERS, MIN_DAYS, MIN_ORDERS, MIN_REPEAT = 500, 180, 3, 0.2

# Names and ranges of R, F and M as in the R package rfm (MIT); first match wins, the rest is "Others".
FIVE: dict[str, tuple[Range, Range, Range]] = {
    "Champions": ((5, 5), (5, 5), (5, 5)),
    "Potential Loyalist": ((3, 5), (3, 5), (2, 5)),
    "Loyal Customers": ((2, 4), (2, 4), (2, 4)),
    "Promising": ((3, 4), (1, 3), (3, 5)),
    "New Customers": ((4, 5), (1, 3), (1, 5)),
    "Can't Lose Them": ((1, 2), (3, 4), (4, 5)),
    "At Risk": ((1, 2), (2, 5), (4, 5)),
    "Need Attention": ((1, 3), (3, 5), (3, 5)),
    "About To Sleep": ((2, 3), (1, 3), (1, 5)),
    "Lost": ((1, 1), (1, 5), (1, 5)),
}
# The same idea on fewer levels; these two tables are this product's own and leave nobody over.
FOUR: dict[str, tuple[Range, Range, Range]] = {
    "Champions": ((4, 4), (4, 4), (4, 4)),
    "Loyal Customers": ((3, 4), (3, 4), (2, 4)),
    "Potential Loyalist": ((3, 4), (2, 4), (1, 4)),
    "New Customers": ((4, 4), (1, 1), (1, 4)),
    "Promising": ((3, 3), (1, 1), (1, 4)),
    "Can't Lose Them": ((1, 2), (4, 4), (3, 4)),
    "At Risk": ((1, 1), (2, 4), (1, 4)),
    "Need Attention": ((2, 2), (2, 4), (1, 4)),
    "About To Sleep": ((2, 2), (1, 1), (1, 4)),
    "Lost": ((1, 1), (1, 1), (1, 4)),
}
THREE: dict[str, tuple[Range, Range, Range]] = {
    "Champions": ((3, 3), (3, 3), (3, 3)),
    "Loyal Customers": ((2, 3), (2, 3), (2, 3)),
    "Potential Loyalist": ((2, 3), (2, 3), (1, 1)),
    "New Customers": ((3, 3), (1, 1), (1, 3)),
    "About To Sleep": ((2, 2), (1, 1), (1, 3)),
    "Can't Lose Them": ((1, 1), (3, 3), (2, 3)),
    "At Risk": ((1, 1), (2, 3), (1, 3)),
    "Lost": ((1, 1), (1, 1), (1, 3)),
}
NAMED = {3: THREE, 4: FOUR, 5: FIVE}


@dataclass(frozen=True)
class Measures:
    """What the scores are made of, one entry a customer.

    Attributes:
        columns: Customer columns that hold recency, frequency and monetary value.
        recency: Days since the last purchase.
        frequency: Number of purchases.
        monetary: Money spent.
        days: Days from the first purchase of all to the reference date, or None where unknown.
    """

    columns: tuple[str, str, str]
    recency: Floats
    frequency: Floats
    monetary: Floats
    days: float | None


def thresholds(values: Floats, levels: int, ties: Ties) -> list[float]:
    """Return the bounds between neighbouring scores, ascending; a value on a bound scores higher.

    Args:
        values: One value a customer, without missing ones.
        levels: Number of scores.
        ties: "plus_one" adds one to each type-7 quantile, "higher" takes the quantile itself, and "lower"
            the next larger value, so that a value on the quantile scores lower.

    Source: R package rfm (Aravind Hebbali), for the convention of adding one.
    """
    bounds = [float(bound) for bound in np.quantile(values, [i / levels for i in range(1, levels)])]
    if ties == "plus_one":
        return [bound + 1 for bound in bounds]
    if ties == "higher":
        return bounds
    ordered = np.unique(values)
    beyond = np.searchsorted(ordered, np.array(bounds), side="right")
    return [
        float(ordered[place]) if place < ordered.size else float(ordered[-1]) + 1.0
        for place in beyond.tolist()
    ]


def scores(values: Floats, bounds: list[float], *, fewer_is_better: bool = False) -> npt.NDArray[np.int64]:
    """Return scores from 1; equal values always get equal scores."""
    found = 1 + np.searchsorted(np.array(bounds), values, side="right")
    return (len(bounds) + 2 - found if fewer_is_better else found).astype(np.int64)


def rules(
    columns: tuple[str, str, str], bounds: tuple[list[float], ...], levels: int
) -> dict[str, list[Json]]:
    """Turn the table of named segments into conditions on the customer columns, first match wins."""
    made = {}
    for name, ranges in NAMED[levels].items():
        where: list[Condition] = []
        for position, (column, cuts, (low, high)) in enumerate(zip(columns, bounds, ranges, strict=True)):
            if position == 0:  # a recent purchase scores high, so the scale runs backwards
                low, high = levels + 1 - high, levels + 1 - low
            if low > 1:
                where.append(condition(column, "at_least", cuts[low - 2]))
            if high < levels:
                where.append(condition(column, "below", cuts[high - 1]))
        made[name] = to_json(where)
    return made


def obstacles(measures: Measures) -> list[tuple[str, str]]:
    """Return why these data cannot carry RFM: pairs of a fact name and a clause; empty if they can.

    Source: published entry conditions of Klaviyo's RFM (500 buyers, 180 days, some with three orders).
    """
    found = []
    n = measures.frequency.size
    again = float((measures.frequency >= 2).mean()) if n else 0.0
    if n < MIN_CUSTOMERS:
        found.append(("n_customers", f"there are {n:,} customers where RFM wants {MIN_CUSTOMERS} or more"))
    if measures.days is not None and measures.days < MIN_DAYS:
        found.append(("n_days", f"they cover {measures.days:,.0f} days where RFM wants {MIN_DAYS} or more"))
    if again < MIN_REPEAT:
        share = 100 * (1 - again)
        found.append(
            (
                "share_once_pct",
                f"{share:.1f}% of the customers bought once, so how often they buy says nothing",
            )
        )
    elif n and measures.frequency.max() < MIN_ORDERS:
        found.append(("most_orders", f"nobody bought {MIN_ORDERS} times or more"))
    return found
