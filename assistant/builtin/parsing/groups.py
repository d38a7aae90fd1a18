"""Reads groups, order and limits: "by city", "which city has most", "top 10", "3 within each"."""

from __future__ import annotations

from typing import Literal, cast

from assistant.builtin.annotate import Item
from assistant.builtin.lexicon import phrases
from assistant.builtin.parsing.parts import Entity, Parts
from tools.selecting import Grain, GroupBy, Measure

CYCLES = ("weekday", "hour", "part_of_day", "weekend", "season")
_SORTING = phrases("sorting")


def take_groups(parts: Parts) -> None:
    """Find what to group by, how many groups and in which order."""
    _order(parts)
    _weekend_or_weekday(parts)
    _yes_or_no(parts)
    _superlatives(parts)
    _comparatives(parts)
    _comes_second(parts)
    _by(parts)
    _which(parts)
    _described_by(parts)
    _top_nouns(parts)
    _all_of_them(parts)
    _grains(parts)


def _order(parts: Parts) -> None:
    item = parts.sentence.take("order")
    if item:
        parts.order = item.senses["order"]
        parts.sentence.take_all("order")


def _weekend_or_weekday(parts: Parts) -> None:
    """Read "weekends vs weekdays" as two groups."""
    weekend = [item for _, item in parts.sentence.free() if item.has("weekend", "weekend")]
    weekday = [
        item
        for _, item in parts.sentence.free()
        if item.has("grain", "weekday") or item.has("weekend", "weekday")
    ]
    if weekend and weekday and parts.time:
        for item in (*weekend, *weekday):
            item.used = True
        parts.sentence.take_all("compare")
        _group(parts, GroupBy(column=parts.time, grain="weekend"))


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
        return
    for item in parts.sentence.items:
        if start <= item.start < start + 3 or item is flag:
            item.used = True
    _group(parts, GroupBy(column=flag.links[0].column))


def _superlatives(parts: Parts) -> None:
    """Read top, highest, fewest, with the number beside it."""
    for index, item in parts.sentence.free():
        if item.has("superlative_spend"):
            item.used = True
            parts.superlative, parts.entity = "desc", "customer"
            parts.limit = _number_near(parts, index) or 10
            _group_by_customer(parts)
            parts.rank_noun = True
            if not any(i.links and parts.is_measurable(i.links[0].column) for _, i in parts.sentence.free()):
                parts.best_of_customers = True
            continue
        direction = item.senses.get("superlative") or item.senses.get("superlative_age")
        following = parts.sentence.at(index + 1)
        if not direction or item.links or item.values or (following and following.has("part_word")):
            continue
        number = _number_near(parts, index)
        percent = _percent_near(parts, index)
        if percent is not None:
            continue
        item.used = True
        before = parts.sentence.at(index - 1)
        if before and before.has("ordinal") and not before.used and before.end == item.start:
            before.used = True
            parts.place = int(before.senses["ordinal"])
        parts.superlative = direction
        if item.has("superlative_age"):
            parts.age_superlative = True
        if number:
            parts.limit = number


def _comes_second(parts: Parts) -> None:
    """Read "which city comes second by revenue" and "in third place"."""
    if parts.superlative:
        return
    for _, item in parts.sentence.free():
        words = [t.norm for t in parts.sentence.tokens[max(0, item.start - 2) : item.end + 1]]
        placed = set(words) & {"comes", "come", "ranks", "stands", "ranked", "place", "takes", "finished"}
        if item.has("ordinal") and placed and not item.has("period"):
            item.used = True
            parts.place = int(item.senses["ordinal"])
            parts.superlative = "desc"
            return


def _all_of_them(parts: Parts) -> None:
    """Read "the two hotels" as all groups of a column with two values."""
    for index, item in parts.sentence.free():
        noun = parts.sentence.at(index + 1)
        if item.number is None or item.number.unit or noun is None or noun.used or not noun.links:
            continue
        name = next((k.column for k in noun.links if parts.is_group(k.column)), None)
        if name and parts.column(name).n_distinct == item.number.value and not parts.superlative:
            item.used = noun.used = True
            _group(parts, GroupBy(column=name))


def _comparatives(parts: Parts) -> None:
    """Read "which gender has the higher balance" as the highest of them."""
    if parts.superlative or not parts.sentence.has("logic", "which"):
        return
    for index, item in parts.sentence.free():
        word = item.text.lower()
        after = parts.sentence.at(index + 1)
        if word in _COMPARATIVES and not (after and after.number) and not parts.sentence.says(f"{word} than"):
            pair = any(other.values for other in parts.sentence.items) or parts.sentence.has("logic", "or")
            if not pair:
                item.used = True
                parts.superlative = _COMPARATIVES[word]
            return


_COMPARATIVES: dict[str, Literal["desc", "asc"]] = {
    "higher": "desc", "larger": "desc", "bigger": "desc", "greater": "desc", "more": "desc",
    "lower": "asc", "smaller": "asc", "less": "asc", "fewer": "asc",
}  # fmt: skip


def _described_by(parts: Parts) -> None:
    """Read "profession with the highest average age": the noun before "with" is ranked."""
    if parts.superlative is None or parts.groups:
        return
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
        named = noun.links and parts.is_group(noun.links[0].column) and not noun.values
        if named and not parts.is_measurable_only(noun.links[0].column):
            name = parts.pick(noun, "group")
            if name:
                noun.used = True
                _group(parts, _group_of(parts, name))
        elif noun.has("entity", "customer") and parts.customer_key:
            noun.used = True
            parts.entity = "customer"
            _group_by_customer(parts)
        else:
            continue
        number = parts.sentence.at(parts.sentence.items.index(noun) - 1)
        if number and not number.used and number.number and number.number.unit is None:
            number.used = True
            parts.limit = int(number.number.value)
        parts.limit = parts.limit or parts.place or (5 if _plural(noun) else 1)
        return


def _number_near(parts: Parts, index: int) -> int | None:
    for step in (1, -1):
        near = parts.sentence.at(index + step)
        if (
            near
            and not near.used
            and near.number
            and near.number.unit in (None, "days", "weeks", "months", "years")
            and near.number.value >= 1
        ):
            if step == -1:
                further = parts.sentence.at(index - 2)
                if further and (
                    further.has("comparator") or (further.has("by") and not _noun_follows(parts, index))
                ):
                    continue
            if near.number.value > 1000 or near.number.value != int(near.number.value):
                continue
            near.used = True
            _grain_noun(parts, near.number.unit)
            return int(near.number.value)
    return None


def _noun_follows(parts: Parts, index: int) -> bool:
    after = parts.sentence.at(index + 1)
    return after is not None and (after.has("entity") or bool(after.links))


def _grain_noun(parts: Parts, unit: str | None) -> None:
    """Group by the noun of "the best 3 months"."""
    grains = {"days": "day", "weeks": "week", "months": "month", "years": "year"}
    if unit in grains and _has_grain(parts, grains[unit]):
        _group(parts, GroupBy.model_validate({"column": parts.time, "grain": grains[unit]}))


def _percent_near(parts: Parts, index: int) -> float | None:
    near = parts.sentence.at(index + 1)
    return near.number.value if near and near.number and near.number.unit == "%" else None


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
                        _group(parts, _group_of(parts, name))
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
            if following and grouping and not following.used and item.links:
                at += 1  # "age group"
                following.used = True
                following = parts.sentence.at(at + 1)
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
    named = any(i.has("statistic") for i in parts.sentence.items[:index])
    if whole is None or named or {"rate", "pct", "score"} & set(parts.catalog.words_of.get(counted, ())):
        return False
    name = parts.pick(whole, "number")
    if name is None:
        return False
    whole.used = target.used = True
    below = Measure(statistic="sum", column=counted)
    parts.measures.append(Measure(statistic="sum", column=name, per=below))
    parts.note("It is the total of one divided by the total of the other.")
    return True


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
    return before in _SORTING and item.text.lower() == "by"


def _ranks(parts: Parts, index: int, target: Item) -> bool:
    """Tell whether "by X" names what to rank by rather than what to group by: "top 10 cities by amount"."""
    grouped = any(i.links and parts.is_group(i.links[0].column) for i in parts.sentence.items[:index])
    counted = target.has("entity", "customer", "transaction", "row")
    if parts.superlative and grouped and counted and not (target.links and target.links[0].score > 0.99):
        target.used = parts.counts = True
        parts.entity = target.senses["entity"]
        return True
    if parts.superlative is None or not target.links or target.has("grain"):
        return bool(parts.superlative and target.has("feature"))
    link = target.links[0]
    noun = any(
        (item.links and parts.is_group(item.links[0].column)) or item.has("entity") or item.has("grain")
        for item in parts.sentence.items[:index]
    )
    word = parts.sentence.items[index].text.lower()
    return (
        noun
        and word in ("by", "in terms of", "per", "according to")
        and parts.is_measurable(link.column)
        and not (parts.is_group(link.column) and parts.column(link.column).kind != "number")
    )


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
    if target.has("entity") and not (target.links and target.links[0].score > 0.99) and not dated_noun:
        return _entity_group(parts, target, by)
    grain = target.senses.get("grain")
    if (
        grain
        and _has_grain(parts, grain)
        and not (
            target.links and target.links[0].score > 1.05 and not _is_time(parts, target.links[0].column)
        )
    ):
        target.used = True
        _group(parts, GroupBy(column=parts.time or "", grain=grain))
        return True
    if target.has("weekend") and parts.time:
        target.used = True
        _group(parts, GroupBy(column=parts.time, grain="weekend"))
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
        _group(parts, GroupBy(column=dated, grain=after.senses["grain"]))
        return True
    name = parts.pick(target, "group")
    if name is None:
        return False
    target.used = True
    _group(parts, _group_of(parts, name))
    return True


def _group_of(parts: Parts, name: str) -> GroupBy:
    column = parts.column(name)
    if column.role == "birth_date" and parts.age:
        return GroupBy(column=parts.age)
    if column.role == "clock" and parts.time:
        return GroupBy(column=parts.time, grain="hour")
    if column.kind in ("date", "datetime"):
        return GroupBy(column=name, grain="day")
    return GroupBy(column=name)


def _is_time(parts: Parts, name: str) -> bool:
    return parts.column(name).role in ("time", "clock") or parts.column(name).kind in ("date", "datetime")


def _has_grain(parts: Parts, grain: str) -> bool:
    if parts.time is None:
        return False
    if grain in ("hour", "part_of_day"):
        return parts.catalog.table.clock is not None or parts.column(parts.time).kind == "datetime"
    return parts.column(parts.time).kind in ("date", "datetime")


def _group(parts: Parts, group: GroupBy) -> None:
    if group not in parts.groups:
        parts.groups.append(group)


def _entity_group(parts: Parts, target: Item, by: Item) -> bool:
    kind = target.senses["entity"]
    target.used = True
    if kind == "segment":
        _group(parts, GroupBy(column="segment"))
    elif kind == "customer" and parts.superlative and not parts.groups and parts.customer_key:
        _group_by_customer(parts)  # "most orders by one customer"
        parts.limit = parts.limit or 1
    elif kind in ("customer", "transaction"):
        parts.per_entity = cast(Entity, kind)
    else:
        target.used = kind == "row"
        parts.per_entity = "row" if kind == "row" else parts.per_entity
    return True


def _group_by_customer(parts: Parts) -> None:
    if parts.customer_key:
        _group(parts, GroupBy(column=parts.customer_key))


def _which(parts: Parts) -> None:
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
            if item.text.lower() in ("when", "where") and parts.superlative:
                _when_or_where(parts, item)
            continue
        if (
            item.text.lower() == "who"
            and parts.superlative
            and not parts.groups
            and parts.customer_key
            and not noun.values
        ):
            item.used = True
            parts.entity = "customer"
            _group_by_customer(parts)
            parts.limit = parts.limit or 1
            continue
        if noun.has("entity") and noun.has("entity", "segment"):
            item.used = noun.used = True
            _group(parts, GroupBy(column="segment"))
            parts.limit = parts.limit or (1 if parts.superlative else None)
            continue
        if noun.has("entity", "customer") and parts.superlative and not parts.groups and parts.customer_key:
            item.used = noun.used = True
            parts.entity = "customer"
            _group_by_customer(parts)
            parts.limit = parts.limit or (1 if not _plural(noun) else 10)
            continue
        grain = noun.senses.get("grain")
        if grain and _has_grain(parts, grain) and not noun.has("period"):
            item.used = noun.used = True
            _group(parts, GroupBy(column=parts.time or "", grain=grain))
            if parts.superlative or parts.compares:
                parts.limit = parts.limit or 1
            continue
        banded = parts.sentence.at(index + 2)
        if noun.links and banded and not banded.used and banded.has("group_noun"):
            numbers = [k.column for k in noun.links if parts.is_number(k.column)]
            if numbers and (parts.superlative or parts.compares):
                item.used = noun.used = banded.used = True
                _group(parts, GroupBy(column=numbers[0]))
                parts.limit = parts.limit or (5 if _plural(banded) else 1)
                continue
        wanted = (
            noun.links
            and parts.is_group(noun.links[0].column)
            and not parts.catalog.is_flag(noun.links[0].column)
        )
        ranked = parts.superlative or parts.compares or parts.sentence.has("comparator")
        if wanted and (ranked or item.text.lower().startswith("which")):
            name = parts.pick(noun, "group")
            if name and not any(group.column == name for group in parts.groups):
                item.used = noun.used = True
                parts.groups.insert(0 if not parts.rank_within else len(parts.groups), _group_of(parts, name))
                if parts.superlative and not parts.having:
                    parts.limit = parts.limit or (5 if _plural(noun) else 1)


def _when_or_where(parts: Parts, item: Item) -> None:
    if item.text.lower() == "when" and parts.time and not parts.groups:
        item.used = True
        _group(parts, GroupBy(column=parts.time, grain="day"))
        parts.limit = parts.limit or 1
    if item.text.lower() == "where":
        places = [c.name for c in parts.catalog.table.by_role("place")]
        if places:
            item.used = True
            _group(parts, GroupBy(column=places[0]))
            parts.limit = parts.limit or 5


def _plural(item: Item) -> bool:
    return item.text.lower().endswith("s") and not item.text.lower().endswith("ss")


def _top_nouns(parts: Parts) -> None:
    """Read the noun of "top 10 cities", "3 biggest spenders", "the most popular product"."""
    if parts.superlative is None:
        return
    for index, item in parts.sentence.free():
        before = parts.sentence.at(index - 1)
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
            and not parts.groups
        ):
            item.used = True
            parts.entity = "customer"
            _group_by_customer(parts)
            parts.limit = parts.limit or (10 if _plural(item) else 1)
            return
        if item.has("entity", "segment") and not parts.groups:
            item.used = True
            _group(parts, GroupBy(column="segment"))
            parts.limit = parts.limit or 1
            return
        each = bool(parts.groups) and parts.rank_within
        if item.has("entity", "transaction", "row") and parts.limit and (each or not parts.groups):
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
                _group(parts, GroupBy(column=keys[0]))
                parts.entity = "transaction"
                if parts.amount and not any(
                    i.links and parts.is_measurable(i.links[0].column) for _, i in parts.sentence.free()
                ):
                    parts.bare.append(parts.amount)
            return
        grain = item.senses.get("grain")
        if grain and _has_grain(parts, grain) and not (item.links and item.links[0].score > 1.05):
            item.used = True
            _group(parts, GroupBy(column=parts.time or "", grain=grain))
            parts.limit = parts.limit or 1
            return
        if (
            item.links
            and parts.is_group(item.links[0].column)
            and not parts.is_measurable_only(item.links[0].column)
        ):
            if parts.catalog.is_flag(item.links[0].column) or (parts.groups and not parts.rank_within):
                continue
            name = parts.pick(item, "group")
            if name and not any(group.column == name for group in parts.groups):
                item.used = True
                _group(parts, _group_of(parts, name))
                parts.limit = parts.limit or (10 if _plural(item) else 1)
            return


def _follows_superlative(parts: Parts, index: int) -> bool:
    before = parts.sentence.at(index - 1)
    return (
        before is not None
        and before.has("superlative")
        and before.text.lower() not in ("most", "least", "fewest", "the most")
    )


def _grains(parts: Parts) -> None:
    """Read "monthly revenue", "daily number of transactions", "revenue over time"."""
    over = parts.sentence.take("over_time", "over_time")
    if over:
        parts.grain = "auto"
        if parts.time is None and parts.year_column:
            _group(parts, GroupBy(column=parts.year_column))
            for item in parts.sentence.items:
                item.used = item.used or item.column == parts.year_column
        parts.sentence.take_all("over_time", "over_time")
    growth = parts.sentence.take_all("over_time", "growth")
    if growth:
        parts.growth = True
        text = " ".join(item.text.lower() for item in growth)
        for phrase, named in (
            ("month", "month"),
            ("mom", "month"),
            ("year", "year"),
            ("yr", "year"),
            ("yoy", "year"),
            ("quarter", "quarter"),
            ("qoq", "quarter"),
            ("week", "week"),
            ("day", "day"),
        ):
            if phrase in text:
                parts.grain = cast(Grain, named)
    _running(parts)
    for _, item in parts.sentence.free():
        grain = item.senses.get("grain")
        if not grain or not _has_grain(parts, grain) or (item.links and item.links[0].score > 1.05):
            continue
        if item.values and _describes_noun(parts, item):
            continue  # annual plans
        adjective = item.text.lower().endswith("ly") or item.text.lower() in ("annual", "yearly")
        if adjective or (parts.grain == "auto" or parts.growth) or grain in CYCLES:
            item.used = True
            if grain in CYCLES:
                _group(parts, GroupBy(column=parts.time or "", grain=grain))
            else:
                parts.grain = grain


def _describes_noun(parts: Parts, item: Item) -> bool:
    """Tell whether a value like "annual" stands before what it describes: a person, a row or a category."""
    after = parts.sentence.at(parts.sentence.items.index(item) + 1)
    if after is None:
        return False
    category = bool(after.links) and parts.column(after.links[0].column).kind == "text"
    return category or after.has("entity", "customer", "row")


def _running(parts: Parts) -> None:
    """Read "cumulative revenue" and "3-month moving average of revenue"."""
    item = parts.sentence.take("running")
    if item is None or parts.time is None:
        return
    parts.running = item.senses["running"]
    parts.grain = parts.grain or "auto"
    lengths = {"days": "day", "weeks": "week", "months": "month", "years": "year"}
    for _, number in parts.sentence.free():
        if number.number and number.number.unit in lengths:
            number.used = True
            parts.window = int(number.number.value)
            parts.grain = cast(Grain, lengths[number.number.unit])
