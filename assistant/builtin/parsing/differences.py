"""Reads questions whether groups differ: "do men spend more than women?", "is it significant?"."""

from __future__ import annotations

from typing import Literal

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.implied import compared_measure
from assistant.builtin.parsing.negation import affirmed, known_of
from assistant.builtin.parsing.one_side import names_of_sides, parted_by
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.relations import crossed
from assistant.builtin.parsing.several_tables import across_tables
from assistant.builtin.parsing.shares import place_of
from assistant.builtin.parsing.tables import locate, numeric_columns
from assistant.builtin.request import Request
from assistant.builtin.request.rows import Aggregate, Correlation, GroupDifference
from assistant.builtin.sentence import Item
from tools.selecting import Condition, GroupBy, Measure
from tools.sides import side_of

FRAME = (
    "relation", "compare", "comparator", "comparator_age", "comparative", "logic", "distribution", "others",
)  # fmt: skip


def read_difference(parts: Parts) -> Request | None:
    """Read a question whether a number differs between groups, or is higher in one than in the other."""
    if any(measure.per and measure.column for measure in parts.measures):
        return None  # a ratio of totals has no spread that could be compared
    largest = any(m.statistic in ("max", "min") for m in parts.measures) and parts.sentence.has("superlative")
    if largest or any(measure.statistic in ("median", "quantile") for measure in parts.measures):
        return None  # nor has a largest value
    cued = parts.sentence.has("relation", "difference") or (parts.asks_gap and not parts.counts)
    columns = [name for name in numeric_columns(parts) if parts.is_number(name)]
    age_said = parts.sentence.has("comparator_age") or parts.sentence.has("comparative", "age")
    if age_said and parts.age and (not columns or columns == [parts.age]):
        columns = [parts.age]
    if not columns and asks_yes_or_no(parts) and (implied := compared_measure(parts)) is not None:
        columns = [implied]
        parts.note(f"I compared by **{implied}**.")
    if cued and not columns and (two := _two_categories(parts)) is not None:
        return two
    asks = asks_yes_or_no(parts)
    if asks and (older := _with_age(parts, columns)) is not None:
        return older
    if asks and not columns and (paid := _more_for_each_row(parts)) is not None:
        columns = [paid]
    sides = _two_value_conditions(parts)
    sides = sides or next((g.column for g in parts.groups if names_of_sides(parts, g.column)), None)
    group = sides or next((g.column for g in parts.groups if g.grain is None), None)
    if group is None and cued:
        group = _free_group(parts)
    if group is None and asks and claim_of(parts) != "none":
        group, rate = _one_sided(parts, columns)
        if rate is not None:
            return rate
        sides = group
    if sides and asks and not columns and claim_of(parts) != "none" and _sizes_rows(parts):
        columns.append(str(parts.amount))
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
    side = side_of(group, frozenset(parts.catalog.columns) - {group})
    if side is not None and columns[0] in side.columns:
        return None  # "are discounted orders larger than those without a discount" is not about the discount
    for _, item in parts.sentence.free():
        item.used = item.used or item.column == columns[0]  # "watch fewer hours"
    for kind in (*FRAME, *(("by", "how_much") if parts.sentence.says("by how much", "how much") else ())):
        parts.sentence.take_all(kind)
    values = names_of_sides(parts, group) or _values_of(parts, group)
    parts.where[:] = [c for c in parts.where if c.column != group]
    table, where, rename = locate(parts, [columns[0], group])
    return GroupDifference(
        column=rename(columns[0]), by=group, values=values if len(values) > 1 else [], where=where,
        table=table, claim=claim_of(parts) if asks else "none",
    )  # fmt: skip


def asks_yes_or_no(parts: Parts) -> bool:
    """Tell whether yes or no is asked for, be it behind a colon: "women only: do they pay more?"."""
    tokens, text = parts.sentence.tokens, parts.sentence.text
    asking = phrases("yes_no_question")
    behind = any(
        token.norm in asking and text[before.end : token.start].strip() in (":", "-")
        for before, token in zip(tokens, tokens[1:], strict=False)
    )
    return tokens[0].norm in asking or behind or parts.sentence.says("right", "correct")


def claim_of(parts: Parts) -> Literal["none", "higher", "lower"]:
    """Return what the question takes its first group to be."""
    if parts.claim != "none":
        return parts.claim
    limits = [
        item for index, item in enumerate(parts.sentence.items)
        if item.used and (item.has("comparator_after") or item.has("comparator") and _limits(parts, index))
    ]  # fmt: skip
    spoken = [
        token.norm for place, token in enumerate(parts.sentence.tokens)
        if not any(item.start <= place < item.end for item in limits)
    ]  # fmt: skip
    words = set(spoken)
    if words & cue("claims_higher"):
        return "higher"
    return "lower" if words & cue("claims_lower") else "none"


def _limits(parts: Parts, index: int) -> bool:
    """Tell whether a comparison is with a number, so that it says nothing of the groups."""
    after = parts.sentence.at(index + 1)
    return after is not None and after.number is not None


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
        both = [*named, *(value for value in known if value != named[0])]
        return both[::-1] if _named_second(parts, group) else both
    return named


def _named_second(parts: Parts, group: str) -> bool:
    """Tell whether a group is only named behind "than", so that the other one is what is asked about."""
    norms = [token.norm for token in parts.sentence.tokens]
    than = norms.index("than") if "than" in norms else len(norms)
    return any(place_of(parts, one) > than for one in parts.where if one.column == group)


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
    if not columns and not flags and (sides or parts.where) and _sizes_rows(parts):
        columns.append(str(parts.amount))
    if columns and flags:
        flags[0].used = True
        return flags[0].links[0].column, None
    if columns and sides:
        return _two_numbers(parts, sides[0]) or own_side(parts, sides[0]), None
    compared = [
        c for c in parts.where if c.column not in columns and c.column in parts.catalog.loaded
        and parts.is_number(c.column) and not parts.catalog.is_flag(c.column)
    ]  # fmt: skip
    if compared and (columns or flags):
        group = _two_numbers(parts, compared[0]) or parted_by(parts, compared[0])
        if group is not None and group != compared[0].column:
            parts.where.remove(compared[0])
        if group is not None and columns:
            return group, None
        if group is not None:
            return None, _flag_by(parts, flags[-1], group)
    if flags and (sides or len(flags) > 1):
        for item in flags:
            item.used = True
        others = parts.sentence.has("others") or parts.sentence.says("than other", "than any other")
        one = sides[0].column if sides else flags[0].links[0].column
        group = own_side(parts, sides[0]) if sides and others else one
        if group == flags[-1].column:
            return None, None
        return None, _flag_by(parts, flags[-1], group)
    return None, None


def _flag_by(parts: Parts, flag: Item, group: str) -> Aggregate:
    """Return how often a yes/no column says yes by group."""
    outcome = flag.links[0].column
    for item in parts.sentence.items:
        item.used = item.used or item.column in (outcome, group)
    parts.where[:] = [c for c in parts.where if c.column != group]
    for kind in (*FRAME, "superlative"):
        parts.sentence.take_all(kind)
    return rated(parts, affirmed(parts, outcome), group)


def _two_numbers(parts: Parts, one: Condition) -> str | None:
    """Read "with a 250 excess ... than those on 100" as two values of one column."""
    column = parts.column(one.column)
    other = next((i for _, i in parts.sentence.free() if i.number and i.number.unit in (None, "money")), None)
    if one.is_ != "equal" or other is None or other.number is None or not parts.is_group(one.column):
        return None
    low, high = column.minimum, column.maximum
    known = isinstance(low, int | float) and isinstance(high, int | float)
    if not known or not float(low) <= other.number.value <= float(high):  # type: ignore[arg-type]
        return None
    if not {"than", "vs", "versus", "and", "or", "against"} & parts.sentence.words():
        return None
    other.used = True
    values = [one.value, plain(other.number.value)]
    parts.where[parts.where.index(one)] = condition(one.column, "in", None, values=values)
    return one.column


def _sizes_rows(parts: Parts) -> bool:
    """Tell whether rows are called larger or smaller than others: the size of a gift is its amount."""
    rows = parts.sentence.has("entity", "transaction", "row")
    said = {token.norm for token in parts.sentence.tokens} & cue("size_comparative")
    named = any(parts.catalog.is_flag(k.column) for _, i in parts.sentence.free() for k in i.links[:1])
    return bool(rows and said and parts.amount and not named and not parts.measures and not parts.counts)


def _more_for_each_row(parts: Parts) -> str | None:
    """Return what is paid where "more per gift" is asked for: its amount, and not how many there are."""
    for index, item in parts.sentence.free():
        by, row = parts.sentence.at(index + 1), parts.sentence.at(index + 2)
        per_row = (
            by is not None and by.has("by") and row is not None and row.has("entity", "row", "transaction")
        )
        if item.has("comparative", "any") and per_row and parts.amount:
            for used in (item, by, row):
                if used is not None:
                    used.used = True
            parts.note(f"I compared by **{parts.amount}**.")
            return parts.amount
    return None


def own_side(parts: Parts, one: Condition) -> str:
    """Return what a group named alone is compared by: against all others where there are several."""
    name = parted_by(parts, one) or one.column
    if name != one.column:
        parts.where.remove(one)
    for _, item in parts.sentence.free():  # "than that of the other doctors"
        before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        noun = item.column == one.column or item.has("entity") and not item.links
        item.used = item.used or (noun and before in ("other", "remaining", "another"))
    return name


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
    if claim_of(parts) == "none" or parts.measures or parts.bare or not (flags or (often and held)):
        return None
    if flags:
        outcome = flags[-1].links[0].column
        for item in parts.sentence.items:
            item.used = item.used or item.column in (outcome, group)
        happens = affirmed(parts, outcome)
    else:
        happens = held[-1]
        parts.where.remove(happens)
    for kind in (*FRAME, "superlative", "entity", "share"):
        parts.sentence.take_all(kind)
    return rated(parts, happens, group)


def rated(parts: Parts, happens: Condition, group: str) -> Aggregate:
    """Return how often something happens by group."""
    rate = Measure(where=[happens], per=Measure(where=known_of(parts, happens)))
    asked = Aggregate(measures=[rate], by=[GroupBy(column=group)], where=list(parts.where))
    return across_tables(parts, asked)


def _two_value_conditions(parts: Parts) -> str | None:
    """Return a column of which two values are named: side by side, or as "women ... more than men"."""
    if parts.compared:
        return next((column for column in parts.compared if "|" not in column), None)
    return next((c.column for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)
