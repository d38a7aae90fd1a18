"""Reads what is counted: "how many customers", "number of different cities", "how many women"."""

from __future__ import annotations

from assistant.builtin.lexicon import lexicon
from assistant.builtin.parsing.grouping import is_plural
from assistant.builtin.parsing.parts import Parts, own_key
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of
from tools.selecting import Measure


def _much_of_many(parts: Parts) -> list[Item]:
    """Take "how much customers" for a count: money and time are much, those who come one by one are many."""
    found = []
    for item in parts.sentence.items:
        after = parts.sentence.at(parts.sentence.items.index(item) + 1)
        many = after is not None and after.has("entity") and not after.links and is_plural(after)
        if item.has("how_much") and "money" not in item.text and many and after and after.start == item.end:
            item.used = True
            found.append(item)
    return found


def take_counts(parts: Parts) -> None:
    """Read "how many customers", "number of different cities", "how many women"."""
    distinct = parts.sentence.take("count", "distinct")
    if distinct:
        after = parts.sentence.at(parts.sentence.items.index(distinct) + 1)
        if (
            after
            and after.links
            and not after.used
            and not after.has("entity")
            and parts.column(after.links[0].column).role in ("customer_key", "row_key")
        ):
            after.used = True
            parts.measures.append(Measure(statistic="count_distinct", column=after.links[0].column))
    counted = parts.sentence.take_all("count", "how_many") + _much_of_many(parts)
    for _, item in parts.sentence.free():
        if item.text.lower() in ("volume", "traffic", "activity") and not item.links:
            item.used = True
            counted.append(item)
    parts.counts = parts.counts or bool(counted or distinct)
    _counted_noun(parts, counted)
    if counted and not distinct and _counts_pieces(parts, counted):
        parts.counts = False
    if (
        distinct
        and not counted
        and not any(item.links or item.has("entity") for _, item in parts.sentence.free())
    ):
        distinct.used = False
    for _, item in parts.sentence.free():
        if (
            item.has("entity")
            and not item.has("entity", "segment", "column")
            and not (item.links and item.links[0].score > 0.99)
        ):
            item.used = True
            key = own_key(parts, item)
            if key and key != parts.customer_key:
                parts.entity_key = parts.entity_key or key
            parts.entity = parts.entity or item.senses["entity"]
            if item.has("entity", "customer"):
                parts.mentions_customers = True
            if item.has("entity", "transaction"):
                parts.mentions_transactions = True
        elif item.has("logic") and item.text.lower().split()[0] == "who":
            parts.mentions_customers = True
    if any(item.values and _is_person(item) for item in parts.sentence.items):
        parts.mentions_customers = True
    if parts.counts and not parts.entity:
        for index, item in parts.sentence.free():
            if (
                item.links
                and not parts.catalog.is_flag(item.links[0].column)
                and not parts.is_measurable(item.links[0].column)
            ):
                name = parts.pick(item)
                if name:
                    item.used = True
                    parts.measures.append(Measure(statistic="count_distinct", column=name))
                    return
            del index
    if distinct and counted and parts.bare and not parts.measures:
        parts.measures += [Measure(statistic="count_distinct", column=name) for name in parts.bare]
        parts.bare.clear()


def _counted_noun(parts: Parts, counted: list[Item]) -> None:
    """Take the noun behind "number of" for what is counted: "top clients by cost, with number of orders"."""
    for item in counted:
        noun = parts.sentence.at(parts.sentence.items.index(item) + 1)
        if noun and not noun.used and noun.has("entity", "transaction", "row", "customer"):
            earlier = any(i.has("entity", "customer") for i in parts.sentence.items if i.start < item.start)
            if not (noun.links and noun.links[0].score > 0.99) and (parts.groups or earlier):
                parts.entity = noun.senses["entity"]
            return


def _is_person(item: Item) -> bool:
    """Tell whether a value is a noun for people: women, men, girls."""
    words = key_of(item.text)
    return len(words) == 1 and words[0] in lexicon().value_words


def _counts_pieces(parts: Parts, counted: list[Item]) -> bool:
    """Tell whether "number of items" is a column that counts them, of which a statistic is taken."""
    after = parts.sentence.at(parts.sentence.items.index(counted[0]) + 1)
    held = {m.column for m in parts.measures if m.column}
    return after is not None and after.used and any(link.column in held for link in after.links)


def _is_calendar(parts: Parts, column: str) -> bool:
    return bool({"hour", "weekday", "month", "week", "day"} & set(parts.catalog.words_of.get(column, ())))


def count_of(parts: Parts) -> Measure:
    """Return the measure that counts what the sentence speaks of."""
    table = parts.catalog.table
    within_customers = any(group.column == parts.customer_key for group in parts.groups)
    if parts.entity_key and (within_customers or parts.entity != "customer"):
        return Measure(statistic="count_distinct", column=parts.entity_key)
    people = parts.entity == "customer" or (parts.entity is None and parts.mentions_customers)
    timed = any(group.grain for group in parts.groups) or any(
        _is_calendar(parts, g.column) for g in parts.groups
    )
    if (
        people
        and not parts.counts
        and parts.superlative
        and timed
        and parts.sentence.has("condition_verb", "bought")
    ):
        return Measure(statistic="count")  # "at what hour do people shop most" counts purchases
    key = parts.customer_key
    sides = bool(parts.compared) and parts.sentence.says("more often", "less often")
    if people and key and sides and table.grain == "transactions" and not parts.customers_table:
        parts.note("How often is the number of rows for each customer who has any.")
        each = Measure(statistic="count_distinct", column=key)
        whole = Measure(statistic="count_distinct", column=table.order) if table.order else Measure()
        return whole.model_copy(update={"per": each})
    if within_customers and table.grain == "transactions" and people and parts.superlative:
        # Each is one of itself: "customer with the most orders" ranks by the rows.
        return Measure(statistic="count_distinct", column=table.order) if table.order else Measure()
    if people and key and not parts.customers_table:
        asked = parts.catalog.tables.get(parts.table or "", table)
        if asked.grain == "customers":
            return Measure(statistic="count")
        return Measure(statistic="count_distinct", column=key)
    if table.order and parts.entity == "transaction":
        return Measure(statistic="count_distinct", column=table.order)  # an order, whatever its lines
    return Measure(statistic="count")
