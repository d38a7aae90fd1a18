"""Files as people really export them, made here in many shapes, each with what it was meant to say."""

from __future__ import annotations

from collections.abc import Callable

from tests.nasty import (
    archives,
    calendars,
    codes,
    columns,
    exports,
    foreign,
    frames,
    ledgers,
    letters,
    positions,
    separators,
    trees,
    workbooks,
)
from tests.nasty.making import NastyFile

__all__ = ["KINDS", "NastyFile", "all_files"]

KINDS: dict[str, tuple[Callable[[], list[NastyFile]], ...]] = {
    "separators and quotation marks": (separators.separated, separators.quoted),
    "encodings": (letters.encoded, letters.posted),
    "lines around and among the rows": (frames.framed, frames.reported),
    "names of columns": (frames.named,),
    "what programs print": (exports.printed, exports.annotated),
    "numbers": (ledgers.numbers, ledgers.tills),
    "dates and times": (calendars.dates, calendars.diaries),
    "codes and words": (codes.words, codes.labels),
    "Excel": (workbooks.workbooks, workbooks.desks),
    "archives": (archives.packed, archives.bundles),
    "JSON": (trees.documents, trees.services),
    "Parquet and Arrow": (columns.columnar, columns.nested),
    "columns by position": (positions.positioned, positions.printouts),
    "no table": (foreign.refused, foreign.strangers),
}


def all_files() -> list[NastyFile]:
    """Return every file."""
    return [file for makers in KINDS.values() for make in makers for file in make()]
