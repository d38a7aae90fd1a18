"""Knows which end of a number is the good one: the worst wait is the longest, the best claims the fewest."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.tokens import root


def is_bad_measure(name: str, catalog: Catalog) -> bool:
    """Tell whether much of a number column is bad: waits, delays, claims, attempts, debts.

    Args:
        name: The column.
        catalog: The data set.
    """
    own = {root(word) for word in catalog.words_of.get(name, ())}
    column = catalog.columns.get(name)
    if column is None or column.kind != "number" or own & {root(word) for word in cue("paid_in")}:
        return False
    return bool(own & {root(word) for word in cue("bad_measure")})


def judge_direction(parts: Parts) -> None:
    """Turn "best" and "worst" round where a high number is the bad one, and say so."""
    judged = [
        i for i in parts.sentence.items if i.has("superlative") and i.text.lower() in cue("good_or_bad_end")
    ]
    if parts.superlative is None or len(judged) != 1 or parts.counts or parts.share:
        return
    measured = [m.column for m in parts.measures if m.column and not m.statistic.startswith("count")]
    ranked = [name for name in (parts.ranked_by, *parts.bare, *measured) if name in parts.catalog.columns]
    if ranked and is_bad_measure(str(ranked[0]), parts.catalog):
        parts.superlative = "desc" if parts.superlative == "asc" else "asc"
        parts.note(f"I took a high **{ranked[0]}** for the bad end.")
