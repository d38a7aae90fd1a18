"""Knows which behaviours can be computed from transactions, and defines each in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from tools.core import Column, DataTable, Role
from tools.understanding.roles import names_event
from tools.wording import plain_name, plural

PARTS_OF_DAY = {
    "night": (0, 6),
    "morning": (6, 12),
    "afternoon": (12, 18),
    "evening": (18, 24),
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KEY_WORDS = {"ID", "number", "no", "nr", "key", "code"}
MOST_SHARES = 8  # a category with more values gives a count of distinct values instead of one share a value
ATTRIBUTE_ROLES: tuple[Role, ...] = ("category", "place", "birth_date", "age", "outcome", "flag")

How = Literal[
    "attribute", "rows", "orders", "basket", "again", "distinct", "sum", "mean", "median", "largest",
    "largest_share", "negative", "last", "variation", "recency", "tenure", "gap", "gap_variation", "weekday",
    "weekend", "hour", "part_of_day", "trend", "yes", "value", "total",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeatureDefinition:
    """What one customer column means.

    Attributes:
        name: Column name in the table `customers`.
        label: Short name for people.
        definition: One sentence.
        unit: Currency, "days", "%" and the like, or None.
        protected: Sex, age, marital status, place and the like.
        how: Which computation gives it; "attribute" is carried over, everything else is behaviour.
        needs_repeat: Only 0 or 1, or undefined, for a customer with a single transaction.
        source: Column of the transactions that it was computed from, or None.
        value: The value of the source that is counted, for shares of a category.
    """

    name: str
    label: str
    definition: str
    unit: str | None = None
    protected: bool = False
    how: How = "attribute"
    needs_repeat: bool = False
    source: str | None = None
    value: str | None = None


Plan = list[tuple[FeatureDefinition, Column]]


def define(table: DataTable) -> Plan:
    """List the customer columns that a transactions table can carry, in order; nothing is computed."""
    behaviour = [*_activity(table), *_money(table), *_holdings(table), *_timing(table), *_choices(table)]
    found: dict[str, tuple[FeatureDefinition, Column]] = {}
    for definition, role in [*behaviour, *_measures(table)]:
        if definition.name not in found and definition.name != table.customer:
            found[definition.name] = definition, _column(definition, role)
    return [*_attributes(table, set(found)), *found.values()]


def _column(definition: FeatureDefinition, role: Role) -> Column:
    return Column(
        definition.name,
        "boolean" if role == "flag" else "number",
        role,
        definition.unit,
        definition.protected,
        derived_from=definition.source,
        note=definition.definition,
    )


def _attributes(table: DataTable, taken: set[str]) -> Plan:
    attributes: Plan = []
    for column in table.by_role(*ATTRIBUTE_ROLES):
        if column.name in (table.customer, table.time, table.clock) or column.name in taken:
            continue
        what = (
            f"{column.name} of the customer: the most frequent value, the latest one where several "
            "are as frequent."
        )
        definition = FeatureDefinition(
            column.name, column.name, what, column.unit, column.protected, source=column.name
        )
        attributes.append((definition, replace(column, note=what)))
    return attributes


_Group = list[tuple[FeatureDefinition, Role]]


def order_key(table: DataTable) -> Column | None:
    """Return the column that numbers orders of several rows each; None where a row is a whole transaction."""
    several = [
        column
        for column in table.by_role("row_key")
        if column.n_distinct is not None
        and column.n_distinct < table.n_rows - column.n_missing
        and names_event(column.name)
    ]
    return max(several, key=lambda column: column.n_distinct or 0, default=None)


def _activity(table: DataTable) -> _Group:
    order = order_key(table)
    if order is None:
        what = "Number of rows of the customer."
        counted = [FeatureDefinition("n_transactions", "transactions", what, how="rows")]
        twice = "Yes for a customer with two rows or more."
    else:
        counted = _orders(order)
        twice = f"Yes for a customer with two different {order.name} or more."
    again = FeatureDefinition("bought_again", "bought again", twice, how="again", needs_repeat=True)
    group: _Group = []
    for one in counted:
        group.append((one, "measure"))
    group.append((again, "flag"))
    for column in table.by_role("row_key"):
        several = column.n_distinct is not None and column.n_distinct < table.n_rows - column.n_missing
        if several and column is not order:
            group.append((_distinct(column), "measure"))
    return group


def _orders(order: Column) -> list[FeatureDefinition]:
    """Count orders and their lines apart: a customer with one large order bought once."""
    words = [word for word in plain_name(order.name).split() if word not in _KEY_WORDS]
    noun = " ".join(words) or "transaction"
    what = f"Number of different {order.name}."
    each = f"Rows of the customer divided by the number of different {order.name}."
    name = order.name
    return [
        FeatureDefinition("n_transactions", plural(noun), what, how="orders", source=name),
        FeatureDefinition("n_lines", f"{noun} lines", "Number of rows of the customer.", how="rows"),
        FeatureDefinition("lines_per_transaction", f"lines per {noun}", each, how="basket", source=name),
    ]


def _distinct(column: Column) -> FeatureDefinition:
    return FeatureDefinition(
        f"n_{slug(column.name)}",
        f"different {column.name}",
        f"Number of different values of {column.name}.",
        how="distinct",
        needs_repeat=True,
        source=column.name,
    )


def _money(table: DataTable) -> _Group:
    amount = table.column(table.amount) if table.amount else None
    if amount is None:
        return []
    unit, source = amount.unit, amount.name
    part = f"Largest {source} as a part of the customer's total, 0 to 1."
    money = [
        FeatureDefinition(
            "total_amount", "total amount", f"Sum of {source}.", unit, how="sum", source=source
        ),
        FeatureDefinition(
            "mean_amount", "average amount", f"Mean of {source} per row.", unit, how="mean", source=source
        ),
        FeatureDefinition(
            "median_amount", "median amount", f"Median of {source}.", unit, how="median", source=source
        ),
        FeatureDefinition(
            "largest_amount", "largest amount", f"Largest {source}.", unit, how="largest", source=source
        ),
        FeatureDefinition(
            "largest_share",
            "share of the largest",
            part,
            how="largest_share",
            needs_repeat=True,
            source=source,
        ),
    ]
    if isinstance(amount.minimum, int | float) and amount.minimum < 0:
        what = f"Share of rows with a negative {source}, 0 to 1."
        money.append(
            FeatureDefinition(
                "share_negative", "negative amounts", what, how="negative", needs_repeat=True, source=source
            )
        )
    return [(one, "amount" if one.how == "sum" else "measure") for one in money]


def _holdings(table: DataTable) -> _Group:
    group: _Group = []
    balances = table.by_role("balance")
    for column in balances:
        tail, label = ("balance", "balance") if len(balances) == 1 else (slug(column.name), column.name)
        unit, source = column.unit, column.name
        last = f"Last known {source}, by time; of several at the same moment the largest."
        mean = f"Mean of the known {source}."
        cv = (
            f"Standard deviation of {source} divided by its mean; undefined with fewer than two known values."
        )
        if table.time:
            group.append(
                (
                    FeatureDefinition(f"last_{tail}", f"last {label}", last, unit, how="last", source=source),
                    "balance",
                )
            )
        group += [
            (
                FeatureDefinition(f"mean_{tail}", f"average {label}", mean, unit, how="mean", source=source),
                "measure",
            ),
            (
                FeatureDefinition(
                    f"{tail}_cv",
                    f"variation of {label}",
                    cv,
                    how="variation",
                    needs_repeat=True,
                    source=source,
                ),
                "measure",
            ),
        ]
    return group


_DATES: tuple[tuple[str, str, How, str], ...] = (
    ("recency_days", "days since the last", "recency", "Days from the last row to the reference date."),
    ("tenure_days", "days since the first", "tenure", "Days from the first row to the reference date."),
    (
        "mean_gap_days",
        "days between purchases",
        "gap",
        "Mean days from one purchase day to the next; undefined with a single purchase day.",
    ),
)


def _timing(table: DataTable) -> _Group:
    found: list[FeatureDefinition] = []
    if table.time:
        found += [
            FeatureDefinition(
                name, label, what, "days", how=how, needs_repeat=how == "gap", source=table.time
            )
            for name, label, how, what in _DATES
        ]
        rhythm = (
            "Standard deviation of the gaps divided by their mean; undefined with fewer than three "
            "purchase days."
        )
        found.append(_share("gap_cv", "variation of the gaps", rhythm, "gap_variation", table.time))
        what = "Share of rows on Saturday or Sunday, 0 to 1."
        found.append(_share("share_weekend", "weekend share", what, "weekend", table.time))
        for weekday in WEEKDAYS if _repeats(table) else ():
            what = f"Share of rows on a {weekday.capitalize()}, 0 to 1."
            found.append(
                _share(
                    f"share_{weekday}", f"{weekday.capitalize()} share", what, "weekday", table.time, weekday
                )
            )
    amount = table.column(table.amount) if table.amount else None
    if table.time and amount:
        what = "Amount in the second half of the period minus amount in the first half."
        found.append(
            FeatureDefinition(
                "trend_amount", "trend of the amount", what, amount.unit, how="trend", needs_repeat=True,
                source=amount.name,
            )
        )  # fmt: skip
    if has_clock(table):
        source = table.clock or table.time or ""
        what = "Mean time of day in hours, 0 to 24."
        found.append(FeatureDefinition("mean_hour", "average hour", what, "hours", how="hour", source=source))
        for part, (first, last) in PARTS_OF_DAY.items():
            what = f"Share of rows from {first}:00 to before {last}:00, 0 to 1."
            found.append(_share(f"share_{part}", f"{part} share", what, "part_of_day", source, part))
    return [(one, "measure") for one in found]


def _share(
    name: str, label: str, what: str, how: How, source: str, value: str | None = None
) -> FeatureDefinition:
    return FeatureDefinition(name, label, what, how=how, needs_repeat=True, source=source, value=value)


def _choices(table: DataTable) -> _Group:
    """Shares by channel, category, sign and yes/no columns; protected ones stay attributes."""
    found: list[FeatureDefinition] = []
    for column in table.by_role("category", "flag"):
        name = column.name
        if column.protected or name in (table.customer, table.time, table.clock):
            continue
        n_values = column.n_distinct if column.n_distinct is not None else len(column.values)
        if is_yes_no(column):
            what = f"Share of rows with {name}, 0 to 1."
            found.append(_share(f"share_{slug(name)}", f"share of {name}", what, "yes", name))
        elif column.kind == "text" and 1 < n_values <= MOST_SHARES:
            for value, _ in sorted(column.values):
                what = f"Share of rows with {name} = {value}, 0 to 1."
                found.append(
                    _share(f"share_{slug(name)}_{slug(value)}", f"{name} {value}", what, "value", name, value)
                )
        elif n_values > 1:
            found.append(_distinct(column))
    return [(one, "measure") for one in found]


def _measures(table: DataTable) -> _Group:
    group: _Group = []
    for column in table.by_role("measure", "quantity", "amount"):
        if column.name == table.amount or column.kind != "number":
            continue
        tail, name, unit = slug(column.name), column.name, column.unit
        if column.role != "measure":
            total = FeatureDefinition(
                f"total_{tail}", f"total {name}", f"Sum of {name}.", unit, how="sum", source=name
            )
            group.append((total, "measure"))
        elif adds_up(column):
            what = f"Sum of {name}."
            group.append(
                (
                    FeatureDefinition(f"total_{tail}", f"total {name}", what, unit, how="total", source=name),
                    "measure",
                )
            )
        mean = FeatureDefinition(
            f"mean_{tail}", _average(name), f"Mean of {name} per row.", unit, how="mean", source=name
        )
        group.append((mean, "measure"))
    return group


_ADDS_UP = {
    "sec", "second", "seconds", "min", "minute", "minutes", "hour", "hours", "day", "days", "night", "nights",
    "point", "points", "mile", "miles", "km", "item", "items", "unit", "units", "piece", "pieces", "kg",
}  # fmt: skip
_NO_SUM = {
    "since",
    "ago",
    "per",
    "prior",
    "until",
    "of",
    "lead",
    "gap",
    "balance",
    "bal",
    "rate",
    "avg",
    "mean",
}


def adds_up(column: Column) -> bool:
    """Tell by its name or unit whether the sum of a measure says something: nights do, a rating does not."""
    words = set(plain_name(column.name).lower().split())
    return bool(words & _ADDS_UP or column.unit in _ADDS_UP) and not words & _NO_SUM


_SINCE = re.compile(r"(minute|hour|day|week|month)s? since (?:the )?(?:prior|previous|last) (\w+)")


def _average(column: str) -> str:
    """Name the mean of a column: that of "days since prior order" is the days between orders."""
    since = _SINCE.fullmatch(plain_name(column))
    return f"{since[1]}s between {plural(since[2])}" if since else f"average {column}"


def _repeats(table: DataTable) -> bool:
    """Tell whether customers have two rows or more on average, so that shares by weekday say something."""
    key = table.column(table.customer) if table.customer else None
    return bool(key and key.n_distinct and table.n_rows >= 2 * key.n_distinct)


def is_yes_no(column: Column) -> bool:
    """Tell whether a column holds only yes and no, as booleans or as 0 and 1."""
    if column.kind == "boolean":
        return True
    return column.kind == "number" and column.n_distinct == 2 and (column.minimum, column.maximum) == (0, 1)


def has_clock(table: DataTable) -> bool:
    """Tell whether the hour of a row is known."""
    if table.clock:
        return True
    time = table.column(table.time) if table.time else None
    return bool(time and time.kind == "datetime")


def slug(text: str) -> str:
    """Write a name in lower case with underscores: "Payment method" becomes "payment_method"."""
    return re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_") or "value"
