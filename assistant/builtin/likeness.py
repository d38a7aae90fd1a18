"""Knows which names of a data set a word that nobody listed is nearest to in meaning, by word vectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.builtin.data_names import GENERIC
from assistant.builtin.linking import Catalog
from assistant.builtin.naming import naming
from assistant.builtin.tokens import lemma
from assistant.embedding import embed

Kind = Literal["number", "group", "value", "rows"]

_FEW = 40  # contents at most of a category whose contents a word may stand for
_PART = 0.9  # what the likeness to a part of a name counts, against the whole name
_NAMELESS = ("customer_key", "row_key", "index", "constant", "personal", "clock")
_CATEGORIES = ("category", "place", "outcome", "flag")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A name of the data that a word may mean.

    Attributes:
        name: As it would be written in a question: a column, a content, a noun of the rows.
        column: The column; empty for the rows.
        kind: What it is.
        score: How near it is in meaning: 1 the same, 0 unrelated.
    """

    name: str
    column: str
    kind: Kind
    score: float


def nearest(phrase: str, catalog: Catalog, kinds: frozenset[Kind]) -> list[Likeness]:
    """Return the names of these kinds that are nearest to a phrase, nearest first, each once."""
    known = catalog.remember("names to be like", lambda: tuple(_candidates(catalog)))
    asked = {phrase.lower(), " ".join(lemma(word) for word in phrase.lower().split())}
    best: dict[tuple[str, str], Likeness] = {}
    for name, column, kind, texts in known:
        if kind not in kinds:
            continue
        score = max(
            likeness(said, text) * (1.0 if place == 0 else _PART)
            for said in asked
            for place, text in enumerate(texts)
        )
        if (name, column) not in best or best[name, column].score < score:
            best[name, column] = Likeness(name, column, kind, round(score, 4))
    return sorted(best.values(), key=lambda each: (-each.score, each.name, each.column))


def _candidates(catalog: Catalog) -> Iterable[tuple[str, str, Kind, tuple[str, ...]]]:
    for table in catalog.tables.values():
        for column in table.columns:
            if column.role in _NAMELESS or column.kind in ("date", "datetime"):
                continue
            texts = _texts(catalog.words_of[column.name])
            if not texts:
                continue
            if catalog.is_flag(column.name):
                yield column.name, column.name, "value", texts
            elif column.kind == "number":
                yield column.name, column.name, "number", texts
            elif column.role in _CATEGORIES:
                yield column.name, column.name, "group", texts
                if (column.n_distinct or _FEW + 1) <= _FEW:
                    for content, _ in column.values:
                        if any(letter.isalpha() for letter in content):
                            yield content, column.name, "value", (content.lower(),)
    for noun in _nouns_of_rows(catalog):
        yield noun, "", "rows", (noun,)


def _nouns_of_rows(catalog: Catalog) -> Iterable[str]:
    """Return what the rows of the tables are called, as far as the tables are named by it."""
    if len(catalog.tables) > 1:
        return {" ".join(noun) for noun in catalog.related.nouns}
    words = [word for word in catalog.main.lower().replace("-", "_").split("_") if len(word) > 3]
    return {lemma(word) for word in words if word.isalpha() and lemma(word) != word}


def _texts(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a column name as one text, without what says nothing, and each word that says something."""
    telling = [word for word in words if word not in GENERIC and word not in naming().units and len(word) > 2]
    telling = [naming().short.get(word, (word,))[0] for word in telling if word.isalpha()]
    if not telling:
        return ()
    return tuple(dict.fromkeys((" ".join(telling), " ".join(words), *telling)))


def likeness(one: str, other: str) -> float:
    """Return how near two phrases are in meaning: 1 the same, 0 unrelated."""
    return sum(a * b for a, b in zip(_vector(one), _vector(other), strict=True))


@lru_cache(maxsize=5_000)
def _vector(text: str) -> tuple[float, ...]:
    return tuple(embed([text])[0])
