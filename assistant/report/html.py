"""Draws a report as one HTML file that opens anywhere, with nothing loaded from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from assistant.markup import answer_html, plain_html, table_html
from assistant.prompts import fill
from assistant.report.content import Finding, NumberSource, Part, Report, SegmentCard
from assistant.report.outline import asked_unless_said, call_in_words, key_figures, places
from assistant.session import Step, Turn
from tools.core import Json, ResultTable
from tools.wording import scalar

PARTS: tuple[Part, ...] = ("finding", "making", "segments", "evidence", "data")
LONG_TABLE = 15  # longer ones are folded
MOST_NUMBERS = 400  # rows of the list of sources that are written before it is cut, with a count


def draw(report: Report) -> bytes:
    """Return the report as the bytes of an HTML file."""
    return to_html(report).encode()


def to_html(report: Report) -> str:
    """Render the report as one self-contained HTML document."""
    figures: list[tuple[str, Markup]] = []
    view: dict[str, Any] = {
        "title": report.title,
        "byline": report.byline,
        "summary": [_inline(passage) for passage in report.summary],
        "notes": Markup(plain_html(report.notes)) if report.notes else "",  # noqa: S704 - HTML disabled
        **{part: [_finding_view(each, figures) for each in report.part(part)] for part in PARTS},
        "about_segments": _passages(report.about_segments),
        "cards": [_card_view(card) for card in report.cards],
        "steps_to_take": [
            {"name": card.segment.name, "colour": card.colour, "text": _inline(card.next_step)}
            for card in report.cards
            if card.next_step.answer
        ],
        "segment_figures": _named(report.segment_figures, figures),
        "evidence_tables": [_table_view(table) for table in report.evidence_tables],
        "limits": [_inline(passage) for passage in report.limits],
        "method": _passages(report.method),
        "about_data": _passages(report.data),
        "sent": [_table_view(report.sent)] if report.sent else [],
        "data_tables": [_table_view(table) for table in report.data_tables],
        "numbers": [_number_view(number) for number in list(report.numbers())[:MOST_NUMBERS]],
        "n_numbers": len(list(report.numbers())),
        "withheld": report.withheld,
        "unsupported": any(passage.unsupported for _, passage in report.passages()),
        "recipe": _script_json(report.recipe.to_json()),
        "figures": figures,
        "plotly": Markup(_plotly_js()) if figures else "",  # noqa: S704 - plotly's own file
    }
    return fill("report/page.html", report=view)


def _finding_view(finding: Finding, figures: list[tuple[str, Markup]]) -> Mapping[str, Any]:
    turn = finding.turn
    return {
        "heading": finding.heading,
        "asked": asked_unless_said(finding),
        "answer": Markup(answer_html(turn)),  # noqa: S704 - rendered with HTML disabled
        "figures": _named(turn.figures, figures),
        "tables": [_table_view(table) for table in turn.tables],
        "steps": [_step_line(step) for step in turn.steps],
    }


def _named(drawn: Sequence[Json], figures: list[tuple[str, Markup]]) -> list[Mapping[str, str]]:
    """Give every figure a place of its own; the list of all figures grows."""
    views: list[Mapping[str, str]] = []
    for figure in drawn:
        name = f"figure-{len(figures) + 1}"
        figures.append((name, _script_json(figure)))
        views.append({"name": name, "title": _title(figure)})
    return views


def _title(figure: Json) -> str:
    title = figure["layout"].get("title", {}).get("text", "")
    return re.sub(r"<[^>]*>", " ", title) or "Chart"


def _passages(passages: Sequence[Turn]) -> list[Markup]:
    return [Markup(answer_html(passage)) for passage in passages]  # noqa: S704 - HTML disabled


def _table_view(table: ResultTable) -> Mapping[str, Any]:
    return {
        "title": table.title,
        "rows": len(table.rows),
        "long": len(table.rows) > LONG_TABLE,
        "html": Markup(table_html(table)),  # noqa: S704 - cells are escaped
    }


def _step_line(step: Step) -> str:
    outcome = f"not possible: {step.error}" if step.error else f"{step.seconds:.2f} s"
    return f"{step.tool} ({outcome}) {call_in_words(step.arguments)}".rstrip()


def _card_view(card: SegmentCard) -> Mapping[str, Any]:
    segment = card.segment
    return {
        "name": segment.name,
        "colour": card.colour,
        "figures": key_figures(card),
        "who": _inline(card.who),
        "rule": segment.rule,
    }


def _number_view(number: NumberSource) -> Mapping[str, str]:
    return {
        "text": number.text,
        "place": places(number),
        "tool": number.tool,
        "fact": number.fact,
        "value": "" if number.value is None else _exact(number.value),
    }


def _exact(value: Any) -> str:
    return repr(value) if isinstance(value, float) else scalar(value)


def _script_json(document: Json) -> Markup:
    # "<" cannot appear in a script element's text without ending it early.
    return Markup(json.dumps(document, allow_nan=False, default=str).replace("<", "\\u003c"))  # noqa: S704


def _inline(passage: Turn) -> Markup:
    return Markup(re.sub(r"^<p>|</p>\s*$", "", answer_html(passage).strip()))  # noqa: S704 - HTML disabled


def _plotly_js() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())
