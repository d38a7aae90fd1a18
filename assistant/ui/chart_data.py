"""Knows the numbers behind a chart: every drawn point as a row, in the words of its axes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from tools.core import Json, ResultTable, Scalar

# What a trace holds, in the order of the columns, with the words for what has no axis.
PARTS = {"x": "x", "y": "y", "labels": "label", "parents": "part of", "values": "value", "z": "value"}


def chart_table(figure: Json) -> ResultTable:
    """Return what a chart shows as a table: one row a point, or one row a flow between two nodes.

    Args:
        figure: Plotly figure as plain JSON.
    """
    layout = figure.get("layout", {})
    title = _text(layout.get("title")) or "Chart"
    traces = figure.get("data", [])
    flows = [trace for trace in traces if trace.get("type") == "sankey"]
    if flows:
        return ResultTable(title, ("from", "to", "value"), tuple(_flows(flows[0])))
    axes = {name: _text(layout.get(f"{name}axis", {}).get("title")) for name in ("x", "y")}
    present = [name for name in PARTS if any(name in trace for trace in traces)]
    several = len(traces) > 1
    columns = (["series"] if several else []) + [axes.get(name) or PARTS[name] for name in present]
    rows: list[tuple[Scalar, ...]] = []
    for trace in traces:
        series = (trace.get("name"),) if several else ()
        rows += [(*series, *point) for point in _points(trace, present)]
    return ResultTable(title, tuple(columns), tuple(rows))


def _points(trace: Mapping[str, Any], names: list[str]) -> list[tuple[Scalar, ...]]:
    held = {name: _values(trace.get(name)) for name in names}
    if "z" in held and held["z"]:
        return [
            tuple({"x": x, "y": y, "z": value}.get(name) for name in names)
            for y, line in zip(held["y"], held["z"], strict=True)
            for x, value in zip(held["x"], _values(line), strict=True)
        ]
    length = max(map(len, held.values()), default=0)
    return [
        tuple(held[name][place] if place < len(held[name]) else None for name in names)
        for place in range(length)
    ]


def _flows(trace: Mapping[str, Any]) -> list[tuple[Scalar, ...]]:
    nodes, link = trace["node"]["label"], trace["link"]
    ends = zip(_values(link["source"]), _values(link["target"]), _values(link["value"]), strict=True)
    return [(nodes[start], nodes[end], value) for start, end, value in ends]


def _values(held: Any) -> list[Any]:
    """Return a list; plotly keeps some as the bytes of an array."""
    if isinstance(held, Mapping) and "bdata" in held:
        array = np.frombuffer(base64.b64decode(held["bdata"]), dtype=np.dtype(str(held["dtype"])))
        shape = [int(part) for part in str(held.get("shape", "")).split(",") if part.strip()]
        return list((array.reshape(shape) if shape else array).tolist())
    return list(held) if held is not None else []


def _text(title: Any) -> str:
    text = title.get("text") if isinstance(title, Mapping) else title
    return str(text).replace("<br>", " ") if text else ""
