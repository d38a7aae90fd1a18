"""Reads groups that are kept by what is computed in each: "days with more than 50 visits".

What is computed may be a count, different values ("products bought by 200 different users") or how often
something happens ("contracts where churn is above 10 percent").
"""

from __future__ import annotations

from assistant.builtin.parsing.grouping import add_group, group_of, has_grain, is_plural
from assistant.builtin.parsing.negation import affirmed
from assistant.builtin.parsing.parts import Parts, condition, own_key
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy, Measure

_REACH = 6  # items between the noun of the groups and the comparison
_WAYS = ("above", "below", "at_least", "at_most", "equal")


def take_kept_groups(parts: Parts) -> None:
    """Keep groups by a count, by different values of a column, or by how often something happens."""
    if parts.sentence.has("logic", "or"):
        return
    for index, item in parts.sentence.free():
        kind = item.senses.get("comparator")
        number = parts.sentence.at(index + 1)
        if kind not in _WAYS or number is None or number.number is None or number.used:
            continue
        if number.number.unit == "%" and _take_rate_of_groups(parts, index, str(kind), number):
            return
        if number.number.unit in (None, "times") and _take_count_of_groups(parts, index, str(kind), number):
            return


def _take_rate_of_groups(parts: Parts, index: int, kind: str, number: Item) -> bool:
    """Read "contracts where churn is above 10 percent" and "queues with under 5% dropped"."""
    places = (*range(index - 1, max(-1, index - 4), -1), index + 2, index + 3)
    at = next((place for place in places if _flag(parts, place) is not None), None)
    flag = _flag(parts, at) if at is not None else None
    unit = _unit(parts, min(index, at) if at is not None else index)
    if at is None or flag is None or unit is None:
        return False
    around = [i for i in parts.sentence.items[min(at, index) : max(at, index + 1) + 1] if not i.used]
    if any(i.links and i is not parts.sentence.items[at] for i in around):
        return False
    if number.number is None or not _group_by(parts, unit, index):
        return False
    for used in (*around, number):
        used.used = True
    rate = Measure(where=[affirmed(parts, flag)], per=Measure())
    _keep(parts, rate, kind, number.number.value)
    parts.rate = True
    return True


def _flag(parts: Parts, at: int) -> str | None:
    """Return the yes/no column that an item names."""
    item = parts.sentence.at(at)
    if item is None or item.used or not item.links or item.has("by"):
        return None
    name = item.links[0].column
    return name if parts.catalog.is_flag(name) else None


def _take_count_of_groups(parts: Parts, index: int, kind: str, number: Item) -> bool:
    """Read "days with fewer than 40 calls" and "products bought by at least 200 different users"."""
    unit = _unit(parts, index)
    noun = parts.sentence.at(index + 2)
    different = noun if noun is not None and noun.has("count", "distinct") else None
    noun = parts.sentence.at(index + 3) if different else noun
    if unit is None or noun is None or noun.used or number.number is None:
        return False
    measure = _counted(parts, noun, number.number.value, different=different is not None)
    if measure is None or (not unit.has("grain") and measure == Measure()):
        return False  # rows of a category are counted by whoever reads comparisons
    if not _group_by(parts, unit, index):
        return False
    for used in (parts.sentence.items[index], number, noun, different):
        if used is not None:
            used.used = True
    _keep(parts, measure, kind, number.number.value)
    return True


def _counted(parts: Parts, noun: Item, least: float, *, different: bool) -> Measure | None:
    """Return what counts a noun within a group: its rows, its different keys, or its filled cells."""
    people = noun.has("entity", "customer") and parts.catalog.table.grain == "transactions"
    if people and parts.customer_key:
        return Measure(statistic="count_distinct", column=parts.customer_key)
    link = noun.links[0] if noun.links else None
    if link is not None and different and link.how in ("name", "concept"):
        return Measure(statistic="count_distinct", column=link.column)
    if noun.has("entity", "transaction", "row") and not different:
        own = own_key(parts, noun)  # an order of several lines is one order
        return Measure(statistic="count_distinct", column=own) if own else Measure()
    if link is None or link.column not in parts.catalog.loaded:
        return None
    column = parts.column(link.column)
    beyond = isinstance(column.maximum, int | float) and least > column.maximum
    filled = beyond and column.n_missing > 0 and is_plural(noun)  # "more than 220 ratings" of 1 to 5
    return Measure(where=[condition(link.column, "present")]) if filled else None


def _unit(parts: Parts, index: int) -> Item | None:
    """Return the noun of the groups before a comparison: a period, or a category."""
    nouns = [
        item for item in parts.sentence.items[max(0, index - _REACH) : index] if _names_groups(parts, item)
    ]
    return nouns[-1] if nouns else None


def _names_groups(parts: Parts, item: Item) -> bool:
    if item.values or item.number is not None or item.has("entity", "customer"):
        return False
    grain = item.senses.get("grain")
    if grain and not item.links:
        return is_plural(item) and has_grain(parts, str(grain))
    if not item.links or item.links[0].how not in ("name", "concept", "part"):
        return False
    name = item.links[0].column
    key = parts.column(name).role in ("customer_key", "row_key")
    own = parts.is_group(name) and not parts.catalog.is_flag(name) and not parts.is_measurable_only(name)
    named = own or _is_kind(parts, item, name)
    return (
        named and not key and parts.column(name).kind in ("text", "number") and _plural_or_kind(parts, item)
    )


def _is_kind(parts: Parts, item: Item, name: str) -> bool:
    """Tell whether a number column only numbers things that repeat: product_id for "products"."""
    column = parts.column(name)
    words = parts.catalog.words_of.get(name, ())
    return "id" in words and (column.n_distinct or 0) < 0.5 * parts.catalog.table.n_rows and is_plural(item)


def _plural_or_kind(parts: Parts, item: Item) -> bool:
    """Tell whether a noun stands for several groups: "queues", "contract types", "which queue"."""
    after = parts.sentence.at(parts.sentence.items.index(item) + 1)
    before = parts.sentence.at(parts.sentence.items.index(item) - 1)
    kinds = after is not None and after.has("group_noun") and is_plural(after)
    return is_plural(item) or kinds or (before is not None and before.has("logic", "which"))


def _group_by(parts: Parts, unit: Item, index: int) -> bool:
    """Group by a noun and use it with the words between it and the comparison."""
    grain = unit.senses.get("grain")
    name = None if grain and not unit.links else unit.links[0].column
    if name is None:
        add_group(parts, GroupBy.model_validate({"column": parts.time, "grain": grain}))
    elif name not in [group.column for group in parts.groups]:
        add_group(parts, group_of(parts, name))
    at = parts.sentence.items.index(unit)
    for item in parts.sentence.items[:index]:
        asks = item.has("count", "how_many") or item.has("logic", "which") or item.has("by")
        between = parts.sentence.items.index(item) > at
        framing = item.has("logic", "with", "which") or item.has("group_noun") or item.has("condition_verb")
        item.used = (
            item.used or item is unit or (asks and item.start < unit.start and not _measures(parts, unit))
        )
        item.used = item.used or (between and framing)
        item.used = item.used or item.column == name and name is not None
    return True


def _measures(parts: Parts, unit: Item) -> bool:
    """Tell whether something else is measured in the groups too, so that words before them have a place."""
    return any(item.has("statistic") for item in parts.sentence.items if item.start < unit.start)


def _keep(parts: Parts, measure: Measure, kind: str, number: float) -> None:
    """Add the condition on the groups; behind what is asked of them it is the second measure."""
    second = any(item.has("statistic") for _, item in parts.sentence.free())
    if second:
        parts.kept_by = measure
    else:
        parts.measures.insert(0, measure)
    whole = int(number) if float(number).is_integer() else number
    parts.having.append(condition("value_2" if second else "value", kind, whole))
