"""Knows how a table that was read is mended, understood, shown and inspected."""

from __future__ import annotations

from dataclasses import replace

from tools.core import DataTable
from tools.engine import Engine
from tools.files.drafts import Draft
from tools.files.mending import describe_table, mend, mend_births
from tools.files.sentinels import take_out_empty_dates, take_out_sentinels
from tools.files.surveying import Measured
from tools.understanding.inspecting import inspect_table
from tools.understanding.roles import understand

CUSTOMERS = "customers"  # the table of one row a customer that others make


def finish(engine: Engine, draft: Draft, n_rows: int, measured: dict[str, Measured]) -> DataTable:
    """Mend, understand, show and inspect a table that was read.

    Args:
        engine: Holds the table as it was read.
        draft: How it was read.
        n_rows: Its rows.
        measured: What was counted in its columns.
    """
    source, sample = draft.source, draft.cells()
    measured = take_out_sentinels(engine, draft, mend(draft, measured, sample))
    measured = take_out_empty_dates(engine, draft, measured)
    meaning = understand(n_rows, measured, sample, draft.decisions.roles)
    for name in [name for name, role in meaning.roles.items() if role == "birth_date"]:
        mend_births(engine, draft, measured, meaning, name)
    if meaning.grain == "rows" and source.name.casefold() == CUSTOMERS:
        draft.source = replace(draft.source, name=f"{source.name}_table")
    engine.show(draft.source.name, draft.stored, list(draft.shown.values()))
    return inspect_table(engine, describe_table(draft, n_rows, measured, meaning), draft.stored, measured)
