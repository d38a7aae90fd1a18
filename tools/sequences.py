"""Knows what the order of a customer's rows in time says of each: the first date, its place, days since then.

Rows of one moment share their place, so that the order in which a file holds them decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Literal

import narwhals as nw

from tools.core import Column, DataTable
from tools.errors import ToolError

Frame = nw.LazyFrame[Any]
Kind = Literal["first", "since_first", "since_previous", "place"]
FIRST = "first "  # of a date: the customer's first one
SINCE_FIRST = "days since first "
SINCE_PREVIOUS = "days since previous "
PLACE = "place by "
_KINDS: tuple[tuple[str, Kind], ...] = (
    (SINCE_FIRST, "since_first"), (SINCE_PREVIOUS, "since_previous"), (PLACE, "place"), (FIRST, "first"),
)  # fmt: skip


def sequence_of(name: str, known: Collection[str]) -> tuple[Kind, str] | None:
    """Take a name apart as a word on the order of a customer's rows and the date that orders them."""
    for lead, kind in _KINDS:
        if name.startswith(lead) and name.removeprefix(lead) in known:
            return kind, name.removeprefix(lead)
    return None


def sequence_column(name: str, kind: Kind, date: Column) -> Column:
    """Return what is known of the column that is made of the order of a customer's rows.

    Raises:
        ToolError: If what is to order them is no date.
    """
    if date.kind not in ("date", "datetime"):
        raise ToolError(f"{name} cannot be computed.", "Only a date puts the rows of a customer in order.")
    if kind == "first":
        return replace(
            date, name=name, role="measure", n_missing=0, n_distinct=None, values=(), derived_from=date.name,
            note=f"The first {date.name} of the customer.",
        )  # fmt: skip
    told = {
        "since_first": f"Days from the customer's first {date.name} to that of the row.",
        "since_previous": f"Days from the customer's {date.name} before to that of the row.",
        "place": f"1 for the customer's first {date.name}, 2 for the next one; one moment counts once.",
    }
    unit = None if kind == "place" else "days"
    return Column(name, "number", "measure", unit, derived_from=date.name, note=told[kind])


def with_sequence(table: DataTable, frame: Frame, name: str, kind: Kind, date: str) -> Frame:
    """Put what the order of the customer's rows says beside each of them.

    Raises:
        ToolError: If the table has no customers.
    """
    if table.customer is None:
        raise ToolError(f"{name} cannot be computed.", "It needs a customer column.")
    key, moment = "sequence:key", "sequence:moment"
    known = frame.filter(~nw.col(table.customer).is_null())
    held = known.select(nw.col(table.customer).alias(key), nw.col(date).alias(moment))
    if kind == "first":
        found = held.group_by(key).agg(nw.col(moment).min().alias(name))
        return frame.join(found, left_on=table.customer, right_on=key, how="left")
    moments = held.filter(~nw.col(moment).is_null()).unique()
    if kind == "place":
        made = nw.col(moment).rank("dense").over(key).cast(nw.Int64)
    else:
        before = nw.col(moment).min() if kind == "since_first" else nw.col(moment).shift(1)
        before = before.over(key) if kind == "since_first" else before.over(key, order_by=moment)
        late = nw.col(moment).cast(nw.Datetime)
        made = (late - before.cast(nw.Datetime)).dt.total_seconds().cast(nw.Float64) / 86_400
    found = moments.select(nw.col(key), nw.col(moment), made.alias(name))
    return frame.join(found, left_on=[table.customer, date], right_on=[key, moment], how="left")
