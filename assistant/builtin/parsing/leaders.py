"""Reads who leads within each group: "member with the highest spend in each tier"."""

from __future__ import annotations

from assistant.builtin.lexicon import phrases
from assistant.builtin.parsing.grouping import add_group, group_by_customer, group_of, is_plural
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item

_EACH = frozenset(phrases("each"))
_REACH = 4  # items at most from the superlative back to the noun that it ranks
_SEVERAL = 5


def take_leader_within(parts: Parts) -> None:
    """Rank the noun before "with the highest" within the groups that "in each" or "per" names."""
    if parts.superlative is None or len(parts.groups) != 1 or parts.having or parts.rank_within:
        return
    group = parts.groups[0]
    each = next((i for i in parts.sentence.items if i.used and i.has("by")), None)
    if each is None or group.grain or group.column == parts.customer_key:
        return
    items = parts.sentence.items
    rank = next((at for at, item in enumerate(items) if item.used and item.has("superlative")), None)
    if rank is None or not (each.text.lower() in _EACH or each.start > items[rank].start):
        return
    noun = _ranked_noun(parts, rank)
    if noun is None:
        return
    if noun.has("entity", "customer") or noun.has("logic", "which"):
        if parts.customer_key is None or not (each.text.lower() in _EACH or noun.has("entity")):
            return
        counted = parts.sentence.at(rank + 1)
        rows = counted is not None and counted.has("entity", "transaction", "row")
        parts.entity = "transaction" if rows else "customer"  # "caller with the most calls"
        group_by_customer(parts)
    else:
        column = next((k.column for k in noun.links if parts.is_group(k.column)), None)
        if column is None or column == group.column:
            return
        add_group(parts, group_of(parts, column))
    noun.used = True
    parts.rank_within, parts.within = True, 0
    parts.limit = parts.limit or parts.place or (_SEVERAL if is_plural(noun) else 1)


def _ranked_noun(parts: Parts, rank: int) -> Item | None:
    """Return the noun whose leader is asked for: before "with" or "who", or "who" itself at the beginning."""
    before = [parts.sentence.items[at] for at in range(rank - 1, max(-1, rank - 1 - _REACH), -1)]
    joint = next((at for at, near in enumerate(before) if near.has("logic", "with", "which")), None)
    if joint is None:
        return None
    noun = before[joint + 1] if joint + 1 < len(before) else None
    if noun is None and before[joint].start == 0 and before[joint].text.lower() == "who":
        return before[joint]
    if noun is None or noun.used or noun.values or noun.number is not None:
        return None
    person = noun.has("entity", "customer")
    named = bool(noun.links) and not parts.is_measurable_only(noun.links[0].column)
    for near in before[: joint + 1]:
        near.used = near.used or ((person or named) and near.has("logic", "with", "which"))
    return noun if person or named else None
