"""Reads words of rank in a sentence: "the second largest", "leads", "ranks Kerala first"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ORDINALS = {
    "first": 1,
    "1st": 1,
    "one": 1,
    "1": 1,
    "second": 2,
    "2nd": 2,
    "two": 2,
    "2": 2,
    "runner-up": 2,
    "third": 3,
    "3rd": 3,
    "three": 3,
    "3": 3,
    "fourth": 4,
    "4th": 4,
    "4": 4,
    "fifth": 5,
    "5th": 5,
}
_ORDINAL = r"second|2nd|third|3rd|fourth|4th|fifth|5th"
_TOP = (
    r"highest|largest|biggest|greatest|strongest|longest|oldest|dearest|costliest|priciest|heaviest|richest|"
    r"best|most valuable|most expensive|most lucrative|most profitable|most frequent|most populous|"
    r"most common|"
    r"most often|most likely|most frequently|most strongly|"
    r"slowest|best-selling|top-selling|busiest|(?<=the )most(?!\s+(?:of|recent\w*))"
)
_BOTTOM = (
    r"lowest|smallest|weakest|shortest|youngest|cheapest|worst|poorest|least valuable|least expensive|"
    r"least often|least likely|least frequently|rarest|"
    r"least common|fastest|quickest|fewest|quietest|(?<=the )least"
)
# What people do with something most is what most people do: "the second most visited branch".
_USED = (
    r"(?:(?:often|frequently|widely|commonly|heavily)[\s-])?(?:popular|favou?red|liked|sought(?:[\s-]after)?|"
    r"sold|bought|taken|chosen|frequented|(?!varied|mixed|skewed|delayed|affected|concerned|advanced|limited|"
    r"concentrated|related|correlated)\w{2,}ed)"
)
_SUPERLATIVE = re.compile(
    rf"\b(?:(?P<place>{_ORDINAL})[\s-]+)?"
    rf"(?:(?P<top>most[\s-]{_USED}|{_TOP})|(?P<bottom>least[\s-]{_USED}|{_BOTTOM}))\b(?!\s+(?:\d|one percent|"
    r"two|three|four|five|ten|possible|single|value of|change|gap|difference|basket is|of these))",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"\b(?:rank(?:s|ed|ing)?|comes?|came|finish(?:es|ed)|placed?|places|stands?|sits?|is|are|was|in|takes?|took)\s+"
    r"(?:clear(?:ly)?\s+|only\s+|a\s+(?:close|distant|clear)\s+|the\s+)?(?:(?:in|at|on)\s+)?(?:#\s?|number\s+|no\.\s?)?"
    r"(?P<place>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|[1-4](?![\d,.%]))"
    r"(?=\s+(?:place|spot|position|rank|by|in|with|at|on|among|of|overall|for|behind)\b|\s*[,.;:(]|\s*$)"
    r"(?!\s+(?:of\s+all|in\s+(?:the\s+)?(?:line|order)|(?:out\s+)?of\s+(?:the\s+|our\s+|all\s+)?\d))",
    re.IGNORECASE,
)
_NUMBER_ONE = re.compile(r"(?:\bnumber|\bno\.|#)\s?(?P<place>one|two|three|1|2|3|4)\b", re.IGNORECASE)
_LEADS = re.compile(
    r"\b(?:leads?(?!\s+(?:to|time|days?))|tops|is on top|comes out (?:on top|ahead)|at the top|"
    r"dominates?|front-?runner|ahead of (?:all|every|both))\b",
    re.IGNORECASE,
)
_TRAILS = re.compile(
    r"\b(?:trails? (?:all|everyone|both|the (?:others|rest))|brings? up the rear|at the bottom|"
    r"(?:is|are|comes?|ranks?|finish\w*) last|behind (?:all|every|both))\b",
    re.IGNORECASE,
)
_PEAK = re.compile(
    r"\b(?:peaked|(?:the|its|their) (?:\w+ )?(?:peak|high point)|record (?:high|month|day|week|year)|"
    r"all-time high)\b",
    re.IGNORECASE,
)
_TROUGH = re.compile(r"\b(?:(?:the|its|their) (?:trough|low point)|bottomed out|record low)\b", re.IGNORECASE)
_HEDGED = re.compile(
    r"\b(?:from the|by the|sorted by|ordered by|in order of|starting with|one of (?:the|our|your|its)|"
    r"among the|at|not(?: the)?|nor|neither|next|after|remaining|"
    r"other|rest|besides|"
    r"apart from|excluding|except|than|if|whether|nearly the|almost the|their|its|two|three|four|five|"
    r"both|several|many)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?:among|besides|apart from|excluding|except(?:ing)?|remaining|leaving aside)\b", re.I
)
_ITS = re.compile(r"\b(?:its|their)\s+$", re.IGNORECASE)  # "has its highest share in Pune"
_WHERE = re.compile(r"(?:\s+[a-z]+){0,2}\s+(?:in|at|on|for|among)\s", re.IGNORECASE)
_MOST = re.compile(  # "most flyers are Blue"
    r"(?:^|[.;,:]\s+)(?:the )?(?:most|majority)(?:\s+of)?(?:\s+(?:the|our|your|these))?(?:\s+[\w-]+){1,3}?\s+"
    r"(?=(?:is|are|was|were|come|came|live|choose|use|have|fall|belong|concern)\b)",
    re.IGNORECASE,
)
_VIRTUE = re.compile(  # "the most loyal" have the lowest rate of leaving
    r"\s+(?:loyal|stable|faithful|satisfied|reliable|punctual|secure|safe|careful|committed|consistent|content)\b",
    re.I,
)
_SIZE_WORD = re.compile(
    rf"largest|biggest|smallest|busiest|quietest|(?:most|least)[\s-]{_USED}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Rank:
    """A place that a sentence claims: the first or last by value where `places` is 1, with its position."""

    start: int
    end: int
    place: int
    from_top: bool | None  # None where "best" or "worst" may be either end
    by_size: bool
    by_verb: bool = False


def ranks_in(text: str) -> Iterator[Rank]:
    """Yield the places that a sentence gives somebody, superlatives first."""
    if _LIMITED.search(text):
        return
    for match in _SUPERLATIVE.finditer(text):
        own = _ITS.search(text[: match.start()]) and _WHERE.match(text, match.end())
        if own or not _HEDGED.search(text[: match.start()]):
            word = match[0].lower()
            either = bool(re.search(r"best|worst|strongest|weakest|slowest|fastest|quickest", word))
            either = either or bool(_VIRTUE.match(text, match.end()))
            place = _ORDINALS[(match["place"] or "first").lower()]
            yield Rank(
                match.start(), match.end(), place, None if either and place == 1 else bool(match["top"]),
                bool(_SIZE_WORD.search(word)),
            )  # fmt: skip
    for match in _MOST.finditer(text):
        yield Rank(match.start(), match.end(), 1, True, False)
    for pattern in (_RANKED, _NUMBER_ONE):
        for match in pattern.finditer(text):
            last = match["place"].lower() == "last"
            if not re.search(r"\bnot\b", text[: match.start()]):
                place = 1 if last else _ORDINALS[match["place"].lower()]
                yield Rank(match.start(), match.end(), place, not last, False, True)
    for pattern, from_top in ((_LEADS, True), (_TRAILS, False), (_PEAK, True), (_TROUGH, False)):
        for match in pattern.finditer(text):
            yield Rank(match.start(), match.end(), 1, from_top, False, pattern in (_LEADS, _TRAILS))
