"""Knows which stretches of time a text speaks of, such as "second half" or "March to May", and their sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.grounding.changes import changes_between, changes_of
from assistant.grounding.facts import SourcedFact
from assistant.grounding.written_dates import MONTHS
from assistant.grounding.written_numbers import WORDS
from tools.core import Fact

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_PLACES = {"first": 1, "opening": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4,
           "4th": 4, "last": -1, "final": -1, "closing": -1}  # fmt: skip
_PLACE = "|".join(_PLACES)
_LENGTHS = {"quarter": 3, "half": 6, "q": 3, "h": 6}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
_OF_YEAR = r"(?:\s+of\s+(?:the\s+year|(?P<of>\d{4}))|\s+(?P<year>\d{4}))?"
_PART_OF_YEAR = re.compile(
    rf"\b(?:(?P<place>{_PLACE})[\s-](?P<unit>quarter|half)(?!\s+of\s+(?:the\s+)?(?!year)[a-z]){_OF_YEAR}"
    rf"|(?P<letter>[QH])(?P<digit>[1-4])(?:\s+(?P<letter_year>\d{{4}}))?)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"\b(?P<one>{_PLACE})\s+(?:to|and|or|through|into)\s+(?:the\s+)?(?P<two>{_PLACE})"
    rf"(?:\s+(?P<unit>quarter|half)s?)?\b",
    re.IGNORECASE,
)
_FIRST_MONTHS = re.compile(
    rf"\b(?P<place>first|opening|last|final|closing)\s+(?P<n>\d{{1,2}}|{'|'.join(WORDS)})\s+months\b", re.I
)
_SEASON = re.compile(r"\b(?P<season>spring|summer|autumn)(?:\s+(?:of\s+)?(?P<year>\d{4}))?\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w.,/-])(?P<year>(?:19|20)\d\d)(?![\w/-]|[.,]\d|\s?%)")
_AFTER_MONTH = re.compile(
    rf"(?:\b(?:{_MONTH})\.?|\b[QH][1-4]|\b(?:quarter|half|spring|summer|autumn)(?: of)?|\d)[\s,]+$", re.I
)
_RANGE = re.compile(
    rf"\b(?:between\s+)?(?P<one>{_MONTH})\.?(?:\s+(?P<one_year>\d{{4}}))?"
    rf"(?:\s+(?:to|through|until|till)\s+|\s?[-–]\s?|\s+and\s+)(?P<two>{_MONTH})\b\.?(?:\s+(?P<two_year>\d{{4}}))?",
    re.IGNORECASE,
)
# "the latest quarter", "ended on a low": the last period there is.
_LATEST = re.compile(
    r"\b(?:most\s+recent|latest|newest)\s+(?P<recent>month|quarter|week|year|period|figure|value|reading|number|count|"
    r"entry|point|total)\b|\b(?:last|final|closing)\s+(?P<last>period|figure|value|reading|entry|month|quarter)\b|"
    r"\bthe\s+end\s+(?:is|was|marks?|of\s+the\s+(?:series|period|data))\b|"
    r"\b(?:ends?|ended|closes?|closed|finish(?:es|ed))\s+(?:up\s+)?(?:on|at|with)\b",
    re.IGNORECASE,
)
_GRAINS = {1: "month", 3: "quarter", 12: "year"}
_Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Series:
    """One measure over time: where it comes from and its values by the first day of each period."""

    sourced: SourcedFact
    values: dict[str, float] = field(default_factory=dict)


class Periods:
    """Stretches of time of which the facts of an answer know the parts.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        found: dict[tuple[str, str], _Series] = {}
        for sourced in facts:
            fact = sourced.fact
            if _ISO.fullmatch(fact.scope) and _is_number(fact.value):
                series = found.setdefault((fact.name, fact.unit or ""), _Series(sourced))
                series.values.setdefault(fact.scope, float(fact.value))  # type: ignore[arg-type]
        self._series = [series for series in found.values() if len(series.values) > 2]
        days = sorted({day for series in self._series for day in series.values})
        self._months = sorted({_month_of(day) for day in days})
        self._day_of = {_month_of(day): day for day in reversed(days)}
        self._years = sorted({year for year, _ in self._months})
        apart = {12 * (b[0] - a[0]) + b[1] - a[1] for a, b in pairwise(self._months)}
        self._grain = _GRAINS.get(next(iter(apart)), "") if len(apart) == 1 else ""
        partial = any(each.fact.name == "days_in_period" for each in facts)
        self._last = days[-1] if days and self._grain and not partial else ""

    def spoken_in(self, text: str) -> list[tuple[str, int, int]]:
        """Return each stretch that a text speaks of, named by its first and last day, with its place."""
        if not self._months:
            return []
        found: list[tuple[str, int, int]] = []
        for start, end, one, two in self._stretches(text):
            inside = [month for month in self._months if one <= month <= two]
            if (
                inside
                and not any(start < other[2] and other[1] < end for other in found)
                or inside
                and found[-1][1:] == (start, end)
            ):
                first, last = self._day_of[inside[0]], self._day_of[inside[-1]]
                found.append((f"{first} to {last}" if first != last else first, start, end))
        latest = list(self._latest_in(text, found))
        return sorted([*found, *latest], key=lambda each: each[1])

    def _latest_in(self, text: str, found: Sequence[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
        """Yield the last period where a text speaks of it by a word."""
        for match in _LATEST.finditer(text) if self._last else ():
            start, end = match.span()
            unit = (match["recent"] or match["last"] or "").lower()
            if any(start < last and first < end for _, first, last in found):
                continue
            if unit in _GRAINS.values() and unit != self._grain:
                continue
            if not unit and any(last <= start for _, _, last in found):
                continue  # "2025 closed at 213k" may be of the year
            yield self._last, start, end

    def facts(self, answer: str) -> Iterator[SourcedFact]:
        """Yield totals and changes over the stretches that an answer speaks of, and over all there is."""
        names = {name for name, _, _ in self.spoken_in(answer)}
        for series in self._series:
            fact, told = series.sourced.fact, series.sourced
            days = sorted(series.values)
            yield from changes_of(told, series.values)
            parts = [(name, [day for day in days if _is_within(day, name)]) for name in sorted(names)]
            if _adds_up(fact.name):
                yield from changes_between(told, series.values, [part for part in parts if len(part[1]) > 1])
                total = sum(series.values.values())
                yield _from(told, Fact(fact.name, total, fact.unit))
                yield _from(told, Fact(f"mean_{fact.name}_by_period", total / len(days), fact.unit))
            for name, inside in parts:
                if len(inside) < 2:
                    continue
                if _adds_up(fact.name):
                    total = sum(series.values[day] for day in inside)
                    yield _from(told, Fact(fact.name, total, fact.unit, name))
                    mean = total / len(inside)
                    yield _from(told, Fact(f"mean_{fact.name}_by_period", mean, fact.unit, name))
                before, after = series.values[inside[0]], series.values[inside[-1]]
                yield _from(told, Fact("change", after - before, fact.unit, name))
                if before:
                    change = 100.0 * (after - before) / before
                    yield _from(told, Fact("change_pct", change, "%", name))

    def _stretches(self, text: str) -> Iterator[tuple[int, int, _Month, _Month]]:
        """Yield start, end, first and last month of each stretch, longer ways of writing first."""
        for match in _PAIR.finditer(text):
            unit = match["unit"] or (re.search(r"\b(quarter|half)", text, re.I) or [""])[0]
            for place in (match["one"], match["two"]) if unit else ():
                span = self._part(_LENGTHS[unit.lower()], _PLACES[place.lower()], None)
                yield (match.start(), match.end(), *span)
        for match in _RANGE.finditer(text):
            if " and " in match[0].lower() and not match[0].lower().startswith("between"):
                continue
            two_year = int(match["two_year"] or self._years[-1])
            one, two = MONTHS[match["one"].lower()], MONTHS[match["two"].lower()]
            one_year = int(match["one_year"] or (two_year if one <= two else two_year - 1))
            yield match.start(), match.end(), (one_year, one), (two_year, two)
        for match in _PART_OF_YEAR.finditer(text):
            unit = (match["unit"] or match["letter"]).lower()
            place = _PLACES[match["place"].lower()] if match["place"] else int(match["digit"])
            year = match["of"] or match["year"] or match["letter_year"]
            if _LENGTHS[unit] * max(place, 1) <= 12:
                own = int(year) if year else self._year_before(text, match.start(), place < 0)
                yield (match.start(), match.end(), *self._part(_LENGTHS[unit], place, own))
        for match in _FIRST_MONTHS.finditer(text):
            n = WORDS.get(match["n"].lower()) or int(match["n"])
            chosen = self._months[:n] if _PLACES[match["place"].lower()] > 0 else self._months[-n:]
            if n and len(chosen) == n:
                yield match.start(), match.end(), chosen[0], chosen[-1]
        for match in _YEAR.finditer(text):
            year = int(match["year"])
            if year in self._years and not _AFTER_MONTH.search(text[: match.start()]):
                yield match.start(), match.end(), (year, 1), (year, 12)
        for match in _SEASON.finditer(text):
            year = int(match["year"] or self._years[-1])
            first, last = _SEASONS[match["season"].lower()]
            yield match.start(), match.end(), (year, first), (year, last)

    def _year_before(self, text: str, end: int, is_last: bool) -> int | None:
        """Return the last year that a text names before a place, where the facts know it."""
        before = [match for match in _YEAR.finditer(text[:end]) if int(match["year"]) in self._years]
        if is_last:  # "from Q1 2023 to the final quarter" is none of 2023
            before = [match for match in before if not _AFTER_MONTH.search(text[: match.start()])]
        return int(before[-1]["year"]) if before else None

    def _part(self, length: int, place: int, year: int | None) -> tuple[_Month, _Month]:
        """Return the first and the last month of a quarter or half of a year."""
        chosen = year or self._years[-1]
        place = place if place > 0 else 12 // length
        return (chosen, length * (place - 1) + 1), (chosen, length * place)


def _is_within(day: str, stretch: str) -> bool:
    first, to, last = stretch.partition(" to ")
    return bool(to) and first <= day <= last


def _month_of(day: str) -> _Month:
    return int(day[:4]), int(day[5:7])


def _from(told: SourcedFact, made: Fact) -> SourcedFact:
    return SourcedFact(told.step, made, origin=told.origin or told.fact)


def _adds_up(name: str) -> bool:
    return name.startswith(("sum_", "n_", "total_")) and not name.endswith(("_pct", "_share"))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
