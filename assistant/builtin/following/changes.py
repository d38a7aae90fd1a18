"""Knows the closed set of changes that a message can make to a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from assistant.builtin.following.question import Shape
from assistant.builtin.request.rows import Chart, Order
from tools.selecting import Condition, GroupBy, Measure


@dataclass(frozen=True)
class Changes:
    """What a message asks to be different; every field is one kind of change, and all of them compose.

    A new kind of change is a field here, read in `pieces.py` off the parts of a
    sentence or in `acts.py` off a phrase, and made by a function in `applying.py`.

    Attributes:
        shape: Another kind of answer: a distribution, a trend, a test of difference.
        measures: Something else is measured altogether.
        statistics: Another statistic of the same column.
        quantiles: Quantiles of the same column.
        columns: The same statistic of other columns.
        groups: Other groups.
        ungrouped: Groups that are taken away.
        grain: Another time step; "auto" only asks for the course of time.
        also: New measures, groups or values come beside the old ones instead of in their place.
        filters: Further conditions, or others on the same column.
        unfiltered: Columns whose conditions are taken away.
        everyone: All conditions are taken away.
        opposite: The last condition is turned round.
        having: Conditions on groups.
        limit: Number of groups.
        unlimited: All groups are wanted again.
        every_group: Conditions on groups are taken away.
        order: Order of the groups.
        reverse: The order is turned round.
        ranked: Best ("desc") or worst ("asc") groups are wanted.
        afresh: New groups are shown in full, however many of the old ones were.
        share: Shares instead of numbers.
        rate: The share of rows that the last condition picks is wanted.
        chart: Another chart.
        method: Another measure of correlation.
        of_them: The rows of the last answer are spoken of.
        periods: Two periods to compare.
        customers: Customers are asked about, where transactions were.
        transposed: Two groups change places.
        absolute: Numbers instead of shares.
        overall: One number for all is wanted, without groups and periods.
        listing: The customers behind a number are wanted one by one.
        keeps_groups: A condition on the groups leaves them as they are.
        again: The same is wanted as it stands.
        options: What only one kind of request has, under its own name: a running total, shares of rows.
    """

    shape: Shape | None = None
    measures: tuple[Measure, ...] = ()
    statistics: tuple[str, ...] = ()
    quantiles: tuple[float, ...] = ()
    columns: tuple[str, ...] = ()
    groups: tuple[GroupBy, ...] = ()
    ungrouped: tuple[str, ...] = ()
    grain: str | None = None
    also: bool = False
    filters: tuple[Condition, ...] = ()
    unfiltered: tuple[str, ...] = ()
    everyone: bool = False
    opposite: bool = False
    having: tuple[Condition, ...] = ()
    limit: int | None = None
    unlimited: bool = False
    every_group: bool = False
    order: Order = "auto"
    reverse: bool = False
    ranked: str = ""
    afresh: bool = False
    share: bool = False
    rate: bool = False
    chart: Chart | None = None
    method: str | None = None
    periods: tuple[str, ...] = ()
    customers: bool = False
    of_them: bool = False
    transposed: bool = False
    absolute: bool = False
    overall: bool = False
    listing: bool = False
    keeps_groups: bool = False
    again: bool = False
    options: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the message asks for no change at all."""
        quiet = {"notes", "also", "customers", "afresh", "of_them", "keeps_groups"}
        return all(getattr(self, f.name) == f.default for f in fields(self) if f.name not in quiet)
