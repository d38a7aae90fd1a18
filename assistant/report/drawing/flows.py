"""Draws on paper the two charts that are made of bands: a tree of rules, and customers who move."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from tools.core import Json

GAP = 0.02  # between the nodes of a side, as part of the height


def draw_icicle(axes: Any, traces: Sequence[Json], layout: Json) -> None:
    """Draw a tree from left to right, every part as high as its customers."""
    from matplotlib.patches import Rectangle

    trace = traces[0]
    rows = list(zip(trace["ids"], trace["parents"], trace["labels"], trace["values"], strict=True))
    colours = dict(zip(trace["ids"], trace["marker"]["colors"], strict=True))
    children: dict[str, list[Any]] = {}
    for row in rows:
        children.setdefault(row[1], []).append(row)
    deepest = _depth(children, "")

    def place(row: Any, level: int, top: float, height: float) -> None:
        axes.add_patch(
            Rectangle((level, top), 0.98, height, facecolor=colours[row[0]], edgecolor="white", alpha=0.75)
        )
        if height > 0.035:
            lines = [
                line
                for part in _plain(row[2]).split("\n")
                for line in textwrap.wrap(part, 110 // (deepest + 1))
            ]
            shown = "\n".join(lines[: max(1, int(height / 0.05))])
            axes.text(level + 0.03, top + height / 2, shown, va="center", fontsize=7, clip_on=True)
        total = float(row[3]) or 1.0
        for child in children.get(row[0], []):
            part = height * float(child[3]) / total
            place(child, level + 1, top, part)
            top += part

    for root in children.get("", []):
        place(root, 0, 0.0, 1.0)
    axes.set_xlim(0, deepest)
    axes.set_ylim(1, 0)
    axes.set_axis_off()


def draw_sankey(axes: Any, traces: Sequence[Json], layout: Json) -> None:
    """Draw flows from the nodes of the left side to those of the right, as thick as their customers."""
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path

    trace = traces[0]
    labels, colours = [_plain(each) for each in trace["node"]["label"]], trace["node"]["color"]
    link = trace["link"]
    flows = list(zip(link["source"], link["target"], map(float, link["value"]), strict=True))
    sides = (sorted({source for source, _, _ in flows}), sorted({target for _, target, _ in flows}))
    spots: dict[int, tuple[float, float]] = {}
    total = sum(value for _, _, value in flows) or 1.0
    for side, nodes in enumerate(sides):
        room = 1 - GAP * max(0, len(nodes) - 1)
        top = 0.0
        for node in nodes:
            size = sum(flow[2] for flow in flows if flow[side] == node) / total * room
            spots[node] = (top, size)
            axes.add_patch(Rectangle((0.0 if side == 0 else 0.97, top), 0.03, size, facecolor=colours[node]))
            words = f"{labels[node]} ({sum(flow[2] for flow in flows if flow[side] == node):,.0f})"
            edge, align = (-0.01, "right") if side == 0 else (1.01, "left")
            axes.text(edge, top + size / 2, words, ha=align, va="center", fontsize=7.5)
            top += size + GAP
    used = dict.fromkeys(spots, 0.0)
    rooms = [1 - GAP * max(0, len(nodes) - 1) for nodes in sides]
    for source, target, value in flows:
        left, right = value / total * rooms[0], value / total * rooms[1]
        a, b = spots[source][0] + used[source], spots[target][0] + used[target]
        used[source] += left
        used[target] += right
        points = [
            (0.03, a),
            (0.5, a),
            (0.5, b),
            (0.97, b),
            (0.97, b + right),
            (0.5, b + right),
            (0.5, a + left),
            (0.03, a + left),
            (0.03, a),
        ]
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        axes.add_patch(PathPatch(Path(points, codes), facecolor=colours[source], alpha=0.35, linewidth=0))
    axes.set_xlim(-0.45, 1.45)
    axes.set_ylim(1.0, 0.0)
    axes.set_axis_off()


def _depth(children: dict[str, list[Any]], node: str) -> int:
    return max((1 + _depth(children, child[0]) for child in children.get(node, [])), default=0)


def _plain(text: str) -> str:
    return text.replace("<br>", "\n").replace("<b>", "").replace("</b>", "").replace("&lt;", "<")
