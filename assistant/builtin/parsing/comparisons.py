"""Reads comparisons with numbers, and finds what is compared: a column, a verb, a unit or a noun."""

from __future__ import annotations

from assistant.builtin.annotate import Item
from assistant.builtin.lexicon import phrases
from assistant.builtin.numbers import Quantity, converted, plain
from assistant.builtin.parsing.negation import add_condition, items_before, take_negation
from assistant.builtin.parsing.parts import Parts, condition, own_key
from assistant.builtin.parsing.values import cell_named
from assistant.builtin.tokens import key_of, root
from tools.selecting import GroupBy


def take_comparisons(parts: Parts) -> None:
    """Read comparator + number, with the column before or after it."""
    for index, item in parts.sentence.free():
        kind = item.senses.get("comparator") or item.senses.get("comparator_age")
        if kind is None or item.used:
            continue
        numbers, end = _numbers_after(parts, index, 2 if kind == "between" else 1)
        if kind == "between" and len(numbers) == 2:
            _apply(parts, index, end, "between", numbers, item)
        elif kind != "between" and numbers:
            _apply(parts, index, end, kind, numbers, item)
        elif kind in ("equal", "not_equal"):
            _equals_value(parts, index, kind)


def _numbers_after(parts: Parts, index: int, wanted: int) -> tuple[list[Item], int]:
    found: list[Item] = []
    at = index + 1
    while (item := parts.sentence.at(at)) and len(found) < wanted:
        if item.number is not None and not item.used and item.number.unit != "percentile":
            found.append(item)
        elif not (item.has("logic", "and", "to") or (item.has("comparator") and found)):
            break
        at += 1
    return (found, at) if len(found) == wanted else ([], index + 1)


def _apply(parts: Parts, index: int, end: int, kind: str, numbers: list[Item], comparator: Item) -> None:
    subject = _subject(parts, index, end, numbers[-1], comparator)
    if subject is None:
        return
    column, on_groups, consumed = subject
    values = [in_unit_of(parts, column, item.number) for item in numbers if item.number]
    for used in (*consumed, *numbers, comparator):
        used.used = True
    for at in range(index, end):
        between = parts.sentence.at(at)
        if between and between.has("logic", "and", "to"):
            between.used = True
    if kind == "between":
        made = condition(column, "between", None, values=sorted(values))
    else:
        made = condition(column, kind, values[0])
    if on_groups:
        parts.having.append(made)
    else:
        add_condition(parts, made, take_negation(parts, index))


_Subject = tuple[str, bool, list[Item]]


def _subject(parts: Parts, index: int, end: int, number: Item, comparator: Item) -> _Subject | None:
    """Find what a comparison is about: a column beside it, or what the verb, the unit or the noun implies."""
    after = parts.sentence.at(end)
    unit = number.number.unit if number.number else None
    with_us = parts.lasting and parts.sentence.says(*phrases("with_us"))
    if comparator.has("comparator_age") and parts.age and not with_us:
        if after and after.column == parts.age:
            return parts.age, False, [after]
        return parts.age, False, []
    if after and not after.used and after.links and not after.has("by"):
        counted = _count_column(parts, after)
        if counted:
            return counted, False, [after]
        name = parts.pick(after, "number")
        if name and parts.is_number(name) and not _starts_own_condition(parts, end):
            return name, False, [after]
    if after and not after.used and after.has("entity"):
        found = _entity_count(parts, index, after)
        if found:
            return found
    if unit == "times" or (after and after.has("times")):
        purchases = parts.feature("n_transactions")
        if purchases:
            parts.customers_table = True
            return purchases, False, [after] if after and after.has("times") and not after.number else []
    return _subject_before(parts, index, unit)


def _count_column(parts: Parts, item: Item) -> str | None:
    """Return the column that counts a noun, not the one with its money: PURCHASES_TRX for purchases."""
    if not item.has("entity", "transaction") and not item.has("condition_verb", "bought"):
        return None
    nouns = {root(word) for word in key_of(item.text)}
    for name in sorted(parts.catalog.loaded):
        words = {root(word) for word in parts.catalog.words_of[name]}
        if (
            nouns < words
            and words - nouns <= {root(w) for w in ("transaction", "number", "count", "n")}
            and parts.is_number(name)
        ):
            return name
    return None


def _starts_own_condition(parts: Parts, index: int) -> bool:
    following = parts.sentence.at(index + 1)
    return bool(following and (following.has("comparator") or following.has("comparator_age")))


def _entity_count(parts: Parts, index: int, after: Item) -> _Subject | None:
    kind = after.senses["entity"]
    grouped = any(
        item.links
        and parts.is_group(item.links[0].column)
        and not parts.catalog.is_flag(item.links[0].column)
        for _, item in items_before(parts, index, 3)
    ) or (bool(parts.groups) and any(item.has("by") for item in parts.sentence.items))
    customers = any(item.has("entity", "customer") for _, item in items_before(parts, index, 4))
    if grouped and not customers and not parts.groups:
        noun = next(
            (
                item
                for _, item in items_before(parts, index, 3)
                if item.links and parts.is_group(item.links[0].column) and not item.used
            ),
            None,
        )
        name = parts.pick(noun, "group") if noun else None
        if noun and name:
            noun.used = True
            parts.groups.append(GroupBy(column=name))
    purchases = parts.feature("n_transactions")
    own = own_key(parts, after)
    counted = parts.feature(f"n_{own}") if own and customers else None
    if counted:
        parts.customers_table = True
        return counted, False, [after]
    if kind in ("transaction", "row") and customers and purchases:
        parts.customers_table = True
        return purchases, False, [after]
    if grouped and kind in ("transaction", "row", "customer"):
        return ("n" if kind != "customer" or not parts.catalog.has_features else "value"), True, [after]
    if kind == "transaction" and purchases:
        parts.customers_table = True
        return purchases, False, [after]
    return None


def _subject_before(parts: Parts, index: int, unit: str | None) -> _Subject | None:
    for at, item in items_before(parts, index):
        if (
            item.links
            and parts.is_number(item.links[0].column)
            or (item.links and any(parts.is_number(k.column) for k in item.links))
        ):
            if item.used and parts.where and item.column in [c.column for c in parts.where]:
                return parts.where[-1].column, False, []
            if item.used:
                continue
            whole = _customer_total(parts, item)
            if whole is not None:
                return whole
            statistic = parts.sentence.at(at - 1)
            if statistic and statistic.has("statistic") and _grouped_before(parts, at - 1):
                return "value", True, []
            name = parts.pick(item, "number")
            return (name, False, [item]) if name else None
        if item.has("feature") and not item.used:
            parts.customers_table = True
            return item.senses["feature"], False, [item]
        if item.has("condition_verb", "spent"):
            total = parts.feature("total_amount") if parts.sentence.has("entity", "customer") else None
            if total:
                parts.customers_table = True
                return total, False, [item]
            return (parts.amount, False, [item]) if parts.amount else None
        people = any(
            i.has("entity", "customer") or i.text.lower() == "who" for i in parts.sentence.items[:at]
        )
        noun = item.has("entity", "transaction") and not people  # "purchases larger than 5000"
        if item.has("condition_verb", "bought") and unit in (None, "times") and not noun:
            purchases = parts.feature("n_transactions")
            if purchases:
                parts.customers_table = True
                return purchases, False, [item]
        if item.has("value") or item.has("period"):
            break
    if (
        unit in ("years", "months", "days", "weeks")
        and parts.lasting
        and parts.sentence.says(*phrases("with_us"))
    ):
        return parts.lasting, False, []
    if unit == "years" and parts.age:
        return parts.age, False, []
    periodic = _periodic_money(parts) if unit in (None, "money") else None
    if periodic is not None:
        return periodic
    if unit == "money" and parts.amount:
        return parts.amount, False, []
    nouns = [
        item
        for item in reversed(parts.sentence.items[:index])
        if item.has("entity")
        or item.has("value_word")
        or item.values
        or item.has("logic", "which")
        and item.text.lower() == "who"
    ]
    person = bool(nouns) and not nouns[0].has("entity", "transaction", "row")
    number = parts.sentence.at(index + 1)
    number = number if number and number.number else parts.sentence.at(index)
    if (
        person
        and parts.age
        and unit is None
        and number
        and number.number
        and 10 <= number.number.value <= 110
    ):
        parts.note(f"I read the number as an age in years (**{parts.age}**).")
        return parts.age, False, []
    if parts.sentence.has("entity", "transaction") and parts.amount:
        return parts.amount, False, []
    return None


def _customer_total(parts: Parts, item: Item) -> _Subject | None:
    """Read "customers who spent over 500 in total" as what each customer spent altogether."""
    total = parts.feature("total_amount")
    people = any(
        i.has("entity", "customer") for i in parts.sentence.items[: parts.sentence.items.index(item)]
    )
    added = parts.sentence.says(*phrases("together")) or parts.sentence.has("statistic", "sum")
    spent = item.has("condition_verb", "spent") or added
    if (
        total is None
        or item.column != parts.amount
        or not people
        or not spent
        or parts.sentence.has("period")
    ):
        return None
    parts.customers_table = True
    for near in parts.sentence.items:
        near.used = near.used or near.has("statistic", "sum")
    return total, False, [item]


def _periodic_money(parts: Parts) -> _Subject | None:
    """Find the column of "over 100 a month" where there is no date: the one with the month in its name."""
    grain = next(
        (i for _, i in parts.sentence.free() if i.has("grain", "month", "year", "week", "day")), None
    )
    if grain is None or parts.time is not None:
        return None
    said = {root(grain.senses["grain"]), root(f"{grain.senses['grain']}ly")}
    for name in sorted(parts.catalog.loaded):
        if parts.is_measurable(name) and {root(word) for word in parts.catalog.words_of[name]} & said:
            return name, False, [grain]
    return None


def _grouped_before(parts: Parts, index: int) -> bool:
    return bool(parts.groups) or any(
        item.links and parts.is_group(item.links[0].column) for item in parts.sentence.items[:index]
    )


def _equals_value(parts: Parts, index: int, kind: str) -> None:
    """Read "Churn = Yes", "contract equals one year", quoted text included."""
    subject, value = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
    if not subject or not value or not subject.links:
        return
    column = subject.links[0].column
    link = next((link for link in value.values if link.column == column), None)
    content = link.value if link else value.senses.get("quoted") or cell_named(parts, column, value.text)
    if content is None:
        return
    for item in (subject, value, parts.sentence.items[index]):
        item.used = True
    add_condition(parts, condition(column, kind, content), take_negation(parts, index - 1))


def take_ranges(parts: Parts) -> None:
    """Read "aged 25-34", "scores from 700 to 750", "20 to 30 nights"."""
    for index, item in parts.sentence.free():
        if not item.has("range"):
            continue
        low, high = item.senses["range"]
        carrier = Item(item.start, item.end, item.text, {"number": high})
        subject = _subject(parts, index, index + 1, carrier, item)
        if subject is None:
            continue
        column, on_groups, consumed = subject
        before = parts.sentence.at(index - 1)
        for used in (*consumed, item, *([before] if before and before.has("logic", "from") else [])):
            used.used = True
        values = [in_unit_of(parts, column, low), in_unit_of(parts, column, high)]
        made = condition(column, "between", None, values=values)
        if on_groups:
            parts.having.append(made)
        else:
            add_condition(parts, made, take_negation(parts, index))


def in_unit_of(parts: Parts, column: str, said: Quantity) -> float | int:
    """Return a length of time in the unit of a column: 2 minutes are 120 of `wait_sec`."""
    unit = parts.unit_of(column)
    value = plain(round(converted(said.value, said.unit, unit), 6))
    if value != plain(said.value):
        parts.note(f"{column} is in {unit}, so I read {said.value:g} {said.unit} as {value:g}.")
    return value


def take_after_numbers(parts: Parts) -> None:
    """Read "5 or more purchases", "60 and above", "3+", "20k points or more"."""
    for index, item in parts.sentence.free():
        if not item.has("comparator_after"):
            continue
        number, noun = parts.sentence.at(index - 1), None
        if number and not number.used and number.number is None and (number.links or number.has("entity")):
            noun, number = number, parts.sentence.at(index - 2)
        if not number or number.used or number.number is None:
            continue
        subject = _subject(parts, index - 1, index + 1, number, item)
        unit, beyond = parts.sentence.at(index + 1), parts.sentence.at(index + 2)
        if unit and unit.has("grain") and beyond and beyond.links and parts.is_number(beyond.links[0].column):
            subject = beyond.links[0].column, False, [unit, beyond]  # "100 or more days ahead"
        if noun is not None:
            name = parts.pick(noun, "number") if noun.links else None
            at = index - 2
            subject = (
                (name, False, [noun])
                if name and parts.is_number(name)
                else _entity_count(parts, at, noun)
                if noun.has("entity")
                else None
            )
        if subject is None and (following := parts.sentence.at(index + 1)) and following.has("times"):
            subject = (parts.feature("n_transactions") or "", False, [following])
        if subject and subject[0]:
            column, on_groups, consumed = subject
            value = in_unit_of(parts, column, number.number)
            made = condition(column, item.senses["comparator_after"], value)
            for used in (*consumed, number, item):
                used.used = True
            (parts.having if on_groups else parts.where).append(made)


def _counted_noun(parts: Parts, index: int) -> None:
    """Read "with 2 adults and 1 child", "zero nights": a number before the column that counts the noun."""
    item, after, before = (
        parts.sentence.items[index],
        parts.sentence.at(index + 1),
        parts.sentence.at(index - 1),
    )
    if item.number is None or after is None or after.used or not after.links:
        return
    name = next((k.column for k in after.links if parts.is_number(k.column)), None)
    counts = name is not None and parts.column(name).role in ("measure", "quantity", "category", "flag")
    introduced = before is not None and (
        before.has("logic", "with", "and", "or", "not")
        or before.has("entity")
        or before.has("condition_verb")
        or before.has("comparator", "equal")
    )
    if name and counts and introduced and not (before and before.has("superlative")):
        after.used = item.used = True
        if before and before.has("comparator", "equal"):
            before.used = True
        add_condition(
            parts, condition(name, "equal", in_unit_of(parts, name, item.number)), take_negation(parts, index)
        )


def _number_list(parts: Parts, index: int, name: str, column: Item) -> bool:
    """Read "days 0 and 1" and "hours 8 to 18" behind a number column."""
    item, joint, second = (
        parts.sentence.items[index],
        parts.sentence.at(index + 1),
        parts.sentence.at(index + 2),
    )
    if not (joint and second and second.number and item.number and not second.used):
        return False
    if not joint.has("logic", "and", "or", "to") or second.number.unit is not None:
        return False
    values = [plain(item.number.value), plain(second.number.value)]
    kind = "between" if joint.has("logic", "to") else "in"
    for used in (item, joint, second, column):
        used.used = True
    add_condition(parts, condition(name, kind, None, values=values), take_negation(parts, index - 1))
    return True


def take_equal_numbers(parts: Parts) -> None:
    """Read "family size of 4", "with tenure 12", "order_dow 0"; not "top 5"."""
    for index, item in parts.sentence.free():
        if item.number is None or item.number.unit not in (None, "years", "months", "days", "money", "times"):
            continue
        before, further = parts.sentence.at(index - 1), parts.sentence.at(index - 2)
        if before and before.has("comparator", "equal"):
            before, further = further, before
        if not before or before.used or not before.links or not parts.is_number(before.links[0].column):
            _counted_noun(parts, index)
            continue
        measured = further is not None and further.has("statistic") and not further.links
        if measured and parts.sentence.tokens[0].norm in phrases("claim_lead"):
            continue  # "why is the average age 28?" takes the 28 for granted
        name = parts.pick(before, "number")
        if name and _number_list(parts, index, name, before):
            continue
        if (
            name
            and not parts.sentence.has("superlative")
            or (name and further and further.has("comparator", "equal"))
        ):
            before.used = item.used = True
            if further and further.has("comparator", "equal"):
                further.used = True
            add_condition(
                parts, condition(name, "equal", plain(item.number.value)), take_negation(parts, index - 1)
            )
