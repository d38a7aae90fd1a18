"""Knows how column names are taken apart into plain lower-case words."""

from __future__ import annotations

import re
from functools import cache


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Split a name where a reader would: `CustAccountBalance` becomes cust, account, balance."""
    spaced = re.sub(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(word.casefold() for word in re.findall(r"[^\W_]+", spaced))
