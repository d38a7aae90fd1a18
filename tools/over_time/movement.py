"""Knows how to tell who moved between frozen segments from one period to the next, who came and who left."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tools.core import Finding, ResultTable, Scalar, Segmentation, ToolResult, Workspace, tool
from tools.customers.windows import Window, window_pair, within
from tools.errors import ToolError
from tools.figures import segment_colour
from tools.over_time.movement_charts import NO_SEGMENT_COLOUR, movement_chart
from tools.over_time.scoring import UNASSIGNED, Scored, has_distances, of_table, other_table, score
from tools.quoting import Quotes
from tools.segments.segmented import require
from tools.wording import listing

ROWS_SHOWN = 30
CROWDED = 0.95  # part of the customers in one segment from which a period is too short to show movement
BORDER = 0.1  # confidence below which a customer is near a border


@tool
def show_movement(
    workspace: Workspace,
    *,
    first_period: str | None = None,
    second_period: str | None = None,
    table: str | None = None,
) -> ToolResult:
    """Show who moved between the current segments from one period to another, who is new and who left.

    The segments are frozen: both periods are scored with the same limits. Without periods the last two whole
    calendar months are compared, or the two halves of a shorter history; with a table, the main file and that
    one.

    Args:
        workspace: Tables and segmentations.
        first_period: Earlier period, such as 2016-08 or Q3 2016, or 2016-08-01 to 2016-08-15.
        second_period: Later period.
        table: A second loaded file to take as the later period instead.
    """
    segmentation = require(workspace)
    dated = workspace.table.grain == "transactions" and workspace.table.time
    several = any(name != workspace.main and other.customer for name, other in workspace.tables.items())
    if table is not None or (not dated and several):
        name = other_table(workspace, table)
        then, now = score(workspace, segmentation), score(of_table(workspace, name), segmentation)
        findings = workspace.table.findings
        return _Movement(segmentation, then, now, (workspace.main, name), (), findings).result()
    earlier, later, assumed = window_pair(workspace, first_period, second_period)
    then, now = (score(within(workspace, window), segmentation) for window in (earlier, later))
    words, windows = (earlier.words, later.words), (earlier, later)
    return _Movement(segmentation, then, now, words, windows, workspace.table.findings, assumed).result()


@dataclass
class _Movement:
    """Everything that the words about movement draw on."""

    segmentation: Segmentation
    then: Scored
    now: Scored
    words: tuple[str, str]
    windows: tuple[Window, ...]
    findings: tuple[Finding, ...]
    assumed: tuple[str, ...] = ()
    quotes: Quotes = field(default_factory=Quotes)

    def __post_init__(self) -> None:
        first = pd.Index(self.then.customers[self.then.frame.key].astype("str"))
        second = pd.Index(self.now.customers[self.now.frame.key].astype("str"))
        place = second.get_indexer(first)
        stay = np.flatnonzero(place >= 0)
        self.keys, self.n_leavers, self.n_entrants = (
            first[stay],
            len(first) - len(stay),
            len(second) - len(stay),
        )
        self.before, self.after = self.then.names[stay], self.now.names[place[stay]]
        surely = np.minimum(self.then.confidence[stay], self.now.confidence[place[stay]])
        self.moved = np.asarray(self.before != self.after, dtype=bool)
        self.near_border = float((surely[self.moved] < BORDER).mean()) if self.moved.any() else 0.0
        self.order = [segment.name for segment in self.segmentation.segments]
        self.colours = [segment_colour(segment.key) for segment in self.segmentation.segments]
        if UNASSIGNED in {*self.before, *self.after}:
            self.order.append(UNASSIGNED)
            self.colours.append(NO_SEGMENT_COLOUR)
        rows, columns = (
            pd.Index(self.order).get_indexer(pd.Index(names)) for names in (self.before, self.after)
        )
        n = len(self.order)
        self.matrix = np.bincount(rows * n + columns, minlength=n * n).reshape(n, n)

    def result(self) -> ToolResult:
        """Put the answer together.

        Raises:
            ToolError: If no customer is in both periods.
        """
        if not len(self.before):
            raise ToolError(
                f"No customer is in both {self.words[0]} and {self.words[1]}, so nobody can have moved.",
                "Compare longer periods, or check that both files name customers the same way.",
            )
        tables = [self._matrix(), self._shares()]
        if self.moved.any():
            tables.append(self._moves())
        headline, findings, caveats = self._headline(), self._findings(), self._caveats()
        for each in tables:
            self.quotes.table(each)
        figures = (movement_chart(self.matrix, self.order, self.colours, self.words),)
        return ToolResult(headline, self.quotes.facts, findings, tuple(tables), figures, caveats)

    @property
    def _crowded(self) -> float:
        """Part of the customers in both periods that fall into one and the same segment."""
        return float(min(self.matrix.sum(axis=0).max(), self.matrix.sum(axis=1).max()) / len(self.before))

    @property
    def _too_short(self) -> bool:
        """Whether the periods are so short that nearly everybody falls into one segment."""
        return bool(self.windows) and self._crowded > CROWDED

    def _headline(self) -> str:
        if self._too_short:
            return self._says_nothing()
        common = self.quotes.count("customers_in_both", len(self.before), "customer")
        moved = self.quotes.count("customers_moved", int(self.moved.sum()), "customer")
        share = self.quotes.share("customers_moved_share_pct", float(self.moved.mean()))
        return (
            f"**{moved}** ({share}) of the {common} seen in both {self.words[0]} and {self.words[1]} moved to"
            " another segment."
        )

    def _says_nothing(self) -> str:
        """Say first that periods this short cannot show movement, and where everybody is."""
        biggest = self.order[int(self.matrix.sum(axis=1).argmax())]
        share = self.quotes.share("largest_segment_share_pct", self._crowded)
        n = self.quotes.count("customers_in_both", len(self.before), "customer")
        moved = self.quotes.count("customers_moved", int(self.moved.sum()), "customer")
        whole = "all" if self._crowded == 1 else f"{share} of the"
        return (
            f"Periods as short as {self.words[0]} and {self.words[1]} **cannot show movement**: {whole} {n} "
            f"seen in both fall into **{biggest}** within such a period ({moved} changed segment). Compare "
            "longer periods."
        )

    def _findings(self) -> tuple[str, ...]:
        quotes, n_both = self.quotes, len(self.before)
        left = quotes.count("leavers", self.n_leavers, "customer")
        left_share = quotes.share("leavers_share_pct", self.n_leavers / (n_both + self.n_leavers))
        came = quotes.count("entrants", self.n_entrants, "customer")
        came_share = quotes.share("entrants_share_pct", self.n_entrants / (n_both + self.n_entrants))
        findings = [
            f"{left} of {self.words[0]} ({left_share}) do not appear in {self.words[1]}, and {came} there"
            f" ({came_share}) are new. They are no movement between segments and are counted apart."
        ]
        if self._too_short:
            findings.insert(
                0,
                "The segments were made from a whole history, and within such a period counts and totals "
                "are small.",
            )
        if not self.moved.any():
            return tuple(findings)
        off = self.matrix - np.diag(np.diag(self.matrix))
        start, end = (int(i) for i in np.unravel_index(int(off.argmax()), off.shape))
        n = quotes.count("largest_move", int(off[start, end]), "customer")
        share = quotes.share("largest_move_share_pct", int(off[start, end]) / int(self.matrix[start].sum()))
        moves = [
            f"The largest move is from **{self.order[start]}** to **{self.order[end]}**: {n}, {share} of"
            " those who started there.",
            *findings,
        ]
        if has_distances(self.segmentation) and self.near_border > 0:
            near = quotes.share("moves_near_border_share_pct", self.near_border)
            moves.append(
                f"{near} of the moves are of customers who lie near a border in one of the periods; such"
                " moves may be chance rather than change."
            )
        return tuple(moves)

    def _matrix(self) -> ResultTable:
        rows: tuple[tuple[Scalar, ...], ...] = tuple(
            (name, *(int(n) for n in row), int(row.sum()))
            for name, row in zip(self.order, self.matrix, strict=True)
        )
        columns = (f"from ({self.words[0]})", *(f"to {name}" for name in self.order), "all")
        units = (None, *("customers" for _ in columns[1:]))
        return ResultTable(f"Movement to {self.words[1]}, customers", columns, rows, units)

    def _shares(self) -> ResultTable:
        rows: list[tuple[Scalar, ...]] = []
        for name, row in zip(self.order, self.matrix, strict=True):
            total = int(row.sum())
            rows.append((name, *(100 * int(n) / total if total else None for n in row)))
        columns = (f"from ({self.words[0]})", *(f"to {name}" for name in self.order))
        units = (None, *("%" for _ in self.order))
        title = f"Movement to {self.words[1]}, share of those who started in the segment"
        return ResultTable(title, columns, tuple(rows), units)

    def _moves(self) -> ResultTable:
        at = np.flatnonzero(self.moved)
        rows = tuple((str(self.keys[i]), str(self.before[i]), str(self.after[i])) for i in at[:ROWS_SHOWN])
        columns = (self.then.frame.key, self.words[0], self.words[1])
        return ResultTable("Customers who moved", columns, rows, n_rows_total=len(at))

    def _caveats(self) -> tuple[str, ...]:
        quotes = self.quotes
        notes = [
            "The segments are frozen: both periods are scored with the same limits, so movement is not a"
            " change of definition. Customers may move because they changed, or because the periods differ."
        ]
        for window in self.windows:
            quotes.note("period_first", window.first.isoformat(), None, window.words)
            quotes.note("period_last", window.last.isoformat(), None, window.words)
            quotes.note("period", window.words, None, window.words)
            if window.is_partial:
                days = quotes.count("period_days", window.days, "day", scope=window.words)
                of = quotes.number("calendar_days", window.whole_days, scope=window.words)
                notes.append(
                    f"{window.words} is only partly in the data: {days} of {of}, which alone can move people."
                )
        lengths = [window.days for window in self.windows]
        if lengths and max(lengths) > 1.1 * min(lengths):
            spans = [
                quotes.count("period_days", window.days, "day", scope=window.words) for window in self.windows
            ]
            notes.append(f"The periods differ in length ({listing(spans)}), which shifts counts and totals.")
        if self.windows:
            notes.append(
                "Counts and totals within a period are smaller than over the whole history that the segments"
                " were made from: compare the periods with each other, not with the profiles."
            )
        if any(finding.code.startswith("conflicting") for finding in self.findings):
            notes.append("Some customer numbers may stand for several people, who then seem to move.")
        return (*notes, *self.assumed)
