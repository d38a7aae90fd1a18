"""Knows what a checked condition is: an expression that is never null, with its words, caveats and facts."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tools.core import Fact, Scalar
from tools.errors import ToolError
from tools.selecting import Comparison, Condition
from tools.wording import listing


@dataclass(frozen=True)
class Check:
    """One condition as an expression and as words.

    Attributes:
        holds: Never null.
        words: What must hold, to stand behind "where": "gender is F".
        caveats: What was assumed on the way.
        facts: Thresholds that were computed and numbers that stand in `words`.
        aside: The same as a person would add it to what is told, if that is shorter: "in August 2016".
    """

    holds: nw.Expr
    words: str
    caveats: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    aside: str = ""


COMPARED = {
    "equal": "is",
    "not_equal": "is not",
    "above": "is above",
    "at_least": "is at least",
    "below": "is below",
    "at_most": "is at most",
}


def values_of(condition: Condition) -> list[Scalar]:
    """Return the values a condition compares with.

    Raises:
        ToolError: If it has none, or not two for between.
    """
    several = condition.is_ in ("in", "not_in", "between")
    found: list[Scalar] = list(condition.values) if several or condition.value is None else [condition.value]
    if several and not found and condition.value is not None:
        found = [condition.value]
    if condition.is_ == "between" and len(found) != 2:
        raise ToolError(
            f"Between on {condition.column} needs two values.", "Give the lower and the upper end."
        )
    if not found:
        raise ToolError(f"The condition on {condition.column} has no value.", "Give a value to compare with.")
    return found


def number_in(column: str, value: object) -> float:
    """Read the number that a condition on a number column compares with.

    Raises:
        ToolError: If it is none.
    """
    try:
        return float(str(value).replace(",", "").replace("_", ""))
    except ValueError:
        raise ToolError(
            f"{column} holds numbers, and {value!r} is not a number.", "Compare it with a number."
        ) from None


def compare(this: nw.Expr, comparison: Comparison, values: Sequence[Any]) -> nw.Expr:
    """Compare an expression with plain values; missing is unequal to everything and in no range."""
    first = values[0]
    plain = {"equal": operator.eq, "above": operator.gt, "at_least": operator.ge}
    plain |= {"below": operator.lt, "at_most": operator.le}
    holds: nw.Expr
    if comparison in plain:
        holds = plain[comparison](this, first).fill_null(False)
        return holds
    if comparison == "between":
        within: nw.Expr = (this >= min(values)) & (this <= max(values))
        return within.fill_null(False)
    if comparison == "in":
        return this.is_in(list(values)).fill_null(False)
    if comparison == "not_equal":
        holds = this != first
        return holds.fill_null(True)
    absent: nw.Expr = ~this.is_in(list(values))
    return absent.fill_null(True)


def phrase(name: str, comparison: Comparison, shown: Sequence[str]) -> str:
    """Write a comparison as words."""
    if comparison == "between":
        return f"{name} is between {shown[0]} and {shown[1]}"
    if comparison in ("in", "not_in"):
        return f"{name} is {'not ' if comparison == 'not_in' else ''}{listing(list(shown), 'or')}"
    if comparison in ("contains", "starts_with"):
        verb = "contains" if comparison == "contains" else "starts with"
        return f"{name} {verb} {listing(list(shown), 'or')}"
    return f"{name} {COMPARED[comparison]} {shown[0]}"
