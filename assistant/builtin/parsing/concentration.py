"""Reads how few make up a part of a whole: "how many customers account for 80% of revenue"."""

from __future__ import annotations

from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.times import take_times
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Concentration
from assistant.builtin.sentence import Item, Sentence
from tools.selecting import Measure

_PARTS = {"half": 50.0, "third": 100 / 3, "thirds": 200 / 3, "quarter": 25.0, "quarters": 75.0, "most": 50.0}


def read_concentration(sentence: Sentence, catalog: Catalog) -> tuple[Reading, Parts] | None:
    """Read a question for how many make up a part; None for any other."""
    parts = Parts(sentence.fresh(), catalog)
    verb = _verb(parts)
    if verb is None:
        return None
    part = _part(parts, verb[1])
    noun = _noun(parts, verb[0])
    if part is None or noun is None:
        return None
    percent, end = part
    by = _group(parts, noun)
    whole = _whole(parts, end)
    if by is None or whole is None:
        return None
    measure, target = whole
    asked = [i for i in parts.sentence.items if i.start < noun.start and _asks(i)]
    if not asked:
        return None
    inside = [i for i in parts.sentence.items if verb[0] <= i.start < end]
    for item in (*asked, *inside, noun, *([target] if target else [])):
        item.used = True
    take_times(parts)
    take_conditions(parts)
    take_flags(parts)
    request = Concentration(by=by, measure=measure, share_pct=round(percent, 6), where=parts.where)
    return Reading((request,), tuple(parts.notes)), parts


def _asks(item: Item) -> bool:
    return item.has("count", "how_many") or item.has("share", "share") or item.has("logic", "which")


def _verb(parts: Parts) -> tuple[int, int] | None:
    """Return the tokens of "make up", "account for" and the like."""
    tokens = [token.norm for token in parts.sentence.tokens]
    for phrase in phrases("making_up"):
        words = phrase.split()
        for at in range(len(tokens) - len(words)):
            if tokens[at : at + len(words)] == words:
                return at, at + len(words)
    return None


def _part(parts: Parts, at: int) -> tuple[float, int] | None:
    """Read "80 %", "half" and "two thirds" behind the verb; return percent and the token behind "of"."""
    tokens = [token.norm for token in parts.sentence.tokens]
    while at < len(tokens) and tokens[at] in (
        "about",
        "roughly",
        "the",
        "first",
        "top",
        "a",
        "one",
        "two",
        "three",
    ):
        at += 1
    number = next((i for i in parts.sentence.items if i.start == at and i.number), None)
    if number is not None and number.number is not None and number.number.unit == "%":
        percent, end = number.number.value, number.end
    elif tokens[at - 1 : at + 1] == ["the", "most"] and tokens[at + 1 : at + 2] != ["of"]:
        return None  # "which service covers the most miles" ranks the services
    elif at < len(tokens) and tokens[at] in _PARTS:
        percent, end = _PARTS[tokens[at]], at + 1
    else:
        return None
    while end < len(tokens) and tokens[end] in ("of", "the", "our", "my", "all", "total", "its", "their"):
        end += 1
    return (percent, end) if 0 < percent <= 100 else None


def _noun(parts: Parts, verb: int) -> Item | None:
    """Return who or what makes it up: the last noun in front of the verb."""
    before = [item for item in parts.sentence.items if item.end <= verb]
    nouns = [
        item
        for item in before
        if item.has("entity", "customer")
        or (item.links and parts.is_group(item.links[0].column) and not item.values)
    ]
    return nouns[-1] if nouns and nouns[-1] is before[-1] else None


def _group(parts: Parts, noun: Item) -> str | None:
    if noun.has("entity", "customer") and not (noun.links and noun.links[0].score > 0.99):
        return parts.customer_key
    return parts.pick(noun, "group")


def _whole(parts: Parts, at: int) -> tuple[Measure, Item | None] | None:
    """Return what is made up: a total or the number of rows; the amount where nothing is named."""
    target = next((item for item in parts.sentence.items if item.start >= at), None)
    if target is not None and target.start == at:
        if target.has("entity", "transaction", "row") and not (
            target.links and parts.is_measurable(target.links[0].column)
        ):
            return Measure(), target
        if any(parts.is_measurable(link.column) for link in target.links):
            name = parts.pick(target, "number")
            return (Measure(statistic="sum", column=name), target) if name else None
        return None
    if parts.amount is None:
        return None
    parts.note(f"The whole is the total **{parts.amount}**.")
    return Measure(statistic="sum", column=parts.amount), None
