"""Reads groups, order and limits: "by city", "which city has most", "top 10", "3 within each"."""

from __future__ import annotations

from typing import cast

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.grains import take_grains, take_weekend_or_weekday
from assistant.builtin.parsing.grouping import (
    add_group,
    group_by_customer,
    group_of,
    has_grain,
    is_time,
)
from assistant.builtin.parsing.leaders import take_leader_within
from assistant.builtin.parsing.one_side import parted_by
from assistant.builtin.parsing.parts import Entity, Parts, condition
from assistant.builtin.parsing.presence import take_both_kinds
from assistant.builtin.parsing.ranked_nouns import take_described, take_listed, take_top_nouns, take_which
from assistant.builtin.parsing.ranking import take_comparatives, take_places, take_superlatives
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy, Measure

_SORTING = phrases("sorting")


def take_groups(parts: Parts) -> None:
    """Find what to group by, how many groups and in which order."""
    _order(parts)
    take_weekend_or_weekday(parts)
    _yes_or_no(parts)
    take_superlatives(parts)
    take_comparatives(parts)
    take_places(parts)
    _by(parts)
    take_listed(parts)
    take_leader_within(parts)
    take_which(parts)
    take_described(parts)
    take_top_nouns(parts)
    _all_of_them(parts)
    take_grains(parts)


def _order(parts: Parts) -> None:
    item = parts.sentence.take("order")
    if item:
        parts.order = item.senses["order"]
        parts.sentence.take_all("order")


def _yes_or_no(parts: Parts) -> None:
    """Read "cancelled yes versus no" as the two groups of a yes/no column."""
    tokens = [token.norm for token in parts.sentence.tokens]
    start = next((at for at in range(len(tokens)) if tokens[at : at + 3] == ["yes", "versus", "no"]), None)
    if start is None:
        return
    flags = [
        item
        for _, item in parts.sentence.free()
        if item.links and parts.catalog.yes_no(item.links[0].column) and not item.has("statistic")
    ]
    before = [item for item in flags if item.end <= start]
    flag = before[-1] if before else flags[0] if flags else None
    if flag is None:
        _some_or_none(parts, start) or take_both_kinds(parts, start)
        return
    for item in parts.sentence.items:
        if start <= item.start < start + 3 or item is flag:
            item.used = True
    add_group(parts, GroupBy(column=flag.links[0].column))


def _some_or_none(parts: Parts, start: int) -> bool:
    """Read "who took cash advances against those who did not" as those above zero and the others."""
    behind = (item for item in reversed(parts.sentence.items) if item.end <= start)
    before = next((item for item in behind if not item.used), None)
    name = before.column if before is not None and before.links else None
    if before is None or name is None or not parts.is_measurable(name) or parts.column(name).minimum != 0:
        return False
    column = parted_by(parts, condition(name, "above", 0))
    if column is None or before.end != start:
        return False
    for item in parts.sentence.items:
        item.used = item.used or item is before or start <= item.start < start + 3
    add_group(parts, GroupBy(column=column))
    return True


def _all_of_them(parts: Parts) -> None:
    """Read "the two hotels" as all groups of a column with two values."""
    for index, item in parts.sentence.free():
        noun = parts.sentence.at(index + 1)
        if item.number is None or item.number.unit or noun is None or noun.used or not noun.links:
            continue
        name = next((k.column for k in noun.links if parts.is_group(k.column)), None)
        if name and parts.column(name).n_distinct == item.number.value and not parts.superlative:
            item.used = noun.used = True
            add_group(parts, GroupBy(column=name))


def _by(parts: Parts) -> None:
    for index, item in parts.sentence.free():
        if not item.has("by"):
            continue
        targets = _targets(parts, index)
        if not targets:
            continue
        if _divides(parts, index, targets[0]):
            item.used = True
            continue
        if _agent(parts, item, targets[0]):
            item.used = True
            continue
        if _sorts(parts, item):
            item.used = True
            parts.order = parts.order if parts.order != "auto" else "descending"
            for before in parts.sentence.items[:index]:
                if (
                    not before.used
                    and before.links
                    and parts.is_group(before.links[0].column)
                    and not parts.groups
                ):
                    name = parts.pick(before, "group")
                    if name:
                        before.used = True
                        add_group(parts, group_of(parts, name))
            continue
        if _ranks(parts, index, targets[0]) or _ranks_rows(parts, targets[0]):
            item.used = True
            continue
        taken = [target for target in targets if _add_group(parts, target, item)]
        if taken:
            item.used = True
            if item.text.lower() in phrases("each") and parts.limit:
                parts.rank_within = True
                parts.within = len(parts.groups) - 1


def _targets(parts: Parts, index: int) -> list[Item]:
    """Return the items after a preposition that may be groups: "by gender and city"."""
    found: list[Item] = []
    at = index + 1
    while item := parts.sentence.at(at):
        if item.used:
            break
        groupable = (
            item.links or item.has("grain") or item.has("entity") or item.has("weekend") or item.has("number")
        )
        if groupable and not (item.has("number") and not item.has("grain")):
            found.append(item)
            following = parts.sentence.at(at + 1)
            grouping = following and (following.has("entity", "segment") or following.has("group_noun"))
            beside = following is not None and following.start == item.end
            if following and grouping and beside and not following.used and item.links:
                at += 1  # "age group"
                following.used = True
                following = parts.sentence.at(at + 1)
            if index == 0 and following and following.text == "," and parts.superlative:
                break  # "for each club, the plan with most members" ranks plans
            if following and following.has("logic", "and"):
                at += 2
                further = parts.sentence.at(at)
                if further and further.has("by"):
                    at += 1
                    further.used = True
                    further = parts.sentence.at(at)
                if further and (further.has("statistic") or further.has("count") or further.has("share")):
                    break
                if (
                    further
                    and further.links
                    and parts.is_measurable_only(further.links[0].column)
                    and not parts.superlative
                    and "," in (following.text,)
                ):
                    break
                continue
        elif (
            item.has("superlative")
            or item.has("chart_kind")
            or item.has("count")
            or item.has("logic", "which")
        ):
            pass
        break
    return found


def _divides(parts: Parts, index: int, target: Item) -> bool:
    """Read "spend per stay" and "revenue per cd": a number before "per", divided by the one behind it."""
    if parts.sentence.items[index].text.lower() not in ("per", "for each", "for every") or parts.superlative:
        return False
    counted = next((k.column for k in target.links if parts.is_measurable(k.column)), None)
    if counted is None or parts.column(counted).role not in ("measure", "quantity") or target.has("grain"):
        return False
    whole = next(
        (
            i
            for i in reversed(parts.sentence.items[:index])
            if not i.used and i.links and parts.is_measurable(i.links[0].column) and i.column != counted
        ),
        None,
    )
    asked = [i.senses["statistic"] for i in parts.sentence.items[:index] if i.has("statistic")]
    named = any(statistic not in ("mean", "sum") for statistic in asked) or len(asked) > 1
    grouping = bool(asked) and parts.is_group(counted) and not _counts_pieces(parts, counted)
    if grouping:
        return False  # "average limit per tenure" is one for each tenure
    priced = _priced(parts, index) if whole is None else None
    if priced is not None and not named and parts.amount and parts.amount != counted:
        priced.used = target.used = True
        _divide(parts, parts.amount, counted, index)
        parts.note(f'I read "{priced.text.lower()}" as **{parts.amount}**.')
        return True
    if whole is None or named or {"rate", "pct", "score"} & set(parts.catalog.words_of.get(counted, ())):
        return False
    name = parts.pick(whole, "number")
    if name is None:
        return False
    whole.used = target.used = True
    _divide(parts, name, counted, index)
    return True


def _divide(parts: Parts, above: str, below: str, index: int) -> None:
    """Measure the total of one column divided by the total of another."""
    for item in parts.sentence.items[:index]:
        item.used = item.used or item.has("statistic")
    whole = Measure(statistic="sum", column=below)
    parts.measures.append(Measure(statistic="sum", column=above, per=whole))
    parts.note("It is the total of one divided by the total of the other.")


def _counts_pieces(parts: Parts, name: str) -> bool:
    """Tell whether a column counts what a price may be divided by: a quantity, claims_count."""
    own = set(parts.catalog.words_of.get(name, ()))
    return parts.column(name).role == "quantity" or bool(own & {"count", "number", "quantity"})


def _priced(parts: Parts, index: int) -> Item | None:
    """Return a word for money right before "per" that no column is called by: "price per cd"."""
    before = parts.sentence.at(index - 1)
    if before is None or before.used or before.links or before.values:
        return None
    return before if before.text.lower() in cue("money_word") or before.has("role", "amount") else None


def _agent(parts: Parts, item: Item, target: Item) -> bool:
    """Tell whether "by" names who did something: "spent by customers", "bookings made by families"."""
    before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
    done = before.endswith("ed") or before in (
        "spent",
        "made",
        "bought",
        "paid",
        "done",
        "held",
        "owned",
        "sold",
    )
    return item.text.lower() == "by" and done and target.has("entity") and before not in _SORTING


def _sorts(parts: Parts, item: Item) -> bool:
    before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
    noun = parts.sentence.at(parts.sentence.items.index(item) - 2)
    if before == "order" and noun is not None and noun.has("superlative"):
        return False  # "the largest order by category"
    return before in _SORTING and item.text.lower() == "by"


def _ranks(parts: Parts, index: int, target: Item) -> bool:
    """Tell whether "by X" names what to rank by rather than what to group by: "top 10 cities by amount"."""
    grouped = any(i.links and parts.is_group(i.links[0].column) for i in parts.sentence.items[:index])
    counted = target.has("entity", "customer", "transaction", "row")
    per = parts.sentence.items[index].text.lower() == "per"
    if (
        parts.superlative
        and grouped
        and counted
        and not per
        and not (target.links and target.links[0].score > 0.99)
    ):
        target.used = parts.counts = True
        parts.entity = target.senses["entity"]
        parts.ranked_by = "count"
        return True
    if parts.superlative is None or not target.links or target.has("grain"):
        return bool(parts.superlative and target.has("feature"))
    link = target.links[0]
    noun = any(
        (item.links and parts.is_group(item.links[0].column)) or item.has("entity") or item.has("grain")
        for item in parts.sentence.items[:index]
    )
    word = parts.sentence.items[index].text.lower()
    ranks = (
        noun
        and word in ("by", "in terms of", "per", "according to")
        and parts.is_measurable(link.column)
        and not (parts.is_group(link.column) and parts.column(link.column).kind != "number")
    )
    parts.ranked_by = link.column if ranks else parts.ranked_by
    return ranks


def _ranks_rows(parts: Parts, target: Item) -> bool:
    """Tell whether "top 3 by cash advance" ranks single rows: nothing is named that could be a group."""
    numbers = [k.column for k in target.links if parts.is_measurable_only(k.column)]
    nouns = [
        i for i in parts.sentence.items if i.has("entity") or (i.links and i is not target) or i.has("grain")
    ]
    return bool(parts.superlative and parts.limit and numbers and not nouns)


def _add_group(parts: Parts, target: Item, by: Item) -> bool:
    beyond = parts.sentence.at(parts.sentence.items.index(target) + 1)
    dated_noun = target.links and beyond is not None and beyond.has("grain") and not beyond.used
    own = target.has("entity", "segment") and not parts.catalog.segments and bool(target.links)
    named = own or bool(target.links) and target.links[0].score > 0.99
    if target.has("entity") and not named and not dated_noun:
        return _entity_group(parts, target, by)
    grain = target.senses.get("grain")
    if (
        grain
        and has_grain(parts, grain)
        and not (target.links and target.links[0].score > 1.05 and not is_time(parts, target.links[0].column))
    ):
        target.used = True
        add_group(parts, GroupBy(column=parts.time or "", grain=grain))
        return True
    if target.has("weekend") and parts.time:
        target.used = True
        add_group(parts, GroupBy(column=parts.time, grain="weekend"))
        return True
    if not target.links:
        return False
    position = parts.sentence.items.index(target)
    after = parts.sentence.at(position + 1)
    dated = next(
        (link.column for link in target.links if parts.column(link.column).kind in ("date", "datetime")), None
    )
    if dated and after and after.has("grain") and not after.used:
        target.used = after.used = True
        add_group(parts, GroupBy(column=dated, grain=after.senses["grain"]))
        return True
    name = parts.pick(target, "group")
    if name is None:
        return False
    target.used = True
    add_group(parts, group_of(parts, name))
    return True


def _entity_group(parts: Parts, target: Item, by: Item) -> bool:
    kind = target.senses["entity"]
    target.used = True
    if kind == "segment":
        add_group(parts, GroupBy(column="segment"))
    elif (
        kind == "customer"
        and parts.superlative
        and not parts.groups
        and parts.customer_key
        and by.text.lower() == "by"
    ):
        group_by_customer(parts)  # "most orders by one customer"
        parts.limit = parts.limit or 1
    elif kind in ("customer", "transaction"):
        parts.per_entity = cast(Entity, kind)
    else:
        target.used = kind == "row"
        parts.per_entity = "row" if kind == "row" else parts.per_entity
    return True
