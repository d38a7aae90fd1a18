"""Reads dates of birth: "born before 1960", and the ages that they give where no column holds any."""

from __future__ import annotations

from datetime import date

from assistant.builtin.lexicon import cue
from assistant.builtin.linking import ColumnLink
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.request import Request
from assistant.builtin.sentence import Item
from tools.ages import age_column, age_name, age_of
from tools.wording import day


def take_birth_dates(parts: Parts) -> None:
    """Read "born before 1960", and make ages known where there are only dates: "patients over 60"."""
    tables = parts.catalog.tables.values()
    born = next((column for table in tables for column in table.by_role("birth_date")), None)
    if born is None:
        return
    _born(parts, born.name)
    last = _last_day(parts)
    if last is None or parts.age is not None:
        return
    column = age_column(age_name(born.name, last), born, last)
    parts.catalog = parts.catalog.with_computed(column)
    parts.age_computed = column.name
    link = ColumnLink(column.name, 1.0, "role")
    for item in parts.sentence.items:
        words = set(item.text.lower().split())
        unlinked = item.has("role", "age") and not item.links
        if unlinked or (item.links and item.column == born.name and words & cue("age_word")):
            item.senses = {**item.senses, "column": (link,)}


def ages_told(parts: Parts, request: Request) -> list[str]:
    """Say by which day ages were told, where a request uses those that dates of birth give."""
    if parts.age_computed is None or parts.age_computed not in str(request.arguments()):
        return []
    told = age_of(parts.age_computed, parts.catalog.columns)
    if told is None:
        return []
    return [f"No column holds ages; I took those that **{told[0]}** gives on {day(told[1])}, the last date."]


def _born(parts: Parts, name: str) -> None:
    """Read "born before 1960", "born in 1980" and "born between 1970 and 1979" by the date of birth."""
    for index, item in parts.sentence.free():
        if item.text.lower() != "born":
            continue
        near = [parts.sentence.at(index + step) for step in range(1, 5)]
        years = [each for each in near if each is not None and _year(each) is not None]
        if not years:
            continue
        lead = [each for each in near[: near.index(years[0])] if each is not None]
        if any(each.has("entity") or each.values for each in lead):
            continue
        first = item.end
        said = [token.norm for token in parts.sentence.tokens[first : years[0].start]]
        text = str(_year(years[0]))
        joined = len(years) > 1 and bool({"and", "to", "-", "–"} & {
            token.norm for token in parts.sentence.tokens[years[0].end : years[1].start]})  # fmt: skip
        if joined and ("between" in said or "from" in said or years[1].start - years[0].end == 1):
            made = condition(name, "between", None, values=[text, str(_year(years[1]))])
            used = years[:2]
        else:
            made = condition(name, next((_WHEN[word] for word in said if word in _WHEN), "equal"), text)
            used = years[:1]
        parts.where.append(made)
        for each in parts.sentence.items:
            each.used = each.used or item.start <= each.start <= used[-1].start
        return


_WHEN = {"before": "below", "after": "above", "since": "at_least", "from": "at_least", "until": "at_most"}


def _year(item: Item) -> int | None:
    if item.has("period"):
        first, last = item.senses["period"].first, item.senses["period"].last
        return int(first.year) if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) else None
    number = item.number
    whole = number is not None and number.unit is None and float(number.value).is_integer()
    return int(number.value) if whole and number is not None and 1850 < number.value < 2100 else None


def _last_day(parts: Parts) -> date | None:
    """Return the last day that the main table, or else any table, reaches."""
    main = parts.catalog.table
    time = main.column(main.time) if main.time else None
    dated = [time] if time is not None else [
        column for table in parts.catalog.tables.values() for column in table.columns
        if column.kind in ("date", "datetime") and column.role != "birth_date"
    ]  # fmt: skip
    days = [str(column.maximum)[:10] for column in dated if column.maximum is not None]
    return max((date.fromisoformat(day) for day in days), default=None)
