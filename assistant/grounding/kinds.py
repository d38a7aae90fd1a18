"""Knows what kind of thing a fact is, money, a count or a score, and what a number's noun asks for."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

PEOPLE = frozenset(
    [
        "customer",
        "client",
        "people",
        "person",
        "guest",
        "member",
        "subscriber",
        "user",
        "buyer",
        "shopper",
        "patient",
        "household",
        "donor",
        "account",
        "traveller",
        "traveler",
        "passenger",
        "visitor",
        "student",
        "tenant",
        "policyholder",
        "holder",
        "owner",
        "individual",
        "consumer",
        "cardholder",
        "borrower",
        "reader",
        "player",
        "employee",
        "leaver",
        "stayer",
        "churner",
        "respondent",
        "recipient",
        "man",
        "woman",
        "adult",
        "learner",
        "viewer",
        "renter",
        "resident",
        "head",
        "contact",
        "prospect",
        "flyer",
        "flier",
        "merchant",
        "participant",
        "applicant",
        "motorist",
        "commuter",
        "pupil",
        "caller",
        "voter",
        "homeowner",
        "debtor",
        "creditor",
        "investor",
        "depositor",
        "diner",
        "listener",
        "follower",
        "defaulter",
        "spender",
        "payer",
        "claimant",
        "lead",
    ]
)
ROWS = frozenset(
    [
        "transaction",
        "purchase",
        "order",
        "booking",
        "visit",
        "payment",
        "invoice",
        "row",
        "trip",
        "basket",
        "claim",
        "gift",
        "donation",
        "sale",
        "ticket",
        "record",
        "entry",
        "rental",
        "stay",
        "appointment",
        "session",
        "delivery",
        "shipment",
        "reservation",
        "subscription",
        "contract",
        "case",
        "swipe",
        "call",
        "loan",
        "policy",
    ]
)
_THINGS = frozenset(["item", "product", "visit", "call", "night", "piece", "article"])
_MONEY_CODE = re.compile(r"(?:^|[\s,(])[A-Z]{3}(?:$|[,)])")
_IS_COUNT = re.compile(
    r"^n_|^size$|count$|^customers?$|customers_found|held_back|hold_back|treat$|(?:^|_)(?:rows|values|pairs)$"
)
_IS_SCORE = re.compile(
    r"(?:^|_)r(?:_|$)|pearson|spearman|kendall|silhouette|jaccard|p_value|hedges|cramers|skew|kurtosis|gap_over|"
    r"standard_error|standardised|^95__|gini|(?:^|_)level$|^power$"
)
_IS_STATISTIC = re.compile(
    r"mean|median|average|percentile|std|(?:^|_)(?:min|max|sum|total)(?:_|$)|in_the_segment|everybody_else|typical"
)
# Units of one dimension, of which a number can only be in one.
_DIMENSIONS = (
    frozenset(["kb", "mb", "gb", "tb", "kilobyte", "megabyte", "gigabyte", "terabyte"]),
    frozenset(["mg", "g", "kg", "gram", "kilogram", "tonne", "ton", "pound", "ounce", "lb"]),
    frozenset(["mm", "cm", "km", "metre", "meter", "kilometre", "kilometer", "mile"]),
    frozenset(["ml", "cl", "litre", "liter", "gallon"]),
    frozenset(["wh", "kwh", "mwh", "gwh"]),
)
MEASURING_UNITS = frozenset(word for words in _DIMENSIONS for word in words) | {
    "metre",
    "meter",
    "foot",
    "yard",
}
_SHORT = {
    "kilobyte": "kb", "megabyte": "mb", "gigabyte": "gb", "terabyte": "tb", "gram": "g", "kilogram": "kg",
    "kilometre": "km", "kilometer": "km", "tonne": "t", "ton": "t",
}  # fmt: skip
_TOKEN = re.compile(r"[a-z]+")


@lru_cache(maxsize=1 << 14)
def kind_of(fact: Fact) -> str:
    """Return "percent", "money", "count", "score" or "" where neither name nor unit tell."""
    unit = fact.unit or ""
    if unit == "%":
        return "percent"
    if _MONEY_CODE.fullmatch(unit) or (not unit and _MONEY_CODE.search(fact.scope.partition(": ")[2])):
        return "money"
    if _IS_SCORE.search(fact.name):
        return "score"
    if _IS_COUNT.search(fact.name) or unit in ("customers", "transactions", "rows", "segments"):
        return "count"
    return ""


def noun_contradicts(number: WrittenNumber, fact: Fact) -> bool:
    """Return whether the word behind a number counts another kind of thing than the fact is.

    "314 members" are no 314 days, "35.50 items" no 35.50 EUR, "8.4 MB" no 8.4 GB.
    """
    noun = _singular(number.noun)
    if not noun or number.percent or number.kind in ("part", "multiple", "difference"):
        return False
    kind = kind_of(fact)
    if noun in PEOPLE or noun in ROWS or noun in _THINGS:
        if number.currency:
            return False
        if kind in ("money", "percent", "score"):
            return True
        if kind == "" and noun in PEOPLE:
            return _counts_none(fact, noun)
        return False
    return _is_other_unit(noun, fact)


def _counts_none(fact: Fact, noun: str) -> bool:
    """Return whether a fact of no clear kind cannot be a number of people."""
    if not isinstance(fact.value, int | float) or float(fact.value) != int(fact.value):
        return True
    if {noun, "customer"} & {_singular(word) for word in fact.name.split("_")}:
        return False
    return bool(fact.unit) or bool(_IS_STATISTIC.search(fact.name)) or ": " in fact.scope


def _is_other_unit(noun: str, fact: Fact) -> bool:
    for units in _DIMENSIONS:
        if noun in units:
            own = {_SHORT.get(each, each) for each in _tokens(fact) & units}
            return bool(own) and _SHORT.get(noun, noun) not in own
    return False


def _tokens(fact: Fact) -> set[str]:
    column = fact.scope.partition(" = ")[0]
    text = f"{fact.name} {fact.unit or ''} {column}".replace("_", " ").lower()
    return {_singular(word) for word in _TOKEN.findall(text)}


def _singular(word: str) -> str:
    text = word.lower()
    if text in ("men", "women"):
        return text.replace("men", "man")
    if text.endswith("ies"):
        return text[:-3] + "y"
    return text.removesuffix("s") if len(text) > 2 else text
