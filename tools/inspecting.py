"""Knows what a person should be told about a table before using it: conflicts, limits, duplicates, odd values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

import narwhals as nw

from tools import wording
from tools.cleaning import as_date, doubtful_words
from tools.core import Column, DataTable, Fact, Finding
from tools.engine import Engine
from tools.naming import words_of
from tools.roles import CUSTOMER, EVENT
from tools.surveying import FEW_ROWS, Measured, repeated, repeated_table

# What commercial tools ask before they score recency and frequency: 180 days of history and some third orders
# (Klaviyo); a history of three times the period to predict and second purchases (Twilio Segment).
ENOUGH_DAYS = 180
MOSTLY_ONCE = 0.7
SIGNS = {"debit", "credit", "dr", "cr", "direction", "sign", "type", "kind"}
CHANNELS = {"category", "channel", "merchant", "mcc", "product", "item", "description", "department", "segment", "store"}
ORDER = (
    "date_order_mixed", "date_order_open", "long_rows", "conflicting_customers", "repeated_customers", "one_purchase_each",
    "short_history", "duplicate_rows", "repeated_keys", "uneven_period", "negative_amounts", "zero_amounts",
    "no_amount", "no_time", "no_customer", "no_category", "missing_values", "messy_places", "twin_columns",
    "constant_columns", "rare_values", "doubtful_words", "personal_data",
)  # fmt: skip
SEVERITY = {"serious": 0, "warning": 1, "info": 2}


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


def inspect_table(engine: Engine, table: DataTable, stored: str, measured: Mapping[str, Measured]) -> DataTable:
    """Return the table with all that a person should know of it, the gravest first.

    Args:
        engine: Holds the table.
        table: With roles.
        stored: Name of the table as it was read, before placeholders were taken out.
        measured: What was counted by column.
    """
    subject = Subject(engine, table, stored, measured)
    checks = (
        _customers, _history, _duplicates, _period, _amounts, _absent, _missing, _places, _twins, _constants,
        _rare, _doubtful, _personal,
    )  # fmt: skip
    found = [*table.findings, *(finding for check in checks for finding in check(subject))]
    found.sort(key=lambda f: (SEVERITY[f.severity], ORDER.index(f.code) if f.code in ORDER else 99, f.column or ""))
    return replace(table, findings=tuple(found))


def attributes(table: DataTable) -> list[Column]:
    """Return the columns that should be the same in all rows of one customer."""
    return [
        column
        for column in table.columns
        if column.derived_from is None
        and column.name not in (table.customer, table.time, table.clock, table.amount)
        and (
            column.role == "birth_date"
            or (column.role in ("category", "flag", "place") and column.protected)
            or (column.role in ("category", "personal") and set(words_of(column.name)) & CUSTOMER)
        )
        and not set(words_of(column.name)) & (EVENT | {"shipping", "ship", "delivery", "store", "merchant"})
    ]


def _customers(subject: Subject) -> Iterator[Finding]:
    """Customers of whom two rows tell different things."""
    table, key = subject.table, subject.table.customer
    counted = subject.measured.get(key or "")
    if key is None or counted is None or not counted.n_distinct or counted.n_distinct == counted.n_present:
        return
    n_repeated = counted.n_distinct - (counted.n_once or 0)
    if table.grain == "customers":
        extra = counted.n_present - counted.n_distinct
        sentence = (
            f"{n_repeated:,} of {counted.n_distinct:,} {key} values occur more than once, although nothing else says that "
            f"rows are events: {extra:,} rows repeat a customer. Each row counts as one customer until you say otherwise."
        )
        facts = (Fact("repeated_customers", n_repeated), Fact("distinct_customers", counted.n_distinct))
        yield Finding("repeated_customers", "serious", key, extra, sentence, facts)
    columns = attributes(table)
    if not columns or n_repeated > 500_000:
        return
    row = _conflicts(subject, key, columns)
    clashes = sorted(
        ((int(row[f"clash {i}"] or 0), column) for i, column in enumerate(columns)), key=lambda pair: -pair[0]
    )
    clashes = [(n, column) for n, column in clashes if n]
    if not clashes:
        return
    worst = clashes[0][0]
    told = wording.listing([f"{n:,} more than one {column.name}" for n, column in clashes[:4]])
    facts = [Fact("repeated_customers", n_repeated, "customers"), Fact("n_customers", counted.n_distinct, "customers")]
    facts += [Fact("conflicting_customers", n, "customers", column.name) for n, column in clashes]
    facts.append(Fact("conflicting_share_pct", 100 * worst / n_repeated, "%", clashes[0][1].name))
    sentence = (
        f"{n_repeated:,} of {counted.n_distinct:,} {key} values occur more than once, and of these {told}: "
        f"{'most repeated ids seem' if worst > 0.5 * n_repeated else 'some repeated ids may'} to stand for several people. "
        "For each customer the most frequent value is used, the latest where two are equally frequent."
    ).replace("may to", "may")
    birth = next((column for _, column in clashes if column.role == "birth_date"), None)
    if birth and worst > 0.2 * n_repeated:
        pairs = counted.n_distinct - n_repeated + int(row["pairs"] or 0)
        sentence += f" {key} together with {birth.name} would tell {pairs:,} people apart, a better key if you want one."
        facts.append(Fact("people_by_id_and_birth", pairs, "people"))
    severity = "serious" if worst > 0.2 * n_repeated else "warning"
    yield Finding("conflicting_customers", severity, key, worst, sentence, tuple(facts))


def _conflicts(subject: Subject, key: str, columns: list[Column]) -> Mapping[str, Any]:
    """Count, among repeated customers, those with several known values of each column; text as it was read."""
    engine = subject.engine
    if not engine.has(repeated_table(subject.stored, key)):
        repeated(engine, subject.stored, subject.measured[key])
    often = engine.frame(repeated_table(subject.stored, key)).select(nw.col("value").alias(key))
    stored = set(engine.columns(subject.stored))
    names = [column.name for column in columns if column.name in stored]
    rows = engine.frame(subject.stored).select(key, *names).join(often, on=key, how="inner")
    birth = next((column.name for column in columns if column.role == "birth_date"), None)
    spread = [nw.col(name).min().alias(f"low {i}") for i, name in enumerate(names)]
    spread += [nw.col(name).max().alias(f"high {i}") for i, name in enumerate(names)]
    spread.append((nw.col(birth).n_unique() if birth else nw.len()).alias("pairs"))
    people = rows.group_by(key).agg(*spread)
    clash = [
        (nw.col(f"low {i}") != nw.col(f"high {i}")).cast(nw.Int64).sum().alias(f"clash {i}") for i in range(len(names))
    ]
    row = engine.collect(people.select(*clash, nw.col("pairs").sum())).iloc[0].fillna(0)
    by_name = {name: row[f"clash {i}"] for i, name in enumerate(names)}
    return {f"clash {i}": by_name.get(column.name, 0) for i, column in enumerate(columns)} | {"pairs": row["pairs"]}


def _history(subject: Subject) -> Iterator[Finding]:
    """Whether there are enough purchases for each customer, over enough time, for what people usually ask."""
    table = subject.table
    counted = subject.measured.get(table.customer or "")
    if table.grain != "transactions" or counted is None or not counted.n_distinct or counted.n_once is None:
        return
    time = subject.measured.get(table.time or "")
    first, last = (as_date(time.minimum), as_date(time.maximum)) if time else (None, None)
    days = (last - first).days + 1 if first and last else None
    once = counted.n_once / counted.n_distinct
    facts = [
        Fact("customers_with_one_row", counted.n_once, "customers"),
        Fact("customers_with_one_row_share_pct", 100 * once, "%"),
        Fact("most_rows_of_a_customer", counted.most),
    ]
    if days is not None:
        facts.append(Fact("history_days", days, "days"))
    if once >= MOSTLY_ONCE:
        span = f" in {days:,} days" if days is not None else ""
        sentence = (
            f"{counted.n_once:,} of {counted.n_distinct:,} customers ({wording.share(once)}) have a single transaction"
            f"{span}, and nobody has more than {counted.most:,}. Frequency is the same for nearly everybody, so RFM scores, "
            "lifetime value and churn cannot be had from these data; segments by amount, balance, age or time of day can."
        )
        yield Finding("one_purchase_each", "serious", table.customer, counted.n_once, sentence, tuple(facts))
    if days is not None and days < ENOUGH_DAYS:
        sentence = (
            f"The history is short: {days:,} days. That is too little to tell who stopped coming from who has not yet come "
            f"back, or to see a season; {ENOUGH_DAYS} days are a usual minimum for recency and frequency."
        )
        short = (Fact("history_days", days, "days"), Fact("usual_minimum_days", ENOUGH_DAYS, "days"))
        yield Finding("short_history", "warning", table.time, table.n_rows, sentence, short)


def _duplicates(subject: Subject) -> Iterator[Finding]:
    """Rows that repeat another one, and keys that occur again."""
    table, measured = subject.table, subject.measured
    names = [column.name for column in table.columns if column.derived_from is None]
    unique = any(
        found.n_distinct == table.n_rows for name, found in measured.items() if found.kind in ("text", "number") and name in names
    )
    repeats = 0
    if not unique and table.n_rows <= FEW_ROWS and len(names) <= 200:
        repeats = exact_repeats(subject.engine, table)
    if repeats:
        word = "row repeats another one" if repeats == 1 else "rows repeat another one"
        sentence = f"{repeats:,} {word} in every column; they are kept and count in every sum. Say so if they should not."
        share = 100 * repeats / table.n_rows
        yield Finding(
            "duplicate_rows", "warning", None, repeats, sentence, (Fact("duplicate_share_pct", share, "%"),)
        )
    for column in table.by_role("row_key"):
        found = measured[column.name]
        if found.n_distinct is None or found.n_distinct in (found.n_present, 0) or found.n_distinct < 0.9 * found.n_present:
            continue
        again = found.n_present - found.n_distinct
        sentence = f"{again:,} rows repeat a {column.name} that should be unique."
        if again != repeats:
            yield Finding("repeated_keys", "warning", column.name, again, sentence)


def exact_repeats(engine: Engine, table: DataTable) -> int:
    """Count rows that are the same as an earlier one in every column of the file."""
    names = [column.name for column in table.columns if column.derived_from is None]
    groups = engine.frame(table.name).group_by(*names).agg(nw.len().alias("n of them"))
    row = engine.collect(groups.select((nw.col("n of them") - 1).sum().alias("again"))).iloc[0]
    return int(row["again"] or 0)


def _period(subject: Subject) -> Iterator[Finding]:
    """Days without rows and last months with few, which trends would take for a fall."""
    table = subject.table
    if table.grain != "transactions" or not table.time or (table.column(table.time) or table.columns[0]).kind == "text":
        return
    time = subject.measured[table.time]
    first, last = as_date(time.minimum), as_date(time.maximum)
    if first is None or last is None or first.year < 1900:
        return
    days = (last - first).days + 1
    if not 21 <= days <= 20_000:
        return
    held = days_with_rows(subject.engine, table, table.time)
    empty = days - len(held)
    months = Counter[str]()
    for day, n in held.items():
        months[day.isoformat()[:7]] += n
    latest = last.isoformat()[:7]
    usual = table.n_rows / max(len(months), 1)
    if len(months) > 1 and months[latest] < 0.2 * usual and len(months) < 400:
        when = f"{last:%B %Y}"
        sentence = f"{when} holds only {months[latest]:,} of the {table.n_rows:,} rows"
        sentence += f", and {empty:,} of the {days:,} days have none" if 0.1 * days < empty and len(held) > 5 else ""
        sentence += ": a fall at the end would be an effect of the file, not of the customers."
        facts = (
            Fact("rows_in_last_month", months[latest], None, when), Fact("n_rows", table.n_rows),
            Fact("days_without_rows", empty, "days"), Fact("history_days", days, "days"),
        )  # fmt: skip
        yield Finding("uneven_period", "warning", table.time, months[latest], sentence, facts)


def days_with_rows(engine: Engine, table: DataTable, time: str) -> dict[date, int]:
    """Count rows by calendar day."""
    when = nw.col(time).cast(nw.Date) if (column := table.column(time)) and column.kind == "datetime" else nw.col(time)
    groups = engine.frame(table.name).select(when.alias("day")).group_by("day").agg(nw.len().alias("n"))
    counts = engine.collect(groups.sort("day"))
    return {day: int(n) for value, n in zip(counts["day"], counts["n"], strict=True) if (day := as_date(value))}


def _amounts(subject: Subject) -> Iterator[Finding]:
    """Zeros and negative numbers among the money of transactions."""
    table = subject.table
    for column in table.by_role("amount", "quantity") if table.grain != "customers" else []:
        found = subject.measured[column.name]
        share_zero, share_negative = found.n_zero / table.n_rows, found.n_negative / table.n_rows
        if found.n_negative:
            sentence = (
                f"{column.name} is negative in {found.n_negative:,} rows ({wording.share(share_negative)}), as returns or "
                "payments out are; they are kept and lower every sum."
            )
            facts = (Fact("negative_share_pct", 100 * share_negative, "%", column.name),)
            yield Finding("negative_amounts", "warning", column.name, found.n_negative, sentence, facts)
        if found.n_zero and column.role == "amount":
            rows = wording.count(found.n_zero, "row")
            sentence = f"{column.name} is 0 in {rows}; they count as transactions and pull averages down a little."
            yield Finding("zero_amounts", "info", column.name, found.n_zero, sentence)


def _absent(subject: Subject) -> Iterator[Finding]:
    """Columns that people will ask for and that are not there."""
    table = subject.table
    if table.customer is None:
        sentence = "No column names a customer, so each row stands for itself: nothing can be counted by customer."
        yield Finding("no_customer", "info", None, table.n_rows, sentence)
    if table.grain != "transactions":
        return
    if table.time is None:
        sentence = "There is no date, so there is no trend, recency or churn to be had; only what customers did in all."
        yield Finding("no_time", "warning", None, table.n_rows, sentence)
    if table.amount is None:
        sentence = "There is no column with money, so nothing can be said about spending or value."
        yield Finding("no_amount", "warning", None, table.n_rows, sentence)
        return
    named = {word for column in table.columns for word in words_of(column.name)}
    lacking = []
    if subject.measured[table.amount].n_negative == 0 and not named & SIGNS:
        lacking.append("whether money came in or went out")
    if not named & CHANNELS and not any(
        column.role == "category" and not column.protected for column in table.columns
    ):
        lacking.append("what it was for or through which channel")
    if lacking:
        sentence = f"No column says {wording.listing(lacking, 'or')}: questions about that cannot be answered."
        yield Finding("no_category", "info", table.amount, table.n_rows, sentence)


def _missing(subject: Subject) -> Iterator[Finding]:
    """Columns of which a good part is missing."""
    table = subject.table
    for column in table.columns:
        part = column.n_missing / table.n_rows
        if part >= 0.05 and column.derived_from is None:
            what = "has no value at all" if part == 1 else f"is missing in {column.n_missing:,} rows ({wording.share(part)})"
            sentence = f"{column.name} {what}; statistics leave such rows out and say so."
            facts = (Fact("missing_share_pct", 100 * part, "%", column.name),)
            severity = "warning" if part >= 0.2 else "info"
            yield Finding("missing_values", severity, column.name, column.n_missing, sentence, facts)


def normal_place(text: str) -> str:
    """Write a place without regard to case, punctuation at its ends and doubled spaces."""
    return re.sub(r"\s+", " ", text).strip(" .,;-").casefold()


def _places(subject: Subject) -> Iterator[Finding]:
    """Place names that are the same but for case and space."""
    for column in subject.table.by_role("place"):
        if column.kind != "text" or not column.values:
            continue
        spellings = Counter(normal_place(value) for value, _ in column.values)
        surplus = len(column.values) - len(spellings)
        often = {place for place, n in spellings.items() if n > 1}
        rows = sum(n for value, n in column.values if normal_place(value) in often)
        n_distinct = column.n_distinct or len(column.values)
        if n_distinct > 500 or surplus:
            sentence = f"{column.name} is free text with {n_distinct:,} different entries"
            sentence += f", {surplus:,} of them the same as another but for case, spaces or dots" if surplus else ""
            sentence += ". Parts of a place and its official name are not joined, so counts by place are lower bounds."
            facts = (Fact("n_places", n_distinct, None, column.name), Fact("spelling_variants", surplus, None, column.name))
            severity = "warning" if rows > 0.02 * subject.table.n_rows else "info"
            yield Finding("messy_places", severity, column.name, rows, sentence, facts)


def _twins(subject: Subject) -> Iterator[Finding]:
    """Columns that say the same: equal numbers, or a flag and its opposite."""
    table = subject.table
    numbers = [
        subject.measured[c.name]
        for c in table.columns
        if c.kind == "number" and c.derived_from is None and c.role not in ("constant", "index", "row_key", "customer_key")
    ]
    pairs = [(a, b) for a, b in combinations(numbers, 2) if _may_be_equal(a, b) or _may_be_opposite(a, b)][:50]
    if not pairs:
        return
    frame = subject.frame()
    tests = []
    for i, (a, b) in enumerate(pairs):
        x, y = nw.col(a.name), nw.col(b.name)
        tests += [
            (x != y).cast(nw.Int64).sum().alias(f"differ {i}"), (x + y != 1).cast(nw.Int64).sum().alias(f"oppose {i}"),
        ]  # fmt: skip
    row = subject.engine.collect(frame.select(*tests)).iloc[0]
    for i, (a, b) in enumerate(pairs):
        if _may_be_equal(a, b) and not row[f"differ {i}"]:
            word = "hold the same numbers"
        elif _may_be_opposite(a, b) and not row[f"oppose {i}"]:
            word = "are each other's opposite"
        else:
            continue
        sentence = f"{a.name} and {b.name} {word}; only one of them counts when segments are made."
        yield Finding("twin_columns", "info", b.name, table.n_rows, sentence)


def _may_be_equal(a: Measured, b: Measured) -> bool:
    return (a.minimum, a.maximum, a.n_zero, a.n_present, a.n_distinct) == (
        b.minimum, b.maximum, b.n_zero, b.n_present, b.n_distinct,
    )  # fmt: skip


def _may_be_opposite(a: Measured, b: Measured) -> bool:
    binary = all((m.minimum, m.maximum, m.n_distinct) == (0, 1, 2) for m in (a, b))
    return binary and a.n_present == b.n_present and a.n_zero == b.n_present - b.n_zero


def _constants(subject: Subject) -> Iterator[Finding]:
    for column in subject.table.by_role("constant"):
        if column.n_missing == subject.table.n_rows:
            continue
        value = column.values[0][0] if column.values else wording.scalar(column.minimum)
        sentence = f"{column.name} is {value} in every row: it tells nothing apart."
        yield Finding("constant_columns", "info", column.name, subject.table.n_rows, sentence)


def _rare(subject: Subject) -> Iterator[Finding]:
    """Categories with so few rows that no statement about them holds."""
    for column in subject.table.by_role("category", "flag", "outcome"):
        if not 2 < len(column.values) <= 30 or column.n_distinct != len(column.values):
            continue
        rare = [(value, n) for value, n in column.values if n <= max(1, min(4, subject.table.n_rows // 1000))]
        if rare:
            told = wording.listing([f'"{value}" ({wording.count(n, "row")})' for value, n in rare[:5]])
            sentence = f"{column.name} has categories too small to say anything about: {told}."
            facts = tuple(Fact("rows", n, None, f"{column.name} {value}") for value, n in rare[:5])
            yield Finding("rare_values", "info", column.name, sum(n for _, n in rare), sentence, facts)


def _doubtful(subject: Subject) -> Iterator[Finding]:
    """Texts such as "unknown", which may mean that there is no value."""
    for column in subject.table.by_role("category", "place", "flag", "outcome"):
        if column.kind != "text":
            continue
        words = doubtful_words(subject.measured[column.name])
        if words:
            rows = sum(n for _, n in words)
            told = wording.listing([f'"{text}" ({wording.count(n, "row")})' for text, n in words[:3]])
            sentence = f"{column.name} holds {told}, which may mean that the value is not known; it counts as a value."
            facts = tuple(Fact("rows", n, None, f"{column.name} {text}") for text, n in words[:3])
            yield Finding("doubtful_words", "info", column.name, rows, sentence, facts)


def _personal(subject: Subject) -> Iterator[Finding]:
    """Columns with personal data, which stay out of answers."""
    names = [column.name for column in subject.table.by_role("personal")]
    key = subject.table.column(subject.table.customer or "")
    if key and key.note.startswith("It looks like"):
        names.insert(0, key.name)
    if names:
        verb = "holds" if len(names) == 1 else "hold"
        sentence = f"{wording.listing(names)} {verb} personal data: no language model sees it, and it forms no segment."
        yield Finding("personal_data", "warning", names[0], subject.table.n_rows, sentence)
