"""Reads Markdown into paragraphs of styled words, for forms that are not HTML; nothing in it can run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from assistant.markup import parsed

# What XML cannot hold, and the marks that turn the direction of text around.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; cells of a table stand in a paragraph of the kind "row", one run a cell."""

    kind: Literal["text", "point", "heading", "code", "row"]
    runs: tuple[Run, ...]


def paragraphs(markdown: str) -> list[Paragraph]:
    """Return Markdown as paragraphs."""
    return list(_paragraphs(parsed(markdown)))


def printable(text: object) -> str:
    """Return a text without characters that no document can hold."""
    return _UNPRINTABLE.sub("", str(text))


def plain_text(markdown: str) -> str:
    """Return Markdown as plain words, paragraphs on lines of their own."""
    return "\n".join("".join(run.text for run in part.runs) for part in paragraphs(markdown))


def _paragraphs(tokens: Sequence[Token]) -> Iterator[Paragraph]:
    depth, heading, row = 0, False, False
    cells: list[Run] = []
    for token in tokens:
        if token.type in ("list_item_open", "list_item_close"):
            depth += token.nesting
        elif token.type in ("heading_open", "heading_close"):
            heading = token.nesting > 0
        elif token.type == "tr_open":
            row, cells = True, []
        elif token.type == "tr_close":
            row = False
            yield Paragraph("row", tuple(cells))
        elif token.type in ("fence", "code_block"):
            yield Paragraph("code", (Run(printable(token.content.rstrip("\n")), code=True),))
        elif token.type == "inline":
            runs = tuple(_runs(token.children or []))
            if row:
                cells.append(Run("".join(run.text for run in runs)))
            else:
                yield Paragraph("heading" if heading else "point" if depth else "text", runs)


def _runs(children: Sequence[Token]) -> Iterator[Run]:
    bold = italic = 0
    for child in children:
        if child.type in ("strong_open", "strong_close"):
            bold += child.nesting
        elif child.type in ("em_open", "em_close"):
            italic += child.nesting
        elif child.type in ("softbreak", "hardbreak"):
            yield Run(" ", bold > 0, italic > 0)
        elif child.content:
            yield Run(printable(child.content), bold > 0, italic > 0, child.type == "code_inline")
