"""Knows how strong a relation or an effect is that a sentence calls strong or weak."""

from __future__ import annotations

import re

from assistant.grounding.written_numbers import WrittenNumber, numbers_in
from tools.core import Fact

_STRONG = re.compile(
    r"\b(?:strong\w*|large|substantial\w*|close(?:ly)?|tight\w*|pronounced|powerful)\b", re.I
)
_WEAK = re.compile(
    r"\b(?:weak\w*|small|negligible|hardly|barely|faint\w*|slight\w*|no (?:real )?relation\w*)\b", re.I
)
_DENIED = re.compile(
    r"\b(?:not|no|neither|nor|hardly|barely|far from|n['’]t|less|strongest|weakest|closest)\b", re.I
)
_RELATION = re.compile(r"pearson|spearman|kendall|cramers")
_EFFECT = re.compile(r"hedges|cohen")
# Below the first a relation is not strong, above the second not weak, by any convention in use.
_BOUNDS = ((_RELATION, 0.25, 0.6), (_EFFECT, 0.35, 0.7))


def contradicts_strength(fact: Fact, number: WrittenNumber, text: str) -> bool:
    """Return whether a sentence calls a relation strong that is none, or weak that is strong.

    Args:
        fact: What the number may stand for.
        number: The number.
        text: The sentence.
    """
    if isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
        return False
    clause = re.split(r"[;,]|\b(?:but|while|whereas|although)\b", text[: number.start])[-1]
    clause += re.split(r"[;,.(]|\b(?:but|while|whereas|although)\b", text[number.end :])[0]
    if not (_STRONG.search(clause) or _WEAK.search(clause)) and ";" not in text:
        clause = text if sum(not each.percent for each in numbers_in(text)) == 1 else clause
    strong, weak = bool(_STRONG.search(clause)), bool(_WEAK.search(clause))
    for names, weakest, strongest in _BOUNDS:
        if names.search(fact.name) and strong != weak:
            size = abs(float(fact.value))
            return size < weakest and not _DENIED.search(clause) if strong else size > strongest
    return False
