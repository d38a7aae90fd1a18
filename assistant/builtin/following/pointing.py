"""Writes out which group "that city", "those plans" and "the same branch" mean, from the answer before."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation
from assistant.builtin.following.question import question_of
from assistant.builtin.linking import Catalog
from assistant.builtin.request.rows import Filtered
from assistant.builtin.tokens import key_of

_POINTED = re.compile(
    r"\b(?:that|this|those|these|the same|such(?: an?)?) (?P<noun>[a-z]+(?: [a-z]+)?)\b", re.IGNORECASE
)
# "That month" is the one asked about already, which a follow-up keeps.
_THAT_TIME = re.compile(
    r"\s*\b(?:in|during|over|for)? ?(?:that|this|the same) (?:day|week|month|quarter|year|period|time)\b"
    r"(?=\s*[?.!]*$)",
    re.IGNORECASE,
)
_NAMED = 5  # more groups than this are not written out


def written_out(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Return a message with the groups it points to by their names, where the answer before showed which.

    "That month" is left out: a follow-up keeps the time that was asked about.
    """
    newest = conversation.last_request()
    question = question_of(newest) if isinstance(newest, Filtered) else None
    if question is None:
        return text
    dated = any(c.column == catalog.table.time and c.grain is None for c in question.where)
    if dated:
        text = _THAT_TIME.sub("", text).strip()
    for found in _POINTED.finditer(text):
        for noun in (found["noun"], found["noun"].split()[0]):
            names = _meant(noun, catalog, conversation)
            if names:
                end = found.start("noun") + len(noun)
                return text[: found.start()] + " and ".join(names) + text[end:]
    return text


def _meant(noun: str, catalog: Catalog, conversation: Conversation) -> tuple[str, ...]:
    newest = conversation.last_question()
    question = question_of(newest) if newest else None
    columns = {link.column for link in catalog.link_column(key_of(noun))}
    if question is None or not columns:
        return ()
    listed = conversation.listed()
    if listed and len(listed) <= _NAMED and question.by and question.by[0].column in columns:
        return listed if _known(listed, catalog) else ()
    for one in reversed(question.where):
        if one.column in columns and one.is_ in ("equal", "in") and one.grain is None:
            values = tuple(str(v) for v in (*one.values, one.value) if v is not None)
            return values if len(values) <= _NAMED and _known(values, catalog) else ()
    return ()


def _known(names: tuple[str, ...], catalog: Catalog) -> bool:
    """Tell whether names lead back to cell contents, so that they are not taken for other words."""
    return all(any(item.values for item in annotate(name, catalog).items) for name in names)
