"""Knows statistics over units: the median of the revenue per day, the most orders of one customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from tools.conditions import Selection
from tools.core import Column, DataTable, Workspace
from tools.errors import ToolError
from tools.questions.grouping import Key, key_of
from tools.questions.measure_words import row_noun
from tools.questions.measuring import Plan, plan
from tools.questions.summarising import summarise
from tools.selecting import GroupBy, Measure
from tools.wording import plain_name, plural


@dataclass(frozen=True)
class Units:
    """Units such as days or customers, one row each with what was computed in it.

    Attributes:
        table: A table of the units; it lives for one request only.
        frame: Its rows.
        keys: The groups of the request, as columns of that table.
        plans: The measures of the request, over its rows.
    """

    table: DataTable
    frame: nw.LazyFrame[Any]
    keys: tuple[Key, ...]
    plans: tuple[Plan, ...]


def units_of(
    workspace: Workspace,
    table: DataTable,
    frame: nw.LazyFrame[Any],
    selection: Selection,
    keys: Sequence[Key],
    measures: Sequence[Measure],
) -> Units | None:
    """Compute the inner measures in each unit, or return None where no measure has an inner one.

    Raises:
        ToolError: If only some measures have one, or their units differ.
    """
    if not any(measure.of for measure in measures):
        return None
    each = measures[0].each
    if not each or any(measure.of is None or measure.each != each for measure in measures):
        raise ToolError(
            "Statistics over units need the same units for all measures.", "Ask for them one by one."
        )
    units = [key_of(workspace, table, selection.frame, group) for group in each]
    inner = [
        plan(workspace, table, frame, measure.of, f"value:{at}")
        for at, measure in enumerate(measures)
        if measure.of
    ]
    grouped = summarise(selection.frame, [*keys, *units], inner)
    n_keys = len(keys)
    for at in range(n_keys, n_keys + len(units)):
        grouped = grouped.filter(~nw.col(f"key:{at}").is_null())
    names = [f"unit:{at}" for at in range(len(inner))]
    wide = grouped.select(
        *(nw.col(f"key:{at}").alias(f"group:{at}") for at in range(n_keys)),
        *(nw.col(made.alias).cast(nw.Float64).alias(name) for made, name in zip(inner, names, strict=True)),
    )
    noun = _noun(each, units)
    columns = tuple(
        Column(name, "number", "measure", made.unit) for name, made in zip(names, inner, strict=True)
    )
    held = replace(
        table, name=f"{table.name} by {noun}", columns=columns, grain="rows", customer=None, time=None,
        clock=None, amount=None, order=None, reading={"noun": (noun, plural(noun))},
    )  # fmt: skip
    outer = tuple(
        _over(workspace, held, wide, measure, made, name, at)
        for at, (measure, made, name) in enumerate(zip(measures, inner, names, strict=True))
    )
    passed = tuple(replace(key, expression=nw.col(f"group:{at}")) for at, key in enumerate(keys))
    return Units(held, wide, passed, outer)


def _noun(each: Sequence[GroupBy], units: Sequence[Key]) -> str:
    if len(units) > 1:
        return "unit"
    column, grain = units[0].column, each[0].grain
    if grain:
        return grain.replace("_", " ")
    if column.role == "customer_key":
        return "customer"
    words = plain_name(column.name).removesuffix(" ID").removesuffix(" number")
    return words if words else "unit"


def _over(
    workspace: Workspace,
    table: DataTable,
    frame: nw.LazyFrame[Any],
    measure: Measure,
    inner: Plan,
    name: str,
    at: int,
) -> Plan:
    """Plan the statistic over the units, named after what was computed in each of them."""
    alone = measure.model_copy(update={"column": name, "of": None, "each": []})
    made = plan(workspace, table, frame, alone, f"value:{at}")
    noun, _ = row_noun(table)
    what = f"{inner.words.removeprefix('the ')} per {noun}"
    lead = made.words.partition(f" unit:{at}")[0].removesuffix(" of")
    heading = f"{measure.statistic} {inner.heading} per {noun}"
    if measure.statistic == "quantile":
        lead, heading = made.words.partition(" of ")[0], f"{made.heading.partition(' of ')[0]} per {noun}"
    return replace(
        made, name=f"{measure.statistic}_{inner.name}_per_{noun.replace(' ', '_')}", heading=heading,
        words=f"{lead} of the {what}", unit=inner.unit, caveats=(*inner.caveats, *made.caveats),
        facts=(*inner.facts, *made.facts),
    )  # fmt: skip
