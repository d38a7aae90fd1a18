"""A talker for tests of the page: one answer with steps, a table, a figure, traces and a doubt."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import plotly.graph_objects as go

from assistant.grounding import NumberTrace
from assistant.session import Session, Step, Turn
from assistant.settings import Settings
from assistant.ui.launch import serve
from tools.core import Fact, ResultTable, Segment, Segmentation, ToolResult
from tools.figures import PALETTE, finish
from tools.segments.assigning import conditions_model

ANSWER = (
    "Men hold **102,345.67 INR** on average, women 98,765.4 INR.\n\n"
    "That is about 99% sure.\n\n- 12 rows have no gender and are left out.\n- Two dates could not be read."
)
CELL = "<img src=x onerror=alert(1)>=1+1"


def result() -> ToolResult:
    """Return a result with everything that a person can see."""
    figure = finish(
        go.Figure(go.Bar(x=["Men", "Women"], y=[102_345.67, 98_765.4], marker_color=list(PALETTE[:2]))),
        "Average balance by gender",
        "Gender",
        "Average balance (INR)",
    )
    rows = (("Men", 102_345.67, 36_500, 73.1), ("Women", 98_765.4, 13_400, 26.9), (CELL, None, 1, 0.0))
    table = ResultTable(
        "Average balance by gender",
        ("Gender", "Average balance", "Customers", "Share"),
        rows,
        (None, "INR", None, "%"),
    )
    facts = (
        Fact("mean_balance", 102_345.67123, "INR", "Men"),
        Fact("mean_balance", 98_765.4, "INR", "Women"),
    )
    return ToolResult(
        "Men hold **102,345.67 INR**.", facts, (), (table,), (figure,), ("12 rows have no gender.",)
    )


def segmentation() -> Segmentation:
    """Return three segments with everything that a card can show."""
    segments = (
        Segment(
            0, "Everyday savers", (0,), 29_000, 0.58, "balance up to 40,000", 0.31, 0.91, "Small, steady."
        ),
        Segment(1, "High balances", (1,), 14_000, 0.28, "balance above 40,000", 0.52, 0.78, ""),
        Segment(2, "Night spenders <b>", (2,), 7_000, 0.14, "", 0.17, 0.58, ""),
    )
    bounds = (("at_most", 20.0), ("above", 100.0))
    rules = [[{"column": "total_amount", "is": side, "value": value}] for side, value in bounds]
    model = conditions_model(rules, otherwise=True)
    return Segmentation(
        "Segments", "clusters", "k-means on 4 features", ("total_amount",), model, segments, 50_000
    )


class ScriptedTalker:
    """Answers everything alike.

    A question with "slow" takes ten seconds, one with "endless" two minutes, unless it is stopped.

    Attributes:
        stops: How often it was told to stop.
    """

    def __init__(self, pause: float = 0.0) -> None:
        self.stops = 0
        self._pause = pause
        self._stopped = threading.Event()

    def stop(self, session: Session) -> None:
        self.stops += 1
        self._stopped.set()

    def reply(self, session: Session, question: str) -> Iterator[Turn]:
        self._stopped.clear()
        turn = Turn(question, running=True, steps=(Step("aggregate", {"by": [{"column": "CustGender"}]}),))
        yield turn
        wait = 120.0 if "endless" in question else 10.0 if "slow" in question else self._pause
        if self._stopped.wait(wait):
            yield session.add(replace(turn, steps=(), answer="Stopped; nothing was lost.", status="error"))
            return
        if "segment" in question.lower():
            session.workspace = session.workspace.with_segmentation(segmentation())
        if "bug" in question:
            raise ZeroDivisionError
        step = Step("aggregate", {"by": [{"column": "CustGender"}]}, result(), seconds=0.034)
        for end in range(1, len(ANSWER), 12):
            time.sleep(self._pause / 20)
            yield replace(turn, steps=(step,), answer=ANSWER[:end])
        yield session.add(
            Turn(
                question,
                (step,),
                ANSWER,
                traces=(
                    NumberTrace("102,345.67", 11, 21, 0, "mean_balance [Men]"),
                    NumberTrace(
                        "98,765.4",
                        ANSWER.index("98,765"),
                        ANSWER.index("98,765") + 8,
                        0,
                        "mean_balance [Women]",
                    ),
                    NumberTrace(
                        "12", ANSWER.index("12 rows"), ANSWER.index("12 rows") + 2, -1, "the question"
                    ),
                ),
                unsupported=(("99%", ANSWER.index("99%"), ANSWER.index("99%") + 3),),
                next_questions=("Top 10 cities by amount", "Segment my customers", "Why this many?"),
            )
        )


if __name__ == "__main__":  # the page with this talker, for the browser tests: port, then folder
    serve(Settings(port=int(sys.argv[1]), folder=sys.argv[2]), ScriptedTalker(), "Scripted: for tests")
