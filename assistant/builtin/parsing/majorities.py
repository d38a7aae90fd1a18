"""Reads claims about how many of something are so: "are most orders late?", "more than half pay by card"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy

_MOST = frozenset({"most", "majority"})
_PARTS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0}


def take_majority(parts: Parts) -> None:
    """Find a part that is claimed of what is counted, and ask for that part: "most X are Y" is above 50%."""
    sentence = parts.sentence
    if sentence.has("logic", "which") or sentence.has("count") or sentence.has("share", "share"):
        return
    tokens = [token.norm for token in sentence.tokens]
    at = _begins_at(tokens)
    found = _claim_at(parts, at)
    if found is None:
        return
    claim, end, used = found
    noun = next((item for item in sentence.items if item.start >= end), None)
    asked = bool(at) and tokens[at - 1] in cue("claiming_verb")  # "are most orders late"
    verb = asked or any(token in cue("claiming_verb") for token in tokens[end + 1 :])
    if noun is None or not verb or not _is_counted(parts, noun):
        return
    for item in used:
        item.used = True
    for item in sentence.items:
        tag = item.start >= len(tokens) - 2 and item.has("logic", "not") and tokens[-1] in ("it", "they")
        item.used = item.used or item.end <= at or tag or item.text.lower() in phrases("agreeing")
    parts.majority, parts.share, parts.counts = claim, True, True


def take_groups_with_part(parts: Parts) -> None:
    """Read "restaurants where more than 20% of orders are late" as groups kept by their share."""
    sentence = parts.sentence
    tokens = [token.norm for token in sentence.tokens]
    for index, item in enumerate(sentence.items[1:], start=1):
        where, noun = sentence.items[index - 1], sentence.at(index - 2)
        if not item.has("comparator") or not where.has("logic", "which", "with") or noun is None:
            continue
        found = _claim_at(parts, item.start)
        grouped = noun.links and parts.is_group(noun.links[0].column) and not noun.values
        counted = next((i for i in sentence.items if found and i.start >= found[1]), None)
        if found is None or not grouped or counted is None or not _is_counted(parts, counted):
            continue
        if not any(token in cue("claiming_verb") for token in tokens[found[1] :]):
            continue
        name = parts.pick(noun, "group")
        if name is None:
            return
        (kind, percent), _, used = found
        for each in (where, noun, *used):
            each.used = True
        for each in sentence.items[: index - 2]:
            each.used = each.used or each.has("logic", "which")
        parts.groups.append(GroupBy(column=name))
        parts.having.append(condition("value", kind, percent))
        parts.share, parts.counts = True, True
        return


def _begins_at(tokens: list[str]) -> int:
    """Return where the claim begins behind "is it true that" and "do"."""
    text = " ".join(tokens)
    for lead in phrases("claim_opening"):
        if text.startswith(f"{lead} "):
            return len(lead.split())
    return int(bool(tokens) and tokens[0] in phrases("yes_no_question"))


def _claim_at(parts: Parts, at: int) -> tuple[tuple[str, float], int, list[Item]] | None:
    """Read "most", "the majority of", "more than half of" and "over 60 % of" at a token.

    Returns:
        The comparison with its percent, the token behind it, and the items that say it; or None.
    """
    tokens = [token.norm for token in parts.sentence.tokens]
    start = at + (tokens[at : at + 1] in (["the"], ["a"]))
    items = [item for item in parts.sentence.items if item.start >= at]
    if tokens[start : start + 1] and tokens[start] in _MOST:
        end = start + 1
        used = [item for item in items if item.start < end]
        return ("above", 50.0), _behind_of(tokens, end), used
    if not items or not items[0].has("comparator"):
        return None
    kind, place = items[0].senses["comparator"], items[0].end
    place += tokens[place : place + 1] in (["a"], ["one"], ["the"])
    number = next((item for item in items if item.start <= place < item.end), None)
    word = tokens[place] if place < len(tokens) else ""
    percent = _PARTS.get(word)
    if number is not None and number.number is not None and number.number.unit == "%":
        percent, end = number.number.value, number.end
    elif percent is not None:
        end = place + 1
    else:
        return None
    if kind not in ("above", "below", "at_least", "at_most"):
        return None
    behind = _behind_of(tokens, end)
    used = [item for item in items if at <= item.start < end]
    return ((kind, percent), behind, used) if behind > end else None


def _behind_of(tokens: list[str], at: int) -> int:
    """Return the token behind "of", "of the" and "of our"."""
    while at < len(tokens) and tokens[at] in ("of", "the", "our", "my", "all", "these", "those"):
        at += 1
    return at


def _is_counted(parts: Parts, noun: Item) -> bool:
    """Tell whether the noun is what can be counted: people, rows or those with a value, no number column."""
    if noun.has("entity"):
        return not noun.links or not parts.is_measurable(noun.links[0].column)
    return bool(noun.values)
