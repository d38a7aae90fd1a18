"""Writes out which group "that city", "those plans" and "the same branch" mean, from the answer before."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation
from assistant.builtin.following.question import Question, question_of
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
# No short message ends in the verb.
_MAY = re.compile(r"(?<!\w)may(?=(?: instead| only| too| as well| please| again| now)?[?.! ]*$)")
_SHORT = 8  # words: a longer message says for itself what is meant
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


def as_cells(text: str, catalog: Catalog, question: Question) -> str:
    """Quote a cell content of a column asked about before, whose word means something else too.

    "And for sales?" after a question about another queue means the queue called Sales, no orders.
    """
    if len(text.split()) > _SHORT or any(sign in text for sign in '"“‘`'):
        return text
    text = _MAY.sub("May", text)
    sentence = annotate(text, catalog)
    if sentence.has("count") or sentence.has("statistic"):
        return text
    asked = {c.column for c in question.where if c.grain is None} | question.by_columns
    for item in sentence.items:
        cells = [link for link in item.values if link.column in asked]
        if len(item.senses) < 2 or not cells or str(cells[0].value).lower() != item.text.lower():
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(item.text)}(?!\w)", re.IGNORECASE)
        text = pattern.sub(f'"{cells[0].value}"', text, count=1)
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
