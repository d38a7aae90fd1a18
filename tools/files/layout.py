"""Knows how the lines of a text file fall into cells: by a separator and quotation marks, or by position."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

SEPARATORS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01")
BLANKS = " "  # the separator that stands for runs of white space
RULER = re.compile(r"\s*[:+|]?\s*[-=_]{3,}[-=_+:|\s]*")
NAMED_SEPARATOR = re.compile(r"sep=(.)\s*")
JOINT = re.compile(r"[^\w\s\"'.,;()\[\]{}+-]{2,3}")  # a separator of several signs
UNIT = "\x1f"  # stands for it
DRAWN = (
    *((sign, "|") for sign in "│┃║"),
    *((sign, "-") for sign in "─━═"),
    *((sign, "+") for sign in "┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝"),
)
CURLY = (("“", '"'), ("”", '"'), ("„", '"'))
RECORD = "\x1e"  # ends a row in files that were made for machines
ENDS = ("\x85", "\u2028", "\u2029")  # end lines where no usual end does, as on mainframes
LOOKED_AT = 500  # lines that tell how long lines usually are
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Layout:
    """How lines fall into cells.

    Attributes:
        separator: Between two cells; " " stands for runs of white space.
        quote: Around cells that hold the separator.
        escape: Before a quotation mark within a cell; by default it is doubled.
        padded: Whether blanks stand behind the separators.
        cuts: Where cells begin, for text in columns by position; the first is 0.
        instead: Signs in the lines, with what is read instead: a separator of two signs, drawn borders.
        wrapped: Whether each line as a whole stands within quotation marks.
    """

    separator: str
    quote: str = '"'
    escape: str = ""
    padded: bool = False
    cuts: tuple[int, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()
    wrapped: bool = False

    @property
    def plain(self) -> bool:
        """Whether the database reads this layout by itself."""
        usual = (self.quote, self.escape, self.padded, self.cuts) == ('"', "", False, ())
        return usual and self.separator != BLANKS and not (self.instead or self.wrapped)


def mode(widths: Sequence[int]) -> tuple[int, int]:
    """Return the most frequent width and how often it comes."""
    return Counter(widths).most_common(1)[0] if widths else (0, 0)


def find_layout(text: str, cut: bool) -> Layout:
    """Choose the layout that gives the most regular table; white space and positions come last.

    Args:
        text: The beginning of the file.
        cut: Whether the file goes on behind it.
    """
    lines = text.splitlines()
    if cut and len(lines) > 1:
        lines = lines[:-1]
    lines = lines[:500]
    if instead := _instead(text, lines):
        found = find_layout("\n".join(replaced(lines, instead)), False)
        return replace(found, instead=(*instead, *found.instead))
    if (inner := _unwrapped(lines)) and not (found := find_layout(inner, False)).cuts:
        return replace(found, wrapped=True)
    if lines and (named := NAMED_SEPARATOR.fullmatch(lines[0])):
        return _quoting(Layout(named[1]), lines[1:])
    best, score = _separator(lines)
    filled = [line for line in lines if line.strip()]
    if score < 0.3 and (colons := _colons(filled)):
        return Layout(colons)
    if score < 0.85 or _columns_of_text(filled):
        blanks = Layout(BLANKS, "" if _free_of_quotes(filled) else '"')
        widths = [len(row) for row in split_lines(filled, blanks) if not RULER.fullmatch(" ".join(row))]
        width, regular = mode(widths)
        aligned = sum("  " in line.strip() or line[:1] == " " for line in filled)
        ruled = _columns_of_text(filled)
        gaps = aligned > 0.5 * len(filled)
        even = regular >= 0.95 * len(filled) and not ruled
        if width > 1 and len(filled) > 1 and (gaps or ruled or (even and score < 0.3)):
            return blanks if even else Layout(BLANKS, cuts=(0,))
    return _quoting(Layout(best if score >= 0.3 else ","), lines)


def _instead(text: str, lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Tell which signs stand for a separator, a quotation mark or the end of a row."""
    if RECORD in text:
        return ((RECORD, "\n"),)
    if "\n" not in text and "\r" not in text and (end := max(ENDS, key=text.count)) in text:
        return ((end, "\n"),)
    if any(sign in text for sign in "│┃║"):
        return DRAWN
    filled = [line for line in lines if line.strip()]
    quoted = sum(bool(re.search("(^|[^\\w\\s])“[^”]*”([^\\w\\s]|$)", line)) for line in filled)
    if filled and quoted > 0.9 * len(filled) and '"' not in text:
        return CURLY
    for joint in dict.fromkeys(JOINT.findall(filled[0])) if filled else ():
        counts = [line.count(joint) for line in filled]
        twice = len(set(joint)) == 1 and all(
            line.count(joint[0]) == len(joint) * n for line, n in zip(filled, counts, strict=True)
        )
        if (
            (len(set(joint)) > 1 or (twice and "\t" not in joint))
            and mode(counts) == (counts[0], len(counts))
            and len(counts) > 1
        ):
            return ((joint, UNIT),)
    return ()


def replaced(lines: Iterable[str], instead: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Exchange signs in lines; a sign that ends a row makes several lines of one."""
    for line in lines:
        for sign, other in instead:
            line = line.replace(sign, other)
        yield from line.splitlines(keepends=True) if "\n" in dict(instead).values() else (line,)


def _unwrapped(lines: Sequence[str]) -> str:
    """Return the text within the lines if each as a whole is one cell in quotation marks, else nothing."""
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) < 2 or not all(len(line) > 2 and line[0] == line[-1] == '"' for line in filled):
        return ""
    try:
        rows = [list(csv.reader([line], delimiter=sign)) for line in filled for sign in ",;\t|"]
    except csv.Error:
        return ""
    cells = [row[0][0] for row in rows if len(row) == 1 and len(row[0]) == 1]
    inner = cells[::4]
    return "\n".join(inner) if len(cells) == len(rows) and _separator(inner)[1] >= 0.9 else ""


def _colons(lines: Sequence[str]) -> str:
    """Return a colon if it parts every line, the header too, into the same number of cells."""
    counts = {line.count(":") for line in lines}
    return ":" if len(lines) > 2 and len(counts) == 1 and counts != {0} else ""


def _free_of_quotes(lines: Sequence[str]) -> bool:
    """Whether quotation marks around cells are the exception."""
    quoted = sum(bool(re.search(r'(^|\s)"[^"]*"(\s|$)', line)) for line in lines)
    return quoted < 0.8 * len(lines)


def _separator(lines: Sequence[str]) -> tuple[str, float]:
    best, best_score = "", 0.0
    for separator in SEPARATORS:
        try:
            rows = [
                row for row in csv.reader(lines, delimiter=separator) if any(cell.strip() for cell in row)
            ]
        except csv.Error:
            continue
        widths = [len(row) for row in rows if not RULER.fullmatch(separator.join(row))]
        width, regular = mode([width for width in widths if width > 1])
        if width > 1:
            score = regular / max(len(widths), 1) * (1 + min(width, 20) / 40)
            if score > best_score + 1e-9:
                best, best_score = separator, score
    return best, best_score


def _columns_of_text(lines: Sequence[str]) -> bool:
    """Whether most lines hold wide gaps and a ruler such as "---- -----" says where columns stand."""
    return any(len(line.split()) > 1 and set(line) <= set("-= ") for line in lines[:6])


def _quoting(layout: Layout, lines: Sequence[str]) -> Layout:
    """Tell quotation marks, escapes and blanks behind separators."""
    text, mark = "\n".join(lines), re.escape(layout.separator)
    filled = [line.strip() for line in lines if line.strip()]
    single = sum(bool(re.search(rf"(^|{mark})'[^'\n]*'({mark}|$)", line)) for line in filled)
    doubles = text.count('"')
    if filled and single > 0.8 * len(filled) and doubles < 0.1 * len(filled):
        layout = replace(layout, quote="'")
    within = re.search(rf'(^|{mark}|\n)"[^"\n]*\\"(?!\s*({mark}|\n|$))', text)
    if within or re.search(rf"\w\\{mark}", text):
        escaped = replace(layout, escape="\\")
        layout = max((escaped, layout), key=lambda each: _regularity(lines, each))
    behind = re.findall(rf"{mark}(.)", "\n".join(line for line in filled if not RULER.fullmatch(line)))
    padded = sum(char == " " for char in behind) > 0.9 * len(behind) and layout.separator != BLANKS
    return replace(layout, padded=bool(behind) and padded)


def _regularity(lines: Sequence[str], layout: Layout) -> float:
    """Return the part of the rows that have the most frequent width."""
    widths = [len(row) for row in split_lines((f"{line}\n" for line in lines), layout)]
    return mode(widths)[1] / max(len(widths), 1)


def split_lines(lines: Iterable[str], layout: Layout) -> Iterator[list[str]]:
    """Split lines into cells; a quoted cell may run over several lines.

    Raises:
        csv.Error: If that is impossible.
    """
    if layout.instead:
        lines = replaced(lines, layout.instead)
    if layout.wrapped:
        lines = (row[0] + "\n" for row in csv.reader(lines) if row)
    if layout.cuts:
        ends = (*layout.cuts[1:], None)
        for line in lines:
            if _is_label(line, layout.cuts):
                yield [line.strip(), *[""] * (len(layout.cuts) - 1)]
                continue
            yield [line[start:end].strip() for start, end in zip(layout.cuts, ends, strict=True)]
    elif layout.separator == BLANKS and layout.quote:
        stripped = (" ".join(line.split("\t")).strip() for line in lines)
        yield from csv.reader(stripped, delimiter=" ", skipinitialspace=True)
    elif layout.separator == BLANKS:
        for line in lines:
            yield line.split()
    else:
        rows = csv.reader(
            lines, delimiter=layout.separator, quotechar=layout.quote or None,
            escapechar=layout.escape or None, skipinitialspace=layout.padded,
            quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        )  # fmt: skip
        for row in rows:
            yield [cell.strip() for cell in row] if layout.padded else row


def _is_label(line: str, cuts: Sequence[int]) -> bool:
    """Whether a line is one text that runs over the place where the second column begins, and ends early."""
    text = line.strip()
    early = len(cuts) > 2 and cuts[1] < len(line.rstrip()) <= cuts[-1] and line[:1] != " "
    return early and "  " not in text and re.match(r"[^\W\d][\w .]{0,30}:\s", text) is not None


def _until_fault(rows: Iterator[list[str]]) -> tuple[list[tuple[str, ...]], bool]:
    """Return the rows that hold something, up to one that cannot be split, and whether there was one."""
    read: list[tuple[str, ...]] = []
    try:
        for row in rows:
            if any(row):
                read.append(tuple(row))
    except csv.Error:
        return read, True
    return read, False


def first_rows(text: str, layout: Layout, cut: bool) -> tuple[list[tuple[str, ...]], list[int]]:
    """Return rows that are not empty, and for each the number of lines up to its end."""
    if layout.separator == BLANKS:
        split = [tuple(row) for row in split_lines(text.splitlines(), layout) if any(row)]
        return (split[:-1] if cut else split), list(range(1, len(split) + 1))
    if not layout.plain:
        split, ended = _until_fault(split_lines(io.StringIO(text, newline=""), layout))
        return (split[:-1] if (cut or ended) and len(split) > 1 else split), list(range(1, len(split) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator)
    rows, lines = [], []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(tuple(row))
                lines.append(reader.line_num)
    except csv.Error:
        cut = True
    if cut and len(rows) > 1:
        rows.pop()
    return rows, lines


def find_cuts(lines: Iterable[str]) -> tuple[int, ...]:
    """Find where cells begin in text that stands in columns by position.

    A place belongs to a gap where hardly any line has a character. A ruler such as "---- -----" decides by
    itself; under a header, a column without a name belongs to the one on its left, like a city's second word.

    Args:
        lines: All lines of the file.
    """
    counts = np.zeros(0, dtype=np.int64)
    n_lines = 0
    first: list[str] = []
    stream = iter(lines)
    head = list(itertools.islice(stream, LOOKED_AT))
    short = 0.5 * median([len(line.rstrip()) for line in head if line.strip()] or [0])
    for line in itertools.chain(head, stream):
        text = line.rstrip()
        if not text or (len(text) < short and "  " not in text.strip()):  # a title, or a label of rows
            continue
        if n_lines < 6 and len(text.split()) > 1 and set(text) <= set("-= "):
            return (0, *(found.start() for found in list(re.finditer(r"\S+", text))[1:]))
        first += [text] if len(first) < 6 else []
        filled = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32) != ord(" ")
        if len(filled) > len(counts):
            counts = np.pad(counts, (0, len(filled) - len(counts)))
        counts[: len(filled)] += filled
        n_lines += 1
    columns = _runs(counts > 0.02 * n_lines)
    header = next((line for line in first if _covers(line, columns)), "")
    if re.search(r"\d", header) is None and re.search(r"[^\W\d]", header):
        columns = _under_header(columns, header)
    gaps = [(left[1], right[0]) for left, right in zip(columns, columns[1:], strict=False)]
    return (0, *(start + int(np.argmin(counts[start:end])) for start, end in gaps))


def _runs(filled: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return start and end of each run of filled places."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _covers(line: str, columns: Sequence[tuple[int, int]]) -> bool:
    """Whether a line has something in at least half of the columns, as a header has and a title has not."""
    return sum(bool(line[start:end].strip()) for start, end in columns) >= max(2, 0.5 * len(columns))


def _under_header(columns: Sequence[tuple[int, int]], header: str) -> list[tuple[int, int]]:
    """Join the columns that share a name of the header, and those without one to the column before."""
    names = [found.span() for found in re.finditer(r"\S+", header)]
    joined: list[tuple[int, int]] = []
    for start, end in columns:
        named = any(a < end and start < b for a, b in names)
        shared = joined and any(a < joined[-1][1] and start < b for a, b in names)
        if joined and (shared or not named):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
