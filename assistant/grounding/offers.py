"""Knows numbers of a thing that is proposed by a statement: "a letter to 150 Sleepers looks promising"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.written_numbers import WrittenNumber

_THING = (
    r"letters?|calls?|postcards?|coupons?|vouchers?|tastings?|samples?|discounts?|offers?|experiments?|tests?|trials?|pilots?|"
    r"campaigns?|reminders?|e-?mails?|mailings?|invitations?|bonus(?:es)?|gifts?|surveys?|perks?|refunds?|credits?|"
    r"upgrades?|newsletters?|programmes?|programs?|messages?|rebates?|cash-?back|waivers?|nudges?|incentives?|"
    r"workshops?|events?|interviews?|check-ins?|follow-ups?|deadlines?|price cuts?|rewards?|treats?"
)
_OFFERED = re.compile(
    r"\b(?:an?|one|some|another|any|\d+|two|three|"
    r"the (?:natural|obvious|best|simplest|cheapest|right|next|first))\s+"
    rf"(?:[\w%€$£₹.-]+\s+){{0,3}}?(?:{_THING})\b|\bfree\s+[a-z]+",
    re.IGNORECASE,
)
_WEIGHED = re.compile(
    r"\b(?:looks?|seems?|sounds?|appears?|deserves?|may|might|can|could|would|will|should|worth|promising|sensible|"
    r"makes sense|suits?|helps?|needs? (?:an?|some|more)|next (?:step|experiment|test)|"
    r"is an? (?:\w+\s){0,3}(?:way|start|step|idea|test|bet|option|move)|"
    r"is the (?:\w+\s){0,3}(?:way|step|move|test)|way to (?:find out|learn|tell|know|see)|"
    r"settle|enough|, say|a start)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:]|,?\s\b(?:since|because|as they|given that|of whom|considering)\b")
_STATED = re.compile(
    r"\s+(?:(?!(?:who|which|that|may|might|can|could|will|would|should)\b)[A-Za-z-]+\s+){0,3}?(?:have|has|had|are|is|were|was|left|holds?|"
    r"makes? up|accounts?|brings?|spends?|spent|lapsed|cancelled|churned|stayed|paid|pays?)\b",
    re.IGNORECASE,
)
_COSTS = re.compile(
    r"\b(?:bill|costs?|budget|outlay|in total|all in|altogether|amounts? to|comes? to|runs? to|adds up to|"
    r"total|investment|expense|spend|price tag)\b",
    re.IGNORECASE,
)
_APIECE = re.compile(r"\s+(?:[A-Z]{3}\s+)?(?:apiece|each|a head|a piece|per \w+)\b")
_KEPT = 8  # numbers of proposals that an answer may still multiply


def is_of_an_offer(text: str, number: WrittenNumber) -> bool:
    """Return whether a number belongs to something that a sentence weighs and that nobody has done yet.

    Args:
        text: The sentence.
        number: One of its numbers.
    """
    if not _WEIGHED.search(text) or _STATED.match(text, number.end):
        return False
    start = max([0, *(end.end() for end in _CLAUSE.finditer(text, 0, number.start))])
    end = next((cut.start() for cut in _CLAUSE.finditer(text, number.end)), len(text))
    return _OFFERED.search(text, start, end) is not None


class Offers:
    """The numbers that the proposals of an answer have given so far."""

    def __init__(self) -> None:
        self._given: list[WrittenNumber] = []

    def give(self, numbers: Sequence[WrittenNumber]) -> None:
        """Take the numbers of a sentence that proposes something."""
        self._given = [*self._given, *(each for each in numbers if not each.percent)][-_KEPT:]

    def is_price(self, number: WrittenNumber, text: str) -> bool:
        """Return whether a number is the price of a piece of what was proposed: "at 2 EUR apiece"."""
        return bool(
            self._given and number.currency and _APIECE.match(text, number.end) and _COSTS.search(text)
        )

    def cost(self, number: WrittenNumber, text: str) -> bool:
        """Return whether a number is what so many pieces at the price proposed cost."""
        if number.percent or not _COSTS.search(text):
            return False
        prices = [each for each in self._given if each.currency and each.currency == number.currency]
        pieces = [each for each in self._given if not each.currency and each.kind in ("amount", "word")]
        return any(
            number.low <= price.value * piece.value <= number.high for price in prices for piece in pieces
        )
