"""Decides what is done with a reading that was checked: it is given, or one short question is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.builtin.annotate import annotate
from assistant.builtin.backward.claims import Claims
from assistant.builtin.backward.coherence import incoherent
from assistant.builtin.backward.demands import unmet_demands
from assistant.builtin.backward.disagreement import Disagreement, Evidence
from assistant.builtin.backward.names import unclaimed_names
from assistant.builtin.backward.restraints import unmet_restraints
from assistant.builtin.backward.spelling import clickable, spelt
from assistant.builtin.backward.structure import broken_structure
from assistant.builtin.backward.unsaid import unlicensed
from assistant.builtin.conversation import Conversation
from assistant.builtin.following.evidence import stands_alone
from assistant.builtin.following.unanswered import narrows
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.asking_back import without_words
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Read, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Filtered

CHECKS: tuple[Callable[[Evidence], Iterator[Disagreement]], ...] = (
    unclaimed_names, unmet_demands, unmet_restraints, broken_structure, unlicensed, incoherent,
)  # fmt: skip
# Replies that say that a piece of a message was not understood.
_MAY_BE_LEFT_OUT = ("column", "value", "stranger", "number", "chart", "only")
_NOT_UNDERSTOOD = ("stray", "absent", "did_you_mean", "disagrees")


# "Median tenure of those who left" says whom it means.
_WHOSE = re.compile(
    r"\b(?:those|ones|people|customers) (?:who|that|with|without|whose|aged)\b|\bthat (?=\w+ed\b)"
)


def verified(
    outcome: Outcome, text: str, catalog: Catalog, conversation: Conversation, read: Read
) -> Outcome:
    """Return a reading if it answers what was asked, else the question that settles it.

    Args:
        outcome: How the words were read.
        text: The words.
        catalog: The data.
        conversation: The turns before, from which parts of a request may have been kept.
        read: Reads a sentence for itself, to offer only what will be understood.
    """
    if not isinstance(outcome, Reading):
        return outcome
    loose = _without_anchor(outcome, text, catalog, conversation, read)
    if loose is not None:
        return loose
    found = disagreements(outcome, text, catalog, conversation)
    if not found:
        return outcome
    return _question(outcome, found, text, catalog, read)


def disagreements(
    reading: Reading, text: str, catalog: Catalog, conversation: Conversation
) -> list[Disagreement]:
    """Return what a reading and its words disagree about, each once."""
    sentence = annotate(reading.reworded or text, catalog)
    looked_at = (*(f"{claim:g}" for claim in reading.claims), reading.claimed_first)
    if not sentence.tokens or reading.claims or reading.majority:
        return []  # the answer itself says whether the figures of the question hold
    earlier: Sequence[Request] = [request for turn in conversation.turns for request in turn.requests]
    evidence = Evidence(sentence, Claims(reading.requests, catalog, looked_at), earlier)
    return list(dict.fromkeys(found for check in CHECKS for found in check(evidence)))


def _question(
    reading: Reading, found: Sequence[Disagreement], text: str, catalog: Catalog, read: Read
) -> Reply:
    """Ask whether the reading as it stands is meant, or the question without the words left over."""
    request = reading.requests[0]
    left = [one.words for one in found if one.side == "said"]
    loose = all(one.kind in _MAY_BE_LEFT_OUT for one in found)
    choices = [clickable(request, catalog, read)] if len(reading.requests) == 1 else []
    shorter = without_words(text, left, catalog, read) if loose else None
    offered = tuple(dict.fromkeys(choice for choice in (*choices, shorter) if choice))
    values = {
        "left": left,
        "spelt": spelt(request, catalog),
        "impossible": any(one.side == "incoherent" for one in found),
    }
    return Reply("clarify", "disagrees", values, offered or starters(catalog)[:2])


def _without_anchor(
    reading: Reading, text: str, catalog: Catalog, conversation: Conversation, read: Read
) -> Reply | None:
    """Ask what a piece such as "now web" belongs to, where the question before it was not answered."""
    last = conversation.last
    if last is None or last.status == "answered" or not isinstance(reading.requests[0], Filtered):
        return None
    measures = getattr(reading.requests[0], "measures", ())
    conditions = [*reading.requests[0].where, *(c for m in measures for c in m.where)]
    if not catalog.segments and any(c.column == "segment" for c in conditions):
        return Reply("clarify", "no_segments", {}, ("Segment my customers",))
    before = annotate(last.text, catalog)
    kinds = ("entity", "period", "number", "share", "grain")
    named = any(i.links or i.values or any(i.has(kind) for kind in kinds) for i in before.items)
    if not named and not narrows(last.text):
        return None  # it asked for nothing either
    if stands_alone(text, catalog):
        return None
    alone = read(text, catalog)
    groups = reading.requests[0].by if isinstance(reading.requests[0], Aggregate) else []
    if any(group.column == "segment" for group in groups):
        return None if catalog.segments else Reply("clarify", "no_segments", {}, ("Segment my customers",))
    said = _WHOSE.sub(" ", text.lower()).strip(" ?.!").split()
    points = bool(set(said) & (cue("them") | {"that"}))
    whole = (
        not points
        and isinstance(alone, Reading)
        and alone.requests == reading.requests
        and not _only_counts(text, reading, catalog)
    )
    if whole:
        return None
    return Reply(
        "clarify",
        "unanchored",
        {"text": text.strip(" ?.!"), "before": last.text.strip()},
        last.choices or starters(catalog)[:2],
    )


def _only_counts(text: str, reading: Reading, catalog: Catalog) -> bool:
    """Tell whether rows are counted because nothing was said to be measured."""
    request = reading.requests[0]
    sentence = annotate(text, catalog)
    said = sentence.has("count") or sentence.has("entity") or sentence.has("statistic")
    counts = isinstance(request, Aggregate) and all(m.statistic.startswith("count") for m in request.measures)
    return counts and not said


def is_unread(outcome: Outcome) -> bool:
    """Tell whether a reply says that a piece of a message was not understood."""
    return isinstance(outcome, Reply) and outcome.template in _NOT_UNDERSTOOD


def settled(outcomes: list[Outcome], pieces: Sequence[str]) -> list[Outcome]:
    """Ask about a message of which one part can be answered and another was not understood.

    The parts of one message mostly hang together: an answer to half of it answers another question.

    Args:
        outcomes: How the pieces of a message were read, in order.
        pieces: The pieces.
    """
    unknown = [o for o in outcomes if isinstance(o, Reply) and is_unread(o)]
    known = [piece.strip() for o, piece in zip(outcomes, pieces, strict=False) if isinstance(o, Reading)]
    if not unknown:
        return outcomes
    if not known:
        return [unknown[0]]
    values = {"part": unknown[0], "known": known}
    return [Reply("clarify", "part_only", values, (known[0], *unknown[0].choices[:2]))]
