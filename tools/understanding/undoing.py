"""Knows what a person says to take back a step of the cleaning, or to see what it left out."""

from __future__ import annotations

from tools.core import CleaningStep, DataTable
from tools.files.grouping import CODE as GROUP_LABELS

LEFT_OUT = frozenset(
    ("title_lines", "header_notes", "comment_lines", "footers", "total_rows", "repeated_headers")
)  # the file is gone by now, its lines are kept


def how_to_undo(step: CleaningStep, table: DataTable) -> str:
    """Return what to say in the chat, or nothing where nothing was decided."""
    column = table.column(step.column or "")
    if step.code in LEFT_OUT:
        return "show the unread rows"
    if step.code == GROUP_LABELS:
        return "keep the group lines as rows"
    if step.code == "repeats_left_out":
        return "keep the duplicates"
    if column is None:
        return ""
    sayings = {
        "birth_century": "do not move the birth years",
        "implausible_births": "keep the implausible births",
        "placeholder_dates": "keep the birth dates as they stand",
        "unreadable_cells": f"read {column.name} as text",
        "day_numbers": f"read {column.name} as text",
        "unix_times": f"read {column.name} as text",
    }
    if step.code == "placeholder_dates" and column.role != "birth_date":
        return "keep the dates as they stand"
    if step.code == "placeholder_words" and column.kind == "text":
        return f"N/A is a value in {column.name}"
    if step.code == "placeholder_words":
        return f"read {column.name} as text"
    if step.code == "placeholder_numbers" and (number := next((f for f in step.facts), None)):
        return f"{number.value:g} is a value in {column.name}"
    return sayings.get(step.code, "")
