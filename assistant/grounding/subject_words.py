"""Knows other words for what a fact is about: a month for its first day, women for F."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from assistant.grounding.written_dates import MONTHS

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SEXES = {"m": ("men", "man", "male", "males"), "f": ("women", "woman", "female", "females")}
_ALSO_WORDS = frozenset({"may", "mar", "sep", "jan", "dec"})  # too short or a word of its own


def aliases_of(names: Collection[str]) -> dict[str, str]:
    """Return other words for subjects, each with its subject; words for two of them are left out."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    months = all(name.endswith("-01") for name in names if _ISO.fullmatch(name))
    for name in sorted(names):
        for word in _words_for(name, months, {"m", "f"} <= set(names)):
            (twice.add(word) if word in found else found.update({word: name}))
    return {word: name for word, name in found.items() if word not in twice}


def _words_for(name: str, months: bool, sexes: bool) -> Iterator[str]:
    if sexes and name in _SEXES:
        yield from _SEXES[name]
    date = _ISO.fullmatch(name)
    if date:
        for month in (month for month, place in MONTHS.items() if place == int(date[2])):
            if not months:
                yield f"{int(date[3])} {month} {date[1]}"
                continue
            yield f"{month} {date[1]}"
            if month not in _ALSO_WORDS:
                yield month
