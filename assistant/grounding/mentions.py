"""Says which facts a sentence speaks of, whose difference or sum a number may be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.attribution import Subjects
from assistant.grounding.facts import SourcedFact, subjects
from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.statistics import statistics_hinted, statistics_of
from assistant.grounding.sums import adds_up
from assistant.grounding.written_numbers import WrittenNumber

_ANY_OTHER = re.compile(r"\b(?:any|every|all|each|of the) others?\b|\bthe others\b|\bnext\b", re.IGNORECASE)
_QUOTED = 12  # the last facts of an answer that one may still speak of
_MOST = 60


def mentioned_by(
    sentence: Sentence,
    place: Place,
    facts: Sequence[SourcedFact],
    subjects_known: Subjects,
    quoted: Sequence[SourcedFact],
) -> list[SourcedFact]:
    """Return the facts that a sentence speaks of by name, and those that the answer has quoted last.

    Args:
        sentence: The sentence.
        place: Of the number that is to follow from them.
        facts: All facts that may be quoted.
        subjects_known: Names that they are about.
        quoted: Facts that the answer has spoken of by their values so far.
    """
    named = _named(sentence, sentence.told[place], facts, subjects_known)
    mentioned = [*named, *quoted[-_QUOTED:]]
    return [*mentioned, *_like(mentioned, sentence.numbers[place], facts)]


def _named(
    sentence: Sentence, also: frozenset[str], facts: Sequence[SourcedFact], subjects_known: Subjects
) -> list[SourcedFact]:
    """Return the facts about whom a sentence names, and the like of them for everybody."""
    named = sentence.distinct | also
    if not named:
        told = statistics_hinted(sentence.text)
        found = [sourced for sourced in facts if statistics_of(sourced.fact) & told][:40]
        sizes = (each for each in facts if each.fact.scope and not each.needs)
        return [*found, *(each for each in sizes if adds_up(each.fact.name))]
    named |= subjects_known.opposites_of(named)
    found = [sourced for sourced in facts if subjects(sourced.fact.scope) & named]
    names = {sourced.fact.name for sourced in found}
    if _ANY_OTHER.search(sentence.text):  # "more than any other"
        found = [each for each in facts if each.fact.name in names and not each.needs]
    whole = (each for each in facts if each.fact.scope in ("", "everybody"))
    return [*found, *(each for each in whole if each.fact.name in names)]


def _like(
    mentioned: Sequence[SourcedFact], number: WrittenNumber, facts: Sequence[SourcedFact]
) -> list[SourcedFact]:
    """Return all facts like the mentioned ones, for a difference so exact that chance finds no pair."""
    if number.kind != "difference" or number.high - number.low > 1e-4 * number.value:
        return []
    names = {sourced.fact.name for sourced in mentioned}
    return [sourced for sourced in facts if sourced.fact.name in names][:_MOST]
