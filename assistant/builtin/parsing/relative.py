"""Reads conditions that look beyond a number: "balance above the limit", "more than the average"."""

from __future__ import annotations

from assistant.builtin.lexicon import phrases
from assistant.builtin.parsing.negation import add_condition, items_before, take_negation
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item


def against_column(parts: Parts, index: int, kind: str) -> bool:
    """Read "balance above the credit limit" as a comparison of two columns of a row."""
    if kind == "between" or parts.sentence.tokens[0].norm in phrases("claim_lead"):
        return False
    after = parts.sentence.at(index + 1)
    other = _number_or_date(parts, after)
    if after is None or after.used or other is None or after.has("by"):
        return False
    found = _subject(parts, index, other)
    if found is None:
        return False
    column, items = found
    for item in (*items, after, parts.sentence.items[index]):
        item.used = True
    add_condition(parts, condition(column, kind, than=other), take_negation(parts, index))
    return True


def take_more_than(parts: Parts) -> None:
    """Read "more children than adults" and the like: one column against another."""
    items = parts.sentence.items
    for index, item in enumerate(items[:-2]):
        word = item.text.lower().removesuffix(" in")
        if item.used or word not in (
            "more",
            "fewer",
            "less",
            "higher",
            "lower",
            "larger",
            "smaller",
            "bigger",
        ):
            continue
        first, second = items[index + 1], items[index + 2]
        if second.has("comparator") or second.text.lower() == "than":
            second = parts.sentence.at(index + 3) or second
        between = [token.norm for token in parts.sentence.tokens[first.end : second.start]]
        one, two = _number_or_date(parts, first), _number_or_date(parts, second)
        if "than" not in between or one is None or two is None or one == two:
            continue
        kind = "below" if word in ("fewer", "less", "lower", "smaller") else "above"
        for used in items[index : items.index(second) + 1]:
            used.used = True
        parts.where.append(condition(one, kind, than=two))
        return


def against_statistic(parts: Parts, index: int, kind: str) -> bool:
    """Read "above average balance", "more than the average", "below the median income"."""
    item, statistic = parts.sentence.items[index], parts.sentence.at(index + 1)
    if statistic is None or statistic.used or not statistic.has("statistic", "mean", "median"):
        return False
    if kind in ("between", "equal", "not_equal"):
        return False
    after = parts.sentence.at(index + 2)
    column = _number_or_date(parts, after) if after and not after.used else None
    items: list[Item] = [after] if after and column else []
    before = _subject(parts, index, "")
    if before is not None and (column is None or column == before[0]):
        column, items = before[0], [*items, *before[1]]
    if column is None or not parts.is_number(column):
        return False
    for used in (*items, item, statistic):
        used.used = True
    made = condition(column, kind, statistic=statistic.senses["statistic"])
    add_condition(parts, made, take_negation(parts, index))
    return True


def take_extremes(parts: Parts) -> None:
    """Read "customers at the maximum tenure" as those with the largest value that there is."""
    for index, item in parts.sentence.free():
        after = parts.sentence.at(index + 1)
        noun = any(i.has("entity") for i in parts.sentence.items[:index])
        before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 2) : item.start]]
        place = before[-1:] == ["at"] or (
            len(before) == 2 and before[0] in ("at", "on") and before[1] == "the"
        )
        if not item.has("statistic", "max", "min") or not (noun and place) or after is None or after.used:
            continue
        name = _number_or_date(parts, after)
        column = parts.column(name) if name else None
        extreme = (
            None if column is None else column.maximum if item.has("statistic", "max") else column.minimum
        )
        if name is None or extreme is None:
            continue
        item.used = after.used = True
        parts.where.append(condition(name, "equal", extreme))
        return


def _number_or_date(parts: Parts, item: Item | None, but: str = "") -> str | None:
    """Return the number or date column that an item names, if another than one that is known already."""
    if item is None or item.number is not None:
        return None
    for link in item.links:
        if link.column == but:
            continue
        if parts.column(link.column).kind in ("date", "datetime") or parts.is_measurable(link.column):
            return link.column if link.score >= 0.6 else None
    return None


def _subject(parts: Parts, index: int, other: str) -> tuple[str, list[Item]] | None:
    """Return the column in front of a comparison, or what its verb implies."""
    for _, item in items_before(parts, index, 3):
        if item.used or item.has("statistic") or item.has("superlative"):
            return None
        name = _number_or_date(parts, item, other)
        if name is not None:
            dated = [parts.column(each).kind in ("date", "datetime") for each in (name, other or name)]
            return (name, [item]) if dated[0] == dated[1] else None
        spent = item.has("condition_verb", "spent") or item.has("entity", "transaction", "row")
        holding = parts.catalog.table.by_role("balance")
        limited = "limit" in parts.catalog.words_of.get(other, ()) and item.has("entity", "customer")
        if limited and len(holding) == 1 and holding[0].name != other:
            return holding[0].name, []
        if spent and parts.amount and parts.amount != other:
            return parts.amount, [item] if item.has("condition_verb", "spent") else []
        if item.has("value") or item.has("by"):
            return None
    return None
