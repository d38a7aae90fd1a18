"""Knows which nouns name tables, what their rows are named by, and which tables their rows lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assistant.builtin.lexicon import Key
from assistant.builtin.tokens import key_of, lemma, name_words
from tools.core import DataTable
from tools.joining import Way, held, ways

_GENERIC = frozenset(
    {"id", "no", "nr", "num", "number", "code", "key", "name", "ref", "data", "table", "file"}
)


@dataclass
class TableNouns:
    """The loaded tables as a person speaks of them; empty where there is only one.

    Attributes:
        tables: The tables by name, the main one first.
    """

    tables: Mapping[str, DataTable]
    _ways: dict[str, dict[str, Way]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def nouns(self) -> Mapping[Key, str]:
        """Nouns in singular, to the table that each names; what two tables could be called names none."""
        found: dict[Key, list[str]] = {}
        for name, table in self.tables.items() if len(self.tables) > 1 else ():
            words = tuple(lemma(word) for word in name_words(name) if not word.isdigit())
            named = {words, words[-1:]}
            key = self.key(name)
            if key is not None:
                named.add(tuple(lemma(w) for w in name_words(key) if w not in _GENERIC))
            for phrase in named:
                if phrase and any(word not in _GENERIC and len(word) > 2 for word in phrase):
                    found.setdefault(phrase, []).append(name)
            del table
        return {phrase: names[0] for phrase, names in found.items() if len(set(names)) == 1}

    def key(self, name: str) -> str | None:
        """Return the column in which each value names one row of a table: what other tables name it by."""
        for table in self.tables.values():
            for each in table.reading.get("related", ()):
                if each["other"] == name and each["said"] is not False:
                    return str(each["key"])
        table = self.tables[name]
        unique = [c for c in table.by_role("row_key", "customer_key") if c.n_distinct == table.n_rows]
        return unique[0].name if unique else None

    def ways_from(self, name: str) -> Mapping[str, Way]:
        """Return the tables that the rows of one lead to."""
        if name not in self._ways:
            self._ways[name] = ways(self.tables.values(), self.tables[name])
        return self._ways[name]

    def reaches(self, name: str, column: str) -> bool:
        """Tell whether the rows of a table have a column, or lead to it."""
        reached = (name, *self.ways_from(name))
        return any(
            held(self.tables[at], column.removesuffix(f" of {at}")) is not None
            for at in reached
            if " of " not in column or column.endswith(f" of {at}") or held(self.tables[at], column)
        )

    def base(self, columns: list[str], *tables: str) -> str | None:
        """Return the table whose rows lead to all these columns and tables by the fewest steps."""
        fits = [
            name
            for name in self.tables
            if all(self.reaches(name, column) for column in columns)
            and all(other == name or other in self.ways_from(name) for other in tables)
        ]
        cost = {
            name: sum(len(self.ways_from(name)[other]) for other in tables if other != name)
            + sum(held(self.tables[name], column) is None for column in columns)
            for name in fits
        }
        return min(fits, key=lambda name: (cost[name], list(self.tables).index(name)), default=None)

    def children(self, name: str) -> list[str]:
        """Return the tables whose rows lead to those of this one, nearest first."""
        found = [other for other in self.tables if other != name and name in self.ways_from(other)]
        return sorted(found, key=lambda other: len(self.ways_from(other)[name]))

    def named_by(self, phrase: Key) -> str | None:
        """Return the table that a noun names."""
        return self.nouns.get(phrase) or self.nouns.get(key_of(" ".join(phrase)))
