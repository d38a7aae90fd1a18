"""Knows the one form that every question about data shares, so that a change applies to all kinds alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from assistant.builtin.request.rows import (
    Aggregate,
    Chart,
    Correlation,
    CrossTable,
    Distribution,
    Filtered,
    GroupDifference,
    Order,
    Outliers,
    Trend,
)
from tools.selecting import Condition, GroupBy, Measure

Shape = Literal["numbers", "trend", "distribution", "outliers", "difference", "relation", "cross"]

_Kind = TypeVar("_Kind", bound=Filtered)
CALENDAR = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Question:
    """A question about data, whatever tool answers it.

    Attributes:
        shape: What kind of answer is wanted.
        measures: What is measured; of a distribution or a test, the column alone counts.
        by: Groups; the time of a trend is not among them.
        where: Conditions on rows.
        having: Conditions on groups.
        order: Order of the groups.
        limit: Number of groups shown.
        grain: Time step of a trend; None leaves it to the tool.
        share: Shares of the total are wanted.
        chart: Chart asked for.
        table: Table that answers; None for the main one.
        rest: What only one kind of request has, as its own arguments.
    """

    shape: Shape
    measures: tuple[Measure, ...] = ()
    by: tuple[GroupBy, ...] = ()
    where: tuple[Condition, ...] = ()
    having: tuple[Condition, ...] = ()
    order: Order = "auto"
    limit: int | None = None
    grain: str | None = None
    share: bool = False
    chart: Chart = "auto"
    table: str | None = None
    rest: dict[str, Any] = field(default_factory=dict)

    @property
    def column(self) -> str | None:
        """Column that is measured first."""
        return next((m.column for m in self.measures if m.column), None)

    @property
    def columns(self) -> set[str]:
        """All columns that the question speaks of."""
        measured = {m.column for m in self.measures if m.column}
        return measured | {g.column for g in self.by} | {c.column for c in self.where}

    @property
    def by_columns(self) -> set[str]:
        """The columns that it groups by."""
        return {group.column for group in self.by}

    @property
    def is_rate(self) -> bool:
        """Whether it asks for the share of rows that fulfil a condition."""
        return bool(self.measures) and self.measures[0].per is not None


def question_of(request: Filtered) -> Question | None:
    """Return a request in the common form; None for requests that no follow-up changes."""
    shared: dict[str, Any] = {
        "where": tuple(request.where), "table": request.table, "rest": _own(request),
    }  # fmt: skip
    if isinstance(request, Aggregate):
        return Question(
            "numbers",
            tuple(request.measures),
            tuple(request.by),
            having=tuple(request.having),
            order=request.order,
            limit=request.limit,
            share=request.share_of_total,
            chart=request.chart,
            **shared,
        )
    if isinstance(request, Trend):
        groups: tuple[GroupBy, ...] = (GroupBy(column=request.by),) if request.by else ()
        return Question(
            "trend", (request.measure,), groups, grain=request.grain, chart=request.chart, **shared
        )
    if isinstance(request, Distribution | GroupDifference):
        groups = (GroupBy(column=request.by),) if request.by else ()
        measured: tuple[Measure, ...] = (Measure(statistic="mean", column=request.column),)
        if isinstance(request, Distribution):
            return Question("distribution", measured, groups, chart=request.chart, **shared)
        return Question("difference", measured, groups, **shared)
    if isinstance(request, Outliers):
        return Question("outliers", (Measure(statistic="mean", column=request.column),), **shared)
    if isinstance(request, Correlation):
        measured = tuple(Measure(statistic="mean", column=name) for name in request.columns)
        return Question("relation", measured, **shared)
    if isinstance(request, CrossTable):
        groups = (GroupBy(column=request.rows), GroupBy(column=request.columns))
        return Question("cross", (), groups, **shared)
    return None


# What the common form holds under a name of its own; everything else that a request says is kept as it is.
_COMMON = {
    "measures", "measure", "by", "having", "order", "limit", "share_of_total", "chart", "grain", "column",
    "columns", "rows", "where", "table",
}  # fmt: skip


def _own(request: Filtered) -> dict[str, Any]:
    """Return what only this kind of request says: a running total, two periods, a rule for outliers."""
    fields = type(request).model_fields
    said = {name: getattr(request, name) for name in fields if name not in _COMMON}
    return {
        name: value
        for name, value in said.items()
        if value != fields[name].get_default(call_default_factory=True)
    }


def request_of(question: Question, time: str | None) -> Filtered | None:
    """Return the request that answers a question; None if what it needs is not there.

    Args:
        question: The common form.
        time: Column that says when, for trends.
    """
    shared: dict[str, Any] = {"where": list(question.where), "table": question.table}
    column = question.column
    first = question.by[0].column if question.by else None
    if question.shape == "trend" and _fits_a_trend(question, time):
        return _made(
            Trend, question, shared, measure=question.measures[0], grain=question.grain, by=first,
            chart=question.chart,
        )  # fmt: skip
    if question.shape in ("numbers", "trend"):
        return _numbers(question, time, shared)
    if question.shape == "distribution" and column:
        return _made(Distribution, question, shared, column=column, by=first, chart=question.chart)
    if question.shape == "outliers" and column:
        return _made(Outliers, question, shared, column=column)
    if question.shape == "difference" and column and first:
        return _made(GroupDifference, question, shared, column=column, by=first)
    if question.shape == "relation":
        columns = [m.column for m in question.measures if m.column]
        return _made(Correlation, question, shared, columns=columns)
    if question.shape == "cross" and len(question.by) == 2:
        rows, columns_by = (group.column for group in question.by)
        return _made(CrossTable, question, shared, rows=rows, columns=columns_by)
    return None


def _made(kind: type[_Kind], question: Question, shared: dict[str, Any], **said: Any) -> _Kind:
    """Make a request of what is said and of what the question keeps for this kind of request."""
    kept = {
        name: value for name, value in question.rest.items() if name in kind.model_fields and name not in said
    }
    return kind.model_validate({**kept, **said, **shared})


def _fits_a_trend(question: Question, time: str | None) -> bool:
    """Tell whether one line a group over time can show it; otherwise the periods are groups like others."""
    plain = all(group.grain is None and group.bins is None for group in question.by)
    ranked = question.limit or question.having or question.share or question.order != "auto"
    return bool(
        time and len(question.measures) == 1 and len(question.by) <= 1 and plain and not ranked
        and question.table is None
    )  # fmt: skip


def _numbers(question: Question, time: str | None, shared: dict[str, Any]) -> Aggregate | None:
    groups = list(question.by)
    if question.shape == "trend":
        if time is None:
            return None
        groups.insert(0, GroupBy.model_validate({"column": time, "grain": question.grain or "month"}))
    if not question.measures:
        return None
    alone = len(groups) < 2
    return _made(
        Aggregate,
        question,
        shared,
        measures=list(question.measures),
        by=groups,
        having=list(question.having),
        order=question.order,
        limit=question.limit if groups else None,
        share_of_total=question.share,
        chart=question.chart,
        **({"rank_within": False} if alone else {}),
    )


def over_time(question: Question) -> Question:
    """Turn calendar groups into a trend where one line can show it."""
    calendar = [g for g in question.by if g.grain in CALENDAR]
    if question.shape != "numbers" or len(calendar) != 1:
        return question
    others = tuple(g for g in question.by if g not in calendar)
    moved = replace(question, shape="trend", grain=calendar[0].grain, by=others)
    return moved if _fits_a_trend(moved, "time") else question


def of_those(question: Question, listed: tuple[str, ...], each: bool = False) -> Question:
    """Narrow a ranking to the groups that it showed: "how much did they spend in total?".

    Args:
        question: The ranking.
        listed: The groups that it showed.
        each: Whether they stay groups: "what is their average stay?".
    """
    first = question.by[0]
    kept = Condition.model_validate({"column": first.column, "is": "in", "values": list(listed)})
    return replace(
        question,
        by=question.by if each else question.by[1:],
        where=(*question.where, kept),
        limit=None,
        order="auto",
        having=(),
    )


def of_them(question: Question, key: str | None) -> Question:
    """Forget the groups of a list of customers: "how much do they spend?" asks about all of them."""
    listed = [group.column for group in question.by] == [key] and not (question.limit or question.having)
    pinned = any(c.column == key and c.is_ == "in" for c in question.where)
    if key is None or not (listed or pinned):
        return question
    return replace(question, by=(), order="auto", limit=None)
