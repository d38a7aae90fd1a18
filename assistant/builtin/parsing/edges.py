"""Reads where a part of the rows begins or ends: "where do the dearest 5% begin", "to be in the top 1%".

What is asked is the value at the edge of the part: a quantile, or what the last of the first so many has.
"""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.grouping import group_by_customer
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item

_BOUNDS = ("at_least", "at_most", "above", "below")


def take_edge(parts: Parts) -> None:
    """Take a top or bottom part whose edge is asked for as the quantile that parts it from the rest."""
    part = _part(parts)
    if part is None:
        _take_level(parts)
        return
    number, rank, highest = part
    asking = _asked_edge(parts, number)
    if asking is None or number.number is None:
        return
    size = number.number.value
    for item in (number, rank, *asking):
        item.used = True
    if number.number.unit == "%":
        parts.edges = [1 - size / 100 if highest else size / 100]
    else:
        parts.place, parts.superlative = int(size), "desc" if highest else "asc"
        parts.entity = "customer"
        group_by_customer(parts)
    _take_asking(parts, number)


def _take_level(parts: Parts) -> None:
    """Read "90% of stays last no more than how many nights" as the quantile below which they lie."""
    items = parts.sentence.items
    share = next((at for at, i in enumerate(items) if i.number is not None and i.number.unit == "%"), None)
    if share is None or parts.sentence.tokens[items[share].end : items[share].end + 1] == []:
        return
    of = parts.sentence.tokens[items[share].end].norm == "of"
    for index, item in enumerate(items[share + 1 :], share + 1):
        after, kind = parts.sentence.at(index + 1), item.senses.get("comparator")
        asked = after is not None and (
            after.has("logic", "which") or after.has("how_much") or after.has("count")
        )
        if not of or kind not in _BOUNDS or not asked:
            continue
        number = items[share]
        level = number.number.value / 100 if number.number else 0.5
        parts.edges = [level if kind in ("below", "at_most") else 1 - level]
        number.used = item.used = True
        _take_asking(parts, number)
        for near in items:
            near.used = near.used or near.text.lower() in ("last", "lasts", "all", "lie", "run")
        return


def asks_for_edge(parts: Parts) -> bool:
    """Tell whether a sentence asks where a part begins or ends."""
    part = _part(parts)
    if part is None:
        _take_level(parts)
        return bool(parts.edges)
    return _asked_edge(parts, part[0]) is not None


def _part(parts: Parts) -> tuple[Item, Item, bool] | None:
    """Return the number of a part, the word for its end, and whether it is the high end."""
    for index, item in enumerate(parts.sentence.items):
        if item.number is None or item.used or item.number.unit not in ("%", None) or item.number.value <= 0:
            continue
        near = [parts.sentence.at(index - 1), parts.sentence.at(index + 1)]
        at = index + 1
        while (after := parts.sentence.at(at)) and (after.has("entity") or after.has("logic", "with")):
            at += 1
        near.append(after)
        for rank in near:
            high = _direction(parts, rank)
            if rank is not None and high is not None:
                return item, rank, high
    return None


def _direction(parts: Parts, rank: Item | None) -> bool | None:
    """Return whether a word means the high end; those who joined last have been customers for least."""
    if rank is None or rank.used:
        return None
    said = rank.senses.get("superlative") or rank.senses.get("superlative_age")
    if said is not None:
        return bool(said == "desc")
    if rank.has("superlative_time") and parts.lasting:
        return bool(rank.has("superlative_time", "asc"))
    return None


def _asked_edge(parts: Parts, number: Item) -> list[Item] | None:
    """Return the words that ask for the edge; None where something else is asked of the part."""
    sentence = parts.sentence
    if any(i.has("share") and i is not number for i in sentence.items):
        return None
    found = [i for i in sentence.items if i.text.lower() in cue("edge_verb") and not i.links]
    said = [t.norm for t in sentence.tokens if t.norm in cue("edge_verb")]
    asks = bool({"how", "what", "which", "where"} & sentence.words())
    if said and (asks or sentence.tokens[-1].norm in ("?", "at")):
        return found
    if sentence.says(*phrases("edge_need")) and sentence.says(*phrases("edge_reach")):
        words = {w for phrase in (*phrases("edge_need"), *phrases("edge_reach")) for w in phrase.split()}
        return [i for i in sentence.items if set(i.text.lower().split()) <= words]
    last = sentence.items[-1].has("comparator", *_BOUNDS)  # "the cheapest tenth costs at most"
    if not (asks or last):
        return None
    bounds = []
    for index, item in enumerate(sentence.items):
        after = sentence.at(index + 1)
        bound = item.has("comparator", *_BOUNDS) or item.has("comparator_after")
        before = sentence.at(index - 1)
        if not bound or after is number or (before is number and item.has("comparator_after")):
            continue
        if not (item.has("comparator") and after is not None and (after.number or after.links)):
            bounds.append(item)
    return bounds or None


def _take_asking(parts: Parts, number: Item) -> None:
    """Use the words that ask ("how much", "how many minutes", "how old") and the people whose part it is."""
    items = parts.sentence.items
    named = [i for i in items if i.links and not i.has("grain")]
    columns = {i.column for i in named if parts.is_measurable(i.links[0].column)}
    for index, item in enumerate(items):
        before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        counted = index > 0 and items[index - 1].has("count", "how_many") and bool(columns)
        unit = counted and (item.has("grain") or item.has("entity"))
        degree = before == "how" and not item.links and not item.has("entity")
        of_part = index > 0 and items[index - 1] is number and before == "of" and bool(columns)
        noun = of_part and not item.values and not any(map(parts.is_measurable, _columns(item)))
        asks = item.has("how_much") or item.has("count", "how_many") or item.has("logic", "which")
        people = item.has("entity", "customer") and not item.values and not item.links
        after = parts.sentence.at(index + 1)
        ranks = after is not None and item.has("by") and any(map(parts.is_measurable, _columns(after)))
        item.used = item.used or ranks or asks or people or unit or degree or noun


def _columns(item: Item) -> list[str]:
    return [link.column for link in item.links]
