"""Moves the limits that segments were cut at: "raise the bar for Key to 800", "make the lower cut 620".

A limit is meant by the segment that it belongs to, by its place among the others, or by being the only one.
Rules and tiers are made again with it, under the names that their segments have now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.definition_names import words
from assistant.builtin.request import Request
from assistant.builtin.request.edits import RenameSegment
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import SegmentByRules, SegmentByValue
from assistant.builtin.templates import either, words_of
from tools.selecting import Condition

Cut = SegmentByRules | SegmentByValue
_LOWER, _UPPER = ("above", "at_least"), ("below", "at_most")
_STEP = 1.0  # 669 and 670 are one limit between whole numbers


@dataclass(frozen=True)
class _Wish:
    """What a message says of limits.

    Attributes:
        value: The new value.
        percent: It is a share.
        segment: The segment meant.
        place: The place of the limit among all, -1 for the highest.
        side: Whether the segment begins ("low") or ends ("high") there.
        sure: The words leave no doubt that a limit is meant, and no number of segments.
    """

    value: float
    percent: bool
    segment: str | None
    place: int | None
    side: str = ""
    sure: bool = True


def move_limits(text: str, scheme: Cut, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a message that moves one limit of the segments; None if it does anything else."""
    wish = _wish(text, catalog)
    if wish is None:
        return None
    scheme = as_named_now(scheme, conversation)
    if isinstance(scheme, SegmentByValue):
        return _made(scheme, _in_tiers(scheme, wish))
    edges = edges_of(scheme)
    if not edges or not (wish.sure or _is_like(wish.value, edges)):
        return None
    edge = _meant(scheme, edges, wish) or _as_it_was(scheme, edges, wish, conversation)
    if edge is None:
        told = {"edges": [f"{one:g}" for one in edges], "value": f"{wish.value:g}"}
        choices = tuple(
            f"Move the {_PLACES[place]} limit to {wish.value:g}" for place in range(min(len(edges), 4))
        )
        return Reply("clarify", "which_limit", told, choices)
    return _made(scheme, _shifted(scheme, edge, wish.value))


_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")


def _is_like(value: float, edges: list[float]) -> bool:
    """Tell whether a bare number may be a limit: no number of segments, or limits are as small."""
    return value > _MOST_SEGMENTS or not value.is_integer() or edges[0] <= _MOST_SEGMENTS


_MOST_SEGMENTS = 12


def _made(scheme: Cut, changed: Request | None) -> Reading | None:
    return Reading((changed,)) if changed is not None and changed != scheme else None


@cache
def _way(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{either(words(name))})")


def _wish(text: str, catalog: Catalog) -> _Wish | None:
    """Return what a message says, if every word of it is about a limit, a segment or a number."""
    names, rest = _named(text.strip().rstrip("?!. "), catalog)
    numbers = [item.number for item in annotate(rest, catalog).items if item.number]
    if len(numbers) != 1 or len(names) > 1:
        return None
    said, number = words_of(rest).said, numbers[0]
    low, middle, third, high = (
        bool(_way(f"{name}_limit").search(said)) for name in ("low", "second", "third", "high")
    )
    place = -1 if high else 0 if low else 1 if middle else 2 if third else None
    edge = bool(_way("limit_noun").search(said)) or place is not None
    moves = bool(_way("limit_verb").search(said))
    left = said
    for name in _ALL:
        left = _way(name).sub("", left)
    if re.sub(r"\S*\d\S* ", "", left).strip() or not (moves or edge or names):
        return None
    percent = number.unit == "%"
    side = "low" if _way("limit_start").search(said) else "high" if _way("limit_end").search(said) else ""
    sure = bool(names or edge or percent or _way("limit_back").search(said))
    return _Wish(float(plain(number.value)), percent, names[0] if names else None, place, side, sure)


_ALL = (
    "limit_verb", "limit_noun", "limit_start", "limit_end", "limit_back", "low_limit", "second_limit",
    "third_limit", "high_limit", "limit_filler",
)  # fmt: skip


def _named(text: str, catalog: Catalog) -> tuple[list[str], str]:
    """Return the segments that a text names, and the text without them."""
    names = []
    for name in sorted(catalog.segments, key=len, reverse=True):
        way = re.compile(
            rf"(?<!\w)[\"“'‘]?(?:the )?{re.escape(name)}(?:s|['’]s)?[\"”'’]?(?!\w)", re.IGNORECASE
        )
        if way.search(text):
            names.append(name)
            text = way.sub(" ", text)
    return names, text


def edges_of(scheme: SegmentByRules) -> list[float]:
    """Return the limits of rules on one number, each once, from the lowest; none of several."""
    bounded = [(c.column, value) for s in scheme.segments for c in s.where for value in _values(c)]
    if len({column for column, _ in bounded}) != 1:
        return []
    edges: list[float] = []
    for _, value in sorted(bounded):
        if not edges or value - edges[-1] > (_STEP if value.is_integer() and edges[-1].is_integer() else 0):
            edges.append(value)
    return edges


def _values(one: Condition) -> list[float]:
    if one.is_ == "between":
        return [float(v) for v in one.values if isinstance(v, int | float)]
    ranged = one.is_ in (*_LOWER, *_UPPER) and isinstance(one.value, int | float) and one.than is None
    return [float(one.value)] if ranged and isinstance(one.value, int | float) else []


def _near(value: float, edge: float) -> bool:
    return value == edge or (value.is_integer() and edge.is_integer() and 0 <= value - edge <= _STEP)


def _meant(scheme: SegmentByRules, edges: list[float], wish: _Wish) -> float | None:
    """Return the limit that a message means; None where it may be several."""
    if len(edges) == 1:
        return edges[0]
    if wish.place is not None:
        return edges[wish.place] if wish.place < len(edges) else None
    own = next((s for s in scheme.segments if wish.segment and s.name.lower() == wish.segment.lower()), None)
    if own is None:
        return None
    mine = [edge for edge in edges if any(_near(v, edge) for c in own.where for v in _values(c))]
    if len(mine) == 1:
        return mine[0]
    if len(mine) != 2:
        return None
    if wish.side:
        return mine[0 if wish.side == "low" else 1]
    near, far = sorted(mine, key=lambda edge: abs(edge - wish.value))
    return near if _CLEARLY * abs(near - wish.value) < abs(far - wish.value) else None


_CLEARLY = 3  # times nearer than the other limit of a segment


def _shifted(scheme: SegmentByRules, edge: float, value: float) -> SegmentByRules:
    """Put a value in the place of a limit, on both sides of it."""

    def moved(old: float) -> float | int:
        return plain(value + (old - edge)) if _near(old, edge) else plain(old)

    def changed(one: Condition) -> Condition:
        if one.is_ == "between" and _values(one):
            return one.model_copy(update={"values": sorted(moved(v) for v in _values(one))})
        return one.model_copy(update={"value": moved(_values(one)[0])}) if _values(one) else one

    def called(name: str) -> str:
        for old in (edge, edge + _STEP):  # "over 700" is "over 720" now, "580-669" is "601-669"
            written = re.compile(rf"(?<![\d.,]){re.escape(f'{old:g}')}(?![\d.,]*\d)")
            if written.search(name):
                return written.sub(f"{moved(old):g}", name)
        return name

    segments = [
        s.model_copy(update={"where": [changed(c) for c in s.where], "name": called(s.name)})
        for s in scheme.segments
    ]
    return scheme.model_copy(update={"segments": segments})


def _as_it_was(
    scheme: SegmentByRules, edges: list[float], wish: _Wish, conversation: Conversation
) -> float | None:
    """Return the limit that once lay where it is to lie again: "back to 500"."""
    if wish.segment is not None or wish.place is not None:
        return None
    for turn in reversed(conversation.turns):
        for one in reversed(turn.requests):
            earlier = edges_of(one) if isinstance(one, SegmentByRules) and one != scheme else []
            place = next((n for n, edge in enumerate(earlier) if _near(edge, wish.value)), None)
            if place is not None and len(earlier) == len(edges):
                return edges[place]
    return None


def _in_tiers(scheme: SegmentByValue, wish: _Wish) -> SegmentByValue | None:
    """Change one share or one threshold of tiers; the largest come first among shares."""
    if scheme.top_shares and (wish.percent or wish.value < 100):
        place = _place_of(scheme, wish, len(scheme.top_shares))
        if place is None:
            return None
        shares = [plain(wish.value) if n == place else s for n, s in enumerate(scheme.top_shares)]
        return scheme.model_copy(update={"top_shares": shares}) if sum(shares) < 100 else None
    if scheme.thresholds and not wish.percent:
        place = wish.place if wish.place is not None else 0 if len(scheme.thresholds) == 1 else None
        if place is None or place >= len(scheme.thresholds):
            return None
        edges = list(scheme.thresholds)
        edges[place] = float(wish.value)
        return scheme.model_copy(update={"thresholds": sorted(edges)})
    return None


def _place_of(scheme: SegmentByValue, wish: _Wish, n: int) -> int | None:
    if wish.segment is not None:
        lowered = [name.lower() for name in scheme.names]
        known = wish.segment.lower() in lowered and lowered.index(wish.segment.lower()) < n
        return lowered.index(wish.segment.lower()) if known else 0 if n == 1 else None
    return 0 if n == 1 or wish.place == -1 else None


def as_named_now(scheme: Cut, conversation: Conversation) -> Cut:
    """Give segments the names that they were given since they were made."""
    told: dict[str, str] = {}
    for turn in conversation.turns:
        for one in turn.requests:
            if one == scheme:
                told = {}
            elif isinstance(one, RenameSegment):
                told[one.segment.lower()] = one.name
    if not told:
        return scheme
    if isinstance(scheme, SegmentByValue):
        return scheme.model_copy(update={"names": [told.get(n.lower(), n) for n in scheme.names]})
    segments = [s.model_copy(update={"name": told.get(s.name.lower(), s.name)}) for s in scheme.segments]
    rest = told.get(scheme.otherwise.lower(), scheme.otherwise)
    return scheme.model_copy(update={"segments": segments, "otherwise": rest})
