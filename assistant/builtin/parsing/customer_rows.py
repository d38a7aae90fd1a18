"""Reads conditions on all rows of a customer: spent over 500 in 2023, last ordered before March."""

from __future__ import annotations

from assistant.builtin.parsing.parts import Parts
from assistant.builtin.request.rows import Aggregate
from tools.selecting import Condition, Measure
from tools.sequences import FIRST

_OF_FEATURE = {
    "total_amount": "sum", "mean_amount": "mean", "median_amount": "median", "largest_amount": "max",
    "n_transactions": "count",
}  # fmt: skip
_ONE_ROW = ("per order", "in one order", "in a single", "at once", "per purchase", "each time", "in one go")


def added_up(parts: Parts, one: Condition) -> Condition | None:
    """Return a condition on what all rows of a customer add up to: "meters that used under 2000 in total".

    Returns:
        None where single rows are meant, or a feature of customers holds the total already.
    """
    table = parts.catalog.table
    asked = table.grain == "transactions" and parts.customer_key is not None and of_people(parts)
    flows = parts.column(one.column).role in ("amount", "quantity", "measure")
    said = [item for item in parts.sentence.items if item.has("statistic", "sum") and not item.links]
    if not (asked and flows and said) or table.column(one.column) is None or parts.groups or one.or_:
        return None
    for item in said:
        item.used = True
    measure = Measure(statistic="sum", column=one.column)
    return one.model_copy(update={"column": parts.customer_key, "measure": measure})


def take_first_or_last(parts: Parts) -> None:
    """Read "last ordered before March" of customers; the period has been read."""
    if parts.customer_key and parts.catalog.table.grain == "transactions" and of_people(parts):
        _first_or_last(parts)


def of_people(parts: Parts) -> bool:
    """Tell whether a sentence speaks of customers, so that a condition may be on all their rows."""
    return parts.sentence.has("entity", "customer") or parts.sentence.says("who")


def _first_or_last(parts: Parts) -> None:
    """Read "last ordered before March": the date of the last row of a customer, not any of the dates."""
    held = [c for c in parts.where if c.column == parts.time]
    if len(held) != 1 or parts.time is None:
        return
    for index, item in parts.sentence.free():
        if not item.has("superlative_time"):
            continue
        near = [parts.sentence.at(index + step) for step in (1, 2, -1)]
        acts = [
            one
            for one in near
            if one is not None and (one.has("condition_verb", "bought") or one.has("entity", "transaction"))
        ]
        if not acts:
            continue
        statistic = "max" if item.has("superlative_time", "desc") else "min"
        measure = {"statistic": statistic, "column": parts.time}
        changes = {"column": parts.customer_key, "measure": Measure.model_validate(measure)}
        one = held[0].model_copy(update=changes)
        parts.where.remove(held[0])
        parts.key_rows.append(one)
        item.used = acts[0].used = True
        for other in parts.sentence.items[index:]:
            other.used = other.used or other.has("time_preposition")
        return


def with_customer_rows(parts: Parts, request: Aggregate) -> Aggregate:
    """Turn conditions that hold over several rows of a customer into conditions on the customer's key."""
    key = parts.customer_key
    if key is None or parts.catalog.table.grain != "transactions":
        return request
    if request.table == "customers":
        where = [_by_first_row(parts, one) for one in request.where]
        request = request.model_copy(update={"where": where})
    over_rows = [(one, measure) for one in request.where if (measure := measure_of(parts, one)) is not None]
    rows = [one for one in request.where if _of_a_row(parts, one)]
    raw = any(one.column == parts.amount for one, _ in over_rows)
    if not parts.key_rows and not (over_rows and (rows or raw)) or not of_people(parts):
        return request
    beside = _people(parts)
    keyed = [one.model_copy(update={"rows": [*one.rows, *rows]}) for one in parts.key_rows]
    for one, measure in over_rows:
        keyed.append(one.model_copy(update={"column": key, "measure": measure, "rows": rows}))
    keyed = [_placed(parts, one, beside) for one in keyed]
    moved = [one for one, _ in over_rows] + rows
    where = [one for one in request.where if one not in moved]
    if any(parts.catalog.feature(one.column) and one.column not in parts.catalog.loaded for one in where):
        return request
    table = beside or parts.catalog.main
    measures = [_for_people(parts, each, table) for each in request.measures]
    parts.note("The condition is on all that a customer did, not on single rows.")
    return request.model_copy(update={"where": [*where, *keyed], "table": table, "measures": measures})


def _by_first_row(parts: Parts, one: Condition) -> Condition:
    """Write a condition on the first date of a customer as one on the rows, where customers are the rows."""
    if not one.column.startswith(FIRST):
        return one
    measure = Measure(statistic="min", column=one.column.removeprefix(FIRST))
    return one.model_copy(
        update={"column": parts.customer_key, "measure": measure, "table": parts.catalog.main}
    )


def _people(parts: Parts) -> str | None:
    """Return the table with one row for each customer, if one is loaded beside the transactions."""
    key = parts.customer_key
    tables = [name for name, t in parts.catalog.tables.items() if t.grain == "customers"]
    return next((name for name in tables if parts.catalog.tables[name].customer == key), None)


def measure_of(parts: Parts, one: Condition) -> Measure | None:
    """Return what a condition on a customer feature, or on what somebody spent, measures of the rows."""
    if one.or_ or one.than or one.statistic or one.is_ in ("top_share", "bottom_share", "top_n", "bottom_n"):
        return None
    order, amount = parts.catalog.table.order, parts.amount
    if one.column == "n_transactions":
        return Measure(statistic="count_distinct", column=order) if order else Measure(statistic="count")
    spent = one.column == amount and parts.sentence.has("condition_verb", "spent")
    if spent and not parts.sentence.says(*_ONE_ROW):
        return Measure(statistic="sum", column=amount)
    statistic = _OF_FEATURE.get(one.column) if amount else None
    return Measure.model_validate({"statistic": statistic, "column": amount}) if statistic else None


def _of_a_row(parts: Parts, one: Condition) -> bool:
    """Tell whether a condition is on single rows: their time or what was bought, not who the customer is."""
    if one.measure is not None or one.table is not None or one.is_ in ("has_rows", "has_no_rows"):
        return False
    if one.column == parts.amount or measure_of(parts, one) is not None:
        return False
    beside, column = _people(parts), parts.column(one.column)
    if beside is not None:
        return not parts.catalog.related.reaches(beside, one.column) and one.column in parts.catalog.loaded
    return one.column == parts.time or (column.role == "category" and not column.protected)


def _placed(parts: Parts, one: Condition, beside: str | None) -> Condition:
    """Say in which table the rows of the customers are searched; the table itself needs no name."""
    related = parts.catalog.related
    measured = [one.measure.column] if one.measure and one.measure.column else []
    needed = [c.column for c in one.rows] + measured
    base = related.base([*needed, one.column], parts.catalog.main) if len(parts.catalog.tables) > 1 else None
    base = base or parts.catalog.main
    return one if base == (beside or parts.catalog.main) else one.model_copy(update={"table": base})


def _for_people(parts: Parts, measure: Measure, table: str) -> Measure:
    """Count customers: rows where each is one, else the different keys."""
    plain = measure.statistic in ("count", "count_distinct") and measure.column in (None, parts.customer_key)
    if not plain or measure.per is not None:
        return measure
    people = parts.catalog.tables[table].grain == "customers"
    return Measure() if people else Measure(statistic="count_distinct", column=parts.customer_key)
