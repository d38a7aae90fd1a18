"""Matches a short answer to the choices that the question back before it offered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation, plain_words
from assistant.builtin.data_names import spelt_out
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of

_ORDINALS = {
    "first": 0, "1": 0, "one": 0, "former": 0, "yes": 0, "yeah": 0, "yep": 0, "ok": 0, "okay": 0, "sure": 0,
    "second": 1, "2": 1, "two": 1, "third": 2, "3": 2, "three": 2, "fourth": 3, "4": 3,
    "last": -1, "latter": -1,
}  # fmt: skip
_LONGEST = 7
# Words that are in every sentence, and so pick no choice.
_SAYS_NOTHING = frozenset(
    {"in", "of", "the", "a", "an", "by", "for", "to", "and", "is", "are", "now", "what", "on", "per"}
)


def chosen(text: str, conversation: Conversation, catalog: Catalog | None = None) -> str | None:
    """Return the choice that a message picks; None if it picks none or nothing was asked.

    Args:
        text: The message.
        conversation: The turns before.
        catalog: The data: a message that names something in them that no choice speaks of picks none.
    """
    last = conversation.last
    if last is None or last.status != "clarify" or not last.choices:
        return None
    plain = plain_words(text)
    for choice in last.choices:
        if plain == plain_words(choice):
            return choice
    bare = _bare(plain)
    ordinal = _ORDINALS.get(bare)
    if ordinal is not None and ordinal < len(last.choices):
        return last.choices[ordinal]
    if not bare or len(plain.split()) > _LONGEST:
        return None
    words = set(key_of(bare)) - _SAYS_NOTHING
    scored = [
        (len(words & _different(choice, last.choices)), -index, choice)
        for index, choice in enumerate(last.choices)
    ]
    best = max(scored)
    alone = sum(1 for score in scored if score[0] == best[0]) == 1
    if best[0] and alone and 2 * best[0] >= max(1, len(words)):
        return None if catalog is not None and _names_another(text, best[2], catalog) else best[2]
    near = [c for c in last.choices if fuzz.partial_ratio(bare, c.lower()) > 92 and len(bare) > 3]
    return near[0] if len(near) == 1 and len(bare.split()) <= 4 else None


def _names_another(text: str, choice: str, catalog: Catalog) -> bool:
    """Tell whether a message names a column or a value of which a choice says nothing: "the income"."""
    offered = annotate(choice, catalog).items
    known = {name for item in offered for name in _columns(item)}
    spoken = set(key_of(choice)) | {part for word in choice.split() for part in spelt_out(word)}
    return any(
        not known & _columns(item) and not set(key_of(item.text)) & spoken
        for item in annotate(text, catalog).items
        if item.links or item.values
    )


def _columns(item: Item) -> set[str]:
    return {link.column for link in item.links} | {link.column for link in item.values}


def _bare(plain: str) -> str:
    """Leave out what only introduces an answer: "I meant the monthly one, please"."""
    lead = rf"^(?:(?:{'|'.join(phrases('answer_lead'))})\s+)+"
    return re.sub(
        r"\s+(one|please|option|column|thanks|then)$", "", re.sub(lead, "", f"{plain} ").strip()
    ).strip()


def _different(choice: str, choices: Sequence[str]) -> set[str]:
    """Return the words, split into parts of names, that only this choice has."""

    def split(one: str) -> set[str]:
        return {word for part in one.split() for word in (*spelt_out(part), part.lower().strip("?.!,"))}

    others: set[str] = set()
    for other in choices:
        if other != choice:
            others |= split(other)
    return split(choice) - others
