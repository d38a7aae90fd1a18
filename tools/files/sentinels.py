"""Knows the numbers and dates that stand for "no value", such as -999 and 31/12/9999, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from tools import wording
from tools.core import CleaningStep, Fact
from tools.engine import Engine
from tools.files.cleaning import as_date
from tools.files.drafts import Draft
from tools.files.surveying import Measured

CODE = "placeholder_numbers"
NOTHING = frozenset({-99, -999, -9999, -99999, -999999, -99.9, -999.9, -99.99, -999.99})
FEWEST = 2  # rows in which the number has to stand
DATE_CODE = "placeholder_dates"
NEVER = 2900  # year from which on a date says that something has no end
BEGINNINGS = frozenset(  # days from which programs count, where they have no date
    {
        date(1, 1, 1),
        date(1753, 1, 1),
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(1901, 1, 1),
    }
)
OWN_TIME = 1990  # year before which columns hold birth dates and history, where such days may be meant


def take_out_empty_dates(
    engine: Engine, draft: Draft, measured: Mapping[str, Measured]
) -> dict[str, Measured]:
    """Take 31/12/9999 for missing, and 01/01/1900 where all other dates are of our time.

    Args:
        engine: Holds the table as it was read.
        draft: What is shown and said is changed.
        measured: What was counted by column.

    Returns:
        The same, changed for these columns.
    """
    changed = dict(measured)
    for name, found in measured.items():
        if found.kind not in ("date", "datetime") or draft.decisions.is_off(DATE_CODE, name):
            continue
        for end in (found.maximum, found.minimum):
            changed[name] = _without_date(engine, draft, changed[name], end)
    return changed


def _without_date(engine: Engine, draft: Draft, found: Measured, end: Any) -> Measured:
    """Take the last or the first date of a column for missing if it stands for none."""
    name, day = found.name, as_date(end)
    if day is None or name not in draft.shown or not (day.year >= NEVER or day in BEGINNINGS):
        return found
    others = engine.frame(draft.stored).filter(nw.col(name) != end)
    query = others.select(
        nw.col(name).min().alias("first"), nw.col(name).max().alias("last"), nw.col(name).count().alias("n")
    )
    row = engine.collect(query).iloc[0]
    n, first, last = int(row["n"]), as_date(row["first"]), as_date(row["last"])
    gone = found.n_present - n
    if gone < FEWEST or first is None or last is None or last.year >= NEVER or first.year < OWN_TIME:
        return found
    shown = draft.shown[name]
    missing = end.isoformat(sep=" ") if found.kind == "datetime" else day.isoformat()
    draft.shown[name] = replace(shown, missing=(*shown.missing, missing))
    cells = wording.count(gone, "cell that holds", "cells that hold")
    verb = "was" if gone == 1 else "were"
    why = "says that there is no end" if day.year >= NEVER else "is far before all other dates in it"
    sentence = f"{name}: {cells} {wording.day(day)} {verb} read as missing, because that date {why}."
    fact = Fact("placeholder", day.isoformat())
    draft.steps.append(CleaningStep(DATE_CODE, name, gone, sentence, (fact,)))
    kept = tuple((value, rows) for value, rows in found.counts if as_date(value) != day)
    return replace(
        found, n_present=n, minimum=row["first"], maximum=row["last"], counts=kept,
        most=kept[0][1] if kept else found.most,
        n_distinct=None if found.n_distinct is None else found.n_distinct - 1,
    )  # fmt: skip


def take_out_sentinels(engine: Engine, draft: Draft, measured: Mapping[str, Measured]) -> dict[str, Measured]:
    """Take -999 and its like for missing where it comes again and no other number is below nought.

    Args:
        engine: Holds the table as it was read.
        draft: What is shown and said is changed.
        measured: What was counted by column.

    Returns:
        The same, changed for these columns.
    """
    changed = dict(measured)
    for name, found in measured.items():
        if found.kind != "number" or found.minimum not in NOTHING or draft.decisions.is_off(CODE, name):
            continue
        above = engine.frame(draft.stored).filter(nw.col(name) > found.minimum)
        query = above.select(nw.col(name).min().alias("least"), nw.col(name).count().alias("n"))
        least, n = engine.collect(query).iloc[0].tolist()
        gone = found.n_present - int(n)
        if not n or least < 0 or gone < FEWEST or gone > n or name not in draft.shown:
            continue
        shown = draft.shown[name]
        draft.shown[name] = replace(shown, missing=(*shown.missing, float(found.minimum)))
        text = wording.number(found.minimum)
        cells = wording.count(gone, f"cell that holds {text} was", f"cells that hold {text} were")
        sentence = f"{name}: {cells} read as missing, because no other number in it is below 0."
        draft.steps.append(CleaningStep(CODE, name, gone, sentence, (Fact("placeholder", found.minimum),)))
        kept = tuple((value, rows) for value, rows in found.counts if value != found.minimum)
        changed[name] = replace(
            found, n_present=int(n), minimum=least, counts=kept, most=kept[0][1] if kept else found.most,
            n_distinct=None if found.n_distinct is None else found.n_distinct - 1,
        )  # fmt: skip
    return changed
