"""Knows which customers have been silent for longer than their own rhythm of purchases lets one expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from tools.core import Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.customers.customer_groups import Grouped, group_customers
from tools.customers.purchases import Purchases, purchases, rhythms
from tools.effects import wilson
from tools.forecasts.value_charts import silence_chart
from tools.forecasts.value_gates import LEAST_DAYS, is_account, notes_on, period_words, words_for
from tools.quoting import Quotes
from tools.selecting import Condition
from tools.wording import day

THRESHOLD = 2.0  # times the customer's own typical gap
LEAST_PURCHASES = 3  # two gaps are the least that show a rhythm
LEAST_CUSTOMERS = 30
LEAST_SILENCE = 7  # days; nobody is overdue earlier, however quick the rhythm
LEAST_SHARE = 0.2  # of customers with a rhythm, where the history is shorter than half a year
TELLS_LITTLE = 0.8  # ratio of those who came back, overdue against others, from which the rule told nothing
FEW_IN_CHECK = 20  # groups smaller than this say nothing in the check
ROWS_SHOWN = 30

Booleans = npt.NDArray[np.bool_]


@tool
def find_overdue(
    workspace: Workspace,
    *,
    threshold: Annotated[float, Field(ge=1, le=20)] = THRESHOLD,
    by: str | None = None,
    where: Sequence[Condition] = (),
) -> ToolResult:
    """Find customers who are overdue against their own rhythm, with what they have spent so far.

    Speaks only of customers with at least three purchase days, the least that shows a rhythm. Says how such
    customers behaved at an earlier date, and claims of nobody that they are lost.

    Args:
        workspace: Tables and segmentations.
        threshold: Overdue from this many times the customer's own typical gap, and beyond the longest one.
        by: Column of the customers to count by, such as segment.
        where: Customers to report on.
    """
    return overdue_answer(workspace, threshold, by, where)


def overdue_answer(
    workspace: Workspace, threshold: float, by: str | None, where: Sequence[Condition]
) -> ToolResult:
    """Say who is overdue, or that the data cannot say it."""
    bought = purchases(workspace)
    known = bought.engine.memo(
        ("rhythms", bought.name), lambda: rhythms(bought, bought.last, LEAST_PURCHASES)
    )
    short = bought.span_days < LEAST_DAYS and len(known) < LEAST_SHARE * bought.n_customers
    if short or len(known) < LEAST_CUSTOMERS:
        return _too_few(workspace, bought, len(known))
    grouped = group_customers(workspace, known[bought.key], by, where)
    return _Answer(workspace, bought, known, threshold, by, grouped).result()


def is_overdue(known: pd.DataFrame, threshold: float) -> Booleans:
    """Tell who has been silent for longer than the threshold times the own median gap, and than any gap."""
    gap, longest, silence = (
        known[name].to_numpy(dtype=np.float64) for name in ("typical_gap", "longest_gap", "silence")
    )
    return np.asarray(silence > np.maximum(np.maximum(threshold * gap, longest), LEAST_SILENCE), dtype=bool)


def _too_few(workspace: Workspace, bought: Purchases, n: int) -> ToolResult:
    quotes, words = Quotes(), words_for(workspace.table)
    quotes.note("overdue_possible", False)
    known = quotes.count("customers_with_rhythm", n, "customer")
    part = quotes.share("customers_with_rhythm_share_pct", n / bought.n_customers, digits=2)
    everybody = quotes.count("customers_all", bought.n_customers, "customer")
    once = quotes.share("bought_once_share_pct", 1 - bought.n_repeaters / bought.n_customers)
    days = quotes.count("history_days", bought.span_days, "day")
    quotes.note("purchases_needed", LEAST_PURCHASES)
    quotes.note("customers_needed", LEAST_CUSTOMERS)
    quotes.note("history_days_needed", LEAST_DAYS, "days")
    findings = (
        f"**{once}** {words.bought} on one day only ({period_words(bought, quotes)}). Silence after a"
        f" single {words.purchase} is no sign of anything: many never meant to come every week or month.",
        "What these data do carry: the days since each customer was last seen, as a fact without a"
        " verdict, and rules on it, such as “nothing since the end of last month”.",
    )
    caveats = notes_on(workspace.table, bought, quotes)
    headline = (
        f"These data cannot say who is overdue: **only {known}** of {everybody} ({part}) {words.bought} on"
        f" three days or more, the least that shows a rhythm, and the history is {days} long."
    )
    return ToolResult(headline, quotes.facts, findings, caveats=caveats)


@dataclass(frozen=True)
class Earlier:
    """What customers did who were overdue, or were not, so many days before the end."""

    days: int
    n_late: int
    n_other: int
    late_back: int
    other_back: int

    def rate(self, late: bool) -> float:
        """Return the part of the overdue, or of the others, that came back."""
        return self.late_back / self.n_late if late else self.other_back / self.n_other

    def ends(self, late: bool) -> tuple[float, float]:
        """Return the 95% interval of that part (Wilson)."""
        return wilson(self.late_back, self.n_late) if late else wilson(self.other_back, self.n_other)

    @property
    def tells_little(self) -> bool:
        """Whether the overdue came back nearly as often as the others."""
        return self.rate(late=True) > TELLS_LITTLE * self.rate(late=False)


def earlier(bought: Purchases, threshold: float) -> Earlier | None:
    """Apply the rule a quarter of the history before its end; None where the groups are too small."""
    days = bought.span_days // 4
    until = bought.last - timedelta(days=days)
    then = bought.engine.memo(("rhythms", bought.name, days), lambda: rhythms(bought, until, LEAST_PURCHASES))
    late, back = is_overdue(then, threshold), (then["came_back"] > 0).to_numpy(dtype=bool)
    n_late, n_other = int(late.sum()), int((~late).sum())
    if min(n_late, n_other) < FEW_IN_CHECK:
        return None
    return Earlier(days, n_late, n_other, int((back & late).sum()), int((back & ~late).sum()))


@dataclass
class _Answer:
    """Everything that the words about overdue customers draw on."""

    workspace: Workspace
    bought: Purchases
    known: pd.DataFrame
    threshold: float
    by: str | None
    grouped: Grouped
    quotes: Quotes = field(default_factory=Quotes)

    def __post_init__(self) -> None:
        self.inside = self.grouped.inside
        self.did = words_for(self.workspace.table).bought
        self.overdue: Booleans = is_overdue(self.known, self.threshold) & self.inside
        self.spent = self.known["spent"].to_numpy(dtype=np.float64).round(4)
        self.account = is_account(self.workspace.table)
        self.earlier = earlier(self.bought, self.threshold)

    def result(self) -> ToolResult:
        """Put the answer together."""
        headline = self._headline()
        findings, tables = [self._check(), self._coverage()], []
        if self.by:
            table, sentence = self._by_group(self.by)
            tables.append(table)
            findings.insert(0, sentence)
        if self.overdue.any():
            tables.append(self._customer_table())
        for each in tables:
            self.quotes.table(each)
        caveats = self._caveats()
        figures: tuple[Json, ...] = (silence_chart(self._silence_bands()),)
        facts = (*self.quotes.facts, *self.grouped.facts)
        return ToolResult(headline, facts, tuple(findings), tuple(tables), figures, caveats)

    def _headline(self) -> str:
        quotes, n = self.quotes, int(self.overdue.sum())
        of = quotes.count("customers_with_rhythm", int(self.inside.sum()), "customer")
        share = quotes.share("overdue_share_pct", n / int(self.inside.sum()))
        who = f" for whom {self.grouped.words}" if self.grouped.words else ""
        count = quotes.count("overdue_customers", n, "customer")
        verb = "is" if n == 1 else "are"
        told_little = self.earlier is not None and self.earlier.tells_little
        doubt = ", but that told little in these data before" if told_little else ""
        text = f"**{count}** {verb} overdue against their own rhythm, {share} of the {of} with one{who}"
        if not self.bought.has_money or not n:
            return f"{text}{doubt}."
        total = float(self.spent[self.overdue].sum())
        money = quotes.number("spent_by_overdue", total, self.bought.unit, digits=0)
        base = float(self.spent[self.inside].sum())
        held = quotes.share("spent_by_overdue_share_pct", total / base if base else 0.0)
        return f"{text}; they spent **{money}** so far, {held} of what all of these spent{doubt}."

    def _coverage(self) -> str:
        quotes, bought = self.quotes, self.bought
        part = quotes.share("customers_with_rhythm_share_pct", len(self.known) / bought.n_customers)
        everybody = quotes.count("customers_all", bought.n_customers, "customer")
        typical = self.known["typical_gap"].to_numpy(dtype=np.float64)[self.inside]
        gap = quotes.number("median_typical_gap", float(np.median(typical)), "days")
        days = quotes.number("purchases_needed", LEAST_PURCHASES)
        return (
            f"This speaks of {part} of the {everybody}: those who {self.did} on {days} days or more. The"
            f" middle one of them comes every {gap}. The others have too short a history to be early or late."
        )

    def _check(self) -> str:
        if self.earlier is None:
            return "At an earlier date too few customers were overdue to see what such customers do next."
        quotes, earlier = self.quotes, self.earlier
        span = quotes.count("check_days", earlier.days, "day")
        came = quotes.share("overdue_came_back_share_pct", earlier.rate(late=True))
        others = quotes.share("others_came_back_share_pct", earlier.rate(late=False))
        then_late = quotes.count("check_overdue_customers", earlier.n_late, "customer")
        text = (
            f"**What it has meant before.** {span} before the end of the data, {then_late} were overdue by"
            f" the same rule; {came} of them {self.did} again in those {span}"
            f" ({self._ends('overdue', earlier.ends(late=True))}), against {others} of the other regulars"
            f" ({self._ends('others', earlier.ends(late=False))})."
        )
        if earlier.tells_little:
            return f"{text} Being overdue told little there: do not act on it."
        return f"{text} So it is a sign worth a message, not a verdict: {came} came back unasked."

    def _ends(self, name: str, ends: tuple[float, float]) -> str:
        low = self.quotes.share(f"{name}_came_back_low_pct", ends[0])
        return f"{low} to {self.quotes.share(f'{name}_came_back_high_pct', ends[1])}"

    def _by_group(self, by: str) -> tuple[ResultTable, str]:
        rows: list[tuple[Scalar, ...]] = []
        for name in self.grouped.names:
            mine = self.grouped.members(name)
            late = mine & self.overdue
            row: tuple[Scalar, ...] = (
                name,
                int(mine.sum()),
                int(late.sum()),
                100 * int(late.sum()) / int(mine.sum()),
            )
            rows.append((*row, float(self.spent[late].sum())) if self.bought.has_money else row)
        rows.sort(key=lambda row: (-float(row[3] or 0), str(row[0])))
        columns: tuple[str, ...] = (by, "customers with a rhythm", "overdue", "overdue share")
        units: tuple[str | None, ...] = (None, "customers", "customers", "%")
        if self.bought.has_money:
            columns, units = (*columns, "spent so far by overdue"), (*units, self.bought.unit)
        share = self.quotes.share("highest_overdue_share_pct", float(rows[0][3] or 0) / 100)
        return (
            ResultTable(f"Overdue by {by}", columns, tuple(rows), units),
            f"The share of overdue customers is highest in **{rows[0][0]}**, at {share}.",
        )

    def _customer_table(self) -> ResultTable:
        n = int(self.overdue.sum())
        late = self.known.assign(spent=self.spent)[self.overdue]
        late = late.assign(times=late["silence"] / late["typical_gap"])
        order = ["spent", "days", "times", self.bought.key]
        late = late.sort_values(order, ascending=[False, False, False, True]).head(ROWS_SHOWN)
        names = {"days": "purchase days", "typical_gap": "typical gap", "longest_gap": "longest gap"}
        names |= {"silence": "days since the last", "times": "times the typical gap"}
        units: list[str | None] = [None, None, "days", "days", "days", None]
        if self.bought.has_money:
            names["spent"] = "spent so far"
            units.append(self.bought.unit)
        rows = tuple(
            (str(record[self.bought.key]), *(_plain(record[name]) for name in names))
            for record in late.to_dict("records")
        )
        title = "Overdue customers, largest spend first" if self.bought.has_money else "Overdue customers"
        return ResultTable(title, (self.bought.key, *names.values()), rows, tuple(units), n)

    def _silence_bands(self) -> list[tuple[str, int, int]]:
        """Count customers by silence in their own typical gaps: band, not overdue, overdue."""
        times = (self.known["silence"] / self.known["typical_gap"]).to_numpy(dtype=np.float64)
        edges = [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, np.inf]
        names = ["under 0.5", "0.5 to 1", "1 to 2", "2 to 4", "4 to 8", "8 and more"]
        bands = []
        for name, low, high in zip(names, edges, edges[1:], strict=False):
            mine = (times >= low) & (times < high) & self.inside
            bands.append((name, int((mine & ~self.overdue).sum()), int((mine & self.overdue).sum())))
        return bands

    def _caveats(self) -> tuple[str, ...]:
        quotes = self.quotes
        times = quotes.number("threshold", self.threshold)
        least = quotes.count("least_silence_days", LEAST_SILENCE, "day")
        days = quotes.number("purchases_needed", LEAST_PURCHASES)
        noun = "activity" if self.account else "purchase"
        quotes.note("last_day", self.bought.last.isoformat())
        notes = [
            f"Overdue means: no {noun} for longer than {times} times the customer's own median gap between"
            f" days with one, longer than any gap before, and longer than {least}. It needs {days} such days"
            f" or more and is counted to {day(self.bought.last)}, the last day looked at.",
            "With two or three gaps a rhythm is only a rough one, and customers pause for their own reasons.",
        ]
        if self.account:
            notes.append("An account ends by being closed, which is not seen here: this is about activity.")
        if self.bought.has_money:
            notes.append("The amount is what they spent so far, not what would be lost or could be won back.")
        return (*notes, *notes_on(self.workspace.table, self.bought, quotes), *self.grouped.caveats)


def _plain(value: object) -> Scalar:
    number = float(str(value))
    return int(number) if number.is_integer() else number
