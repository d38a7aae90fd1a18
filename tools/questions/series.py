"""Knows how a series of values over time is told: change, peak, and what is not full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tools.core import Scalar
from tools.questions.aggregating import Aggregated
from tools.questions.coverage import Coverage, periods_between
from tools.questions.grouping import period_start, period_words
from tools.questions.measuring import Plan
from tools.questions.phrasing import share_digits, write
from tools.quoting import Quotes
from tools.selecting import Grain
from tools.wording import day, listing, sentence

LONG = 14  # periods from which ends are compared as averages rather than as single periods


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


class Story:
    """Writes what a series did."""

    def __init__(
        self, plan: Plan, grain: Grain, quotes: Quotes, where: str = "", clause: str | None = None
    ) -> None:
        self.plan, self.grain, self.quotes, self.where = plan, grain, quotes, where
        self.clause = where if clause is None else clause

    def one(self, series: Series) -> str:
        """Tell one series in one sentence."""
        points = series.comparable()
        what = f"{self.plan.words} {'per' if self.plan.additive else 'by'} {self.grain}{self.clause}"
        if len(points) < 2:
            return self._short(series, points, what)
        if len(points) >= LONG:
            return self._long(points, what)
        (first, before), (last, after) = points[0], points[-1]
        moved = self.change(before, after, f"{first} to {last}{self.where}")
        peak = max(points, key=lambda point: point[1])
        text = (
            f"{what} {moved} from {self.value(first, before)} {self._at(first)}"
            f" to {self.value(last, after)} {self._at(last)}"
        )
        if peak[0] not in (first, last):
            text += f", with a peak of {self.value(*peak)} {self._at(peak[0])}"
        return text

    def _short(self, series: Series, points: Sequence[tuple[date, float]], what: str) -> str:
        known = [
            (s, float(v))
            for s, v in zip(series.starts, series.values, strict=True)
            if isinstance(v, int | float)
        ]
        shown = listing([f"**{self.value(*point)}** {self._at(point[0])}" for point in known[:6]])
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
            f"{what} {moved}, from an average of {first} in the first {n} {self.grain}s to {last}"
            f" in the last {n} of {all_n} full {self.grain}s; highest {self._at(peak[0])}"
            f" (**{self.value(*peak)}**), lowest {self._at(low[0])} ({self.value(*low)})"
        )

    def several(self, series: Sequence[Series]) -> str:
        """Tell several series in one sentence: how much each moved."""
        moves = []
        for line in series:
            points = line.comparable()
            if len(points) >= 2:
                part = max(1, len(points) // 4)
                before = sum(v for _, v in points[:part]) / part
                after = sum(v for _, v in points[-part:]) / part
                moves.append((line.name, before, after, part))
        what = f"{self.plan.words} {'per' if self.plan.additive else 'by'} {self.grain}{self.clause}"
        if not moves:
            names = listing([line.name for line in series])
            return f"{what} is drawn for {names}; too few full {self.grain}s to state growth"
        n = self.quotes.number("n_periods_compared", moves[0][3])
        shown = [f"{self.change(b, a, f'{name}{self.where}')} for {name}" for name, b, a, _ in moves]
        many = f"{n} {self.grain}s" if moves[0][3] > 1 else self.grain
        return f"between the first and the last {many}, {what} {listing(shown)}"

    def change(self, before: float, after: float, scope: str) -> str:
        """Write how far a value moved, as a verb with its percentage."""
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
        """Tell what the last full period did."""
        if len(series) != 1 or len(series[0].comparable()) < 3 or len(series[0].comparable()) >= LONG:
            return []
        (_, before), (last, after) = series[0].comparable()[-2:]
        moved = self.change(before, after, f"last two full {self.grain}s{self.where}")
        when = f"{self._preposition} the last full {self.grain}, {self.name(last)},"
        return [sentence(f"{when} it {moved} against the one before")]

    def value(self, start: date, value: float) -> str:
        """Write the value of a period and record it."""
        self.quotes.note(self.plan.name, value, self.plan.unit, start.isoformat() + self.where)
        return write(self.plan, value)

    def name(self, start: date) -> str:
        """Write a period and record its words."""
        text = start_words(self.grain, start)
        self.quotes.note(f"{self.grain}_start", start.isoformat(), None, start.isoformat())
        self.quotes.note("period", start.year if self.grain == "year" else text, None, text)
        return text

    def _at(self, start: date) -> str:
        return f"{self._preposition} {self.name(start)}"

    @property
    def _preposition(self) -> str:
        return "on" if self.grain == "day" else "in"


def series_of(made: Aggregated, grain: Grain, coverage: Coverage, most: int) -> tuple[list[Series], int]:
    """Return the largest groups of a result as lines without gaps, and how many groups are left out."""
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
    kept = ranked[:most]
    made_series = [
        Series(name, tuple(starts), tuple(cells.get((name, s), empty) for s in starts), full) for name in kept
    ]
    return made_series, len(ranked) - len(kept)


def start_words(grain: Grain, start: date) -> str:
    """Write a period by its first day: Q3 2016, the week of 29 Aug 2016."""
    if grain == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    if grain in ("year", "week"):
        return str(start.year) if grain == "year" else f"the week of {day(start)}"
    return period_words(grain, start)
