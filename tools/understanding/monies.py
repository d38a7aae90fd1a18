"""Knows what changes the meaning of a sum of money: a currency by row, a mark for debit, two sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import narwhals as nw

from tools import wording
from tools.core import Column, Fact, Finding
from tools.understanding.naming import words_of
from tools.understanding.oddities import Subject
from tools.understanding.vocabulary import (
    CURRENCY_CODES,
    CURRENCY_COLUMN,
    MONEY,
    MONEY_IN,
    MONEY_OUT,
    WEAK_MONEY,
)

SIDES = (  # the words for money out and money in, by which amounts without a sign are told apart
    ("d", "c"), ("dr", "cr"), ("debit", "credit"), ("dbit", "crdt"), ("s", "h"), ("soll", "haben"),
    ("debe", "haber"), ("débit", "crédit"), ("out", "in"), ("withdrawal", "deposit"), ("af", "bij"),
)  # fmt: skip
CALLED_MONEY = MONEY | WEAK_MONEY | {"fee", "fees", "cost", "costs"}
SHOWN = 4  # currencies that are named


def is_currency(column: Column) -> bool:
    """Whether a column names the currency of each row."""
    words = words_of(column.name)
    named = set(words) & CURRENCY_COLUMN or any(word.endswith(tuple(CURRENCY_COLUMN)) for word in words)
    values = [text.strip().upper() for text, _ in column.values]
    return bool(named) and bool(values) and set(values) <= CURRENCY_CODES


def money_of(columns: Sequence[Column]) -> list[Column]:
    """Return the columns of money, also those that are only called gross, net or total."""
    known = [column for column in columns if column.role in ("amount", "balance") and column.kind == "number"]
    weak = [
        column
        for column in columns
        if column.role == "measure" and set(words_of(column.name)) <= CALLED_MONEY
    ]
    return known + weak


def currencies(subject: Subject) -> Iterator[Finding]:
    """Money of several currencies in one column, which sums would add up."""
    for column in subject.table.columns:
        if not is_currency(column) or len(column.values) < 2:
            continue
        money = [each for each in money_of(subject.table.columns) if each.unit is None]
        if not money:
            continue
        rows = {text.strip().upper(): n for text, n in column.values}
        named = wording.listing([f"{code} ({n:,})" for code, n in list(rows.items())[:SHOWN]])
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        sums = wording.listing([each.name for each in money[:SHOWN]])
        sentence = (
            f"{column.name} says that the money is in {len(rows)} currencies: {named}{more} rows. A sum or "
            f"average of {sums} adds up different currencies, so ask for one of them or by {column.name}."
        )
        facts = (
            Fact("currencies", len(rows), "currencies", column.name),
            *(Fact("rows_of_currency", n, "rows", code) for code, n in list(rows.items())[:SHOWN]),
        )
        yield Finding("several_currencies", "serious", column.name, subject.table.n_rows, sentence, facts)


def sides(subject: Subject) -> Iterator[Finding]:
    """Amounts without a sign beside a column that says which of them went out."""
    table = subject.table
    money = [column for column in money_of(table.columns) if column.role != "balance"]
    for column in table.columns:
        rows = {text.strip().casefold(): n for text, n in column.values}
        pair = next((pair for pair in SIDES if set(rows) == set(pair)), None)
        unsigned = [each for each in money if isinstance(each.minimum, int | float) and each.minimum >= 0]
        if pair is None or not unsigned or column.kind != "text":
            continue
        out = rows[pair[0]]
        verb = "is" if len(unsigned) == 1 else "are"
        sentence = (
            f"{wording.listing([each.name for each in unsigned[:SHOWN]])} {verb} written without a sign, and "
            f"{column.name} says in {wording.count(out, 'row')} that money went the other way: a sum adds "
            f"up both sides, so ask for one of them or by {column.name}."
        )
        facts = (Fact("rows_of_the_other_side", out, "rows", column.name),)
        yield Finding("unsigned_amounts", "warning", column.name, out, sentence, facts)


def two_sides(subject: Subject) -> Iterator[Finding]:
    """Money out in one column and money in in another one, where each row has one of them."""
    table = subject.table
    numbers = [column for column in table.columns if column.kind == "number"]
    out = [column for column in numbers if set(words_of(column.name)) & MONEY_OUT]
    into = [column for column in numbers if set(words_of(column.name)) & MONEY_IN]
    if len(out) != 1 or len(into) != 1 or out == into:
        return
    there = [(nw.col(each.name).fill_null(0) != 0).cast(nw.Int64) for each in (out[0], into[0])]
    query = subject.frame().select(
        there[0].sum().alias("out"), there[1].sum().alias("in"), (there[0] * there[1]).sum().alias("both")
    )
    row = subject.engine.collect(query).iloc[0]
    n_out, n_in, n_both = int(row["out"]), int(row["in"]), int(row["both"])
    if n_both or not n_out or not n_in:
        return
    names = out[0].name, into[0].name
    sentence = (
        f"Each row has money in one of two columns: {names[0]} in {wording.count(n_out, 'row')}, {names[1]} "
        f"in {wording.count(n_in, 'row')}. The sum of one leaves the other side out; what came in less what "
        f"went out is the sum of {names[1]} less the sum of {names[0]}."
    )
    facts = (
        Fact("rows_with_money", n_out, "rows", names[0]),
        Fact("rows_with_money", n_in, "rows", names[1]),
    )
    yield Finding("two_sides", "info", names[0], n_out + n_in, sentence, facts)


def with_currency(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Give money without a unit the currency that a column names for all rows, or the one other money has."""
    for column in columns:
        if is_currency(column) and len(column.values) == 1:
            return _in_unit(columns, column.values[0][0].strip().upper(), column.name, money_of(columns))
    named = {c.unit for c in columns if c.role in ("amount", "balance") and c.unit}
    if len(named) != 1 or any(is_currency(column) for column in columns):
        return columns
    unit = named.pop()
    source = next(c.name for c in columns if c.unit == unit)
    return _in_unit(columns, unit, source, [c for c in columns if c.role in ("amount", "balance")])


def _in_unit(
    columns: tuple[Column, ...], unit: str, source: str, money: Sequence[Column]
) -> tuple[Column, ...]:
    given = {column.name for column in money if not column.unit}
    note = f"Taken to be {unit} like {source}."
    return tuple(replace(c, unit=unit, note=c.note or note) if c.name in given else c for c in columns)
