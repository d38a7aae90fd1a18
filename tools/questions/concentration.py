"""Knows the tool `measure_concentration`: how few groups, the largest first, make up a part of a total."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from tools.conditions import select
from tools.core import ResultTable, Scalar, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.frames import open_table
from tools.questions.aggregating import measured
from tools.questions.grouping import key_of
from tools.questions.measuring import plan
from tools.questions.phrasing import ExactQuotes, group_noun, share_digits, write
from tools.questions.summarising import summarise
from tools.selecting import Condition, GroupBy, Measure, columns_named
from tools.wording import listing, plural, sentence

STEPS = (10.0, 20.0, 50.0, 80.0, 90.0, 100.0)  # percent of the total that the table goes through
COUNT = Measure()
MOST_NAMED = 12


@tool
def measure_concentration(
    workspace: Workspace,
    *,
    by: str,
    measure: Measure = COUNT,
    share_pct: Annotated[float, Field(gt=0, le=100)] = 80.0,
    where: Sequence[Condition] = (),
    table: str | None = None,
) -> ToolResult:
    """Count how few groups, the largest first, make up a part of a total, such as 80% of revenue.

    Args:
        workspace: The data.
        by: Column that names the groups, such as the customer or the city.
        measure: What adds up: a count of rows or the sum of a column.
        share_pct: Part of the total in percent.
        where: Conditions that rows must fulfil.
        table: Name of a loaded table, or customers.

    Raises:
        ToolError: If the measure does not add up, or nothing is left of the total.
    """
    named = [by, *measured(measure), *sorted(columns_named(where))]
    chosen, frame = open_table(workspace, table, named)
    selection = select(workspace, chosen, frame, where, {by})
    key = key_of(workspace, chosen, selection.frame, GroupBy(column=by))
    made = plan(workspace, chosen, frame, measure)
    if not made.additive:
        raise ToolError(
            f"{sentence(made.words)[:-1]} does not add up over groups.",
            "Ask for a total or a number of rows.",
        )
    collected = workspace.engine.collect(summarise(selection.frame, (key,), (made,)))
    known = collected[collected["key:0"].notna()]
    known = known.assign(name=[key.label(value) for value in known["key:0"]])
    known = known.fillna({made.alias: 0}).sort_values([made.alias, "name"], ascending=[False, True])
    values = known[made.alias].to_numpy(dtype=float)
    total, n = float(values.sum()), len(values)
    if n == 0 or total <= 0:
        raise ToolError("There is no total to take a part of.", "Ask about other rows or another column.")
    running = np.cumsum(values)
    quotes, noun = ExactQuotes(), group_noun(key)
    nouns = plural(noun) if chosen.customer != by else "customers"

    def needed(percent: float) -> int:
        return min(int(np.searchsorted(running, total * percent / 100 * (1 - 1e-12))) + 1, n)

    scope = selection.beside and f"where {selection.beside}"
    few = needed(share_pct)
    part = 100.0 * few / n
    shown = f"**{quotes.number(f'n_{nouns}_needed'.replace(' ', '_'), few, None, scope)} of"
    shown += f" {quotes.number('n_groups', n, None, scope)} {nouns}**"
    pct = quotes.number("share_of_groups_pct", part, "%", scope, digits=share_digits(part))
    of = quotes.number("share_of_total_pct", share_pct, "%", scope)
    quotes.note(f"{made.name}_total", total, made.unit, scope)
    held = 100.0 * float(running[few - 1]) / total
    exact = quotes.number("share_reached_pct", held, "%", scope, digits=1)
    verb = "makes" if few == 1 else "make"
    where_told = f" {scope}" if scope else ""
    headline = (
        f"{shown} ({pct}), the largest first, {verb} up {of} of {made.words}{where_told},"
        f" which is {write(made, total)}"
    )
    findings = []
    if held - share_pct >= 0.1:
        findings.append(f"Together they hold {exact}, because the last of them goes beyond the mark.")
    if few <= MOST_NAMED:
        findings.append(f"They are {listing([str(name) for name in known['name'].iloc[:few]])}.")
    rows: list[tuple[Scalar, ...]] = []
    for percent in sorted({*STEPS, share_pct}):
        count = needed(percent)
        rows.append((percent, count, 100.0 * count / n))
        quotes.note("n_needed", count, nouns, f"{percent:g}% of the total")
    title = f"How many {nouns} make up each part of {made.words}".replace("`", "")
    result = ResultTable(title, ("% of the total", nouns, f"% of {nouns}"), tuple(rows), ("%", nouns, "%"))
    caveats = list(selection.caveats) + list(made.caveats)
    negative = int((values < 0).sum())
    if negative:
        told = quotes.number("n_below_zero", negative)
        caveats.append(f"{told} {nouns} with a total below zero come last and lower the whole.")
    unnamed = int(len(collected) - len(known))
    if unnamed:
        caveats.append(f"Rows without {key.column.name} are left out.")
    facts = (*quotes.facts, *selection.facts, *made.facts)
    return ToolResult(sentence(headline), facts, tuple(findings), (result,), (), tuple(caveats))
