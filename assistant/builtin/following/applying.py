"""Applies the changes that a message asks for to a question: one function a kind of change, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.builtin.annotate import Sentence
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.narrowing import narrowed
from assistant.builtin.following.question import CALENDAR, Question, over_time
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.tables import for_customers
from tools.selecting import Condition, GroupBy, Measure

FEW_LINES = 8  # more lines than this in one chart over time cannot be told apart


def applied(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Return the changed question."""
    for step in (
        _uncrossed,
        _rate_of_new,
        narrowed,
        _measures,
        _listing,
        _shape,
        _groups,
        _grain,
        _periods,
        _ranking,
        _share,
        _absolute,
        _transposed,
        _chart,
        _rest,
        _of_customers,
    ):
        question = step(question, changes, catalog)
    return over_time(_tidied(question))


def _uncrossed(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Read a cross table as shares or counts by group, where it is to be ranked, cut, drawn or followed.

    Of an outcome the rate is meant: "churn by contract" - "worst first".
    """
    listed = changes.limit or changes.ranked or changes.order != "auto" or changes.reverse or changes.grain
    drawn = changes.chart not in (None, "auto", "none", "heatmap")
    more = changes.also and changes.groups
    if question.shape == "difference" and (listed or drawn):  # the groups tested, as numbers
        answers = catalog.yes_no(question.column or "")
        if answers is None:
            return replace(question, shape="numbers", rest={})
        one = Condition.model_validate({"column": question.column, "is": "equal", "value": answers[0]})
        share = Measure(statistic="count", where=[one], per=Measure(statistic="count"))
        return replace(question, shape="numbers", measures=(share,), rest={})
    if question.shape != "cross" or not (listed or drawn or more or changes.absolute and not question.rest):
        return question
    rows, columns = sorted(question.by, key=lambda group: catalog.is_flag(group.column))
    answers = catalog.yes_no(columns.column)
    count = Measure(statistic="count")
    rest = {name: value for name, value in question.rest.items() if name != "normalise"}
    question = replace(question, shape="numbers", measures=(count,), rest=rest)
    if answers is None:
        return question
    one = Condition.model_validate({"column": columns.column, "is": "equal", "value": answers[0]})
    rate = Measure(statistic="count", where=[one], per=count)
    return replace(question, measures=(rate,), by=(rows,))


def _rate_of_new(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Read "and the share who left": the part of the rows asked about that fulfils the new conditions."""
    held = {c.column for c in question.where}
    new = [c for c in changes.filters if c.column not in held and c.column != catalog.table.time]
    said = changes.measures or changes.columns or changes.statistics or changes.groups
    if not changes.share or not new or said or question.shape not in ("numbers", "trend") or changes.having:
        return question
    if len(new) != len(changes.filters):
        return question
    first = question.measures[0] if question.measures else Measure(statistic="count")
    added = first.statistic in ("sum", "count", "count_distinct")
    base = first.model_copy(update={"per": None, "where": []}) if added else Measure(statistic="count")
    if question.is_rate:
        base = Measure(statistic="count")
    part = base.model_copy(update={"where": new, "per": base})
    return replace(question, measures=(part,), share=False)


Step = Callable[[Question, Changes, Catalog], Question]


def _measures(question: Question, changes: Changes, catalog: Catalog) -> Question:
    old = question.measures
    if changes.measures:
        new = (*old, *changes.measures) if changes.also and question.shape == "numbers" else changes.measures
        return replace(question, measures=new, shape=_of_numbers(question))
    if changes.quantiles and question.column:
        new = tuple(Measure(statistic="quantile", column=question.column, q=q) for q in changes.quantiles)
        return replace(question, measures=new, shape=_of_numbers(question))
    if changes.statistics:
        column = question.column or catalog.table.amount
        if column is None:
            return question
        first = next((m for m in old if m.column), None)
        base: dict[str, Any] = {"column": column, "where": first.where if first else []}
        new = tuple(Measure.model_validate({**base, "statistic": s}) for s in changes.statistics)
        kept = tuple(m for m in old if m.column and m.statistic not in changes.statistics)
        both = changes.also and question.shape == "numbers"
        return replace(question, measures=(*kept, *new) if both else new, shape=_of_numbers(question))
    if changes.columns:
        return replace(question, measures=_of_columns(question, changes, catalog))
    return question


def _of_numbers(question: Question) -> Any:
    return "trend" if question.shape == "trend" else "numbers"


def _of_columns(question: Question, changes: Changes, catalog: Catalog) -> tuple[Measure, ...]:
    """Measure other columns by the statistic that was asked for, where it makes sense of them."""
    old = question.measures
    if question.shape == "relation" or changes.shape == "relation":
        first = question.column
        names = changes.columns if len(changes.columns) > 1 or not first else (first, *changes.columns)
        return tuple(Measure(statistic="mean", column=name) for name in dict.fromkeys(names))
    first_old = next((m for m in old if m.column and m.statistic != "count_distinct"), None)
    new = []
    for name in changes.columns:
        statistic = first_old.statistic if first_old else _usual(name, catalog)
        if statistic == "sum" and _usual(name, catalog) == "mean":
            statistic = "mean"
        if changes.share and _usual(name, catalog) == "sum":
            statistic = "sum"
        q = first_old.q if first_old and statistic == "quantile" else None
        new.append(Measure.model_validate({"statistic": statistic, "column": name, "q": q}))
    return (*old, *new) if changes.also and question.shape == "numbers" else tuple(new)


def _usual(name: str, catalog: Catalog) -> str:
    """Return the usual statistic of a column: money is added up, balances and rates are not."""
    column = catalog.columns.get(name)
    words = set(catalog.words_of.get(name, ()))
    added = column is not None and column.role in ("amount", "quantity")
    return "sum" if added and not words & cue("never_added_up") else "mean"


def _shape(question: Question, changes: Changes, catalog: Catalog) -> Question:
    if changes.shape in (None, question.shape):
        return question
    by = question.by
    if changes.shape in ("distribution", "difference"):
        by = tuple(g for g in by if g.grain is None)[:1]
    rest: dict[str, Any] = {}
    measures = question.measures
    if changes.shape == "difference" and by:
        listed = next((c for c in question.where if c.column == by[0].column and c.is_ == "in"), None)
        rest = {"values": [str(v) for v in listed.values]} if listed else {}
        if question.is_rate and question.measures[0].where:
            measures = (Measure(statistic="mean", column=question.measures[0].where[0].column),)
    return replace(
        question,
        shape=changes.shape,
        by=by,
        rest=rest,
        measures=measures,
        limit=None,
        share=False,
        order="auto",
    )


def _groups(question: Question, changes: Changes, catalog: Catalog) -> Question:
    if changes.overall:
        rest = {name: value for name, value in question.rest.items() if name == "time"}
        return replace(question, shape="numbers", by=(), grain=None, rest=rest, having=())
    by = tuple(g for g in question.by if g.column not in changes.ungrouped)
    if not changes.groups:
        return replace(question, by=by)
    new = changes.groups
    if question.shape == "cross":
        return replace(question, by=(new[0], by[1]) if len(new) == 1 else new[:2])
    named = {g.column for g in new if g.grain is None}
    filtered = {c.column for c in changes.filters}
    where = tuple(
        c
        for c in question.where
        if c.column not in named or c.column in filtered or c.is_ in ("in", "not_equal")
    )
    if "compare_periods" in question.rest and len(new) == 1 and new[0].grain is None:
        return _periods_by_group(question, new[0], where, catalog)
    beside = question.shape == "trend" and not changes.afresh and all(g.grain is None for g in new)
    if beside or (changes.also and (by or question.shape != "numbers")):
        by = (*by, *(g for g in new if g not in by)) if changes.also else new
        return replace(question, by=by, where=where)
    shape = question.shape
    if shape == "trend" and not changes.grain:
        shape = "numbers"
    rest = {name: value for name, value in question.rest.items() if name != "rank_within"}
    limit = None if changes.afresh and question.limit == 1 else question.limit
    order = "auto" if changes.afresh and question.limit == 1 else question.order
    return replace(question, by=new, where=where, shape=shape, rest=rest, limit=limit, order=order)


def _periods_by_group(
    question: Question, group: GroupBy, where: tuple[Condition, ...], catalog: Catalog
) -> Question:
    """Show two periods that were compared for each group, as numbers by group and period."""
    periods = [str(period) for period in question.rest["compare_periods"]]
    time = question.rest.get("time") or catalog.table.time
    grain = {4: "year", 7: "month", 10: "day"}.get(len(periods[0]))
    if time is None or grain is None:
        return replace(question, by=(group,), where=where)
    both = Condition.model_validate({"column": time, "is": "in", "values": periods})
    by = (group, GroupBy.model_validate({"column": time, "grain": grain}))
    return replace(question, shape="numbers", by=by, where=(*where, both), grain=None, rest={})


def _grain(question: Question, changes: Changes, catalog: Catalog) -> Question:
    if changes.grain is None or catalog.table.time is None:
        return question
    dated = _date_asked_about(question, catalog)
    if dated:
        question = replace(question, rest={**question.rest, "time": dated})
    grain = None if changes.grain == "auto" else changes.grain
    if question.shape == "trend":
        return replace(question, grain=grain)
    kept = changes.groups or (question.by if changes.also else ())
    if changes.grain == "auto" and not kept and len(question.by) == 1:
        column = catalog.columns.get(question.by[0].column)
        few = column is not None and 2 <= (column.n_distinct or 99) <= FEW_LINES and not question.by[0].grain
        kept = question.by if few and not question.limit else ()
    kept = tuple(g for g in kept if g.grain not in CALENDAR)
    if kept != question.by and question.limit:
        question = replace(question, limit=None, order="auto")
    both = [m.statistic for m in question.measures] == ["sum", "mean"]
    if both and len({m.column for m in question.measures}) == 1:  # the two readings of a bare column
        question = replace(question, measures=question.measures[:1])
    if question.shape == "numbers" and len(question.measures) == 1 and len(kept) <= 1 and not question.having:
        return replace(question, shape="trend", grain=grain, by=kept, limit=None, order="auto", share=False)
    time = GroupBy.model_validate({"column": dated or catalog.table.time, "grain": grain or "month"})
    return replace(question, by=(*kept, time))


def _periods(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Put two periods side by side, in a trend of the one measure, else as groups."""
    if not changes.periods or question.shape not in ("numbers", "trend") or catalog.table.time is None:
        return question
    if len(question.by) <= 1 and all(g.grain is None for g in question.by):
        rest = {"compare_periods": list(changes.periods)}
        kept = {name: value for name, value in question.rest.items() if name == "time"}
        return replace(
            question, shape="trend", measures=question.measures[:1], grain=None, limit=None, order="auto",
            share=False, rest={**kept, **rest},
        )  # fmt: skip
    grain = {4: "year", 7: "month", 10: "day"}.get(len(changes.periods[0]), "month")
    time = GroupBy.model_validate({"column": catalog.table.time, "grain": grain})
    both = Condition.model_validate(
        {"column": catalog.table.time, "is": "in", "values": list(changes.periods)}
    )
    return replace(question, where=(*question.where, both), by=(*question.by, time))


def _date_asked_about(question: Question, catalog: Catalog) -> str | None:
    """Return the date that a condition is on, if it is not the main one: of those who joined in 2023."""
    for one in question.where:
        column = catalog.columns.get(one.column)
        if column and column.kind in ("date", "datetime") and one.is_ not in ("missing", "present"):
            return one.column if one.column != catalog.table.time else None
    return None


def _ranking(question: Question, changes: Changes, catalog: Catalog) -> Question:
    limit, order = question.limit, question.order
    if changes.unlimited:
        limit = None
    if changes.ranked and changes.shape is None:
        order = "ascending" if changes.ranked == "asc" else "descending"
    if changes.limit:
        limit = changes.limit
        if order == "auto":
            order = "descending"
    if changes.order != "auto":
        order = changes.order
    if changes.reverse:
        order = "ascending" if order in ("auto", "descending") else "descending"
    if question.shape == "trend" and (changes.limit or changes.ranked):
        if changes.of_them and question.by:  # "which of the two sold more": of the lines
            return replace(question, shape="numbers", grain=None, limit=limit or 1, order=order)
        time = catalog.table.time
        grouped = GroupBy.model_validate({"column": time, "grain": question.grain or "month"})
        return replace(question, shape="numbers", by=(grouped, *question.by), limit=limit or 1, order=order)
    return replace(question, limit=limit, order=order)


def _share(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Turn numbers into shares: of the total by group, else of the rows that the last filter was put on."""
    if not changes.share or question.is_rate or question.shape not in ("numbers", "trend"):
        return question
    if changes.rate and question.where:  # "as a rate": of the rows that the last condition picked
        return _of_the_last_condition(question, catalog)
    if question.shape == "trend":  # shares of the total by period
        time = GroupBy.model_validate({"column": catalog.table.time, "grain": question.grain or "month"})
        return replace(question, shape="numbers", by=(time, *question.by), share=True)
    if question.by or not question.where:
        return replace(question, share=bool(question.by))
    return _of_the_last_condition(question, catalog)


def _of_the_last_condition(question: Question, catalog: Catalog) -> Question:
    base = question.measures[0]
    if base.column and base.statistic not in ("sum", "count", "count_distinct"):
        base = Measure(statistic="sum", column=base.column)  # only what adds up has parts
    last = next((c for c in reversed(question.where) if c.column != catalog.table.time), question.where[-1])
    before = [c for c in question.where if c is not last]
    part = base.model_copy(update={"where": [last], "per": base})
    return replace(question, measures=(part,), where=tuple(before))


def _absolute(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Turn shares back into numbers."""
    if not changes.absolute:
        return question
    measures = tuple(m.model_copy(update={"per": None}) for m in question.measures)
    rest = {name: value for name, value in question.rest.items() if name != "normalise"}
    return replace(question, measures=measures, share=False, rest=rest)


def _transposed(question: Question, changes: Changes, catalog: Catalog) -> Question:
    return replace(question, by=question.by[::-1]) if changes.transposed else question


def _listing(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Show each customer behind a number, those with the most first."""
    table = catalog.table
    if not changes.listing or table.customer is None:
        return question
    own = tuple(
        m for m in question.measures if m.column and not m.statistic.startswith("count") and not m.per
    )
    inner = [c for m in question.measures if m.per for c in m.where]
    if not own:
        names = [c.name for role in ("amount", "balance", "quantity", "measure") for c in table.by_role(role)]
        numbers = [n for n in names if catalog.columns[n].kind == "number"]
        flows = numbers and catalog.columns[numbers[0]].role == "amount" and table.grain != "customers"
        own = (Measure(statistic="sum" if flows else "mean", column=numbers[0]),) if numbers else (
            Measure(statistic="count"),
        )  # fmt: skip
    return replace(
        question, shape="numbers", measures=own[:1], by=(GroupBy(column=table.customer),), share=False,
        where=(*question.where, *inner), having=(), order="descending", limit=None, grain=None, chart="auto",
        rest={},
    )  # fmt: skip


def _chart(question: Question, changes: Changes, catalog: Catalog) -> Question:
    if changes.chart is None:
        return question
    picked = question.limit == 1 and not changes.limit and changes.chart not in ("none", "auto")
    if picked and question.by:  # "which was lowest?" - "make it a bar chart": of all of them
        question = replace(question, limit=None, order="auto")
    return replace(question, chart=changes.chart)


def _rest(question: Question, changes: Changes, catalog: Catalog) -> Question:
    rest = {name: value for name, value in question.rest.items() if name not in _spent(changes)}
    rest |= dict(changes.options or {})
    if changes.share and question.shape == "cross":
        rest["normalise"] = "rows"
    counted = len(question.by) == 2 and all(m.statistic == "count" and not m.where for m in question.measures)
    if "normalise" in rest and question.shape == "numbers" and counted:
        question = replace(question, shape="cross", measures=(), limit=None, order="auto", share=False)
    if changes.method and question.shape == "relation":
        rest["method"] = changes.method
    if changes.periods and question.shape == "trend":
        rest["compare_periods"] = list(changes.periods)
    having = tuple(changes.having) or (() if changes.every_group else question.having)
    return replace(question, rest=rest, having=having)


def _spent(changes: Changes) -> set[str]:
    """Return what an earlier message asked for that no longer holds: a claim, a place in a ranking."""
    spent = {"claim"}
    if changes.limit or changes.ranked or changes.unlimited or changes.groups or changes.listing:
        spent |= {"place", "rank_of", "together"}
    if changes.grain:
        spent |= {"compare_periods"}
    return spent


def _of_customers(question: Question, changes: Changes, catalog: Catalog) -> Question:
    """Write measures and groups on transactions as features of customers, where customers are asked about."""
    if question.table != "customers" or not catalog.has_features:
        return question
    parts = Parts(Sentence("", [], [], [], {}), catalog)
    measures = tuple(_of_a_customer(one, parts) for one in question.measures)
    return replace(question, measures=measures, where=tuple(for_customers(parts, list(question.where))))


def _of_a_customer(one: Measure, parts: Parts) -> Measure:
    """Write a measure, its conditions and what it is divided by as features of customers."""
    where = for_customers(parts, list(one.where))
    per = _of_a_customer(one.per, parts) if one.per else None
    if one.statistic == "count_distinct" and one.column == parts.customer_key:
        return Measure(statistic="count", where=where, per=per)
    column = parts.as_feature(one.column) or one.column if one.column else None
    return one.model_copy(update={"column": column, "where": where, "per": per})


def _tidied(question: Question) -> Question:
    """Forget what has lost its object: an order and a number of groups where there are none."""
    if question.shape in ("numbers",) and not question.by:
        return replace(question, limit=None, order="auto", share=False)
    return question
