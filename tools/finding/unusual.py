"""Knows which customers are far from everybody else, by one rule that holds for new customers too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.core import Json
from tools.customers.on_demand import Customers, in_memory
from tools.errors import ToolError
from tools.finding import transforms
from tools.finding.choosing import Choice
from tools.finding.evidence import Floats, Ints
from tools.finding.fitting import k_means_centres
from tools.finding.sampling import DIGITS, sample_rows
from tools.placing.sheets import BLOCK
from tools.segments.assigning import evaluate, squared_distances

LOOKED_AT = 5_000  # customers among whom the places are sought where customers gather
MOST_PLACES, CUSTOMERS_A_PLACE = 40, 50
GATHERED = 0.005  # part of the customers that makes a place one where customers gather
SPREADS = 3.0  # interquartile ranges above the upper quartile: Tukey's "far out"
NEAR = 1.0  # standard deviations within which nobody is called far
USUAL_LEAF, UNUSUAL_LEAF, N_LEAVES = 0, 1, 2


@dataclass(frozen=True)
class Unusual:
    """Customers far from everybody else.

    Attributes:
        model: Model tree with two leaves, the usual customers and the unusual ones.
        far: Whether each customer is unusual.
        reach: Distance in standard deviations from which one is.
        n_places: Places where customers gather.
        n: Unusual customers, of all and not only of those who were looked at.
        of: All customers.
    """

    model: Json
    far: npt.NDArray[np.bool_]
    reach: float
    n_places: int
    n: int
    of: int

    def around(self, model: Json) -> Json:
        """Return a model of the usual customers as one of everybody; its leaves come behind the two."""
        return {"type": "split", "base": self.model, "leaf": USUAL_LEAF, "model": model}


def find_unusual(choice: Choice, customers: Customers, seed: int) -> Unusual:
    """Find customers whose numbers lie far from every place where customers gather.

    A customer is unusual whose distance to the nearest such place lies more than three interquartile ranges
    above the upper quartile of all customers' distances, and is at least one standard deviation.

    Raises:
        ToolError: If no number builds the segments, so that nobody can be far.

    Source: Tukey (1977), Exploratory Data Analysis, section 2D, on values far out.
    """
    numbers = [axis for axis in choice.axes if axis["kind"] != "level"]
    if not numbers:
        raise ToolError(
            "No number builds these segments, so nobody can lie far from the others.",
            "Keep everybody, or add a number to the features.",
        )
    whole = np.flatnonzero(choice.complete(customers))
    rows = whole[sample_rows(len(whole), LOOKED_AT, seed)]
    places = _places(transforms.apply(numbers, customers.iloc[rows]), seed)
    model: dict[str, Any] = {
        "type": "centres",
        "transforms": numbers,
        "centres": np.round(places, DIGITS).tolist(),
        "leaf_of": [USUAL_LEAF] * len(places),
    }
    reach = round(_fence(_to_the_nearest(model, customers)), DIGITS)
    model["far"] = {"leaf": UNUSUAL_LEAF, "reach": [reach] * len(places)}
    leaves, _ = evaluate(model, customers)
    far = leaves == UNUSUAL_LEAF
    return Unusual(model, far, reach, len(places), int(far.sum()), len(far))


def _to_the_nearest(model: Json, everybody: Customers) -> Floats:
    """Return the distance of each customer to the nearest place; the other ones are many times as much."""
    customers = in_memory(everybody, sorted({str(axis["feature"]) for axis in model["transforms"]}))
    centres, nearest = np.array(model["centres"]), np.empty(len(customers))
    for first in range(0, len(customers), BLOCK):
        block = slice(first, first + BLOCK)
        matrix = transforms.apply(model["transforms"], customers.iloc[block])
        nearest[block] = np.sqrt(squared_distances(matrix, centres)).min(axis=1)
    return nearest


def _places(sample: Floats, seed: int) -> Floats:
    """Return places at which at least a few customers gather; scattered ones make no place of their own."""
    n_places = int(np.clip(len(sample) // CUSTOMERS_A_PLACE, 3, MOST_PLACES))
    least = max(5, int(GATHERED * len(sample)))
    kept = sample
    while True:
        centres, labels = k_means_centres(kept, n_places, seed, 1)
        full = np.bincount(labels, minlength=len(centres)) >= least
        if full.all() or not full.any():
            return centres
        members: Ints = np.flatnonzero(full[labels])
        n_places = max(3, min(n_places, len(members) // CUSTOMERS_A_PLACE))
        kept = kept[members]
        if len(members) <= n_places:
            return centres[full]


def _fence(distances: Floats) -> float:
    lower, upper = np.quantile(distances[~np.isnan(distances)], (0.25, 0.75))
    return float(max(upper + SPREADS * (upper - lower), NEAR))
