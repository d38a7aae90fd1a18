"""Reads which noun is ranked: "which city has the most ...", "top 10 cities"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.durations import LENGTHS
from assistant.builtin.parsing.grouping import (
    add_group,
    group_by_customer,
    group_of,
    has_grain,
    is_plural,
)
from assistant.builtin.parsing.implied import says_what_it_measures
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy


def _is_own_column(parts: Parts, noun: Item) -> bool:
    """Tell whether a noun for segments names a column, while there are no segments: "which tier"."""
    if not noun.links or parts.catalog.segments:
        return False
    first = parts.sentence.tokens[noun.start - 1].norm if noun.start else ""
    part = parts.is_group(noun.links[0].column) and first in ("the", "which", "what", "each", "these")
    return noun.links[0].how == "name" or part


def take_described(parts: Parts) -> None:
    """Read "profession with the highest average age": the noun before "with" is ranked."""
    if parts.superlative is None or parts.groups or parts.sentence.tokens[0].norm == "why":
        return  # "why do oil homes use the most" ranks no homes
    for index, item in enumerate(parts.sentence.items):
        if not (item.has("superlative") and item.used):
            continue
        steps = [parts.sentence.at(index - step) for step in (1, 2, 3)]
        joint = next(
            (at for at, near in enumerate(steps) if near and near.has("logic", "with", "which")), None
        )
        noun = steps[joint + 1] if joint is not None and joint + 1 < len(steps) else None
        if noun is None or noun.used:
            continue
        grain, several = noun.senses.get("grain"), None
        if noun.number is not None and noun.number.unit in LENGTHS:  # "2 months with the highest revenue"
            grain, several = str(noun.number.unit).removesuffix("s"), int(noun.number.value)
        if grain and has_grain(parts, grain) and not noun.has("period"):
            noun.used = True
            add_group(parts, GroupBy(column=parts.time or "", grain=grain))
            parts.limit = parts.limit or parts.place or several or (5 if is_plural(noun) else 1)
            return
        named = noun.links and parts.is_group(noun.links[0].column) and not noun.values
        if named and not parts.is_measurable_only(noun.links[0].column):
            name = parts.pick(noun, "group")
            if name:
                noun.used = True
                add_group(parts, group_of(parts, name))
        elif noun.has("entity", "customer") and parts.customer_key:
            noun.used = True
            parts.entity = "customer"
            group_by_customer(parts)
        else:
            continue
        number = parts.sentence.at(parts.sentence.items.index(noun) - 1)
        if number and not number.used and number.number and number.number.unit is None:
            number.used = True
            parts.limit = int(number.number.value)
        parts.limit = parts.limit or parts.place or (5 if is_plural(noun) else 1)
        return


def _follows_group(parts: Parts, index: int) -> bool:
    """Tell whether "who" only takes up a noun of its own: "doctor who collects the highest fees"."""
    noun = parts.sentence.at(index - 1)
    if noun is None or noun.values or noun.has("entity"):
        return False
    return any(parts.is_group(link.column) for link in noun.links[:1])


def take_listed(parts: Parts) -> None:
    """Read "agents by number of calls": the groups stand first, and behind "by" what is counted of them."""
    noun, by, what = (parts.sentence.at(at) for at in range(3))
    if noun is None or by is None or what is None or noun.used or by.used or not noun.links or noun.values:
        return
    name = noun.links[0].column
    group = is_plural(noun) and parts.is_group(name) and not parts.catalog.is_flag(name)
    counted = what.has("count", "how_many") or what.has("statistic", "mean", "median", "sum")
    if noun.start == 0 and by.has("by") and by.text.lower() == "by" and counted and group:
        noun.used = by.used = True
        add_group(parts, group_of(parts, name))
        parts.order = "descending" if parts.order == "auto" else parts.order


def take_which(parts: Parts) -> None:
    """Read "which city has the highest ..." and "what weekday is busiest"."""
    for index, item in parts.sentence.free():
        if not item.has("logic", "which"):
            continue
        noun = parts.sentence.at(index + 1)
        if (
            noun
            and noun.number
            and noun.number.unit is None
            and not noun.used
            and (further := parts.sentence.at(index + 2))
            and (further.links or further.has("entity") or further.has("grain"))
        ):
            noun.used = True
            parts.limit = int(noun.number.value)
            noun = further
        if noun is None or noun.used:
            behind = parts.sentence.at(index + 2)
            alone = noun is None or (noun.has("superlative") and behind is None)
            if item.text.lower() == "who" and parts.superlative and not parts.groups and alone:
                item.used = True  # "who gave most often"
                parts.entity = "customer"
                group_by_customer(parts)
                parts.limit = parts.limit or 1
            if item.text.lower() in ("when", "where") and parts.superlative:
                _when_or_where(parts, item)
            continue
        if (
            item.text.lower() == "who"
            and not _follows_group(parts, index)
            and parts.superlative
            and not parts.groups
            and parts.customer_key
            and not noun.values
        ):
            item.used = True
            parts.entity = "customer"
            group_by_customer(parts)
            parts.limit = parts.limit or 1
            continue
        if noun.has("entity", "segment") and not _is_own_column(parts, noun):
            item.used = noun.used = True
            add_group(parts, GroupBy(column="segment"))
            parts.limit = parts.limit or (1 if parts.superlative else None)
            continue
        if noun.has("entity", "customer") and parts.superlative and not parts.groups and parts.customer_key:
            item.used = noun.used = True
            parts.entity = "customer"
            group_by_customer(parts)
            parts.limit = parts.limit or (1 if not is_plural(noun) else 10)
            continue
        grain = noun.senses.get("grain")
        if grain and has_grain(parts, grain) and not noun.has("period"):
            item.used = noun.used = True
            add_group(parts, GroupBy(column=parts.time or "", grain=grain))
            if parts.superlative or parts.compares:
                parts.limit = parts.limit or 1
            continue
        banded = parts.sentence.at(index + 2)
        if noun.links and banded and not banded.used and banded.has("group_noun"):
            numbers = [k.column for k in noun.links if parts.is_number(k.column)]
            if numbers and (parts.superlative or parts.compares):
                item.used = noun.used = banded.used = True
                add_group(parts, GroupBy(column=numbers[0]))
                parts.limit = parts.limit or (5 if is_plural(banded) else 1)
                continue
        wanted = (
            noun.links
            and parts.is_group(noun.links[0].column)
            and not parts.catalog.is_flag(noun.links[0].column)
        )
        ranked = parts.superlative or parts.compares or parts.sentence.has("comparator")
        if item.text.lower() in ("where", "when") and index and not parts.superlative:
            continue  # "readings above 500 where the heating is electric"
        if wanted and (ranked or item.text.lower().startswith("which")):
            name = parts.pick(noun, "group")
            if name and not any(group.column == name for group in parts.groups):
                item.used = noun.used = True
                _best_of_each(parts)
                parts.groups.insert(0 if not parts.rank_within else len(parts.groups), group_of(parts, name))
                if parts.superlative and not parts.having:
                    parts.limit = parts.limit or (5 if is_plural(noun) else 1)


def _best_of_each(parts: Parts) -> None:
    """Rank within the groups of "in each region, which product has the highest premium"."""
    each = any(
        i.used and i.has("by") and (i.text.lower() in _OF_EACH or i.start == 0 and i.text.lower() == "per")
        for i in parts.sentence.items
    )
    if each and parts.superlative and len(parts.groups) == 1 and not parts.having:
        parts.rank_within, parts.within = True, 0


_OF_EACH = frozenset(phrases("each")) - {"per", "per each"}


def _when_or_where(parts: Parts, item: Item) -> None:
    if item.text.lower() == "when" and parts.time and not parts.groups:
        item.used = True
        add_group(parts, GroupBy(column=parts.time, grain="day"))
        parts.limit = parts.limit or 1
    if item.text.lower() == "where":
        places = [c.name for c in parts.catalog.table.by_role("place")]
        if places:
            item.used = True
            add_group(parts, GroupBy(column=places[0]))
            parts.limit = parts.limit or 5


def take_top_nouns(parts: Parts) -> None:
    """Read the noun of "top 10 cities", "3 biggest spenders", "the most popular product"."""
    if parts.superlative is None:
        return
    first = next((i.start for i in parts.sentence.items if i.used and i.has("superlative")), 0)
    for index, item in parts.sentence.free():
        before = parts.sentence.at(index - 1)
        if item.start < first and not (before is not None and before.number is not None and parts.limit):
            continue  # "households of two: highest bill" ranks no households
        near = before is not None and (
            before.has("superlative")
            or before.has("number")
            or before.has("logic")
            or before.has("condition_verb")
        )
        if not near and not (parts.limit and before is not None and before.used):
            continue
        if (
            item.has("entity", "customer")
            and (parts.limit or _follows_superlative(parts, index))
            and parts.customer_key
            and (not parts.groups or (parts.rank_within and len(parts.groups) < 2))
        ):
            item.used = True
            parts.entity = "customer"
            group_by_customer(parts)
            parts.limit = parts.limit or (10 if is_plural(item) else 1)
            return
        if item.has("entity", "segment") and not parts.groups and not _is_own_column(parts, item):
            item.used = True
            add_group(parts, GroupBy(column="segment"))
            parts.limit = parts.limit or 1
            return
        each = len(parts.groups) == 1 and parts.rank_within  # two say already who leads in what
        rows = item.has("entity", "transaction", "row") and not (item.links and item.links[0].how == "name")
        if rows and (parts.limit or _sized(parts, index)) and (each or not parts.groups):
            keys = [
                c.name
                for c in parts.catalog.table.by_role("row_key")
                if c.n_distinct == parts.catalog.table.n_rows
            ]
            keys = keys or (
                [parts.customer_key]
                if parts.customer_key and parts.catalog.table.grain == "customers"
                else []
            )
            if keys and keys[0]:
                item.used = True
                add_group(parts, GroupBy(column=keys[0]))
                parts.entity = "transaction"
                if (
                    parts.amount
                    and not says_what_it_measures(parts)
                    and not any(
                        i.links and parts.is_measurable(i.links[0].column) for _, i in parts.sentence.free()
                    )
                ):
                    parts.bare.append(parts.amount)
            return
        grain = item.senses.get("grain")
        if grain and has_grain(parts, grain) and not (item.links and item.links[0].score > 1.05):
            item.used = True
            add_group(parts, GroupBy(column=parts.time or "", grain=grain))
            parts.limit = parts.limit or 1
            return
        if (
            item.links
            and parts.is_group(item.links[0].column)
            and not parts.is_measurable_only(item.links[0].column)
        ):
            if parts.catalog.is_flag(item.links[0].column) or (
                parts.groups and (not parts.rank_within or len(parts.groups) > 1)
            ):
                continue
            name = parts.pick(item, "group")
            if name and not any(group.column == name for group in parts.groups):
                item.used = True
                add_group(parts, group_of(parts, name))
                parts.limit = parts.limit or (10 if is_plural(item) else 1)
            return


def _sized(parts: Parts, index: int) -> bool:
    """Tell whether a place among rows is asked for: "the second largest loan"."""
    before = parts.sentence.at(index - 1)
    size = before is not None and before.text.lower() in cue("size_word")
    return bool(parts.place) and size


def _follows_superlative(parts: Parts, index: int) -> bool:
    before = parts.sentence.at(index - 1)
    return (
        before is not None
        and before.has("superlative")
        and before.text.lower() not in ("most", "least", "fewest", "the most")
    )
