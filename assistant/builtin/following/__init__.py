"""How a message changes an earlier question: the closed set of changes, how they are read and applied.

`evidence` decides whether a message is a change at all; `acts` reads changes off whole phrases, `pieces` off
the parts of a sentence, `completing` by putting the measure asked before into it; `applying` makes them on
the one form of `question`. `unanswered` mends a message that was not understood. What a new kind of change
needs is said at `changes.Changes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.builtin.conversation import ALONE, plain_words
from assistant.builtin.following.acts import read_act
from assistant.builtin.following.applying import FEW_LINES, applied
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.completing import completed_changes
from assistant.builtin.following.evidence import speaks_of_them
from assistant.builtin.following.frames import plainly
from assistant.builtin.following.meant import Scene
from assistant.builtin.following.pieces import read_changes
from assistant.builtin.following.question import Question, of_them, of_those, question_of, request_of
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Filtered

Shown = tuple[tuple[str, float], ...]


def follow(
    text: str, catalog: Catalog, last: Filtered, listed: tuple[str, ...] = (), nearest: bool = True
) -> Reading | None:
    """Apply what a follow-up says to a request; None if it says nothing that can be applied.

    Args:
        text: The message.
        catalog: The data set.
        last: The request to change.
        listed: Groups that its answer showed, if they were the first of many: "they" are these.
        nearest: Whether it is the request just answered, so that asking for the same again means something.
    """
    question = question_of(last)
    if question is None:
        return None
    if speaks_of_them(text):
        key = catalog.table.customer
        each = is_of_each(text, question, listed, catalog)
        question = of_those(question, listed, each) if listed else of_them(question, key)
    changes = read_changes(text, catalog, question)
    question = _within(changes, question) if changes else question
    if changes is not None and changes.grain and listed and question.limit and not changes.groups:
        question, changes = _those_over_time(question, changes, listed)
    idle = changes is None or changes.nothing and plain_words(text) not in ALONE
    changed = (
        None
        if idle or changes is None
        else request_of(applied(question, changes, catalog), catalog.table.time)
    )
    if changed is None or changed == last:
        fuller = completed_changes(text, catalog, question)
        again = request_of(applied(question, fuller, catalog), catalog.table.time) if fuller else None
        if again is not None and again != last and fuller is not None:
            return Reading((again,), fuller.notes)
    if changed is None or changes is None or (changed == last and not nearest):
        return None
    same = changed == last and not changes.again and plain_words(text) not in ALONE and changes.chart is None
    return Reading((changed,), (*changes.notes, _AS_BEFORE) if same else changes.notes)


_MOST_EACH = 10  # more groups than this are told in one number


def is_of_each(text: str, question: Question, listed: tuple[str, ...], catalog: Catalog) -> bool:
    """Tell whether "their average stay" asks about each group shown: kinds of things, no customers."""
    if not 1 < len(listed) <= _MOST_EACH or len(question.by) != 1 or question.by[0].grain is not None:
        return False
    column = catalog.columns.get(question.by[0].column)
    kinds = column is not None and column.role not in ("customer_key", "row_key", "index")
    words = plain_words(text)
    pooled = any(f" {word} " in f" {words} " for word in phrases("pooled"))
    return kinds and not pooled


def _within(changes: Changes, question: Question) -> Question:
    """Leave a ranking where a message asks for a number of the rows that it was made of.

    "And how many donors are there in that state?" after the biggest appeal in New York.
    """
    asks = changes.measures and not (changes.limit or changes.ranked or changes.groups or changes.also)
    same = changes.filters and all(c in question.where for c in changes.filters)
    if question.limit != 1 or not asks or not same:
        return question
    return replace(question, by=(), limit=None, order="auto", having=())


def _those_over_time(
    question: Question, changes: Changes, listed: tuple[str, ...]
) -> tuple[Question, Changes]:
    """Follow the groups that a ranking showed over time, a line each where there are few."""
    pinned = of_those(question, listed)
    if len(question.by) == 1 and 1 < len(listed) <= FEW_LINES:
        return replace(pinned, by=question.by), replace(changes, also=True)
    return pinned, changes


_AS_BEFORE = "That leaves the answer as it was."


def act(
    text: str,
    catalog: Catalog,
    last: Filtered,
    listed: tuple[str, ...] = (),
    shown: Shown = (),
    earlier: Sequence[Filtered] = (),
) -> Outcome | None:
    """Apply a phrase that is a change by itself: "raise it to 20"; None if it is none.

    Args:
        text: The message.
        catalog: The data set.
        last: The request to change.
        listed: Groups that its answer showed, if they were the first of many.
        shown: All groups that its answer showed, each with its first value.
        earlier: All requests about data, oldest first.
    """
    question = question_of(last)
    if question is None:
        return None
    before = tuple(found for one in earlier if (found := question_of(one)) is not None)
    said = read_act(Scene(text, question, catalog, shown, listed, before))
    if said is None or isinstance(said, Reply):
        return said
    if (said.listing or said.of_them) and listed:
        question = of_those(question, listed)
    elif said.of_them:
        question = of_them(question, catalog.table.customer)
    changed = request_of(applied(question, said, catalog), catalog.table.time)
    if changed is None or (changed == last and not said.again):
        return None
    return Reading((changed,), said.notes)


# "London and Wales" are no two changes.
_PARTED = re.compile(
    r"\s*(?:[,;]|\bbut\b|\bthen\b|\band(?= (?:only|without|sort|show|by|as|then|also|top|drop|in)\b))\s*"
    r"(?:(?:and|but|then|also) )?",
    re.IGNORECASE,
)
_MOST_PARTS = 3


def follow_each(text: str, catalog: Catalog, last: Filtered, shown: Shown = ()) -> Reading | None:
    """Apply several changes one after the other: "all countries, longest first"; None unless each is one."""
    pieces = [piece for piece in _PARTED.split(text.strip(" ?.!")) if piece]
    if not 1 < len(pieces) <= _MOST_PARTS:
        return None
    request: Filtered = last
    notes: tuple[str, ...] = ()
    for piece in pieces:
        asked = question_of(request)
        piece = plainly(piece, catalog, asked) if asked else piece
        read = act(piece, catalog, request, (), shown if request is last else ()) or follow(
            piece, catalog, request, nearest=False
        )
        changed = read.requests[0] if isinstance(read, Reading) and len(read.requests) == 1 else None
        if not isinstance(read, Reading) or not isinstance(changed, Filtered):
            return None
        request, notes = changed, (*notes, *read.notes)
    return Reading((request,), notes) if request != last else None


__all__ = ["Changes", "act", "follow", "follow_each"]
