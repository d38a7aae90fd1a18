"""Finds numbers of a sentence that disagree with each other: "over half (41 %)", "twice, 90 against 30"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.written_numbers import WrittenNumber

_IN_BRACKETS = re.compile(r"[^().;:,]{0,60}?\(\s*(?:about|only|just|exactly|or|i\.e\.)?\s*$", re.IGNORECASE)
_VERSUS = re.compile(
    r"(?:\s|[a-z*_]){0,22}?\W{0,3}(?:\b(?:vs\.?|versus|against|compared (?:with|to)|as opposed to)\s+|/\s*)"
    r"(?:just |only |about )?\W{0,3}",
    re.IGNORECASE,
)
_OF = re.compile(r"\s+(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+|your\s+)?\W{0,2}", re.IGNORECASE)
_TO_PAIR = re.compile(
    r"(?:[^.;()]|\.\d){0,90}?(?:\(\s*|[:,–—]\s+|\bwith\s+)(?:about\s+|just\s+|at\s+|only\s+)?\W{0,3}$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:more|higher|larger|greater|bigger|longer|older|dearer|pricier|costlier|heavier|richer|slower)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:less|fewer|lower|smaller|shorter|younger|cheaper|lighter|poorer|faster|quicker)\b", re.IGNORECASE
)
# How often something happens, in words that bear a sign only together: "less often", "more rarely".
_OFTEN = r"(?:often|frequent(?:ly)?|likely|prone|common(?:ly)?|regular(?:ly)?|inclined|apt)"
_RARELY = r"(?:rare(?:ly)?|seldom|infrequent(?:ly)?|unlikely|sparse(?:ly)?)"
_MORE_OFTEN = re.compile(
    rf"\b(?:more\s+{_OFTEN}|less\s+{_RARELY}|oftener|likelier|commoner)\b", re.IGNORECASE
)
_LESS_OFTEN = re.compile(rf"\b(?:(?:less|not (?:so|as))\s+{_OFTEN}|more\s+{_RARELY}|rarer)\b", re.IGNORECASE)
_THAN_IN_BRACKETS = re.compile(
    r"\s*\)\s*than\s[^.;()]{2,60}\(\s*(?:about\s+|just\s+|only\s+|with\s+|at\s+)?\W{0,2}$", re.IGNORECASE
)
_UNCLEAR = re.compile(
    r"\b(?:not|no|nor|never|neither|than (?:half|a|one|two)|or (?:more|less)|often|likely|"
    r"frequent\w*|rare\w*|while|but|whereas|despite|although|better|worse|recent\w*|from)\b|n['’]t\b",
    re.IGNORECASE,
)
_SLACK = 0.05  # of a ratio, besides what rounding allows


def disagreeing(sentence: Sentence) -> set[Place]:
    """Return the places of numbers that contradict exact ones beside them, whatever the data are.

    Args:
        sentence: The sentence; cells of tables are passed by.
    """
    return {*_parts(sentence), *_shares(sentence), *_against_pairs(sentence)}


def _parts(sentence: Sentence) -> Iterator[Place]:
    """Yield the parts of "less than half of the flyers (53.7 %)"."""
    for place, number in enumerate(sentence.numbers[:-1]):
        exact = sentence.numbers[place + 1]
        if number.kind != "part" or exact.kind != "amount" or not exact.percent:
            continue
        if _IN_BRACKETS.fullmatch(sentence.text, number.end, exact.start) and not (
            number.low - 1.0 <= exact.value <= number.high + 1.0
        ):
            yield place


def _shares(sentence: Sentence) -> Iterator[Place]:
    """Yield the counts of "23 % of customers (137 of 300)"."""
    numbers, text = sentence.numbers, sentence.text
    for place in range(len(numbers) - 2):
        share, part, whole = numbers[place : place + 3]
        if (
            not share.percent
            or share.kind == "difference"
            or part.percent
            or whole.percent
            or not whole.value
        ):
            continue
        if _IN_BRACKETS.fullmatch(text, share.end, part.start) and _OF.fullmatch(text, part.end, whole.start):
            low, high = 100.0 * part.low / whole.high, 100.0 * part.high / whole.low if whole.low else 0.0
            if low > share.high + 0.5 or high < share.low - 0.5:
                yield from (place + 1, place + 2)


def _against_pairs(sentence: Sentence) -> Iterator[Place]:
    """Yield what disagrees with "A against B" behind it: a multiple, or the order of the two."""
    numbers, text = sentence.numbers, sentence.text
    for place in range(len(numbers) - 1):
        one, other = numbers[place], numbers[place + 1]
        alike = (
            one.percent == other.percent
            and {one.kind, other.kind} <= {"amount"}
            and other.value
            and one.value
        )
        if alike and _THAN_IN_BRACKETS.fullmatch(text, one.end, other.start):
            sign, clause = _sign_of(re.split(r"[;,]|\.\s", text[: one.start])[-1])
            if sign and not _UNCLEAR.search(clause) and (one.value - other.value) * sign < 0:
                yield from (place, place + 1)
        if not alike or not _VERSUS.fullmatch(text, one.end, other.start):
            continue
        before = numbers[place - 1] if place else None
        start = before.end if before else 0
        is_multiple = before and before.kind == "multiple"
        if before and is_multiple and _TO_PAIR.fullmatch(text, before.end, one.start):
            yield from () if _is_ratio(before, one, other) else (place - 1,)
        clause = re.split(r"[;]|\.\s", text[max(0, start - 30) : one.start])[-1]
        sign, clause = _sign_of(clause)
        opened = _TO_PAIR.fullmatch(text, start, one.start) if before else _TO_PAIR.search(text[: one.start])
        if sign and opened and not _UNCLEAR.search(clause) and (one.value - other.value) * sign < 0:
            yield from (place, place + 1)


def _sign_of(clause: str) -> tuple[int, str]:
    """Return 1 where a clause says that the first of two has more, -1 for less, 0 where it does not tell.

    The clause comes back without words of frequency, which bear no sign by themselves.
    """
    more, less = len(_MORE_OFTEN.findall(clause)), len(_LESS_OFTEN.findall(clause))
    plain = _LESS_OFTEN.sub(" ", _MORE_OFTEN.sub(" ", clause))
    more, less = more + bool(_MORE.search(plain)), less + bool(_LESS.search(plain))
    return (0 if more and less else bool(more) - bool(less)), plain


def _is_ratio(multiple: WrittenNumber, one: WrittenNumber, other: WrittenNumber) -> bool:
    lower, upper = (one, other) if one.value <= other.value else (other, one)
    least = upper.low / lower.high if lower.high else 0.0
    most = upper.high / lower.low if lower.low > 0 else float("inf")
    return multiple.low * (1 - _SLACK) <= most and least <= multiple.high * (1 + _SLACK)
