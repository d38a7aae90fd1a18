"""Reads phrases that are a change by themselves: "raise it to 20", "swap rows and columns", "who are they?".

They have no counterpart in a whole question. The phrases are a list in `acts.toml`; what each of them means
where it is said is a function in `meant` or, of the groups that the last answer showed, in `shown_groups`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from assistant.builtin.following import each_entity, meant, shown_groups
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.meant import Builder, Said, Scene
from assistant.builtin.following.wording import bare_words, wanted_part
from assistant.builtin.request.outcome import Reply
from assistant.builtin.templates import compiled, words_of
from assistant.builtin.tokens import tokenise

_FILE = Path(__file__).parent.parent / "acts.toml"
_FRAMES = Path(__file__).parent.parent / "frames.toml"
_OF_ANY_LENGTH = ("sorted_by", "bound", "as_rate", "percent", "affirmed")
_NAME = 2  # words of a name or a noun
_ENDS = ("largest", "smallest", "best", "worst", "first", "last")
_LISTS = ("people", "edge", "living", "leave", "each_time", *_ENDS)

MEANT: Mapping[str, Builder] = {
    "transposed": meant.transposed, "reversed_order": meant.reversed_order, "absolute": meant.absolute,
    "percent_of": meant.percent_of, "bound": meant.bound, "listing": shown_groups.listing,
    "listing_people": shown_groups.listing_people, "listing_few": shown_groups.listing_few,
    "remaining": shown_groups.remaining, "without_largest": shown_groups.without_largest,
    "without_smallest": shown_groups.without_smallest, "without_best": shown_groups.without_largest,
    "without_first": shown_groups.without_first, "without_last": shown_groups.without_last,
    "all_rows": meant.all_rows, "all_again": meant.all_again, "where_they_are": meant.where_they_are,
    "where_they_live": meant.where_they_live, "put_back": meant.put_back, "as_rate": meant.as_rate,
    "percent": meant.percent, "denied": meant.denied, "affirmed": meant.affirmed,
    "both_values": meant.both_values, "all_of_noun": meant.all_of_noun, "overall": meant.overall,
    "is_it_real": meant.is_it_real, "matters": meant.matters, "as_bars": meant.as_bars,
    "as_lines": meant.as_lines, "sorted_by": meant.sorted_by, "shown_again": meant.shown_again,
    "next_in_rank": shown_groups.next_in_rank, "third_in_rank": shown_groups.third_in_rank,
    "separately": meant.separately, "got_any": each_entity.got_any, "got_none": each_entity.got_none,
    "per_entity": each_entity.per_entity, "per_head": each_entity.per_head, "in_unit": meant.in_unit,
    "based_on": meant.based_on,
}  # fmt: skip


def read_act(scene: Scene) -> Changes | Reply | None:
    """Return the change that a phrase says by itself; None if it is no such phrase or has no object here."""
    words = words_of(bare_words(wanted_part(scene.text)))
    for does, way in _ways():
        found = way.fullmatch(words.said)
        said = Said(words.text, words.written(found, "x")) if found else None
        whole = said is not None and (does in _OF_ANY_LENGTH or len(said.about.split()) <= _NAME)
        built = MEANT[does](said, scene) if said and whole else None
        if built is not None:
            return built
    return None


def moves_limit(text: str) -> bool:
    """Tell whether a message raises or lowers a limit: "raise it to 200"."""
    words = words_of(bare_words(text))
    found = (way.fullmatch(words.said) for does, way in _ways() if does == "bound")
    values = [words.written(one, "x") for one in found if one]
    return any(is_a_number(value) for value in values)


def is_a_number(value: str) -> bool:
    """Tell whether words are one number: "200", "two", "a hundred"."""
    numbers = [token for token in tokenise(value) if token.kind == "number"]
    spoken = value.lower() in _SPOKEN
    return spoken or len(numbers) == 1 and len(value.split()) <= _NAME


_SPOKEN = frozenset(
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen",
     "twenty", "fifty", "a hundred", "a thousand"}
)  # fmt: skip


@cache
def ends() -> Mapping[str, tuple[str, ...]]:
    """Return what each end of the groups shown, or a place among them, is called."""
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: tuple(document[name]) for name in _ENDS}


@cache
def _ways() -> tuple[tuple[str, re.Pattern[str]], ...]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    frames = tomllib.loads(_FRAMES.read_text(encoding="utf-8"))
    names = {"IT": frames["it"], **{name.upper(): document[name] for name in _LISTS}}
    return tuple(
        (one["does"], re.compile(compiled(way, names))) for one in document["act"] for way in one["ways"]
    )
