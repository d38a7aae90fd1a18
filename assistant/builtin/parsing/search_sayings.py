"""Knows by its words that a sentence is a wish for a search for segments, and writes it plainly.

Words about likeness, freedom and the parts of a method say nothing that a search would do otherwise.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.builtin.annotate import annotate
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import read_quantity
from assistant.builtin.parsing.definition_names import any_of, words
from assistant.builtin.parsing.segment_options import METHODS
from assistant.builtin.sentence import Sentence
from assistant.builtin.templates import compiled

_METHOD = re.compile("|".join(rf"\b(?:{way})\b" for way in METHODS.values()), re.IGNORECASE)
_LEAD = 4  # words before the verb or the number: "please build me"
# n number, v verb, m verb of making, k kind of group, g segments by their name, p people, f of, i into, b by;
# o anything else.
_SEARCHES = re.compile(
    rf"^[om]{{0,{_LEAD}}}v(?:o{{0,3}}p.{{0,4}}?)?(?:i|p|$|b|.*?,)|^[om]{{0,{_LEAD}}}n[oi]?[gk](?:f[o]{{0,2}}p|b|o|,|$)|"
    rf"^[om]{{1,{_LEAD}}}g(?:fo{{0,2}}p|,|$)|^[om]{{0,{_LEAD}}}pin[oi]?[gk]|"
    rf"^o{{0,2}}mo{{0,2}}kfo{{0,2}}p"
)
_CLUSTERS = re.compile(
    rf"^[om]{{0,{_LEAD}}}(?:v[op]{{0,6}}in|n[oi]?[gk](?:fo{{0,2}}p|b|$)|pin[oi]?[gk]|vo{{0,4}}p(?:,|$)|g(?:fo{{0,2}}p)?(?:,|$)|"
    rf"mo{{0,2}}kfo{{0,2}}p$)"
)


def is_search(sentence: Sentence) -> bool:
    """Tell whether people are to be put into groups that nobody describes: "4 kinds of guests by nights"."""
    return not _asks(sentence) and bool(_METHOD.search(sentence.text) or _SEARCHES.match(_codes(sentence)))


def puts_into_groups(sentence: Sentence) -> bool:
    """Tell whether a search says into how many groups, or no more than whom, whatever its features are."""
    if all(item.has("order") for item in sentence.items):
        return False  # "sort from low to high"
    return not _asks(sentence) and bool(_CLUSTERS.match(_codes(sentence)))


def _asks(sentence: Sentence) -> bool:
    first = sentence.items[0] if sentence.items else None
    opening = sentence.tokens[0].norm if sentence.tokens else ""
    if opening == "do" and len(sentence.tokens) > 1 and sentence.tokens[1].norm not in _ASKED:
        return False  # "do a segmentation"
    return (
        first is None
        or opening in cue("asks_first") | {"show", "list", "average", "compare", "plot", "draw", "why"}
        or any(first.has(kind) for kind in ("statistic", "count", "share", "how_much"))
    )


_ASKED = {"you", "we", "i", "they", "my", "our", "the", "any", "all", "more", "most", "customers", "people"}


def _codes(sentence: Sentence) -> str:
    """Write a sentence with one letter a word, by what the word may be in a wish for segments."""
    items = [item for item in sentence.items if item.has("entity", "customer")]
    people = {place for item in items for place in range(item.start, item.end)}
    found = []
    for place, token in enumerate(sentence.tokens):
        if place in people:
            found.append("p")
        elif read_quantity(sentence.tokens, place) is not None:
            found.append("n")
        elif token.norm in (
            "cluster",
            "segment",
            "group",
            "sort",
            "classify",
            "partition",
            "divide",
            "split",
        ):
            found.append("v" if place + 1 < len(sentence.tokens) else "k")
        elif token.norm in ("segmentation", "clustering", "clusters", "segments"):
            found.append("g")
        elif token.lemma in cue("segment_noun") | cue("segment_like") or token.norm in words("wish_kind"):
            found.append("k")
        else:
            found.append("m" if token.norm in _MAKE else _JOINTS.get(token.norm, "o"))
    return "".join(found)


_VERBS = {"cluster", "segment", "group", "sort", "classify", "partition", "divide", "split"}
_MAKE = {"find", "make", "build", "create", "form", "identify", "discover", "detect", "do"}
_JOINTS = {
    "of": "f", "into": "i", "in": "i", "to": "i", "by": "b", "on": "b", "using": "b", "from": "b",
    "with": "b", "based": "b", "according": "b", ",": ",", ";": ",",
}  # fmt: skip


def written_plainly(sentence: Sentence, catalog: Catalog) -> Sentence:
    """Return a wish for a search in the words that its reader knows; any other sentence as it is."""
    if not is_search(sentence):
        return sentence
    text = without_idle_words(sentence.text)
    return sentence if text == sentence.text or not text else annotate(text, catalog)


def without_idle_words(text: str) -> str:
    """Return a wish for a search without what says nothing, and with the plain words for the rest."""
    spaced = " ".join(re.sub(r"((?<!\d)[,;?!]|[,;?!](?!\d))", r" \1 ", text).split()) + " "
    for way, plain in _sayings():
        spaced = way.sub(plain, spaced)
    return re.sub(r" (?=[,;?!])", "", " ".join(spaced.split())).strip(" ,;")


@cache
def _sayings() -> tuple[tuple[re.Pattern[str], str], ...]:
    names = {"ALIKE": words("alike"), "KIND": words("wish_kind"), "DOES": words("search_does")}
    idle = [rf"(?:[,;–-] )?(?<!\w){compiled(way, names)}" for way in words("search_idle")]
    many = r"(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
    return (
        *((re.compile(way, re.IGNORECASE), "") for way in idle),
        (re.compile(rf"\b{many} (?:{any_of('search_part')})", re.IGNORECASE), r"\g<n> segments"),
        (re.compile(rf"\b(?:{any_of('search_only')})(?: (?:on|by|using|from))? ", re.IGNORECASE), "only "),
        (
            re.compile(r"(?P<b>\b(?:on|by|using|from|only)\b.*?)[\s,]+(?:alone|only) $", re.IGNORECASE),
            r"\g<b>",
        ),
        (re.compile(rf"\ball (?:the )?{many} (?=\w+s\b)", re.IGNORECASE), "all "),
    )
