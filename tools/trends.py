"""Knows the tool `show_trend`: a measure over time, with gaps, partial periods and honest comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tools.aggregating import Aggregated, Request, Row, compute, measured
from tools.core import Column, DataTable, Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.coverage import Coverage, coverage_of, periods_between
from tools.eda import COUNT, Chart, aggregate, axis_title
from tools.errors import ToolError
from tools.figures import bars, lines
from tools.frames import open_table
from tools.grouping import CALENDAR, natural_grain, period_start, period_words
from tools.headlines import ExactQuotes, Teller, bare, share_digits, write
from tools.measuring import Plan
from tools.periods import interval, next_month, part_number, span_words
from tools.quoting import Quotes
from tools.selecting import Condition, Grain, GroupBy, Measure, columns_named, find_column
from tools.wording import day, listing, number, sentence

MOST_SERIES = 6
MOST_PERIODS = 2_000
MOST_CELLS = 100_000
_LONG = 14  # periods from which ends are compared as averages rather than as single periods


@dataclass(frozen=True)
class Series:
    """One line: values by period, without gaps in time.

    Attributes:
        name: Group, or empty.
        starts: First days of the periods.
        values: Values; 0 for periods without rows if the measure adds up, else None.
        full: Whether each period may be compared.
    """

    name: str
    starts: tuple[date, ...]
    values: tuple[Scalar, ...]
    full: tuple[bool, ...]

    def comparable(self) -> list[tuple[date, float]]:
        """Return the full periods that have a value."""
        triples = zip(self.starts, self.values, self.full, strict=True)
        return [
            (start, float(value)) for start, value, full in triples if full and isinstance(value, int | float)
        ]


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
        compare_periods: Two or more periods to compare, such as 2016-08 and 2016-09.
        table: Name of a loaded table.
    """
    asked = measure or COUNT
    chosen, column = _time_column(workspace, asked, time, by, where, table)
    if grain is not None and grain not in CALENDAR:
        group = GroupBy(column=column.name, grain=grain, bins=None, n_bins=None)
        return aggregate(workspace, measures=[asked], by=[group], where=where, chart=chart, table=chosen.name)
    _, frame = open_table(workspace, chosen.name, {column.name})
    coverage = coverage_of(workspace, chosen, frame, column)
    if not coverage.days:
        raise ToolError(f"{column.name} holds no dates.", "Choose another date column.")
    if compare_periods:
        return _compare(workspace, chosen, column, asked, where, coverage, compare_periods)
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
        made = replace(made, selection=replace(made.selection, words=asked_only.selection.words))
    return _told(made, step, coverage, chart, left_out)


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
            f"{chosen.source or chosen.name} has no date of what happened when, so there is no trend to show.",
            f"Choose one of {listing(dates, 'or')}." if dates else "Group by another column instead.",
            tuple(dates[:3]),
        )
    column = find_column(chosen, wanted)
    if column.kind not in ("date", "datetime"):
        raise ToolError(f"{column.name} holds no dates.", "A trend needs a date column.", tuple(dates[:3]))
    return chosen, column


# ------------------------------------------------------------------ a series


def _told(made: Aggregated, grain: Grain, coverage: Coverage, chart: Chart, left_out: int = 0) -> ToolResult:
    quotes = ExactQuotes()
    teller = Teller(made, quotes)
    if not made.named:
        return ToolResult(teller.headline(), (*quotes.facts, *made.facts), caveats=teller.caveats())
    series, cut = _series(made, grain, coverage)
    left_out = left_out or cut
    plan = made.plans[0]
    story = _Story(plan, grain, quotes, teller.where)
    headline = story.one(series[0]) if len(series) == 1 and len(made.keys) == 1 else story.several(series)
    caveats = [*teller.caveats(), *_coverage_caveats(quotes, grain, coverage, series[0])]
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
    figure, findings = _draw(made, grain, series, chart), tuple(story.findings(series))
    return ToolResult(
        sentence(headline),
        (*quotes.facts, *made.facts),
        findings,
        (_table(made, grain, coverage, series),),
        (figure,) if figure else (),
        tuple(dict.fromkeys(caveats)),
    )


def _series(made: Aggregated, grain: Grain, coverage: Coverage) -> tuple[list[Series], int]:
    starts = periods_between(grain, coverage.days[0], coverage.days[-1])
    full = tuple(coverage.is_full(grain, start) for start in starts)
    names: dict[str, int] = {}
    cells: dict[tuple[str, date], Scalar] = {}
    for row in made.named:
        name = row.labels[1] if len(row.labels) > 1 else ""
        names[name] = names.get(name, 0) + row.n
        cells[name, period_start(grain, row.raw[0])] = row.values[0]
    empty: Scalar = (
        0 if made.plans[0].additive or made.plans[0].measure.statistic == "count_distinct" else None
    )
    ranked = sorted(names, key=lambda name: (-names[name], name))
    kept = ranked[:MOST_SERIES]
    made_series = [
        Series(name, tuple(starts), tuple(cells.get((name, s), empty) for s in starts), full) for name in kept
    ]
    return made_series, len(ranked) - len(kept)


class _Story:
    """Writes what a series did."""

    def __init__(self, plan: Plan, grain: Grain, quotes: Quotes, where: str) -> None:
        self.plan, self.grain, self.quotes, self.where = plan, grain, quotes, where

    def one(self, series: Series) -> str:
        points = series.comparable()
        what = f"{self.plan.words} {'per' if self.plan.additive else 'by'} {self.grain}{self.where}"
        if len(points) < 2:
            return self._short(series, points, what)
        if len(points) >= _LONG:
            return self._long(points, what)
        (first, before), (last, after) = points[0], points[-1]
        moved = self.change(before, after, f"{first} to {last}{self.where}")
        peak = max(points, key=lambda point: point[1])
        text = (
            f"{what} {moved} from {self.value(first, before)} in {self.name(first)}"
            f" to {self.value(last, after)} in {self.name(last)}"
        )
        if peak[0] not in (first, last):
            text += f", with a peak of {self.value(*peak)} in {self.name(peak[0])}"
        return text

    def _short(self, series: Series, points: Sequence[tuple[date, float]], what: str) -> str:
        known = [
            (s, float(v))
            for s, v in zip(series.starts, series.values, strict=True)
            if isinstance(v, int | float)
        ]
        shown = listing([f"**{self.value(*point)}** in {self.name(point[0])}" for point in known[:6]])
        only = (
            f"only {self.name(points[0][0])} is a full {self.grain}" if points else f"no {self.grain} is full"
        )
        return f"{what} is {shown}; {only}, so no growth can be stated"

    def _long(self, points: Sequence[tuple[date, float]], what: str) -> str:
        part = max(2, len(points) // 4)
        if self.grain == "day":  # whole weeks, so that weekends weigh the same at both ends
            part = max(7, part // 7 * 7)
        before = sum(value for _, value in points[:part]) / part
        after = sum(value for _, value in points[-part:]) / part
        scope = f"first and last {part} {self.grain}s{self.where}"
        moved = self.change(before, after, scope)
        n, all_n = (
            self.quotes.number("n_periods_compared", part),
            self.quotes.number("n_full_periods", len(points)),
        )
        peak = max(points, key=lambda point: point[1])
        low = min(points, key=lambda point: point[1])
        first = self.quotes.number(f"{self.plan.name}_first", before, self.plan.unit, scope)
        last = self.quotes.number(f"{self.plan.name}_last", after, self.plan.unit, scope)
        return (
            f"{what} {moved}, from an average of {first} in the first {n} {self.grain}s to {last} in the last {n}"
            f" of {all_n} full {self.grain}s; highest {self._at(peak[0])} (**{self.value(*peak)}**),"
            f" lowest {self._at(low[0])} ({self.value(*low)})"
        )

    def several(self, series: Sequence[Series]) -> str:
        moves = []
        for line in series:
            points = line.comparable()
            if len(points) >= 2:
                part = max(1, len(points) // 4)
                before = sum(v for _, v in points[:part]) / part
                after = sum(v for _, v in points[-part:]) / part
                moves.append((line.name, before, after, part))
        what = f"{self.plan.words} {'per' if self.plan.additive else 'by'} {self.grain}{self.where}"
        if not moves:
            return f"{what} is drawn for {listing([line.name for line in series])}; too few full {self.grain}s to state growth"
        n = self.quotes.number("n_periods_compared", moves[0][3])
        shown = [f"{self.change(b, a, f'{name}{self.where}')} for {name}" for name, b, a, _ in moves]
        many = f"{n} {self.grain}s" if moves[0][3] > 1 else self.grain
        return f"between the first and the last {many}, {what} {listing(shown)}"

    def change(self, before: float, after: float, scope: str) -> str:
        if before <= 0:
            gap = self.quotes.number("change", after - before, self.plan.unit, scope)
            return f"changed by **{gap}**"
        if self.plan.unit == "%":
            points = self.quotes.number("change_percentage_points", after - before, None, scope, digits=1)
            return f"{'rose' if after > before else 'fell'} by **{points.lstrip('-')} percentage points**"
        pct = 100.0 * (after / before - 1.0)
        shown = self.quotes.number("change_pct", pct, "%", scope, digits=share_digits(pct)).lstrip("-")
        if abs(pct) < 0.05:
            return f"stayed level (**{shown}**)"
        return f"{'rose' if pct > 0 else 'fell'} **{shown}**"

    def findings(self, series: Sequence[Series]) -> list[str]:
        if len(series) != 1 or len(series[0].comparable()) < 3 or len(series[0].comparable()) >= _LONG:
            return []
        (_, before), (last, after) = series[0].comparable()[-2:]
        moved = self.change(before, after, f"last two full {self.grain}s{self.where}")
        return [
            sentence(f"in the last full {self.grain}, {self.name(last)}, it {moved} against the one before")
        ]

    def value(self, start: date, value: float) -> str:
        self.quotes.note(self.plan.name, value, self.plan.unit, start.isoformat() + self.where)
        return write(self.plan, value)

    def name(self, start: date) -> str:
        text = _words(self.grain, start)
        self.quotes.note(f"{self.grain}_start", start.isoformat(), None, start.isoformat())
        self.quotes.note("period", start.year if self.grain == "year" else text, None, text)
        return text

    def _at(self, start: date) -> str:
        return f"{'on' if self.grain == 'day' else 'in'} {self.name(start)}"


def _words(grain: Grain, start: date) -> str:
    if grain == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    if grain in ("year", "week"):
        return str(start.year) if grain == "year" else f"the week of {day(start)}"
    return period_words(grain, start)


def _coverage_caveats(quotes: Quotes, grain: Grain, coverage: Coverage, series: Series) -> list[str]:
    partial = [start for start, full in zip(series.starts, series.full, strict=True) if not full]
    told = []
    if grain == "day":
        told += _missing_days(quotes, coverage)
        if partial:
            n = quotes.number("n_patchy_days", len(partial), "days")
            told.append(
                f"{n} in weeks with gaps, from {day(partial[0])} on, are marked and left out of the comparison."
            )
            quotes.note("first_patchy_day", partial[0].isoformat())
        return told
    shown = []
    for start in partial if len(partial) <= 2 else (partial[0], partial[-1]):
        held, length = coverage.within(grain, start), _length(grain, start)
        quotes.note("days_with_rows", len(held), "days", start.isoformat())
        quotes.note("days_in_period", length, "days", start.isoformat())
        words = _words(grain, start)
        quotes.note("period", start.year if grain == "year" else words, None, words)
        shown.append(f"{words} (rows on {len(held)} of {length} days)")
    if not partial:
        return told
    if len(partial) <= 2:
        verb = f"is not a full {grain} and is" if len(partial) == 1 else f"are not full {grain}s and are"
        return [sentence(f"{listing(shown)} {verb} left out of statements about growth")]
    n, of = quotes.number("n_partial_periods", len(partial)), quotes.number("n_periods", len(series.starts))
    return [
        f"{n} of the {of} {grain}s are not fully covered by the data, from {shown[0]} to {shown[-1]}; they are"
        " marked and left out of statements about growth."
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
        f"{n} of the {of} have no row at all, the first on {day(first)}; a file that ends unevenly looks like a fall."
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
    title = f"{bare(plan)} per {grain}".replace("`", "")
    title = (
        title[:1].upper()
        + title[1:]
        + (f", where {made.selection.words}".replace("`", "") if made.selection.words else "")
    )
    drawn = {
        line.name or plan.heading: [v if isinstance(v, int | float) else None for v in line.values]
        for line in series
    }
    partial = [index for index, full in enumerate(series[0].full) if not full]
    if chart == "bar":
        return bars(
            [made.keys[0].label(_raw(grain, s)) for s in series[0].starts],
            drawn,
            title,
            grain,
            axis_title(made),
        )
    x = [start.isoformat() for start in series[0].starts]
    return lines(
        x, drawn, title, made.keys[0].column.name, axis_title(made), filled=chart == "area", partial=partial,
        zero=plan.additive,
    )  # fmt: skip


# ------------------------------------------------------------------ periods against each other


def _span(text: str, coverage: Coverage) -> tuple[date, date]:
    """Read a period; a month without its year is the one month of that name in the data."""
    try:
        start, end = interval(text)
    except ToolError:
        month = part_number("month", text)
        starts = sorted({date(each.year, each.month, 1) for each in coverage.days if each.month == month})
        if len(starts) != 1:
            raise
        return starts[0], next_month(starts[0])
    return date.fromisoformat(str(start)[:10]), date.fromisoformat(str(end)[:10])


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


def _compare(
    workspace: Workspace, table: DataTable, column: Column, measure: Measure, where: Sequence[Condition],
    coverage: Coverage, asked: Sequence[str],
) -> ToolResult:  # fmt: skip
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
        words = span_words(start, end)
        quotes.note("period", int(words) if words.isdigit() else words, None, words)
        periods.append(_Period(words, start, end, row, held))
    if made is None:
        raise ToolError("No period was named.", "Name two periods, such as 2016-08 and 2016-09.")
    plan, caveats, findings = made.plans[0], [], []
    story = _Story(plan, "month", quotes, "")
    earlier, later = periods[0], periods[-1]
    values = [period.row.values[0] for period in periods]
    for period in periods:
        quotes.note(plan.name, period.row.values[0], plan.unit, period.words)
        quotes.note("days_with_rows", len(period.days), "days", period.words)
        quotes.note("days_in_period", period.length, "days", period.words)
    for period in (period for period in periods if not period.days):
        told = f"there are **no rows** in {period.words}: the data run from {day(coverage.days[0])} to {day(coverage.days[-1])}"
        quotes.note("first_day", coverage.days[0].isoformat())
        quotes.note("last_day", coverage.days[-1].isoformat())
        return ToolResult(sentence(told), (*quotes.facts, *made.facts))
    before, after = values[0], values[-1]
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        raise ToolError(f"{plan.words} has no value in one of the periods.", "Choose other periods.")
    scope = f"{earlier.words} to {later.words}"
    filtered = f" where {_without_time(made)}" if where else ""
    headline = (
        f"{plan.words}{filtered} {story.change(before, after, scope)}, from {write(plan, before)} in {earlier.words}"
        f" to {write(plan, after)} in {later.words}"
    )
    thin = [p for p in periods if _is_thin(coverage, p)]
    if thin:
        shown = listing([f"{p.words} has rows on only {len(p.days)} of its {p.length} days" for p in thin])
        headline += f", but this is not a like-for-like comparison: {shown}"
        caveats.append("A period that the data cover in part must not be read as a fall.")
        findings += _like_for_like(workspace, request, column, story, earlier, later, plan)
    elif earlier.length != later.length and plan.additive:
        findings += _per_day(story, earlier, later, plan)
    rows = tuple((p.words, p.row.values[0], p.row.n, len(p.days), p.length) for p in periods)
    result = ResultTable(
        f"{bare(plan)} by period".replace("`", ""), ("period", plan.heading, "rows", "days with rows", "days"), rows,
        (None, plan.unit, "rows", "days", "days"),
    )  # fmt: skip
    figure = bars(
        [p.words for p in periods],
        {plan.heading: [_float(p.row) for p in periods]},
        result.title,
        "period",
        plan.heading,
    )
    told_caveats = (*made.caveats, *caveats)
    return ToolResult(
        sentence(headline), (*quotes.facts, *made.facts), tuple(findings), (result,), (figure,), told_caveats
    )


def _without_time(made: Aggregated) -> str:
    """Return the words of the request's own conditions; the period stands in the sentence already."""
    words = made.selection.words
    return words.rpartition(" and ")[0] if " and " in words else words


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


def _per_day(story: _Story, earlier: _Period, later: _Period, plan: Plan) -> list[str]:
    before, after = (_float(p.row) or 0.0 for p in (earlier, later))
    rates = before / max(1, len(earlier.days)), after / max(1, len(later.days))
    scope = f"per day with rows, {earlier.words} to {later.words}"
    first = story.quotes.number(f"{plan.name}_per_day", rates[0], plan.unit, earlier.words)
    last = story.quotes.number(f"{plan.name}_per_day", rates[1], plan.unit, later.words)
    return [f"Per day with rows it {story.change(rates[0], rates[1], scope)}, from {first} to {last} a day."]


def _like_for_like(
    workspace: Workspace,
    request: Request,
    column: Column,
    story: _Story,
    earlier: _Period,
    later: _Period,
    plan: Plan,
) -> list[str]:
    """Compare the first days that both periods cover without a gap."""
    offsets = [{(each - period.first).days for each in period.days} for period in (earlier, later)]
    common = 0
    while common in offsets[0] and common in offsets[1]:
        common += 1
    told = []
    if common >= 5:
        ends = [period.first + timedelta(days=common) for period in (earlier, later)]
        rows = [
            _within(workspace, request, column, p.first, end)[1]
            for p, end in zip((earlier, later), ends, strict=True)
        ]
        before, after = (_float(row) for row in rows)
        if before is not None and after is not None:
            scope = f"first {common} days of {earlier.words} and {later.words}"
            n = story.quotes.number("n_common_days", common, "days")
            first = story.quotes.number(
                f"{plan.name}_common_days", before, plan.unit, f"{earlier.words}, first {common} days"
            )
            last = story.quotes.number(
                f"{plan.name}_common_days", after, plan.unit, f"{later.words}, first {common} days"
            )
            told.append(
                f"Over the first {n} of each, which both cover without a gap, it {story.change(before, after, scope)},"
                f" from {first} to {last}: that is the fair comparison."
            )
    if plan.additive:
        told += _per_day(story, earlier, later, plan)
    return told
