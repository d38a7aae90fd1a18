"""Knows the oddities of single columns and rows: repeats, gaps, zeros, twins, small groups, what lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, Literal

import narwhals as nw

from tools import wording
from tools.core import DataTable, Fact, Finding
from tools.engine import Engine
from tools.files.cleaning import doubtful_words
from tools.files.surveying import FEW_ROWS, Measured
from tools.understanding.naming import words_of
from tools.understanding.vocabulary import CHANNEL, SIGN

Severity = Literal["info", "warning", "serious"]


@dataclass(frozen=True)
class Subject:
    """A table under inspection, and what was measured in it before and after cleaning."""

    engine: Engine
    table: DataTable
    stored: str
    measured: Mapping[str, Measured]

    def frame(self) -> nw.LazyFrame[Any]:
        """The cleaned table."""
        return self.engine.frame(self.table.name)


def duplicates(subject: Subject) -> Iterator[Finding]:
    """Rows that repeat another one, and keys that occur again."""
    table, measured = subject.table, subject.measured
    names = [column.name for column in table.columns if column.derived_from is None]
    unique = any(
        found.n_distinct == table.n_rows
        for name, found in measured.items()
        if found.kind in ("text", "number") and name in names
    )
    repeats = 0
    if not unique and table.n_rows <= FEW_ROWS and len(names) <= 200:
        repeats = exact_repeats(subject.engine, table)
    if repeats:
        word = "row repeats another one" if repeats == 1 else "rows repeat another one"
        sentence = (
            f"{repeats:,} {word} in every column; they are kept and count in every sum. Say so if they "
            f"should not."
        )
        share = 100 * repeats / table.n_rows
        yield Finding(
            "duplicate_rows", "warning", None, repeats, sentence, (Fact("duplicate_share_pct", share, "%"),)
        )
    for column in table.by_role("row_key"):
        found = measured[column.name]
        if (
            found.n_distinct is None
            or found.n_distinct in (found.n_present, 0)
            or found.n_distinct < 0.9 * found.n_present
        ):
            continue
        again = found.n_present - found.n_distinct
        sentence = f"{again:,} rows repeat a {column.name} that should be unique."
        if again != repeats:
            yield Finding("repeated_keys", "warning", column.name, again, sentence)


def order_lines(subject: Subject) -> Iterator[Finding]:
    """Rows that are the lines of orders, so that rows and orders are two numbers."""
    table = subject.table
    order = table.column(table.order or "")
    if order is None or not order.n_distinct:
        return
    per_order = (table.n_rows - order.n_missing) / order.n_distinct
    sentence = (
        f"Rows are the lines of orders: {order.name} tells {wording.count(order.n_distinct, 'order')}, of "
        f"{wording.number(per_order)} rows on average. How often a customer bought is counted by it, not "
        f"by rows."
    )
    facts = (
        Fact("n_orders", order.n_distinct, "orders"),
        Fact("rows_per_order", per_order, "rows"),
    )
    yield Finding("order_lines", "info", order.name, table.n_rows, sentence, facts)


def exact_repeats(engine: Engine, table: DataTable) -> int:
    """Count rows that are the same as an earlier one in every column of the file."""
    names = [column.name for column in table.columns if column.derived_from is None]
    groups = engine.frame(table.name).group_by(*names).agg(nw.len().alias("n of them"))
    row = engine.collect(groups.select((nw.col("n of them") - 1).sum().alias("again"))).iloc[0]
    return int(row["again"] or 0)


def amounts(subject: Subject) -> Iterator[Finding]:
    """Zeros and negative numbers among the money of transactions."""
    table = subject.table
    for column in table.by_role("amount", "quantity") if table.grain != "customers" else []:
        if column.minimum is None or float(column.minimum) > 0:
            continue
        this = nw.col(column.name)
        counts = (
            (this == 0).cast(nw.Int64).sum().alias("zero"),
            (this < 0).cast(nw.Int64).sum().alias("negative"),
        )
        row = subject.engine.collect(subject.frame().select(*counts)).iloc[0]
        n_zero, n_negative = int(row["zero"]), int(row["negative"])
        if n_negative:
            part = n_negative / table.n_rows
            rows = wording.count(n_negative, "row")
            sentence = (
                f"{column.name} is negative in {rows} ({wording.share(part)}), as returns or payments out "
                "are; they are kept and lower every sum."
            )
            facts = (Fact("negative_share_pct", 100 * part, "%", column.name),)
            yield Finding("negative_amounts", "warning", column.name, n_negative, sentence, facts)
        if n_zero and column.role == "amount":
            rows = wording.count(n_zero, "row")
            sentence = (
                f"{column.name} is 0 in {rows}; they count as transactions and pull averages down a little."
            )
            yield Finding("zero_amounts", "info", column.name, n_zero, sentence)


def absent(subject: Subject) -> Iterator[Finding]:
    """Columns that people will ask for and that are not there."""
    table = subject.table
    if table.customer is None:
        sentence = (
            "No column names a customer, so each row stands for itself: nothing can be counted by customer."
        )
        yield Finding("no_customer", "info", None, table.n_rows, sentence)
    if table.grain != "transactions":
        return
    if table.time is None:
        sentence = (
            "There is no date, so there is no trend, recency or churn to be had; only what customers "
            "did in all."
        )
        yield Finding("no_time", "warning", None, table.n_rows, sentence)
    if table.amount is None:
        sentence = "There is no column with money, so nothing can be said about spending or value."
        yield Finding("no_amount", "warning", None, table.n_rows, sentence)
        return
    named = {word for column in table.columns for word in words_of(column.name)}
    lacking = []
    least = (table.column(table.amount) or table.columns[0]).minimum
    if not (isinstance(least, int | float) and least < 0) and not named & SIGN:
        lacking.append("whether money came in or went out")
    if not named & CHANNEL and not any(
        column.role == "category" and not column.protected for column in table.columns
    ):
        lacking.append("what it was for or through which channel")
    if lacking:
        sentence = (
            f"No column says {wording.listing(lacking, 'or')}: questions about that cannot be answered."
        )
        yield Finding("no_category", "info", table.amount, table.n_rows, sentence)


def missing(subject: Subject) -> Iterator[Finding]:
    """Columns of which a good part is missing."""
    table = subject.table
    for column in table.columns:
        part = column.n_missing / table.n_rows
        if part >= 0.05 and column.derived_from is None:
            what = (
                "has no value at all"
                if part == 1
                else f"is missing in {wording.count(column.n_missing, 'row')} ({wording.share(part)})"
            )
            sentence = f"{column.name} {what}; statistics leave such rows out and say so."
            facts = (Fact("missing_share_pct", 100 * part, "%", column.name),)
            severity: Severity = "warning" if part >= 0.2 else "info"
            yield Finding("missing_values", severity, column.name, column.n_missing, sentence, facts)


def normal_place(text: str) -> str:
    """Write a place without regard to case, punctuation at its ends and doubled spaces."""
    return " ".join(text.split()).strip(" .,;-").casefold()


def places(subject: Subject) -> Iterator[Finding]:
    """Place names that are the same but for case and space."""
    for column in subject.table.by_role("place"):
        if column.kind != "text" or not column.values:
            continue
        normal = [normal_place(value) for value, _ in column.values]
        spellings = Counter(normal)
        surplus = len(column.values) - len(spellings)
        rows = sum(n for place, (_, n) in zip(normal, column.values, strict=True) if spellings[place] > 1)
        n_distinct = column.n_distinct or len(column.values)
        if n_distinct > 500 or surplus:
            sentence = f"{column.name} is free text with {n_distinct:,} different entries"
            if surplus:
                sentence += f", {surplus:,} of them the same as another but for case, spaces or dots"
            sentence += ". Parts of a place are not joined to it, so counts by place are lower bounds."
            facts = (
                Fact("n_places", n_distinct, None, column.name),
                Fact("spelling_variants", surplus, None, column.name),
            )
            severity: Severity = "warning" if rows > 0.02 * subject.table.n_rows else "info"
            yield Finding("messy_places", severity, column.name, rows, sentence, facts)


def twins(subject: Subject) -> Iterator[Finding]:
    """Columns that say the same: equal numbers, or a flag and its opposite."""
    table = subject.table
    numbers = [
        subject.measured[c.name]
        for c in table.columns
        if c.kind == "number"
        and c.derived_from is None
        and c.role not in ("constant", "index", "row_key", "customer_key")
    ]
    alike = (pair for pair in combinations(numbers, 2) if _may_be_equal(*pair) or _may_be_opposite(*pair))
    pairs = list(islice(alike, 50))
    if not pairs:
        return
    frame = subject.frame()
    tests = []
    for i, (a, b) in enumerate(pairs):
        x, y = nw.col(a.name), nw.col(b.name)
        tests.append((x != y).cast(nw.Int64).sum().alias(f"differ {i}"))
        tests.append((x + y != 1).cast(nw.Int64).sum().alias(f"oppose {i}"))
    row = subject.engine.collect(frame.select(*tests)).iloc[0]
    groups: dict[str, tuple[list[str], list[str]]] = {}  # by the first column: the same ones, its opposites
    placed: set[str] = set()
    for i, (a, b) in enumerate(pairs):
        same = _may_be_equal(a, b) and not row[f"differ {i}"]
        opposite = _may_be_opposite(a, b) and not row[f"oppose {i}"]
        if (same or opposite) and a.name not in placed:
            groups.setdefault(a.name, ([], []))[0 if same else 1].append(b.name)
            placed.add(b.name)
    for name, (alike_ones, opposites) in groups.items():
        yield Finding("twin_columns", "info", name, table.n_rows, _twins_told(name, alike_ones, opposites))


def _twins_told(name: str, same: Sequence[str], opposites: Sequence[str]) -> str:
    if not same and len(opposites) == 1:
        told = f"{name} and {opposites[0]} are each other's opposite"
    elif not opposites:
        told = f"{wording.listing([name, *same])} hold the same numbers"
    else:
        holds = "hold the same numbers" if same else "is the opposite"
        told = f"{wording.listing([name, *same])} {holds} "
        told += (
            f"and {wording.listing(opposites)} their opposite" if same else f"of {wording.listing(opposites)}"
        )
    return f"{told}; only one of them counts when segments are made."


def _may_be_equal(a: Measured, b: Measured) -> bool:
    return (a.minimum, a.maximum, a.n_present, a.n_distinct) == (
        b.minimum,
        b.maximum,
        b.n_present,
        b.n_distinct,
    )


def _may_be_opposite(a: Measured, b: Measured) -> bool:
    binary = all((m.minimum, m.maximum, m.n_distinct) == (0, 1, 2) for m in (a, b))
    return binary and a.n_present == b.n_present


def constants(subject: Subject) -> Iterator[Finding]:
    """Columns with one value."""
    for column in subject.table.by_role("constant"):
        if column.n_missing == subject.table.n_rows:
            continue
        value = column.values[0][0] if column.values else wording.scalar(column.minimum)
        sentence = f"{column.name} is {value} in every row: it tells nothing apart."
        yield Finding("constant_columns", "info", column.name, subject.table.n_rows, sentence)


def rare(subject: Subject) -> Iterator[Finding]:
    """Categories with so few rows that no statement about them holds."""
    for column in subject.table.by_role("category", "flag", "outcome"):
        if (
            subject.table.n_rows < 50
            or not 2 < len(column.values) <= 30
            or column.n_distinct != len(column.values)
        ):
            continue
        rare = [(value, n) for value, n in column.values if n <= max(1, min(4, subject.table.n_rows // 1000))]
        if rare:
            told = wording.listing([f'"{value}" ({wording.count(n, "row")})' for value, n in rare[:5]])
            sentence = f"{column.name} has categories too small to say anything about: {told}."
            facts = tuple(Fact("rows", n, None, f"{column.name} {value}") for value, n in rare[:5])
            yield Finding("rare_values", "info", column.name, sum(n for _, n in rare), sentence, facts)


def doubtful(subject: Subject) -> Iterator[Finding]:
    """Texts such as "unknown", which may mean that there is no value."""
    for column in subject.table.by_role("category", "place", "flag", "outcome"):
        if column.kind != "text":
            continue
        words = doubtful_words(subject.measured[column.name])
        if words:
            rows = sum(n for _, n in words)
            told = wording.listing([f'"{text}" ({wording.count(n, "row")})' for text, n in words[:3]])
            sentence = (
                f"{column.name} holds {told}, which may mean that the value is not known; it counts as "
                f"a value."
            )
            facts = tuple(Fact("rows", n, None, f"{column.name} {text}") for text, n in words[:3])
            yield Finding("doubtful_words", "info", column.name, rows, sentence, facts)


def personal(subject: Subject) -> Iterator[Finding]:
    """Columns with personal data, which stay out of answers."""
    names = [column.name for column in subject.table.by_role("personal")]
    key = subject.table.column(subject.table.customer or "")
    if key and key.note.startswith("It looks like"):
        names.insert(0, key.name)
    if names:
        verb = "holds" if len(names) == 1 else "hold"
        sentence = (
            f"{wording.listing(names)} {verb} personal data: no language model sees it, and it forms no "
            f"segment."
        )
        yield Finding("personal_data", "warning", names[0], subject.table.n_rows, sentence)
