"""Reads whether keys repeat: "is order_id unique per row", "do two members share the same number"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.tables import Duplicates
from assistant.builtin.sentence import Item, Sentence

_NEARLY = 0.9  # different values by row at least of a column that may be meant to name each row
_ASKS_MORE = ("count", "share", "statistic", "superlative", "comparator", "by", "how_much", "period", "grain")


def read_uniqueness(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read whether a key, or any of them, has the same value in several rows; None for other questions."""
    words = sentence.words()
    if sentence.tokens[0].norm not in cue("asks_if_so") and not sentence.has("duplicates"):
        return None
    repeats = bool(words & cue("repeating")) or sentence.says("more than once", "come up twice")
    alike = bool(words & cue("sharing")) and bool(words & {"two", "any", "several", "some", "other"})
    if not repeats and not alike:
        return None
    named = [item for item in sentence.items if _key_of(item, catalog)]
    others = [item for item in sentence.items if item not in named and (item.links or item.values)]
    if [item for item in others if not item.has("entity") and not set(item.text.lower().split()) & _said()]:
        return None
    rest = [
        item for item in sentence.items if item not in named and not set(item.text.lower().split()) <= _said()
    ]
    if any(item.has(kind) for item in rest for kind in _ASKS_MORE):
        return None
    keys = [key for item in named[:1] if (key := _key_of(item, catalog))]
    if not keys and words & cue("key_word"):
        keys = _keys(catalog)
    if not keys:
        return None
    return Reading(tuple(Duplicates(columns=[key], table=_table_of(key, catalog)) for key in keys))


def _said() -> frozenset[str]:
    return cue("repeating") | cue("sharing") | cue("key_word")


def _key_of(item: Item, catalog: Catalog) -> str | None:
    """Return the column that an item names if its values may be meant to be all different."""
    for link in item.links[:1]:
        column = catalog.columns[link.column]
        if link.column not in catalog.loaded or link.how == "role":
            return None
        of = next((table.n_rows for table in catalog.tables.values() if table.column(link.column)), 0)
        different = column.kind == "text" and of and (column.n_distinct or 0) >= _NEARLY * of
        key = column.role in ("customer_key", "row_key") or link.column == catalog.table.order
        worded = {"email", "mail", "id", "number", "no"} & set(catalog.words_of[link.column])
        if key or different or (worded and column.kind == "text"):
            return link.column
    return None


def _keys(catalog: Catalog) -> list[str]:
    """Return the columns of the main table that name its rows, its orders or its customers."""
    table = catalog.table
    found = [column.name for column in table.by_role("row_key", "customer_key")]
    return list(dict.fromkeys([*found, *([table.order] if table.order else [])]))


def _table_of(key: str, catalog: Catalog) -> str | None:
    """Return the table in which a key is to be looked at: where each row should have its own."""
    holding = [table for table in catalog.tables.values() if table.column(key)]
    if len(holding) < 2:
        return None
    return min(holding, key=lambda table: table.n_rows).name
