"""Reads how much is in an order: "basket size", "items per order", "how many CDs are sold per order"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.parts import Parts
from tools.selecting import Measure


def take_basket(parts: Parts) -> None:
    """Take the size of a basket for its pieces, where they are counted, else for its lines."""
    spans = list(_spans(parts))
    measure = _pieces(parts) if spans else None
    if measure is None:
        return
    for item in parts.sentence.items:
        inside = any(start <= item.start < end for start, end in spans)
        item.used = item.used or inside or item.has("statistic", "mean")
    parts.measures.append(measure)


def _spans(parts: Parts) -> Iterator[tuple[int, int]]:
    """Find the tokens that speak of the size of a basket: "basket size, items per order" says it twice."""
    tokens = [token.norm for token in parts.sentence.tokens]
    lemmas = [token.lemma for token in parts.sentence.tokens]
    for at in range(len(tokens)):
        if lemmas[at] in cue("basket_noun") and tokens[at + 1 : at + 2] == ["size"]:
            yield at, at + 2
        if lemmas[at] not in cue("basket_piece"):
            continue
        end = at + 1
        while end < len(tokens) and tokens[end] in cue("basket_joint"):
            end += 1
        joined = {"per", "each", "every", "in", "an", "one"} & set(tokens[at + 1 : end])
        if joined and end < len(tokens) and lemmas[end] in cue("basket_noun"):
            yield (
                at - 2 if tokens[max(0, at - 2) : at] in (["how", "many"], ["number", "of"]) else at,
                end + 1,
            )


def _pieces(parts: Parts) -> Measure | None:
    table = parts.catalog.table
    counted = next((column.name for column in table.by_role("quantity")), None)
    if table.grain == "customers" or parts.superlative:
        return None
    if table.order is None:
        return Measure(statistic="mean", column=counted) if counted else None
    whole = {"statistic": "sum", "column": counted} if counted else {"statistic": "count"}
    if counted is None:
        parts.note("No column counts pieces, so I counted the lines of each order.")
    return Measure.model_validate({**whole, "per": {"statistic": "count_distinct", "column": table.order}})
