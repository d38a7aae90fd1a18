"""Reads comparisons with numbers, and finds what is compared: a column, a verb, a unit or a noun."""

from __future__ import annotations

from dataclasses import replace

from assistant.builtin.lexicon import phrases
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.customer_rows import added_up
from assistant.builtin.parsing.durations import LENGTHS, is_within
from assistant.builtin.parsing.negation import add_condition, take_negation
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.relative import against_column, against_statistic, take_more_than
from assistant.builtin.parsing.subjects import entity_count, heads_counted, in_unit_of, subject_of
from assistant.builtin.parsing.values import cell_named
from assistant.builtin.sentence import Item


def take_comparisons(parts: Parts) -> None:
    """Read comparator + number, with the column before or after it."""
    take_more_than(parts)
    _settle_joined(parts)
    for index, item in parts.sentence.free():
        kind = item.senses.get("comparator") or item.senses.get("comparator_age")
        kind = kind or ("at_most" if is_within(parts, index) else None)
        if kind is None or item.used:
            continue
        numbers, end = _numbers_after(parts, index, 2 if kind == "between" else 1)
        if kind == "between" and len(numbers) == 2:
            _apply(parts, index, end, "between", numbers, item)
        elif kind != "between" and numbers:
            _apply(parts, index, end, kind, numbers, item)
        elif against_statistic(parts, index, kind) or against_column(parts, index, kind):
            continue
        elif kind in ("equal", "not_equal"):
            _equals_value(parts, index, kind)


def _settle_joined(parts: Parts) -> None:
    """Take "and over" in "under 25 and over 70" for a comparison with what follows."""
    for index, item in enumerate(parts.sentence.items):
        before, after = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
        words = item.text.lower().split()
        behind = item.has("comparator_after") and words[0] in ("and", "or") and words[-1] in _JOINED
        numbers = before is not None and before.number and after is not None and after.number
        further = parts.sentence.at(index - 2)
        if behind and numbers and further is not None and further.has("comparator"):
            item.senses = {"comparator": _JOINED[words[-1]]}


_JOINED = {"over": "above", "above": "above", "under": "below", "below": "below"}


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
    subject = subject_of(parts, index, end, numbers[-1], comparator)
    if subject is None:
        return
    column, on_groups, consumed = subject
    said = [item.number for item in numbers if item.number]
    length = said[-1].unit if said and said[-1].unit in LENGTHS else None  # "between 1 and 3 years"
    said = [replace(one, unit=length) if length and one.unit is None else one for one in said]
    values = [in_unit_of(parts, column, one) for one in said]
    for used in (*consumed, *numbers, comparator):
        used.used = True
    verb = parts.sentence.at(index - 1)  # "visits that last longer than 2 hours"
    if verb is not None and verb.text.lower() in ("last", "lasts") and numbers[0].number is not None:
        verb.used = verb.used or numbers[0].number.unit in LENGTHS
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
    elif (added := added_up(parts, made)) is not None:
        parts.key_rows.append(added)
    else:
        add_condition(parts, made, take_negation(parts, index))


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
        subject = subject_of(parts, index, index + 1, carrier, item)
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
        subject = subject_of(parts, index - 1, index + 1, number, item)
        unit, beyond = parts.sentence.at(index + 1), parts.sentence.at(index + 2)
        if unit and unit.has("grain") and beyond and beyond.links and parts.is_number(beyond.links[0].column):
            subject = beyond.links[0].column, False, [unit, beyond]  # "100 or more days ahead"
        if noun is not None:
            name = parts.pick(noun, "number") if noun.links else None
            at = index - 2
            subject = (
                (name, False, [noun])
                if name and parts.is_number(name)
                else entity_count(parts, at, noun)
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
    listed = before is not None and before.used and bool(before.links) and index > 1
    listed = listed and parts.sentence.items[index - 2].number is not None  # "(1 adult, 0 kids)"
    introduced = before is not None and (
        listed
        or before.has("logic", "with", "and", "or", "not")
        or before.has("entity")
        or before.has("condition_verb")
        or before.has("comparator", "equal")
        or before.has("share", "share")
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
        if item.number is None or item.number.unit not in (None, "money", "times", *LENGTHS):
            continue
        if (heads := heads_counted(parts, item)) is not None:
            item.used = True
            add_condition(parts, condition(heads, "equal", plain(item.number.value)), False)
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
            kind = "at_most" if before.text.lower().endswith(" within") else "equal"
            made = condition(name, kind, in_unit_of(parts, name, item.number))
            add_condition(parts, made, take_negation(parts, index - 1))
