"""Knows verbs that only say that the rows came about: "loans granted in 2021", "calls that came in today".

What is done with every row restricts nothing. What befalls some of them ("repaid", "insured") does, and stays
unread unless a column says it. Words that nobody listed go with those that they resemble in meaning.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.builtin.lexicon import cue
from assistant.builtin.likeness import likeness
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.tokens import root

_BETWEEN = frozenset(
    {"were", "was", "are", "is", "been", "be", "have", "has", "had", "that", "which", "got", "get", "being"}
    | {"we", "i", "they", "did", "do"}
)
_PARTICLES = frozenset({"out", "in", "up", "on", "off", "over", "through", "down"})
_BEHIND = frozenset(
    {"in", "on", "at", "from", "by", "within", "for", "to", "via", "through", "over", "under", "during"}
    | {"since", "between", "before", "after", "until", "with", "into", "per", "each", "last", "this", "and"}
    | {"across"}
)
_PARTICIPLE = ("ed", "en", "wn", "ought", "aught", "ade", "eld", "ung", "id")
# These turn a deed into something that befalls some: unpaid, overcharged, misrouted, prepaid.
_TURNED = ("un", "over", "under", "mis", "dis", "pre", "non", "re", "de")
_CLEARLY = 0.03
_NEAREST = 3


def take_happenings(parts: Parts) -> None:
    """Mark the verbs behind a noun of the rows, or behind what is measured, that are true of every row."""
    for index, item in enumerate(parts.sentence.items):
        if item.used or not index or not _stands_as_participle(parts, index):
            continue
        word = parts.sentence.tokens[item.start].norm
        if _befalls_some(word):
            if set(item.senses) <= {"entity"}:
                item.senses = {}  # "parcels insured": no word for people here
        elif not item.links and not item.values and set(item.senses) <= _HARMLESS and _befalls_all(word):
            item.used = True
            _take_particle(parts, index)
            if word not in cue("happened") and item.senses == {}:
                parts.note(f"No column says which were {word} and which not; all are included.")


_HARMLESS = frozenset({"missing", "condition_verb", "entity"})


def _stands_as_participle(parts: Parts, index: int) -> bool:
    """Tell whether a single word stands behind a noun and before a place, a time or the end."""
    items, tokens = parts.sentence.items, parts.sentence.tokens
    item, before = items[index], items[index - 1]
    word = tokens[item.start].norm
    if item.end - item.start != 1 or tokens[item.start].kind != "word" or not item.text.islower():
        return False
    shaped = word.endswith(_PARTICIPLE) or word in cue("happened")
    noun = (
        before.has("entity", "row", "transaction", "customer")
        or any(parts.is_number(link.column) or link.how == "role" for link in before.links)
        or before.has("role", "amount")
    )
    near = all(token.norm in _BETWEEN for token in tokens[before.end : item.start])
    after = tokens[item.end].norm if item.end < len(tokens) else "?"
    if after in _PARTICLES and item.end + 1 < len(tokens):
        after = tokens[item.end + 1].norm if tokens[item.end + 1].norm in _BEHIND else after
    return shaped and noun and near and (after in _BEHIND or not after[0].isalnum())


def _take_particle(parts: Parts, index: int) -> None:
    """Mark the particle of a verb: "signed on in 2023", "carried out in Mumbai"."""
    after = parts.sentence.at(index + 1)
    tokens, end = parts.sentence.tokens, parts.sentence.items[index].end
    phrasal = after is not None and after.start == end and after.text.lower() in _PARTICLES
    if phrasal and after is not None and end + 1 < len(tokens) and tokens[end + 1].norm in _BEHIND:
        after.used = True


@lru_cache(maxsize=2_000)
def _befalls_some(word: str) -> bool:
    if word in cue("happened"):
        return False
    return word in cue("befallen") or root(word) in {root(each) for each in cue("befallen")}


@lru_cache(maxsize=2_000)
def _befalls_all(word: str) -> bool:
    """Tell whether a deed is one by which rows come about, as listed or by its meaning."""
    if word in cue("happened"):
        return True
    if not word.endswith("ed") or word.startswith(_TURNED):
        return False
    return _nearness(word, "happened") - _nearness(word, "befallen") > _CLEARLY


def _nearness(word: str, name: str) -> float:
    scores = sorted((likeness(word, each) for each in cue(name)), reverse=True)[:_NEAREST]
    return sum(scores) / len(scores)
