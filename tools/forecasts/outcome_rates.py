"""Knows to whom an outcome happened, such as leaving: its rates by what goes with it most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.conditions import select
from tools.core import Column, DataTable, ResultTable, Scalar, ToolResult, Workspace
from tools.customers.feature_words import words_of
from tools.customers.features import customers
from tools.effects import cramers_v, wilson
from tools.errors import ToolError
from tools.frames import CUSTOMERS, open_table
from tools.quoting import Quotes
from tools.segments.segmented import segmented
from tools.selecting import Condition
from tools.wording import listing, number, plain_name, value_word

FEWEST = 30  # customers of a group from which its rate is told
DRIVERS = 6  # columns in the table
TOGETHER = 3  # strongest signs that are looked at together
SAME = 0.7  # association of two columns from which they say the same
LEAST = 0.1  # Cramer's V below which a column goes with leaving too little to tell
COPY = 0.98  # Cramer's V from which a column only says the outcome again
MANY_LEVELS = 12
_YES = {"yes", "y", "true", "1", "1.0", "churned", "left", "exited", "attrited"}
_NO = {"no", "n", "false", "0", "0.0", "stayed", "active", "existing", "retained"}

Booleans = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Driver:
    """A column that goes with the outcome: its groups, and to how many in each it happened.

    Attributes:
        column: The column.
        strength: Cramer's V with the outcome, 0 to 1.
        codes: Group of each customer; -1 without a value.
        names: Name of each group, as it reads behind "customers": with monthly contract, without award.
        n: Customers in each group.
        left: Those of them to whom it happened.
    """

    column: Column
    strength: float
    codes: Codes
    names: tuple[str, ...]
    n: Codes
    left: Codes

    def extreme(self, *, highest: bool) -> int:
        """Return the group with the highest, or lowest, rate among those large enough to tell."""
        rates = np.where(self.n >= FEWEST, self.left / np.maximum(self.n, 1), np.nan)
        return int(np.nanargmax(rates) if highest else np.nanargmin(rates))

    def rate(self, group: int) -> float:
        """Return the part of a group that left."""
        return float(self.left[group] / self.n[group])


def yes_of(values: pd.Series) -> tuple[Booleans, Booleans] | None:
    """Return to whom it happened and for whom that is known; None where it is not a plain yes or no."""
    words = values.astype("str").str.strip().str.casefold()
    known = values.notna().to_numpy(dtype=bool) & ~words.isin(["", "nan", "none", "<na>"]).to_numpy(
        dtype=bool
    )
    yes = words.isin(_YES).to_numpy(dtype=bool)
    no = words.isin(_NO).to_numpy(dtype=bool)
    return (yes & known, known) if bool((yes | no)[known].all()) and yes.any() and no.any() else None


def rates_answer(
    workspace: Workspace, outcome: Column, where: Sequence[Condition], *, leaving: bool = True
) -> ToolResult | None:
    """Describe to whom an outcome happened; None where it is not a plain yes or no of customers.

    Args:
        workspace: Tables and segmentations.
        outcome: The column.
        where: Customers to look at.
        leaving: Whether it says who left.

    Raises:
        ToolError: If too few customers are left to compare rates.
    """
    frame = customers(workspace)
    everybody = frame.pandas()
    if outcome.name not in everybody:
        return None
    found = yes_of(everybody[outcome.name])
    if found is None:
        return None
    left, known = found
    words = ""
    if where:
        table, lazy = open_table(workspace, CUSTOMERS, set())
        selection = select(workspace, table, lazy, where)
        kept = workspace.engine.collect(selection.frame.select(frame.key))[frame.key]
        known = known & everybody[frame.key].isin(set(kept)).to_numpy(dtype=bool)
        words = selection.words
    if int(known.sum()) < FEWEST:
        raise ToolError("Too few customers are left to compare rates.", "Loosen a condition.")
    return _Rates(workspace, frame.table, everybody, outcome, left, known, words, leaving).result()


@dataclass
class _Rates:
    """Everything that the words about rates draw on."""

    workspace: Workspace
    table: DataTable
    everybody: pd.DataFrame
    outcome: Column
    left: Booleans
    known: Booleans
    words: str
    leaving: bool
    quotes: Quotes = field(default_factory=Quotes)

    def __post_init__(self) -> None:
        self.label = plain_name(self.outcome.name)
        found = [driver for column in self.table.columns if (driver := self._driver(column)) is not None]
        self.copies = [one.column.name for one in found if one.strength >= COPY]
        found = [one for one in found if one.strength < COPY]
        found.sort(key=lambda one: (-round(one.strength, 6), one.column.name))
        self.drivers: list[Driver] = []
        for one in found:
            if all(_association(one.codes, other.codes, self.known) <= SAME for other in self.drivers):
                self.drivers.append(one)
        self.drivers = self.drivers[:DRIVERS]

    def result(self) -> ToolResult:
        """Put the answer together."""
        headline = self._headline()
        findings = [*self._further(), *self._together(), *self._by_segment()]
        tables = [self._table()] if self.drivers else []
        for each in tables:
            self.quotes.table(each, 2)
        caveats = [
            "These rates describe who left; they do not predict who will, and they show where, not why: what "
            "goes together need not be the cause.",
            f"To find out what keeps customers, hold back a part at random and compare {self.label} later.",
        ]
        if not self.leaving:
            caveats = ["These rates show what goes together with it: they are no forecast and name no cause."]
        if self.copies:
            verb = "says" if len(self.copies) == 1 else "say"
            caveats.append(f"{listing(self.copies)} {verb} the same in other words, which explains nothing.")
        protected = [one.column.name for one in self.drivers if one.column.protected]
        if protected:
            whom = "who left" if self.leaving else "to whom it happened"
            caveats.append(
                f"{listing(protected)} may describe {whom}, but should not decide who gets an offer."
            )
        unknown = int((~self.known).sum())
        if unknown and not self.words:
            n = self.quotes.count("n_unknown", unknown, "customer")
            caveats.append(f"{n} without a value in {self.outcome.name} are left out.")
        return ToolResult(headline, self.quotes.facts, tuple(findings), tuple(tables), (), tuple(caveats))

    def _headline(self) -> str:
        n = self.quotes.count("customers", int(self.known.sum()), "customer")
        rate = self.quotes.share("rate_pct", float(self.left[self.known].mean()))
        who = f" where {self.words}" if self.words else ""
        said = f"**{rate}** of the {n}{who} have left (`{self.outcome.name}`)"
        if not self.leaving:
            said = f"`{self.outcome.name}` is {self._yes()} for **{rate}** of the {n}{who}"
        top = next((one for one in self.drivers if not one.column.protected), None)
        if top is None:
            return f"{said}; nothing else in the data goes with it clearly."
        high, low = self._extremes(top)
        return f"{said}; what goes with it most is {plain_name(top.column.name)}: {high} against {low}."

    def _yes(self) -> str:
        """Return the cell that says so, as it is written."""
        values = self.everybody[self.outcome.name][self.left & self.known].astype("str")
        said = str(values.mode().iloc[0]).removesuffix(".0")
        if said.isdigit():
            self.quotes.note("outcome", int(said), None, self.outcome.name)
        return said

    def _extremes(self, driver: Driver) -> tuple[str, str]:
        words = []
        for highest in (True, False):
            group = driver.extreme(highest=highest)
            rate = self.quotes.share("rate_pct", driver.rate(group), f"customers {driver.names[group]}")
            words.append(f"{rate} {driver.names[group]}")
        return words[0], words[1]

    def _further(self) -> list[str]:
        others = [one for one in self.drivers if not one.column.protected][1:4]
        if not others:
            return []
        told = []
        for one in others:
            high, low = self._extremes(one)
            told.append(f"{plain_name(one.column.name)} ({high}, {low})")
        return [f"Next come {listing(told)}."]

    def _together(self) -> list[str]:
        """Say how many who are still here share the strongest signs: where a campaign would begin."""
        signs = [one for one in self.drivers if not one.column.protected][:TOGETHER]
        if len(signs) < 2:
            return []
        all_of = self.known.copy()
        for one in signs:
            all_of &= one.codes == one.extreme(highest=True)
        if int(all_of.sum()) < FEWEST:
            return []
        names = listing([one.names[one.extreme(highest=True)] for one in signs])
        rate = self.quotes.share("rate_pct", float(self.left[all_of].mean()), f"customers {names}")
        if not self.leaving:
            return [f"Of the customers {names}, it is {rate}."]
        here = self.quotes.count("still_here", int((all_of & ~self.left).sum()), "customer")
        return [
            f"Of the customers {names}, {rate} have left; **{here}** like them are still here, "
            "the place to begin."
        ]

    def _by_segment(self) -> list[str]:
        if self.workspace.segmentation is None:
            return []
        placed = segmented(self.workspace)
        if placed.position.size != self.known.size:
            return []
        rates = []
        for i, one in enumerate(placed.segments):
            inside = (placed.position == i) & self.known
            if int(inside.sum()) >= FEWEST:
                rates.append((float(self.left[inside].mean()), one.name))
        rates.sort(key=lambda item: (-round(item[0], 9), item[1]))
        words = [f"**{name}** {self.quotes.share('rate_pct', rate, name)}" for rate, name in rates]
        if not words:
            return []
        return [f"By segment: {listing(words)}. {self.outcome.name} had no part in making the segments."]

    def _driver(self, column: Column) -> Driver | None:
        if column.name == self.outcome.name or column.role in _NEVER or column.name not in self.everybody:
            return None
        made = _groups(self.table, column, self.everybody[column.name])
        if made is None:
            return None
        codes, names = made
        codes = np.where(self.known, codes, -1)
        n = np.bincount(codes[codes >= 0], minlength=len(names))
        left = np.bincount(codes[(codes >= 0) & self.left], minlength=len(names))
        if (n >= FEWEST).sum() < 2:
            return None
        strength = cramers_v(np.column_stack([left, n - left]))
        return Driver(column, strength, codes, names, n, left) if strength >= LEAST else None

    def _table(self) -> ResultTable:
        rows: list[tuple[Scalar, ...]] = []
        for one in self.drivers:
            order = sorted(range(len(one.names)), key=lambda g: (-round(_rate(one, g), 9), one.names[g]))
            for group in order:
                if one.n[group]:
                    low, high = wilson(float(one.left[group]), float(one.n[group]))
                    rows.append(
                        (
                            f"{plain_name(one.column.name)}{' (protected)' if one.column.protected else ''}",
                            one.names[group],
                            int(one.n[group]),
                            100 * one.rate(group),
                            100 * low,
                            100 * high,
                        )
                    )
        columns = ("What goes with it", "Customers …", "Customers", "Rate", "95% low", "95% high")
        title = f"Rate of {self.outcome.name}, the strongest first"
        return ResultTable(title, columns, tuple(rows), (None, None, "customers", "%", "%", "%"))


_NEVER = (
    "customer_key",
    "row_key",
    "personal",
    "free_text",
    "constant",
    "index",
    "birth_date",
    "outcome",
    "time",
)


def _rate(driver: Driver, group: int) -> float:
    return driver.rate(group) if driver.n[group] else 0.0


def _groups(table: DataTable, column: Column, values: pd.Series) -> tuple[Codes, tuple[str, ...]] | None:
    """Put customers into the values of a category, or into quarters of a number."""
    words = words_of(table, {}, column.name)
    if column.kind == "number" and not words.is_yes_no:
        return _quarters(column, values)
    text = values.astype("str").where(values.notna(), None)
    levels = sorted(text.dropna().unique())
    if not 2 <= len(levels) <= MANY_LEVELS:
        return None
    codes = text.map({level: place for place, level in enumerate(levels)}).fillna(-1).to_numpy(dtype=np.int64)
    names = []
    for level in levels:
        spoken = value_word(column, level)
        plain = level.removesuffix(".0") if words.is_yes_no else level
        named = words.having(words.category(plain, missing=""))
        names.append(named if spoken == level else f"who are {spoken}")
    return codes, tuple(names)


def _quarters(column: Column, values: pd.Series) -> tuple[Codes, tuple[str, ...]] | None:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    if known.size < FEWEST:
        return None
    cuts = [float(cut) for cut in np.unique(np.quantile(known, (0.25, 0.5, 0.75), method="higher"))]
    cuts = [cut for cut in cuts if cut > float(known.min())]
    if not cuts:
        return None
    codes = np.where(np.isfinite(numbers), np.searchsorted(cuts, numbers, side="right"), -1).astype(np.int64)
    label = plain_name(column.name)
    names = [f"with {label} below {number(cuts[0])}"]
    names += [
        f"with {label} from {number(low)} to under {number(high)}"
        for low, high in zip(cuts, cuts[1:], strict=False)
    ]
    return codes, (*names, f"with {label} of {number(cuts[-1])} or more")


def _association(one: Codes, other: Codes, known: Booleans) -> float:
    both = (one >= 0) & (other >= 0) & known
    width = int(other.max()) + 1
    counts = np.bincount(one[both] * width + other[both], minlength=(int(one.max()) + 1) * width)
    return cramers_v(counts.reshape(-1, width))
