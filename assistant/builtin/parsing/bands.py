"""Reads groups of numbers: "10-year age bands", "in steps of 500", "by balance quartile"."""

from __future__ import annotations

from assistant.builtin.numbers import converted, plain
from assistant.builtin.parsing.grouping import add_group
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy

_PARTS = {"third": 3, "quartile": 4, "quintile": 5, "decile": 10}


def take_bands(parts: Parts) -> None:
    """Find bands of one width, and as many equal parts of a column as are named."""
    _of_width(parts)
    _equal_parts(parts)


def _of_width(parts: Parts) -> None:
    for index, item in parts.sentence.free():
        noun = item.has("step_word") or (item.has("group_noun") and not item.links)
        if not noun or item.values or (parts.superlative and not item.has("step_word")):
            continue
        decade = item.text.lower().rstrip("s") == "decade"
        after, before = parts.sentence.at(index + 1), parts.sentence.at(index - 1)
        number = next((n for n in (after, before) if n and not n.used and _is_width(n)), None)
        if number is None and not decade:
            continue
        near = [parts.sentence.at(index + step) for step in (1, -1, 2, -2, 3, -3)]
        column = _column_near(parts, [n for n in near if n is not number])
        name = column[0] if column else parts.age if decade or _years(number) else None
        if name is None:
            continue
        quantity = number.number if number else None
        width = 10.0 if quantity is None else converted(quantity.value, quantity.unit, parts.unit_of(name))
        words = (
            item,
            number,
            column[1] if column else None,
            after if after and after.has("step_word") else None,
        )
        for used in words:
            if used is not None:
                used.used = True
        for near_by in near:
            if near_by is not None and near_by.has("step_word"):
                near_by.used = True
        _use_joints(parts, index)
        add_group(parts, GroupBy(column=name, width=float(plain(round(width, 6)))))
        return


def _is_width(item: Item) -> bool:
    return item.number is not None and item.number.unit in (
        None, "years", "months", "weeks", "days", "hours", "minutes", "seconds", "money",
    )  # fmt: skip


def _years(item: Item | None) -> bool:
    return item is not None and item.number is not None and item.number.unit in ("years", None)


def _column_near(parts: Parts, near: list[Item | None]) -> tuple[str, Item] | None:
    for item in near:
        if item is None or item.used:
            continue
        name = next((k.column for k in item.links if parts.is_number(k.column) and k.score > 0.6), None)
        if name:
            return name, item
    return None


def _use_joints(parts: Parts, index: int) -> None:
    for step in (-3, -2, -1, 1):
        near = parts.sentence.at(index + step)
        if near and (near.has("by") or near.has("splitting")):
            near.used = True


def _equal_parts(parts: Parts) -> None:
    """Read "by income quintile", "for each decile of spend" and "split into tenure thirds" as groups."""
    for index, item in parts.sentence.free():
        many = 4 if item.has("statistic", "quartiles") else _PARTS.get(item.senses.get("part_word", ""))
        if many is None:
            continue
        before = [parts.sentence.at(index - step) for step in (1, 2, 3)]
        if before[0] is not None and before[0].has("superlative"):
            continue  # "the top decile" is one of them
        grouped = any(b and (b.has("by") or b.has("splitting")) and not b.used for b in before)
        after = parts.sentence.at(index + 1)
        described = after is not None and after.has("logic", "with")
        grouped = grouped or described or parts.sentence.says("into")
        if not grouped:
            continue
        near = [before[0], parts.sentence.at(index + 1), before[1]]
        column = _column_near(parts, near)
        if column is None:
            continue
        item.used = column[1].used = True
        _use_joints(parts, index)
        add_group(parts, GroupBy(column=column[0], n_bins=many))
        return
