"""Applies changes of conditions to a question: in the place of others, beside them, inside a rate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.builtin.following.changes import Changes
from assistant.builtin.following.question import Question
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.negation import OPPOSITE
from tools.selecting import Condition

_LENGTHS = {4: "year", 7: "month", 10: "day"}  # characters of a period: 2024-05 is a month
_UP, _DOWN = ("above", "at_least"), ("below", "at_most")


def narrowed(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Return the question with the conditions that a message takes away, turns round, replaces or adds."""
    question, changes = _of_the_rate(question, changes)
    counted = {repr(c) for m in question.measures if m.per for c in m.where} if changes.share else set()
    if counted:  # they are what the share is of
        changes = replace(changes, filters=tuple(c for c in changes.filters if repr(c) not in counted))
    where = () if changes.everyone else question.where
    where = tuple(c for c in where if c.column not in changes.unfiltered)
    if changes.opposite and where:
        turned = where[-1].model_copy(update={"is_": OPPOSITE.get(where[-1].is_, where[-1].is_)})
        where = (*where[:-1], turned)
    asks = changes.measures or changes.columns or changes.statistics
    if (
        changes.of_them and asks and not where and question.is_rate
    ):  # "their churn rate": of those whose share was shown
        where = tuple(c for c in question.measures[0].where if not _is_outcome(c, catalog))
    if changes.filters:
        where = _merged(where, changes)
    table = "customers" if changes.customers else question.table
    single = {c.column for c in changes.filters if c.is_ == "equal" and c.grain is None}
    single -= {c.column for c in where if c.is_ == "in"}  # "add Hamburg" to a list leaves the groups
    by = question.by
    regrouped = changes.groups and question.shape not in ("numbers", "trend")
    if (
        not changes.keeps_groups and not regrouped
    ):  # "and for women?" after "by gender": the one group takes the place of all
        single -= {g.column for g in changes.groups}
        whole = {(c.column, _LENGTHS.get(len(str(c.value)))) for c in changes.filters if c.is_ == "equal"}
        by = tuple(g for g in by if g.column not in single or g.grain and (g.column, g.grain) not in whole)
    return replace(question, where=where, by=by, table=table)


def _of_the_rate(question: Question, changes: Changes) -> tuple[Question, Changes]:
    """Ask for the share of other rows: "and low instead of high?" after the share with a high score."""
    if not question.is_rate or changes.measures or len(question.measures) != 1:
        return question, changes
    rate = question.measures[0]
    counted = {c.column for c in rate.where}
    ranged = {c.column for c in rate.where if c.is_ in (*_UP, *_DOWN)}
    new = [
        c for c in changes.filters if c.column in counted and (c.is_ in ("equal", "in") or c.column in ranged)
    ]
    if not new:
        return question, changes
    kept = [c for c in rate.where if c.column not in {n.column for n in new}]
    rate = rate.model_copy(update={"where": [*kept, *new]})
    rest = tuple(c for c in changes.filters if c not in new)
    return replace(question, measures=(rate,)), replace(changes, filters=rest)


def _is_outcome(one: Condition, catalog: Catalog) -> bool:
    column = catalog.columns.get(one.column)
    return column is not None and column.role == "outcome"


def _merged(old: tuple[Condition, ...], changes: Changes) -> tuple[Condition, ...]:
    """Put new conditions in the place of those on the same column, or beside them where that is said."""
    kept, new = list(old), []
    for one in changes.filters:
        same = [c for c in kept if (c.column, c.grain) == (one.column, one.grain)]
        if changes.also and one.is_ in ("equal", "in") and any(c.is_ in ("equal", "in") for c in same):
            values: list[Any] = [v for c in (*same, one) for v in (*c.values, c.value) if v is not None]
            one = one.model_copy(update={"is_": "in", "value": None, "values": [*dict.fromkeys(values)]})
        elif any(_narrows(one, c) for c in same):
            same = []
        kept = [c for c in kept if c not in same]
        new.append(one)
    return (*kept, *new)


def _narrows(one: Condition, other: Condition) -> bool:
    """Tell whether two limits leave a range between them: "above 100", then "and below 500"."""
    low, high = (one, other) if one.is_ in _UP else (other, one)
    if low.is_ not in _UP or high.is_ not in _DOWN:
        return False
    ends = (low.value, high.value)
    return all(isinstance(end, int | float) for end in ends) and float(ends[0] or 0) < float(ends[1] or 0)
