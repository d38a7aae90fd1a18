"""Reads yes/no questions that how often something happens answers: "do Android payments fail more?"."""

from __future__ import annotations

from assistant.builtin.parsing.differences import FRAME, asks_yes_or_no, claim_of, own_side, rated
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.request.rows import Aggregate
from assistant.builtin.sentence import Item
from tools.selecting import Condition


def read_rate_question(parts: Parts) -> Aggregate | None:
    """Read a content as what happens, and a yes/no column or another content as the two sides."""
    if not asks_yes_or_no(parts) or parts.groups or parts.bare or parts.having or parts.compared:
        return None
    flag = _free_flag(parts)
    happens = _rate_said(parts) or (_affected(parts) if flag is not None else None)
    if happens is not None and flag is not None and (claim_of(parts) != "none" or _effect(parts)):
        flag.used = True
        parts.measures.clear()
        return _answered(parts, happens, flag.links[0].column)
    happens, side = _more_often(parts)
    return _answered(parts, happens, own_side(parts, side)) if happens and side else None


def _answered(parts: Parts, happens: Condition, group: str) -> Aggregate:
    parts.where[:] = [c for c in parts.where if c != happens and c.column != group]
    for kind in (*FRAME, "superlative", "entity", "share"):
        parts.sentence.take_all(kind)
    return rated(parts, happens, group)


def _free_flag(parts: Parts) -> Item | None:
    """Return the one yes/no column that is named and has no part in the reading yet."""
    found = [
        item
        for _, item in parts.sentence.free()
        if item.links and parts.catalog.yes_no(item.links[0].column) is not None
    ]
    return found[0] if len(found) == 1 else None


def _rate_said(parts: Parts) -> Condition | None:
    """Return what "the no-show rate" is the rate of."""
    if len(parts.measures) != 1 or parts.measures[0].per is None or len(parts.measures[0].where) != 1:
        return None
    return parts.measures[0].where[0]


def _affected(parts: Parts) -> Condition | None:
    """Return the content that something is said to act on: "does the reminder reduce no-shows"."""
    contents = [c for c in parts.where if _is_content(parts, c)]
    return contents[0] if _effect(parts) and len(contents) == 1 and not parts.measures else None


def _effect(parts: Parts) -> bool:
    return parts.sentence.has("relation", "correlation", "drivers")


def _more_often(parts: Parts) -> tuple[Condition | None, Condition | None]:
    """Return what is said to happen more, and to whom: the verb stands before "more" or "less"."""
    contents = [c for c in parts.where if _is_content(parts, c)]
    if len(contents) != 2 or contents[0].column == contents[1].column or parts.measures:
        return None, None
    for index, item in enumerate(parts.sentence.items):
        before = parts.sentence.at(index - 1)
        if item.used or not item.has("comparative") or before is None or not before.values:
            continue
        columns = {value.column for value in before.values}
        happens = next((c for c in contents if c.column in columns), None)
        if happens is not None:
            return happens, next(c for c in contents if c is not happens)
    return None, None


def _is_content(parts: Parts, one: Condition) -> bool:
    plain = one.is_ == "equal" and not one.grain and not one.or_ and isinstance(one.value, str)
    return plain and one.column in parts.catalog.loaded and parts.column(one.column).kind == "text"
