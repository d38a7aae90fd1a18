"""Knows how charts look: one theme, one palette that colour-blind people can read, plain JSON out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
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
_FOREIGN_TAG = re.compile(r"<(?!/?(?:br|b|i|sub|sup|extra)\s*/?>)")  # plotly draws tags, links among them
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def segment_colour(key: int) -> str:
    """Return the colour that the segment with this key has in every chart."""
    return PALETTE[key % len(PALETTE)]


def finish(
    figure: go.Figure, title: str, x: str | None = None, y: str | None = None, about: str = ""
) -> Json:
    """Dress a figure in the common theme and return it as plain JSON.

    Args:
        figure: Traces without styling.
        title: What the chart shows, as a short statement.
        x: Title of the horizontal axis, with its unit.
        y: Title of the vertical axis, with its unit.
        about: What charts of the same thing have in common, so that a reader is shown one of them.
    """
    figure.layout.template = "none"
    drawn = json.loads(cast(Any, figure.to_json(engine="json")))
    layout = drawn["layout"]
    for part in ({"title": {**_TITLE, "text": title}}, _theme()):
        layout = _laid_over(layout, part)
    for axis in [name for name in layout if _FURTHER_AXIS.fullmatch(name)]:
        layout[axis] = _laid_over(layout[axis], _theme()[axis[:5]])
    for axis, text in (("xaxis", x), ("yaxis", y)):
        layout[axis] = {**layout[axis], "title": {} if text is None else {"text": text}}
    if about:
        layout["meta"] = {"about": about}
    return cast(Json, _plain_words({**drawn, "layout": layout}))


def about(figure: Json) -> str:
    """Return what a chart has in common with others of the same thing, or an empty text."""
    return str(figure.get("layout", {}).get("meta", {}).get("about", ""))


_TITLE = {"font": {"size": 15}, "text": "", "x": 0, "xanchor": "left", "y": 0.97, "yanchor": "top"}
_FURTHER_AXIS = re.compile(r"[xy]axis\d+")


@cache
def _theme() -> Json:
    """Return the layout that all charts share.

    Plotly checks it once: checking it for every chart takes longer than computing what the chart shows.
    """
    figure = go.Figure()
    figure.update_layout(
        template="none",
        colorway=list(PALETTE),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": "#6b7280"},
        margin={"l": 60, "r": 20, "t": 66, "b": 50},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},  # clear of the axis title
        hoverlabel={"font": {"family": FONT}},
        separators=".,",
        height=380,
    )
    figure.update_xaxes(gridcolor=GRID, zerolinecolor=GRID, automargin=True)
    figure.update_yaxes(gridcolor=GRID, zerolinecolor=GRID, automargin=True)
    return cast(Json, json.loads(cast(Any, figure.to_json(engine="json")))["layout"])


def _laid_over(below: Any, above: Any) -> Any:
    """Return one part of a chart's layout with another laid over it, down to the single settings."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{name: _laid_over(below.get(name), part) for name, part in above.items()}}


def _plain_words(part: Any) -> Any:
    """Take the meaning out of every tag that is not one of our own few: cells may hold links."""
    if isinstance(part, dict):
        return {name: _plain_words(each) for name, each in part.items()}
    if isinstance(part, list):
        return [_plain_words(each) for each in part]
    return _FOREIGN_TAG.sub("&lt;", part) if isinstance(part, str) else part


Number = float | int | None
MOST_POINTS = 2_000
MOST_BARS = 30
MOST_SLICES = 6


def bars(
    labels: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    title: str,
    category: str,
    measure: str,
    colours: Sequence[str] = (),
    *,
    stacked: bool = False,
) -> Json:
    """Draw bars from zero, one colour a series; lying down where the labels are long or many.

    Args:
        labels: Categories in order.
        series: Values by name of the series, one a category.
        title: What the chart shows.
        category: Title of the category axis.
        measure: Title of the value axis, with its unit.
        colours: Colour of each bar, where categories have a colour of their own.
        stacked: Lay the series of a category on each other rather than beside each other.
    """
    lying = len(labels) > 8 or max((len(text) for text in labels), default=0) > 14
    figure = go.Figure()
    for name, values in series.items():
        x, y = (values, labels) if lying else (labels, values)
        marker = {"color": list(colours)} if colours and len(series) == 1 else None
        figure.add_bar(x=list(x), y=list(y), name=name, orientation="h" if lying else "v", marker=marker)
    figure.update_layout(barmode="stack" if stacked else "group", showlegend=len(series) > 1)
    axes = (measure, category) if lying else (category, measure)
    if lying:
        figure.update_yaxes(autorange="reversed", type="category")
        figure.update_xaxes(rangemode="tozero")
    else:
        figure.update_xaxes(type="category")
        figure.update_yaxes(rangemode="tozero")
    drawn = finish(figure, title, *axes)
    if lying:
        drawn["layout"]["height"] = max(380, 90 + 22 * len(labels) * (1 if stacked else max(1, len(series))))
    return drawn


def lines(
    x: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    title: str,
    time: str,
    measure: str,
    *,
    filled: bool = False,
    partial: Sequence[int] = (),
    zero: bool = True,
    ordered_text: bool = False,
) -> Json:
    """Draw one line a series; gaps stay gaps and periods that are not full are marked.

    Args:
        x: ISO dates or labels, in order.
        series: Values by name of the series, None where there is none.
        title: What the chart shows.
        time: Title of the time axis.
        measure: Title of the value axis, with its unit.
        filled: Fill the area below, stacked.
        partial: Positions of periods that the data cover in part.
        zero: Let the value axis start at zero.
        ordered_text: Take `x` as words in the given order rather than as dates.
    """
    figure = go.Figure()
    mode = "lines+markers" if len(x) <= 62 else "lines"
    for name, values in series.items():
        area = {"stackgroup": "all"} if filled else {}
        figure.add_scatter(x=list(x), y=list(values), name=name, mode=mode, connectgaps=False, **area)
    for position in partial:
        for name, values in series.items():
            shown = f"{name}, not full" if len(series) > 1 else "not a full period"
            marker = {"symbol": "circle-open", "size": 12, "color": "#6b7280"}
            point = {"x": [x[position]], "y": [values[position]]}
            legend = position == partial[0]
            figure.add_scatter(**point, name=shown, mode="markers", marker=marker, showlegend=legend)
    figure.update_layout(showlegend=len(series) > 1 or bool(partial))
    if zero:
        figure.update_yaxes(rangemode="tozero")
    if ordered_text:
        figure.update_xaxes(type="category")
    return finish(figure, title, time, measure)


def pie(labels: Sequence[str], values: Sequence[float], title: str, colours: Sequence[str] = ()) -> Json:
    """Draw shares of a whole in the given order; beyond six slices the smallest become one."""
    shown, sizes = list(labels), [float(value) for value in values]
    if len(shown) > MOST_SLICES:
        rest = len(shown) - MOST_SLICES + 1
        sizes = [*sizes[: MOST_SLICES - 1], sum(sizes[MOST_SLICES - 1 :])]
        shown = [*shown[: MOST_SLICES - 1], f"{rest} others"]
    marker = {"colors": [*colours[: len(shown)]] if colours else list(PALETTE[: len(shown)])}
    slices = go.Pie(labels=shown, values=sizes, sort=False, direction="clockwise", marker=marker)
    figure = go.Figure(slices.update(textinfo="label+percent"))
    figure.update_layout(showlegend=False)
    return finish(figure, title)


def heatmap(
    x: Sequence[str],
    y: Sequence[str],
    values: Sequence[Sequence[Number]],
    title: str,
    across: str | None = None,
    down: str | None = None,
    *,
    signed: bool = False,
    written: Sequence[Sequence[str]] = (),
) -> Json:
    """Draw a table as colours; signed values run from one colour over white to another, from -1 to 1."""
    scale = [[0.0, "#D55E00"], [0.5, "#f7f7f7"], [1.0, "#0072B2"]] if signed else "Blues"
    bounds = {"zmin": -1, "zmax": 1} if signed else {}
    text = {"text": [list(row) for row in written], "texttemplate": "%{text}"} if written else {}
    figure = go.Figure(
        go.Heatmap(x=list(x), y=list(y), z=[list(row) for row in values], colorscale=scale, **bounds, **text)
    )
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_xaxes(type="category")
    drawn = finish(figure, title, across, down)
    drawn["layout"]["height"] = max(380, 140 + 24 * len(y))
    return drawn


def histogram(
    edges: Sequence[float],
    counts: Sequence[int],
    title: str,
    measure: str,
    rows: str,
    *,
    logarithmic: bool = False,
) -> Json:
    """Draw counts between edges as touching bars; with a logarithmic axis where the bins are logarithmic."""
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    widths = [high - low for low, high in pairwise(edges)]
    if logarithmic:
        middles = [math.sqrt(low * high) for low, high in pairwise(edges)]
    span = [f"{low:,.6g} to {high:,.6g}" for low, high in pairwise(edges)]
    bar = go.Bar(
        x=middles, y=list(counts), width=widths, customdata=span, hovertemplate="%{customdata}: %{y:,}"
    )
    figure = go.Figure(bar)
    if logarithmic:
        # a bar of a logarithmic axis is drawn from its own left edge, so that widths stay true
        bar.update(x=list(edges[:-1]), offset=0)
        figure = go.Figure(bar)
        figure.update_xaxes(type="log")
    figure.update_layout(bargap=0.02, showlegend=False)
    figure.update_yaxes(rangemode="tozero")
    return finish(figure, title, measure, rows)


def boxes(
    labels: Sequence[str],
    quantiles: Sequence[Sequence[float]],
    title: str,
    category: str,
    measure: str,
    *,
    logarithmic: bool = False,
    colours: Sequence[str] = (),
) -> Json:
    """Draw boxes from computed quantiles (whisker, quartiles, whisker): no raw row is in the figure."""
    figure = go.Figure()
    colours = colours or [PALETTE[0]] * len(labels)
    for label, five, colour in zip(labels, quantiles, colours, strict=True):
        low, first, middle, third, high = five
        figure.add_box(
            x=[label], lowerfence=[low], q1=[first], median=[middle], q3=[third], upperfence=[high],
            name=label,
            marker={"color": colour}, boxpoints=False,
        )  # fmt: skip
    figure.update_layout(showlegend=False)
    if logarithmic:
        figure.update_yaxes(type="log")
    return finish(figure, title, category, measure)


def bubbles(
    x: Sequence[float],
    y: Sequence[float],
    sizes: Sequence[float],
    title: str,
    across: str,
    up: str,
    noun: str,
) -> Json:
    """Draw binned points: one circle a cell, its area by the number of rows in it."""
    largest = max(sizes, default=1.0) or 1.0
    marker = {
        "size": list(sizes), "sizemode": "area", "sizeref": 2.0 * largest / 26.0**2, "sizemin": 2,
        "color": PALETTE[0], "opacity": 0.6,
    }  # fmt: skip
    hover = "%{x:,.6g}, %{y:,.6g}: %{marker.size:,} " + noun
    figure = go.Figure(go.Scatter(x=list(x), y=list(y), mode="markers", marker=marker, hovertemplate=hover))
    return finish(figure, title, across, up)
