"""Reads the time from one row of a customer to the next: "days between orders", "how long between visits"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.links import ColumnLink
from assistant.builtin.parsing.formulas import computed_item
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.sequences import is_act
from assistant.builtin.sentence import Item
from tools.sequences import SINCE_PREVIOUS

_TIME = frozenset({"day", "days", "time", "long", "gap", "gaps", "interval", "intervals", "pause", "pauses"})
_BEFORE = frozenset({"prior", "previous", "last", "prev", "preceding"})


def take_gaps(parts: Parts) -> None:
    """Put the column of the time since the row before in the place of "the time between purchases"."""
    tokens = [token.norm for token in parts.sentence.tokens]
    if "between" not in tokens:
        return
    middle = tokens.index("between")
    start = next((at for at in range(max(0, middle - 4), middle) if tokens[at] in _TIME), None)
    end = middle + 1
    while end < len(tokens) and tokens[end] in cue("between_filler"):
        end += 1
    if start is None or end >= len(tokens) or not is_act(parts, end):
        return
    if tokens[end + 1 : end + 2] == ["and"] and tokens[end + 2 : end + 3] != ["the"]:
        return  # "between orders and returns"
    end += 3 if tokens[end + 1 : end + 4] == ["and", "the", "next"] else 0
    start -= tokens[start - 1] in ("much", "many", "how") if start else 0
    start -= tokens[start - 1] == "how" if start else 0
    item = _kept(parts, start, end + 1) or _computed(parts, start, end + 1)
    if item is not None:
        around = [each for each in parts.sentence.items if each.end <= start or each.start > end]
        parts.sentence.items[:] = sorted([*around, item], key=lambda each: each.start)


def _kept(parts: Parts, start: int, end: int) -> Item | None:
    """Return the column that holds it already: `days_since_prior_order`."""
    for name in sorted(parts.catalog.loaded):
        words = set(parts.catalog.words_of[name])
        if parts.is_measurable(name) and "since" in words and words & _BEFORE:
            return Item(start, end, name, {"column": (ColumnLink(name, 1.0, "name"),)})
    return None


def _computed(parts: Parts, start: int, end: int) -> Item | None:
    table = parts.catalog.table
    if table.grain != "transactions" or table.customer is None or table.time is None:
        return None
    return computed_item(parts, start, end, f"{SINCE_PREVIOUS}{table.time}")
