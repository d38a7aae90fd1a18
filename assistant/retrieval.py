"""Finds which of many texts speak of a question, by the words they share; rare words count more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.builtin.tokens import key_of


def nearest(question: str, texts: Mapping[str, Sequence[str]], most: int, sharing: bool = False) -> list[str]:
    """Return the names of the texts nearest to a question, nearest first; those that share no word come last.

    Args:
        question: A person's words.
        texts: Passages by name; the best passage of each counts.
        most: How many names to return.
        sharing: Whether those that share no word are left out.
    """
    words = {name: [_words(passage) for passage in passages] for name, passages in texts.items()}
    spread = Counter(word for passages in words.values() for word in {w for one in passages for w in one})
    weight = {word: math.log(1 + len(texts) / n) for word, n in spread.items()}
    asked = _words(question)
    scored = [
        (-max((_likeness(asked, passage, weight) for passage in passages), default=0.0), place, name)
        for place, (name, passages) in enumerate(words.items())
    ]
    return [name for unlike, _, name in sorted(scored)[:most] if unlike < 0 or not sharing]


def _words(text: str) -> frozenset[str]:
    return frozenset(key_of(text.replace("_", " ")))


def _likeness(asked: frozenset[str], passage: frozenset[str], weight: Mapping[str, float]) -> float:
    """Return the shared weight over the root of both weights, 0 to 1 (cosine of word sets)."""
    if not passage:
        return 0.0
    shared = sum(weight[word] ** 2 for word in asked & passage)
    length = math.sqrt(sum(weight.get(word, 0.0) ** 2 for word in asked) or 1.0)
    return shared / (length * math.sqrt(sum(weight[word] ** 2 for word in passage)))
