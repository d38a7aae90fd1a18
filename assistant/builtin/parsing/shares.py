"""Reads shares and ratios: what is counted, and what it is counted among."""

from __future__ import annotations

from assistant.builtin.lexicon import phrases
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.measures import count_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.tables import for_customers, numeric_columns
from tools.selecting import Condition, Measure


def read_ratio(parts: Parts) -> Measure | None:
    """Read "ratio of payments to balance" and "ratio of men to women"."""
    item = parts.sentence.find("share", "ratio")
    places = {link.column: each.start for each in parts.sentence.items for link in each.links[:1]}
    columns = sorted(numeric_columns(parts), key=lambda name: places.get(name, 99))
    if item is None and parts.share and len(columns) == 2 and not parts.groups:
        first = min(
            (i for i in parts.sentence.items if i.column in columns), key=lambda i: i.start, default=None
        )
        words = [t.norm for t in parts.sentence.tokens[first.end :]] if first else []
        backwards = not (set(words[:3]) & {"in", "of", "to", "out"})
        item = parts.sentence.items[0]
        columns = columns[::-1] if backwards else columns
    if item is None:
        return None
    if len(columns) == 2:
        item.used = True
        parts.share = False
        parts.note("The ratio is the total of one divided by the total of the other.")
        return Measure(statistic="sum", column=columns[0], per=Measure(statistic="sum", column=columns[1]))
    pair = next((c for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)
    if pair and not columns:
        item.used = True
        parts.where.remove(pair)
        parts.compared.clear()
        upper, lower = (
            count_of(parts).model_copy(update={"where": [condition(pair.column, "equal", v)]})
            for v in pair.values
        )
        return upper.model_copy(update={"per": lower})
    return None


def names_only_some(parts: Parts, name: str) -> bool:
    """Tell whether the values side by side leave out many rows: a share of them is one number."""
    column, _, grain = name.partition("|")
    if grain:
        return True
    counted = dict(parts.column(column).values)
    chosen = next((c for c in parts.where if c.column == column and c.is_ == "in"), None)
    if chosen is None or not counted:
        return False
    return sum(counted.get(str(value), 0) for value in chosen.values) < 0.9 * sum(counted.values())


def as_share(parts: Parts, measures: list[Measure]) -> list[Measure]:
    """Read "share of customers who churned" as a ratio; a share by city stays one of the total."""
    base = measures[0]
    if base.statistic == "mean" and base.column and base.column in parts.bare:
        base = base.model_copy(update={"statistic": "sum"})
    if parts.groups and not parts.rate:
        compared = {name.partition("|")[0] for name in parts.compared}
        free = [c for c in parts.where if c.column not in {g.column for g in parts.groups}]
        if not free or base.column and base.statistic == "sum" or compared:
            return [base]
        inner, parts.where[:] = _split_share(parts, free)
        return [base.model_copy(update={"where": inner, "per": base})]
    if not parts.where:
        return [base]
    inner, outer = _split_share(parts, parts.where)
    if not outer and base.statistic == "count_distinct":
        return [base]  # the tool compares with everything before the filter
    parts.where[:] = outer
    if (
        base.statistic == "count_distinct"
        and base.column == parts.customer_key
        and parts.catalog.has_features
    ):
        parts.customers_table = True
        base = Measure(statistic="count")
        inner = for_customers(parts, inner)
    return [base.model_copy(update={"where": inner, "per": base.model_copy(update={"where": []})})]


def _split_share(parts: Parts, conditions: list[Condition]) -> tuple[list[Condition], list[Condition]]:
    """Split "what share OF women ARE churned" into what is counted and what is counted among."""
    if len(conditions) < 2:
        return list(conditions), [c for c in parts.where if c not in conditions]
    asked = next((i.start for i in parts.sentence.items if i.has("share", "share")), 0)
    among = [c for c in conditions if _position(parts, c) < asked]
    if among and len(among) < len(conditions):  # "of those who churned, what percentage paid by check"
        inner = [c for c in conditions if c not in among]
        return inner, among + [c for c in parts.where if c not in conditions]
    text = " ".join(token.norm for token in parts.sentence.tokens)
    parted = next(
        (text.index(verb) for verb in phrases("part_verb") if verb in text),
        None,
    )
    if parted is None:
        return conditions[-1:], conditions[:-1] + [c for c in parts.where if c not in conditions]
    n_before = len(text[:parted].split())
    first = [c for c in conditions if _position(parts, c) < n_before]
    rest = [c for c in conditions if c not in first]
    if not first or not rest:
        return list(conditions), [c for c in parts.where if c not in conditions]
    return rest, first + [c for c in parts.where if c not in conditions]


def _position(parts: Parts, one: Condition) -> int:
    for item in parts.sentence.items:
        if one.column in {*(link.column for link in item.links), *(link.column for link in item.values)}:
            return item.start
    return 0


def add_top_share(parts: Parts) -> None:
    """Turn "the top 20%" into a condition on the ranked column."""
    if parts.top_share is None:
        return
    direction, percent = parts.top_share
    column = parts.top_share_column or next((c for c in parts.bare), None) or parts.amount
    if column is None:
        return
    if parts.entity == "customer" and parts.catalog.has_features:
        feature = parts.as_feature(column) or column
        parts.customers_table = True
        column = feature
    parts.where.append(
        condition(column, "top_share" if direction == "desc" else "bottom_share", plain(percent))
    )
