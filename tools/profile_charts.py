"""Knows the charts that show segments: sizes and value, heat map, spread of a feature, effect sizes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tools.core import Column, Json, Segment
from tools.effects import Difference
from tools.figures import finish, segment_colour
from tools.segmented import Segmented
from tools.standing_out import Standing, Trait

MOST_ROWS = 14


def sizes_and_value(segments: list[Segment], value_label: str | None) -> Json:
    """Draw the share of customers of each segment beside its share of value."""
    names = [segment.name for segment in segments]
    figure = go.Figure(
        go.Bar(
            y=names,
            x=[100 * segment.share for segment in segments],
            name="Share of customers",
            orientation="h",
            marker_color="#9ca3af",
            hovertemplate="%{y}: %{x:.1f}% of customers<extra></extra>",
        )
    )
    title = "Customers by segment"
    if value_label and any(segment.value_share is not None for segment in segments):
        title = f"Customers and {value_label} by segment"
        figure.add_bar(
            y=names,
            x=[100 * (segment.value_share or 0.0) for segment in segments],
            name=f"Share of {value_label}",
            orientation="h",
            marker_color=[segment_colour(segment.key) for segment in segments],
            hovertemplate="%{y}: %{x:.1f}% of " + value_label + "<extra></extra>",
        )
    figure.update_yaxes(autorange="reversed")
    return finish(figure, title, "Share, %", None)


def heat_map(placed: Segmented, found: Standing, segments: list[int], columns: list[str]) -> Json:
    """Draw how far each segment lies from everybody else on each feature, in standard deviations."""
    rows = columns[:MOST_ROWS]
    values = [[_d(found.differences[name][i]) for i in segments] for name in rows]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=[placed.segments[i].name for i in segments],
            y=[placed.label(name) for name in rows],
            zmid=0,
            zmin=-2,
            zmax=2,
            colorscale=[[0, "#0072B2"], [0.5, "#f3f4f6"], [1, "#D55E00"]],
            colorbar={"title": {"text": "difference<br>(std. dev.)"}},
            texttemplate="%{z:.1f}",
            hovertemplate="%{x}, %{y}: %{z:.2f} standard deviations from everybody else<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed")
    drawn = finish(figure, "What sets each segment apart from everybody else")
    drawn["layout"]["height"] = max(380, 120 + 28 * len(rows))
    return drawn


def _d(difference: Difference | None) -> float | None:
    return None if difference is None else round(difference.d, 4)


def spread(placed: Segmented, column: Column, segments: list[int]) -> Json:
    """Draw the distribution of one feature by segment, from its quantiles; no customer is drawn."""
    values = placed.numbers(column.name)
    figure = go.Figure()
    lowest = 0.0
    for i in segments:
        mine = values[(placed.position == i) & np.isfinite(values)]
        if not mine.size:
            continue
        low, first, middle, third, high = (float(q) for q in np.quantile(mine, [0.05, 0.25, 0.5, 0.75, 0.95]))
        lowest = min(lowest, low)
        figure.add_box(
            name=placed.segments[i].name,
            q1=[first],
            median=[middle],
            q3=[third],
            lowerfence=[low],
            upperfence=[high],
            y=[placed.segments[i].name],
            orientation="h",
            marker_color=segment_colour(placed.segments[i].key),
            showlegend=False,
        )
    figure.update_yaxes(autorange="reversed")
    label, unit = placed.label(column.name), placed.unit(column.name)
    title = f"{label.capitalize()} by segment (boxes hold the middle half, whiskers 90%)"
    drawn = finish(figure, title, f"{label}{f', {unit}' if unit else ''}")
    if lowest >= 0 and _long_tail(values):
        drawn["layout"]["xaxis"]["type"] = "log" if lowest > 0 else "linear"
    return drawn


def _long_tail(values: npt.NDArray[np.float64]) -> bool:
    present = values[np.isfinite(values)]
    low, high = np.quantile(present, [0.5, 0.99]) if present.size else (0.0, 0.0)
    return bool(high > 20 * max(low, 1e-9))


def effects(placed: Segmented, name: str, traits: list[Trait]) -> Json:
    """Draw the standardised differences of one segment from everybody else, with their intervals."""
    shown = traits[:MOST_ROWS]
    figure = go.Figure(
        go.Bar(
            y=[placed.label(trait.column.name) for trait in shown],
            x=[trait.difference.d for trait in shown],
            orientation="h",
            marker_color=["#9ca3af" if trait.built_from else "#0072B2" for trait in shown],
            error_x={
                "type": "data",
                "array": [trait.difference.high - trait.difference.d for trait in shown],
                "arrayminus": [trait.difference.d - trait.difference.low for trait in shown],
                "color": "#6b7280",
            },
            hovertemplate="%{y}: %{x:.2f} standard deviations<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed")
    return finish(
        figure,
        f"{name} against everybody else (grey: built the segments)",
        "difference in standard deviations, with 95% interval",
    )


def confidence(placed: Segmented, i: int) -> Json:
    """Draw how sure the assignment of one segment's customers is."""
    counts, edges = np.histogram(placed.confidence[placed.position == i], bins=20, range=(0.0, 1.0))
    figure = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts,
            width=0.05,
            marker_color=segment_colour(placed.segments[i].key),
        )
    )
    title = f"How clearly customers belong to {placed.segments[i].name}"
    return finish(figure, title, "confidence, 0 to 1", "customers")
