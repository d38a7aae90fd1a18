"""Says what a number of a sentence measures, people, money or purchases, and finds shares of another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.facts import SourcedFact, subjects
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

_WORDS = {
    "people": r"customers?|clients?|people|persons?|guests?|members?|subscribers?|users?|buyers?|shoppers?|"
    r"patients?|households?|donors?|base|accounts?|travell?ers?|passengers?|visitors?",
    "money": r"revenue|sales|turnover|amount|value|money|spend(?:s|ing)?|spent|income|rupees?|dollars?|"
    r"euros?|takings|business|bring(?:s|ing)?|brought|takes? in|earns?|contribut\w+|worth|pays?|paid|costs?",
    "purchases": r"transactions?|purchases?|orders?|bookings?|visits?|payments?|invoices?|rows?|trips?",
}
_SPOKEN = {name: re.compile(rf"(?<![“\"\w])(?:{words})\b", re.IGNORECASE) for name, words in _WORDS.items()}
_OBJECT = re.compile(
    r"\s*(?:of|from)\s+(?:the\s+|all\s+|your\s+|our\s+|its\s+|their\s+|total\s+|overall\s+)*(?P<word>\w+)",
    re.I,
)
_PEOPLE = re.compile(r"size$|(?:^|_)customers?(?:_|$)|^n_people")
_MONEY = re.compile(r"^(?:sum|total)_|(?:^|_)(?:value|amount|revenue|price|sales|spend)(?:_|$)")
_PURCHASES = re.compile(r"(?:^|_)(?:transactions?|purchases?|orders?|bookings?)(?:_|$)")
_MONEY_UNIT = re.compile(r"[A-Z]{3}")


def measure_of(fact: Fact) -> str:
    """Return what a fact measures: "people", "money", "purchases", or "" where its name does not tell."""
    if fact.unit and _MONEY_UNIT.fullmatch(fact.unit):
        return "money"
    if fact.name.startswith(("median_", "mean_", "average_")):
        return "purchases" if _PURCHASES.search(fact.name) and "amount" not in fact.name else ""
    for name, pattern in (("people", _PEOPLE), ("purchases", _PURCHASES), ("money", _MONEY)):
        if pattern.search(fact.name) or (fact.unit and name == "people" and fact.unit == "customers"):
            return name
    return ""


def is_stated(text: str, number: WrittenNumber) -> bool:
    """Return whether a sentence says of what a number is a part: "82% of the revenue"."""
    found = _OBJECT.match(text, number.end)
    return bool(found and _measures(found["word"]))


class Measures:
    """What the facts of an answer measure.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._known = {(subjects(each.fact.scope), each.fact.unit, measure_of(each.fact)) for each in facts}

    def told_of(self, text: str, number: WrittenNumber) -> str:
        """Return what a number is told to measure, or "" where the sentence leaves it open.

        Args:
            text: The sentence, without names of segments: words within them measure nothing.
            number: A share, a multiple or a sum.
        """
        stated = _OBJECT.match(text, number.end)
        if stated and (found := _measures(stated["word"])):
            return next(iter(found))
        before = re.split(r"[,;:.(]|\b(?:and|while|but|yet)\b", text[: number.start])[-1]
        behind = re.split(r"[,;:.()\d]|\b(?:while|but|yet)\b", text[number.end :])[0]
        if before.rstrip().endswith("(") or "(" in text[: number.start].rpartition(")")[2]:
            before = text[: number.start].rpartition("(")[2]
        found = _measures(behind) or _measures(before)
        if number.kind != "multiple" and len(found) > 1:
            found = _measures(before)
        return next(iter(found)) if len(found) == 1 else ""

    def contradicts(self, fact: Fact, told: str, stated: bool) -> bool:
        """Return whether a share is of people where the same group's share of money is known and was told.

        Args:
            fact: What a number may stand for.
            told: What the sentence says that it measures.
            stated: Whether it says so in "82% of the revenue", which is then no other percentage.
        """
        own = measure_of(fact)
        if not told or own == told or fact.unit != "%":
            return False
        if not own and stated and told == "money" and "share" not in fact.name:
            return any(unit == "%" and known == told for _, unit, known in self._known)
        return bool(own) and (subjects(fact.scope), fact.unit, told) in self._known


def _measures(text: str) -> frozenset[str]:
    return frozenset(name for name, words in _SPOKEN.items() if words.search(text))
