"""Writes a report as Markdown that reads well as plain text; no word of it can load or lead anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.markup import columns_to_the_right, written_rows
from assistant.report import outline as blocks
from assistant.report.content import Report
from assistant.report.drawing.axes import plain
from assistant.report.richtext import printable
from tools.core import Json, ResultTable

_ADDRESS = re.compile(r"\b(https?|ftp|javascript|data):", re.IGNORECASE)


def draw(report: Report) -> bytes:
    """Return the report as Markdown."""
    return ("\n\n".join(part for block in blocks.outline(report) for part in _parts(block)) + "\n").encode()


def harmless(markdown: str) -> str:
    """Take the meaning out of links, pictures and HTML: words of a file or model must load nothing."""
    text = printable(markdown).replace("<", "&lt;")
    text = re.sub(r"!?\[(?=[^\]]*\]\s*[(\[:])", lambda match: "\\[" if match[0] == "[" else "\\!\\[", text)
    return _ADDRESS.sub(lambda match: f"{match[1]}&#58;", text)


def line(text: str) -> str:
    """Write plain words on one line, without a meaning in Markdown."""
    return harmless(re.sub(r"([\\`*_#|])", r"\\\1", " ".join(str(text).split())))


def _parts(block: blocks.Block) -> Iterator[str]:
    match block:
        case blocks.Heading(text, level):
            yield f"{'#' * (level + 1)} {line(text)}"
        case blocks.Small(text):
            yield f"*{line(text)}*"
        case blocks.Prose(passage):
            yield harmless(passage.answer)
        case blocks.Points(passages, _):
            yield "\n".join(f"- {harmless(' '.join(passage.answer.split()))}" for passage in passages)
        case blocks.Chart(figure):
            yield _chart(figure)
        case blocks.Grid(table, most, _):
            yield from grid(table, most)
        case blocks.Card(card):
            figures = "; ".join(f"{name.lower()} {value}" for name, value in block.figures)
            yield f"### {line(card.segment.name)}"
            yield f"*{figures[:1].upper()}{figures[1:]}*"
            yield harmless(card.who.answer)
            if card.segment.rule:
                yield f"Rule: {line(card.segment.rule)}"
        case blocks.NextStep(card):
            yield f"**{line(card.segment.name)}**: {harmless(card.next_step.answer)}"


def grid(table: ResultTable, most: int) -> Iterator[str]:
    """Yield a table as Markdown, its title first, rows that are left out counted last."""
    if not table.rows:
        return
    body = written_rows(table, most)
    marks = ["---:" if right else "---" for right in columns_to_the_right(table)]
    rows = [list(map(str, table.columns)), marks, *body]
    written = [" | ".join(each if row is marks else line(each) for each in row) for row in rows]
    if table.title:
        yield f"**{line(table.title)}**"
    yield "\n".join(f"| {each} |" for each in written)
    total = table.n_rows_total or len(table.rows)
    if total > len(body):
        yield f"*Showing {len(body):,} of {total:,} rows.*"


def _chart(figure: Json) -> str:
    title = plain(figure["layout"].get("title", {}).get("text") or "a chart")
    return f"*Chart, in the page and on paper: {line(title)}*"
