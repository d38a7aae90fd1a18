"""Knows a sentence as items: spans of words with all that each can mean, and what of it is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.builtin.linking import ColumnLink, ValueLink
from assistant.builtin.numbers import Quantity
from assistant.builtin.tokens import Token


@dataclass
class Item:
    """A span of words and all its meanings; which one holds is decided by what stands around it.

    Attributes:
        start: First token.
        end: Behind the last token.
        text: As written (misspellings mended).
        senses: Kind of meaning to the meaning: {"statistic": "mean"}, {"column": (ColumnLink, ...)}.
        filler: Means nothing by itself.
        used: Part of the reading.
    """

    start: int
    end: int
    text: str
    senses: dict[str, Any] = field(default_factory=dict)
    filler: bool = False
    used: bool = False

    def has(self, kind: str, *values: str) -> bool:
        """Tell whether it can mean this kind of thing (one of these, if given)."""
        return kind in self.senses and (not values or self.senses[kind] in values)

    @property
    def links(self) -> tuple[ColumnLink, ...]:
        """Columns that it may mean, best first."""
        found: tuple[ColumnLink, ...] = self.senses.get("column", ())
        return found

    @property
    def column(self) -> str | None:
        """The column that it most likely means."""
        return self.links[0].column if self.links else None

    @property
    def values(self) -> tuple[ValueLink, ...]:
        """Cell contents that it may mean, most frequent first."""
        found: tuple[ValueLink, ...] = self.senses.get("value", ())
        return found

    @property
    def number(self) -> Quantity | None:
        """The number that it is."""
        return self.senses.get("number")


@dataclass
class Sentence:
    """An annotated sentence.

    Attributes:
        text: As written.
        tokens: Its words.
        items: Spans that mean something or are unknown, in order; filler words are left out.
        fillers: The words that mean nothing.
        mended: Misspelt words and what they were read as.
    """

    text: str
    tokens: list[Token]
    items: list[Item]
    fillers: list[Item]
    mended: dict[str, str]

    def free(self) -> Iterator[tuple[int, Item]]:
        """Walk over the items that no part of the reading has used yet."""
        for index, item in enumerate(self.items):
            if not item.used:
                yield index, item

    def at(self, index: int) -> Item | None:
        """Return the item at an index, or None outside the sentence."""
        return self.items[index] if 0 <= index < len(self.items) else None

    def find(self, kind: str, *values: str) -> Item | None:
        """Return the first unused item that can mean this."""
        return next((item for _, item in self.free() if item.has(kind, *values)), None)

    def has(self, kind: str, *values: str) -> bool:
        """Tell whether any item, used or not, can mean this."""
        return any(item.has(kind, *values) for item in self.items)

    def take(self, kind: str, *values: str) -> Item | None:
        """Find and mark as used."""
        item = self.find(kind, *values)
        if item:
            item.used = True
        return item

    def take_all(self, kind: str, *values: str) -> list[Item]:
        """Find all and mark them as used."""
        found = [item for _, item in self.free() if item.has(kind, *values)]
        for item in found:
            item.used = True
        return found

    def unexplained(self) -> list[Item]:
        """Return the items that the reading has not used and that carry meaning."""
        return [item for _, item in self.free()]

    def words(self) -> set[str]:
        """Lemmas of all tokens."""
        return {token.lemma for token in self.tokens}

    def says(self, *phrases: str) -> bool:
        """Tell whether one of the phrases stands in the sentence, word for word."""
        text = " ".join(token.norm for token in self.tokens)
        return any(f" {phrase} " in f" {text} " for phrase in phrases)

    def fresh(self) -> Sentence:
        """Return the same sentence with nothing used."""
        items = [Item(i.start, i.end, i.text, i.senses, i.filler) for i in self.items]
        return Sentence(self.text, self.tokens, items, self.fillers, self.mended)
