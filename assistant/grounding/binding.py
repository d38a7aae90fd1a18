"""Says which fact a written number stands for: directly, or as a difference, ratio, change or sum of two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from assistant.grounding.facts import SourcedFact
from assistant.grounding.written_numbers import TIMES, WrittenNumber
from tools.core import Fact

_COUNTED = frozenset(
    ["segment", "customer", "column", "row", "transaction", "purchase", "order", "month", "day", "week",
     "year", "table", "category", "value", "feature", "point", "reason", "way"]
)  # fmt: skip
_SINGULARS = {"people": "customer", "person": "customer", "client": "customer", "cluster": "segment",
              "group": "segment", "tier": "segment"}  # fmt: skip
_COUNTS = re.compile(r"purchase|transaction|order|visit|times", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:more|less|fewer|higher|lower|above|below|ahead|behind|differ\w*|gap|apart|points?|rose|fell|grew|"
    r"dropped|difference|too\s+(?:high|low)|older|younger|longer|shorter|extra|increase\w*|decrease\w*|decline\w*|change\w*|up|down|by)\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:times|twice|double[sd]?|triple[sd]?|thrice|halved|half as|fold|ratio|per|as (?:much|many)|x)\b"
    r"|×|\dx\b",
    re.I,
)
_QUANTILE = re.compile(r"percentile_(?P<part>\d+)|median")
_IS_DIFFERENCE = re.compile(r"diff|change|gap|growth|uplift|lift|error|extra|above|below|more|less")
_IS_RATIO = re.compile(r"ratio|times|factor|lift|index|odds|multiple|_per_")
_COUNT_NAME = re.compile(r"^n_|purchase|transaction|customer|count|size|rows|days")
_TIME_UNITS = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year"})
_COMPARING = frozenset({"as", "more", "higher", "larger", "greater", "that", "the", "what"})
_SUM = re.compile(
    r"\b(?:together|combined|total|sum|both|altogether|in all|overall|jointly)\b", re.IGNORECASE
)


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
        nearest = min(away.values())
        found = [sourced for sourced in found if away[id(sourced)] <= 3 * nearest]
    return found


def singular(word: str | None) -> str:
    """Return a unit or noun in lower case and in the singular, with words for people as one."""
    text = (word or "").lower()
    text = text[:-3] + "y" if text.endswith("ies") else text.removesuffix("s") if len(text) > 2 else text
    return _SINGULARS.get(text, text)


def is_counted(number: WrittenNumber, units: frozenset[str]) -> bool:
    """Return whether a number in words counts something; "two" in "the two differ" does not."""
    return singular(number.noun) in units or singular(number.noun) in _COUNTED or number.percent


def derived_from(
    number: WrittenNumber, sentence: str, mentioned: Sequence[SourcedFact]
) -> SourcedFact | None:
    """Return the first of two mentioned facts whose difference, ratio, change or sum the number is.

    Only what the sentence announces is tried ("more than", "twice", "together"), and only between facts
    of the same unit that the text speaks of, so that chance seldom finds a pair.
    """
    values = [(sourced, value) for sourced in mentioned if (value := _value_of(sourced)) is not None]
    for (first, one), (second, other) in permutations(values, 2):
        if (first.fact.unit or "") != (second.fact.unit or ""):
            continue
        alike = _are_alike(first.fact, second.fact)
        found = _derived(number, sentence, one, other, alike)
        if any(number.low <= abs(value) <= number.high for value in found):
            return first
    if _SUM.search(sentence) and len(values) > 2:
        same = [value for sourced, value in values if sourced.fact.name == values[0][0].fact.name]
        if number.low <= sum(same) <= number.high:
            return values[0][0]
    return None


def is_quantile(number: WrittenNumber, quoted: Sequence[SourcedFact]) -> SourcedFact | None:
    """Return the quantile that a part speaks of: "half lie below" a median."""
    if number.percent:
        for sourced in quoted:
            match = _QUANTILE.match(sourced.fact.name)
            part = float(match["part"] or 50) if match else 0.0
            if match and (number.low <= part <= number.high or number.low <= 100 - part <= number.high):
                return sourced
    return None


def _are_alike(first: Fact, second: Fact) -> bool:
    """Return whether two facts can be compared: the same of two groups, or rivals of one."""
    if first.name == second.name:
        return True
    return first.scope == second.scope and _bare(first.name) == _bare(second.name)


def _bare(name: str) -> frozenset[str]:
    return frozenset(name.split("_")) - {"mean", "median", "expected", "actual", "min", "max", "sum", "total"}


def _derived(number: WrittenNumber, sentence: str, one: float, other: float, alike: bool) -> Iterator[float]:
    if alike:
        yield from _compared(number, sentence, one, other)
    if number.kind == "difference":
        return
    if number.percent and other and one <= other:
        yield 100.0 * one / other
    if _SUM.search(sentence):
        yield one + other


def _compared(number: WrittenNumber, sentence: str, one: float, other: float) -> Iterator[float]:
    multiple = number.kind == "multiple" or bool(_RATIO.search(sentence))
    if _DIFFERENCE.search(sentence):
        yield one - other
        if number.percent and other and (number.kind != "difference" or "%" in number.text):
            yield 100.0 * (one - other) / other
    if multiple and other and number.kind != "difference":
        yield one / other


def _stands_for(number: WrittenNumber, sourced: SourcedFact, units: frozenset[str]) -> bool:
    fact = sourced.fact
    value = _value_of(sourced)
    if value is None:
        return False
    if number.negative and value > 0:
        return False
    if number.kind == "difference" and not _IS_DIFFERENCE.search(fact.name):
        return False  # "50 more than" is the difference of two facts, seldom one itself
    value = abs(value)
    if number.percent:
        if fact.unit == "%":
            return number.low <= value <= number.high
        return not fact.unit and value <= 1 and number.low <= 100.0 * value <= number.high
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


def _is_counted_as(number: WrittenNumber, fact: Fact, units: frozenset[str]) -> bool:
    """Return whether a fact counts what the number counts: 104 days are no 104 months."""
    noun = singular(number.noun)
    in_name = {singular(word) for word in fact.name.split("_")}
    if noun in _TIME_UNITS and (other := (in_name | _unit_words(fact.unit or "")) & _TIME_UNITS):
        return noun in other
    strict = noun in _COUNTED and number.kind in ("word", "amount")
    if fact.unit == "rows" or (noun not in units and not strict):
        return True  # a row is a customer in one table and a purchase in another
    if fact.unit:
        return noun in _unit_words(fact.unit) or (number.kind == "amount" and noun not in units)
    return (noun != "segment" and number.kind != "word") or noun in in_name


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
