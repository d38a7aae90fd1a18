"""Reads how long something takes: "took longer than 45 minutes", "resolved within 8 hours"."""

from __future__ import annotations

from os.path import commonprefix

from assistant.builtin.lexicon import cue
from assistant.builtin.linking import ColumnLink
from assistant.builtin.parsing.parts import Ambiguity, Parts
from assistant.builtin.sentence import Item

LENGTHS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
_SHARED = 5  # letters that "resolve" and resolution must share


def durations(parts: Parts) -> list[str]:
    """Return the number columns that count how long something took, in the order of the table."""
    return [
        column.name
        for column in parts.catalog.table.columns
        if parts.is_measurable(column.name)
        and column.role not in ("age", "amount", "balance")
        and parts.unit_of(column.name) in LENGTHS
        and not set(parts.catalog.words_of[column.name]) & cue("no_duration")
    ]


def named_duration(parts: Parts) -> tuple[list[str], list[Item]]:
    """Return the durations that a verb or noun of the sentence speaks of, and those words; else all of them.

    "How long does it take to resolve a ticket" is about `resolution_hours`.
    """
    held = durations(parts)
    chosen: dict[str, list[Item]] = {}
    for item in parts.sentence.items:
        if item.number or item.values or item.has("entity") and not item.links:
            continue
        for name in held:
            own = [word for word in parts.catalog.words_of[name] if len(word) >= _SHARED]
            said = [token.lemma for token in parts.sentence.tokens[item.start : item.end]]
            if any(len(commonprefix([word, each])) >= _SHARED for word in own for each in said):
                chosen.setdefault(name, []).append(item)
    if len(chosen) == 1:
        (name,) = chosen
        return [name], chosen[name]
    return list(chosen) or held, []


def compared_length(parts: Parts) -> tuple[str, list[Item]] | None:
    """Return the duration that a length of time is compared with, and its words; None if unsure."""
    names, items = named_duration(parts)
    words = {token.norm for token in parts.sentence.tokens}
    if len(names) > 1:
        lasting = [name for name in names if set(parts.catalog.words_of[name]) & cue("length_word")]
        names = lasting if {"longer", "shorter"} & words else names
    if len(names) != 1 or not (items or words & cue("taking_time")):
        return None
    free = [item for item in items if not item.used]
    return names[0], free


def is_within(parts: Parts, index: int) -> bool:
    """Tell whether "within 8 hours" sets an upper end: no date is meant, and nothing is counted from."""
    item, number = parts.sentence.items[index], parts.sentence.at(index + 1)
    if item.text.lower() not in ("within", "in") or number is None or number.number is None:
        return False
    behind = parts.sentence.tokens[number.end : number.end + 1]
    of = bool(behind) and behind[0].norm in ("of", "after", "before", "from", "since")
    return number.number.unit in LENGTHS and not of and bool(durations(parts))


def take_how_long(parts: Parts) -> None:
    """Read "how long does a delivery take" as the average of the column that says it, or ask which."""
    if not parts.sentence.says("how long") or parts.measures or parts.bare:
        return
    words = {token.norm for token in parts.sentence.tokens}
    if not words & cue("taking_time"):
        return
    names, items = named_duration(parts)
    said = [i for i in parts.sentence.items if i.text.lower() in ("how long", "long", "how")]
    if not names or any(item.links and item not in items for item in said):
        return
    for item in (*items, *said):
        item.used = True
    parts.bare.append(names[0])
    if len(names) > 1:
        links = tuple(ColumnLink(name, 0.8, "concept") for name in names)
        parts.ambiguities.append(Ambiguity("how long", links))
