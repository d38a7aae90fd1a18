"""Draws charts that PowerPoint itself can edit: bars, lines, areas and slices; it says which it cannot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import ceil
from typing import Any

from pptx.chart.axis import DateAxis
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Length, Pt

from assistant.report.drawing.axes import axis_title, lies, plain
from assistant.report.drawing.kinds import SOFT
from assistant.report.richtext import printable
from tools.core import Json, Scalar
from tools.figures import PALETTE

LETTERS = 12  # points
MOST_DATES = 9  # along an axis
SHORTEST_MONTH = 28  # days
GRID = "#e5e7eb"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DRAWN_AT_PLACES = ("width", "offset", "error_x", "error_y", "base", "xaxis", "yaxis")


def is_native(figure: Json) -> bool:
    """Tell whether PowerPoint has a chart of its own that shows the same.

    Bars between measured edges, error bars, two axes and logarithms are drawn as pictures instead.
    """
    traces, layout = figure["data"], figure["layout"]
    kinds = {trace["type"] for trace in traces}
    if len(kinds) != 1 or any(layout.get(axis, {}).get("type") == "log" for axis in ("xaxis", "yaxis")):
        return False
    if kinds == {"pie"}:
        return len(traces) == 1
    if any(trace.get(name) not in (None, "x", "y") for trace in traces for name in _DRAWN_AT_PLACES):
        return False
    if kinds == {"bar"}:
        along = "y" if lies(traces) else "x"
        return all(_are_words(trace[along]) and _differ(trace[along]) for trace in traces)
    if kinds != {"scatter"} or not all(_are_words(trace["x"]) and _differ(trace["x"]) for trace in traces):
        return False
    return any("lines" in trace.get("mode", "lines") and len(trace["x"]) > 1 for trace in traces)


def add_chart(
    slide: Any, figure: Json, box: tuple[Length, Length, Length, Length], *, titled: bool = True
) -> None:
    """Draw a figure for which `is_native` is true, editable, with its data behind it.

    Args:
        slide: Where it goes.
        figure: Plotly figure as plain JSON.
        box: Left, top, width, height.
        titled: Whether what it shows is written above it.
    """
    traces, layout = figure["data"], figure["layout"]
    kind = traces[0]["type"]
    title = printable(plain(layout.get("title", {}).get("text") or ""))
    if kind == "pie":
        data, form = _slices(traces[0]), XL_CHART_TYPE.PIE
    elif kind == "bar":
        data, form = _bars(traces), _form_of_bars(traces, layout)
    else:
        filled = any(trace.get("stackgroup") for trace in traces)
        data, form = _lines(traces), XL_CHART_TYPE.AREA_STACKED if filled else XL_CHART_TYPE.LINE_MARKERS
    frame = slide.shapes.add_chart(form, *box, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", title)  # what a screen reader says
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(LETTERS), _colour(SOFT)
    chart.has_title = titled and bool(title)
    if chart.has_title:
        chart.chart_title.text_frame.text = title
        chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(LETTERS + 1)
    chart.has_legend = layout.get("showlegend") is not False and len(chart.plots[0].series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    if kind == "pie":
        _dress_slices(chart, traces[0])
    else:
        _dress_axes(chart, traces, layout)
        (_dress_bars if kind == "bar" else _dress_lines)(chart, traces)


def _bars(traces: Sequence[Json]) -> CategoryChartData:
    along, across = ("y", "x") if lies(traces) else ("x", "y")
    labels = list(dict.fromkeys(value for trace in traces for value in trace[along]))
    data = CategoryChartData(number_format=_format([v for trace in traces for v in trace[across]]))
    data.categories = [_words(label) for label in labels]
    for trace in traces:
        known = dict(zip(trace[along], trace[across], strict=True))
        data.add_series(_words(trace.get("name", "")), [known.get(label) for label in labels])
    return data


def _lines(traces: Sequence[Json]) -> CategoryChartData:
    """Return one series a line; marked points, which stand apart, become one series without a line."""
    labels = list(dict.fromkeys(value for trace in traces for value in trace["x"]))
    dates = all(_DATE.match(str(label)) for label in labels)
    labels = sorted(labels) if dates else labels
    data = CategoryChartData(number_format=_format([v for trace in traces for v in trace["y"]]))
    data.categories = [date.fromisoformat(label[:10]) if dates else _words(label) for label in labels]
    together: dict[str, dict[Scalar, Any]] = {}
    for trace in traces:
        together.setdefault(_words(trace.get("name", "")), {}).update(
            zip(trace["x"], trace["y"], strict=True)
        )
    for name, known in together.items():
        data.add_series(name, [known.get(label) for label in labels])
    return data


def _slices(trace: Json) -> CategoryChartData:
    data = CategoryChartData(number_format=_format(trace["values"]))
    data.categories = [_words(label) for label in trace["labels"]]
    data.add_series("", trace["values"])
    return data


def _form_of_bars(traces: Sequence[Json], layout: Json) -> Any:
    stacked = layout.get("barmode") in ("stack", "relative")
    if lies(traces):
        return XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    return XL_CHART_TYPE.COLUMN_STACKED if stacked else XL_CHART_TYPE.COLUMN_CLUSTERED


def _dress_axes(chart: Any, traces: Sequence[Json], layout: Json) -> None:
    lying = traces[0]["type"] == "bar" and lies(traces)
    along, across = ("yaxis", "xaxis") if lying else ("xaxis", "yaxis")
    category, value = chart.category_axis, chart.value_axis
    category.has_major_gridlines = False
    value.major_gridlines.format.line.color.rgb = _colour(GRID)
    value.format.line.fill.background()
    numbers = [number for trace in traces for number in trace["x" if lying else "y"]]
    value.tick_labels.number_format = _format(
        [round(number) for number in _known(numbers) if number >= 5] or numbers
    )
    value.tick_labels.number_format_is_linked = False
    if layout.get(across, {}).get("rangemode") == "tozero" and min(_known(numbers), default=0) >= 0:
        value.minimum_scale = 0
    if layout.get(along, {}).get("autorange") == "reversed":
        category.reverse_order = True
        value._element.find(qn("c:crosses")).set("val", "max")  # else the numbers would move to the top
    if isinstance(category, DateAxis):
        _dress_dates(category, sorted({text[:10] for trace in traces for text in trace["x"]}))
    for axis, name in ((category, along), (value, across)):
        title = printable(axis_title(layout, name)).replace("\n", " ")
        axis.has_title = bool(title)
        if title:
            axis.axis_title.text_frame.text = title
            axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(LETTERS - 1)


def _dress_dates(axis: Any, labels: Sequence[str]) -> None:
    """Write some nine dates along an axis, months where the dates are months apart."""
    days = [date.fromisoformat(label).toordinal() for label in labels]
    monthly = min((later - earlier for earlier, later in pairwise(days)), default=0) >= SHORTEST_MONTH
    span = (days[-1] - days[0]) / (SHORTEST_MONTH if monthly else 1)
    axis.tick_labels.number_format = "mmm yyyy" if monthly else "d mmm yyyy"
    axis.tick_labels.number_format_is_linked = False
    unit = "months" if monthly else "days"
    told = axis._element.find(qn("c:baseTimeUnit"))
    told.set("val", unit)
    for name, value in (("c:majorTimeUnit", unit), ("c:majorUnit", str(max(1, ceil(span / MOST_DATES))))):
        made = OxmlElement(name)
        made.set("val", value)
        told.addnext(made)


def _dress_bars(chart: Any, traces: Sequence[Json]) -> None:
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100 if "STACKED" in str(chart.chart_type) else 0
    for index, (series, trace) in enumerate(zip(plot.series, traces, strict=True)):
        colour = trace.get("marker", {}).get("color")
        _fill(series, colour if isinstance(colour, str) else PALETTE[index % len(PALETTE)])
        for place, each in enumerate(colour if isinstance(colour, list) else ()):
            _fill(series.points[place], each)


def _dress_lines(chart: Any, traces: Sequence[Json]) -> None:
    """Draw lines as lines and marked points as open circles."""
    first = {_words(trace.get("name", "")): trace for trace in reversed(traces)}
    for index, series in enumerate(chart.plots[0].series):
        trace = first[series.name]
        colour = trace.get("line", {}).get("color") or trace.get("marker", {}).get("color")
        colour = colour if isinstance(colour, str) else PALETTE[index % len(PALETTE)]
        if trace.get("stackgroup"):
            _fill(series, colour)
            continue
        series.smooth = False
        mode = trace.get("mode", "lines")
        series.marker.style = XL_MARKER_STYLE.CIRCLE if "markers" in mode else XL_MARKER_STYLE.NONE
        if "lines" in mode:
            series.format.line.color.rgb, series.format.line.width = _colour(colour), Pt(2)
            if "markers" in mode:
                series.marker.size = 5
                _fill(series.marker, colour)
        else:
            series.format.line.fill.background()
            series.marker.size = 10
            series.marker.format.fill.background()
            series.marker.format.line.color.rgb = _colour(colour)
            series.marker.format.line.dash_style = MSO_LINE.SOLID


def _dress_slices(chart: Any, trace: Json) -> None:
    plot = chart.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_percentage = labels.show_category_name = True
    labels.show_value = False
    labels.number_format, labels.number_format_is_linked = "0.0%", False
    for place, colour in enumerate(trace.get("marker", {}).get("colors") or PALETTE):
        if place < len(trace["labels"]):
            _fill(plot.series[0].points[place], colour)


def _fill(shape: Any, colour: str) -> None:
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = _colour(colour)


def _format(values: Sequence[Any]) -> str:
    """Return how PowerPoint writes these numbers."""
    known = [abs(value) for value in _known(values)]
    largest = max(known, default=0.0)
    if largest >= 10_000_000:
        return '#,##0.0,,"M"' if largest < 1_000_000_000 else '#,##0.0,,,"B"'
    if largest >= 100 or all(float(value).is_integer() for value in known):
        return "#,##0"
    return "0.0" if largest >= 10 else "0.00"


def _known(values: Sequence[Any]) -> list[float]:
    return [value for value in values if value is not None]


def _are_words(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _differ(values: Sequence[Any]) -> bool:
    return len(set(values)) == len(values)


def _words(value: Any) -> str:
    return printable(plain(value)).replace("\n", " ")


def _colour(text: str) -> RGBColor:
    known: RGBColor = RGBColor.from_string((text if _HEX.fullmatch(text) else SOFT)[1:].upper())
    return known
