"""Knows the charts of finding segments: a two-dimensional map, and the evidence by number of segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from tools.core import Json, Segment
from tools.figures import finish, segment_colour
from tools.finding.modelling import Model
from tools.profiles.profile_charts import sizes_and_value
from tools.wording import number, share

MOST_POINTS = 1500

__all__ = ["by_number", "map_of", "sizes_and_value"]


def map_of(model: Model, segments: Sequence[Segment]) -> Json:
    """Draw customers on the two directions in which they vary most; says how much of it that shows."""
    axes = model.sample.axes
    step = max(1, len(axes) // MOST_POINTS)
    centred = axes - axes.mean(axis=0)
    spread = np.linalg.eigh(np.einsum("ij,ik->jk", centred, centred) / len(centred))
    order = np.argsort(-spread.eigenvalues)[:2]
    turn = spread.eigenvectors[:, order]
    turn = turn * np.where(turn[np.abs(turn).argmax(axis=0), np.arange(turn.shape[1])] < 0, -1, 1)
    shown = float(spread.eigenvalues[order].sum() / max(spread.eigenvalues.sum(), 1e-12))
    drawn, labels = np.einsum("ij,jk->ik", centred[::step], turn), model.labels[::step]
    figure = go.Figure()
    for one in segments:
        mine = np.isin(labels, one.leaves)
        figure.add_scatter(
            x=np.round(drawn[mine, 0], 3).tolist(),
            y=np.round(drawn[mine, 1], 3).tolist() if drawn.shape[1] > 1 else [0.0] * int(mine.sum()),
            mode="markers",
            name=one.name,
            marker={"color": segment_colour(one.key), "size": 5, "opacity": 0.65},
            hovertemplate=one.name + "<extra></extra>",
        )
    title = (
        f"Map of {number(len(drawn))} customers: these two directions show {share(shown, 0)} of the "
        "differences"
    )
    return finish(figure, title, "First direction", "Second direction", about="map of the customers")


def by_number(evidence: Json) -> Json:
    """Draw gap and least stability by number of segments."""
    rows = [row for row in evidence["by_k"] if row["k"] > 1]
    figure = go.Figure()
    figure.add_scatter(
        x=[row["k"] for row in rows],
        y=[row["gap_over_one"] for row in rows],
        error_y={"type": "data", "array": [row["gap_error"] for row in rows]},
        mode="lines+markers",
        name="Gap over one group",
    )
    known = [row for row in rows if row["jaccard"]]
    figure.add_scatter(
        x=[row["k"] for row in known],
        y=[min(row["jaccard"]) for row in known],
        mode="lines+markers",
        name="Least stable segment (Jaccard)",
        yaxis="y2",
    )
    figure.update_layout(
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, 1.02],
            "title": {"text": "Jaccard"},
            "showgrid": False,
        }
    )
    return finish(
        figure, "What speaks for each number of segments", "Number of segments", "Gap over one group"
    )
