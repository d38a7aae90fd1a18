"""Knows how to answer "why is the average age in segment B 28?": the true figure, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from tools.core import Column, ResultTable, Scalar, Segment, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.effects import between
from tools.errors import ToolError
from tools.profiles.profile_charts import spread
from tools.profiles.standing_out import Standing, is_part, standing
from tools.quoting import Quotes
from tools.segments.segmented import (
    Segmented,
    called,
    customer_column,
    find_segment,
    letter_note,
    require,
    segmented,
)
from tools.wording import listing

TIED = 0.1  # correlation from which another feature goes with the column
SAME = 0.95  # correlation from which two columns are the same thing twice
TOLD = 3
NOTABLE = 0.2  # standardised difference below which a segment is like everybody else


@tool
def explain_value(
    workspace: Workspace,
    *,
    segment: str,
    column: str,
    claimed: float | None = None,
    statistic: Literal["mean", "median"] = "mean",
) -> ToolResult:
    """Explain a figure of a segment, such as its average age: whether it is so, and what goes with it.

    Corrects a number that is not so, compares the segment with everybody else and the other segments, and
    says which features go together with the column; it claims no cause.

    Args:
        workspace: Tables and segmentations.
        segment: Name, number or letter of the segment.
        column: Column of the customers that the figure is about.
        claimed: The number that the person takes for granted, if any.
        statistic: Whether an average or a median is meant.
    """
    segmentation = require(workspace)
    chosen = find_segment(segmentation, segment)
    known = customer_column(customers(workspace), column)
    placed = segmented(workspace, segmentation)
    if known.name not in {one.name for one in placed.numeric}:
        raise ToolError(
            f"{known.name} is no number, so it has no average.",
            f"Ask which values of it are frequent in {called(chosen)}.",
        )
    note = letter_note(segmentation, segment, chosen)
    return _Answer(workspace, placed, chosen, known, claimed, statistic, note).result()


@dataclass
class _Answer:
    """Everything that the words about one figure draw on."""

    workspace: Workspace
    placed: Segmented
    segment: Segment
    column: Column
    claimed: float | None
    statistic: Literal["mean", "median"]
    note: str | None
    quotes: Quotes = field(default_factory=Quotes)

    def __post_init__(self) -> None:
        self.values = self.placed.numbers(self.column.name)
        self.known = np.isfinite(self.values) & (self.placed.position >= 0)
        self.i = self.placed.segments.index(self.segment)
        self.part = is_part(self.placed, self.column)
        self.label = self.placed.label(self.column.name)
        if not self._of(self.i).size:
            raise ToolError(
                f"No customer of {self.segment.name} has a value in {self.column.name}.",
                "Ask of another column.",
            )

    def result(self) -> ToolResult:
        """Put the answer together."""
        found = standing(self.workspace, self.placed)
        headline = self._headline()
        findings = [*self._beside(), self._made(), *self._goes_with(found)]
        table = self._table()
        self.quotes.table(table)
        caveats = ["The data show what goes together, not why it is so."]
        if self.column.protected:
            caveats.append(
                f"{self.label[:1].upper()}{self.label[1:]} may describe a segment; it does not decide it."
            )
        missing = int((~np.isfinite(self.values) & (self.placed.position == self.i)).sum())
        if missing:
            caveats.append(
                f"{self.quotes.count('n_missing', missing, 'customer')} without a value are left out."
            )
        if self.note:
            caveats.insert(0, self.note)
        figure = spread(self.placed, self.column, list(range(len(self.placed.segments))))
        return ToolResult(headline, self.quotes.facts, tuple(findings), (table,), (figure,), tuple(caveats))

    def _of(self, i: int) -> npt.NDArray[np.float64]:
        return np.asarray(self.values[self.known & (self.placed.position == i)], dtype=np.float64)

    def _figure(self, values: npt.NDArray[np.float64]) -> float:
        return float(np.median(values) if self.statistic == "median" else values.mean())

    def _written(self, value: float, scope: str, name: str | None = None) -> str:
        if self.part:
            return self.quotes.share(f"{name or self.statistic}_{self.column.name}_pct", value, scope)
        unit = self.placed.unit(self.column.name)
        return self.quotes.number(f"{name or self.statistic}_{self.column.name}", value, unit, scope)

    @property
    def _what(self) -> str:
        return f"{'average' if self.statistic == 'mean' else 'median'} {self.label}"

    def _headline(self) -> str:
        mine = self._figure(self._of(self.i))
        others = self.values[self.known & (self.placed.position != self.i)]
        name = called(self.segment)
        said = f"**{self._written(mine, self.segment.name)}**"
        beside = ""
        if others.size:
            theirs = self._written(self._figure(others), f"everybody but {self.segment.name}")
            beside = f"; everybody else's is {theirs}"
        if self.claimed is None:
            return f"The {self._what} in {name} is {said}{beside}."
        claimed = self.quotes.number(f"claimed_{self.column.name}", self.claimed)
        if _agrees(self.claimed, 100 * mine if self.part and self.claimed > 1 else mine):
            return f"Yes, the {self._what} in {name} is {said}{beside}."
        return f"No, the {self._what} in {name} is {said}, not {claimed}{beside}."

    def _beside(self) -> list[str]:
        """Say where the claimed number may come from: the median, or another segment."""
        if self.claimed is None or _agrees(self.claimed, self._figure(self._of(self.i))):
            return []
        other = "mean" if self.statistic == "median" else "median"
        value = float(np.median(self._of(self.i)) if other == "median" else self._of(self.i).mean())
        if _agrees(self.claimed, value):
            word = "median" if other == "median" else "average"
            return [f"{self._written(value, self.segment.name, other)} is its {word}."]
        for j, one in enumerate(self.placed.segments):
            if j != self.i and self._of(j).size and _agrees(self.claimed, self._figure(self._of(j))):
                theirs = self._written(self._figure(self._of(j)), one.name)
                return [f"{theirs} is the {self._what} of {called(one)}."]
        return []

    def _made(self) -> str:
        if self.column.name in self.placed.segmentation.features:
            return (
                f"The segments were made from {self.label} among others, so that it differs between them "
                "is how they were made."
            )
        return f"{self.label[:1].upper()}{self.label[1:]} had no part in making the segments."

    def _goes_with(self, found: Standing) -> list[str]:
        """Say which features go with the column, and how the segment stands on them."""
        difference = between(
            self.values[self.known & (self.placed.position == self.i)],
            self.values[self.known & (self.placed.position != self.i)],
        )
        if difference is None or abs(difference.d) < NOTABLE:
            d = 0.0 if difference is None else difference.d
            small = self.quotes.number("standardised_difference", d, None, self.segment.name, 2)
            return [
                f"There is little to explain: the segment lies {small} standard deviations from everybody "
                "else, which is next to nothing."
            ]
        tied = self._tied(found)
        if not tied:
            return [f"No other feature goes with {self.label} closely enough to say more."]
        words = []
        for name, r in tied:
            written = self.quotes.number("correlation", r, None, f"{self.column.name} and {name}", 2)
            words.append(f"{self.placed.label(name)} ({written})")
        return [
            f"Over all customers it goes together with {listing(words)}; the figure is the correlation. "
            f"{self._where(tied)}".strip()
        ]

    def _tied(self, found: Standing) -> list[tuple[str, float]]:
        if self.column.name not in found.values:
            return []
        own = found.values[self.column.name]
        tied: list[tuple[str, float]] = []
        for name, values in found.values.items():
            both = np.isfinite(own) & np.isfinite(values)
            if name == self.column.name or both.sum() < 30:
                continue
            a, b = own[both] - own[both].mean(), values[both] - values[both].mean()
            scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
            r = float((a * b).sum()) / scale if scale > 0 else 0.0
            if TIED <= abs(r) < SAME:
                tied.append((name, r))
        tied.sort(key=lambda item: (-round(abs(item[1]), 6), item[0]))
        chosen: list[tuple[str, float]] = []
        for name, r in tied:
            if len(chosen) < TOLD and all(found.alike(name, other) <= 0.8 for other, _ in chosen):
                chosen.append((name, r))
        return chosen

    def _where(self, tied: list[tuple[str, float]]) -> str:
        told = []
        for name, _ in tied:
            values = self.placed.numbers(name)
            known = np.isfinite(values) & (self.placed.position >= 0)
            mine = float(np.median(values[known & (self.placed.position == self.i)]))
            theirs = float(np.median(values[known & (self.placed.position != self.i)]))
            if mine == theirs:
                continue
            unit = self.placed.unit(name)
            hidden = None if unit in ("days", "hours") else unit
            first = self.quotes.number(f"median_{name}", mine, hidden, self.segment.name)
            second = self.quotes.number(
                f"median_{name}", theirs, hidden, f"everybody but {self.segment.name}"
            )
            told.append(f"{self.placed.label(name)} {first} against {second}")
        return f"There the segment stands at {listing(told)}." if told else ""

    def _table(self) -> ResultTable:
        rows: list[tuple[Scalar, ...]] = []
        for i, one in enumerate(self.placed.segments):
            mine = self._of(i)
            if mine.size:
                factor = 100 if self.part else 1
                rows.append(
                    (one.name, int(mine.size), factor * float(mine.mean()), factor * float(np.median(mine)))
                )
        unit = "%" if self.part else self.placed.unit(self.column.name)
        title = f"{self.label[:1].upper()}{self.label[1:]} by segment"
        return ResultTable(
            title,
            ("Segment", "Customers with a value", "Average", "Median"),
            tuple(rows),
            (None, "customers", unit, unit),
        )


def _agrees(claimed: float, value: float) -> bool:
    """Tell whether a value is the claimed one, as precisely as that was said: 28 is 27.5 to 28.5."""
    text = f"{claimed:.10g}"
    digits = len(text.split(".")[1]) if "." in text else 0
    return abs(claimed - value) <= 0.5 * 10.0 ** (-digits) + 1e-9
