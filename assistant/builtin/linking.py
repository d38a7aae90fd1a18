"""Links words to this data set: its columns, their values, its segments; built once and cached."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any, TypeVar, cast

from rapidfuzz.distance import OSA

from assistant.builtin.lexicon import Key, concept_words, countries, cue, lexicon
from assistant.builtin.mending import expanded, general_vocabulary, is_slip, nearest_word
from assistant.builtin.months import Span
from assistant.builtin.naming import measured_in, naming, stands_for, unit_in
from assistant.builtin.table_nouns import TableNouns
from assistant.builtin.tokens import key_of, lemma, name_words, root
from tools.core import Column, DataTable, Role

T = TypeVar("T")
_MOST_REMEMBERED = 2_000  # readings of sentences, and of the pieces that they are tried in

_GENERIC = {
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


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """A column that words may mean.

    Attributes:
        column: Its name.
        score: 1 for its full name, less for a part of it, a synonym or a role.
        how: "name", "part", "role", "concept", "feature" or "taught".
    """

    column: str
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class ValueLink:
    """A cell content that words may mean.

    Attributes:
        column: Column that holds it.
        value: As it stands in the data.
        n: Rows that hold it.
        negated: The words deny it ("unmarried").
    """

    column: str
    value: str | float | bool
    n: int
    negated: bool = False


@dataclass
class Catalog:
    """What a parser may know of a data set: names and values, no rows.

    Attributes:
        tables: Loaded tables by name, main one first.
        main: Name of the main table.
        customers: Customer columns (features and attributes), or None without a customer column.
        segments: Names of the current segments in order of key.
        sizes: Customers in each of them.
        segmentation: Name of the current segmentation, or None.
        segmentations: Names of all.
        values: Lemmas of a cell content to where it occurs.
        taught: Lemmas of a phrase to the column that a person said it means.
        partial: Lemmas of a piece of a cell content to where it occurs.
        computed: Names of columns that a sentence computes from others: `price * quantity`.
    """

    tables: Mapping[str, DataTable]
    main: str
    customers: DataTable | None
    segments: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    segmentation: str | None = None
    segmentations: tuple[str, ...] = ()
    values: Mapping[Key, tuple[ValueLink, ...]] = field(default_factory=dict)
    taught: Mapping[Key, str] = field(default_factory=dict)
    partial: Mapping[Key, tuple[ValueLink, ...]] = field(default_factory=dict)
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

    def with_computed(self, *computed: Column) -> Catalog:
        """Return the catalog with columns that are computed from others, for one sentence."""
        wider = self._copied()
        wider.__dict__["columns"] = {**self.columns, **{column.name: column for column in computed}}
        wider.__dict__["words_of"] = {**self.words_of, **{column.name: () for column in computed}}
        wider.computed = self.computed | {column.name for column in computed}
        return wider

    def with_taught(self, taught: Mapping[Key, str]) -> Catalog:
        """Return the catalog with words that a person taught, and no others."""
        other = self._copied()
        other.taught = taught
        return other

    def with_segments(
        self,
        segments: tuple[str, ...],
        sizes: tuple[int, ...],
        segmentation: str | None,
        segmentations: tuple[str, ...],
    ) -> Catalog:
        """Return the catalog with the segments that there are now."""
        other = self._copied()
        other.segments, other.sizes = segments, sizes
        other.segmentation, other.segmentations = segmentation, segmentations
        return other

    def _copied(self) -> Catalog:
        """Return a copy that shares what was worked out of names and values, and has read nothing yet."""
        other = copy(self)
        other._remembered = {}
        other.__dict__.pop("_spoken", None)  # holds the segments' names
        return other

    def prepare(self) -> Catalog:
        """Work out now what every copy shares, and return the catalog."""
        for name in _SHARED:
            getattr(self, name)
        return self

    @cached_property
    def related(self) -> TableNouns:
        """The tables as a person speaks of them, with what their rows lead to."""
        return TableNouns(self.tables)

    @property
    def has_features(self) -> bool:
        """Whether customers are made from transactions, so that `customers` is a table of its own."""
        return self.table.grain == "transactions" and self.table.customer is not None

    @cached_property
    def span(self) -> Span | None:
        """First and last day of the main time column."""
        column = self.table.column(self.table.time) if self.table.time else None
        if column is None or not isinstance(column.minimum, str) or not isinstance(column.maximum, str):
            return None
        try:
            return Span(date.fromisoformat(column.minimum[:10]), date.fromisoformat(column.maximum[:10]))
        except ValueError:
            return None

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
            word: (0.25 if word in _GENERIC_ROOTS else 1.0) * (0.4 + math.log(n / count) / math.log(n))
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
                    elif all(word in _GENERIC_ROOTS or word.isdigit() for word in subset):
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
    def alike(self) -> Mapping[str, tuple[ValueLink, ...]]:
        """Roots of one-word contents of small categories: "escalation" for Escalated."""
        found: dict[str, list[ValueLink]] = defaultdict(list)
        for phrase, links in self.values.items():
            few = [link for link in links if (self.columns[link.column].n_distinct or 99) <= 30]
            if len(phrase) == 1 and len(phrase[0]) >= 5 and few and root(phrase[0]) not in self._roots:
                found[root(phrase[0])].append(few[0])
        return {word: tuple(links) for word, links in found.items() if len(links) == 1}

    @cached_property
    def name_vocabulary(self) -> frozenset[str]:
        """Words of column names and short cell contents, for the mending of misspellings."""
        words = {
            word for name in self.loaded for word in self.words_of[name] if len(word) >= 4 and word.isalpha()
        }
        words |= {
            word
            for key in (*self.values, *self.partial)
            if len(key) <= 3
            for word in key
            if len(word) >= 4 and word.isalpha()
        }
        return frozenset(words)

    def link_column(self, phrase: Key) -> tuple[ColumnLink, ...]:
        """Return the columns that a phrase may mean, best first; several with close scores are ambiguous."""
        return self.remember(("columns", phrase), lambda: self._link_column(phrase))

    def _link_column(self, phrase: Key) -> tuple[ColumnLink, ...]:
        if phrase in self.taught:
            return (ColumnLink(self.taught[phrase], 1.1, "taught"),)
        of_table = self._of_table(phrase)
        if of_table is not None:
            return (of_table,)
        words = [word for word in phrase if word not in ("of", "the", "in", "for", "by")]
        links: dict[str, ColumnLink] = {}
        plain = [word for word in words if word != "per"]
        if "per" in phrase[1:]:  # "price per unit" is a column only where its name says so too
            named = any(own.startswith("per") for raw in self._raw_words.values() for own in raw)
            plain = plain if named else []
        if plain and len(set(plain)) == len(plain):
            splits = {"per", "by"}.intersection(phrase[1:-1])
            for link in self._grams.get(frozenset(root(word) for word in plain), ()):
                if splits <= set(self._raw_words.get(link.column, ())):  # "customers by gender" is two things
                    links[link.column] = link
        for link in (
            *self._by_role(phrase),
            *self._by_concept(phrase),
            *self._by_calendar(phrase),
            *self._by_prefix(tuple(words)),
        ):
            if link.column not in links or links[link.column].score < link.score:
                links[link.column] = link
        for link in () if links else self._by_naming(tuple(words)):
            links[link.column] = link
        if not links and len(phrase) == 1 and len(phrase[0]) == 2:  # one "cd" of number_of_cds
            links = {link.column: link for link in self._grams.get(frozenset({f"{phrase[0]}s"}), ())}
        return tuple(sorted(links.values(), key=lambda link: (-link.score, link.column)))

    def _of_table(self, phrase: Key) -> ColumnLink | None:
        """Link "product category" and "city of the customer" to a column of the table that is named."""
        plain = tuple(word for word in phrase if word not in ("the", "a", "each", "their"))
        for place in range(1, len(plain)):
            sides = (
                (plain[:place], plain[place:]),
                (plain[place + 1 :], plain[:place]) if plain[place] in ("of", "by", "per") else ((), ()),
            )
            for noun, rest in sides[: 2 if plain[place] == "of" else 1]:
                name = self.related.nouns.get(noun)
                if name is None or not rest or rest in self.related.nouns:
                    continue
                own = [c.name for c in self.tables[name].columns if self.words_of.get(c.name) == rest]
                if own and self.words_of[own[0]] != plain:
                    elsewhere = f"{own[0]} of {name}"
                    return ColumnLink(elsewhere if elsewhere in self.columns else own[0], 1.0, "name")
        return None

    def _by_role(self, phrase: Key) -> Iterable[ColumnLink]:
        if any(
            self.words_of[c.name] == phrase
            for table in self.tables.values()
            for c in table.by_role("row_key")
        ):
            return  # a "ticket" is what a sale brings in, unless the tickets are the rows
        for sense in lexicon().phrases.get(phrase, ()):
            if sense.kind == "role" and sense.value != "gender":
                role: Role = sense.value  # type: ignore[assignment]
                found = [c for table in self.tables.values() for c in table.by_role(role)]
                if role == "amount" and self.table.amount:
                    found.sort(key=lambda column: column.name != self.table.amount)
                for place, column in enumerate(found):
                    yield ColumnLink(column.name, 0.9 if place == 0 else 0.85, "role")

    def _by_calendar(self, phrase: Key) -> Iterable[ColumnLink]:
        """Link weekday, hour, month and year to number columns named so, where there is no date column."""
        if self.table.time is not None:
            return
        wanted = {"weekday": {"day", "week"}, "hour": {"hour"}, "month": {"month"}, "year": {"year"}}
        for sense in lexicon().phrases.get(phrase, ()):
            if sense.kind == "grain" and sense.value in wanted:
                for column in self.table.columns:
                    words = set(self.words_of[column.name])
                    if (
                        wanted[sense.value] <= words
                        and (column.n_distinct or 99) <= 60
                        and "since" not in words
                    ):
                        yield ColumnLink(column.name, 0.97, "concept")

    def _by_concept(self, phrase: Key) -> Iterable[ColumnLink]:
        if len(phrase) == 1 and phrase in lexicon().concepts and len(phrase[0]) >= _LONG_PREFIX:
            cut_short = [
                name
                for name, raw in self._raw_words.items()
                if any(own.startswith(phrase[0]) and len(own) >= len(phrase[0]) + 2 for own in raw)
            ]
            if len(cut_short) == 1 and not phrase[0].endswith(("ing", "ed")):  # "disc" is discount_pct first
                yield ColumnLink(cut_short[0], 0.9, "concept")
        for concept in lexicon().concepts.get(phrase, ()):
            money = concept in cue("money_concept")
            alone = (key_of(synonym) for synonym in concept_words(concept))
            wanted = {root(key[0]) for key in alone if len(key) == 1}
            strict = root(concept)
            for name in self.loaded:
                roots = {root(word) for word in self.words_of[name]}
                if money and self.columns[name].kind != "number" and phrase[0] not in self.words_of[name]:
                    continue  # what is paid is no tariff, and a bill no paperless one
                if strict in roots:
                    yield ColumnLink(name, 0.84, "concept")
                elif roots & wanted and len(roots - _GENERIC_ROOTS) == 1:
                    yield ColumnLink(name, 0.8, "concept")

    @cached_property
    def _raw_words(self) -> Mapping[str, tuple[str, ...]]:
        return {name: tuple(name_words(name)) for name in self.loaded}

    def _by_prefix(self, words: Key) -> Iterable[ColumnLink]:
        """Match words that a column name cuts short or spells differently: lifeExp, gdpPercap, Produkt."""
        vocabulary = self._roots
        if not words or all(root(word) in vocabulary or len(word) < 3 for word in words):
            return
        if any(word in lexicon().value_words or word.isdigit() for word in words):
            return
        for name, raw in self._raw_words.items():
            left, matched = list(words), 0
            for own in raw:
                taken = _cut_short(left, own)
                matched += bool(taken)
                left = left[taken:]
            if matched and not left:
                recall = matched / len(raw)
                yield ColumnLink(
                    name, 0.95 if recall == 1.0 else 0.62 + 0.25 * recall, "name" if recall == 1.0 else "part"
                )

    def _by_naming(self, words: Key) -> Iterable[ColumnLink]:
        """Match words that a name writes without vowels, cuts short or holds as a unit: chnl, wt_kg, amt_usd.

        Read only where nothing else explains the words, so that no plain name loses a word to a guess.
        """
        if not words or any(not self._nameable(word) for word in words):
            return
        for name, raw in self._raw_words.items():
            column = self.columns[name]
            if column.role in ("customer_key", "row_key", "index", "constant"):
                continue
            said = measured_in(raw) if raw and column.kind == "number" else frozenset()
            taken: set[int] = set()
            by_unit = False
            for word in words:
                place = next(
                    (i for i, own in enumerate(raw) if i not in taken and stands_for(own, word)), None
                )
                if place is not None:
                    taken.add(place)
                elif word in said:
                    by_unit = True
                else:
                    break
            else:
                own_words = {
                    i for i, own in enumerate(raw) if own not in naming().units and own not in _GENERIC
                }
                if own_words <= taken and taken:
                    yield ColumnLink(name, 0.92, "concept")
                else:
                    yield ColumnLink(name, 0.86 if taken else 0.8, "concept" if by_unit else "part")

    def _nameable(self, word: str) -> bool:
        """Tell whether a word may be looked for behind abbreviations: it says nothing in general."""
        words = lexicon()
        senses = words.phrases.get((word,), ())
        plain = word.isalpha() and len(word) >= 2 and word not in words.filler
        inert = {"role"} if self.has_features else {"role", "feature"}
        return plain and word not in words.value_words and all(sense.kind in inert for sense in senses)

    def feature(self, name: str) -> bool:
        """Tell whether the customers have this feature."""
        return self.customers is not None and self.customers.column(name) is not None

    def is_flag(self, name: str) -> bool:
        """Tell whether a column says yes or no, or the date of something that happened to some only."""
        return self.yes_no(name) is not None or self.is_event(name)

    def is_bad_news(self, name: str) -> bool:
        """Tell whether much of what a column says is bad: `churned`, `dmgd`, `late_days`."""
        bad = cue("bad_outcome")
        own = {*self.words_of.get(name, ()), *self._raw_words.get(name, ())}
        return any(stands_for(word, each) for word in own for each in bad)

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

    def ambiguous(self, links: tuple[ColumnLink, ...]) -> tuple[ColumnLink, ...]:
        """Return the links that are as good as the best one, if there are several."""
        best = links[0]
        reach = 0.2 if best.how == "part" else 0.06
        close = tuple(
            link
            for link in links
            if best.score - link.score < reach and (link.how == best.how or best.score - link.score < 0.06)
        )
        return close if len(close) > 1 and best.score < 0.99 else ()

    @cached_property
    def _corrections(self) -> dict[str, str | None]:
        return {}

    def known(self, word: str) -> bool:
        """Tell whether a word means something here or in general."""
        words = lexicon()
        named = any(word in key_of(name) for name in self.segments)
        return (
            named
            or word in words.vocabulary
            or word in self.name_vocabulary
            or word in words.outside
            or (word,) in countries()
            or root(word) in self._loaded_roots
            or (len(word) >= _LONG_PREFIX and any(True for _ in self._by_naming((word,))))
        )

    def says(self, word: str) -> bool:
        """Tell whether a word alone means something, here or in general; "yr" means it only in a phrase."""
        words = lexicon()
        own = (
            (word,) in self.values
            or (word,) in self.partial
            or any(word in raw or f"{word}s" in raw for raw in self._spoken)
        )
        return own or (word,) in words.phrases or word in words.filler or word in words.value_words

    @cached_property
    def _spoken(self) -> tuple[tuple[str, ...], ...]:
        """Words of the columns as they are written, and of the segments' names."""
        return (*self._raw_words.values(), *(key_of(name) for name in self.segments))

    @cached_property
    def _loaded_roots(self) -> frozenset[str]:
        return frozenset(root(word) for name in self.loaded for word in self.words_of[name])

    @cached_property
    def _roots(self) -> frozenset[str]:
        return frozenset(root(word) for name in self.columns for word in self.words_of[name])

    def correct(self, word: str) -> str | None:
        """Mend a misspelt word towards the data's own words first; None if nothing is near."""
        if len(word) < 4 or not word.isalpha():
            return None
        if word not in self._corrections:
            names, general = (
                nearest_word(word, self.name_vocabulary, self._frequency),
                nearest_word(word, (each for each in general_vocabulary() if is_slip(word, each)), {}),
            )
            farther = names and general and OSA.distance(word, general) < OSA.distance(word, names)
            self._corrections[word] = general if farther or not names else names
        return self._corrections[word]

    def expand(self, word: str) -> str | None:
        """Spell out a word that cuts a name, place or category of the data short; None if that is unsure."""
        if len(word) < 3 or not word.isalpha() or word in general_vocabulary():
            return None
        if len(word) >= _LONG_PREFIX:
            names = {own: 1 for words in self._raw_words.values() for own in words if len(own) >= 6}
            named = expanded(word, names)
            if named is not None:
                return named
        return expanded(word, self._places if len(word) < _LONG_PREFIX else self._frequent)

    @cached_property
    def _frequent(self) -> Mapping[str, int]:
        """Contents of small categories and well-known places that an abbreviation may stand for."""
        small: dict[str, int] = dict(self._places)
        for key, links in (*self.partial.items(), *self.values.items()):
            if len(key) == 1 and (self.columns[links[0].column].n_distinct or 99) <= _SMALL:
                small[key[0]] = links[0].n
        return small

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """Places of more than a few rows by their one-word names."""
        least = max(1, 0.002 * self.table.n_rows)
        return {
            key[0]: links[0].n
            for key, links in self.values.items()
            if len(key) == 1 and self.columns[links[0].column].role == "place" and links[0].n >= least
        }

    def usual_spelling(self, word: str) -> str | None:
        """Return the content that a rare one is a misspelling of: MUMBAI for the single row with MUBMAI."""
        rare = self.values.get((word,))
        if not rare or len(word) < 5 or rare[0].n > 40 or self.columns[rare[0].column].role != "place":
            return None
        if word not in self._usual:
            near = [
                (-links[0].n, key[0])
                for key, links in self.values.items()
                if len(key) == 1
                and links[0].n >= 25 * rare[0].n
                and links[0].column == rare[0].column
                and OSA.distance(word, key[0], score_cutoff=1) <= 1
            ]
            self._usual[word] = min(near)[1] if near else None
        return self._usual[word]

    @cached_property
    def _usual(self) -> dict[str, str | None]:
        return {}

    @cached_property
    def _frequency(self) -> Mapping[str, int]:
        """Rows that hold a word in a cell, so that of two spellings the usual one is taken."""
        counts: dict[str, int] = defaultdict(int)
        for phrase, links in self.values.items():
            for word in phrase:
                counts[word] += links[0].n
        return counts


def _cut_short(words: list[str], own: str) -> int:
    """Return how many of the leading words a word of a column name stands for, cut short or misspelt."""
    if not words or len(own) < 3:
        return 0
    whole = words[0] + words[1] if len(words) > 1 else ""
    if len(words) > 1 and whole.startswith(own) and len(own) > len(words[0]):
        return 2
    known = words[0] in lexicon().filler
    if not known and len(words[0]) > len(own) and words[0].startswith(own):
        return 1
    same = root(words[0]) == root(own)
    near = (
        len(own) >= 6 and len(words[0]) >= 6 and own[:3] == words[0][:3] and OSA.distance(own, words[0]) == 1
    )
    return int(same or near)


# What follows from the names and values alone.
_SHARED = (
    "columns", "loaded", "words_of", "_weights", "_grams", "span", "_roots", "_loaded_roots", "_raw_words",
    "_frequency", "name_vocabulary", "related", "_corrections", "alike", "_usual", "_places", "_frequent",
)  # fmt: skip
_SMALL = 50  # contents at most, so that each is known to those who ask
_LONG_PREFIX = 4  # letters that a category or name must share with its abbreviation; for places 3 will do
_WITHOUT_UNIT = 0.98  # a unit is seldom said: wait_min is the wait
_GENERIC_ROOTS = frozenset(root(word) for word in _GENERIC)


def spelt_out(name: str) -> tuple[str, ...]:
    """Return the words of a column name in singular, abbreviations spelt out."""
    words: list[str] = []
    own = name_words(name)
    for place, word in enumerate(own):
        timed = word == "min" and 0 < place == len(own) - 1  # wait_min counts minutes, min_wait is the least
        spelt = "minute" if timed else lexicon().abbreviations.get(word, word)
        words.extend(lemma(part) for part in spelt.split())
    return tuple(words)
