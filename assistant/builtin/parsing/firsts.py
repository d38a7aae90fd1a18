"""Reads who is new and who never came: "new customers by month", "customers who never ordered"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.formulas import computed_item
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.core import DataTable
from tools.sequences import FIRST


def take_newness(parts: Parts) -> None:
    """Read new customers by the date on which they joined, else by the first of all their rows."""
    _call_new(parts)
    for _, item in parts.sentence.free():
        if not item.has("newness") or item.links:
            continue
        table = parts.catalog.table
        joined = _joined(parts) if item.has("newness", "joined") or table.grain == "customers" else None
        item.used = True
        measured = any(
            link.how != "part" and parts.is_measurable(link.column)
            for other in parts.sentence.items
            for link in other.links[:1]
        )
        if not measured:  # "revenue by year of the first order" only groups by it
            parts.counts = parts.counts or not parts.sentence.has("statistic")
            parts.entity, parts.mentions_customers = "customer", True
        if joined is not None:
            parts.event = joined
            parts.note(f"I took customers as new at their **{joined}**.")
        elif table.grain == "transactions" and table.customer and table.time:
            made = computed_item(parts, item.start, item.end, f"{FIRST}{table.time}")
            if made is None:
                return
            parts.event = f"{FIRST}{table.time}"
            parts.note(f"New means that the customer's first **{table.time}** in these data lies there.")
        for other in parts.sentence.items:
            told = (other.has("entity", "customer") and not measured) or other.has("superlative_time", "asc")
            if other is not item and (told or other.text.lower() in ("who", "ever")):
                other.used = True
        return


def _call_new(parts: Parts) -> None:
    """Take "new" and "first time" before any noun for people as what they say: "first time donors"."""
    items, tokens = parts.sentence.items, parts.sentence.tokens
    if any(item.has("newness") for item in items):
        return
    for index, item in enumerate(items):
        before = [token.norm for token in tokens[max(0, item.start - 2) : item.start]]
        first = before == ["first", "time"]
        if not item.has("entity", "customer") or item.used or not (first or before[-1:] == ["new"]):
            continue
        start = item.start - (2 if first else 1)
        text = parts.sentence.text[tokens[start].start : tokens[item.end - 1].end]
        made = Item(start, item.end, text, {"newness": "first_time" if first else "joined"})
        items[:] = [other for other in items[:index] if other.start < start] + [made, *items[index + 1 :]]
        return


def _joined(parts: Parts) -> str | None:
    """Return the date on which customers joined, if a table of customers has one."""
    for table in parts.catalog.tables.values():
        if table.grain == "customers" and table.time:
            return table.time
    return None


def take_never(parts: Parts) -> None:
    """Read "customers who never ordered": customers without a row among the transactions."""
    other = _customers_beside(parts)
    main = parts.catalog.table
    if other is None or main.customer is None:
        return
    for index, item in parts.sentence.free():
        acts = item.has("condition_verb", "bought", "inactive") or item.has("entity", "transaction", "row")
        if not acts or not parts.sentence.has("entity", "customer"):
            continue
        after = parts.sentence.at(index + 1)
        if after is not None and after.values and not after.used:
            continue  # "never bought shoes" is about some of the rows
        denied = _denial(parts, index)
        if denied is None and not item.has("condition_verb", "inactive"):
            continue
        for used in (item, *(denied or [])):
            used.used = True
        for near in parts.sentence.items:
            near.used = near.used or near.has("entity") or near.text.lower() in phrases("never_filler")
        where = [one for one in parts.where if main.column(one.column) and one.column == main.time]
        parts.where[:] = [one for one in parts.where if one not in where]
        key = other.customer or main.customer
        one = condition(key, "has_no_rows", table=main.name).model_copy(update={"rows": where})
        parts.where.append(one)
        parts.table = other.name
        parts.counts, parts.entity, parts.mentions_customers = True, "customer", True
        return


def _customers_beside(parts: Parts) -> DataTable | None:
    """Return a table of customers beside the main table of transactions."""
    if parts.catalog.table.grain != "transactions":
        return None
    return next(
        (
            table
            for name, table in parts.catalog.tables.items()
            if name != parts.catalog.main and table.grain == "customers" and table.customer
        ),
        None,
    )


def _denial(parts: Parts, index: int) -> list[Item] | None:
    """Return what denies a purchase: "never", "no", "not a single", "without any"."""
    found: list[Item] = []
    for step in (1, 2, 3):
        near = parts.sentence.at(index - step)
        if near is None or near.used or near.links or near.values:
            break
        found.append(near)
        if near.has("logic", "not"):
            return found
        if near.number is not None and near.number.value == 0:
            return found
        one = near.number is not None and near.number.value == 1
        passed = near.text.lower() in phrases("never_filler") or near.has("condition_verb")
        had = near.text.lower() in cue("having_verb") or near.has("logic", "with")
        if not (one or passed or had):
            break  # "never missed an appointment" is about some of the rows
    return None
