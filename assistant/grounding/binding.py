"""Says which facts have the value, the unit and the noun of a written number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from assistant.grounding.chosen_groups import GROUP_NOUNS
from assistant.grounding.facts import REMEMBERED, SourcedFact
from assistant.grounding.kinds import kind_of, noun_contradicts
from assistant.grounding.written_numbers import TIMES, WrittenNumber
from tools.core import Fact

_COUNTED = frozenset(
    ["segment", "customer", "column", "row", "transaction", "purchase", "order", "month", "day", "week",
     "year", "table", "category", "value", "feature", "point", "reason", "way"]
)  # fmt: skip
_NO_THINGS = frozenset(
    ["things", "ways", "times", "steps", "sides", "thirds", "halves", "quarters", "fifths", "sixths",
     "tenths", "ones", "others", "this", "cases", "reasons", "points", "options", "questions", "ideas",
     "notes", "plus", "figures", "numbers", "less", "across", "stands"]
)  # fmt: skip
_SINGULARS = {"people": "customer", "person": "customer", "client": "customer", "cluster": "segment",
              "group": "segment", "tier": "segment"}  # fmt: skip
_COUNTS = re.compile(r"purchase|transaction|order|visit|times", re.IGNORECASE)
_IS_DIFFERENCE = re.compile(r"diff|change|gap|growth|uplift|lift|error|extra|above|below|more|less")
_IS_RATIO = re.compile(r"ratio|times|factor|lift|index|odds|multiple|_per_")
_COUNT_NAME = re.compile(r"^n_|purchase|transaction|customer|count|size|rows|days")
TIME_UNITS = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year"})
_SHORT_TIMES = {
    "min": ("minute",),
    "mins": ("minute",),
    "sec": ("second",),
    "hrs": ("hour",),
    "yrs": ("year",),
}
_DAYS = {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4,
         "quarter": 91.3, "year": 365.25}  # fmt: skip
_COMPARING = frozenset({"as", "more", "higher", "larger", "greater", "that", "the", "what"})
_IS_PERCENT = re.compile(r"(?:^|_)(?:pct|percent|percentage)(?:_|$)")
_COEFFICIENT = re.compile(r"(?:^|_)r(?:_|$)|cramers|skew|hedges|kurtosis")


def facts_for(
    number: WrittenNumber, facts: Sequence[SourcedFact], units: frozenset[str]
) -> list[SourcedFact]:
    """Return the facts that a number may stand for by its value and its unit.

    Args:
        number: The number.
        facts: All facts that may be quoted.
        units: Units of all facts, in the singular; a number that is followed by one of them has that unit.
    """
    found = [sourced for sourced in facts if _stands_for(number, sourced, units)]
    if number.rough and number.kind == "amount" and len(found) > 1:
        away = {id(sourced): abs(abs(_value_of(sourced) or 0.0) - number.value) for sourced in found}
        nearest = max(min(away.values()), _last_digit(number) / 2)
        found = [sourced for sourced in found if away[id(sourced)] <= 3 * nearest]
    return found


def _last_digit(number: WrittenNumber) -> float:
    """Return what the last digit of a number stands for, 0.1 in "38.2"."""
    _, _, decimals = number.text.rstrip("%").partition(".")
    return number.scale * 10.0 ** -sum(letter.isdigit() for letter in decimals)


@lru_cache(maxsize=REMEMBERED)
def singular(word: str | None) -> str:
    """Return a unit or noun in lower case and in the singular, with words for people as one."""
    text = (word or "").lower()
    text = text[:-3] + "y" if text.endswith("ies") else text.removesuffix("s") if len(text) > 2 else text
    return _SINGULARS.get(text, text)


def is_counted(number: WrittenNumber, units: frozenset[str]) -> bool:
    """Return whether a number in words counts something; "two" in "the two differ" does not."""
    return number.percent or bool(counted_noun(number, units))


def counted_noun(number: WrittenNumber, units: Collection[str]) -> str:
    """Return what a number counts, in the singular: "segment" for "three loyal segments", or ""."""
    words = number.nouns or (number.noun,)
    known = (noun for word in words if (noun := singular(word)) in units or noun in _COUNTED)
    things = (
        singular(word)
        for word in words
        if number.kind == "word" and word.endswith("s") and len(word) > 3 and word not in _NO_THINGS
    )
    return next(known, "") or next(things, "")


def _stands_for(number: WrittenNumber, sourced: SourcedFact, units: frozenset[str]) -> bool:
    fact = sourced.fact
    value = _value_of(sourced)
    if value is None or noun_contradicts(number, fact):
        return False
    if number.negative and value > 0:
        return False
    if number.kind == "difference" and not _IS_DIFFERENCE.search(fact.name):
        return False  # "50 more than" is the difference of two facts, seldom one itself
    value = abs(value)
    if number.percent:
        if fact.unit == "%" or (not fact.unit and _IS_PERCENT.search(fact.name)):
            return number.low <= value <= number.high
        if fact.unit or value > 1 or _COEFFICIENT.search(fact.name):
            return False
        return number.low <= 100.0 * value <= number.high
    converted = _in_unit_of(number, fact)
    if converted and converted[0] <= value <= converted[1]:
        return True
    if not number.low <= value <= number.high or not _same_currency(number, fact):
        return False
    if number.kind == "multiple":
        return _is_multiple(number, fact)
    return _is_counted_as(number, fact, units)


def _is_multiple(number: WrittenNumber, fact: Fact) -> bool:
    """Return whether "3 times" may be this fact: a ratio, or a number of purchases."""
    if _IS_RATIO.search(fact.name):
        return True
    if number.noun in _COMPARING or number.text.lower() in TIMES:
        return False
    return not fact.unit or bool(_COUNTS.search(fact.unit))


def _in_unit_of(number: WrittenNumber, fact: Fact) -> tuple[float, float] | None:
    """Return the days that "two months" may be where a fact is in days, the hours where it is in hours."""
    noun = singular(number.noun)
    own = time_words(fact)
    if noun not in _DAYS or noun in own or len(own) != 1:
        return None
    unit = _DAYS[noun] / _DAYS[next(iter(own))]
    return min(0.98 * number.value, number.low) * unit, max(1.02 * number.value, number.high) * unit


@lru_cache(maxsize=REMEMBERED)
def time_words(fact: Fact) -> frozenset[str]:
    """Return the units of time that a fact's name, unit or table column tell, in the singular."""
    of_table = re.findall(r"[a-z]+", fact.scope.rpartition(": ")[2]) if ": " in fact.scope else []
    words = [*fact.name.split("_"), *of_table]
    words += ["year"] if "age" in fact.name.casefold().split("_") else []
    words += _SHORT_TIMES.get(words[len(fact.name.split("_")) - 1], ())  # "wait_min" is in minutes
    return (_unit_words(fact.unit or "") | {singular(word) for word in words}) & TIME_UNITS


def _is_counted_as(number: WrittenNumber, fact: Fact, units: frozenset[str]) -> bool:
    """Return whether a fact counts what the number counts: 104 days are no 104 months."""
    noun = singular(number.noun)
    noun = "" if noun.endswith("ed") else noun  # "848 cancelled"
    in_name = {singular(word) for word in fact.name.split("_")}
    if noun in TIME_UNITS and kind_of(fact) == "count" and not time_words(fact):
        return fact.name.startswith(("n_periods", "n_steps"))  # 38 years are no 38 members
    if noun in TIME_UNITS and (not fact.unit or fact.unit == "days"):
        other = time_words(fact)
        return noun in other if other else True
    if number.kind == "word":
        noun = counted_noun(number, units) or noun
        if noun in TIME_UNITS and fact.name.startswith(("n_periods", "n_steps")):
            return True
    strict = noun in _COUNTED and number.kind in ("word", "amount")
    strict = strict or (number.kind == "word" and noun in GROUP_NOUNS)
    if fact.unit == "rows" or (noun not in units and not strict):
        return True  # a row is a customer in one table and a purchase in another
    if fact.unit:
        return noun in _unit_words(fact.unit) or (number.kind == "amount" and noun not in units)
    if number.kind == "word":
        return fact.name.startswith("n_") and noun in in_name or _plural_in(fact.name, noun)
    return noun != "segment" or fact.name.startswith("n_") and noun in in_name or _plural_in(fact.name, noun)


def _plural_in(name: str, noun: str) -> bool:
    """Return whether a fact counts a noun by its name: "serious_problems", not "in_the_segment"."""
    return any(word != noun and singular(word) == noun for word in name.split("_"))


def _unit_words(unit: str) -> frozenset[str]:
    return frozenset(singular(word) for word in unit.split())


def _same_currency(number: WrittenNumber, fact: Fact) -> bool:
    if not number.currency:
        return True
    return fact.unit == number.currency if fact.unit else not _COUNT_NAME.search(fact.name)


def _value_of(sourced: SourcedFact) -> float | None:
    value = sourced.fact.value
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def units_of(facts: Iterable[SourcedFact]) -> frozenset[str]:
    """Return the units of facts in the singular, percent aside."""
    units = {sourced.fact.unit for sourced in facts} - {None, "", "%"}
    return frozenset(word for unit in units for word in _unit_words(str(unit)))
