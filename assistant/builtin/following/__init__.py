"""How a message changes an earlier question: the closed set of changes, how they are read and applied.

`evidence` decides whether a message is a change at all, `changes` reads which ones, `applying` makes them on
the one form of `question`. What a new kind of change needs is said at `changes.Changes`.
"""

from __future__ import annotations

from assistant.builtin.conversation import ALONE, plain_words
from assistant.builtin.following.applying import applied
from assistant.builtin.following.changes import read_changes
from assistant.builtin.following.evidence import speaks_of_them
from assistant.builtin.following.question import of_those, question_of, request_of
from assistant.builtin.linking import Catalog
from assistant.builtin.request import Filtered, Reading


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
    if listed and speaks_of_them(text):
        question = of_those(question, listed)
    changes = read_changes(text, catalog, question)
    if changes is None or changes.nothing and plain_words(text) not in ALONE:
        return None
    changed = request_of(applied(question, changes, catalog), catalog.table.time)
    if changed is None or (changed == last and not nearest):
        return None
    return Reading((changed,), changes.notes)
