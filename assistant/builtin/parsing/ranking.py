"""Reads order, rank and place: "top 10", "second largest", "comes third", "the higher balance"."""

from __future__ import annotations

from typing import Literal

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.grouping import (
    add_group,
    group_by_customer,
    has_grain,
    is_plural,
)
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.subjects import heads_counted
from tools.selecting import GroupBy


def take_superlatives(parts: Parts) -> None:
    """Read top, highest, fewest, with the number beside it."""
    _anybodys(parts)
    for index, item in parts.sentence.free():
        if item.has("superlative_spend"):
            item.used = True
            parts.superlative, parts.entity = "desc", "customer"
            parts.limit = _number_near(parts, index) or (10 if is_plural(item) else 1)
            group_by_customer(parts)
            parts.rank_noun = True
            if not any(i.links and parts.is_measurable(i.links[0].column) for _, i in parts.sentence.free()):
                parts.best_of_customers = True
            continue
        direction = item.senses.get("superlative") or item.senses.get("superlative_age")
        following = parts.sentence.at(index + 1)
        if not direction or item.links or item.values or (following and following.has("part_word")):
            continue
        number = _number_near(parts, index)
        percent = _percent_near(parts, index)
        if percent is not None:
            continue
        item.used = True
        before = parts.sentence.at(index - 1)
        if before and before.has("ordinal") and not before.used and before.end == item.start:
            before.used = True
            parts.place = int(before.senses["ordinal"])
        parts.superlative = direction
        if item.has("superlative_age"):
            parts.age_superlative = True
        if number:
            parts.limit = number


def _anybodys(parts: Parts) -> None:
    """Take "the longest anybody talked" for the largest of all rows: it asks for no person."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        if item.text.lower() not in cue("anybody") or not item.has("entity", "customer"):
            continue
        before = items[max(0, index - 2) : index]
        ranked = any(near.has("superlative") and near.text.lower() in cue("size_word") for near in before)
        if ranked and not any(near.has("logic", "which") for near in before):
            item.used = True
            item.senses = {}
            for near in before:  # "the heaviest thing anyone shipped"
                near.used = near.used or (not near.senses and near.text.lower() in ("thing", "one"))


def take_places(parts: Parts) -> None:
    """Read "which city comes second by revenue" and "in third place"."""
    if parts.superlative:
        return
    for _, item in parts.sentence.free():
        words = [t.norm for t in parts.sentence.tokens[max(0, item.start - 2) : item.end + 1]]
        placed = set(words) & {"comes", "come", "ranks", "stands", "ranked", "place", "takes", "finished"}
        if item.has("ordinal") and placed and not item.has("period"):
            item.used = True
            parts.place = int(item.senses["ordinal"])
            parts.superlative = "desc"
            return


def take_comparatives(parts: Parts) -> None:
    """Read "which gender has the higher balance" as the highest of them."""
    if parts.superlative or not parts.sentence.has("logic", "which"):
        return
    if parts.sentence.tokens[0].norm in phrases("yes_no_question"):
        return  # "do people who churned pay more?" compares them with the others
    for index, item in parts.sentence.free():
        word = item.text.lower()
        after = parts.sentence.at(index + 1)
        if word in _COMPARATIVES and not (after and after.number) and not parts.sentence.says(f"{word} than"):
            pair = any(other.values for other in parts.sentence.items) or parts.sentence.has("logic", "or")
            if not pair:
                item.used = True
                parts.superlative = _COMPARATIVES[word]
            return


_COMPARATIVES: dict[str, Literal["desc", "asc"]] = {
    "higher": "desc", "larger": "desc", "bigger": "desc", "greater": "desc", "more": "desc",
    "lower": "asc", "smaller": "asc", "less": "asc", "fewer": "asc",
}  # fmt: skip


def _number_near(parts: Parts, index: int) -> int | None:
    for step in (1, -1):
        near = parts.sentence.at(index + step)
        if (
            near
            and not near.used
            and near.number
            and near.number.unit in (None, "days", "weeks", "months", "years")
            and near.number.value >= 1
        ):
            first, second = sorted((near, parts.sentence.items[index]), key=lambda item: item.start)
            tokens = parts.sentence.tokens
            between = parts.sentence.text[tokens[first.end - 1].end : tokens[second.start].start]
            if any(sign in between for sign in ":;") or heads_counted(parts, near):
                continue  # "households of two: highest bill"
            if step == -1:
                further = parts.sentence.at(index - 2)
                if further and (
                    further.has("comparator") or (further.has("by") and not _noun_follows(parts, index))
                ):
                    continue
            if near.number.value > 1000 or near.number.value != int(near.number.value):
                continue
            near.used = True
            _grain_noun(parts, near.number.unit)
            return int(near.number.value)
    return None


def _noun_follows(parts: Parts, index: int) -> bool:
    after = parts.sentence.at(index + 1)
    return after is not None and (after.has("entity") or bool(after.links))


def _grain_noun(parts: Parts, unit: str | None) -> None:
    """Group by the noun of "the best 3 months"."""
    grains = {"days": "day", "weeks": "week", "months": "month", "years": "year"}
    if unit in grains and has_grain(parts, grains[unit]):
        add_group(parts, GroupBy.model_validate({"column": parts.time, "grain": grains[unit]}))


def _percent_near(parts: Parts, index: int) -> float | None:
    near = parts.sentence.at(index + 1)
    return near.number.value if near and near.number and near.number.unit == "%" else None
