"""Reads in how many groups a customer is found: "bought from 3 or more categories", "only one channel"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.customer_rows import of_people
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item

_MOST = 1000
_NEAR = 4  # tokens in front of a number in which "only" belongs to it


def take_different_values(parts: Parts) -> None:
    """Read a number of different values of a category, for customers with several rows."""
    if not parts.customer_key or parts.catalog.table.grain != "transactions" or not of_people(parts):
        return
    for index, item in parts.sentence.free():
        number = _number(item)
        if number is None or not 1 <= number <= _MOST:
            continue
        before, behind = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
        used: list[Item | None] = [item]
        is_ = "at_least" if _all(parts, item) else None
        if before is not None and not before.used and before.has("comparator"):
            is_ = str(before.senses["comparator"])
            used.append(before)
        elif behind is not None and behind.has("comparator_after") and behind.start == item.end:
            is_ = str(behind.senses["comparator_after"])
            used.append(behind)
            index += 1
        elif is_ is None and _only(parts, item, index):
            is_ = "equal"
        noun = parts.sentence.at(index + 1)
        different = noun if noun is not None and noun.has("count", "distinct") else None
        noun = parts.sentence.at(index + 2) if different else noun
        behind = parts.sentence.at(index + 2)
        trailing = behind is not None and behind.has("comparator_after") and not (is_ or different)
        if trailing and behind is not None and noun is not None and behind.start == noun.end:
            is_ = str(behind.senses["comparator_after"])  # "two products or more"
            used.append(behind)
        if noun is None or noun.used or not (is_ or different):
            continue
        after = parts.sentence.at(parts.sentence.items.index(noun) + 1)
        name = _category(parts, noun, after, counted=different is not None)
        if name is None:
            continue
        measure = {"statistic": "count_distinct", "column": name}
        parts.key_rows.append(condition(parts.customer_key, is_ or "equal", number, measure=measure))
        for each in (*used, noun, different):
            if each is not None:
                each.used = True
        return


def _number(item: Item) -> float | None:
    """Return the plain number that an item is; "a single channel" is one."""
    if item.number is not None and item.number.unit is None:
        return item.number.value
    return 1.0 if item.text.lower() in ("single", "a single", "one single") else None


def _all(parts: Parts, item: Item) -> bool:
    return bool(item.start) and parts.sentence.tokens[item.start - 1].norm == "all"


def _only(parts: Parts, item: Item, index: int) -> bool:
    """Tell whether no more than the number is meant: "only ever one channel", "one channel only"."""
    near = [token.norm for token in parts.sentence.tokens[max(0, item.start - _NEAR) : item.start]]
    noun = parts.sentence.at(index + 1)
    behind = parts.sentence.tokens[noun.end].norm if noun and noun.end < len(parts.sentence.tokens) else ""
    return bool({*near, behind} & cue("no_more_than_that")) or item.number is None


def _category(parts: Parts, noun: Item, after: Item | None, *, counted: bool) -> str | None:
    """Return the category of which values are counted; flags and kinds of rows are counted as rows."""
    if not noun.links or noun.has("entity"):
        return None
    groups = [link.column for link in noun.links if parts.is_group(link.column)]
    texts = [one for one in groups if parts.column(one).kind == "text"]
    name = next((one for one in texts if parts.column(one).role != "customer_key"), None)
    kind_of_row = name is not None and (
        parts.catalog.is_flag(name) or (after is not None and after.has("entity", "transaction"))
    )
    return None if kind_of_row and not counted else name
