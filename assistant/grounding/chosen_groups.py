"""Says which groups a phrase chooses: those it joins by name, the two smallest, the other three."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.grounding.linking import joined_in
from assistant.grounding.written_numbers import UNITS

GROUP_NOUNS = frozenset(Path(__file__).with_name("group_words.txt").read_text("utf-8").split())
_N = rf"(?:{'|'.join(UNITS[2:13])}|[2-9]|1[0-2])(?![\d.,]\d|\d)"
_TOP = (
    r"largest|larger|biggest|bigger|greatest|greater|highest|higher|top|leading|strongest|stronger|best(?:-\w+)?|"
    r"busiest|busier|richest|dearest|longest|oldest|major|main|most(?:\s(?!of\b|are\b|is\b)[a-z]+)"
)
_BOTTOM = (
    r"smallest|smaller|lowest|lower|bottom|weakest|weaker|worst|lesser|least(?:\s[a-z]+)|quietest|quieter|rarest|"
    r"poorest|cheapest|shortest|youngest|tiniest|minor"
)
_ADJECTIVE = rf"(?:(?P<top>{_TOP})|(?P<bottom>{_BOTTOM}))"
_NOUN = r"(?:\s+(?:[a-z-]+\s+)??(?P<noun>[a-z]{3,}s|ones)\b)?"
_EXTREMES = (
    re.compile(
        rf"\b(?P<n>{_N})\s+(?:of\s+(?:the|our|your|its)\s+)?{_ADJECTIVE}\b(?!-){_NOUN}", re.IGNORECASE
    ),
    re.compile(rf"\b(?P<n>pair|couple|trio)\s+of\s+(?:the\s+)?{_ADJECTIVE}\b(?!-){_NOUN}", re.IGNORECASE),
    re.compile(rf"\b{_ADJECTIVE}\s+(?P<n>{_N})\b(?!\s?(?:%|per\s?cent|percent)){_NOUN}", re.IGNORECASE),
    re.compile(
        rf"\b(?P<n>{_N})\s+(?P<noun>[a-z]{{3,}}s|ones)\s+(?:with|that have|having)\s+the\s+{_ADJECTIVE}"
        r"\s+(?P<by>[a-z]+(?:\s[a-z]+)?)",
        re.IGNORECASE,
    ),
)
_REST = re.compile(
    rf"\b(?:the|all|our|your|its)\s+(?:(?P<first>{_N})\s+)?(?:other|remaining|rest)(?:\s+(?P<n>{_N}))?{_NOUN}|"
    r"\bthe\s+others\b",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:everything|everybody|everyone|anything|all|the rest)\s+(?:other than|but|except(?: for)?|besides|"
    r"apart from|outside|without)\s+(?:the\s+|for\s+)?[“\"*']*$",
    re.IGNORECASE,
)
_OTHERS_ROW = re.compile(
    r"\W*(?:all\s+)?(?:others?|the\s+rest|rest|remaining|everyone else)\b", re.IGNORECASE
)
_JUST = re.compile(
    rf"\b(?:just|only|merely|a mere)\s+(?P<n>{_N})\s+(?:of\s+(?:the|our|its|your)\s+(?:{_N}\s+)?)?"
    r"(?P<noun>[a-z]{3,}s)\b",
    re.I,
)
_THEY = re.compile(
    r"\b(?:together|combined|jointly|between them|as a (?:pair|group)|taken together)\W{1,2}they\b|"
    r"\bthey\s+(?:together|jointly|add up|combine|sum)\b|\bthe (?:pair|duo|trio)\b|"
    r"\bboth (?:together|combined)\b|\bthe (?:two|three)\s+(?:together|combined|jointly)\b",
    re.IGNORECASE,
)
_THESE = re.compile(rf"\b(?P<all>all\s+)?(?:these|those|first|last)\s+(?P<n>{_N})\b{_NOUN}", re.IGNORECASE)
_COUNTS = {word: number for number, word in enumerate(UNITS)} | {"pair": 2, "couple": 2, "trio": 3}
_TOGETHER = re.compile(
    r"\b(?:together|combined|jointly|both|collectively|altogether|add(?:s|ed|ing)?(?: up)?(?: to)?|plus|"
    r"sum(?:s|med)?(?: up)? to|total(?:s|l?ing)?|between (?:them|the (?:two|three|four))|as one|in all|"
    r"in sum|merged|and you (?:have|get)|pooled)\b",
    re.IGNORECASE,
)
_BY_COUNT = re.compile(r"busi|quiet|popul|visited|frequent|used|crowd|common|rare|chosen", re.IGNORECASE)
_BY_SIZE = re.compile(r"larg|big|great|small|lesser|tini|major|minor|main", re.IGNORECASE)
_EITHER = re.compile(r"best|worst|strong|weak", re.IGNORECASE)
_Values = Mapping[str, float]  # by the name of a group


@dataclass(frozen=True, slots=True)
class Chosen:
    """Several groups that a phrase chooses.

    Attributes:
        start: Where the phrase starts in its sentence.
        end: Where it ends.
        n: How many it says that they are; 0 where it does not say.
        names: Those it joins by name; for "rest", those that the sentence spoke of before it.
        spoken: For "rest", all that the answer spoke of before it, last ones last.
        how: "named", "extreme", "rest", or "told" for the first or last ones that a tool told of.
        from_top: Whether it chooses the greatest; None where the word may mean either end.
        noun: What it calls them, in the singular, or "".
        by: The measure by which it chooses them: a word of it, "count", "size" for the count or the sum in
            question, or "" for the sum in question alone.
    """

    start: int
    end: int
    n: int
    names: frozenset[str] = frozenset()
    how: str = "named"
    from_top: bool | None = True
    noun: str = ""
    by: str = ""
    spoken: tuple[str, ...] = ()

    def members(self, values: _Values, order: _Values) -> Iterator[frozenset[str]]:
        """Yield the groups that are meant among those of a column, ordered by a measure.

        Args:
            values: What was measured of each group.
            order: The measure by which the phrase may choose, of the same groups.
        """
        if self.how == "named":
            if self.names <= values.keys():
                yield self.names
        elif self.how == "rest":
            known = list(dict.fromkeys(name for name in reversed(self.spoken) if name in values))
            left_out = len(values) - self.n if self.n else len(self.names & values.keys()) or 1
            if 0 < left_out < len(values) and len(known) >= left_out:
                yield frozenset(values) - frozenset(known[:left_out])
        elif self.how == "told":
            yield frozenset([*values][: self.n] if self.from_top else [*values][-self.n :])
        elif values.keys() <= order.keys() and self.n <= len(values):
            ranked = sorted(values, key=lambda name: (order[name], name))
            if self.from_top is not True:
                yield from _unless_tied(ranked[: self.n], ranked[self.n :], order)
            if self.from_top is not False:
                yield from _unless_tied(ranked[-self.n :], ranked[: -self.n], order)


def _unless_tied(chosen: Sequence[str], others: Sequence[str], order: _Values) -> Iterator[frozenset[str]]:
    if not {order[name] for name in chosen} & {order[name] for name in others}:
        yield frozenset(chosen)


def chosen_in(
    text: str, names: Sequence[tuple[str, int, int]], before: Sequence[str], previous: Sequence[str] = ()
) -> list[Chosen]:
    """Return the several groups that the phrases of a sentence choose.

    Args:
        text: The sentence.
        names: Name, start and end of each name in it.
        before: The names that the answer spoke of before the sentence, last ones last.
        previous: The names of the sentence before, which "together they" are.
    """
    found: list[Chosen] = []
    for pattern in _EXTREMES:
        for match in pattern.finditer(text):
            top = None if _EITHER.search(match["top"] or match["bottom"]) else bool(match["top"])
            if not any(match.start() < each.end and each.start < match.end() for each in found):
                word = match["top"] or match["bottom"]
                by = "count" if _BY_COUNT.search(word) else "size" if _BY_SIZE.search(word) else ""
                by = (match.groupdict().get("by") or by).lower()
                found.append(
                    Chosen(match.start(), match.end(), _count(match["n"]), how="extreme", from_top=top,
                           noun=_singular(match["noun"]), by=by)
                )  # fmt: skip
    for match in _JUST.finditer(text):
        n, noun = _count(match["n"]), _singular(match["noun"])
        if noun in GROUP_NOUNS:  # "come from just two of the five zones" are the two greatest
            found.append(Chosen(match.start(), match.end(), n, how="extreme", noun=noun, by="size"))
    if row := _OTHERS_ROW.match(text):
        found.append(Chosen(0, row.end(), 0, frozenset(before), "rest", spoken=tuple(before)))
    for match in _REST.finditer(text):
        own = [name for name, _, end in names if end <= match.start()]
        written = match["n"] or match["first"]
        n, noun = _count(written) if written else 0, _singular(match["noun"])
        spoken = (*before, *own)
        found.append(Chosen(match.start(), match.end(), n, frozenset(own), "rest", noun=noun, spoken=spoken))
    for match in _THESE.finditer(text):
        n = _count(match["n"])
        distinct = list(dict.fromkeys([*before, *(name for name, _, end in names if end <= match.start())]))
        is_first = bool(re.search(r"first", match[0], re.IGNORECASE))
        noun = _singular(match["noun"])
        if len(distinct) >= n > 1:
            chosen = frozenset(distinct[:n] if is_first else distinct[-n:])
            found.append(Chosen(match.start(), match.end(), n, chosen, noun=noun))
        elif not distinct and noun:
            found.append(Chosen(match.start(), match.end(), n, how="told", from_top=is_first, noun=noun))
    for match in _THEY.finditer(text):
        if len(previous) > 1:
            found.append(Chosen(match.start(), match.end(), 0, frozenset(previous)))
    for joined in joined_in(text, names):
        places = [(start, end) for name, start, end in names if name in joined]
        if _EXCEPT.search(text[: places[0][0]]):
            left_out = frozenset(joined)
            found.append(Chosen(0, places[-1][1], 0, left_out, "rest", spoken=tuple(joined)))
            continue
        found.append(Chosen(places[0][0], places[-1][1], 0, frozenset(joined)))
    return found


def speaks_of_several(text: str) -> bool:
    """Return whether a sentence says that it takes groups together."""
    return bool(_TOGETHER.search(text))


def _count(written: str) -> int:
    word = written.lower()
    return _COUNTS[word] if word in _COUNTS else int(word)


def _singular(word: str | None) -> str:
    text = (word or "").lower()
    return text[:-3] + "y" if text.endswith("ies") else re.sub(r"(?<=sh|ch|ss)es$|s$", "", text)
