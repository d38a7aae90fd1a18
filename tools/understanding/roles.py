"""Knows what a column means, from the words of its name and from its values together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.core import Role
from tools.files.surveying import Measured
from tools.understanding.naming import words_of
from tools.understanding.units import unit_of
from tools.understanding.vocabulary import (
    BALANCE,
    BIRTH,
    CALENDAR,
    CURRENCY_CODES,
    CURRENCY_COLUMN,
    CUSTOMER,
    EVENT,
    IDENTIFIER,
    MONEY,
    NOT_MONEY,
    NOT_PAID,
    OF_PAYMENTS,
    OTHER_TIMES,
    OUTCOME,
    PERSON_NAME,
    PERSONAL,
    PLACE,
    PROTECTED,
    QUANTITY,
    SEXES,
    THING,
    WEAK_MONEY,
    YES_NO,
)

LINES = 0.9  # orders by row below which rows are lines of orders; above, some keys are repeated by mistake


@dataclass(frozen=True)
class Meaning:
    """What the columns of a table mean together."""

    roles: Mapping[str, Role]
    grain: Literal["transactions", "customers", "rows"]
    customer: str | None
    time: str | None
    clock: str | None
    amount: str | None
    order: str | None = None


def understand(
    n_rows: int,
    columns: Mapping[str, Measured],
    sample: Mapping[str, Sequence[str]],
    decided: Mapping[str, Role] | None = None,
) -> Meaning:
    """Tell what each column means and what one row is.

    Args:
        n_rows: Rows of the table.
        columns: What was measured, in file order.
        sample: Some texts of each column.
        decided: Roles that a person gave to columns.
    """
    given = dict(decided or {})
    roles = {name: _own_role(n_rows, found, sample.get(name, ())) for name, found in columns.items()}
    roles |= {name: role for name, role in given.items() if name in roles}
    customer = _given(given, "customer_key") or _customer(n_rows, columns, roles, given)
    if customer and customer not in given and _numbers_payments(customer, columns, roles):
        roles[customer], customer = "row_key", None
    if customer:
        roles[customer] = "customer_key"
    for name, found in columns.items():
        if name != customer and roles[name] in ("customer_key", "row_key") and name not in given:
            roles[name] = _other_key(found)
    time = _given(given, "time") or _time(columns, roles)
    grain = _grain(columns, roles, customer, time)
    if grain == "transactions":
        _name_the_unnamed(columns, roles)
        _money_by_its_unit(columns, roles)
    if {"r", "f", "m"} <= {
        name.casefold() for name in columns
    }:  # recency, frequency, monetary value ready made
        roles[next(name for name in columns if name.casefold() == "m")] = "amount"
    amount = _given(given, "amount") or _amount(roles)
    clock = next((name for name, role in roles.items() if role == "clock"), None) if time else None
    if grain != "transactions":
        roles = {
            name: "measure" if role == "amount" and name != amount else role for name, role in roles.items()
        }
    order = _order(n_rows, columns, roles) if grain == "transactions" else None
    return Meaning(roles, grain, customer, time, clock, amount, order)


def _given(decided: Mapping[str, Role], role: Role) -> str | None:
    return next((name for name, each in decided.items() if each == role), None)


def _order(n_rows: int, columns: Mapping[str, Measured], roles: Mapping[str, Role]) -> str | None:
    """Return the column that numbers orders where rows are their lines: a key that comes on several rows."""
    several = [
        found
        for name, found in columns.items()
        if roles[name] == "row_key"
        and names_event(name)
        and found.n_distinct is not None
        and found.n_distinct < LINES * found.n_present
    ]
    return max(several, key=lambda found: found.n_distinct or 0).name if several else None


def _own_role(n_rows: int, found: Measured, cells: Sequence[str]) -> Role:
    """Tell what a column means by itself; keys are only candidates here."""
    words = words_of(found.name)
    named = set(words)
    if found.n_present == 0 or (found.n_distinct == 1 and found.n_present == n_rows):
        return "constant"
    if found.kind in ("date", "datetime"):
        return "birth_date" if named & BIRTH else "time"
    if found.kind == "time":
        return "clock"
    if found.kind == "boolean":
        return "outcome" if _is_outcome(words) else "flag"
    texts = {str(value).strip().casefold() for value, _ in found.counts[:3]}
    told_yes = found.kind == "text" and found.n_distinct == 2 and texts <= YES_NO
    if is_personal(words, cells) and not told_yes:
        return "personal" if found.kind == "text" or named & PERSONAL else "measure"
    if _is_index(n_rows, found, named):
        return "index"
    binary = found.kind == "number" and found.whole and (found.minimum, found.maximum) == (0, 1)
    if binary or told_yes:
        return "outcome" if _is_outcome(words) else "flag"
    return (
        _number_role(n_rows, found, words)
        if found.kind == "number"
        else _text_role(n_rows, found, words, cells)
    )


def names_event(name: str) -> bool:
    """Whether a column is named like the number of a transaction or an order, and not like a customer."""
    named = set(words_of(name))
    return bool(named & EVENT and named & IDENTIFIER) and not named & CUSTOMER


def _is_outcome(words: Sequence[str]) -> bool:
    return bool(set(words) & (OUTCOME - {"segment", "segmentation"})) or (
        len(words) == 1 and words[0] in OUTCOME
    )


def is_personal(words: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a column holds names, e-mail addresses, phone numbers and the like."""
    named = set(words)
    filled = [cell for cell in cells[:500] if cell.strip()]
    if filled and sum(
        bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", cell.strip())) for cell in filled
    ) > 0.8 * len(filled):
        return True
    if named & PERSONAL and not named & {
        "type",
        "campaign",
        "calls",
        "status",
        "service",
        "opt",
        "consent",
        "count",
    }:
        return True
    if named & PERSON_NAME or (
        "name" in named and named & {"first", "last", "full", "middle", "family", *CUSTOMER}
    ):
        return True
    return words in (("name",), ("names",)) and len(set(filled)) > 0.5 * len(filled)


def _is_index(n_rows: int, found: Measured, named: set[str]) -> bool:
    if found.kind != "number" or not found.whole or n_rows < 2 or found.n_present != n_rows:
        return False
    if named - {"index", "seq", "sequence", "row", "column", "unnamed", "rownum", "no", "0", "1", "x"}:
        return False
    return float(found.minimum) in (0.0, 1.0) and found.maximum - found.minimum == n_rows - 1


def _identifying(found: Measured, words: Sequence[str]) -> bool:
    """Whether name and values are those of a key: many whole numbers or short texts."""
    if found.kind == "number" and (not found.whole or words[1:2] == ("of",)):
        return False  # "number of reviews" counts
    return bool(set(words) & (IDENTIFIER | {"rechnung", "kunde"})) or any(
        word.endswith(("id", "no", "nr", "number")) and len(word) > 4 for word in words
    )


def _counts_rows(n_rows: int, found: Measured, named: set[str]) -> bool:
    """Whether whole numbers number the rows one by one without a gap: nothing to add up or to average."""
    if not found.whole or n_rows < 20 or found.n_present != n_rows or found.n_distinct != n_rows:
        return False
    return found.maximum - found.minimum == n_rows - 1 and not named & {"rank", "position", "place"}


def _number_role(n_rows: int, found: Measured, words: Sequence[str]) -> Role:
    named = set(words)
    if _counts_rows(n_rows, found, named) and not named & (CALENDAR | MONEY | BALANCE | QUANTITY | {"age"}):
        return "customer_key" if named & CUSTOMER and not named & EVENT else "row_key"
    if named & BALANCE and not named & (NOT_MONEY - {"balance"}):
        return "balance"
    if _identifying(found, words) or (found.whole and words in (("rechnung",), ("kunde",), ("invoice",))):
        if named & THING:
            return "category"
        if named & {"id", "nr", "key", "uuid", "identifier", *EVENT, *CUSTOMER} or words in (
            ("number",),
            ("no",),
        ):
            if named & EVENT and (found.n_distinct or n_rows) < 0.02 * n_rows:
                return "measure"
            return "customer_key" if not named & EVENT else "row_key"
    if named & QUANTITY and not named & MONEY and not named & {"price", "pct"}:
        return "quantity"
    if (
        "age" in named
        and found.whole
        and found.minimum is not None
        and found.minimum >= 0
        and found.maximum <= 130
    ):
        return "age"
    if not named & NOT_MONEY and (
        named & MONEY or (named & {"value", "total", "sale"} and named <= WEAK_MONEY)
    ):
        return "amount"
    if named & PLACE and found.whole and not named & NOT_MONEY:
        return "place"
    if found.whole and named & CALENDAR and (found.n_distinct or 99) <= 60 and not named & {"days", "per"}:
        return "category"
    if _is_outcome(words) and (found.n_distinct or 99) <= 10:
        return "outcome"
    return "measure"


def _text_role(n_rows: int, found: Measured, words: Sequence[str], cells: Sequence[str]) -> Role:
    named = set(words)
    distinct = found.n_present if found.n_distinct is None else found.n_distinct
    filled = [cell for cell in cells[:2000] if cell.strip()]
    length = sum(map(len, filled)) / max(len(filled), 1)
    often = distinct > 0 and found.n_present / distinct >= 3
    if _is_outcome(words) and distinct <= 20:
        return "outcome"
    if named & PLACE and not named & IDENTIFIER - {"code"} and "status" not in named and distinct > 1:
        return "place"
    candidate = _identifying(found, words) or _looks_like_codes(filled)
    if named & THING and often:
        return "category"
    if candidate and distinct > 2 and length < 60:
        if named & EVENT:
            return "row_key"
        if named & CUSTOMER or named & IDENTIFIER or not often or distinct > 0.01 * n_rows > 50:
            return "customer_key" if not named & THING else "category"
    if named & CUSTOMER and distinct > 20 and not often and length < 60:
        return "customer_key"
    if words and words[-1] in {"kunde", "customer", "client", "user", "guest", "member"} and distinct > 2:
        return "customer_key"
    if length > 60 or (distinct > 200 and not often):
        return "free_text"
    return "category"


def _looks_like_codes(cells: Sequence[str]) -> bool:
    """Whether texts look like keys: short, without spaces, with digits, and of much the same length."""
    if len(cells) < 3:
        return False
    codes = sum(
        bool(re.fullmatch(r"[A-Za-z]{0,4}[-_ ]?\d{3,}[-\w]*|[\da-f]{8}-[\da-f-]{27}", cell)) for cell in cells
    )
    return codes > 0.95 * len(cells)


def _customer(
    n_rows: int, columns: Mapping[str, Measured], roles: Mapping[str, Role], given: Mapping[str, Role]
) -> str | None:
    """Choose the column that names the customer, by name, uniqueness and repetition together."""
    scores: dict[str, float] = {}
    repeating = False
    for name, found in columns.items():
        named = set(words_of(name))
        if roles[name] not in ("customer_key", "row_key") or not found.n_distinct or name in given:
            continue
        unique = found.n_distinct == found.n_present
        repeating |= not unique
        score = 4.0 * bool(named & CUSTOMER) + 2.0 * bool(named & IDENTIFIER or name.endswith("#"))
        score -= 6.0 * bool(named & EVENT) + 4.0 * bool(named & THING)
        score += 1.0 * (not unique and found.n_distinct > 0.001 * n_rows) - 3.0 * (
            found.n_present < 0.9 * n_rows
        )
        if found.n_distinct < min(20, n_rows / 2):
            score -= 3.0
        scores[name] = score
    if not scores:
        return None
    best = max(scores, key=lambda name: (scores[name], -list(columns).index(name)))
    return best if scores[best] >= 1.0 else None


def _numbers_payments(key: str, columns: Mapping[str, Measured], roles: Mapping[str, Role]) -> bool:
    """Whether an id that comes once numbers payments: money, a time, and fees or a currency stand there."""
    named = set(words_of(key))
    if named - IDENTIFIER or columns[key].n_distinct != columns[key].n_present:
        return False
    others = {word for name in columns for word in words_of(name) if name != key}
    return {"time", "amount"} <= set(roles.values()) and bool(others & (CURRENCY_COLUMN | OF_PAYMENTS))


def _other_key(found: Measured) -> Role:
    named = set(words_of(found.name))
    distinct = found.n_present if found.n_distinct is None else found.n_distinct
    if named & EVENT or distinct >= 0.9 * found.n_present:
        return "row_key"
    repeats = distinct and found.n_present >= 2 * distinct
    return "category" if repeats or found.kind == "number" else "free_text"


def _time(columns: Mapping[str, Measured], roles: Mapping[str, Role]) -> str | None:
    times = [name for name, role in roles.items() if role == "time"]
    if not times:
        return None

    def rank(name: str) -> tuple[int, int, int]:
        named = set(words_of(name))
        return (
            bool(named & OTHER_TIMES),
            not named & (EVENT | {"date", "datum", "timestamp"}),
            times.index(name),
        )

    return min(times, key=rank)


def _grain(
    columns: Mapping[str, Measured], roles: Mapping[str, Role], customer: str | None, time: str | None
) -> Literal["transactions", "customers", "rows"]:
    if customer is None:
        return "rows"
    distinct = columns[customer].n_distinct or 0
    events = [name for name, role in roles.items() if role == "row_key" and set(words_of(name)) & EVENT]
    if distinct < columns[customer].n_present:
        bought = any(role in ("amount", "quantity", "row_key") for role in roles.values())
        often = distinct < 0.5 * columns[customer].n_present
        return "transactions" if time or bought or often else "customers"
    paid = "amount" in roles.values() and bool(set(words_of(time or "")) & EVENT)
    return "transactions" if time and (events or paid) else "customers"


def _name_the_unnamed(columns: Mapping[str, Measured], roles: dict[str, Role]) -> None:
    """In a file without header take the one column of fractions for money and small counts for a quantity."""
    measures = [
        name for name, role in roles.items() if role == "measure" and re.fullmatch(r"column_\d+", name)
    ]
    fractions = [name for name in measures if not columns[name].whole and columns[name].minimum >= 0]
    counts = [name for name in measures if columns[name].whole and columns[name].minimum == 1]
    if len(fractions) == 1 and "amount" not in roles.values():
        roles[fractions[0]] = "amount"
    if len(counts) == 1 and "quantity" not in roles.values():
        roles[counts[0]] = "quantity"


def _money_by_its_unit(columns: Mapping[str, Measured], roles: dict[str, Role]) -> None:
    """Take the one column in a currency for the money of a row where no name says so: `fare_eur`."""
    if "amount" in roles.values():
        return
    paid = [
        name
        for name, role in roles.items()
        if role == "measure"
        and unit_of(name, role) in CURRENCY_CODES
        and not set(words_of(name)) & (NOT_MONEY - {"fee", "tax"} | NOT_PAID)
    ]
    if len(paid) == 1:
        roles[paid[0]] = "amount"


def _amount(roles: Mapping[str, Role]) -> str | None:
    """Choose the money of a row: the amounts, by how plainly their names say so."""
    found = [name for name, role in roles.items() if role == "amount"]
    if not found:
        return None

    def rank(name: str) -> tuple[int, int, int]:
        words = words_of(name)
        plain = ("amount", "revenue", "sales", "spend", "purchases", "umsatz", "total", "net", "value")
        best = min((plain.index(word) for word in words if word in plain), default=len(plain))
        return (best if len(words) > 1 else min(best, 1), len(words), found.index(name))

    return min(found, key=rank)


def is_protected(found: Measured, role: Role) -> bool:
    """Whether a column tells sex, age, family, origin or place: out of distances unless asked for."""
    if role in ("birth_date", "age", "place"):
        return True
    named = set(words_of(found.name))
    if named & PROTECTED and role not in ("measure", "amount", "balance", "customer_key", "row_key"):
        return True
    texts = {str(value).strip().casefold() for value, _ in found.counts[:5]}
    return (
        role in ("category", "flag")
        and found.kind == "text"
        and len(texts) > 1
        and texts <= SEXES
        and bool(texts & {"male", "female", "m", "woman", "man"})
    )
