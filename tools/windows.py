"""Knows periods of a transactions table: which to compare, whether they are whole, the rows within."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

import narwhals as nw
import pandas as pd

from tools.core import DataTable, Workspace
from tools.errors import ToolError
from tools.periods import interval, next_month, span_words
from tools.wording import day


@dataclass(frozen=True)
class Window:
    """A period of the data.

    Attributes:
        words: How it is called.
        first: First day within the data.
        last: Last day within the data.
        whole_days: Days that the period has in the calendar.
    """

    words: str
    first: date
    last: date
    whole_days: int

    @property
    def days(self) -> int:
        """Days within the data, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def is_partial(self) -> bool:
        """Whether the data do not cover the whole period."""
        return self.days < self.whole_days


def window_pair(workspace: Workspace, first: str | None, second: str | None) -> tuple[Window, Window]:
    """Return the two periods to compare, the earlier one first.

    Raises:
        ToolError: If the table has no dates, or a period is not in the data.
    """
    table = workspace.table
    if table.grain != "transactions" or not table.customer or not table.time:
        raise ToolError(
            "Movement needs the same customers at two times, and this table has no dates of transactions.",
            "Load a second file of a later time, or transactions with a date column.",
        )
    start, end = _span(workspace, table)
    if first is None and second is None:
        return _usual(start, end)
    if first is None or second is None:
        raise ToolError("Movement needs two periods.", "Name both, such as 2016-08 and 2016-09.")
    pair = sorted((_named(text, start, end) for text in (first, second)), key=lambda one: one.first)
    if pair[1].first <= pair[0].last:
        raise ToolError(
            f"{pair[0].words} and {pair[1].words} overlap.", "Choose periods one after the other."
        )
    return pair[0], pair[1]


def _span(workspace: Workspace, table: DataTable) -> tuple[date, date]:
    moment = nw.col(cast(str, table.time)).cast(nw.Date)
    frame = workspace.engine.frame(table.name)
    found = workspace.engine.collect(
        frame.select(moment.min().alias("first"), moment.max().alias("last"))
    ).iloc[0]
    if pd.isna(found["first"]):
        raise ToolError(f"{table.time} holds no dates.", "Choose data with dates.")
    last = pd.Timestamp(found["last"]).date()
    if workspace.reference_date:
        last = min(last, date.fromisoformat(workspace.reference_date))
    return pd.Timestamp(found["first"]).date(), last


def _usual(start: date, end: date) -> tuple[Window, Window]:
    """Return the last two whole calendar months, or the two halves of the data."""
    after = next_month(end.replace(day=1)) if (end + timedelta(days=1)).day == 1 else end.replace(day=1)
    months = [next_month(after, -2), next_month(after, -1), after]
    if months[0] >= start:
        one, two = (
            Window(span_words(a, b), a, b - timedelta(days=1), (b - a).days)
            for a, b in zip(months, months[1:], strict=False)
        )
        return one, two
    half = ((end - start).days + 1) // 2
    if half < 1:
        raise ToolError("All dates are the same day, so there are no two periods.", "Load a longer history.")
    middle = end - timedelta(days=half - 1)
    return _between(middle - timedelta(days=half), middle - timedelta(days=1)), _between(middle, end)


def _between(first: date, last: date) -> Window:
    return Window(f"{day(first)} to {day(last)}", first, last, (last - first).days + 1)


def _named(text: str, start: date, end: date) -> Window:
    ends = [piece.strip() for piece in text.replace(" until ", " to ").split(" to ")]
    spans = [interval(piece) for piece in ends]
    low, high = _as_day(spans[0][0]), _as_day(spans[-1][1])
    words = span_words(low, high) if len(ends) == 1 else f"{day(low)} to {day(high - timedelta(days=1))}"
    first, last = max(low, start), min(high - timedelta(days=1), end)
    if last < first:
        raise ToolError(f"{words} is not in the data.", f"They run from {day(start)} to {day(end)}.")
    return Window(words, first, last, (high - low).days)


def _as_day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def within(workspace: Workspace, window: Window) -> Workspace:
    """Return the workspace with only the rows of a period as its main table, counted to the period's end."""
    table, engine = workspace.table, workspace.engine
    name = f"{table.name} {window.first.isoformat()} to {window.last.isoformat()}"
    moment = nw.col(cast(str, table.time)).cast(nw.Date)

    def build() -> int:
        rows = engine.frame(table.name).filter(
            (moment >= nw.lit(window.first)) & (moment <= nw.lit(window.last))
        )
        engine.store(name, rows)
        return int(engine.collect(engine.frame(name).select(nw.len().alias("n")))["n"].iloc[0])

    n_rows = engine.memo(("period", name), build)
    if not n_rows:
        raise ToolError(f"There are no rows in {window.words}.", "Choose another period.")
    part = replace(table, name=name, n_rows=n_rows)
    return replace(
        workspace,
        tables={**workspace.tables, name: part},
        main=name,
        reference_date=window.last.isoformat(),
    )
