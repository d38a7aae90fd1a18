"""Knows other words for what a fact is about: a month for its first day, women for F."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from assistant.grounding.answer_words import words_of_answer
from assistant.grounding.written_dates import MONTHS

PEOPLE_OF = {
    words[0]: words[1:]
    for line in Path(__file__).with_name("demonyms.txt").read_text("utf-8").splitlines()
    if (words := line.split())
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SEXES = {"m": ("men", "man", "male", "males"), "f": ("women", "woman", "female", "females")}
ALSO_WORDS = frozenset({"may", "mar", "march"})  # months only where they are capitalised

_THE_REST = frozenset(
    {"everyone else", "everybody else", "the rest", "rest", "others", "all others", "the others"}
)
_PLURAL = re.compile(r"[a-z]{3,}(?:[^s\W]|te|le|ne)s")
_ONE_WORD = re.compile(r"[a-z]{3,}")
_COLUMN = re.compile(r"[A-Za-z]\w*")
_YES_NO = re.compile(r"(\w+) = (Yes|No|True|False)\b", re.IGNORECASE)
_OWNERS = frozenset({"cust", "customer", "client", "user", "member"})
_UNITS_IN_NAMES = frozenset(
    [
        "days",
        "weeks",
        "months",
        "years",
        "hours",
        "minutes",
        "pct",
        "percent",
        "share",
        "gb",
        "mb",
        "kb",
        "kg",
        "km",
        "km2",
        "sqm",
        "eur",
        "usd",
        "gbp",
        "inr",
        "chf",
        "count",
    ]
)
_SAID_AS = {
    "dob": ("birth date", "birth dates", "date of birth", "dates of birth", "birthday"),
    "birth date": ("date of birth", "birthday"),
    "gender": ("genders", "sex"),
    "sex": ("gender",),
    "location": ("locations", "place", "places", "city"),
    "age": ("ages",),
}


def aliases_of(names: Collection[str]) -> dict[str, str]:
    """Return other words for subjects, each with its subject; words for two of them are left out."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    months = all(name.endswith("-01") for name in names if _ISO.fullmatch(name))
    for name in sorted(names):
        for word in _words_for(name, months, {"m", "f"} <= set(names)):
            (twice.add(word) if word in found else found.update({word: name}))
    return {word: name for word, name in found.items() if word not in twice}


def _words_for(name: str, months: bool, sexes: bool) -> Iterator[str]:
    if sexes and name in _SEXES:
        yield from _SEXES[name]
    date = _ISO.fullmatch(name)
    if date:
        for month in (month for month, place in MONTHS.items() if place == int(date[2])):
            if not months:
                yield f"{int(date[3])} {month} {date[1]}"
                continue
            yield f"{month} {date[1]}"
            yield month
    for people in PEOPLE_OF.get(name, ()):
        yield people
        yield f"{people}s"
    if not date:
        yield from _forms_of(name)


def _forms_of(name: str) -> Iterator[str]:
    """Yield other forms of a value or a column: "agencies" for agency, "number of orders" for n orders."""
    if _ONE_WORD.fullmatch(name):
        yield (
            name[:-1] + "ies"
            if name.endswith("y")
            else name + ("es" if name.endswith(("s", "x", "ch")) else "s")
        )
    words = name.split()
    if 1 < len(words) < 4:
        yield "-".join(words)
    if name in _THE_REST:
        yield from sorted(_THE_REST - {name})
    if len(words) <= 4 and _PLURAL.fullmatch(words[-1]):
        yield name[:-1]
    if len(words) == 1 or len(words) > 4:
        return
    if re.fullmatch(r"[a-z]{3,}[^s\W]", words[-1]) and words[-1] not in _UNITS_IN_NAMES:
        yield f"{name}s"
    if words[0] == "n":
        yield f"number of {' '.join(words[1:])}"
    if words[0] == "mean":
        yield f"average {' '.join(words[1:])}"
    if words[-1] in _UNITS_IN_NAMES:
        yield " ".join(words[:-1])


def aliases_of_columns(scopes: Iterable[str]) -> dict[str, str]:
    """Return words for columns that facts are about, and for the answers of yes-or-no columns.

    "CustomerDOB" is told as "birth date", and "churned = Yes" as "churned".
    """
    found: dict[str, set[str]] = {}
    for scope in sorted(set(scopes)):
        if _COLUMN.fullmatch(scope):
            name = scope.replace("_", " ").casefold()
            for word in _words_of_column(scope):
                found.setdefault(word, set()).add(name)
        for column, value in _YES_NO.findall(scope):
            for word in words_of_answer(column, value.casefold() in ("yes", "true")):
                found.setdefault(word, set()).add(value.casefold())
            word = column.replace("_", " ").casefold()
            for phrase in (f"{word} is {value}", f"{word} = {value}"):
                found.setdefault(phrase.casefold(), set()).add(value.casefold())
    return {word: next(iter(names)) for word, names in found.items() if len(names) == 1 and len(word) > 2}


def _words_of_column(column: str) -> Iterator[str]:
    words = [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", column)]
    rest = [word for word in words if word not in _OWNERS]
    plain = " ".join(rest)
    if rest and plain != column.casefold():
        yield plain
    yield from _SAID_AS.get(plain, ())
