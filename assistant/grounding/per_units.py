"""Finds amounts told per a unit that no fact knows: "748 euros per square metre", "900 orders each"."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.grounding.binding import TIME_UNITS
from assistant.grounding.kinds import MEASURING_UNITS, PEOPLE, kind_of
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

_UNIT = "|".join(sorted({*TIME_UNITS, *MEASURING_UNITS}, key=len, reverse=True))
_PER = re.compile(
    r"\s*(?:[A-Z]{3}\b|[a-z]+\b)?\s*(?:per|a|an|each|every|/)\s+(?:square |cubic |sq\.? )?"
    rf"(?P<unit>{_UNIT})s?\b",
    re.IGNORECASE,
)
_OF_TIME = {"arr": "year", "annual": "year", "yearly": "year", "mrr": "month", "monthly": "month",
            "weekly": "week", "daily": "day", "hourly": "hour"}  # fmt: skip
_EACH = re.compile(r"\s*(?P<noun>[a-z]+)\s+(?:each|apiece)\b", re.IGNORECASE)


def is_per_unknown(fact: Fact, number: WrittenNumber, text: str, known: Collection[str]) -> bool:
    """Return whether a number is told per a unit of which nothing told speaks, or as what each has.

    Args:
        fact: What the number may stand for.
        number: The number.
        text: The sentence.
        known: Words of facts and of what was told, in the singular.
    """
    if number.percent or number.kind in ("part", "multiple"):
        return False
    each = _EACH.match(text, number.end)
    if each and each["noun"].lower().removesuffix("s") not in PEOPLE:
        return kind_of(fact) == "count" and fact.name.startswith(("n_", "size", "customers"))
    per = _PER.match(text, number.end)
    if per is None:
        return False
    words = re.findall(r"[a-z]+", f"{fact.name} {fact.unit} {fact.scope}".lower().replace("_", " "))
    own = {_OF_TIME.get(word, word.removesuffix("s")) for word in words}
    return per["unit"].lower() not in own | set(known)
