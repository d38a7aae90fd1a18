"""Checks that what is said of every segment or column is not known of fewer: "all four are stable"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.facts import SourcedFact
from assistant.grounding.sentences import Sentence
from assistant.grounding.written_numbers import WORDS

# A word of a fact's name -> how a sentence says it.
_SAID = {
    "stable": r"stable|stabil\w+|comes? back|came back|reproduc\w+|dependable|reliable|robust|holds? up",
    "missing": r"missing|gaps?|incomplete|empty|blanks?|holes",
}
_NAME = re.compile(
    rf"^n_(?:(?P<before>{'|'.join(_SAID)})_(?P<of>[a-z]+)|(?P<all>[a-z]+)_with_(?P<with>{'|'.join(_SAID)}))$"
)
_ALIKE = {"segments": r"segments?|groups?|clusters?|tiers?", "columns": r"columns?|fields?|variables?"}
_EVERY = (
    r"(?:each|every(?: one| single one)?|all|both|everything|the|any)(?: of)?(?: (?:the|our|your|these|its))?"
)
_SOME = re.compile(
    r"\b(?:not (?:all|every|each)|only|none|no|but|except|other than|how many|whether|which of|if|would|some|"
    r"most|"
    r"(?<!every )one of|fewer|un\w+able|n[o'’]t)\b|n['’]t\b|\?",
    re.IGNORECASE,
)


def wrongly_of_every(sentence: Sentence, facts: Sequence[SourcedFact]) -> Iterator[tuple[int, int]]:
    """Yield start and end of words that give every one of a kind what fewer have.

    Args:
        sentence: The sentence.
        facts: All facts that may be quoted; `n_stable_segments` says of how many of `n_segments` it is true.
    """
    text = sentence.text
    if _SOME.search(text):
        return
    values = {each.fact.name: each.fact.value for each in facts if not each.fact.scope}
    for name, n_having in values.items():
        match = _NAME.match(name)
        kind = (match["of"] or match["all"]) if match else ""
        total = values.get(f"n_{kind}")
        if match is None or not _is_less(n_having, total):
            continue
        said = _SAID[match["before"] or match["with"]]
        having = next((each for each, n in WORDS.items() if n == n_having), "")
        if re.search(rf"\b(?:{having or n_having}|{n_having})\b", text, re.IGNORECASE):
            continue
        word = next((each for each, n in WORDS.items() if n == total), "")
        count = rf"(?:{word or total}|{total})"
        nouns = _ALIKE.get(kind, kind)
        every = re.compile(
            rf"\b(?:{_EVERY}\s+(?:{count}\s+)?|{count}\s+)(?:(?:{said})\s+)?(?:{nouns})\b", re.IGNORECASE
        )
        for found in every.finditer(text):
            bare = re.match(r"(?:the|any)\b", found[0], re.I) and not re.search(count, found[0], re.I)
            is_part = re.search(r"\bof\s+$", text[: found.start()])
            if not bare and not is_part and re.search(rf"\b(?:{said})\b", text, re.IGNORECASE):
                yield found.span()


def _is_less(part: object, total: object) -> bool:
    return isinstance(part, int | float) and isinstance(total, int | float) and part < total
