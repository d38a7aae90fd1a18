"""Finds what stands for numbers in a sentence: quantities, ranges of them, periods and places in an order."""

from __future__ import annotations

import re

from assistant.builtin.dates import read_period
from assistant.builtin.linking import Catalog
from assistant.builtin.meanings import Found
from assistant.builtin.months import Span
from assistant.builtin.naming import naming
from assistant.builtin.numbers import Quantity, ordinal, read_quantity
from assistant.builtin.tokens import Token


def numbers(tokens: list[Token], lemmas: list[str], catalog: Catalog, _: bool) -> Found:
    """Find numbers, ranges of numbers, periods and places in an order."""
    for start, token in enumerate(tokens):
        found = read_quantity(tokens, start) if token.kind != "quoted" else None
        if found:
            if token.norm == "one" and found[1] == start + 1 and not _counts_one(lemmas, start):
                continue
            quality = 1.02
            yield start, found[1], "number", quality * (found[1] - start), found[0]
            joined = _number_range(tokens, start, found, catalog.span)
            if joined:
                yield start, joined[1], "range", quality * (joined[1] - start) + 0.1, joined[0]
        period = read_period(tokens, start, catalog.span)
        if period:
            yield start, period[1], "period", 1.1 * (period[1] - start), period[0]
        place = ordinal(tokens, start)
        if place:
            yield start, place[1], "ordinal", 0.6 * (place[1] - start), place[0]
        if re.fullmatch(r"p\d{1,2}", token.norm):
            yield start, start + 1, "percentile_number", 1.1, int(token.norm[1:])


def _number_range(
    tokens: list[Token], start: int, first: tuple[Quantity, int], span: Span | None
) -> tuple[tuple[Quantity, Quantity], int] | None:
    """Read "25-34" and "from 700 to 750"; a range behind "between" is read with that word."""
    at = first[1]
    if tokens[at : at + 1] and tokens[at].norm == "up":
        at += 1  # "from 600 up to 700"
    if at + 1 >= len(tokens) or tokens[at].norm not in ("-", "–", "to", "through", "until"):
        return None
    second = read_quantity(tokens, at + 1)
    if read_period(tokens, start, span) is not None:
        return None
    years = [re.fullmatch(r"1[5-9]\d\d|2[01]\d\d", tokens[place].text) for place in (start, at + 1)]
    if span is None and all(years):
        return None  # read as years where there is a column of years
    if second is None or second[0].value <= first[0].value or ":" in tokens[start].text:
        return None
    unit = second[0].unit or first[0].unit
    return (Quantity(first[0].value, unit), Quantity(second[0].value, unit)), second[1]


def _counts_one(lemmas: list[str], start: int) -> bool:
    """Tell whether "one" is a number here rather than a pronoun."""
    after = lemmas[start + 1 : start + 3]
    before = lemmas[start - 1] if start else ""
    measured = bool(after) and after[0] in naming().units  # "under one kilo"
    limited = {"only", "just", "exactly"} & set(
        lemmas[max(0, start - 4) : start]
    )  # "only ever paid on one device"
    pointed = before in ("the", "this", "that", "which", "first", "last", "same", "each", "every", "other")
    return (
        measured
        or bool(limited and not pointed and after and after[0].isalpha())
        or before in ("exactly", "than", "least", "most", "just", "only", "from", "between")
        or bool(
            set(after) & {"or", "purchase", "transaction", "order", "time", "payment"}
            and before not in ("by", "of", "the", "this", "that", "which")
        )
    )
