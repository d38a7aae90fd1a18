"""Finds what a share is taken of where a number column is named: "what fraction of our income comes ..."."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item

_PASSED = ("the", "our", "all", "my", "their", "of", "a", "total", "overall", "entire", "whole", "combined")


def take_share_base(parts: Parts) -> None:
    """Remember the column right behind a word for a share, so that no condition takes it for its own.

    "Orders above 150: what percent of revenue do they bring" asks for a part of the revenue, whatever column
    the orders are picked by. A column compared itself is none: "what share of balances are above 500".
    """
    for index, item in enumerate(parts.sentence.items):
        if item.used or not item.has("share", "share") or item.text.lower().startswith("as "):
            continue
        levelled = parts.sentence.at(index - 1)
        if levelled is not None and levelled.number is not None and levelled.end == item.start:
            continue  # "95th pct of ..."
        at = index + 1
        while (near := parts.sentence.at(at)) is not None and near.has("statistic", "sum") and not near.links:
            at += 1
        base = parts.sentence.at(at)
        if base is None or base.used or base.values or base.has("entity", "customer", "transaction", "row"):
            continue
        between = [token.norm for token in parts.sentence.tokens[item.end : base.start]]
        if not set(between) <= set(_PASSED) or not _whole_of(parts, base, at):
            continue
        name = next((k.column for k in base.links if parts.is_measurable(k.column)), None)
        if name is not None and parts.column(name).role not in ("age", "birth_date"):
            parts.share_of, parts.share_place, parts.share = name, base.start, True
            return


def _whole_of(parts: Parts, base: Item, at: int) -> bool:
    """Tell whether a column is a whole: it adds up, and nothing right behind it says which of it is meant."""
    after, further = parts.sentence.at(at + 1), parts.sentence.at(at + 2)
    measured = [k.column for k in base.links[:1] if parts.is_measurable(k.column)]
    never = cue("never_added_up") - {"balance"}
    if not measured or set(parts.catalog.words_of.get(measured[0], ())) & never:
        return False
    compared = any(
        near is not None and (near.has("comparator") or near.has("range") or near.number)
        for near in (after, further if after is not None and after.has("logic", "with", "which") else None)
    )
    return not compared and not (after is not None and after.has("share", "ratio"))
