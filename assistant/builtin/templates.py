"""Knows how a way to say something, written as people do, becomes a pattern over the words of a message.

In a way, [x] may be left out, (a|b) is one or the other, X and Y stand for any words, END for the end of the
message; names in capitals stand for lists of words. The text around what is found stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.builtin.tokens import tokenise

_SHORT = {
    "what's": "what is", "whats": "what is", "that's": "that is", "thats": "that is", "who's": "who is",
    "how's": "how is", "it's": "it is", "isn't": "is", "aren't": "are", "wasn't": "was",
    "which's": "which is", "there's": "there is",
}  # fmt: skip
_SIGNS = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "END": "$"}


@dataclass(frozen=True)
class Words:
    """The words of a message in lower case, short forms written out.

    Attributes:
        text: As written.
        said: The words, one space behind each.
        places: Where each word stands in the text.
    """

    text: str
    said: str
    places: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of `said`, whole words, stands in the text."""
        first, last = self.said[:start].count(" "), self.said[:end].count(" ") - 1
        return self.places[first][0], self.places[last][1]

    def written(self, found: re.Match[str], name: str) -> str:
        """Return what stands in a place such as X, as written; an empty text where it is not there."""
        if name not in found.re.groupindex or not found[name]:
            return ""
        start, end = self.span(found.start(name), found.end(name))
        return self.text[start:end]

    def replaced(self, pattern: re.Pattern[str], says: Callable[[str], str]) -> str:
        """Return the text with everything that a pattern finds, as it is written, in other words."""
        text, behind = self.text, len(self.text)
        for found in reversed(list(pattern.finditer(self.said))):
            start, end = self.span(found.start(), found.end())
            if end <= behind:
                text, behind = text[:start] + says(text[start:end]) + text[end:], start
        return text


def words_of(text: str) -> Words:
    """Return the words of a message."""
    words: list[str] = []
    places: list[tuple[int, int]] = []
    for token in tokenise(text):
        if token.kind == "symbol" and token.text not in ("%", "&", "+"):
            continue
        for word in _SHORT.get(token.norm, token.norm if token.kind != "quoted" else "“quoted”").split():
            words.append(word)
            places.append((token.start, token.end))
    return Words(text, "".join(f"{word} " for word in words), tuple(places))


def either(words: Sequence[str]) -> str:
    """Return a pattern for one of several words or phrases."""
    return "|".join(rf"{re.escape(word)} " for word in words)


def compiled(way: str, names: Mapping[str, Sequence[str]]) -> str:
    """Return a way to say something as a pattern; every word of it has one space behind it."""
    pieces: list[str] = []
    for piece in re.findall(r"[\[\]()|]|[^\s\[\]()|]+", way):
        if piece in ("X", "Y"):
            pieces.append(rf"(?P<{piece.lower()}>(?:\S+ )+?)")
        elif piece in names:
            pieces.append(f"(?:{either(names[piece])})")
        else:
            pieces.append(_SIGNS.get(piece, rf"{re.escape(piece)} "))
    return "".join(pieces)
