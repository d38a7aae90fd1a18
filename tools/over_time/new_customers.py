"""Knows how to tell what frozen segments say of a new file: sizes, drift, unseen values, who is far off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.core import Json, ResultTable, Scalar, Segmentation, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.over_time.drift import LARGE, SMALL, Baseline, Drift, drifts, of_counts, unseen_values
from tools.over_time.movement_charts import mix_chart
from tools.over_time.scoring import (
    UNASSIGNED,
    Scored,
    baseline_of,
    has_other_table,
    of_table,
    other_table,
    score,
)
from tools.quoting import Quotes
from tools.segments.segmented import require
from tools.wording import day, listing

ROWS_SHOWN = 30
VALUES_SHOWN = 3
MUCH_UNKNOWN = (
    0.2  # part of the customers far from every segment, or with a value never seen, that is too much
)


@tool
def score_customers(workspace: Workspace, *, table: str | None = None) -> ToolResult:
    """Put the customers of a new file into the current segments, without fitting anything again.

    Checks that the columns fit, names values never seen before, measures drift, leaves customers far from
    every segment unassigned, and refuses where the file holds another population.

    Args:
        workspace: Tables and segmentations.
        table: The other table; may be left out where there is only one, or where saved segments were loaded
            with the file.
    """
    segmentation = require(workspace)
    saved = segmentation.evidence.get("baseline")
    if saved and table is None and not has_other_table(workspace):
        name, new_workspace, base = workspace.main, workspace, Baseline.from_json(saved)
    else:
        name = other_table(workspace, table)
        new_workspace = of_table(workspace, name)
        base = baseline_of(segmentation, score(workspace, segmentation))
    new = score(new_workspace, segmentation, base.reach)
    if not len(new.names):
        raise ToolError(f"{name} holds no customers.", "Look at its customer column.")
    return _Answer(segmentation, name, base, new).result()


@dataclass
class _Answer:
    """Everything that the words about a scored file draw on."""

    segmentation: Segmentation
    table: str
    base: Baseline
    new: Scored
    quotes: Quotes = field(default_factory=Quotes)

    def __post_init__(self) -> None:
        self.drifts = drifts(self.base.columns, self.new.customers)
        order = [*self.base.sizes, UNASSIGNED]
        self.mix = of_counts(
            "segment mix", self.base.sizes, dict(zip(order, self.new.sizes(order), strict=True))
        )
        self.large = [one for one in self.drifts if one.is_large]
        self.far_share = float(self.new.far.mean())
        self.unseen = unseen_values(self.base.columns, self.new.customers)
        lost = [n / len(self.new.names) for _, _, n in self.unseen]
        drifted = 2 * len(self.large) >= len(self.drifts) > 0
        self.refused = drifted or max([self.far_share, *lost]) > MUCH_UNKNOWN

    def result(self) -> ToolResult:
        """Put the answer together."""
        tables = [_drift_table([*self.drifts, self.mix])]
        figures: list[Json] = []
        if not self.refused:
            tables = [self._mix_table(), *tables, self._customer_table()]
            figures.append(mix_chart(tables[0]))
        headline = self._headline()
        findings = [self._drift_words(), *self._unseen(), *self._far_words()]
        caveats = self._caveats()
        for each in tables:
            self.quotes.table(each)
        return ToolResult(
            headline, self.quotes.facts, tuple(findings), tuple(tables), tuple(figures), caveats
        )

    def _headline(self) -> str:
        n = self.quotes.count("customers_scored", len(self.new.names), "customer")
        self.quotes.note("scores_can_be_used", not self.refused)
        if self.refused:
            return (
                f"The {n} of `{self.table}` **should not be put into these segments**: they are another"
                " population than the one that the segments were made from."
            )
        order = [segment.name for segment in self.segmentation.segments]
        sizes = self.new.sizes(order)
        biggest = max(range(len(order)), key=lambda i: (sizes[i], -i))
        share = self.quotes.share("largest_segment_share_pct", sizes[biggest] / len(self.new.names))
        before = self.base.sizes.get(order[biggest], 0) / self.base.n
        was = self.quotes.share("largest_segment_share_before_pct", before)
        return (
            f"The {n} of `{self.table}` are scored with the frozen segments of “{self.segmentation.name}”:"
            f" **{order[biggest]}** is the largest with **{share}** ({was} where the segments were made)."
        )

    def _drift_words(self) -> str:
        quotes, worst = self.quotes, self.drifts[0] if self.drifts else self.mix
        value = quotes.number("largest_psi", worst.psi, digits=2)
        low, high = quotes.number("psi_small", SMALL), quotes.number("psi_large", LARGE)
        scale = f"below {low} is stable, above {high} is another population"
        if self.refused:
            n = quotes.count("features_with_large_drift", len(self.large), "feature")
            of = quotes.number("features_compared", len(self.drifts))
            names = f" ({listing([f'`{one.feature}`' for one in self.large])})" if self.large else ""
            return (
                f"{n} of {of} that decide drifted far{names}; the largest population stability index is"
                f" {value}, on `{worst.feature}` ({scale}). Segment this file anew, or check that its"
                " columns, units and period are the same."
            )
        mix = quotes.number("segment_mix_psi", self.mix.psi, digits=2)
        text = (
            f"Drift is {worst.word}: a population stability index of at most {value}, on `{worst.feature}`,"
            f" and {mix} for the mix of segments ({scale})."
        )
        if self.large:
            text += " The features marked as large need a look before the scores are used."
        return text

    def _unseen(self) -> list[str]:
        found = []
        for name, values, n in self.unseen:
            count = self.quotes.count("customers_with_unseen_value", n, "customer", scope=name)
            shown = listing([f"“{value}”" for value in values[:VALUES_SHOWN]])
            further = len(values) - VALUES_SHOWN
            if further > 0:
                shown += f" and {self.quotes.number('further_unseen_values', further, scope=name)} more"
            found.append(f"{count} hold values of `{name}` that the segments have never seen: {shown}.")
        return found

    def _far_words(self) -> list[str]:
        if not self.new.far.any():
            return []
        n = self.quotes.count("customers_far_off", int(self.new.far.sum()), "customer")
        share = self.quotes.share("customers_far_off_share_pct", self.far_share)
        return [
            f"{n} ({share}) lie farther from every segment than all but one in a thousand of those the"
            " segments were made from; they are left unassigned rather than forced into the nearest."
        ]

    def _mix_table(self) -> ResultTable:
        order = [segment.name for segment in self.segmentation.segments]
        if UNASSIGNED in {*self.new.names, *self.base.sizes}:
            order.append(UNASSIGNED)
        rows: list[tuple[Scalar, ...]] = []
        for name, after in zip(order, self.new.sizes(order), strict=True):
            before = self.base.sizes.get(name, 0)
            first, second = 100 * before / self.base.n, 100 * after / len(self.new.names)
            rows.append((name, before, first, after, second, second - first))
        columns = ("segment", "customers before", "share before", "customers now", "share now", "points more")
        units = (None, "customers", "%", "customers", "%", None)
        return ResultTable(f"Segments in {self.table}", columns, tuple(rows), units)

    def _customer_table(self) -> ResultTable:
        keys = self.new.customers[self.new.frame.key]
        rows = tuple(
            (str(keys.iloc[i]), str(self.new.names[i]), float(self.new.confidence[i]))
            for i in range(min(ROWS_SHOWN, len(keys)))
        )
        columns = (self.new.frame.key, "segment", "confidence")
        return ResultTable(f"Scored customers of {self.table}", columns, rows, n_rows_total=len(keys))

    def _caveats(self) -> tuple[str, ...]:
        notes = [
            "Nothing was fitted again: the limits are those of the segmentation, so sizes may be compared."
        ]
        then, now = self.base.reference_date, self.new.frame.reference_date
        if then and now and then != now:
            self.quotes.note("counted_to_before", then)
            self.quotes.note("counted_to_now", now)
            notes.append(
                f"Days are counted to {day(now)} here and to {day(then)} where the segments were made."
                " Counts and totals depend on how long a file is: compare files of the same length."
            )
        return tuple(notes)


def _drift_table(found: Sequence[Drift]) -> ResultTable:
    rows = tuple((one.feature, one.psi, one.noise, one.word) for one in found)
    columns = ("feature", "population stability index", "expected from chance", "drift")
    return ResultTable("Drift", columns, rows)
