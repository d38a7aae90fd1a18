"""Finds groups to hold back because a smaller one follows from them: the total minus all the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from assistant.grounding.facts import OTHERS
from tools.core import Fact

_FILTER = re.compile(r"(?:^|\s)(?:where|among) .*$", re.DOTALL)
_NEXT = re.compile(r"; |, (?=[^,=]+ = )")
Place = tuple[tuple[str, str], ...]  # column and value of each part of a scope


def with_complements(counts: Collection[Fact], small: Collection[str]) -> set[str]:
    """Return the scopes to hold back: small ones, and one more wherever a single one would follow.

    Of a table of counts each line is looked at, rows as well as columns: where one count alone is missing
    from it, it is the line's total minus the rest, so the next smallest of the line goes as well.

    Args:
        counts: Facts that count people or rows of a group.
        small: Scopes of groups that are too small.

    Source:
        Hundepool et al., Statistical Disclosure Control (2012), section 4.4: secondary suppression.
    """
    held = set(small)
    for table in _tables(counts).values():
        places = {place: scope for scope, (place, _) in table.items()}
        sizes = {scope: size for scope, (_, size) in table.items()}
        changed = True
        while changed:
            changed = False
            for line in _lines(places):
                missing = [scope for scope in line if scope in held]
                others = sorted((sizes[scope], scope) for scope in line if scope not in held)
                if len(missing) == 1 and others:
                    held.add(others[0][1])
                    changed = True
    return held


def _tables(counts: Collection[Fact]) -> dict[tuple[str, ...], dict[str, tuple[Place, float]]]:
    """Return the counts of each kind by scope, for groups of the same columns under the same filter."""
    tables: dict[tuple[str, ...], dict[str, tuple[Place, float]]] = {}
    for fact in counts:
        if not fact.scope or fact.scope.startswith(OTHERS) or not isinstance(fact.value, int | float):
            continue
        place = _place(fact.scope)
        under = _FILTER.search(fact.scope)
        kind = (fact.name, under[0] if under else "", *(column for column, _ in place))
        tables.setdefault(kind, {})[fact.scope] = (place, float(fact.value))
    return tables


def _place(scope: str) -> Place:
    parts = (part.rpartition(" = ") for part in _NEXT.split(_FILTER.sub("", scope)))
    return tuple((column.strip(), value.strip()) for column, _, value in parts)


def _lines(places: Mapping[Place, str]) -> list[list[str]]:
    """Return the scopes of every line of a table: all that differ in one column alone."""
    lines: dict[tuple[int, Place], list[str]] = {}
    for place, scope in sorted(places.items()):
        for dimension in range(len(place)):
            rest = place[:dimension] + place[dimension + 1 :]
            lines.setdefault((dimension, rest), []).append(scope)
    return list(lines.values())
