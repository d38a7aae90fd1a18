"""Knows the columns of a data set, what kind of thing each holds, and the words in their names."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any, TypeVar, cast

from assistant.builtin.lexicon import lexicon
from assistant.builtin.links import ColumnLink
from assistant.builtin.naming import unit_in
from assistant.builtin.table_nouns import TableNouns
from assistant.builtin.tokens import lemma, name_words, root
from tools.core import Column, DataTable

T = TypeVar("T")
_MOST_REMEMBERED = 2_000  # readings of sentences, and of the pieces that they are tried in

GENERIC = {
    "customer",
    "id",
    "number",
    "code",
    "total",
    "average",
    "count",
    "flag",
    "transaction",
    "user",
    "client",
    "the",
    "of",
    "value",
    "name",
    "inr",
    "usd",
    "eur",
    "n",
    "to",
    "one",
    "off",
    "do",
    "it",
    "mean",
    "share",
    "median",
    "amount",
    "data",
    "per",
    "and",
    "is",
    "in",
}
GENERIC_ROOTS = frozenset(root(word) for word in GENERIC)
_WITHOUT_UNIT = 0.98  # a unit is seldom said: wait_min is the wait


@dataclass(kw_only=True)
class DataNames:
    """The tables with their columns, and the words in the names of the columns.

    Attributes:
        tables: Loaded tables by name, main one first.
        main: Name of the main table.
        customers: Customer columns (features and attributes), or None without a customer column.
        computed: Names of columns that a sentence computes from others: `price * quantity`.
    """

    tables: Mapping[str, DataTable]
    main: str
    customers: DataTable | None
    computed: frozenset[str] = frozenset()
    _remembered: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def remember(self, key: Hashable, build: Callable[[], T]) -> T:
        """Return what `build` gave for this key before, or build it now.

        Only for what follows from this catalog and the key alone, and is never changed: one sentence comes
        up many times while a message is split, completed and checked.
        """
        if key in (known := self._remembered):
            return cast(T, known[key])
        built = build()
        if len(known) >= _MOST_REMEMBERED:
            self._remembered = known = {}
        known[key] = built
        return built

    @property
    def table(self) -> DataTable:
        """The main table."""
        return self.tables[self.main]

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Every column by name; the main table's first, then other tables', then customer features."""
        found: dict[str, Column] = {}
        for table in (self.table, *self.tables.values(), *((self.customers,) if self.customers else ())):
            for column in table.columns:
                if column.name in found and self._is_another(table, column.name):
                    name = f"{column.name} of {table.name}"
                    found[name] = replace(column, name=name)
                found.setdefault(column.name, column)
        return found

    def _is_another(self, table: DataTable, name: str) -> bool:
        """Tell whether a column says something else than the one of the same name in a table before it."""
        keys = {self.related.key(each) for each in self.tables}
        first = next(each for each in (self.table, *self.tables.values()) if each.column(name))
        named = table.name in self.tables and first.name != table.name
        return named and name not in keys and name not in (table.customer, first.customer)

    @cached_property
    def loaded(self) -> frozenset[str]:
        """Names of the columns of loaded tables."""
        return frozenset(column.name for table in self.tables.values() for column in table.columns)

    @cached_property
    def related(self) -> TableNouns:
        """The tables as a person speaks of them, with what their rows lead to."""
        return TableNouns(self.tables)

    @property
    def has_features(self) -> bool:
        """Whether customers are made from transactions, so that `customers` is a table of its own."""
        return self.table.grain == "transactions" and self.table.customer is not None

    def feature(self, name: str) -> bool:
        """Tell whether the customers have this feature."""
        return self.customers is not None and self.customers.column(name) is not None

    def is_flag(self, name: str) -> bool:
        """Tell whether a column says yes or no, or the date of something that happened to some only."""
        return self.yes_no(name) is not None or self.is_event(name)

    def is_event(self, name: str) -> bool:
        """Tell whether a column holds the date of something that has not happened to everybody."""
        column = self.columns.get(name)
        return (
            column is not None
            and column.kind in ("date", "datetime")
            and column.role != "birth_date"
            and name in self.loaded
            and column.n_missing > 0.02 * self.table.n_rows
        )

    def yes_no(self, name: str) -> tuple[str | float | bool, str | float | bool] | None:
        """Return how a column writes yes and no, or None if it has other values."""
        column = self.columns.get(name)
        if column is None:
            return None
        if column.kind == "boolean":
            return True, False
        words = lexicon()
        if column.kind == "text" and (column.n_distinct or 0) > 3:
            return None
        if column.kind == "number" and column.n_distinct == 2 and (column.minimum, column.maximum) == (0, 1):
            return 1, 0
        texts = [value for value, _ in column.values]
        yes = [text for text in texts if text.strip().lower() in words.yes]
        no = [text for text in texts if text.strip().lower() in words.no]
        if column.kind == "number" or not yes or not no or len(texts) > 3 or yes == no:
            return None
        return yes[0], no[0]

    @cached_property
    def words_of(self) -> Mapping[str, tuple[str, ...]]:
        """Words of every column name, spelt out and in singular."""
        return {name: spelt_out(name) for name in self.columns}

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        counts: dict[str, int] = defaultdict(int)
        for name in self.loaded:
            for word in set(self.words_of[name]):
                counts[root(word)] += 1
        n = max(len(self.loaded), 2)
        return {
            word: (0.25 if word in GENERIC_ROOTS else 1.0) * (0.4 + math.log(n / count) / math.log(n))
            for word, count in counts.items()
        }

    @cached_property
    def _grams(self) -> Mapping[frozenset[str], tuple[ColumnLink, ...]]:
        """Sets of roots of name words, to the columns that have them."""
        found: dict[frozenset[str], dict[str, float]] = defaultdict(dict)
        for name in self.columns:
            if name not in self.loaded and self.customers is not None and self.has_features:
                continue
            roots = list(dict.fromkeys(root(word) for word in self.words_of[name]))[:7]
            total = sum(self._weights.get(word, 1.0) for word in roots) or 1.0
            said = (
                frozenset(roots[:-1]) if unit_in(self._raw_words.get(name, ())) and len(roots) > 1 else None
            )
            for size in range(1, len(roots) + 1):
                for subset in combinations(roots, size):
                    recall = sum(self._weights.get(word, 1.0) for word in subset) / total
                    if size == len(roots) or frozenset(subset) == said:
                        recall = 1.0 if size == len(roots) else _WITHOUT_UNIT
                    elif all(word in GENERIC_ROOTS or word.isdigit() for word in subset):
                        continue
                    best = found[frozenset(subset)]
                    best[name] = max(best.get(name, 0.0), recall)
        return {
            key: tuple(
                ColumnLink(
                    name,
                    recall if recall >= 0.98 else 0.62 + 0.33 * recall,
                    "name" if recall >= 0.98 else "part",
                )
                for name, recall in sorted(columns.items(), key=lambda item: (-item[1], item[0]))
            )
            for key, columns in found.items()
        }

    @cached_property
    def _raw_words(self) -> Mapping[str, tuple[str, ...]]:
        return {name: tuple(name_words(name)) for name in self.loaded}

    @cached_property
    def _loaded_roots(self) -> frozenset[str]:
        return frozenset(root(word) for name in self.loaded for word in self.words_of[name])

    @cached_property
    def _roots(self) -> frozenset[str]:
        return frozenset(root(word) for name in self.columns for word in self.words_of[name])


def spelt_out(name: str) -> tuple[str, ...]:
    """Return the words of a column name in singular, abbreviations spelt out."""
    words: list[str] = []
    own = name_words(name)
    for place, word in enumerate(own):
        timed = word == "min" and 0 < place == len(own) - 1  # wait_min counts minutes, min_wait is the least
        spelt = "minute" if timed else lexicon().abbreviations.get(word, word)
        words.extend(lemma(part) for part in spelt.split())
    return tuple(words)
