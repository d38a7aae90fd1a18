"""Reads the length of periods: "monthly revenue", "over time", "cumulative", "weekends vs weekdays"."""

from __future__ import annotations

from typing import cast

from assistant.builtin.parsing.grouping import (
    CYCLES,
    add_group,
    has_grain,
)
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.sentence import Item
from tools.selecting import Grain, GroupBy


def take_weekend_or_weekday(parts: Parts) -> None:
    """Read "weekends vs weekdays" as two groups."""
    weekend = [item for _, item in parts.sentence.free() if item.has("weekend", "weekend")]
    weekday = [
        item
        for _, item in parts.sentence.free()
        if item.has("grain", "weekday") or item.has("weekend", "weekday")
    ]
    if weekend and weekday and parts.time:
        for item in (*weekend, *weekday):
            item.used = True
        parts.sentence.take_all("compare")
        add_group(parts, GroupBy(column=parts.time, grain="weekend"))


def take_grains(parts: Parts) -> None:
    """Read "monthly revenue", "daily number of transactions", "revenue over time"."""
    over = parts.sentence.take("over_time", "over_time")
    if over:
        parts.grain = "auto"
        if parts.time is None and parts.year_column:
            add_group(parts, GroupBy(column=parts.year_column))
            for item in parts.sentence.items:
                item.used = item.used or item.column == parts.year_column
        parts.sentence.take_all("over_time", "over_time")
    growth = parts.sentence.take_all("over_time", "growth")
    if growth:
        parts.growth = True
        text = " ".join(item.text.lower() for item in growth)
        for phrase, named in (
            ("month", "month"),
            ("mom", "month"),
            ("year", "year"),
            ("yr", "year"),
            ("yoy", "year"),
            ("quarter", "quarter"),
            ("qoq", "quarter"),
            ("week", "week"),
            ("day", "day"),
        ):
            if phrase in text:
                parts.grain = cast(Grain, named)
    _running(parts)
    for _, item in parts.sentence.free():
        grain = item.senses.get("grain")
        if not grain or not has_grain(parts, grain) or (item.links and item.links[0].score > 1.05):
            continue
        if item.values and _describes_noun(parts, item):
            continue  # annual plans
        adjective = item.text.lower().endswith("ly") or item.text.lower() in ("annual", "yearly")
        if adjective or (parts.grain == "auto" or parts.growth) or grain in CYCLES:
            item.used = True
            if grain in CYCLES:
                add_group(parts, GroupBy(column=parts.time or "", grain=grain))
            else:
                parts.grain = grain


def _describes_noun(parts: Parts, item: Item) -> bool:
    """Tell whether a value like "annual" stands before what it describes: a person, a row or a category."""
    after = parts.sentence.at(parts.sentence.items.index(item) + 1)
    if after is None:
        return False
    category = bool(after.links) and parts.column(after.links[0].column).kind == "text"
    return category or after.has("entity", "customer", "row")


def _running(parts: Parts) -> None:
    """Read "cumulative revenue" and "3-month moving average of revenue"."""
    item = parts.sentence.take("running")
    if item is None or parts.time is None:
        return
    parts.running = item.senses["running"]
    parts.grain = parts.grain or "auto"
    lengths = {"days": "day", "weeks": "week", "months": "month", "years": "year"}
    for _, number in parts.sentence.free():
        if number.number and number.number.unit in lengths:
            number.used = True
            parts.window = int(number.number.value)
            parts.grain = cast(Grain, lengths[number.number.unit])
