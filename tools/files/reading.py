"""Knows how the text of a column becomes values: proposes it from a sample, and judges what did not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.files.conversions import Reading
from tools.files.dates import DateShape, date_shape, half_day_format, is_clock, reworded_clock
from tools.files.dressing import NUMBER, grouped_with_dots, marks_behind, undressed
from tools.understanding.naming import words_of
from tools.understanding.vocabulary import CODED, CUSTOMER, FALSE, PLACEHOLDERS, TRUE

WHOLE = re.compile(r"[+-]?\d+")
WRAPPED = re.compile(r'\s*="[^"]*"\s*')
CLOCKS = frozenset(
    {"time", "clock", "hour", "hhmmss", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "godzina"}
)
DATED = frozenset(
    {
        *("date", "datum", "fecha", "dato", "dt", "dob", "when", "timestamp", "datetime"),
        *("created", "updated", "at", "time"),
    }
)
DATED_ENDS = ("datum", "zeitpunkt", "stempel", "timestamp", "datetime", "dato")  # of longer words
SECONDS_DIGITS = 9  # of the seconds since 1970, at least
LONGEST_PLACEHOLDER = 20  # characters
TICKS = (1e9, 1e6, 1e3)  # parts of a second in which programs count
TICKED = DATED | {"ts", "modified", "sent", "on", "data"}  # words for what programs count in seconds
FIRST_DAY, LAST_DAY = 20_000, 73_050  # day numbers of spreadsheets from 1954 to 2099


@dataclass(frozen=True)
class Proposal:
    """How a column is to be read, and what its text says beyond its values.

    Attributes:
        reading: For the engine.
        shape: How dates are written, for dates.
        unit: From currency or percent signs in the cells.
        note: Why it stays text, if a person would expect otherwise.
        mixed: A date column whose dates need both orders.
    """

    reading: Reading
    shape: DateShape | None = None
    unit: str | None = None
    note: str = ""
    mixed: str = ""


def is_blank(text: str) -> bool:
    """Tell whether a text is empty or white space."""
    return not text or text.isspace()


def is_placeholder(text: str) -> bool:
    """Tell whether a text stands for "no value" in a column of numbers or dates."""
    if len(text) >= LONGEST_PLACEHOLDER:
        return is_blank(text)
    bare = text.strip().casefold()
    return not bare or bare in PLACEHOLDERS or (" " in bare and "".join(bare.split()) in PLACEHOLDERS)


def propose(name: str, cells: Sequence[str], comma_decimals: bool = False) -> Proposal:
    """Propose how to read a column.

    Args:
        name: The column.
        cells: Its text in a sample of rows, with missing ones.
        comma_decimals: Whether other columns of the file write 3,14.
    """
    texts = [text for text in dict.fromkeys(cells) if not is_placeholder(text)]
    if not texts:
        return Proposal(Reading(name))
    found = _proposed(name, cells, texts, comma_decimals)
    if found.reading.how == "text" and len(cells) > 1 and (around := padding(texts)):
        note = found.note or "What stands around all of its cells, blanks or an apostrophe, was taken off."
        return replace(found, reading=replace(found.reading, how="trimmed", words=around), note=note)
    return found


def padding(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return patterns of blanks or an apostrophe around every text of a column, which are no part of it."""
    if all(re.match(r"\s*'[+(]?\d", text) for text in texts):
        return ((r"^\s*'", ""),)
    padded = all(text != text.strip() for text in texts)
    return ((r"^\s+", ""), (r"\s+$", "")) if padded else ()


def _proposed(name: str, cells: Sequence[str], texts: list[str], comma_decimals: bool) -> Proposal:
    """Propose how to read a column with these different texts."""
    plain = Proposal(Reading(name))
    words = set(words_of(name))
    if all(WRAPPED.fullmatch(text) for text in texts):
        return Proposal(Reading(name, "wrapped"))
    spoken, ways = reworded_clock(texts, bool(words & CLOCKS))
    if (words & CLOCKS or ways) and (clock := is_clock([text.strip() for text in spoken])):
        return Proposal(Reading(name, clock, words=ways))
    if half := half_day_format(spoken):
        return Proposal(Reading(name, "clock", (half,), words=ways))
    if (words & TICKED or _is_dated(words)) and (counted := _counted_time(name, texts, _is_dated(words))):
        return counted
    if shape := _dates(name, words, texts):
        return _date_proposal(name, shape)
    if (proposal := _number(name, words, texts, comma_decimals)) is not None:
        return proposal
    if {cell.strip().lower() for cell in cells if not is_blank(cell)} <= TRUE | FALSE:
        return Proposal(Reading(name, "boolean"))
    return plain


def _counted_time(name: str, texts: Sequence[str], days: bool) -> Proposal | None:
    """Propose the days that spreadsheets count from 1900, or the seconds that computers count from 1970."""
    if not days and any(len(text.strip()) < SECONDS_DIGITS for text in texts):
        return None
    parts = [text for text in texts if re.fullmatch(r"\s*\d{5}[.,]\d+\s*", text)]
    if parts and all(re.fullmatch(r"\s*\d{5}([.,]\d+)?\s*", text) for text in texts):
        fit = all(FIRST_DAY <= float(text.strip().replace(",", ".")) <= LAST_DAY for text in texts)
        commas = ((",", "."),) if any("," in text for text in texts) else ()
        return Proposal(Reading(name, "day_part", words=commas)) if fit else None
    if all(re.fullmatch(r"\s*\d{6}\s*", text) for text in texts):
        return _six_digits(name, texts)
    if not all(
        re.fullmatch(r"\s*(\d{5}|\d{9,10}(\.\d+)?|\d{13}(\.\d+)?|\d{16}|\d{19})\s*", text) for text in texts
    ):
        return None
    numbers = [float(text.strip()) for text in texts]  # float() keeps some of what counts as a space
    if all(FIRST_DAY <= number <= LAST_DAY for number in numbers):
        return Proposal(Reading(name, "day_number"))
    seconds = [number / next((unit for unit in TICKS if number >= unit * 1e8), 1) for number in numbers]
    return Proposal(Reading(name, "unix")) if all(4e8 < each < 4.1e9 for each in seconds) else None


def _is_dated(words: set[str]) -> bool:
    """Whether a column is named like a date, also within a longer word, as in Buchungsdatum."""
    return bool(words & DATED) or any(word.endswith(DATED_ENDS) for word in words)


def _six_digits(name: str, texts: Sequence[str]) -> Proposal | None:
    """Propose days written as 240131 or 310124, if only one of both ways fits."""
    fields = [(int(text.strip()[:2]), int(text.strip()[2:4]), int(text.strip()[4:])) for text in texts]
    months = all(1 <= month <= 12 for _, month, _ in fields) and len(fields) > 2
    year_first = months and all(1 <= day <= 31 for _, _, day in fields)
    day_first = months and all(1 <= day <= 31 for day, _, _ in fields)
    years = {True: len({year for year, _, _ in fields}), False: len({year for _, _, year in fields})}
    if not (year_first or day_first) or (year_first and day_first and years[True] == years[False]):
        return None
    first = year_first and not (day_first and years[False] < years[True])
    return Proposal(Reading(name, "date", ("%y%m%d",) if first else ("%d%m%y",)))


def _dates(name: str, words: set[str], texts: list[str]) -> DateShape | None:
    if all(re.fullmatch(r"\s*\d{8}\s*", text) for text in texts) and not (
        words & {"date", "day", "dt", "dob", "birth", "birthday", "datum", "fecha", "on", "time"}
        or len(texts) > 20
    ):
        return None
    return date_shape(texts)


def _date_proposal(name: str, shape: DateShape) -> Proposal:
    if shape.proven == "mixed":
        return Proposal(Reading(name), shape, mixed=shape.witness)
    return Proposal(
        Reading(name, "datetime" if shape.datetime else "date", shape.formats, words=shape.words), shape
    )


def _number(name: str, words: set[str], filled: Sequence[str], comma_decimals: bool) -> Proposal | None:
    """Propose a number, text for digits that are a name, or None if these are not numbers."""
    texts = [cell.strip() for cell in filled]
    plain = sum(bool(NUMBER.fullmatch(text)) for text in texts)
    if plain >= 0.95 * len(texts) and not (comma_decimals and grouped_with_dots(texts)):
        if any(re.fullmatch(r"[+-]?0\d+", text) for text in texts):
            return Proposal(Reading(name), note="Its leading zeros are kept: it is a code, not a number.")
        if max(len(text.lstrip("+-").split(".")[0]) for text in texts if NUMBER.fullmatch(text)) > 15:
            return Proposal(Reading(name), note="It has too many digits for a number and is kept as text.")
        if words & CODED and any("e" in text.lower() for text in texts):
            return Proposal(
                Reading(name), note="It holds codes that only look like powers of ten: kept as text."
            )
        if all(WHOLE.fullmatch(text) for text in texts) and words & (CODED | CUSTOMER):
            return Proposal(Reading(name, "whole"))
        return Proposal(Reading(name, "number"))
    if words & CODED or not any(any(digit.isdigit() for digit in text) for text in texts[:50]):
        return None
    return _dressed(name, texts, comma_decimals)


def _dressed(name: str, texts: Sequence[str], comma_decimals: bool) -> Proposal | None:
    """Propose a number with thousands marks, a decimal comma, currency signs, percent signs or brackets."""
    marked = marks_behind(name, texts)
    found = undressed(name, [marked.sub(r"\1", text) for text in texts] if marked else texts, comma_decimals)
    if found is None:
        return None
    reading, units = found
    if marked:
        reading = replace(reading, words=((marked.pattern, r"\1"), *reading.words))
        note = "Marks behind some of its numbers, as for footnotes or estimates, were left out."
        return Proposal(reading, unit=units[0] if len(units) == 1 else None, note=note)
    if len(units) > 1:
        named = f"{', '.join(units[:-1])} and {units[-1]}"
        return Proposal(
            Reading(name), note=f"Its cells are in {named}, which cannot be added up: kept as text."
        )
    note = "Its numbers are said to be approximate." if set("~≈") & set(reading.ornaments) else ""
    if reading.debit:
        other = " and those without a mark as positive" if reading.debit == "cr" else ""
        note = f"Amounts marked {reading.debit.upper()} are counted as negative{other}."
    return Proposal(reading, unit=units[0] if units else None, note=note)


def has_decimal_comma(rows: Sequence[Sequence[str]], separator: str) -> bool:
    """Tell whether numbers such as 3,14 or 0,5 stand in a file that is not separated by commas."""
    if separator == ",":
        return False
    seen = [cell.strip() for row in rows[:500] for cell in row if "," in cell]
    fitting = [cell for cell in seen if re.fullmatch(r"[+-]?[\d.]*\d,\d+", cell)]
    return any(not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", cell) for cell in fitting)


def judge(proposal: Proposal, left: Mapping[str, int], n_present: int) -> Proposal:
    """Decide on the cells of a column that did not become values.

    Args:
        proposal: How it was read.
        left: Distinct texts that did not fit, with their counts (the most frequent 1,000).
        n_present: Cells of the column that are not missing, unread ones included.

    Returns:
        The same proposal if these cells mean nothing and the rest stands, or another one to try.
    """
    words = {text: n for text, n in left.items() if not is_placeholder(text)}
    if not words:
        return proposal
    other = _other_dates(proposal, list(words)) if proposal.shape else _other_number(proposal, list(words))
    if other is not None:
        return other
    if sum(words.values()) <= max(0.02 * n_present, 1) and n_present >= 20:
        return proposal
    note = "Not all of its cells can be read alike, so it is kept as text."
    return Proposal(Reading(proposal.reading.name), note=note)


def _other_dates(proposal: Proposal, words: list[str]) -> Proposal | None:
    """Return how to read a date column in which these texts did not fit, if they are dates at all."""
    reading, shape = proposal.reading, proposal.shape
    found = date_shape(words)
    if found is None or shape is None:
        return None
    orders = {known.order for known in (found, shape) if known.proven == "proven"}
    if found.proven == "mixed" or len(orders) == 2:
        witness = found.witness if found.proven == "mixed" else f"{shape.witness} and {found.witness}"
        return replace(proposal, reading=Reading(reading.name), mixed=witness)
    formats = reading.formats or ("%Y-%m-%d",)
    if shape.proven == "open" and found.proven == "proven":
        if found.order != shape.order:
            formats = tuple(_swapped(form) for form in formats)
        shape = replace(shape, order=found.order, proven="proven", witness=found.witness)
    again = date_shape(words, assume=shape.order) or found
    formats = (*formats, *(form for form in (again.formats or ("%Y-%m-%d",)) if form not in formats))
    if formats == (reading.formats or ("%Y-%m-%d",)):
        return None
    how: Literal["date", "datetime"] = "datetime" if again.datetime or reading.how == "datetime" else "date"
    rewords = tuple(dict.fromkeys((*reading.words, *again.words)))
    return replace(proposal, reading=replace(reading, how=how, formats=formats, words=rewords), shape=shape)


def _swapped(form: str) -> str:
    """Exchange day and month in a strptime format."""
    return form.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")


def _other_number(proposal: Proposal, words: list[str]) -> Proposal | None:
    """Return how to read a number column in which these texts did not fit, if they are numbers at all."""
    reading = proposal.reading
    if reading.how == "whole":
        if all(WHOLE.fullmatch(text.strip()) for text in words):
            return Proposal(
                Reading(reading.name), note="Its leading zeros are kept: it is a code, not a number."
            )
        if all(NUMBER.fullmatch(text.strip()) for text in words):
            return replace(proposal, reading=replace(reading, how="number"))
    if reading.how == "number" and reading.bare:
        other = _dressed(reading.name, [text.strip() for text in words], False)
        return other if other and other.reading != reading else None
    return None
