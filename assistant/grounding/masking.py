"""Blanks what holds digits and is no number: names such as "Top 20", code, and the numbering of lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from assistant.grounding.facts import REMEMBERED, SourcedFact
from assistant.grounding.written_numbers import numbers_in
from tools.core import Fact

_LIST_NUMBER = re.compile(r"^\s*(?:[-*]\s+)?\**(\d+)[.)]\s", re.MULTILINE)
_CODE = re.compile(r"`[^`]*`")
_IS_TIME = re.compile(r"\d{4}-\d{2}-\d{2}\b")
_PARTS_OF_SCOPE = re.compile(r"\s*(?:[=;]|,(?!\d)|\band\b)\s*")


def masked(answer: str, facts: Sequence[SourcedFact], labels: Iterable[str]) -> str:
    """Return an answer in which names with digits, code and list numbers are blank, letter for letter.

    Args:
        answer: Markdown.
        facts: All facts that may be quoted; what they are about may hold digits.
        labels: Further names that may.
    """
    names = {label for label in labels if _holds_number(label)}
    names.update(label for sourced in facts for label in _labels_of(sourced.fact))
    folded = answer.casefold()
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if name.casefold() in folded:
            answer = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _blank, answer, flags=re.IGNORECASE)
    return _LIST_NUMBER.sub(_blank, _CODE.sub(_blank, answer))


def without_bounds(
    answer: str, visible: str, names_in: Callable[[str], Sequence[tuple[str, int, int]]]
) -> str:
    """Blank digits of groups that a bound makes, and of stretches of time: "fewer than 6", "Q4 2024".

    Args:
        answer: Markdown.
        visible: The answer with everything blank that is known to be no number, letter for letter.
        names_in: Finds the names of groups in a text.
    """
    for line in re.finditer(r"[^\n]+", answer):
        for name, first, last in names_in(line[0]):
            start, end = line.start() + first, line.start() + last
            is_number = not _IS_TIME.match(name) and not re.search(r"[^\d.,\s]", visible[start:end])
            if re.search(r"\d", visible[start:end]) and not is_number:
                visible = visible[:start] + re.sub(r"[\w.,]", "_", visible[start:end]) + visible[end:]
    return visible


@lru_cache(maxsize=REMEMBERED)
def _labels_of(fact: Fact) -> tuple[str, ...]:
    candidates = [fact.scope, *_PARTS_OF_SCOPE.split(fact.scope)]
    if isinstance(fact.value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", fact.value):
        candidates.append(fact.value)
    return tuple(text for text in candidates if _holds_number(text) and re.search(r"[^\d\s.,%]", text))


@lru_cache(maxsize=REMEMBERED)
def _holds_number(text: str) -> bool:
    return bool(re.search(r"\d", text) or numbers_in(text))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group(0))
