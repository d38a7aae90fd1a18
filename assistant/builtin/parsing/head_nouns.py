"""Knows nouns that frame a question and change nothing in it: "the chain", "alcohol content".

They are passed over only where they stand: behind a name of the data that they only call by its kind, or as
the owner of everything. Behind anything else they are what is asked about.
"""

from __future__ import annotations

from assistant.builtin.lexicon import frame_nouns
from assistant.builtin.parsing.grouping import add_group
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy

_OWNING = frozenset({"have", "has", "own", "hold", "count", "got", "serve", "keep", "run", "operate", "look"})
_ASKING = frozenset({"do", "does", "did"})
_THE = frozenset({"the", "our", "this", "your", "whole", "entire"})
_WITHIN = frozenset({"in", "of", "with", "at", "by", "for", "across", "on", "within", "to", "from"})


def take_head_nouns(parts: Parts) -> None:
    """Mark the nouns that only say what kind of thing a name is, and those for the business as a whole."""
    for index, item in enumerate(parts.sentence.items):
        if item.used or item.values or item.number:
            continue
        _take_values_of(parts, index)
        if _is_kind_of_content(parts, index):
            item.senses = {}  # no "drive" that drives something
            item.used = True
        elif _is_whole(parts, item) or _is_kind_of_number(parts, index):
            item.used = True


def _take_values_of(parts: Parts, index: int) -> None:
    """Read "possible values of the outcome" and "what values can it take" as the groups of a category."""
    item, after = parts.sentence.items[index], parts.sentence.at(index + 1)
    word = parts.sentence.tokens[item.start].norm
    if word != "values" or item.end - item.start != 1 or after is None or not after.links or after.values:
        return
    between = {token.norm for token in parts.sentence.tokens[item.end : after.start]}
    name = after.links[0].column
    if (
        between & {"of", "for", "in", "can", "does"}
        and parts.column(name).kind == "text"
        and parts.is_group(name)
    ):
        item.used = after.used = True
        add_group(parts, GroupBy(column=name))


def _is_whole(parts: Parts, item: Item) -> bool:
    """Tell whether a noun is whoever has all these rows: "how many members does the chain have"."""
    tokens = parts.sentence.tokens
    before = [token.norm for token in tokens[max(0, item.start - 3) : item.start]]
    if item.links or not before or before[-1] not in _THE or item.has("entity", "customer"):
        return False
    behind = tokens[item.end].norm if item.end < len(tokens) else "?"
    word = tokens[item.end - 1].norm
    if not item.senses and behind in _OWNING and set(before) & _ASKING:
        return word not in frame_nouns("other_party")
    listed = tokens[item.end - 1].lemma in frame_nouns("whole_business")
    return listed and bool(set(before) & _WITHIN) and set(item.senses) <= {"purpose", "table", "entity"}


def _is_kind_of_number(parts: Parts, index: int) -> bool:
    """Tell whether a noun only says that a number is one: "alcohol content", "AAPL quote"."""
    before, item = parts.sentence.at(index - 1), parts.sentence.items[index]
    named = before is not None and before.end == item.start and before.links
    if not named or before is None or item.links or not item.has("head_noun", "number"):
        return False
    return before.links[0].how in ("name", "taught", "concept") and parts.is_measurable(
        before.links[0].column
    )


def _is_kind_of_content(parts: Parts, index: int) -> bool:
    """Tell whether a noun only says what a content is: "the fiber product", "the cardiology unit"."""
    before, item = parts.sentence.at(index - 1), parts.sentence.items[index]
    if before is None or before.end != item.start or item.end - item.start != 1:
        return False
    flag = (
        bool(before.links) and parts.catalog.is_flag(before.links[0].column) and before.links[0].how == "name"
    )
    kind = parts.sentence.tokens[item.start].lemma in frame_nouns("content_head")
    if (
        not kind
        or not (before.values and not before.links or flag)
        or before.has("entity")
        and not before.values
    ):
        return False
    own = [link for link in item.links if link.how != "part"]
    return not own and set(item.senses) <= _LOOSE


_LOOSE = frozenset({"column", "purpose", "group_noun", "head_noun", "entity", "filler", "relation", "role"})
