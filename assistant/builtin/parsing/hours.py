"""Reads hours of the day: "after 6 pm", "between 9 and 17 o'clock", "from 10 pm to midnight"."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item

_NAMED = {"noon": 12, "midday": 12, "midnight": 24}
_SIGNS = ("pm", "p.m", "p", "am", "a", "a.m", "o'clock", "oclock", "h", "hrs")
_COMPARED = {
    "after": "at_least", "since": "at_least", "from": "at_least", "past": "at_least", "before": "below",
    "until": "below", "till": "below", "by": "below",
}  # fmt: skip
_BEFORE_CLOCK = frozenset({*_COMPARED, "at", "around", "between", "and", "to", "-", "–", "than"})


@dataclass
class _Clock:
    """A time of day: the words that say it, its full hour if that is sure, and its minutes."""

    item: Item
    hour: int
    sure: bool = True
    minutes: int = 0


def take_hours(parts: Parts) -> None:
    """Read times of day as conditions on the hour, where the data know it."""
    column, grain = _hour_column(parts)
    if column is None:
        return
    found = [clock for item in parts.sentence.items if (clock := _clock(parts, item)) is not None]
    if not any(clock.sure for clock in found):
        return
    if len(found) == 2:
        first, last = _both_ends(found)
        kind, values = ("between", [first, last]) if first <= last else ("in", _over_midnight(first, last))
        parts.where.append(condition(column, kind, None, values=values, grain=grain))
    else:
        found = [next(clock for clock in found if clock.sure)]
        kind = _COMPARED.get(word_before(parts, found[0].item), "equal")
        parts.where.append(condition(column, kind, found[0].hour % 24, grain=grain))
        if found[0].minutes:
            parts.note("Times are read to the full hour.")
    _use_words(parts, found)


def _hour_column(parts: Parts) -> tuple[str | None, str | None]:
    """Return where the hour is: the time column with its part of a day, or a number column of hours."""
    table = parts.catalog.table
    if parts.time is not None:
        known = table.clock is not None or parts.column(parts.time).kind == "datetime"
        return (parts.time, "hour") if known else (None, None)
    for column in table.columns:
        hours = "hour" in parts.catalog.words_of[column.name] and column.kind == "number"
        if hours and isinstance(column.maximum, int | float) and 12 < column.maximum <= 24:
            return column.name, None
    return None, None


def _clock(parts: Parts, item: Item) -> _Clock | None:
    """Return the time of day that an item says, unsure where it is a bare number that could be one."""
    text = item.text.lower()
    if item.used:
        return None
    if text in _NAMED:
        return _Clock(item, _NAMED[text])
    if ":" in text and text.replace(":", "").isdigit():
        full, minutes = text.split(":")
        return _Clock(item, int(full), minutes=int(minutes))
    if item.number is None:
        return None
    tokens, hour = parts.sentence.tokens, int(item.number.value)
    following = tokens[item.end].norm if item.end < len(tokens) else ""
    if following in ("pm", "p.m", "p"):
        return _Clock(item, hour + 12 if hour < 12 else hour)
    if following in ("am", "a", "a.m"):
        return _Clock(item, 0 if hour == 12 else hour)
    if following in ("o'clock", "oclock", "h", "hrs") or tokens[item.end - 1].norm in ("h", "hrs"):
        said = word_before(parts, item)
        late = {"evening", "afternoon", "night"} & {t.norm for t in tokens[item.end : item.end + 4]}
        return _Clock(item, hour + 12 if late and hour < 12 else hour) if said in _BEFORE_CLOCK else None
    behind = [token.norm for token in tokens[item.end : item.end + 3]]
    if behind[:2] == ["in", "the"] and behind[2:] in (["morning"], ["evening"], ["afternoon"]):
        for other in parts.sentence.items:
            other.used = other.used or (other.has("part_of_day") and item.end <= other.start <= item.end + 2)
        return _Clock(item, hour + 12 if behind[2] != "morning" and hour < 12 else hour)
    return _Clock(item, hour, sure=False) if hour <= 24 and item.number.unit is None else None


def _both_ends(found: list[_Clock]) -> tuple[int, int]:
    """Return the first and the last full hour of "between 9 and 5 pm" and "18:00 to 21:59"."""
    first, last = found
    start = first.hour
    if not first.sure and last.hour >= 12 and start < last.hour - 12:
        start += 12  # "between 2 and 5 pm"
    end = (last.hour or 24) - (last.minutes == 0)
    return start % 24, end % 24


def _over_midnight(first: int, last: int) -> list[int]:
    return [*range(first, 24), *range(last + 1)]


def _use_words(parts: Parts, found: list[_Clock]) -> None:
    for clock in found:
        clock.item.used = True
    first, last = found[0].item, found[-1].item
    for item in parts.sentence.items:
        sign = item.text.lower() in _SIGNS and any(item.start == clock.item.end for clock in found)
        joint = item.has("logic", "to", "and", "from") or item.has("comparator", "between")
        item.used = (
            item.used or sign or (len(found) == 2 and joint and first.start - 1 <= item.start < last.start)
        )


def word_before(parts: Parts, item: Item) -> str:
    """Return the word in front of a time, articles and names of its parts left out."""
    at = item.start - 1
    while at >= 0 and parts.sentence.tokens[at].norm in ("the", "of", "in", "day", "year", "month"):
        at -= 1
    return parts.sentence.tokens[at].norm if at >= 0 else ""
