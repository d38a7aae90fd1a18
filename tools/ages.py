"""Knows the age that a date of birth gives on a day: `age by dob on 2025-12-31`, in whole years."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

import narwhals as nw

from tools.core import Column
from tools.errors import ToolError

_WRITTEN = re.compile(r"age by (?P<born>.+) on (?P<day>\d{4}-\d\d-\d\d)")


def age_name(born: str, on: date) -> str:
    """Write the name of the column with ages on a day."""
    return f"age by {born} on {on.isoformat()}"


def age_of(name: str, known: Collection[str]) -> tuple[str, date] | None:
    """Take a name apart as the date of birth and the day on which the age is told."""
    found = _WRITTEN.fullmatch(name)
    if found is None or found["born"] not in known:
        return None
    return found["born"], date.fromisoformat(found["day"])


def age_column(name: str, born: Column, on: date) -> Column:
    """Return what is known of the column with ages.

    Raises:
        ToolError: If what they are told by is no date.
    """
    if born.kind not in ("date", "datetime"):
        raise ToolError(f"{name} cannot be computed.", "An age needs a date of birth.")
    years = [
        None if text is None else on.year - int(str(text)[:4]) - (str(text)[5:10] > f"{on:%m-%d}")
        for text in (born.minimum, born.maximum)
    ]
    return Column(
        name, "number", "age", "years", protected=True, n_missing=born.n_missing, n_distinct=80,
        minimum=years[1], maximum=years[0], derived_from=born.name,
        note=f"Whole years from {born.name} to {on.isoformat()}.",
    )  # fmt: skip


def age_expression(born: str, on: date) -> nw.Expr:
    """Return the whole years from a date of birth to a day."""
    month, day = nw.col(born).dt.month(), nw.col(born).dt.day()
    to_come = (month > on.month) | ((month == on.month) & (day > on.day))
    years = nw.lit(on.year) - nw.col(born).dt.year()
    return nw.when(to_come).then(years - 1).otherwise(years)
