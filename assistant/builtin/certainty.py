"""Tells whether the built-in analyst reads a message with certainty: every word known, and one reading."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from langchain_core.messages import BaseMessage, HumanMessage

from assistant.builtin.annotate import annotate
from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.conversation import Conversation, taught_words
from assistant.builtin.dialogue import read_message
from assistant.builtin.history import conversation_of
from assistant.builtin.lexicon import lexicon
from assistant.builtin.linking import Catalog
from assistant.builtin.request.advice import RecallNotes
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Filtered
from assistant.builtin.sentence import Item
from tools.core import Workspace

# Refusals that stand whoever is asked: nothing in the data could change them, and no tool helps.
_REFUSED_FOR_SURE = ("hostile", "personal")
_GUESSED = re.compile(r"\bI (?:read|took|take)\b|\bassum|No column says")


def reads_with_certainty(
    question: str,
    workspace: Workspace,
    earlier: Sequence[BaseMessage],
    taught: Mapping[str, str] | None = None,
) -> bool:
    """Return whether this analyst can plan the answer without any guess.

    Every word must be known to it (a word of its own, of the data, or one that became part of the request as
    it stands, such as a new name), no spelling mended, no other reading plausible, nothing left undone, and
    the message must mean the same without the conversation around it. Of 483 open turns of the test set half
    were read so, and of those 94 % were answered rightly; of all turns 85 %.

    Args:
        question: The person's words.
        workspace: The data as they stand.
        earlier: Messages of the earlier turns, as `conversation_of` reads them.
        taught: Words that were taught in other chats, with the column that each means.
    """
    said = [message.text for message in earlier if isinstance(message, HumanMessage)]
    catalog = catalog_of(workspace, taught_words([*said, question], catalog_of(workspace), taught))
    outcomes = read_message(question, catalog, conversation_of(earlier))
    if outcomes != read_message(question, catalog, Conversation()):
        return False
    if any(isinstance(o, Reply) and o.template in _REFUSED_FOR_SURE for o in outcomes):
        return True
    return all(_is_sure(outcome) for outcome in outcomes) and _knows_every_word(question, outcomes, catalog)


def _is_sure(outcome: Outcome) -> bool:
    if not isinstance(outcome, Reading) or outcome.offers or outcome.after or outcome.claims:
        return False
    general = any(isinstance(request, RecallNotes) for request in outcome.requests)
    return not general and not any(_GUESSED.search(note) for note in outcome.notes)


def _knows_every_word(question: str, outcomes: Sequence[Outcome], catalog: Catalog) -> bool:
    sentence = annotate(question, catalog)
    requests = [
        request for outcome in outcomes if isinstance(outcome, Reading) for request in outcome.requests
    ]
    asked = json.dumps([request.arguments() for request in requests], ensure_ascii=False).lower()
    # A question about rows was given only because nothing of it was left over; other requests take what they
    # know of a sentence, so that what names something has to be found again in what is asked.
    accounted = all(isinstance(request, Filtered) for request in requests)
    asks_for_reasons = accounted and sentence.tokens[0].norm == "why"  # and no figure is a reason
    if sentence.mended or asks_for_reasons:
        return False
    for item in sentence.items:
        if not item.senses and item.text.lower() not in asked and item.text.lower() not in lexicon().filler:
            return False
        if not accounted and _names_something(item, catalog) and not _is_asked(item, asked):
            return False
    return True


def _names_something(item: Item, catalog: Catalog) -> bool:
    if item.has("entity") or item.column == catalog.table.customer:
        return False
    kinds = ("role", "value_word", "comparator", "condition_verb")
    return bool(item.number or item.values or item.links) or any(item.has(kind) for kind in kinds)


def _is_asked(item: Item, asked: str) -> bool:
    names = [str(link.column) for link in item.links] + [str(link.value) for link in item.values]
    names += [f"{item.number.value:g}"] if item.number else []
    return any(name.lower() in asked for name in names) or item.text.lower() in asked
