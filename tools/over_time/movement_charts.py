"""Knows the charts of segments over time: flows from one period to the next, and the mix before and now."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tools.core import Json, ResultTable
from tools.figures import PALETTE, finish

NO_SEGMENT_COLOUR = "#9ca3af"


def movement_chart(
    matrix: npt.NDArray[np.int64], names: list[str], colours: list[str], periods: tuple[str, str]
) -> Json:
    """Draw the flows of customers between segments as a Sankey chart, the earlier period on the left."""
    n = len(names)
    pairs = [(i, j) for i in range(n) for j in range(n) if matrix[i, j]]
    flows = go.Sankey(
        node={"label": [*names, *names], "color": [*colours, *colours], "pad": 18, "thickness": 16},
        link={
            "source": [i for i, _ in pairs],
            "target": [n + j for _, j in pairs],
            "value": [int(matrix[i, j]) for i, j in pairs],
            "color": [_faint(colours[i]) for i, _ in pairs],
        },
    )
    return finish(go.Figure(flows), f"From {periods[0]} (left) to {periods[1]} (right)")


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"


def mix_chart(table: ResultTable) -> Json:
    """Draw the share of each segment before and now."""
    names = [str(row[0]) for row in table.rows]
    bars = [
        go.Bar(name=name, x=names, y=[row[at] for row in table.rows], marker_color=colour)
        for name, at, colour in (("before", 2, PALETTE[6]), ("now", 4, PALETTE[0]))
    ]
    return finish(go.Figure(bars), table.title, "Segment", "Share of customers (%)")
