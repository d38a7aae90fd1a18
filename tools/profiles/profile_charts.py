"""Knows the charts that show segments: sizes, heat map, spread, effects, map of customers, rule tree."""

from __future__ import annotations

import textwrap

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tools.core import Column, Json, Segment
from tools.effects import Difference
from tools.figures import finish, segment_colour
from tools.profiles.rule_schemes import RuleScheme
from tools.profiles.rule_text import Reader
from tools.profiles.standing_out import Standing, Trait
from tools.segments.segmented import Segmented

MOST_ROWS = 14
MOST_POINTS = 1_500


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
        title = f"Customers (grey) and {value_label} (in colour) by segment"
        figure.add_bar(
            y=names,
            x=[100 * (segment.value_share or 0.0) for segment in segments],
            name=f"Share of {value_label}",
            orientation="h",
            marker_color=[segment_colour(segment.key) for segment in segments],
            hovertemplate="%{y}: %{x:.1f}% of " + value_label + "<extra></extra>",
        )
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(showlegend=False)  # each segment has its own colour, a legend could show only one
    return finish(figure, title, "Share, %", None, about="sizes of the segments")


def heat_map(placed: Segmented, found: Standing, segments: list[int], columns: list[str]) -> Json:
    """Draw how far each segment lies from everybody else on each feature, in standard deviations."""
    rows = columns[:MOST_ROWS]
    values = [[_d(found.differences[name][i]) for i in segments] for name in rows]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=[wrapped(placed.segments[i].name) for i in segments],
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


def wrapped(name: str) -> str:
    """Break a long name into lines, so that names beside each other stay level."""
    return "<br>".join(textwrap.wrap(name, 18)) or name


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


def rule_tree(placed: Segmented, scheme: RuleScheme, reader: Reader) -> Json | None:
    """Draw the surrogate tree from its first question to the segments; None where there is none."""
    if len(scheme.leaves) < 2:
        return None
    sizes: dict[tuple[str, ...], int] = {}
    ends: dict[tuple[str, ...], int] = {}
    for leaf in scheme.leaves:
        steps = tuple(reader.one(item) for item in leaf.path)
        for depth in range(len(steps) + 1):
            sizes[steps[:depth]] = sizes.get(steps[:depth], 0) + leaf.n_customers
        ends[steps] = leaf.segment
    ids = {steps: str(i) for i, steps in enumerate(sizes)}
    names = [placed.segments[ends[steps]].name if steps in ends else "" for steps in sizes]
    labels = [
        f"{steps[-1] if steps else 'All customers'}{f'<br><b>{name}</b>' if name else ''}"
        for steps, name in zip(sizes, names, strict=True)
    ]
    colours = [
        segment_colour(placed.segments[ends[steps]].key) if steps in ends else "#e5e7eb" for steps in sizes
    ]
    figure = go.Figure(
        go.Icicle(
            ids=list(ids.values()),
            labels=labels,
            parents=[ids[steps[:-1]] if steps else "" for steps in sizes],
            values=list(sizes.values()),
            branchvalues="total",
            sort=False,
            marker={"colors": colours},
            hovertemplate="%{label}<br>%{value:,} customers<extra></extra>",
        )
    )
    share = f"{100 * scheme.fidelity:.1f}%"
    return finish(figure, f"The segments as a tree of rules (places {share} of customers right)")


def segment_map(placed: Segmented, found: Standing) -> Json | None:
    """Draw customers in the plane that keeps most of the variance of what made the segments.

    At most 1,500 customers are drawn, at random; the title says how many and how much variance is kept.
    """
    names = [name for name in placed.segmentation.features if name in found.values]
    if len(names) < 2:
        return None
    matrix = np.column_stack([_standardised(found.values[name]) for name in names])
    inside = np.flatnonzero(placed.position >= 0)
    if inside.size < 3:
        return None
    generator = np.random.default_rng(placed.segmentation.seed)
    drawn = np.sort(generator.choice(inside, min(MOST_POINTS, inside.size), replace=False))
    plane, kept, labels = _plane(matrix[inside], matrix[drawn], [placed.label(name) for name in names])
    figure = go.Figure()
    for i, segment in enumerate(placed.segments):
        mine = placed.position[drawn] == i
        if mine.any():
            figure.add_scatter(
                x=np.round(plane[mine, 0], 3).tolist(),
                y=np.round(plane[mine, 1], 3).tolist(),
                mode="markers",
                name=segment.name,
                marker={"size": 5, "opacity": 0.6, "color": segment_colour(segment.key)},
                hoverinfo="name",
            )
    shown = f"{drawn.size:,} of {inside.size:,} customers"
    title = f"Map of {shown}; the plane keeps {100 * kept:.0f}% of the variance"
    return finish(figure, title, labels[0], labels[1], about="map of the customers")


def _standardised(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    filled = np.where(np.isfinite(values), values, np.nanmedian(values))
    spread = float(filled.std())
    return np.asarray((filled - filled.mean()) / (spread if spread > 0 else 1.0), dtype=np.float64)


def _plane(
    everybody: npt.NDArray[np.float64], drawn: npt.NDArray[np.float64], names: list[str]
) -> tuple[npt.NDArray[np.float64], float, list[str]]:
    """Return drawn customers on the first two principal axes, the part of variance kept, and axis labels."""
    if len(names) == 2:
        return drawn, 1.0, [f"{name} (standardised, even scale)" for name in names]
    values, vectors = np.linalg.eigh(np.cov(everybody, rowvar=False))
    first = vectors[:, ::-1][:, :2]
    strongest = np.abs(np.round(first, 9)).argmax(axis=0)
    first = first * np.where(first[strongest, [0, 1]] < 0, -1.0, 1.0)  # the sign of an axis is free: fix it
    labels = []
    for j in range(2):
        order = sorted(range(len(names)), key=lambda i: (-round(abs(float(first[i, j])), 6), names[i]))
        words = [f"{'more' if first[i, j] > 0 else 'less'} {names[i]}" for i in order[:2]]
        labels.append(f"{words[0]}, {words[1]} →")
    return drawn @ first, float(values[-2:].sum() / values.sum()), labels
