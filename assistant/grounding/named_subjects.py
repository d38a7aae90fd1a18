"""Finds unknown names in sentences with a number: capitalised words in it, and whoever opens it and acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.grounding.facts import Marked
from assistant.grounding.kinds import PEOPLE, ROWS
from assistant.grounding.measures import measures_in
from assistant.grounding.verbs import ALSO_NOUNS, FINITE
from assistant.grounding.written_numbers import WORDS

_FOLDER = Path(__file__).parent
# Words that open a sentence, or are written with a capital letter, and name nobody.
_POINTING, _MEASURED = (
    frozenset(part.split())
    for part in _FOLDER.joinpath("plain_subjects.txt").read_text("utf-8").split("\n\n")
)
_PLAIN = _POINTING | _MEASURED
_COMMON = frozenset(
    word
    for name in ("common_words.txt", "opening_words.txt")
    for word in _FOLDER.joinpath(name).read_text("utf-8").split()
)
_PROPER = frozenset(_FOLDER.joinpath("proper_words.txt").read_text("utf-8").split())
_SENTENCE = re.compile(r"[^.!?;\n|]+(?:[.,:](?=\w)[^.!?;\n|]+)*")
_WITHIN = re.compile(
    r"(?<=[a-z,’'] )(?<![.:!?] )(?P<name>[A-Z][a-z][\w’'&-]*(?:\s[A-Z][a-z][\w’'&-]*){0,2})"
    r"(?![\w’'-]*[:*”\"])"
)
_IN_FRONT = re.compile(
    r"\W*(?:In|At|For|From|With|On|Among|Across|To|By)\s(?P<name>[A-Z][a-z][\w’'&-]*(?:\s[A-Z][a-z][\w’'&-]*){0,2})"
)
_ACTS = re.compile(
    rf"\W*(?P<name>[A-Z][a-z’'-]{{2,}}(?:\s(?!(?:{FINITE})\b)[A-Za-z][a-z’'-]+){{0,2}}?)\s"
    rf"(?:(?:also|now|only|still)\s)?(?:(?:{FINITE})\b|(?:{ALSO_NOUNS})\s"
    r"(?:(?:in|at|with|by|for|just|only|about|to|on)\s)?(?:[a-z]+\s){0,2}\W?\d)"
)
_IS_NO_NAME = re.compile(r"(?:ly|ing|['’]s|s['’])$|^\w+[eo]rs$")
_RELATES = re.compile(r"\bcorrelat\w+|\bgoes? with\b|\br\s?=|\bties? (?:to|with)\b", re.IGNORECASE)
_Held = Callable[[str], bool]


def named_beside_numbers(answer: str, is_held: _Held) -> Iterator[Marked]:
    """Yield unknown names in the sentences of an answer that have a number.

    Args:
        answer: Markdown.
        is_held: Tells whether a name is known.
    """
    for sentence in _SENTENCE.finditer(answer):
        text, start = sentence[0], sentence.start()
        if not re.search(r"\d", text) or answer[start : start + 1] in "#|":
            continue
        opening = _ACTS.match(text)
        is_column = bool(_RELATES.search(text))
        if opening and _is_unknown_subject(opening["name"], is_held, is_column):
            yield opening["name"], start + opening.start("name"), start + opening.end("name")
        front = _IN_FRONT.match(text)
        for match in [*([front] if front else []), *_WITHIN.finditer(text)]:
            if not _is_plain(match["name"], is_held):
                yield match["name"], start + match.start("name"), start + match.end("name")


def _is_unknown_subject(name: str, is_held: _Held, is_column: bool) -> bool:
    """Return whether nobody knows who acts: neither the facts nor plain English, "Demand fell".

    What correlates has to be a column, so plain words for measures, "Discount", do not do.
    """
    words = name.split()
    first = words[0].lower()
    if any(is_held(word) for word in words) or first in _COMMON | _POINTING or "’" in first or "'" in first:
        return False
    if is_column and len(words) == 1:
        return first not in PEOPLE | ROWS and not first.endswith("ly")
    return not (_IS_NO_NAME.search(words[0]) or _is_generic(first) or _is_generic(words[-1].lower()))


def _is_plain(name: str, is_held: _Held) -> bool:
    return is_held(name) or all(_is_generic(word.lower()) or is_held(word) for word in name.split())


def _is_generic(word: str) -> bool:
    bare = word.removesuffix("'s").removesuffix("’s")
    single = bare.removesuffix("s")
    kinds = {bare, single, f"{bare[:-3]}y" if bare.endswith("ies") else bare}
    return bool(kinds & (_PLAIN | _PROPER | PEOPLE | ROWS) or bare in WORDS or measures_in(bare))
