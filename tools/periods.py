"""Knows the parts of dates and times: how they are written, computed and read."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import narwhals as nw

from tools.core import Column, DataTable, Scalar
from tools.errors import ToolError
from tools.selecting import Grain, fold
from tools.wording import day, listing

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SEASONS = ("winter (Dec-Feb)", "spring (Mar-May)", "summer (Jun-Aug)", "autumn (Sep-Nov)")
PARTS_OF_DAY = ("night (0-6 h)", "morning (6-12 h)", "afternoon (12-18 h)", "evening (18-24 h)")


Moment = date | datetime


def interval(text: object) -> tuple[Moment, Moment]:
    """Return start and end (not included) of a year, quarter, month, day or moment.

    Raises:
        ToolError: If it is none of these.
    """
    words = " ".join(str(text).replace(",", " ").split())
    if year := re.fullmatch(r"(\d{4})(?:\.0)?", words):
        return date(int(year[1]), 1, 1), date(int(year[1]) + 1, 1, 1)
    if quarter := re.fullmatch(r"(\d{4})[ -]?Q([1-4])|Q([1-4])[ -]?(\d{4})", words, re.IGNORECASE):
        start = date(int(quarter[1] or quarter[4]), 3 * int(quarter[2] or quarter[3]) - 2, 1)
        return start, next_month(start, 3)
    if (month := re.fullmatch(r"(\d{4})-(\d{1,2})", words)) and 1 <= int(month[2]) <= 12:
        start = date(int(month[1]), int(month[2]), 1)
        return start, next_month(start)
    if named := re.fullmatch(r"(?:(\d{1,2}) )?([A-Za-z]{3,})\.? (?:(\d{1,2}) )?(\d{4})", words):
        found = _month_number(named[2])
        day_of_month = named[1] or named[3]
        if found and not day_of_month:
            start = date(int(named[4]), found, 1)
            return start, next_month(start)
        if found:
            words = f"{named[4]}-{found:02d}-{int(day_of_month):02d}"
    try:
        moment = datetime.fromisoformat(words).replace(tzinfo=None)
    except ValueError:
        raise ToolError(
            f"{text} is not a date that can be read without doubt.",
            "Write it as 2016-08-31, 2016-08 or 2016.",
        ) from None
    if len(words) <= 10:
        return moment.date(), moment.date() + timedelta(days=1)
    return moment, moment + timedelta(microseconds=1)


def next_month(start: date, months: int = 1) -> date:
    """Return the first day of the month that comes so many months later."""
    ahead = start.month - 1 + months
    return date(start.year + ahead // 12, ahead % 12 + 1, 1)


def _month_number(name: str) -> int | None:
    folded = fold(name)
    return next(
        (index + 1 for index, month in enumerate(_MONTHS) if month.casefold().startswith(folded)), None
    )


def span_words(start: Moment, end: Moment) -> str:
    """Write an interval: 2016, Q3 2016, August 2016, 1 Aug 2016 or a moment."""
    if isinstance(start, datetime) or isinstance(end, datetime):
        return f"{day(start)} {start:%H:%M:%S}"
    days = (end - start).days
    if days >= 365 and start.month == 1:
        return str(start.year)
    if days >= 89:
        return f"Q{(start.month + 2) // 3} {start.year}"
    if days >= 28:
        return f"{start:%B %Y}"
    return day(start)


def clock_for(table: DataTable, column: Column) -> Column:
    """Return the column that holds the hour: the column itself, or the clock beside a date.

    Raises:
        ToolError: If no column tells the time of day.
    """
    if column.kind in ("datetime", "time") or column.role == "clock":
        return column
    clock = table.column(table.clock) if table.clock and column.name == table.time else None
    if clock is None:
        raise ToolError(f"{column.name} holds no time of day.", "Use weekday, day, week or month instead.")
    return clock


def part(table: DataTable, column: Column, grain: Grain) -> nw.Expr:
    """Return a part of a date or time as a whole number.

    Year and quarter 1-4, month 1-12, day 1-31, weekday 1-7 from Monday, hour 0-23, part of day 0-3,
    weekend 0 or 1, season 0-3 from winter as in the north, week as weeks since 1 January of year 1.

    Raises:
        ToolError: If the column has no such part.
    """
    if grain in ("hour", "part_of_day"):
        clock = clock_for(table, column)
        this = nw.col(clock.name)
        hour = this // 10_000 if clock.kind == "number" else this.dt.hour()
        return hour if grain == "hour" else hour // 6
    if column.kind not in ("date", "datetime"):
        raise ToolError(f"{column.name} holds no dates.", f"A {grain} needs a date column.")
    this = nw.col(column.name)
    if grain == "week":
        minutes = (this.cast(nw.Datetime) - nw.lit(date(1, 1, 1)).cast(nw.Datetime)).dt.total_minutes()
        return minutes // (7 * 24 * 60)
    if grain == "weekend":
        return (this.dt.weekday() >= 6).cast(nw.Int64)
    if grain in ("quarter", "quarter_of_year"):
        return (this.dt.month() + 2) // 3
    if grain == "season":
        return this.dt.month() % 12 // 3
    parts = {"year": this.dt.year, "month": this.dt.month, "day": this.dt.day, "weekday": this.dt.weekday}
    parts |= {"month_of_year": this.dt.month, "day_of_month": this.dt.day}
    return parts[grain]()


def is_dated(value: object) -> bool:
    """Tell whether a value names one period of the calendar, such as 2016-08, rather than a part of it."""
    return bool(re.search(r"\d{4}.*[-/Qq ]|[-/Qq ].*\d{4}", str(value)))


def part_number(grain: Grain, value: object) -> int:
    """Read a part of a date or time as `part` counts it.

    Raises:
        ToolError: If it is no such part; the names of the parts are the choices.
    """
    text = fold(value)
    numeric = re.fullmatch(r"q?(\d{1,4})(\.0+)?(?::[0-5]\d){0,2}", text)
    if numeric and grain not in ("part_of_day", "weekend", "season"):
        found, low, high = int(numeric[1]), *_RANGES[grain]
        if low <= found <= high:
            return found
    names = {
        "weekday": _WEEKDAYS,
        "month": _MONTHS,
        "month_of_year": _MONTHS,
        "part_of_day": ("night", "morning", "afternoon", "evening"),
        "weekend": ("weekday", "weekend"),
        "season": ("winter", "spring", "summer", "autumn"),
    }.get(grain, ())
    start = 1 if grain in ("weekday", "month", "month_of_year") else 0
    for index, name in enumerate(names):
        if text == name.casefold() or (len(text) >= 3 and name.casefold().startswith(text.rstrip("s."))):
            return index + start
    if grain == "weekend" and text in ("true", "yes", "1", "false", "no", "0", "weekends", "weekdays"):
        return int(text in ("true", "yes", "1", "weekends"))
    raise ToolError(
        f"{value} is no {grain.replace('_', ' ')}.",
        f"Use {listing(list(names), 'or')}." if names else f"Use {_RANGES[grain][0]} to {_RANGES[grain][1]}.",
        tuple(names),
    )


_RANGES = {
    "year": (1, 9999),
    "quarter": (1, 4),
    "month": (1, 12),
    "week": (1, 53),
    "day": (1, 31),
    "weekday": (1, 7),
    "hour": (0, 24),
    "part_of_day": (0, 3),
    "weekend": (0, 1),
    "season": (0, 3),
    "month_of_year": (1, 12),
    "quarter_of_year": (1, 4),
    "day_of_month": (1, 31),
}


def part_label(grain: Grain, value: Scalar) -> str:
    """Write a part of a date or time: Saturday, August, 18:00, Q3."""
    which = int(value) if value is not None else 0
    if grain == "weekday":
        return _WEEKDAYS[which - 1]
    if grain in ("month", "month_of_year"):
        return _MONTHS[which - 1]
    if grain in ("quarter", "quarter_of_year"):
        return f"Q{which}"
    if grain == "hour":
        return f"{which:02d}:00"
    if grain == "part_of_day":
        return PARTS_OF_DAY[which]
    if grain == "season":
        return SEASONS[which]
    if grain == "weekend":
        return "weekend" if which else "weekday"
    return str(which)


def week_start(weeks: int) -> date:
    """Return the Monday of a week counted as `part` counts it."""
    return date(1, 1, 1) + timedelta(weeks=weeks)
