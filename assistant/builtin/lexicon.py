"""Knows what words mean in general, whatever the data: `words.toml` as a dictionary of phrases."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.builtin.tokens import key_of

Key = tuple[str, ...]
_FILE = Path(__file__).with_name("words.toml")
_COUNTRIES = Path(__file__).with_name("countries.toml")
_NOT_PHRASES = (
    "abbreviation",
    "filler",
    "value",
    "yes",
    "no",
    "antonym",
    "concept",
    "outside",
    "topics",
    "cue",
    "about",
    "misuse",
    "deed",
    "frame_noun",
)


@dataclass(frozen=True)
class Sense:
    """One meaning of a phrase: its kind ("statistic") and which one ("mean")."""

    kind: str
    value: str


@dataclass(frozen=True)
class Lexicon:
    """All general meanings.

    Attributes:
        phrases: Lemmas of a phrase to its senses.
        longest: Words of the longest phrase.
        filler: Lemmas that mean nothing by themselves.
        abbreviations: Words of column names, spelt out.
        concepts: Lemma phrase to the words that a column's name may hold instead.
        antonyms: Lemma phrase to the concepts it may deny.
        value_words: Lemma to the cell contents it stands for.
        yes: Cell contents that say yes.
        no: Cell contents that say no.
        vocabulary: Every single word of all lists.
        correctable: Those of them that a misspelt word may be mended into.
        outside: Real words that are never mended into another word.
    """

    phrases: Mapping[Key, tuple[Sense, ...]]
    longest: int
    filler: frozenset[str]
    abbreviations: Mapping[str, str]
    concepts: Mapping[Key, tuple[str, ...]]
    antonyms: Mapping[Key, tuple[str, ...]]
    value_words: Mapping[str, tuple[str, ...]]
    yes: frozenset[str]
    no: frozenset[str]
    vocabulary: frozenset[str]
    correctable: frozenset[str]
    outside: frozenset[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the words of `words.toml`."""
    document: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    phrases: dict[Key, list[Sense]] = defaultdict(list)
    for kind, meanings in document.items():
        if kind in _NOT_PHRASES:
            continue
        for value, synonyms in meanings.items():
            for synonym in synonyms:
                sense = Sense(kind, value)
                if sense not in phrases[key_of(synonym)]:
                    phrases[key_of(synonym)].append(sense)
    phrases.pop((), None)
    concepts: dict[Key, list[str]] = defaultdict(list)
    for concept, synonyms in document["concept"].items():
        for synonym in synonyms:
            concepts[key_of(synonym)].append(concept)
    antonyms: dict[Key, tuple[str, ...]] = defaultdict(tuple)
    for concept, words_against in document["antonym"].items():
        for word in words_against:
            antonyms[key_of(word)] += (concept,)
    value_words = {
        key_of(word)[0]: tuple(cells["cells"])
        for cells in document["value"].values()
        for word in cells["words"]
    }
    filler = frozenset(key[0] for word in document["filler"]["words"] if len(key := key_of(word)) == 1)
    words = {word for key in (*phrases, *concepts, *antonyms) for word in key} | filler | set(value_words)
    return Lexicon(
        phrases={key: tuple(senses) for key, senses in phrases.items()},
        longest=max(len(key) for key in phrases),
        filler=filler,
        abbreviations=document["abbreviation"]["words"],
        concepts={key: tuple(found) for key, found in concepts.items()},
        antonyms=dict(antonyms),
        value_words=value_words,
        yes=frozenset(document["yes"]["cells"]),
        no=frozenset(document["no"]["cells"]),
        vocabulary=frozenset(word for word in words if word.isalpha()),
        correctable=frozenset(word for word in words if word.isalpha() and len(word) >= 4 and word.isascii()),
        outside=frozenset(
            word
            for kind in ("outside", "topics", "cue")
            for listed in document[kind].values()
            for phrase in listed
            for word in key_of(phrase)
        ),
    )


def concept_words(concept: str) -> tuple[str, ...]:
    """Return the words that a column's name may hold if it is about this concept."""
    return _concept_words()[concept]


@lru_cache(maxsize=1)
def _concept_words() -> Mapping[str, tuple[str, ...]]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {concept: (concept, *words) for concept, words in document["concept"].items()}


@lru_cache(maxsize=1)
def countries() -> Mapping[Key, tuple[Key, ...]]:
    """Return each way of writing a country, its codes apart, to all ways of writing it."""
    found: dict[Key, tuple[Key, ...]] = {}
    for forms in tomllib.loads(_COUNTRIES.read_text(encoding="utf-8"))["countries"]:
        keys = tuple(key_of(form) for form in forms)
        for place, key in enumerate(keys):
            if place not in (1, 2):
                found[key] = keys
    return found


@dataclass(frozen=True)
class Topics:
    """Whole phrases that decide what a message is about."""

    greetings: frozenset[str]
    thanks: frozenset[str]
    insults: frozenset[str]
    help_phrases: tuple[str, ...]
    privacy_phrases: tuple[str, ...]
    identity_phrases: tuple[str, ...]
    hostile_phrases: tuple[str, ...]
    off_topic_phrases: tuple[str, ...]
    off_topic: frozenset[str]
    domain: tuple[str, ...]
    domain_questions: tuple[str, ...]


@lru_cache(maxsize=1)
def topic_words() -> Topics:
    """Return the phrases of `words.toml` that decide what a message is about."""
    topics: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["topics"]
    sets = ("greetings", "thanks", "insults", "off_topic")
    found: dict[str, Any] = {
        name: frozenset(words) if name in sets else tuple(words) for name, words in topics.items()
    }
    return Topics(**found)


@lru_cache(maxsize=1)
def _deeds() -> Mapping[str, tuple[str, ...]]:
    stems: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for stem, verbs in tomllib.loads(_FILE.read_text(encoding="utf-8"))["deed"].items():
        for verb in verbs:
            stems[verb] += (stem,)
    return dict(stems)


def deed_stems(verb: str) -> tuple[str, ...]:
    """Return the words that a column's name may hold if it says how much of a deed was done."""
    return _deeds().get(verb, ())


@cache
def misuse_words(kind: str) -> tuple[str, ...]:
    """Return the patterns of one kind of verb or object of which attempts at misuse are made."""
    found: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["misuse"]
    return tuple(found[kind])


@lru_cache(maxsize=1)
def about_words() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return the topics about the assistant itself, each with groups of words of which one each is said."""
    topics: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["about"]
    return {name: tuple(tuple(group) for group in groups) for name, groups in topics.items()}


@cache
def frame_nouns(kind: str) -> frozenset[str]:
    """Return nouns that only frame a question where they stand so: the business, a kind of content."""
    found: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["frame_noun"]
    return frozenset(found[kind])


@lru_cache(maxsize=1)
def _cues() -> Mapping[str, tuple[str, ...]]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in document["cue"].items()}


@lru_cache(maxsize=1)
def cue_vocabulary() -> frozenset[str]:
    """Return every single word by which a kind of request is told."""
    return frozenset(word for words in _cues().values() for phrase in words for word in key_of(phrase))


@cache
def cue(name: str) -> frozenset[str]:
    """Return the words of a cue as a set, to be met with the words of a sentence."""
    return frozenset(_cues()[name])


def phrases(name: str) -> tuple[str, ...]:
    """Return the phrases of a cue in their order."""
    return _cues()[name]
