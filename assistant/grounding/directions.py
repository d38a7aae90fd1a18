"""Knows which way a sentence says that a number goes: up or down, together or apart, more or less."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

UP = re.compile(
    r"\b(?:rose|rise[sn]?|rising|grew|grow[sn]?|growing|growth|increas\w+|gain\w*|climb\w*|went up|up by|up|"
    r"jump\w*|"
    r"surg\w+|soar\w*|added|adding|improv\w+|recover\w+|rebound\w*|expand\w*|accelerat\w+|picked up)\b",
    re.I,
)
DOWN = re.compile(
    r"\b(?:fell|falls?|fallen|falling|dropp?\w*|declin\w+|decreas\w+|lost|shrank|shrunk|down|dip(?:s|ped)?|slid\w*|"
    r"slip(?:s|ped|ping)?|slump\w*|plung\w+|tumbl\w+|eas(?:ed|ing)|shed|shrink\w*|contract(?:ed|ion)|receded|"
    r"weaken\w*|retreat\w*)\b",
    re.I,
)
_MORE = (
    r"more|higher|larger|greater|bigger|above|longer|older|ahead|extra|dearer|earlier|slower|costlier|"
    r"pricier|heavier"
)
_LESS = r"less|fewer|lower|smaller|below|shorter|younger|behind|cheaper|later|faster|quicker|sooner|lighter"
_THAN = re.compile(
    rf"[^.;:()]{{0,30}}?\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b[^.;:()]{{0,40}}?\b(?:than|of|behind)?\b",
    re.I,
)
_AS = re.compile(r"[^.;:()]{0,60}?\b(?:as|than|of|that of)\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:together|hand in hand|positiv\w*|"
    r"the (?:more|higher|longer|larger)\b[^,.]*, the (?:more|higher|longer|larger|greater))\b",
    re.I,
)
_APART = re.compile(
    r"\b(?:opposite|inverse\w*|negativ\w*|"
    r"the (?:more|higher|longer|larger)\b[^,.]*, the (?:lower|fewer|less|shorter|smaller))\b",
    re.I,
)
_AGAINST_ALL = re.compile(
    r"\s*(?:that|this|it|(?:the\s+)?(?:overall\s+|general\s+|total\s+)?(?:average|overall|mean|total|norm|whole|rest|others))\b"
    r"(?!\s+(?:of|in|for|among)\b)",
    re.IGNORECASE,
)
_IS_CHANGE = re.compile(r"change|growth")
_IS_RELATION = re.compile(r"(?:pearson|spearman|kendall)_|_r$|^r$|^r_(?:low|high)$")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a sentence compares by a number.

    Attributes:
        left: The name that is said to be more or less, or "".
        right: The name that it is compared with, or "".
        sign: 1 for more, -1 for less, 0 where the words do not tell.
    """

    left: str = ""
    right: str = ""
    sign: int = 0


def way_of(text: str, number: WrittenNumber) -> int:
    """Return 1 where the words nearest to a number say that something rose, -1 where it fell, else 0."""
    clause = re.split(r"[;:(]|,\s|\b(?:while|but|whereas)\b", text[: number.start])[-1]
    clause += re.split(r"[;:,(]|\b(?:while|but|whereas|and)\b", text[number.end :])[0]
    up, down = bool(UP.search(clause)), bool(DOWN.search(clause))
    return int(up) - int(down)


def contradicts_way(
    fact: Fact, number: WrittenNumber, text: str, comparison: Comparison | None = None
) -> bool:
    """Return whether a fact has the opposite sign of what the sentence says.

    Args:
        fact: What the number may stand for.
        number: The number.
        text: The sentence.
        comparison: Who is said to be more or less than whom by the number.
    """
    if isinstance(fact.value, bool) or not isinstance(fact.value, int | float) or not fact.value:
        return False
    own = 1 if fact.value > 0 else -1
    if _IS_RELATION.search(fact.name):
        told = int(bool(_TOGETHER.search(text))) - int(bool(_APART.search(text)))
        return bool(number.signed and number.negative != (own < 0)) or (
            told != 0 and told != own and not _denied(text)
        )
    if comparison is not None and _contradicts_sides(fact, comparison):
        return True
    if _IS_CHANGE.search(fact.name):
        if (
            comparison is not None
            and comparison.left
            and comparison.sign * own < 0
            and number.kind == "difference"
        ):
            return True
        return not number.negative and way_of(text, number) == -own
    return False


def _contradicts_sides(fact: Fact, comparison: Comparison) -> bool:
    """Return whether "buyers spend 3 more than others" has a difference the wrong way round."""
    sides = fact.scope.casefold().split(" against ")
    if len(sides) != 2 or not comparison.sign or "difference" not in fact.name:
        return False
    one, other = (side.strip().replace("_", " ") for side in sides)
    order = {(one, other): 1, (one, ""): 1, ("", other): 1, (other, one): -1, (other, ""): -1, ("", one): -1}
    sign = order.get((comparison.left, comparison.right), 0)
    return sign * comparison.sign * float(fact.value) < 0  # type: ignore[arg-type]


def _denied(text: str) -> bool:
    return bool(re.search(r"\b(?:not|no|hardly|neither|nothing)\b", text, re.IGNORECASE))


def comparison_of(text: str, number: WrittenNumber, names: Sequence[tuple[str, int, int]]) -> Comparison:
    """Return who is said to be more or less than whom by a number.

    Args:
        text: The sentence.
        number: A difference or a multiple.
        names: Name, start and end of each name in the sentence.
    """
    than = _THAN.match(text, number.end) if number.kind != "multiple" else None
    link = than or _AS.match(text, number.end)
    left = next((name for name, _, end in reversed(names) if end <= number.start), "")
    right = next((name for name, start, _ in names if link and number.end <= start <= link.end() + 40), "")
    if link and _AGAINST_ALL.match(text, than.end() if than else number.end):
        right = ""  # "nearly double that", "3 points above the average and 4 above Gold"
    between = [name for name, _, end in names if end <= number.start]
    if len(set(between)) > 1:
        left = ""  # "A and B differ by 3": either may be the greater one
    sign = 0 if than is None else 1 if than["more"] else -1
    if sign and number.kind != "multiple" and re.search(r"\bless\s+(?:often|likely)\b", text[number.end :]):
        sign = -1
    return Comparison(left, right, sign)
