"""Knows a list of ranges as people write it: rungs with names around them, "1 order, 2 to 5, 6 plus".

A rung is a number with what bounds it, and is found by the words of `schemes.toml`, whatever stands around.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.builtin.numbers import Quantity, plain, read_quantity
from assistant.builtin.parsing.definition_names import words
from assistant.builtin.tokens import Token, tokenise

_JOINS = {"and", "or", "vs", "versus", "but", "then"}
_SPAN = {"to", "-", "–", "until", "through", "till"}
_DEGREES = {"more", "less", "fewer", "longer", "later", "older", "younger"}  # "no more" is no zero
_LONGEST = 4  # words of a phrase
_NOUNS = 2  # words between a number and "or more": "5 large orders or more"


@dataclass(frozen=True)
class Rung:
    """One range of numbers.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        text: As written.
        low: Where it begins; None for no limit.
        high: Where it ends; None for no limit.
        holds_low: It holds its lower end.
        holds_high: It holds its upper end.
        unit: Unit said with the numbers, such as "years".
        bare: It is a mere number.
        counts: It is said as a number of times: "once", "never".
    """

    start: int
    end: int
    text: str
    low: float | None = None
    high: float | None = None
    holds_low: bool = True
    holds_high: bool = True
    unit: str | None = None
    bare: bool = False
    counts: bool = False

    @property
    def stated(self) -> str:
        """The range as conditions are read: "at least 30", "between 10 and 30"."""
        if self.low is not None and self.high is not None:
            if self.low == self.high:
                return f"= {plain(self.low)}"
            return f"between {plain(self.low)} and {plain(self.high)}"
        if self.low is not None:
            return f"{'at least' if self.holds_low else 'over'} {plain(self.low)}"
        return f"{'up to' if self.holds_high else 'under'} {plain(self.high or 0)}"


@dataclass(frozen=True)
class Piece:
    """One rung with the words before and behind it."""

    before: str
    rung: Rung
    behind: str


def pieces(text: str) -> list[Piece]:
    """Cut a text into its rungs; what stands between two of them belongs to the nearer side of the comma.

    Returns:
        The rungs in the order written; none where two of them stand in one stretch.
    """
    tokens = tokenise(text)
    found = _without_counts_of_segments(_rungs(tokens, text), tokens)
    made: list[Piece] = []
    at = 0
    for place, one in enumerate(found):
        end = found[place + 1].start if place + 1 < len(found) else len(text)
        between = _SEPARATOR.search(text[one.end : end])
        if between is None and place + 1 < len(found):
            return []
        stop = one.end + between.start() if between else end
        made.append(Piece(text[at : one.start], one, text[one.end : stop]))
        at = one.end + between.end() if between else end
    return made


_SEPARATOR = re.compile(r"[,;/\n|]|\s(?:and|or|vs\.?|versus|but|then)\s", re.IGNORECASE)


def _rungs(tokens: Sequence[Token], text: str) -> list[Rung]:
    """Return all ranges of a text from the left; one that is open goes on from the last limit."""
    found: list[Rung] = []
    at = 0
    while at < len(tokens):
        said = _between(tokens, at) or _compared(tokens, at) or _none(tokens, at) or _alone(tokens, at)
        rung, end = said if said else (_open(tokens, at, found), at)
        if rung is None:
            at += 1
            continue
        end = end if said else at + _open_length(tokens, at)
        start, stop = tokens[at].start, tokens[end - 1].end
        found.append(replace(rung, start=start, end=stop, text=text[start:stop]))
        at = end
    return found


def _quantity(tokens: Sequence[Token], at: int) -> tuple[Quantity, int] | None:
    """Read a number at a place: 30k, two, twice, a single, a year, 20s."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    following = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    if token.norm == "a" and following == "single":
        return Quantity(1.0), at + 2
    if token.norm in ("a", "an") and following in _TIMES:
        return Quantity(1.0, _TIMES[following]), at + 2
    found = read_quantity(tokens, at)
    if found is None or found[0].unit in ("%", "ordinal", "percentile") or token.kind == "quoted":
        return None
    number, end = found
    if token.norm in ("once", "twice", "thrice"):
        number = replace(number, unit="times")
    if end < len(tokens) and tokens[end].norm == "s" and tokens[end].start == tokens[end - 1].end:
        end += 1  # "the 20s"
    return number, end


_TIMES = {"year": "years", "month": "months", "week": "weeks", "day": "days", "hour": "hours"}


def _rung(low: Quantity | None, high: Quantity | None, **more: bool) -> Rung:
    unit = next((q.unit for q in (high, low) if q is not None and q.unit), None)
    return Rung(
        0, 0, "", low.value if low else None, high.value if high else None,
        unit=None if unit == "times" else unit, counts=unit == "times", **more,
    )  # fmt: skip


def _between(tokens: Sequence[Token], at: int) -> tuple[Rung, int] | None:
    """Read "2 to 5", "between 2 and 5", "two or three", "from 2 orders up to 5 orders"."""
    lead = tokens[at].norm in ("between", "from")
    first = _quantity(tokens, at + lead)
    if first is None:
        return None
    end = first[1]
    if end + 1 < len(tokens) and _is_noun(tokens[end]) and tokens[end + 1].norm in _SPAN:
        end += 1
    if end < len(tokens) and tokens[end].norm == "up":
        end += 1
    joins = _SPAN | {"or"} | ({"and"} if tokens[at].norm == "between" else set())
    if end >= len(tokens) or tokens[end].norm not in joins:
        return None
    second = _quantity(tokens, end + 1)
    if tokens[end].norm == "or" and (second is None or second[0].value != first[0].value + 1):
        return None
    if second is None or second[0].value < first[0].value:
        return None
    return _rung(first[0], second[0]), second[1]


def _compared(tokens: Sequence[Token], at: int) -> tuple[Rung, int] | None:
    """Read a number with a word of comparison before it: "under 10", "at least 3", "exactly one"."""
    for name in ("rung_below", "rung_at_most", "rung_above", "rung_at_least", "rung_exactly"):
        length = _said(tokens, at, name)
        found = _quantity(tokens, at + length) if length else None
        if found is None:
            continue
        number, end = found
        if name in ("rung_below", "rung_at_most"):
            return _rung(None, number, holds_high=name == "rung_at_most"), end
        if name == "rung_exactly":
            return _rung(number, number), end
        behind = _said(tokens, end, "rung_or_more") or _said(tokens, end, "rung_or_less")
        return _rung(number, None, holds_low=name == "rung_at_least" or bool(behind)), end + behind
    return None


def _alone(tokens: Sequence[Token], at: int) -> tuple[Rung, int] | None:
    """Read a number with "or more" or "or less" behind it, or nothing at all: "10+", "2 or fewer", "1"."""
    found = _quantity(tokens, at)
    before = tokens[at - 1].norm if at else ""
    if found is None or (before in words("rung_no_number") and tokens[at].kind == "word"):
        return None
    number, end = found
    for n in range(_NOUNS + 1):
        nouns = tokens[end : end + n]
        if len(nouns) < n or any(not _is_noun(noun) for noun in nouns):
            break
        for name, above in (("rung_or_more", True), ("rung_or_less", False)):
            length = _said(tokens, end + n, name)
            if not length or _quantity(tokens, end + n + length):
                continue
            made = _rung(number, None) if above else _rung(None, number)
            return made, end + n + length
    return _rung(number, number, bare=number.unit != "times"), end


def _none(tokens: Sequence[Token], at: int) -> tuple[Rung, int] | None:
    """Read nothing at all as 0: "none", "never", "no visits", "not a single order"."""
    zero = Quantity(0.0)
    length = _said(tokens, at, "rung_zero")
    if length:
        counts = tokens[at].norm in ("never", "not")
        return replace(_rung(zero, zero), counts=counts), at + length
    length = _said(tokens, at, "rung_no")
    nouns = tokens[at + length : at + length + 1]
    if not length or not nouns or not _is_noun(nouns[0]) or nouns[0].norm in _DEGREES:
        return None
    return _rung(zero, zero), at + length


def _open(tokens: Sequence[Token], at: int, found: Sequence[Rung]) -> Rung | None:
    """Read a range that goes on from the one before: "above that", "more often", "anything less"."""
    if not found or not _open_length(tokens, at):
        return None
    ends = [one for one in found if one.high is not None]
    if _said(tokens, at, "rung_open"):
        if not ends or any(one.high is None for one in found):
            return None
        last = max(ends, key=lambda one: one.high or 0.0)
        above = Rung(0, 0, "", low=last.high, holds_low=not last.holds_high)
        return replace(above, unit=last.unit, counts=last.counts)
    starts = [one for one in found if one.low is not None]
    if not starts or any(one.low is None for one in found):
        return None
    first = min(starts, key=lambda one: one.low or 0.0)
    below = Rung(0, 0, "", high=first.low, holds_high=not first.holds_low)
    return replace(below, unit=first.unit, counts=first.counts)


def _open_length(tokens: Sequence[Token], at: int) -> int:
    """Return the length of words for all above, or all below, the other ranges; a number may not follow."""
    length = _said(tokens, at, "rung_open") or _said(tokens, at, "rung_open_below")
    return 0 if length and _quantity(tokens, at + length) else length


def _said(tokens: Sequence[Token], at: int, name: str) -> int:
    """Return how many tokens a phrase of a list takes up at a place; 0 if none stands there."""
    for length in range(_LONGEST, 0, -1):
        said = " ".join(token.norm for token in tokens[at : at + length])
        if len(tokens[at : at + length]) == length and said in _listed(name):
            return length
    return 0


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(words(name))


def _is_noun(token: Token) -> bool:
    """Tell whether a token may be what is counted: a word that neither joins nor compares."""
    return token.kind == "word" and token.norm not in _JOINS | _SPAN | {"plus", "of", "by", "on", "in"}


def _without_counts_of_segments(found: list[Rung], tokens: Sequence[Token]) -> list[Rung]:
    """Leave out the number of segments: "make 3 groups", "into four"."""
    kept = []
    for one in found:
        before = [t.norm for t in tokens if t.end <= one.start]
        after = [t.lemma for t in tokens if t.start >= one.end][:2]
        counted = set(after) & set(words("rung_made")) or before[-1:] in (["into"], ["in"], ["k"], ["last"])
        if not (one.bare and counted):
            kept.append(one)
    return kept
