"""Reads how many rows of a kind a customer has: "at least one failed payment", "missed two or more visits".

Where each row is something that a customer did, a number of them together with what they were is one
condition on the customer's rows; of the customers it would be something else: most payments failed.
"""

from __future__ import annotations

from assistant.builtin.numbers import plain
from assistant.builtin.parsing.histories import asks_of_customers, is_of_a_row
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.selecting import Condition, Measure

_TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}


def take_number_of_times(parts: Parts) -> None:
    """Read "at least once" and "more than twice" as a number of rows of the customer."""
    if not asks_of_customers(parts) or not parts.feature("n_transactions"):
        return
    for index, item in parts.sentence.free():
        times = _times(item)
        before = parts.sentence.at(index - 1)
        compared = before is not None and not before.used and before.has("comparator")
        if times is None or before is None or not compared or before.end != item.start:
            continue
        item.used = before.used = True
        kind = str(before.senses["comparator"])
        parts.where.append(condition("n_transactions", kind, plain(times)))
        return


def _times(item: Item) -> float | None:
    if item.number is not None and item.number.unit == "times":
        return item.number.value
    return _TIMES.get(item.text.lower())


def take_counted_rows(parts: Parts) -> None:
    """Make a number of rows and what they are one condition on the rows of a customer."""
    if not asks_of_customers(parts, anyhow=True):
        return
    counts = [one for one in parts.where if one.column == "n_transactions" and _plain(one)]
    rows = [one for one in parts.where if is_of_a_row(parts, one) and not _said_of_people(parts, one)]
    if len(counts) != 1 or not rows or parts.groups:
        return
    order = parts.catalog.table.order
    measure = Measure(statistic="count_distinct", column=order) if order else Measure(statistic="count")
    changes = {"column": parts.customer_key, "measure": measure, "rows": rows}
    parts.key_rows.append(counts[0].model_copy(update=changes))
    parts.where[:] = [one for one in parts.where if one not in (*counts, *rows)]
    parts.compared[:] = [n for n in parts.compared if n.partition("|")[0] not in {r.column for r in rows}]
    parts.customers_table = False
    parts.mentions_customers, parts.entity = True, "customer"
    asks = parts.sentence.has("statistic") or parts.sentence.has("share") or parts.sentence.has("how_much")
    parts.counts = parts.counts or not asks


def _plain(one: Condition) -> bool:
    return not (one.or_ or one.than or one.statistic or one.measure or one.rows)


def _said_of_people(parts: Parts, one: Condition) -> bool:
    """Tell whether a condition stands right before the noun for people: "Android users with two payments"."""
    said = {str(value).lower() for value in (one.value, *one.values) if value is not None}
    for index, item in enumerate(parts.sentence.items[:-1]):
        names = {str(link.value).lower() for link in item.values if link.column == one.column}
        after = parts.sentence.items[index + 1]
        if names & said and after.start == item.end and after.has("entity", "customer"):
            return True
    return False
