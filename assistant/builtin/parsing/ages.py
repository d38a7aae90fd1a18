"""Tells where a bare number compares people by their age: "customers over 60", "workers under 30"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, lexicon
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of
from tools.wording import plain_name

_JOINING = frozenset({"who", "are", "is", "that", "were", "aged", "age"})
_GROWN_UP = range(15, 100)  # what follows a person and is likelier an age than anything else
_ALIVE = range(10, 111)


def said_aged(parts: Parts, index: int, number: Item) -> list[Item] | None:
    """Return the word "aged" right before a number: "customers aged 60 or more spend" is about the age."""
    near = [item for item in (parts.sentence.at(index), parts.sentence.at(index - 1)) if item]
    said = {token.norm for token in parts.sentence.tokens[max(0, number.start - 2) : number.start]}
    return [item for item in near if item.text.lower() == "aged"] if "aged" in said else None


def people_of_age(parts: Parts, index: int, number: Item) -> str | None:
    """Return the column of ages where people stand right before a comparison with a number like an age.

    "Balance of customers over 60" names a number column too, but it is the customers that are over 60.
    """
    if parts.age is None or not _may_be(number, _GROWN_UP):
        return None
    place = parts.sentence.items[index].start - 1
    while place > 0 and parts.sentence.tokens[place].norm in _JOINING:
        place -= 1
    if place < 0 or not _is_person(parts, place):
        return None
    return _noted(parts)


def of_people(parts: Parts, index: int, unit: str | None) -> str | None:
    """Return the column of ages where the nearest noun before a comparison is a person, however far."""
    number = parts.sentence.at(index + 1)
    number = number if number and number.number else parts.sentence.at(index)
    if parts.age is None or unit is not None or number is None or not _may_be(number, _ALIVE):
        return None
    nouns = [
        item
        for item in reversed(parts.sentence.items[:index])
        if item.has("entity")
        or item.has("value_word")
        or item.values
        or (item.has("logic", "which") and item.text.lower() == "who")
    ]
    if not nouns or nouns[0].has("entity", "transaction", "row"):
        return None
    return _noted(parts)


def _may_be(number: Item, ages: range) -> bool:
    quantity = number.number
    return quantity is not None and quantity.unit is None and quantity.value in ages


def _is_person(parts: Parts, place: int) -> bool:
    """Tell whether a word means people: customers, workers, women."""
    (word,) = key_of(parts.sentence.tokens[place].norm) or ("",)
    senses = lexicon().phrases.get((word,), ())
    person = any(sense.kind == "entity" and sense.value == "customer" for sense in senses)
    item = next((i for i in parts.sentence.items if i.start <= place < i.end), None)
    sex = parts.sentence.tokens[place].norm in cue("sex_word")
    return person or sex or (item is not None and (item.has("value_word") or item.has("entity", "customer")))


def _noted(parts: Parts) -> str | None:
    parts.note(f"I read the number as an age in years (**{plain_name(parts.age or '')}**).")
    return parts.age
