"""Knows what a disagreement between a request and its sentence is, and what is looked at to find one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assistant.builtin.backward.claims import Claims
from assistant.builtin.lexicon import phrases
from assistant.builtin.request import Request
from assistant.builtin.sentence import Item, Sentence

Side = Literal["said", "unsaid", "incoherent"]

# "the average rather than the total", "the sum, not the mean": what follows is what is not wanted any more.
_AT_MOST_BEHIND = 3
_SHORT = 9  # words of a message that only corrects the one before


@dataclass(frozen=True)
class Disagreement:
    """A word that no part of a request stands for, or a part that no word asked for.

    Attributes:
        side: Whether words are left over, a part is not asked for, or parts cannot belong together.
        kind: What it is about: "number", "negation", "limit".
        words: The words left over, or those for the part.
    """

    side: Side
    kind: str
    words: str


@dataclass(frozen=True)
class Evidence:
    """A sentence with the requests that it was read as.

    Attributes:
        sentence: Its words with all that they can mean; what a reader used is of no interest here.
        claims: What the requests account for.
        earlier: Requests of the turns before, from which a part may have been kept.
    """

    sentence: Sentence
    claims: Claims
    earlier: Sequence[Request] = ()

    def near(self, item: Item, behind: int = 0, ahead: int = 0) -> list[Item]:
        """Return the items around one, nearest place first in the sentence."""
        at = self.sentence.items.index(item)
        places = (*range(at - behind, at), *range(at + 1, at + ahead + 1))
        return [found for place in places if (found := self.sentence.at(place)) is not None]

    def before(self, item: Item) -> str:
        """Return the word before an item, or nothing."""
        return self.sentence.tokens[item.start - 1].norm if item.start else ""

    @cached_property
    def given_up(self) -> frozenset[str]:
        """Columns that the request before held and this one does not: "drop the smoker condition"."""
        before = Claims(tuple(self.earlier[-1:]), self.claims.catalog)
        return before.columns - self.claims.columns

    def stands(self, item: Item) -> bool:
        """Tell whether a column or content that the item can mean is part of the requests, or given up."""
        claims = self.claims
        held = claims.columns | self.given_up
        if set(item.text.lower().split()) <= claims.given_names:
            return True
        if any(link.column in held for link in item.links):
            return True
        if any(value.column in self.given_up for value in item.values):
            return True
        return any(str(value.value).lower() in claims.text for value in item.values)

    @cached_property
    def set_aside(self) -> frozenset[int]:
        """Starts of the items that stand behind "rather than", "instead of" or "not" for what was before."""
        found: set[int] = set()
        corrects = bool(self.earlier) and len(self.sentence.tokens) <= _SHORT
        for phrase in (*phrases("instead_of"), *(("not",) if corrects else ())):
            pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
            for match in re.finditer(pattern, self.sentence.text, re.IGNORECASE):
                behind = [
                    item.start
                    for item in self.sentence.items
                    if self.sentence.tokens[item.start].start >= match.start()
                ]
                found |= set(behind[:_AT_MOST_BEHIND])
        return frozenset(found)

    def items(self) -> list[Item]:
        """Return the items that are asked for: none behind "rather than"."""
        return [item for item in self.sentence.items if item.start not in self.set_aside]
