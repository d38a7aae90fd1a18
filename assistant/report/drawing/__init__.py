"""Draws a chart as a picture for paper and slides, without a browser; only this folder knows matplotlib."""

from __future__ import annotations

import io
from typing import Any

from assistant.report.content import Report
from assistant.report.drawing.axes import dress, legend, lies, plain, wrapped
from assistant.report.drawing.kinds import INK, KINDS, SOFT
from assistant.report.fonts import chart_families, words_of
from tools.core import Json

LINE = "#d1d5db"
WITH_AXES = ("bar", "scatter", "box")
WITH_LEGEND = ("bar", "scatter")
SLANTED = 8  # names below a chart, from which on they are slanted
LOW = 0.85  # of the height on the page, which has more room
DOTS = 200  # per inch
_STYLE: Any = {
    "font.size": 9.0,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.unicode_minus": False,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#e5e7eb",
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "legend.frameon": False,
    "svg.hashsalt": "report",
}


def picture(figure: Json, width: float = 6.5, height: float | None = None, *, titled: bool = True) -> bytes:
    """Return a figure as PNG; the same figure gives the same bytes.

    Args:
        figure: Plotly figure as plain JSON, made by one of the tools.
        width: Inches.
        height: Inches; as tall as on the page by default.
        titled: Whether what it shows is written above it.
    """
    import warnings

    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # no window, no global state: safe in threads
    from matplotlib.figure import Figure

    tall = height or _height(figure, width)
    families = chart_families("".join(words_of(figure)))
    with matplotlib.rc_context({**_STYLE, "font.family": families}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # those who draw the report tell
        drawn = Figure(figsize=(width, tall), dpi=DOTS, layout="constrained")
        FigureCanvasAgg(drawn)
        axes = drawn.add_subplot()
        _draw(axes, figure, width)
        if titled:
            drawn.suptitle(
                wrapped(title_of(figure), int(width * 13)), x=0.01, ha="left", fontsize=10, color=INK
            )
        out = io.BytesIO()
        drawn.savefig(out, format="png", facecolor="white", metadata={"Software": None})
    return out.getvalue()


def _height(figure: Json, width: float) -> float:
    """Return how tall a chart is drawn, in inches: a table of colours by what stands on its axes."""
    tall = width * float(figure["layout"].get("height", 380)) / 820
    trace = figure["data"][0] if figure["data"] else {"type": ""}
    if trace["type"] == "heatmap":
        below = max((len(str(name)) for name in trace["x"]), default=0) if len(trace["x"]) > SLANTED else 20
        return min(8.5, max(LOW * tall, 0.19 * len(trace["y"]) + 0.045 * below + 1.0))
    dots = trace["type"] == "scatter" and trace.get("mode") == "markers"
    return min(8.5, max(2.4, tall if dots else LOW * tall))


def chart_text(report: Report) -> str:
    """Return all words of a report's charts."""
    figures = [figure for turn in report.turns for figure in turn.figures]
    return "".join(text for figure in (*figures, *report.segment_figures) for text in words_of(figure))


def title_of(figure: Json) -> str:
    """Return what a chart shows, as plain text."""
    return plain(figure["layout"].get("title", {}).get("text") or "")


def _draw(axes: Any, figure: Json, width: float) -> None:
    traces, layout = figure["data"], figure["layout"]
    kind = traces[0]["type"] if traces else "scatter"
    KINDS[kind](axes, traces, layout)
    if kind in WITH_AXES:
        dress(axes, layout, horizontal=lies(traces))
    if layout.get("showlegend") is not False and kind in WITH_LEGEND:
        legend(axes, width)
