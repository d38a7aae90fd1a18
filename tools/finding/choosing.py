"""Knows which customer features may build segments, and says of every other one why it is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.core import Column, Json
from tools.customers.behaviour import How
from tools.customers.features import CustomerFrame
from tools.customers.on_demand import Customers
from tools.errors import ToolError
from tools.finding import transforms
from tools.finding.transforms import Bands
from tools.placing.axes import MISSING
from tools.placing.sheets import as_floats
from tools.selecting import find_column
from tools.wording import count, listing, number, plain_name, share

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ENOUGH_COMPLETE = 0.5  # with fewer customers complete, missing numbers are filled with the median
LOOKED_AT = 20_000  # customers on whom shares are judged when features are chosen
ALIKE = 0.95  # correlation from which two features say the same
MOST_LEVELS = 12  # a category with more values is a name or a place, not an axis
RAREST = 0.01  # values held by a smaller part of the customers are put together
FEW_VALUES = 12  # a number with so few values is taken in bands, not as a distance
HEAP = 0.15  # a number with such a part of the customers on one value is taken in bands too
SAME_FOR_ALL = 0.98  # a feature that is the same for such a part of the customers decides nothing
MOSTLY_ONE = 0.8  # with such a part of customers buying once, frequency is a rule and no axis
_CORE: tuple[How, ...] = (
    "sum",
    "orders",
    "basket",
    "rows",
    "recency",
    "last",
    "hour",
    "weekend",
    "value",
    "yes",
    "negative",
)
_OUTCOME = re.compile(
    r"churn|label|target|segment|cluster|converted|response|exited|default(ed)?$", re.IGNORECASE
)
_POSITIONS = {"sequence", "serial", "position", "rank", "index"}
_COUNTED = {"order", "visit", "line", "item", "row"}
_NO_POSITION = {"per", "each", "of", "prior", "previous", "last", "first", "next"}  # "days since prior order"
_NO_AXIS = {
    "customer_key": "names the customer",
    "row_key": "is an identifier",
    "index": "is a row number",
    "personal": "is personal data",
    "free_text": "is free text",
    "constant": "is the same for everybody",
    "place": "is a place: protected, and no distance",
    "birth_date": "is a date of birth: protected",
    "time": "is a date",
    "clock": "is a time of day",
    "outcome": "is an outcome to explain, not a behaviour to group by",
}


@dataclass(frozen=True)
class Choice:
    """Features that build the segments, ready to be measured.

    Attributes:
        features: Names, in a fixed order.
        numbers: Fitted transforms of the numbers that are taken as they are.
        bands: Features taken in bands or by value.
        axes: Transforms of everything, for distances.
        excluded: Names left out with the reason.
        filled: For features with missing values: name, customers, and what was filled in.
        told: Sentences a person should read: protected features that were asked for and the like.
    """

    features: tuple[str, ...]
    numbers: tuple[Json, ...]
    bands: tuple[Bands, ...]
    axes: tuple[Json, ...]
    excluded: tuple[tuple[str, str], ...] = ()
    filled: tuple[tuple[str, int, str], ...] = ()
    told: tuple[str, ...] = field(default=())

    def matrix(self, customers: Customers) -> Floats:
        """Return the numbers that are taken as they are, customers x numbers."""
        return transforms.apply(self.numbers, customers)

    def codes(self, customers: Customers) -> Ints:
        """Return the levels of the features in bands, customers x bands."""
        found = [one.codes(customers[one.feature]) for one in self.bands]
        return np.column_stack(found) if found else np.zeros((len(customers), 0), dtype=np.int64)

    def distances(self, customers: Customers) -> Floats:
        """Return the matrix in which k-means measures, customers x axes."""
        return transforms.apply(self.axes, customers)

    def complete(self, customers: Customers) -> npt.NDArray[np.bool_]:
        """Tell which customers have a value wherever none is filled in: on these the segments are fitted."""
        whole = np.ones(len(customers), dtype=bool)
        for axis in self.axes:
            if axis["fill"] is None:
                whole &= ~np.isnan(as_floats(customers[str(axis["feature"])]))
        return whole

    def without(self, names: Mapping[str, str]) -> Choice:
        """Return the choice without some features, for the reasons given."""
        return replace(
            self,
            features=tuple(name for name in self.features if name not in names),
            numbers=tuple(one for one in self.numbers if one["feature"] not in names),
            bands=tuple(one for one in self.bands if one.feature not in names),
            axes=tuple(one for one in self.axes if one["feature"] not in names),
            excluded=(*self.excluded, *names.items()),
        )


def choose(
    frame: CustomerFrame,
    customers: Customers,
    features: Sequence[str] = (),
    ignore: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
) -> Choice:
    """Choose the features that build the segments.

    Args:
        frame: What the columns mean.
        customers: The customers to be segmented.
        features: Use these and no others; empty for a default choice.
        ignore: Leave these out.
        weights: How much a feature counts, 1 by default.

    Raises:
        ToolError: If a named feature does not exist or cannot be used, or nothing is left.
    """
    asked = [find_column(frame.table, name) for name in dict.fromkeys(features)]
    ignored = {find_column(frame.table, name).name for name in ignore}
    weighed = {find_column(frame.table, name).name: float(weight) for name, weight in (weights or {}).items()}
    if any(weight <= 0 for weight in weighed.values()):
        raise ToolError("A weight must be above 0.", "Leave a feature out with `ignore` instead.")
    excluded: dict[str, str] = {}
    candidates: list[Column] = []
    sample = customers.iloc[:: max(1, len(customers) // LOOKED_AT)]
    for column in asked or frame.table.columns:
        if column.name == frame.key and not asked:
            continue
        reason = _unfit(column, frame, customers, sample)
        if not reason and column.name in ignored:
            reason = "you asked to leave it out"
        if not reason and not asked and column.name not in weighed:
            reason = _not_by_default(column, frame, customers, sample)
        if reason and asked and column.name not in ignored:
            raise ToolError(f"{column.name} cannot build segments: it {reason}.", "Choose other features.")
        if reason:
            excluded[column.name] = reason
        else:
            candidates.append(column)
    choice = _measure(candidates, customers, weighed, excluded)
    if not asked:
        choice = _without_doubles(choice, customers, set(weighed))
    if not choice.features:
        told = listing([f"{name} {reason}" for name, reason in excluded.items()][:6])
        raise ToolError(f"No feature is left to segment by: {told}.", "Name the features to use.")
    protected = [column.name for column in candidates if column.protected and column.name in choice.features]
    if protected:
        warning = (
            f"You asked to segment by {listing(protected)}: sex, age, marital status and place may "
            "not decide about "
            "credit in many countries, so do not use these segments for offers of credit."
        )
        choice = replace(choice, told=(*choice.told, warning))
    return choice


def _unfit(column: Column, frame: CustomerFrame, customers: Customers, sample: Customers) -> str:
    """Return why a column can never be an axis, or nothing."""
    if column.name not in customers or column.name == frame.key:
        return "names the customer"
    if column.role in ("customer_key", "row_key", "index", "personal", "free_text", "time", "clock"):
        return _NO_AXIS[column.role]
    varies = len(customers) == frame.table.n_rows and column.kind == "number" and _has_several(column)
    if not varies and sample[column.name].nunique(dropna=False) == 1:
        values = customers[column.name]
        if values.notna().sum() == 0:
            return "has no values"
        if values.nunique(dropna=False) == 1:
            return _NO_AXIS["constant"]
    if column.kind == "text" and column.role != "place":
        n_values = column.n_distinct or int(customers[column.name].nunique())
        if n_values > 50:
            return f"has {n_values:,} different values"
    if column.kind in ("date", "datetime", "time") and column.role != "birth_date":
        return "is a date"
    return ""


def _has_several(column: Column) -> bool:
    """Tell by what is known of everybody whether a number has two values or more."""
    return column.minimum is not None and column.minimum != column.maximum


def _missing_share(column: Column, frame: CustomerFrame, customers: Customers) -> float:
    if frame.derived and len(customers) == frame.table.n_rows:  # counted when they were computed
        return column.n_missing / len(customers)
    return float(customers[column.name].isna().mean())


def _not_by_default(column: Column, frame: CustomerFrame, customers: Customers, sample: Customers) -> str:
    """Return why a column is left out unless it is asked for, or nothing."""
    if column.role in _NO_AXIS:
        return _NO_AXIS[column.role]
    if column.protected or column.role == "age":
        return (
            "is protected (sex, age, marital status or place); it describes segments but does not build them"
        )
    if _OUTCOME.search(column.name):
        return _NO_AXIS["outcome"]
    missing = _missing_share(column, frame, customers)
    if missing > 0.5:
        return f"is undefined for {share(missing)} of the customers"
    definition = frame.definitions[column.name]
    if frame.derived and definition.how != "attribute":
        once = float((customers["n_transactions"] == 1).mean())
        if definition.how in ("rows", "orders", "again") and once >= MOSTLY_ONE:
            return f"is 1 for {share(once)} of the customers: buying again is a rule, not an axis"
        if definition.needs_repeat and once >= 0.5:
            return f"says something only of customers who bought again, and {share(once)} bought once"
        if definition.how == "rows" and "orders" in {one.how for one in frame.definitions.values()}:
            return "counts lines: orders and lines per order say it better"
        if definition.how == "mean" and _counts_positions(definition.source or ""):
            return "counts positions in a sequence, so its average is no behaviour"
        summed = frame.definitions.get(f"total_{column.name[5:]}")
        if definition.how == "mean" and (summed is None or summed.how == "total"):
            return "" if column.name != "mean_balance" else "says much the same as last_balance"
        if definition.how not in _CORE:
            return "is kept for the profiles: the features used say most of it"
    most = float(sample[column.name].value_counts(normalize=True, dropna=False).iloc[0])
    if most > SAME_FOR_ALL:
        return f"is the same for {share(most)} of the customers"
    if column.kind == "text" and (n_values := int(sample[column.name].nunique())) > MOST_LEVELS:
        return f"has {n_values:,} different values or more"
    if frame.derived and definition.how == "attribute":
        return "describes the customer; segments are built from behaviour"
    return ""


def _counts_positions(column: str) -> bool:
    """Tell by its name whether a column counts along a sequence: "order number", "add to cart order"."""
    *before, last = plain_name(column).split() or [""]
    previous = before[-1] if before else ""
    if last in ("number", "no", "nr"):
        return previous in _COUNTED
    return last in _POSITIONS or (last == "order" and bool(before) and previous not in _NO_POSITION)


def _measure(
    candidates: Sequence[Column],
    customers: Customers,
    weights: Mapping[str, float],
    excluded: Mapping[str, str],
) -> Choice:
    numbers: list[Json] = []
    bands: list[Bands] = []
    axes: list[Json] = []
    filled: list[tuple[str, int, str]] = []
    numeric = [column.name for column in candidates if column.kind != "text"]
    complete = np.ones(len(customers), dtype=bool)
    for name in numeric:
        complete &= customers[name].notna().to_numpy()
    enough = float(complete.mean()) >= ENOUGH_COMPLETE
    for column in candidates:
        values, weight = customers[column.name], weights.get(column.name, 1.0)
        n_missing = int(values.isna().sum())
        if column.kind == "text":
            one = _by_value(column.name, values)
            bands.append(one)
            axes += transforms.fit_levels(column.name, values, one.levels, weight)
            if n_missing:
                filled.append((column.name, n_missing, "that is a level of its own"))
            continue
        known = as_floats(values)
        transform = transforms.fit_number(column.name, known, weight)
        cut = _in_bands(column.name, known)
        stand_in = f"the median, {number(transform['fill'], column.unit)}, stands in"
        if n_missing and enough and not cut:
            # A heap of customers on the median would look like a segment of its own.
            transform = {**transform, "fill": None}
            stand_in = "placed by what is known of them"
        axes.append(transform)
        if cut:
            bands.append(cut)
        else:
            numbers.append({**transform, "weight": 1.0})
        if n_missing:
            filled.append((column.name, n_missing, stand_in))
    return Choice(
        tuple(column.name for column in candidates),
        tuple(numbers), tuple(bands), tuple(axes), tuple(excluded.items()), tuple(filled),
    )  # fmt: skip


def _by_value(name: str, values: pd.Series[Any]) -> Bands:
    """Take a text by value; rare values share the level of the most frequent one: no axis hangs on a few."""
    counts = values.astype("str").where(values.notna(), MISSING).value_counts(normalize=True)
    kept = sorted(str(value) for value, part in counts.items() if part >= RAREST)
    fill = kept.index(str(counts.sort_index().idxmax())) if kept else 0
    return Bands(name, tuple(kept), fill=fill)


def _in_bands(name: str, values: Floats) -> Bands | None:
    """Cut a number into bands if it has few values or a heap on one of them; otherwise None."""
    known = values[~np.isnan(values)]
    distinct, counts = np.unique(known, return_counts=True)
    heap = counts.max() / len(known)
    if len(distinct) > FEW_VALUES and heap < HEAP:
        return None
    if len(distinct) <= 6:
        edges = distinct[1:]
    elif heap >= HEAP:
        top = distinct[counts.argmax()]
        below, above = known[known < top], known[known > top]
        cuts = [float(top)] if len(below) >= RAREST * len(known) else []
        if len(above):
            cuts += [float(above.min()), *np.quantile(above, (1 / 3, 2 / 3), method="higher")]
        edges = np.unique(cuts)
    else:
        edges = np.unique(np.quantile(known, (0.2, 0.4, 0.6, 0.8), method="higher"))
        edges = edges[edges > known.min()]
    fill = int(np.searchsorted(edges, np.median(known), side="right"))
    return Bands(
        name, tuple(_band_name(edges, i) for i in range(len(edges) + 1)), tuple(map(float, edges)), fill
    )


def _band_name(edges: Floats, i: int) -> str:
    if i == 0:
        return f"below {number(float(edges[0]))}"
    low = number(float(edges[i - 1]))
    return f"{low} or more" if i == len(edges) else f"{low} to below {number(float(edges[i]))}"


def _without_doubles(choice: Choice, customers: Customers, wanted: set[str]) -> Choice:
    """Leave out numbers that say the same as an earlier one."""
    sample = customers.iloc[:: max(1, len(customers) // 20_000)]
    kept: list[tuple[str, Floats]] = []
    doubles: dict[str, str] = {}
    for axis in choice.axes:
        if axis["kind"] == "level":
            continue
        values = transforms.axis(axis, sample)
        for name, other in kept:
            r = _correlation(values, other)
            if abs(r) > ALIKE and axis["feature"] not in wanted:
                doubles[axis["feature"]] = f"says the same as {name} (correlation {r:.2f})"
                break
        else:
            kept.append((axis["feature"], values))
    return choice.without(doubles)


def _correlation(first: Floats, second: Floats) -> float:
    both = ~(np.isnan(first) | np.isnan(second))
    if both.sum() < 3:
        return 0.0
    a, b = first[both] - first[both].mean(), second[both] - second[both].mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def exclusions(choice: Choice) -> list[str]:
    """Write the features left out, grouped by reason."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in choice.excluded:
        by_reason.setdefault(reason, []).append(name)
    return [f"{listing(names)}: {reason}" for reason, names in by_reason.items()]


def fills(choice: Choice) -> list[str]:
    """Write what stands in for missing values."""
    return [
        f"{plain_name(name)} is missing for {count(n, 'customer')}, {what}" for name, n, what in choice.filled
    ]
