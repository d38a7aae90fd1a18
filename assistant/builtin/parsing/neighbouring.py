"""Knows which month, quarter, year or day comes before or after another, as conditions write them."""

from __future__ import annotations

from datetime import date, timedelta

_LENGTHS = {4: "year", 7: "month", 10: "day"}  # characters: 2024-05 is a month
_PARTS = {"year": 1, "quarter": 4, "month": 12}  # of a year


def length_of(period: str) -> str | None:
    """Return how long a period is that a condition names: "month" of 2016-09, "quarter" of 2016-Q3."""
    return "quarter" if "Q" in period else _LENGTHS.get(len(period))


def period_before(period: str) -> str | None:
    """Return the month before 2016-09, the quarter before 2016-Q3, the year before 2016, else None."""
    return period_beside(period, -1) if length_of(period) != "day" else None


def period_beside(period: str, steps: int, unit: str | None = None) -> str | None:
    """Return the period that lies so many steps after another.

    Args:
        period: A year, a quarter ("2016-Q3"), a month or a day.
        steps: How many, below zero for earlier ones.
        unit: "year" to step whole years from a month; otherwise the length of the period itself.

    Returns:
        The period, as long as the one given; None for any other span, and for a shorter unit.
    """
    length = length_of(period)
    if length is None or unit not in (None, length, "year"):
        return None
    if length == "day":
        return None if unit == "year" else str(date.fromisoformat(period) + timedelta(days=steps))
    parts = _PARTS[length]
    own = int(period[5:].lstrip("Q")) - 1 if length != "year" else 0
    year, place = divmod(parts * int(period[:4]) + own + steps * (parts if unit == "year" else 1), parts)
    ending = {"year": "", "quarter": f"-Q{place + 1}", "month": f"-{place + 1:02d}"}[length]
    return f"{year:04d}{ending}"
