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
    names = {name.upper(): document[name] for name in ("it", "each", "firm", "one")}
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
        if found is None or named and not _is_segment(named, catalog):
            continue
        return _pair(one.says, catalog), one.note
    return text, ""


def _is_segment(text: str, catalog: Catalog) -> bool:
    """Tell whether words are nothing but a segment: "Home", "the first one"."""
    return re.fullmatch(r"(?:the )?§0(?: one)?", masked(text, catalog).text.strip()) is not None


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
