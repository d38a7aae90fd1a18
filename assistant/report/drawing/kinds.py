"""Draws the marks of each kind of chart: bars, lines and dots, slices, cells, boxes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.report.drawing.axes import Places, axis_title, lies, name_ticks, numbers, plain, wrapped
from assistant.report.drawing.flows import draw_icicle, draw_sankey
from tools.core import Json
from tools.figures import PALETTE

INK, SOFT = "#374151", "#6b7280"


def draw_bars(axes: Any, traces: Sequence[Json], layout: Json) -> None:
    """Draw bars beside each other or on top of each other, upright or lying."""
    lying = lies(traces)
    along, across = ("y", "x") if lying else ("x", "y")
    places = Places(traces, along, layout)
    stacked = layout.get("barmode") in ("stack", "relative")
    n = 1 if stacked else len(traces)
    base = [0.0] * len(places.labels)
    for index, trace in enumerate(traces):
        at = places.of(trace[along])
        values = numbers(trace[across])
        thick = _widths(trace, len(at), 0.8 * places.step / n)
        if places.labels and not stacked:
            at = [place + (index - (n - 1) / 2) * 0.8 / n for place in at]
        align = "edge" if trace.get("offset") == 0 else "center"
        colour = _colour(trace, index)
        under = [base[int(place)] for place in at] if stacked else None
        options: dict[str, Any] = {"color": colour, "label": plain(trace.get("name", "")), "align": align}
        options |= _errors(trace, lying)
        if lying:
            axes.barh(at, values, height=thick, left=under, **options)
        else:
            axes.bar(at, values, width=thick, bottom=under, **options)
        if stacked:
            for place, value in zip(at, values, strict=True):
                base[int(place)] += 0.0 if math.isnan(value) else value
    places.write(axes, lying=lying)


def _errors(trace: Json, lying: bool) -> dict[str, Any]:
    bars = trace.get("error_x" if lying else "error_y")
    if not bars or "array" not in bars:
        return {}
    high = numbers(bars["array"])
    low = numbers(bars.get("arrayminus", bars["array"]))
    return {
        "xerr" if lying else "yerr": [low, high],
        "error_kw": {"ecolor": SOFT, "elinewidth": 1, "capsize": 2},
    }


def draw_scatter(axes: Any, traces: Sequence[Json], layout: Json) -> None:
    """Draw lines, areas and dots, some of them against a second axis."""
    places = Places(traces, "x", layout)
    second = axes.twinx() if any(trace.get("yaxis") == "y2" for trace in traces) else None
    if second is not None:
        second.grid(visible=False)
        extra = layout.get("yaxis2", {})
        second.set_ylabel(plain(extra.get("title", {}).get("text") or ""))
        second.set_ylim(*extra.get("range", (None, None)))
    floor: list[float] = []
    for index, trace in enumerate(traces):
        on = second if trace.get("yaxis") == "y2" and second is not None else axes
        at, values = places.of(trace["x"]), numbers(trace["y"])
        colour, name = _colour(trace, index), plain(trace.get("name", ""))
        shown = name if trace.get("showlegend") is not False else ""
        if trace.get("stackgroup"):
            floor = floor or [0.0] * len(values)
            top = [
                low + (0.0 if math.isnan(value) else value) for low, value in zip(floor, values, strict=True)
            ]
            on.fill_between(at, floor, top, color=colour, alpha=0.6, label=shown, linewidth=0)
            floor = top
        elif "lines" in trace.get("mode", "lines"):
            dots = "o" if "markers" in trace.get("mode", "lines") else ""
            line = on.plot(at, values, color=colour, marker=dots, markersize=3.5, linewidth=1.6, label=shown)
            if trace.get("error_y", {}).get("array"):
                on.errorbar(
                    at,
                    values,
                    yerr=numbers(trace["error_y"]["array"]),
                    fmt="none",
                    ecolor=line[0].get_color(),
                    capsize=2,
                )
        else:
            _marks(on, trace, at, values, colour, shown)
    if second is not None:  # one legend for both axes
        for line in second.get_lines():
            axes.plot([], [], color=line.get_color(), marker="o", markersize=3.5, label=line.get_label())
    places.write(axes, lying=False)


def _marks(axes: Any, trace: Json, at: list[float], values: list[float], colour: Any, name: str) -> None:
    marker = trace.get("marker", {})
    size = marker.get("size", 6)
    if isinstance(size, list):  # area by the number of rows, as the page draws it
        reference = float(marker.get("sizeref", 1.0))
        area = [max(4.0, float(each) / reference) * 0.5 for each in size]
    else:
        area = [float(size) ** 2 * 0.5] * len(at)
    hollow = str(marker.get("symbol", "")).endswith("-open")
    axes.scatter(
        at, values, s=area, alpha=1.0 if hollow else float(marker.get("opacity", 0.8)), label=name,
        facecolors="none" if hollow else colour, edgecolors=colour if hollow else "none",
        linewidths=1.2, zorder=3,
    )  # fmt: skip


def draw_pie(axes: Any, traces: Sequence[Json], layout: Json) -> None:
    """Draw shares of a whole."""
    trace = traces[0]
    values = numbers(trace["values"])
    total = sum(values) or 1.0
    labels = [
        f"{plain(name)}\n{100 * value / total:.1f}%"
        for name, value in zip(trace["labels"], values, strict=True)
    ]
    colours = trace.get("marker", {}).get("colors") or list(PALETTE)
    edge = {"edgecolor": "white", "linewidth": 1}
    axes.pie(
        values,
        labels=labels,
        colors=colours[: len(values)],
        startangle=90,
        counterclock=False,
        wedgeprops=edge,
    )
    axes.grid(visible=False)


def draw_heatmap(axes: Any, traces: Sequence[Json], layout: Json) -> None:
    """Draw a table as colours, with its numbers where they fit."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    trace = traces[0]
    grid = [numbers(row) for row in trace["z"]]
    known = [value for row in grid for value in row if not math.isnan(value)] or [0.0]
    scale = trace.get("colorscale", "Blues")
    if isinstance(scale, str):
        scale = [[0.0, "#f7fbff"], [0.5, "#6baed6"], [1.0, "#08306b"]]
    colours = LinearSegmentedColormap.from_list("scale", [(float(at), colour) for at, colour in scale])
    low, high = trace.get("zmin", min(known)), trace.get("zmax", max(known))
    norm = Normalize(low, high if high > low else low + 1)
    axes.imshow(grid, cmap=colours, norm=norm, aspect="auto", interpolation="nearest")
    axes.grid(visible=False)
    across, down = [plain(name) for name in trace["x"]], [plain(name) for name in trace["y"]]
    name_ticks(axes, across)
    axes.set_yticks(range(len(down)), [wrapped(name, 26) for name in down])
    axes.set_xlabel(axis_title(layout, "xaxis"))
    axes.set_ylabel(axis_title(layout, "yaxis"))
    written = trace.get("text")
    if len(across) <= 16 and (written or trace.get("texttemplate")):
        for i, row in enumerate(grid):
            for j, value in enumerate(row):
                if not math.isnan(value):
                    words = str(written[i][j]) if written else f"{value:.1f}"
                    dark = sum(colours(norm(value))[:3]) < 1.5
                    axes.text(
                        j, i, words, ha="center", va="center", fontsize=7.5, color="white" if dark else INK
                    )


def draw_boxes(axes: Any, traces: Sequence[Json], layout: Json) -> None:
    """Draw boxes from computed quantiles."""
    lying = lies(traces)
    names = [plain(trace.get("name", "")) for trace in traces]
    for place, trace in enumerate(traces):
        colour = _colour(trace, place)
        five = {"whislo": trace["lowerfence"][0], "q1": trace["q1"][0], "med": trace["median"][0],
                "q3": trace["q3"][0], "whishi": trace["upperfence"][0]}  # fmt: skip
        axes.bxp(
            [five], positions=[place], widths=0.6, orientation="horizontal" if lying else "vertical",
            showfliers=False, patch_artist=True,
            boxprops={"facecolor": colour, "alpha": 0.45, "edgecolor": colour},
            medianprops={"color": colour, "linewidth": 2},
            whiskerprops={"color": colour}, capprops={"color": colour},
        )  # fmt: skip
    if lying:
        axes.set_yticks(range(len(names)), [wrapped(name, 28) for name in names])
        axes.invert_yaxis()
    else:
        name_ticks(axes, names)


def _widths(trace: Json, n: int, otherwise: float) -> list[float]:
    width = trace.get("width")
    if width is None:
        return [otherwise] * n
    return [float(width)] * n if isinstance(width, int | float) else numbers(width)


def _colour(trace: Json, index: int) -> Any:
    marker = trace.get("marker", {})
    colour = marker.get("color") or trace.get("line", {}).get("color")
    return colour if colour else PALETTE[index % len(PALETTE)]


KINDS: Mapping[str, Callable[[Any, Sequence[Json], Json], None]] = {
    "bar": draw_bars,
    "scatter": draw_scatter,
    "pie": draw_pie,
    "heatmap": draw_heatmap,
    "box": draw_boxes,
    "icicle": draw_icicle,
    "sankey": draw_sankey,
}
