"""Builds the catalogue of a workspace: every name and every cell content, read once and cached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from assistant.builtin.lexicon import Key, lexicon
from assistant.builtin.linking import Catalog, ValueLink
from assistant.builtin.tokens import key_of
from tools.core import Column, DataTable, Workspace
from tools.customers.features import customer_columns
from tools.value_conditions import values_by_rows

MOST_VALUES = 10_000


_VALUE_ROLES = ("category", "place", "outcome", "flag")


def catalog_of(workspace: Workspace, taught: Mapping[Key, str] | None = None) -> Catalog:
    """Return the catalogue of a workspace; everything but segments and teaching is cached in its engine."""
    tables = {workspace.main: workspace.table, **workspace.tables}
    key = ("built-in catalogue", workspace.main, tuple((name, id(table)) for name, table in tables.items()))
    base = workspace.engine.memo(key, lambda: _base(workspace, tables).prepare())
    current = workspace.segmentation
    segments = tuple(segment.name for segment in current.segments) if current else ()
    sizes = tuple(segment.size for segment in current.segments) if current else ()
    now = (segments, sizes, workspace.current, tuple(workspace.segmentations))
    catalog = base.remember(("with segments", now), lambda: base.with_segments(*now))
    if not taught:
        return catalog
    words = tuple(taught.items())
    return catalog.remember(("with taught", words), lambda: catalog.with_taught(dict(words)))


def _base(workspace: Workspace, tables: Mapping[str, DataTable]) -> Catalog:
    values: dict[Key, dict[tuple[str, str], ValueLink]] = defaultdict(dict)
    for table in tables.values():
        for column in table.columns:
            if column.kind == "text" and column.role in _VALUE_ROLES:
                for text, n in _all_values(workspace, table, column):
                    written = key_of(text)
                    for phrase in {written, _in_ascii(written)} - {()}:
                        values[phrase].setdefault((column.name, text), ValueLink(column.name, text, n))
    partial = _parts_of_values(tables, values)
    customers = customer_columns(workspace) if workspace.table.customer else None
    return Catalog(
        tables=dict(tables),
        main=workspace.main,
        customers=customers,
        values={
            phrase: tuple(sorted(links.values(), key=lambda link: (-link.n, link.column, str(link.value))))
            for phrase, links in values.items()
        },
        partial=partial,
    )


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe"})


def _in_ascii(phrase: Key) -> Key:
    """Return how a content is typed without its umlauts: "sued" for Süd."""
    return tuple(word.translate(_UMLAUTS) for word in phrase)


def _parts_of_values(
    tables: Mapping[str, DataTable], values: Mapping[Key, Mapping[tuple[str, str], ValueLink]]
) -> dict[Key, tuple[ValueLink, ...]]:
    """Index pieces of longer cell contents: "fiber" for "Fiber optic", if it is the only one."""
    few = {c.name for table in tables.values() for c in table.columns if (c.n_distinct or 0) <= 60}
    found: dict[Key, dict[tuple[str, str], ValueLink]] = defaultdict(dict)
    for phrase, links in values.items():
        if not 2 <= len(phrase) <= 6:
            continue
        for start in range(len(phrase)):
            for end in range(start + 1, len(phrase) + 1):
                piece = phrase[start:end]
                plain = all(word in lexicon().filler or len(word) < 3 or word.isdigit() for word in piece)
                if end - start == len(phrase) or plain or piece in values:
                    continue
                for key, link in links.items():
                    if link.column in few:
                        found[piece][key] = link
    single = {piece: links for piece, links in found.items() if len({value for _, value in links}) == 1}
    return {
        piece: tuple(sorted(links.values(), key=lambda link: (-link.n, link.column)))
        for piece, links in single.items()
    }


def _all_values(workspace: Workspace, table: DataTable, column: Column) -> list[tuple[str, int]]:
    """Return every value with its count where the description holds only the most frequent ones."""
    if (
        column.n_distinct is None
        or column.n_distinct <= len(column.values)
        or not workspace.engine.has(table.name)
    ):
        return list(column.values)
    frame = workspace.engine.frame(table.name)
    return values_by_rows(workspace, table, frame, column)[:MOST_VALUES]
