"""Knows what a column or a noun becomes as a group: ages, hours, days, customers."""

from __future__ import annotations

import re

from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy

CYCLES = (
    "weekday", "hour", "part_of_day", "weekend", "season", "month_of_year", "quarter_of_year", "day_of_month",
)  # fmt: skip


def group_of(parts: Parts, name: str) -> GroupBy:
    """Return the group that a column becomes: a birth date its age, a clock its hour."""
    column = parts.column(name)
    if name in parts.catalog.computed and (scaled := re.fullmatch(r"(.+) / (\d+(?:\.\d+)?)", name)):
        return GroupBy(column=scaled[1], width=float(scaled[2]))  # "by tenure in years"
    if column.role == "birth_date" and parts.age:
        return GroupBy(column=parts.age)
    if column.role == "clock" and parts.time:
        return GroupBy(column=parts.time, grain="hour")
    if column.kind in ("date", "datetime"):
        return GroupBy(column=name, grain="day")
    return GroupBy(column=name)


def is_time(parts: Parts, name: str) -> bool:
    """Tell whether a column says when."""
    return parts.column(name).role in ("time", "clock") or parts.column(name).kind in ("date", "datetime")


def has_grain(parts: Parts, grain: str) -> bool:
    """Tell whether the data can be grouped by this length of period."""
    if parts.time is None:
        return False
    if grain in ("hour", "part_of_day"):
        return parts.catalog.table.clock is not None or parts.column(parts.time).kind == "datetime"
    return parts.column(parts.time).kind in ("date", "datetime")


def add_group(parts: Parts, group: GroupBy) -> None:
    """Add a group, once."""
    if group not in parts.groups:
        parts.groups.append(group)


def group_by_customer(parts: Parts) -> None:
    """Group by customer, where there is a customer column."""
    if parts.customer_key:
        add_group(parts, GroupBy(column=parts.customer_key))


def is_plural(item: Item) -> bool:
    """Tell whether a noun is written in the plural."""
    return item.text.lower().endswith("s") and not item.text.lower().endswith("ss")
