"""Files as people really export them, made here in many shapes, each with what it was meant to say."""

from __future__ import annotations

from collections.abc import Callable

from tests.nasty import (
    abroad,
    archives,
    banks,
    blocks,
    calendars,
    codes,
    columns,
    containers,
    desktops,
    exports,
    foreign,
    frames,
    ledgers,
    letters,
    mixtures,
    positions,
    programs,
    returns,
    separators,
    shops,
    spellings,
    surveys,
    transports,
    trees,
    workbooks,
    workdays,
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
    "banks": (banks.german_banks, banks.other_banks),
    "shops and systems for customers": (shops.shops, shops.customer_systems),
    "surveys and reports": (surveys.surveys, surveys.web_reports),
    "spellings": (spellings.amounts, spellings.moments, spellings.keys_and_words, spellings.carriers),
    "workbooks of colleagues": (desktops.sent_by_colleagues,),
    "services and parcels": (transports.answers_of_services, transports.parcels),
    "abroad and of machines": (abroad.offices_abroad, abroad.machines, abroad.answers_and_books),
    "work days": (workdays.desks, workdays.sheets),
    "groups above blocks of rows": (blocks.labelled, blocks.booked),
    "what programs export": (programs.sellers, programs.offices),
    "mixtures": (mixtures.figures, mixtures.letters),
    "a second round": (returns.reports, returns.strays),
    "in other clothes": (containers.dressed, containers.nestled),
    "no table": (foreign.refused, foreign.strangers),
}


def all_files() -> list[NastyFile]:
    """Return every file."""
    return [file for makers in KINDS.values() for make in makers for file in make()]
