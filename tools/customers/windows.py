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

WHOLE = 0.98  # part of a period's days from which it counts as whole
ENOUGH = 0.2  # part of the earlier customers who come back, from which a default period is long enough


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
        return self.days < WHOLE * self.whole_days


Pair = tuple[Window, Window]


def window_pair(
    workspace: Workspace, first: str | None, second: str | None
) -> tuple[Window, Window, tuple[str, ...]]:
    """Return the two periods to compare, the earlier one first, and what was assumed.

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
        one, two = _usual(workspace, start, end)
        said = "No periods were named: of the last whole months, quarters and halves, these are the"
        why = "shortest in which a fifth of the customers come back, or else those in which most do."
        return one, two, (f"{said} {why}",)
    if first is None or second is None:
        raise ToolError("Movement needs two periods.", "Name both, such as 2016-08 and 2016-09.")
    earlier, later = sorted((_named(text, start, end) for text in (first, second)), key=lambda one: one.first)
    if later.first <= earlier.last:
        raise ToolError(f"{earlier.words} and {later.words} overlap.", "Choose periods one after the other.")
    return earlier, later, ()


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


def _usual(workspace: Workspace, start: date, end: date) -> Pair:
    """Return the shortest whole months, quarters or halves in which enough customers come back."""
    pairs = [pair for months in (1, 3) if (pair := _calendar(start, end, months))]
    half = ((end - start).days + 1) // 2
    if half:
        middle = end - timedelta(days=half - 1)
        pairs.append(
            (_between(middle - timedelta(days=half), middle - timedelta(days=1)), _between(middle, end))
        )
    if not pairs:
        raise ToolError("All dates are the same day, so there are no two periods.", "Load a longer history.")
    shares = [_come_back(workspace, pair) for pair in pairs]
    enough = [pair for pair, share in zip(pairs, shares, strict=True) if share >= ENOUGH]
    return enough[0] if enough else pairs[shares.index(max(shares))]


def _calendar(start: date, end: date, months: int) -> Pair | None:
    """Return the last two whole months or quarters of the calendar within the data."""
    after = (end + timedelta(days=1)).replace(day=1)
    while (after.month - 1) % months:
        after = next_month(after, -1)
    edges = [next_month(after, -2 * months), next_month(after, -months), after]
    if edges[0] < start:
        return None
    one, two = (
        Window(span_words(low, high), low, high - timedelta(days=1), (high - low).days)
        for low, high in zip(edges, edges[1:], strict=False)
    )
    return one, two


def _come_back(workspace: Workspace, pair: Pair) -> float:
    """Return the part of the customers of the first period who are in the second too."""
    table = workspace.table
    moment = nw.col(cast(str, table.time)).cast(nw.Date)
    inside = [
        nw.when((moment >= nw.lit(window.first)) & (moment <= nw.lit(window.last)))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        .max()
        .alias(name)
        for window, name in zip(pair, ("first", "second"), strict=True)
    ]
    frame = workspace.engine.frame(table.name).filter(~nw.col(cast(str, table.customer)).is_null())
    seen = frame.group_by(cast(str, table.customer)).agg(*inside).filter(nw.col("first") == 1)
    found = workspace.engine.collect(
        seen.select(nw.len().alias("n"), nw.col("second").sum().alias("both"))
    ).iloc[0]
    return float(found["both"]) / float(found["n"]) if found["n"] else 0.0


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
