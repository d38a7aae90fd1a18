"""Decides by the words of a message whether it changes the question before or asks a new one."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import ALONE, plain_words
from assistant.builtin.following.ordering import is_bare_superlative
from assistant.builtin.following.question import Question
from assistant.builtin.following.wording import wanted_part
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.data_questions import gather

_LONGEST_POINTER = 14  # words: beyond this "it" and "they" stand for something in the message itself
_LONGEST_REST = 9
_BEST_MONTH = 4


def points_back(text: str) -> bool:
    """Tell whether words such as "and", "instead" or "of them" tie a message to the one before."""
    plain = plain_words(text)
    if plain in ALONE or any(
        plain == lead or plain.startswith(f"{lead} ") for lead in phrases("follow_up_lead")
    ):
        return True
    if any(f" {word} " in f" {plain} " for word in phrases("ties_back")):
        return True
    words = plain.split()
    if wanted_part(text) != text or is_bare_superlative(plain) or _EACH.search(plain):
        return True
    if _THERE.search(plain):
        return True
    return (
        bool(set(words) & cue("pronoun") or words[-1:] in (["one"], ["ones"]))
        and len(words) <= _LONGEST_POINTER
    )


def speaks_of_them(text: str) -> bool:
    """Tell whether a message speaks of the groups just listed: "they", "their", "of these"."""
    plain = plain_words(text)
    return bool(set(plain.split()) & cue("them")) or bool(_THERE.search(plain))


_EACH = re.compile(
    r"\b(?:each|both|all|every one) of (?:them|these|those|the (?:two|three))\b|\b(?:for|in|by|"
    r"per) each(?: one)?$"
)
# "The average loan there", but not "how many are there".
_THERE = re.compile(r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!in )\bthere\b(?! (?:is|are|was|were|any|a)\b)")


def is_distributive(plain: str) -> bool:
    """Tell whether a number is wanted of each group spoken of: "the average in each of them"."""
    return bool(_EACH.search(plain))


def is_ellipsis(text: str, catalog: Catalog, last: Question) -> bool:
    """Tell whether a message leaves out what is measured: "median", "women", "which branch is worst?"."""
    plain = plain_words(text)
    n_words = len(plain.split())
    if n_words > _LONGEST_REST:
        return False
    parts = gather(annotate(text, catalog), catalog)
    groups = {g.column for g in last.by}
    if parts.sentence.has("relation") and not parts.bare and last.shape == "relation":
        return True
    said = bool(parts.measures or parts.counts or parts.quantiles and parts.bare)
    if said:
        return False
    if parts.superlative and not parts.bare:
        if parts.limit and not parts.groups and not parts.entity:
            return True
        if last.shape == "trend" and parts.sentence.has("grain") and n_words <= _BEST_MONTH:
            return True
        named = {link.column for item in parts.sentence.items for link in item.links}
        return bool(named & groups) or bool(re.match(r"^(which|who|what)\b", plain)) and not parts.entity
    lists = re.match(r"^(show|list|give|who|find|which|what|how|plot|draw|compare|is|are|does|do)\b", plain)
    asks = (
        parts.sentence.has("relation") or parts.sentence.has("outliers") or parts.sentence.has("distribution")
    )
    if lists and (parts.bare or parts.entity or n_words > 5 and not asks):
        return False
    if parts.bare:
        return not (parts.groups or parts.where) and n_words <= 5
    return not parts.entity or n_words <= 4
