"""Knows what a negation turns a condition into."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.selecting import Condition

OPPOSITE = {
    "above": "at_most", "at_least": "below", "below": "at_least", "at_most": "above", "equal": "not_equal",
    "not_equal": "equal", "in": "not_in", "not_in": "in", "missing": "present", "present": "missing",
}  # fmt: skip


def items_before(parts: Parts, index: int, reach: int = 4) -> list[tuple[int, Item]]:
    """Return the items before an index, nearest first, used ones too."""
    return [(i, parts.sentence.items[i]) for i in range(index - 1, max(-1, index - 1 - reach), -1)]


def take_negation(parts: Parts, index: int) -> bool:
    """Tell whether a negation stands before an item, and mark it as used."""
    before = parts.sentence.at(index - 1)
    if before and before.has("logic", "not") and not before.used:
        before.used = True
        return True
    for step in (1, 2):
        after = parts.sentence.at(index + step)
        if after and not after.used and after.text.lower() in ("excluded", "excepted", "aside"):
            after.used = True  # "cancelled ones excluded"
            return True
    if before and before.has("condition_verb", "bought"):
        further = parts.sentence.at(index - 2)
        if further and further.has("logic", "not") and not further.used:
            further.used = True  # "never bought shoes"
            return True
    described = before and (
        before.has("entity")
        or before.has("logic", "with", "which", "and", "to", "from")
        or before.has("share", "rate")
        or before.has("condition_verb")
    )
    if described or (before and before.used and before.links):
        further = parts.sentence.at(index - 2)
        if further and further.has("logic", "not") and not further.used:
            further.used = True
            return True
    return _left_out_people(parts, index)


def _left_out_people(parts: Parts, index: int) -> bool:
    """Read "excluding those who spent nothing": the word may stand before the people and their verb."""
    for _, item in items_before(parts, index, 5):
        if item.has("logic", "not") and item.text.lower() in (*cue("excluding"), "leave out"):
            taken = item.used
            item.used = True
            own = parts.sentence.items[index]
            return not taken or own.text.lower().startswith(("and ", "or ", "nor "))
        named = item.used and (item.links or item.has("condition_verb"))
        joined = parts.sentence.items[index].text.lower().startswith(("and ", "or ", "nor "))
        if joined and (item.number is not None or item.has("comparator")):
            continue  # "leave out those under 25 and over 70"
        if not (named or item.has("entity") or item.has("logic", "with", "which")):
            return False
    return False


def add_condition(parts: Parts, found: Condition, negated: bool) -> None:
    """Add a condition, turned round if it is negated; no condition twice."""
    if negated:
        if found.is_ == "between":
            low, high = found.values
            outside = condition(found.column, "below", low).model_copy(
                update={"or_": [condition(found.column, "above", high)]}
            )
            parts.where.append(outside)
            return
        found = found.model_copy(update={"is_": OPPOSITE[found.is_]})
    if found not in parts.where:
        parts.where.append(found)


def affirmed(parts: Parts, column: str, yes: bool = True) -> Condition:
    """Return the condition that a yes/no column says yes (or no), or that something happened (or did not)."""
    answers = parts.catalog.yes_no(column)
    if answers is None:
        return condition(column, "present" if yes else "missing")
    return condition(column, "equal", answers[0] if yes else answers[1])


def denied(one: Condition) -> Condition:
    """Return the opposite of a plain condition."""
    return one.model_copy(update={"is_": OPPOSITE[one.is_]})


def negate(parts: Parts, one: Condition) -> None:
    """Add the opposite of a condition."""
    add_condition(parts, one, negated=True)


def known_of(parts: Parts, one: Condition) -> list[Condition]:
    """Return the condition that the answer is known at all, where a yes/no column has gaps.

    A policy that is not yet due was neither renewed nor lost: it is no part of a rate of renewals.
    """
    column = parts.column(one.column)
    gaps = parts.catalog.yes_no(one.column) is not None and column.n_missing > 0 and one.is_ == "equal"
    if not gaps or one.column not in parts.catalog.loaded:
        return []
    parts.note(f"Rows without {one.column} are left out of the rate.")
    return [condition(one.column, "present")]
