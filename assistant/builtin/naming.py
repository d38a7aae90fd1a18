"""Knows which plain words stand for a name that is cut short, shorn of its vowels or ends in a unit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.builtin.tokens import key_of, root

_FILE = Path(__file__).with_name("naming.toml")
_VOWELS = frozenset("aeiou")
_LEAST_OF_CONSONANTS = 0.6  # of a word that its abbreviation must hold: "scr" is score, and no sector
_CUT_TO = 3  # letters that a word cut short must keep: "dist" for distance


@dataclass(frozen=True)
class Naming:
    """What abbreviations and units in names stand for.

    Attributes:
        short: Words of names that no rule spells out, to what they may stand for.
        units: Word of a name to the unit that it writes.
        said: Unit to the words by which people mean what is counted in it.
        currencies: Name of a currency to the codes of those called so.
    """

    short: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    said: Mapping[str, frozenset[str]]
    currencies: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def naming() -> Naming:
    """Return the words of `naming.toml`."""
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Naming(
        short={word: tuple(stands) for word, stands in document["short"].items()},
        units={sign: unit for unit, meant in document["unit"].items() for sign in meant["signs"]},
        said={
            unit: frozenset(word for phrase in meant["said"] for word in key_of(phrase))
            for unit, meant in document["unit"].items()
        },
        currencies={word: tuple(codes) for word, codes in document["currency"].items()},
    )


def consonants(word: str) -> str:
    """Return a word without vowels behind its first letter, and each doubled letter once."""
    kept = word[:1]
    for letter in word[1:]:
        if letter not in _VOWELS and letter != kept[-1]:
            kept += letter
    return kept


def abbreviates(own: str, word: str) -> bool:
    """Tell whether a word of a name is another word without its vowels: chnl, rgn, qty, dlvry.

    Args:
        own: A word of a column name, in lower case.
        word: A word as people say it.
    """
    if len(own) < 3 or len(own) >= len(word) or own[0] != word[0] or _VOWELS & set(own[1:]):
        return False
    own = consonants(own)
    for whole in {word, root(word)}:
        sound = consonants(whole)
        same_end = own[-1] == sound[-1] or own[-1] == consonants(whole.rstrip("aeiouy"))[-1]
        if same_end and len(own) >= _LEAST_OF_CONSONANTS * len(sound) and _in_order(own, sound):
            return True
    return False


def _in_order(letters: str, word: str) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)


def stands_for(own: str, word: str) -> bool:
    """Tell whether a word of a name means a word that a person said."""
    if root(own) == root(word) or word in naming().short.get(own, ()):
        return True
    cut = len(own) >= _CUT_TO and len(word) > len(own) + 1 and word.startswith(own) and len(word) >= 6
    return cut or abbreviates(own, word) or abbreviates(own.removesuffix("d"), word)


def measured_in(words: Iterable[str]) -> frozenset[str]:
    """Return the words for what the unit of a name counts: weight for `wt_kg`, euro for `fee_eur`."""
    sign = ("", *words)[-1]
    currencies = {word for word, codes in naming().currencies.items() if sign in codes}
    return naming().said.get(naming().units.get(sign, ""), frozenset()) | currencies


def unit_in(words: Iterable[str]) -> str | None:
    """Return the unit that the last word of a name writes, if it is not the whole name."""
    named = tuple(words)
    return naming().units.get(named[-1]) if named else None
