"""Reads words that a sentence explains itself: "solo travellers (1 adult, 0 kids)", "early birds: before 9".

What is said in brackets, or behind a colon, is the filter; the words in front only give it a name.
"""

from __future__ import annotations

from assistant.builtin.lexicon import lexicon
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of, root

# Words at which the name of a definition begins anew: "avg adr OF solo travellers (...)".
_BOUNDARY = frozenset({"of", "for", "among", "amongst", "from", "than", "by", "per", "vs", "versus"})
# Kinds that ask for something by themselves and therefore are no part of a name.
_ASKS = (
    "count", "share", "statistic", "compare", "superlative", "order", "chart_kind", "over_time", "comparator",
    "number", "how_much", "relation", "range", "outliers", "missing", "segment",
)  # fmt: skip
# Kinds whose words only colour a name: "last minute", "every time", "always".
_COLOURS = frozenset(
    {"superlative_time", "times", "arithmetic", "by", "condition_verb", "comparative", "value_word", "season"}
    | {"grain", "part_of_day", "group_noun", "status", "purpose", "filler", "splitting"}
)
_CONDITIONS = ("comparator", "comparator_after", "comparator_age", "range", "time_preposition", "missing")


def take_definitions(parts: Parts) -> None:
    """Mark the words of a name as explained where a bracket or what follows a colon says what it means."""
    for first, last in _brackets(parts):
        inside = [item for item in parts.sentence.items if first <= item.start < last]
        if _is_ratio(parts, inside):
            before = [item for item in parts.sentence.items if item.end <= first]
            _explain(parts, [item for item in before if _is_unknown(item) or item.has("share")], inside)
        elif _is_condition(parts, inside):
            _explain(parts, _name_before(parts, first), inside)
            _take_rate(parts, first)
    _defined_by_sign(parts)
    colon = _colon(parts)
    if colon is not None:
        before = [item for item in parts.sentence.items if item.start < colon]
        behind = [item for item in parts.sentence.items if item.start >= colon]
        named = any(_is_unknown(item) for item in before)
        named = named and all(_may_name(parts, item, behind) or item.has("entity") for item in before)
        if named and _is_condition(parts, behind):
            _explain(parts, before, behind)


def _defined_by_sign(parts: Parts) -> None:
    """Read "lapsed = nothing bought after June, how many are lapsed": the name comes up again."""
    items = parts.sentence.items
    sign = next((at for at, item in enumerate(items) if item.text in ("=", "means", "is", "are")), None)
    if sign is None or not 1 <= sign <= 3:
        return
    name, rest = items[:sign], items[sign + 1 :]
    words = {item.text.lower() for item in name}
    again = [item for item in rest if item.text.lower() in words]
    if again and not any(item.has("column") or item.values for item in name):
        for item in (*name, items[sign], *again):
            item.used = True


def _brackets(parts: Parts) -> list[tuple[int, int]]:
    """Return the tokens inside each pair of brackets as (first, behind the last)."""
    text, tokens = parts.sentence.text, parts.sentence.tokens
    found = []
    start = text.find("(")
    while start >= 0 and (end := text.find(")", start)) >= 0:
        inside = [at for at, token in enumerate(tokens) if start < token.start < end]
        if inside:
            found.append((inside[0], inside[-1] + 1))
        start = text.find("(", end)
    return found


def _colon(parts: Parts) -> int | None:
    """Return the first token behind a colon that stands between two words."""
    text = parts.sentence.text
    at = text.find(": ")
    if at <= 0 or "(" in text[:at]:
        return None
    return next((place for place, token in enumerate(parts.sentence.tokens) if token.start > at), None)


def _take_rate(parts: Parts, first: int) -> None:
    """Read "on time rate per depot (delivered before the promised date)" as the share that is so."""
    items = [item for item in parts.sentence.items if item.end <= first]
    rate = next((item for item in items if item.has("share", "rate") and not item.used), None)
    before = [item for item in items if rate is not None and rate.start - 4 < item.start <= rate.start]
    if rate is None or any(item.links or item.values or item.number is not None for item in before):
        return
    for item in before:
        item.used = True
    parts.share = True


def _is_ratio(parts: Parts, inside: list[Item]) -> bool:
    """Tell whether items divide one number by another: "claims paid over premium"."""
    numbers = [item for item in inside if any(parts.is_measurable(link.column) for link in item.links)]
    joints = [
        item for item in inside if item.text.lower() in ("over", "per", "divided by") or "/" in item.text
    ]
    return len(numbers) == 2 and len(joints) == 1


def _is_condition(parts: Parts, inside: list[Item]) -> bool:
    """Tell whether items make a filter: a comparison, a denial, a value, or a counted noun."""
    if any(item.has("entity", "column") or item.has("statistic") for item in inside):
        return False
    compared = any(item.has(kind) for item in inside for kind in _CONDITIONS)
    counted = any(
        item.number is not None and after.links for item, after in zip(inside, inside[1:], strict=False)
    )
    denied = any(
        item.has("logic", "not") and (after.links or after.values)
        for item, after in zip(inside, inside[1:], strict=False)
    )
    number = any(item.number is not None or item.has("range") or item.has("period") for item in inside)
    dated = any(item.has("time_preposition") for item in inside) and sum(bool(i.links) for i in inside) > 1
    return denied or counted or (compared and number) or dated or any(item.values for item in inside)


def _name_before(parts: Parts, first: int) -> list[Item]:
    """Return the items of the name in front of a bracket."""
    found: list[Item] = []
    edge = first
    for item in reversed([item for item in parts.sentence.items if item.end <= first]):
        between = {token.norm for token in parts.sentence.tokens[item.end : edge]}
        groups = item.has("by") and not (found and found[-1].has("times"))  # "per depot", not "every time"
        said = item.values or item.has("logic", "not")  # a filter of its own: "pets but no car (motor)"
        if between & _BOUNDARY or groups or said or any(item.has(kind) for kind in _ASKS):
            break
        found.append(item)
        edge = item.start
    return found


def _is_unknown(item: Item) -> bool:
    return not item.senses or item.has("value_word") or (item.has("role") and not item.links)


def _may_name(parts: Parts, item: Item, inside: list[Item]) -> bool:
    """Tell whether an item can be part of a name: unknown, colouring, or said again in the definition."""
    if any(character.isdigit() for character in item.text):
        return False
    if item.values:  # "loyal ones (tenure above 60)" says itself what loyal means
        return key_of(item.text) in lexicon().antonyms and any(one.links for one in inside)
    if _is_unknown(item) or item.has("share", "ratio", "rate"):
        return True
    if item.links:
        held = {
            root(word)
            for one in inside
            for k in one.links[:1]
            for word in parts.catalog.words_of.get(k.column, ())
        }
        return {root(word) for word in item.text.lower().split()} <= held
    return set(item.senses) <= _COLOURS


def _explain(parts: Parts, name: list[Item], inside: list[Item]) -> None:
    """Mark a name as explained by what it means, and say so where it would mean nothing otherwise."""
    known = [item for item in name if _may_name(parts, item, inside) and not item.has("logic")]
    for item in known:
        item.used = True
    if any(_is_unknown(item) for item in known):
        said, meant = _span(parts, known), _span(parts, inside)
        parts.note(f'I took "{said}" to mean what you say of it: {meant}.')


def _span(parts: Parts, items: list[Item]) -> str:
    """Return the text from the first to the last of some items."""
    tokens = parts.sentence.tokens
    first, last = min(item.start for item in items), max(item.end for item in items)
    return parts.sentence.text[tokens[first].start : tokens[last - 1].end]
