"""Knows how numbers, shares, dates and lists are written for a person."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date

from tools.core import Column, Scalar
from tools.decimals import with_dots


def number(value: float, unit: str | None = None, digits: int | None = None) -> str:
    """Write a number with thousands separators and no more digits than it deserves.

    Args:
        value: The number.
        unit: Written behind it; "%" without a space.
        digits: Decimals; by default none for whole numbers, two below a million, none above.
    """
    if value is None or math.isnan(value):
        return "not defined"
    if digits is None:
        digits = _digits(value)
    text = f"{value:,.{digits}f}"
    if unit is None:
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def number_of(column: Column, value: float) -> str:
    """Write a number of a column with its unit; a calendar year is written as such, 2007 and not 2,007."""
    named = re.search(r"(?<![a-z])(year|yr|yob)(?![a-z])", plain_name(column.name))
    if named and 1500 <= value <= 2200 and column.unit is None and float(value).is_integer():
        return f"{value:.0f}"
    said = column.unit is not None and plain_name(column.name).endswith(column.unit)
    return number(value, None if said else column.unit)


def _digits(value: float) -> int:
    if float(value).is_integer() or abs(value) >= 1_000_000:
        return 0
    if abs(value) >= 0.1:
        return 2
    return min(8, 2 - math.floor(math.log10(abs(value))) - 1)


def share(part: float, digits: int = 1) -> str:
    """Write a part of one as percent: 0.2662 becomes 26.6%."""
    return f"{100 * part:.{digits}f}%"


def count(value: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun: 1 customer, 2,041 customers."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """Join words as a person does: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def day(when: date | str) -> str:
    """Write a date so that no reader can swap day and month: 1 Aug 2016."""
    moment = date.fromisoformat(when[:10]) if isinstance(when, str) else when
    return f"{moment.day} {moment:%b %Y}"


def scalar(value: Scalar, unit: str | None = None) -> str:
    """Write any fact value."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value, unit) if isinstance(value, int | float) else str(value)


_LONG = {
    "cust": "customer",
    "amt": "amount",
    "qty": "quantity",
    "dob": "date of birth",
    "num": "number",
    "nbr": "number",
    "cnt": "count",
    "txn": "transaction",
    "txns": "transactions",
    "trx": "transactions",
    "trans": "transactions",
    "acct": "account",
    "avg": "average",
    "freq": "frequency",
    "yr": "year",
    "yrs": "years",
    "mths": "months",
    "hrs": "hours",
    "pct": "percent",
    "prc": "percent",
    "perc": "percent",
    "bal": "balance",
    "pmt": "payment",
    "purch": "purchase",
    "oneoff": "one-off",
    "percap": "per capita",
    "id": "ID",
}
_INITIALS = (
    "cd", "dvd", "tv", "sms", "vip", "atm", "sku", "url", "vat", "gst", "upi", "rfm", "crm", "cc", "gdp",
    "adr", "nps", "clv", "ltv", "aov", "arpu", "csat", "roi", "kpi",
)  # fmt: skip
_CURRENCIES = (
    "inr",
    "usd",
    "eur",
    "gbp",
    "chf",
    "jpy",
    "cny",
    "aud",
    "cad",
    "sek",
    "nok",
    "dkk",
    "pln",
    "brl",
)
_SPANS = {"d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years"}
_SEXES = {"m": "men", "male": "men", "f": "women", "female": "women"}


# What is made of the order of a customer's rows, as `tools.sequences` names it.
_IN_SEQUENCE = {
    "days since previous ": "time since the same customer's last one",
    "days since first ": "time since the same customer's first one",
}


def plain_name(column: str) -> str:
    """Write a column name as words: `CustAccountBalance` becomes customer account balance."""
    for lead, said in _IN_SEQUENCE.items():
        if column.startswith(lead):
            return said
    if column.startswith("age by "):
        return "age"
    if len(column) <= 2 and column.isupper():
        return column  # R, F and M
    if computed := formula_words(column, plain_name):
        return computed
    bare = re.sub(r"\s*[(\[][^)\]]*[)\]]", "", column) or column
    spaced = re.sub(r"(?<=[a-z])(?=\d+(?:[DWMQY]|mo)(?![a-z]))", " ", bare)  # Nights12M: nights 12 months
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", spaced)
    words = [word for word in re.split(r"[\s_.\-]+", spaced.strip("#? ")) if word]
    if len(words) > 1 and words[-1].lower() in _CURRENCIES:
        words.pop()  # values are told with it
    if len(words) > 1 and words[0] == "n":
        words[0] = "number of"
    text = " ".join(_word(word.lower()) for word in words) or column
    return re.sub(r"\btransactions (amount|value|count|frequency|type|date|time)\b", r"transaction \1", text)


def _word(word: str) -> str:
    """Write one word of a column name: abbreviations in full, initials in capitals."""
    if word in _LONG:
        return _LONG[word]
    if span := re.fullmatch(r"(\d+)(d|w|m|q|y|mo|mth|mths|months?|mos|yrs?|days?)", word):
        return f"{span[1]} {_SPANS[span[2][:1]]}"
    stem = word.rstrip("0123456789")
    tail = word[len(stem) :]
    if stem in _INITIALS:
        return stem.upper() + tail
    return f"{stem[:-1].upper()}s{tail}" if stem[:-1] in _INITIALS and stem.endswith("s") else word


def formula_words(name: str, one: Callable[[str], str]) -> str | None:
    """Write a formula over columns as people do, each column as `one` writes it; None if there is no sign."""
    if name.startswith("first "):
        return f"first {one(name.removeprefix('first '))}"
    pieces = re.split(r" ([-+*/]) ", with_dots(name))
    if len(pieces) < 3:
        return None
    signs = {"*": "×", "/": "÷", "-": "−", "+": "+"}
    return " ".join(
        signs[piece] if at % 2 else piece if re.fullmatch(r"[\d.]+%?", piece) else one(piece)
        for at, piece in enumerate(pieces)
    )


def label(column: Column | str) -> str:
    """Write a column for prose so that its own name stays recognisable: balance (`BAL`)."""
    name = column if isinstance(column, str) else column.name
    words = plain_name(name)
    if words in _IN_SEQUENCE.values() or name.startswith("age by ") or formula_words(name, plain_name):
        return words
    bare = re.sub(r"\s*[(\[][^)\]]*[)\]]", "", name) or name
    raw = re.sub(r"[\s_]", "", bare.lower())
    written = words.replace(" ", "").lower()
    written = re.sub(r"^numberof", "n", written) if name.startswith("n_") else written
    same = raw == written or (raw.startswith(written) and raw.removeprefix(written) in _CURRENCIES)
    return words if same else f"{words} (`{name}`)"


def value_word(column: Column, value: str) -> str:
    """Write a value of a category; M and F of a sex column become men (M) and women (F)."""
    word = _SEXES.get(value.strip().lower())
    if word and re.search(r"gender|sex", column.name, re.IGNORECASE):
        return f"{word} ({value})"
    return value


def plural(noun: str) -> str:
    """Write the plural of a noun phrase: city becomes cities, and cds stays cds."""
    head, of, whole = noun.partition(" of ")
    if of:
        return f"{plural(head)}{of}{whole}"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if re.search(r"[^aeious]s$", noun):
        return noun  # child bks, cds, trans: a plural already
    return noun + ("es" if re.search(r"(s|x|ch|sh)$", noun) else "s")


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop; a bold name or value in front stays as it is written."""
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.?!' else '.'}"
