"""Reads what a definition says of a customer: its conditions, all others, the same date in another year."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.ages_of_customers import take_ages_of_customers
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.definition_names import (
    NAME_WORDS,
    NUMERALS,
    QUOTE,
    any_of,
    bare_name,
    is_no_name,
    may_name,
    words,
)
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_ever import at_any_time, had_any
from assistant.builtin.parsing.segment_options import read_options
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.times import take_times
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.sentence import Item
from tools.selecting import Condition

_COUNTS = {"once": "= 1", "twice": "= 2", "one": "= 1", "only once": "= 1", "just once": "= 1"}
_RANGED = re.compile(rf"\d|\b(?:{'|'.join(NUMERALS)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Definition:
    """One segment, or all others where there are no conditions."""

    name: str
    where: tuple[Condition, ...] = ()
    notes: tuple[str, ...] = ()
    named: bool = True
    sure: bool = True


def read_rest(text: str, catalog: Catalog) -> Definition | None:
    """Read "everyone else is Fine", "the ones between are Warm", "others Standard", "in between Medium"."""
    found = re.fullmatch(
        rf"(?:and\s+)?(?:{any_of('rest')}|(?:all )?(?:the )?other \w+s)"
        rf"(?:\s+(?:customers|people|clients|members|users|(?-i:[a-z]+s))\b)?\s*"
        rf"(?:(?:{any_of('sign')})\s*)*(?P<name>.{{0,40}})", text.strip(" ,"), re.IGNORECASE,
    )  # fmt: skip
    if found is None:
        found = re.fullmatch(
            rf"(?P<name>[^,;]{{2,30}}?)\s*(?:(?:{any_of('sign')})\s*)*(?:{any_of('rest')})",
            text.strip(" ,"), re.IGNORECASE,
        )  # fmt: skip
    if found is None:
        return _denied(text, catalog)
    name = bare_name(found["name"])
    name = name[:1].upper() + name[1:]
    if name and (not may_name(name, sure=True) or is_no_name(name, catalog, sure=True)):
        return None
    said = text.strip(" ,")
    called = said[:1].upper() + said[1:] if said[:1].isupper() and len(said.split()) == 1 else "Everyone else"
    return Definition(name or called, sure=bool(name))


def _denied(text: str, catalog: Catalog) -> Definition | None:
    """Read "those who never did", "who did not": all of whom the definition before does not hold."""
    found = re.fullmatch(
        rf"(?:and\s+|the\s+|\w+s\s+|(?:{any_of('people')})\s+)*(?:(?:who|that|which)\s+)?(?:have\s+|has\s+|were\s+)?"
        rf"(?:{any_of('denied')})(?:\s+(?:did|do|does|have|has|were|was|are|yet|so|one|any|had|been))*",
        text.strip(" ,"), re.IGNORECASE,
    )  # fmt: skip
    return Definition("Everyone else", sure=False) if found else None


def stated(text: str, catalog: Catalog, column: str | None) -> Definition | None:
    """Return the conditions that a text states in full; a bare range is one of the column spoken of."""
    if not text.strip(f" {QUOTE}") or len(text.split()) > 30:
        return None
    key = ("definition", text, column)
    return catalog.remember(key, lambda: _read_conditions(text, catalog, column))


def _read_conditions(text: str, catalog: Catalog, column: str | None) -> Definition | None:
    options = read_options(text, catalog)
    dated = options.found.keys() == {"reference_date"} and _is_last_day(
        options.found["reference_date"], catalog
    )
    text = options.text if dated else text
    people = re.sub(rf"^(?:{any_of('people')})(?!\w)", "customers", text.strip(), flags=re.IGNORECASE)
    found = _conditions(people, catalog)
    if found is None and column is not None and _RANGED.search(text):
        bare = re.sub(
            rf"^(?:(?:{any_of('people')})(?!\w)\s*)+(?:with |of )?", "", text.strip(), flags=re.IGNORECASE
        )
        plain = _COUNTS.get(text.strip().lower(), bare or text)
        spoken = column if column in catalog.columns else column.replace("_", " ")
        for name in (spoken, "number of transactions") if column == "n_transactions" else (spoken,):
            found = found or _conditions(f"{name} {plain}", catalog, only=column)
    if found is None and column is None:
        found = _unsaid(text, catalog)
    return found


_LASTS = re.compile(
    r"(?:for |with us |with us for )*(?:(?:under|over|up to|at least|at most|more than|less than|within|"
    r"between|from|above|below|beyond|no more than)\s+)?(?:an?|\d+(?:\.\d+)?|one|two|three|four|five)"
    r"(?:\s*(?:-|–|to|and)\s*\d+)?\s*(?:years?|months?)(?: or (?:more|less|longer))?(?: with us)?",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:over|above|more than|at least|under|below|less than|up to|from)\s+[\d.,]+\s*(?:k|m|lakhs?|crores?)?"
    r"(?: (?:in total|in all|altogether|overall))?", re.IGNORECASE,
)  # fmt: skip
_LEAST_MONEY = 100  # smaller bare numbers may count anything


def _unsaid(text: str, catalog: Catalog) -> Definition | None:
    """Read a bare length of time as how long somebody is with us, a bare large number as all they spent."""
    bare = text.strip(" ,")
    parts = Parts(annotate("", catalog), catalog)
    if _LASTS.fullmatch(bare) and parts.lasting:
        found = _conditions(f"{parts.lasting} {bare}", catalog, only=parts.lasting)
        return found and replace(found, notes=(*found.notes, f'I read "{bare}" as **{parts.lasting}**.'))
    digits = re.findall(r"\d[\d,.]*", bare)
    amount = parts.feature("total_amount")
    if (
        not (_MONEY.fullmatch(bare) and amount and digits)
        or float(digits[0].replace(",", "").rstrip(".")) < _LEAST_MONEY
    ):
        return None
    found = _conditions(f"total amount {bare}", catalog, only=amount)
    return found and replace(
        found, notes=(*found.notes, f'I read "{bare}" as **{amount}**, all that they spent.')
    )


def another_year(text: str, column: str | None, catalog: Catalog) -> Definition | None:
    """Read "the 2024 crowd" and "the old guard from 2023" after "joined in 2025"."""
    known = catalog.columns.get(column or "")
    year = re.search(r"\b(?:(?:in|from|of|for) )?(?P<year>(?:19|20)\d\d)\b", text)
    if known is None or known.kind not in ("date", "datetime") or year is None:
        return None
    found = _conditions(f"{column} in {year['year']}", catalog, only=column)
    name = bare_name(" ".join((text[: year.start()] + text[year.end() :]).split()))
    if found is None or len(name.split()) > NAME_WORDS + 1 or stated(name, catalog, None):
        return None
    return replace(found, name=name[:1].upper() + name[1:] or year["year"])


def _is_last_day(day: str, catalog: Catalog) -> bool:
    return catalog.span is not None and str(catalog.span.last)[:10] == day


def _conditions(text: str, catalog: Catalog, only: str | None = None) -> Definition | None:
    parts = Parts(annotate(text, catalog, customer_level=True), catalog)
    parts.customers_table = True
    take_ages_of_customers(parts)
    take_times(parts)
    take_conditions(parts)
    take_flags(parts)
    had_any(parts)
    left = parts.sentence.unexplained()
    ranged = any(isinstance(one.value, int | float) or one.is_ == "between" for one in parts.where)
    if any(_says_something(item, parts) or (item.has("statistic") and not ranged) for item in left):
        return None
    where = at_any_time(parts, list(parts.where))
    if where is None:
        return None
    where = for_customers(parts, where, dates=True) if catalog.has_features else where
    known = all(_is_known(one, catalog) for one in where)
    if (
        not where
        or not known
        or parts.groups
        or parts.having
        or (only and [c.column for c in where] != [only])
    ):
        return None
    return Definition("", tuple(where), tuple(parts.notes))


def _is_known(one: Condition, catalog: Catalog) -> bool:
    """Tell whether a condition can be said of a customer."""
    return one.column in catalog.columns or catalog.feature(one.column) is not None


def _says_something(item: Item, parts: Parts) -> bool:
    """Tell whether an item that no condition has used says something that would be lost."""
    if item.has("entity") or item.has("purpose") or item.text.lower() in words("idle"):
        return False
    if item.number or item.values or item.has("comparator") or not item.senses:
        return len(item.text) > 2 or bool(item.number)
    return bool(item.links) and item.links[0].score > 0.8
