"""Says whether a number is the difference, ratio, share, change or sum of facts that a sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from assistant.grounding.directions import Comparison, way_of
from assistant.grounding.facts import SourcedFact, subjects_of
from assistant.grounding.kinds import kind_of, noun_contradicts
from assistant.grounding.measures import measure_of
from assistant.grounding.sums import BETWEEN_THEM, adds_up
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

_DIFFERENCE = re.compile(
    r"\b(?:more|less|fewer|higher|lower|above|below|ahead|behind|differ\w*|gap|apart|points?|rose|fell|grew|drop|fall|rise|slump|slide|"
    r"dropped|difference|span\w*|range|ranges|spread|wide|width|within|lead|margin|jump\w*|too\s+(?:high|low)|older|younger|longer|shorter|extra|increase\w*|decrease\w*|decline\w*|change\w*|up|down)\b",
    re.IGNORECASE,
)
_OVER = re.compile(r"\s+(?:over|under|beyond|short of)\s+(?:the|that|what|its|their)\b", re.IGNORECASE)
_BY = re.compile(r"\bby\s+(?:(?:only|about|some|roughly|over|almost|nearly|just)\s+)?\W?$", re.IGNORECASE)
_RATIO = re.compile(
    r"\b(?:times|twice|double[sd]?|triple[sd]?|thrice|halved|half as|fold|factor|ratio|per|as (?:much|"
    r"many)|x)\b"
    r"|×|\dx\b",
    re.I,
)
_SUM = re.compile(
    r"\b(?:together|combined|total|sum|both|altogether|in all|overall|jointly|add(?:s|ed)? up|plus|make up|"
    r"two groups|two segments|between them)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:together|combined|both|jointly|add(?:s|ed)? up|plus|between them|in all|altogether|"
    r"(?:two|three) (?:groups|segments|tiers|clusters))\b",
    re.I,
)
_PER_HEAD = re.compile(
    r"\b(?:each|per|average|mean|apiece|a head|worth|works? out|every|averages|averaging)\b|/", re.IGNORECASE
)
_AS_MANY = re.compile(r"\s*(?:as many|the (?:number|customers|members|size))\b", re.IGNORECASE)
_OF_A_RATE = re.compile(
    r"\s*of (?:the (?:\w+\s)?(?:average|overall|rate|level|norm|total rate)|that of|what)\b", re.IGNORECASE
)
_TYPICAL = re.compile(r"\b(?:typical\w*|averages?|mean|median)\b", re.IGNORECASE)
_POINTS = re.compile(r"\W{0,2}(?:percentage\s+|percent\s+)?(?:points?|pp)\b", re.IGNORECASE)
# "5% higher" says by what part of the lower one; two shares lie so many points apart.
_RELATIVE = re.compile(
    r"\s*\)?\s*(?:(?:also|still|even)\s+)?(?:higher|lower|more|less|greater|smaller|larger|bigger|fewer|above|below|over|under|worse|"
    r"better)\b(?!\s*(?:in|on|points?))",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:span\w*|range|spread|wide|width|gap|distance|apart|difference|margin|lead)\b", re.IGNORECASE
)
_FACTOR = re.compile(
    r"\b(?:factor|times|ratio|multiple|fold|as (?:much|many|often|high))\b|\dx\b|×", re.IGNORECASE
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence says about a number beside its value.

    Attributes:
        names: Whom it is told of.
        measure: "people", "money", "purchases" or "".
        comparison: Who is compared with whom.
        quoted: Facts that the answer has spoken of by their values.
        spoken: All names that the sentence speaks of.
        of_every: Whether it speaks of every group.
        joined: Names that stand beside each other, as in "A, B and C" or "A + B".
    """

    names: frozenset[str] = frozenset()
    measure: str = ""
    comparison: Comparison = Comparison()
    quoted: Sequence[SourcedFact] = ()
    joined: Sequence[Sequence[str]] = ()
    spoken: frozenset[str] = frozenset()
    of_every: bool = False


# Words that say which statistic of one thing a fact is; two of them can be compared.
_STATISTIC_WORDS = frozenset(
    ["mean", "median", "expected", "actual", "min", "max", "sum", "total", "largest", "smallest", "highest",
     "lowest", ""]
)  # fmt: skip

_Pair = tuple[SourcedFact, float]


def derived_from(
    number: WrittenNumber,
    sentence: str,
    mentioned: Sequence[SourcedFact],
    told: Told,
    about: Callable[[SourcedFact, frozenset[str]], bool],
) -> SourcedFact | None:
    """Return the first of two mentioned facts whose difference, ratio, change or sum the number is.

    Only what the sentence announces is tried ("more than", "twice", "together"), and only between facts
    of the same unit that the text speaks of, so that chance seldom finds a pair. Where the sentence says
    who is more than whom, the pair has to be theirs, in that order.

    Args:
        number: The number.
        sentence: The sentence.
        mentioned: Facts that the sentence or the answer before it speaks of.
        told: What the sentence says of the number.
        about: Tells whether a fact is about some names.
    """
    if number.kind == "word" and not number.percent:
        return None  # chance finds "three" between any two counts
    values = [(each, value) for each in mentioned if (value := _value_of(each)) is not None]
    values = [pair for pair in values if pair[0].needs != "not"]
    if number.kind in ("amount", "word") and not number.percent:
        values = [pair for pair in values if pair[0].fact.unit != "%" or _POINTS.match(sentence, number.end)]
    if told.measure and number.kind != "difference" and not _TYPICAL.search(sentence):
        measured = [pair for pair in values if measure_of(pair[0].fact) == told.measure]
        if (
            number.kind == "multiple"
            and told.measure == "people"
            and not _AS_MANY.match(sentence, number.end)
        ):
            measured = values  # "as much as silver customers" measures no people
        values = measured or [pair for pair in values if not measure_of(pair[0].fact)]
    for (first, one), (second, other) in _comparable(values):
        if not _is_anchored(first, second, told):
            continue
        found = _derived(number, sentence, (first, one), (second, other), told, about)
        if any(number.low <= abs(value) <= number.high for value in found) and _is_of_kind(number, first):
            return first
    return _sum_of_all(number, sentence, values) or _of_quoted(number, sentence, told)


def _is_anchored(first: SourcedFact, second: SourcedFact, told: Told) -> bool:
    """Return whether the text speaks of one of two facts by name or value, or both are of the whole."""
    for each in (first, second):
        about = subjects_of(each.fact)
        if about & (told.names | told.spoken) or each in told.quoted:
            return True
    return told.of_every or (not subjects_of(first.fact) and not subjects_of(second.fact))


def _comparable(values: Sequence[_Pair]) -> Iterator[tuple[_Pair, _Pair]]:
    """Yield all pairs of the same unit that are the same of two groups, rivals of one, or group and whole."""
    alike: dict[tuple[str, ...], list[_Pair]] = {}
    for pair in dict.fromkeys(values):
        fact, step = pair[0].fact, str(pair[0].step)
        alike.setdefault((fact.name, fact.unit or "", step), []).append(pair)
        bare = ",".join(sorted(_bare(fact.name)))
        if bare or fact.name in _STATISTIC_WORDS:
            alike.setdefault(("of one", bare, fact.scope, fact.unit or "", step), []).append(pair)
        alike.setdefault(("same name", fact.name, fact.unit or ""), []).append(pair)
    for pairs in alike.values():
        yield from permutations(pairs[:40], 2)


def _is_of_kind(number: WrittenNumber, first: SourcedFact) -> bool:
    """Return whether a sum or a difference of such facts may be the number: members are no sum of days."""
    return number.kind in ("multiple", "part") or number.percent or not noun_contradicts(number, first.fact)


def _of_quoted(number: WrittenNumber, sentence: str, told: Told) -> SourcedFact | None:
    """Return the first of two facts that the answer has just quoted, where a number is made of them.

    Money for each of so many people, one in percent of another, and how far or how many times they lie apart.
    """
    quoted = [(each, value) for each in told.quoted[-6:] if (value := _value_of(each))]
    each_has = bool(_PER_HEAD.search(sentence))
    apart = bool(_SPAN.search(sentence)) or number.kind == "difference"
    for (first, one), (second, other) in permutations(dict.fromkeys(quoted), 2):
        kinds = kind_of(first.fact), kind_of(second.fact)
        alike = (first.fact.unit or "") == (second.fact.unit or "") and kinds[0] == kinds[1]
        found = []
        if each_has and not number.percent and kinds == ("money", "count") and other > 1:
            found.append(one / other)
        if alike and apart and (number.percent == (first.fact.unit == "%") or not number.percent):
            found.append(abs(one - other))
        if alike and number.kind != "difference" and not number.percent and _FACTOR.search(sentence):
            found.append(one / other)
        if alike and number.percent and kinds[0] in ("count", "money") and one < other:
            found.append(100.0 * one / other)
        if kinds == ("percent", "count") and not number.percent and not number.currency:
            found.append(one * other / 100.0)
        if any(number.low <= abs(value) <= number.high for value in found):
            return first
    return None


def _sum_of_all(number: WrittenNumber, sentence: str, values: Sequence[_Pair]) -> SourcedFact | None:
    """Return the first of the facts of a name that a number sums, where the sentence speaks of a total."""
    families: dict[str, list[_Pair]] = {}
    for sourced, value in values:
        families.setdefault(sourced.fact.name, []).append((sourced, value))
    for same in families.values():
        total = sum(value for _, value in same)
        if _SUM.search(sentence) and len(same) > 1 and number.low <= total <= number.high:
            return same[0][0]
    return None


def _derived(
    number: WrittenNumber,
    sentence: str,
    first: _Pair,
    second: _Pair,
    told: Told,
    about: Callable[[SourcedFact, frozenset[str]], bool],
) -> Iterator[float]:
    alike = _are_alike(first[0].fact, second[0].fact)
    if alike and _is_compared(first[0], second[0], told.comparison, about):
        yield from _compared(number, sentence, first, second, told.comparison)
    if number.kind == "difference":
        return
    whole = second[1] and first[1] <= second[1] and first[0].fact.unit != "%"
    whole = whole and adds_up(first[0].fact.name) and not (told.joined and _TOGETHER.search(sentence))
    if number.percent and whole and _is_part(first[0], second[0], told, about):
        yield 100.0 * first[1] / second[1]
    named = told.names | frozenset(name for names in told.joined for name in names)
    both = named and all(subjects_of(each.fact) & named for each in (first[0], second[0]))
    both = both or (first[0] in told.quoted and second[0] in told.quoted)
    if alike and number.kind == "part" and second[1] and _OF_A_RATE.match(sentence, number.end):
        yield 100.0 * first[1] / second[1]
    if alike and both and _TOGETHER.search(sentence) and adds_up(first[0].fact.name):
        yield first[1] + second[1]


def _is_compared(
    first: SourcedFact,
    second: SourcedFact,
    comparison: Comparison,
    about: Callable[[SourcedFact, frozenset[str]], bool],
) -> bool:
    """Return whether two facts are those of whom the sentence compares, in that order."""
    left, right = comparison.left, comparison.right
    if not left or not right or left == right:
        return True
    return about(first, frozenset({left})) and about(second, frozenset({right}))


def _is_part(
    first: SourcedFact,
    second: SourcedFact,
    told: Told,
    about: Callable[[SourcedFact, frozenset[str]], bool],
) -> bool:
    """Return whether a share may be of one fact in another: a group in all, or "4,767 of 5,004"."""
    if told.names and not about(first, told.names):
        return False
    if not told.names and not told.spoken & subjects_of(first.fact) and first not in told.quoted:
        return False
    if first.fact.name == second.fact.name:
        return subjects_of(first.fact) > subjects_of(second.fact)
    return first in told.quoted and second in told.quoted


def _compared(
    number: WrittenNumber, sentence: str, first: _Pair, second: _Pair, comparison: Comparison
) -> Iterator[float]:
    one, other = first[1], second[1]
    multiple = number.kind == "multiple" or bool(_RATIO.search(sentence))
    announced = _DIFFERENCE.search(sentence) or _BY.search(sentence[: number.start])
    announced = announced or _OVER.match(sentence, number.end) or BETWEEN_THEM.match(sentence, number.end)
    if announced and _goes_as_told(number, sentence, first, second, comparison):
        if not (first[0].fact.unit == "%" and is_relative(number, sentence)):
            yield one - other
        if number.percent and other and (number.kind != "difference" or "%" in number.text):
            yield 100.0 * (one - other) / other
    if multiple and other and number.kind != "difference":
        yield one / other


def is_relative(number: WrittenNumber, sentence: str) -> bool:
    """Return whether a percentage says by what part of another something is more or less."""
    return "%" in number.text and bool(_RELATIVE.match(sentence, number.end)) and "point" not in number.text


def _goes_as_told(
    number: WrittenNumber, sentence: str, first: _Pair, second: _Pair, comparison: Comparison
) -> bool:
    """Return whether the first is more than the second where the sentence says more, less where less."""
    difference = first[1] - second[1]
    if comparison.sign and comparison.left and comparison.right:
        return difference * comparison.sign > 0
    days = [_ISO.search(sourced.fact.scope) for sourced, _ in (first, second)]
    way = way_of(sentence, number)
    if way and days[0] and days[1]:
        return difference * way > 0 and days[0][0] > days[1][0]
    return True


def _are_alike(first: Fact, second: Fact) -> bool:
    """Return whether two facts can be compared: the same of two groups, or rivals of one."""
    if first.name == second.name:
        return True
    return first.scope == second.scope and _bare(first.name) == _bare(second.name)


def _bare(name: str) -> frozenset[str]:
    words = re.sub(r"percentile_\d+", "", name).split("_")
    return frozenset(words) - _STATISTIC_WORDS


def _value_of(sourced: SourcedFact) -> float | None:
    value = sourced.fact.value
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)
