"""Parts an answer into sentences and cells of tables, and says under which name and heading each stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(
    r"[^\n]+?(?:(?<!\bvs)(?<!\bapprox)(?<!\bavg)(?<!\be\.g)(?<!\bi\.e)(?<!\bca)(?<!\bincl)(?<!\bRs)"
    r"[.;!?](?=[\s*_”\"]|$)|(?=\n)|$)"
)
_OPENING = re.compile(r"^\s*(?:[-*+]\s+|#+\s+)?(?:\*\*|“)?")
_HEADING = re.compile(r"\W*[A-Z][^.\d]{2,40}\W*")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:+-]+$")
_CELL = re.compile(r"[^|]+")
_MARKS = re.compile(r"[*_`\d]")
_Names = Callable[[str], Sequence[tuple[str, int, int]]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence of an answer, or a cell of a table read as one: "Premium fee share is 20.2 %".

    Attributes:
        text: The words.
        visible: The same with everything blank that holds digits and is no number.
        start: Where the text starts in the answer; for a cell, where it would have to start.
        heading: The name that the line opens with, where it speaks of no other, or "".
        under: The heading that it stands under, or "".
        before: What the line says before it.
        is_cell: Whether it is a cell of a table.
    """

    text: str
    visible: str
    start: int
    heading: str = ""
    under: str = ""
    before: str = ""
    is_cell: bool = False


def stretches(answer: str, visible: str, names_in: _Names) -> Iterator[Stretch]:
    """Yield the sentences and the cells of an answer in order.

    Args:
        answer: Markdown.
        visible: The answer with everything blank that holds digits and is no number, letter for letter.
        names_in: Finds the names of groups in a text.
    """
    columns: list[str] = []
    start = 0
    for line in answer.split("\n"):
        end = start + len(line)
        if not _ROW.match(line):
            columns = []
            for span in _spans(visible, start, end):
                yield _sentence(answer, visible, span, names_in)
        elif not columns:
            columns = [_MARKS.sub("", cell[0]).strip() for cell in _CELL.finditer(line.strip().strip("|"))]
        elif not _RULE.match(line):
            yield from _cells(line, visible[start:end], start, columns)
        start = end + 1


def _spans(visible: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a line; a semicolon in brackets ends none."""
    first = start
    for match in _SENTENCE.finditer(visible, start, end):
        is_open = visible.count("(", first, match.end()) > visible.count(")", first, match.end())
        if is_open and match[0].endswith(";") and visible.find(")", match.end(), end) >= 0:
            continue
        yield first, match.end()
        first = match.end()
    if first < end:
        yield first, end


def _sentence(answer: str, visible: str, span: tuple[int, int], names_in: _Names) -> Stretch:
    start, end = span
    line_start = answer.rfind("\n", 0, start) + 1
    line = answer[line_start:start]
    opening = _OPENING.match(line)
    names = names_in(line) if line else []
    opens = bool(names and opening and names[0][1] <= opening.end())
    if line.rstrip().endswith(";") and not opens:
        names = names_in(re.split(r"[.!?]\s", line)[-1])
        opens = bool(names)
    return Stretch(
        answer[start:end],
        visible[start:end],
        start,
        names[0][0] if opens and len({name for name, _, _ in names}) == 1 else "",
        _under(answer, start),
        line,
    )


def _under(answer: str, start: int) -> str:
    """Return the heading of a passage: the last short line before it, or its bold opening."""
    for line in reversed(answer[:start].split("\n")[:-1]):
        if line.startswith("#") or _HEADING.fullmatch(line):
            return line
    opening = answer[answer.rfind("\n", 0, start) + 1 : start]
    bold = re.match(r"\W*\*\*([^*]{2,40})\*\*", opening)
    return bold[1] if bold else ""


def _cells(line: str, visible: str, start: int, columns: Sequence[str]) -> Iterator[Stretch]:
    cells = list(_CELL.finditer(line))
    cells = [cell for cell in cells if cell[0].strip()] if len(cells) > len(columns) else cells
    label = cells[0][0].strip(" *_`") if cells else ""
    for place, cell in enumerate(cells):
        own = visible[cell.start() : cell.end()]
        if place == 0 or place >= len(columns):
            yield Stretch(cell[0], own, start + cell.start(), is_cell=True)
            continue
        prefix = f"{label} {columns[place]} is "
        plain = re.sub(r"\d", "_", prefix)
        yield Stretch(
            prefix + cell[0],
            plain + own,
            start + cell.start() - len(prefix),
            under=columns[place],
            is_cell=True,
        )
