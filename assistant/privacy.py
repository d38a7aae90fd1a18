"""Decides what a model may see: headlines, findings and facts as JSON, never a row, a name or a chart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.session import Step
from tools.core import Column, Fact, Workspace

MOST_FACTS = 120
MOST_VALUES = 12
HIDDEN_ROLES = ("customer_key", "row_key", "personal", "free_text")


WITHHELD = "The result names single people, so only the person sees it, in the table below these words."


def for_model(step: Step, workspace: Workspace, leaves_machine: bool) -> str:
    """Return what a model is told of a step, as JSON.

    Args:
        step: A tool call that is done.
        workspace: Tells which columns name people.
        leaves_machine: Whether the model runs elsewhere. Facts about a single value of a key or of a
            personal column are then held back, with every sentence that was written from them.
    """
    if step.result is None:
        return json.dumps({"error": step.error, "instead": step.instead, "choices": list(step.choices)})
    result = step.result
    columns = personal_columns(workspace) if leaves_machine else ()
    hidden = [fact for fact in result.facts if is_personal(fact, columns)]
    visible = [fact for fact in result.facts if fact not in hidden]
    told: dict[str, Any] = {
        "headline": WITHHELD if hidden else result.headline,
        "findings": [] if hidden else list(result.findings),
        "facts": [
            {"name": fact.name, "value": fact.value, "unit": fact.unit, "scope": fact.scope}
            for fact in visible[:MOST_FACTS]
        ],
        "caveats": [] if hidden else list(result.caveats),
        "tables": [table.title for table in result.tables],
        "figures": len(result.figures),
    }
    if len(visible) > MOST_FACTS:
        told["facts_not_shown"] = len(visible) - MOST_FACTS
    return json.dumps(told, ensure_ascii=False, default=str)


def describe_for_model(workspace: Workspace) -> str:
    """Return what a model is told of the data before the first question, as JSON."""
    described = [
        {
            "table": table.name,
            "rows": table.n_rows,
            "one_row_is": table.grain,
            "columns": [_describe_column(column) for column in table.columns],
        }
        for table in workspace.tables.values()
    ]
    segmentation = workspace.segmentation
    segments = [segment.name for segment in segmentation.segments] if segmentation else []
    return json.dumps({"tables": described, "segments": segments}, ensure_ascii=False, default=str)


def _describe_column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "kind": column.kind, "role": column.role}
    if column.unit:
        told["unit"] = column.unit
    if column.role not in HIDDEN_ROLES:
        if column.values and (column.n_distinct or 0) <= 50:
            told["values"] = [value for value, n in column.values[:MOST_VALUES] if n >= 5]
        elif column.kind != "text" and column.minimum is not None:
            told["range"] = [column.minimum, column.maximum]
    return told


def personal_columns(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of the columns whose values point at single people."""
    return tuple(
        dict.fromkeys(
            column.name
            for table in workspace.tables.values()
            for column in table.columns
            if column.role in HIDDEN_ROLES
        )
    )


def is_personal(fact: Fact, columns: Sequence[str]) -> bool:
    """Tell whether a fact is about a single value of one of these columns."""
    return any(f"{name} =" in fact.scope for name in columns)
