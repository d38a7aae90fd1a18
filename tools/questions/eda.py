"""Knows the tool `aggregate`: measures by group, with filters, shares, ranks and charts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from tools.core import Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.figures import MOST_BARS, bars, heatmap, lines, pie, segment_colour
from tools.frames import SEGMENT, open_table
from tools.questions.aggregating import MOST_LIMIT, Aggregated, Order, Request, Row, compute
from tools.questions.coverage import coverage_of
from tools.questions.grouping import period_start, period_words
from tools.questions.headlines import headline_of
from tools.questions.measure_words import row_noun
from tools.questions.phrasing import ExactQuotes, bare, titled
from tools.questions.reservations import caveats_of, findings_of, further_shares
from tools.questions.telling import Teller
from tools.quoting import ROWS_AS_FACTS, Quotes
from tools.selecting import Condition, GroupBy, Measure
from tools.wording import sentence

Chart = Literal[
    "auto", "none", "bar", "stacked", "line", "pie", "area", "histogram", "box", "scatter", "heatmap"
]
COUNT = Measure(statistic="count", column=None, q=None, per=None)
MOST_ROWS = 500  # of a table that is shown


@tool
def aggregate(
    workspace: Workspace,
    *,
    measures: Sequence[Measure] = (),
    by: Sequence[GroupBy] = (),
    where: Sequence[Condition] = (),
    having: Sequence[Condition] = (),
    order: Order = "auto",
    limit: int | None = None,
    share_of_total: bool = False,
    rank_within: bool = False,
    place: int | None = None,
    rank_of: str | None = None,
    together: bool = False,
    chart: Chart = "auto",
    table: str | None = None,
) -> ToolResult:
    """Compute counts, sums, averages and other statistics, for all rows or by group.

    Use it for any "how many", "what is the average", "top 10", "share of", "by month" question. Without a
    table the main one is taken, or the one that has the columns; `customers` has one row a customer.

    Args:
        workspace: The data.
        measures: What to compute; a count of rows if empty.
        by: Up to three things to group by.
        where: Conditions that all hold for the rows used.
        having: Conditions on groups; column "value" is the first measure, "value_2" the second, "n" the rows.
        order: Order of the groups; auto is by time or range, else the largest first.
        limit: Show only so many groups, the largest first unless ordered otherwise.
        share_of_total: Say which share of the total each group, or the filtered part, holds.
        rank_within: Apply the limit within each group of the first grouping.
        place: Answer with the group in this place of the order: 2 for the second largest.
        rank_of: Answer with the place of this group in the order: "where does Mumbai rank?".
        together: Answer with what the groups within the limit make up together.
        chart: Kind of chart; auto chooses by the data.
        table: Name of a loaded table, or customers.
    """
    request = Request(
        tuple(measures) or (COUNT,), tuple(by), tuple(where), tuple(having), order,
        min(limit or place or 0, MOST_LIMIT) or limit, share_of_total, rank_within, table,
        place=place, rank_of=rank_of, together=together,
    )  # fmt: skip
    made = compute(workspace, request)
    quotes = ExactQuotes()
    partial = partial_periods(workspace, made)
    teller = Teller(made, quotes, set(partial))
    headline, findings, caveats = headline_of(teller), findings_of(teller), list(caveats_of(teller))
    for row in made.rows[:ROWS_AS_FACTS]:
        _note(made, teller, quotes, row)
    tables = (_table(made),) if made.keys and made.rows else ()
    if tables and tables[0].n_rows_total:
        quotes.note("n_rows_shown", len(tables[0].rows))
        quotes.note("n_groups_kept", made.n_kept)
        caveats.append(f"The table shows the first {len(tables[0].rows):,} of {made.n_kept:,} groups.")
    caveats += partial_remarks(quotes, partial)
    figures, remark = _figure(workspace, made, chart)
    if remark:
        caveats.append(remark)
        quotes.note("n_drawn", MOST_BARS, "groups")
    return ToolResult(
        headline,
        (*quotes.facts, *made.facts),
        findings,
        tables,
        figures,
        tuple(caveats),
    )


def _note(made: Aggregated, teller: Teller, quotes: Quotes, row: Row) -> None:
    scope = teller.scope(row)
    for each, value in zip(made.plans, row.values, strict=True):
        quotes.note(each.name, value, each.unit, scope)
    quotes.note(f"n_{teller.nouns}", row.n, teller.nouns, scope)
    if row.share_pct is not None:
        quotes.note("share_pct", row.share_pct, "%", scope)


def partial_periods(workspace: Workspace, made: Aggregated) -> dict[tuple[str, ...], str]:
    """Return the labels of groups whose period is not fully covered by the data, each with a remark."""
    found: dict[tuple[str, ...], str] = {}
    for index, key in enumerate(made.keys):
        if not key.is_calendar or key.grain in (None, "day") or key.column.role == "birth_date":
            continue
        _, frame = open_table(workspace, made.table.name, {key.column.name})
        coverage = coverage_of(workspace, made.table, frame, key.column)
        for row in made.named:
            start = period_start(key.grain, row.raw[index])
            if not coverage.is_full(key.grain, start):
                name = sentence(period_words(key.grain, row.raw[index]))[:-1]
                found[row.labels] = coverage.remark(key.grain, start, name)
    return found


def partial_remarks(quotes: Quotes, partial: Mapping[tuple[str, ...], str]) -> list[str]:
    """Write what is wrong with periods that are not full, and record the numbers."""
    told = list(dict.fromkeys(partial.values()))
    if len(told) > 3:
        n = quotes.number("n_partial_periods", len(told))
        return [f"{n} periods are not fully covered by the data; compare them with care."]
    for remark in told:
        for index, digits in enumerate(re.findall(r"\b\d+\b", remark)):
            quotes.note(f"coverage_{index + 1}", float(digits), None, remark)
    return told


def _table(made: Aggregated) -> ResultTable:
    nouns = row_noun(made.table)[1]
    counts_rows = any(
        each.column is None and not each.measure.where and not each.parts for each in made.plans
    )
    shared = made.rows[0].share_pct is not None and (made.plans[0].additive or made.request.share_of_total)
    columns = [key.title for key in made.keys] + [each.heading for each in made.plans]
    units: list[str | None] = [*(None for _ in made.keys), *(each.unit for each in made.plans)]
    columns += (["share %"] if shared else []) + ([] if counts_rows else [nouns])
    units += (["%"] if shared else []) + ([] if counts_rows else [nouns])
    further = further_shares(made)
    columns += [f"share of {made.plans[index].heading} %" for index in further]
    units += ["%" for _ in further]
    rows: list[tuple[Scalar, ...]] = []
    for row in made.rows[:MOST_ROWS]:
        cells: list[Scalar] = [*row.labels, *row.values]
        cells += ([row.share_pct] if shared else []) + ([] if counts_rows else [row.n])
        cells += [row.shares[index] for index in further]
        rows.append(tuple(cells))
    total = made.n_kept if made.request.limit is None and made.n_kept > len(rows) else None
    return ResultTable(title_of(made), tuple(columns), tuple(rows), tuple(units), total)


def title_of(made: Aggregated) -> str:
    """Write what a table or chart shows."""
    by = " and ".join(key.words if key.grain else key.column.name for key in made.keys)
    what = bare(made.plans[0])
    return titled(f"{what} by {by}", made.selection.clause_beside)


# ------------------------------------------------------------------ charts


def _figure(workspace: Workspace, made: Aggregated, chart: Chart) -> tuple[tuple[Json, ...], str]:
    """Return the figure, if there is one to draw, and a remark where the kind asked for does not fit."""
    rows = [row for row in made.rows if isinstance(row.values[0], int | float)]
    if chart == "none" or not made.keys:
        return (), "A single number makes no chart." if chart not in ("auto", "none") else ""
    if len(rows) < 2 and chart == "auto":
        return (), ""
    if not rows:
        return (), "There is nothing to draw." if chart != "auto" else ""
    remark = ""
    if chart in ("histogram", "box", "scatter"):
        remark = (
            f"A {chart} chart needs single values rather than group totals; ask for the distribution instead."
        )
        chart = "auto"
    if chart == "pie" and (remark := _against_pie(made, rows)):
        chart = "auto"
    if chart == "stacked" and (remark := _against_stacking(made, rows)):
        chart = "bar"
    if chart == "auto":
        chart = _natural(made, rows)
    if chart == "pie":
        return (_pie(workspace, made, rows),), remark
    if len(made.keys) > 1:
        figure, cut = _crossed(workspace, made, rows, chart)
        return (figure,), remark or cut
    figure, cut = _plain(workspace, made, rows, chart)
    return (figure,), remark or cut


def _against_pie(made: Aggregated, rows: Sequence[Row]) -> str:
    if not made.plans[0].additive:
        return "Slices of a pie add up to a whole, which this measure does not, so it is drawn as bars."
    if any(float(row.values[0] or 0) < 0 for row in rows):
        return "Negative values make no slices, so they are drawn as bars."
    return "" if len(made.keys) == 1 else "A pie shows one grouping only, so two are drawn otherwise."


def _against_stacking(made: Aggregated, rows: Sequence[Row]) -> str:
    if len(made.keys) == 1:
        return "Stacked bars need a second grouping, so the bars stand alone."
    if not made.plans[0].additive:
        return "Stacked parts add up to a whole, which this measure does not, so the bars stand side by side."
    if any(float(row.values[0] or 0) < 0 for row in rows):
        return "Negative values cannot be stacked, so the bars stand side by side."
    return ""


def _natural(made: Aggregated, rows: Sequence[Row]) -> Chart:
    if len(made.keys) > 1:
        firsts, seconds = (len({row.labels[index] for row in rows}) for index in (0, 1))
        if made.keys[0].is_calendar and seconds <= 10:
            return "line"
        return "heatmap" if min(firsts, seconds) > 6 else "bar"
    return "line" if made.keys[0].is_calendar and len(rows) > 2 else "bar"


def axis_title(made: Aggregated) -> str:
    """Write the value axis with its unit."""
    first = made.plans[0]
    unit = first.unit if first.unit and first.unit not in first.heading else None
    return f"{first.heading}{f' ({unit})' if unit else ''}"


def _colours(
    workspace: Workspace, made: Aggregated, labels: Sequence[str], index: int = 0
) -> tuple[str, ...]:
    if made.keys[index].column.name != SEGMENT or workspace.segmentation is None:
        return ()
    keys = {segment.name: segment.key for segment in workspace.segmentation.segments}
    return tuple(segment_colour(keys[text]) if text in keys else "#7F7F7F" for text in labels)


def _pie(workspace: Workspace, made: Aggregated, rows: Sequence[Row]) -> Json:
    ranked = sorted(rows, key=lambda row: -float(row.values[0] or 0))
    whole, shown = made.whole.values[0], sum(float(row.values[0] or 0) for row in ranked)
    labels, values = [row.name for row in ranked], [float(row.values[0] or 0) for row in ranked]
    if isinstance(whole, int | float) and whole > shown * (1 + 1e-12) and made.request.limit:
        labels, values = [*labels, "all others"], [*values, whole - shown]
    return pie(labels, values, title_of(made), _colours(workspace, made, labels))


def _plain(workspace: Workspace, made: Aggregated, rows: Sequence[Row], chart: Chart) -> tuple[Json, str]:
    key, title = made.keys[0], title_of(made)
    if chart in ("line", "area"):
        drawn = (
            sorted((row for row in rows if not row.is_missing), key=lambda row: row.raw[0])
            if key.ordered
            else rows
        )
        grain = key.grain if key.is_calendar else None
        x = [period_start(grain, row.raw[0]).isoformat() if grain else row.name for row in drawn]
        series = {made.plans[i].heading: [row.values[i] for row in drawn] for i in _same_unit(made)}
        figure = lines(
            x, _numbers(series), title, key.title, axis_title(made), filled=chart == "area",
            zero=made.plans[0].additive or chart == "area", ordered_text=not key.is_calendar,
        )  # fmt: skip
        return figure, ""
    shown = rows[:MOST_BARS] if not key.ordered else rows[:60]
    remark = (
        f"The chart shows the first {len(shown)} of {len(rows):,} groups." if len(shown) < len(rows) else ""
    )
    labels = [row.name for row in shown]
    series = {made.plans[i].heading: [row.values[i] for row in shown] for i in _same_unit(made)}
    figure = bars(
        labels, _numbers(series), title, key.title, axis_title(made), _colours(workspace, made, labels)
    )
    return figure, remark


def _same_unit(made: Aggregated) -> list[int]:
    """Return which measures share the axis of the first."""
    return [index for index, each in enumerate(made.plans) if each.unit == made.plans[0].unit]


def _numbers(series: dict[str, list[Scalar]]) -> dict[str, list[float | int | None]]:
    return {
        name: [value if isinstance(value, int | float) else None for value in values]
        for name, values in series.items()
    }


def _crossed(workspace: Workspace, made: Aggregated, rows: Sequence[Row], chart: Chart) -> tuple[Json, str]:
    first, second, title = made.keys[0], made.keys[1], title_of(made)
    downs = _labels(rows, 0, first.ordered)
    acrosses = _labels(rows, 1, second.ordered)
    cells = {(row.labels[0], ", ".join(row.labels[1:])): row.values[0] for row in rows}
    remark = ""
    if len(downs) > MOST_BARS or len(acrosses) > MOST_BARS:
        remark = f"The chart shows at most {MOST_BARS} groups each way; the table has the rest."
        downs, acrosses = downs[:MOST_BARS] if not first.is_calendar else downs, acrosses[:MOST_BARS]
    if chart == "heatmap":
        grid = [[_plain_number(cells.get((down, across))) for across in acrosses] for down in downs]
        return heatmap(acrosses, downs, grid, title, second.title, first.title), remark
    many = acrosses[:10]
    if len(many) < len(acrosses):
        remark = f"The chart shows the first {len(many)} of {len(acrosses):,} groups of {second.title}."
    series = {across: [_plain_number(cells.get((down, across))) for down in downs] for across in many}
    if chart in ("line", "area"):
        return lines(downs, series, title, first.title, axis_title(made), filled=chart == "area",
                     zero=made.plans[0].additive, ordered_text=not first.is_calendar), remark  # fmt: skip
    stacked = chart == "stacked"
    return bars(downs, series, title, first.title, axis_title(made), stacked=stacked), remark


def _plain_number(value: Scalar) -> float | int | None:
    return value if isinstance(value, int | float) else None


def _labels(rows: Sequence[Row], index: int, ordered: bool) -> list[str]:
    source = rows
    if ordered:
        source = sorted((row for row in rows if not row.is_missing), key=lambda row: row.raw[index])
    join = (lambda row: row.labels[0]) if index == 0 else (lambda row: ", ".join(row.labels[1:]))
    return list(dict.fromkeys(join(row) for row in source))
