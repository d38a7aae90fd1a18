"""Knows how text becomes values and how stored values are shown, as expressions of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from tools.understanding.vocabulary import FALSE, TRUE

How = Literal[
    "text", "number", "whole", "boolean", "date", "datetime", "clock", "clock_digits",
    "day_number",  # days as spreadsheets count them
    "day_part",  # days and parts of a day as spreadsheets count them
    "unix",  # seconds since 1970, or parts of them
    "trimmed",  # text without what stands around all of it
    "wrapped",  # text written as ="007" to keep a spreadsheet from changing it
]  # fmt: skip
MINUS = "\u2212\u2013"  # a real minus and a dash, where a hyphen is expected
DEBIT = r"\b(dr|cr)\b\.?"
Mark = Literal["", "dr", "cr"]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file with separated values, in UTF-8, as found by looking at its beginning.

    Attributes:
        path: Where it is.
        separator: Between two values.
        skip: Lines before the first row: titles and header.
        names: Unique names of its columns.
        compressed: Whether it is gzip.
        longest: Bytes of its longest row, where known to be unusual.
    """

    path: Path
    separator: str
    skip: int
    names: tuple[str, ...]
    compressed: bool = False
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text of one column becomes values; text that does not fit is kept beside it.

    Attributes:
        name: The column.
        how: "whole" are numbers without fraction whose text is exactly that number ("007" is not).
        formats: strptime formats of "date" and "datetime", tried in this order; none means ISO 8601.
        decimal: Decimal mark of "number".
        thousands: Thousands mark of "number", or empty.
        ornaments: Characters around a "number" that do not count, such as currency signs; "(" stands for
            brackets instead of a minus, "-" for a minus behind the number.
        words: Patterns in the text, whatever their case, with what stands for them before it is read.
        debit: Which mark, DR or CR, makes a number negative; none where neither does.
    """

    name: str
    how: How = "text"
    formats: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    ornaments: str = ""
    words: tuple[tuple[str, str], ...] = ()
    debit: Mark = ""

    @property
    def bare(self) -> bool:
        """Whether numbers stand there as the database itself reads them."""
        return self.decimal == "." and not (self.thousands or self.ornaments or self.words)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a stored column is shown; nothing stored is changed, so that each decision can be taken back.

    Attributes:
        name: Name to show.
        source: Stored column.
        whole: Show numbers as whole numbers.
        missing: Texts, numbers or ISO dates that stand for "no value".
        not_before: Dates before this one stand for "no value".
        not_after: Dates after this one belong to the century before.
        age_at: Show whole years from the stored date to this one instead.
        convert: Read the stored text so.
        rest: Show the stored text where `convert` makes nothing of it instead.
        swapped: Exchange day and month of the stored date.
        factor: Multiply numbers by it.
        as_text: Show values as the text they were read from.
        unread: Stored column with the cells that did not fit, for `as_text`.
    """

    name: str
    source: str
    whole: bool = False
    missing: tuple[str | float, ...] = ()
    not_before: date | None = None
    not_after: date | None = None
    age_at: date | None = None
    convert: Reading | None = None
    rest: bool = False
    swapped: bool = False
    factor: float = 1.0
    as_text: bool = False
    unread: str = ""


def quoted(identifier: str) -> str:
    """Quote a name so that no character in it can end it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text as a value so that no character in it can end it."""
    return "'" + text.replace("'", "''") + "'"


def unread(position: int) -> str:
    """Name the stored column that keeps the cells of the column at this position which did not fit."""
    return f"unread {position}"


def common_day_format(readings: Sequence[Reading]) -> str | None:
    """Return the format with four-digit years that most date columns share; the reader takes only one."""
    written = [
        form.replace("%y", "%Y")
        for reading in readings
        if reading.how == "date"
        for form in reading.formats[:1]
    ]
    return max(sorted(set(written)), key=written.count) if written else None


def native_type(reading: Reading, day_format: str | None) -> str:
    """Return the type that the reader converts a column to by itself, which is fastest, or VARCHAR."""
    if reading.how == "number" and reading.bare:
        return "DOUBLE"
    if reading.how == "clock_digits":
        return "INTEGER"
    if reading.how == "datetime" and not reading.formats and not reading.words:
        return "TIMESTAMP"
    if (
        reading.how == "date"
        and not reading.words
        and {form.replace("%y", "%Y") for form in reading.formats} == ({day_format} - {None})
    ):
        return "DATE"
    return "VARCHAR"


def selected(position: int, reading: Reading, read_as: str, source: str | None = None) -> list[str]:
    """Return the expressions of a column: its value, and the cells that do not fit, if there can be any."""
    raw = source or quoted(reading.name)
    value = _value(raw, reading, read_as)
    if read_as == "INTEGER":  # in haste, the first that is no time of day refuses the file
        value = f"CASE WHEN {raw} IS NOT NULL THEN coalesce({value}, error('no time of day')) END"
    chosen = f"{value} AS {quoted(reading.name)}"
    if value == raw or read_as in ("DATE", "INTEGER"):
        return [chosen]
    left = f"CASE WHEN {value} IS NULL AND {raw} IS NOT NULL THEN CAST({raw} AS VARCHAR) END"
    return [chosen, f"{left} AS {quoted(unread(position))}"]


def _value(raw: str, reading: Reading, read_as: str) -> str:
    if read_as in ("DOUBLE", "TIMESTAMP"):
        return raw
    match reading.how:
        case "text":
            return raw
        case "number":
            return _number(raw, reading)
        case "whole":  # the round trip proves that "007" or "1.5" was not meant as a number
            whole = f"TRY_CAST({raw} AS BIGINT)"
            return f"CASE WHEN CAST({whole} AS VARCHAR) = trim({raw}) THEN {whole} END"
        case "boolean":
            word = f"lower(trim({raw}))"
            told = [f"WHEN {word} IN ({', '.join(map(literal, sorted(said)))})" for said in (TRUE, FALSE)]
            return f"CASE {told[0]} THEN true {told[1]} THEN false END"
        case "clock":
            clock = f"trim({_reworded(raw, reading.words)})"
            if reading.formats:
                formats = ", ".join(literal(form) for form in reading.formats)
                return f"CAST(try_strptime({clock}, [{formats}]) AS TIME)"
            return f"TRY_CAST({clock} AS TIME)"
        case "day_number":
            days = f"TRY_CAST({raw} AS INTEGER)"
            return f"CASE WHEN {days} BETWEEN 1 AND 109574 THEN DATE '1899-12-30' + {days} END"
        case "day_part":
            days = f"TRY_CAST({_reworded(raw, reading.words)} AS DOUBLE)"
            seconds = f"CAST(round({days} * 86400) AS BIGINT)"
            moment = f"TIMESTAMP '1899-12-30' + to_seconds({seconds})"
            return f"CASE WHEN {days} BETWEEN 1 AND 109574 THEN {moment} END"
        case "unix":
            ticks = f"TRY_CAST({raw} AS DOUBLE)"
            units = "WHEN {0} >= 1e17 THEN 1e-3 WHEN {0} >= 1e14 THEN 1 WHEN {0} >= 1e11 THEN 1e3 ELSE 1e6"
            micros = f"CAST(round({ticks} * CASE {units.format(ticks)} END) AS BIGINT)"
            return f"CASE WHEN {ticks} BETWEEN 0 AND 4.1024448e18 THEN make_timestamp({micros}) END"
        case "trimmed":
            return _reworded(raw, reading.words)
        case "wrapped":
            return f"regexp_replace({raw}, '^\\s*=\"(.*)\"\\s*$', '\\1')"
        case "clock_digits":
            return _clock(raw if read_as == "INTEGER" else f"TRY_CAST(TRY_CAST({raw} AS DOUBLE) AS INTEGER)")
        case "date" | "datetime":
            kind = "DATE" if reading.how == "date" else "TIMESTAMP"
            if read_as == "DATE":
                return _century(raw) if reading.formats else raw
            if not reading.formats:
                return _in_calendar(f"TRY_CAST(trim({_reworded(raw, reading.words)}) AS {kind})", kind)
            formats = ", ".join(literal(form) for form in reading.formats)
            moment = f"try_strptime({_reworded(raw, reading.words)}, [{formats}])"
            return _in_calendar(f"CAST({moment} AS {kind})", kind)


def _in_calendar(moment: str, kind: str) -> str:
    """Take only years of four digits for dates; the database knows others, a calendar does not."""
    return f"CASE WHEN {moment} BETWEEN {kind} '0001-01-01' AND {kind} '9999-12-31' THEN {moment} END"


def _century(day: str) -> str:
    """Put years 0 to 68 into this century and 69 to 99 into the last, as strptime's %y does."""
    this, last = (date(2001, 1, 1) - date(1, 1, 1)).days, (date(1969, 1, 1) - date(69, 1, 1)).days
    return (
        f"CASE WHEN {day} >= DATE '0100-01-01' THEN {day} WHEN {day} < DATE '0069-01-01' THEN {day} + {this} "
        f"ELSE {day} + {last} END"
    )


def _number(raw: str, reading: Reading) -> str:
    text = _reworded(raw, reading.words)
    if reading.ornaments:
        removed = "".join(sorted(set(reading.ornaments) - set("()-" + MINUS)))
        text = f"translate({text}, {literal(MINUS + removed)}, '--')"
        if "(" in reading.ornaments:  # bookkeepers write minus as brackets
            text = f"regexp_replace({text}, '^\\s*\\((.*)\\)\\s*$', '-\\1')"
        if "-" in reading.ornaments:
            text = f"regexp_replace({text}, '^\\s*(.*[^\\s-])\\s*-\\s*$', '-\\1')"
    if reading.thousands:
        text = f"replace({text}, {literal(reading.thousands)}, '')"
    if reading.decimal != ".":
        text = f"replace({text}, {literal(reading.decimal)}, '.')"
    number = f"TRY_CAST({text} AS DOUBLE)"
    value = f"CASE WHEN isfinite({number}) THEN {number} END"
    if reading.debit:
        value = f"({value}) * CASE WHEN regexp_matches({raw}, '(?i)\\b{reading.debit}\\b') THEN -1 ELSE 1 END"
    return value


def _reworded(text: str, words: Sequence[tuple[str, str]]) -> str:
    for pattern, instead in words:
        text = f"regexp_replace({text}, {literal(pattern)}, {literal(instead)}, 'gi')"
    return text


def _clock(digits: str) -> str:
    minute, second = f"{digits} // 100 % 100", f"{digits} % 100"
    valid = f"{digits} BETWEEN 0 AND 235959 AND {minute} < 60 AND {second} < 60"
    return f"CASE WHEN {valid} THEN make_time({digits} // 10000, {minute}, {second}) END"


def shown_value(column: Shown) -> str:
    """Return the expression of a shown column."""
    value = quoted(column.source)
    if column.convert:
        converted = _value(value, column.convert, "VARCHAR")
        value = f"CASE WHEN {converted} IS NULL THEN {value} END" if column.rest else converted
    if column.swapped:
        day = f"make_date(year({value}), day({value}), month({value}))"
        time = f"({value} - date_trunc('day', {value}))"
        exchanged = (
            f"CASE WHEN typeof({value}) = 'DATE' THEN CAST({day} AS TIMESTAMP) ELSE {day} + {time} END"
        )
        value = f"CASE WHEN day({value}) <= 12 THEN {exchanged} END"
    if column.as_text:
        value = _as_text(value, column.unread)
    if column.missing:
        listed = ", ".join(literal(item) if isinstance(item, str) else repr(item) for item in column.missing)
        value = f"CASE WHEN {value} NOT IN ({listed}) THEN {value} END"
    if column.not_before:
        value = f"CASE WHEN {value} >= DATE '{column.not_before.isoformat()}' THEN {value} END"
    if column.not_after:
        limit = f"DATE '{column.not_after.isoformat()}'"
        value = f"CASE WHEN {value} > {limit} THEN CAST({value} - INTERVAL 100 YEAR AS DATE) ELSE {value} END"
    if column.age_at:
        value = f"datesub('year', {value}, DATE '{column.age_at.isoformat()}')"
    if column.factor != 1:
        value = f"({value}) * {column.factor!r}"
    return f"CAST({value} AS BIGINT)" if column.whole else value


def _as_text(value: str, unread_cells: str) -> str:
    """Write a value without the ".0" of whole numbers; cells that did not fit are written as they stand."""
    text = f"regexp_replace(CAST({value} AS VARCHAR), '^(-?[0-9]+)\\.0$', '\\1')"
    return f"coalesce({text}, {quoted(unread_cells)})" if unread_cells else text
