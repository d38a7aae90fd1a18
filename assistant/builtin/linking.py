"""Links words to this data set: its columns, their values, its segments; built once and cached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rapidfuzz.distance import OSA

from assistant.builtin.column_linking import LONG_PREFIX, ColumnLinker
from assistant.builtin.lexicon import Key, countries, cue, lexicon
from assistant.builtin.links import ColumnLink, ValueLink
from assistant.builtin.mending import expanded, general_vocabulary, is_slip, nearest_word, shorn
from assistant.builtin.months import Span
from assistant.builtin.naming import naming, stands_for
from assistant.builtin.tokens import key_of, root
from assistant.embedding import is_common_word
from tools.core import Column

__all__ = ["Catalog", "ColumnLink", "ValueLink"]

# What follows from the names and values alone.
_SHARED = (
    "columns", "loaded", "words_of", "_weights", "_grams", "span", "_roots", "_loaded_roots", "_raw_words",
    "_frequency", "name_vocabulary", "related", "_corrections", "alike", "_usual", "_places", "_frequent",
)  # fmt: skip
_SMALL = 50  # contents at most, so that each is known to those who ask


@dataclass(kw_only=True)
class Catalog(ColumnLinker):
    """What a parser may know of a data set: names and values, no rows.

    Attributes:
        segments: Names of the current segments in order of key.
        sizes: Customers in each of them.
        segmentation: Name of the current segmentation, or None.
        segmentations: Names of all.
        values: Lemmas of a cell content to where it occurs.
        partial: Lemmas of a piece of a cell content to where it occurs.
    """

    segments: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    segmentation: str | None = None
    segmentations: tuple[str, ...] = ()
    values: Mapping[Key, tuple[ValueLink, ...]] = field(default_factory=dict)
    partial: Mapping[Key, tuple[ValueLink, ...]] = field(default_factory=dict)

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
            meant
            for name in self.loaded
            for word in self._raw_words[name]
            for meant in naming().short.get(word, ())
            if len(meant) >= 4
        }
        words |= {
            word
            for key in (*self.values, *self.partial)
            if len(key) <= 3
            for word in key
            if len(word) >= 4 and word.isalpha()
        }
        return frozenset(words)

    def is_bad_news(self, name: str, value: object = None) -> bool:
        """Tell whether much of what a column says is bad: `churned`, `dmgd`, `late_days`; a no-show too."""
        bad = cue("bad_outcome")
        own = {*self.words_of.get(name, ()), *self._raw_words.get(name, ())}
        if isinstance(value, str):
            own |= set(key_of(value)) | {value.lower().replace("-", "").replace(" ", "")}
        return any(stands_for(word, each) for word in own for each in bad)

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
            or (len(word) >= LONG_PREFIX and any(True for _ in self._by_naming((word,))))
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

    def correct(self, word: str) -> str | None:
        """Mend a misspelt word towards the data's own words first; None if nothing is near."""
        if len(word) < 4 or not word.isalpha():
            return None
        if word not in self._corrections:
            names, general = (
                nearest_word(word, self.name_vocabulary, self._frequency),
                nearest_word(word, (each for each in general_vocabulary() if is_slip(word, each)), {}),
            )
            if (names or general) and is_common_word(word):  # a crash is no slip for cash, a form is for from
                names, general = None, general if general and sorted(general) == sorted(word) else None
            farther = names and general and OSA.distance(word, general) < OSA.distance(word, names)
            self._corrections[word] = general if farther or not names else names
        return self._corrections[word]

    def expand(self, word: str) -> str | None:
        """Spell out a word that cuts a name, place or category of the data short; None if that is unsure."""
        if len(word) < 3 or not word.isalpha() or word in general_vocabulary():
            return None
        if not is_common_word(word) and (word,) not in self.values:
            whole = shorn(word, self.name_vocabulary) or shorn(word, general_vocabulary())
            if whole is not None:
                return whole
        if len(word) >= LONG_PREFIX:
            names = {own: 1 for words in self._raw_words.values() for own in words if len(own) >= 6}
            named = expanded(word, names)
            if named is not None:
                return named
        return expanded(word, self._places if len(word) < LONG_PREFIX else self._frequent)

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
