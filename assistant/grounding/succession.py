"""Finds numbers that stand in another order than the names they belong to: "A 4, B 3" where 3 is A's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.grounding.facts import SourcedFact, subjects_of
from assistant.grounding.sentences import Place, Sentence

_COMPARED = re.compile(
    r"\b(?:compared (?:with|to)|unlike|against|relative to|versus|vs\.?|in contrast to|next to|beside|"
    r"than|from)"
    r"\s+(?:the\s+|those\s+(?:with|in|on|of)\s+)?\W*$",
    re.IGNORECASE,
)


def out_of_order(sentence: Sentence, held: Sequence[Sequence[SourcedFact]]) -> set[Place]:
    """Return the places of numbers of one kind that do not stand in the order of their names.

    Whatever the construction, "A has 3 and B 4", "3 in A and 4 in B", "A is below B: 3 against 4", the first
    name has the first number. Names that a sentence speaks of more than once, or only compares with, bind
    nothing.

    Args:
        sentence: The sentence.
        held: For each number the facts that it may stand for.
    """
    where: dict[str, list[int]] = defaultdict(list)
    for name, start, _ in sentence.names:
        where[name].append(start)
    wrong: set[Place] = set()
    for found in _of_one_kind(sentence, held):
        shared = frozenset.intersection(*(about for abouts in found.values() for about in abouts))
        owners = {place: _owner(abouts, shared) for place, abouts in found.items()}
        bound = [
            (place, owner)
            for place, owner in owners.items()
            if owner and len(where[owner]) == 1 and not _is_compared(sentence, where[owner][0])
        ]
        names = [owner for _, owner in bound]
        if len(set(names)) == len(names) and len(names) > 1:
            in_order = sorted(names, key=lambda name: where[name][0])
            wrong |= {place for (place, own), right in zip(bound, in_order, strict=True) if own != right}
    return wrong


def _of_one_kind(
    sentence: Sentence, held: Sequence[Sequence[SourcedFact]]
) -> Iterator[dict[Place, set[frozenset[str]]]]:
    """Yield the places of numbers that may stand for the same of several groups, and which of the names."""
    kinds: dict[tuple[str, str], dict[Place, set[frozenset[str]]]] = defaultdict(lambda: defaultdict(set))
    for place, found in enumerate(held):
        for each in found if sentence.numbers[place].kind == "amount" else ():
            about = subjects_of(each.fact) & sentence.distinct
            if about:
                kinds[each.fact.name, each.fact.unit or ""][place].add(about)
    yield from (places for places in kinds.values() if len(places) > 1)


def _owner(abouts: set[frozenset[str]], shared: frozenset[str]) -> str:
    """Return the only name that tells a number from the others of its kind, or ""."""
    own = next(iter(abouts)) - shared if len(abouts) == 1 else frozenset()
    return next(iter(own)) if len(own) == 1 else ""


def _is_compared(sentence: Sentence, start: int) -> bool:
    """Return whether a name that opens a comparison may stand before the number of another one."""
    before = sentence.text[:start]
    return bool(_COMPARED.search(before)) and not any(
        number.end <= start for number in sentence.numbers if number.kind == "amount"
    )
