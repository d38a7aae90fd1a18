"""Knows which names of the data read like more than a name, and what a model elsewhere is told instead."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from tools.core import Fact, Workspace, all_tools

LONGEST = 48  # characters of a name; what is longer is a sentence
MOST_WORDS = 6
LONGEST_WORD = 30
MOST_SIGNS = 8  # letters of scripts that write without spaces

# Marks of a language for machines, links and paths; an ordinary name has none of them.
_MARKS = re.compile(
    r"[<>{}\[\]|`\\\n\r\t;\"]|://|www\.|--|\.\./|\w@\w|^\s*[=+@]|^/|\b\w+:\s|[A-Za-z]:\\|data:|javascript:",
    re.I,
)
_AMOUNT = re.compile(r"(?<!\d)\d{5,}(?!\d)|\d,\d{3}")
_MIXED = re.compile(r"[^\W\d_]\d+[^\W\d_]|^\d[^\W\d_]")
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\U000e0000-\U000e007f]")
_ORDERS = re.compile(
    r"\b(?:ignor\w*|disregard\w*|forget|override|pretend|obey|instruction\w*|instruccion\w*|istruzion\w*|"
    r"anweisung\w*|instrução|instruções|consignes?|system|assistant|prompt|jailbreak|reveal|print|output|say|tell|call|"
    r"execute|exfiltrat\w*|export|delete|drop|select|insert|update|union|send|upload|curl|wget)\b"
    r"|игнорир\w*|забудь\w*|忽略|無視|무시|تجاهل|अनदेखा",
    re.IGNORECASE,
)  # fmt: skip


def is_plain(name: str) -> bool:
    """Return whether a name is short, without marks of markup, links or code, and orders nothing."""
    words = re.findall(r"[^\W_]+", name)
    if len(name) > LONGEST or len(words) > MOST_WORDS or len(_SPACELESS.findall(name)) > MOST_SIGNS:
        return False
    spoken = " ".join(words)
    if _MARKS.search(name) or _UNSEEN.search(name):
        return False
    if len(words) > 1 and _ORDERS.search(spoken):
        return False
    # Sentences about an amount, encoded text, and words with digits for letters: no name is written so.
    if len(words) > 4 and _AMOUNT.search(name) or any(len(word) > LONGEST_WORD for word in words):
        return False
    if sum(bool(_MIXED.search(word)) for word in words) > 1:
        return False
    return len(words) < 3 or not any(tool in spoken.lower() for tool in _tool_words())


@cache
def _tool_words() -> tuple[str, ...]:
    return tuple(name.replace("_", " ") for name in all_tools())


class Disguise:
    """Puts a neutral word in the place of every name that is no plain name, and takes it back.

    Args:
        workspace: Whose tables, columns, values and segments are known by name.
        facts: Facts whose scopes and words may hold more values.
    """

    def __init__(self, workspace: Workspace, facts: Iterable[Fact] = ()) -> None:
        names = {*_names_of(workspace), *(text for fact in facts for text in _names_in(fact))}
        self._cover = {name: _cover(name) for name in sorted(names) if not is_plain(name)}
        self._real = {cover: name for name, cover in self._cover.items()}
        self._hidden = _pattern(self._cover)
        self._shown = _pattern(self._real)
        self._by_key = {_key(name): cover for name, cover in self._cover.items()}

    def on(self, value: Any) -> Any:
        """Return plain JSON in which no name is left that is more than a name."""
        return _each(value, self._covered) if self._hidden else value

    def off(self, value: Any) -> Any:
        """Return plain JSON, such as the arguments of a call, with the real names."""
        if self._shown is None:
            return value
        pattern = self._shown
        return _each(value, lambda text: pattern.sub(lambda match: self._real[match.group(0)], text))

    def _covered(self, text: str) -> str:
        pattern = self._hidden
        return pattern.sub(lambda match: self._by_key[_key(match.group(0))], text) if pattern else text


def _names_of(workspace: Workspace) -> Iterator[str]:
    for table in workspace.tables.values():
        yield from (table.name, table.source)
        for column in table.columns:
            yield column.name
            yield from (value for value, _ in column.values)
    for segmentation in (*workspace.segmentations.values(), *workspace.history):
        yield segmentation.name
        yield from (segment.name for segment in segmentation.segments)


def _names_in(fact: Fact) -> Iterator[str]:
    for part in fact.scope.split("; "):
        _, equals, value = part.partition(" = ")
        if equals:
            yield value
    if isinstance(fact.value, str):
        yield fact.value


def _cover(name: str) -> str:
    return f"name_{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold() or text


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds the names however a sentence writes them: case, underscores, escapes."""
    written = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        words = re.findall(r"[^\W_]+", name)
        edges = re.match(r"[\W_]*", name), re.search(r"[\W_]*$", name)
        head, tail = (f"(?:{re.escape(edge.group(0))})?" if edge and edge.group(0) else "" for edge in edges)
        written.append(head + r"[\W_]{1,12}".join(map(re.escape, words)) + tail if words else re.escape(name))
    return re.compile("|".join(written), re.IGNORECASE) if written else None


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(item, change) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_each(item, change) for item in value]
    return value
