"""Knows what a yes/no or a category of rows says of a customer who has several: ever, never, always."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.values import take_flags
from tools.customers.behaviour import slug
from tools.selecting import Condition

_EVER = re.compile(
    r"\b(?:with an?|ever|at least once|once or more|at some point|at any time|any|at least one|at least 1)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(r"\b(?:never|not once|not ever|no)\b", re.IGNORECASE)
_ALWAYS = re.compile(r"\b(?:always|every time|only ever|each time|without exception)\b", re.IGNORECASE)


def unknown_history(text: str, catalog: Catalog) -> str | None:
    """Return the column of rows of which "ever" and "never" are said, if customers do not tell that of it."""
    if not (_EVER.search(text) or _NEVER.search(text) or _ALWAYS.search(text)) or not catalog.has_features:
        return None
    parts = Parts(annotate(text, catalog, customer_level=True), catalog)
    take_conditions(parts)
    take_flags(parts)
    return next(
        (one.column for one in parts.where if _is_of_rows(parts, one) and not _share_of(parts, one)), None
    )


def at_any_time(parts: Parts, where: list[Condition]) -> list[Condition] | None:
    """Write "ever cancelled" as a share of rows above 0; None where customers have no such share.

    Args:
        parts: The sentence.
        where: Conditions on rows, as they were read.
    """
    text = parts.sentence.text
    ever, never, always = _EVER.search(text), _NEVER.search(text), _ALWAYS.search(text)
    if not (ever or never or always) or not parts.catalog.has_features:
        return where
    moved = []
    for one in where:
        share = _share_of(parts, one)
        if share is None:
            if _is_of_rows(parts, one):
                return None
            moved.append(one)
        elif never:
            moved.append(condition(share, "equal", 0))
        else:
            moved.append(condition(share, *(("equal", 1) if always else ("above", 0))))
    return moved


def had_any(parts: Parts) -> None:
    """Read "made a claim" and "had a ticket": what is counted in a column is there at all."""
    for index, item in parts.sentence.free():
        name, before = item.column, parts.sentence.at(index - 1)
        said = parts.sentence.tokens[max(0, item.start - 3) : item.start]
        if name is None or item.links[0].score < _SURE or not {token.norm for token in said} & _HAVING:
            continue
        told = parts.column(name)
        if (
            told.kind != "number"
            or told.minimum != 0
            or not parts.is_number(name)
            or (before and before.number)
        ):
            continue
        item.used = True
        parts.where.append(condition(name, "above", 0))


_SURE = 0.6
_HAVING = {
    "who",
    "made",
    "make",
    "makes",
    "had",
    "has",
    "have",
    "having",
    "with",
    "filed",
    "got",
    "raised",
    "opened",
    "ever",
}


def _is_of_rows(parts: Parts, one: Condition) -> bool:
    """Tell whether a condition is on what may differ from one row of a customer to the next."""
    told = parts.column(one.column)
    flag = parts.catalog.is_flag(one.column)
    rows = parts.catalog.table.column(one.column) is not None
    held = one.is_ in ("equal", "not_equal", "in") or (flag and one.is_ in ("at_least", "above"))
    return rows and held and (told.kind == "text" or flag)


def _share_of(parts: Parts, one: Condition) -> str | None:
    """Return the share of a customer's rows of which a condition holds, if it is known."""
    if not _is_of_rows(parts, one):
        counted = parts.as_feature(one.column)
        mean = parts.feature(f"mean_{slug(one.column)}")
        return mean if counted == mean and one.is_ in ("present", "above") else None
    tail = slug(one.column)
    named = [f"share_{tail}_{slug(str(one.value))}"] if one.value is not None else []
    return next(
        (name for each in (*named, f"share_{tail}", f"mean_{tail}") if (name := parts.feature(each))), None
    )
