"""Knows which date column a word for what happened speaks of, and reads which of two dates comes first."""

from __future__ import annotations

from os.path import commonprefix

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.naming import stands_for
from assistant.builtin.parsing.negation import add_condition, take_negation
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import name_words, root

_SHARED = 5  # letters that "delivery" and delivered_at must share
_REACH = 4  # items between a date and the word that compares it
_WAYS = {
    "before": "below", "earlier than": "below", "ahead of": "below", "prior to": "below", "after": "above",
    "later than": "above", "following": "above", "on or before": "at_most", "no later than": "at_most",
    "on or after": "at_least", "by": "at_most",
}  # fmt: skip


def moment_of(parts: Parts, item: Item) -> str | None:
    """Return the date column that an item names, or that says when what it speaks of happened.

    "Booking" is about booked_on, "appointment" about appt_at, "were collected" about collected_at.
    """
    if item.number is not None or item.values or item.has("period"):
        return None
    for link in item.links:
        if parts.column(link.column).kind in ("date", "datetime") and link.how != "role":
            return link.column
    if item.links and item.links[0].how != "role" and not item.has("entity"):
        return None
    said = [token.lemma for token in parts.sentence.tokens[item.start : item.end] if len(token.lemma) > 3]
    for column in parts.catalog.table.columns:
        dated = column.kind in ("date", "datetime") and column.role != "birth_date"
        if dated and any(_speaks_of(own, word) for own in name_words(column.name) for word in said):
            return column.name
    return None


def _speaks_of(own: str, word: str) -> bool:
    """Tell whether a word of a column's name is a form of a word, or cuts it short."""
    if own in ("date", "time", "day", "on", "at", "by", "dt"):
        return False
    alike = len(commonprefix([own, word])) >= _SHARED or root(own) == root(word)
    inflected = len(own) >= 4 and word.startswith(own)  # "stayed" of LastStay
    return alike or inflected or (len(own) >= 3 and stands_for(own, word))


def take_date_order(parts: Parts) -> None:
    """Read "delivered before they were collected" and "a login later than the cancellation date"."""
    for index, item in parts.sentence.free():
        way = _way(parts, index)
        if way is None:
            continue
        kind, first = way
        left = _nearest(parts, range(first - 1, max(-1, first - 1 - _REACH), -1))
        right = _nearest(parts, range(index + 1, index + 1 + _REACH))
        if left is None or right is None or left[1] == right[1]:
            continue
        denied = take_negation(parts, left[0])
        for at in range(left[0], right[0] + 1):
            parts.sentence.items[at].used = True
        after = parts.sentence.at(right[0] + 1)
        if after is not None and after.links and after.links[0].how == "role":
            after.used = True  # "the promised date"
        for other in parts.sentence.items[: left[0]]:  # "any impossible dates, e.g."
            dates = other.has("grain", "day") and other.links or other.has("logic", "and", "with")
            other.used = other.used or bool(dates) or other is item
        add_condition(parts, condition(left[1], kind, than=right[1]), denied)
        asks = parts.sentence.has("statistic") or parts.sentence.has("share") or parts.share
        parts.counts = parts.counts or not asks
        return


_LATE = frozenset({"late", "delayed", "overdue", "tardy", "belated", "lately"})
_PUNCTUAL = frozenset({"punctual", "punctually", "timely"})


def take_lateness(parts: Parts) -> None:
    """Read "late" and "on time" by what was promised and what was done, if there is one date of each."""
    promised, done = (_dates_of(parts, kind) for kind in ("promise_word", "fulfil_word"))
    if len(promised) != 1 or len(done) != 1 or promised == done:
        return
    if parts.sentence.tokens[0].norm in phrases("asks_why"):
        return  # "why is it the least punctual": whether it is so would have to be ranked first
    for index, item in parts.sentence.free():
        words = {token.norm for token in parts.sentence.tokens[item.start : item.end]}
        after = parts.sentence.tokens[item.end : item.end + 1]
        on_time = (
            words == {"on"} and bool(after) and after[0].norm == "time" or item.text.lower() == "on time"
        )
        late, punctual = bool(words & _LATE), bool(words & _PUNCTUAL) or on_time
        if item.links or item.values or not (late or punctual):
            continue
        item.used = True
        for near in parts.sentence.items[max(0, index - 2) : index + 2]:
            verb = moment_of(parts, near) == done[0] or near.text.lower() in (
                "arrived",
                "arrive",
                "arriving",
                "came",
            )
            near.used = near.used or verb or (on_time and near.text.lower() == "time")
        made = condition(done[0], "above" if late else "at_most", than=promised[0])
        parts.note(
            f'I read "{item.text.lower()}" as **{done[0]}** {"after" if late else "by"} **{promised[0]}**.'
        )
        add_condition(parts, made, take_negation(parts, index))
        asks = parts.sentence.has("statistic") or parts.sentence.has("share") or parts.share
        parts.counts = parts.counts or not asks
        return


def _dates_of(parts: Parts, kind: str) -> list[str]:
    """Return the date columns of the table with one of these words in their names."""
    dates = [c.name for c in parts.catalog.table.columns if c.kind in ("date", "datetime")]
    return [name for name in dates if set(name_words(name)) & cue(kind)]


def _way(parts: Parts, index: int) -> tuple[str, int] | None:
    """Return the comparison that an item makes of two dates, with the first item of its words."""
    item = parts.sentence.items[index]
    if not item.has("time_preposition") and not item.has("comparator"):
        return None
    tokens = [token.norm for token in parts.sentence.tokens]
    if tokens[max(0, item.start - 2) : item.start] == ["on", "or"]:
        kind = _WAYS.get(f"on or {item.text.lower()}")
        first = next(at for at, other in enumerate(parts.sentence.items) if other.end > item.start - 2)
        return (kind, first) if kind else None
    kind = _WAYS.get(item.text.lower())
    return (kind, index) if kind else None


def _nearest(parts: Parts, places: range) -> tuple[int, str] | None:
    """Return the first of some items that speaks of a date, with its column."""
    for at in places:
        item = parts.sentence.at(at)
        if item is None or item.used or item.number is not None or item.has("period"):
            return None
        name = moment_of(parts, item)
        if name is not None:
            return at, name
    return None
