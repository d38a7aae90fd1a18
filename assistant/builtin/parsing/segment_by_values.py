"""Reads segments that are named by values of one column: "split them into men and women"."""

from __future__ import annotations

from assistant.builtin.annotate import Item, Sentence
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import condition
from assistant.builtin.parsing.segment_words import NOUNS, VERBS
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import RuleSegment, SegmentByRules

OTHERS = "Everyone else"
_BEFORE = ("into", "of", "for", "as", ":")  # "into men and women", "groups of Blue and Gold members"


def read_by_values(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "split the members into Blue, Silver and Gold" as one segment for each of these values.

    Everything behind the first value belongs to the list, or the values are a condition on whom to segment.
    """
    if not words & (VERBS | NOUNS | cue("making")) or sentence.has("statistic") or sentence.has("count"):
        return None
    first = next((at for at, item in enumerate(sentence.items) if item.values), None)
    if first is None or not _leads(sentence, sentence.items[first]):
        return None
    listed = [item for item in sentence.items[first:] if item.values]
    if len(listed) < 2 or not all(_only_joins(item) for item in sentence.items[first:] if not item.values):
        return None
    shared = set.intersection(*({link.column for link in item.values} for item in listed))
    columns = [name for name in catalog.columns if name in shared and catalog.columns[name].kind == "text"]
    if not columns:
        return None
    column = catalog.columns[columns[0]]
    values = list(dict.fromkeys(_value(item, column.name) for item in listed))
    if len(values) < 2:
        return None
    for item in sentence.items:
        item.used = True
    segments = [RuleSegment(name=value, where=[condition(column.name, "equal", value)]) for value in values]
    whole = column.n_distinct == len(values) and not column.n_missing
    note = f"One segment for each of these values of **{column.name}**" + (
        "." if whole else f"; all others are **{OTHERS}**."
    )
    made = SegmentByRules(segments=segments, otherwise="(missing)" if whole else OTHERS)
    return Reading((made,), (note,))


def _leads(sentence: Sentence, item: Item) -> bool:
    """Tell whether the list of values stands where the segments are named."""
    before = [token.norm for token in sentence.tokens[max(0, item.start - 3) : item.start]]
    return any(word in _BEFORE for word in before)


def _only_joins(item: Item) -> bool:
    beside = item.has("entity") or item.has("filler")
    return item.has("logic", "and", "or") or (beside and not set(item.senses) - {"filler", "entity"})


def _value(item: Item, column: str) -> str:
    return next(str(link.value) for link in item.values if link.column == column)
