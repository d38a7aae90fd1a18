"""Knows words that deny in one: "unresolved" is not Resolved, "undamaged" not damaged."""

from __future__ import annotations

import re

from assistant.builtin.lexicon import lexicon
from assistant.builtin.linking import Catalog
from assistant.builtin.tokens import key_of, lemma, root

_DENYING = re.compile(r"(?<![\w'’-])(?P<sign>un|in|dis|non-?)(?P<rest>[a-z]{5,})(?![\w'’-])", re.IGNORECASE)
_FEW = 30  # contents at most of a column whose contents say which rows


def denials_spelt_out(text: str, catalog: Catalog) -> str:
    """Write a denial in one word as two, where the word behind its sign is a content or a yes/no column.

    Args:
        text: One sentence.
        catalog: The data set.
    """
    if not _DENYING.search(text):
        return text
    return _DENYING.sub(lambda found: _spelt_out(found, catalog), text)


def denies(word: str, other: str) -> bool:
    """Tell whether one word is the denial of another: nobody means the one by the other."""
    long, short = sorted((word.lower(), other.lower()), key=len, reverse=True)
    found = _DENYING.fullmatch(long)
    return found is not None and _stem(found["rest"]) == _stem(short)


def _spelt_out(found: re.Match[str], catalog: Catalog) -> str:
    word = found.group().lower()
    if _is_known(word, catalog):
        return found.group()
    denied = _denied(found["rest"].lower(), catalog)
    return found.group() if denied is None else f"not {denied}"


def _is_known(word: str, catalog: Catalog) -> bool:
    """Tell whether the word with its sign means something of its own, here or in general."""
    words, key = lexicon(), key_of(word)
    said = {part for parts in catalog.words_of.values() for part in parts}
    against = (link for concept in words.antonyms.get(key, ()) for link in catalog.link_column((concept,)))
    meant = key in words.phrases or lemma(word) in words.filler
    meant = meant or any(catalog.yes_no(link.column) for link in against)
    return meant or key in catalog.values or word in said or lemma(word) in said


def _denied(rest: str, catalog: Catalog) -> str | None:
    """Return what is denied, as the data write it, or None if they hold nothing of that name."""
    stem = _stem(rest)
    for key, links in sorted(catalog.values.items()):
        few = [link for link in links if (catalog.columns[link.column].n_distinct or _FEW + 1) <= _FEW]
        if len(key) == 1 and few and _stem(key[0]) == stem:
            return str(few[0].value)
    for name in sorted(catalog.loaded):
        if catalog.is_flag(name) and stem in {_stem(word) for word in catalog.words_of[name]}:
            return rest
    return None


def _stem(word: str) -> str:
    """Return a word without its endings: successful and Success meet."""
    plain = lemma(word.lower())
    return root(plain.removesuffix("ful")) if len(plain) > 8 else root(plain)
