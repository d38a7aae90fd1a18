"""Knows how the width of a table is shared among its columns, on slides and in documents."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 60  # letters of a cell that count; longer ones are wrapped
ROOM = 6  # letters of space that every column has beside its longest text


def shared_width(rows: Sequence[Sequence[str]], wide: float) -> list[float]:
    """Share the width among columns by the longest text in each, none below a fair least.

    Args:
        rows: Cells as they are written, the head among them.
        wide: Width of the table, in any unit.

    Returns:
        The width of each column, in the same unit.
    """
    wanted = [min(LONGEST, max(len(row[j]) for row in rows)) + ROOM for j in range(len(rows[0]))]
    least = min(wide / 10, wide / len(wanted))
    raw = [max(least, wide * each / sum(wanted)) for each in wanted]
    return [each * wide / sum(raw) for each in raw]
