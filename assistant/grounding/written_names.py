"""Finds names of segments, categories and columns in an answer that nothing it was told holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.grounding.facts import Marked

_CODE = re.compile(r"`([^`\n]{1,80})`")
_QUOTED = re.compile(r"[“\"]([^”\"\n]{2,60})[”\"]|(?<!\w)[‘']([A-Z][^’'\n]{1,40})[’'](?!\w)")
_BOLD = re.compile(r"\*\*([^*\n]{2,60})\*\*(?=[^\n]{0,60}\d)")
_CALLED = re.compile(
    r"\b(?P<before>(?:[A-Z][\w&'-]*)(?:\s+(?:[A-Z][\w&'-]*|of|the|and|to|&))*)\s+(?:segment|group|tier|cluster)\b"
    r"|\b(?:segment|group|tier|cluster|column|category)\s+(?:called\s+|named\s+)?(?P<behind>[A-Z][\w&-]*(?:\s+[A-Z][\w&-]*)*)"
)
# Words that name nothing by themselves, so that "Key findings" is not taken for a segment.
_NO_NAMES = frozenset(Path(__file__).with_name("common_words.txt").read_text("utf-8").split())
_SQL = re.compile(r"\b(?:SELECT|WHERE|FROM|CASE|WHEN|AND|OR|NULL)\b|[<>=]")


def unknown_names(answer: str, known: str) -> list[Marked]:
    """Return text, start and end of names in an answer that the known text does not hold.

    Looked at are words in backticks and in quotation marks, bold names with a number behind them, and
    capitalised words beside "segment", "group", "tier", "cluster", "column" or "category".

    Args:
        answer: Markdown.
        known: Everything that may be named: question, columns, values, segments, and what tools said.
    """
    held = _plain(known)
    marked: list[Marked] = []
    for name, start, end in _named(answer):
        while (first := name.split(" ", 1))[0].lower() in _NO_NAMES and len(first) > 1:
            start, name = start + len(name) - len(first[1]), first[1]
        if not _is_held(name, held) and not any(start < other[2] and other[1] < end for other in marked):
            marked.append((answer[start:end], start, end))
    return sorted(marked, key=lambda item: item[1])


def _named(answer: str) -> Iterator[tuple[str, int, int]]:
    for match in _CODE.finditer(answer):
        if not _SQL.search(match.group(1)):
            yield match.group(1), match.start(1), match.end(1)
    for match in _QUOTED.finditer(answer):
        group = 1 if match.group(1) else 2
        yield match.group(group), match.start(group), match.end(group)
    for match in _BOLD.finditer(answer):
        words = match.group(1).split()
        if len(words) > 1 and all(word[:1].isupper() for word in words if word.lower() not in _NO_NAMES):
            yield match.group(1), match.start(1), match.end(1)
    for match in _CALLED.finditer(answer):
        group_name = "before" if match["before"] else "behind"
        yield match[group_name], match.start(group_name), match.end(group_name)


def _is_held(name: str, held: str) -> bool:
    text = _plain(name).strip(" .:,;!?")
    words = [word for word in re.findall(r"[^\W_][\w&'-]*", text) if word not in _NO_NAMES]
    if not words or not re.search(r"[^\W\d_]{2}", " ".join(words)) or text in held:
        return True
    return all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", held) for word in words) and len(words) == 1


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", "")).casefold()
