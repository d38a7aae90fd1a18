"""Knows which segment every customer is in, and which segment a person means."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from tools import wording
from tools.core import Column, DataTable, ResultTable, Segment, Segmentation, Workspace
from tools.customers.behaviour import FeatureDefinition
from tools.customers.features import CustomerFrame, customers
from tools.customers.on_demand import Customers
from tools.effects import Difference, against_the_rest, even_scale
from tools.errors import ToolError
from tools.segments.assigning import assign
from tools.segments.tallying import STATISTICS, Summary, Tally
from tools.selecting import find_column

NO_SEGMENTS = ToolError("There are no segments yet.", "Say 'segment my customers' first.")
_LIKELY = 78  # rapidfuzz score from which a misspelt name is taken for the segment
_MAX_GROUPS = 5_000  # a text column with more values than this names customers, it does not group them
_LABELS = {
    "recency_days": "days since the last transaction",
    "tenure_days": "days since the first transaction",
    "mean_hour": "average hour of the day",
    "largest_share": "share of the largest amount",
    "trend_amount": "trend of the amount",
}


@dataclass(frozen=True)
class Segmented:
    """All customers with the segment each is in.

    Attributes:
        segmentation: The segmentation.
        table: What the columns of `customers` mean.
        definitions: Definition of each feature by name.
        customers: One row a customer, sorted by key.
        position: Index into `segmentation.segments` for each customer; -1 outside all of them.
        confidence: 0 to 1 for each customer.
        tally: What the engine counted on all customers, where these are only some drawn of them.
    """

    segmentation: Segmentation
    table: DataTable
    definitions: Mapping[str, FeatureDefinition]
    customers: Customers
    position: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]
    tally: Tally | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments, in order of their key."""
        return self.segmentation.segments

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Customers in each segment, of all customers."""
        if self.tally is not None:
            return self.tally.sizes
        return np.bincount(self.position[self.position >= 0], minlength=len(self.segments))

    @cached_property
    def value(self) -> Column | None:
        """The column that holds what a customer is worth so far, or None."""
        return value_column(self.table)

    @cached_property
    def value_sums(self) -> npt.NDArray[np.float64] | None:
        """Value in each segment, of all customers, or None where there is no value column."""
        if self.value is None:
            return None
        if self.tally is not None:
            return self.tally.sums(self.value)
        amounts = np.nan_to_num(self.numbers(self.value.name))
        inside = self.position >= 0
        sums = np.bincount(self.position[inside], weights=amounts[inside], minlength=len(self.segments))
        return np.asarray(np.round(sums, 4), dtype=np.float64)

    @cached_property
    def numeric(self) -> list[Column]:
        """Columns on which customers may be compared by size."""
        return [
            column for column in self.table.columns if column.name in self.customers and _is_numeric(column)
        ]

    @cached_property
    def categories(self) -> list[Column]:
        """Columns on which customers may be compared by kind."""
        return [
            column for column in self.table.columns if column.name in self.customers and _is_category(column)
        ]

    def numbers(self, column: str) -> npt.NDArray[np.float64]:
        """Return a column as floats, NaN where missing; not to be changed."""
        if self.customers[column].dtype == np.float64:
            return self.customers[column].to_numpy()
        return self.customers[column].to_numpy(dtype=np.float64, na_value=np.nan)

    @cached_property
    def _apart(self) -> dict[str, list[Difference | None]]:
        return {}

    def apart(self, column: str) -> list[Difference | None]:
        """Compare each segment with everybody else in a number, on an even scale."""
        if column not in self._apart:
            values = even_scale(self.numbers(column))
            self._apart[column] = against_the_rest(values, self.position, len(self.segments))
        return self._apart[column]

    def summary(self, column: str, statistic: Literal["mean", "median"]) -> Summary:
        """Return the mean or median of a column in each segment, and of everybody, of all customers."""
        if self.tally is not None:
            return self.tally.summary(column, statistic)
        values, how = self.numbers(column), STATISTICS[statistic]
        groups = [values[self.position == i] for i in range(len(self.segments))]
        return Summary([how(one) for one in groups], how(values[self.position >= 0]))

    def label(self, column: str) -> str:
        """Return the words for a column inside a sentence: "days since the last transaction"."""
        return _label(self.definitions, column)

    def unit(self, column: str) -> str | None:
        """Return the unit of a column."""
        definition = self.definitions.get(column)
        known = self.table.column(column)
        return (definition.unit if definition else None) or (known.unit if known else None)


def _label(definitions: Mapping[str, FeatureDefinition], column: str) -> str:
    definition = definitions.get(column)
    if definition is None or definition.label == column:
        return wording.plain_name(column)
    source = definition.source or ""
    named = definition.label.replace(source, wording.plain_name(source)) if source else definition.label
    words = named.replace("_", " ")
    if definition.how in ("rows", "orders"):
        return f"number of {words}"
    return _LABELS.get(column) or words[0].lower() + words[1:]


def label_of(frame: CustomerFrame, column: str) -> str:
    """Return the words for a customer column inside a sentence."""
    return _label(frame.definitions, column)


def _is_numeric(column: Column) -> bool:
    return column.kind == "number" and column.role not in ("customer_key", "row_key", "index", "constant")


def _is_category(column: Column) -> bool:
    return column.kind in ("text", "boolean") and column.role in (
        "category",
        "place",
        "outcome",
        "flag",
        "measure",
    )


def value_column(table: DataTable) -> Column | None:
    """Return the column of a customer table that says what a customer is worth so far, or None."""
    for name in ("total_amount", table.amount or ""):
        if column := table.column(name):
            return column
    return next((column for column in table.by_role("amount") if column.kind == "number"), None)


def ranking_column(table: DataTable) -> Column | None:
    """Return what ranks customers best: their value, or how often they bought where no money is known."""
    return value_column(table) or table.column("n_transactions")


_ALIASES = {
    "spend": "total_amount",
    "spending": "total_amount",
    "amount": "total_amount",
    "revenue": "total_amount",
    "value": "total_amount",
    "monetary": "total_amount",
    "recency": "recency_days",
    "frequency": "n_transactions",
    "transactions": "n_transactions",
    "orders": "n_transactions",
    "purchases": "n_transactions",
    "balance": "last_balance",
    "tenure": "tenure_days",
}


def customer_column(frame: CustomerFrame, words: str) -> Column:
    """Return the customer column a person means, also by everyday words or by the column it is computed from.

    Raises:
        ToolError: If none or several fit.
    """
    if (known := frame.table.column(words)) is not None:
        return known
    asked = _plain(words)
    if frame.derived and (known := frame.table.column(_ALIASES.get(asked, ""))) is not None:
        return known
    sources = {
        _plain(definition.source): name
        for name, definition in reversed(list(frame.definitions.items()))
        if definition.source and name.startswith(("total_", "last_"))
    }
    if (known := frame.table.column(sources.get(asked, ""))) is not None:
        return known
    return find_column(frame.table, words)


def require(workspace: Workspace) -> Segmentation:
    """Return the current segmentation.

    Raises:
        ToolError: If there is none.
    """
    if workspace.segmentation is None:
        raise NO_SEGMENTS
    return workspace.segmentation


def segmented(workspace: Workspace, segmentation: Segmentation | None = None) -> Segmented:
    """Put every customer into a segment of the current, or the given, segmentation; kept in memory."""
    return _segmented(workspace, segmentation or require(workspace), everybody=False)


def all_segmented(workspace: Workspace, segmentation: Segmentation | None = None) -> Segmented:
    """Do the same with all customers in memory however many they are: for files that list each of them."""
    return _segmented(workspace, segmentation or require(workspace), everybody=True)


def _segmented(workspace: Workspace, chosen: Segmentation, everybody: bool) -> Segmented:
    frame = customers(workspace)
    some = not (everybody or frame.is_here)
    known = frame.drawn(chosen.population) if some else frame.everybody()

    def place() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        assignment = assign(chosen, known)
        keys = np.array([segment.key for segment in chosen.segments], dtype=np.int64)
        order = np.argsort(keys)
        found = np.searchsorted(keys[order], assignment.labels).clip(0, len(keys) - 1)
        held = keys[order][found] == assignment.labels
        return np.where(held, order[found], -1).astype(np.int64), assignment.confidence

    deciding = (frame.table.name, workspace.reference_date, fingerprint(chosen))
    position, confidence = workspace.engine.memo(("positions", some, *deciding), place)
    tally = None
    if some:
        tally = workspace.engine.memo(("tally", *deciding), lambda: Tally(frame, chosen, deciding[-1]))
    return Segmented(chosen, frame.table, frame.definitions, known, position, confidence, tally)


def at_its_date(workspace: Workspace, segmentation: Segmentation) -> Workspace:
    """Return the workspace with days counted to the date that the segmentation was made for."""
    wanted = segmentation.reference_date
    if wanted is None or customers(workspace).reference_date in (wanted, None):
        return workspace
    return replace(workspace, reference_date=wanted)


def fingerprint(segmentation: Segmentation) -> str:
    """Return a hash of everything that decides who is in which segment."""
    deciding = {
        "model": segmentation.model,
        "population": segmentation.population,
        "reference_date": segmentation.reference_date,
        "segments": [(segment.key, segment.leaves) for segment in segmentation.segments],
    }
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:16]


def recounted(workspace: Workspace, segmentation: Segmentation) -> Segmentation:
    """Return the segmentation with sizes, shares and shares of value counted on the customers at hand."""
    placed = segmented(workspace, segmentation)
    total = int(placed.sizes.sum())
    sums = placed.value_sums
    worth = float(sums.sum()) if sums is not None else 0.0
    counted = tuple(
        replace(
            segment,
            size=int(size),
            share=float(size) / total if total else 0.0,
            value_share=float(sums[i]) / worth if sums is not None and worth > 0 else None,
        )
        for i, (segment, size) in enumerate(zip(segmentation.segments, placed.sizes, strict=True))
    )
    return replace(segmentation, segments=counted, n_customers=total)


def find_segment(segmentation: Segmentation, words: str) -> Segment:
    """Return the segment a person means: its name, however spelt, or its number in the list.

    Raises:
        ToolError: If no segment or more than one fits; the names are its choices.
    """
    asked = _plain(words)
    by_name = {_plain(segment.name): segment for segment in segmentation.segments}
    if asked in by_name:
        return by_name[asked]
    numbered = re.fullmatch(r"(?:the )?(?:segment|group|cluster|no|number|nr)?\s*#?(\d+)", asked)
    if numbered and 1 <= int(numbered[1]) <= len(segmentation.segments):
        return sorted(segmentation.segments, key=lambda segment: segment.key)[int(numbered[1]) - 1]
    if extreme := _extreme(segmentation, asked):
        return extreme
    if lettered := _lettered(segmentation, asked):
        return lettered
    inside = [
        segment for name, segment in by_name.items() if len(asked) > 1 and (asked in name or name in asked)
    ]
    if len(inside) == 1:
        return inside[0]
    ranked = (
        process.extract(asked, list(by_name), scorer=fuzz.WRatio, limit=2)
        if len(asked) > 1 and not numbered
        else []
    )
    if ranked and ranked[0][1] >= _LIKELY and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return by_name[ranked[0][0]]
    names = tuple(segment.name for segment in segmentation.segments)
    wrong = f"There is no segment called “{words.strip()}”."
    if numbered:
        n = wording.count(len(segmentation.segments), "segment")
        wrong = f"There is no segment “{numbered[1]}”: there {'is' if len(names) == 1 else 'are'} {n}."
    if len(inside) > 1:
        wrong = f"“{words.strip()}” could be {wording.listing(called_alike(inside), 'or')}."
        names = tuple(segment.name for segment in inside)
    shown = called_alike([segment for segment in segmentation.segments if segment.name in names])
    raise ToolError(wrong, f"Choose one of: {wording.listing(shown, 'or')}.", names)


def _lettered(segmentation: Segmentation, asked: str) -> Segment | None:
    """Return the segment at the place of a letter: B is the second."""
    letter = re.fullmatch(r"(?:the )?(?:segment|group|cluster)?\s*([a-z])", asked)
    place = ord(letter[1]) - ord("a") if letter else len(segmentation.segments)
    if place >= len(segmentation.segments):
        return None
    return sorted(segmentation.segments, key=lambda segment: segment.key)[place]


def letter_note(segmentation: Segmentation, words: str, found: Segment) -> str | None:
    """Say which segment a letter was taken for; None where the segment was named otherwise."""
    if _lettered(segmentation, _plain(words)) is not found or _plain(found.name) == _plain(words):
        return None
    return (
        f"No segment is called {words.strip()}; I took the letter for the place in the list: {called(found)}."
    )


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[“”\"'`’]", "", words)).strip().casefold()


def _extreme(segmentation: Segmentation, asked: str) -> Segment | None:
    sized = sorted(segmentation.segments, key=lambda segment: (segment.size, segment.name))
    if re.fullmatch(r"(the )?(largest|biggest)( segment| one| group)?", asked):
        return sized[-1]
    if re.fullmatch(r"(the )?smallest( segment| one| group)?", asked):
        return sized[0]
    if re.fullmatch(r"(the )?(most valuable|best)( segment| one| group)?", asked):
        return max(segmentation.segments, key=lambda segment: (segment.value_share or 0.0, segment.name))
    return None


def by_value(segmentation: Segmentation) -> list[Segment]:
    """Return the segments from the largest share of value, or of customers where there is no value."""
    return sorted(
        segmentation.segments,
        key=lambda segment: (-(segment.value_share or 0.0), -segment.share, segment.name),
    )


def called(segment: Segment) -> str:
    """Return the name for use inside a sentence, in quotes where it could be read as two."""
    return f"“{segment.name}”" if "," in segment.name or " and " in segment.name else segment.name


def called_alike(segments: Sequence[Segment]) -> list[str]:
    """Return names for a list in a sentence: all in quotes, or none."""
    names = [called(segment) for segment in segments]
    if not any(name.startswith("“") for name in names):
        return names
    return [f"“{segment.name}”" for segment in segments]


def free_name(wanted: str, taken: set[str]) -> str:
    """Return the name, with a number behind it where somebody already has it."""
    known = {_plain(name) for name in taken}
    name, i = wanted, 2
    while _plain(name) in known:
        name, i = f"{wanted} {i}", i + 1
    return name


def find_segmentation(workspace: Workspace, words: str) -> Segmentation:
    """Return the segmentation a person means.

    Raises:
        ToolError: If none or more than one fits; the names are its choices.
    """
    names = {_plain(name): name for name in workspace.segmentations}
    if not names:
        raise NO_SEGMENTS
    asked = _plain(words)
    inside = [plain for plain in names if asked and (asked in plain or plain in asked)]
    found = asked if asked in names else inside[0] if len(inside) == 1 else None
    if found is None:
        best = process.extractOne(asked, list(names), scorer=fuzz.WRatio)
        found = best[0] if best and best[1] >= _LIKELY and len(inside) < 2 else None
    if found is None:
        known = tuple(names.values())
        raise ToolError(
            f"There is no segmentation called “{words.strip()}”.",
            f"There is {wording.listing(known)}.",
            known,
        )
    return workspace.segmentations[names[found]]


def overview(segmentation: Segmentation) -> ResultTable:
    """Return the segments with their sizes."""
    rows = tuple(
        (one.name, one.size, 100 * one.share, None if one.value_share is None else 100 * one.value_share)
        for one in segmentation.segments
    )
    columns = ("Segment", "Customers", "Share of customers", "Share of value")
    return ResultTable(segmentation.name, columns, rows, (None, "customers", "%", "%"))
