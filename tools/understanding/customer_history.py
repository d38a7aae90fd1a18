"""Knows what the customers of a table allow to be said: conflicting ids, single purchases, short history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import narwhals as nw

from tools import wording
from tools.core import Column, DataTable, Fact, Finding
from tools.engine import Engine
from tools.files.cleaning import as_date
from tools.files.surveying import FEW_ROWS
from tools.understanding.naming import words_of
from tools.understanding.oddities import Severity, Subject
from tools.understanding.vocabulary import CUSTOMER, EVENT, OF_THE_EVENT

# What commercial tools ask before they score recency and frequency: 180 days of history and some third orders
# (Klaviyo); a history of three times the period to predict and second purchases (Twilio Segment).
ENOUGH_DAYS = 180
MOSTLY_ONCE = 0.7


def attributes(table: DataTable) -> list[Column]:
    """Return the columns that should be the same in all rows of one customer."""
    return [
        column
        for column in table.columns
        if column.derived_from is None
        and column.name not in (table.customer, table.time, table.clock, table.amount)
        and (
            column.role == "birth_date"
            or (column.role == "age" and table.grain == "customers")
            or (column.role in ("category", "flag", "place") and column.protected)
            or (column.role in ("category", "personal") and set(words_of(column.name)) & CUSTOMER)
        )
        and not set(words_of(column.name)) & (EVENT | OF_THE_EVENT)
    ]


def customers_in_conflict(subject: Subject) -> Iterator[Finding]:
    """Customers of whom two rows tell different things."""
    table, key = subject.table, subject.table.customer
    counted = subject.measured.get(key or "")
    if key is None or counted is None or not counted.n_distinct or counted.n_distinct == counted.n_present:
        return
    n_repeated = counted.n_distinct - (counted.n_once or 0)
    if table.grain == "customers":
        extra = counted.n_present - counted.n_distinct
        sentence = (
            f"{n_repeated:,} of {counted.n_distinct:,} {key} values occur more than once, although "
            f"nothing else says that "
            f"rows are events: {extra:,} rows repeat a customer. Each row counts as one customer until "
            f"you say otherwise."
        )
        told_of = (Fact("repeated_customers", n_repeated), Fact("distinct_customers", counted.n_distinct))
        yield Finding("repeated_customers", "serious", key, extra, sentence, told_of)
    columns = attributes(table)
    if not columns:
        return
    clash = subject.engine.conflicts(subject.stored, key, [column.name for column in columns])
    clashes = [(clash[column.name], column) for column in columns if clash[column.name]]
    clashes.sort(key=lambda pair: -pair[0])
    if not clashes:
        return
    worst = clashes[0][0]
    told = wording.listing([f"{n:,} have more than one {column.name}" for n, column in clashes[:4]])
    facts = [Fact("repeated_customers", n_repeated, "customers")]
    facts.append(Fact("n_customers", counted.n_distinct, "customers"))
    facts += [Fact("conflicting_customers", n, "customers", column.name) for n, column in clashes]
    facts.append(Fact("conflicting_share_pct", 100 * worst / n_repeated, "%", clashes[0][1].name))
    sentence = (
        f"{n_repeated:,} of {counted.n_distinct:,} {key} values occur more than once, and of these {told}: "
        f"{'most repeated ids seem to' if worst > 0.5 * n_repeated else 'some repeated ids may'} stand "
        f"for several people."
    )
    if table.grain == "transactions":
        sentence += (
            " For each customer the most frequent value is used, the latest where two are equally frequent."
        )
    birth = next((column for _, column in clashes if column.role == "birth_date"), None)
    if birth and worst > 0.2 * n_repeated:
        sentence += f" {key} together with {birth.name} would be a better key"
        if table.n_rows <= FEW_ROWS:
            pairs = subject.engine.pairs(subject.stored, key, birth.name)
            sentence += f": it tells {pairs:,} people apart"
            facts.append(Fact("people_by_id_and_birth", pairs, "people"))
        sentence += "."
    severity: Severity = "serious" if worst > 0.2 * n_repeated else "warning"
    yield Finding("conflicting_customers", severity, key, worst, sentence, tuple(facts))


def history(subject: Subject) -> Iterator[Finding]:
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
            f"{counted.n_once:,} of {counted.n_distinct:,} customers ({wording.share(once)}) have a "
            f"single transaction"
            f"{span}, and nobody has more than {counted.most:,}. Frequency is the same for nearly "
            f"everybody, so RFM scores, "
            "lifetime value and churn cannot be had from these data; segments by amount, balance, age or "
            "time of day can."
        )
        yield Finding("one_purchase_each", "serious", table.customer, counted.n_once, sentence, tuple(facts))
    if days is not None and days < ENOUGH_DAYS:
        sentence = (
            f"The data cover {days:,} days. That is too little to tell who stopped coming from who "
            f"has not yet come "
            f"back, or to see a season; {ENOUGH_DAYS} days are a usual minimum for recency and frequency."
        )
        short = (Fact("history_days", days, "days"), Fact("usual_minimum_days", ENOUGH_DAYS, "days"))
        yield Finding("short_history", "warning", table.time, table.n_rows, sentence, short)


def period(subject: Subject) -> Iterator[Finding]:
    """Days without rows and last months with few, which trends would take for a fall."""
    table = subject.table
    if (
        table.grain != "transactions"
        or not table.time
        or (table.column(table.time) or table.columns[0]).kind == "text"
    ):
        return
    time = subject.measured[table.time]
    first, last = as_date(time.minimum), as_date(time.maximum)
    if first is None or last is None or first.year < 1900:
        return
    days = (last - first).days + 1
    if not 21 <= days <= 20_000:
        return
    held = days_with_rows(subject.engine, table)
    empty = days - len(held)
    months = Counter[str]()
    for day, n in held.items():
        months[day.isoformat()[:7]] += n
    latest = last.isoformat()[:7]
    usual = table.n_rows / max(len(months), 1)
    if len(months) > 1 and months[latest] < 0.2 * usual and len(months) < 400:
        when = f"{last:%B %Y}"
        sentence = f"{when} holds only {months[latest]:,} of the {table.n_rows:,} rows"
        sentence += (
            f", and {empty:,} of the {days:,} days have none" if 0.1 * days < empty and len(held) > 5 else ""
        )
        sentence += ": a fall at the end would be an effect of the file, not of the customers."
        facts = (
            Fact("rows_in_last_month", months[latest], None, when), Fact("n_rows", table.n_rows),
            Fact("days_without_rows", empty, "days"), Fact("history_days", days, "days"),
        )  # fmt: skip
        yield Finding("uneven_period", "warning", table.time, months[latest], sentence, facts)


def days_with_rows(engine: Engine, table: DataTable) -> dict[date, int]:
    """Count the rows of each calendar day."""
    column = table.column(table.time or "") or table.columns[0]

    def build() -> dict[date, int]:
        when = nw.col(column.name)
        day = (when.cast(nw.Date) if column.kind == "datetime" else when).alias("day")
        groups = engine.frame(table.name).select(day).group_by("day").agg(nw.len().alias("n"))
        counts = engine.collect(groups.filter(~nw.col("day").is_null()).sort("day"))
        days = counts["day"].to_numpy().astype("datetime64[D]").tolist()
        return dict(zip(days, map(int, counts["n"]), strict=True))

    return engine.memo(("days with rows", table.name), build)
