"""Knows the tool `cross_table`: how two categories occur together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tools.core import ResultTable, Scalar, ToolResult, Workspace, tool
from tools.effects import V_LARGE, V_MEDIUM, V_SMALL, cramers_v
from tools.errors import ToolError
from tools.figures import heatmap
from tools.questions.aggregating import Request, compute
from tools.questions.eda import COUNT
from tools.questions.measure_words import row_noun
from tools.questions.phrasing import ExactQuotes, note_digits
from tools.quoting import Quotes
from tools.selecting import Condition, GroupBy
from tools.wording import label, sentence, value_word

MOST_LEVELS = 30
_OTHER = "(other)"
Normalise = Literal["none", "rows", "columns", "all"]
Counts = npt.NDArray[Any]  # counts, or percentages of them, by row and column


@tool
def cross_table(
    workspace: Workspace,
    *,
    rows: str,
    columns: str,
    where: Sequence[Condition] = (),
    normalise: Normalise = "none",
    table: str | None = None,
) -> ToolResult:
    """Count how two categories occur together, with the strength of their association.

    Args:
        workspace: The data.
        rows: Column whose values become rows.
        columns: Column whose values become columns.
        where: Conditions that all hold for the rows used.
        normalise: Show percent of each row, of each column, or of all, instead of counts.
        table: Name of a loaded table, or customers.
    """
    groups = [GroupBy(column=name, grain=None, bins=None, n_bins=None) for name in (rows, columns)]
    request = Request((COUNT,), groups, tuple(where), table=table, most_groups=200_000)
    made = compute(workspace, request)
    if len(made.named) < 1:
        raise ToolError("There are no rows that have both values.", "Loosen the conditions.")
    first, second = made.keys
    cells = {(row.labels[0], row.labels[1]): row.n for row in made.named}
    words, quotes = {}, ExactQuotes()
    for row in made.named:
        for side, (key, text) in enumerate(zip(made.keys, row.labels, strict=True)):
            words[side, text] = value_word(key.column, text)
            note_digits(quotes, key, text)
    downs, cut_down = _levels([row.labels[0] for row in made.named], cells, 0, first.ordered)
    acrosses, cut_across = _levels([row.labels[1] for row in made.named], cells, 1, second.ordered)
    counts = _counts(cells, downs, acrosses)
    nouns = row_noun(made.table)
    filtered = f" where {made.selection.words}" if made.selection.words else ""
    total = int(counts.sum())
    names = label(first.column), label(second.column)
    headline = _association(quotes, counts, names, filtered)
    peak = _most_unusual(
        quotes, counts, [words.get((0, d), d) for d in downs], [words.get((1, a), a) for a in acrosses], names
    )
    caveats = list(made.caveats)
    if made.n_unnamed:
        missing = quotes.count("n_missing", made.n_unnamed, *nouns)
        caveats.append(f"{missing} without {first.column.name} or {second.column.name} are left out.")
    for n_cut, key in ((cut_down, first), (cut_across, second)):
        if n_cut:
            n = quotes.number("n_joined", n_cut, None, key.column.name)
            caveats.append(f"{n} rarer values of {key.column.name} are joined as {_OTHER}.")
    shown = _shown(counts, normalise)
    for i, down in enumerate(downs):
        for j, across in enumerate(acrosses):
            if i * len(acrosses) + j < 60:
                scope = f"{first.title} = {down}; {second.title} = {across}{filtered}"
                quotes.note(f"n_{nouns[1]}", int(counts[i, j]), nouns[1], scope)
                if normalise != "none":
                    quotes.note(f"share_of_{normalise}_pct", float(shown[i, j]), "%", scope)
    quotes.note(f"n_{nouns[1]}", total, nouns[1], filtered.strip())
    result = _crossed_table(counts, shown, downs, acrosses, first.title, second.title, nouns[1], normalise)
    unit = nouns[1] if normalise == "none" else "%"
    written = (
        [[f"{v:,.0f}" if normalise == "none" else f"{v:.1f}%" for v in row] for row in shown]
        if counts.size <= 100
        else []
    )
    figure = heatmap(
        acrosses, downs, shown.tolist(), f"{first.column.name} by {second.column.name} ({unit})",
        second.title, first.title, written=written,
    )  # fmt: skip
    return ToolResult(
        sentence(headline), (*quotes.facts, *made.facts), peak, (result,), (figure,), tuple(caveats),
    )  # fmt: skip


def _levels(
    labels: Sequence[str], cells: dict[tuple[str, str], int], side: int, ordered: bool
) -> tuple[list[str], int]:
    found = list(dict.fromkeys(labels))
    totals = dict.fromkeys(found, 0)
    for key, n in cells.items():
        totals[key[side]] += n
    if ordered:
        return (found if side == 0 else _in_order(found, cells, side)), 0
    ranked = sorted(found, key=lambda name: (-totals[name], name))
    if len(ranked) <= MOST_LEVELS:
        return ranked, 0
    return [*ranked[:MOST_LEVELS], _OTHER], len(ranked) - MOST_LEVELS


def _in_order(found: list[str], cells: dict[tuple[str, str], int], side: int) -> list[str]:
    """Return labels of ordered groups in their order: the longest run of one first group tells it."""
    runs: dict[str, list[str]] = {}
    for key in cells:
        runs.setdefault(key[1 - side], []).append(key[side])
    longest = max(runs.values(), key=len)
    return [*longest, *(name for name in found if name not in longest)]


def _counts(cells: dict[tuple[str, str], int], downs: Sequence[str], acrosses: Sequence[str]) -> Counts:
    counts = np.zeros((len(downs), len(acrosses)), dtype=np.int64)
    rows, columns = ({name: i for i, name in enumerate(names)} for names in (downs, acrosses))
    for (down, across), n in cells.items():
        counts[rows.get(down, len(downs) - 1), columns.get(across, len(acrosses) - 1)] += n
    return counts


def plain_v(counts: Counts) -> float:
    """Return Cramer's V without correction for chance, 0 to 1."""
    table = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(np.float64)
    if min(table.shape) < 2:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    chi2 = float(((table - expected) ** 2 / expected).sum())
    return math.sqrt(chi2 / table.sum() / (min(table.shape) - 1))


def association_word(v: float) -> str:
    """Say how strong an association is, by Cohen's thresholds (1988)."""
    return (
        "strongly"
        if v >= V_LARGE
        else "moderately"
        if v >= V_MEDIUM
        else "weakly"
        if v >= V_SMALL
        else "hardly"
    )


def _association(quotes: Quotes, counts: Counts, names: tuple[str, str], where: str) -> str:
    v = plain_v(counts)
    quotes.note("cramers_v_corrected", cramers_v(counts), None, where.strip())
    shown = quotes.number("cramers_v", v, None, where.strip(), digits=2)
    total = quotes.number("n_rows", int(counts.sum()))
    word = association_word(v)
    verb = "are hardly associated" if word == "hardly" else f"are {word} associated"
    return f"{names[0]} and {names[1]}{where} {verb}: Cramer's V is **{shown}** over {total} rows with both"


def _most_unusual(
    quotes: Quotes, counts: Counts, downs: Sequence[str], acrosses: Sequence[str], names: tuple[str, str]
) -> tuple[str, ...]:
    """Name the cell that departs most from independence, by its standardised residual."""
    total, rows, columns = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    if total == 0 or min(counts.shape) < 2:
        return ()
    expected = np.outer(rows, columns) / total
    residual = np.where(
        expected > 0, (counts - expected) / np.sqrt(np.where(expected > 0, expected, 1.0)), 0.0
    )
    i, j = divmod(int(np.argmax(np.round(residual, 9))), counts.shape[1])
    inside, overall = 100.0 * counts[i, j] / rows[i], 100.0 * columns[j] / total
    pct = quotes.number("share_in_row_pct", float(inside), "%", f"{downs[i]}, {acrosses[j]}", digits=1)
    base = quotes.number("share_overall_pct", float(overall), "%", acrosses[j], digits=1)
    first, second = names
    return (
        f"Most out of line: {second} is {acrosses[j]} for {pct} of {first} {downs[i]},"
        f" against {base} of all.",
    )


def _shown(counts: Counts, normalise: Normalise) -> Counts:
    if normalise == "none":
        return counts
    base = {
        "rows": counts.sum(axis=1, keepdims=True),
        "columns": counts.sum(axis=0, keepdims=True),
        "all": counts.sum(),
    }
    whole = np.asarray(base[normalise], dtype=np.float64)
    return 100.0 * counts / np.where(whole > 0, whole, 1.0)


def _crossed_table(
    counts: Counts, shown: Counts, downs: Sequence[str], acrosses: Sequence[str], first: str, second: str,
    nouns: str, normalise: Normalise,
) -> ResultTable:  # fmt: skip
    rows: list[tuple[Scalar, ...]] = []
    for index, down in enumerate(downs):
        values = [value.item() for value in shown[index]]
        rows.append((down, *values, int(counts[index].sum())))
    rows.append(("all", *(_foot(counts, normalise, j) for j in range(len(acrosses))), int(counts.sum())))
    unit = nouns if normalise == "none" else "%"
    units = (None, *(unit for _ in acrosses), nouns)
    title = f"{first} by {second}" + ("" if normalise == "none" else f", % of {normalise}")
    return ResultTable(title, (first, *acrosses, f"all {nouns}"), tuple(rows), units)


def _foot(counts: Counts, normalise: Normalise, column: int) -> Scalar:
    n = int(counts[:, column].sum())
    if normalise == "none":
        return n
    return 100.0 if normalise == "columns" else 100.0 * n / int(counts.sum())
