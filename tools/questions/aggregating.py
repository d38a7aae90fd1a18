"""Knows how measures by group are computed, ordered and cut; `headlines` writes about them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Literal

import narwhals as nw
import pandas as pd

from tools.checks import compare, values_of
from tools.conditions import Selection, select
from tools.core import DataTable, Fact, Scalar, Workspace
from tools.errors import ToolError
from tools.frames import open_table
from tools.questions.grouping import Key, is_missing, key_of, plain_value
from tools.questions.measuring import ALL, N, Plan, plan
from tools.questions.nested import units_of
from tools.questions.summarising import grouped, modes, summarise, together, with_values
from tools.selecting import Condition, GroupBy, Measure, columns_named
from tools.wording import number, plain_name

Frame = nw.LazyFrame[Any]
Order = Literal["auto", "ascending", "descending", "by_group"]
MOST_GROUPS = 5_000  # groups that come into memory
MOST_LIMIT = 1_000
_UNNAMED, _OUT = "no:name", "not:kept"


@dataclass(frozen=True)
class Request:
    """What `aggregate` was asked for."""

    measures: Sequence[Measure]
    by: Sequence[GroupBy] = ()
    where: Sequence[Condition] = ()
    having: Sequence[Condition] = ()
    order: Order = "auto"
    limit: int | None = None
    share_of_total: bool = False
    rank_within: bool = False
    table: str | None = None
    most_groups: int = MOST_GROUPS
    place: int | None = None  # which place of the ranking is asked for, 1 for the first
    rank_of: str | None = None  # group whose place is asked for
    together: bool = False  # the groups within the limit are asked for as one number
    whole_measures: int | None = None  # how many measures are also computed over all groups; all if None

    def columns(self) -> list[str]:
        """Return every column that the request names."""
        named = [group.column for group in self.by] + sorted(columns_named(self.where))
        for measure in self.measures:
            named += measured(measure)
        return named


def measured(measure: Measure) -> list[str]:
    """Return every column that a measure names, those of its denominator included."""
    own = ([measure.column] if measure.column else []) + sorted(columns_named(measure.where))
    own += [group.column for group in measure.each]
    return own + [name for other in (measure.per, measure.of) if other for name in measured(other)]


@dataclass(frozen=True)
class Row:
    """One group: its labels, raw keys, rows, values by measure, and share of the total in percent."""

    labels: tuple[str, ...]
    raw: tuple[Any, ...]
    n: int
    values: tuple[Scalar, ...]
    share_pct: float | None = None
    times: int | None = None  # how often the most frequent value occurs
    shares: tuple[float | None, ...] = ()  # of every measure that adds up, in percent of its total
    parts: tuple[Scalar, ...] = ()  # of the whole: numerator and denominator of the first measure, a ratio

    @property
    def name(self) -> str:
        """Labels as one text."""
        return ", ".join(self.labels)

    @property
    def is_missing(self) -> bool:
        """Whether a key of the group is missing."""
        return any(is_missing(value) for value in self.raw)


@dataclass(frozen=True)
class Aggregated:
    """Everything that was computed for a request.

    Attributes:
        request: What was asked.
        table: Where it was computed.
        selection: Filter in words, with its caveats.
        keys: What was grouped by.
        plans: What was measured.
        rows: Groups in order, cut at the limit.
        whole: All selected rows as one group.
        base: Rows and first measure before the filter, where a share of them was asked for.
        n_groups: Groups with a name, before `having` and `limit`.
        n_kept: Groups that satisfy `having`, before `limit`.
        n_unnamed: Rows whose group is missing.
        tied: Names of groups beyond the limit that equal the last one shown.
        order: The order taken.
        absent: Rows without a value, by measure.
        caveats: What was assumed or left out.
    """

    request: Request
    table: DataTable
    selection: Selection
    keys: tuple[Key, ...]
    plans: tuple[Plan, ...]
    rows: tuple[Row, ...]
    whole: Row
    base: Row | None
    n_groups: int
    n_kept: int
    n_unnamed: int
    tied: tuple[str, ...]
    order: Order
    absent: tuple[int, ...]
    caveats: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = field(default=())

    @property
    def named(self) -> tuple[Row, ...]:
        """Rows whose group is not missing."""
        return tuple(row for row in self.rows if not row.is_missing)


def compute(workspace: Workspace, request: Request) -> Aggregated:
    """Run a request.

    Raises:
        ToolError: If it does not fit the data.
    """
    if not request.measures:
        raise ToolError("There is nothing to compute.", "Name a measure, such as a count or an average.")
    if len(request.by) > 3:
        raise ToolError(
            "More than three groupings cannot be read in one answer.", "Group by up to three columns."
        )
    if request.limit is not None and request.limit < 1:
        raise ToolError("A limit must be at least 1.", "Ask for the top 1, 3 or 10.")
    table, frame = open_table(workspace, request.table, request.columns())
    named = {group.column for group in request.by if group.grain is None}
    selection = select(workspace, table, frame, request.where, named)
    keys = tuple(key_of(workspace, table, selection.frame, group) for group in request.by)
    nested = units_of(workspace, table, frame, selection, keys, request.measures)
    if nested is not None:  # the groups of what follows hold units instead of rows
        table, keys, plans = nested.table, nested.keys, nested.plans
        selection = replace(selection, frame=nested.frame)
    else:
        plans = tuple(
            plan(workspace, table, frame, each, f"value:{i}") for i, each in enumerate(request.measures)
        )
    _refuse_counting_itself(keys, plans)
    with _groups(workspace, selection.frame, keys, plans) as groups:
        whole, absent = _whole(workspace, selection.frame, plans[: request.whole_measures], groups)
        base = None
        if request.share_of_total and not keys and request.where and nested is None:
            base, _ = _whole(workspace, frame, plans)
        made = Aggregated(
            request, table, selection, keys, plans, (), whole, base, 0, 0, 0, (),
            _order(request, keys, plans), absent, _caveats(selection, keys, plans),
            _facts(selection, keys, plans),
        )  # fmt: skip
        return made if groups is None else _grouped(workspace, made, groups)


@contextmanager
def _groups(
    workspace: Workspace, frame: Frame, keys: Sequence[Key], plans: Sequence[Plan]
) -> Iterator[Frame | None]:
    """Keep the groups while they are asked for more than once: the rows are read one time only."""
    if not keys:
        yield None
        return
    engine, name = workspace.engine, f"groups {uuid.uuid4().hex}"
    try:
        engine.store(name, grouped(frame, keys, plans), passing=True)
        yield engine.frame(name)
    finally:
        engine.drop(name)


def _refuse_counting_itself(keys: Sequence[Key], plans: Sequence[Plan]) -> None:
    """Refuse to count the values of a column within each value of the same column: it is one everywhere."""
    for each in plans:
        own = [
            key for key in keys if key.grain is None and each.column is not None and key.column == each.column
        ]
        if own and each.measure.statistic == "count_distinct":
            name = own[0].column.name
            raise ToolError(
                f"Every {plain_name(name)} counts as one of itself, so nothing can be ranked by that.",
                "Name what to rank by, such as the number of rows or an amount.",
            )


def _caveats(selection: Selection, keys: Sequence[Key], plans: Sequence[Plan]) -> tuple[str, ...]:
    from_keys = [caveat for key in keys for caveat in key.caveats]
    from_plans = [caveat for each in plans for caveat in each.caveats]
    return tuple(dict.fromkeys([*selection.caveats, *from_keys, *from_plans]))


def _facts(selection: Selection, keys: Sequence[Key], plans: Sequence[Plan]) -> tuple[Fact, ...]:
    from_keys = tuple(fact for key in keys for fact in key.facts)
    return selection.facts + from_keys + tuple(fact for each in plans for fact in each.facts)


def _order(request: Request, keys: Sequence[Key], plans: Sequence[Plan]) -> Order:
    if request.order != "auto":
        return request.order
    if (
        plans[0].measure.statistic == "mode"
        or isinstance(plans[0].measure.column, str)
        and _is_date(plans[0])
    ):
        return "by_group"
    if request.limit is not None or not keys:
        return "descending"
    return "by_group" if keys[0].ordered or any(key.is_calendar for key in keys) else "descending"


def _is_date(made: Plan) -> bool:
    return made.measure.statistic in ("min", "max") and bool(
        made.column and made.column.kind in ("date", "datetime")
    )


def _whole(
    workspace: Workspace, frame: Frame, plans: Sequence[Plan], groups: Frame | None = None
) -> tuple[Row, tuple[int, ...]]:
    """Return all rows as one group, and the rows without a value: from the groups where they tell as much."""
    if groups is not None and all(each.merged is not None for each in plans):
        asked = with_values(together(groups, plans), plans)
    else:
        asked = summarise(frame, (), plans)
    collected = workspace.engine.collect(asked)
    if collected.empty:
        zero = tuple(
            0 if each.measure.statistic.startswith("count") or each.additive else None for each in plans
        )
        return Row(("all",), (), 0, zero), tuple(0 for _ in plans)
    collected = _with_modes(workspace, frame, (), plans, collected)
    record = collected.iloc[0]
    values = tuple(plain_value(record[each.alias]) for each in plans)
    absent = tuple(int(record[each.missing]) if each.missing in collected else 0 for each in plans)
    parts = tuple(_tidy(plain_value(record[each.alias])) for each in plans[0].parts or ())
    whole = Row(
        ("all",), (), int(record[N]), tuple(map(_tidy, values)), times=_times(plans, record), parts=parts
    )
    return whole, absent


def _times(plans: Sequence[Plan], record: Mapping[Any, Any] | pd.Series[Any]) -> int | None:
    times = record.get(f"{plans[0].alias}:times")
    return None if times is None or is_missing(times) else int(times)


def _tidy(value: Scalar) -> Scalar:
    """Whole floats from engine sums of counts become integers, so that they read and compare as counts."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _with_modes(
    workspace: Workspace,
    frame: Frame,
    keys: Sequence[Key],
    plans: Sequence[Plan],
    collected: pd.DataFrame,
) -> pd.DataFrame:
    names = [ALL, *(f"key:{index}" for index in range(len(keys)))]
    for each in plans:
        if each.measure.statistic == "mode":
            found = workspace.engine.collect(modes(frame, keys, each))
            collected = collected.merge(
                found, on=names, how="left"
            )  # pandas joins missing keys with each other
    return collected


def _grouped(workspace: Workspace, made: Aggregated, groups: Frame) -> Aggregated:
    request, names = made.request, [f"key:{index}" for index in range(len(made.keys))]
    valued = _undefined_as_missing(with_values(groups, made.plans))
    unnamed = reduce(lambda a, b: a | b, (nw.col(name).is_null() for name in names))
    keep = nw.lit(True)
    if request.limit or request.having:
        keep = ~unnamed
    for condition in request.having:
        keep = keep & _having(made, condition)
    valued = valued.with_columns(
        unnamed.cast(nw.Int64).alias(_UNNAMED), nw.when(keep).then(nw.lit(0)).otherwise(nw.lit(1)).alias(_OUT)
    )
    by, descending = [_OUT, _UNNAMED, *names], False
    if made.order != "by_group":
        by.insert(2, made.plans[0].alias)
        descending = made.order == "descending"
    flags = [descending and name == made.plans[0].alias for name in by]
    ordered = valued.sort(*by, descending=flags, nulls_last=True).head(request.most_groups)
    collected = workspace.engine.collect(ordered)
    n_groups, n_unnamed, n_kept = _counted(workspace, valued, collected, request.most_groups)
    collected = collected[collected[_OUT] == 0]
    collected = _with_modes(workspace, made.selection.frame, made.keys, made.plans, collected)
    reached = _within_reach(made, collected)
    rows, tied = _cut(made, [_row(made, record) for record in reached.to_dict("records")])
    return replace(made, rows=rows, tied=tied, n_groups=n_groups, n_unnamed=n_unnamed, n_kept=n_kept)


def _undefined_as_missing(grouped: Frame) -> Frame:
    """Make what was divided by nothing a missing value, which is never ranked first."""
    floats = [name for name, kind in grouped.collect_schema().items() if kind == nw.Float64]
    return grouped.with_columns(
        nw.when(~nw.col(name).is_nan()).then(nw.col(name)).alias(name) for name in floats
    )


def _counted(
    workspace: Workspace, grouped: nw.LazyFrame[Any], collected: pd.DataFrame, most: int
) -> tuple[int, int, int]:
    """Return groups with a name, rows without one, and groups kept: from memory if all groups came."""
    named, kept = nw.col(_UNNAMED) == 0, nw.col(_OUT) == 0
    if len(collected) < most:
        unnamed = collected[_UNNAMED] == 1
        return int((~unnamed).sum()), int(collected.loc[unnamed, N].sum()), int((collected[_OUT] == 0).sum())
    sums = grouped.select(
        named.cast(nw.Int64).sum().alias("groups"),
        nw.when(named).then(nw.lit(0)).otherwise(nw.col(N)).sum().alias("unnamed"),
        kept.cast(nw.Int64).sum().alias("kept"),
    )
    record = workspace.engine.collect(sums).iloc[0]
    return int(record["groups"]), int(record["unnamed"]), int(record["kept"])


def _within_reach(made: Aggregated, collected: pd.DataFrame) -> pd.DataFrame:
    """Return the first groups of a ranking with those that equal the last of them; the rest is not told."""
    limit = made.request.limit
    if limit is None or made.request.rank_within or len(collected) <= limit:
        return collected
    values = collected[made.plans[0].alias]
    tied = values.iloc[limit:] == values.iloc[limit - 1]
    return collected.iloc[: limit + max(1, int(tied.sum()))]  # one more tells that there are more


def _row(made: Aggregated, record: Mapping[Any, Any]) -> Row:
    raw = tuple(record[f"key:{index}"] for index in range(len(made.keys)))
    labels = tuple(key.label(value) for key, value in zip(made.keys, raw, strict=True))
    values = tuple(_tidy(plain_value(record[each.alias])) for each in made.plans)
    shares = tuple(_share(made, index, value) for index, value in enumerate(values))
    return Row(labels, raw, int(record[N]), values, shares[0], _times(made.plans, record), shares)


def _share(made: Aggregated, index: int, value: Scalar) -> float | None:
    """Return what a group holds of the total of a measure in percent, or None where it does not add up."""
    plan, total = made.plans[index], made.whole.values[index] if index < len(made.whole.values) else None
    shareable = plan.additive or plan.measure.statistic == "count_distinct"
    if (
        not shareable
        or not isinstance(total, int | float)
        or not isinstance(value, int | float)
        or total <= 0
    ):
        return None
    return 100.0 * value / total


def _cut(made: Aggregated, rows: list[Row]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    limit = made.request.limit
    if limit is None:
        return tuple(rows), ()
    if not made.request.rank_within or len(made.keys) < 2:
        last = rows[limit - 1].values[0] if len(rows) > limit else None
        ranked = made.order != "by_group" and last is not None
        tied = tuple(row.name for row in rows[limit:] if ranked and row.values[0] == last)
        return tuple(rows[:limit]), tied
    kept: list[Row] = []
    tied_names: list[str] = []
    for first in dict.fromkeys(row.labels[0] for row in sorted(rows, key=lambda row: _sortable(row.raw[0]))):
        own = [row for row in rows if row.labels[0] == first]
        first_kept = (made.request.place or 1) - 1  # "the second in each" leaves out what is before it
        kept += own[first_kept:limit]
        tied_names += [row.name for row in own[limit:] if row.values[0] == own[limit - 1].values[0]]
    return tuple(kept), tuple(tied_names)


def _sortable(value: Any) -> tuple[int, Any]:
    return (1, "") if is_missing(value) else (0, value)


def _having(made: Aggregated, condition: Condition) -> nw.Expr:
    target = _having_target(made, condition)
    if target is None and condition.column != "n":
        raise ToolError(
            f"Groups cannot be kept by {condition.column}.",
            "Use value for the first measure, value_2 for the second, n for the rows of a group.",
            ("value", "n"),
        )
    alias = target.alias if target else N
    if condition.is_ in ("missing", "present"):
        absent = nw.col(alias).is_null()
        return absent if condition.is_ == "missing" else ~absent
    if condition.is_ in ("contains", "starts_with", "top_share", "bottom_share"):
        raise ToolError(
            "Groups are kept by comparing their value with a number.", "Use above, below or between."
        )
    holds = compare(
        nw.col(alias).cast(nw.Float64), condition.is_, [float(str(v)) for v in values_of(condition)]
    )
    for other in condition.or_:
        holds = holds | _having(made, other)
    return holds


def having_phrase(made: Aggregated, nouns: str) -> str:
    """Write the conditions on groups as what a group has: "more than 1,000 transactions"."""
    parts = []
    for condition in made.request.having:
        target = _having_target(made, condition)
        values = values_of(condition) if condition.is_ not in ("missing", "present") else []
        unit = nouns if target is None or target.unit == nouns else target.unit
        people = target is not None and target.unit == "customers" and not target.parts
        shown = [number(float(str(value)), None if people or unit == nouns else unit) for value in values]
        counted = people or target is None
        counted = counted or bool(
            target and target.column is None and not target.parts and not target.measure.where
        )
        how = _COUNTS if counted else _SIZES
        words = how.get(condition.is_, "{} " + condition.is_.replace("_", " ")).format(*(shown or [""]))
        alone = condition.is_ == "equal" and [float(str(value)) for value in values] == [1.0]
        noun = "customers" if people else nouns
        noun = _ONE.get(noun, noun) if alone else noun
        thing = noun if counted else (target.words.removeprefix("the ") if target else "")
        parts.append(f"{words} {thing}" if counted else f"{_article(thing)} {thing} {words}")
    return " and ".join(parts)


_ONE = {"transactions": "transaction", "customers": "customer", "rows": "row"}
_COUNTS = {
    "above": "more than {0}", "at_least": "at least {0}", "below": "fewer than {0}", "at_most": "at most {0}",
    "equal": "exactly {0}", "between": "between {0} and {1}",
}  # fmt: skip
_SIZES = {
    "above": "above {0}", "at_least": "of at least {0}", "below": "below {0}", "at_most": "of at most {0}",
    "equal": "of exactly {0}", "between": "between {0} and {1}",
}  # fmt: skip


def _article(noun: str) -> str:
    return "an" if noun[:1].lower() in "aeio" else "a"


def _having_target(made: Aggregated, condition: Condition) -> Plan | None:
    """Return the plan that a condition on groups is about; None for the rows of a group."""
    if condition.column == "n":
        return None
    numbered = {f"value_{index + 1}": each for index, each in enumerate(made.plans)}
    named = {each.name: each for each in made.plans} | {each.heading: each for each in made.plans}
    return {"value": made.plans[0], **numbered, **named}.get(condition.column)
