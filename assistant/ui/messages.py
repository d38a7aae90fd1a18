"""Turns the record of a conversation into chat messages: question, answer, charts, tables, folded steps."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.markup import answer_html, plain_html, table_html
from assistant.session import Step, Turn
from assistant.ui.data_panel import brief_html
from assistant.ui.doing import doing
from tools.core import Json, OfferedFile, ResultTable
from tools.progress import Progress

Message = dict[str, Any]
Rendered = dict[int, tuple[Turn, list[Message]]]

PLAIN = re.compile(r"\w[\w ,.?'’%():;/&=-]*")
PREFORMATTED = re.compile(r"<pre>.*?</pre>", re.DOTALL)
PLOT_CONFIG: Json = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "png", "scale": 2},
}
THUMBS = (("up", True, "This was useful"), ("down", False, "This was not useful"))
PLOT_PROPS: Json = {"show_label": False, "label": "Chart", "container": False, "visible": True, "buttons": []}


@dataclass(frozen=True)
class _Place:
    """Where a turn stands: its place in the conversation, and the chat."""

    index: int
    chat_id: str

    def address(self, kind: str, number: int) -> str:
        """Return the address of a download, beside the page's own address."""
        return f"download/{kind}/{self.index}/{number}?chat={self.chat_id}"

    def file(self, name: str) -> str:
        """Return the address of a file that is made from the chat's segments."""
        return f"download/{name}?chat={self.chat_id}"


def conversation(
    turns: Sequence[Turn],
    rendered: Rendered,
    chat_id: str = "",
    waited: str = "",
    progress: Progress | None = None,
) -> list[Message]:
    """Return the messages of all turns; finished turns are rendered once.

    Args:
        turns: Oldest first; the last one may be running.
        rendered: Messages of finished turns by identity of the turn; filled here.
        chat_id: Names the chat in the addresses of downloads.
        waited: For how long, or for whom, a running turn has been waiting.
        progress: How far it is.
    """
    messages: list[Message] = []
    for index, turn in enumerate(turns):
        kept = rendered.get(id(turn))
        if kept is None or kept[0] is not turn:
            kept = (turn, turn_messages(turn, index, chat_id, waited, progress))
        if not turn.running:
            rendered[id(turn)] = kept
        messages += kept[1]
    return _with_chips(messages, turns[-1]) if turns else []


def actions(turn: Turn, index: int) -> str:
    """Return the row of buttons under an answer; the page's script knows them by their classes.

    Args:
        turn: The answer.
        index: Its place in the conversation; the greeting has place 0 and no thumbs.
    """
    copy = '<button type="button" class="act copy" title="Copy this answer as text">Copy</button>'
    if not turn.question:
        return f'<div class="actions">{copy}</div>'
    thumbs = "".join(
        f'<button type="button" class="act thumb {name}'
        f'{" on" if turn.liked is liked else ""} turn-{index - 1}" title="{title}"></button>'
        for name, liked, title in THUMBS
    )
    more = (
        '<button type="button" class="act retry" title="Ask this again">Retry</button>'
        '<button type="button" class="act undo" title="Take this back, with all it did">Undo</button>'
    )
    return f'<div class="actions">{copy}{thumbs}{more}</div>'


def turn_messages(
    turn: Turn, index: int, chat_id: str = "", waited: str = "", progress: Progress | None = None
) -> list[Message]:
    """Return one turn: the question, the answer with its charts and tables, and how it was worked out.

    Args:
        turn: The turn.
        index: Its place in the conversation, for the addresses of its downloads.
        chat_id: Likewise.
        waited: For how long, or for whom, a running turn has been waiting.
        progress: How far it is.
    """
    messages: list[Message] = []
    if turn.question:
        messages.append({"role": "user", "content": _asked(turn.question)})
    place = _Place(index, chat_id)
    content = _answer(turn, place) if turn.question else _greeting(turn)
    if content:
        messages.append({"role": "assistant", "content": content})
    if turn.steps and turn.question:
        messages.append(_working(turn, waited, progress))
    if content and not turn.running:
        messages.append({"role": "assistant", "content": actions(turn, index)})
    elif turn.running and not content and not turn.steps:
        title = waited if waited.startswith("Waiting") else _with_time("Reading the question", waited)
        messages.append(_thought(title, "<p>Nothing has been computed yet.</p>", running=True))
    return messages


def _with_chips(messages: list[Message], last: Turn) -> list[Message]:
    labels = [] if last.running else [*last.choices, *last.next_questions]
    if not labels or not messages:
        return messages
    chips = [{"value": label, "label": label} for label in dict.fromkeys(labels)]
    return [*messages[:-1], {**messages[-1], "options": chips}]


def _asked(question: str) -> str:
    if PLAIN.fullmatch(question):
        return question
    return f'<div class="asked">{html.escape(question, quote=False).replace(chr(10), "<br>")}</div>'


def _greeting(turn: Turn) -> list[Any]:
    """Show what is in the data and the most important of what to know; the rest stands beside the chat."""
    paragraphs = re.findall(r".*?</p>", answer_html(turn), re.DOTALL)
    known = brief_html(turn.workspace.table) if turn.workspace else ""
    shown = paragraphs[:2] if known else paragraphs[:3]
    return [block("".join(shown) + known, f"prose greeting {turn.status}")]


def _answer(turn: Turn, place: _Place) -> list[Any]:
    prose = answer_html(turn).strip()
    if turn.files and not turn.running:
        prose += f'<p class="files">{" ".join(_file(file, place) for file in turn.files)}</p>'
    figures, tables = ([], []) if turn.running else (turn.figures, turn.tables)
    if not figures and not tables:
        return [block(prose, f"prose {turn.status}")] if prose else []
    # The first sentence, then what shows it, then what else to know.
    lead, end, rest = prose.partition("</p>")
    parts: list[Any] = [block(lead + end, f"prose {turn.status}")] if lead else []
    for number, figure in enumerate(figures):
        parts += [figure_part(figure), _chart_downloads(place, number)]
    shown = [(number, table) for number, table in enumerate(tables) if table.rows]
    parts += [_table(table, place, number) for number, table in shown if not table.detail]
    if rest.strip():
        parts.append(block(rest, "prose rest"))
    return [*parts, *(_folded(table, place, number) for number, table in shown if table.detail)]


def _file(file: OfferedFile, place: _Place) -> str:
    return f'<a class="download" href="{place.file(file.name)}" download>Download {file.name}</a>'


def _table(table: ResultTable, place: _Place, number: int) -> str:
    link = f'<a class="csv" href="{place.address("table", number)}">Download as CSV</a>'
    return block(table_html(table) + link, "result-table")


def _folded(table: ResultTable, place: _Place, number: int) -> str:
    """Show a table of proof folded, after the answer."""
    size = f"{len(table.rows)} row{'' if len(table.rows) == 1 else 's'}"
    summary = f"<summary>{html.escape(table.title)} <span>{size}</span></summary>"
    return block(f"<details>{summary}{_table(table, place, number)}</details>", "detail-table")


def _chart_downloads(place: _Place, number: int) -> str:
    picture = '<button type="button" class="act png">Chart as PNG</button>'
    data = f'<a class="csv" href="{place.address("chart", number)}">Chart data as CSV</a>'
    return block(picture + data, "chart-downloads")


def block(inner: str, classes: str) -> str:
    """Return HTML as one line in one element, so that the chat's Markdown reader passes it on untouched."""
    inner = PREFORMATTED.sub(lambda match: match.group(0).replace("\n", "&#10;"), inner)
    return f'<div class="{classes}">{" ".join(inner.splitlines())}</div>'


def figure_part(figure: Json) -> Message:
    """Return a plotly figure in the form in which the chat component sends it to the browser."""
    value = {"type": "plotly", "plot": json.dumps({**figure, "config": PLOT_CONFIG})}
    return {
        "type": "component",
        "component": "plot",
        "value": value,
        "constructor_args": dict(PLOT_PROPS),
        "props": dict(PLOT_PROPS),
    }


def progress_html(progress: Progress | None) -> str:
    """Return what is being done and how far it is, as a line with a bar where that can be counted."""
    if progress is None:
        return ""
    told = html.escape(progress.doing)
    if not progress.of:
        return f'<p class="progress">{told}</p>'
    part = round(100 * progress.done / progress.of)
    return (
        f'<p class="progress">{told}: {progress.done:,} of {progress.of:,} done'
        f'<span class="bar" aria-hidden="true"><span style="width:{part}%"></span></span></p>'
    )


def _working(turn: Turn, waited: str, progress: Progress | None) -> Message:
    n_steps = len(turn.steps)
    waiting = [step for step in turn.steps if step.result is None and step.error is None]
    if turn.running and waiting:
        place = f"Step {turn.steps.index(waiting[0]) + 1}: " if n_steps > 1 else ""
        title = _with_time(place + doing(waiting[0].tool), waited)
        return _thought(title, progress_html(progress) + _steps_html(turn.steps), running=True)
    title = "How this was worked out" + ("" if n_steps == 1 else f" ({n_steps} steps)")
    return _thought(title, _steps_html(turn.steps), turn.running, sum(step.seconds for step in turn.steps))


def _with_time(text: str, waited: str) -> str:
    return f"{text} ({waited})" if waited and not waited.startswith(("0", "Waiting")) else text


def _thought(title: str, body: str, running: bool, seconds: float | None = None) -> Message:
    metadata: Json = {"title": title, "status": "pending" if running else "done"}
    if seconds is not None:
        metadata["duration"] = round(seconds, 2)
    return {"role": "assistant", "content": body, "metadata": metadata}


def _steps_html(steps: Sequence[Step]) -> str:
    return f'<ol class="steps">{"".join(_step_html(step) for step in steps)}</ol>'


def _step_html(step: Step) -> str:
    told = ""
    if step.error is not None:
        told = f'<p class="failed">{html.escape(f"{step.error} {step.instead}".strip())}</p>'
    elif step.result is not None:
        n_facts = len(step.result.facts)
        told = (
            block(plain_html(step.result.headline), "found")
            + f'<p class="n-facts">{n_facts:,} facts computed</p>'
        )
    arguments = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(_compact(value))}</dd>"
        for name, value in step.arguments.items()
    )
    listed = f"<dl>{arguments}</dl>" if arguments else ""
    waits = step.result is None and step.error is None
    took = "running" if waits else f"{step.seconds:.2f} s"
    what = f"{html.escape(doing(step.tool))} <code>{html.escape(step.tool)}</code>"
    return f"<li>{what} <small>{took}</small>{listed}{told}</li>"


def _compact(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
