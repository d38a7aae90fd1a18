"""Knows other words for groups that a bound makes: "fewer than 6 visits" for "with visits below 6"."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_SAME = ((_AT_LEAST, _AT_LEAST_SAID),)


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
        number = match["number"]
        last = match.groupdict().get("last") or ""
        if last and match["under"] and last.isdigit():
            last = str(int(last) - 1)
        less = str(int(number) - 1) if number.isdigit() else ""
        for each in words:
            if ("{less}" not in each or less) and ("{last}" not in each or last):
                yield each.format(n=number, less=less, last=last)
        return
