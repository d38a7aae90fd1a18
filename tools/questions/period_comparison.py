"""Knows how periods are compared with each other, like with like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from tools.conditions import select
from tools.core import Column, DataTable, ResultTable, ToolResult, Workspace
from tools.errors import ToolError
from tools.figures import bars
from tools.frames import open_table
from tools.periods import interval, next_month, part_number, span_words
from tools.questions.aggregating import Aggregated, Request, Row, compute
from tools.questions.coverage import Coverage
from tools.questions.growth_by_group import told_by_group
from tools.questions.measuring import Plan
from tools.questions.phrasing import ExactQuotes, bare, write
from tools.questions.series import Story
from tools.selecting import Condition, GroupBy, Measure
from tools.wording import day, listing, sentence

Claim = Literal["none", "rose", "fell"]
FEWEST_COMMON_DAYS = 5  # fewer hold no rhythm of the week


def _span(text: str, coverage: Coverage) -> tuple[date, date]:
    """Read a period or two of them as first..last; a month without its year is the only one in the data."""
    if ".." in text:
        first, _, last = text.partition("..")
        return _span(first.strip(), coverage)[0], _span(last.strip(), coverage)[1]
    try:
        start, end = interval(text)
    except ToolError:
        month = part_number("month", text)
        starts = sorted({date(each.year, each.month, 1) for each in coverage.days if each.month == month})
        if len(starts) != 1:
            raise
        return starts[0], next_month(starts[0])
    return date.fromisoformat(str(start)[:10]), date.fromisoformat(str(end)[:10])


def _words(start: date, end: date) -> str:
    """Write a span: a half year or a calendar period by its name, any other by its first and last day."""
    for months, named in ((12, None), (6, "half"), (3, None), (1, None)):
        aligned = start.day == 1 and (start.month - 1) % months == 0
        if aligned and end == next_month(start, months):
            half = "the first" if start.month == 1 else "the second"
            return f"{half} half of {start.year}" if named else span_words(start, end)
    last = end - timedelta(days=1)
    return day(start) if start == last else f"{day(start)} to {day(last)}"


@dataclass(frozen=True)
class _Period:
    words: str
    first: date
    end: date
    row: Row
    days: tuple[date, ...]

    @property
    def length(self) -> int:
        return (self.end - self.first).days


def compare(
    workspace: Workspace, table: DataTable, column: Column, measure: Measure, where: Sequence[Condition],
    coverage: Coverage, asked: Sequence[str], claim: Claim = "none", by: GroupBy | None = None,
) -> ToolResult:  # fmt: skip
    """Compare a measure between periods, and say where they are not covered alike.

    Args:
        workspace: The data.
        table: Where the rows are.
        column: The dates.
        measure: What to compare.
        where: Conditions that all hold for the rows used.
        coverage: Which days have rows.
        asked: The periods; the first in time and the last are compared.
        claim: What the question takes the change to be: the answer then begins with yes or no.
        by: Groups of which each is compared with itself.

    Raises:
        ToolError: If a period cannot be read or has no value.
    """
    if len(asked) < 2:
        raise ToolError(
            "One period cannot be compared with itself.", "Name two periods, such as 2016-08 and 2016-09."
        )
    spans = sorted(_span(text, coverage) for text in asked)
    request = Request((measure,), (), tuple(where), table=table.name)
    quotes, periods, made = ExactQuotes(), [], None
    for start, end in spans:
        made, row = _within(workspace, request, column, start, end)
        held = tuple(each for each in coverage.days if start <= each < end)
        words = _words(start, end)
        quotes.note("period", int(words) if words.isdigit() else words, None, words)
        periods.append(_Period(words, start, end, row, held))
    if made is None:
        raise ToolError("No period was named.", "Name two periods, such as 2016-08 and 2016-09.")
    plan, caveats, findings = made.plans[0], [], []
    story = Story(plan, "month", quotes, "")
    earlier, later = periods[0], periods[-1]
    values = [period.row.values[0] for period in periods]
    for period in periods:
        quotes.note(plan.name, period.row.values[0], plan.unit, period.words)
        quotes.note("days_with_rows", len(period.days), "days", period.words)
        quotes.note("days_in_period", period.length, "days", period.words)
    for period in (period for period in periods if not period.days):
        ends = day(coverage.days[0]), day(coverage.days[-1])
        told = f"there are **no rows** in {period.words}: the data run from {ends[0]} to {ends[1]}"
        quotes.note("first_day", coverage.days[0].isoformat())
        quotes.note("last_day", coverage.days[-1].isoformat())
        return ToolResult(sentence(told), (*quotes.facts, *made.facts))
    before, after = values[0], values[-1]
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        raise ToolError(f"{plan.words} has no value in one of the periods.", "Choose other periods.")
    scope = f"{earlier.words} to {later.words}"
    filtered = f" where {_own_conditions(workspace, request)}" if where else ""
    headline = (
        f"{plan.words}{filtered} {story.change(before, after, scope)}, from {write(plan, before)}"
        f" in {earlier.words} to {write(plan, after)} in {later.words}"
    )
    thin = [p for p in periods if _is_thin(coverage, p)]
    fair = None
    if thin:
        shown = listing([f"{p.words} has rows on only {len(p.days)} of its {p.length} days" for p in thin])
        headline += f", but this is not a like-for-like comparison: {shown}"
        caveats.append("A period that the data cover in part must not be read as a fall.")
        fair = _common_days(workspace, request, column, earlier, later)
        findings += [_fair_words(story, plan, earlier, later, fair)] if fair else []
        findings += _per_day(story, earlier, later, plan) if plan.additive else []
    elif earlier.length != later.length and plan.additive:
        findings += _per_day(story, earlier, later, plan)
    if by is not None and claim == "none":
        grouped = replace(request, by=(by,))
        groups = [_within(workspace, grouped, column, p.first, p.end)[0] for p in periods]
        whole = f"Over all groups together, {headline}."
        result = told_by_group(groups, [p.words for p in periods], story, whole)
        return replace(result, findings=(*result.findings, *findings), caveats=(*result.caveats, *caveats))
    if claim != "none":
        headline = f"{_verdict(claim, float(before), float(after), fair, bool(thin))}: {headline}"
    rows = tuple((p.words, p.row.values[0], p.row.n, len(p.days), p.length) for p in periods)
    table_of_periods = ResultTable(
        f"{bare(plan)} by period".replace("`", ""),
        ("period", plan.heading, "rows", "days with rows", "days"), rows,
        (None, plan.unit, "rows", "days", "days"),
    )  # fmt: skip
    figure = bars(
        [p.words for p in periods],
        {plan.heading: [_float(p.row) for p in periods]},
        table_of_periods.title,
        "period",
        plan.heading,
    )
    told_caveats = (*made.caveats, *caveats)
    return ToolResult(
        sentence(headline),
        (*quotes.facts, *made.facts),
        tuple(findings),
        (table_of_periods,),
        (figure,),
        told_caveats,
    )


def _own_conditions(workspace: Workspace, request: Request) -> str:
    """Return the words of the request's own conditions; the period stands in the sentence already."""
    table, frame = open_table(workspace, request.table, request.columns())
    return select(workspace, table, frame, request.where).words


def _float(row: Row) -> float | None:
    return float(row.values[0]) if isinstance(row.values[0], int | float) else None


def _within(
    workspace: Workspace, request: Request, column: Column, first: date, end: date
) -> tuple[Aggregated, Row]:
    last = (end - timedelta(days=1)).isoformat()
    inside = Condition.model_validate(
        {"column": column.name, "is": "between", "values": [first.isoformat(), last]}
    )
    made = compute(workspace, replace(request, where=(*request.where, inside)))
    return made, made.whole


def _is_thin(coverage: Coverage, period: _Period) -> bool:
    spare = timedelta(days=int(0.04 * period.length))
    cut = (
        period.first < coverage.days[0] - spare or period.end - timedelta(days=1) > coverage.days[-1] + spare
    )
    usual = coverage.usual_week / 7 if coverage.is_daily else 0.0
    return cut or len(period.days) < 0.85 * usual * period.length


def _per_day(story: Story, earlier: _Period, later: _Period, plan: Plan) -> list[str]:
    before, after = (_float(p.row) or 0.0 for p in (earlier, later))
    rates = before / max(1, len(earlier.days)), after / max(1, len(later.days))
    scope = f"per day with rows, {earlier.words} to {later.words}"
    first = story.quotes.number(f"{plan.name}_per_day", rates[0], plan.unit, earlier.words)
    last = story.quotes.number(f"{plan.name}_per_day", rates[1], plan.unit, later.words)
    return [f"Per day with rows it {story.change(rates[0], rates[1], scope)}, from {first} to {last} a day."]


@dataclass(frozen=True)
class _Fair:
    """A measure over the first days that two periods both cover without a gap."""

    n_days: int
    before: float
    after: float


def _common_days(
    workspace: Workspace, request: Request, column: Column, earlier: _Period, later: _Period
) -> _Fair | None:
    """Compare the first days that both periods cover without a gap; None where they are fewer than five."""
    offsets = [{(each - period.first).days for each in period.days} for period in (earlier, later)]
    common = 0
    while common in offsets[0] and common in offsets[1]:
        common += 1
    if common < FEWEST_COMMON_DAYS:
        return None
    before, after = (
        _float(_within(workspace, request, column, p.first, p.first + timedelta(days=common))[1])
        for p in (earlier, later)
    )
    return None if before is None or after is None else _Fair(common, before, after)


def _fair_words(story: Story, plan: Plan, earlier: _Period, later: _Period, fair: _Fair) -> str:
    scope = f"first {fair.n_days} days of {earlier.words} and {later.words}"
    n = story.quotes.number("n_common_days", fair.n_days, "days")
    first, last = (
        story.quotes.number(
            f"{plan.name}_common_days", value, plan.unit, f"{period.words}, first {fair.n_days} days"
        )
        for value, period in ((fair.before, earlier), (fair.after, later))
    )
    return (
        f"Over the first {n} of each, which both cover without a gap, it"
        f" {story.change(fair.before, fair.after, scope)}, from {first} to {last}:"
        " that is the fair comparison."
    )


def _verdict(claim: Claim, before: float, after: float, fair: _Fair | None, thin: bool) -> str:
    """Answer whether the measure rose or fell as was claimed, by the fair comparison where periods differ."""
    sign = 1.0 if claim == "rose" else -1.0
    shown = sign * (after - before)
    if not thin:
        return "**Yes**" if shown > 0 else "**No**"
    if fair is None:
        return "**That cannot be told from these data**"
    judged = sign * (fair.after - fair.before)
    if judged <= 0:
        return "**No**, not on a fair comparison" if shown > 0 else "**No**"
    changes = [abs(b - a) / abs(a) if a else 0.0 for a, b in ((before, after), (fair.before, fair.after))]
    return "**Yes, but far less than it looks**" if 2 * changes[1] < changes[0] and shown > 0 else "**Yes**"
