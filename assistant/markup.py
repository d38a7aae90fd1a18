"""Turns an answer's Markdown into safe HTML in which every number tells where it comes from."""

from __future__ import annotations

import html
import math
import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.session import Turn
from tools.core import ResultTable, Scalar
from tools.wording import number

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"{_OPEN}(\\d+){_MIDDLE}(.*?){_CLOSE}", re.DOTALL)
_PRIVATE = re.compile(f"[{_OPEN}{_MIDDLE}{_CLOSE}]")


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # No HTML, no images and no links: words from a file or a model must not load or lead anywhere.
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": False})
        .enable("table")
        .disable(["image", "link", "autolink"])
    )


def answer_html(turn: Turn) -> str:
    """Return the answer as HTML; traced numbers carry their source, unsupported ones are marked."""
    spans = [(trace.start, trace.end, _source(turn, trace.step, trace.fact), True) for trace in turn.traces]
    spans += [(start, end, "No computation supports this.", False) for _, start, end in turn.unsupported]
    spans.sort()
    text, position, pieces = turn.answer, 0, []
    for index, (start, end, _, _) in enumerate(spans):
        if start < position or "\n" in text[start:end]:
            continue
        pieces += [
            _PRIVATE.sub("", text[position:start]),
            f"{_OPEN}{index}{_MIDDLE}{text[start:end]}{_CLOSE}",
        ]
        position = end
    rendered = _markdown().render("".join(pieces) + _PRIVATE.sub("", text[position:]))

    def with_source(match: re.Match[str]) -> str:
        _, _, source, supported = spans[int(match[1])]
        kind = "traced" if supported else "unsupported"
        return f'<span class="number {kind}" title="{html.escape(source)}">{match[2]}</span>'

    return _MARKED.sub(with_source, rendered)


def plain_html(text: str) -> str:
    """Return Markdown that is not an answer (a caveat, a note) as safe HTML."""
    return str(_markdown().render(text))


def parsed(text: str) -> list[Token]:
    """Return Markdown as tokens, for those who draw it as something else than HTML."""
    return _markdown().parse(text)


def table_html(table: ResultTable, most: int = 200) -> str:
    """Return a table as HTML: numbers to the right, every cell escaped, cut rows counted."""
    right = columns_to_the_right(table)
    head = "".join(
        f'<th scope="col"{_class(right[i])}>{html.escape(name)}</th>' for i, name in enumerate(table.columns)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{_class(right[i])}>{html.escape(text)}</td>" for i, text in enumerate(row))
        + "</tr>"
        for row in written_rows(table, most)
    )
    total = table.n_rows_total or len(table.rows)
    shown = min(len(table.rows), most)
    rest = f"<p class='rest'>Showing {shown:,} of {total:,} rows.</p>" if total > shown else ""
    caption = f"<caption>{html.escape(table.title)}</caption>"
    content = f"{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f"<div class='scroll'><table>{content}</table></div>{rest}"


def columns_to_the_right(table: ResultTable) -> list[bool]:
    """Tell for each column whether it holds numbers, which stand to the right."""
    return [_is_numeric(table, position) for position in range(len(table.columns))]


def written_rows(table: ResultTable, most: int) -> list[list[str]]:
    """Return the first rows as plain text, numbers of a column with the same decimals."""
    units = table.units or (None,) * len(table.columns)
    right = columns_to_the_right(table)
    digits = [_digits(table, position) if right[position] else None for position in range(len(right))]
    return [[written(row[i], units[i], digits[i]) for i in range(len(right))] for row in table.rows[:most]]


def written(value: Scalar, unit: str | None = None, digits: int | None = None) -> str:
    """Return one cell as plain text.

    Args:
        value: The cell.
        unit: Only "%" is written behind the number; other units stand in the column's title.
        digits: Decimals, the same for a whole column; by default as many as the number deserves.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value, unit if unit == "%" else None, digits)
    return str(value)


def _digits(table: ResultTable, position: int) -> int | None:
    values = [abs(row[position]) for row in table.rows if isinstance(row[position], int | float)]  # type: ignore[arg-type]
    if all(float(value).is_integer() for value in values):
        return 0
    smallest = min((value for value in values if value > 0), default=1.0)
    return None if smallest < 0.01 else 2 if max(values) < 1_000_000 else 0


def _class(right: bool) -> str:
    return ' class="right"' if right else ""


def _is_numeric(table: ResultTable, position: int) -> bool:
    values = [row[position] for row in table.rows if row[position] is not None]
    return bool(values) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )


def _source(turn: Turn, step: int, fact: str) -> str:
    if step < 0 or step >= len(turn.steps):
        return f"From {fact}" if fact == "the question" else f"From an earlier answer: {fact}"
    return f"Step {step + 1}, {turn.steps[step].tool}: {fact}"
