"""Finds the numbers of a text as people write them, in digits or in words, and what each may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

MULTIPLIERS = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
    "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7,
}  # fmt: skip
CURRENCIES = {"₹": "INR", "$": "USD", "€": "EUR", "£": "GBP", "rs": "INR", "rs.": "INR"}
UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: number for number, word in enumerate(UNITS)} | {
    word: 10 * number for number, word in enumerate(TENS, start=2)
}
PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7,
         "eighth": 8, "ninth": 9, "tenth": 10}  # fmt: skip
TIMES = {
    "twice": 2.0,
    "double": 2.0,
    "doubled": 2.0,
    "doubles": 2.0,
    "triple": 3.0,
    "tripled": 3.0,
    "thrice": 3.0,
    "halved": 0.5,
    "half as": 0.5,
}

# How far the truth may lie from a number announced as a rough one: parts of the number below and above it.
ROUGH = [
    (
        re.compile(r"(?:\b(?:about|around|roughly|approximately|circa|some|close to)|~|≈)\s*$", re.I),
        (0.05, 0.05),
    ),
    (re.compile(r"\b(?:nearly|almost|just under|not quite)\s*$", re.I), (0.1, 0.0)),
    (re.compile(r"\b(?:over|more than|just over|above|exceeding|at least|upwards of)\s*$", re.I), (0.0, 0.1)),
    (re.compile(r"\b(?:not even|hardly|scarcely)\s*$", re.I), (0.25, 0.0)),
    (
        re.compile(r"\b(?:under|below|less than|fewer than|at most|(?<!add )(?<!adds )up to)\s*$", re.I),
        (0.1, 0.0),
    ),
]  # fmt: skip

_MULTIPLIER = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
_DIGITS = re.compile(
    r"(?<![\w.,])(?P<currency>[₹$€£]|\bRs\.?)?\s?(?P<sign>[-−–+])?"
    r"(?P<digits>\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<exponent>e[-+]?\d+)?"
    rf"(?:[\s-]?(?P<multiplier>{_MULTIPLIER})\b)?(?P<percent>\s?%|\s?per\s?cent\b|\sof one percent\b)?"
    r"(?P<times>\s?(?:x\b|×|times\b|-fold\b))?(?![\w])",
    re.IGNORECASE,
)
_WORD = "|".join(sorted([*WORDS, "hundred", "thousand", "million", "dozen"], key=len, reverse=True))
_WORDED = re.compile(
    rf"(?<![\w-])(?P<words>(?:{_WORD})(?:(?:[\s-]+|(?<=hundred)\s+and\s+|(?<=thousand)\s+and\s+)(?:{_WORD}))*)(?P<percent>\s+per\s?cent\b)?(?P<times>(?P<half>\s+and\s+a\s+half)?\s+times\b|-fold\b)?(?![\w-])",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"(?<![\w-])(?P<by>\bby\s+(?:about\s+)?)?(?:(?P<count>a|an|one|two|three|four)[\s-]+)?"
    rf"(?P<part>{'|'.join(PARTS)})s?"
    r"(?(by)(?!\s+of)|(?:(?=\s+(?:of|the)\b)|(?:(?<=[ -]tenth|[ -]fifth|[ -]third)|(?<=[ -]half))"
    r"(?=\s*[.,;:)]|\s*$)))"
    r"(?!\s+(?:of|the)\s+(?:year|period|month|19|20))",
    re.IGNORECASE,
)
_ONE_IN = re.compile(
    rf"(?<![\w.,])(?P<top>\d{{1,2}}|{'|'.join(UNITS[1:13])})\s+(?:in|out of)\s+(?:every\s+)?"
    rf"(?P<bottom>(?:a\s+)?hundred|\d{{1,3}}|{'|'.join([*UNITS[1:], *TENS])})(?![\w.,]\d|\w)",
    re.IGNORECASE,
)
_ONE_THING_IN = re.compile(
    rf"(?<![\w.,])(?P<top>one|two|three|\d)\s+(?:[a-z]+\s+){{1,2}}(?:in|out of)\s+(?:every\s+)?"
    rf"(?P<bottom>(?:a\s+)?hundred|\d{{1,3}}|{'|'.join([*UNITS[2:], *TENS])})(?![\w.,]\d|\w)",
    re.IGNORECASE,
)
_OF_EVERY = re.compile(
    rf"\b(?:out\s+of|of)\s+every\s+(?P<bottom>hundred|\d{{1,3}}|"
    rf"{'|'.join([*UNITS[2:], *TENS])})\b[^.;\d]{{0,30}}?,"
    rf"\s+(?:nearly|almost|about|roughly|around|some|only|just|over|more than)?\s*(?P<top>\d{{1,2}}|"
    rf"{'|'.join(UNITS[1:13])})\b",
    re.IGNORECASE,
)
_TIMES = re.compile(rf"(?<!\d\s)\b(?P<times>{'|'.join(TIMES)})\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_NOT_A_PART = re.compile(
    r"\b(?:first|second|last|latter|other|top|lowest|bottom|middle|upper|lower|this|next|previous|each|per)\s+$",
    re.IGNORECASE,
)
_A_SINGLE = re.compile(r"\b(?:only|just|exactly|found|is|has|have|into)\s+\W*$", re.IGNORECASE)
_NOUN = re.compile(
    r"[\s*_]*(?:(?:of|out of)\s+(?:the\s+|your\s+|all\s+|its\s+|their\s+)?)?(?P<noun>[A-Za-z]+)"
)
_NOUNS = re.compile(
    r"[\s*_]*(?:(?:of|out of)\s+(?:the\s+|your\s+|all\s+|its\s+|their\s+)?"
    rf"(?:(?:\d+|{'|'.join(UNITS[2:])}|[a-z-]*(?:ty|een|ten|[a-z]ty-[a-z]+))\s+)?)?"
    r"(?P<nouns>[A-Za-z]+(?:[ -](?!(?:and|or|of|in|on|at|by|for|to|is|are|was|were|has|have|had|the|with|"
    r"than|that|stand|from|not|when|while|but|as)\b)[A-Za-z]+){0,2})"
)

_JOINT = re.compile(r"(?:,\s*)?(?:and|to)|,|[-–—]")
_AGAINST = re.compile(r"\b(?:against|versus|vs\.?|than)\s+[^,;.\d]{0,22}$", re.IGNORECASE)
_CODE = re.compile(r"\s?(INR|USD|EUR|GBP|JPY|CHF|CAD|AUD)\b")
_CURRENCY_WORD = re.compile(
    r"\s(?P<word>dollars?|euros?|francs?|rupees?|pounds sterling|yen)\b", re.IGNORECASE
)
_OF_WORD = {"dollar": "USD", "euro": "EUR", "franc": "CHF", "rupee": "INR", "yen": "JPY"}
_POINTS = re.compile(r"\s(?:percentage\s+points?|points?\s+of\s+percent|pp)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\s(?:percentage\s+|percent\s+)?(?:points?|pp)\b(?!\s+(?:out of|of \d))"
    r"|\s(?:(?!(?:is|are|was|were|or|and|means?)\s)[A-Za-z]+\s){0,2}?(?:more|less|fewer)(?:\s[a-z]+){0,3}?\sthan\b"
    r"(?!\s+(?:not|one|once|two|half|twice|double|triple|\d))"
    r"|\s(?:[A-Za-z]+\s)?(?:higher|lower|longer|shorter|larger|smaller|older|younger|cheaper|dearer|faster|slower|sooner)\b"
    r"(?!\s+than\s+(?:one|once|two|half|\d))"
    r"|\s(?:fewer|less)\b(?!\s+than\s+(?:one|once|two|half|\d))",
    re.IGNORECASE,
)

_MORE_OF_A_UNIT = re.compile(  # "three minutes more than", "two years older"
    r"\s+(?:full\s+)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|euros?|dollars?|pounds?|rupees?)\s+"
    r"(?:more|less|fewer|longer|shorter|older|younger|later|earlier|higher|lower)\b",
    re.IGNORECASE,
)
Kind = Literal["amount", "word", "part", "multiple", "difference"]


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number in a text.

    Attributes:
        text: As written.
        start: Index of its first character.
        end: Index behind its last character.
        value: What is written, in full ("1.2k" is 1200); a share is in percent.
        low: Least true value that may be written so.
        high: Greatest true value that may be written so.
        kind: An amount in digits, an amount in words, a part ("a third of"), a multiple ("twice"), or a
            difference ("20 points", "50 INR more").
        percent: Whether it is a percentage.
        noun: The word behind it, in lower case, or "".
        currency: The currency before or behind it, or "".
        negative: Whether it bears a minus sign.
        signed: Whether it bears a sign at all.
        nouns: The word behind it and up to two more, so that "three loyal segments" counts segments.
        scale: What its multiplier stands for, such as 1e6 for "million".
        rough: Whether it is announced as rough ("about").
    """

    text: str
    start: int
    end: int
    value: float
    low: float
    high: float
    kind: Kind = "amount"
    percent: bool = False
    noun: str = ""
    currency: str = ""
    negative: bool = False
    signed: bool = False
    nouns: tuple[str, ...] = ()
    scale: float = 1.0
    rough: bool = False


def numbers_in(text: str) -> list[WrittenNumber]:
    """Return the numbers of a text in order; none overlaps another."""
    found: list[WrittenNumber] = []
    for number in (*_shares_in(text), *_digits_in(text), *_words_in(text), *_multiples_in(text)):
        if not any(number.start < other.end and other.start < number.end for other in found):
            found.append(number)
    return _with_shared_scale(
        text, _with_range_percents(text, sorted(found, key=lambda number: number.start))
    )


def _digits_in(text: str) -> Iterator[WrittenNumber]:
    for match in _DIGITS.finditer(text):
        digits = match["digits"].replace(",", "")
        decimals = len(digits.split(".")[1]) if "." in digits else 0
        scale = MULTIPLIERS.get((match["multiplier"] or "").lower(), 1.0) * float(
            f"1{match['exponent'] or ''}"
        )
        value = float(digits) * scale
        half = 0.53 * float(10**-decimals) * scale  # a tool may have rounded before
        start = match.start("sign") if match["sign"] else match.start("digits")
        below, above = _roughness(text[: match.start()], digits, value)
        after = text[match.end() :]
        kind: Kind = "multiple" if match["times"] else "difference" if _DIFFERENCE.match(after) else "amount"
        code = _CODE.match(after)
        word = _CURRENCY_WORD.match(after)
        currency = code[1] if code else CURRENCIES.get((match["currency"] or "").lower(), "")
        currency = currency or (_OF_WORD.get(word["word"].lower().removesuffix("s"), "") if word else "")
        yield WrittenNumber(
            match.group(0)[start - match.start() :].rstrip(), start, match.end(), value,
            value - max(half, below), value + max(half, above),
            kind=kind, percent=bool(match["percent"] or _POINTS.match(after)), noun=_noun(text, match.end()),
            currency=currency, negative=match["sign"] in ("-", "−"), signed=(match["sign"] or "–") != "–",
            scale=scale, rough=bool(below or above), nouns=_nouns(text, match.end()),
        )  # fmt: skip


def _roughness(before: str, digits: str, value: float) -> tuple[float, float]:
    significant = len(digits.replace(".", "").strip("0"))
    for announced, (below, above) in ROUGH:
        if announced.search(before):
            if significant > 2:  # "about 6,730" is rounded to the tens and no more
                unit = value / float(digits.replace(".", "").lstrip("0") or 1) if value else 0.0
                last = unit * 10 ** (len(digits.replace(".", "")) - len(digits.replace(".", "").rstrip("0")))
                return (last if below else 0.0), (last if above else 0.0)
            return below * value, above * value
    return 0.0, 0.0


def _words_in(text: str) -> Iterator[WrittenNumber]:
    for match in _WORDED.finditer(text):
        value = _number_of(match["words"].lower())
        value = value + 0.5 if value is not None and match["half"] else value
        noun = _noun(text, match.end())
        if value is None or (
            value == 1 and not match["percent"] and not _A_SINGLE.search(text[: match.start()])
        ):
            continue
        below, above = _roughness(text[: match.start()], str(int(value)), value)
        kind: Kind = "multiple" if match["times"] else "word"
        after = text[match.end() :]
        if value > 1 and (re.match(r"\s+(?:percentage\s+)?points?\b", after) or _MORE_OF_A_UNIT.match(after)):
            kind = "difference"
        half = 0.08 * value if match["times"] else 0.5000001
        above = (
            max(above, 0.99) if above and match["times"] else above
        )  # "more than four times" is below five
        yield WrittenNumber(
            match.group(0), match.start(), match.end(), value, value - max(half, below),
            value + max(half, above), kind=kind, percent=bool(match["percent"]), noun=noun,
            nouns=_nouns(text, match.end()),
        )  # fmt: skip


def _number_of(words: str) -> float | None:
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+(?:and\s+)?", words):
        if word in WORDS:
            current += WORDS[word]
        elif word == "dozen":
            current = (current or 1) * 12
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in ("thousand", "million"):
            total, current = total + (current or 1) * (1e3 if word == "thousand" else 1e6), 0.0
        else:
            return None
    return total + current


def _shares_in(text: str) -> Iterator[WrittenNumber]:
    for match in _PART.finditer(text):
        if _NOT_A_PART.search(text[: match.start()]) or (
            match["part"].lower() == "quarter" and not match["count"]
        ):
            continue
        count = {"a": 1, "an": 1}.get((match["count"] or "a").lower()) or WORDS[match["count"].lower()]
        yield _share(text, match, 100.0 * count / PARTS[match["part"].lower()])
    ways = (each.finditer(text) for each in (_ONE_IN, _ONE_THING_IN, _OF_EVERY))
    for match in (match for found in ways for match in found):
        top, bottom = (_count_of(match[name].lower()) for name in ("top", "bottom"))
        if 0 < top < bottom:
            yield _share(text, match, 100.0 * top / bottom)


def _count_of(written: str) -> float:
    return 100.0 if written.endswith("hundred") else WORDS.get(written) or float(written)


def _share(text: str, match: re.Match[str], value: float) -> WrittenNumber:
    slack = max(0.06 * value, 1.0)
    for announced, (below, above) in ROUGH:
        if announced.search(text[: match.start()]):
            if below == above:
                low, high = value - min(0.08 * value, 3.0), value + min(0.08 * value, 3.0)
                break
            low = value - max(below * value, 0.3)
            high = value + (max(0.25 * value, 2.0) if above and not below else max(above * value, 0.3))
            break
    else:
        low, high = value - slack, value + slack
    return WrittenNumber(
        match.group(0), match.start(), match.end(), value, low, high, kind="part", percent=True
    )


def _multiples_in(text: str) -> Iterator[WrittenNumber]:
    for match in _TIMES.finditer(text):
        value = TIMES[match["times"].lower()]
        before = text[: match.start()]
        more = re.search(r"\b(?:more than|over|well over|at least)\s+$", before, re.IGNORECASE)
        less = re.search(r"\b(?:less than|fewer than|under|not even|barely)\s+$", before, re.IGNORECASE)
        low, high = (1.0, 1.45) if more else (0.75, 1.0) if less else (0.9, 1.15)
        yield WrittenNumber(
            match.group(0), match.start(), match.end(), value, low * value, high * value, kind="multiple",
        )  # fmt: skip


def _noun(text: str, end: int) -> str:
    match = _NOUN.match(text, end)
    return match["noun"].lower() if match else ""


def _nouns(text: str, end: int) -> tuple[str, ...]:
    """Return the words that a number may count: the next one, and what follows an adjective."""
    match = _NOUNS.match(text, end)
    return tuple(match["nouns"].lower().split()) if match else ()


def _with_range_percents(text: str, numbers: list[WrittenNumber]) -> list[WrittenNumber]:
    """Let "20 to 30 %" be two percentages."""
    for index in range(len(numbers) - 1, 0, -1):
        first, second = numbers[index - 1], numbers[index]
        if second.percent and not first.percent and first.kind == "amount":
            joint = text[first.end : second.start].strip().lower()
            if joint in ("-", "–", "—", "to") or (joint == "and" and _BETWEEN.search(text[: first.start])):
                numbers[index - 1] = replace(first, percent=True)
    return numbers


def _with_shared_scale(text: str, numbers: list[WrittenNumber]) -> list[WrittenNumber]:
    """Let "5.3, 5.6 and 5.1 million USD" be three millions, and of one currency."""
    for index in range(len(numbers) - 1, 0, -1):
        first, second = numbers[index - 1], numbers[index]
        scale = second.scale
        joint = text[first.end : second.start].strip().lower()
        alike = 0.01 <= first.value * scale / second.value <= 100 if second.value else False
        if scale > 1 and first.scale == 1 and alike and _JOINT.fullmatch(joint) and first.kind == "amount":
            scaled = [scale * part for part in (first.value, first.low, first.high)]
            numbers[index - 1] = replace(first, value=scaled[0], low=scaled[1], high=scaled[2], scale=scale)
        against = _AGAINST.search(text[: first.start])  # "11 days against 81 and 567 GBP"
        if (
            second.currency
            and not first.currency
            and not first.percent
            and not against
            and _JOINT.fullmatch(joint)
        ):
            numbers[index - 1] = replace(numbers[index - 1], currency=second.currency)
    return numbers
