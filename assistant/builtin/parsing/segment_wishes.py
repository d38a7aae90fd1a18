"""Reads wishes for segments by people who do not say so, by the ways of `schemes.toml`.

"Which kinds of guests do we have?", "sort my customers into a few types", "put similar callers together".
"""

from __future__ import annotations

import re
from functools import cache

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_conditions import stated
from assistant.builtin.parsing.definition_names import any_of, words
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import FindSegments
from assistant.builtin.templates import compiled, either, words_of
from tools.selecting import Condition

_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_MORE = re.compile(r"[,(:]|\b(?:into|as|by|on|using|based|from|instead)\b", re.IGNORECASE)  # no mere people
_WHOLE = ("customer base", "customers", "base", "audience", "clientele")


def without_purpose(sentence: Sentence, catalog: Catalog) -> Sentence:
    """Return a wish for segments without what they are for: "..., so that I can mail them differently"."""
    said = re.search(rf"[\s,;–-]+(?:{any_of('purpose')}).*$", sentence.text, re.IGNORECASE)
    first = words_of(sentence.text).said
    asked = re.match(
        f"(?:{either(words('soft'))})*(?:{either(words('partition_verb'))}|cluster |find |make |build )",
        first,
    )
    if said is None or asked is None or not said.start():
        return sentence
    for item in sentence.items:
        if sentence.tokens[item.start].start >= said.start():
            item.used = True
    return annotate(sentence.text[: said.start()], catalog)


def read_wish(sentence: Sentence, catalog: Catalog, said: set[str]) -> Outcome | None:
    """Read a wish for segments of some people; None if the sentence is about something else."""
    if any(sentence.has(kind) for kind in ("statistic", "how_much", "chart_kind")) or catalog.segments:
        return None
    heard = words_of(sentence.text.strip().rstrip("?!. "))
    for way in _ways():
        found = way.match(heard.said)
        people = heard.written(found, "x") if found else ""
        among = _people(people, catalog) if people else None
        if found is None or among is None:
            continue
        for item in sentence.items:
            item.used = True
        around = f"{found[0][: found.start('x')]}{found[0][found.end('x') :]}"
        n = re.search(rf"\b(?:{'|'.join(_COUNTS)}|[2-8])\b", around)
        count = None if n is None else _COUNTS.get(n[0]) or int(n[0])
        return Reading((FindSegments(n_segments=count, where=list(among[0])),), among[1])
    return None


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    names = {
        "PARTITION": words("partition_verb"), "COUNT": words("wish_count"), "KIND": words("wish_kind"),
        "THERE": words("wish_there"), "ALIKE": words("alike"),
    }  # fmt: skip
    told = "tell me |show me |i wonder |find out |i would like to know |i want to know "
    lead = f"(?:{either(words('soft'))}|{told})*"
    tail = f"(?:{either(words('wish_tail'))})*"
    return tuple(re.compile(f"{lead}{compiled(way, names)}{tail}$") for way in words("wish_ways"))


def _people(text: str, catalog: Catalog) -> tuple[tuple[Condition, ...], tuple[str, ...]] | None:
    """Return the conditions on the people that words mean, and how they were read; None if none are meant."""
    plain = re.sub(r"^(?:(?:all|of|my|our|the|these|those)\s+)+", "", text.strip(), flags=re.IGNORECASE)
    items = annotate(plain, catalog, customer_level=True).items
    if plain.lower() in _WHOLE or items and all(item.has("entity", "customer") for item in items):
        return (), ()
    if not any(item.has("entity", "customer") for item in items) or _MORE.search(text):
        return None
    found = stated(plain, catalog, None)
    return (found.where, found.notes) if found else None
