"""Knows what a measure, a share and a row of a table are called, in a sentence and as a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.core import Column, DataTable
from tools.decimals import with_dots
from tools.selecting import Measure
from tools.wording import label, number, plain_name, plural

if TYPE_CHECKING:
    from tools.questions.measuring import Plan

ADJECTIVE = {
    "sum": "total",
    "mean": "average",
    "median": "median",
    "min": "smallest",
    "max": "largest",
    "std": "standard deviation of",
    "variance": "variance of",
    "skew": "skewness of",
}
_HEADINGS = {  # in tables and on axes, where it is no adjective
    "count": "rows with",
    "count_distinct": "different",
    "count_missing": "missing",
    "share_missing": "missing, %:",
    "mode": "most frequent",
}


def row_noun(table: DataTable) -> tuple[str, str]:
    """Return what one row is called, singular and plural."""
    if told := table.reading.get("noun"):
        return told[0], told[1]
    if table.order and table.grain == "transactions":
        return "order line", "order lines"
    nouns = {"transactions": ("transaction", "transactions"), "customers": ("customer", "customers")}
    return nouns.get(table.grain, ("row", "rows"))


def weighted_column(table: DataTable, measure: Measure, lower: Measure) -> Column | None:
    """Return the column whose average is weighted by another: sum of a * b over sum of b where a is known."""
    if not (measure.statistic == lower.statistic == "sum" and measure.column and lower.column):
        return None
    known = [condition.column for condition in lower.where if condition.is_ == "present"]
    if len(known) != 1 or len(lower.where) != 1 or measure.column != f"{known[0]} * {lower.column}":
        return None
    return table.column(known[0])


def divisor_words(below: Plan) -> str:
    """Write what a ratio divides by, as it follows "per"."""
    if below.measure.grain:
        return below.measure.grain.replace("_", " ") + " with rows"
    if below.measure.statistic in ("count", "count_distinct"):
        named = counted_thing(below.column) if below.column and below.unit != "customers" else None
        condition = below.words.partition(" where ")[2]
        return (named or singular(below.unit or "row")) + (f" where {condition}" if condition else "")
    return below.words.removeprefix("the ")


def singular(unit: str) -> str:
    """Write one of what a unit counts."""
    singles = {
        "transactions": "transaction",
        "customers": "customer",
        "rows": "row",
        "order lines": "order line",
    }
    return singles.get(unit, unit)


def counted_thing(column: Column) -> str | None:
    """Return what a column of identifiers names, such as "order" for `order_id`, or None."""
    ends = r"id|key|no|nr|number" if column.role == "row_key" else r"id|key"
    return match[1] if (match := re.fullmatch(rf"(.{{2,}}?)[ _-]?(?i:{ends})", label(column))) else None


def measure_words(
    table: DataTable, measure: Measure, column: Column | None, noun: str
) -> tuple[str, str | None]:
    """Return the noun phrase and the unit of a measure."""
    statistic = measure.statistic
    if column is None:
        return f"the number of {noun}", noun
    name = label(column)
    if statistic == "count":
        return f"the number of {noun} with a value in {name}", noun
    if statistic == "count_distinct":
        if column.role == "customer_key":
            return "the number of customers", "customers"
        if measure.grain:
            return f"the number of {plural(measure.grain.replace('_', ' '))}", plural(measure.grain)
        if thing := counted_thing(column):
            different = "" if column.name == table.order else "different "
            return f"the number of {different}{plural(thing)}", plural(thing)
        return f"the number of different values of {name}", "values"
    if statistic == "count_missing":
        return f"the number of {noun} without {name}", noun
    if statistic == "share_missing":
        return f"the share of {noun} without {name}", "%"
    if statistic == "mode":
        return f"the most frequent {name}", None
    if statistic == "quantile":
        return f"the {ordinal(100 * (measure.q or 0.0))} percentile of {name}", column.unit
    if statistic in ("min", "max") and column.kind in ("date", "datetime"):
        return f"the {'first' if statistic == 'min' else 'last'} {name}", None
    adjective = ADJECTIVE[statistic]
    plain = plain_name(column.name)
    plural_name = statistic in ("mean", "sum", "median") and re.search(r"[^sui]s$", plain)
    if statistic == "sum" and plain.split()[0] == adjective:
        adjective = "sum of"  # total charges
    elif plural_name or plain.split()[0] == adjective:
        adjective += " of"  # the average of purchases
    unit = {"variance": f"{column.unit}²" if column.unit else None, "skew": None}.get(statistic, column.unit)
    return f"the {adjective} {name}", unit


def heading_of(measure: Measure, column: Column | None, noun: str) -> str:
    """Write a measure as the head of a column and on an axis."""
    if column is None:
        return noun
    if measure.grain:
        return plural(measure.grain.replace("_", " "))
    if measure.statistic == "count_distinct" and column.role == "customer_key":
        return "customers"
    if measure.statistic == "count_distinct" and (thing := counted_thing(column)):
        return plural(thing)
    name = with_dots(column.name)
    if measure.statistic == "quantile":
        return f"{ordinal(100 * (measure.q or 0.0))} percentile of {name}"
    return f"{_HEADINGS.get(measure.statistic) or ADJECTIVE[measure.statistic]} {name}"


def ordinal(value: float) -> str:
    """Write a rank: 1st, 2nd, 90th, 99.5th."""
    shown = number(value)
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(shown[-1], "th")
    return f"{shown}{'th' if shown[-2:] in ('11', '12', '13') or '.' in shown else ending}"


def snake(name: str) -> str:
    """Write a name as a fact name: `TransactionAmount (INR)` becomes transaction_amount."""
    return "_".join("".join(c if c.isalnum() else " " for c in plain_name(name)).lower().split()) or "value"
