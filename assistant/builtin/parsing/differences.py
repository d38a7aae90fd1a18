"""Reads questions whether groups differ: "do men spend more than women?", "is it significant?"."""

from __future__ import annotations

from typing import Literal

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.negation import affirmed
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.relations import crossed
from assistant.builtin.parsing.several_tables import across_tables
from assistant.builtin.parsing.tables import locate, numeric_columns
from assistant.builtin.request import Request
from assistant.builtin.request.rows import Aggregate, Correlation, GroupDifference
from assistant.builtin.sentence import Item
from tools.selecting import Condition, GroupBy, Measure

_FRAME = (
    "relation", "compare", "comparator", "comparator_age", "comparative", "logic", "distribution", "others",
)  # fmt: skip


def read_difference(parts: Parts) -> Request | None:
    """Read a question whether a number differs between groups, or is higher in one than in the other."""
    if any(measure.per and measure.column for measure in parts.measures):
        return None  # a ratio of totals has no spread that could be compared
    cued = parts.sentence.has("relation", "difference") or (parts.asks_gap and not parts.counts)
    columns = [name for name in numeric_columns(parts) if parts.is_number(name)]
    age_said = parts.sentence.has("comparator_age") or parts.sentence.has("comparative", "age")
    if age_said and parts.age and (not columns or columns == [parts.age]):
        columns = [parts.age]
    if cued and not columns and (two := _two_categories(parts)) is not None:
        return two
    asks = parts.sentence.tokens[0].norm in phrases("yes_no_question") or parts.sentence.says(
        "right", "correct"
    )
    if asks and (older := _with_age(parts, columns)) is not None:
        return older
    sides = _two_value_conditions(parts)
    group = sides or next((g.column for g in parts.groups if g.grain is None), None)
    if group is None and cued:
        group = _free_group(parts)
    if group is None and asks and _claim(parts) != "none":
        group, rate = _one_sided(parts, columns)
        if rate is not None:
            return rate
        sides = group
    often = parts.sentence.has("comparative", "often")
    if group is None and often:
        group = sides = _two_value_conditions(parts)
    if (
        group is not None
        and (asks or often)
        and not columns
        and (rate := _rate_of_sides(parts, group)) is not None
    ):
        return rate
    effect = asks and {t.norm for t in parts.sentence.tokens} & cue("effect_word")
    if group is None and effect and columns:
        group = next((c.column for c in parts.where if c.is_ == "equal" and _has_two(parts, c.column)), None)
        cued = cued or group is not None
        for item in parts.sentence.items if group else ():
            item.used = item.used or item.text.lower() in cue("effect_word")
    if not columns or group is None or not (cued or ((_compares(parts) or asks) and sides)):
        return None
    for kind in _FRAME:
        parts.sentence.take_all(kind)
    values = _values_of(parts, group)
    parts.where[:] = [c for c in parts.where if c.column != group]
    table, where, rename = locate(parts, [columns[0], group])
    return GroupDifference(
        column=rename(columns[0]), by=group, values=values if len(values) > 1 else [], where=where,
        table=table, claim=_claim(parts) if asks else "none",
    )  # fmt: skip


def _claim(parts: Parts) -> Literal["none", "higher", "lower"]:
    """Return what the question takes its first group to be."""
    words = {token.norm for token in parts.sentence.tokens}
    if words & cue("claims_higher"):
        return "higher"
    return "lower" if words & cue("claims_lower") else "none"


def _compares(parts: Parts) -> bool:
    """Tell whether the sentence sets one thing against another."""
    comparing = any(i.has("comparator", "above", "below") and not i.used for i in parts.sentence.items)
    most = any(i.has("superlative") and i.text.lower() in ("most", "more") for i in parts.sentence.items)
    return comparing or most or parts.sentence.says(*phrases("comparing_phrase"))


def _values_of(parts: Parts, group: str) -> list[str]:
    """Return the groups in the order in which they are named; of two groups the other one too."""
    named = [str(v) for c in parts.where if c.column == group for v in (*c.values, c.value) if v is not None]
    known = [value for value, _ in parts.column(group).values]
    if len(named) == 1 and len(known) == 2:
        return [*named, *(value for value in known if value != named[0])]
    return named


def _has_two(parts: Parts, column: str) -> bool:
    return column in parts.catalog.columns and parts.is_group(column) and parts.column(column).n_distinct == 2


def _group_item(parts: Parts, item: Item) -> bool:
    column = item.links[0].column if item.links else ""
    return bool(item.links) and (parts.catalog.is_flag(column) or parts.is_group(column))


def _free_group(parts: Parts) -> str | None:
    """Take a category or yes/no column that is named without a preposition."""
    found = next((item for _, item in parts.sentence.free() if _group_item(parts, item)), None)
    if found is None:
        return None
    for _, other in parts.sentence.free():
        other.used = other.used or other.column == found.column
    return found.links[0].column


def _two_categories(parts: Parts) -> Request | None:
    """Read "is churn different by contract": two categories are put against each other."""
    named = [
        item.links[0].column
        for item in parts.sentence.items
        if _group_item(parts, item) and item.links[0].score > 0.7
    ]
    names = list(dict.fromkeys(named))
    if len(names) != 2:
        return None
    for item in parts.sentence.items:
        item.used = item.used or item.column in names or item.has("relation") or item.has("logic")
    parts.where[:] = [c for c in parts.where if c.column not in names]
    table, where, _ = locate(parts, names)
    return crossed(parts, names, where, table)


def _with_age(parts: Parts, columns: list[str]) -> Correlation | None:
    """Read "do older customers spend more?": whether a number goes with the age."""
    older = next(
        (
            (index, item)
            for index, item in enumerate(parts.sentence.items)
            if item.has("comparative", "age") and not item.used
        ),
        None,
    )
    if older is None or parts.age is None or len(columns) != 1 or columns == [parts.age] or parts.compared:
        return None
    after = parts.sentence.at(older[0] + 1)
    if after is None or not after.has("entity") or parts.sentence.says("than"):
        return None
    for kind in ("comparative", "entity", "comparator", "logic"):
        parts.sentence.take_all(kind)
    table, where, rename = locate(parts, [parts.age, columns[0]])
    return Correlation(columns=[rename(parts.age), rename(columns[0])], where=where, table=table)


def _one_sided(parts: Parts, columns: list[str]) -> tuple[str | None, Aggregate | None]:
    """Read "do churned customers pay more?" and the like: a group against the rest."""
    flags = [i for _, i in parts.sentence.free() if i.links and parts.catalog.is_flag(i.links[0].column)]
    sides: list[Condition] = [
        c
        for c in parts.where
        if c.is_ == "equal" and c.column in parts.catalog.columns and parts.is_group(c.column)
    ]
    if columns and flags:
        flags[0].used = True
        return flags[0].links[0].column, None
    if columns and sides:
        return sides[0].column, None
    if flags and (sides or len(flags) > 1):
        outcome = flags[-1].links[0].column
        group = sides[0].column if sides else flags[0].links[0].column
        for item in parts.sentence.items:
            item.used = item.used or item in flags or item.column in (outcome, group)
        parts.where[:] = [c for c in parts.where if c.column != group]
        for kind in (*_FRAME, "superlative"):
            parts.sentence.take_all(kind)
        return None, _rated(parts, affirmed(parts, outcome), group)
    return None, None


def _rate_of_sides(parts: Parts, group: str) -> Aggregate | None:
    """Read "do gold customers return less than bronze ones?": how often it happens on each side.

    What happens is a yes/no column, or a value of another column: "do Android payments fail more often?".
    """
    flags = [
        item
        for _, item in parts.sentence.free()
        if item.links and parts.catalog.is_flag(item.links[0].column) and item.links[0].column != group
    ]
    held = [c for c in parts.where if c.is_ == "equal" and c.column != group and not c.grain and not c.or_]
    often = parts.sentence.has("comparative", "often")
    if often and (flags or held):
        parts.bare.clear()  # "are day bills paid late more often": the bills are no amount
    if _claim(parts) == "none" or parts.measures or parts.bare or not (flags or (often and held)):
        return None
    if flags:
        outcome = flags[-1].links[0].column
        for item in parts.sentence.items:
            item.used = item.used or item.column in (outcome, group)
        happens = affirmed(parts, outcome)
    else:
        happens = held[-1]
        parts.where.remove(happens)
    for kind in (*_FRAME, "superlative", "entity", "share"):
        parts.sentence.take_all(kind)
    return _rated(parts, happens, group)


def _rated(parts: Parts, happens: Condition, group: str) -> Aggregate:
    """Return how often something happens by group."""
    rate = Measure(where=[happens], per=Measure())
    asked = Aggregate(measures=[rate], by=[GroupBy(column=group)], where=list(parts.where))
    return across_tables(parts, asked)


def _two_value_conditions(parts: Parts) -> str | None:
    """Return a column of which two values are named: side by side, or as "women ... more than men"."""
    if parts.compared:
        return next((column for column in parts.compared if "|" not in column), None)
    return next((c.column for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)
