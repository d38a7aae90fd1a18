"""Knows what stands around and among the rows of a file: titles, remarks, sums, footers, odd widths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tools.core import CleaningStep, Finding
from tools.files.grouping import WHY as GROUP
from tools.files.grouping import Labels
from tools.files.headers import (
    has_header,
    has_values_below,
    is_note,
    joined_header,
    kind_of_cell,
    units_in,
    value_columns,
)
from tools.files.layout import RULER
from tools.files.parting import Numbered
from tools.files.record_types import RecordType, opens_with_record, record_type
from tools.files.totals import TOTAL, Sums, counts_rows, is_full_total, is_marked, is_total
from tools.wording import count

COUNTED = re.compile(  # how many rows there are, as consoles and shops write it below them
    r"\(?[\d,.]+(rows?|records?|record\(s\)|row\(s\)|datensätze|entries)"
    r"((affected|selected|returned|downloaded|exported|inset|found).*)?\.?\)?",
    re.IGNORECASE,
)
NAMED = re.compile(r"sep=.?,?")  # a line with which a spreadsheet is told the separator
MOST_KEPT = 100_000  # rows that could not be read which are kept word for word
MOST_NOTES = 3  # rows below the header that tell about the columns
LOOKED_AT = 500  # rows of the beginning that are looked at before the rest is read
DEEPEST = 10  # rows among which an empty line can part what stands above the header


@dataclass(frozen=True, slots=True)
class Lost:
    """A row, or a part of one, that did not get into the table: its place in the file, its text and why."""

    row: int
    text: str
    why: str


@dataclass
class Irregular:
    """Counts of what did not fit while a file was read forgivingly."""

    short: int = 0
    long: int = 0
    repeated_headers: int = 0
    titles: int = 0
    notes: int = 0
    comments: int = 0
    footers: int = 0
    totals: int = 0
    labels: int = 0
    units: dict[int, str] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    def lose(self, row: int, cells: Sequence[str], why: str) -> None:
        """Keep what is left out, word for word."""
        if len(self.lost) < MOST_KEPT:
            self.lost.append(Lost(row, ", ".join(cell.strip() for cell in cells if cell.strip()), why))


@dataclass(frozen=True)
class Frame:
    """What was seen at the beginning of a file and may come again among its rows.

    Attributes:
        header: The row with the names, None where there is none.
        width: Cells of a row.
        titles: Which cells of the rows above the header are filled.
        comments: Whether rows that begin with # are remarks.
        sums: Whether lines of sums may stand among the rows.
        values: Columns of numbers and dates.
        records: Type of the records that are its rows, where a record of another type opens the file.
        labels: How lines look that name the group of the rows below them.
    """

    header: tuple[str, ...] | None
    width: int
    titles: frozenset[tuple[int, ...]] = frozenset()
    comments: bool = False
    sums: bool = False
    values: tuple[int, ...] = ()
    records: RecordType | None = None
    labels: Labels | None = None


def take_above(head: list[Numbered], width: int, odd: Irregular) -> frozenset[tuple[int, ...]]:
    """Take the rows above the header off the beginning of a file; return which of their cells are filled."""
    titles = set()
    n_above = 0
    while len(head) - n_above > 1 and _stands_above(head[n_above:], width):
        n_above += 1
    n_above += _before_gap(head[n_above:], width)
    for number, row in head[:n_above]:
        odd.lose(number, row, "above the header")
        odd.titles += 1
        titles.add(_shape(row))
    del head[:n_above]
    return frozenset(titles)


def _stands_above(head: Sequence[Numbered], width: int) -> bool:
    """Whether the first row is a title, a remark, or stands above a header that comes again on each page."""
    rows = [row for _, row in head]
    first, second = rows[0], rows[1]
    if _is_title(first, width):
        return not (head[1][0] == head[0][0] + 1 and joined_header(rows, groups_only=True))
    if NAMED.fullmatch(",".join(first)) or _is_record(first, rows[1:], width):
        return True
    if (is_total(first) and has_header(rows[1:])) or opens_with_record(rows):
        return True
    if first[0].startswith("#"):
        return second[0].startswith("#") or has_header(rows[1:])
    again = all(cell.strip() for cell in second) and second in rows[2:]
    return again and first not in rows[2:] and not all(cell.strip() for cell in first)


def _is_record(first: tuple[str, ...], below: Sequence[tuple[str, ...]], width: int) -> bool:
    """Whether the first row is longer than all others and says for programs what the file is."""
    names = below[0]
    longer = len(_trimmed(first)) > width and max(map(len, below)) <= width
    named = all(kind_of_cell(cell) == "text" for cell in names[not names[0].strip() :])
    full = len(names) == width and named
    return longer and full and has_header(below)


def _before_gap(head: Sequence[Numbered], width: int) -> int:
    """Return how many rows stand above an empty line below which a full header begins."""
    for place, ((number, _), (after, _)) in enumerate(zip(head, head[1:DEEPEST], strict=False), 1):
        if after > number + 1:
            above, below = [row for _, row in head[:place]], [row for _, row in head[place:]]
            full = len(below[0]) >= width and all(cell.strip() for cell in below[0])
            uneven = all(len(_filled(row)) < width for row in above)
            return place if full and uneven and has_header(below) and has_values_below(below) else 0
    return 0


def first_name(head: Sequence[Numbered], joined: bool) -> bool:
    """Whether the row below the header only names the first column, as pandas writes it."""
    if len(head) < 4 or not (joined or not head[0][1][0].strip()):
        return False
    lonely = [_filled(row) == [0] and kind_of_cell(row[0]) == "text" for _, row in head[1:]]
    return lonely[0] and not any(lonely[1:])


def take_notes(head: list[Numbered], odd: Irregular) -> None:
    """Take the rows off that say types, units or questions below the header, and a total that comes first."""
    while odd.notes < MOST_NOTES and is_note([row for _, row in head]):
        odd.units |= units_in(head[1][1])
        odd.lose(*head.pop(1), "types, units or labels below the header")
        odd.notes += 1
    while len(head) > 2 and not head[1][1][0].strip() and is_total(head[1][1]):
        odd.lose(*head.pop(1), "a sum above the rows")
        odd.totals += 1


def frame_of(
    head: Sequence[Numbered],
    header: tuple[str, ...] | None,
    width: int,
    titles: frozenset[tuple[int, ...]],
    labels: Labels | None = None,
) -> Frame:
    """Tell what may come again among the rows, by the beginning of the file."""
    body = [row for _, row in head]
    comments = width > 1 and any(map(is_comment, body))
    comments = comments and not any(row[0].startswith("#") and not is_comment(row) for row in body)
    sums = len(head) < LOOKED_AT or any(
        is_total(row) or is_full_total(row) or is_marked(row) for row in body[:-1]
    )
    values = value_columns(body[header is not None :], width)
    records = record_type(body) if header is None and titles else None
    return Frame(header, width, titles, comments, sums, values, records, labels)


def is_comment(row: Sequence[str]) -> bool:
    """Whether a row is nothing but a remark behind a #."""
    return row[0].lstrip().startswith("#") and len(_trimmed(row)) == 1


def _is_title(row: Sequence[str], width: int) -> bool:
    filled = len(_trimmed(row))
    return filled < width and filled <= max(1, width // 2)


def is_ruler(row: Sequence[str]) -> bool:
    """Whether a row only underlines the header, as "----+----" or "|---|---:|" do."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return all(RULER.fullmatch(cell) and set(cell) <= set("-=+:|_ ") for cell in filled)


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    last = max((place for place, cell in enumerate(row) if cell.strip()), default=-1)
    return row[: last + 1]


def _filled(row: Sequence[str]) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.strip()]


def _shape(row: Sequence[str]) -> tuple[int, ...]:
    return tuple(_filled(row))


def regular(rows: Iterable[Numbered], frame: Frame, odd: Irregular) -> Iterator[tuple[str, ...]]:
    """Bring each row to the same width; what stands between the rows or at their end is kept apart."""
    width = frame.width
    sums = Sums(width) if frame.sums else None
    labels = frame.labels
    groups = labels.before() if labels else []
    held: list[Numbered] = []
    last = 0
    for number, row in _without_headers(rows, frame, odd):
        apart, last = bool(last) and (number > last + 1 or bool(held)), number
        if frame.comments and is_comment(row):
            odd.comments += 1
            odd.lose(number, row, "a remark among the rows")
            continue
        if sums and _is_sum(row, sums, labels is not None):
            odd.totals += 1
            odd.lose(number, row, "a sum of rows")
            continue
        other = frame.records is not None and frame.records.is_other(row)
        labelled = labels is not None and labels.are(row)
        if other or labelled or stands_below(row, width) or (apart and _is_foreign(row, frame)):
            held.append((number, row))
            continue
        for kept in (*(_rows_among(held, labels, groups, odd) if labels else held), (number, row)):
            if sums:
                sums.add(kept[1])
            cells = _fitted(kept[0], kept[1], width, odd)
            yield labels.written(cells, groups) if labels else cells
        held.clear()
    if len(held) <= 20:
        for number, row in held:
            total = is_total(row)
            odd.totals += total
            odd.footers += not total
            odd.lose(number, row, "a sum below the rows" if total else "below the last row")
    else:
        for number, row in held:
            cells = _fitted(number, row, width, odd)
            yield labels.written(cells, groups) if labels else cells


def _rows_among(
    held: Sequence[Numbered], labels: Labels, groups: list[str], odd: Irregular
) -> Iterator[Numbered]:
    """Take labels out of the rows before a row of data, and note the groups that they name."""
    for is_label, kept in list(labels.read(held, groups)):
        if is_label:
            odd.labels += 1
            odd.lose(*kept, GROUP)
        else:
            yield kept


def _is_sum(row: tuple[str, ...], sums: Sums, grouped: bool) -> bool:
    if counts_rows(row) and sums.count(row):
        return True
    if is_marked(row):
        return sums.n_since > 1 and sums.are_wholly(row)
    named = is_total(row) or is_full_total(row) or (grouped and bool(TOTAL.match(row[0])))
    return sums.are(row) if named else not row[0].strip() and sums.are_without_name(row)


def _is_foreign(row: Sequence[str], frame: Frame) -> bool:
    """Whether a row behind a gap has words or nothing where the rows have numbers and dates."""
    cells = [row[place] if place < len(row) else "" for place in frame.values]
    values = sum(kind_of_cell(cell) == "value" for cell in cells)
    return bool(cells) and 2 * values < len(cells) and len(_trimmed(row)) <= frame.width


def _without_headers(rows: Iterable[Numbered], frame: Frame, odd: Irregular) -> Iterator[Numbered]:
    """Leave out the header where it comes again, with the titles of a page right above it."""
    first = frame.header is not None
    titles: list[Numbered] = []
    for number, row in rows:
        if frame.header is not None and row == frame.header:
            for each in titles:
                if frame.labels and frame.labels.are(each[1]):
                    yield each
                    continue
                odd.lose(*each, "above the header")
                odd.titles += 1
            titles.clear()
            odd.repeated_headers += not first
            if not first:
                odd.lose(number, row, "repeats the header")
            first = False
            continue
        if _shape(row) in frame.titles:
            titles.append((number, row))
            continue
        yield from titles
        titles.clear()
        yield number, row
    yield from titles


def stands_below(row: Sequence[str], width: int) -> bool:
    """Whether a row looks like the end of a report: one cell of several, a sum, or a count of the rows."""
    if COUNTED.fullmatch(re.sub(r"\s", "", "".join(row))):
        return True
    return width > 2 and (len(_trimmed(row)) == 1 or is_total(row, ends=False))


def _fitted(number: int, row: tuple[str, ...], width: int, odd: Irregular) -> tuple[str, ...]:
    if len(row) < width:
        odd.short += 1
        return (*row, *[""] * (width - len(row)))
    if len(row) > width and (rest := _trimmed(row[width:])):
        odd.long += 1
        odd.lose(number, rest, "beyond the last column")
    return row[:width]


def _notes(n: int) -> str:
    one = "The line below the header says types, units or labels and was left out."
    return one if n == 1 else f"The {n} lines below the header say types, units or labels and were left out."


def told(odd: Irregular, width: int) -> tuple[list[CleaningStep], tuple[Finding, ...]]:
    """Say what was left out or filled up, with how many rows each took."""
    one = odd.totals == 1
    sums = "The line of sums was" if one else f"{odd.totals:,} lines of sums were"
    lines = count(odd.comments, "line that begins with # was", "lines that begin with # were")
    sentences = {
        "title_lines": (odd.titles, f"Lines above the header left out: {odd.titles:,}."),
        "header_notes": (odd.notes, _notes(odd.notes)),
        "comment_lines": (odd.comments, f"{lines} left out."),
        "footers": (odd.footers, f"Lines below the last row left out: {odd.footers:,}."),
        "total_rows": (odd.totals, f"{sums} left out, so that nothing is counted twice."),
        "repeated_headers": (
            odd.repeated_headers,
            f"The header came again {count(odd.repeated_headers, 'time')} among the rows and was left out.",
        ),
        "short_rows": (
            odd.short,
            f"Rows with fewer than {width} values, filled up with missing ones: {odd.short:,}.",
        ),
    }
    steps = [CleaningStep(code, None, n, sentence) for code, (n, sentence) in sentences.items() if n]
    if not odd.long:
        return steps, ()
    sentence = (
        f"Rows with more than {width} values: {odd.long:,}; what stood beyond the last column was left out, "
        "so check whether their cells stand in the right columns."
    )
    return steps, (Finding("long_rows", "serious", None, odd.long, sentence),)
