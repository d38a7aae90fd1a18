"""Knows numbers of tables about the method, which a sentence about the data cannot mean."""

from __future__ import annotations

import re

from tools.core import Fact

_PLAIN = frozenset(
    ["segment", "segments", "share", "of", "number", "n", "customers", "over", "one", "group", "groups",
     "pct", "by"]
)  # fmt: skip


def is_of_the_method(fact: Fact, text: str) -> bool:
    """Return whether a fact is a cell for another number of segments and a sentence does not speak of it.

    "9 % of the members" is not the smallest segment of a split in six: that takes a word of the cell's own
    column, "smallest".

    Args:
        fact: What a number may stand for.
        text: The sentence.
    """
    _, is_cell, row = fact.scope.partition(": ")
    if not is_cell or not row.isdigit():
        return False
    own = [word for word in fact.name.casefold().split("_") if word and word not in _PLAIN]
    said = text.casefold()
    return bool(own) and not any(re.search(rf"\b{re.escape(word[:6])}", said) for word in own)
