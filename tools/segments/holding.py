"""Knows whether a stored condition holds for customers in memory, with the meaning that it has in a question.

A missing value differs from every value, so it meets "not equal"; else it meets nothing but "missing".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.customers.on_demand import Customers
from tools.errors import ToolError
from tools.periods import interval
from tools.selecting import texts_matching

Booleans = npt.NDArray[np.bool_]
COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "equal": operator.eq,
    "not_equal": operator.ne,
    "above": operator.gt,
    "at_least": operator.ge,
    "below": operator.lt,
    "at_most": operator.le,
}
YES = {"yes", "true", "y", "1", "1.0"}


def holds(condition: Mapping[str, Any], customers: Customers) -> Booleans:
    """Tell for each customer whether one condition, or one of those behind its `or`, holds."""
    kept = _single(condition, customers[str(condition["column"])])
    for other in condition.get("or", condition.get("or_")) or ():
        kept = kept | holds(other, customers)
    return kept


def _single(condition: Mapping[str, Any], column: pd.Series[Any]) -> Booleans:
    comparison = str(condition.get("is", condition.get("is_", "equal")))
    missing = column.isna().to_numpy(dtype=bool)
    if comparison in ("missing", "present"):
        return missing if comparison == "missing" else ~missing
    if condition.get("grain"):
        column = _part(column, str(condition["grain"]))
    values = values_of(condition, comparison)
    if comparison in ("top_share", "bottom_share"):
        found = _by_share(column, comparison, float(values[0]))
    elif pd.api.types.is_bool_dtype(column.dtype):
        wanted = [str(value).casefold() in YES for value in values]
        found = _compare(column.to_numpy(dtype=bool, na_value=False), comparison, wanted)
    elif pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        found = _compare(numbers, comparison, [number_of(condition, value) for value in values])
    elif pd.api.types.is_datetime64_any_dtype(column.dtype):
        found = _by_date(column, comparison, values)
    else:
        found = _by_text(column, comparison, values)
    return found | missing if comparison in ("not_equal", "not_in") else found & ~missing


def values_of(condition: Mapping[str, Any], comparison: str) -> Sequence[Any]:
    """Return the values that a condition compares with."""
    several = list(condition.get("values") or ())
    value = condition.get("value")
    values = several if several and (value is None or comparison in ("in", "not_in", "between")) else [value]
    if values == [None] or (comparison == "between" and len(values) != 2):
        raise ToolError(
            f"The condition on {condition['column']} lacks a value.", "Give what it is compared with."
        )
    return values


def number_of(condition: Mapping[str, Any], value: object) -> float:
    """Return what a column of numbers is compared with."""
    try:
        return (
            float(str(value).replace(",", "").replace("_", ""))
            if not isinstance(value, bool)
            else float(value)
        )
    except ValueError:
        raise ToolError(
            f"{condition['column']} holds numbers, and {value} is not one.", "Compare it with a number."
        ) from None


def _compare(column: npt.NDArray[Any], comparison: str, values: Sequence[Any]) -> Booleans:
    first = values[0]
    with np.errstate(invalid="ignore"):
        if comparison in COMPARED:
            return np.asarray(COMPARED[comparison](column, first))
        match comparison:
            case "between":
                low, high = sorted(values)
                return np.asarray((column >= low) & (column <= high))
            case "in" | "not_in":
                inside = np.isin(column, list(values))
                return inside if comparison == "in" else ~inside
    raise ToolError(f"{comparison} cannot be asked of this column.", "Compare it with a value instead.")


def _by_share(column: pd.Series[Any], comparison: str, percent: float) -> Booleans:
    """Equal values stay together: all those tied with the last one inside are inside."""
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.sort(numbers[~np.isnan(numbers)])
    n = min(len(known), max(1, int(np.ceil(len(known) * percent / 100 - 1e-9))))
    if not len(known):
        return np.zeros(len(numbers), dtype=bool)
    return np.asarray(numbers >= known[-n] if comparison == "top_share" else numbers <= known[n - 1])


def _by_date(column: pd.Series[Any], comparison: str, values: Sequence[Any]) -> Booleans:
    spans = [tuple(pd.Timestamp(end) for end in interval(iso(value))) for value in values]
    (start, end), moment = spans[0], column
    match comparison:
        case "equal":
            kept = (moment >= start) & (moment < end)
        case "not_equal":
            kept = (moment < start) | (moment >= end)
        case "above":
            kept = moment >= end
        case "at_least":
            kept = moment >= start
        case "below":
            kept = moment < start
        case "at_most":
            kept = moment < end
        case "between":
            kept = (moment >= min(start, spans[1][0])) & (moment < max(end, spans[1][1]))
        case _:
            kept = pd.Series(False, index=column.index)
            for first, last in spans:
                kept |= (moment >= first) & (moment < last)
            kept = ~kept if comparison == "not_in" else kept
    return kept.to_numpy(dtype=bool)


def iso(value: object) -> str:
    """Return a date as the text that periods are read from."""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _by_text(column: pd.Series[Any], comparison: str, values: Sequence[Any]) -> Booleans:
    distinct = pd.unique(column.dropna())
    matching = texts_matching(distinct, comparison, values, str(column.name))
    return column.isin(matching).to_numpy(dtype=bool)


def _part(column: pd.Series[Any], grain: str) -> Any:
    """Return the part of a date that a condition asks for."""
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise ToolError(f"{column.name} has no dates to take the {grain} of.", "Compare its value instead.")
    match grain:
        case "year" | "quarter" | "month" | "hour":
            return getattr(column.dt, grain)
        case "weekday":
            return column.dt.day_name()
        case "weekend":
            return column.dt.day_of_week >= 5
        case _:
            raise ToolError(
                f"The {grain} of {column.name} cannot decide a segment.",
                "Use year, quarter, month or weekday.",
            )
