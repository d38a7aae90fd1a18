"""Reads questions about the assistant itself: what it draws and reads, how it computes, why to believe it."""

from __future__ import annotations

from assistant.builtin.lexicon import about_words
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request.outcome import Reply
from assistant.builtin.sentence import Sentence


def read_about(sentence: Sentence, catalog: Catalog) -> Reply | None:
    """Read a question about the assistant; None if it is about the data.

    Each topic is a list of groups of words, one of each of which must be said; what else is said must not
    name anything in the data.
    """
    text = f" {' '.join(token.norm for token in sentence.tokens if token.kind != 'symbol')} "
    for topic, groups in about_words().items():
        if not all(any(f" {word} " in text for word in group) for group in groups):
            continue
        told = {word for group in groups for phrase in group for word in phrase.split()}
        others = [
            item
            for item in sentence.items
            if item.has("count", "how_many")
            or (item.values or (item.links and item.links[0].score > 0.8) or item.has("statistic"))
            and not set(item.text.lower().split()) & told
        ]
        if not others and not any(item.has("segment") for item in sentence.items):
            return Reply("answered", f"about_{topic}", {"table": catalog.table}, starters(catalog)[:2])
    return None
