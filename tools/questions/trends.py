"""Knows the tool `show_trend`: a measure over time, with gaps, partial periods and honest comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tools.core import Column, DataTable, Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.figures import bars, lines
from tools.frames import open_table
from tools.questions.aggregating import Aggregated, Request, compute, measured
from tools.questions.coverage import Coverage, coverage_of, periods_between, within_span
from tools.questions.eda import COUNT, Chart, aggregate, axis_title
from tools.questions.grouping import CALENDAR, natural_grain
from tools.questions.headlines import headline_of
from tools.questions.period_comparison import Claim, compare
from tools.questions.phrasing import ExactQuotes, bare, titled
from tools.questions.reservations import caveats_of
from tools.questions.running import Running, told_running
from tools.questions.series import Series, Story, series_of, start_words
from tools.questions.steepest import Steepest, steepest_words
from tools.questions.telling import Teller
from tools.quoting import Quotes
from tools.selecting import Condition, Grain, GroupBy, Measure, columns_named, find_column
from tools.wording import day, listing, number, sentence

MOST_SERIES = 6
MOST_PERIODS = 2_000
MOST_CELLS = 100_000


@tool
def show_trend(
    workspace: Workspace,
    *,
    measure: Measure | None = None,
    time: str | None = None,
    grain: Grain | None = None,
    by: str | None = None,
    where: Sequence[Condition] = (),
    chart: Chart = "auto",
    compare_periods: Sequence[str] = (),
    running: Running = "none",
    window: int | None = None,
    claim: Claim = "none",
    steepest: Steepest = "none",
    table: str | None = None,
) -> ToolResult:
    """Show how a measure developed over time: per day, week, month, quarter or year.

    Periods that the data cover only in part are marked and kept out of statements about growth. Use it for
    "plot ... per day", "trend of", "did ... fall in September", "growth from August to September".

    Args:
        workspace: The data.
        measure: What to follow; a count of rows if left out.
        time: Date column; the table's own if left out.
        grain: Length of a period; chosen by the span of the data if left out.
        by: Column that splits the line into one a group.
        where: Conditions that all hold for the rows used.
        chart: Kind of chart.
        compare_periods: Two or more periods to compare, such as 2016-08 and 2016-09 or first..last day; with
            `by` each group, with a `grain` of quarter or month each quarter or month of two years.
        running: Follow the cumulative total, or the moving average of the last periods, instead.
        window: Periods that a moving average covers; 3 if left out, 7 for days.
        claim: What the question takes the change between `compare_periods` to be: the answer says yes or no.
        steepest: Name the period with the largest rise or fall on the one before it.
        table: Name of a loaded table.
    """
    asked = measure or COUNT
    chosen, column = _time_column(workspace, asked, time, by, where, table)
    if grain is not None and grain not in CALENDAR:
        group = GroupBy(column=column.name, grain=grain, bins=None, n_bins=None)
        return aggregate(workspace, measures=[asked], by=[group], where=where, chart=chart, table=chosen.name)
    _, frame = open_table(workspace, chosen.name, {column.name})
    coverage = coverage_of(workspace, chosen, frame, column)
    coverage = within_span(coverage, column, () if compare_periods else where)
    if not coverage.days:
        raise ToolError(f"{column.name} holds no dates.", "Choose another date column.")
    if compare_periods:
        each = _compared_by(column, by, grain)
        return compare(workspace, chosen, column, asked, where, coverage, compare_periods, claim, each)
    step = grain or natural_grain(column)
    if len(periods_between(step, coverage.days[0], coverage.days[-1])) > MOST_PERIODS:
        raise ToolError(
            f"There are too many {step}s to draw.", "Use a longer period, such as month.", ("month",)
        )
    groups = [GroupBy(column=column.name, grain=step, bins=None, n_bins=None)]
    conditions, left_out = list(where), 0
    if by:
        only, left_out = _largest(workspace, chosen, by, where)
        conditions += only
        groups.append(GroupBy(column=by, grain=None, bins=None, n_bins=None))
    request = Request((asked,), groups, tuple(conditions), table=chosen.name, most_groups=MOST_CELLS)
    made = compute(workspace, request)
    if left_out:  # the choice of groups is told in a caveat rather than in every sentence
        asked_only = compute(workspace, Request((COUNT,), (), tuple(where), table=chosen.name))
        made = replace(
            made,
            selection=replace(
                made.selection, words=asked_only.selection.words, clause=asked_only.selection.clause
            ),
        )
    if running != "none":
        return told_running(made, step, coverage, running, window or (7 if step == "day" else 3), chart)
    return _told(made, step, coverage, chart, left_out, steepest)


_WITHIN_A_YEAR: Mapping[Grain, Grain] = {"quarter": "quarter_of_year", "month": "month_of_year"}


def _compared_by(column: Column, by: str | None, grain: Grain | None) -> GroupBy | None:
    """Return the groups that are compared over periods: those of a column, or the parts of each period."""
    if by:
        return GroupBy(column=by)
    within = _WITHIN_A_YEAR.get(grain) if grain else None
    return GroupBy(column=column.name, grain=within) if within else None


def _largest(
    workspace: Workspace, table: DataTable, by: str, where: Sequence[Condition]
) -> tuple[list[Condition], int]:
    """Return a condition that keeps the groups with most rows, and how many groups it leaves out."""
    group = GroupBy(column=by, grain=None, bins=None, n_bins=None)
    made = compute(workspace, Request((COUNT,), (group,), tuple(where), limit=MOST_SERIES, table=table.name))
    if made.n_groups <= MOST_SERIES or made.keys[0].column.kind != "text":
        return [], 0
    names = [row.labels[0] for row in made.rows]
    only = Condition.model_validate({"column": by, "is": "in", "values": names})
    return [only], made.n_groups - len(names)


def _time_column(
    workspace: Workspace,
    measure: Measure,
    time: str | None,
    by: str | None,
    where: Sequence[Condition],
    name: str | None,
) -> tuple[DataTable, Column]:
    needed = [
        *measured(measure),
        *([time] if time else []),
        *([by] if by else []),
        *sorted(columns_named(where)),
    ]
    chosen, _ = open_table(workspace, name, needed)
    if not time and chosen.time is None and workspace.table.time and name is None:
        chosen, _ = open_table(workspace, workspace.main, needed)
    dates = [column.name for column in chosen.columns if column.kind in ("date", "datetime")]
    dates = [each for each in dates if chosen.column(each) not in chosen.by_role("birth_date")]
    wanted = time or chosen.time or (dates[0] if len(dates) == 1 else None)
    if wanted is None:
        raise ToolError(
            f"{chosen.source or chosen.name} has no date of what happened when, so there is no trend.",
            f"Choose one of {listing(dates, 'or')}." if dates else "Group by another column instead.",
            tuple(dates[:3]),
        )
    column = find_column(chosen, wanted)
    if column.kind not in ("date", "datetime"):
        raise ToolError(f"{column.name} holds no dates.", "A trend needs a date column.", tuple(dates[:3]))
    return chosen, column


# ------------------------------------------------------------------ a series


def _told(
    made: Aggregated, grain: Grain, coverage: Coverage, chart: Chart, left_out: int, steepest: Steepest
) -> ToolResult:
    quotes = ExactQuotes()
    teller = Teller(made, quotes)
    if not made.named:
        return ToolResult(headline_of(teller), (*quotes.facts, *made.facts), caveats=caveats_of(teller))
    series, cut = series_of(made, grain, coverage, MOST_SERIES)
    left_out = left_out or cut
    plan = made.plans[0]
    story = Story(plan, grain, quotes, teller.where, teller.clause)
    alone = len(series) == 1 and len(made.keys) == 1
    headline = story.one(series[0]) if alone else story.several(series)
    found = steepest_words(story, series[0], steepest) if alone and steepest != "none" else None
    headline, findings = found or (headline, story.findings(series))
    caveats = [*caveats_of(teller), *_coverage_caveats(quotes, grain, coverage, series[0])]
    if left_out:
        n = quotes.number("n_groups_left_out", left_out, "groups")
        caveats.append(f"Only the {number(len(series))} largest groups are followed; {n} are left out.")
        quotes.note("n_series", len(series))
    for line in series:
        for start, value in list(zip(line.starts, line.values, strict=True))[:30]:
            quotes.note(
                plan.name,
                value,
                plan.unit,
                "; ".join(filter(None, [start.isoformat(), line.name])) + teller.where,
            )
    figure = _draw(made, grain, series, chart)
    return ToolResult(
        sentence(headline),
        (*quotes.facts, *made.facts),
        tuple(findings),
        (_table(made, grain, coverage, series),),
        (figure,) if figure else (),
        tuple(dict.fromkeys(caveats)),
    )


def _coverage_caveats(quotes: Quotes, grain: Grain, coverage: Coverage, series: Series) -> list[str]:
    partial = [start for start, full in zip(series.starts, series.full, strict=True) if not full]
    told = []
    if grain == "day":
        told += _missing_days(quotes, coverage)
        if partial:
            n = quotes.number("n_patchy_days", len(partial), "days")
            told.append(f"{n} in weeks with gaps, from {day(partial[0])} on, are marked and not compared.")
            quotes.note("first_patchy_day", partial[0].isoformat())
        return told
    shown = []
    for start in partial if len(partial) <= 2 else (partial[0], partial[-1]):
        held, length = coverage.within(grain, start), _length(grain, start)
        quotes.note("days_with_rows", len(held), "days", start.isoformat())
        quotes.note("days_in_period", length, "days", start.isoformat())
        words = start_words(grain, start)
        quotes.note("period", start.year if grain == "year" else words, None, words)
        shown.append(f"{words} (rows on {len(held)} of {length} days)")
    if not partial:
        return told
    if len(partial) <= 2:
        verb = f"is not a full {grain} and is" if len(partial) == 1 else f"are not full {grain}s and are"
        return [sentence(f"{listing(shown)} {verb} left out of statements about growth")]
    n, of = quotes.number("n_partial_periods", len(partial)), quotes.number("n_periods", len(series.starts))
    return [
        f"{n} of the {of} {grain}s are not fully covered by the data, from {shown[0]} to {shown[-1]};"
        " they are marked and left out of statements about growth."
    ]


def _length(grain: Grain, start: date) -> int:
    return (periods_between(grain, start, start + timedelta(days=370))[1] - start).days


def _missing_days(quotes: Quotes, coverage: Coverage) -> list[str]:
    span = (coverage.days[-1] - coverage.days[0]).days + 1
    absent = span - len(coverage.days)
    if not absent or not coverage.is_daily:
        return []
    held = set(coverage.days)
    every = (coverage.days[0] + timedelta(days=offset) for offset in range(span))
    first = next(each for each in every if each not in held)
    quotes.note("first_missing_day", first.isoformat())
    n, of = quotes.number("n_days_without_rows", absent), quotes.number("n_days", span, "days")
    return [
        f"{n} of the {of} have no row at all, the first on {day(first)};"
        " a file that ends unevenly looks like a fall."
    ]


def _table(made: Aggregated, grain: Grain, coverage: Coverage, series: Sequence[Series]) -> ResultTable:
    plan, key = made.plans[0], made.keys[0]
    names = [line.name or plan.heading for line in series]
    rows: list[tuple[Scalar, ...]] = []
    before: float | None = None
    for index, start in enumerate(series[0].starts):
        cells: list[Scalar] = [key.label(_raw(grain, start)), *(line.values[index] for line in series)]
        if len(series) == 1:
            value, full = series[0].values[index], series[0].full[index]
            now = float(value) if full and isinstance(value, int | float) else None
            cells.append(100.0 * (now / before - 1.0) if now is not None and before else None)
            before = now
        cells.append(
            "full" if series[0].full[index] else f"{len(coverage.within(grain, start))} days with rows"
        )
        rows.append(tuple(cells))
    change = ("change %",) if len(series) == 1 else ()
    units = (None, *(plan.unit for _ in series), *("%" for _ in change), None)
    title = f"{bare(plan)} by {grain}".replace("`", "")
    return ResultTable(
        title[:1].upper() + title[1:], (key.title, *names, *change, "covered"), tuple(rows), units
    )


def _raw(grain: Grain, start: date) -> object:
    if grain == "year":
        return start.year
    return (start - date(1, 1, 1)).days // 7 if grain == "week" else start


def _draw(made: Aggregated, grain: Grain, series: Sequence[Series], chart: Chart) -> Json | None:
    if chart == "none":
        return None
    plan = made.plans[0]
    title = titled(f"{bare(plan)} per {grain}", made.selection.clause)
    drawn = {
        line.name or plan.heading: [v if isinstance(v, int | float) else None for v in line.values]
        for line in series
    }
    partial = [index for index, full in enumerate(series[0].full) if not full]
    if chart in ("bar", "stacked"):
        return bars(
            [made.keys[0].label(_raw(grain, s)) for s in series[0].starts],
            drawn,
            title,
            grain,
            axis_title(made),
            stacked=chart == "stacked" and plan.additive,
        )
    x = [start.isoformat() for start in series[0].starts]
    return lines(
        x, drawn, title, made.keys[0].column.name, axis_title(made), filled=chart == "area", partial=partial,
        zero=plan.additive,
    )  # fmt: skip
