"""Knows how the axes of a drawn chart are written: numbers, dates, words, titles, the legend."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from typing import Any

from tools.core import Json

LEVEL = 75  # letters that fit side by side below a chart
MOST_ACROSS, MOST_UP = 7, 9  # numbers along an axis
UPRIGHT = 28  # letters that fit beside a chart
MOST_NAMES = 40
_TAG = re.compile(r"<[^>]*>")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def plain(text: Any) -> str:
    """Return a label without the few tags that the page's charts use."""
    return _TAG.sub("", str(text).replace("<br>", "\n")).replace("&lt;", "<")


class Places:
    """Where the values of an axis stand: numbers and dates where they are, words one step apart."""

    def __init__(self, traces: Sequence[Json], axis: str, layout: Json) -> None:
        self.labels: list[str] = []
        self.dates = False
        values = [value for trace in traces for value in trace[axis]]
        words = layout.get(f"{axis}axis", {}).get("type") == "category"
        if not words and all(isinstance(value, int | float) for value in values):
            self.step = 1.0
            return
        if not words and all(_DATE.match(str(value)) for value in values):
            self.dates, self.step = True, 1.0
            ordered = sorted({self._day(value) for value in values})
            gaps = [later - earlier for earlier, later in zip(ordered, ordered[1:], strict=False)]
            self.step = min(gaps, default=1.0)
            return
        self.labels = list(dict.fromkeys(plain(value) for value in values))
        self.step = 1.0
        self._at = {label: float(place) for place, label in enumerate(self.labels)}

    def of(self, values: Sequence[Any]) -> list[float]:
        """Return the place of each value."""
        if self.dates:
            return [self._day(value) for value in values]
        return [self._at[plain(value)] for value in values] if self.labels else numbers(values)

    def write(self, axes: Any, *, lying: bool) -> None:
        """Write dates or words along the axis."""
        if self.dates:
            from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

            locator = AutoDateLocator(minticks=3, maxticks=9)
            axes.xaxis.set_major_locator(locator)
            axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        elif self.labels and lying:
            axes.set_yticks(range(len(self.labels)), [wrapped(label, 30) for label in self.labels])
        elif self.labels:
            name_ticks(axes, self.labels)

    @staticmethod
    def _day(value: Any) -> float:
        from matplotlib.dates import datestr2num

        return float(datestr2num(str(value)))


def name_ticks(axes: Any, labels: Sequence[str]) -> None:
    """Write words below an axis: level and wrapped where they fit, slanted where there are many."""
    every = max(1, math.ceil(len(labels) / MOST_NAMES))
    room = LEVEL // max(1, len(labels))
    longest = max((len(word) for label in labels for word in label.split()), default=0)
    crowded = longest > room or any(len(label) > 3 * room for label in labels)
    shown = [label if crowded else wrapped(label, room) for label in labels]
    places = range(0, len(labels), every)
    rotation = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
    axes.set_xticks(list(places), [shown[place][:40] for place in places], **rotation)


def dress(axes: Any, layout: Json, *, horizontal: bool) -> None:
    """Write titles, scales and limits as the page has them."""
    axes.set_xlabel(wrapped(axis_title(layout, "xaxis"), LEVEL))
    axes.set_ylabel(wrapped(axis_title(layout, "yaxis"), UPRIGHT))
    for name, axis, flip in (
        ("xaxis", axes.xaxis, axes.invert_xaxis),
        ("yaxis", axes.yaxis, axes.invert_yaxis),
    ):
        told = layout.get(name, {})
        set_limits = axes.set_xlim if name == "xaxis" else axes.set_ylim
        if told.get("type") == "log":
            (axes.set_xscale if name == "xaxis" else axes.set_yscale)("log")
        if told.get("range"):
            set_limits(*told["range"])
        elif told.get("rangemode") == "tozero":
            low, high = axes.get_xlim() if name == "xaxis" else axes.get_ylim()
            set_limits(min(low, 0.0), high)
        if told.get("autorange") == "reversed" and not axis.get_inverted():
            flip()
        if told.get("type") == "log" or axis.get_ticklabels() and _is_numeric(axis):
            axis.set_major_formatter(_thousands)
            if told.get("type") != "log":
                _thin_out(axis, MOST_ACROSS if name == "xaxis" else MOST_UP)
    axes.grid(visible=False, axis="y" if horizontal else "x")


def _thin_out(axis: Any, most: int) -> None:
    """Write fewer numbers along an axis, so that long ones do not touch."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(most - 1, steps=[1, 2, 2.5, 5, 10]))


def _is_numeric(axis: Any) -> bool:
    from matplotlib.ticker import ScalarFormatter

    return isinstance(axis.get_major_formatter(), ScalarFormatter)


def _thousands(value: float, _: int) -> str:
    for limit, letter in ((1e9, "B"), (1e6, "M")):
        if abs(value) >= limit:
            return f"{value / limit:,.6g}{letter}"
    return f"{value:,.6g}"


def legend(axes: Any, width: float) -> None:
    """Write the names of the series below the chart, if there are several."""
    handles, labels = axes.get_legend_handles_labels()
    told = [(handle, label) for handle, label in zip(handles, labels, strict=True) if label]
    if len(told) < 2:
        return
    longest = max(len(label) for _, label in told)
    columns = max(1, min(len(told), int(width * 14.5 / (longest + 6))))
    axes.figure.legend(
        [handle for handle, _ in told], [label for _, label in told], loc="outside lower left", ncols=columns,
        fontsize=8, handlelength=1.2, columnspacing=1.4,
    )  # fmt: skip


def axis_title(layout: Json, name: str) -> str:
    """Return the title of an axis as plain text."""
    return plain(layout.get(name, {}).get("title", {}).get("text") or "")


def numbers(values: Sequence[Any]) -> list[float]:
    """Return values as numbers, NaN where there is none."""
    return [math.nan if value is None else float(value) for value in values]


def lies(traces: Sequence[Json]) -> bool:
    """Tell whether bars or boxes lie on their side."""
    return any(trace.get("orientation") == "h" for trace in traces)


def wrapped(text: str, width: int) -> str:
    """Break a text into lines of at most so many letters."""
    return "\n".join(line for part in text.split("\n") for line in (textwrap.wrap(part, width) or [""]))
