"""Reads what somebody did, where each row is a customer: "never bought anything", "owe more than they paid".

A verb stands for the column that holds how much of it was done: "flew" for the flights, "took cash" for the
cash advance. None of it is 0, any of it is above 0, and two of them can be held against each other.
"""

from __future__ import annotations

import re

from assistant.builtin.lexicon import cue, deed_stems
from assistant.builtin.parsing.lacking import can_be_none, denies_having, holds, lacks
from assistant.builtin.parsing.negation import add_condition
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import root
from tools.selecting import Condition

_NOTHING = frozenset({"nothing", "none", "zilch", "zero"})
_ANYTHING = frozenset({"anything", "something", "any", "ever", "once", "all", "least"})
_LOOSE = frozenset({"a", "an", "any", "ever", "even", "the", "one", "single", "of", "have", "been", "yet"})
_FACTORS = frozenset({"half", "twice", "double", "triple", "third", "quarter", "times"})
# Nouns for those who have or do what stands before them: "cash advance takers", "newsletter readers".
_DOERS = frozenset({"taker", "user", "holder", "owner", "buyer", "payer", "haver", "traveller", "traveler"})


def take_deeds(parts: Parts) -> None:
    """Read conditions that verbs make of the number columns of customers."""
    if parts.catalog.table.grain != "customers":
        return
    _compared_deeds(parts)
    for index, item in parts.sentence.free():
        name = _deed(parts, index)
        if name is None or not can_be_none(parts, name):
            continue
        denied = _denial(parts, index)
        if denied is not None:
            _use(parts, (item, *denied), lacks(parts, name))
        elif period := _in_named_period(parts, index, name):
            _use(parts, (item, *period), holds(parts, name))
        elif buying := _asked_of_people(parts, index):
            _use(parts, (*buying, item), holds(parts, name))
        elif _is_doer(parts, index) or _surely_done(parts, index):
            _use(parts, (item, *_ahead(parts, index)), holds(parts, name))
    _against_the_rest(parts)


def _deed(parts: Parts, index: int) -> str | None:
    """Return the column that holds how much of a deed was done.

    The plainest name wins: PURCHASES is what "bought" speaks of, and not PURCHASES_FREQUENCY.
    """
    item = parts.sentence.items[index]
    if item.number is not None or item.values or item.has("by"):
        return None
    words = [token.norm for token in parts.sentence.tokens[item.start : item.end]]
    stems = deed_stems(words[0])
    if _taken(parts, index) and not stems:
        named = [link for link in item.links if link.how != "role" and parts.is_measurable(link.column)]
        return named[0].column if named else None
    if not stems and not (item.links and item.links[0].how != "role"):
        return None
    wanted = {root(word) for word in stems} or {root(word) for word in words}
    found = []
    for place, column in enumerate(parts.catalog.table.columns):
        own = parts.catalog.words_of[column.name]
        plain = not set(own) & cue("not_an_amount")
        if plain and parts.is_measurable(column.name) and wanted & {root(word) for word in own}:
            found.append((len({root(word) for word in own} - wanted), place, column.name))
    if found:
        return min(found)[2]
    if stems and (held := _of_role(parts, words[0])) is not None:
        return held
    named = [link for link in item.links if parts.is_measurable(link.column) and link.how != "role"]
    return named[0].column if named else None


def _of_role(parts: Parts, word: str) -> str | None:
    """Return the only column of the role that a verb speaks of: what people owe or hold is their balance."""
    role = "balance" if "balance" in deed_stems(word) else "amount" if "purchase" in deed_stems(word) else ""
    held = [column.name for column in parts.catalog.table.by_role(role)] if role else []  # type: ignore[arg-type]
    return held[0] if len(held) == 1 else None


def _denial(parts: Parts, index: int) -> list[Item] | None:
    """Return the items that deny a deed: "never", "did not", and "nothing" behind it; None if it is done."""
    sentence, item = parts.sentence, parts.sentence.items[index]
    if _dated(parts, index):
        return None  # "haven't stayed since 2023" is about a date
    before = sentence.at(index - 1)
    between = {token.norm for token in sentence.tokens[before.end : item.start]} if before else set()
    if before and denies_having(before) and not before.used and between <= _LOOSE | cue("having_verb"):
        return [before, *_ahead(parts, index)]
    behind = sentence.tokens[item.end : item.end + 2]
    if behind and behind[0].norm in _NOTHING and not _excepts(parts, item.end + 1):
        return _ahead(parts, index)
    return None


def _excepts(parts: Parts, at: int) -> bool:
    """Tell whether what follows "nothing" narrows it: "nothing but shoes", "nothing for a year"."""
    word, after = ([token.norm for token in parts.sentence.tokens[at : at + 2]] + ["", ""])[:2]
    acts = after in cue("having_verb") or bool(deed_stems(after))
    return word == "for" or (word == "but" and not acts)


def _dated(parts: Parts, index: int) -> bool:
    """Tell whether a time is said of a deed, where the data have dates that could tell."""
    dates = any(column.kind in ("date", "datetime") for column in parts.catalog.table.columns)
    behind = parts.sentence.items[index + 1 : index + 5]
    return dates and any(item.has("period") or item.has("time_preposition") for item in behind)


def _ahead(parts: Parts, index: int) -> list[Item]:
    """Return the loose words behind a deed: "anything", "at all", a period that the column's name holds."""
    found = []
    column = parts.sentence.items[index]
    for item in parts.sentence.items[index + 1 : index + 4]:
        word = item.text.lower()
        loose = word in _NOTHING | _ANYTHING or item.has("superlative_time") or item.has("times")
        timed = item.has("period") or (item.number is not None and item.number.unit is not None)
        if not (loose or (timed and parts.time is None and column.links)) or item.used:
            break
        found.append(item)
    return found


_PERIODS = {"year": ("12", "365"), "month": ("30", "1"), "quarter": ("90", "3"), "week": ("7",)}


def _in_named_period(parts: Parts, index: int, name: str) -> list[Item]:
    """Return "in the last year" behind a verb, where no date but the column itself tells of that time."""
    if parts.time is not None or not deed_stems(parts.sentence.items[index].text.lower().split()[0]):
        return []
    behind = parts.sentence.items[index + 1 : index + 6]
    last = next((item for item in behind if item.text.lower() in ("last", "past")), None)
    unit = next((item for item in behind if item.has("grain")), None)
    digits = re.findall(r"\d+", " ".join(parts.catalog.words_of.get(name, ())))
    if last is None or unit is None or not set(digits) & set(_PERIODS.get(unit.senses["grain"], ())):
        return []
    parts.note(f"**{name}** is what these data hold of that time.")
    return [last, unit, *(item for item in behind if item.start < last.start and item.has("logic", "with"))]


def _surely_done(parts: Parts, index: int) -> bool:
    """Tell whether it is said that something was done at all: "who actually flew", "but took cash"."""
    item = parts.sentence.items[index]
    verb = bool(deed_stems(item.text.lower().split()[0])) or _taken(parts, index)
    before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 3) : item.start]]
    behind = parts.sentence.tokens[item.end : item.end + 1]
    whole = not behind or behind[0].norm not in ("more", "less", "nothing") and behind[0].kind != "number"
    after = parts.sentence.at(index + 1)
    compared = after is not None and (after.has("comparator") or after.number is not None and not after.links)
    denied = any(c.is_ in ("equal", "missing") for c in parts.where)
    joined = bool({"but", "and"} & set(before[-2:])) and denied
    said = bool({"actually", "really", "indeed", "ever"} & set(before)) or joined
    return verb and said and whole and not compared


def _asked_of_people(parts: Parts, index: int) -> list[Item]:
    """Return the verb of "how many bought cook books": people are counted, and what they bought is no sum."""
    verb, subject = parts.sentence.at(index - 1), parts.sentence.at(index - 2)
    after = parts.sentence.at(index + 1)
    if verb is None or subject is None or not verb.has("condition_verb", "bought") or verb.links:
        return []
    people = subject.has("entity", "customer") or subject.text.lower() == "who"
    counted = parts.sentence.has("count", "how_many") or parts.sentence.has("share", "share")
    asked = (people and counted) or subject.has("count", "how_many")
    compared = after is not None and (after.has("comparator") or after.number is not None)
    return [verb] if asked and not compared else []


def _taken(parts: Parts, index: int) -> bool:
    """Tell whether a noun stands behind a verb of having: "took cash", "used a cash advance"."""
    item = parts.sentence.items[index]
    before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 2) : item.start]]
    return bool(set(before) & cue("having_verb"))


def _is_doer(parts: Parts, index: int) -> bool:
    """Tell whether the word behind a column makes it the people who have some: "cash advance takers"."""
    item = parts.sentence.items[index]
    behind = parts.sentence.tokens[item.end : item.end + 1]
    if not behind or behind[0].text.lower().rstrip("s") not in _DOERS or not item.links:
        return False
    for near in parts.sentence.items:
        near.used = near.used or near.start == item.end
    return True


def _against_the_rest(parts: Parts) -> None:
    """Read "cash advance takers against everyone else": the opposite of the last condition too."""
    others = next((item for _, item in parts.sentence.free() if item.has("others")), None)
    last = parts.where[-1] if parts.where else None
    if others is None or last is None or (last.is_, last.value) not in (("above", 0), ("equal", 0)):
        return
    opposite = lacks(parts, last.column) if last.is_ == "above" else holds(parts, last.column)
    if opposite is not None:
        others.used = True
        parts.sentence.take_all("compare")
        parts.where.append(opposite)


def _compared_deeds(parts: Parts) -> None:
    """Read "pay back less than they buy" and "redeemed more points than they still hold"."""
    tokens, items = parts.sentence.tokens, parts.sentence.items
    than = next((at for at, token in enumerate(tokens) if token.norm == "than"), None)
    if than is None or any(item.number for item in items if item.start > than):
        return
    sign = next((i for i in items if i.start < than and (i.has("comparator") or i.has("comparative"))), None)
    if sign is None or sign.used or than - sign.start > 3:
        return
    kind = _way(sign)
    before = [at for at, item in enumerate(items) if item.start < than and item is not sign and not item.used]
    behind = [at for at, item in enumerate(items) if item.start > than and not item.used]
    first = next(((at, name) for at in before if _is_verb(parts, at) and (name := _deed(parts, at))), None)
    second = next(((at, name) for at in behind if (name := _deed(parts, at)) is not None), None)
    if kind is None or first is None or second is None or first[1] == second[1]:
        return
    last = items[second[0]]
    within = [item for item in items if items[first[0]].start <= item.start <= last.start]
    if any(item.number is not None or item.text.lower() in _FACTORS for item in within):
        return  # "more than half of the principal"
    loose = [item for item in items[second[0] + 1 :] if not item.senses and item.start <= last.end + 1]
    if any(item.values or item.has("by") for item in within):
        return
    for item in (*within, *loose):
        item.used = True
    parts.where.append(condition(first[1], kind, than=second[1]))


def _way(sign: Item) -> str | None:
    words = set(sign.text.lower().split())
    return "above" if words & cue("claims_higher") else "below" if words & cue("claims_lower") else None


def _is_verb(parts: Parts, index: int) -> bool:
    """Tell whether an item is a verb of a deed, or a participle that a column is called by: "redeemed"."""
    item = parts.sentence.items[index]
    word = item.text.lower().split()[0]
    return bool(deed_stems(word)) or (bool(item.links) and word.endswith(("ed", "ing")))


def _use(parts: Parts, items: tuple[Item, ...], made: Condition | None) -> None:
    if made is None:
        return
    for item in items:
        item.used = True
    add_condition(parts, made, negated=False)
