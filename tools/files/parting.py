"""Knows where one table ends and another begins, where a file or a sheet holds several of them."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from tools.files.headers import kind_of_cell, value_columns

Numbered = tuple[int, tuple[str, ...]]  # place in the file, counted from 1, and the cells

AHEAD = 12  # rows that are looked at to tell whether a table begins
FEWEST_BEFORE = 5  # rows of a table before another one may begin: fewer are facts above the table
FEWEST_BEHIND = 2
MOST_TITLES = 3
SHEET_HEAD = 500  # rows of a sheet that tell whether tables stand beside each other


def parted(rows: Iterable[Numbered]) -> Iterator[tuple[int, Numbered]]:
    """Tell for each row to which table of the file it belongs, counted from 0.

    A table begins below an empty line, with other names than the table before, above numbers or dates.

    Args:
        rows: Those that hold something; an empty line between two shows in their places.
    """
    part = n_rows = last = 0
    header: tuple[str, ...] = ()
    for ahead in _with_next(rows):
        number, row = ahead[0]
        if number > last + 1 or not last:
            found = _header_ahead(ahead)
            if found and not header:
                header, n_rows = found, 0
            elif found and found != header and n_rows >= FEWEST_BEFORE:
                part, header, n_rows = part + 1, found, 0
        last = number
        n_rows += 1
        yield part, (number, _trimmed(row, len(header)) if header else row)


def _with_next(rows: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    """Pass each row on with those behind it."""
    stream = iter(rows)
    window = deque(itertools.islice(stream, AHEAD))
    while window:
        yield list(window)
        window.popleft()
        window.extend(itertools.islice(stream, 1))


def _header_ahead(ahead: Sequence[Numbered]) -> tuple[str, ...]:
    """Return the names of the table that begins here, titles above it left out; nothing if none does."""
    block = [ahead[0]]
    for before, after in itertools.pairwise(ahead):
        if after[0] > before[0] + 1:
            break
        block.append(after)
    rows = [row for _, row in block]
    titles = sum(1 for _ in itertools.takewhile(lambda row: len(_places(row)) == 1, rows))
    if titles > MOST_TITLES or len(rows) < titles + 1 + FEWEST_BEHIND:
        return ()
    names, body = rows[titles], rows[titles + 1 :]
    places = _places(names)
    cells = [names[place].strip() for place in places]
    if len(places) < 2 or len(set(cells)) < len(cells) or any(kind_of_cell(cell) != "text" for cell in cells):
        return ()
    within = all(set(_places(row)) <= set(places) for row in body)
    filled = sum(len(_places(row)) > 1 for row in body)
    if not within or filled < max(FEWEST_BEHIND, 0.8 * len(body)):
        return ()
    return _trimmed(names, 0) if set(value_columns(body, len(names))) & set(places) else ()


def _places(row: Sequence[str]) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.strip()]


def _trimmed(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Leave empty cells behind the last name out."""
    return row[: max(max(_places(row), default=-1) + 1, width)]


def beside(rows: Iterable[list[str]]) -> list[Iterator[list[str]]]:
    """Part a sheet whose tables stand beside each other, an empty column between them, of unequal length."""
    stream = iter(rows)
    head = list(itertools.islice(stream, SHEET_HEAD))
    islands = _islands(head)
    ends = [_end(head, start, stop) for start, stop in islands]
    open_ = [end >= SHEET_HEAD - AHEAD for end in ends]
    if (
        len(islands) < 2
        or len(set(ends)) < 2
        or any(open_[1:])
        or not all(_is_table(head, *each) for each in islands)
    ):
        return [itertools.chain(head, stream)]
    first, *others = islands
    parts = [(row[first[0] : first[1]] for row in itertools.chain(head, stream))]
    return [*parts, *(iter([row[start:stop] for row in head]) for start, stop in others)]


def _islands(head: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return where groups of columns begin and end that have an empty column between them."""
    used = sorted({place for row in head for place in _places(row)})
    ends = [a for a, b in itertools.pairwise(used) if b > a + 1]
    starts = [b for a, b in itertools.pairwise(used) if b > a + 1]
    return list(zip([*used[:1], *starts], [end + 1 for end in (*ends, *used[-1:])], strict=True))


def _end(head: Sequence[Sequence[str]], start: int, stop: int) -> int:
    return max(number for number, row in enumerate(head) if any(cell.strip() for cell in row[start:stop]))


def _is_table(head: Sequence[Sequence[str]], start: int, stop: int) -> bool:
    """Whether a group of columns has names of its own above rows of its own."""
    numbered = [(number, tuple(row[start:stop])) for number, row in enumerate(head, 1)]
    filled = [(number, row) for number, row in numbered if any(cell.strip() for cell in row)]
    return stop > start + 1 and any(
        _header_ahead(filled[n : n + AHEAD]) for n in range(min(MOST_TITLES, len(filled)))
    )
