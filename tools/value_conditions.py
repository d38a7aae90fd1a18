"""Knows how a condition on the values of a column becomes an expression, and how it reads in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw

from tools.checks import Check, compare, number_in, phrase, values_of
from tools.core import Column, DataTable, Fact, Workspace
from tools.errors import ToolError
from tools.formulas import constants
from tools.periods import interval, is_dated, part, part_label, part_number, span_words
from tools.relative_conditions import by_column, by_number_of_rows, by_share, by_statistic
from tools.selecting import Comparison, Condition, find_column, fold, nearest
from tools.wording import label, listing, number_of, plain_name

MANY_VALUES = 20_000  # more distinct texts than this are searched in the engine, not in memory


def check_of(workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], condition: Condition) -> Check:
    """Turn one condition, with those behind its `or`, into an expression that is never null."""
    checks = [_single(workspace, table, frame, condition)]
    checks += [check_of(workspace, table, frame, other) for other in condition.or_]
    if len(checks) == 1:
        return checks[0]
    return Check(
        nw.any_horizontal(*(each.holds for each in checks), ignore_nulls=True),
        f"({' or '.join(each.words for each in checks)})",
        tuple(caveat for each in checks for caveat in each.caveats),
        tuple(fact for each in checks for fact in each.facts),
    )


def _single(workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], condition: Condition) -> Check:
    column = find_column(table, condition.column)
    check = _of_kind(workspace, table, frame, column, condition)
    if condition.is_ not in ("not_equal", "not_in") or not column.n_missing:
        return check
    kept = f"Rows without a value in {column.name} ({column.n_missing:,}) count as different and are kept."
    missing = Fact("n_missing", column.n_missing, "rows", column.name)
    return replace(check, caveats=(*check.caveats, kept), facts=(*check.facts, missing))


def _of_kind(
    workspace: Workspace,
    table: DataTable,
    frame: nw.LazyFrame[Any],
    column: Column,
    condition: Condition,
) -> Check:
    this, name = nw.col(column.name), label(column)
    if condition.is_ in ("missing", "present"):
        holds = this.is_null() if condition.is_ == "missing" else ~this.is_null()
        return Check(holds, f"{name} is {condition.is_}")
    if condition.is_ in ("has_rows", "has_no_rows") or condition.measure is not None:
        raise ToolError(
            "What the rows of a customer are like can only be a condition of the whole request.",
            "Put it beside the other conditions, not behind `or` or into a measure.",
        )
    if condition.is_ in ("top_share", "bottom_share"):
        return by_share(workspace, frame, column, condition)
    if condition.is_ in ("top_n", "bottom_n"):
        return by_number_of_rows(workspace, table, frame, condition)
    if condition.than is not None:
        return by_column(table, column, condition)
    if condition.statistic is not None:
        return by_statistic(workspace, table, frame, column, condition)
    if condition.grain:
        return _by_grain(table, column, condition)
    if column.kind in ("date", "datetime"):
        return _by_date(table, column, condition)
    if column.kind == "time" or column.role == "clock":
        return _by_grain(table, column, condition.model_copy(update={"grain": "hour"}))
    if column.kind == "number":
        return _by_number(this, column, condition)
    if column.kind == "boolean":
        return _by_truth(column, condition)
    return _by_text(workspace, table, frame, column, condition)


def _by_number(this: nw.Expr, column: Column, condition: Condition) -> Check:
    if condition.is_ in ("contains", "starts_with"):
        raise ToolError(
            f"{column.name} holds numbers, which contain no text.", "Use above, below or between."
        )
    values = [number_in(column.name, value) for value in values_of(condition)]
    shown = [number_of(column, value) for value in values]
    facts = tuple(Fact("condition_value", value, column.unit, column.name) for value in values)
    facts += constants(column)
    words = _is_or_not(column, condition, values) or phrase(label(column), condition.is_, shown)
    return Check(compare(this, condition.is_, values), words, facts=facts)


def _is_or_not(column: Column, condition: Condition, values: Sequence[float]) -> str:
    """Write a flag by its own verb, `is_canceled` = 1 as "it is canceled"; "" for all other conditions."""
    verb, _, rest = plain_name(column.name).partition(" ")
    if verb not in ("is", "was", "has") or not rest or condition.is_ not in ("equal", "not_equal"):
        return ""
    if values[0] not in (0, 1) or column.minimum not in (0, None) or column.maximum not in (1, None):
        return ""
    holds = (values[0] == 1) == (condition.is_ == "equal")
    return f"it {verb} {'' if holds else 'no ' if verb == 'has' else 'not '}{rest}"


def _by_truth(column: Column, condition: Condition) -> Check:
    words = {"true": True, "yes": True, "y": True, "1": True, "1.0": True}
    words |= {"false": False, "no": False, "n": False, "0": False, "0.0": False}
    values = []
    for value in values_of(condition):
        if fold(value) not in words:
            raise ToolError(f"{column.name} is yes or no, not {value!r}.", "Use yes or no.", ("yes", "no"))
        values.append(words[fold(value)])
    shown = ["yes" if value else "no" for value in values]
    if condition.is_ not in ("equal", "not_equal", "in", "not_in"):
        raise ToolError(f"{column.name} is yes or no and has no order.", "Use equal.", ("yes", "no"))
    this = nw.col(column.name).cast(nw.Int64)
    holds = compare(this, condition.is_, [int(value) for value in values])
    return Check(holds, phrase(label(column), condition.is_, shown))


def distinct_texts(
    workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], column: Column
) -> tuple[str, ...] | None:
    """Return the column's texts, most frequent first, or None where there are too many to list."""
    if column.n_distinct is not None and column.n_distinct > MANY_VALUES:
        return None
    if column.n_distinct is not None and column.n_distinct == len(column.values):
        return tuple(value for value, _ in column.values)

    found = values_by_rows(workspace, table, frame, column)
    return tuple(value for value, _ in found) if len(found) <= MANY_VALUES else None


def values_by_rows(
    workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], column: Column
) -> list[tuple[str, int]]:
    """Return the values of a column with their rows, most frequent first; at most `MANY_VALUES` + 1."""

    def build() -> list[tuple[str, int]]:
        counted = (
            frame.filter(~nw.col(column.name).is_null())
            .group_by(column.name)
            .agg(nw.len().alias("n"))
            .sort("n", column.name, descending=[True, False])
            .head(MANY_VALUES + 1)
        )
        found = workspace.engine.collect(counted)
        return [(str(value), int(n)) for value, n in zip(found[column.name], found["n"], strict=True)]

    changing = workspace.segmentation if column.name == "segment" else None
    key = ("values by rows", table.name, column.name, repr(changing))
    return workspace.engine.memo(key, build)


def _folded(name: str) -> nw.Expr:
    return nw.col(name).cast(nw.String).str.to_lowercase().str.strip_chars().str.replace_all(r"\s+", " ")


def _by_text(
    workspace: Workspace, table: DataTable, frame: nw.LazyFrame[Any], column: Column, condition: Condition
) -> Check:
    values = values_of(condition)
    if condition.is_ in ("contains", "starts_with"):
        folded = _folded(column.name)
        shown = [f"“{value}”" for value in values]
        holds = nw.any_horizontal(
            *(
                folded.str.contains(fold(value), literal=True)
                if condition.is_ == "contains"
                else folded.str.starts_with(fold(value))
                for value in values
            ),
            ignore_nulls=True,
        ).fill_null(False)
        return Check(holds, phrase(label(column), condition.is_, shown))
    if condition.is_ not in ("equal", "not_equal", "in", "not_in"):
        raise ToolError(
            f"{column.name} holds words, which cannot be compared by size.", "Use equal, in or contains."
        )
    texts = distinct_texts(workspace, table, frame, column)
    if texts is None:
        return _by_engine_text(workspace, frame, column, condition, values)
    matched: list[str] = []
    shown = []
    for value in values:
        found = [text for text in texts if fold(text) == fold(value)]
        if not found:
            near = nearest(str(value), texts) or texts[:3]
            raise ToolError(
                f"{value} does not occur in {column.name}.",
                f"Nearest values: {listing(list(near), 'or')}.",
                near,
            )
        matched += found
        shown.append(found[0])
    holds = compare(nw.col(column.name), "not_in" if condition.is_.startswith("not") else "in", matched)
    aside = f"in segment {listing(shown, 'or')}" if column.name == "segment" else ""
    aside = "" if condition.is_.startswith("not") else aside
    return Check(holds, phrase(label(column), condition.is_, shown), aside=aside)


def _by_engine_text(
    workspace: Workspace,
    frame: nw.LazyFrame[Any],
    column: Column,
    condition: Condition,
    values: Sequence[Any],
) -> Check:
    """Match texts that are too many for memory: as written, else without regard to case and space."""
    this = nw.col(column.name)
    comparison: Comparison = "not_in" if condition.is_.startswith("not") else "in"
    shown = [str(value) for value in values]
    words = phrase(label(column), condition.is_, shown)
    exact = frame.filter(this.is_in(shown)).select(this.alias("text")).unique(["text"])
    if len(workspace.engine.collect(exact)) == len(set(shown)) and all(shown):
        return Check(compare(this, comparison, shown), words)
    folded, wanted = _folded(column.name), [fold(value) for value in values]
    seen = frame.select(folded.alias("text")).filter(nw.col("text").is_in(wanted)).unique(["text"])
    present = set(workspace.engine.collect(seen)["text"])
    absent = [value for value in shown if fold(value) not in present]
    if absent:
        close = frame.filter(this.str.starts_with(absent[0][:4])).select(this.alias("text")).unique(["text"])
        texts = workspace.engine.collect(close.sort("text").head(MANY_VALUES))["text"]
        near = nearest(absent[0], [str(text) for text in texts])
        raise ToolError(
            f"{absent[0]} does not occur in {column.name}.",
            f"Nearest values: {listing(list(near), 'or')}." if near else "Look at a few of its values first.",
            near,
        )
    return Check(compare(folded, comparison, wanted), words)


def _by_date(table: DataTable, column: Column, condition: Condition) -> Check:
    if condition.is_ in ("contains", "starts_with"):
        condition = condition.model_copy(update={"is_": "equal"})
    values = values_of(condition)
    spans = [interval(value) for value in values]
    this = nw.col(column.name).cast(nw.Datetime)
    start, end = spans[0]
    within = [(this >= begin) & (this < stop) for begin, stop in spans]
    holds = {
        "above": this >= end,
        "at_least": this >= start,
        "below": this < start,
        "at_most": this < end,
        "between": (this >= min(spans)[0]) & (this < max(stop for _, stop in spans)),
    }.get(condition.is_, nw.any_horizontal(*within, ignore_nulls=True))
    holds = holds.fill_null(False)
    if condition.is_ in ("not_equal", "not_in"):
        holds = ~holds
    shown = [span_words(*span) for span in spans]
    name = label(column)
    words = {"above": "is after", "at_least": "is from", "below": "is before", "at_most": "is up to"}
    if condition.is_ in words:
        text = f"{name} {words[condition.is_]} {shown[0]}" + (" on" if condition.is_ == "at_least" else "")
    else:
        text = phrase(name, condition.is_, shown)
        text = (
            text.replace(" is ", " is in ", 1) if condition.is_ == "equal" and "day" not in shown[0] else text
        )
    facts = tuple(Fact("condition_date", str(value), None, column.name) for value in values)
    aside = _when(condition.is_, shown) if table.grain == "transactions" and column.name == table.time else ""
    return Check(holds, text, facts=facts, aside=aside)


def _when(comparison: Comparison, shown: Sequence[str]) -> str:
    """Write when the rows of a condition happened, or nothing where "where" says it better."""
    first = f"{'on' if shown[0][:1].isdigit() and ' ' in shown[0] else 'in'} {shown[0]}"
    return {
        "above": f"after {shown[0]}",
        "at_least": f"from {shown[0]} on",
        "below": f"before {shown[0]}",
        "at_most": f"up to {shown[0]}",
        "between": f"from {shown[0]} to {shown[-1]}",
        "equal": first,
        "in": f"{first.split()[0]} {listing(list(shown), 'or')}",
    }.get(comparison, "")


def _by_grain(table: DataTable, column: Column, condition: Condition) -> Check:
    grain = condition.grain or "day"
    values = values_of(condition)
    whole = [
        value for value in values if grain in ("year", "quarter", "month", "week", "day") and is_dated(value)
    ]
    if whole:
        return _by_date(table, column, condition.model_copy(update={"grain": None}))
    numbers = [part_number(grain, value) for value in values]
    this = part(table, column, grain)
    if grain == "week":
        raise ToolError("A week is named by its Monday.", "Write it as a date range, e.g. between two days.")
    shown = [part_label(grain, each) for each in numbers]
    if condition.is_ == "between" and grain == "hour":
        shown[1] = shown[1].replace(":00", ":59")
    if condition.is_ == "between" and numbers[0] > numbers[1]:  # from Friday to Monday, from 22 to 5 o'clock
        holds = ((this >= numbers[0]) | (this <= numbers[1])).fill_null(False)
    else:
        comparison: Comparison = "equal" if condition.is_ in ("contains", "starts_with") else condition.is_
        holds = compare(this, comparison, numbers)
    name = f"the {grain.replace('_', ' ')} of {label(column)}"
    facts = tuple(Fact(f"condition_{grain}", each, None, column.name) for each in numbers)
    facts += tuple(
        Fact(f"hours_of_{grain}", float(digits), "hours", column.name)
        for text in shown
        for digits in re.findall(r"\d+(?=-| h)", text)
        if grain == "part_of_day"
    )
    comparison = "equal" if condition.is_ in ("contains", "starts_with") else condition.is_
    own = table.grain == "transactions" and column.name in (table.time, table.clock)
    aside = _at_times(grain, comparison, shown) if own else ""
    return Check(holds, phrase(name, comparison, shown), facts=facts, aside=aside)


def _at_times(grain: str, comparison: Comparison, shown: Sequence[str]) -> str:
    """Write on which days or at which hours the rows of a condition happened, or nothing."""
    several = listing(
        [f"{each}s" for each in shown] if grain in ("weekday", "weekend") else list(shown), "or"
    )
    if comparison in ("equal", "in"):
        before = {
            "weekday": "on",
            "weekend": "on",
            "hour": "at",
            "part_of_day": "in the",
            "month_of_year": "in",
        }
        return f"{before[grain]} {several}" if grain in before else ""
    if grain == "hour":
        return {
            "between": f"between {shown[0]} and {shown[-1]}",
            "at_least": f"from {shown[0]} on",
            "below": f"before {shown[0]}",
        }.get(comparison, "")
    return ""
