"""Knows what people say of the segments there are, and the plain request that each saying is.

The sayings are a list in `segment_sayings.toml`; a new one is a line there.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.builtin.conversation import Conversation
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_names import words
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.request.segments import CompareSegments
from assistant.builtin.templates import compiled, either, words_of

_FILE = Path(__file__).parent.parent / "segment_sayings.toml"


@dataclass(frozen=True)
class Saying:
    """A saying, the plain request that it is, and what is added to the answer."""

    way: re.Pattern[str]
    says: str
    note: str


@cache
def _sayings() -> tuple[Saying, ...]:
    document: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    names = {name.upper(): document[name] for name in ("it", "each", "firm", "one", "count")}
    lead, tail = (f"(?:{either(sorted(document[n], key=len, reverse=True))})*" for n in ("soft", "tail"))
    return tuple(
        Saying(re.compile(f"{lead}{compiled(way, names)}{tail}$"), one["says"], one.get("note", ""))
        for one in document["saying"]
        for way in one["ways"]
    )


def said_plainly(text: str, catalog: Catalog, conversation: Conversation) -> tuple[str, str]:
    """Return a message about the segments in plain words, and what is added to its answer.

    Args:
        text: The message.
        catalog: The data, with the segments there are.
        conversation: Earlier turns.
    """
    if not catalog.segments:
        return text, ""
    merged = _those_two(text, catalog, conversation)
    if merged:
        return merged, ""
    said = words_of(text.strip().rstrip("?!. "))
    for one in _sayings():
        found = one.way.match(said.said)
        named = said.written(found, "y") if found else ""
        if found is None or named and not _is_segment(named, catalog, several="Y" in one.says):
            continue
        plain = _filled(one.says, named, found[0], catalog, conversation)
        if plain:
            return plain, one.note
    return text, ""


def _filled(says: str, named: str, said: str, catalog: Catalog, conversation: Conversation) -> str:
    """Return a plain request with the segments and the number that were said; empty if it makes no sense."""
    if "LAST" in says:
        last = conversation.last_segment()
        return says.replace("LAST", _written(last) if last else "the segments")
    if says.endswith(" Y"):
        names = masked(named, catalog, bare=True).segments
        return says.replace("Y", " and ".join(_written(name) for name in names))
    if "segments" in says and (says.startswith(("MORE", "FEWER")) or "COUNT" in says):
        number = next((_NUMBERS.get(w) or int(w) for w in said.split() if w in _NUMBERS or w.isdigit()), 1)
        n = len(catalog.segments)
        wanted = n + number if says.startswith("MORE") else n - number if says.startswith("FEWER") else number
        return f"make it {wanted} segments" if 2 <= wanted <= _MOST else ""
    return _pair(says, catalog)


_ONE = r"(?:the )?§0(?: one)?"
_TWO = r"(?:segments? |groups? )?§0 (?:and|or|from) (?:the )?§1(?: one)?"
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_MOST = 20


def _is_segment(text: str, catalog: Catalog, *, several: bool) -> bool:
    """Tell whether words are nothing but a segment, or two: "Home", "the first one", "1 and 3"."""
    shown = masked(text, catalog, bare=several).text.strip()
    way = (
        r"(?:segments? |groups? )?§0 (?:and|or|from) (?:the )?§1(?: one)?"
        if several
        else r"(?:the )?§0(?: one)?"
    )
    return re.fullmatch(way, shown) is not None


def _pair(says: str, catalog: Catalog) -> str:
    """Compare two segments with one another where there are no more."""
    two = len(catalog.segments) == 2 and says == "how do the segments differ"
    return "compare segments 1 and 2" if two else says


_BOTH = (
    "(the|these|those|both|them) [of] [the|these|those|them] [two|2] [segments|groups|ones] "
    "[together|into one|then|please|up]"
)


def _those_two(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Write out "then merge those two" after two segments were compared."""
    compared = conversation.last_request()
    if not isinstance(compared, CompareSegments):
        return ""
    lead = f"(?:{either(words('soft'))})*(?:{either(words('merge_verb'))})"
    if not re.fullmatch(f"{lead}{compiled(_BOTH, {})}", words_of(text.strip().rstrip("?!. ")).said):
        return ""
    return f"merge {' and '.join(_written(name) for name in (compared.first, compared.second))}"


def _written(name: str) -> str:
    return f"segment {name}" if name.isdigit() else f"“{name}”"
