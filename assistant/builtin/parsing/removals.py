"""Reads what would be gone with some customers: "what would we lose if the ten largest left".

Data can say which part of the whole they hold; what the others would do then, nobody knows.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from assistant.builtin.linking import Catalog
from assistant.builtin.request.outcome import Outcome, Read, Reading
from assistant.builtin.sentence import Sentence
from assistant.builtin.templates import compiled, words_of

_LISTS = Path(__file__).resolve().parents[1] / "removals.toml"
_NOTE = "That is what they hold in these data; what everybody else would do without them cannot be known."


def read_removal(sentence: Sentence, catalog: Catalog, read: Read) -> Outcome | None:
    """Read a question for what would be lost with somebody as the share that they hold; None for others."""
    said = words_of(sentence.text.strip().rstrip("?!. "))
    for way in _ways():
        found = way.match(said.said)
        if found is None:
            continue
        who, what = said.written(found, "x"), said.written(found, "y") or _whole(catalog)
        if not who or what is None:
            continue
        for asked in (f"what share of {what} comes from {who}", f"what share of {what} is from {who}"):
            outcome = read(asked, catalog)
            if isinstance(outcome, Reading):
                return replace(outcome, notes=(*outcome.notes, _NOTE), reworded=asked)
    return None


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    lists: dict[str, list[str]] = tomllib.loads(_LISTS.read_text(encoding="utf-8"))
    names = {name: lists[name.lower()] for name in ("LOST", "LEFT", "GONE")}
    return tuple(re.compile(compiled(way, names) + "$") for way in lists["ways"])


def _whole(catalog: Catalog) -> str | None:
    """Return what is held where nothing is named: the money, or the rows where there is none."""
    table = catalog.table
    return f"`{table.amount}`" if table.amount else None
