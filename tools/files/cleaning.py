"""Knows what is mended while reading, what is only reported, and how each is said and counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from tools import wording
from tools.core import CleaningStep, Fact, Finding
from tools.files.dates import DateShape
from tools.files.reading import is_blank, is_placeholder
from tools.files.surveying import Measured
from tools.understanding.vocabulary import CODES_FOR_NOTHING, DOUBTFUL

UTC_OFFSETS = frozenset({"+0000", "+00:00", "+00", "Z", "+0", "-0000"})
OLDEST = 110  # years; beyond it a birth date is no evidence of an age


@dataclass(frozen=True)
class Births:
    """What is wrong with a column of birth dates.

    Attributes:
        placeholders: Dates that stand for "not known", with their rows.
        shifted: Rows whose two-digit year was read into the wrong century.
        implausible: Rows with a birth date more than 110 years before the last date.
        mended: Birth dates with their rows as they are after mending.
    """

    placeholders: tuple[tuple[date, int], ...]
    shifted: int
    implausible: int
    mended: Mapping[date, int]


def as_date(value: Any) -> date | None:
    """Return the calendar date of what the engine gave."""
    if value is None:
        return None
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    return value.date() if isinstance(value, datetime) else value


def empty_words(found: Measured) -> tuple[list[str], int, int]:
    """Find texts of a column that mean "no value".

    Returns:
        The texts as they stand, rows that are blank, rows that hold a code for nothing.
    """
    texts = [(str(value), n) for value, n in found.counts]
    blanks = [(text, n) for text, n in texts if is_blank(text)]
    short = sum(n for text, n in texts if re.fullmatch(r"[A-Z]{2}", text))
    codes = [
        (text, n)
        for text, n in texts
        if text.strip() in CODES_FOR_NOTHING
        and not (text.strip() == "NA" and short > 0.5 * found.n_present)
        and len(texts) > 1
    ]
    words = [text for text, _ in (*blanks, *codes)]
    return words, sum(n for _, n in blanks), sum(n for _, n in codes)


def doubtful_words(found: Measured) -> list[tuple[str, int]]:
    """Find texts such as "unknown" that may mean "no value" and are left as they are."""
    return [
        (str(value), n)
        for value, n in found.counts
        if isinstance(value, str) and value.strip().casefold() in DOUBTFUL
    ]


def emptied(name: str, left: Mapping[str, int], how: str) -> list[CleaningStep]:
    """Say which cells could not be read and are missing now."""
    blanks = sum(n for text, n in left.items() if is_blank(text))
    codes = {text: n for text, n in left.items() if not is_blank(text) and is_placeholder(text)}
    others = {text: n for text, n in left.items() if not is_placeholder(text)}
    steps = []
    if blanks:
        cells = wording.count(blanks, "blank cell")
        steps.append(CleaningStep("blank_cells", name, blanks, f"{name}: {cells} read as missing."))
    for code, texts, kind in (("placeholder_words", codes, ""), ("unreadable_cells", others, f"no {how}")):
        if texts:
            total = sum(texts.values())
            shown = wording.listing([f'"{text[:30]}"' for text in list(texts)[:3]])
            more = f" and {len(texts) - 3} other texts" if len(texts) > 3 else ""
            cells = (
                wording.count(total, f"cell that is {kind}", f"cells that are {kind}")
                if kind
                else wording.count(total, "cell")
            )
            steps.append(CleaningStep(code, name, total, f"{name}: {cells} ({shown}{more}) read as missing."))
    return steps


def births(counts: Sequence[tuple[date, int]], last: date, off: Collection[str] = frozenset()) -> Births:
    """Judge a column of birth dates by its distinct values.

    Args:
        counts: Dates with their rows.
        last: Last date of the data; nobody in it is born later.
        off: Codes of cleaning steps that a person switched off.
    """
    total = sum(n for _, n in counts)
    typical = median(n for _, n in counts) if counts else 0
    oldest = earliest_birth(last)
    placeholders: list[tuple[date, int]] = []
    mended: dict[date, int] = {}
    implausible = shifted = 0
    suspects = []
    least = min(max(3, 0.0005 * total, 10 * typical), max(5, 0.001 * total, 20 * typical))
    for day, n in counts:
        if oldest <= day <= last and n < least:  # nearly all of them
            mended[day] = mended.get(day, 0) + n
            continue
        mass = n >= max(3, 0.0005 * total) and n >= 10 * typical
        if day < oldest and mass and "placeholder_dates" not in off:
            placeholders.append((day, n))
            continue
        if day < oldest and not mass and "implausible_births" not in off:
            implausible += n
            continue
        if day > last and "birth_century" not in off:
            shifted += n
            day = _century_before(day)
        elif (
            "placeholder_dates" not in off
            and n >= max(5, 0.001 * total, 20 * typical)
            and (day.month, day.day) == (1, 1)
        ):
            suspects.append((day, n))
        mended[day] = mended.get(day, 0) + n
    for day, n in suspects:
        near = sum(m for other, m in mended.items() if other != day and abs((other - day).days) < 3 * 365)
        if near < 0.1 * n:
            placeholders.append((day, n))
            del mended[day]
    return Births(tuple(sorted(placeholders)), shifted, implausible, mended)


def earliest_birth(last: date) -> date:
    """Return the first birth date that is believed."""
    return date(last.year - OLDEST, 1, 1)


def age(born: date, on: date) -> int:
    """Return whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _century_before(day: date) -> date:
    year = day.year - 100
    return (
        day.replace(year=year, day=28)
        if (day.month, day.day) == (2, 29) and year % 4
        else day.replace(year=year)
    )


def birth_steps(name: str, found: Births, last: date) -> list[CleaningStep]:
    """Say what was mended in birth dates."""
    steps = []
    if found.shifted:
        sentence = (
            f"{name}: {wording.count(found.shifted, 'two-digit birth year')} lay after the last date of "
            f"the data "
            f"({wording.day(last)}) and were moved back a century."
        )
        facts = (Fact("last_date", last.isoformat()),)
        steps.append(CleaningStep("birth_century", name, found.shifted, sentence, facts))
    for day, n in found.placeholders:
        sentence = (
            f"{name}: {wording.count(n, 'row')} born on {wording.day(day)}, far from all others, hold a "
            f"placeholder; "
            "their birth date and age are missing now, the rows stay."
        )
        steps.append(
            CleaningStep("placeholder_dates", name, n, sentence, (Fact("placeholder", day.isoformat()),))
        )
    if found.implausible:
        sentence = (
            f"{name}: {wording.count(found.implausible, 'birth date')} more than {OLDEST} years back "
            f"read as missing."
        )
        facts = (Fact("oldest_believed_years", OLDEST, "years"),)
        steps.append(CleaningStep("implausible_births", name, found.implausible, sentence, facts))
    return steps


ORDERS = {"day": "day first", "month": "month first", "year": "year first"}


def date_findings(name: str, shape: DateShape, n_present: int) -> tuple[list[CleaningStep], list[Finding]]:
    """Say how dates were read, what proves it, and where nothing does."""
    told = [zones_step(name, shape.zones, n_present)] if set(shape.zones) - UTC_OFFSETS else []
    if shape.proven == "proven":
        sentence = (
            f"{name}: read {ORDERS[shape.order]}; {verbatim(shape.witness)} proves it and no date in "
            f"the column speaks against it."
        )
        return [
            *told,
            CleaningStep(
                "date_order", name, n_present, sentence, (Fact("witness", shape.witness, None, name),)
            ),
        ], []
    if shape.proven == "open":
        other = "month" if shape.order == "day" else "day"
        sentence = (
            f"Every date in {name} can be read day first or month first: nothing in the column decides. "
            f"It was read "
            f"{ORDERS[shape.order]}; if that is wrong, say that the dates are {ORDERS[other]}."
        )
        return told, [Finding("date_order_open", "serious", name, n_present, sentence)]
    return told, []


def zones_step(name: str, zones: Sequence[str], n_present: int) -> CleaningStep:
    """Say that times are read as the clocks of their places showed them."""
    shown = wording.listing([f"`{zone.strip()}`" for zone in zones[:3]]) + (
        " and others" if len(zones) > 3 else ""
    )
    sentence = f"{name}: its times are read as clocks showed them there; {shown} behind them is left out."
    return CleaningStep("time_zones", name, n_present, sentence)


def verbatim(witness: str) -> str:
    """Mark the text of cells as text of the file."""
    if witness.startswith("a date"):
        return witness
    return " and ".join(f"`{text}`" for text in witness.split(" and "))


def mixed_dates(name: str, witness: str, n_rows: int) -> Finding:
    """Say that a column holds dates of both orders."""
    sentence = (
        f"{name} holds dates of both orders ({verbatim(witness)}): which is which cannot be told for the "
        f"others, "
        "so the column is kept as text and nothing is computed from its dates."
    )
    return Finding(
        "date_order_mixed", "serious", name, n_rows, sentence, (Fact("witnesses", witness, None, name),)
    )
