"""Knows the charts of forecasts: what is expected of whom, and how a held-out forecast fared."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tools.core import Json, ResultTable
from tools.figures import PALETTE, finish
from tools.forecasts.forecasting import Check


def _money(unit: str | None) -> str:
    return f"Expected value ({unit})" if unit else "Expected value"


def _numbers(table: ResultTable, at: int, instead: int) -> npt.NDArray[np.float64]:
    """Return a column of a table; a missing end of an interval is the value itself."""
    return np.array([float((row[instead] if row[at] is None else row[at]) or 0) for row in table.rows])


def by_group_chart(table: ResultTable, in_money: bool, unit: str | None, days: int) -> Json:
    """Draw the expected total of each group with its interval."""
    at = 5 if in_money else 2
    values, low, high = (_numbers(table, at + i, at) for i in range(3))
    bars = go.Bar(
        x=[str(row[0]) for row in table.rows],
        y=values,
        error_y={"type": "data", "symmetric": False, "array": high - values, "arrayminus": values - low},
        marker_color=PALETTE[0],
    )
    what = _money(unit) if in_money else "Expected purchases"
    return finish(go.Figure(bars), f"Next {days} days by {table.columns[0]}", table.columns[0], what)


def tenths_chart(worth: npt.NDArray[np.float64], in_money: bool, unit: str | None) -> Json:
    """Draw what each tenth of customers, from the highest down, is expected to bring."""
    parts = [float(part.sum()) for part in np.array_split(np.sort(worth)[::-1], 10)]
    names = ["top tenth", *(f"tenth {i}" for i in range(2, 10)), "last tenth"]
    what = _money(unit) if in_money else "Expected purchases"
    return finish(
        go.Figure(go.Bar(x=names, y=parts, marker_color=PALETTE[0])),
        "A few customers hold most of what is expected" if parts[0] > sum(parts) / 2 else "Expected by tenth",
        "Customers, from the highest forecast down",
        what,
    )


def check_chart(tested: Check) -> Json:
    """Draw the held-out forecast beside what came, by tenth of customers."""
    names = [str(i + 1) for i in range(len(tested.tenths))]
    series = {
        "forecast": [one.expected for one in tested.tenths],
        "what came": [one.actual for one in tested.tenths],
        "simple rule": [one.naive for one in tested.tenths],
    }
    figure = go.Figure([go.Bar(name=name, x=names, y=values) for name, values in series.items()])
    return finish(
        figure,
        f"Forecast and outcome in the {tested.days} held-out days",
        "Tenth of customers, from the highest forecast down",
        "Purchases",
    )


def silence_chart(bands: list[tuple[str, int, int]]) -> Json:
    """Draw how long customers have been silent, in gaps of their own; overdue ones in another colour."""
    names = [name for name, _, _ in bands]
    figure = go.Figure(
        [
            go.Bar(name="within their rhythm", x=names, y=[n for _, n, _ in bands], marker_color=PALETTE[0]),
            go.Bar(name="overdue", x=names, y=[n for _, _, n in bands], marker_color=PALETTE[1]),
        ]
    )
    figure.update_layout(barmode="stack")
    return finish(
        figure, "Silence against the own rhythm", "Days since the last, in typical gaps", "Customers"
    )
