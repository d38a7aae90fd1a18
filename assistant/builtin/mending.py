"""Knows which word a misspelt or shortened one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

from assistant.builtin.lexicon import lexicon
from assistant.builtin.naming import consonants
from assistant.builtin.tokens import root


def is_slip(word: str, meant: str) -> bool:
    """Tell whether a word is a slip of the pen (letters swapped, doubled or left out), not another word."""
    if abs(len(word) - len(meant)) > 2:
        return False
    if sorted(word) == sorted(meant):
        return True
    if root(word) == root(meant) and word.endswith(("ed", "ing", "er")):
        return False  # another form of the word, not a slip
    distance = OSA.distance(word, meant)
    if meant in lexicon().filler:
        return distance == 1 and len(word) != len(meant) and len(word) >= 5 and word[0] == meant[0]
    return len(word) != len(meant) and (distance == 1 or len(meant) >= 8) or distance == 1 and len(meant) >= 7


def general_vocabulary() -> frozenset[str]:
    """Return the general words that a misspelt word may be mended into."""
    return lexicon().correctable


def nearest_word(word: str, vocabulary: Iterable[str], frequency: Mapping[str, int]) -> str | None:
    """Return the word of a vocabulary that is spelt most alike, or None if none is near."""
    allowed = 1 if len(word) <= 5 else 2
    scored = [
        (each, int(OSA.distance(word, each, score_cutoff=allowed)))
        for each in vocabulary
        if abs(len(each) - len(word)) <= 2
    ]
    near = [
        (found, distance)
        for found, distance in scored
        if distance <= allowed
        and (found[0] == word[0] or (distance == 1 and len(word) >= 6) or sorted(found) == sorted(word))
        and (distance == 1 or len(found) >= 7 or sorted(found) == sorted(word))
    ]
    near.sort(
        key=lambda pair: (
            pair[1],
            -frequency.get(pair[0], 0),
            pair[0][0] != word[0],
            pair[0][-1] != word[-1],
            pair[0],
        )
    )
    return near[0][0] if near else None


def shorn(word: str, vocabulary: Iterable[str]) -> str | None:
    """Return the one word that is written without some of its vowels: amnt, nmbr, btwn, brnch."""
    if len(word) < 3:
        return None
    sound = consonants(word)
    found = {
        each
        for each in vocabulary
        if len(each) > len(word) and each[0] == word[0] and consonants(each) == sound and _holds(each, word)
    }
    return found.pop() if len(found) == 1 and len(sound) > 1 else None


def _holds(whole: str, letters: str) -> bool:
    rest = iter(whole)
    return all(letter in rest for letter in letters)


_CLEARLY = 10  # times as frequent as the next word that an abbreviation could stand for


def expanded(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the word that is cut short ("hyd" for Hyderabad) or written without vowels ("blr", "mgr").

    Args:
        word: Lower-case word of at least three letters.
        vocabulary: Words it may stand for, with the rows that hold them.

    Returns:
        The word meant, or None if none begins so or several are about as likely.
    """
    begins = {each: n for each, n in vocabulary.items() if _begins(word, each)}
    found = begins or {each: n for each, n in vocabulary.items() if _skeleton(word, each)}
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or len(ranked) > 1 and ranked[0][1] < _CLEARLY * ranked[1][1]:
        return None
    return ranked[0][0]


def _begins(word: str, meant: str) -> bool:
    return meant.startswith(word) and len(meant) >= len(word) + 2


def _skeleton(word: str, meant: str) -> bool:
    """Tell whether a word without vowels holds first and further letters of another one in their order."""
    if set(word) & set("aeiou") or word[0] != meant[0] or len(meant) < len(word) + 3:
        return False
    return _holds(meant, word)
