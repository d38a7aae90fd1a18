"""Finds parts of one request that cannot belong together, whatever the sentence was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.builtin.backward.claims import Claims
from assistant.builtin.backward.disagreement import Disagreement, Evidence
from assistant.builtin.request.rows import Aggregate, Distribution, Filtered
from tools.selecting import Condition


def incoherent(evidence: Evidence) -> Iterator[Disagreement]:
    """Find what can hold for no row, groups of one, an order of nothing, and limits beyond all values."""
    claims = evidence.claims
    for request in claims.requests:
        if isinstance(request, Filtered):
            yield from _never(request.where, claims)
            yield from _beyond(request.where, claims)
        if isinstance(request, Aggregate):
            yield from _one_group(request)
            yield from _other_steps(request, claims)
            yield from _orders_nothing(request)
            yield from _counts_ones(request, claims)
            yield from _fixed(request)
            yield from _ages_added(request, claims)
        if isinstance(request, Distribution) and request.chart in ("line", "area", "scatter"):
            yield Disagreement("incoherent", "drawn", request.chart)


def _never(where: Sequence[Condition], claims: Claims) -> Iterator[Disagreement]:
    """Find two conditions on one column of which the second leaves nothing of the first, or all of it."""
    for place, first in enumerate(where):
        for second in where[place + 1 :]:
            if first.column != second.column or first.grain or second.grain or first.than or second.than:
                continue
            if _excludes(first, second, claims):
                yield Disagreement("incoherent", "never", first.column)


def _excludes(first: Condition, second: Condition, claims: Claims) -> bool:
    """Tell whether no row, or the same rows as before, are left by a second condition on the same column."""
    kinds = {first.is_, second.is_}
    once_more = (
        "missing" in kinds or kinds in ({"equal"}, {"in"}, {"between"}) or bool(first.or_ or second.or_)
    )
    return once_more or (first.column in claims.times and not _bounds(first, second))


def _bounds(first: Condition, second: Condition) -> bool:
    """Tell whether two conditions are the two ends of one period, or take something out of it."""
    ends = {"above", "at_least"}, {"below", "at_most"}
    apart = any(first.is_ in a and second.is_ in b for a in ends for b in ends if a is not b)
    return apart or {first.is_, second.is_} & {"not_equal", "not_in", "present"} != set()


def _beyond(where: Sequence[Condition], claims: Claims) -> Iterator[Disagreement]:
    """Find a number that no value of its column reaches: "more than 220" of a score up to 5."""
    for one in where:
        column = claims.catalog.columns.get(one.column)
        high, low = (column.maximum, column.minimum) if column else (None, None)
        value = one.value
        if not isinstance(value, int | float) or isinstance(value, bool) or one.grain:
            continue
        if isinstance(high, int | float) and one.is_ in ("above", "at_least") and value > 3 * abs(high):
            yield Disagreement("incoherent", "beyond", one.column)
        if isinstance(low, int | float) and one.is_ in ("below", "at_most") and low > 0 and value < low / 3:
            yield Disagreement("incoherent", "beyond", one.column)


def _one_group(request: Aggregate) -> Iterator[Disagreement]:
    """Find groups of a column that a condition holds at one value: there is nothing to compare."""
    fixed = {one.column for one in request.where if one.is_ == "equal" and not one.grain and not one.or_}
    for group in request.by:
        if group.column in fixed and not group.grain:
            yield Disagreement("incoherent", "one group", group.column)


def _other_steps(request: Aggregate, claims: Claims) -> Iterator[Disagreement]:
    """Find named years or months that would be shown in other steps of time, by nobody's word."""
    for group in request.by:
        named = [one for one in request.where if one.column == group.column and one.is_ == "in"]
        lengths = {len(str(value)) for one in named for value in one.values}
        if group.column in claims.times and group.grain is None and lengths == {4}:
            yield Disagreement("incoherent", "steps", group.column)


def _orders_nothing(request: Aggregate) -> Iterator[Disagreement]:
    if request.order in ("ascending", "descending") and not request.by:
        yield Disagreement("incoherent", "orders nothing", request.order)


def _counts_ones(request: Aggregate, claims: Claims) -> Iterator[Disagreement]:
    """Find customers counted for each customer, in a table that holds each of them once."""
    table = claims.catalog.table
    single = table.grain == "customers" and [g.column for g in request.by] == [table.customer]
    if single and request.measures and any(m.statistic == "count" and not m.where for m in request.measures):
        yield Disagreement("incoherent", "ones", str(table.customer))


def _fixed(request: Aggregate) -> Iterator[Disagreement]:
    """Find a column measured over the rows for which a condition holds it at one value."""
    for measure in request.measures:
        fixed = {one.column for one in (*request.where, *measure.where) if one.is_ == "equal"}
        if measure.column in fixed and not measure.statistic.startswith("count"):
            yield Disagreement("incoherent", "fixed", str(measure.column))


def _ages_added(request: Aggregate, claims: Claims) -> Iterator[Disagreement]:
    for measure in request.measures:
        column = claims.catalog.columns.get(measure.column or "")
        if measure.statistic == "sum" and column is not None and column.role == "age":
            yield Disagreement("incoherent", "ages added", str(measure.column))
