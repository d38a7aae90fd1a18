"""Knows how files become a workspace: opened, read in one pass, measured, understood and inspected."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw

from tools import progress
from tools.core import DataTable, Workspace
from tools.engine import Engine, UnreadableError, answering
from tools.errors import ToolError
from tools.files import cleaning
from tools.files.columnar import flattened, from_memory
from tools.files.conversions import Reading, TextFile
from tools.files.databases import Database, open_database
from tools.files.drafts import Draft
from tools.files.errors import DamagedError
from tools.files.finishing import finish
from tools.files.headers import column_names
from tools.files.leftovers import keep_lost, unread_texts
from tools.files.reading import Proposal, has_decimal_comma, judge, propose
from tools.files.rewriting import Source, rewrite, table_name
from tools.files.sources import open_sources
from tools.files.surveying import EXACT, Measured, kind_of, measure
from tools.understanding.relating import relate
from tools.understanding.roles import names_event
from tools.wording import count

Given = Any  # a path, a database, a pandas frame or anything that hands out Arrow data
IN_MEMORY_BYTES = 200_000_000  # of files up to which their tables are kept in memory
ATTEMPTS = 5  # readings of a file until the rest of its cells is accepted as it is
LONG = "long whole numbers"  # stands for a type that is to be kept as text
Proposals = dict[str, Proposal]
Left = dict[str, dict[str, int]]  # cells that did not become values, with their counts, by column


def load(given: Sequence[Given] | Mapping[str, Given], database: Path | None = None) -> Workspace:
    """Read data into a new workspace: typed tables with proven meanings, and all that was mended or found.

    Args:
        given: Files and folders (CSV and its kin, fixed-width text, Excel, Parquet, Arrow, JSON, SQLite,
            DuckDB, plain or compressed), databases, and pandas or Arrow tables; with names, those of
            tables in memory.
        database: File to keep the tables in; None keeps them in memory, or where the files are large in a
            file of its own that goes with the workspace.

    Raises:
        ToolError: If a file cannot be used, naming it and the reason.
    """
    with tempfile.TemporaryDirectory(prefix="reading-") as temporary:
        folder = Path(temporary)
        named = given.items() if isinstance(given, Mapping) else ((None, each) for each in given)
        sources = [source for name, each in named for source in _opened(name, each, folder)]
        if not sources:
            raise ToolError(
                "There is no file to read.", "Give at least one CSV, Excel, Parquet or JSON file."
            )
        files = list(given.values() if isinstance(given, Mapping) else given)
        paths = [Path(file) for file in files if isinstance(file, str | Path)]
        large = database is None and sum(map(_size, paths)) > IN_MEMORY_BYTES
        engine = Engine(database, readable=[*paths, folder], on_disk=large)
        try:
            tables: dict[str, DataTable] = {}
            for i, source in enumerate(sources):
                progress.step(f"Reading {source.label}", i, len(sources) if len(sources) > 1 else 0)
                table = _load(engine, replace(source, name=_free_name(source.name, tables)), folder)
                tables[table.name] = table
            if len(tables) > 1:
                progress.step("Looking for what belongs together")
                tables = relate(engine, tables)
            engine = answering(engine)
        except BaseException:
            engine.close()
            raise
    return Workspace(engine, MappingProxyType(tables), _main(tables))


def _size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def add(workspace: Workspace, files: Sequence[Path]) -> tuple[Workspace, tuple[str, ...]]:
    """Read further files beside the loaded tables; what is there already, the main table too, stays as it is.

    Args:
        workspace: What is loaded; not changed.
        files: Files and folders, as for `load`.

    Returns:
        The new workspace, and the names of the tables that came.

    Raises:
        ToolError: If a file cannot be used; nothing is added then.
    """
    with tempfile.TemporaryDirectory(prefix="reading-") as temporary:
        folder = Path(temporary)
        sources = [source for file in files for source in _opened(None, file, folder)]
        engine = workspace.engine.reader(folder / "read.duckdb", [*files, folder])
        try:
            came: dict[str, DataTable] = {}
            for i, source in enumerate(sources):
                progress.step(f"Reading {source.label}", i, len(sources) if len(sources) > 1 else 0)
                name = _free_name(source.name, {**workspace.tables, **came}, workspace.engine.has)
                table = _load(engine, replace(source, name=name), folder)
                came[table.name] = table
            workspace.engine.adopt(engine)
        finally:
            engine.close()
    progress.step("Looking for what belongs together")
    tables = _related(workspace, {**workspace.tables, **came}, came)
    return replace(workspace, tables=MappingProxyType(tables)), tuple(came)


def _related(
    workspace: Workspace, tables: Mapping[str, DataTable], came: Mapping[str, DataTable]
) -> dict[str, DataTable]:
    """Note which rows of what came belong to which, and leave what was known or said before."""
    found = relate(workspace.engine, tables)
    for name, table in workspace.tables.items():
        known = table.reading.get("related", [])
        new = [one for one in found[name].reading.get("related", []) if one["other"] in came]
        found[name] = replace(table, reading={**table.reading, "related": [*known, *new]}) if new else table
    return found


def _opened(name: str | None, given: Given, folder: Path) -> list[Source]:
    if isinstance(given, Database):
        return open_database(given, folder)
    if isinstance(given, str | Path):
        sources = open_sources([Path(given)], folder)
        return [replace(source, name=table_name(name)) for source in sources] if name else sources
    return [from_memory(given, name or "data", folder)]


def _free_name(
    wanted: str, taken: Mapping[str, DataTable], stored: Callable[[str], bool] = lambda name: False
) -> str:
    used = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in used or stored(name):
        name, number = f"{wanted}_{number}", number + 1
    return name


def _main(tables: Mapping[str, DataTable]) -> str:
    """Choose the table that requests mean by default: transactions, customers, rows; then the larger.

    Transactions that name a customer come before those that do not.
    """
    rank = {"transactions": 0, "customers": 1, "rows": 2}
    return min(tables.values(), key=lambda one: (rank[one.grain], one.customer is None, -one.n_rows)).name


def load_source(engine: Engine, source: Source, folder: Path) -> DataTable:
    """Read one opened source into an engine, as `load` does with each."""
    return _load(engine, source, folder)


def _load(
    engine: Engine, source: Source, folder: Path, strict: bool = True, as_text: frozenset[str] = frozenset()
) -> DataTable:
    """Read, measure, mend, understand and inspect one table."""
    if source.parquet:
        draft = _read_parquet(engine, source, folder, as_text)
    else:
        draft = _read(engine, source, folder, strict, as_text)
    progress.step(f"Measuring the columns of {source.label}")
    stored = engine.columns(draft.stored)
    kinds = {name: kind_of(stored[name]) for name in draft.proposals}
    sample = draft.cells()
    skip = [name for name in kinds if names_event(name) and len(set(sample[name])) > 0.9 * len(sample[name])]
    n_rows, measured = measure(engine, draft.stored, kinds, sample, skip)
    if not n_rows:
        raise ToolError(f"{source.label} has column names but no rows.", "Export it again with its rows.")
    if strict and not source.parquet and any(map(_endless, measured.values())):
        return _load(engine, source, folder, False, as_text)
    if inexact := {name for name, found in measured.items() if _inexact(found, sample[name])} - as_text:
        return _load(engine, source, folder, strict, as_text | inexact)
    if draft.source.original and _has_empty_rows(engine, draft, n_rows, measured):
        return _load(engine, rewrite(draft.source, folder), folder, strict, as_text)
    progress.step(f"Understanding {count(n_rows, 'row')} of {source.label}")
    return finish(engine, draft, n_rows, measured)


def _inexact(found: Measured, cells: Sequence[str]) -> bool:
    """Whether whole numbers are so long that they would not be kept exactly: they are names."""
    if found.kind in ("date", "datetime"):
        return _endless(found)
    if found.kind != "number" or found.minimum is None or max(abs(found.minimum), abs(found.maximum)) < EXACT:
        return False
    return not any("." in cell or "e" in cell.lower() for cell in cells)


def _has_empty_rows(engine: Engine, draft: Draft, n_rows: int, measured: Mapping[str, Measured]) -> bool:
    """Whether lines such as ",,," were read as rows."""
    if any(found.n_present == n_rows for found in measured.values()) or len(measured) < 2:
        return False
    empty = nw.all_horizontal(*(nw.col(name).is_null() for name in measured), ignore_nulls=False)
    return bool(len(engine.collect(engine.frame(draft.stored).filter(empty).head(1))))


def _endless(found: Measured) -> bool:
    """Whether the reader took words such as "NaN" or "inf" for numbers, or years that no calendar has."""
    if found.kind in ("date", "datetime"):
        return found.endless
    if found.kind != "number" or not found.n_present:
        return False
    return found.maximum is None or math.isinf(found.maximum) or math.isinf(found.minimum)


def _read(engine: Engine, source: Source, folder: Path, strict: bool, as_text: frozenset[str]) -> Draft:
    """Read a text file, and again wherever cells that do not fit show that a column was proposed wrongly."""
    stored = f"{source.name} as read"
    proposals = proposals_of(source, as_text)
    left: Left = {}
    for _ in range(ATTEMPTS):
        read, strict = _read_once(engine, source, stored, proposals, strict, folder)
        if read is source:
            left = unread_texts(engine, stored, proposals)
            if not (source.original and any(name in texts for name, texts in left.items())):
                changed = _reconsider(engine, stored, proposals, left)
                if changed == proposals:
                    break
                proposals = changed
                continue
            read = rewrite(source, folder)  # its header stands among the rows
        source, proposals = read, proposals_of(read, as_text)
    keep_lost(engine, stored, source.lost)
    return Draft(source, stored, proposals, left, steps=list(source.cleaning), findings=list(source.findings))


def proposals_of(source: Source, as_text: frozenset[str] = frozenset()) -> Proposals:
    """Propose how the columns of a text file are to be read, from a look at its rows."""
    if source.file is None:
        return {}
    separator = source.file.separator if source.original else ";"  # a rewritten file had another one
    long = "It has too many digits for a number and is kept as text."
    commas = has_decimal_comma(source.sample, separator)
    cells = list(zip(*source.sample, strict=True)) or [()] * len(source.file.names)
    return {
        name: Proposal(Reading(name), note=long) if name in as_text else propose(name, cells[i], commas)
        for i, name in enumerate(source.file.names)
    }


def _read_once(
    engine: Engine, source: Source, stored: str, proposals: Proposals, strict: bool, folder: Path
) -> tuple[Source, bool]:
    """Read as fast as the file allows: numbers by the reader; or every cell with care; or rewritten first.

    Returns:
        The source, another one if it had to be rewritten and is to be read anew; and whether haste worked.
    """
    file = source.file or TextFile(Path(), ",", 0, ())
    readings = [proposal.reading for proposal in proposals.values()]
    for careful in (False, True) if strict else (True,):
        try:
            engine.read_text(stored, file, readings, strict=not careful)
            return source, not careful
        except UnreadableError:
            continue
    if source.original is None:
        raise ToolError(f"{source.label} cannot be read as a table.", "Export it again as CSV or Excel.")
    return rewrite(source, folder), False


def _read_parquet(engine: Engine, source: Source, folder: Path, as_text: frozenset[str]) -> Draft:
    """Read a Parquet file; its text columns may hold dates and numbers."""
    stored, path = f"{source.name} as read", source.parquet or Path()
    try:
        path = flattened(path, folder)
        types, rows = engine.look_at_parquet(path)
        names, steps = column_names(list(types), len(types))
        sample = tuple(tuple(cell or "" for cell in row) for row in rows)
        cells = list(zip(*sample, strict=True)) or [()] * len(names)
        far = {
            name
            for name, kind in zip(names, types.values(), strict=True)
            if name in as_text and kind.startswith(("DATE", "TIMESTAMP"))
        }  # holds days that no calendar has: those alone are not read
        proposals = {
            name: propose(name, cells[i]) if kind == "VARCHAR" or name in far else Proposal(Reading(name))
            for i, (name, kind) in enumerate(zip(names, types.values(), strict=True))
        }
        own = zip(names, types.items(), strict=True)
        text = {name: "VARCHAR" if name in far else LONG for name in as_text}
        types = {column: text.get(name, kind) for name, (column, kind) in own}
        left: Left = {}
        for _ in range(ATTEMPTS):
            engine.read_parquet(stored, path, types, [proposal.reading for proposal in proposals.values()])
            left = unread_texts(engine, stored, proposals)
            changed = _reconsider(engine, stored, proposals, left)
            if changed == proposals:
                break
            proposals = changed
    except (UnreadableError, DamagedError) as error:
        raise ToolError(f"{source.label} is a damaged Parquet file.", "Write it again.") from error
    source = replace(source, sample=sample, cleaning=(*source.cleaning, *steps))
    return Draft(source, stored, proposals, left, steps=list(source.cleaning), findings=list(source.findings))


def _reconsider(engine: Engine, stored: str, proposals: Proposals, left: Left) -> Proposals:
    """Return the proposals, changed where cells that did not fit, or late days, speak against them."""
    changed = dict(proposals)
    frame = engine.frame(stored)
    for name, texts in left.items():
        present = engine.collect(frame.select(nw.col(name).count().alias("n")))["n"].to_list()[0]
        changed[name] = judge(proposals[name], texts, int(present) + sum(texts.values()))
    for name, proposal in proposals.items():
        shape = proposal.shape
        if name in left or shape is None or proposal.mixed or shape.proven != "open":
            continue
        late = engine.collect(frame.filter(nw.col(name).dt.day() > 12).select(name).head(1))[name].to_list()
        if late and (day := cleaning.as_date(late[0])):
            fields = (day.day, day.month) if shape.order == "day" else (day.month, day.day)
            witness = f"a date such as {fields[0]}/{fields[1]}"
            changed[name] = replace(proposal, shape=replace(shape, proven="proven", witness=witness))
    return changed
