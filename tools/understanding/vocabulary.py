"""Knows which words of column names and of cells mean what; the words themselves are in `vocabulary.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LISTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text("utf-8"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


CUSTOMER = _words("customer")
IDENTIFIER = _words("identifier")
EVENT = _words("event")
THING = _words("thing")
MONEY = _words("money")
WEAK_MONEY = _words("weak_money")
NOT_MONEY = _words("not_money")
NOT_PAID = _words("not_paid")
BALANCE = _words("balance")
QUANTITY = _words("quantity")
BIRTH = _words("birth")
PLACE = _words("place")
PROTECTED = _words("protected")
PERSON_NAME = _words("person_name")
PERSONAL = _words("personal")
OUTCOME = _words("outcome")
OTHER_TIMES = _words("other_times")
CALENDAR = _words("calendar")
YES_NO = _words("yes_no")
SEXES = _words("sexes")
CODED = _words("coded")
SIGN = _words("sign")
MONEY_OUT = _words("money_out")
MONEY_IN = _words("money_in")
OF_PAYMENTS = _words("of_payments")
CURRENCY_COLUMN = _words("currency_column")
CHANNEL = _words("channel")
OF_THE_EVENT = _words("of_the_event")
PLACEHOLDERS = _words("placeholders")
CODES_FOR_NOTHING = _words("codes_for_nothing")
DOUBTFUL = frozenset(text.replace("_", " ") for text in _words("doubtful"))
TRUE = _words("true")
FALSE = _words("false")
TOTALS = _words("totals")
MONTHS = _words("months")
FOREIGN_MONTHS = {
    word: english.capitalize()
    for english, listed in _LISTS["foreign_months"].items()
    for word in listed.split()
}
CURRENCY_CODES = _words("currency_codes")
CURRENCY_SIGNS: Mapping[str, str] = _LISTS["currency_signs"]
CURRENCY_WORDS: Mapping[str, str] = _LISTS["currency_words"]
CURRENCY_MARKS: Mapping[str, str] = _LISTS["currency_marks"]
POWERS: Mapping[str, int] = _LISTS["powers"]
BEHIND: Mapping[str, str] = _LISTS["behind"]
WEEKDAYS: tuple[frozenset[str], ...] = tuple(frozenset(each.split()) for each in _LISTS["weekdays"].values())
UNITS: Mapping[str, str] = _LISTS["units"]
