"""Knows which number of customers the ranges of a list are of: named, counted, or told by units and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_names import words
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.rungs import Piece
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of

_NAMED = 0.8  # score of a link from which on a word names a column rather than a segment
_AGES = (10, 110)


@dataclass(frozen=True)
class Scale:
    """A number of customers that is cut.

    Attributes:
        column: Its name.
        noun: What it counts, in the plural and in the words of the person; empty for any other number.
        lead: Words before the first range that only announce it.
    """

    column: str
    noun: str = ""
    lead: str = ""


def scale_of(head: str, found: Sequence[Piece], catalog: Catalog) -> Scale | None:
    """Return the number that is cut: the one named, else the rows counted, else what units and names tell."""
    first = found[0].before
    texts = [head, first, *(f"{p.rung.text}{p.behind}" for p in found), *(p.before for p in found[1:])]
    counts = any(piece.rung.counts for piece in found)
    for text in (head,) if counts else texts:
        named = _measured(text, catalog) if text.strip() else None
        if named is not None:
            return Scale(*named, lead=first if text == first else "")
    for text in texts:
        rows = _rows(text, catalog) if text.strip() else ""
        if rows:
            noun = _noun_beside(found, catalog) or rows
            return Scale("n_transactions", noun, lead=first if text == first else "")
    parts = Parts(annotate(head, catalog), catalog)
    if counts and parts.feature("n_transactions"):
        noun = catalog.table.reading.get("noun", ("transaction", "transactions"))[1]
        return Scale("n_transactions", noun, first)
    column = _held_by_name(head, catalog) or _of_units(found, parts)
    return Scale(column) if column else None


def counted_values(head: str, found: Sequence[Piece], catalog: Catalog) -> str | None:
    """Return the column of the rows whose values are counted: "failed once, failed twice"; None if none are.

    A customer is known by the number of all rows, not by how many of them held a value.
    """
    if not any(piece.rung.counts for piece in found) or not catalog.has_features:
        return None
    for text in (head, *(f"{piece.before} {piece.rung.text} {piece.behind}" for piece in found)):
        for item in annotate(text, catalog).items:
            verb = item.has("condition_verb") or item.has("entity")
            column = item.values[0].column if item.values else item.column
            flag = column is not None and (bool(item.values) or catalog.is_flag(column))
            if flag and not verb and column and catalog.table.column(column):
                return column
    return None


def _measured(text: str, catalog: Catalog) -> tuple[str, str] | None:
    """Return the number of customers that words name, and its noun where it counts something."""
    parts = Parts(annotate(text, catalog, customer_level=True), catalog)
    for index, item in enumerate(parts.sentence.items):
        if not item.has("feature") and not (item.links and parts.is_number(item.links[0].column)):
            continue
        if _is_own_noun(item, catalog) and not item.has("feature") and parts.feature("n_transactions"):
            continue
        named = parts.feature_of(index) or (item.links[0].column if item.links else None)
        if named:
            return named, _counting_noun(item, named, parts)
    return None


def _is_own_noun(item: Item, catalog: Catalog) -> bool:
    """Tell whether an item is the noun of the rows themselves: "policies", but not their "claims"."""
    nouns = {*catalog.table.reading.get("noun", ()), catalog.table.name}
    own = {word for noun in nouns for word in key_of(noun)}
    return item.has("entity", "transaction", "row") and bool(set(key_of(item.text)) <= own)


def _counting_noun(item: Item, column: str, parts: Parts) -> str:
    """Return the plural noun of a column that counts things: "flights", "stays"; empty for any other."""
    known = parts.column(column)
    said = item.text.lower().split()[-1]
    if column == "n_transactions":
        one, many = parts.catalog.table.reading.get("noun", ("transaction", "transactions"))
        return said if said.endswith("s") and said not in (one, "times") else many
    said = item.text.lower()
    plural = said.isalpha() and said.endswith("s") and key_of(said)[0] != said
    whole = isinstance(known.minimum, int) and isinstance(known.maximum, int) and known.unit is None
    return said if plural and whole and known.role not in ("amount", "balance", "age") else ""


def _rows(text: str, catalog: Catalog) -> str:
    """Return the noun of the rows that words count, in the plural; empty if they count none."""
    parts = Parts(annotate(text, catalog, customer_level=True), catalog)
    if not parts.feature("n_transactions"):
        return ""
    for item in parts.sentence.items:
        if item.has("entity", "transaction", "row") and not item.has("feature"):
            said = item.text.lower().split()[-1]
            one, many = catalog.table.reading.get("noun", ("", ""))
            return many if said in (one, many) else said if said.endswith("s") else f"{said}s"
    return ""


def _noun_beside(found: Sequence[Piece], catalog: Catalog) -> str:
    told = (f"{piece.before} {piece.rung.text} {piece.behind}" for piece in found[::-1])
    return next((noun for text in told if (noun := _rows(text, catalog))), "")


def _held_by_name(head: str, catalog: Catalog) -> str | None:
    """Return the one number of customers whose name holds a noun of the head: "by stays in the last year"."""
    parts = Parts(annotate(head, catalog, customer_level=True), catalog)
    asked = head.lower().partition(" by ")[2] or head.lower()
    for word in (word for word in asked.split() if word.isalpha() and word.endswith("s")):
        found = _holding({key_of(word)[0]}, parts)
        if len(found) == 1:
            return found[0]
    return None


def _of_units(found: Sequence[Piece], parts: Parts) -> str | None:
    """Return the number that the units of the ranges, or the names beside them, tell of."""
    text = " ".join(f"{piece.rung.text}{piece.behind}" for piece in found)
    spans = re.findall(r"\b(month|year|day|week)s?\b", text)
    if spans and parts.lasting and parts.unit_of(parts.lasting) == f"{spans[0]}s":
        return parts.lasting
    units = {key_of(word)[0] for word in re.findall(r"\d ?([a-z]{3,})\b", text.lower())}
    held = _holding(units, parts)
    if len(held) == 1:
        return held[0]
    return parts.age if _are_ages(found, text) else None


def _holding(said: set[str], parts: Parts) -> list[str]:
    """Return the numbers of customers whose names hold one of these words."""
    table = parts.catalog.customers if parts.catalog.has_features else parts.catalog.table
    return [
        column.name
        for column in (table.columns if table is not None else ())
        if parts.is_measurable(column.name)
        and said & set(key_of(" ".join(parts.catalog.words_of.get(column.name, ()))))
    ]


def _are_ages(found: Sequence[Piece], text: str) -> bool:
    """Tell whether ranges without any other word are ages: by the names beside them, or as they adjoin."""
    if re.search(r"\d0s\b|\byears? old\b|\bolder\b|\byounger\b", text):
        return True
    names = " ".join(f" {piece.before} {piece.behind} " for piece in found).lower()
    if any(re.search(rf"\b{re.escape(name)}\b", names) for name in words("age_names")):
        return True
    ends = [end for piece in found for end in (piece.rung.low, piece.rung.high) if end]
    plain = all(_AGES[0] <= end <= _AGES[1] for end in ends) and not any(p.rung.bare for p in found)
    return len(found) > 2 and plain and _adjoin(found)


def _adjoin(found: Sequence[Piece]) -> bool:
    """Tell whether ranges follow one another without a gap: under 30, 30 to 44, 45 and up."""
    spans = sorted((piece.rung for piece in found), key=lambda one: -1.0 if one.low is None else one.low)
    return all(
        before.high is not None and after.low is not None and 0 <= after.low - before.high <= 1
        for before, after in zip(spans, spans[1:], strict=False)
    )
