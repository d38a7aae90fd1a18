"""Writes out which segments a message picks: by level, by a word of their names, by what holds of them.

"The lowest two bands", "the two in the middle", "the automatic ones" and "all the ones without internet"
become the names of the segments, so that whatever is asked of them needs only names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from assistant.builtin.conversation import Conversation
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_conditions import stated
from assistant.builtin.parsing.definition_names import words
from assistant.builtin.request.segments import (
    FindSegments,
    SegmentByRfm,
    SegmentByRules,
    SegmentByValue,
)
from assistant.builtin.templates import either, words_of
from tools.selecting import Condition

Scheme = FindSegments | SegmentByRfm | SegmentByRules | SegmentByValue
_COUNTS = {"two": 2, "2": 2, "three": 3, "3": 3, "both": 2, "four": 4, "4": 4}


def picked(text: str, catalog: Catalog, conversation: Conversation, scheme: Scheme | None) -> str:
    """Return a message with the segments that it picks by name.

    Args:
        text: The message.
        catalog: The data, with the segments there are.
        conversation: Earlier turns.
        scheme: The request that made the segments.
    """
    if len(catalog.segments) < 2 or scheme is None:
        return text
    text = _others(text, catalog, conversation)
    order = _by_level(scheme, catalog)
    for way, pick in _ways():
        found = way.search(words_of(text).said)
        names = pick(found, order, catalog, scheme) if found else []
        if found and names:
            said = words_of(text)
            start, end = said.span(found.start(), found.end())
            return text[:start] + " and ".join(f"“{name}”" for name in names) + text[end:]
    return text


def _by_level(scheme: Scheme, catalog: Catalog) -> list[str]:
    """Return the segments from the lowest to the highest; none where they have no such order."""
    names = list(catalog.segments)
    if isinstance(scheme, SegmentByValue):
        return names[::-1]
    if not isinstance(scheme, SegmentByRules):
        return []
    columns = {c.column for s in scheme.segments for c in s.where}
    lows = [_low(s.where) for s in scheme.segments]
    if len(columns) != 1 or any(low is None for low in lows):
        return []
    level = {s.name: low for s, low in zip(scheme.segments, lows, strict=True) if low is not None}
    known = [name for name in names if name in level]
    whole = len(known) == len(names) or (names[-1] == scheme.otherwise and _ends_open(scheme))
    return sorted(known, key=lambda name: level[name]) if whole else []


def _ends_open(scheme: SegmentByRules) -> bool:
    """Tell whether rules reach from the lowest to the highest value: only unknown ones are left over."""
    ways = {one.is_ for segment in scheme.segments for one in segment.where}
    return bool(ways & {"below", "at_most"}) and bool(ways & {"above", "at_least"})


def _low(where: list[Condition]) -> float | None:
    """Return where a segment begins; minus infinity for "under 600"."""
    if len(where) != 1:
        return None
    (one,) = where
    if one.is_ == "between" and isinstance(one.values[0], int | float):
        return float(one.values[0])
    if not isinstance(one.value, int | float):
        return None
    return float("-inf") if one.is_ in ("below", "at_most") else float(one.value)


_Pick = Callable[[re.Match[str], list[str], Catalog, Scheme], list[str]]


@cache
def _ways() -> tuple[tuple[re.Pattern[str], _Pick], ...]:
    count = either(tuple(_COUNTS))
    n, m, k = (f"(?P<{name}>{count})" for name in ("n", "n2", "n3"))
    noun = f"(?:{either(words('segment_noun'))})"
    low, high = (f"(?:{either(words(name))})" for name in ("lowest", "highest"))
    lead = "(?<!\\S)(?:all )?(?:of )?(?:the )?"
    return (
        (re.compile(f"{lead}(?:{low}{n}|{m}{low}){noun}?"), _lowest),
        (re.compile(f"{lead}(?:{high}{n}|{m}{high}){noun}?"), _highest),
        (re.compile(f"{lead}{low}{noun}"), _lowest),
        (re.compile(f"{lead}{high}{noun}"), _highest),
        (re.compile(
            f"{lead}(?:(?:middle |inner ){n}|{m}(?:{noun})?in (?:the middle|between) |{k}middle )"
            f"{noun}?"), _middle),
        (re.compile(f"{lead}(?:middle|central|mid) {noun}"), _middle),
        (re.compile(
            f"(?<!\\S)(?:all )?(?:of )?(?:the |those )(?:{n})?(?P<who>(?:\\S+ ){{1,3}}?)"
            "(?:ones|segments|groups) "), _called),
        (re.compile(
            f"(?<!\\S)(?:all )?(?:of )?(?:the |those )?(?:{n})?(?:ones|segments|groups|those) "
            r"(?P<who>(?:with|without|that|who|in|from|on) (?:\S+ ){1,5}?)"
            r"(?=$|(?:together|into|to|and call|as|under) )"), _holding),
    )  # fmt: skip


def _n(found: re.Match[str]) -> int:
    told = next((value for key, value in found.groupdict().items() if key.startswith("n") and value), None)
    return _COUNTS[told.strip()] if told else 1


def _lowest(found: re.Match[str], order: list[str], catalog: Catalog, scheme: Scheme) -> list[str]:
    return order[: _n(found)]


def _highest(found: re.Match[str], order: list[str], catalog: Catalog, scheme: Scheme) -> list[str]:
    return order[-_n(found) :] if order else []


def _middle(found: re.Match[str], order: list[str], catalog: Catalog, scheme: Scheme) -> list[str]:
    n = _n(found)
    beside = len(order) - n
    return order[beside // 2 : beside // 2 + n] if order and beside > 0 and beside % 2 == 0 else []


def _called(found: re.Match[str], order: list[str], catalog: Catalog, scheme: Scheme) -> list[str]:
    """Return the segments whose names hold a word: the automatic ones of "Credit card (automatic)"."""
    said = found["who"].split()
    fits = [
        name for name in catalog.segments
        if all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", name, re.IGNORECASE) for word in said)
    ]  # fmt: skip
    wanted = _COUNTS[found["n"].strip()] if found["n"] else None
    several = 0 < len(fits) < len(catalog.segments) and (wanted is None or wanted == len(fits))
    return fits if several else []


def _others(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Write out "put the other three together": all segments but the one that was spoken of last."""
    said = words_of(text)
    last = conversation.last_segment()
    rest = [name for name in catalog.segments if not last or name.lower() != last.lower()]
    found = _OTHERS.search(said.said)
    if found is None or len(rest) != len(catalog.segments) - 1 or not _MERGING.match(said.said):
        return text
    if found["n"] and _COUNTS[found["n"].strip()] != len(rest):
        return text
    start, end = said.span(found.start(), found.end())
    return text[:start] + " and ".join(f"“{name}”" for name in rest) + text[end:]


_OTHERS = re.compile(
    rf"(?<!\S)(?:all )?(?:of )?(?:the )?(?:(?:other|remaining) (?P<n>{either(tuple(_COUNTS))})?"
    rf"(?:{either(words('segment_noun'))})?|others |rest )"
)
_MERGING = re.compile(rf"(?:{either(words('soft'))})*(?:{either(words('merge_verb'))})")


def _holding(found: re.Match[str], order: list[str], catalog: Catalog, scheme: Scheme) -> list[str]:
    """Return the segments whose rules say what is said: "the ones without internet"."""
    told = stated(f"customers {found['who'].strip()}", catalog, None)
    if told is None or not isinstance(scheme, SegmentByRules):
        return []
    fits = [
        s.name for s in scheme.segments
        if s.name in catalog.segments and all(any(_same(own, one) for own in s.where) for one in told.where)
    ]  # fmt: skip
    wanted = _COUNTS[found["n"].strip()] if found["n"] else None
    return fits if len(fits) < len(catalog.segments) and (wanted is None or wanted == len(fits)) else []


def _same(own: Condition, one: Condition) -> bool:
    return own.column == one.column and own.is_ == one.is_ and own.value == one.value
