"""Reads when: dates, periods, weekdays, parts of the day and hours, as filters or as periods to compare."""

from __future__ import annotations

import re
from calendar import monthrange

from assistant.builtin.lexicon import cue
from assistant.builtin.months import Period
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.hours import take_hours, word_before
from assistant.builtin.parsing.moments import moment_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.turns_of_year import range_without_year
from assistant.builtin.sentence import Item


def take_times(parts: Parts) -> None:
    """Find all conditions on time and mark their words as used."""
    take_hours(parts)
    _periods(parts)
    named_segments(parts, "weekday", "weekday")
    named_segments(parts, "weekend", "weekend")
    named_segments(parts, "part_of_day", "part_of_day")
    if any(item.has("season") for _, item in parts.sentence.free()) and parts.time:
        parts.note("Seasons are those of the north: winter is December to February.")
    named_segments(parts, "season", "season")


def take_events(parts: Parts) -> None:
    """Read "sign-ups per quarter", "arrivals by weekday": the noun of a date column counts its rows."""
    timed = any(i.has("grain") or i.has("over_time") or i.has("running") for i in parts.sentence.items)
    if not timed or parts.sentence.has("superlative_time") or parts.sentence.has("statistic", "min", "max"):
        return
    for index, item in parts.sentence.free():
        dated = next((k for k in item.links if parts.column(k.column).kind in ("date", "datetime")), None)
        after = parts.sentence.at(index + 1)
        if (
            dated is not None
            and dated.how != "role"
            and after
            and after.has("grain")
            and after.start == item.end
        ):
            parts.event = dated.column
            parts.sentence.items.pop(index)  # the period stays: "by arrival month" is by month
            return
        if dated is None or dated.how == "role" or item.has("grain") or (after and after.has("grain")):
            continue
        before = parts.sentence.at(index - 1)
        if before and (before.has("by") or (before.links and not before.used)):
            continue
        if parts.column(dated.column).role == "birth_date":
            continue
        item.used = True
        parts.event = dated.column
        parts.counts = True
        return


def use_time_words(parts: Parts) -> None:
    """Use the word for what happened at the time that is read: "tickets opened before noon"."""
    timed = any(c.column == parts.time for c in parts.where) or any(
        g.column == parts.time for g in parts.groups
    )
    if parts.time is None or not (timed or parts.grain):
        return
    for _, item in parts.sentence.free():
        if item.links and item.column == parts.time and item.links[0].how != "role" and not item.has("grain"):
            item.used = True


def _in_column_name(parts: Parts) -> None:
    """Leave "in the last 12 months" to the column that is named so: Flight_miles_12mo, Nights12M."""
    for index, item in enumerate(parts.sentence.items):
        said = _length_in(item.text) if item.has("period") else None
        digits = str(plain(item.number.value)) if item.number else said
        ahead, behind = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
        if item.used or digits is None or (ahead and ahead.has("comparator")):
            continue  # "hours watched above 30" limits hours_watched_30d
        if behind and behind.has("comparator_after"):
            continue
        near = [other for other in parts.sentence.items if other.links and abs(other.start - item.start) <= 6]
        for other in near:
            words = [w for link in other.links[:3] for w in parts.catalog.words_of.get(link.column, ())]
            if any(re.fullmatch(rf"{digits}(m|mo|mos|d|days?|months?)?", word) for word in words):
                item.used = True
                before = parts.sentence.at(index - 1)
                if before and before.has("superlative_time"):
                    before.used = True
                break


def _length_in(text: str) -> str | None:
    found = re.search(r"\b(\d+)\s*(months?|days?|weeks?|years?)\b", text)
    return found[1] if found else None


def _periods(parts: Parts) -> None:
    _in_column_name(parts)
    if parts.time is None:
        return
    found = [(index, item) for index, item in parts.sentence.free() if item.has("period") and not item.links]
    if not found:
        return
    column = _time_column(parts, found[0][0])
    for _, item in found:
        item.used = True
    if len(found) == 1 and _of_every_year(parts, column, found[0][1]):
        return
    found, periods = _within_named_years(parts, found)
    if len(found) == 2 and _over_new_year(parts, column, found, periods):
        return
    for period in periods:
        if period.assumed:
            parts.note(period.assumed)
    if len(found) == 2:
        first, second = found[0][1], found[1][1]
        between = parts.sentence.tokens[first.end : second.start]
        joined = {token.norm for token in between}
        leading = word_before(parts, first)
        side_by_side = joined & cue("side_by_side")
        wants_comparison = (
            parts.sentence.has("compare")
            or parts.growth
            or parts.sentence.has("relation")
            or "than" in joined
        )
        if side_by_side and wants_comparison:
            parts.periods = [written(period) for period in periods]
            _use_joints(parts, first, second)
            return
        if joined & {"to", "until", "till", "through", "-", "–"} or (
            leading in ("between", "from") and "and" in joined
        ):
            low, high = min(p.first for p in periods), max(p.last for p in periods)
            parts.where.append(condition(column, "between", None, values=[low.isoformat(), high.isoformat()]))
            _use_joints(parts, first, second)
            before = parts.sentence.find("comparator", "between")
            if before:
                before.used = True
            return
        if joined & {"and", ",", "or"}:
            parts.where.append(
                condition(column, "in", None, values=[written(period) for period in periods])
                if all(_simple(period) for period in periods)
                else condition(
                    column,
                    "between",
                    None,
                    values=[periods[0].first.isoformat(), periods[1].last.isoformat()],
                )
            )
            parts.compared.append(f"{column}|{_length_of(periods)}")
            _use_joints(parts, first, second)
            return
    if len(found) > 2 and _listed(parts, column, found, periods):
        return
    for (index, item), period in zip(found, periods, strict=True):
        _one_period(parts, column, index, item, period)


def _over_new_year(parts: Parts, column: str, found: list[tuple[int, Item]], periods: list[Period]) -> bool:
    """Read "from November to February" and "between December and January", which no year is said for."""
    first, second = found[0][1], found[1][1]
    joined = {token.norm for token in parts.sentence.tokens[first.end : second.start]}
    spans = joined & _THROUGH or (word_before(parts, first) in ("between", "from") and "and" in joined)
    over = range_without_year(parts, column, (first, second), periods) if spans else None
    if over is None:
        return False
    parts.where.append(over)
    _use_joints(parts, first, second)
    before = parts.sentence.find("comparator", "between")
    if before:
        before.used = True
    return True


def _of_every_year(parts: Parts, column: str, item: Item) -> bool:
    """Read a month without its year as that month of every year, where years are asked for one by one."""
    period: Period = item.senses["period"]
    yearly = any(g.grain == "year" for g in parts.groups) or parts.sentence.says("each year", "every year")
    whole_month = written(period).count("-") == 1 and "Q" not in written(period)
    if not (yearly and period.assumed and whole_month):
        return False
    name = period.first.strftime("%B")
    parts.where.append(condition(column, "equal", name, grain="month_of_year"))
    return True


def _within_named_years(
    parts: Parts, found: list[tuple[int, Item]]
) -> tuple[list[tuple[int, Item]], list[Period]]:
    """Read "in 2023, how many in April" as April 2023: the year only says in which one."""
    periods: list[Period] = [item.senses["period"] for _, item in found]
    years = [p for p in periods if written(p).isdigit()]
    if len(found) != 2 or len(years) != 1 or parts.sentence.has("compare") or parts.growth:
        return found, periods
    year = years[0].first.year
    other = periods[1 - periods.index(years[0])]
    first, second = (item for _, item in found)
    between = {token.norm for token in parts.sentence.tokens[first.end : second.start]}
    if between & {"and", "or", "to", "than", "until", "till", "through", "not"} or (
        between <= {","} and not other.assumed
    ):
        return found, periods
    said = parts.sentence.tokens[first.start : second.end]
    own_year = sum(token.norm.isdigit() and len(token.norm) == 4 for token in said) > 1
    if own_year or other.first.month > other.last.month or other.single_day:
        return found, periods
    last_day = monthrange(year, other.last.month)[1]
    inside = Period(
        other.first.replace(year=year),
        other.last.replace(year=year, day=min(other.last.day, last_day)),
    )
    return [pair for pair in found if not written(pair[1].senses["period"]).isdigit()], [inside]


def _length_of(periods: list[Period]) -> str:
    """Return the grain of periods that stand side by side: years, quarters, months or days."""
    texts = [written(period) for period in periods]
    if all(text.isdigit() for text in texts):
        return "year"
    if all("-Q" in text for text in texts):
        return "quarter"
    return "day" if all(period.single_day for period in periods) else "month"


def _listed(parts: Parts, column: str, found: list[tuple[int, Item]], periods: list[Period]) -> bool:
    """Read "in June, July or August": three and more periods in a row are one condition."""
    tokens = parts.sentence.tokens
    joints = [
        {token.norm for token in tokens[first.end : second.start]}
        for (_, first), (_, second) in zip(found, found[1:], strict=False)
    ]
    in_a_row = all(words and words <= {",", "and", "or", "in", "&", "of", "each"} for words in joints)
    if not in_a_row or not all(_simple(period) for period in periods):
        return False
    parts.where.append(condition(column, "in", None, values=[written(period) for period in periods]))
    if not any("or" in words for words in joints):
        parts.compared.append(f"{column}|{_length_of(periods)}")
    for (_, first), (_, second) in zip(found, found[1:], strict=False):
        for item in parts.sentence.items:
            if first.end <= item.start < second.start and item.has("logic"):
                item.used = True
    return True


def _time_column(parts: Parts, index: int) -> str:
    """Return the date column named beside the period ("accounts opened in 2021"), else the main one."""
    for step in (-1, -2, 1):
        near = parts.sentence.at(index + step)
        dated = (
            next(
                (
                    link.column
                    for link in near.links
                    if parts.column(link.column).kind in ("date", "datetime")
                ),
                None,
            )
            if near
            else None
        )
        if near and dated and not near.used:
            near.used = True
            return dated
    verbs = (parts.sentence.at(index - step) for step in (1, 2, 3))
    done = next((verb for verb in verbs if verb and verb.has("condition_verb") and not verb.links), None)
    named = moment_of(parts, done) if done is not None and parts.catalog.table.grain == "customers" else None
    if done is not None and named is not None:
        done.used = True  # "haven't stayed since" is about LastStay
    return named or _of_the_noun(parts, index) or parts.time or ""


def _of_the_noun(parts: Parts, index: int) -> str | None:
    """Return the date column called like the noun before a period: an appointment in March is at appt_at."""
    nouns = (parts.sentence.at(index - step) for step in (1, 2, 3))
    noun = next((n for n in nouns if n and (n.has("entity", "transaction", "row") or n.has("table"))), None)
    return moment_of(parts, noun) if noun is not None else None


def _use_joints(parts: Parts, first: Item, second: Item) -> None:
    for item in parts.sentence.items:
        if first.end <= item.start < second.start and (item.has("logic") or item.has("compare")):
            item.used = True
        if item.end == first.start and item.has("logic", "from"):
            item.used = True


def _one_period(parts: Parts, column: str, index: int, item: Item, period: Period) -> None:
    word = word_before(parts, item)
    if any(
        token.norm in ("to", "-", "–", "until", "till", "through")
        for token in parts.sentence.tokens[item.start : item.end]
    ):
        word = ""  # "from 20 to 31 December" is closed on both sides
    near = parts.sentence.at(index - 1)
    not_ = near is not None and near.has("logic", "not") and not near.used
    denied = _denied(parts, item)
    if near and not near.used and near.has("logic", "not", "from", "to"):
        near.used = True
    if word in ("before", "until", "till") or (word == "to" and near is not None):
        comparison = "below" if word == "before" else "at_most"
        value = period.first if word == "before" else period.last
        parts.where.append(condition(column, comparison, value.isoformat()))
    elif word in ("after", "since", "from", "starting") and denied is not None:
        denied.used = True  # "haven't stayed since 2023"
        value = period.last if word == "after" else period.first
        parts.where.append(condition(column, "at_most" if word == "after" else "below", value.isoformat()))
    elif word in ("after", "since", "from", "starting"):
        after = word == "after"
        value = period.last if after else period.first
        parts.where.append(condition(column, "above" if after else "at_least", value.isoformat()))
    elif _simple(period):
        parts.where.append(condition(column, "not_equal" if not_ else "equal", written(period)))
    else:
        ends = [period.first.isoformat(), period.last.isoformat()]
        parts.where.append(condition(column, "between", None, values=ends))


def _denied(parts: Parts, item: Item) -> Item | None:
    """Return the negation of the verb before a time: "haven't stayed since", "not logged in after"."""
    at = parts.sentence.items.index(item)
    near = [parts.sentence.at(at - step) for step in (1, 2, 3)]
    return next(
        (n for n in near if n and not n.used and n.has("logic", "not") and not n.has("missing")), None
    )


def _simple(period: Period) -> bool:
    return ".." not in written(period)


def written(period: Period) -> str:
    """Write a period as the tools read it: 2016, 2016-Q3, 2016-08, 2016-08-01; others as first..last."""
    first, last = period.first, period.last
    if period.single_day:
        return first.isoformat()
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1] and first.year == last.year:
        months = last.month - first.month + 1
        if months == 1:
            return f"{first:%Y-%m}"
        if months == 12:
            return f"{first:%Y}"
        if months == 3 and first.month % 3 == 1:
            return f"{first.year}-Q{(first.month + 2) // 3}"
    return f"{first.isoformat()}..{last.isoformat()}"


def named_segments(parts: Parts, kind: str, grain: str) -> None:
    """Read "on Mondays", "at weekends", "in the evening"; two of them side by side are compared."""
    column = parts.time
    no_hours = (
        column is not None and parts.column(column).kind != "datetime" and parts.catalog.table.clock is None
    )
    if grain == "part_of_day" and no_hours:
        return
    found = [
        (index, item)
        for index, item in parts.sentence.free()
        if item.has(kind) and not item.values and not (item.links and item.links[0].score > 0.8)
    ]
    if not found or column is None:
        return
    values = [item.senses[kind] for _, item in found]
    if kind == "weekday" and _weekday_ranges(parts, column, found):
        return
    not_ = False
    for index, item in found:
        item.used = True
        near = parts.sentence.at(index - 1)
        if near and not near.used and near.has("logic"):
            not_ = not_ or near.has("logic", "not")
            near.used = near.has("logic", "not", "and", "or", "with", "from")
    if len(values) == 1:
        parts.where.append(condition(column, "not_equal" if not_ else "equal", values[0], grain=grain))
        return
    whole = grain == "weekend" and len(set(values)) == 2
    if not whole:
        parts.where.append(condition(column, "not_in" if not_ else "in", None, values=values, grain=grain))
    if not not_ and not parts.sentence.has("logic", "or"):
        parts.compared.append(f"{column}|{grain}")
    for item in parts.sentence.take_all("compare"):
        item.used = True


_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_THROUGH = frozenset({"to", "-", "–", "until", "till", "through"})


def _weekday_ranges(parts: Parts, column: str, found: list[tuple[int, Item]]) -> bool:
    """Read "Monday to Wednesday" as every day of it, and "Mon-Fri vs Sat-Sun" as week and week-end."""
    ranges: list[tuple[Item, Item]] = []
    for (_, first), (_, last) in zip(found, found[1:], strict=False):
        ends = parts.sentence.tokens[first.end - 1].end, parts.sentence.tokens[last.start].start
        joint = parts.sentence.text[slice(*ends)].strip().lower()
        if joint in _THROUGH or joint == "and" and word_before(parts, first) == "between":
            ranges.append((first, last))
    if not ranges or 2 * len(ranges) != len(found):
        return False
    days = [_days_from(first.senses["weekday"], last.senses["weekday"]) for first, last in ranges]
    for first, last in ranges:
        for item in parts.sentence.items:
            before = item.end == first.start and item.text.lower() in ("from", "between", "on")
            item.used = item.used or first.start <= item.start <= last.start or before
    grouped = any(g.column == column and g.grain == "weekday" for g in parts.groups)
    if sorted(map(set, days), key=len) == [set(_WEEK[5:]), set(_WEEK[:5])]:
        parts.compared.append(f"{column}|weekend")
        parts.sentence.take_all("compare")
    elif len(days) > 1:
        for first, last in ranges:
            first.used = last.used = False  # which sides there are cannot be told by one part of a date
    elif set(days[0]) != set(_WEEK):
        parts.where.append(condition(column, "in", None, values=days[0], grain="weekday"))
    elif not grouped:
        parts.compared.append(f"{column}|weekday")
    for _, item in parts.sentence.free():
        whole = item.has("weekend", "weekday") and not item.links
        item.used = item.used or (whole and any(set(d) == set(_WEEK[:5]) for d in days))
    return True


def _days_from(first: str, last: str) -> list[str]:
    start, end = _WEEK.index(first), _WEEK.index(last)
    return [_WEEK[at % 7] for at in range(start, end + 1 + (7 if end < start else 0))]
