"""Knows how a follow-up changes the last request: another filter, group, statistic, order, limit or chart."""

from __future__ import annotations

import re
from typing import Any

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import ALONE, plain_words
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.data_questions import gather
from assistant.builtin.parsing.negation import negate
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.totals import main_measures
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request import (
    Aggregate,
    Correlation,
    CrossTable,
    Distribution,
    Filtered,
    GroupDifference,
    Outcome,
    Outliers,
    Reading,
    Request,
    Trend,
)
from tools.selecting import Condition, GroupBy, Measure


def measured_column(request: Request) -> str | None:
    """Return the column that a request measures."""
    if isinstance(request, Aggregate):
        return next((m.column for m in request.measures if m.column), None)
    if isinstance(request, Trend):
        return request.measure.column
    return getattr(request, "column", None)


def follow(text: str, catalog: Catalog, last: Filtered, anaphora: bool) -> Outcome | None:
    """Apply what a follow-up says to the last request; None if it says nothing that can be applied."""
    plain = plain_words(text)
    sentence = annotate(text, catalog, customer_level=last.table == "customers")
    if sentence.has("outliers", "without"):
        return _without_outliers(last)
    parts = gather(sentence, catalog)
    take_flags(parts)
    unknown = [i for i in parts.sentence.unexplained() if not i.senses and len(i.text) > 2]
    if unknown:
        return None
    changed = _change(parts, plain, last, anaphora)
    if changed is None or (changed == last and not parts.wants_chart and plain not in ALONE):
        return None
    notes = tuple(parts.notes)
    return Reading((changed,), notes)


def _without_outliers(last: Filtered) -> Outcome | None:
    column = measured_column(last)
    if column is None:
        return None
    return Reading(
        (Outliers(column=column, where=last.where, table=last.table), last), preface="without_outliers"
    )


def _change(parts: Parts, plain: str, last: Filtered, anaphora: bool) -> Filtered | None:
    changes: dict[str, Any] = {}
    where = _merged_where(parts, plain, last)
    if where is not None:
        changes["where"] = where
    if parts.customers_table and parts.catalog.has_features and where is not None:
        changes["table"] = "customers"
    if parts.wants_chart:
        kind = parts.chart
        if kind != "auto" or not (parts.measures or parts.groups):
            changes["chart"] = _chart_for(last, kind)
    if isinstance(last, Aggregate):
        return _change_aggregate(parts, plain, last, changes, anaphora)
    if isinstance(last, Trend):
        return _change_trend(parts, plain, last, changes)
    return _change_other(parts, last, changes)


def _chart_for(last: Filtered, kind: str) -> str:
    return kind


def _merged_where(parts: Parts, plain: str, last: Filtered) -> list[Condition] | None:
    everyone = any(phrase in f" {plain} " for phrase in phrases("no_filter"))
    rest = any(
        phrase in f" {plain} "
        for phrase in (
            " everyone else ",
            " everybody else ",
            " the others ",
            " the rest ",
            " all others ",
            " everybody else ",
        )
    )
    if rest and last.where and not parts.where:
        flipped = Parts(parts.sentence, parts.catalog)
        negate(flipped, last.where[-1])
        return [*last.where[:-1], *flipped.where]
    if everyone and not parts.where:
        return []
    if not parts.where:
        return None
    new = list(parts.where)
    if re.match(r"^(and |now |but |ok )?(drop|remove|take out|lose)\b", plain):
        new = _left_out(parts, last)
    if last.table == "customers" and parts.catalog.has_features:
        new = for_customers(parts, new)
    touched = {(c.column, c.grain) for c in new}
    kept = [c for c in last.where if (c.column, c.grain) not in touched]
    return [*kept, *new]


def _all_of(parts: Parts) -> list[str]:
    """Return the columns of "for all contracts": groups instead of the one that was asked for."""
    found = []
    for item in parts.sentence.items:
        before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 2) : item.start]]
        if (
            item.links
            and set(before) & {"all", "every", "each"}
            and parts.is_group(item.links[0].column)
            and item.links[0].column not in {g.column for g in parts.groups}
        ):
            found.append(item.links[0].column)
    return found


def _left_out(parts: Parts, last: Filtered) -> list[Condition]:
    """Take values away: from a list that was asked for, or from all."""
    left: list[Condition] = []
    for one in parts.where:
        listed = next((c for c in last.where if c.column == one.column and c.is_ == "in"), None)
        if listed is not None and one.value is not None:
            kept = [value for value in listed.values if value != one.value]
            left.append(listed.model_copy(update={"values": kept}))
        elif one.is_ == "equal":
            left.append(one.model_copy(update={"is_": "not_equal"}))
        else:
            left.append(one)
    return left


def _change_aggregate(
    parts: Parts, plain: str, last: Aggregate, changes: dict[str, Any], anaphora: bool
) -> Filtered | None:
    measures = _new_measures(parts, list(last.measures), plain)
    if measures is not None:
        changes["measures"] = measures
    groups = [g for g in parts.groups if not (g.column == parts.customer_key and not parts.entity)]
    for column in _all_of(parts):
        groups.append(GroupBy(column=column))
        kept = changes.get("where", last.where)
        changes["where"] = [c for c in kept if c.column != column]
    if parts.grain and parts.grain != "auto" and parts.time:
        groups.append(GroupBy(column=parts.time, grain=parts.grain))
    compared = {name.partition("|")[0] for name in parts.compared}
    if groups:
        adding = any(word in f" {plain} " for word in phrases("adds_group"))
        if re.match(r"^and (by|per)\b", plain) and not parts.sentence.text.rstrip().endswith("?"):
            adding = " instead" not in plain
        changes["by"] = [*last.by, *(g for g in groups if g not in last.by)] if adding and last.by else groups
        if not adding:
            changes.setdefault("rank_within", False)
    elif compared and not last.by:
        changes["by"] = [GroupBy(column=name) for name in sorted(compared)]
    if parts.grain == "auto" and parts.time:
        return Trend.model_validate(
            {
                "measure": (changes.get("measures") or last.measures)[0],
                "where": changes.get("where", last.where),
                "by": None,
                "chart": "auto",
            }
        )
    if parts.limit or parts.superlative:
        if parts.limit:
            changes["limit"] = parts.limit
        if parts.superlative:
            changes["order"] = "descending" if parts.superlative == "desc" else "ascending"
            if plain.startswith("which") and not parts.limit:
                changes["limit"] = 1
    if re.search(r"\b(all|every) (of them|cities|groups|of it)\b", plain) and not parts.limit:
        changes["limit"] = None
    if parts.order != "auto":
        changes["order"] = parts.order
    elif re.search(r"\b(reverse|other way|opposite)\b", plain):
        changes["order"] = "ascending" if last.order in ("auto", "descending") else "descending"
    filters = changes.get("where", last.where)
    if (
        parts.share
        and isinstance(filters, list)
        and filters
        and not groups
        and not last.by
        and last.measures[0].per is None
    ):
        base = last.measures[0]
        changes |= {"measures": [base.model_copy(update={"where": filters, "per": base})], "where": []}
        return last.model_copy(update=changes)
    if parts.share:
        changes["share_of_total"] = True
    if parts.having:
        changes["having"] = parts.having
    # a filter on the grouped column takes the place of the group: "and for women?"
    where = changes.get("where")
    if isinstance(where, list) and "by" not in changes:
        single = {c.column for c in where if c.is_ == "equal" and c.grain is None and c in parts.where}
        by = [g for g in last.by if g.column not in single]
        if len(by) != len(last.by):
            changes["by"] = by
            changes.setdefault("limit", None if not by else last.limit)
    linear = [
        g
        for g in changes.get("by", [])
        if isinstance(g, GroupBy) and g.grain in ("day", "week", "month", "quarter", "year")
    ]
    changed = last.model_copy(update=changes)
    if (
        linear
        and len(changed.by) == 1
        and not changed.limit
        and len(changed.measures) == 1
        and not changed.having
        and not changed.share_of_total
        and changed.table is None
    ):
        return Trend(
            measure=changed.measures[0], grain=linear[0].grain, where=changed.where, chart=changed.chart
        )
    return changed if changes else None


def _new_measures(parts: Parts, measures: list[Measure], plain: str) -> list[Measure] | None:
    """Change the statistic ("median"), the column ("and the balance?") or both."""
    if parts.age_superlative and any(m.column == parts.age for m in measures):
        return None
    if parts.total_named and not parts.pending and measures and measures[0].column:
        columns = [m.column for m in parts.measures]
        return [measures[0].model_copy(update={"column": column}) for column in columns]
    if parts.measures or (parts.bare and parts.pending):
        return main_measures(parts)
    if parts.pending:
        first = next((m for m in measures if m.column), None)
        if first is None:
            return (
                [Measure.model_validate({"statistic": parts.pending[0], "column": parts.amount})]
                if parts.amount
                else None
            )
        return [
            Measure.model_validate({"statistic": s, "column": first.column, "where": first.where})
            for s in parts.pending
        ]
    if parts.quantiles:
        first = next((m for m in measures if m.column), None)
        return (
            [Measure(statistic="quantile", column=first.column, q=q) for q in parts.quantiles]
            if first
            else None
        )
    if parts.bare and not parts.superlative:
        statistic = measures[0].statistic if measures and measures[0].column else None
        if statistic in (None, "count_distinct"):
            return main_measures(parts)
        return [
            Measure.model_validate({"statistic": statistic, "column": c, "q": measures[0].q})
            for c in parts.bare
        ]
    if parts.bare:
        return main_measures(parts)
    if (
        parts.counts
        and measures
        and measures[0].per is not None
        and measures[0].statistic.startswith("count")
    ):
        return [measures[0].model_copy(update={"per": None})]
    if parts.counts and parts.entity is None and measures and measures[0].statistic.startswith("count"):
        return measures
    if parts.counts or (parts.entity and re.search(r"\b(how many|number of|count)\b", plain)):
        return main_measures(parts)
    return None


def _change_trend(parts: Parts, plain: str, last: Trend, changes: dict[str, Any]) -> Filtered | None:
    measures = _new_measures(parts, [last.measure], plain)
    if measures:
        changes["measure"] = measures[0]
    grain: str | None = next(
        (g.grain for g in parts.groups if g.grain in ("day", "week", "month", "quarter", "year")), None
    )
    grain = grain or (parts.grain if parts.grain not in (None, "auto") else None)
    if grain:
        changes["grain"] = grain
    cyclic = next(
        (g for g in parts.groups if g.grain and g.grain not in ("day", "week", "month", "quarter", "year")),
        None,
    )
    named = next((g for g in parts.groups if g.grain is None), None)
    if cyclic:
        return Aggregate(
            measures=[changes.get("measure", last.measure)],
            by=[cyclic],
            where=changes.get("where", last.where),
            chart=parts.chart,
        )
    if named:
        if (
            "instead" in plain
            or plain.startswith(("by ", "now by"))
            and not grain
            and "too" not in plain
            and "also" not in plain
        ):
            return Aggregate(
                measures=[changes.get("measure", last.measure)],
                by=[named],
                where=changes.get("where", last.where),
                chart=parts.chart,
            )
        changes["by"] = named.column
    elif parts.compared:
        changes["by"] = parts.compared[0].partition("|")[0]
    if parts.limit or parts.superlative:
        grain_by = GroupBy.model_validate(
            {"column": parts.time, "grain": changes.get("grain", last.grain) or "day"}
        )
        order = "ascending" if parts.superlative == "asc" else "descending"
        return Aggregate.model_validate(
            {
                "measures": [changes.get("measure", last.measure)],
                "by": [grain_by],
                "where": changes.get("where", last.where),
                "order": order,
                "limit": parts.limit or 1,
            }
        )
    if parts.periods:
        changes["compare_periods"] = parts.periods
    return last.model_copy(update=changes) if changes else None


def _change_other(parts: Parts, last: Filtered, changes: dict[str, Any]) -> Filtered | None:
    columns = [*parts.bare, *(m.column for m in parts.measures if m.column)]
    groups = [g.column for g in parts.groups if g.grain is None]
    if isinstance(last, Distribution):
        if columns:
            changes["column"] = columns[0]
        if groups:
            changes["by"] = groups[0]
        if parts.pending and not columns:
            return Aggregate.model_validate(
                {
                    "measures": [{"statistic": s, "column": last.column} for s in parts.pending],
                    "where": changes.get("where", last.where),
                    "table": last.table,
                }
            )
        if parts.compared:
            changes["by"] = parts.compared[0].partition("|")[0]
    elif isinstance(last, Outliers):
        if columns:
            changes["column"] = columns[0]
    elif isinstance(last, GroupDifference):
        if columns:
            changes["column"] = columns[0]
        if groups:
            changes |= {"by": groups[0], "values": []}
    elif isinstance(last, CrossTable):
        if groups:
            changes["columns"] = groups[0]
        if parts.share:
            changes["normalise"] = "rows"
    elif isinstance(last, Correlation):
        if parts.sentence.has("relation", "spearman"):
            changes["method"] = "spearman"
        if columns and last.columns:
            changes["columns"] = [last.columns[0], columns[-1]] if len(columns) == 1 else columns
    if "chart" in changes and "chart" not in type(last).model_fields:
        changes.pop("chart")
    return last.model_copy(update=changes) if changes else None
