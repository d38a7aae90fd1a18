"""Links numbers of a sentence to the names they are told of: "A holds 3", "3 for A", "A and B: 3 and 4"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.grounding.written_numbers import WrittenNumber

_TO_THE_RIGHT = re.compile(
    r"[^,;:.()\d]{0,40}?\b(?:for|in|of|among|from|on|by|belongs? to)\s+(?:the\s+|segment\s+)?"
    r"(?:(?:those|ones|people|customers|members|orders|ones)\s+)?(?:(?:that|who|which)\s+)?(?:(?:were|are|have|had|was)\s+)?"
    r"[“\"*'`]*"
)
_TO_THE_LEFT = re.compile(
    r"(?!\W*(?:and|or)\W*$)"
    r"[”\"*')`]*(?:(?<=')s|['’]s?)?(?:\s*[:(=–—|]|\s)(?:(?!\b(?:than|against|versus|vs|compared|unlike|other|others|rest|remaining|else|elsewhere|but)\b)"
    r"[^,;.()]){0,60}"
)
_GOES_ON = re.compile(r"(?:(?!\b(?:others?|rest|everybody|elsewhere|overall)\b)[^;.()]){0,45}")
_SOMETHING_ELSE = re.compile(r"(?:,|\band)\s+(?:[a-z]\w*\s+){2,}\($")  # ", days since the first (" names it
_THEY = re.compile(r"\b(?:they|it|its|their|these|this)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:than(?!\s+(?:one|once|\d))|(?:that|those) of|against|versus|vs|compared|unlike|"
    r"others?|remaining|else|elsewhere|but|together|both|combined)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[;:()]|,\s|\band\s(?=\D{0,30}\d)|\b(?:while|whereas|but)\b")
_AND = re.compile(r"\s*(?:,|and|,\s*and|against|versus|vs\.?)\s*[“\"*']*\s*")

_SINCE = re.compile(r"\W{0,3}(?:on|from|over)\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:up|down|rose|fell|grew|increase|decrease|drop|gain|growth|rise|fall|decline|added)\b[^,;.]{0,14}$",
    re.I,
)
_JOINED = re.compile(
    r"[”\"*'`]*\s*(?:\([^)]*\)\s*)?(?:,|/|&|\+|plus|with|,?\s*(?:and|or))\s*(?:the\s+|in\s+)?[“\"*'`]*",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"[^.;,\d]{0,16}\bto\s+(?:about\s+|around\s+)?\W{0,3}", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:cuts?|reduc\w+|lowers?|lowered|rais\w+|lift\w*|brings?|brought|takes?|shorten\w*|push\w*|move[sd]?)\b[^.;]{0,40}"
    r"\bfrom\s+\W{0,3}$",
    re.IGNORECASE,
)
_SLASHES = re.compile(r"[^,;/]{0,12}?\s*(?:/|,|;|\band\b)\s*\W{0,3}")
_OF_OTHERS = re.compile(
    r"\b(?:the )?(?:others|rest|remainder|everyone else|everybody else|remaining|elsewhere)\b|"
    r"\b(?:those|ones|orders|baskets)? ?without\b(?: one| it| any)?|"
    r"\b(?:did|do|does|have|had|were|was|are) ?n[o'’]t\b\W*$|"
    r"\b(?:those|ones|people|customers|members) (?:who|that) (?:did|do|does|have|had|were|was|are)"
    r" ?n[o'’]t\b",
    re.IGNORECASE,
)
_AGAINST_ONE = re.compile(
    r"[*\s]*(?:[a-z]+\s+){0,2}(?:against|versus|vs\.?|compared (?:with|to))\s+"
    r"(?:about\s+|just\s+|only\s+)?[₹$€£*]*",
    re.I,
)
_AGAINST = re.compile(
    r"[^.;\d]{0,25}?\b(?:against|versus|vs\.?|compared (?:with|to))\s*\W{0,3}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name and where it stands in a sentence."""

    text: str
    start: int
    end: int


def linked(text: str, names: Sequence[Name], numbers: Sequence[WrittenNumber]) -> list[str] | None:
    """Link each number to a name or to ""; None where names and numbers go in pairs, "respectively".

    "A holds 3" and "A (3)" link to the left, "3 for A" to the right, "A and B hold 3 and 4" in order; one
    after another number goes on with its name ("A: 3 customers, 4 %"), "they" with the name before it.
    """
    if "respectively" in text.lower() and len(names) == len(numbers):
        return None
    told: list[str] = []
    for place, number in enumerate(numbers):
        after = numbers[place + 1].start if place + 1 < len(numbers) else len(text)
        right = next((name for name in names if number.end <= name.start < after), None)
        left = next((name for name in reversed(names) if name.end <= number.start), None)
        before = numbers[place - 1] if place else None
        beside_left = left is not None and re.fullmatch(r"\W{0,4}", text[left.end : number.start])
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        if (
            following
            and _FROM_TO.fullmatch(text[number.end : following.start])
            and (_FROM.search(text[: number.start]) or text[: number.start].rstrip("₹$€£").endswith("("))
        ):
            told.append("")  # "cuts the time from 22 to 12 days": 22 is of another one
            continue
        if before and _AGAINST_ONE.fullmatch(text, before.end, number.start):
            told.append("")  # "30% against 10%": the name is of the first
            continue
        gap = text[number.end : right.start] if right else ""
        if right and (
            (not beside_left and re.fullmatch(r"\s[“\"*'`]*", gap))
            or (
                re.fullmatch(r"(?:\s[A-Za-z]{1,14}){0,2}\s?\([“\"*'`]*", gap)
                and text[right.end : right.end + 3].strip("”\"*'`")[:1] == ")"
            )
        ):
            told.append(right.text)  # "486 leavers", "15% (Gold)"
            continue
        points = _TO_THE_RIGHT.fullmatch(text, number.end, right.start) if right else None
        if points and left and _alternates(text, names, numbers, place):
            points = None  # "In May 3 came and in June 4": each number has its name before it
        since = _SINCE.match(text, number.end) and _CHANGED.search(text[: number.start])
        if right and points and not since:
            told.append(right.text)
        elif left and before and before.end <= left.start and told[-1] == left.text:
            # "3 in A, 4 in the others": the name belongs to the number before, unless "they" goes on with it
            told.append(left.text if _THEY.search(text, left.end, number.start) else "")
        elif left and (before is None or before.end <= left.start):
            told.append(left.text if _TO_THE_LEFT.fullmatch(text, left.end, number.start) else "")
        elif left and before and told[-1] == left.text and _GOES_ON.fullmatch(text, before.end, number.start):
            told.append("" if _SOMETHING_ELSE.search(text, before.end, number.start) else left.text)
        else:
            told.append("")
        told[-1] = told[-1] or _only_name(text, names, numbers, place)
    return told


def _alternates(text: str, names: Sequence[Name], numbers: Sequence[WrittenNumber], place: int) -> bool:
    """Return whether names and numbers take turns from a first name to a last number."""
    marks = sorted([*((name.start, "name") for name in names), *((each.start, "number") for each in numbers)])
    kinds = [kind for _, kind in marks]
    in_turn = len(kinds) >= 4 and kinds == ["name", "number"] * (len(kinds) // 2)
    opens = re.search(
        r"(?:^|[,;:]\s|\band\s)\W*(?:in|at|for|during|on|by)\s+(?:the\s+)?\W*$", text[: names[0].start], re.I
    )
    own = numbers[place]
    return bool(in_turn and opens and _TO_THE_LEFT.match(text, names[0].end)) and not _OTHERS.search(
        text, 0, own.end
    )


def _only_name(text: str, names: Sequence[Name], numbers: Sequence[WrittenNumber], place: int) -> str:
    """Return the only name in a number's own clause, or ""."""
    number = numbers[place]
    before = numbers[place - 1].end if place else 0
    after = numbers[place + 1].start if place + 1 < len(numbers) else len(text)
    start = max([before, *(end.end() for end in _CLAUSE_END.finditer(text, before, number.end))])
    last = place + 1 == len(numbers)  # "between August and March" goes on where no other number follows
    ends = (
        end.start()
        for end in _CLAUSE_END.finditer(text, number.end, after)
        if not (last and end[0] == "and ")
    )
    end = min([after, *ends])
    if _OTHERS.search(text, start, end):
        return ""
    inside = {name.text for name in names if start <= name.start and name.end <= end}
    taken = {name.text for name in names if name.end <= number.start and name.start < start}
    if len(inside) == 1 and not inside <= taken:
        return next(iter(inside))
    everywhere = {name.text for name in names}
    alone = len(everywhere) == 1 and not inside and not _OTHERS.search(text)
    return next(iter(everywhere)) if alone else ""


def in_order(
    text: str,
    names: Sequence[Name],
    numbers: Sequence[WrittenNumber],
    told: list[str],
    crossed: Collection[frozenset[str]],
) -> list[str]:
    """Pair "A and B hold 3 and 4" or "A tops B: 4 against 3" in order; two names and one number are open."""
    for place, number in enumerate(numbers):
        plain = [
            each
            for each in numbers[:place]
            if each.kind not in ("multiple", "difference") and each.percent == number.percent
        ]
        before = plain[-1].end if plain else 0
        near = [name for name in names if before <= name.start and name.end <= number.start]
        near = [name for name in near if frozenset((name.text, near[-1].text)) not in crossed]
        if len({name.text for name in near}) < 2 or told[place] != near[-1].text:
            continue
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        joined = following and _AND.fullmatch(text, _unit_end(text, number), following.start)
        if following and joined and len(near) == 2:
            told[place], told[place + 1] = near[0].text, near[1].text
        else:
            told[place] = ""
    return told


def _unit_end(text: str, number: WrittenNumber) -> int:
    match = re.compile(r"[\s*]*(?!and\b)[A-Za-z]*[\s*]*").match(text, number.end)
    return match.end() if match else number.end


def listed_before(
    text: str, numbers: Sequence[WrittenNumber], names: Sequence[tuple[str, int, int]]
) -> list[str]:
    """Return the names of the sentence before for "Fees: 3 / 4 / 5", where there are as many."""
    distinct = list(dict.fromkeys(name for name, _, _ in names))
    if len(numbers) < 2 or len(distinct) != len(numbers):
        return []
    gaps = zip(numbers, numbers[1:], strict=False)
    return distinct if all(_SLASHES.fullmatch(text, a.end, b.start) for a, b in gaps) else []


def joined_in(text: str, names: Sequence[tuple[str, int, int]]) -> list[list[str]]:
    """Return the names that stand beside each other, as in "A, B and C" or "A + B"."""
    found: list[list[str]] = []
    last = None
    for name, start, end in names:
        if last is not None and _JOINED.fullmatch(text, last, start):
            found[-1].append(name)
        else:
            found.append([name])
        last = end
    return [each for each in found if len(set(each)) > 1]


def is_of_others(text: str, before: WrittenNumber, number: WrittenNumber) -> bool:
    """Return whether a number is told of those whom the number before it is not told of."""
    gap = re.split(r"[,;:(]\s", text[before.end : number.start])[-1]
    behind = re.split(r"[;,(\d]", text[number.end :])[0]
    return bool(_OF_OTHERS.search(gap) or _OF_OTHERS.search(behind) or _AGAINST.search(gap))
