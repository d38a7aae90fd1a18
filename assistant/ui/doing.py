"""Says in plain words what a tool is doing, from the first sentence of its own description."""

from __future__ import annotations

import re
from functools import lru_cache

from tools.core import all_tools

CLAUSE_END = re.compile(r"[:;.(]|\s-\s")
NEXT_CLAUSE = re.compile(r"(and|or|but|for|with|who)\b")
LONGEST_ITEM = 20  # characters; longer than an item of a list is another clause
VOWELS = "aeiou"


@lru_cache(maxsize=256)
def doing(tool: str) -> str:
    """Return what a tool is doing: "Look for segments, decide how many" becomes "Looking for segments"."""
    spec = all_tools().get(tool)
    sentence = CLAUSE_END.split(spec.description if spec else tool.replace("_", " "), maxsplit=1)[0]
    first, *others = (part.strip() for part in sentence.split(","))
    for part in others:
        ends_a_list = " and " in part or " or " in part
        if NEXT_CLAUSE.match(part) or (len(part) > LONGEST_ITEM and not ends_a_list):
            break
        first = f"{first}, {part}"
    verb, space, rest = first.removesuffix(" and").partition(" ")
    return f"{present(verb)}{space}{rest}"


def present(verb: str) -> str:
    """Return the present participle of an English verb: make, making; split, splitting; show, showing."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    syllables = len(re.findall(f"[{VOWELS}]+", verb.lower()))
    ends_short = (
        len(verb) > 2
        and verb[-1] not in f"{VOWELS}wxy"
        and verb[-2].lower() in VOWELS
        and verb[-3].lower() not in VOWELS
    )
    return f"{verb}{verb[-1]}ing" if ends_short and syllables == 1 else f"{verb}ing"
