"""Knows the verbs that tell how things are: "Hill trails", "counts stood at", "they correlate"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_FILE = Path(__file__).with_name("statement_verbs.txt")
_ALSO_NOUN = "~"  # opens the line of a verb whose present is a noun as well: "visits", "a count"


def past_of(lemma: str) -> str:
    """Return the regular past of a verb: "missed", "dropped", "carried"."""
    if lemma.endswith("e"):
        return f"{lemma}d"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return f"{lemma[:-1]}ied"
    short = re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", lemma)
    return f"{lemma}{lemma[-1] if short else ''}ed"


def third_of(lemma: str) -> str:
    """Return the form of a verb behind "it": "misses", "carries", "visits"."""
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return f"{lemma[:-1]}ies"
    return f"{lemma}{'es' if lemma.endswith(('s', 'x', 'ch', 'sh', 'o')) else 's'}"


def _past(lemma: str, irregular: list[str]) -> Iterator[str]:
    yield from irregular or [past_of(lemma)]


def _present(lemma: str) -> Iterator[str]:
    if lemma != "be":
        yield from (lemma, *([] if lemma in ("have", "do") else [third_of(lemma)]))


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(set(words), key=lambda word: (-len(word), word)))


_LINES = [line.split() for line in _FILE.read_text("utf-8").splitlines() if line.strip()]
_VERBS = [words for words in _LINES if words[0] != _ALSO_NOUN]
_NOUNS = [words[1:] for words in _LINES if words[0] == _ALSO_NOUN]
# Forms that are verbs wherever they stand, and those that may be nouns: "visits", "counts".
FINITE = _alternatives(
    [form for lemma, *irregular in _VERBS for form in (*_present(lemma), *_past(lemma, irregular))]
    + [form for lemma, *irregular in _NOUNS for form in _past(lemma, irregular)]
)
ALSO_NOUNS = _alternatives(form for lemma, *_ in _NOUNS for form in _present(lemma))
