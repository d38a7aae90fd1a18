"""Knows whether a word that the data do not explain names a thing that they could hold: a noun, a day.

Only a thing can be absent: "there is no profit" is an answer, "there is no keep" is none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.reading_words import UNITS
from assistant.builtin.request import Request
from assistant.builtin.request.rows import Filtered
from assistant.builtin.sentence import Item, Sentence

_SHORTEST = 4  # a lower-case word of fewer letters is rather a slip of the pen than the name of a thing
_WANTING = frozenset({"want", "need", "like", "able", "going", "likely", "how", "tend", "try", "used"})
# Before these stands a noun, however short: "a dog", "per day", "without a car".
_BEFORE_NOUN = frozenset(
    {"a", "an", "the", "per", "of", "their", "our", "many", "any", "no", "by", "average"}
)
# What "by" makes with a word that is no group: "by far", "by the way".
_IDIOMS = frozenset(
    {"far", "way", "now", "then", "hand", "chance", "itself", "themselves", "name", "order", "all"}
)
_DATED = re.compile(r"\d{4}(?:-\d{2}){0,2}$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAYS = (
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>\d{{4}}))?\b", re.IGNORECASE
    ),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}}))?", re.IGNORECASE),
)


def names_a_thing(item: Item, sentence: Sentence) -> bool:
    """Tell whether an unknown item is a noun that could stand for a measure or a filter.

    Args:
        item: An item that nothing in the data or the lexicon explains.
        sentence: The sentence that holds it.
    """
    if item.filler or item.has("value_word"):
        return True
    words = [token.norm for token in sentence.tokens[item.start : item.end]]
    lemmas = [token.lemma for token in sentence.tokens[item.start : item.end]]
    if all(
        word in cue("never_columns") or lemma in cue("never_columns")
        for word, lemma in zip(words, lemmas, strict=True)
    ):
        return False
    if item.has("role") and not item.links:
        return True
    before = [token.norm for token in sentence.tokens[max(0, item.start - 2) : item.start]]
    short = len(words[0]) < _SHORTEST and item.text.islower() and not (before and before[-1] in _BEFORE_NOUN)
    if len(words) == 1 and (short or words[0].endswith("ly")):
        return False
    if not before:
        return item.end < len(sentence.tokens)
    if _acts(item, sentence):
        return False
    infinitive = before[-1] == "to" and before[0] in _WANTING
    return before[-1] not in cue("before_verb") and not infinitive


def _acts(item: Item, sentence: Sentence) -> bool:
    """Tell whether an unknown word stands where a verb does: "how much money moves between 6 and 7"."""
    at = sentence.items.index(item) if item in sentence.items else 0
    noun = sentence.at(at - 1)
    word = sentence.tokens[item.end - 1].norm
    after = sentence.tokens[item.end].norm if item.end < len(sentence.tokens) else ""
    subject = (
        noun is not None
        and noun.end == item.start
        and (bool(noun.links) or noun.has("entity") or noun.has("how_much"))
    )
    asked = sentence.tokens[0].norm in ("do", "does", "did") and (at > 0 or item.start > 1)
    verbal = word.endswith(("s", "ed", "e")) and item.text.islower()
    table = sentence.tokens[item.start - 1].norm in cue("data_noun")
    return (subject and verbal and after in _BEHIND_VERB) or (asked and (subject or table) and at <= 2)


_BEHIND_VERB = frozenset(
    {"on", "at", "between", "to", "from", "before", "after", "until", "more", "less", "most", "least", "the"}
    | {"during", "into", "out", "up", "down", "off", "?", "per", "each"}
)


def impossible_day(text: str) -> str | None:
    """Return a day that a text names although no calendar has it: "30 February 2016"."""
    for pattern in _DAYS:
        for found in pattern.finditer(text):
            month = _MONTHS.index(found["month"].lower()) + 1
            longest = monthrange(int(found["year"] or 2000), month)[1]  # 2000 was a leap year
            if not 1 <= int(found["day"]) <= longest:
                return found[0].strip()
    return None


def swallowed(sentence: Sentence) -> list[Item]:
    """Return filler words that stand where only a thing can stand: "balance by status".

    A word such as "status" or "team" says nothing in "the team wants to know"; behind "by", "how many" or a
    statistic it is what is asked about.
    """
    found = []
    owners = {place: item for item in sentence.items for place in range(item.start, item.end)}
    heads = [item for item in sentence.items if item.text.lower() in cue("compound_head") and not item.links]
    found += [item for item in heads if not item.used and _heads_compound(item, owners)]
    for filler in sentence.fillers:
        word = sentence.tokens[filler.start]
        if word.lemma not in cue("filler_noun") | cue("compound_head") or word.norm in _IDIOMS:
            continue
        before = filler.start - 1
        while before >= 0 and sentence.tokens[before].norm in (
            "the",
            "a",
            "an",
            "our",
            "their",
            "each",
            "my",
        ):
            before -= 1
        if word.norm in cue("compound_head") and _heads_compound(filler, owners):
            found.append(filler)  # "delivery time" is no delivery
            continue
        after = owners.get(filler.end)
        governed = owners.get(before)
        if (
            governed is not None
            and governed.has("by", "by")
            or governed is not None
            and (governed.has("count", "how_many") or governed.has("statistic"))
        ) and not (after is not None and (after.links or after.has("entity"))):
            found.append(filler)
    return found


def _heads_compound(filler: Item, owners: Mapping[int, Item]) -> bool:
    """Tell whether a filler word is the head of a noun that the words before it only describe."""
    before = owners.get(filler.start - 1)
    row = before is not None and before.has("entity", "row", "transaction") and not filler.has("superlative")
    return bool(row and before is not None and not before.links and before.end - before.start == 1)


def outside_the_span(request: Request, parts: Parts) -> bool:
    """Tell whether a request is about a day, month or year that the data do not reach."""
    span, time = parts.catalog.span, parts.catalog.table.time
    if span is None or not isinstance(request, Filtered):
        return False
    asked = [
        str(c.value) for c in request.where if c.column == time and c.is_ == "equal" and c.value is not None
    ]
    first, last = span.first.isoformat(), span.last.isoformat()
    return any(_DATED.match(day) and (day < first[: len(day)] or day > last[: len(day)]) for day in asked)


def unconverted(request: Request, parts: Parts) -> list[str]:
    """Say that money is not converted where another currency than that of the data is asked for."""
    notes = []
    tokens = parts.sentence.tokens
    said = [t.lemma for before, t in zip(tokens, tokens[1:], strict=False) if before.norm in ("in", "to")]
    currencies = [UNITS[word] for word in said if word in UNITS and UNITS[word].isupper()]
    measured = [m.column for m in getattr(request, "measures", ()) if m.column]
    for column in measured[:1] if currencies else []:
        unit = parts.column(column).unit
        if unit is None:
            notes.append(f"The file does not say in which currency {column} is.")
        elif unit not in currencies:
            notes.append(f"{column} is in {unit}; there is no exchange rate here, so nothing is converted.")
    return notes
