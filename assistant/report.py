"""One report of a conversation, and its rendering as a single HTML file that opens anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from assistant.markup import answer_html, plain_html, table_html
from assistant.prompts import fill
from assistant.session import Session, Step, Turn
from tools.core import Json, ResultTable, Segmentation, Workspace
from tools.figures import segment_colour
from tools.wording import count, day, share

LONG_TABLE = 15  # longer ones are folded
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*`\"'(])")


@dataclass(frozen=True)
class Report:
    """What a person shares: the turns that were chosen, with what they stand on.

    Attributes:
        title: For a manager.
        created: ISO date.
        summary: One sentence a finding, Markdown.
        turns: Answers in order.
        greeting: What is in the data and what was mended.
        workspace: As it stands at the end; only descriptions are read from it.
        model: Who wrote the prose.
    """

    title: str
    created: str
    summary: tuple[str, ...]
    turns: tuple[Turn, ...]
    greeting: Turn
    workspace: Workspace
    model: str

    @property
    def segmentation(self) -> Segmentation | None:
        """The current segmentation."""
        return self.workspace.segmentation


def build(session: Session, title: str | None = None, turns: Sequence[Turn] | None = None) -> Report:
    """Make a report of a session.

    Args:
        session: The conversation.
        title: Given by the person; made from the data and the findings otherwise.
        turns: The turns that go in; by default all that were answered.
    """
    chosen = tuple(
        turns if turns is not None else [turn for turn in session.turns if turn.status == "answered"]
    )
    workspace = session.workspace
    return Report(
        title=title or _title(workspace),
        created=datetime.now(UTC).date().isoformat(),
        summary=tuple(first_sentence(turn.answer) for turn in chosen),
        turns=chosen,
        greeting=session.greeting(),
        workspace=workspace,
        model=chosen[-1].model if chosen else "",
    )


def to_html(report: Report) -> str:
    """Render the report as one self-contained HTML document."""
    figures: list[tuple[str, Markup]] = []
    turns = [_turn_view(turn, number, figures) for number, turn in enumerate(report.turns, start=1)]
    view: dict[str, Any] = {
        "title": report.title,
        "created": day(report.created),
        "model": report.model.split(":")[0],
        "summary": [_inline(sentence) for sentence in report.summary] if len(report.turns) > 1 else [],
        "turns": turns,
        "segments": _segment_views(report.segmentation),
        "segments_intro": _segments_intro(report.segmentation),
        "data": Markup(answer_html(report.greeting)),  # noqa: S704 - rendered with HTML disabled
        "data_tables": [_table_view(table) for table in report.greeting.tables],
        "method": _method(report),
        "unsupported": any(turn.unsupported for turn in report.turns),
        "figures": figures,
        "plotly": Markup(_plotly_js()) if figures else "",  # noqa: S704 - plotly's own file
    }
    return fill("report/page.html", report=view)


def first_sentence(markdown: str) -> str:
    """Return the first sentence of an answer, as Markdown."""
    paragraph = next((block for block in markdown.split("\n\n") if block.strip()), "")
    return SENTENCE_END.split(" ".join(paragraph.split()), maxsplit=1)[0]


def _title(workspace: Workspace) -> str:
    what = workspace.table.source.rsplit(".", 1)[0].replace("_", " ")
    return f"Customer segments in {what}" if workspace.segmentation else f"What {what} shows"


def _turn_view(turn: Turn, number: int, figures: list[tuple[str, Markup]]) -> Mapping[str, Any]:
    names = []
    for figure in turn.figures:
        names.append(f"figure-{len(figures) + 1}")
        figures.append((names[-1], _script_json(figure)))
    return {
        "question": _heading(turn.question),
        "answer": Markup(answer_html(turn)),  # noqa: S704 - rendered with HTML disabled
        "figures": names,
        "tables": [_table_view(table) for table in turn.tables],
        "steps": [_step_line(step) for step in turn.steps],
    }


def _table_view(table: ResultTable) -> Mapping[str, Any]:
    return {
        "title": table.title,
        "rows": len(table.rows),
        "long": len(table.rows) > LONG_TABLE,
        "html": Markup(table_html(table)),  # noqa: S704 - cells are escaped
    }


def _heading(question: str) -> str:
    text = " ".join(question.split())
    return text[:1].upper() + text[1:]


def _step_line(step: Step) -> str:
    arguments = json.dumps(dict(step.arguments), ensure_ascii=False, default=str)
    outcome = f"not possible: {step.error}" if step.error else f"{step.seconds:.2f} s"
    return f"{step.tool} {arguments}  ({outcome})"


def _segment_views(segmentation: Segmentation | None) -> list[Mapping[str, str]]:
    if segmentation is None:
        return []
    views: list[Mapping[str, str]] = []
    for segment in segmentation.segments:
        size = f"{count(segment.size, 'customer')}, {share(segment.share)} of all"
        if segment.value_share is not None:
            size += f", {share(segment.value_share)} of the value"
        rule = f"Rule: {segment.rule}" if segment.rule else ""
        colour = segment_colour(segment.key)
        views.append(
            {"name": segment.name, "size": size, "summary": segment.summary, "rule": rule, "colour": colour}
        )
    return views


def _segments_intro(segmentation: Segmentation | None) -> str:
    if segmentation is None:
        return ""
    customers = count(segmentation.n_customers, "customer")
    return f"{customers} in {len(segmentation.segments)} segments, by {segmentation.method}."


def _method(report: Report) -> list[str]:
    segmentation = report.segmentation
    if segmentation is None:
        return []
    lines = [
        f"Segments by {segmentation.method}, on: {', '.join(segmentation.features)}; "
        f"random seed {segmentation.seed}; version {segmentation.version}."
    ]
    if segmentation.reference_date:
        lines.append(f"Days since and ages are counted to {day(segmentation.reference_date)}.")
    return lines


def _script_json(figure: Json) -> Markup:
    # "<" cannot appear in a script element's text without ending it early.
    return Markup(json.dumps(figure, allow_nan=False, default=str).replace("<", "\\u003c"))  # noqa: S704


def _inline(text: str) -> Markup:
    return Markup(re.sub(r"^<p>|</p>\s*$", "", plain_html(text).strip()))  # noqa: S704 - HTML disabled


def _plotly_js() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())
