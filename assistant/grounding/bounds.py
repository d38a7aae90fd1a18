"""Knows other words for groups that a bound makes: "fewer than 6 visits" for "with visits below 6"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from assistant.grounding.written_numbers import WrittenNumber

_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?)"
_BELOW = re.compile(rf"(?:\bwith |^)(?P<column>[\w ]+?) (?:below|under|less than) {_NUMBER}$")
_AT_LEAST = re.compile(rf"(?:\bwith |^)(?P<column>[\w ]+?) (?:of )?{_NUMBER} or more$")
_AT_LEAST_SAID = re.compile(rf"(?:\bwith |^)(?P<column>[\w ]+?) at least {_NUMBER}$")
_AT_MOST = re.compile(rf"(?:\bwith |^)(?P<column>[\w ]+?) at most {_NUMBER}$")
_ABOVE = re.compile(rf"(?:\bwith |^)(?P<column>[\w ]+?) above {_NUMBER}$")
_WITHIN = re.compile(
    rf"(?:\bwith |^)(?P<column>[\w ]+?) from {_NUMBER} to (?P<under>under )?(?P<last>\d[\d,]*(?:\.\d+)?)$"
)
_WORDS = (
    (_BELOW, ("below {n}", "under {n}", "fewer than {n}", "less than {n}", "< {n}", "<{n}", "up to {less}",
              "at most {less}", "{less} or fewer", "{less} or less")),
    (_AT_LEAST, ("{n} or more", "{n} and more", "at least {n}", ">= {n}", "≥ {n}", "≥{n}", ">={n}", "{n}+",
                 "more than {less}", "over {less}", "{n} and above", "{n} or above", "from {n} up")),
    (_ABOVE, ("above {n}", "over {n}", "more than {n}", "> {n}", ">{n}", "exceeding {n}")),
    (_AT_MOST, ("at most {n}", "up to {n}", "{n} or less", "{n} or fewer", "no more than {n}", "≤ {n}",
               "≤{n}")),
    (_WITHIN, ("{n}-{last}", "{n}–{last}", "{n} to {last}", "between {n} and {last}", "from {n} to {last}")),
)  # fmt: skip
_DEFINES = re.compile(
    r"\b(?:is|are|means?|defined (?:as|by)|covers?|contains?|includes?|comprises?|starts?)\b[^.;,]{0,30}"
    r"(?:\b(?:with|who|whose|having|at|from|of)\b|$)",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    r"\b(?:at least|at most|up to|more than|fewer than|less than|starts? at|from|[<>≥≤]=?)\s*\W?$", re.I
)
_BOUND_BEHIND = re.compile(
    r"\s*(?:\w+\s+)?(?:or|and) (?:more|fewer|less|above|below|over|up)\b|\+", re.IGNORECASE
)
_UNDER = re.compile(r"\b(?:under|below|less than|fewer than|short of|not even|at most)\s+\W*$", re.IGNORECASE)
_OVER = re.compile(r"\b(?:over|above|more than|at least|upwards of|beyond)\s+\W*$", re.IGNORECASE)
_SAME = ((_AT_LEAST, _AT_LEAST_SAID),)


def bound_of(text: str, number: WrittenNumber) -> int:
    """Return 1 where a number is told as a bound from below ("over 40%"), -1 for one from above, else 0."""
    before = text[: number.start]
    return int(bool(_OVER.search(before))) - int(bool(_UNDER.search(before)))


def contradicts_definition(text: str, number: WrittenNumber, limits: Collection[float]) -> bool:
    """Return whether a group is told to be "those with 20 or more flights" where no group has that limit.

    Args:
        text: The sentence.
        number: One of its numbers.
        limits: The limits by which groups were made.
    """
    if not limits or not _DEFINES.search(text[: number.start]):
        return False
    before, behind = text[: number.start], text[number.end :]
    if not (_BOUND_BEFORE.search(before) or _BOUND_BEHIND.match(behind)):
        return False
    near = {limit for known in limits for limit in (known, known - 1, known + 1)}
    return not any(number.low <= limit <= number.high for limit in near)


def aliases_of_bounds(name: str) -> Iterator[str]:
    """Yield other ways of saying a group that one bound makes.

    Args:
        name: What a fact is about, in lower case, such as "customers with visits below 6".
    """
    if " and with " in name:
        return
    for pattern, words in _WORDS:
        same = [pattern, *(other for first, other in _SAME if first is pattern)]
        match = next((found for each in same if (found := each.search(name))), None)
        if match is None:
            continue
        numbers = dict.fromkeys([match["number"], _short(match["number"])])
        units = [word for part in match["column"].split() if len(part) > 2 for word in (part, f"{part}s")]
        last = match.groupdict().get("last") or ""
        if last and match["under"] and last.isdigit():
            last = str(int(last) - 1)
        for number in numbers:
            less = str(int(number) - 1) if number.isdigit() else ""
            for each in words:
                if ("{less}" in each and not less) or ("{last}" in each and not last):
                    continue
                yield each.format(n=number, less=less, last=_short(last))
                if " or " in each:
                    yield from (each.format(n=f"{number} {unit}", less=less, last=last) for unit in units)
        return


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
