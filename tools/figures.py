"""Knows how charts look: one theme, one palette that colour-blind people can read, plain JSON out."""

from __future__ import annotations

import json
from typing import Any, cast

import plotly.graph_objects as go

from tools.core import Json

# Okabe-Ito order without black and without yellow, which has too little contrast on white; then two more.
PALETTE = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#7F7F7F",
    "#8C6D31",
    "#5B4B8A",
    "#2F6B4F",
)
GRID = "rgba(128,128,128,0.25)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def segment_colour(key: int) -> str:
    """Return the colour that the segment with this key has in every chart."""
    return PALETTE[key % len(PALETTE)]


def finish(figure: go.Figure, title: str, x: str | None = None, y: str | None = None) -> Json:
    """Dress a figure in the common theme and return it as plain JSON.

    Args:
        figure: Traces without styling.
        title: What the chart shows, as a short statement.
        x: Title of the horizontal axis, with its unit.
        y: Title of the vertical axis, with its unit.
    """
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
        template="none",
        colorway=list(PALETTE),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": "#6b7280"},
        margin={"l": 60, "r": 20, "t": 50, "b": 50},
        legend={"orientation": "h", "y": -0.2},
        hoverlabel={"font": {"family": FONT}},
        separators=".,",
        height=380,
    )
    figure.update_xaxes(title=x, gridcolor=GRID, zerolinecolor=GRID, automargin=True)
    figure.update_yaxes(title=y, gridcolor=GRID, zerolinecolor=GRID, automargin=True)
    return cast(Json, json.loads(cast(Any, figure.to_json(engine="json"))))
