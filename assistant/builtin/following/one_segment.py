"""Knows which segment "it", "that one" and "the other one" are after a figure about one segment."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.builtin.conversation import Conversation
from assistant.builtin.following.question import Question, question_of
from assistant.builtin.linking import Catalog
from assistant.builtin.request.rows import Filtered
from assistant.builtin.templates import compiled, words_of
from tools.selecting import Condition

_NAMES = {"ONE": ("one", "segment", "group", "cluster", "tier", "band", "half", "part")}
_OTHER = re.compile(r"(?<!\S)" + compiled("[the] (other|remaining) [ONE]", _NAMES))
_OF_IT = re.compile(
    r"(?<!\S)"
    + compiled("(in|of|from|for|within|among|inside) (it|there|them|those|that ONE|this ONE)", _NAMES)
)


def segment_asked_about(question: Question) -> str | None:
    """Return the one segment that a question is about, in its conditions or in those of a share."""
    inner = [c for m in question.measures for c in m.where]
    named = {str(c.value) for c in (*question.where, *inner) if c.column == "segment" and c.is_ == "equal"}
    return named.pop() if len(named) == 1 else None


def about(question: Question, name: str) -> Question:
    """Return the question about another segment; its groups by segment give way to that one."""
    one = Condition.model_validate({"column": "segment", "is": "equal", "value": name})

    def changed(where: list[Condition]) -> list[Condition]:
        return [one if c.column == "segment" else c for c in where]

    inner = any(c.column == "segment" for m in question.measures for c in m.where)
    by = tuple(group for group in question.by if group.column != "segment")
    kept = tuple(c for c in question.where if c.column != "segment")
    measures = tuple(m.model_copy(update={"where": changed(m.where)}) for m in question.measures)
    return replace(
        question, where=kept if inner else (*kept, one), measures=measures, by=by, limit=None, order="auto"
    )


def named_segment(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Write the name of the segment for "it" and "the other one" after a figure about one segment."""
    newest = conversation.last_request()
    question = question_of(newest) if isinstance(newest, Filtered) else None
    name = segment_asked_about(question) if question else None
    if name is None or name not in catalog.segments:
        return text
    others = [one for one in catalog.segments if one != name]
    words = words_of(text)
    if len(others) == 1 and _OTHER.search(words.said):
        return words.replaced(_OTHER, lambda _: f"“{others[0]}”")
    return words.replaced(_OF_IT, lambda said: f"{said.split()[0]} “{name}”")
