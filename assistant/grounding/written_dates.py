"""Finds the dates of a text and says whether a written date agrees with a known one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

MONTHS = {
    name: position
    for position, names in enumerate(
        [
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ],
        start=1,
    )
    for name in names
}
_WRITTEN_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{'|'.join(MONTHS)})\.?(?:\s+(?P<year>\d{{4}}))\b"
    r"|\b(?P<iso>\d{4}-\d{2}(?:-\d{2})?)\b",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(rf"\b(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(MONTHS)})\b", re.IGNORECASE)

DateParts = tuple[int | None, int | None, int | None]


@lru_cache(maxsize=1 << 14)
def dates_in(text: str) -> tuple[DateParts, ...]:
    """Return the dates of a text as (year, month, day), None where a part is not written."""
    return tuple(
        _parts(match) for pattern in (_WRITTEN_DATE, _DAY_AND_MONTH) for match in pattern.finditer(text)
    )


def written_dates(text: str) -> Iterator[tuple[DateParts, str, int, int]]:
    """Yield each date with its text, start and end; a longer way of writing goes before a shorter one."""
    for pattern in (_WRITTEN_DATE, _DAY_AND_MONTH):
        for match in list(pattern.finditer(text)):
            yield _parts(match), match.group(0), match.start(), match.end()
            text = text[: match.start()] + " " * len(match.group(0)) + text[match.end() :]


def agrees(written: DateParts, known: DateParts) -> bool:
    """Return whether each written part of a date is that of the known one."""
    return all(part is None or part == other for part, other in zip(written, known, strict=True))


def _parts(match: re.Match[str]) -> DateParts:
    found = match.groupdict()
    if found.get("iso"):
        pieces = [int(piece) for piece in found["iso"].split("-")]
        return pieces[0], pieces[1], pieces[2] if len(pieces) > 2 else None
    return (
        int(found["year"]) if found.get("year") else None,
        MONTHS[found["month"].lower()],
        int(found["day"]) if found.get("day") else None,
    )
