"""Knows how segments fall on sex, age, marital status and place, and what that means for credit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tools.core import Column, Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.effects import V_MEDIUM, V_SMALL, cramers_v, eta_squared, even_scale
from tools.errors import ToolError
from tools.figures import finish
from tools.quoting import Quotes
from tools.segments.segmented import Segmented, customer_column, require, segmented
from tools.wording import listing, value_word

FEW, MANY = 6, 99
FOUR_FIFTHS = 0.8  # ratio of rates below which US employment guidelines suspect adverse impact
JUDGED = 100  # a smaller group is shown but not judged: its rates say little
MOST_GROUPS = 10  # most frequent values of a column; the rest is one group
PROXY = 0.3  # correlation ratio from which a feature may stand in for a protected group
AGE_EDGES = (25, 40, 60)


@dataclass(frozen=True)
class Split:
    """Customers by segment and group.

    Attributes:
        column: The protected attribute.
        groups: Names of the groups.
        codes: Group of each customer, -1 where missing.
        counts: Customers of shape (segments, groups).
        v: Cramer's V between segments and groups, 0 to 1.
        ratios: For each segment the lowest rate of a judged group divided by the highest, or None.
        lowest: For each segment the judged group with the lowest rate.
        highest: For each segment the judged group with the highest rate.
    """

    column: Column
    groups: list[str]
    codes: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    v: float
    ratios: list[float | None]
    lowest: list[str]
    highest: list[str]

    @property
    def rates(self) -> npt.NDArray[np.float64]:
        """Part of each group that is in each segment, 0 to 1, of shape (segments, groups)."""
        return np.asarray(self.counts / np.maximum(self.counts.sum(axis=0), 1), dtype=np.float64)


@tool
def check_fairness(workspace: Workspace, column: str | None = None) -> ToolResult:
    """Check how the segments fall on sex, age, marital status and place: association, rates, proxies.

    Args:
        workspace: Tables and segmentations.
        column: One attribute to check; by default every protected attribute in the data.
    """
    placed = segmented(workspace, require(workspace))
    frame = customers(workspace)
    if column:
        chosen = [customer_column(frame, column)]
    else:
        chosen = [
            known
            for known in frame.table.columns
            if known.protected
            and known.name in placed.customers
            and known.kind in ("text", "boolean", "number")
        ]
    if not chosen:
        raise ToolError(
            "These data hold no sex, age, marital status or place, so fairness cannot be checked.",
            "Name a column that splits people into groups, or add one to the data.",
        )
    splits = sorted((_split(placed, one) for one in chosen), key=lambda split: (-split.v, split.column.name))
    quotes = Quotes()
    for split in splits:  # the bounds of age bands stand in the words for the groups
        for bound in sorted({bound for group in split.groups for bound in re.findall(r"\d+", group)}):
            quotes.note(f"band_bound_{bound}", float(bound), None, split.column.name)
    headline, caveats = _headline(placed, splits, quotes), _caveats(splits, quotes)
    findings = [_sentence(placed, split, quotes) for split in splits]
    findings += _proxies(placed, splits, quotes)
    findings.append(_credit(placed, splits))
    tables = tuple(_table(placed, split) for split in splits)
    for table in tables:
        quotes.table(table)
    return ToolResult(
        headline,
        quotes.facts,
        tuple(findings),
        tables,
        tuple(_figure(placed, split) for split in splits[:3]),
        caveats,
    )


def _split(placed: Segmented, column: Column) -> Split:
    codes, groups = _grouped(placed, column)
    kept = (placed.position >= 0) & (codes >= 0)
    shape = (len(placed.segments), max(1, len(groups)))
    flat = np.bincount(placed.position[kept] * shape[1] + codes[kept], minlength=shape[0] * shape[1])
    counts = flat.reshape(shape)
    sizes = counts.sum(axis=0)
    judged = [j for j in range(len(groups)) if sizes[j] >= JUDGED and not groups[j].startswith("other ")]
    ratios: list[float | None] = []
    lowest, highest = [], []
    for i in range(len(placed.segments)):
        rates = [(float(counts[i, j] / sizes[j]), groups[j]) for j in judged]
        low, high = (min(rates), max(rates)) if len(rates) > 1 else ((0.0, ""), (0.0, ""))
        ratios.append(low[0] / high[0] if high[0] > 0 else None)
        lowest.append(low[1])
        highest.append(high[1])
    return Split(column, groups, codes, counts, cramers_v(counts), ratios, lowest, highest)


def _grouped(placed: Segmented, column: Column) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Put customers into groups: bands of age, quarters of numbers, the most frequent values of text."""
    if column.kind == "number" and (column.n_distinct or MANY) > FEW:
        return _banded(placed.numbers(column.name), ages=_is_age(column))
    series = placed.customers[column.name]
    text = series.astype("str").where(series.notna(), None)
    top = sorted(text.value_counts().items(), key=lambda item: (-int(item[1]), str(item[0])))
    names = [str(value) for value, _ in top[:MOST_GROUPS]]
    place = {name: i for i, name in enumerate(names)}
    known = text.map(place).fillna(len(names)).to_numpy(dtype=np.int64)
    codes = np.where(text.isna().to_numpy(dtype=bool), -1, known).astype(np.int64)
    if len(top) > MOST_GROUPS:
        names.append(f"other {len(top) - MOST_GROUPS:,} values")
    return codes, names


def _is_age(column: Column) -> bool:
    return column.role == "age" or column.name.casefold() == "age"


def _banded(values: npt.NDArray[np.float64], *, ages: bool) -> tuple[npt.NDArray[np.int64], list[str]]:
    present = values[np.isfinite(values)]
    edges = sorted({float(edge) for edge in (AGE_EDGES if ages else np.quantile(present, [0.25, 0.5, 0.75]))})
    codes = np.searchsorted(np.array(edges), np.nan_to_num(values), side="right")
    names = [f"under {edges[0]:g}"]
    for low, high in pairwise(edges):
        names.append(f"{low:g} to {high - 1:g}" if ages else f"{low:g} to under {high:g}")
    names.append(f"{edges[-1]:g} and more")
    return np.where(np.isfinite(values), codes, -1).astype(np.int64), names


def _headline(placed: Segmented, splits: list[Split], quotes: Quotes) -> str:
    strongest = splits[0]
    label = placed.label(strongest.column.name)
    v = quotes.number("cramers_v", strongest.v, None, strongest.column.name, 2)
    low = any(ratio is not None and ratio < FOUR_FIFTHS for split in splits for ratio in split.ratios)
    if strongest.v < V_SMALL and not low:
        names = listing([placed.label(split.column.name) for split in splits], "or")
        text = f"**The segments hardly depend on {names}**"
        return f"{text}: the strongest association is Cramer's V {v} with {label}."
    word = "strongly" if strongest.v >= V_MEDIUM else "moderately" if strongest.v >= V_SMALL else "weakly"
    text = f"**The segments are {word} associated with {label}** (Cramer's V {v})"
    ranked = sorted((ratio, i) for i, ratio in enumerate(strongest.ratios) if ratio is not None)
    if ranked and ranked[0][0] < FOUR_FIFTHS:
        worst, i = ranked[0]
        ratio = quotes.number(
            "ratio_of_rates", worst, None, f"{strongest.column.name}, {placed.segments[i].name}", 2
        )
        text += f": {_leaning(placed, strongest, i, quotes)}, a ratio of {ratio}"
    return text + "."


def _word(placed: Segmented, split: Split, group: str) -> str:
    if _is_age(split.column):
        return f"people aged {group}"
    if split.column.role == "place":
        return f"customers in {group}"
    word = value_word(split.column, group)
    return word if word != group else f"customers with {placed.label(split.column.name)} “{group}”"


def _leaning(placed: Segmented, split: Split, i: int, quotes: Quotes) -> str:
    """Write how unevenly a segment takes two groups: "“Savers” holds 4.6% of ... and 25.0% of ..."."""
    first, second = (_rate(placed, split, i, group[i], quotes) for group in (split.lowest, split.highest))
    low, high = (_word(placed, split, group[i]) for group in (split.lowest, split.highest))
    return f"“{placed.segments[i].name}” holds {first} of {low} and {second} of {high}"


def _rate(placed: Segmented, split: Split, i: int, group: str, quotes: Quotes) -> str:
    scope = f"{placed.segments[i].name}, {split.column.name} = {group}"
    return quotes.share("rate_pct", float(split.rates[i][split.groups.index(group)]), scope)


def _sentence(placed: Segmented, split: Split, quotes: Quotes) -> str:
    label, scope = placed.label(split.column.name), split.column.name
    v = quotes.number("cramers_v", split.v, None, scope, 2)
    limit = quotes.number("four_fifths", FOUR_FIFTHS)
    judged = [(ratio, i) for i, ratio in enumerate(split.ratios) if ratio is not None]
    low = [(ratio, i) for ratio, i in judged if ratio < FOUR_FIFTHS]
    if not judged:
        return f"By {label} (Cramer's V {v}) fewer than two groups are large enough to compare."
    if not low:
        return (
            f"By {label} (Cramer's V {v}) every segment keeps the four-fifths rule: "
            f"no ratio of rates is below {limit}."
        )
    parts = []
    for ratio, i in sorted(low)[:3]:
        written = quotes.number("ratio_of_rates", ratio, None, f"{scope}, {placed.segments[i].name}", 2)
        parts.append(f"{_leaning(placed, split, i, quotes)} (ratio {written})")
    n = quotes.number("n_below_four_fifths", len(low), None, scope)
    of = quotes.count("n_judged", len(judged), "segment", scope=scope)
    return f"By {label} (Cramer's V {v}), {n} of {of} fall below four fifths ({limit}): {'; '.join(parts)}."


def _proxies(placed: Segmented, splits: list[Split], quotes: Quotes) -> list[str]:
    """Name features of the segmentation that could stand in for a protected group."""
    found = []
    for split in splits:
        for name in placed.segmentation.features:
            column = placed.table.column(name)
            if column is None or column.kind != "number" or name == split.column.name:
                continue
            part = eta_squared(even_scale(placed.numbers(name)), split.codes, len(split.groups))
            if part**0.5 >= PROXY:
                found.append((part**0.5, name, split.column.name))
    if not found:
        return ["None of the features that made the segments stands in for one of these attributes."]
    words = [
        f"{placed.label(name)} for {placed.label(group)} "
        f"(correlation ratio {quotes.number('correlation_ratio', strength, None, f'{name} and {group}', 2)})"
        for strength, name, group in sorted(found, reverse=True)[:4]
    ]
    return [f"Features that can stand in for a protected attribute: {listing(words)}."]


def _credit(placed: Segmented, splits: list[Split]) -> str:
    used = [split.column.name for split in splits if split.column.name in placed.segmentation.features]
    text = (
        f"{listing([placed.label(name) for name in used])} decided who is in which segment. "
        if used
        else "None of these attributes decided who is in which segment, but segments can still fall on them. "
    )
    return text + (
        "For information and offers such leanings are a matter of judgement; for credit they are not: the US "
        "Equal Credit Opportunity Act forbids sex, age and marital status as bases, and place can stand in "
        "for origin. "
        "Do not let these segments decide on credit before compliance has looked at this table."
    )


def _table(placed: Segmented, split: Split) -> ResultTable:
    sizes, rates = split.counts.sum(axis=0), split.rates
    rows: list[tuple[Scalar, ...]] = []
    for i, segment in enumerate(placed.segments):
        rows.append((segment.name, *(100 * float(rate) for rate in rates[i]), split.ratios[i]))
    rows.append(("Customers in all segments", *(int(n) for n in sizes), None))
    columns = ("Segment", *(_word(placed, split, group) for group in split.groups), "Ratio of rates")
    title = f"Part of each group in each segment, %: {placed.label(split.column.name)}"
    return ResultTable(title, columns, tuple(rows))


def _figure(placed: Segmented, split: Split) -> Json:
    figure = go.Figure()
    for j, group in enumerate(split.groups):
        figure.add_bar(
            name=_word(placed, split, group),
            x=[segment.name for segment in placed.segments],
            y=[round(100 * float(rate), 3) for rate in split.rates[:, j]],
            hovertemplate="%{y:.1f}% of %{fullData.name} are in %{x}<extra></extra>",
        )
    figure.update_layout(barmode="group")
    label = placed.label(split.column.name)
    return finish(figure, f"Part of each group in each segment, by {label}", None, "% of the group")


def _caveats(splits: list[Split], quotes: Quotes) -> tuple[str, ...]:
    told = []
    for split in splits:
        n = int((split.codes < 0).sum())
        if n:
            customers_ = quotes.count("n_missing", n, "customer", scope=split.column.name)
            told.append(
                f"{customers_} without {split.column.name} {'is' if n == 1 else 'are'} left out of its "
                "figures."
            )
        sizes = split.counts.sum(axis=0)
        small = [split.groups[j] for j in range(len(split.groups)) if 0 < sizes[j] < JUDGED]
        if small:
            least = quotes.number("smallest_judged_group", JUDGED)
            told.append(
                f"Groups of {split.column.name} with fewer than {least} customers are shown and not judged: "
                f"{listing(small)}."
            )
    told.append("An association is no proof of unfair treatment, and its absence no proof of fairness.")
    return tuple(told)
