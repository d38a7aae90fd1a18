"""Knows by which condition a column says that somebody has none of what it counts or names, or has some."""

from __future__ import annotations

from assistant.builtin.lexicon import lexicon, phrases
from assistant.builtin.parsing.negation import add_condition, affirmed
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.selecting import Condition


def take_none_of_several(parts: Parts) -> None:
    """Read "without childrens, youth or cook books" and "neither phone nor internet": none of each."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        if item.used or not denies_having(item):
            continue
        found: list[tuple[Item, Condition]] = []
        joints: list[Item] = []
        at = index + 1
        while (near := parts.sentence.at(at)) is not None and not near.used:
            made = _lacking_of(parts, near) if len(found) == len(joints) else None
            if made is not None:
                found.append((near, made))
            elif len(found) > len(joints) and (near.has("logic", "and", "or") or near.text.lower() == "nor"):
                joints.append(near)
                joined = parts.sentence.at(at + 1)
                at += joined is not None and joined.has("logic", "and", "or", "not")  # ", or", "and no"
            else:
                break
            at += 1
        ored = any(joint.has("logic", "or") or joint.text.lower() == "nor" for joint in items[index:at])
        if len({one.column for _, one in found}) > 1 and (ored or item.text.lower() in ("neither", "no")):
            for used in items[index : items.index(found[-1][0]) + 1]:
                used.used = True
            for _, one in found:
                add_condition(parts, one, negated=False)
            return


def denies_having(item: Item) -> bool:
    """Tell whether a word says that there is none: "without", "no", "never"; not "excluding" or "minus"."""
    denies = item.text.lower() in (*phrases("none_of"), "neither", "nor")
    return denies and item.has("logic", "not") and not item.has("arithmetic")


def _lacking_of(parts: Parts, item: Item) -> Condition | None:
    """Return what says that there is none of what an item names, for a column of things to have."""
    if item.number is not None or not item.links or item.links[0].how == "role":
        return None
    return lacks(parts, item.links[0].column)


def can_be_none(parts: Parts, name: str) -> bool:
    """Tell whether a column counts or adds up something of which there may be none."""
    column = parts.column(name)
    counts = column.role not in ("age", "customer_key", "row_key", "time", "birth_date", "clock")
    return parts.is_measurable(name) and column.minimum == 0 and counts


def lacks(parts: Parts, name: str) -> Condition | None:
    """Return the condition that there is none: 0, No, a content such as "No internet service", or nothing.

    Returns:
        None where the column always holds something.
    """
    if parts.catalog.is_flag(name):
        return affirmed(parts, name, yes=False)
    if can_be_none(parts, name):
        return condition(name, "equal", 0)
    denying = _denying_content(parts, name)
    if denying is not None:
        return condition(name, "equal", denying)
    partly = name in parts.catalog.loaded and parts.column(name).n_missing > 0
    return condition(name, "missing") if partly else None


def holds(parts: Parts, name: str) -> Condition | None:
    """Return the condition that there is some: the opposite of `lacks`."""
    if parts.catalog.is_flag(name):
        return affirmed(parts, name)
    if can_be_none(parts, name):
        return condition(name, "above", 0)
    denying = _denying_content(parts, name)
    if denying is not None:
        return condition(name, "not_equal", denying)
    partly = name in parts.catalog.loaded and parts.column(name).n_missing > 0
    return condition(name, "present") if partly else None


def _denying_content(parts: Parts, name: str) -> str | None:
    """Return the content of a category that says that there is none: "No", "none"."""
    column = parts.column(name)
    if column.kind != "text" or (column.n_distinct or 99) > 12:
        return None
    denying = (lexicon().no - {"f"}) | {"none"}
    return next((value for value, _ in column.values if value.strip().lower() in denying), None)
