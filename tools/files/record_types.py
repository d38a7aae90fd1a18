"""Knows files of machines whose rows begin with the type of a record: one opens the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.files.headers import kind_of_cell

LONGEST = 4  # letters of a type
LAST = 2  # rows at the end that may be of other types


@dataclass(frozen=True)
class RecordType:
    """The type of the records that are the rows of the table.

    Attributes:
        mark: The word with which each begins.
        kinds: What its cells are.
    """

    mark: str
    kinds: tuple[str, ...]

    def is_other(self, row: Sequence[str]) -> bool:
        """Whether a row is a record of another type: it has another word, and other cells behind it."""
        if not row[0].strip() or row[0].strip() == self.mark or kind_of_cell(row[0]) == "value":
            return False
        kinds = [kind_of_cell(cell) for cell in row]
        while kinds and kinds[-1] == "empty":
            kinds.pop()
        alike = all(a == b or "empty" in (a, b) for a, b in zip(kinds, self.kinds, strict=False))
        return not alike or len(kinds) < len(self.kinds)


def record_type(rows: Sequence[Sequence[str]]) -> RecordType | None:
    """Return the type of the records if all rows but the last ones begin with the same short word."""
    body = rows[: max(len(rows) - LAST, 0)]
    marks = {row[0].strip() for row in body}
    mark = next(iter(marks), "")
    if len(body) < 3 or len(marks) != 1 or not 0 < len(mark) <= LONGEST or kind_of_cell(mark) != "text":
        return None
    return RecordType(mark, tuple(kind_of_cell(cell) for cell in body[len(body) // 2]))


def opens_with_record(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is a record with values that is of another type than all that follow."""
    known = record_type(rows[1:])
    values = any(kind_of_cell(cell) == "value" for cell in rows[0][1:])
    return known is not None and values and known.is_other(rows[0])
