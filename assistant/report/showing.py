"""Knows how a repeated call is shown by the script and by the notebook that a report can be saved as."""

from __future__ import annotations

import base64
import html
import sys
from pathlib import Path

from assistant.markup import plain_html, table_html
from assistant.replay import answer_of
from assistant.report.drawing import picture, title_of
from assistant.report.richtext import plain_text
from assistant.report.text import grid
from assistant.session import Step

MOST_ROWS = 30


class Shown:
    """A repeated call as a notebook displays it: sentences, tables and charts, nothing that can run."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def _repr_html_(self) -> str:
        result = self._step.result
        if result is None:
            return f"<p>Not possible: {html.escape(self._step.error or '')}</p>"
        parts = [plain_html(answer_of(result)), *(table_html(table) for table in result.tables)]
        for figure in result.figures:
            content = base64.b64encode(picture(figure, width=8.0)).decode()
            title = html.escape(title_of(figure), quote=True)
            parts.append(f'<img src="data:image/png;base64,{content}" alt="{title}" style="max-width:800px">')
        return "".join(parts)

    def __repr__(self) -> str:
        return _text(self._step)


def show(step: Step, folder: Path, number: int) -> None:
    """Print what a call found, and write its charts into a folder as `NUMBER_PLACE.png`."""
    sys.stdout.write(_text(step) + "\n\n")
    for place, figure in enumerate(step.result.figures if step.result else (), start=1):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:02d}_{place}.png").write_bytes(picture(figure))


def _text(step: Step) -> str:
    if step.result is None:
        return f"Not possible: {step.error} {step.instead}".rstrip()
    tables = [part for table in step.result.tables for part in grid(table, MOST_ROWS)]
    return "\n\n".join([plain_text(answer_of(step.result)), *tables])
