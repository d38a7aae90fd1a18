"""Knows which words a reading may leave over: those without which the same thing would have been asked."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, lexicon, phrases
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.request import Request
from assistant.builtin.request.rows import Aggregate, Correlation, GroupDifference
from assistant.builtin.sentence import Item

# Kinds of words that frame a question; whatever they frame is itself accounted for.
_FRAME = {
    "by", "count", "compare", "distribution", "how_much", "chart_kind", "times", "purpose", "filler",
}  # fmt: skip
_JOINTS = ("and", "with", "which", "to", "from")
_PREPOSITIONS = phrases("place_preposition")


def matters(item: Item, parts: Parts, request: Request) -> bool:
    """Tell whether a word that no part of the request stands for could change what is asked.

    Args:
        item: An item that the reading has not used.
        parts: What the sentence was taken apart into.
        request: The reading.
    """
    if item.column and item.column == parts.customer_key:
        return False
    if not item.senses and _only_modifies(item, parts):
        return False
    if _leads_to_most(item, parts) or _own_period(item, parts):
        return False
    if item.links and (_noun_of_value(item, parts) or _repeats(item, parts)):
        return False
    if not item.senses:
        return len(item.text) > 1 or item.text.isalnum() and not item.text.isalpha()
    if item.has("role") and set(item.text.lower().split()) <= lexicon().filler:
        return False
    if item.has("role") and not item.links and _beside_number(item, parts):
        return False
    if item.has("share", "ratio"):
        return True
    kinds = set(item.senses) - _FRAME
    if "times" in item.senses:
        kinds -= {"arithmetic"}  # "every time"
    if not kinds:
        return False
    if "others" in kinds:
        return not (isinstance(request, GroupDifference) or parts.groups)
    if "splitting" in kinds:
        return not parts.groups
    if "group_noun" in kinds and not item.links:
        return not (parts.groups or parts.where)
    if "time_preposition" in kinds:
        return not _before_time(item, parts)
    if "logic" in kinds:
        return not item.has("logic", *_JOINTS) and not _only_asks(item, parts)
    if "comparator" in kinds and item.text.lower() in _PREPOSITIONS:
        return False  # "spread over the months": a comparison needs a number, which would be left over too
    if "comparative" in kinds:
        return not _sets_side_by_side(request, parts)
    if "condition_verb" in kinds:
        return item.has("condition_verb", "inactive", "repeat", "single")
    if "entity" in kinds and not item.links and not item.values:
        named = any(c.column == "segment" for c in parts.where) or any(
            g.column == "segment" for g in parts.groups
        )
        return item.has("entity", "segment") and bool(parts.catalog.segments) and not named
    return bool(kinds - {"by"})


def _own_period(item: Item, parts: Parts) -> bool:
    """Tell whether "a year" only repeats what a column counts by: "over 400 a year" of annual_premium."""
    before = parts.sentence.at(parts.sentence.items.index(item) - 1)
    grain = item.senses.get("grain")
    said = parts.sentence.tokens[item.start - 1].norm if item.start else ""
    counted = before is not None and before.number is not None
    if grain is None or before is None or not before.used or not (counted or said in ("a", "per", "each")):
        return False
    own = {"year": {"annual", "yearly", "year"}, "month": {"monthly", "month", "mthly"},
           "week": {"weekly", "week"}, "day": {"daily", "day"}}.get(grain, set())  # fmt: skip
    names = (
        [c.column for c in parts.where] if counted else [before.column, *(m.column for m in parts.measures)]
    )
    return any(own & set(parts.catalog.words_of.get(name or "", ())) for name in names)


def _leads_to_most(item: Item, parts: Parts) -> bool:
    """Tell whether a verb only leads to what is ranked by: "which branch pays the highest bonus"."""
    at = parts.sentence.items.index(item)
    rank, target = parts.sentence.at(at + 1), parts.sentence.at(at + 2)
    while target is not None and target.used and target.has("statistic") and not target.links:
        at += 1
        target = parts.sentence.at(at + 2)
    ranked = rank is not None and rank.used and (rank.has("superlative") or rank.has("comparator"))
    measured = target is not None and target.used and any(parts.is_number(k.column) for k in target.links)
    return ranked and measured and item.text.lower() in cue("earning_verb")


def _sets_side_by_side(request: Request, parts: Parts) -> bool:
    """Tell whether two sides or more are shown, so that "more", "less often" and the like can be seen."""
    if isinstance(request, GroupDifference | Correlation):
        return True
    if not isinstance(request, Aggregate) or request.limit:
        return False
    named = bool(parts.compared) or any(
        group.grain == "weekend" or parts.catalog.is_flag(group.column) for group in request.by
    )
    return bool(request.by) and named or len(request.measures) > 1 and bool(request.measures[0].where)


def _only_modifies(item: Item, parts: Parts) -> bool:
    """Tell whether an unknown word only says more of the category behind it: "source country"."""
    after = parts.sentence.at(parts.sentence.items.index(item) + 1)
    grouped = {group.column for group in parts.groups}
    if after is None or not after.used or not item.text.isalpha() or after.start != item.end:
        return False
    if any(link.column in grouped and parts.column(link.column).kind == "text" for link in after.links):
        parts.note(f'I read "{item.text} {after.text}" as **{after.links[0].column}**.')
        return True
    return False


def _noun_of_value(item: Item, parts: Parts) -> bool:
    """Tell whether a category only stands behind one of its values or another's: "annual plans"."""
    before = parts.sentence.at(parts.sentence.items.index(item) - 1)
    category = parts.column(item.links[0].column).kind == "text" and parts.is_group(item.links[0].column)
    valued = before is not None and before.used and bool(before.values) and before.end == item.start
    return category and valued and not parts.catalog.is_flag(item.links[0].column)


def _beside_number(item: Item, parts: Parts) -> bool:
    """Tell whether a business word only stands beside the number column that it means: "points balance"."""
    at = parts.sentence.items.index(item)
    near = (parts.sentence.at(at - 1), parts.sentence.at(at + 1))
    return any(n and n.used and n.links and parts.is_number(n.links[0].column) for n in near)


def _repeats(item: Item, parts: Parts) -> bool:
    """Tell whether a synonym only repeats a column that the reading has: "channels by subscribers won"."""
    held = {c.column for c in parts.where} | {g.column for g in parts.groups}
    return item.links[0].how == "concept" and item.links[0].column in held


def _before_time(item: Item, parts: Parts) -> bool:
    """Tell whether "during" and the like stand before a time that the reading has."""
    following = parts.sentence.at(parts.sentence.items.index(item) + 1)
    return item.text.lower() in ("during", "throughout") or (following is not None and following.used)


def _only_asks(item: Item, parts: Parts) -> bool:
    """Tell whether a negation belongs to the asking: "isn't ...?", "why don't we", "whether or not"."""
    asking = item.start == 0 or parts.sentence.tokens[item.start - 1].norm in phrases("asks_why")
    return asking or parts.sentence.says("or not", "right or", "isn't it", "doesn't it", "don't they")
